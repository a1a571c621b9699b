"""Rebuild a lost state from published feeds and exported ledgers.

An item is taken over with its id, its dates and its addresses, but without its text. The text is read again from its
page. Until then the published feeds stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

from feedpub import address
from feedpub.collecting.dedupe.decision import UNREAD_PAGE
from feedpub.content import Article, Gone, Stored
from feedpub.council import Council

if TYPE_CHECKING:
    from feedpub.store.ledger import Ledger, Record

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def recover(council: Council, ledgers: Iterable[Ledger], now: datetime) -> int:
    """Take over the items of these ledgers that the state does not have. Return their number.

    The ledgers come in the order of their age, the newest last. An item that one of them calls withdrawn for good is
    withdrawn, even if the state still has it. Whether the council has taken one down, the newest says. An item that was
    edited since is read again. If ledgers differ in anything else, the latest change wins.
    """
    own = [ledger for ledger in ledgers if ledger.source == council.name_in_ids]
    with council.state.transaction():
        for ledger in own:
            _take_facts(council, ledger, now)
        records = sorted(_merged_records(own), key=lambda r: (r.gone is not None, r.date or now, r.id))
        taken = sum(_take(council, record, now) for record in records)  # an address is first that of a published item
        if taken and council.facts.is_forgone:  # a person went on without others
            council.state.put_facts(replace(council.facts, is_forgone=False))
        return taken


def _take_facts(council: Council, ledger: Ledger, now: datetime) -> None:
    """Take over the domain of the ids, the origin of the items' addresses, and the files that were measured."""
    state, facts = council.state, council.facts
    id_domain = facts.id_domain or ledger.id_domain
    origin = facts.origin or _origin_of(ledger, council.source.home)
    state.put_facts(replace(facts, id_domain=id_domain, origin=origin))
    for medium in ledger.media:
        if not state.media.measured([medium.url]):
            state.media.put_medium(medium.url, medium, now)


def _origin_of(ledger: Ledger, home: str) -> str:
    """Return the origin of a ledger's addresses. It is not that of ``home`` if the council has moved since."""
    urls = [record.url for record in ledger.records if record.url]
    host = address.host(home)
    elsewhere = [url for url in urls if address.host(url) != host]
    return address.origin(elsewhere[0] if elsewhere else home)


def _merged_records(ledgers: Iterable[Ledger]) -> list[Record]:
    """Return each item once, with the surest of its data."""
    records: dict[str, Record] = {}
    for ledger in ledgers:
        for record in ledger.records:
            known = records.get(record.id)
            records[record.id] = _surest(known, record) if known else record
    return list(records.values())


def _surest(known: Record, record: Record) -> Record:
    is_newer = (record.updated or LONG_AGO) >= (known.updated or LONG_AGO)  # of two alike, the newer ledger's
    newer, older = (record, known) if is_newer else (known, record)
    return replace(
        newer,
        url=newer.url or older.url,
        title=newer.title or older.title,
        date=newer.date or older.date,
        aliases=tuple(dict.fromkeys((*known.aliases, *record.aliases))),
        gone=_surest_gone(known.gone, record.gone),
        is_dated=known.is_dated and record.is_dated,
        words=known.words or record.words,
    )


def _surest_gone(known: Gone | None, later: Gone | None) -> Gone | None:
    """Return the withdrawal that counts: a final one, or else what the later ledger says."""
    return known if known and known.is_final else later


def _take(council: Council, record: Record, now: datetime) -> bool:
    """Take over one item. Return whether that changed anything."""
    known = council.state.items.get(record.id)
    if known is None:
        _put(council, record, now)
        return True
    if known.gone and known.gone.is_final:
        return False
    if record.gone and record.gone.is_final:
        council.state.take_out(record.id, record.gone)
        return True
    if record.gone or known.gone:
        return _take_side(council, record, known)
    return _take_edit(council, record, known)


