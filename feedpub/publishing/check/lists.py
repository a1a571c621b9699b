"""The rules of lists of other documents: OPML, and the contents of an archive."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from feedpub.content import Problem
from feedpub.publishing.check.markup import is_absolute
from feedpub.publishing.check.read import Unreadable, parse_json, parse_xml

LIST = "the list"
CONTENTS = "the contents"
MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


def outline_problems(data: bytes, _block: int) -> Iterator[Problem]:
    """Yield the problems of an OPML 2.0 list of feeds (http://opml.org/spec2.opml)."""
    root = parse_xml(data)
    outlines = list(root.iter("outline"))
    feeds = [o for o in outlines if o.get("type") == "rss" or o.get("xmlUrl")]
    lists = [o for o in outlines if o.get("type") == "include"]
    yield from _head_problems(root, [*feeds, *lists])
    for outline in outlines:
        if not (outline.get("text") or "").strip():
            yield Problem(outline.get("xmlUrl") or LIST, "has an outline without text")
    for feed in feeds:
        yield from _outline_problems(feed)
    for one in lists:
        if not is_absolute(one.get("url") or ""):
            yield Problem(one.get("text") or LIST, "has no absolute url of the list that it includes")
    urls = [*(feed.get("xmlUrl") for feed in feeds), *(one.get("url") for one in lists)]
    for url, count in sorted(Counter(filter(None, urls)).items()):
        if count > 1:
            yield Problem(url, "is named twice")


def _head_problems(root: Any, feeds: Sequence[Any]) -> Iterator[Problem]:
    if root.get("version") != "2.0":
        yield Problem(LIST, f"is of OPML version {root.get('version')!r}, not 2.0")
    if not (root.findtext("head/title") or "").strip():
        yield Problem(LIST, "has no title")
    if not feeds:
        yield Problem(LIST, "names no feed")


def _outline_problems(feed: Any) -> Iterator[Problem]:
    name = feed.get("xmlUrl") or feed.get("text") or "a feed"
    if feed.get("type") != "rss":
        yield Problem(name, "is not marked as a feed (type=rss)")
    for key in ("xmlUrl", "htmlUrl"):
        if not is_absolute(feed.get(key) or ""):
            yield Problem(name, f"has no absolute {key}")


def contents_problems(data: bytes, _block: int) -> Iterator[Problem]:
    """Yield the problems of the list of an archive's months."""
    contents = parse_json(data)
    if not isinstance(contents, dict):
        raise Unreadable("is no object")
    if not contents.get("rights"):
        yield Problem(CONTENTS, "does not state the terms (rights)")
    months = contents.get("months")
    if not isinstance(months, list) or not all(isinstance(m, dict) for m in months):
        yield Problem(CONTENTS, "has no list of months")
        return
    for month in months:
        yield from _month_problems(month)
    names = [_name_of(month) for month in months]
    if any(a >= b for a, b in pairwise(names)):
        yield Problem(CONTENTS, "is not sorted, the oldest month first")
    counts = [month.get("items") for month in months]
    if contents.get("items") != sum(n for n in counts if isinstance(n, int)):
        yield Problem(CONTENTS, "counts more or fewer items than its months have")


def _month_problems(month: Mapping[str, Any]) -> Iterator[Problem]:
    name = _name_of(month)
    if not MONTH.fullmatch(name):
        yield Problem(CONTENTS, f"names a month that is none: {name}")
    for address in file_addresses(month):
        if not is_absolute(address):
            yield Problem(name, f"is not at an absolute address: {address}")
    items = month.get("items")
    if not isinstance(items, int) or items < 1:
        yield Problem(name, "has no items")


def file_addresses(month: Mapping[str, Any]) -> list[str]:
    """Return the addresses of a month's files. A key with a dot is a file's name."""
    return [str(value) for key, value in month.items() if "." in key]


def _name_of(month: Mapping[str, Any]) -> str:
    return str(month.get("month"))
