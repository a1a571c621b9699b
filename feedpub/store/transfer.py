"""Copy a state from one place to another: from a file to a server, and back. Whole and proven, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from feedpub.errors import Damaged, StoreError
from feedpub.postgres_url import Place
from feedpub.store.database import Database, Row, opened
from feedpub.store.dialect import BOOLEANS, table_names
from feedpub.store.lock import Busy, sole_run
from feedpub.store.verifying import MADE_FROM, READERS, fault_in

AT_A_TIME = 500  # rows that are written together
Clock = Callable[[], datetime]


def transfer(origin: Place, target: Place, clock: Clock) -> dict[str, int]:
    """Copy the state at one place to an empty one. Return the number of rows by table.

    Raises StoreError, and then the target is as it was. Nobody may work on either meanwhile.
    """
    if isinstance(origin, Path):
        _require_whole(origin)
    with _alone(origin, clock), closing(opened(origin, is_to_look=True)) as source:
        _require_there(source)
        with _alone(target, clock), closing(opened(target)) as made:
            return _copied(source, made)


def _require_there(source: Database) -> None:
    if not source.is_there:
        raise StoreError(f"{source.place}: there is no state")


def _require_whole(state: Path) -> None:
    """Raise Damaged if a file has a row that cannot be read."""
    fault = fault_in(state) if state.exists() else None
    if fault:
        raise Damaged(f"{state}: the state is damaged: {fault}; nothing was copied")


@contextmanager
def _alone(place: Place, clock: Clock) -> Iterator[None]:
    with sole_run(place, clock) as turn:
        if isinstance(turn, Busy):
            raise _busy(place)
        yield


def _busy(place: object) -> StoreError:
    return StoreError(f"{place}: another run is under way; nothing was copied, try again when it has ended")


def _copied(source: Database, made: Database) -> dict[str, int]:
    for table in table_names():
        if made.number(f"SELECT count(*) FROM {table}"):
            raise StoreError(f"{made.place}: has a state already; nothing was copied. Name an empty one")
    with ExitStack() as stack:
        for [name] in source.rows("SELECT id FROM source ORDER BY id"):
            for database in (source, made):
                if stack.enter_context(database.alone(name)):
                    raise _busy(f"{database.place}: {name}")
        return _copy_all(source, made)


def dump(origin: Place, target: Path) -> None:
    """Copy the state at one place to an empty file, as it was at one moment. Others may work on it meanwhile.

    Raises StoreError; Damaged if a row cannot be read.
    """
    with closing(opened(origin, is_to_look=True)) as source, closing(opened(target)) as made:
        _require_there(source)
        _copy_all(source, made)


def _copy_all(source: Database, made: Database) -> dict[str, int]:
    with _unchanged(source), made.transaction():
        counts = {table: _copy_table(source, made, table) for table in table_names()}
        _require_owners(made)
    return counts


@contextmanager
def _unchanged(db: Database) -> Iterator[None]:
    """Read all tables as they were at one moment."""
    db.execute(db.begin_reading)
    try:
        yield
    finally:
        db.undo()


def _copy_table(source: Database, made: Database, table: str) -> int:
    """Copy a table, read the copy back and compare. Return the number of its rows."""
    read, written = _Sum(), _Sum()
    rows = (_proven(row, table) for row in source.each(f"SELECT * FROM {table}"))
    while batch := list(islice(rows, AT_A_TIME)):
        values = [read.add(_cells(row)) for row in batch]
        columns = list(values[0])
        made.put_many(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(f':{c}' for c in columns)})", values
        )
    for row in made.each(f"SELECT * FROM {table}"):
        written.add(_cells(_proven(row, table)))
    if (read.count, read.total) != (written.count, written.total):
        raise StoreError(f"{made.place}: the copy of the table {table} is not like the original; nothing was copied")
    return read.count


def _proven(row: Row, table: str) -> Row:
    """Return a row that can be read. Raises Damaged."""
    reader = READERS.get(table)
    if reader:
        reader(row)
    return row


def _cells(row: Row) -> dict[str, object]:
    cells = {name: row[name] for name in row.keys()}  # noqa: SIM118  (a row is no dict)
    return {name: bool(cell) if name in BOOLEANS else cell for name, cell in cells.items()}


def _require_owners(db: Database) -> None:
    for name, sql in MADE_FROM.items():
        if db.number(sql):
            raise Damaged(f"the state is damaged: {name} is that of no item; nothing was copied")


class _Sum:
    """A fingerprint of the rows of a table, in any order."""

    def __init__(self) -> None:
        self.count = 0
        self.total = 0

    def add(self, row: Mapping[str, object]) -> Mapping[str, object]:
        digest = blake2b(repr(sorted(row.items())).encode(errors="surrogatepass"), digest_size=16).digest()
        self.count += 1
        self.total = (self.total + int.from_bytes(digest, "big")) % 2**128
        return row
