"""Feed → its items as lines of JSON (https://github.com/ndjson/ndjson-spec), for programs that want everything."""

from __future__ import annotations

from feedpub.content import Feed
from feedpub.publishing.render.jsonfeed import json_item, script_safe_json


def json_lines(feed: Feed, _own_url: str) -> bytes:
    """Return one item a line, the oldest first.

    Each is as in the JSON feed, with the terms: a line may go its way alone.
    """
    terms = {
        "language": feed.language,
        "rights": feed.rights,
        "source": {"title": feed.author, "url": feed.home},
    }
    return b"".join(script_safe_json(json_item(entry) | terms) for entry in reversed(feed.entries))
