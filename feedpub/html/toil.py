"""How much work a page's own style sheets ask for: some would take hours, and no page that people read has such."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree
from lxml.html import HtmlElement

MOST_STEPS = 300_000_000  # some three seconds' work; of 376 real pages, none asks for a tenth
PLACED = re.compile(r":(?:nth|first|last|only)-|:has\(|[~+]")  # parts for which an element's siblings are counted
BETWEEN = re.compile(r"\s*>\s*|\s+")


def is_too_much(root: HtmlElement, selectors: Iterable[str]) -> bool:
    """Whether libxml2 would take very long to find what these selectors match, as it goes from the root on."""
    elements = pairs = deepest = 0
    depths: dict[HtmlElement | None, int] = {None: 0}
    for element in root.iter(etree.Element):
        depths[element] = depths.get(element.getparent(), 0) + 1
        elements += 1
        pairs += len(element) ** 2
    deepest = max(depths.values())
    steps = 0
    for selector in selectors:
        parts = len(BETWEEN.split(selector.strip()))
        each = pairs if PLACED.search(selector) else elements * parts
        steps += each * (deepest if parts > 1 else 1)
    return steps > MOST_STEPS
