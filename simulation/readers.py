"""Readers that subscribe on the first day. They know nothing of the council: only files, ids and links.

Each follows the rules of a real one as far as they decide what is shown as new: by what an entry is known again, how
often a feed is fetched, and how long an entry that has left the feed is remembered.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FOR_EVER = timedelta(days=36500)


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    link: str
    title: str
    words: str


Read = Callable[[bytes], Sequence[Entry]]
Identity = Callable[[Entry], str]


def read_rss(data: bytes) -> list[Entry]:
    return [
        Entry(
            one.findtext("guid") or "", one.findtext("link") or "", one.findtext("title") or "",
            one.findtext(CONTENT) or "",
        )
        for one in etree.fromstring(data).iter("item")
    ]  # fmt: skip


def read_atom(data: bytes) -> list[Entry]:
    return [
        Entry(
            one.findtext(f"{ATOM}id") or "",
            _alternate(one),
            one.findtext(f"{ATOM}title") or "",
            one.findtext(f"{ATOM}content") or "",
        )
        for one in etree.fromstring(data).iter(f"{ATOM}entry")
    ]  # fmt: skip


def _alternate(entry: etree._Element) -> str:
    links = (link for link in entry.iter(f"{ATOM}link") if link.get("rel", "alternate") == "alternate")
    return next((link.get("href", "") for link in links), "")


def read_json(data: bytes) -> list[Entry]:
    items = json.loads(data)["items"]
    return [Entry(one["id"], one.get("url", ""), one["title"], one.get("content_html", "")) for one in items]


def by_id_else_link(entry: Entry) -> str:
    """feedparser's users, lemon24's reader: the id; where there is none, the link."""
    return entry.id or entry.link


def by_id_else_all(entry: Entry) -> str:
    """NetNewsWire: the id; where there is none, what is made of all there is."""
    return entry.id or "\n".join((entry.link, entry.title, entry.words))


@dataclass(frozen=True, slots=True)
class Habit:
    """How a reader reads."""

    name: str
    file: str
    read: Read
    identity: Identity
    every: timedelta
    memory: timedelta  # for which it remembers an entry that has left the feed


HABITS = (
    Habit("feedparser", "rss.xml", read_rss, by_id_else_link, HOUR, FOR_EVER),
    Habit("reader", "atom.xml", read_atom, by_id_else_link, HOUR, FOR_EVER),
    Habit("FreshRSS", "rss.xml", read_rss, by_id_else_link, HOUR, 90 * DAY),
    Habit("Miniflux", "atom.xml", read_atom, by_id_else_link, HOUR, 60 * DAY),
    Habit("NetNewsWire", "feed.json", read_json, by_id_else_all, DAY, 90 * DAY),
)


@dataclass(slots=True)
class Counts:
    """What a reader was shown."""

    new: int = 0
    twice: int = 0  # shown as new, though it has the title and the link of one that was shown before
    changed: int = 0
    again: int = 0  # shown as new once more, since the reader had forgotten it


@dataclass(slots=True)
class Subscriber:
    """One reader and its database."""

    habit: Habit
    counts: Counts = field(default_factory=Counts)
    entries: dict[str, Entry] = field(default_factory=dict)
    last_seen: dict[str, datetime] = field(default_factory=dict)
    shown: set[tuple[str, str]] = field(default_factory=set)  # title and link of all that was ever shown
    links: dict[str, str] = field(default_factory=dict)  # link -> identity
    fetched: datetime | None = None
    _stamp: tuple[int, int] = (0, 0)
    _present: tuple[str, ...] = ()  # identities in the feed as last read

    def poll(self, folder: Path, now: datetime) -> Iterator[str]:
        """Fetch the feed if that is due. Yield what is shown as new and was shown before."""
        if self.fetched and now - self.fetched < self.habit.every:
            return
        self.fetched = now
        path = folder / self.habit.file
        if not path.exists():  # the reader tries again
            return
        status = path.stat()
        stamp = (status.st_size, status.st_mtime_ns)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                entries = self.habit.read(path.read_bytes())
            except (etree.XMLSyntaxError, ValueError):
                return  # a reader waits; that a file is broken is said by another promise
            yield from self._take(entries, now)
        for identity in self._present:
            self.last_seen[identity] = now

    def _take(self, entries: Sequence[Entry], now: datetime) -> Iterator[str]:
        self._forget(now)
        self._present = tuple(map(self.habit.identity, entries))
        for identity, entry in zip(self._present, entries, strict=True):
            known = self.entries.get(identity)
            if known is None:
                yield from self._show(identity, entry)
            elif known != entry:
                self.counts.changed += 1
            self.entries[identity] = entry
            self.links[entry.link] = identity

    def _show(self, identity: str, entry: Entry) -> Iterator[str]:
        self.counts.new += 1
        other = self.links.get(entry.link)
        if other == identity:
            self.counts.again += 1
            yield f"{self.habit.name} had forgotten {identity} and shows it as new: «{entry.title}»"
        elif (entry.title, entry.link) in self.shown or (other and self._is_alike(other, entry)):
            self.counts.twice += 1
            yield f"{self.habit.name} shows {identity} as new, and has shown it as {other}: «{entry.title}»"
        self.shown.add((entry.title, entry.link))

    def _is_alike(self, other: str, entry: Entry) -> bool:
        """Whether an entry of the same link has this one's title or words. An address may get another article."""
        known = self.entries.get(other)
        return known is not None and (known.title == entry.title or known.words == entry.words)

    def _forget(self, now: datetime) -> None:
        old = [one for one, seen in self.last_seen.items() if now - seen > self.habit.memory]
        for one in old:
            self.last_seen.pop(one)
            self.entries.pop(one, None)
