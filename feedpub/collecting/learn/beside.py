"""What stands beside the texts on the articles' pages and is none of them: so all other sentences there are theirs."""

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
from feedpub.collecting.learn.samples import Finding, Sample
from feedpub.html import tree
from feedpub.html.apart import NEVER_TEXT, parts_apart, sentences_in, zone_of
from feedpub.html.lines import Line, lines_of
from feedpub.html.select import select, select_first

SEVERAL = 2  # pages
HABIT = 0.75  # of the pages; a text that so many have apart would have been found as one
NAMELESS = re.compile(r"(?:^|[ >])[a-z0-9]+$|:nth")  # ends in a tag alone: it would find a later lead as well
FEWER_WORDS = (6, 3)  # of a line, where all of them stand on several lines of the page's source
ALWAYS = NEVER_TEXT[:5]  # so that the key is never empty: empty, it would say that nothing is known
MOST = 30  # selectors


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of one page that stands apart from its text and has sentences."""

    sample: Sample
    zone: HtmlElement
    element: HtmlElement
    sentences: Sequence[Line]

    @property
    def keys(self) -> set[str]:
        return {text.skeleton(line.text) for line in self.sentences}


def find_beside(comparison: Comparison, box: Sequence[str], left_out: Sequence[str], names: Sequence[str]) -> Finding:
    """Return selectors for what has sentences beside the texts and is no part of them.

    It says the same on several pages, or has a name and is in the same place on nearly all of them. ``left_out`` is
    found besides, and ``names`` are those of categories.
    """
    pages = [s for s in comparison.samples if s.body]
    parts = list(chain.from_iterable(_parts_of(s, box, left_out, names) for s in pages))
    on_pages = Counter(key for key, _ in {(key, part.sample) for part in parts for key in part.keys})
    places: dict[str, list[_Part]] = defaultdict(list)
    for part in parts:
        places[comparison.kind_path(part.element)].append(part)
    scopes = [_Scope.of(s, [part for part in parts if part.sample is s]) for s in pages]
    found: dict[str, str] = {}
    for place in places.values():
        if len({part.sample for part in place}) >= max(SEVERAL, HABIT * len(pages)):
            found |= dict.fromkeys(_by_names(place, scopes), "nearly all articles have it")
    for part in parts:
        for line in part.sentences:
            if on_pages[text.skeleton(line.text)] >= SEVERAL:
                found |= dict.fromkeys(_by_words(line, scopes), "several articles say it")
    why = "; ".join(f"{selector}: {reason}" for selector, reason in found.items())
    return Finding((*ALWAYS, *islice(found, MOST)), why=why or "nothing else has sentences there")


def _parts_of(s: Sample, box: Sequence[str], left_out: Sequence[str], names: Sequence[str]) -> Iterator[_Part]:
    zone = zone_of(s.box_of_article(box) if box else s.root, s.title_element, s.body)
    if zone is None:
        return
    pieces = [e for e in (s.title_element, s.date_element) if e is not None]
    pieces += select_first(zone, names)
    known = set(chain.from_iterable(select(zone, selector) for selector in left_out))
    whole = "".join(text.skeleton(line.text) for part in s.body for line in lines_of(part))
    said = {text.skeleton(s.title), text.skeleton(s.listed_title)}
    for element in parts_apart(zone, s.body, pieces, known):
        lines = sentences_in(element, s.page.url, known, lambda key: key in said or key in whole)
        if lines:
            yield _Part(s, zone, element, lines)


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


def _by_words(line: Line, scopes: Sequence[_Scope]) -> Iterator[str]:
    """Yield a selector for an element that says the line; none where its words cannot be written down."""
    tag = tree.tag(line.element)
    words = line.text.split()
    for count in (len(words), *FEWER_WORDS):
        for said in selectors.by_words(" ".join(words[:count])):
            if line.element in _finds(f"{tag}{said}", scopes):
                yield f"{tag}{said}"
                return
