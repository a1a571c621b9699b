"""The items of a listing as data: one record a box, one group a kind of box. How elements and addresses are alike."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn.date_formats import Shown
from feedpub.collecting.learn.elements import breadth, classes_of, words_of
from feedpub.collecting.learn.selectors import PASSING, STATE
from feedpub.html import tree
from feedpub.html.titles import MORE

HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
HEADING_BONUS = 20  # characters that a link gains by being in a heading


@dataclass(eq=False)
class Record:
    """One item: its box, and which parts of the box are its news."""

    box: HtmlElement
    url: str
    anchors: list[HtmlElement]  # to the article, in the page's order
    title: str = ""
    title_element: HtmlElement | None = None
    date: Shown | None = None
    date_element: HtmlElement | None = None
    words: str = ""  # all of the box


@dataclass(eq=False)
class Group:
    """Boxes of one kind, and what speaks for their being the news."""

    records: list[Record]
    is_flat: bool = False  # the boxes are only what each item begins with
    again: list[HtmlElement] = field(default_factory=list)  # boxes of the same kind that go on with an item
    spare: list[HtmlElement] = field(default_factory=list)  # boxes of the same kind that name no item, or one again
    day_elements: list[HtmlElement] = field(default_factory=list)
    tracking: str = ""  # the tracking parameter without which the site answers no article's address
    framed: float = 0.0  # the share of boxes that are in a menu, a sidebar or the like
    is_everywhere: bool = False  # it is on the articles' pages as well
    is_last_resort: bool = False  # it is taken though it is on every page, for nothing else could be
    contributions: dict[str, float] = field(default_factory=dict)  # by the name of the sign

    @property
    def urls(self) -> list[str]:
        return [r.url for r in self.records]

    @property
    def score(self) -> float:
        return sum(self.contributions.values())


def kind(element: HtmlElement) -> str:
    """Return what an element and its like share: the tag, and the classes that name no state and no number."""
    names = classes_of(element)
    classes = sorted(name for name in names if not (PASSING.fullmatch(name) or STATE.fullmatch(name)))
    return ".".join((tree.tag(element), *classes[:4]))


def link_weight(anchor: HtmlElement) -> int:
    """Return how much a link says of its article, in characters."""
    words = words_of(anchor)
    if MORE.fullmatch(words):
        return 1
    return breadth(words) + (HEADING_BONUS if _is_heading_link(anchor) else 0)


def _is_heading_link(anchor: HtmlElement) -> bool:
    near = [anchor, *list(anchor.iterancestors())[:2], *anchor.iter("h1", "h2", "h3", "h4", "h5")]
    return any(e.tag in HEADINGS for e in near)


def without_repeats(records: list[Record]) -> list[Record]:
    """Return the first record of each address."""
    by_key: dict[str, Record] = {}
    for record in records:
        by_key.setdefault(address.key(record.url), record)
    return list(by_key.values())
