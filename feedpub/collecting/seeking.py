"""Look at the further pages of the listings: for what came late, and for items whose pages are gone.

A run reads the first page of a listing alone. What is published with an older date stands below that. And an article
there may have got another title and another address. Its place among the others is still the same, so that is where it
is looked for before its item is withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta

from feedpub.collecting import fleeting, listed, naming, renaming
from feedpub.collecting.dedupe import schedule
from feedpub.collecting.run import Run
from feedpub.content import Link, Listing, Stored
from feedpub.errors import SourceError
from feedpub.model import Visit

LATELY = timedelta(days=7)  # a draft may be that old when it is published, and have the date when it was written
PAGES_A_DAY = 4  # further pages of a listing, at most, on which late articles are looked for,
LATE_A_DAY = 5  # and such articles that are taken: many that nobody knows are an archive, not late news
GIVEN_UP_AFTER = 2 * schedule.GONE_FOR  # a page of a listing that keeps failing puts a withdrawal off no longer


def look_for_late(run: Run, front: Listing) -> None:
    """Turn back the pages of the last days. Remember articles among the known ones there that nobody knew.

    They are asked for like new ones. Should a page fail, the next day's look finds them.
    """
    oldest = run.now - LATELY
    listing, _ = _turned_back(run, front, oldest, PAGES_A_DAY)
    recent = [between for above, between, _ in _gaps(run, listing.links) if above and above.date >= oldest]
    unknown = [link.url for between in recent for link in between if run.state.visits.get(link.url) is None]
    run.first_named |= _remember(run, listing, set(unknown[:LATE_A_DAY]))


def not_to_withdraw(run: Run, fronts: Sequence[Listing], gone: Sequence[tuple[Stored, list[Visit]]]) -> set[str]:
    """Return the ids of those items that are not to be withdrawn now, of those whose pages are gone.

    A listing names them on a further page, or an article at their place that is still to be read: the next run asks for
    it. Or such a page fails. ``fronts`` are the first pages of the listings. Old items are not looked for: nobody edits
    their addresses, and the way is long.
    """
    recent = {item.id for item in run.state.items.newest(renaming.RECENT)}
    sought = [(item, visits) for item, visits in gone if item.id in recent]
    kept: set[str] = set()
    for front in fronts if sought else ():
        listing, is_whole = _turned_back(run, front, min(item.date for item, _ in sought), naming.CATCH_UP)
        named = {link.url for link in listing.links}
        for item, visits in sought:
            is_named = any(visit.url in named for visit in visits)
            since = min(visit.gone_since for visit in visits if visit.gone_since)
            may_be_behind = not is_whole and run.now - since < GIVEN_UP_AFTER
            if is_named or may_be_behind or _is_one_to_read(run, listing, item):
                kept.add(item.id)
    return kept


def _turned_back(run: Run, front: Listing, oldest: datetime, most: int) -> tuple[Listing, bool]:
    """Return a listing down to the place of that instant, and whether each page on the way could be read.

    ``most`` is how many further pages are asked for at most.
    """
    links: dict[str, Link] = {}
    listing = fleeting.settled(run, front)
    is_whole = True
    for n in range(most + 1):
        further = [link for link in listing.links if link.url not in links]
        links |= {link.url: link for link in further}
        if not further or n == most or not listing.next_page or _reaches(run, listing, oldest):
            break
        try:
            listing = fleeting.settled(run, listed.by_layout(run, run.pages.page(listing.next_page)))
        except SourceError:
            is_whole = False
            break
    return replace(front, links=tuple(links.values())), is_whole


def _reaches(run: Run, listing: Listing, oldest: datetime) -> bool:
    """Whether the last known article on a page is older than that."""
    last = next((item for link in reversed(listing.links) if (item := _item_at(run, link))), None)
    return last is not None and last.date < oldest


def _is_one_to_read(run: Run, listing: Listing, item: Stored) -> bool:
    """Whether an article that is still to be read stands at an item's place. One that nobody knew is remembered."""
    at_place = {
        link.url
        for above, between, below in _gaps(run, listing.links)
        if below.date <= item.date and (above is None or item.date <= above.date)
        for link in between
    }
    visits = run.state.visits
    _remember(run, listing, {url for url in at_place if visits.get(url) is None})
    return any(_is_to_be_read(visits.get(url)) for url in at_place)


def _gaps(run: Run, links: Sequence[Link]) -> Iterator[tuple[Stored | None, list[Link], Stored]]:
    """Yield the items of a listing, each with the one above it and the articles without an item between the two."""
    above: Stored | None = None
    between: list[Link] = []
    for link in links:
        known = _item_at(run, link)
        if known is None:
            between.append(link)
            continue
        yield above, between, known
        above, between = known, []


def _remember(run: Run, listing: Listing, unknown: Set[str]) -> set[str]:
    """Remember these articles of a listing. Return those that nobody has asked for."""
    # The order of the known ones around them tells the year of a date that has none.
    links = [link for link in listing.links if link.url in unknown or _item_at(run, link)]
    with run.state.transaction():
        return unknown & naming.remember(run, replace(listing, links=tuple(links)), 0).keys()


def _is_to_be_read(visit: Visit | None) -> bool:
    return visit is not None and (visit.asked is None or 0 < visit.failures < schedule.PATIENCE)


def _item_at(run: Run, link: Link) -> Stored | None:
    return next(iter(run.state.items.at([run.council.key_of(link.url)])), None)
