"""What a council lists now, and why a feed may lack some of it: asked politely, read by the layout of the state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from feedpub import address, text
from feedpub.cli.inspect import ZONE
from feedpub.collecting import accounts, normalize, scrape
from feedpub.collecting.fetch import Fetcher
from feedpub.collecting.fetch.headers import http_date
from feedpub.collecting.learn import single
from feedpub.content import Article, Listing, Page, Row
from feedpub.council import Council
from feedpub.dating import CLOCKS_DIFFER
from feedpub.errors import FetchError, Missing, ScrapeError
from feedpub.html import dates, tree
from feedpub.layout import Layout
from feedpub.watch.reader import Listed, Reader, Span, unchanged_since
from feedpub.watch.reader import Missing as Lack

MOST_ASKED = 5  # pages of articles: each says why the feed lacks it
GONE = (404, 410)  # by HTTP status
WITHDRAWN = "the feed says that it was withdrawn"
NOT_THERE = "the council's site says that it is not there"


@dataclass(frozen=True, slots=True)
class Lines:
    """What one page of the council lists."""

    lines: tuple[Listed, ...]
    stated: datetime | None  # since when the page is unchanged, as its server says; None: it does not


class CouncilList:
    """A council's lists of news, beside a feed. ``council`` None: it is not configured, and the pages speak alone."""

    def __init__(self, fetcher: Fetcher, council: Council | None, now: datetime) -> None:
        self._fetcher = fetcher
        self._council = council
        self._now = now
        self._asked = 0  # pages of articles

    @property
    def zone(self) -> ZoneInfo:
        return self._council.zone if self._council else ZONE

    def read(self, url: str, *, is_named: bool) -> Lines:
        """Return what a page lists. Raises SourceError if it does not arrive or lists nothing.

        ``is_named``: a person or the configuration says that it lists news. Otherwise the page has to prove it.
        """
        page = self._fetcher.page(url)
        layout = self._layout(page, is_named=is_named)
        hosts = self._council.own_hosts if self._council else ()
        listing = scrape.read_listing(page, layout, hosts=hosts)
        return Lines(tuple(self._lines(listing, layout)), http_date(page.validators.last_modified))

    def _layout(self, page: Page, *, is_named: bool) -> Layout:
        if self._council and (self._council.layout.item or self._council.layout.link):
            return self._council.layout
        given = single.read(page, self.zone, self._now)
        layout = given.listing or (given.doubted if is_named else None)
        if layout is None:
            raise ScrapeError(page.url, f"no list of news is found on it: {given.doubt}")
        return layout

    def _lines(self, listing: Listing, layout: Layout) -> Iterator[Listed]:
        fleeting = [name.rstrip("!") for name in self._council.facts.fleeting] if self._council else []
        for link in listing.links:
            url = address.without(link.url, fleeting) if fleeting else link.url
            yield Listed(url, text.line(link.title), self._span(link.date, layout))
        for row in listing.rows:
            yield self._row(row, layout)

    def _row(self, row: Row, layout: Layout) -> Listed:
        return Listed("", text.line(row.title), self._span(row.date, layout))

    def _span(self, shown: str | None, layout: Layout) -> Span | None:
        """Return when a line was published, by its date; None for a date that lies ahead, which is an event's."""
        instant = dates.first([shown], self.zone, layout.date_formats, self._now) if shown else None
        return Span.of(instant, self.zone) if instant and instant <= self._now + CLOCKS_DIFFER else None

    # ------------------------------------------------------------ why the feed lacks something

    def lack(self, listed: Listed, reader: Reader, stated: datetime | None) -> Lack | None:
        """Return why the feed lacks a line, as far as can be known; None: it has it, or is not to have it yet.

        ``stated`` is since when the list itself is known to be unchanged.
        """
        if reader.has(listed) or reader.is_beyond(listed.span):
            return None
        if listed.url and reader.has_removed([listed.url]):
            return Lack(listed, WITHDRAWN, is_meant=True)
        since = self._earliest(listed.span, stated)
        if not listed.url:
            return Lack(listed, since=since)
        explain = self._by_state if self._is_known(listed.url) else self._by_page
        return explain(listed, reader, since)

    def _earliest(self, span: Span | None, *others: datetime | None) -> datetime | None:
        """Return the first of the instants from which on something is known to be listed; None: there is none yet."""
        instants = (span.latest if span else None, *others)
        return min((one for one in instants if one and one <= self._now), default=None)

    def _is_known(self, url: str) -> bool:
        return self._council is not None and self._council.state.visits.get(url) is not None

    def _by_state(self, listed: Listed, reader: Reader, since: datetime | None) -> Lack | None:
        """Return what the state says of an article that the feed lacks."""
        assert self._council is not None
        item = accounts.item_at(self._council, listed.url)
        if item and reader.has_item(item.id):
            return None
        absent = accounts.absence(self._council, listed.url)
        if absent:
            return Lack(listed, absent.reason, absent.is_meant, since=since)
        if item is None or reader.is_beyond(Span(item.date, item.date)):
            return None
        reason = f"feedpub has it since {item.first_seen:%Y-%m-%d %H:%M} UTC, and this feed is older than that"
        return Lack(listed, reason, is_published=True, since=self._earliest(None, since, item.first_seen))

    def _by_page(self, listed: Listed, reader: Reader, since: datetime | None) -> Lack | None:
        """Return what an article's own page says, if not too many were asked for."""
        if self._asked == MOST_ASKED:
            return Lack(listed, since=since)
        self._asked += 1
        try:
            page = self._fetcher.page(listed.url)
        except FetchError as error:
            is_gone = error.status in GONE
            words = NOT_THERE if is_gone else "its page cannot be read"
            return Lack(listed, f"{words}: {error.reason}", is_gone, since=since)
        return self._by_article(page, listed, reader, since)

    def _by_article(self, page: Page, listed: Listed, reader: Reader, since: datetime | None) -> Lack | None:
        """Return what a page says that arrived."""
        try:
            scrape.require_news(page)
            article = self._article(page)
        except Missing as error:
            return Lack(listed, f"{NOT_THERE}: {error.reason}", is_meant=True)
        except ScrapeError as error:
            return Lack(listed, f"its page cannot be read: {error.reason}", since=since)
        urls = [page.url, *_own_addresses(page)]
        if reader.has_page(urls):
            return None
        if reader.has_removed(urls):
            return Lack(listed, WITHDRAWN, is_meant=True)
        if not address.path_key(page.url):
            return Lack(listed, f"{NOT_THERE}: it leads to {page.url}", is_meant=True)
        if article is None:
            return Lack(listed, since=since)
        if reader.repeats(article.title, article.text):
            return Lack(listed, "it repeats an item of the feed", is_meant=True)
        span = Span.of(article.published, self.zone) if article.published else None
        if reader.is_beyond(span):
            return None
        stated = unchanged_since(http_date(page.validators.last_modified), [span.earliest if span else None])
        return Lack(listed, since=self._earliest(span, since, stated))

    def _article(self, page: Page) -> Article | None:
        """Return the article on a page, by the layout of the state or by the page alone; None: it shows none."""
        council = self._council
        if council and council.layout.body:
            scraped = scrape.read_article(page, council.layout, scrape.Known())
            return normalize.make_article(scraped, self.zone, council.layout.date_formats, self._now)
        found = single.read(page, self.zone, self._now).article
        return normalize.make_article(found[0], self.zone, found[1], self._now) if found else None


def _own_addresses(page: Page) -> list[str]:
    """Return the addresses that a page says to have."""
    root = tree.document(page)
    base = tree.base_url(root, page)
    named = (address.absolute(base, one) for one in tree.addresses(root, page))
    return [url for url in named if url]
