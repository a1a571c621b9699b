"""Table ``object``: what is in a bucket, as it was last seen. So a run that finds nothing new need not ask there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from feedpub.store.database import Database


@dataclass(frozen=True, slots=True)
class Seen:
    """An object as it was last seen."""

    etag: str
    sent: str | None = None  # a fingerprint of the bytes and headers; None: nobody knows which they are
    mark: str | None = None  # the text of a source's mark; None: it is another file


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects of all places. A place is an address, and ``source`` names a folder in it; "" is its top."""

    db: Database

    def seen(self, place: str, source: str) -> dict[str, Seen]:
        """Return a source's objects, by name."""
        sql = "SELECT name, etag, sent, mark FROM object WHERE place = ? AND source = ?"
        return {r["name"]: Seen(r["etag"], r["sent"], r["mark"]) for r in self.db.rows(sql, place, source)}

    def put_seen(self, place: str, source: str, objects: Mapping[str, Seen | None]) -> None:
        """Write down how these objects were seen; None: there is none. Others stay."""
        with self.db.transaction():
            for name, one in objects.items():
                self.db.execute("DELETE FROM object WHERE place = ? AND source = ? AND name = ?", (place, source, name))
                if one:
                    values = (place, source, name, one.etag, one.sent, one.mark)
                    self.db.execute("INSERT INTO object VALUES (?, ?, ?, ?, ?, ?)", values)

    def forget(self, place: str, source: str) -> None:
        """Forget what was seen of a source: the next one who wants to know has to look."""
        self.db.execute("DELETE FROM object WHERE place = ? AND source = ?", (place, source))
