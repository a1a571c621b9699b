"""The bytes of a feed → plain values, whichever format it is in. Rules judge the values (``feeds``).

Names are those of the RFCs: 4287 (Atom), 5005 (archives), 6721 (tombstones).
A text that is missing is "".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree, html

from feedpub import kinds
from feedpub.kinds import Kind
from feedpub.publishing.check.timestamps import NO_DATE, Timestamp, rfc822, rfc3339

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
ABSTRACT = "{http://purl.org/dc/terms/}abstract"
MEDIA = "{http://search.yahoo.com/mrss/}"
DELETED_ENTRY = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
ARCHIVE = "{http://purl.org/syndication/history/1.0}archive"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Unreadable(Exception):
    """The bytes are no feed at all."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    url: str
    type: str
    length: str


@dataclass(frozen=True, slots=True)
class Text:
    """An element of an entry that carries words of the article."""

    element: str  # its name, for messages
    words: str  # plain text or HTML


@dataclass(frozen=True, slots=True)
class Item:
    """An RSS item, an Atom entry or an item of a JSON Feed."""

    format: str  # RSS, Atom, JSON
    id: str
    title: str
    links: tuple[str, ...]
    published: Timestamp
    updated: Timestamp
    html: tuple[Text, ...] = ()
    plain: tuple[Text, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    pictures: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.id or self.title or "an item without id and title"

    @property
    def link(self) -> str:
        return self.links[0] if self.links else ""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A deleted entry: the id of an item that is no more, and since when."""

    ref: str
    when: Timestamp


@dataclass(frozen=True, slots=True)
class Links:
    """Where a feed says that it and its parts are."""

    own: str = ""  # rel=self
    home: str = ""  # the page that the feed is of
    hubs: tuple[str, ...] = ()
    current: str = ""  # of an archive document: the feed that it belongs to
    previous: str = ""  # rel=prev-archive: the archive document with older items


@dataclass(frozen=True, slots=True)
class Document:
    """A feed, or an archive document of one."""

    required: Mapping[str, str]  # the format's required elements
    language: str
    links: Links
    updated: Timestamp
    items: tuple[Item, ...]
    tombstones: tuple[Tombstone, ...] = ()
    is_archive: bool = False


def document_of(data: bytes, kind: Kind) -> Document | None:
    """Return the feed, or the items, in a file of any kind; None where it cannot be read, or is of a kind without."""
    try:
        if kind in (kinds.RSS, kinds.ATOM):
            return read_xml_feed(parse_xml(data))
        if kind is kinds.JSON_FEED:
            return read_json_feed(parse_json(data))
        return read_dump(data) if kind is kinds.DUMP else None
    except Unreadable:
        return None


# ------------------------------------------------------------ XML


def parse_xml(data: bytes) -> Any:
    """Return the root of a document; nothing is expanded, nothing is loaded. Raises Unreadable."""
    if data.startswith(BYTE_ORDER_MARK):
        raise Unreadable("begins with a byte order mark")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"is not well-formed XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable("has a document type, which readers may follow to anywhere")
    return root


def read_xml_feed(root: Any) -> Document:
    """Return the RSS or Atom feed. Raises Unreadable where the root is of neither."""
    if root.tag == "rss" and root.find("channel") is not None:
        return _rss_document(root.find("channel"))
    if root.tag == f"{ATOM}feed":
        return _atom_document(root)
    raise Unreadable(f"is neither RSS 2.0, Atom 1.0 nor JSON Feed: its root is {root.tag!r}")


def _rss_document(channel: Any) -> Document:
    return Document(
        required={n: _stripped_text(channel, n) for n in ("title", "link", "description")},
        language=_stripped_text(channel, "language"),
        links=replace(_read_links(channel), home=_stripped_text(channel, "link")),
        updated=rfc822(_stripped_text(channel, "lastBuildDate")),
        items=tuple(_rss_item(item) for item in channel.findall("item")),
        is_archive=channel.find(ARCHIVE) is not None,
    )


def _rss_item(item: Any) -> Item:
    texts = {"description": "description", "content:encoded": f"{CONTENT}encoded"}
    return Item(
        format="RSS",
        id=_stripped_text(item, "guid"),
        title=item.findtext("title") or "",
        links=tuple((e.text or "").strip() for e in item.findall("link")),
        published=rfc822(_stripped_text(item, "pubDate")),
        updated=rfc3339(_stripped_text(item, f"{ATOM}updated")),
        html=tuple(Text(n, item.findtext(tag) or "") for n, tag in texts.items() if item.find(tag) is not None),
        plain=tuple(Text("dcterms:abstract", e.text or "") for e in item.findall(ABSTRACT)),
        enclosures=tuple(_enclosure(e, "url") for e in item.findall("enclosure")),
        pictures=_media_pictures(item),
    )


def _atom_document(feed: Any) -> Document:
    tombstones = [Tombstone(e.get("ref", ""), rfc3339(e.get("when", ""))) for e in feed.findall(DELETED_ENTRY)]
    required = {n: _stripped_text(feed, ATOM + n) for n in ("id", "title", "updated")}
    author = _stripped_text(feed, f"{ATOM}author") or _stripped_text(feed, f"{ATOM}author/{ATOM}name")
    return Document(
        required=required | {"author": author},
        language=feed.get(XML_LANG, ""),
        links=_read_links(feed),
        updated=rfc3339(_stripped_text(feed, f"{ATOM}updated")),
        items=tuple(_atom_entry(entry) for entry in feed.findall(f"{ATOM}entry")),
        tombstones=tuple(tombstones),
        is_archive=feed.find(ARCHIVE) is not None,
    )


def _atom_entry(entry: Any) -> Item:
    texts = [e for n in ("summary", "content") for e in entry.findall(ATOM + n)[:1]]
    links = entry.findall(f"{ATOM}link")
    return Item(
        format="Atom",
        id=_stripped_text(entry, f"{ATOM}id"),
        title=entry.findtext(f"{ATOM}title") or "",
        links=tuple(a.get("href", "") for a in links if a.get("rel", "alternate") == "alternate"),
        published=rfc3339(_stripped_text(entry, f"{ATOM}published")),
        updated=rfc3339(_stripped_text(entry, f"{ATOM}updated")),
        html=tuple(Text(_local_name(e), _atom_html(e)) for e in texts if e.get("type") in ("html", "xhtml")),
        plain=tuple(Text(_local_name(e), e.text or "") for e in texts if e.get("type", "text") == "text"),
        enclosures=tuple(_enclosure(a, "href") for a in links if a.get("rel") == "enclosure"),
        pictures=_media_pictures(entry),
    )


def _read_links(feed: Any) -> Links:
    links = feed.findall(f"{ATOM}link")
    first = {a.get("rel", "alternate"): a.get("href", "") for a in reversed(links)}
    return Links(
        own=first.get("self", ""),
        home=first.get("alternate", ""),
        hubs=tuple(a.get("href", "") for a in links if a.get("rel") == "hub"),
        current=first.get("current", ""),
        previous=first.get("prev-archive", ""),
    )


def _enclosure(element: Any, address: str) -> Enclosure:
    return Enclosure(element.get(address, ""), element.get("type", ""), element.get("length", ""))


def _media_pictures(item: Any) -> tuple[str, ...]:
    return tuple(e.get("url", "") for e in item.iter(f"{MEDIA}content", f"{MEDIA}thumbnail"))


def _atom_html(element: Any) -> str:
    """Return the HTML in a text construct: escaped, or as elements (RFC 4287, 3.1.1)."""
    if element.get("type") == "html":
        return element.text or ""
    return "".join(html.tostring(e, encoding="unicode", with_tail=False) for e in element)


def _local_name(element: Any) -> str:
    return str(etree.QName(element).localname)


def _stripped_text(element: Any, tag: str) -> str:
    return (element.findtext(tag) or "").strip()


# ------------------------------------------------------------ JSON


def parse_json(data: bytes | str) -> Any:
    """Return the value. Raises Unreadable."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"is not JSON: {error}") from error


def read_json_feed(feed: Any) -> Document:
    """Return the JSON Feed. Raises Unreadable where the value is none."""
    if not isinstance(feed, dict) or not str(feed.get("version", "")).startswith("https://jsonfeed.org/version/1"):
        raise Unreadable("is JSON, but no JSON Feed: it has no version of one")
    items = feed.get("items")
    if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
        raise Unreadable("has no list of items")
    hubs = tuple(str(hub.get("url", "")) for hub in _objects(feed.get("hubs")))
    required = {n: str(feed.get(n) or "") for n in ("title", "home_page_url", "feed_url")}
    return Document(
        required=required,
        language=str(feed.get("language") or ""),
        links=Links(own=required["feed_url"], home=required["home_page_url"], hubs=hubs),
        updated=NO_DATE,
        items=tuple(read_json_item(i) for i in items),
    )


def read_dump(data: bytes) -> Document:
    """Return the items of a dump, one a line. Raises Unreadable."""
    items = [parse_json(line) for line in data.decode(errors="replace").splitlines()]
    if not all(isinstance(item, dict) for item in items):
        raise Unreadable("has a line that is no item")
    return Document({}, "", Links(), NO_DATE, tuple(map(read_json_item, items)))


def read_json_item(item: Mapping[str, Any]) -> Item:
    values = {name: str(value or "") for name, value in item.items()}
    links = [values.get("url", "")]
    pictures = [values.get(n, "") for n in ("image", "banner_image")]
    return Item(
        format="JSON",
        id=values.get("id", ""),
        title=values.get("title", ""),
        links=tuple(filter(None, links)),
        published=rfc3339(values.get("date_published", "")),
        updated=rfc3339(values.get("date_modified", "")),
        html=tuple(Text(n, values[n]) for n in ("content_html",) if n in values),
        plain=tuple(Text(n, values[n]) for n in ("summary", "content_text") if n in values),
        enclosures=tuple(_attached_file(a) for a in _objects(item.get("attachments"))),
        pictures=tuple(filter(None, pictures)),
    )


def _attached_file(attachment: Mapping[str, Any]) -> Enclosure:
    url, media_type, length = (str(attachment.get(n, "")) for n in ("url", "mime_type", "size_in_bytes"))
    return Enclosure(url, media_type, length)


def _objects(value: object) -> Iterable[Mapping[str, Any]]:
    """Return a list's objects; an empty one for each thing that should be an object and is none."""
    if isinstance(value, list):
        return [v if isinstance(v, dict) else {} for v in value]
    return [{}] if value else []
