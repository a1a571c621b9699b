"""Which parts of a layout match on a page, and what is there in place of those that do not."""

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
from feedpub.html.select import select, select_first, select_if_valid
from feedpub.layout import Layout

IN_ARTICLE = {"date", "body", "images", "files", "categories", "author"}
LONGEST_NAMES = 1_000  # characters of an element's classes
MOST_NAMES = 2_000  # on a page that are compared with one; a site's own page has some 200
ALIKE = 0.6  # difflib's measure, from 0 to 1
NO_SELECTORS = {"date_formats", "fixed", "ends", "title_fixed"}  # keys of a layout
SELECTOR_KEYS = [field.name for field in fields(Layout) if field.name not in NO_SELECTORS]


def evidence(page: Page, layout: Layout) -> dict[str, str | None]:
    """Return for each key of the layout its selector that matches on this page; None where none does."""
    matching: dict[str, str | None] = dict.fromkeys(SELECTOR_KEYS)
    try:
        root = tree.document(page)
    except ScrapeError:
        return matching
    box = next(iter(select_first(root, layout.article)), root)
    for name in matching:
        scope = box if name in IN_ARTICLE else root
        matching[name] = _first_matching(scope, getattr(layout, name))
    return matching


def _first_matching(scope: HtmlElement, selectors: Iterable[str]) -> str | None:
    return next((s for s in selectors if select(scope, s)), None)


def nearest(root: HtmlElement, selectors: Iterable[str]) -> str:
    """Describe what the page has where dead selectors pointed.

    This is the longest part of a selector that matches, else a name like its own, else the page's largest box.
    """
    dead = list(selectors)
    return _matching_part(root, dead) or _similar_name(root, dead) or _largest_box(root)


def _matching_part(root: HtmlElement, selectors: list[str]) -> str | None:
    """Describe the longest beginning of a selector that matches; None where there is none."""
    alternatives = ",".join(selectors).split(",")
    for alternative in alternatives:
        parts = re.split(r"\s*>\s*|\s+", alternative.strip())
        for count in range(len(parts) - 1, 0, -1):
            beginning = " ".join(parts[:count])
            matches = [] if beginning in ("html", "body") else select_if_valid(root, beginning)
            if matches:
                return f"the nearest that lives is {beginning!r} ({_tag_and_links(matches[0])})"
    return None


def _similar_name(root: HtmlElement, selectors: list[str]) -> str | None:
    """Describe the element whose id or class is spelt most like one in the selectors; None where none is alike."""
    elements = _named_elements(root)
    marked = {name[1:]: name for name in reversed(elements)}  # of an id and a class of one spelling the first
    for selector in selectors:
        for wanted in re.findall(r"[.#]([\w-]+)", selector):
            close = difflib.get_close_matches(wanted, marked, 1, ALIKE)
            if close:
                name = marked[close[0]]
                return f"the nearest that lives is {name!r} ({_tag_and_links(elements[name])})"
    return None


def _named_elements(root: HtmlElement) -> dict[str, HtmlElement]:
    """Return the page's elements by ``#id`` and ``.class``; of several of one name the last."""
    elements: dict[str, HtmlElement] = {}
    for element in root.iter("*"):
        for mark, attribute in (("#", "id"), (".", "class")):
            value = element.get(attribute)
            if value and len(value) < LONGEST_NAMES:
                names = [f"{mark}{name}" for name in value.split()]
                elements.update(dict.fromkeys(names, element))
    return dict(islice(elements.items(), MOST_NAMES))


def _largest_box(root: HtmlElement) -> str:
    """Say that nothing is alike, and where most of the page's links are."""
    boxes = root.iter("div", "td", "ul", "section", "main")
    largest = max(boxes, key=_link_count, default=root)
    return f"nothing like it lives; the page has {_link_count(root)} links, most of them in {_path(largest)!r}"


def _tag_and_links(element: HtmlElement) -> str:
    return f"a {tree.tag(element)} with {_link_count(element)} links"


def _link_count(element: HtmlElement) -> int:
    return len(element.findall(".//a"))


def _path(element: HtmlElement) -> str:
    """Return the element's name with its id or first two classes, as a selector has them."""
    if element.get("id"):
        return f"{tree.tag(element)}#{element.get('id')}"
    classes = element.get("class", "").split()[:2]
    return ".".join([tree.tag(element), *classes])
