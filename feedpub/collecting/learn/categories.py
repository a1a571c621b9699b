"""What an article is about: the rubric, or else the tags, that it or its listing row names. No other link near it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, product, starmap
from urllib.parse import unquote

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn import date_formats, selectors
from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.elements import attribute, joined_attributes, target_of, words_of
from feedpub.collecting.learn.records import Group, Record
from feedpub.collecting.learn.samples import Finding, Sample
from feedpub.collecting.learn.survey import Survey
from feedpub.html.lines import lines_of
from feedpub.html.select import is_bare, select
from feedpub.html.titles import MORE
from feedpub.html.topics import RUBRIC, RUBRIC_HREF, RUBRIC_LABEL, TAG, TAG_HREF, topics_in

MENU = re.compile(
    r"(?:^|[-_])(?:menu|nav|navbar|sidebar|widget|footer|related|breadcrumbs?|crumbs?|pager|social|share|comments?"
    r"|respond|privacy|cookies?)(?:$|[-_])",
    re.IGNORECASE,
)
OWN_FOOTER = re.compile(r"(?:entry|post|article|node|news|item)[-_]+(?:footer|foot|bottom)", re.IGNORECASE)
LONGEST = 60  # characters of a category
LABEL = 30  # characters before a category in which its label is looked for
USUAL = 0.3  # of the pages; of what fewer have, nobody would make a feed
RIGHT = 0.8  # of selectors.exact
NAMELESS = 0.1  # that a tag alone is worse than a name
TITLE_WORDS = 4  # of a link; with so many it is the title of another article
AROUND = 3  # elements around one that may say what it is


@dataclass(frozen=True, slots=True)
class Piece:
    """What an article is on one page: its own page, or its row in a listing."""

    url: str  # of the article
    base: str  # of the page
    above: frozenset[HtmlElement]  # what holds its title or its text: its classes name the article, and no part of it
    others: Sequence[str]  # the addresses of other articles
    comparison: Comparison
    titled: dict[HtmlElement, list[HtmlElement]] = field(default_factory=dict)  # see _titled_links


Names = Callable[[HtmlElement, Piece], bool]  # whether an element names a category


def find_categories(comparison: Comparison, box: Sequence[str]) -> Finding:
    """Find what names an article's rubric or, for want of one, its tags, on its page."""
    pieces = [(s, _piece_of_page(s, comparison)) for s in comparison.samples]
    for names in (_names_rubric, _leads_up, _names_tag):
        naming = [(s.box_of_article(box), _naming(_outside(s, box), piece, names)) for s, piece in pieces]
        finding = _finding_of(naming, "they name what articles are about")
        if finding.selectors:
            return finding
    return Finding()


def find_row_categories(group: Group, survey: Survey, comparison: Comparison) -> tuple[str, ...]:
    """Find what names an article's rubric or tags in its row of the listing; () where nothing does."""
    if group.is_flat:
        return ()
    pieces = [(r, _piece_of_row(r, group, survey, comparison)) for r in group.records]
    for names in (_names_rubric, _names_tag):
        naming = [(r.box, _naming(_beside_title(r), piece, names)) for r, piece in pieces]
        finding = _finding_of(naming, "")
        if finding.selectors:
            return finding.selectors
    return ()


def _finding_of(naming: Sequence[tuple[HtmlElement, list[HtmlElement]]], why: str) -> Finding:
    """The selector that finds the elements that name categories, each list within its box."""
    if sum(bool(elements) for _, elements in naming) < max(1, USUAL * len(naming)):
        return Finding()
    seeds = chain.from_iterable(product(elements[:2], [box.getroottree().getroot()]) for box, elements in naming)
    best = selectors.best_of(chain.from_iterable(starmap(_possible_selectors, seeds)), _named_exact(naming))
    return Finding((best[0],), best[1], why) if best and best[1] >= RIGHT else Finding()


