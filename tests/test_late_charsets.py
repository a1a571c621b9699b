"""A charset that cannot be loaded, since a disk fails, is not taken for one that does not exist."""

from __future__ import annotations

import codecs
import errno
import io
import subprocess
import sys
from pathlib import Path

import pytest

from feedpub import cli
from feedpub.collecting.fetch import charset

PAGE = "<p>Рішення про бюджет громади на наступний рік.</p>"
WINDOWS = PAGE.encode("cp1251")


def unloadable(monkeypatch: pytest.MonkeyPatch, label: str) -> None:
    real = codecs.lookup

    def lookup(name: str) -> codecs.CodecInfo:
        if name == label:
            raise LookupError(f"unknown encoding: {name}")
        return real(name)

    monkeypatch.setattr(codecs, "lookup", lookup)


@pytest.mark.parametrize("label", ["windows-1251", "cp866", "MacCyrillic"])
def test_a_page_is_in_no_other_charset_where_its_own_cannot_be_loaded(
    monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    unloadable(monkeypatch, label)
    with pytest.raises(ImportError, match=label):
        charset.decode(WINDOWS, f"text/html; charset={label}")


def test_a_charset_that_nobody_knows_is_passed_over() -> None:
    assert charset.decode(WINDOWS, "text/html; charset=windows-99") == PAGE


def test_a_page_that_names_no_charset_is_not_guessed_without_those_of_its_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(charset, "import_module", broken)
    with pytest.raises(ImportError, match="cp1251"):
        charset.decode(WINDOWS, "text/html")


# Loads what publishing loads, then hides the disk from Python.
HIDDEN = """
import sys
from pathlib import Path
from feedpub import cli
from feedpub.cli import publish
from feedpub.config.encoding import decoded
from feedpub.collecting.fetch.robots import _decoded_robots
from feedpub.collecting.normalize import mail
from feedpub.publishing import page
sys.meta_path.clear()
print(decoded(Path("x"), b"\\xef\\xbb\\xbfx = 1"), _decoded_robots(b"\\xef\\xbb\\xbfAllow: /"))
print("a@b".encode().decode("unicode-escape"), "n@o".translate(mail.rot13_map))
"""


def test_what_is_decoded_late_needs_no_disk(tmp_path: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", HIDDEN], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("x = 1 Allow: /\na@b a@b\n", "")


class Broken(io.TextIOWrapper):
    """A file on a disk that fails."""

    def reconfigure(self, **_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")


def test_output_to_a_failing_disk_is_no_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(io.BytesIO()))
    assert cli.main(["status", "--config", str(tmp_path / "none.toml")]) == cli.USAGE
