"""A month of a council's news in numbers → a page for its press officer. Nobody else gets it, and it loads nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from feedpub.publishing.page.assets import Assets, asset, policy, templates
from feedpub.publishing.page.strings import Words

REPORT = Assets("report.css")
MOST_NAMED = 12  # articles under one heading
AN_HOUR = timedelta(hours=1)
IN_DAYS = timedelta(days=2)  # from which on a time is said in days
MEGABYTE = 1_000_000  # bytes
WIDTH = 100  # of the longest bar, in its own unit


@dataclass(frozen=True, slots=True)
class Item:
    """An article of the council's, as a list names it."""

    title: str  # "": it has none
    url: str
    day: date  # of the council's calendar
    addresses: tuple[str, ...] = ()  # of what is meant in it
    size: int = 0  # of a picture that is meant, in bytes; 0: none is
    pictures: int = 0  # that are meant; 0: none is
    edits: int = 0  # in the month


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that could be better."""

    name: str  # of its words
    count: int  # 0: it is well
    items: Sequence[Item]
    looked_at: int  # how many things could have been so; 0: nothing can be said of it


@dataclass(frozen=True, slots=True)
class Pace:
    """How long articles took from their publication to the feed."""

    median: timedelta
    worst: timedelta
    slowest: Item


@dataclass(frozen=True, slots=True)
class Report:
    """A month of one council."""

    title: str  # of the council
    home: str
    language: str
    month: str  # 2025-11
    weekdays: tuple[int, ...]  # how many items, from Monday on
    findings: tuple[Finding, ...]
    pace: Pace | None  # None: no item says when it was published
    edited: tuple[Item, ...]  # after publication, the one changed most often first
    moved: tuple[tuple[str, str], ...]  # old and new addresses of pages
    pictures: int
    measured: int  # pictures whose size is known
    links: int | None  # that were tried; None: none, by intention

    @property
    def news(self) -> int:
        return sum(self.weekdays)

    @property
    def well(self) -> list[Finding]:
        return [one for one in self.findings if one.looked_at and not one.count]

    @property
    def better(self) -> list[Finding]:
        return [one for one in self.findings if one.count]


def report_page(reports: Sequence[Report]) -> bytes:
    """Return the page about a month of these councils, each in its language; the page's is that of the first."""
    words = Words(reports[0].language)
    values = {
        "words": words,
        "month": reports[0].month,
        "has_news": any(report.news for report in reports),
        "parts": [(report, Words(report.language)) for report in reports],
        "policy": policy(REPORT, has_pictures=False),
        "style": asset(REPORT.style),
        "most_named": MOST_NAMED,
        "width": WIDTH,
        "time": _in_words,
        "megabytes": lambda size, words: words.report_megabytes.format(n=words.decimal(size / MEGABYTE)),
        "bar": lambda n, report: round(WIDTH * n / max(1, *report.weekdays)),
    }
    return templates().get_template("report.html").render(values).encode()


def _in_words(taken: timedelta, words: Words) -> str:
    """Return a time that something took, rounded up to hours, or to days."""
    if taken < AN_HOUR:
        return words.report_under_an_hour
    if taken < IN_DAYS:
        return words.count("report_hours", ceil(taken / AN_HOUR))
    return words.count("report_whole_days", ceil(taken / timedelta(days=1)))
