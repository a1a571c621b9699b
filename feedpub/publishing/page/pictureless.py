"""The page of the edition without pictures: whole texts, its own feeds, and nothing that is asked of another host.

It is a page of its own, not the other one with less on it: whoever reads here must not be led to a feed with pictures
by a program that takes what the page's head names, nor by a person who copies what the page shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from feedpub.content import Entry, Offer
from feedpub.kinds import OUTLINE, PREFERRED, Part, feeds_in
from feedpub.publishing.page import Council, preferred_first
from feedpub.publishing.page.assets import PICTURELESS, asset, policy, templates
from feedpub.publishing.page.strings import Words

LARGEST_TEXT = 30_000  # characters of an item that stands there whole
ALL_TEXTS = 120_000  # characters of all of them: some 40 kB compressed


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as the page has it."""

    entry: Entry
    anchor: str  # stays the same while other items come
    is_whole: bool  # no: only its beginning is there, for it is very long


def pictureless_page(council: Council, entries: Sequence[Entry], offers: Sequence[Offer]) -> bytes:
    """Return the page. ``entries`` are without pictures; ``offers`` are the edition's feeds, its own first."""
    values = {
        "council": council,
        "words": Words(council.language),
        "local": lambda moment: moment.astimezone(council.zone),
        "policy": policy(PICTURELESS, has_pictures=False),
        "style": asset(PICTURELESS.style),
        "script": asset(PICTURELESS.script),
        "shown": _shown(entries),
        "own": offers[0],
        "by_topic": offers[1:],
        "feeds": feeds_in(Part.TEXT),
        "links": preferred_first(feeds_in(Part.TEXT)),
        "preferred": PREFERRED,
        "outline": OUTLINE,
    }
    return templates().get_template("pictureless.html").render(values).encode()


def _shown(entries: Sequence[Entry]) -> list[Shown]:
    """Return the items, whole as long as the page stays small enough for a slow connection."""
    left = ALL_TEXTS
    shown = []
    for entry in entries:
        size = len(entry.content_html)
        is_whole = size <= min(left, LARGEST_TEXT)
        left -= size if is_whole else len(entry.summary_html)
        shown.append(Shown(entry, _anchor(entry), is_whole))
    return shown


def _anchor(entry: Entry) -> str:
    return f"n{hashlib.sha256(entry.id.encode()).hexdigest()[:8]}"
