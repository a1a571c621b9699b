"""What is asked of an element again and again: its words, its names, where it leads to."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.html.lines import text_of

UNSPACED = re.compile(  # letters of languages that write no spaces between words: Thai to Khmer, kana, Chinese
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)
A_WORD = 2  # such letters, about


def word_count(words: str) -> int:
    """Return how many words there are; where a language writes no spaces, about how many."""
    unspaced = len(UNSPACED.findall(words))
    return len(UNSPACED.sub(" ", words).split()) + (unspaced + 1) // A_WORD


def breadth(words: str) -> int:
    """Return how much the words say, in letters of an alphabet: one of Chinese says about as much as three."""
    return len(words) + 2 * len(UNSPACED.findall(words))


def words_of(element: HtmlElement) -> str:
    """Return the element's words on one line."""
    return text.line(text_of(element))


def attribute(element: HtmlElement, name: str) -> str:
    """Return an attribute; "" where the element has none of the name."""
    return element.get(name) or ""


def classes_of(element: HtmlElement) -> list[str]:
    return attribute(element, "class").split()


def target_of(element: HtmlElement, base: str) -> str | None:
    """Return the absolute address that an element leads to; None where it leads nowhere."""
    return address.absolute(base, attribute(element, "href"))


def joined_attributes(element: HtmlElement, *names: str) -> str:
    """Return the element's attributes of these names, side by side."""
    return " ".join(attribute(element, name) for name in names)
