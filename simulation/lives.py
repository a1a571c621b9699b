"""Live one life: hour by hour, run by run, until its end or the first broken promise."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from feedpub.store import backup, idle
from feedpub.store.sqlite import connected_to_read
from feedpub.store.verifying import fault_in
from simulation.council import Story
from simulation.expectations import Expectations
from simulation.mishaps import Machine
from simulation.operator import LATELY, Operator
from simulation.promises import Broken, Judge, Promise, invalid_together
from simulation.published import Published
from simulation.readers import HABITS, Subscriber
from simulation.world import SOURCE, Ran, World

YEAR = timedelta(days=365)
PURGED = "items would be withdrawn"  # an operator has to say that they are
WHOLE = timedelta(days=7)  # between two looks at all files together
GROWN = timedelta(days=2)  # after the feed was made longer: by then every reader has asked for it


@dataclass(slots=True)
class Lived:
    """What came of a life."""

    story: Story
    ended: datetime
    broken: list[Broken] = field(default_factory=list)
    runs: int = 0
    requests: int = 0
    messages: list[tuple[datetime, str]] = field(default_factory=list)
    done: Sequence[str] = ()  # by the operator
    subscribers: Sequence[Subscriber] = ()
    digest: str = ""  # of all published files at the end

    @property
    def years(self) -> float:
        return (self.ended - self.story.begin) / YEAR


Watch = Callable[[datetime, Ran], None]


def live(story: Story, folder: Path, *, most: int = 1, watch: Watch | None = None) -> Lived:
    """Live a story in a folder of its own. It ends early once so many promises were broken."""
    life = _Life(story, folder)
    with idle.keeping():  # cron has a process for each run; here thousands of runs have one
        for hour in life.world.hours(story.end, story.every):
            ran = life.hour(hour)
            life.work()
            if watch:
                watch(hour, ran)
            if len(life.lived.broken) >= most:
                break
        else:
            if not ran.is_cut:
                life.close()
    life.lived.ended = life.world.clock.now
    life.lived.digest = digest_of(life.world.public)
    return life.lived


class _Life:
    def __init__(self, story: Story, folder: Path) -> None:
        self.world = World(folder, story)
        self.judge = Judge(self.world, Published(self.world.public, SOURCE), Expectations(story.begin, story.every))
        self.lived = Lived(story, story.begin, subscribers=[Subscriber(habit) for habit in HABITS])
        self.operator = Operator(self.world)
        self.machine = Machine(self.world)
        self._happened = 0  # mishaps
        self.lived.done = self.operator.done
        self._noted = 0  # events
        self._looked = story.begin  # at all files together

    def hour(self, hour: datetime) -> Ran:
        """Let one run be made, and judge it."""
        for event in self.world.happened[self._happened :]:
            self.machine.happen(event)
        self._happened = len(self.world.happened)
        ran = self._run(is_backfill=hour == self.world.begin)
        self.operator.hear(ran)
        if self.operator.is_wanted or ran.is_cut:
            self.judge.expectations.disturb(ran.begun + self.lived.story.every)
        if any(PURGED in line for line in ran.lines):
            self.judge.expectations.disturb(ran.begun + LATELY)
        self._note(ran)
        if hour - self._looked >= WHOLE and not ran.is_cut:
            self.close()
        return ran

    def _note(self, ran: Ran) -> None:
        """Judge a run, and let readers see what it has published."""
        lived, world = self.lived, self.world
        lived.runs += 1
        lived.requests += len(ran.asked)
        lived.messages += [(ran.begun, line) for line in ran.lines]
        events, self._noted = world.happened[self._noted :], len(world.happened)
        lived.broken += self.judge.judge(ran, events)
        for subscriber in lived.subscribers:
            shown = list(subscriber.poll(world.public / SOURCE, world.clock.now))
            # A longer feed names old items again, and a reader that has forgotten them cannot know them.
            has_grown = world.clock.now - world.grown < GROWN
            shown = [what for what in shown if not (has_grown and "had forgotten" in what)]
            lived.broken += [Broken(Promise.ONCE, world.clock.now, what) for what in shown]

    def work(self) -> None:
        """Let the operator come to the office."""
        now = self.world.clock.now
        if self.operator.at_work(now):
            for ran in self.operator.work(now):
                self.judge.expectations.disturb(now)
                self._note(ran)

    def close(self) -> None:
        """Look at all files together."""
        now = self._looked = self.world.clock.now
        together = filter(self.judge.is_amiss, invalid_together(self.judge.published))
        self.lived.broken += [Broken(Promise.VALID, now, one) for one in together]
        self.lived.broken += [Broken(Promise.SAVED, now, one) for one in unsaved(self.world.state)]

    def _run(self, *, is_backfill: bool) -> Ran:
        """Run feedpub. A bug in it is a broken promise."""
        try:
            return self.machine.run(is_backfill=is_backfill)
        except Exception:
            now = self.world.clock.now
            self.lived.broken.append(Broken(Promise.RUNNING, now, traceback.format_exc()))
            return Ran(now, 1, (), ())


def unsaved(state: Path) -> Iterator[str]:
    """Yield what is wrong with the state and its copy, after a run that came to its end."""
    for place in (state, backup.copy_of(state)):
        fault = fault_in(place)
        if fault:
            yield f"{place.name}: {fault}"
    with closing(connected_to_read(state)) as db:
        if backup.is_behind(db, state):
            yield "the copy of the state is older than the state"


def digest_of(folder: Path) -> str:
    """Return what changes with any byte of a folder's files."""
    found = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found.update(f"{path.relative_to(folder)}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()
