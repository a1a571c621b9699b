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
from typing import Protocol
from zoneinfo import ZoneInfo

from feedpub import address, dedupe
from feedpub.errors import SourceError
from feedpub.model import (
    Article,
    Link,
    Listing,
    Medium,
    Outcome,
    Page,
    Problem,
    Source,
    Stored,
    Validators,
    Verdict,
    Visit,
)
from feedpub.render import FORMATS
from feedpub.store import Store

# scrape, normalize, feed and check are imported where they are needed: a run that finds nothing new needs none
# of them, and lxml, bs4, nh3 and feedgen behind them cost ten times what the rest of such a run does.

CATCH_UP = 20  # listing pages that a run turns back at most, after a pause, to find where it left off
RANKS_A_PAGE = 1000  # a listing page names fewer articles than this
MEASURE_AGAIN = timedelta(days=1)  # for a file whose server would not tell its length
SUCCESS_RECORDED = timedelta(hours=1)  # a run that found nothing new writes no more often than this


class Fetch(Protocol):
    def __call__(self, url: str, validators: Validators | None = None, /) -> Page | None: ...


class Publish(Protocol):
    def __call__(self, name: str, data: bytes, media_type: str, /) -> bool: ...

    def has(self, name: str, /) -> bool: ...


Measure = Callable[[str], Medium | None]
Track = Callable[[Sequence[Visit], str], Iterable[Visit]]


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


def _untracked(visits: Sequence[Visit], _what: str) -> Iterable[Visit]:
    return visits


# ------------------------------------------------------------ collect


def collect(source: Source, store: Store, fetch: Fetch, now: datetime, track: Track = _untracked) -> Iterator[Outcome]:
    """Looks at the source's listings and visits what is new or due; one outcome a page that was asked for."""
    for url in source.listings:
        yield from _look(source, url, store, fetch, now)
    yield from _visit_all(source, store, fetch, now, track)


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
    for start in source.listings:
        yield from _walk(source, start, store, fetch, pages, since)
    yield from _visit_all(source, store, fetch, now, track)


def _look(source: Source, url: str, store: Store, fetch: Fetch, now: datetime) -> Iterator[Outcome]:
    """Looks at one listing. After a pause it turns back the pages until it meets what it knows."""
    visit = store.visit(source.id, url)
    is_first_run = store.count(source.id) == 0
    try:
        page = fetch(url, visit.validators if visit else None)
        listing = _read(page, source) if page else None
    except SourceError as error:
        store.listing_visited(source.id, url, now, None, error.reason)
        yield Outcome(url, None, str(error))
        return
    if page is None or listing is None:
        if visit and visit.error:
            store.listing_visited(source.id, url, now, None, None)
        yield Outcome(url, Verdict.UNCHANGED)
        return
    with store.transaction():
        new = store.name_links(source.id, listing.links, 0)
        store.put_site(source.id, listing.site)
        if new or visit is None or visit.error or visit.validators != page.validators:
            store.listing_visited(source.id, url, now, page.validators, None)
    yield Outcome(url, Verdict.CHANGED if new else Verdict.UNCHANGED)
    if not is_first_run:
        yield from _catch_up(source, listing, new, store, fetch)


def _read(page: Page, source: Source) -> Listing:
    from feedpub import scrape

    return scrape.listing(page, scrape.layout(source.layout))


def _catch_up(source: Source, listing: Listing, new: list[str], store: Store, fetch: Fetch) -> Iterator[Outcome]:
    """As long as a page's last article is new, the next page may hold more that is."""
    for n in range(1, CATCH_UP):
        if not listing.next_page or listing.links[-1].url not in new:
            return
        outcome, following = _turn(source, listing.next_page, fetch)
        yield outcome
        if following is None:
            return
        listing, new = following, store.name_links(source.id, following.links, n * RANKS_A_PAGE)


def _turn(source: Source, url: str, fetch: Fetch) -> tuple[Outcome, Listing | None]:
    """Looks at an older listing page, whose outcome only this walk wants to know."""
    try:
        page = fetch(url)
        listing = _read(page, source) if page else None
    except SourceError as error:
        return Outcome(url, None, str(error)), None
    return Outcome(url, Verdict.UNCHANGED), listing


def _walk(
    source: Source, start: str, store: Store, fetch: Fetch, pages: int | None, since: datetime | None
) -> Iterator[Outcome]:
    url: str | None = start
    resumed = store.backfill(source.id)
    if resumed and address.host(resumed) == address.host(start) and len(source.listings) == 1 and pages is None:
        url = resumed
    seen: set[tuple[str, ...]] = set()
    number = 0
    while url and (pages is None or number < pages):
        store.put_backfill(source.id, url)
        outcome, listing = _turn(source, url, fetch)
        yield outcome
        if listing is None:
            return  # an error: the next backfill goes on here
        links = tuple(link.url for link in listing.links)
        if links in seen:
            break  # beyond its end, a listing may answer its last page for ever
        seen.add(links)
        wanted = [link for link in listing.links if not _is_before(link, since, source)]
        with store.transaction():
            store.name_links(source.id, wanted, _page_rank(url, number))
            if store.count(source.id) == 0:
                store.put_site(source.id, listing.site)
        if _is_before(listing.links[-1], since, source):
            break
        url, number = listing.next_page, number + 1
    store.put_backfill(source.id, None)


