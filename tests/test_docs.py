"""The documents say what is true now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feedpub import cli, config

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    return re.findall(r"^    (\w+) ", capsys.readouterr().out, re.M)


def test_the_readme_opens_with_the_two_commands() -> None:
    assert [line.split("#")[0].strip() for line in README.splitlines()[2:4]] == ["make demo", "make test"]


def test_every_command_is_in_the_readme_with_its_options_and_has_help(capsys: pytest.CaptureFixture[str]) -> None:
    found = commands(capsys)
    assert found == re.findall(r"^\| `feedpub (\w+)", README, re.M)
    for command in found:
        with pytest.raises(SystemExit) as leaving:
            cli.main([command, "--help"])
        assert leaving.value.code == 0
        options = set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help", "--config", "--quiet", "--verbose"}
        [row] = re.findall(rf"^\| `feedpub {command}.*$", README, re.M)
        assert options == set(re.findall(r"--[a-z]+", row))


@pytest.mark.parametrize("table", [t for t in config.TABLES if t])
def test_every_key_of_the_config_is_in_the_readme(table: str) -> None:
    for key in config.TABLES[table]:
        if key not in config.TABLES:
            assert f"`{key}`" in README, f"[{table}] {key}"


def test_the_changelog_knows_what_is_unreleased() -> None:
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_decision_has_a_date() -> None:
    paragraphs = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8").split("\n\n")[2:]
    assert all(re.match(r"\*\*\d{4}-\d\d-\d\d — ", p) for p in paragraphs)


def test_ci_runs_the_readme_s_commands() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make demo\n" in script
    assert "make test\n" in script
    assert "make test-all\n" in script
