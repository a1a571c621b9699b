"""Items that are published no more: taken down by the council, or taken out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from feedpub import address, content
from feedpub.collecting import dedupe
from feedpub.collecting.batches import Guard
from feedpub.edges import Fetch
from feedpub.errors import SourceError
from feedpub.model import Outcome, Source, Verdict, Visit
from feedpub.store import Store

if TYPE_CHECKING:
    from feedpub.content import Stored


def withdraw(source: Source, item: Stored, reason: str, store: Store, now: datetime) -> None:
    """Takes an item out for good, its words too: no page that is read later brings it back."""
    with store.transaction():
        store.withdraw(source.id, item.id, content.Gone(now, content.By.OPERATOR, reason))
        store.erase(source.id, item.id)
    store.vacuum()


def withdraw_gone(source: Source, store: Store, fetch: Fetch, now: datetime, guard: Guard) -> Iterator[Outcome]:
    """Withdraws the items whose pages are gone, each only when it has no other page and no listing names it.

    An item that lives on at another of its addresses goes there. Before any
    is withdrawn the listings are read once more, whatever is "not modified".
    """
    if not guard.is_site_well:
        return
    gone = []
    for item, visits in store.missing(source.id).items():
        lost = [v for v in visits if v.gone_since]
        there = [v for v in visits if not v.gone_since]
        stored = store.item(item)
        if stored is None or not all(dedupe.is_gone(v, now) for v in lost):
            continue
        if there:
            _follow(source, stored, there, store)
        elif any(v.asked == now for v in lost):  # it was said once more
            gone.append((stored, lost))
    named = _named(source, store, fetch, now, guard) if gone else None
    if named is None:
        return
    guard.look_back()
    for stored, lost in gone:
        if any(v.url in named for v in lost):
            continue
        since = min(v.gone_since for v in lost if v.gone_since)
        reason = f"{lost[0].error} since {since:%Y-%m-%d}"
        store.withdraw(source.id, stored.id, content.Gone(now, content.By.COUNCIL, reason))
        guard.withdrawn += 1
        url = stored.article.url
        yield Outcome(url, Verdict.WITHDRAWN, note=f"{stored.id} is withdrawn: {url} {reason}")


def _named(source: Source, store: Store, fetch: Fetch, now: datetime, guard: Guard) -> set[str] | None:
    """What the listings name now; None where one of them cannot be read."""
    from feedpub.collecting import reading, scrape

    named = set(guard.named)
    for url in source.listings:
        try:
            page = fetch(url)
            assert page is not None  # None answers validators, and there were none
            named |= {link.url for link in scrape.read_listing(page, reading.layout_of(source, store)).links}
        except SourceError:
            return None
    return named


def _follow(source: Source, stored: Stored, there: list[Visit], store: Store) -> None:
    """The item's own page is gone and another of its addresses is not: that is its page from now on."""
    own = {address.key(u) for u in (*stored.article.addresses, stored.article.url)}
    living = [v for v in there if v.error is None]
    if not living or any(address.key(v.url) in own for v in there):
        return
    newest = max(living, key=lambda v: (v.asked is not None, v.asked, v.url))
    moved = replace(stored.article, url=newest.url, addresses=(newest.url,))
    store.put(source.id, replace(stored, article=moved), [dedupe.key(newest.url, source)], store.read_by(stored.id))
    store.look_now(source.id, newest.url)
