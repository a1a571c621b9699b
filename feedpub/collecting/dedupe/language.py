"""Which languages a text is in, paragraph by paragraph: as its words show it, and else its letters. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from feedpub.dictionary import Kind, dictionary

ENOUGH_LETTERS = 60  # of a paragraph, to tell its language
LETTERS_A_MARK = 100  # at most, for each letter that only one of the two languages has
ENOUGH_WORDS = 3  # that only one of the two languages has
CLEARLY = 2.0  # times as many words, or letters, as of the other
LATIN, UKRAINIAN, RUSSIAN = "in Latin letters", "Ukrainian", "Russian"
CODES = {UKRAINIAN: "uk", RUSSIAN: "ru"}
MOST_LOOKED_UP = 40  # words of a paragraph
ONLY = {  # short words that one of the two languages has, and the other has not
    UKRAINIAN: "і й та що як від це цей ця ці або але який яка яке які якого яких після під із зі їх його її щодо також"
    " вже ще рік року роках буде будуть бути був була були хто де коли лише тільки між понад серед усіх всіх з він вони"
    " ми ви нас вас чи якщо тому цього цьому цих ж же й до себе свою свої громади ради міста",
    RUSSIAN: "и что как от это этот эта эти или но который которая которое которые которого которых после под из со их"
    " его её ее также уже ещё еще год года годах будет будут быть был была были кто где когда лишь только между свыше"
    " среди всех с он они мы вы нас вас ли если поэтому этого этом этих же о об до себя свою свои совета города",
}
_WORDS = {language: set(words.split()) for language, words in ONLY.items()}
WORDS = {
    UKRAINIAN: _WORDS[UKRAINIAN] - _WORDS[RUSSIAN],
    RUSSIAN: _WORDS[RUSSIAN] - _WORDS[UKRAINIAN],
}
LETTERS = {UKRAINIAN: "іїєґ", RUSSIAN: "ыэъё"}
WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
LATIN_LIKE_CYRILLIC = "iaceopxyk"
LOOKALIKES = str.maketrans(LATIN_LIKE_CYRILLIC, "іасеорхук")  # Latin letters in words of Cyrillic ones

Shares = tuple[tuple[str, float], ...]  # each language and its share of the letters, the largest first


def shares_of(title: str, text: str) -> Shares:
    """Return the languages of a text with the share that each has of its letters, the largest first.

    It is empty where no language is clear. Paragraphs that are too short to tell are told together.
    Those that are not clear do not count.
    """
    letters: Counter[str] = Counter()
    for paragraph in _long_enough((title, *text.split("\n"))):
        language = language_of(paragraph)
        if language:
            letters[language] += len(paragraph)
    total = letters.total()
    return tuple((language, count / total) for language, count in letters.most_common())


def _long_enough(paragraphs: tuple[str, ...]) -> Iterator[str]:
    short: list[str] = []
    for paragraph in paragraphs:
        if len(paragraph) >= ENOUGH_LETTERS and sum(map(len, WORD.findall(paragraph))) >= ENOUGH_LETTERS:
            yield paragraph
        else:
            short.append(paragraph)
    yield " ".join(short)


def language_of(paragraph: str) -> str | None:
    """Return the language of a paragraph; None if its letters are too few, or it is not clear."""
    words = WORD.findall(paragraph.lower())
    letters = Counter("".join(words))
    total = letters.total()
    if total < ENOUGH_LETTERS:
        return None
    if _are_latin(letters):
        return LATIN
    if not letters.keys().isdisjoint(LATIN_LIKE_CYRILLIC):
        words = " ".join(words).translate(LOOKALIKES).split(" ")
    by_words = {language: sum(map(own.__contains__, words)) for language, own in WORDS.items()}
    by_letters = {language: sum(letters[letter] for letter in own) for language, own in LETTERS.items()}
    return (
        _clear(by_words, ENOUGH_WORDS)
        or _clear(by_letters, total / LETTERS_A_MARK)
        or _clear(_looked_up(words), ENOUGH_WORDS)
    )


def is_in_latin_letters(text: str) -> bool:
    """Return whether fewer than half of the letters of a text are Cyrillic."""
    return _are_latin(Counter(filter(str.isalpha, text.lower())))


def _are_latin(letters: Counter[str]) -> bool:
    cyrillic = sum(count for letter, count in letters.items() if "\u0400" <= letter <= "\u04ff")
    return cyrillic < letters.total() / 2


def _clear(counts: Mapping[str, int], least: float) -> str | None:
    (best, most), (_, other) = sorted(counts.items(), key=lambda pair: -pair[1])
    return best if most >= least and most >= CLEARLY * other and most > 0 else None


def _looked_up(words: list[str]) -> dict[str, int]:
    """Return how many words only the dictionary of one language has. None has any where no dictionary is installed."""
    looked_up = sorted({word for word in words if len(word) > 3})[:MOST_LOOKED_UP]
    try:
        known = {language: set(filter(_knows(code), looked_up)) for language, code in CODES.items()}
    except (ImportError, ValueError):  # the dictionaries need not be installed
        return dict.fromkeys(CODES, 0)
    return {language: len(its - known[_other(language)]) for language, its in known.items()}


def _knows(code: str) -> Callable[[str], bool]:
    entry_of = dictionary(code)
    return lambda word: entry_of(word).kind is not Kind.UNKNOWN


def _other(language: str) -> str:
    return RUSSIAN if language == UKRAINIAN else UKRAINIAN
