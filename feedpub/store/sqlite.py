"""A state in a file of SQLite: its connection, its migrations, its errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from feedpub.errors import Damaged, StoreError
from feedpub.store import idle
from feedpub.store.database import Database, Memory, Row, Values
from feedpub.store.proof import proof_of
from feedpub.store.schema import MIGRATIONS
from feedpub.store.scripts import noting, require_same

PATIENCE = 10.0  # seconds: to wait for another program that holds the file
UNDECODABLE = "Could not decode"  # so Python names a text that is no UTF-8; its error has no code
HAS_SCRIPTS = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'script'"
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class SqliteFile(Database):
    """One SQLite file.

    One that is opened to look only is read from a copy in memory if it is of an older version.
    """

    begin_writing = "BEGIN IMMEDIATE"

    def __init__(self, path: Path, *, is_to_look: bool = False) -> None:
        self.place = self.path = path
        self.is_there = path.exists()
        self._memory = Memory(is_of_all=True)
        self._is_to_look = is_to_look
        try:
            kept = None if is_to_look else idle.take(path)
            self.connection = kept or (_connected_to_look(path) if is_to_look else _connected(path))
        except sqlite3.Error as error:
            if path.is_dir():
                raise StoreError(f"{path}: is a folder; name a file in [state] url") from error
            raise _wrapped(error, f"{path}: the state cannot be opened: {error}") from error
        self._written_before = self.connection.total_changes  # by an earlier run of this process
        try:
            if not kept:
                _set_up(self.connection)
            self._migrate(is_to_look=is_to_look)
        except sqlite3.Error as error:
            self.close()
            raise _wrapped(error, f"{path}: the state cannot be opened: {error}") from error
        except StoreError:
            self.close()
            raise

    @property
    def memory(self) -> Memory:
        return self._memory

    def close(self) -> None:
        if self._is_to_look:
            self.connection.close()
        else:
            idle.put(self.path, self.connection)

    def execute(self, sql: str, values: Values = ()) -> sqlite3.Cursor:
        self._memory.note(sql)
        try:
            return self.connection.execute(sql, values)
        except sqlite3.Error as error:
            self._memory.forget()  # SQLite may have rolled back by itself
            raise _wrapped(error, f"{self.path}: the state cannot be used: {error}") from error

    def put_many(self, sql: str, values: Sequence[Mapping[str, object]]) -> None:
        self._memory.note(sql)
        try:
            self.connection.executemany(sql, values)
        except sqlite3.Error as error:
            raise _wrapped(error, f"{self.path}: the state cannot be used: {error}") from error

    def each(self, sql: str, *values: object) -> Iterator[Row]:
        cursor = self.execute(sql, values)
        while (row := self._next(cursor)) is not None:
            yield row

    def _next(self, cursor: sqlite3.Cursor) -> sqlite3.Row | None:
        try:
            row: sqlite3.Row | None = cursor.fetchone()
        except sqlite3.Error as error:
            raise _wrapped(error, f"{self.path}: the state cannot be read: {cause(error)}") from error
        return row

    def rows(self, sql: str, *values: object) -> list[Row]:
        cursor = self.execute(sql, values)
        try:
            return list[Row](cursor.fetchall())
        except sqlite3.Error as error:
            raise _wrapped(error, f"{self.path}: the state cannot be read: {cause(error)}") from error

    def remembered(self, sql: str, *values: object) -> list[Row]:
        """Where the file is open to look only, another run may write meanwhile: a source's facts alone are kept."""
        return self.rows(sql, *values) if self._is_to_look else super().remembered(sql, *values)

    def first_row(self, sql: str, *values: object) -> sqlite3.Row | None:
        return self._next(self.execute(sql, values))

    @property
    def has_written(self) -> bool:
        return self.connection.total_changes > self._written_before

    @property
    def is_in_transaction(self) -> bool:
        return self.connection.in_transaction

    def vacuum(self) -> None:
        """Write the file again, without a trace of erased rows."""
        self.execute("VACUUM")

    @contextmanager
    def alone(self, source: str, *, is_to_wait: bool = False) -> Iterator[None]:
        """Yield None: the lock of the whole file is held by this run."""
        yield None

    def in_turn(self, purpose: str) -> None:
        """Do nothing: the file has one writer."""

    def share(self) -> None:
        """Do nothing: all threads have one connection as it is."""

    def release(self) -> None:
        """Do nothing: the file has one connection."""

    def _migrate(self, *, is_to_look: bool) -> None:
        version, newest = version_of(self.connection), len(MIGRATIONS)
        if version > newest:
            raise StoreError(
                f"{self.path}: the state was written by a newer feedpub: its version is {version}, this one knows"
                f" {newest}. Use the newer feedpub, or name another file in [state] url"
            )
        require_same(self, MIGRATIONS[:version], HAS_SCRIPTS)
        if version < newest:
            self._require_own(version)
            self._upgrade(version, is_to_look=is_to_look)

    def _require_own(self, version: int) -> None:
        """Raise StoreError if the file is another program's. A state has items, and a file without tables is new."""
        names = {row["name"] for row in self.rows(TABLES)}
        if (version and "item" not in names) or (names and not version):
            raise StoreError(f"{self.path}: is the database of another program; name another file in [state] url")

    def _upgrade(self, version: int, *, is_to_look: bool) -> None:
        """Bring the state up from this version: whole, or not at all."""
        if version and not is_to_look:
            from feedpub.store.upgrading import keep_as_it_is  # imports this file, and is hardly ever needed

            self.kept = keep_as_it_is(self.connection, self.path, version)
        steps = [*MIGRATIONS[version:], *noting(MIGRATIONS), f"PRAGMA user_version = {len(MIGRATIONS)}"]
        self.connection.executescript(f"BEGIN IMMEDIATE; {';'.join(steps)}; COMMIT;")


