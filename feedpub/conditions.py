"""How a source is, as its operator sees it, and what the operator was told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class State(StrEnum):
    """How a source is, the worst first."""

    BROKEN = "broken"  # this machine fails: a file is held back, or the source's own file cannot be used
    STOPPED = "stopped"  # what was found is too odd to be published before a person has looked
    GONE = "gone"  # its list of news is not there, is not for us, or has not been reached for two days
    DRIFTING = "drifting"  # its pages arrive and cannot be read as they used to be
    STALE = "stale"  # it has been silent for far longer than it usually is
    RESTING = "resting"  # its site does not answer, and is asked again without anybody's help
    WELL = "well"

    @property
    def needs_hand(self) -> bool:
        """Whether somebody has to do something."""
        return self not in (State.RESTING, State.WELL)


SEVERITY = {state: place for place, state in enumerate(State)}  # 0 is the worst


@dataclass(frozen=True, slots=True)
class Condition:
    """How a source is now."""

    state: State
    why: str = ""  # without counts and times, so that it stays the same while nothing changes; "": it is well
    way_out: str = ""  # what to do; "": nothing, or ``why`` says it

    @property
    def cause(self) -> str:
        """What distinguishes it from others of the same state, where that matters: numbers in it may change."""
        if self.state not in (State.BROKEN, State.STOPPED):
            return ""
        return "".join(c for c in self.why if not c.isdigit())

    @property
    def words(self) -> str:
        return f"{self.why}; {self.way_out}" if self.way_out else self.why


@dataclass(frozen=True, slots=True)
class Told:
    """What the operator was told of one state of a source."""

    last: datetime
    times: int
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """How a source was after the last run, and what the operator was told."""

    state: State
    since: datetime  # when this state began
    why: str = ""
    way_out: str = ""
    ailing_since: datetime | None = None  # when it was last well before this; None: it is well
    well_since: datetime | None = None  # when it was last well again; None: it never had to be
    is_open: bool = False  # the operator was told of trouble, and not yet that it is over
    told: Mapping[State, Told] = field(default_factory=dict)  # in the last weeks

    @property
    def words(self) -> str:
        return Condition(self.state, self.why, self.way_out).words


@dataclass(frozen=True, slots=True)
class Message:
    """Something that the operator was told."""

    source: str
    at: datetime
    state: State
    words: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a source in numbers. ``day`` is in UTC, as 2025-06-09."""

    day: str
    looks: int  # hours in which its listing was read
    failures: int  # runs in which something failed


@dataclass(frozen=True, slots=True)
class Arrival:
    """When an item was published, and when it came."""

    date: datetime  # as the feeds have it
    published: datetime | None  # as its page has it; None: no date there can be trusted
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """A day of a source, as a chart shows it; in UTC. None: that is not known of this day, which is not zero."""

    day: date
    news: int | None  # items of this date
    looks: int | None  # hours in which its listing was read
    failures: int | None  # runs in which something failed
    hours: float | None  # from publication to feed: the median of this day's items
