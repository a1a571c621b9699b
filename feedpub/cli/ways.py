"""The ways to the hosts of a run: a desk, with its own fetcher, for each group of sources that share a host."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import chain
from math import inf
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from feedpub import __version__, address
from feedpub.cli.session import Session
from feedpub.cli.speech import Speech
from feedpub.collecting.fetch import Borders, Clock, Fetcher, Manners, Memory
from feedpub.collecting.fetch.manners import spread
from feedpub.config import Config
from feedpub.consent import HOST, code_of
from feedpub.council import own_hosts
from feedpub.edges import Publish
from feedpub.errors import FetchError
from feedpub.model import Moved, Robots, Source
from feedpub.postgres_url import PostgresUrl
from feedpub.publishing.folder import Folder
from feedpub.store import Busy

if TYPE_CHECKING:
    from feedpub.collecting.fetch.apart import Apart, Halt
    from feedpub.store.shared import Part
    from feedpub.store.turns import HostTurns

T = TypeVar("T")
A_MINUTE = 60.0  # seconds
WORTH_SAYING = 10  # seconds: a longer wait is announced


@dataclass(frozen=True, slots=True)
class Desk:
    """A session on some sources that share a host, the fetcher that asks it, and the folder for their files."""

    session: Session
    fetcher: Fetcher | Apart
    publish: Publish
    is_alone: bool  # no other host is asked at the same time
    in_press: Callable[[], AbstractContextManager[None]] = nullcontext  # within it, files are made

    @property
    def speech(self) -> Speech:
        return self.session.speech

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
        if not (self.speech.is_watched and self.is_alone):
            return things
        from tqdm import tqdm  # only a person sees it

        return tqdm(things, desc=source.id, unit=f" {unit}", leave=False)


@dataclass(frozen=True, slots=True)
class Way:
    """How one fetcher works beside others."""

    recall: Callable[[str], Moved | None]  # where an address has moved for good
    sleep: Callable[[float], None]
    asked: Mapping[str, float]  # host -> seconds since another run asked it


def _duration(seconds: float) -> str:
    if seconds > 90:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds:.0f} seconds"


@dataclass(frozen=True, slots=True)
class Beside:
    """What many short runs of one process have in common."""

    turns: HostTurns
    robots: dict[str, Robots]  # by origin
    said: set[str] = field(default_factory=set)  # of a disk or a bucket that takes nothing: one line is enough


class Network:
    """The way to all hosts of a run. On leaving, the facts about hosts go into the state."""

    def __init__(
        self,
        session: Session,
        command: str,
        sources: Sequence[Source],
        accept: Collection[str] = (),
        beside: Beside | None = None,
    ) -> None:
        self.session = session
        hosts = session.store.hosts
        self.robots = beside.robots if beside else hosts.robots()
        self._known_robots, self.rests = dict(self.robots), hosts.rests()
        self._turns = beside.turns if beside else None
        self._homes = homes = _homes(session, sources)
        settings = session.settings
        is_cron_job = command == "run"  # a person has time
        self._monotonic = session.machine.monotonic
        self.deadline = self._monotonic() + settings.fetch.minutes * A_MINUTE if is_cron_job else inf
        budget = settings.fetch.budget if is_cron_job else None
        self.manners = Manners(
            settings.fetch.contact, __version__, settings.fetch.delay, budget, deadline=self.deadline
        )
        self.borders = Borders(homes, _is_private(settings, homes), _is_accepted(sources, accept))
        self.groups = _groups_by_host(sources, homes)
        self._open: set[Fetcher] = set()

    def __enter__(self) -> Network:
        place = self.session.settings.state
        if self._turns is None and isinstance(place, PostgresUrl):
            from feedpub.store.postgres import PostgresDatabase  # most states are files
            from feedpub.store.turns import HostTurns

            self._turns = HostTurns(PostgresDatabase(place))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.keep()
        if self._turns:
            self._turns.close()

    def keep(self) -> None:
        """Write down what was learned of the hosts."""
        hosts = self.session.store.hosts
        hosts.put_rests(self.rests)
        changed_robots = self.robots.items() - self._known_robots.items()
        hosts.put_robots(dict(changed_robots))

    @property
    def is_time_over(self) -> bool:
        return self._monotonic() >= self.deadline

    @contextmanager
    def turn_of(self, sources: Iterable[Source]) -> Iterator[Mapping[str, float] | Busy]:
        """Yield how many seconds ago another run asked the hosts of these sources; or which one asks them now."""
        if self._turns is None:  # nobody else has this state
            yield {}
            return
        sites = (*map(address.site, (s.home for s in sources)), *chain.from_iterable(map(own_hosts, sources)))
        hosts = {*sites, *chain.from_iterable(self._homes.get(site, ()) for site in sites)}
        with self._turns.at(set(map(address.without_port, hosts))) as turn:
            yield turn

    @contextmanager
    def desk(self, asked: Mapping[str, float]) -> Iterator[Desk]:
        """Yield a desk for the only host of a run."""
        way = Way(self.session.store.hosts.moved, self.session.machine.sleep, asked)
        with self._fetcher(self.session, way) as fetcher:
            yield Desk(self.session, fetcher, self.session.target.publish, is_alone=True)

    @contextmanager
    def desk_of(self, session: Session, part: Part, halt: Halt, asked: Mapping[str, float]) -> Iterator[Desk]:
        """Yield a desk for one of several hosts. While it waits, other desks work."""
        from feedpub.collecting.fetch.apart import Apart, Gate  # a single host needs no threads

        moved: dict[str, Moved | None] = {}  # read before others work: the state is not for two at a time

        def prepare(url: str) -> None:
            moved[url] = session.store.hosts.moved(url)

        with self._fetcher(session, Way(moved.get, halt.sleep, asked)) as fetcher:
            publish = PublishApart(session.target.publish, part)
            yield Desk(
                session,
                Apart(fetcher, Gate(part.apart, prepare, halt)),
                publish,
                is_alone=False,
                in_press=part.in_press,
            )

    def hang_up(self) -> None:
        """End all requests that are under way."""
        for fetcher in tuple(self._open):
            fetcher.close()

    @contextmanager
    def _fetcher(self, session: Session, way: Way) -> Iterator[Fetcher]:
        machine = session.machine
        clock = Clock(
            session.now,
            way.sleep,
            monotonic=machine.monotonic,
            jitter=machine.jitter or spread,
            beat=session.turn.beat,
        )
        memory = Memory(self.robots, self.rests, way.recall, way.asked)
        with closing(Fetcher(self.manners, clock, memory, self.borders, machine.dial)) as fetcher:
            self._open.add(fetcher)
            try:
                yield fetcher
            finally:
                self._open.discard(fetcher)
                if fetcher.moved:
                    session.store.hosts.put_moved(fetcher.moved)


class PublishApart:
    """The place to publish for one of several updates: others work while files are written.

    What a file was made from is in the state before the file is there. A bucket notes in the state what it has seen, so
    only its requests are made apart.
    """

    def __init__(self, publish: Publish, part: Part) -> None:
        self._is_folder = isinstance(publish, Folder)
        self._publish = publish if isinstance(publish, Folder) else _made_apart(publish, part)
        self._part = part

    def begin(self, folder: str, /) -> None:
        self._publish.begin(folder)

    def is_foreign(self, folder: str, /) -> bool:
        return self._publish.is_foreign(folder)

    def address(self, name: str, /) -> str:
        return self._publish.address(name)

    def holds(self, name: str, data: bytes, /) -> bool:
        return self._publish.holds(name, data)

    def __call__(self, name: str, data: bytes, media_type: str, /) -> bool:
        with self._outside():
            return self._publish(name, data, media_type)

    def remove(self, name: str, /) -> bool:
        with self._outside():
            return self._publish.remove(name)

    def put_mark(self, folder: str, data: bytes, /) -> None:
        with self._outside():
            self._publish.put_mark(folder, data)

    def names(self, folder: str, /) -> list[str]:
        return self._publish.names(folder)

    def fingerprints(self, names: Iterable[str], /) -> list[str | None]:
        return self._publish.fingerprints(names)

    def fingerprint_of_folder(self, folder: str, /) -> str | None:
        return self._publish.fingerprint_of_folder(folder)

    def read(self, name: str, /) -> bytes | None:
        return self._publish.read(name)

    def read_mark(self, folder: str, /) -> bytes | None:
        return self._publish.read_mark(folder)

    def _outside(self) -> AbstractContextManager[None]:
        self._part.flush()
        return self._part.apart() if self._is_folder else nullcontext()


def _made_apart(publish: Publish, part: Part) -> Publish:
    from feedpub.publishing.bucket import Bucket  # most publish into a folder

    return publish.made_apart(part.apart) if isinstance(publish, Bucket) else publish


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
    places = {source.id: place for place, source in enumerate(sources)}
    group_at: dict[str, list[Source]] = {}  # host -> the group that it belongs to
    for source in sources:
        hosts = set(own_hosts(source))
        hosts = hosts.union(*(homes.get(host, ()) for host in hosts))
        hosts = set(map(address.without_port, hosts))  # one machine answers at all its ports
        beside = {id(group): group for host in hosts if (group := group_at.get(host)) is not None}
        joined = [*chain.from_iterable(beside.values()), source]
        for host in hosts:
            group_at[host] = joined
        if beside:
            moved = {id(group) for group in beside.values()}
            group_at |= {host: joined for host, group in group_at.items() if id(group) in moved}
    groups = {id(group): sorted(group, key=lambda one: places[one.id]) for group in group_at.values()}
    return sorted(groups.values(), key=lambda group: places[group[0].id])


def _is_private(settings: Config, hosts: Iterable[str]) -> Callable[[str], bool]:
    """Return whether a host may be in a private network. If a site is there, it may lead to another one there."""
    is_near = any(address.is_local(address.without_port(h)) for h in hosts)
    return lambda host: settings.fetch.private or (is_near and address.is_local(host))
