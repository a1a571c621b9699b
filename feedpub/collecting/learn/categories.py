"""The links, or words, beside the text that name what an article is about: its rubric, or else its tags."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain, product
from urllib.parse import unquote

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn import date_formats, selectors
from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.elements import attribute, joined_attributes, target_of, words_of
from feedpub.collecting.learn.frame import RUBRIC, RUBRIC_HREF, TAG, TAG_HREF
from feedpub.collecting.learn.records import MORE
from feedpub.collecting.learn.samples import Finding, Sample
from feedpub.html.lines import text_of

RUBRIC_LABEL = re.compile(
    r"(?:категорі\w|рубрик\w|розділ\w*|тем[аи]|categor(?:y|ies)|section|filed under)\s*:?\s*$", re.IGNORECASE
)
MENU = re.compile(
    r"(?:^|[-_])(?:menu|nav|navbar|sidebar|widget|footer|related|breadcrumbs?|crumbs?|pager|social|share)(?:$|[-_])",
    re.IGNORECASE,
)
LONGEST = 60  # characters of a category
LABEL = 30  # characters before a category in which its label is looked for
USUAL = 0.3  # of the pages; of what fewer have, nobody would make a feed

Names = Callable[[HtmlElement, Sample, Comparison], bool]  # whether an element names a category


def find_categories(comparison: Comparison, box: Sequence[str]) -> Finding:
    """Find what names an article's rubric or, for want of one, its tags."""
    for names in (_names_rubric, _leads_up, _names_tag):
        naming = [_naming(s, box, names, comparison) for s in comparison.samples]
        if sum(bool(elements) for elements in naming) < max(1, USUAL * len(naming)):
            continue
        pairs = zip(comparison.samples, naming, strict=True)
        seeds = chain.from_iterable(product(elements[:2], [s.root]) for s, elements in pairs)
        boxes = [s.box_of_article(box) for s in comparison.samples]
        exactness = selectors.exact(list(zip(boxes, naming, strict=True)))
        best = selectors.best(seeds, exactness)
        if best and best[1] >= 0.8:
            return Finding((best[0],), best[1], "they name what articles are about")
    return Finding()


def _naming(s: Sample, box: Sequence[str], names: Names, comparison: Comparison) -> list[HtmlElement]:
    """The innermost elements that name a category, outside body and title."""
    pieces = set(chain.from_iterable(b.iter() for b in s.body))
    if s.title_element is not None:
        pieces.add(s.title_element)
    elements = s.box_of_article(box).iter("a", "span", "div", "p", "li", "b", "strong", "td", "dd")
    outside = (e for e in elements if e not in pieces and 1 < s.length(e) < LONGEST)
    naming = [e for e in outside if _may_name(e, comparison) and names(e, s, comparison)]
    return [e for e in naming if not any(inner is not e and inner in naming for inner in e.iter())]


def _may_name(element: HtmlElement, comparison: Comparison) -> bool:
    """Whether an element is one link, or words without any, and is neither "read more", nor a menu's, nor a date."""
    if MORE.fullmatch(words_of(element)):
        return False
    if element.get("itemprop") != "articleSection" and _is_in_menu(element):
        return False
    if element.tag != "a" and element.findall(".//a"):
        return False
    return date_formats.date_in(text_of(element), comparison.zone, comparison.languages) is None


def _is_in_menu(element: HtmlElement) -> bool:
    around = [element, *list(element.iterancestors())[:5]]
    if any(e.tag in ("nav", "aside", "footer") for e in around):
        return True
    names = " ".join(joined_attributes(e, "class", "id") for e in around)
    return any(MENU.search(name) for name in names.split())


def _names_around(element: HtmlElement) -> str:
    """What an element and those around it are called."""
    around = [element, *list(element.iterancestors())[:3]]
    names = (joined_attributes(e, "class", "rel", "itemprop") for e in around if e.tag != "article")
    return " ".join(names)


def _names_rubric(element: HtmlElement, _s: Sample, _comparison: Comparison) -> bool:
    words = words_of(element)
    if words.startswith("#"):
        return False
    if element.tag != "a":
        return bool(RUBRIC.search(joined_attributes(element, "class", "itemprop")))
    if RUBRIC.search(_names_around(element)) or RUBRIC_HREF.search(unquote(attribute(element, "href"))):
        return True
    parent = element.getparent()
    around = words_of(parent) if parent is not None else ""
    before = around[: around.find(words)]
    return bool(RUBRIC_LABEL.search(before[-LABEL:]))


def _leads_up(element: HtmlElement, s: Sample, comparison: Comparison) -> bool:
    """Whether a link leads to the folder in which the article's address lies, and not every article's."""
    url = target_of(element, s.page.url) if element.tag == "a" else None
    if url is None:
        return False
    key = address.key(url)
    is_above = bool(key.partition("/")[2]) and address.key(s.page.url).startswith(key + "/")
    return is_above and not all(address.key(o.page.url).startswith(key + "/") for o in comparison.samples)


def _names_tag(element: HtmlElement, _s: Sample, _comparison: Comparison) -> bool:
    if element.tag == "a":
        return bool(TAG.search(_names_around(element)) or TAG_HREF.search(unquote(attribute(element, "href"))))
    parent = element.getparent()
    around = attribute(parent, "class") if parent is not None else ""
    return bool(TAG.search(f"{attribute(element, 'class')} {around}"))