def _page_rank(url: str, number: int) -> int:
    """The rank of a page's first article; a walk that was resumed counts on from the number in the address."""
    digits = address.key(url).rpartition("=")[2]
    return max(number, int(digits) if digits.isdigit() and len(digits) < 6 else 0) * RANKS_A_PAGE


def _is_before(link: Link, since: datetime | None, source: Source) -> bool:
    if since is None or link.date is None:
        return False
    from feedpub import scrape
    from feedpub.normalize import dates

    date = dates.first([link.date], ZoneInfo(source.timezone), scrape.layout(source.layout).date_formats)
    return date is not None and date < since


# ------------------------------------------------------------ visit


def _visit_all(source: Source, store: Store, fetch: Fetch, now: datetime, track: Track) -> Iterator[Outcome]:
    pending = dedupe.oldest_first(store.pending(source.id))
    young = store.visited_since(source.id, now - dedupe.SETTLED)
    due = [visit for visit, born in young if dedupe.is_due(visit, born, now)]
    if pending or due:
        for visit in track([*pending, *due], source.id):
            yield _visit(source, visit, store, fetch, now)


def _visit(source: Source, visit: Visit, store: Store, fetch: Fetch, now: datetime) -> Outcome:
    """Asks for one article's page, understands it and keeps it."""
    try:
        page = fetch(visit.url, visit.validators)
        article = _understand(page, visit, source, store, now) if page else None
    except SourceError as error:
        store.article_visited(source.id, visit.url, now, None, error.reason, None)
        return Outcome(visit.url, None, str(error))
    if page is None or article is None:
        store.article_visited(source.id, visit.url, now, None, None, None)
        return Outcome(visit.url, Verdict.UNCHANGED)
    with store.transaction():
        verdict, item = _keep(source, article, store, now)
        store.article_visited(source.id, visit.url, now, page.validators, None, item)
    doubt = f"{visit.url}: {article.doubt}; it is dated by when it was first seen" if article.doubt else None
    return Outcome(visit.url, verdict, doubt if verdict is Verdict.NEW else None)


def _understand(page: Page, visit: Visit, source: Source, store: Store, now: datetime) -> Article:
    from feedpub import normalize, scrape

    layout = scrape.layout(source.layout)
    scraped = scrape.article(page, layout, closes_pages=store.site(source.id).closes_pages)
    if visit.date and not scraped.dates:
        scraped = replace(scraped, dates=(visit.date,))
    return normalize.article(scraped, ZoneInfo(source.timezone), layout.date_formats, now)


def _keep(source: Source, article: Article, store: Store, now: datetime) -> tuple[Verdict, str]:
    """What the article is to us, and the id of its item."""
    keys = dedupe.keys(article)
    verdict, known = dedupe.judge(article, store.at(source.id, keys), store.alike(source.id, article.text_key))
    if known is None:
        item = dedupe.identity(article, source, store.has)
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


# ------------------------------------------------------------ emit


def emit(source: Source, store: Store, target: Target, now: datetime, *, measure: Measure | None = None) -> Emission:
    """Makes the source's feeds from the state, checks them and publishes those that changed.

    What fails its check is not published; the last good file stays.
    ``measure`` None: no file is asked for.
    """
    from feedpub.check import check
    from feedpub.feed import feed

    items = store.newest(source.id, target.items)
    if not items:
        return Emission((), ())
    if measure:
        _measure_all(source, items, store, measure, now)
    files = [f.url for s in items for f in s.article.offered]
    made = feed(
        source,
        items,
        feed_id=dedupe.feed_identity(source),
        media=store.media(files),
        site=store.site(source.id),
        base_url=target.base_url,
        version=target.version,
    )
    written, problems = [], []
    for form in FORMATS:
        name = f"{source.id}/{form.name}"
        data = form.render(made, target.base_url + name)
        found = check(data, block=source.terms.block)
        problems += [(name, p) for p in found]
        if not found and target.publish(name, data, form.media_type):
            written.append(name)
    if not problems:
        store.put_emitted(source.id, _made_from(source, store, target))
    return Emission(tuple(written), tuple(problems))


def is_emitted(source: Source, store: Store, target: Target) -> bool:
    """Whether the published feeds are those that this state would give."""
    if store.revision(source.id) == 0:
        return True  # there is nothing yet to publish
    return store.emitted(source.id) == _made_from(source, store, target) and all(
        target.publish.has(f"{source.id}/{form.name}") for form in FORMATS
    )


def note_success(source: Source, store: Store, now: datetime) -> None:
    """Writes down that the source is well, but not at every run: to find nothing new must cost next to nothing."""
    last = store.succeeded(source.id)
    if last is None or now - last >= SUCCESS_RECORDED:
        store.put_succeeded(source.id, now)


def _made_from(source: Source, store: Store, target: Target) -> str:
    made = (source, target.base_url, target.items, target.version, store.revision(source.id))
    return hashlib.sha256(repr(made).encode()).hexdigest()[:16]


def _measure_all(source: Source, items: Iterable[Stored], store: Store, measure: Measure, now: datetime) -> None:
    """Asks for type and length of one file an item: the one that will be its enclosure."""
    for stored in items:
        for file in stored.article.offered:
            if store.media([file.url]):
                break
            asked = store.measured(file.url)
            ours = address.host(file.url) == address.host(source.home)
            if not ours or (asked and now - asked < MEASURE_AGAIN):
                continue
            try:
                medium = measure(file.url)
            except SourceError:
                medium = None
            store.put_medium(source.id, file.url, medium, now)
            if medium:
                break
