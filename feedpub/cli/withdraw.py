"""withdraw: take an item out for good and leave a tombstone."""

from __future__ import annotations

import argparse
import re
from html import escape
from pathlib import Path, PurePath

from feedpub import address
from feedpub.cli import FAILED, FINE
from feedpub.cli.announcing import announce
from feedpub.cli.saying import write_files, write_front
from feedpub.cli.session import Session, loaded, on_state, say_try_later, say_try_later_with
from feedpub.cli.speech import Speech, show
from feedpub.collecting.withdrawals import take_out
from feedpub.content import Stored
from feedpub.council import Council
from feedpub.kinds import PAGE, THUMBNAIL, kind_of
from feedpub.publishing.check import document_of
from feedpub.publishing.check.page import without_texts
from feedpub.store import backup

SHORTEST_SIGN, LONGEST_SIGN = 8, 40  # characters of an item by which a file is searched for it


def command(args: argparse.Namespace, speech: Speech) -> int:
    def work(session: Session) -> int:
        return _withdraw(session, args.item, args.reason)

    return on_state(loaded(args), speech, work, say_try_later)


def _withdraw(session: Session, name: str, reason: str) -> int:
    items = [(council, _item_named(name, council)) for council in session.councils]
    matches = [(council, item) for council, item in items if item]
    if not matches:
        session.speech.error(f"{name}: no item has this id or address; `feedpub ledger` lists them")
        return FAILED
    council, item = matches[0]
    with session.store.alone(council.id) as busy:
        if busy:
            return say_try_later_with(council.id, session.speech)
        return _withdraw_from(session, council, item, reason)


def _withdraw_from(session: Session, council: Council, item: Stored, reason: str) -> int:
    if item.gone and item.gone.is_final:
        day = f"{item.gone.when:%Y-%m-%d}"
        session.speech.error(f"{item.id}: was withdrawn on {day} already")
        return FINE
    copies = {copy.file for copy in council.state.thumbnails.of(item.id).values()}
    take_out(council, item, reason, session.now)
    session.store.keep_copy(session.now, at_once=True)  # no file may contain its words, the copy included
    show([f"{item.id}: withdrawn for good: {item.article.title}"])
    is_well = write_files(session, council)
    is_well &= write_front(session)
    is_well = is_well and not _is_still_published(session, council, item, copies)
    is_well &= not _is_left_aside(session, item)
    announce(session)
    return FINE if is_well else FAILED


def _is_still_published(session: Session, council: Council, item: Stored, copies: set[str]) -> bool:
    """Whether a withdrawn item is still in a file. A feed is never emptied, not even for this.

    ``copies`` are those of its pictures; another item may show one of them, too.
    """
    place = session.place
    names = [name for folder in (council.id, *council.left) for name in place.names(folder)]
    unused = copies - council.state.thumbnails.files()
    of_its_own = {f"{folder}/{file}" for folder in (council.id, *council.left) for file in unused}
    left = [name for name in names if name in of_its_own]
    texts = [name for name in names if kind_of(name) is not THUMBNAIL]
    left += [name for name in (PAGE.name, *texts) if _is_in(item, name, place.read(name) or b"")]
    for name in left:
        session.speech.error(f"{place.address(name)}: still contains the item; delete this file")
    return bool(left)


def _is_in(item: Stored, name: str, data: bytes) -> bool:
    """Whether a file has an item. That another item's text leads to its page is not enough: the text is the council's.

    On a page, a link outside of the texts is the item's own, as any may be in a feed that cannot be read.
    """
    kind = kind_of(name)
    document = document_of(data, kind) if kind else None
    if document:
        return item.id in {one.id for one in document.items}
    if name.endswith(PurePath(PAGE.name).suffix):
        data = without_texts(data)
    signs = (item.id, escape(item.article.url))
    return re.search('(?:{}|{})[<"]'.format(*map(re.escape, signs)).encode(), data) is not None


def _is_left_aside(session: Session, item: Stored) -> bool:
    """Whether a file that was set aside still has a withdrawn item. A damaged one cannot be cleaned, so it is named."""
    article = item.article
    sentences = (line.strip()[:LONGEST_SIGN] for line in article.text.splitlines())
    signs = [sign.encode() for sign in (item.id, article.url, article.title, *sentences) if len(sign) >= SHORTEST_SIGN]
    is_left = False
    place = session.settings.state
    for path in backup.left_aside(place) if isinstance(place, Path) else ():
        try:
            data = path.read_bytes()
        except OSError as error:
            session.speech.error(f"{path}: cannot be read: {error.strerror or error}; it may contain the item")
            is_left = True
            continue
        if any(sign in data for sign in signs):
            session.speech.error(f"{path}: was set aside and still contains the item; delete this file")
            is_left = True
    return is_left


def _item_named(name: str, council: Council) -> Stored | None:
    """Return the source's item with this id or address."""
    items = council.state.items
    if name.startswith(("http://", "https://")):
        url = address.absolute(name, name)
        matches = items.at([council.key_of(url)]) if url else []
        return matches[0] if matches else None
    path = name.partition(":")[2].partition(":")[2]  # tag:DOMAIN,YEAR:SOURCE/PATH
    is_own = path.partition("/")[0] == council.name_in_ids
    return items.get(name) if is_own else None
