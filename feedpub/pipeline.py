"""The flow: collect a source, visit one article, emit its feeds.

Each verb does its part and knows no other; they are joined here, by values.
This is the only place where a source's error becomes a value: what one page
does wrong never stops the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from feedpub import address, dedupe, layouts
from feedpub.errors import FetchError, SourceError
from feedpub.model import (
    Article,
    Feed,
    Link,
    Listing,
    Medium,
    Outcome,
    Page,
    Problem,
    Site,
    Source,
    Stored,
    Validators,
    Verdict,
    Visit,
)
from feedpub.render import FORMATS, Format
from feedpub.store import Store

# scrape, normalize, feed and check are imported where they are needed: a run that finds nothing new needs none
# of them, and lxml, bs4, nh3 and feedgen behind them cost ten times what the rest of such a run does.

CATCH_UP = 20  # listing pages that a run turns back at most, beyond those that it knows, to find where it left off
RANKS_A_PAGE = 1000  # a listing page names fewer articles than this
REREAD = 50  # articles that are read again, once, when the layout has changed
UNSERVED = 2  # pages in a row that a server does not answer before the rest is left for the next run
LARGEST = 1_000_000  # bytes of a feed; beyond it, some readers give up
MEASURE_AGAIN = timedelta(days=1)  # for a file whose server would not tell its length
SUCCESS_RECORDED = timedelta(hours=1)  # a run that found nothing new writes no more often than this


T = TypeVar("T")


class Fetch(Protocol):
    def __call__(self, url: str, validators: Validators | None = None, /) -> Page | None: ...


class Publish(Protocol):
    def __call__(self, name: str, data: bytes, media_type: str, /) -> bool: ...

    def fingerprint(self, name: str, /) -> str | None: ...


Measure = Callable[[str], Medium | None]


class Track(Protocol):
    """Gives things one by one, perhaps showing how far it is; ``unit`` is what they are."""

    def __call__(self, things: Sequence[T], source: Source, unit: str, /) -> Iterable[T]: ...


@dataclass(frozen=True, slots=True)
class Target:
    """Where feeds go, and how many items they have."""

    publish: Publish
    base_url: str
    items: int
    version: str


@dataclass(frozen=True, slots=True)
class Emission:
    """What came of writing a source's feeds."""

    written: tuple[str, ...]  # names of the files that changed
    problems: tuple[tuple[str, Problem], ...]  # by the name of the file that was held back for it


def _untracked(things: Sequence[T], _source: Source, _unit: str) -> Iterable[T]:
    return things


# ------------------------------------------------------------ collect


def collect(source: Source, store: Store, fetch: Fetch, now: datetime, track: Track = _untracked) -> Iterator[Outcome]:
    """Looks at the source's listings and visits what is new or due; one outcome a page that was asked for."""
    _prepare(source, store)
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
    track: Track = _untracked,
) -> Iterator[Outcome]:
    """Walks the listings back, page by page, then visits all that they named.

    The walk ends after ``pages`` pages, before the first page older than
    ``since``, or with the listing itself. What it found is kept at once, so an
    interrupted backfill goes on where it was.
    """
    _prepare(source, store)
    for start in source.listings:
        yield from _walk(source, start, store, fetch, pages, since)
    yield from _visit_all(source, store, fetch, now, track, set())


def _prepare(source: Source, store: Store) -> None:
    """A layout that somebody mended is to be seen at once: what "not modified" hides is asked for again."""
    layout = layouts.fingerprint(layouts.complete(source.layout))
    known = store.layout(source.id)
    if known != layout:
        with store.transaction():
            if known is not None:
                store.forget_reading(source.id, REREAD)
            store.put_layout(source.id, layout)


def _look(
    source: Source, url: str, store: Store, fetch: Fetch, now: datetime, fresh: set[str], *, is_first_run: bool
) -> Iterator[Outcome]:
    """Looks at one listing. After a pause it turns back the pages until it meets what it knows."""
    visit = store.visit(source.id, url)
    owed = store.behind(source.id, url)
    try:
        page = fetch(url, visit.validators if visit and not owed else None)
        listing = _read(page, source, store) if page else None
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
        new = _name(source, listing, 0, store)
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
        yield from _catch_up(source, url, listing, owed, store, fetch, fresh, shifted=int(is_all_new))


def _site(known: Site, seen: Site) -> Site:
    """What a page tells of its site; that the site closes its pages is not unsaid by one that was cut short."""
    return replace(seen, closes_pages=seen.closes_pages or known.closes_pages)


def _name(source: Source, listing: Listing, first_rank: int, store: Store) -> dict[str, bool]:
    """Keeps what the listing names. The articles that are new to us, and whether this is the first we hear of them.

    A known article at another address of its own (the council has moved, say)
    is asked for like a new one, and is none.
    """
    for link in listing.links:
        visit = store.visit(source.id, link.url)
        if visit and visit.asked and link.date != visit.date and _is_other_date(link.date, visit.date, source):
            store.name_again(source.id, link)
    unasked = store.name_links(source.id, listing.links, first_rank)
    return {url: first for url, first in unasked.items() if not store.at(source.id, [dedupe.key(url, source)])}


