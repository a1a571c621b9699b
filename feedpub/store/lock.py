"""One run at a time on a state."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feedpub.errors import StoreError


@contextmanager
def sole_run(path: Path) -> Iterator[bool]:
    """Whether no other run works on this state; as long as the block lasts, none will.

    The lock is SQLite's own on a file beside the state: every system has it,
    and it goes with the process that held it, however that ended.
    """
    lock = path.with_name(f"{path.name}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(lock, isolation_level=None, timeout=0.0)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{lock}: the state cannot be locked: {error}") from error
    try:
        try:
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise StoreError(f"{lock}: the state cannot be locked: {error}") from error
            yield False
        else:
            yield True
    finally:
        db.close()
