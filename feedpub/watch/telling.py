"""Decide what the operator is told of a source, and when. Pure.

A trouble is said once, then after a day, a week, a month; and once that it is over. A site that fails every night is
said no more often: the same trouble goes on where its last message was, unless all was well for a week in between. What
is stopped or broken again is said again, since it waits for somebody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from feedpub.conditions import Condition, State, Told, Watched

A_WEEK = timedelta(weeks=1)  # without trouble, after which an old one is a new one
OF_THE_SITE = (State.GONE, State.DRIFTING, State.RESTING)  # troubles that come and go without anybody's doing
STEPS = (timedelta(days=1), A_WEEK, timedelta(days=30))  # between two messages about the same; the last one goes on


class Say(Enum):
    """What is to be said after a run."""

    NOTHING = auto()
    TROUBLE = auto()
    STILL = auto()  # the same trouble as before
    WELL_AGAIN = auto()


@dataclass(frozen=True, slots=True)
class Telling:
    """What is to be said after a run, and what is to be remembered."""

    say: Say
    watched: Watched
    lasted: timedelta = timedelta(0)  # how long there has been trouble, or was


def tell(before: Watched | None, condition: Condition, now: datetime) -> Telling:
    """Return what is to be said of a source, given what was remembered of it. ``before`` None: nothing was."""
    known = before or Watched(State.WELL, now)
    if condition.state is State.WELL:
        return _well(known, now)
    known = _changed(known, condition, now)
    lasted = now - (known.ailing_since or now)
    if not _is_due(known, condition, now):
        return Telling(Say.NOTHING, known, lasted)
    last = known.told.get(condition.state)
    is_same = last is not None and last.cause == condition.cause
    told = Told(now, last.times + 1 if last and is_same else 1, condition.cause)
    say = Say.STILL if is_same and known.is_open else Say.TROUBLE
    return Telling(say, replace(known, is_open=True, told={**known.told, condition.state: told}), lasted)


def _well(known: Watched, now: datetime) -> Telling:
    if known.state is State.WELL:
        return Telling(Say.NOTHING, known)
    told = {state: one for state, one in known.told.items() if state in OF_THE_SITE}
    well = Watched(State.WELL, now, well_since=now, told=told)
    say = Say.WELL_AGAIN if known.is_open else Say.NOTHING
    return Telling(say, well, now - (known.ailing_since or now))


def _changed(known: Watched, condition: Condition, now: datetime) -> Watched:
    """Return what is remembered, with the state of now."""
    if known.well_since and now - known.well_since >= A_WEEK:
        known = replace(known, told={})
    is_same = known.state is condition.state
    return replace(
        known, state=condition.state, since=known.since if is_same else now, why=condition.why,
        way_out=condition.way_out, ailing_since=known.ailing_since or now, well_since=None,
    )  # fmt: skip


def _is_due(known: Watched, condition: Condition, now: datetime) -> bool:
    last = known.told.get(condition.state)
    if last is None or last.cause != condition.cause:
        return True
    if condition.state is State.RESTING and known.is_open:  # nobody has to do anything: once is enough
        return False
    if last.last > now:  # of a clock that was ahead
        return True
    return now - last.last >= STEPS[min(last.times, len(STEPS)) - 1]
