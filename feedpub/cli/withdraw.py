"""withdraw: an item is taken out for good, and a tombstone is left."""

from __future__ import annotations

import argparse
import re
from html import escape

from feedpub import address
from feedpub.cli import FAILED, FINE
from feedpub.cli.announcing import announce
from feedpub.cli.saying import write_files, write_front
from feedpub.cli.session import Session, loaded, on_state, say_try_later
from feedpub.cli.speech import Speech
from feedpub.collecting.withdrawals import take_out
from feedpub.content import Stored
from feedpub.council import Council
from feedpub.kinds import PAGE
from feedpub.publishing.folder import Folder


def command(args: argparse.Namespace, speech: Speech) -> int:
    def work(session: Session) -> int:
        return _withdraw(session, args.item, args.reason)

    return on_state(loaded(args), speech, work, say_try_later)


def _withdraw(session: Session, name: str, reason: str) -> int:
    matches = [(council, item) for council in session.councils if (item := _item_named(name, council))]
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
    is_well = write_files(session, council)
    is_well &= write_front(session)
    is_well = is_well and not _is_still_published(session, council, item)
    announce(session)
    return FINE if is_well else FAILED


def _is_still_published(session: Session, council: Council, item: Stored) -> bool:
    """Whether a withdrawn item stands in a file all the same; a feed is never emptied, not even for this."""
    to = session.settings.publish.to
    folder = Folder(to)
    signs = re.compile(rf"(?:{re.escape(item.id)}|{re.escape(escape(item.article.url))})[<\"]".encode())
    names = (PAGE.name, *folder.names(council.id))
    left = [n for n in names if signs.search(_without_tombstones(folder.read(n) or b""))]
    for name in left:
        session.speech.error(f"{to / name}: still holds it: delete it")
    return bool(left)


def _without_tombstones(document: bytes) -> bytes:
    return re.sub(rb"<at:deleted-entry[^>]*>", b"", document)


def _item_named(name: str, council: Council) -> Stored | None:
    """Return the source's item with this id or address."""
    items = council.state.items
    if name.startswith(("http://", "https://")):
        url = address.absolute(name, name)
        return next(iter(items.at([council.key_of(url)])), None) if url else None
    item = items.get(name)
    is_own = name.partition(":")[2].partition(":")[2].split("/")[0] == council.id
    return item if is_own else None
