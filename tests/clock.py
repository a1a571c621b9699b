"""The time of this machine, for a test to set: the commands ask for it, and nothing below them does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from unittest.mock import patch

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
BEGIN = datetime(2025, 11, 15, 12, tzinfo=UTC)  # the day after the newest article of the Drupal site
ASKED_BY = ("session", "status")  # the commands' modules that know the time
# Others take it from session when they are loaded. Loaded within the block, they would keep the test's time for good.
LOADED = ("check", "doctor", "init", "learn", "pages", "report", "restore", "state", "watch_feed")


class Clock:
    """The time that the commands are told."""

    def __init__(self, now: datetime = BEGIN) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def set_by_test(now: datetime = BEGIN) -> Iterator[Clock]:
    """Let the commands be told a test's time for as long as the block lasts."""
    for module in LOADED:
        import_module(f"feedpub.cli.{module}")
    clock = Clock(now)
    session, status = (patch(f"feedpub.cli.{module}.clock", clock) for module in ASKED_BY)
    with session, status:
        yield clock
