"""A feed as a reader has it, beside what the council's site lists. Pure: everything is handed in.

Nothing is remembered from one look to the next. So what says since when the council lists something is in what was
fetched: the date of the article, or that a page has not changed since then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from feedpub import address, text

A_DAY = timedelta(days=1)
ENOUGH_LINES = 5  # of a text's beginning, by which it is the same as another: a feed may have a long one in short
MANY = 5  # articles that no council publishes at once: they are late though nothing says since when they are listed


@dataclass(frozen=True, slots=True)
class Span:
    """When something was published: of a date without a time, its whole day."""

    earliest: datetime
    latest: datetime

    @classmethod
    def of(cls, instant: datetime, zone: tzinfo) -> Span:
        local = instant.astimezone(zone)
        is_day = (local.hour, local.minute) == (0, 0)
        return cls(instant, instant + A_DAY if is_day else instant)


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry of the feed."""

    id: str
    link: str
    title: str
    published: datetime | None
    words: str = ""  # letters and digits of its text


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the council's list of news."""

    url: str  # "": it has no page of its own
    title: str
    span: Span | None  # None: the list shows no date that can be read

    @property
    def name(self) -> str:
        return f"{self.title!r}, {self.url}" if self.title and self.url else self.url or repr(self.title)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that the council lists and the feed lacks."""

    listed: Listed
    reason: str = ""  # as far as it is known
    is_meant: bool = False  # the feed is not to have it
    is_published: bool = False  # feedpub has it, and only this feed does not
    since: datetime | None = None  # from when on it is known to be listed; None: nothing says


class Reader:
    """What a feed has."""

    def __init__(self, shown: Sequence[Shown], removed: Iterable[str], hosts: Collection[str]) -> None:
        """``removed`` are the ids of items that the feed calls withdrawn, ``hosts`` are the council's own."""
        self._hosts = hosts
        self._shown = shown
        self._ids = {one.id for one in shown}
        self._keys = {self._key(one.link) for one in shown}
        self._titles = {text.skeleton(one.title) for one in shown}
        self._removed = tuple(removed)
        dates = [one.published for one in shown if one.published]
        self.newest = max(dates, default=None)
        self._oldest = min(dates, default=None)

    def has(self, listed: Listed) -> bool:
        """Whether the feed has a line of the list. One without a page is known by its title alone."""
        return self.has_page([listed.url]) if listed.url else text.skeleton(listed.title) in self._titles

    def has_page(self, urls: Iterable[str]) -> bool:
        """Whether an entry leads to one of these addresses of a page."""
        return any(self._key(url) in self._keys for url in urls)

    def has_item(self, item: str) -> bool:
        return item in self._ids

    def has_removed(self, urls: Iterable[str]) -> bool:
        """Whether the feed says that the item of these addresses was withdrawn. feedpub makes ids of addresses."""
        paths = tuple(f"/{path}" for path in map(address.path_key, urls) if path)
        return any(item.endswith(paths) for item in self._removed)

    def repeats(self, title: str, words: str) -> bool:
        """Whether an entry says the same: feedpub does not show a repost twice."""
        lines = [text.skeleton(line) for line in words.splitlines()[:ENOUGH_LINES]]
        same = [one for one in self._shown if text.skeleton(one.title) == text.skeleton(title)]
        return any(all(line in one.words for line in lines) for one in same)

    def is_beyond(self, span: Span | None) -> bool:
        """Whether something is older than all that the feed has: it has the newest items alone."""
        return span is not None and self._oldest is not None and span.latest < self._oldest

    def lag(self, missing: Iterable[Missing]) -> tuple[datetime, datetime] | None:
        """Return the newest date of the feed, and a newer one that the council lists; None: there is none."""
        spans = [one.listed.span for one in missing if one.listed.span]
        newest = max((span.earliest for span in spans), default=None)
        if newest is None or self.newest is None or newest <= self.newest:
            return None
        return self.newest, newest

    def _key(self, url: str) -> str:
        return address.local_key(url, self._hosts)


def unchanged_since(stated: datetime | None, dates: Iterable[datetime | None]) -> datetime | None:
    """Return since when a page is as it is now, as its server says (Last-Modified); None: that cannot be believed.

    ``dates`` are of what it shows: a page that has not changed since before them does not say the truth.
    """
    known = [one for one in dates if one]
    return stated if stated and all(one <= stated for one in known) else None


def late(missing: Sequence[Missing], now: datetime, patience: timedelta) -> list[Missing]:
    """Return what the feed lacks for too long."""
    wanted = [one for one in missing if not one.is_meant]
    undated = [one for one in wanted if one.since is None]
    too_many = undated if len(undated) >= MANY else []
    return [one for one in wanted if one in too_many or (one.since and now - one.since >= patience)]
