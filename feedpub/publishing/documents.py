"""What is published of a source, file by file: of its own feed, of each of its collections, of its pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from feedpub import address, content
from feedpub.council import Council
from feedpub.edges import Publish
from feedpub.kinds import (
    BUTTON,
    CONTENTS,
    ITEM,
    OUTLINE,
    PAGE,
    QR,
    SEARCH,
    Kind,
    Part,
    item_file,
    rendered_in,
)
from feedpub.model import ABOUT, ARCHIVE, CATEGORY, OWN, PRESS, TOPIC, Collection
from feedpub.publishing import filing
from feedpub.publishing.closing import closing_of
from feedpub.publishing.health import brief_health, health
from feedpub.publishing.placing import months
from feedpub.publishing.render import render
from feedpub.store.collections import ALL

if TYPE_CHECKING:
    from feedpub.content import Entry, Feed, Offer, Stored, Thumbnail
    from feedpub.publishing import page

# feed, page and what they stand on are imported where they are needed: a run that finds nothing new needs none of them.

LARGEST = 1_000_000  # bytes of a feed; beyond it, some readers give up
ON_A_PAGE = 25  # items


@dataclass(frozen=True, slots=True)
class Target:
    """Where feeds go, and how many items they have."""

    publish: Publish
    base_url: str
    items: int
    version: str
    hubs: tuple[str, ...] = ()  # to be told of every change (WebSub)
    publisher: str = ""  # who publishes all this; "": it is named by the address
    contact: str = ""  # where the publisher is reached, mailto: or the address of a page; "": nobody has said
    thumbnails: int = 0  # of how many newest items of a source pages show pictures: small copies on this host

    @property
    def publisher_name(self) -> str:
        return self.publisher or address.host(self.base_url)

    @property
    def way_to_publisher(self) -> str | None:
        """Where people reach the publisher; None: nobody has said. The page that says so would lead to itself."""
        is_itself = self.contact.rstrip("/") == f"{self.base_url}{ABOUT}".rstrip("/")
        return None if is_itself else self.contact or None


@dataclass(frozen=True, slots=True)
class Document:
    """A file to be published, as it would be."""

    name: str
    data: bytes
    kind: Kind


@dataclass(frozen=True, slots=True)
class Press:
    """Makes a source's documents from the state."""

    council: Council
    target: Target
    collections: Mapping[str, Collection]  # those that have documents, by name
    unreadable: frozenset[str] = frozenset()  # items whose own pages are not as they should be: nothing leads there

    @classmethod
    def of(cls, council: Council, target: Target) -> Press:
        collections = {c.name: c for c in filing.with_documents(council, target.publish)}
        return cls(council, target, collections, frozenset(council.state.collections.stale_items()))

    def without_unpublished(self) -> Press:
        """Return a press for pages that lead to nothing that is held back."""
        published = self.published
        return replace(self, collections={n: c for n, c in self.collections.items() if n in published})

    @property
    def published(self) -> set[str]:
        """The names of the documents that are published already."""
        return set(self.council.state.collections.published())

    @property
    def block(self) -> int:
        """The block of the text that holds the link, by the council's terms."""
        return self.council.source.terms.block

    @property
    def base(self) -> str:
        return f"{self.target.base_url}{self.council.id}/"

    def files(self, name: str) -> list[str]:
        """Return the names of a collection's files."""
        return [f"{self.council.id}/{file}" for file in filing.files(name)]

    def documents(self, name: str) -> Iterator[Document]:
        """Those of a collection, or of the source's own feed; none where it has no items."""
        if name == OWN:
            yield from self._own()
        elif name in self.collections and name.startswith(ARCHIVE):
            yield from self._archive(self.collections[name])
        elif name in self.collections:
            yield from self._collection(self.collections[name])

    def readings(self, items: Iterable[str]) -> Iterator[tuple[str, list[Document]]]:
        """The own pages of items, by their ids. A page of one that was withdrawn says no more than that.

        An item that was published by a state that was lost, and is still to be read again, has none: its page stays.
        """
        from feedpub.publishing.feed import entry_of
        from feedpub.publishing.page import reading

        frame, state = self.shown(is_brief=True), self.council.state
        for item in items:
            stored = state.items.get(item)
            name = f"{self.council.id}/{item_file(item)}"
            if stored and stored.gone:
                yield item, [Document(name, reading.withdrawn_page(frame), ITEM)]
            elif stored and stored.is_read:
                media = state.media.measured([f.url for f in stored.article.offered])
                entry = entry_of(self.council.source, stored, media)
                yield item, [Document(name, reading.item_page(frame, entry, self.copies(item)), ITEM)]
            else:
                yield item, []

    def copies(self, item: str) -> dict[str, Thumbnail]:
        """The small copies of an item's pictures, by what all addresses of a picture have in common."""
        return {address.file_key(url): copy for url, copy in self.council.state.thumbnails.of(item).items()}

    def pages(self) -> Iterator[Document]:
        """For people: the newest items, with and without pictures, and the archive's months."""
        from feedpub.publishing import page
        from feedpub.publishing.pictureless import pictureless_pages

        council = self.shown()
        folder = f"{self.council.id}/"
        yield Document(f"{folder}{PAGE.name}", page.source_page(council), PAGE)
        yield from pictureless_pages(self, council)
        yield Document(f"{folder}{ARCHIVE}{PAGE.name}", page.archive_page(council), PAGE)
        yield Document(f"{folder}{ARCHIVE}{CONTENTS.name}", self._contents(), CONTENTS)

    def for_press_officer(self) -> Iterator[Document]:
        """What is for the council's press officer: a page, and pictures for the council's own site."""
        from feedpub.publishing.page import press
        from feedpub.publishing.page.strings import Words

        council, words = self.shown(is_brief=True), Words(self.council.source.language)
        folder = f"{self.council.id}/{PRESS}"
        target = self.target
        yield Document(f"{folder}{BUTTON.name}", press.button(words.press_button_label), BUTTON)
        yield Document(f"{folder}{QR.name}", press.qr_code(council.folder, words), QR)
        data = press.press_page(council, target.publisher_name, target.way_to_publisher)
        yield Document(f"{folder}{PAGE.name}", data, PAGE)

    # ------------------------------------------------------------ feeds

    def _own(self) -> Iterator[Document]:
        """The source's own feed in all formats, and without pictures."""
        from feedpub.publishing.feed import choice, with_tombstones

        items = self.council.state.items.newest(self.target.items + 1)
        if not items:  # all were withdrawn: a feed is never emptied
            return
        tombstones = list(self.council.state.withdrawn.tombstones(self.target.items))
        feed = with_tombstones(self._feed(items[: self.target.items]), tombstones)

        def previous(shown: int) -> str | None:
            """The archive with the first item that a feed of so many does not show."""
            if shown >= len(items):
                return None
            return f"{self.base}{choice.archive_name(items[shown].date, self.council.zone)}/"

        pictureless = self._without_pictures(feed, "text")
        yield from (self._fitting(kind, pictureless) for kind in rendered_in(Part.TEXT))
        yield from (self._fitting(kind, feed, previous) for kind in rendered_in(Part.SOURCE))

    def _collection(self, collection: Collection) -> Iterator[Document]:
        """The feed of a topic or a category, with and without pictures, and the page of each."""
        from feedpub.publishing.page.topics import topic_page
        from feedpub.publishing.pictureless import pictureless_topic

        shown, name = self.shown(is_brief=True), collection.name
        feed = self._feed(self._members(name, self.target.items), collection)
        pictureless = self._without_pictures(feed, f"text={_part(name)}")
        yield from (self._fitting(kind, pictureless) for kind in rendered_in(Part.TEXT_COLLECTION))
        yield pictureless_topic(shown, collection, pictureless)
        yield from (self._fitting(kind, feed) for kind in rendered_in(Part.COLLECTION))
        data = topic_page(shown, collection.title, feed)
        yield Document(f"{self.council.id}/{name}/{PAGE.name}", data, PAGE)

    def _without_pictures(self, feed: Feed, feed_part: str) -> Feed:
        """The same feed without pictures."""
        from feedpub.publishing.feed import without_pictures

        return without_pictures(feed, self.council.feed_id(feed_part), self.base)

    def _archive(self, collection: Collection) -> Iterator[Document]:
        """All items of a month, however many: aggregators read them once."""
        from feedpub.publishing import page
        from feedpub.publishing.pictureless import pictureless_month

        older = [m.name for m in months(self.collections.values()) if m.name < collection.name]
        feed = self._feed(self._members(collection.name), collection, f"{self.base}{older[-1]}/" if older else None)
        is_readable = self.unreadable.isdisjoint(entry.id for entry in feed.entries)
        kinds = (
            kind for kind in rendered_in(Part.MONTH) if is_readable or kind is not SEARCH
        )  # it leads to their pages
        yield from (self._document(kind, feed) for kind in kinds)
        shown = self.shown(is_brief=True)
        yield from pictureless_month(shown, collection, feed)
        data = page.month_page(shown, collection.name.removeprefix(ARCHIVE), feed)
        yield Document(f"{self.council.id}/{collection.name}/{PAGE.name}", data, PAGE)

    def _feed(self, items: Sequence[Stored], collection: Collection | None = None, previous: str | None = None) -> Feed:
        from feedpub.publishing.feed import Edition, archive_document, subscription_document

        council, target = self.council, self.target
        media = council.state.media.measured([f.url for s in items for f in s.article.offered])
        edition = Edition(
            council.source, council.facts.site, media, target.base_url, target.version, target.hubs, target.contact,
            closing_of(council),
        )  # fmt: skip
        if collection and collection.name.startswith(ARCHIVE):
            return archive_document(edition, items, council.feed_id(""), collection, previous)
        part = _part(collection.name) if collection else ""
        return subscription_document(edition, items, council.feed_id(part), collection)

    def _members(self, name: str, limit: int = ALL) -> list[Stored]:
        return self.council.state.collections.members(name, limit)

    def _fitting(self, kind: Kind, feed: Feed, previous: Callable[[int], str | None] = lambda _: None) -> Document:
        """The feed with as many of its newest items as readers take; one, however long it is.

        ``previous`` gives the archive that goes on after so many items.
        """
        while True:
            document = self._document(kind, replace(feed, previous=previous(len(feed.entries))))
            if len(document.data) <= LARGEST or len(feed.entries) == 1:
                return document
            feed = replace(feed, entries=feed.entries[: len(feed.entries) * 4 // 5])

    def _document(self, kind: Kind, feed: Feed) -> Document:
        name = feed.base_url.removeprefix(self.target.base_url) + kind.name
        return Document(name, render(kind, feed, self.target.base_url + name), kind)

    # ------------------------------------------------------------ pages

    def shown(self, *, is_brief: bool = False) -> page.Council:
        """What pages tell of the source. ``is_brief``: without its news."""
        from feedpub.publishing import page

        source = self.council.source
        newest = [] if is_brief else self._entries()
        return page.Council(
            id=source.id,
            is_published=OWN in self.published,
            title=source.title,
            description=source.description,
            home=source.home,
            language=source.language,
            zone=self.council.zone,
            rights=source.terms.rights,
            folder=self.base,
            front=self.target.base_url,
            outline=f"{self.target.base_url}{OUTLINE.name}",
            updated=max((e.updated for e in newest), default=None),
            email=source.email,
            health=brief_health(self.council) if is_brief else health(self.council),
            newest=newest,
            copies={entry.id: self.copies(entry.id) for entry in newest if entry.picture},
            unreadable=self.unreadable,
            offers=self.offers(),
            months=[
                page.Month(c.name.removeprefix(ARCHIVE), c.items) for c in reversed(months(self.collections.values()))
            ],
        )

    def _entries(self) -> list[Entry]:
        from feedpub.publishing.feed import entry_of, in_short

        items = self.council.state.items.newest(ON_A_PAGE)
        media = self.council.state.media.measured([f.url for s in items for f in s.article.offered])
        source = self.council.source
        return [in_short(entry_of(source, s, media), source.language) for s in items]

    def offers(self) -> list[Offer]:
        """The feeds of the source: its own, topics as configured, categories from the largest on, without pictures."""
        from feedpub.publishing.feed import choice, pictureless_offers

        def offer(kind: str, c: Collection) -> Offer:
            title = choice.title_beside(self.council.source, c.title)
            return content.Offer(title, c.title, kind, f"{self.base}{c.name}/", c.items)

        topics = [self.collections[n] for t in self.council.source.topics if (n := TOPIC + t.id) in self.collections]
        categories = sorted(
            (c for c in self.collections.values() if c.name.startswith(CATEGORY)), key=lambda c: (-c.items, c.name)
        )
        own = content.Offer(self.council.source.title, self.council.source.title, "all", self.base)
        [pictureless] = pictureless_offers([own], self.base, self.council.source.language)
        return [
            own,
            *(offer("topic", c) for c in topics),
            *(offer("category", c) for c in categories),
            replace(pictureless, label=pictureless.title, kind="text"),
        ]

    def _contents(self) -> bytes:
        """Return the archive's months, with the addresses of their files: for programs that want everything."""
        source, archive = self.council.source, months(self.collections.values())
        document = {
            "title": source.title,
            "home_page_url": source.home,
            "language": source.language,
            "rights": source.terms.rights,
            "items": sum(month.items for month in archive),
            "months": [self._contents_of(month) for month in archive],
        }
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()

    def _contents_of(self, month: Collection) -> Mapping[str, object]:
        whole_first = sorted(rendered_in(Part.MONTH), key=lambda kind: kind.is_feed)
        files = {kind.name: f"{self.base}{month.name}/{kind.name}" for kind in whole_first}
        return {"month": month.name.removeprefix(ARCHIVE), "items": month.items} | files


def _part(name: str) -> str:
    """Return a collection's name as a part of its feed's id."""
    return name.replace("/", "=")
