"""The names of months and weekdays in one language, as people write them.

Babel brings those of other languages than Ukrainian, Russian and English. It is asked only for a language that a
source or its pages name. What its tables (CLDR) lack is here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from feedpub.html import date_words
from feedpub.html.date_words import plain
from feedpub.layout import DATE_LANGUAGES

if TYPE_CHECKING:
    from babel import Locale

ALIASES = {"ua": "uk", "no": "nb", "mo": "ro", "sh": "sr", "cnr": "sr", "me": "sr", "cz": "cs", "gr": "el", "dk": "da"}
SCRIPTS = {"sr": ("sr", "sr_Latn"), "bs": ("bs", "bs_Cyrl")}  # languages that are written in two
SHORTEST_WORD = 4  # letters; a shorter half of a day may have a dot after each
CONTEXTS = ("format", "stand-alone")  # of a name in CLDR: in a date, on its own
NONE = "-"  # in a row of months
PERIODS = ("abbreviated", "wide", "narrow")  # of the halves of a day

# Languages with dates that a person writes and CLDR lacks: the genitive, the locative, short forms.
_SERBIAN = (
    "januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra",
    "јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра",
)
MORE_MONTHS: Mapping[str, Sequence[str]] = {  # rows of twelve names, from January on
    "be": ("- - - - траўня - - - - - - -", "- - - - травень - - - - - - -"),
    "bs": _SERBIAN,
    "de": ("jänner feber märz - - - - - sept - - -", "jan feb mär apr mai jun jul aug sep okt nov dez",
           "- - mrz - - - - - - - - -"),
    "es": ("- - - - - - - - setiembre - - -", "ene feb mar abr may jun jul ago set oct nov dic",
           "- - - - - - - - sep - - -"),
    "eu": ("urtarrilaren otsailaren martxoaren apirilaren maiatzaren ekainaren uztailaren abuztuaren irailaren"
           " urriaren azaroaren abenduaren",),
    "fr": ("jan fev mars avr mai juin juil août sept oct nov dec", "janv févr - - - - juill aou sep - - -"),
    "hr": (_SERBIAN[0], "- - - - - - - - - - studenog -"),
    "it": ("gen feb mar apr mag giu lug ago set ott nov dic", "genn febb - - magg - - - sett otto - -",
           "- febbr - - - - - - - - - -"),
    "lt": ("saus vas kov bal geg birž liep rugp rugs spal lapkr gruod",),
    "lv": ("janvārī februārī martā aprīlī maijā jūnijā jūlijā augustā septembrī oktobrī novembrī decembrī",
           "janvāra februāra marta aprīļa maija jūnija jūlija augusta septembra oktobra novembra decembra"),
    "nl": ("jan feb mrt apr mei jun jul aug sep okt nov dec", "- - maa - - - - - sept - - -"),
    "pt": ("jan fev mar abr mai jun jul ago set out nov dez",),
    "ro": ("ian feb mar apr mai iun iul aug sep oct noi dec",),
    "sl": ("januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",),
    "sr": _SERBIAN,
}  # fmt: skip


@dataclass(frozen=True)
class Names:
    """The words of dates in one language and in those that are built in, each in plain letters with its number."""

    months: Mapping[str, int]  # in full; of another language than those built in, short ones as well
    short_months: Mapping[str, int]
    weekdays: Mapping[str, int]  # in full; Monday is 0
    all_weekdays: Mapping[str, int]
    half_days: Mapping[str, int]  # «p.m.»: the hours to add

    @cached_property
    def all_months(self) -> Mapping[str, int]:
        return {**self.short_months, **self.months}


def languages_of(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the languages that BCP 47 tags name and that are not built in, each once, without region and script."""
    codes = (re.split("[-_]", tag.strip().lower())[0] for tag in tags)
    named = dict.fromkeys(ALIASES.get(code, code) for code in codes)
    return tuple(code for code in named if code.isalpha() and code not in DATE_LANGUAGES)


