"""One state for several updates at a time, each in a thread of its own.

One of them works at any moment, and the others wait for their sites. So all else in the program may be written as if
there were one thread. What several updates keep within a second goes to the disk together.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import RLock, Semaphore

from feedpub.errors import StoreError
from feedpub.store.database import Cursor, Database, Memory, Row, Values
from feedpub.store.lock import Busy

PRESSES = 2  # updates that make files at a time: what is remembered of items is enough for few sources
PRESSES_AFAR = 8  # where they wait for a server with each file
TOGETHER = 1.0  # seconds: what is kept in this time is written together; a crash costs no more
Statement = tuple[str, Values]


def presses_at(to: Path | str) -> int:
    """Return how many updates may make files at a time for this folder or bucket."""
    return PRESSES if isinstance(to, Path) else PRESSES_AFAR


class Shared:
    """The right to work, which one thread has at a time, and what was kept and is not on the disk yet."""

    def __init__(self, db: Database, presses: int = PRESSES) -> None:
        self.db = db
        db.share()
        self.right = RLock()
        self.presses = Semaphore(presses)
        self._since: float | None = None  # when the first of what waits for the disk was kept; None: nothing waits

    def gather(self) -> None:
        """Let the writes that follow go to the disk together with others."""
        if self._since is None:
            self.db.begin()
            self._since = time.monotonic()

    def flush_if_due(self) -> None:
        if self._since is not None and time.monotonic() - self._since >= TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Bring everything that was kept to the disk. Raises StoreError."""
        if self._since is not None:
            self._since = None
            try:
                self.db.settle()
            except StoreError:
                self.db.undo()
                raise


class Part(Database):
    """The database as one update sees it.

    While an update waits for its site, what its batch has written so far is rolled back, so that others may write. It
    is written again, statement by statement, when the update goes on. Nobody else writes the rows of its source.
    """

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self.place = shared.db.place
        self.is_there = shared.db.is_there
        self._is_batch = False  # between ``begin`` and ``settle`` or ``undo``
        self._is_open = False  # the batch has begun to write
        self._statements: list[Statement] = []  # what the batch has written
        self._depth = 0  # of transactions
        self._has_written = False

    @property
    def right(self) -> RLock:
        return self._shared.right

    @property
    def memory(self) -> Memory:
        return self._shared.db.memory

    def close(self) -> None:
        """The state stays open for others."""

    @property
    def has_written(self) -> bool:
        return self._has_written

    @property
    def is_in_transaction(self) -> bool:
        return self._shared.db.is_in_transaction

    @property
    def is_worth_copying(self) -> bool:
        return self._shared.db.is_worth_copying

    @is_worth_copying.setter
    def is_worth_copying(self, value: bool) -> None:
        self._shared.db.is_worth_copying = value

    def each(self, sql: str, *values: object) -> Iterator[Row]:
        return self._shared.db.each(sql, *values)

    def rows(self, sql: str, *values: object) -> list[Row]:
        return self._shared.db.rows(sql, *values)

    def first_row(self, sql: str, *values: object) -> Row | None:
        return self._shared.db.first_row(sql, *values)

    def put_many(self, sql: str, values: Sequence[Mapping[str, object]]) -> None:
        for one in values:
            self.execute(sql, one)

    def alone(self, source: str, *, is_to_wait: bool = False) -> AbstractContextManager[Busy | None]:
        return self._shared.db.alone(source, is_to_wait=is_to_wait)

    def in_turn(self, purpose: str) -> None:
        self._open()
        self._shared.db.in_turn(purpose)

    def share(self) -> None:
        """It is shared."""

    def release(self) -> None:
        """The connection is that of all."""

    def execute(self, sql: str, values: Values = ()) -> Cursor:
        if sql.startswith("SELECT"):
            return self._shared.db.execute(sql, values)
        self._has_written = True
        self._open()
        if self._is_batch:
            self._statements.append((sql, values))
        cursor = self._shared.db.execute(sql, values)
        if not self._is_batch and not self._depth:
            self._shared.flush_if_due()
        return cursor

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._open()
        before = len(self._statements)
        self._depth += 1
        try:
            with self._shared.db.transaction():
                yield
        except BaseException:
            del self._statements[before:]
            raise
        finally:
            self._depth -= 1
        if not self._is_batch and not self._depth:
            self._shared.flush_if_due()

    def begin(self) -> None:
        self._is_batch = True

    def settle(self) -> None:
        if self._is_open:
            self._shared.db.execute("RELEASE batch")
        self._end_batch()
        self._shared.flush_if_due()

    def undo(self) -> None:
        with suppress(StoreError):  # on a full disk, SQLite has rolled back by itself
            self._roll_back()
        self._end_batch()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Let others work while the block waits. Within a transaction nobody else may."""
        if self._depth:
            yield
            return
        self._roll_back()
        self._shared.right.release()
        try:
            yield
        finally:
            self._shared.right.acquire()
            self._write_again()

    @contextmanager
    def in_press(self) -> Iterator[None]:
        """Wait until few others make files, and keep them from it for as long as the block lasts."""
        with self.apart():
            self._shared.presses.acquire()
        try:
            yield
        finally:
            self._shared.presses.release()

    def flush(self) -> None:
        """Bring what was kept to the disk: what others are to see must not be ahead of it."""
        if not self._is_batch and not self._depth:
            self._shared.flush()

    def vacuum(self) -> None:
        self._shared.flush()
        self._shared.db.vacuum()

    def _open(self) -> None:
        """Make ready for a write, be it the first of a batch or another."""
        self._shared.gather()
        if self._is_batch and not self._is_open:
            self._shared.db.execute("SAVEPOINT batch")
            self._is_open = True

    def _roll_back(self) -> None:
        if self._is_open:
            self._is_open = False
            self._shared.db.execute("ROLLBACK TO batch")
            self._shared.db.execute("RELEASE batch")

    def _write_again(self) -> None:
        if self._statements:
            self._open()
        for sql, values in self._statements:
            self._shared.db.execute(sql, values)

    def _end_batch(self) -> None:
        self._is_batch = self._is_open = False
        self._statements.clear()
