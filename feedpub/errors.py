"""Everything that can go wrong, by who can mend it.

    FeedpubError
    ├── ConfigError(problems)      the operator: nothing was started                       exit 2
    ├── SourceError(url, reason)   the council's site: this page failed, the others go on  exit 1
    │   ├── FetchError             the page did not arrive
    │   │   ├── Refused            robots.txt, 401, 403: it is not asked for again soon
    │   │   ├── LedAway            it leads to another site
    │   │   └── Resting            it was not asked for: its host is left in peace for now
    │   ├── ScrapeError            the page arrived, and cannot be read
    │   │   ├── LayoutError        it is whole, but its layout is not the known one
    │   │   └── Missing            it says that there is no such page, whatever its status
    │   └── Held                   a run found too much that is odd to publish it unseen
    ├── LedgerError                a file to recover items from                            exit 1, stops
    ├── StoreError                 this machine's state                                    exit 1, stops
    │   └── Damaged                its file is broken: its copy takes its place            exit 1, goes on
    └── PublishError               this machine's output, or a bucket                      exit 1, stops
        └── Overtaken              a newer run has published there: nothing is overwritten exit 1, stops

Each edge wraps its library's errors once, ``from`` the cause. Any other exception is a bug and keeps its traceback.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# A person reads what a server says. Its line breaks, terminal codes and marks of direction must not get through.
CONTROL_CODES = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
PASSWORD = re.compile(r"(?<=//)[^\s/?#@]+@")  # of an address
LONGEST_REASON = 1000  # characters


class FeedpubError(Exception):
    """A failure that a person can mend."""


class ConfigError(FeedpubError):
    """The configuration is wrong. ``problems`` has every mistake, with its place in the file."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class SourceError(FeedpubError):
    """One page of a council's site failed. ``reason`` is one line that is safe to show."""

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = _as_safe_line(reason)
        super().__init__(f"{_as_safe_line(url)}: {self.reason}")


class FetchError(SourceError):
    """The page did not arrive.

    ``status`` is the HTTP status; None: there was no answer. ``is_unreachable`` means that the server could not be
    reached at all, so that every other page of it would fail as well.
    """

    def __init__(self, url: str, reason: str, status: int | None = None, *, is_unreachable: bool = False) -> None:
        super().__init__(url, reason)
        self.status = status
        self.is_unreachable = is_unreachable


class Resting(FetchError):
    """The page was not asked for: its host is left in peace for now. ``is_said``: an earlier run has reported that.

    ``is_out_of_time``: the run's time is over, and that is no failure.
    """

    def __init__(self, url: str, reason: str, *, is_said: bool = False, is_out_of_time: bool = False) -> None:
        super().__init__(url, reason, is_unreachable=True)
        self.is_said = is_said
        self.is_out_of_time = is_out_of_time


class LedAway(FetchError):
    """The page leads to another site, on ``host``."""

    def __init__(self, url: str, reason: str, status: int, host: str) -> None:
        super().__init__(url, reason, status)
        self.host = host


class Refused(FetchError):
    """The site does not want this page to be asked for."""


class ScrapeError(SourceError):
    """The page arrived, but cannot be read: it is empty, cut short, not news, or has another layout."""


class LayoutError(ScrapeError):
    """The page is whole, but its layout is not the known one. The reason names the parts of the layout that fail."""


class Unproven(ScrapeError):
    """The page arrived, and nobody can say now what it shows, for other pages do not answer that would tell.

    It may be a known item's under another address, or the site's layout may not fit it any more.
    """


class Missing(ScrapeError):
    """The page arrived and says that there is no such page, or it is the site's front page instead."""

    status = 404


class Held(SourceError):
    """A run's findings are too odd to be believed. Nothing of them is kept or published until somebody has looked.

    ``code`` lets them through, and nothing else; "": nobody can, the cause is to be mended.
    """

    def __init__(self, url: str, reason: str, code: str = "") -> None:
        super().__init__(url, reason)
        self.code = code


class LedgerError(FeedpubError):
    """A file to recover items from has none that can be read."""


class StoreError(FeedpubError):
    """The state cannot be read or written."""


class Damaged(StoreError):
    """SQLite cannot read the state's file: it was cut short or overwritten."""


class PublishError(FeedpubError):
    """The feeds cannot be written."""


class Overtaken(PublishError):
    """Another run has published meanwhile, or from a newer state. What it published stays."""


def _as_safe_line(words: str) -> str:
    """Return the words on one line of limited length, without passwords and without control codes."""
    line = PASSWORD.sub("…@", CONTROL_CODES.sub(" ", words))
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"
