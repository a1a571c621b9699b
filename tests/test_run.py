"""feedpub run and backfill, over real HTTP against the demo council, as its people would see them."""

from __future__ import annotations

import _thread
import gzip
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest

from feedpub.collecting import naming, walking
from feedpub.collecting.fetch import Fetcher
from feedpub.model import Reading
from feedpub.publishing import documents
from feedpub.publishing.check import check, together
from feedpub.store.visits import Visits
from tests.clock import Clock
from tests.council import CONFIG, LAYOUT, PAGE, Council, Ran
from tests.drupal.articles import Image
from tests.drupal.site import Answer
from tests.states import at_work, tamper


def newest(council: Council, count: int) -> list[str]:
    """The titles of the council's newest listed articles, reposts aside, as the site has them."""
    listed = [a for a in council.site.articles if a.listed and not a.same_as]
    return [a.expected_title for a in sorted(listed, key=lambda a: (a.utc, a.number), reverse=True)][:count]


def titles(council: Council) -> list[str]:
    return [i["title"] for i in council.items()]


# ------------------------------------------------------------ a resident


def test_the_first_run_publishes_the_first_page_of_the_listing(council: Council) -> None:
    ran = council.feedpub("run")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert titles(council)[:9] == newest(council, 9)
    assert len(titles(council)) == 10  # the sticky one is old and stands last
    assert titles(council)[-1] == next(a.expected_title for a in council.site.articles if a.sticky)


def test_a_backfill_brings_every_listed_article_once(council: Council) -> None:
    assert council.feedpub("backfill").code == 0
    assert titles(council) == newest(council, 99)
    assert len(titles(council)) == 31  # 32 stand in the listing, one of them twice


@pytest.mark.long
def test_every_article_is_as_the_council_wrote_it(council: Council) -> None:
    council.feedpub("backfill")
    items = {i["id"].rpartition("/")[2]: i for i in council.items()}
    for article in council.site.articles:
        if not article.listed or article.same_as:
            continue
        item = items[str(article.number)]
        assert item["title"] == article.expected_title
        assert datetime.fromisoformat(item["date_published"]) == article.utc
        assert tuple(item.get("tags", ())) == article.categories
        text = " ".join(item["content_html"].split())
        assert f'<a href="{council.served.url}{article.href}">127.0.0.1</a>' in text
        for image in article.images:
            assert image.file in text or image.file in item.get("image", "")


def test_the_text_of_every_article_is_whole_and_nothing_else(council: Council) -> None:
    council.feedpub("backfill")
    texts = dict(tamper(council.state, "SELECT id, text FROM item"))
    for article in council.site.articles:
        if article.listed and not article.same_as:
            [text] = [t for i, t in texts.items() if i.endswith(f"/node/{article.number}")]
            expected = " ".join(" ".join(article.text).split())
            assert without_embedded(text) == expected, article.number


def without_embedded(text: str) -> str:
    """Without the links that stand for players, of which the expected text knows nothing."""
    return " ".join(line for line in text.split("\n") if line != "youtube.com" and not line.endswith(".mp4"))


@pytest.mark.long
def test_an_item_is_not_new_again_after_a_lost_state(council: Council) -> None:
    council.feedpub("run")
    council.feedpub("backfill")
    before = council.feeds()
    council.lose_state()
    council.feedpub("run")
    council.feedpub("backfill")
    assert council.feeds() == before


@pytest.mark.long
def test_an_item_is_not_new_again_when_its_address_changes(council: Council) -> None:
    council.feedpub("run")
    ids = [i["id"] for i in council.items()]
    article = council.site.articles[-1]
    council.site.articles[-1] = replace(article, alias="content/inshyi-alias")
    assert council.feedpub("run").code == 0
    assert [i["id"] for i in council.items()] == ids
    assert council.items()[0]["url"] == f"{council.served.url}/content/inshyi-alias"
    assert council.items()[0]["date_modified"] == council.items()[0]["date_published"]


def test_a_repost_is_no_second_item(council: Council) -> None:
    council.feedpub("run")
    before = council.feeds()
    article = council.site.articles[-1]
    repost = replace(article, number=300, alias="content/povtor", utc=article.utc + timedelta(days=1),
                     date="15/11/2025 - 09:30")  # fmt: skip
    council.site.articles.append(repost)
    assert council.feedpub("run").code == 0
    assert council.feeds() == before


@pytest.mark.parametrize(
    ("days", "quoted", "is_repost"),
    [
        (30, 5, True),  # 10 characters more and one less
        (31, 5, False),
        (30, 6, False),  # 12 more and one less: the slack is 8, and two per cent of the text
    ],
)
def test_a_repost_with_a_slip_is_found_as_late_and_as_long_as_the_rule_says(
    council: Council, days: int, quoted: int, is_repost: bool
) -> None:
    """Other than one with the very same words, it is found by its length and its date."""
    words = "14 березня з 09:00 до 15:00 у місті (вул. Набережна, 29) видають допомогу для сімей. Відповідає відділ."
    marked = " ".join(f"«{word}»" if n < quoted else word for n, word in enumerate(words.split()))
    first = replace(council.site.articles[-1], number=300, alias="content/dopomoga", images=(), body=f"<p>{words}</p>")
    later = first.local + timedelta(days=days)
    again = replace(first, number=301, alias="content/povtor", utc=later, date=f"{later:%d/%m/%Y - %H:%M}",
                    body=f"<p>{marked.replace('допомогу', 'допмогу')}</p>")  # fmt: skip
    council.site.articles.append(first)
    council.feedpub("run")
    council.site.articles.append(again)
    assert council.feedpub("run").code == 0
    numbers = [item["id"].rpartition("/")[2] for item in council.items()]
    assert numbers[:2] == (["300", "297"] if is_repost else ["301", "300"])


# ------------------------------------------------------------ an aggregator


@pytest.mark.long
def test_every_feed_passes_its_check_and_has_a_compressed_twin(council: Council) -> None:
    council.feedpub("backfill")
    feeds = council.feeds()
    assert {"atom.xml", "feed.json", "rss.xml", "text/rss.xml", "archive/2025-11/items.ndjson"} <= feeds.keys()
    for name in (n for n in feeds if not n.endswith((".gz", ".br"))):
        assert check(feeds[name]) == []
        assert gzip.decompress(feeds[f"{name}.gz"]) == brotli.decompress(feeds[f"{name}.br"]) == feeds[name]


def test_enclosures_have_the_true_type_and_length(council: Council) -> None:
    council.feedpub("run")
    [enclosed] = [i["attachments"][0] for i in council.items() if i["title"].startswith("У Зразкові запрацював")]
    path = enclosed["url"].removeprefix(council.served.url)
    answer = council.site.answer("GET", path, {}, council.served.url)
    assert (enclosed["mime_type"], enclosed["size_in_bytes"]) == ("image/png", len(answer.body))


def test_a_run_that_finds_nothing_new_asks_once_and_writes_nothing(council: Council) -> None:
    council.feedpub("run")
    council.requests()
    before = council.files()
    assert council.feedpub("run") == Ran(0, "", "")
    [asked, *others] = council.requests()
    assert (asked.method, asked.path, asked.status, others) == ("GET", "/", 304, [])
    assert council.files() == before


def test_a_site_without_validators_makes_nobody_write_either(council: Council) -> None:
    council.site.cache = False
    council.feedpub("run")
    before = council.files()
    council.requests()
    assert council.feedpub("run").code == 0
    assert [(r.path, r.status) for r in council.requests()] == [("/", 200)]
    assert council.files() == before