@lru_cache(maxsize=64)
def names_of(language: str) -> Names:
    """Return the names of a language and of those that are built in; of the latter alone for ""."""
    locales = _locales(language) if language else []
    months, short_months = _months_of(locales, language)
    long_days, short_days = _weekdays_of(locales)
    halves = date_words.HALF_DAYS | {name: hours for locale in locales for name, hours in _half_days(locale)}
    roman = date_words.ROMAN if language else {}
    short_months = _plain(date_words.SHORT_MONTH_NUMBER) | roman | short_months
    months = _plain(date_words.LONG_MONTH_NUMBER) | (short_months if language else {}) | months
    weekdays = _plain(date_words.LONG_WEEKDAY_NUMBER) | long_days
    return Names(
        months=months,
        short_months=short_months,
        weekdays=weekdays,
        all_weekdays=_plain(date_words.WEEKDAY_NUMBER) | short_days | weekdays,
        half_days=halves,
    )


def _plain(numbers: Mapping[str, int]) -> dict[str, int]:
    return {plain(name): number for name, number in numbers.items()}


@lru_cache(maxsize=64)
def _locales(language: str) -> list[Locale]:
    """Return CLDR's tables of a language, one for each script; none where it has no such language."""
    from babel import Locale, UnknownLocaleError

    code = ALIASES.get(language, language)
    try:
        return [Locale.parse(name) for name in SCRIPTS.get(code, (code,))]
    except (UnknownLocaleError, ValueError):
        return []


def _months_of(locales: Sequence[Locale], language: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return the months of a language, in full and short."""
    rows = [row.split() for row in MORE_MONTHS.get(ALIASES.get(language, language), ())]
    more = [(plain(name), number) for row in rows for number, name in enumerate(row, 1) if name != NONE]
    full = _cldr_names([locale.months for locale in locales], "wide")
    short = _cldr_names([locale.months for locale in locales], "abbreviated")
    return _unambiguous(full), _unambiguous([*short, *more])


def _weekdays_of(locales: Sequence[Locale]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the weekdays of a language, in full and short, as «sexta» of «sexta-feira»."""
    full = _cldr_names([locale.days for locale in locales], "wide")
    short = _cldr_names([locale.days for locale in locales], "abbreviated")
    parts = [(name.partition("-")[0], number) for name, number in full if "-" in name]
    return _unambiguous(full), _unambiguous([*short, *parts])


def _cldr_names(tables: Iterable[Mapping[str, Any]], width: str) -> list[tuple[str, int]]:
    """Return the names in CLDR's tables of one width with their numbers, as they are in dates and on their own."""
    numbered = chain.from_iterable(table[context][width].items() for table in tables for context in CONTEXTS)
    return [(form, number) for number, name in numbered for form in _forms(name)]


def _forms(name: str) -> list[str]:
    """Return a name as CLDR has it and, where it has several words («de novembre», «d’octubre»), the last of them."""
    whole = plain(name).strip(" .")
    last = re.split(r"[\s']", whole)[-1]
    return [form for form in dict.fromkeys((whole, last)) if len(form) > 1 and not re.search(r"\d", form)]


def _unambiguous(names: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the names that mean one thing: «Fómhair» ends two months of Irish."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for name, number in names:
        numbers[name].add(number)
    return {name: next(iter(several)) for name, several in numbers.items() if len(several) == 1}


def _half_days(locale: Locale) -> Iterable[tuple[str, int]]:
    for width in PERIODS:
        names = locale.day_periods.get("format", {}).get(width, {})
        for half, hours in (("am", 0), ("pm", 12)):
            name = plain(names.get(half, "")).strip(" .")
            letters = re.sub(r"[.\s]", "", name)
            if len(letters) > 1:
                yield (letters if len(letters) < SHORTEST_WORD else name), hours
