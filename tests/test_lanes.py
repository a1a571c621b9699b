"""Several hosts at a time, and no host asked twice at once."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from feedpub import cli
from feedpub.collecting.fetch import Borders, Clock, Fetcher, Manners, Memory, lanes
from feedpub.collecting.fetch.lanes import AHEAD, Lane
from feedpub.collecting.fetch.manners import is_always_private
from feedpub.errors import FetchError
from feedpub.model import Moved, Rest, Validators
from feedpub.store import Turn
from tests.council import CONFIG, LAYOUT
from tests.drupal.server import Served, serve
from tests.drupal.site import Answer, Site
from tests.nasty import NastyHandler, NastySite

pytestmark = pytest.mark.long  # whole runs, one after the other

NONE = Validators()
NOW = datetime(2025, 11, 14, 12, 0, tzinfo=UTC)


class Wire:
    """Stands in for a Fetcher: what it was asked, by which thread, and what it answers."""

    def __init__(self, recall: Callable[[str], Moved | None], sleep: Callable[[float], None]) -> None:
        self.recall, self.sleep = recall, sleep
        self.pause = 0.0
        self.pauses_cut_short = 0
        self.asked: list[str] = []
        self.broken: set[str] = set()
        self.gate = threading.Event()
        self.gate.set()

    def page_if_changed(self, url: str, _known: Validators) -> str:
        self.recall(url)
        if self.pause and self.asked:
            self.rest()
        self.asked.append(url)
        self.gate.wait(10)
        if url in self.broken:
            raise FetchError(url, "is broken")
        return f"page {url}"

    def rest(self) -> None:
        try:
            self.sleep(self.pause)
        except CancelledError:
            self.pauses_cut_short += 1
            raise

    def measure(self, url: str) -> str:
        self.asked.append(f"HEAD {url}")
        return f"file {url}"

    def pace(self, _url: str) -> float:
        return float(len(self.asked))

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def lane() -> Iterator[Lane]:
    caller = threading.get_ident()

    def recall(_url: str) -> Moved | None:
        assert threading.get_ident() == caller  # the state is not for other threads
        return None

    with closing(Lane(cast("Any", Wire), recall)) as made:
        yield made


def wire(lane: Lane) -> Wire:
    return cast("Wire", lane.fetcher)


def page(lane: Lane, url: str) -> str:
    return cast("str", lane.page_if_changed(url, NONE))


def settled(lane: Lane, asked: int) -> None:
    """Waits until so many requests were made, and some time in which there might be more."""
    until = time.monotonic() + 60
    while len(wire(lane).asked) < asked and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(0.05)
    assert len(wire(lane).asked) == asked


def test_what_is_expected_is_asked_for_in_its_order_before_anybody_waits_for_it(lane: Lane) -> None:
    lane.expect([(f"/{n}", NONE) for n in range(3)])
    settled(lane, 3)
    assert [page(lane, f"/{n}") for n in range(3)] == ["page /0", "page /1", "page /2"]
    assert wire(lane).asked == ["/0", "/1", "/2"]


def test_nothing_is_asked_for_before_it_is_expected_and_no_thread_is_there(lane: Lane) -> None:
    before = threading.active_count()
    assert page(lane, "/1") == "page /1"
    assert threading.active_count() == before


def test_no_more_is_asked_for_than_is_kept_at_once(lane: Lane) -> None:
    lane.expect([(f"/{n}", NONE) for n in range(AHEAD + 10)])
    settled(lane, AHEAD)
    page(lane, "/0")
    settled(lane, AHEAD + 1)


def test_after_a_failure_a_lane_waits_until_somebody_has_heard_of_it(lane: Lane) -> None:
    wire(lane).broken.add("/1")
    lane.expect([(f"/{n}", NONE) for n in range(4)])
    settled(lane, 2)
    assert page(lane, "/0") == "page /0"
    settled(lane, 2)
    with pytest.raises(FetchError, match="is broken"):
        page(lane, "/1")
    settled(lane, 4)


def test_what_is_not_wanted_any_more_is_not_asked_for(lane: Lane) -> None:
    wire(lane).gate.clear()
    lane.expect([(f"/{n}", NONE) for n in range(9)])
    settled(lane, 1)
    threading.Timer(0.05, wire(lane).gate.set).start()
    lane.expect(())
    settled(lane, 1)


def test_another_page_in_between_is_asked_for_at_once_and_a_file_too(lane: Lane) -> None:
    lane.expect([("/0", NONE), ("/1", NONE)])
    settled(lane, 2)
    assert page(lane, "/other") == "page /other"
    assert cast("str", lane.measure("/file")) == "file /file"
    assert [page(lane, "/0"), page(lane, "/1")] == ["page /0", "page /1"]
    assert wire(lane).asked == ["/0", "/1", "/other", "HEAD /file"]


def test_a_page_that_was_had_once_is_asked_for_again_when_it_is_wanted_again(lane: Lane) -> None:
    lane.expect([("/0", NONE)])
    assert [page(lane, "/0"), page(lane, "/0")] == ["page /0", "page /0"]
    assert wire(lane).asked == ["/0", "/0"]


def test_files_are_measured_ahead_as_pages_are(lane: Lane) -> None:
    lane.expect_files(["/a", "/b"])
    settled(lane, 2)
    assert cast("str", lane.measure("/a")) == "file /a"
    assert wire(lane).asked == ["HEAD /a", "HEAD /b"]


def test_a_pace_is_told_between_two_requests(lane: Lane) -> None:
    wire(lane).gate.clear()
    lane.expect([("/0", NONE), ("/1", NONE)])
    settled(lane, 1)
    threading.Timer(0.05, wire(lane).gate.set).start()
    assert lane.pace("/") == 1


def test_a_pause_ends_when_nobody_waits_for_what_comes_after_it(lane: Lane) -> None:
    wire(lane).pause = 86_400
    lane.expect([("/0", NONE), ("/1", NONE)])
    settled(lane, 1)
    lane.expect(())
    lane.close()
    assert (wire(lane).asked, wire(lane).pauses_cut_short) == (["/0"], 1)


def test_a_request_that_is_under_way_has_a_few_seconds_when_its_lane_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lanes, "ENDS_WITHIN", 0.05)
    site, released = NastySite(), threading.Event()
    site.tricks["/x"] = lambda _socket: cast("None", released.wait(60))  # never answers
    rests: dict[str, Rest] = {}

    def fetcher(_recall: object, _sleep: object) -> Fetcher:
        memory, borders = Memory(rests=rests), Borders(is_private=is_always_private)
        return Fetcher(Manners("mailto:a@example.org", "0"), Clock(NOW), memory, borders)

    with serve(site, handler=NastyHandler) as served:
        lane = Lane(fetcher, lambda _url: None)
        before = set(threading.enumerate())
        lane.expect([(f"{served.url}/x", NONE)])
        [worker] = [t for t in set(threading.enumerate()) - before if t.name.startswith("lane")]
        while [r.path for r in served.requests] != ["/robots.txt", "/x"]:
            time.sleep(0.005)
        lane.close()
        worker.join(10)
        assert not worker.is_alive()  # it was hung up
        released.set()
    assert rests == {}  # we have left, the host has not failed


def test_what_comes_too_late_is_no_answer_to_a_later_question(lane: Lane) -> None:
    wire(lane).gate.clear()
    lane.expect([("/0", NONE)])
    settled(lane, 1)
    lane.expect([("/1", NONE)])
    wire(lane).gate.set()
    settled(lane, 2)
    assert page(lane, "/0") == "page /0"
    assert wire(lane).asked == ["/0", "/1", "/0"]


# ------------------------------------------------------------ two councils


class Busy(Site):
    """A site that notes how many answers it has under way, and that all of them have."""

    everywhere = 0
    most_everywhere = 0
    lock = threading.Lock()

    def __init__(self) -> None:
        super().__init__()
        self.here = self.most_here = 0

    def answer(self, *asked: Any) -> Answer:
        with Busy.lock:
            Busy.everywhere += 1
            self.here += 1
            Busy.most_everywhere = max(Busy.most_everywhere, Busy.everywhere)
            self.most_here = max(self.most_here, self.here)
        time.sleep(0.02)
        try:
            return super().answer(*asked)
        finally:
            with Busy.lock:
                Busy.everywhere -= 1
                self.here -= 1


class Towns:
    """Two councils on two hosts, and one configuration for both."""

    def __init__(self, folder: Path, homes: dict[str, str]) -> None:
        self.folder = folder
        source = CONFIG[CONFIG.index("[[source]]") :]
        sources = [source.replace('"zrazkiv"', f'"{i}"').replace("{home}", h) + LAYOUT for i, h in homes.items()]
        head = CONFIG[: CONFIG.index("[[source]]")]
        (folder / "config.toml").write_text(head + "".join(sources), encoding="utf-8")

    def feedpub(self, *words: str) -> int:
        return cli.main([*words, "--config", str(self.folder / "config.toml")])

    def published(self) -> dict[str, bytes]:
        public = self.folder / "public"
        return {str(p.relative_to(public)): p.read_bytes() for p in public.rglob("*") if p.is_file()}


@pytest.fixture
def sites(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, tuple[Busy, Served]]]:
    monkeypatch.setattr("feedpub.cli.rounds.TURN", 3)
    monkeypatch.setattr("feedpub.collecting.batches.BATCH", 3)
    Busy.most_everywhere = 0
    one, other = Busy(), Busy()
    with serve(one) as here, serve(other) as there:
        there.url = there.url.replace("127.0.0.1", "localhost")
        yield {"tut": (one, here), "tam": (other, there)}


def towns(folder: Path, sites: dict[str, tuple[Busy, Served]]) -> Towns:
    folder.mkdir()
    return Towns(folder, {i: f"{served.url}/" for i, (_, served) in sites.items()})


def test_two_hosts_are_asked_at_the_same_time_and_each_one_thing_after_another(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]]
) -> None:
    assert towns(tmp_path / "a", sites).feedpub("run") == 0
    assert Busy.most_everywhere == 2
    assert [site.most_here for site, _ in sites.values()] == [1, 1]


@pytest.mark.parametrize("command", ["run", "backfill"])
def test_what_is_published_is_what_one_after_the_other_gives(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], command: str
) -> None:
    together, alone = towns(tmp_path / "a", sites), towns(tmp_path / "b", sites)
    assert together.feedpub(command) == 0
    assert [alone.feedpub(command, "--source", name) for name in ("tut", "tam")] == [0, 0]
    assert together.published() == alone.published()


def test_what_one_host_does_is_no_other_ones_affair(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], capsys: pytest.CaptureFixture[str]
) -> None:
    sites["tut"][0].overrides["/"] = Answer(500)
    made = towns(tmp_path / "a", sites)
    assert made.feedpub("run") == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not (made.folder / "public" / "tut").exists()
    assert (made.folder / "public" / "tam" / "atom.xml").exists()


def test_an_interrupt_publishes_what_was_found_of_both(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = towns(tmp_path / "a", sites)
    whole, asked = Lane.page_if_changed, {"localhost": 0, "127.0.0.1": 0}

    def interrupted(self: Lane, url: str, *more: Any) -> Any:
        asked["localhost" if "localhost" in url else "127.0.0.1"] += 1
        if asked["127.0.0.1"] == 8:
            raise KeyboardInterrupt
        return whole(self, url, *more)

    monkeypatch.setattr(Lane, "page_if_changed", interrupted)
    assert made.feedpub("run") == 130
    assert asked["localhost"] >= 3
    monkeypatch.undo()
    assert {"tut/atom.xml", "tam/atom.xml"} <= made.published().keys()
    assert made.feedpub("run") == 0
    assert made.feedpub("check") == 0


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_does_not_wait_out_the_pauses_that_a_site_asks_for(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], monkeypatch: pytest.MonkeyPatch, sign: signal.Signals
) -> None:
    """One host asks for a minute between two requests, and its lane is in that pause."""
    site, served = sites["tam"]
    site.crawl_delay = 60
    whole, main = Turn.beat, threading.main_thread()

    def interrupting(self: Turn, seconds: float = 0.0) -> None:
        whole(self, seconds)
        if threading.current_thread() is not main and seconds > 150:  # of pause and patience: the lane's pause begins
            threading.Timer(0.2, signal.pthread_kill, [main.ident, sign]).start()

    slept: list[float] = []
    monkeypatch.setattr(lanes, "time", SimpleNamespace(sleep=slept.append))  # the pauses of the main thread
    monkeypatch.setattr(Turn, "beat", interrupting)
    made = towns(tmp_path / "a", sites)
    assert made.feedpub("run") == 130
    assert [r.path for r in served.requests] == ["/robots.txt", "/"]  # what comes after the pause is not asked for
    assert [round(seconds) for seconds in slept] == [60]
    assert "tut/atom.xml" in made.published()
    assert made.feedpub("check", str(made.folder / "public")) == 0
    assert made.feedpub("status") == 0


def test_an_interrupt_does_not_wait_out_the_pause_of_a_host_that_is_read_ahead(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one host is being read, the lane of the other is in a pause of a minute."""
    ahead, in_pause = sites["tam"][1].requests, threading.Event()
    whole_pause, whole_call, calls = Lane._pause, Lane.page_if_changed, 0

    def pausing(self: Lane, seconds: float) -> None:
        is_ahead = "localhost" in next(iter(self._recalled), "") and len(ahead) >= 8
        if is_ahead:
            in_pause.set()
        whole_pause(self, 60.0 if is_ahead else seconds)

    def interrupting(self: Lane, url: str, *more: Any) -> Any:
        nonlocal calls
        calls += "127.0.0.1" in url
        if "127.0.0.1" in url and calls > 5:  # in its second turn
            assert in_pause.wait(10)
            raise KeyboardInterrupt
        return whole_call(self, url, *more)

    made = towns(tmp_path / "a", sites)
    config = made.folder / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("delay = 0", "delay = 0.01"), encoding="utf-8")
    monkeypatch.setattr(Lane, "_pause", pausing)
    monkeypatch.setattr(Lane, "page_if_changed", interrupting)
    assert made.feedpub("run") == 130
    assert len(ahead) == 8  # what comes after the pause is not asked for
    monkeypatch.undo()
    assert {"tut/atom.xml", "tam/atom.xml"} <= made.published().keys()
    assert made.feedpub("run") == 0
    assert made.feedpub("check") == 0


