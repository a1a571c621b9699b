"""A source's days in figures → small charts, as paths of SVG, and the same in words and by week. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from feedpub.conditions import Figures

STEP, BAR, HEIGHT, LEAST = 4, 3, 24, 1.5  # units of the drawing: of a day, its bar, the whole, the lowest bar
A_WEEK = 7
HOURS_OF_DAY = 24
Number = int | float | None


@dataclass(frozen=True, slots=True)
class Series:
    """One measure of a source over its days."""

    name: str
    words: str  # what the drawing shows, for those who do not see it
    bars: str  # a path: a bar for each day that has a value above zero
    known: str  # a path: a line below the days of which something is known
    most: str  # the value of a bar that fills the height; "": there is none
    kind: str  # a class of the style


@dataclass(frozen=True, slots=True)
class Week:
    """Up to seven days in a row of the table."""

    first: date
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Chart:
    first: date
    last: date
    width: int
    height: int
    series: Sequence[Series]
    weeks: Sequence[Week]  # the newest first


@dataclass(frozen=True, slots=True)
class _Measure:
    name: str
    kind: str
    value: Callable[[Figures], Number]
    together: Callable[[Iterable[float]], float]  # of several days
    full: float | None = None  # the value that fills the height; None: the highest one


MEASURES = (
    _Measure("News a day", "news", lambda day: day.news, sum),
    _Measure("Looks a day", "looks", lambda day: day.looks, sum, full=HOURS_OF_DAY),
    _Measure("Failures a day", "failures", lambda day: day.failures, sum),
    _Measure("Hours to the feed", "hours", lambda day: day.hours, median),
)


def chart_of(days: Sequence[Figures]) -> Chart:
    """Return a source's charts over these days, the oldest first. There is one day at least."""
    weeks = [days[max(0, end - A_WEEK) : end] for end in range(len(days), 0, -A_WEEK)]
    return Chart(
        first=days[0].day,
        last=days[-1].day,
        width=STEP * len(days),
        height=HEIGHT,
        series=[_series(measure, days) for measure in MEASURES],
        weeks=[Week(week[0].day, [_cell(measure, week) for measure in MEASURES]) for week in weeks],
    )


def _series(measure: _Measure, days: Sequence[Figures]) -> Series:
    values = [measure.value(day) for day in days]
    known = [value for value in values if value is not None]
    highest = max(known, default=0)
    full = measure.full or highest
    return Series(
        name=measure.name,
        words=_words(measure, known, len(days)),
        bars="".join(_bar(n, min(value / full, 1)) for n, value in enumerate(values) if value),
        known=_known(values),
        most=f"{full:g}" if highest else "",
        kind=measure.kind,
    )


def _bar(place: int, share: float) -> str:
    height = round(max(LEAST, share * HEIGHT), 1)
    return f"M{place * STEP} {HEIGHT}v-{height:g}h{BAR}v{height:g}z"


def _known(values: Sequence[Number]) -> str:
    """Return a line below the days of which something is known; it is broken at the others."""
    path, begun = "", None
    for place, value in enumerate([*values, None]):
        if value is not None and begun is None:
            begun = place
        elif value is None and begun is not None:
            path += f"M{begun * STEP} {HEIGHT}h{(place - begun) * STEP}"
            begun = None
    return path


def _words(measure: _Measure, known: Sequence[float], days: int) -> str:
    if not known:
        return f"{measure.name}: nothing is known of these {days} days."
    together = measure.together(known)
    kind = "the median is" if measure.together is median else "in all"
    unknown = days - len(known)
    of_others = f"; nothing is known of {unknown} of the {days} days" if unknown else ""
    return f"{measure.name}: {kind} {together:g}, at most {max(known):g} on a day{of_others}."


def _cell(measure: _Measure, days: Iterable[Figures]) -> str:
    known = [value for value in map(measure.value, days) if value is not None]
    return f"{round(measure.together(known), 1):g}" if known else "–"
