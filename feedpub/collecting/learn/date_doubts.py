"""Dates on an article's page that are not the article's: a clock's, other news', those that the listing denies."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.date_formats import Shown, date_in
from feedpub.collecting.learn.date_signs import HALF, DatePlace, days_of, readings
from feedpub.collecting.learn.elements import target_of
from feedpub.collecting.learn.instants import clock_of_pages
from feedpub.collecting.learn.records import kind
from feedpub.collecting.learn.samples import UNSEEN, Sample
from feedpub.html.lines import text_of

AGREES = 0.8  # of the pages show the day that the listing shows
PAIR = 2  # pages, or days, that can contradict each other
FEW = 3  # pages; fewer may be of one day by chance
CLOCKS_DIFFER = timedelta(minutes=10)  # of a page's clock from ours
AGE = ("%R",)  # the format of a date that is no day
ROWS_UP = 4  # elements around a date, among which is the row of a list that it is in
MOST_ROWS = 12  # of a list that are looked at
LONGEST_ROW = 300  # characters of a row: a title, a date, an excerpt
LONG_LINE = 130  # characters; a date with rubric, author and views beside it has fewer
AT_END = 45  # characters of a line, in which a date may stand with its time and weekday
SHORTEST_NAME = 12  # letters of a link that names an article; the digits of a date are none


def objection_to_date(place: DatePlace, comparison: Comparison, others: OtherNews) -> str | None:
    """Return why a place does not show its articles' dates; None where it may."""
    first = next(dated[1] for dated in place.dated if dated)
    quoted = repr(first.string[:40])
    if place.agreeing >= AGREES and not _is_ahead(place, comparison):
        return None
    if place.shows_clock or _shows_today(place, comparison):
        return f"shows {quoted} on every page, as a clock does"
    if _contradicts_listing(place, comparison):
        return f"shows {quoted} and the like, and the listing other days"
    if _is_ahead(place, comparison):
        return f"shows {quoted} and the like, and most are still to come, as events are"
    if _is_in_sentences(place, comparison):
        return f"{quoted} and the like have a date amid a sentence"
    elements = [dated[0] for dated in place.dated if dated]
    if sum(others.is_dated_by(e) or others.is_on_most_pages(e) for e in elements) >= HALF * len(elements):
        return f"{quoted} and the like date other news, in a list"
    return None


def _is_in_sentences(place: DatePlace, comparison: Comparison) -> bool:
    """Whether most of its dates stand in the middle of long lines, such as the captions of pictures."""
    strings = [dated[1].string for dated in place.dated if dated]
    amid = [string for string in strings if len(string) > LONG_LINE and not _has_date_at_ends(string, comparison)]
    return len(amid) > HALF * len(strings)


def _has_date_at_ends(string: str, comparison: Comparison) -> bool:
    ends = (string[:AT_END], string[-AT_END:])
    return any(date_in(end, comparison.zone, comparison.languages) for end in ends)


def _is_ahead(place: DatePlace, comparison: Comparison) -> bool:
    """Whether most of its dates are still to come, as those of events are."""
    tomorrow = comparison.now + timedelta(days=1)
    return sum(instant > tomorrow for instant in place.instants) > HALF * len(place.instants)


def _shows_today(place: DatePlace, comparison: Comparison) -> bool:
    """Whether the pages' dates are all today's, in the manner of a clock or on too few pages to tell."""
    dates = [one[1] for one in place.dated if one]
    today = comparison.now.astimezone(comparison.zone).toordinal()
    if not all(today in days_of(date, comparison) for date in dates):
        return False
    is_of_now = all(_is_of_now(date, comparison) for date in dates)
    return is_of_now or len(dates) < FEW or clock_of_pages(comparison) is not None


def _is_of_now(date: Shown, comparison: Comparison) -> bool:
    return any(abs(instant - comparison.now) < CLOCKS_DIFFER for instant in readings(date, comparison))


def _contradicts_listing(place: DatePlace, comparison: Comparison) -> bool:
    """Whether most of the pages show another day than the listing, which tells its articles apart by their days."""
    pairs = [(s.listed_date, one[1]) for s, one in zip(comparison.samples, place.dated, strict=True) if one]
    both = [(listed, date) for listed, date in pairs if listed and listed.formats != AGE]
    listed_days = [days_of(listed, comparison) for listed, _ in both]
    if len(both) < PAIR or len(set(map(frozenset, listed_days))) < PAIR:
        return False
    distances = [_days_apart(days, date, comparison) for days, (_, date) in zip(listed_days, both, strict=True)]
    return sum(distance > 0 for distance in distances) > HALF * len(distances)


def _days_apart(days: set[int], date: Shown, comparison: Comparison) -> int:
    """Return how many days are between a date and the nearest of some days; a day off is none for machines' dates.

    Those may be of another time zone than the one that is configured.
    """
    grace = 1 if date.is_machine else 0
    nearest = min((abs(day - other) for day in days for other in days_of(date, comparison)), default=0)
    return max(0, nearest - grace)


class OtherNews:
    """Tells the dates of other news, in a list beside the article."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._samples = {s.root: s for s in comparison.samples}
        self._answers: dict[HtmlElement, bool] = {}
        self._lines: Counter[tuple[str, str]] = Counter()
        for s in comparison.samples:
            self._lines.update({(line.text, comparison.kind_path(line.element)) for line in s.lines})

    def is_dated_by(self, element: HtmlElement) -> bool:
        """Return whether an element is in a row that leads to other news, beside more rows of the kind."""
        if element not in self._answers:
            s = self._samples.get(element.getroottree().getroot())
            self._answers[element] = s is not None and self._is_in_list(element, s)
        return self._answers[element]

    def is_on_most_pages(self, element: HtmlElement) -> bool:
        """Return whether the whole line that an element is in is on most pages, to the letter."""
        s = self._samples.get(element.getroottree().getroot())
        number = s.line_number(element) if s is not None and element.tag not in UNSEEN else None
        if s is None or number is None:
            return False
        line = s.lines[number]
        return self._lines[line.text, self._comparison.kind_path(line.element)] >= max(FEW, self._comparison.common)

    def _is_in_list(self, element: HtmlElement, s: Sample) -> bool:
        title = s.title_element
        around_title = {title, *title.iterancestors()} if title is not None else set()
        for box in (element, *list(element.iterancestors())[:ROWS_UP]):
            parent = box.getparent()
            if parent is None or box in around_title:
                return False
            alike = [e for e in parent if isinstance(e.tag, str) and kind(e) == kind(box)]
            if len(alike) > 1 and self._is_row(box, s) and sum(self._is_row(e, s) for e in alike[:MOST_ROWS]) > 1:
                return True
        return False

    def _is_row(self, box: HtmlElement, s: Sample) -> bool:
        """Whether a box has a date and a link that names another page."""
        words = text_of(box)
        if len(words) > LONGEST_ROW or date_in(words, self._comparison.zone, self._comparison.languages) is None:
            return False
        own = address.key(s.page.url)
        urls = [target_of(a, s.page.url) for a in box.iter("a") if _letters(a) >= SHORTEST_NAME]
        return any(url is not None and address.key(url) != own for url in urls)


def _letters(element: HtmlElement) -> int:
    return sum(map(str.isalpha, text_of(element)))
