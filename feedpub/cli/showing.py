"""Show how the sources are beside the command line: the files of ``[watch]``, written when the state has changed."""

from __future__ import annotations

from feedpub.cli import FAILED, FINE
from feedpub.cli.session import Session, say_damaged
from feedpub.cli.watching import FILES, OF_OTHERS, Teller
from feedpub.conditions import Condition, State
from feedpub.config import Watch
from feedpub.errors import Damaged

PAGE, DATA, MESSAGES = "status.html", "status.json", "messages.xml"  # in the folder of [watch] to
WITHOUT_LIBRARY = "needs a package that is not installed: pip install 'feedpub[metrics]'"


def show_state(session: Session, *, is_anew: bool = False) -> int:
    """Write the files, if the state has changed or one of them is missing; or in any case (``is_anew``).

    Return the exit code. A file that cannot be written is said as other troubles of this machine are: once, and now
    and then while it lasts. Feeds are none the worse for it. Of several runs on the same server, one writes.
    """
    watch = session.settings.watch
    if not (watch.to or watch.textfile) or not (is_anew or _is_due(session)):
        return FINE
    try:
        with session.store.alone(FILES) as busy:
            return FINE if busy else _show(session)
    except Damaged as error:
        return say_damaged(session, OF_OTHERS[FILES], error)


def _is_due(session: Session) -> bool:
    """Whether they may show something else now. A run that finds nothing new writes no state but once an hour."""
    if session.store.db.has_written:
        return True
    known = session.store.watching.get(FILES)
    is_known_to_fail = known is not None and known.state is State.BROKEN  # it is tried again within the hour
    return not is_known_to_fail and _is_any_missing(session.settings.watch)


def _is_any_missing(watch: Watch) -> bool:
    wanted = [watch.to / DATA if watch.to else None, watch.textfile]
    return any(path is not None and not path.exists() for path in wanted)


def _show(session: Session) -> int:
    from feedpub.cli.watch_files import write_files, write_messages  # a run that finds nothing new needs none of it

    problems = write_files(session)
    before = session.store.watching.get(FILES)
    condition = Condition(State.BROKEN, problems[0]) if problems else Condition(State.WELL)
    teller = Teller(session, sources=1)
    teller.tell(session.store, FILES, condition, problems)
    teller.close()
    if before and before.state is not condition.state:
        write_messages(session)  # it has one more now
    return FAILED if problems else FINE
