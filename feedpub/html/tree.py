"""A page's tree: parsed once, read by selectors and in lines. What scraping and learning share; understands nothing."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from cssselect import HTMLTranslator, SelectorError
from lxml import etree, html
from lxml.html import HtmlElement

from feedpub import address
from feedpub.content import Page
from feedpub.errors import ScrapeError

INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins",
    "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var", "wbr", "svg", "path", "input", "button",
}  # fmt: skip
UNREAD = {"script", "style", "noscript", "template", "title", "textarea", "select", "option", "head"}  # by people
DATE_ATTRIBUTE = re.compile(r"content|datetime|title|data-(?=[\w-]*(?:date|time|publish|created))[\w-]*")
# What nobody's page has; beyond it, reading would take minutes and most of a small machine's memory.
MOST_TAGS = 100_000  # of a page, closing ones included; a listing has some 2,000
MOST_ATTRIBUTES = 500  # of an element: libxml2 holds each against all others
CROWDED = re.compile(
    rf"""<[a-z][^\s<>"'=/]*+(?:[\s/]++[^\s<>"'=/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s<>"']++)?)?){{{MOST_ATTRIBUTES}}}""",
    re.IGNORECASE,
)
MOST_DATED = 2_000  # elements; what holds more is no date
SIMPLE = re.compile(r"""\.(-?[_a-zA-Z][\w-]*)|#(-?[_a-zA-Z][\w-]*)|\[([a-z][a-z-]*)=(['"])([^'"\\]*)\4\]""", re.ASCII)
COMPOUND = re.compile(  # a name, then classes, ids and values; no spaces in these
    r"""([a-z][a-z0-9]*)?((?:[.#]-?[_a-zA-Z][\w-]*|\[[a-z][a-z-]*=(?:'[^'"\\ >]*'|"[^'"\\ >]*")\])*)""", re.ASCII
)
ENDING = re.compile(r"([a-z][a-z0-9]*)\[([a-z][a-z-]*)\$='([^'\"\\]+)'\]")
DROPPED = "feedpub-dropped"  # a name that no page has
LONGEST_LD = 500_000  # characters of what a page says to machines
LD_JSON = "script[type='application/ld+json']"


