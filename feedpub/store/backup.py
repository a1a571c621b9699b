"""Copy the state beside itself, and restore it when it cannot be read any more."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedpub.errors import Damaged, StoreError
from feedpub.store.database import read_only_address

SMALL = 16_000_000  # bytes: a state of this size is copied in some 50 ms, so after every change worth it
COPIED = timedelta(days=1)  # between two copies of a larger one


def copy_of(state: Path) -> Path:
    return state.with_name(f"{state.name}.bak")


def is_due(state: Path, now: datetime) -> bool:
    """Whether the state is to be copied again, given that something in it has changed."""
    try:
        last = copy_of(state).stat().st_mtime
    except OSError:
        return True
    age = now - datetime.fromtimestamp(last, UTC)
    is_recent = timedelta(0) <= age < COPIED  # one of the future comes from a wrong clock
    return not is_recent or state.stat().st_size <= SMALL


def draft_of(state: Path) -> Path:
    """Return where a copy is made. The file is left there if a run was killed meanwhile."""
    return state.with_name(f"{copy_of(state).name}.new")


def mark(db: sqlite3.Connection) -> tuple[int, int]:
    """Return two numbers that grow with a state: the changes of its items, and the number of their addresses."""
    [row] = db.execute("SELECT (SELECT coalesce(sum(revision), 0) FROM source), (SELECT count(*) FROM address)")
    return int(row[0]), int(row[1])


def is_behind(db: sqlite3.Connection, state: Path) -> bool:
    """Whether the copy is older than the state: a run was killed before it made one."""
    try:
        with closing(_connected_to_read(copy_of(state))) as other:
            return mark(other) != mark(db)
    except sqlite3.Error:
        return True


def copy_state(db: sqlite3.Connection, state: Path) -> None:
    """Copy the state, whole or not at all. Raises StoreError."""
    place, draft = copy_of(state), draft_of(state)
    try:
        draft.unlink(missing_ok=True)
        with closing(sqlite3.connect(draft)) as other:
            db.backup(other)
        if not is_whole(draft):  # the draft is as damaged as the state, so the good copy stays
            raise Damaged(f"{state}: the state is damaged, as SQLite's check of the whole file shows")
        _put_in_place(draft, place)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{place}: the state cannot be copied: {error}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def restore(state: Path, now: datetime) -> str:
    """Set a state that cannot be read aside, and replace it by its copy. Return the steps in words.

    Nothing is thrown away: the damaged file stays, under another name. Raises StoreError.
    """
    place = copy_of(state)
    steps = []
    try:
        aside = _set_aside(state, now)
        if aside:
            steps.append(f"it is kept as {aside.name}")
        if place.exists() and is_whole(place):
            made = datetime.fromtimestamp(place.stat().st_mtime, UTC)
            _restore_from(place, state)
            steps.append(f"its copy of {made:%Y-%m-%d %H:%M} UTC takes its place")
        else:
            steps.append("there is no copy of it that can be read: the items are taken from the published feeds")
    except OSError as error:
        raise StoreError(f"{state}: its copy cannot take its place: {error.strerror or error}") from error
    return "; ".join(steps)


def _set_aside(state: Path, now: datetime) -> Path | None:
    """Rename the state and its journals, which SQLite would play into the copy. Return the state's new name, if any."""
    suffix = f".damaged-{now:%Y%m%dT%H%M%SZ}"
    aside: Path | None = None
    if state.exists():
        aside = state.replace(state.with_name(f"{state.name}{suffix}"))
    for kind in ("journal", "wal"):
        journal = state.with_name(f"{state.name}-{kind}")
        if journal.exists():
            journal.replace(journal.with_name(f"{journal.name}{suffix}"))
    return aside


def _restore_from(copy: Path, state: Path) -> None:
    """Put the copy in the place of the state, and note in it that it was restored."""
    draft = state.with_name(f"{state.name}.new")
    draft.write_bytes(copy.read_bytes())
    with suppress(sqlite3.Error), closing(sqlite3.connect(draft)) as db, db:  # an older version lacks the column
        db.execute("UPDATE source SET restored = 'yes'")
    _put_in_place(draft, state)


def _put_in_place(draft: Path, place: Path) -> None:
    """Rename a draft once all of it is on the disk."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(place)


def is_whole(path: Path) -> bool:
    """Whether SQLite finds nothing wrong with a file."""
    try:
        with closing(_connected_to_read(path)) as db:
            return [row[0] for row in db.execute("PRAGMA quick_check")] == ["ok"]
    except sqlite3.Error:
        return False


def _connected_to_read(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(read_only_address(path), uri=True)
