"""Where the date is: a place on the pages whose date changes from page to page, and agrees with the listing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from feedpub.collecting.learn import selectors
from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.date_doubts import AGREES, OtherNews, objection_to_date
from feedpub.collecting.learn.date_formats import Shown, date_in
from feedpub.collecting.learn.date_signs import DATE_SIGNS, DatePlace, date_traits, days_of, instants_of
from feedpub.collecting.learn.instants import PUBLISHED, same_for_machines
from feedpub.collecting.learn.languages import months_unread
from feedpub.collecting.learn.samples import Finding
from feedpub.collecting.learn.signs import total
from feedpub.html import dates
from feedpub.html.candidates import DATE_ATTRIBUTE, date_candidates
from feedpub.html.lines import text_of
from feedpub.html.select import select

LONGEST_LINE = 200  # characters of a line with a date
LONGEST_STRING = 300  # characters of an element's string with a date
MOSTLY_LINKED = 0.7  # of a line


@dataclass(frozen=True, slots=True)
class DateFinding:
    """Where the date is, and what it shows on each page."""

    finding: Finding
    shown: Sequence[Shown | None]
    set_aside: Sequence[str]  # places whose dates are no article's, each with the reason
    is_unreadable: bool = False  # the pages seem to have dates, with months that nobody reads


def find_date(comparison: Comparison, formats: tuple[str, ...] = ()) -> DateFinding:
    """Find the date, and set its element on each sample. The title is to be found first.

    ``formats`` are those that a person has configured: a place whose dates they do not read is none.
    """
    places = _places(comparison, formats)
    possible, set_aside = _without_doubtful(places.values(), comparison)
    best: tuple[float, DatePlace] | None = None
    for place in possible:
        score = total(DATE_SIGNS, date_traits(place, comparison))
        if best is None or score > best[0] + 1e-9:
            best = score, place
    if best is None:
        return _unfound(comparison, set_aside, formats)
    chosen = best[1]
    for s, dated in zip(comparison.samples, chosen.dated, strict=True):
        s.date_element = dated[0] if dated else None
    agrees = ", and agrees with the listing" if chosen.agreeing >= AGREES else ""
    both = (*same_for_machines(places, chosen, comparison), chosen.selector)
    finding = Finding(both, chosen.share, f"it changes from page to page{agrees}")
    return DateFinding(finding, [dated[1] if dated else None for dated in chosen.dated], set_aside)


def possible_places(comparison: Comparison) -> list[DatePlace]:
    """Return the places that may have the date. The title is to be found first."""
    return _without_doubtful(_places(comparison, ()).values(), comparison)[0]


def _without_doubtful(places: Iterable[DatePlace], comparison: Comparison) -> tuple[list[DatePlace], list[str]]:
    """Return the places that may have the date; and those whose dates are no article's, each with the reason."""
    usual = [place for place in places if place.share >= 0.5 and place.instants]
    others = OtherNews(comparison)
    refused = {place.selector: objection_to_date(place, comparison, others) for place in usual}
    set_aside = [f"{selector}: {why}" for selector, why in refused.items() if why]
    return [place for place in usual if not refused[place.selector]], set_aside


def _unfound(comparison: Comparison, set_aside: Sequence[str], formats: tuple[str, ...]) -> DateFinding:
    """Return that there is no date, and why: it may be in words that nobody reads."""
    count = len(comparison.samples)
    by_any_format = find_date(comparison).shown if formats else ()
    example = next((date.string for date in by_any_format if date), None)
    if example:
        why = f"the configured date_formats do not read the dates on the pages, such as {example[:40]!r}"
        return DateFinding(Finding(why=why), [None] * count, set_aside, is_unreadable=True)
    unread = months_unread([s.root for s in comparison.samples], comparison.languages)
    if len(unread) < count:
        why = "no place on the pages has a date that changes from page to page"
        return DateFinding(Finding(why=why), [None] * count, set_aside)
    usual = Counter(unread).most_common(1)[0][0]
    why = (
        f"no date on the pages can be read, and {usual!r} may be a month; set the source's language, or date_formats in"
        " [source.layout]"
    )
    return DateFinding(Finding(why=why), [None] * count, set_aside, is_unreadable=True)


