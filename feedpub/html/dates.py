"""A page's date, as shown → an instant in UTC. Nothing is guessed.

Dates for machines (ISO 8601, RFC 2822) are read by dateutil. Dates for people are read by the source's own formats,
strictly, in the source's time zone. dateutil never sees a person's date: it takes 09/06/2025 for September and,
told that the day comes first, still swaps 06/13 without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

from feedpub import text
from feedpub.html.date_names import Names, names_of
from feedpub.html.date_patterns import AGE, compiled
from feedpub.html.date_words import (
    DAYS_AGO,
    LONG_MONTH_NUMBER,
    LONG_WEEKDAY_NUMBER,
    UNITS_AGO,
    any_of,
    plain,
)

LONGEST = 2_000  # characters among which a date is looked for
GLUED = re.compile(r"(?<!\w)(\d{1,2})([^\W\d_]{3,12}\.?)(\d{4})(?!\w)")
SOON = timedelta(days=1)  # a date without a year may lie ahead by so much
WINTER = datetime(2026, 1, 1, tzinfo=UTC)  # no summer time in Europe
YEARS_BACK = 7  # in which a date without a year may lie

ISO_8601 = (
    re.compile(  # and with the zone as Ruby, Java and people add it: 2026-11-26 08:30:00 UTC, …+02:00[Europe/Kyiv]
        r"([1-9]\d{3}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)"
        r"\s*(Z|[+-]\d\d(?::?\d\d)?|(?:UTC|GMT)(?:[+-]\d\d?(?::?\d\d)?)?)?(?:\[[\w/+-]+\])?"
    )
)
RFC_2822 = re.compile(r"([A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)? ([+-]\d{4}|GMT|UT|UTC|Z)")
# As JavaScript and as Unix print an instant: Thu Nov 26 2026 10:30:00 GMT+0200 (EET), Thu Nov 26 10:30:00 +0200 2026.
PRINTED = re.compile(
    r"[A-Z][a-z]{2} (?P<day>[A-Z][a-z]{2} +\d\d?) (?:(?P<year>\d{4}) )?(?P<time>\d\d:\d\d:\d\d) "
    r"(?P<offset>(?:UTC|GMT)?[+-]\d{4}|UTC|GMT)(?(year)(?: \([^()]*\))?| (?P<last>\d{4}))"
)
_ZONE = re.compile(  # after a time of day: «10:30 UTC», «10:30 (GMT+2)», «10:30 +0200»
    r"(?<=:\d\d)\s*\(?(?:(?:UTC|GMT)(?:\s?(?P<sign>[+\u2212-])\s?(?P<hours>\d\d?)(?::?(?P<minutes>[0-5]\d))?)?"
    r"|(?<=\s)(?P<sign_>[+-])(?P<hours_>\d\d)(?P<minutes_>[0-5]\d))(?![\w:])\)?(?:\s\([^()\d]{1,60}\))?"
)
_WEEKDAY = re.compile(rf"(?<!\w)(?:{any_of(LONG_WEEKDAY_NUMBER)})(?!\w)")
_COUNTER = re.compile(
    r"(?:перегляд|просмотр|прочитан|views?|hits|reads|visite|visualizza|aufrufe|vistas|vues|wyświetl)"
)
_CALENDAR = re.compile(rf"(?<!\w)(?:{any_of(LONG_MONTH_NUMBER | LONG_WEEKDAY_NUMBER)})(?!\w)")
_HALF_DAY = re.compile(r"\s*[ap]\.?\s?m\b")  # after an hour: 10:39 p.m.

# ------------------------------------------------------------ reading


def may_be(shown: str) -> bool:
    """Whether a string could hold a date: it has digits, or words that count from today."""
    if re.search(r"\d", shown):
        return True
    return AGE.search(plain(shown[:LONGEST])) is not None


def first(
    candidates: Iterable[str], zone: ZoneInfo, formats: tuple[str, ...], now: datetime | None = None
) -> datetime | None:
    """Return the instant of the first candidate that can be read, in UTC; None where none can.

    A machine's date comes before a person's: at the end of summer time the same 03:30 happens twice, and only the
    machine's tells which. ``now`` is when the page was asked for. Without it an age and a date without a year cannot
    be read.
    """
    shown = [apart(text.line(c)) for c in candidates if len(c) <= LONGEST]
    by_machines = (machine(c, zone) for c in shown)
    by_people = (person(c, zone, formats, now) for c in shown)
    return next(filter(None, chain(by_machines, by_people)), None)


def apart(shown: str) -> str:
    """Return the string with spaces in «26лист2026»: the parts of a calendar's leaf have boxes of their own."""
    return GLUED.sub(r"\1 \2 \3", shown)