def in_memory() -> SqliteFile:
    """Return an empty state that no file has."""
    return SqliteFile(Path(":memory:"))


def _connected(path: Path) -> sqlite3.Connection:
    # Several threads may use it, one at a time: see ``shared``.
    return sqlite3.connect(path, isolation_level=None, timeout=PATIENCE, check_same_thread=False)


def _set_up(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    connection.create_function("proof", -1, proof_of, deterministic=True)
    connection.execute("PRAGMA secure_delete = FAST")  # what is forgotten is not left between cells
    connection.execute("PRAGMA cache_spill = OFF")  # an open transaction must not lock readers out


def _connected_to_look(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot change the file: read-only, or to a copy in memory."""
    if not path.exists() or path.stat().st_size == 0:
        return _connected(Path(":memory:"))
    connection = sqlite3.connect(read_only_address(path), uri=True, isolation_level=None, timeout=PATIENCE)
    try:
        if version_of(connection) >= len(MIGRATIONS):
            return connection
        copy = _connected(Path(":memory:"))
        connection.backup(copy)
    except sqlite3.Error:
        connection.close()
        raise
    connection.close()
    return copy


def read_only_address(path: Path) -> str:
    """Return the URI with which SQLite opens a file that it must not change."""
    return f"{path.absolute().as_uri()}?mode=ro"


def cause(error: sqlite3.Error) -> str:
    """Return what SQLite says, without the words of the row that it cannot read."""
    return str(error).partition(" with text ")[0]


def connected_to_read(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(read_only_address(path), uri=True)


def version_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_of_a_broken_file(error: sqlite3.Error) -> bool:
    """Whether an error says that the file is broken, so that no later try goes well."""
    code = getattr(error, "sqlite_errorcode", None)  # errors of Python's own module have none
    return (code is not None and code & 0xFF in BROKEN) or UNDECODABLE in str(error)


def _wrapped(error: sqlite3.Error, message: str) -> StoreError:
    """Return Damaged if the file is broken, StoreError if a later try may go well."""
    return Damaged(message) if is_of_a_broken_file(error) else StoreError(message)
