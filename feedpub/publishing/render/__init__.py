"""Feed → bytes: one file a format, and the tables of them. Sole holder of feedgen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedpub.content import Feed


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that holds items."""

    name: str  # the file's
    media_type: str
    render: Callable[[Feed, str], bytes]  # the feed and its own address


def _rss(feed: Feed, own_url: str) -> bytes:
    from feedpub.publishing.render.xmlfeed import (
        rss,  # here, since most runs render nothing, and feedgen is slow to import
    )

    return rss(feed, own_url)


def _atom(feed: Feed, own_url: str) -> bytes:
    from feedpub.publishing.render.xmlfeed import atom

    return atom(feed, own_url)


def _json(feed: Feed, own_url: str) -> bytes:
    from feedpub.publishing.render.jsonfeed import render

    return render(feed, own_url)


def _lines(feed: Feed, own_url: str) -> bytes:
    from feedpub.publishing.render.jsonfeed import lines

    return lines(feed, own_url)


FORMATS = (
    Format("rss.xml", "application/rss+xml; charset=utf-8", _rss),
    Format("atom.xml", "application/atom+xml; charset=utf-8", _atom),
    Format("feed.json", "application/feed+json; charset=utf-8", _json),
)
PAIR = FORMATS[:2]  # what every reader takes: for feeds of some of a source's items
OUTLINE = "feeds.opml"  # the file that lists all feeds
DUMP = Format("items.ndjson", "application/x-ndjson; charset=utf-8", _lines)