def test_a_run_that_finds_nothing_new_does_not_load_what_it_does_not_need(council: Council) -> None:
    council.feedpub("run")
    script = (
        "import sys; from feedpub.cli import main; code = main(['run', '--config', sys.argv[1]]);"
        "print(code, [m for m in ('feedgen', 'bs4', 'nh3', 'lxml', 'dateutil', 'tqdm', 'trafilatura', 'pymorphy3',"
        "'tinycss2', 'jinja2', 'babel', 'segno', 'PIL', 'waitress', 'werkzeug', 'requests', 'urllib3',"
        "'feedpub.html.dates', 'feedpub.html.tree',"
        "'feedpub.store.ledger', 'feedpub.collecting.fetch.apart', 'feedpub.store.shared', 'feedpub.collecting.learn',"
        "'feedpub.collecting.scrape', 'feedpub.collecting.normalize', 'feedpub.publishing.page',"
        "'feedpub.publishing.feed', 'feedpub.publishing.check', 'feedpub.publishing.serve')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(council.config)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0 []\n"


@pytest.mark.long
def test_an_edit_that_a_reader_sees_moves_updated_and_nothing_else(council: Council) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    born = now - timedelta(days=2)
    article = replace(council.site.articles[-1], number=300, alias="content/svizhe", utc=born,
                      date=f"{born:%d/%m/%Y - %H:%M}")  # fmt: skip
    council.site.articles.append(article)
    council.feedpub("run")
    [first] = [i for i in council.items() if i["id"].endswith("/300")]
    assert first["date_published"] == first["date_modified"]
    changed(council, "UPDATE visit SET due = ? WHERE url LIKE '%svizhe'", f"{born:%Y-%m-%dT%H:%M:%SZ}")
    council.site.articles[-1] = replace(article, body="<p>Виправлений текст.</p>")
    assert council.feedpub("run").code == 0
    [second] = [i for i in council.items() if i["id"].endswith("/300")]
    assert second["date_published"] == first["date_published"]
    assert datetime.fromisoformat(second["date_modified"]) >= now
    assert "Виправлений текст." in second["content_html"]


def after_a_pause(council: Council) -> None:
    """Five articles are known, and the listing of three a page has all the others before them."""
    council.site.page_size = 3
    later = council.site.articles[5:]
    council.site.articles = council.site.articles[:5]
    council.feedpub("backfill")
    council.site.articles += later
    changed(council, "UPDATE source SET looked = '2025-01-01T00:00:00Z'")


@pytest.mark.long
def test_after_a_pause_the_listing_is_turned_back_until_something_is_known(council: Council) -> None:
    after_a_pause(council)
    assert council.feedpub("run").code == 0
    assert titles(council) == newest(council, 99)


# ------------------------------------------------------------ the owner of the cron job


def test_a_broken_article_does_not_stop_the_others(council: Council) -> None:
    article = council.site.articles[-2]
    council.break_page(article.href)
    ran = council.feedpub("run")
    url = council.served.url + article.href
    assert (ran.code, ran.err) == (
        1, f"feedpub: zrazkiv: {url}: the server answers 500 Internal Server Error; it will be asked for again\n",
    )  # fmt: skip
    assert len(titles(council)) == 9
    assert article.expected_title not in titles(council)


@pytest.mark.long
def test_a_failure_is_told_once_and_the_code_tells_until_it_is_over(council: Council) -> None:
    article = council.site.articles[-2]
    council.break_page(article.href)
    council.feedpub("run")
    assert council.feedpub("run") == Ran(1, "", "")
    assert "(3 times in a row)" in council.feedpub("run", "--verbose").err
    council.site.overrides.clear()
    assert council.feedpub("run").code == 0
    assert article.expected_title in titles(council)


@pytest.mark.long
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(500, PAGE, b"<h1>x</h1>"), "the server answers 500 Internal Server Error"),
        (Answer(200, PAGE, "<html><p>Ратуша</p></html>".encode()), "no news found: item = ['.node-teaser'"),
        (Answer(200, PAGE, b""), "is empty"),
        (Answer(200, (*PAGE, ("Content-Length", "90000")), b"<html>"), "was cut short on its way"),
        (Answer(403, PAGE, b"<h1>Just a moment...</h1>"), "the server answers 403 Forbidden"),
    ],
    ids=["500", "no links", "empty", "cut short", "403"],
)
def test_a_listing_that_fails_leaves_the_last_good_feeds(council: Council, answer: Answer, said: str) -> None:
    council.feedpub("run")
    before = council.feeds()
    council.site.overrides["/"] = answer
    ran = council.feedpub("run")
    assert ran.code == 1
    assert ran.err.startswith(f"feedpub: zrazkiv: {council.served.url}/: {said}")
    assert ran.err.count("\n") == 1
    assert council.feedpub("run") == Ran(1, "", "")  # it is told once
    assert council.feeds() == before
    council.site.overrides.clear()
    changed(council, "UPDATE visit SET asked = '2025-01-01T00:00:00Z' WHERE error IS NOT NULL")
    ran = council.feedpub("run")
    assert (ran.code, ran.err.count("zrazkiv: well again, after 0 minutes (http"), ran.err.count("\n")) == (0, 1, 1)
    council.site.overrides.clear()
    assert council.feedpub("run").code == 0


def test_an_article_cut_short_at_its_source_is_no_article(council: Council) -> None:
    article = council.site.articles[-1]
    whole = council.site.answer("GET", article.href, {}, council.served.url).body
    council.site.overrides[article.href] = Answer(200, PAGE, whole[: whole.index(b"</body>")])
    ran = council.feedpub("run")
    assert ran.code == 1
    assert "was cut short: it has no end, and other pages of the site have" in ran.err
    assert article.expected_title not in titles(council)


def test_a_date_that_no_format_reads_is_an_error_and_not_now(council: Council) -> None:
    article = council.site.articles[-1]
    whole = council.site.answer("GET", article.href, {}, council.served.url).body.decode()
    local = article.local.isoformat()
    council.site.overrides[article.href] = Answer(
        200, PAGE, whole.replace(local, "").replace(article.date, "вчора о 9").encode()
    )
    ran = council.feedpub("run")
    assert ran.code == 1
    assert "no date format reads 'вчора о 9'; add one to date_formats in [source.layout]" in ran.err


def test_a_date_in_the_future_is_doubted_and_said_once(council: Council) -> None:
    article = replace(council.site.articles[-1], number=300, title="Колись", alias="content/maibutnie",
                      date="01/01/2099 - 00:00", utc=datetime(2098, 12, 31, 22, tzinfo=UTC))  # fmt: skip
    council.site.articles.append(article)
    ran = council.feedpub("run")
    assert ran.code == 0
    assert ran.err == (f"feedpub: zrazkiv: {council.served.url}/content/maibutnie: its date lies in the future:"
                       " 2099-01-01 00:00; it is dated by when it was first seen\n")  # fmt: skip
    [item] = [i for i in council.items() if i["id"].endswith("/300")]
    assert datetime.fromisoformat(item["date_published"]) <= datetime.now(UTC)
    assert council.feedpub("run").err == ""


