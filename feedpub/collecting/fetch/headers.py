"""Values of HTTP headers, read as servers really write them. A value that cannot be read counts as absent: None."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_NAME = r"[\w!#$%&'*+.^`|~-]+"
PARTS = re.compile(r"""(?:[^,"]|"(?:[^"\\]|\\.)*"?)+""")  # between commas, which a quoted string may have as well
MEDIA_TYPE = re.compile(rf"\s*({_NAME}/{_NAME})\s*(?:;(.*))?", re.DOTALL | re.ASCII)
CHARSET = re.compile(r"(?:^|;)\s*charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]{0,1000}"')  # RFC 9110, 8.8.3
LONGEST_DATE = 100  # characters
ANY_ZONE = timedelta(days=1)  # by which a server may be wrong that calls its own time GMT
MOST_KEPT = 10**8  # seconds: three years, more than any cache keeps an answer
ENDLESS = timedelta(seconds=10**9)  # of any longer wait; a date beyond it may overflow


def content_type(value: str) -> tuple[str, str]:
    """Return the media type without parameters, and its charset; "" for what is missing or cannot be read.

    A server may send the header twice, and then the values arrive with a comma between them. The last that can be read
    counts, and keeps the charset of one before it with the same type (Fetch, "extract a MIME type").
    """
    kind = charset = ""
    for one in PARTS.findall(value):
        match = MEDIA_TYPE.fullmatch(one)
        if match is None or match[1] == "*/*":
            continue
        declared = CHARSET.search(match[2] or "")
        if match[1].lower() != kind:
            charset = ""
        if declared:
            charset = declared[1]
        kind = match[1].lower()
    return kind, charset


def media_type(value: str) -> str:
    """Return the type that a Content-Type names, without its parameters; "" if there is none."""
    return content_type(value)[0]


def content_length(value: str) -> int | None:
    number = re.fullmatch(r"\s*(\d{1,15})\s*", value, re.ASCII)
    return int(number[1]) if number else None


def entity_tag(value: str | None) -> str | None:
    """Return an ETag that may be sent back; None for what is no entity tag by RFC 9110, 8.8.3."""
    tag = (value or "").strip(" \t")
    return tag if ENTITY_TAG.fullmatch(tag) else None


def last_modified(value: str | None, now: datetime) -> str | None:
    """Return a Last-Modified that may be sent back, as it came: servers compare it letter by letter; else None.

    One that lies ahead is none (RFC 9110, 8.8.2.1): a server would call its page unmodified until then.
    """
    date = (value or "").strip(" \t")
    if not (0 < len(date) < LONGEST_DATE and date.isascii() and date.isprintable()):
        return None
    instant = http_date(date)
    return date if instant is None or instant - now <= ANY_ZONE else None


def http_date(value: str | None) -> datetime | None:
    """Return the instant that a date in a header names."""
    if not value:
        return None
    try:
        date = parsedate_to_datetime(value)
        return date.astimezone(UTC) if date.tzinfo else None
    except (TypeError, ValueError, OverflowError):  # no date, or one beyond the calendar
        return None


def served(date: str | None, age: str | None) -> datetime | None:
    """Return what the server's clock says now: its Date, and how long a cache has kept the answer since (Age)."""
    instant = http_date(date)
    seconds = content_length(age or "")
    if instant is None or seconds is None or seconds > MOST_KEPT:
        return instant
    return instant + timedelta(seconds=seconds)


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
