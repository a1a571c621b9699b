"""Feed → the same feed without pictures, for slow connections and for readers whom a request could betray.

Apps ask more than the feed's own address. At subscription they look for an icon on the site that the feed calls its
home, and some tell a hub that they are there. So such a feed names no host but ours: its home is the page of its own
edition, and it has no icon and no hub. The council's site is named by links in the texts, and asked when one is opened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape, unescape

from feedpub.content import Entry, Feed, Offer

REMEMBERED = 400  # entries: those of the newest feed, and of a month or two
TEXT = "text/"  # the edition's folder in its source's
WITHOUT_PICTURES = {"uk": "без зображень", "ru": "без изображений", "en": "without pictures"}
IMAGE = re.compile(r'<img(?:\s+[\w-]+="[^"]*")*\s*/?>')  # as the allow-list leaves them: every value quoted
EMPTY = re.compile(r'<(a|p|figure|figcaption)(?:\s+[\w-]+="[^"]*")*>\s*</\1>')
ALT = re.compile(r'\salt="([^"]*)"')
DEPTH = 3  # a link in a paragraph in a figure


def without_pictures(feed: Feed, feed_id: str, source_folder: str) -> Feed:
    """Return the feed with nothing in it that a reader would load from the council's host, or from anywhere.

    A picture's description takes its place; files stay, as links. ``source_folder`` is the address of the source's
    folder, in which all of its feeds are.
    """
    edition = f"{source_folder}{TEXT}"
    return replace(
        feed,
        id=feed_id,
        title=pictureless_title(feed.title, feed.language),
        home=edition,
        base_url=edition + feed.base_url.removeprefix(source_folder),
        icon=None,
        logo=None,
        category_scheme=edition,
        entries=tuple(map(pictureless_entry, feed.entries)),
        generator=replace(feed.generator, page=""),
        hubs=(),
        previous=None,
    )


def pictureless_title(title: str, language: str) -> str:
    """Return the title of the feed without pictures."""
    primary = language.partition("-")[0]
    return f"{title} ({WITHOUT_PICTURES.get(primary, WITHOUT_PICTURES['en'])})"


def pictureless_offers(offers: Sequence[Offer], source_folder: str, language: str) -> list[Offer]:
    """Return the feeds of the edition without pictures: one for each of these, which have them."""
    edition = f"{source_folder}{TEXT}"
    return [
        replace(
            offer,
            title=pictureless_title(offer.title, language),
            folder=edition + offer.folder.removeprefix(source_folder),
            home=edition,
        )
        for offer in offers
    ]


@lru_cache(maxsize=REMEMBERED)
def pictureless_entry(entry: Entry) -> Entry:
    """Return the item without anything that is loaded by itself."""
    content = IMAGE.sub(_description, entry.content_html)
    for _ in range(DEPTH):  # an element that held nothing but a picture is empty now
        content = EMPTY.sub("", content)
    content = re.sub(r"\n{2,}", "\n", content).strip()
    return replace(entry, content_html=content, enclosure=None, enclosure_title="", pictures=())


def _description(image: re.Match[str]) -> str:
    alt = ALT.search(image[0])
    words = unescape(alt[1]).strip() if alt else ""
    return f"[{escape(words, quote=False)}]" if words else ""
