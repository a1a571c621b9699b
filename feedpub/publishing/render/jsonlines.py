"""Feed → its items as lines of JSON (https://github.com/ndjson/ndjson-spec), for programs that want everything."""

from __future__ import annotations

from functools import lru_cache

from feedpub.content import Entry, Feed
from feedpub.publishing.render.jsonfeed import REMEMBERED, json_item, script_safe_json


def json_lines(feed: Feed, _own_url: str) -> bytes:
    """Return one item a line, the oldest first.

    Each is as in the JSON feed, with the terms: a line may go its way alone.
    """
    return b"".join(
        _line(entry, feed.language, feed.rights, feed.author, feed.home) for entry in reversed(feed.entries)
    )


@lru_cache(maxsize=REMEMBERED)
def _line(entry: Entry, language: str, rights: str, author: str, home: str) -> bytes:
    terms = {"language": language, "rights": rights, "source": {"title": author, "url": home}}
    return script_safe_json(json_item(entry) | terms)
