"""Elements on several pages → the plainest CSS selector that finds just these."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from lxml.html import HtmlElement

from feedpub.html import tree

NAME = re.compile(r"-?[A-Za-z_][\w-]*", re.ASCII)
PASSING = re.compile(  # classes and ids of a state or a number, not of a kind
    r"(?:.*[-_])?(?:odd|even|first|last|active|current|selected|hover|visited|open|clearfix|row|col|col-.*|\d+)|.*\d{2,}.*"
)
TELLING = {"property", "itemprop", "rel", "role", "name"}  # attributes that say what an element is
FAR = 6  # ancestors that a selector may begin with


def own(element: HtmlElement) -> list[str]:
    """What the element may be called by itself, the plainest first."""
    tag = _tag(element)
    classes = [c for c in (element.get("class") or "").split() if NAME.fullmatch(c)]
    lasting = [c for c in classes if not PASSING.fullmatch(c)]
    names = [f"#{i}"] if (i := element.get("id") or "") and NAME.fullmatch(i) else []
    names += [
        f"[{a}='{v}']" for a in sorted(TELLING) if (v := element.get(a)) and re.fullmatch(r"[\w:.-]+", v, re.ASCII)
    ]
    names += [f".{c}" for c in lasting]
    names += [f"{tag}.{c}" for c in lasting]
    names += [f".{a}.{b}" for n, a in enumerate(lasting) for b in lasting[n + 1 :]][:6]
    names += [f".{c}" for c in classes if c not in lasting]
    return [*names, tag]


def _tag(element: HtmlElement) -> str:
    """The element's name as CSS spells it: Word's <w:worddocument> and what comes of a stray < are no plain names."""
    return re.sub(r"[^\w-]", lambda odd: f"\\{odd[0]}", tree.tag(element))


def anchors(element: HtmlElement, root: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """The ancestors that have a name, nearest first, each name with its element."""
    near = [a for a in element.iterancestors() if a is not root and a.tag not in ("html", "body")]
    for ancestor in near[: FAR * 2]:
        for name in own(ancestor)[:-1][:4]:
            yield ancestor, name


def path(element: HtmlElement, top: HtmlElement) -> str:
    """The way down from an element above, step by step, by tags and their numbers."""
    steps: list[str] = []
    node = element
    while node is not top:
        parent = node.getparent()
        if parent is None:
            break
        alike = [c for c in parent if c.tag == node.tag]
        name = _tag(node)
        steps.append(name if len(alike) == 1 else f"{name}:nth-of-type({alike.index(node) + 1})")
        node = parent
    return " > ".join(reversed(steps))


def candidates(element: HtmlElement, root: HtmlElement) -> list[str]:
    """Selectors that may find the element and its like, the plainest first."""
    names = own(element)
    found = list(names)
    parent = element.getparent()
    for ancestor, name in anchors(element, root):
        link = " > " if ancestor is parent else " "
        found += [f"{name}{link}{n}" for n in names if not n.startswith("#")]
    for ancestor, name in list(anchors(element, root))[:12]:
        found.append(f"{name} > {path(element, ancestor)}")
    body = next((a for a in element.iterancestors("body")), None)
    if body is not None:
        found.append(f"body > {path(element, body)}")
    return list(dict.fromkeys(found))


def best(
    seeds: Iterable[tuple[HtmlElement, HtmlElement]], measure: Callable[[str], float], enough: float = 0.999
) -> tuple[str, float] | None:
    """The selector with the highest measure (0 to 1); the first found of equals, and the first that is enough.

    ``seeds`` are elements to be called, each with its page's root.
    """
    result: tuple[str, float] | None = None
    tried: set[str] = set()
    for element, root in seeds:
        for selector in candidates(element, root):
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
    """Measures how well a selector finds exactly these elements within each of these scopes."""

    def measure(selector: str) -> float:
        total = 0.0
        for scope, wanted in targets:
            found = tree.select(scope, selector)
            hits = len(set(found) & set(wanted))
            total += 2 * hits / (len(found) + len(wanted)) if found or wanted else 1.0
        return total / len(targets)

    return measure


def foremost(targets: Sequence[tuple[HtmlElement, HtmlElement | None]]) -> Callable[[str], float]:
    """Measures how often the first that a selector finds within each scope is the element wanted there."""

    def measure(selector: str) -> float:
        return sum(next(iter(tree.select(s, selector)), None) is e for s, e in targets) / len(targets)

    return measure
