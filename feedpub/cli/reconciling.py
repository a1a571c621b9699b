"""Recognize a state that is behind what is published, whoever put it there, and bring it up again.

The published folder has a mark with the revision that its files come from, and the copies beside the state have theirs.
A state with a smaller one was put back from a backup. What others know beyond it is taken over: items with their ids,
edits with their dates, and above all withdrawals.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from feedpub.cli.session import Session
from feedpub.council import Council
from feedpub.errors import LedgerError, PublishError, StoreError
from feedpub.publishing.marking import Mark, read_mark, write_mark
from feedpub.store import backup

if TYPE_CHECKING:
    from feedpub.store.ledger import Ledger


def reconcile(session: Session) -> bool:
    """Bring the state of every source up to what is published. Return whether one was behind."""
    newer = dict(_newer_copies(session))
    behind = [council.id for council in session.councils if _reconcile(session, council, newer.get(council.id, 0))]
    return bool(behind)


def _newer_copies(session: Session) -> Iterator[tuple[str, int]]:
    """Yield the sources of which a copy knows more than the state: id, revision in the copy."""
    place = session.settings.state
    if not isinstance(place, Path):  # a server's copies are not here
        return
    known = session.store.revisions()
    for source, revision in backup.revisions_in_copies(place).items():
        if 0 < known.get(source, 0) < revision:
            yield source, revision


def _reconcile(session: Session, council: Council, of_copy: int) -> bool:
    facts = council.facts
    if facts.revision == 0:  # an empty state: see ``recovering``
        return False
    mark = read_mark(session.place, council.id)
    others = max(mark.revision, of_copy)
    is_behind = others > facts.revision
    is_unmarked = mark.revision == 0 and facts.emitted is not None  # by an earlier version, or the mark was lost
    has_lost = mark.known > council.state.items.count_ever()
    if not (is_behind or has_lost or facts.is_restored or is_unmarked):
        return False
    with session.store.alone(council.id) as busy:  # whoever works on it has done the same
        return busy is None and _bring_up(session, council, of_copy)


def _bring_up(session: Session, council: Council, of_copy: int) -> bool:
    """Take over what others know beyond the state. Return whether that was anything."""
    facts = council.facts
    folder = session.place
    mark = read_mark(folder, council.id)
    others = max(mark.revision, of_copy)
    is_behind = others > facts.revision
    has_lost = mark.known > council.state.items.count_ever()
    withdrawn = council.state.items.count_withdrawn()
    try:
        ledgers = _ledgers(session, council, mark)
    except PublishError as error:  # readers keep what they have, until somebody has mended the folder
        if is_behind or has_lost or facts.is_restored:
            session.speech.error(str(error))
            council.state.put_facts(replace(facts, is_restored=True))
        return False
    taken = _take_over(session, council, ledgers, is_behind=is_behind)
    is_damaged = has_lost and _say_lost(session, council, mark)
    if council.state.items.count_withdrawn() > withdrawn:  # no file may contain their words, the copies included
        session.store.db.vacuum()
        session.store.keep_copy(session.now, at_once=True)
    if is_behind or taken:
        council.state.outgrow(others)
    council.state.put_facts(replace(council.facts, is_restored=False))
    with suppress(PublishError):  # the files are written later, and then it is said
        is_as_published = mark.revision == 0 and facts.emitted == str(facts.revision)
        write_mark(council, session.place, council.state.collections.archived() if is_as_published else None)
    return taken > 0 or is_damaged


def _say_lost(session: Session, council: Council, mark: Mark) -> bool:
    """Say how many published items nobody knows any more. Return whether there are any. The next mark forgets them."""
    missing = mark.missing(council.state.items.ids())
    if missing:
        session.speech.error(
            f"{council.id}: {len(missing)} items that were published are neither in the state nor in a published feed"
            " or a copy; take them over from a ledger or an old feed with `feedpub recover FILE`"
        )
    return bool(missing)


def _take_over(session: Session, council: Council, ledgers: list[Ledger], *, is_behind: bool) -> int:
    from feedpub.collecting.recovery import recover  # hardly any run needs it

    taken = recover(council, ledgers, session.now)
    if taken:
        why = "the state is older than the published feeds" if is_behind else "the state lacks published items"
        session.speech.error(f"{council.id}: {why}: {taken} items keep their ids and are read again")
    return taken


def _ledgers(session: Session, council: Council, mark: Mark) -> list[Ledger]:
    """Return what others know of the source's items: the copies of the state, the feeds, the mark.

    Raises PublishError if the published folder cannot be read.
    """
    from feedpub.cli.recovering import by_mark, published_ledgers
    from feedpub.store import copies

    try:
        published = published_ledgers(council.source, session.place)
    except LedgerError:  # they are written again
        published = []
    try:
        place = session.settings.state
        names = (council.id, council.name_in_ids, council.id_domain)
        kept = copies.ledgers_in(place, *names) if isinstance(place, Path) else []
    except StoreError:
        kept = []
    return [*kept, *by_mark(council, published, mark)]
