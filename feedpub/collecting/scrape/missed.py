"""The boxes of a listing that its layout finds → others of their kind beside them, that it misses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement

ALIKE = 0.6  # of the tags in two boxes, with those that they are in
FEW = 2  # boxes side by side that show what a box of the list is like
COMPARED = 5  # of these
MOST_ELEMENTS = 200  # of a box that are compared


def boxes_like(boxes: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Return the siblings of boxes that are built as these are, and are none of them, in the page's order."""
    inside = set(boxes)
    by_parent: dict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for box in boxes:
        parent = box.getparent()
        if parent is not None:
            by_parent[parent].append(box)
    alike: list[HtmlElement] = []
    for parent, ours in by_parent.items():
        if len(ours) >= FEW:
            tags = {box.tag for box in ours}
            others = [e for e in parent.iterchildren("*") if e.tag in tags and e not in inside]
            alike += _built_alike(others, ours) if others else []
    return alike


def _built_alike(others: Sequence[HtmlElement], boxes: Sequence[HtmlElement]) -> list[HtmlElement]:
    patterns = [_structure(box) for box in boxes[:COMPARED]]
    return [e for e in others if any(_likeness(_structure(e), pattern) >= ALIKE for pattern in patterns)]


def _structure(box: HtmlElement) -> set[tuple[str, ...]]:
    """The tags in a box, each with the two that it is in."""
    structure: set[tuple[str, ...]] = set()
    for element in islice(box.iter("*"), MOST_ELEMENTS):
        around = [str(e.tag) for e in islice(element.iterancestors(), 2)] if element is not box else []
        structure.add((str(element.tag), *around))
    return structure


def _likeness(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    return len(one & other) / len(one | other)
