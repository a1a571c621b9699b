"""Runs that end in the middle, and runs on a full disk: each in a forked child, as a real process would die.

A child passes a point before each of its writes, those of SQLite included. It is killed at one of them by SIGKILL, so
no ``finally`` of it runs. What it heard from the network comes back through a pipe where it lived to the end.
"""

from __future__ import annotations

import errno
import os
import pickle
import signal
import sqlite3
from enum import Enum
from typing import Any

from simulation.world import Ran, World
from tests.walker import Points, watched


class Fate(Enum):
    """What happens to a run."""

    KILLED = "is killed"
    FULL = "finds the disk full"


def ending_in(world: World, fate: Fate, point: int) -> Ran:
    """Let feedpub do a run that meets its fate at a write. Return what is known of it."""
    begun = world.clock.now
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reading)
            _meet(fate, point)
            ran = world.run()
            with os.fdopen(writing, "wb") as out:
                pickle.dump((ran, world.clock.now), out)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as heard:
        data = heard.read()
    os.waitpid(child, 0)
    world.date_copies()
    if not data:
        return Ran(begun, -signal.SIGKILL, (), ())
    ran, now = pickle.loads(data)  # noqa: S301 - of our own child
    world.clock.wait_until(now)
    world.network.log += ran.asked
    return ran  # type: ignore[no-any-return]


def _meet(fate: Fate, point: int) -> None:
    """From now on this process is on its way to its fate."""
    if fate is Fate.FULL:
        _fill()
        return
    watched(Points(point))


def _fill() -> None:
    """Let the disk take nothing more: no new file, and no new page in a database."""
    opened = os.open

    def full(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if flags & os.O_CREAT and not str(path).endswith(".lock"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)
        return opened(path, flags, *args, **kwargs)

    os.open = full

    class Connection(sqlite3.Connection):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.execute("PRAGMA max_page_count = 1")  # SQLite makes it as many as there are

    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **kwargs: connect(*args, **{"factory": Connection} | kwargs)
