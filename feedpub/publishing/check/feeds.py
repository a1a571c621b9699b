"""Feeds: RSS, Atom, JSON Feed, and items as lines of JSON.

The formats are read into one shape, ``_Item``, and held against one set
of rules; each rule says what breaks without it. What it cannot know of a feed
that somebody else published, such as its council's own wording, it leaves out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any

from lxml import etree, html

from feedpub.content import Problem
from feedpub.publishing.check.markup import INVISIBLE, direction_rules, html_rules, is_absolute

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"  # RFC 6721
HISTORY = "{http://purl.org/syndication/history/1.0}"  # RFC 5005
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LONGEST_ID = 760  # characters; FreshRSS keeps 767 bytes as its key
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
RFC_822 = re.compile(r"(?:(\w{3}), )?\d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d (?:[+-]\d{4}|GMT)")


@dataclass(frozen=True, slots=True)
class _Enclosure:
    url: str
    type: str
    length: str


@dataclass(frozen=True, slots=True)
class _Item:
    """An item in any format; "" is what is not there."""

    id: str
    title: str
    links: tuple[str, ...]
    published: str
    updated: str
    html: tuple[tuple[str, str], ...] = ()  # elements, each with its HTML
    plain: tuple[tuple[str, str], ...] = ()  # elements, each with plain text that holds words of the article
    enclosures: tuple[_Enclosure, ...] = ()
    pictures: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.id or self.title or "an item without id and title"


@dataclass(frozen=True, slots=True)
class Document:
    kind: str
    required: dict[str, str]  # the feed's own parts -> values, "" where missing
    language: str
    own_url: str
    updated: str
    items: list[_Item]
    read_date: Callable[[str], datetime | None]
    tombstones: tuple[tuple[str, str], ...] = ()  # ids of items that are no more, and since when
    is_archive: bool = False  # RFC 5005, 4
    current: str = ""  # of an archive: the document of which it is one
    previous: str = ""  # the archive with older items
    hubs: tuple[str, ...] = ()


def problems(document: Document, block: int) -> Iterator[Problem]:
    """What is wrong with a feed."""
    for rule in (*_feed_rules(document), *_tombstone_rules(document), *_archive_rules(document)):
        yield Problem("the feed", rule)
    seen: set[str] = set()
    for item in document.items:
        for rule in _item_rules(item, document, block, seen):
            yield Problem(item.name, rule)
        seen.add(item.id)


def line_problems(data: bytes, block: int) -> Iterator[Problem]:
    """What is wrong with items that stand in lines of JSON, the oldest first, each with its own terms."""
    seen: set[str] = set()
    last: datetime | None = None
    for n, line in enumerate(data.decode(errors="replace").splitlines(), 1):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Problem(f"line {n}", f"is not JSON: {error}")
            continue
        if not isinstance(value, dict):
            yield Problem(f"line {n}", "is no object")
            continue
        item = _json_item(value)
        document = Document("JSON", {}, "", "", "", [item], rfc3339)
        yield from (Problem(item.name, rule) for rule in _item_rules(item, document, block, seen))
        if not value.get("rights"):
            yield Problem(item.name, "does not state the terms (rights)")
        seen.add(item.id)
        date = rfc3339(item.published)
        if last and date and date < last:
            yield Problem(item.name, "is older than the line before it")
        last = date or last


# ------------------------------------------------------------ rules


def _feed_rules(document: Document) -> Iterator[str]:
    for name, value in document.required.items():
        if not value:
            yield f"has no {name}"
    if not document.language:
        yield "names no language"
    elif document.language.lower().startswith("ua"):
        yield "says its language is 'ua'; Ukrainian is 'uk'"
    if not is_absolute(document.own_url):
        yield "does not name its own address (rel=self)"
    yield from (f"names a hub by no absolute address: {h or 'none'}" for h in document.hubs if not is_absolute(h))
    if not document.items:
        yield "has no items"
    dates = [document.read_date(i.published) for i in document.items]
    if any(a and b and a < b for a, b in pairwise(dates)):
        yield "is not sorted newest first"
    updated = document.read_date(document.updated) if document.updated else None
    newest = max((d for i in document.items if (d := document.read_date(i.updated))), default=None)
    if updated and newest and updated < newest:
        yield "says it was last updated before one of its items was"


def _tombstone_rules(document: Document) -> Iterator[str]:
    living = {i.id for i in document.items}
    for ref, when in document.tombstones:
        if not ref or document.read_date(when) is None:
            yield f"has a tombstone without an id or a date: {ref or 'none'}, {when or 'none'}"
        if ref in living:
            yield f"has a tombstone of an item that it still has: {ref}"


def _archive_rules(document: Document) -> Iterator[str]:
    if document.is_archive and not is_absolute(document.current):
        yield "is an archive and does not name the feed that it belongs to (rel=current)"
    if document.current and not document.is_archive:
        yield "names a current feed (rel=current) and does not say that it is an archive (fh:archive)"
    if document.previous and not is_absolute(document.previous):
        yield f"names an archive by no absolute address: {document.previous}"


def _item_rules(item: _Item, document: Document, block: int, seen: set[str]) -> Iterator[str]:
    if item.id in seen and item.id:
        yield "has an id that another item has too"
    yield from _own_rules(item, document.kind, document.read_date, block)


@lru_cache(maxsize=256)
def _own_rules(
    item: _Item, kind: str, read_date: Callable[[str], datetime | None], block: int
) -> tuple[str, ...]:  # fmt: skip
    """What is wrong with an item by itself. Remembered: the same one stands in several documents of a run."""
    return tuple(_rules(item, kind, read_date, block))


def _rules(item: _Item, kind: str, read_date: Callable[[str], datetime | None], block: int) -> Iterator[str]:
    if not item.id:
        yield "has no id"
    if len(item.id) > LONGEST_ID:
        yield f"has an id of more than {LONGEST_ID} characters"
    if not item.title.strip():
        yield "has no title"
    elif item.title != " ".join(item.title.split()) or INVISIBLE.search(item.title):
        yield "has a title with stray spaces, line breaks or invisible characters"
    yield from (f"has a title that {rule}" for rule in direction_rules(item.title))
    yield from _date_rules(item, kind, read_date)
    if len(item.links) != 1 or not is_absolute(item.links[0]):
        yield f"needs one absolute, ASCII link, and has {', '.join(item.links) or 'none'}"
    link = item.links[0] if item.links else ""
    for name, markup in item.html:
        yield from (f"{name} {rule}" for rule in html_rules(markup, link, block))
    for name, words in item.plain:
        if words and link not in words:
            yield f"{name} holds the article's text without the address of its source"
    for e in item.enclosures:
        if not (is_absolute(e.url) and "/" in e.type and re.fullmatch("0*[1-9][0-9]*", e.length)):
            yield f"has an enclosure without absolute address, type or length: {e.url}"
    if kind == "RSS" and len(item.enclosures) > 1:
        yield "has more than one enclosure"
    yield from (f"names a picture by no absolute address: {p}" for p in item.pictures if not is_absolute(p))


def _date_rules(item: _Item, kind: str, read_date: Callable[[str], datetime | None]) -> Iterator[str]:
    for name, value in (("date of publication", item.published), ("date of update", item.updated)):
        if not value and (name == "date of publication" or kind == "Atom"):
            yield f"has no {name}"
        elif value and read_date(value) is None:
            yield f"has a {name} that is none: {value}"
    published, updated = read_date(item.published), read_date(item.updated)
    if published and updated and updated < published:
        yield "was updated before it was published"


# ------------------------------------------------------------ reading


class Unreadable(Exception):
    """The bytes are no feed at all."""


def xml(data: bytes) -> Any:
    """The root of a document. Raises Unreadable; nothing is expanded, nothing is loaded."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise Unreadable("begins with a byte order mark")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"is not well-formed XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable("has a document type, which readers may follow to anywhere")
    return root


