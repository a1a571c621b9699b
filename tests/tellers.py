"""A tool that tells the truth of a dump, as RSS files after each change, and tools that tell it with one flaw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

from simulation.clock import BEGINNING
from simulation.council import Story
from simulation.feeds import name_of
from simulation.known import Known, Version
from simulation.life import Weather, story_of

DAYS = 16  # of a life in the tests


def story(seed: int, days: float = DAYS, weather: Weather = Weather.HIJACKED) -> Story:
    return replace(story_of(seed, 30 / 365, weather, 6.0), end=BEGINNING + timedelta(days=days))


@dataclass(frozen=True, slots=True)
class Told:
    """An item as it is told. Empty or None: nothing is said."""

    id: str
    link: str
    title: str
    date: datetime | None
    paragraphs: tuple[str, ...]
    group: int = 0

    def rss(self) -> str:
        text = "".join(f"<p>{escape(one)}</p>" for one in self.paragraphs)
        parts = [
            f"<title>{escape(self.title)}</title><link>{self.link}</link>",
            f'<guid isPermaLink="false">{self.id}</guid>' if self.id else "",
            f"<pubDate>{format_datetime(self.date)}</pubDate>" if self.date else "",
            f"<description>{escape(text)}</description>" if text else "",
        ]
        return f"<item>{''.join(parts)}</item>"


Telling = Callable[[datetime, Sequence[Told]], Sequence[Told]]  # an instant, what is true -> what is told


def truly(_at: datetime, items: Sequence[Told]) -> Sequence[Told]:
    return items


def tell(known: Known, folder: Path, telling: Telling = truly) -> Path:
    """Write what a tool tells at every change of the site."""
    folder.mkdir()
    for at in known.dump.moments:
        items = "".join(item.rss() for item in telling(at, list(truth(known, at))))
        feed = f'<rss version="2.0"><channel><title>Рада</title>{items}</channel></rss>'
        (folder / name_of(at)).write_text(feed, encoding="utf-8")
    return folder


def truth(known: Known, at: datetime) -> Iterator[Told]:
    """Yield every article that is there, newest first. What was posted once more is one with the first."""
    for articles in sorted(known.groups.values(), key=lambda ones: ones[0].published, reverse=True):
        first = articles[0]
        there = [version for one in articles if (version := one.at(at)) and version.is_there]
        if there:
            shown = there[0]
            yield Told(f"a{first.group}", first.addresses[0], shown.title, _date(shown), shown.paragraphs, first.group)


def _date(version: Version) -> datetime:
    return min(version.dated, version.since)


def spoilt(group: int, since: datetime, **flaw: object) -> Telling:
    """Tell one article with a flaw from an instant on."""

    def telling(at: datetime, items: Sequence[Told]) -> Sequence[Told]:
        is_now = at >= since
        return [replace(one, **flaw) if is_now and one.group == group else one for one in items]  # type: ignore[arg-type]

    return telling
