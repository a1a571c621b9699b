"""A source is asked as often as it publishes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedpub.collecting.rhythm import is_due, next_look
from feedpub.model import Asked, Source, Terms

KYIV = ZoneInfo("Europe/Kyiv")
MONDAY = datetime(2025, 11, 10, tzinfo=KYIV)
WEEKS = [timedelta(weeks=n) for n in range(1, 9)]
SOURCE = Source("a", "A", "https://a.example/", ("https://a.example/",), "uk", "Europe/Kyiv", Terms("{link}", 2, "R"))


def habits(days: range, hours: list[int], minutes: list[int]) -> list[datetime]:
    """What a council published in the eight weeks before, on these days of each week at these times."""
    return [
        MONDAY - week + timedelta(days=day, hours=hour, minutes=minute)
        for week in WEEKS for day in days for hour in hours for minute in minutes
    ]  # fmt: skip


OFFICE = habits(range(5), list(range(9, 17)), [5])  # an article an hour
BUSY = habits(range(7), list(range(24)), [1, 6, 11, 16, 21, 26, 31, 36, 41, 46, 51, 56])
RARE = habits(range(1), [10], [0])  # one a week
BY_DAY = habits(range(5), [0] * 10, [0])  # ten a day, dated by the day alone


@pytest.mark.parametrize(
    ("published", "at", "minutes"),
    [
        (OFFICE, timedelta(hours=11), (60, 80)),  # in office hours, one is to be expected in about an hour
        (OFFICE, timedelta(hours=6), (240, 330)),  # in the early morning, when the second hour of work is over
        (OFFICE, timedelta(days=6), (360, 360)),  # on a Sunday: the longest
        (BUSY, timedelta(hours=3), (10, 10)),  # the shortest
        (RARE, timedelta(hours=9), (360, 360)),
        ([], timedelta(), (360, 360)),
        (BY_DAY, timedelta(hours=11), (60, 80)),  # spread over the hours of an office
    ],
)
def test_a_source_is_asked_again_when_one_more_article_is_to_be_expected(
    published: list[datetime], at: timedelta, minutes: tuple[int, int]
) -> None:
    now = MONDAY + at
    wait = (next_look(published, KYIV, now) - now) / timedelta(minutes=1)
    assert minutes[0] <= wait <= minutes[1]


@pytest.mark.parametrize(
    ("every", "last", "expected"),
    [
        ("run", Asked(MONDAY, None), True),
        ("30m", None, True),
        ("30m", Asked(MONDAY - timedelta(minutes=29), None), True),  # a cron job may come a little too early
        ("30m", Asked(MONDAY - timedelta(minutes=20), None), False),
        ("6h", Asked(MONDAY - timedelta(hours=5), None), False),
        ("6h", Asked(MONDAY + timedelta(hours=1), None), True),  # by a clock that was ahead
        ("1d", Asked(MONDAY - timedelta(days=1), None), True),
        ("auto", Asked(MONDAY - timedelta(minutes=20), MONDAY + timedelta(hours=1)), False),
        ("auto", Asked(MONDAY - timedelta(hours=3), MONDAY), True),
        ("auto", Asked(MONDAY, None), True),  # it was asked before it had a rhythm, or not to the end
    ],
)
def test_a_source_is_due_when_its_time_has_come(every: str, last: Asked | None, expected: bool) -> None:
    assert is_due(replace(SOURCE, every=every), last, MONDAY.astimezone(UTC)) is expected
