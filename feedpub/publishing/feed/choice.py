"""In which of a source's collections an item stands: those of its month, of its categories, of what was asked for.

Their names are their folders and parts of their feeds' ids: one that was
given once must be given again, so they are made of nothing but the item's own
words and dates, and of what the configuration calls a topic.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from feedpub import text
from feedpub.content import Stored
from feedpub.model import ARCHIVE, CATEGORY, TOPIC, Source, Topic

LONGEST_SLUG = 60  # characters
WORD = re.compile(r"\w+(?:'\w+)*\*?")
# The Cabinet of Ministers' resolution 55 of 27 January 2010, and the Russian letters that Ukrainian has not.
ROMAN = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu",
    "я": "ia", "ё": "e", "ы": "y", "э": "e", "ъ": "", "'": "", "’": "", "ʼ": "",
}  # fmt: skip
FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}  # at the beginning of a word
Forms = Callable[[str], frozenset[str]]  # a word -> it and the other forms that it has


@dataclass(frozen=True, slots=True)
class Wanted:
    """A topic, made ready: each keyword a row of words, each word its forms, or a beginning with * behind it."""

    topic: Topic
    keywords: tuple[tuple[frozenset[str], ...], ...]
    categories: frozenset[str]

    def has(self, words: list[str], categories: Iterable[str]) -> bool:
        return any(slug(c) in self.categories for c in categories) or any(_stands(k, words) for k in self.keywords)


def wanted(topic: Topic, forms: Forms) -> Wanted:
    keywords = (tuple(frozenset({w}) if w.endswith("*") else forms(w) for w in _words(k)) for k in topic.keywords)
    return Wanted(topic, tuple(keywords), frozenset(map(slug, topic.categories)))


def names(stored: Stored, zone: ZoneInfo, topics: Iterable[Wanted]) -> Mapping[str, str]:
    """The collections in which an item stands, with what they are called."""
    article = stored.article
    month = archive(stored.date, zone)
    found = {month: month.removeprefix(ARCHIVE)}
    for category in article.categories:
        found.setdefault(CATEGORY + slug(category), category)
    words = _words(f"{article.title}\n{article.text}")
    return found | {TOPIC + w.topic.id: w.topic.title for w in topics if w.has(words, article.categories)}


def archive(date: datetime, zone: ZoneInfo) -> str:
    """The name of the month's collection: of the month in which the council's people were."""
    return f"{ARCHIVE}{date.astimezone(zone):%Y-%m}"


def slug(title: str) -> str:
    """A title in small Latin letters, digits and hyphens; titles that differ in typography alone have the same."""
    plain = unicodedata.normalize("NFKC", title.replace("\u0301", "")).casefold()  # a stress mark is no letter
    roman = re.sub(r"(?<![\w'’ʼ])[єїйюя]", lambda m: FIRST[m[0]], plain.replace("зг", "zgh"))
    roman = "".join(ROMAN.get(c, c) for c in roman)
    letters = "".join(c for c in unicodedata.normalize("NFKD", roman) if not unicodedata.combining(c))
    words = re.sub(r"[\W_]+", "-", letters).strip("-")
    made = re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:LONGEST_SLUG].strip("-")
    if made != words or not made:  # of another script, or cut short
        said = words or unicodedata.normalize("NFC", title)
        made = f"{made}-{hashlib.sha256(said.encode()).hexdigest()[:6]}".strip("-")
    return made


def title(source: Source, collection_title: str) -> str:
    """What a feed of some of a source's items is called where it stands alone."""
    return f"{source.title}: {collection_title}"


def _words(line: str) -> list[str]:
    return WORD.findall(text.spelt(line).casefold())


def _stands(keyword: tuple[frozenset[str], ...], words: list[str]) -> bool:
    """Whether the words of a keyword follow one another somewhere, in whatever form."""
    places = range(len(words) - len(keyword) + 1)
    return any(all(_is(word, w) for word, w in zip(keyword, words[n:], strict=False)) for n in places)


def _is(wanted: frozenset[str], word: str) -> bool:
    word = word.rstrip("*")
    return word in wanted or any(w.endswith("*") and word.startswith(w[:-1]) for w in wanted)
