"""What the copies of a state know of its items: for a state that is older than they are."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from feedpub.content import Stored
from feedpub.store import Store, backup
from feedpub.store.ledger import Ledger, Record


def ledgers_in(state: Path, source: str, name_in_ids: str, id_domain: str) -> list[Ledger]:
    """Return one ledger of a source for each copy that can be read. Raises StoreError."""
    ledgers = []
    for copy in backup.copies_of(state):
        if backup.is_whole(copy):
            with closing(Store(copy, is_to_look=True)) as store:
                items = store.of(source).items
                records = tuple(_record(item, items.keys(item.id)) for item in items.every())
            ledgers.append(Ledger(name_in_ids, id_domain, records))
    return ledgers


def _record(item: Stored, aliases: list[str]) -> Record:
    article = item.article
    return Record(
        id=item.id, url=article.url, title=article.title, date=item.date, updated=item.updated, aliases=tuple(aliases),
        is_dated=article.published is not None, gone=item.gone, words=article.text_key,
    )  # fmt: skip
