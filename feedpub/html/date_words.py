"""The words of dates, as pages have them. Reading and learning have no other lists.

To add a word, add it to its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

MONTHS = (
    ("січень", "січня", "january", "январь", "января"),
    ("лютий", "лютого", "february", "февраль", "февраля"),
    ("березень", "березня", "march", "март", "марта"),
    ("квітень", "квітня", "april", "апрель", "апреля"),
    ("травень", "травня", "may", "май", "мая"),
    ("червень", "червня", "june", "июнь", "июня"),
    ("липень", "липня", "july", "июль", "июля"),
    ("серпень", "серпня", "august", "август", "августа"),
    ("вересень", "вересня", "september", "сентябрь", "сентября"),
    ("жовтень", "жовтня", "october", "октябрь", "октября"),
    ("листопад", "листопада", "november", "ноябрь", "ноября"),
    ("грудень", "грудня", "december", "декабрь", "декабря"),
)
SHORT_MONTHS = (
    ("січ", "jan", "янв"),
    ("лют", "feb", "фев", "февр"),
    ("бер", "mar", "мар"),
    ("кві", "квіт", "apr", "апр"),
    ("тра", "трав", "may", "май"),
    ("чер", "черв", "jun", "июн"),
    ("лип", "jul", "июл"),
    ("сер", "серп", "aug", "авг"),
    ("вер", "sep", "sept", "сен", "сент"),
    ("жов", "жовт", "oct", "окт"),
    ("лис", "лист", "nov", "ноя", "нояб"),
    ("гру", "груд", "dec", "дек"),
)
WEEKDAYS = (  # in full, then short
    ("понеділок", "monday", "пн", "mon"),
    ("вівторок", "tuesday", "вт", "tue"),
    ("середа", "wednesday", "ср", "wed"),
    ("четвер", "thursday", "чт", "thu"),
    ("п'ятниця", "friday", "пт", "fri"),
    ("субота", "saturday", "сб", "sat"),
    ("неділя", "sunday", "нд", "sun"),
)
DAYS_AGO = {  # «учора», «учора, 14:05», «учора о 14:05»
    "сьогодні": 0,
    "сегодня": 0,
    "today": 0,
    "вчора": 1,
    "учора": 1,
    "yesterday": 1,
    "позавчора": 2,
}
BEFORE_TIME = ("о", "об", "в", "at")
JUST_NOW = ("щойно", "just now")
UNITS_AGO = (  # «2 години тому», «годину тому»: patterns
    (r"секунд\w*|хвилин\w*|хв\.?|minutes?|min\.?|минут\w*", timedelta(minutes=1)),
    (r"годин\w*|год\.?|hours?|час(?:а|ов)?", timedelta(hours=1)),
    (r"день|дн\w+|добу|доби|days?", timedelta(days=1)),
    (r"тиж\w+|weeks?|недел\w+", timedelta(weeks=1)),
)
AGO = ("тому", "ago", "назад")


def any_of(names: Iterable[str]) -> str:
    """Return the names as alternatives of a regular expression, longer ones first."""
    return "|".join(sorted(map(re.escape, names), key=len, reverse=True))


def _numbered(rows: Sequence[tuple[str, ...]], first: int) -> dict[str, int]:
    """Return each name with the number of its row."""
    numbers: dict[str, int] = {}
    for number, names in enumerate(rows, first):
        numbers.update(dict.fromkeys(names, number))
    return numbers


LONG_MONTH_NUMBER = _numbered(MONTHS, 1)
SHORT_MONTH_NUMBER = _numbered(SHORT_MONTHS, 1)
MONTH_NUMBER = LONG_MONTH_NUMBER | SHORT_MONTH_NUMBER
WEEKDAY_NUMBER = _numbered(WEEKDAYS, 0)
LONG_WEEKDAY_NUMBER = _numbered([names[:2] for names in WEEKDAYS], 0)
