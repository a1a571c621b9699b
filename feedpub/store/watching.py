"""Tables ``watch``, ``message``, ``look``: how each source was, what its operator was told, and its days in numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from feedpub.conditions import Day, Message, State, Told, Watched
from feedpub.store.database import Database, Row
from feedpub.store.proof import decoding
from feedpub.store.rows import as_json, instant, parsed

MESSAGES_KEPT = 50  # of each source
DAYS_KEPT = 400


@dataclass(frozen=True, slots=True)
class Watching:
    """How all sources were after their last runs."""

    db: Database

    def get(self, source: str) -> Watched | None:
        """Return how a source was. None: it was always well."""
        rows = self.db.remembered("SELECT * FROM watch WHERE source = ?", source)
        return _as_watched(rows[0]) if rows else None

    def all(self) -> dict[str, Watched]:
        """Return how each source was, by id. Those that were always well are not there."""
        return {r["source"]: _as_watched(r) for r in self.db.rows("SELECT * FROM watch ORDER BY source")}

    def put(self, source: str, watched: Watched) -> None:
        told = {state: [instant(one.last), one.times, one.cause] for state, one in watched.told.items()}
        self.db.execute(
            "INSERT INTO watch (source, state, since, why, way_out, ailing, well, open, told)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source) DO UPDATE SET state = excluded.state,"
            " since = excluded.since, why = excluded.why, way_out = excluded.way_out, ailing = excluded.ailing,"
            " well = excluded.well, open = excluded.open, told = excluded.told",
            (
                source, watched.state, instant(watched.since), watched.why, watched.way_out,
                instant(watched.ailing_since), instant(watched.well_since), "yes" if watched.is_open else None,
                as_json(told),
            ),
        )  # fmt: skip

    def forget(self, source: str) -> None:
        for table in ("watch", "message", "look"):
            self.db.execute(f"DELETE FROM {table} WHERE source = ?", (source,))

    # -------------------------------------------------------- what was said

    def messages(self, limit: int) -> list[Message]:
        """Return what the operator was told last, newest first."""
        rows = self.db.rows("SELECT * FROM message ORDER BY at DESC, source, state LIMIT ?", limit)
        return [_as_message(r) for r in rows]

    def add_message(self, one: Message) -> None:
        """Remember a message, and forget all but the last ones of its source."""
        self.db.execute(
            "INSERT INTO message (source, at, state, words) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (source, at, state) DO UPDATE SET words = excluded.words",
            (one.source, instant(one.at), one.state, one.words),
        )
        self.db.execute(
            "DELETE FROM message WHERE source = ? AND at < (SELECT min(at) FROM (SELECT at FROM message"
            " WHERE source = ? ORDER BY at DESC LIMIT ?) AS last)",
            (one.source, one.source, MESSAGES_KEPT),
        )

    # -------------------------------------------------------- days in numbers

    def days(self, source: str) -> list[Day]:
        """Return a source's last days, the oldest first. Days without a look or a failure are not there."""
        sql = "SELECT day, looks, failures FROM look WHERE source = ? ORDER BY day"
        return [Day(*row) for row in self.db.rows(sql, source)]

    def add_look(self, source: str, now: datetime, *, is_well: bool) -> None:
        """Count an hour in which the listing was read, or a run that failed."""
        self.db.execute(
            "INSERT INTO look (source, day, looks, failures) VALUES (?, ?, ?, ?) ON CONFLICT (source, day)"
            " DO UPDATE SET looks = look.looks + excluded.looks, failures = look.failures + excluded.failures",
            (source, f"{now:%Y-%m-%d}", int(is_well), int(not is_well)),
        )
        self.db.execute(
            "DELETE FROM look WHERE source = ? AND day < (SELECT min(day) FROM (SELECT day FROM look"
            " WHERE source = ? ORDER BY day DESC LIMIT ?) AS last)",
            (source, source, DAYS_KEPT),
        )


@decoding
def _as_watched(r: Row) -> Watched:
    told = {
        State(state): Told(datetime.fromisoformat(last), times, cause)
        for state, (last, times, cause) in json.loads(r["told"]).items()
    }
    return Watched(
        State(r["state"]), datetime.fromisoformat(r["since"]), r["why"], r["way_out"], parsed(r["ailing"]),
        parsed(r["well"]), r["open"] is not None, told,
    )  # fmt: skip


@decoding
def _as_message(r: Row) -> Message:
    return Message(r["source"], datetime.fromisoformat(r["at"]), State(r["state"]), r["words"])
