"""Hubs (WebSub) are told which feeds have changed, once a run is over."""

from __future__ import annotations

from contextlib import closing

from feedpub import __version__
from feedpub.cli.session import Session
from feedpub.publishing import hubs


def announce(session: Session) -> None:
    """Tell the hubs what they have not heard of yet. That one fails is no failure of the run."""
    publish = session.settings.publish
    folders = [f"{publish.base_url}{source.id}/" for source in session.settings.sources]
    due = hubs.due_pings(session.store, publish.hubs, folders, session.now)
    if not due:
        return
    from feedpub.collecting.fetch.hub import Notifier  # most runs have nothing to tell

    contact = session.settings.fetch.contact
    with closing(Notifier(contact=contact, version=__version__, beat=session.turn.beat)) as notify:
        for pings in due:
            answer = hubs.ping(pings, notify, session.store, session.now)
            for topic in answer.told:
                session.speech.note(f"{pings[0].hub}: was told that {topic} has changed")
            if answer.problem:
                say = session.speech.error if answer.is_to_be_heard else session.speech.note
                say(answer.problem)
