"""A page's date, as shown → an instant in UTC. Nothing is guessed.

Dates for machines (ISO 8601, RFC 2822) are read by dateutil. Dates for people are read by the source's own formats,
strictly, in the source's time zone. dateutil never sees a person's date: it takes 09/06/2025 for September and,
told that the day comes first, still swaps 06/13 without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo

from feedpub import text
from feedpub.html.date_words import (
    AGO,
    BEFORE_TIME,
    DAYS_AGO,
    JUST_NOW,
    LONG_MONTH_NUMBER,
    LONG_WEEKDAY_NUMBER,
    MONTH_NUMBER,
    SHORT_MONTH_NUMBER,
    UNITS_AGO,
    WEEKDAY_NUMBER,
    any_of,
)

LONGEST = 2_000  # characters among which a date is looked for
CLOCKS_DIFFER = timedelta(minutes=5)  # a server may run ahead of us by so much
SOON = timedelta(days=1)  # a date without a year may lie ahead by so much
YEARS_BACK = 7  # in which a date without a year may lie
APOSTROPHES = str.maketrans("’ʼ`", "'''")

# ------------------------------------------------------------ patterns

# An age, or a day such as «вчора»: counted from the moment at which the page was asked for.
_UNITS = "|".join(pattern for pattern, _ in UNITS_AGO)
_TIME = rf"\s*,?\s*(?:{any_of(BEFORE_TIME)})?\s*(?P<H>\d{{1,2}}):(?P<M>\d\d)"
AGE = re.compile(
    rf"(?P<n>\d+)?\s*(?P<unit>{_UNITS})\s+(?:{any_of(AGO)})"
    rf"|(?P<day>{any_of(DAYS_AGO)})(?:{_TIME})?"
    rf"|{any_of(JUST_NOW)}"
)
DIRECTIVES = {  # of a source's date_formats, as strftime has them and some more
    "d": r"(?P<d>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "H": r"(?P<H>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "S": r"\d{2}",  # a council's news needs no seconds
    "*": r".*(?:$|(?<!\d))",  # anything, such as a counter of views
    "B": f"(?P<B>{any_of(LONG_MONTH_NUMBER)})",
    "b": f"(?P<b>{any_of(SHORT_MONTH_NUMBER)})\\.?",
    "A": f"(?P<A>{any_of(WEEKDAY_NUMBER)})",
    "a": f"(?P<A>{any_of(WEEKDAY_NUMBER)})\\.?",
    "R": f"(?P<R>{re.sub(r'[?]P<[a-zA-Z]+>', '?:', AGE.pattern)})",
    "^": r".*?(?<!\d)",  # anything before a date: _pattern puts it in place of %*
    "%": "%",
}
WEEKDAY = re.compile(rf"(?<!\w)(?:{any_of(WEEKDAY_NUMBER)})(?!\w)")
ISO_8601 = re.compile(r"([1-9]\d{3}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d(?::?\d\d)?)?")
RFC_2822 = re.compile(r"([A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)? ([+-]\d{4}|GMT|UT|UTC|Z)")
_WEEKDAY = re.compile(rf"(?<!\w)(?:{any_of(LONG_WEEKDAY_NUMBER)})(?!\w)")
_COUNTER = re.compile(
    r"(?:перегляд|просмотр|прочитан|views?|hits|reads|visite|visualizza|aufrufe|vistas|vues|wyświetl)"
)
_CALENDAR = re.compile(rf"(?<!\w)(?:{any_of(LONG_MONTH_NUMBER | LONG_WEEKDAY_NUMBER)})(?!\w)")
_BEFORE = r"(?<![\w./-])"
_HALF_DAY = re.compile(r"\s*[ap]\.?m\b")  # after an hour: 10:39 p.m.

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
    shown = [text.line(c) for c in candidates if len(c) <= LONGEST]
    by_machines = (machine(c, zone) for c in shown)
    by_people = (person(c, zone, formats, now) for c in shown)
    return next(filter(None, chain(by_machines, by_people)), None)


def machine(shown: str, zone: ZoneInfo) -> datetime | None:
    """Return the instant of ISO 8601 or RFC 2822, without an offset in the zone; None for anything else."""
    iso = ISO_8601.fullmatch(shown)
    if not iso and not RFC_2822.fullmatch(shown):
        return None
    from dateutil import parser

    if iso:
        day, time, offset = iso.groups(default="")
        shown = f"{day}T{time}{offset}"
    try:
        moment = parser.isoparse(shown) if iso else parser.parse(shown)
    except (ValueError, OverflowError):
        return None
    return _utc(moment, zone)


def person(shown: str, zone: ZoneInfo, formats: tuple[str, ...], now: datetime | None = None) -> datetime | None:
    """Return the instant of a date that fits a format; None where it fits none.

    Words may be around it. Further digits may not: they would be part of it. A weekday among those words must be the
    date's own, else day and month are not what they seem. A date without a year is the latest such day that is not in
    the future.
    """
    folded = plain(shown)
    for form in formats:
        match = _pattern(form).search(folded)
        if match is None:
            continue
        before = folded[: match.start()]
        after = folded[match.end() :]
        around = f"{before} {after}"
        if re.search(r"\d", around) or _HALF_DAY.match(after):
            continue
        parts = match.groupdict()
        age = parts.get("R")
        if age:
            return relative(age, zone, now)
        weekday_names = (parts.get("A"), *WEEKDAY.findall(around))
        weekdays = [WEEKDAY_NUMBER[name] for name in weekday_names if name]
        instant = _instant_of(parts, weekdays, zone, now)
        if instant:
            return instant
    return None


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
    words = plain(text.line(line))
    others = re.findall(r"[^\W\d_]+", fold(line))
    is_clock = not others and _WEEKDAY.search(words) is not None
    is_counter = len(others) == 1 and _COUNTER.match(words) is not None
    return fold(line) if is_clock or is_counter else text.line(line)


def plain(line: str) -> str:
    """Return the line in small letters and with one kind of apostrophe, character for character."""
    small = line.lower()
    if len(small) != len(line):
        small = "".join(map(_small_letter, line))
    return small.translate(APOSTROPHES)


def _small_letter(letter: str) -> str:
    """Return the small letter; the letter itself where that would be two, as with «İ»."""
    small = letter.lower()
    return small if len(small) == 1 else letter


# ------------------------------------------------------------ a person's date


@lru_cache(maxsize=256)
def _pattern(form: str) -> re.Pattern[str]:
    """Return the format as a regular expression: with white space in any amount, and for whole numbers only."""
    parts = re.split(r"(%.|\s+)", form.strip())
    if parts[:2] == ["", "%*"]:
        parts[1] = "%^"  # as little as can be before the date, as much as can be after it
    before = "" if "%^" in parts else _BEFORE
    pattern = "".join(map(_part_pattern, parts))
    return re.compile(rf"{before}{pattern}(?![\w/]|[.:-]\d)")


def _part_pattern(part: str) -> str:
    if part.startswith("%"):
        return DIRECTIVES[part[1]]
    return r"\s*" if part.isspace() else re.escape(part.casefold())


def _instant_of(
    parts: dict[str, str | None], weekdays: list[int], zone: ZoneInfo, now: datetime | None
) -> datetime | None:
    """Return the instant of a date's parts, each by its directive; of one without a year the latest until now."""
    if "Y" in parts:
        return _instant_in(_part_number(parts, "Y"), parts, weekdays, zone)
    if "y" in parts:
        return _instant_in(2000 + _part_number(parts, "y"), parts, weekdays, zone)
    if now is None:
        return None
    for year in range(now.year + 1, now.year - YEARS_BACK - 1, -1):
        instant = _instant_in(year, parts, [], zone)
        if instant and instant <= now + SOON:
            return instant
    return None


def _instant_in(year: int, parts: dict[str, str | None], weekdays: list[int], zone: ZoneInfo) -> datetime | None:
    """Return the instant in this year; None where there is no such day or time, or it is another weekday."""
    name = parts.get("B") or parts.get("b")
    month = MONTH_NUMBER[name] if name else _part_number(parts, "m")
    day, hour, minute = (_part_number(parts, directive) for directive in "dHM")
    ends_day = (hour, minute) == (24, 0)
    try:
        local = datetime(year, month, day, 0 if ends_day else hour, minute, tzinfo=zone)
        moment = local + timedelta(days=ends_day)
    except (ValueError, OverflowError):
        return None
    if any(weekday != local.weekday() for weekday in weekdays):
        return None
    return _utc(moment, zone)


def _part_number(parts: dict[str, str | None], directive: str) -> int:
    return int(parts.get(directive) or 0)


def _utc(moment: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the moment in UTC, in whole seconds. Of an hour that happens twice it is always the first."""
    local = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        return local.astimezone(UTC).replace(microsecond=0)
    except (OverflowError, ValueError):
        return None
