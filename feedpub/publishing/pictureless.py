"""The pages of the edition without pictures: its newest items with their whole texts, and the list of its feeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from feedpub.kinds import OUTLINE, PAGE
from feedpub.publishing.documents import Document

if TYPE_CHECKING:
    from feedpub.publishing import page
    from feedpub.publishing.documents import Press


def pictureless_pages(press: Press, council: page.Council) -> Iterator[Document]:
    """Return the edition's page and its list of feeds. Neither leads a program to anything outside the edition."""
    from feedpub.publishing.feed import TEXT, pictureless_entry, pictureless_offers
    from feedpub.publishing.page import pictureless
    from feedpub.publishing.render import opml

    source = press.council.source
    folder = f"{source.id}/{TEXT}"
    pictured = [offer for offer in council.offers if offer.kind != "text"]
    offers = pictureless_offers(pictured, council.folder, council.language)
    entries = [pictureless_entry(entry) for entry in council.newest]
    yield Document(f"{folder}{OUTLINE.name}", opml.outline(offers[0].title, [(source, offers)]), OUTLINE)
    yield Document(f"{folder}{PAGE.name}", pictureless.pictureless_page(council, entries, offers), PAGE)
