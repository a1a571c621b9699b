"""The ledger of ids: written out for people and for a rebuilt state; read back, also from published feeds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from feedpub import text
from feedpub.content import By, Gone, Medium, Stored
from feedpub.errors import LedgerError

ATOM = "{http://www.w3.org/2005/Atom}"
STONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)  # the beginning of an address on another host
TAG = re.compile(r"tag:(?P<authority>[^,]+),\d{4}:(?P<source>[^/]+)(?:/.*)?")
VERSION = 1  # of the export


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of an item without its text."""

    id: str
    url: str  # "" of a tombstone
    title: str
    date: datetime | None  # what feeds sort it by; None of a tombstone
    updated: datetime | None
    aliases: tuple[str, ...] = ()  # further comparing keys
    is_dated: bool = True  # no: the date is that of its first sight
    gone: Gone | None = None
    words: str | None = None  # the text_key of what it said


@dataclass(frozen=True, slots=True)
class Ledger:
    source: str  # its id
    authority: str  # the domain of its items' ids
    records: tuple[Record, ...]
    media: tuple[Medium, ...] = ()  # files as the feed names them


# ------------------------------------------------------------ writing


def ledger_lines(source: str, authority: str, items: Iterable[tuple[Stored, Iterable[str]]]) -> Iterator[str]:
    """The ledger as JSON, a line an item, after a line that says what it is."""
    yield _json({"ledger": VERSION, "source": source, "authority": authority})
    for item, aliases in items:
        gone = item.gone
        yield _json({
            "id": item.id, "url": item.article.url, "title": item.article.title,
            "date": item.date.isoformat(), "dated": item.article.published is not None,
            "updated": item.updated.isoformat(), "aliases": list(aliases), "words": item.article.text_key,
            **({"gone": gone.when.isoformat(), "by": gone.by.value, "reason": gone.reason} if gone else {}),
        })  # fmt: skip


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False)


# ------------------------------------------------------------ reading


def read(data: bytes, name: str) -> Ledger:
    """The ledger in an export, an Atom feed or archive, or a JSON feed. Raises LedgerError that names the file."""
    try:
        if data.lstrip()[:1] == b"<":
            return _atom(data)
        first = json.loads(data.splitlines()[0]) if data.startswith(b'{"ledger"') else None
        return _export(first, data) if first else _jsonfeed(json.loads(data))
    except (
        ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OverflowError, RecursionError,
    ) as error:  # fmt: skip
        raise LedgerError(f"{name}: no ledger and no feed of feedpub can be read there: {error}") from error


def _export(head: Mapping[str, Any], data: bytes) -> Ledger:
    if head["ledger"] != VERSION:
        raise ValueError(f"its version is {head['ledger']}, this feedpub knows {VERSION}")
    records = []
    for line in data.decode().splitlines()[1:]:
        value = json.loads(line)
        gone = Gone(_instant(value["gone"]), By(value["by"]), _string(value["reason"])) if "gone" in value else None
        records.append(
            Record(
                _string(value["id"]), _string(value["url"]), _string(value["title"]), _instant(value["date"]),
                _instant(value["updated"]), tuple(map(_string, value["aliases"])), bool(value["dated"]), gone,
                None if (words := value.get("words")) is None else _string(words),
            )
        )  # fmt: skip
    source = _string(head["source"])
    return Ledger(source, _string(head["authority"]), _own(records, source))


def _atom(data: bytes) -> Ledger:
    from lxml import etree  # most runs need no ledger

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("it has a document type, and no feed of feedpub has one")
    source, authority = _owner(root.findtext(f"{ATOM}id") or "")
    records: list[Record] = []
    media: list[Medium] = []
    for entry in root.iter(f"{ATOM}entry"):
        with suppress(ValueError, KeyError, OverflowError):  # one that is broken takes no other away
            links = {link.get("rel", "alternate"): link for link in entry.findall(f"{ATOM}link")}
            records.append(
                Record(
                    entry.findtext(f"{ATOM}id") or "", links["alternate"].get("href", ""),
                    entry.findtext(f"{ATOM}title") or "", _instant(entry.findtext(f"{ATOM}published")),
                    _instant(entry.findtext(f"{ATOM}updated")),
                )
            )  # fmt: skip
            if (file := links.get("enclosure")) is not None:
                media.append(_medium(file.get("href", ""), file.get("type", ""), file.get("length", "")))
    for stone in root.iter(STONE):
        gone = Gone(_instant(stone.get("when")), By.FEED, "a tombstone in a published feed")
        records.append(Record(stone.get("ref", ""), "", "", None, None, gone=gone))
    return Ledger(source, authority, _own(records, source), tuple(media))


def _jsonfeed(document: Mapping[str, Any]) -> Ledger:
    source, authority = _owner(document["_feedpub"]["id"])
    records = [
        Record(
            _string(i["id"]),
            _string(i["url"]),
            _string(i["title"]),
            _instant(i["date_published"]),
            _instant(i["date_modified"]),
        )
        for i in document["items"]
    ]
    media = [
        _medium(a["url"], a["mime_type"], a["size_in_bytes"])
        for i in document["items"]
        for a in i.get("attachments", ())
    ]
    return Ledger(source, authority, _own(records, source), tuple(media))


def _owner(feed_id: str) -> tuple[str, str]:
    found = TAG.fullmatch(feed_id)
    if found is None:
        raise ValueError(f"its id is {feed_id!r}")
    return found["source"], found["authority"]


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:60]!r} stands where there should be words")
    return value


def _medium(url: object, kind: object, length: object) -> Medium:
    found = re.fullmatch(r"0*([1-9]\d{0,14})", str(length), re.ASCII)
    if found is None:
        raise ValueError(f"{str(length)[:60]!r} is no length of a file")
    return Medium(_string(url), _string(kind), int(found[1]))


def _own(records: Iterable[Record], source: str) -> tuple[Record, ...]:
    """The source's records, their words fit to be shown.

    Without those whose id, or address, would lead a run to where no page of a council's is.
    """
    return tuple(
        replace(r, title=text.line(r.title), gone=r.gone and replace(r.gone, reason=text.line(r.gone.reason)))
        for r in records
        if (found := TAG.fullmatch(r.id))
        and found["source"] == source
        and not ELSEWHERE.match(unquote(r.id.partition("/")[2]))
        and (not r.url or re.fullmatch(r"https?://[!-~]+", r.url))
    )


def _instant(value: str | None) -> datetime:
    if not value:
        raise ValueError("a date is missing")
    instant = datetime.fromisoformat(value)
    if instant.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return instant.astimezone(UTC)
