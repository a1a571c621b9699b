"""Which order of day and month a site proves.

09/06/2025 may be June or September. Nothing about one date tells; what the
site shows elsewhere does: a first part above 12, a weekday, a date written
for machines, dots, the order of the listing, the language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from feedpub.collecting.learn.date_formats import Shown, instant_of

MOSTLY = 0.8  # of neighbours on a listing run from new to old, one that is sticky aside
HABIT = 0.8  # of a site's dates lie ahead in one order: that is no announcement of an event, it is the wrong order
FEW = 3  # neighbours
NAMES_OF_ORDERS = ("day", "month")  # that may come first: order 0 and order 1


@dataclass(frozen=True, slots=True)
class Clock:
    """What day it is, by which hardly an article is of the future."""

    now: datetime
    zone: ZoneInfo
    source: str  # "the pages' own clock", or the like: where the day is from


@dataclass(frozen=True, slots=True)
class Proof:
    """The formats of a site's dates, and why the day comes before the month or after it."""

    formats: tuple[str, ...]
    reasons: tuple[str, ...]
    contradiction: str | None = None


def prove(
    series: Sequence[Sequence[Shown]], clock: Clock, language: str, exact: Sequence[tuple[Shown, datetime]] = ()
) -> Proof:
    """Return the order of day and month that all dates of a site agree with.

    ``series`` are the dates of a listing in its order, newest first, and
    those of the articles. ``exact`` are dates with the instants that their
    pages give to machines. What is certain goes first, then the separator, the
    order of the listing and the language (BCP 47). Councils announce events,
    so a date ahead comes last, and speaks for the month first only if it is
    the whole site's habit.
    """
    dates_shown = list(chain.from_iterable(series))
    # Dates among many words may be no dates of articles.
    ambiguous = [date for date in dates_shown if date.is_ambiguous and date.length >= 0.3 * len(date.string)]
    if not ambiguous:
        return Proof(_formats(dates_shown, 0), ("no date can be read in two ways",))
    certain = [_reasons_for(order, ambiguous, clock, exact) for order in (0, 1)]
    if certain[0] and certain[1]:
        return Proof((), (), f"{certain[1][0]}, and yet {certain[0][0]}")
    for order, reasons in enumerate(certain):
        if reasons:
            return _proof_of(order, dates_shown, reasons[:3])
    usual = (
        _order_by_separator(ambiguous)
        or _order_of_listing(series, clock)
        or _order_by_language(language)
        or _order_by_clock(ambiguous, clock)
    )
    if usual:
        return _proof_of(usual[0], dates_shown, [usual[1]])
    return Proof((), (), f"{ambiguous[0].string!r} may be two days, and nothing on these pages tells which")


def _proof_of(order: int, dates_shown: Sequence[Shown], reasons: Sequence[str]) -> Proof:
    first = NAMES_OF_ORDERS[order]
    return Proof(_formats(dates_shown, order), tuple(f"{first} first: {reason}" for reason in reasons))


def _reasons_for(
    order: int, ambiguous: Sequence[Shown], clock: Clock, exact: Sequence[tuple[Shown, datetime]]
) -> list[str]:
    """Return what leaves this order alone, each reason with the date that gives it."""
    only = [
        f"{date.string[:40]!r} is a date only so"
        for date in ambiguous
        if _instant(date, clock, order) and not _instant(date, clock, 1 - order)
    ]
    by_machines = [_reason_by_machines(1 - order, date, instant, clock) for date, instant in exact]
    return list(dict.fromkeys([*only, *filter(None, by_machines)]))


def _instant(date: Shown, clock: Clock, order: int) -> datetime | None:
    return instant_of(date, clock.zone, clock.now, order)


def _reason_by_machines(order: int, date: Shown, exact: datetime, clock: Clock) -> str | None:
    instants = [_instant(date, clock, each) for each in (order, 1 - order)]
    day, other = (instant.astimezone(clock.zone).date() if instant else None for instant in instants)
    if day != other == exact.astimezone(clock.zone).date():
        return f"{date.string[:40]!r} is {other} for machines"
    return None


# Each returns an order that is likely, with the reason; None where it cannot tell.


def _order_by_separator(ambiguous: Sequence[Shown]) -> tuple[int, str] | None:
    dotted = next((date for date in ambiguous if re.search(r"%(?:\{\w+\})?d\.\s?%m\.", date.formats[0])), None)
    return (0, f"{dotted.string[:40]!r} has dots, and nobody writes the month before them") if dotted else None


def _order_of_listing(series: Sequence[Sequence[Shown]], clock: Clock) -> tuple[int, str] | None:
    falling = [_falling(series, order, clock) for order in (0, 1)]
    for order in (0, 1):
        if falling[order] >= MOSTLY > falling[1 - order]:
            return order, "so the listing runs from new to old"
    return None


def _order_by_language(language: str) -> tuple[int, str] | None:
    """English alone tells nothing: Americans put the month first."""
    code, _, region = language.replace("_", "-").lower().partition("-")
    if not code or (code == "en" and not region):
        return None
    order = 1 if (code, region) == ("en", "us") else 0
    return order, f"{language} has it so; no date seen so far proves or contradicts it"


def _order_by_clock(ambiguous: Sequence[Shown], clock: Clock) -> tuple[int, str] | None:
    ahead = [[date for date in ambiguous if _is_ahead_only_in(order, date, clock)] for order in (0, 1)]
    if ahead[1] and len(ahead[1]) >= len(ahead[0]):
        return 0, f"{ahead[1][0].string[:40]!r} would lie after {clock.source} otherwise"
    if ahead[0] and len(ahead[0]) >= HABIT * len(ambiguous):
        return 1, f"{ahead[0][0].string[:40]!r} and nearly all others would lie after {clock.source} otherwise"
    return None


def _is_ahead_only_in(order: int, date: Shown, clock: Clock) -> bool:
    soon = clock.now + timedelta(days=1)
    instant, other = _instant(date, clock, order), _instant(date, clock, 1 - order)
    return instant is not None and other is not None and instant > soon >= other


def _falling(series: Sequence[Sequence[Shown]], order: int, clock: Clock) -> float:
    """The share of neighbours that run from new to old, in this order; 0 where there are too few to tell."""
    steps: list[bool] = []
    for one in series:
        instants = [m for date in one if (m := instant_of(date, clock.zone, clock.now, order))]
        steps += [earlier >= later for earlier, later in pairwise(instants)]
    return sum(steps) / len(steps) if len(steps) >= FEW else 0.0


def _formats(dates_shown: Sequence[Shown], order: int) -> tuple[str, ...]:
    """Each once, the stricter ones first: words around a date are part of it only where nothing else reads it."""
    formats = dict.fromkeys(d.formats[min(order, len(d.formats) - 1)] for d in dates_shown if d.formats)
    return tuple(sorted(formats, key=lambda form: ("%*" in form, "%H" not in form)))
