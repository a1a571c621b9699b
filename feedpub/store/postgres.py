"""A state in a PostgreSQL database: its connections, its migrations, its locks, its errors.

Each working thread has one connection of its own, for a lock belongs to the connection that took it. A connection that
its thread has given back is taken by the next one.
"""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from feedpub.errors import StoreError
from feedpub.postgres_url import PostgresUrl
from feedpub.store import dialect
from feedpub.store.database import Database, Row, Values
from feedpub.store.driver import TransactionStatus, adapt, cells_of, conninfo_to_dict, errors, psycopg, said_by
from feedpub.store.lock import LONGEST, Busy, Holder
from feedpub.store.schema import MIGRATIONS
from feedpub.store.sqlite import in_memory

if TYPE_CHECKING:
    Connection = psycopg.Connection[Row]

ENCODING = "UTF8"
# A server learns within half a minute that a machine is gone, and ends its locks. libpq asks the same of the server.
ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
SETTINGS = (
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;"
    " SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0; SET jit = off"
)
TO_CONNECT = 10  # seconds, unless the address says otherwise
LONGEST_WAIT = "60s"  # for a lock that another holds for a moment
MIGRATING = "migrating"  # no id of a source has a sign of this kind before it: see ``_key``
AT_A_TIME = 200  # rows that are had from the server
NAME = re.compile(r"feedpub (\d+) on (.+)")  # under which another run is at work
NO_STATE = "SELECT to_regclass('state_version') IS NULL"


class Nothing(dict[str, object]):
    """Nothing is known for long: another machine may write at any time."""

    def __setitem__(self, name: str, value: object) -> None:
        """Forget it at once."""


