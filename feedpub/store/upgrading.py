"""Copy a state before it is migrated, so that the program that wrote it can go on with the copy."""

from __future__ import annotations

import glob
import re
import shutil
import sqlite3
from contextlib import closing, suppress
from filecmp import cmp
from pathlib import Path

from feedpub.errors import Damaged, StoreError
from feedpub.store.placing import names_like, put_in_place
from feedpub.store.verifying import fault_in

KEPT = 2  # copies: from before the last upgrade, and from before the one before it


def keep_as_it_is(db: sqlite3.Connection, state: Path, version: int) -> Path:
    """Copy the state beside itself, whole or not at all, and return the copy's place.

    No copy is ever written over. One with the same bytes is enough: an upgrade that was killed is tried again. Raises
    StoreError; Damaged if the state cannot be read.
    """
    name = f"{state.name}.version-{version}"
    draft = state.with_name(f"{name}.new")
    try:
        _make(draft, db, state)
        place = _place_of(draft, state.with_name(name))
    except (sqlite3.Error, OSError) as error:
        raise StoreError(
            f"{state}: the state cannot be copied before it is upgraded: {error}. It was left as it is; make room on"
            " the disk, and run again"
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    _drop_older(state, place)
    return place


def _make(draft: Path, db: sqlite3.Connection, state: Path) -> None:
    """Copy the state to a draft, with the rights of the state. Raises Damaged if it has a row that cannot be read."""
    draft.unlink(missing_ok=True)
    draft.touch()
    shutil.copymode(state, draft)
    with closing(sqlite3.connect(draft)) as other:
        db.backup(other)
    fault = fault_in(draft)
    if fault:
        raise Damaged(f"{state}: the state is damaged: {fault}")


def _place_of(draft: Path, wanted: Path) -> Path:
    """Put the draft at the first free name, and return its place. A copy with the same bytes takes its place."""
    place = next(name for name in names_like(wanted) if not name.exists() or cmp(draft, name, shallow=False))
    if not place.exists():
        put_in_place(draft, place)
    return place


def kept_copies(state: Path) -> list[Path]:
    """Return the copies that were made before upgrades, the newest first."""
    name = re.compile(rf"{re.escape(state.name)}\.version-\d+(\.\d+)?")
    copies = [path for path in state.parent.glob(f"{glob.escape(state.name)}.version-*") if name.fullmatch(path.name)]
    return sorted(copies, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _drop_older(state: Path, place: Path) -> None:
    """Delete all copies but the one at this place and the newest others. One that cannot be deleted stays."""
    others = [copy for copy in kept_copies(state) if copy != place]
    for copy in others[KEPT - 1 :]:
        with suppress(OSError):
            copy.unlink()
