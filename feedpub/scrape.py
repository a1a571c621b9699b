"""Page + Layout → links, Scraped: strings as found. Knows selectors, understands nothing.

The page is parsed once, by lxml; what goes on from here is the HTML of the
article's body alone, so that the slower tools after this one get a
twentieth of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import lru_cache

from lxml import etree, html
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from feedpub import address
from feedpub.errors import ScrapeError
from feedpub.model import Attachment, Layout, Link, Listing, Page, Picture, Scraped, Site

LINES = {"br", "p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "section"}
MACHINE_DATES = ("content", "datetime")  # attributes: RDFa and microdata, HTML's time


def listing(page: Page, layout: Layout, *, closes_pages: bool = False) -> Listing:
    """The articles that a listing page names, in the page's order, and the way to the older page.

    ``closes_pages`` says that this site's pages end with </html>: one that
    does not was cut short. Raises ScrapeError then, and where the page names
    no article: a council's listing is never empty, so an empty one means that
    its layout has changed.
    """
    _require_end(page, closes_pages)
    document = _document(page)
    base = _base(document, page)
    links: dict[str, Link] = {}
    for item in _first(document, layout.item):
        if link := _link(item, layout, base):
            links.setdefault(address.key(link.url), link)
    if not links:
        anchors = len(document.findall(".//a"))
        raise ScrapeError(
            page.url,
            f"no news found: item = {list(layout.item)!r} with link = {list(layout.link)!r} matches nothing"
            f" among {anchors} links; see `feedpub inspect {page.url}`, and set [source.layout]",
        )
    return Listing(tuple(links.values()), _next_page(document, layout, base, page), _site(document, base, page))


def article(page: Page, layout: Layout, *, closes_pages: bool = False) -> Scraped:
    """The pieces of an article's page.

    Raises ScrapeError where the page was cut short (see ``listing``), and for
    selectors that match nothing, which it names.
    """
    _require_end(page, closes_pages)
    document = _document(page)
    box = next(iter(_first(document, layout.article)), None)
    title = _title(document, layout.title)
    if box is None or not title:
        missing = {"article": layout.article} if box is None else {}
        missing |= {} if title else {"title": layout.title}
        named = ", ".join(f"{k} = {list(v)!r}" for k, v in missing.items())
        raise ScrapeError(page.url, f"is not laid out as known: {named} matches nothing")
    body = _outermost(_first(box, layout.body))
    dates = _dates(_first(box, layout.date) or _first(document, layout.date))
    categories, author = _texts(box, layout.categories), _texts(box, layout.author)
    pictures, files = _pictures(box, layout, body), _files(box, layout, body)
    if not body and not pictures and not files:
        raise ScrapeError(page.url, f"has a title and nothing else: body = {list(layout.body)!r} matches nothing")
    for element in body:
        _drop(element, layout.drop)
    return Scraped(
        url=page.url,
        base=_base(document, page),
        addresses=_addresses(document, page),
        title=title,
        dates=dates,
        body="\n".join(etree.tostring(e, encoding="unicode", method="html", with_tail=False) for e in body),
        pictures=pictures,
        files=files,
        categories=categories,
        author=next(iter(author), None),
    )


def evidence(page: Page, layout: Layout) -> dict[str, str | None]:
    """For each key of the layout, the selector of it that matches on this page; None where none does."""
    found: dict[str, str | None] = {f.name: None for f in fields(Layout) if f.name != "date_formats"}
    try:
        document = _document(page)
    except ScrapeError:
        return found
    box = next(iter(_first(document, layout.article)), document)
    for name in found:
        scope = box if name in ("date", "body", "images", "files", "categories", "author") else document
        found[name] = next((s for s in getattr(layout, name) if _select(scope, s)), None)
    return found


# ------------------------------------------------------------ the page


def _require_end(page: Page, closes_pages: bool) -> None:
    if closes_pages and not page.is_closed and page.text.strip():
        raise ScrapeError(page.url, "was cut short: it has no end, and other pages of the site have")


def _document(page: Page) -> HtmlElement:
    parser = html.HTMLParser(encoding="utf-8")
    try:
        document = html.document_fromstring(page.text.encode(errors="replace"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise ScrapeError(page.url, "is empty") from error
    if any("depth" in entry.message for entry in parser.error_log):  # libxml2 leaves out what lies deeper
        raise ScrapeError(page.url, "is nested too deep to be read whole")
    return document


def _base(document: HtmlElement, page: Page) -> str:
    href = next(iter(document.xpath("//head/base/@href")), "")
    return address.absolute(page.url, href) or page.url


@lru_cache(maxsize=256)
def _selector(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")


def _select(element: HtmlElement, selector: str) -> list[HtmlElement]:
    return _selector(selector)(element)


def _first(element: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    """What the first of the alternatives matches that matches anything."""
    return next((found for s in selectors if (found := _select(element, s))), [])


def _outermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    inside = set(elements)
    return [e for e in elements if not any(a in inside for a in e.iterancestors())]


def _text(element: HtmlElement) -> str:
    """The element's words; what stands on lines of its own is kept apart."""
    return "".join(_strings(element)).strip()