def test_the_run_gives_signs_of_life_while_lanes_wait(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, beats = Turn.beat, []

    def noted(self: Turn, seconds: float = 0.0) -> None:
        beats.append((threading.current_thread() is threading.main_thread(), seconds))
        whole(self, seconds)

    monkeypatch.setattr(Turn, "beat", noted)
    assert towns(tmp_path / "a", sites).feedpub("run") == 0
    assert {is_main for is_main, _ in beats} == {True, False}
    assert len(beats) > sum(len(served.requests) for _, served in sites.values())  # one at least before each request


def test_two_sources_of_one_host_share_its_lane(tmp_path: Path, sites: dict[str, tuple[Busy, Served]]) -> None:
    site, served = sites["tut"]
    tmp_path.joinpath("a").mkdir()
    made = Towns(
        tmp_path / "a", {"persha": f"{served.url}/", "druha": f"{served.url}/", "tam": f"{sites['tam'][1].url}/"}
    )
    assert made.feedpub("run") == 0
    assert site.most_here == 1
    assert len({n.partition("/")[0] for n in made.published() if n.endswith("atom.xml")}) == 3


def test_one_host_alone_needs_no_lane(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedpub.collecting.fetch.lanes.Lane", None)
    tmp_path.joinpath("a").mkdir()
    assert Towns(tmp_path / "a", {"tut": f"{sites['tut'][1].url}/"}).feedpub("run") == 0
