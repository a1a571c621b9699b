"""Which of a source's items are published together, and which of these collections have to be written again.

Cost grows with what is new: an item that was put, measured or withdrawn makes
those collections stale in which it stands or stood. What all files are made
from besides items (the configuration, the site's icon, the program's version)
makes all of them stale.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from feedpub import dictionary
from feedpub.content import Stored
from feedpub.council import Council
from feedpub.model import ARCHIVE, ITEM, OWN, Collection
from feedpub.store import Store

if TYPE_CHECKING:
    from feedpub.publishing.feed.choice import PreparedTopic


def place_items(council: Council, setting: str, *, is_anew: bool) -> None:
    """Put what was touched since the last time, or everything, into its collections, which become stale thereby.

    In one transaction: where a run is killed, the next one finds either all of it done or nothing.
    """
    touched = council.state.collections.touched()
    is_all = is_anew or council.facts.setting != setting
    if not is_all and not touched:
        return
    with council.state.transaction():
        topics = _topics(council)
        before = council.state.collections.named()
        if is_all:
            council.state.collections.forget_places()
            every = (ITEM + item for item in council.state.items.ids())  # withdrawn ones too: their pages say so
            council.state.collections.put_stale((OWN, *(c.name for c in before), *every))
        for stored in council.state.items.living() if is_all else _items(council, touched):
            names = _names(council, stored, topics) if stored.gone is None and stored.is_read else {}
            council.state.collections.place(stored.id, stored.date, names)
        _count_members(council, topics)
        _renew_neighbours(council, before)
        council.state.put_facts(replace(council.facts, setting=setting))


def _topics(council: Council) -> Sequence[PreparedTopic]:
    from feedpub.publishing.feed import choice

    forms = partial(_forms, council.source.language, council.state.store)
    return [choice.prepared(topic, forms) for topic in council.source.topics]


def _names(council: Council, stored: Stored, topics: Sequence[PreparedTopic]) -> Mapping[str, str]:
    """Return the collections in which an item stands, each with its title."""
    from feedpub.publishing.feed import choice

    return choice.titles_by_collection(stored, council.zone, topics)


def _items(council: Council, ids: Iterable[str]) -> Iterator[Stored]:
    return (item for item in map(council.state.items.get, ids) if item)


def _count_members(council: Council, topics: Sequence[PreparedTopic]) -> None:
    """Write down size and title of the stale collections.

    A title stays as it was first: one item with another spelling of its category renames no feed.
    """
    collections = council.state.collections
    for name in collections.stale():
        if "/" in name:
            oldest = collections.oldest_member(name)
            title = _names(council, oldest, topics)[name] if oldest else name
            collections.put_collection(Collection(name, title, collections.size(name)))


def _renew_neighbours(council: Council, before: Iterable[Collection]) -> None:
    """Make those months stale that have another month before or after them now."""
    collections = council.state.collections
    earlier, now = _neighbours(before), _neighbours(collections.named())
    collections.put_stale([month for month, beside in now.items() if earlier.get(month) != beside])


def months(collections: Iterable[Collection]) -> list[Collection]:
    """Return those of months, oldest first."""
    return sorted((c for c in collections if c.name.startswith(ARCHIVE)), key=lambda c: c.name)


def hashed(*values: object) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def _neighbours(collections: Iterable[Collection]) -> dict[str, tuple[str | None, str | None]]:
    """Return, for each month, the one before it and the one after it, to which its documents lead."""
    names = [c.name for c in months(collections)]
    return dict(zip(names, zip([None, *names], [*names[1:], None], strict=False), strict=False))


def _forms(language: str, store: Store, word: str) -> frozenset[str]:
    """Return the forms of a word. The dictionary is large, and is asked once for each."""
    if not dictionary.is_available(language):  # it may be later on
        return frozenset({word})
    known = store.words.forms(language, word)
    if known is None:
        known = dictionary.forms(word, language)
        store.words.put_forms(language, word, known)
    return known
