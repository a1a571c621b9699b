"""A polite guest over many runs: what a site asks for, gets, and is spared."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from pathlib import Path

import pytest

from feedpub.demo.site import Answer
from tests.council import CONFIG, PAGE, Council
from tests.town import HOME, Town, failures


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def hours_asked(town: Town, hours: int) -> list[int]:
    """In which of so many hourly runs the listing was asked for."""
    asked = []
    for hour in range(hours):
        town.asked.clear()
        town.run(days=1 / 24)
        if f"GET {HOME}/" in town.asked:
            asked.append(hour)
    return asked


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
    assert said[-1] == f"{HOME}/: the server refuses one page after another; 5 more pages are left for the next run"
    assert len([a for a in town.asked if "/content/" in a]) == 5


def test_over_a_day_no_page_is_asked_for_more_often_than_it_must_be(town: Town) -> None:
    town.run()
    town.asked.clear()
    for _ in range(24):
        town.run(days=1 / 24)
    asked = Counter(town.asked)
    assert asked[f"GET {HOME}/"] == 24
    assert asked[f"GET {HOME}/robots.txt"] == 1
    assert max(n for page, n in asked.items() if "/content/" in page) <= 5  # the newest, hours old


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
    assert f"  traffic        {len(asked)} requests in the last {traffic['runs']} runs" in council.feedpub("status").out


def test_status_says_until_when_a_host_is_left_in_peace(council: Council) -> None:
    council.site.overrides["/"] = Answer(503, (*PAGE, ("Retry-After", "3600")), b"")
    council.feedpub("run")
    [row] = json.loads(council.feedpub("status", "--json").out)
    assert row["left_in_peace"]["why"] == "the server answers 503 Service Unavailable"
    assert (
        f"left in peace  until {row['left_in_peace']['until']}: the server answers 503" in council.feedpub("status").out
    )
