"""The locks of a PostgreSQL database: one for each source, and one for what takes others a moment.

They are advisory and belong to a connection, so a process that dies frees its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import blake2b

from feedpub.errors import StoreError
from feedpub.store.driver import errors, psycopg
from feedpub.store.lock import LONGEST, Busy, Holder
from feedpub.store.postgres_connections import PostgresConnections

LONGEST_WAIT = "60s"  # for a lock that another holds for a moment
NAME = re.compile(r"feedpub (\d+) on (.+)")  # under which another run is at work


class PostgresLocks(PostgresConnections):
    """A database whose sources are locked one by one."""

    _schema: str  # of the database; other schemas have other locks

    @contextmanager
    def alone(self, source: str, *, is_to_wait: bool = False) -> Iterator[Busy | None]:
        key = self._key(f"source {source}")
        with self._locked(key, is_to_wait=is_to_wait) as is_ours:
            if not is_ours:
                yield self._busy(key)
                return
            with self.memory.holding(source):
                yield None

    @contextmanager
    def _locked(self, key: int, *, is_to_wait: bool) -> Iterator[bool]:
        """Yield whether this thread has the lock, which it has for as long as the block lasts."""
        is_ours = self._has_locked(key, is_to_wait=is_to_wait)
        try:
            yield is_ours
        finally:
            if is_ours:
                with suppress(StoreError):  # with a lost connection the lock is gone as well
                    self.execute("SELECT pg_advisory_unlock(?)", (key,))

    def in_turn(self, purpose: str) -> None:
        self.execute("SELECT pg_advisory_xact_lock(?)", (self._key(purpose),))

    def _has_locked(self, key: int, *, is_to_wait: bool) -> bool:
        if self._one("SELECT pg_try_advisory_lock(?)", key):
            return True
        if not is_to_wait:
            return False
        self.execute(f"SET lock_timeout = '{LONGEST_WAIT}'")
        try:
            self.connection.execute("SELECT pg_advisory_lock(%s)", (key,))
        except errors.LockNotAvailable:
            return False
        except psycopg.Error as error:
            raise self._wrapped(error, "used") from error
        finally:
            with suppress(StoreError):
                self.execute("SET lock_timeout = 0")
        return True

    def _key(self, purpose: str) -> int:
        """Return the number of a lock. Other schemas of the database have others."""
        digest = blake2b(f"feedpub {self._schema} {purpose}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big", signed=True)

    def _busy(self, key: int) -> Busy:
        """Return who has a lock, as far as the server says so."""
        high, low = key >> 32 & 0xFFFFFFFF, key & 0xFFFFFFFF
        row = self.first_row(
            "SELECT application_name, backend_start, state_change FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid = ? AND objid = ?"
            " AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            high, low,
        )  # fmt: skip
        match = NAME.fullmatch(row[0] or "") if row else None
        if row is None or match is None or row[1] is None:
            return Busy(None, is_late=False)
        since, heard = (_in_utc(at) for at in (row[1], row[2] or row[1]))
        is_late = self._one("SELECT now()").astimezone(UTC) - heard > LONGEST
        return Busy(Holder(match[2], int(match[1]), since, heard + LONGEST), is_late=is_late)


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
