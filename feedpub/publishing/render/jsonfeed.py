"""Feed → JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), and its items as lines of JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime

from feedpub.content import Entry, Feed

ENDS_A_SCRIPT = re.compile(r"<(?=/?script|!--)", re.IGNORECASE)  # or begins a comment in it (HTML 4.12.1.3)


def render(feed: Feed, own_url: str) -> bytes:
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
        "hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs],
        "_feedpub": {"id": feed.id, "rights": feed.rights, "generator": " ".join(feed.generator)},
        "items": [_item(e) for e in feed.entries],
    }
    data = json.dumps(_filled(document), ensure_ascii=False, indent=1) + "\n"
    return ENDS_A_SCRIPT.sub(_escaped, data).encode()  # so that a page may hold it in a <script>, as some do


def _escaped(_: re.Match[str]) -> str:
    return r"\u003c"


def lines(feed: Feed, _own_url: str) -> bytes:
    """An item a line, the oldest first, each as in the JSON feed and with the terms: a line may go its way alone."""
    told = {"language": feed.language, "rights": feed.rights, "source": {"title": feed.author, "url": feed.home}}
    made = (json.dumps(_item(e) | told, ensure_ascii=False) for e in reversed(feed.entries))
    return "".join(f"{ENDS_A_SCRIPT.sub(_escaped, line)}\n" for line in made).encode()


def _item(entry: Entry) -> dict[str, object]:
    enclosure = entry.enclosure
    attachment = {
        "url": enclosure.url, "mime_type": enclosure.type, "title": entry.enclosure_title,
        "size_in_bytes": enclosure.length,
    } if enclosure else {}  # fmt: skip
    return _filled({
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
        "attachments": [_filled(attachment)] if attachment else None,
    })  # fmt: skip


def _filled(document: Mapping[str, object]) -> dict[str, object]:
    """Without what is not there: null has no meaning in JSON Feed."""
    return {k: v for k, v in document.items() if v not in (None, "", [])}


def _rfc3339(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
