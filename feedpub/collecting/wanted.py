"""Whether an article is in a language that its source publishes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedpub.content import Article, Page
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
