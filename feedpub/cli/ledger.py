"""ledger, recover, withdraw: the commands about ids."""

from __future__ import annotations

import argparse
import re
from contextlib import closing
from datetime import datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from feedpub import address, collecting, config
from feedpub.cli import FAILED, FINE
from feedpub.cli.speech import Speech, config_path
from feedpub.cli.work import clock, emit, emit_front, push, restored
from feedpub.cli.work import ledgers as published
from feedpub.collecting import dedupe
from feedpub.config import Config
from feedpub.content import Stored
from feedpub.errors import LedgerError
from feedpub.model import Source
from feedpub.publishing.folder import Folder
from feedpub.store import Busy, Store, sole_run
from feedpub.store import ledger as ledgers


def ledger(args: argparse.Namespace, speech: Speech) -> int:
    settings = config.load(config_path(args.config))
    with closing(Store(settings.state if settings.state.exists() else Path(":memory:"))) as store:
        for source in settings.sources:
            items = ((item, store.keys(item.id)) for item in store.every(source.id))
            domain = store.authority(source.id) or dedupe.authority(source)
            if args.json:
                for line in ledgers.lines(source.id, domain, items):
                    print(line)
                continue
            for item, keys in items:
                print("\n".join(_told(item, keys, ZoneInfo(source.timezone))))
    return FINE


def _told(item: Stored, keys: list[str], zone: ZoneInfo) -> list[str]:
    gone = item.gone
    title = item.article.title or ("(withdrawn)" if gone else "(untitled)")
    return [
        f"{item.id}",
        f"  {item.date.astimezone(zone):%Y-%m-%d %H:%M}  {title}",
        *([f"  {item.article.url}"] if item.article.url else []),
        f"  known at {' '.join(keys)}",
        *([] if item.is_read or gone else ["  known from published feeds; its page is to be read again"]),
        *([f"  withdrawn {gone.when:%Y-%m-%d %H:%M} UTC by {gone.by.value}: {gone.reason}"] if gone else []),
    ]


def recover(args: argparse.Namespace, speech: Speech) -> int:
    settings = config.load(config_path(args.config))
    given = [_ledger(path) for path in args.files]
    with sole_run(settings.state, clock) as turn:
        if isinstance(turn, Busy):
            return _later(settings, speech)
        restored(settings, speech)
        now = clock()
        with closing(Store(settings.state)) as store:
            total = sum(_recovered(s, store, settings, given, now, speech) for s in settings.sources)
    if total:
        speech.note("`feedpub run` reads their pages again; until it has, the published feeds stay as they are")
    return FINE


def _recovered(
    source: Source, store: Store, settings: Config, given: list[ledgers.Ledger], now: datetime, speech: Speech
) -> int:
    taken = collecting.recover(source, store, [*published(source, settings), *given], now)
    print(f"{source.id}: {taken} items taken over, {store.count(source.id) + store.withdrawn(source.id)} known in all")
    return taken


def _ledger(path: Path) -> ledgers.Ledger:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read: {error.strerror or error}") from error
    return ledgers.read(data, str(path))


def withdraw(args: argparse.Namespace, speech: Speech) -> int:
    settings = config.load(config_path(args.config))
    with sole_run(settings.state, clock) as turn:
        if isinstance(turn, Busy):
            return _later(settings, speech)
        restored(settings, speech)
        now = clock()
        with closing(Store(settings.state)) as store:
            found = [(s, item) for s in settings.sources if (item := _named(args.item, s, store))]
            if not found:
                speech.error(f"{args.item}: no item has this id or address; `feedpub ledger` lists them")
                return FAILED
            [(source, item), *_] = found
            if item.gone and item.gone.is_final:
                speech.error(f"{item.id}: was withdrawn on {item.gone.when:%Y-%m-%d} already")
                return FINE
            title, url = item.article.title, item.article.url
            collecting.withdraw(source, item, args.reason, store, now)
            store.keep_copy(now, at_once=True)  # its words are to be in no file
            print(f"{item.id}: withdrawn for good: {title}")
            well = emit(source, store, settings, now, speech)
            well &= emit_front(store, settings, now, speech)
            well = well and not _still_published(item.id, url, source, settings, speech)
            push(store, settings, turn, now, speech)
            return FINE if well else FAILED


def _still_published(item: str, url: str, source: Source, settings: Config, speech: Speech) -> bool:
    """Whether a withdrawn item stands in a file all the same; a feed is never emptied, not even for this."""
    folder = Folder(settings.publish.to)
    signs = re.compile(rf"(?:{re.escape(item)}|{re.escape(escape(url))})[<\"]".encode())
    left = [n for n in ("index.html", *folder.names(source.id)) if signs.search(_living(folder.read(n) or b""))]
    for name in left:
        speech.error(f"{settings.publish.to / name}: still holds it: delete it")
    return bool(left)


def _living(document: bytes) -> bytes:
    """A feed without its tombstones."""
    return re.sub(rb"<at:deleted-entry[^>]*>", b"", document)


def _named(name: str, source: Source, store: Store) -> Stored | None:
    by_id = store.item(name)
    if by_id or not name.startswith(("http://", "https://")):
        return by_id if by_id and name.partition(":")[2].partition(":")[2].split("/")[0] == source.id else None
    url = address.absolute(name, name)
    return next(iter(store.at(source.id, [dedupe.key(url, source)])), None) if url else None


def _later(settings: Config, speech: Speech) -> int:
    speech.error(f"another run is under way on {settings.state}; nothing was changed, try again when it has ended")
    return FAILED
