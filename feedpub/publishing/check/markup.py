"""What no markup of an item may hold, and where the council's link must stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from lxml import etree, html

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
INVISIBLE = re.compile("[\u00ad\u200b\ufeff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@lru_cache(maxsize=256)
def html_rules(markup: str, link: str, block: int) -> tuple[str, ...]:
    """What is wrong with an item's HTML. Remembered: the same item stands in several documents of a run."""
    return tuple(_html_rules(markup, link, block))


def _html_rules(markup: str, link: str, block: int) -> Iterator[str]:
    if not markup.strip():
        yield "is empty"
        return
    if found := INVISIBLE.search(markup):
        yield f"holds an invisible character, U+{ord(found[0]):04X}"
    try:
        tree = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, ValueError):
        yield "is no HTML"
        return
    yield from direction_rules(tree.text_content())
    if found := PAGE_TAGS.search(markup):  # they are in no fragment, nor is what stands behind their ends
        yield f"holds <{found[1].lower()}>, as if it were a page"
    for element in tree.iter():
        yield from _element_rules(element)
    blocks = list(_blocks(tree))
    if any(words for words, _ in blocks) and not any(_attributes(e, link) for _, e in blocks[:block]):
        yield f"has no followed link to {link or 'its source'} in its first {block} blocks, as the council's terms ask"


def direction_rules(words: str) -> Iterator[str]:
    """Marks that turn the direction of writing and are not closed turn what a reader shows after the item, too."""
    waiting: list[str] = []
    for mark in re.findall("[\u202a-\u202e\u2066-\u2069]", words):
        if mark in TURNS:
            waiting.append(mark)
        elif closed := [n for n, opened in enumerate(waiting) if TURNS[opened] == mark]:
            del waiting[closed[-1] :]
    if waiting:
        yield f"does not close a mark of direction, U+{ord(waiting[0]):04X}"


def _element_rules(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str):
        if "<" in (element.text or ""):
            yield "holds markup in a comment, and readers differ in where a comment ends"
        return
    tag = element.tag
    if tag in UNSAFE_TAGS:
        yield f"holds <{tag}>"
    for name, value in element.attrib.items():
        if name.startswith("on") or name == "style":
            yield f"holds the attribute {name}"
        elif name in ADDRESSES and not (is_absolute(value) or value.startswith(("mailto:", "tel:"))):
            yield f"holds the address {value[:80]!r}, which is not absolute http(s)"


def _blocks(tree: Any) -> Iterator[tuple[str, Any]]:
    """The words and elements of the blocks; loose text is a block of its own, and a lone box is opened."""
    while (
        len(tree) == 1 and tree[0].tag in BOXES and not (tree.text or "").strip() and not (tree[0].tail or "").strip()
    ):
        tree = tree[0]
    if tree.text and tree.text.strip():
        yield tree.text, None
    for child in tree:
        words = child.text_content().strip() if isinstance(child.tag, str) else ""
        yield words, child
        if child.tail and child.tail.strip():
            yield child.tail, None


def _attributes(block: Any, link: str) -> bool:
    """Whether the block holds the hyperlink that the terms ask for: direct, followed, with words to click."""
    if block is None:
        return False
    for anchor in block.iter("a"):
        rel = set((anchor.get("rel") or "").lower().split())
        if anchor.get("href") == link and anchor.text_content().strip() and not rel & {"nofollow", "ugc", "sponsored"}:
            return True
    return False


@lru_cache(maxsize=4096)
def is_absolute(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and bool(re.fullmatch(r"[!-~]+", url))
