"""Whatever breaks: what the operator reads, the exit code, and what stands.

Each fault happens for real, to a source that has been read and published and
has news: it is brought, a run is made, the fault is taken away, and another
run is made. What is seen goes into docs/reliability.md. At all times:

- every published file is whole and valid, and no older than the last good one;
- no known item, id or alias is lost;
- the next run heals without a hand.
"""

from __future__ import annotations

import errno
import gzip
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest
import trustme

from feedpub import cli
from feedpub.cli import session
from feedpub.collecting.fetch import client, wire
from feedpub.publishing.check import check, together
from feedpub.publishing.folder import TWINS
from feedpub.store import MIGRATIONS, sole_run, sqlite
from tests import tables
from tests.council import CONFIG, PAGE, Council
from tests.drupal.server import Served, serve
from tests.drupal.site import Answer
from tests.made import FORMATS
from tests.nasty import OK, NastyHandler, NastySite, Trick, drips, resets, says
from tests.work import bounded

ENDINGS = tuple(t.ending for t in TWINS)
pytestmark = pytest.mark.tabled

NEWS = "content/nova-novyna"
SHORT = 0.5  # seconds: for what takes two minutes and half a minute otherwise
MEGABYTE = b"x" * 1_000_000


class Bench(Council):
    """A council at an address that stays while its server comes and goes."""

    site: NastySite

    def __init__(self, folder: Path, port: int, capsys: pytest.CaptureFixture[str], authority: trustme.CA) -> None:
        self.port = port
        self.authority = authority
        super().__init__(folder, NastySite(), Served(f"http://127.0.0.1:{port}"), capsys)

    @contextmanager
    def open(self) -> Iterator[None]:
        with serve(self.site, self.port, NastyHandler) as self.served:
            yield

    def known(self) -> dict[str, set[str]]:
        """Every id with its aliases."""
        lines = self.feedpub("ledger", "--json").out.splitlines()[1:]
        return {item["id"]: set(item["aliases"]) for item in map(json.loads, lines)}

    def time_goes_by(self) -> None:
        """Whatever is to be left in peace for a while has been."""
        with closing(sqlite3.connect(self.state)) as db, db:
            db.execute("UPDATE rest SET until = '2020-01-01T00:00:00Z'")
            db.execute("UPDATE visit SET asked = '2020-01-01T00:00:00Z' WHERE error IS NOT NULL")


