"""CSS selectors on a page's tree. They find what a browser finds, each in the quickest way for its kind."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from cssselect import HTMLTranslator, SelectorError
from lxml import etree
from lxml.html import HtmlElement

from feedpub.errors import ScrapeError
from feedpub.html.index import index_of

# A class, an id, or an attribute with its value.
SIMPLE = re.compile(r"""\.(-?[_a-zA-Z][\w-]*)|#(-?[_a-zA-Z][\w-]*)|\[([a-z][a-z-]*)=(['"])([^'"\\]*)\4\]""", re.ASCII)
# An element's name, then any number of these; no spaces in their values.
COMPOUND = re.compile(
    r"""([a-z][a-z0-9]*)?((?:[.#]-?[_a-zA-Z][\w-]*|\[[a-z][a-z-]*=(?:'[^'"\\ >]*'|"[^'"\\ >]*")\])*)""", re.ASCII
)
BARE = re.compile(r"[A-Za-z][A-Za-z0-9]*")
UNUSABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\\]")  # for libxml2; for cssselect the backslash
ODD = re.compile(r"[\x20-\x2c./:-@\[-^`{-~]|\s")  # of ASCII, all that is no letter, digit, hyphen or underscore
AT_FIRST = re.compile(r"(?:(?<=^)|(?<=^-))[0-9]")  # a digit where a name begins
ENDING = re.compile(r"([a-z][a-z0-9]*)\[([a-z][a-z-]*)\$='([^'\"\\]+)'\]")  # a[href$='.pdf']

Finder = Callable[[Any], list[HtmlElement]]
Matches = tuple[list[HtmlElement], list[int]]  # elements, and the place of each on the page


def select(element: HtmlElement, selector: str) -> list[HtmlElement]:
    """Return the selector's matches within the element, itself included, in the page's order.

    As in a browser, the first parts of the selector may match ancestors of the element. Raises ScrapeError for
    what is no selector.
    """
    index = index_of(element)
    indexed = index.find(selector) if index else None
    if indexed is not None:
        return indexed
    matches = _matches_below(element, selector)
    if matches or not _may_begin_outside(element, selector):
        return matches
    inside = set(element.iter())
    return [e for e in _matches_below(element.getroottree(), selector) if e in inside]


def select_if_valid(element: HtmlElement, part: str) -> list[HtmlElement]:
    """Return the matches of a part of a selector; none where that part alone is no selector."""
    try:
        return select(element, part)
    except ScrapeError:
        return []


