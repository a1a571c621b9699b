"""run, backfill, publish: the commands that change something."""

from __future__ import annotations

import argparse
import re
import time
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from feedpub import __version__, address, collecting, config, council, publishing
from feedpub.cli import FAILED, FINE, INTERRUPTED
from feedpub.cli.speech import Speech, config_path
from feedpub.collecting import dedupe
from feedpub.collecting.fetch import Borders, Clock, Fetcher, Manners, Memory
from feedpub.config import Config
from feedpub.errors import ConfigError, Damaged, FeedpubError, FetchError, LedgerError, PublishError
from feedpub.model import Moved, Outcome, Source, Visit
from feedpub.publishing import hubs
from feedpub.publishing.folder import Folder
from feedpub.publishing.push import feeds
from feedpub.store import Busy, Store, Turn, backup, sole_run

if TYPE_CHECKING:
    from feedpub.collecting.fetch.lanes import Lane
    from feedpub.store.ledger import Ledger

T = TypeVar("T")
Recall = Callable[[str], Moved | None]
PUBLISHED_EVERY = 60.0  # seconds: a long backlog must not keep its news from readers, nor write all at every page
TURN = 50  # pages, after which another host's have theirs: as many as are kept together
RUNS_REMEMBERED = 100  # of which `status` tells what they asked for
WORTH_SAYING = 10  # seconds: of a longer wait, a person is told beforehand


@dataclass(frozen=True, slots=True)
class Desk:
    """What one run works with, at one source."""

    store: Store
    fetcher: Fetcher | Lane
    now: datetime
    speech: Speech

    def track(self, things: Sequence[T], source: Source, unit: str) -> Iterable[T]:
        """The things to be asked for, with a progress bar where a person is watching."""
        try:
            pace = self.fetcher.pace(source.home)
        except FetchError:  # of robots.txt, which the first request will say
            return things
        if (seconds := pace * len(things)) > WORTH_SAYING:
            length = f"{seconds / 60:.0f} minutes" if seconds > 90 else f"{seconds:.0f} seconds"
            self.speech.note(
                f"{source.id}: {len(things)} {unit}, one every {pace:g} s: about {length}."
                " Ctrl-C publishes what is there by then; the next run goes on."
            )
        if not self.speech.is_watched:
            return things
        from tqdm import tqdm

        return tqdm(things, desc=source.id, unit=f" {unit}", leave=False)


Collect = Callable[[Desk, Source], Iterable[Outcome]]


def run(args: argparse.Namespace, speech: Speech) -> int:
    def collect(desk: Desk, source: Source) -> Iterable[Outcome]:
        return collecting.collect(source, desk.store, desk.fetcher, desk.now, desk.track, is_accepted=args.accept)

    return _work(args, speech, collect)


def backfill(args: argparse.Namespace, speech: Speech) -> int:
    def collect(desk: Desk, source: Source) -> Iterable[Outcome]:
        return collecting.backfill(
            source, desk.store, desk.fetcher, desk.now, pages=args.pages, since=args.since, track=desk.track,
            is_accepted=args.accept,
        )  # fmt: skip

    return _work(args, speech, collect)


def publish(args: argparse.Namespace, speech: Speech) -> int:
    settings = config.load(config_path(args.config))
    with sole_run(settings.state, clock) as turn:
        if isinstance(turn, Busy):
            return busy(settings, turn, speech)
        is_restored = restored(settings, speech)
        with closing(Store(settings.state)) as store:
            now = clock()
            code = max((_publish(s, store, settings, now, speech) for s in settings.sources), default=FINE)
            well = emit_front(store, settings, now, speech)
            for hub in settings.publish.hubs:
                if waiting := [p for p in store.pings() if p.hub == hub]:
                    speech.note(f"{hub}: is told of {feeds(len(waiting))} by the next `feedpub run`")
            return max(code, FAILED if is_restored or not well else FINE)