def machine(shown: str, zone: ZoneInfo) -> datetime | None:
    """Return the instant of ISO 8601, of RFC 2822 or as programs print it; None for anything else.

    Without an offset it is in the zone. An offset has the sign that is written, also behind UTC or GMT: dateutil would
    turn it round, as POSIX does.
    """
    iso, printed = ISO_8601.fullmatch(shown), PRINTED.fullmatch(shown)
    if not iso and not printed and not RFC_2822.fullmatch(shown):
        return None
    from dateutil import parser

    if iso:
        day, time, offset = iso.groups(default="")
        shown = f"{day}T{time}{_plain_offset(offset)}"
    elif printed:
        year = printed["year"] or printed["last"]
        shown = f"{printed['day']} {year} {printed['time']} {_plain_offset(printed['offset'])}"
    try:
        moment = parser.isoparse(shown) if iso else parser.parse(shown)
    except (ValueError, OverflowError):
        return None
    return _utc(moment, zone)


def _plain_offset(offset: str) -> str:
    """Return an offset without UTC or GMT before it: «UTC+2» is +02, «UTC» alone Z."""
    bare = offset.removeprefix("UTC").removeprefix("GMT")
    if offset and not bare:
        return "Z"
    return re.sub(r"^([+-])(\d)(?=$|:|\d\d$)", r"\g<1>0\2", bare)


def without_zone(shown: str) -> tuple[str, timezone | None]:
    """Return the string without the zone after its time of day, and that zone; None where it names none."""
    match = _ZONE.search(shown)
    if match is None:
        return shown, None
    sign = match["sign"] or match["sign_"]
    hours, minutes = (int(match[name] or match[f"{name}_"] or 0) for name in ("hours", "minutes"))
    offset = timedelta(hours=hours, minutes=minutes) * (1 if sign in (None, "+") else -1)
    if abs(offset) >= timedelta(days=1):
        return shown, None
    return f"{shown[: match.start()]}{shown[match.end() :]}", timezone(offset)


def _zone_meant(named: timezone | None, zone: ZoneInfo) -> tzinfo:
    """Return the zone of a date that names one. The source's own standard offset means the source's zone.

    Many a site writes GMT+2 all the year, beside the clock on its wall.
    """
    if named is None or named.utcoffset(None) == zone.utcoffset(WINTER):
        return zone
    return named


def person(shown: str, zone: ZoneInfo, formats: tuple[str, ...], now: datetime | None = None) -> datetime | None:
    """Return the instant of a date that fits a format; None where it fits none.

    Words may be around it. Further digits may not: they would be part of it. A weekday among those words must be the
    date's own, else day and month are not what they seem. A date without a year is the latest such day that is not in
    the future.
    """
    shown, named = without_zone(shown)
    place = _zone_meant(named, zone)
    folded = plain(shown)
    for form in formats:
        read_by = compiled(form)
        match = read_by.pattern.search(folded)
        if match is None:
            continue
        before = folded[: match.start()]
        after = folded[match.end() :]
        if re.search(r"\d", f"{before} {after}") or _HALF_DAY.match(after):
            continue
        age = match.groupdict().get("R")
        if age:
            return relative(age, zone, now)
        parts = read_by.numbers(match)
        weekdays = weekdays_around(before, after, read_by.names)
        if "A" in parts:
            weekdays.append(parts["A"])
        instant = _instant_of(parts, weekdays, place, now)
        if instant:
            return instant
    return None


def weekdays_around(before: str, after: str, names: Names) -> list[int]:
    """Return the weekdays in the plain words around a date; Monday is 0.

    One of another language than those built in counts only right beside the date: «So» and «segunda» are words.
    """
    built_in = names_of("")
    anywhere = _weekday_pattern("", tuple(built_in.all_weekdays), r"(?!\w)") if names is built_in else None
    leading = _weekday_pattern("", tuple(names.all_weekdays), r"\.?,?\s*$")
    trailing = _weekday_pattern(r"^\W{0,3}", tuple(names.weekdays), r"(?!\w)")
    found = anywhere.findall(f"{before} {after}") if anywhere else []
    found += [*leading.findall(before), *trailing.findall(after)]
    return [names.all_weekdays[name] for name in dict.fromkeys(found)]


