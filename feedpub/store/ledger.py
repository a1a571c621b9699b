"""The ledger of ids. Written for people and for a rebuilt state; read from an export or from published feeds."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from feedpub import text
from feedpub.content import By, Gone, Medium, Stored
from feedpub.errors import LedgerError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

ATOM = "{http://www.w3.org/2005/Atom}"
STONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)  # the beginning of an address on another host
TAG = re.compile(r"tag:(?P<authority>[^,]+),\d{4}:(?P<source>[^/]+)(?:/.*)?")
ADDRESS = re.compile(r"https?://[!-~]+")
LENGTH = re.compile(r"0*([1-9]\d{0,14})", re.ASCII)
VERSION = 1  # of the export
BROKEN = (  # the errors that a file of anyone else may cause
    ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OverflowError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """One item, without its text."""

    id: str
    url: str  # "" of a tombstone
    title: str
    date: datetime | None  # what feeds sort it by; None of a tombstone
    updated: datetime | None
    aliases: tuple[str, ...] = ()  # further comparing keys
    is_dated: bool = True  # no: the date is that of its first sight
    gone: Gone | None = None
    words: str | None = None  # the text_key of what it said

    @classmethod
    def of(cls, item: Stored, aliases: Iterable[str]) -> Record:
        article = item.article
        return cls(
            id=item.id, url=article.url, title=article.title, date=item.date, updated=item.updated,
            aliases=tuple(aliases), is_dated=article.published is not None, gone=item.gone, words=article.text_key,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ledger:
    """The items of one source, as an export or a feed knows them."""

    source: str  # its id
    id_domain: str  # the domain of its items' ids
    records: tuple[Record, ...]
    media: tuple[Medium, ...] = ()  # files as the feed names them


# ------------------------------------------------------------ writing


def ledger_lines(source: str, id_domain: str, items: Iterable[tuple[Stored, Iterable[str]]]) -> Iterator[str]:
    """Yield the ledger as JSON: a line that describes it, then a line for each item."""
    yield _as_line({"ledger": VERSION, "source": source, "authority": id_domain})
    for item, aliases in items:
        yield _as_line(row_of(Record.of(item, aliases)))


def row_of(record: Record) -> dict[str, object]:
    """Return the record of a known item as JSON has it."""
    gone = record.gone
    row: dict[str, object] = {
        "id": record.id,
        "url": record.url,
        "title": record.title,
        "date": record.date.isoformat() if record.date else None,
        "dated": record.is_dated,
        "updated": record.updated.isoformat() if record.updated else None,
        "aliases": list(record.aliases),
        "words": record.words,
    }
    if gone:
        row |= {"gone": gone.when.isoformat(), "by": gone.by.value, "reason": gone.reason}
    return row


def _as_line(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)


# ------------------------------------------------------------ reading


def read_ledger(data: bytes, name: str) -> Ledger:
    """Return the ledger in an export, an Atom feed or archive, or a JSON feed. Raises LedgerError with the name."""
    try:
        if data.lstrip().startswith(b"<"):
            return _from_atom(data)
        if data.startswith(b'{"ledger"'):
            return _from_export(data)
        return _from_json_feed(json.loads(data))
    except BROKEN as error:
        raise LedgerError(f"{name}: is neither a ledger nor a feed of feedpub: {error}") from error


def _from_export(data: bytes) -> Ledger:
    first, *lines = data.decode().splitlines()
    head = json.loads(first)
    if head["ledger"] != VERSION:
        raise ValueError(f"its version is {head['ledger']}, this feedpub knows {VERSION}")
    source = _string(head["source"])
    records = [record_of(json.loads(line)) for line in lines]
    return Ledger(source, _string(head["authority"]), _own_records(records, source))


def record_of(row: Mapping[str, Any]) -> Record:
    """Return the record that JSON has. Raises one of ``BROKEN`` if there is none."""
    words = row.get("words")
    return Record(
        id=_string(row["id"]),
        url=_string(row["url"]),
        title=_string(row["title"]),
        date=_instant(row["date"]),
        updated=_instant(row["updated"]),
        aliases=tuple(map(_string, row["aliases"])),
        is_dated=bool(row["dated"]),
        gone=_gone_in(row) if "gone" in row else None,
        words=None if words is None else _string(words),
    )


def _gone_in(row: Mapping[str, Any]) -> Gone:
    return Gone(_instant(row["gone"]), By(row["by"]), _string(row["reason"]))


def _from_atom(data: bytes) -> Ledger:
    from lxml import etree  # most runs need no ledger

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("it has a document type, and no feed of feedpub has one")
    source, id_domain = _owner(root.findtext(f"{ATOM}id", ""))
    records: list[Record] = []
    media: list[Medium] = []
    for entry in root.iter(f"{ATOM}entry"):
        with suppress(ValueError, KeyError, OverflowError):  # a broken entry does not spoil the others
            links = _links_by_relation(entry)
            records.append(_from_entry(entry, links["alternate"].get("href", "")))
            if "enclosure" in links:
                media.append(_from_enclosure(links["enclosure"]))
    records += [_from_tombstone(stone) for stone in root.iter(STONE)]
    return Ledger(source, id_domain, _own_records(records, source), tuple(media))


def _links_by_relation(entry: Element) -> dict[str, Element]:
    links = entry.iterfind(f"{ATOM}link")
    return {link.get("rel", "alternate"): link for link in links}


def _from_entry(entry: Element, url: str) -> Record:
    return Record(
        id=entry.findtext(f"{ATOM}id", ""),
        url=url,
        title=entry.findtext(f"{ATOM}title", ""),
        date=_instant(entry.findtext(f"{ATOM}published")),
        updated=_instant(entry.findtext(f"{ATOM}updated")),
    )


def _from_enclosure(link: Element) -> Medium:
    return _medium(link.get("href", ""), link.get("type", ""), link.get("length", ""))


def _from_tombstone(stone: Element) -> Record:
    gone = Gone(_instant(stone.get("when")), By.FEED, "a tombstone in a published feed")
    return Record(stone.get("ref", ""), url="", title="", date=None, updated=None, gone=gone)


def _from_json_feed(document: Mapping[str, Any]) -> Ledger:
    source, id_domain = _owner(document["_feedpub"]["id"])
    records = map(_from_item, document["items"])
    attachments = (file for item in document["items"] for file in item.get("attachments", ()))
    media = (_medium(file["url"], file["mime_type"], file["size_in_bytes"]) for file in attachments)
    return Ledger(source, id_domain, _own_records(records, source), tuple(media))


def _from_item(item: Mapping[str, Any]) -> Record:
    return Record(
        id=_string(item["id"]),
        url=_string(item["url"]),
        title=_string(item["title"]),
        date=_instant(item["date_published"]),
        updated=_instant(item["date_modified"]),
    )


def of_withdrawn(
    source: str, id_domain: str, for_good: Mapping[str, datetime], by_council: Iterable[Mapping[str, Any]]
) -> Ledger:
    """Return the ledger of a mark: of what was withdrawn for good it knows only when, of the rest it has rows."""
    reason = "the published folder says so"
    records = [
        Record(item, url="", title="", date=None, updated=None, gone=Gone(when, By.FEED, reason))
        for item, when in for_good.items()
    ]
    for row in by_council:
        with suppress(*BROKEN):  # a broken row does not spoil the others
            records.append(record_of(row))
    return Ledger(source, id_domain, _own_records(records, source))


def told_apart(ledger: Ledger, for_good: Container[str]) -> Ledger:
    """Return a ledger of feeds with who withdrew its items, given all that were withdrawn for good.

    A tombstone does not say it (RFC 6721 has no place for it that readers would not show).
    """
    return replace(ledger, records=tuple(_told_apart(record, for_good) for record in ledger.records))


def _told_apart(record: Record, for_good: Container[str]) -> Record:
    gone = record.gone
    if gone is None or gone.by is not By.FEED or record.id in for_good:
        return record
    return replace(record, gone=replace(gone, by=By.COUNCIL))


# ------------------------------------------------------------ what can be trusted


def _owner(feed_id: str) -> tuple[str, str]:
    """Return the source of a feed, and the domain of its ids."""
    tag = TAG.fullmatch(feed_id)
    if tag is None:
        raise ValueError(f"its id is {feed_id!r}")
    return tag["source"], tag["authority"]


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:60]!r} is not a string")
    return value


def _medium(url: object, kind: object, length: object) -> Medium:
    digits = LENGTH.fullmatch(str(length))
    if digits is None:
        raise ValueError(f"{str(length)[:60]!r} is not the length of a file")
    return Medium(_string(url), _string(kind), int(digits[1]))


def _own_records(records: Iterable[Record], source: str) -> tuple[Record, ...]:
    """Return the source's own records, with titles that are safe to show.

    A record is left out if its id or address would lead a run to a place that has no council's pages.
    """
    return tuple(_shown_record(r) for r in records if _is_own(r, source))


def _is_own(record: Record, source: str) -> bool:
    tag = TAG.fullmatch(record.id)
    if tag is None or tag["source"] != source:
        return False
    path = unquote(record.id.partition("/")[2])
    if ELSEWHERE.match(path):
        return False
    return not record.url or ADDRESS.fullmatch(record.url) is not None


def _shown_record(record: Record) -> Record:
    gone = record.gone
    if gone:
        gone = replace(gone, reason=text.line(gone.reason))
    return replace(record, title=text.line(record.title), gone=gone)


def _instant(value: str | None) -> datetime:
    if not value:
        raise ValueError("a date is missing")
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return instant.astimezone(UTC)
