"""Update all sources: those of one host one after the other, several hosts at a time. One that stops stops no other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from feedpub.cli import FAILED, FINE, INTERRUPTED
from feedpub.cli.accepting import codes_of
from feedpub.cli.announcing import announce
from feedpub.cli.closed import open_sources
from feedpub.cli.saying import write_front
from feedpub.cli.session import Session, say_busy_sources, say_damaged
from feedpub.cli.updating import Order, Update
from feedpub.cli.watching import Teller
from feedpub.cli.ways import Beside, Desk, Network
from feedpub.collecting.rhythm import AT_EVERY_RUN, asked_now, is_due
from feedpub.conditions import Condition, State
from feedpub.errors import Damaged, FeedpubError, PublishError
from feedpub.model import Asked, Source
from feedpub.store import Busy

if TYPE_CHECKING:
    from concurrent.futures import Future

    from feedpub.collecting.fetch.apart import Halt
    from feedpub.store.shared import Shared

NEVER = datetime.min.replace(tzinfo=UTC)
NOT_TO_THE_END = datetime(1970, 1, 1, tzinfo=UTC)  # so that it comes next after those that were never asked
A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
A_WHILE = 1.0  # seconds between two looks at the pool: the lock gets a sign of life, the disk what was kept


def due_sources(session: Session, sources: Sequence[Source], *, is_exact: bool = False) -> list[Source]:
    """Return the sources that are to be asked now, the one that has waited longest first."""
    sources = open_sources(session, sources)
    if not sources or (len(sources) == 1 and sources[0].every == AT_EVERY_RUN):
        return sources
    last = last_asked(session, sources)
    due = [s for s in sources if is_due(s, last.get(s.id), session.now, is_exact=is_exact)]
    return sorted(due, key=lambda source: last[source.id].at if source.id in last else NEVER)


def last_asked(session: Session, sources: Sequence[Source]) -> dict[str, Asked]:
    """Return when each of these sources was asked, if it ever was, by id."""
    return session.store.asking.last(sources[0].id if len(sources) == 1 else None)


def _wait_for_all(updates: Iterable[Future[int]]) -> None:
    """Wait until no update works on the state any more, however often a person asks to be quick.

    Those that were never begun are cancelled. The others were told to end.
    """
    from concurrent.futures import wait

    begun = [update for update in updates if not update.cancelled()]
    while not all(update.done() for update in begun):
        with suppress(KeyboardInterrupt):
            wait(begun)


class Rounds:
    """One run over several sources."""

    def __init__(self, session: Session, order: Order, sources: Sequence[Source], beside: Beside | None = None) -> None:
        self.session = session
        self.order = order
        self.sources = sources
        self.network = Network(session, order.command, sources, order.accept, beside)
        self._codes = self._codes_by_source()
        is_noted = len(sources) > 1 or sources[0].every != AT_EVERY_RUN
        self._last = last_asked(session, sources) if is_noted else {}
        self.has_written = False
        self._under_way: set[str] = set()  # sources that were begun and not ended
        self.busy: list[tuple[str, Busy]] = []  # sources on which other runs on the same server work
        self._left: list[Source] = []  # those for which there was no time
        self._bug: Exception | None = None  # the first
        self.teller = Teller(session, len(sources), bool(order.accept), beside.said if beside else set())

    def make(self) -> int:
        """Update every source. Return the exit code."""
        session = self.session
        with self.network:
            try:
                code = self._update_all()
                self.teller.close()
                say_busy_sources(self.busy, self.session.speech)
                self._say_left()
                is_well = self._emit_front()
            except KeyboardInterrupt:
                self.teller.close()
                self._say_interrupted()
                code, is_well = INTERRUPTED, write_front(session) or True
        session.store.keep_copy(session.now)
        if self._bug:
            raise self._bug
        if code != INTERRUPTED:
            announce(session)
        return code if is_well else max(code, FAILED)

    def make_beside(self, shared: Shared, halt: Halt) -> int:
        """Update sources that share a host, while other runs of this process do the same. Return the exit code.

        What concerns all sources is left to others. Raises KeyboardInterrupt, StoreError and bugs.
        """
        try:
            code = self._update_host(self.sources, shared, halt)
        finally:
            with shared.right:
                self.network.keep()
                shared.flush()
        if self._bug:
            raise self._bug
        return code

    def _update_all(self) -> int:
        groups = self.network.groups
        if len(groups) > 1:
            return self._update_several(groups)
        [group] = groups
        with self.network.turn_of(group) as turn:
            if isinstance(turn, Busy):
                return self._leave_to(turn, group)
            with self.network.desk(turn) as desk:
                return self._update_each(desk, group)

    def _leave_to(self, busy: Busy, sources: Sequence[Source]) -> int:
        """Leave sources to another run, which asks their host now. Return the exit code."""
        self.busy += [(source.id, busy) for source in sources]
        return FAILED if busy.is_late else FINE

    def _update_several(self, groups: Sequence[Sequence[Source]]) -> int:
        """Let a pool work on several hosts at a time. Return the exit code."""
        from concurrent.futures import ThreadPoolExecutor  # a single host needs no threads

        from feedpub.cli.heap import share_heap
        from feedpub.collecting.fetch.apart import Halt
        from feedpub.store.shared import Shared, presses_at

        share_heap()
        shared, halt = Shared(self.session.store.db, presses_at(self.session.settings.publish.to)), Halt()
        workers = min(len(groups), self.session.settings.fetch.hosts_at_once)
        pool = ThreadPoolExecutor(workers, thread_name_prefix="host")
        updates: list[Future[int]] = []
        try:  # an interrupt may come before all of them were submitted
            updates.extend(pool.submit(self._update_host, group, shared, halt) for group in groups)
            return self._wait(updates, shared)
        except BaseException:
            halt()
            pool.shutdown(wait=False, cancel_futures=True)
            self.network.hang_up()
            raise
        finally:
            _wait_for_all(updates)
            shared.flush()
            pool.shutdown()

    def _wait(self, updates: Sequence[Future[int]], shared: Shared) -> int:
        """Wait until all updates have ended, and give signs of life. Return the exit code."""
        from concurrent.futures import FIRST_EXCEPTION, wait

        waiting = set(updates)
        while waiting:
            done, waiting = wait(waiting, A_WHILE, FIRST_EXCEPTION)
            self.session.turn.beat()
            with shared.right:
                shared.flush_if_due()
            for update in done:
                update.result()
        return max(update.result() for update in updates)

    def _update_host(self, sources: Sequence[Source], shared: Shared, halt: Halt) -> int:
        """Update the sources of one of several hosts."""
        from feedpub.store.shared import Part

        with shared.right:
            part = Part(shared)
            session = replace(self.session, store=self.session.store.on(part))
            with self.network.turn_of(sources) as turn:
                if isinstance(turn, Busy):
                    return self._leave_to(turn, sources)
                with self.network.desk_of(session, part, halt, turn) as desk:
                    return self._update_each(desk, sources)

    def _update_each(self, desk: Desk, sources: Sequence[Source]) -> int:
        """Update the sources of one host, one after the other. Return the exit code."""
        code = FINE
        for source in sources:
            if self.network.is_time_over:
                self._left.append(source)
                continue
            order = replace(self.order, accept=self._accepted_of(source))
            self._under_way.add(source.id)
            code = max(code, self._update(Update(desk, order, source, self.teller)))
            self._under_way.discard(source.id)
        return code

    def _note_asked(self, update: Update, *, is_well: bool) -> None:
        """Note when a source was asked, if anything depends on that: its rhythm, or its place among others.

        Where every run asks for it, its place is noted once an hour: a run that finds nothing new writes no more often.
        """
        source, now = update.council.source, self.session.now
        is_at_every_run = source.every == AT_EVERY_RUN
        if is_at_every_run and len(self.sources) == 1:
            return
        last = self._last.get(source.id)
        if is_at_every_run and last and timedelta(0) <= now - last.at < AN_HOUR:
            return
        asked = asked_now(update.council, now, is_well=is_well)
        if update.is_cut_short:  # it comes first in the next run
            asked = Asked(last.at if last else NOT_TO_THE_END, None)
        update.session.store.asking.put_asked(source.id, asked)

    def _update(self, update: Update) -> int:
        """Update a source, unless another run on the same server does."""
        source = update.council.id
        try:
            with update.session.store.alone(source) as busy:
                if busy:
                    self.busy.append((source, busy))
                    return FAILED if busy.is_late else FINE
                code = self._update_alone(update)
                self.has_written |= update.session.store.db.has_written
                self._note_asked(update, is_well=code == FINE)
                return code
        except Damaged as error:
            return say_damaged(self.session, source, error)

    def _update_alone(self, update: Update) -> int:
        """Update a source. A bug of one is raised when all others have had their turn."""
        try:
            return update.make()
        except PublishError as error:
            unwritable = Condition(State.BROKEN, str(error))
            self.teller.tell(update.session.store, update.council.id, unwritable, [str(error)])
            return FAILED
        except FeedpubError:
            raise
        except Exception as error:
            self._bug = self._bug or error
            return FAILED

    def _codes_by_source(self) -> dict[str, frozenset[str]]:
        """Return the codes of what has stopped each source; none if no code is given."""
        if not self.order.accept:
            return {}
        return {source.id: codes_of(self.session.council(source)) for source in self.sources}

    def _accepted_of(self, source: Source) -> frozenset[str]:
        """Return the codes for a source: all, unless they are the codes of what has stopped other sources."""
        accept = self.order.accept
        is_others = any(not accept.isdisjoint(codes) for codes in self._codes.values())
        return accept if not is_others or not accept.isdisjoint(self._codes[source.id]) else frozenset()

    def _emit_front(self) -> bool:
        try:
            return write_front(self.session, self.teller.tell_of_front)
        except PublishError as error:
            speech = self.session.speech
            say_problem = speech.detail if State.BROKEN in self.teller.states else speech.error
            say_problem(str(error))
            return False

    def _say_left(self) -> None:
        """Say that there was no time for some sources: aloud if one of them has waited for a day."""
        if not self._left:
            return
        speech, now = self.session.speech, self.session.now
        longest = min((self._last[s.id].at for s in self._left if s.id in self._last), default=now)
        say = speech.error if now - longest >= A_DAY else speech.note
        say(
            f"the time of this run is over ([fetch] minutes): {len(self._left)} of {len(self.sources)} sources were not"
            f" asked, {self._left[0].id} among them; they come first in the next run"
        )

    def _say_interrupted(self) -> None:
        ids = sorted(self._under_way)
        if not ids:
            return
        what = ids[0] if len(ids) == 1 else f"{len(ids)} sources"
        self.session.speech.error(f"{what}: interrupted; what is there is published, the next run goes on")
