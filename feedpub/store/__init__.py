"""The state, in SQLite or PostgreSQL. All SQL is here, one file for each group of tables, and no rules.

``Store`` opens the state of all sources; ``store.of(id)`` is one source's view of it. One Store serves one run.
Reading changes nothing on the disk. Changes that belong together are written in one transaction.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from feedpub.content import Gone
from feedpub.postgres_url import Place
from feedpub.store import backup
from feedpub.store.asking import Asking
from feedpub.store.collections import Collections
from feedpub.store.database import Database, opened
from feedpub.store.facts import Facts, read_facts, write_facts
from feedpub.store.hosts import Hosts
from feedpub.store.items import Candidates, Items
from feedpub.store.lock import Busy, SharedTurn, Turn, sole_run
from feedpub.store.media import Media
from feedpub.store.objects import Objects
from feedpub.store.overview import Overview
from feedpub.store.pings import Pings
from feedpub.store.renaming import rename, renamed
from feedpub.store.runs import Runs
from feedpub.store.schema import MIGRATIONS
from feedpub.store.sqlite import SqliteFile
from feedpub.store.thumbnails import Thumbnails
from feedpub.store.touching import touch
from feedpub.store.visits import Visits
from feedpub.store.watching import Watching
from feedpub.store.withdrawn import Withdrawn
from feedpub.store.words import Words

__all__ = [
    "MIGRATIONS", "Busy", "Candidates", "Facts", "SharedTurn", "State", "Store", "Turn", "backup", "sole_run",
]  # fmt: skip


class Store:
    """The state of all sources. Every method may raise StoreError."""

    def __init__(self, place: Place, *, is_to_look: bool = False) -> None:
        """Open the state and bring it to the present version. With ``is_to_look``, never write to it."""
        self._set_up(opened(place, is_to_look=is_to_look))

    @classmethod
    def on(cls, db: Database) -> Store:
        """Return the state in a database that is open already."""
        store = cls.__new__(cls)
        store._set_up(db)
        return store

    def _set_up(self, db: Database) -> None:
        self.db = db
        self.asking = Asking(self.db)
        self.hosts = Hosts(self.db)
        self.objects = Objects(self.db)
        self.overview = Overview(self.db)
        self.pings = Pings(self.db)
        self.watching = Watching(self.db)
        self.words = Words(self.db)

    def of(self, source: str) -> State:
        """Return one source's view of the state."""
        db = self.db
        return State(
            id=source,
            store=self,
            items=Items(db, source),
            visits=Visits(db, source),
            collections=Collections(db, source),
            media=Media(db, source),
            runs=Runs(db, source),
            thumbnails=Thumbnails(db, source),
            withdrawn=Withdrawn(db, source),
        )

    def revisions(self) -> dict[str, int]:
        """Return the revision of each source."""
        return {r["id"]: r["revision"] for r in self.db.rows("SELECT id, revision FROM source")}

    def rename(self, old: str, new: str) -> None:
        """Give a source another id, which nobody has. Its items keep theirs."""
        rename(self.db, old, new)

    def renamed(self) -> dict[str, str]:
        """Return the ids that sources had, each with the one that its source has now."""
        return renamed(self.db)

    def transaction(self) -> AbstractContextManager[None]:
        """Write all of the block, or nothing of it."""
        return self.db.transaction()

    def alone(self, source: str, *, is_to_wait: bool = False) -> AbstractContextManager[Busy | None]:
        """Yield None while nobody else works on this source, for as long as the block lasts; or who does.

        ``is_to_wait``: for up to a minute, for what takes others a moment.
        """
        return self.db.alone(source, is_to_wait=is_to_wait)

    def release(self) -> None:
        """Give this thread's connection to a server back, for the next thread that needs one."""
        self.db.release()

    def keep_copy(self, now: datetime, *, at_once: bool = False) -> None:
        """Copy the state beside itself, if anything worth copying has changed since the last copy.

        ``at_once``: copy it in any case, and keep no older copy, for words of it must not be kept.
        A PostgreSQL server has copies of its own kind.
        """
        db = self.db
        if not isinstance(db, SqliteFile) or db.is_in_transaction:  # SQLite would wait for its end for ever
            return
        path = db.path
        is_wanted = db.is_worth_copying or backup.draft_of(path).exists()
        is_wanted = is_wanted or (db.has_written and backup.is_behind(db.connection, path))
        if at_once or (is_wanted and backup.is_due(path, now)):
            backup.copy_state(db.connection, path, now, is_only=at_once)

    def close(self) -> None:
        self.db.close()


@dataclass(frozen=True, slots=True)
class State:
    """The state of one source, by group of tables."""

    id: str
    store: Store
    items: Items
    visits: Visits
    collections: Collections
    media: Media
    runs: Runs
    thumbnails: Thumbnails
    withdrawn: Withdrawn

    @property
    def facts(self) -> Facts:
        """The facts about the source besides its items. ``put_facts(replace(state.facts, …))`` changes them."""
        return read_facts(self.store.db, self.id)

    def put_facts(self, facts: Facts) -> None:
        write_facts(self.store.db, self.id, facts)

    def transaction(self) -> AbstractContextManager[None]:
        """Write all of the block, or nothing of it."""
        return self.store.transaction()

    def outgrow(self, revision: int) -> None:
        """Let the state's revision grow beyond one that others know."""
        with self.transaction():
            touch(self.store.db, self.id)
            sql = "UPDATE source SET revision = ? WHERE id = ? AND revision < ?"
            self.store.db.execute(sql, (revision + 1, self.id, revision + 1))

    def take_out(self, item: str, gone: Gone) -> None:
        """Withdraw an item for good and forget its words; its pages are not asked for again."""
        with self.transaction():
            self.items.withdraw(item, gone)
            self.items.erase(item)
            self.visits.never_again(item)
            self.thumbnails.forget_item(item)

    def move_addresses(self, old: str, new: str) -> None:
        """Rewrite all addresses: the site has moved from one origin (scheme, host, port) to another."""
        with self.transaction():
            self.items.move(old, new)
            self.visits.move(old, new)
            self.thumbnails.move(old, new)

    def turn_back(self, now: datetime) -> None:
        """Undo the future instants of a clock that was ahead: such visits are due, and such counts are dropped."""
        self.visits.turn_back(now)
        self.runs.forget_tally_after(now)
        self.thumbnails.turn_back(now)
