"""The man page says what the parser and the manual say, and reads well in both programs that show such pages."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess

import pytest

from feedpub.cli.options import make_parser
from tests import test_docs
from tools import man

PAGE = man.FILE
JUDGES = {
    "mandoc": ["mandoc", "-T", "lint", "-W", "style"],
    "man": ["man", "--warnings", "-E", "UTF-8", "-Tutf8", "-l"],
}


def shown() -> str:
    """The page as it is read, on lines that are long enough for everything."""
    found = shutil.which("mandoc")
    if found is None:
        pytest.skip("no mandoc on this machine: `apt-get install mandoc` gets it")
    done = subprocess.run([found, "-T", "ascii", "-O", "width=500", PAGE], capture_output=True, text=True, check=True)
    return re.sub(".\b", "", done.stdout)  # bold letters are printed twice


def test_the_file_is_what_the_parser_and_the_manual_say() -> None:
    if PAGE.read_text(encoding="utf-8") != man.text():
        pytest.fail("packaging/man/feedpub.1: differs from the parser or docs/manual.md; `python -m tools` writes it")


@pytest.mark.parametrize("judge", JUDGES)
def test_nothing_is_wrong_with_it(judge: str) -> None:
    if not shutil.which(judge):
        pytest.skip(f"no {judge} on this machine: `apt-get install man-db mandoc` gets it")
    done = subprocess.run(
        [*JUDGES[judge], PAGE], capture_output=True, text=True, check=False, env={**os.environ, "MANWIDTH": "80"}
    )
    said = done.stdout if judge == "mandoc" else ""
    assert (done.returncode, said, done.stderr) == (0, "", "")


def test_it_names_every_command_with_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    parts = re.split(r"^   ([\w-]+)$", shown(), flags=re.M)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert list(sections) == test_docs.commands(capsys)
    for name, section in sections.items():
        own = test_docs.options(test_docs.help_of(name, capsys)) - test_docs.COMMON
        assert own <= test_docs.options(section), name


def test_a_command_s_line_says_what_is_needed_and_what_may_be_repeated() -> None:
    text = shown()
    for line in (
        "feedpub backfill [--source ID]... [--accept [CODE]]... [--pages N | --since DATE]",
        "feedpub withdraw ID --reason TEXT",
        "feedpub recover [FILE]...",
    ):
        assert f"\n       {line}\n" in text


def test_it_knows_the_exit_codes_of_the_manual() -> None:
    codes = re.findall(r"^       (\d+) +\w", shown().partition("EXIT STATUS")[2].partition("ENVIRONMENT")[0], re.M)
    assert codes == ["0", "1", "2", "130"]


@pytest.mark.parametrize("line", [line for _, line in man.EXAMPLES])
def test_an_example_is_a_command(line: str) -> None:
    calls = re.findall(r"feedpub (.+?)(?: &&|$)", line.replace("cd /srv/feedpub && ", ""))
    assert calls
    for call in calls:
        make_parser().parse_args(shlex.split(call))
