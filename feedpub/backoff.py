"""When to try again something that keeps failing: at once for a while, then less and less often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

MOST_DOUBLINGS = 20  # of an hour: a century; beyond that a date overflows


@dataclass(frozen=True, slots=True)
class Backoff:
    """A rule for the time between two tries: an hour, two, four, at last a day."""

    first: timedelta = timedelta(hours=1)  # after the first failure beyond our patience
    longest: timedelta = timedelta(days=1)
    patience: int = 3  # failures in a row after which the next run still tries at once

    def wait(self, failures: int) -> timedelta:
        """Return how long to wait after so many failures in a row."""
        doublings = failures - self.patience - 1
        if doublings < 0:
            return timedelta(0)
        return min(self.first * (1 << min(doublings, MOST_DOUBLINGS)), self.longest)