def _is_other_date(shown: str | None, known: str | None, source: Source) -> bool:
    """Whether two strings of a listing are different dates: ages, such as «2 години тому», are none."""
    dates = [_date(shown, source), _date(known, source)]
    return None not in dates and dates[0] != dates[1]


def _read(page: Page, source: Source, store: Store) -> Listing:
    from feedpub import scrape

    return scrape.listing(page, layouts.complete(source.layout), closes_pages=store.site(source.id).closes_pages)


def _catch_up(
    source: Source, url: str, listing: Listing, owed: int, store: Store, fetch: Fetch, fresh: set[str], *, shifted: int
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
        outcome, following = _turn(source, listing.next_page, store, fetch)
        yield outcome
        if following is None:
            return
        listing = following
        with store.transaction():
            new = _name(source, listing, n * RANKS_A_PAGE, store)
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


def _turn(source: Source, url: str, store: Store, fetch: Fetch) -> tuple[Outcome, Listing | None]:
    """Looks at an older listing page, whose outcome only this walk wants to know."""
    try:
        page = fetch(url)
        listing = _read(page, source, store) if page else None
    except SourceError as error:
        return Outcome(url, None, str(error), is_unserved=_is_unserved(error)), None
    return Outcome(url, Verdict.UNCHANGED), listing


def _walk(
    source: Source, start: str, store: Store, fetch: Fetch, pages: int | None, since: datetime | None
) -> Iterator[Outcome]:
    is_whole = pages is None and len(source.listings) == 1  # only a whole walk of one listing can be resumed
    resumed = store.backfill(source.id) if is_whole else None
    url: str | None = resumed or start
    seen: set[tuple[str, ...]] = set()
    number = 0
    while url and (pages is None or number < pages):
        if is_whole:
            store.put_backfill(source.id, url)
        outcome, listing = _turn(source, url, store, fetch)
        yield outcome
        if listing is None:
            if url == resumed:  # twice in vain: such a page may be gone for good, so begin anew the next time
                store.put_backfill(source.id, None)
            return
        links = tuple(link.url for link in listing.links)
        if links in seen:
            break  # beyond its end, a listing may answer its last page for ever
        seen.add(links)
        wanted = replace(listing, links=tuple(k for k in listing.links if not _is_before(k, since, source)))
        with store.transaction():
            _name(source, wanted, _page_rank(url, number), store)
            if url == source.listings[0]:
                store.put_site(source.id, _site(store.site(source.id), listing.site))
        if _is_before(listing.links[-1], since, source):
            break
        url, number = listing.next_page, number + 1
    if is_whole:
        store.put_backfill(source.id, None)


def _page_rank(url: str, number: int) -> int:
    """The rank of a page's first article; a walk that was resumed counts on from the number in the address."""
    digits = address.key(url).rpartition("=")[2]
    return max(number, int(digits) if digits.isdigit() and len(digits) < 6 else 0) * RANKS_A_PAGE


def _is_before(link: Link, since: datetime | None, source: Source) -> bool:
    date = _date(link.date, source) if since else None
    return date is not None and since is not None and date < since


def _date(shown: str | None, source: Source) -> datetime | None:
    if shown is None:
        return None
    from feedpub import dates

    return dates.first([shown], ZoneInfo(source.timezone), layouts.complete(source.layout).date_formats)


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
    unserved = 0
    for n, visit in enumerate(track(visits, source, "pages") if visits else (), 1):
        outcome = _visit(source, visit, store, fetch, now)
        yield outcome
        unserved = unserved + 1 if outcome.is_unserved else 0
        if unserved == UNSERVED and n < len(visits):
            left = f"the server does not answer; {len(visits) - n} more pages are left for the next run"
            yield Outcome(source.home, None, f"{source.home}: {left}", is_unserved=True)
            return


def _is_unserved(error: SourceError) -> bool:
    return isinstance(error, FetchError) and (error.status in (429, 503) or error.is_unreachable)


def _visit(source: Source, visit: Visit, store: Store, fetch: Fetch, now: datetime) -> Outcome:
    """Asks for one article's page, understands it and keeps it."""
    try:
        page = fetch(visit.url, visit.validators)
        article = _understand(page, visit, source, store, now) if page else None
    except SourceError as error:
        store.failed(source.id, visit.url, now, error)
        return Outcome(visit.url, None, str(error), is_unserved=_is_unserved(error))
    if page is None or article is None:
        store.visited(source.id, visit.url, now)
        return Outcome(visit.url, Verdict.UNCHANGED)
    with store.transaction():
        verdict, item = _keep(source, article, store, now)
        store.visited(source.id, visit.url, now, page.validators, item=item)
    doubt = f"{visit.url}: {article.doubt}; it is dated by when it was first seen" if article.doubt else None
    return Outcome(visit.url, verdict, doubt if verdict is Verdict.NEW else None)


def _understand(page: Page, visit: Visit, source: Source, store: Store, now: datetime) -> Article:
    from feedpub import normalize, scrape

    layout = layouts.complete(source.layout)
    scraped = scrape.article(page, layout, closes_pages=store.site(source.id).closes_pages)
    if visit.date and not scraped.dates:
        scraped = replace(scraped, dates=(visit.date,))
    return normalize.article(scraped, ZoneInfo(source.timezone), layout.date_formats, now)


def _keep(source: Source, article: Article, store: Store, now: datetime) -> tuple[Verdict, str]:
    """What the article is to us, and the id of its item."""
    keys = dedupe.keys(article, source)
    verdict, known = dedupe.judge(article, store.at(source.id, keys), store.alike(source.id, article.text_key))
    if known is None:
        item = dedupe.identity(article, source, _authority(source, store), store.has)
        store.put(source.id, Stored(item, article, now, article.published or now), keys)
        return verdict, item
    kept = replace(article, published=known.article.published, doubt=known.article.doubt)
    if verdict is Verdict.CHANGED:
        store.put(source.id, replace(known, article=kept, updated=max(now, known.updated)), keys)
    elif verdict is Verdict.UNCHANGED and kept != known.article:
        store.put(source.id, replace(known, article=kept), keys)  # a new alias or token: no news, but links live on
    else:
        store.name(source.id, known.id, keys)
    return verdict, known.id


def _authority(source: Source, store: Store) -> str:
    """The domain of the source's ids: the one they began with."""
    known = store.authority(source.id)
    if known is None:
        known = dedupe.authority(source)
        store.put_authority(source.id, known)
    return known


# ------------------------------------------------------------ emit


def emit(source: Source, store: Store, target: Target, now: datetime) -> Emission:
    """Makes the source's feeds from the state, checks them and publishes those that changed.

    What fails its check is not published; the last good file stays.
    """
    from feedpub.check import check
    from feedpub.feed import feed

    items = store.newest(source.id, target.items)
    if not items:
        return Emission((), ())
    files = [f.url for s in items for f in s.article.offered]
    made = feed(
        source,
        items,
        feed_id=dedupe.feed_identity(source, _authority(source, store)),
        media=store.media(files),
        site=store.site(source.id),
        base_url=target.base_url,
        version=target.version,
    )
    written, problems = [], []
    for form in FORMATS:
        name = f"{source.id}/{form.name}"
        data = _fitting(form, made, target.base_url + name)
        found = check(data, block=source.terms.block)
        problems += [(name, p) for p in found]
        if not found and target.publish(name, data, form.media_type):
            written.append(name)
    if not problems and not _unmeasured(source, store, now, target.items):
        store.put_emitted(source.id, _made_from(source, store, target))
    return Emission(tuple(written), tuple(problems))


def _fitting(form: Format, feed: Feed, own_url: str) -> bytes:
    """The feed's bytes, with as many of its newest items as readers take; one, however long it is."""
    while True:
        data = form.render(feed, own_url)
        if len(data) <= LARGEST or len(feed.entries) == 1:
            return data
        feed = replace(feed, entries=feed.entries[: len(feed.entries) * 4 // 5])


def is_emitted(source: Source, store: Store, target: Target) -> bool:
    """Whether the published files are those that this state gives, to the byte."""
    if store.revision(source.id) == 0:
        return True  # there is nothing yet to publish
    return store.emitted(source.id) == _made_from(source, store, target)


def note_success(source: Source, store: Store, now: datetime) -> None:
    """Writes down that the source is well, but not at every run: to find nothing new must cost next to nothing."""
    last = store.succeeded(source.id)
    if last is None or now - last >= SUCCESS_RECORDED:
        store.put_succeeded(source.id, now)


def _made_from(source: Source, store: Store, target: Target) -> str:
    """A fingerprint of all that the feeds are made from, and of the files as they stand."""
    files = [target.publish.fingerprint(f"{source.id}/{form.name}") for form in FORMATS]
    made = (source, target.base_url, target.items, target.version, store.revision(source.id), files)
    return hashlib.sha256(repr(made).encode()).hexdigest()[:16]


def measure(source: Source, store: Store, ask: Measure, now: datetime, items: int, track: Track = _untracked) -> None:
    """Asks for type and length of one file of each of the newest items: the one that will be its enclosure.

    A file that cannot be measured keeps nobody from the feeds; the item goes without an enclosure.
    """
    waiting = _unmeasured(source, store, now, items)
    for urls in track(waiting, source, "files") if waiting else ():
        for url in urls:
            try:
                medium = ask(url)
            except SourceError:
                medium = None
            store.put_medium(source.id, url, medium, now)
            if medium:
                break


def _unmeasured(source: Source, store: Store, now: datetime, items: int) -> list[list[str]]:
    """For each of the newest items without a measured file those on the council's own host that may be asked for."""
    waiting = []
    for stored in store.newest(source.id, items):
        urls = [f.url for f in stored.article.offered if address.host(f.url) == address.host(source.home)]
        if not store.media(urls):
            asked = {url: store.measured(url) for url in urls}
            waiting.append([u for u, at in asked.items() if at is None or now - at >= MEASURE_AGAIN])
    return [urls for urls in waiting if urls]
