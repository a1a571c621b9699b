"""Formulas and drawings → their words: MathML and SVG are not published, and what they say must stay.

A formula is laid out in two dimensions. On one line ½ must not become 12, nor m² the number m2.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from feedpub.collecting.normalize.markup import BLOCKS, contains, elements_in, strings_in

NOT_SHOWN_IN_MATH = ("annotation", "annotation-xml", "mphantom")
NOT_SHOWN_IN_SVG = (
    "title", "desc", "metadata", "defs", "symbol", "clippath", "mask", "pattern", "marker", "filter",
    "lineargradient", "radialgradient",
)  # fmt: skip
SCRIPTS = {  # element -> what its children after the first are
    "msup": ("sup",),
    "msub": ("sub",),
    "msubsup": ("sub", "sup"),
    "munder": ("sub",),
    "mover": ("sup",),
    "munderover": ("sub", "sup"),
}
SIMPLE = re.compile(r"[\w.,]*")  # needs no brackets
NEW_LINE = ("x", "y", "dy")  # attributes of a part of an SVG's text that is elsewhere


def open_formulas(soup: BeautifulSoup) -> None:
    """Put words in place of formulas and drawings. What one that was never closed has swallowed stays as it is."""
    for math in elements_in(soup, {"math"}):
        _remove_twins(math)
        _remove_not_shown(math, NOT_SHOWN_IN_MATH)
        if not contains(math, BLOCKS):
            _write_on_one_line(soup, math)
        math.unwrap()
    for svg in elements_in(soup, {"svg"}):
        _remove_not_shown(svg, NOT_SHOWN_IN_SVG)
        _part_words(svg)
        svg.unwrap()


def _remove_not_shown(root: Tag, names: Collection[str]) -> None:
    for element in elements_in(root, names):
        if not contains(element, BLOCKS):
            element.decompose()


# ------------------------------------------------------------ MathML


def _remove_twins(math: Tag) -> None:
    """Take out what shows the same formula to those who see it, and is hidden from those who listen, as KaTeX does."""
    box = math.parent
    if box is None or box.name != "span" or box.parent is None or box.parent.name != "span":
        return
    for twin in [e for e in box.parent.children if isinstance(e, Tag) and e.get("aria-hidden") == "true"]:
        twin.decompose()


def _write_on_one_line(soup: BeautifulSoup, math: Tag) -> None:
    for string in strings_in(math):
        name = string.parent.name if string.parent else ""
        if name != "mtext":  # white space around signs has no meaning
            string.replace_with(NavigableString(string.strip()))
    for element in reversed(elements_in(math)):  # the inner ones first
        _write_element(soup, element)


def _write_element(soup: BeautifulSoup, element: Tag) -> None:
    """Put signs between the element's parts, so that they mean the same on one line."""
    parts = [child for child in element.children if isinstance(child, Tag)]
    if element.name in SCRIPTS:
        for part, name in zip(parts[1:], SCRIPTS[element.name], strict=False):
            if element.name != "mover" or part.name != "mo":  # an accent stands over its letter
                part.wrap(soup.new_tag(name))
    elif element.name == "mfrac" and len(parts) == 2:
        for part in parts:
            _bracket(part)
        parts[0].insert_after("/")
    elif element.name in ("msqrt", "mroot") and parts:
        _write_root(soup, element, parts)
    elif element.name == "mfenced":
        _write_fence(element, parts)
    elif element.name in ("mspace", "mtd", "mtr"):
        element.insert_after(" ")


def _write_root(soup: BeautifulSoup, element: Tag, parts: list[Tag]) -> None:
    if element.name == "mroot" and len(parts) == 2:
        degree = parts[1].wrap(soup.new_tag("sup")).extract()
        _bracket(element)
        element.insert_before(degree)
    else:
        _bracket(element)
    element.insert_before("√")


def _write_fence(element: Tag, parts: list[Tag]) -> None:
    separators = str(element.get("separators", ",")).split()
    for number, part in enumerate(parts[:-1]):
        part.insert_after(separators[min(number, len(separators) - 1)] if separators else "")
    element.insert(0, str(element.get("open", "(")))
    element.append(str(element.get("close", ")")))


def _bracket(element: Tag) -> None:
    if not SIMPLE.fullmatch(element.get_text()):
        element.insert(0, "(")
        element.append(")")


# ------------------------------------------------------------ SVG


def _part_words(svg: Tag) -> None:
    """Put spaces between texts that are in different places of the drawing."""
    for element in elements_in(svg, {"text"}):
        element.insert_before(" ")
        element.insert_after(" ")
    for part in elements_in(svg, {"tspan"}):
        if any(part.has_attr(name) for name in NEW_LINE):
            part.insert_before(" ")
    for anchor in elements_in(svg, {"a"}):
        if anchor.has_attr("xlink:href"):
            anchor["href"] = anchor["xlink:href"]
