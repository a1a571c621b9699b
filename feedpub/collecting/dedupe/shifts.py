"""How dates moved that were read again → where one belongs that nobody can read any more. Pure.

A wrong time zone keeps the clock on the wall, and reads another instant from it. A wrong order of day and month lets
the two change places. What the dates that were read again show beyond doubt is done to the others too. Anything else
is left as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from feedpub.dating import Moves

FARTHEST = 14 * 60  # minutes between the clocks of a place on earth and UTC
ENOUGH = 3  # dates that show the same: fewer may be corrections by the council
OUTLIERS = 0.1  # of the dates that moved in a way of their own: the council has changed these, and not we
WINTER, SUMMER = {"11", "12", "01", "02"}, {"05", "06", "07", "08"}  # months in which no clock is turned
LONGEST_MONTH_NUMBER = 12


def with_move(moves: Moves, old: datetime, new: datetime, zone: ZoneInfo) -> Moves:
    """Return the evidence with one more date, that was ``old`` and is ``new`` now."""
    before, after = _wall(old, zone), _wall(new, zone)
    if before != after and after == _swapped(before):
        return replace(moves, swapped=moves.swapped + 1)
    ahead = round((after - old.replace(tzinfo=None)) / timedelta(minutes=1))
    if abs(ahead) > FARTHEST:
        return replace(moves, others=moves.others + 1)
    is_unswapped = old == new and _swapped(before) not in (None, before)
    month = f"{old:%Y-%m}"
    seen = tuple(sorted({*moves.offsets.get(month, ()), ahead}))
    return replace(
        moves,
        offsets={**moves.offsets, month: seen},
        alike=moves.alike + 1,
        unswapped=moves.unswapped + is_unswapped,
    )


def moved(old: datetime, moves: Moves, zone: ZoneInfo) -> datetime | None:
    """Return what a date is by the evidence, which may be what it was; None where nobody can tell."""
    if moves.swapped >= ENOUGH and not moves.unswapped and moves.others <= OUTLIERS * moves.swapped:
        before = _wall(old, zone)
        return _instant(_swapped(before) or before, zone)
    if moves.swapped or moves.alike < ENOUGH or moves.others > OUTLIERS * moves.alike:
        return None
    ahead = _ahead(f"{old:%Y-%m}", moves)
    return None if ahead is None else _instant(old.replace(tzinfo=None) + timedelta(minutes=ahead), zone)


def _ahead(month: str, moves: Moves) -> int | None:
    """Return by how many minutes the clock of a month was ahead of UTC: the months around it agree on that."""
    offsets = moves.offsets
    if month in offsets:
        return _only(offsets[month])
    earlier, later = (m for m in offsets if m < month), (m for m in offsets if m > month)
    around = [max(earlier, default=None), min(later, default=None)]
    if None not in around:
        return _only(minutes for m in around for minutes in offsets[m or ""])
    seasons = {m[-2:] for m in offsets}
    is_whole_year = not seasons.isdisjoint(WINTER) and not seasons.isdisjoint(SUMMER)
    return _only(minutes for m in offsets for minutes in offsets[m]) if is_whole_year else None


def _only(minutes: Iterable[int]) -> int | None:
    """Return the one value of several that are all the same; None where they are not."""
    values = set(minutes)
    return values.pop() if len(values) == 1 else None


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return what a clock on a wall in the zone shows."""
    return instant.astimezone(zone).replace(tzinfo=None)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _swapped(wall: datetime) -> datetime | None:
    """Return the time with day and month in each other's place; None where there is no such month."""
    if wall.day > LONGEST_MONTH_NUMBER:
        return None
    return wall.replace(month=wall.day, day=wall.month)