def _publish(source: Source, store: Store, settings: Config, now: datetime, speech: Speech) -> int:
    if not store.has_items(source.id):
        speech.error(f"{source.id}: there is nothing to publish yet; `feedpub run` fetches it")
        return FAILED
    return FINE if emit(source, store, settings, now, speech, is_anew=True) else FAILED


def target(settings: Config) -> publishing.Target:
    publish = settings.publish
    return publishing.Target(Folder(publish.to), publish.base_url, publish.items, __version__, publish.hubs)


def _work(args: argparse.Namespace, speech: Speech, collect: Collect) -> int:
    settings = config.load(config_path(args.config))
    sources = chosen(settings, args.source)
    with sole_run(settings.state, clock) as turn:
        if isinstance(turn, Busy):
            return busy(settings, turn, speech)
        is_restored = restored(settings, speech)
        try:
            code = _on_state(args, settings, sources, turn, collect, speech)
        except Damaged as error:
            speech.error(f"{error}; {backup.restore(settings.state, clock())}")
            code = _on_state(args, settings, sources, turn, collect, speech)
            is_restored = True
        return max(code, FAILED if is_restored else FINE)


def restored(settings: Config, speech: Speech) -> bool:
    """Whether the state was gone, and its copy has taken its place. To be asked before the state is opened to write."""
    is_lost = _is_lost(settings.state)
    if is_lost:
        speech.error(f"{settings.state}: the state is missing; {backup.restore(settings.state, clock())}")
    return is_lost


def _is_lost(state: Path) -> bool:
    """Whether the state is gone and a copy of it is not."""
    return backup.copy_of(state).exists() and (not state.exists() or state.stat().st_size == 0)


def _on_state(
    args: argparse.Namespace, settings: Config, sources: Sequence[Source], turn: Turn, collect: Collect,
    speech: Speech,
) -> int:  # fmt: skip
    now = clock()
    with closing(Store(settings.state)) as store:
        known, rests = store.robots(), store.rests()
        robots = dict(known)
        hosts = _hosts(sources, store)

        budget = settings.fetch.budget if args.name == "run" else None
        manners = Manners(settings.fetch.contact, __version__, settings.fetch.delay, budget)
        borders = Borders(hosts, _is_private(settings, hosts), is_open=args.accept)

        def fetcher(recall: Recall, sleep: Callable[[float], None] = time.sleep) -> Fetcher:
            clock_of_run = Clock(now, sleep, beat=turn.beat)
            return Fetcher(manners, clock_of_run, Memory(robots, rests, recall), borders)

        neighbours = _neighbours(sources, hosts)
        ways = _ways(len(neighbours), fetcher, store)
        desks = [(Desk(store, way, now, speech), group) for way, group in zip(ways, neighbours, strict=True)]
        try:
            code = _each(desks, settings, collect)
        except KeyboardInterrupt:
            code = INTERRUPTED
            emit_front(store, settings, now, speech)
        finally:
            for way in ways:
                way.close()
                store.put_moved(dict(way.moved))
            store.put_rests(rests)
            store.put_robots({origin: r for origin, r in robots.items() if known.get(origin) != r})
        store.keep_copy(now)
        if code != INTERRUPTED:
            push(store, settings, turn, now, speech)
        return code


def push(store: Store, settings: Config, turn: Turn, now: datetime, speech: Speech) -> None:
    """Tells the hubs what has changed, as far as they have not heard of it. That one fails is no failure of the run."""
    publish = settings.publish
    folders = [f"{publish.base_url}{source.id}/" for source in settings.sources]
    due = hubs.due_pings(store, publish.hubs, folders, now)
    if not due:
        return
    from feedpub.collecting.fetch.hub import Notifier

    with closing(Notifier(contact=settings.fetch.contact, version=__version__, beat=turn.beat)) as notify:
        for pings in due:
            answer = hubs.ping(pings, notify, store, now)
            for topic in answer.told:
                speech.note(f"{pings[0].hub}: was told that {topic} has changed")
            if answer.problem:
                (speech.error if answer.is_to_be_heard else speech.note)(answer.problem)


