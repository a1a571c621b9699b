"""Tables ``item``, ``address``, ``edit``: what was ever published, where it was seen, and when it was changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from feedpub.conditions import Arrival
from feedpub.content import Gone, Stored
from feedpub.store.database import Database
from feedpub.store.proof import OF_ADDRESS, OF_ITEM, proof_of_row, prove
from feedpub.store.rows import as_json, as_stored, instant, parsed
from feedpub.store.touching import touch

PUBLISHED = "source = ? AND gone IS NULL AND is_read"  # an item that may be shown
PUT = (
    f"INSERT INTO item ({', '.join(OF_ITEM)}, proof)"
    f" VALUES ({', '.join(f':{c}' for c in OF_ITEM)}, :proof)"
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in (*OF_ITEM[1:], 'proof'))}"
)
NAME = (
    "INSERT INTO address (source, key, item, proof) VALUES (:source, :key, :item, :proof)"
    " ON CONFLICT (source, key) DO UPDATE SET item = excluded.item, proof = excluded.proof"
    " WHERE address.item <> excluded.item"
)

EDITS_KEPT = timedelta(days=400)
ADDRESSES_IN = (  # column -> the text before an address in it
    ("addresses", '"'),
    ("pictures", '"url":"'),
    ("files", '"url":"'),
    ("blocks", r"href=\""),
    ("blocks", r"src=\""),
)


@dataclass(frozen=True, slots=True)
class Candidates:
    """How to find items that may have the words of an article: the same key, or a similar length and date."""

    text_key: str
    lengths: tuple[int, int]  # characters of the text, from and to
    dates: tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Items:
    """One source's items, by their lasting ids."""

    db: Database
    source: str

    def dates_since(self, since: datetime) -> list[datetime]:
        """Return the dates of the published items from then on."""
        rows = self.db.rows(f"SELECT date FROM item WHERE {PUBLISHED} AND date >= ?", self.source, instant(since))
        return [datetime.fromisoformat(r["date"]) for r in rows]

    def arrivals_since(self, since: datetime) -> list[Arrival]:
        """Return when the published items with a date from then on were published and came, newest first."""
        sql = f"SELECT date, published, first_seen FROM item WHERE {PUBLISHED} AND date >= ? ORDER BY date DESC, id"
        rows = self.db.rows(sql, self.source, instant(since))
        return [Arrival(datetime.fromisoformat(d), parsed(p), datetime.fromisoformat(s)) for d, p, s in rows]

    def newest_dates(self, limit: int) -> list[datetime]:
        """Return the dates of the newest published items, newest first."""
        sql = f"SELECT date FROM item WHERE {PUBLISHED} ORDER BY date DESC, id LIMIT ?"
        return [datetime.fromisoformat(r["date"]) for r in self.db.rows(sql, self.source, limit)]

    def are_undated(self, newest: int) -> bool:
        """Whether none of the newest published items has a date of its own. No: there are fewer."""
        sql = f"SELECT published FROM item WHERE {PUBLISHED} ORDER BY date DESC, id LIMIT ?"
        found = [r["published"] for r in self.db.rows(sql, self.source, newest)]
        return len(found) == newest and not any(found)

    def newest(self, limit: int) -> list[Stored]:
        """Return the newest items that may be published, newest first."""
        sql = f"SELECT * FROM item WHERE {PUBLISHED} ORDER BY date DESC, id LIMIT ?"
        return [as_stored(r) for r in self.db.rows(sql, self.source, limit)]

    def dated(self, since: datetime, until: datetime) -> list[Stored]:
        """Return the published items with a date from the one instant on and before the other, newest first."""
        sql = f"SELECT * FROM item WHERE {PUBLISHED} AND date >= ? AND date < ? ORDER BY date DESC, id"
        return [as_stored(r) for r in self.db.rows(sql, self.source, instant(since), instant(until))]

    def edits(self, since: datetime, until: datetime) -> dict[str, int]:
        """Return how often items were changed between these instants, by id: the one that was changed most often first.

        Items that are not published any more are left out.
        """
        sql = (
            "SELECT item.id, count(*) AS times FROM edit JOIN item ON item.id = edit.item"
            " WHERE edit.source = ? AND at >= ? AND at < ? AND item.gone IS NULL AND item.is_read"
            " GROUP BY item.id, item.date ORDER BY times DESC, item.date DESC, item.id"
        )
        rows = self.db.rows(sql, self.source, instant(since), instant(until))
        return {r["id"]: r["times"] for r in rows}

    def first_seen(self) -> datetime | None:
        """Return when the first item was seen. None: there is none."""
        row = self.db.first_row("SELECT min(first_seen) FROM item WHERE source = ?", self.source)
        return datetime.fromisoformat(row[0]) if row and row[0] else None

    def unchanged_since(self, until: datetime, limit: int) -> list[Stored]:
        """Return the newest of the items that were known then and have not changed since, newest first."""
        sql = (
            f"SELECT * FROM item WHERE {PUBLISHED} AND first_seen <= ? AND updated <= ? ORDER BY date DESC, id LIMIT ?"
        )
        return [as_stored(r) for r in self.db.rows(sql, self.source, instant(until), instant(until), limit)]

    def seen_since(self, until: datetime, limit: int) -> list[Stored]:
        """Return the items that came or changed after then, the last first; without those of an earlier date."""
        sql = (
            f"SELECT * FROM item WHERE {PUBLISHED} AND (first_seen > ? OR updated > ?) AND date >= ?"
            " ORDER BY CASE WHEN first_seen > updated THEN first_seen ELSE updated END DESC, id LIMIT ?"
        )
        before = self.unchanged_since(until, limit)
        oldest = min((item.date for item in before), default=until)
        rows = self.db.rows(sql, self.source, instant(until), instant(until), instant(oldest), limit)
        return [as_stored(r) for r in rows]

    def is_linked(self, host: str) -> bool:
        """Whether the text of an item links a host."""
        escaped = _escaped(host)
        sql = (
            "SELECT 1 FROM item WHERE source = ?"
            " AND (lower(blocks) LIKE ? ESCAPE '\\' OR lower(blocks) LIKE ? ESCAPE '\\') LIMIT 1"
        )
        patterns = (f"%//{escaped}%".lower(), f"%//www.{escaped}%".lower())
        return self.db.first_row(sql, self.source, *patterns) is not None

    def living(self) -> Iterator[Stored]:
        """Yield all items that may be published, newest first."""
        sql = f"SELECT * FROM item WHERE {PUBLISHED} ORDER BY date DESC, id"
        for r in self.db.each(sql, self.source):
            yield as_stored(r)

    def every(self) -> Iterator[Stored]:
        """Yield all items that ever were, newest first."""
        for r in self.db.each("SELECT * FROM item WHERE source = ? ORDER BY date DESC, id", self.source):
            yield as_stored(r)

    def get(self, item: str) -> Stored | None:
        """Return the item with this id, also one of another source: ids are given once."""
        row = self.db.first_row("SELECT * FROM item WHERE id = ?", item)
        return as_stored(row) if row else None

    def ids(self) -> list[str]:
        """Return the ids of all items that ever were."""
        return [r[0] for r in self.db.rows("SELECT id FROM item WHERE source = ?", self.source)]

    def has(self, item: str) -> bool:
        return self.db.first_row("SELECT 1 FROM item WHERE id = ?", item) is not None

    def keys(self, item: str) -> list[str]:
        """Return every comparing key under which an item is known."""
        return [r[0] for r in self.db.rows("SELECT key FROM address WHERE item = ? ORDER BY key", item)]

    def at(self, keys: Iterable[str]) -> list[Stored]:
        """Return the items at these comparing keys, each once, in the order of the keys."""
        items: dict[str, Stored] = {}
        for key in keys:
            row = self.db.first_row(
                "SELECT item.* FROM address JOIN item ON item.id = address.item"
                " WHERE address.source = ? AND address.key = ?",
                self.source, key,
            )  # fmt: skip
            if row:
                items.setdefault(row["id"], as_stored(row))
        return list(items.values())

    def of_last_name(self, name: str) -> list[Stored]:
        """Return the items with an address whose path ends with this name."""
        rows = self.db.rows(
            "SELECT * FROM item WHERE id IN (SELECT item FROM address WHERE source = ? AND key LIKE ? ESCAPE '\\')"
            " ORDER BY id",
            self.source, f"%/{_escaped(name)}",
        )  # fmt: skip
        return [as_stored(r) for r in rows]

    def alike(self, wanted: Candidates) -> list[Stored]:
        """Return the items that may have the same words. ``dedupe.likeness`` has the rule behind the numbers."""
        rows = self.db.rows(
            "SELECT * FROM item WHERE source = ? AND text_key = ? UNION"
            " SELECT * FROM item WHERE source = ? AND length(text) BETWEEN ? AND ? AND date BETWEEN ? AND ?"
            " AND is_read ORDER BY id",
            self.source, wanted.text_key, self.source, *wanted.lengths, *map(instant, wanted.dates),
        )  # fmt: skip
        return [as_stored(r) for r in rows]

    def titled(self, title: str) -> list[Stored]:
        rows = self.db.rows("SELECT * FROM item WHERE source = ? AND title = ? ORDER BY id", self.source, title)
        return [as_stored(r) for r in rows]

    def latest_change(self) -> datetime | None:
        """Return the latest instant at which an item was updated or withdrawn. None: there is no item."""
        rows = self.db.rows(
            "SELECT max(updated) FROM item WHERE source = ? UNION ALL"
            " SELECT max(gone) FROM item WHERE source = ? AND gone IS NOT NULL",
            self.source, self.source,
        )  # fmt: skip
        return max(filter(None, (parsed(r[0]) for r in rows)), default=None)

    def is_any(self) -> bool:
        """Whether there is an item that is not withdrawn."""
        sql = "SELECT 1 FROM item WHERE source = ? AND gone IS NULL LIMIT 1"
        return self.db.first_row(sql, self.source) is not None

    def count(self) -> int:
        """Return the number of items that are not withdrawn."""
        return self.count_ever() - self.count_withdrawn()  # an index answers both

    def count_ever(self) -> int:
        """Return the number of all items that ever were. It never falls, unless the state is damaged."""
        return self.db.number("SELECT count(*) FROM item WHERE source = ?", self.source)

    def count_withdrawn(self) -> int:
        return self.db.number("SELECT count(*) FROM item WHERE source = ? AND gone IS NOT NULL", self.source)

    def count_undated(self) -> int:
        return self.db.number("SELECT count(*) FROM item WHERE source = ? AND published IS NULL", self.source)

    def read_by(self, item: str) -> str | None:
        """Return the fingerprint of the layout that last read an item's page. None: it is not recorded."""
        row = self.db.first_row("SELECT layout FROM item WHERE id = ?", item)
        return row[0] if row else None

    # -------------------------------------------------------- writing

    def put(self, stored: Stored, keys: Iterable[str], layout: str | None = None) -> None:
        """Keep a new or changed item with its comparing keys, and the layout that its page was read by."""
        with self.db.transaction():
            self.db.execute(PUT, self._as_row(stored, layout))
            self.name(stored.id, keys)
            touch(self.db, self.source, stored.id)

    def _as_row(self, stored: Stored, layout: str | None) -> dict[str, object]:
        article, gone = stored.article, stored.gone
        row: dict[str, object] = {
            "id": stored.id, "source": self.source, "date": instant(stored.date),
            "published": instant(article.published), "doubt": article.doubt,
            "first_seen": instant(stored.first_seen), "updated": instant(stored.updated),
            "url": article.url, "addresses": as_json(article.addresses), "title": article.title,
            "blocks": as_json(article.blocks), "text": article.text,
            "pictures": as_json([asdict(p) for p in article.pictures]),
            "files": as_json([asdict(f) for f in article.files]),
            "categories": as_json(article.categories), "author": article.author, "text_key": article.text_key,
            "layout": layout, "is_read": stored.is_read,
            "gone": instant(gone.when) if gone else None,
            "gone_by": gone.by.value if gone else None,
            "reason": gone.reason if gone else None,
        }  # fmt: skip
        row = {name: _without_nul(cell) for name, cell in row.items()}
        return row | {"proof": proof_of_row(row, OF_ITEM)}

    def note_edit(self, item: str, now: datetime) -> None:
        """Remember that an item was changed after it was published, and forget the edits of long ago."""
        self.db.execute(
            "INSERT INTO edit (source, item, at) VALUES (?, ?, ?) ON CONFLICT (source, item, at) DO NOTHING",
            (self.source, item, instant(now)),
        )
        self.db.execute("DELETE FROM edit WHERE source = ? AND at < ?", (self.source, instant(now - EDITS_KEPT)))

    def put_read_by(self, item: str, layout: str) -> None:
        self.db.execute("UPDATE item SET layout = ? WHERE id = ?", (layout, item))
        self._prove(item)

    def _prove(self, item: str) -> None:
        """Write the proof of an item that was changed by a part."""
        prove(self.db, "item", OF_ITEM, "id = ?", item)

    def name(self, item: str, keys: Iterable[str]) -> None:
        """Remember that the item is known under these keys too."""
        for key in keys:
            row = {"source": self.source, "key": key, "item": item}
            written = self.db.execute(NAME, row | {"proof": proof_of_row(row, OF_ADDRESS)})
            self.db.is_worth_copying |= written.rowcount > 0

    def withdraw(self, item: str, gone: Gone) -> None:
        """Stop publishing the item. Its id, its addresses and the key of its words remain."""
        self.db.execute(
            "UPDATE item SET gone = ?, gone_by = ?, reason = ? WHERE id = ?",
            (instant(gone.when), gone.by.value, gone.reason, item),
        )
        self._prove(item)
        touch(self.db, self.source, item)

    def erase(self, item: str) -> None:
        """Forget the words of a withdrawn item. ``Database.vacuum`` clears them from the disk."""
        self.db.execute(
            "UPDATE item SET title = '', blocks = '[]', text = '', pictures = '[]', files = '[]',"
            " categories = '[]', author = NULL, doubt = NULL WHERE id = ?",
            (item,),
        )
        self._prove(item)
        self.db.execute("DELETE FROM edit WHERE source = ? AND item = ?", (self.source, item))

    def move(self, old: str, new: str) -> None:
        """Rewrite the addresses of items whose site has moved from one origin (scheme, host, port) to another."""
        self.db.execute(
            "UPDATE item SET url = ? || substr(url, ?) WHERE source = ? AND substr(url, 1, ?) = ?",
            (new, len(old) + 1, self.source, len(old) + 1, f"{old}/"),
        )
        for column, before in ADDRESSES_IN:
            self.db.execute(
                f"UPDATE item SET {column} = replace({column}, ?, ?) WHERE source = ?",
                (f"{before}{old}/", f"{before}{new}/", self.source),
            )
        prove(self.db, "item", OF_ITEM, "source = ?", self.source)
        self.db.execute(
            "INSERT INTO touched SELECT source, id FROM item WHERE source = ? ON CONFLICT (source, item) DO NOTHING",
            (self.source,),
        )
        touch(self.db, self.source)


def _without_nul(cell: object) -> object:
    """Return a cell that every database takes: PostgreSQL has no such character, and no page can show it."""
    return cell.replace("\0", "\ufffd") if isinstance(cell, str) else cell


def _escaped(words: str) -> str:
    """Return words that a pattern of LIKE takes as they are, with ``ESCAPE`` and a backslash."""
    return re.sub(r"([%_\\])", r"\\\1", words)
