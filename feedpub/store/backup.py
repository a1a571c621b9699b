"""A copy of the state beside it, for the day on which the state itself cannot be read any more."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedpub.errors import Damaged, StoreError

SMALL = 16_000_000  # bytes: a state that is copied whenever something in it is worth it, in some 50 ms
COPIED = timedelta(days=1)  # so often a larger one


def copy_of(state: Path) -> Path:
    return state.with_name(f"{state.name}.bak")


def is_due(state: Path, now: datetime) -> bool:
    """Whether the state is to be copied again, given that something in it has changed."""
    try:
        last = copy_of(state).stat().st_mtime
    except OSError:
        return True
    age = now - datetime.fromtimestamp(last, UTC)
    return state.stat().st_size <= SMALL or not timedelta(0) <= age < COPIED


def draft_of(state: Path) -> Path:
    """Where a copy is made; it is there where a run was killed meanwhile."""
    return state.with_name(f"{copy_of(state).name}.new")


def mark(db: sqlite3.Connection) -> tuple[int, int]:
    """What differs between a state and an older copy of it: the changes of its items, the number of their addresses."""
    [row] = db.execute("SELECT (SELECT coalesce(sum(revision), 0) FROM source), (SELECT count(*) FROM address)")
    return int(row[0]), int(row[1])


def is_behind(db: sqlite3.Connection, state: Path) -> bool:
    """Whether the copy lacks something of the state: a run was killed before it made one."""
    try:
        with closing(sqlite3.connect(f"{copy_of(state).absolute().as_uri()}?mode=ro", uri=True)) as other:
            return mark(other) != mark(db)
    except sqlite3.Error:
        return True


def copy_state(db: sqlite3.Connection, state: Path) -> None:
    """Copies the state, whole or not at all. Raises StoreError."""
    place, draft = copy_of(state), draft_of(state)
    try:
        draft.unlink(missing_ok=True)
        with closing(sqlite3.connect(draft)) as other:
            db.backup(other)
        if not is_whole(draft):  # as the state is: the good copy stays
            raise Damaged(f"{state}: the state is damaged, as a look at all of it tells")
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(place)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{place}: the state cannot be copied: {error}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def restore(state: Path, now: datetime) -> str:
    """Sets a state that cannot be read aside and puts its copy in its place. What was done, in words.

    Nothing is thrown away: the damaged file stays, under another name. Raises StoreError.
    """
    place = copy_of(state)
    done = []
    try:
        for path in (state, state.with_name(f"{state.name}-journal"), state.with_name(f"{state.name}-wal")):
            if path.exists():  # a journal, too: it would be rolled back into the copy
                aside = path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%SZ}")
                path.replace(aside)
                if path == state:
                    done.append(f"it is kept as {aside.name}")
        if place.exists() and is_whole(place):
            made = datetime.fromtimestamp(place.stat().st_mtime, UTC)
            draft = state.with_name(f"{state.name}.new")
            draft.write_bytes(place.read_bytes())
            with (
                suppress(sqlite3.Error),
                closing(sqlite3.connect(draft)) as db,
                db,
            ):  # one of an older version cannot say
                db.execute("UPDATE source SET restored = 'yes'")
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            draft.replace(state)
            done.append(f"its copy of {made:%Y-%m-%d %H:%M} UTC takes its place")
        else:
            done.append("there is no copy of it that can be read: what the published feeds tell is taken over")
    except OSError as error:
        raise StoreError(f"{state}: its copy cannot take its place: {error.strerror or error}") from error
    return "; ".join(done)


def is_whole(path: Path) -> bool:
    """Whether SQLite finds nothing wrong with a file."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            return [row[0] for row in db.execute("PRAGMA quick_check")] == ["ok"]
    except sqlite3.Error:
        return False
