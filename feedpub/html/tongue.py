"""Which language a page is in: as its marks name it, and as its words show it. Codes of BCP 47, without a region."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from feedpub import address
from feedpub.html import tree

CODES = {  # as addresses have them -> the language
    "uk": "uk", "ua": "uk", "ukr": "uk", "uk-ua": "uk", "en": "en", "eng": "en", "en-us": "en", "en-gb": "en",
    "ru": "ru", "rus": "ru", "pl": "pl", "de": "de", "fr": "fr", "es": "es", "it": "it", "ro": "ro", "hu": "hu",
    "bg": "bg",
    "cs": "cs", "cz": "cs", "sk": "sk", "tr": "tr", "lt": "lt", "lv": "lv", "et": "et", "fi": "fi", "sv": "sv",
    "nl": "nl", "pt": "pt", "crh": "crh", "be": "be", "ka": "ka", "hr": "hr", "sr": "sr", "sl": "sl", "el": "el",
}  # fmt: skip
PARAMETERS = ("lang", "language", "locale", "hl")
ENOUGH_LETTERS = 150  # of a text whose language is told by its words
MOSTLY = 0.8  # of the letters are in one script
LETTERS_A_MARK = 100  # at most, for each letter that only one of two languages has
OWN_LETTERS = {"uk": "іїєґ", "ru": "ыэъё"}
CYRILLIC = ("uk", "ru", "be", "bg", "sr")  # languages that are written so
COMMON = {  # words that hardly any text of a language lacks
    "en": "the of and to in for is on that with was are be will by at from",
    "de": "der die das und den von zu mit sich des auf für ist im dem nicht ein eine",
    "fr": "le la les des et en du une est dans pour que sur au par plus avec",
    "es": "el la los las de y en que se del por con para una al su",
    "it": "il la di che e del della per un con sono dei nel alla le gli",
    "pl": "w i na z do się nie jest o od dla że oraz przez jak po",
    "ro": "de în și la cu din pe pentru a care este prin sau al",
    "hu": "a az és hogy nem is egy meg de van volt csak",
    "cs": "a v na se je o že do z pro s které by od jsou",
    "sk": "a v na sa je o že do z pre s ktoré by od sú",
}
SHARE_COMMON = 0.08  # of a text's words, in its language
LEAD = 1.6  # times as many as in any other


def named_languages(root: HtmlElement, url: str) -> dict[str, str]:
    """Return the languages that a page's marks name: the mark → the language, without marks that are missing.

    The marks are its ``lang``, the address that it gives for each language (``hreflang``), and the code in its own
    address.
    """
    marks = {"lang": tree.language(root), "hreflang": _own_hreflang(root, url), "address": language_in(url)[0]}
    return {mark: language for mark, language in marks.items() if language}


def _own_hreflang(root: HtmlElement, url: str) -> str:
    own = address.key(url)
    languages = {language for language, other in alternates(root, url) if address.key(other) == own}
    return languages.pop() if len(languages) == 1 else ""


def alternates(root: HtmlElement, url: str) -> Iterator[tuple[str, str]]:
    """Yield the languages in which the page says to exist, each with the address there."""
    for link in root.iter("link"):
        tag = (link.get("hreflang") or "").strip().lower()
        other = address.absolute(url, link.get("href") or "")
        if tag and tag != "x-default" and other:
            yield CODES.get(tag, re.split("[-_]", tag)[0]), other


def language_in(url: str) -> tuple[str, str]:
    """Return the language whose code an address has, and the address's key without that code; "" if it has none.

    The code is the first part of the path, the first of the host's name, or a parameter.
    """
    key = address.key(url)
    host, _, rest = key.partition("/")
    first, _, path = rest.partition("/")
    plain, _, query = first.partition("?")
    if CODES.get(plain.lower()):
        return CODES[plain.lower()], f"{host}/{path}" + (f"?{query}" if query else "")
    label, _, domain = host.partition(".")
    if label in CODES and "." in domain:
        return CODES[label], f"{domain}/{rest}"
    for name, value in parse_qsl(urlsplit(url).query):
        if name in PARAMETERS and value.lower() in CODES:
            others = re.sub(rf"(?<=[?&]){name}=[^&]*&?", "", key).rstrip("?&")
            return CODES[value.lower()], others
    return "", key


def language_of_words(words: str) -> str | None:
    """Return the language that a text is in beyond doubt; None for a short one, and where it is not clear."""
    letters = Counter(re.sub(r"[\W\d_]", "", words.lower()))
    total = letters.total()
    if total < ENOUGH_LETTERS:
        return None
    cyrillic = _count_cyrillic(letters)
    if cyrillic > MOSTLY * total:
        return _cyrillic_language(letters, total)
    if cyrillic < (1 - MOSTLY) * total:
        return _latin_language(re.findall(r"[^\W\d_]+", words.lower()))
    return None


def may_be_in(words: str, language: str) -> bool:
    """Whether a few words look like a language. Of two in Cyrillic, only letters that one of them lacks tell."""
    letters = Counter(re.sub(r"[\W\d_]", "", words.lower()))
    cyrillic = _count_cyrillic(letters)
    if language not in CYRILLIC:
        return bool(letters) and cyrillic < (1 - MOSTLY) * letters.total()
    marks = {of: sum(letters[letter] for letter in own) for of, own in OWN_LETTERS.items()}
    return marks.pop(language, 0) > 0 and not any(marks.values())


def _count_cyrillic(letters: Counter[str]) -> int:
    return sum(count for letter, count in letters.items() if "\u0400" <= letter <= "\u04ff")


def _cyrillic_language(letters: Counter[str], total: int) -> str | None:
    marks = {language: sum(letters[letter] for letter in own) for language, own in OWN_LETTERS.items()}
    (best, most), (_, other) = sorted(marks.items(), key=lambda pair: -pair[1])
    return best if most >= total / LETTERS_A_MARK and most > 5 * other else None


def _latin_language(words: list[str]) -> str | None:
    shares = {language: _share(words, set(common.split())) for language, common in COMMON.items()}
    (best, most), (_, other) = sorted(shares.items(), key=lambda pair: -pair[1])[:2]
    return best if most >= SHARE_COMMON and most > LEAD * other else None


def _share(words: list[str], common: set[str]) -> float:
    return sum(word in common for word in words) / max(1, len(words))
