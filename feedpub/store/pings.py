"""Table ``ping``: the announcements that hubs (WebSub) have not taken yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedpub.model import Ping
from feedpub.store.database import Database, Row
from feedpub.store.proof import decoding
from feedpub.store.rows import instant, parsed


@dataclass(frozen=True, slots=True)
class Pings:
    """The announcements that wait for hubs."""

    db: Database

    def waiting(self) -> list[Ping]:
        """Return the waiting announcements, by hub and feed."""
        rows = self.db.rows("SELECT * FROM ping ORDER BY hub, topic")
        return [_as_ping(r) for r in rows]

    def put_ping(self, hub: str, topic: str, now: datetime) -> bool:
        """Remember to announce this feed to the hub. Return whether that is new."""
        written = self.db.execute(
            "INSERT INTO ping (hub, topic, since, failures) VALUES (?, ?, ?, 0) ON CONFLICT (hub, topic) DO NOTHING",
            (hub, topic, instant(now)),
        )
        return written.rowcount > 0

    def drop_ping(self, hub: str, topic: str) -> None:
        """Forget an announcement: the hub has taken it, or does not need it any more."""
        self.db.execute("DELETE FROM ping WHERE hub = ? AND topic = ?", (hub, topic))

    def ping_failed(self, hub: str, topic: str, now: datetime, reason: str) -> None:
        """Note that the hub did not take an announcement. All its other announcements wait as well."""
        self.db.execute(
            "UPDATE ping SET failures = failures + 1, error = ?, asked = CASE topic WHEN ? THEN ? ELSE asked END"
            " WHERE hub = ?",
            (reason, topic, instant(now), hub),
        )


@decoding
def _as_ping(r: Row) -> Ping:
    return Ping(
        hub=r["hub"],
        topic=r["topic"],
        since=datetime.fromisoformat(r["since"]),
        failures=r["failures"],
        error=r["error"],
        asked=parsed(r["asked"]),
    )
