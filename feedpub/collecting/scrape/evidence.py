"""What of a layout matches on a page, and what stands there instead of what does not."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import fields
from itertools import islice

from lxml.html import HtmlElement

from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.html import tree
from feedpub.model import Layout

IN_ARTICLE = {"date", "body", "images", "files", "categories", "author"}
LONGEST = 1_000  # characters of an element's names
MOST_NAMES = 2_000  # on a page that are compared with one; a site's own page has some 200
UNMATCHED = {"date_formats", "fixed"}  # keys that are no selectors


def evidence(page: Page, layout: Layout) -> dict[str, str | None]:
    """For each key of the layout, the selector of it that matches on this page; None where none does."""
    found: dict[str, str | None] = {f.name: None for f in fields(Layout) if f.name not in UNMATCHED}
    try:
        root = tree.document(page)
    except ScrapeError:
        return found
    box = next(iter(tree.first(root, layout.article)), root)
    for name in found:
        scope = box if name in IN_ARTICLE else root
        found[name] = next((s for s in getattr(layout, name) if tree.select(scope, s)), None)
    return found


def nearest(root: HtmlElement, selectors: Iterable[str]) -> str:
    """What still lives where a dead selector pointed: the longest part of it that matches, or a name like its own."""
    for one in (one for selector in selectors for one in selector.split(",")):
        parts = re.split(r"\s*>\s*|\s+", one.strip())
        for n in range(len(parts) - 1, 0, -1):
            around = " ".join(parts[:n])
            if around not in ("html", "body") and (found := tree.alive(root, around)):
                return f"the nearest that lives is {around!r} ({_told(found[0])})"
    wanted = [w for s in selectors for w in re.findall(r"[.#]([\w-]+)", s)]
    named = ((e, m, e.get(a)) for e in root.iter("*") for m, a in (("#", "id"), (".", "class")))
    names = {f"{m}{n}": e for e, m, v in named if v and len(v) < LONGEST for n in v.split()}
    names = dict(islice(names.items(), MOST_NAMES))
    for word in wanted:
        if close := difflib.get_close_matches(word, [n[1:] for n in names], 1, 0.6):
            name = next(n for n in names if n[1:] == close[0])
            return f"the nearest that lives is {name!r} ({_told(names[name])})"
    largest = max(root.iter("div", "td", "ul", "section", "main"), key=lambda e: len(e.findall(".//a")), default=root)
    return f"nothing like it lives; the page has {len(root.findall('.//a'))} links, most of them in {_path(largest)!r}"


def _told(element: HtmlElement) -> str:
    return f"a {tree.tag(element)} with {len(element.findall('.//a'))} links"


def _path(element: HtmlElement) -> str:
    name = (
        f"#{element.get('id')}" if element.get("id") else "".join(f".{c}" for c in element.get("class", "").split()[:2])
    )
    return f"{tree.tag(element)}{name}"
