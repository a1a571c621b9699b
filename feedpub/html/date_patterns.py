"""A source's ``date_formats`` → the regular expressions that read them, strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from feedpub.html.date_names import SHORTEST_WORD, Names, names_of
from feedpub.html.date_words import (
    AGO,
    BEFORE_MONTH,
    BEFORE_TIME,
    BEFORE_YEAR,
    DAYS_AGO,
    JUST_NOW,
    ORDINAL,
    UNITS_AGO,
    any_of,
    plain,
)

# An age, or a day such as «вчора»: counted from the moment at which the page was asked for.
_UNITS = "|".join(pattern for pattern, _ in UNITS_AGO)
_TIME = rf"\s*,?\s*(?:{any_of(BEFORE_TIME)})?\s*(?P<H>\d{{1,2}}):(?P<M>\d\d)"
AGE = re.compile(
    rf"(?P<n>\d+)?\s*(?P<unit>{_UNITS})\s+(?:{any_of(AGO)})"
    rf"|(?P<day>{any_of(DAYS_AGO)})(?:{_TIME})?"
    rf"|{any_of(JUST_NOW)}"
)
NUMBERS = {  # directives of a source's date_formats, as strftime has them and some more
    "d": r"(?P<d>\d{1,2})",
    "m": r"(?P<m>\d{1,2})",
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "H": r"(?P<H>\d{1,2})",
    "I": r"(?P<I>\d{1,2})",  # of a clock with 12 hours, and %p
    "M": r"(?P<M>\d{2})",
    "S": r"\d{2}",  # a council's news needs no seconds
    "*": r".*(?:$|(?<!\d))",  # anything, such as a counter of views
    "R": f"(?P<R>{re.sub(r'[?]P<[a-zA-Z]+>', '?:', AGE.pattern)})",
    "^": r".*?(?<!\d)",  # anything before a date: ``compiled`` puts it in place of %*
    "%": "%",
}
DIRECTIVE = re.compile(r"%(?:\{(?P<language>[\w-]+)\})?(?P<letter>.)")
_SPLIT = re.compile(r"(%(?:\{[\w-]+\})?.|\s+)")
_BEFORE = r"(?<![\w./-])"


@dataclass(frozen=True, slots=True)
class Form:
    """A date format that can be read."""

    pattern: re.Pattern[str]
    names: Names  # of the language that the format names

    def numbers(self, match: re.Match[str]) -> dict[str, int]:
        """Return the parts of a date that was found, by their directives; ``m`` for a month's name, ``H`` for %I."""
        parts = {letter: part for letter, part in match.groupdict().items() if part and letter != "R"}
        numbers = {letter: int(part) for letter, part in parts.items() if part.isdigit()}
        for letter, months in (("B", self.names.months), ("b", self.names.all_months)):
            if letter in parts:
                numbers["m"] = months[parts[letter]]
        if "A" in parts:
            numbers["A"] = self.names.all_weekdays[parts["A"]]
        if "I" in numbers:
            numbers["H"] = _hour(numbers.pop("I"), parts.get("p"), self.names.half_days)
        return numbers


@lru_cache(maxsize=512)
def compiled(form: str) -> Form:
    """Return the format as a pattern: with white space in any amount, and for whole numbers only."""
    tags = [match["language"] for match in DIRECTIVE.finditer(form) if match["language"]]
    names = names_of(next(iter(tags), ""))
    parts = _SPLIT.split(form.strip())
    if parts[:2] == ["", "%*"]:
        parts[1] = "%^"  # as little as can be before the date, as much as can be after it
    before = "" if "%^" in parts else _BEFORE
    directives = _directives(names, is_named=any(part[:1] == "%" and part[-1:] in "Bb" for part in parts))
    pattern = "".join(_part_pattern(part, directives) for part in parts)
    return Form(re.compile(rf"{before}{pattern}(?![\w/]|[.:-]\d)"), names)


def half_day_pattern(names: Names) -> str:
    """Return the pattern of «a.m.» and the like, with dots and without."""
    return rf"(?:{'|'.join(map(_half_day, names.half_days))})\.?"


def _half_day(name: str) -> str:
    return r"\.?\s?".join(name) if len(name) < SHORTEST_WORD else re.escape(name)


def _directives(names: Names, *, is_named: bool) -> dict[str, str]:
    """Return the patterns of the directives; beside a month's name, day and year may have words of their own."""
    words = {
        "B": rf"(?:{BEFORE_MONTH}\s*)?(?P<B>{any_of(names.months)})\.?",
        "b": rf"(?:{BEFORE_MONTH}\s*)?(?P<b>{any_of(names.all_months)})\.?",
        "A": rf"(?P<A>{any_of(names.all_weekdays)})",
        "a": rf"(?P<A>{any_of(names.all_weekdays)})\.?",
        "p": rf"(?P<p>{half_day_pattern(names)})",
    }
    if is_named:
        words["d"] = rf"(?P<d>\d{{1,2}})(?:{ORDINAL})?"
        words["Y"] = rf"(?:{BEFORE_YEAR}\s*)?(?P<Y>\d{{4}})"
    return NUMBERS | words


def _part_pattern(part: str, directives: Mapping[str, str]) -> str:
    if part.startswith("%"):
        return directives[part[-1]]
    return r"\s*" if part.isspace() else re.escape(plain(part))


def _hour(shown: int, half: str | None, half_days: Mapping[str, int]) -> int:
    """Return the hour of 24; one that no clock shows where the half of the day does not fit."""
    if half is None:
        return shown
    name = re.sub(r"[.\s]", "", half)
    hours = half_days.get(name, half_days.get(half.strip(" ."), 0))
    return shown % 12 + hours if shown <= 12 else 99
