"""Elements on several pages → the plainest CSS selector that finds just these."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, islice

from lxml.html import HtmlElement

from feedpub.collecting.learn.elements import attribute, classes_of
from feedpub.html import tree
from feedpub.html.select import identifier, quoted, select

VALUE = re.compile(r"[\w:.-]+", re.ASCII)
PASSING = re.compile(  # classes and ids of a state or a number, not of a kind
    r"(?:.*[-_])?(?:odd|even|first|last|active|current|selected|hover|visited|open|clearfix|row|col|col-.*|\d+)|.*\d{2,}.*"
)
TELLING = {"property", "itemprop", "rel", "role", "name"}  # attributes that say what an element is
FAR = 6  # ancestors that a selector may begin with
MOST_PAIRS = 6  # of classes


def own(element: HtmlElement) -> list[str]:
    """Return what the element may be called by itself, the plainest first."""
    tag = _by_tag(element)
    classes = classes_of(element)
    lasting = [selector for c in classes if not PASSING.fullmatch(c) for selector in by_class(c)]
    passing = [selector for c in classes if PASSING.fullmatch(c) for selector in by_class(c)]
    names = by_id(attribute(element, "id"))
    for telling in sorted(TELLING):
        value = element.get(telling)
        if value and VALUE.fullmatch(value):
            names += by_value(telling, value)
    names += lasting
    names += [f"{tag}{c}" for c in lasting]
    names += [f"{one}{other}" for one, other in islice(combinations(lasting, 2), MOST_PAIRS)]
    return [*names, *passing, tag]


# Every name from a page becomes part of a selector here: one selector each, none where there can be none.


def by_class(name: str) -> list[str]:
    return [f".{written}"] if (written := identifier(name)) else []


def by_id(name: str) -> list[str]:
    return [f"#{written}"] if (written := identifier(name)) else []


def by_value(attribute_name: str, value: str, operator: str = "=") -> list[str]:
    written = quoted(value)
    return [f"[{attribute_name}{operator}{written}]"] if written else []


def by_words(words: str) -> list[str]:
    written = quoted(words)
    return [f":contains({written})"] if written else []


def _by_tag(element: HtmlElement) -> str:
    """The element's name: Word's <w:worddocument> and what comes of a stray < are no plain names."""
    return identifier(tree.tag(element)) or "*"


def anchors(element: HtmlElement, root: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Yield the ancestors that have a name, the nearest first, each name with its element."""
    near = [a for a in element.iterancestors() if a is not root and a.tag not in ("html", "body")]
    for ancestor in near[: FAR * 2]:
        for name in own(ancestor)[:-1][:4]:
            yield ancestor, name


def path(element: HtmlElement, top: HtmlElement) -> str:
    """Return the way down from an element above, step by step, by tags and their numbers."""
    steps: list[str] = []
    node = element
    while node is not top:
        parent = node.getparent()
        if parent is None:
            break
        alike = [c for c in parent if c.tag == node.tag]
        name = _by_tag(node)
        steps.append(name if len(alike) == 1 else f"{name}:nth-of-type({alike.index(node) + 1})")
        node = parent
    return " > ".join(reversed(steps))


def possible_selectors(element: HtmlElement, root: HtmlElement) -> list[str]:
    """Return selectors that may find the element and its like, the plainest first."""
    names = own(element)
    result = list(names)
    parent = element.getparent()
    for ancestor, name in anchors(element, root):
        link = " > " if ancestor is parent else " "
        result += [f"{name}{link}{n}" for n in names if not n.startswith("#")]
    for ancestor, name in list(anchors(element, root))[:12]:
        result.append(f"{name} > {path(element, ancestor)}")
    body = next((a for a in element.iterancestors("body")), None)
    if body is not None:
        result.append(f"body > {path(element, body)}")
    return list(dict.fromkeys(result))


def best(
    seeds: Iterable[tuple[HtmlElement, HtmlElement]], measure: Callable[[str], float], enough: float = 0.999
) -> tuple[str, float] | None:
    """Return the selector with the highest measure (0 to 1); the first of equals, and the first that is enough.

    ``seeds`` are elements to be called, each with its page's root.
    """
    result: tuple[str, float] | None = None
    tried: set[str] = set()
    for element, root in seeds:
        for selector in possible_selectors(element, root):
            if selector in tried:
                continue
            tried.add(selector)
            value = measure(selector)
            if result is None or value > result[1] + 1e-9:
                result = selector, value
            if value >= enough:
                return result
    return result


def exact(targets: Sequence[tuple[HtmlElement, Sequence[HtmlElement]]]) -> Callable[[str], float]:
    """Return a measure of how well a selector finds exactly these elements within each of these scopes."""

    def exactness(selector: str) -> float:
        total = 0.0
        for scope, wanted in targets:
            matches = select(scope, selector)
            hits = len(set(matches) & set(wanted))
            total += 2 * hits / (len(matches) + len(wanted)) if matches or wanted else 1.0
        return total / len(targets)

    return exactness


def foremost(targets: Sequence[tuple[HtmlElement, HtmlElement | None]]) -> Callable[[str], float]:
    """Return a measure of how often the first that a selector finds within each scope is the element wanted there."""

    def first_rightness(selector: str) -> float:
        return sum(next(iter(select(s, selector)), None) is e for s, e in targets) / len(targets)

    return first_rightness
