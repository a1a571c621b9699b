"""A state that was lost: its items keep the ids that the published feeds have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from feedpub.cli.session import Session
from feedpub.config import Config
from feedpub.council import Council
from feedpub.errors import LedgerError
from feedpub.kinds import ATOM, JSON_FEED
from feedpub.model import ARCHIVE, Source
from feedpub.publishing.folder import Folder

if TYPE_CHECKING:
    from feedpub.store.ledger import Ledger

ARCHIVES = re.compile(rf"[^/]+/{ARCHIVE}[^/]+/{re.escape(ATOM.name)}")


def recover_lost(session: Session, council: Council) -> bool:
    """Take over what the published feeds know, where a state is empty or a copy of a lost one.

    Where it is a copy, the feeds may be newer: what they know besides is taken
    over, their tombstones above all. Return whether the source may be looked
    at: where the feeds cannot be read, new ones of a first page alone must not
    take their place.
    """
    facts = council.facts
    is_known = facts.revision > 0
    if is_known and not facts.is_restored:
        return True
    try:
        ledgers = published_ledgers(council.source, session.settings)
    except LedgerError as error:
        if is_known:  # they are written again
            return True
        session.speech.error(
            f"{council.id}: the state is empty, and the published feeds cannot be read; they stay as they are until"
            f" somebody mends or removes them: {error}"
        )
        return False
    if ledgers:
        _take_over(session, council, ledgers, is_known=is_known)
    if is_known:
        council.state.put_facts(replace(council.facts, is_restored=False))
    return True


def _take_over(session: Session, council: Council, ledgers: list[Ledger], *, is_known: bool) -> None:
    from feedpub.collecting.recovery import recover  # hardly any run needs it

    taken = recover(council, ledgers, session.now)
    if taken:
        lost = "older than the published feeds" if is_known else "empty and feeds are published"
        session.speech.error(f"{council.id}: the state is {lost}: {taken} items keep their ids and are read again")


def published_ledgers(source: Source, settings: Config) -> list[Ledger]:
    """Return what the source's published feeds say of its items. Raises LedgerError where all of them are broken."""
    ledgers: list[Ledger] = []
    broken: LedgerError | None = None
    for name, document in _published_documents(source, settings):
        from feedpub.store import ledger  # hardly any run needs it

        try:
            ledgers.append(ledger.read_ledger(document, str(settings.publish.to / name)))
        except LedgerError as error:
            broken = error
    if broken and not ledgers:
        raise broken
    return ledgers


def _published_documents(source: Source, settings: Config) -> Iterator[tuple[str, bytes]]:
    """Yield the feeds and archives that are there, by name; only Atom has tombstones."""
    folder = Folder(settings.publish.to)
    archives = [name for name in folder.names(source.id) if ARCHIVES.fullmatch(name)]
    for name in (f"{source.id}/{ATOM.name}", f"{source.id}/{JSON_FEED.name}", *archives):
        document = folder.read(name)
        if document is not None:
            yield name, document
