"""What speaks for a place on the pages to have the date, by named signs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn import date_formats
from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.date_formats import Shown
from feedpub.collecting.learn.elements import joined_attributes, target_of
from feedpub.collecting.learn.samples import Sample
from feedpub.collecting.learn.signs import Sign
from feedpub.html import tree
from feedpub.html.lines import text_of
from feedpub.html.select import select

HALF = 0.5  # of the pages
NEAR = 5  # lines between the title and its date, at most
PLAIN_DATE = 25  # characters of a date with its time and a word before it
MOST_BESIDE = 200  # characters besides the date; more speak no louder
EDITED = re.compile(r"оновлен|змінен|редаг|updated|modified|edited|изменен|обновлен", re.IGNORECASE)
DATE_NAME = re.compile(r"publi|created|issued|post-?date|entry-date|date|submitted|time", re.IGNORECASE)
OTHER_NAME = re.compile(r"modif|updat|comment|related|sidebar|footer|event|edit", re.IGNORECASE)
BARE_TAG = re.compile(r"(?:.*[ >])?[a-z0-9]+")  # a selector that ends in a name of an element alone


@dataclass(frozen=True, slots=True)
class DatePlace:
    """What a selector finds on the pages."""

    selector: str
    dated: Sequence[tuple[HtmlElement, Shown] | None]  # on each page, in their order
    instants: Sequence[datetime]  # of the pages that have one; of dates that may be two days, the earlier
    agreeing: float  # share of the pages, with the day that the listing shows

    @property
    def share(self) -> float:
        """The share of pages that have a date there."""
        return sum(dated is not None for dated in self.dated) / len(self.dated)

    @property
    def shows_clock(self) -> bool:
        """Whether it shows one date on every page, and not the one that the listing shows."""
        return len(self.dated) > 2 and len(set(self.instants)) == 1 and self.agreeing < HALF


@dataclass(frozen=True, slots=True)
class DateTraits:
    """What a selector's dates show. Shares are 0 to 1, of the pages that have one."""

    selector: str
    tag: str  # of the first page's element
    names: str  # its classes and the like, and the selector
    pages: float  # the share of all pages that have a date there
    agreeing: float  # with the day that the listing shows
    timed: float
    different: float  # dates
    edited: float  # beside words that say "updated"
    linked: float  # in links to other pages
    near_title: float
    beside: float  # characters besides the date, as a mean
    is_first_of_several: bool


DATE_SIGNS: tuple[Sign[DateTraits], ...] = (
    Sign("on most pages", 4.0, lambda d: d.pages),
    Sign("agrees with the listing", 4.0, lambda d: d.agreeing),
    Sign("with the time of day", 0.5, lambda d: d.timed),
    Sign("changes from page to page", 0.3, lambda d: d.different),
    Sign("named after a date", 0.4, lambda d: bool(DATE_NAME.search(d.names))),
    Sign("named after something else", -1.5, lambda d: bool(OTHER_NAME.search(d.names))),
    Sign("says that it was edited", -2.0, lambda d: d.edited),
    Sign("the first of several", -0.5, lambda d: d.is_first_of_several),  # where that is empty, another is taken
    Sign("a bare tag", -0.5, lambda d: bool(BARE_TAG.fullmatch(d.selector)) and d.tag not in ("time", "meta")),
    Sign("in a link to another page", -0.8, lambda d: d.linked),
    Sign("in a script", -0.4, lambda d: d.tag == "script"),
    Sign("in a meta tag", -0.2, lambda d: d.tag == "meta"),
    Sign("near the title", 0.8, lambda d: d.near_title),
    Sign("among other words", -0.8, lambda d: d.beside / MOST_BESIDE),
    Sign("a long selector", -0.002, lambda d: len(d.selector)),  # a count of characters
    Sign("counts elements", -0.15, lambda d: ":nth" in d.selector),
)


def readings(date: Shown, comparison: Comparison) -> list[datetime]:
    """Return what a date may mean: with the day first, and with the month first."""
    orders = (date_formats.instant_of(date, comparison.zone, comparison.now, order) for order in (0, 1))
    return [instant for instant in orders if instant]


def instants_of(dates: Sequence[Shown], comparison: Comparison) -> list[datetime]:
    """Return what the dates of one place mean: in the order that reads them all; the earlier each where both do."""
    orders = [[date_formats.instant_of(d, comparison.zone, comparison.now, order) for d in dates] for order in (0, 1)]
    for instants, others in (orders, orders[::-1]):
        if None in others and None not in instants:
            return [instant for instant in instants if instant]
    possible = [readings(date, comparison) for date in dates]
    return [min(instants) for instants in possible if instants]


def days_of(date: Shown, comparison: Comparison) -> set[int]:
    """Return the days that a date may be, as ordinal numbers."""
    return {instant.astimezone(comparison.zone).toordinal() for instant in readings(date, comparison)}


def date_traits(place: DatePlace, comparison: Comparison) -> DateTraits:
    """Measure a place that has a date on some page."""
    present = [(s, *dated) for s, dated in zip(comparison.samples, place.dated, strict=True) if dated]
    count = len(present)
    first = present[0][1]
    return DateTraits(
        selector=place.selector,
        tag=tree.tag(first),
        names=f"{joined_attributes(first, 'class', 'id', 'itemprop', 'property')} {place.selector}",
        pages=place.share,
        agreeing=place.agreeing,
        timed=sum(date.has_time for _, _, date in present) / count,
        different=len(set(place.instants)) / len(place.instants),
        edited=sum(bool(EDITED.search(date.string)) for _, _, date in present) / count,
        linked=sum(_leads_away(element, s) for s, element, _ in present) / count,
        near_title=sum(_is_near_title(s, element) for s, element, _ in present) / count,
        beside=sum(_chars_besides_date(element) for _, element, _ in present) / count,
        is_first_of_several=sum(len(select(s.root, place.selector)) for s, _, _ in present) > count,
    )


def _chars_besides_date(element: HtmlElement) -> int:
    return min(MOST_BESIDE, max(0, len(text_of(element)) - PLAIN_DATE))


def _leads_away(element: HtmlElement, s: Sample) -> bool:
    """Whether an element is in a link to another page."""
    anchor = next((e for e in (element, *element.iterancestors()) if e.tag == "a"), None)
    url = target_of(anchor, s.page.url) if anchor is not None else None
    return url is not None and address.key(url) != address.key(s.page.url)


def _is_near_title(s: Sample, element: HtmlElement) -> bool:
    """Whether no more than a few lines are between an element and the title."""
    if s.title_element is None or element.tag in ("meta", "script"):
        return False
    lines = s.line_number(element), s.line_number(s.title_element)
    return lines[0] is not None and lines[1] is not None and abs(lines[0] - lines[1]) <= NEAR
