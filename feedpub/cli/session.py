"""The things that a command works with: configuration, state, time, and a way to speak."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from feedpub import __version__, config
from feedpub.cli import FAILED, FINE
from feedpub.cli.machine import Machine
from feedpub.cli.speech import Speech, config_path
from feedpub.config import Config
from feedpub.council import Council
from feedpub.edges import Publish
from feedpub.errors import ConfigError, Damaged
from feedpub.model import Source
from feedpub.postgres_url import Place
from feedpub.publishing import Target
from feedpub.publishing.places import place_at
from feedpub.store import Busy, SharedTurn, Store, Turn, backup, sole_run
from feedpub.store.lock import Holder


@dataclass(frozen=True, slots=True)
class Session:
    """One command at work on the state. No other works on it meanwhile, or on a server on the same source."""

    settings: Config
    store: Store
    turn: Turn | SharedTurn
    now: datetime
    speech: Speech
    is_restored: bool  # the state was lost or older than what is published, and was brought up again
    place: Publish  # where files are published
    machine: Machine
    damages: set[str] = field(default_factory=set)  # of a state on a server, that were said

    def council(self, source: Source) -> Council:
        return Council(source, self.store.of(source.id))

    @property
    def councils(self) -> list[Council]:
        return [self.council(source) for source in self.settings.sources]

    @property
    def target(self) -> Target:
        publish = self.settings.publish
        contact = f"mailto:{publish.email}" if publish.email else self.settings.fetch.contact
        return Target(
            self.place, publish.base_url, publish.items, __version__, publish.hubs, publish.publisher, contact,
            publish.thumbnails,
        )  # fmt: skip


FROM_A_DUMP = "check the server's disk and memory, and restore the database from a dump (pg_dump)"
LEFT_OUT = "this council is left out, and its feeds stay as they are"
HERE = re.compile(r"localhost|127(?:\.\d+){3}|::1")  # this machine
MOST_NAMED = 50  # sources in one message
Work = Callable[[Session], int]  # returns an exit code
SayBusy = Callable[[Config, Busy, Speech], int]


def loaded(args: argparse.Namespace) -> Config:
    return config.load(config_path(args.config))


def loaded_for_a_site(args: argparse.Namespace) -> Config:
    """Return the configuration of a command that asks sites. Raises ConfigError if it does not say who asks."""
    settings = loaded(args)
    if settings.placeholders and not is_trial(settings):
        raise ConfigError(settings.placeholders)
    return settings


def is_trial(settings: Config) -> bool:
    """Whether all sites, or the proxy to them, are on this machine: then nobody else is asked, nor wants to know."""
    from urllib.request import getproxies  # only where an address is still an example's

    proxies = {url for name, url in getproxies().items() if name != "no"}
    ways = proxies or {source.home for source in settings.sources}
    return all(HERE.fullmatch(urlsplit(url).hostname or "") for url in ways)


def on_state(
    settings: Config, speech: Speech, work: Work, busy: SayBusy | None = None, machine: Machine | None = None
) -> int:
    """Do some work on the state, alone. Return its exit code, or that of ``busy`` if another run is under way.

    If the state's file is damaged, replace it by its copy, and do the work once more. A server has no such copy.
    ``machine`` None: this one.
    """
    machine = machine or Machine(clock)
    with sole_run(settings.state, machine.clock) as turn:
        if isinstance(turn, Busy):
            return (busy or say_busy)(settings, turn, speech)
        place = settings.state
        is_restored = isinstance(place, Path) and _restored(place, speech, machine.clock)
        opening = Opening(settings, speech, turn, machine)
        try:
            return _on_store(opening, work, is_restored=is_restored)
        except Damaged as error:
            located = _located(error, place)
            if not isinstance(place, Path):
                raise Damaged(f"{located}; {FROM_A_DUMP}") from error
            speech.error(f"{located}; {backup.restore(place, machine.clock())}")
        return _on_store(opening, work, is_restored=True)


def say_damaged(session: Session, subject: str, error: Damaged) -> int:
    """Say once that a row is damaged on a server, and return the exit code. What does not need the row goes on.

    Raises the error again if the state is a file: its copy takes its place.
    """
    place = session.settings.state
    if isinstance(place, Path):
        raise error
    if str(error) not in session.damages:
        session.speech.error(f"{subject}: {_located(error, place)}; {FROM_A_DUMP}")
    session.damages.add(str(error))
    return FAILED


def _located(error: Damaged, state: Place) -> str:
    """Return what is damaged, with the name of the state."""
    said = str(error)
    return said if said.startswith(f"{state}:") else f"{state}: the state is damaged: {said}"


@dataclass(frozen=True, slots=True)
class Opening:
    """What a session has before the state is open."""

    settings: Config
    speech: Speech
    turn: Turn | SharedTurn
    machine: Machine


def _on_store(opening: Opening, work: Work, *, is_restored: bool) -> int:
    from feedpub.cli.reconciling import reconcile  # it is about sessions

    settings, speech = opening.settings, opening.speech
    now = opening.machine.clock()
    with closing(Store(settings.state)) as store:
        _say_kept(store, speech)
        _require_present_ids(settings, store)
        place = place_at(settings.publish.to, store.objects)
        session = Session(settings, store, opening.turn, now, speech, is_restored, place, opening.machine)
        if reconcile(session):
            session = replace(session, is_restored=True)
        return work(session)


def _say_kept(store: Store, speech: Speech) -> None:
    """Name the copy that an older feedpub could go on with, if the state was upgraded just now."""
    kept = store.db.kept
    if kept:
        speech.note(
            f"{store.db.place}: the state was upgraded for this feedpub; the older one can go on with {kept.name}"
        )


def _require_present_ids(settings: Config, store: Store) -> None:
    """Raise ConfigError if a source is configured by an id that it had: under that one it would begin again."""
    renamed = store.renamed()
    moved = [source.id for source in settings.sources if source.id in renamed]
    if moved:
        from feedpub.cli.recovering import has_moved  # it is about sessions

        raise ConfigError([has_moved(old, renamed[old]) for old in moved])


def say_broken(settings: Config, speech: Speech) -> int:
    """Say which councils' own files cannot be used. Return the exit code that this means."""
    for broken in settings.broken:
        speech.error(f"{broken.problem}; {LEFT_OUT}")
    return FAILED if settings.broken else FINE


