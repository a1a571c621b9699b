"""A page's tree, and what the page says of itself: its base address, its language, its other addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree, html
from lxml.html import HtmlElement

from feedpub import address
from feedpub.content import Page
from feedpub.errors import ScrapeError

# No real page has more; beyond it, reading would take minutes and most of a small machine's memory.
MOST_TAGS = 100_000  # of a page, closing ones included; a listing has some 2,000
MOST_ATTRIBUTES = 500  # of an element: libxml2 compares each with all others
CROWDED = re.compile(
    rf"""<[a-z][^\s<>"'=/]*+(?:[\s/]++[^\s<>"'=/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s<>"']++)?)?){{{MOST_ATTRIBUTES}}}""",
    re.IGNORECASE,
)
DROPPED = "feedpub-dropped"  # a name that no page has
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def document(page: Page) -> HtmlElement:
    """Return the page's root element.

    Raises ScrapeError for a page that is empty, too large, or nested too deep to be read whole.
    """
    require_measure(page)
    parser = html.HTMLParser(encoding="utf-8")
    try:
        root = html.document_fromstring(page.text.encode(errors="replace"), parser=parser)
    except (etree.ParserError, ValueError) as error:
        raise ScrapeError(page.url, "is empty") from error
    if any("depth" in entry.message for entry in parser.error_log):  # libxml2 leaves out what lies deeper
        raise ScrapeError(page.url, "is nested too deep to be read whole")
    return root


def require_measure(page: Page) -> None:
    """Raise ScrapeError for a page that would take minutes to parse, or most of a small machine's memory."""
    tags = page.text.count("<")
    if tags > MOST_TAGS:
        raise ScrapeError(page.url, f"has some {tags} tags, and no more than {MOST_TAGS} are read of a page")
    may_be_crowded = tags and len(page.text) > 4 * MOST_ATTRIBUTES
    if may_be_crowded and CROWDED.search(page.text):
        raise ScrapeError(page.url, f"has an element of more than {MOST_ATTRIBUTES} attributes, which is none")


def base_url(root: HtmlElement, page: Page) -> str:
    """Return the address to which relative ones on the page are relative."""
    href = next(iter(root.xpath("//head/base/@href")), "")
    return address.absolute(page.url, href) or page.url


def language(root: HtmlElement) -> str:
    """Return the language that the page names, without its region; "" where it names none."""
    tag_of_language = root.get("lang") or root.get(XML_LANG) or ""
    code = re.split("[-_]", tag_of_language.strip().lower())[0]
    return "uk" if code == "ua" else code  # many sites write the country's code


def addresses(root: HtmlElement, page: Page) -> tuple[str, ...]:
    """Return the addresses that the page gives itself, in its head and in the HTTP header, then those we used."""
    named: list[str | None] = []
    for relation in ("shortlink", "canonical"):
        named += map(str, root.xpath(f"//link[@rel='{relation}']/@href"))
        named.append(page.relations.get(relation))
    urls = (*filter(None, named), page.url, page.asked)
    return tuple(dict.fromkeys(urls))


def tag(element: HtmlElement) -> str:
    """Return the element's name; of a comment, lxml's own word for it."""
    return str(element.tag)


def drop_elements(root: HtmlElement, elements: Iterable[HtmlElement]) -> None:
    """Take the elements out of the tree, all at once. The text after each stays.

    lxml's own ``drop_tree`` fails where a control character follows, such as Word's optional hyphens.
    """
    for element in elements:
        element.tag = DROPPED
    etree.strip_elements(root, DROPPED, with_tail=False)
