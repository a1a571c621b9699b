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

CLOCKS_DIFFER = timedelta(minutes=5)  # a server may run ahead of us by so much
MONTHS = (
    ("січень", "січня", "january"), ("лютий", "лютого", "february"), ("березень", "березня", "march"),
    ("квітень", "квітня", "april"), ("травень", "травня", "may"), ("червень", "червня", "june"),
    ("липень", "липня", "july"), ("серпень", "серпня", "august"), ("вересень", "вересня", "september"),
    ("жовтень", "жовтня", "october"), ("листопад", "листопада", "november"), ("грудень", "грудня", "december"),
)  # fmt: skip
SHORT_MONTHS = (
    ("січ", "jan"), ("лют", "feb"), ("бер", "mar"), ("кві", "квіт", "apr"), ("тра", "трав", "may"),
    ("чер", "черв", "jun"), ("лип", "jul"), ("сер", "серп", "aug"), ("вер", "sep", "sept"),
    ("жов", "жовт", "oct"), ("лис", "лист", "nov"), ("гру", "груд", "dec"),
)  # fmt: skip
WEEKDAYS = (
    ("понеділок", "monday", "пн", "mon"), ("вівторок", "tuesday", "вт", "tue"), ("середа", "wednesday", "ср", "wed"),
    ("четвер", "thursday", "чт", "thu"), ("п'ятниця", "friday", "пт", "fri"), ("субота", "saturday", "сб", "sat"),
    ("неділя", "sunday", "нд", "sun"),
)  # fmt: skip
MONTH_NUMBER = {name: n for names in (MONTHS, SHORT_MONTHS) for n, month in enumerate(names, 1) for name in month}
WEEKDAY_NUMBER = {name: n for n, day in enumerate(WEEKDAYS) for name in day}


def _any_of(names: Iterable[str]) -> str:
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
    "B": f"(?P<B>{_any_of(n for names in MONTHS for n in names)})",
    "b": f"(?P<b>{_any_of(n for names in SHORT_MONTHS for n in names)})\\.?",
    "A": f"(?P<A>{_any_of(WEEKDAY_NUMBER)})",
    "a": f"(?P<A>{_any_of(WEEKDAY_NUMBER)})\\.?",
    "%": "%",
}
WEEKDAY = re.compile(rf"(?<!\w)(?:{_any_of(WEEKDAY_NUMBER)})(?!\w)")
ISO_8601 = re.compile(r"([1-9]\d{3}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d(?::?\d\d)?)?")
RFC_2822 = re.compile(r"([A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)? ([+-]\d{4}|GMT|UT|UTC|Z)")


def first(candidates: Iterable[str], zone: ZoneInfo, formats: tuple[str, ...]) -> datetime | None:
    """The instant of the first candidate that can be read, in UTC; None where none can.

    A machine's date comes before a person's: at the end of summer time the
    same 03:30 happens twice, and only the machine's tells which.
    """
    shown = [text.line(c) for c in candidates]
    readings = (*(machine(c, zone) for c in shown), *(person(c, zone, formats) for c in shown))
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


def person(shown: str, zone: ZoneInfo, formats: tuple[str, ...]) -> datetime | None:
    """A date that fits a format. Words may stand around it, further digits may not: they would be part of it.

    A weekday among those words must be the date's own: else day and month are
    not what they seem.
    """
    folded = shown.casefold().replace("’", "'").replace("ʼ", "'")
    for form in formats:
        match = _pattern(form).search(folded)
        around = folded[: match.start()] + " " + folded[match.end() :] if match else ""
        if match and not re.search(r"\d|\b[ap]\.?m\b", around):
            weekdays = [WEEKDAY_NUMBER[w] for w in (match.groupdict().get("A"), *WEEKDAY.findall(around)) if w]
            if instant := _instant(match.groupdict(), weekdays, zone):
                return instant
    return None


@lru_cache(maxsize=256)
def _pattern(form: str) -> re.Pattern[str]:
    """The format as a regular expression: white space in any amount, nothing of a number left outside."""
    parts = re.split(r"(%.|\s+)", form.strip())
    made = "".join(
        DIRECTIVES[p[1]] if p.startswith("%") else r"\s*" if p.isspace() else re.escape(p.casefold()) for p in parts
    )
    return re.compile(rf"(?<![\w./-]){made}(?![\w/]|[.:-]\d)")


def _instant(found: dict[str, str | None], weekdays: list[int], zone: ZoneInfo) -> datetime | None:
    name = found.get("B") or found.get("b")
    month = MONTH_NUMBER[name] if name else int(found.get("m") or 0)
    year = int(found["Y"] or 0) if "Y" in found else 2000 + int(found.get("y") or 0)
    day, hour, minute = (int(found.get(k) or 0) for k in "dHM")
    midnight = (hour, minute) == (24, 0)  # of the day that ends
    try:
        local = datetime(year, month, day, 0 if midnight else hour, minute, tzinfo=zone)
    except ValueError:
        return None
    if any(weekday != local.weekday() for weekday in weekdays):
        return None
    return _utc(local + timedelta(days=midnight), zone)


def _utc(moment: datetime, zone: ZoneInfo) -> datetime | None:
    """In UTC, whole seconds. Of an hour that happens twice the first, steadily."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC).replace(microsecond=0)
    except (OverflowError, ValueError):
        return None
