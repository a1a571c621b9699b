"""The truth of a dump, asked the other way round: an item of a feed → its article, and what is wrong with it. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from html import escape
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from simulation.dumped import Dump, read
from simulation.feeds import Entry

MINUTE = timedelta(minutes=1)
MORE = 200  # characters beside the article's own: a title, a date, a category, a line that names the source
SOME = 60  # characters of the article's own, below which a text is none of it
MARKS = re.compile(r"[\s\u00a0]+")


class Flaw(Enum):
    """What may be wrong with an item, or be missing."""

    TITLE = "wrong title"
    DATE = "wrong date"
    DAY = "only the day"
    NO_DATE = "no date"
    TEXT = "wrong text"
    PARTIAL = "partial text"
    NO_TEXT = "no text"


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it was from an instant on."""

    since: datetime
    title: str
    paragraphs: tuple[str, ...]
    dated: datetime
    is_there: bool
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class Article:
    number: int
    group: int  # the number of the article that it repeats, or its own
    published: datetime
    addresses: tuple[str, ...]
    versions: tuple[Version, ...]

    def at(self, instant: datetime) -> Version | None:
        """Return the article as it is at an instant. None: it has not come yet."""
        return next((version for version in reversed(self.versions) if version.since <= instant), None)

    def is_there(self, instant: datetime) -> bool:
        version = self.at(instant)
        return bool(version and version.is_there)


@dataclass(slots=True)
class Known:
    """All articles of a dump, by address, by title and by group."""

    dump: Dump
    articles: dict[int, Article] = field(default_factory=dict)
    groups: dict[int, list[Article]] = field(default_factory=dict)
    _addresses: dict[str, int] = field(default_factory=dict)
    _titles: dict[str, int] = field(default_factory=dict)
    _is_to_a_day: bool = False  # whether the site has shown days without hours, at any time

    def __post_init__(self) -> None:
        self.articles = {value["number"]: _article(value) for value in self.dump.truth["articles"]}
        for article in self.articles.values():
            self.groups.setdefault(article.group, []).append(article)
            self._addresses |= {_place(url): article.number for url in article.addresses}
            for version in article.versions:
                self._titles.setdefault(_words(version.title), article.number)
        self._is_to_a_day = not all(setup["is_dated_to_the_minute"] for setup in self.dump.truth["setups"])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.dump.index["timezone"])

    def article_of(self, entry: Entry) -> Article | None:
        """Return the article that an item is about: by its link, else by its title. None: it is about none."""
        number = self._addresses.get(_place(self.dump.real(entry.link))) or self._titles.get(_words(entry.title))
        return self.articles[number] if number else None

    def versions(self, group: int) -> Iterator[Version]:
        """Yield all versions of an article, and of those that repeat it."""
        for article in self.groups[group]:
            yield from article.versions

    def flaws(self, entry: Entry, article: Article) -> Iterator[Flaw]:
        """Yield what an item says that its article never said, at any time."""
        versions = list(self.versions(article.group))
        titles = {_words(version.title) for version in versions}
        if _words(entry.title) not in titles:
            yield Flaw.TITLE
        yield from self._of_date(entry.date, versions)
        is_title_alone = _words(entry.text) in titles
        yield from _of_text("" if is_title_alone else entry.text, versions)

    def is_as_since(self, entry: Entry, article: Article, since: datetime, *, is_text: bool) -> bool:
        """Whether an item shows the article as it was made at an instant, or as it became later."""
        later = [version for version in article.versions if version.since >= since]
        if is_text:
            return any(_has_all(entry.text, version) for version in later)
        return _words(entry.title) in {_words(version.title) for version in later}

    def listed_since(self, article: Article) -> datetime:
        """Return when the council's first page showed an article for the first time: before, no tool could find it.

        An article that it never showed is due from its publication on.
        """
        titles = {escape(version.title) for version in article.versions}
        dump = self.dump
        for moment in dump.moments[bisect_left(dump.moments, article.published) :]:
            page = dump.followed(dump.index["home"], moment)
            if any(title in page for title in titles):
                return moment
        return article.published

    def newest(self, instant: datetime, count: int, *, is_listing: bool) -> set[int]:
        """Return the groups of the first articles: as the listing has them, or by when they came."""
        there = [(one, version) for one in self.articles.values() if (version := one.at(instant)) and version.is_there]
        ordered = [
            ((version.is_pinned, version.dated) if is_listing else (False, article.published), article)
            for article, version in there
        ]
        ordered.sort(key=lambda pair: (*pair[0], pair[1].number), reverse=True)
        return {article.group for _, article in ordered[:count]}

    def _of_date(self, date: datetime | None, versions: Sequence[Version]) -> Iterator[Flaw]:
        if date is None:
            yield Flaw.NO_DATE
            return
        if any(abs(date - version.dated) <= MINUTE for version in versions):
            return
        if any(version.since - MINUTE <= date <= version.dated for version in versions):
            return  # announced ahead: it may be dated when it was first seen
        days = {version.dated.astimezone(self.zone).date() for version in versions}
        is_of_the_day = date.astimezone(self.zone).date() in days
        if not (is_of_the_day and self._is_to_a_day):
            yield Flaw.DAY if is_of_the_day else Flaw.DATE


def _of_text(text: str, versions: Sequence[Version]) -> Iterator[Flaw]:
    """Yield the flaw of a text. Some words more are none: a title, a date, a line that names the source."""
    if not text:
        yield Flaw.NO_TEXT
        return
    if any(_has_all(text, version) for version in versions):
        return
    paragraphs = {paragraph for version in versions for paragraph in version.paragraphs}
    own = sum(_shared(text, paragraph) for paragraph in paragraphs)
    yield Flaw.PARTIAL if own >= SOME and len(text) - own <= MORE else Flaw.TEXT


def _has_all(text: str, version: Version) -> bool:
    own = sum(len(paragraph) for paragraph in version.paragraphs)
    return all(paragraph in text for paragraph in version.paragraphs) and len(text) - own <= MORE


def _shared(text: str, paragraph: str) -> int:
    """Return how many characters of a paragraph a text has: all, or those with which it begins."""
    if paragraph in text:
        return len(paragraph)
    if paragraph[:SOME] not in text:
        return 0
    place = text.index(paragraph[:SOME])
    pairs = zip(text[place:], paragraph, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), len(text) - place)


def _article(value: Mapping[str, Any]) -> Article:
    versions = tuple(
        Version(
            read(one["since"]), one["title"], tuple(one["paragraphs"]), read(one["dated"]), one["is_there"],
            one["is_pinned"],
        )
        for one in value["versions"]
    )  # fmt: skip
    number = value["number"]
    return Article(number, value["repeats"] or number, read(value["published"]), tuple(value["addresses"]), versions)


def _place(url: str) -> str:
    """Return an address without what does not tell one article from another: scheme, query, a last slash."""
    parts = urlsplit(url.strip())
    return f"{parts.netloc.lower()}{unquote(parts.path).rstrip('/')}"


def _words(title: str) -> str:
    return MARKS.sub(" ", title).strip().casefold()
