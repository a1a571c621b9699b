"""The bytes of a published file → its problems: the gate before publishing, and ``feedpub check``.

Nothing is mended here. ``kinds`` names the function that checks each kind of
file; ``together`` compares the files of a folder with one another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib import import_module

from feedpub import text
from feedpub.content import Problem
from feedpub.kinds import ATOM, BUTTON, CONTENTS, DUMP, JSON_FEED, OUTLINE, PAGE, SEARCH, THUMBNAIL, Kind
from feedpub.publishing.check.ahead import dates_ahead
from feedpub.publishing.check.ids import item_ids, tombstone_ids
from feedpub.publishing.check.read import Unreadable, document_of, parse_json
from feedpub.publishing.check.together import together

__all__ = ["check", "document_of", "item_ids", "problem_lines", "together", "tombstone_ids"]

Checker = Callable[[bytes, int], Iterator[Problem]]
ANY_TEXT = "plaintext:plain_text_problems"
JPEG_START = b"\xff\xd8\xff"
SEARCH_START = b'{"items":[['
OUTLINE_START = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*<opml[\s/>]", re.DOTALL)


def check(data: bytes, kind: Kind | None = None, *, block: int = 2, now: datetime | None = None) -> list[Problem]:
    """Return what is wrong with the file in these bytes; nothing if it may be published.

    ``kind`` None: it is recognized by its content. ``block`` is the last block
    of a text in which the link to its source may first appear. ``now`` None: dates are not compared with the clock.
    """
    kind = kind or recognized(data)
    try:
        problems = list(_checker(kind)(data, block))
    except Unreadable as error:
        problems = [Problem("the feed", str(error))]
    if now:
        problems += dates_ahead(data, kind, now)
    # A file's words may come from anyone: they are shown on one line, and give no orders to a terminal.
    return [Problem(text.line(p.where), text.line(p.rule)) for p in problems]


def _checker(kind: Kind) -> Checker:
    module, _, function = (kind.checker or ANY_TEXT).partition(":")
    checker: Checker = getattr(import_module(f"{__name__}.{module}"), function)
    return checker


def recognized(data: bytes) -> Kind:
    """Return the kind that the content looks most like."""
    if data.startswith(JPEG_START):
        return THUMBNAIL
    start = data.lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return PAGE
    if start.startswith(b"<svg"):
        return BUTTON
    if start.startswith(b"{"):
        return _recognized_json(data)
    return OUTLINE if OUTLINE_START.match(data) else ATOM  # and RSS: one function reads both


def _recognized_json(data: bytes) -> Kind:
    first, _, rest = data.strip().partition(b"\n")
    if first.startswith(SEARCH_START):
        return SEARCH
    is_object = first.endswith(b"}") and b'"version"' not in first[:200]
    if is_object and rest.lstrip()[:1] in (b"", b"{"):
        return DUMP
    try:
        value = parse_json(data)
    except Unreadable:
        return JSON_FEED
    return CONTENTS if isinstance(value, dict) and "months" in value else JSON_FEED


def problem_lines(problems: Iterable[Problem], name: str) -> list[str]:
    """Return one line a problem, each with the document's name before it."""
    return [f"{name}: {p}" for p in problems]
