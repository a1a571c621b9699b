"""A tree whose elements are either inline or blocks that are kept: boxes opened, tables in order, links inside."""

from __future__ import annotations

from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag

from feedpub.normalize.markup import BLOCKS, BOXES, INLINE, MEANINGLESS, RENAMED, STRUCTURES, TAGS, is_inline

ROWS = {"table", "thead", "tbody", "tfoot", "tr"}
IN_ROWS = {"thead", "tbody", "tfoot", "tr", "td", "th", "caption"}
HOLDS_PARAGRAPHS = {*BOXES, "td", "th", "li", "dd", "blockquote", "figure"}


def shape(soup: BeautifulSoup) -> None:
    """Does so in place, and keeps every word."""
    for element in soup.find_all(True):
        element.name = RENAMED.get(element.name, element.name)
        if element.name in MEANINGLESS or element.name not in TAGS | INLINE | BOXES:
            element.unwrap()  # what is unknown is inline, as in a browser
    _mend_tables(soup)
    for anchor in soup.find_all("a"):
        if not is_inline(anchor):
            _link_within(soup, anchor)
    for block in soup.find_all(BLOCKS):
        for box in reversed(block.find_all(BOXES)):
            _open(soup, box)


def _mend_tables(soup: BeautifulSoup) -> None:
    """What stands in a table but in no cell goes before it, as in a browser; boxes around rows are opened."""
    for part in soup.find_all(ROWS):
        for box in part.find_all(BOXES, recursive=False):
            if box.find(IN_ROWS):
                box.unwrap()
    for part in soup.find_all(ROWS):
        table = part if part.name == "table" else part.find_parent("table")
        for child in list(part.children) if table else ():
            is_loose = child.name not in IN_ROWS if isinstance(child, Tag) else bool(str(child).strip())
            if is_loose and table:
                table.insert_before(child.extract())


def _link_within(soup: BeautifulSoup, anchor: Tag) -> None:
    """A link around boxes goes into them: HTML has it only around words."""
    runs = [run for element in (anchor, *anchor.find_all(True)) for run in _runs(element)]
    for run in runs:
        link = soup.new_tag("a", attrs={k: str(v) for k, v in anchor.attrs.items()})
        run[0].insert_before(link)
        link.extend(run)
    anchor.unwrap()


def _runs(element: Tag) -> list[list[PageElement]]:
    """The runs of inline nodes with words or pictures in an element that is no inline one, or holds boxes."""
    if element.name in STRUCTURES or (element.name in INLINE and is_inline(element)):
        return []
    runs: list[list[PageElement]] = [[]]
    for node in element.children:
        if isinstance(node, Tag) and not (node.name in INLINE and is_inline(node)):
            runs.append([])
        else:
            runs[-1].append(node)
    return [run for run in runs if any(_is_seen(node) for node in run)]


def _is_seen(node: PageElement) -> bool:
    has_image = isinstance(node, Tag) and (node.name == "img" or node.find("img") is not None)
    return has_image or bool(node.get_text().strip())


def _open(soup: BeautifulSoup, box: Tag) -> None:
    """A box in a block that is kept becomes a paragraph of it, or a line."""
    parent = box.parent.name if box.parent else ""
    if parent in HOLDS_PARAGRAPHS and is_inline(box):
        box.name = "p"
        return
    if parent not in STRUCTURES:
        box.insert_before(soup.new_tag("br"))
        box.insert_after(soup.new_tag("br"))
    box.unwrap()
