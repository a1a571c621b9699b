"""`feedpub init`: from the address of a council's news to a configuration with which `feedpub run` begins."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedpub import config
from feedpub.cli import init
from tests.council import Council
from tests.drupal.site import Answer

OWN = ("--base-url", "https://feeds.zrazkiv.test/", "--contact", "mailto:me@zrazkiv.test")
TWO = """<!doctype html><html lang="uk"><title>Рада</title><div id="list">
<article><h2><a href="/1">Роботу басейну відновлено</a></h2><time>10.11.2025</time></article>
<article><h2><a href="/2">Графік прийому громадян</a></h2><time>09.11.2025</time></article></div>"""


@pytest.fixture
def council(council: Council, monkeypatch: pytest.MonkeyPatch) -> Council:
    """A site, and a folder without a configuration."""
    monkeypatch.setattr(init, "DELAY", 0.0)
    council.config.unlink()
    return council


def begun(council: Council, *words: str) -> str:
    ran = council.feedpub("init", f"{council.served.url}/", *words)
    assert ran.err == ""
    assert ran.code == 0
    return ran.out


def test_three_items_are_shown_with_their_days_and_the_configuration_is_one_that_run_takes(council: Council) -> None:
    out = begun(council, *OWN).splitlines()
    assert out[0].startswith("Зразківська міська рада: 10 articles on ")
    assert len(out) == 6
    kyiv = ZoneInfo("Europe/Kyiv")
    theirs = {f"  {a.utc.astimezone(kyiv):%Y-%m-%d %H:%M}  {a.title}" for a in council.site.articles}
    assert set(out[1:4]) <= theirs
    assert out[-1].endswith("then: feedpub run")
    assert all("mailto:me@zrazkiv.test" in str(request.headers) for request in council.requests())
    assert council.feedpub("run").code == 0
    [feed] = (council.folder / "public").glob("*/feed.json")
    assert len(json.loads(feed.read_bytes())["items"]) == 10
    text = council.config.read_text("utf-8")
    assert "[source.layout]" not in text  # each run looks after it by itself
    assert 'contact = "mailto:me@zrazkiv.test"' in text


def test_what_only_a_person_knows_is_named_with_its_line(council: Council) -> None:
    out = begun(council)
    lines = council.config.read_text("utf-8").splitlines()
    for key in ("base_url", "contact"):
        number = next(n for n, line in enumerate(lines, 1) if line.startswith(key))
        assert f"  {council.config}:{number}: [" in out


@pytest.mark.parametrize("command", ["run", "backfill"])
@pytest.mark.long
def test_a_run_waits_until_the_examples_are_replaced_unless_nobody_outside_is_asked(
    council: Council, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(council)
    text = council.config.read_text("utf-8")
    council.config.write_text(text.replace(council.served.url, "http://rada.zrazkiv.test"), "utf-8")
    ran = council.feedpub(command)
    assert ran.code == 2
    assert [line.partition(": ")[2].partition(":")[2] for line in ran.err.splitlines()] == [
        "5: [publish] base_url 'https://feeds.example.org/' is an example; write the address at which readers will find"
        " the folder",
        "14: [fetch] contact 'mailto:you@example.org' is an example; write an address where the council can reach you",
    ]
    assert not council.state.exists()
    council.config.write_text(text, "utf-8")  # a trial, with a site on this machine
    assert council.feedpub(command).code == 0
    assert list((council.folder / "public").glob("*/rss.xml")) != []
    monkeypatch.setenv("http_proxy", "http://proxy.zrazkiv.test:3128")
    assert council.feedpub(command).code == 2


def test_at_a_terminal_it_asks_for_what_it_cannot_find_out(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal("https://feeds.zrazkiv.test/\nmailto:me@zrazkiv.test\n"))
    monkeypatch.setattr("feedpub.cli.speech.Speech.is_watched", True)
    out = council.feedpub("init", f"{council.served.url}/").out
    assert "Where will readers find the feeds?" in out
    assert config.load(council.config).placeholders == ()
    assert config.load(council.config).fetch.contact == "mailto:me@zrazkiv.test"


def test_a_configuration_that_is_there_is_left_alone(council: Council) -> None:
    council.config.write_text("# mine\n")
    council.requests()
    ran = council.feedpub("init", f"{council.served.url}/", *OWN)
    assert (ran.code, ran.out) == (2, "")
    assert (
        ran.err == f"feedpub: {council.config}: is there already; `feedpub init` writes a new file and changes none\n"
    )
    assert council.config.read_text() == "# mine\n"
    assert council.requests() == []


def test_a_layout_that_too_little_proves_is_refused_and_nothing_is_written(council: Council) -> None:
    council.site.overrides["/"] = Answer(200, (("Content-Type", "text/html; charset=utf-8"),), TWO.encode())
    ran = council.feedpub("init", f"{council.served.url}/", *OWN)
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1
    assert not council.config.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--base-url", "feeds"), "--base-url 'feeds' must be an http(s) address"),
        (("--contact", "me"), "--contact 'me' must be an address where the council can reach you"),
    ],
)
def test_a_mistake_in_an_address_is_told_before_the_site_is_asked(
    council: Council, words: tuple[str, str], said: str
) -> None:
    council.requests()
    ran = council.feedpub("init", f"{council.served.url}/", *words)
    assert ran.code == 2
    assert ran.err.startswith(f"feedpub: {said}")
    assert council.requests() == []


def test_the_topics_are_those_of_the_shipped_configuration() -> None:
    shipped = (Path(__file__).parent.parent / "config.toml").read_text("utf-8")
    assert shipped.endswith(init.TOPICS.read_text("utf-8"))
