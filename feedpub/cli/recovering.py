"""Recover a lost state: its items keep the ids that the published feeds have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from feedpub.cli.session import Session
from feedpub.council import Council
from feedpub.edges import Publish
from feedpub.errors import LedgerError
from feedpub.kinds import ATOM, JSON_FEED, RSS
from feedpub.model import ARCHIVE, Source
from feedpub.publishing.marking import Mark, read_mark

if TYPE_CHECKING:
    from feedpub.store.ledger import Ledger

ARCHIVES = re.compile(rf"[^/]+/{ARCHIVE}[^/]+/{re.escape(ATOM.name)}")


SAID = ""  # an obstacle that was said already


def recover_lost(session: Session, council: Council) -> str | None:
    """Take over the items of the published feeds, if the state is empty.

    Return why the source may not be fetched; None: it may. If the feeds cannot be read, it may not: feeds of a first
    page alone would replace them. A state that is not empty and older than the feeds was brought up already: see
    ``reconciling``.
    """
    if council.facts.is_restored:  # it could not be brought up
        return SAID
    if council.facts.revision > 0:
        return None
    now_called = session.store.renamed().get(council.id)
    if now_called:
        return has_moved(council.id, now_called)
    try:
        ledgers = published_ledgers(council.source, session.place)
    except LedgerError as error:
        return (
            f"{council.id}: the state is empty, and the published feeds cannot be read; they stay as they are until"
            f" somebody mends or removes them: {error}"
        )
    first = _first_name(council, ledgers)
    if first in session.store.revisions():
        return (
            f"{council.id}: is still {first} in this state, which is older than what is published;"
            f" {take_back(first)}, then `feedpub move {first} {council.id}` moves it again"
        )
    if ledgers:
        take_name(council, ledgers)
        _take_over(session, council, ledgers)
    return None


def take_back(first: str) -> str:
    """Return what brings a state up that is from before a move."""
    return f'write id = "{first}" in the configuration and let `feedpub run` read what is missing'


def has_moved(old: str, new: str) -> str:
    return f'{old}: is {new} since `feedpub move`; in the configuration, write id = "{new}" in place of id = "{old}"'


def take_name(council: Council, published: list[Ledger]) -> None:
    """Take over the name that the ids have in a source's own feeds, if the state is empty: it had another id then."""
    first = _first_name(council, published)
    if first and council.facts.revision == 0:
        council.state.put_facts(replace(council.facts, former_ids=(first,)))


def _first_name(council: Council, published: list[Ledger]) -> str | None:
    """Return the name in the ids of a source's own feeds. None: it is the id that it has."""
    return next((ledger.source for ledger in published if ledger.source != council.name_in_ids), None)


def is_incomplete(session: Session, council: Council) -> bool:
    """Whether the published feeds have items that the state does not have, or not whole."""
    facts, place = council.facts, session.place
    if facts.revision == 0:
        return place.read(f"{council.id}/{RSS.name}") is not None
    is_behind = read_mark(place, council.id).revision > facts.revision
    return is_behind or facts.is_restored or council.is_recovering


def _take_over(session: Session, council: Council, ledgers: list[Ledger]) -> None:
    from feedpub.collecting.recovery import recover  # hardly any run needs it

    mark = read_mark(session.place, council.id)
    taken = recover(council, by_mark(council, ledgers, mark), session.now)
    council.state.outgrow(mark.revision)
    if taken:
        session.speech.error(
            f"{council.id}: the state is empty and feeds are published: {taken} items keep their ids and are read again"
        )


def by_mark(council: Council, ledgers: list[Ledger], mark: Mark) -> list[Ledger]:
    """Return the ledgers of feeds as the mark explains them, and what it knows itself, which is the newest, last."""
    from feedpub.store import ledger  # hardly any run needs it

    if mark.is_there:
        ledgers = [ledger.told_apart(one, mark.withdrawn) for one in ledgers]
    return [*ledgers, ledger.of_withdrawn(council.name_in_ids, council.id_domain, mark.withdrawn, mark.taken_down)]


def published_ledgers(source: Source, place: Publish) -> list[Ledger]:
    """Return the ledgers in the source's published feeds. Raises LedgerError if all of them are broken."""
    ledgers: list[Ledger] = []
    broken: LedgerError | None = None
    for name, document in _published_documents(source, place):
        from feedpub.store import ledger  # hardly any run needs it

        try:
            ledgers.append(ledger.read_ledger(document, place.address(name)))
        except LedgerError as error:
            broken = error
    if broken and not ledgers:
        raise broken
    return ledgers


def _published_documents(source: Source, place: Publish) -> Iterator[tuple[str, bytes]]:
    """Yield the feeds and archives that exist, each by its name. Only Atom has tombstones."""
    feeds = (f"{source.id}/{ATOM.name}", f"{source.id}/{JSON_FEED.name}")
    archives = [name for name in place.names(source.id) if ARCHIVES.fullmatch(name)]
    for name in (*feeds, *archives):
        document = place.read(name)
        if document is not None:
            yield name, document
