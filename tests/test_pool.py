"""Several hosts at a time, and no host asked twice at once."""

from __future__ import annotations

import json
import platform
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from feedpub import cli
from feedpub.collecting.fetch.apart import AHEAD, Apart, Gate, Halt
from feedpub.errors import FetchError, StoreError
from feedpub.model import Validators
from feedpub.postgres_url import Place
from feedpub.store import Store, Turn
from feedpub.store.shared import PRESSES, Part, Shared
from tests.council import CONFIG, LAYOUT
from tests.drupal.server import Served, serve
from tests.drupal.site import Answer, Site

NONE = Validators()
NOW = datetime(2025, 11, 14, 12, 0, tzinfo=UTC)


class Wire:
    """Stands in for a Fetcher: what it was asked, and whether others could work meanwhile."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.prepared: list[str] = []
        self.broken: set[str] = set()
        self.is_apart = False

    @contextmanager
    def apart(self) -> Iterator[None]:
        self.is_apart = True
        yield
        self.is_apart = False

    def prepare(self, url: str) -> None:
        assert not self.is_apart
        self.prepared.append(url)

    def page_if_changed(self, url: str, _known: Validators) -> str:
        assert self.is_apart
        assert url in self.prepared
        self.asked.append(url)
        if url in self.broken:
            raise FetchError(url, "is broken")
        return f"page {url}"

    def measure(self, url: str) -> str:
        assert self.is_apart
        self.asked.append(f"HEAD {url}")
        return f"file {url}"

    def pace(self, _url: str) -> float:
        assert self.is_apart
        return 1.0


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def apart(wire: Wire) -> Apart:
    return Apart(cast("Any", wire), Gate(wire.apart, wire.prepare, Halt()))


def page(apart: Apart, url: str) -> str:
    return cast("str", apart.page_if_changed(url, NONE))


def test_what_is_expected_is_asked_for_in_its_order_once_the_first_is_wanted(apart: Apart, wire: Wire) -> None:
    apart.expect([(f"/{n}", NONE) for n in range(3)])
    assert wire.asked == []
    assert page(apart, "/0") == "page /0"
    assert wire.asked == ["/0", "/1", "/2"]
    assert [page(apart, f"/{n}") for n in (1, 2)] == ["page /1", "page /2"]
    assert wire.asked == ["/0", "/1", "/2"]


def test_no_more_is_asked_for_ahead_than_a_few_pages(apart: Apart, wire: Wire) -> None:
    apart.expect([(f"/{n}", NONE) for n in range(AHEAD + 5)])
    page(apart, "/0")
    assert len(wire.asked) == AHEAD
    for n in range(1, AHEAD + 1):
        page(apart, f"/{n}")
    assert len(wire.asked) == AHEAD + 5


def test_after_a_failure_nothing_more_is_asked_for_until_the_source_has_seen_it(apart: Apart, wire: Wire) -> None:
    wire.broken.add("/1")
    apart.expect([(f"/{n}", NONE) for n in range(4)])
    assert page(apart, "/0") == "page /0"
    assert wire.asked == ["/0", "/1"]
    with pytest.raises(FetchError, match="is broken"):
        page(apart, "/1")
    assert page(apart, "/2") == "page /2"
    assert wire.asked == ["/0", "/1", "/2", "/3"]


def test_what_is_not_wanted_any_more_is_not_asked_for(apart: Apart, wire: Wire) -> None:
    apart.expect([("/0", NONE), ("/1", NONE)])
    apart.expect(())
    assert page(apart, "/2") == "page /2"
    assert wire.asked == ["/2"]


def test_another_page_in_between_is_asked_for_at_once_and_files_ahead(apart: Apart, wire: Wire) -> None:
    apart.expect([("/0", NONE), ("/1", NONE)])
    page(apart, "/0")
    assert (page(apart, "/other"), page(apart, "/1")) == ("page /other", "page /1")
    apart.expect_files(["/a", "/b"])
    assert cast("str", apart.measure("/a")) == "file /a"
    assert wire.asked == ["/0", "/1", "/other", "HEAD /a", "HEAD /b"]
    assert apart.pace("/") == 1.0


def test_a_page_that_was_had_once_is_asked_for_again_when_it_is_wanted_again(apart: Apart, wire: Wire) -> None:
    apart.expect([("/0", NONE)])
    assert [page(apart, "/0"), page(apart, "/0")] == ["page /0", "page /0"]
    assert wire.asked == ["/0", "/0"]


# ------------------------------------------------------------ one state


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path / "state.db")) as opened:
        yield opened


def put(part: Part, word: str) -> None:
    part.execute("INSERT INTO forms (language, word, forms) VALUES (?, ?, ?)", ("uk", word, "[]"))


def put_twice(part: Part, word: str) -> None:
    with part.transaction():
        put(part, word)
        put(part, word)  # it is there already


def words(place: Place) -> list[str]:
    """The words on the disk, as another process sees them."""
    with closing(Store(place, is_to_look=True)) as other:
        return [row["word"] for row in other.db.rows("SELECT word FROM forms ORDER BY word")]


def test_a_batch_waits_for_its_site_without_keeping_others_from_writing(store: Store) -> None:
    shared = Shared(store.db)
    one, other = Part(shared), Part(shared)
    with shared.right:
        one.begin()
        put(one, "a")
        with one.apart(), shared.right:
            other.begin()
            put(other, "b")
            other.settle()
            shared.flush()
            assert words(store.db.place) == ["b"]
        put(one, "c")
        assert one.number("SELECT count(*) FROM forms") == 3
        one.settle()
        shared.flush()
    assert words(store.db.place) == ["a", "b", "c"]


def test_a_batch_that_is_dropped_takes_nothing_of_others_with_it(store: Store) -> None:
    shared = Shared(store.db)
    one, other = Part(shared), Part(shared)
    one.begin()
    put(one, "a")
    with shared.right, one.apart():
        put(other, "b")
    one.undo()
    put(one, "c")
    shared.flush()
    assert words(store.db.place) == ["b", "c"]


def test_a_transaction_that_failed_within_a_batch_is_not_written_again(store: Store) -> None:
    shared = Shared(store.db)
    one = Part(shared)
    with shared.right:
        one.begin()
        put(one, "a")
        with pytest.raises(StoreError):
            put_twice(one, "b")
        with one.apart():
            pass
        one.settle()
        shared.flush()
    assert words(store.db.place) == ["a"]


def test_nobody_else_works_while_a_transaction_is_open(store: Store) -> None:
    shared = Shared(store.db)
    one, could_work = Part(shared), []
    with shared.right, one.transaction(), one.apart():
        thread = threading.Thread(target=lambda: could_work.append(shared.right.acquire(blocking=False)))
        thread.start()
        thread.join()
    assert could_work == [False]


def test_what_several_keep_goes_to_the_disk_together(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = Shared(store.db)
    for n in range(3):
        part = Part(shared)
        part.begin()
        put(part, f"{n}")
        part.settle()
    assert words(store.db.place) == []
    part.flush()
    assert words(store.db.place) == ["0", "1", "2"]
    monkeypatch.setattr("feedpub.store.shared.TOGETHER", 0.0)
    put(part, "3")
    assert words(store.db.place) == ["0", "1", "2", "3"]


def test_few_make_files_at_a_time_and_the_others_work_on_meanwhile(store: Store) -> None:
    """What is remembered of items is enough for few sources: with more of them, each item is judged again."""
    shared, most, at_once = Shared(store.db), [], []

    def publish() -> None:
        with shared.right:
            part = Part(shared)
            with part.in_press():
                at_once.append(part)
                most.append(len(at_once))
                with part.apart():  # as files are written
                    time.sleep(0.02)
                at_once.remove(part)

    threads = [threading.Thread(target=publish) for _ in range(4 * PRESSES)]
    with shared.right:
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == PRESSES
    assert len(most) == len(threads)


THREADS_AND_ARENAS = """
import ctypes
from threading import Thread
from feedpub.cli.heap import share_heap
share_heap()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
threads = [Thread(target=libc.malloc, args=(1000,)) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc.malloc_stats()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has heaps for threads")
def test_all_threads_have_one_heap() -> None:
    done = subprocess.run([sys.executable, "-c", THREADS_AND_ARENAS], capture_output=True, text=True, check=True)
    assert done.stderr.count("Arena ") == 1


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


@pytest.mark.long
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


@pytest.mark.long
def test_no_more_hosts_are_asked_at_a_time_than_the_configuration_says(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]]
) -> None:
    made = towns(tmp_path / "a", sites)
    configure(made, "delay = 0", "delay = 0\nhosts_at_once = 1")
    assert made.feedpub("run") == 0
    assert Busy.most_everywhere == 1


