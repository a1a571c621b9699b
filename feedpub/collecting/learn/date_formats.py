"""The date in a string, the formats that it may have, and which of these the site proves.

09/06/2025 may be June or September. Nothing about one date tells; what the
site shows elsewhere does: a first part above 12, a reading that would lie in
the future, the order of the listing, a weekday, a date written for machines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from feedpub import text
from feedpub.html import date_words, dates

_MONTHS = date_words.any_of(n for names in date_words.MONTHS for n in names)
_SHORT = date_words.any_of(n for names in date_words.SHORT_MONTHS for n in names)
_DAY = r"(?<![\w.:])\d{1,2}(?:-?[гм]о|st|nd|rd|th)?"
_YEAR = r"(?:([,\s-]*)(?:19|20)\d\d(?!\d))?"
_DAYS = (  # the pattern, and the formats that it may mean; "/" stands for the separator found
    (re.compile(r"(?<![\d./:-])(?:19|20)\d\d([./-])\d{1,2}\1\d{1,2}(?![\d:])(?![./-]\d)"), ("%Y/%m/%d",)),
    (re.compile(r"(?<![\d./:-])\d{1,2}([./-])\d{1,2}\1(?:19|20)\d\d(?![\d:])(?![./-]\d)"), ("%d/%m/%Y", "%m/%d/%Y")),
    (re.compile(r"(?<![\d./:-])\d{1,2}([./-])\d{1,2}\1\d\d(?![\d:])(?![./-]\d)"), ("%d/%m/%y", "%m/%d/%y")),
    (re.compile(rf"{_DAY}([\s-]+)(?:{_MONTHS})(?!\w){_YEAR}"), ("%d %B %Y",)),
    (re.compile(rf"{_DAY}([\s-]+)(?:{_SHORT})(?!\w)\.?{_YEAR}"), ("%d %b %Y",)),
    (re.compile(rf"(?<!\w)(?:{_MONTHS})(\s+)\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d(?!\d)"), ("%B %d %Y",)),
    (re.compile(rf"(?<!\w)(?:{_SHORT})\.?(\s+)\d{{1,2}},?\s+(?:19|20)\d\d(?!\d)"), ("%b %d %Y",)),
)  # fmt: skip
_TIME = re.compile(r"(?<![\d:.,/-])([01]?\d|2[0-4]):[0-5]\d(:[0-5]\d)?(?![\d:])")
_GAP = 16  # characters without a digit that may part a date from its time


@dataclass(frozen=True, slots=True)
class Shown:
    """A string with a date in it."""

    string: str
    formats: tuple[str, ...]  # that it may be meant in: the day first, then the month
    length: int  # of the date and time alone
    has_time: bool

    @property
    def is_ambiguous(self) -> bool:
        return len(self.formats) > 1

    @property
    def is_machine(self) -> bool:
        return not self.formats


@lru_cache(maxsize=8192)
def date_in(string: str, zone: ZoneInfo) -> Shown | None:
    """Return the date in a string, with its time; None where there is none, or more than one."""
    line = text.line(string)
    if len(line) > 400 or not dates.may_be(line):
        return None
    if dates.machine(line, zone):
        return Shown(line, (), len(line), True)
    folded = dates.plain(line)
    for pattern, forms in _DAYS:
        if match := pattern.search(folded):
            return _with_time(line, folded, match, forms)
    if age := dates.AGE.search(folded):
        if re.search(r"\w$", folded[: age.start()]) or re.match(r"\w", folded[age.end() :]):
            return None
        return Shown(line, (_around("%R", folded[: age.start()], folded[age.end() :]),), len(age[0]), bool(age["H"]))
    return None


def time_only(string: str) -> bool:
    """Return whether a string shows a time of day and no date: its day is in a heading."""
    line = dates.plain(text.line(string))
    return bool(_TIME.search(line)) and not any(p.search(line) for p, _ in _DAYS) and len(line) < 40


def _with_time(line: str, folded: str, match: re.Match[str], forms: Sequence[str]) -> Shown:
    start, end = match.span()
    times = [t for t in _TIME.finditer(folded) if t.end() <= start or t.start() >= end]
    near = [t for t in times if _is_near(folded[end : t.start()] if t.start() >= end else folded[t.end() : start])]
    made = [_literal(folded[start:end], match, form) for form in forms]
    time = next((t for t in near if t.start() >= end), next(iter(near[::-1]), None))
    if time:
        clock = "%H:%M:%S" if time[2] else "%H:%M"
        after = time.start() >= end
        gap = _as_literal(folded[end : time.start()] if after else folded[time.end() : start])
        made = [f"{m}{gap}{clock}" if after else f"{clock}{gap}{m}" for m in made]
        start, end = min(start, time.start()), max(end, time.end())
    made = [_around(m, folded[:start], folded[end:]) for m in made]
    return Shown(line, tuple(made), end - start, time is not None)


def _is_near(gap: str) -> bool:
    return len(gap) <= _GAP and not re.search(r"\d", gap)


def _literal(found: str, match: re.Match[str], form: str) -> str:
    """The format with the separators of this date."""
    if "/" in form:
        return form.replace("/", match[1])
    names = {"d": r"\d{1,2}", "B": _MONTHS, "b": _SHORT, "Y": r"\d{4}"}
    parts, rest = "", found
    for directive in re.findall("%(.)", form):
        piece = re.search(names[directive], rest)
        if piece is None:
            break  # there is no year
        parts += _as_literal(rest[: piece.start()]) + "%" + directive
        rest = rest[piece.end() :]
    return parts + _as_literal(rest)


def _as_literal(literal: str) -> str:
    return literal.replace("%", "%%")


def _around(form: str, before: str, after: str) -> str:
    """The format with a place for the words around the date, where they have digits or are glued to it."""
    lead = "%*" if re.search(r"\d", before) or re.search(r"[\w./-]$", before) else ""
    year = re.match(r"\s*(року|роки|рік|р\.?|год(?:а|у)?|г\.?)(?!\w)", after) if form.endswith("%Y") else None
    form += _as_literal(year[0]) if year else ""
    rest = after[year.end() :] if year else after
    return lead + form + ("%*" if re.search(r"\d", rest) or re.match(r"[\w/]", rest) else "")


# ------------------------------------------------------------ which format is meant

MOSTLY = 0.8  # of neighbours on a listing run from new to old, one that is sticky aside
FEW = 3  # neighbours
DAY_FIRST = ("uk", "ru", "pl", "cs", "de", "fr")  # languages whose dates begin with the day


@dataclass(frozen=True, slots=True)
class Clock:
    """What day it is, by which no article is of the future."""

    now: datetime
    zone: ZoneInfo
    source: str  # "the pages' own clock", or the like: where the day is from


@dataclass(frozen=True, slots=True)
class Proof:
    """The formats of a site's dates, and why the day comes before the month or after it."""

    formats: tuple[str, ...]
    reasons: tuple[str, ...]
    contradiction: str | None = None


