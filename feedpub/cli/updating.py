"""Update one source: collect its news and publish them. It ends with published files, or says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from feedpub import publishing
from feedpub.cli import FAILED, FINE
from feedpub.cli.recovering import SAID, recover_lost
from feedpub.cli.saying import held_back, say, say_written
from feedpub.cli.watching import Teller
from feedpub.cli.ways import Desk
from feedpub.collecting import Run
from feedpub.collecting.report import Level, Message, Report, is_success_due, note_success
from feedpub.conditions import Condition, State
from feedpub.council import Council
from feedpub.errors import FeedpubError
from feedpub.model import Outcome, Source, Traffic
from feedpub.watch.condition import Findings, condition_of

PUBLISHED_EVERY = 60.0  # seconds: readers get news during a long backlog, and not every page rewrites all files
RUNS_REMEMBERED = 100  # whose traffic `status` may show

Collect = Callable[[Run], Iterable[Outcome]]


@dataclass(frozen=True, slots=True)
class Order:
    """What a command is to do."""

    command: str
    collect: Collect
    accept: frozenset[str] = frozenset()  # codes of what a person lets through


CURRENT = (State.WELL, State.STALE)  # states of a source whose listing was read, and whose feeds have all of it


class Update:
    """One source, and all that it takes to update it."""

    def __init__(self, desk: Desk, order: Order, source: Source, teller: Teller) -> None:
        self.desk = desk
        self.order = order
        self.teller = teller
        self.session = desk.session
        self.council: Council = desk.session.council(source)
        self.is_cut_short = False  # there was no time for all pages
        self.target = replace(desk.session.target, publish=desk.publish)
        self._lasting: list[Message] = []  # what is so until somebody mends it
        self._held_back: list[str] = []  # why files are not as they should be

    def make(self) -> int:
        """Collect and publish. Return the exit code.

        Raises KeyboardInterrupt and bugs once what is there is published, PublishError and StoreError.
        """
        obstacle = recover_lost(self.session, self.council)
        if obstacle is not None:
            if obstacle != SAID:
                broken = Condition(State.BROKEN, obstacle)
                self.teller.tell(self.session.store, self.council.id, broken, [obstacle])
            return FAILED
        before = self.desk.fetcher.traffic
        try:
            is_well, is_current = self._collect()
        except BaseException:
            if self.session.store.db.has_written:
                self._note_traffic(before)
            raise
        self._note(before, is_well=is_well, is_current=is_current)
        return FINE if is_well else FAILED

    def _collect(self) -> tuple[bool, bool]:
        """Return whether all is well, and whether the feeds have all that the listing names."""
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
        self._say(report.close(self.desk.fetcher.rests))
        state = self._tell()
        is_well = is_well and report.is_well
        self.is_cut_short = is_well and report.is_cut_short
        return is_well, state in CURRENT and not report.is_cut_short

    def _note(self, before: Traffic, *, is_well: bool, is_current: bool) -> None:
        """Note how the run went, in one write. A run that finds nothing new writes only once an hour."""
        store, now = self.session.store, self.session.now
        is_success = is_current and is_success_due(self.council, now)
        if not is_success and not store.db.has_written:
            return
        with store.transaction():
            if is_success:
                note_success(self.council, now)
            if is_success or not is_well:
                store.watching.add_look(self.council.id, now, is_well=is_success)
            self._note_traffic(before)

    def _note_traffic(self, before: Traffic) -> None:
        """Remember the requests of this run; ``before`` are those of the runs of other sources before it."""
        done = self.desk.fetcher.traffic - before
        self.council.state.runs.add_traffic(self.session.now, done, RUNS_REMEMBERED)

    def _tell(self) -> State:
        """Say how the source is now, if that is due, and return it."""
        store, now = self.session.store, self.session.now
        before = store.watching.get(self.council.id)
        condition = condition_of(self.council, Findings(now, self.desk.fetcher.rests, before, self._held_back))
        say((one for one in self._lasting if one.level is not Level.ERROR), self.session.speech)
        lines = [one.text for one in self._lasting if one.level is Level.ERROR]
        is_held_back = condition.state is State.BROKEN
        self.teller.tell(store, self.council.id, condition, self._held_back if is_held_back else lines)
        return condition.state

    def _publish_while_collecting(self, report: Report) -> bool:
        """Return whether every file is as it should be."""
        council, session, fetcher = self.council, self.session, self.desk.fetcher
        run = Run(council, fetcher, session.now, self.desk.track, self.order.accept, self.order.command)
        is_well = True
        monotonic = session.machine.monotonic
        published = monotonic()
        for outcome in self.order.collect(run):
            self._say(report.hear(outcome))
            if monotonic() - published >= PUBLISHED_EVERY:
                is_well &= self._write_files()
                published = monotonic()
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
        say_written(emission, self.session.speech)
        self._held_back = held_back(emission)
        return not self._held_back

    def _say(self, messages: Iterable[Message]) -> None:
        """Say what is worth a line at once, and keep what is so until somebody mends it."""
        for message in messages:
            if message.is_lasting:
                self._lasting.append(message)
            else:
                say([message], self.session.speech)
