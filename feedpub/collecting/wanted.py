"""Whether an article is in a language that its source publishes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedpub.content import Article, Page, Row
from feedpub.html import tongue, tree

MARKS = {"lang": "lang of its page", "hreflang": "hreflang of its page", "address": "its address", "words": "its words"}


@dataclass(frozen=True, slots=True)
class Foreign:
    """The language of an article that is left out, and what shows it."""

    language: str
    why: str


def foreign_language(page: Page, article: Article, languages: Sequence[str]) -> Foreign | None:
    """Return the language of an article that the source does not publish; None for one that it does.

    The page's own marks decide. Where they disagree, its words must show another language beyond doubt; and they
    keep an article, whatever its marks are. So a theme that calls every page English loses nothing.
    """
    if not languages:
        return None
    named = tongue.named_languages(tree.document(page), page.url)
    in_words = tongue.language_of_words(f"{article.title}\n{article.text}")
    return _judged(named, in_words, languages)


def foreign_row(row: Row, languages: Sequence[str]) -> Foreign | None:
    """Return the language of a listing's line that the source does not publish; None for one that it does.

    There is no page to ask. So its own words show another language beyond doubt, or its target's address names one and
    they look like it.
    """
    if not languages:
        return None
    words = " ".join((row.title, *row.teaser))
    in_words = tongue.language_of_words(words)
    if in_words:
        return None if in_words in languages else Foreign(in_words, MARKS["words"])
    named = tongue.language_in(row.target)[0] if row.target else ""
    if named and named not in languages and tongue.may_be_in(words, named):
        return Foreign(named, MARKS["address"])
    return None


def _judged(named: Mapping[str, str], in_words: str | None, languages: Sequence[str]) -> Foreign | None:
    if in_words in languages:
        return None
    others = {mark: language for mark, language in named.items() if language not in languages}
    if named and not others:
        return None
    is_agreed = others and len(others) == len(named)
    if not is_agreed and in_words is None:
        return None
    marks = others if others else {"words": in_words or ""}
    why = " and ".join(MARKS[mark] for mark in marks)
    return Foreign(next(iter(marks.values())), why)
