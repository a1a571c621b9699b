"""Feeds as offered → OPML 2.0 (http://opml.org/spec2.opml), a list that readers and aggregators import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from feedpub.content import Offer
from feedpub.kinds import PREFERRED
from feedpub.model import Source


def outline(title: str, offered: Iterable[tuple[Source, Sequence[Offer]]]) -> bytes:
    """Return the list of all feeds of all sources. A source's feeds are together under its name, its own feed first.

    The list has no dates: it changes when a feed comes or goes, not with every item.
    """
    root, body = _empty(title)
    for source, offers in offered:
        group = etree.SubElement(body, "outline", text=source.title)
        for offer in offers:
            attributes = {
                "type": "rss",  # OPML's word for a feed of any format
                "text": offer.title,
                "title": offer.title,
                "xmlUrl": f"{offer.folder}{PREFERRED.name}",
                "htmlUrl": offer.home or source.home,
                "language": source.language,
                "description": source.description,
            }
            etree.SubElement(group, "outline", attributes)
    return _written(root)


def outline_of_lists(title: str, lists: Iterable[tuple[str, str]]) -> bytes:
    """Return a list of other such lists, each with its title and its address. Programs read them in its place."""
    root, body = _empty(title)
    for text, url in lists:
        etree.SubElement(body, "outline", {"type": "include", "text": text, "url": url})
    return _written(root)


def _empty(title: str) -> tuple[etree._Element, etree._Element]:
    """Return a list without entries, and its body."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    return root, etree.SubElement(root, "body")


def _written(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))
