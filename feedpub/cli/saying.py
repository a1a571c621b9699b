"""Say what was found and what was written, in lines for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from feedpub import publishing
from feedpub.cli import FINE
from feedpub.cli.session import Session, say_damaged
from feedpub.cli.speech import Speech
from feedpub.cli.watching import FRONT
from feedpub.collecting.report import Level, Message
from feedpub.council import Council
from feedpub.errors import Damaged
from feedpub.kinds import PAGE, is_feed
from feedpub.model import ABOUT

Hear = Callable[[list[str]], None]
UNREACHABLE = (
    "nobody can reach you: [fetch] contact is the page about/ itself, and it names no address; set email in [publish]"
)


def say(messages: Iterable[Message], speech: Speech) -> None:
    ways = {Level.ERROR: speech.error, Level.NOTE: speech.note, Level.DETAIL: speech.detail}
    for message in messages:
        ways[message.level](message.text)


def write_files(session: Session, council: Council, *, is_anew: bool = False) -> bool:
    """Write the source's files, those that changed or all. Return whether every one is as it should be."""
    emission = publishing.emit(council, session.target, session.now, is_anew=is_anew)
    return say_emission(emission, session.speech)


def write_front(session: Session, hear: Hear | None = None) -> bool:
    """Write the page and the list of all sources. Return whether they are as they should be.

    Another run on the same server may be writing them, from what it knew before. Where a council's own file cannot be
    used, they stay as they are: they would lose its row. ``hear`` is told why files were held back, also if none was;
    else it is said.
    """
    if session.settings.broken:
        return True
    try:
        with session.store.alone(FRONT, is_to_wait=True):
            emission = publishing.emit_front(session.councils, session.target, session.now)
            if f"{ABOUT}{PAGE.name}" in emission.written and not session.target.way_to_publisher:
                session.speech.error(UNREACHABLE)  # once: the page is written when it changes
            if hear is None:
                return say_emission(emission, session.speech)
            say_written(emission, session.speech)
            hear(held_back(emission))
            return not emission.problems
    except Damaged as error:
        return say_damaged(session, "the page of all sources", error) == FINE


def say_emission(emission: publishing.Emission, speech: Speech) -> bool:
    """Say what came of writing files. Return whether every one is as it should be."""
    say_written(emission, speech)
    for line in held_back(emission):
        speech.error(line)
    return not emission.problems


def say_written(emission: publishing.Emission, speech: Speech) -> None:
    """Say which files have changed, and what their owner is told once."""
    for name in emission.written:
        speech.detail(f"{name} has changed")
    if emission.written:
        feeds = [n for n in emission.written if is_feed(n)] or emission.written
        count = len(emission.written)
        speech.note(f"{count} files have changed, {feeds[-1]} among them" if count > 1 else f"{feeds[0]} has changed")
    for note in emission.notes:
        speech.error(note)


def held_back(emission: publishing.Emission) -> list[str]:
    """Return why files were held back. An item is in many files, and its problem is named once."""
    names: dict[str, list[str]] = {}
    for name, problem in emission.problems:
        names.setdefault(str(problem), []).append(name)
    return [f"{_held_back(files)}: {words}" for words, files in names.items()]


def _held_back(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]}: failed the check; readers still see the last good file"
    return f"{names[0]} and {len(names) - 1} more files: failed the check; readers still see the last good ones"
