"""What stands beside the articles' texts and is no part of them: all else that is said or played there is theirs."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from lxml.html import HtmlElement

from feedpub import text
from feedpub.collecting.learn import selectors
from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.foreign import HABIT
from feedpub.collecting.learn.samples import Finding, Sample
from feedpub.html import tree
from feedpub.html.apart import FURNITURE, Own, own_in, parts_apart, skeleton_of, zone_of
from feedpub.html.select import select, select_first

SEVERAL = 2  # pages
MOSTLY = 0.5  # of the rows of a table
NAMELESS = re.compile(r"(?:^|[ >])[a-z0-9]+$|:nth")  # ends in a tag alone: it would find a later lead as well
FEWER_WORDS = (6, 3)  # of a line, where all of them stand on several lines of the page's source
ALWAYS = FURNITURE  # so that the key is never empty: empty, it would say that nothing is known
MOST = 30  # selectors


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of one page that stands apart from its text and has something to say or to play."""

    sample: Sample
    element: HtmlElement
    has: Sequence[Own]


def find_beside(comparison: Comparison, box: Sequence[str], left_out: Sequence[str], names: Sequence[str]) -> Finding:
    """Return selectors for what has words or players beside the texts and is no part of them.

    It says or plays the same on several pages. Or it has a name, and is in the same place on nearly all of them; what
    plays something else on each is the articles' even then, and so is a table with other rows. ``left_out`` is found
    besides, and ``names`` are those of categories.
    """
    pages = [s for s in comparison.samples if s.body]
    parts = list(chain.from_iterable(_parts_of(s, box, left_out, names) for s in pages))
    places: dict[str, list[_Part]] = defaultdict(list)
    for part in parts:
        places[comparison.kind_path(part.element)].append(part)
    scopes = [_Scope.of(s, [part for part in parts if part.sample is s]) for s in pages]
    found: dict[str, str] = {}
    for place in places.values():
        # A text that so many have apart would have been found as one.
        is_habit = len({part.sample for part in place}) >= max(SEVERAL, HABIT * len(pages))
        if is_habit and _is_furniture(place, comparison):
            found |= dict.fromkeys(_by_names(place, scopes), "nearly all articles have it")
    for own in _repeated(parts):
        found |= dict.fromkeys(_written(own, scopes), "several articles have it")
    why = "; ".join(f"{selector}: {reason}" for selector, reason in found.items())
    return Finding((*ALWAYS, *islice(found, MOST)), why=why or "nothing else has words there")


def _is_furniture(place: Sequence[_Part], comparison: Comparison) -> bool:
    """Whether what stands in one place of nearly all pages is the template's."""
    has = list(chain.from_iterable(part.has for part in place))
    rows = [own for own in has if own.is_row]
    alike = [own for own in rows if comparison.is_on_most_pages(own.words, own.element)]
    return not any(own.is_player for own in has) and (not rows or len(alike) > MOSTLY * len(rows))


def _repeated(parts: Sequence[_Part]) -> Iterator[Own]:
    """Yield what several pages have alike. Tables share rows: of one, all have to be on another page."""
    on_pages = Counter(key for key, _ in {(own.key, part.sample) for part in parts for own in part.has})
    for part in parts:
        repeated = [own for own in part.has if on_pages[own.key] >= SEVERAL]
        is_whole = len(repeated) == len(part.has)
        yield from (own for own in repeated if is_whole or not own.is_row)


def _parts_of(s: Sample, box: Sequence[str], left_out: Sequence[str], names: Sequence[str]) -> Iterator[_Part]:
    zone = zone_of(s.box_of_article(box) if box else s.root, s.title_element, s.body)
    if zone is None:
        return
    pieces = [e for e in (s.title_element, s.date_element) if e is not None]
    pieces += select_first(zone, names)
    known = set(chain.from_iterable(select(zone, selector) for selector in left_out))
    whole = skeleton_of(s.body)
    said = {text.skeleton(s.title), text.skeleton(s.listed_title)}
    for element in parts_apart(zone, s.body, pieces, known):
        has = own_in(element, s.page.url, known, lambda key: key in said or key in whole)
        if has:
            yield _Part(s, element, has)


def whole_texts(
    comparison: Comparison, box: Sequence[str], left_out: Sequence[str], names: Sequence[str]
) -> list[list[HtmlElement]]:
    """Return each page's text as it will be read, in the page's order: with what stands apart from it.

    ``left_out`` is what ``find_beside`` found, and what was found besides.
    """
    texts = []
    for s in comparison.samples:
        parts = {part.element for part in _parts_of(s, box, left_out, names)} if s.body else set()
        whole = parts.union(s.body)
        texts.append([e for e in s.root.iter() if e in whole] if parts else list(s.body))
    return texts


# ------------------------------------------------------------ selectors


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where selectors look on one page, and what they must not find there."""

    root: HtmlElement
    kept: set[HtmlElement]

    @classmethod
    def of(cls, s: Sample, parts: Sequence[_Part]) -> _Scope:
        """Keep the text with all that it is in or holds, and what holds the parts."""
        inside = chain.from_iterable(box.iter() for box in s.body)
        around = chain.from_iterable(e.iterancestors() for e in (*s.body, *(part.element for part in parts)))
        return cls(s.root, {*inside, *around})


def _finds(selector: str, scopes: Sequence[_Scope]) -> set[HtmlElement]:
    """Return what a selector finds on all pages; nothing if anything of that is to be kept."""
    found: set[HtmlElement] = set()
    for scope in scopes:
        matches = select(scope.root, selector)
        if not scope.kept.isdisjoint(matches):
            return set()
        found.update(matches)
    return found


def _by_names(place: Sequence[_Part], scopes: Sequence[_Scope]) -> Iterator[str]:
    """Yield the fewest selectors that find the parts of a place by names, and nothing of a text."""
    left = {part.element for part in place}
    for part in place:
        names = [n for n in selectors.possible_selectors(part.element, part.sample.root) if not NAMELESS.search(n)]
        best = next((name for name in names if part.element in left and part.element in _finds(name, scopes)), None)
        if best:
            left -= _finds(best, scopes)
            yield best


def _written(own: Own, scopes: Sequence[_Scope]) -> Iterator[str]:
    """Yield a selector for an element by what it says or plays; none where that cannot be written down."""
    words = own.words.split()
    counts = (len(words), *FEWER_WORDS) if words else ()
    said = chain.from_iterable(selectors.by_words(" ".join(words[:count])) for count in counts)
    played = chain.from_iterable(selectors.by_value(*item) for item in own.element.items() if "src" in item[0])
    values = dict.fromkeys(said if words else played)
    possible = (f"{way}{value}" for way in _ways_to(own.element) for value in values)
    yield from islice((name for name in possible if own.element in _finds(name, scopes)), 1)


def _ways_to(element: HtmlElement) -> Iterator[str]:
    """Yield selectors for an element by its tag and by what it is in: for that says the same words."""
    tag = tree.tag(element)
    yield tag
    parent = element.getparent()
    for ancestor, name in selectors.anchors(element, element.getroottree().getroot()):
        between = "" if ancestor is parent or parent is None else f"{selectors.path(parent, ancestor)} > "
        yield f"{name} > {between}{tag}"
