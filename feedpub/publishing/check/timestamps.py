"""The dates of feeds: RFC 3339 in Atom and JSON Feed, RFC 822 in RSS."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
RFC_822 = re.compile(r"(?:(\w{3}), )?\d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT)")


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A date as the file writes it."""

    text: str
    moment: datetime | None  # None: it is missing, or not written as the format asks


@lru_cache(maxsize=1024)
def rfc3339(text: str) -> Timestamp:
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC) if RFC_3339.fullmatch(text) else None
    except (ValueError, OverflowError):
        moment = None
    return Timestamp(text, moment)


@lru_cache(maxsize=1024)
def rfc822(text: str) -> Timestamp:
    """RSS's date with a numeric zone and the right weekday: without them, readers are hours or days off."""
    written = RFC_822.fullmatch(text)
    if not written:
        return Timestamp(text, None)
    try:
        moment = parsedate_to_datetime(text)
        is_right = written[1] in (None, f"{moment:%a}")
        return Timestamp(text, moment.astimezone(UTC) if is_right else None)
    except (ValueError, OverflowError):
        return Timestamp(text, None)


NO_DATE = Timestamp("", None)
