"""inspect, check, status, demo, and how the commands speak."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from feedpub import cli
from feedpub.cli.options import COMMANDS, make_parser
from feedpub.collecting.fetch import Clock
from feedpub.publishing.check import check
from tests.council import Council, Ran
from tests.states import tamper


def feedpub(capsys: pytest.CaptureFixture[str], *words: str) -> Ran:
    capsys.readouterr()
    try:
        code = cli.main(words)
    except SystemExit as leaving:  # argparse's way out
        code = int(str(leaving.code))
    said = capsys.readouterr()
    return Ran(code, said.out, said.err)


# ------------------------------------------------------------ inspect


def test_inspect_tells_what_a_listing_gives(council: Council) -> None:
    ran = council.feedpub("inspect", "--json", f"{council.served.url}/")
    found = json.loads(ran.out)
    newest = council.site.articles[-1]
    assert ran.code == 0
    assert found["article"] is None
    assert len(found["listing"]["items"]) == 10
    assert found["listing"]["items"][1] == {
        "url": council.served.url + newest.href,
        "title": newest.title,
        "date": newest.local.isoformat(),
    }
    assert found["listing"]["next"] == f"{council.served.url}/node?page=1"


def test_inspect_tells_what_an_article_gives_and_by_which_selectors(council: Council) -> None:
    article = council.site.articles[-1]
    found = json.loads(council.feedpub("inspect", "--json", council.served.url + article.href).out)
    assert found["listing"] is None
    assert found["article"]["title"] == article.title
    assert found["article"]["published"] == article.local.isoformat()
    assert found["article"]["body_text"].split("\n") == list(article.text)
    assert found["article"]["categories"] == list(article.categories)
    assert [i.rpartition("/")[2].partition("?")[0] for i in found["article"]["images"]] == [
        i.file for i in article.images
    ]
    assert found["layout"]["matches"]["title"] == "#page-title"
    assert found["reasons"]["listing"].startswith("no news found: ")


def test_inspect_reads_a_saved_page_and_needs_no_config(
    council: Council, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    article = council.site.articles[-1]
    page = tmp_path / "page.html"
    page.write_bytes(council.site.answer("GET", article.href, {}, "https://rada.example").body)
    monkeypatch.chdir(page.parent)
    (tmp_path / "config.toml").unlink()
    ran = feedpub(capsys, "inspect", "--url", "https://rada.example/node/297", "page.html")
    assert ran.code == 0
    assert f"article: {article.title}\n" in ran.out
    assert f"address     https://rada.example{article.href}\n" in ran.out
    assert f"published   {article.local.isoformat()}\n" in ran.out
    assert re.search(r"no listing: the list of \d+ boxes from .+ on is beside the text of an article", ran.out)


def test_inspect_of_a_page_that_gives_nothing_says_why(council: Council) -> None:
    council.break_page("/x", 200, "<html><p>Ратуша</p></html>")
    ran = council.feedpub("inspect", f"{council.served.url}/x")
    assert ran.code == 0
    assert "no listing: no news found: item = " in ran.out
    assert "no article: is not laid out as known: " in ran.out
    assert council.feedpub("inspect", f"{council.served.url}/node/9999").code == 1
    (council.folder / "empty.html").write_text("")
    empty = json.loads(council.feedpub("inspect", "--json", str(council.folder / "empty.html")).out)
    assert (empty["listing"], empty["article"]) == (None, None)
    assert empty["reasons"] == {"listing": "is empty", "article": "is empty"}
    assert council.feedpub("inspect", "no/such/file.html") == Ran(
        2, "", "feedpub: no/such/file.html: cannot be read: No such file or directory;"
        " name a file, or an address with http(s)://\n",
    )  # fmt: skip


# ------------------------------------------------------------ check, status


@pytest.mark.long
def test_check_finds_nothing_wrong_with_what_was_published(council: Council) -> None:
    council.feedpub("run")
    assert council.feedpub("check") == Ran(0, "", "")
    assert council.feedpub("check", str(council.folder / "public")) == Ran(0, "", "")


@pytest.mark.long
def test_check_names_document_item_and_rule(council: Council, tmp_path: Path) -> None:
    council.feedpub("run")
    council.path("atom.xml").write_bytes(
        council.path("atom.xml").read_bytes().replace(b"node/297</id>", b"node/294</id>")
    )
    path = council.path("atom.xml")
    assert council.feedpub("check", str(path)) == Ran(
        1, f"{path}: tag:127.0.0.1,2026:zrazkiv/node/294: has an id that another item has too\n", ""
    )
    missing = tmp_path / "no.xml"
    assert council.feedpub("check", str(missing)).out == f"{missing}: cannot be read: No such file or directory\n"
    (tmp_path / "empty").mkdir()
    assert council.feedpub("check", str(tmp_path / "empty")).code == 1


def test_check_names_items_that_have_no_living_address(council: Council) -> None:
    council.feedpub("run")
    tamper(council.state, "DELETE FROM visit WHERE url LIKE '%punkt-nezlamnosti'")
    tamper(
        council.state,
        "UPDATE visit SET gone_since = '2020-01-01T00:00:00Z' WHERE url LIKE '%gromadskih-organizacij'",
    )
    ran = council.feedpub("check")
    lines = ran.out.splitlines()
    assert (ran.code, len(lines)) == (1, 2)
    assert lines[0].startswith(
        "zrazkiv: tag:127.0.0.1,2026:zrazkiv/node/297: has no address that is visited and answers; its link is http"
    )
    assert "node/294: has no address" in lines[1]


def test_check_reads_an_address_too(council: Council) -> None:
    council.feedpub("run")
    council.site.overrides["/rss.xml"] = type(council.site.answer("GET", "/", {}, ""))(
        200, (("Content-Type", "application/rss+xml"),), council.path("rss.xml").read_bytes()
    )
    assert council.feedpub("check", f"{council.served.url}/rss.xml") == Ran(0, "", "")
    ran = council.feedpub("check", f"{council.served.url}/")
    assert (ran.code, "the page: " in ran.out) == (1, True)


def test_status_tells_how_each_source_is(council: Council) -> None:
    before = council.feedpub("status")
    assert (before.code, "last success   never" in before.out, council.state.exists()) == (0, True, False)
    broken = council.site.articles[-2]
    council.break_page(broken.href)
    council.feedpub("run")
    [row] = json.loads(council.feedpub("status", "--json").out)
    assert row["items"] == 9
    assert row["last_success"]  # its listing was read, and the feeds are current
    assert row["failures_in_a_row"] == 1
    assert row["failures"][0]["url"] == council.served.url + broken.href
    assert row["newest"] == {
        "title": council.site.articles[-1].title,
        "date": council.site.articles[-1].utc.isoformat(),
    }
    assert row["layout_health"] == "good"
    council.break_page("/")
    council.feedpub("run")
    text = council.feedpub("status").out
    assert "layout         configured, failing" in text
    assert f"{council.served.url}/: the server answers 500" in text


# ------------------------------------------------------------ speech


def test_cron_hears_nothing_while_all_is_well_and_a_line_a_page_when_it_asks(council: Council) -> None:
    ran = council.feedpub("run", "--verbose")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.count("zrazkiv: new: ") == 10
    assert council.feedpub("run", "--quiet") == Ran(0, "", "")


def test_a_person_at_a_terminal_sees_how_long_it_takes(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    council.site.crawl_delay = 10

    def unhurried(now: datetime, _sleep: object, **others: Any) -> Clock:
        return Clock(now, sleep=lambda _seconds: None, **others)

    monkeypatch.setattr("feedpub.cli.ways.Clock", unhurried)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    ran = council.feedpub("run")
    assert "zrazkiv: 10 pages, one every 10 s: about 2 minutes. Ctrl-C publishes what is there by then" in ran.err
    assert "files have changed, zrazkiv/feed.json among them" in ran.err


def test_a_single_file_that_has_changed_is_named(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    council.feedpub("run")
    (council.folder / "public/feeds.opml").unlink()
    ran = council.feedpub("publish")
    assert "feeds.opml has changed\n" in ran.err
    assert "1 files" not in ran.err


def test_mistakes_in_the_config_start_nothing_and_exit_2(council: Council) -> None:
    council.config.write_text("[publish]\nto = 1\n")
    for command in ("run", "backfill", "publish", "status", "check"):
        ran = council.feedpub(command)
        assert ran.code == 2
        assert f"feedpub: {council.config}:2: [publish] to must be a string, not 1\n" in ran.err
    assert council.requests() == []
    assert not council.state.exists()


def test_the_config_may_be_named_by_the_environment(
    council: Council, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEEDPUB_CONFIG", str(council.config))
    assert feedpub(capsys, "run").code == 0
    monkeypatch.setenv("FEEDPUB_CONFIG", "elsewhere.toml")
    for words in (["--config", str(council.config), "status"], ["status", "--config", str(council.config)]):
        assert feedpub(capsys, *words).code == 0
    assert feedpub(capsys, "--verbose", "run", "--config", str(council.config)).err.count("zrazkiv: ") == 1


@pytest.mark.parametrize("words", [[], ["walk"], ["run", "--pages", "2"], ["backfill", "--pages", "0"],
                                   ["backfill", "--since", "31.01.2025"],
                                   ["backfill", "--pages", "1", "--since", "2025-01-01"]])  # fmt: skip
def test_wrong_usage_exits_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert feedpub(capsys, *words).code == 2


@pytest.mark.parametrize(
    ("words", "meant"),
    [(["rnu"], "run"), (["run", "--sorce", "x"], "--source"), (["backfill", "--pagess", "2"], "--pages")],
)
def test_what_was_meant_is_guessed(words: list[str], meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    ran = feedpub(capsys, *words)
    assert ran.code == 2
    assert ran.err.endswith(f"; did you mean {meant}?\n")


def test_what_is_nothing_like_it_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert "did you mean" not in feedpub(capsys, "run", "--xyz").err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["run"], "run"),
        (["--config", "run", "status", "--json"], "status"),
        (["--config=run", "--quiet", "status"], "status"),
        (["--log-format", "json", "--verbose", "watch-feed", "x"], "watch-feed"),
        (["--conf", "x", "run"], None),
        (["rnu", "run"], None),
        (["--config"], None),
        ([], None),
    ],
)
def test_a_call_makes_the_options_of_its_command_alone(words: list[str], named: str | None) -> None:
    """To make those of each command takes longer than to read the configuration."""
    assert made_by(words) == ([named] if named else list(COMMANDS))


def made_by(words: list[str]) -> list[str]:
    [commands] = [a for a in make_parser(words)._actions if isinstance(a, argparse._SubParsersAction)]
    return list(commands.choices)


def test_called_bare_it_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    ran = feedpub(capsys)
    assert ran.out.startswith("usage: feedpub")
    assert "the cron job" in " ".join(ran.out.split())


def test_python_m_feedpub_is_feedpub() -> None:
    done = subprocess.run([sys.executable, "-m", "feedpub", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("feedpub 0.")


# ------------------------------------------------------------ demo


def test_the_demo_goes_the_whole_way_and_says_where_to_look(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "demo"
    ran = feedpub(capsys, "demo", "--to", str(folder))
    assert (ran.code, ran.err) == (0, "")
    assert "11 items from 12 articles: one was posted twice" in ran.out
    for name in ("rss.xml", "atom.xml", "feed.json"):
        path = folder / "public" / "zrazkiv" / name
        assert str(path) in ran.out
        assert check(path.read_bytes()) == []
    assert f" serve --config {folder}/config.toml\n" in ran.out
    assert feedpub(capsys, "demo", "--to", str(folder)).code == 0  # once more, over what it made itself


def test_the_demo_overwrites_nobody_s_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    ran = feedpub(capsys, "demo", "--to", str(tmp_path))
    assert (ran.code, ran.err) == (
        2, f"feedpub: {tmp_path}: exists already, and `feedpub demo` did not make it; choose another folder with --to\n"
    )  # fmt: skip
    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.long
def test_whoever_reads_the_output_may_go(council: Council) -> None:
    council.feedpub("run")
    done = subprocess.run(
        ["bash", "-c", '"$0" -m feedpub status --json --config "$1" | true; echo "${PIPESTATUS[0]}"',
         sys.executable, str(council.config)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("0\n", "")


@pytest.mark.long
def test_a_terminal_that_knows_no_cyrillic_is_no_reason_to_fail(council: Council) -> None:
    council.feedpub("run")
    done = subprocess.run(
        [sys.executable, "-m", "feedpub", "status", "--config", str(council.config)],
        capture_output=True, text=True, check=False, env={"PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.long
def test_quiet_says_nothing_but_errors_even_to_a_person(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert council.feedpub("run", "--quiet") == Ran(0, "", "")
    assert council.feedpub("check", "--quiet", "--verbose") == Ran(0, "", "")


def test_an_interrupt_anywhere_is_an_exit_code(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("feedpub.cli.inspect.command", interrupted)
    assert council.feedpub("inspect", "x").code == 130


@pytest.mark.long
def test_inspect_reads_a_page_as_the_source_does_that_has_it(council: Council, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(council.site.answer("GET", "/", {}, council.served.url).body)
    assert "  as zrazkiv\n" in council.feedpub("inspect", str(page)).out
    elsewhere = council.feedpub("inspect", "--url", "https://other.example/", str(page)).out
    assert "  it is of no configured source; times are of Europe/Kyiv\n" in elsewhere


def test_status_counts_what_is_still_to_be_visited_and_blames_the_layout_for_listings_alone(council: Council) -> None:
    for article in council.site.articles:
        council.break_page(article.href, 503)
    council.feedpub("run")
    [row] = json.loads(council.feedpub("status", "--json").out)
    assert (row["not_yet_visited"], row["layout_health"], row["failures_in_a_row"]) == (8, "good", 1)


def test_check_of_a_folder_looks_at_every_feed_in_it(council: Council) -> None:
    council.feedpub("run")
    for name in ("atom.xml", "feed.json"):
        council.path(name).write_bytes(b"{")
    assert council.feedpub("check", str(council.folder / "public")).out.count("the feed: ") == 2


def test_the_demo_overwrites_nobody_s_file_and_stops_where_it_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    ran = feedpub(capsys, "demo", "--to", str(tmp_path / "mine.txt"))
    assert (ran.code, "exists already, and `feedpub demo` did not make it" in ran.err) == (2, True)
    monkeypatch.setattr("feedpub.cli.run.command", lambda *_: 1)
    ran = feedpub(capsys, "demo", "--to", str(tmp_path / "demo"))
    assert (ran.code, ran.out.count("$ feedpub")) == (1, 1)
