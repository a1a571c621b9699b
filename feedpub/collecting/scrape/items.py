"""The boxes of a listing's items, and what selectors find in each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product

from lxml.html import HtmlElement

from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.html.candidates import date_candidates
from feedpub.html.lines import common_ancestor, text_of
from feedpub.html.select import Order, select_first
from feedpub.layout import Layout

MOST_ELEMENTS = 300  # in the box of an item; a card has some 20
MOST_ITEMS = 10_000  # of a listing; one that shows a council's whole archive has fewer


@dataclass(frozen=True, slots=True)
class Item:
    """A box of the listing. On pages without boxes, everything up to the next item belongs to it."""

    box: HtmlElement
    order: Order
    end: int  # the place of the next one
    flat: frozenset[tuple[str, ...]]  # the selectors that match in no box on this page
    day: HtmlElement | None  # the heading with its day
    around: HtmlElement  # the element that holds all items

    @property
    def is_small(self) -> bool:
        """Whether the box is of a size that one item has, and not of a page in another."""
        return next(islice(self.box.iter("*"), MOST_ELEMENTS, None), None) is None

    def matches(self, selectors: tuple[str, ...]) -> list[HtmlElement]:
        """Return all matches of the first selector that has any in this item."""
        begin = self.order.at[self.box]
        inside = (self.order.select(self.box, s, begin, self.end) for s in selectors)
        flat = selectors if selectors in self.flat else ()
        beside = (self.order.select_repeatedly(self.around, s, begin, self.end) for s in flat)
        return next((m for m in chain(inside, beside) if m), [])


def listed_items(root: HtmlElement, layout: Layout, page: Page) -> Iterator[Item]:
    """Yield the items of a listing. Raises ScrapeError where there are more than any listing has."""
    boxes = select_first(root, layout.item)
    if len(boxes) > MOST_ITEMS:
        raise ScrapeError(page.url, f"lists {len(boxes)} items, and no more than {MOST_ITEMS} are read of a listing")
    order = Order(root)
    keys = (layout.link, layout.item_title, layout.item_date, layout.item_categories)
    flat = frozenset(k for k in keys if k and not _match_in_boxes(boxes, k, order))
    around = common_ancestor(boxes, root) if flat and boxes else root
    days = select_first(root, layout.day)
    day_places = [order.at[d] for d in days]
    places = [order.at[b] for b in boxes]
    ends = [*places[1:], len(order.at)]
    for box, place, end in zip(boxes, places, ends, strict=False):  # without boxes there is one end too many
        days_before = bisect_right(day_places, place)
        day = days[days_before - 1] if days_before else None
        yield Item(box, order, end, flat, day, around)


def _match_in_boxes(boxes: Sequence[HtmlElement], selectors: Sequence[str], order: Order) -> bool:
    """Whether one of the selectors matches in one of the boxes."""
    end = len(order.at)
    return any(order.select(box, s, 0, end) for box, s in product(boxes, selectors))


def shown_date(item: Item, layout: Layout) -> str | None:
    """Return the item's date as shown, after its day's heading where the listing has those."""
    dated = item.matches(layout.item_date)[:1]
    shown = next(iter(date_candidates(dated)), None)
    if item.day is None:
        return shown
    return " ".join(part for part in (text_of(item.day), shown) if part)
