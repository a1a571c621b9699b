"""The connections to a PostgreSQL database, statements on them, and errors in one line.

Each working thread has one connection of its own, for a lock belongs to the connection that took it. A connection that
its thread has given back is taken by the next one.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from feedpub.errors import StoreError
from feedpub.postgres_url import PostgresUrl
from feedpub.store import dialect
from feedpub.store.database import Database, Memory, Row, Values
from feedpub.store.driver import TransactionStatus, adapt, cells_of, conninfo_to_dict, psycopg, said_by

if TYPE_CHECKING:
    Connection = psycopg.Connection[Row]

# A server learns within half a minute that a machine is gone, and ends its locks. libpq asks the same of the server.
ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
SETTINGS = (
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;"
    " SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0; SET jit = off"
)
TO_CONNECT = 10  # seconds, unless the address says otherwise
AT_A_TIME = 200  # rows that are had from the server


class PostgresConnections(Database):
    """A database that each thread has a connection to."""

    def __init__(self, url: PostgresUrl, *, is_to_look: bool = False) -> None:
        self.place = self.url = url
        self._has_written = False
        self._is_to_look = is_to_look
        self._mine: Any = threading.local()
        self._idle: list[Connection] = []
        self._all: list[Connection] = []
        self._sole = threading.Lock()
        self._cursors = count()

    @property
    def memory(self) -> Memory:
        """What this thread remembers, whose own the locks are. Of all else another machine may write at any time."""
        if not hasattr(self._mine, "memory"):
            self._mine.memory = Memory()
        memory: Memory = self._mine.memory
        return memory

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
        self._mine = SimpleNamespace(connection=self.connection, lost=None, memory=Memory())

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
        self.memory.note(sql)
        try:
            cursor = connection.execute(dialect.in_postgres(sql), values)
        except psycopg.Error as error:
            self.memory.forget()
            raise self._wrapped(error, "used") from error
        except BaseException:  # an interrupt in the midst of a statement: the server has cancelled it
            self.memory.forget()
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
        self.memory.note(sql)
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
