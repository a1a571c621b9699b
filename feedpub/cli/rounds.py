"""Read and publish one source after the other, and those of several hosts by turns. One that stops stops no other."""

from __future__ import annotations

import argparse
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass

from feedpub import publishing
from feedpub.cli import FAILED, FINE, INTERRUPTED, USAGE
from feedpub.cli.accepting import codes_of, forget_host, say_codes
from feedpub.cli.announcing import announce
from feedpub.cli.recovering import recover_lost
from feedpub.cli.saying import say, write_files, write_front
from feedpub.cli.session import Session, chosen, loaded, on_state, say_busy_with, say_damaged
from feedpub.cli.speech import Speech
from feedpub.cli.ways import Desk, Network
from feedpub.collecting import Run
from feedpub.collecting.report import Report, note_success
from feedpub.council import Council
from feedpub.errors import Damaged, FeedpubError, PublishError
from feedpub.model import Outcome, Source

PUBLISHED_EVERY = 60.0  # seconds: readers get news during a long backlog, and not every page rewrites all files
TURN = 50  # pages until another host has its turn: as many as are kept together
RUNS_REMEMBERED = 100  # whose traffic `status` may show

Collect = Callable[[Run], Iterable[Outcome]]


def make_rounds(args: argparse.Namespace, speech: Speech, collect: Collect) -> int:
    """Read and publish the chosen sources. Return the exit code."""
    settings = loaded(args)
    sources = chosen(settings, args.source)
    order = Order(args.name, collect, frozenset(filter(None, args.accept)))
    if "" in args.accept:
        say_codes(settings, sources, speech, args.name)
        return USAGE

    if getattr(args, "forget", None):
        return forget_host(settings, sources, args.forget, speech)

    def work(session: Session) -> int:
        code = Rounds(session, order, sources).make()
        return max(code, FAILED if session.is_restored else FINE)

    return on_state(settings, speech, work)


@dataclass(frozen=True, slots=True)
class Order:
    """What a command is to do."""

    command: str
    collect: Collect
    accept: frozenset[str] = frozenset()  # codes of what a person lets through


