"""`feedpub serve`: what it says, how it ends, and what it does beyond what every server does (test_servers.py)."""

from __future__ import annotations

import gzip
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import brotli
import pytest

from feedpub import cli
from feedpub.kinds import KINDS, media_type_of
from feedpub.publishing import connections
from feedpub.publishing.connections import (
    ANSWER_WITHIN,
    CONNECTIONS,
    OF_ONE_ADDRESS,
    REQUEST_WITHIN,
    SILENCE,
    Channel,
    PatientServer,
)
from feedpub.publishing.folder import NAME, Folder
from feedpub.publishing.serve import STALE
from tests import shelf
from tests.exchange import Answer, ask
from tests.servers import BASE_URL, CONFIG, serving
from tests.shelf import NOTHING, content, fill, put
from tests.work import bounded

RSS = "/zrazkiv/rss.xml"
ANOTHER_S = f"The files themselves name {BASE_URL} (base_url), not this address."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    folder = tmp_path_factory.mktemp("site")
    fill(folder / "public")
    with serving(folder) as (_, port, _):
        yield port, folder / "public"


@pytest.fixture
def port(site: tuple[int, Path]) -> int:
    return site[0]


@pytest.fixture
def public(site: tuple[int, Path]) -> Path:
    return site[1]


def ended(process: subprocess.Popen[str], by: signal.Signals) -> tuple[int, str, str]:
    """Its exit code, and what it said since it told its address."""
    assert process.stdout
    assert process.stderr
    process.send_signal(by)
    return process.wait(20), process.stdout.read(), process.stderr.read()


def configured(folder: Path, base_url: str = BASE_URL) -> list[str]:
    (folder / "config.toml").write_text(CONFIG.replace(BASE_URL, base_url, 1), encoding="utf-8")
    return ["--config", str(folder / "config.toml")]


# ------------------------------------------------------------ how it speaks, and how it ends


def test_it_says_where_its_pages_are_and_is_silent_then(tmp_path: Path) -> None:
    fill(tmp_path / "public")
    with serving(tmp_path) as (process, port, said):
        for target in ("/", RSS, "/nothing"):
            ask(port, target)
        assert ended(process, signal.SIGINT) == (0, "", "")
    here = f"http://127.0.0.1:{port}"
    assert said == [f"{tmp_path}/public is served until Ctrl-C:", f"  {here}/", f"  {here}/zrazkiv/", ANOTHER_S]


def test_of_a_source_without_pages_it_names_the_feeds(tmp_path: Path) -> None:
    put(tmp_path / "public", "zrazkiv/atom.xml", b"<feed/>")
    put(tmp_path / "public", "zrazkiv/rss.xml", b"<rss/>")
    with serving(tmp_path) as (process, port, said):
        assert ended(process, signal.SIGTERM) == (0, "", "")
    here = f"http://127.0.0.1:{port}/zrazkiv"
    assert said[1:] == [f"  {here}/rss.xml", f"  {here}/atom.xml", ANOTHER_S]


