"""The brake's foot: what a run has found counts only once nothing speaks against it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil

from feedpub.collecting import dedupe
from feedpub.collecting.dedupe import brake
from feedpub.errors import Held, StoreError
from feedpub.model import NOTHING, Brake, Outcome, Source, Tally, Verdict
from feedpub.store import Store

BATCH = 50  # pages whose findings are judged and kept together; so many an interrupted run may have to ask for again
LOOK_RECORDED = timedelta(hours=1)  # a run that found nothing new writes no more often than this
LATEST = 50  # items whose language is held against that of what is new


@dataclass
class Guard:
    """Watches over one run of one source."""

    source: Source
    store: Store
    now: datetime
    is_accepted: bool  # somebody has looked, and lets it through
    is_site_well: bool = False  # whether a listing could be read: if not, "not there" says nothing of a page
    named: set[str] = field(default_factory=set)  # what the listings name now
    fresh: set[str] = field(default_factory=set)  # those of them that they name for the first time
    changes: list[brake.Change] = field(default_factory=list)
    still: int = 0  # pages of known items that have not been modified
    withdrawn: int = 0
    is_served: bool = True  # whether the server answered throughout
    last_looked: datetime | None = None  # where that was later than now: one of the two clocks is or was wrong
    is_refused: bool = False  # whether it refused a listing: then nothing else is asked for
    command: str = "run"  # by which somebody may let it through
    written: Tally = NOTHING  # what of this run is in the state's tally

    @cached_property
    def since(self) -> datetime:
        """Now, or when runs began to be stopped: to wait is no way to be let through."""
        stopped = self.store.brake(self.source.id)
        return stopped.since if stopped else self.now

    @cached_property
    def known(self) -> brake.History:
        """What was known before; to be asked for before anything is kept."""
        store, source = self.store, self.source.id
        newest = store.newest(source, LATEST)
        accepted = store.accepted(source)
        latest = tuple(brake.Weighed.of(s.article) for s in newest)
        unseen = tuple(brake.Weighed.of(s.article) for s in newest if accepted is None or s.first_seen > accepted)
        lately, today = (store.tally(source, self.since - d) for d in (brake.WHILE, timedelta(days=1)))
        return brake.History(self.since, store.count(source), latest, unseen, store.looked(source), lately, today)

    def look_back(self) -> None:
        """To be called before anything is kept: what was known until then is what the run is held against."""
        _ = self.known

    def judge(self) -> None:
        """Raises Held where what was found is too odd."""
        if self.is_accepted or not (self.changes or self.withdrawn or self.fresh):
            return
        found = brake.objections(self.known, brake.Findings(self.changes, self.fresh, self.still, self.withdrawn))
        if found:
            raise Held(self.source.home, "; ".join(found))

    # -------------------------------------------------------- keeping, or not

    def settled(self, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
        """The outcomes, each once what it speaks of is kept. Where the brake stops the run, nothing of the batch is."""
        kept: list[Outcome] = []
        self.store.begin()
        try:
            for outcome in outcomes:
                self.is_served &= not outcome.is_unserved
                kept.append(outcome)
                if len(kept) >= BATCH:
                    self._keep()
                    yield from kept
                    kept.clear()
                    self.store.begin()
            self._finish()
        except Held as held:
            yield self._stop(held)
            return
        except StoreError:
            self.store.undo()
            raise
        except BaseException:  # an interrupt, or a bug: what was found before it is kept all the same
            try:
                self._keep()
            except Held as held:
                self._stop(held)
            raise
        yield from kept

    def _keep(self) -> None:
        self.judge()
        if not (self.changes or self.withdrawn or self.fresh or self.still):
            self.store.settle()
            return
        changed = sum(c.verdict is Verdict.CHANGED for c in self.changes)
        seen = sum(c.known is not None for c in self.changes) + self.still
        is_first = self.known.items == 0 or self.known.last_look is None
        added = 0 if is_first else ceil(len(self.fresh) / brake.days(self.known, self.now))
        done = Tally(added, changed, seen, self.withdrawn)
        if done != self.written and not self.is_accepted:
            self.store.put_tally(self.source.id, done - self.written, self.now)
            self.written = done
        self.store.settle()

    def _finish(self) -> None:
        """The last of it, and that all is well; what was accepted does not count against later runs."""
        self.judge()
        store, source = self.store, self.source.id
        if self.is_site_well and self.is_served and store.brake(source):  # an outage tells nothing of what was odd
            store.put_brake(source, None)
        if self.is_accepted:
            store.forget_tally(source)
            store.put_accepted(source, self.now)
        looked = store.looked(source)
        if self.is_site_well and (looked is None or not timedelta(0) <= self.now - looked < LOOK_RECORDED):
            store.put_looked(source, self.now)
            store.forget_tally(source, self.now - brake.WHILE)
        self._keep()

    def _stop(self, held: Held) -> Outcome:
        self.store.undo()
        before = self.store.brake(self.source.id)
        since, times = (before.since, before.times) if before else (self.now, 0)
        stopped = Brake(held.reason, since, self.now, times + 1, _configured(self.source))
        if self.command == "run":  # whoever walks back by hand is told, and the next run is none the wiser
            self.store.put_brake(self.source.id, stopped)
        return told(self.source, stopped, self.command)


def is_at_rest(source: Source, store: Store, now: datetime, *, is_accepted: bool) -> Outcome | None:
    """What to say of a source that is stopped and not due for another look; None where it may be looked at."""
    stopped = store.brake(source.id)
    if stopped is None or is_accepted or stopped.configured != _configured(source):
        return None
    if dedupe.is_due_after_brake(stopped.times, stopped.asked, now):
        return None
    return replace(told(source, stopped), is_said=True)


def _configured(source: Source) -> str:
    """Changes with the configuration: what stopped a run may have been mended there."""
    return hashlib.sha256(repr(source).encode()).hexdigest()[:16]


def told(source: Source, stopped: Brake, command: str = "run") -> Outcome:
    since = f" (stopped {stopped.times} times since {stopped.since:%Y-%m-%d %H:%M} UTC)" if stopped.times > 1 else ""
    way_out = f"nothing of it is published, the last good feeds stand; `feedpub {command} --accept` lets it through"
    return Outcome(source.home, None, f"{source.home}: {stopped.why}{since}; {way_out}")
