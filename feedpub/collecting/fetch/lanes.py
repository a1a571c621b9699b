"""Several hosts at a time: to each a lane of its own, in which requests go one after another as ever.

While one source's pages are understood and kept, the lanes of others ask for
theirs. What is asked for ahead is what a source has said that it will ask for
next, in that order, and no more of it than is kept at once; after an answer
that is none, a lane waits until the source has heard of it, for it may want
no more.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from feedpub.collecting.fetch import Fetcher
from feedpub.model import Moved, Rest, Traffic, Validators

if TYPE_CHECKING:
    from feedpub.content import Medium, NotModified, Page

AHEAD = 50  # pages; so many a source keeps at once
ENDS_WITHIN = 5.0  # seconds that an answer is waited for which nobody wants any more, before the program ends

Recall = Callable[[str], Moved | None]
Sleep = Callable[[float], None]
Ask = Callable[[], Any]


class Request(NamedTuple):
    """Tells one question from another: an answer to the one is none to the other."""

    url: str
    known: Validators | Literal["HEAD"] | None = None  # by which its page is asked for; None: the page, whole


class _NotWanted(Exception):
    """Nobody waits any more for what a lane was about to ask for."""


class Lane:
    """A Fetcher whose requests are made by a thread of its own, once it has been told what to expect.

    ``make`` makes the Fetcher, given where to look an address up and how to
    sleep; ``recall`` is that of the caller, and is only asked by the caller's
    thread. Everything else that has to do with the network waits until no
    request is under way.
    """

    def __init__(self, make: Callable[[Recall, Sleep], Fetcher], recall: Recall) -> None:
        self._recall = recall
        self._known: dict[str, Moved | None] = {}  # where what is expected has moved: looked up beforehand
        self.fetcher = make(lambda url: self._known[url] if url in self._known else self._recall(url), self._sleep)
        self._changed = threading.Condition()
        self._round = self._round_under_way = 0  # each expectation is one; of an older one nothing is wanted
        self._expected: deque[tuple[Request, Ask]] = deque()
        self._answers: dict[Request, tuple[Any, BaseException | None]] = {}
        self._under_way: Request | None = None
        self._has_failed = False  # and nobody has heard of it yet
        self._is_held = self._is_over = False
        self._thread: threading.Thread | None = None

    # -------------------------------------------------------- what a source sees: a Fetcher

    def page(self, url: str, /) -> Page:
        page: Page = self._answer(Request(url), partial(self.fetcher.page, url))
        return page

    def page_if_changed(self, url: str, known: Validators, /) -> Page | NotModified:
        page: Page | NotModified = self._answer(*self._conditional(url, known))
        return page

    def measure(self, url: str, /) -> Medium | None:
        medium: Medium | None = self._answer(*self._file(url))
        return medium

    def expect(self, pages: Sequence[tuple[str, Validators]]) -> None:
        """Which pages will be asked for next; none: what was expected is not wanted any more."""
        self._expect([self._conditional(url, known) for url, known in pages])

    def expect_files(self, urls: Sequence[str]) -> None:
        """Which files will be measured next."""
        self._expect([self._file(url) for url in urls])

    def _conditional(self, url: str, known: Validators) -> tuple[Request, Ask]:
        return Request(url, known), partial(self.fetcher.page_if_changed, url, known)

    def _file(self, url: str) -> tuple[Request, Ask]:
        return Request(url, "HEAD"), partial(self.fetcher.measure, url)

    def pace(self, url: str) -> float:
        with self._changed:
            self._rest()
            return self.fetcher.pace(url)

    def forget(self, url: str) -> None:
        with self._changed:
            self._rest()
            self.fetcher.forget(url)

    @property
    def traffic(self) -> Traffic:
        return self.fetcher.traffic

    @property
    def rests(self) -> MutableMapping[str, Rest]:
        return self.fetcher.rests

    @property
    def moved(self) -> dict[str, Moved | None]:
        return self.fetcher.moved

    def close(self) -> None:
        """Ends the thread, without waiting out its pauses; a request that is under way has a few seconds."""
        self._expect(())
        with self._changed:
            self._is_over = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join(ENDS_WITHIN)
        self.fetcher.close()

    # -------------------------------------------------------- the thread

    def _answer(self, request: Request, ask: Ask) -> Any:
        """What was asked for ahead, or is now."""
        with self._changed:
            while request == self._under_way or (self._is_ready and self._expected[0][0] == request):
                self._changed.wait()
            if request not in self._answers:
                self._rest()
                self._expected = deque(e for e in self._expected if e[0] != request)
                return ask()
            answer, error = self._answers.pop(request)
            if error:
                self._has_failed = False
            self._changed.notify_all()
        if error:
            raise error
        return answer

    def _expect(self, asked: Iterable[tuple[Request, Ask]]) -> None:
        with self._changed:
            self._round += 1
            self._answers.clear()
            self._has_failed = False
            self._expected = deque(asked)
            under_way = self._under_way and self._under_way.url
            left = {url: moved for url, moved in self._known.items() if url == under_way}
            self._known = {request.url: self._recall(request.url) for request, _ in self._expected} | left
            if self._expected and self._thread is None:
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
            self._changed.notify_all()

    @property
    def _is_ready(self) -> bool:
        """Whether there is something to ask for, and nothing to wait for first."""
        return bool(self._expected) and len(self._answers) < AHEAD and not (self._has_failed or self._is_held)

    def _rest(self) -> None:
        """Lets nothing new begin, and waits until no request is under way: there is never more than one to a host."""
        self._is_held = True
        while self._under_way is not None:
            self._changed.wait()
        self._is_held = False

    def _work(self) -> None:
        while True:
            with self._changed:
                while not (self._is_over or self._is_ready):
                    self._changed.wait()
                if self._is_over:
                    return
                request, ask = self._expected.popleft()
                self._under_way, self._round_under_way = request, self._round
            answer, failed = None, None
            try:
                answer = ask()
            except BaseException as error:  # whoever wants the answer is told
                failed = error
            with self._changed:
                if self._round == self._round_under_way:
                    self._answers[request] = answer, failed
                    self._has_failed = failed is not None
                self._under_way = None
                self._changed.notify_all()

    def _sleep(self, seconds: float) -> None:
        """A pause between two requests, which ends when nobody waits for the second."""
        if threading.current_thread() is not self._thread:
            time.sleep(seconds)
            return
        with self._changed:
            if self._changed.wait_for(lambda: self._round != self._round_under_way, seconds):
                raise _NotWanted