TOLD_TO_STOP = """
import os, signal, sys
from feedpub import cli

dup = os.dup

def dup_when_told_to_stop(descriptor):
    os.kill(os.getpid(), signal.{name})
    return dup(descriptor)

os.dup = dup_when_told_to_stop  # the server asks for it where it cannot be interrupted
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_told_to_stop_while_it_starts_it_ends_as_ever(tmp_path: Path, name: str) -> None:
    put(tmp_path / "public", "zrazkiv/rss.xml", b"<rss/>")
    words = ["serve", "--quiet", "--port", "0", *configured(tmp_path)]
    script = TOLD_TO_STOP.format(name=name)
    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, timeout=20, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_asked_to_it_says_a_line_for_every_request(tmp_path: Path) -> None:
    fill(tmp_path / "public")
    with serving(tmp_path, "--verbose") as (process, port, _):
        etag = ask(port, RSS).headers["etag"]
        ask(port, f"{RSS}?token=secret", "HEAD", {"If-None-Match": etag})
        ask(port, "/%1b]0;owned%07")
        _, _, err = ended(process, signal.SIGTERM)
    assert err == (
        f"GET {RSS} 200\nHEAD {RSS} 304\nGET /\\x1b]0;owned\\x07 404\n"
    )  # no orders to a terminal, and nothing that stood behind a question mark


def test_it_says_nothing_of_base_url_where_that_is_where_it_serves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (tmp_path / "public").mkdir()
    words = ["serve", "--port", str(port), *configured(tmp_path, f"http://127.0.0.1:{port}/")]
    with subprocess.Popen([sys.executable, "-m", "feedpub", *words], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = [process.stdout.readline() for _ in range(2)]
        process.terminate()
        assert process.stdout.read() == ""
    assert said == [
        f"{tmp_path}/public is served until Ctrl-C:\n",
        "  nothing yet: `feedpub run` publishes\n",
    ]
    assert process.returncode == 0


def test_what_hinders_it_is_said_on_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = configured(tmp_path)
    assert cli.main(["serve", *config]) == 1
    assert capsys.readouterr().err == (
        f"feedpub: {tmp_path}/public: there is no such folder: nothing is published yet; `feedpub run` does it\n"
    )
    (tmp_path / "public").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert cli.main(["serve", "--port", str(port), *config]) == 2
        assert capsys.readouterr().err == (
            f"feedpub: http://127.0.0.1:{port}/: is taken by another program; choose another with --host and --port\n"
        )
    assert cli.main(["serve", "--port", "0", "--host", "203.0.113.7", *config]) == 2
    assert capsys.readouterr().err == (
        "feedpub: http://203.0.113.7:0/: cannot be served at: Cannot assign requested address;"
        " choose another with --host and --port\n"
    )
    for odd in ("65536", "-1", "http"):
        with pytest.raises(SystemExit) as leaving:
            cli.main(["serve", f"--port={odd}"])
        assert leaving.value.code == 2
        assert f"'{odd}' is no port from 0 to 65535" in capsys.readouterr().err


def test_a_folder_that_comes_and_goes_ends_nothing(tmp_path: Path) -> None:
    fill(tmp_path / "public")
    with serving(tmp_path) as (process, port, _):
        (tmp_path / "public").rename(tmp_path / "away")
        assert ask(port, RSS).status == 404
        (tmp_path / "public").symlink_to(tmp_path / "away", target_is_directory=True)  # as the operator likes
        assert ask(port, RSS).body == content("zrazkiv/rss.xml")
        assert ended(process, signal.SIGINT)[0::2] == (0, "")


def test_what_is_there_and_cannot_be_read_is_the_operator_s_to_mend(tmp_path: Path) -> None:
    fill(tmp_path / "public")
    with serving(tmp_path) as (process, port, _), socket.create_connection(("127.0.0.1", port), 10) as connection:
        request = f"HEAD {RSS} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        connection.sendall(request)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200")
        usual = resource.prlimit(process.pid, resource.RLIMIT_NOFILE)
        last = max(int(path.name) for path in Path(f"/proc/{process.pid}/fd").iterdir())
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (last + 1, usual[1]))
        connection.sendall(request)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 500")
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, usual)
        connection.sendall(request)
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200")
        _, _, err = ended(process, signal.SIGTERM)
    assert err == f"feedpub: {tmp_path}/public{RSS}: cannot be read: Too many open files\n"


def test_a_run_does_not_pay_for_it() -> None:
    loaded = (
        "import sys, feedpub.cli.run; print({'waitress', 'werkzeug', 'feedpub.publishing.serve'} & sys.modules.keys())"
    )
    ran = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"


# ------------------------------------------------------------ what it knows of files


def test_its_types_are_those_of_the_kinds() -> None:
    assert {k.name: media_type_of(k.name) for k in KINDS} == {k.name: k.media_type for k in KINDS}
    for name, media_type in shelf.MEDIA_TYPES.items():
        assert media_type_of(name) == media_type


def test_every_name_that_can_be_published_can_be_asked_for(port: int, public: Path) -> None:
    name = "a0/b-1_x.y/2026-11/feed.json"
    assert NAME.fullmatch(name)
    Folder(public)(name, b"{}", "application/feed+json")
    assert ask(port, f"/{name}").body == b"{}"


def test_what_is_of_no_published_kind_is_not_there(port: int, public: Path) -> None:
    for name in ("feedpub.db", "config.toml", "feedpub.db.lock", "rss.xml.bak", "x.py", "noending"):
        (public / name).write_bytes(b"not for readers")
        answer = ask(port, f"/{name}")
        assert (name, answer.status) == (name, 404)
        assert (answer.body, answer.headers["content-type"]) == (content(NOTHING), "text/html; charset=utf-8")
    (public / NOTHING).unlink()  # nothing is published yet
    answer = ask(port, "/noending")
    assert (answer.status, answer.body.decode()) == (404, "Тут нічого немає.\nThere is nothing here.\n")


def test_what_is_no_file_holds_nobody_up(port: int, public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(public / "pipe.xml")
    (public / "folder.xml").mkdir()
    with socket.socket(socket.AF_UNIX) as unix:
        monkeypatch.chdir(public)  # a socket's name must be short
        unix.bind("socket.xml")
        for name in ("pipe.xml", "folder.xml", "folder.xml/", "pipe.xml/", "socket.xml"):
            assert (name, ask(port, f"/{name}").status) == (name, 404)


def test_an_empty_file_is_a_file(port: int, public: Path) -> None:
    (public / "empty.txt").write_bytes(b"")
    for headers in ({}, {"Range": "bytes=0-"}, {"Accept-Encoding": "gzip"}):
        answer = ask(port, "/empty.txt", headers=headers)
        assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"", "0")


def test_a_large_file_comes_whole(port: int, public: Path) -> None:
    data = os.urandom(1 << 20) * 5
    (public / "large.ndjson").write_bytes(data)
    assert ask(port, "/large.ndjson").body == data
    assert ask(port, "/large.ndjson", headers={"Range": "bytes=1000000-4999999"}).body == data[1_000_000:5_000_000]


# ------------------------------------------------------------ what readers like best


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br;q=0.5, gzip", "gzip"),
        ("gzip;q=0.9, br;q=0.8", "gzip"),
        ("gzip;q=0.8, br;q=0.9", "br"),
        ("identity;q=1, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("gzip;q=0.001", "gzip"),
        ("identity;q=0, br", "br"),
        ("*", None),  # who says so may know none of them
        ("gzip;q=0, *", None),
        ("gzip;q=2", None),  # no quality
        (",,;q=, gzip;;", "gzip"),
    ],
)
def test_of_the_twins_the_one_that_is_liked_best_is_sent(port: int, accepted: str, coding: str | None) -> None:
    answer = ask(port, RSS, headers={"Accept-Encoding": accepted})
    assert (answer.status, answer.headers.get("content-encoding")) == (200, coding)


def test_a_twin_that_was_left_from_another_time_is_not_sent(port: int, public: Path) -> None:
    name = "zrazkiv/text/atom.xml"
    old = (public / f"{name}.br").stat().st_mtime
    fresh = b"<feed>new</feed>"
    for ending, data in (("", fresh), (".gz", gzip.compress(fresh))):  # of which whoever wrote them knew no brotli
        (public / f"{name}{ending}").write_bytes(data)
        os.utime(public / f"{name}{ending}", (old + STALE + 1, old + STALE + 1))
    answer = ask(port, f"/{name}", headers={"Accept-Encoding": "br, gzip"})
    assert (answer.headers["content-encoding"], gzip.decompress(answer.body)) == ("gzip", fresh)


def test_a_twin_without_its_file_is_nothing(port: int, public: Path) -> None:
    (public / "gone.xml.gz").write_bytes(gzip.compress(b"<gone/>"))
    for accepted in ("", "gzip"):
        assert ask(port, "/gone.xml", headers={"Accept-Encoding": accepted}).status == 404


def test_a_page_that_is_a_link_is_not_there(port: int, public: Path) -> None:
    (public / "linked").mkdir()
    (public / "linked" / "index.html").symlink_to(public / "index.html")
    assert [ask(port, target).status for target in ("/linked", "/linked/", "/linked/index.html")] == [404, 404, 404]


def test_a_twin_that_is_a_link_is_left_alone(port: int, public: Path) -> None:
    (public / "secret.gz").write_bytes(gzip.compress(shelf.SECRET))
    (public / "linked.xml").write_bytes(b"<plain/>")
    (public / "linked.xml.gz").symlink_to(public / "secret.gz")
    assert ask(port, "/linked.xml", headers={"Accept-Encoding": "gzip"}).body == b"<plain/>"


# ------------------------------------------------------------ parts


@pytest.mark.parametrize(
    "asked",
    [
        "bytes=0-4,10-14",
        "items=0-4",
        "bytes=5-2",
        "bytes=-",
        "bytes=x-",
        "0-4",
        "bytes=-999999999",
        "bytes=",
    ],
)
def test_a_range_that_means_nothing_to_it_is_as_none(port: int, asked: str) -> None:
    answer = ask(port, RSS, headers={"Range": asked})
    assert (answer.status, answer.body) == (200, content("zrazkiv/rss.xml"))


def test_a_part_of_a_twin_is_a_part_of_the_twin(port: int, public: Path) -> None:
    whole = ask(port, RSS, headers={"Accept-Encoding": "br"})
    assert brotli.decompress(whole.body) == content("zrazkiv/rss.xml")
    headers = {"Accept-Encoding": "br", "Range": "bytes=3-8", "If-Range": whole.headers["etag"]}
    part = ask(port, RSS, headers=headers)
    assert (part.status, part.body, part.headers["content-encoding"]) == (206, whole.body[3:9], "br")
    of_another = ask(port, RSS, headers={**headers, "Accept-Encoding": "gzip"})
    assert (of_another.status, of_another.headers["content-encoding"]) == (200, "gzip")


def test_who_has_it_already_gets_no_part_of_it(port: int) -> None:
    etag = ask(port, RSS).headers["etag"]
    assert ask(port, RSS, headers={"Range": "bytes=0-4", "If-None-Match": etag}).status == 304
    assert ask(port, RSS, headers={"Range": "bytes=0-4", "If-Match": '"another"'}).status == 412
    assert ask(port, RSS, "HEAD", {"Range": "bytes=0-4"}).status == 200
    changed = ask(port, RSS).headers["last-modified"]
    assert ask(port, RSS, headers={"Range": "bytes=0-4", "If-Range": changed}).status == 200  # a second is too long


# ------------------------------------------------------------ files that change while they are served


def test_the_same_bytes_have_the_same_etag_whenever_they_were_written(port: int, public: Path) -> None:
    etags = set()
    for age in (1000.0, 10.0):
        put(public, "zrazkiv/status.json", b"{}", age)
        etags.add(ask(port, "/zrazkiv/status.json").headers["etag"])
    assert len(etags) == 1


def test_two_files_of_the_same_length_within_a_second_are_two(port: int, public: Path) -> None:
    folder = Folder(public)
    seen: set[str] = set()
    for n in range(5):
        folder("soon/rss.xml", b"<rss>%d</rss>" % n, "application/rss+xml")
        for accepted in ("", "gzip"):
            answer = ask(port, "/soon/rss.xml", headers={"Accept-Encoding": accepted, "If-None-Match": ",".join(seen)})
            assert (answer.status, b"%d" % n in (gzip.decompress(answer.body) if accepted else answer.body)) == (
                200,
                True,
            )
            assert "last-modified" not in answer.headers  # which would be the next one's as well
            seen.add(answer.headers["etag"])
    assert len(seen) == 10


def test_an_etag_always_names_the_bytes_that_come_with_it(port: int, public: Path) -> None:
    folder = Folder(public)
    is_over = threading.Event()
    answers: list[Answer] = []

    def read() -> None:
        while not is_over.is_set():
            answers.append(ask(port, "/busy/atom.xml", headers={"Accept-Encoding": "gzip"} if len(answers) % 2 else {}))

    folder("busy/atom.xml", b"first", "application/atom+xml")
    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        with bounded():
            for n in count():  # on, until the readers have met enough of them: a disk may be far ahead of the network
                folder("busy/atom.xml", b"%03d" % n * 100, "application/atom+xml")
                if n >= 150 and len({answer.headers.get("etag") for answer in list(answers)}) > 10:
                    break
    finally:
        is_over.set()
        for reader in readers:
            reader.join()
    named: dict[str, bytes] = {}
    for answer in answers:
        assert answer.status == 200
        assert len(answer.body) == int(answer.headers["content-length"])
        assert named.setdefault(answer.headers["etag"], answer.body) == answer.body
    assert len(named) > 10


# ------------------------------------------------------------ connections


def test_a_connection_serves_many_requests(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(f"HEAD {RSS} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 3)
        received = b""
        while received.count(b"HTTP/1.1 200") < 3:
            received += connection.recv(1 << 16)
    assert b"Connection: close" not in received


def test_what_somebody_sends_is_not_kept(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
        assert connection.recv(1 << 10).startswith(b"HTTP/1.1 413")
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 100_000)
        assert connection.recv(1 << 10).startswith(b"HTTP/1.")
    assert ask(port, "/").status == 200


@pytest.mark.long
def test_many_who_begin_a_request_and_never_end_it_keep_nobody_out(tmp_path: Path) -> None:
    fill(tmp_path / "public")
    with serving(tmp_path) as (_, port, _), ExitStack() as open_ones:
        for _ in range(CONNECTIONS + 120):
            slow = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), 10))
            slow.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX: ")
        assert ask(port, RSS).status == 200


@pytest.mark.parametrize("headers", ["", "Range: bytes=5-\r\n"], ids=["whole", "a part"])
def test_who_asks_for_much_and_does_not_read_takes_no_memory(tmp_path: Path, headers: str) -> None:
    fill(tmp_path / "public")
    (tmp_path / "public" / "large.ndjson").write_bytes(b"x" * 10_000_000)
    with serving(tmp_path) as (process, port, _), ExitStack() as open_ones:
        before = memory_of(process)
        for _ in range(30):
            deaf = open_ones.enter_context(socket.create_connection(("127.0.0.1", port), 10))
            deaf.sendall(f"GET /large.ndjson HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode())
            deaf.recv(1)
        assert ask(port, RSS).status == 200
        assert memory_of(process) - before < 60_000_000


def memory_of(process: subprocess.Popen[str]) -> int:
    """Its memory, in bytes."""
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * resource.getpagesize()


class Asked:
    """A connection as the server's patience sees it."""

    def __init__(self, address: str, since: float, *, requests: int = 0, unsent: int = 0) -> None:
        self.addr, self.since, self.requests = (address, 1), since, [None] * requests
        self.total_outbufs_len, self.last_activity, self.is_closed = unsent, 1000.0, False

    is_waiting = Channel.is_waiting
    is_late: Any = Channel.is_late

    def handle_close(self) -> None:
        self.is_closed = True


