"""Feed → an index in which a browser finds the items of a month, by any form of a word.

A word's forms are what they begin with, and the ways in which they go on: «виплат» with «а», «и», «ами». So a browser
needs no dictionary. Items are named by their number in the list, from 0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath

from feedpub import text
from feedpub.content import Entry, Feed
from feedpub.dictionary import stems
from feedpub.kinds import item_file

WORD = re.compile(r"\w+(?:'\w+)*")
SHORTEST = 2  # letters: one alone says nothing
LONGEST = 40  # characters of a word that somebody looks for
REMEMBERED = 200  # items

Stem = tuple[str, frozenset[str]]


def search_index(feed: Feed, _own_url: str) -> bytes:
    """Return the items, newest first, and for each word those that have it."""
    categories = sorted({category for entry in feed.entries for category in entry.categories})
    where: dict[Stem, list[int]] = {}
    for number, entry in enumerate(feed.entries):
        for stem in _stems_of(entry, feed.language):
            where.setdefault(stem, []).append(number)
    endings = sorted({"|".join(sorted(ends)) for _, ends in where})
    places = {ends: n for n, ends in enumerate(endings)}
    words = [[stem, places["|".join(sorted(ends))], numbers] for (stem, ends), numbers in where.items()]
    index = {
        "items": [_item(entry, categories) for entry in feed.entries],
        "categories": categories,
        "endings": endings,
        "words": sorted(words, key=lambda row: row[:2]),
    }
    return json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _item(entry: Entry, categories: list[str]) -> list[object]:
    """Return its file, its instant, title, the council's address, and its categories by number."""
    file = PurePosixPath(item_file(entry.id)).stem
    numbers = [categories.index(category) for category in entry.categories]
    return [file, f"{entry.published:%Y-%m-%dT%H:%MZ}", entry.title, entry.url, numbers]


@lru_cache(maxsize=REMEMBERED)
def _stems_of(entry: Entry, language: str) -> frozenset[Stem]:
    words = set(_spelt_words((entry.title, *entry.categories, entry.text)))
    return frozenset(stem for word in words for stem in stems(word, language))


def _spelt_words(lines: Iterable[str]) -> list[str]:
    words = WORD.findall(text.spelt("\n".join(lines)).casefold())
    return [word for word in words if SHORTEST <= len(word) <= LONGEST or word.isdigit()]
