"""The lines that a person reads: errors alone under cron, more at a terminal."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Speech:
    """Results go to standard output; these go to standard error."""

    quiet: bool = False
    verbose: bool = False

    @property
    def is_watched(self) -> bool:
        """Whether a person is at the terminal and wants to see progress."""
        return bool(sys.stderr and sys.stderr.isatty()) and not self.quiet

    def error(self, message: str) -> None:
        """Say that something is wrong. This is always printed, and cron mails it."""
        _say(f"feedpub: {_plain(message)}")

    def note(self, message: str) -> None:
        """Say something for a person who is watching. Cron does not see it."""
        if self.is_watched or (self.verbose and not self.quiet):
            _say(_plain(message))

    def detail(self, message: str) -> None:
        if self.verbose and not self.quiet:
            _say(_plain(message))


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


def _plain(message: str) -> str:
    """Return the message on one line and without terminal codes: parts of it come from other people's sites."""
    return "".join(map(_visible, message))


def _visible(character: str) -> str:
    """Return the character, or its escape sequence if it cannot be printed."""
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def config_path(given: str | None) -> Path:
    """Return the path from --config, else from $FEEDPUB_CONFIG, else config.toml."""
    return Path(given or os.environ.get("FEEDPUB_CONFIG") or "config.toml")
