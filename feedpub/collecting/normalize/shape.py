"""Brings a tree into a shape of inline elements and blocks: boxes opened, tables in order, links inside."""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag

from feedpub.collecting.normalize.markup import (
    BLOCKS,
    BOXES,
    INLINE,
    MEANINGLESS,
    RENAMED,
    STRUCTURES,
    TAGS,
    attributes_of,
    contains,
    elements_in,
    is_inline,
    is_within,
)

KNOWN = TAGS | INLINE | BOXES
ROWS = {"table", "thead", "tbody", "tfoot", "tr"}
IN_ROWS = {"thead", "tbody", "tfoot", "tr", "td", "th", "caption"}
HOLDS_PARAGRAPHS = {*BOXES, "td", "th", "li", "dd", "blockquote", "figure"}


def reshape(soup: BeautifulSoup) -> None:
    """Bring the tree into this shape, in place. Every word stays."""
    for element in elements_in(soup):
        element.name = RENAMED.get(element.name, element.name)
        if element.name in MEANINGLESS or element.name not in KNOWN:
            element.unwrap()  # an unknown element is inline, as in a browser
    _mend_tables(soup)
    for anchor in elements_in(soup, {"a"}):
        if not is_inline(anchor) or contains(anchor, {"a"}):
            _link_within(soup, anchor)
    for block in elements_in(soup, BLOCKS):
        if not is_within(block, BLOCKS):  # else its boxes are open already
            _open_boxes(soup, elements_in(block, BOXES))


# ------------------------------------------------------------ tables


def _mend_tables(soup: BeautifulSoup) -> None:
    """Open boxes around rows, and put what is in a table but in no cell before it, as a browser does."""
    for part in elements_in(soup, ROWS):
        for child in list(part.children):
            if isinstance(child, Tag) and child.name in BOXES and contains(child, IN_ROWS):
                child.unwrap()
    for part in elements_in(soup, ROWS):
        around = (part, *part.parents)
        table = next((p for p in around if p.name == "table"), None)
        if table:
            for child in [c for c in part.children if _is_loose(c)]:
                table.insert_before(child.extract())
    for part in elements_in(soup, IN_ROWS):
        if part.parent is None or part.parent.name not in ROWS:
            part.name = "div"  # browsers and nh3 ignore it, and its words would run together


def _is_loose(node: PageElement) -> bool:
    """Whether a node has no place directly in a table or a row."""
    if isinstance(node, Tag):
        return node.name not in IN_ROWS
    return bool(str(node).strip())


# ------------------------------------------------------------ links


def _link_within(soup: BeautifulSoup, anchor: Tag) -> None:
    """Move a link around boxes into them: HTML has it only around words, and around no other link."""
    runs: list[list[PageElement]] = []
    for element in _boxes_to_link(anchor):
        runs += _runs(element)
    for run in runs:
        link = soup.new_tag("a", attrs=attributes_of(anchor))
        run[0].insert_before(link)
        link.extend(run)
    anchor.unwrap()


def _boxes_to_link(element: Tag) -> Iterator[Tag]:
    """Yield the element and those in it that a link must go into, in their order; none that is a link itself."""
    yield element
    for child in element.children:
        if isinstance(child, Tag) and child.name != "a" and not _is_linkable(child):
            yield from _boxes_to_link(child)


def _is_linkable(node: PageElement) -> bool:
    """Whether a link may be around the node."""
    if not isinstance(node, Tag):
        return True
    if node.name not in INLINE or node.name == "a":
        return False
    return is_inline(node) and not contains(node, {"a"})


def _runs(element: Tag) -> list[list[PageElement]]:
    """Return the element's runs of inline nodes that have words or pictures."""
    if element.name in STRUCTURES:
        return []
    runs: list[list[PageElement]] = [[]]
    for node in element.children:
        if _is_linkable(node):
            runs[-1].append(node)
        else:
            runs.append([])
    return [run for run in runs if any(_has_words_or_image(node) for node in run)]


def _has_words_or_image(node: PageElement) -> bool:
    has_image = isinstance(node, Tag) and (node.name == "img" or contains(node, {"img"}))
    return has_image or bool(node.get_text().strip())


# ------------------------------------------------------------ boxes


def _open_boxes(soup: BeautifulSoup, boxes: list[Tag]) -> None:
    """Make paragraphs or lines of the boxes in a block that is kept.

    An outer box depends on the boxes in it, so all are judged first, the inner ones before the outer ones. The outer
    ones are then opened first, so that no word is moved twice.
    """
    places = [(box, box.parent.name if box.parent else "") for box in boxes]
    lines: set[int] = set()  # ids of the boxes that become lines
    for box, parent in reversed(places):
        if parent not in HOLDS_PARAGRAPHS or not _has_only_lines(box, lines):
            lines.add(id(box))
    for box, parent in places:
        if id(box) not in lines:
            box.name = "p"
            continue
        if parent not in STRUCTURES:
            box.insert_before(soup.new_tag("br"))
            box.insert_after(soup.new_tag("br"))
        box.unwrap()


def _has_only_lines(box: Tag, lines: set[int]) -> bool:
    """Whether a box holds only inline elements, and boxes that become lines."""
    return all(not isinstance(e, Tag) or e.name in INLINE or id(e) in lines for e in box.descendants)
