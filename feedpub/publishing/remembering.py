"""A published folder over time: which items its archive had when it was last written, and has no more."""

from __future__ import annotations

from dataclasses import dataclass

from feedpub.edges import Publish
from feedpub.errors import PublishError
from feedpub.kinds import ATOM, kind_of
from feedpub.model import ARCHIVE
from feedpub.publishing.check import item_ids, tombstone_ids
from feedpub.publishing.marking import read_mark


@dataclass(frozen=True, slots=True)
class Shrunk:
    """An archive that has lost items without a reason."""

    before: int  # items, when it was last written
    now: int
    missing: frozenset[str]  # signs of the items that are gone and that no tombstone names

    def __str__(self) -> str:
        return (
            f"last time {self.before} items, now {self.now}, and no tombstone names {len(self.missing)} of the others;"
            " `feedpub publish` writes them again"
        )


def shrunk(folder: Publish, source: str) -> Shrunk | None:
    """Compare a source's archive with its mark. None: nothing is missing, or nobody knows what was there."""
    mark = read_mark(folder, source)
    if not mark.items:
        return None
    ids: set[str] = set()
    for name in folder.names(f"{source}/{ARCHIVE.rstrip('/')}"):
        kind = kind_of(name)
        if kind:
            ids.update(item_ids(_bytes(folder, name), kind))
    withdrawn = {*mark.withdrawn, *tombstone_ids(_bytes(folder, f"{source}/{ATOM.name}"))}
    missing = mark.missing(ids | withdrawn)
    return Shrunk(len(mark.signs()), len(ids), missing) if missing else None


def _bytes(folder: Publish, name: str) -> bytes:
    """Return a file's bytes; none where it cannot be read, which other checks report."""
    try:
        return folder.read(name) or b""
    except PublishError:
        return b""
