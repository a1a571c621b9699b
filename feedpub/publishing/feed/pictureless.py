"""Feed → the same feed without pictures, for slow connections and for readers whom a request could betray."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from html import escape, unescape

from feedpub.content import Entry, Feed

REMEMBERED = 100  # entries: those of the newest feed
TEXT = "text"  # the folder of the feed without pictures
WITHOUT_PICTURES = {"uk": "без зображень", "ru": "без изображений", "en": "without pictures"}
IMAGE = re.compile(r'<img(?:\s+[\w-]+="[^"]*")*\s*/?>')  # as the allow-list leaves them: every value quoted
EMPTY = re.compile(r'<(a|p|figure|figcaption)(?:\s+[\w-]+="[^"]*")*>\s*</\1>')
ALT = re.compile(r'\salt="([^"]*)"')
DEPTH = 3  # a link in a paragraph in a figure


def without_pictures(feed: Feed, feed_id: str) -> Feed:
    """Return the feed with nothing in it that a reader would load from the council's host, or from anywhere.

    Anyone who reads where that is dangerous must not show themselves to it. A
    picture's description takes its place; files stay, as links.
    """
    return replace(
        feed,
        id=feed_id,
        title=pictureless_title(feed.title, feed.language),
        base_url=f"{feed.base_url}{TEXT}/",
        icon=None,
        logo=None,
        entries=tuple(_pictureless(entry) for entry in feed.entries),
        previous=None,
    )


def pictureless_title(title: str, language: str) -> str:
    """Return the title of the feed without pictures."""
    primary = language.partition("-")[0]
    return f"{title} ({WITHOUT_PICTURES.get(primary, WITHOUT_PICTURES['en'])})"


@lru_cache(maxsize=REMEMBERED)
def _pictureless(entry: Entry) -> Entry:
    content = IMAGE.sub(_description, entry.content_html)
    for _ in range(DEPTH):  # an element that held nothing but a picture is empty now
        content = EMPTY.sub("", content)
    content = re.sub(r"\n{2,}", "\n", content).strip()
    return replace(entry, content_html=content, enclosure=None, enclosure_title="", pictures=())


def _description(image: re.Match[str]) -> str:
    alt = ALT.search(image[0])
    words = unescape(alt[1]).strip() if alt else ""
    return f"[{escape(words, quote=False)}]" if words else ""
