"""A state of an older version is copied before it is upgraded, and the older program can go on with the copy."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from feedpub.errors import Damaged, StoreError
from feedpub.store import MIGRATIONS, Store
from feedpub.store.scripts import hash_of
from feedpub.store.upgrading import kept_copies
from tests.council import Council
from tests.scripts import pinned
from tests.test_faults import HAS_NAMESPACES, NAMESPACE
from tests.test_state_proof import OLD_VERSION

pytestmark = pytest.mark.sqlite
HOUSE = Path(__file__).parent.parent
NEWEST = len(MIGRATIONS)


def old_state(path: Path, version: int = 9, note: str = "") -> bytes:
    """A state as a program of this version wrote it, and its bytes."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as db, db:
        for script in MIGRATIONS[:version]:
            db.executescript(script)
        db.execute(f"PRAGMA user_version = {version}")
        db.execute("INSERT INTO source (id, icon) VALUES ('rada', ?)", (note,))
    return path.read_bytes()


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def content_of(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


def upgrade(path: Path) -> str | None:
    """The name of the copy that was kept. None: none was."""
    with closing(Store(path)) as store:
        return store.db.kept.name if store.db.kept else None


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_state_is_copied_before_it_is_upgraded_and_the_copy_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "feedpub.db"
    old_state(path)
    before = content_of(path)
    path.chmod(0o600)
    assert upgrade(path) == "feedpub.db.version-9"
    copy = tmp_path / "feedpub.db.version-9"
    assert (version_of(path), version_of(copy), content_of(copy)) == (NEWEST, 9, before)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["feedpub.db", "feedpub.db.version-9"]
    assert upgrade(path) is None


def test_a_new_state_has_no_copy_and_one_that_is_looked_at_neither(tmp_path: Path) -> None:
    assert upgrade(tmp_path / "feedpub.db") is None
    old = old_state(tmp_path / "feedpub.db")
    Store(tmp_path / "feedpub.db", is_to_look=True).close()
    assert names(tmp_path) == ["feedpub.db"]
    assert (tmp_path / "feedpub.db").read_bytes() == old


@pytest.mark.long
def test_the_copy_is_named_to_a_person_who_watches(council: Council) -> None:
    council.feedpub("run")
    with closing(sqlite3.connect(council.state)) as db:
        db.executescript(OLD_VERSION)
    ran = council.feedpub("publish", "--verbose")
    assert ran.code == 0
    assert (
        f"{council.state}: the state was upgraded for this feedpub; the older one can go on with feedpub.db.version-9\n"
    ) in ran.err


def test_an_upgrade_that_failed_leaves_the_state_and_the_next_one_makes_no_second_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "feedpub.db"
    old_state(path)
    before = content_of(path)
    with monkeypatch.context() as patched:
        patched.setattr("feedpub.store.sqlite.MIGRATIONS", (*MIGRATIONS, "ALTER TABLE absent ADD COLUMN x TEXT"))
        with pytest.raises(StoreError, match="no such table: absent"):
            Store(path)
    assert content_of(path) == before  # no script counts before the last one does
    assert upgrade(path) == "feedpub.db.version-9"
    assert names(tmp_path) == ["feedpub.db", "feedpub.db.version-9"]


def test_no_copy_is_written_over_and_the_two_newest_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "feedpub.db"
    made = []
    for n in range(4):  # somebody goes back to the older program again and again
        old_state(path, note=f"{n}")
        made.append(upgrade(path))
        for copy in kept_copies(path):  # so that the next one is newer for certain
            at = copy.stat().st_mtime - 60
            os.utime(copy, (at, at))
    assert made[:3] == ["feedpub.db.version-9", "feedpub.db.version-9.1", "feedpub.db.version-9.2"]
    kept = [copy.name for copy in kept_copies(path)]
    assert len(kept) == 2
    assert kept[0] == made[-1]


def test_files_with_other_names_are_no_copies(tmp_path: Path) -> None:
    path = tmp_path / "feedpub.db"
    others = [tmp_path / f"feedpub.db.{end}" for end in ("version-9.old", "version-x", "version-8.new", "bak")]
    for other in others:
        other.write_bytes(b"precious")
    for n in range(3):
        old_state(path, note=f"{n}")
        upgrade(path)
    assert [other.read_bytes() for other in others] == [b"precious"] * 4


def test_a_damaged_state_is_not_kept_as_if_it_were_a_good_one(tmp_path: Path) -> None:
    path = tmp_path / "feedpub.db"
    data = bytearray(old_state(path))
    data[4096 * 3 : 4096 * 4] = b"\xff" * 4096
    path.write_bytes(data)
    with pytest.raises(Damaged, match=r"feedpub\.db: the state is damaged: "):
        Store(path)
    assert names(tmp_path) == ["feedpub.db"]


OPENING = "from feedpub.cli import main; import sys; sys.exit(main(['publish', '--config', sys.argv[1]]))"


@pytest.mark.skipif(not HAS_NAMESPACES, reason="needs unshare (util-linux) and the right to mount in a namespace")
@pytest.mark.long
def test_without_room_for_the_copy_nothing_is_upgraded(tmp_path: Path, council: Council) -> None:
    old_state(council.state, note="x" * 300_000)
    before = council.state.read_bytes()
    disk, after = tmp_path / "disk", tmp_path / "after"
    disk.mkdir()
    script = (
        'mount -t tmpfs -o size=700k none "$DISK" && cp "$FOLDER"/config.toml "$FOLDER"/feedpub.db "$DISK"; '
        f'"{sys.executable}" -c "{OPENING}" "$DISK/config.toml"; code=$?; cp -a "$DISK" "$AFTER"; exit $code'
    )
    ran = subprocess.run(
        [*NAMESPACE, "sh", "-c", script], capture_output=True, text=True, check=False, cwd=HOUSE,
        env={**os.environ, "DISK": str(disk), "FOLDER": str(council.folder), "AFTER": str(after)},
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (
        1,
        f"feedpub: {disk}/feedpub.db: the state cannot be copied before it is upgraded: database or disk is full. It"
        " was left as it is; make room on the disk, and run again\n",
    )
    assert (after / "feedpub.db").read_bytes() == before
    assert names(after) == ["config.toml", "feedpub.db", "feedpub.db.lock"]
    shutil.copy(after / "feedpub.db", council.state)
    assert upgrade(council.state) == "feedpub.db.version-9"


# ------------------------------------------------------------ by which scripts

HERE = "CREATE TABLE ours (x TEXT);"


def forked(version: int, script: str) -> tuple[str, ...]:
    """The migrations of a program in which somebody has changed one."""
    return (*MIGRATIONS[: version - 1], script, *MIGRATIONS[version:])


def made_by(scripts: tuple[str, ...], path: Path) -> None:
    """A program with these migrations makes a state, or upgrades the one that is there."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("feedpub.store.sqlite.MIGRATIONS", scripts)
        Store(path).close()


def test_no_released_migration_is_edited() -> None:
    hashes = [hash_of(script) for script in MIGRATIONS]
    assert hashes == pinned(), "if no release has the newest migration yet: python -m tests.scripts"


def test_comments_and_spaces_of_a_migration_do_not_count_and_all_else_does() -> None:
    script = "CREATE TABLE a (x TEXT); -- what it is\n    DROP TABLE b;"
    assert hash_of(script) == hash_of("CREATE TABLE a\n(x TEXT);\nDROP TABLE b")
    others = (
        "CREATE TABLE a (x TEXT)",
        "DROP TABLE b; CREATE TABLE a (x TEXT)",
        "CREATE TABLE a (y TEXT); DROP TABLE b",
    )
    assert hash_of(script) not in map(hash_of, others)


@pytest.mark.parametrize("is_to_look", [False, True])
@pytest.mark.parametrize(
    ("scripts", "version"),
    [(forked(9, MIGRATIONS[8] + HERE), 9), (forked(NEWEST, MIGRATIONS[-1] + HERE), NEWEST), (forked(10, HERE), NEWEST)],
    ids=["a released migration", "the newest", "a fork that keeps no hashes"],
)
def test_a_state_that_other_scripts_have_made_is_refused_in_one_line_and_left_alone(
    tmp_path: Path, scripts: tuple[str, ...], version: int, is_to_look: bool
) -> None:
    path = tmp_path / "feedpub.db"
    with pytest.MonkeyPatch.context() as patched:
        if scripts[9] == HERE:
            patched.setattr("feedpub.store.sqlite.noting", lambda _: [])
        made_by(scripts, path)
    before = path.read_bytes()
    with pytest.raises(StoreError) as refusal:
        Store(path, is_to_look=is_to_look)
    assert str(refusal.value) == (
        f"{path}: the state was made by another feedpub: version {version} of its tables is not this"
        " program's. Run the feedpub that made it, or name another place in [state] url: a new state takes over the ids"
        " of the published feeds"
    )
    assert (path.read_bytes(), names(tmp_path)) == (before, ["feedpub.db"])


def test_a_state_of_other_scripts_is_not_upgraded_either(tmp_path: Path) -> None:
    path = tmp_path / "feedpub.db"
    made_by(forked(NEWEST, MIGRATIONS[-1] + HERE), path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="was made by another feedpub"):
        made_by((*MIGRATIONS, "CREATE TABLE later (x TEXT);"), path)
    assert (path.read_bytes(), names(tmp_path)) == (before, ["feedpub.db"])


def test_scripts_from_before_hashes_were_kept_are_taken_as_right_and_later_ones_are_added(tmp_path: Path) -> None:
    path = tmp_path / "feedpub.db"
    old_state(path)
    later = "CREATE TABLE later (x TEXT);"
    for scripts in (MIGRATIONS, (*MIGRATIONS, later)):
        made_by(scripts, path)
        with closing(sqlite3.connect(path)) as db:
            kept = db.execute("SELECT version, hash FROM script ORDER BY version").fetchall()
        assert kept == [(version, hash_of(script)) for version, script in enumerate(scripts, 1)]
