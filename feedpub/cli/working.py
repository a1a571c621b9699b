"""What a worker does with councils, in threads: which are due, update one, write what speaks of all."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Timer

from feedpub import collecting, config
from feedpub.cli import FAILED
from feedpub.cli.announcing import announce
from feedpub.cli.rounds import Rounds, due_sources
from feedpub.cli.saying import write_front
from feedpub.cli.session import Session, clock, say_broken, say_busy_with
from feedpub.cli.showing import show_state
from feedpub.cli.updating import Order
from feedpub.cli.watching import Teller
from feedpub.cli.ways import Beside, Network
from feedpub.collecting.fetch.apart import Halt
from feedpub.collecting.rhythm import AT_EVERY_RUN, AUTO
from feedpub.config import SOURCES, Config
from feedpub.errors import ConfigError, PublishError
from feedpub.model import Source
from feedpub.publishing.places import place_at
from feedpub.store import Store
from feedpub.store.shared import Part, Shared, presses_at
from feedpub.store.turns import HostTurns

ORDER = Order("run", collecting.collect)
AN_HOUR = 3600.0  # seconds after which the same is said again
LAST = 28.0  # seconds that a worker has to end
SHOWN = 0.1  # seconds for each source between two times that the files of [watch] are made: with a thousand, minutes


class Work:
    """The councils of one worker, and all that its updates have in common."""

    def __init__(self, session: Session, turns: HostTurns) -> None:
        self.session = session
        self.halt = Halt()
        self.shared = Shared(session.store.db, presses_at(session.settings.publish.to))
        self.sources: Mapping[str, Source] = {}
        self.locks: Mapping[str, str] = {}  # by source: what those that share a host have in common
        self._beside = Beside(turns, session.store.hosts.robots())
        self._under_way: set[Rounds] = set()
        self._said_since = time.monotonic()
        self._said_late: set[str] = set()  # sources at which another run hangs
        self._shown = -math.inf  # when the files of [watch] were written
        self._read_as = _stand_of(session.settings.path)
        self._take_in(session.settings)

    def due(self) -> list[Source]:
        """Return the sources that are to be asked now, the one that has waited longest first."""
        self._follow_configuration()
        if time.monotonic() - self._said_since >= AN_HOUR:
            self._beside.said.clear()
            self._said_since = time.monotonic()
        with self.shared.right:
            return due_sources(self._session(), list(self.sources.values()), is_exact=True)

    def update(self, source_id: str) -> bool:
        """Update a source, if it is still due. Return whether anything was written down. Raises StoreError and bugs."""
        source = self.sources.get(source_id)
        if source is None:
            self.session.speech.detail(f"{source_id}: is not in the configuration of this machine")
            return False
        with self.shared.right:
            session = self._session()
            if not due_sources(session, [source], is_exact=True):
                return False
            rounds = Rounds(session, ORDER, [source], self._beside)
        self._under_way.add(rounds)
        try:
            rounds.make_beside(self.shared, self.halt)
        except KeyboardInterrupt:  # what is there is published, and the source is still due
            return True
        finally:
            self._under_way.discard(rounds)
        self._say_busy(rounds)
        return rounds.has_written

    def write_front(self) -> bool:
        """Write what speaks of all sources, and tell the hubs what is new. Raises StoreError.

        Return whether it could be written; else it is to be tried again. What the operator sees follows within
        minutes: a worker has something to note all the time.
        """
        settings = self.session.settings
        with closing(Store(settings.state)) as store:  # its own connection: this may take a while
            place = place_at(settings.publish.to, store.objects)
            session = replace(self.session, store=store, place=place, now=clock())
            is_written = self._write_front(session)
            announce(session)
            if time.monotonic() - self._shown >= SHOWN * len(self.sources):
                self._shown = time.monotonic()
                show_state(session, is_anew=True)
            return is_written

    def flush(self) -> None:
        """Bring what was kept for a while to the disk."""
        with self.shared.right:
            self.shared.flush_if_due()

    def stop(self) -> None:
        """End all waiting: updates that are under way publish what they have, and end.

        This process ends in any case: the state and the files are whole at every moment.
        """
        last = Timer(LAST, os._exit, [FAILED])
        last.daemon = True
        last.start()
        self.halt()
        for rounds in tuple(self._under_way):
            rounds.network.hang_up()

    def _write_front(self, session: Session) -> bool:
        teller = Teller(session, len(self.sources), said=self._beside.said)
        try:
            write_front(session, teller.tell_of_front)
        except PublishError as error:
            teller.tell_of_front([str(error)])
            return False
        return True

    def _session(self) -> Session:
        """Return a session of this moment, on a view of the state for one thread.

        A bucket that has failed is asked anew.
        """
        store = self.session.store
        place = place_at(self.session.settings.publish.to, store.objects)
        return replace(self.session, store=store.on(Part(self.shared)), place=place, now=clock())

    def _take_in(self, settings: Config) -> None:
        self.session = replace(self.session, settings=settings)
        sources = [replace(s, every=AUTO) if s.every == AT_EVERY_RUN else s for s in settings.sources]
        with self.shared.right:
            groups = Network(self._session(), ORDER.command, sources, beside=self._beside).groups
        self.locks = {source.id: group[0].id for group in groups for source in group}
        self.sources = {source.id: source for source in sources}

    def _follow_configuration(self) -> None:
        """Read the configuration again if one of its files has changed. A wrong one is said once and not used."""
        path, speech = self.session.settings.path, self.session.speech
        stand = _stand_of(path)
        if stand == self._read_as:
            return
        self._read_as = stand
        try:
            settings = config.load(path)
        except ConfigError as error:
            for problem in error.problems:
                speech.error(problem)
            speech.error(f"{path}: the worker goes on by what it was before")
            return
        old = self.session.settings
        if (settings.state, settings.publish.to) != (old.state, old.publish.to):
            speech.error(f"{path}: where the state is and where to publish is read at the start; restart the worker")
            return
        say_broken(settings, speech)
        self._take_in(settings)

    def _say_busy(self, rounds: Rounds) -> None:
        """Say once that another run hangs. That one is at work is not worth a line: the source is called again."""
        for source, busy in rounds.busy:
            if not busy.is_late:
                self.session.speech.detail(f"{source}: another run is at work on it or its host")
            elif source not in self._said_late:
                self._said_late.add(source)
                say_busy_with(source, busy, self.session.speech)


def _stand_of(path: Path) -> list[tuple[str, int, int]]:
    """Return what tells whether a file of the configuration was changed."""
    files = [path, *sorted((path.resolve().parent / SOURCES).glob("*.toml"))]
    stats = [(str(file), file.stat()) for file in files if file.exists()]
    return [(name, stat.st_mtime_ns, stat.st_size) for name, stat in stats]
