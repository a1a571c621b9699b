"""Publishing into a bucket: what a folder would hold, on a real S3 server, and nothing newer is ever overwritten."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import obstore
import pytest

from feedpub.kinds import headers_of
from feedpub.publishing.bucket import MARK_HEADERS, Bucket
from feedpub.publishing.s3 import Server, Stored
from tests import buckets
from tests.buckets import LOST, Asked, Gate, Said
from tests.council import CONFIG as PLAIN
from tests.council import Council, Ran, opened
from tests.drupal.server import Served, serve
from tests.test_pool import Busy, Towns, towns

pytestmark = pytest.mark.long

NUMBERS = count(1)
MARK = "zrazkiv/.state.json"

CONFIG = PLAIN.replace("thumbnails = 0", "thumbnails = 100")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    if buckets.PROGRAM is None:
        pytest.skip(buckets.ABSENT)
    with buckets.seaweed(tmp_path_factory.mktemp("seaweed")) as port:
        yield port


@pytest.fixture
def gate(port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    with buckets.gate_before(port) as gate:
        buckets.allow(monkeypatch, gate.url)
        yield gate


@pytest.fixture
def url(port: int) -> str:
    """A part of a bucket that is the test's own."""
    buckets.make_bucket(port, "feeds")
    return f"s3://feeds/part-{next(NUMBERS)}"


@pytest.fixture
def council(tmp_path: Path, capsys: pytest.CaptureFixture[str], url: str, gate: Gate) -> Iterator[Council]:
    """A council that is published into the bucket."""
    with opened(tmp_path, capsys) as council:
        council.configure(CONFIG.replace('"public"', f'"{url}"'))
        yield council


def objects(url: str) -> dict[str, Stored]:
    """All published objects by name, twins and marks included."""
    bucket = Bucket(url)
    names = [*bucket.all_names(), MARK]
    return {name: stored for name in names if (stored := bucket.stored(name))}


def contents(url: str) -> dict[str, bytes]:
    return {name: one.data for name, one in objects(url).items()}


def files_in(found: dict[str, bytes]) -> dict[str, bytes]:
    """All but the mark, which names the run in a bucket."""
    return {name: data for name, data in found.items() if name != MARK}


def below(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def adds(council: Council, number: int, title: str = "Нова новина", category: str | None = None) -> None:
    """The council publishes one more article."""
    newest = council.site.articles[-1]
    news = replace(
        newest, number=number, alias=f"content/nova-{number}", title=f"{title} {number}",
        utc=newest.utc + timedelta(minutes=5), body=f"<p>Відкрито пункт видачі води номер {number}.</p>",
    )  # fmt: skip
    council.site.articles.append(news)


def beside(council: Council, name: str, *, to: str | None = None) -> Council:
    """The same council on another machine: its state is as the other's is now."""
    folder = council.folder / name
    folder.mkdir()
    other = Council(folder, council.site, council.served, council.capsys)
    other.configure(CONFIG.replace('"public"', f'"{to}"') if to else CONFIG)
    if council.state.exists():
        shutil.copy(council.state, other.state)
    return other


def started(council: Council) -> subprocess.Popen[str]:
    """A run in a process of its own."""
    words = [sys.executable, "-m", "feedpub", "run", "--config", str(council.config)]
    return subprocess.Popen(words, stderr=subprocess.PIPE, text=True, encoding="utf-8")


def rewritten(council: Council) -> Ran:
    return council.feedpub("publish")


# ------------------------------------------------------------ several hosts at a time


@pytest.fixture
def pair() -> Iterator[dict[str, tuple[Busy, Served]]]:
    one, other = Busy(), Busy()
    with serve(one) as here, serve(other) as there:
        there.url = there.url.replace("127.0.0.1", "localhost")
        yield {"tut": (one, here), "tam": (other, there)}


def into(made: Towns, url: str) -> None:
    config = made.folder / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('to = "public"', f'to = "{url}"'), encoding="utf-8")


def under(url: str) -> dict[str, bytes]:
    """All published files of all sources, without marks."""
    bucket = Bucket(url)
    return {name: bucket.read(name) or b"" for name in bucket.all_names()}


