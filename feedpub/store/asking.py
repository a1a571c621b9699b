"""Columns ``asked``, ``due``, ``retired`` of table ``source``: when each source was asked, and whether it is again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedpub.model import Asked
from feedpub.store.database import Database
from feedpub.store.rows import instant, parsed


@dataclass(frozen=True, slots=True)
class Asking:
    """When every source was asked last."""

    db: Database

    def last(self, only: str | None = None) -> dict[str, Asked]:
        """Return when each source was asked, or only one, by id; those that were never asked are not there."""
        sql = "SELECT id, asked, due FROM source WHERE asked IS NOT NULL"
        rows = self.db.rows(f"{sql} AND id = ?", only) if only else self.db.rows(sql)
        return {r["id"]: Asked(datetime.fromisoformat(r["asked"]), parsed(r["due"])) for r in rows}

    def retired(self) -> dict[str, datetime]:
        """Return when each source was closed, by id; those that are open are not there."""
        rows = self.db.remembered("SELECT id, retired FROM source WHERE retired IS NOT NULL ORDER BY id")
        return {r["id"]: datetime.fromisoformat(r["retired"]) for r in rows}

    def put_asked(self, source: str, asked: Asked) -> None:
        self.db.execute(
            "INSERT INTO source (id, asked, due) VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET asked = excluded.asked, due = excluded.due",
            (source, instant(asked.at), instant(asked.due) if asked.due else None),
        )