Bring = Callable[[Bench, str], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is brought, on the path of the listing or of the article, and what is then said of it."""

    name: str
    bring: Bring
    said: str  # {url} being the page's address
    only: str = ""  # the listing, where it keeps everything else from being asked for


# ------------------------------------------------------------ on the wire


def trick(*args: Trick) -> Bring:
    def bring(bench: Bench, path: str) -> AbstractContextManager[None]:
        bench.site.tricks[path] = args[0]
        return nullcontext()

    return bring


def answer(status: int, body: bytes | str = b"", *headers: tuple[str, str]) -> Bring:
    def bring(bench: Bench, path: str) -> AbstractContextManager[None]:
        data = body.encode() if isinstance(body, str) else body
        given = headers if any(n == "Content-Type" for n, _ in headers) else (*PAGE, *headers)
        bench.site.overrides[path] = Answer(status, given, data)
        return nullcontext()

    return bring


def leads(to: str) -> Bring:
    return answer(302, b"", ("Location", to))


def refused(bench: Bench, path: str) -> AbstractContextManager[None]:
    bench.site.overrides["closed"] = Answer(200, (), b"")  # see ``stage``: the server is not started
    return nullcontext()


@contextmanager
def unnamed(bench: Bench, path: str) -> Iterator[None]:
    """The name server knows the council's name no more."""
    with pytest.MonkeyPatch.context() as patch:

        def fails(*_: object, **__: object) -> None:
            raise socket.gaierror(-2, "Name or service not known")

        patch.setattr(socket, "getaddrinfo", fails)
        yield


@contextmanager
def short_of_patience(bench: Bench, path: str, what: Trick, *, is_silent: bool) -> Iterator[None]:
    bench.site.tricks[path] = what
    with pytest.MonkeyPatch.context() as patch:
        if is_silent:
            for room in (client, wire):
                patch.setattr(room, "SILENCE", SHORT)
        else:
            patch.setattr(client, "PATIENCE", SHORT)
        yield


def slow(what: Trick, *, is_silent: bool = False) -> Bring:
    return lambda bench, path: short_of_patience(bench, path, what, is_silent=is_silent)


def secured(name: str, *, days: int = 1, is_trusted: bool = True) -> Bring:
    """The page leads to https, where the certificate is of that name and so many days old or young."""

    @contextmanager
    def bring(bench: Bench, path: str) -> Iterator[None]:
        import ssl

        authority = bench.authority if is_trusted else trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        until = datetime.now(UTC) + timedelta(days=days)
        authority.issue_cert(name, not_after=until).configure_cert(context)
        with ExitStack() as stack:
            served = stack.enter_context(serve(bench.site, 0, NastyHandler, context))
            path_of_authority = bench.folder / "authority.pem"
            bench.authority.cert_pem.write_to_path(str(path_of_authority))
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setenv("REQUESTS_CA_BUNDLE", str(path_of_authority))
            host = urlsplit(served.url).netloc  # its port is another one, so it must be named as the council's own
            bench.configure(CONFIG + f'hosts = ["{host}"]\n')
            bench.site.overrides[path] = Answer(302, (("Location", f"https://{host}{path}"),), b"")
            yield
        path_of_authority.unlink()
        bench.configure()

    return bring


BODY = b"<html><body><p>" + b"x" * 500
ROBOTS = "/robots.txt"


def robots(bring: Bring) -> Bring:
    """The same happens to robots.txt, whose day is over, and which was never had before."""

    def brought(bench: Bench, path: str) -> AbstractContextManager[None]:
        with closing(sqlite3.connect(bench.state)) as db, db:
            db.execute("DELETE FROM robots")
        return bring(bench, ROBOTS)

    return brought


ON_THE_WIRE = [
    Fault("connection refused", refused, "cannot be reached: Connection refused", "listing"),
    Fault("the name is not known (DNS)", unnamed, "cannot be reached: Name or service not known", "listing"),
    Fault("reset before an answer", trick(resets()), "cannot be reached: Connection reset by peer"),
    Fault("reset in the headers", trick(resets(OK)), "cannot be reached: Connection reset by peer"),
    Fault(
        "reset in the body", trick(resets(OK + b"Content-Length: 5000\r\n\r\n" + BODY)), "was cut short on its way"
    ),
    Fault("closed without an answer", trick(says()),
          "cannot be reached: Remote end closed connection without response"),
    Fault("Content-Length longer than the body", trick(says(OK + b"Content-Length: 9999\r\n\r\n" + BODY)),
          "was cut short on its way"),
    Fault("broken chunking", trick(says(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + BODY)),
          "was cut short on its way"),
    Fault("a byte now and then for ever, in the body", slow(drips(OK + b"\r\n", b"x", 0.05)),
          "did not arrive within 120 s"),
    Fault("a byte now and then for ever, in the headers", slow(drips(OK + b"X-Y: ", b"x", 0.05)),
          "did not arrive within 120 s"),
    Fault("silence", slow(says(b"", b"", pause=2 * SHORT), is_silent=True), "no answer within 30 s"),
    Fault("a page of 200 MB", trick(says(OK + b"\r\n", *[MEGABYTE] * 200)), "is larger than 10 MB"),
    Fault("a page that says it has 200 MB", trick(says(OK + b"Content-Length: 200000000\r\n\r\n", MEGABYTE)),
          "is larger than 10 MB"),
    Fault("a gzip bomb", answer(200, gzip.compress(MEGABYTE * 200, 1), *PAGE, ("Content-Encoding", "gzip")),
          "is larger than 10 MB"),
    Fault("a brotli bomb", answer(200, brotli.compress(MEGABYTE * 200, quality=1), *PAGE, ("Content-Encoding", "br")),
          "is larger than 10 MB"),
    Fault("gzip cut short", answer(200, gzip.compress(os.urandom(5000))[:2000], *PAGE, ("Content-Encoding", "gzip")),
          "was cut short: it has no end, and other pages of the site have"),
    Fault("broken gzip", answer(200, b"no gzip at all", *PAGE, ("Content-Encoding", "gzip")),
          "its compression is broken"),
    Fault("no HTTP at all", trick(says(b"SSH-2.0-OpenSSH_9.2\r\n")), "cannot be reached: SSH-2.0-OpenSSH_9.2"),
    Fault("TLS: a certificate of long ago", secured("127.0.0.1", days=-1),
          "its TLS fails: certificate verify failed: certificate has expired"),
    Fault("TLS: a certificate of another name", secured("rada.example"),
          "its TLS fails: certificate verify failed: IP address mismatch, certificate is not valid for '127.0.0.1'."),
    Fault("TLS: a certificate that nobody knows", secured("127.0.0.1", is_trusted=False),
          "its TLS fails: certificate verify failed: unable to get local issuer certificate"),
    Fault("robots.txt: 500", robots(answer(500)),
          "its site's robots.txt answers 500; until that can be read, nothing else is asked", "listing"),
    Fault("robots.txt: reset", robots(trick(resets())), "cannot be reached: Connection reset by peer",
          "listing"),
]  # fmt: skip


# ------------------------------------------------------------ in the answer

AGAIN = "it will be asked for again"
CHALLENGE = "<html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>"
MAINTENANCE = "<html><head><title>Технічні роботи</title></head><body><h1>Технічні роботи</h1></body></html>"

IN_THE_ANSWER = [
    Fault("500", answer(500), "the server answers 500 Internal Server Error"),
    Fault("502", answer(502), "the server answers 502 Bad Gateway"),
    Fault("503", answer(503), "the server answers 503 Service Unavailable"),
    Fault("503 with Retry-After in seconds", answer(503, b"", ("Retry-After", "7200")),
          f"the server answers 503 Service Unavailable; {AGAIN} after 2026-01-01 12:00 UTC"),
    Fault("429 with Retry-After as a date", answer(429, b"", ("Retry-After", "Fri, 01 Jan 2100 00:00:00 GMT")),
          f"the server answers 429 Too Many Requests; {AGAIN} after 2026-01-01 12:00 UTC"),
    Fault("401", answer(401), "the server answers 401 Unauthorized"),
    Fault("403", answer(403), "the server answers 403 Forbidden"),
    Fault("404", answer(404), "the server answers 404 Not Found"),
    Fault("redirects in a circle", lambda bench, path: leads(path)(bench, path),
          "leads on and on, the last time to {url}"),
    Fault("a redirect to file:", leads("file:///etc/passwd"), "leads nowhere: file:///etc/passwd"),
    Fault("a guard's challenge with 200 (Cloudflare)", answer(200, CHALLENGE),
          "is no news: it is the challenge of a guard, such as Cloudflare's"),
    Fault("a notice of maintenance with 200", answer(200, MAINTENANCE),
          "is no news: it is a notice of maintenance"),
    Fault("an empty page with 200", answer(200), "is empty"),
    Fault("a page cut short, without its end", answer(200, "<html><body><h1>Новини</h1><p>Текст"),
          "was cut short: it has no end, and other pages of the site have"),
    Fault("a PDF in place of a page", answer(200, b"%PDF-1.7", ("Content-Type", "application/pdf")),
          "is application/pdf, not a page"),
    Fault("elements nested 100,000 deep", answer(200, f"<html><body>{'<div>' * 100_000}</body></html>"),
          "has some 100004 tags, and no more than 100000 are read of a page"),
    Fault("bytes of no text as text/html", answer(200, bytes(range(256)) * 200),
          "was cut short: it has no end, and other pages of the site have"),
]  # fmt: skip

LINKS = "".join(f'<li><a href="/content/{n}">Новина номер {n}</a></li>' for n in range(100_000))

OF_LISTINGS = [
    Fault("100,000 links", answer(200, f"<html><body><ul>{LINKS}</ul></body></html>"),
          "has some 400006 tags, and no more than 100000 are read of a page"),
    Fault("a redirect to another host", leads("https://other.example/"),
          "leads to another site: https://other.example/; if the council has moved, set home and listings to its new"
          " address and formerly = ['rada.example'] in its [[source]]. Nothing was published; readers still see the"
          " last good feeds. Check the site. If the change is real: `feedpub run --accept CODE`"),
    Fault("a redirect to a private address", leads("http://169.254.169.254/latest"),
          "leads to another site: http://169.254.169.254/latest; if the council has moved, set home and listings to its"
          " new address and formerly = ['rada.example'] in its [[source]]. Nothing was published; readers still see the"
          " last good feeds. Check the site. If the change is real: `feedpub run --accept CODE`"),
    Fault("a listing without articles", answer(200, f"<html><body><h1>Новини</h1>{'<p>Текст.</p>' * 50}</body></html>"),
          "no news found: item = ['.node-teaser', '#block-system-main .view-content .views-row',"
          " '#block-system-main .view-content li', '#block-system-main .view-content tr', '.view-content .views-row']"
          " matches nothing; nothing like it lives; the page has 0 links, most of them in 'html'; see"
          " `feedpub inspect {url}`, and set [source.layout]"),
]  # fmt: skip

OF_ARTICLES = [
    Fault("a redirect to another host", leads("https://other.example/"),
          "leads to another site: https://other.example/"),
    Fault("a redirect to a private address", leads("http://169.254.169.254/latest"),
          "leads to another site: http://169.254.169.254/latest"),
    Fault("a page without a text", answer(200, "<html><body><h1>Новини</h1></body></html>"),
          "is not laid out as known: article = ['#block-system-main .node:not(.node-teaser)', '.node-full',"
          " '.node:not(.node-teaser)'] matches nothing, nothing like it lives; the page has 0 links, most of them in"
          " 'html'"),
]  # fmt: skip


# ------------------------------------------------------------ the stage


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """By port: a folder with a source that was read and published."""
    return {}


@pytest.fixture
def bench(
    tmp_path: Path, port: int, published: dict[int, Path], authority: trustme.CA,
    capsys: pytest.CaptureFixture[str], tmp_path_factory: pytest.TempPathFactory,
) -> Bench:  # fmt: skip
    if port not in published:
        first = Bench(tmp_path_factory.mktemp("published"), port, capsys, authority)
        with first.open():
            assert first.feedpub("run").code == 0
        published[port] = first.folder
    folder = tmp_path / "council"
    shutil.copytree(published[port], folder)
    bench = Bench(folder, port, capsys, authority)
    newest = bench.site.articles[-1]
    bench.site.articles.append(
        replace(newest, number=301, alias=NEWS, title="Нова новина", utc=newest.utc + timedelta(minutes=5),
                body="<p>Сьогодні в громаді відкрито новий пункт видачі води.</p>")
    )  # fmt: skip
    return bench


def shown(bench: Bench, said: str) -> str:
    """What was said, wherever and whenever it was: as it stands in the docs."""
    said = said.replace(bench.served.url, "https://rada.example").replace(str(bench.folder), "/srv/feedpub")
    said = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "2026-01-01 12:00", said)
    said = re.sub(r"\d{8}T\d{6}Z", "20260101T120000Z", said)
    said = re.sub(r"--accept [a-z2-7]{10}", "--accept CODE", said)
    said = re.sub(r"process \d+ on [\w.-]+", "process 7 on host", said)
    said = said.replace(f"within {SHORT} s", "within 30 s" if "no answer" in said else "within 120 s")
    said = said.replace(urlsplit(bench.served.url).netloc, "rada.example")
    return said.replace("https://127.0.0.1:443", "https://rada.example")