def closed_of(*asked: Asked) -> list[int]:
    """Which of these connections are closed when the last of them has come."""
    server = SimpleNamespace(channels=list(asked))
    PatientServer.make_room(server)  # type: ignore[arg-type]  # all that it needs of a server
    return [n for n, one in enumerate(asked) if one.is_closed]


def test_of_one_address_too_many_close_the_one_that_has_waited_longest() -> None:
    others = [Asked("192.0.2.1", since) for since in range(OF_ONE_ADDRESS)]
    assert closed_of(*others) == []
    assert closed_of(*others, Asked("192.0.2.1", 99)) == [0]
    assert closed_of(*(Asked("192.0.2.1", n) for n in range(OF_ONE_ADDRESS)), Asked("192.0.2.2", 99)) == []


def test_addresses_of_one_subscriber_are_one(port: int) -> None:
    assert closed_of(*(Asked(f"2001:db8::{n:x}", n) for n in range(1, OF_ONE_ADDRESS + 2))) == [0]
    assert closed_of(*(Asked(f"2001:db8:0:{n:x}::1", n) for n in range(1, OF_ONE_ADDRESS + 2))) == []
    assert closed_of(*(Asked(f"::ffff:192.0.2.{n}", n) for n in range(1, OF_ONE_ADDRESS + 2))) == []


