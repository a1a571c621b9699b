"""The state's file: its connection, its transactions, its errors. Knows no table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from feedpub.errors import Damaged, StoreError
from feedpub.store.proof import proof_of
from feedpub.store.schema import MIGRATIONS

PATIENCE = 10.0  # seconds: to wait for another program that holds the file
UNDECODABLE = "Could not decode"  # so Python names a text that is no UTF-8; its error has no code
CHANGES_FACTS = ("INSERT INTO source ", "UPDATE source ", "DELETE FROM source ", "ROLLBACK")
BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Database:
    """One SQLite file. Every method may raise StoreError; reading changes nothing on the disk.

    A file that is opened to look only is never written, not even to bring it to the present version. One of an older
    version is read from a copy in memory, and a missing one is empty.
    """

    def __init__(self, path: Path, *, is_to_look: bool = False) -> None:
        self.path = path
        self.is_worth_copying = False  # an item, or an address of one, has changed
        self.known: dict[str, object] = {}  # what was read and is still true, by source: see ``facts``
        try:
            self.connection = _connected_to_look(path) if is_to_look else _connected(path)
        except sqlite3.Error as error:
            raise _wrapped(error, f"{path}: the state cannot be opened: {error}") from error
        self.connection.row_factory = sqlite3.Row
        self.connection.create_function("proof", -1, proof_of, deterministic=True)
        try:
            self.connection.execute("PRAGMA secure_delete = FAST")  # what is forgotten is not left between cells
            self.connection.execute("PRAGMA cache_spill = OFF")  # an open transaction must not lock readers out
            self._migrate()
        except sqlite3.Error as error:
            self.close()
            raise _wrapped(error, f"{path}: the state cannot be opened: {error}") from error
        except StoreError:
            self.close()
            raise

    def close(self) -> None:
        self.connection.close()

    def execute(self, sql: str, values: tuple[object, ...] | Mapping[str, object] = ()) -> sqlite3.Cursor:
        if sql.startswith(CHANGES_FACTS):
            self.known.clear()
        try:
            return self.connection.execute(sql, values)
        except sqlite3.Error as error:
            raise _wrapped(error, f"{self.path}: the state cannot be used: {error}") from error

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return list(self.each(sql, *values))

    def each(self, sql: str, *values: object) -> Iterator[sqlite3.Row]:
        """Yield the rows of the answer, one after the other. Raises Damaged where one cannot be read."""
        cursor = self.execute(sql, values)
        while (row := self._next(cursor)) is not None:
            yield row

    def _next(self, cursor: sqlite3.Cursor) -> sqlite3.Row | None:
        try:
            row: sqlite3.Row | None = cursor.fetchone()
        except sqlite3.Error as error:
            raise _wrapped(error, f"{self.path}: the state cannot be read: {cause(error)}") from error
        return row

    def first_row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """Return the first row of the answer. None: it has none."""
        return self._next(self.execute(sql, values))

    def number(self, sql: str, *values: object) -> int:
        """Return the one number that the statement asks for."""
        [number] = self.rows(sql, *values)[0]
        return int(number)

    @property
    def has_written(self) -> bool:
        """Whether anything was written since the file was opened."""
        return self.connection.total_changes > 0

    # -------------------------------------------------------- transactions

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all of the block, or nothing of it. Transactions may be nested."""
        begin, commit, undo = "BEGIN IMMEDIATE", "COMMIT", ["ROLLBACK"]
        if self.connection.in_transaction:
            begin, commit, undo = "SAVEPOINT part", "RELEASE part", ["ROLLBACK TO part", "RELEASE part"]
        self.execute(begin)
        try:
            yield
        except BaseException:
            with suppress(StoreError):  # on a full disk, SQLite has rolled back by itself
                for step in undo:
                    self.execute(step)
            raise
        self.execute(commit)

    def begin(self) -> None:
        """Begin a batch: its writes count once ``settle`` is called, and not at all after ``undo``.

        Nothing is locked before the first write; readers never wait.
        """
        self.execute("BEGIN")

    def settle(self) -> None:
        """Keep the batch."""
        if self.connection.in_transaction:
            self.execute("COMMIT")

    def undo(self) -> None:
        """Drop the batch."""
        if self.connection.in_transaction:
            with suppress(StoreError):
                self.execute("ROLLBACK")

    def vacuum(self) -> None:
        """Write the file again, without a trace of erased rows."""
        self.execute("VACUUM")

    def _migrate(self) -> None:
        version, newest = _version(self.connection), len(MIGRATIONS)
        if version > newest:
            raise StoreError(
                f"{self.path}: the state was written by a newer feedpub: its version is {version}, this one knows"
                f" {newest}. Use the newer feedpub, or name another file in [state] url"
            )
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            self.connection.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")


def _connected(path: Path) -> sqlite3.Connection:
    # Several threads may use it, one at a time: see ``shared``.
    return sqlite3.connect(path, isolation_level=None, timeout=PATIENCE, check_same_thread=False)


def _connected_to_look(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot change the file: read-only, or to a copy in memory."""
    if not path.exists() or path.stat().st_size == 0:
        return _connected(Path(":memory:"))
    connection = sqlite3.connect(read_only_address(path), uri=True, isolation_level=None, timeout=PATIENCE)
    try:
        if _version(connection) >= len(MIGRATIONS):
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


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _wrapped(error: sqlite3.Error, message: str) -> StoreError:
    """Return Damaged if the file is broken, StoreError if a later try may go well."""
    code = getattr(error, "sqlite_errorcode", None)  # errors of Python's own module have none
    is_broken = (code is not None and code & 0xFF in BROKEN) or UNDECODABLE in str(error)
    return Damaged(message) if is_broken else StoreError(message)
