"""A fetcher for one of several updates at a time: while it asks and waits, the others work.

It asks ahead for what its source expects to need next, in that order, and for no more than a few pages. After a failure
it stops until the source has seen that: the source may want no more.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import dropwhile, islice
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

from feedpub.collecting.fetch import Fetcher
from feedpub.model import Rest, Traffic, Validators

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from feedpub.content import Medium, NotModified, Page

AHEAD = 10  # answers, each with a page of some 100 KB, that an update keeps at most

T = TypeVar("T")


class Halt:
    """Ends the waiting of all updates: a person has interrupted the run, or it cannot go on."""

    def __init__(self) -> None:
        self._event = Event()

    def __call__(self) -> None:
        self._event.set()

    @property
    def is_called(self) -> bool:
        return self._event.is_set()

    def sleep(self, seconds: float) -> None:
        """Sleep. Raises KeyboardInterrupt as soon as the run is to end."""
        if self._event.wait(seconds):
            raise KeyboardInterrupt

    def require_none(self) -> None:
        if self.is_called:
            raise KeyboardInterrupt


@dataclass(frozen=True, slots=True)
class Question:
    """A method of the fetcher and its arguments. The answer to one question answers no other."""

    method: str
    url: str
    others: tuple[Hashable, ...] = ()  # further arguments

    def put_to(self, fetcher: Fetcher) -> Any:
        return getattr(fetcher, self.method)(self.url, *self.others)


class Answer:
    """What a question has brought: a value, or the error that was raised instead."""

    def __init__(self, question: Question, fetcher: Fetcher) -> None:
        self.error: Exception | None = None
        try:
            self.value = question.put_to(fetcher)
        except Exception as error:  # whoever asks is to see it
            self.error = error

    def take(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value


@dataclass(frozen=True, slots=True)
class Gate:
    """The way out of a run. Within the block of ``apart`` others work."""

    apart: Callable[[], AbstractContextManager[None]]
    prepare: Callable[[str], None]  # called with each address before others work
    halt: Halt


class Apart:
    """A Fetcher whose every request is made apart."""

    def __init__(self, fetcher: Fetcher, gate: Gate) -> None:
        self.fetcher = fetcher
        self._gate = gate
        self._expected: dict[Question, None] = {}  # in order; a question leaves once it was asked
        self._ahead: dict[Question, Answer] = {}  # what was asked and not taken yet

    def page(self, url: str, /) -> Page:
        page: Page = self._take_answer(Question("page", url))
        return page

    def page_if_changed(self, url: str, known: Validators, /) -> Page | NotModified:
        page: Page | NotModified = self._take_answer(Question("page_if_changed", url, (known,)))
        return page

    def measure(self, url: str, /) -> Medium | None:
        medium: Medium | None = self._take_answer(Question("measure", url))
        return medium

    def picture(self, url: str, use: Callable[[bytes], T], /) -> T:
        """Return what ``use`` makes of a picture, apart. None is asked for ahead: they are large."""
        made: T = self._ask(Question("picture", url, (use,))).take()
        return made

    def expect(self, pages: Sequence[tuple[str, Validators]]) -> None:
        """Ask ahead for these pages once the first is wanted, and for nothing that was expected before."""
        self._expect(Question("page_if_changed", url, (known,)) for url, known in pages)

    def expect_files(self, urls: Sequence[str]) -> None:
        """Measure these files ahead, and ask for nothing that was expected before."""
        self._expect(Question("measure", url) for url in urls)

    def pace(self, url: str) -> float:
        pace: float = self._ask(Question("pace", url)).take()
        return pace

    def asks_once(self, url: str) -> bool:
        is_slow: bool = self._ask(Question("asks_once", url)).take()
        return is_slow

    def forget(self, url: str) -> None:
        self.fetcher.forget(url)

    @property
    def traffic(self) -> Traffic:
        return self.fetcher.traffic

    @property
    def rests(self) -> MutableMapping[str, Rest]:
        return self.fetcher.rests

    def _expect(self, questions: Iterable[Question]) -> None:
        self._ahead.clear()
        self._expected = dict.fromkeys(questions)

    def _take_answer(self, question: Question) -> Any:
        """Return the answer that was asked for ahead, or ask now."""
        if question not in self._ahead and question in self._expected:
            self._ask_ahead(question)
        answer = self._ahead.pop(question, None) or self._ask(question)
        return answer.take()

    def _ask_ahead(self, first: Question) -> None:
        """Ask this, and what is expected after it, until something fails."""
        following = list(islice(dropwhile(first.__ne__, self._expected), AHEAD))
        for question in following:
            self._gate.prepare(question.url)
        with self._gate.apart():
            for question in following:
                answer = self._ahead[question] = self._answer_to(question)
                del self._expected[question]
                if answer.error is not None:
                    return

    def _ask(self, question: Question) -> Answer:
        self._gate.prepare(question.url)
        with self._gate.apart():
            return self._answer_to(question)

    def _answer_to(self, question: Question) -> Answer:
        self._gate.halt.require_none()
        answer = Answer(question, self.fetcher)
        self._gate.halt.require_none()  # the request may have been hung up for it
        return answer
