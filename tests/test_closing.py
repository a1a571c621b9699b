"""A source that its operator closes: nobody asks its site, what is published stays, and readers are told."""

from __future__ import annotations

import json
import re
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from feedpub.store import Store
from tests.council import Council
from tests.drupal.server import serve
from tests.drupal.site import Site
from tests.postgres import place_at
from tests.states import at_work, tamper
from tests.test_pool import Towns

pytestmark = pytest.mark.long  # whole runs, one after the other

IDS = re.compile(rb"tag:[^<\"?]+?/[^<\"?]+")
CLOSED = "Стрічку закрито"


@pytest.fixture
def closed(council: Council) -> Council:
    """A council that has published, and was closed."""
    assert council.feedpub("run").code == 0
    ran = council.feedpub("retire", "zrazkiv")
    assert (ran.code, ran.out, ran.err) == (
        0, "zrazkiv: closed; its site is asked no more, and what is published stays\n", "",
    )  # fmt: skip
    council.requests()
    return council


def test_every_published_item_stays_with_its_id_and_no_reader_has_a_new_one(council: Council) -> None:
    council.feedpub("run")
    before = council.published()
    council.feedpub("retire", "zrazkiv")
    after = council.published()
    assert after.keys() == before.keys()
    for name in before:
        assert IDS.findall(after[name]) == IDS.findall(before[name])
    assert {n: d for n, d in after.items() if n.startswith(("archive/2", "item/"))} == {
        n: d for n, d in before.items() if n.startswith(("archive/2", "item/"))
    }
    assert council.feedpub("check").code == 0


def test_each_feed_says_in_the_council_s_language_since_when_it_is_closed(closed: Council) -> None:
    today = datetime.now(UTC)
    for name in ("rss.xml", "atom.xml", "text/rss.xml", "category/novyny/rss.xml"):
        feed = feedparser.parse(closed.path(name).read_bytes())
        said = feed.feed.subtitle
        assert said.startswith(CLOSED)
        assert str(today.year) in said
    document = json.loads(closed.path("feed.json").read_bytes())
    assert document["expired"] is True
    assert document["description"].startswith(CLOSED)
    atom = feedparser.parse(closed.path("atom.xml").read_bytes())
    assert atom.feed.updated[:10] == f"{today:%Y-%m-%d}"
    assert "<ttl>1440</ttl>" in closed.path("rss.xml").read_text(encoding="utf-8")


def test_its_pages_say_so_and_invite_nobody_to_subscribe(closed: Council) -> None:
    for name in ("index.html", "text/index.html"):
        page = closed.path(name).read_text(encoding="utf-8")
        assert CLOSED in page
        assert 'id="subscribe"' not in page
        assert "#subscribe" not in page


def test_runs_are_quiet_and_ask_its_site_for_nothing(closed: Council) -> None:
    before = closed.files()
    for words in (["run"], ["backfill"], ["run"]):
        ran = closed.feedpub(*words)
        assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert closed.requests() == []
    assert closed.files() == before


@pytest.mark.parametrize("command", ["run", "backfill"])
def test_whoever_names_it_learns_how_to_open_it(closed: Council, command: str) -> None:
    ran = closed.feedpub(command, "--source", "zrazkiv")
    assert ran.code == 1
    assert re.fullmatch(
        r"feedpub: zrazkiv: is closed since [\d-]{10} and not asked; `feedpub retire zrazkiv --undo` opens it again\n",
        ran.err,
    )
    assert closed.requests() == []


def test_status_and_doctor_expect_nothing_of_it(closed: Council) -> None:
    ran = closed.feedpub("status")
    assert ran.code == 0
    assert "closed         since 20" in ran.out
    assert "failures" not in ran.out
    assert json.loads(closed.feedpub("status", "--json").out)[0]["closed"]
    tamper(closed.state, "UPDATE source SET succeeded = '2020-01-01T00:00:00Z'")
    tamper(closed.state, "DELETE FROM traffic")
    said = closed.feedpub("doctor").out
    assert "last run" not in said
    assert "site of" not in said


def test_to_open_it_again_takes_the_words_away_and_the_next_run_asks(council: Council) -> None:
    council.feedpub("run")
    before = council.published()
    council.feedpub("retire", "zrazkiv")
    ran = council.feedpub("retire", "zrazkiv", "--undo")
    assert (ran.code, ran.out, ran.err) == (0, "zrazkiv: open again; the next `feedpub run` asks its site\n", "")
    assert council.published() == before
    council.requests()
    assert council.feedpub("run").code == 0
    assert council.requests() != []


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [([], [], "zrazkiv: is closed since "), (None, ["--undo"], "zrazkiv: is not closed")],
)
def test_to_do_it_twice_changes_nothing(
    council: Council, first: list[str] | None, second: list[str], said: str
) -> None:
    council.feedpub("run")
    if first is not None:
        council.feedpub("retire", "zrazkiv", *first)
    before = council.files()
    ran = council.feedpub("retire", "zrazkiv", *second)
    assert (ran.code, ran.out) == (0, "")
    assert said in ran.err
    assert council.files() == before


