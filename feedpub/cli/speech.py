"""The lines that a person reads: errors alone under cron, more at a terminal.

Parts of every line come from pages and servers. So this is the one place that prints, and it decides which
characters a terminal gets.
"""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

# A joiner within an emoji makes one picture of several. Anywhere else nobody sees it.
JOINED = re.compile("(?<=[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f])\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])")
UNSEEN = {  # letters and marks by their category, and nobody sees them (Unicode's Default_Ignorable_Code_Point)
    *map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164, 0xFFA0)),
    *map(chr, range(0xFE00, 0xFE0F)), *map(chr, range(0xE0100, 0xE01F0)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Speech:
    """Results go to standard output; these go to standard error."""

    quiet: bool = False
    verbose: bool = False
    is_json: bool = False  # a JSON object a line, for programs that collect logs

    @property
    def is_watched(self) -> bool:
        """Whether a person is at the terminal and wants to see progress."""
        return bool(sys.stderr and sys.stderr.isatty()) and not self.quiet and not self.is_json

    def error(self, message: str) -> None:
        """Say that something is wrong. This is always printed, and cron mails it."""
        self._line("error", message)

    def note(self, message: str) -> None:
        """Say something for a person who is watching. Cron does not see it."""
        if self.is_watched or (self.verbose and not self.quiet):
            self._line("note", message)

    def detail(self, message: str) -> None:
        if self.verbose and not self.quiet:
            self._line("detail", message)

    def _line(self, level: str, message: str) -> None:
        if not self.is_json:
            _say(f"feedpub: {visible(message)}" if level == "error" else visible(message))
            return
        at = datetime.now(UTC).isoformat(timespec="seconds")
        _say(as_shown_json(json.dumps({"time": at, "level": level, "message": message}, ensure_ascii=False)))


def _say(line: str) -> None:
    """Print the line if that is possible. The work goes on even if nobody can read it."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:  # the reader has gone, or the disk is full
        with suppress(OSError, ValueError):
            silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Send the rest of a stream nowhere. Python flushes it when it ends, and would fail once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())


def show(lines: Iterable[str]) -> None:
    """Print the lines of a result to standard output. A line break within one is shown, and breaks nothing."""
    for line in lines:
        print(visible(line))


def show_as_is(text: str) -> None:
    """Print a program that is made of our own words alone. A shell must get every character of it."""
    print(text)


def show_bytes(data: bytes) -> None:
    """Write a file to standard output as it is, whatever characters a terminal has."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)


def show_json(text: str) -> None:
    """Print JSON, for programs. What cannot be shown has JSON's own escapes, so the value stays the same."""
    print(as_shown_json(text))


def as_shown_json(text: str) -> str:
    """Return JSON with its own escapes for what cannot be shown."""
    escapes = {ord(c): _escape_of_json(c) for c in set(text) if c != "\n" and not is_shown(c)}
    return text.translate(escapes) if escapes else text


def _escape_of_json(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[n : n + 4]}" for n in range(0, len(units), 4))


def visible(line: str) -> str:
    """Return a text on one line, with escapes for all that cannot be shown.

    Such are control characters, line breaks, orders to a terminal, marks of direction and zero widths. With them a
    page could forge a line, or show another word than the one that is there.
    """
    joiners = {match.start() for match in JOINED.finditer(line)} if "\u200d" in line else set()
    shown = (c if is_shown(c) or n in joiners else _escape(c) for n, c in enumerate(line))
    return "".join(shown)


def is_shown(character: str) -> bool:
    """Whether a terminal shows a character and does nothing else. Spaces of all widths are seen."""
    if character in UNSEEN:
        return False
    return character.isprintable() or unicodedata.category(character) == "Zs"


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode()


def config_path(given: str | None) -> Path:
    """Return the path from --config, else from $FEEDPUB_CONFIG, else config.toml."""
    return Path(given or os.environ.get("FEEDPUB_CONFIG") or "config.toml")
