"""Table ``medium``: the types and lengths of files, by address."""

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
    """The files that one source's items refer to."""

    db: Database
    source: str

    def measured(self, urls: Iterable[str]) -> dict[str, Medium]:
        """Return the measured files, by address. One that could not be measured is left out."""
        media = {}
        for url in urls:
            row = self.db.first_row("SELECT url, type, length FROM medium WHERE url = ? AND type IS NOT NULL", url)
            if row:
                media[url] = Medium(*row)
        return media

    def asked(self, url: str) -> datetime | None:
        """Return when a file was last asked for. None: it never was."""
        row = self.db.first_row("SELECT asked FROM medium WHERE url = ?", url)
        return parsed(row[0]) if row else None

    def put_medium(self, url: str, medium: Medium | None, now: datetime, item: str | None = None) -> None:
        """Remember the server's description of an item's file. None: it gave none."""
        kind, length = (medium.type, medium.length) if medium else (None, None)
        self.db.execute(
            "INSERT INTO medium (url, type, length, asked) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (url) DO UPDATE SET type = excluded.type, length = excluded.length, asked = excluded.asked",
            (url, kind, length, instant(now)),
        )
        if medium:
            touch(self.db, self.source, item)
