"""Feed → JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from feedpub.content import Entry, Feed, Medium

REMEMBERED = 400  # entries, of some 5 kB each: an entry stays in a feed for weeks
SCRIPT_TAG = re.compile(r"<(?=/?script|!--)", re.IGNORECASE)  # ends a script, or begins a comment in it (HTML 4.12.1.3)


def json_feed(feed: Feed, own_url: str) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": own_url,
        "description": feed.description,
        "icon": feed.logo,
        "favicon": feed.icon,
        "authors": [{"name": feed.author, "url": feed.home}],
        "language": feed.language,
        "expired": True if feed.is_closed else None,
        "hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs],
        "_feedpub": {"id": feed.id, "rights": feed.rights, "generator": str(feed.generator)},
    }
    frame = script_safe_json(_without_empty(document), indent=1).removesuffix(b"\n}\n")
    items = b",\n".join(map(_indented_item, feed.entries))  # the last key; a feed always has items
    return b'%b,\n "items": [\n%b\n ]\n}\n' % (frame, items)


@lru_cache(maxsize=REMEMBERED)
def _indented_item(entry: Entry) -> bytes:
    """Return the entry as it stands in the list. In JSON, no string has a line break of its own."""
    lines = script_safe_json(json_item(entry), indent=1).splitlines()
    return b"\n".join(b"  " + line for line in lines)


def json_item(entry: Entry) -> dict[str, object]:
    """Return the entry as JSON Feed's object for an item."""
    item = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.content_html,
        "summary": entry.summary_text,
        "image": entry.picture.url if entry.picture else None,
        "date_published": _rfc3339(entry.published),
        "date_modified": _rfc3339(entry.updated),
        "authors": [{"name": entry.author}],
        "tags": list(entry.categories),
        "attachments": [_attachment(entry.enclosure, entry.enclosure_title)] if entry.enclosure else None,
    }
    return _without_empty(item)


def script_safe_json(value: object, indent: int | None = None) -> bytes:
    """Return the value as JSON that a page may hold in a ``<script>``, as some do."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return SCRIPT_TAG.sub(lambda _: r"\u003c", f"{text}\n").encode()


def _attachment(enclosure: Medium, title: str) -> dict[str, object]:
    attachment = {
        "url": enclosure.url,
        "mime_type": enclosure.type,
        "title": title,
        "size_in_bytes": enclosure.length,
    }
    return _without_empty(attachment)


def _without_empty(document: Mapping[str, object]) -> dict[str, object]:
    """Leave out what is not there: null has no meaning in JSON Feed."""
    return {k: v for k, v in document.items() if v not in (None, "", [])}


def _rfc3339(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
