"""All sources at a glance: how many are well, and what ails the others. A few statements, however many sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedpub.store.database import Database
from feedpub.store.rows import instant

AT_ONCE = 500  # values in a statement


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of all sources together."""

    db: Database

    def successes(self) -> dict[str, datetime]:
        """Return when each source was last well, by id; those that never were are not there."""
        rows = self.db.rows("SELECT id, succeeded FROM source WHERE succeeded IS NOT NULL")
        return {r["id"]: datetime.fromisoformat(r["succeeded"]) for r in rows}

    def items_by_source(self) -> dict[str, int]:
        """Return the number of items that are not withdrawn, by the id of their source."""
        rows = self.db.rows("SELECT source, count(*) FROM item WHERE gone IS NULL GROUP BY source ORDER BY source")
        return {r["source"]: r[1] for r in rows}

    def pages_of_items(self, source: str, urls: Sequence[str]) -> set[str]:
        """Return those of a source's pages of which a published item has the very address.

        A few statements, too, however many pages: an item may have others as well, which these do not tell.
        """
        found: set[str] = set()
        for begin in range(0, len(urls), AT_ONCE):
            some = urls[begin : begin + AT_ONCE]
            sql = (
                "SELECT visit.url FROM visit JOIN item ON item.id = visit.item WHERE visit.source = ?"
                f" AND item.gone IS NULL AND item.is_read AND item.url = visit.url AND visit.url IN ({_marks(some)})"
            )
            found |= {r[0] for r in self.db.rows(sql, source, *some)}
        return found

    def items(self) -> int:
        return self.db.number("SELECT count(*) FROM item WHERE gone IS NULL")

    def traffic_since(self, since: datetime) -> tuple[int, int, int]:
        """Return requests, answers that nothing has changed, and bytes, of the runs that were recorded since then."""
        [row] = self.db.rows(
            "SELECT coalesce(sum(requests), 0), coalesce(sum(unmodified), 0), coalesce(sum(bytes), 0) FROM traffic"
            " WHERE asked >= ?",
            instant(since),
        )  # fmt: skip
        return row[0], row[1], row[2]


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