def select_first(element: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    """Return all matches of the first selector that has any."""
    for selector in selectors:
        matches = select(element, selector)
        if matches:
            return matches
    return []


def outermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    """Return the elements that are inside none of the others."""
    inside = set(elements)
    return [e for e in elements if inside.isdisjoint(e.iterancestors())]


def is_inside(element: HtmlElement, boxes: Iterable[HtmlElement]) -> bool:
    """Whether one of the boxes is an ancestor of the element."""
    return not set(boxes).isdisjoint(element.iterancestors())


class Order:
    """The places of a page's elements, for selecting in many of them. The page must not change meanwhile."""

    def __init__(self, root: HtmlElement) -> None:
        self.at = {e: n for n, e in enumerate(root.iter())}
        self._matches: dict[tuple[HtmlElement, str], Matches] = {}

    def select(self, element: HtmlElement, selector: str, begin: int, end: int) -> list[HtmlElement]:
        """Return the matches of ``select`` whose place is ``begin`` or later, and before ``end``."""
        matches = _matches_below(element, selector)
        if matches or not _may_begin_outside(element, selector):
            return [e for e in matches if begin <= self.at[e] < end]
        first = self.at[element]
        last = first + sum(1 for _ in element.iter())
        root = element.getroottree().getroot()
        return self.select_repeatedly(root, selector, max(begin, first), min(end, last))

    def select_repeatedly(self, element: HtmlElement, selector: str, begin: int, end: int) -> list[HtmlElement]:
        """Return the same as ``select``, and remember all matches: for one element and many places."""
        if (element, selector) not in self._matches:
            matches = select(element, selector)
            places = [self.at[e] for e in matches]
            self._matches[element, selector] = matches, places
        matches, places = self._matches[element, selector]
        return matches[bisect_left(places, begin) : bisect_left(places, end)]


# ------------------------------------------------------------ names from pages


def is_bare(selector: str) -> bool:
    """Whether a selector is a tag alone, such as "a"."""
    return BARE.fullmatch(selector) is not None


def identifier(name: str) -> str | None:
    """Return a name from a page as it is written in a selector: ``md:hidden`` as ``md\\:hidden``.

    None for one that no selector can have.
    """
    if not name or UNUSABLE.search(name):
        return None
    written = ODD.sub(_escaped, name)
    is_hyphen_first = name[0] == "-" and name[1:2] in ("", "-")
    if is_hyphen_first:
        return "\\" + written
    return AT_FIRST.sub(_in_figures, written)


def quoted(value: str) -> str | None:
    """Return a value from a page as a string in a selector, quotes included; None for one that no selector can have."""
    if UNUSABLE.search(value):
        return None
    return "'" + value.replace("'", "\\'") + "'"


def _escaped(odd: re.Match[str]) -> str:
    """A character after a backslash. cssselect drops white space at the end of a selector."""
    return _in_figures(odd) if odd[0].isspace() else "\\" + odd[0]


def _in_figures(odd: re.Match[str]) -> str:
    return f"\\{ord(odd[0]):x} "


# ------------------------------------------------------------ a selector's finder


def _matches_below(element: Any, selector: str) -> list[HtmlElement]:
    """Return the matches within an element or a whole page. Any error of the engine is the site's, not feedpub's."""
    try:
        return _finder(selector)(element)
    except (SelectorError, etree.XPathError, ValueError, RecursionError) as error:
        raise ScrapeError(f"selector {selector!r}", f"cannot be used: {error}") from error


@lru_cache(maxsize=1024)
def _finder(selector: str) -> Finder:
    """Return the function that finds the selector's matches. Raises SelectorError for what is no selector."""
    by_ending = _ending_finder(selector)
    if by_ending:
        return by_ending
    return etree.XPath(_xpath(selector) or HTMLTranslator().css_to_xpath(selector))


def _ending_finder(selector: str) -> Finder | None:
    """Return a finder for endings of one attribute, such as those of documents; None for any other selector.

    Python compares fourteen endings in a twentieth of libxml2's time.
    """
    endings = [ENDING.fullmatch(part.strip()) for part in selector.split(",")]
    parts = [ending.groups() for ending in endings if ending]
    kinds = {(tag, name) for tag, name, _ in parts}
    if len(parts) < len(endings) or len(kinds) > 1:
        return None
    tag, name, _ = parts[0]
    values = tuple(value for _, _, value in parts)
    with_attribute = etree.XPath(f"descendant-or-self::{tag}/@{name}/..")
    return lambda element: [e for e in with_attribute(element) if e.get(name).endswith(values)]


def _xpath(selector: str) -> str | None:
    """Return a selector of names, classes, ids and values as XPath; None for any other.

    cssselect's XPath looks at all elements, this one at the attributes of one name: half the time.
    """
    parts = re.split(r"\s*(>)\s*|\s+", selector.strip())
    path = ""
    combinators = [None, *parts[1::2]]
    for combinator, compound in zip(combinators, parts[::2], strict=True):
        step = _step(compound)
        if step is None:
            return None
        if not path:
            path = f"descendant-or-self::{step}"
        elif combinator == ">":
            path += f"/{step}"
        else:
            path += f"/descendant::{step}"
    return path


def _step(compound: str) -> str | None:
    """Return one part of a selector, such as ``p.lead``, as a step of XPath; None for a part of another kind."""
    match = COMPOUND.fullmatch(compound)
    if not compound or match is None:
        return None
    conditions = [_condition(*parts) for parts in SIMPLE.findall(match[2])]
    filters = [f"[@{name}[{test}]]" for name, test in conditions]
    if match[1]:
        return match[1] + "".join(filters)
    name, test = conditions[0]
    if len(conditions) == 1:
        return f"*/@{name}[{test}]/.."
    other_filters = "".join(filters[1:])
    return f"*/@{name}[{test}]/parent::*{other_filters}"


def _condition(class_name: str, element_id: str, name: str, _quote: str, value: str) -> tuple[str, str]:
    """Return an attribute's name and what XPath must find true of its value."""
    if class_name:
        is_word = f"contains(concat(' ', normalize-space(.), ' '), ' {class_name} ')"
        return "class", f"contains(., '{class_name}') and {is_word}"
    if element_id:
        return "id", f". = '{element_id}'"
    return name, f". = '{value}'"


def _may_begin_outside(element: HtmlElement, selector: str) -> bool:
    """Whether the selector's first parts could match ancestors of the element."""
    return " " in selector and element.getparent() is not None
