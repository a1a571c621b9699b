"""The date of one page that cannot be compared with others: the machines' one, or else the nearest to the title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from feedpub import text
from feedpub.collecting.learn.date_formats import Shown, date_in, instant_of
from feedpub.collecting.learn.date_order import Clock, prove
from feedpub.collecting.learn.instants import published_elements
from feedpub.collecting.learn.samples import Sample
from feedpub.collecting.learn.survey import Survey
from feedpub.html import tree
from feedpub.html.candidates import date_candidates
from feedpub.html.lines import Line

HEAD = 6  # lines above or below the title in which its date may be
LONGEST = 120  # characters of a line with a date

LoneDate = tuple[tuple[str, ...], tuple[str, ...]]  # the date as a string, and the formats that it may have


def find_lone_date(s: Sample, title: str, survey: Survey) -> LoneDate:
    """Return the date of a page and its formats; nothing twice where no date can be read."""
    machine = next(_for_machines(date_candidates(published_elements(s)), survey), None)
    if machine:
        return (machine,), ()
    dated = list(_dated_lines(s, survey))
    at_title = _title_lines(s, title)
    if at_title:
        dated = _nearest(dated, at_title)
        instant = _instant_around(s.lines[dated[0][0]], survey) if dated else None
        if instant:
            return (instant,), ()
    return _proven([date for _, date in dated] or _marked(s, survey), s, survey)


def _for_machines(strings: Iterable[str], survey: Survey) -> Iterator[str]:
    for string in strings:
        date = date_in(string, survey.zone, survey.languages)
        if date and date.is_machine:
            yield string


def _dated_lines(s: Sample, survey: Survey) -> Iterator[tuple[int, Shown]]:
    """The lines that show people a date and are no link, by their numbers."""
    for n, line in enumerate(s.lines):
        date = date_in(line.text, survey.zone, survey.languages) if len(line.text) < LONGEST else None
        if date and date.formats and line.linked != len(line.text):
            yield n, date


def _title_lines(s: Sample, title: str) -> list[int]:
    key = text.skeleton(title)
    return [n for n, line in enumerate(s.lines) if text.skeleton(line.text) == key and not line.linked]


def _nearest(dated: Sequence[tuple[int, Shown]], at_title: Sequence[int]) -> list[tuple[int, Shown]]:
    """The dates near the title, the nearest first; of equally near ones those with a time."""
    distances = {n: min(abs(n - title) for title in at_title) for n, _ in dated}
    near = [one for one in dated if distances[one[0]] <= HEAD]
    return sorted(near, key=lambda one: (distances[one[0]], not one[1].has_time))


def _instant_around(line: Line, survey: Survey) -> str | None:
    """The instant for machines that an element around a shown date carries."""
    elements = (line.element, *list(line.element.iterancestors())[:2], *line.element.iter("*"))
    strings = chain.from_iterable(date_candidates([element]) for element in elements)
    return next(_for_machines(strings, survey), None)


def _marked(s: Sample, survey: Survey) -> list[Shown]:
    """The dates of elements that are made for them."""
    strings = chain.from_iterable(date_candidates([e]) for e in s.root.iter("time", "abbr"))
    return [date for string in strings if (date := date_in(string, survey.zone, survey.languages))]


def _proven(dates: Sequence[Shown], s: Sample, survey: Survey) -> LoneDate:
    """The first of the dates that can be read, with the formats that the page proves for it."""
    zone, now = survey.zone, survey.now
    candidates = [date for date in dates if instant_of(date, zone, now)]
    if not candidates:
        return (), ()
    day = _clock_of_page(s, survey)
    source = "the page's own clock" if day else f"the day on which it is read, {now:%Y-%m-%d}"
    formats = prove([[candidates[0]]], Clock(day or now, zone, source), tree.language(s.root)).formats
    for date in candidates:
        if date.is_machine or set(date.formats) & set(formats):
            return (date.string,), formats
    return (), ()


def _clock_of_page(s: Sample, survey: Survey) -> datetime | None:
    """The latest day that the page shows beyond doubt, where it is not in the future: a clock's, if there is one."""
    lines = [line.text for line in s.lines if len(line.text) < LONGEST]
    dates = [date for line in lines if (date := date_in(line, survey.zone, survey.languages))]
    clear = [date for date in dates if not date.is_ambiguous and date.formats != ("%R",)]
    instants = [instant for date in clear if (instant := instant_of(date, survey.zone, survey.now))]
    return max((instant for instant in instants if instant <= survey.now), default=None)
