"""status: show how each source is, for people or for programs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from feedpub.cli import FAILED, FINE
from feedpub.cli.session import chosen, clock, loaded, say_broken, to_look
from feedpub.cli.speech import Speech, show, show_json
from feedpub.cli.status_lines import status_lines
from feedpub.cli.status_rows import SCHEMA, rows_as_json, status_rows, strangers
from feedpub.conditions import State
from feedpub.config import Config
from feedpub.model import Source
from feedpub.store import Store

IN_FULL = 12  # sources, each with a dozen lines; more are shown at a glance


def command(args: argparse.Namespace, speech: Speech) -> int:
    if args.schema:
        show_json(SCHEMA.read_text(encoding="utf-8").rstrip("\n"))
        return FINE
    settings = loaded(args)
    sources = chosen(settings, args.source)
    with to_look(settings) as store:
        unknown = [] if args.source else strangers(settings, store)
        if len(sources) > IN_FULL and not args.json:
            from feedpub.cli.overview import overview_lines  # most operators have a few councils

            show(overview_lines(settings, store, clock()))
            watched = store.watching.all()
            states = {watched[name].state for name in _open_ids(settings, store) if name in watched}
        else:
            states = _show_each(settings, store, sources, is_json=args.json)
    for line in unknown:
        speech.error(line)
    needs_hand = bool(unknown) or any(state.needs_hand for state in states)
    return max(say_broken(settings, speech), FAILED if needs_hand else FINE)


def _show_each(settings: Config, store: Store, sources: Sequence[Source], *, is_json: bool) -> set[State]:
    """Show each source, the worst first. Return the states that there are."""
    rows = status_rows(settings, store, sources, clock())
    if is_json:
        show_json(rows_as_json(rows))
    else:
        for n, row in enumerate(rows):
            show([""] if n else [])
            show(status_lines(row))
    return {State(row["state"]) for row in rows}


def _open_ids(settings: Config, store: Store) -> set[str]:
    return {source.id for source in settings.sources}.difference(store.asking.retired())
