"""Tell the service of ``[watch] ping`` that a run has ended, and whether somebody is needed."""

from __future__ import annotations

from feedpub import __version__
from feedpub.cli.session import Session
from feedpub.conditions import SEVERITY
from feedpub.errors import FetchError

MOST_NAMED = 50  # sources in one message


def tell_service(session: Session) -> None:
    """Send the service how the sources are. If it cannot be reached, the run is none the worse for it."""
    url = session.settings.watch.ping
    if url is None:
        return
    from feedpub.collecting.fetch.ping import ping  # hardly anything is loaded for those who want none

    lines = _lines(session)
    try:
        ping(url, "\n".join(lines), is_well=not lines, version=__version__)
    except FetchError as error:
        session.speech.note(f"[watch] ping: {error}; the service says so itself if that lasts")


def _lines(session: Session) -> list[str]:
    """Return a line for each source that needs a hand, the worst first. Empty: none does."""
    settings, watched = session.settings, session.store.watching.all()
    ids = {*(source.id for source in settings.sources), *(broken.id for broken in settings.broken)}
    ailing = [(source, one) for source, one in watched.items() if source in ids and one.state.needs_hand]
    ailing.sort(key=lambda pair: (SEVERITY[pair[1].state], pair[0]))
    lines = [f"{source}: {one.state}: {one.words}" for source, one in ailing[:MOST_NAMED]]
    more = len(ailing) - len(lines)
    return [*lines, f"and {more} more; `feedpub status` names them"] if more else lines
