"""What a small script writes on its page: strings put together, as those that keep an address of mail from robots.

Nothing is run. Strings that are named, joined and decoded are followed, as far as they need nothing else; the rest of a
script counts for nothing.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

LONGEST_SCRIPT = 20_000  # characters; those that hide an address have a few hundred
DECODED = 2  # times a script's length: as many characters its functions may read
LONGEST_STRING = 2_000  # characters that a script may put together
DEEPEST = 12  # brackets within brackets
PIECE = re.compile(
    r"//[^\n]*|/\*.*?\*/|<!--[^\n]*"
    r"""|(?P<string>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
    r"|(?P<name>\.?[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)|(?P<number>\d+)|(?P<sign>\+=|[^\s\w])",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
WRITES = {"document.write", "document.writeln"}
CONTENTS = {".innerHTML", ".outerHTML"}
PLACES = {"location", "location.href", "window.location", "window.location.href", "document.location"}


class _Unknown(Exception):
    """What is to be known needs more than strings."""


@dataclass(slots=True)
class Written:
    """What a script puts on its page and where it leads."""

    here: str = ""  # HTML, where the script is
    within: dict[str, str] = field(default_factory=dict)  # an element's id → its new contents, HTML
    added: dict[str, str] = field(default_factory=dict)  # an element's id → HTML after its contents
    leads: str = ""  # to this address


def written(source: str) -> Written:
    """Return what a script writes, of strings alone."""
    script = _Script(source[:LONGEST_SCRIPT])
    while script.at < len(script.pieces):
        start = script.at
        try:
            script.follow()
        except _Unknown:
            script.at = start + 1
    return script.written


class _Script:
    """A script's pieces, the strings that it has named, and what it has written so far."""

    def __init__(self, source: str) -> None:
        self.pieces = list(_pieces(source))
        self.at = 0
        self.strings: dict[str, str] = {}
        self.left = DECODED * len(source)  # characters that functions may still read
        self.written = Written()

    def follow(self) -> None:
        """Follow the statement that begins here; raise ``_Unknown`` where none does that deals with strings."""
        kind, name = self._next()
        if kind != "name":
            raise _Unknown
        if name in WRITES:
            self.written.here = _short(self.written.here + self._in_brackets())
        elif name == "document.getElementById":
            self._fill(self._in_brackets())
        elif self._peek() in ("=", "+="):
            self._name(name)
        else:
            raise _Unknown

    def _fill(self, element: str) -> None:
        _, contents = self._next()
        _, sign = self._next()
        if contents not in CONTENTS or sign not in ("=", "+="):
            raise _Unknown
        html = self._sum()
        if sign == "=":
            self.written.within[element] = html
        elif element in self.written.within:
            self.written.within[element] = _short(self.written.within[element] + html)
        else:
            self.written.added[element] = _short(self.written.added.get(element, "") + html)

    def _name(self, name: str) -> None:
        _, sign = self._next()
        before = self.strings.get(name)
        try:
            value = self._sum()
            if sign == "+=":
                value = _short(_known(before) + value)
        except _Unknown:
            self.strings.pop(name, None)
            raise
        if name in PLACES:
            self.written.leads = value
        self.strings[name] = value

    # -------------------------------------------------- strings

    def value(self) -> str:
        """Return the string that the pieces from here on make; raise ``_Unknown`` where they make none."""
        return self._sum()

    def _sum(self, depth: int = 0) -> str:
        value = self._term(depth)
        while self._peek() == "+":
            self.at += 1
            value = _short(value + self._term(depth))
        return value

    def _term(self, depth: int) -> str:
        if depth > DEEPEST:
            raise _Unknown
        kind, piece = self._next()
        if kind == "string":
            return _unescaped(piece[1:-1])
        if kind == "number":
            return piece
        if piece == "(":
            value = self._sum(depth + 1)
            self._expect(")")
            return value
        if self._peek() == "(" and piece in FUNCTIONS:
            return self._call(FUNCTIONS[piece], depth)
        if self._peek() == "(":
            raise _Unknown
        return _known(self.strings.get(piece))

    def _call(self, function: Callable[[list[str]], str], depth: int) -> str:
        arguments = self._arguments(depth + 1)
        self.left -= sum(map(len, arguments))
        if self.left < 0:
            raise _Unknown
        return function(arguments)

    def _in_brackets(self) -> str:
        return "".join(self._arguments(0))

    def _arguments(self, depth: int) -> list[str]:
        self._expect("(")
        values = [self._sum(depth)]
        while self._peek() == ",":
            self.at += 1
            values.append(self._sum(depth))
        self._expect(")")
        return values

    # -------------------------------------------------- pieces

    def _peek(self) -> str:
        return self.pieces[self.at][1] if self.at < len(self.pieces) else ""

    def _next(self) -> tuple[str, str]:
        if self.at >= len(self.pieces):
            raise _Unknown
        self.at += 1
        return self.pieces[self.at - 1]

    def _expect(self, sign: str) -> None:
        if self._next() != ("sign", sign):
            raise _Unknown


def _pieces(source: str) -> Iterator[tuple[str, str]]:
    """Yield a script's pieces, each with its kind. Comments, white space and the words of declarations are none."""
    for match in PIECE.finditer(source):
        if match.lastgroup and match[0] not in ("var", "let", "const"):
            yield match.lastgroup, match[0]


def _known(value: str | None) -> str:
    if value is None:
        raise _Unknown
    return value


def _short(value: str) -> str:
    if len(value) > LONGEST_STRING:
        raise _Unknown
    return value


def _unescaped(string: str) -> str:
    def character(escape: re.Match[str]) -> str:
        code = escape[1] or escape[2]
        return chr(int(code, 16)) if code else CONTROLS.get(escape[3], escape[3])

    return ESCAPE.sub(character, _short(string))


# ------------------------------------------------------------ functions


def _of_codes(codes: list[str]) -> str:
    try:
        return "".join(chr(int(code)) for code in codes)
    except (ValueError, OverflowError) as error:
        raise _Unknown from error


def _of_base64(arguments: list[str]) -> str:
    try:
        return base64.b64decode(arguments[0], validate=True).decode("latin-1")
    except binascii.Error as error:
        raise _Unknown from error


def _of_source(arguments: list[str]) -> str:
    """Return the value of a string that is a script itself: ``eval("'a' + 'b'")``. One within one is not followed."""
    if "eval" in arguments[0]:
        raise _Unknown
    return _Script(arguments[0]).value()


def _of_escapes(arguments: list[str]) -> str:
    return unquote(arguments[0])


FUNCTIONS: dict[str, Callable[[list[str]], str]] = {
    "String.fromCharCode": _of_codes,
    "atob": _of_base64,
    "decodeURI": _of_escapes,
    "decodeURIComponent": _of_escapes,
    "eval": _of_source,
    "unescape": _of_escapes,
}