class PostgresDatabase(Database):
    """One database, or one schema of it."""

    begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ"

    def __init__(self, url: PostgresUrl, *, is_to_look: bool = False) -> None:
        self.place = self.url = url
        self.is_there = True
        self._has_written = False
        self._is_to_look = is_to_look
        self.known = Nothing()
        self._mine: Any = threading.local()
        self._idle: list[Connection] = []
        self._all: list[Connection] = []
        self._sole = threading.Lock()
        self._cursors = count()
        try:
            self._require_encoding()
            self._schema = self._one("SELECT coalesce(current_schema(), '')")
            self._migrate()
        except BaseException:
            self.close()
            raise

    # -------------------------------------------------------- connections

    @property
    def connection(self) -> Connection:
        """This thread's own connection."""
        mine: Connection | None = getattr(self._mine, "connection", None)
        if mine is None:
            with self._sole:
                mine = self._idle.pop() if self._idle else None
            if mine is None:
                mine = self._connected()
                with self._sole:
                    self._all.append(mine)
            self._mine.connection = mine
        return mine

    def _connected(self) -> Connection:
        name = f"feedpub {os.getpid()} on {socket.gethostname()}"[:63]
        try:
            defaults = {"connect_timeout": TO_CONNECT, **ALIVE, "application_name": name}
            options: dict[str, Any] = defaults | conninfo_to_dict(self.url.whole) | {"client_encoding": "utf8"}
            connection: Connection = psycopg.connect(autocommit=True, row_factory=cells_of, **options)
        except psycopg.Error as error:
            raise self._wrapped(error, "opened") from error
        adapt(connection)
        try:
            settings = f"{SETTINGS}; SET default_transaction_read_only = on" if self._is_to_look else SETTINGS
            connection.execute(settings)
        except psycopg.Error as error:
            connection.close()
            raise self._wrapped(error, "opened") from error
        return connection

    def share(self) -> None:
        """Let all threads have this thread's connection."""
        self._mine = SimpleNamespace(connection=self.connection, lost=None)

    def release(self) -> None:
        """Give this thread's connection back, for the next thread that needs one."""
        mine: Connection | None = getattr(self._mine, "connection", None)
        self._mine.connection = self._mine.lost = None
        if mine is None:
            return
        with self._sole:
            if mine.closed:
                self._all.remove(mine)
            else:
                self._idle.append(mine)

    def close(self) -> None:
        for connection in self._all:
            connection.close()

    # -------------------------------------------------------- statements

    def execute(self, sql: str, values: Values = ()) -> psycopg.Cursor[Row]:
        lost: str | None = getattr(self._mine, "lost", None)
        if lost:  # all that comes after it fails for the same reason
            raise StoreError(lost)
        connection = self.connection
        try:
            cursor = connection.execute(dialect.in_postgres(sql), values)
        except psycopg.Error as error:
            raise self._wrapped(error, "used") from error
        except BaseException:  # an interrupt in the midst of a statement: the server has cancelled it
            if connection.info.transaction_status is TransactionStatus.INERROR:
                with suppress(psycopg.Error):
                    connection.execute("ROLLBACK")
            raise
        said = cursor.statusmessage or ""
        if sql.startswith("COMMIT") and said != "COMMIT":  # it was undone, for something had failed in it
            raise StoreError(f"{self.url}: the state cannot be used: a statement of this batch had failed")
        if said.startswith(("INSERT", "UPDATE", "DELETE")):
            self._has_written |= cursor.rowcount > 0
        return cursor

    def put_many(self, sql: str, values: Sequence[Mapping[str, object]]) -> None:
        try:
            with self.connection.cursor() as cursor:
                cursor.executemany(dialect.in_postgres(sql), values)
        except psycopg.Error as error:
            raise self._wrapped(error, "used") from error

    def rows(self, sql: str, *values: object) -> list[Row]:
        return self.execute(sql, values).fetchall()

    def first_row(self, sql: str, *values: object) -> Row | None:
        return next(iter(self.rows(sql, *values)), None)

    def each(self, sql: str, *values: object) -> Iterator[Row]:
        name = f"feedpub_{next(self._cursors)}"
        try:
            with self.connection.cursor(name, withhold=not self.is_in_transaction) as cursor:
                cursor.itersize = AT_A_TIME
                cursor.execute(dialect.in_postgres(sql), values)
                yield from cursor
        except psycopg.Error as error:
            raise self._wrapped(error, "read") from error

    def _one(self, sql: str, *values: object) -> Any:
        row = self.first_row(sql, *values)
        return row[0] if row else None

    @property
    def has_written(self) -> bool:
        return self._has_written

    @property
    def is_in_transaction(self) -> bool:
        return self.connection.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)

    def vacuum(self) -> None:
        """Let the server use the room of erased rows again. It may do so by itself before."""
        self.execute("VACUUM item")
        self.execute("VACUUM visit")

    # -------------------------------------------------------- locks

    @contextmanager
    def alone(self, source: str, *, is_to_wait: bool = False) -> Iterator[Busy | None]:
        key = self._key(f"source {source}")
        with self._locked(key, is_to_wait=is_to_wait) as is_ours:
            yield None if is_ours else self._busy(key)

    @contextmanager
    def _locked(self, key: int, *, is_to_wait: bool) -> Iterator[bool]:
        """Yield whether this thread has the lock, which it has for as long as the block lasts."""
        is_ours = self._has_locked(key, is_to_wait=is_to_wait)
        try:
            yield is_ours
        finally:
            if is_ours:
                with suppress(StoreError):  # with a lost connection the lock is gone as well
                    self.execute("SELECT pg_advisory_unlock(?)", (key,))

    def in_turn(self, purpose: str) -> None:
        self.execute("SELECT pg_advisory_xact_lock(?)", (self._key(purpose),))

    def _has_locked(self, key: int, *, is_to_wait: bool) -> bool:
        if self._one("SELECT pg_try_advisory_lock(?)", key):
            return True
        if not is_to_wait:
            return False
        self.execute(f"SET lock_timeout = '{LONGEST_WAIT}'")
        try:
            self.connection.execute("SELECT pg_advisory_lock(%s)", (key,))
        except errors.LockNotAvailable:
            return False
        except psycopg.Error as error:
            raise self._wrapped(error, "used") from error
        finally:
            with suppress(StoreError):
                self.execute("SET lock_timeout = 0")
        return True

    def _key(self, purpose: str) -> int:
        """Return the number of a lock. Other schemas of the database have others."""
        digest = blake2b(f"feedpub {self._schema} {purpose}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big", signed=True)

    def _busy(self, key: int) -> Busy:
        """Return who has a lock, as far as the server says so."""
        high, low = key >> 32 & 0xFFFFFFFF, key & 0xFFFFFFFF
        row = self.first_row(
            "SELECT application_name, backend_start, state_change FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid = ? AND objid = ?"
            " AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            high, low,
        )  # fmt: skip
        match = NAME.fullmatch(row[0] or "") if row else None
        if row is None or match is None or row[1] is None:
            return Busy(None, is_late=False)
        since, heard = (_in_utc(at) for at in (row[1], row[2] or row[1]))
        is_late = self._one("SELECT now()").astimezone(UTC) - heard > LONGEST
        return Busy(Holder(match[2], int(match[1]), since, heard + LONGEST), is_late=is_late)

    # -------------------------------------------------------- versions

    def _require_encoding(self) -> None:
        encoding = self._one("SHOW server_encoding")
        if encoding != ENCODING:
            raise StoreError(
                f"{self.url}: the state cannot be opened: the encoding of the database is {encoding}, and must be"
                f" {ENCODING}. Make another one: createdb --encoding {ENCODING} --template template0 NAME"
            )

    def _version(self) -> int:
        """Return the version of the state. 0: there is none."""
        return 0 if self._one(NO_STATE) else int(self._one("SELECT version FROM state_version"))

    def _migrate(self) -> None:
        if self._is_to_look and self._version() == 0:
            self.is_there = False
            return
        if not self._is_old():
            return
        if self._is_to_look:
            raise StoreError(f"{self.url}: the state is of an older feedpub; the next `feedpub run` renews it")
        with self._locked(self._key(MIGRATING), is_to_wait=True) as is_ours:
            if not is_ours:
                raise StoreError(f"{self.url}: the state cannot be opened: another feedpub is renewing it; try again")
            with self.transaction():  # begun after the lock, for it knows the tables of its beginning
                if self._is_old():  # nobody else has done it meanwhile
                    self._bring_up(self._version())

    def _is_old(self) -> bool:
        version, newest = self._version(), len(MIGRATIONS)
        if version > newest:
            raise StoreError(
                f"{self.url}: the state was written by a newer feedpub: its version is {version}, this one knows"
                f" {newest}. Use the newer feedpub, or name another database in [state] url"
            )
        return version < newest

    def _bring_up(self, version: int) -> None:
        if version == 0:
            self._make("CREATE TABLE state_version (version BIGINT NOT NULL)")
            self._make("INSERT INTO state_version VALUES (0)")
            statements = dialect.whole_schema()
        else:
            statements = [one for script in MIGRATIONS[version:] for one in dialect.migrated(script)]
        for statement in statements:
            self._make(statement)
        self.execute("UPDATE state_version SET version = ?", (len(MIGRATIONS),))

    def _make(self, statement: str) -> None:
        """Make a table, an index or the like."""
        try:
            self.connection.execute(statement)
        except (errors.InsufficientPrivilege, errors.InvalidSchemaName) as error:
            role = self.connection.info.user
            raise self._wrapped(
                error, "opened", f"let its role make tables: GRANT CREATE, USAGE ON SCHEMA public TO {role}"
            ) from error
        except (errors.DuplicateTable, errors.DuplicateObject) as error:
            raise self._wrapped(error, "opened", "give feedpub a database of its own") from error
        except psycopg.Error as error:
            raise self._wrapped(error, "opened") from error

    # -------------------------------------------------------- errors

    def _wrapped(self, error: psycopg.Error, doing: str, way_out: str = "") -> StoreError:
        """Return what has failed, in one line and without a password."""
        said = said_by(error, self.url.secrets)
        message = f"{self.url}: the state cannot be {doing}: {said}"
        mine: Connection | None = getattr(self._mine, "connection", None)
        if mine is not None and mine.closed:
            message = f"{self.url}: the connection to the state was lost: {said}; the next run goes on"
            self._mine.lost = message
        return StoreError(f"{message}; {way_out}" if way_out else message)


def look_into(url: PostgresUrl) -> Database:
    """Return the state for reading alone. One that is not there yet is empty."""
    state = PostgresDatabase(url, is_to_look=True)
    if state.is_there:
        return state
    state.close()
    return in_memory()


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
