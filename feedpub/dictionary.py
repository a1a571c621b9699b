"""Look words up in a dictionary: pymorphy3, with the dictionaries of VESUM (Ukrainian) and OpenCorpora (Russian).

The Ukrainian one is under the GPL, and comes with the extra ``feedpub[dictionary]``. Where it is not installed, no
word is known: a text with a corrected misspelling counts as other news, and topics are found by the words as they are
written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from importlib.util import find_spec
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

LANGUAGES = {"uk", "ru"}  # that have a dictionary
NAMES = {"Name", "Surn", "Patr", "Geox", "Orgn", "Init"}  # OpenCorpora's marks of a name


class Kind(Enum):
    """The kind of word that a dictionary calls it."""

    WORD = "word"  # an ordinary one
    NAME = "name"  # it may be a name of a person, a place or an organization
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Entry:
    """A word in a dictionary."""

    kind: Kind
    forms: frozenset[str] = frozenset()  # the lemma, number, gender and so on of each reading, without the case


Dictionary = Callable[[str], Entry]


def is_available(language: str) -> bool:
    """Return whether there is a dictionary of a language (BCP 47), and it is installed."""
    primary = _primary(language)
    return primary in LANGUAGES and find_spec(f"pymorphy3_dicts_{primary}") is not None


def is_missing(language: str) -> bool:
    """Return whether there is a dictionary of a language that could be installed: by ``feedpub[dictionary]``."""
    return _primary(language) in LANGUAGES and not is_available(language)


def dictionary(language: str) -> Dictionary:
    """Return the dictionary of a language (BCP 47). It knows no word if there is none for the language."""
    primary = _primary(language)
    if not is_available(language):
        return lambda word: Entry(Kind.UNKNOWN)
    return lambda word: _entry_of(word, _analyzer(primary))


def forms(word: str, language: str) -> frozenset[str]:
    """Return all forms of a word in a language (BCP 47), itself included; only itself if no dictionary knows it."""
    if not is_available(language):
        return frozenset({word})
    lexemes = [parse.lexeme for parse in _analyzer(_primary(language)).parse(word) if parse.is_known]
    return frozenset({word, *(form.word for form in chain.from_iterable(lexemes))})


@lru_cache(maxsize=50_000)  # words: most of a text are in other texts, too
def stems(word: str, language: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return what the forms of a word begin with, each with all ways in which they go on; the word's own among them.

    «рада» is a form of several words. A word that no dictionary knows has no other form.
    """
    readings: dict[str, frozenset[str]] = {}
    if is_available(language):
        dictionary = _analyzer(_primary(language)).dictionary
        for paradigm, place in dictionary.words.get(word) or ():
            prefix = dictionary.build_paradigm_info(paradigm)[place][0]
            stem = prefix + dictionary.build_stem(dictionary.paradigms[paradigm], place, word)
            readings[stem] = readings.get(stem, frozenset()) | _endings(language, paradigm, prefix)
    return tuple(sorted(readings.items())) or ((word, frozenset({""})),)


@lru_cache(maxsize=10_000)
def _endings(language: str, paradigm: int, prefix: str) -> frozenset[str]:
    forms = _analyzer(_primary(language)).dictionary.build_paradigm_info(paradigm)
    return frozenset(suffix for before, _, suffix in forms if before == prefix)


def _entry_of(word: str, analyzer: MorphAnalyzer) -> Entry:
    if not analyzer.word_is_known(word):  # cheaper than parsing, which guesses at words that it does not know
        return Entry(Kind.UNKNOWN)
    parses = [parse for parse in analyzer.parse(word) if parse.is_known]
    is_name = any(NAMES & parse.tag.grammemes for parse in parses)
    declined = [parse for parse in parses if parse.tag.case]
    readings = (_as_reading(parse.normal_form, parse.tag.grammemes - parse.tag.CASES) for parse in declined)
    return Entry(Kind.NAME if is_name else Kind.WORD, frozenset(readings))


def _as_reading(lemma: str, grammemes: Iterable[str]) -> str:
    return f"{lemma} {' '.join(sorted(grammemes))}"


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


@lru_cache
def _analyzer(language: str) -> MorphAnalyzer:
    import pymorphy3  # takes a tenth of a second, and only a few runs need it

    return pymorphy3.MorphAnalyzer(lang=language)
