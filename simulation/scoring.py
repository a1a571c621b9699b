"""Counts what a reader of a tool's feeds got, and when, against the truth of a dump. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from simulation.dumped import read
from simulation.feeds import Entry, Poll
from simulation.known import Article, Flaw, Known

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CALM, ALL = "calm", "all"
AFTER_A_TROUBLE = DAY
AFTER_A_CHANGE = 2 * DAY  # of the site
AFTER_AN_EDIT = 7 * DAY  # of the article
IN_TIME = DAY  # an article that is there for less time, or comes so late in the dump, need not be found
SURELY = 0.8  # of a feed's length: what stands further down may leave it by the tool's own order
EDITS = {"title edited": False, "slug moved": False, "text edited": True}  # kinds -> whether the text is edited
OF_AN_ARTICLE = {*EDITS, "date edited", "repost", "withdrawn", "restored", "pinned", "unpinned", "announced ahead"}
NOT_TOLD_APART = {"published"}
TWICE, ID, FALSE, GONE, MOVED = "twice", "id changed", "false items", "false withdrawals", "date moved"
DUE, FOUND, TO_EDIT, EDITED, TO_WITHDRAW, WITHDRAWN = "due", "found", "to edit", "edited", "to withdraw", "withdrawn"


@dataclass(frozen=True, slots=True)
class Find:
    """One thing that was counted, to be looked at."""

    at: datetime
    what: str
    article: int  # 0: it is about none
    said: str


@dataclass(slots=True)
class Score:
    """What was counted: as a whole, and for each kind of event in whose time it was."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    hours: dict[str, dict[str, list[float]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    events: Counter[str] = field(default_factory=Counter)
    items: int = 0  # different articles that were shown
    finds: list[Find] = field(default_factory=list)

    def late(self, what: str, kind: str = ALL) -> tuple[float, float] | None:
        """Return the median and the most hours until something was seen. None: it never was."""
        found = self.hours[kind][what]
        return (median(found), max(found)) if found else None

    def add(self, other: Score) -> None:
        """Add the score of another life."""
        for kind, counts in other.counts.items():
            self.counts[kind].update(counts)
        for kind, by_what in other.hours.items():
            for what, found in by_what.items():
                self.hours[kind][what] += found
        self.events.update(other.events)
        self.items += other.items
        self.finds += other.finds


@dataclass(frozen=True, slots=True)
class _Window:
    """A time in which what goes wrong is counted for an event."""

    kind: str
    since: datetime
    until: datetime
    group: int = 0  # 0: it is about the whole site


def score(known: Known, polls: Iterable[Poll]) -> Score:
    """Return the score of the feeds that a tool has published, oldest first."""
    counting = _Counting(known)
    for poll in polls:
        counting.see(poll)
    counting.close()
    return counting.score


