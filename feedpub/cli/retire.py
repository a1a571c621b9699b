"""retire: close a source for good. What is published stays, and says so."""

from __future__ import annotations

import argparse
from dataclasses import replace

from feedpub.cli import FAILED, FINE
from feedpub.cli.announcing import announce
from feedpub.cli.recovering import is_incomplete
from feedpub.cli.saying import write_files, write_front
from feedpub.cli.session import Session, chosen, loaded, on_state, say_try_later, say_try_later_with
from feedpub.cli.showing import show_state
from feedpub.cli.speech import Speech, show
from feedpub.council import Council


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded(args)
    [source] = chosen(settings, [args.source])

    def work(session: Session) -> int:
        council = session.council(source)
        with session.store.alone(council.id) as busy:
            if busy:
                return say_try_later_with(council.id, session.speech)
            return _reopen(session, council) if args.undo else _retire(session, council)

    return on_state(settings, speech, work, say_try_later)


def _retire(session: Session, council: Council) -> int:
    facts = council.facts
    if facts.retired:
        session.speech.error(f"{council.id}: is closed since {facts.retired:%Y-%m-%d}")
        return FINE
    if is_incomplete(session, council):
        way_out = f"`feedpub run --source {council.id}` brings them back, then it can be closed"
        session.speech.error(f"{council.id}: the state has lost items that are published; {way_out}")
        return FAILED
    council.state.put_facts(replace(facts, retired=session.now, brake=None))
    code = _publish(session, council)
    show([f"{council.id}: closed; its site is asked no more, and what is published stays"])
    return code


def _reopen(session: Session, council: Council) -> int:
    facts = council.facts
    if facts.retired is None:
        session.speech.error(f"{council.id}: is not closed")
        return FINE
    council.state.put_facts(replace(facts, retired=None))
    code = _publish(session, council)
    show([f"{council.id}: open again; the next `feedpub run` asks its site"])
    return code


def _publish(session: Session, council: Council) -> int:
    """Write what readers see of it, and keep a copy of the state: an older one would know it otherwise."""
    session.store.keep_copy(session.now, at_once=True)
    is_well = write_files(session, council)
    is_well &= write_front(session)
    code = show_state(session)
    announce(session)
    return code if is_well else FAILED
