"""The words of dates in Ukrainian, Russian and English, and those that all languages share.

``date_names`` gives the names of months and weekdays in other languages. To
add a word, add it to its row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache

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


HALF_DAYS = {"am": 0, "pm": 12}  # of 12-hour clocks: the hours to add
# Patterns of what people put beside a name, in many languages: «27 de noviembre del 2025», «27 d'octubre».
BEFORE_MONTH = r"(?:(?:de|di|do|of|da|dal|del)(?=\s)|ta'|d[iou]?')"
BEFORE_YEAR = r"(?:(?:de|del|di|do|of|dal|ta)(?=\s)|')"
AFTER_YEAR = r"року|роки|рік|р\.?|год(?:а|у)?|г\.?|r\.?|rok[ua]?|god(?:ine)?\.?"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
ROMAN = {name: number for number, name in enumerate(_ROMAN, 1)}  # «27 XI 2025»
ORDINAL = (  # after a day: «1st», «1er», «1º», «1.», «5-го», «27-én»
    r"(?:\.(?!\d)|[º°ª]|-?[гм]о(?!\w)|(?:st|nd|rd|th|ste|de|er|ere|re|eme|an|ean|a|ος|η)(?!\w)"
    r"|\(a\)|[-:](?:та|ти|ви|ри|ро|ое|ен|an|en|jan|jen|ei|ai|a|e|i)(?!\w))"
)
APOSTROPHES = str.maketrans("’ʼ`‘", "''''")


class _PlainLetters(dict[int, str]):
    """Each letter without its accents, found when it is asked for the first time."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFD", chr(code))
        has_accents = all(map(unicodedata.combining, parts[1:]))  # unlike a syllable of Hangul
        letter = parts[0] if has_accents else chr(code)
        self[code] = _small_letter(letter)
        return self[code]


PLAIN = _PlainLetters({ord("ı"): "i", ord("ł"): "l", ord("đ"): "d"})


@lru_cache(maxsize=8192)
def plain(line: str) -> str:
    """Return the line in small letters without accents, with one kind of apostrophe, character for character."""
    small = small_letters(line)
    return small if small.isascii() else small.translate(PLAIN)


def small_letters(line: str) -> str:
    """Return the line in small letters and with one kind of apostrophe, character for character."""
    small = line.lower()
    if len(small) != len(line):
        small = "".join(map(_small_letter, line))
    return small.translate(APOSTROPHES)


def _small_letter(letter: str) -> str:
    """Return the small letter; the letter itself where that would be two, as with «İ»."""
    small = letter.lower()
    return small if len(small) == 1 else letter


def any_of(names: Iterable[str]) -> str:
    """Return the names as alternatives of a regular expression, longer ones first."""
    unique = set(map(plain, names))
    return "|".join(map(re.escape, sorted(unique, key=lambda name: (-len(name), name))))


def _numbered(rows: Sequence[tuple[str, ...]], first: int) -> dict[str, int]:
    """Return each name with the number of its row."""
    numbers: dict[str, int] = {}
    for number, names in enumerate(rows, first):
        numbers.update(dict.fromkeys(names, number))
    return numbers


LONG_MONTH_NUMBER = _numbered(MONTHS, 1)
SHORT_MONTH_NUMBER = _numbered(SHORT_MONTHS, 1)
WEEKDAY_NUMBER = _numbered(WEEKDAYS, 0)
LONG_WEEKDAY_NUMBER = _numbered([names[:2] for names in WEEKDAYS], 0)
