"""Update one source: collect its news and publish them. It ends with published files, or says why not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from feedpub import publishing
from feedpub.cli import FAILED, FINE
from feedpub.cli.recovering import recover_lost
from feedpub.cli.saying import say, say_emission
from feedpub.cli.ways import Desk
from feedpub.collecting import Run
from feedpub.collecting.report import Report, note_success
from feedpub.council import Council
from feedpub.errors import FeedpubError
from feedpub.model import Outcome, Source

PUBLISHED_EVERY = 60.0  # seconds: readers get news during a long backlog, and not every page rewrites all files
RUNS_REMEMBERED = 100  # whose traffic `status` may show

Collect = Callable[[Run], Iterable[Outcome]]


@dataclass(frozen=True, slots=True)
class Order:
    """What a command is to do."""

    command: str
    collect: Collect
    accept: frozenset[str] = frozenset()  # codes of what a person lets through


class Update:
    """One source, and all that it takes to update it."""

    def __init__(self, desk: Desk, order: Order, source: Source) -> None:
        self.desk = desk
        self.order = order
        self.session = desk.session
        self.council: Council = desk.session.council(source)
        self.is_cut_short = False  # there was no time for all pages
        self.target = replace(desk.session.target, publish=desk.publish)

    def make(self) -> int:
        """Collect and publish. Return the exit code.

        Raises KeyboardInterrupt and bugs once what is there is published, PublishError and StoreError.
        """
        if not recover_lost(self.session, self.council):
            return FAILED
        before = self.desk.fetcher.traffic
        try:
            return self._collect()
        finally:
            if self.session.store.db.has_written:  # a run that finds nothing new writes only once an hour
                done = self.desk.fetcher.traffic - before
                self.council.state.runs.add_traffic(self.session.now, done, RUNS_REMEMBERED)

    def _collect(self) -> int:
        report = Report(self.council, self.session.now)
        try:
            is_well = self._publish_while_collecting(report)
        except FeedpubError:
            raise
        except BaseException:  # an interrupt or a bug: publish the articles found before it all the same
            self._write_files()
            raise
        for url in report.misled():
            self.desk.fetcher.forget(url)
        say(report.close(self.desk.fetcher.rests), self.session.speech)
        if not (is_well and report.is_well):
            return FAILED
        self.is_cut_short = report.is_cut_short
        if not self.is_cut_short:
            note_success(self.council, self.session.now)
        return FINE

    def _publish_while_collecting(self, report: Report) -> bool:
        """Return whether every file is as it should be."""
        council, session, fetcher = self.council, self.session, self.desk.fetcher
        run = Run(council, fetcher, session.now, self.desk.track, self.order.accept, self.order.command)
        is_well = True
        published = time.monotonic()
        for outcome in self.order.collect(run):
            say(report.hear(outcome), session.speech)
            if time.monotonic() - published >= PUBLISHED_EVERY:
                is_well &= self._write_files()
                published = time.monotonic()
        if not publishing.is_emitted(council, self.target):
            publishing.expect_files(council, fetcher, session.now, self.target.items)
            publishing.measure(council, fetcher.measure, session.now, self.target.items, self.desk.track)
            is_well &= self._write_files()
        if council.state.thumbnails.is_due(session.now):
            is_well &= self._show_pictures()
        return is_well

    def _show_pictures(self) -> bool:
        """Ask for pictures, now that the news are out, and write their pages. Return whether all is as it should be."""
        from feedpub.publishing import pictures  # hardly any run asks for one

        session = self.session
        asked = pictures.ask(self.council, self.target, self.desk.fetcher.picture, session.now, self.desk.track)
        for note in asked.notes:
            session.speech.error(note)
        return self._write_files() if asked.copies else True

    def _write_files(self) -> bool:
        with self.desk.in_press():
            emission = publishing.emit(self.council, self.target, self.session.now)
        return say_emission(emission, self.session.speech)