def stands(bench: Bench, before: dict[str, bytes]) -> str:
    """Every published file is whole and valid, and no older than the last good one; which of the two, in words."""
    now = bench.published()
    assert before.keys() <= now.keys()
    assert [f"{name}: {problem}" for name, problem in together(now) if "leads to" not in problem.rule] == []
    for name, data in now.items():
        if not name.endswith(ENDINGS):
            assert check(data) == [], name
    for form in FORMATS:
        assert now[form.name] == before[form.name] or NEWS.encode() in now[form.name]
    return "the last good ones" if bench.feeds() == before else "new ones"


def heals(bench: Bench, known: dict[str, set[str]], *, code: int = 0) -> None:
    """The next run goes on without a hand: nothing that was known is lost, and the news is out."""
    bench.site.tricks.clear()
    bench.site.overrides.clear()
    bench.time_goes_by()
    with bench.open():
        ran = bench.feedpub("run")
    said = [line for line in ran.err.splitlines() if "zrazkiv: well again" not in line]
    assert (ran.code, said) == (code, said if code else [])
    now = bench.known()
    assert known.keys() <= now.keys()
    assert all(aliases <= now[item] for item, aliases in known.items())
    assert f"/{NEWS}".encode() in bench.path("rss.xml").read_bytes()
    assert bench.feedpub("check").code == 0


