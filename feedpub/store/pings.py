"""Table ``ping``: what hubs (WebSub) are still to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedpub.model import Ping
from feedpub.store.database import Database
from feedpub.store.rows import instant, parsed


@dataclass(frozen=True, slots=True)
class Pings:
    """The announcements that wait for hubs."""

    db: Database

    def waiting(self) -> list[Ping]:
        """Return what hubs are still to be told, by hub and feed."""
        return [
            Ping(
                r["hub"], r["topic"], datetime.fromisoformat(r["since"]), r["failures"], r["error"], parsed(r["asked"])
            )
            for r in self.db.rows("SELECT * FROM ping ORDER BY hub, topic")
        ]

    def put_ping(self, hub: str, topic: str, now: datetime) -> bool:
        """Remember that the hub is to be told of this feed. Return whether that was not known already."""
        written = self.db.execute(
            "INSERT INTO ping (hub, topic, since, failures) VALUES (?, ?, ?, 0) ON CONFLICT (hub, topic) DO NOTHING",
            (hub, topic, instant(now)),
        )
        return written.rowcount > 0

    def drop_ping(self, hub: str, topic: str) -> None:
        """Forget an announcement: the hub has been told, or need not be any more."""
        self.db.execute("DELETE FROM ping WHERE hub = ? AND topic = ?", (hub, topic))

    def ping_failed(self, hub: str, topic: str, now: datetime, reason: str) -> None:
        """Note that the hub did not take an announcement. Whatever else it is to be told waits with it."""
        self.db.execute(
            "UPDATE ping SET failures = failures + 1, error = ?, asked = CASE topic WHEN ? THEN ? ELSE asked END"
            " WHERE hub = ?",
            (reason, topic, instant(now), hub),
        )