class Rounds:
    """One run over several sources."""

    def __init__(self, session: Session, order: Order, sources: Sequence[Source]) -> None:
        self.session = session
        self.order = order
        self.sources = sources
        self._under_way: dict[str, Council] = {}  # sources that were begun and not ended, by id
        self._bug: Exception | None = None  # the first
        self._unwritable: set[str] = set()  # what was said of it: one line about a full disk or a bucket is enough

    def make(self) -> int:
        """Read and publish every source. Return the exit code."""
        session = self.session
        with Network(session, self.order.command, self.sources, self.order.accept) as desks:
            try:
                code = self._take_turns(desks)
            except KeyboardInterrupt:
                code = INTERRUPTED
                write_front(session)
        session.store.keep_copy(session.now)
        if code != INTERRUPTED:
            announce(session)
        return code

    def _take_turns(self, desks: Sequence[Desk]) -> int:
        """Let the desks work by turns until all have done. Return the exit code."""
        code = FINE
        waiting = deque(self._work_at(desk) for desk in desks)
        try:
            while waiting:
                work = waiting[0]
                try:
                    next(work)
                except StopIteration as end:
                    code = max(code, end.value)
                    waiting.popleft()
                else:
                    waiting.rotate(-1)
        except KeyboardInterrupt:
            for council in self._under_way.values():
                write_files(self.session, council)
            raise
        finally:
            for work in waiting:
                work.close()
        is_well = self._emit_front()
        if self._bug:
            raise self._bug
        return code if is_well else FAILED

    def _emit_front(self) -> bool:
        try:
            return write_front(self.session)
        except PublishError as error:
            speech = self.session.speech
            say_problem = speech.detail if self._unwritable else speech.error
            say_problem(str(error))
            return False

    def _work_at(self, desk: Desk) -> Generator[None, None, int]:
        """Work on the sources of one desk, one after the other. Yield whenever another desk may have its turn."""
        code = FINE
        for n, source in enumerate(desk.sources):
            if n:
                yield
            council = self.session.council(source)
            code_of_source = yield from self._work_on(desk, council)
            code = max(code, code_of_source)
        return code

    def _work_on(self, desk: Desk, council: Council) -> Generator[None, None, int]:
        """Collect one source and publish it. Return its exit code. Its failure stops no other source."""
        try:
            with self.session.store.alone(council.id) as busy:
                if busy:
                    return say_busy_with(council.id, busy, self.session.speech)
                self._under_way[council.id] = council
                return (yield from self._collect_and_publish(desk, council))
        except PublishError as error:
            speech = self.session.speech
            say_problem = speech.detail if str(error) in self._unwritable else speech.error
            say_problem(str(error))
            self._unwritable.add(str(error))
            return FAILED
        except Damaged as error:
            return say_damaged(self.session, council.id, error)
        except FeedpubError:
            raise
        except Exception as error:  # a bug is raised when all others have had their turn
            self._bug = self._bug or error
            return FAILED
        finally:
            self._under_way.pop(council.id, None)

    def _collect_and_publish(self, desk: Desk, council: Council) -> Generator[None, None, int]:
        if not recover_lost(self.session, council):
            return FAILED
        before = desk.fetcher.traffic
        try:
            return (yield from self._collected(desk, council))
        finally:
            if self.session.store.db.has_written:  # a run that finds nothing new writes only once an hour
                done = desk.fetcher.traffic - before
                council.state.runs.add_traffic(self.session.now, done, RUNS_REMEMBERED)

    def _collected(self, desk: Desk, council: Council) -> Generator[None, None, int]:
        session = self.session
        report = Report(council, session.now)
        is_well = True
        try:
            is_well = yield from self._publish_while_collecting(desk, council, report)
        except KeyboardInterrupt:
            session.speech.error(f"{council.id}: interrupted; what is there is published, the next run goes on")
            write_files(session, council)
            raise
        except FeedpubError:
            raise
        except Exception:  # a bug: publish the articles found before it all the same
            write_files(session, council)
            raise
        for url in report.misled():
            desk.fetcher.forget(url)
        say(report.close(desk.fetcher.rests), session.speech)
        if not (is_well and report.is_well):
            return FAILED
        note_success(council, session.now)
        return FINE

    def _accepted_of(self, council: Council) -> frozenset[str]:
        """Return the codes for a source: all, unless they are the codes of what has stopped other sources."""
        accept = self.order.accept
        stopped = {source.id: codes_of(self.session.council(source)) for source in self.sources if accept}
        is_others = any(not accept.isdisjoint(codes) for codes in stopped.values())
        return accept if not is_others or not accept.isdisjoint(stopped[council.id]) else frozenset()

    def _publish_while_collecting(self, desk: Desk, council: Council, report: Report) -> Generator[None, None, bool]:
        """Return whether every file is as it should be."""
        session, target = self.session, self.session.target
        run = Run(
            council, desk.fetcher, session.now, desk.track, accept=self._accepted_of(council),
            command=self.order.command,
        )  # fmt: skip
        is_well = True
        published = time.monotonic()
        for n, outcome in enumerate(self.order.collect(run), 1):
            say(report.hear(outcome), session.speech)
            if n % TURN == 0:  # all findings are kept by then
                yield
            if time.monotonic() - published >= PUBLISHED_EVERY:
                is_well &= write_files(session, council)
                published = time.monotonic()
        if not publishing.is_emitted(council, target):
            if publishing.expect_files(council, desk.fetcher, session.now, target.items):
                yield  # while its files are asked for, another may go on
            publishing.measure(council, desk.fetcher.measure, session.now, target.items, desk.track)
            is_well &= write_files(session, council)
        return is_well
