"""The way out, against a real server on loopback: what it asks, how often, and what it makes of the answers."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import brotli
import pytest

from feedpub.collecting import fetch
from feedpub.collecting.fetch import Borders, Clock, Fetcher, Manners, Memory, client, networks, wire
from feedpub.collecting.fetch.client import Client
from feedpub.collecting.fetch.queries import in_charset
from feedpub.content import Medium, NotModified
from feedpub.errors import FetchError, Refused, Resting
from feedpub.model import Moved, Rest, Robots, Traffic, Validators
from simulation import network
from simulation.clock import Clock as SimulatedClock
from tests.drupal.server import Served, serve
from tests.drupal.site import Answer
from tests.nasty import OK, NastyHandler, NastySite, Trick, drips, resets, says
from tests.work import bounded, ends

NOW = datetime(2025, 11, 14, 12, 0, tzinfo=UTC)
HTML = ("Content-Type", "text/html; charset=utf-8")


@dataclass
class Bench:
    """A site, a fetcher for it, and a clock that only sleeping moves."""

    site: NastySite
    served: Served
    slept: list[float] = field(default_factory=list)
    robots: dict[str, Robots] = field(default_factory=dict)
    rests: dict[str, Rest] = field(default_factory=dict)
    moved: dict[str, Moved] = field(default_factory=dict)
    made: list[Fetcher] = field(default_factory=list)

    def fetcher(self, delay: float = 0.0, now: datetime = NOW, budget: int | None = None) -> Fetcher:
        made = Fetcher(
            Manners("https://feeds.example.org/about", "0.1.0", delay, budget),
            Clock(now, self.slept.append, lambda: sum(self.slept), jitter=lambda: 1.0),
            Memory(self.robots, self.rests, self.moved.get),
            Borders(is_private="127.0.0.1".__eq__),
        )
        self.made.append(made)
        return made

    def answers(self, path: str, body: bytes = b"<p>x</p>", *headers: tuple[str, str], status: int = 200) -> str:
        self.site.overrides[path] = Answer(status, headers or (HTML,), body)
        return self.served.url + path

    def asked(self) -> list[str]:
        return [f"{r.method} {r.path}" for r in self.served.requests]


@pytest.fixture
def bench() -> Iterator[Bench]:
    site = NastySite()
    with serve(site, handler=NastyHandler) as served:
        bench = Bench(site, served)
        yield bench
        for fetcher in bench.made:
            fetcher.close()


def reason(bench: Bench, url: str, kind: type[FetchError] = FetchError) -> str:
    with pytest.raises(kind) as caught:
        bench.fetcher().page(url)
    assert caught.value.url == url
    return caught.value.reason


# ------------------------------------------------------------ asking


def test_it_says_who_asks_and_whom_to_write_to(bench: Bench) -> None:
    bench.fetcher().page(f"{bench.served.url}/node")
    assert {r.headers["user-agent"] for r in bench.served.requests} == {
        "feedpub/0.1.0 (+https://feeds.example.org/about)"
    }


def test_both_validators_go_back_exactly_as_they_came(bench: Bench) -> None:
    url = bench.answers(
        "/v", b"<p>x</p>", HTML, ("ETag", 'W/"17-й"'.encode().decode("latin-1")), ("Last-Modified", "yesterday")
    )
    page = bench.fetcher().page(url)
    assert page
    assert page.validators == Validators('W/"17-Ð¹"', "yesterday")
    bench.fetcher().page_if_changed(url, page.validators)
    asked = bench.served.requests[-1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('W/"17-Ð¹"', "yesterday")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ETag", '\xa0"abc"'), ("ETag", "abc"), ("ETag", '"a b"'), ("ETag", '"a'), ("ETag", '"a" "b"'),
        ("ETag", '"a\x7f"'), ("ETag", '"' + "a" * 2000 + '"'), ("ETag", 'w/"a"'),
        ("Last-Modified", "\xa0Sat, 28 Nov 2026 10:00:00 GMT"), ("Last-Modified", "x" * 2000),
        ("Last-Modified", "Thu, 31 Dec 2099 23:59:59 GMT"),  # until then the page would never have changed
    ],
)  # fmt: skip
def test_a_validator_that_is_none_is_not_kept_and_never_sent(bench: Bench, name: str, value: str) -> None:
    url = bench.answers("/v", b"<p>x</p>", HTML, (name, value))
    page = bench.fetcher().page(url)
    assert page.validators == Validators()
    kept = Validators(value, None) if name == "ETag" else Validators(None, value)  # by an earlier version
    bench.fetcher().page_if_changed(url, kept)
    assert not {"if-none-match", "if-modified-since"} & set(bench.served.requests[-1].headers)


def test_not_modified_is_no_page(bench: Bench) -> None:
    page = bench.fetcher().page(f"{bench.served.url}/node")
    assert page
    url = f"{bench.served.url}/node"
    assert bench.fetcher().page_if_changed(url, page.validators) == NotModified(url)


def test_between_two_requests_to_a_host_there_is_a_delay(bench: Bench) -> None:
    fetcher = bench.fetcher(delay=1.5)
    fetcher.page(f"{bench.served.url}/node")
    fetcher.page(f"{bench.served.url}/node?page=1")
    assert bench.asked() == ["GET /robots.txt", "GET /node", "GET /node?page=1"]
    assert bench.slept == [1.5, 1.5]


def test_the_site_s_own_delay_counts_where_it_is_longer(bench: Bench) -> None:
    bench.site.crawl_delay = 10
    fetcher = bench.fetcher(delay=1)
    fetcher.page(f"{bench.served.url}/node")
    fetcher.page(f"{bench.served.url}/node?page=1")
    assert bench.slept == [10, 10]
    assert fetcher.pace(bench.served.url) == 10


class _Secure:
    """A site that has moved to https, with the same robots.txt before and after."""

    def trouble(self, scheme: str, host: str) -> None:
        return None

    def answer(self, request: network.Request) -> network.Answer:
        if request.target == "/robots.txt":
            return network.Answer(200, (("Content-Type", "text/plain"),), b"User-agent: *\nCrawl-delay: 7\n")
        if request.scheme == "http":
            return network.Answer(301, (("Location", f"https://{request.host}{request.target}"),))
        return network.Answer(200, (HTML,), b"<p>x</p>")


def test_the_site_s_own_delay_counts_before_the_robots_txt_of_its_https_too() -> None:
    clock = SimulatedClock()
    made = network.Network(clock, _Secure())
    fetcher = Fetcher(
        Manners("https://feeds.example.org/about", "0", 1.0),
        Clock(NOW, clock.sleep, clock.monotonic),
        borders=Borders({"rada.example": ["rada.example"]}),
        dial=made.dial,
    )
    with closing(fetcher):
        fetcher.page("http://rada.example/news")
    pauses = [(after.begun - before.ended).total_seconds() for before, after in pairwise(made.log)]
    assert [asked.request.url.partition("rada.example")[2] for asked in made.log] == ["/robots.txt", "/news"] * 2
    assert pauses == [7, 7, 7]


# ------------------------------------------------------------ robots.txt


def test_what_robots_txt_forbids_is_not_asked_for(bench: Bench) -> None:
    assert reason(bench, f"{bench.served.url}/admin/x", Refused) == "robots.txt forbids it"
    assert bench.asked() == ["GET /robots.txt"]


def test_robots_txt_is_asked_for_once_a_day(bench: Bench) -> None:
    for later in (timedelta(0), timedelta(hours=23), timedelta(hours=25)):
        bench.fetcher(now=NOW + later).page(f"{bench.served.url}/node")
    assert bench.asked().count("GET /robots.txt") == 2
    assert bench.robots[bench.served.url].asked == NOW + timedelta(hours=25)


def test_a_site_without_robots_txt_allows_all(bench: Bench) -> None:
    bench.answers("/robots.txt", b"<h1>404</h1>", status=404)
    assert bench.fetcher().page(bench.answers("/admin/news"))
    assert bench.robots[bench.served.url].text == ""


def test_a_robots_txt_that_cannot_be_had_forbids_all_for_now(bench: Bench) -> None:
    bench.answers("/robots.txt", b"", status=503)
    assert reason(bench, f"{bench.served.url}/node") == (
        "its site's robots.txt answers 503; until that can be read, nothing else is asked"
    )


def robots(bench: Bench, text: str, *headers: tuple[str, str], status: int = 200) -> None:
    bench.answers("/robots.txt", text.encode(), ("Content-Type", "text/plain"), *headers, status=status)


@pytest.mark.parametrize(
    ("rule", "path", "is_asked"),
    [
        ("Disallow: /*?page=", "/node?page=1", False),
        ("Disallow: /*?page=", "/node", True),
        ("Disallow: /*.php$", "/index.php", False),
        ("Disallow: /*.php$", "/index.php?q=node", True),
        ("Disallow: /\nAllow: /node", "/node", True),  # the longest rule counts, RFC 9309, 2.2.2
        ("Disallow: /node\nAllow: /node$", "/node", True),
        ("Disallow: /%6eode", "/node", False),
        ("Disallow:", "/node", True),
    ],
)
def test_the_rules_of_robots_txt_are_read_with_their_wildcards(
    bench: Bench, rule: str, path: str, is_asked: bool
) -> None:
    robots(bench, f"User-agent: *\n{rule}\n")
    bench.answers(path)
    if is_asked:
        assert bench.fetcher().page(bench.served.url + path)
    else:
        assert reason(bench, bench.served.url + path, Refused) == "robots.txt forbids it"


@pytest.mark.parametrize(
    ("said", "hours"),
    [("max-age=7200", 2), ("public, max-age=60", 1), ("max-age=31536000", 24), ("no-store", 1), ("private", 24)],
)
def test_robots_txt_is_kept_as_long_as_it_says_within_an_hour_and_a_day(bench: Bench, said: str, hours: int) -> None:
    robots(bench, "User-agent: *\nDisallow:\n", ("Cache-Control", said))
    for later in (timedelta(0), timedelta(hours=hours, seconds=-1), timedelta(hours=hours)):
        bench.fetcher(now=NOW + later).page(f"{bench.served.url}/node")
    assert bench.asked().count("GET /robots.txt") == 2


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_robots_txt_that_is_known_counts_on_as_long_as_it_cannot_be_had(bench: Bench, status: int) -> None:
    robots(bench, "User-agent: *\nDisallow: /node\n")
    bench.answers("/x")
    assert bench.fetcher().page(f"{bench.served.url}/x")
    robots(bench, "", status=status)
    fetcher = bench.fetcher(now=NOW + timedelta(days=40))
    assert fetcher.page(f"{bench.served.url}/x")
    with pytest.raises(Refused, match=r"robots\.txt forbids it"):
        fetcher.page(f"{bench.served.url}/node")
    assert bench.robots[bench.served.url].asked == NOW


def test_a_robots_txt_that_could_not_be_had_for_thirty_days_is_none(bench: Bench) -> None:
    robots(bench, "", status=500)
    for day in range(0, 30, 5):
        with pytest.raises(FetchError, match=r"robots\.txt answers 500"):
            bench.fetcher(now=NOW + timedelta(days=day)).page(f"{bench.served.url}/node")
    assert bench.fetcher(now=NOW + timedelta(days=30)).page(f"{bench.served.url}/node")


def test_of_a_host_that_is_down_nothing_is_asked_but_robots_txt(bench: Bench) -> None:
    bench.robots[bench.served.url] = Robots(None, NOW - timedelta(days=40), NOW - timedelta(days=40))
    bench.site.tricks["/robots.txt"] = resets()
    assert reason(bench, f"{bench.served.url}/node").startswith("cannot be reached")
    assert bench.asked() == ["GET /robots.txt"]


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_a_robots_txt_of_a_windows_editor_counts(bench: Bench, mark: str) -> None:
    bench.answers("/robots.txt", "User-agent: *\r\nDisallow: /\r\n".encode(mark), ("Content-Type", "text/plain"))
    assert reason(bench, f"{bench.served.url}/node", Refused) == "robots.txt forbids it"


def test_of_a_robots_txt_without_end_the_beginning_counts(bench: Bench) -> None:
    robots(bench, "User-agent: *\nDisallow: /node\n" + "# so it goes on\n" * 100_000)
    assert reason(bench, f"{bench.served.url}/node", Refused) == "robots.txt forbids it"
    assert bench.fetcher().page(bench.answers("/x"))


@pytest.mark.parametrize("delay", ["1e12", "1e309", "inf", "nan", "-5"])
def test_a_delay_beyond_reason_stops_no_run(bench: Bench, delay: str) -> None:
    robots(bench, f"User-agent: *\nCrawl-delay: {delay}\n")
    assert bench.fetcher(delay=1).pace(bench.served.url) in (1, 86_400)


@pytest.mark.parametrize("name", ["Date", "Retry-After"])
@pytest.mark.parametrize("value", ["Fri, 31 Dec 9999 23:59:59 -2359", f"Fri, 31 Dec {'9' * 20} 23:59:59 GMT", "9" * 99])
def test_a_date_beyond_the_calendar_stops_no_run(bench: Bench, name: str, value: str) -> None:
    url = bench.answers("/x", b"<p>x</p>", HTML, (name, value), status=200 if name == "Date" else 503)
    if name == "Date":
        assert bench.fetcher().page(url)
    else:
        assert reason(bench, url) == "the server answers 503 Service Unavailable"


def test_of_two_retry_afters_the_first_counts(bench: Bench) -> None:
    url = bench.answers("/p", b"", HTML, ("Retry-After", "60"), ("Retry-After", "7200"), status=503)
    assert not rested(bench, url, NOW)
    assert rested(bench, url, NOW + timedelta(seconds=59))
    assert not rested(bench, url, NOW + timedelta(seconds=61))


def test_a_host_that_serves_its_listing_and_nothing_else_is_tired_all_the_same(bench: Bench) -> None:
    broken = bench.answers("/p", b"", status=503)
    asked = 0
    for hour in range(48):
        fetcher = bench.fetcher(now=NOW + timedelta(hours=hour))
        before = len(bench.served.requests)
        with suppress(Resting):
            fetcher.page(f"{bench.served.url}/node")
        with pytest.raises(FetchError):
            fetcher.page(broken)
        asked += len(bench.served.requests) > before
    assert asked < 12


def test_one_request_at_a_time_is_under_way(bench: Bench) -> None:
    busy, most = 0, 0

    def slow() -> Answer:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        time.sleep(0.01)
        busy -= 1
        return Answer(200, (HTML,), b"<p>x</p>")

    fetcher = bench.fetcher()
    for n in range(10):
        bench.site.overrides[f"/{n}"] = slow
        fetcher.page(f"{bench.served.url}/{n}")
    assert most == 1


def test_a_run_has_a_budget_of_requests_to_a_host(bench: Bench) -> None:
    fetcher = bench.fetcher(budget=3)
    for n in range(2):
        fetcher.page(bench.answers(f"/{n}"))
    with pytest.raises(Resting, match=r"is not asked for: this run has made its 3 requests to 127\.0\.0\.1"):
        fetcher.page(bench.answers("/more"))
    assert bench.asked() == ["GET /robots.txt", "GET /0", "GET /1"]
    assert bench.fetcher(budget=3).page(f"{bench.served.url}/more")


def test_who_asks_for_hours_between_requests_gets_one_a_run(bench: Bench) -> None:
    bench.site.crawl_delay = 7200
    for hour in (0, 2, 4):
        fetcher = bench.fetcher(now=NOW + timedelta(hours=hour))
        with pytest.raises(Resting, match=r"since robots\.txt asks for 7200 s between two requests"):  # noqa: PT012 - whichever
            for n in range(10):
                fetcher.page(bench.answers(f"/{hour}/{n}"))
    assert bench.asked() == ["GET /robots.txt", "GET /2/0", "GET /4/0"]
    assert bench.slept == []


def test_what_was_asked_is_counted(bench: Bench) -> None:
    fetcher = bench.fetcher()
    page = fetcher.page(f"{bench.served.url}/node")
    assert page
    fetcher.page_if_changed(f"{bench.served.url}/node", page.validators)
    fetcher.measure(f"{bench.served.url}/themes/bartik/logo.png")
    assert (fetcher.traffic.requests, fetcher.traffic.unmodified) == (4, 1)
    size = len(page.text.encode()) + len(bench.site.answer("GET", "/robots.txt", {}, "").body)
    assert fetcher.traffic == Traffic(4, 1, size)


# ------------------------------------------------------------ moved for good


def moves(bench: Bench, path: str, to: str, status: int = 301) -> str:
    return bench.answers(path, b"", ("Location", to), status=status)


def again(bench: Bench, url: str, now: datetime = NOW) -> list[str]:
    """What a later run asks for to have this page."""
    bench.served.requests.clear()
    fetcher = bench.fetcher(now=now)
    try:
        fetcher.page(url)
    finally:
        for moved, to in fetcher.moved.items():
            if to:
                bench.moved[moved] = to
            else:
                bench.moved.pop(moved, None)
    return [a for a in bench.asked() if a != "GET /robots.txt"]


@pytest.mark.parametrize("status", [301, 308])
def test_a_page_that_moved_for_good_is_asked_for_where_it_is(bench: Bench, status: int) -> None:
    url = moves(bench, "/x", "/node/297", status)
    assert again(bench, url) == ["GET /x", "GET /node/297"]
    assert again(bench, url) == ["GET /node/297"]
    assert bench.moved == {url: Moved(f"{bench.served.url}/node/297", NOW)}
    assert again(bench, url, NOW + timedelta(days=1)) == ["GET /x", "GET /node/297"]  # to see whether it still is so


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_page_that_is_elsewhere_for_now_is_asked_for_where_it_was(bench: Bench, status: int) -> None:
    url = moves(bench, "/x", "/node/297", status)
    for _ in range(2):
        assert again(bench, url) == ["GET /x", "GET /node/297"]


def test_of_a_way_the_part_that_is_for_good_is_remembered(bench: Bench) -> None:
    url, _, _ = moves(bench, "/x", "/y"), moves(bench, "/y", "/z"), moves(bench, "/z", "/node/297", 302)
    assert again(bench, url) == ["GET /x", "GET /y", "GET /z", "GET /node/297"]
    assert again(bench, url) == ["GET /z", "GET /node/297"]


def test_what_is_for_good_behind_a_way_that_is_not_is_not_remembered(bench: Bench) -> None:
    url, _, _ = moves(bench, "/x", "/y"), moves(bench, "/y", "/z", 302), moves(bench, "/z", "/node/297")
    again(bench, url)
    assert again(bench, url) == ["GET /y", "GET /z", "GET /node/297"]


def test_where_it_moved_to_must_be_allowed_still(bench: Bench) -> None:
    url = bench.answers("/x")
    bench.moved[url] = Moved("https://other.example/x", NOW)
    assert again(bench, url) == ["GET /x"]


@pytest.mark.parametrize("status", [404, 403, 500, 503])
def test_where_it_moved_to_no_more_it_is_asked_for_where_it_was(bench: Bench, status: int) -> None:
    url = moves(bench, "/x", "/y")
    bench.answers("/y")
    again(bench, url)
    bench.answers("/y", b"", status=status)
    bench.answers("/x")
    assert again(bench, url) == ["GET /y", "GET /x"]
    assert again(bench, url) == ["GET /x"]
    assert bench.moved == {}


def test_where_robots_txt_of_its_new_place_forbids_it_it_is_asked_for_where_it_was(bench: Bench) -> None:
    url = bench.answers("/x")
    bench.moved[url] = Moved(f"{bench.served.url}/admin/x", NOW)
    with pytest.raises(Refused):
        again(bench, url)
    assert again(bench, url) == ["GET /x"]


def test_a_page_s_number_is_asked_for_whatever_it_leads_to(bench: Bench) -> None:
    url = moves(bench, "/node/5", "/content/alias")
    bench.answers("/content/alias")
    for _ in range(2):
        assert again(bench, url) == ["GET /node/5", "GET /content/alias"]


# ------------------------------------------------------------ private networks


def test_a_name_of_the_internet_that_leads_into_a_private_network_is_not_followed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(bench.served.url.rpartition(":")[2])
    looked_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *rest, **more: looked_up("127.0.0.1", *rest, **more))
    assert reason(bench, f"http://rada.example.org:{port}/node") == (
        "its name leads into a private network (127.0.0.1); if its site stands there, set private = true in [fetch]"
    )
    assert bench.asked() == []


def test_through_a_proxy_the_name_is_the_proxy_s_to_look_up(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", bench.served.url)
    bench.answers("http://rada.example.org/x")
    assert bench.fetcher().page("http://rada.example.org/x")
    assert bench.asked() == ["GET http://rada.example.org/robots.txt", "GET http://rada.example.org/x"]


@pytest.mark.parametrize(
    ("peer", "is_public"),
    [
        ("93.184.216.34", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),  # where clouds keep their secrets
        ("100.64.0.1", False),
        ("2a00:1450:4010:c0b::8a", True),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:93.184.216.34", True),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::5db8:d822", True),
        ("64:ff9b::a9fe:a9fe", False),
        ("2002:a9fe:a9fe::1", False),
        ("2002:5db8:d822::1", True),
        ("224.0.0.1", False),
        ("192.0.0.8", False),  # as are the next: Python 3.11 takes them for public
        ("192.88.99.1", False),
        ("::127.0.0.1", False),
        ("64:ff9b:1::a00:1", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("3fff::1", False),
        ("5f00::1", False),
    ],
)
def test_private_is_what_is_not_of_the_internet_however_it_is_written(peer: str, is_public: bool) -> None:
    assert networks.is_public(peer) is is_public


HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"


@pytest.mark.parametrize("is_conditional", [False, True], ids=["by requests", "without it"])
@pytest.mark.parametrize(
    "interim", [HINTS, b"HTTP/1.1 102 Processing\r\n\r\n", HINTS * 3, b"HTTP/1.1 100 Continue\r\n\r\n"]
)
def test_interim_answers_are_no_answer(bench: Bench, interim: bytes, is_conditional: bool) -> None:
    bench.site.tricks["/p"] = says(interim + OK + b"Content-Length: 9\r\n\r\n<p>ok</p>")
    url = f"{bench.served.url}/p"
    fetcher = bench.fetcher()
    page = fetcher.page_if_changed(url, Validators('"a"', None)) if is_conditional else fetcher.page(url)
    assert page.text == "<p>ok</p>"  # type: ignore[union-attr]


def test_interim_answers_without_end_are_an_error(bench: Bench) -> None:
    bench.site.tricks["/p"] = says(HINTS * 1000 + OK + b"Content-Length: 9\r\n\r\n<p>ok</p>")
    assert reason(bench, f"{bench.served.url}/p") == "the server answers 103 Early Hints"


def test_cookies_are_sent_back_within_measure(bench: Bench) -> None:
    """A server that gets more than it can read answers each request with an error."""
    many = [("Set-Cookie", f"c{n}={'v' * 3000}; Path=/") for n in range(90)]
    url = bench.answers("/p", b"<p>x</p>", HTML, ("Set-Cookie", "seen=yes; Path=/"), *many)
    fetcher = bench.fetcher()
    fetcher.page(url)
    fetcher.page(url)
    sent = bench.served.requests[-1].headers["cookie"]
    assert "seen=yes" in sent
    assert len(sent) < 8000


# ------------------------------------------------------------ what can go wrong


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (403, Refused, "the server answers 403 Forbidden"),
        (401, Refused, "the server answers 401 Unauthorized"),
        (404, FetchError, "the server answers 404 Not Found"),
        (500, FetchError, "the server answers 500 Internal Server Error"),
        (304, FetchError, "the server answers 304 Not Modified"),  # and nobody asked whether it was
    ],
)
def test_an_error_is_named_by_its_status(bench: Bench, status: int, kind: type[FetchError], said: str) -> None:
    assert reason(bench, bench.answers("/x", b"", status=status), kind) == said


def test_a_page_cut_short_on_its_way_is_no_page(bench: Bench) -> None:
    assert (
        reason(bench, bench.answers("/x", b"<p>half", HTML, ("Content-Length", "5000"))) == "was cut short on its way"
    )


def test_broken_compression_is_no_page(bench: Bench) -> None:
    packed = gzip.compress(b"<p>x</p>" * 100)[:-20] + b"\0" * 20
    assert reason(bench, bench.answers("/x", packed, HTML, ("Content-Encoding", "gzip"))) == "its compression is broken"


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_packed_giant_stops_at_the_limit(bench: Bench, encoding: str) -> None:
    giant = b"\0" * (20 * fetch.LIMIT)
    packed = gzip.compress(giant) if encoding == "gzip" else brotli.compress(giant, quality=1)
    assert len(packed) < 300_000
    tracemalloc.start()
    said = reason(bench, bench.answers("/x", packed, HTML, ("Content-Encoding", encoding)))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert said == "is larger than 10 MB"
    assert most < 3 * fetch.LIMIT


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_pages_come_packed_where_the_server_can(bench: Bench, encoding: str) -> None:
    html = b"<p>x</p>" * 1000
    packed = gzip.compress(html) if encoding == "gzip" else brotli.compress(html)
    fetcher = bench.fetcher()
    page = fetcher.page(bench.answers("/x", packed, HTML, ("Content-Encoding", encoding)))
    assert page
    assert page.text.encode() == html
    assert encoding in bench.served.requests[-1].headers["accept-encoding"]
    assert fetcher.traffic.bytes < len(html) / 10  # of robots.txt and of the packed page


def test_a_file_is_no_page(bench: Bench) -> None:
    assert reason(bench, bench.answers("/x", b"%PDF", ("Content-Type", "application/pdf"))) == (
        "is application/pdf, not a page"
    )


def test_a_redirect_within_the_site_is_followed(bench: Bench) -> None:
    url = bench.answers("/x", b"", ("Location", "/node/297"), status=301)
    page = bench.fetcher().page(url)
    assert page
    assert (page.asked, page.url) == (url, f"{bench.served.url}/node/297")


def test_a_redirect_to_another_site_is_not(bench: Bench) -> None:
    url = bench.answers("/x", b"", ("Location", "http://169.254.169.254/latest"), status=302)
    assert reason(bench, url) == "leads to another site: http://169.254.169.254/latest"


def test_redirects_in_a_circle_end(bench: Bench) -> None:
    url = bench.answers("/x", b"", ("Location", "/x"), status=302)
    assert reason(bench, url) == f"leads on and on, the last time to {url}"
    assert bench.asked().count("GET /x") == client.REDIRECTS + 1


def test_a_server_that_is_not_there_is_named(bench: Bench) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert reason(bench, f"http://127.0.0.1:{port}/").startswith("cannot be reached: ")


def test_a_host_that_does_not_exist_is_named(bench: Bench) -> None:
    said = reason(bench, "http://rada.invalid/")
    assert said.startswith("cannot be reached: ")
    assert "object at 0x" not in said


# ------------------------------------------------------------ files


def test_a_file_is_measured_by_asking_for_its_head(bench: Bench) -> None:
    url = f"{bench.served.url}/themes/bartik/logo.png"
    medium = bench.fetcher().measure(url)
    assert medium
    assert (medium.type, medium.length > 100) == ("image/png", True)
    assert bench.asked()[-1] == "HEAD /themes/bartik/logo.png"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, (HTML,), b"<h1>404</h1>"),
        Answer(200, (HTML,), b"<h1>404 in disguise</h1>"),
        Answer(200, (("Content-Type", "image/png"),), b""),
    ],
)
def test_a_file_that_is_none_has_no_measure(bench: Bench, answer: Answer) -> None:
    bench.site.overrides["/x.png"] = answer
    assert bench.fetcher().measure(f"{bench.served.url}/x.png") is None


@pytest.mark.parametrize("length", ["²".encode("latin-1"), b"-5", b"9" * 5000, b"1e3", b"0x10", b""])
def test_a_length_that_is_none_is_no_measure(bench: Bench, length: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: " + length + b"\r\n\r\n"
    bench.site.tricks["/x.png"] = says(head)
    assert bench.fetcher().measure(f"{bench.served.url}/x.png") is None


def test_a_measure_is_of_the_file_that_was_asked_for(bench: Bench) -> None:
    url = bench.answers("/x.png", b"\x89PNG1234", ("Content-Type", "image/png; q=1"))
    assert bench.fetcher().measure(url) == Medium(url, "image/png", 8)


# ------------------------------------------------------------ charsets

UKRAINIAN = "Щодо ґанку: її об'їзд — №5, «вулиця» є"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (UKRAINIAN.encode(), "text/html; charset=utf-8"),
        (UKRAINIAN.encode(), "text/html; charset=utf8"),
        (UKRAINIAN.encode(), "text/html"),
        (UKRAINIAN.encode(), "text/html; charset=windows-1251"),  # declared wrongly
        (b"\xef\xbb\xbf" + UKRAINIAN.encode(), "text/html"),
        (UKRAINIAN.encode("utf-16"), "text/html"),
        (UKRAINIAN.encode("cp1251"), "text/html; charset=windows-1251"),
        (UKRAINIAN.encode("cp1251"), "text/html; charset=Windows-1251; x=y"),
        (UKRAINIAN.encode("cp1251"), "text/html; charset=utf-8"),  # declared wrongly
        (UKRAINIAN.encode("cp1251"), "text/html; charset=no-such-thing"),
        (UKRAINIAN.encode("cp1251") * 8, "text/html"),  # not declared at all
    ],
)
def test_a_charset_is_believed_as_far_as_the_bytes_bear_it_out(body: bytes, content_type: str) -> None:
    assert fetch.decode(body, content_type).replace(UKRAINIAN, "") == ""


def test_the_page_s_own_meta_names_its_charset() -> None:
    page = f'<html><head><meta charset="windows-1251"></head><p>{UKRAINIAN}</p>'
    assert UKRAINIAN in fetch.decode(page.encode("cp1251"), "text/html")


@pytest.mark.parametrize(
    ("link", "read"),
    [
        ('<a href="/i.php?r=вода&amp;id=5#є">', '<a href="/i.php?r=%E2%EE%E4%E0&amp;id=5#є">'),
        ("<img src='/i.php?r=є б'>", "<img src='/i.php?r=%BA %E1'>"),
        ('<form action = "/вода?r=а%20&б">', '<form action = "/вода?r=%E0%20&%E1">'),
        ('<a title="href?" href=/i?я>так?</a>', '<a title="href?" href=/i?%FF>так?</a>'),
        ('<a href="mailto:a@b.example?subject=вода">', '<a href="mailto:a@b.example?subject=вода">'),
        ('<p title="?вода">Чому? Вода href="</p>', '<p title="?вода">Чому? Вода href="</p>'),
        ('<a href="HTTPS://a.example/?я">', '<a href="HTTPS://a.example/?%FF">'),
    ],
)
def test_a_query_is_in_the_page_s_charset(link: str, read: str) -> None:
    body = f"<p>{UKRAINIAN}</p>{link}"
    declared = fetch.decode(body.encode("cp1251"), "text/html; charset=windows-1251")
    assert declared == f"<p>{UKRAINIAN}</p>{read}"
    assert fetch.decode(body.encode(), "text/html; charset=utf-8") == body


def test_letters_that_a_charset_lacks_are_sent_as_references() -> None:
    assert in_charset('<a href="/?q=ščvода">', "cp1251") == '<a href="/?q=%26%23353%3B%26%23269%3Bv%EE%E4%E0">'


def test_queries_are_found_in_time() -> None:
    for piece in (" href=", '"href="', "?я", ' href="?'):
        assert ends(partial(in_charset, piece * 400_000 + "я", "cp1251"))


def test_stray_windows_bytes_in_utf_8_are_mended() -> None:
    body = "<p>Текст сторінки. ".encode() + "«з Word» – є".encode("cp1251") + " Далі текст</p>".encode()
    assert fetch.decode(body, "text/html; charset=utf-8") == "<p>Текст сторінки. «з Word» – є Далі текст</p>"


def test_nul_does_not_end_a_page() -> None:
    assert fetch.decode(b"<p>a\0b</p>", "text/html") == "<p>ab</p>"


@pytest.mark.parametrize(
    "head",
    [
        OK + b"\r\n",  # and the body drips
        pytest.param(OK + b"Content-Length: 5000\r\n\r\n", marks=pytest.mark.long),
        OK + b"X-Long: ",  # the headers do
        pytest.param(b"HTTP/1.1 200 ", marks=pytest.mark.long),
    ],
)
@pytest.mark.long
def test_a_page_that_drips_in_for_ever_is_given_up(bench: Bench, monkeypatch: pytest.MonkeyPatch, head: bytes) -> None:
    monkeypatch.setattr(client, "PATIENCE", 1.5)  # robots.txt comes within it on a busy machine too
    bench.site.tricks["/x"] = drips(head, b"x", 0.05)
    with bounded():
        assert reason(bench, f"{bench.served.url}/x") == "did not arrive within 1.5 s"


def test_a_server_that_says_nothing_is_not_waited_for(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "SILENCE", 0.5)
    monkeypatch.setattr(wire, "SILENCE", 0.5)
    bench.site.tricks["/x"] = says(b"", b"", pause=5)
    assert reason(bench, f"{bench.served.url}/x") == "no answer within 0.5 s"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_time_that_is_named_is_that_of_a_connection_where_there_is_none(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    """A machine that is off answers no connection, and one that hangs takes it and says nothing of TLS."""
    for room in (client, wire):
        monkeypatch.setattr(room, "CONNECT", 0.5)
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0 if scheme == "http" else 9)
        for caller in (first, second) if scheme == "http" else ():  # what comes after them is not answered
            caller.setblocking(False)
            with suppress(BlockingIOError):
                caller.connect(full.getsockname())
        assert reason(bench, f"{scheme}://127.0.0.1:{full.getsockname()[1]}/") == "no connection within 0.5 s"


@pytest.mark.parametrize(
    ("trick", "said"),
    [
        (resets(), "cannot be reached: Connection reset by peer"),
        (resets(OK), "cannot be reached: Connection reset by peer"),
        (resets(OK + b"Content-Length: 5000\r\n\r\n<p>half"), "was cut short on its way"),
        (says(), "cannot be reached: Remote end closed connection without response"),
        (says(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n<p>x</p>"), "was cut short on its way"),
        (says(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<p>"), "was cut short on its way"),
        (says(b"SSH-2.0-OpenSSH_9.2\r\n"), "cannot be reached: SSH-2.0-OpenSSH_9.2"),
    ],
)
def test_what_breaks_on_the_wire_is_named(bench: Bench, trick: Trick, said: str) -> None:
    bench.site.tricks["/x"] = trick
    assert reason(bench, f"{bench.served.url}/x") == said


def test_a_page_that_says_how_large_it_is_need_not_be_read_to_be_refused(bench: Bench) -> None:
    bench.site.tricks["/x"] = says(OK + b"Content-Length: 200000000\r\n\r\n", b"x" * 100_000)
    fetcher = bench.fetcher()
    with pytest.raises(FetchError, match="is larger than 10 MB"):
        fetcher.page(f"{bench.served.url}/x")
    assert fetcher.traffic.bytes < 200_000


def test_the_delay_begins_when_the_last_answer_is_over(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Client.read_body

    def slow(self: Client, *args: Any, **kwargs: Any) -> bytes:
        bench.slept.append(20)  # the time in which the body comes
        return whole(self, *args, **kwargs)

    monkeypatch.setattr(Client, "read_body", slow)
    fetcher = bench.fetcher(delay=1.5)
    fetcher.page(f"{bench.served.url}/node")
    fetcher.page(f"{bench.served.url}/node?page=1")
    assert bench.slept == [20, 1.5, 20, 1.5, 20]


def test_the_site_s_shorter_delay_does_not_count(bench: Bench) -> None:
    bench.site.crawl_delay = 1
    assert bench.fetcher(delay=5).pace(bench.served.url) == 5


def test_a_page_without_a_content_type_is_a_page(bench: Bench) -> None:
    bench.site.overrides["/x"] = Answer(200, (), b"<p>x</p>")
    page = bench.fetcher().page(f"{bench.served.url}/x")
    assert page
    assert page.text == "<p>x</p>"


def test_what_the_http_header_links_to_comes_with_the_page(bench: Bench) -> None:
    page = bench.fetcher().page(bench.answers("/x", b"<p>x</p>", HTML, ("Link", '</node/7>; rel="shortlink"')))
    assert page
    assert page.relations == {"shortlink": "/node/7"}


def test_a_redirect_does_not_lead_around_robots_txt(bench: Bench) -> None:
    url = bench.answers("/x", b"", ("Location", "/admin/x"), status=302)
    assert reason(bench, url, Refused) == "robots.txt forbids it"
    assert bench.asked() == ["GET /robots.txt", "GET /x"]


def test_what_robots_txt_says_to_us_by_name_counts(bench: Bench) -> None:
    bench.answers("/robots.txt", b"User-agent: *\nDisallow:\n\nUser-agent: feedpub\nDisallow: /node\nCrawl-delay: 7\n")
    assert reason(bench, f"{bench.served.url}/node", Refused) == "robots.txt forbids it"
    assert bench.fetcher().pace(bench.served.url) == 7


def test_a_robots_txt_that_moved_is_followed_at_the_usual_pace(bench: Bench) -> None:
    bench.answers("/robots.txt", b"", ("Location", "/r.txt"), status=301)
    bench.answers("/r.txt", b"User-agent: *\nDisallow: /node\n")
    with pytest.raises(Refused, match=r"robots\.txt forbids it"):
        bench.fetcher(delay=1.5).page(f"{bench.served.url}/node")
    assert bench.asked() == ["GET /robots.txt", "GET /r.txt"]
    assert bench.slept == [1.5]


def test_a_robots_txt_that_leads_to_another_host_is_none(bench: Bench) -> None:
    bench.answers("/robots.txt", b"", ("Location", "http://169.254.169.254/robots.txt"), status=301)
    assert bench.fetcher().page(f"{bench.served.url}/node")
    assert bench.asked() == ["GET /robots.txt", "GET /node"]


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_robots_txt_that_cannot_be_had_is_asked_for_once_a_run(bench: Bench, status: int) -> None:
    bench.answers("/robots.txt", b"", status=status)
    fetcher = bench.fetcher()
    for path in ("/node", "/node?page=1"):
        with pytest.raises(FetchError, match=rf"robots\.txt answers {status}"):
            fetcher.page(bench.served.url + path)
    assert bench.asked() == ["GET /robots.txt"]


def test_a_robots_txt_of_a_clock_that_was_wrong_is_asked_for_again(bench: Bench) -> None:
    bench.robots[bench.served.url] = Robots(
        "User-agent: *\nDisallow: /", NOW + timedelta(days=400), NOW + timedelta(days=401)
    )
    assert bench.fetcher().page(f"{bench.served.url}/node")


def test_a_file_is_measured_as_it_lies_there_and_not_packed(bench: Bench) -> None:
    bench.fetcher().measure(f"{bench.served.url}/themes/bartik/logo.png")
    assert bench.served.requests[-1].headers["accept-encoding"] == "identity"


def test_latin_1_is_what_some_servers_say_of_everything() -> None:
    page = f'<meta charset="windows-1251"><p>{UKRAINIAN}</p>'
    assert UKRAINIAN in fetch.decode(page.encode("cp1251"), "text/html; charset=iso-8859-1")


# ------------------------------------------------------------ left in peace


def rested(bench: Bench, url: str, now: datetime) -> bool:
    """Whether a fetcher of that time leaves the address alone."""
    before = len(bench.served.requests)
    with pytest.raises(FetchError) as failed:
        bench.fetcher(now=now).page(url)
    is_left = len(bench.served.requests) == before
    assert ("is left in peace until" in failed.value.reason) is is_left
    assert failed.value.is_unreachable is is_left or failed.value.status in (429, 503)
    return is_left


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("120", 120),
        (" 7200 ", 7200),
        ("Fri, 14 Nov 2025 12:30:00 GMT", 1800),
        ("999999999", 86_400),  # nobody is waited for longer than a day
        ("Thu, 13 Nov 2025 12:00:00 GMT", 0),
        ("soon", 0),
        ("", 0),
    ],
)
def test_a_server_that_asks_to_wait_is_left_in_peace_as_long(
    bench: Bench, status: int, retry_after: str, seconds: int
) -> None:
    url = bench.answers("/p", b"", HTML, ("Retry-After", retry_after), status=status)
    assert not rested(bench, url, NOW)
    if seconds:
        assert rested(bench, url, NOW + timedelta(seconds=seconds - 1))
        assert rested(bench, f"{bench.served.url}/another", NOW)  # the host, and not the page alone
    assert not rested(bench, url, NOW + timedelta(seconds=seconds))


def test_a_host_that_does_not_serve_is_asked_less_and_less_up_to_a_day(bench: Bench) -> None:
    url = bench.answers("/p", b"", status=503)
    asked = [hour for hour in range(24 * 5) if not rested(bench, url, NOW + timedelta(hours=hour))]
    assert asked == [0, 1, 2, 3, 4, 6, 10, 18, 34, 58, 82, 106]


def test_a_host_that_serves_again_is_asked_as_before(bench: Bench) -> None:
    url = bench.answers("/p", b"", status=503)
    for hour in range(10):
        rested(bench, url, NOW + timedelta(hours=hour))
    bench.answers("/p")
    assert bench.fetcher(now=NOW + timedelta(hours=10)).page(url)
    assert bench.rests == {}


def test_a_page_that_is_broken_or_gone_is_no_reason_to_leave_its_host_in_peace(bench: Bench) -> None:
    for status in (500, 404, 403):
        url = bench.answers("/p", b"", status=status)
        for hour in range(6):
            assert not rested_any(bench, url, NOW + timedelta(hours=hour))


def rested_any(bench: Bench, url: str, now: datetime) -> bool:
    before = len(bench.served.requests)
    with pytest.raises(FetchError):
        bench.fetcher(now=now).page(url)
    return len(bench.served.requests) == before


def test_a_clock_that_was_ahead_keeps_nobody_waiting(bench: Bench) -> None:
    url = bench.answers("/p", b"", HTML, ("Retry-After", "3600"), status=503)
    assert not rested(bench, url, NOW + timedelta(days=400))
    assert not rested(bench, url, NOW)
