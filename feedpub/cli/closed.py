"""Sources that an operator has closed: nobody asks them, and their files are kept as they should be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from feedpub import publishing
from feedpub.cli import FAILED, FINE
from feedpub.cli.saying import write_files
from feedpub.cli.session import Session, say_damaged
from feedpub.council import Council
from feedpub.errors import Damaged, PublishError
from feedpub.model import Source


def open_sources(session: Session, sources: Sequence[Source]) -> list[Source]:
    """Return the sources that may be asked."""
    closed = session.store.asking.retired()
    return [source for source in sources if source.id not in closed]


def say_closed(session: Session, sources: Iterable[Source]) -> int:
    """Say of sources that a person has named that they are closed. Return the exit code."""
    code = FINE
    closed = session.store.asking.retired()
    for source in sources:
        if source.id in closed:
            day = f"{closed[source.id]:%Y-%m-%d}"
            session.speech.error(
                f"{source.id}: is closed since {day} and not asked; `feedpub retire {source.id} --undo` opens it again"
            )
            code = FAILED
    return code


def keep_closed(session: Session) -> int:
    """Write the files of closed sources again that are not as they should be. Return the exit code."""
    closed = session.store.asking.retired()
    councils = [council for council in session.councils if council.id in closed]
    return max((_keep(session, council) for council in councils), default=FINE)


def _keep(session: Session, council: Council) -> int:
    try:
        if publishing.is_emitted(council, session.target):
            return FINE
        with session.store.alone(council.id) as busy:
            return FINE if busy or write_files(session, council) else FAILED
    except PublishError as error:
        session.speech.error(str(error))
        return FAILED
    except Damaged as error:
        return say_damaged(session, council.id, error)
