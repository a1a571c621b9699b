"""Withdraw items: those that the council has taken down, and those that a person takes out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from feedpub import address
from feedpub.collecting import batches
from feedpub.collecting.dedupe import schedule
from feedpub.collecting.run import Run
from feedpub.content import By, Gone, Listing, Stored
from feedpub.council import Council
from feedpub.errors import SourceError
from feedpub.model import Outcome, Verdict, Visit

WITNESSES = 3  # articles that are asked for before an item is withdrawn, until one of them is there
FURTHER_ID = re.compile(r"~\d+$")


def take_out(council: Council, item: Stored, reason: str, now: datetime) -> None:
    """Take an item out for good, together with its words. No page that is read later brings it back."""
    council.state.take_out(item.id, Gone(now, By.OPERATOR, reason))
    council.state.store.db.vacuum()


def withdraw_missing(run: Run) -> Iterator[Outcome]:
    """Withdraw the items whose pages are gone, or have been another article's for days."""
    if not run.is_site_well:
        return
    lost = [*_missing(run), *_given_away(run)]
    if lost:
        batches.look_back(run)
    for item, reason in lost:
        run.state.items.withdraw(item.id, Gone(run.now, By.COUNCIL, reason))
        run.findings.withdrawn += 1
        run.findings.gone.add(item.id)
        url = item.article.url
        yield Outcome(url, Verdict.WITHDRAWN, note=f"{item.id} is withdrawn: {url} {reason}")


def _missing(run: Run) -> Iterator[tuple[Stored, str]]:
    """Yield the items whose pages are gone, with the reason, unless they have another page or a listing names them.

    Before that, read the listings once more, even those that are "not modified". Then look whether any article is
    there: a site that is half broken may answer for days that none is. At last turn the listings' pages back.
    """
    gone = _gone_items(run)
    listings = _listings_now(run) if gone else None
    if listings is None:
        return
    named = run.named.union(link.url for listing in listings for link in listing.links)
    unnamed = [(item, visits) for item, visits in gone if not any(v.url in named for v in visits)]
    if not unnamed or not _is_an_article_there(run):
        return
    from feedpub.collecting import seeking  # see the package: most runs withdraw nothing

    kept = seeking.not_to_withdraw(run, listings, unnamed)
    for item, visits in unnamed:
        if item.id not in kept:
            since = min(v.gone_since for v in visits if v.gone_since)
            yield item, f"{visits[0].error} since {since:%Y-%m-%d}"


def _is_an_article_there(run: Run) -> bool:
    """Whether one of the articles that were read last can be read now, or none was ever read."""
    from feedpub.collecting import reading  # see the package: most runs withdraw nothing

    witnesses = run.state.visits.last_reads(WITNESSES)
    for visit in witnesses:
        if visit.asked == run.now:
            return True
        try:
            reading.read_visited(run, run.pages.page(visit.url), visit)
        except SourceError:
            continue
        return True
    return not witnesses


def _given_away(run: Run) -> Iterator[tuple[Stored, str]]:
    """Yield the items whose page has been another article's for days, with the reason. They have no other page.

    Looked for where that article was looked at now: its id says that an earlier one had the address.
    """
    items, visits = run.state.items, run.state.visits
    for url in sorted(run.looked_at):
        visit = visits.get(url)
        successor = items.get(visit.item) if visit and visit.item and FURTHER_ID.search(visit.item) else None
        if successor is None or successor.gone or run.now - successor.first_seen < schedule.GONE_FOR:
            continue
        given = {*successor.article.all_addresses, *(one.url for one in visits.of_item(successor.id))}
        for item in filter(None, map(items.get, _earlier_ids(successor.id))):
            is_published = item.gone is None and item.is_read
            if is_published and item.article.url in given and not visits.of_item(item.id):
                yield item, f"is another article's since {successor.first_seen:%Y-%m-%d}"


def _earlier_ids(further: str) -> Iterator[str]:
    """Yield the ids that an address gave before this one (see ``keeping.free_id``)."""
    first, _, number = further.rpartition("~")
    yield first
    for n in range(2, int(number)):
        yield f"{first}~{n}"


def _gone_items(run: Run) -> list[tuple[Stored, list[Visit]]]:
    """Return the items that this run has found to be gone once more. An item with another page moves to that page."""
    gone = []
    for item_id, visits in run.state.visits.missing().items():
        lost = [v for v in visits if v.gone_since]
        there = [v for v in visits if not v.gone_since]
        item = run.state.items.get(item_id)
        is_lost = all(schedule.is_gone(visit, run.now) for visit in lost)
        if item is None or not is_lost:
            continue
        if there:
            _follow(run, item, there)
        elif any(v.asked == run.now for v in lost):
            gone.append((item, lost))
    return gone


def _listings_now(run: Run) -> list[Listing] | None:
    """Return the first pages of the listings as they are now. None: one cannot be read."""
    from feedpub.collecting import listed  # see the package: most runs withdraw nothing

    try:
        return [listed.by_layout(run, run.pages.page(url)) for url in run.source.listings]
    except SourceError:
        return None


def _follow(run: Run, item: Stored, there: list[Visit]) -> None:
    """If an item's own page is gone and another of its addresses is not, make the latter its page."""
    own = set(map(address.key, item.article.all_addresses))
    has_own_page = any(address.key(visit.url) in own for visit in there)
    living = [visit for visit in there if visit.error is None]
    if has_own_page or not living:
        return
    newest = max(living, key=lambda v: (v.asked is not None, v.asked, v.url))
    article = replace(item.article, url=newest.url, addresses=(newest.url,))
    items = run.state.items
    keys = [run.council.key_of(newest.url)]
    items.put(replace(item, article=article), keys, items.read_by(item.id))
    run.state.visits.look_now(newest.url, item.id)
