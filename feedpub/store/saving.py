"""Write the whole state into one file for safekeeping, and put such a file in the place of the state."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from feedpub.errors import Damaged, StoreError
from feedpub.postgres_url import Place, PostgresUrl
from feedpub.store.backup import mark_restored, set_aside
from feedpub.store.placing import put_in_place
from feedpub.store.sqlite import PATIENCE, SqliteFile, connected_to_read, is_of_a_broken_file, version_of
from feedpub.store.verifying import fault_in

NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def save(place: Place, file: Path) -> None:
    """Write the whole state to a new file of SQLite, as it was at one moment. A run may be under way.

    Only its owner can read the file. Raises StoreError, and then there is no such file; Damaged if the state has a row
    that cannot be read.
    """
    if os.path.lexists(file):
        raise StoreError(f"{file}: is there already, and is never written over; name another file")
    if not file.parent.is_dir():
        raise StoreError(f"{file}: the backup cannot be written: there is no folder {file.parent}")
    with _draft_of(file, f"{file}: the backup cannot be written") as draft:
        if isinstance(place, PostgresUrl):
            from feedpub.store.transfer import dump  # most states are files

            dump(place, draft)
        else:
            _copy_state(place, draft)
        put_in_place(draft, file)


def _copy_state(state: Path, draft: Path) -> None:
    if not state.exists() or state.stat().st_size == 0:
        raise StoreError(f"{state}: there is no state")
    try:
        # Opened to write, for SQLite first undoes what a killed run has left half written.
        with closing(sqlite3.connect(f"{state.absolute().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)) as db:
            _look(db)  # it has the patience that copying would not have: that waits for ever
            _copy(db, draft)
        fault = fault_in(draft)
    except sqlite3.Error as error:
        if not is_of_a_broken_file(error):
            raise
        fault = str(error)
    if fault:
        raise Damaged(f"{state}: the state is damaged: {fault}; no backup was written")


def put_back(file: Path, state: Path, now: datetime) -> Path | None:
    """Put a file in the place of the state. Return where the old state is kept; None: there was none.

    The next run brings the state up to what is published. Nobody may work on it meanwhile. Raises StoreError, and then
    nothing was changed.
    """
    if not file.is_file():
        raise StoreError(f"{file}: there is no such file")
    with _draft_of(state, f"{file}: cannot be put in the place of the state") as draft:
        with closing(connected_to_read(file)) as db:
            _copy(db, draft)
        _require_state(draft, file)
        mark_restored(draft)
        _give_rights(state, draft)
        _finish_writing(state)
        aside = set_aside(state, now, "replaced")
        put_in_place(draft, state)
    return aside


def _require_state(draft: Path, file: Path) -> None:
    """Raise StoreError if the copy of a file is no whole state that this program can go on with."""
    fault = fault_in(draft)
    if fault:
        raise StoreError(f"{file}: is no whole state: {fault}; nothing was changed")
    with closing(connected_to_read(draft)) as db:
        if version_of(db) == 0:
            raise StoreError(f"{file}: is no state of feedpub; nothing was changed")
    SqliteFile(file, is_to_look=True).close()  # it knows newer ones, and those of other programs


def _give_rights(state: Path, draft: Path) -> None:
    """Give the draft the owner and the rights of the state, or the owner of its folder.

    So root can put back what a service goes on with.
    """
    is_there = state.exists()
    model = (state if is_there else state.parent).stat()
    with suppress(PermissionError):
        os.chown(draft, model.st_uid, model.st_gid)
    if is_there:
        draft.chmod(model.st_mode & 0o777)


def _finish_writing(state: Path) -> None:
    """Let SQLite undo what a killed run has left half written. A state that it cannot read stays as it is."""
    if state.exists():
        with suppress(sqlite3.Error), closing(sqlite3.connect(state)) as db:
            _look(db)


def _look(db: sqlite3.Connection) -> None:
    db.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _copy(db: sqlite3.Connection, draft: Path) -> None:
    with closing(sqlite3.connect(draft)) as other:
        db.backup(other)


@contextmanager
def _draft_of(file: Path, failure: str) -> Iterator[Path]:
    """Yield an empty draft beside a file, for its owner alone. It is deleted, unless it was put in place.

    Errors of SQLite and of the disk become StoreErrors that begin with the failure.
    """
    draft = file.with_name(f"{file.name}.new")
    try:
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, NEW, 0o600))
        yield draft
    except (sqlite3.Error, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise StoreError(f"{failure}: {reason or error}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
