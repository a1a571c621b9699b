"""A listing's page → the articles it names and the way to the older page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.scrape.evidence import nearest
from feedpub.collecting.scrape.refuse import require_news
from feedpub.content import Link, Listing, Page
from feedpub.errors import LayoutError, ScrapeError
from feedpub.html import tree
from feedpub.model import Layout, Site

MOST_ITEMS = 10_000  # of a listing; one that shows a council's whole archive has fewer


def listing(page: Page, layout: Layout, *, closes_pages: bool = False) -> Listing:
    """The articles that a listing page names, in the page's order, and the way to the older page.

    ``closes_pages`` says that this site's pages end with </html>: one that
    does not was cut short. Raises ScrapeError then and for a page
    that is no page of the site's at all, and LayoutError where the page names
    no article: a council's listing is never empty, so an empty one means that
    its layout has changed.
    """
    root = require_news(page, closes_pages)
    base = tree.base(root, page)
    links: dict[str, Link] = {}
    own, home = address.key(page.url), address.key(address.origin(page.url) + "/")
    for item in _items(root, layout, page):
        link = _link(item, layout, base)
        if link and address.key(link.url) not in (own, home):
            links.setdefault(address.key(link.url), link)
    if not links:
        dead = {"item": layout.item} if not tree.first(root, layout.item) else {"link": layout.link}
        named = ", ".join(f"{k} = {list(v)!r} matches nothing; {nearest(root, v)}" for k, v in dead.items())
        raise LayoutError(
            page.url,
            f"no news found: {named}; see `feedpub inspect {page.url}`, and set [source.layout]",
        )
    return Listing(tuple(links.values()), next_page(root, layout, base, page), _site(root, base, page))


@dataclass(frozen=True, slots=True)
class _Item:
    """A box of the listing; where items stand in no box of their own, what follows up to the next one is of it."""

    box: HtmlElement
    order: tree.Order
    end: int  # the place of the next one
    flat: frozenset[tuple[str, ...]]  # the selectors that match in no box on this page
    day: HtmlElement | None
    around: HtmlElement  # what holds all items

    def first(self, selectors: tuple[str, ...]) -> list[HtmlElement]:
        begin = self.order.at[self.box]
        inside = (self.order.select(self.box, s, begin, self.end) for s in selectors)
        beside = (self.order.within(self.around, s, begin, self.end) for s in selectors if selectors in self.flat)
        return next((found for found in chain(inside, beside) if found), [])


def _items(root: HtmlElement, layout: Layout, page: Page) -> list[_Item]:
    boxes = tree.first(root, layout.item)
    if len(boxes) > MOST_ITEMS:
        raise ScrapeError(page.url, f"lists {len(boxes)} items, and no more than {MOST_ITEMS} are read of a listing")
    order = tree.Order(root)
    keys = (layout.link, layout.item_title, layout.item_date)
    everywhere = 0, len(order.at)
    flat = frozenset(k for k in keys if k and not any(order.select(b, s, *everywhere) for b in boxes for s in k))
    ends = [*(order.at[b] for b in boxes[1:]), len(order.at)][: len(boxes)]
    around = tree.common(boxes, root) if flat and boxes else root
    days = tree.first(root, layout.day)
    places = [order.at[d] for d in days]
    return [
        _Item(box, order, end, flat, days[n - 1] if (n := bisect_right(places, order.at[box])) else None, around)
        for box, end in zip(boxes, ends, strict=True)
    ]


def _link(item: _Item, layout: Layout, base: str) -> Link | None:
    anchor = next(iter(item.first(layout.link)), None)
    url = address.absolute(base, anchor.get("href", "")) if anchor is not None else None
    if anchor is None or url is None or address.host(url) != address.host(base) or address.is_file(url):
        return None
    dates = tree.dates(item.first(layout.item_date)[:1])
    if item.day is not None:
        dates = tuple(" ".join(p for p in (tree.text(item.day), d) if p) for d in dates or ("",))
    same = [a for a in item.first(("a[href]",)) if a.get("href") == anchor.get("href")]  # a picture's, then the title's
    titles = [t for e in (*item.first(layout.item_title), anchor, *same) if (t := tree.text(e))]
    return Link(address.without_fragment(url), next(iter(titles), ""), next(iter(dates), None))


def next_page(root: HtmlElement, layout: Layout, base: str, page: Page) -> str | None:
    """The older page; None on the last. Of a row of numbers it is the one after this page's own."""
    return next((url for s in layout.next_page if (url := _older(tree.select(root, s), base, page))), None)


def _older(links: list[HtmlElement], base: str, page: Page) -> str | None:
    ways = [(e, url) for e in links if (url := address.absolute(base, e.get("href", "")))]
    ways = [(e, url) for e, url in ways if address.host(url) == address.host(base)]
    numbered = {int(t): url for e, url in ways if (t := tree.text(e)).isdecimal() and len(t) < 6}
    own = address.key(page.url)
    if len(numbered) > 1:
        return numbered.get(_number(numbered, own) + 1)
    return next((url for _, url in ways if address.key(url) != own), None)


def _number(numbered: dict[int, str], own: str) -> int:
    """The number of this page in a pager: the one that leads here, else the one that is no link."""
    here = [n for n, url in numbered.items() if address.key(url) == own]
    missing = [n for n in range(1, max(numbered)) if n not in numbered]
    return here[0] if here else missing[-1] if missing else max(numbered) + 1


def _site(root: HtmlElement, base: str, page: Page) -> Site:
    icons = root.xpath("//link[contains(concat(' ', @rel, ' '), ' icon ')]/@href")
    logos = root.xpath("//*[@id='logo']//img/@src | //a[@rel='home']//img/@src")
    return Site(
        icon=_absolute(base, icons),
        logo=_absolute(base, logos),
        closes_pages=page.is_closed,
    )


def _absolute(base: str, found: Sequence[object]) -> str | None:
    return next((u for i in found if (u := address.absolute(base, str(i)))), None)
