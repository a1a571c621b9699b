"""The rules of an item's HTML: what it must not hold, and where the council's link must be in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from lxml import etree, html

from feedpub import telephone
from feedpub.publishing.check.pictures import picture_problem, srcset_problems

UNSAFE_TAGS = {
    "script", "style", "iframe", "object", "embed", "applet", "form", "input", "button", "svg", "math", "link", "meta",
    "base", "frame", "frameset", "portal", "fencedframe",
    # what is in these is text for one parser and markup for another
    "noscript", "noembed", "noframes", "template", "select", "textarea", "title", "xmp", "plaintext",
}  # fmt: skip
ADDRESSES = {  # attributes that hold one
    "href", "src", "action", "background", "cite", "data", "formaction", "longdesc", "ping", "poster", "xlink:href",
}  # fmt: skip
BOXES = {"div", "section", "article", "main", "center", "table", "tbody", "tr", "ul", "ol", "blockquote"}
PAGE_TAGS = re.compile(r"</?(html|head|body)(?=[\s/>])", re.IGNORECASE)
TURNS = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys("\u2066\u2067\u2068", "\u2069")  # ends
NOT_FOLLOWED = {"nofollow", "ugc", "sponsored"}
INVISIBLE = re.compile("[\u00ad\u200b\ufeff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Block = tuple[str, Any]  # a block's words, and its element; None: it is loose text


@lru_cache(maxsize=256)
def html_rules(markup: str, link: str, block: int, *, is_on_page: bool = False) -> tuple[str, ...]:
    """Return what is wrong with an item's HTML. Remembered: the same item is in several documents of a run.

    ``is_on_page``: it is on a page of ours, whose pictures have rules of their own.
    """
    return tuple(_html_rules(markup, link, block, is_on_page=is_on_page))


def _html_rules(markup: str, link: str, block: int, *, is_on_page: bool) -> Iterator[str]:
    if not markup.strip():
        yield "is empty"
        return
    invisible = INVISIBLE.search(markup)
    if invisible:
        yield f"holds an invisible character, U+{ord(invisible[0]):04X}"
    try:
        tree = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, ValueError):
        yield "is no HTML"
        return
    yield from direction_rules(tree.text_content())
    page_tag = PAGE_TAGS.search(markup)
    if page_tag:  # the parser drops these tags, and what follows their ends
        yield f"holds <{page_tag[1].lower()}>, as if it were a page"
    for element in tree.iter():
        if not (is_on_page and element.tag == "img"):
            yield from _element_rules(element)
    yield from _attribution_rules(list(_blocks(tree)), link, block)


def direction_rules(words: str) -> Iterator[str]:
    """Marks that turn the direction of writing and are not closed turn what a reader shows after the item, too."""
    waiting: list[str] = []
    for mark in re.findall("[\u202a-\u202e\u2066-\u2069]", words):
        if mark in TURNS:
            waiting.append(mark)
            continue
        closed = [n for n, opened in enumerate(waiting) if TURNS[opened] == mark]
        if closed:
            del waiting[closed[-1] :]
    if waiting:
        yield f"does not close a mark of direction, U+{ord(waiting[0]):04X}"


def _element_rules(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str):
        if "<" in (element.text or ""):
            yield "holds markup in a comment, and readers differ in where a comment ends"
        return
    if element.tag in UNSAFE_TAGS:
        yield f"holds <{element.tag}>"
    if element.tag == "a":
        yield from _telephone_rules(element)
    for name, value in element.attrib.items():
        if name.startswith("on") or name == "style":
            yield f"holds the attribute {name}"
        elif name == "srcset":
            yield from srcset_problems(value)
        elif name in ADDRESSES and not (is_absolute(value) or value.startswith(("mailto:", "tel:"))):
            yield f"holds the address {value[:80]!r}, which is not absolute http(s)"
        elif element.tag == "img" and name == "src" and (problem := picture_problem(value)):
            yield problem


def _telephone_rules(anchor: Any) -> Iterator[str]:
    """A link calls the number that its words show; residents call what they tap."""
    href = anchor.get("href") or ""
    if not href.startswith("tel:"):
        return
    if telephone.linked(href) is None:
        yield f"links {href[:80]!r}, which is no telephone number"
    elif telephone.called(href, _lines(anchor)) is None:
        yield f"links the telephone number {href[:80]!r}, and its words show another: {_lines(anchor).strip()[:80]}"


def _lines(element: Any) -> str:
    """Return the element's words, with a line's end at each break."""
    return "".join(
        f"\n{string}" if string.is_tail and string.getparent().tag == "br" else string
        for string in element.xpath(".//text()")
    )


# ------------------------------------------------------------ the council's link


def _attribution_rules(blocks: list[Block], link: str, block: int) -> Iterator[str]:
    holder = next((n for n, (_, element) in enumerate(blocks[:block]) if _holds_link(element, link)), None)
    above = blocks if holder is None else blocks[:holder]
    if holder is None and any(words for words, _ in blocks):
        yield f"has no followed link to {link or 'its source'} in its first {block} blocks, as the council's terms ask"
    lines = sum(_line_count(element) for words, element in above if words)
    if holder is not None and lines >= block:
        yield f"has {lines} lines above the link to its source, and the council's terms allow {block - 1}"


def _line_count(block: Any) -> int:
    """Return on how many lines the block's words are: readers scroll past lines, not past elements."""
    if block is None:
        return 1
    lines = [""]
    for event, element in etree.iterwalk(block, events=("start", "end")):
        if event == "start" and element.tag == "br":
            lines.append("")
        if event == "start":
            lines[-1] += element.text or ""
        elif element is not block:
            lines[-1] += element.tail or ""
    return sum(1 for line in lines if line.strip())


def _blocks(tree: Any) -> Iterator[Block]:
    """Yield the blocks as a reader sees them: loose text is a block, and a lone box is opened."""
    box = tree
    while len(box) == 1 and box[0].tag in BOXES and not _has_words(box.text) and not _has_words(box[0].tail):
        box = box[0]
    if _has_words(box.text):
        yield box.text, None
    for child in box:
        words = child.text_content().strip() if isinstance(child.tag, str) else ""
        yield words, child
        if _has_words(child.tail):
            yield child.tail, None


def _has_words(text: str | None) -> bool:
    return bool(text and text.strip())


def _holds_link(block: Any, link: str) -> bool:
    """Whether the block holds the hyperlink that the terms ask for: direct, followed, with words to click."""
    anchors = [] if block is None else block.iter("a")
    return any(anchor.get("href") == link and _is_followed(anchor) for anchor in anchors)


def _is_followed(anchor: Any) -> bool:
    relations = set((anchor.get("rel") or "").lower().split())
    return bool(anchor.text_content().strip()) and not relations & NOT_FOLLOWED


@lru_cache(maxsize=4096)
def is_absolute(url: str) -> bool:
    """Whether the address is absolute, http or https, and ASCII."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and bool(re.fullmatch(r"[!-~]+", url))