@pytest.mark.long
def test_files_that_an_interrupted_run_did_not_measure_are_measured_by_the_next(council: Council) -> None:
    first = council.site.articles[-1].images[0].file
    [page] = [a for a in council.site.articles if a.images and a.images[0].file == first]
    html = council.site.answer("GET", page.href, {}, council.served.url).body.decode()
    path = re.findall(rf'src="{council.served.url}([^"]*{first}[^"]*)"', html)[0]
    council.site.overrides[path] = interrupting(council)
    assert council.feedpub("run").code == 130
    assert "attachments" not in council.items()[0]
    assert council.feedpub("run").code == 0
    assert council.items()[0]["attachments"][0]["url"] == council.served.url + path


@pytest.mark.long
def test_feeds_that_somebody_deleted_come_back(council: Council) -> None:
    council.feedpub("run")
    before = council.feeds()
    for name in before:
        council.path(name).unlink()
    council.feedpub("run")
    assert council.feeds() == before


def test_a_changed_config_changes_the_feeds(council: Council) -> None:
    council.feedpub("run")
    council.configure(CONFIG.replace("items = 50", "items = 3"))
    council.feedpub("run")
    assert len(council.items()) == 3


@pytest.mark.long
def test_publish_writes_the_feeds_from_the_state_without_a_request(council: Council) -> None:
    council.feedpub("run")
    before = council.feeds()
    council.path("rss.xml").write_bytes(b"<rss")
    council.requests()
    assert council.feedpub("publish").code == 0
    assert council.requests() == []
    assert council.feeds() == before


@pytest.mark.long
def test_a_feed_that_fails_its_check_is_held_back(council: Council) -> None:
    """Items whose link the council's host cannot have any more, say: here by a hand in the state."""
    council.feedpub("run")
    before = council.feeds()
    tamper(
        council.state,
        "UPDATE item SET proof = NULL, title = 'a\u200bb', id = id || 'x' WHERE id LIKE '%/297'",
    )
    ran = council.feedpub("publish")
    assert ran.code == 1
    said = "files: failed the check; readers still see the last good ones: tag:127.0.0.1,2026:zrazkiv/node/297x: has a"
    assert said in ran.err
    assert council.feeds() == before


def test_a_second_run_at_the_same_time_leaves_the_work_to_the_first(council: Council) -> None:
    with at_work(council.state, "zrazkiv"):
        ran = council.feedpub("run")
    assert ran.code == 0
    assert "another run is under way on" in ran.err
    assert council.requests() == []


def test_an_output_folder_that_cannot_be_written_is_named(council: Council) -> None:
    (council.folder / "public").write_text("a file where the folder should be")
    ran = council.feedpub("run")
    assert ran.code == 1
    assert ran.err == (
        f"feedpub: {council.folder / 'public'}: is no folder; nothing is read through it: put a folder in its place\n"
    )
    assert council.requests() == []  # what cannot be published need not be asked for
    (council.folder / "public").unlink()
    assert council.feedpub("run").code == 0
    assert len(council.items()) == 10


@pytest.mark.long
def test_an_interrupted_backfill_publishes_what_is_there_and_goes_on(council: Council) -> None:
    council.feedpub("run")
    stopper = [a for a in council.site.articles if a.listed and not a.sticky][8]

    council.site.overrides[stopper.href] = interrupting(council)
    ran = council.feedpub("backfill")
    assert ran.code == 130
    assert "interrupted; what is there is published, the next run goes on" in ran.err
    some = len(council.items())
    assert 10 < some < 31
    assert all(check(council.path(n).read_bytes()) == [] for n in ("rss.xml", "atom.xml", "feed.json"))
    assert council.feedpub("backfill").code == 0
    assert len(council.items()) == 31


@pytest.mark.long
def test_a_backfill_stops_where_it_is_told(council: Council) -> None:
    council.feedpub("backfill", "--pages", "2")
    assert len(titles(council)) == 19  # of twenty, one is a repost
    council.lose_state()
    shutil.rmtree(council.folder / "public")
    council.feedpub("backfill", "--since", "2025-11-01")
    dates = [datetime.fromisoformat(i["date_published"]) for i in council.items()]
    assert min(dates) >= datetime(2025, 11, 1, tzinfo=UTC)
    assert len(dates) == sum(a.listed and a.utc >= datetime(2025, 11, 1, tzinfo=UTC) for a in council.site.articles)


@pytest.mark.long
def test_a_listing_that_answers_its_last_page_for_ever_ends(council: Council) -> None:
    last = council.site.answer("GET", "/node?page=3", {}, council.served.url)
    onward = last.body.replace(b"</html>", b'<ul><li class="pager-next"><a href="/node?page=4">n</a></li></ul></html>')
    for n in (3, 4):
        council.site.overrides[f"/node?page={n}"] = Answer(200, PAGE, onward)
    assert council.feedpub("backfill").code == 0
    assert len(titles(council)) == 31


@pytest.mark.long
def test_one_source_may_be_named(council: Council) -> None:
    ran = council.feedpub("run", "--source", "nema")
    assert (ran.code, ran.err) == (2, f"feedpub: {council.config}: has no source 'nema'; it has zrazkiv\n")
    assert council.feedpub("run", "--source", "zrazkiv").code == 0


@pytest.mark.long
def test_a_state_that_was_lost_in_the_middle_of_a_write_is_whole(council: Council, tmp_path: Path) -> None:
    """A run that dies between state and feed is healed by the next."""
    council.feedpub("run")
    before = council.feeds()
    tamper(council.state, "UPDATE source SET emitted = NULL")
    council.path("rss.xml").write_bytes(b"")
    assert council.feedpub("run").code == 0
    assert council.feeds() == before


# ------------------------------------------------------------ the press officer


@pytest.mark.long
def test_the_site_is_asked_for_nothing_twice(council: Council) -> None:
    council.feedpub("backfill")
    asked = [(r.method, r.path) for r in council.requests()]
    assert len(asked) == len(set(asked))
    council.feedpub("run")
    assert [(r.method, r.path, r.status) for r in council.requests()] == [("GET", "/", 200)]  # first asked for by run


@pytest.mark.long
def test_a_windows_1251_site_is_read_as_well(council: Council) -> None:
    council.site.encoding = "windows-1251"
    council.feedpub("backfill")
    assert titles(council) == newest(council, 99)


# ------------------------------------------------------------ what breaks halfway


@pytest.mark.long
def test_a_catching_up_that_broke_goes_on_in_the_next_run(council: Council) -> None:
    after_a_pause(council)
    council.break_page("/node?page=2")
    ran = council.feedpub("run")
    assert ran.code == 1
    assert f"{council.served.url}/node?page=2: the server answers 500" in ran.err
    council.site.overrides.clear()
    assert council.feedpub("run").code == 0
    assert titles(council) == newest(council, 99)


@pytest.mark.long
def test_a_page_that_keeps_a_catching_up_from_its_end_is_told_of_once_a_day(council: Council, clock: Clock) -> None:
    after_a_pause(council)
    council.break_page("/node?page=2")
    said = []
    for _ in range(3):
        clock.now += timedelta(hours=1)
        ran = council.feedpub("run")
        assert ran.code == 1
        said.append("/node?page=2: the server answers 500" in ran.err)
    clock.now += timedelta(days=1)
    said.append("/node?page=2: the server answers 500" in council.feedpub("run").err)
    assert said == [True, False, False, True]


@pytest.mark.long
def test_a_pause_too_long_for_one_run_is_caught_up_by_several(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "CATCH_UP", 3)
    after_a_pause(council)
    ran = council.feedpub("run")
    assert ran.code == 1
    assert "pages were turned back and there are more; the next run goes on" in ran.err
    assert len(titles(council)) < 20
    codes = [council.feedpub("run").code for _ in range(5)]
    assert codes[-2:] == [0, 0]
    assert titles(council) == newest(council, 99)