def test_two_hosts_write_to_the_bucket_at_the_same_time_what_they_would_write_to_a_folder(
    tmp_path: Path, pair: dict[str, tuple[Busy, Served]], gate: Gate, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    both, begun, met = threading.Barrier(2), set[str](), set[str]()

    def meet(asked: Asked) -> Said | None:
        """Answer the first write of each source only when the other's is under way."""
        source = asked.name.partition("/")[0]
        if asked.method == "PUT" and source in pair and source not in begun:
            begun.add(source)
            with suppress(threading.BrokenBarrierError):
                both.wait(20)
                met.add(source)
        return None

    gate.before = meet
    made, plain = towns(tmp_path / "a", pair), towns(tmp_path / "b", pair)
    into(made, url)
    assert (made.feedpub("run"), plain.feedpub("run")) == (0, 0)
    assert met == set(pair)
    assert under(url) == {name: data for name, data in plain.published().items() if not name.endswith(".state.json")}
    gate.before = lambda _: None
    gate.requests.clear()
    assert made.feedpub("run") == 0
    assert gate.requests == []
    assert made.feedpub("check") == 0
    assert capsys.readouterr().err == ""


def test_of_two_hosts_the_one_whose_writes_are_overtaken_stops_no_other(
    tmp_path: Path, pair: dict[str, tuple[Busy, Served]], gate: Gate, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = towns(tmp_path / "a", pair)
    into(made, url)
    assert made.feedpub("run") == 0
    fork = towns(tmp_path / "b", pair)
    into(fork, url)
    shutil.copy(made.folder / "feedpub.db", fork.folder / "feedpub.db")
    for site, _ in pair.values():
        newest = site.articles[-1]
        site.articles.append(replace(newest, number=401, alias="content/nova-401", title="Нова новина 401"))
    is_held, goes_on = threading.Event(), threading.Event()

    def hold(asked: Asked) -> Said | None:
        if asked.method == "PUT" and asked.name == "tut/.state.json" and not is_held.is_set():
            is_held.set()
            assert goes_on.wait(60)
        return None

    gate.before = hold
    words = [sys.executable, "-m", "feedpub", "run", "--config", str(made.folder / "config.toml")]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, encoding="utf-8") as older:
        assert is_held.wait(60)
        assert fork.feedpub("run", "--source", "tut") == 0
        newer = {name: data for name, data in under(url).items() if name.startswith("tut/")}
        goes_on.set()
        assert older.stderr
        said = older.stderr.read()
    assert older.returncode == 1
    assert len(said.splitlines()) == 1
    assert "tut/.state.json: another run has written it meanwhile" in said
    now = under(url)
    assert {name: data for name, data in now.items() if name.startswith("tut/")} == newer
    assert b"nova-401" in now["tam/rss.xml"]


# ------------------------------------------------------------ what is there


def test_the_bucket_holds_what_a_folder_holds_under_the_headers_of_the_table(council: Council, url: str) -> None:
    other = beside(council, "beside")
    assert (council.feedpub("run").code, other.feedpub("run").code) == (0, 0)
    found = objects(url)
    assert files_in({name: one.data for name, one in found.items()}) == files_in(below(other.folder / "public"))
    for name, one in found.items():
        headers = headers_of(name)
        if headers and name != MARK:
            assert one.headers["Content-Type"] == headers.media_type
            assert one.headers["Cache-Control"] == headers.cache_control
            assert one.headers.get("Content-Encoding") == headers.coding
    assert found[MARK].headers["Cache-Control"] == "no-store"
    assert found["zrazkiv/rss.xml.br"].headers["Content-Encoding"] == "br"
    lasting = [one.headers for name, one in found.items() if "/picture/" in name]
    assert {(one["Content-Type"], one["Cache-Control"]) for one in lasting} == {
        ("image/jpeg", "max-age=31536000, immutable")
    }


def test_a_run_that_finds_nothing_new_asks_the_bucket_for_nothing(council: Council, gate: Gate) -> None:
    council.feedpub("run")
    gate.requests.clear()
    assert council.feedpub("run") == Ran(0, "", "")
    assert gate.requests == []


def test_what_is_there_already_is_not_written_again(council: Council, gate: Gate, url: str) -> None:
    council.feedpub("run")
    gate.requests.clear()
    assert rewritten(council).code == 0
    assert gate.written() == []
    council.lose_state()  # with all that was known of the bucket
    assert "10 items keep their ids" in council.feedpub("run").err
    assert council.feedpub("run").code == 0
    gate.requests.clear()
    assert rewritten(council).code == 0
    assert gate.written() == []


def test_each_write_says_what_was_seen(council: Council, gate: Gate) -> None:
    council.feedpub("run")
    first = [a for a in gate.requests if a.method == "PUT" and a.name != MARK]  # the mark is put before and after
    again = [a for n, a in enumerate(first) if a.name in {other.name for other in first[:n]}]  # pages, with pictures
    assert {a.headers.get("if-none-match") for a in first if a not in again} == {"*"}
    assert all(a.headers.get("if-match", "").startswith('"') for a in again)
    gate.requests.clear()
    adds(council, 301)
    council.feedpub("run")
    later = [a for a in gate.requests if a.method == "PUT"]
    assert later
    new = [a for a in later if a.headers.get("if-none-match") == "*"]  # the item's own page, and its twins
    assert len({re.fullmatch(r"(zrazkiv/item/\w{12})\.html(?:\.br|\.gz)?", a.name)[1] for a in new}) == 1  # type: ignore[index]
    assert all(a.headers.get("if-match", "").startswith('"') for a in later if a not in new)
    read = [a.name for a in gate.requests if a.method == "GET"]
    lists, files = [n for n in read if not n], [n for n in read if n]
    assert len(lists) == 2  # of the source, and of the top
    assert files == ["zrazkiv/archive/2025-11/items.ndjson", "zrazkiv/feed.json"]  # no reader may lose an item


def test_archives_come_before_the_feeds_that_lead_to_them_and_twins_before_their_files(
    council: Council, gate: Gate
) -> None:
    council.feedpub("run")
    written = gate.written()
    names = [name for name in written if name != MARK]
    assert written[0] == MARK
    own, text = names.index("zrazkiv/rss.xml"), names.index("zrazkiv/text/rss.xml")
    assert max(n for n, name in enumerate(names) if "/archive/2" in name) < min(own, text)
    for n, name in enumerate(names):
        if not name.endswith((".gz", ".br", ".jpg")):
            assert names[n - 2 : n] == [f"{name}.gz", f"{name}.br"]
    pictures = [n for n, name in enumerate(names) if "/picture/" in name]
    pages = [n for n, name in enumerate(names) if name == "zrazkiv/index.html"]
    assert pages[0] < min(pictures) < max(pictures) < pages[-1]  # news first; then pictures, then pages with them
    assert names[-1] == "index.html"


def test_the_keys_may_be_in_the_files_of_the_aws_tools(
    council: Council, gate: Gate, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home" / ".aws"
    home.mkdir(parents=True)
    (home / "credentials").write_text(
        "[default]\naws_access_key_id = nobody\naws_secret_access_key = nothing\n[feeds]\n"
        f"aws_access_key_id = {buckets.KEY}\naws_secret_access_key = {buckets.SECRET}\n"
    )
    (home / "config").write_text(f"[profile feeds]\nregion = us-east-1\nendpoint_url = {gate.url}\n")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home.parent))
    monkeypatch.setenv("AWS_PROFILE", "feeds")
    assert council.feedpub("run").code == 0
    assert {a.method for a in gate.requests} == {"GET", "PUT"}


