"""A tree whose elements are either inline or blocks that are kept: boxes opened, tables in order, links inside."""

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
    elements,
    holds,
    is_inline,
    is_within,
)

KNOWN = TAGS | INLINE | BOXES
ROWS = {"table", "thead", "tbody", "tfoot", "tr"}
IN_ROWS = {"thead", "tbody", "tfoot", "tr", "td", "th", "caption"}
HOLDS_PARAGRAPHS = {*BOXES, "td", "th", "li", "dd", "blockquote", "figure"}


def shape(soup: BeautifulSoup) -> None:
    """Does so in place, and keeps every word."""
    for element in elements(soup):
        element.name = RENAMED.get(element.name, element.name)
        if element.name in MEANINGLESS or element.name not in KNOWN:
            element.unwrap()  # what is unknown is inline, as in a browser
    _mend_tables(soup)
    for anchor in elements(soup, {"a"}):
        if not is_inline(anchor) or holds(anchor, {"a"}):
            _link_within(soup, anchor)
    for block in elements(soup, BLOCKS):
        if not is_within(block, BLOCKS):  # else its boxes are open already
            _open(soup, elements(block, BOXES))


def _mend_tables(soup: BeautifulSoup) -> None:
    """What stands in a table but in no cell goes before it, as in a browser; boxes around rows are opened."""
    for part in elements(soup, ROWS):
        for box in [c for c in part.children if isinstance(c, Tag) and c.name in BOXES]:
            if holds(box, IN_ROWS):
                box.unwrap()
    for part in elements(soup, ROWS):
        table = part if part.name == "table" else next((p for p in part.parents if p.name == "table"), None)
        for child in list(part.children) if table else ():
            is_loose = child.name not in IN_ROWS if isinstance(child, Tag) else bool(str(child).strip())
            if is_loose and table:
                table.insert_before(child.extract())
    for part in elements(soup, IN_ROWS):
        if part.parent is None or part.parent.name not in ROWS:
            part.name = "div"  # browsers, and nh3, take it for nothing at all, and its words would run together


def _link_within(soup: BeautifulSoup, anchor: Tag) -> None:
    """A link around boxes goes into them: HTML has it only around words, and around no other link."""
    for run in [run for element in _opened(anchor) for run in _runs(element)]:
        link = soup.new_tag("a", attrs={k: str(v) for k, v in anchor.attrs.items()})
        run[0].insert_before(link)
        link.extend(run)
    anchor.unwrap()


def _opened(element: Tag) -> Iterator[Tag]:
    """The element and those in it that a link must go into, in their order; not those that have a link of their own."""
    yield element
    for child in element.children:
        if isinstance(child, Tag) and child.name != "a" and not _is_linkable(child):
            yield from _opened(child)


def _is_linkable(node: PageElement) -> bool:
    """Whether a link may stand around it."""
    return not isinstance(node, Tag) or (
        node.name in INLINE and node.name != "a" and is_inline(node) and not holds(node, {"a"})
    )


def _runs(element: Tag) -> list[list[PageElement]]:
    """The runs of inline nodes with words or pictures in an element that is no inline one, or holds boxes."""
    if element.name in STRUCTURES:
        return []
    runs: list[list[PageElement]] = [[]]
    for node in element.children:
        if _is_linkable(node):
            runs[-1].append(node)
        else:
            runs.append([])
    return [run for run in runs if any(_is_seen(node) for node in run)]


def _is_seen(node: PageElement) -> bool:
    has_image = isinstance(node, Tag) and (node.name == "img" or holds(node, {"img"}))
    return has_image or bool(node.get_text().strip())


def _open(soup: BeautifulSoup, boxes: list[Tag]) -> None:
    """Boxes in a block that is kept become paragraphs of it, or lines.

    What becomes of one depends on what becomes of those in it, so that is
    settled first; opened are the outer ones first, so that no word is moved
    twice.
    """
    places = [(box, box.parent.name if box.parent else "") for box in boxes]
    lines: set[int] = set()
    for box, parent in reversed(places):
        inner = (e for e in box.descendants if isinstance(e, Tag))
        if parent not in HOLDS_PARAGRAPHS or not all(e.name in INLINE or id(e) in lines for e in inner):
            lines.add(id(box))
    for box, parent in places:
        if id(box) not in lines:
            box.name = "p"
            continue
        if parent not in STRUCTURES:
            box.insert_before(soup.new_tag("br"))
            box.insert_after(soup.new_tag("br"))
        box.unwrap()