def configure(made: Towns, old: str, new: str) -> None:
    config = made.folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.long
def test_a_host_that_does_not_answer_costs_no_other_a_moment(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]]
) -> None:
    made = towns(tmp_path / "a", sites)
    whole, silent, published = sites["tut"][0].answer, threading.Event(), made.folder / "public" / "tam" / "atom.xml"

    def answer(*asked: Any) -> Answer:
        while not published.exists() and not silent.wait(0.02):
            """Say nothing until the other council is published."""
        return whole(*asked)

    sites["tut"][0].answer = answer  # type: ignore[method-assign]
    threading.Timer(20, silent.set).start()
    assert made.feedpub("run") == 0
    assert not silent.is_set()


@pytest.mark.long
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_all_pauses_and_publishes_what_was_found_of_both(
    tmp_path: Path,
    sites: dict[str, tuple[Busy, Served]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    sign: signal.Signals,
) -> None:
    made = towns(tmp_path / "a", sites)
    whole, calls, main = Halt.sleep, [0], threading.main_thread()

    def sleep(self: Halt, seconds: float) -> None:
        calls[0] += 1
        if calls[0] == 10:
            signal.pthread_kill(main.ident or 0, sign)
        whole(self, 60.0 if calls[0] >= 10 else seconds)

    monkeypatch.setattr(Halt, "sleep", sleep)
    monkeypatch.setattr("feedpub.collecting.fetch.apart.AHEAD", 2)
    configure(made, "delay = 0", "delay = 0.01")
    began = time.monotonic()
    assert made.feedpub("run") == 130
    assert time.monotonic() - began < 30
    assert capsys.readouterr().err.endswith(
        "2 sources: interrupted; what is there is published, the next run goes on\n"
    )
    monkeypatch.undo()
    assert {"tut/atom.xml", "tam/atom.xml"} <= made.published().keys()
    assert made.feedpub("run") == 0
    assert made.feedpub("check") == 0


def test_an_interrupt_hangs_up_on_a_host_that_does_not_answer(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]]
) -> None:
    made = towns(tmp_path / "a", sites)
    ended, main = threading.Event(), threading.main_thread()

    def answer(*_asked: Any) -> Answer:
        signal.pthread_kill(main.ident or 0, signal.SIGINT)
        ended.wait(20)
        return Answer(500)

    sites["tut"][0].answer = answer  # type: ignore[method-assign]
    began = time.monotonic()
    assert made.feedpub("run") == 130
    assert time.monotonic() - began < 15
    ended.set()