# ------------------------------------------------------------ check, withdraw, serve


def test_check_reads_the_bucket(council: Council, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert council.feedpub("check").code == 1
    council.feedpub("run")
    assert council.feedpub("check", "--quiet") == Ran(0, "", "")
    assert council.feedpub("check", "--quiet", url) == Ran(0, "", "")
    assert council.feedpub("check", "--quiet", f"{url}/zrazkiv/rss.xml") == Ran(0, "", "")
    nothing = council.feedpub("check", f"{url}/nothing")
    assert (nothing.code, nothing.out) == (
        1, f"{url}/nothing: cannot be read: there are no feeds in this bucket\n"
    )  # fmt: skip


def test_check_names_what_is_missing_broken_or_under_other_headers(council: Council, url: str, port: int) -> None:
    council.feedpub("run")
    store = buckets.store_of(port, url)
    obstore.delete(store, ["zrazkiv/feed.json", "zrazkiv/atom.xml.gz"])
    obstore.put(store, "zrazkiv/rss.xml", b"<rss")
    page = bytes(obstore.get(store, "zrazkiv/index.html").bytes())
    obstore.put(store, "zrazkiv/index.html", page, attributes={"Content-Type": "text/plain"})
    ran = council.feedpub("check")
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert f"{url}/zrazkiv/feed.json: cannot be read: there is no such file" in lines
    assert any(line.startswith(f"{url}/zrazkiv/rss.xml: ") and "not well-formed" in line for line in lines)
    assert any(line.startswith(f"{url}/zrazkiv/atom.xml: the file: has no twin .gz") for line in lines)
    assert (
        f"{url}/zrazkiv/index.html: the headers: Content-Type is text/plain, and should be text/html; charset=utf-8;"
        " delete the object, then `feedpub publish` writes it again"
    ) in lines


def test_what_was_deleted_or_changed_by_hand_is_mended_with_the_next_change(
    council: Council, url: str, port: int
) -> None:
    council.feedpub("run")
    store = buckets.store_of(port, url)
    obstore.delete(store, ["zrazkiv/feed.json", "zrazkiv/archive/2025-11/rss.xml.gz"])
    obstore.put(store, "zrazkiv/text/atom.xml", b"<feed")
    assert rewritten(council).code == 0
    assert council.feedpub("check").code == 0


def test_a_withdrawn_item_is_in_no_object_and_files_without_items_go_last(
    council: Council, gate: Gate, url: str
) -> None:
    council.feedpub("run")
    before = contents(url)
    items = {item["id"]: item for item in read_items(before)}
    in_month = [i for i, item in items.items() if item["date_published"].startswith("2025-10")]
    assert in_month
    for item in in_month:
        gate.requests.clear()
        assert council.feedpub("withdraw", item, "--reason", "помилка").code == 0
    after = contents(url)
    assert not [name for name in after if "/archive/2025-10/" in name]
    for name in after:
        if not name.endswith((".gz", ".br", ".json", "atom.xml")):
            assert not [i for i in in_month if items[i]["url"].encode() in after[name]], name
    removals = [n for n, a in enumerate(gate.requests) if a.method in ("DELETE", "POST")]
    files = [(n, a) for n, a in enumerate(gate.requests) if a.name.startswith("zrazkiv/") and a.name != MARK]
    writes = [n for n, a in files if a.method == "PUT"]
    assert max(writes) < min(removals)
    assert council.feedpub("check").code == 0


def read_items(files: dict[str, bytes]) -> list[dict[str, str]]:
    items: list[dict[str, str]] = json.loads(files["zrazkiv/feed.json"])["items"]
    return items


def test_a_bucket_is_not_served_by_feedpub(council: Council, url: str) -> None:
    ran = council.feedpub("serve")
    assert (ran.code, ran.err) == (
        2, f"feedpub: {url}: is a bucket, which its own server shows; docs/serving.md says how\n"
    )  # fmt: skip


# ------------------------------------------------------------ older and newer runs

STOPS: dict[str, Callable[[Asked], bool]] = {
    "before it looks": lambda a: a.method == "GET" and "%2Fzrazkiv%2F" in a.path,
    "before its mark": lambda a: a.method == "PUT" and a.name == MARK,
    "before its first file": lambda a: a.method == "PUT" and a.name != MARK,
    "before its own feed": lambda a: a.method == "PUT" and a.name == "zrazkiv/rss.xml",
}


@pytest.mark.parametrize("is_fork", [False, True], ids=["the state was taken over", "another state"])
@pytest.mark.parametrize("stop", STOPS)
def test_a_run_that_was_stopped_and_goes_on_after_a_newer_one_overwrites_nothing(
    council: Council, gate: Gate, port: int, url: str, stop: str, is_fork: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.feedpub("run")
    fork = beside(council, "fork", to=url) if is_fork else None
    is_held, goes_on = threading.Event(), threading.Event()

    def hold(asked: Asked) -> Said | None:
        if STOPS[stop](asked) and not is_held.is_set():
            is_held.set()
            assert goes_on.wait(60)
        return None

    adds(council, 301)
    gate.before = hold
    with started(council) as older:
        assert is_held.wait(60)
        buckets.allow(monkeypatch, f"http://127.0.0.1:{port}")  # past the gate
        adds(council, 302)
        adds(council, 303)
        newer = fork or beside(council, "newer", to=url)
        if is_fork and stop in (
            "before its first file",
            "before its own feed",
        ):  # it meets the mark of one that it does not know
            assert "comes from another state" in newer.feedpub("run").err
            newer.feedpub("run")
        assert newer.feedpub("run").code == 0
        left = contents(url)
        goes_on.set()
        assert older.stderr
        said = older.stderr.read()
    assert older.returncode == 1
    assert re.search("comes from another state|another run has written it meanwhile", said), said
    assert len(said.splitlines()) == 1
    assert contents(url) == left
    assert "zrazkiv/rss.xml" in left
    buckets.allow(monkeypatch, gate.url)
    council.feedpub("run")  # it takes over what the newer one has published
    assert council.feedpub("run").err == ""
    assert council.feedpub("check").code == 0
    assert all(f"nova-{n}".encode() in contents(url)["zrazkiv/rss.xml"] for n in (301, 302, 303))


def test_a_state_that_was_put_back_publishes_nothing_and_is_brought_up(council: Council, url: str) -> None:
    council.feedpub("run")
    kept = council.state.read_bytes()
    adds(council, 301)
    adds(council, 302)
    council.feedpub("run")
    withdrawn = read_items(contents(url))[0]
    assert withdrawn["url"].endswith("nova-302")
    assert council.feedpub("withdraw", withdrawn["id"], "--reason", "помилка").code == 0
    left = contents(url)
    council.lose_state()
    council.state.write_bytes(kept)
    adds(council, 303)
    first = council.feedpub("run")
    assert first.code == 1
    assert "comes from another state (revision" in first.err
    assert contents(url) == left
    second = council.feedpub("run")
    assert "zrazkiv: the state lacks published items: 1 items keep their ids" in second.err
    assert council.feedpub("run") == Ran(0, "", "")
    now = contents(url)
    urls = [item["url"].rpartition("/")[2] for item in read_items(now)]
    assert urls[:2] == ["nova-303", "nova-301"]
    assert withdrawn["url"].encode() not in now["zrazkiv/rss.xml"]
    assert council.feedpub("check").code == 0


def test_a_withdrawal_holds_though_a_state_of_before_has_caught_up_with_its_revision(
    council: Council, url: str
) -> None:
    council.feedpub("run")
    kept = council.state.read_bytes()
    withdrawn = read_items(contents(url))[3]
    assert council.feedpub("withdraw", withdrawn["id"], "--reason", "помилка").code == 0
    left = contents(url)
    council.lose_state()
    council.state.write_bytes(kept)
    adds(council, 301)
    adds(council, 302)
    first = council.feedpub("run")
    there, here = (int(n) for n in re.findall(r"revision (\d+), this one has (\d+)", first.err)[0])
    assert here >= there
    assert contents(url) == left
    council.feedpub("run")
    assert council.feedpub("run") == Ran(0, "", "")
    now = contents(url)
    assert read_items(now)[0]["url"].endswith("nova-302")
    assert withdrawn["url"].encode() not in now["zrazkiv/rss.xml"] + now["zrazkiv/archive/2025-11/rss.xml"]
    assert council.feedpub("check").code == 0


def test_two_runs_at_once_with_the_same_news_agree(council: Council, gate: Gate, url: str) -> None:
    """Both have the same state and find the same. The later one takes over what is there, and finds it right."""
    council.feedpub("run")
    other = beside(council, "other", to=url)
    adds(council, 301)
    assert council.feedpub("run").code == 0
    gate.requests.clear()
    assert "comes from another state" in other.feedpub("run").err
    assert gate.written() == []
    other.feedpub("run")
    assert other.feedpub("run") == Ran(0, "", "")
    assert [name for name in gate.written() if name != MARK] == []


# ------------------------------------------------------------ answers that get lost, and runs that are killed


@pytest.mark.parametrize("name", ["zrazkiv/rss.xml", "zrazkiv/archive/2025-11/atom.xml.gz", MARK, "index.html"])
def test_a_write_whose_answer_is_lost_is_not_taken_for_another_s(
    council: Council, gate: Gate, url: str, name: str
) -> None:
    council.feedpub("run")
    gate.requests.clear()
    adds(council, 301)
    lost: list[Asked] = []

    def lose(asked: Asked) -> Said | None:
        if asked.method == "PUT" and asked.name == name and not lost:
            lost.append(asked)
            return LOST
        return None

    gate.after = lose
    assert council.feedpub("run") == Ran(0, "", "")
    assert lost[0].status == 200
    assert gate.written().count(name) == (1 if name == MARK else 0)  # its success was not heard of; a mark has two
    assert b"nova-301" in contents(url)["zrazkiv/rss.xml"]
    assert council.feedpub("check").code == 0


def test_a_first_look_may_be_killed_before_any_of_its_requests(council: Council, gate: Gate, url: str) -> None:
    unharmed = beside(council, "unharmed")
    assert unharmed.feedpub("run").code == 0
    expected = below(unharmed.folder / "public")
    for number in count(0, 31):
        council.lose_state()
        put_back({}, url)
        if not is_killed(council, gate, number):
            break
        assert council.feedpub("run").code == 0
        assert files_in(contents(url)) == files_in(expected), number
    assert number > 60


def test_a_run_may_be_killed_before_any_of_its_requests(council: Council, gate: Gate, url: str) -> None:
    council.feedpub("run")
    unharmed = beside(council, "unharmed")
    kept = council.state.read_bytes()
    before = objects(url)
    adds(council, 301)
    unharmed.feedpub("publish")
    assert unharmed.feedpub("run").code == 0
    expected = below(unharmed.folder / "public")
    gate.requests.clear()
    kills = 0
    for n in count(0, 7):
        if not is_killed(council, gate, n):
            break
        kills += 1
        assert council.feedpub("run").code == 0
        assert files_in(contents(url)) == files_in(expected), n
        put_back(before, url)
        council.state.write_bytes(kept)
    assert kills > 8


def is_killed(council: Council, gate: Gate, number: int) -> bool:
    """Kill a run at its request with this number. Return whether it makes so many."""
    asked = count()
    runs: list[subprocess.Popen[str]] = []
    has_died = threading.Event()

    def kill(_: Asked) -> Said | None:
        if next(asked) != number:
            return None
        has_died.set()
        runs[0].send_signal(signal.SIGKILL)
        runs[0].wait(10)
        return LOST

    gate.before = kill
    with started(council) as run:
        runs.append(run)
        assert run.stderr
        run.stderr.read()
    gate.before = lambda _: None
    return has_died.is_set()


def put_back(before: dict[str, Stored], url: str) -> None:
    """The bucket is as it was."""
    server = Server(url)
    now = objects(url)
    for name in now.keys() | before.keys():
        if name not in before:
            server.delete([name])
        elif name not in now or now[name].data != before[name].data:
            etag = now[name].etag if name in now else None
            server.put(name, before[name].data, headers_of(name) or MARK_HEADERS, etag)


# ------------------------------------------------------------ a source that gets another id


def test_a_source_in_a_bucket_gets_another_id_and_its_old_addresses_stay_alive(council: Council, url: str) -> None:
    assert council.feedpub("run").code == 0
    before = contents(url)
    ran = council.feedpub("move", "zrazkiv", "nova")
    assert (ran.code, ran.err) == (0, "")
    council.config.write_text(council.config.read_text("utf-8").replace('id = "zrazkiv"', 'id = "nova"'), "utf-8")
    after = contents(url)
    moved = {name.replace("zrazkiv/", "nova/", 1): name for name in before if name.startswith("zrazkiv/")}
    for new, old in moved.items():
        if old != MARK:
            assert after[new] == after[old]  # a copy of it
    guids = re.compile(rb"<guid[^>]*>([^<]+)</guid>")
    assert guids.findall(after["nova/rss.xml"]) == guids.findall(before["zrazkiv/rss.xml"])
    assert json.loads(after[MARK])["moved"] == "nova"
    assert council.feedpub("check").code == 0


def test_after_a_move_in_a_bucket_the_next_news_are_at_both_addresses(council: Council, url: str) -> None:
    assert council.feedpub("run").code == 0
    assert council.feedpub("move", "zrazkiv", "nova").code == 0
    council.config.write_text(council.config.read_text("utf-8").replace('id = "zrazkiv"', 'id = "nova"'), "utf-8")
    quiet = contents(url)
    assert (council.feedpub("run").code, contents(url)) == (0, quiet)
    adds(council, 501)
    assert council.feedpub("run").code == 0
    after = contents(url)
    assert b"content/nova-501" in after["nova/rss.xml"]
    assert after["zrazkiv/rss.xml"] == after["nova/rss.xml"]
    assert council.feedpub("check").code == 0
