"""What the articles' boxes hold besides the articles → selectors that take it out.

Decided by place, over all pages at once: a caption, a by-line or a list of
others is foreign on all pages, and a box that is prose on most is kept on all.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn import selectors
from feedpub.collecting.learn.comparison import Comparison, lines_on_all
from feedpub.collecting.learn.date_formats import date_in
from feedpub.collecting.learn.elements import attribute, target_of
from feedpub.collecting.learn.place_signs import PLACE_SIGNS
from feedpub.collecting.learn.places import Place, places_of
from feedpub.collecting.learn.samples import Sample
from feedpub.collecting.learn.signs import described, total, weigh
from feedpub.html import dates, phrases
from feedpub.html.images import is_icon
from feedpub.html.lines import text_of
from feedpub.html.player_pages import known_page
from feedpub.html.select import is_inside, select
from feedpub.html.topics import topics_in

HALF = 0.5  # of one page's sentences; a place with more is that page's article
MOSTLY = 0.5  # of a place's elements or characters
SELDOM = 0.2  # of a place's elements; what more of them have is no accident
ENOUGH = 0.999  # of a place's elements; a selector that finds so many finds all
HABIT = 0.75  # of the pages; what so many have is the template's
SEEN = 3  # pages, at least, on which a habit shows
SEEDS = 3  # elements of a place whose names are tried
NAMED_NEAR = 4  # names of an element above, at most
WRITTEN = {  # elements that people make while they write: their classes are the editor's, or of no meaning
    "p", "li", "ul", "ol", "dl", "dd", "dt", "blockquote", "span", "b", "i", "em", "strong", "font", "u", "a", "table",
    "tbody", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "center", "small", "pre",
}  # fmt: skip
FURNITURE = {"figcaption", "nav", "form"}  # tags that say of themselves that they hold no text
LONGEST_DATE = 60  # characters of a line
TELLING_TAGS = {"figcaption", "aside", "form", "nav", "footer", "button", "figure"}  # that never hold an article's text


def foreign_selectors(comparison: Comparison) -> dict[str, str]:
    """Return selectors for all that is foreign in the bodies' boxes and can be named, each with its signs."""
    places = places_of(comparison)
    outer = foreign_places(places, comparison)
    foreign = set(chain.from_iterable(place.elements for place in outer))
    on_all = lines_on_all(s.body for s in comparison.samples)  # of these, nobody's words are lost
    scopes = [_Scope(s, foreign, on_all) for s in comparison.samples]
    result: dict[str, str] = {}
    waiting = [place for place in places if any(_is_at_or_in(place, other) for other in outer)]
    named: list[Place] = []
    for place in waiting:  # the outer ones first: where these have no name, what is in them may have one
        if any(_is_at_or_in(place, other) for other in named):
            continue
        names, is_whole = _selectors_of(place, scopes)
        signs = described(weigh(PLACE_SIGNS, place))
        result |= dict.fromkeys((name for name in names if name not in result), signs)
        if is_whole:
            named.append(place)
    return result


def _is_at_or_in(place: Place, other: Place) -> bool:
    return f"{place.path}/".startswith(f"{other.path}/")


def foreign_places(places: Sequence[Place], comparison: Comparison) -> list[Place]:
    """Return the places that are no part of the articles, without those inside others."""
    chosen: list[Place] = []
    for place in places:
        is_within = any(_is_at_or_in(place, other) for other in chosen)
        if not is_within and _is_foreign(place, comparison):
            chosen.append(place)
    return chosen


def _is_foreign(place: Place, comparison: Comparison) -> bool:
    if place.of_article > HALF or total(PLACE_SIGNS, place) <= 0 or not speaks_against_itself(place, comparison):
        return False
    if _is_text_with_list(place):
        return False
    return not _holds_own_media(place, comparison) and not _opens_parts(place, comparison)


def _is_text_with_list(place: Place) -> bool:
    """Whether a place is text with a list of others below it, and not called foreign: then that list alone may go."""
    return place.ends_in_others > SELDOM and not any(place.named(names) > MOSTLY for names in phrases.FOREIGN_NAMES)


def speaks_against_itself(place: Place, comparison: Comparison) -> bool:
    """Return whether something says that a place is foreign. To be short, or in a box, says nothing: notices are."""
    if place.tag in FURNITURE or place.says_one_thing:
        return True
    named, says = map(place.named, phrases.FOREIGN_NAMES), map(place.says, phrases.FOREIGN_WORDS)
    shares = (place.to_others, place.framed, *named, *says, _share_of_dates(place, comparison), _share_of_topics(place))
    return max(shares) > MOSTLY


def _share_of_topics(place: Place) -> float:
    """The share of a place's lines that name categories or tags, and nothing else."""
    return sum(bool(topics_in(line.line)) for line in place.lines) / len(place.lines)


def _share_of_dates(place: Place, comparison: Comparison) -> float:
    """The share of a place's lines that are a date and little else."""
    short = [line.line.text for line in place.lines if line.length <= LONGEST_DATE]
    found = [(words, date_in(words, comparison.zone, comparison.languages)) for words in short]
    return sum(date is not None and date.length >= HALF * len(words) for words, date in found) / len(place.lines)


def _holds_own_media(place: Place, comparison: Comparison) -> bool:
    """Whether a place holds pictures or players that are the articles', and not those of others or of their authors."""
    is_of_others = place.to_others > MOSTLY or any(
        place.named(pattern) > MOSTLY for pattern in (phrases.OTHERS, phrases.BY_LINE, phrases.SHARE)
    )
    if is_of_others:
        return False
    pages = [s.page.url for s in comparison.samples]
    if any(_is_of_service(player) for element in place.elements for player in element.iter("iframe")):
        return True
    images = chain.from_iterable(element.iter("img") for element in place.elements)
    return any(not is_icon(dict(image.items())) and not _leads_to_page(image, pages[0]) for image in images)


