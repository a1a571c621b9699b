"""`feedpub config`: every value that is in force, and where it comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from feedpub import cli, config
from feedpub.config import TABLES
from tests.council import Ran

CONFIG = """\
fetch.contact = "mailto:me@zrazkiv.test"
"state" . url = "sqlite:///feedpub.db"
[publish]
to = "out"
base_url = "https://feeds.zrazkiv.test"

[defaults]
timezone = "Europe/Kyiv"
terms = { block = 1 }
[[source]]
id = "rada"
title = "Рада"
home = "https://rada.example/"
listings = ["https://rada.example/news"]
language = "uk"
[source.terms]
rights = "R"
[source.layout]
body = [".text", "a[title='\\"']"]
[[source.feed]]
id = "vpo"
title = "ВПО"
keywords = ["ВПО"]
[[source]]
id = "selo"
title = "Село"
home = "https://selo.example/"
listings = ["https://selo.example/news"]
language = "pl"
feed = [
  { id = "work", title = "\\u0007", categories = ["Work"] },
]
"""
COUNCIL = """\
[[source]]
id = "misto"
title = "Місто"
home = "https://misto.example/"
listings = ["https://misto.example/news"]
language = "uk"
every = "auto"
"""


class Desk:
    """A folder with a config.toml, and the command."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = folder / "config.toml"
        self.path.write_text(CONFIG, encoding="utf-8")
        self._capsys = capsys

    def feedpub(self, *words: str) -> Ran:
        code = cli.main(["--config", str(self.path), *words])
        out, err = self._capsys.readouterr()
        return Ran(code, out, err.replace(str(self.path.parent), "."))

    def lines(self) -> dict[str, list[str]]:
        """What is printed for people: each header -> its lines. Paths are from the folder on."""
        shown = self.feedpub("config").out.replace(f"{self.path.parent}/", "")
        blocks: dict[str, list[str]] = {}
        for line in filter(None, shown.splitlines()):
            if line.startswith("["):
                blocks[f"{line}{len(blocks)}" if line in blocks else line] = lines = []
            else:
                lines.append("  # ".join(part.strip() for part in line.rsplit("  # ", 1)))
        return blocks

    def values(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.feedpub("config", "--json").out)
        return found


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_every_value_is_shown_with_its_origin(desk: Desk) -> None:
    blocks = desk.lines()
    assert blocks["[publish]"] == [
        'to = "out"  # config.toml:4',
        'base_url = "https://feeds.zrazkiv.test/"  # config.toml:5',
        "items = 50  # default",
        "# publisher is not set  # default",
        "# email is not set  # default",
        "# hubs is not set  # default",
        "thumbnails = 100  # default",
    ]
    assert blocks["[state]"] == ['url = "sqlite:///feedpub.db"  # config.toml:2']
    assert blocks["[fetch]"][:2] == ['contact = "mailto:me@zrazkiv.test"  # config.toml:1', "delay = 1.0  # default"]
    assert blocks["[defaults.terms]"][1] == "block = 1  # config.toml:9"


def test_what_comes_from_the_defaults_names_their_line(desk: Desk) -> None:
    blocks = desk.lines()
    assert 'timezone = "Europe/Kyiv"  # [defaults] config.toml:8' in blocks["[[source]]"]
    assert 'language = "uk"  # config.toml:15' in blocks["[[source]]"]
    assert blocks["[source.terms]"] == [
        'wording = "Джерело: Рада, {link}"  # default',
        "block = 1  # [defaults] config.toml:9",
        'rights = "R"  # config.toml:17',
    ]


def test_a_council_s_own_file_is_named(desk: Desk) -> None:
    folder = desk.path.parent / "sources.d"
    folder.mkdir()
    (folder / "misto.toml").write_text(COUNCIL, encoding="utf-8")
    every = desk.values()["source"][2]["every"]
    assert every == {"value": "auto", "from": "file", "file": str(folder / "misto.toml"), "line": 7}


def test_programs_get_the_same_values(desk: Desk) -> None:
    found = desk.values()
    rada, selo = found["source"]
    assert found["publish"]["items"] == {"value": 50, "from": "default"}
    assert found["publish"]["email"] == {"value": None, "from": "default"}
    assert rada["timezone"] == {"value": "Europe/Kyiv", "from": "defaults", "file": str(desk.path), "line": 8}
    assert rada["layout"]["body"]["value"] == [".text", "a[title='\"']"]
    assert selo["layout"] is None
    assert [topic["id"]["line"] for topic in selo["feed"]] == [30]  # within a list, the line at which that begins


def test_no_key_is_forgotten(desk: Desk) -> None:
    found = desk.values()
    rada = found["source"][0]
    shown = {kind: rada[kind] for kind in ("terms", "layout")} | {"feed": rada["feed"][0], "source": rada}
    for kind, keys in TABLES.items():
        assert ({**found, **shown}[kind] if kind else found).keys() - {"file"} == keys.keys(), kind


def test_what_is_shown_to_people_is_a_configuration_with_the_same_values(desk: Desk) -> None:
    before = config.load(desk.path)
    desk.path.write_text(desk.feedpub("config").out, encoding="utf-8")
    after = config.load(desk.path)
    assert (after.publish, after.state, after.fetch, after.sources) == (
        before.publish, before.state, before.fetch, before.sources,
    )  # fmt: skip
    assert {s["timezone"]["from"] for s in desk.values()["source"]} == {"file"}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:SECRET@db.test/feeds", "postgresql://me@db.test/feeds"),
        ("postgresql://:SECRET@db.test/feeds", "postgresql://db.test/feeds"),
        ("postgres://db.test/feeds?password=SECRET", "postgres://db.test/feeds?…"),
        ("postgres://db.test/feeds?p%61ssword=SECRET&options=x", "postgres://db.test/feeds?…"),
    ],
)
def test_no_password_is_printed(desk: Desk, url: str, shown: str) -> None:
    desk.path.write_text(CONFIG.replace("sqlite:///feedpub.db", url), encoding="utf-8")
    for words in (["config"], ["config", "--json"], ["--verbose", "config"]):
        ran = desk.feedpub(*words)
        assert (ran.code, "SECRET" in ran.out + ran.err) == (0, False)
        assert f'"{shown}"' in ran.out


def test_a_wrong_file_is_answered_with_all_its_mistakes(desk: Desk) -> None:
    desk.path.write_text(CONFIG.replace("fetch.contact", "fetch.contakt").replace('"pl"', "3"), encoding="utf-8")
    assert desk.feedpub("config") == Ran(
        2,
        "",
        "feedpub: ./config.toml:1: [fetch] contakt is not known; did you mean contact?\n"
        "feedpub: ./config.toml:29: [[source]] 2 language must be a string, not 3\n",
    )


def test_a_council_s_own_file_that_cannot_be_used_is_named_beside_the_others(desk: Desk) -> None:
    (desk.path.parent / "sources.d").mkdir()
    (desk.path.parent / "sources.d" / "misto.toml").write_text("[[source]\n", encoding="utf-8")
    ran = desk.feedpub("config")
    assert (ran.code, ran.out.count("[[source]]")) == (1, 2)
    assert ran.err.startswith("feedpub: ./sources.d/misto.toml:1: is not TOML: ")
    assert len(ran.err.splitlines()) == 1
