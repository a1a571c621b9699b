"""Articles → Feed: order, attribution, topics.

The council's terms allow its text to be republished only with an active,
direct hyperlink, open to search engines, to the source, no lower than the
second paragraph. So an Entry's summary and content both hold that link, and
no other room has to think of it (``check`` makes sure of it again).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import unquote

from feedpub.content import Feed, Generator, Medium, Stored, Tombstone
from feedpub.model import Collection, Site, Source
from feedpub.publishing.feed import choice
from feedpub.publishing.feed.entries import entry_of, in_short
from feedpub.publishing.feed.pictureless import TEXT, pictureless_entry, pictureless_offers, without_pictures

__all__ = [
    "TEXT", "Closing", "Edition", "archive_document", "entry_of", "in_short", "pictureless_entry", "pictureless_offers",
    "subscription_document", "with_tombstones", "without_pictures",
]  # fmt: skip

TTL = 60  # minutes: how often the cron job of the README runs
TTL_CLOSED = 24 * 60  # minutes, of a feed that gets no more news: a reader learns within a day if it is open again
GENERATOR = "feedpub"
MAIL = "mailto:"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a topic without items was last updated: the same with each run


@dataclass(frozen=True, slots=True)
class Closing:
    """That a source gets no more news."""

    at: datetime
    words: str  # for people, in the council's language


@dataclass(frozen=True, slots=True)
class Edition:
    """What all feeds of a source are made with."""

    source: Source
    site: Site  # icon and logo that the site's pages name, where none are configured
    media: Mapping[str, Medium]  # the files that were measured, by address
    base_url: str  # of the published folder
    version: str  # of feedpub
    hubs: tuple[str, ...] = ()
    contact: str = ""  # of the publisher: mailto: or the address of a page
    closing: Closing | None = None  # None: the source is open

    @property
    def folder(self) -> str:
        """The address of the source's own feed."""
        return f"{self.base_url}{self.source.id}/"


def subscription_document(
    edition: Edition, items: Sequence[Stored], feed_id: str, collection: Collection | None = None
) -> Feed:
    """Return the feed that people subscribe to: of the source, or of a collection; newest first (RFC 5005, 4).

    What is too large for it is there in short; the archive has all of it.
    Raises ValueError where there are no items, but for a collection: a topic may still wait for its first one.
    """
    source = edition.source
    if not items and not collection:
        raise ValueError(f"{source.id} has no items")
    feed = _plain_feed(edition, items, feed_id)
    if collection:
        title = choice.title_beside(source, collection.title)
        feed = replace(feed, title=title, base_url=f"{edition.folder}{collection.name}/")
    if edition.closing:
        feed = _closed(feed, edition.closing)
    return replace(
        feed,
        entries=tuple(in_short(entry, source.language) for entry in feed.entries),
        webmaster=mail_of(edition.contact),
        icon=source.icon or edition.site.icon,
        logo=source.logo or edition.site.logo,
        ttl=TTL_CLOSED if edition.closing else TTL,
        generator=Generator(GENERATOR, edition.version, "" if mail_of(edition.contact) else edition.contact),
        hubs=edition.hubs,
    )


def _closed(feed: Feed, closing: Closing) -> Feed:
    """Return the feed with the words that it is closed. It has no entry about that: it would pass for the council's."""
    description = f"{closing.words} {feed.description}".strip()
    return replace(feed, description=description, updated=max(feed.updated, closing.at), is_closed=True)


def archive_document(
    edition: Edition, items: Sequence[Stored], feed_id: str, month: Collection, previous: str | None
) -> Feed:
    """Return a month of the archive: a part of the source's feed, with the same id (RFC 5005, 4).

    ``previous`` is the folder of the month before. The document says no more
    about the feed than it must, since the subscription document says it all. So
    its bytes change with one of its items, not with the council's icon or our
    version. Raises ValueError where there are no items.
    """
    if not items:
        raise ValueError(f"{edition.source.id} has no items in {month.title}")
    feed = _plain_feed(edition, items, feed_id)
    return replace(
        feed,
        title=choice.title_beside(edition.source, month.title),
        base_url=f"{edition.folder}{month.name}/",
        previous=previous,
        current=edition.folder,
    )


def mail_of(contact: str) -> str | None:
    """Return the address for mail in a contact; None where the contact is a page."""
    return unquote(contact.removeprefix(MAIL).partition("?")[0]) if contact.startswith(MAIL) else None


def with_tombstones(feed: Feed, tombstones: Sequence[Tombstone]) -> Feed:
    """Return the feed with the items that are no more (RFC 6721)."""
    updated = max([feed.updated, *(t.when for t in tombstones)])
    return replace(feed, tombstones=tuple(tombstones), updated=updated)


def _plain_feed(edition: Edition, items: Sequence[Stored], feed_id: str) -> Feed:
    """Return what every document of the source's feed says."""
    source = edition.source
    newest_first = sorted(items, key=lambda s: (s.date, s.id), reverse=True)
    entries = tuple(entry_of(source, stored, edition.media) for stored in newest_first)
    return Feed(
        id=feed_id,
        title=source.title,
        description=source.description,
        home=source.home,
        base_url=edition.folder,
        language=source.language,
        rights=source.terms.rights,
        author=source.title,
        webmaster=None,
        icon=None,
        logo=None,
        category_scheme=source.home,
        updated=max((e.updated for e in entries), default=NEVER),
        ttl=0,
        generator=Generator(GENERATOR),
        entries=entries,
    )
