"""The owner of the cron job hears of a trouble once, then ever less often, and once that it is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from feedpub.conditions import Condition, State, Watched
from feedpub.watch.telling import Say, tell

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)
UNREACHED = timedelta(days=2)
WELL = Condition(State.WELL)


def heard(hours: int, is_so: Callable[[int], State], why: Callable[[int], str] = lambda _: "") -> list[tuple[int, Say]]:
    """What was said in so many hourly runs: in which hour, and what."""
    watched: Watched | None = None
    said: list[tuple[int, Say]] = []
    for hour in range(hours):
        telling = tell(watched, Condition(is_so(hour), why(hour)), BEGIN + hour * AN_HOUR)
        watched = telling.watched
        if telling.say is not Say.NOTHING:
            said.append((hour, telling.say))
    return said


def test_a_source_that_is_well_is_not_spoken_of() -> None:
    assert heard(24 * 60, lambda _: State.WELL) == []


@pytest.mark.parametrize("state", [s for s in State if s.needs_hand])
def test_what_needs_a_hand_is_said_at_once_and_after_a_day_a_week_and_a_month(state: State) -> None:
    said = heard(24 * 70, lambda _: state)
    assert said == [
        (0, Say.TROUBLE), (24, Say.STILL), (24 * 8, Say.STILL), (24 * 38, Say.STILL), (24 * 68, Say.STILL)
    ]  # fmt: skip


def test_a_site_that_does_not_answer_is_said_once_for_nobody_can_help_it() -> None:
    down = range(10, 58)
    assert heard(24 * 7, lambda hour: State.RESTING if hour in down else State.WELL) == [
        (10, Say.TROUBLE), (58, Say.WELL_AGAIN)
    ]  # fmt: skip


def test_how_long_it_lasted_is_told_when_it_is_over() -> None:
    watched = tell(None, Condition(State.RESTING), BEGIN).watched
    watched = tell(watched, Condition(State.GONE), BEGIN + 2 * AN_HOUR).watched
    assert tell(watched, WELL, BEGIN + 3 * AN_HOUR).lasted == 3 * AN_HOUR


def test_a_site_that_is_down_four_hours_each_night_is_said_no_more_often() -> None:
    said = heard(24 * 60, lambda hour: State.RESTING if hour % 24 in range(1, 5) else State.WELL)
    nights = [hour // 24 for hour, say in said if say is not Say.WELL_AGAIN]
    assert nights == [0, 1, 8, 38]
    assert len(said) == 2 * len(nights)  # each is over in the morning


def test_after_a_week_without_it_a_trouble_is_a_new_one() -> None:
    down = (5, 24 * 7 + 6)
    assert heard(24 * 9, lambda hour: State.RESTING if hour in down else State.WELL) == [
        (5, Say.TROUBLE), (6, Say.WELL_AGAIN), (24 * 7 + 6, Say.TROUBLE), (24 * 7 + 7, Say.WELL_AGAIN)
    ]  # fmt: skip


def test_a_change_for_the_worse_is_said_once() -> None:
    assert heard(100, lambda hour: State.RESTING if hour < 50 else State.GONE) == [
        (0, Say.TROUBLE), (50, Say.TROUBLE), (74, Say.STILL)
    ]  # fmt: skip


def test_another_cause_of_a_stop_is_said_at_once_and_other_numbers_are_no_other_cause() -> None:
    why = ["18 items have changed", "19 items have changed", "the language is another one"]
    assert heard(3, lambda _: State.STOPPED, lambda hour: why[hour]) == [(0, Say.TROUBLE), (2, Say.TROUBLE)]


@pytest.mark.parametrize("state", [State.STOPPED, State.BROKEN, State.STALE])
def test_what_was_mended_and_is_wrong_again_is_said_again(state: State) -> None:
    bad = (0, 2)
    assert heard(4, lambda hour: state if hour in bad else State.WELL) == [
        (0, Say.TROUBLE), (1, Say.WELL_AGAIN), (2, Say.TROUBLE), (3, Say.WELL_AGAIN)
    ]  # fmt: skip


def test_a_clock_that_was_ahead_silences_nothing() -> None:
    watched = tell(None, Condition(State.GONE), BEGIN + timedelta(days=400)).watched
    assert tell(watched, Condition(State.GONE), BEGIN).say is Say.STILL
