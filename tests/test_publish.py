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


def test_bytes_are_safe_on_the_disk_before_readers_see_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    fsync, rename = os.fsync, Path.replace

    def noted_fsync(file: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "file")
        fsync(file)

    def noted_rename(self: Path, target: Path) -> Path:
        done.append(f"to {target.name}")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_rename)
    Folder(tmp_path)(NAME, b"<rss/>", KIND)
    assert done == ["file", "to rss.xml.gz", "folder", "file", "to rss.xml", "folder"]


def test_the_twin_holds_no_time_of_its_making(tmp_path: Path) -> None:
    Folder(tmp_path)(NAME, b"<rss/>", KIND)
    assert (tmp_path / f"{NAME}.gz").read_bytes()[4:8] == bytes(4)  # RFC 1952: MTIME


def test_the_fingerprint_is_of_the_file_and_its_twin(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert folder.fingerprint(NAME) is None
    folder(NAME, b"<rss/>", KIND)
    known = folder.fingerprint(NAME)
    (tmp_path / f"{NAME}.gz").write_bytes(b"damaged")
    assert known != folder.fingerprint(NAME) is not None
    (tmp_path / f"{NAME}.gz").unlink()
    assert folder.fingerprint(NAME) is None


def test_a_twin_that_is_damaged_in_its_middle_is_made_again(tmp_path: Path) -> None:
    folder, data = Folder(tmp_path), b"<rss>" + bytes(range(256)) * 50
    folder(NAME, data, KIND)
    twin = tmp_path / f"{NAME}.gz"
    packed = bytearray(twin.read_bytes())
    packed[15] ^= 0xFF
    packed[16] ^= 0xFF
    twin.write_bytes(packed)
    assert folder(NAME, data, KIND)
    assert gzip.decompress(twin.read_bytes()) == data
