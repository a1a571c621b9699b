"""An element's words, and the lines in which a browser shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lxml.html import HtmlElement

INLINE = {  # elements that end no line
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins",
    "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt",
    "u", "var", "wbr", "svg", "path", "input", "button",
}  # fmt: skip
UNREAD = {"script", "style", "noscript", "template", "title", "textarea", "select", "option", "head"}  # by people


# ------------------------------------------------------------ words


def text_of(element: HtmlElement) -> str:
    """Return the element's words; a space parts those that are on lines of their own."""
    return "".join(_strings(element)).strip()


def _strings(element: HtmlElement) -> list[str]:
    """Return the element's strings. A stack, since recursion would go as deep as a page does."""
    strings = [element.text or ""]
    around = [(element, iter(element))]
    while around:
        node, children = around[-1]
        for child in children:
            if not isinstance(child.tag, str):  # a comment, a processing instruction
                strings.append(child.tail or "")
                continue
            space = _space_around(child)
            strings += (space, child.text or "")
            if len(child):
                around.append((child, iter(child)))
                break
            strings += (space, child.tail or "")
        else:
            around.pop()
            if around:
                strings += (_space_around(node), node.tail or "")
    return strings


def _space_around(element: HtmlElement) -> str:
    return "" if element.tag in INLINE else " "


def text_lengths(root: HtmlElement) -> dict[HtmlElement, int]:
    """Return about how many characters a reader sees of each element; white space counts once."""
    lengths: dict[HtmlElement, int] = {}
    for element in reversed(list(root.iter("*"))):
        if element.tag in UNREAD - {"title"}:
            lengths[element] = 0
            continue
        total = _visible_length(element.text)
        for child in element:
            total += lengths.get(child, 0) + _visible_length(child.tail)
        lengths[element] = total
    return lengths


def _visible_length(string: str | None) -> int:
    if not string or string.isspace():
        return 0
    return len(" ".join(string.split())) + 1


# ------------------------------------------------------------ lines


@dataclass(slots=True)
class Line:
    """The words between two ends of a line, as a browser shows them."""

    element: HtmlElement  # the innermost one that holds all of it
    text: str  # white space folded
    nodes: list[tuple[HtmlElement, bool]]  # its strings, each by an element and whether it is that element's tail
    linked: int  # characters of it that are a link's words


def lines_of(element: HtmlElement) -> list[Line]:
    """Return the element's lines that have words, in the page's order."""
    breaker = _LineBreaker(element)
    breaker.gather(element, is_linked=link_around(element) is not None)
    breaker.end_line()
    return breaker.lines


class _String(NamedTuple):
    """One string of the tree; it is never empty."""

    text: str
    element: HtmlElement
    is_tail: bool  # it comes after the element, else inside at its beginning
    is_linked: bool


class _LineBreaker:
    """Reads a tree string by string, and makes a line wherever a browser ends one."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.lines: list[Line] = []
        self._strings: list[_String] = []  # of this line

    def gather(self, node: HtmlElement, is_linked: bool) -> None:
        """Gather the strings inside the node, and end a line wherever an element ends one."""
        if node.text:
            self._strings.append(_String(node.text, node, False, is_linked))
        for child in node:
            if isinstance(child.tag, str) and child.tag not in UNREAD:
                self._gather_child(child, is_linked)
            if child.tail:
                self._strings.append(_String(child.tail, child, True, is_linked))

    def _gather_child(self, child: HtmlElement, is_linked: bool) -> None:
        if child.tag in INLINE:
            self.gather(child, is_linked or child.tag == "a")
            return
        self.end_line()
        if child.tag != "br":
            self.gather(child, is_linked)
        self.end_line()

    def end_line(self) -> None:
        """Make a line of the strings since the last one, unless they have no words."""
        strings = self._strings
        raw = "".join(s.text for s in strings)
        words = " ".join(raw.split())
        if words:
            nodes = [(s.element, s.is_tail) for s in strings]
            linked = [s.text.strip() for s in strings if s.is_linked]
            self.lines.append(Line(self._holder(strings), words, nodes, sum(map(len, linked))))
        self._strings = []

    def _holder(self, strings: list[_String]) -> HtmlElement:
        """Return the innermost element that holds all words of these strings."""
        with_words = [s for s in strings if not s.text.isspace()]
        holders = [s.element.getparent() if s.is_tail else s.element for s in with_words]
        return common_ancestor([h for h in holders if h is not None], self.root)


def common_ancestor(elements: list[HtmlElement], root: HtmlElement) -> HtmlElement:
    """Return the innermost element that holds all of these; the root where nothing does."""
    if len(elements) == 1:
        return elements[0]
    chain = [elements[0], *elements[0].iterancestors()]
    height = {e: n for n, e in enumerate(chain)}
    highest = 0
    for element in elements[1:]:
        around = (element, *element.iterancestors())
        shared = (height[e] for e in around if e in height)
        at = next(shared, None)
        if at is None:
            return root
        highest = max(highest, at)
    return chain[highest]


def strings_of(line: Line) -> Iterator[tuple[HtmlElement, str]]:
    """Yield the strings of a line, each with the element that holds it."""
    for element, is_tail in line.nodes:
        holder = element.getparent() if is_tail else element
        if holder is not None:
            yield holder, (element.tail if is_tail else element.text) or ""


def link_around(element: HtmlElement) -> HtmlElement | None:
    """Return the link that an element is, or is in."""
    return next((around for around in (element, *element.iterancestors()) if around.tag == "a"), None)


def links_in(line: Line) -> list[HtmlElement]:
    """Return the links that hold words of a line, each once."""
    links = (link_around(holder) for holder, words in strings_of(line) if not words.isspace())
    return list(dict.fromkeys(link for link in links if link is not None))


def cut_line(line: Line) -> None:
    """Take the line's words out of the tree, and leave its elements."""
    for element, is_tail in line.nodes:
        if is_tail:
            element.tail = " "
        else:
            element.text = ""
