"""Tell whether a council is silent for far longer than it usually is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import pairwise
from math import ceil

LEAST_DAYS = 8  # with news, before anything is usual
SHARE = 0.9  # of the gaps between two days with news are no longer than the usual one: weekends count
TIMES = 3  # the usual gap, after which a silence is odd
SHORTEST = 5  # days: a silence of holidays is odd nowhere


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence that is odd."""

    last: datetime  # news
    usual: int  # days between two days with news, at most


def odd_silence(dates: Iterable[datetime], zone: tzinfo, looked: Iterable[date], now: datetime) -> Silence | None:
    """Return the silence since the last news, given their dates; None while it is nothing odd, or nothing is usual.

    ``looked`` are the days on which somebody looked: no other day of a silence counts.
    """
    past = [instant for instant in dates if instant <= now]
    days = sorted({instant.astimezone(zone).date() for instant in past})
    if len(days) < LEAST_DAYS:
        return None
    usual, last = _usual_gap(days), max(past)
    silent = sum(day > days[-1] for day in looked)
    is_odd = silent > max(TIMES * usual, SHORTEST)
    return Silence(last, usual) if is_odd else None


def _usual_gap(days: Sequence[date]) -> int:
    gaps = sorted((later - earlier).days for earlier, later in pairwise(days))
    return gaps[ceil(SHARE * len(gaps)) - 1]
