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
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from feedpub import content
from feedpub.errors import Damaged, FetchError, Missing, SourceError, StoreError
from feedpub.model import Brake, Collection, Learnt, Moved, Ping, Rest, Robots, Site, Tally, Traffic, Validators, Visit
from feedpub.store import backup
from feedpub.store.lock import Busy, Turn, sole_run
from feedpub.store.rows import as_json, as_learnt, as_stored, as_visit, instant, parsed
from feedpub.store.schema import MIGRATIONS

if TYPE_CHECKING:
    from feedpub.content import Article, Gone, Link, Medium, Stored, Tombstone

__all__ = ["MIGRATIONS", "Busy", "Store", "Turn", "backup", "sole_run"]

PATIENCE = 10.0  # seconds: for another program that holds the file
LENGTHS = (8, 0.02)  # characters, and a share: by so much may typography and slips change the length of a text


class Store:
    """The state of all sources. Every method may raise StoreError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_worth_copying = False  # whether an item, or an address of one, has changed
        try:
            self.db = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE)
        except sqlite3.Error as error:
            raise StoreError(f"{path}: the state cannot be opened: {error}") from error
        self.db.row_factory = sqlite3.Row
        try:
            self.db.execute("PRAGMA cache_spill = OFF")  # what is not settled yet must not lock out who reads
            self._migrate()
        except sqlite3.Error as error:
            self.close()
            raise _named(error, f"{path}: the state cannot be opened: {error}") from error
        except StoreError:
            self.close()
            raise

    def close(self) -> None:
        self.db.close()

    # -------------------------------------------------------- items

    def newest(self, source: str, limit: int) -> list[Stored]:
        """The newest of the items that may be published, newest first."""
        answer = self._rows(
            "SELECT * FROM item WHERE source = ? AND gone IS NULL AND is_read ORDER BY date DESC, id LIMIT ?",
            source, limit,
        )  # fmt: skip
        return [as_stored(r) for r in answer]

    def item(self, item: str) -> Stored | None:
        answer = self._rows("SELECT * FROM item WHERE id = ?", item)
        return as_stored(answer[0]) if answer else None

    def every(self, source: str) -> Iterator[Stored]:
        """All items that ever were, the newest first."""
        for r in self._execute("SELECT * FROM item WHERE source = ? ORDER BY date DESC, id", (source,)):
            yield as_stored(r)

    def keys(self, item: str) -> list[str]:
        """Every comparing key under which an item is known."""
        return [r[0] for r in self._rows("SELECT key FROM address WHERE item = ? ORDER BY key", item)]

    def tombstones(self, source: str, limit: int) -> list[Tombstone]:
        """The items that were withdrawn last, the newest first."""
        answer = self._rows(
            "SELECT id, gone FROM item WHERE source = ? AND gone IS NOT NULL ORDER BY gone DESC, id LIMIT ?",
            source, limit,
        )  # fmt: skip
        return [content.Tombstone(r["id"], datetime.fromisoformat(r["gone"])) for r in answer]

    def at(self, source: str, keys: Iterable[str]) -> list[Stored]:
        """The items at these comparing keys, each once, in the order of the keys."""
        found: dict[str, Stored] = {}
        for key in keys:
            for row in self._rows(
                "SELECT item.* FROM address JOIN item ON item.id = address.item"
                " WHERE address.source = ? AND address.key = ?",
                source,
                key,
            ):
                found.setdefault(row["id"], as_stored(row))
        return list(found.values())

    def alike(self, source: str, article: Article, around: datetime, window: timedelta) -> list[Stored]:
        """The items that might hold the same words: of the same key, or about as long and not far in time."""
        slack = LENGTHS[0] + LENGTHS[1] * len(article.text)
        answer = self._rows(
            "SELECT * FROM item WHERE source = ? AND text_key = ? UNION"
            " SELECT * FROM item WHERE source = ? AND length(text) BETWEEN ? AND ? AND date BETWEEN ? AND ?"
            " AND is_read",
            source, article.text_key, source, len(article.text) - slack, len(article.text) + slack,
            instant(around - window), instant(around + window),
        )  # fmt: skip
        return [as_stored(r) for r in answer]

    def titled(self, source: str, title: str) -> list[Stored]:
        answer = self._rows("SELECT * FROM item WHERE source = ? AND title = ?", source, title)
        return [as_stored(r) for r in answer]

    def has(self, item: str) -> bool:
        return bool(self._rows("SELECT 1 FROM item WHERE id = ?", item))

    def has_items(self, source: str) -> bool:
        """Whether there are any that are not withdrawn."""
        return bool(self._rows("SELECT 1 FROM item WHERE source = ? AND gone IS NULL LIMIT 1", source))

    def count(self, source: str) -> int:
        """The items that are not withdrawn."""
        answer = self._rows("SELECT count(*) FROM item WHERE source = ?", source)  # an index has them all
        return int(answer[0][0]) - self.withdrawn(source)

    def withdrawn(self, source: str) -> int:
        return int(self._rows("SELECT count(*) FROM item WHERE source = ? AND gone IS NOT NULL", source)[0][0])

    def unread(self, source: str) -> list[Visit]:
        """The visits still to be made, or made in vain, to items that are known from published feeds alone."""
        answer = self._rows(
            "SELECT visit.* FROM item JOIN visit ON visit.item = item.id"
            " WHERE item.source = ? AND NOT item.is_read AND item.gone IS NULL ORDER BY item.date, visit.url",
            source,
        )
        return [as_visit(r) for r in answer]

    def undated(self, source: str) -> int:
        return int(self._rows("SELECT count(*) FROM item WHERE source = ? AND published IS NULL", source)[0][0])

    def put(self, source: str, stored: Stored, keys: Iterable[str], layout: str | None = None) -> None:
        """Keep an item, new or changed, the keys under which it is known now, and what its page was read by."""
        a, gone = stored.article, stored.gone
        row: dict[str, object] = {
            "id": stored.id, "source": source, "date": instant(stored.date), "published": instant(a.published),
            "doubt": a.doubt, "first_seen": instant(stored.first_seen), "updated": instant(stored.updated),
            "url": a.url, "addresses": as_json(a.addresses), "title": a.title, "blocks": as_json(a.blocks),
            "text": a.text,
            "pictures": as_json([asdict(p) for p in a.pictures]), "files": as_json([asdict(f) for f in a.files]),
            "categories": as_json(a.categories), "author": a.author, "text_key": a.text_key, "layout": layout,
            "gone": instant(gone.when) if gone else None, "gone_by": gone.by.value if gone else None,
            "reason": gone.reason if gone else None, "is_read": int(stored.is_read),
        }  # fmt: skip
        with self.transaction():
            names = ", ".join(row)
            marks = ", ".join(f":{n}" for n in row)
            self._execute(f"INSERT OR REPLACE INTO item ({names}) VALUES ({marks})", row)  # noqa: S608 - names of ours
            self.name(source, stored.id, keys)
            self._touch(source, stored.id)

    def withdraw(self, source: str, item: str, gone: Gone) -> None:
        """The item is published no more; its id, its addresses and what tells its words remain."""
        self._execute(
            "UPDATE item SET gone = ?, gone_by = ?, reason = ? WHERE id = ?",
            (instant(gone.when), gone.by.value, gone.reason, item),
        )
        self._touch(source, item)

    def erase(self, source: str, item: str) -> None:
        """What a withdrawn item said, for good; its pages are not asked for again. ``vacuum`` clears the disk."""
        with self.transaction():
            self._execute(
                "UPDATE item SET title = '', blocks = '[]', text = '', pictures = '[]', files = '[]',"
                " categories = '[]', author = NULL, doubt = NULL WHERE id = ?",
                (item,),
            )
            self._execute(
                "UPDATE visit SET due = NULL, error = NULL, status = NULL, gone_since = NULL,"
                " asked = coalesce(asked, '1970-01-01T00:00:00Z') WHERE source = ? AND item = ?",
                (source, item),
            )

    def vacuum(self) -> None:
        """Writes the state anew, so that nothing that was erased remains in its file."""
        self._execute("VACUUM")

    def move(self, source: str, old: str, new: str) -> None:
        """The site has moved from one origin (scheme, host, port) to another; what was at the one is at the other."""
        with self.transaction():
            at_old = f"{old}/%"
            self._execute(
                "UPDATE item SET url = ? || substr(url, ?) WHERE source = ? AND url LIKE ?",
                (new, len(old) + 1, source, at_old),
            )
            for column, before in (
                ("addresses", '"'), ("pictures", '"url":"'), ("files", '"url":"'), ("blocks", r'href=\"'),
                ("blocks", r'src=\"'),
            ):  # fmt: skip
                self._execute(
                    f"UPDATE item SET {column} = replace({column}, ?, ?) WHERE source = ?",  # noqa: S608 - columns of ours
                    (f"{before}{old}/", f"{before}{new}/", source),
                )
            self._execute(
                "UPDATE OR IGNORE visit SET url = ? || substr(url, ?), etag = NULL, last_modified = NULL"
                " WHERE source = ? AND url LIKE ?",
                (new, len(old) + 1, source, at_old),
            )
            self._execute("DELETE FROM visit WHERE source = ? AND url LIKE ?", (source, at_old))
            self._execute("INSERT OR IGNORE INTO touched SELECT source, id FROM item WHERE source = ?", (source,))
            self._touch(source)

    def name(self, source: str, item: str, keys: Iterable[str]) -> None:
        """Remember that the item is known under these keys too."""
        for key in keys:
            done = self._execute(
                "INSERT INTO address (source, key, item) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET item = excluded.item WHERE item <> excluded.item",
                (source, key, item),
            )
            self.is_worth_copying |= done.rowcount > 0

    # -------------------------------------------------------- collections

    def living(self, source: str) -> Iterator[Stored]:
        """The items that may be published, the newest first."""
        sql = "SELECT * FROM item WHERE source = ? AND gone IS NULL AND is_read ORDER BY date DESC, id"
        for r in self._execute(sql, (source,)):
            yield as_stored(r)

    def touched(self, source: str) -> list[str]:
        """The items that were put, measured or withdrawn since they were last placed."""
        return [r[0] for r in self._rows("SELECT item FROM touched WHERE source = ? ORDER BY item", source)]

    def place(self, source: str, item: str, date: datetime, names: Iterable[str]) -> None:
        """An item stands in these collections and in no others; those it is in, or was, are stale."""
        wanted = set(names)
        known = {r[0]: r[1] for r in self._rows("SELECT name, date FROM member WHERE item = ?", item)}
        if known != dict.fromkeys(wanted, instant(date)):
            self._execute("DELETE FROM member WHERE item = ?", (item,))
            for name in wanted:
                self._execute("INSERT INTO member VALUES (?, ?, ?, ?)", (source, name, instant(date), item))
        self.put_stale(source, (*known, *wanted, ""))
        self._execute("DELETE FROM touched WHERE source = ? AND item = ?", (source, item))

    def forget_places(self, source: str) -> None:
        """Every item is to be placed anew."""
        for table in ("member", "touched"):
            self._execute(f"DELETE FROM {table} WHERE source = ?", (source,))  # noqa: S608 - tables of ours

    def members(self, source: str, name: str, limit: int = -1) -> list[Stored]:
        """The newest items of a collection, newest first; all of them without a limit."""
        answer = self._rows(
            "SELECT item.* FROM member JOIN item ON item.id = member.item WHERE member.source = ? AND member.name = ?"
            " ORDER BY member.date DESC, member.item LIMIT ?",
            source, name, limit,
        )  # fmt: skip
        return [as_stored(r) for r in answer]

    def oldest_member(self, source: str, name: str) -> Stored | None:
        answer = self._rows(
            "SELECT item.* FROM member JOIN item ON item.id = member.item WHERE member.source = ? AND member.name = ?"
            " ORDER BY member.date, member.item DESC LIMIT 1",
            source, name,
        )  # fmt: skip
        return as_stored(answer[0]) if answer else None

    def size(self, source: str, name: str) -> int:
        """How many items a collection has."""
        return int(self._rows("SELECT count(*) FROM member WHERE source = ? AND name = ?", source, name)[0][0])

    def collections(self, source: str) -> list[Collection]:
        """Those that have items, by name."""
        answer = self._rows("SELECT name, title, items FROM collection WHERE source = ? ORDER BY name", source)
        return [Collection(r["name"], r["title"], r["items"]) for r in answer]

    def put_collection(self, source: str, collection: Collection) -> None:
        """Remember it, or forget it where it has no items."""
        if collection.items:
            values = (source, collection.name, collection.title, collection.items)
            self._execute("INSERT OR REPLACE INTO collection VALUES (?, ?, ?, ?)", values)
        else:
            self._execute("DELETE FROM collection WHERE source = ? AND name = ?", (source, collection.name))

    def stale(self, source: str) -> list[str]:
        """The collections whose documents are not as they should be; "" is the source's own feed."""
        return [r[0] for r in self._rows("SELECT name FROM stale WHERE source = ? ORDER BY name", source)]

    def put_stale(self, source: str, names: Iterable[str]) -> None:
        for name in names:
            self._execute("INSERT OR IGNORE INTO stale VALUES (?, ?)", (source, name))

    def put_fresh(self, source: str, name: str) -> None:
        self._execute("DELETE FROM stale WHERE source = ? AND name = ?", (source, name))

    def documents(self, source: str) -> dict[str, str]:
        """What is published of a source, by name, with a fingerprint of the files as they were left."""
        answer = self._rows("SELECT name, stands FROM document WHERE source = ? ORDER BY name", source)
        return {r["name"]: r["stands"] for r in answer}

    def put_document(self, source: str, name: str, stands: str) -> None:
        self._execute("INSERT OR REPLACE INTO document VALUES (?, ?, ?)", (source, name, stands))

    def drop_document(self, source: str, name: str) -> None:
        self._execute("DELETE FROM document WHERE source = ? AND name = ?", (source, name))

    def setting(self, source: str) -> str | None:
        """What its files were made from besides its items, as ``put_setting`` had it; None: there are no files yet."""
        return self._source_value(source, "setting")

    def put_setting(self, source: str, setting: str) -> None:
        self._update_source(source, "setting", setting)

    def forms(self, language: str, word: str) -> frozenset[str] | None:
        """The forms of a word, as the dictionary has them; None: nobody has asked it yet."""
        answer = self._rows("SELECT forms FROM forms WHERE language = ? AND word = ?", language, word)
        return frozenset(json.loads(answer[0][0])) if answer else None

    def put_forms(self, language: str, word: str, forms: Iterable[str]) -> None:
        self._execute("INSERT OR REPLACE INTO forms VALUES (?, ?, ?)", (language, word, as_json(sorted(forms))))

    # -------------------------------------------------------- visits

    def visit(self, source: str, url: str) -> Visit | None:
        """How asking for this URL went; None: nobody has thought of it yet."""
        answer = self._rows("SELECT * FROM visit WHERE source = ? AND url = ?", source, url)
        return as_visit(answer[0]) if answer else None

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
            " (SELECT id FROM item WHERE source = ? AND gone IS NULL ORDER BY date DESC, id LIMIT ?)",
            (source, source, newest),
        )

    def look_now(self, source: str, url: str) -> None:
        """This page is to be asked for in full at the next opportunity."""
        self._execute(
            "INSERT INTO visit (source, url, listing, rank, failures) VALUES (?, ?, 0, 0, 0)"
            " ON CONFLICT DO UPDATE SET asked = NULL, etag = NULL, last_modified = NULL",
            (source, url),
        )

    def expect_item(self, source: str, url: str, item: str) -> None:
        """This item is known to stand at this address."""
        self._execute("UPDATE visit SET item = ? WHERE source = ? AND url = ?", (item, source, url))

    def pending(self, source: str) -> list[tuple[int, Visit]]:
        """The articles that nobody has asked for yet, or that failed last time, with their ranks."""
        answer = self._rows(
            "SELECT * FROM visit INDEXED BY visit_unasked WHERE source = ? AND asked IS NULL AND listing = 0 UNION"
            " SELECT * FROM visit INDEXED BY visit_failed WHERE source = ? AND error IS NOT NULL AND listing = 0"
            " ORDER BY url",
            source, source,
        )  # fmt: skip
        return [(r["rank"], as_visit(r)) for r in answer]

    def due(self, source: str, now: datetime, limit: int) -> list[Visit]:
        """The articles that went well and are due for another look, the longest due first."""
        answer = self._rows(
            "SELECT * FROM visit WHERE source = ? AND due <= ? AND asked IS NOT NULL AND error IS NULL"
            " ORDER BY due, url LIMIT ?",
            source, instant(now), limit,
        )  # fmt: skip
        return [as_visit(r) for r in answer]

    def missing(self, source: str) -> dict[str, list[Visit]]:
        """The published items of which a page was said not to be there, each with all its visits."""
        answer = self._rows(
            "SELECT * FROM visit INDEXED BY visit_item WHERE source = ? AND item IN (SELECT item.id FROM visit"
            " INDEXED BY visit_gone JOIN item ON item.id = visit.item"
            " WHERE visit.source = ? AND gone_since IS NOT NULL AND gone IS NULL)"
            " ORDER BY item, url",
            source, source,
        )  # fmt: skip
        found: dict[str, list[Visit]] = {}
        for r in answer:
            found.setdefault(r["item"], []).append(as_visit(r))
        return found

    def visited(
        self, source: str, url: str, now: datetime, validators: Validators | None = None, *,
        item: str | None = None, listing: bool = False, due: datetime | None = None, words: str | None = None,
    ) -> None:  # fmt: skip
        """Asking for this page went well; None for validators and for words keeps those that are known."""
        self._visited(source, url, now, validators, None, None, item, listing=int(listing))
        self._execute(
            "UPDATE visit SET due = ?, gone_since = NULL, gone_times = 0, words = coalesce(?, words)"
            " WHERE source = ? AND url = ?",
            (instant(due), words, source, url),
        )

    def failed(
        self, source: str, url: str, now: datetime, error: SourceError, *, listing: bool = False, gone: bool = False
    ) -> None:
        """Asking for this page failed once more. What is known of it stays, its validators too.

        ``gone``: for it is not there, as far as the site can be believed.
        """
        status = error.status if isinstance(error, FetchError | Missing) else None
        self._visited(source, url, now, None, error.reason, status, None, listing=int(listing))
        if gone:
            self._execute(
                "UPDATE visit SET gone_since = coalesce(gone_since, ?), gone_times = gone_times + 1"
                " WHERE source = ? AND url = ?",
                (instant(now), source, url),
            )

    def failures(self, source: str, listings: Iterable[str]) -> list[Visit]:
        """What failed when it was last asked for, whenever that was: of these listings and of all articles."""
        answer = self._rows(
            "SELECT * FROM visit INDEXED BY visit_failed WHERE source = ? AND error IS NOT NULL"
            " ORDER BY listing DESC, url",
            source,
        )
        wanted = set(listings)
        return [as_visit(r) for r in answer if not r["listing"] or r["url"] in wanted]

    def unvisited(self, source: str) -> int:
        return int(
            self._rows(
                "SELECT count(*) FROM visit INDEXED BY visit_unasked WHERE source = ? AND asked IS NULL", source
            )[0][0]
        )

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
            {"source": source, "url": url, "listing": listing, "asked": instant(now), "etag": given.etag,
             "modified": given.last_modified, "failed": int(error is not None), "error": error, "status": status,
             "item": item, "kept": kept})  # fmt: skip

    # -------------------------------------------------------- files, robots, sites

    def media(self, urls: Iterable[str]) -> dict[str, Medium]:
        """What is known of files; one that could not be measured is not among them."""
        found = {}
        for url in urls:
            for r in self._rows("SELECT * FROM medium WHERE url = ? AND type IS NOT NULL", url):
                found[url] = content.Medium(r["url"], r["type"], r["length"])
        return found

    def measured(self, url: str) -> datetime | None:
        """When a file was last asked for; None: never."""
        answer = self._rows("SELECT asked FROM medium WHERE url = ?", url)
        return parsed(answer[0][0]) if answer else None

    def put_medium(self, source: str, url: str, medium: Medium | None, now: datetime, item: str | None = None) -> None:
        """What a server said of a file, that of an item; None: it did not tell."""
        kind, length = (medium.type, medium.length) if medium else (None, None)
        self._execute("INSERT OR REPLACE INTO medium VALUES (?, ?, ?, ?)", (url, kind, length, instant(now)))
        if medium:
            self._touch(source, item)

    def robots(self) -> dict[str, Robots]:
        answer = self._rows("SELECT * FROM robots")
        return {
            r["origin"]: Robots(r["text"], datetime.fromisoformat(r["asked"]), datetime.fromisoformat(r["until"]))
            for r in answer
        }

    def put_robots(self, robots: Mapping[str, Robots]) -> None:
        for origin, value in robots.items():
            values = (origin, value.text, instant(value.asked), instant(value.until))
            self._execute("INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?)", values)

    def moved(self, url: str) -> Moved | None:
        """Where an address leads for good, as it was last seen; None: it does not."""
        answer = self._rows("SELECT target, since FROM moved WHERE url = ?", url)
        return Moved(answer[0]["target"], datetime.fromisoformat(answer[0]["since"])) if answer else None

    def put_moved(self, moved: Mapping[str, Moved | None]) -> None:
        for url, value in moved.items():
            self._execute("DELETE FROM moved WHERE url = ?", (url,))
            if value:
                self._execute("INSERT INTO moved VALUES (?, ?, ?)", (url, value.to, instant(value.since)))

    def traffic(self, source: str, runs: int) -> list[tuple[datetime, Traffic]]:
        """What the last runs asked of the source's site, the newest first, as far as that was written down."""
        answer = self._rows("SELECT * FROM traffic WHERE source = ? ORDER BY asked DESC LIMIT ?", source, runs)
        return [
            (datetime.fromisoformat(r["asked"]), Traffic(r["requests"], r["unmodified"], r["bytes"])) for r in answer
        ]

    def put_traffic(self, source: str, now: datetime, done: Traffic, keep: int) -> None:
        """Remember what a run asked for, and no more than so many runs."""
        values = (source, instant(now), done.requests, done.unmodified, done.bytes)
        self._execute(
            "INSERT INTO traffic VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET requests = requests"
            " + excluded.requests, unmodified = unmodified + excluded.unmodified, bytes = bytes + excluded.bytes",
            values,
        )
        self._execute(
            "DELETE FROM traffic WHERE source = ? AND asked < (SELECT min(asked) FROM (SELECT asked FROM traffic"
            " WHERE source = ? ORDER BY asked DESC LIMIT ?))",
            (source, source, keep),
        )

    def rests(self) -> dict[str, Rest]:
        """The hosts that did not serve us the last time."""
        return {
            r["host"]: Rest(
                datetime.fromisoformat(r["until"]), r["why"], r["failures"], datetime.fromisoformat(r["asked"])
            )
            for r in self._rows("SELECT * FROM rest")
        }

    def put_rests(self, rests: Mapping[str, Rest]) -> None:
        """These and no others, where they are not what is known already."""
        if rests == self.rests():
            return
        with self.transaction():
            self._execute("DELETE FROM rest")
            for host, r in rests.items():
                values = (host, instant(r.until), r.why, r.failures, instant(r.asked))
                self._execute("INSERT INTO rest VALUES (?, ?, ?, ?, ?)", values)

    def site(self, source: str) -> Site:
        answer = self._rows("SELECT icon, logo, closes_pages FROM source WHERE id = ?", source)
        return Site(answer[0]["icon"], answer[0]["logo"], bool(answer[0]["closes_pages"])) if answer else Site()

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

    def origin(self, source: str) -> str | None:
        """Scheme, host and port under which its addresses are kept; None: nothing was read yet."""
        return self._source_value(source, "origin")

    def put_origin(self, source: str, origin: str) -> None:
        self._update_source(source, "origin", origin)

    def looked(self, source: str) -> datetime | None:
        """When a listing was last read and nothing was odd, to the hour; None: never."""
        return parsed(self._source_value(source, "looked")) or self.succeeded(source)

    def put_looked(self, source: str, now: datetime) -> None:
        self._update_source(source, "looked", instant(now))

    def accepted(self, source: str) -> datetime | None:
        """When somebody last let a run through; None: never."""
        return parsed(self._source_value(source, "accepted"))

    def put_accepted(self, source: str, now: datetime) -> None:
        self._update_source(source, "accepted", instant(now))

    def forgone(self, source: str) -> bool:
        """Whether published items that cannot be read again are not waited for."""
        return self._source_value(source, "forgone") is not None

    def put_forgone(self, source: str) -> None:
        self._update_source(source, "forgone", "yes")

    def is_restored(self, source: str) -> bool:
        """Whether this is a copy of a state that was lost, not yet held against what the published feeds know."""
        return self._source_value(source, "restored") is not None

    def put_reconciled(self, source: str) -> None:
        self._update_source(source, "restored", None)

    def turn_back(self, source: str, now: datetime) -> None:
        """The clock was ahead, and is right now: what was looked at in the future is due."""
        self._execute(
            "UPDATE visit SET asked = ?, due = CASE WHEN due IS NULL THEN NULL ELSE ? END"
            " WHERE source = ? AND asked > ?",
            (instant(now), instant(now), source, instant(now)),
        )
        self._execute("DELETE FROM tally WHERE source = ? AND hour > ?", (source, instant(now)))

    def tally(self, source: str, since: datetime) -> Tally:
        """What the runs since then did."""
        [row] = self._rows(
            "SELECT coalesce(sum(added), 0), coalesce(sum(changed), 0), coalesce(sum(seen), 0),"
            " coalesce(sum(withdrawn), 0) FROM tally WHERE source = ? AND hour >= ?",
            source, instant(since),
        )  # fmt: skip
        return Tally(*row)

    def put_tally(self, source: str, done: Tally, now: datetime) -> None:
        """Adds to what the runs of this hour did."""
        hour = instant(now.replace(minute=0, second=0))
        self._execute(
            "INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET added = added + excluded.added,"
            " changed = changed + excluded.changed, seen = seen + excluded.seen,"
            " withdrawn = withdrawn + excluded.withdrawn",
            (source, hour, done.added, done.changed, done.seen, done.withdrawn),
        )

    def forget_tally(self, source: str, before: datetime | None = None) -> None:
        self._execute(
            "DELETE FROM tally WHERE source = ? AND hour < ?", (source, instant(before) if before else "9999")
        )

    def led_to(self, source: str) -> str | None:
        """Another host to which the site leads, and that somebody has accepted; None: there is none."""
        return self._source_value(source, "led_to")

    def put_led_to(self, source: str, host: str) -> None:
        self._update_source(source, "led_to", host)

    def brake(self, source: str) -> Brake | None:
        """Why nothing is published; None: all is well."""
        raw = self._source_value(source, "brake")
        if raw is None:
            return None
        value = json.loads(raw)
        since, asked = (datetime.fromisoformat(value[k]) for k in ("since", "asked"))
        return Brake(value["why"], since, asked, value["times"], value["configured"])

    def put_brake(self, source: str, brake: Brake | None) -> None:
        value = brake and {"why": brake.why, "since": instant(brake.since), "asked": instant(brake.asked),
                           "times": brake.times, "configured": brake.configured}  # fmt: skip
        self._update_source(source, "brake", as_json(value) if value else None)

    def layout(self, source: str) -> str | None:
        """A fingerprint of the layout by which its pages were read; None: none were."""
        return self._source_value(source, "layout")

    def put_layout(self, source: str, layout: str) -> None:
        self._update_source(source, "layout", layout)

    def learnt(self, source: str) -> Learnt | None:
        """The layout that was found on the site, with its evidence; None: none was yet."""
        raw = self._source_value(source, "learnt")
        return as_learnt(raw) if raw else None

    def put_learnt(self, source: str, learnt: Learnt) -> None:
        value = {"layout": {k: v for k, v in asdict(learnt.layout).items() if v}, "evidence": dict(learnt.evidence),
                 "fill": dict(learnt.fill), "samples": learnt.samples}  # fmt: skip
        self._update_source(source, "learnt", as_json(value))
        self._update_source(source, "searched", None)

    def searched(self, source: str) -> datetime | None:
        """When a layout was last looked for in vain; None: never, or one was found since."""
        return parsed(self._source_value(source, "searched"))

    def put_searched(self, source: str, now: datetime) -> None:
        self._update_source(source, "searched", instant(now))

    def read_by(self, item: str) -> str | None:
        """A fingerprint of the layout by which an item's page was last read; None: nobody wrote it down."""
        answer = self._rows("SELECT layout FROM item WHERE id = ?", item)
        return answer[0][0] if answer else None

    def put_read_by(self, item: str, layout: str) -> None:
        self._execute("UPDATE item SET layout = ? WHERE id = ?", (layout, item))

    def behind(self, source: str, listing: str) -> int:
        """How many pages of a listing must at least be turned back, where a run could not; 0: all was caught up."""
        answer = self._rows("SELECT behind FROM visit WHERE source = ? AND url = ?", source, listing)
        return answer[0][0] or 0 if answer else 0

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
        return parsed(self._source_value(source, "succeeded"))

    def put_succeeded(self, source: str, now: datetime) -> None:
        self._update_source(source, "succeeded", instant(now))

    def revision(self, source: str) -> int:
        """A number that grows whenever something changes from which feeds are made."""
        answer = self._rows("SELECT revision FROM source WHERE id = ?", source)
        return int(answer[0][0]) if answer else 0

    def emitted(self, source: str) -> str | None:
        """The revision of which everything was published, as ``put_emitted`` had it."""
        return self._source_value(source, "emitted")

    def put_emitted(self, source: str, revision: str) -> None:
        self._update_source(source, "emitted", revision)

    # -------------------------------------------------------- hubs

    def pings(self) -> list[Ping]:
        """What hubs are still to be told."""
        return [
            Ping(
                r["hub"], r["topic"], datetime.fromisoformat(r["since"]), r["failures"], r["error"], parsed(r["asked"])
            )
            for r in self._rows("SELECT * FROM ping ORDER BY hub, topic")
        ]

    def put_ping(self, hub: str, topic: str, now: datetime) -> bool:
        """Remember that the hub is to be told of this feed. Whether nothing of the kind was known."""
        done = self._execute(
            "INSERT OR IGNORE INTO ping (hub, topic, since, failures) VALUES (?, ?, ?, 0)", (hub, topic, instant(now))
        )
        return done.rowcount > 0

    def drop_ping(self, hub: str, topic: str) -> None:
        """The hub has been told, or need not be any more."""
        self._execute("DELETE FROM ping WHERE hub = ? AND topic = ?", (hub, topic))

    def ping_failed(self, hub: str, topic: str, now: datetime, why: str) -> None:
        """The hub did not take it. What else it is to be told waits with it."""
        self._execute(
            "UPDATE ping SET failures = failures + 1, error = ?, asked = CASE topic WHEN ? THEN ? ELSE asked END"
            " WHERE hub = ?",
            (why, topic, instant(now), hub),
        )

    # -------------------------------------------------------- SQLite

    @property
    def has_written(self) -> bool:
        """Whether anything was written since the state was opened."""
        return self.db.total_changes > 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of what is written within, or nothing of it. May stand in another."""
        begin, end, undo = ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
        if self.db.in_transaction:
            begin, end, undo = ("SAVEPOINT part", "RELEASE part", "ROLLBACK TO part; RELEASE part")
        self._execute(begin)
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):  # on a full disk, SQLite has rolled back by itself
                for step in undo.split("; "):
                    self.db.execute(step)
            raise
        self._execute(end)

    def begin(self) -> None:
        """What is written from now on counts only once ``settle`` is called, and not at all after ``undo``.

        Nothing is locked before something is written; readers are never kept waiting.
        """
        self._execute("BEGIN")

    def settle(self) -> None:
        if self.db.in_transaction:
            self._execute("COMMIT")

    def undo(self) -> None:
        if self.db.in_transaction:
            with suppress(sqlite3.Error):
                self.db.execute("ROLLBACK")

    def keep_copy(self, now: datetime, *, at_once: bool = False) -> None:
        """Copies the state beside itself, where something in it is worth it, or was when a run was killed."""
        is_wanted = self.is_worth_copying or backup.draft_of(self.path).exists()
        is_wanted = is_wanted or (self.has_written and backup.is_behind(self.db, self.path))
        if at_once or (is_wanted and backup.is_due(self.path, now)):
            backup.keep(self.db, self.path)

    def _touch(self, source: str, item: str | None = None) -> None:
        self.is_worth_copying = True
        if item:
            self._execute("INSERT OR IGNORE INTO touched VALUES (?, ?)", (source, item))
        self._execute(
            "INSERT INTO source (id, revision) VALUES (?, 1) ON CONFLICT DO UPDATE SET revision = revision + 1",
            (source,),
        )

    def _source_value(self, source: str, column: str) -> str | None:
        answer = self._rows(f"SELECT {column} FROM source WHERE id = ?", source)  # noqa: S608 - columns of ours
        return answer[0][0] if answer else None

    def _update_source(self, source: str, column: str, value: str | None) -> None:
        self._execute("INSERT OR IGNORE INTO source (id) VALUES (?)", (source,))
        self._execute(f"UPDATE source SET {column} = ? WHERE id = ?", (value, source))  # noqa: S608 - columns of ours

    def _rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self._execute(sql, values).fetchall()

    def _execute(self, sql: str, values: tuple[object, ...] | dict[str, object] = ()) -> sqlite3.Cursor:
        try:
            return self.db.execute(sql, values)
        except sqlite3.Error as error:
            raise _named(error, f"{self.path}: the state cannot be used: {error}") from error

    def _migrate(self) -> None:
        version = self.db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise StoreError(
                f"{self.path}: the state was written by a newer feedpub (its version is {version},"
                f" this one knows {len(MIGRATIONS)}); use that one, or another state file"
            )
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            self.db.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")


def _named(error: sqlite3.Error, message: str) -> StoreError:
    """Whether it is the state's file that is broken, or something else that a second try may find mended."""
    code = getattr(error, "sqlite_errorcode", None)  # not on errors of Python's own module
    is_broken = code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return Damaged(message) if is_broken else StoreError(message)
