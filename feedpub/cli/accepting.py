"""What a person accepts: the codes of the sources that are stopped, and a host that is believed no more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from feedpub import address
from feedpub.cli import FINE, USAGE
from feedpub.cli.session import Session, on_state, say_try_later_with, to_look
from feedpub.cli.speech import Speech
from feedpub.collecting.batches import way_out
from feedpub.config import Config
from feedpub.council import Council
from feedpub.model import Source

NO_CODE = "--accept wants the code of what you have looked at"


def codes_of(council: Council) -> frozenset[str]:
    """Return the codes of what has stopped a source, or keeps it from going on."""
    stopped = council.facts.brake
    codes = stopped.code.split() if stopped else []
    loss = council.loss_code
    return frozenset([*codes, loss] if loss else codes)


def say_codes(settings: Config, sources: Sequence[Source], speech: Speech, command: str) -> None:
    """Say which code would let which source go on. Nothing is let through without one."""
    lines: list[str] = []
    with to_look(settings) as store:
        for source in sources:
            council = Council(source, store.of(source.id))
            stopped = council.facts.brake
            if stopped and stopped.code:
                lines.append(f"{source.id}: {stopped.why}. {way_out(stopped, command)}")
            elif stopped:
                lines.append(f"{source.id}: {stopped.why}. The next run says its code, if it has one")
            elif loss := council.loss_code:
                way = f"`feedpub {command} --accept {loss}`"
                lines.append(f"{source.id}: items could not be read again: {way}")
    speech.error(f"{NO_CODE}; nothing was started" if lines else f"{NO_CODE}; nothing is stopped")
    for line in lines:
        speech.error(line)


def say_unfitting(session: Session, sources: Sequence[Source], accept: Collection[str]) -> bool:
    """Say that nothing is stopped that a code could let through. Return whether that is so.

    A code for something else than what has stopped a source is answered by the run, which stops again.
    """
    if not accept or any(codes_of(session.council(source)) for source in sources):
        return False
    named = ", ".join(sorted(accept))
    session.speech.error(f"{named}: nothing is stopped that a code would let through; nothing was started")
    return True


def forget_host(settings: Config, sources: Sequence[Source], host: str, speech: Speech) -> int:
    """Believe a host no more that was accepted as a source's own. Return the exit code."""

    def work(session: Session) -> int:
        code = USAGE
        for source in sources:
            council = session.council(source)
            if council.facts.led_to != host:
                continue
            with session.store.alone(source.id) as busy:
                if busy:
                    return say_try_later_with(source.id, speech)
                council.state.put_facts(replace(council.facts, led_to=None))
            from_there = [i for i in council.state.items.living() if address.site(i.article.url) == host]
            code = FINE
            speech.note(f"{source.id}: {host} is believed no more; {len(from_there)} items have their link there")
            for item in from_there:
                speech.note(f"{source.id}: {item.id} {item.article.url}")
        if code == USAGE:
            speech.error(f"{host} was not accepted as the host of any of these sources; `feedpub status` names those")
        return code

    return on_state(settings, speech, work)
