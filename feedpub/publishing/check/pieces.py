"""A feed in XML, checked in pieces: items whose very bytes were found good before are not judged again.

The document without its items is parsed and judged each time. A new item is parsed within the tags that it stands in.
Only a document without any problem is judged so. One with a problem, or laid out in another way than ours, is parsed
as a whole, and the messages come from there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain
from typing import Any

from feedpub.publishing.check.feeds import FEED_RULES, messages
from feedpub.publishing.check.read import Document, Item, Unreadable, parse_xml, read_xml_feed

REMEMBERED = 4096  # items, of some 500 bytes each
LONGEST_OPENING = 4000  # bytes
PLACE = b'<items xmlns="urn:feedpub"/>'  # stands for the items in a document without them
PLACE_TAG = "{urn:feedpub}items"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a document is laid out: each item begins and ends with a line of its own."""

    begin: bytes
    end: bytes
    opening: re.Pattern[bytes]  # all tags that items stand in
    closing: bytes


DIALECTS = (
    Dialect(b"  <entry>\n", b"  </entry>\n", re.compile(rb"<feed\s[^>]*>"), b"</feed>"),
    Dialect(b"    <item>\n", b"    </item>\n", re.compile(rb"<rss\s[^>]*>\s*<channel>"), b"</channel></rss>"),
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A document that was cut into its items and all else."""

    before: bytes
    items: Sequence[bytes]
    after: bytes
    opening: bytes  # the document up to the last tag that items stand in
    closing: bytes


def is_good(data: bytes, block: int) -> bool:
    """Whether a feed has no problem, as far as that can be told from its pieces. If not, judge it as a whole."""
    cut = _cut(data)
    if cut is None:
        return False
    try:
        frame = _frame(cut)
        items = [_good_item(cut, item, block) for item in cut.items] if frame else []
    except Unreadable:
        return False
    if frame is None or None in items:
        return False
    document = replace(frame, items=tuple(item for item in items if item))
    is_each_once = len({item.id for item in document.items}) == len(document.items)
    return is_each_once and not any(chain.from_iterable(rule(document) for rule in FEED_RULES))


def _cut(data: bytes) -> Cut | None:
    """Return the document in pieces; None where it is not laid out as ours are."""
    for dialect in DIALECTS:
        opening = dialect.opening.search(data, 0, LONGEST_OPENING)
        if opening is None:
            continue
        start, end = data.find(dialect.begin, opening.end()), data.rfind(dialect.end) + len(dialect.end)
        items = [item + dialect.end for item in data[start:end].split(dialect.end)[:-1]] if start > 0 else []
        if items and all(item.startswith(dialect.begin) for item in items):
            return Cut(data[:start], items, data[end:], data[: opening.end()], dialect.closing)
    return None


def _frame(cut: Cut) -> Document | None:
    """Return the document without its items. None: they do not stand in the tags that they seem to stand in."""
    root = parse_xml(cut.before + PLACE + cut.after)
    shell = parse_xml(cut.opening + cut.closing)
    boxes = [_box(tree) for tree in (root, shell)]
    places = list(root.iter(PLACE_TAG))
    if len(places) != 1 or places[0].getparent() is not boxes[0] or len(boxes[1]):
        return None
    if _says(root) != _says(shell) or _says(boxes[0]) != _says(boxes[1]):
        return None
    document = read_xml_feed(root)
    return None if document.items else document


def _box(root: Any) -> Any:
    """Return the element that items stand in."""
    channel = root.find("channel")
    return root if channel is None else channel


def _says(element: Any) -> tuple[object, ...]:
    """Return what an element's tag says to those within it."""
    return element.tag, element.nsmap, dict(element.attrib)


# ------------------------------------------------------------ items

_good: dict[bytes, Item] = {}  # fingerprint -> what rules of a whole feed ask of an item; the oldest first


def _good_item(cut: Cut, data: bytes, block: int) -> Item | None:
    """Return an item without its words; None where there is anything wrong with it. Raises Unreadable."""
    key = sha256(b"%d %b\0%b" % (block, cut.opening, data)).digest()
    item = _good.pop(key, None) or _read_item(cut, data, block)
    if item:
        _good[key] = item
        if len(_good) > REMEMBERED:
            del _good[next(iter(_good))]
    return item


def _read_item(cut: Cut, data: bytes, block: int) -> Item | None:
    root = parse_xml(cut.opening + data + cut.closing)
    items = read_xml_feed(root).items
    if len(items) != 1 or len(_box(root)) != 1 or messages(items[0], block):
        return None
    return replace(items[0], title="", html=(), plain=(), enclosures=(), pictures=())
