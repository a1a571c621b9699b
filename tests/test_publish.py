from __future__ import annotations

import gzip
import os
import stat
from pathlib import Path

import pytest

from feedpub.errors import PublishError
from feedpub.publish import Folder

NAME, KIND = "rada/rss.xml", "application/rss+xml"


def test_bytes_come_to_their_place_with_a_compressed_twin(tmp_path: Path) -> None:
    assert Folder(tmp_path)(NAME, b"<rss/>", KIND)
    assert (tmp_path / NAME).read_bytes() == b"<rss/>"
    assert gzip.decompress((tmp_path / f"{NAME}.gz").read_bytes()) == b"<rss/>"
    assert sorted(p.name for p in (tmp_path / "rada").iterdir()) == ["rss.xml", "rss.xml.gz"]


def test_what_has_not_changed_is_not_touched(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder(NAME, b"<rss/>", KIND)
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in tmp_path.rglob("*")}
    assert not folder(NAME, b"<rss/>", KIND)
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in tmp_path.rglob("*")} == before


def test_the_same_bytes_give_the_same_twin(tmp_path: Path) -> None:
    for sub in ("a", "b"):
        Folder(tmp_path / sub)(NAME, b"<rss/>", KIND)
    assert (tmp_path / "a" / f"{NAME}.gz").read_bytes() == (tmp_path / "b" / f"{NAME}.gz").read_bytes()


def test_a_lost_or_broken_twin_is_made_again(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder(NAME, b"<rss/>", KIND)
    (tmp_path / f"{NAME}.gz").write_bytes(b"\x1f\x8brubbish")
    assert folder(NAME, b"<rss/>", KIND)
    assert gzip.decompress((tmp_path / f"{NAME}.gz").read_bytes()) == b"<rss/>"


def test_any_web_server_may_read_it(tmp_path: Path) -> None:
    umask = os.umask(0o022)
    try:
        Folder(tmp_path)(NAME, b"<rss/>", KIND)
    finally:
        os.umask(umask)
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o644


def test_where_nothing_can_be_written_the_last_good_file_stands(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder(NAME, b"<rss/>", KIND)
    (tmp_path / f"{NAME}.gz").unlink()
    (tmp_path / f"{NAME}.gz").mkdir()  # so that even root cannot write there
    with pytest.raises(PublishError, match=r"rss\.xml: cannot be written: .*; the last good file stands"):
        folder(NAME, b"<rss>new</rss>", KIND)
    assert (tmp_path / NAME).read_bytes() == b"<rss/>"
    assert not [p for p in (tmp_path / "rada").iterdir() if p.name.startswith(".")]


@pytest.mark.parametrize("name", ["../rss.xml", "/etc/passwd", "a/../../b", ".hidden", "", "a//b", "Ім'я.xml"])
def test_a_name_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is no name for a published file"):
        Folder(tmp_path)(name, b"", KIND)
