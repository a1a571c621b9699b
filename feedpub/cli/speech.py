"""What a person gets to read, and when: cron's silence, a terminal's chatter."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Speech:
    """Results go to standard output; these go to standard error."""

    quiet: bool = False
    verbose: bool = False

    @property
    def is_watched(self) -> bool:
        """Whether a person sits before it, and wants to see progress."""
        return bool(sys.stderr and sys.stderr.isatty()) and not self.quiet

    def error(self, message: str) -> None:
        """What is wrong: always said, for cron mails it."""
        _say(f"feedpub: {_plain(message)}")

    def note(self, message: str) -> None:
        """Good to know for whoever is watching; nothing for cron."""
        if self.is_watched or (self.verbose and not self.quiet):
            _say(_plain(message))

    def detail(self, message: str) -> None:
        if self.verbose and not self.quiet:
            _say(_plain(message))


def _say(line: str) -> None:
    """The line, if anybody can hear it: that nobody can is no reason to leave work undone."""
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:  # whoever listened has gone, or the disk is full: else Python would fail once more at its end
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def _plain(message: str) -> str:
    """The message on one line, without what a terminal would obey: parts of it are a stranger's."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in message)


def config_path(given: str | None) -> Path:
    """--config, else $FEEDPUB_CONFIG, else config.toml."""
    return Path(given or os.environ.get("FEEDPUB_CONFIG") or "config.toml")