def _neighbours(sources: Sequence[Source], hosts: Mapping[str, Collection[str]]) -> list[list[Source]]:
    """The sources by where they are asked for: those that share a host stand together, for it is asked by one."""
    groups: list[tuple[set[str], list[Source]]] = []
    for source in sources:
        asked = {address.host(u) for u in (source.home, *source.listings)} | set(dedupe.hosts(source))
        asked |= {h for host in asked for h in hosts.get(host, ())}
        beside = [g for g in groups if g[0] & asked]
        groups = [g for g in groups if g not in beside]
        at = {h for g in beside for h in g[0]} | asked
        groups.append((at, [*(s for g in beside for s in g[1]), source]))
    return [group for _, group in groups]


def _ways(count: int, make: Callable[..., Fetcher], store: Store) -> Sequence[Fetcher | Lane]:
    """To so many hosts: where there are several, each has a lane of its own, and none waits for another."""
    if count == 1:
        return [make(store.moved)]
    from feedpub.collecting.fetch.lanes import Lane

    return [Lane(make, store.moved) for _ in range(count)]


def _each(desks: Sequence[tuple[Desk, Sequence[Source]]], settings: Config, collect: Collect) -> int:
    """Works on one source after the other, or on those of several hosts by turns; what stops one stops no other."""
    code, bug, is_told = FINE, None, False
    waiting = deque((desk, deque(sources)) for desk, sources in desks)
    begun: dict[str, Generator[None, None, int]] = {}
    try:
        while waiting:
            desk, sources = waiting.popleft()
            source = sources[0]
            if source.id not in begun:
                begun[source.id] = _source(desk, source, settings, collect)
            try:
                next(begun[source.id])
            except StopIteration as end:
                code = max(code, end.value)
            except PublishError as error:
                desk.speech.error(str(error))
                code, is_told = FAILED, True
            except KeyboardInterrupt:
                del begun[source.id]  # which has published what it had
                _put_down(begun, desks, settings)
                raise
            except FeedpubError:
                raise
            except Exception as error:
                bug = bug or error
            else:
                waiting.append((desk, sources))
                continue
            del begun[source.id]
            sources.popleft()
            if sources:
                waiting.append((desk, sources))
    finally:
        for left in begun.values():
            left.close()
    desk = desks[0][0]
    try:
        well = emit_front(desk.store, settings, desk.now, desk.speech)
    except PublishError as error:
        (desk.speech.detail if is_told else desk.speech.error)(str(error))  # of a disk that is full, one line will do
        well = False
    if bug:
        raise bug
    return code if well else FAILED


def _put_down(begun: Collection[str], desks: Sequence[tuple[Desk, Sequence[Source]]], settings: Config) -> None:
    """Publishes what was found of the sources that were begun, and were not at work when somebody interrupted."""
    for desk, sources in desks:
        for source in sources:
            if source.id in begun:
                emit(source, desk.store, settings, desk.now, desk.speech)


def _hosts(sources: Sequence[Source], store: Store) -> dict[str, set[str]]:
    """Where a page of each host may lead: to where its own council is at home."""
    found: dict[str, set[str]] = {}
    for source in sources:
        homes = {h for h in (address.host(source.home), store.led_to(source.id)) if h}
        for host in (*dedupe.hosts(source), *homes):
            found.setdefault(host, set()).update(homes)
    return found


def _is_private(settings: Config, hosts: Iterable[str]) -> Callable[[str], bool]:
    """A site of a local name may stand there and lead to another such; one of the internet has no business there."""
    is_near = any(address.is_local(h) for h in hosts)
    return lambda host: settings.fetch.private or (is_near and address.is_local(host))


def _source(desk: Desk, source: Source, settings: Config, collect: Collect) -> Generator[None, None, int]:
    """Collects one source and publishes it; gives way whenever another may have its turn, in the end its exit code.

    An interrupt publishes what is there, and goes on up.
    """
    if not _recover(desk, source, settings):
        return FAILED
    before = desk.fetcher.traffic
    try:
        return (yield from _collected(desk, source, settings, collect))
    finally:
        if desk.store.has_written:  # a run that found nothing new leaves no trace, but for one an hour
            desk.store.put_traffic(source.id, desk.now, desk.fetcher.traffic - before, RUNS_REMEMBERED)


