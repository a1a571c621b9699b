"""What is published of a source, file by file: of its own feed, of each of its collections, of its pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from feedpub import address, content
from feedpub.council import Council
from feedpub.edges import Publish
from feedpub.model import ARCHIVE, CATEGORY, OWN, TOPIC, Collection, Health
from feedpub.publishing.placing import months
from feedpub.publishing.render import DUMP, FORMATS, OUTLINE, PAIR, Format
from feedpub.store.collections import ALL

if TYPE_CHECKING:
    from feedpub.content import Entry, Feed, Offer, Stored
    from feedpub.publishing import page

# feed, page and what they stand on are imported where they are needed: a run that finds nothing new needs none of them.

TEXT = "text/"  # the folder of what holds no pictures
PAGE = "index.html"
CONTENTS = "index.json"
PAGES = (PAGE, TEXT + PAGE, ARCHIVE + PAGE, ARCHIVE + CONTENTS)
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

    council: Council
    target: Target
    collections: Mapping[str, Collection]  # those that have items, by name

    @classmethod
    def of(cls, council: Council, target: Target) -> Press:
        return cls(council, target, {c.name: c for c in council.state.collections.named()})

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
        return [f"{self.council.id}/{file}" for file in files(name)]

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

        told = self.shown()
        for file, data in (
            (PAGE, page.source(told)),
            (TEXT + PAGE, page.source(told, has_pictures=False)),
            (ARCHIVE + PAGE, page.archive(told)),
        ):
            yield Document(f"{self.council.id}/{file}", data, HTML)
        yield Document(f"{self.council.id}/{ARCHIVE}{CONTENTS}", self._contents(), JSON)

    # ------------------------------------------------------------ feeds

    def _own(self) -> Iterator[Document]:
        """The source's own feed in all formats, and without pictures."""
        from feedpub.publishing.feed import choice, without_pictures

        items = self.council.state.items.newest(self.target.items + 1)
        if not items:  # all were withdrawn: a feed is never emptied
            return
        tombstones = tuple(self.council.state.items.tombstones(self.target.items))
        made = self._feed(items[: self.target.items])
        made = replace(made, tombstones=tombstones, updated=max((made.updated, *(t.when for t in tombstones))))

        def previous(shown: int) -> str | None:
            """The archive with the first item that a feed of so many does not show."""
            if shown >= len(items):
                return None
            return f"{self.base}{choice.archive(items[shown].date, self.council.zone)}/"

        bare = without_pictures(made, self.council.feed_id("text"))
        yield from (self._fitting(form, bare) for form in PAIR)
        yield from (self._fitting(form, made, previous) for form in FORMATS)

    def _archive(self, collection: Collection) -> Iterator[Document]:
        """All items of a month, however many: aggregators read them once."""
        from feedpub.publishing import page

        older = [m.name for m in months(self.collections.values()) if m.name < collection.name]
        made = self._feed(self._members(collection.name), collection, f"{self.base}{older[-1]}/" if older else None)
        for form in (*PAIR, DUMP):
            yield self._document(form, made)
        data = page.month(self.shown(), collection.name.removeprefix(ARCHIVE), made)
        yield Document(f"{self.council.id}/{collection.name}/{PAGE}", data, HTML)

    def _feed(self, items: Sequence[Stored], collection: Collection | None = None, previous: str | None = None) -> Feed:
        from feedpub.publishing.feed import feed

        part = collection.name.replace("/", "=") if collection and not collection.name.startswith(ARCHIVE) else ""
        return feed(
            self.council.source,
            items,
            feed_id=self.council.feed_id(part),
            media=self.council.state.media.measured([f.url for s in items for f in s.article.offered]),
            site=self.council.facts.site,
            base_url=self.target.base_url,
            version=self.target.version,
            collection=collection,
            previous=previous,
            hubs=self.target.hubs,
        )

    def _members(self, name: str, limit: int = ALL) -> list[Stored]:
        return self.council.state.collections.members(name, limit)

    def _fitting(self, form: Format, feed: Feed, previous: Callable[[int], str | None] = lambda _: None) -> Document:
        """The feed with as many of its newest items as readers take; one, however long it is.

        ``previous`` gives the archive that goes on after so many items.
        """
        while True:
            made = self._document(form, replace(feed, previous=previous(len(feed.entries))))
            if len(made.data) <= LARGEST or len(feed.entries) == 1:
                return made
            feed = replace(feed, entries=feed.entries[: len(feed.entries) * 4 // 5])

    def _document(self, form: Format, feed: Feed) -> Document:
        name = feed.base_url.removeprefix(self.target.base_url) + form.name
        return Document(name, form.render(feed, self.target.base_url + name), form.media_type)

    # ------------------------------------------------------------ pages

    def shown(self) -> page.Council:
        """What pages tell of the source."""
        from feedpub.publishing import page

        source = self.council.source
        newest = self._entries()
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
            outline=f"{self.target.base_url}{OUTLINE}",
            updated=max((e.updated for e in newest), default=None),
            health=health(self.council),
            newest=newest,
            offers=self.offers(),
            months=[
                page.Month(c.name.removeprefix(ARCHIVE), c.items) for c in reversed(months(self.collections.values()))
            ],
        )

    def _entries(self) -> list[Entry]:
        from feedpub.publishing.feed import entry

        items = self.council.state.items.newest(ON_A_PAGE)
        media = self.council.state.media.measured([f.url for s in items for f in s.article.offered])
        return [entry(self.council.source, s, media) for s in items]

    def offers(self) -> list[Offer]:
        """All feeds of the source: its own, topics as configured, categories from the largest on, without pictures."""
        from feedpub.publishing.feed import TEXT, bare_title, choice

        def offer(kind: str, c: Collection) -> Offer:
            title = choice.title(self.council.source, c.title)
            return content.Offer(title, c.title, kind, f"{self.base}{c.name}/", c.items)

        topics = [self.collections[n] for t in self.council.source.topics if (n := TOPIC + t.id) in self.collections]
        categories = sorted(
            (c for c in self.collections.values() if c.name.startswith(CATEGORY)), key=lambda c: (-c.items, c.name)
        )
        bare = bare_title(self.council.source.title, self.council.source.language)
        return [
            content.Offer(self.council.source.title, self.council.source.title, "all", self.base),
            *(offer("topic", c) for c in topics),
            *(offer("category", c) for c in categories),
            content.Offer(bare, bare, "text", f"{self.base}{TEXT}/"),
        ]

    def _contents(self) -> bytes:
        """The archive's months, with the addresses of their documents: for programs that want everything."""
        found = months(self.collections.values())
        document = {
            "title": self.council.source.title,
            "home_page_url": self.council.source.home,
            "language": self.council.source.language,
            "rights": self.council.source.terms.rights,
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


def health(council: Council) -> Health:
    """Return how news arrive, as far as people should know. From the state alone: the clock is not in it."""
    visits = (council.state.visits.get(url) for url in council.source.listings)
    failing = [v for v in visits if v and v.error]
    rests = council.state.store.hosts.rests() if failing else {}
    resting = [rests.get(address.host(v.url)) for v in failing]
    is_resting = any(rest and rest.until - rest.asked >= LONG_REST for rest in resting)
    is_reached = not is_resting and all(v.failures < UNREACHED for v in failing)
    is_well = is_reached and not council.is_held
    return Health(is_reached, council.is_held, None if is_well else council.facts.succeeded)
