"""A repaired tree → its top-level blocks, in the order of reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PageElement, Tag

from feedpub import text
from feedpub.collecting.normalize.markup import (
    BLOCKS,
    INLINE,
    STRUCTURES,
    TAGS,
    contains,
    elements_in,
    is_inline,
    is_within,
    strings_in,
)

LINES = {"h2", "h3", "h4", "h5", "h6", "pre"}  # a block within ends one of these, as in a browser
WHOLE = BLOCKS - {"p"} - LINES
WHOLE_IF_INLINE = INLINE | LINES  # unless something in them makes a line of its own
SHOWN = {"img", "br", "hr"}  # without any words
KEPT = SHOWN | {"td", "th"}  # even when they are empty
BOUNDARY = None  # between two nodes: a line ends here


def top_level_blocks(soup: BeautifulSoup) -> Iterator[Tag]:
    """Yield the tree's blocks. Loose text is gathered into paragraphs, boxes are opened."""
    run: list[PageElement] = []
    for node in (*_nodes(soup.body or soup), BOUNDARY):
        if isinstance(node, NavigableString) or (isinstance(node, Tag) and node.name in INLINE):
            run.append(node)
            continue
        for part in _between_breaks(run):
            paragraph = soup.new_tag("p")
            paragraph.extend(part)
            yield _trimmed(paragraph)
        run = []
        if isinstance(node, Tag):
            yield _trimmed(node)


def _nodes(parent: Tag) -> Iterator[PageElement | None]:
    """Yield blocks and inline nodes in order, with a boundary wherever a box or a paragraph begins or ends."""
    for child in list(parent.children):
        if not isinstance(child, Tag) or _is_whole(child):
            yield child
        else:
            yield BOUNDARY
            yield from _nodes(child)
            yield BOUNDARY


def _is_whole(element: Tag) -> bool:
    """Whether the element is not opened."""
    return element.name in WHOLE or (element.name in WHOLE_IF_INLINE and is_inline(element))


def _between_breaks(run: Iterable[PageElement]) -> Iterator[list[PageElement]]:
    """Yield the parts of a run of inline nodes. Two line breaks in a row part them, as their writer meant."""
    part: list[PageElement] = []
    breaks = 0
    for node in run:
        if isinstance(node, Tag) and node.name == "br":
            breaks += 1
        elif isinstance(node, Tag) or str(node).strip():
            if breaks > 1:
                yield part
                part = []
            breaks = 0
        part.append(node)
    if part:
        yield part


# ------------------------------------------------------------ one block


def _trimmed(block: Tag) -> Tag:
    """Return the block without empty elements, and without breaks and spaces at its ends."""
    _remove_empty(block)
    for br in elements_in(block, {"br"}):
        if br.parent and br.parent.name in STRUCTURES:
            br.decompose()
    block.smooth()
    for structure in (block, *elements_in(block, STRUCTURES)):
        if structure.name in STRUCTURES:
            _remove_spaces(structure)
    if block.name != "pre":
        _fold_spaces(block)
        _trim_ends(block)
        for element in elements_in(block):
            if element.name not in INLINE and element.name != "pre":
                _trim_ends(element)
    return block


def _remove_empty(block: Tag) -> None:
    """Take out the elements in which nothing is to be seen, and unwrap those that are not allowed."""
    has_pre = block.name == "pre" or is_within(block, {"pre"}) or contains(block, {"pre"})
    full: set[int] = set()  # ids of those in which something is to be seen
    for element in reversed(elements_in(block)):  # the inner ones first
        if element.name not in TAGS:
            element.unwrap()  # here and not in nh3, which loses words in some elements of MathML
        elif any(_is_to_be_seen(node, full) for node in element.contents):
            full.add(id(element))
        elif element.name not in KEPT:
            _remove(element, keeps_spaces=has_pre)


def _is_to_be_seen(node: PageElement, full: set[int]) -> bool:
    if isinstance(node, Tag):
        return node.name in SHOWN or id(node) in full
    if type(node) not in (NavigableString, CData):
        return False
    return bool(text.line(str(node)))


def _remove(element: Tag, *, keeps_spaces: bool) -> None:
    """Take out an empty element. A space is left for one that parts two words, such as a paragraph in a cell."""
    if element.name not in INLINE or element.get_text():
        element.insert_before(" ")
    if keeps_spaces or elements_in(element):
        element.unwrap()
    else:
        element.extract()  # with its white space, which is one run with that before it


def _remove_spaces(structure: Tag) -> None:
    """Take out the white space between rows or items."""
    for node in list(structure.contents):
        if isinstance(node, NavigableString) and not node.strip():
            node.extract()


def _fold_spaces(block: Tag) -> None:
    """Make one space of those that met where elements were taken out."""
    for string in strings_in(block):
        folded = text.flow(string)
        if folded != string and not is_within(string, {"pre"}):
            string.replace_with(NavigableString(folded))


def _trim_ends(block: Tag) -> None:
    """Take breaks and white space off both ends."""
    _trim_end(block, 0)
    _trim_end(block, -1)


def _trim_end(block: Tag, end: int) -> None:
    while block.contents:
        edge = block.contents[end]
        if isinstance(edge, NavigableString) and edge.strip():
            edge.replace_with(NavigableString(edge.rstrip() if end else edge.lstrip()))
            return
        if isinstance(edge, Tag) and edge.name != "br":
            return
        edge.extract()
