"""What is published of a source, file by file: of its own feed, of each of its collections, of its pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feedpub import address, content
from feedpub.collecting import dedupe
from feedpub.council import authority
from feedpub.edges import Publish
from feedpub.kinds import DUMP, OUTLINE, Kind, Part, feeds_in
from feedpub.model import ARCHIVE, CATEGORY, TOPIC, Collection, Health, Source
from feedpub.publishing.placing import OWN, months
from feedpub.publishing.render import render
from feedpub.store import Store

if TYPE_CHECKING:
    from feedpub.content import Entry, Feed, Offer, Stored
    from feedpub.publishing import page

# feed, page and what they stand on are imported where they are needed: a run that finds nothing new needs none of them.

TEXT = "text/"  # the folder of what holds no pictures
PAGE = "index.html"
CONTENTS = "index.json"
PAGES = (PAGE, TEXT + PAGE, ARCHIVE + PAGE, ARCHIVE + CONTENTS)
FORMATS, PAIR = feeds_in(Part.SOURCE), feeds_in(Part.COLLECTION)
HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
LARGEST = 1_000_000  # bytes of a feed; beyond it, some readers give up
ON_A_PAGE = 25  # items
UNREACHED = 2  # times in a row that a listing failed, for people to be told
LONG_REST = timedelta(hours=1)  # for which a host wants to be left in peace: likewise


@dataclass(frozen=True, slots=True)
class Target:
    """Where feeds go, and how many items they have."""

    publish: Publish
    base_url: str
    items: int
    version: str
    hubs: tuple[str, ...] = ()  # to be told of every change (WebSub)


@dataclass(frozen=True, slots=True)
class Document:
    """A file to be published, as it would be."""

    name: str
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Press:
    """Makes a source's documents from the state."""

    source: Source
    store: Store
    target: Target
    collections: Mapping[str, Collection]  # those that have items

    @property
    def published(self) -> set[str]:
        """The names of what is published already."""
        return set(self.store.documents(self.source.id))

    @property
    def base(self) -> str:
        return f"{self.target.base_url}{self.source.id}/"

    def documents(self, name: str) -> Iterator[Document]:
        """Those of a collection, or of the source's own feed; none where it has no items."""
        if name == OWN:
            yield from self._own()
        elif name in self.collections and name.startswith(ARCHIVE):
            yield from self._archive(self.collections[name])
        elif name in self.collections:
            made = self._feed(self._members(name, self.target.items), self.collections[name])
            yield from (self._fitting(form, made) for form in PAIR)

    def pages(self) -> Iterator[Document]:
        """For people: the newest items, with and without pictures, and the archive's months."""
        from feedpub.publishing import page

        told = self.council()
        for file, data in (
            (PAGE, page.source_page(told)),
            (TEXT + PAGE, page.source_page(told, has_pictures=False)),
            (ARCHIVE + PAGE, page.archive_page(told)),
        ):
            yield Document(f"{self.source.id}/{file}", data, HTML)
        yield Document(f"{self.source.id}/{ARCHIVE}{CONTENTS}", self._contents(), JSON)

    # ------------------------------------------------------------ feeds

    def _own(self) -> Iterator[Document]:
        """The source's own feed in all formats, and without pictures."""
        from feedpub.publishing.feed import choice, with_tombstones, without_pictures

        items = self.store.newest(self.source.id, self.target.items + 1)
        if not items:  # all were withdrawn: a feed is never emptied
            return
        tombstones = tuple(self.store.tombstones(self.source.id, self.target.items))
        made = self._feed(items[: self.target.items])
        made = with_tombstones(made, tombstones)

        def previous(shown: int) -> str | None:
            """The archive with the first item that a feed of so many does not show."""
            if shown >= len(items):
                return None
            return f"{self.base}{choice.archive_name(items[shown].date, ZoneInfo(self.source.timezone))}/"

        bare = without_pictures(made, self._identity("text"))
        yield from (self._fitting(form, bare) for form in PAIR)
        yield from (self._fitting(form, made, previous) for form in FORMATS)

    def _archive(self, collection: Collection) -> Iterator[Document]:
        """All items of a month, however many: aggregators read them once."""
        from feedpub.publishing import page

        older = [m.name for m in months(self.collections.values()) if m.name < collection.name]
        made = self._feed(self._members(collection.name), collection, f"{self.base}{older[-1]}/" if older else None)
        for form in (*PAIR, DUMP):
            yield self._document(form, made)
        data = page.month_page(self.council(), collection.name.removeprefix(ARCHIVE), made)
        yield Document(f"{self.source.id}/{collection.name}/{PAGE}", data, HTML)

    def _feed(self, items: Sequence[Stored], collection: Collection | None = None, previous: str | None = None) -> Feed:
        from feedpub.publishing.feed import Edition, archive_document, subscription_document

        media = self.store.media([f.url for s in items for f in s.article.offered])
        target = self.target
        site = self.store.site(self.source.id)
        edition = Edition(self.source, site, media, target.base_url, target.version, target.hubs)
        if collection and collection.name.startswith(ARCHIVE):
            return archive_document(edition, items, self._identity(""), collection, previous)
        part = collection.name.replace("/", "=") if collection else ""
        return subscription_document(edition, items, self._identity(part), collection)

    def _members(self, name: str, limit: int = -1) -> list[Stored]:
        return self.store.members(self.source.id, name, limit)

    def _identity(self, part: str) -> str:
        return dedupe.feed_identity(self.source, authority(self.source, self.store), part)

    def _fitting(self, form: Kind, feed: Feed, previous: Callable[[int], str | None] = lambda _: None) -> Document:
        """The feed with as many of its newest items as readers take; one, however long it is.

        ``previous`` gives the archive that goes on after so many items.
        """
        while True:
            made = self._document(form, replace(feed, previous=previous(len(feed.entries))))
            if len(made.data) <= LARGEST or len(feed.entries) == 1:
                return made
            feed = replace(feed, entries=feed.entries[: len(feed.entries) * 4 // 5])

    def _document(self, form: Kind, feed: Feed) -> Document:
        name = feed.base_url.removeprefix(self.target.base_url) + form.name
        return Document(name, render(form, feed, self.target.base_url + name), form.media_type)

    # ------------------------------------------------------------ pages

    def council(self) -> page.Council:
        """What pages tell of the source."""
        from feedpub.publishing import page

        source = self.source
        newest = self._entries()
        return page.Council(
            id=source.id,
            is_published=OWN in self.published,
            title=source.title,
            description=source.description,
            home=source.home,
            language=source.language,
            zone=ZoneInfo(source.timezone),
            rights=source.terms.rights,
            folder=self.base,
            front=self.target.base_url,
            outline=f"{self.target.base_url}{OUTLINE.name}",
            updated=max((e.updated for e in newest), default=None),
            health=health(source, self.store),
            newest=newest,
            offers=self.offers(),
            months=[
                page.Month(c.name.removeprefix(ARCHIVE), c.items) for c in reversed(months(self.collections.values()))
            ],
        )

    def _entries(self) -> list[Entry]:
        from feedpub.publishing.feed import entry_of

        items = self.store.newest(self.source.id, ON_A_PAGE)
        media = self.store.media([f.url for s in items for f in s.article.offered])
        return [entry_of(self.source, s, media) for s in items]

    def offers(self) -> list[Offer]:
        """All feeds of the source: its own, topics as configured, categories from the largest on, without pictures."""
        from feedpub.publishing.feed import TEXT, choice, pictureless_title

        def offer(kind: str, c: Collection) -> Offer:
            return content.Offer(
                choice.title_beside(self.source, c.title), c.title, kind, f"{self.base}{c.name}/", c.items
            )

        topics = [self.collections[n] for t in self.source.topics if (n := TOPIC + t.id) in self.collections]
        categories = sorted(
            (c for c in self.collections.values() if c.name.startswith(CATEGORY)), key=lambda c: (-c.items, c.name)
        )
        bare = pictureless_title(self.source.title, self.source.language)
        return [
            content.Offer(self.source.title, self.source.title, "all", self.base),
            *(offer("topic", c) for c in topics),
            *(offer("category", c) for c in categories),
            content.Offer(bare, bare, "text", f"{self.base}{TEXT}/"),
        ]

    def _contents(self) -> bytes:
        """The archive's months, with the addresses of their documents: for programs that want everything."""
        found = months(self.collections.values())
        document = {
            "title": self.source.title,
            "home_page_url": self.source.home,
            "language": self.source.language,
            "rights": self.source.terms.rights,
            "items": sum(c.items for c in found),
            "months": [
                {"month": c.name.removeprefix(ARCHIVE), "items": c.items}
                | {form.name: f"{self.base}{c.name}/{form.name}" for form in (DUMP, *PAIR)}
                for c in found
            ],
        }
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def files(name: str) -> list[str]:
    """The files of a collection, in the source's folder."""
    if name == OWN:
        return [*(TEXT + f.name for f in PAIR), *(f.name for f in FORMATS)]
    forms = (*PAIR, DUMP) if name.startswith(ARCHIVE) else PAIR
    return [f"{name}/{form.name}" for form in forms] + ([f"{name}/{PAGE}"] if name.startswith(ARCHIVE) else [])


def health(source: Source, store: Store) -> Health:
    """How news arrive, as far as people should know. From the state alone: the clock is not in it."""
    failing = [v for url in source.listings if (v := store.visit(source.id, url)) and v.error]
    rests = store.rests() if failing else {}
    resting = [r for v in failing if (r := rests.get(address.host(v.url))) and r.until - r.asked >= LONG_REST]
    is_reached = not resting and all(v.failures < UNREACHED for v in failing)
    is_held = store.brake(source.id) is not None
    return Health(is_reached, is_held, None if is_reached and not is_held else store.succeeded(source.id))


def front(presses: Sequence[Press]) -> Iterator[Document]:
    """What speaks of all sources: their page, and the list of their feeds."""
    from feedpub.publishing import page
    from feedpub.publishing.page.strings import Words
    from feedpub.publishing.render import opml

    title = Words(presses[0].source.language).councils
    offered = [(p.source, p.offers()) for p in presses if OWN in p.published]
    yield Document(OUTLINE.name, opml.outline(title, offered), OUTLINE.media_type)
    yield Document(PAGE, page.front_page([p.council() for p in presses]), HTML)
