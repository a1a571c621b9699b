"""When to ask a source again: as often as it publishes, by its own hours and weekdays, or as the operator says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from itertools import product

from feedpub.council import Council
from feedpub.model import Asked, Source

AT_EVERY_RUN, AUTO = "run", "auto"
TIME = re.compile(r"(\d+)([mhd])")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(hours=6)  # between two looks by ``AUTO``
LOOKED_BACK = timedelta(weeks=8)  # habits are older than that, and change
A_WEEK = timedelta(weeks=1)
OFFICE_HOURS = range(8, 18)  # of what a site dates by the day alone
SLACK = 0.1  # of an interval, by which a cron job may come too early
MOST_SLACK = timedelta(minutes=5)


def is_due(source: Source, last: Asked | None, now: datetime, *, is_exact: bool = False) -> bool:
    """Whether a source is to be asked now. One that was asked in the future was so by a wrong clock.

    ``is_exact``: not a little earlier either, for somebody looks all the time.
    """
    if source.every == AT_EVERY_RUN or last is None or last.at > now:
        return True
    due = last.due if source.every == AUTO else last.at + interval(source.every)
    if due is None:
        return True
    if is_exact:
        return now >= due
    slack = min((due - last.at) * SLACK, MOST_SLACK)
    return now >= due - slack


def interval(every: str) -> timedelta:
    """Return the time that words such as "30m" name."""
    match = TIME.fullmatch(every)
    if match is None:
        raise ValueError(every)
    return int(match[1]) * UNITS[match[2]]


def usual_interval(every: str) -> timedelta:
    """Return the longest time between two looks that the configuration asks for, besides that between two runs."""
    if every == AT_EVERY_RUN:
        return timedelta(0)
    return LONGEST if every == AUTO else interval(every)


def asked_now(council: Council, now: datetime, *, is_well: bool) -> Asked:
    """Return that a source was asked now, and when it is due: soon, if it failed and its host lets us."""
    if council.source.every != AUTO:
        return Asked(now, None)
    if not is_well:
        return Asked(now, now + SHORTEST)
    published = council.state.items.dates_since(now - LOOKED_BACK)
    return Asked(now, next_look(published, council.zone, now))


def next_look(published: Iterable[datetime], zone: tzinfo, now: datetime) -> datetime:
    """Return when one more article is to be expected, by the articles of the last weeks."""
    local = [instant.astimezone(zone) for instant in published]
    if not local:
        return now + LONGEST
    habits = _Habits(local, now)
    expected, due = 0.0, now
    while due - now < LONGEST:
        expected += habits.rate(due.astimezone(zone)) * (SHORTEST / UNITS["h"])
        due += SHORTEST
        if expected >= 1:
            break
    return due


class _Habits:
    """How many articles a source publishes in an hour, by weekday and hour."""

    def __init__(self, local: Iterable[datetime], now: datetime) -> None:
        self._counts: defaultdict[tuple[int, int], float] = defaultdict(float)  # by weekday and hour
        oldest = now
        for instant in local:
            oldest = min(oldest, instant)
            for hour, share in _hours_of(instant):
                self._counts[instant.weekday(), hour] += share
        self._weeks = max(1.0, (now - oldest) / A_WEEK)

    def rate(self, at: datetime) -> float:
        """Return the articles an hour around this time: half by this weekday, half by all days of the week."""
        hours = [(at.hour + n) % 24 for n in (-1, 0, 1)]
        of_day = self._count([at.weekday()], hours)
        of_week = self._count(range(7), hours) / 7
        return (of_day + of_week) / 2 / len(hours) / self._weeks

    def _count(self, days: Iterable[int], hours: Iterable[int]) -> float:
        return sum(self._counts[slot] for slot in product(days, hours))


def _hours_of(instant: datetime) -> list[tuple[int, float]]:
    """Return the hours in which an article may have come, and how much of it is counted in each."""
    if (instant.hour, instant.minute, instant.second) != (0, 0, 0):
        return [(instant.hour, 1.0)]
    return [(hour, 1 / len(OFFICE_HOURS)) for hour in OFFICE_HOURS]