def read_xml(root: Any) -> Document:
    if root.tag == "rss" and root.find("channel") is not None:
        return _rss(root.find("channel"))
    if root.tag == f"{ATOM}feed":
        return _atom(root)
    raise Unreadable(f"is neither RSS 2.0, Atom 1.0 nor JSON Feed: its root is {root.tag!r}")


def _rss(channel: Any) -> Document:
    return Document(
        kind="RSS",
        required={n: _text(channel, n) for n in ("title", "link", "description")},
        language=_text(channel, "language"),
        **_relations(channel),
        updated=_text(channel, "lastBuildDate"),
        hubs=_hubs(channel),
        items=[_rss_item(i) for i in channel.findall("item")],
        read_date=_rfc822,
    )


def _hubs(feed: Any) -> tuple[str, ...]:
    return tuple(a.get("href", "") for a in feed.findall(f"{ATOM}link") if a.get("rel") == "hub")


def _rss_item(item: Any) -> _Item:
    return _Item(
        id=_text(item, "guid"),
        title=_raw(item, "title"),
        links=_texts(item, "link"),
        published=_text(item, "pubDate"),
        updated="",
        html=tuple(
            (n, _raw(item, t))
            for n, t in (("description", "description"), ("content:encoded", f"{CONTENT}encoded"))
            if item.find(t) is not None
        ),
        enclosures=tuple(
            _Enclosure(e.get("url", ""), e.get("type", ""), e.get("length", "")) for e in item.findall("enclosure")
        ),
        pictures=tuple(m.get("url", "") for m in item.iter(f"{MEDIA}content", f"{MEDIA}thumbnail")),
    )


