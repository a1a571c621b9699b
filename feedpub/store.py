"""The state, in SQLite: items, their addresses, visits, files, sites. All SQL is here, and no rule.

One Store serves one run. Reading changes nothing on the disk; what belongs
together is written in one transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from feedpub.errors import FetchError, SourceError, StoreError
from feedpub.model import (
    Article,
    Attachment,
    Layout,
    Learnt,
    Link,
    Medium,
    Picture,
    Robots,
    Site,
    Stored,
    Validators,
    Visit,
)

# Append only: a state of version n takes the scripts from n on. Instants are "2025-06-09T07:39:00Z", so
# that they sort as text; lists are JSON.
MIGRATIONS = (
    """
    CREATE TABLE item (
        id          TEXT PRIMARY KEY,
        source      TEXT NOT NULL,
        date        TEXT NOT NULL,     -- published, else first_seen: what the feeds sort by
        published   TEXT,              -- null: the page has no date that can be trusted, see doubt
        doubt       TEXT,              -- null: published is sure
        first_seen  TEXT NOT NULL,
        updated     TEXT NOT NULL,
        url         TEXT NOT NULL,     -- as the council serves it
        addresses   TEXT NOT NULL,     -- of its own page, the surest first
        title       TEXT NOT NULL,
        blocks      TEXT NOT NULL,
        text        TEXT NOT NULL,
        pictures    TEXT NOT NULL,
        files       TEXT NOT NULL,
        categories  TEXT NOT NULL,
        author      TEXT,              -- null: the page names none
        text_key    TEXT NOT NULL
    );
    CREATE INDEX item_newest ON item (source, date DESC, id);
    CREATE INDEX item_alike ON item (source, text_key);

    CREATE TABLE address (             -- every comparing key under which an item was ever met, reposts' included
        source      TEXT NOT NULL,
        key         TEXT NOT NULL,
        item        TEXT NOT NULL REFERENCES item (id),
        PRIMARY KEY (source, key)
    ) WITHOUT ROWID;

    CREATE TABLE visit (
        source      TEXT NOT NULL,
        url         TEXT NOT NULL,
        listing     INTEGER NOT NULL,  -- 1: a listing page, 0: an article that a listing named
        rank        INTEGER NOT NULL,  -- place in the listing when first named, 0 is the newest
        date        TEXT,              -- as the listing had it, as found; null: it had none
        asked       TEXT,              -- null: nobody has asked yet
        etag        TEXT,              -- of the last good answer
        last_modified TEXT,
        failures    INTEGER NOT NULL,  -- in a row
        error       TEXT,              -- of the last attempt; null: it went well
        status      INTEGER,           -- HTTP's, of the last failure; null: no answer, or not understood
        item        TEXT,              -- what stood there; null: nothing yet
        behind      INTEGER,           -- of a listing: how many pages are still to be turned; null: none
        PRIMARY KEY (source, url)
    ) WITHOUT ROWID;
    CREATE INDEX visit_pending ON visit (source) WHERE asked IS NULL OR error IS NOT NULL;
    CREATE INDEX visit_item ON visit (item);

    CREATE TABLE medium (              -- what a server said of a file
        url         TEXT PRIMARY KEY,
        type        TEXT,              -- null: it did not say, or has no such file
        length      INTEGER,           -- bytes
        asked       TEXT NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE robots (origin TEXT PRIMARY KEY, text TEXT NOT NULL, asked TEXT NOT NULL) WITHOUT ROWID;

    CREATE TABLE source (
        id          TEXT PRIMARY KEY,
        icon        TEXT,
        logo        TEXT,
        closes_pages INTEGER NOT NULL DEFAULT 0,
        succeeded   TEXT,              -- null: no run has gone well yet
        emitted     TEXT,              -- what the published feeds were made from; null: none were
        authority   TEXT,              -- the domain in the ids of its items, from its first day on
        layout      TEXT,              -- what the pages were read by; null: none were
        backfill    TEXT,              -- the listing page to go on with; null: no backfill is under way
        revision    INTEGER NOT NULL DEFAULT 0  -- grows with every change of an item or of the site's facts
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE source ADD COLUMN learnt TEXT;      -- the layout that was found, with its evidence; null: none was
    ALTER TABLE source ADD COLUMN searched TEXT;    -- when a layout was last looked for in vain; null: never
    ALTER TABLE item ADD COLUMN layout TEXT;        -- what its page was last read by; null: it was not written down
    """,
)


class Store:
    """The state of all sources. Every method may raise StoreError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.db = sqlite3.connect(path, isolation_level=None, timeout=10.0)
        except sqlite3.Error as error:
            raise StoreError(f"{path}: the state cannot be opened: {error}") from error
        self.db.row_factory = sqlite3.Row
        try:
            self._migrate()
        except sqlite3.Error as error:
            self.close()
            raise StoreError(f"{path}: the state cannot be opened: {error}") from error
        except StoreError:
            self.close()
            raise

    def close(self) -> None:
        self.db.close()

    # -------------------------------------------------------- items

    def newest(self, source: str, limit: int) -> list[Stored]:
        """The newest items, newest first."""
        rows = self._rows("SELECT * FROM item WHERE source = ? ORDER BY date DESC, id LIMIT ?", source, limit)
        return [_stored(r) for r in rows]

    def at(self, source: str, keys: Iterable[str]) -> Stored | None:
        """The item at the first of the comparing keys that is known."""
        for key in keys:
            rows = self._rows(
                "SELECT item.* FROM address JOIN item ON item.id = address.item"
                " WHERE address.source = ? AND address.key = ?",
                source,
                key,
            )
            if rows:
                return _stored(rows[0])
        return None

    def alike(self, source: str, text_key: str) -> list[Stored]:
        rows = self._rows("SELECT * FROM item WHERE source = ? AND text_key = ?", source, text_key)
        return [_stored(r) for r in rows]

    def has(self, item: str) -> bool:
        return bool(self._rows("SELECT 1 FROM item WHERE id = ?", item))

    def count(self, source: str) -> int:
        return int(self._rows("SELECT count(*) FROM item WHERE source = ?", source)[0][0])

    def undated(self, source: str) -> int:
        return int(self._rows("SELECT count(*) FROM item WHERE source = ? AND published IS NULL", source)[0][0])

    def put(self, source: str, stored: Stored, keys: Iterable[str], layout: str | None = None) -> None:
        """Keep an item, new or changed, the keys under which it is known now, and what its page was read by."""
        a = stored.article
        row: dict[str, object] = {
            "id": stored.id, "source": source, "date": _instant(stored.date), "published": _instant(a.published),
            "doubt": a.doubt, "first_seen": _instant(stored.first_seen), "updated": _instant(stored.updated),
            "url": a.url, "addresses": _json(a.addresses), "title": a.title, "blocks": _json(a.blocks), "text": a.text,
            "pictures": _json([asdict(p) for p in a.pictures]), "files": _json([asdict(f) for f in a.files]),
            "categories": _json(a.categories), "author": a.author, "text_key": a.text_key, "layout": layout,
        }  # fmt: skip
        with self.transaction():
            names = ", ".join(row)
            marks = ", ".join(f":{n}" for n in row)
            self._execute(f"INSERT OR REPLACE INTO item ({names}) VALUES ({marks})", row)  # noqa: S608 - names of ours
            self.name(source, stored.id, keys)
            self._touch(source)

    def name(self, source: str, item: str, keys: Iterable[str]) -> None:
        """Remember that the item is known under these keys too."""
        for key in keys:
            self._execute("INSERT OR REPLACE INTO address (source, key, item) VALUES (?, ?, ?)", (source, key, item))

    # -------------------------------------------------------- visits

    def visit(self, source: str, url: str) -> Visit | None:
        """How asking for this URL went; None: nobody has thought of it yet."""
        rows = self._rows("SELECT * FROM visit WHERE source = ? AND url = ?", source, url)
        return _visit(rows[0]) if rows else None

    def name_links(self, source: str, links: Iterable[Link], first_rank: int) -> dict[str, bool]:
        """Remember the articles that a listing named.

        Gives the URLs that nobody has asked for yet, each with whether it was
        named for the first time.
        """
        unasked = {}
        for rank, link in enumerate(links, first_rank):
            done = self._execute(
                "INSERT OR IGNORE INTO visit (source, url, listing, rank, date, failures) VALUES (?, ?, 0, ?, ?, 0)",
                (source, link.url, rank, link.date),
            )
            if self._rows("SELECT 1 FROM visit WHERE source = ? AND url = ? AND asked IS NULL", source, link.url):
                unasked[link.url] = bool(done.rowcount)
        return unasked

    def name_again(self, source: str, link: Link) -> None:
        """Another article stands at a known address now, as its date in the listing tells: it is to be asked for."""
        self._execute(
            "UPDATE visit SET asked = NULL, etag = NULL, last_modified = NULL, date = ? WHERE source = ? AND url = ?",
            (link.date, source, link.url),
        )

    def forget_reading(self, source: str, newest: int) -> None:
        """Pages are read in another way now: listings and the newest items are to be asked for in full again."""
        self._execute("UPDATE visit SET etag = NULL, last_modified = NULL WHERE source = ?", (source,))
        self._execute(
            "UPDATE visit SET asked = NULL WHERE source = ? AND item IN"
            " (SELECT id FROM item WHERE source = ? ORDER BY date DESC, id LIMIT ?)",
            (source, source, newest),
        )

    def pending(self, source: str) -> list[tuple[int, Visit]]:
        """The articles that nobody has asked for yet, or that failed last time, with their ranks."""
        rows = self._rows(
            "SELECT * FROM visit WHERE source = ? AND listing = 0 AND (asked IS NULL OR error IS NOT NULL)", source
        )
        return [(r["rank"], _visit(r)) for r in rows]

    def visited_since(self, source: str, date: datetime) -> list[tuple[Visit, datetime]]:
        """The visits that went well to items not older than this, each with its item's date, newest first."""
        rows = self._rows(
            "SELECT visit.*, item.date AS item_date FROM item JOIN visit ON visit.item = item.id"
            " WHERE item.source = ? AND item.date >= ? AND visit.source = item.source AND error IS NULL"
            " ORDER BY item.date DESC, visit.url",
            source,
            _instant(date),
        )
        return [(_visit(r), datetime.fromisoformat(r["item_date"])) for r in rows]

    def visited(
        self, source: str, url: str, now: datetime, validators: Validators | None = None, *,
        item: str | None = None, listing: bool = False,
    ) -> None:  # fmt: skip
        """Asking for this page went well; None for validators keeps those that are known."""
        self._visited(source, url, now, validators, None, None, item, listing=int(listing))

    def failed(self, source: str, url: str, now: datetime, error: SourceError, *, listing: bool = False) -> None:
        """Asking for this page failed once more. What is known of it stays, its validators too."""
        status = error.status if isinstance(error, FetchError) else None
        self._visited(source, url, now, None, error.reason, status, None, listing=int(listing))

    def failures(self, source: str, listings: Iterable[str]) -> list[Visit]:
        """What failed when it was last asked for, whenever that was: of these listings and of all articles."""
        rows = self._rows(
            "SELECT * FROM visit WHERE source = ? AND error IS NOT NULL ORDER BY listing DESC, url", source
        )
        wanted = set(listings)
        return [_visit(r) for r in rows if not r["listing"] or r["url"] in wanted]

    def unvisited(self, source: str) -> int:
        return int(self._rows("SELECT count(*) FROM visit WHERE source = ? AND asked IS NULL", source)[0][0])

    def _visited(
        self, source: str, url: str, now: datetime, validators: Validators | None, error: str | None,
        status: int | None, item: str | None, *, listing: int,
    ) -> None:  # fmt: skip
        kept = validators is None
        given = validators or Validators()
        self._execute(
            "INSERT INTO visit (source, url, listing, rank, asked, etag, last_modified, failures, error,"
            " status, item)"
            " VALUES (:source, :url, :listing, 0, :asked, :etag, :modified, :failed, :error, :status, :item)"
            " ON CONFLICT DO UPDATE SET asked = :asked, error = :error, status = :status,"
            " failures = CASE WHEN :failed THEN failures + 1 ELSE 0 END, item = coalesce(:item, item),"
            " etag = CASE WHEN :kept THEN etag ELSE :etag END,"
            " last_modified = CASE WHEN :kept THEN last_modified ELSE :modified END",
            {"source": source, "url": url, "listing": listing, "asked": _instant(now), "etag": given.etag,
             "modified": given.last_modified, "failed": int(error is not None), "error": error, "status": status,
             "item": item, "kept": kept})  # fmt: skip

    # -------------------------------------------------------- files, robots, sites

    def media(self, urls: Iterable[str]) -> dict[str, Medium]:
        """What is known of files; one that could not be measured is not among them."""
        found = {}
        for url in urls:
            for r in self._rows("SELECT * FROM medium WHERE url = ? AND type IS NOT NULL", url):
                found[url] = Medium(r["url"], r["type"], r["length"])
        return found

    def measured(self, url: str) -> datetime | None:
        """When a file was last asked for; None: never."""
        rows = self._rows("SELECT asked FROM medium WHERE url = ?", url)
        return _parsed(rows[0][0]) if rows else None

    def put_medium(self, source: str, url: str, medium: Medium | None, now: datetime) -> None:
        kind, length = (medium.type, medium.length) if medium else (None, None)
        self._execute("INSERT OR REPLACE INTO medium VALUES (?, ?, ?, ?)", (url, kind, length, _instant(now)))
        if medium:
            self._touch(source)

    def robots(self) -> dict[str, Robots]:
        rows = self._rows("SELECT * FROM robots")
        return {r["origin"]: Robots(r["text"], datetime.fromisoformat(r["asked"])) for r in rows}

    def put_robots(self, robots: Mapping[str, Robots]) -> None:
        for origin, value in robots.items():
            self._execute("INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", (origin, value.text, _instant(value.asked)))

    def site(self, source: str) -> Site:
        rows = self._rows("SELECT icon, logo, closes_pages FROM source WHERE id = ?", source)
        return Site(rows[0]["icon"], rows[0]["logo"], bool(rows[0]["closes_pages"])) if rows else Site()

    def put_site(self, source: str, site: Site) -> None:
        if site != self.site(source):
            self._touch(source)
            self._execute(
                "UPDATE source SET icon = ?, logo = ?, closes_pages = ? WHERE id = ?",
                (site.icon, site.logo, int(site.closes_pages), source),
            )

    def authority(self, source: str) -> str | None:
        """The domain that the ids of its items are made of; None: none was given yet."""
        return self._source_value(source, "authority")

    def put_authority(self, source: str, domain: str) -> None:
        self._update_source(source, "authority", domain)

    def layout(self, source: str) -> str | None:
        """A fingerprint of the layout by which its pages were read; None: none were."""
        return self._source_value(source, "layout")

    def put_layout(self, source: str, layout: str) -> None:
        self._update_source(source, "layout", layout)

    def learnt(self, source: str) -> Learnt | None:
        """The layout that was found on the site, with its evidence; None: none was yet."""
        raw = self._source_value(source, "learnt")
        return _learnt(raw) if raw else None

    def put_learnt(self, source: str, learnt: Learnt) -> None:
        value = {"layout": {k: v for k, v in asdict(learnt.layout).items() if v}, "evidence": dict(learnt.evidence),
                 "fill": dict(learnt.fill), "samples": learnt.samples}  # fmt: skip
        self._update_source(source, "learnt", _json(value))
        self._update_source(source, "searched", None)

    def searched(self, source: str) -> datetime | None:
        """When a layout was last looked for in vain; None: never, or one was found since."""
        return _parsed(self._source_value(source, "searched"))

    def put_searched(self, source: str, now: datetime) -> None:
        self._update_source(source, "searched", _instant(now))

    def read_by(self, item: str) -> str | None:
        """A fingerprint of the layout by which an item's page was last read; None: nobody wrote it down."""
        rows = self._rows("SELECT layout FROM item WHERE id = ?", item)
        return rows[0][0] if rows else None

    def put_read_by(self, item: str, layout: str) -> None:
        self._execute("UPDATE item SET layout = ? WHERE id = ?", (layout, item))

    def behind(self, source: str, listing: str) -> int:
        """How many pages of a listing must at least be turned back, where a run could not; 0: all was caught up."""
        rows = self._rows("SELECT behind FROM visit WHERE source = ? AND url = ?", source, listing)
        return rows[0][0] or 0 if rows else 0

    def put_behind(self, source: str, listing: str, pages: int) -> None:
        """Remember it; the listing itself has been visited before."""
        self._execute("UPDATE visit SET behind = ? WHERE source = ? AND url = ?", (pages or None, source, listing))

    def backfill(self, source: str) -> str | None:
        """The listing page with which an interrupted backfill goes on; None: there is none."""
        return self._source_value(source, "backfill")

    def put_backfill(self, source: str, url: str | None) -> None:
        self._update_source(source, "backfill", url)

    def succeeded(self, source: str) -> datetime | None:
        """When a run of the source last went well, as far as it was written down."""
        return _parsed(self._source_value(source, "succeeded"))

    def put_succeeded(self, source: str, now: datetime) -> None:
        self._update_source(source, "succeeded", _instant(now))

    def revision(self, source: str) -> int:
        """A number that grows whenever something changes from which feeds are made."""
        rows = self._rows("SELECT revision FROM source WHERE id = ?", source)
        return int(rows[0][0]) if rows else 0

    def emitted(self, source: str) -> str | None:
        """What the published feeds were made from, as ``put_emitted`` had it."""
        return self._source_value(source, "emitted")

    def put_emitted(self, source: str, made_from: str) -> None:
        self._update_source(source, "emitted", made_from)

    # -------------------------------------------------------- SQLite

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is written within, or nothing of it. May stand in another."""
        if self.db.in_transaction:
            yield
            return
        self._execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):  # on a full disk, SQLite has rolled back by itself
                self.db.execute("ROLLBACK")
            raise
        self._execute("COMMIT")

    def _touch(self, source: str) -> None:
        self._execute(
            "INSERT INTO source (id, revision) VALUES (?, 1) ON CONFLICT DO UPDATE SET revision = revision + 1",
            (source,),
        )

    def _source_value(self, source: str, column: str) -> str | None:
        rows = self._rows(f"SELECT {column} FROM source WHERE id = ?", source)  # noqa: S608 - columns of ours
        return rows[0][0] if rows else None

    def _update_source(self, source: str, column: str, value: str | None) -> None:
        self._execute("INSERT OR IGNORE INTO source (id) VALUES (?)", (source,))
        self._execute(f"UPDATE source SET {column} = ? WHERE id = ?", (value, source))  # noqa: S608 - columns of ours

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self._execute(sql, values).fetchall()

    def _execute(self, sql: str, values: tuple[object, ...] | dict[str, object] = ()) -> sqlite3.Cursor:
        try:
            return self.db.execute(sql, values)
        except sqlite3.Error as error:
            raise StoreError(f"{self.path}: the state cannot be used: {error}") from error

    def _migrate(self) -> None:
        version = self.db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise StoreError(
                f"{self.path}: the state was written by a newer feedpub (its version is {version},"
                f" this one knows {len(MIGRATIONS)}); use that one, or another state file"
            )
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            self.db.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")


@contextmanager
def sole_run(path: Path) -> Iterator[bool]:
    """Whether no other run works on this state; as long as the block lasts, none will.

    The lock is SQLite's own on a file beside the state: every system has it,
    and it goes with the process that held it, however that ended.
    """
    lock = path.with_name(f"{path.name}.lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(lock, isolation_level=None, timeout=0.0)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{lock}: the state cannot be locked: {error}") from error
    try:
        try:
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise StoreError(f"{lock}: the state cannot be locked: {error}") from error
            yield False
        else:
            yield True
    finally:
        db.close()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _instant(value: datetime | None) -> str | None:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def _parsed(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


@lru_cache(maxsize=64)
def _learnt(raw: str) -> Learnt:
    """Read once for all the pages of a run."""
    value = json.loads(raw)
    layout = Layout(**{k: tuple(v) for k, v in value["layout"].items()})
    return Learnt(layout, value["evidence"], value["fill"], value["samples"])


def _visit(r: sqlite3.Row) -> Visit:
    return Visit(
        r["url"],
        _parsed(r["asked"]),
        Validators(r["etag"], r["last_modified"]),
        r["failures"],
        r["error"],
        r["status"],
        r["date"],
        r["item"],
    )


def _stored(r: sqlite3.Row) -> Stored:
    article = Article(
        url=r["url"],
        addresses=tuple(json.loads(r["addresses"])),
        title=r["title"],
        published=_parsed(r["published"]),
        doubt=r["doubt"],
        blocks=tuple(json.loads(r["blocks"])),
        text=r["text"],
        pictures=tuple(Picture(**p) for p in json.loads(r["pictures"])),
        files=tuple(Attachment(**f) for f in json.loads(r["files"])),
        categories=tuple(json.loads(r["categories"])),
        author=r["author"],
        text_key=r["text_key"],
    )
    return Stored(r["id"], article, datetime.fromisoformat(r["first_seen"]), datetime.fromisoformat(r["updated"]))
