"""The rules of pictures' addresses: what no browser can ask for is a picture that nobody sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from feedpub.html.srcset import parse_srcset

HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)
STRAY = re.compile(r"[^!-~]|[\"<>\\^`{|}]|%(?![0-9a-f]{2})", re.IGNORECASE)  # RFC 3986 has no place for these
LONGEST_SHOWN = 80  # characters of an address in a message


@lru_cache(maxsize=4096)
def picture_problem(url: str) -> str | None:
    """Return why no browser can ask for a picture; None where it can. ``address.absolute`` makes only such."""
    shown = url[:LONGEST_SHOWN]
    try:
        parts = urlsplit(url)
        _ = parts.port  # read for its error
    except ValueError as error:
        return f"names a picture whose address does not parse: {shown!r} ({error})"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return f"names a picture by no absolute address: {shown}"
    if not HOST.fullmatch(parts.hostname):
        return f"names a picture whose address does not parse: {shown!r} (no host is called so)"
    stray = STRAY.search(url)
    if stray:
        return f"names a picture whose address does not parse: {shown!r} ({stray[0]!r} has no place there)"
    return None


def srcset_problems(value: str) -> Iterator[str]:
    """Yield what is wrong with the pictures in a ``srcset``."""
    candidates = parse_srcset(value)
    if not candidates:
        yield f"holds a srcset that does not parse: {value[:LONGEST_SHOWN]!r}"
    yield from filter(None, (picture_problem(candidate.address) for candidate in candidates))
