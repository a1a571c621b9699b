"""Table ``visit``: how the last request for each page went, listings and articles alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from feedpub import address
from feedpub.content import Link
from feedpub.errors import FetchError, Missing, SourceError
from feedpub.model import ARRIVED, Reading, Validators, Visit
from feedpub.store.database import Database, Row
from feedpub.store.rows import IS_OUT_FOR_GOOD, as_visit, instant, named_in

LEFT_OUT = "left out: "  # in place of the words of an article: in this language, which is not published
LONG_AGO = "1970-01-01T00:00:00Z"
FORGET_VALIDATORS = "UPDATE visit SET etag = NULL, last_modified = NULL"


@dataclass(frozen=True, slots=True)
class Visits:
    """One source's pages, by address."""

    db: Database
    source: str

    def get(self, url: str) -> Visit | None:
        """Return how the last request for this address went. None: no listing has named it yet."""
        rows = self._rows_of(url)
        return as_visit(rows[0]) if rows else None

    def _rows_of(self, url: str) -> list[Row]:
        return self.db.remembered("SELECT * FROM visit WHERE source = ? AND url = ?", self.source, url)

    def pending(self) -> list[tuple[int, Visit]]:
        """Return the articles that nobody has asked for yet, or that failed last time, with their ranks."""
        rows = self.db.remembered(
            "SELECT * FROM visit WHERE source = ? AND asked IS NULL AND NOT listing UNION"
            " SELECT * FROM visit WHERE source = ? AND error IS NOT NULL AND NOT listing"
            " ORDER BY url",
            self.source, self.source,
        )  # fmt: skip
        return [(r["rank"], as_visit(r)) for r in rows]

    def due(self, now: datetime, limit: int) -> list[Visit]:
        """Return the articles to check again, longest overdue first."""
        rows = self.db.rows(
            "SELECT * FROM visit WHERE source = ? AND due <= ? AND asked IS NOT NULL AND error IS NULL"
            " ORDER BY due, url LIMIT ?",
            self.source, instant(now), limit,
        )  # fmt: skip
        return [as_visit(r) for r in rows]

    def unread(self) -> list[Visit]:
        """Return the pages that are still to be read, of items that are known from published feeds alone."""
        rows = self.db.remembered(
            "SELECT visit.* FROM item JOIN visit ON visit.item = item.id"
            " WHERE item.source = ? AND NOT item.is_read AND item.gone IS NULL ORDER BY item.date, visit.url",
            self.source,
        )
        return [as_visit(r) for r in rows]

    def last_read(self) -> Visit | None:
        """Return the page of an article that was read last, or had not changed; None: there is none."""
        return next(iter(self.last_reads(1)), None)

    def last_reads(self, limit: int) -> list[Visit]:
        """Return the pages of articles that were read last, or had not changed, the last one first."""
        rows = self.db.rows(
            "SELECT * FROM visit WHERE source = ? AND NOT listing AND asked IS NOT NULL AND error IS NULL"
            " AND item IS NOT NULL ORDER BY asked DESC, url LIMIT ?",
            self.source, limit,
        )  # fmt: skip
        return [as_visit(r) for r in rows]

    def to_read_anew(self) -> Visit | None:
        """Return the page of a published item that is to be asked for as if it never was; None: there is none."""
        row = self.db.first_row(
            "SELECT * FROM visit WHERE source = ? AND NOT listing AND asked IS NULL AND error IS NULL AND item IN"
            " (SELECT id FROM item WHERE source = ? AND gone IS NULL AND is_read) ORDER BY url LIMIT 1",
            self.source, self.source,
        )  # fmt: skip
        return as_visit(row) if row else None

    def has_read_listing(self) -> bool:
        """Whether a listing was ever read, also one that is not configured any more."""
        sql = "SELECT 1 FROM visit WHERE source = ? AND listing AND words IS NOT NULL LIMIT 1"
        return self.db.first_row(sql, self.source) is not None

    def missing(self) -> dict[str, list[Visit]]:
        """Return the published items with a page that the site calls missing, each with all its visits."""
        rows = self.db.remembered(  # a run asks twice: for pages to visit, and for items to withdraw
            "SELECT * FROM visit WHERE item IN ("
            " SELECT item.id FROM visit AS lost JOIN item ON item.id = lost.item"
            " WHERE lost.source = ? AND lost.gone_since IS NOT NULL AND item.gone IS NULL)"
            " ORDER BY item, url",
            self.source,
        )
        visits: dict[str, list[Visit]] = {}
        for r in rows:
            visits.setdefault(r["item"], []).append(as_visit(r))
        return visits

    def of_item(self, item: str) -> list[Visit]:
        """Return the visits of all pages on which an item was read."""
        rows = self.db.rows("SELECT * FROM visit WHERE source = ? AND item = ? ORDER BY url", self.source, item)
        return [as_visit(r) for r in rows]

    def by_item(self) -> dict[str, list[Visit]]:
        """Return the visits of all pages on which items were read, by the items' ids."""
        rows = self.db.rows("SELECT * FROM visit WHERE source = ? AND item IS NOT NULL ORDER BY item, url", self.source)
        visits: dict[str, list[Visit]] = {}
        for r in rows:
            visits.setdefault(r["item"], []).append(as_visit(r))
        return visits

    def homeless(self, since: datetime) -> list[tuple[str, str]]:
        """Return the published items that no visit can find, each with its link: they have no page that is visited.

        A line of a listing is found by its listing.

        A page that the site calls missing since then or before counts for none.
        """
        rows = self.db.rows(
            "SELECT id, url FROM item WHERE source = ? AND gone IS NULL AND is_read AND replace(url, ?, '') = url"
            " AND NOT EXISTS ("
            " SELECT 1 FROM visit WHERE visit.item = item.id AND (gone_since IS NULL OR gone_since > ?))"
            " ORDER BY date DESC, id",
            self.source, f"#{address.ROW_MARK}", instant(since),
        )  # fmt: skip
        return [(r["id"], r["url"]) for r in rows]

    def failures(self, listings: Iterable[str]) -> list[Visit]:
        """Return the pages that failed when last asked for: these listings first, then articles."""
        rows = self.db.remembered(
            "SELECT * FROM visit WHERE source = ? AND error IS NOT NULL ORDER BY listing DESC, url", self.source
        )
        former = {r["url"] for r in rows if r["listing"]}.difference(listings)
        return [as_visit(r) for r in rows if r["url"] not in former]

    def count_unasked(self) -> int:
        return self.db.number("SELECT count(*) FROM visit WHERE source = ? AND asked IS NULL", self.source)

    def pages_behind(self, listing: str) -> int:
        """Return how many pages of a listing are still to be turned at least. 0: no news was left over."""
        rows = self._rows_of(listing)
        return rows[0]["behind"] or 0 if rows else 0

    # -------------------------------------------------------- writing

    def name_links(self, links: Iterable[Link], first_rank: int) -> dict[str, bool]:
        """Remember the articles that a listing names.

        Return the addresses that nobody has asked for yet, each with whether a listing names it for the first time.
        """
        unasked = {}
        for rank, link in enumerate(links, first_rank):
            written = self.db.execute(
                "INSERT INTO visit (source, url, listing, rank, date, failures, title, categories, teaser)"
                " VALUES (?, ?, FALSE, ?, ?, 0, ?, ?, ?) ON CONFLICT (source, url) DO NOTHING",
                (self.source, link.url, rank, link.date, *named_in(link)),
            )
            is_first = written.rowcount > 0
            visit = self.get(link.url)
            if visit and _is_named_otherwise(visit, link):
                self._put_named(link)
            if visit and visit.asked is None:
                unasked[link.url] = is_first
        return unasked

    def _put_named(self, link: Link) -> None:
        """Remember what a listing calls a known address now. Of an item that is out for good, no word is kept."""
        self.db.execute(
            "UPDATE visit SET title = ?, categories = ?, teaser = ?, date = coalesce(date, ?)"
            f" WHERE source = ? AND url = ? AND NOT {IS_OUT_FOR_GOOD}",
            (*named_in(link), link.date, self.source, link.url),
        )

    def put_date(self, link: Link) -> None:
        """Replace the date that a listing showed of a known address: it could not be read."""
        self.db.execute("UPDATE visit SET date = ? WHERE source = ? AND url = ?", (link.date, self.source, link.url))

    def name_again(self, link: Link) -> None:
        """Ask again for a known address: what the listing says of it now means that another article is there."""
        self.db.execute(
            f"{FORGET_VALIDATORS}, asked = NULL, date = ? WHERE source = ? AND url = ?",
            (link.date, self.source, link.url),
        )

    def arrived(self, url: str, now: datetime, reading: Reading, *, is_listing: bool = False) -> None:
        """Note that the page arrived and could be read, or has not changed since it was."""
        validators = reading.validators or Validators()
        self.db.execute(
            "INSERT INTO visit (source, url, listing, rank, asked, etag, last_modified, failures, item, due, words)"
            " VALUES (:source, :url, :listing, 0, :asked, :etag, :modified, 0, :item, :due, :words)"
            " ON CONFLICT (source, url) DO UPDATE SET asked = :asked, failures = 0, error = NULL, status = NULL,"
            " etag = CASE WHEN :is_kept THEN visit.etag ELSE :etag END,"
            " last_modified = CASE WHEN :is_kept THEN visit.last_modified ELSE :modified END,"
            " item = coalesce(:item, visit.item), words = coalesce(:words, visit.words), due = :due,"
            " gone_since = NULL, gone_times = 0, teaser = NULL",
            {
                "source": self.source, "url": url, "listing": is_listing, "asked": instant(now),
                "etag": validators.etag, "modified": validators.last_modified,
                "is_kept": reading.validators is None, "item": reading.item, "due": instant(reading.due),
                "words": reading.words,
            },
        )  # fmt: skip
        if reading.item:
            self.db.execute(
                f"UPDATE visit SET title = NULL, categories = NULL WHERE source = ? AND url = ? AND {IS_OUT_FOR_GOOD}",
                (self.source, url),
            )

    def failed(
        self, url: str, now: datetime, error: SourceError, *, is_listing: bool = False, is_gone: bool = False
    ) -> None:
        """Note that the page failed once more. All other facts about it stay.

        ``is_gone``: the page is missing, as far as the site can be believed. Failures are counted anew where it was
        missing and something else is amiss now: that has not lasted yet.
        """
        status = error.status if isinstance(error, FetchError | Missing) else ARRIVED
        self.db.execute(
            "INSERT INTO visit (source, url, listing, rank, asked, failures, error, status)"
            " VALUES (:source, :url, :listing, 0, :asked, 1, :error, :status)"
            " ON CONFLICT (source, url) DO UPDATE SET asked = :asked, error = :error, status = :status,"
            " failures = CASE WHEN visit.status IN (404, 410) AND coalesce(:status, 0) NOT IN (404, 410) THEN 1"
            " ELSE visit.failures + 1 END",
            {
                "source": self.source, "url": url, "listing": is_listing, "asked": instant(now),
                "error": error.reason, "status": status,
            },
        )  # fmt: skip
        if is_gone:
            self.db.execute(
                "UPDATE visit SET gone_since = coalesce(gone_since, ?), gone_times = gone_times + 1"
                " WHERE source = ? AND url = ?",
                (instant(now), self.source, url),
            )

    def stands_for(self, url: str, item: str) -> None:
        """Note that an item was made of what the listing says of this page, which cannot be read."""
        self.db.execute("UPDATE visit SET item = ? WHERE source = ? AND url = ?", (item, self.source, url))

    def look_soon(self, url: str, now: datetime) -> None:
        """Make a page due, if it is one that is looked at again."""
        self.db.execute(
            "UPDATE visit SET due = ? WHERE source = ? AND url = ? AND due > ?",
            (instant(now), self.source, url, instant(now)),
        )

    def look_now(self, url: str, item: str) -> None:
        """Ask for this page in full at the next opportunity; this item is expected there."""
        self.db.execute(
            "INSERT INTO visit (source, url, listing, rank, failures, item) VALUES (?, ?, FALSE, 0, 0, ?)"
            " ON CONFLICT (source, url) DO UPDATE SET asked = NULL, etag = NULL, last_modified = NULL,"
            " item = excluded.item",
            (self.source, url, item),
        )

    def look_anew(self, url: str, item: str) -> None:
        """Do so after a lost state: what an older state knows of the page's failures says nothing of today."""
        self.look_now(url, item)
        self.db.execute(
            "UPDATE visit SET failures = 0, error = NULL, status = NULL WHERE source = ? AND url = ?",
            (self.source, url),
        )

    def leave_out(self, url: str, now: datetime, language: str) -> None:
        """Note that the article there is in a language that is not published. It is not asked for again."""
        self.arrived(url, now, Reading(words=f"{LEFT_OUT}{language}"))

    def left_out(self) -> dict[str, str]:
        """Return the articles that are left out for their language: address → language."""
        rows = self.db.rows(
            "SELECT url, words FROM visit WHERE source = ? AND substr(words, 1, ?) = ? AND item IS NULL ORDER BY url",
            self.source, len(LEFT_OUT), LEFT_OUT,
        )  # fmt: skip
        return {r["url"]: r["words"].removeprefix(LEFT_OUT) for r in rows}

    def take_in(self, url: str) -> None:
        """Ask for an article that was left out like for a new one: its language is published now."""
        self.db.execute(
            f"{FORGET_VALIDATORS}, asked = NULL, words = NULL WHERE source = ? AND url = ?", (self.source, url)
        )

    def ask_in_full(self, newest: int) -> None:
        """Ask for listings and the newest items in full again, because pages are read in another way now."""
        self.db.execute(f"{FORGET_VALIDATORS} WHERE source = ?", (self.source,))
        self.db.execute(
            "UPDATE visit SET asked = NULL WHERE source = ? AND item IN"
            " (SELECT id FROM item WHERE source = ? AND gone IS NULL ORDER BY date DESC, id LIMIT ?)",
            (self.source, self.source, newest),
        )

    def urls_with(self, parameters: Iterable[str]) -> list[str]:
        """Return the articles' addresses that have one of these parameters."""
        urls: set[str] = set()
        for name in parameters:
            sql = "SELECT url FROM visit WHERE source = ? AND NOT listing AND replace(url, ?, '') <> url"
            rows = self.db.rows(sql, self.source, name)
            urls.update(r["url"] for r in rows)
        return sorted(url for url in urls if not address.parameters(url).keys().isdisjoint(parameters))

    def readdress(self, old: str, new: str) -> None:
        """Visit a page at another address from now on. A page that is known at the new one wins."""
        if self.get(new):
            self.forget(old)
        else:
            self.db.execute(
                f"{FORGET_VALIDATORS}, url = ? WHERE source = ? AND url = ?",
                (new, self.source, old),
            )

    def forget(self, url: str) -> None:
        """Never visit an address again: its page is visited at another one."""
        self.db.execute("DELETE FROM visit WHERE source = ? AND url = ?", (self.source, url))

    def never_again(self, item: str) -> None:
        """Stop asking for the pages of an item that was taken out for good, and forget what listings say of them."""
        self.db.execute(
            "UPDATE visit SET due = NULL, error = NULL, status = NULL, gone_since = NULL, teaser = NULL,"
            " title = NULL, categories = NULL, asked = coalesce(asked, ?)"
            " WHERE source = ? AND item = ?",
            (LONG_AGO, self.source, item),
        )

    def put_pages_behind(self, listing: str, pages: int) -> None:
        """Remember how many pages of a listing are still to be turned; it has been visited before."""
        self.db.execute(
            "UPDATE visit SET behind = ? WHERE source = ? AND url = ?", (pages or None, self.source, listing)
        )

    def turn_back(self, now: datetime) -> None:
        """Make all pages due that a clock that was ahead calls visited in the future."""
        at = instant(now)
        self.db.execute(
            "UPDATE visit SET asked = ?, due = CASE WHEN due IS NULL THEN NULL ELSE ? END"
            " WHERE source = ? AND asked > ?",
            (at, at, self.source, at),
        )
        self.db.execute("UPDATE visit SET gone_since = ? WHERE source = ? AND gone_since > ?", (at, self.source, at))

    def move(self, old: str, new: str) -> None:
        """Rewrite the addresses of pages whose site has moved. A page that is known at the new origin wins."""
        length, prefix = len(old) + 1, f"{old}/"
        self.db.execute(
            f"{FORGET_VALIDATORS}, url = ? || substr(url, ?) WHERE source = ? AND substr(url, 1, ?) = ?"
            " AND NOT EXISTS (SELECT 1 FROM visit AS other"
            " WHERE other.source = visit.source AND other.url = ? || substr(visit.url, ?))",
            (new, length, self.source, length, prefix, new, length),
        )
        self.db.execute("DELETE FROM visit WHERE source = ? AND substr(url, 1, ?) = ?", (self.source, length, prefix))


def _is_named_otherwise(visit: Visit, link: Link) -> bool:
    """Whether a listing's row says something else than before. Of an article that was read, its teaser is not asked."""
    if (visit.title, visit.categories) != (link.title, link.categories):
        return True
    if visit.date is None and link.date is not None:
        return True
    return visit.item is None and visit.teaser != link.teaser
