"""robots.txt as RFC 9309 has it: downloaded once a day at most, remembered, and obeyed. Sole user of protego."""

from __future__ import annotations

import codecs
from datetime import timedelta
from typing import TYPE_CHECKING

from protego import Protego

from feedpub import address
from feedpub.collecting.fetch import headers
from feedpub.collecting.fetch.client import REDIRECTS, Client, Request
from feedpub.collecting.fetch.manners import Borders, Clock, Manners, Memory
from feedpub.errors import FetchError, Resting
from feedpub.model import Robots

if TYPE_CHECKING:
    import requests

PRODUCT = "feedpub"  # the name by which a robots.txt addresses us
SHORTEST_LIFE = timedelta(hours=1)
LONGEST_LIFE = timedelta(hours=24)  # RFC 9309, 2.4: kept by its Cache-Control, a day at most
LIMIT = 512_000  # bytes; RFC 9309, 2.5: at least 500 KiB must be read
UNREACHABLE_FOR = timedelta(days=30)  # RFC 9309, 2.3.1.4: after so long a site may be taken to have none
LONGEST_CRAWL_DELAY = timedelta(days=1).total_seconds()


class RobotsFiles:
    """The robots.txt of each origin that this run asks."""

    def __init__(self, client: Client, manners: Manners, memory: Memory, borders: Borders, clock: Clock) -> None:
        self._client = client
        self._delay = manners.delay
        self._memory = memory.robots
        self._borders = borders
        self._now = clock.now
        self._parsed: dict[str, Protego] = {}
        self._closed: dict[str, FetchError] = {}  # origin -> why its robots.txt cannot be had in this run

    def may_fetch(self, url: str) -> bool:
        return self._rules_for(url).can_fetch(url, PRODUCT)

    def crawl_delay(self, url: str) -> float:
        """Return the seconds between two requests to the host: our delay, or the site's own if that is longer."""
        return self._pause_by(self._rules_for(url))

    def _pause_by(self, rules: Protego) -> float:
        asked_for = rules.crawl_delay(PRODUCT) or 0.0
        return max(self._delay, min(asked_for, LONGEST_CRAWL_DELAY))

    def _pause_before(self, origin: str) -> float:
        """Return the seconds before a robots.txt is asked for: what its host wanted when it was last read.

        http and https have a robots.txt each, and one server behind them.
        """
        netloc = origin.partition("://")[2]
        known = (self._memory.get(f"{scheme}://{netloc}") for scheme in ("http", "https"))
        rules = [Protego.parse(robots.text) for robots in known if robots and robots.text]
        return max(map(self._pause_by, rules), default=self._delay)

    def _rules_for(self, url: str) -> Protego:
        origin = address.origin(url)
        if origin in self._closed:
            raise FetchError(url, self._closed[origin].reason, is_unreachable=True)
        if origin not in self._parsed:
            self._parsed[origin] = Protego.parse(self._robots_text(origin, url))
        return self._parsed[origin]

    def _robots_text(self, origin: str, wanted: str) -> str:
        """Return the robots.txt of this origin (RFC 9309, 2.3.1): remembered if it is fresh, else downloaded.

        Any 4xx allows everything. No answer or a 5xx forbids everything, for now:
        a robots.txt that is remembered stays in force; without one everything is
        forbidden for thirty days and then allowed. Errors name the page that was
        wanted, since that is what cannot be had.
        """
        remembered = self._memory.get(origin)
        text = remembered.text if remembered else None
        if remembered and text is not None and remembered.asked <= self._now < remembered.until:
            return text
        try:
            text, life = self._download(origin, wanted)
        except Resting:
            raise
        except FetchError as error:
            text = self._text_without_answer(origin, error)
            if text is None:
                self._closed[origin] = error
                raise
            return text
        self._memory[origin] = Robots(text, self._now, self._now + life)
        return text

    def _text_without_answer(self, origin: str, error: FetchError) -> str | None:
        """Return the robots.txt that counts while the server has none to give; None if everything is forbidden."""
        is_down = error.is_unreachable and error.status is None  # then the page cannot be had either
        if is_down:
            return None
        remembered = self._memory.get(origin)
        if remembered and remembered.text is not None:
            return remembered.text
        since = min(remembered.asked, self._now) if remembered else self._now
        if self._now - since >= UNREACHABLE_FOR:
            return ""
        if remembered is None:
            self._memory[origin] = Robots(None, since, since)
        return None

    def _download(self, origin: str, wanted: str) -> tuple[str, timedelta]:
        """Return the text, "" if there is none, and how long it counts."""
        target, pause = f"{origin}/robots.txt", self._pause_before(origin)
        for _ in range(REDIRECTS + 1):
            with self._client.exchange(Request("GET", target, {}, wanted), pause) as response:
                onward = self._client.redirect_target(response, wanted)
                if onward is None:
                    life = _lifetime(response.headers.get("Cache-Control", ""))
                    return self._text_of(response, wanted), life
            following = address.absolute(target, onward)
            if following is None or not self._borders.allow(origin, following):
                break  # as if there were none: a site must not send us to addresses of its choosing
            target = following
        return "", LONGEST_LIFE

    def _text_of(self, response: requests.Response, wanted: str) -> str:
        status = response.status_code
        if status >= 500 or status == 429:
            why = f"its site's robots.txt answers {status}; until that can be read, nothing else is asked"
            raise FetchError(wanted, why, status)
        if status != 200:
            return ""
        return _decoded_robots(self._client.read_body(response, wanted, LIMIT, is_cut=True))


def _decoded_robots(robots: bytes) -> str:
    """Return robots.txt as text: UTF-8 (RFC 9309, 2.3), or UTF-16 with a byte order mark, as Windows' editors write."""
    is_wide = robots.startswith((b"\xff\xfe", b"\xfe\xff"))
    return robots[:LIMIT].removeprefix(codecs.BOM_UTF8).decode("utf-16" if is_wide else "utf-8", "replace")


def _lifetime(cache_control: str) -> timedelta:
    max_age = headers.max_age(cache_control)
    if max_age is None:
        return LONGEST_LIFE
    return max(SHORTEST_LIFE, min(max_age, LONGEST_LIFE))
