"""Which of a source's items are published together, and which of these collections have to be written again.

Cost grows with what is new: an item that was put, measured or withdrawn makes
those collections stale in which it stands or stood. What all files are made
from besides items (the configuration, the site's icon, the program's version)
makes all of them stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feedpub.collecting import dedupe
from feedpub.model import ARCHIVE, Collection, Source
from feedpub.store import Store

if TYPE_CHECKING:
    from feedpub.content import Stored

OWN = ""  # the name that stands for all of a source's items: its own feed


def place(source: Source, store: Store, setting: str, *, is_anew: bool) -> None:
    """Puts what was touched since the last time, or everything, into its collections, which are stale thereby.

    In one transaction: where a run is killed, the next one finds either the one or the other to be done.
    """
    touched = store.touched(source.id)
    is_anew = is_anew or store.setting(source.id) != setting
    if not is_anew and not touched:
        return
    from feedpub.publishing.feed import choice

    zone = ZoneInfo(source.timezone)
    with store.transaction():
        topics = [choice.prepared(t, partial(_forms, source.language, store)) for t in source.topics]

        def names(stored: Stored) -> Mapping[str, str]:
            return choice.titles_by_collection(stored, zone, topics)

        known = {c.name: c for c in store.collections(source.id)}
        if is_anew:
            store.forget_places(source.id)
            store.put_stale(source.id, (OWN, *known))
        for stored in store.living(source.id) if is_anew else [s for i in touched if (s := store.item(i))]:
            is_living = stored.gone is None and stored.is_read
            store.place(source.id, stored.id, stored.date, names(stored) if is_living else {})
        for name in store.stale(source.id):
            if "/" in name:
                # The title as it was first: one item with another spelling of its category renames no feed.
                oldest = store.oldest_member(source.id, name)
                title = names(oldest)[name] if oldest else name
                store.put_collection(source.id, Collection(name, title, store.size(source.id, name)))
        before, after = _neighbours(known.values()), _neighbours(store.collections(source.id))
        store.put_stale(source.id, [month for month, beside in after.items() if before.get(month) != beside])
        store.put_setting(source.id, setting)


def months(collections: Iterable[Collection]) -> list[Collection]:
    """Those of months, the oldest first."""
    return sorted((c for c in collections if c.name.startswith(ARCHIVE)), key=lambda c: c.name)


def setting(source: Source, store: Store, *others: object) -> str:
    """A fingerprint of what a source's files are made from besides its items."""
    return hashed(source, store.site(source.id), *others)


def hashed(*values: object) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def _neighbours(collections: Iterable[Collection]) -> dict[str, tuple[str | None, str | None]]:
    """Of each month the one before it and the one after it, to which its documents lead."""
    names = [c.name for c in months(collections)]
    return dict(zip(names, zip([None, *names], [*names[1:], None], strict=False), strict=False))


def _forms(language: str, store: Store, word: str) -> frozenset[str]:
    """The forms of a word. The dictionary is large, and is asked once for each."""
    known = store.forms(language, word)
    if known is None:
        known = dedupe.forms(word, language)
        store.put_forms(language, word, known)
    return known
