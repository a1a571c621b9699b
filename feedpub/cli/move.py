"""move: give a source another id. Its items keep theirs, and its old addresses go on working."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from feedpub.cli import FAILED, FINE
from feedpub.cli.announcing import announce
from feedpub.cli.recovering import is_incomplete, take_back
from feedpub.cli.saying import write_files, write_front
from feedpub.cli.session import Session, chosen, loaded, on_state, say_try_later, say_try_later_with
from feedpub.cli.showing import show_state
from feedpub.cli.speech import Speech, show
from feedpub.config import Config
from feedpub.config.checks import source_id
from feedpub.council import Council
from feedpub.errors import ConfigError
from feedpub.model import Source
from feedpub.publishing.moved import copy_pictures


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded(args)
    old, new = args.old, args.new
    source = _source_of(settings, old, new)

    def work(session: Session) -> int:
        with session.store.alone(old) as busy, session.store.alone(new) as other:
            if busy or other:
                return say_try_later_with(old, session.speech)
            return _move(session, Council(source, session.store.of(old)), new)

    return on_state(settings, speech, work, say_try_later)


def _source_of(settings: Config, old: str, new: str) -> Source:
    """Return the source as configured, by either id. Raises ConfigError."""
    problem = source_id(new)
    if problem:
        raise ConfigError([f"{new!r}: {problem}"])
    ids = {source.id for source in settings.sources}
    if {old, new} <= ids:
        raise ConfigError([f"{settings.path}: has a source {new!r} already; take another id"])
    [source] = chosen(settings, [new if new in ids else old])
    return replace(source, id=old)


def _as_configured(session: Session, old: str, new: str) -> Session:
    """Return the session with the configuration as it is to be."""
    sources = (replace(one, id=new) if one.id == old else one for one in session.settings.sources)
    return replace(session, settings=replace(session.settings, sources=tuple(sources)))


def _move(session: Session, council: Council, new: str) -> int:
    old, store = council.id, session.store
    if store.renamed().get(old) == new:
        session.speech.error(f"{old}: is {new} already")
        return FINE
    obstacle = _obstacle(session, council, new)
    if obstacle:
        session.speech.error(obstacle)
        return FAILED
    copy_pictures(session.place, old, new)
    store.rename(old, new)  # it has moved from here on: whatever is not written now, the next `publish` writes
    store.keep_copy(session.now, at_once=True)
    show([f"{old}: is {new} now, and every item keeps its id", *_what_to_do(session.settings, old, new)])
    session = _as_configured(session, old, new)
    is_well = write_files(session, Council(replace(council.source, id=new), store.of(new)))
    is_well &= write_front(session)
    code = show_state(session)
    announce(session)
    return code if is_well else FAILED


def _obstacle(session: Session, council: Council, new: str) -> str | None:
    """Return why the source cannot get this id. None: nothing is in the way."""
    old, known, renamed = council.id, session.store.revisions(), session.store.renamed()
    if new in known or renamed.get(new, old) != old:
        return f"{new}: the state has such a source, or had one; nothing was changed, take another id"
    if old not in known:
        return f"{old}: the state has no such source; to change the id of a new one, change the configuration"
    if is_incomplete(session, council):
        return f"{old}: the state has lost items that are published; {take_back(old)}, then it can be moved"
    return None


def _what_to_do(settings: Config, old: str, new: str) -> Iterator[str]:
    """Yield what the operator has to change: in the configuration, and at the web server."""
    if any(source.id == old for source in settings.sources):
        yield f'  in the configuration, write id = "{new}" in place of id = "{old}"; until then no run starts'
    base = urlsplit(settings.publish.base_url).path
    pattern = f"^{re.escape(base)}{old}(/.*)?$"
    name = f"from_{old.replace('-', '_')}"
    yield "  at the web server, send readers on for good; until then they get copies at the old addresses"
    yield f"    nginx, in server {{ }}: rewrite {pattern} {base}{new}$1 permanent;"
    yield f"    Caddy: @{name} path_regexp {name} {pattern}"
    yield f"    Caddy: redir @{name} {base}{new}{{re.{name}.1}} permanent"