def _strings(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        edge = " " if child.tag in LINES else ""
        yield edge
        if isinstance(child.tag, str):  # no comment, no processing instruction
            yield from _strings(child)
        yield edge
        yield child.tail or ""


def _texts(element: HtmlElement, selectors: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for e in _first(element, selectors) if (t := _text(e))))


# ------------------------------------------------------------ a listing


def _link(item: HtmlElement, layout: Layout, base: str) -> Link | None:
    anchor = next(iter(_first(item, layout.link)), None)
    url = address.absolute(base, anchor.get("href", "")) if anchor is not None else None
    if anchor is None or url is None or address.host(url) != address.host(base):
        return None
    dates = _dates(_first(item, layout.item_date))
    titles = [t for e in (*_first(item, layout.item_title), anchor) if (t := _text(e))]
    return Link(address.without_fragment(url), next(iter(titles), ""), next(iter(dates), None))


def _next_page(document: HtmlElement, layout: Layout, base: str, page: Page) -> str | None:
    for anchor in _first(document, layout.next_page):
        url = address.absolute(base, anchor.get("href", ""))
        if url and address.host(url) == address.host(base) and address.key(url) != address.key(page.url):
            return url
    return None


def _site(document: HtmlElement, base: str, page: Page) -> Site:
    icons = document.xpath("//link[contains(concat(' ', @rel, ' '), ' icon ')]/@href")
    logos = document.xpath("//*[@id='logo']//img/@src | //a[@rel='home']//img/@src")
    return Site(
        icon=next((u for i in icons if (u := address.absolute(base, i))), None),
        logo=next((u for i in logos if (u := address.absolute(base, i))), None),
        closes_pages=page.is_closed,
    )


# ------------------------------------------------------------ an article


def _title(document: HtmlElement, selectors: Iterable[str]) -> str:
    """The first title with words in it: its text or, of an element for machines, its content."""
    elements = (e for s in selectors for e in _select(document, s))
    return next((t for e in elements if (t := _text(e) or (e.get("content") or "").strip())), "")


def _addresses(document: HtmlElement, page: Page) -> tuple[str, ...]:
    """What the page says it is called: in its head, in the HTTP header, and as it was asked for."""
    named = [
        href
        for rel in ("shortlink", "canonical")
        for href in (*document.xpath(f"//link[@rel='{rel}']/@href"), page.relations.get(rel))
        if href
    ]
    return tuple(dict.fromkeys((*map(str, named), page.url, page.asked)))


def _dates(elements: Iterable[HtmlElement]) -> tuple[str, ...]:
    """The strings that may hold the date: what is written for machines first, then what people see."""
    machine, human = [], []
    for element in elements:
        for e in element.iter("*"):
            machine += [value for a in MACHINE_DATES if (value := e.get(a))]
        human.append(_text(element))
    return tuple(dict.fromkeys(d for d in (*machine, *human) if d))


def _pictures(box: HtmlElement, layout: Layout, body: list[HtmlElement]) -> tuple[Picture, ...]:
    beside = (e for e in _first(box, layout.images) if not _is_inside(e, body))
    return tuple(Picture(src, e.get("alt") or "") for e in beside if (src := _source(e)))


def _source(image: HtmlElement) -> str | None:
    lazy = next((v for a in ("data-src", "data-original", "data-lazy-src") if (v := image.get(a))), None)
    return lazy or image.get("src")


def _files(box: HtmlElement, layout: Layout, body: list[HtmlElement]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(e.get("href", ""), _text(e), *_told(e.get("type", "")))
        for e in _first(box, layout.files)
        if not _is_inside(e, body)
    )


def _told(value: str) -> tuple[str | None, int | None]:
    """Type and length as Drupal writes them into a link: ``type="application/pdf; length=30219"``."""
    found = re.fullmatch(r"([\w.+-]+/[\w.+-]+);\s*length=(\d+)", value)
    return (found[1], int(found[2])) if found else (None, None)


def _is_inside(element: HtmlElement, boxes: list[HtmlElement]) -> bool:
    return any(a in boxes for a in element.iterancestors())


def _drop(body: HtmlElement, selectors: Iterable[str]) -> None:
    for element in _dropped(body, selectors):
        if element is not body and element.getparent() is not None:
            element.drop_tree()


def _dropped(body: HtmlElement, selectors: Iterable[str]) -> Iterator[HtmlElement]:
    for selector in selectors:
        yield from _select(body, selector)
