"""Make the figures of a source's last days, for charts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import median

from feedpub.conditions import Arrival, Day, Figures

SHOWN = 90  # days
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)


def first_day(until: date) -> date:
    """Return the first of the days that are shown if ``until`` is the last."""
    return until - (SHOWN - 1) * A_DAY


def figures(until: date, days: Iterable[Day], arrivals: Iterable[Arrival], began: datetime | None) -> list[Figures]:
    """Return the figures of the last days, the oldest first.

    ``began`` is when the source's first item was seen. What was published before came by no look that could have been
    earlier, so it says nothing of how fast news arrive.
    """
    known = {date.fromisoformat(one.day): one for one in days}
    by_day: dict[date, list[Arrival]] = {}
    for arrival in arrivals:
        by_day.setdefault(arrival.date.astimezone(UTC).date(), []).append(arrival)
    first = first_day(until)
    shown = (first + n * A_DAY for n in range(SHOWN))
    return [_figures_of(day, known.get(day), by_day.get(day, ()), began) for day in shown]


def _figures_of(day: date, known: Day | None, arrivals: Sequence[Arrival], began: datetime | None) -> Figures:
    is_looked_at = known is not None and known.looks > 0  # else none may have come because nobody looked
    return Figures(
        day,
        news=len(arrivals) if arrivals or is_looked_at else None,
        looks=known.looks if known else None,
        failures=known.failures if known else None,
        hours=_hours(arrivals, began),
    )


def _hours(arrivals: Iterable[Arrival], began: datetime | None) -> float | None:
    waits = [
        max(one.first_seen - one.published, timedelta(0)) / AN_HOUR  # a site's clock may be ahead
        for one in arrivals
        if one.published and began and one.published >= began
    ]
    return round(median(waits), 1) if waits else None
