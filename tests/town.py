"""A council's site at an address of its own and feedpub beside it, on a clock that a test may turn.

All is real but the network (requests' adapter answers from the site) and the clock.
"""

from __future__ import annotations

import atexit
import re
import shutil
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from feedpub import collecting, publishing
from feedpub.cli.recovering import by_mark, published_ledgers
from feedpub.collecting import Reach, Run
from feedpub.collecting.fetch import Borders, Clock, Fetcher, Manners, Memory
from feedpub.collecting.recovery import recover
from feedpub.collecting.report import is_success_due, note_success
from feedpub.collecting.withdrawals import take_out
from feedpub.consent import HOST as HOST_OBJECTION
from feedpub.consent import code_of
from feedpub.content import Stored
from feedpub.council import Council
from feedpub.model import Outcome, Rest, Robots, Source, Verdict
from feedpub.publishing import pictures
from feedpub.publishing.folder import Folder
from feedpub.publishing.marking import read_mark
from feedpub.store import Store
from feedpub.store.transfer import transfer
from tests.drupal.site import Answer, Site
from tests.drupal7 import DRUPAL7
from tests.made import FORMATS, SOURCE
from tests.postgres import IS_WANTED, drop, place_at

HOME = "https://zrazkiv.example"
ARCHIVED = re.compile(r"zrazkiv/archive/[^/]+/atom\.xml").fullmatch
DAY_ONE = datetime(2025, 11, 14, 12, tzinfo=UTC)  # some hours after the newest article


