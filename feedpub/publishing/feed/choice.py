"""Which of a source's collections an item belongs to: those of its month, its categories and the configured topics.

A collection's name is its folder and a part of its feed's id. A name that was
given once must be given again, so names are made of nothing but the item's own
words and dates, and of the ids of the configured topics.
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
class PreparedTopic:
    """A topic, ready to be compared with items.

    Each keyword is a row of words. Each word is the set of its forms, or a
    beginning with * after it.
    """

    topic: Topic
    keywords: tuple[tuple[frozenset[str], ...], ...]
    categories: frozenset[str]  # their slugs

    def includes(self, words: list[str], categories: Iterable[str]) -> bool:
        """Whether an item with these words and categories belongs to the topic."""
        if any(slug(category) in self.categories for category in categories):
            return True
        return any(_occurs(keyword, words) for keyword in self.keywords)


def prepared(topic: Topic, forms: Forms) -> PreparedTopic:
    keywords = [_word_forms(keyword, forms) for keyword in topic.keywords]
    return PreparedTopic(topic, tuple(keywords), frozenset(slug(c) for c in topic.categories))


def _word_forms(keyword: str, forms: Forms) -> tuple[frozenset[str], ...]:
    return tuple(frozenset({word}) if word.endswith("*") else forms(word) for word in _spelt_words(keyword))


def titles_by_collection(stored: Stored, zone: ZoneInfo, topics: Iterable[PreparedTopic]) -> Mapping[str, str]:
    """Return the names of the collections that the item belongs to, each with its title."""
    article = stored.article
    month = archive_name(stored.date, zone)
    titles = {month: month.removeprefix(ARCHIVE)}
    for category in article.categories:
        titles.setdefault(CATEGORY + slug(category), category)
    words = _spelt_words("\n".join((article.title, article.text, *(file.label for file in article.files))))
    matching = [t.topic for t in topics if t.includes(words, article.categories)]
    return titles | {TOPIC + topic.id: topic.title for topic in matching}


def archive_name(date: datetime, zone: ZoneInfo) -> str:
    """Return the name of the month's collection. A month is that of the council's people."""
    return f"{ARCHIVE}{date.astimezone(zone):%Y-%m}"


def slug(title: str) -> str:
    """Return a title in small Latin letters, digits and hyphens. Typography makes no difference."""
    roman = _romanized(title)
    letters = "".join(c for c in unicodedata.normalize("NFKD", roman) if not unicodedata.combining(c))
    words = re.sub(r"[\W_]+", "-", letters).strip("-")
    latin = re.sub(r"[^a-z0-9]+", "-", words).strip("-")[:LONGEST_SLUG].strip("-")
    if latin == words and latin:
        return latin
    # Of another script, or cut short: a digest of the whole tells it from others.
    whole = words or unicodedata.normalize("NFC", title)
    return f"{latin}-{hashlib.sha256(whole.encode()).hexdigest()[:6]}".strip("-")


def _romanized(title: str) -> str:
    without_stress = title.replace("\u0301", "")  # a stress mark is no letter
    plain = unicodedata.normalize("NFKC", without_stress).casefold().replace("зг", "zgh")
    initial = re.sub(r"(?<![\w'’ʼ])[єїйюя]", lambda letter: FIRST[letter[0]], plain)
    return "".join(ROMAN.get(c, c) for c in initial)


def title_beside(source: Source, collection_title: str) -> str:
    """Return the title of a feed of some of a source's items, where it is shown among other feeds."""
    return f"{source.title}: {collection_title}"


def _spelt_words(line: str) -> list[str]:
    return WORD.findall(text.spelt(line).casefold())


def _occurs(keyword: tuple[frozenset[str], ...], words: list[str]) -> bool:
    """Whether the words of a keyword follow one another somewhere, in any form."""
    size = len(keyword)
    runs = (words[n : n + size] for n in range(len(words) - size + 1))
    return any(all(map(_is_form, keyword, run)) for run in runs)


def _is_form(forms: frozenset[str], word: str) -> bool:
    word = word.rstrip("*")
    return word in forms or any(f.endswith("*") and word.startswith(f[:-1]) for f in forms)
