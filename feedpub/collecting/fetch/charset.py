"""Bytes and a Content-Type → text. A declared charset is believed as far as the bytes bear it out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from encodings import normalize_encoding
from encodings.aliases import aliases
from importlib import import_module

from feedpub.collecting.fetch import headers
from feedpub.collecting.fetch.queries import in_charset

# What some servers declare for every page, and what Python can decode and no page is written in.
NO_CHARSETS = {
    "iso8859-1",  # cannot encode Ukrainian
    "utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined",
}  # fmt: skip
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
UNICODE = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32")  # queries are in UTF-8 on pages in these
CYRILLIC = ["utf_8", "cp1251", "koi8_u", "cp866", "iso8859_5"]
LOADED_LATE = ["cp1251", "cp1252", "koi8_u", "cp866", "iso8859_5"]
HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
META_WITHIN = 4096  # bytes from the page's start
GUESSED_FROM = 200_000  # bytes


def decode(body: bytes, content_type: str) -> str:
    """Return the page's text.

    Valid UTF-8 beyond ASCII is no accident, so it is UTF-8 whatever the header
    declares. Other charsets count if the bytes are valid in them. NUL goes,
    since it would end the page for the parser.
    """
    return _page_text(body, content_type).replace("\0", "")


def _page_text(body: bytes, content_type: str) -> str:
    if body.startswith(WIDE_MARKS):
        return body.decode("utf-16", "replace")
    text = _valid_text(body.removeprefix(codecs.BOM_UTF8), "utf-8")
    if text is not None:
        return text
    if body.startswith(codecs.BOM_UTF8):
        return body.removeprefix(codecs.BOM_UTF8).decode(errors="replace")
    _load_charsets()
    declared = next(_declared_charsets(body, content_type), None)
    if declared == "utf-8":
        return _mended(body)
    text = _valid_text(body, declared)
    if text:
        return text
    if _is_western(body):
        return body.decode("cp1252", "replace")
    return _valid_text(body, _guessed_charset(body)) or body.decode("cp1251", "replace")


def _valid_text(body: bytes, charset: str | None) -> str | None:
    """Return the text; None if there is no such charset or the bytes are invalid in it."""
    if charset is None:
        return None
    try:
        text = body.decode(charset)
        return text if charset in UNICODE else in_charset(text, charset)
    except (UnicodeError, LookupError):
        return None


def _declared_charsets(body: bytes, content_type: str) -> Iterator[str]:
    """Yield the charset of the header, then that of the page's own meta, as Python names them."""
    kind, charset = headers.content_type(content_type)
    anywhere = HEADER.search(content_type) if not kind else None  # of a type that is written wrong
    meta = META.search(body[:META_WITHIN])
    labels = [anywhere[1] if anywhere else charset, meta[1].decode("ascii", "replace") if meta else ""]
    for label in filter(None, labels):
        name = _name_of(label)
        if name and name not in NO_CHARSETS:
            yield name


def _name_of(label: str) -> str | None:
    """Return a charset as Python names it; None if it has none of this name."""
    try:
        return codecs.lookup(label).name
    except LookupError as error:
        name = normalize_encoding(label).lower()
        if name in aliases or name in aliases.values():
            raise ImportError(f"the charset {label}") from error
        return None


def _load_charsets() -> None:
    """Load the charsets of Cyrillic pages. Raises ImportError or OSError.

    Python takes a charset that a failing disk keeps from it for one that does not exist. The page would be read in
    another, and every word of it would be a wrong one.
    """
    for name in LOADED_LATE:
        import_module(f"encodings.{name}")


def _guessed_charset(body: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(body[:GUESSED_FROM], cp_isolation=CYRILLIC).best()
    return best.encoding if best else None


def _is_western(body: bytes) -> bool:
    """Return whether bytes beyond ASCII are few and apart, as in «für». Cyrillic words consist of them."""
    runs = re.findall(rb"[\x80-\xff]+", body)
    return sum(map(len, runs)) < 2 * len(runs)


def _mended(body: bytes) -> str:
    """Return the text of a page that is declared UTF-8 and is not.

    Editors paste windows-1251 into such pages. If most bytes beyond ASCII are
    invalid, the whole page is windows-1251; else only the invalid ones are.
    """
    text = body.decode("utf-8", "surrogateescape")
    strays = sum("\udc80" <= c <= "\udcff" for c in text)
    letters = sum("\x80" <= c < "\ud800" for c in text)
    has_cyrillic = re.search("[\u0400-\u04ff]", text) is not None
    charset = "cp1252" if _is_western(body) and not has_cyrillic else "cp1251"
    if strays > letters:
        return body.decode(charset, "replace")

    def mend(stray: re.Match[str]) -> str:
        return stray[0].encode("utf-8", "surrogateescape").decode(charset, "replace")

    return re.sub("[\udc80-\udcff]+", mend, text)
