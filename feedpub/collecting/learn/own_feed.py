"""The site's own feed, where it advertises one → which addresses are news, with their titles and dates.

No feed that anyone can count on, or this one would not be needed; but what it
names is news beyond doubt, and what it says of their titles and dates is
evidence like any other.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from feedpub import address, text
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
    """The address of the feed that the page names in its head; not one of comments."""
    for link in root.iter("link"):
        named = f"{link.get('href') or ''} {link.get('title') or ''}".lower()
        url = address.absolute(base, link.get("href") or "")
        is_feed = "alternate" in (link.get("rel") or "").lower() and (link.get("type") or "").lower() in TYPES
        if (
            is_feed
            and url
            and address.host(url) == address.host(base)
            and "comment" not in named
            and "комент" not in named
        ):
            return url
    return None


def entries(page: Page) -> dict[str, Entry]:
    """What the feed names, by comparing keys of addresses; nothing where it is no feed."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree.require_measure(page)
        root = etree.fromstring(page.text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError, ScrapeError):
        return {}
    found = {}
    for item in root.iter("{*}item", "{*}entry") if root is not None else ():
        pieces = {etree.QName(e).localname: e for e in reversed(list(item)) if isinstance(e.tag, str)}
        link = pieces.get("link")
        href = (link.get("href") or link.text or "") if link is not None else ""
        url = address.absolute(page.url, href.strip()) if href.strip() else None
        if url:
            found[address.key(url)] = Entry(_words(pieces, TITLES), _words(pieces, DATES))
    return found


def _words(pieces: dict[str, etree._Element], names: tuple[str, ...]) -> str:
    return next((w for n in names if (e := pieces.get(n)) is not None and (w := text.line("".join(e.itertext())))), "")
