"""A state that was lost, rebuilt: what stands in published feeds and in exported ledgers is taken as evidence.

An item is taken over with its id, its dates and its addresses, not with its text: that is read again from its page.
Until it is, the published feeds stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

from feedpub import address, content
from feedpub.model import Source
from feedpub.store import Store

if TYPE_CHECKING:
    from feedpub.store.ledger import Ledger, Record

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def recover(source: Source, store: Store, ledgers: Iterable[Ledger], now: datetime) -> int:
    """Takes over the items of these ledgers that the state does not have. How many they were.

    Where ledgers differ, an item that one of them calls withdrawn is
    withdrawn, also where the state has it still; else the latest change wins.
    """
    own = [ledger for ledger in ledgers if ledger.source == source.id]
    taken = 0
    with store.transaction():
        for ledger in own:
            if store.authority(source.id) is None:
                store.put_authority(source.id, ledger.authority)
            elsewhere = [r.url for r in ledger.records if r.url and address.host(r.url) != address.host(source.home)]
            if store.origin(source.id) is None:  # elsewhere: it has moved since
                store.put_origin(source.id, address.origin((*elsewhere, source.home)[0]))
            for medium in ledger.media:
                if not store.media([medium.url]):
                    store.put_medium(source.id, medium.url, medium, now)
        for record in sorted(_merged(own), key=lambda r: (r.date or now, r.id)):
            taken += _take(source, record, store, now)
    return taken


def _merged(ledgers: Iterable[Ledger]) -> list[Record]:
    """Each item once, with what is surest of it."""
    found: dict[str, Record] = {}
    for record in (r for ledger in ledgers for r in ledger.records):
        known = found.setdefault(record.id, record)
        gone = next((r.gone for r in (known, record) if r.gone and r.gone.is_final), known.gone)
        newer = record if (record.updated or LONG_AGO) > (known.updated or LONG_AGO) else known
        other = known if newer is record else record
        found[record.id] = replace(
            newer, url=newer.url or other.url, title=newer.title or other.title, date=newer.date or other.date,
            aliases=tuple(dict.fromkeys((*known.aliases, *record.aliases))), gone=gone,
            is_dated=known.is_dated and record.is_dated, words=known.words or record.words,
        )  # fmt: skip
    return list(found.values())


def _take(source: Source, record: Record, store: Store, now: datetime) -> bool:
    """Whether the item was taken over. One that the state has already is withdrawn, if the record says so."""
    known = store.item(record.id)
    if known and record.gone and record.gone.is_final and known.gone is None:
        store.withdraw(source.id, record.id, record.gone)
        store.erase(source.id, record.id)
        return True
    if known:
        return False
    when = record.date or (record.gone.when if record.gone else now)
    made_of = urljoin(source.home, unquote(record.id.partition("/")[2]))
    url = record.url or made_of
    article = content.Article(
        url=url, addresses=tuple(dict.fromkeys((made_of, url) if address.is_numbered(made_of) else (url,))),
        title=record.title, published=when if record.is_dated else None, doubt=None, blocks=(), text="", pictures=(),
        files=(), categories=(), author=None, text_key=record.words or "",
    )  # fmt: skip
    wanted = (*(_key(u) for u in article.addresses), *record.aliases)
    keys = [k for k in dict.fromkeys(wanted) if not store.at(source.id, [k])]
    item = content.Stored(record.id, article, when, record.updated or when, record.gone, is_read=False)
    store.put(source.id, item, keys)
    if record.gone is None:
        page = url if _key(url) in keys else made_of  # an alias that another item has now
        store.look_now(source.id, page)
        store.expect_item(source.id, page, record.id)
    return True


def _key(url: str) -> str:
    """The comparing key, whatever the host: a source's own items stand on the source's own hosts."""
    return f"/{address.key(url).partition('/')[2]}"