def note(place: int, name: str, where: str, said: str, code: int, meanwhile: str) -> None:
    lines = "; ".join(line.removeprefix("feedpub: ") for line in said.splitlines())
    tables.add("faults", place, name, where, lines, str(code), meanwhile)
    of_pages, of_the_machine = len(ALL) + len(ODD_PAGES), len(OF_THE_MACHINE) + len(STOPPED) + len(OF_THE_SYSTEM) + 1
    tables.add("faults in all", 0, str(of_pages + of_the_machine))


OF_PAGES = [(f, w) for f in (*ON_THE_WIRE, *IN_THE_ANSWER) for w in ("listing", "article") if f.only in ("", w)]
ALL = [*OF_PAGES, *((f, "listing") for f in OF_LISTINGS), *((f, "article") for f in OF_ARTICLES)]


@pytest.mark.parametrize(
    ("fault", "where"),
    [pytest.param(f, w, marks=pytest.mark.long) if w == "article" else (f, w) for f, w in ALL],
    ids=lambda v: getattr(v, "name", v),
)
@pytest.mark.long
def test_a_page_that_fails_loses_nothing_and_the_next_run_heals(bench: Bench, fault: Fault, where: str) -> None:
    path = "/" if where == "listing" else f"/{NEWS}"
    before, known = bench.feeds(), bench.known()
    with fault.bring(bench, path), nullcontext() if fault.bring is refused else bench.open(), bounded():
        ran = bench.feedpub("run")
    url = f"https://rada.example{path}"
    said = shown(bench, ran.err)
    line, expected = said.removesuffix("\n"), f"feedpub: zrazkiv: {url}: {fault.said.replace('{url}', url)}"
    assert line == expected or line.startswith(f"{expected}; ")  # and then what comes of it, and what to do
    assert ran.code == 1
    meanwhile = stands(bench, before)
    heals(bench, known)
    note(ALL.index((fault, where)), fault.name, where, said, ran.code, meanwhile)


