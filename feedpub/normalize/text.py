"""Strings as found → strings fit for XML and for eyes."""

from __future__ import annotations

import re
import unicodedata

# Word's manual line break (U+000B), page breaks and Unicode's own separators are white space.
SPACES = dict.fromkeys(map(ord, "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), " ")
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
TABLE = {**INVISIBLE, **SPACES}
# A zero-width joiner holds an emoji together (👨‍👩‍👧); anywhere else it is dirt.
PICTOGRAPH = "\u2190-\u2bff\U0001f000-\U0001faff"
STRAY_JOINER = re.compile(f"(?<![{PICTOGRAPH}\ufe0f])\u200d|\u200d(?![{PICTOGRAPH}])")
# The name under which a CMS stored a picture: long, no word, letters and digits or both cases mixed.
TOKEN = re.compile(
    r"(?=\w*\d)(?=\w*[A-Za-z])[A-Za-z0-9]{32,}|(?=\d*[a-f])[0-9a-f]{16,}|(?=\w*[a-z])(?=\w*[A-Z])[A-Za-z]{40}"
)


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
    """The letters and digits alone, case folded: what remains when typography is set aside."""
    return "".join(c for c in unicodedata.normalize("NFKC", raw).casefold() if c.isalnum())


def is_token(raw: str) -> bool:
    """Whether this is the name of a stored file rather than a word that anybody wrote."""
    return bool(TOKEN.fullmatch(raw.strip()))
