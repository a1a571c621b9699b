"""Feed → RSS 2.0 and Atom 1.0, by feedgen, mended through its own extension points.

What feedgen gets wrong, and how it is put right here:

- Atom entries' links lose every attribute but href: the enclosure is written by ``_EntryExtension``.
- RSS's channel link is the last ``link()`` of any kind but self: the alternate comes last for RSS, first for Atom.
- RSS gets none of the other links: ``_RssExtension`` writes the hubs.
- Its dc extension leaks into Atom, its media extension wraps all in ``media:group``: neither is used.
- ``add_entry`` prepends, dates default to now: every date is set, entries are appended.
- ``&`` and ``<`` in plain text are written as the RSS Profile asks, ``&#x26;`` and ``&#x3C;``, after serializing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from feedpub.content import Entry, Feed

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"  # with the slash: without it, readers find no pictures
END = re.compile(rb"^(?:  </channel>|</feed>)", re.MULTILINE)  # of the entries
PROFILE_ESCAPES = {b"&amp;": b"&#x26;", b"&lt;": b"&#x3C;", b"&gt;": b"&#x3E;"}  # RSS Profile, "Character Data"


class _FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """What feedgen cannot say of a feed: its hubs in RSS, where its archive is, and in Atom which items are no more.

    RSS has no author without an e-mail address, so its entries use Dublin Core's.
    """

    feed: Feed
    form: str  # the document's file name, and that of its neighbours in the archive
    media_type: str

    def extend_ns(self) -> dict[str, str]:
        used = {"media": MEDIA}
        if self.form == "rss.xml":
            used["dc"] = DC
        elif self.feed.tombstones:
            used["at"] = TOMBSTONES
        if self.feed.current:
            used["fh"] = HISTORY
        return used

    def extend_rss(self, rss: Any) -> Any:
        own = rss.find(f"channel/{{{ATOM}}}link")
        for hub in reversed(self.feed.hubs):  # beside the feed's own address
            own.addnext(_element(own.getparent(), f"{{{ATOM}}}link", href=hub, rel="hub"))
        self._history(rss.find("channel"), f"{{{ATOM}}}link")
        return rss

    def extend_atom(self, feed: Any) -> Any:
        self._history(feed, "link")
        # Without children: feedparser takes an author or a link in them for the feed's own.
        for stone in self.feed.tombstones:
            when = stone.when.strftime("%Y-%m-%dT%H:%M:%SZ")
            _element(feed, f"{{{TOMBSTONES}}}deleted-entry", ref=stone.id, when=when)
        return feed

    def _history(self, feed: Any, link: str) -> None:
        """RFC 5005, 4: which document goes on with older items; of an archive, that it is one, and of what."""
        if self.feed.current:
            _element(feed, f"{{{HISTORY}}}archive")
        for relation, folder in (("current", self.feed.current), ("prev-archive", self.feed.previous)):
            if folder:
                _element(feed, link, rel=relation, href=folder + self.form, type=self.media_type)


class _EntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """What feedgen cannot say of an entry, in both formats."""

    entry: Entry

    def extend_rss(self, item: Any) -> Any:
        _element(item, f"{{{DC}}}creator", self.entry.author)
        self._pictures(item)
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
            alternate.addnext(_element(item, "link", **{k: v for k, v in attributes.items() if v}))
        self._pictures(item)
        return item

    def _pictures(self, item: Any) -> None:
        for picture in self.entry.pictures:
            content = _element(item, f"{{{MEDIA}}}content", url=picture.url, medium="image")
            if picture.alt:
                _element(content, f"{{{MEDIA}}}description", picture.alt, type="plain")


def rss(feed: Feed, own_url: str) -> bytes:
    generator = _generator(feed, own_url, "rss.xml", "application/rss+xml")
    generator.link(href=feed.home, rel="alternate")  # last: feedgen's RSS <link> is the last one set
    generator.copyright(feed.rights)
    if feed.ttl:
        generator.ttl(feed.ttl)
    generator.pubDate(max(e.published for e in feed.entries))
    if feed.email:
        generator.managingEditor(f"{feed.email} ({feed.author})")
    if image := feed.logo or feed.icon:
        generator.image(url=image, title=feed.title, link=feed.home)

    def add(entry: Entry) -> None:
        out = _add(generator, entry, [{"term": c} for c in entry.categories])
        if entry.enclosure:
            out.enclosure(entry.enclosure.url, str(entry.enclosure.length), entry.enclosure.type)

    return _spliced(feed, ("rss",), add, lambda: _with_profile_escapes(generator.rss_str(pretty=True)), RSS_ITEM)


def atom(feed: Feed, own_url: str) -> bytes:
    generator = _generator(feed, own_url, "atom.xml", "application/atom+xml")
    generator.link([{"href": feed.home, "rel": "alternate"}, *generator.link()], replace=True)  # some take the first
    generator.author({k: v for k, v in (("name", feed.author), ("email", feed.email), ("uri", feed.home)) if v})
    generator.rights(feed.rights)
    if feed.icon:
        generator.icon(feed.icon)
    if feed.logo:
        generator.logo(feed.logo)

    def add(entry: Entry) -> None:
        # Three widely used readers show the term, others the label: both are the council's word.
        out = _add(
            generator, entry, [{"term": c, "label": c, "scheme": feed.category_scheme} for c in entry.categories]
        )
        if entry.author != feed.author:
            out.author(name=entry.author)

    setting = ("atom", feed.category_scheme, feed.author)  # what an entry has from its feed
    return _spliced(feed, setting, add, lambda: bytes(generator.atom_str(pretty=True)), ATOM_ENTRY)


# ------------------------------------------------------------ entries, each rendered once

REMEMBERED = 400  # entries, of some 5 kB each
RSS_ITEM = re.compile(rb"^    <item>\n.*?^    </item>\n", re.DOTALL | re.MULTILINE)
ATOM_ENTRY = re.compile(rb"^  <entry>\n.*?^  </entry>\n", re.DOTALL | re.MULTILINE)
_rendered: dict[tuple[Any, ...], bytes] = {}  # a setting and an entry -> the entry's bytes, the oldest first


def _spliced(
    feed: Feed, setting: tuple[str, ...], add: Callable[[Entry], None], render: Callable[[], bytes],
    form: re.Pattern[bytes],
) -> bytes:  # fmt: skip
    """The document, its entries rendered by feedgen once, for the same ones stand in several documents of a run.

    In text, ``<`` is escaped, so a line that begins with an entry's tag is one.
    """
    wanted = [(*setting, e) for e in feed.entries]
    known = {key: _rendered.pop(key) for key in wanted if key in _rendered}
    missing = list(dict.fromkeys(key for key in wanted if key not in known))
    for entry in dict.fromkeys(e for e in feed.entries if (*setting, e) not in known):
        add(entry)
    document = render()
    found = form.findall(document)
    assert len(found) == len(missing)
    known.update(zip(missing, found, strict=True))
    _rendered.update(known)
    for key in list(_rendered)[: max(0, len(_rendered) - REMEMBERED)]:
        del _rendered[key]
    place = match.start() if (match := form.search(document)) else END.search(document).start()  # type: ignore[union-attr]  # each has an end
    end = document[place + sum(map(len, found)) :]
    return b"".join((document[:place], *(known[key] for key in wanted), end))


def _generator(feed: Feed, own_url: str, form: str, media_type: str) -> FeedGenerator:
    generator = FeedGenerator()
    generator.id(feed.id)
    generator.title(feed.title)
    generator.description(feed.description)
    generator.language(feed.language)
    generator.updated(feed.updated)
    generator.generator(feed.generator[0], version=feed.generator[1] or None)
    generator.link(href=own_url, rel="self", type=media_type)
    for hub in feed.hubs:
        generator.link(href=hub, rel="hub")
    generator.register_extension("feedpub", _FeedExtension, _EntryExtension)
    generator.feedpub.feed, generator.feedpub.form, generator.feedpub.media_type = feed, form, media_type
    return generator


def _add(generator: FeedGenerator, entry: Entry, categories: list[dict[str, str]]) -> Any:
    out = generator.add_entry(order="append")
    out.feedpub.entry = entry
    out.id(entry.id)  # and RSS's guid, isPermaLink="false"
    out.title(entry.title)
    out.link(href=entry.url, rel="alternate")
    out.published(entry.published)
    out.updated(entry.updated)
    out.summary(entry.summary_html, type="html")  # and RSS's description; before content, which else becomes it
    out.content(entry.content_html, type="html")
    for category in categories:
        out.category(category)
    return out


def _element(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, tag, attributes)
    element.text = text
    return element


def _with_profile_escapes(document: bytes) -> bytes:
    def escaped(text: re.Match[bytes]) -> bytes:
        return re.sub(b"&(?:amp|lt|gt);", lambda m: PROFILE_ESCAPES[m[0]], text[0])

    return re.sub(rb"<(title|category[^>]*)>[^<]*</", escaped, document)
