"""What a run that finds nothing new costs: statements, writes, files that it opens, modules that it loads."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from feedpub.errors import StoreError
from feedpub.publishing.folder import Folder
from feedpub.store import Store, backup, idle
from feedpub.store.sqlite import SqliteFile, connected_to_read
from tests.clock import AN_HOUR, Clock
from tests.council import Council

pytestmark = pytest.mark.sqlite
STATEMENTS = 45  # of a run that writes nothing
SOURCE = "zrazkiv"


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that SQLite was given, each with its values."""
    statements: list[str] = []
    begin = SqliteFile.__init__

    def opened(db: SqliteFile, path: Path, *, is_to_look: bool = False) -> None:
        begin(db, path, is_to_look=is_to_look)
        db.connection.set_trace_callback(statements.append)

    monkeypatch.setattr(SqliteFile, "__init__", opened)
    return statements


def writes(statements: list[str]) -> list[str]:
    return [sql for sql in statements if not sql.startswith(("SELECT", "BEGIN", "COMMIT", "PRAGMA"))]


def test_a_quiet_run_asks_for_each_answer_once_and_writes_twice_an_hour(
    council: Council, clock: Clock, traced: list[str]
) -> None:
    assert council.feedpub("run").code == 0
    clock.now += AN_HOUR
    traced.clear()
    assert council.feedpub("run").code == 0
    assert len(writes(traced)) > 0
    assert traced.count("COMMIT") == 2  # the findings, and what is noted of the run
    traced.clear()
    assert council.feedpub("run").code == 0
    assert writes(traced) == []
    assert len(traced) <= STATEMENTS
    assert [sql for sql, times in Counter(traced).items() if times > 1] == []


def test_a_copy_of_the_state_is_opened_once_in_a_process(
    council: Council, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    connect = connected_to_read

    def noted(path: Path) -> sqlite3.Connection:
        opened.append(path.name)
        return connect(path)

    council.feedpub("run")
    council.feedpub("run")
    clock.now += AN_HOUR
    council.feedpub("run")  # it writes, so it asks whether the copy is behind
    monkeypatch.setattr(backup, "connected_to_read", noted)
    clock.now += AN_HOUR
    council.feedpub("run")
    assert opened == []
    with closing(sqlite3.connect(council.state)) as db, db:
        db.execute("UPDATE source SET revision = revision + 1")
    backup.copy_of(council.state).write_bytes(council.state.read_bytes())
    assert backup.revisions_in_copies(council.state) == {SOURCE: Store(council.state).of(SOURCE).facts.revision}
    assert opened == [backup.copy_of(council.state).name]


def test_an_answer_is_remembered_until_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "feedpub.db"
    with closing(Store(path)) as store, closing(Store(path, is_to_look=True)) as looker:
        ours, theirs = (one.of(SOURCE).collections for one in (store, looker))
        assert ours.published() == theirs.published() == {}
        ours.put_document("pages", "1")
        assert ours.published() == theirs.published() == {"pages": "1"}  # a looker asks each time: others write
        store.db.begin()
        ours.put_document("pages", "2")
        assert ours.published() == {"pages": "2"}
        store.db.undo()
        assert ours.published() == {"pages": "1"}


def test_an_answer_is_forgotten_where_a_statement_fails(tmp_path: Path) -> None:
    with closing(Store(tmp_path / "feedpub.db")) as store:
        collections = store.of(SOURCE).collections
        store.db.begin()
        collections.put_document("pages", "1")
        assert collections.published() == {"pages": "1"}
        assert isinstance(store.db, SqliteFile)
        store.db.connection.execute("ROLLBACK")  # SQLite does so by itself where the disk is full
        with pytest.raises(StoreError):
            store.db.execute("COMMIT")
        assert collections.published() == {}


def test_a_kept_connection_is_of_the_file_that_is_there_now(tmp_path: Path) -> None:
    path, other = tmp_path / "feedpub.db", tmp_path / "other.db"

    def connection() -> sqlite3.Connection:
        with closing(SqliteFile(path)) as db:
            return db.connection

    with idle.keeping():
        first = connection()
        assert connection() is first
        with closing(SqliteFile(path)) as again:
            assert not again.has_written  # though the connection wrote before
        with closing(sqlite3.connect(other)) as db:
            first.backup(db)
        other.replace(path)
        second = connection()
        assert second is not first
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        second.execute("SELECT 1")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection().execute("SELECT 1")


def test_a_folder_is_looked_at_once_for_all_files_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Folder(tmp_path)
    names = [f"{SOURCE}/archive/2025-11/{name}" for name in ("rss.xml", "atom.xml", "index.html")]
    for name in names:
        folder(name, b"text", "text/plain")
    looked: list[str] = []

    def is_folder(path: str) -> bool:
        looked.append(path)
        return True

    monkeypatch.setattr("feedpub.publishing.folder._is_folder", is_folder)
    assert None not in folder.fingerprints(names)
    assert len(looked) == len(set(looked)) == 3
