"""The simulated time. It passes when somebody waits, and at no other moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

BEGINNING = datetime(2025, 1, 6, 6, 0, tzinfo=UTC)  # a Monday; subscribers come with the first run


@dataclass(slots=True)
class Clock:
    """The true time, and what the operator's machine believes it to be."""

    now: datetime = BEGINNING  # the first run
    error: timedelta = field(default=timedelta(0))  # of the machine's clock: positive, it is ahead

    def shown(self) -> datetime:
        """Return what the machine's clock shows, to the second."""
        return (self.now + self.error).replace(microsecond=0)

    def monotonic(self) -> float:
        """Return the seconds since an instant, whatever the machine's clock shows."""
        return (self.now - BEGINNING).total_seconds()

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def wait_until(self, instant: datetime) -> None:
        self.now = max(self.now, instant)
