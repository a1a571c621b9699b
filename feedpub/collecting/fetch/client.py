"""One request and its answer: in its turn, in time, counted, and with errors that name the page that was wanted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from feedpub import address
from feedpub.collecting.fetch import direct
from feedpub.collecting.fetch.headers import content_length
from feedpub.collecting.fetch.rests import Rests
from feedpub.collecting.fetch.watch import CONNECT, SILENCE, Watch
from feedpub.errors import FetchError
from feedpub.model import Traffic

if TYPE_CHECKING:
    from email.message import Message

    import requests

# requests is imported when it is needed: a run that finds nothing new does without it.

PATIENCE = 120.0  # seconds: for one answer, whole
REDIRECTS = 5  # in a row; RFC 9309, 2.3.1.2 asks for five at least for robots.txt
REDIRECTED = {301, 302, 303, 307, 308}  # as requests has it
BUSY = {429, 503}  # the server asks us to come back later
VALIDATORS = {"If-None-Match", "If-Modified-Since"}
CHUNK = 65_536  # bytes


@dataclass(frozen=True, slots=True)
class Request:
    """A request for ``url``, a step on the way to the page that is ``wanted``. Errors name that page."""

    method: str
    url: str
    headers: dict[str, str]
    wanted: str

    @property
    def is_conditional(self) -> bool:
        return self.method == "GET" and not VALIDATORS.isdisjoint(self.headers)


class Client:
    """Makes one request at a time. Most runs make a single conditional one, and that needs no requests."""

    def __init__(self, headers: dict[str, str], rests: Rests, watch: Watch) -> None:
        self._headers = headers
        self._rests = rests
        self._watch = watch
        self._is_closed = False
        self.traffic = Traffic(0, 0, 0)

    @property
    def has_session(self) -> bool:
        return "session" in self.__dict__

    @cached_property
    def session(self) -> requests.Session:
        import requests

        from feedpub.collecting.fetch.wire import FewCookies, Wire

        session = requests.Session()
        for scheme in ("http://", "https://"):
            session.mount(scheme, Wire(self._watch))
        session.headers.update(self._headers)
        session.cookies.set_policy(FewCookies())
        if direct.is_open():  # then requests need not look for proxies and passwords each time: a third of its work
            session.trust_env = False
            session.verify = direct.trusted() or True
        return session

    def close(self) -> None:
        """End the connections. A request that another thread is making fails at once."""
        self._is_closed = True
        self._watch.close()
        if self.has_session:
            self.session.close()

    @contextmanager
    def exchange(self, request: Request, pace: float) -> Iterator[requests.Response]:
        """Yield the answer to one request, its body not read yet, ``pace`` seconds or more after the last answer.

        Raises Resting if the host is not to be asked now, FetchError if there is no answer.
        """
        host = address.host(request.url)
        self._rests.wait_for_turn(host, pace, request.wanted, PATIENCE)
        self.traffic += Traffic(1, 0, 0)
        with self._watch.patient(PATIENCE):
            try:
                response = self._answer_to(request)
            except FetchError as error:
                self._rests.note_answer(host, pace)
                if error.is_unreachable and not self._is_closed:
                    self._rests.note_failure(host, error.reason)
                raise
            try:
                self._note_status(host, response)
                yield response
            finally:
                self.traffic += Traffic(0, 0, response.raw.tell())
                response.close()
                self._rests.note_answer(host, pace)

    def redirect_target(self, response: requests.Response, wanted: str) -> str | None:
        """Return where the answer leads, as the server wrote it; None if it is no redirect."""
        if response.status_code not in REDIRECTED:
            return None
        with self._errors_of(wanted):
            return self.session.get_redirect_target(response)

    def read_body(self, response: requests.Response, wanted: str, limit: int, *, is_cut: bool = False) -> bytes:
        """Return the body, unpacked. One beyond the limit is an error, or is cut there."""
        too_large = FetchError(wanted, f"is larger than {limit // 1_000_000 or 1} MB")
        length = content_length(response.headers.get("Content-Length", ""))
        if length and length > limit and not is_cut:
            raise too_large
        chunks: list[bytes] = []
        size = 0
        with self._errors_of(wanted):
            # read1 gives what has arrived: a packed giant ends at the limit, not once it is unpacked
            while size <= limit and (chunk := response.raw.read1(CHUNK, decode_content=True)):
                chunks.append(chunk)
                size += len(chunk)
            if size > limit and not is_cut:
                raise too_large
            if self._watch.is_late:  # without a length, a connection that was hung up looks like an end
                raise OSError
        return b"".join(chunks)

    def _answer_to(self, request: Request) -> requests.Response:
        response = self._direct_answer_to(request)
        if response is not None:
            return response
        with self._errors_of(request.wanted):
            return self.session.request(
                request.method, request.url, headers=request.headers, timeout=(CONNECT, SILENCE), stream=True,
                allow_redirects=False,
            )  # fmt: skip

    def _direct_answer_to(self, request: Request) -> requests.Response | None:
        """Return the answer to a conditional request, without requests if that is 304; None if requests is to ask."""
        if self.has_session or not request.is_conditional or not direct.is_possible(request.url):
            return None
        exchange = direct.Direct(request.url, self._headers | request.headers, self._watch)
        answer = exchange.ask(request.wanted, PATIENCE)
        if answer is None:
            return None
        if answer.status == 304:
            exchange.close()
            return cast("requests.Response", Unmodified(answer.headers))
        with self._errors_of(request.wanted):
            return exchange.adopted(answer, self.session)

    def _note_status(self, host: str, response: requests.Response) -> None:
        status = response.status_code
        if status in BUSY:
            why = f"the server answers {status} {response.reason}"
            self._rests.note_failure(host, why, response.headers.get("Retry-After"))
        self.traffic += Traffic(0, int(status == 304), 0)

    def _errors_of(self, wanted: str) -> AbstractContextManager[None]:
        from feedpub.collecting.fetch.wire import wrapped

        return wrapped(wanted, self._watch, PATIENCE)


class Unmodified:
    """An answer of 304 with everything that a fetcher looks at. It has no body, and its connection is closed."""

    status_code, reason = 304, "Not Modified"

    def __init__(self, headers: Message) -> None:
        self.headers = headers
        self.raw = self

    def tell(self) -> int:
        return 0

    def close(self) -> None:
        """There is nothing to close."""
