"""What a page shows as its date → an instant in UTC.

Two kinds, and no guessing between them: what is written for machines (ISO
8601, RFC 2822) is read by dateutil; what is written for people is read by the
source's own formats, strictly, in the source's time zone. dateutil never sees
a person's date: it takes 09/06/2025 for September and, told otherwise, still
swaps 06/13 in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from feedpub import text

APOSTROPHES = str.maketrans("’ʼ`", "'''")
LONGEST = 2_000  # characters among which a date is looked for
CLOCKS_DIFFER = timedelta(minutes=5)  # a server may run ahead of us by so much
MONTHS = (
    ("січень", "січня", "january", "январь", "января"), ("лютий", "лютого", "february", "февраль", "февраля"),
    ("березень", "березня", "march", "март", "марта"), ("квітень", "квітня", "april", "апрель", "апреля"),
    ("травень", "травня", "may", "май", "мая"), ("червень", "червня", "june", "июнь", "июня"),
    ("липень", "липня", "july", "июль", "июля"), ("серпень", "серпня", "august", "август", "августа"),
    ("вересень", "вересня", "september", "сентябрь", "сентября"),
    ("жовтень", "жовтня", "october", "октябрь", "октября"),
    ("листопад", "листопада", "november", "ноябрь", "ноября"), ("грудень", "грудня", "december", "декабрь", "декабря"),
)  # fmt: skip
SHORT_MONTHS = (
    ("січ", "jan", "янв"), ("лют", "feb", "фев", "февр"), ("бер", "mar", "мар"), ("кві", "квіт", "apr", "апр"),
    ("тра", "трав", "may", "май"), ("чер", "черв", "jun", "июн"), ("лип", "jul", "июл"), ("сер", "серп", "aug", "авг"),
    ("вер", "sep", "sept", "сен", "сент"), ("жов", "жовт", "oct", "окт"), ("лис", "лист", "nov", "ноя", "нояб"),
    ("гру", "груд", "dec", "дек"),
)  # fmt: skip
WEEKDAYS = (
    ("понеділок", "monday", "пн", "mon"), ("вівторок", "tuesday", "вт", "tue"), ("середа", "wednesday", "ср", "wed"),
    ("четвер", "thursday", "чт", "thu"), ("п'ятниця", "friday", "пт", "fri"), ("субота", "saturday", "сб", "sat"),
    ("неділя", "sunday", "нд", "sun"),
)  # fmt: skip
MONTH_NUMBER = {name: n for names in (MONTHS, SHORT_MONTHS) for n, month in enumerate(names, 1) for name in month}
WEEKDAY_NUMBER = {name: n for n, day in enumerate(WEEKDAYS) for name in day}


def any_of(names: Iterable[str]) -> str:
    """The names as alternatives of a regular expression, longer ones first."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


DIRECTIVES = {
    "d": r"(?P<d>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "H": r"(?P<H>\d{1,2})",
    "M": r"(?P<M>\d{2})",
    "S": r"\d{2}",  # feeds of a council's news need no seconds
    "*": r".*(?:$|(?<!\d))",  # whatever stands there: a counter of views, say
    "B": f"(?P<B>{any_of(n for names in MONTHS for n in names)})",
    "b": f"(?P<b>{any_of(n for names in SHORT_MONTHS for n in names)})\\.?",
    "A": f"(?P<A>{any_of(WEEKDAY_NUMBER)})",
    "a": f"(?P<A>{any_of(WEEKDAY_NUMBER)})\\.?",
    "^": r".*?(?<!\d)",  # the same before a date; no one writes this
    "%": "%",
}
UNITS = (
    (r"секунд\w*|хвилин\w*|хв\.?|minutes?|min\.?|минут\w*", timedelta(minutes=1)),
    (r"годин\w*|год\.?|hours?|час(?:а|ов)?", timedelta(hours=1)),
    (r"день|дн\w+|добу|доби|days?", timedelta(days=1)),
    (r"тиж\w+|weeks?|недел\w+", timedelta(weeks=1)),
)
DAYS_AGO = {"сьогодні": 0, "вчора": 1, "учора": 1, "позавчора": 2, "today": 0, "yesterday": 1, "сегодня": 0}
AGE = re.compile(
    rf"(?P<n>\d+)?\s*(?P<unit>{'|'.join(u for u, _ in UNITS)})\s+(?:тому|ago|назад)"
    rf"|(?P<day>{'|'.join(DAYS_AGO)})(?:\s*,?\s*(?:об?|в|at)?\s*(?P<H>\d{{1,2}}):(?P<M>\d\d))?|щойно|just now"
)
# An age, or a day such as «вчора»: counted from the moment at which the page was asked for.
DIRECTIVES["R"] = f"(?P<R>{re.sub(r'[?]P<[a-zA-Z]+>', '?:', AGE.pattern)})"
_CALENDAR = re.compile(
    rf"(?<!\w)(?:{any_of([n for names in MONTHS for n in names] + [n for day in WEEKDAYS for n in day[:2]])})(?!\w)"
)
_BEFORE = r"(?<![\w./-])"
WEEKDAY = re.compile(rf"(?<!\w)(?:{any_of(WEEKDAY_NUMBER)})(?!\w)")
ISO_8601 = re.compile(r"([1-9]\d{3}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d(?::?\d\d)?)?")
RFC_2822 = re.compile(r"([A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)? ([+-]\d{4}|GMT|UT|UTC|Z)")


def may_be(shown: str) -> bool:
    """Whether a string could hold a date at all: it has digits, or words that count from today."""
    return bool(re.search(r"\d", shown) or AGE.search(plain(shown[:LONGEST])))


