"""A state of each earlier version of the tables, with the feeds that were published from it: ``tests/states``.

Version 10 is that of release 0.2.0. No release had those before it. Each of them is from the last commit with that
version on the main branch. All were made by `feedpub demo` there, and from version 3 on by `feedpub withdraw` after it.
Twins, copies and locks are left out.
"""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

COMMITS = {
    1: "e657af2", 2: "7ec9d0e", 3: "87b9008", 4: "badfd97", 5: "27d904c", 6: "c112ac9", 7: "636793d", 8: "b7dd2e2",
    9: "47e3eca", 10: "v0.2.0",
}  # fmt: skip
FOLDER = Path(__file__).parent / "states"
LARGEST = 100_000  # bytes of one of them
HOME = "http://127.0.0.1:8180"  # where the demo's site was
WITHDRAWN = "tag:127.0.0.1,2026:zrazkiv/node/291"  # from version 3 on


def archive_of(version: int) -> Path:
    return FOLDER / f"version-{version}.tar.xz"


def unpack(version: int, folder: Path) -> Path:
    """Put config.toml, feedpub.db and public/ into a folder. Return the place of the state."""
    with tarfile.open(archive_of(version)) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # Python has it from 3.11.4 on
        archive.extractall(folder)
    return folder / "feedpub.db"


def content_of(state: Path) -> list[str]:
    """Return all that a state has, as SQL."""
    with closing(sqlite3.connect(state)) as db:
        [version] = db.execute("PRAGMA user_version").fetchone()
        return [f"PRAGMA user_version = {version}", *db.iterdump()]
