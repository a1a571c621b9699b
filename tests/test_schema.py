"""config.schema.json: what editors are told of config.toml is what feedpub takes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from feedpub import cli, config
from feedpub.config import TABLES
from feedpub.config.checks import css_selectors, date_formats
from feedpub.errors import ConfigError
from tests import council, test_config, test_settings
from tools import schema
from tools.manual import ROOT

SCHEMA: dict[str, Any] = json.loads(config.SCHEMA.read_text(encoding="utf-8"))
GOOD = test_config.GOOD
ALIKE = '[defaults]\nlanguage = "uk"\ntimezone = "Europe/Kyiv"\n'
TAPLO = Path(sys.executable).with_name("taplo")


def refusals(text: str) -> list[str]:
    """Where the schema refuses a configuration: the keys on the way to each mistake, joined by dots."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return sorted(".".join(map(str, error.absolute_path)) for error in validator.iter_errors(tomllib.loads(text)))


def changed(old: str, new: str) -> str:
    text = re.sub(old, lambda _: new, GOOD, count=1, flags=re.M)
    assert text != GOOD
    return text


def test_the_file_is_what_the_keys_and_the_manual_say() -> None:
    if config.SCHEMA.read_text(encoding="utf-8") != schema.text():
        pytest.fail("config.schema.json: differs from feedpub/config/keys.py or docs/manual.md; `python -m tools`")


def test_it_is_a_schema_and_every_key_has_a_description() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for kind, table in SCHEMA["$defs"].items():
        for name, key in table["properties"].items():
            assert name in TABLES or key["description"], f"{kind}.{name}"


def test_every_check_has_a_form_or_is_beyond_a_schema() -> None:
    checks = {key.check for keys in TABLES.values() for key in keys.values()}
    without = {check for check in checks if check and not schema.form(check)}
    assert without == {css_selectors, date_formats}


def test_a_default_is_one_that_a_file_may_say() -> None:
    for table in SCHEMA["$defs"].values():
        for key in table["properties"].values():
            if "default" in key:
                jsonschema.validate(key["default"], key, jsonschema.Draft202012Validator)


def test_the_command_prints_it_and_needs_no_configuration(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["config", "--schema"]) == 0
    assert capsys.readouterr().out == config.SCHEMA.read_text(encoding="utf-8")


def topic(words: str) -> str:
    return f'{GOOD}[[source.feed]]\nid = "vpo"\ntitle = "ВПО"\n{words}\n'


BARE = re.sub(r"^(?:language|timezone) = .*\n", "", GOOD, flags=re.M)


@pytest.mark.parametrize(
    "text",
    [
        (ROOT / "config.toml").read_text(encoding="utf-8"),
        council.CONFIG.format(home="http://127.0.0.1:9/") + council.LAYOUT,
        test_settings.CONFIG,
        GOOD,
        GOOD[: GOOD.index("[[source]]")],  # the councils have files of their own
        BARE + ALIKE,
        changed("https://feeds.example.org", "HTTPS://стрічки.укр/рада"),
        changed("mailto:me@example.org", "https://рада.укр/про"),
        changed("^to = .*", 'to = "s3://bucket/prefix/"'),
        changed("^to = .*", 'to = "../public"\nitems = 500\nthumbnails = 0\nhubs = []'),
        changed("mailto:me@example.org", 'mailto:me@рада.укр"\ndelay = 0\nminutes = 1.5\nprivate = true #'),
        changed('"uk"', '"uk-Cyrl-UA"\nevery = "999d"'),
        changed('"uk"', '"uk"\nlanguages = ["uk", "ces"]\nevery = "auto"\nformerly = ["рада.укр:8080"]'),
        GOOD + '[state]\nurl = "sqlite:////var/lib/feedpub.db"',
        GOOD + '[state]\nurl = "postgres://:x@db/feeds?options=x"',
        GOOD + '[source.layout]\nbody = "p"\nfixed = [""]\ndate_formats = ["%d.%m"]',
        GOOD + '[source.terms]\nwording = "{title}: {link}"\nblock = 1',
        topic('keywords = ["сім’я", "внутрішньо переміщен*"]'),
        topic('categories = [""]'),
    ],
)
def test_what_feedpub_takes_the_schema_takes(tmp_path: Path, text: str) -> None:
    (tmp_path / "sources.d").mkdir()
    council = test_settings.COUNCIL + 'timezone = "Europe/Kyiv"\n'
    (tmp_path / "sources.d" / "misto.toml").write_text(council, encoding="utf-8")
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    assert config.load(tmp_path / "config.toml").broken == ()
    assert refusals(text) == []