# ------------------------------------------------------------ what is odd, and no fault


def odd(change: Callable[[bytes], bytes], content_type: str = "text/html; charset=utf-8") -> Bring:
    """The page as it is, but for this."""

    def bring(bench: Bench, path: str) -> AbstractContextManager[None]:
        whole = bench.site.answer("GET", path, {}, bench.served.url)
        bench.site.overrides[path] = Answer(200, (("Content-Type", content_type),), change(whole.body))
        return nullcontext()

    return bring


def in_cp1251(page: bytes) -> bytes:
    return page.decode().encode("cp1251", "xmlcharrefreplace")


ODD: list[tuple[str, Bring]] = [
    ("windows-1251, said to be utf-8", odd(in_cp1251)),
    ("utf-8, said to be windows-1251", odd(bytes, "text/html; charset=windows-1251")),
    ("a charset that there is not", odd(bytes, "text/html; charset=no-such-thing")),
    ("NUL bytes", odd(lambda page: page.replace(b"<p>", b"\0<p>\0"))),
    ("a listing that leads to itself as its next page", odd(
        lambda page: page.replace(b"</body>", b'<li class="pager-next"><a href="/?page=0">next</a></li></body>'))),
]  # fmt: skip
ODD_PAGES = [(name, bring, "listing" if name.startswith("a listing") else "article") for name, bring in ODD]


@pytest.mark.parametrize(("name", "bring", "where"), ODD_PAGES)
def test_a_page_that_is_odd_is_read_all_the_same(bench: Bench, name: str, bring: Bring, where: str) -> None:
    before, known = bench.feeds(), bench.known()
    with bench.open(), bring(bench, "/" if where == "listing" else f"/{NEWS}"):
        ran = bench.feedpub("run")
    assert (ran.code, ran.err) == (0, "")
    assert stands(bench, before) == "new ones"
    assert "Сьогодні в громаді відкрито новий пункт видачі води." in bench.path("atom.xml").read_text("utf-8")
    heals(bench, known)
    place = len(ALL) + len(OF_THE_MACHINE) + len(STOPPED) + len(OF_THE_SYSTEM) + 1
    note(place + ODD_PAGES.index((name, bring, where)), name, where, "", 0, "new ones")


# ------------------------------------------------------------ this machine


@dataclass(frozen=True, slots=True)
class Machine:
    """A fault of the machine: how it comes, what is said, and how it goes where it does not go by itself."""

    name: str
    bring: Callable[[Bench], AbstractContextManager[object]]
    said: str
    code: int = 1
    mend: Callable[[Bench], object] = lambda _: None


def done(act: Callable[[Bench], object]) -> Callable[[Bench], AbstractContextManager[object]]:
    """A fault that is there once this is done."""

    def bring(bench: Bench) -> AbstractContextManager[object]:
        act(bench)
        return nullcontext()

    return bring


def cut(bench: Bench) -> None:
    bench.state.write_bytes(bench.state.read_bytes()[: bench.state.stat().st_size // 2])


def ruin_both(bench: Bench) -> None:
    for name in ("feedpub.db", "feedpub.db.bak"):
        (bench.folder / name).write_bytes(b"garbage" * 1000)


def flip(bench: Bench) -> None:
    with closing(sqlite3.connect(bench.state)) as db:
        [text] = db.execute("SELECT substr(text, 1, 20) FROM item ORDER BY date LIMIT 1").fetchone()
    data = bytearray(bench.state.read_bytes())
    data[data.index(text.encode()) + 3] ^= 1
    bench.state.write_bytes(data)


def put_back(bench: Bench) -> None:
    old = bench.state.read_bytes()
    bench.feedpub("withdraw", bench.items()[2]["id"], "--reason", "x")
    for path in bench.folder.glob("feedpub.db*"):
        path.unlink()
    bench.state.write_bytes(old)


def sql(statement: str) -> Callable[[Bench], object]:
    def act(bench: Bench) -> None:
        with closing(sqlite3.connect(bench.state)) as db, db:
            db.execute(statement)

    return act


@contextmanager
def in_use(bench: Bench) -> Iterator[None]:
    """Another program writes to the state's file, and takes its time."""
    with pytest.MonkeyPatch.context() as patch, closing(sqlite3.connect(bench.state)) as db:
        patch.setattr(sqlite, "PATIENCE", 0.1)
        db.execute("BEGIN EXCLUSIVE")
        yield


def lock(bench: Bench, host: str, until: timedelta) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    said = {"host": host, "process": 7, "since": now.isoformat(), "until": (now + until).isoformat()}
    (bench.folder / "feedpub.db.lock").write_text(json.dumps(said))


@contextmanager
def hanging(bench: Bench) -> Iterator[None]:
    with sole_run(bench.state, lambda: datetime.now(UTC)):
        lock(bench, "host", timedelta(minutes=-1))
        yield


@contextmanager
def clock(days: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "clock", lambda: datetime.now(UTC).replace(microsecond=0) + timedelta(days=days))
        yield


@contextmanager
def unloadable(bench: Bench) -> Iterator[None]:
    """No file can be opened any more when the command's module is to be loaded."""

    def fails(name: str) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), f"{name}.py")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "import_module", fails)
        yield


