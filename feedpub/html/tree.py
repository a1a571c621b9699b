"""A page's tree, and what the page says of itself: its base address, its language, its other addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree, html
from lxml.html import HtmlElement

from feedpub import address
from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.html.shadow import MARK, open_shadow_roots
from feedpub.html.source import as_browsers_read, with_broken_lines

# No real page has more; beyond it, reading would take minutes and most of a small machine's memory.
MOST_TAGS = 100_000  # of a page, closing ones included; a listing has some 2,000
MOST_ATTRIBUTES = 500  # of an element: libxml2 compares each with all others
CROWDED = re.compile(
    rf"""<[a-z][^\s<>"'=/]*+(?:[\s/]++[^\s<>"'=/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s<>"']++)?)?){{{MOST_ATTRIBUTES}}}""",
    re.IGNORECASE,
)
ADDRESSES = ("href", "src", "action")  # the attributes whose values libxml2 escapes
BREAKS = re.compile("[\x00-\x1f\ufffe\uffff]")  # and what lxml refuses
SPACES = "".join(map(chr, range(0x21)))  # and what else HTML calls so at the ends of an address
STRAY_END = "Unexpected end tag : p"  # as libxml2 says it
MOST_MISTAKES = 100  # that libxml2 tells of a page
DROPPED = "feedpub-dropped"  # a name that no page has
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def document(page: Page) -> HtmlElement:
    """Return the page's root element.

    Raises ScrapeError for a page that is empty, too large, or nested too deep to be read whole.
    """
    require_measure(page)
    source = as_browsers_read(page.text)
    try:
        root, mistakes = _parsed(source)
        if _may_have_glued_lines(mistakes):
            broken = with_broken_lines(source)
            if broken != source:
                root, mistakes = _parsed(broken)
    except (etree.ParserError, ValueError) as error:
        raise ScrapeError(page.url, "is empty") from error
    if any("depth" in mistake for mistake in mistakes):  # libxml2 leaves out what lies deeper
        raise ScrapeError(page.url, "is nested too deep to be read whole")
    if MARK in source:
        open_shadow_roots(root)
    return root


def _parsed(source: str) -> tuple[HtmlElement, list[str]]:
    """Return the root element, and what libxml2 says of the source's mistakes."""
    parser = html.HTMLParser(encoding="utf-8")
    root = html.document_fromstring(source.encode(errors="replace"), parser=parser)
    return root, [entry.message for entry in parser.error_log]


def _may_have_glued_lines(mistakes: list[str]) -> bool:
    """Whether a paragraph ends where none is open, or there are more mistakes than libxml2 tells."""
    return STRAY_END in mistakes or len(mistakes) >= MOST_MISTAKES


def require_measure(page: Page) -> None:
    """Raise ScrapeError for a page that would take minutes to parse, or most of a small machine's memory."""
    tags = page.text.count("<")
    if tags > MOST_TAGS:
        raise ScrapeError(page.url, f"has some {tags} tags, and no more than {MOST_TAGS} are read of a page")
    may_be_crowded = tags and len(page.text) > 4 * MOST_ATTRIBUTES
    if may_be_crowded and CROWDED.search(page.text):
        raise ScrapeError(page.url, f"has an element of more than {MOST_ATTRIBUTES} attributes, which is none")


def serialized(element: HtmlElement) -> str:
    """Return the element's markup, with its addresses as browsers read them.

    They drop line breaks and tabs, and spaces at the ends (URL Standard, 4.4). libxml2 would escape these, and the link
    would lead to another address.
    """
    for part in element.iter("*"):
        for name in ADDRESSES:
            written = part.get(name)
            meant = BREAKS.sub("", written).strip(SPACES) if written else written
            if meant and meant != written:
                part.set(name, meant)
    return str(etree.tostring(element, encoding="unicode", method="html", with_tail=False))


def base_url(root: HtmlElement, page: Page) -> str:
    """Return the address to which relative ones on the page are relative.

    The first ``<base>`` counts, wherever it stands (HTML, 4.2.3): a ``<div>`` in the head moves it into the body.
    """
    bases = (b for b in root.getroottree().iter("base") if b.get("href") is not None)
    href = next((b.get("href", "") for b in bases if next(b.iterancestors("template"), None) is None), "")
    return address.absolute(page.url, href) or page.url


def language(root: HtmlElement) -> str:
    """Return the language that the page names, without its region; "" where it names none."""
    tag_of_language = root.get("lang") or root.get(XML_LANG) or ""
    code = re.split("[-_]", tag_of_language.strip().lower())[0]
    return "uk" if code == "ua" else code  # many sites write the country's code


def addresses(root: HtmlElement, page: Page) -> tuple[str, ...]:
    """Return the addresses that the page gives itself, in its head and in the HTTP header, then those we used.

    A link in the body may be part of an article's text, and then anybody's words.
    """
    named: list[str | None] = []
    for relation in ("shortlink", "canonical"):
        named += map(str, root.xpath(f"/html/head//link[@rel='{relation}']/@href"))
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