@lru_cache(maxsize=64)
def _weekday_pattern(start: str, names: tuple[str, ...], end: str) -> re.Pattern[str]:
    return re.compile(rf"{start}(?<!\w)({any_of(names)}){end}")


def relative(shown: str, zone: ZoneInfo, now: datetime | None) -> datetime | None:
    """Return the instant of an age («2 години тому») or a day («вчора, 10:15»), counted from ``now``; None without."""
    age = AGE.fullmatch(shown.casefold().strip())
    if age is None or now is None:
        return None
    if age["day"]:
        day = now.astimezone(zone) - timedelta(days=DAYS_AGO[age["day"]])
        hour = int(age["H"] or 0)
        minute = int(age["M"] or 0)
        try:
            return _utc(day.replace(hour=hour, minute=minute, second=0), zone)
        except ValueError:  # no time of day
            return None
    count = text.number(age["n"] or "1")
    if count is None:
        return None
    unit = _unit(age["unit"] or "")
    try:
        return _utc(now - count * unit, zone)
    except OverflowError:  # before the year 1
        return None


def _unit(word: str) -> timedelta:
    """Return the length of an age's unit; none where the age has no unit, as «щойно»."""
    for pattern, length in UNITS_AGO:
        if re.fullmatch(pattern, word):
            return length
    return timedelta(0)


@lru_cache(maxsize=1024)  # a site's frame says the same on every page
def fold(line: str) -> str:
    """Return the line with 0 for all that changes from day to day: numbers, months, weekdays."""
    words = plain(text.line(line))
    return re.sub(r"\d+", "0", _CALENDAR.sub("0", words))


def frame_key(line: str) -> str:
    """Return a key that is equal for lines which are the same on every page of a site, letter by letter.

    Of a counter of views and of the page's clock the numbers do not count. Any other line with a number of its own is
    news: «Рішення № 7» is.
    """
    is_clock = not _words_in(line) and _WEEKDAY.search(plain(text.line(line))) is not None
    return fold(line) if is_clock or is_counter(line) else text.line(line)


def is_counter(line: str) -> bool:
    """Whether a line is a counter of views and nothing else."""
    return len(_words_in(line)) == 1 and _COUNTER.match(plain(text.line(line))) is not None


def _words_in(line: str) -> list[str]:
    """Return the words of a line that are no part of a date."""
    return re.findall(r"[^\W\d_]+", fold(line))


# ------------------------------------------------------------ a person's date


def _instant_of(parts: dict[str, int], weekdays: list[int], zone: tzinfo, now: datetime | None) -> datetime | None:
    """Return the instant of a date's parts, each by its directive; of one without a year the latest until now."""
    if "Y" in parts:
        return _instant_in(parts["Y"], parts, weekdays, zone)
    if "y" in parts:
        return _instant_in(2000 + parts["y"], parts, weekdays, zone)
    if now is None:
        return None
    for year in range(now.year + 1, now.year - YEARS_BACK - 1, -1):
        instant = _instant_in(year, parts, [], zone)
        if instant and instant <= now + SOON:
            return instant
    return None


def _instant_in(year: int, parts: dict[str, int], weekdays: list[int], zone: tzinfo) -> datetime | None:
    """Return the instant in this year; None where there is no such day or time, or it is another weekday."""
    month, day, hour, minute = (parts.get(directive, 0) for directive in "mdHM")
    ends_day = (hour, minute) == (24, 0)
    try:
        local = datetime(year, month, day, 0 if ends_day else hour, minute, tzinfo=zone)
        moment = local + timedelta(days=ends_day)
    except (ValueError, OverflowError):
        return None
    if any(weekday != local.weekday() for weekday in weekdays):
        return None
    return _utc(moment, zone)


def _utc(moment: datetime, zone: tzinfo) -> datetime | None:
    """Return the moment in UTC, in whole seconds. Of an hour that happens twice it is always the first."""
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        return local.astimezone(UTC).replace(microsecond=0)
    except (OverflowError, ValueError):
        return None
