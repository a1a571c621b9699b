"""`feedpub completion`: each shell completes what feedpub knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feedpub import cli
from feedpub.cli import completion
from tests import shells
from tests.test_settings import CONFIG

SHELLS = ("bash", "zsh", "fish")


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.main(["completion", shell]) == 0
    return capsys.readouterr().out


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> shells.Shell:
    missing = shells.missing(request.param)
    if missing:
        pytest.skip(missing)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "other.toml").write_text(CONFIG.replace('"rada"', '"viddalena"'), encoding="utf-8")
    return shells.Shell(request.param, tmp_path, script(request.param, capsys))


@pytest.mark.long
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("feedpub backf\t", ["backfill"]),
        ("feedpub status --js\t", ["status", "--json"]),
        ("feedpub --verb\t ledg\t", ["--verbose", "ledger"]),
        ("feedpub completion fi\t", ["completion", "fish"]),
        ("feedpub state co\t", ["state", "copy"]),
        ("feedpub learn --many oth\t", ["learn", "--many", "other.toml"]),
        ("feedpub run --source ra\t", ["run", "--source", "rada"]),
        ("feedpub run --source rada --source se\t", ["run", "--source", "rada", "--source", "selo"]),
        (
            "feedpub --config other.toml doctor --source vid\t",
            ["--config", "other.toml", "doctor", "--source", "viddalena"],
        ),
        ("feedpub run --config=other.toml --source vid\t", ["run", "--config=other.toml", "--source", "viddalena"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_tab_completes(shell: shells.Shell, typed: str, words: list[str]) -> None:
    assert shell.completed(typed) == words


@pytest.mark.parametrize("name", SHELLS)
def test_a_script_knows_every_command_and_option(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = script(name, capsys)
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    for command in re.findall(r"^    ([\w-]+) ", capsys.readouterr().out, re.M):
        with pytest.raises(SystemExit):
            cli.main([command, "--help"])
        for option in re.findall(r"^  --([\w-]+)", capsys.readouterr().out, re.M):
            assert re.search(rf"\b{command}\b", text)
            assert re.search(rf"(?:--|-l ){option}\b", text), f"{command} --{option}"


def test_without_shtab_one_line_says_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completion, "find_spec", lambda _name: None)
    assert cli.main(["completion", "bash"]) == 2
    assert capsys.readouterr().err == (
        "feedpub: `feedpub completion` needs a package that is not installed: pip install 'feedpub[completion]'\n"
    )


def test_another_shell_is_refused_with_those_that_are_known(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        cli.main(["completion", "bsh"])
    assert leaving.value.code == 2
    assert "did you mean bash?" in capsys.readouterr().err
