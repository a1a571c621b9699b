"""Tell hubs (WebSub) which feeds have changed, once a run is over."""

from __future__ import annotations

from contextlib import closing

from feedpub import __version__
from feedpub.cli.session import Session
from feedpub.publishing import hubs

HUBS = "@hubs"  # the place of a source's id in the lock of all announcements


def announce(session: Session) -> None:
    """Send the hubs the changes that they do not know yet. A hub that fails does not fail the run.

    Of several runs on the same server, one announces. What it does not know yet, the next one does.
    """
    if not session.store.pings.waiting():
        return
    with session.store.alone(HUBS, is_to_wait=True) as busy:
        if not busy:
            _announce(session)


def _announce(session: Session) -> None:
    settings, publish = session.settings, session.settings.publish
    ids = [*(source.id for source in settings.sources), *(broken.id for broken in settings.broken)]
    folders = [f"{publish.base_url}{one}/" for one in ids]
    due = hubs.due_pings(session.store, publish.hubs, folders, session.now)
    if not due:
        return
    from feedpub.collecting.fetch.hub import Notifier  # most runs have nothing to announce

    contact = settings.fetch.contact
    with closing(Notifier(contact=contact, version=__version__, beat=session.turn.beat)) as notify:
        for pings in due:
            answer = hubs.ping(pings, notify, session.store, session.now)
            hub = pings[0].hub
            for topic in answer.told:
                session.speech.note(f"{hub}: was told that {topic} has changed")
            if answer.problem:
                say = session.speech.error if answer.is_to_be_heard else session.speech.note
                say(answer.problem)
