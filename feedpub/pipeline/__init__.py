"""The flow: collect a source, visit one article, emit its feeds.

Each verb does its part and knows no other; they are joined here, by values.
This is the only place where a source's error becomes a value: what one page
does wrong never stops the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from feedpub import address, dedupe
from feedpub.errors import FetchError, LayoutError, SourceError
from feedpub.model import Article, Link, Listing, Outcome, Site, Source, Stored, Validators, Verdict, Visit
from feedpub.pipeline import reading
from feedpub.pipeline.edges import Fetch, Measure, Publish, Track, untracked
from feedpub.pipeline.emission import Emission, Target, emit, is_emitted, measure, note_success
from feedpub.pipeline.identity import authority
from feedpub.pipeline.reading import explore
from feedpub.store import Store

__all__ = [
    "Emission", "Fetch", "Measure", "Publish", "Target", "Track", "backfill", "collect", "emit", "explore",
    "is_emitted", "measure", "note_success",
]  # fmt: skip

# scrape, normalize, learn, feed and check are imported where they are needed: a run that finds nothing new needs none
# of them, and lxml, bs4, nh3 and feedgen behind them cost ten times what the rest of such a run does.

CATCH_UP = 20  # listing pages that a run turns back at most, beyond those that it knows, to find where it left off
RANKS_A_PAGE = 1000  # a listing page names fewer articles than this
SEVERAL = 3  # articles that are laid out otherwise, and none as known, tell of a site that was rebuilt
UNSERVED = 2  # pages in a row that a server does not answer before the rest is left for the next run


# ------------------------------------------------------------ collect


def collect(source: Source, store: Store, fetch: Fetch, now: datetime, track: Track = untracked) -> Iterator[Outcome]:
    """Looks at the source's listings and visits what is new or due; one outcome a page that was asked for."""
    fetch = reading.prepare(source, store, fetch)
    is_first_run = store.count(source.id) == 0
    fresh: set[str] = set()  # what this run's listings name comes before any backlog
    for url in source.listings:
        yield from _look(source, url, store, fetch, now, fresh, is_first_run=is_first_run)
    yield from _visit_all(source, store, fetch, now, track, fresh)


def backfill(
    source: Source,
    store: Store,
    fetch: Fetch,
    now: datetime,
    *,
    pages: int | None = None,
    since: datetime | None = None,
    track: Track = untracked,
) -> Iterator[Outcome]:
    """Walks the listings back, page by page, then visits all that they named.

    The walk ends after ``pages`` pages, before the first page older than
    ``since``, or with the listing itself. What it found is kept at once, so an
    interrupted backfill goes on where it was.
    """
    fetch = reading.prepare(source, store, fetch)
    for start in source.listings:
        yield from _walk(source, start, store, fetch, now, pages, since)
    yield from _visit_all(source, store, fetch, now, track, set())


def _look(
    source: Source, url: str, store: Store, fetch: Fetch, now: datetime, fresh: set[str], *, is_first_run: bool
) -> Iterator[Outcome]:
    """Looks at one listing. After a pause it turns back the pages until it meets what it knows."""
    visit = store.visit(source.id, url)
    owed = store.behind(source.id, url)
    is_known = reading.is_known(source, store)
    listing = None
    try:
        page = fetch(url, visit.validators if visit and not owed and is_known else None)
        if page:
            listing, said = reading.listing(page, source, store, fetch, now)
            yield from said
    except SourceError as error:
        store.failed(source.id, url, now, error, listing=True)
        yield Outcome(url, None, str(error), is_unserved=_is_unserved(error))
        return
    if page is None or listing is None:
        if visit and visit.error:
            store.visited(source.id, url, now, listing=True)
        yield Outcome(url, Verdict.UNCHANGED)
        return
    with store.transaction():
        new = _name(source, listing, 0, store, now)
        if url == source.listings[0]:
            store.put_site(source.id, _site(store.site(source.id), listing.site))
        if new or visit is None or visit.error or visit.validators != page.validators:
            # What may be half a page on a site not known yet must come whole the next time.
            whole = page.validators if listing.site.closes_pages or not is_first_run else Validators()
            store.visited(source.id, url, now, whole, listing=True)
        is_all_new = not is_first_run and listing.links[-1].url in new
        if is_all_new and not owed:
            store.put_behind(source.id, url, 1)
    fresh |= {url for url, is_first in new.items() if is_first}
    yield Outcome(url, Verdict.CHANGED if new else Verdict.UNCHANGED)
    if is_all_new or owed:
        yield from _catch_up(source, url, listing, owed, store, fetch, now, fresh, shifted=int(is_all_new))


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
        outcomes, following = _turn(source, listing.next_page, store, fetch, now)
        yield from outcomes
        if following is None:
            return
        listing = following
        with store.transaction():
            new = _name(source, listing, n * RANKS_A_PAGE, store, now)
        fresh |= {url for url, is_first in new.items() if is_first}
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


def _turn(source: Source, url: str, store: Store, fetch: Fetch, now: datetime) -> tuple[list[Outcome], Listing | None]:
    """Looks at an older listing page, whose outcome only this walk wants to know."""
    try:
        page = fetch(url)
        assert page is not None  # None answers validators, and there were none
        listing, said = reading.listing(page, source, store, fetch, now)
    except SourceError as error:
        return [Outcome(url, None, str(error), is_unserved=_is_unserved(error))], None
    return [*said, Outcome(url, Verdict.UNCHANGED)], listing


