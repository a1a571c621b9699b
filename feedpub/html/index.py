"""A page's elements by their names: plain selectors are answered without a look at the page.

Learning asks a page hundreds of selectors. Within ``indexing`` a page that is asked again gets an index; it must not
be changed there.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache

from lxml.html import HtmlElement

OFTEN = 3  # selectors; a page that is asked fewer is not worth an index
MOST_FILTERED = 300  # elements whose ancestors are looked at; libxml2 is quicker with more
TAG = re.compile(r"[a-z][a-z0-9]*")
PART = re.compile(r"""\.(-?[_a-zA-Z][\w-]*)|#(-?[_a-zA-Z][\w-]*)|\[([a-z][a-z-]*)='([^'"\\]*)'\]""", re.ASCII)

NUMBERED = re.compile(r":nth-of-type\(([1-9]\d*)\)")
NTH = ":"  # before an element's name, in the name of its place

Name = tuple[str, str]  # what it is, an attribute for one, and the value


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a selector: the names that an element must have, and whether it is a child of the part before."""

    names: tuple[Name, ...]
    is_child: bool


class Index:
    """The elements of one page."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.by_name: dict[Name, list[HtmlElement]] = defaultdict(list)
        self._sets: dict[tuple[Name, ...], set[HtmlElement]] = {}
        self._numbered: set[str] = set()  # the names of elements whose places among their like are known
        for element in root.iter("*"):
            self.by_name["", str(element.tag)].append(element)
            for name, value in element.items():
                self.by_name[f"[{name}", value].append(element)
                if name == "id":
                    self.by_name["#", value].append(element)
                elif name == "class":
                    for word in dict.fromkeys(re.findall(r"[^ \t\r\n]+", value)):
                        self.by_name[".", word].append(element)

    def find(self, selector: str) -> list[HtmlElement] | None:
        """Return a selector's matches in the page's order; None where the index cannot tell them."""
        steps = _steps(selector)
        if steps is None:
            return None
        matches = self._named(steps[-1].names)
        if len(steps) == 1:
            return list(matches)
        if len(matches) > MOST_FILTERED:
            return None
        elsewhere: set[tuple[HtmlElement, int]] = set()
        return [e for e in matches if self._is_inside(e, steps, elsewhere)]

    def _named(self, names: Sequence[Name]) -> Sequence[HtmlElement]:
        fewest = min(names, key=lambda name: len(self._of_name(name)))
        elements = self._of_name(fewest)
        others = [self._set_of((name,)) for name in names if name != fewest]
        return [e for e in elements if all(e in other for other in others)] if others else elements

    def _of_name(self, name: Name) -> Sequence[HtmlElement]:
        what, tag = name[0][:1], name[0][1:]
        if what == NTH and tag not in self._numbered:
            self._number(tag)
        return self.by_name.get(name, ())

    def _number(self, tag: str) -> None:
        """Set the places that the elements of a name have among their siblings of the same name."""
        self._numbered.add(tag)
        places: Counter[HtmlElement | None] = Counter()
        for element in self.by_name.get(("", tag), ()):
            parent = element.getparent()
            places[parent] += 1
            self.by_name[NTH + tag, str(places[parent])].append(element)

    def _set_of(self, names: tuple[Name, ...]) -> set[HtmlElement]:
        if names not in self._sets:
            self._sets[names] = set(self._named(names))
        return self._sets[names]

    def _is_inside(self, element: HtmlElement, steps: Sequence[Step], elsewhere: set[tuple[HtmlElement, int]]) -> bool:
        """Whether an element that the last step names is in elements that the steps before it name.

        ``elsewhere`` are the elements that are not, each with the number of steps: none is looked at twice.
        """
        if (element, len(steps)) in elsewhere:
            return False
        is_inside = self._is_below(element, steps, elsewhere)
        if not is_inside:
            elsewhere.add((element, len(steps)))
        return is_inside

    def _is_below(self, element: HtmlElement, steps: Sequence[Step], elsewhere: set[tuple[HtmlElement, int]]) -> bool:
        before = steps[:-1]
        if not before:
            return True
        named = self._set_of(before[-1].names)
        if steps[-1].is_child:
            parent = element.getparent()
            return parent is not None and parent in named and self._is_inside(parent, before, elsewhere)
        return any(a in named and self._is_inside(a, before, elsewhere) for a in element.iterancestors())


@lru_cache(maxsize=4096)
def _steps(selector: str) -> tuple[Step, ...] | None:
    """Return the parts of a selector; None for one with more in it than names."""
    parts = re.split(r"\s*(>)\s*|\s+", selector.strip())
    steps: list[Step] = []
    for combinator, compound in zip((None, *parts[1::2]), parts[::2], strict=True):
        names = _names(compound)
        if not names:
            return None
        steps.append(Step(tuple(names), combinator == ">"))
    return tuple(steps)


def _names(compound: str) -> list[Name] | None:
    tag = TAG.match(compound)
    names: list[Name] = [("", tag[0])] if tag else []
    place = tag.end() if tag else 0
    number = NUMBERED.match(compound, place)
    if tag and number:
        names.append((NTH + tag[0], number[1]))
        place = number.end()
    while place < len(compound):
        part = PART.match(compound, place)
        if part is None:
            return None
        class_name, element_id, attribute, value = part.groups()
        if class_name:
            names.append((".", class_name))
        elif element_id:
            names.append(("#", element_id))
        else:
            names.append((f"[{attribute}", value))
        place = part.end()
    return names


# ------------------------------------------------------------ the pages that are asked often


@dataclass(slots=True)
class _Memory:
    asked: Counter[HtmlElement] = field(default_factory=Counter)
    indexes: dict[HtmlElement, Index] = field(default_factory=dict)


_memory: ContextVar[_Memory | None] = ContextVar("indexes of pages", default=None)


@contextmanager
def indexing() -> Iterator[None]:
    """Keep an index of each page that is asked often, until the end. No page may change meanwhile."""
    token = _memory.set(_Memory())
    try:
        yield
    finally:
        _memory.reset(token)


def index_of(root: HtmlElement) -> Index | None:
    """Return the index of a whole page, if it has one."""
    memory = _memory.get()
    if memory is None:
        return None
    index = memory.indexes.get(root)
    if index is None and root.getparent() is None:
        memory.asked[root] += 1
        if memory.asked[root] >= OFTEN:
            index = memory.indexes[root] = Index(root)
    return index