@contextmanager
def to_look(settings: Config) -> Iterator[Store]:
    """Yield the state for reading alone. Nothing is written; a state that does not exist yet is empty."""
    with explaining_damage(settings.state), closing(Store(settings.state, is_to_look=True)) as store:
        yield store


@contextmanager
def explaining_damage(place: Place) -> Iterator[None]:
    """Let a Damaged say which state it is about, and what to do."""
    try:
        yield
    except Damaged as error:
        way_out = "the next `feedpub run` puts its copy in its place" if isinstance(place, Path) else FROM_A_DUMP
        raise Damaged(f"{_located(error, place)}; {way_out}") from error


def _restored(state: Path, speech: Speech, clock: Callable[[], datetime]) -> bool:
    """Replace a state's file that is missing by its copy. Return whether it was missing."""
    is_lost = _is_lost(state)
    if is_lost:
        speech.error(f"{state}: the state is missing; {backup.restore(state, clock())}")
    return is_lost


def _is_lost(state: Path) -> bool:
    """Whether the state is missing or empty, and there is a copy of it."""
    if not any(copy.exists() for copy in backup.copies_of(state)):
        return False
    return not state.exists() or state.stat().st_size == 0


def chosen(settings: Config, ids: Sequence[str]) -> list[Source]:
    """Return the sources with these ids, or all sources if no id is given."""
    known = [s.id for s in settings.sources]
    unknown = [i for i in ids if i not in known]
    if unknown:
        sources = ", ".join(known) if len(known) <= MOST_NAMED else f"{len(known)} others"
        raise ConfigError([f"{settings.path}: has no source {i!r}; it has {sources}" for i in unknown])
    return [s for s in settings.sources if not ids or s.id in ids]


def say_busy(settings: Config, turn: Busy, speech: Speech) -> int:
    """Say that another run is under way. That is fine, unless it hangs."""
    return say_busy_with(settings.state, turn, speech)


def say_busy_with(subject: object, turn: Busy, speech: Speech) -> int:
    """Say that another run is under way on the whole state, or on a source of it."""
    process = _process_of(turn.holder)
    if turn.is_late:
        speech.error(f"another run on {subject}{process} gives no sign of life; end it, then the next run goes on")
        return FAILED
    speech.error(f"another run is under way on {subject}{process}; this one leaves the work to it")
    return FINE


def say_busy_sources(found: Sequence[tuple[str, Busy]], speech: Speech) -> None:
    """Say in one line that other runs are under way on these sources; and of each that hangs."""
    for source, turn in found:
        if turn.is_late:
            say_busy_with(source, turn, speech)
    others = [(source, turn) for source, turn in found if not turn.is_late]
    if others:
        source, turn = others[0]
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        say_busy_with(f"{source}{more}", turn, speech)


def _process_of(holder: Holder | None) -> str:
    if holder is None:
        return ""
    since = f"{holder.since:%Y-%m-%d %H:%M} UTC"
    return f" (process {holder.process} on {holder.host}, since {since})"


def say_try_later(settings: Config, _turn: Busy, speech: Speech) -> int:
    """Say that another run is under way, and that this command did nothing."""
    return say_try_later_with(settings.state, speech)


def say_try_later_with(subject: object, speech: Speech) -> int:
    speech.error(f"another run is under way on {subject}; nothing was changed, try again when it has ended")
    return FAILED


def clock() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
