"""Elements on several pages → the plainest CSS selector that finds just these."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, combinations, islice, takewhile

from lxml.html import HtmlElement

from feedpub.collecting.learn.elements import attribute, classes_of
from feedpub.html import tree
from feedpub.html.select import identifier, quoted, select

VALUE = re.compile(r"[\w:.-]+", re.ASCII)
PASSING = re.compile(  # classes and ids of a state or a number, not of a kind
    r"(?:.*[-_])?(?:odd|even|first|last|active|current|selected|hover|visited|open|clearfix|row|col|col-.*|\d+)|.*\d{2,}.*"
)
STATE = re.compile(  # what one item of a list may be called besides
    r".*(?:sticky|pinned|promoted|featured|leading|important|is-\w+|has-\w+|with-\w+|format-|category-|tag-|status-|type-).*"
    r"|big|small|large|main|hot|new|wide|top|post-\w+"
)
NUMBER = re.compile(r"\d")
IDENTITY = re.compile(r"#([\w-]+)")
SEVERAL = 2  # pages on which an element with a number in its id has to be
TELLING = {"property", "itemprop", "rel", "role", "name"}  # attributes that say what an element is
FAR = 6  # ancestors that a selector may begin with
ENOUGH = 0.999  # of a measure; nothing better is looked for
MOST_ABOVE = 4  # names of an ancestor
MOST_PAIRS = 6  # of classes
MOST_PATHS = 12  # from an ancestor down, step by step


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


def of_kind(element: HtmlElement, root: HtmlElement) -> list[str]:
    """Return selectors that may find the element and others of its kind, also those that are not there yet.

    So they have no id of the element itself, no number in a name, no place among its like. The plainest come first, and
    names that say something of one item come last.
    """
    names = _kind_names(element)
    result = list(names)
    parent = element.getparent()
    for ancestor, name in anchors(element, root):
        if not NUMBER.search(name):
            link = " > " if ancestor is parent else " "
            result += [f"{name}{link}{n}" for n in names]
    if parent is not None:
        tag = _by_tag(element)
        near = [(ancestor, name) for ancestor, name in anchors(element, root) if ancestor is not parent]
        result += [f"{name} > {path(parent, ancestor)} > {tag}" for ancestor, name in near[:MOST_PATHS]]
        body = next(element.iterancestors("body"), None)
        if body is not None:
            steps = [step for step in ("body", path(parent, body), tag) if step]
            result.append(" > ".join(steps))
    return list(dict.fromkeys(result))


def of_piece(element: HtmlElement, box: HtmlElement) -> list[str]:
    """Return selectors that may find an element and the like of it in other boxes, the plainest first."""
    names = [*_kind_names(element), *of_numbered_kind(element)]
    result = list(names)
    inside = takewhile(lambda ancestor: ancestor is not box, element.iterancestors())
    parent = element.getparent()
    for ancestor in (*islice(inside, FAR), box):
        link = " > " if ancestor is parent else " "
        result += [f"{above}{link}{name}" for above in _kind_names(ancestor)[:MOST_ABOVE] for name in names]
    if element is not box:
        result += [f"{above} > {path(element, box)}" for above in (*_kind_names(box), *of_numbered_kind(box))]
    return list(dict.fromkeys(result))


def of_numbered_kind(element: HtmlElement) -> list[str]:
    """Return selectors by the classes with a number: where programs make the names, boxes have no others in common."""
    numbered = [c for c in classes_of(element) if NUMBER.search(c)]
    return list(chain.from_iterable(map(by_class, numbered)))


def _kind_names(element: HtmlElement) -> list[str]:
    """The names that an element shares with its like, the plainest first: no id, and no number."""
    tag = _by_tag(element)
    classes = [c for c in classes_of(element) if not NUMBER.search(c)]
    is_lasting = {c: not (PASSING.fullmatch(c) or STATE.fullmatch(c)) for c in classes}
    lasting = [selector for c in classes if is_lasting[c] for selector in by_class(c)]
    passing = [selector for c in classes if not is_lasting[c] for selector in by_class(c)]
    names = [*lasting, *(f"{tag}{c}" for c in lasting)]
    names += [f"{one}{other}" for one, other in islice(combinations(lasting, 2), MOST_PAIRS)]
    for telling in sorted(TELLING):
        value = element.get(telling)
        if value and VALUE.fullmatch(value) and not NUMBER.search(value):
            names += by_value(telling, value)
    return [*names, tag, *passing, *(f"{tag}{c}" for c in passing)]


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
    for ancestor, name in list(anchors(element, root))[:MOST_PATHS]:
        result.append(f"{name} > {path(element, ancestor)}")
    body = next((a for a in element.iterancestors("body")), None)
    if body is not None:
        result.append(f"body > {path(element, body)}")
    return list(dict.fromkeys(result))


def best(seeds: Iterable[tuple[HtmlElement, HtmlElement]], measure: Callable[[str], float]) -> tuple[str, float] | None:
    """Return the selector with the highest measure (0 to 1); the first of equals, and the first that is enough.

    ``seeds`` are elements to be called, each with its page's root.
    """
    possible = chain.from_iterable(possible_selectors(element, root) for element, root in seeds)
    return best_of(possible, measure)


def best_of(possible: Iterable[str], measure: Callable[[str], float]) -> tuple[str, float] | None:
    """Return the best of these selectors, as ``best`` does; None where there is none."""
    result: tuple[str, float] | None = None
    for selector in _each_once(possible):
        value = measure(selector)
        if result is None or value > result[1] + 1e-9:
            result = selector, value
        if value >= ENOUGH:
            break
    return result


def _each_once(possible: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for selector in possible:
        if selector not in seen:
            seen.add(selector)
            yield selector


def exact(targets: Sequence[tuple[HtmlElement, Sequence[HtmlElement]]]) -> Callable[[str], float]:
    """Return a measure of how well a selector finds exactly these elements within each of these scopes.

    One that calls an element by a number, and finds something in one scope alone, calls that article and no other.
    """

    def exactness(selector: str) -> float:
        total, found = 0.0, 0
        for scope, wanted in targets:
            matches = select(scope, selector)
            found += bool(matches)
            hits = len(set(matches) & set(wanted))
            total += 2 * hits / (len(matches) + len(wanted)) if matches or wanted else 1.0
        is_of_one_page = found < min(SEVERAL, len(targets)) and _has_number(selector)
        return 0.0 if is_of_one_page else total / len(targets)

    return exactness


def _has_number(selector: str) -> bool:
    return any(PASSING.fullmatch(name) for name in IDENTITY.findall(selector))


def foremost(targets: Sequence[tuple[HtmlElement, HtmlElement | None]]) -> Callable[[str], float]:
    """Return a measure of how often the first that a selector finds within each scope is the element wanted there."""

    def first_rightness(selector: str) -> float:
        return sum(next(iter(select(s, selector)), None) is e for s, e in targets) / len(targets)

    return first_rightness