def test_a_council_s_own_file_is_taken_with_what_all_have_alike_elsewhere() -> None:
    bare = BARE[BARE.index("[[source]]") :]
    assert refusals(bare) == refusals(test_settings.COUNCIL) == []
    assert refusals(bare + bare) == ["source"]  # one council a file


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", [""]),
        (changed("^title", "titel"), ["source.0", "source.0"]),  # one key is unknown, and one is missing
        (changed("^base_url = .*", ""), ["publish"]),
        (changed("^to = .*", "to = 3"), ["publish.to"]),
        (changed("^to = .*", 'to = "ftp://x"'), ["publish.to"]),
        (changed("^to = .*", 'to = "out"\nitems = 501'), ["publish.items"]),
        (changed("^to = .*", 'to = "out"\nitems = true'), ["publish.items"]),
        (changed("^to = .*", 'to = "out"\nemail = "me"'), ["publish.email"]),
        (changed("^to = .*", 'to = "out"\nhubs = ["hub.example"]'), ["publish.hubs.0"]),
        (changed("https://feeds.example.org", "feeds.example.org"), ["publish.base_url"]),
        (changed("mailto:me@example.org", "me@example.org"), ["fetch.contact"]),
        (changed("^contact", 'delay = "1"\ncontact'), ["fetch.delay"]),
        (changed('"rada"', '"Рада"'), ["source.0.id"]),
        (changed('"rada"', '"region"'), ["source.0.id"]),
        (changed('"Рада"', '""'), ["source.0.title"]),
        (changed(r"\[\"https://rada.example/news\"\]", "[]"), ["source.0.listings"]),
        (changed(r"\[\"https://rada.example/news\"\]", '"https://rada.example/news"'), ["source.0.listings"]),
        (changed('"uk"', '"ua"'), ["source.0.language"]),
        (changed('"uk"', '"uk"\nlanguages = ["UK"]'), ["source.0.languages.0"]),
        (changed('"uk"', '"uk"\nevery = "sometimes"'), ["source.0.every"]),
        (changed('"uk"', '"uk"\nlayout.body = 3'), ["source.0.layout.body"]),
        (changed('"uk"', '"uk"\nterms.wording = "без посилання"'), ["source.0.terms.wording"]),
        (changed('"uk"', '"uk"\nterms.block = 3'), ["source.0.terms.block"]),
        (changed("^language = .*", ""), ["source.0"]),
        (BARE + ALIKE.replace("timezone", "id"), ["defaults", "source.0"]),
        (GOOD + '[state]\nurl = "mysql://x"', ["state.url"]),
        (GOOD + "[wotch]\n", [""]),
        (topic(""), ["source.0.feed.0"]),
        (topic("keywords = []"), ["source.0.feed.0"]),
        (topic('keywords = [""]'), ["source.0.feed.0.keywords.0"]),
        (GOOD + "[source.feed]\n", ["source.0.feed"]),
    ],
)
def test_mistakes_are_named_by_the_schema_as_by_feedpub(tmp_path: Path, text: str, where: list[str]) -> None:
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError):
        config.load(tmp_path / "config.toml")
    assert refusals(text) == where


@pytest.mark.skipif(not TAPLO.exists(), reason="no taplo beside Python: `pip install taplo` gets it")
def test_an_editor_s_checker_finds_the_schema_by_the_first_line(tmp_path: Path) -> None:
    first = "#:schema ./config.schema.json\n"
    assert first in (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
    (tmp_path / "config.schema.json").write_bytes(config.SCHEMA.read_bytes())
    file = tmp_path / "config.toml"
    for text, code in ((GOOD, 0), (changed('"rada"', '"Рада"'), 1)):
        file.write_text(first + text, encoding="utf-8")
        done = subprocess.run([TAPLO, "lint", file], capture_output=True, text=True, check=False)
        assert (done.returncode, "does not match" in done.stderr) == (code, code == 1), done.stderr
