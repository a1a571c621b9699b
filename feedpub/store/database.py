"""A state's database: statements, transactions, locks. Knows no table. Each engine has a file of its own.

``sqlite`` is a file, ``postgres`` a server's database. Both understand the SQL of this room; ``dialect`` has the
differences.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from feedpub.errors import StoreError
from feedpub.postgres_url import Place, PostgresUrl
from feedpub.store.lock import Busy

Values = tuple[object, ...] | Mapping[str, object]
READS = ("SELECT ", "BEGIN", "COMMIT", "SAVEPOINT ", "RELEASE ")  # statements after which answers are as before
CHANGES_FACTS = ("INSERT INTO source ", "UPDATE source ", "DELETE FROM source ", "ROLLBACK")


class Row(Protocol):
    """A row of an answer. Its cells have the numbers and the names of the columns."""

    def __getitem__(self, cell: Any, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def __hash__(self) -> int: ...

    def keys(self) -> Iterable[str]: ...


class Cursor(Protocol):
    """The answer to a statement."""

    @property
    def rowcount(self) -> int: ...


class Memory:
    """What was read of the sources that nobody else may write meanwhile. It is true until something is written."""

    def __init__(self, *, is_of_all: bool = False) -> None:
        self.is_of_all = is_of_all  # sources: nobody else writes the state
        self.facts: dict[str, object] = {}  # by source
        self.answers: dict[tuple[str, tuple[object, ...]], list[Row]] = {}
        self._held: set[str] = set()  # sources whose locks are held

    @property
    def is_of_any(self) -> bool:
        """Whether there is a source of which anything may be remembered."""
        return self.is_of_all or bool(self._held)

    def keep(self, source: str, facts: object) -> None:
        """Keep what was read of a source, if nobody else may write it."""
        if self.is_of_all or source in self._held:
            self.facts[source] = facts

    @contextmanager
    def holding(self, source: str) -> Iterator[None]:
        """Remember what is read of a source until the context ends. What was read before it may be old."""
        self.answers.clear()
        self._held.add(source)
        try:
            yield
        finally:
            self._held.discard(source)
            self.forget()

    def note(self, sql: str) -> None:
        """Forget what a statement may change."""
        if not sql.startswith(READS):
            self.answers.clear()
            if sql.startswith(CHANGES_FACTS):
                self.facts.clear()

    def forget(self) -> None:
        """Forget everything: what was written may be undone."""
        self.answers.clear()
        self.facts.clear()


class Database(ABC):
    """The state of all sources. Every method may raise StoreError; reading changes nothing.

    One that is opened to look only is never written, not even to bring it to the present version. A missing one is
    empty.
    """

    place: Place
    is_there: bool  # no: there is no state yet, so it was opened as an empty one
    is_worth_copying: bool = False  # an item, or an address of one, has changed
    kept: Path | None = None  # the copy that was made before the state was upgraded just now; None: it was not

    @property
    @abstractmethod
    def memory(self) -> Memory:
        """What this thread remembers of what it has read."""

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def execute(self, sql: str, values: Values = ()) -> Cursor: ...

    @abstractmethod
    def put_many(self, sql: str, values: Sequence[Mapping[str, object]]) -> None:
        """Execute a statement with each of these values."""

    @abstractmethod
    def each(self, sql: str, *values: object) -> Iterator[Row]:
        """Yield the rows of the answer, one after the other. Raises Damaged where one cannot be read."""

    @abstractmethod
    def first_row(self, sql: str, *values: object) -> Row | None:
        """Return the first row of the answer. None: it has none."""

    @abstractmethod
    def vacuum(self) -> None:
        """Clear erased rows from the disk."""

    @abstractmethod
    def alone(self, source: str, *, is_to_wait: bool = False) -> AbstractContextManager[Busy | None]:
        """Yield None while nobody else works on this source; or who does. ``is_to_wait``: for a minute at most."""

    @abstractmethod
    def in_turn(self, purpose: str) -> None:
        """Wait until no other transaction does this, until the end of this one: for rows that all sources share."""

    @abstractmethod
    def share(self) -> None:
        """Let several threads use it, one at a time: see ``shared``."""

    @abstractmethod
    def release(self) -> None:
        """Give back what this thread alone has, for the next thread that needs one."""

    @property
    @abstractmethod
    def has_written(self) -> bool:
        """Whether anything was written since it was opened."""

    @property
    @abstractmethod
    def is_in_transaction(self) -> bool: ...

    def rows(self, sql: str, *values: object) -> list[Row]:
        return list(self.each(sql, *values))

    def remembered(self, sql: str, *values: object) -> list[Row]:
        """Return the rows of an answer that a run asks for many times. They may be kept until anything is written.

        They are rows of the source that it works on, or of its host, so that nobody else writes them meanwhile.
        """
        memory = self.memory
        if not memory.is_of_any:
            return self.rows(sql, *values)
        rows = memory.answers.get((sql, values))
        if rows is None:
            rows = memory.answers[sql, values] = self.rows(sql, *values)
        return rows

    def number(self, sql: str, *values: object) -> int:
        """Return the one number that the statement asks for."""
        [number] = self.rows(sql, *values)[0]
        return int(number)

    # -------------------------------------------------------- transactions

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all of the block, or nothing of it. Transactions may be nested."""
        begin, commit, undo = self.begin_writing, "COMMIT", ["ROLLBACK"]
        if self.is_in_transaction:
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

    begin_writing = "BEGIN"
    begin_reading = "BEGIN"  # all that is read until the end was true at one moment

    def begin(self) -> None:
        """Begin a batch: its writes count once ``settle`` is called, and not at all after ``undo``.

        Nothing is locked before the first write; readers never wait.
        """
        self.execute("BEGIN")

    def settle(self) -> None:
        """Keep the batch."""
        if self.is_in_transaction:
            self.execute("COMMIT")

    def undo(self) -> None:
        """Drop the batch."""
        if self.is_in_transaction:
            with suppress(StoreError):
                self.execute("ROLLBACK")


def opened(place: Place, *, is_to_look: bool = False) -> Database:
    """Return the state at this place, brought to the present version."""
    if isinstance(place, PostgresUrl):
        from feedpub.store.postgres import PostgresDatabase, look_into  # most states are files

        return look_into(place) if is_to_look else PostgresDatabase(place)
    from feedpub.store.sqlite import SqliteFile  # imports this file

    return SqliteFile(place, is_to_look=is_to_look)
