"""Table ``thumbnail``: the pictures that items show on pages, what came of asking for them, and their small copies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedpub.content import Thumbnail
from feedpub.store.database import Database
from feedpub.store.rows import instant

LONGEST_WAIT = timedelta(days=7)  # until a picture is asked for again: a later instant is that of a wrong clock


@dataclass(frozen=True, slots=True)
class Waiting:
    """A picture that is to be asked for."""

    url: str
    failures: int  # in a row


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """The pictures of one source's items."""

    db: Database
    source: str

    def of(self, item: str) -> dict[str, Thumbnail]:
        """Return the copies of an item's pictures, by the address of the original."""
        sql = "SELECT url, file, width, height FROM thumbnail WHERE source = ? AND item = ? AND file IS NOT NULL"
        rows = self.db.rows(sql, self.source, item)
        return {r["url"]: Thumbnail(r["file"], r["width"], r["height"]) for r in rows}

    def wanted(self) -> dict[str, set[str]]:
        """Return the addresses of the pictures that were wanted when somebody last looked, by item."""
        wanted: dict[str, set[str]] = {}
        for row in self.db.rows("SELECT item, url FROM thumbnail WHERE source = ?", self.source):
            wanted.setdefault(row["item"], set()).add(row["url"])
        return wanted

    def files(self) -> set[str]:
        """Return the names of all copies."""
        sql = "SELECT DISTINCT file FROM thumbnail WHERE source = ? AND file IS NOT NULL"
        return {r[0] for r in self.db.rows(sql, self.source)}

    def waiting(self) -> int:
        """Return how many pictures are to be asked for, now or later."""
        sql = "SELECT count(DISTINCT url) FROM thumbnail WHERE source = ? AND due IS NOT NULL"
        return self.db.number(sql, self.source)

    def errors(self) -> dict[str, str]:
        """Return why pictures have no copy, by their addresses."""
        rows = self.db.rows("SELECT url, error FROM thumbnail WHERE source = ? AND error IS NOT NULL", self.source)
        return {r["url"]: r["error"] for r in rows}

    def is_due(self, now: datetime) -> bool:
        """Whether a picture is to be asked for."""
        sql = "SELECT 1 FROM thumbnail WHERE source = ? AND due <= ? LIMIT 1"
        return self.db.first_row(sql, self.source, instant(now)) is not None

    def due(self, now: datetime, limit: int) -> list[Waiting]:
        """Return the pictures that are to be asked for, each once: those of the newest items first."""
        sql = (
            "SELECT thumbnail.url, min(failures) AS failures FROM thumbnail JOIN item ON item.id = thumbnail.item"
            " WHERE thumbnail.source = ? AND due <= ?"
            " GROUP BY thumbnail.url ORDER BY max(item.date) DESC, thumbnail.url LIMIT ?"
        )
        return [Waiting(r["url"], r["failures"]) for r in self.db.rows(sql, self.source, instant(now), limit)]

    def items_with(self, url: str) -> list[str]:
        """Return the items that show a picture."""
        sql = "SELECT item FROM thumbnail WHERE source = ? AND url = ? ORDER BY item"
        return [r[0] for r in self.db.rows(sql, self.source, url)]

    # -------------------------------------------------------- changes

    def want(self, item: str, url: str, due: datetime | None, error: str | None = None) -> None:
        """Remember a picture of an item. What is known of it from another item is true of it here."""
        self.db.execute(
            "INSERT INTO thumbnail (source, item, url, due, failures, file, width, height, error)"
            " VALUES (?, ?, ?, ?, 0, NULL, NULL, NULL, ?) ON CONFLICT (source, item, url) DO NOTHING",
            (self.source, item, url, instant(due), error),
        )
        known = self.db.first_row(
            "SELECT due, failures, file, width, height, error FROM thumbnail"
            " WHERE source = ? AND url = ? AND item <> ? ORDER BY item LIMIT 1",
            self.source, url, item,
        )  # fmt: skip
        if known:
            self.db.execute(
                "UPDATE thumbnail SET due = ?, failures = ?, file = ?, width = ?, height = ?, error = ?"
                " WHERE source = ? AND item = ? AND url = ?",
                (*known, self.source, item, url),
            )

    def forget(self, item: str, url: str) -> None:
        """Forget a picture that an item does not show any more."""
        self.db.execute("DELETE FROM thumbnail WHERE source = ? AND item = ? AND url = ?", (self.source, item, url))

    def forget_item(self, item: str) -> None:
        """Forget all pictures of an item."""
        self.db.execute("DELETE FROM thumbnail WHERE source = ? AND item = ?", (self.source, item))

    def put_copy(self, url: str, copy: Thumbnail) -> None:
        """Remember the copy of a picture. It is not asked for again."""
        self.db.execute(
            "UPDATE thumbnail SET due = NULL, failures = 0, file = ?, width = ?, height = ?, error = NULL"
            " WHERE source = ? AND url = ?",
            (copy.file, copy.width, copy.height, self.source, url),
        )

    def put_failure(self, url: str, error: str, due: datetime | None) -> None:
        """Remember why a picture has no copy. ``due``: when to ask again; None: never."""
        self.db.execute(
            "UPDATE thumbnail SET due = ?, failures = failures + 1, error = ? WHERE source = ? AND url = ?",
            (instant(due), error, self.source, url),
        )

    def put_off(self, now: datetime, until: datetime) -> None:
        """Ask for nothing that is due until then."""
        sql = "UPDATE thumbnail SET due = ? WHERE source = ? AND due <= ?"
        self.db.execute(sql, (instant(until), self.source, instant(now)))

    def lose(self, files: Iterable[str], now: datetime) -> None:
        """Have those pictures asked for again whose copies are not where they were put."""
        for file in files:
            self.db.execute(
                "UPDATE thumbnail SET due = ?, file = NULL, width = NULL, height = NULL WHERE source = ? AND file = ?",
                (instant(now), self.source, file),
            )

    def items_of(self, files: Iterable[str]) -> set[str]:
        """Return the items that show one of these copies."""
        sql = "SELECT item FROM thumbnail WHERE source = ? AND file = ?"
        return {row[0] for file in files for row in self.db.rows(sql, self.source, file)}

    def move(self, old: str, new: str) -> None:
        """Rewrite the addresses of pictures whose site has moved. One that is known at the new origin wins."""
        length, prefix = len(old) + 1, f"{old}/"
        self.db.execute(
            "UPDATE thumbnail SET url = ? || substr(url, ?) WHERE source = ? AND substr(url, 1, ?) = ?"
            " AND NOT EXISTS (SELECT 1 FROM thumbnail AS other WHERE other.source = thumbnail.source"
            " AND other.item = thumbnail.item AND other.url = ? || substr(thumbnail.url, ?))",
            (new, length, self.source, length, prefix, new, length),
        )
        sql = "DELETE FROM thumbnail WHERE source = ? AND substr(url, 1, ?) = ?"
        self.db.execute(sql, (self.source, length, prefix))

    def turn_back(self, now: datetime) -> None:
        """Have those pictures asked for again that a clock that was ahead has put off into the future."""
        sql = "UPDATE thumbnail SET due = ? WHERE source = ? AND due > ?"
        self.db.execute(sql, (instant(now), self.source, instant(now + LONGEST_WAIT)))
