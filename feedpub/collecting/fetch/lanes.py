"""Several hosts at a time: each has a lane, in which requests follow one another as ever.

While one source's pages are read and kept, the lanes of the others ask for
theirs. A lane asks ahead for what its source expects to need next, in that
order, and for no more of it than is kept at once. After a failure it waits
until the source has seen that: the source may want no more.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from itertools import islice
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

from feedpub.collecting.fetch import Fetcher
from feedpub.model import Moved, Rest, Traffic, Validators

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping

    from feedpub.content import Medium, NotModified, Page

AHEAD = 50  # answers; as many as a source keeps at once
ENDS_WITHIN = 5.0  # seconds: for a request that is under way when the program ends

T = TypeVar("T")
Recall = Callable[[str], Moved | None]
Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Question:
    """A method of the fetcher and its arguments. The answer to one question answers no other."""

    method: str
    url: str
    known: tuple[Validators, ...] = ()

    def put_to(self, fetcher: Fetcher) -> Any:
        return getattr(fetcher, self.method)(self.url, *self.known)


class Lane:
    """A Fetcher that asks ahead, by a thread of its own, once it knows what to expect.

    ``make`` makes the Fetcher from a function that recalls moves and one that
    sleeps. ``recall`` reads the state, so only the caller's thread calls it.
    The thread and the caller never make a request at the same time.
    """

    def __init__(self, make: Callable[[Recall, Sleep], Fetcher], recall: Recall) -> None:
        self._recall = recall
        self._recalled: dict[str, Moved | None] = {}  # the moves of what is expected, recalled beforehand
        self.fetcher = make(self._recall_or_remember, self._pause)
        self._worker: ThreadPoolExecutor | None = None  # None: nothing was expected so far
        self._expected: dict[Question, None] = {}  # in order; a question leaves once it is answered
        self._ahead: dict[Question, Future[Any]] = {}  # those of them that the worker was given
        self._stop = Event()  # set once the worker is to ask nothing more of what it was given
        self._under_way: Event | None = None  # the `_stop` of the request that the worker makes

    def page(self, url: str, /) -> Page:
        page: Page = self._take_answer(Question("page", url))
        return page

    def page_if_changed(self, url: str, known: Validators, /) -> Page | NotModified:
        page: Page | NotModified = self._take_answer(Question("page_if_changed", url, (known,)))
        return page

    def measure(self, url: str, /) -> Medium | None:
        medium: Medium | None = self._take_answer(Question("measure", url))
        return medium

    def expect(self, pages: Sequence[tuple[str, Validators]]) -> None:
        """Ask ahead for these pages, and for nothing that was expected before."""
        self._expect(Question("page_if_changed", url, (known,)) for url, known in pages)

    def expect_files(self, urls: Sequence[str]) -> None:
        """Measure these files ahead, and ask for nothing that was expected before."""
        self._expect(Question("measure", url) for url in urls)

    def pace(self, url: str) -> float:
        return self._alone(partial(self.fetcher.pace, url))

    def asks_once(self, url: str) -> bool:
        return self._alone(partial(self.fetcher.asks_once, url))

    def forget(self, url: str) -> None:
        self._alone(partial(self.fetcher.forget, url))

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
        """End the thread without waiting out its pauses. A request that is under way has a few seconds."""
        self._expect(())
        worker, self._worker = self._worker, None
        if worker is not None:
            wait([worker.submit(_do_nothing)], timeout=ENDS_WITHIN)
            worker.shutdown(wait=False, cancel_futures=True)
        self.fetcher.close()

    # -------------------------------------------------------- the caller's thread

    def _take_answer(self, question: Question) -> Any:
        """Return the answer that was asked for ahead, or ask now."""
        self._expected.pop(question, None)
        future = self._ahead.pop(question, None)
        if future is None:
            return self._alone(partial(question.put_to, self.fetcher))
        try:
            answer = future.result()
        except CancelledError:  # the worker has stopped before it
            return self._alone(partial(question.put_to, self.fetcher))
        except Exception:
            self._stop = Event()  # the source has seen the failure: on with the next
            self._ask_ahead()
            raise
        self._ask_ahead()
        return answer

    def _alone(self, ask: Callable[[], T]) -> T:
        """Ask when no request is under way, before anything else that is expected."""
        for future in self._ahead.values():
            future.cancel()
        if self._worker is not None:
            self._worker.submit(_do_nothing).result()  # once this is done, so is everything before it
        try:
            return ask()
        finally:
            self._ask_ahead()

    def _expect(self, questions: Iterable[Question]) -> None:
        self._stop.set()
        for future in self._ahead.values():
            future.cancel()
        self._ahead.clear()
        self._expected = dict.fromkeys(questions)
        self._recalled |= {question.url: self._recall(question.url) for question in self._expected}
        self._stop = Event()
        self._ask_ahead()

    def _ask_ahead(self) -> None:
        """Give the worker what is expected next, up to the number of answers that are kept."""
        if self._stop.is_set():
            return
        for question in islice(self._expected, AHEAD):
            future = self._ahead.get(question)
            if future is None or _is_unasked(future):
                self._worker = self._worker or ThreadPoolExecutor(max_workers=1, thread_name_prefix="lane")
                self._ahead[question] = self._worker.submit(self._ask_in_turn, question, self._stop)

    def _recall_or_remember(self, url: str) -> Moved | None:
        return self._recalled[url] if url in self._recalled else self._recall(url)

    # -------------------------------------------------------- the worker's thread

    def _ask_in_turn(self, question: Question, stop: Event) -> Any:
        if stop.is_set():
            raise CancelledError
        self._under_way = stop
        try:
            return question.put_to(self.fetcher)
        except BaseException:
            stop.set()
            raise
        finally:
            self._under_way = None

    def _pause(self, seconds: float) -> None:
        """Sleep between two requests. The worker's pause ends when nobody waits for what comes after it."""
        if self._under_way is None:  # the caller asks by itself
            time.sleep(seconds)
        elif self._under_way.wait(seconds):
            raise CancelledError


def _do_nothing() -> None:
    """Be done: the worker does one thing after another."""


def _is_unasked(future: Future[Any]) -> bool:
    return future.cancelled() or (future.done() and isinstance(future.exception(), CancelledError))
