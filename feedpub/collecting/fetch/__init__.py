"""URL → Page: politely, within limits, as text. Sole holder of requests.

Only this room uses the network. It knows HTTP, robots.txt and charsets, and
nothing of what a page means. `manners` has what a fetcher is given, `client`
makes one request, `robots`, `rests` and `moves` decide whether, when and where;
`charset` reads the answer. `apart` lets others work while it waits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, TypeVar

from feedpub import address, content
from feedpub.collecting.fetch import headers
from feedpub.collecting.fetch.charset import decode
from feedpub.collecting.fetch.client import BUSY, REDIRECTS, Client, Request
from feedpub.collecting.fetch.manners import Borders, Clock, Manners, Memory
from feedpub.collecting.fetch.moves import Moves
from feedpub.collecting.fetch.rests import Rests
from feedpub.collecting.fetch.robots import RobotsFiles
from feedpub.collecting.fetch.watch import Dial, Watch
from feedpub.errors import FetchError, LedAway, Refused
from feedpub.model import Moved, Rest, Traffic, Validators

if TYPE_CHECKING:
    import requests

    from feedpub.content import Medium, NotModified, Page

T = TypeVar("T")

__all__ = ["Borders", "Clock", "Fetcher", "Manners", "Memory", "decode"]

LIMIT = 10_000_000  # bytes of a page, unpacked; a listing has some 50,000
LARGEST_PICTURE = 8_000_000  # bytes; a photograph of a phone has some 4,000,000
PICTURE_ACCEPTED = {"Accept": "image/jpeg,image/png,image/webp,image/gif,*/*;q=0.1", "Accept-Encoding": "identity"}
PICTURES_AT_ONCE = BoundedSemaphore(1)  # in memory, of all hosts: a large one takes as much as a run of many councils
PAGE_ACCEPTED = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"}
HTML_TYPES = ("text/html", "application/xhtml+xml")
PAGE_TYPES = (
    *HTML_TYPES, "text/plain", "application/xml", "text/xml", "application/rss+xml", "application/atom+xml",
)  # fmt: skip
IS_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+")


class Fetcher:
    """The way to the network: one request at a time, with a pause between two to a host."""

    def __init__(
        self,
        manners: Manners,
        clock: Clock,
        memory: Memory | None = None,
        borders: Borders | None = None,
        dial: Dial | None = None,
    ) -> None:
        memory = memory or Memory()
        borders = borders or Borders()
        self._now = clock.now
        self._rests = Rests(memory, clock, manners)
        self._moves = Moves(memory.recall, borders, clock.now)
        self._borders = borders
        self._longest_pause = manners.longest_pause
        self.client = Client(manners.headers, self._rests, Watch(borders.is_private, dial))
        self._robots = RobotsFiles(self.client, manners, memory, borders, clock)

    def page(self, url: str) -> Page:
        """Return the page at this address.

        Raises Refused if robots.txt or the server forbids it, Resting if its host
        is not to be asked now, and FetchError if it does not arrive whole for any
        other reason.
        """
        with self._final_answer("GET", url, PAGE_ACCEPTED) as response:
            page, onward = self._read_page(url, response)
        return self._sent_on(page, onward)

    def page_if_changed(self, url: str, known: Validators) -> Page | NotModified:
        """Return the page, or NotModified if the server says that it is as known (304). Raises as ``page`` does."""
        conditions = _conditions(known, self._now)
        with self._final_answer("GET", url, PAGE_ACCEPTED | conditions) as response:
            if conditions and response.status_code == 304:
                return content.NotModified(url)
            page, onward = self._read_page(url, response)
        return self._sent_on(page, onward)

    def raw(self, url: str) -> bytes:
        """Return the bytes at this address, of any type: a feed itself says what it is. Raises as ``page`` does."""
        with self._final_answer("GET", url, {"Accept": "*/*"}) as response:
            _require_success(url, response)
            return self.client.read_body(response, url, LIMIT)

    def measure(self, url: str) -> Medium | None:
        """Return a file's type and length; None if there is no such file or its server does not say."""
        with self._final_answer("HEAD", url, {"Accept-Encoding": "identity"}) as response:
            kind = _media_type(response)
            length = headers.content_length(response.headers.get("Content-Length", ""))
            is_file = IS_MEDIA_TYPE.fullmatch(kind) and kind != "text/html"
            if response.status_code != 200 or not is_file or not length:
                return None
            return content.Medium(url, kind, length)

    def status(self, url: str) -> int:
        """Return the status of the answer to HEAD, after redirects within the site. Raises as ``page`` does."""
        with self._final_answer("HEAD", url, {"Accept": "*/*", "Accept-Encoding": "identity"}) as response:
            return response.status_code

    def picture(self, url: str, use: Callable[[bytes], T]) -> T:
        """Return what ``use`` makes of the bytes of a picture. It is called while few others are.

        The answer's type is not asked: servers that say nothing, or something else, are common, and the bytes tell.
        Raises as ``page`` does.
        """
        with self._final_answer("GET", url, PICTURE_ACCEPTED) as response:
            _require_success(url, response)
            kind = _media_type(response)
            if kind in HTML_TYPES:
                raise FetchError(url, f"is {kind}, not a picture")
            with PICTURES_AT_ONCE:
                return use(self.client.read_body(response, url, LARGEST_PICTURE))

    def pace(self, url: str) -> float:
        """Return the seconds between two requests to the host of this address. Raises as ``page`` does."""
        return self._robots.crawl_delay(url)

    def asks_once(self, url: str) -> bool:
        """Return whether the host wants longer pauses than a run makes: then each run asks it for one page."""
        try:
            return self.pace(url) > self._longest_pause
        except FetchError:  # its robots.txt cannot be had; the next request says so
            return False

    def forget(self, url: str) -> None:
        """Ask for this page at its own address again: it was not understood where that is known to lead."""
        self._moves.unlearn(url)

    @property
    def traffic(self) -> Traffic:
        """What was asked for and received so far."""
        return self.client.traffic

    @property
    def rests(self) -> MutableMapping[str, Rest]:
        """The hosts that are left in peace."""
        return self._rests.memory.rests

    @property
    def moved(self) -> dict[str, Moved | None]:
        """What this run has learned of where addresses have moved; None: to nowhere."""
        return self._moves.changes

    def close(self) -> None:
        self.client.close()

    def _sent_on(self, page: Page, onward: str | None) -> Page:
        """Return the page to which this one sends its readers on by itself, as a redirect does; else this one.

        Its validators are not kept: sent with the next request, they would be taken for those of the first page.
        """
        url = page.asked
        for _ in range(REDIRECTS):
            if onward is None:
                return page
            start = self._next_step(Request("GET", page.url, {}, wanted=url), onward, 200)
            with self._final_answer("GET", url, PAGE_ACCEPTED, start) as response:
                page, onward = self._read_page(url, response)
            page = replace(page, validators=Validators())
        if onward is None:
            return page
        raise FetchError(url, f"leads on and on, the last time to {onward}")

    @contextmanager
    def _final_answer(
        self, method: str, url: str, fields: dict[str, str], start: str | None = None
    ) -> Iterator[requests.Response]:
        """Yield the answer after redirects within the site, its body not read yet.

        ``start`` is where to ask first, if that is neither the page's own address nor where it is known to have moved.
        """
        target = settled = start or self._moves.address_of(url)
        is_at_new_address = start is None and target != url
        for _ in range(REDIRECTS + 1):
            if not self._robots.may_fetch(target):
                self._moves.unlearn(url)
                raise Refused(url, "robots.txt forbids it")
            request = Request(method, target, fields, wanted=url)
            with self.client.exchange(request, self._robots.crawl_delay(target)) as response:
                status = response.status_code
                if status < 500 and status not in BUSY:  # not for a robots.txt, which another server may well serve
                    self._rests.note_service(address.host(target))
                onward = self.client.redirect_target(response, url)
                if is_at_new_address and status >= 400:  # perhaps it is at its own address again
                    self._moves.unlearn(url)
                    target, settled, is_at_new_address = url, url, False
                    continue
                if onward is None:
                    if status in (200, 304) and start is None:
                        self._moves.remember(url, settled)
                    yield response
                    return
            following = self._next_step(request, onward, status)
            if settled == target and status in (301, 308):
                settled = following
            target = following
        raise FetchError(url, f"leads on and on, the last time to {target}")

    def _next_step(self, request: Request, onward: str, status: int) -> str:
        """Return where a redirect leads. Raises FetchError if that is no address, LedAway if it is another site's."""
        following = address.absolute(request.url, onward)
        if following is None:
            raise FetchError(request.wanted, f"leads nowhere: {onward}", status)
        if not self._borders.allow(request.wanted, following):
            why = f"leads to another site: {onward}"
            raise LedAway(request.wanted, why, status, address.site(following))
        return following

    def _read_page(self, url: str, response: requests.Response) -> tuple[Page, str | None]:
        """Return the page of an answer, and where it sends its readers on; None: nowhere."""
        _require_success(url, response)
        kind = _media_type(response)
        if kind and kind not in PAGE_TYPES:
            raise FetchError(url, f"is {kind}, not a page")
        body = self.client.read_body(response, url, LIMIT)
        served = headers.served(response.headers.get("Date"), response.headers.get("Age"))
        page = content.Page(
            asked=url,
            url=response.url,
            text=decode(body, response.headers.get("Content-Type", "")),
            validators=Validators(
                headers.entity_tag(response.headers.get("ETag")),
                headers.last_modified(response.headers.get("Last-Modified"), served or self._now),
            ),
            relations={rel: link["url"] for rel, link in response.links.items() if "url" in link},
            served=served,
        )
        return page, _onward(page, response) if kind in ("", *HTML_TYPES) else None


def _onward(page: Page, response: requests.Response) -> str | None:
    """Return where a page sends its readers on by itself; None: nowhere."""
    from feedpub.collecting.fetch.refresh import refresh_target  # a run that finds nothing new reads no page

    return refresh_target(page.text, response.headers.get("Refresh", ""), page.url)


def _conditions(known: Validators, now: datetime) -> dict[str, str]:
    """Return the headers that ask for a page only if it has changed; none if nothing is known of it.

    Validators that an earlier version kept may be none that can be sent.
    """
    fields = {
        "If-None-Match": headers.entity_tag(known.etag),
        "If-Modified-Since": headers.last_modified(known.last_modified, now),
    }
    return {name: value for name, value in fields.items() if value}


def _media_type(response: requests.Response) -> str:
    return headers.media_type(response.headers.get("Content-Type", ""))


def _require_success(url: str, response: requests.Response) -> None:
    status = response.status_code
    if status == 200:
        return
    kind = Refused if status in (401, 403) else FetchError
    raise kind(url, f"the server answers {status} {response.reason}", status)
