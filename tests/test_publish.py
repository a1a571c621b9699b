from __future__ import annotations

import gzip
import os
import stat
from pathlib import Path

import brotli
import pytest

from feedpub.errors import PublishError
from feedpub.publishing.folder import Folder

NAME, KIND = "rada/rss.xml", "application/rss+xml"


def test_bytes_come_to_their_place_with_a_compressed_twin(tmp_path: Path) -> None:
    assert Folder(tmp_path)(NAME, b"<rss/>", KIND)
    assert (tmp_path / NAME).read_bytes() == b"<rss/>"
    assert gzip.decompress((tmp_path / f"{NAME}.gz").read_bytes()) == b"<rss/>"
    assert brotli.decompress((tmp_path / f"{NAME}.br").read_bytes()) == b"<rss/>"
    assert sorted(p.name for p in (tmp_path / "rada").iterdir()) == ["rss.xml", "rss.xml.br", "rss.xml.gz"]


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


@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_any_web_server_may_read_it_and_nobody_else_may_write_it(tmp_path: Path, mask: int) -> None:
    umask = os.umask(mask)
    try:
        Folder(tmp_path / "srv" / "public")(NAME, b"<rss/>", KIND)
    finally:
        os.umask(umask)
    made = [*(tmp_path / "srv").rglob("*"), tmp_path / "srv"]
    assert {stat.S_IMODE(p.stat().st_mode) for p in made if p.is_dir()} == {0o755}
    assert {stat.S_IMODE(p.stat().st_mode) for p in made if p.is_file()} == {0o644}


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
    fsync, rename = os.fsync, os.rename

    def noted_fsync(file: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "file")
        fsync(file)

    def noted_rename(draft: str, name: str, **folders: int) -> None:
        done.append(f"to {name}")
        rename(draft, name, **folders)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "rename", noted_rename)
    Folder(tmp_path)(NAME, b"<rss/>", KIND)
    names = ("rss.xml.gz", "rss.xml.br", "rss.xml")
    assert done == [*(step for name in names for step in ("file", f"to {name}")), "folder"]


def test_the_twin_holds_no_time_of_its_making(tmp_path: Path) -> None:
    Folder(tmp_path)(NAME, b"<rss/>", KIND)
    assert (tmp_path / f"{NAME}.gz").read_bytes()[4:8] == bytes(4)  # RFC 1952: MTIME


def test_the_fingerprint_is_of_the_file_and_its_twin(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert folder.fingerprints([NAME])[0] is None
    folder(NAME, b"<rss/>", KIND)
    known = folder.fingerprints([NAME])[0]
    (tmp_path / f"{NAME}.gz").write_bytes(b"damaged")
    assert known != folder.fingerprints([NAME])[0] is not None
    (tmp_path / f"{NAME}.gz").unlink()
    assert folder.fingerprints([NAME])[0] is None


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


# ------------------------------------------------------------ links


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "public").symlink_to(tmp_path / "there")
    assert Folder(tmp_path / "public")(NAME, b"<rss/>", KIND)
    assert (tmp_path / "there" / NAME).read_bytes() == b"<rss/>"


def test_a_link_below_it_is_not_written_through(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "public")
    folder(NAME, b"<rss/>", KIND)
    (tmp_path / "public" / "rada").rename(tmp_path / "before")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "public" / "rada").symlink_to(tmp_path / "elsewhere")
    said = r"public/rada: is a symbolic link; nothing is written through it: put a folder in its place"
    with pytest.raises(PublishError, match=said):
        folder(NAME, b"<rss>new</rss>", KIND)
    with pytest.raises(PublishError, match="nothing is read through it"):
        folder.read(NAME)
    assert folder.fingerprints([NAME])[0] is None
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_that_is_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "public")
    folder(NAME, b"<rss/>", KIND)
    (tmp_path / "precious").write_bytes(b"x")
    (tmp_path / "public" / NAME).unlink()
    (tmp_path / "public" / NAME).symlink_to(tmp_path / "precious")
    (tmp_path / "public" / "rada" / ".rss.xml.new").symlink_to(tmp_path / "precious")  # nor is its draft's
    assert folder.read(NAME) is None
    assert folder(NAME, b"<rss/>", KIND)
    assert (tmp_path / "precious").read_bytes() == b"x"
    assert not (tmp_path / "public" / NAME).is_symlink()
    assert folder.read(NAME) == b"<rss/>"


def test_a_link_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "public").symlink_to(tmp_path / "nowhere")
    with pytest.raises(PublishError, match=r"public: is a symbolic link; nothing is written through it"):
        Folder(tmp_path / "public")(NAME, b"<rss/>", KIND)


def test_a_file_in_the_folder_s_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "public").write_text("x")
    with pytest.raises(PublishError, match=r"public: .*put a folder in its place"):
        Folder(tmp_path / "public")(NAME, b"<rss/>", KIND)


def test_what_a_killed_run_has_left_is_gone_after_the_next(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder(NAME, b"<rss/>", KIND)
    (tmp_path / "rada" / ".rss.xml.new").write_bytes(b"<half")
    folder(NAME, b"<rss>new</rss>", KIND)
    assert sorted(p.name for p in (tmp_path / "rada").iterdir()) == ["rss.xml", "rss.xml.br", "rss.xml.gz"]