@contextmanager
def unreadable(bench: Bench) -> Iterator[None]:
    """The disk cannot give a library when it is to be loaded."""

    def fails(name: str) -> None:
        raise ImportError("libxml2.so.2: cannot read file data: Input/output error")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "import_module", fails)
        yield


@contextmanager
def unemptied(bench: Bench) -> Iterator[None]:
    truncate = os.ftruncate

    def fails(file: int, length: int) -> None:
        if length == 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        truncate(file, length)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "ftruncate", fails)
        yield


def linked(to: str) -> Callable[[Bench], object]:
    def act(bench: Bench) -> None:
        folder = bench.folder / "public" / "zrazkiv"
        folder.rename(bench.folder / "moved")
        if to == "there":
            (bench.folder / to).mkdir()
        folder.symlink_to(bench.folder / to)

    return act


def unlinked(bench: Bench) -> None:
    folder = bench.folder / "public" / "zrazkiv"
    assert not [*(bench.folder / "there").glob("*")]
    folder.unlink()
    (bench.folder / "moved").rename(folder)


ASIDE = "it is kept as feedpub.db.damaged-20260101T120000Z"
COPY = "its copy of 2026-01-01 12:00 UTC takes its place"
STATE = "/srv/feedpub/feedpub.db"

OF_THE_MACHINE = [
    Machine("the state was cut short", done(cut),
            f"{STATE}: the state cannot be opened: database disk image is malformed; {ASIDE}; {COPY}"),
    Machine("the state is garbage", done(lambda b: b.state.write_bytes(b"garbage" * 1000)),
            f"{STATE}: the state cannot be opened: file is not a database; {ASIDE}; {COPY}"),
    Machine("the state is empty", done(lambda b: b.state.write_bytes(b"")),
            f"{STATE}: the state is missing; {ASIDE}; {COPY}"),
    Machine("the state is gone", done(lambda b: b.state.unlink()), f"{STATE}: the state is missing; {COPY}"),
    Machine("the state and its copy are garbage", done(ruin_both),
            f"{STATE}: the state cannot be opened: file is not a database; {ASIDE}; there is no copy of it that can be"
            " read: the items are taken from the published feeds\n"
            "zrazkiv: the state is empty and feeds are published: 10 items keep their ids and are read again"),
    Machine("the state is of a newer feedpub", done(sql("PRAGMA user_version = 99")),
            f"{STATE}: the state was written by a newer feedpub: its version is 99, this one knows {len(MIGRATIONS)}."
            " Use the newer feedpub, or name another file in [state] url",
            mend=sql(f"PRAGMA user_version = {len(MIGRATIONS)}")),
    Machine("another program holds the state", in_use, f"{STATE}: the state cannot be opened: database is locked"),
    Machine("another run is under way", lambda b: sole_run(b.state, lambda: datetime.now(UTC)),
            f"another run is under way on {STATE} (process 7 on host, since 2026-01-01 12:00 UTC); this one leaves the"
            " work to it", 0),
    Machine("another run on another host, no lock in common", done(lambda b: lock(b, "other", timedelta(minutes=4))),
            f"another run is under way on {STATE} (process 7 on host, since 2026-01-01 12:00 UTC); this one leaves the"
            " work to it", 0, mend=lambda b: lock(b, "other", timedelta(minutes=-1))),
    Machine("another run hangs", hanging,
            f"another run on {STATE} (process 7 on host, since 2026-01-01 12:00 UTC) gives no sign of life; end it,"
            " then the next run goes on"),
    Machine("a run died without a word", done(lambda b: lock(b, socket.gethostname(), timedelta(minutes=4))), "", 0),
    Machine("the folder of the feeds is a link", done(linked("there")),
            "/srv/feedpub/public/zrazkiv: is a symbolic link; nothing is written through it: put a folder in its place",
            mend=unlinked),
    Machine("the folder of the feeds is a link to nowhere", done(linked("nowhere")),
            "/srv/feedpub/public/zrazkiv: is a symbolic link; nothing is written through it: put a folder in its place",
            mend=unlinked),
    Machine("the clock was set back by 400 days", lambda _: clock(-400),
            "zrazkiv: https://rada.example/: this machine's clock says 2026-01-01 12:00 UTC, the site's 2026-01-01"
            " 12:00, and the state is of 2026-01-01 12:00: set the clock right. Nothing was published; readers still"
            " see the last good feeds."),
    Machine("the clock was set ahead by 400 days", lambda _: clock(400),
            "zrazkiv: https://rada.example/: this machine's clock says 2026-01-01 12:00 UTC, the site's 2026-01-01"
            " 12:00, and the state is of 2026-01-01 12:00: set the clock right. Nothing was published; readers still"
            " see the last good feeds. Check the site. If the change is real: `feedpub run --accept CODE`"),
    Machine("one bit of a known item flipped in the state", done(flip),
            f"{STATE}: the state is damaged: a row is not as it was written: tag:127.0.0.1,2026:zrazkiv/node/211;"
            f" {ASIDE}; {COPY}"),
    Machine("no file can be opened while a module is loaded", unloadable,
            "this machine fails: [Errno 24] Too many open files: 'feedpub.cli.run.py'; the next run goes on"),
    Machine("the disk fails while a library is loaded", unreadable,
            "a part of the program cannot be loaded: libxml2.so.2: cannot read file data: Input/output error; the next"
            " run tries again"),
    Machine("the lock cannot be emptied at the end", unemptied,
            f"{STATE}.lock: cannot be emptied: Input/output error; all work is done, and the next run goes on"),
    Machine("a state of before a withdrawal was put back", done(put_back),
            "zrazkiv: the state is older than the published feeds: 1 items keep their ids and are read again"),
]  # fmt: skip


