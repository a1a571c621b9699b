"""A polite guest over many runs: what a site asks for, gets, and is spared."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from tests.council import CONFIG, PAGE, Council
from tests.drupal.site import Answer
from tests.states import tamper
from tests.town import HOME, Town, failures


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def changed(council: Council, sql: str) -> None:
    tamper(council.state, sql)


def hours_asked(town: Town, hours: int) -> list[int]:
    """In which of so many hourly runs the listing was asked for."""
    asked = []
    for hour in range(hours):
        town.asked.clear()
        town.run(days=1 / 24)
        if f"GET {HOME}/" in town.asked:
            asked.append(hour)
    return asked


@pytest.mark.long
@pytest.mark.parametrize("status", [401, 403, 404, 500, 502])
def test_a_listing_that_is_answered_with_an_error_is_asked_for_less_and_less(town: Town, status: int) -> None:
    town.run()
    town.site.overrides["/"] = Answer(status, PAGE, b"<h1>Forbidden</h1>")
    assert hours_asked(town, 24 * 3) == [0, 1, 2, 3, 4, 6, 10, 18, 34, 58]
    town.site.overrides.clear()
    assert failures(town.run(days=1)) == []
    assert hours_asked(town, 3) == [0, 1, 2]


def test_a_listing_that_comes_and_cannot_be_read_is_looked_at_as_always(town: Town) -> None:
    town.run()
    town.site.overrides["/"] = Answer(200, PAGE, b"<html><body><h1>x</h1></body></html>")
    assert hours_asked(town, 9) == list(range(9))


@pytest.mark.parametrize("status", [401, 403])
def test_where_the_listing_is_refused_nothing_else_is_asked_for(town: Town, status: int) -> None:
    town.run()
    town.site.overrides["/"] = Answer(status, PAGE, b"<h1>Forbidden</h1>")
    for _ in range(10):
        town.asked.clear()
        town.run(days=3)  # so that articles are due for another look
        assert set(town.asked) <= {f"GET {HOME}/", f"GET {HOME}/robots.txt"}


def test_who_is_left_in_peace_is_told_of_once_and_until_when(council: Council) -> None:
    council.site.overrides["/"] = Answer(503, (*PAGE, ("Retry-After", "3600")), b"")
    said = council.feedpub("run").err
    assert re.fullmatch(
        r"feedpub: zrazkiv: \S+: the server answers 503 Service Unavailable; it will be asked for again after"
        r" \d{4}-\d\d-\d\d \d\d:\d\d UTC\n",
        said,
    )
    time.sleep(1.1)  # a run knows itself by its second
    assert council.feedpub("run").err == ""
    assert "is left in peace until" in council.feedpub("run", "--verbose").err


def test_a_site_that_refuses_page_after_page_is_not_asked_for_all_of_them(town: Town) -> None:
    for article in town.site.articles:
        town.site.overrides[article.href] = Answer(403, PAGE, b"<h1>Forbidden</h1>")
    said = failures(town.run())
    assert (
        said[-1]
        == f"{HOME}/: the server answers one page after another with an error; 5 more pages are left for the next run"
    )
    assert len([a for a in town.asked if "/content/" in a]) == 5


@pytest.mark.long
def test_over_a_day_no_page_is_asked_for_more_often_than_it_must_be(town: Town) -> None:
    town.run()
    town.asked.clear()
    for _ in range(24):
        town.run(days=1 / 24)
    asked = Counter(town.asked)
    assert asked[f"GET {HOME}/"] == 24
    assert asked[f"GET {HOME}/robots.txt"] == 1
    assert max(n for page, n in asked.items() if "/content/" in page) <= 5  # the newest, hours old


@pytest.mark.long
def test_a_run_s_budget_leaves_the_rest_to_the_next(council: Council) -> None:
    council.configure(CONFIG.replace("delay = 0", "delay = 0\nbudget = 10"))
    asked, said = [], []
    for _ in range(4):
        ran = council.feedpub("run")
        asked.append(len(council.requests()))
        said.append(ran.err)
    assert max(asked) == 10
    assert (
        "is not asked for: this run has made its 10 requests to 127.0.0.1; 2 pages are left for a later run" in said[0]
    )
    assert (said[-1], len(council.items())) == ("", 10)


@pytest.mark.long
def test_a_backfill_has_none(council: Council) -> None:
    council.configure(CONFIG.replace("delay = 0", "delay = 0\nbudget = 10"))
    assert council.feedpub("backfill").code == 0
    assert len(council.items()) == 31


def test_what_moved_for_good_is_not_asked_for_twice(council: Council) -> None:
    council.site.overrides["/"] = Answer(301, (("Location", "/node"),), b"")
    council.feedpub("run")
    assert [r.path for r in council.requests()][:3] == ["/robots.txt", "/", "/node"]
    council.feedpub("run")
    assert [(r.path, r.status) for r in council.requests()] == [("/node", 304)]


def test_status_tells_what_the_last_runs_asked_for(council: Council) -> None:
    council.feedpub("run")
    asked = council.requests()
    council.break_page("/")
    council.feedpub("run")  # and 304s for what is due, if anything is
    asked += council.requests()
    [row] = json.loads(council.feedpub("status", "--json").out)
    traffic = row["traffic"]
    assert traffic["requests"] == len(asked)
    assert traffic["not_modified_share"] == round(sum(r.status == 304 for r in asked) / len(asked), 3)
    assert traffic["bytes"] > 50_000
    line = f"  traffic        {len(asked)} requests in the last {traffic['runs']} recorded runs"
    assert line in council.feedpub("status").out


def test_status_says_until_when_a_host_is_left_in_peace(council: Council) -> None:
    council.site.overrides["/"] = Answer(503, (*PAGE, ("Retry-After", "3600")), b"")
    council.feedpub("run")
    [row] = json.loads(council.feedpub("status", "--json").out)
    assert row["left_in_peace"]["why"] == "the server answers 503 Service Unavailable"
    assert (
        f"left in peace  until {row['left_in_peace']['until']}: the server answers 503" in council.feedpub("status").out
    )


def test_a_redirect_to_what_is_no_news_is_forgotten(council: Council) -> None:
    council.feedpub("run")
    council.site.overrides["/"] = Answer(301, (("Location", "/maintenance.html"),), b"")
    council.site.overrides["/maintenance.html"] = Answer(
        200, PAGE, "<title>Технічні роботи</title><h1>Технічні роботи</h1></html>".encode()
    )
    assert council.feedpub("run").code == 1
    del council.site.overrides["/"]
    council.requests()
    assert council.feedpub("run").code == 0
    assert [r.path for r in council.requests()] == ["/"]


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.long
def test_a_listing_that_is_refused_or_gone_is_a_failure_for_as_long_as_it_is(council: Council, status: int) -> None:
    council.feedpub("run")
    council.break_page("/", status)
    for n in range(8):
        changed(council, "UPDATE visit SET asked = '2025-01-01T00:00:00Z' WHERE listing")  # as if time had gone by
        ran = council.feedpub("run")
        assert (ran.code, ran.err.count(f"the server answers {status}")) == (1, n == 0)  # it is said once
    [row] = json.loads(council.feedpub("status", "--json").out)
    assert row["failures_in_a_row"] == 8


@pytest.mark.long
def test_a_listing_that_cannot_be_read_is_told_of_once_and_is_a_failure_as_long_as_it_is(council: Council) -> None:
    council.feedpub("run")
    council.break_page("/", 200, "<html><body><h1>x</h1></body></html>")
    ran = [council.feedpub("run") for _ in range(25)]
    assert [n for n, one in enumerate(ran, 1) if one.err] == [1]
    assert {one.code for one in ran} == {1}


@pytest.mark.long
def test_a_listing_is_asked_for_in_full_once_a_day(town: Town) -> None:
    """Some caches say "not modified" for ever."""
    town.run()
    known = town.site.answer
    whole: list[int] = []

    def stuck(method: str, path: str, headers: Mapping[str, str], base_url: str) -> Answer:
        if path == "/" and "if-none-match" in headers:
            return Answer(304)
        whole.append(path == "/")
        return known(method, path, headers, base_url)

    town.site.answer = stuck  # type: ignore[method-assign]
    for _ in range(72):
        town.run(days=1 / 24)
    assert sum(whole) == 3


def test_a_site_that_fails_at_page_after_page_is_not_asked_for_all_of_them(town: Town) -> None:
    for article in town.site.articles:
        town.site.overrides[article.href] = Answer(502, PAGE, b"")
    assert failures(town.run())[-1].endswith("with an error; 5 more pages are left for the next run")


@pytest.mark.long
def test_what_was_not_asked_for_is_not_taken_for_missing(council: Council) -> None:
    pictures = [a.images[0].file for a in council.site.articles[-10:] if a.images]
    assert len(pictures) > 2
    council.feedpub("run")
    wanted = sum(1 for i in council.items() if i.get("attachments"))
    council.lose_state()
    shutil.rmtree(council.folder / "public")
    council.configure(CONFIG.replace("delay = 0", "delay = 0\nbudget = 13"))
    for _ in range(4):
        council.feedpub("run")
    assert sum(1 for i in council.items() if i.get("attachments")) == wanted


@pytest.mark.long
def test_a_backfill_keeps_its_place_while_a_host_rests(council: Council) -> None:
    council.site.overrides["/node?page=2"] = Answer(503, (*PAGE, ("Retry-After", "3600")), b"")
    assert council.feedpub("backfill").code == 1
    time.sleep(1.1)  # a run knows itself by its second
    assert council.feedpub("backfill").code == 1
    changed(council, "UPDATE rest SET until = '2025-01-01T00:00:00Z'")
    council.site.overrides.clear()
    council.requests()
    assert council.feedpub("backfill").code == 0
    assert [r.path for r in council.requests() if r.path in ("/", "/node", "/node?page=1")] == []


# ------------------------------------------------------------ a long Crawl-delay


def slow(town: Town) -> None:
    """The site asks for fifty minutes between two requests."""
    town.site.overrides["/robots.txt"] = Answer(200, (("Content-Type", "text/plain"),), SLOW)
    town.robots.clear()


SLOW = b"User-agent: *\nCrawl-delay: 3000\n"


@pytest.mark.long
def test_where_robots_txt_asks_for_long_pauses_a_run_makes_one_request_and_sleeps_not(town: Town) -> None:
    ordered = sorted(town.site.articles, key=lambda article: article.utc, reverse=True)
    newest, town.site.articles = ordered[:3], ordered[3:]
    town.run(backfill=True)
    slow(town)
    town.site.articles = [*newest, *town.site.articles]
    began, asked = time.monotonic(), []
    said: list[str] = []
    for _ in range(8):
        town.asked.clear()
        said += [o.message or "" for o in town.run(days=1 / 24) if o.verdict is None and not o.is_said]
        asked.append(list(town.asked))
    assert time.monotonic() - began < 30
    assert asked[0] == [f"GET {HOME}/robots.txt"]
    assert all(len(requests) == 1 for requests in asked)
    assert {f"GET {HOME}{article.href}" for article in newest} <= {one for requests in asked for one in requests}
    assert [requests[0] for requests in asked].count(f"GET {HOME}/") >= 2  # once nothing waits, the listing again
    assert len(said) == 1
    assert "robots.txt asks for 3000 s between two requests" in said[0]


@pytest.mark.long
def test_long_pauses_hold_between_runs_too(town: Town) -> None:
    town.run(backfill=True)
    slow(town)
    times = []
    for quarter in range(16):
        town.asked.clear()
        town.run(days=1 / 96)
        times += [quarter] * len(town.asked)
    assert min(b - a for a, b in pairwise(times)) * 15 >= 50  # minutes
