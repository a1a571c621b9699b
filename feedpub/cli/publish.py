"""publish: write all files again from the state, without network."""

from __future__ import annotations

import argparse

from feedpub.cli import FAILED, FINE
from feedpub.cli.saying import write_files, write_front
from feedpub.cli.session import Session, loaded, on_state, say_broken, say_busy_with, say_damaged
from feedpub.cli.showing import show_state
from feedpub.cli.speech import Speech
from feedpub.council import Council
from feedpub.errors import Damaged
from feedpub.publishing.push import changed_feeds


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded(args)
    return max(say_broken(settings, speech), on_state(settings, speech, _publish))


def _publish(session: Session) -> int:
    codes = [_publish_one(session, council) for council in session.councils]
    is_well = write_front(session)
    codes.append(show_state(session, is_anew=True))
    for hub in session.settings.publish.hubs:
        waiting = [p for p in session.store.pings.waiting() if p.hub == hub]
        if waiting:
            feeds = changed_feeds(len(waiting))
            session.speech.note(f"{hub}: the next `feedpub run` announces {feeds}")
    return max(*codes, FINE if is_well and not session.is_restored else FAILED)


def _publish_one(session: Session, council: Council) -> int:
    try:
        with session.store.alone(council.id) as busy:
            return say_busy_with(council.id, busy, session.speech) if busy else _publish_alone(session, council)
    except Damaged as error:
        return say_damaged(session, council.id, error)


def _publish_alone(session: Session, council: Council) -> int:
    if council.facts.is_restored:  # it waits for the published folder, and that was said
        return FAILED
    if not council.state.items.is_any():
        session.speech.error(f"{council.id}: there is nothing to publish yet; `feedpub run` fetches it")
        return FAILED
    return FINE if write_files(session, council, is_anew=True) else FAILED
