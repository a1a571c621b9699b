"""Several tools through the same councils' lives, scored alike: python -m benchmarks.lives --to FOLDER --tools FOLDER.

docs/benchmark.md has what comes of it, and how each tool is brought here. What is missing is left out, and said so.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from benchmarks.feedpub_lived import Feedpub
from benchmarks.polling import EVERY, Tool, live
from benchmarks.rivals_lived import Rival, morss, newslinkrss, newsworker, rss_bridge
from simulation.dump import TIMES, YEAR, dump
from simulation.dumped import Dump
from simulation.feeds import polls
from simulation.known import Flaw, Known
from simulation.life import Weather, story_of
from simulation.lives import digest_of
from simulation.replay import Replay
from simulation.score import FLAWS, SHORT, lateness
from simulation.scoring import ALL, CALM, DUE, EDITED, FOUND, TO_EDIT, TO_WITHDRAW, WITHDRAWN, Score, score

SEEDS, DAYS = (1, 6, 11, 17), 90.0
FEEDPUB = ("feedpub", "feedpub-attended")
Making = Callable[[Replay, Path], Tool]


def makers(tools: Path) -> Mapping[str, Making]:
    """Return how each tool is made that is there: its name, and its programs below a folder."""
    programs = {
        name: tools / path
        for name, path in {
            "newsworker": "newsworker/bin/newsworker", "rss-bridge": "rss-bridge/index.php",
            "newslinkrss": "newslinkrss/bin/newslinkrss", "morss": "morss/bin/morss",
        }.items()
    }  # fmt: skip
    all_of: dict[str, tuple[Path | None, Making]] = {
        "feedpub": (None, lambda replay, folder: Feedpub(replay, folder, is_attended=False)),
        "feedpub-attended": (None, lambda replay, folder: Feedpub(replay, folder, is_attended=True)),
        "newsworker": (programs["newsworker"], lambda r, f: newsworker(programs["newsworker"], r, f, is_told=True)),
        "newsworker-auto": (
            programs["newsworker"],
            lambda r, f: newsworker(programs["newsworker"], r, f, is_told=False),
        ),
        "rss-bridge": (programs["rss-bridge"], lambda r, f: rss_bridge(programs["rss-bridge"], r, f)),
        "newslinkrss": (programs["newslinkrss"], lambda r, f: newslinkrss(programs["newslinkrss"], r, f)),
        "morss": (programs["morss"], lambda r, f: morss(programs["morss"], r, f)),
    }
    for name, (program, _) in all_of.items():
        if program and not program.exists():
            print(f"{name} is left out: there is no {program}", file=sys.stderr)
    return {name: making for name, (program, making) in all_of.items() if program is None or program.exists()}


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    of = {name: making for name, making in makers(args.tools.resolve()).items() if name in (args.only or [name])}
    scores: dict[str, Score] = {name: Score() for name in of}
    for seed in args.seeds:
        folder = args.to / f"{seed}"
        if not (folder / "dump" / "index.json").exists():
            dump(story_of(seed, timedelta(days=args.days) / YEAR, Weather.HIJACKED, args.times), folder / "dump")
        print(f"seed {seed}: dump {digest_of(folder / 'dump')[:12]}", file=sys.stderr, flush=True)
        known = Known(Dump(folder / "dump"))
        for name, making in of.items():
            feeds = folder / name
            if not (feeds / "done").exists():
                _live(name, making, known.dump, feeds)
            scores[name].add(score(known, polls(feeds)))
    print("\n".join([*overall(scores), "", *by_kind(scores)]))
    return 0


def _live(name: str, making: Making, of: Dump, feeds: Path) -> None:
    shutil.rmtree(feeds, ignore_errors=True)
    work = feeds.with_name(f"{feeds.name}-work")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    began = time.perf_counter()
    with Replay(of) as replay:
        tool = making(replay, work.resolve())
        count = live(tool, replay, feeds, EVERY)
    lines = [f"{at:%Y-%m-%d %H:%M}Z {said}" for at, said in (tool.failures if isinstance(tool, Rival) else ())]
    (feeds / "failures.txt").write_text("\n".join(lines), encoding="utf-8")
    (feeds / "done").touch()
    took = time.perf_counter() - began
    print(f"  {name}: {count} polls in {took:.0f} s, {len(lines)} failed", file=sys.stderr, flush=True)


def overall(scores: Mapping[str, Score]) -> Iterator[str]:
    """Yield a table with a row for each tool."""
    yield f"| tool | found | late, h | edits seen | after, h | withdrawn | after, h | {' | '.join(SHORT)} |"
    yield "|---|" + "---:|" * (len(SHORT) + 6)
    for name, found in scores.items():
        counts = found.counts[ALL]
        cells = (
            f"{counts[FOUND]} of {counts[DUE]}", lateness(found, FOUND), f"{counts[EDITED]} of {counts[TO_EDIT]}",
            lateness(found, EDITED), f"{counts[WITHDRAWN]} of {counts[TO_WITHDRAW]}", lateness(found, WITHDRAWN),
        )  # fmt: skip
        flaws = " | ".join(f"{counts[flaw] or '·'}" for flaw in FLAWS)
        yield f"| {name} | {' | '.join(cells)} | {flaws} |"


def by_kind(scores: Mapping[str, Score]) -> Iterator[str]:
    """Yield a table with a row for each kind of event: what each tool missed, and how much it showed that is wrong."""
    events = next(iter(scores.values())).events
    yield f"| after | events | {' | '.join(scores)} |"
    yield "|---|---:|" + "---|" * len(scores)
    for kind in (CALM, *sorted(events)):
        cells = " | ".join(_cell(found, kind) for found in scores.values())
        yield f"| {kind} | {events[kind] or ''} | {cells} |"


CELL = (
    *FLAWS[:4],
    Flaw.TEXT.value,
    *FLAWS[-2:],
)  # a date or a text that is missing is the tool's manner, not the event's


def _cell(found: Score, kind: str) -> str:
    counts = found.counts[kind]
    missed = counts[DUE] - counts[FOUND]
    wrong = [f"{missed} missed"] if missed else []
    wrong += [f"{counts[flaw]} {flaw}" for flaw in CELL if counts[flaw]]
    return ", ".join(wrong) or "·"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lives", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS, metavar="N", help="of the lives")
    parser.add_argument("--days", type=float, default=DAYS, metavar="N", help=f"of each life; default: {DAYS:g}")
    parser.add_argument("--times", type=float, default=TIMES, metavar="N", help="as much goes wrong as usual")
    parser.add_argument(
        "--to", type=Path, required=True, metavar="FOLDER", help="for dumps and feeds; kept, and reused"
    )
    parser.add_argument("--tools", type=Path, default=Path(".bench"), metavar="FOLDER", help="with the other tools")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these tools alone")
    return parser


if __name__ == "__main__":
    sys.exit(main())