def _possible_selectors(element: HtmlElement, root: HtmlElement) -> Iterator[str]:
    """Yield selectors that may find an element and its like: the last ones by what its address says of it."""
    yield from selectors.possible_selectors(element, root)
    says = RUBRIC_HREF.search(attribute(element, "href")) or TAG_HREF.search(attribute(element, "href"))
    if says and element.tag == "a":
        yield from (f"a{value}" for value in selectors.by_value("href", says[0], "*="))


def _named_exact(naming: Sequence[tuple[HtmlElement, list[HtmlElement]]]) -> Callable[[str], float]:
    """Return a measure that likes a selector better which says what it finds.

    "a" and "#article a" find all links in other articles' texts, and "div:nth-of-type(3) > a" finds none where there is
    a box more.
    """
    exact = selectors.exact(naming)
    boxes = [box for box, _ in naming]

    def measure(selector: str) -> float:
        return exact(selector) - (NAMELESS if _is_nameless(selector, boxes) else 0.0)

    return measure


def _is_nameless(selector: str, boxes: Sequence[HtmlElement]) -> bool:
    """Whether a selector calls elements by their tags or places alone, and by what a whole article is in."""
    above, _, last = selector.rpartition(" ")
    if not is_bare(last) and ":nth" not in last:
        return False
    if not above or ":nth" in selector:
        return True
    around = [(box.getroottree().getroot(), {box, *box.iterancestors()}) for box in boxes]
    return any(not holders.isdisjoint(select(root, above.rstrip(" >"))) for root, holders in around)


# ------------------------------------------------------------ the article on its page, and in its row


def _piece_of_page(s: Sample, comparison: Comparison) -> Piece:
    others = [o.page.url for o in comparison.samples if o is not s]
    return Piece(s.page.url, s.page.url, frozenset(s.above), others, comparison)


def _outside(s: Sample, box: Sequence[str]) -> list[HtmlElement]:
    """The elements of the article's box outside its title and its text, or in a line that names its topics alone."""
    lines = chain.from_iterable(map(lines_of, s.body))
    naming = set(chain.from_iterable(map(topics_in, lines)))
    inside = set(chain.from_iterable(b.iter() for b in s.body)) - naming
    if s.title_element is not None:
        inside |= set(s.title_element.iter())
    return [e for e in _possible(s.box_of_article(box)) if e not in inside and 1 < s.length(e) < LONGEST]


def _piece_of_row(record: Record, group: Group, survey: Survey, comparison: Comparison) -> Piece:
    above = {record.box, *record.box.iterancestors()}
    if record.title_element is not None:
        above |= {record.title_element, *record.title_element.iterancestors()}
    others = [r.url for r in group.records if r is not record]
    return Piece(record.url, survey.base, frozenset(above), others, comparison)


def _beside_title(record: Record) -> list[HtmlElement]:
    """The elements of a row outside its title and its links to the article."""
    inside = set(chain.from_iterable(a.iter() for a in record.anchors))
    if record.title_element is not None:
        inside |= set(record.title_element.iter())
    return [e for e in _possible(record.box) if e not in inside and 1 < len(words_of(e)) < LONGEST]


def _possible(box: HtmlElement) -> Iterable[HtmlElement]:
    return box.iter("a", "span", "div", "p", "li", "b", "strong", "td", "dd")


def _naming(elements: Iterable[HtmlElement], piece: Piece, names: Names) -> list[HtmlElement]:
    """The innermost of the elements that name a category."""
    naming = [e for e in elements if names(e, piece) and _may_name(e, piece)]
    known = set(naming)
    return [e for e in naming if not any(inner in known for inner in e.iterdescendants("*"))]


def _may_name(element: HtmlElement, piece: Piece) -> bool:
    """Whether an element is one link within the site, or words without any: none of a menu's, of another article's."""
    words = words_of(element)
    if MORE.fullmatch(words) or not re.search(r"[^\W\d_]", words):
        return False
    if element.get("itemprop") != "articleSection" and (_is_in_menu(element, piece) or _is_of_another(element, piece)):
        return False
    if element.tag == "a":
        url = target_of(element, piece.base)
        if url is None or address.site(url) != address.site(piece.base):
            return False
    elif element.findall(".//a"):
        return False
    return date_formats.date_in(words, piece.comparison.zone, piece.comparison.languages) is None