@pytest.mark.parametrize("fault", OF_THE_MACHINE, ids=lambda f: f.name)
@pytest.mark.long
def test_a_machine_that_fails_loses_nothing_and_the_next_run_heals(bench: Bench, fault: Machine) -> None:
    before, known = bench.feeds(), bench.known()
    with fault.bring(bench), bench.open():
        ran = bench.feedpub("run")
    said = shown(bench, ran.err)
    assert "".join(line.removeprefix("feedpub: ") for line in said.splitlines(keepends=True)).strip() == fault.said
    assert ran.code == fault.code
    fault.mend(bench)
    meanwhile = stands(bench, before)
    heals(bench, known)
    note(len(ALL) + OF_THE_MACHINE.index(fault), fault.name, "", said, ran.code, meanwhile)


# ------------------------------------------------------------ signals


def signalled(number: signal.Signals) -> Bring:
    """The run gets a signal while it waits for the page."""

    def bring(bench: Bench, path: str) -> AbstractContextManager[None]:
        def stop() -> Answer:
            os.kill(os.getpid(), number)
            time.sleep(0.2)
            return Answer(500, PAGE, b"")

        bench.site.overrides[path] = stop
        return nullcontext()

    return bring


STOPPED = [("SIGINT (Ctrl-C)", signal.SIGINT), ("SIGTERM", signal.SIGTERM)]


@pytest.mark.parametrize(("name", "number"), STOPPED)
def test_a_run_that_is_told_to_end_loses_nothing_and_the_next_goes_on(
    bench: Bench, name: str, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, known = bench.feeds(), bench.known()
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored, where tests run
    try:
        with signalled(number)(bench, f"/{NEWS}"), bench.open():
            ran = bench.feedpub("run")
    finally:
        signal.signal(signal.SIGINT, usual)
    said = shown(bench, ran.err)
    assert said == "feedpub: zrazkiv: interrupted; what is there is published, the next run goes on\n"
    assert ran.code == 130
    meanwhile = stands(bench, before)
    heals(bench, known)
    place = len(ALL) + len(OF_THE_MACHINE) + STOPPED.index((name, number))
    note(place, name, "article", said, ran.code, meanwhile)


# ------------------------------------------------------------ what the system gives, in a process of its own

HOUSE = Path(__file__).parent.parent
NAMESPACE = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]


