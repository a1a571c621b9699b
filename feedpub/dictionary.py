"""What a dictionary says of a word: pymorphy3, with the dictionaries of VESUM and OpenCorpora."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

LANGUAGES = {"uk", "ru"}  # for which there is a dictionary
NAMES = {"Name", "Surn", "Patr", "Geox", "Orgn", "Init"}  # as OpenCorpora marks them


class Kind(Enum):
    """What a dictionary says of a word."""

    WORD = "word"  # an ordinary one
    NAME = "name"  # it may be a person's
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Entry:
    """A word in a dictionary."""

    kind: Kind
    forms: frozenset[str] = frozenset()  # what it may be but for its case: its lemma, with number, gender and so on


Dictionary = Callable[[str], Entry]


def dictionary(language: str) -> Dictionary:
    """The dictionary of a language (BCP 47); one that knows no word at all, where there is none."""
    primary = language.partition("-")[0].lower()

    def entry(word: str) -> Entry:
        if primary not in LANGUAGES:
            return Entry(Kind.UNKNOWN)
        analyzer = _analyzer(primary)
        if not analyzer.word_is_known(word):
            return Entry(Kind.UNKNOWN)
        parses = [p for p in analyzer.parse(word) if p.is_known]
        is_name = any(NAMES & p.tag.grammemes for p in parses)
        forms = frozenset(
            f"{p.normal_form} {' '.join(sorted(p.tag.grammemes - p.tag.CASES))}" for p in parses if p.tag.case
        )
        return Entry(Kind.NAME if is_name else Kind.WORD, forms)

    return entry


def forms(word: str, language: str) -> frozenset[str]:
    """A word in all its forms, as the dictionary of a language (BCP 47) has them; alone, where it knows none."""
    primary = language.partition("-")[0].lower()
    if primary not in LANGUAGES:
        return frozenset({word})
    parses = [p for p in _analyzer(primary).parse(word) if p.is_known]
    return frozenset({word, *(form.word for p in parses for form in p.lexeme)})


@lru_cache
def _analyzer(language: str) -> MorphAnalyzer:
    import pymorphy3  # a tenth of a second, and only where two texts differ by a word

    return pymorphy3.MorphAnalyzer(lang=language)
