"""The date in a string, and the formats that it may have: 09/06/2025 may be June or September."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from feedpub import text
from feedpub.html import date_words, dates
from feedpub.html.date_names import names_of
from feedpub.html.date_patterns import AGE, half_day_pattern
from feedpub.html.date_words import AFTER_YEAR, BEFORE_YEAR, ORDINAL, ROMAN, any_of, plain

LONGEST = 400  # characters among which a date is looked for
_GAP = 16  # characters without a digit that may part a date from its time

_END = r"(?![\d:])(?![./-]\d)"
_NUMERIC = (  # the pattern, and the directives of its parts: the day first, then the month
    (re.compile(r"(?<!\d)(?P<Y>(?:19|20)\d\d)\s?[年년]\s?(?P<m>\d{1,2})\s?[月월]\s?(?P<d>\d{1,2})\s?[日일]"),
     ({"Y": "Y", "m": "m", "d": "d"},)),
    (re.compile(rf"(?<![\d./:-])(?P<Y>(?:19|20)\d\d)(?P<_>[./-])\s?(?P<m>\d{{1,2}})(?P=_)\s?(?P<d>\d{{1,2}}){_END}"),
     ({"Y": "Y", "m": "m", "d": "d"},)),
    (re.compile(rf"(?<![\d./:-])(?P<d>\d{{1,2}})(?P<_>[./-])\s?(?P<m>\d{{1,2}})(?P=_)\s?(?P<Y>(?:19|20)\d\d){_END}"),
     ({"d": "d", "m": "m", "Y": "Y"}, {"d": "m", "m": "d", "Y": "Y"})),
    (re.compile(rf"(?<![\d./:-])(?P<d>\d{{1,2}})(?P<_>[./-])(?P<m>\d{{1,2}})(?P=_)(?P<y>\d\d){_END}"),
     ({"d": "d", "m": "m", "y": "y"}, {"d": "m", "m": "d", "y": "y"})),
)  # fmt: skip
_DAY = rf"(?P<d>\d{{1,2}}(?:{ORDINAL})?)"
_YEAR = rf"(?P<Y>(?:{BEFORE_YEAR}\s*)?(?:19|20)\d\d)(?!\d)"
_YEAR_FIRST = r"(?<![\d./:-])(?P<Y>(?:19|20)\d\d)(?:\([^\W\d]{1,3}\)|[.,])?\s?(?:[^\W\d]{1,5}\.?\s+)?\s*"
_GAP_IN_DATE = r"(?:[\s/-]+|(?<=[.º°ª)]))"
_BESIDE = re.compile(  # between a date and a time that has a dot or no minutes: «26.11.2025 klo 15.05», «alle ore 14»
    r"[\s,|/(–—-]*(?:(?:о|об|в|v|ve|at|um|om|kl|klo|klockan|kell|plkst|val|alle|ore|ora|orele|as|a|las|les|la|ob|o|u|godz|saat"
    r"|στις|ωρα)\b\.?:?\s*){0,2}"
)


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
def date_in(string: str, zone: ZoneInfo, languages: tuple[str, ...] = ()) -> Shown | None:
    """Return the date in a string, with its time; None where there is none, or more than one.

    ``languages`` are those of the site, as ``date_names.languages_of`` gives them.
    """
    line = dates.apart(text.line(string))
    if len(line) > LONGEST or not dates.may_be(line):
        return None
    if dates.machine(line, zone):
        return Shown(line, (), len(line), True)
    whole, (line, _) = line, dates.without_zone(line)
    words = _Words(line, plain(line), date_words.small_letters(line))
    if re.search(r"\d", words.plain):
        for language in languages or ("",):
            shown = _date_of_numbers(words, language) or _date_with_name(words, language)
            if shown:
                return replace(shown, string=whole)
    if age := AGE.search(words.plain):
        before, after = words.plain[: age.start()], words.plain[age.end() :]
        if re.search(r"\w$", before) or re.match(r"\w", after):
            return None
        return Shown(line, (_around("%R", before, after),), len(age[0]), bool(age["H"]))
    return None


def time_only(string: str) -> bool:
    """Return whether a string shows a time of day and no date: its day is in a heading."""
    line = plain(text.line(string))
    has_time = any(pattern.search(line) for pattern in _times("")[:SURE_TIMES])
    has_date = any(pattern.search(line) for pattern in (*(p for p, _ in _NUMERIC), *_named("")))
    return has_time and not has_date and len(line) < 40


@dataclass(frozen=True, slots=True)
class _Words:
    """One line in three spellings, character for character."""

    line: str
    plain: str
    small: str  # with its accents, as formats have it


def _date_of_numbers(words: _Words, language: str) -> Shown | None:
    for pattern, orders in _NUMERIC:
        if match := pattern.search(words.plain):
            return _with_time(words, match, orders, language)
    return None


def _date_with_name(words: _Words, language: str) -> Shown | None:
    names = names_of(language)
    if _month_pattern(language).search(words.plain) is None:
        return None
    for pattern in _named(language):
        match = pattern.search(words.plain)
        if match is None:
            continue
        name = re.sub(rf"^{date_words.BEFORE_MONTH}\s*", "", match["B"]).strip(" .")
        roles = {group: group for group in match.groupdict() if group != "B"}
        is_full = bool(language) or name not in names.short_months  # «травня», not «трав» nor «May», which is both
        roles["B"] = "B" if is_full else "b"
        return _with_time(words, match, (roles,), language)
    return None


@lru_cache(maxsize=64)
def _month_pattern(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:\b|_)(?:{any_of(names_of(language).all_months)})(?!\w)")


@lru_cache(maxsize=64)
def _named(language: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of dates with a month's name, the surest first."""
    names = names_of(language).all_months
    every = rf"(?P<B>(?:{date_words.BEFORE_MONTH}\s*)?(?:{any_of(names)})(?!\w)\.?)"
    spelled = [name for name in names if name not in ROMAN]
    month = rf"(?P<B>(?:{date_words.BEFORE_MONTH}\s*)?(?:{any_of(spelled)})(?!\w)\.?)"
    day_first = rf"(?<![\w.:]){_DAY}{_GAP_IN_DATE}{month}"
    patterns = (
        rf"(?<![\w.:]){_DAY}{_GAP_IN_DATE}{every}[,.\s/-]*{_YEAR}",
        rf"{day_first}-(?P<y>\d\d){_END}",
        rf"{_YEAR_FIRST}{month}\s+{_DAY}(?![\d:])",
        rf"{_YEAR_FIRST}{_DAY}\s*{month}",
        rf"(?<!\w){month}\s+{_DAY},?\s+{_YEAR}",
        day_first,
    )
    return tuple(map(re.compile, patterns))


