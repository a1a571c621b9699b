"""Small faults, planted one at a time in feedpub's own code: within how many council-years is each found?

python -m simulation.faults [NAME …]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from feedpub.collecting import keeping, naming, normalize, withdrawals
from feedpub.collecting.dedupe import brake, decision, likeness, schedule
from feedpub.collecting.fetch.rests import Rests
from feedpub.collecting.fetch.robots import RobotsFiles
from feedpub.content import Stored
from feedpub.council import Council
from feedpub.publishing import feed, folder
from feedpub.publishing.feed import entries
from feedpub.store.items import Items
from feedpub.store.visits import Visits
from feedpub.watch import telling
from simulation.council import Story
from simulation.life import Weather, story_of
from simulation.lives import Lived, live
from simulation.promises import Promise

YEARS = 0.08  # of one life: some weeks in which much happens
TIMES = 8.0  # as much goes wrong as usual
LIVES = 120  # at most: about ten years. Reposts and restored articles are not more by it, so most lives have none


@dataclass(frozen=True, slots=True)
class Fault:
    """A change of the code that a person could make by mistake, and the promises that it may break."""

    name: str
    owner: Any  # a class or a module
    attribute: str
    made: Callable[[Any], Any]  # takes what is there, returns what takes its place
    breaks: tuple[Promise, ...]


@contextmanager
def planted(fault: Fault) -> Iterator[None]:
    """Plant a fault for as long as the block lasts."""
    right = fault.owner.__dict__[fault.attribute]
    setattr(fault.owner, fault.attribute, fault.made(right))
    entries._entry.cache_clear()
    try:
        yield
    finally:
        setattr(fault.owner, fault.attribute, right)
        entries._entry.cache_clear()


def _id_with_title(right: Any) -> Any:
    def entry_of(source: Any, stored: Stored, media: Any) -> Any:
        entry = right(source, stored, media)
        return replace(entry, id=f"{entry.id}-{zlib.crc32(entry.title.encode()):x}")

    return entry_of


def _without_link(right: Any) -> Any:
    return lambda article, link, block: [one for one in right(article, link, block) if one != link]


def _without_last(right: Any) -> Any:
    def make_article(*args: Any) -> Any:
        article = right(*args)
        return replace(article, blocks=article.blocks[:-1]) if len(article.blocks) > 3 else article

    return make_article


def _never_restored(right: Any) -> Any:
    def put(self: Items, stored: Stored, *rest: Any) -> None:
        before = self.get(stored.id)
        right(self, replace(stored, gone=before.gone) if before and before.gone else stored, *rest)

    return put


def _half_a_file(_right: Any) -> Any:
    def write(place: int, name: str, data: bytes) -> None:
        for flags in (os.O_WRONLY | os.O_CREAT | os.O_TRUNC, os.O_WRONLY | os.O_APPEND):
            file = os.open(name, flags, 0o644, dir_fd=place)
            os.write(file, data[: len(data) // 2] if flags & os.O_TRUNC else data[len(data) // 2 :])
            os.fsync(file)
            os.close(file)

    return write


def _hour_later(right: Any) -> Any:
    def make_article(*args: Any) -> Any:
        article = right(*args)
        is_morning = article.published and article.published.hour < 8
        return replace(article, published=article.published + timedelta(hours=1)) if is_morning else article

    return make_article


def _restless(right: Any) -> Any:
    def decide(article: Any, evidence: Any, now: datetime) -> Any:
        made = right(article, evidence, now)
        return replace(made, item=replace(made.item, updated=max(now, made.item.updated)), is_written=True)

    return decide


def _overlooking(right: Any) -> Any:
    def name_links(self: Visits, links: Any, first_rank: int) -> Any:
        return right(self, [link for link in links if zlib.crc32(link.url.encode()) % 20], first_rank)

    return name_links


def _said_again(_right: Any) -> Any:
    def is_due(*_: Any) -> bool:
        return True

    return is_due


def _without_newest(right: Any) -> Any:
    def newest(self: Items, limit: int) -> Any:
        found = right(self, limit)
        return [*found[:1], *found[2:]] if len(found) > 20 else found

    return newest


FAULTS = (
    Fault("an id changes with the title", feed, "entry_of", _id_with_title, (Promise.LASTING_ID, Promise.COMPLETE)),
    Fault("dates are read in UTC", Council, "zone", lambda _: property(lambda _: ZoneInfo("UTC")), (Promise.DATED,)),
    Fault("dates of the morning are an hour late", normalize, "make_article", _hour_later, (Promise.DATED,)),
    Fault("an item that was withdrawn stays so", Items, "put", _never_restored, (Promise.COMPLETE,)),
    Fault("the link to the council is missing", entries, "_content_blocks", _without_link, (Promise.LINKED,)),
    Fault("a file is written in its place", folder, "replace_file", _half_a_file, (Promise.VALID,)),
    Fault("no pause between requests", Rests, "_pause_left", lambda _: lambda *_: 0.0, (Promise.POLITE,)),
    Fault("Crawl-delay is not heard", RobotsFiles, "crawl_delay", lambda _: lambda self, _: self._delay,
          (Promise.POLITE,)),
    Fault("a message at every run", telling, "_is_due", _said_again, (Promise.QUIET,)),
    Fault("edits are looked for ten times as late", schedule, "next_look",
          lambda right: lambda born, now: now + 10 * (right(born, now) - now), (Promise.CURRENT,)),
    Fault("pages that are gone are waited for", schedule, "is_gone", lambda _: lambda *_: False,
          (Promise.WITHDRAWN,)),
    Fault("an item is withdrawn at its first 404", schedule, "is_gone",
          lambda _: lambda visit, _: visit.gone_since is not None, (Promise.COMPLETE,)),
    Fault("nothing is too odd", brake, "objections_by_rule", lambda _: lambda *_: {}, (Promise.TRUE,)),
    Fault("a repost is news", decision, "repost", lambda _: lambda *_: likeness.Likeness(False, "never"),
          (Promise.LASTING_ID,)),
    Fault("the last block of a long text is lost", normalize, "make_article", _without_last, (Promise.TRUE,)),
    Fault("every look is a change", keeping, "decide", _restless, (Promise.STILL,)),
    Fault("one new article in twenty is overlooked", Visits, "name_links", _overlooking, (Promise.COMPLETE,)),
    Fault("pages of a listing are not turned back", naming, "CATCH_UP", lambda _: 0, (Promise.COMPLETE,)),
    Fault("the second newest item is left out", Items, "newest", _without_newest, (Promise.NEWEST,)),
    Fault("twins are not renewed", folder, "twins_of", lambda _: lambda _: (), (Promise.VALID,)),
    Fault("a withdrawal is forgotten", withdrawals, "withdraw_missing", lambda _: lambda _: iter(()),
          (Promise.WITHDRAWN,)),
    Fault("another way of reading is an edit", Items, "read_by", lambda _: lambda *_: None,
          (Promise.STILL, Promise.QUIET)),
)  # fmt: skip


def found_by(fault: Fault) -> tuple[float, Lived | None]:
    """Live lives with a fault until one breaks a promise. Return the council-years, and that life; None: none did.

    A life that breaks a promise without the fault as well proves nothing.
    """
    years = 0.0
    for seed in range(1000, 1000 + LIVES):
        story = story_of(seed, YEARS, Weather.RARE, TIMES)
        with planted(fault):
            lived = _lived(story)
        years += lived.years
        if lived.broken and not _lived(replace(story, end=lived.ended + story.every)).broken:
            return years, lived
    return years, None


def _lived(story: Story) -> Lived:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with TemporaryDirectory(prefix="feedpub-fault-", dir=memory if memory.is_dir() else None) as place:
        return live(story, Path(place) / "life")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m simulation.faults", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="WORDS", help="faults whose names have these words; default: all")
    wanted = parser.parse_args(argv).names
    missed = 0
    for fault in FAULTS:
        if wanted and not any(words in fault.name for words in wanted):
            continue
        began = time.perf_counter()
        years, lived = found_by(fault)
        missed += lived is None
        seconds = time.perf_counter() - began
        what = str(lived.broken[0])[:160] if lived else "NOT FOUND"
        print(f"{fault.name}: {years:.2f} council-years ({seconds:.0f} s): {what}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
