"""ledger, recover, withdraw: the commands about ids."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from feedpub import address
from feedpub.cli import FAILED, FINE
from feedpub.cli.announcing import announce
from feedpub.cli.recovering import published_ledgers
from feedpub.cli.saying import emit, emit_front
from feedpub.cli.session import Session, loaded, on_state, to_look
from feedpub.cli.speech import Speech
from feedpub.collecting.recovery import recover as take_over
from feedpub.collecting.withdrawals import take_out
from feedpub.config import Config
from feedpub.content import Stored
from feedpub.council import Council
from feedpub.errors import LedgerError
from feedpub.publishing.folder import Folder
from feedpub.store import Busy
from feedpub.store import ledger as ledgers


def ledger(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded(args)
    with to_look(settings) as store:
        for source in settings.sources:
            for line in _lines(Council(source, store.of(source.id)), is_json=args.json):
                print(line)
    return FINE


def _lines(council: Council, *, is_json: bool) -> Iterator[str]:
    items = ((item, council.state.items.keys(item.id)) for item in council.state.items.every())
    if is_json:
        yield from ledgers.lines(council.id, council.id_domain, items)
        return
    for item, keys in items:
        yield from _entry(item, keys, council.zone)


def _entry(item: Stored, keys: list[str], zone: ZoneInfo) -> Iterator[str]:
    gone, article = item.gone, item.article
    yield item.id
    yield f"  {item.date.astimezone(zone):%Y-%m-%d %H:%M}  {article.title or ('(withdrawn)' if gone else '(untitled)')}"
    if article.url:
        yield f"  {article.url}"
    yield f"  known at {' '.join(keys)}"
    if gone:
        yield f"  withdrawn {gone.when:%Y-%m-%d %H:%M} UTC by {gone.by.value}: {gone.reason}"
    elif not item.is_read:
        yield "  known from published feeds; its page is to be read again"


def recover(args: argparse.Namespace, speech: Speech) -> int:
    settings = loaded(args)
    given = [_read(path) for path in args.files]

    def work(session: Session) -> int:
        taken = [_recover(session, council, given) for council in session.councils]
        if any(taken):
            speech.note("`feedpub run` reads their pages again; until it has, the published feeds stay as they are")
        return FINE

    return on_state(settings, speech, work, _say_try_later)


def _recover(session: Session, council: Council, given: list[ledgers.Ledger]) -> int:
    items = council.state.items
    taken = take_over(council, [*published_ledgers(council.source, session.settings), *given], session.now)
    print(f"{council.id}: {taken} items taken over, {items.count() + items.count_withdrawn()} known in all")
    return taken


def _read(path: Path) -> ledgers.Ledger:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read: {error.strerror or error}") from error
    return ledgers.read(data, str(path))


def withdraw(args: argparse.Namespace, speech: Speech) -> int:
    def work(session: Session) -> int:
        return _withdraw(session, args.item, args.reason)

    return on_state(loaded(args), speech, work, _say_try_later)


def _withdraw(session: Session, name: str, reason: str) -> int:
    matches = [(council, item) for council in session.councils if (item := _named(name, council))]
    if not matches:
        session.speech.error(f"{name}: no item has this id or address; `feedpub ledger` lists them")
        return FAILED
    council, item = matches[0]
    if item.gone and item.gone.is_final:
        session.speech.error(f"{item.id}: was withdrawn on {item.gone.when:%Y-%m-%d} already")
        return FINE
    take_out(council, item, reason, session.now)
    session.store.keep_copy(session.now, at_once=True)  # its words are to be in no file
    print(f"{item.id}: withdrawn for good: {item.article.title}")
    is_well = emit(session, council)
    is_well &= emit_front(session)
    is_well = is_well and not _is_still_published(session, council, item)
    announce(session)
    return FINE if is_well else FAILED


def _is_still_published(session: Session, council: Council, item: Stored) -> bool:
    """Whether a withdrawn item stands in a file all the same; a feed is never emptied, not even for this."""
    to = session.settings.publish.to
    folder = Folder(to)
    signs = re.compile(rf"(?:{re.escape(item.id)}|{re.escape(escape(item.article.url))})[<\"]".encode())
    names = ("index.html", *folder.names(council.id))
    left = [n for n in names if signs.search(_without_tombstones(folder.read(n) or b""))]
    for name in left:
        session.speech.error(f"{to / name}: still holds it: delete it")
    return bool(left)


def _without_tombstones(document: bytes) -> bytes:
    return re.sub(rb"<at:deleted-entry[^>]*>", b"", document)


def _named(name: str, council: Council) -> Stored | None:
    """Return the source's item with this id or address."""
    items = council.state.items
    if name.startswith(("http://", "https://")):
        url = address.absolute(name, name)
        return next(iter(items.at([council.key(url)])), None) if url else None
    item = items.get(name)
    is_own = name.partition(":")[2].partition(":")[2].split("/")[0] == council.id
    return item if is_own else None


def _say_try_later(settings: Config, _turn: Busy, speech: Speech) -> int:
    speech.error(f"another run is under way on {settings.state}; nothing was changed, try again when it has ended")
    return FAILED