def test_a_web_server_before_it_may_ask_for_many() -> None:
    assert closed_of(*(Asked("127.0.0.1", n) for n in range(CONNECTIONS))) == []
    assert closed_of(*(Asked("127.0.0.1", n) for n in range(CONNECTIONS + 1))) == [0]


def test_where_all_is_full_those_who_have_most_make_room() -> None:
    few = [Asked(f"198.51.{n // 250}.{n % 250}", 0) for n in range(CONNECTIONS - 35)]
    greedy = [Asked("192.0.2.1", 50 + n) for n in range(35)]
    assert closed_of(*few, *greedy, Asked("203.0.113.1", 99)) == [len(few)]


def test_who_is_being_answered_is_not_closed_for_others() -> None:
    busy = [Asked("192.0.2.1", n, requests=1) for n in range(OF_ONE_ADDRESS)]
    assert closed_of(*busy, Asked("192.0.2.1", 99)) == [OF_ONE_ADDRESS]


@pytest.mark.parametrize(
    ("asked", "ago", "is_late"),
    [
        (Asked("192.0.2.1", 0), REQUEST_WITHIN + 1, True),
        (Asked("192.0.2.1", 0), REQUEST_WITHIN - 1, False),
        (Asked("192.0.2.1", 0, unsent=5), REQUEST_WITHIN + 1, False),
        (Asked("192.0.2.1", 0, unsent=5), ANSWER_WITHIN + 1, True),
        (Asked("192.0.2.1", 0, requests=1), ANSWER_WITHIN + 1, False),
    ],
)
def test_a_request_and_the_fetching_of_its_answer_have_a_deadline(
    asked: Asked, ago: float, is_late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "monotonic", lambda: ago)
    assert asked.is_late(asked.last_activity + 1) is is_late
    assert Asked("192.0.2.1", 0).is_late(1000.0 + SILENCE + 1)
