"""Copy the state beside itself, and restore it when it cannot be read any more.

Two generations are kept: the last copy, and one that is older by a day or more. No copy takes the place of another
before every row of it was read and has proven itself.
"""

from __future__ import annotations

import glob
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from feedpub.errors import Damaged, StoreError
from feedpub.store import verifying
from feedpub.store.placing import free_name, put_in_place
from feedpub.store.sqlite import connected_to_read

SMALL = 16_000_000  # bytes: a state of this size is copied in some 50 ms, so after every change worth it
LARGEST = 10**12  # revision: a greater one is damage
COPIED = timedelta(days=1)  # between two copies of a larger one, and between two generations
REVISIONS = "SELECT id, revision FROM source"
# Two numbers that grow with a state: the changes of its items, and the number of their addresses.
MARK = "SELECT (SELECT coalesce(sum(revision), 0) FROM source), (SELECT count(*) FROM address)"


def copy_of(state: Path) -> Path:
    return state.with_name(f"{state.name}.bak")


def older_copy_of(state: Path) -> Path:
    return state.with_name(f"{state.name}.bak.1")


def copies_of(state: Path) -> tuple[Path, Path]:
    """Return the places of both copies, the newer first."""
    return copy_of(state), older_copy_of(state)


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


def revisions_in_copies(state: Path) -> dict[str, int]:
    """Return the greatest revision of each source in the copies. A copy that cannot be read has none."""
    revisions: dict[str, int] = {}
    for copy in copies_of(state):
        with suppress(sqlite3.Error, OSError):
            for source, revision in _rows_of(copy, REVISIONS):
                if revision <= LARGEST:
                    revisions[source] = max(revision, revisions.get(source, 0))
    return revisions


def is_behind(db: sqlite3.Connection, state: Path) -> bool:
    """Whether the copy is older than the state: a run was killed before it made one."""
    try:
        return _rows_of(copy_of(state), MARK) != [tuple(row) for row in db.execute(MARK)]
    except (sqlite3.Error, OSError):
        return True


def _rows_of(copy: Path, sql: str) -> list[tuple[Any, ...]]:
    """Return what a copy answers. Raises sqlite3.Error or OSError if it cannot be read."""
    status = copy.stat()
    return _read(copy, (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns), sql)


@lru_cache(maxsize=16)
def _read(copy: Path, _stamp: tuple[int, ...], sql: str) -> list[tuple[Any, ...]]:
    """A copy never changes, another takes its place: one with the same stamp is not opened again."""
    with closing(connected_to_read(copy)) as db:
        return list(db.execute(sql))


def copy_state(db: sqlite3.Connection, state: Path, now: datetime, *, is_only: bool = False) -> None:
    """Copy the state, whole or not at all. Raises StoreError; Damaged if a row of it does not prove itself.

    ``is_only``: no older copy may be left, for something of it must not be kept.
    """
    place, draft = copy_of(state), draft_of(state)
    try:
        draft.unlink(missing_ok=True)
        with closing(sqlite3.connect(draft)) as other:
            db.backup(other)
        fault = verifying.fault_in(draft)
        if fault:  # the draft is as damaged as the state, so the good copy stays
            raise Damaged(f"{state}: the state is damaged: {fault}")
        if not is_only:
            _keep_older(state, now)
        put_in_place(draft, place)
        if is_only:
            older_copy_of(state).unlink(missing_ok=True)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{place}: the state cannot be copied: {error}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _keep_older(state: Path, now: datetime) -> None:
    """Keep the last copy as the older one, if the older one is older by a day, or is not there."""
    last, older = copies_of(state)
    is_due = last.exists() and (not older.exists() or abs(now - _made(older)) >= COPIED)
    if is_due and is_whole(last):
        last.replace(older)


def _made(copy: Path) -> datetime:
    return datetime.fromtimestamp(copy.stat().st_mtime, UTC)


def restore(state: Path, now: datetime) -> str:
    """Set a state that cannot be read aside, and replace it by its copy. Return the steps in words.

    Nothing is thrown away: the damaged file stays, under another name. Raises StoreError.
    """
    steps = []
    try:
        aside = set_aside(state, now, "damaged")
        if aside:
            steps.append(f"it is kept as {aside.name}")
        place = next((copy for copy in copies_of(state) if is_whole(copy)), None)
        if place:
            _restore_from(place, state)
            steps.append(f"its copy of {_made(place):%Y-%m-%d %H:%M} UTC takes its place")
        else:
            steps.append("there is no copy of it that can be read: the items are taken from the published feeds")
    except OSError as error:
        raise StoreError(f"{state}: its copy cannot take its place: {error.strerror or error}") from error
    return "; ".join(steps)


def left_aside(state: Path) -> list[Path]:
    """Return the files beside the state that are neither it, nor its copies, nor its lock: set aside, or older."""
    own = {state, *copies_of(state), state.with_name(f"{state.name}.lock")}
    return sorted(path for path in state.parent.glob(f"{glob.escape(state.name)}*") if path not in own)


def set_aside(state: Path, now: datetime, why: str) -> Path | None:
    """Rename the state and its journals, which SQLite would play into the copy. Return the state's new name, if any.

    ``why`` is in the new name. A file that has it already is not written over.
    """
    suffix = f".{why}-{now:%Y%m%dT%H%M%SZ}"
    aside: Path | None = None
    if state.exists():
        aside = state.replace(free_name(state.with_name(f"{state.name}{suffix}")))
    for kind in ("journal", "wal"):
        journal = state.with_name(f"{state.name}-{kind}")
        if journal.exists():
            journal.replace(free_name(journal.with_name(f"{journal.name}{suffix}")))
    return aside


def _restore_from(copy: Path, state: Path) -> None:
    """Put the copy in the place of the state, and note in it that it was restored."""
    draft = state.with_name(f"{state.name}.new")
    draft.write_bytes(copy.read_bytes())
    mark_restored(draft)
    put_in_place(draft, state)


def mark_restored(state: Path) -> None:
    """Note in a state that it was put back, so that the next run looks for what is published beyond it."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(state)) as db, db:  # an older version lacks the column
        db.execute("UPDATE source SET restored = 'yes'")


def is_whole(path: Path) -> bool:
    """Whether there is a file, and every row of it can be read and proves itself."""
    return path.exists() and verifying.fault_in(path) is None
