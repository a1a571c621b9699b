"""Telephone numbers, as links give them (RFC 3966) and as people write them. Pure.

A link with a number in it must call the number that its words show. Residents call what they tap.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote

SCHEME = re.compile(r"\s*(?:https?:/*)?(?:tel|callto|phone)\s*:[\s/]*", re.IGNORECASE)
LABEL = re.compile(r"\s*(?:тел(?:ефон)?|tel|phone|моб|т)\b[.:\s]*", re.IGNORECASE)
EXTENSION_WORDS = r"(?:вн(?:утр)?|дод|доб|ext|int|x)[.:=\s]*"
PARAMETER = re.compile(r"\s*ext\s*=[\s-]*(\d[\d\s-]*)\s*", re.IGNORECASE)
EXTENSION = re.compile(rf"[\s,(]*(?:{EXTENSION_WORDS}|,+|[pw])(\d{{1,5}})\)?\s*$", re.IGNORECASE)
IS_EXTENSION = re.compile(rf"{EXTENSION_WORDS}$", re.IGNORECASE)  # what stands before one
NATIONAL_ZERO = re.compile(r"(?<!^\+38)(?<!^\+38 )\(0\)")  # «+44 (0)20»: dialled within the country only
AREA = re.compile(r"(?<![\d/])(\(?[+0][\d ()]{1,8})/(?=\s*\d[\d -]{3,})")  # «030/123 45 67» is one number
SHOWN = re.compile(  # an area is in brackets that are closed; «101 (24 години)» has none
    r"[*#]+\d[\d*#]*|(?<!\d)\+?(?:\(\+?[\d ]{1,9}\)|\d)(?:[ .-]{0,2}\( ?\d{1,5} ?\)|[ .)-]{0,3}\d)*"
)
SERVICE = re.compile(r"[*#]+[\d*#]+")  # «*101#»
FEWEST, MOST = 3, 15  # digits: 101 is a number, and E.164 has no longer ones
FEWEST_OF_LOCAL = 5  # digits of a number without its area code; fewer prove nothing
FEWEST_OF_NATIONAL = 8  # digits after the national prefix
LONGEST_PREFIX = 8  # digits of country and area together


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number that can be dialled."""

    dialled: str  # digits, with a plus where it is international; * and # of services
    extension: str = ""  # digits

    @property
    def uri(self) -> str:
        """The number as a link, by RFC 3966."""
        number = quote(self.dialled, safe="+*")
        return f"tel:{number};ext={self.extension}" if self.extension else f"tel:{number}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A number among words."""

    dialled: str
    start: int  # its first character among the words
    end: int


def is_link(href: str) -> bool:
    """Whether the address is a telephone number, or means one."""
    return SCHEME.match(href) is not None


@lru_cache(1024)
def linked(href: str) -> Number | None:
    """Return the number in a link. None: it holds none that can be dialled, or several."""
    scheme = SCHEME.match(href)
    if scheme is None or len(href) > 500:
        return None
    decoded = _decoded(href[scheme.end() :])
    if decoded is None:
        return None
    subscriber, *parameters = decoded.partition("?")[0].split(";")
    extension = next((m[1] for m in map(PARAMETER.fullmatch, parameters) if m), "")
    if any("=" not in parameter and re.search(r"\d", parameter) for parameter in parameters):
        return None  # another number
    subscriber = LABEL.sub("", subscriber, count=1)
    in_number = EXTENSION.search(subscriber)
    if in_number:
        subscriber, extension = subscriber[: in_number.start()], in_number[1]
    dialled = _dialled(subscriber)
    return Number(dialled, re.sub(r"\D", "", extension)) if dialled else None


def _decoded(raw: str) -> str | None:
    """Return the text without escapes, encoded twice or not. None: an escape means no character of a number."""
    for _ in range(3):
        raw = unquote(raw)
    if "\ufffd" in raw or any(unicodedata.category(c) == "Cc" and not c.isspace() for c in raw):
        return None
    return _plain(raw).replace("\n", " ")


def _dialled(written: str) -> str | None:
    """Return what is dialled for a number as it is written; None if it is no single number."""
    written = NATIONAL_ZERO.sub(" ", AREA.sub(r"\1 ", written.strip(" ().-_")))
    bare = re.sub(r"[ ().-]", "", written)
    bare = re.sub(r"^\++", "+", bare)
    digits = bare.removeprefix("+")
    if SERVICE.fullmatch(bare):
        return bare
    return bare if re.fullmatch(rf"[0-9]{{{FEWEST},{MOST}}}", digits) else None


def numbers_in(words: str) -> list[Shown]:
    """Return the numbers that people see among words: three digits at least, and no extension."""
    plain = AREA.sub(r"\1 ", _plain(words))
    found: list[Shown] = []
    for match in SHOWN.finditer(plain):
        written = NATIONAL_ZERO.sub(" ", match[0].lstrip("("))
        digits = re.sub(r"[^+*#0-9]", "", written)
        if len(digits) >= FEWEST and not IS_EXTENSION.search(plain[: match.start()][-12:]):
            found.append(Shown(digits, match.start(), match.end()))
    return found


def _plain(raw: str) -> str:
    """Return as many characters, with ASCII for digits, signs and spaces of every kind."""
    return "".join(map(_plain_character, raw))


@lru_cache(1024)
def _plain_character(character: str) -> str:
    if character.isascii():
        return " " if character in "\t\r\x0b\x0c" else character
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) in ("Pd", "Sm") and character not in "+\uff0b\u207a":
        return "-"
    if unicodedata.category(character) in ("Zs", "Cf"):
        return " "
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


# ------------------------------------------------------------ link and words together


def agree(dialled: str, shown: str) -> bool:
    """Whether two spellings are one number. One may lack its country, its area, or the national prefix."""
    one, other = dialled.lstrip("+"), shown.lstrip("+")
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > LONGEST_PREFIX:
        return False
    if len(short) >= FEWEST_OF_LOCAL and long.endswith(short):
        return True
    return _is_national(one, other) or _is_national(other, one)


def _is_national(national: str, whole: str) -> bool:
    """Whether a number with the national prefix, 0 or 8, is the one with or without its country."""
    bare = national[1:]
    return national[:1] in ("0", "8") and len(bare) >= FEWEST_OF_NATIONAL and whole.endswith(bare)


def called(href: str, words: str) -> Number | None:
    """Return the number to call from a link with these words. None: its words show another, or it holds none.

    The plus that the words show and the link lacks belongs to the number.
    """
    number = linked(href)
    shown = numbers_in(words)
    if number is None or not shown:
        return number
    same = [s.dialled for s in shown if agree(number.dialled, s.dialled)]
    if not same:
        return None
    return Number(f"+{number.dialled}", number.extension) if f"+{number.dialled}" in same else number