def _is_in_menu(element: HtmlElement, piece: Piece) -> bool:
    around = [element, *_around(element, piece, 5)]
    if any(e.tag in ("nav", "aside") or (e.tag == "footer" and not _is_own_footer(e, piece)) for e in around):
        return True
    names = " ".join(joined_attributes(e, "class", "id") for e in around)
    return any(MENU.search(name) and not OWN_FOOTER.search(name) for name in names.split())


def _is_own_footer(footer: HtmlElement, piece: Piece) -> bool:
    """Whether a footer is the article's: it is in the element of the article itself, or is called so."""
    if OWN_FOOTER.search(joined_attributes(footer, "class", "id")):
        return True
    return any(e in piece.above for e in footer.iterancestors("article"))


def _is_of_another(element: HtmlElement, piece: Piece) -> bool:
    """Whether an element is in a box of another article, which has a link with a title."""
    links = chain.from_iterable(_titled_links(box, piece) for box in _around(element, piece, 6))
    return any(link is not element for link in links)


def _titled_links(box: HtmlElement, piece: Piece) -> list[HtmlElement]:
    """The links in a box that lead to other articles, and are called as an article is."""
    if box not in piece.titled:
        longer = [a for a in box.iter("a") if len(words_of(a).split()) >= TITLE_WORDS]
        piece.titled[box] = [a for a in longer if _leads_to_another(a, piece)]
    return piece.titled[box]


def _leads_to_another(anchor: HtmlElement, piece: Piece) -> bool:
    url = target_of(anchor, piece.base)
    if url is None or address.key(url) == address.key(piece.url):
        return False
    return url in piece.others or address.shape(url) == address.shape(piece.url)


def _around(element: HtmlElement, piece: Piece, most: int) -> list[HtmlElement]:
    """The elements around one, the nearest first, that hold neither the title nor the text."""
    return [e for e in list(element.iterancestors())[:most] if e not in piece.above]


def _names_around(element: HtmlElement, piece: Piece) -> str:
    """What an element and those around it are called."""
    around = [element, *_around(element, piece, AROUND)]
    return " ".join(joined_attributes(e, "class", "rel", "itemprop") for e in around)


def _names_rubric(element: HtmlElement, piece: Piece) -> bool:
    words = words_of(element)
    if words.startswith("#"):
        return False
    if element.tag != "a":
        return bool(RUBRIC.search(joined_attributes(element, "class", "itemprop")))
    if _is_tag(element):
        return False
    if RUBRIC.search(_names_around(element, piece)) or RUBRIC_HREF.search(unquote(attribute(element, "href"))):
        return True
    parent = element.getparent()
    around = words_of(parent) if parent is not None else ""
    before = around[: around.find(words)]
    return bool(RUBRIC_LABEL.search(before[-LABEL:]))


def _is_tag(anchor: HtmlElement) -> bool:
    """Whether a link says itself that it is a tag, and no category."""
    rel = attribute(anchor, "rel")
    return (
        bool(TAG.search(rel)) and not RUBRIC.search(rel) and not RUBRIC_HREF.search(unquote(attribute(anchor, "href")))
    )


def _leads_up(element: HtmlElement, piece: Piece) -> bool:
    """Whether a link leads to the folder in which the article's address lies, and not every article's."""
    url = target_of(element, piece.base) if element.tag == "a" else None
    if url is None:
        return False
    key = address.key(url)
    is_above = bool(key.partition("/")[2]) and address.key(piece.url).startswith(key + "/")
    return is_above and not all(address.key(other).startswith(key + "/") for other in piece.others)


def _names_tag(element: HtmlElement, piece: Piece) -> bool:
    if element.tag == "a":
        return bool(TAG.search(_names_around(element, piece)) or TAG_HREF.search(unquote(attribute(element, "href"))))
    parent = element.getparent()
    around = attribute(parent, "class") if parent is not None and parent not in piece.above else ""
    return bool(TAG.search(f"{attribute(element, 'class')} {around}"))