@pytest.mark.long
def test_catching_up_is_each_listing_s_own_matter(council: Council) -> None:
    """What one listing has just named is new to the other as well."""
    council.site.page_size = 3
    two = CONFIG.replace('["{home}"]', '["{home}", "{home}rubrika/ogoloshennya"]')
    council.configure(two)
    later = council.site.articles[5:]
    council.site.articles = council.site.articles[:5]
    council.feedpub("backfill")
    council.site.articles += later
    changed(council, "UPDATE source SET looked = '2025-01-01T00:00:00Z'")
    assert council.feedpub("run").code == 0
    announced = {a.expected_title for a in council.site.articles if "Оголошення" in a.categories and not a.same_as}
    assert announced <= set(titles(council))


def test_of_many_articles_that_fail_alike_one_line_speaks_and_status_names_each(council: Council) -> None:
    broken, other = council.site.articles[-8:-2], council.site.articles[-2]
    for article in broken:
        council.break_page(article.href, 404)
    council.break_page(other.href)
    ran = council.feedpub("run")
    urls = sorted(council.served.url + article.href for article in broken)
    lines = [line.removeprefix("feedpub: zrazkiv: ") for line in ran.err.splitlines()]
    assert sorted(lines) == sorted([
        f"{council.served.url}{other.href}: the server answers 500 Internal Server Error; it will be asked for again",
        f"{urls[0]}: the server answers 404 Not Found; so it is with 5 more; they will be asked for again;"
        " `feedpub status --source zrazkiv` names each",
    ])  # fmt: skip
    told = council.feedpub("status", "--source", "zrazkiv").out
    assert [url in told for url in urls] == [True] * 6


def test_five_articles_that_fail_alike_have_a_line_each(council: Council) -> None:
    for article in council.site.articles[-7:-2]:
        council.break_page(article.href, 404)
    assert council.feedpub("run").err.count(": the server answers 404 Not Found; it will be asked for again\n") == 5


def test_a_person_who_watches_is_told_of_each_article_that_fails(council: Council) -> None:
    for article in council.site.articles[-8:-2]:
        council.break_page(article.href, 404)
    said = council.feedpub("run", "--verbose").err
    assert [council.served.url + a.href in said for a in council.site.articles[-8:-2]] == [True] * 6
    assert said.count(": the server answers 404 Not Found; it will be asked for again\n") == 5


def test_a_site_that_is_down_keeps_nobody_from_the_others(council: Council) -> None:
    second = (
        CONFIG[CONFIG.index("[[source]]") :].replace('"zrazkiv"', '"susid"').replace("{home}", "http://127.0.0.1:9/")
    )
    council.configure(CONFIG.replace("[[source]]", second + "\n[[source]]"))
    ran = council.feedpub("run")
    assert ran.code == 1
    assert ran.err == (
        "feedpub: susid: http://127.0.0.1:9/: cannot be reached: Connection refused; it will be asked for again\n"
    )
    assert len(titles(council)) == 10


def test_a_server_that_stops_answering_is_left_in_peace(council: Council) -> None:
    for article in council.site.articles:
        council.break_page(article.href, 503)
    ran = council.feedpub("run")
    assert ran.code == 1
    assert "the server does not answer; 8 more pages are left for the next run" in ran.err
    assert [r.status for r in council.requests()].count(503) == 2
    council.site.overrides.clear()
    assert council.feedpub("run").code == 0
    assert len(titles(council)) == 10


@pytest.mark.long
def test_what_the_council_took_down_is_no_failure_for_ever(council: Council) -> None:
    council.break_page(council.site.articles[-1].href, 403)
    assert [council.feedpub("run").code for _ in range(5)] == [1, 1, 0, 0, 0]


@pytest.mark.long
def test_a_page_that_cannot_be_read_is_published_with_what_the_listing_says_and_mended_when_it_heals(
    council: Council,
) -> None:
    newest = council.site.articles[-1]
    council.break_page(newest.href, 500)
    ran = [council.feedpub("run") for _ in range(4)]
    assert [one.code for one in ran] == [1, 1, 1, 0]
    assert ran[0].err.count("\n") == 1
    assert [one.err for one in ran[1:]] == ["", "", ""]  # it is told once
    stands = council.items()[0]
    assert (stands["title"], stands["url"]) == (newest.title, council.served.url + newest.href)
    assert "Він розмістився в приміщенні колишньої пошти." in stands["content_html"]
    assert "Пункт розрахований" in stands["content_html"]
    council.site.overrides.clear()
    changed(council, "UPDATE visit SET asked = '2025-01-01T00:00:00Z' WHERE error IS NOT NULL")
    assert council.feedpub("run").code == 0
    healed = council.items()[0]
    assert healed["id"] == stands["id"]
    assert healed["date_published"] == stands["date_published"]
    assert "<img" in healed["content_html"]


@pytest.mark.long
def test_an_alias_that_was_given_to_another_article_names_that_one(council: Council) -> None:
    council.feedpub("run")
    old = council.site.articles[-1]
    council.site.articles[-1] = replace(old, alias="content/pereimenovano")
    council.site.articles.append(
        replace(
            old,
            number=300,
            title="Інша новина",
            body="<p>Інший текст.</p>",
            date="15/11/2025 - 09:30",
            utc=old.utc + timedelta(days=1),
        ),
    )
    assert council.feedpub("run").code == 0
    found = {i["id"].rpartition("/")[2]: i["title"] for i in council.items()}
    assert (found["297"], found["300"]) == (old.title, "Інша новина")


@pytest.mark.long
def test_an_answer_of_not_modified_that_nobody_asked_for_is_a_failure(council: Council) -> None:
    council.site.overrides[council.site.articles[-1].href] = Answer(304)
    assert council.feedpub("run").code == 1
    council.site.overrides.clear()
    assert council.feedpub("run").code == 0
    assert titles(council)[:9] == newest(council, 9)


@pytest.mark.parametrize("location", ["http://[::1", "http://" + "a" * 70 + ".example/", "/\xcf\xf0\xe8"])
def test_an_address_that_is_none_is_one_failed_page(council: Council, location: str) -> None:
    council.site.overrides[council.site.articles[-1].href] = Answer(302, (("Location", location),))
    ran = council.feedpub("run")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert len(titles(council)) == 9


