"""Values of HTTP headers, read as servers really write them. A value that cannot be read counts as absent: None."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

ENDLESS = timedelta(seconds=10**9)  # of any longer wait; a date beyond it may overflow


def media_type(content_type: str) -> str:
    """Return the type without its parameters; "" if there is none."""
    return content_type.partition(";")[0].strip().lower()


def content_length(value: str) -> int | None:
    number = re.fullmatch(r"\s*(\d{1,15})\s*", value, re.ASCII)
    return int(number[1]) if number else None


def http_date(value: str | None) -> datetime | None:
    """Return the instant that a date in a header names."""
    if not value:
        return None
    try:
        date = parsedate_to_datetime(value)
        return date.astimezone(UTC) if date.tzinfo else None
    except (TypeError, ValueError, OverflowError):  # no date, or one beyond the calendar
        return None


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Return how long a Retry-After asks to wait, in seconds or by a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    seconds = re.match(r"\s*(\d+)\s*(?:,|$)", value, re.ASCII)  # of two headers, the first
    if seconds:
        return timedelta(seconds=int(seconds[1])) if len(seconds[1]) < 10 else ENDLESS
    until = http_date(value)
    return max(until - now, timedelta(0)) if until else None


def max_age(cache_control: str) -> timedelta | None:
    """Return how long an answer may be kept (RFC 9111, 5.2.2.1); none at all if it must be asked for each time."""
    if re.search(r"\bno-(?:cache|store)\b", cache_control, re.IGNORECASE):
        return timedelta(0)
    seconds = re.search(r"\bmax-age\s*=\s*\"?(\d{1,9})", cache_control, re.IGNORECASE)
    return timedelta(seconds=int(seconds[1])) if seconds else None
