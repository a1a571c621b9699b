"""The nouns of dates: how far clocks differ, and how dates are read again that the configuration had wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

AHEAD = "its date lies in the future"  # the doubt about an article that is announced ahead, before that date
CLOCKS_DIFFER = timedelta(minutes=5)  # a server may run ahead of us by so much


@dataclass(frozen=True, slots=True)
class Moves:
    """How dates moved that were read again: the evidence for those that nobody can read any more."""

    # The month of the old date, as 2025-06 → by how many minutes the clock that it was read by was ahead of UTC.
    offsets: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    alike: int = 0  # dates of the same wall clock as before, in whichever zone
    swapped: int = 0  # dates of which day and month changed places
    unswapped: int = 0  # dates that would change so, and did not
    others: int = 0
    listed_right: int = 0  # dates that the listing showed in the same way as the page
    listed_wrong: int = 0


@dataclass(frozen=True, slots=True)
class Redating:
    """How far the dates of a source were read again."""

    since: datetime
    manner: str  # a fingerprint of the configuration by which they are read; another one begins again
    read: int = 0  # items
    changed: int = 0  # of these
    example: tuple[str, datetime, datetime] | None = None  # address, date before, date now; None: none has changed
    undated: tuple[str, ...] = ()  # ids of items whose pages were read, and have no date any more
    rows: tuple[str, ...] = ()  # ids of items that are lines of a listing, and were read again
    moves: Moves = field(default_factory=Moves)
