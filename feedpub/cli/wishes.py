"""What a person or cron wants of a run, and a run from its beginning to its end."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from feedpub.cli import FAILED, FINE, INTERRUPTED, USAGE
from feedpub.cli.accepting import forget_host, say_codes, say_unfitting
from feedpub.cli.closed import keep_closed, open_sources, say_closed
from feedpub.cli.machine import Machine
from feedpub.cli.pinging import tell_service
from feedpub.cli.rounds import Rounds, due_sources
from feedpub.cli.session import LEFT_OUT, Session, chosen, loaded_for_a_site, on_state
from feedpub.cli.showing import show_state
from feedpub.cli.speech import Speech
from feedpub.cli.updating import Collect, Order
from feedpub.cli.watching import Teller
from feedpub.conditions import Condition, State
from feedpub.config import Config
from feedpub.model import Source


def make_rounds(args: argparse.Namespace, speech: Speech, collect: Collect) -> int:
    """Read and publish the chosen sources. Return the exit code."""
    settings = loaded_for_a_site(args)
    redate: str | None = getattr(args, "redate", None)
    named = [redate] if redate is not None else args.source
    sources = chosen(settings, named)
    order = Order(args.name, collect, frozenset(filter(None, args.accept)))
    if "" in args.accept:
        say_codes(settings, sources, speech, args.name)
        return USAGE

    if getattr(args, "forget", None):
        return forget_host(settings, sources, args.forget, speech)

    wish = Wish(sources, order, is_named=bool(named), is_redating=redate is not None)
    return carry_out(settings, speech, wish)


@dataclass(frozen=True, slots=True)
class Wish:
    """What cron, or a person, wants to be read and published."""

    sources: Sequence[Source]
    order: Order
    is_named: bool = False  # a person has named these sources
    is_redating: bool = False  # the dates of the first one are to be read again


def carry_out(settings: Config, speech: Speech, wish: Wish, machine: Machine | None = None) -> int:
    """Read and publish what is wished for. Return the exit code. ``machine`` None: this one."""
    sources, order = wish.sources, wish.order

    def work(session: Session) -> int:
        if wish.is_redating:
            from feedpub.cli.redating import begin_redating, say_what_is_left  # hardly any run needs it

            ended = begin_redating(session, sources[0])
            if ended is not None:
                return ended
        if order.command == "run" and say_unfitting(session, sources, order.accept):
            return USAGE
        is_by_rhythm = order.command == "run" and not (wish.is_named or order.accept)
        choose = due_sources if is_by_rhythm else open_sources  # a person who names a source wants it now
        due = choose(session, sources)
        tell_broken(session)
        code = Rounds(session, order, due).make() if due else FINE
        code = max(code, say_closed(session, sources) if wish.is_named else keep_closed(session))
        if wish.is_redating:
            say_what_is_left(session, sources[0])
        if code != INTERRUPTED:  # who is in a hurry is not kept waiting for what the next run writes
            code = max(code, show_state(session))
        tell_service(session)
        return max(code, FAILED if session.is_restored else FINE)

    return max(FAILED if settings.broken else FINE, on_state(settings, speech, work, machine=machine))


def tell_broken(session: Session) -> None:
    """Say which councils' own files cannot be used, if that is due."""
    broken = session.settings.broken
    teller = Teller(session, len(broken))
    for one in broken:
        condition = Condition(State.BROKEN, one.problem, LEFT_OUT)
        teller.tell(session.store, one.id, condition, [f"{one.problem}; {LEFT_OUT}"])
    teller.close()
