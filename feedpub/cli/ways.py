"""The ways to the hosts of a run: one desk, with its own fetcher, for each group of sources that share a host."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from feedpub import __version__, address
from feedpub.cli.session import Session
from feedpub.cli.speech import Speech
from feedpub.collecting.fetch import Borders, Clock, Fetcher, Manners, Memory
from feedpub.config import Config
from feedpub.consent import HOST, code_of
from feedpub.council import own_hosts
from feedpub.errors import FetchError
from feedpub.model import Moved, Source

if TYPE_CHECKING:
    from feedpub.collecting.fetch.lanes import Lane

T = TypeVar("T")
WORTH_SAYING = 10  # seconds: a longer wait is announced
Recall = Callable[[str], Moved | None]


@dataclass(frozen=True, slots=True)
class Desk:
    """The sources that share a host, and the fetcher that asks it."""

    sources: Sequence[Source]
    fetcher: Fetcher | Lane
    speech: Speech

    def track(self, things: Sequence[T], source: Source, unit: str) -> Iterable[T]:
        """Return the things to be fetched, with a progress bar if a person is watching."""
        try:
            pace = self.fetcher.pace(source.home)
        except FetchError:  # of robots.txt, which the first request will report
            return things
        seconds = pace * len(things)
        if seconds > WORTH_SAYING:
            self.speech.note(
                f"{source.id}: {len(things)} {unit}, one every {pace:g} s: about {_duration(seconds)}."
                " Ctrl-C publishes what is there by then; the next run goes on."
            )
        if not self.speech.is_watched:
            return things
        from tqdm import tqdm  # only a person sees it

        return tqdm(things, desc=source.id, unit=f" {unit}", leave=False)


def _duration(seconds: float) -> str:
    if seconds > 90:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds:.0f} seconds"


class Network:
    """The desks of a run. On leaving, the facts about hosts go into the state."""

    def __init__(self, session: Session, command: str, sources: Sequence[Source], accept: Collection[str] = ()) -> None:
        self.session = session
        hosts = session.store.hosts
        self._known_robots, self.rests = hosts.robots(), hosts.rests()
        self.robots = dict(self._known_robots)
        homes = _homes(session, sources)
        settings = session.settings
        budget = settings.fetch.budget if command == "run" else None
        self.manners = Manners(settings.fetch.contact, __version__, settings.fetch.delay, budget)
        self.borders = Borders(homes, _is_private(settings, homes), _is_accepted(sources, accept))
        groups = _groups_by_host(sources, homes)
        pairs = zip(groups, self._fetchers(len(groups)), strict=True)
        self.desks = [Desk(group, fetcher, session.speech) for group, fetcher in pairs]

    def __enter__(self) -> Sequence[Desk]:
        return self.desks

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        hosts = self.session.store.hosts
        for desk in self.desks:
            desk.fetcher.close()
            hosts.put_moved(dict(desk.fetcher.moved))
        hosts.put_rests(self.rests)
        changed_robots = self.robots.items() - self._known_robots.items()
        hosts.put_robots(dict(changed_robots))

    def _fetchers(self, count: int) -> Sequence[Fetcher | Lane]:
        """Return this many fetchers. Several have a lane each, so that none waits for another."""
        recall = self.session.store.hosts.moved
        if count == 1:
            return [self._fetcher(recall)]
        from feedpub.collecting.fetch.lanes import Lane  # a single host needs no threads

        return [Lane(self._fetcher, recall) for _ in range(count)]

    def _fetcher(self, recall: Recall, sleep: Callable[[float], None] = time.sleep) -> Fetcher:
        clock = Clock(self.session.now, sleep, beat=self.session.turn.beat)
        memory = Memory(self.robots, self.rests, recall)
        return Fetcher(self.manners, clock, memory, self.borders)


def _is_accepted(sources: Sequence[Source], accept: Collection[str]) -> Callable[[str, str], bool]:
    """Return whether a person lets a host lead to another one: the code that was given is the code of that host."""

    def is_accepted(site: str, other: str) -> bool:
        theirs = (source.id for source in sources if accept and site in own_hosts(source))
        return any(code_of(source, HOST, [other]) in accept for source in theirs)

    return is_accepted


def _homes(session: Session, sources: Sequence[Source]) -> dict[str, set[str]]:
    """Return, for each host, the hosts to which its pages may lead: the homes of its own council."""
    homes: dict[str, set[str]] = {}
    for source in sources:
        led_to = session.council(source).facts.led_to
        at_home = {
            h for h in (address.site(source.home), led_to, *source.hosts, *map(address.site, source.listings)) if h
        }
        for host in (*own_hosts(source), *at_home):
            homes.setdefault(host, set()).update(at_home)
    return homes


def _groups_by_host(sources: Sequence[Source], homes: Mapping[str, Collection[str]]) -> list[list[Source]]:
    """Return the sources in groups. Those that share a host are together, because one fetcher serves them."""
    groups: list[tuple[set[str], list[Source]]] = []
    for source in sources:
        hosts = set(own_hosts(source))
        hosts = hosts.union(*(homes.get(host, ()) for host in hosts))
        hosts = set(map(address.without_port, hosts))  # one machine answers at all its ports
        beside = [group for group in groups if group[0] & hosts]
        groups = [group for group in groups if group not in beside]
        joined = hosts.union(*(group[0] for group in beside))
        members = chain.from_iterable(group[1] for group in beside)
        groups.append((joined, [*members, source]))
    return [members for _, members in groups]


def _is_private(settings: Config, hosts: Iterable[str]) -> Callable[[str], bool]:
    """Return whether a host may be in a private network. If a site is there, it may lead to another one there."""
    is_near = any(address.is_local(address.without_port(h)) for h in hosts)
    return lambda host: settings.fetch.private or (is_near and address.is_local(host))
