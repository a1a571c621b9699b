"""recover: rebuild the ids of a lost state from published feeds and exported ledgers."""

from __future__ import annotations

import argparse
from pathlib import Path

from feedpub.cli import FINE
from feedpub.cli.recovering import by_mark, published_ledgers, take_name
from feedpub.cli.session import Session, loaded, on_state, say_try_later, say_try_later_with
from feedpub.cli.speech import Speech, show
from feedpub.collecting.recovery import recover
from feedpub.council import Council
from feedpub.errors import LedgerError
from feedpub.publishing.marking import read_mark
from feedpub.store import ledger as ledgers


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded(args)
    given = [_ledger_in(path) for path in args.files]

    def work(session: Session) -> int:
        taken = [_recover(session, council, given) for council in session.councils]
        if any(taken):
            speech.note("`feedpub run` reads their pages again; until it has, the published feeds stay as they are")
        return FINE

    return on_state(settings, speech, work, say_try_later)


def _recover(session: Session, council: Council, given: list[ledgers.Ledger]) -> int:
    with session.store.alone(council.id) as busy:
        if busy:
            say_try_later_with(council.id, session.speech)
            return 0
        return _recover_alone(session, council, given)


def _recover_alone(session: Session, council: Council, given: list[ledgers.Ledger]) -> int:
    published = published_ledgers(council.source, session.place)
    take_name(council, published)
    mark = read_mark(session.place, council.id)
    taken = recover(council, by_mark(council, [*given, *published], mark), session.now)
    if taken:
        council.state.outgrow(mark.revision)
    items = council.state.items
    total = items.count() + items.count_withdrawn()
    show([f"{council.id}: {taken} items taken over, {total} known in all"])
    return taken


def _ledger_in(path: Path) -> ledgers.Ledger:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read: {error.strerror or error}") from error
    return ledgers.read_ledger(data, str(path))
