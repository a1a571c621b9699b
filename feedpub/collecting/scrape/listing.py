"""A listing's page → the articles that it names, and the way to the older page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.scrape.evidence import nearest
from feedpub.collecting.scrape.missed import boxes_like
from feedpub.collecting.scrape.older import next_page, url_on_site
from feedpub.collecting.scrape.refuse import require_news
from feedpub.content import Link, Listing, Page
from feedpub.errors import LayoutError, ScrapeError
from feedpub.html import tree
from feedpub.html.candidates import date_candidates
from feedpub.html.lines import common_ancestor, text_of
from feedpub.html.select import Order, select_first
from feedpub.layout import Layout
from feedpub.model import Site

HREF_PART = re.compile(r"\[href\*='([^']*)'\]")
MOST_ITEMS = 10_000  # of a listing; one that shows a council's whole archive has fewer


def read_listing(page: Page, layout: Layout, *, closes_pages: bool = False) -> Listing:
    """Return the articles that a listing page names, in the page's order, and the way to the older page.

    ``closes_pages`` says that this site's pages end with </html>: a page that does not was cut short.
    Raises ScrapeError then, and for a page that is none of the site's. Raises LayoutError where the page names
    no article: a council's listing is never empty, so its layout has changed.
    """
    root = require_news(page, closes_pages)
    base = tree.base_url(root, page)
    home = address.origin(page.url) + "/"
    not_news = {address.key(page.url), address.key(home)}
    links: dict[str, Link] = {}
    items = list(_listed_items(root, layout, page))
    for item in items:
        link = _listed_article(item, layout, base)
        if link is None:
            continue
        key = address.key(link.url)
        if key not in not_news:
            links.setdefault(key, link)
    if not links:
        raise _no_news(page, root, layout)
    older = next_page(root, layout, base, page)
    missed = _missed_addresses(items, layout, base, {*links, *not_news})
    return Listing(tuple(links.values()), older, _site_facts(root, base, page), missed)


def _missed_addresses(items: Sequence[_Item], layout: Layout, base: str, known: set[str]) -> tuple[str, ...]:
    """Return the addresses in boxes like the items' that no item has; none where items have no boxes."""
    if layout.link in items[0].flat:
        return ()
    missed: dict[str, str] = {}
    for box in boxes_like([item.box for item in items]):
        anchor = next(iter(select_first(box, layout.link)), None)
        url = url_on_site(base, anchor.get("href", "")) if anchor is not None else None
        if url and not address.is_file(url) and address.key(url) not in known:
            missed.setdefault(address.key(url), address.without_fragment(url))
    return tuple(missed.values())


def _no_news(page: Page, root: HtmlElement, layout: Layout) -> LayoutError:
    """Return the error that names the selectors which match nothing."""
    key = "link" if select_first(root, layout.item) else "item"
    selectors: tuple[str, ...] = getattr(layout, key)
    dead = f"{key} = {list(selectors)!r} matches nothing; {nearest(root, selectors)}"
    advice = f"see `feedpub inspect {page.url}`, and set [source.layout]"
    return LayoutError(page.url, f"no news found: {dead}; {advice}")


# ------------------------------------------------------------ items


@dataclass(frozen=True, slots=True)
class _Item:
    """A box of the listing. On pages without boxes, everything up to the next item belongs to it."""

    box: HtmlElement
    order: Order
    end: int  # the place of the next one
    flat: frozenset[tuple[str, ...]]  # the selectors that match in no box on this page
    day: HtmlElement | None  # the heading with its day
    around: HtmlElement  # the element that holds all items

    def matches(self, selectors: tuple[str, ...]) -> list[HtmlElement]:
        """Return all matches of the first selector that has any in this item."""
        begin = self.order.at[self.box]
        inside = (self.order.select(self.box, s, begin, self.end) for s in selectors)
        flat = selectors if selectors in self.flat else ()
        beside = (self.order.select_repeatedly(self.around, s, begin, self.end) for s in flat)
        return next((m for m in chain(inside, beside) if m), [])


def _listed_items(root: HtmlElement, layout: Layout, page: Page) -> Iterator[_Item]:
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
        yield _Item(box, order, end, flat, day, around)


def _match_in_boxes(boxes: Sequence[HtmlElement], selectors: Sequence[str], order: Order) -> bool:
    """Whether one of the selectors matches in one of the boxes."""
    end = len(order.at)
    return any(order.select(box, s, 0, end) for box, s in product(boxes, selectors))


def _listed_article(item: _Item, layout: Layout, base: str) -> Link | None:
    """Return the article that an item names; None where it leads to no page of this site."""
    anchor = next(iter(item.matches(layout.link)), None)
    if anchor is None:
        return None
    href = anchor.get("href", "")
    url = url_on_site(base, href, keeps_tracking=_asks_for_tracking(layout))
    if url is None or address.is_file(url):
        return None
    anchors = item.matches(("a[href]",))
    same = [a for a in anchors if a.get("href") == href]  # a picture's, then the title's
    named = (*item.matches(layout.item_title), anchor, *same)
    title = next(filter(None, map(text_of, named)), "")
    categories = filter(None, map(text_of, item.matches(layout.item_categories)))
    return Link(
        address.without_fragment(url), text.line(title), _item_date(item, layout), tuple(dict.fromkeys(categories))
    )


def _asks_for_tracking(layout: Layout) -> bool:
    """Whether the selector of links names a tracking parameter: the site answers no address without it."""
    parts = chain.from_iterable(HREF_PART.findall(selector) for selector in layout.link)
    return any(address.tracking_names(f"?{part}") for part in parts)


def _item_date(item: _Item, layout: Layout) -> str | None:
    """Return the item's date as shown, after its day's heading where the listing has those."""
    dated = item.matches(layout.item_date)[:1]
    shown = next(iter(date_candidates(dated)), None)
    if item.day is None:
        return shown
    return " ".join(part for part in (text_of(item.day), shown) if part)


# ------------------------------------------------------------ the site


def _site_facts(root: HtmlElement, base: str, page: Page) -> Site:
    icons = root.xpath("//link[contains(concat(' ', @rel, ' '), ' icon ')]/@href")
    logos = root.xpath("//*[@id='logo']//img/@src | //a[@rel='home']//img/@src")
    return Site(icon=_first_url(base, icons), logo=_first_url(base, logos), closes_pages=page.is_closed)


def _first_url(base: str, hrefs: Sequence[object]) -> str | None:
    urls = (address.absolute(base, str(href)) for href in hrefs)
    return next((url for url in urls if url), None)
