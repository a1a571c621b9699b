"""What a fetcher is given: its manners, its memory of the sites, its borders and its clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from math import inf

from feedpub import address
from feedpub.model import Moved, Rest, Robots

LONGEST_PAUSE = 60.0  # seconds: while a run sleeps, the next one waits
PATIENT_PAUSE = 3600.0  # of a person's own command, for which nobody waits


@dataclass(frozen=True, slots=True)
class Manners:
    """How feedpub behaves at a council's site."""

    contact: str  # where the site's people reach the operator: an address, in every request
    version: str
    delay: float = 0.0  # seconds between two requests to a host, at least
    budget: int | None = None  # requests to a host in one run; None: as many as there are
    longest_pause: float = LONGEST_PAUSE  # seconds between two requests; beyond it, the host rests until a later run
    deadline: float = inf  # by the monotonic clock: from then on nothing more is asked for

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every request, always equal to the last letter: caches keep answers by them."""
        return {
            "User-Agent": f"feedpub/{self.version} (+{self.contact})",
            "Accept-Language": "uk, *;q=0.5",
            "Accept-Encoding": "gzip, deflate, br",
        }


def _has_not_moved(_url: str) -> Moved | None:
    return None


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier runs have learned of the sites. A fetcher updates both mappings; the caller keeps them."""

    robots: MutableMapping[str, Robots] = field(default_factory=dict)  # origin -> its robots.txt
    rests: MutableMapping[str, Rest] = field(default_factory=dict)  # host -> until when it is left in peace
    recall: Callable[[str], Moved | None] = _has_not_moved  # where an address has moved for good
    asked: Mapping[str, float] = field(default_factory=dict)  # host -> seconds since another fetcher asked it


def is_never_private(_host: str) -> bool:
    return False


def _is_not_accepted(_site: str, _other: str) -> bool:
    return False


def is_always_private(_host: str) -> bool:
    """Allow any host: a person has typed its address."""
    return True


@dataclass(frozen=True, slots=True)
class Borders:
    """Where requests may go."""

    hosts: Mapping[str, Collection[str]] = field(default_factory=dict)  # host -> others that its pages may redirect to
    is_private: Callable[[str], bool] = is_never_private  # whether a host may be in a private network
    is_accepted: Callable[[str, str], bool] = _is_not_accepted  # host, another: a person lets the one lead to the other

    def allow(self, start: str, target: str) -> bool:
        """Return whether a request for the first address may be redirected to the second."""
        site, other = address.site(start), address.site(target)
        return other == site or other in self.hosts.get(site, ()) or self.is_accepted(site, other)


def _ignore(_seconds: float) -> None:
    """Give no sign of life."""


def spread() -> float:
    """Return a factor near 1, by chance."""
    import random

    return random.uniform(0.8, 1.2)  # noqa: S311 - spreads requests, guards no secret


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of one run. Tests hand in functions that do not really wait."""

    now: datetime  # the same instant for the whole run
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = spread  # a factor near 1, so that hosts do not all come back at once
    beat: Callable[[float], None] = _ignore  # called before each request with the seconds that it may take
