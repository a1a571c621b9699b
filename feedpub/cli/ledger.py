"""ledger: list every id that was ever given."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from feedpub.cli import FINE
from feedpub.cli.session import loaded, to_look
from feedpub.cli.speech import Speech
from feedpub.content import Stored
from feedpub.council import Council
from feedpub.store import ledger as ledgers


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded(args)
    with to_look(settings) as store:
        for source in settings.sources:
            for line in _ledger_lines(Council(source, store.of(source.id)), is_json=args.json):
                print(line)
    return FINE


def _ledger_lines(council: Council, *, is_json: bool) -> Iterator[str]:
    items = council.state.items
    rows = ((item, items.keys(item.id)) for item in items.every())
    if is_json:
        yield from ledgers.ledger_lines(council.id, council.id_domain, rows)
        return
    for item, keys in rows:
        yield from _item_lines(item, keys, council.zone)


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
