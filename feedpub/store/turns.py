"""Table ``request``: whose turn it is to ask a host, where several machines share a state on a server.

Whoever asks a host has a lock on it, which ends with the connection. The next one learns when the last request was
made. A process that was killed cannot say so, and then the host counts as asked just now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from feedpub.store.lock import Busy

if TYPE_CHECKING:
    from feedpub.store.postgres import PostgresDatabase

MARK = "@"  # before a host in the name of its lock: no id of a source begins with it
PUT = "INSERT INTO request (host, at) VALUES (?, ?) ON CONFLICT (host) DO UPDATE SET at = excluded.at"


class HostTurns:
    """The turns of one process, on a connection of their own: what an update undoes is not to touch them."""

    def __init__(self, db: PostgresDatabase) -> None:
        self._db = db
        self._sole = Lock()  # a connection is for one thread at a time
        self._ours: set[str] = set()  # the server lets a connection have its own lock twice
        db.share()
        db.execute("SET synchronous_commit = off")  # a server that loses power loses a pause of seconds

    @contextmanager
    def at(self, hosts: Collection[str]) -> Iterator[dict[str, float] | Busy]:
        """Yield how many seconds ago each host was asked that ever was; or who asks one of them now.

        Nobody else asks them for as long as the block lasts. Raises StoreError.
        """
        names = sorted(hosts)  # in one order, so that no two wait for each other
        with ExitStack() as locks:
            with self._sole:
                found = self._take(names, locks)
            try:
                yield found
            finally:
                with self._sole:
                    if not isinstance(found, Busy):
                        self._give_back(names)
                    locks.close()

    def _take(self, hosts: Sequence[str], locks: ExitStack) -> dict[str, float] | Busy:
        if not self._ours.isdisjoint(hosts):
            return Busy(None, is_late=False)
        for host in hosts:
            if busy := locks.enter_context(self._db.alone(f"{MARK}{host}")):
                return busy
        asked = self._asked(hosts)
        for host in hosts:
            self._db.execute(PUT, (host, None))
        self._ours.update(hosts)
        return asked

    def _give_back(self, hosts: Sequence[str]) -> None:
        self._ours.difference_update(hosts)
        now = self._now().isoformat()
        for host in hosts:
            self._db.execute(PUT, (host, now))

    def _asked(self, hosts: Sequence[str]) -> dict[str, float]:
        now = self._now()
        asked: dict[str, float] = {}
        for host in hosts:
            row = self._db.first_row("SELECT at FROM request WHERE host = ?", host)
            if row:
                last = datetime.fromisoformat(row["at"]) if row["at"] else now
                asked[host] = max(0.0, (now - last).total_seconds())
        return asked

    def _now(self) -> datetime:
        """Return the server's time: the machines' clocks may differ."""
        now: datetime = self._db.rows("SELECT clock_timestamp()")[0][0]
        return now.astimezone(UTC)

    def close(self) -> None:
        self._db.close()
