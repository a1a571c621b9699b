"""Let one run at a time work on a state.

The lock is the system's own (flock), on a file beside the state. It ends with the process that held it. Two hosts may
share a folder without sharing its locks. They know each other from the file: it names the process at work, and says
when its next sign of life is due.

A state on a PostgreSQL server has a lock for each source instead: see ``postgres``.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from feedpub.errors import StoreError
from feedpub.postgres_url import Place, PostgresUrl

LEASE = timedelta(minutes=5)  # without a sign of life, after the time that the last one announced
RENEWED = timedelta(minutes=1)  # at least, between two signs of life in the file
LONGEST = timedelta(hours=2)  # a lease that ends later was written by a wrong clock
OPENING = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that works on a state."""

    host: str
    process: int
    since: datetime
    until: datetime  # when its next sign of life is due at the latest

    def is_same_process(self, other: Holder) -> bool:
        return (self.host, self.process) == (other.host, other.process)


@dataclass(frozen=True, slots=True)
class Busy:
    """Another run works on the state."""

    holder: Holder | None  # None: it has not written its name yet
    is_late: bool  # it holds the lock, and has given no sign of life for too long


class Turn:
    """The sole right to work on a state, for as long as its holder gives signs of life."""

    def __init__(self, file: int, path: Path, holder: Holder, clock: Callable[[], datetime]) -> None:
        self.file = file
        self.path = path
        self.holder = holder
        self.clock = clock
        self.written = holder.since - RENEWED
        self._sole = Lock()  # several hosts are fetched from at a time, each by a thread

    def beat(self, seconds: float = 0.0) -> None:
        """Give a sign of life, and announce that the next one may take this long.

        Raises StoreError if another run has taken over. Of several announcements the longest counts: a run that waits
        for one host works on others meanwhile.
        """
        with self._sole:
            self._beat(seconds)

    def _beat(self, seconds: float) -> None:
        now = self.clock()
        until = max(now + timedelta(seconds=seconds) + LEASE, self.holder.until)
        is_recent = timedelta(0) <= now - self.written < RENEWED
        if is_recent and until <= self.holder.until:
            return
        if not _is_at(self.path, self.file):
            raise StoreError(f"{self.path}: is not the lock that this run holds; another may be at work, so this ends")
        known = _read(self.file) if self.written >= self.holder.since else None
        if known and not known.is_same_process(self.holder):
            raise StoreError(
                f"{self.path}: process {known.process} on {known.host} works on the state as well; this run ends"
            )
        self.holder = replace(self.holder, until=until)
        self.written = now
        try:
            _write(self.file, self.holder)
        except OSError as error:
            raise _unlockable(self.path, error) from error


class SharedTurn:
    """The right to work on a state beside others. Each source has a lock, which ends with the connection."""

    def beat(self, seconds: float = 0.0) -> None:
        """Do nothing: the server sees that the connection lives."""


@contextmanager
def sole_run(path: Place, clock: Callable[[], datetime], host: str | None = None) -> Iterator[Turn | SharedTurn | Busy]:
    """Yield the turn to work on this state, for as long as the block lasts; or Busy, if another run has it."""
    if isinstance(path, PostgresUrl):
        yield SharedTurn()
        return
    lock = path.with_name(f"{path.name}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(lock, OPENING, 0o644)
    except OSError as error:
        raise _unlockable(lock, error) from error
    try:
        turn = _turn(file, lock, clock, host or socket.gethostname())
        yield turn
        if isinstance(turn, Turn):
            _let_go(file, lock)
    finally:
        os.close(file)


def _let_go(file: int, lock: Path) -> None:
    """Empty the lock's file. If that fails, other hosts wait until the lease ends, so it is said."""
    try:
        os.ftruncate(file, 0)
    except OSError as error:
        raise StoreError(
            f"{lock}: cannot be emptied: {error.strerror or error}; all work is done, and the next run goes on"
        ) from error


def _turn(file: int, lock: Path, clock: Callable[[], datetime], host: str) -> Turn | Busy:
    now = clock()
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_locked = True
    except BlockingIOError:
        known = _read(file)
        return Busy(known, known is not None and known.until < now)
    except OSError:  # a file system without locks
        is_locked = False
    if not _is_at(lock, file):
        return Busy(None, is_late=False)  # another run has just replaced the file
    known = _read(file)
    if known and now <= known.until <= now + LONGEST:
        has_ended = known.host == host and (is_locked or _is_dead(known.process))
        if not has_ended:
            return Busy(known, is_late=False)
    holder = Holder(host, os.getpid(), now, now)
    turn = Turn(file, lock, holder, clock)
    turn.beat()
    return turn


def _is_at(path: Path, file: int) -> bool:
    """Whether the open file is still the one of this name."""
    try:
        there, here = path.stat(), os.fstat(file)
    except OSError:
        return False
    return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)


def _unlockable(lock: Path, error: OSError) -> StoreError:
    way_out = "; name another place in [state] url, or make this one" if isinstance(error, FileNotFoundError) else ""
    return StoreError(f"{lock}: the state cannot be locked: {error.strerror or error}{way_out}")


def _is_dead(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _read(file: int) -> Holder | None:
    """Return the holder that the file names. None: it names none, or cannot be read."""
    try:
        value = json.loads(os.pread(file, 4096, 0))
        times = [datetime.fromisoformat(value[k]) for k in ("since", "until")]
        return Holder(str(value["host"]), int(value["process"]), *times)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write(file: int, holder: Holder) -> None:
    value = {
        "host": holder.host,
        "process": holder.process,
        "since": holder.since.isoformat(),
        "until": holder.until.isoformat(),
    }
    data = (json.dumps(value) + "\n").encode()
    os.pwrite(file, data, 0)
    os.ftruncate(file, len(data))
