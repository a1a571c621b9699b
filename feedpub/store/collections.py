"""Tables ``member``, ``collection``, ``touched``, ``stale``, ``document``: which items are published together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from feedpub.content import Stored
from feedpub.model import ARCHIVE, ITEM, OWN, Collection
from feedpub.store.database import Database
from feedpub.store.rows import as_stored, instant

ALL = 2**63 - 1  # rows
MEMBERS = "SELECT item.* FROM member JOIN item ON item.id = member.item WHERE member.source = ? AND member.name = ?"


@dataclass(frozen=True, slots=True)
class Collections:
    """One source's collections of items, and the documents that are made of them."""

    db: Database
    source: str

    def touched(self) -> list[str]:
        """Return the items that were put, measured or withdrawn since they were last placed."""
        return [r[0] for r in self.db.rows("SELECT item FROM touched WHERE source = ? ORDER BY item", self.source)]

    def place(self, item: str, date: datetime, names: Iterable[str]) -> None:
        """Put an item into these collections and no others. What it joins or leaves becomes stale, and its page."""
        wanted = set(names)
        rows = self.db.rows("SELECT name, date FROM member WHERE item = ?", item)
        members = {r["name"]: r["date"] for r in rows}
        if members != dict.fromkeys(wanted, instant(date)):
            self.db.execute("DELETE FROM member WHERE item = ?", (item,))
            for name in wanted:
                self.db.execute("INSERT INTO member VALUES (?, ?, ?, ?)", (self.source, name, instant(date), item))
        self.put_stale((*members, *wanted, OWN, ITEM + item))
        self.db.execute("DELETE FROM touched WHERE source = ? AND item = ?", (self.source, item))

    def forget_places(self) -> None:
        """Have every item placed again."""
        self.db.execute("DELETE FROM member WHERE source = ?", (self.source,))
        self.db.execute("DELETE FROM touched WHERE source = ?", (self.source,))

    def members(self, name: str, limit: int = ALL) -> list[Stored]:
        """Return the newest items of a collection, newest first."""
        sql = f"{MEMBERS} ORDER BY member.date DESC, member.item LIMIT ?"
        rows = self.db.rows(sql, self.source, name, limit)
        return [as_stored(r) for r in rows]

    def places(self, item: str) -> set[str]:
        """Return the collections that an item is in."""
        return {r[0] for r in self.db.rows("SELECT name FROM member WHERE item = ?", item)}

    def has_unplaced(self, living: int) -> bool:
        """Whether an item that may be published is in no month. ``living`` is the number of items not withdrawn."""
        months = f"{ARCHIVE}%"
        placed = self.db.number("SELECT count(*) FROM member WHERE source = ? AND name LIKE ?", self.source, months)
        if placed == living:
            return False
        sql = (
            "SELECT 1 FROM item WHERE source = ? AND gone IS NULL AND is_read AND NOT EXISTS"
            " (SELECT 1 FROM member WHERE member.item = item.id AND member.name LIKE ?) LIMIT 1"
        )
        return self.db.first_row(sql, self.source, months) is not None

    def archived(self) -> list[str]:
        """Return the items that are in a month of the archive, in no order: they may be 100,000."""
        sql = "SELECT item FROM member WHERE source = ? AND name LIKE ?"
        return [r[0] for r in self.db.rows(sql, self.source, f"{ARCHIVE}%")]

    def oldest_member(self, name: str) -> Stored | None:
        row = self.db.first_row(f"{MEMBERS} ORDER BY member.date, member.item DESC LIMIT 1", self.source, name)
        return as_stored(row) if row else None

    def size(self, name: str) -> int:
        """Return how many items a collection has."""
        return self.db.number("SELECT count(*) FROM member WHERE source = ? AND name = ?", self.source, name)

    def named(self) -> list[Collection]:
        """Return the collections that have items, by name."""
        sql = "SELECT name, title, items FROM collection WHERE source = ? ORDER BY name"
        rows = self.db.remembered(sql, self.source)
        return [Collection(*r) for r in rows]

    def put_collection(self, collection: Collection) -> None:
        """Remember a collection, or forget it where it has no items."""
        if collection.items:
            self.db.execute(
                "INSERT INTO collection (source, name, title, items) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (source, name) DO UPDATE SET title = excluded.title, items = excluded.items",
                (self.source, collection.name, collection.title, collection.items),
            )
        else:
            self.db.execute("DELETE FROM collection WHERE source = ? AND name = ?", (self.source, collection.name))

    # -------------------------------------------------------- documents

    def stale(self) -> list[str]:
        """Return the collections whose documents are to be written again; OWN is the source's own feed."""
        sql = "SELECT name FROM stale WHERE source = ? AND name NOT LIKE ? ORDER BY name"
        return [r[0] for r in self.db.rows(sql, self.source, f"{ITEM}%")]

    def stale_items(self) -> list[str]:
        """Return the items whose own pages are to be written again."""
        sql = "SELECT name FROM stale WHERE source = ? AND name LIKE ? ORDER BY name"
        return [r[0].removeprefix(ITEM) for r in self.db.rows(sql, self.source, f"{ITEM}%")]

    def is_anything_waiting(self) -> bool:
        """Whether something is to be placed, written or measured."""
        sql = "SELECT 1 FROM touched WHERE source = ? UNION ALL SELECT 1 FROM stale WHERE source = ? LIMIT 1"
        return self.db.first_row(sql, self.source, self.source) is not None

    def put_stale(self, names: Iterable[str]) -> None:
        for name in names:
            self.db.execute(
                "INSERT INTO stale VALUES (?, ?) ON CONFLICT (source, name) DO NOTHING", (self.source, name)
            )

    def put_fresh(self, name: str) -> None:
        self.db.execute("DELETE FROM stale WHERE source = ? AND name = ?", (self.source, name))

    def published(self) -> dict[str, str]:
        """Return the published documents, by name, each with the fingerprint of its files when they were written."""
        rows = self.db.remembered("SELECT name, stands FROM document WHERE source = ? ORDER BY name", self.source)
        return {r["name"]: r["stands"] for r in rows}

    def put_document(self, name: str, fingerprint: str) -> None:
        self.db.execute(
            "INSERT INTO document (source, name, stands) VALUES (?, ?, ?)"
            " ON CONFLICT (source, name) DO UPDATE SET stands = excluded.stands",
            (self.source, name, fingerprint),
        )

    def drop_document(self, name: str) -> None:
        self.db.execute("DELETE FROM document WHERE source = ? AND name = ?", (self.source, name))
