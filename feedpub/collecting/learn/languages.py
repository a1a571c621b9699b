"""Which languages a site's dates are in: those that it is said to have, else one that reads the months on its pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.html import HtmlElement

from feedpub.html import tree
from feedpub.html.date_names import languages_of, names_of
from feedpub.html.date_words import BEFORE_MONTH, BEFORE_YEAR, ORDINAL, plain
from feedpub.html.lines import text_of

EUROPE = (
    "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sk", "ro", "hu", "el", "bg", "sr", "hr", "sl", "bs", "mk", "sq",
    "lt", "lv", "et", "fi", "sv", "nb", "nn", "da", "is", "tr", "be", "ca", "gl", "eu", "ga", "cy", "mt", "lb", "fy",
    "br", "rm", "hsb", "fo", "hy", "ka", "az",
)  # fmt: skip
FEW = 2  # dates in words that nobody reads; one may be anything
MOSTLY = 0.8  # of their months are names in a language that reads them
_NAME = r"(?P<name>[^\W\d_]{3,})"
_DAY = rf"\d{{1,2}}(?:{ORDINAL})?"
_YEAR = rf"(?:{BEFORE_YEAR}\s*)?(?:19|20)\d\d(?!\d)"
DATES = (  # with a month's name, in whatever language
    re.compile(rf"(?<![\w.:]){_DAY}[\s/-]*(?:{BEFORE_MONTH}\s*)?{_NAME}[.,]?[\s/-]+{_YEAR}"),
    re.compile(rf"(?<!\w){_NAME}\.?\s+{_DAY},?\s+{_YEAR}"),
    re.compile(rf"(?<!\d)(?:19|20)\d\d\.?\s+{_NAME}\.?\s+{_DAY}"),
)


def site_languages(tag: str, pages: Sequence[HtmlElement]) -> tuple[str, ...]:
    """Return the languages of a site's dates, as ``date_in`` takes them.

    ``tag`` is the language that is configured, BCP 47; each page may name one
    too. Where none of them reads the months on the pages, another language of
    Europe may, if it alone reads most of them.
    """
    languages = languages_of([tag, *map(tree.language, pages)])
    unread = months_unread(pages, languages)
    if len(unread) < FEW:
        return languages
    guessed = _language_that_reads(set(unread))
    return (*languages, guessed) if guessed else languages


def months_unread(pages: Iterable[HtmlElement], languages: Sequence[str]) -> list[str]:
    """Return the words in a month's place that are no month in these languages, each as often as it is seen."""
    known = [names_of(language).all_months for language in languages or ("",)]
    names = (name for page in pages for name in _months_shown(page))
    return [name for name in names if not any(name in months for months in known)]


def _months_shown(page: HtmlElement) -> Iterator[str]:
    words = plain(" ".join(text_of(page).split()))
    for pattern in DATES:
        for match in pattern.finditer(words):
            yield match["name"]


def _language_that_reads(names: set[str]) -> str | None:
    """Return a language of Europe in which most of the names are months; None where none is, or two disagree."""
    numbers = {language: _numbers_of(names, language) for language in EUROPE}
    most = max(map(len, numbers.values()))
    best = [language for language, found in numbers.items() if len(found) == most]
    if most < MOSTLY * len(names) or any(numbers[language] != numbers[best[0]] for language in best):
        return None
    return best[0]


def _numbers_of(names: set[str], language: str) -> dict[str, int]:
    months = names_of(language).all_months
    return {name: months[name] for name in names if name in months}
