"""URL → Page: politely, within limits, as text. Sole holder of requests.

This room alone speaks with the network. It knows HTTP, robots.txt (RFC 9309)
and charsets, and nothing of what a page means.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, MutableMapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING

from protego import Protego

from feedpub import address, content
from feedpub.collecting.fetch import direct
from feedpub.collecting.fetch.watch import CONNECT, SILENCE, Watch
from feedpub.errors import FetchError, LedAway, Refused, Resting
from feedpub.model import Moved, Rest, Robots, Traffic, Validators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    import requests

    from feedpub.content import Medium, NotModified, Page

# requests is imported when it is needed: a run that finds nothing new needs it not.

PRODUCT = "feedpub"  # what robots.txt calls us
PATIENCE = 120.0  # seconds: for one page, whole
LIMIT = 10_000_000  # bytes of a page, unpacked; a listing has some 50,000
REDIRECTS = 5  # RFC 9309, 2.3.1.2 asks for five at least for robots.txt
MOVED_FOR = timedelta(days=1)  # so long a permanent redirect is believed without being seen again: some are mistakes
ROBOTS_LIFE = timedelta(hours=1), timedelta(hours=24)  # RFC 9309, 2.4: by its Cache-Control, a day at most
ROBOTS_LIMIT = 512_000  # bytes, RFC 9309, 2.5: at least 500 KiB must be read
ROBOTS_UNREACHABLE = timedelta(days=30)  # RFC 9309, 2.3.1.4: after so long it may be taken for none
PATIENT_RUNS = 3  # in which a host may fail to serve us before it is left in peace
FIRST_REST = timedelta(hours=1)
LONGEST_REST = timedelta(days=1)
LONGEST_WAIT = 3600.0  # seconds between two requests; for more, the rest is left to a later run
PAGE_TYPES = (
    "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", "application/rss+xml",
    "application/atom+xml",
)  # fmt: skip
NO_CHARSETS = {
    "iso8859-1",  # what some servers say of everything; no Ukrainian is written in it
    "utf-7", "idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined",  # Python's, and no page's
}  # fmt: skip
PAGE_ACCEPTED = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"}
REDIRECTED = {301, 302, 303, 307, 308}  # as requests has it
VALIDATORS = {"If-None-Match", "If-Modified-Since"}
CYRILLIC = ["utf_8", "cp1251", "koi8_u", "cp866", "iso8859_5"]


class Fetcher:
    """The one way out. At most one request at a time, ``delay`` seconds or more between two to a host.

    ``robots`` is the memory of robots.txt by origin, ``rests`` that of hosts
    that are left in peace, both kept by whoever calls; ``recall`` says where
    an address has moved for good, and what is learnt of that is in ``moved``.
    ``hosts`` says for a host to which others its pages may lead (redirect),
    ``is_led`` lets it lead anywhere. ``is_private`` says of a host whether it
    may stand in a private network. ``budget`` is how many requests a host gets at most.
    ``beat`` is told before every request how many seconds it may take.
    ``sleep`` and ``clock`` (seconds, monotonic) are parameters for tests.
    """

    def __init__(
        self,
        *,
        contact: str,
        version: str,
        delay: float,
        now: datetime,
        robots: MutableMapping[str, Robots] | None = None,
        rests: MutableMapping[str, Rest] | None = None,
        recall: Callable[[str], Moved | None] = lambda _: None,
        hosts: Mapping[str, Collection[str]] | None = None,
        is_private: Callable[[str], bool] = lambda _: False,
        is_led: bool = False,
        budget: int | None = None,
        beat: Callable[[float], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = lambda: _spread(),
    ) -> None:
        self.agent = f"feedpub/{version} (+{contact})"
        self.delay = delay
        self.now = now
        self.hosts = hosts or {}
        self.is_led = is_led
        self.budget = budget
        self.beat = beat
        self.robots = {} if robots is None else robots
        self.rests = {} if rests is None else rests
        self.rested: dict[str, Rest] = {}  # the rests that are over
        self.recall = recall
        self.moved: dict[str, Moved | None] = {}  # what is known now; None: it has not moved after all
        self.sleep = sleep
        self.clock = clock
        self.jitter = jitter
        self.traffic = Traffic(0, 0, 0)
        self.watch = Watch(is_private)
        self.last: dict[str, float] = {}  # host -> when its last answer was over
        self.spent: Counter[str] = Counter()  # requests by host
        self.rules: dict[str, Protego] = {}
        self.closed: dict[str, FetchError] = {}  # origins whose robots.txt could not be had in this run

    @cached_property
    def session(self) -> requests.Session:
        import requests

        from feedpub.collecting.fetch.wire import Wire

        made = requests.Session()
        for scheme in ("http://", "https://"):
            made.mount(scheme, Wire(self.watch))
        made.headers.update(self._told)
        if direct.is_open():  # then requests need not look for all that at each request, which takes a third of it
            made.trust_env, made.verify = False, direct.trusted() or True
        return made

    @property
    def _told(self) -> dict[str, str]:
        """What every request says: the same to the last letter, whoever makes it, for caches hold answers by it."""
        return {"User-Agent": self.agent, "Accept-Language": "uk, *;q=0.5", "Accept-Encoding": "gzip, deflate, br"}

    def close(self) -> None:
        self.watch.close()
        if self._has_session:
            self.session.close()

    @property
    def _has_session(self) -> bool:
        return "session" in self.__dict__

    def page(self, url: str) -> Page:
        """Return the page at this address.

        Raises Refused where robots.txt or the server forbids it. Raises
        FetchError where the page does not arrive whole for any other reason.
        """
        with self._answer("GET", url, PAGE_ACCEPTED) as response:
            return self._page(url, response)

    def page_if_changed(self, url: str, known: Validators) -> Page | NotModified:
        """Return the page, or NotModified where the server says that it is as known (304). Raises as ``page`` does."""
        conditions = _conditions(known)
        with self._answer("GET", url, PAGE_ACCEPTED | conditions) as response:
            if conditions and response.status_code == 304:
                return content.NotModified(url)
            return self._page(url, response)

    def _page(self, url: str, response: requests.Response) -> Page:
        _require_success(url, response)
        kind = _media_type(response)
        if kind and kind not in PAGE_TYPES:
            raise FetchError(url, f"is {kind}, not a page")
        body = self._body(url, response, LIMIT)
        return content.Page(
            asked=url,
            url=response.url,
            text=decode(body, response.headers.get("Content-Type", "")),
            validators=Validators(response.headers.get("ETag"), response.headers.get("Last-Modified")),
            relations={rel: link["url"] for rel, link in response.links.items() if "url" in link},
            served=_date(response.headers.get("Date")),
        )

    def raw(self, url: str) -> bytes:
        """The bytes behind the address, whatever they are: for feeds, which say of themselves what they are."""
        with self._answer("GET", url, {"Accept": "*/*"}) as response:
            _require_success(url, response)
            return self._body(url, response, LIMIT)

    def measure(self, url: str) -> Medium | None:
        """Type and length of a file as its server tells them; None where it does not, or has no such file."""
        with self._answer("HEAD", url, {"Accept-Encoding": "identity"}) as response:
            length, kind = _length(response), _media_type(response)
            is_file = re.fullmatch(r"[\w.+-]+/[\w.+-]+", kind) and kind != "text/html"
            if response.status_code != 200 or not is_file or not length:
                return None
            return content.Medium(url, kind, length)

    def pace(self, url: str) -> float:
        """Seconds between two requests to the host of this address, by its robots.txt and the configuration."""
        asked = self._rules(url).crawl_delay(PRODUCT) or 0.0
        return max(self.delay, min(asked, LONGEST_REST.total_seconds()) if asked > 0 else 0.0)

    # -------------------------------------------------------- one answer

    @contextmanager
    def _answer(self, method: str, url: str, headers: dict[str, str]) -> Iterator[requests.Response]:
        """The answer after redirects within the site, its body not read yet."""
        target = settled = self._known_to_be_at(url)
        is_recalled = target != url
        for _ in range(REDIRECTS + 1):
            if not self._rules(target).can_fetch(target, PRODUCT):
                self.forget(url)
                raise Refused(url, "robots.txt forbids it")
            with self._exchange(method, target, headers, self.pace(target), url) as response:
                status = response.status_code
                if status < 500 and status != 429:  # robots.txt may well be served by another
                    self._wake(address.host(target))
                onward = self._onward(url, response)
                if is_recalled and status >= 400:
                    self.forget(url)  # it is not there any more; perhaps where it was
                    target, settled, is_recalled = url, url, False
                    continue
                if onward is None:
                    self._remember(url, settled, status)
                    self.traffic += Traffic(0, int(status == 304), 0)
                    yield response
                    return
            following = address.absolute(target, onward)
            if following is None:
                raise FetchError(url, f"leads nowhere: {onward}", status)
            if not self._may_lead(url, following):
                raise LedAway(url, f"leads to another site: {onward}", status, address.host(following))
            if settled == target and status in (301, 308):
                settled = following
            target = following
        raise FetchError(url, f"leads on and on, the last time to {target}")

    def forget(self, url: str) -> None:
        """The page was not had, or not understood, where the address is known to lead: it is asked for itself again."""
        if self.moved[url] if url in self.moved else self.recall(url):
            self.moved[url] = None

    def _may_lead(self, url: str, following: str) -> bool:
        own, other = address.host(url), address.host(following)
        return other == own or other in self.hosts.get(own, ()) or self.is_led

    def _known_to_be_at(self, url: str) -> str:
        """Where the address has moved for good, as far as that was seen lately; else the address itself."""
        known = self.moved[url] if url in self.moved else self.recall(url)
        if known is None or not timedelta(0) <= self.now - known.since < MOVED_FOR or not self._may_lead(url, known.to):
            return url
        return known.to

    def _remember(self, url: str, settled: str, status: int) -> None:
        """Where the page was had in the end, by permanent redirects alone.

        Not for a page's own number: it names the page whatever becomes of its
        aliases, and one of these may be another page's tomorrow.
        """
        if status not in (200, 304) or address.is_numbered(url):
            return
        known = self.moved[url] if url in self.moved else self.recall(url)
        if settled == url:
            if known is not None:
                self.moved[url] = None
        elif known is None or known.to != settled or not timedelta(0) <= self.now - known.since < MOVED_FOR:
            self.moved[url] = Moved(settled, self.now)

    @contextmanager
    def _exchange(
        self, method: str, url: str, headers: dict[str, str], pace: float, wanted: str
    ) -> Iterator[requests.Response]:
        """The answer to one request; an error is of the page that was wanted, not of a step on the way to it."""
        host = address.host(url)
        self._require_rested(host, wanted)
        self._require_budget(host, wanted)
        self._wait(host, pace, wanted)
        self.spent[host] += 1
        self.traffic += Traffic(1, 0, 0)
        with self.watch.patient(PATIENCE):
            try:
                response = self._directly(method, url, headers, wanted)
                if response is None:
                    with self._wrapped(wanted):
                        response = self.session.request(
                            method, url, headers=headers, timeout=(CONNECT, SILENCE), stream=True, allow_redirects=False
                        )
            except FetchError as error:
                self.last[host] = self.clock()
                if error.is_unreachable:
                    self._tire(host, error.reason)
                raise
            try:
                if response.status_code in (429, 503):
                    why = f"the server answers {response.status_code} {response.reason}"
                    self._tire(host, why, response.headers.get("Retry-After"))
                yield response
            finally:
                self.traffic += Traffic(0, 0, response.raw.tell())
                response.close()
                self.last[host] = self.clock()

    def _directly(self, method: str, url: str, headers: dict[str, str], wanted: str) -> requests.Response | None:
        """The answer to a conditional request, without requests where it is 304; None where requests is to ask."""
        is_conditional = method == "GET" and not VALIDATORS.isdisjoint(headers)
        if self._has_session or not is_conditional or not direct.is_possible(url):
            return None
        exchange = direct.Direct(url, self._told | headers, self.watch)
        answer = exchange.ask(wanted, PATIENCE)
        if answer is None:
            return None
        if answer.status == 304:
            exchange.close()
            return Unmodified(answer.headers)  # type: ignore[return-value]  # it has all that is looked at
        with self._wrapped(wanted):
            return exchange.adopted(answer, self.session)

    def _wait(self, host: str, pace: float, wanted: str) -> None:
        last = self.last.get(host)
        wait = 0.0 if last is None else last + pace - self.clock()
        if wait > LONGEST_WAIT:
            until = (self.now + timedelta(seconds=pace)).replace(microsecond=0)
            self.rests[host] = Rest(until, f"robots.txt asks for {pace:g} s between two requests", 0, self.now)
            self._require_rested(host, wanted)
        self.beat(max(wait, 0.0) + PATIENCE)
        if wait > 0:
            self.sleep(wait)

    def _require_budget(self, host: str, wanted: str) -> None:
        if self.budget is not None and self.spent[host] >= self.budget:
            raise Resting(wanted, f"is not asked for: this run has made its {self.budget} requests to {host}")

    def _require_rested(self, host: str, wanted: str) -> None:
        rest = self.rests.get(host)
        if rest and rest.asked <= self.now < rest.until:  # a clock that was ahead is no reason to wait
            until = f"{rest.until:%Y-%m-%d %H:%M} UTC"
            why = f"is not asked for: its site is left in peace until {until}, since {rest.why}"
            raise Resting(wanted, why, is_said=rest.asked < self.now)

    def _wake(self, host: str) -> None:
        """The host serves us again."""
        if rest := self.rests.pop(host, None):
            self.rested[host] = rest

    def _tire(self, host: str, why: str, retry_after: str | None = None) -> None:
        """The host does not serve us: for how long it is left in peace.

        As long as it asks for (RFC 9110, 10.2.3), a day at most; else not at
        all at first, then, from the fourth run on, for an hour, two, four, at
        last a day, spread a little, so that not all come back at once.
        """
        before = self.rests.get(host) or self.rested.get(host)  # which served us something, and fails again
        failures = before.failures if before else 0
        failures += before is None or before.asked != self.now
        asked_for = _seconds(retry_after, self.now)
        if asked_for is not None:
            wait = min(asked_for, LONGEST_REST)
        elif failures > PATIENT_RUNS:
            wait = min(FIRST_REST * (1 << min(failures - PATIENT_RUNS - 1, 10)), LONGEST_REST) * self.jitter()
        else:
            wait = timedelta(0)
        until = (self.now + wait).replace(microsecond=0)
        if before and before.asked == self.now:
            until = max(until, before.until)
        self.rests[host] = Rest(until, why, failures, self.now)

    def _wrapped(self, wanted: str) -> AbstractContextManager[None]:
        from feedpub.collecting.fetch.wire import wrapped

        return wrapped(wanted, self.watch, PATIENCE)

    def _onward(self, wanted: str, response: requests.Response) -> str | None:
        if response.status_code not in REDIRECTED:
            return None
        with self._wrapped(wanted):
            return self.session.get_redirect_target(response)

    def _body(self, url: str, response: requests.Response, limit: int, *, is_cut: bool = False) -> bytes:
        """The body, unpacked. Of one beyond the limit the beginning, where it may be cut."""
        too_large = FetchError(url, f"is larger than {limit // 1_000_000 or 1} MB")
        if (_length(response) or 0) > limit and not is_cut:
            raise too_large
        chunks: list[bytes] = []
        size = 0
        with self._wrapped(url):
            # read1 gives what is there: a packed giant stops at the limit, and not once it is unpacked
            while chunk := response.raw.read1(65_536, decode_content=True):
                chunks.append(chunk)
                size += len(chunk)
                if size > limit:
                    if is_cut:
                        break
                    raise too_large
            if self.watch.is_late:  # what was hung up looks like an end where no length was told
                raise OSError
        return b"".join(chunks)

    # -------------------------------------------------------- robots.txt

    def _rules(self, url: str) -> Protego:
        """The robots.txt that speaks for this address."""
        origin = address.origin(url)
        if origin in self.closed:
            raise FetchError(url, self.closed[origin].reason, is_unreachable=True)
        if origin not in self.rules:
            self.rules[origin] = Protego.parse(self._robots(origin, url))
        return self.rules[origin]

    def _robots(self, origin: str, wanted: str) -> str:
        """robots.txt as RFC 9309, 2.3.1 has it: any 4xx allows all; no answer or a 5xx forbids all, for now.

        For now: as long as it cannot be had, one that is known goes on to
        count; where none is, all is forbidden for thirty days, then allowed.
        What is forbidden is the page that was wanted, so errors are of that.
        """
        known = self.robots.get(origin)
        if known and known.text is not None and known.asked <= self.now < known.until:
            return known.text
        try:
            text, life = self._asked_robots(origin, wanted)
        except Resting:
            raise
        except FetchError as error:
            is_down = error.is_unreachable and error.status is None  # then the page could not be had either
            if known and known.text is not None and not is_down:
                return known.text
            since = min(known.asked, self.now) if known and known.text is None else self.now
            if self.now - since >= ROBOTS_UNREACHABLE and not is_down:
                return ""
            if not is_down and known is None:
                self.robots[origin] = Robots(None, since, since)
            self.closed[origin] = error
            raise
        self.robots[origin] = Robots(text, self.now, self.now + life)
        return text

    def _asked_robots(self, origin: str, wanted: str) -> tuple[str, timedelta]:
        """Its text, "" where there is none, and how long it counts."""
        target = f"{origin}/robots.txt"
        for _ in range(REDIRECTS + 1):
            with self._exchange("GET", target, {}, self.delay, wanted) as response:
                onward = self._onward(wanted, response)
                if onward is None:
                    status = response.status_code
                    if status >= 500 or status == 429:
                        raise FetchError(
                            wanted,
                            f"its site's robots.txt answers {status}; until that can be read, nothing else is asked",
                            status,
                        )
                    body = self._body(wanted, response, ROBOTS_LIMIT, is_cut=True) if status == 200 else b""
                    return _unmarked(body), _lifetime(response.headers.get("Cache-Control", ""))
            following = address.absolute(target, onward)
            if following is None or not self._may_lead(origin, following):
                break  # as if there were none: a site must not send us to addresses of its choosing
            target = following
        return "", ROBOTS_LIFE[1]


def _spread() -> float:
    import random

    return random.uniform(0.8, 1.2)  # noqa: S311 - to spread requests, no secret


class Unmodified:
    """An answer of 304, as far as anybody looks at it."""

    status_code, reason = 304, "Not Modified"

    def __init__(self, headers: Message) -> None:
        self.headers = headers
        self.raw = self

    def tell(self) -> int:
        return 0

    def close(self) -> None:
        """Its connection is closed already."""


def decode(body: bytes, content_type: str) -> str:
    """The page's text. A charset is believed as far as the bytes bear it out.

    UTF-8 of more than ASCII cannot be valid by accident, so it is UTF-8
    whatever the header says. Where bytes declared UTF-8 are not, single strays
    are read as windows-1251, which editors paste into such pages; where most
    are strays, all of it is windows-1251. NUL, which would end the page for
    the parser, goes.
    """
    return _decoded(body, content_type).replace("\0", "")


def _decoded(body: bytes, content_type: str) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _declared(body, content_type)
    if declared == "utf-8":
        return _mended(body)
    if known := _known(body, declared):
        return known
    if _is_western(body):
        return body.decode("cp1252", "replace")
    return _known(body, _guess(body)) or body.decode("cp1251", "replace")


def _is_western(body: bytes) -> bool:
    """Whether bytes beyond ASCII stand alone between ASCII letters, as in «fü(r)»; Cyrillic words are made of them."""
    runs = re.findall(rb"[\x80-\xff]+", body)
    return sum(map(len, runs)) < 2 * len(runs)


def _declared(body: bytes, content_type: str) -> str | None:
    """The charset of the header, else of the page's own meta, as Python names it."""
    import codecs

    header = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type, re.IGNORECASE)
    meta = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)", body[:4096], re.IGNORECASE)
    for name in (header and header[1], meta and meta[1].decode("ascii", "replace")):
        try:
            found = codecs.lookup(name).name if name else None
        except LookupError:
            continue
        if found and found not in NO_CHARSETS:
            return found
    return None


