"""Councils in each of the states that an operator sees: what brings a well one there, by real runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from feedpub.conditions import State
from tests.clock import Clock
from tests.council import Council
from tests.drupal.site import Answer

DAY = timedelta(days=1)
EMPTY = Answer(200, (("Content-Type", "text/html"),), b"<html><p>x</p></html>")


def _later(council: Council, clock: Clock, time: timedelta = timedelta(hours=1)) -> None:
    clock.now += time
    council.feedpub("run")


def rests(council: Council, clock: Clock) -> None:
    council.break_page("/", 500)
    _later(council, clock)


def is_gone(council: Council, clock: Clock) -> None:
    council.break_page("/", 404)
    _later(council, clock)


def drifts(council: Council, clock: Clock) -> None:
    council.site.overrides["/"] = EMPTY
    _later(council, clock)


def is_stopped(council: Council, clock: Clock) -> None:
    newest = council.site.articles[-1]
    council.site.page_size = 40
    council.site.articles += [
        replace(newest, number=n, alias=f"content/nove-{n}", title=f"Новина {n}") for n in range(300, 330)
    ]
    _later(council, clock)


def is_missed_by_cron(_: Council, clock: Clock) -> None:
    clock.now += 3 * DAY


def stays_well(council: Council, clock: Clock) -> None:
    _later(council, clock)


PLIGHTS: dict[State, Callable[[Council, Clock], None]] = {
    State.BROKEN: is_missed_by_cron,
    State.STOPPED: is_stopped,
    State.GONE: is_gone,
    State.DRIFTING: drifts,
    State.RESTING: rests,
    State.WELL: stays_well,
}
