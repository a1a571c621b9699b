"""What RSS and Atom have in common: feedgen, mended through its own extension points.

What feedgen gets wrong, and where it is put right:

- Atom entries' links lose every attribute but href: ``EntryExtension`` writes the enclosure.
- RSS's channel link is the last ``link()`` of any kind but self: the alternate comes last for RSS, first for Atom.
- RSS gets none of the other links: ``FeedExtension`` writes the hubs.
- Its dc extension leaks into Atom, its media extension wraps all in ``media:group``: neither is used.
- ``add_entry`` prepends, dates default to now: every date is set, entries are appended.
- ``&`` and ``<`` in plain text are written as the RSS Profile asks, ``&#x26;`` and ``&#x3C;``: see ``rss``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feedpub.content import Entry, Feed
from feedpub.kinds import RSS, Kind

ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"  # RFC 6721
HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"  # Dublin Core's, too
MEDIA = "http://search.yahoo.com/mrss/"  # with the slash: without it, readers find no pictures


def generator_of(kind: Kind, feed: Feed, own_url: str) -> FeedGenerator:
    """Return a feedgen feed with all that RSS and Atom say in the same way, and no entries yet."""
    generator = FeedGenerator()
    generator.id(feed.id)
    generator.title(feed.title)
    generator.description(feed.description)
    generator.language(feed.language)
    generator.updated(feed.updated)
    made_by = feed.generator
    generator.generator(made_by.name, version=made_by.version or None, uri=made_by.page or None)
    generator.link(href=own_url, rel="self", type=kind.bare_type)
    for hub in feed.hubs:
        generator.link(href=hub, rel="hub")
    generator.register_extension("feedpub", FeedExtension, EntryExtension)
    generator.feedpub.feed = feed
    generator.feedpub.kind = kind
    return generator


def add_entry(generator: FeedGenerator, entry: Entry, categories: Iterable[dict[str, str]]) -> FeedEntry:
    """Append the entry and return it as feedgen has it."""
    added = generator.add_entry(order="append")
    added.feedpub.entry = entry
    added.id(entry.id)  # and RSS's guid, isPermaLink="false"
    added.title(entry.title)
    added.link(href=entry.url, rel="alternate")
    added.published(entry.published)
    added.updated(entry.updated)
    added.summary(entry.summary_html, type="html")  # and RSS's description; before content, which else becomes it
    added.content(entry.content_html, type="html")
    for category in categories:
        added.category(category)
    return added


# ------------------------------------------------------------ what feedgen cannot say


class FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Adds a feed's hubs in RSS, its place in the archive, and in Atom the items that are no more.

    RSS has no author without an e-mail address, so its entries use Dublin Core's.
    """

    feed: Feed
    kind: Kind

    def extend_ns(self) -> dict[str, str]:
        namespaces = {"media": MEDIA}
        if self.kind is RSS:
            namespaces["dc"] = DUBLIN_CORE
            namespaces["dcterms"] = TERMS
        elif self.feed.tombstones:
            namespaces["at"] = TOMBSTONES
        if self.feed.current:
            namespaces["fh"] = HISTORY
        return namespaces

    def extend_rss(self, rss: Any) -> Any:
        self_link = rss.find(f"channel/{{{ATOM_NAMESPACE}}}link")
        for hub in reversed(self.feed.hubs):  # beside the feed's own address
            link = _append(self_link.getparent(), f"{{{ATOM_NAMESPACE}}}link", href=hub, rel="hub")
            self_link.addnext(link)
        self._add_history(rss.find("channel"), f"{{{ATOM_NAMESPACE}}}link")
        return rss

    def extend_atom(self, feed: Any) -> Any:
        self._add_history(feed, "link")
        # Without children: feedparser takes an author or a link in them for the feed's own.
        for tombstone in self.feed.tombstones:
            when = tombstone.when.strftime("%Y-%m-%dT%H:%M:%SZ")
            _append(feed, f"{{{TOMBSTONES}}}deleted-entry", ref=tombstone.id, when=when)
        return feed

    def _add_history(self, feed: Any, link: str) -> None:
        """Name the document with older items; in an archive document, also the feed it belongs to (RFC 5005, 4)."""
        if self.feed.current:
            _append(feed, f"{{{HISTORY}}}archive")
        for relation, folder in (("current", self.feed.current), ("prev-archive", self.feed.previous)):
            if folder:
                _append(feed, link, rel=relation, href=folder + self.kind.name, type=self.kind.bare_type)


class EntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Adds an entry's pictures, in Atom its enclosure, and in RSS what RSS has no element for.

    That is its author, when it last changed, and its summary as plain text, for programs that take no HTML there.
    """

    entry: Entry

    def extend_rss(self, item: Any) -> Any:
        _append(item, f"{{{ATOM_NAMESPACE}}}updated", self.entry.updated.strftime("%Y-%m-%dT%H:%M:%SZ"))
        _append(item, f"{{{DUBLIN_CORE}}}creator", self.entry.author)
        if self.entry.summary_text:
            _append(item, f"{{{TERMS}}}abstract", self.entry.summary_text)
        self._add_pictures(item)
        return item

    def extend_atom(self, item: Any) -> Any:
        enclosure = self.entry.enclosure
        if enclosure:
            attributes = {
                "rel": "enclosure",
                "href": enclosure.url,
                "type": enclosure.type,
                "length": str(enclosure.length),
                "title": self.entry.enclosure_title,
            }
            alternate = item.find("link")
            alternate.addnext(_append(item, "link", **{k: v for k, v in attributes.items() if v}))
        self._add_pictures(item)
        return item

    def _add_pictures(self, item: Any) -> None:
        for picture in self.entry.pictures:
            content = _append(item, f"{{{MEDIA}}}content", url=picture.url, medium="image")
            if picture.alt:
                _append(content, f"{{{MEDIA}}}description", picture.alt, type="plain")


def _append(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, tag, attributes)
    element.text = text
    return element


# ------------------------------------------------------------ entries, each rendered once


@dataclass(frozen=True, slots=True)
class Dialect:
    """How entries are found in a document that feedgen has written."""

    name: str
    entry: re.Pattern[bytes]  # one entry, with its lines whole
    end: re.Pattern[bytes]  # where entries would be, if there were any


REMEMBERED = 400  # entries, of some 5 kB each
_rendered: dict[tuple[object, ...], bytes] = {}  # what the bytes depend on -> an entry's bytes, the oldest first


def splice(
    dialect: Dialect, feed: Feed, inherited: tuple[str, ...], add: Callable[[Entry], object], write: Callable[[], bytes]
) -> bytes:
    """Return the feed's document. feedgen renders only the entries that no earlier document had.

    One entry is in several documents of a run. ``inherited`` is what the
    entries' bytes take from their feed. ``add`` gives an entry to feedgen,
    ``write`` has feedgen write the document.
    """
    keys = {entry: (dialect.name, *inherited, entry) for entry in feed.entries}
    remembered = {key: _rendered.pop(key) for key in keys.values() if key in _rendered}
    missing = [entry for entry, key in keys.items() if key not in remembered]
    for entry in missing:
        add(entry)
    document = write()
    rendered = dialect.entry.findall(document)  # text has its "<" escaped, so a line that begins with the tag is one
    assert len(rendered) == len(missing)
    remembered.update(zip((keys[entry] for entry in missing), rendered, strict=True))
    _remember(remembered)
    first = dialect.entry.search(document) or dialect.end.search(document)
    assert first is not None  # each document has an end
    start = first.start()
    rest = start + sum(len(data) for data in rendered)
    return b"".join([document[:start], *(remembered[keys[entry]] for entry in feed.entries), document[rest:]])


def _remember(entries: dict[tuple[object, ...], bytes]) -> None:
    _rendered.update(entries)
    surplus = max(0, len(_rendered) - REMEMBERED)
    for key in list(_rendered)[:surplus]:
        del _rendered[key]