def is_there(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


HAS_NAMESPACES = is_there(*NAMESPACE, "mount", "-t", "tmpfs", "none", "/mnt")


@dataclass(frozen=True, slots=True)
class System:
    """A fault of the system: what a shell does before the run in a namespace of its own, and what is said then."""

    name: str
    shell: str
    said: str


FILLED = '(head -c 6m /dev/zero > "$DISK/{0}fill") 2>&-'
FULL = 'mount -t tmpfs -o size=6m none "$DISK" && cp -a "$FOLDER"/. "$DISK"; ' + FILLED.format("")
BOUND = 'mount --bind "$FOLDER" "$DISK"'
FULL_FEEDS = (
    f"{BOUND};"
    ' cp -a "$DISK/public" "$DISK/kept"; mount -t tmpfs -o size=2m none "$DISK/public";'
    ' cp -a "$DISK/kept"/. "$DISK/public"; rm -r "$DISK/kept"; '
) + FILLED.format("public/")
READ_ONLY = BOUND + '; mount --bind "$DISK/{0}" "$DISK/{0}" && mount -o remount,ro,bind "$DISK/{0}"'
FULL_STATE = f"{STATE}: the state cannot be used: database or disk is full"
FEED = (
    "/srv/feedpub/public/zrazkiv/item/NAME.html: cannot be written: {}; the last good file stands,"
    " the next run tries again"
)

OF_THE_SYSTEM = [
    System("the disk is full, to the last byte", FULL,
           f"{STATE}.lock: the state cannot be locked: No space left on device"),
    System("the disk is full but for 32 kB", f'{FULL}; truncate -s -32k "$DISK/fill"', FULL_STATE),
    System("the disk of the feeds is full", FULL_FEEDS, FEED.format("No space left on device")),
    System("the folder of the feeds is read-only", READ_ONLY.format("public"), FEED.format("Read-only file system")),
    System("the folder of the state is read-only", READ_ONLY.format("."),
           f"{STATE}.lock: the state cannot be locked: Read-only file system"),
]  # fmt: skip


@pytest.mark.skipif(not HAS_NAMESPACES, reason="needs unshare (util-linux) and the right to mount in a namespace")
@pytest.mark.parametrize("fault", OF_THE_SYSTEM, ids=lambda f: f.name)
@pytest.mark.long
def test_a_system_that_fails_loses_nothing_and_the_next_run_heals(bench: Bench, fault: System) -> None:
    before, known = bench.feeds(), bench.known()
    disk = bench.folder.parent / "disk"
    disk.mkdir()
    after = bench.folder.parent / "after"
    run = f'"{sys.executable}" -m feedpub run --config "$DISK/config.toml"; code=$?; rm -f "$DISK"/fill "$DISK"/*/fill'
    script = f'{fault.shell}; {run}; cp -a "$DISK"/. "{after}"; exit $code'
    with bench.open():
        ran = subprocess.run(
            [*NAMESPACE, "sh", "-c", script], capture_output=True, text=True, check=False, cwd=HOUSE,
            env={**os.environ, "DISK": str(disk), "FOLDER": str(bench.folder)},
        )  # fmt: skip
    said = shown(bench, ran.stderr.replace(str(disk), str(bench.folder)))
    said = re.sub(r"item/\w{12}", "item/NAME", said)
    shutil.rmtree(bench.folder)
    after.rename(bench.folder)
    meanwhile = stands(bench, before)
    heals(bench, known)
    assert said == f"feedpub: {fault.said}\n"
    assert ran.returncode == 1
    place = len(ALL) + len(OF_THE_MACHINE) + len(STOPPED) + OF_THE_SYSTEM.index(fault)
    note(place, fault.name, "", said, ran.returncode, meanwhile)


def test_without_a_time_zone_database_nothing_is_started(bench: Bench) -> None:
    before, known = bench.feeds(), bench.known()
    code = "import sys; sys.modules['tzdata'] = None; from feedpub import cli; sys.exit(cli.main())"
    with bench.open():
        ran = subprocess.run(
            [sys.executable, "-c", code, "run", "--config", str(bench.config)], capture_output=True, text=True,
            env={**os.environ, "PYTHONTZPATH": ""}, cwd=HOUSE, check=False,
        )  # fmt: skip
        assert bench.requests() == []
    said = shown(bench, ran.stderr)
    assert said == (
        "feedpub: /srv/feedpub/config.toml:18: [[source]] 1 timezone cannot be looked up: this machine has no time zone"
        " database; `pip install tzdata` brings one\n"
    )
    assert ran.returncode == 2
    meanwhile = stands(bench, before)
    heals(bench, known)
    place = len(ALL) + len(OF_THE_MACHINE) + len(STOPPED) + len(OF_THE_SYSTEM)
    note(place, "the time zone database is missing", "", said, ran.returncode, meanwhile)
