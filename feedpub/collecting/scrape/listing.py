"""A listing's page → the articles that it names, and the way to the older page."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import chain

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.scrape.evidence import nearest
from feedpub.collecting.scrape.items import Item, listed_items, shown_date
from feedpub.collecting.scrape.missed import boxes_like
from feedpub.collecting.scrape.older import next_page, url_on_site
from feedpub.collecting.scrape.refuse import require_news
from feedpub.collecting.scrape.rows import read_row, teaser_of, unread_words
from feedpub.content import Link, Listing, Page, Row
from feedpub.errors import LayoutError
from feedpub.html import tree
from feedpub.html.lines import text_of
from feedpub.html.select import select_first
from feedpub.layout import Layout
from feedpub.model import Site

HREF_PART = re.compile(r"\[href\*='([^']*)'\]")


def read_listing(page: Page, layout: Layout, *, closes_pages: bool = False, hosts: Collection[str] = ()) -> Listing:
    """Return the articles that a listing page names, in the page's order, and the way to the older page.

    ``closes_pages`` says that this site's pages end with </html>: a page that does not was cut short. ``hosts`` are
    the council's own, besides the page's. Raises ScrapeError for a page that was cut short, or is none of the site's.
    Raises LayoutError where the page names nothing: a council's listing is never empty, so its layout has changed.
    """
    root = require_news(page, closes_pages)
    base = tree.base_url(root, page)
    home = address.origin(page.url) + "/"
    not_news = {address.key(page.url), address.key(home)}
    own = {address.site(base), *hosts}
    links: dict[str, Link] = {}
    rows: dict[Row, None] = {}
    unread: dict[str, None] = {}
    items = list(listed_items(root, layout, page))
    for item in items:
        link = _listed_article(item, layout, base, own)
        if link is not None and address.key(link.url) not in not_news:
            links.setdefault(address.key(link.url), link)
        elif link is None and layout.link not in item.flat and item.is_small:
            row = read_row(item, layout, base)
            rows |= {row: None} if row else {}
            unread |= {unread_words(item): None} if row is None else {}
    if not links and not rows:
        raise _no_news(page, root, layout)
    older = next_page(root, layout, base, page)
    missed = _missed_addresses(items, layout, base, {*links, *not_news})
    site = _site_facts(root, base, page)
    return Listing(tuple(links.values()), older, site, missed, tuple(rows), tuple(filter(None, unread)))


def _missed_addresses(items: Sequence[Item], layout: Layout, base: str, known: set[str]) -> tuple[str, ...]:
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


# ------------------------------------------------------------ an article


def _listed_article(item: Item, layout: Layout, base: str, hosts: Collection[str]) -> Link | None:
    """Return the article that an item names; None where it leads to no page on these hosts."""
    anchor = next(iter(item.matches(layout.link)), None)
    if anchor is None:
        return None
    href = anchor.get("href", "")
    url = address.absolute(base, href, keeps_tracking=_asks_for_tracking(layout))
    if url is None or address.is_file(url) or address.site(url) not in hosts:
        return None
    anchors = item.matches(("a[href]",))
    same = [a for a in anchors if a.get("href") == href]  # a picture's, then the title's
    named = (*item.matches(layout.item_title), anchor, *same)
    title = next(filter(None, map(text_of, named)), "")
    categories = filter(None, map(text_of, item.matches(layout.item_categories)))
    is_a_box = layout.link not in item.flat and item.is_small
    teaser = teaser_of(item, layout, text.line(title)) if is_a_box else ()
    return Link(
        url=address.without_fragment(url),
        title=text.line(title),
        date=shown_date(item, layout),
        categories=tuple(dict.fromkeys(categories)),
        teaser=teaser,
    )


def _asks_for_tracking(layout: Layout) -> bool:
    """Whether the selector of links names a tracking parameter: the site answers no address without it."""
    parts = chain.from_iterable(HREF_PART.findall(selector) for selector in layout.link)
    return any(address.tracking_names(f"?{part}") for part in parts)


# ------------------------------------------------------------ the site


def _site_facts(root: HtmlElement, base: str, page: Page) -> Site:
    icons = root.xpath("//link[contains(concat(' ', @rel, ' '), ' icon ')]/@href")
    logos = root.xpath("//*[@id='logo']//img/@src | //a[@rel='home']//img/@src")
    return Site(icon=_first_url(base, icons), logo=_first_url(base, logos), closes_pages=page.is_closed)


def _first_url(base: str, hrefs: Sequence[object]) -> str | None:
    urls = (address.absolute(base, str(href)) for href in hrefs)
    return next((url for url in urls if url), None)