def _collected(desk: Desk, source: Source, settings: Config, collect: Collect) -> Generator[None, None, int]:
    well = True
    try:
        published = time.monotonic()
        for n, outcome in enumerate(collect(desk, source), 1):
            well &= _heard(desk, source, outcome)
            if n % TURN == 0:  # what was found is kept by then: nothing of it is under way in the state
                yield
            if time.monotonic() - published >= PUBLISHED_EVERY:
                well &= emit(source, desk.store, settings, desk.now, desk.speech)
                published = time.monotonic()
        if not publishing.is_emitted(source, desk.store, target(settings)):
            if publishing.expect_files(source, desk.store, desk.fetcher, desk.now, settings.publish.items):
                yield  # while its files are asked for, another may go on
            publishing.measure(source, desk.store, desk.fetcher.measure, desk.now, settings.publish.items, desk.track)
            well &= emit(source, desk.store, settings, desk.now, desk.speech)
    except KeyboardInterrupt:
        desk.speech.error(f"{source.id}: interrupted; what is there is published, the next run goes on")
        emit(source, desk.store, settings, desk.now, desk.speech)
        raise
    except FeedpubError:
        raise
    except Exception:  # a bug: what was found before it is published all the same, then it shows itself
        emit(source, desk.store, settings, desk.now, desk.speech)
        raise
    if council.is_recovering(source, desk.store):
        left = len(desk.store.unread(source.id))
        desk.speech.error(
            f"{source.id}: {left} published items could not be read again since the state was lost; until they are, the"
            " feeds stay as they are; `feedpub run --accept` goes on without them"
        )
        well = False
    failures = desk.store.failures(source.id, source.listings)
    stopped = source.listings if desk.store.brake(source.id) else ()
    for url in (*(v.url for v in failures), *stopped):
        desk.fetcher.forget(url)
    # A listing is never given up: without it there is no news, and nobody would know.
    failed = [v for v in failures if v.url in source.listings or not dedupe.is_given_up(v)]
    for visit in failed:
        if visit.asked == desk.now and not (visit.url in source.listings and dedupe.is_said_already(visit)):
            times = f" ({visit.failures} times in a row)" if visit.failures > 1 else ""
            desk.speech.error(
                f"{source.id}: {visit.url}: {visit.error}{times}; it will be asked for again{_later(desk, visit)}"
            )
    if failed or not well:
        return FAILED
    publishing.note_success(source, desk.store, desk.now)
    return FINE


def _later(desk: Desk, visit: Visit) -> str:
    """When a page that failed is asked for again, if not by the next run: until then nothing is said of it."""
    rest = desk.fetcher.rests.get(address.host(visit.url))
    times = [rest.until if rest else None, dedupe.not_before(visit, desk.now)]
    latest = max((t for t in times if t and t > desk.now), default=None)
    return f" after {latest:%Y-%m-%d %H:%M} UTC" if latest else ""


def _recover(desk: Desk, source: Source, settings: Config) -> bool:
    """Where a state is empty and feeds are there, it was lost: its items keep the ids that these have.

    Where it is a copy, the feeds may be newer: what they know besides is
    taken over, their tombstones above all.

    Whether the source may be looked at: where the feeds cannot be read, new
    ones of a first page alone must not take their place.
    """
    store = desk.store
    is_known = store.revision(source.id) > 0
    if is_known and not store.is_restored(source.id):
        return True
    try:
        published = ledgers(source, settings)
    except LedgerError as error:
        if is_known:  # they are written anew
            return True
        desk.speech.error(
            f"{source.id}: the state is empty, and the published feeds cannot be read; they stay as they are until"
            f" somebody mends or removes them: {error}"
        )
        return False
    if taken := collecting.recover(source, desk.store, published, desk.now) if published else 0:
        lost = "older than the published feeds" if is_known else "empty and feeds are published"
        desk.speech.error(f"{source.id}: the state is {lost}: {taken} items keep their ids and are read again")
    if is_known:
        store.put_reconciled(source.id)
    return True


