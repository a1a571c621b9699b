"""Tables ``robots``, ``moved``, ``rest``: hosts' rules, redirects and failures. All sources share them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from feedpub.model import Moved, Rest, Robots
from feedpub.store.database import Database, Row
from feedpub.store.proof import decoding
from feedpub.store.rows import instant


@dataclass(frozen=True, slots=True)
class Hosts:
    """The facts about hosts, and the addresses that have moved."""

    db: Database
    _read: list[dict[str, Rest]] = field(default_factory=list)  # the rests, as they were read first

    def robots(self) -> dict[str, Robots]:
        """Return robots.txt by origin (scheme, host, port)."""
        rows = self.db.rows("SELECT * FROM robots")
        return {r["origin"]: _as_robots(r) for r in rows}

    def put_robots(self, robots: Mapping[str, Robots]) -> None:
        if not robots:
            return
        with self.db.transaction():
            self._put_each_robots(robots)

    def _put_each_robots(self, robots: Mapping[str, Robots]) -> None:
        for origin, value in robots.items():
            self.db.execute(
                "INSERT INTO robots (origin, text, asked, until) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (origin) DO UPDATE SET text = excluded.text, asked = excluded.asked,"
                " until = excluded.until",
                (origin, value.text, instant(value.asked), instant(value.until)),
            )

    def moved(self, url: str) -> Moved | None:
        """Return where an address leads for good, as last seen. None: it leads nowhere else."""
        rows = self.db.remembered("SELECT target, since FROM moved WHERE url = ?", url)
        if not rows:
            return None
        return Moved(rows[0]["target"], datetime.fromisoformat(rows[0]["since"]))

    def moved_between(self, since: datetime, until: datetime) -> dict[str, Moved]:
        """Return the addresses that were first seen to lead elsewhere between these instants."""
        sql = "SELECT * FROM moved WHERE since >= ? AND since < ? ORDER BY url"
        rows = self.db.rows(sql, instant(since), instant(until))
        return {r["url"]: Moved(r["target"], datetime.fromisoformat(r["since"])) for r in rows}

    def put_moved(self, moved: Mapping[str, Moved | None]) -> None:
        for url, value in moved.items():
            if value is None:
                self.db.execute("DELETE FROM moved WHERE url = ?", (url,))
            else:
                self.db.execute(
                    "INSERT INTO moved (url, target, since) VALUES (?, ?, ?)"
                    " ON CONFLICT (url) DO UPDATE SET target = excluded.target, since = excluded.since",
                    (url, value.to, instant(value.since)),
                )

    def rests(self) -> dict[str, Rest]:
        """Return the hosts that did not serve us the last time."""
        rows = self.db.rows("SELECT * FROM rest")
        rests = {r["host"]: _as_rest(r) for r in rows}
        if not self._read:
            self._read.append(dict(rests))
        return rests

    def put_rests(self, rests: Mapping[str, Rest]) -> None:
        """Keep these rests in place of those that were read. Others that another run keeps stay."""
        [known] = self._read or [{}]
        ended = known.keys() - rests.keys()
        changed = dict(rests.items() - known.items())
        if not ended and not changed:
            return
        with self.db.transaction():
            for host in sorted(ended | changed.keys()):  # in one order, so that no two runs wait for each other
                rest = changed.get(host)
                if rest is None:
                    self.db.execute("DELETE FROM rest WHERE host = ?", (host,))
                    continue
                self.db.execute(
                    "INSERT INTO rest (host, until, why, failures, asked) VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT (host) DO UPDATE SET until = excluded.until, why = excluded.why,"
                    " failures = excluded.failures, asked = excluded.asked",
                    (host, instant(rest.until), rest.why, rest.failures, instant(rest.asked)),
                )
        self._read[:] = [dict(rests)]


@decoding
def _as_robots(r: Row) -> Robots:
    return Robots(
        text=r["text"],
        asked=datetime.fromisoformat(r["asked"]),
        until=datetime.fromisoformat(r["until"]),
    )


@decoding
def _as_rest(r: Row) -> Rest:
    return Rest(
        until=datetime.fromisoformat(r["until"]),
        why=r["why"],
        failures=r["failures"],
        asked=datetime.fromisoformat(r["asked"]),
    )
