"""What the copies of a state know of its items: for a state that is older than they are."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from feedpub.store import Store, backup
from feedpub.store.ledger import Ledger, Record


def ledgers_in(state: Path, source: str, name_in_ids: str, id_domain: str) -> list[Ledger]:
    """Return one ledger of a source for each copy that can be read, the newest last. Raises StoreError."""
    ledgers = []
    for copy in reversed(backup.copies_of(state)):
        if backup.is_whole(copy):
            with closing(Store(copy, is_to_look=True)) as store:
                items = store.of(source).items
                records = tuple(Record.of(item, items.keys(item.id)) for item in items.every())
            ledgers.append(Ledger(name_in_ids, id_domain, records))
    return ledgers