def ledgers(source: Source, settings: Config) -> list[Ledger]:
    """What the source's published feeds say of its items. Raises LedgerError where they are there and all broken."""
    folder = Folder(settings.publish.to)
    found: list[Ledger] = []
    broken: LedgerError | None = None
    archives = [n for n in folder.names(source.id) if re.fullmatch(r"[^/]+/archive/[^/]+/atom\.xml", n)]
    for name in (f"{source.id}/atom.xml", f"{source.id}/feed.json", *archives):  # only Atom has tombstones
        data = folder.read(name)
        if data is not None:
            from feedpub.store import ledger  # as good as no run needs it

            try:
                found.append(ledger.read(data, str(settings.publish.to / name)))
            except LedgerError as error:
                broken = error
    if broken and not found:
        raise broken
    return found


def _heard(desk: Desk, source: Source, outcome: Outcome) -> bool:
    """Says how a page went. Whether all is well, but for the failures in the state, which are said at the end."""
    if outcome.note:
        desk.speech.note(f"{source.id}: {outcome.note}")
    if outcome.verdict:
        desk.speech.detail(f"{source.id}: {outcome.verdict.value}: {outcome.url}")
        if outcome.message:
            desk.speech.error(f"{source.id}: {outcome.message}")
        return True
    if outcome.is_said:
        desk.speech.note(f"{source.id}: {outcome.message}")
        return False
    kept = desk.store.visit(source.id, outcome.url)
    if kept and kept.error:
        return True
    desk.speech.error(f"{source.id}: {outcome.message}")
    return False


def emit(
    source: Source, store: Store, settings: Config, now: datetime, speech: Speech, *, is_anew: bool = False
) -> bool:
    """Writes the source's files, those that changed or all. Whether every one is as it should be."""
    return _said(publishing.emit(source, store, target(settings), now, is_anew=is_anew), speech)


def emit_front(store: Store, settings: Config, now: datetime, speech: Speech) -> bool:
    """Writes what speaks of all sources. Whether it is as it should be."""
    return _said(publishing.emit_front(settings.sources, store, target(settings), now), speech)


def _said(emission: publishing.Emission, speech: Speech) -> bool:
    for name in emission.written:
        speech.detail(f"{name} has changed")
    if emission.written:
        feeds = [n for n in emission.written if n.endswith((".xml", "feed.json"))] or emission.written
        speech.note(f"{len(emission.written)} files have changed, {feeds[-1]} among them")
    held: dict[str, list[str]] = {}
    for name, problem in emission.problems:
        held.setdefault(str(problem), []).append(name)
    for said, names in held.items():  # an item stands in many files, and is told of once
        stand = f"{names[0]}: held back, the last good file stands"
        if len(names) > 1:
            stand = f"{names[0]} and {len(names) - 1} more files: held back, the last good ones stand"
        speech.error(f"{stand}: {said}")
    return not emission.problems


def chosen(settings: Config, ids: Sequence[str]) -> list[Source]:
    unknown = [i for i in ids if i not in {s.id for s in settings.sources}]
    if unknown:
        known = ", ".join(s.id for s in settings.sources)
        raise ConfigError([f"{settings.path}: has no source {i!r}; it has {known}" for i in unknown])
    return [s for s in settings.sources if not ids or s.id in ids]


def busy(settings: Config, turn: Busy, speech: Speech) -> int:
    """Says that another run is under way. That is well, unless it hangs."""
    who = ""
    if holder := turn.holder:
        who = f" (process {holder.process} on {holder.host}, since {holder.since:%Y-%m-%d %H:%M} UTC)"
    if turn.is_late:
        speech.error(f"another run on {settings.state}{who} gives no sign of life; end it, then the next run goes on")
        return FAILED
    speech.error(f"another run is under way on {settings.state}{who}; this one leaves the work to it")
    return FINE


def clock() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
