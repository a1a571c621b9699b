"""A repaired tree → one element a block, in the order of reading."""

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
    elements,
    holds,
    is_inline,
    is_within,
    strings,
)

LINES = {"h2", "h3", "h4", "h5", "h6", "pre"}  # a block within ends one of these, as in a browser
WHOLE = BLOCKS - {"p"} - LINES
SHOWN = {"img", "br", "hr"}  # without any words
KEPT = SHOWN | {"td", "th"}  # though nothing stands in them
BOUNDARY = None  # between two nodes: here a line ends


def flat(soup: BeautifulSoup) -> Iterator[Tag]:
    """The tree's blocks; loose text is gathered into paragraphs, boxes are opened."""
    run: list[PageElement] = []
    for node in (*_split(soup.body or soup), BOUNDARY):
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


def _split(node: Tag) -> Iterator[PageElement | None]:
    """Blocks and inline nodes in order, with a boundary wherever a box or a paragraph begins or ends."""
    for child in list(node.children):
        is_whole = isinstance(child, Tag) and (
            child.name in WHOLE or ((child.name in INLINE or child.name in LINES) and is_inline(child))
        )
        if not isinstance(child, Tag) or is_whole:
            yield child
        else:
            yield BOUNDARY
            yield from _split(child)
            yield BOUNDARY


def _between_breaks(run: Iterable[PageElement]) -> Iterator[list[PageElement]]:
    """The parts of a run of inline nodes; two line breaks in a row part them, as their writer meant."""
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


def _trimmed(block: Tag) -> Tag:
    """The block without empty elements, and without breaks and spaces at its ends."""
    within = elements(block)
    has_pre = block.name == "pre" or is_within(block, {"pre"}) or holds(block, {"pre"})
    full: set[int] = set()  # ids of those in which something is to be seen
    for element in reversed(within):  # so what stands in an element is judged before it
        if element.name not in TAGS:
            element.unwrap()  # here and not in nh3, which loses what stands in some elements of MathML
        elif any(_is_seen(node, full) for node in element.contents):
            full.add(id(element))
        elif element.name not in KEPT:
            if element.name not in INLINE or element.get_text():
                element.insert_before(" ")  # an empty paragraph in a cell parts two words all the same
            if has_pre or elements(element):
                element.unwrap()
            else:
                element.extract()  # with its white space, for it is one run with that before it
    for br in [b for b in elements(block, {"br"}) if b.parent and b.parent.name in STRUCTURES]:
        br.decompose()
    block.smooth()
    for element in (block, *elements(block, STRUCTURES)):
        if element.name in STRUCTURES:
            for node in list(element.contents):
                if isinstance(node, NavigableString) and not node.strip():
                    node.extract()
    if block.name != "pre":
        _fold(block)
        for element in (block, *(e for e in elements(block) if e.name not in INLINE and e.name != "pre")):
            _trim(element, 0)
            _trim(element, -1)
    return block


def _is_seen(node: PageElement, full: set[int]) -> bool:
    if isinstance(node, Tag):
        return node.name in SHOWN or id(node) in full
    return type(node) in (NavigableString, CData) and bool(text.line(str(node)))


def _fold(block: Tag) -> None:
    """White space that met where elements were taken out is one space again."""
    for string in strings(block):
        folded = text.flow(string)
        if folded != string and not is_within(string, {"pre"}):
            string.replace_with(NavigableString(folded))


def _trim(block: Tag, end: int) -> None:
    while block.contents:
        edge = block.contents[end]
        if isinstance(edge, NavigableString) and edge.strip():
            edge.replace_with(NavigableString(edge.rstrip() if end else edge.lstrip()))
            return
        if isinstance(edge, Tag) and edge.name != "br":
            return
        edge.extract()