def first(
    candidates: Iterable[str], zone: ZoneInfo, formats: tuple[str, ...], now: datetime | None = None
) -> datetime | None:
    """The instant of the first candidate that can be read, in UTC; None where none can.

    A machine's date comes before a person's: at the end of summer time the
    same 03:30 happens twice, and only the machine's tells which. ``now`` is
    when the page was asked for: an age and a date without a year are counted
    from it, and mean nothing without it.
    """
    shown = [text.line(c) for c in candidates if len(c) <= LONGEST]
    readings = (*(machine(c, zone) for c in shown), *(person(c, zone, formats, now) for c in shown))
    return next((instant for instant in readings if instant), None)


def machine(shown: str, zone: ZoneInfo) -> datetime | None:
    """A date and time in ISO 8601 or RFC 2822; without an offset it is in the zone. Less than both is no instant."""
    iso = ISO_8601.fullmatch(shown)
    if not iso and not RFC_2822.fullmatch(shown):
        return None
    from dateutil import parser

    try:
        return _utc(parser.isoparse(f"{iso[1]}T{iso[2]}{iso[3] or ''}") if iso else parser.parse(shown), zone)
    except (ValueError, OverflowError):
        return None


def person(shown: str, zone: ZoneInfo, formats: tuple[str, ...], now: datetime | None = None) -> datetime | None:
    """A date that fits a format. Words may stand around it, further digits may not: they would be part of it.

    A weekday among those words must be the date's own: else day and month are
    not what they seem. A date without a year is the latest such day that is
    not in the future.
    """
    folded = plain(shown)
    for form in formats:
        match = _pattern(form).search(folded)
        around = folded[: match.start()] + " " + folded[match.end() :] if match else ""
        if match and not re.search(r"\d", around) and not re.match(r"\s*[ap]\.?m\b", folded[match.end() :]):
            found = match.groupdict()
            if found.get("R"):
                return relative(found["R"] or "", zone, now)
            weekdays = [WEEKDAY_NUMBER[w] for w in (found.get("A"), *WEEKDAY.findall(around)) if w]
            if instant := _instant(found, weekdays, zone, now):
                return instant
    return None


def relative(shown: str, zone: ZoneInfo, now: datetime | None) -> datetime | None:
    """An age («2 години тому») or a day («вчора, 10:15»), counted from ``now``; None without it."""
    age = AGE.fullmatch(shown.casefold().strip())
    if age is None or now is None:
        return None
    if age["day"]:
        local = now.astimezone(zone) - timedelta(days=DAYS_AGO[age["day"]])
        try:
            return _utc(local.replace(hour=int(age["H"] or 0), minute=int(age["M"] or 0), second=0), zone)
        except ValueError:  # no time of day
            return None
    step = next((step for unit, step in UNITS if age["unit"] and re.fullmatch(unit, age["unit"])), timedelta(0))
    count = text.number(age["n"] or "1")
    try:
        return _utc(now - count * step, zone) if count is not None else None
    except OverflowError:  # before the year 1
        return None


@lru_cache(maxsize=1024)  # a site's frame says the same on every page
def fold(line: str) -> str:
    """The line without what changes from day to day: numbers, months, weekdays."""
    return re.sub(r"\d+", "0", _CALENDAR.sub("0", plain(text.line(line))))


def plain(line: str) -> str:
    """The line in small letters and with one kind of apostrophe, character for character."""
    small = line.lower()
    if len(small) != len(line):  # «İ» would be two
        small = "".join(c.lower() if len(c.lower()) == 1 else c for c in line)
    return small.translate(APOSTROPHES)


@lru_cache(maxsize=256)
def _pattern(form: str) -> re.Pattern[str]:
    """The format as a regular expression: white space in any amount, nothing of a number left outside."""
    parts = re.split(r"(%.|\s+)", form.strip())
    if parts[0] == "" and len(parts) > 1 and parts[1] == "%*":
        parts[1] = "%^"  # before the date as little as can be, after it as much
    made = "".join(
        DIRECTIVES[p[1]] if p.startswith("%") else r"\s*" if p.isspace() else re.escape(p.casefold()) for p in parts
    )
    return re.compile(rf"{'' if '%^' in parts else _BEFORE}{made}(?![\w/]|[.:-]\d)")


def _instant(
    found: dict[str, str | None], weekdays: list[int], zone: ZoneInfo, now: datetime | None
) -> datetime | None:
    name = found.get("B") or found.get("b")
    month = MONTH_NUMBER[name] if name else int(found.get("m") or 0)
    if "Y" not in found and "y" not in found:
        return _latest(found, month, zone, now)
    year = int(found["Y"] or 0) if "Y" in found else 2000 + int(found.get("y") or 0)
    day, hour, minute = (int(found.get(k) or 0) for k in "dHM")
    midnight = (hour, minute) == (24, 0)  # of the day that ends
    try:
        local = datetime(year, month, day, 0 if midnight else hour, minute, tzinfo=zone)
        ended = local + timedelta(days=midnight)
    except (ValueError, OverflowError):
        return None
    if any(weekday != local.weekday() for weekday in weekdays):
        return None
    return _utc(ended, zone)


def _latest(found: dict[str, str | None], month: int, zone: ZoneInfo, now: datetime | None) -> datetime | None:
    """The latest day of this name that is not in the future."""
    for year in range(now.year + 1, now.year - 8, -1) if now else ():
        moment = _instant({**found, "Y": str(year), "m": str(month), "B": None, "b": None}, [], zone, now)
        if moment and now and moment <= now + timedelta(days=1):
            return moment
    return None


def _utc(moment: datetime, zone: ZoneInfo) -> datetime | None:
    """In UTC, whole seconds. Of an hour that happens twice the first, steadily."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC).replace(microsecond=0)
    except (OverflowError, ValueError):
        return None