def test_what_the_configuration_does_not_name_is_a_mistake(council: Council) -> None:
    ran = council.feedpub("retire", "zrazkow")
    assert ran.code == 2
    assert "has no source 'zrazkow'; it has zrazkiv" in ran.err


def test_while_a_run_is_under_way_it_is_not_closed(council: Council) -> None:
    council.feedpub("run")
    with at_work(council.state, "zrazkiv"):
        ran = council.feedpub("retire", "zrazkiv")
    assert ran.code == 1
    assert "nothing was changed" in ran.err
    assert tamper(council.state, "SELECT retired FROM source") == [(None,)]


def test_a_source_that_the_brake_stopped_can_be_closed_and_its_files_say_so(council: Council) -> None:
    council.feedpub("run")
    held = '{"why": "odd", "since": "2025-11-14T12:00:00Z", "asked": "2025-11-14T12:00:00Z", "times": 1,' \
        ' "configured": "", "code": ""}'  # fmt: skip
    tamper(council.state, "UPDATE source SET brake = ?", held)
    assert council.feedpub("retire", "zrazkiv").code == 0
    assert CLOSED in council.path("index.html").read_text(encoding="utf-8")
    assert CLOSED in council.path("rss.xml").read_text(encoding="utf-8")


def test_a_source_whose_state_is_lost_is_not_closed_before_its_items_are_back(council: Council) -> None:
    council.feedpub("run")
    council.lose_state()
    before = council.published()
    ran = council.feedpub("retire", "zrazkiv")
    assert ran.code == 1
    assert "the state has lost items that are published; `feedpub run --source zrazkiv` brings them back" in ran.err
    assert council.published() == before
    assert council.feedpub("run").code == 0
    assert council.feedpub("retire", "zrazkiv").code == 0


def test_the_next_run_writes_what_a_killed_command_left(council: Council) -> None:
    council.feedpub("run")
    with closing(Store(place_at(council.state))) as store:
        store.db.execute("UPDATE source SET retired = '2026-01-02T03:04:05Z'")
    assert council.feedpub("run").code == 0
    assert "2 січня 2026" in council.path("rss.xml").read_text(encoding="utf-8")


# ------------------------------------------------------------ beside others


@pytest.fixture
def two(tmp_path: Path) -> Towns:
    """Two councils that have published, of which the second was closed."""
    with ExitStack() as stack:
        homes = {name: f"{stack.enter_context(serve(Site())).url}/" for name in ("tut", "tam")}
        made = Towns(tmp_path, homes)
        assert made.feedpub("run") == 0
    assert made.feedpub("retire", "tam") == 0
    return made


def offered(made: Towns) -> set[str]:
    outlines = etree.fromstring(made.published()["feeds.opml"]).iter("outline")
    return {url.split("/")[3] for outline in outlines if (url := outline.get("xmlUrl"))}


def test_the_list_of_feeds_offers_those_that_are_open(two: Towns) -> None:
    assert offered(two) == {"tut"}
    assert two.feedpub("retire", "tam", "--undo") == 0
    assert offered(two) == {"tut", "tam"}


def test_the_page_of_all_councils_shows_it_as_closed(two: Towns) -> None:
    page = two.published()["index.html"].decode()
    assert page.count(CLOSED) == 1
    assert 'href="tam/"' in page
    assert "tam/#subscribe" not in page
    assert "tam/atom.xml" not in page
    assert "tut/#subscribe" in page


def test_a_list_that_would_be_empty_still_names_what_is_closed(two: Towns) -> None:
    assert two.feedpub("retire", "tut") == 0
    assert offered(two) == {"tut", "tam"}
    assert two.feedpub("check", str(two.folder / "public")) == 0


def test_its_table_may_leave_the_configuration_and_its_files_stay(two: Towns) -> None:
    before = {name: data for name, data in two.published().items() if name.startswith("tam/")}
    config = two.folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    tables = re.split(r"(?m)^(?=\[\[source\]\])", text)
    config.write_text("".join(t for t in tables if 'id = "tam"' not in t), encoding="utf-8")
    for words in (["publish"], ["status"]):
        assert two.feedpub(*words) == 0
    assert {name: data for name, data in two.published().items() if name.startswith("tam/")} == before
    assert 'href="tam/"' not in two.published()["index.html"].decode()
    config.write_text(text, encoding="utf-8")
    assert two.feedpub("publish") == 0
    assert {name: data for name, data in two.published().items() if name.startswith("tam/")} == before


def test_at_a_glance_it_is_counted_as_closed_and_as_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    many = Towns(tmp_path, {f"c{n}": f"http://127.0.0.{n}:9/" for n in range(1, 14)})
    assert many.feedpub("retire", "c1") == 0
    capsys.readouterr()
    assert many.feedpub("status") == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "13 councils, 0 items"
    assert {"  never read     12", "  closed         1"} <= set(shown)