def _take_side(council: Council, record: Record, known: Stored) -> bool:
    """Take over what the council has taken down or put back since. What this state has read later than that counts."""
    visits, url = council.state.visits, known.article.url
    if record.gone and known.gone is None:
        visit = visits.get(url)
        was_there_since = visit and visit.error is None and visit.asked and visit.asked > record.gone.when
        if was_there_since:
            return False
        council.state.items.withdraw(known.id, record.gone)
        return True
    if known.gone and record.gone is None:  # its page says whether it is there; until then it is as one that is lost
        items = council.state.items
        updated = max(record.updated or LONG_AGO, known.updated)
        article = _as_published(known.article, record)
        items.put(
            replace(known, article=article, gone=None, is_read=False, updated=updated), [], items.read_by(known.id)
        )
        visits.look_anew(url, known.id)
        return True
    return False


def _take_edit(council: Council, record: Record, known: Stored) -> bool:
    """Have a known item read again whose page was changed later than the state knows, or has another address since.

    It keeps the date of that. Until it was read, readers still see its last good version.
    """
    updated = max(record.updated or LONG_AGO, known.updated)
    moved_to = _moved_to(council, record, known)
    if updated == known.updated and moved_to is None:
        return False
    items, article = council.state.items, _as_published(known.article, record)
    if moved_to:
        numbers = filter(address.is_numbered, article.addresses)
        article = replace(article, url=moved_to, addresses=(*numbers, moved_to))
    keys = [_key(moved_to)] if moved_to else []
    items.put(replace(known, article=article, updated=updated, is_read=False), keys, items.read_by(known.id))
    council.state.visits.look_anew(article.url, known.id)
    return True


def _as_published(article: Article, record: Record) -> Article:
    """Return an article with the title and the fingerprint of its words that were published last."""
    return replace(article, title=record.title or article.title, text_key=record.words or article.text_key)


def _moved_to(council: Council, record: Record, known: Stored) -> str | None:
    """Return the address that an item has by now; None: that which the state knows, or it is another item's."""
    before = known.article.url
    if not record.url or address.is_of_row(before) or _key(record.url) == _key(before):
        return None
    others = [item for item in council.state.items.at([_key(record.url)]) if item.id != known.id]
    return None if others else record.url


def _put(council: Council, record: Record, now: datetime) -> None:
    items, visits = council.state.items, council.state.visits
    item = _stored(council, record, now)
    addresses = item.article.addresses
    wanted = dict.fromkeys((*map(_key, addresses), *record.aliases))
    link = _key(item.article.url)
    free = {key for key in wanted if not items.at([key])}
    if all(_gives_way(other, item) for other in items.at([link])):
        free.add(link)
    keys = [key for key in wanted if key in free]
    if address.is_of_row(item.article.url):  # it has no page of its own, so it has all that can be had
        items.put(replace(item, is_read=True), keys)
        return
    items.put(item, keys)
    own = item.article.url
    is_own = link in free  # no: an alias that another item has now
    if record.gone is None:
        visits.look_anew(own if is_own else _made_of(council, record), record.id)
    elif is_own and not record.gone.is_final:  # no listing may name it when the council puts it back
        visits.look_anew(own, record.id)


def _gives_way(other: Stored, item: Stored) -> bool:
    """Whether the address of one item went over to another one. It is that of the published item that came last."""
    if item.gone:
        return False
    return other.gone is not None or (other.date, other.id) < (item.date, item.id)


def _stored(council: Council, record: Record, now: datetime) -> Stored:
    when = record.date or (record.gone.when if record.gone else now)
    made_of = _made_of(council, record)
    url = record.url or made_of
    addresses = (made_of, url) if address.is_numbered(made_of) else (url,)
    doubt = None if record.date else UNREAD_PAGE  # the page has the date of what nothing but a tombstone knows
    article = Article(
        url=url, addresses=tuple(dict.fromkeys(addresses)),
        title=record.title, published=record.date if record.is_dated else None, doubt=doubt, blocks=(), text="",
        pictures=(), files=(), categories=(), author=None, text_key=record.words or "",
    )  # fmt: skip
    return Stored(record.id, article, when, record.updated or when, record.gone, is_read=False)


def _made_of(council: Council, record: Record) -> str:
    """Return the address that an id was made of."""
    path = unquote(record.id.partition("/")[2])
    return urljoin(council.source.home, path)


def _key(url: str) -> str:
    """Return the comparing key without the host: all items of a source are on its own hosts."""
    return f"/{address.key(url).partition('/')[2]}"
