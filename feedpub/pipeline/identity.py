"""The domain of a source's ids, from its first day on."""

from __future__ import annotations

from feedpub import dedupe
from feedpub.model import Source
from feedpub.store import Store


def authority(source: Source, store: Store) -> str:
    """The domain of the source's ids: the one they began with."""
    known = store.authority(source.id)
    if known is None:
        known = dedupe.authority(source)
        store.put_authority(source.id, known)
    return known