SURE_TIMES = 1  # of those below, that are a time in any place


@lru_cache(maxsize=64)
def _times(language: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of times of day, the surest first; what follows the first two needs a date beside it."""
    half = rf"(?P<p>{half_day_pattern(names_of(language))})(?!\w)"
    patterns = (
        rf"(?<![\d:.,/-])(?P<H>[01]?\d|2[0-4]):(?P<M>[0-5]\d)(?::(?P<S>[0-5]\d))?(?![\d:])(?!\s?{half})",
        rf"(?<![\d:.,/-])(?P<I>0?\d|1[0-2])(?:[:.](?P<M>[0-5]\d)(?::(?P<S>[0-5]\d))?)?\s?{half}",
        r"(?<![\d:.,/-])(?P<H>[01]?\d|2[0-3])\s?h\s?(?P<M>[0-5]\d)(?!\w)",
        r"(?<![\d:.,/-])(?P<H>[01]?\d|2[0-3])\s?(?:h|uhr|uur)(?!\w)",
        r"(?<![\d:.,/-])(?P<H>[01]?\d|2[0-3])\.(?P<M>[0-5]\d)(?![\d:.])",
    )
    return tuple(map(re.compile, patterns))


def _with_time(words: _Words, match: re.Match[str], orders: Sequence[dict[str, str]], language: str) -> Shown:
    """Return the date, with the time that is nearest to it, in a format for each order of its parts."""
    start, end = match.span()
    tag = _tag(words, match, language)
    made = [_as_format(words.small, match, roles, tag) for roles in orders]
    time = _time_beside(words, match, language)
    if time:
        clock = _as_format(words.small, time, {group: group for group in time.groupdict()}, "")
        if time.start() >= end:
            gap = _as_literal(words.small[end : time.start()])
            made = [f"{day}{gap}{clock}" for day in made]
        else:
            gap = _as_literal(words.small[time.end() : start])
            made = [f"{clock}{gap}{day}" for day in made]
        start, end = min(start, time.start()), max(end, time.end())
    before, after = words.small[:start], words.small[end:]
    made = [_around(form, before, after) for form in made]
    return Shown(words.line, tuple(made), end - start, time is not None)


def _tag(words: _Words, match: re.Match[str], language: str) -> str:
    """Return how a directive names the language, where the date has a word of it; "" where none is needed."""
    if not language:
        return ""
    before, after = words.plain[: match.start()], words.plain[match.end() :]
    has_weekday = dates.weekdays_around(before, after, names_of(language))
    return f"{{{language}}}" if "B" in match.groupdict() or has_weekday else ""


def _time_beside(words: _Words, match: re.Match[str], language: str) -> re.Match[str] | None:
    """Return the time beside a date: the first that follows it, else the last before it."""
    start, end = match.span()
    for n, pattern in enumerate(_times(language)):
        times = [t for t in pattern.finditer(words.plain) if t.end() <= start or t.start() >= end]
        is_beside = _is_near if n < SURE_TIMES else _is_beside
        gaps = [words.plain[end : t.start()] if t.start() >= end else words.plain[t.end() : start] for t in times]
        near = [time for time, gap in zip(times, gaps, strict=True) if is_beside(gap)]
        later = [time for time in near if time.start() >= end]
        if near:
            return later[0] if later else near[-1]
    return None


def _is_near(gap: str) -> bool:
    return len(gap) <= _GAP and not re.search(r"\d", gap)


def _is_beside(gap: str) -> bool:
    return bool(_BESIDE.fullmatch(gap))


def _as_format(line: str, match: re.Match[str], roles: Mapping[str, str], tag: str) -> str:
    """Return what was found as a format: its parts as directives, and what is between them as it is.

    ``roles`` are the directives of the pattern's groups; the tag goes to the month's name, else to the first of them.
    """
    spans = sorted((match.span(group), directive) for group, directive in roles.items() if match[group])
    tagged = next((d for _, d in spans if d in "Bb"), spans[0][1])
    form, place = "", match.start()
    for (begin, end), directive in spans:
        form += _as_literal(line[place:begin])
        form += f"%{tag}{directive}" if directive == tagged else f"%{directive}"
        place = end
    return form + _as_literal(line[place : match.end()])


def _as_literal(literal: str) -> str:
    return literal.replace("%", "%%")


def _around(form: str, before: str, after: str) -> str:
    """The format with a place for the words around the date, where they have digits or are glued to it."""
    lead = "%*" if re.search(r"\d", before) or re.search(r"[\w./-]$", before) else ""
    year = re.match(rf"\s*(?:{AFTER_YEAR})(?!\w)", after) if form.endswith("%Y") else None
    form += _as_literal(year[0]) if year else ""
    rest = after[year.end() :] if year else after
    return lead + form + ("%*" if re.search(r"\d", rest) or re.match(r"[\w/]", rest) else "")


@lru_cache(maxsize=8192)
def instant_of(date: Shown, zone: ZoneInfo, now: datetime, order: int = 0) -> datetime | None:
    """Return the instant of a date, read with the day first (order 0) or the month first (1); None if it has none."""
    if not date.formats:
        return dates.machine(date.string, zone)
    return dates.first([date.string], zone, (date.formats[min(order, len(date.formats) - 1)],), now)
