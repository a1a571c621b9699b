"""What can go wrong, by who can mend it.

    FeedpubError
    ├── ConfigError(problems)      the operator: nothing was started                       exit 2
    ├── SourceError(url, reason)   the council's site: this page failed, the others go on  exit 1
    │   ├── FetchError             it did not arrive
    │   │   ├── Refused            robots.txt, 401, 403: not to be asked again soon
    │   │   ├── LedAway            it leads to another site
    │   │   └── Resting            it was not asked for: its host is left in peace for now
    │   ├── ScrapeError            it arrived, and is no page that can be read
    │   │   ├── LayoutError        it is whole, and not laid out as known
    │   │   └── Missing            it says that there is no such page, whatever its status
    │   └── Held                   what a run found is too odd to be published unseen
    ├── LedgerError                a file to recover items from                            exit 1, stops
    ├── StoreError                 this machine's state                                    exit 1, stops
    │   └── Damaged                its file is broken: its copy takes its place            exit 1, goes on
    └── PublishError               this machine's output                                   exit 1, stops

Each edge wraps its library's errors once, ``from`` the cause. Whatever is not
in this tree is a bug and keeps its traceback.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# A server's words end up before somebody's eyes; its line breaks, orders to a terminal and marks of direction do not.
ORDERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
PASSWORD = re.compile(r"(?<=//)[^\s/?#@]+@")  # of an address
LONGEST_REASON = 1000  # characters


class FeedpubError(Exception):
    """Any failure that a person can do something about."""


class ConfigError(FeedpubError):
    """The configuration is wrong; ``problems`` names every mistake, with its place."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class SourceError(FeedpubError):
    """One page of a council's site failed; ``reason`` fits on a line, whatever the site put into it."""

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = _shown(reason)
        super().__init__(f"{_shown(url)}: {self.reason}")


class FetchError(SourceError):
    """The page did not arrive.

    ``status`` is HTTP's, or None where there was no answer; ``is_unreachable``
    says that it was the server that could not be reached, whatever the page.
    """

    def __init__(self, url: str, reason: str, status: int | None = None, *, is_unreachable: bool = False) -> None:
        super().__init__(url, reason)
        self.status = status
        self.is_unreachable = is_unreachable


class Resting(FetchError):
    """The page was not asked for: its host is left in peace for now; ``is_said``: an earlier run has told of that."""

    def __init__(self, url: str, reason: str, *, is_said: bool = False) -> None:
        super().__init__(url, reason, is_unreachable=True)
        self.is_said = is_said


class LedAway(FetchError):
    """The site leads to another one; ``host`` is that one's."""

    def __init__(self, url: str, reason: str, status: int, host: str) -> None:
        super().__init__(url, reason, status)
        self.host = host


class Refused(FetchError):
    """The site does not want this page to be asked for."""


class ScrapeError(SourceError):
    """The page arrived, and cannot be read: it is empty, cut short, no news, or laid out otherwise."""


class LayoutError(ScrapeError):
    """The page is whole, and not laid out as known; the reason names what of the layout is dead."""


class Missing(ScrapeError):
    """The page arrived, and says that there is no such page; or it is the site's front page instead."""

    status = 404


class Held(SourceError):
    """What a run found is not believed: nothing of it is kept or published until somebody has looked."""


class LedgerError(FeedpubError):
    """A file from which items were to be recovered holds none that can be read."""


class StoreError(FeedpubError):
    """The state cannot be read or written."""


class Damaged(StoreError):
    """The state's file is none that SQLite could read: it was cut short, or overwritten."""


class PublishError(FeedpubError):
    """The feeds cannot be written."""


def _shown(words: str) -> str:
    """The words on a line, without passwords and without what would do anything to whoever reads them."""
    line = PASSWORD.sub("…@", ORDERS.sub(" ", words))
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"
