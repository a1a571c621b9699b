"""What the pages tell machines of their dates, and what the pages' own clock shows."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from itertools import chain

from lxml.html import HtmlElement

from feedpub.collecting.learn import date_formats
from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.date_formats import Shown, date_in
from feedpub.collecting.learn.date_signs import DatePlace, readings
from feedpub.collecting.learn.samples import Sample
from feedpub.html import dates
from feedpub.html.candidates import LD_JSON, date_candidates
from feedpub.html.date_names import names_of
from feedpub.html.date_words import plain
from feedpub.html.select import select

PUBLISHED = (
    "meta[property='article:published_time']",
    "meta[itemprop='datePublished']",
    "meta[name='date']",
    "meta[name='DC.date.issued']",
    "meta[name='publish-date']",
    LD_JSON,
)


def published_elements(s: Sample) -> list[HtmlElement]:
    """Return the elements in which a page gives machines its date."""
    return list(chain.from_iterable(select(s.root, selector) for selector in PUBLISHED))


def same_for_machines(places: dict[str, DatePlace], chosen: DatePlace, comparison: Comparison) -> tuple[str, ...]:
    """Return the selector of a date for machines that is the chosen one to the minute; () where there is none.

    It is the better one: it knows the offset as well.
    """
    if any(dated and dated[1].is_machine for dated in chosen.dated):
        return ()
    for selector in PUBLISHED:
        both = [(m[1], p[1]) for m, p in zip(places[selector].dated, chosen.dated, strict=True) if m and p]
        pairs = [(m, p) for m, p in both if m.is_machine and re.search(r"[T ]\d", m.string)]
        is_usual = len(pairs) >= max(2, 0.8 * len(chosen.dated))
        if is_usual and all(_is_same_clock(machine, person, comparison) for machine, person in pairs):
            return (selector,)
    return ()


def _is_same_clock(machine: Shown, person: Shown, comparison: Comparison) -> bool:
    instant = date_formats.instant_of(machine, comparison.zone, comparison.now)
    if instant is None:
        return False
    local = instant.astimezone(comparison.zone)
    for reading in readings(person, comparison):
        moment = reading.astimezone(comparison.zone)
        is_same_time = (moment.hour, moment.minute) == (local.hour, local.minute)
        if moment.date() == local.date() and (is_same_time or not person.has_time):
            return True
    return False


def with_instants(comparison: Comparison) -> list[tuple[Shown, datetime]]:
    """Return dates as people see them, each with the instant that the same page gives to machines."""
    pairs: list[tuple[Shown, datetime]] = []
    for s in comparison.samples:
        elements = published_elements(s)
        if s.date_element is not None:
            elements.append(s.date_element)
        strings = date_candidates(elements)
        found = [date_in(string, comparison.zone, comparison.languages) for string in strings]
        shown_dates = [date for date in found if date]
        machine = [date for date in shown_dates if date.is_machine]
        instants = [m for d in machine if (m := date_formats.instant_of(d, comparison.zone, comparison.now))]
        human = [date for date in (s.listed_date, *shown_dates) if date and not date.is_machine]
        pairs += [(date, instants[0]) for date in human if instants]
    return pairs


def clock_of_pages(comparison: Comparison) -> datetime | None:
    """Return the day that the pages' own clock shows: a weekday with its date, the same on all; None without one."""
    count = len(comparison.samples)
    if count < 2:
        return None
    lines_of_pages = chain.from_iterable(s.lines for s in comparison.samples)
    lines = Counter((line.text, comparison.kind_path(line.element)) for line in lines_of_pages)
    days = [_clock_day(words, comparison) for (words, _), n in lines.items() if n == count]
    return max((day for day in days if day and day <= comparison.now), default=None)


def _clock_day(words: str, comparison: Comparison) -> datetime | None:
    if len(words) >= 60 or not _has_weekday(words, comparison.languages):
        return None
    date = date_in(words, comparison.zone, comparison.languages)
    if date is None or date.is_ambiguous or date.formats == ("%R",):
        return None
    return date_formats.instant_of(date, comparison.zone, comparison.now)


def _has_weekday(words: str, languages: tuple[str, ...]) -> bool:
    """Whether a weekday is among the words, in full or first of all."""
    folded = plain(words)
    lead = re.match(r"\W*(\w+)", folded)
    short = lead[1] if lead else ""
    return any(dates.weekdays_around(short, folded, names_of(language)) for language in languages or ("",))
