"""Tables ``tally`` and ``traffic``: the findings and the requests of earlier runs, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedpub.model import Tally, Traffic
from feedpub.store.database import Database, Row
from feedpub.store.proof import decoding
from feedpub.store.rows import instant, parsed

FOREVER = "9999"  # sorts after every instant


@dataclass(frozen=True, slots=True)
class Runs:
    """The numbers of one source's earlier runs."""

    db: Database
    source: str

    def tally(self, since: datetime) -> Tally:
        """Return the findings of the runs since then, in numbers."""
        [row] = self.db.rows(
            "SELECT coalesce(sum(added), 0), coalesce(sum(changed), 0), coalesce(sum(seen), 0),"
            " coalesce(sum(withdrawn), 0), coalesce(sum(categories), 0) FROM tally WHERE source = ? AND hour >= ?",
            self.source, instant(since),
        )  # fmt: skip
        return Tally(*row)

    def add_tally(self, done: Tally, now: datetime) -> None:
        """Add to the findings of this hour."""
        hour = instant(now.replace(minute=0, second=0))
        self.db.execute(
            "INSERT INTO tally (source, hour, added, changed, seen, withdrawn, categories) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (source, hour) DO UPDATE SET added = tally.added + excluded.added,"
            " changed = tally.changed + excluded.changed, seen = tally.seen + excluded.seen,"
            " withdrawn = tally.withdrawn + excluded.withdrawn,"
            " categories = tally.categories + excluded.categories",
            (self.source, hour, done.added, done.changed, done.seen, done.withdrawn, done.categories),
        )

    def forget_tally(self, before: datetime | None = None) -> None:
        """Forget the findings before an instant, or all of them."""
        until = instant(before) if before else FOREVER
        self.db.execute("DELETE FROM tally WHERE source = ? AND hour < ?", (self.source, until))

    def forget_tally_after(self, now: datetime) -> None:
        """Forget the findings that a clock that was ahead has dated."""
        self.db.execute("DELETE FROM tally WHERE source = ? AND hour > ?", (self.source, instant(now)))

    def forget_traffic_after(self, now: datetime) -> None:
        """Forget the requests of runs that a clock that was ahead has dated."""
        self.db.execute("DELETE FROM traffic WHERE source = ? AND asked > ?", (self.source, instant(now)))

    def last(self) -> datetime | None:
        """Return when the last run was that is remembered, by the clock of its time."""
        [[asked]] = self.db.rows("SELECT max(asked) FROM traffic WHERE source = ?", self.source)
        return parsed(asked)

    def count_around(self, now: datetime) -> tuple[int, int]:
        """Return how many of the remembered runs were before now, and how many after it."""
        [row] = self.db.rows(
            "SELECT count(*) FILTER (WHERE asked <= ?), count(*) FILTER (WHERE asked > ?)"
            " FROM traffic WHERE source = ?",
            instant(now), instant(now), self.source,
        )  # fmt: skip
        return row[0], row[1]

    def traffic(self, runs: int) -> list[tuple[datetime, Traffic]]:
        """Return the requests of the last runs, each with its instant, newest first."""
        rows = self.db.rows("SELECT * FROM traffic WHERE source = ? ORDER BY asked DESC LIMIT ?", self.source, runs)
        return [_as_traffic(r) for r in rows]

    def add_traffic(self, now: datetime, done: Traffic, keep: int) -> None:
        """Remember the requests of a run, and forget all but the last ``keep`` runs."""
        self.db.execute(
            "INSERT INTO traffic (source, asked, requests, unmodified, bytes) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (source, asked) DO UPDATE SET requests = traffic.requests + excluded.requests,"
            " unmodified = traffic.unmodified + excluded.unmodified, bytes = traffic.bytes + excluded.bytes",
            (self.source, instant(now), done.requests, done.unmodified, done.bytes),
        )
        self.db.execute(
            "DELETE FROM traffic WHERE source = ? AND asked < (SELECT min(asked) FROM (SELECT asked FROM traffic"
            " WHERE source = ? ORDER BY asked DESC LIMIT ?) AS last)",
            (self.source, self.source, keep),
        )


@decoding
def _as_traffic(r: Row) -> tuple[datetime, Traffic]:
    asked = datetime.fromisoformat(r["asked"])
    return asked, Traffic(r["requests"], r["unmodified"], r["bytes"])
