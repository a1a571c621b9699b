"""Say how each source is: once when that changes, now and then while it lasts, and once when it is over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from feedpub.cli.session import Session
from feedpub.conditions import Condition, Message, State, Watched
from feedpub.store import Store
from feedpub.watch.telling import Say, Telling, tell

FRONT, FILES = "", "@watch"  # in the place of a source's id: what speaks of all sources, and the files of [watch]
OF_OTHERS = {FRONT: "the page of all sources", FILES: "the files of [watch]"}  # by their places among the sources
FEW = 5  # sources of which each has lines of its own in one run; of more, one line names the first
PLACES = 3  # named in the line about many
NO_LONGER = (State.GONE, State.DRIFTING)  # states whose way out is not in what is said anyway
OF_MANY = {
    State.BROKEN: "their files cannot be written",
    State.STOPPED: "are stopped, and need a look",
    State.GONE: "have no news page that can be read any more",
    State.DRIFTING: "cannot be read as they used to be",
    State.STALE: "have been silent for long",
    State.RESTING: "do not answer",
    State.WELL: "are well again",
}


@dataclass(frozen=True, slots=True)
class _Said:
    """What is to be said of one source."""

    source: str
    say: Say
    state: State
    lines: Sequence[str]


@dataclass(slots=True)
class Teller:
    """Says how the sources of one run are. Of many in the same state it says one line, when ``close`` is called."""

    session: Session
    sources: int
    is_answer: bool = False  # to a person who has given a code
    said: set[str] = field(default_factory=set)  # lines: one about a full disk or a bucket is enough
    states: set[State] = field(default_factory=set)  # those that this run has met
    _waiting: list[_Said] = field(default_factory=list)

    def tell(self, store: Store, source: str, condition: Condition, lines: Sequence[str] = ()) -> None:
        """Say how a source is now, if that is due, and remember it. ``lines``: what the run has to say of it.

        Lines that are not due are for a person who is watching.
        """
        self.states.add(condition.state)
        before = store.watching.get(source)
        telling = tell(before, condition, self.session.now)
        said = _Said(source, telling.say, condition.state, _lines(source, condition, telling, lines, before))
        _remember(store, source, before, telling, said, self.session)
        if telling.say is Say.NOTHING:
            speech = self.session.speech
            # If it is well, nothing else speaks of what went wrong.
            say = speech.error if condition.state is State.WELL or self.is_answer else speech.note
            for line in lines:
                say(line)
            return
        self._waiting.append(said)
        if self.sources <= FEW:
            self.close()

    def tell_of_front(self, problems: Sequence[str]) -> None:
        """Say why what speaks of all sources is not as it should be, if that is due. No problem: it is."""
        condition = Condition(State.BROKEN, problems[0]) if problems else Condition(State.WELL)
        self.tell(self.session.store, FRONT, condition, problems)
        self.close()

    def close(self) -> None:
        """Say what was kept to be said of many sources together."""
        groups: dict[tuple[Say, State], list[_Said]] = {}
        for said in self._waiting:
            groups.setdefault((said.say, said.state), []).append(said)
        self._waiting.clear()
        for group in groups.values():
            for line in _of_group(group):
                self._say_once(line)

    def _say_once(self, line: str) -> None:
        if line not in self.said:
            self.session.speech.error(line)
        self.said.add(line)


def _of_group(group: Sequence[_Said]) -> Iterable[str]:
    if len(group) <= FEW:
        return [line for said in group for line in said.lines]
    names = ", ".join(said.source for said in group[:PLACES])
    still = " still" if group[0].say is Say.STILL else ""
    what = OF_MANY[group[0].state]
    return [f"{names} and {len(group) - PLACES} more{still} {what}; `feedpub status` names each, with the reason"]


def _lines(
    source: str, condition: Condition, telling: Telling, lines: Sequence[str], before: Watched | None
) -> list[str]:
    """Return what is to be said, with what to do, and for how long it has been so."""
    name = OF_OTHERS.get(source, source)
    if telling.say is Say.WELL_AGAIN:
        why = f" ({before.why})" if before and before.why else ""
        after = f", after {duration(telling.lasted)}" if telling.lasted >= timedelta(0) else ""  # else a wrong clock
        return [f"{name}: well again{after}{why}"]
    if condition.state is State.RESTING and telling.say is Say.TROUBLE and not lines:
        return []  # the run has said of a page what its host answers
    first, *others = lines or [f"{name}: {condition.words}"]
    if condition.state in NO_LONGER and condition.way_out not in first:
        first += f"; {condition.way_out}"
    if telling.say is Say.STILL:
        first += f" (for {duration(telling.lasted)})"
    return [first, *others]


def _remember(
    store: Store, source: str, before: Watched | None, telling: Telling, said: _Said, session: Session
) -> None:
    watched = telling.watched
    if watched == before or (before is None and watched.state is State.WELL):
        return
    with store.transaction():
        store.watching.put(source, watched)
        if said.lines and telling.say is not Say.NOTHING:
            store.watching.add_message(Message(source, session.now, watched.state, "\n".join(said.lines)))


def duration(lasted: timedelta) -> str:
    """Return a time in words that a person would use: 40 minutes, 3 hours, 12 days."""
    minutes = max(0, int(lasted.total_seconds() // 60))
    if minutes < 60:
        return _counted(minutes, "minute")
    return _counted(minutes // 60, "hour") if minutes < 60 * 48 else _counted(minutes // (60 * 24), "day")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
