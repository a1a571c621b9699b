"""Until when a change at the council is to be seen by readers, by feedpub's own rules. Troubles put it off."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile

from simulation.council import Act, Article, Council, Event

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
A_WHILE = timedelta(minutes=30)  # a run may take so long
# After a trouble: a host that failed in many runs rests for a day at last, and so does a page.
LONGEST_REST = DAY
WITHDRAWAL = timedelta(days=5)  # a page must be gone for two days, and is asked for three times, at last once a day
LATELY, PAGES_A_DAY = timedelta(days=6), 5  # what a day's first run sees of a listing: that old, on so many pages
AFTER_A_TROUBLE = timedelta(days=4)  # in which a page is found to be gone, for two days, and asked for once more
OPERATOR_S = {  # mishaps, and until when they may be seen
    Act.KILL: timedelta(0),
    Act.FULL_DISK: timedelta(0),
    Act.PUT_BACK: timedelta(days=2),
    Act.LOSE_STATE: timedelta(days=4),
    Act.CONFIGURE: timedelta(0),
    Act.CLOCK: timedelta(days=2),
    Act.UPGRADE: timedelta(0),
}
A_PURGE = timedelta(days=9)  # many deletions at once wait for an operator to say that they are real
DAYS_OF_A_CHANGED_SITE = timedelta(days=2)  # its pages are read again, twenty in a run; an operator has to look


@dataclass(frozen=True, slots=True, order=True)
class Expectation:
    """Readers are to see an article as it is since an instant, or as it became later."""

    until: datetime
    number: int
    since: datetime
    is_there: bool = True  # no: readers are to see it no more
    is_in_sight: bool = True  # no: no listing has named it yet, and only what is known is looked for elsewhere


@dataclass(slots=True)
class Expectations:
    """What is expected and not yet asked for, by its time."""

    begin: datetime  # the first run: it and those after it are no calm time
    every: timedelta = HOUR  # between two runs
    waiting: list[Expectation] = field(default_factory=list)
    uneasy: datetime = field(init=False)  # when there last was a trouble
    _deleted: datetime | None = None  # when an article was last deleted
    _ahead: timedelta = timedelta(0)  # that this machine's clock ever was, until the operator set it right
    _named: set[int] = field(default_factory=set)  # articles that a run could see on a listing

    def __post_init__(self) -> None:
        self.uneasy = self.begin

    def note(self, event: Event, council: Council) -> None:
        """Expect what an event leads to. The council is as it is after the event."""
        if event.act is Act.TROUBLE and event.until:
            self.uneasy = max(self.uneasy, event.until)
            return
        if event.act in OPERATOR_S:
            if event.act is Act.CLOCK:
                self._put_off(dict(event.changes)["error"])
            self.disturb((event.until or event.at) + OPERATOR_S[event.act])
            return
        if event.act is Act.SETUP:
            self.disturb(event.at + DAYS_OF_A_CHANGED_SITE)
            return
        if event.act is Act.DELETE:
            if event.at == self._deleted:
                self.disturb(event.at + A_PURGE)
            self._deleted = event.at
        until = self._until(event, council)
        if event.act in (Act.DELETE, Act.RESTORE):  # in a long trouble nobody saw what was there before
            self._forget(event.number)
        if until:
            is_there = event.act is not Act.DELETE
            is_listed = not council.setup.depth or _is_on_first_page(event.number, council)
            is_in_sight = is_listed and event.number in self._named
            heapq.heappush(self.waiting, Expectation(until, event.number, event.at, is_there, is_in_sight))

    def _put_off(self, error: object) -> None:
        """Expect later what is looked at by a clock that is ahead: it says so much later when a page is due again."""
        assert isinstance(error, timedelta)
        self._ahead = max(self._ahead, min(error, OPERATOR_S[Act.CLOCK]))
        self.waiting = [replace(one, until=one.until + self._ahead) for one in self.waiting]

    def _forget(self, number: int) -> None:
        self.waiting = [one for one in self.waiting if one.number != number]
        heapq.heapify(self.waiting)

    def look(self, council: Council, now: datetime) -> None:
        """Note what a run could see: at once, or within a day.

        Where a listing names the newest articles alone, more may come between two runs. What is published with an older
        date stands below the first page, which the first run of a day alone looks at.
        """
        is_all_seen = council.articles.keys() <= self._named and all(one.is_in_sight for one in self.waiting)
        if council.troubles or is_all_seen:
            return
        listed = council.listed()[: council.setup.depth or None]
        pages = [listed[n : n + council.setup.page_size] for n in range(0, len(listed), council.setup.page_size)]
        unknown = takewhile(lambda page: page[-1].number not in self._named, pages)
        at_once = _numbers(pages[: 1 + len(list(unknown))])
        recent = [[one for one in page if one.dated > now - LATELY] for page in pages[:PAGES_A_DAY]]
        daily = _numbers(recent) - at_once
        self._named |= at_once | daily
        self.waiting = [self._in_sight(one, at_once, daily, now) for one in self.waiting]
        heapq.heapify(self.waiting)

    def _in_sight(self, one: Expectation, at_once: set[int], daily: set[int], now: datetime) -> Expectation:
        if one.is_in_sight or one.number not in at_once | daily:
            return one
        until = max(one.until, now + DAY + self.a_run) if one.number in daily else one.until
        return replace(one, is_in_sight=True, until=until)

    @property
    def a_run(self) -> timedelta:
        """Within this time a run is made, even if one is missed."""
        return 2 * self.every + A_WHILE

    def disturb(self, instant: datetime) -> None:
        """Note that all was not well until then."""
        self.uneasy = max(self.uneasy, instant)

    def is_calm(self, now: datetime) -> bool:
        """Whether all has been well for so long that no trouble of before is an excuse."""
        return now - self.uneasy > LONGEST_REST + self.a_run

    def due(self, now: datetime) -> Iterator[Expectation]:
        """Yield what is to be seen by now."""
        while self.waiting and self.waiting[0].until <= now and self.is_calm(now):
            one = heapq.heappop(self.waiting)
            again = self.uneasy + AFTER_A_TROUBLE
            if one.is_there or again <= now:
                yield one
            else:  # it may be known to be gone only since then
                heapq.heappush(self.waiting, replace(one, until=again))

    def _until(self, event: Event, council: Council) -> datetime | None:
        at, article = event.at, council.articles.get(event.number)
        if article is None:
            return None
        if event.act in (Act.PUBLISH, Act.REPOST):
            return max(at, self.begin) + self.a_run
        # A page is looked at again after as much time as its item is old, so an edit is seen by then. Dates to a day
        # are midnights; an announcement is as old as its first sight.
        born = min(article.dated, council.history[event.number][0].since)
        age = max(HOUR, at - born + DAY * (council.setup.dates == "day")) + self._ahead
        match event.act:
            case Act.RETITLE | Act.REWRITE | Act.ILLUSTRATE:
                return at + age + self.a_run
            case Act.DELETE:
                return at + age + WITHDRAWAL
            case Act.RESTORE if _is_on_first_page(event.number, council, 2):
                return at + DAY + self.a_run  # a listing names it, until others come
            case Act.RESTORE:
                # A page that is gone is asked for ever less often, by how long it has been gone.
                gone = [v.since for v in council.history[event.number] if not v.article.is_there]
                return at + age + WITHDRAWAL + 2 * (at - max(gone, default=at))
        return None


def _numbers(pages: Iterable[list[Article]]) -> set[int]:
    return {article.number for page in pages for article in page}


def _is_on_first_page(number: int, council: Council, share: int = 1) -> bool:
    """Whether the listing's first page names an article, in the first one of so many parts of it."""
    setup = council.setup
    count = min(setup.page_size, setup.depth or setup.page_size) // share
    return number in [article.number for article in council.listed()[:count]]
