"""The bytes of a published file → what is wrong with it: the gate before publishing, and ``feedpub check``.

Mends nothing. Feeds and archives, pages, lists of feeds, lines of items; ``together`` holds
them against one another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from feedpub import text
from feedpub.content import Problem
from feedpub.publishing.check import feeds, lists, page
from feedpub.publishing.check.together import together

__all__ = ["check", "named", "together"]


def check(data: bytes, *, block: int = 2) -> list[Problem]:
    """What is wrong with the file in these bytes, whatever kind it is of; nothing if it may be published.

    ``block`` is the last block of a text in which the link to its source may
    first appear.
    """
    # What a file says of itself is shown to somebody: on one line, and without orders to their terminal.
    return [Problem(text.line(p.where), text.line(p.rule)) for p in _problems(data, block)]


def _problems(data: bytes, block: int) -> Iterator[Problem]:
    start = data.lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return page.problems(data, block)
    if start.startswith(b"{"):
        return _json_problems(data, block)
    try:
        root = feeds.xml(data)
        return lists.outline_problems(root) if root.tag == "opml" else feeds.problems(feeds.read_xml(root), block)
    except feeds.Unreadable as error:
        return iter([Problem("the feed", str(error))])


def _json_problems(data: bytes, block: int) -> Iterator[Problem]:
    first, _, rest = data.strip().partition(b"\n")
    if first.endswith(b"}") and b'"version"' not in first[:200] and rest.lstrip()[:1] in (b"", b"{"):
        return feeds.line_problems(data, block)
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        return iter([Problem("the feed", f"is not JSON: {error}")])
    if isinstance(value, dict) and "months" in value:
        return lists.contents_problems(value)
    try:
        return feeds.problems(feeds.read_json(value), block)
    except feeds.Unreadable as error:
        return iter([Problem("the feed", str(error))])


def named(problems: Iterable[Problem], name: str) -> list[str]:
    """One line a problem, each with the document's name before it."""
    return [f"{name}: {p}" for p in problems]
