"""The feed files that a tool has published, as a reader sees them: RSS, Atom or JSON Feed, by the time of the poll."""

from __future__ import annotations

import calendar
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser

STAMP = re.compile(r"\d{8}T\d{6}Z")
BLOCK = re.compile(r"</?(?:p|div|br|h\d|li|ul|ol|tr|td|section|article|header|footer)\b[^>]*>", re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed. What the tool does not say is empty or None."""

    id: str
    link: str
    title: str
    date: datetime | None  # of publication
    text: str  # the longest that it has, as plain words

    @property
    def key(self) -> str:
        """By what a reader knows it again: its id, else its link, else its title."""
        return self.id or self.link or self.title


@dataclass(frozen=True, slots=True)
class Poll:
    at: datetime
    entries: tuple[Entry, ...]


def polls(folder: Path) -> Iterator[Poll]:
    """Yield what was published, in order. A poll without a file, or with the file of before, changed nothing."""
    before = b""
    for path in sorted(p for p in folder.iterdir() if STAMP.search(p.name)):
        data = path.read_bytes()
        if data != before:
            yield Poll(_instant(path.name), tuple(entries(data)))
        before = data


def name_of(at: datetime, ending: str = "xml") -> str:
    """Return the name of the file that was published at an instant."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.{ending}"


def _instant(name: str) -> datetime:
    match = STAMP.search(name)
    assert match
    return datetime.strptime(match[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def entries(data: bytes) -> Iterator[Entry]:
    """Yield the items of a feed, in its order. What is no feed has none."""
    if data.lstrip()[:1] == b"{":
        yield from map(_of_json, json.loads(data).get("items", ()))
        return
    parsed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    yield from map(_of_xml, parsed.entries)


def _of_xml(entry: Any) -> Entry:
    texts = [entry.get("summary", ""), *(one.get("value", "") for one in entry.get("content", ()))]
    stamp = entry.get("published_parsed") or entry.get("updated_parsed")
    date = datetime.fromtimestamp(calendar.timegm(stamp), UTC) if stamp else None
    longest = max(map(plain, texts), key=len)
    return Entry(entry.get("id", ""), entry.get("link", ""), plain(entry.get("title", "")), date, longest)


def _of_json(item: Mapping[str, Any]) -> Entry:
    texts = (item.get("content_html", ""), html.escape(item.get("content_text", "")), item.get("summary", ""))
    dated = item.get("date_published") or item.get("date_modified")
    date = datetime.fromisoformat(dated).astimezone(UTC) if dated else None
    longest = max(map(plain, texts), key=len)
    return Entry(str(item.get("id", "")), item.get("url", ""), plain(item.get("title", "")), date, longest)


def plain(markup: str) -> str:
    """Return the words of some markup, with single spaces."""
    return " ".join(html.unescape(TAG.sub("", BLOCK.sub(" ", markup))).split())
