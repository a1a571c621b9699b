"""Read every row of a state's file, and say what is wrong with it. For copies, not for each run."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from feedpub.errors import Damaged
from feedpub.store.database import Row
from feedpub.store.facts import as_facts_of_any_version
from feedpub.store.proof import OF_ADDRESS, OF_ITEM, require_proof
from feedpub.store.rows import as_stored, as_visit
from feedpub.store.sqlite import cause, connected_to_read

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"


def _read_item(row: Row) -> None:
    """Raise Damaged if an item is not as it was written. A proof says so sooner than its reading."""
    if row["proof"] is None:
        as_stored(row)
    else:
        require_proof(row, OF_ITEM)


READERS: dict[str, Callable[[Row], object]] = {
    "item": _read_item,
    "address": lambda row: require_proof(row, OF_ADDRESS),
    "visit": as_visit,
    "source": as_facts_of_any_version,
}
# Rows that are made from others. A row without the one it is made from, or unlike it, was damaged.
MADE_FROM = {
    "an address": "SELECT count(*) FROM address WHERE item NOT IN (SELECT id FROM item)",
    "an item's place": (
        "SELECT count(*) FROM member LEFT JOIN item ON item.id = member.item"
        " WHERE item.id IS NULL OR item.date <> member.date AND item.id NOT IN (SELECT item FROM touched)"
    ),
}
PROVING = 10  # the version of the state from which rows prove themselves, and can be read by this program as they are


def fault_in(path: Path) -> str | None:
    """Return what is wrong with a state's file; None: nothing is."""
    try:
        with closing(connected_to_read(path)) as db:
            db.row_factory = sqlite3.Row
            [checked] = db.execute("PRAGMA integrity_check(1)").fetchone()
            if checked != "ok":
                return f"SQLite's check of the whole file shows {checked}"
            [version] = db.execute("PRAGMA user_version").fetchone()
            for [table] in db.execute(TABLES).fetchall():
                _read_all(db, table, READERS.get(table) if version >= PROVING else None)
            return _unlike_others(db) if version >= PROVING else None
    except sqlite3.Error as error:
        return cause(error)
    except Damaged as error:
        return str(error)


def _unlike_others(db: sqlite3.Connection) -> str | None:
    for name, sql in MADE_FROM.items():
        [count] = db.execute(sql).fetchone()
        if count:
            return f"{name} is that of no item"
    return None


def _read_all(db: sqlite3.Connection, table: str, reader: Callable[[Row], object] | None) -> None:
    for row in db.execute(f'SELECT * FROM "{table}"'):
        if reader:
            reader(row)
