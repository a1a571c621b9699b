"""Table ``medium``: what servers said of files, by address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from feedpub.content import Medium
from feedpub.store.database import Database
from feedpub.store.rows import instant, parsed
from feedpub.store.touching import touch


@dataclass(frozen=True, slots=True)
class Media:
    """The files that one source's items speak of."""

    db: Database
    source: str

    def measured(self, urls: Iterable[str]) -> dict[str, Medium]:
        """Return what is known of files, by address; one that could not be measured is not among them."""
        media = {}
        for url in urls:
            row = self.db.first_row("SELECT * FROM medium WHERE url = ? AND type IS NOT NULL", url)
            if row:
                media[url] = Medium(row["url"], row["type"], row["length"])
        return media

    def asked(self, url: str) -> datetime | None:
        """Return when a file was last asked for, or None where it never was."""
        row = self.db.first_row("SELECT asked FROM medium WHERE url = ?", url)
        return parsed(row[0]) if row else None

    def put_medium(self, url: str, medium: Medium | None, now: datetime, item: str | None = None) -> None:
        """Remember what a server said of an item's file; None: it did not say."""
        kind, length = (medium.type, medium.length) if medium else (None, None)
        self.db.execute(
            "INSERT INTO medium (url, type, length, asked) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (url) DO UPDATE SET type = excluded.type, length = excluded.length, asked = excluded.asked",
            (url, kind, length, instant(now)),
        )
        if medium:
            touch(self.db, self.source, item)