def _is_of_service(player: HtmlElement) -> bool:
    """Whether a frame plays something of a service that has a page for it, perhaps once its reader agrees."""
    addresses = (
        address.absolute("https://site.invalid/", v) for n, v in player.items() if "src" in n and "doc" not in n
    )
    return any(known_page(url) for url in addresses if url)


def _opens_parts(place: Place, comparison: Comparison) -> bool:
    """Whether a place leads to parts of the article's own text, as the names of tabs do, whatever it is called."""
    boxes = list(chain.from_iterable(s.body for s in comparison.samples))
    links = [link for element in place.elements for link in element.iter("a", "button")]
    return bool(links) and all(_opens_part(link, boxes) for link in links)


def _opens_part(link: HtmlElement, boxes: Sequence[HtmlElement]) -> bool:
    """Whether a link or a button names an element in one of the texts, and is no part of that element."""
    href = attribute(link, "href")
    name = href[1:] if href.startswith("#") else attribute(link, "aria-controls")
    parts = link.getroottree().xpath("//*[@id=$name]", name=name) if name else []
    around = set(link.iterancestors())
    return any(part not in around and is_inside(part, boxes) for part in parts[:1])


def _leads_to_page(image: HtmlElement, page: str) -> bool:
    """Whether a picture is in a link to a page of the same site."""
    link = next(image.iterancestors("a"), None)
    url = target_of(link, page) if link is not None else None
    return url is not None and address.site(url) == address.site(page) and not address.is_file(url)


# ------------------------------------------------------------ selectors


class _Scope:
    """One page: where selectors look, and what they must not find."""

    def __init__(self, s: Sample, foreign: set[HtmlElement], on_all: Container[str]) -> None:
        self.root = s.root
        inside = chain.from_iterable(box.iter("*") for box in s.body)
        worded = [e for e in inside if e not in foreign and not is_inside(e, foreign) and _has_words(e)]
        worded = [e for e in worded if dates.frame_key(text_of(e)) not in on_all]
        self.kept = set(chain.from_iterable((e, *e.iterancestors()) for e in (*worded, *s.body)))

    def finds(self, selector: str) -> set[HtmlElement] | None:
        """Return what the selector finds; None where it finds text of the article."""
        matches = set(select(self.root, selector))
        return matches if matches.isdisjoint(self.kept) else None


def _has_words(element: HtmlElement) -> bool:
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)


def _selectors_of(place: Place, scopes: Sequence[_Scope]) -> tuple[list[str], bool]:
    """Return the fewest selectors that find the place's elements and no text of the articles; and if they find all."""
    left = set(place.elements)
    is_of_links = max(place.to_others, _share_of_topics(place)) > MOSTLY
    is_template = place.on_share >= HABIT and len(place.on_pages) >= SEEN and is_of_links
    result: list[str] = []
    for _ in range(SEEDS):
        seed = next((e for e in place.elements if e in left), None)
        best = _best_selector(_candidates(seed, is_template), left, scopes) if seed is not None else None
        if best is None:
            break
        selector, found = best
        if is_template and len(found) == 1 < len(left):  # the number of one article
            break
        result.append(selector)
        left -= found
    return result, not left


def _best_selector(
    candidates: Iterable[str], wanted: set[HtmlElement], scopes: Sequence[_Scope]
) -> tuple[str, set[HtmlElement]] | None:
    best: tuple[str, set[HtmlElement]] | None = None
    for candidate in dict.fromkeys(candidates):
        finds = [scope.finds(candidate) for scope in scopes]
        if any(matches is None for matches in finds):
            continue
        found = wanted.intersection(*[set().union(*(matches or () for matches in finds))])
        if found and (best is None or len(found) > len(best[1])):
            best = candidate, found
        if best and len(best[1]) >= ENOUGH * len(wanted):
            break
    return best


def _candidates(element: HtmlElement, is_template: bool) -> Iterator[str]:
    """Selectors for an element that say what it is: one by its tag or its number would find the text of others.

    A paragraph's or a link's class may be of no meaning, unless it is the template's.
    """
    names = _template_names(element) if is_template else _telling_names(element)
    yield from names
    for ancestor in element.iterancestors():
        if ancestor.tag in ("body", "html"):
            break
        around = _telling_names(ancestor)[:NAMED_NEAR]
        yield from (f"{name} {own}" for name in around for own in names)


def _template_names(element: HtmlElement) -> list[str]:
    """What an element of the template may be called. Where programs make the names, all have numbers."""
    lasting = _lasting_names(element)
    return lasting or [name for name in selectors.of_numbered_kind(element) if not says_look(name)]


def _telling_names(element: HtmlElement) -> list[str]:
    names = _lasting_names(element)
    if element.tag in WRITTEN:
        return [name for name in names if phrases.names_foreign(name)]
    return [*names, element.tag] if element.tag in TELLING_TAGS else names


def _lasting_names(element: HtmlElement) -> list[str]:
    *names, _tag = selectors.own(element)
    identity = attribute(element, "id")
    is_passing = bool(selectors.PASSING.fullmatch(identity))
    names = [name for name in names if not (is_passing and name.startswith("#"))]
    lasting = [name for name in names if not selectors.PASSING.fullmatch(name.rpartition(".")[2])]
    return [name for name in lasting if not says_look(name)]


def says_look(name: str) -> bool:
    """Whether all classes of a name say how a thing looks, and not what it is."""
    classes = re.findall(r"\.(?:\\.|[^.\\])+", name)
    is_look = bool(classes) and all(map(phrases.UTILITY.fullmatch, classes))
    return is_look and not phrases.names_foreign(name)