def document(page: Page) -> HtmlElement:
    """The page's root element. Raises ScrapeError for a page that is empty, beyond measure, or cannot be read whole."""
    require_measure(page)
    parser = html.HTMLParser(encoding="utf-8")
    try:
        root = html.document_fromstring(page.text.encode(errors="replace"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise ScrapeError(page.url, "is empty") from error
    if any("depth" in entry.message for entry in parser.error_log):  # libxml2 leaves out what lies deeper
        raise ScrapeError(page.url, "is nested too deep to be read whole")
    return root


def require_measure(page: Page) -> None:
    """Raises ScrapeError for a page that would take minutes to parse, or most of a small machine's memory."""
    tags = page.text.count("<")
    if tags > MOST_TAGS:
        raise ScrapeError(page.url, f"has some {tags} tags, and no more than {MOST_TAGS} are read of a page")
    if tags and len(page.text) > 4 * MOST_ATTRIBUTES and CROWDED.search(page.text):
        raise ScrapeError(page.url, f"has an element of more than {MOST_ATTRIBUTES} attributes, which is none")


def base(root: HtmlElement, page: Page) -> str:
    """The address that relative ones on the page are relative to."""
    href = next(iter(root.xpath("//head/base/@href")), "")
    return address.absolute(page.url, href) or page.url


def language(root: HtmlElement) -> str:
    """The language that the page says it is in, without its region; "" where it says none."""
    said = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    found = re.split("[-_]", said.strip().lower())[0]
    return "uk" if found == "ua" else found  # a country, said for the language by many


def addresses(root: HtmlElement, page: Page) -> tuple[str, ...]:
    """What the page says it is called: in its head, in the HTTP header, and as it was asked for."""
    named = [
        href
        for rel in ("shortlink", "canonical")
        for href in (*root.xpath(f"//link[@rel='{rel}']/@href"), page.relations.get(rel))
        if href
    ]
    return tuple(dict.fromkeys((*map(str, named), page.url, page.asked)))


@lru_cache(maxsize=1024)
def _selector(selector: str) -> Callable[[Any], list[HtmlElement]]:
    """What finds the selector's elements, in the way that takes least.

    Of endings of one attribute, such as the fourteen of documents, Python
    knows in a twentieth of libxml2's time.
    """
    endings = [ENDING.fullmatch(part.strip()) for part in selector.split(",")]
    if all(endings) and len({(e[1], e[2]) for e in endings if e}) == 1:
        tag, name = next((e[1], e[2]) for e in endings if e)
        ends = tuple(e[3] for e in endings if e)
        all_of_them = etree.XPath(f"descendant-or-self::{tag}/@{name}/..")
        return lambda element: [e for e in all_of_them(element) if e.get(name).endswith(ends)]
    return etree.XPath(_by_attributes(selector) or HTMLTranslator().css_to_xpath(selector))


def _by_attributes(selector: str) -> str | None:
    """A selector of names, classes, ids and values as XPath; None for any other.

    It looks at the attributes of a name, and not at all elements: half the time.
    """
    parts = re.split(r"\s*(>)\s*|\s+", selector.strip())
    path, axis = "", "descendant-or-self::"
    for combinator, part in zip([None, *parts[1::2]], parts[::2], strict=True):
        found = COMPOUND.fullmatch(part)
        if not part or found is None:
            return None
        axis = axis if not path else "/" if combinator else "/descendant::"
        wanted = [_wanted(*w) for w in SIMPLE.findall(found[2])]
        if found[1]:
            made = found[1] + "".join(f"[@{name}[{is_it}]]" for name, is_it in wanted)
        else:
            (name, is_it), *others = wanted
            made = f"*/@{name}[{is_it}]/" + (
                "parent::*" + "".join(f"[@{n}[{i}]]" for n, i in others) if others else ".."
            )
        path += axis + made
    return path


def _wanted(a_class: str, an_id: str, name: str, _quote: str, value: str) -> tuple[str, str]:
    """An attribute, and what it must be."""
    if a_class:
        is_it = f"contains(., '{a_class}') and contains(concat(' ', normalize-space(.), ' '), ' {a_class} ')"
        return "class", is_it
    return ("id", f". = '{an_id}'") if an_id else (name, f". = '{value}'")


def select(element: HtmlElement, selector: str) -> list[HtmlElement]:
    """What the selector matches within the element, itself included, in the page's order.

    As in a browser, the first parts of the selector may match what the element stands in.
    """
    found: list[HtmlElement] = _selector(selector)(element)
    if found or " " not in selector or element.getparent() is None:
        return found
    inside = set(element.iter())
    return [e for e in _selector(selector)(element.getroottree()) if e in inside]


class Order:
    """The places of a page's elements, for selecting within many of them. The page is not to change meanwhile."""

    def __init__(self, root: HtmlElement) -> None:
        self.at = {e: n for n, e in enumerate(root.iter())}
        self._matched: dict[tuple[HtmlElement, str], tuple[list[HtmlElement], list[int]]] = {}

    def select(self, element: HtmlElement, selector: str, begin: int, end: int) -> list[HtmlElement]:
        """What ``select`` gives that stands at a place from ``begin`` up to ``end``."""
        found: list[HtmlElement] = _selector(selector)(element)
        if found or " " not in selector or element.getparent() is None:
            return [e for e in found if begin <= self.at[e] < end]
        first = self.at[element]
        last = first + sum(1 for _ in element.iter())
        return self._between(element.getroottree().getroot(), selector, max(begin, first), min(end, last))

    def within(self, element: HtmlElement, selector: str, begin: int, end: int) -> list[HtmlElement]:
        """The same, where this is asked of one element for many places."""
        return self._between(element, selector, begin, end)

    def _between(self, element: HtmlElement, selector: str, begin: int, end: int) -> list[HtmlElement]:
        if (element, selector) not in self._matched:
            found = select(element, selector)
            self._matched[element, selector] = found, [self.at[e] for e in found]
        found, places = self._matched[element, selector]
        return found[bisect_left(places, begin) : bisect_left(places, end)]


def alive(element: HtmlElement, part: str) -> list[HtmlElement]:
    """What a part of a selector matches within the element; nothing where that part alone is no selector."""
    try:
        return select(element, part)
    except (SelectorError, etree.XPathError):
        return []


def first(element: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    """What the first of the alternatives matches that matches anything."""
    return next((found for s in selectors if (found := select(element, s))), [])


def tag(element: HtmlElement) -> str:
    """The element's name; of a comment, what lxml has for one."""
    return str(element.tag)


def outermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    inside = set(elements)
    return [e for e in elements if not any(a in inside for a in e.iterancestors())]


def is_inside(element: HtmlElement, boxes: Iterable[HtmlElement]) -> bool:
    around = set(boxes)
    return any(a in around for a in element.iterancestors())


# ------------------------------------------------------------ strings


def text(element: HtmlElement) -> str:
    """The element's words; what stands on lines of its own is kept apart."""
    return "".join(_strings(element)).strip()


def _strings(element: HtmlElement) -> Iterator[str]:
    """Without recursion: a string deep within would be handed up through all that it stands in."""
    yield element.text or ""
    around = [(element, iter(element))]
    while around:
        node, children = around[-1]
        child = next(children, None)
        if child is None:
            around.pop()
            if around:
                yield _edge(node)
                yield node.tail or ""
        elif isinstance(child.tag, str):
            yield _edge(child)
            yield child.text or ""
            around.append((child, iter(child)))
        else:  # a comment, a processing instruction
            yield child.tail or ""


def _edge(element: HtmlElement) -> str:
    return "" if element.tag in INLINE else " "


def lengths(root: HtmlElement) -> dict[HtmlElement, int]:
    """For each element about how many characters a reader sees of it; white space counts once."""
    found: dict[HtmlElement, int] = {}
    for element in reversed(list(root.iter("*"))):
        if element.tag in UNREAD - {"title"}:
            found[element] = 0
            continue
        total = _seen(element.text)
        for child in element:
            total += found.get(child, 0) + _seen(child.tail)
        found[element] = total
    return found


def _seen(string: str | None) -> int:
    return len(" ".join(string.split())) + 1 if string and not string.isspace() else 0


@dataclass(slots=True)
class Line:
    """The words between two ends of a line, as a browser shows them."""

    element: HtmlElement  # the innermost one that holds all of it
    text: str  # white space folded
    nodes: list[tuple[HtmlElement, bool]]  # the strings it is made of: an element, and whether it is its tail
    linked: int  # characters of it that are a link's words


def lines(element: HtmlElement) -> list[Line]:
    """The element's lines that have words, in the page's order."""
    found: list[Line] = []
    run: list[tuple[HtmlElement, bool, bool]] = []

    def end() -> None:
        words = " ".join("".join((e.tail if tail else e.text) or "" for e, tail, _ in run).split())
        if words:
            spoken = [(e, tail) for e, tail, _ in run if ((e.tail if tail else e.text) or "").strip()]
            holders = [h for e, tail in spoken if (h := e.getparent() if tail else e) is not None]
            linked = sum(len(((e.tail if tail else e.text) or "").strip()) for e, tail, in_link in run if in_link)
            found.append(Line(common(holders, element), words, [(e, tail) for e, tail, _ in run], linked))
        run.clear()

    def walk(node: HtmlElement, in_link: bool) -> None:
        if node.text:
            run.append((node, False, in_link))
        for child in node:
            if isinstance(child.tag, str) and child.tag not in UNREAD:
                is_inline = child.tag in INLINE
                if not is_inline:
                    end()
                if child.tag != "br":
                    walk(child, in_link or child.tag == "a")
                if not is_inline:
                    end()
            if child.tail:
                run.append((child, True, in_link))

    walk(element, element.tag == "a" or any(a.tag == "a" for a in element.iterancestors("a")))
    end()
    return found


def common(elements: list[HtmlElement], root: HtmlElement) -> HtmlElement:
    """The innermost element that holds all of these."""
    if len(elements) == 1:
        return elements[0]
    chain = [elements[0], *elements[0].iterancestors()]
    height = {e: n for n, e in enumerate(chain)}
    highest = 0
    for element in elements[1:]:
        at = next((height[e] for e in (element, *element.iterancestors()) if e in height), None)
        if at is None:
            return root
        highest = max(highest, at)
    return chain[highest]


def drop(root: HtmlElement, elements: Iterable[HtmlElement]) -> None:
    """Takes elements out of what they stand in; what follows them stays.

    All at once, and without lxml's own ``drop_tree``: that fails where a
    control character follows, such as the optional hyphens of Word.
    """
    for element in elements:
        element.tag = DROPPED
    etree.strip_elements(root, DROPPED, with_tail=False)


def cut(line: Line) -> None:
    """Takes the line's words out of the tree, and leaves its elements."""
    for element, is_tail in line.nodes:
        if is_tail:
            element.tail = " "
        else:
            element.text = ""


def dates(elements: Iterable[HtmlElement]) -> tuple[str, ...]:
    """The strings that may hold the date: instants written for machines, what people see, days written for machines.

    Of an element with much text its lines stand each for itself.
    """
    machine: list[str] = []
    human: list[str] = []
    for element in elements:
        if next(islice(element.iter("*"), MOST_DATED, None), None) is not None:
            continue
        if element.tag == "script":
            machine += _ld_dates(element.text or "")
            continue
        for e in element.iter("*"):
            machine += [
                v for k, v in e.items() if DATE_ATTRIBUTE.fullmatch(k) and re.search(r"\d\D+\d", v) and len(v) < 60
            ]
        whole = text(element)
        human += [whole] if len(whole) <= 160 else [line.text for line in lines(element)]
    instants = [m for m in machine if re.search(r"\d:\d\d", m)]
    return tuple(dict.fromkeys(d for d in (*instants, *human, *machine) if d))


def _ld_dates(raw: str) -> Iterator[str]:
    """schema.org's datePublished in JSON-LD."""
    if len(raw) > LONGEST_LD:
        return
    try:
        waiting = deque([json.loads(raw)])
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.popleft()
        if isinstance(value, dict):
            if isinstance(date := value.get("datePublished"), str):
                yield date
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