def test_a_second_interrupt_does_not_go_on_while_an_update_still_writes(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, main = towns(tmp_path / "a", sites), threading.main_thread()
    at_work: list[str] = []

    def answer(*_asked: Any) -> Answer:
        for _ in range(2):
            signal.pthread_kill(main.ident or 0, signal.SIGINT)
            time.sleep(0.2)
        return Answer(500)

    def write_front(*_: Any) -> bool:
        at_work.extend(thread.name for thread in threading.enumerate() if thread.name.startswith("host"))
        return True

    monkeypatch.setattr("feedpub.cli.ways.Network.hang_up", lambda _: None)
    monkeypatch.setattr("feedpub.cli.rounds.write_front", write_front)
    sites["tut"][0].answer = answer  # type: ignore[method-assign]
    assert made.feedpub("run") == 130
    assert at_work == []


@pytest.mark.long
def test_the_run_gives_signs_of_life_by_itself_while_all_hosts_are_silent(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, main = Turn.beat, threading.main_thread()
    beats: list[float] = []

    def noted(self: Turn, seconds: float = 0.0) -> None:
        if threading.current_thread() is main:
            beats.append(time.monotonic())
        whole(self, seconds)

    monkeypatch.setattr(Turn, "beat", noted)
    monkeypatch.setattr("feedpub.cli.rounds.A_WHILE", 0.02)
    whole_answer, are_silent = Busy.answer, threading.Event()

    def answer(self: Busy, *asked: Any) -> Answer:
        if not are_silent.is_set():
            are_silent.set()
            time.sleep(0.5)
        return whole_answer(self, *asked)

    monkeypatch.setattr(Busy, "answer", answer)
    assert towns(tmp_path / "a", sites).feedpub("run") == 0
    assert len(beats) > 10


@pytest.mark.long
def test_a_run_on_several_hosts_renews_its_lease_while_it_waits(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock's file names a time to come, however long ago the run began."""
    made = towns(tmp_path / "a", sites)
    monkeypatch.setattr("feedpub.cli.rounds.A_WHILE", 0.02)
    monkeypatch.setattr("feedpub.store.lock.RENEWED", NOW - NOW)
    seen: list[datetime] = []
    whole = Busy.answer

    def answer(self: Busy, *asked: Any) -> Answer:
        time.sleep(0.1)
        lock = json.loads((made.folder / "feedpub.db.lock").read_text())
        seen.append(datetime.fromisoformat(lock["until"]))
        return whole(self, *asked)

    monkeypatch.setattr(Busy, "answer", answer)
    assert made.feedpub("run") == 0
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]


@pytest.mark.long
def test_two_sources_of_one_host_are_asked_one_after_the_other(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]]
) -> None:
    site, served = sites["tut"]
    tmp_path.joinpath("a").mkdir()
    made = Towns(
        tmp_path / "a", {"persha": f"{served.url}/", "druha": f"{served.url}/", "tam": f"{sites['tam'][1].url}/"}
    )
    assert made.feedpub("run") == 0
    assert site.most_here == 1
    assert len({n.partition("/")[0] for n in made.published() if n.endswith("atom.xml")}) == 3


