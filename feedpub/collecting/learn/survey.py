"""A listing's page, measured: its links, the place and the length of each element, and the dates it shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn.date_formats import Shown, date_in
from feedpub.collecting.learn.elements import attribute, words_of
from feedpub.collecting.learn.records import Group, kind
from feedpub.collecting.learn.selectors import PASSING
from feedpub.errors import ScrapeError
from feedpub.html.candidates import DATE_ATTRIBUTE
from feedpub.html.lines import UNREAD, text_lengths

LARGEST = 30_000  # elements of a page; a listing has some 1,000
MOST_LINKS = 3_000  # of a page; a listing has some 200
LONGEST_DATE = 60  # characters of an attribute, or of an element, that holds a date and no text
USUAL_ITEM = 50  # elements of an item, where the page has just one


@dataclass(eq=False)
class Survey:
    """What is measured of a page once, for all that is asked of it later."""

    root: HtmlElement
    base: str  # relative addresses are relative to this one
    zone: ZoneInfo
    now: datetime
    order: dict[HtmlElement, int]  # each element's number in the page
    links: dict[HtmlElement, str]  # each link to another page of this site, with its address
    below: dict[HtmlElement, Counter[str]]  # the addresses that are linked within each element, by their keys
    paths: dict[HtmlElement, str]  # the kinds of all that each element is in
    lengths: dict[HtmlElement, int]  # characters that a reader sees of each element
    languages: tuple[str, ...] = ()  # of the site's dates, besides those that are built in
    groups: list[Group] | None = None  # once they have been sought: see ``groups.ranked``

    def shown_length(self, element: HtmlElement) -> int:
        return self.lengths.get(element, 0)

    @property
    def shown_total(self) -> int:
        """The characters that a reader sees of the page."""
        return max(1, self.lengths[self.root])

    def date_of(self, element: HtmlElement) -> Shown | None:
        """Return the date that an element shows or carries; None for one with much else in it."""
        for name, value in element.items():
            if DATE_ATTRIBUTE.fullmatch(name) and len(value) < LONGEST_DATE:
                date = date_in(value, self.zone, self.languages)
                if date and (date.is_machine or date.has_time):
                    return date
        if not 0 < self.shown_length(element) < 120:
            return None
        words = words_of(element)
        if not words or len(words) > 90:
            return None
        date = date_in(words, self.zone, self.languages)
        return date if date and date.length >= 0.25 * len(words) else None

    @cached_property
    def day_headings(self) -> dict[str, list[tuple[HtmlElement, Shown]]]:
        """The elements that show a date and little else, and hold no link, by the kind of place that they are in."""
        headings: dict[str, list[tuple[HtmlElement, Shown]]] = defaultdict(list)
        for element in self.root.iter("*"):
            if not 0 < self.shown_length(element) < LONGEST_DATE or self.below.get(element):
                continue
            date = self.date_of(element)
            if date:
                headings[self.paths[element]].append((element, date))
        return headings


def take_survey(root: HtmlElement, base: str, zone: ZoneInfo, now: datetime, languages: tuple[str, ...] = ()) -> Survey:
    """Measure a page. Raises ScrapeError for one that is too large to be a listing."""
    if sum(1 for _ in root.iter("*")) > LARGEST:
        raise ScrapeError(base, f"has more than {LARGEST} elements, which is no listing to learn from")
    anchors = sum(1 for _ in root.iter("a"))
    if anchors > MOST_LINKS:
        raise ScrapeError(base, f"has {anchors} links, and news can be found among {MOST_LINKS} at most")
    order = {element: n for n, element in enumerate(root.iter())}
    links = _links(root, base)
    return Survey(
        root, base, zone, now, order, links, _linked_below(links), _kind_paths(root), text_lengths(root), languages
    )


def _links(root: HtmlElement, base: str) -> dict[HtmlElement, str]:
    links: dict[HtmlElement, str] = {}
    page = address.key(base)
    for anchor in root.iter("a"):
        href = attribute(anchor, "href").strip()
        url = address.absolute(base, href) if href and not href.startswith("#") else None
        if url is None or address.host(url) != address.host(base) or address.is_file(url):
            continue
        plain = address.without_fragment(url)
        key = address.key(plain)
        if key != page and key.partition("/")[2]:  # neither this page nor the front page
            links[anchor] = plain
    return links


def _linked_below(links: dict[HtmlElement, str]) -> dict[HtmlElement, Counter[str]]:
    below: dict[HtmlElement, Counter[str]] = defaultdict(Counter)
    for anchor, url in links.items():
        key = address.key(url)
        for element in (anchor, *anchor.iterancestors()):
            below[element][key] += 1
    return below


def _kind_paths(root: HtmlElement) -> dict[HtmlElement, str]:
    paths: dict[HtmlElement, str] = {}
    for element in root.iter("*"):
        parent = element.getparent()
        above = paths.get(parent, "") if parent is not None else ""
        name = attribute(element, "id")
        step = f"{kind(element)}#{name}" if name and not PASSING.fullmatch(name) else kind(element)
        paths[element] = f"{above}/{step}"
    return paths


def place_of(group: Group, survey: Survey) -> str:
    """Return the kind of place in which a group's boxes are."""
    return survey.paths[group.records[0].box]


def item_elements(group: Group, survey: Survey, n: int) -> list[HtmlElement]:
    """Return the elements of a group's item, the one of that number, in the page's order."""
    begin, end = _item_span(group, survey, n)
    record = group.records[n]
    parent = record.box.getparent() if group.is_flat else None
    scope = parent if parent is not None else record.box
    return [e for e in scope.iter("*") if begin <= survey.order[e] < end and e.tag not in UNREAD]


def _item_span(group: Group, survey: Survey, n: int) -> tuple[int, int]:
    """The places in the page's order where an item begins and ends."""
    record = group.records[n]
    begin = survey.order[record.box]
    if not group.is_flat:
        return begin, begin + sum(1 for _ in record.box.iter())
    begins = sorted(survey.order[r.box] for r in group.records)
    later = next((other for other in begins if other > begin), None)
    if later is not None:
        return begin, later
    parent = record.box.getparent()
    last = survey.order[parent] + sum(1 for _ in parent.iter()) if parent is not None else len(survey.order)
    longest = max((b - a for a, b in pairwise(begins)), default=USUAL_ITEM)
    return begin, min(last, begin + longest)


def link_places(survey: Survey) -> set[tuple[str, str]]:
    """Return where each link is and where it leads: the kind of place, and the address's key."""
    return {(survey.paths[anchor], address.key(url)) for anchor, url in survey.links.items()}


def standing_share(group: Group, survey: Survey, other: Survey) -> float:
    """Return the share of a group's items that another page links in the same kind of place."""
    there = link_places(other)
    standing = [any((survey.paths[a], address.key(r.url)) in there for a in r.anchors) for r in group.records]
    return sum(standing) / len(standing)
