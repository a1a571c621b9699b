"""The flow: collect a source, visit one article, emit its feeds.

Each verb does its part and knows no other; they are joined here, by values.
This is the only place where a source's error becomes a value: what one page
does wrong never stops the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from feedpub import address, content, council
from feedpub.collecting import articles, dedupe, reading
from feedpub.collecting.batches import Guard, is_at_rest
from feedpub.collecting.explaining import Told, identity_of
from feedpub.collecting.reading import explore
from feedpub.collecting.recovery import recover
from feedpub.collecting.withdrawals import withdraw
from feedpub.edges import Fetch, Track, untracked
from feedpub.errors import Held, LedAway, Resting, SourceError
from feedpub.model import Outcome, Site, Source, Validators, Verdict
from feedpub.store import Store

if TYPE_CHECKING:
    from feedpub.content import Link, Listing, Page

Answer = TypeVar("Answer", content.Page, content.Page | content.NotModified)

__all__ = ["Fetch", "Told", "Track", "backfill", "collect", "explore", "identity_of", "recover", "withdraw"]

# scrape, normalize, learn, feed and check are imported where they are needed: a run that finds nothing new needs none
# of them, and lxml, bs4, nh3 and feedgen behind them cost ten times what the rest of such a run does.

CLOCKS_DIFFER = timedelta(hours=1)
READ_WHOLE = timedelta(days=1)  # so often a listing is asked for in full: some caches say "not modified" for ever
CLOCK_BEHIND = timedelta(days=1)
CATCH_UP = 20  # listing pages that a run turns back at most, beyond those that it knows, to find where it left off
RANKS_A_PAGE = 1000  # a listing page names fewer articles than this


# ------------------------------------------------------------ collect


def collect(
    source: Source, store: Store, fetch: Fetch, now: datetime, track: Track = untracked, *, is_accepted: bool = False
) -> Iterator[Outcome]:
    """Looks at the source's listings and visits what is new or due; one outcome a page that was asked for.

    An outcome is handed on when what it speaks of is kept. What is too odd is
    not kept at all, unless ``is_accepted``: the one outcome then says so.
    """
    if stopped := is_at_rest(source, store, now, is_accepted=is_accepted):
        yield stopped
        return
    guard = Guard(source, store, now, is_accepted)
    yield from guard.settled(_collect(source, store, fetch, now, track, guard))


def _collect(
    source: Source, store: Store, fetch: Fetch, now: datetime, track: Track, guard: Guard
) -> Iterator[Outcome]:
    fetch, source = _begin(source, store, fetch, now, guard)
    is_first_run = not store.has_items(source.id)
    fresh: set[str] = set()  # what this run's listings name comes before any backlog
    for url in source.listings:
        yield from _look(source, url, store, fetch, now, fresh, guard, is_first_run=is_first_run)
    if guard.is_refused:
        return
    guard.judge()  # too many new ones need not be read first
    yield from articles.visit_all(council.at_home(source, store), store, fetch, now, track, fresh, guard)


def backfill(
    source: Source,
    store: Store,
    fetch: Fetch,
    now: datetime,
    *,
    pages: int | None = None,
    since: datetime | None = None,
    track: Track = untracked,
    is_accepted: bool = False,
) -> Iterator[Outcome]:
    """Walks the listings back, page by page, then visits all that they named.

    The walk ends after ``pages`` pages, before the first page older than
    ``since``, or with the listing itself. What it found is kept batch by
    batch, so an interrupted backfill goes on where it was.
    """
    if stopped := is_at_rest(source, store, now, is_accepted=is_accepted):
        yield stopped
        return
    guard = Guard(source, store, now, is_accepted, command="backfill")
    yield from guard.settled(_backfill(source, store, fetch, now, pages, since, track, guard))


def _backfill(
    source: Source, store: Store, fetch: Fetch, now: datetime, pages: int | None, since: datetime | None,
    track: Track, guard: Guard,
) -> Iterator[Outcome]:  # fmt: skip
    fetch, source = _begin(source, store, fetch, now, guard)
    for start in source.listings:
        yield from _walk(source, start, store, fetch, now, pages, since, guard)
    yield from articles.visit_all(source, store, fetch, now, track, set(), guard)


def _begin(source: Source, store: Store, fetch: Fetch, now: datetime, guard: Guard) -> tuple[Fetch, Source]:
    """What every walk begins with: where the council is at home, and what time it is."""
    council.settle(source, store, is_accepted=guard.is_accepted)
    looked = store.looked(source.id)
    if looked and looked - now > CLOCKS_DIFFER:
        guard.last_looked = looked
        store.turn_back(source.id, now)
    source = council.at_home(source, store)
    return reading.prepare(source, store, fetch), source


def _look(
    source: Source, url: str, store: Store, fetch: Fetch, now: datetime, fresh: set[str], guard: Guard, *,
    is_first_run: bool,
) -> Iterator[Outcome]:  # fmt: skip
    """Looks at one listing. After a pause it turns back the pages until it meets what it knows."""
    visit = store.visit(source.id, url)
    if visit and not guard.is_accepted and (later := dedupe.not_before(visit, now)):
        guard.is_refused |= visit.status in dedupe.REFUSED
        message = f"{url}: {visit.error}; it is not asked for before {later:%Y-%m-%d %H:%M} UTC"
        yield Outcome(url, None, message, is_unserved=True, is_said=True)
        return
    is_first_look = visit is None or visit.words is None
    owed = store.behind(source.id, url)
    is_known = reading.is_known(source, store)
    listing = None
    try:
        is_fresh = visit is not None and visit.asked is not None and timedelta(0) <= now - visit.asked < READ_WHOLE
        is_enough = is_known and not owed and not guard.is_accepted and is_fresh  # that nothing has changed
        validators = visit.validators if visit and is_enough else Validators()
        page = _listing_page(source, url, partial(fetch.page_if_changed, url, validators), store, guard)
        if not isinstance(page, content.NotModified):
            _require_clock(page, now, guard)
            listing, said = reading.listing(page, source, store, fetch, now)
            yield from said
    except Held:
        raise
    except Resting as error:
        yield Outcome(url, None, str(error), is_unserved=True, is_said=error.is_said)
        return
    except SourceError as error:
        guard.is_refused |= articles.is_refused(error)
        store.failed(source.id, url, now, error, listing=True)
        yield Outcome(url, None, str(error), is_unserved=articles.is_unserved(error))
        return
    if isinstance(page, content.NotModified) or listing is None:
        if visit and visit.error:
            store.visited(source.id, url, now, listing=True)
        guard.is_site_well = True
        yield Outcome(url, Verdict.UNCHANGED)
        return
    source = council.at_home(source, store)  # by another host, perhaps, from now on
    guard.is_site_well = True
    guard.named |= {link.url for link in listing.links}
    with store.transaction():
        new = _name(source, listing, 0, store, now)
        if url == source.listings[0]:
            store.put_site(source.id, _site(store.site(source.id), listing.site))
        if new or not is_fresh or visit is None or visit.error or visit.validators != page.validators:
            # What may be half a page on a site not known yet must come whole the next time.
            whole = page.validators if listing.site.closes_pages or not is_first_run else Validators()
            store.visited(source.id, url, now, whole, listing=True, words="read")
        is_all_new = not is_first_look and listing.links[-1].url in new
        if is_all_new and not owed:
            store.put_behind(source.id, url, 1)
    fresh |= {url for url, is_first in new.items() if is_first}
    guard.fresh |= set() if is_first_look else fresh  # of a listing that nobody has read before all is new
    yield Outcome(url, Verdict.CHANGED if new else Verdict.UNCHANGED)
    if is_all_new or owed:
        yield from _catch_up(source, url, listing, owed, store, fetch, now, fresh, guard, shifted=int(is_all_new))


def _require_clock(page: Page, now: datetime, guard: Guard) -> None:
    """Raises Held where this machine's clock is behind, as the state and the site's clock both say.

    By it, news would lie in the future, and be dated by it for good.
    """
    if guard.last_looked and page.served and page.served - now > CLOCK_BEHIND:
        raise Held(
            page.url,
            f"this machine's clock says {now:%Y-%m-%d %H:%M} UTC, the site's {page.served:%Y-%m-%d %H:%M}, and the"
            f" state is of {guard.last_looked:%Y-%m-%d %H:%M}: set the clock right",
        )


def _listing_page(source: Source, url: str, ask: Callable[[], Answer], store: Store, guard: Guard) -> Answer:
    """A listing's page. Raises Held where it leads to a host that is not the council's, as far as anyone has said."""
    try:
        page = ask()
    except LedAway as error:
        raise _away(url, error.reason) from error
    if isinstance(page, content.Page) and address.host(page.url) not in dedupe.hosts(source):
        if not guard.is_accepted:
            raise _away(url, f"leads to another site: {page.url}")
        store.put_led_to(source.id, address.host(page.url))
    return page


def _away(url: str, why: str) -> Held:
    return Held(
        url,
        f"{why}; if the council has moved, set home and listings to its new address and"
        f" formerly = [{address.host(url)!r}] in its [[source]]",
    )


def _site(known: Site, seen: Site) -> Site:
    """What a page tells of its site; that the site closes its pages is not unsaid by one that was cut short."""
    return replace(seen, closes_pages=seen.closes_pages or known.closes_pages)


def _name(source: Source, listing: Listing, first_rank: int, store: Store, now: datetime) -> dict[str, bool]:
    """Keeps what the listing names. The articles that are new to us, and whether this is the first we hear of them.

    A known article at another address of its own (the council has moved, say)
    is asked for like a new one, and is none.
    """
    for link in listing.links:
        visit = store.visit(source.id, link.url)
        if visit and visit.asked and link.date != visit.date and _is_other_date(link.date, visit.date, source, store):
            store.name_again(source.id, link)
    links = [reading.settled(link, source, store, now) for link in listing.links]
    unasked = store.name_links(source.id, links, first_rank)
    return {url: first for url, first in unasked.items() if not store.at(source.id, [dedupe.key(url, source)])}


def _is_other_date(shown: str | None, known: str | None, source: Source, store: Store) -> bool:
    """Whether two strings of a listing are different dates: ages, such as «2 години тому», are none."""
    dates = [reading.date(shown, source, store), reading.date(known, source, store)]
    return None not in dates and dates[0] != dates[1]


def _catch_up(
    source: Source,
    url: str,
    listing: Listing,
    owed: int,
    store: Store,
    fetch: Fetch,
    now: datetime,
    fresh: set[str],
    guard: Guard,
    *,
    shifted: int,
) -> Iterator[Outcome]:
    """Turns back the pages of a listing until it meets what it knows.

    As long as a page's last article is new, the next page may hold more that
    is. Where a page fails, the next run turns back as far again, past all that
    is known by then: ``owed`` is how many pages it must turn at least,
    ``shifted`` by how many newer articles have moved the rest on since.
    """
    is_news = bool(shifted)
    reach = owed + shifted + CATCH_UP
    for n in range(1, reach):
        if not listing.next_page:
            break
        store.put_behind(source.id, url, max(owed + shifted, n))
        outcomes, following = _turn(source, listing.next_page, store, fetch, now, guard)
        yield from outcomes
        if following is None:
            return
        listing = following
        with store.transaction():
            new = _name(source, listing, n * RANKS_A_PAGE, store, now)
        fresh |= {url for url, is_first in new.items() if is_first}
        guard.fresh |= set() if owed else fresh  # what a former run has left over is not of today
        is_last_new = listing.links[-1].url in new
        is_news = is_news and is_last_new
        shifted += is_news
        if not is_last_new and n >= owed + shifted:
            break
    else:
        store.put_behind(source.id, url, reach)
        yield Outcome(url, None, f"{url}: {reach - 1} pages were turned back and there are more; the next run goes on")
        return
    store.put_behind(source.id, url, 0)


def _turn(
    source: Source, url: str, store: Store, fetch: Fetch, now: datetime, guard: Guard
) -> tuple[list[Outcome], Listing | None]:
    """Looks at an older listing page, whose outcome only this walk wants to know."""
    try:
        page = _listing_page(source, url, partial(fetch.page, url), store, guard)
        listing, said = reading.listing(page, source, store, fetch, now)
    except Held:
        raise
    except SourceError as error:
        is_said = isinstance(error, Resting) and error.is_said
        return [Outcome(url, None, str(error), is_unserved=articles.is_unserved(error), is_said=is_said)], None
    return [*said, Outcome(url, Verdict.UNCHANGED)], listing


def _walk(
    source: Source, start: str, store: Store, fetch: Fetch, now: datetime, pages: int | None, since: datetime | None,
    guard: Guard,
) -> Iterator[Outcome]:  # fmt: skip
    is_whole = pages is None and len(source.listings) == 1  # only a whole walk of one listing can be resumed
    resumed = store.backfill(source.id) if is_whole else None
    url: str | None = resumed or start
    seen: set[tuple[str, ...]] = set()
    number = 0
    while url and (pages is None or number < pages):
        if is_whole:
            store.put_backfill(source.id, url)
        outcomes, listing = _turn(source, url, store, fetch, now, guard)
        yield from outcomes
        if listing is None:
            if url == resumed and not outcomes[-1].is_unserved:  # twice in vain: it may be gone for good; begin anew
                store.put_backfill(source.id, None)
            return
        source = council.at_home(source, store)
        links = tuple(link.url for link in listing.links)
        guard.is_site_well = True
        guard.named.update(links)
        if links in seen:
            break  # beyond its end, a listing may answer its last page for ever
        seen.add(links)
        wanted = replace(listing, links=tuple(k for k in listing.links if not _is_before(k, since, source, store)))
        with store.transaction():
            _name(source, wanted, _page_rank(url, number), store, now)
            if url == start:
                store.visited(source.id, url, now, listing=True, words="read")
            if url == source.listings[0]:
                store.put_site(source.id, _site(store.site(source.id), listing.site))
        if _is_before(listing.links[-1], since, source, store):
            break
        url, number = listing.next_page, number + 1
    if is_whole:
        store.put_backfill(source.id, None)


def _page_rank(url: str, number: int) -> int:
    """The rank of a page's first article; a walk that was resumed counts on from the number in the address."""
    digits = address.key(url).rpartition("=")[2]
    return max(number, int(digits) if digits.isdigit() and len(digits) < 6 else 0) * RANKS_A_PAGE


def _is_before(link: Link, since: datetime | None, source: Source, store: Store) -> bool:
    date = reading.date(link.date, source, store) if since else None
    return date is not None and since is not None and date < since