def test_one_host_alone_needs_no_thread(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedpub.collecting.fetch.apart.Apart", None)
    monkeypatch.setattr("concurrent.futures.ThreadPoolExecutor", None)
    tmp_path.joinpath("a").mkdir()
    assert Towns(tmp_path / "a", {"tut": f"{sites['tut'][1].url}/"}).feedpub("run") == 0


def test_a_bug_in_one_source_is_raised_when_the_other_is_published(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Apart.page_if_changed

    def broken(self: Apart, url: str, known: Validators, /) -> Any:
        if "localhost" in url:
            raise ZeroDivisionError
        return whole(self, url, known)

    monkeypatch.setattr(Apart, "page_if_changed", broken)
    made = towns(tmp_path / "a", sites)
    with pytest.raises(ZeroDivisionError):
        made.feedpub("run")
    assert "tut/atom.xml" in made.published()


@pytest.mark.long
def test_a_mistake_in_a_council_s_own_file_stops_that_council_alone(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], capsys: pytest.CaptureFixture[str]
) -> None:
    made = towns(tmp_path / "a", sites)
    (made.folder / "sources.d").mkdir()
    (made.folder / "sources.d" / "new.toml").write_text("[[source]]\nid = 1\n", encoding="utf-8")
    assert made.feedpub("run") == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.endswith("; this council is left out, and its feeds stay as they are\n")
    assert {"tut/atom.xml", "tam/atom.xml"} <= made.published().keys()


# ------------------------------------------------------------ how often


@pytest.mark.long
def test_a_source_that_is_not_due_is_not_asked_and_nothing_is_written(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]]
) -> None:
    made = towns(tmp_path / "a", sites)
    configure(made, "[publish]", '[defaults]\nevery = "6h"\n[publish]')
    assert made.feedpub("run") == 0
    before = made.published(), (made.folder / "feedpub.db").read_bytes()
    for _, served in sites.values():
        served.requests.clear()
    assert made.feedpub("run") == 0
    assert [served.requests for _, served in sites.values()] == [[], []]
    assert (made.published(), (made.folder / "feedpub.db").read_bytes()) == before
    assert made.feedpub("run", "--source", "tut") == 0  # a person who names a source wants it now
    assert [bool(served.requests) for _, served in sites.values()] == [True, False]


# ------------------------------------------------------------ a run's time


@pytest.mark.long
def test_when_the_time_is_over_the_rest_waits_and_comes_first_in_the_next_run(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = towns(tmp_path / "a", sites)
    configure(made, "delay = 0", "delay = 0\nhosts_at_once = 1")
    whole = Busy.answer

    def answer(self: Busy, *asked: Any) -> Answer:
        time.sleep(0.1)
        return whole(self, *asked)

    monkeypatch.setattr(Busy, "answer", answer)
    monkeypatch.setattr("feedpub.cli.ways.A_MINUTE", 0.01)  # so that fifty of them are half a second
    assert made.feedpub("run") == 0
    assert [bool(served.requests) for _, served in sites.values()] == [True, False]
    monkeypatch.undo()
    sites["tut"][1].requests.clear()
    order: list[str] = []
    for name, (site, _) in sites.items():
        site.answer = noting(order, name, site.answer)  # type: ignore[method-assign]
    assert made.feedpub("run") == 0
    assert order[0] == "tam"
    assert set(order) == {"tut", "tam"}
    assert made.feedpub("check") == 0


def noting(order: list[str], name: str, answer: Any) -> Any:
    def noted(*asked: Any) -> Answer:
        order.append(name)
        return cast("Answer", answer(*asked))

    return noted


# ------------------------------------------------------------ a country


@pytest.mark.long
def test_many_sites_are_learnt_into_files_of_their_own_and_those_that_failed_are_tried_again(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], capsys: pytest.CaptureFixture[str]
) -> None:
    listed, to = tmp_path / "sites.txt", tmp_path / "sources.d"
    urls = [f"{served.url}/" for _, served in sites.values()]
    listed.write_text("# our councils\n" + "\n".join(urls), encoding="utf-8")
    sites["tam"][0].overrides["/"] = Answer(500)
    words = ("learn", "--many", str(listed), "--to", str(to))
    assert cli.main(words) == 1
    out = capsys.readouterr().out
    assert f"not learnt: {urls[1]}: the server answers 500 Internal Server Error\n" in out
    assert out.endswith("1 sites learnt, 1 not; the same command tries those again\n")
    [first] = to.iterdir()
    before = first.read_bytes()
    del sites["tam"][0].overrides["/"]
    assert cli.main(words) == 0
    assert len(list(to.iterdir())) == 2
    assert first.read_bytes() == before
    head = CONFIG[: CONFIG.index("[[source]]")]
    (tmp_path / "config.toml").write_text(head, encoding="utf-8")
    assert cli.main(["run", "--config", str(tmp_path / "config.toml")]) == 0
    assert len(list(tmp_path.glob("public/*/atom.xml"))) == 2


