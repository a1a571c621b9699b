"""The pages of the edition without pictures: its newest items with their whole texts, its archive, its feeds' pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from feedpub.kinds import OUTLINE, PAGE, THIRDS
from feedpub.model import ARCHIVE
from feedpub.publishing.documents import Document
from feedpub.publishing.filing import TEXT

if TYPE_CHECKING:
    from feedpub.content import Feed, Offer
    from feedpub.model import Collection
    from feedpub.publishing import page
    from feedpub.publishing.documents import Press


def pictureless_pages(press: Press, council: page.Council) -> Iterator[Document]:
    """Return the edition's page, its archive's and its list of feeds. None leads a program outside the edition."""
    from feedpub.publishing.feed import pictureless_entry, pictureless_offers
    from feedpub.publishing.page import pictureless
    from feedpub.publishing.render import opml

    source = press.council.source
    folder = f"{source.id}/{TEXT}"
    pictured = [offer for offer in council.offers if offer.kind != "text"]
    offers = pictureless_offers(pictured, council.folder, council.language)
    entries = [pictureless_entry(entry) for entry in council.newest]
    yield Document(f"{folder}{OUTLINE.name}", opml.outline(offers[0].title, [(source, offers)]), OUTLINE)
    yield Document(f"{folder}{PAGE.name}", pictureless.pictureless_page(council, entries, offers), PAGE)
    yield Document(f"{folder}{ARCHIVE}{PAGE.name}", pictureless.pictureless_archive_page(council, offers[0]), PAGE)


def pictureless_topic(council: page.Council, collection: Collection, feed: Feed) -> Document:
    """Return the page of a topic or a category; ``feed`` is the one without pictures."""
    from feedpub.publishing.page import pictureless

    data = pictureless.pictureless_topic_page(council, _own(council), collection.title, feed)
    return Document(f"{council.id}/{TEXT}{collection.name}/{PAGE.name}", data, PAGE)


def pictureless_month(council: page.Council, month: Collection, feed: Feed) -> Iterator[Document]:
    """Return the pages of a month of the archive: first those with the texts, then the one that leads to them."""
    from feedpub.publishing.feed import pictureless_entry
    from feedpub.publishing.page import pictureless

    name, own = month.name.removeprefix(ARCHIVE), _own(council)
    folder = f"{council.id}/{TEXT}{month.name}/"
    entries = [pictureless_entry(entry) for entry in feed.entries]
    for third in THIRDS:
        data = pictureless.pictureless_third_page(council, own, name, third, entries)
        yield Document(f"{folder}{third}/{PAGE.name}", data, PAGE)
    yield Document(f"{folder}{PAGE.name}", pictureless.pictureless_month_page(council, own, name, entries), PAGE)


def _own(council: page.Council) -> Offer:
    """Return the edition's own feed."""
    from feedpub.publishing.feed import pictureless_offers

    [own] = pictureless_offers(council.offers[:1], council.folder, council.language)
    return own
