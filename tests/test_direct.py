"""The request that most runs consist of is made without requests, and nobody could tell but by the time it takes."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NoReturn

import brotli
import pytest
import trustme

from feedpub.collecting.fetch import Borders, Clock, Fetcher, Manners, Memory, client, direct, watch, wire
from feedpub.content import NotModified, Page
from feedpub.errors import FetchError, Refused
from feedpub.model import Robots, Validators
from tests.drupal.server import Served, serve
from tests.drupal.site import Answer
from tests.nasty import OK, NastyHandler, NastySite, Trick, drips, resets, says
from tests.work import wait_until

NOW = datetime(2025, 11, 14, 12, 0, tzinfo=UTC)
NOTHING = Validators()
KNOWN = Validators('"1"', "Fri, 14 Nov 2025 12:00:00 GMT")
HTML = ("Content-Type", "text/html; charset=utf-8")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@pytest.fixture(autouse=True)
def _an_open_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever stands in the environment of whoever runs this."""
    for name in (*PROXIES, "NETRC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


class Bench:
    def __init__(self, site: NastySite, served: Served) -> None:
        self.site, self.served = site, served
        self.is_private = "127.0.0.1".__eq__

    def fetcher(self) -> Fetcher:
        """One that knows the site's robots.txt already, as a run does."""
        robots = {self.served.url: Robots("", NOW, NOW + timedelta(days=1))}
        return Fetcher(
            Manners("https://feeds.example.org/about", "0"),
            Clock(NOW, jitter=lambda: 1.0),
            Memory(robots),
            Borders(is_private=self.is_private),
        )

    def asks(self, path: str, validators: Validators = KNOWN) -> tuple[Page | NotModified, bool]:
        """The page, and whether requests was needed for it."""
        with closing(self.fetcher()) as fetcher:
            page = fetcher.page_if_changed(self.served.url + path, validators)
            return page, fetcher.client.has_session

    def validators(self, path: str) -> Validators:
        """The validators of the page as it is now."""
        with closing(self.fetcher()) as fetcher:
            return fetcher.page(self.served.url + path).validators

    def not_modified(self, path: str) -> NotModified:
        return NotModified(self.served.url + path)

    def fails(self, path: str, validators: Validators = KNOWN) -> str:
        with pytest.raises(FetchError) as caught:
            self.asks(path, validators)
        assert caught.value.url == self.served.url + path
        return caught.value.reason


class StillHandler(NastyHandler):
    """Says the same Date in every answer: else two pages differ when a second ends between them."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(NOW.timestamp())


@contextmanager
def at(site: NastySite, tls: ssl.SSLContext | None = None) -> Iterator[Bench]:
    with serve(site, handler=StillHandler, tls=tls) as served:
        yield Bench(site, served)


@pytest.fixture
def bench() -> Iterator[Bench]:
    with at(NastySite()) as made:
        yield made


def test_not_modified_needs_no_requests(bench: Bench) -> None:
    assert bench.asks("/node", bench.validators("/node")) == (bench.not_modified("/node"), False)
    assert [r.status for r in bench.served.requests] == [200, 304]


def test_a_page_without_validators_is_asked_for_by_requests(bench: Bench) -> None:
    assert bench.asks("/node", NOTHING)[1]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"<p>\xd0\xb9</p>" * 20_000, (HTML, ("ETag", '"2"'), ("Link", '</node/1>; rel="shortlink"'))),
        (gzip.compress(b"<p>x</p>" * 900), (HTML, ("Content-Encoding", "gzip"))),
        (brotli.compress(b"<p>x</p>" * 900), (HTML, ("Content-Encoding", "br"))),
        (zlib.compress(b"<p>x</p>" * 900), (HTML, ("Content-Encoding", "deflate"))),
        (b"<p>x</p>", (HTML, ("Connection", "close"))),
        (b"", (HTML,)),
    ],
    # Not the bytes themselves: gzip writes the time into its own, and pytest-xdist wants the same ids everywhere.
    ids=["plain", "gzip", "brotli", "deflate", "hung up after it", "empty"],
)
def test_what_has_changed_is_the_same_page_and_asked_for_once(
    bench: Bench, body: bytes, headers: tuple[tuple[str, str], ...]
) -> None:
    bench.site.overrides["/x"] = Answer(200, headers, body)
    assert bench.asks("/x")[0] == bench.asks("/x", NOTHING)[0]
    assert len(bench.served.requests) == 2


@pytest.mark.parametrize(
    "trick",
    [
        says(OK + b"Transfer-Encoding: chunked\r\n\r\n8\r\n<p>x</p>\r\n0\r\n\r\n"),
        says(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>x</p>"),
        says(b"HTTP/1.1 100 Continue\r\n\r\n" + OK + b"Content-Length: 8\r\n\r\n<p>x</p>"),
    ],
)
def test_however_it_comes(bench: Bench, trick: Trick) -> None:
    bench.site.tricks["/x"] = trick
    page, _ = bench.asks("/x")
    assert isinstance(page, Page)
    assert page.text == "<p>x</p>"
    assert len(bench.served.requests) == 1


@pytest.mark.parametrize(
    "trick",
    [
        resets(),
        resets(OK),
        resets(OK + b"Content-Length: 5000\r\n\r\n<p>half"),
        says(),
        says(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n<p>x</p>"),
        says(OK + b"Content-Length: 5000\r\n\r\n<p>half"),
        says(OK + b"Content-Encoding: gzip\r\n\r\nno gzip"),
        says(b"SSH-2.0-OpenSSH_9.2\r\n"),
    ],
)
def test_what_breaks_is_named_as_requests_names_it(bench: Bench, trick: Trick) -> None:
    bench.site.tricks["/x"] = trick
    said = bench.fails("/x", NOTHING)
    bench.served.requests.clear()
    assert bench.fails("/x") == said
    assert len(bench.served.requests) <= 2


def test_nobody_there_is_named_as_requests_names_it(bench: Bench) -> None:
    bench.served.url = "http://127.0.0.1:9"
    assert bench.fails("/x") == bench.fails("/x", NOTHING) == "cannot be reached: Connection refused"


def test_it_is_given_up_in_time_and_not_asked_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PATIENCE", 0.3)
    bench.site.tricks["/x"] = drips(b"HTTP/1.1 200 OK\r\nX-Drip: ", b"x", 0.02)
    assert bench.fails("/x") == "did not arrive within 0.3 s"
    wait_until(lambda: bench.served.requests)
    assert len(bench.served.requests) == 1


def test_a_silent_server_is_not_waited_for_twice(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (client, wire, direct):
        monkeypatch.setattr(room, "SILENCE", 0.05)
    bench.site.tricks["/x"] = says(b"", b"", pause=0.3)
    assert bench.fails("/x") == "no answer within 0.05 s"
    wait_until(lambda: bench.served.requests)
    assert len(bench.served.requests) == 1


def test_a_name_that_leads_into_a_private_network_is_asked_for_nothing(bench: Bench) -> None:
    bench.is_private = "".__eq__
    assert bench.fails("/x") == bench.fails("/x", NOTHING)
    assert "private network (127.0.0.1)" in bench.fails("/x")
    assert bench.served.requests == []


def test_redirects_refusals_and_errors_are_what_they_are_to_requests(bench: Bench) -> None:
    bench.site.overrides["/there"] = Answer(200, (HTML,), b"<p>there</p>")
    bench.site.overrides["/moved"] = Answer(301, (("Location", "/there"),), b"")
    bench.site.overrides["/closed"] = Answer(403, (HTML,), b"")
    bench.site.overrides["/broken"] = Answer(503, (HTML, ("Retry-After", "60")), b"")
    page, _ = bench.asks("/moved")
    assert page
    assert page.url == f"{bench.served.url}/there"
    with pytest.raises(Refused):
        bench.asks("/closed")
    with closing(bench.fetcher()) as fetcher:
        with pytest.raises(FetchError, match="503"):
            fetcher.page_if_changed(f"{bench.served.url}/broken", KNOWN)
        assert fetcher.rests["127.0.0.1"].until == NOW + timedelta(seconds=60)


def test_a_cookie_of_the_first_answer_goes_with_the_next_question(bench: Bench) -> None:
    bench.site.overrides["/x"] = Answer(200, (HTML, ("Set-Cookie", "seen=1; Path=/")), b"<p>x</p>")
    with closing(bench.fetcher()) as fetcher:
        fetcher.page_if_changed(f"{bench.served.url}/x", KNOWN)
        fetcher.page(f"{bench.served.url}/node")
    assert bench.served.requests[-1].headers["cookie"] == "seen=1"


def test_both_ask_in_the_same_words(bench: Bench) -> None:
    """A cache that holds an answer for each way of asking would else never say that nothing has changed."""
    bench.asks("/node")
    with closing(bench.fetcher()) as fetcher:
        assert fetcher.client.session
        fetcher.page_if_changed(f"{bench.served.url}/node", KNOWN)
    alone, by_requests = (r.headers | {"connection": ""} for r in bench.served.requests)
    assert alone == by_requests


@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_is_for_requests(bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert bench.asks("/node", bench.validators("/node")) == (bench.not_modified("/node"), True)


def test_a_proxy_is_asked(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", bench.served.url)
    monkeypatch.delenv("no_proxy", raising=False)
    served, bench.served = bench.served, Served("http://rada.example")
    assert "404" in bench.fails("/node")  # the site knows no such address
    assert served.requests[-1].path == "http://rada.example/node"


def test_a_password_that_the_operator_keeps_is_for_requests(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n", encoding="utf-8")
    assert bench.asks("/node", bench.validators("/node")) == (bench.not_modified("/node"), True)
    assert bench.served.requests[-1].headers["authorization"].startswith("Basic ")


def test_a_user_without_a_home_keeps_no_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(number: int) -> NoReturn:
        raise KeyError(number)

    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", nobody)
    assert direct.is_open()


@pytest.mark.parametrize("is_trusted", [True, False])
def test_certificates_are_those_that_requests_trusts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_trusted: bool
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (authority if is_trusted else trustme.CA()).issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    with at(NastySite(), context) as bench:
        bench.served.url = bench.served.url.replace("http:", "https:")
        if not is_trusted:
            assert bench.fails("/node") == bench.fails("/node", NOTHING)
            assert "its TLS fails" in bench.fails("/node")
            return
        assert bench.asks("/node", bench.validators("/node")) == (bench.not_modified("/node"), False)


def test_certifis_certificates_are_trusted_where_there_are_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in direct.BUNDLES:
        monkeypatch.delenv(name, raising=False)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with at(NastySite(), context) as bench:
        bench.served.url = bench.served.url.replace("http:", "https:")
        assert "its TLS fails" in bench.fails("/node")


# ------------------------------------------------------------ the watch


def test_one_thread_watches_over_one_exchange_after_another() -> None:
    made = watch.Watch(lambda _: True)
    for seconds in (30.0, 60.0, 0.05):
        with made.patient(seconds):
            assert not made.is_late
    with made.patient(0.05):
        time.sleep(0.3)
        hung_up = made.is_late
    assert hung_up
    with made.patient(30):
        assert not made.is_late
    other = watch.Watch(lambda _: True)
    with other.patient(30):
        [thread] = [t for t in threading.enumerate() if t.name == "watch"]  # for all watches together
    made.close()
    assert thread.is_alive()
    other.close()
    thread.join(5)
    assert not thread.is_alive()