class _Wire(HTTPAdapter):
    """Answers as the site would, at its base address; nobody answers anywhere else."""

    def __init__(self, site: Site, bases: Mapping[str, str], log: list[str]) -> None:
        super().__init__()
        self.site, self.bases, self.log = site, bases, log

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        base, target = (
            f"{parts.scheme}://{parts.netloc}",
            (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        )
        self.log.append(f"{request.method} {base}{target}")
        if base not in self.bases:
            raise requests.ConnectionError("nobody answers", request=request)
        headers = {k.lower(): v for k, v in request.headers.items()}
        if self.bases[base] == base:
            answer = self.site.answer(request.method or "GET", target, headers, base)
        else:
            answer = Answer(HTTPStatus.MOVED_PERMANENTLY, (("Location", self.bases[base] + target),))
        raw = HTTPResponse(
            BytesIO(answer.body), headers=dict(answer.headers), status=answer.status, preload_content=False,
            reason=HTTPStatus(answer.status).phrase,
        )  # fmt: skip
        return self.build_response(request, raw)


class Town:
    """What is at an address may be changed between runs: the site, its base, what the configuration says of it."""

    def __init__(self, folder: Path, site: Site | None = None, *, source: Source | None = None) -> None:
        self.folder = folder
        self.site = site or Site()
        self.bases = {HOME: HOME}  # where somebody answers -> where the site is
        made = replace(
            SOURCE, id="zrazkiv", home=f"{HOME}/", listings=(f"{HOME}/",), layout=DRUPAL7, icon=None, logo=None
        )
        self.source = source or made
        self.now = DAY_ONE
        self.asked: list[str] = []
        self.robots: dict[str, Robots] = {}
        self.rests: dict[str, Rest] = {}
        self.neighbours: tuple[str, ...] = ()  # other hosts that its pages may redirect to
        self.items = 50  # in a feed
        self.thumbnails = 0  # items of which pages show pictures
        self.version = "0"
        self.codes: frozenset[str] = frozenset()  # that the last stop printed

    def moves(self, base: str, *, formerly: tuple[str, ...] = (), redirects: bool = True) -> None:
        """The site is at another base now; its old one leads there, or nobody answers at it any more."""
        old = next(iter(set(self.bases.values())))
        self.bases = {base: base} | ({old: base} if redirects else {})
        self.source = replace(self.source, home=f"{base}/", listings=(f"{base}/",), formerly=formerly)

    @property
    def state(self) -> Path:
        return self.folder / "feedpub.db"

    def store(self) -> Store:
        return Store(place_at(self.state))

    def council(self, store: Store) -> Council:
        return Council(self.source, store.of(self.source.id))

    def fetcher(self, council: Council, *, accept: frozenset[str] = frozenset()) -> Fetcher:
        homes = (urlsplit(self.source.home).hostname, council.facts.led_to)
        hosts = {h for h in (*homes, *self.neighbours) if h}
        made = Fetcher(
            Manners("mailto:a@example.org", "0"),
            Clock(self.now, jitter=lambda: 1.0),
            Memory(self.robots, self.rests),
            Borders(
                dict.fromkeys(hosts, hosts),
                is_accepted=lambda _, other: code_of(self.source.id, HOST_OBJECTION, [other]) in accept,
            ),
        )
        wire = _Wire(self.site, self.bases, self.asked)
        made.client.session.mount("https://", wire)
        made.client.session.mount("http://", wire)
        return made

    def run(self, *, days: float = 0, backfill: bool = False, is_accepted: bool = False) -> list[Outcome]:
        """A run so many days after the last one, as the command would do it; what it said.

        ``is_accepted``: a person gives the codes of the last stop.
        """
        self.now += timedelta(days=days)
        accept = (self.codes or frozenset(["none"])) if is_accepted else frozenset()
        with ExitStack() as stack:
            store = stack.enter_context(closing(self.store()))
            stack.enter_context(store.alone(self.source.id))
            council = self.council(store)
            fetch = stack.enter_context(closing(self.fetcher(council, accept=accept)))
            command = "backfill" if backfill else "run"
            run = Run(council, fetch, self.now, accept=accept, command=command)
            outcomes = list(collecting.backfill(run, Reach()) if backfill else collecting.collect(run))
            if not publishing.is_emitted(council, self.target):
                publishing.measure(council, fetch.measure, self.now, self.items)
                assert not publishing.emit(council, self.target, self.now).problems
                assert not publishing.emit_front([council], self.target, self.now).problems
            while (
                council.state.thumbnails.is_due(self.now)
                and pictures.ask(council, self.target, fetch.picture, self.now).copies
            ):
                assert not publishing.emit(council, self.target, self.now).problems
            if all(o.verdict for o in outcomes) and is_success_due(council, self.now):
                note_success(council, self.now)
        codes = [code for o in outcomes for code in re.findall(r"--accept ([a-z2-7]{10})", o.message or "")]
        self.codes = frozenset(codes) or self.codes
        return outcomes

    def begin(self) -> None:
        """Do what a first `run(backfill=True)` does. Towns that begin alike share the work, not the files."""
        site_version = self.site.answer("GET", "/", {}, HOME).header("etag")
        key = repr((site_version, self.source, self.items, self.version, self.thumbnails))
        if key not in _BEGUN:
            folder = Path(mkdtemp())
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            first = Town(folder, self.site, source=self.source)
            first.items, first.version, first.thumbnails = self.items, self.version, self.thumbnails
            first.run(backfill=True)
            _BEGUN[key] = first
        first = _BEGUN[key]
        shutil.copytree(first.folder, self.folder, dirs_exist_ok=True)
        if IS_WANTED:
            transfer(place_at(first.state), place_at(self.state), lambda: self.now)
        self.asked += first.asked
        self.robots |= first.robots
        self.rests |= first.rests

    def emit(self) -> publishing.Emission:
        """What is published is brought to what the configuration and the state say now."""
        with closing(self.store()) as store:
            emission = publishing.emit(self.council(store), self.target, self.now)
            front = publishing.emit_front([self.council(store)], self.target, self.now)
        assert not emission.problems + front.problems
        return emission

    def withdraw(self, item: Stored) -> None:
        with closing(self.store()) as store:
            take_out(self.council(store), item, "", self.now)
        self.emit()

    @property
    def target(self) -> publishing.Target:
        place = Folder(self.folder / "public")
        return publishing.Target(
            place, "https://feeds.example.org/", self.items, self.version, thumbnails=self.thumbnails
        )

    def recover(self) -> int:
        """The state was lost; what stands in the published feed and its archive is taken for evidence."""
        drop(self.state)
        with closing(self.store()) as store:
            return self.take_over(store)

    def take_over(self, store: Store) -> int:
        """Take over what the published folder knows and this state does not."""
        council, folder = self.council(store), self.target.publish
        known = by_mark(council, published_ledgers(self.source, folder), read_mark(folder, self.source.id))
        return recover(council, known, self.now)

    def feed(self, name: str) -> bytes:
        return (self.folder / "public" / self.source.id / name).read_bytes()

    def published(self) -> dict[str, bytes]:
        """Every file, its name in the published folder -> bytes."""
        folder = self.folder / "public"
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("[!.]*")) if p.is_file()}

    def feeds(self) -> dict[str, bytes]:
        return {form.name: self.feed(form.name) for form in FORMATS}

    def forget_feeds(self) -> None:
        shutil.rmtree(self.folder / "public")


def town_with(folder: Path, site: Any, now: datetime, **changes: Any) -> Town:
    """A town whose site is a test's own, in UTC and without a layout; ``changes`` are what else is configured."""
    plain = {"language": "uk", "timezone": "UTC", "layout": None, "icon": None, "logo": None}
    named = {"id": "zrazkiv", "home": f"{HOME}/", "listings": (f"{HOME}/",)}
    made = Town(folder, site, source=replace(SOURCE, **{**named, **plain, **changes}))
    made.now = now
    return made


def items_of(made: Town) -> dict[str, Stored]:
    """The newest items of a town, by their titles."""
    with closing(made.store()) as store:
        return {s.article.title: s for s in store.of(made.source.id).items.newest(50)}


def said_by(made: Town) -> list[str]:
    """What a run says."""
    return [o.message for o in made.run() if o.message]


_BEGUN: dict[str, Town] = {}


def failures(outcomes: list[Outcome]) -> list[str]:
    return [o.message or "" for o in outcomes if o.verdict is None]


def verdicts(outcomes: list[Outcome]) -> dict[Verdict, int]:
    found: dict[Verdict, int] = {}
    for o in outcomes:
        if (o.verdict and "/content/" in o.url) or (o.verdict and "/node/" in o.url):
            found[o.verdict] = found.get(o.verdict, 0) + 1
    return found
