"""Strings as found → strings fit for XML and for people, and ways to compare them."""

from __future__ import annotations

import re
import unicodedata

# Word's manual line break (U+000B), page breaks and Unicode's own separators are white space.
SPACES = dict.fromkeys(map(ord, "\x0b\x0c\x1c\x1d\x85\u2028\u2029"), " ")
TO_FOLD = re.compile(
    r"\s{2,}|[^\S \xa0\u202f]"
)  # runs of white space, and what is neither a space nor a no-break space
# Nobody sees these, and XML 1.0 or some reader fails on them: control characters (U+001F is Word's optional hyphen),
# soft hyphens, zero widths, marks of direction, noncharacters, lone surrogates.
INVISIBLE = dict.fromkeys(
    [
        *(c for c in range(0x20) if chr(c) not in "\t\n\r\x0b\x0c\x1c\x1d\x1e"),
        *(c for c in range(0x7F, 0xA0) if c != 0x85),
        0xAD, 0x061C, 0x180E, 0x200B, 0x200C, 0x200E, 0x200F, 0xFEFF, 0xFFFE, 0xFFFF,
        *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xD800, 0xE000),
        *range(0xFFF9, 0xFFFC), *range(0xFDD0, 0xFDF0),
    ]
)  # fmt: skip
TABLE = {**INVISIBLE, **SPACES, 0x1E: "-"}  # U+001E is Word's hyphen that never breaks
# One of these, or a joiner. Most texts have none, and to look is twenty times as fast as to translate.
ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
# A zero-width joiner holds an emoji together (👨‍👩‍👧); anywhere else it is a leftover.
PICTOGRAPH = "\u2190-\u2bff\U0001f000-\U0001faff"
STRAY_JOINER = re.compile(f"(?<![{PICTOGRAPH}\ufe0f])\u200d|\u200d(?![{PICTOGRAPH}])")
# The name under which a CMS stored a picture: long and no word, with digits among its letters, or in both cases.
TOKEN = re.compile(
    r"(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9]{32,}|(?=\d*[a-f])[0-9a-f]{16,}|(?=\w*[a-z])(?=\w*[A-Z])[A-Za-z]{40}"
)
STORED_NAME = re.compile(  # 40 characters, as Laravel makes them, or a picture's ending: a wallet's address has neither
    r"(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])(?:[A-Za-z0-9]{40}|[A-Za-z0-9]{32,64}\.(?:jpe?g|png|gif|webp))"
)
APOSTROPHES = re.compile("['`´\u02b0-\u02ff\u2018-\u201b\u2032]")
DASHES = re.compile("[\u2010-\u2015\u2212]")
ABBREVIATION = re.compile(  # at the end of a string: its full stop ends no sentence
    r"(?<!\w)(\w|вул|просп|пл|пров|бул|обл|ім|ст|буд|тел|гр|кв|пп|оф|каб|смт|тис|млн|млрд|грн|рр|др|зв|див|шт|год|хв|ін"
    r"|проф|мкр|бульв|кл|пор|упр|моб|корп|сел|хут|наб|туп|узв)\.$",
    re.IGNORECASE,
)
TELLING = re.compile(  # a number's sign and what is between its digits, units, coloured marks, letters and digits
    r"(?<![\w-])[-+](?=\d)|(?<=\d)[^\w](?=\d)|[<>≤≥≠=±~%‰°€$₴£+]|[\U0001f534-\U0001f7eb❌✅]|[^\W_]"
)


def characters(raw: str) -> str:
    """Return the text in NFC, without the characters that XML 1.0 forbids or nobody sees; white space stays."""
    if ODD.search(raw):
        raw = STRAY_JOINER.sub("", raw.translate(TABLE))
    return unicodedata.normalize("NFC", raw)


def line(raw: str) -> str:
    """Return plain text on one line. Every run of white space, no-break spaces included, is one space."""
    return " ".join(characters(raw).split())


def flow(raw: str) -> str:
    """Return text for running HTML. Every run of white space is one space; a lone no-break space stays."""
    return TO_FOLD.sub(" ", characters(raw))


def skeleton(raw: str) -> str:
    """Return the letters and digits alone, case folded, with the marks that change what a number says.

    Typography is set aside: spaces, quotes, dashes between words, apostrophes of every kind. These stay apart:
    «1,5 млн» and «15 млн», «буд. 1/2» and «буд. 12», «-2» and «+2», «100 $» and «100 €». «10 000» equals «10000».
    """
    folded = spelt(raw).replace("'", "").casefold()
    return "".join(TELLING.findall(folded))


def spelt(raw: str) -> str:
    """Return a text on one line in one typography: ' for every apostrophe, - for every dash, no spaces in numbers."""
    unaccented = unicodedata.normalize("NFC", raw).replace("\u0301", "")
    spelt = DASHES.sub("-", APOSTROPHES.sub("'", unaccented))
    spelt = re.sub(r"(?<![\w-])([-+])\s+(?=\d)", r"\1", spelt)  # «- 2» → «-2»
    spelt = re.sub(r"(?<=\d)\s+(?=\d{3}(?!\d))", "", spelt)  # «10 000» → «10000»
    spelt = re.sub(r"\s+", " ", spelt)
    return re.sub(r"(?<=\d)\s*([^\w\s])\s*(?=\d)", r"\1", spelt)  # «1 / 2» → «1/2»


def number(raw: str) -> int | None:
    """Return the whole number that a string is; None for any other string («²» too), and for more than 15 digits."""
    return int(raw) if re.fullmatch(r"\d{1,15}", raw) else None


def is_token(raw: str) -> bool:
    """Whether a picture's alternative text is the name of a stored file, and nobody's words."""
    return bool(TOKEN.fullmatch(raw.strip()))


def is_stored_name(raw: str) -> bool:
    """Whether a string in a text can only be the name under which a CMS stored a file."""
    return bool(STORED_NAME.fullmatch(raw.strip()))
