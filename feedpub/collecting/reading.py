"""By which layout a source's pages are read: configured, learnt at the first look, anew when the site is rebuilt.

A layout that was learnt is proven on the pages it was learnt from before it
counts, and one that is to replace it must agree with what is known already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from feedpub import address, layouts
from feedpub.collecting import dedupe
from feedpub.council import REREAD
from feedpub.edges import Fetch, expect
from feedpub.errors import FetchError, LayoutError, Missing, ScrapeError, SourceError
from feedpub.model import Layout, Learnt, Outcome, Source, Validators, Verdict, Visit
from feedpub.store import Store

if TYPE_CHECKING:
    from feedpub.content import Article, Link, Listing, Page

# scrape, normalize, learn, dates and text are imported where they are needed; see the package.

SEARCH_AGAIN = timedelta(days=1)  # after a layout was looked for in vain
KNOWN = 6  # items that a new layout is held against
USUAL = 0.9  # a piece found on so many of the sample pages is missed where it is not there


class _Remembering:
    """A fetch that gives a page that learning has asked for without asking for it again."""

    def __init__(self, fetch: Fetch) -> None:
        self.fetch = fetch
        self.pages: dict[str, Page] = {}

    def __call__(self, url: str, validators: Validators | None = None, /) -> Page | None:
        return self.pages.pop(url, None) or self.fetch(url, validators)

    def expect(self, pages: Sequence[tuple[str, Validators]]) -> None:
        expect(self.fetch, [(url, validators) for url, validators in pages if url not in self.pages])

    def keep(self, page: Page) -> None:
        self.pages[page.asked] = page


def prepare(source: Source, store: Store, fetch: Fetch) -> Fetch:
    """What a run begins with. A layout that somebody mended is to be seen at once, whatever is "not modified"."""
    layout = fingerprint(source, store)
    known = store.layout(source.id)
    if known != layout and is_known(source, store):
        with store.transaction():
            if known is not None:
                store.forget_reading(source.id, REREAD)
            store.put_layout(source.id, layout)
    return _Remembering(fetch)


def layout_of(source: Source, store: Store) -> Layout:
    """The layout to go by: what is configured, and what was learnt for the rest."""
    if layouts.is_complete(source.layout):
        return layouts.merged(source.layout, None)
    learnt = store.learnt(source.id)
    return layouts.merged(source.layout, learnt.layout if learnt else None)


def fingerprint(source: Source, store: Store) -> str:
    return layouts.fingerprint(layout_of(source, store))


def shows_ages(source: Source, store: Store) -> bool:
    """Whether the site dates its articles by how long ago they came."""
    return any("%R" in form for form in layout_of(source, store).date_formats)


def is_known(source: Source, store: Store) -> bool:
    """Whether there is a layout, configured or learnt."""
    return layouts.is_complete(source.layout) or store.learnt(source.id) is not None


def date(shown: str | None, source: Source, store: Store) -> datetime | None:
    """The instant of a date as a listing shows it; None for an age, which says another thing every hour."""
    if shown is None:
        return None
    from feedpub.html import dates

    return dates.first([shown], ZoneInfo(source.timezone), layout_of(source, store).date_formats)


def settled(link: Link, source: Source, store: Store, now: datetime) -> Link:
    """The link with an age, or a day without its year, as the instant that it means now: later it means another."""
    if link.date is None or date(link.date, source, store):
        return link
    from feedpub.html import dates

    instant = dates.first([link.date], ZoneInfo(source.timezone), layout_of(source, store).date_formats, now)
    return replace(link, date=instant.isoformat()) if instant else link


# ------------------------------------------------------------ a listing


def listing(page: Page, source: Source, store: Store, fetch: Fetch, now: datetime) -> tuple[Listing, list[Outcome]]:
    """What a listing's page names, and what there is to say about its layout.

    At the first page of a source that has no layout, one is learnt. Where the
    known one is dead, it is learnt anew. Raises SourceError where neither
    can be read.
    """
    from feedpub.collecting import scrape

    said: list[Outcome] = []
    if not is_known(source, store):
        said.append(_learn(page, source, store, fetch, now))
    closes_pages = store.site(source.id).closes_pages
    try:
        return scrape.listing(page, layout_of(source, store), closes_pages=closes_pages), said
    except LayoutError as error:
        if not (_is_further(page, source, store) and _learn_further(page, source, store, now)):
            said.append(_relearn(page, source, store, fetch, now, error))
        return scrape.listing(page, layout_of(source, store), closes_pages=closes_pages), said


def _learn(page: Page, source: Source, store: Store, fetch: Fetch, now: datetime) -> Outcome:
    from feedpub.collecting import scrape

    scrape.require_news(page, store.site(source.id).closes_pages)
    learnt, pages = explore(page, ZoneInfo(source.timezone), source.language, fetch, now)
    _prove(learnt, page, pages, source, now)
    with store.transaction():
        store.put_learnt(source.id, learnt)
        if store.layout(source.id) is not None:  # items are there, read by another layout
            store.forget_reading(source.id, REREAD)
        store.put_layout(source.id, fingerprint(source, store))
    note = f"the site's layout was learnt from its listing and {learnt.samples} articles"
    return Outcome(page.url, Verdict.UNCHANGED, note=f"{note}; `feedpub inspect {page.url}` shows it")


def _is_further(page: Page, source: Source, store: Store) -> bool:
    """Whether a listing is another than the first, which reads well: it is laid out otherwise, and no site rebuilt."""
    first = store.visit(source.id, source.listings[0])
    return page.asked in source.listings[1:] and (first is None or first.error is None)


def _learn_further(page: Page, source: Source, store: Store, now: datetime) -> bool:
    """Whether another listing, laid out otherwise, could be learnt too; its articles are like the others."""
    from feedpub.collecting.learn import single

    learnt = store.learnt(source.id)
    found = single.read(page, ZoneInfo(source.timezone), now).listing
    if learnt is None or found is None:
        return False
    keys = ("item", "link", "item_title", "item_date", "day", "next_page", "date_formats")
    both = {k: tuple(dict.fromkeys((*getattr(learnt.layout, k), *getattr(found, k)))) for k in keys}
    store.put_learnt(source.id, replace(learnt, layout=replace(learnt.layout, **both)))
    store.put_layout(source.id, fingerprint(source, store))
    return True


def _prove(learnt: Learnt, page: Page, pages: Sequence[Page], source: Source, now: datetime) -> None:
    """Reads what was seen by what was learnt from it. Raises ScrapeError where that gives no listing or articles."""
    from feedpub.collecting import scrape

    if not page.is_closed and pages and all(p.is_closed for p in pages):
        raise ScrapeError(page.url, "was cut short: it has no end, and other pages of the site have")
    layout = layouts.merged(source.layout, learnt.layout)
    named = {address.key(link.url) for link in scrape.listing(page, layout).links}
    failures = []
    articles = [p for p in pages if address.key(p.asked) in named]
    for one in articles:
        try:
            _article(one, layout, ZoneInfo(source.timezone), now)
        except ScrapeError as error:
            failures.append(str(error))
    if len(failures) > len(articles) / 2:
        raise ScrapeError(page.url, f"what was learnt does not read the pages it was learnt from: {failures[0]}")


def _relearn(page: Page, source: Source, store: Store, fetch: Fetch, now: datetime, cause: SourceError) -> Outcome:
    """Replaces a layout that is dead by one that reads the known items as they were; raises the cause otherwise."""
    last = store.searched(source.id)
    if layouts.is_complete(source.layout) or not store.has_items(source.id) or (last and now - last < SEARCH_AGAIN):
        raise cause
    known = [s.article.url for s in store.newest(source.id, KNOWN)]
    try:
        learnt, pages = explore(page, ZoneInfo(source.timezone), source.language, fetch, now, known)
        _prove(learnt, page, pages, source, now)
        agreed = _agreeing(learnt, pages, source, store, now, cause)
    except FetchError:
        raise cause from None
    except SourceError as error:
        store.put_searched(source.id, now)
        raise LayoutError(cause.url, f"{cause.reason}; nor could it be learnt anew: {error.reason}") from error
    with store.transaction():
        store.put_learnt(source.id, learnt)
        store.put_layout(source.id, fingerprint(source, store))
    message = f"{page.url}: the site was rebuilt; its new layout was learnt and reads {agreed} known items as they were"
    return Outcome(page.url, Verdict.UNCHANGED, message)


def explore(
    page: Page, zone: ZoneInfo, language: str, fetch: Fetch, now: datetime, prefer: Sequence[str] = ()
) -> tuple[Learnt, list[Page]]:
    """Learn a site from a page of its listing; return what was learnt, and the pages that were fetched for it.

    A run need not fetch these again. Raises FetchError where the server does
    not answer any more, ScrapeError that says what could not be found.
    """
    from feedpub.collecting import learn

    pages: list[Page] = []

    def look(url: str) -> Page | None:
        try:
            answer = fetch(url)
        except FetchError as error:
            if error.is_unreachable:
                raise
            return None  # the server is there, and does not give this page
        if answer:
            pages.append(answer)
        return answer

    try:
        return learn.explore(page, look, learn.Context(zone, now, language), prefer), pages
    finally:
        if isinstance(fetch, _Remembering):
            for seen in pages:
                fetch.keep(seen)


def _agreeing(
    learnt: Learnt, pages: Sequence[Page], source: Source, store: Store, now: datetime, cause: SourceError
) -> int:
    """How many known items a new layout reads as they are known: the same title, the same day.

    Raises LayoutError where it reads none so, or one otherwise.
    """
    from feedpub import text

    layout = layouts.merged(source.layout, learnt.layout)
    zone = ZoneInfo(source.timezone)
    agreed = 0
    for page in pages:
        try:
            article = _article(page, layout, zone, now)
        except ScrapeError:
            continue
        known = next(iter(store.at(source.id, (*dedupe.keys(article, source), dedupe.key(page.asked, source)))), None)
        if known is None:
            continue
        same_title = text.skeleton(article.title) == text.skeleton(known.article.title)
        days = {d.astimezone(zone).date() for d in (article.published, known.article.published) if d}
        if not same_title or len(days) > 1:
            what = (
                f"{article.title[:60]!r} of {article.published}, known as {known.article.title[:60]!r} of {known.date}"
            )
            raise LayoutError(cause.url, f"what was learnt reads {page.url} as {what}")
        agreed += 1
    if not agreed:
        raise LayoutError(cause.url, "none of the known items stands at its address any more to be compared with")
    return agreed


# ------------------------------------------------------------ an article


def article(page: Page, visit: Visit, source: Source, store: Store, now: datetime) -> Article:
    """The article on a page. Raises SourceError; LayoutError where a piece is missing that all others have."""
    _require_own_page(page, source)
    layout = layout_of(source, store)
    learnt = store.learnt(source.id) if not layouts.is_complete(source.layout) else None
    fill = learnt.fill if learnt and visit.failures < dedupe.PATIENCE else {}
    return _article(
        page, layout, ZoneInfo(source.timezone), now, visit.date, fill, closes_pages=store.site(source.id).closes_pages
    )


def _require_own_page(page: Page, source: Source) -> None:
    """Raises FetchError where an article's address leads to another site, Missing where it leads to the front page.

    Some sites do the latter when an article is gone.
    """
    if address.host(page.url) not in dedupe.hosts(source):
        raise FetchError(page.asked, f"leads to another site: {page.url}")
    fronts = {dedupe.key(u, source) for u in (source.home, *source.listings)}
    asked, given = dedupe.key(page.asked, source), dedupe.key(page.url, source)
    if given != asked and given in fronts:
        raise Missing(page.asked, f"is not there: it leads to {page.url}")


def _article(
    page: Page, layout: Layout, zone: ZoneInfo, now: datetime, listed: str | None = None,
    fill: Mapping[str, float] | None = None, *, closes_pages: bool = False,
) -> Article:  # fmt: skip
    from feedpub.collecting import normalize, scrape

    scraped = scrape.article(page, layout, closes_pages=closes_pages)
    usual = {key for key, share in (fill or {}).items() if share >= USUAL}
    if "date" in usual and not scraped.dates:
        _miss(page, "date", layout.date)
    if listed and not scraped.dates:
        scraped = replace(scraped, dates=(listed,))
    made = normalize.article(scraped, zone, layout.date_formats, now)
    if "body" in usual and not made.text and not made.pictures:
        _miss(page, "body", layout.body)
    return made


def _miss(page: Page, key: str, dead: Sequence[str]) -> None:
    from feedpub.collecting import scrape
    from feedpub.html import tree

    living = scrape.nearest(tree.document(page), dead)
    raise LayoutError(
        page.url, f"has no {key}, which the site's pages have: {key} = {list(dead)!r} matches nothing; {living}"
    )


def relearn_from_articles(source: Source, strange: Visit, store: Store, fetch: Fetch, now: datetime) -> Outcome | None:
    """A new layout where articles are laid out otherwise; None where there is none, or where only these are odd."""
    last = store.searched(source.id)
    if layouts.is_complete(source.layout) or (last and now - last < SEARCH_AGAIN):
        return None
    newest = [s for s in store.newest(source.id, 2) if address.key(s.article.url) != address.key(strange.url)]
    if not newest:
        return None
    try:
        known = fetch(newest[0].article.url)
        if known:
            try:
                _article(known, layout_of(source, store), ZoneInfo(source.timezone), now)
            except LayoutError as error:
                page = fetch(source.listings[0])
                return _relearn(page, source, store, fetch, now, error) if page else None
    except SourceError as error:
        return Outcome(source.listings[0], None, str(error))
    return None
