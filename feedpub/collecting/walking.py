"""Walk a listing back, page by page, for the older news."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from feedpub import address
from feedpub.collecting import naming, reading, rows
from feedpub.collecting.run import Reach, Run
from feedpub.content import Link, Listing
from feedpub.model import Outcome, Reading


def walk_back(run: Run, start: str, reach: Reach) -> Iterator[Outcome]:
    """Walk a listing back as far as ``reach`` says, and remember the articles on its pages."""
    is_whole = reach.pages is None and len(run.source.listings) == 1  # only a whole walk of one listing can be resumed
    resumed = run.council.facts.backfill if is_whole else None
    url: str | None = resumed or start
    seen: set[tuple[str, ...]] = set()
    number = 0
    while url and (reach.pages is None or number < reach.pages):
        if is_whole:
            _resume_at(run, url)
        outcomes, listing = naming.turn_page(run, url)
        yield from outcomes
        if listing is None:
            if url == resumed and not outcomes[-1].is_unserved:  # twice in vain: it may be gone for good; begin again
                _resume_at(run, None)
            return
        run.is_site_well = True
        links = tuple(link.url for link in listing.links)
        run.named.update(links)
        if links in seen:
            break  # beyond its end, a listing may answer its last page for ever
        seen.add(links)
        _remember_page(run, url, _not_before(run, listing, reach.since), number)
        yield from rows.keep_rows(run, start, listing)
        if listing.links and _is_before(run, listing.links[-1], reach.since):
            break
        url, number = listing.next_page, number + 1
    if is_whole:
        _resume_at(run, None)


def _remember_page(run: Run, url: str, listing: Listing, number: int) -> None:
    with run.state.transaction():
        naming.remember(run, listing, _first_rank(url, number))
        if url in run.source.listings:
            run.state.visits.arrived(url, run.now, Reading(words=naming.READ), is_listing=True)
        naming.note_site(run, url, listing)


def _resume_at(run: Run, url: str | None) -> None:
    run.state.put_facts(replace(run.council.facts, backfill=url))


def _first_rank(url: str, number: int) -> int:
    """Return the rank of a page's first article. A resumed walk counts on from the number in the address."""
    digits = address.key(url).rpartition("=")[2]
    is_number = digits.isdigit() and len(digits) < 6
    shown = int(digits) if is_number else 0
    return max(number, shown) * naming.RANKS_A_PAGE


def _not_before(run: Run, listing: Listing, since: datetime | None) -> Listing:
    """Return the listing without the links that are older than a day."""
    links = [link for link in listing.links if not _is_before(run, link, since)]
    return replace(listing, links=tuple(links))


def _is_before(run: Run, link: Link, since: datetime | None) -> bool:
    if since is None:
        return False
    date = reading.listed_date(run.council, link.date)
    return date is not None and date < since
