"""The site's own feed, where it advertises one → which addresses are news, with their titles and dates.

Nobody can count on such a feed, or feedpub would not be needed. Yet what it
names is news beyond doubt, and its titles and dates are evidence like any other.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.learn.elements import attribute, joined_attributes, target_of
from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.html import tree

TYPES = ("application/rss+xml", "application/atom+xml")
TITLES = ("title",)
DATES = ("pubDate", "published", "date", "updated")  # RSS, Atom, Dublin Core


@dataclass(frozen=True, slots=True)
class Entry:
    title: str
    date: str


def advertised(root: HtmlElement, base: str) -> str | None:
    """Return the address of the feed that the page names in its head; not one of comments."""
    for link in root.iter("link"):
        url = target_of(link, base)
        if url and address.site(url) == address.site(base) and _is_feed_link(link):
            return url
    return None


def _is_feed_link(link: HtmlElement) -> bool:
    names = joined_attributes(link, "href", "title").lower()
    is_feed = "alternate" in attribute(link, "rel").lower() and attribute(link, "type").lower() in TYPES
    return is_feed and "comment" not in names and "комент" not in names


def entries(page: Page) -> dict[str, Entry]:
    """Return what the feed names, by the keys of the addresses; nothing where it is no feed."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree.require_measure(page)
        root = etree.fromstring(page.text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError, ScrapeError):
        return {}
    named = {}
    for item in root.iter("{*}item", "{*}entry") if root is not None else ():
        pieces = {etree.QName(e).localname: e for e in reversed(list(item)) if isinstance(e.tag, str)}
        link = pieces.get("link")
        href = (link.get("href") or link.text or "") if link is not None else ""
        url = address.absolute(page.url, href.strip()) if href.strip() else None
        if url:
            named[address.key(url)] = Entry(_first_words(pieces, TITLES), _first_words(pieces, DATES))
    return named


def _first_words(pieces: dict[str, etree._Element], names: tuple[str, ...]) -> str:
    elements = (pieces[name] for name in names if name in pieces)
    return next((words for e in elements if (words := text.line("".join(e.itertext())))), "")
