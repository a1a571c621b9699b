"""Writes a council's life as plain files for any tool: python -m simulation.dump --seed 7 --days 60 --to FOLDER."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simulation import strangers
from simulation.clock import Clock
from simulation.council import Council, Event, Kind, Story
from simulation.life import Weather, story_of
from simulation.lives import digest_of
from simulation.network import Answer, Request, Trouble
from simulation.site import Site
from simulation.told import lived_through, truth_of, written

FORMAT = "council-dump/1"
TIMES = 4.0  # as much goes wrong as usual, by default: then most kinds of events come within three months
YEAR = timedelta(days=365)
LEFT_OUT = {"date", "content-length"}  # headers that say nothing of the page
FLAKY = 3  # every third answer fails: see ``simulation.site``
ANY = "*"  # the name of all addresses of an origin that are not named
NOBODY_KNOWS = "/there-is-no-such-page"

Timeline = list[tuple[str, int]]  # an instant from which on an answer is given, and the answer's number


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    story = story_of(args.seed, timedelta(days=args.days) / YEAR, Weather.HIJACKED, args.times)
    index = dump(story, args.to)
    print(
        f"{args.to}: {len(index['moments'])} moments, {len(index['timelines'])} addresses,"
        f" {len(index['answers'])} answers, digest {digest_of(args.to)[:12]}"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulation.dump", description=__doc__)
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="of the life; default: 7")
    parser.add_argument("--days", type=float, default=60, metavar="N", help="of the life; default: 60")
    parser.add_argument(
        "--times", type=float, default=TIMES, metavar="N", help=f"as much goes wrong as usual; default: {TIMES:g}"
    )
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="for the files; it must be new")
    return parser


def dump(story: Story, folder: Path) -> dict[str, Any]:
    """Write a life into a new folder. Return its index. Raises FileExistsError."""
    folder.mkdir(parents=True)
    (folder / "bodies").mkdir()
    truth, camera = truth_of(story), _Camera(story, folder)
    moments = list(camera.moments())
    index = {
        "format": FORMAT,
        "seed": story.seed,
        "beginning": written(story.begin),
        "end": written(story.end),
        "home": f"{story.setup.scheme}://{story.setup.host}/",
        "title": "Зразківська міська рада",
        "language": "uk",
        "timezone": "Europe/Kyiv",
        "origins": camera.origins,
        "moments": moments,
        "answers": camera.answers,
        "timelines": camera.timelines,
        "flaky": [
            {"since": written(event.at), "until": written(event.until), "every": FLAKY, "status": 502}
            for event in story.events
            if event.kind is Kind.FLAKY and event.until
        ],
    }
    _write(folder / "index.json", index)
    _write(folder / "truth.json", truth)
    return index


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@dataclass(slots=True)
class _Camera:
    """Asks the site for every address at every moment at which it changes, and keeps what is new."""

    story: Story
    folder: Path
    answers: list[dict[str, Any]] = field(default_factory=list)  # each different one, once
    timelines: dict[str, Timeline] = field(default_factory=dict)  # by address
    origins: list[str] = field(default_factory=list)  # scheme and host, in the order of their coming
    _numbers: dict[str, int] = field(default_factory=dict)  # of answers, by what they say
    _slugs: dict[str, None] = field(default_factory=dict)
    _paths: dict[str, None] = field(default_factory=dict)

    def moments(self) -> Iterator[str]:
        """Take a picture of the site at each moment. Yield the moments."""
        clock = Clock()
        coming = list(lived_events(self.story))
        council = Council(self.story.setup)
        site = Unfailing(council, clock)
        for moment in moments_of(self.story):
            while coming and coming[0].at <= moment:
                council.apply(coming.pop(0))
            clock.now = moment
            self._note(council)
            for origin in self.origins:
                self._look(site, moment, origin, self._targets(council))
            yield written(moment)

    def _note(self, council: Council) -> None:
        """Note the addresses that there are by now. They stay on the list, for old ones are asked for as well."""
        setup = council.setup
        self._paths.setdefault(setup.path)
        for article in council.articles.values():
            self._slugs.setdefault(article.slug)
        for scheme in (setup.scheme, "https", "http"):
            origin = f"{scheme}://{setup.host}"
            if origin not in self.origins and (scheme == "http" or setup.scheme == "https"):
                self.origins.append(origin)

    def _targets(self, council: Council) -> list[str]:
        pages = -(-len(council.articles) // council.setup.page_size) + 1
        listings = ["/", "/index.php", *(f"/?page={n}" for n in range(pages))]
        slugs = [*self._slugs, *(one.slug for one in strangers.ARTICLES)]
        return ["/robots.txt", *listings, *(f"/{path}/{slug}" for path in self._paths for slug in slugs)]

    def _look(self, site: Site, moment: datetime, origin: str, targets: Sequence[str]) -> None:
        other = self._number(site, origin, NOBODY_KNOWS)
        self._keep(f"{origin}/{ANY}", moment, other)
        for target in targets:
            number = self._number(site, origin, target)
            if number != other or f"{origin}{target}" in self.timelines:
                self._keep(f"{origin}{target}", moment, number)

    def _keep(self, address: str, moment: datetime, number: int) -> None:
        timeline = self.timelines.setdefault(address, [])
        if not timeline or timeline[-1][1] != number:
            timeline.append((written(moment), number))

    def _number(self, site: Site, origin: str, target: str) -> int:
        """Return the number of the answer that is given now."""
        scheme, _, host = origin.partition("://")
        answer = site.trouble(scheme, host) or site.answer(Request("GET", scheme, host, target, {}))
        value = self._value(answer)
        said = json.dumps(value, ensure_ascii=False)
        if said not in self._numbers:
            self._numbers[said] = len(self.answers)
            self.answers.append(value)
        return self._numbers[said]

    def _value(self, answer: Answer | Trouble) -> dict[str, Any]:
        if isinstance(answer, Trouble):
            return {"trouble": answer.value}
        headers = {name: value for name, value in answer.headers if name.lower() not in LEFT_OUT}
        value = {"status": answer.status, "headers": headers, "seconds": answer.seconds}
        if answer.body:
            value["body"] = self._body(answer.body, "html" if "html" in headers.get("Content-Type", "") else "txt")
        return value

    def _body(self, body: bytes, ending: str) -> str:
        name = f"bodies/{hashlib.sha256(body).hexdigest()[:20]}.{ending}"
        path = self.folder / name
        if not path.exists():
            path.write_bytes(body)
        return name


class Unfailing(Site):
    """The site without the answers that fail by their number: a dump says of those by a rule."""

    def answer(self, request: Request) -> Answer | Trouble:
        self._served = 0
        return super().answer(request)


def lived_events(story: Story) -> Iterator[Event]:
    """Yield the events of the site, as they are."""
    for event, _ in lived_through(story):
        yield event


def moments_of(story: Story) -> list[datetime]:
    """Return the instants at which the site changes, in order: events, and the ends of troubles. To a whole second."""
    events = list(lived_events(story))
    ends = [event.until for event in events if event.until and event.until < story.end]
    later = {whole(at) for at in [*(event.at for event in events), *ends] if at > story.begin}
    return [story.begin, *sorted(later)]


def whole(instant: datetime) -> datetime:
    """Return the first whole second that is not before an instant."""
    floor = instant.replace(microsecond=0)
    return floor if floor == instant else floor + timedelta(seconds=1)


if __name__ == "__main__":
    sys.exit(main())
