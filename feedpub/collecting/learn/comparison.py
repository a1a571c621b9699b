"""Several articles' pages, compared: what is the same on most of them is the frame, and not the article.

Where several selectors give the same piece on every page, the plainest wins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from feedpub.collecting.learn.records import kind
from feedpub.collecting.learn.samples import Sample
from feedpub.html import dates
from feedpub.html.lines import Line, lines_of

MOST = 0.6  # of the pages; a line on so many is the frame's
LABEL = 4  # words besides its numbers; a longer line is a sentence, which is news by its numbers
MOST_ALIKE = 3  # articles; fewer may well have the same words
NEVER = 99  # pages: a lone page has nothing to be compared with


@dataclass(eq=False)
class Comparison:
    """The samples of one site, and how often each line is on them."""

    samples: Sequence[Sample]
    zone: ZoneInfo
    now: datetime
    common: int  # pages that a line is on if it is the frame's
    languages: tuple[str, ...] = ()  # of the site's dates, besides those that are built in
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)  # a line's key, at a kind of place
    _paths: dict[HtmlElement, str] = field(default_factory=dict)

    def is_on_most_pages(self, words: str, element: HtmlElement) -> bool:
        """Return whether most pages have the words in such a place, letter by letter; a counter with any number."""
        return self.seen[_line_key(words), self.kind_path(element)] >= self.common

    def is_on_one_page(self, line: Line) -> bool:
        """Return whether no other page has such a line in such a place."""
        return self.seen[_line_key(line.text), self.kind_path(line.element)] <= 1

    def is_frame(self, line: Line) -> bool:
        return self.is_on_most_pages(line.text, line.element)

    def kind_path(self, element: HtmlElement) -> str:
        """Return the kinds of all that an element is in, as they are on other pages too."""
        if element not in self._paths:
            parent = element.getparent()
            self._paths[element] = (self.kind_path(parent) if parent is not None else "") + "/" + kind(element)
        return self._paths[element]


def compare_pages(
    samples: Sequence[Sample], zone: ZoneInfo, now: datetime, languages: tuple[str, ...] = ()
) -> Comparison:
    """Count on how many of the pages each line is."""
    count = len(samples)
    common = max(2, round(MOST * count)) if count > 1 else NEVER
    comparison = Comparison(samples, zone, now, common, languages)
    for sample in samples:
        places = {(_line_key(line.text), comparison.kind_path(line.element)) for line in sample.lines}
        comparison.seen.update(places)
    return comparison


def lines_on_all(texts: Iterable[Sequence[HtmlElement]]) -> dict[str, str]:
    """Return the lines that are in every text, by their ``frame_key``, as the first one has them.

    Texts without elements do not count. None where fewer than three are left: these may well say the same.
    """
    first, *others = [_keyed_lines(text) for text in texts if text] or [{}]
    if len(others) < MOST_ALIKE - 1:
        return {}
    return {key: line for key, line in first.items() if all(key in other for other in others)}


def _keyed_lines(text: Sequence[HtmlElement]) -> dict[str, str]:
    return {dates.frame_key(line.text): line.text for line in chain.from_iterable(map(lines_of, text))}


def _line_key(words: str) -> str:
    """Return a line as it is; a label with a number, such as a counter or a date, without the number."""
    folded = dates.fold(words)
    return folded if len(re.findall(r"[^\W\d_]+", folded)) <= LABEL else words
