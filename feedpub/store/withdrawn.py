"""Table ``item`` again: what was withdrawn, when, and whether the council may bring it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from feedpub.content import By, Gone, Tombstone
from feedpub.store.database import Database

if TYPE_CHECKING:
    from feedpub.store.ledger import Record


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """One source's items that are no longer published."""

    db: Database
    source: str

    def tombstones(self, limit: int) -> list[Tombstone]:
        """Return the items that were withdrawn last, newest first."""
        rows = self.db.rows(
            "SELECT id, gone FROM item WHERE source = ? AND gone IS NOT NULL ORDER BY gone DESC, id LIMIT ?",
            self.source, limit,
        )  # fmt: skip
        return [Tombstone(r["id"], datetime.fromisoformat(r["gone"])) for r in rows]

    def for_good(self) -> dict[str, datetime]:
        """Return the items that nothing brings back, each with its instant."""
        rows = self.db.rows(
            "SELECT id, gone FROM item WHERE source = ? AND gone IS NOT NULL AND gone_by <> ? ORDER BY id",
            self.source, By.COUNCIL.value,
        )  # fmt: skip
        return {r["id"]: datetime.fromisoformat(r["gone"]) for r in rows}

    def by_council(self) -> list[Record]:
        """Return what the council took down and may put back: where it was and of when, and none of its words."""
        from feedpub.store.ledger import Record  # only a run that writes needs it

        rows = self.db.rows(
            "SELECT id, url, date, published, updated, text_key, gone FROM item"
            " WHERE source = ? AND gone IS NOT NULL AND gone_by = ? ORDER BY id",
            self.source, By.COUNCIL.value,
        )  # fmt: skip
        return [
            Record(
                r["id"], r["url"], title="", date=datetime.fromisoformat(r["date"]),
                updated=datetime.fromisoformat(r["updated"]), is_dated=r["published"] is not None,
                gone=Gone(datetime.fromisoformat(r["gone"]), By.COUNCIL, ""), words=r["text_key"],
            )
            for r in rows
        ]  # fmt: skip