def test_a_listing_cut_short_at_its_source_is_no_listing(council: Council) -> None:
    council.feedpub("run")
    before = council.feeds()
    whole = council.site.answer("GET", "/", {}, council.served.url).body
    council.site.overrides["/"] = Answer(200, PAGE, whole[: len(whole) // 2])
    ran = council.feedpub("run")
    assert ran.code == 1
    assert "was cut short" in ran.err
    assert council.feeds() == before


@pytest.mark.long
def test_news_comes_before_the_backlog(council: Council) -> None:
    older = [a for a in council.site.articles if a.listed and not a.sticky][5]
    council.site.overrides[older.href] = interrupting(council)
    assert council.feedpub("backfill").code == 130
    article = council.site.articles[-1]
    council.site.articles.append(
        replace(article, number=300, title="Щойно", body="<p>Щойно.</p>", alias="content/shchoino")
    )
    council.requests()
    council.feedpub("run")
    articles = [r.path for r in council.requests() if r.method == "GET" and "node" not in r.path]
    assert articles[:2] == ["/", "/content/shchoino"]
    assert len(titles(council)) == 32


def interrupting(council: Council) -> Callable[[], Answer]:
    def stop() -> Answer:
        council.site.overrides.clear()
        _thread.interrupt_main(signal.SIGTERM)  # SIGINT may be ignored, where tests run in the background
        return Answer(500, PAGE, b"")

    return stop


@pytest.mark.long
def test_a_mended_layout_is_seen_though_nothing_else_has_changed(council: Council) -> None:
    def updated() -> list[bytes]:
        return re.findall(rb"<updated>(.*?)</updated>", council.path("atom.xml").read_bytes())

    council.configure(layout=LAYOUT.replace(".field-name-body", ".field-name-field-category"))
    council.feedpub("run")
    before = max(updated())
    assert "Пункт розрахований" not in council.items()[0]["content_html"]
    council.configure()
    assert council.feedpub("run").code == 0
    assert "Пункт розрахований" in council.items()[0]["content_html"]
    assert max(updated()) == before  # read otherwise, which is no edit


def test_what_a_person_leaves_out_is_out_though_it_is_most_of_a_text(council: Council) -> None:
    council.configure(layout=LAYOUT.replace('".tabs"', '".field-name-body p"'))
    council.feedpub("run")
    assert not any("<p>У мікрорайоні Заріччя" in item["content_html"] for item in council.items())


@pytest.mark.parametrize("damage", [b"", b"<half"])
@pytest.mark.long
def test_a_published_file_that_somebody_damaged_is_mended(council: Council, damage: bytes) -> None:
    council.feedpub("run")
    before = council.feeds()
    council.path("atom.xml").write_bytes(damage)
    council.feedpub("run")
    assert council.feeds() == before


@pytest.mark.long
def test_a_long_text_costs_old_items_and_never_the_feed(council: Council) -> None:
    article = council.site.articles[-1]
    council.site.articles.append(
        replace(article, number=300, title="Довге", alias="content/dovhe", body="<p>Рішення ради.</p>" * 12_000)
    )
    assert council.feedpub("run").code == 0
    assert council.items()[0]["title"] == "Довге"
    assert check(council.path("rss.xml").read_bytes()) == []


@pytest.mark.long
def test_the_ids_stay_when_the_council_moves_house(council: Council) -> None:
    council.feedpub("run")
    before = [i["id"] for i in council.items()]
    moved(council)
    assert council.feedpub("run").code == 0
    assert [i["id"] for i in council.items()] == before


def moved(council: Council, formerly: str = 'formerly = ["127.0.0.1"]') -> None:
    """The council is at home under another name of its host now."""
    new = council.served.url.replace("127.0.0.1", "localhost")
    council.configure(CONFIG + formerly + "\n", home=f"{new}/")


def asked(council: Council) -> list[str]:
    """The paths that were asked for since the last time somebody looked, robots.txt and files aside."""
    return [r.path for r in council.requests() if r.method == "GET" and r.path != "/robots.txt"]


def changed(council: Council, sql: str, *values: object) -> None:
    """The state, changed by hand: as if time had gone by, say."""
    tamper(council.state, sql, *values)


def young(council: Council, *, alias: str = "content/svizhe") -> timedelta:
    """An article of yesterday, read once already; gives how long ago its page was asked for."""
    born = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    council.site.articles.append(replace(council.site.articles[-1], number=300, alias=alias, title="Свіже", utc=born,
                                         date=f"{born:%d/%m/%Y - %H:%M}"))  # fmt: skip
    council.feedpub("run")
    looked = born + timedelta(hours=1)
    then = f"{looked:%Y-%m-%dT%H:%M:%SZ}"
    changed(council, "UPDATE visit SET asked = ?, due = ? WHERE url LIKE ?", then, then, f"%{alias}")
    return datetime.now(UTC) - looked


@pytest.mark.long
def test_half_a_listing_on_the_first_day_is_asked_for_in_full_on_the_next(council: Council) -> None:
    whole = council.site.answer("GET", "/", {}, council.served.url).body
    half = whole[: whole.rindex(b'<h2 property="dc:title')] if b'<h2 property="dc:title' in whole else whole[:-500]
    council.site.overrides["/"] = Answer(200, (*PAGE, ("ETag", '"1"')), half)
    council.feedpub("run")
    council.site.overrides.clear()
    council.requests()
    assert council.feedpub("run").code == 0
    [listing] = [r for r in council.served.requests if r.path == "/"]
    assert "if-none-match" not in listing.headers
    assert len(titles(council)) == 10


def test_a_listing_that_changed_without_news_is_not_sent_again(council: Council) -> None:
    council.feedpub("run")
    council.site.basic_pages = []  # a change of every page, to Drupal's cache
    council.requests()
    assert [council.feedpub("run").code, council.feedpub("run").code] == [0, 0]
    assert [(r.path, r.status) for r in council.requests()] == [("/", 200), ("/", 304)]


def behind(council: Council, broken: str, *, new: int) -> list[str]:
    """A catching-up that broke at a page, then so many articles more; what the next run asks listings for."""
    council.site.page_size = 3
    known = [a for a in council.site.articles if a.listed and not a.sticky]
    later = known[5:]
    council.site.articles = known[:5]
    council.feedpub("backfill")
    council.site.articles += later[: len(later) - new]
    council.break_page(broken)
    assert council.feedpub("run").code == 1
    council.site.overrides.clear()
    council.site.articles += later[len(later) - new :]
    council.requests()
    assert council.feedpub("run").code == 0
    return [p for p in asked(council) if p == "/" or p.startswith("/node?")]


@pytest.mark.long
def test_a_catching_up_that_broke_is_made_again_as_far_as_it_had_come(council: Council) -> None:
    assert behind(council, "/node?page=4", new=0)[:5] == ["/", *(f"/node?page={n}" for n in (1, 2, 3, 4))]
    assert titles(council) == newest(council, 99)


@pytest.mark.long
def test_a_catching_up_that_is_over_is_over(council: Council) -> None:
    behind(council, "/node?page=2", new=0)
    assert council.feedpub("run").code == 0
    assert asked(council) == ["/"]


@pytest.mark.parametrize("new", [1, 2, 3])
@pytest.mark.long
def test_newer_articles_do_not_hide_what_a_broken_catching_up_still_owes(council: Council, new: int) -> None:
    behind(council, "/node?page=2", new=new)
    assert titles(council) == newest(council, 99)


@pytest.mark.long
def test_a_run_that_dies_while_it_reads_the_listing_forgets_nothing(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    after_a_pause(council)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Visits, "put_pages_behind", dies)
        assert council.feedpub("run").code == 130
    assert council.feedpub("run").code == 0
    assert titles(council) == newest(council, 99)


def test_a_run_that_dies_with_an_article_in_its_hand_keeps_all_of_it_or_nothing(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = Visits.arrived

    def dies(self: Visits, url: str, now: datetime, reading: Reading, **more: Any) -> None:
        if reading.item:
            raise KeyboardInterrupt
        arrived(self, url, now, reading, **more)

    monkeypatch.setattr(Visits, "arrived", dies)
    assert council.feedpub("run").code == 130
    assert tamper(council.state, "SELECT count(*) FROM item") == [(0,)]


@pytest.mark.parametrize(("shown", "later"), [("2 години тому", "3 години тому"), ("", "вчора")])
def test_an_age_that_grows_in_the_listing_is_no_news(council: Council, shown: str, later: str) -> None:
    article = council.site.articles[-1]
    teaser = '<div class="node-teaser"><h2><a href="{}">Т</a></h2><p class="submitted">{}</p></div></html>'
    for said in (shown, later):
        council.requests()
        council.site.overrides["/"] = Answer(200, PAGE, teaser.format(article.href, said).encode())
        council.feedpub("run")
    assert asked(council) == ["/"]


@pytest.mark.long
def test_the_listing_s_date_stands_in_where_the_page_has_none(council: Council) -> None:
    article = council.site.articles[-1]
    whole = council.site.answer("GET", article.href, {}, council.served.url).body.decode()
    undated = whole.replace(article.local.isoformat(), "").replace(article.date, "")
    council.site.overrides[article.href] = Answer(200, PAGE, undated.encode())
    council.feedpub("run")
    assert council.items()[0]["title"] == article.title
    assert datetime.fromisoformat(council.items()[0]["date_published"]) == article.utc


@pytest.mark.long
def test_an_interrupted_walk_goes_on_where_it_was_and_a_whole_one_begins_anew(council: Council) -> None:
    council.break_page("/node?page=2")
    assert council.feedpub("backfill").code == 1
    council.site.overrides.clear()
    council.requests()
    assert council.feedpub("backfill").code == 0
    assert [p for p in asked(council) if p == "/" or "page=" in p] == ["/node?page=2", "/node?page=3"]
    assert titles(council) == newest(council, 99)
    assert council.feedpub("backfill").code == 0
    assert asked(council)[0] == "/"


@pytest.mark.long
def test_a_walk_does_not_begin_for_ever_at_a_page_that_is_gone(council: Council) -> None:
    council.break_page("/node?page=2", 404)
    council.feedpub("backfill")
    council.feedpub("backfill")
    council.requests()
    council.feedpub("backfill")
    assert asked(council)[:2] == ["/", "/node?page=1"]


def test_a_walk_asks_for_no_page_older_than_it_was_told(council: Council) -> None:
    council.feedpub("backfill", "--since", "2025-11-01")
    assert "/node?page=3" not in asked(council)


def test_a_walk_that_was_resumed_goes_on_counting_its_pages() -> None:
    assert [walking._first_rank(f"https://rada.example/{p}", 0) for p in ("", "node?page=7")] == [0, 7000]


@pytest.mark.parametrize("status", [429, 503, None])
def test_a_server_that_is_overburdened_or_gone_is_asked_twice_and_no_more(council: Council, status: int | None) -> None:
    def hangs_up() -> Answer:
        if status is None:
            raise ConnectionResetError
        return Answer(status, PAGE, b"")

    for article in council.site.articles:
        council.site.overrides[article.href] = hangs_up
    ran = council.feedpub("run")
    assert ran.code == 1
    assert "the server does not answer; 8 more pages are left for the next run" in ran.err


def test_two_pages_that_fail_apart_from_each_other_stop_nobody(council: Council) -> None:
    for n in (-2, -5):
        council.break_page(council.site.articles[n].href, 503)
    assert council.feedpub("run").code == 1
    assert len(titles(council)) == 8


@pytest.mark.long
def test_a_young_article_is_looked_at_again_with_its_validators_and_then_left_alone(council: Council) -> None:
    young(council)
    council.requests()
    assert [council.feedpub("run").code, council.feedpub("run").code] == [0, 0]
    assert [(r.path, r.status) for r in council.requests()] == [
        ("/", 304), ("/content/svizhe", 304), ("/", 304),
    ]  # fmt: skip


@pytest.mark.long
def test_an_edit_leaves_the_date_of_publication_and_a_change_that_was_dated_ahead_is_of_now(council: Council) -> None:
    young(council)
    before = council.items()[0]
    changed(council, "UPDATE item SET proof = NULL, updated = '2098-01-01T00:00:00Z' WHERE id LIKE '%/300'")
    born = council.site.articles[-1].utc - timedelta(hours=3)
    council.site.articles[-1] = replace(
        council.site.articles[-1], body="<p>Виправлено.</p>", utc=born, date=f"{born:%d/%m/%Y - %H:%M}"
    )
    assert council.feedpub("run").code == 0
    [after] = [i for i in council.items() if i["id"] == before["id"]]
    assert "Виправлено." in after["content_html"]
    assert after["date_published"] == before["date_published"]
    assert before["date_published"] < after["date_modified"] < "2098"


def test_a_council_whose_terms_ask_for_the_first_paragraph_gets_no_less(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.configure(CONFIG + "[source.terms]\nblock = 1\n")
    monkeypatch.setattr(
        "feedpub.publishing.feed.entries._content_blocks", lambda article, link, _block: ["<p>Новина</p>", link]
    )
    ran = council.feedpub("run")
    assert ran.code == 1
    assert "content:encoded has no followed link to " in ran.err
    assert "in its first 1 blocks, as the council's terms ask" in ran.err
    assert council.feeds() == {}


@pytest.mark.long
def test_a_feed_that_was_held_back_is_told_of_once_and_so_is_its_mending(council: Council) -> None:
    council.feedpub("run")
    changed(council, "UPDATE item SET proof = NULL, title = 'a\u200bb' WHERE id LIKE '%/297'")
    changed(council, "UPDATE source SET revision = revision + 1")
    before = council.published()
    ran = council.feedpub("run")
    assert ran.code == 1
    assert ran.err.count(" has a title with ") == 1  # of all feeds with the item
    assert ran.err.count(".html and 5 more files: failed the check; ") == 1  # item, category, month; with and without
    assert ran.err.count("index.html: failed the check; ") == 1  # the front
    assert len(set(ran.err.splitlines())) == ran.err.count("\n")  # nothing is said twice
    said = r"rss\.xml and \d+ more files: failed the check; readers still see the last good ones: .* has a title"
    assert re.search(said, ran.err)
    assert council.feedpub("run") == Ran(1, "", "")
    assert council.published() == before
    changed(council, "UPDATE item SET title = 'ab' WHERE id LIKE '%/297'")
    changed(council, "UPDATE source SET revision = revision + 1")
    ran = council.feedpub("run")
    assert (ran.code, [line.split(",")[0] for line in ran.err.splitlines()]) == (
        0, ["feedpub: zrazkiv: well again", "feedpub: the page of all sources: well again"],
    )  # fmt: skip


@pytest.mark.long
def test_no_feed_is_larger_than_readers_take(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    council.feedpub("backfill")
    half = min(len(council.path(n).read_bytes()) for n in ("rss.xml", "atom.xml", "feed.json")) // 2
    monkeypatch.setattr(documents, "LARGEST", half)
    for name in council.feeds():
        council.path(name).unlink()
    assert council.feedpub("publish").code == 0
    assert not [p for p in together(council.published()) if "archive" in p[1].where]
    assert max(len(council.path(n).read_bytes()) for n in ("rss.xml", "atom.xml", "feed.json")) <= half
    assert 5 < len(titles(council)) < 31
    assert titles(council) == newest(council, len(titles(council)))


@pytest.mark.long
def test_a_council_that_changed_its_name_and_a_new_feedpub_show_in_the_feeds(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.feedpub("run")
    council.configure(CONFIG.replace('title = "Зразківська міська рада"', 'title = "Нова рада"'))
    council.feedpub("run")
    assert json.loads(council.path("feed.json").read_bytes())["title"] == "Нова рада"
    monkeypatch.setattr("feedpub.cli.session.__version__", "9.9.9")
    council.feedpub("run")
    assert b'"feedpub 9.9.9 https://example.org/feeds"' in council.path("feed.json").read_bytes()


def pictured(council: Council, body: str = "", *images: str) -> None:
    """One article alone, with these pictures."""
    article = replace(council.site.articles[-1], number=300, alias="content/foto", title="Фото",
                      body=f"<p>Фото.</p>{body}", images=tuple(Image(i) for i in images), files=())  # fmt: skip
    council.site.articles = [article]


def heads(council: Council) -> list[str]:
    return [r.path for r in council.requests() if r.method == "HEAD"]


def test_of_an_item_s_files_one_is_measured_and_none_of_another_host(council: Council) -> None:
    elsewhere = council.served.url.replace("127.0.0.1", "localhost")
    pictured(council, f'<p><img src="{elsewhere}/sites/default/files/x.png"></p>')
    council.feedpub("run")
    assert heads(council) == []
    pictured(council, "", "1.png", "2.png")
    council.site.articles[0] = replace(council.site.articles[0], number=301, alias="content/foto-2", title="Фото 2")
    council.feedpub("run")
    assert len(heads(council)) == 1


def test_a_file_that_cannot_be_measured_is_asked_for_once_a_day_and_stops_nothing(council: Council) -> None:
    pictured(council, '<p><img src="/x.png"></p>')
    council.site.overrides["/x.png"] = Answer(302, (("Location", "http://other.example/x.png"),))
    for expected in (["/x.png"], []):
        assert council.feedpub("run").code == 0
        assert heads(council) == expected
        assert "attachments" not in council.items()[0]
        council.path("rss.xml").unlink()
    council.site.overrides["/x.png"] = Answer(200, (("Content-Type", "image/png"),), b"\x89PNG")
    changed(council, "UPDATE medium SET asked = '2025-01-01T00:00:00Z'")
    council.feedpub("run")
    assert council.items()[0]["attachments"][0]["size_in_bytes"] == 4


@pytest.mark.long
def test_success_is_written_down_once_an_hour(council: Council) -> None:
    council.feedpub("run")
    changed(council, "UPDATE source SET succeeded = '2025-01-01T00:00:00Z'")
    council.feedpub("run")
    [row] = json.loads(council.feedpub("status", "--json").out)
    assert datetime.now(UTC) - datetime.fromisoformat(row["last_success"]) < timedelta(minutes=5)


@pytest.mark.long
def test_news_after_the_council_moved_house_have_ids_of_the_old_one(council: Council) -> None:
    council.feedpub("run")
    moved(council)
    council.site.articles.append(
        replace(council.site.articles[-1], number=300, alias="content/nove", title="Нове", body="<p>Нове.</p>")
    )
    council.feedpub("run")
    assert "tag:127.0.0.1,2026:zrazkiv/node/300" in [i["id"] for i in council.items()]


@pytest.mark.long
def test_a_long_backlog_does_not_keep_its_news_from_readers(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedpub.cli.updating.PUBLISHED_EVERY", 0)
    monkeypatch.setattr("feedpub.collecting.batches.BATCH", 5)
    seen: list[bool] = []
    article = council.site.articles[-1]

    def looks() -> Answer:
        seen.append(council.path("rss.xml").exists())
        return Answer(404)

    council.site.overrides[article.href] = looks  # the newest, and so the last to be asked for
    council.feedpub("run")
    assert seen == [True]


def test_a_bug_shows_itself_after_what_was_found_is_published(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Fetcher.page_if_changed

    def buggy(self: Fetcher, url: str, *args: Any) -> Any:
        if url.endswith(council.site.articles[-1].href):
            raise ZeroDivisionError
        return whole(self, url, *args)

    monkeypatch.setattr(Fetcher, "page_if_changed", buggy)
    with pytest.raises(ZeroDivisionError):
        council.feedpub("run")
    assert len(titles(council)) == 8  # the one at the listing's head is older, and would have come last


@pytest.mark.long
def test_a_failure_that_is_waited_with_is_not_told_again_and_is_no_failure_for_ever(council: Council) -> None:
    council.break_page(council.site.articles[-1].href)
    codes = [council.feedpub("run").code for _ in range(4)]
    minutes_ago = datetime.now(UTC) - timedelta(minutes=10)
    changed(council, "UPDATE visit SET asked = ?", f"{minutes_ago:%Y-%m-%dT%H:%M:%SZ}")
    ran = council.feedpub("run")
    assert (codes, ran) == ([1, 1, 1, 0], Ran(0, "", ""))  # not asked again; the listing speaks for the page


def test_a_robots_txt_that_cannot_be_had_is_told_of_the_listing(council: Council) -> None:
    council.break_page(council.site.articles[-1].href)
    council.feedpub("run")
    before = council.feeds()
    changed(council, "DELETE FROM robots")
    council.site.overrides["/robots.txt"] = Answer(503)
    ran = council.feedpub("run")
    assert (ran.code, ran.err.count("robots.txt answers 503"), ran.err.count("it will be asked for again")) == (1, 1, 1)
    assert council.feeds() == before


@pytest.mark.long
def test_what_the_council_took_down_after_it_was_published_is_no_failure(council: Council) -> None:
    young(council)
    council.break_page("/content/svizhe", 404)
    assert council.feedpub("run") == Ran(0, "", "")
    assert "Свіже" in titles(council)


def test_publish_without_a_state_says_what_makes_one(council: Council) -> None:
    assert council.feedpub("publish") == Ran(
        1, "", "feedpub: zrazkiv: there is nothing to publish yet; `feedpub run` fetches it\n"
    )


def test_publish_leaves_the_work_to_a_run_that_is_under_way(council: Council) -> None:
    council.feedpub("run")
    council.path("rss.xml").unlink()
    with at_work(council.state, "zrazkiv"):
        ran = council.feedpub("publish")
    assert (ran.code, "another run is under way on" in ran.err, council.path("rss.xml").exists()) == (0, True, False)


def test_a_source_that_is_not_named_is_left_alone(council: Council) -> None:
    second = CONFIG[CONFIG.index("[[source]]") :].replace('"zrazkiv"', '"susid"')
    council.configure(CONFIG + second)
    council.feedpub("run", "--source", "susid")
    assert sorted(p.name for p in (council.folder / "public").iterdir() if p.is_dir()) == ["about", "susid"]


def test_a_state_may_lie_in_a_folder_that_is_not_there_yet(council: Council) -> None:
    council.configure(CONFIG + '[state]\nurl = "sqlite:///var/lib/feedpub.db"\n')
    assert council.feedpub("run").code == 0
    assert (council.folder / "var" / "lib" / "feedpub.db").exists()


@pytest.mark.sqlite
def test_a_broken_state_stops_the_run_with_a_line(council: Council) -> None:
    council.state.write_bytes(b"rubbish" * 1000)
    ran = council.feedpub("run")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "the state cannot be opened: file is not a database" in ran.err


def test_a_run_that_is_told_to_end_publishes_what_is_there(council: Council) -> None:
    def stop() -> Answer:
        _thread.interrupt_main(signal.SIGTERM)
        return Answer(500, PAGE, b"")

    council.site.overrides[council.site.articles[-1].href] = stop
    ran = council.feedpub("run")
    assert ran.code == 130
    assert len(titles(council)) == 8  # the one at the listing's head is older, and would have come last


@pytest.mark.long
def test_terms_that_ask_for_the_first_paragraph_are_met(council: Council) -> None:
    council.configure(CONFIG + "[source.terms]\nblock = 1\n")
    assert council.feedpub("run") == Ran(0, "", "")
    for name in ("atom.xml", "feed.json", "rss.xml"):
        assert check(council.path(name).read_bytes(), block=1) == []


@pytest.mark.long
def test_a_whole_page_of_news_does_not_hide_behind_a_broken_catching_up(council: Council) -> None:
    council.site.page_size = 3
    later = council.site.articles[5:]
    council.site.articles = council.site.articles[:5]
    council.feedpub("backfill")
    council.site.articles += later[:-6]
    council.break_page("/node?page=2")
    assert council.feedpub("run").code == 1
    council.site.overrides.clear()
    council.site.articles += later[-6:]
    for _ in range(3):
        council.feedpub("run")
    assert titles(council) == newest(council, 99)


@pytest.mark.long
def test_a_site_that_asks_to_wait_is_not_asked_by_the_next_run_and_told_of_once(council: Council) -> None:
    council.feedpub("run")
    before = council.feeds()
    council.site.overrides["/"] = Answer(503, (*PAGE, ("Retry-After", "3600")), b"")
    ran = council.feedpub("run")
    assert (ran.code, ran.err.count("the server answers 503 Service Unavailable")) == (1, 1)
    council.requests()
    changed(council, "UPDATE visit SET asked = '2025-01-01T00:00:00Z' WHERE listing")  # as if time had gone by
    ran = council.feedpub("run")
    assert (ran.code, ran.err, council.requests()) == (1, "", [])
    changed(council, "UPDATE rest SET until = '2025-01-01T00:00:00Z'")
    council.site.overrides.clear()
    assert council.feedpub("run").code == 0
    assert council.feeds() == before


def test_a_server_cannot_write_on_the_operator_s_terminal(council: Council) -> None:
    council.site.overrides["/"] = Answer(302, (("Location", "https://x.example/\x1b[2J\x1b[31m"),))
    ran = council.feedpub("run")
    assert ran.code == 1
    assert "leads to another site: https://x.example/ [2J [31m" in ran.err
    assert "\x1b" not in ran.err
    assert ran.err.count("\n") == 1


# ------------------------------------------------------------ a state that is older than the feeds, a run that lives


@pytest.mark.long
@pytest.mark.sqlite
def test_what_the_feeds_know_and_an_older_copy_does_not_is_taken_over(council: Council) -> None:
    council.site.page_size = 5
    later = council.site.articles[-2:]
    council.site.articles = council.site.articles[:-2]
    council.feedpub("run")
    copy = council.state.with_name("feedpub.db.bak")
    old = copy.read_bytes()
    council.site.articles += later
    council.feedpub("run")
    before = council.feeds()
    council.site.articles = [replace(a, listed=a not in later) for a in council.site.articles]  # no listing names them
    copy.write_bytes(old)
    council.state.write_bytes(b"garbage" * 1000)
    ran = council.feedpub("run")
    assert ran.code == 1
    assert "zrazkiv: the state is older than the published feeds: 2 items keep their ids and are read again" in ran.err
    assert council.feeds() == before
    assert council.feedpub("run") == Ran(0, "", "")


@pytest.mark.sqlite
def test_a_run_says_for_how_long_it_may_give_no_sign_of_life(council: Council) -> None:
    said: list[dict[str, Any]] = []

    def look() -> Answer:
        said.append(json.loads(council.state.with_name("feedpub.db.lock").read_text()))
        return Answer(404, PAGE, b"")

    council.site.overrides[council.site.articles[-1].href] = look
    council.feedpub("run")
    assert datetime.fromisoformat(said[0]["until"]) - datetime.now(UTC) > timedelta(
        minutes=6
    )  # of a page, and the lease
    assert council.state.with_name("feedpub.db.lock").read_text() == ""


@pytest.mark.long
@pytest.mark.sqlite
@pytest.mark.parametrize("words", [["publish"], ["withdraw", "x", "--reason", "y"], ["recover"]])
def test_a_copy_is_not_lost_by_another_command_than_run(council: Council, words: list[str]) -> None:
    council.feedpub("backfill")
    council.state.unlink()
    ran = council.feedpub(*words)
    assert "the state is missing; its copy of" in ran.err
    assert len(council.feedpub("ledger", "--json").out.splitlines()) == 1 + 31


@pytest.mark.long
@pytest.mark.sqlite
def test_a_state_that_is_broken_where_nobody_looks_does_not_take_the_place_of_its_copy(council: Council) -> None:
    council.feedpub("run")
    copy = council.state.with_name("feedpub.db.bak")
    good = copy.read_bytes()
    with closing(sqlite3.connect(council.state)) as db:
        [root] = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'address_item'").fetchone()
        [size] = db.execute("PRAGMA page_size").fetchone()
    with council.state.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(bytes(range(256)) * (size // 256))
    article = council.site.articles[-1]
    council.site.articles.append(
        replace(article, number=300, alias="content/shche", title="Ще одна", body="<p>Ще.</p>")
    )
    ran = council.feedpub("run")
    assert (ran.code, "the state is damaged" in ran.err or "malformed" in ran.err) == (1, True)
    assert council.feedpub("run").code == 0
    assert "Ще одна" in titles(council)
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("PRAGMA quick_check").fetchone() == ("ok",)
    assert good != copy.read_bytes()


@pytest.mark.long
@pytest.mark.sqlite
def test_a_tombstone_that_a_copy_does_not_know_counts_whichever_source_runs_first(council: Council) -> None:
    second = CONFIG[CONFIG.index("[[source]]") :].replace('"zrazkiv"', '"susid"')
    council.configure(CONFIG + LAYOUT + second)
    council.feedpub("run")
    copy = council.state.with_name("feedpub.db.bak")
    old = copy.read_bytes()
    victim = council.items()[2]["id"]
    council.feedpub("withdraw", victim, "--reason", "x")
    copy.write_bytes(old)
    council.state.write_bytes(b"garbage" * 1000)
    council.feedpub("run", "--source", "susid")
    council.feedpub("run")
    assert victim not in [i["id"] for i in council.items()]
    assert f'ref="{victim}"' in council.path("atom.xml").read_text("utf-8")


def test_one_source_s_folder_stops_no_other(council: Council) -> None:
    second = CONFIG[CONFIG.index("[[source]]") :].replace('"zrazkiv"', '"susid"')
    council.configure(CONFIG + LAYOUT + second)
    (council.folder / "public").mkdir()
    (council.folder / "public" / "zrazkiv").symlink_to(council.folder)
    ran = council.feedpub("run")
    assert (ran.code, "is a symbolic link" in ran.err) == (1, True)
    assert (council.folder / "public" / "susid" / "rss.xml").exists()


@pytest.mark.long
def test_nobody_s_listening_is_no_reason_to_stop(council: Council) -> None:
    council.break_page(council.site.articles[-1].href)
    council.configure(CONFIG.replace('"zrazkiv"', '"susid"') + LAYOUT + CONFIG[CONFIG.index("[[source]]") :])
    ran = subprocess.run(
        ["bash", "-c", '{ "$0" -m feedpub run --config "$1"; echo $? > "$2"; } 2>&1 | true', sys.executable,
         str(council.config), str(council.folder / "code")],
        capture_output=True, check=False, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    assert ran.returncode == 0
    assert (council.folder / "code").read_text() == "1\n"
    assert len(council.items()) == 9


@pytest.mark.long
def test_a_pipe_in_the_place_of_a_feed_holds_nothing_up(council: Council) -> None:
    council.feedpub("run")
    council.path("rss.xml").unlink()
    os.mkfifo(council.path("rss.xml"))
    assert council.feedpub("run").code == 0
    assert council.path("rss.xml").is_file()
