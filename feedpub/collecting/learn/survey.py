"""A listing's page, measured: its links, the place and the length of each element, and the dates it shows."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
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
SEVERAL = 3  # elements in one kind of place whose ids begin alike: each is the id of one item
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
    links = _links(root, base, {address.site(base)})
    return Survey(
        root, base, zone, now, order, links, _linked_below(links), _kind_paths(root), text_lengths(root), languages
    )


def with_other_hosts(survey: Survey) -> Survey:
    """Return the survey with the links to other hosts as well."""
    return _with_links(survey, _links(survey.root, survey.base, None))


def with_hosts(survey: Survey, hosts: Collection[str]) -> Survey:
    """Return the survey with the links to these hosts as well."""
    own = {address.site(survey.base), *hosts}
    return _with_links(survey, _links(survey.root, survey.base, own))


def _with_links(survey: Survey, links: dict[HtmlElement, str]) -> Survey:
    return replace(survey, links=links, below=_linked_below(links), groups=None)


def _links(root: HtmlElement, base: str, hosts: Collection[str] | None) -> dict[HtmlElement, str]:
    """The links to other pages of these hosts; None: of any host."""
    links: dict[HtmlElement, str] = {}
    page = address.key(base)
    for anchor in root.iter("a"):
        href = attribute(anchor, "href").strip()
        url = address.absolute(base, href) if href and not href.startswith("#") else None
        if url is None or address.is_file(url):
            continue
        if hosts is not None and address.site(url) not in hosts:
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
    """The kinds of all that each element is in, with the ids that name a place. An id of one item names none."""
    elements = list(root.iter("*"))
    kinds = {e: kind(e) for e in elements}
    plain = _paths(elements, kinds)
    beginnings = {e: beginning for e in elements if (beginning := _id_beginning(e))}
    families = Counter((plain[e], beginning) for e, beginning in beginnings.items())
    steps = kinds | {
        e: f"{kinds[e]}#{attribute(e, 'id')}"
        for e, begins in beginnings.items()
        if families[plain[e], begins] < SEVERAL
    }
    return _paths(elements, steps)


def _paths(elements: Iterable[HtmlElement], steps: Mapping[HtmlElement, str]) -> dict[HtmlElement, str]:
    """The steps down to each element, joined; parents come before their children."""
    paths: dict[HtmlElement, str] = {}
    for element in elements:
        parent = element.getparent()
        above = paths.get(parent, "") if parent is not None else ""
        paths[element] = f"{above}/{steps[element]}"
    return paths


def _id_beginning(element: HtmlElement) -> str:
    """What the ids of a list's items share, card-ab and card-ac; "" where an element has no id, or one of a number."""
    name = attribute(element, "id")
    return "" if PASSING.fullmatch(name) else re.split(r"(?<=.)[-_.:]", name)[0]


def place_of(group: Group, survey: Survey) -> str:
    """Return the kind of place in which a group's boxes are."""
    return survey.paths[group.records[0].box]


def elements_of_items(group: Group, survey: Survey) -> list[list[HtmlElement]]:
    """Return the elements of each of a group's items, in the page's order."""
    if not group.is_flat:
        return [_read_elements(record.box) for record in group.records]
    begins = sorted(survey.order[record.box] for record in group.records)
    longest = max((b - a for a, b in pairwise(begins)), default=USUAL_ITEM)
    ends = dict(pairwise(begins))
    within: dict[HtmlElement, list[HtmlElement]] = {}
    items: list[list[HtmlElement]] = []
    for record in group.records:
        parent = record.box.getparent()
        scope = parent if parent is not None else record.box
        if scope not in within:
            within[scope] = _read_elements(scope)
        elements = within[scope]
        begin = survey.order[record.box]
        end = ends.get(begin, begin + longest)
        first = bisect_left(elements, begin, key=survey.order.__getitem__)
        last = bisect_left(elements, end, key=survey.order.__getitem__)
        items.append(elements[first:last])
    return items


def _read_elements(scope: HtmlElement) -> list[HtmlElement]:
    return [e for e in scope.iter("*") if e.tag not in UNREAD]


def link_places(survey: Survey) -> set[tuple[str, str]]:
    """Return where each link is and where it leads: the kind of place, and the address's key."""
    return {(survey.paths[anchor], address.key(url)) for anchor, url in survey.links.items()}


def standing_share(group: Group, survey: Survey, other: Survey) -> float:
    """Return the share of a group's items that another page links in the same kind of place."""
    there = link_places(other)
    standing = [any((survey.paths[a], address.key(r.url)) in there for a in r.anchors) for r in group.records]
    return sum(standing) / len(standing)