def _walk(
    source: Source, start: str, store: Store, fetch: Fetch, now: datetime, pages: int | None, since: datetime | None
) -> Iterator[Outcome]:
    is_whole = pages is None and len(source.listings) == 1  # only a whole walk of one listing can be resumed
    resumed = store.backfill(source.id) if is_whole else None
    url: str | None = resumed or start
    seen: set[tuple[str, ...]] = set()
    number = 0
    while url and (pages is None or number < pages):
        if is_whole:
            store.put_backfill(source.id, url)
        outcomes, listing = _turn(source, url, store, fetch, now)
        yield from outcomes
        if listing is None:
            if url == resumed:  # twice in vain: such a page may be gone for good, so begin anew the next time
                store.put_backfill(source.id, None)
            return
        links = tuple(link.url for link in listing.links)
        if links in seen:
            break  # beyond its end, a listing may answer its last page for ever
        seen.add(links)
        wanted = replace(listing, links=tuple(k for k in listing.links if not _is_before(k, since, source, store)))
        with store.transaction():
            _name(source, wanted, _page_rank(url, number), store, now)
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


# ------------------------------------------------------------ visit


def _visit_all(
    source: Source, store: Store, fetch: Fetch, now: datetime, track: Track, fresh: set[str]
) -> Iterator[Outcome]:
    """Visits what is new, then what was left over, then what may have been edited.

    Where the server itself does not answer, the rest is left for the next run.
    """
    waiting = [(r, v) for r, v in store.pending(source.id) if dedupe.is_due_after_failure(v, now)]
    new = dedupe.oldest_first([(r, v) for r, v in waiting if v.url in fresh])
    backlog = dedupe.oldest_first([(r, v) for r, v in waiting if v.url not in fresh])
    young = store.visited_since(source.id, now - dedupe.SETTLED)
    due = [visit for visit, born in young if dedupe.is_due(visit, born, now)]
    visits = [*new, *backlog, *due]
    yield from _visit_each(source, visits, store, fetch, now, track)


def _visit_each(
    source: Source, visits: list[Visit], store: Store, fetch: Fetch, now: datetime, track: Track
) -> Iterator[Outcome]:
    """Visits these; where none of them is laid out as known, once more by a layout learnt anew."""
    unserved = read = strange = 0
    is_searched = False
    for n, visit in enumerate(track(visits, source, "pages") if visits else (), 1):
        outcome, is_strange = _visit(source, visit, store, fetch, now)
        yield outcome
        read += outcome.verdict is not None
        strange += is_strange
        unserved = unserved + 1 if outcome.is_unserved else 0
        if unserved == UNSERVED and n < len(visits):
            left = f"the server does not answer; {len(visits) - n} more pages are left for the next run"
            yield Outcome(source.home, None, f"{source.home}: {left}", is_unserved=True)
            return
        if not read and strange and not is_searched and (strange == SEVERAL or n == len(visits)):
            is_searched = True
            if said := reading.relearn_from_articles(source, visit, store, fetch, now):
                yield said
                if said.verdict is not None:
                    for again in visits[:n]:
                        yield _visit(source, store.visit(source.id, again.url) or again, store, fetch, now)[0]


def _is_unserved(error: SourceError) -> bool:
    return isinstance(error, FetchError) and (error.status in (429, 503) or error.is_unreachable)


def _visit(source: Source, visit: Visit, store: Store, fetch: Fetch, now: datetime) -> tuple[Outcome, bool]:
    """Asks for one article's page, understands it and keeps it. The outcome, and whether its layout is unknown."""
    try:
        page = fetch(visit.url, visit.validators)
        article = reading.article(page, visit, source, store, now) if page else None
    except SourceError as error:
        store.failed(source.id, visit.url, now, error)
        return Outcome(visit.url, None, str(error), is_unserved=_is_unserved(error)), isinstance(error, LayoutError)
    if page is None or article is None:
        store.visited(source.id, visit.url, now)
        return Outcome(visit.url, Verdict.UNCHANGED), False
    with store.transaction():
        verdict, item = _keep(source, article, store, now)
        store.visited(source.id, visit.url, now, page.validators, item=item)
    doubt = f"{visit.url}: {article.doubt}; it is dated by when it was first seen" if article.doubt else None
    return Outcome(visit.url, verdict, doubt if verdict is Verdict.NEW else None), False


def _keep(source: Source, article: Article, store: Store, now: datetime) -> tuple[Verdict, str]:
    """What the article is to us, and the id of its item."""
    keys = dedupe.keys(article, source)
    layout = reading.fingerprint(source, store)
    verdict, known = dedupe.judge(article, store.at(source.id, keys), store.alike(source.id, article.text_key))
    if known is None:
        item = dedupe.identity(article, source, authority(source, store), store.has)
        store.put(source.id, Stored(item, article, now, article.published or now), keys, layout)
        return verdict, item
    if verdict is Verdict.CHANGED and store.read_by(known.id) not in (layout, None):
        verdict = Verdict.UNCHANGED  # it is read otherwise now; a reader is not to be told of that as of an edit
    kept = replace(article, published=known.article.published, doubt=known.article.doubt)
    if verdict is Verdict.CHANGED:
        store.put(source.id, replace(known, article=kept, updated=max(now, known.updated)), keys, layout)
    elif verdict is Verdict.UNCHANGED and kept != known.article:
        store.put(
            source.id, replace(known, article=kept), keys, layout
        )  # a new alias or token: no news, but links live on
    else:
        store.name(source.id, known.id, keys)
        if verdict is Verdict.UNCHANGED and store.read_by(known.id) != layout:
            store.put_read_by(known.id, layout)
    return verdict, known.id
