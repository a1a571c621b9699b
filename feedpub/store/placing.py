"""A file that is there whole or not at all: it is made beside its place, and renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path


def put_in_place(draft: Path, place: Path) -> None:
    """Rename a draft once all of it is on the disk. Its new name is on the disk as well, before this returns."""
    _sync(draft)
    draft.replace(place)
    _sync(place.parent)


def names_like(wanted: Path) -> Iterator[Path]:
    """Yield a name, and then others that are like it: a.db, a.db.1, a.db.2 and so on."""
    yield wanted
    yield from (wanted.with_name(f"{wanted.name}.{n}") for n in count(1))


def free_name(wanted: Path) -> Path:
    """Return the first of these names that no file has."""
    return next(name for name in names_like(wanted) if not name.exists())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
