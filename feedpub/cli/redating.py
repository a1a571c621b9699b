"""run --redate: read the dates of a source's items again, after the configuration read them in a wrong way."""

from __future__ import annotations

from feedpub.cli import FINE, USAGE
from feedpub.cli.session import Session, say_try_later_with
from feedpub.collecting import keeping, redating
from feedpub.model import Source


def begin_redating(session: Session, source: Source) -> int | None:
    """Have a run read the source's dates again. Return the exit code if there is nothing to read; None: it goes on."""
    council, speech = session.council(source), session.speech
    if council.facts.retired:
        return None  # the run says so
    if keeping.shows_ages(council):
        speech.error(
            f"{source.id}: its site says how long ago an article came; that cannot be read again later, so nothing was"
            " changed"
        )
        return USAGE
    if not council.state.items.is_any():
        speech.error(f"{source.id}: has no items yet, so there is no date to read again")
        return FINE
    with session.store.alone(source.id) as busy:
        if busy:
            return say_try_later_with(source.id, speech)
        redating.begin(council, session.now)
    return None


def say_what_is_left(session: Session, source: Source) -> None:
    """Say that dates are still to be read again, if this run could not read them all."""
    council = session.council(source)
    if council.facts.redating:
        pages = redating.pages_left(council)
        left = "1 page is" if pages == 1 else f"{pages} pages are"
        session.speech.error(f"{source.id}: {left} still to be read again for their dates; the next runs go on")