# ------------------------------------------------------------ places


def _places(comparison: Comparison, formats: tuple[str, ...]) -> dict[str, DatePlace]:
    """What each selector that may find the date gives, by the selector."""
    pages = _DatedPages(comparison, formats)
    places: dict[str, DatePlace] = {}
    for element, root in _seeds_with_dates(comparison):
        for selector in selectors.possible_selectors(element, root)[:60]:
            if selector not in places:
                places[selector] = pages.place_of(selector)
    for selector in PUBLISHED:
        places[selector] = pages.place_of(selector)
    return places


class _DatedPages:
    """What selectors find on the pages. Many find the same elements, and each is read once."""

    def __init__(self, comparison: Comparison, formats: tuple[str, ...]) -> None:
        self._comparison = comparison
        self._formats = formats
        self._read: dict[HtmlElement, Shown | None] = {}
        self._places: dict[tuple[HtmlElement | None, ...], DatePlace] = {}

    def place_of(self, selector: str) -> DatePlace:
        """Return what a selector finds: on each page the date of the first element."""
        firsts = tuple(next(iter(select(s.root, selector)), None) for s in self._comparison.samples)
        if firsts not in self._places:
            self._places[firsts] = self._measured(firsts, selector)
        return replace(self._places[firsts], selector=selector)

    def _measured(self, elements: tuple[HtmlElement | None, ...], selector: str) -> DatePlace:
        shown = [self._date_of(e) if e is not None else None for e in elements]
        dated = [(e, date) if e is not None and date else None for e, date in zip(elements, shown, strict=True)]
        instants = instants_of([date for date in shown if date], self._comparison)
        return DatePlace(selector, dated, instants, _agreeing_share(shown, self._comparison))

    def _date_of(self, element: HtmlElement) -> Shown | None:
        if element not in self._read:
            self._read[element] = self._date_in_strings(date_candidates([element]))
        return self._read[element]

    def _date_in_strings(self, strings: Iterable[str]) -> Shown | None:
        zone, now = self._comparison.zone, self._comparison.now
        short = [string for string in strings if len(string) < LONGEST_STRING]
        found = (date_in(string, zone, self._comparison.languages) for string in short)
        date = next(filter(None, found), None)
        if date and self._formats and dates.first([date.string], zone, self._formats, now) is None:
            return None
        return date


def _seeds_with_dates(comparison: Comparison) -> Iterator[tuple[HtmlElement, HtmlElement]]:
    for s in comparison.samples[:4]:
        for line in s.lines:
            if len(line.text) >= LONGEST_LINE or line.linked > MOSTLY_LINKED * len(line.text):
                continue
            if date_in(line.text, comparison.zone, comparison.languages):
                yield from ((element, s.root) for element in _around_date(line.element, comparison))
        for element in s.scope.iter("*"):
            if _carries_time(element, comparison):
                yield element, s.root


def _around_date(element: HtmlElement, comparison: Comparison) -> Iterator[HtmlElement]:
    """A line's element, the one around it, and those in it that show a date."""
    for around in (element, *list(element.iterancestors())[:1]):
        if around.tag not in ("html", "body") and len(text_of(around)) < 200:
            yield around
    for inner in element.iter("*"):
        if inner is not element and date_in(text_of(inner), comparison.zone, comparison.languages):
            yield inner


def _carries_time(element: HtmlElement, comparison: Comparison) -> bool:
    """Whether an attribute holds a date with its time."""
    for name, value in element.items():
        if DATE_ATTRIBUTE.fullmatch(name) and len(value) < 60:
            date = date_in(value, comparison.zone, comparison.languages)
            if date and date.has_time:
                return True
    return False


def _agreeing_share(shown: Sequence[Shown | None], comparison: Comparison) -> float:
    """The share of pages whose date is the day that the listing showed; 0 where it showed none."""
    pairs = [(s.listed_date, date) for s, date in zip(comparison.samples, shown, strict=True)]
    both = [(listed, date) for listed, date in pairs if listed and date]
    same = sum(not days_of(listed, comparison).isdisjoint(days_of(date, comparison)) for listed, date in both)
    return same / len(both) if both else 0.0