def prove(
    series: Sequence[Sequence[Shown]], clock: Clock, language: str, exact: Sequence[tuple[Shown, datetime]] = ()
) -> Proof:
    """Return the order of day and month that all dates of a site agree with.

    ``series`` are the dates of a listing in its order, newest first, and
    those of the articles. ``exact`` are dates with the instants that their
    pages give to machines.
    """
    dates_shown = list(chain.from_iterable(series))
    # Dates among many words may be no dates of articles.
    ambiguous = [date for date in dates_shown if date.is_ambiguous and date.length >= 0.3 * len(date.string)]
    if not ambiguous:
        return Proof(_formats(dates_shown, 0), ("no date can be read in two ways",))
    against = [_against(order, ambiguous, clock, exact) for order in (0, 1)]
    if against[0] and against[1]:
        return Proof((), (), f"{against[0][0]}, and yet {against[1][0]}")
    for order, name in enumerate(("day", "month")):
        reasons = against[1 - order][:3]
        if reasons:
            return Proof(_formats(dates_shown, order), tuple(f"{name} first: {reason}" for reason in reasons))
    falling = [_falling(series, order, clock) for order in (0, 1)]
    for order, name in enumerate(("day", "month")):
        if falling[order] >= MOSTLY > falling[1 - order]:
            reason = f"{name} first: so the listing runs from new to old"
            return Proof(_formats(dates_shown, order), (reason,))
    if language.startswith(DAY_FIRST) or any("." in date.formats[0] for date in ambiguous):
        reason = "day first, as the language has it: no date seen so far proves or contradicts it"
        return Proof(_formats(dates_shown, 0), (reason,))
    return Proof((), (), f"{ambiguous[0].string!r} may be two days, and nothing on these pages tells which")


def _against(
    order: int, ambiguous: Sequence[Shown], clock: Clock, exact: Sequence[tuple[Shown, datetime]]
) -> list[str]:
    """What speaks against an order, each reason with the date that gives it."""
    reasons = [_reason_against(order, date, clock) for date in ambiguous]
    reasons += [_reason_by_machines(order, date, instant, clock) for date, instant in exact]
    return list(dict.fromkeys(reason for reason in reasons if reason))


def _reason_against(order: int, date: Shown, clock: Clock) -> str | None:
    soon = clock.now + timedelta(days=1)
    instant = instant_of(date, clock.zone, clock.now, order)
    other = instant_of(date, clock.zone, clock.now, 1 - order)
    if other is None:
        return None
    if instant is None:
        return f"{date.string[:40]!r} is a date only so"
    if instant > soon >= other:
        return f"{date.string[:40]!r} would lie after {clock.source} otherwise"
    return None


def _reason_by_machines(order: int, date: Shown, exact: datetime, clock: Clock) -> str | None:
    instants = [instant_of(date, clock.zone, clock.now, each) for each in (order, 1 - order)]
    day, other = (instant.astimezone(clock.zone).date() if instant else None for instant in instants)
    if day != other == exact.astimezone(clock.zone).date():
        return f"{date.string[:40]!r} is {other} for machines"
    return None


def _falling(series: Sequence[Sequence[Shown]], order: int, clock: Clock) -> float:
    """The share of neighbours that run from new to old, in this order; 0 where there are too few to tell."""
    steps: list[bool] = []
    for one in series:
        instants = [m for date in one if (m := instant_of(date, clock.zone, clock.now, order))]
        steps += [earlier >= later for earlier, later in pairwise(instants)]
    return sum(steps) / len(steps) if len(steps) >= FEW else 0.0


@lru_cache(maxsize=8192)
def instant_of(date: Shown, zone: ZoneInfo, now: datetime, order: int = 0) -> datetime | None:
    """Return the instant of a date, read with the day first (order 0) or the month first (1); None if it has none."""
    if not date.formats:
        return dates.machine(date.string, zone)
    return dates.first([date.string], zone, (date.formats[min(order, len(date.formats) - 1)],), now)


def _formats(dates_shown: Sequence[Shown], order: int) -> tuple[str, ...]:
    """Each once, the stricter ones first: words around a date are part of it only where nothing else reads it."""
    formats = dict.fromkeys(d.formats[min(order, len(d.formats) - 1)] for d in dates_shown if d.formats)
    return tuple(sorted(formats, key=lambda form: ("%*" in form, "%H" not in form)))
