"""Lists of other documents: OPML, and the contents of an archive."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from feedpub.content import Problem
from feedpub.publishing.check.markup import is_absolute


def outline_problems(root: Any) -> Iterator[Problem]:
    """What is wrong with an OPML 2.0 list of feeds (http://opml.org/spec2.opml)."""
    where = "the list"
    if root.get("version") != "2.0":
        yield Problem(where, f"is of OPML version {root.get('version')!r}, not 2.0")
    if not (root.findtext("head/title") or "").strip():
        yield Problem(where, "has no title")
    outlines = list(root.iter("outline"))
    feeds = [o for o in outlines if o.get("type") == "rss" or o.get("xmlUrl")]
    if not feeds:
        yield Problem(where, "names no feed")
    for outline in outlines:
        if not (outline.get("text") or "").strip():
            yield Problem(outline.get("xmlUrl") or where, "has an outline without text")
    for feed in feeds:
        name = feed.get("xmlUrl") or feed.get("text") or "a feed"
        if feed.get("type") != "rss":
            yield Problem(name, "is not marked as a feed (type=rss)")
        for key in ("xmlUrl", "htmlUrl"):
            if not is_absolute(feed.get(key) or ""):
                yield Problem(name, f"has no absolute {key}")
    urls = [f.get("xmlUrl") for f in feeds]
    for url in sorted({u for u in urls if u and urls.count(u) > 1}):
        yield Problem(url, "is named twice")


def contents_problems(contents: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the list of an archive's months."""
    where = "the contents"
    if not contents.get("rights"):
        yield Problem(where, "does not state the terms (rights)")
    months = contents["months"]
    if not isinstance(months, list) or not all(isinstance(m, dict) for m in months):
        yield Problem(where, "has no list of months")
        return
    names = [str(m.get("month")) for m in months]
    for name, month in zip(names, months, strict=True):
        if not re.fullmatch(r"\d{4}-(?:0[1-9]|1[0-2])", name):
            yield Problem(where, f"names a month that is none: {name}")
        addresses = [str(v) for k, v in month.items() if "." in k]
        yield from (Problem(name, f"is not at an absolute address: {a}") for a in addresses if not is_absolute(a))
        if not isinstance(month.get("items"), int) or month["items"] < 1:
            yield Problem(name, "has no items")
    if any(a >= b for a, b in pairwise(names)):
        yield Problem(where, "is not sorted, the oldest month first")
    if contents.get("items") != sum(m["items"] for m in months if isinstance(m.get("items"), int)):
        yield Problem(where, "counts more or fewer items than its months have")
