"""What is asked of an element again and again: its words, its names, where it leads to."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.html.lines import text_of


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
