"""Kills upgrades of an old state, one after the other: before each statement, and before each step of the copying.

A program of its own, for it forks, and a process with threads should not:

    python -m tests.upgrader VERSION FOLDER

Each time the state of ``tests/states`` is opened by a process that is killed at the next point, and then by one that
is not. Prints a line of JSON: the number of points, how many were tried, and what was wrong.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from feedpub.store import Store, verifying  # noqa: F401 - loaded once, before the forks
from tests.old_states import content_of, unpack
from tests.walker import CALLS, Points


def watched(points: Points) -> None:
    """From now on this process passes a point before each statement, scripts' too, and before what changes files."""
    for name in CALLS:
        setattr(os, name, points.before(getattr(os, name)))

    class Connection(sqlite3.Connection):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.set_trace_callback(lambda _: points())

    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **kwargs: connect(*args, **{"factory": Connection} | kwargs)


def upgrade(state: Path, last: int | None) -> tuple[int, int]:
    """Open the state in a process of its own, killed at its last point. Its status, and how many points it passed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        points = Points(last)
        watched(points)
        Store(state).close()
        os.write(writing, str(points.passed).encode())
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    passed = os.read(reading, 100)
    os.close(reading)
    return status, int(passed or 0)


def tried(whole: Path, last: int, old: list[str], new: list[str]) -> Iterator[str]:
    """Yield what is wrong after an upgrade that was killed at its last point, and another that was not."""
    folder = whole.parent / "tried"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(whole, folder)
    state = folder / "feedpub.db"
    status, _ = upgrade(state, last)
    if not os.WIFSIGNALED(status):
        yield f"killed at {last}: it was not, but ended with {status}"
    status, _ = upgrade(state, None)
    copies = [path for path in folder.iterdir() if path != state]
    if status or content_of(state) != new:
        yield f"killed at {last}: the next upgrade ends with {status}, and not as one that was not killed"
    if len(copies) != 1 or content_of(copies[0]) != old:
        yield f"killed at {last}: {[copy.name for copy in copies]} is not the one copy of the state as it was"


def main(version: int, folder: Path) -> None:
    state = unpack(version, folder / "unpacked")
    for name in ("whole", "upgraded"):
        (folder / name).mkdir()
        shutil.copy(state, folder / name)
    status, points = upgrade(folder / "upgraded" / "feedpub.db", None)
    old, new = content_of(state), content_of(folder / "upgraded" / "feedpub.db")
    found = [] if status == 0 else [f"the upgrade ends with {status}"]
    for last in range(1, points + 1):
        found += tried(folder / "whole", last, old, new)
    print(json.dumps({"points": points, "wrong": found}))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
