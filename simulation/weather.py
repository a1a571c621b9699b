"""A seed → what goes wrong at the council's site, and how the site changes, over some years. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from simulation.clock import BEGINNING
from simulation.council import Act, Event, Kind, Setup
from simulation.skins import SKINS, USUAL_DATES

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
SETTLING = timedelta(days=4)  # at the beginning of a life, in which all is well
APART = timedelta(days=6)  # between two changes of the site: one is to be settled before the next one


@dataclass(frozen=True, slots=True)
class Habit:
    """How often a trouble comes, and how long it lasts, from and to."""

    a_year: float
    shortest: timedelta
    longest: timedelta


TROUBLES: Mapping[Kind, Habit] = {
    Kind.OUTAGE: Habit(6, HOUR, 10 * HOUR),
    Kind.SILENT: Habit(2, HOUR, 30 * HOUR),
    Kind.SLOW: Habit(2, 5 * HOUR, 3 * DAY),
    Kind.TRICKLE: Habit(1, HOUR, 5 * HOUR),
    Kind.ERRORS: Habit(4, HOUR, 2 * DAY),
    Kind.BUSY: Habit(3, HOUR, DAY),
    Kind.CERTIFICATE: Habit(1, 5 * HOUR, 4 * DAY),
    Kind.CAPTCHA: Habit(2, HOUR, 2 * DAY),
    Kind.SOFT_404: Habit(1, HOUR, DAY),
    Kind.MISSING: Habit(4, 4 * HOUR, 36 * HOUR),
    Kind.EMPTY: Habit(2, HOUR, 8 * HOUR),
    Kind.FLAKY: Habit(3, 2 * HOUR, 2 * DAY),
}
LONG_OUTAGE = Habit(0.7, 2 * DAY, 12 * DAY)
HIJACKS: Mapping[Kind, Habit] = {
    Kind.HIJACK: Habit(0.4, DAY, 9 * DAY),
    Kind.SLOW_HIJACK: Habit(0.2, DAY, 5 * DAY),
}
CHANGES: Mapping[str, float] = {  # a year
    "variant": 0.7, "skin": 0.4, "dates": 0.3, "path": 0.4, "host": 0.3, "scheme": 1.0, "page_size": 0.3,
    "validators": 0.5, "crawl_delay": 0.5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """Until when a life goes, and how much more happens in it than is usual."""

    end: datetime
    times: float = 1.0
    begin: datetime = BEGINNING


def troubles(seed: int, span: Span, habits: Mapping[Kind, Habit]) -> Iterator[Event]:
    """Yield the troubles of some kinds. Each kind has a chance of its own: a change to one moves no other."""
    for kind, habit in habits.items():
        yield from _of_kind(Random(f"{seed}: {kind.name}"), span, kind, habit)


def long_outages(random: Random, span: Span) -> Iterator[Event]:
    yield from _of_kind(random, span, Kind.OUTAGE, LONG_OUTAGE)


def _of_kind(random: Random, span: Span, kind: Kind, habit: Habit) -> Iterator[Event]:
    for at in instants(random, span, habit.a_year):
        lasting = habit.shortest + random.random() ** 2 * (habit.longest - habit.shortest)
        yield Event(at, Act.TROUBLE, kind=kind, until=at + lasting)


def changes(random: Random, span: Span, setup: Setup) -> Iterator[Event]:
    """Yield the changes of a site, each some days after the one before."""
    planned = sorted((at, what) for what, a_year in CHANGES.items() for at in instants(random, span, a_year))
    last = span.begin
    is_plain = setup.scheme == "http"
    for n, (at, what) in enumerate(planned, 1):
        if at - last < APART or (what == "scheme" and not is_plain):
            continue
        last = at
        is_plain = is_plain and what != "scheme"
        yield Event(at, Act.SETUP, changes=((what, _value(random, what, n)),))


def _value(random: Random, what: str, n: int) -> object:
    values: Mapping[str, object] = {
        "variant": n,
        "skin": random.choice(sorted(SKINS)),
        "dates": random.choice(USUAL_DATES),
        "path": random.choice(("novyny", "articles", "content", "post")) + str(n),
        "host": f"rada{n}.example",
        "scheme": "https",
        "page_size": random.choice((8, 10, 15, 20)),
        "validators": random.choice(("etag", "none")),
        "crawl_delay": random.choice((0, 3, 8)),
    }
    return values[what]


def instants(random: Random, span: Span, a_year: float) -> list[datetime]:
    """Return when something happens that comes so often a year, in order. In the first days nothing does."""
    first = span.begin + SETTLING
    time = span.end - first
    if time <= timedelta(0):
        return []
    count = _number(random, a_year * span.times * (time / YEAR))
    return sorted(first + random.random() * time for _ in range(count))


def _number(random: Random, expected: float) -> int:
    """Return a whole number that has this mean."""
    return int(expected) + (random.random() < expected % 1)
