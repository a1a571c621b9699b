"""Connections that a process keeps between two runs, for one that makes thousands of them on the same state.

To open a state, to read its schema and to prepare its statements takes a third of a run that finds nothing new. A
process of one run gains nothing by it, so connections are kept within ``keeping`` alone.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

Place = tuple[int, int]  # device and number of a file

_idle: dict[Path, tuple[Place, sqlite3.Connection]] = {}
_of_the_parent: list[sqlite3.Connection] = []  # SQLite forbids to use them after a fork, or to close them
_blocks: list[None] = []  # those of ``keeping`` that have not ended


@contextmanager
def keeping() -> Iterator[None]:
    """Keep connections open between runs, to the end of the block."""
    _watch_forks()
    _blocks.append(None)
    try:
        yield
    finally:
        _blocks.pop()
        for _, connection in _idle.values():
            connection.close()
        _idle.clear()


def take(path: Path) -> sqlite3.Connection | None:
    """Return the connection that was kept for a file. None: there is none, or another file is there now."""
    place, connection = _idle.pop(path, (None, None))
    if connection and place != _place_of(path):
        connection.close()
        return None
    return connection


def put(path: Path, connection: sqlite3.Connection) -> None:
    """Keep a connection that is not needed any more, or close it."""
    place = _place_of(path) if _blocks and not connection.in_transaction else None
    if place is None or path in _idle:
        connection.close()
    else:
        _idle[path] = (place, connection)


def _place_of(path: Path) -> Place | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


@cache
def _watch_forks() -> None:
    os.register_at_fork(after_in_child=_leave)


def _leave() -> None:
    _of_the_parent.extend(connection for _, connection in _idle.values())
    _idle.clear()
