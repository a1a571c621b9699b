"""The owner of the cron job sees how each source is, and hears of it when that changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from feedpub.watch.silence import odd_silence
from tests.clock import AN_HOUR, BEGIN, Clock
from tests.council import CONFIG, Council, Ran
from tests.drupal.site import Answer
from tests.outages import publish


def lived(council: Council, clock: Clock, hours: range, trouble: Callable[[int], bool], path: str = "/") -> list[str]:
    """What was said in the runs of these hours; in some of them a page answers with an error."""
    said = []
    for hour in hours:
        clock.now = BEGIN + hour * AN_HOUR
        council.site.overrides.clear()
        if trouble(hour):
            council.break_page(path, 404 if path == "/" and hours.step > 1 else 500)
        said += council.feedpub("run").err.splitlines()
    return said


def state_of(council: Council) -> tuple[str, int]:
    """The state that ``status`` shows, and its exit code."""
    ran = council.feedpub("status", "--json")
    return json.loads(ran.out)[0]["state"], ran.code


# ------------------------------------------------------------ what is said over time; test_outages counts it


@pytest.mark.long
def test_an_outage_of_two_days_is_two_messages(council: Council, clock: Clock) -> None:
    said = lived(council, clock, range(72), lambda hour: 3 <= hour < 51)
    url = f"{council.served.url}/"
    assert said == [
        f"feedpub: zrazkiv: {url}: the server answers 500 Internal Server Error; it will be asked for again",
        said[-1],
    ]
    assert said[-1].startswith("feedpub: zrazkiv: well again, after ")
    assert said[-1].endswith(f" ({url}: the server answers 500 Internal Server Error)")


@pytest.mark.long
def test_one_article_that_fails_for_ever_is_one_message_and_the_run_is_well(council: Council, clock: Clock) -> None:
    said = lived(council, clock, range(72), lambda _: True, council.site.articles[-2].href)
    assert (len(said), "the server answers 500" in said[0]) == (1, True)
    [row] = json.loads(council.feedpub("status", "--json").out)
    assert (row["state"], row["last_success"] is not None, row["failures_in_a_row"] > 3) == ("well", True, True)


@pytest.mark.long
def test_a_listing_that_is_gone_for_good_is_at_most_five_messages_in_fifty_days(council: Council, clock: Clock) -> None:
    council.feedpub("run")
    said = lived(council, clock, range(6, 50 * 24, 6), lambda _: True)
    assert len(said) == 4
    way_out = "find the page that lists the news now, and set listings in its [[source]]"
    assert all("the server answers 404 Not Found" in line and way_out in line for line in said)
    assert said[-1].endswith(" (for 38 days)")
    assert state_of(council) == ("gone", 1)


@pytest.mark.long
def test_a_council_that_is_silent_for_far_longer_than_usual_is_stale_until_it_has_news(
    council: Council, clock: Clock
) -> None:
    council.site.page_size = 20
    publish(council.site, *(BEGIN - n * 24 * AN_HOUR for n in range(20, 0, -1)))
    said = lived(council, clock, range(0, 9 * 24, 6), lambda _: False)
    assert [line.partition(";")[0] for line in said] == [
        "feedpub: zrazkiv: no news since 2025-11-14",
        "feedpub: zrazkiv: no news since 2025-11-14",  # still, a day later
    ]
    assert state_of(council) == ("stale", 1)
    publish(council.site, clock.now - AN_HOUR)
    clock.now += AN_HOUR
    assert council.feedpub("run").err.startswith("feedpub: zrazkiv: well again, after ")


@pytest.mark.parametrize(
    ("gaps", "silent", "is_odd"),
    [
        ([1] * 20, 4, False),  # of holidays
        ([1] * 20, 6, True),
        ([1, 1, 1, 1, 3] * 6, 8, False),  # no news at weekends: the usual gap is three days
        ([1, 1, 1, 1, 3] * 6, 10, True),
        ([30] * 10, 80, False),
        ([30] * 10, 95, True),
        ([1] * 3, 60, False),  # nothing is usual yet
    ],
)
def test_a_silence_is_odd_after_three_of_the_source_s_own_gaps(gaps: list[int], silent: int, is_odd: bool) -> None:
    days = [BEGIN - timedelta(days=sum(gaps[:n])) for n in range(len(gaps) + 1)]
    looked = [(BEGIN + timedelta(days=n)).date() for n in range(-60, silent + 1)]
    now = BEGIN + timedelta(days=silent)
    assert (odd_silence(days, UTC, looked, now) is not None) is is_odd
    assert odd_silence(days, UTC, looked[-3:], now) is None  # nobody looked before: nobody can miss anything


def test_of_many_sources_with_the_same_trouble_one_line_is_said_and_one_that_it_is_over(council: Council) -> None:
    head, source = CONFIG.split("[[source]]")
    sources = [source.replace('id = "zrazkiv"', f'id = "rada{n}"') for n in range(7)]
    text = "[[source]]".join([head, *sources])
    council.configure(text, home="http://127.0.0.1:9/", layout="")
    assert council.feedpub("run").err == (
        "feedpub: rada0, rada1, rada2 and 4 more do not answer; `feedpub status` names each, with the reason\n"
    )
    assert council.feedpub("run") == Ran(1, "", "")


# ------------------------------------------------------------ status


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Answer(500), ("resting", 0)),
        (Answer(404), ("gone", 1)),
        (Answer(403), ("gone", 1)),
        (Answer(200, (("Content-Type", "text/html"),), b"<html><p>x</p></html>"), ("drifting", 1)),
    ],
    ids=["500", "404", "403", "another layout"],
)
def test_status_tells_a_site_that_rests_from_one_that_needs_a_hand(
    council: Council, clock: Clock, answer: Answer, state: tuple[str, int]
) -> None:
    council.feedpub("run")
    council.site.overrides["/"] = answer
    clock.now += AN_HOUR
    council.feedpub("run")
    assert state_of(council) == state


def test_status_misses_the_cron_job(council: Council, clock: Clock) -> None:
    council.feedpub("run")
    assert state_of(council) == ("well", 0)
    clock.now += timedelta(days=3)
    ran = council.feedpub("status")
    assert ran.code == 1
    assert (
        "state          BROKEN since 2025-11-15T12:00:00+00:00: no run has asked its site since 2025-11-15" in ran.out
    )


def test_status_names_a_source_that_the_configuration_has_lost(council: Council) -> None:
    council.feedpub("run")
    council.configure(CONFIG.replace('id = "zrazkiv"', 'id = "zrazky"'))
    ran = council.feedpub("status")
    assert ran.code == 1
    assert "feedpub: zrazkiv: is in the state with 10 items, and not in " in ran.err


# ------------------------------------------------------------ a service that watches cron jobs


class Service(BaseHTTPRequestHandler):
    heard: ClassVar[list[tuple[str, str]]] = []
    status: ClassVar[int] = 200

    def do_POST(self) -> None:  # its name is http.server's
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.heard.append((self.path, body))
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[str]:
    """The address of a service that hears of runs."""
    Service.heard.clear()
    Service.status = 200
    with HTTPServer(("127.0.0.1", 0), Service) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/abc-def"
        finally:
            server.shutdown()
            thread.join()


def test_a_service_hears_of_every_run_and_which_source_needs_a_hand(council: Council, service: str) -> None:
    council.configure(f'{CONFIG}\n[watch]\nping = "{service}"\n')
    council.feedpub("run")
    council.feedpub("run")
    assert Service.heard == [("/abc-def", ""), ("/abc-def", "")]
    council.break_page("/", 404)
    council.feedpub("run")
    path, body = Service.heard[-1]
    assert (path, body.startswith("zrazkiv: gone: http")) == ("/abc-def/fail", True)


@pytest.mark.parametrize("status", [500, 404])
def test_a_service_that_fails_fails_no_run(council: Council, service: str, status: int) -> None:
    Service.status = status
    council.configure(f'{CONFIG}\n[watch]\nping = "{service}"\n')
    assert council.feedpub("run").code == 0
    ran = council.feedpub("run", "--verbose")
    assert (ran.code, f"[watch] ping: 127.0.0.1: answers {status}; the service says so itself" in ran.err) == (0, True)
    assert "abc-def" not in ran.err  # the address is a secret
