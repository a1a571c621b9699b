"""Strings as found → strings fit for XML and for eyes."""

from __future__ import annotations

import re
import unicodedata

# Word's manual line break (U+000B), page breaks and Unicode's own separators are white space.
SPACES = dict.fromkeys(map(ord, "\x0b\x0c\x1c\x1d\x85\u2028\u2029"), " ")
# What nobody sees and XML 1.0 or a reader trips over: control characters (U+001F is Word's optional
# hyphen), soft hyphens, zero widths, marks of direction, noncharacters, lone surrogates.
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
# A zero-width joiner holds an emoji together (👨‍👩‍👧); anywhere else it is dirt.
PICTOGRAPH = "\u2190-\u2bff\U0001f000-\U0001faff"
STRAY_JOINER = re.compile(f"(?<![{PICTOGRAPH}\ufe0f])\u200d|\u200d(?![{PICTOGRAPH}])")
# The name under which a CMS stored a picture: long, no word, letters and digits or both cases mixed.
TOKEN = re.compile(
    r"(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9]{32,}|(?=\d*[a-f])[0-9a-f]{16,}|(?=\w*[a-z])(?=\w*[A-Z])[A-Za-z]{40}"
)
STORED_NAME = re.compile(  # of 40 characters, as Laravel makes them, or with a picture's ending; a wallet has neither
    r"(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])(?:[A-Za-z0-9]{40}|[A-Za-z0-9]{32,64}\.(?:jpe?g|png|gif|webp))"
)
APOSTROPHES = re.compile("['`´\u02b0-\u02ff\u2018-\u201b\u2032]")
DASHES = re.compile("[\u2010-\u2015\u2212]")
ABBREVIATION = re.compile(  # at the end of a string: its full stop ends no sentence
    r"(?<!\w)(\w|вул|просп|пл|пров|бул|обл|ім|ст|буд|тел|гр|кв|пп|оф|каб|смт|тис|млн|млрд|грн|рр|др|зв|див|шт|год|хв|ін"
    r"|проф|мкр|бульв|кл|пор|упр|моб|корп|сел|хут|наб|туп|узв)\.$",
    re.IGNORECASE,
)
TELLING = re.compile(r"(?<![\w-])[-+](?=\d)|(?<=\d)[^\w](?=\d)|[<>≤≥≠=±~%‰°€$₴£+]|[\U0001f534-\U0001f7eb❌✅]|[^\W_]")


def characters(raw: str) -> str:
    """The text in NFC, without what XML 1.0 forbids and nobody sees; white space as it was."""
    return unicodedata.normalize("NFC", STRAY_JOINER.sub("", raw.translate(TABLE)))


def line(raw: str) -> str:
    """Plain text on one line: every run of white space, no-break spaces included, is one space."""
    return " ".join(characters(raw).split())


def flow(raw: str) -> str:
    """Text in running HTML: runs of white space are one, and a single no-break space is typography and stays."""
    return re.sub(r"\s+", lambda run: run[0] if run[0] in ("\xa0", "\u202f") else " ", characters(raw))


def skeleton(raw: str) -> str:
    """The letters and digits alone, case folded, with the marks that change what a number says.

    Typography is set aside: spaces, quotes, dashes between words, apostrophes of
    every kind. «1,5 млн» and «15 млн», «буд. 1/2» and «буд. 12», «-2» and «+2»
    stay apart, as do «100 $» and «100 €»; «10 000» and «10000» do not.
    """
    return "".join(TELLING.findall(spelt(raw).replace("'", "").casefold()))


def spelt(raw: str) -> str:
    """A text of one line in one typography, its words and numbers set off from each other.

    Apostrophes of every kind are ', dashes are -, digits stand together that make one number.
    """
    spelt = DASHES.sub("-", APOSTROPHES.sub("'", unicodedata.normalize("NFC", raw).replace("\u0301", "")))
    spelt = re.sub(r"(?<![\w-])([-+])\s+(?=\d)", r"\1", spelt)
    spelt = re.sub(r"(?<=\d)\s+(?=\d{3}(?!\d))", "", spelt)
    return re.sub(r"(?<=\d)\s*([^\w\s])\s*(?=\d)", r"\1", re.sub(r"\s+", " ", spelt))


def number(raw: str) -> int | None:
    """The whole number that a string is; None where it is none («²» is a digit), or one beyond all measure."""
    return int(raw) if re.fullmatch(r"\d{1,15}", raw) else None


def is_token(raw: str) -> bool:
    """Whether a picture's alternative text is the name of a stored file rather than anybody's words."""
    return bool(TOKEN.fullmatch(raw.strip()))


def is_stored_name(raw: str) -> bool:
    """Whether a string in a text can only be the name under which a CMS stored a file."""
    return bool(STORED_NAME.fullmatch(raw.strip()))