class _Counting:
    def __init__(self, known: Known) -> None:
        self.known, self.score = known, Score()
        self.windows = list(_windows(known))
        self.score.events.update(window.kind for window in self.windows)
        self.first: dict[int, datetime] = {}  # group -> when it was first shown
        self.keys: dict[str, int] = {}  # by which a reader knows items -> group; 0: of none
        self.ids: dict[int, list[str]] = defaultdict(list)  # number of an article -> its ids, oldest first
        self.dates: dict[str, datetime] = {}  # by key
        self.noted: set[tuple[int, str]] = set()  # group and flaw: each is counted once
        self.before: set[int] = set()  # groups of the poll before
        self.size = 0  # entries of the poll before
        self.waiting = [(read(e["at"]), e) for e in known.dump.truth["events"] if e["kind"] in {*EDITS, "withdrawn"}]
        self.matched: dict[Entry, tuple[Article | None, tuple[Flaw, ...]]] = {}

    def see(self, poll: Poll) -> None:
        """Count what a reader sees who asks now."""
        now: dict[int, Entry] = {}
        for entry in poll.entries:
            article, flaws = self._match(entry)
            if article is None:
                self._false(poll.at, entry)
                continue
            self._show(poll.at, entry, article, is_again=article.group in now)
            now.setdefault(article.group, entry)
            for flaw in flaws:
                self._once(poll.at, flaw.value, article.group, entry.title)
        self._follow(poll.at, now)
        self._leave(poll.at, set(now), len(poll.entries))

    def _match(self, entry: Entry) -> tuple[Article | None, tuple[Flaw, ...]]:
        if entry not in self.matched:
            article = self.known.article_of(entry)
            self.matched[entry] = (article, tuple(self.known.flaws(entry, article)) if article else ())
        return self.matched[entry]

    def _false(self, at: datetime, entry: Entry) -> None:
        if entry.key not in self.keys:
            self.keys[entry.key] = 0
            self._note(at, FALSE, 0, f"{entry.title} {entry.link}")

    def _show(self, at: datetime, entry: Entry, article: Article, *, is_again: bool) -> None:
        group = article.group
        is_new = entry.key not in self.keys
        self.keys.setdefault(entry.key, group)
        if group not in self.first:
            self.first[group] = at
        elif is_new or (is_again and (group, TWICE) not in self.noted):
            self.noted.add((group, TWICE))
            self._note(at, TWICE, group, f"{entry.title} {entry.key}")
        ids = self.ids[article.number]
        if entry.id and entry.id not in ids:
            if ids:
                self._note(at, ID, group, f"it was {ids[-1]} and is {entry.id}")
            ids.append(entry.id)
        date = entry.date
        if date and self.dates.setdefault(entry.key, date) != date:
            is_redated = len({version.dated for version in self.known.versions(group)}) > 1
            self.dates[entry.key] = date
            if not is_redated:
                self._once(at, MOVED, group, entry.title)

    def _follow(self, at: datetime, now: dict[int, Entry]) -> None:
        """Look for edits and withdrawals that are seen now."""
        left = []
        for since, event in self.waiting:
            article = self.known.articles[event["article"]]
            if since > at or not self._is_seen(event["kind"], since, article, now):
                left.append((since, event))
            elif self.first.get(article.group, since) < since:
                what = WITHDRAWN if event["kind"] == "withdrawn" else EDITED
                self._hours(event["kind"], what, (at - since) / HOUR)
        self.waiting = left

    def _is_seen(self, kind: str, since: datetime, article: Article, now: dict[int, Entry]) -> bool:
        entry = now.get(article.group)
        if kind == "withdrawn":
            return entry is None
        return entry is not None and self.known.is_as_since(entry, article, since, is_text=EDITS[kind])

    def _leave(self, at: datetime, now: set[int], size: int) -> None:
        """Look for what has left the feed though it is there, and newer than what stayed."""
        lost = self.before - now
        if lost:
            count = round((self.size if size < self.size / 2 else size) * SURELY)
            newest = [self.known.newest(at, count, is_listing=is_listing) for is_listing in (True, False)]
            for group in sorted(lost & newest[0] & newest[1]):
                self._note(at, GONE, group, self.known.articles[group].versions[-1].title)
        self.before, self.size = now, size

    def close(self) -> None:
        """Count what never came."""
        self.score.items = len(self.first)
        for article in self.known.articles.values():
            if article.group == article.number and self._is_due(article):
                self._count(article.published, DUE, article.group)
                if article.group in self.first:
                    self._count(article.published, FOUND, article.group)
                    hours = max(0.0, (self.first[article.group] - self.known.listed_since(article)) / HOUR)
                    for kind in (ALL, *self._kinds(article.published, article.group)):
                        self.score.hours[kind][FOUND].append(hours)
                else:
                    self.score.finds.append(
                        Find(article.published, "missed", article.number, article.versions[0].title)
                    )
        for event in self.known.dump.truth["events"]:
            group = self.known.articles[event["article"]].group if "article" in event else 0
            is_shown = group in self.first and self.first[group] < read(event["at"])
            if is_shown and event["kind"] in {*EDITS, "withdrawn"}:
                what = TO_WITHDRAW if event["kind"] == "withdrawn" else TO_EDIT
                self.score.counts[ALL][what] += 1
                self.score.counts[event["kind"]][what] += 1

    def _is_due(self, article: Article) -> bool:
        """Whether the article came in the time of the dump, and was there for long enough."""
        dump = self.known.dump
        is_within = dump.beginning < article.published < dump.end - IN_TIME
        return is_within and all(v.is_there for v in article.versions if v.since < article.published + IN_TIME)

    def _hours(self, kind: str, what: str, hours: float) -> None:
        for one in (ALL, kind):
            self.score.counts[one][what] += 1
            self.score.hours[one][what].append(hours)

    def _once(self, at: datetime, what: str, group: int, said: str) -> None:
        if (group, what) not in self.noted:
            self.noted.add((group, what))
            self._note(at, what, group, said)

    def _note(self, at: datetime, what: str, group: int, said: str) -> None:
        self._count(at, what, group)
        self.score.finds.append(Find(at, what, group, said))

    def _count(self, at: datetime, what: str, group: int) -> None:
        for kind in (ALL, *self._kinds(at, group)):
            self.score.counts[kind][what] += 1

    def _kinds(self, at: datetime, group: int) -> set[str]:
        """Return the kinds of events in whose time an instant is. In none of them, it is calm."""
        kinds = {w.kind for w in self.windows if w.since <= at <= w.until and w.group in (0, group)}
        return kinds or {CALM}


def _windows(known: Known) -> Iterator[_Window]:
    for event in known.dump.truth["events"]:
        kind, at = event["kind"], read(event["at"])
        if kind in NOT_TOLD_APART or (at <= known.dump.beginning and "until" not in event):
            continue
        if kind in OF_AN_ARTICLE:
            yield _Window(kind, at, at + AFTER_AN_EDIT, known.articles[event["article"]].group)
        elif "until" in event:
            yield _Window(kind, at, read(event["until"]) + AFTER_A_TROUBLE)
        else:
            yield _Window(kind, at, at + AFTER_A_CHANGE)
