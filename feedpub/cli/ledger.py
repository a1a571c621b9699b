"""ledger: list every id that was ever given."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from feedpub.cli import FINE
from feedpub.cli.session import loaded, to_look
from feedpub.cli.speech import Speech, show, show_json
from feedpub.content import Stored
from feedpub.council import Council
from feedpub.store import ledger as ledgers


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded(args)
    with to_look(settings) as store:
        for source in settings.sources:
            council = Council(source, store.of(source.id))
            if args.json:
                _print_export(council)
            else:
                show(_ledger_lines(council))
    return FINE


def _print_export(council: Council) -> None:
    for line in ledgers.ledger_lines(council.name_in_ids, council.id_domain, _rows(council)):
        show_json(line)


def _ledger_lines(council: Council) -> Iterator[str]:
    for item, keys in _rows(council):
        yield from _item_lines(item, keys, council.zone)


def _rows(council: Council) -> Iterator[tuple[Stored, list[str]]]:
    """Yield each item with the keys that it is known under."""
    items = council.state.items
    return ((item, items.keys(item.id)) for item in items.every())


def _item_lines(item: Stored, keys: list[str], zone: ZoneInfo) -> Iterator[str]:
    gone, article = item.gone, item.article
    yield item.id
    untitled = "(withdrawn)" if gone else "(untitled)"
    local_date = item.date.astimezone(zone)
    yield f"  {local_date:%Y-%m-%d %H:%M}  {article.title or untitled}"
    if article.url:
        yield f"  {article.url}"
    yield f"  known at {' '.join(keys)}"
    if gone:
        when = f"{gone.when:%Y-%m-%d %H:%M} UTC"
        yield f"  withdrawn {when} by {gone.by.value}: {gone.reason}"
    elif not item.is_read:
        yield "  known from published feeds; its page is to be read again"
