"""A file that is there whole or not at all: it is made beside its place, and renamed."""

from __future__ import annotations

import os
from pathlib import Path


def put_in_place(draft: Path, place: Path) -> None:
    """Rename a draft once all of it is on the disk. Its new name is on the disk as well, before this returns."""
    _sync(draft)
    draft.replace(place)
    _sync(place.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
