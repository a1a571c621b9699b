"""All sources at a glance: how many are well, and what ails the others. A few statements, however many sources."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from feedpub.model import Trouble
from feedpub.store.database import Database
from feedpub.store.rows import instant, parsed


@dataclass(frozen=True, slots=True)
class Overview:
    """What is known of all sources together."""

    db: Database

    def successes(self) -> dict[str, datetime]:
        """Return when each source was last well, by id; those that never were are not there."""
        rows = self.db.rows("SELECT id, succeeded FROM source WHERE succeeded IS NOT NULL")
        return {r["id"]: datetime.fromisoformat(r["succeeded"]) for r in rows}

    def stopped(self) -> list[Trouble]:
        """Return the sources that are stopped until a person has looked."""
        rows = self.db.rows("SELECT id, brake FROM source WHERE brake IS NOT NULL ORDER BY id")
        brakes = [(r["id"], json.loads(r["brake"])) for r in rows]
        return [Trouble(name, parsed(brake["since"]), brake["why"], brake.get("code", "")) for name, brake in brakes]

    def failing(self) -> list[Trouble]:
        """Return the listings that could not be read the last time, each by its source."""
        rows = self.db.rows(
            "SELECT source, url, error, failures, asked FROM visit WHERE error IS NOT NULL AND listing = 1"
            " ORDER BY source, url"
        )
        return [Trouble(r["source"], parsed(r["asked"]), f"{r['url']}: {r['error']}", "", r["failures"]) for r in rows]

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
