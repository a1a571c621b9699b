"""Lines between the paragraphs of an article that are nothing but a link to another one: «Читайте також: …»."""

from __future__ import annotations

import re
from itertools import chain

from lxml.html import HtmlElement

from feedpub import address
from feedpub.html.lines import Line, lines_of, links_in, text_of

LONGEST_LEAD = 80  # characters
MOSTLY = 0.5  # of a line that is links
LEADS_ON = re.compile(  # an ending of the article, and the beginning of something else
    r"читать все новости|все новости|усі новини|всі новини|читайте также|читайте також|читайте ще|возможно,? вам"
    r"|вас може|вам може|советуем|радимо|похожие|схожі|інші новини|другие новости|останні новини|последние новости"
    r"|навігація|навигация|you may|you might|read also|read more|related|more news|latest news|potrebbe"
    r"|leggi anche|lea también|te puede interesar|à lire aussi|mehr zum thema|lesen sie auch|czytaj też|zobacz także",
    re.IGNORECASE,
)
SIGNS = re.compile(r"[\W_]+")  # around a link


def leads_on(line: str) -> bool:
    """Return whether a line is a heading over other articles, or a link to them."""
    return len(line) < LONGEST_LEAD and bool(LEADS_ON.search(line))


def is_teaser(element: HtmlElement, page: str, base: str) -> bool:
    """Return whether an element is one line, and this a link to another article of the site.

    Words beside the link say no more than that something else is to be read. ``page`` is the article's address,
    ``base`` the one to which its links are relative. A row of such lines is a list, which the article may be about.
    """
    if not _is_link_to_article(element, page, base):
        return False
    return not any(_is_link_to_article(other, page, base) for other in _beside(element))


def _is_link_to_article(element: HtmlElement, page: str, base: str) -> bool:
    links = list(element.iter("a"))
    urls = [address.absolute(base, link.get("href") or "") for link in links]
    if not urls or not all(url and is_other_article(url, page) for url in urls):
        return False
    if len(lines_of(element)) != 1 or next(element.iter("img"), None) is not None:
        return False
    besides = text_of(element)
    for words in filter(None, map(text_of, links)):
        besides = besides.replace(words, "", 1)
    return not SIGNS.sub("", besides) or leads_on(besides)


def is_other_article(url: str, page: str) -> bool:
    """Return whether an address is another article's: it is built as the page's own."""
    is_other = address.key(url) != address.key(page) and not address.is_file(url)
    return is_other and address.site(url) == address.site(page) and address.shape(url) == address.shape(page)


def others_in(line: Line, page: str) -> set[str]:
    """Return the keys of the other articles that a line leads to; none where it is not links and little else."""
    if line.linked <= MOSTLY * len(line.text):
        return set()
    urls = {address.absolute(page, link.get("href") or "") for link in links_in(line)}
    return {address.key(url) for url in urls if url and is_other_article(url, page)}


def _beside(element: HtmlElement) -> list[HtmlElement]:
    """The elements before and after one, as far as they have words."""
    sides = (element.itersiblings(preceding=True), element.itersiblings())
    worded = ((e for e in side if isinstance(e.tag, str) and text_of(e)) for side in sides)
    return list(chain.from_iterable([e] if (e := next(side, None)) is not None else [] for side in worded))
