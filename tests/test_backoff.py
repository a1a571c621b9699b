"""When something that keeps failing is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedpub.backoff import Backoff

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("failures", "wait"),
    [
        (0, timedelta(0)),
        (3, timedelta(0)),  # the next run tries at once
        (4, HOUR),
        (5, 2 * HOUR),
        (6, 4 * HOUR),
        (8, 16 * HOUR),
        (9, 24 * HOUR),
        (10**9, 24 * HOUR),
    ],
)
def test_what_keeps_failing_is_tried_less_and_less_often_and_at_last_once_a_day(failures: int, wait: timedelta) -> None:
    assert Backoff().wait(failures) == wait


def test_first_wait_longest_wait_and_patience_are_the_user_s() -> None:
    rule = Backoff(first=timedelta(minutes=1), longest=timedelta(minutes=3), patience=0)
    assert [rule.wait(n) // timedelta(minutes=1) for n in range(5)] == [0, 1, 2, 3, 3]


def test_no_wait_is_too_long_for_a_date() -> None:
    assert Backoff(longest=timedelta.max).wait(10**9) < timedelta(days=365 * 200)
