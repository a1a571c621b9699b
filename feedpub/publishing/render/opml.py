"""Feeds as offered → OPML 2.0 (http://opml.org/spec2.opml), a list that readers and aggregators import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from feedpub.content import Offer
from feedpub.model import Source

MEDIA_TYPE = "text/x-opml; charset=utf-8"


def render(title: str, offered: Iterable[tuple[Source, Sequence[Offer]]]) -> bytes:
    """All feeds of all sources; those of a source stand together under its name, its own feed first.

    Without dates: the list changes when a feed comes or goes, and not with every item.
    """
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    for source, offers in offered:
        group = etree.SubElement(body, "outline", text=source.title)
        for offer in offers:
            etree.SubElement(
                group, "outline", type="rss", text=offer.title, title=offer.title,
                xmlUrl=f"{offer.folder}atom.xml", htmlUrl=source.home, language=source.language,
                description=source.description,
            )  # fmt: skip
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))