def _known(body: bytes, encoding: str | None) -> str | None:
    try:
        return body.decode(encoding) if encoding else None
    except (UnicodeError, LookupError):
        return None


def _guess(body: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(body[:200_000], cp_isolation=CYRILLIC).best()
    return best.encoding if best else None


def _mended(body: bytes) -> str:
    text = body.decode("utf-8", "surrogateescape")
    strays = sum("\udc80" <= c <= "\udcff" for c in text)
    letters = sum("\x80" <= c < "\ud800" for c in text)
    encoding = "cp1252" if _is_western(body) and not re.search("[\u0400-\u04ff]", text) else "cp1251"
    if strays > letters:
        return body.decode(encoding, "replace")
    return re.sub(
        "[\udc80-\udcff]+",
        lambda m: m[0].encode("utf-8", "surrogateescape").decode(encoding, "replace"),
        text,
    )


def _seconds(retry_after: str | None, now: datetime) -> timedelta | None:
    """How long a Retry-After asks to wait: seconds, or a date; None where there is none that can be read."""
    if retry_after is None:
        return None
    if said := re.match(r"\s*(\d+)\s*(?:,|$)", retry_after, re.ASCII):  # of two, the first
        return timedelta(seconds=int(said[1][:9]) if len(said[1]) < 10 else 10**9)
    until = _date(retry_after)
    return max(until - now, timedelta(0)) if until else None


def _date(http: str | None) -> datetime | None:
    """The instant of a date as HTTP writes it; None where it is none."""
    try:
        found = parsedate_to_datetime(http) if http else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (TypeError, ValueError, OverflowError):  # no date, or one beyond the calendar
        return None


def _unmarked(robots: bytes) -> str:
    """robots.txt as text: UTF-8 (RFC 9309, 2.3), with a byte order mark as Windows' editors write it, or as UTF-16."""
    is_wide = robots.startswith((b"\xff\xfe", b"\xfe\xff"))
    return robots[:ROBOTS_LIMIT].decode("utf-16" if is_wide else "utf-8-sig", "replace")


def _lifetime(cache_control: str) -> timedelta:
    """How long a robots.txt is kept: as long as it says (RFC 9111, 5.2.2.1), within bounds."""
    if re.search(r"\bno-(?:cache|store)\b", cache_control, re.IGNORECASE):
        return ROBOTS_LIFE[0]
    asked = re.search(r"\bmax-age\s*=\s*\"?(\d{1,9})", cache_control, re.IGNORECASE)
    return max(ROBOTS_LIFE[0], min(timedelta(seconds=int(asked[1])), ROBOTS_LIFE[1])) if asked else ROBOTS_LIFE[1]


def _media_type(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _length(response: requests.Response) -> int | None:
    """The Content-Length; None where there is none that can be believed."""
    said = re.fullmatch(r"\s*(\d{1,15})\s*", response.headers.get("Content-Length", ""), re.ASCII)
    return int(said[1]) if said else None


def _conditions(known: Validators) -> dict[str, str]:
    """Return the headers that ask for a page only if it has changed; none where nothing is known of it."""
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in headers.items() if value}


def _require_success(url: str, response: requests.Response) -> None:
    status = response.status_code
    if status in (401, 403):
        raise Refused(url, f"the server answers {status} {response.reason}", status)
    if status != 200:
        raise FetchError(url, f"the server answers {status} {response.reason}", status)
