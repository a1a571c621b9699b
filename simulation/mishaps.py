"""What operators do wrong, and what their machines do: a seed → mishaps at their instants, and how each is done."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from simulation.council import Act, Event
from simulation.crashes import Fate, ending_in
from simulation.weather import Span, instants
from simulation.world import Ran, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEPT = 7  # daily copies that the operator has
POINTS = 260  # writes of a run that has news, about
SPARED = 24  # runs in a row that end before their point: then a kill is off
A_YEAR = {
    Act.KILL: 25.0, Act.FULL_DISK: 3.0, Act.PUT_BACK: 2.0, Act.LOSE_STATE: 1.0, Act.CONFIGURE: 3.0, Act.CLOCK: 2.0,
}  # fmt: skip
SETTINGS = (("items", 20), ("items", 50), ("items", 100))
ERRORS = (timedelta(hours=-3), timedelta(hours=3), timedelta(days=-40), timedelta(days=2), timedelta(days=400))


def mishaps(random: Random, span: Span) -> Iterator[Event]:
    for act, a_year in A_YEAR.items():
        for at in instants(random, span, a_year):
            yield _of(act, at, random)


def _of(act: Act, at: datetime, random: Random) -> Event:
    match act:
        case Act.KILL:  # at the run that reads the news, if there are any
            return Event(at, act, changes=(("point", random.randint(1, POINTS)), ("runs", random.choice((1, 1, 2)))))
        case Act.FULL_DISK:
            return Event(at, act, until=at + random.uniform(1, 20) * HOUR)
        case Act.PUT_BACK:
            return Event(at, act, changes=(("days", random.randint(1, KEPT)),))
        case Act.CONFIGURE:
            return Event(at, act, changes=(random.choice(SETTINGS),))
        case Act.CLOCK:
            return Event(at, act, changes=(("error", random.choice(ERRORS)),), until=at + random.uniform(1, 30) * HOUR)
    return Event(at, act)


class Machine:
    """The machine that feedpub runs on, with what happens to it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._kept: datetime | None = None  # when the last daily copy was made
        self._to_kill: list[int] = []  # points of the next runs
        self._spared = 0  # runs that were to be killed and came to their end
        self._full_until = world.begin
        self._wrong_until = world.begin  # the clock

    def happen(self, event: Event) -> None:
        """Let a mishap come."""
        changes = dict(event.changes)
        match event.act:
            case Act.KILL:
                self._to_kill += [int(str(changes["point"]))] * int(str(changes["runs"]))
            case Act.FULL_DISK:
                self._full_until = event.until or event.at
            case Act.PUT_BACK:
                self._restore(int(str(changes["days"])))
            case Act.LOSE_STATE:
                self.world.lost = event.at
                for path in self.world.folder.glob("feedpub.db*"):
                    path.unlink()
            case Act.CONFIGURE:
                self._configure(changes, event.at)
            case Act.CLOCK:
                error = changes["error"]
                assert isinstance(error, timedelta)
                self.world.clock.error = error
                self._wrong_until = event.until or event.at
            case Act.UPGRADE:
                self.world.edition += 1

    def _configure(self, changes: Mapping[str, object], at: datetime) -> None:
        wants = self.world.wants
        before = wants.items
        for name, value in changes.items():
            setattr(wants, name, value)
        if wants.items > before:
            self.world.grown = at
        self.world.configure()

    def run(self, *, is_backfill: bool = False) -> Ran:
        """Let cron call feedpub."""
        now = self.world.clock.now
        if now >= self._wrong_until:
            self.world.clock.error = timedelta(0)
        self._keep_copy(now)
        if self._to_kill:
            return self._killed()
        if now < self._full_until:
            return ending_in(self.world, Fate.FULL, 0)
        return self.world.run(is_backfill=is_backfill)

    def _killed(self) -> Ran:
        """Let a run be killed at its point. One that finds nothing new does not come so far: then it is a later one."""
        ran = ending_in(self.world, Fate.KILLED, self._to_kill[-1])
        self._spared += 1
        if ran.code < 0 or self._spared > SPARED:
            self._to_kill.pop()
            self._spared = 0
        return ran

    def _keep_copy(self, now: datetime) -> None:
        """Copy the state once a day, as an operator's own backup does. No run is at work."""
        state = self.world.state
        if not state.exists() or (self._kept and now - self._kept < DAY):
            return
        self._kept = now
        copies = self._copies()
        for copy in copies[: max(0, len(copies) - KEPT + 1)]:
            copy.unlink()
        shutil.copy2(state, self.world.folder / f"backup-{now:%Y%m%d}.db")

    def _restore(self, days: int) -> None:
        copies = self._copies()
        if copies:
            shutil.copy2(copies[-min(days, len(copies))], self.world.state)
            self.world.state.with_name("feedpub.db-journal").unlink(missing_ok=True)

    def _copies(self) -> list[Path]:
        return sorted(self.world.folder.glob("backup-*.db"))