def free_port() -> int:
    with socket.create_server(("127.1.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def farm(count: int, port: int) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.farm", "--sites", f"{count}", "--port", f"{port}"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        assert json.loads(process.stdout.readline()) == {"sites": count}
        yield process
        assert process.stdin
        process.stdin.close()


@pytest.mark.long
def test_many_councils_are_shown_at_a_glance_and_one_in_full(
    tmp_path: Path, sites: dict[str, tuple[Busy, Served]], capsys: pytest.CaptureFixture[str]
) -> None:
    made = towns(tmp_path / "a", sites)
    sites["tam"][0].overrides["/"] = Answer(500)
    made.feedpub("run")
    config = made.folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    source = text[text.index("[[source]]") :].partition("[[source]]\n")[2].partition("[[source]]")[0]
    more = ["[[source]]\n" + source.replace('id = "tut"', f'id = "c{n}"') for n in range(40)]
    config.write_text(text + "".join(more), encoding="utf-8")
    (made.folder / "sources.d").mkdir()
    (made.folder / "sources.d" / "new.toml").write_text("", encoding="utf-8")
    capsys.readouterr()
    assert made.feedpub("status") == 1  # for the file
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 40
    assert lines[0].startswith("42 councils, ")
    assert [line.split()[-1] for line in lines[1:6]] == ["1", "40", "0", "1", "1"]
    assert lines[7].startswith("new: its file cannot be used: ")
    said = f"UTC: {sites['tam'][1].url}/: the server answers 500 Internal Server Error"
    assert (lines[8].startswith("tam: RESTING since "), lines[8].endswith(said)) == (True, True)
    assert made.feedpub("status", "--source", "tut") == 1
    assert "  newest item    " in capsys.readouterr().out


@pytest.mark.long
def test_many_councils_are_updated_with_few_files_and_threads(tmp_path: Path) -> None:
    """Forty-five councils, thirty at once, with a hundred open files at most: a cautious system allows few."""
    from benchmarks.farm import homes
    from benchmarks.variants import LAYOUT as FARM_LAYOUT
    from benchmarks.variants import configured

    count, port = 45, free_port()
    configured(homes(count, port), tmp_path, FARM_LAYOUT)
    config = tmp_path / "config.toml"
    text = config.read_text(encoding="utf-8").replace("delay = 0.0", "delay = 0.0\nhosts_at_once = 30")
    config.write_text(text, encoding="utf-8")
    with farm(count, port):
        done = subprocess.run(
            [sys.executable, "-m", "feedpub", "run", "--config", str(config)], capture_output=True, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100)), check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert len(list(tmp_path.glob("public/*/atom.xml"))) == count


@pytest.mark.long
def test_a_council_copied_for_measuring_has_the_files_that_feedpub_gives_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks import country

    one, many, port = tmp_path / "one", tmp_path / "many", free_port()
    with farm(3, port):
        country.configure(one, range(1), port)
        assert cli.main(["--config", str(one / "config.toml"), "run"]) == 0
        country.multiply(one, many, 3, port, changing=3)
        before = {file: file.stat().st_mtime_ns for file in (many / "public").rglob("*.xml")}
        assert cli.main(["--config", str(many / "config.toml"), "publish"]) == 0
    assert {file: file.stat().st_mtime_ns for file in before} == before
    assert len(before) == 3 * len(list((one / "public").rglob("*.xml")))
    assert capsys.readouterr().err == ""