def _atom(feed: Any) -> Document:
    return Document(
        kind="Atom",
        required={
            n: _text(feed, ATOM + n) or _text(feed, f"{ATOM}{n}/{ATOM}name")
            for n in ("id", "title", "updated", "author")
        },
        language=feed.get(XML_LANG, ""),
        **_relations(feed),
        updated=_text(feed, f"{ATOM}updated"),
        hubs=_hubs(feed),
        items=[_atom_entry(e) for e in feed.findall(f"{ATOM}entry")],
        tombstones=tuple((s.get("ref", ""), s.get("when", "")) for s in feed.findall(TOMBSTONE)),
        read_date=rfc3339,
    )


def _atom_entry(entry: Any) -> _Item:
    texts = {n: e for n in ("summary", "content") if (e := entry.find(ATOM + n)) is not None}
    links = entry.findall(f"{ATOM}link")
    return _Item(
        id=_text(entry, f"{ATOM}id"),
        title=_raw(entry, f"{ATOM}title"),
        links=tuple(a.get("href", "") for a in links if a.get("rel", "alternate") == "alternate"),
        published=_text(entry, f"{ATOM}published"),
        updated=_text(entry, f"{ATOM}updated"),
        html=tuple((n, _markup(e)) for n, e in texts.items() if e.get("type") in ("html", "xhtml")),
        plain=tuple((n, e.text or "") for n, e in texts.items() if e.get("type", "text") == "text"),
        enclosures=tuple(
            _Enclosure(a.get("href", ""), a.get("type", ""), a.get("length", ""))
            for a in links
            if a.get("rel") == "enclosure"
        ),
        pictures=tuple(m.get("url", "") for m in entry.iter(f"{MEDIA}content", f"{MEDIA}thumbnail")),
    )


def _relations(feed: Any) -> dict[str, Any]:
    """Where a feed, in either format of XML, says that it and its parts are to be found."""
    links = {a.get("rel", "alternate"): a.get("href", "") for a in reversed(feed.findall(f"{ATOM}link"))}
    return {
        "own_url": links.get("self", ""), "current": links.get("current", ""),
        "previous": links.get("prev-archive", ""), "is_archive": feed.find(f"{HISTORY}archive") is not None,
    }  # fmt: skip


def _markup(element: Any) -> str:
    """The HTML in a text construct: escaped, or as elements (RFC 4287, 3.1.1)."""
    if element.get("type") == "html":
        return element.text or ""
    return "".join(html.tostring(e, encoding="unicode", with_tail=False) for e in element)


def read_json(feed: Any) -> Document:
    if not isinstance(feed, dict) or not str(feed.get("version", "")).startswith("https://jsonfeed.org/version/1"):
        raise Unreadable("is JSON, but no JSON Feed: it has no version of one")
    items = feed.get("items")
    if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
        raise Unreadable("has no list of items")
    return Document(
        kind="JSON",
        required={n: str(feed.get(n) or "") for n in ("title", "home_page_url", "feed_url")},
        language=str(feed.get("language") or ""),
        own_url=str(feed.get("feed_url") or ""),
        updated="",
        hubs=tuple(str(h.get("url", "")) for h in _dicts(feed.get("hubs"))),
        items=[_json_item(i) for i in items],
        read_date=rfc3339,
    )


def _json_item(item: dict[str, Any]) -> _Item:
    def value(name: str) -> str:
        return str(item.get(name) or "")

    return _Item(
        id=value("id"),
        title=value("title"),
        links=tuple(v for v in [value("url")] if v),
        published=value("date_published"),
        updated=value("date_modified"),
        html=(("content_html", value("content_html")),) if "content_html" in item else (),
        plain=tuple((n, value(n)) for n in ("summary", "content_text") if n in item),
        enclosures=tuple(
            _Enclosure(str(a.get("url", "")), str(a.get("mime_type", "")), str(a.get("size_in_bytes", "")))
            for a in _dicts(item.get("attachments"))
        ),
        pictures=tuple(v for n in ("image", "banner_image") if (v := value(n))),
    )


def _dicts(value: object) -> list[dict[str, Any]]:
    return [v if isinstance(v, dict) else {} for v in value] if isinstance(value, list) else [{}] if value else []


def _raw(element: Any, tag: str) -> str:
    return element.findtext(tag) or ""


def _text(element: Any, tag: str) -> str:
    return _raw(element, tag).strip()


def _texts(element: Any, tag: str) -> tuple[str, ...]:
    return tuple((e.text or "").strip() for e in element.findall(tag))


@lru_cache(maxsize=1024)
def rfc3339(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value).astimezone(UTC) if RFC_3339.fullmatch(value) else None
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=1024)
def _rfc822(value: str) -> datetime | None:
    """RSS's date with a numeric zone and the right weekday: without them, readers are hours or days off."""
    found = RFC_822.fullmatch(value)
    try:
        moment = parsedate_to_datetime(value) if found else None
        if found is None or moment is None or (found[1] and found[1] != f"{moment:%a}"):
            return None
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
