"""An article's page → the article, by the layout of its source. Also reads the dates that a listing shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from feedpub import address
from feedpub.collecting import normalize, scrape
from feedpub.collecting.dedupe.decision import ALIKE, is_titled, shared_words
from feedpub.collecting.dedupe.schedule import PATIENCE
from feedpub.collecting.feed_dates import dated_by_address, dated_by_feed
from feedpub.collecting.joining import Joined, read_on
from feedpub.collecting.run import Run
from feedpub.collecting.scrape import Known, Place
from feedpub.collecting.wanted import Foreign, foreign_language
from feedpub.content import Article, Link, Page, Scraped
from feedpub.council import Council
from feedpub.dating import CLOCKS_DIFFER
from feedpub.errors import FetchError, LayoutError, Missing
from feedpub.html import dates, tree
from feedpub.layout import Layout, Learnt
from feedpub.model import Validators, Visit

AHEAD = timedelta(days=60)  # that an article is announced before its day, at most, where dates have no year
NEWER = timedelta(days=365) - 2 * AHEAD  # than that day of last year is what stands below such an article
USUAL = 0.9  # a piece found on this share of the sample pages is expected on every page


# ------------------------------------------------------------ dates of a listing


def listed_date(council: Council, shown: str | None) -> datetime | None:
    """Return the instant of a date as a listing shows it. None: it is an age, which changes every hour."""
    if shown is None:
        return None
    return dates.first([shown], council.zone, council.layout.date_formats)


def with_absolute_dates(run: Run, links: Sequence[Link]) -> list[Link]:
    """Return a listing's links. An age in it, or a day without a year, becomes the instant that it means now.

    News are named first. So what stands above a much newer article was announced ahead. At a first look it may as well
    be an old one that is pinned there.
    """
    absolute: list[Link] = []
    newest: datetime | None = None  # of the articles below
    for link in reversed(links):
        dated = _with_absolute_date(run, link, newest)
        absolute.append(dated)
        instant = listed_date(run.council, dated.date)
        if instant:
            newest = max(instant, newest or instant)
    return absolute[::-1]


def _with_absolute_date(run: Run, link: Link, newest: datetime | None) -> Link:
    if link.date is None or listed_date(run.council, link.date):
        return link
    instant, ahead = _meant(run, link.date, run.now), _meant(run, link.date, run.now + AHEAD)
    is_above_newer = instant is not None and newest is not None and newest - instant > NEWER
    if is_above_newer and ahead and ahead > run.now and run.state.items.is_any():
        instant = ahead
    return replace(link, date=instant.isoformat()) if instant else link


def _meant(run: Run, shown: str, now: datetime) -> datetime | None:
    return dates.first([shown], run.council.zone, run.council.layout.date_formats, now)


# ------------------------------------------------------------ an article


@dataclass(frozen=True, slots=True)
class Manner:
    """How an article's page is read."""

    layout: Layout
    zone: ZoneInfo
    now: datetime
    known: Known = field(default=Known())
    listed: str | None = None  # the date that the listing shows, as found
    listed_categories: tuple[str, ...] = ()
    language: str = ""  # the source's; "": that which the page names
    usual: frozenset[str] = field(default=frozenset())  # pieces without which a page is strange
    leeway: timedelta = CLOCKS_DIFFER  # of a date that lies in the future


@dataclass(frozen=True, slots=True)
class Read:
    """An article that was read, with all its pages as far as they could be."""

    article: Article
    validators: Validators  # with which its page may be asked for again
    rest: str | None  # where it goes on, and why that is missing; None: it is whole
    foreign: Foreign | None = None  # another language than the source publishes; None: it is to be kept


def read_visited(run: Run, page: Page, visit: Visit) -> Read:
    """Return the article on a page that was visited. Of a new one that has no date, the site's own feed may tell it.

    An article of several pages is read whole. Raises Resting if a further page is not to be asked for now.

    Raises SourceError; LayoutError if a piece is missing that all other pages have.
    """
    council, facts = run.council, run.council.facts
    _require_own_page(council, page)
    learnt = None if council.is_layout_configured else facts.learnt
    is_patient = visit.failures < PATIENCE
    usual = _usual(learnt.fill) if learnt and is_patient else frozenset()
    known = Known(
        closes_pages=facts.site.closes_pages,
        listed_title=visit.title,
        designs=_known_designs(council, learnt),
        is_drop_set=bool(council.given.drop),
    )
    manner = Manner(
        council.layout,
        council.zone,
        _as_of(run, visit),
        known,
        listed=visit.date,
        listed_categories=visit.categories,
        language=council.source.language,
        usual=usual,
        leeway=run.leeway,
    )
    joined = _joined(run, page, manner)
    article = article_of(page, joined.scraped, manner)
    if joined.rest and is_patient:
        _require_no_loss(run, page, visit, article, joined.rest)
    if learnt and not is_patient:
        _require_alike(run, visit, joined.scraped, article)
    is_new = visit.item is None  # a known item stays, whatever its language
    foreign = foreign_language(page, article, council.source.languages) if is_new else None
    wants_date = is_new or council.facts.redating is not None  # else the date of a known item never moves
    if wants_date and not foreign and article.published is None:
        article = dated_by_feed(run, page, article)
    if wants_date and not foreign and article.published is None:
        article = dated_by_address(article, council.zone, run.now + run.leeway)
    return Read(article, joined.validators, joined.rest, foreign)


def _as_of(run: Run, visit: Visit) -> datetime:
    """Return the time by which a page is read: now, or the day on which its item was first seen, if it is dated again.

    Else a date without a year would move to a later year, and what the council has dated anew since would count.
    """
    item = run.state.items.get(visit.item) if visit.item and run.council.facts.redating else None
    return item.first_seen if item else run.now


def _joined(run: Run, page: Page, manner: Manner) -> Joined:
    """Return the pieces of an article's page, with the texts of its further pages."""
    later = replace(manner.known, designs=(), listed_title="")

    def read(further: Page, place: Place) -> Scraped:
        return scrape.read_article(further, manner.layout, replace(later, place=place))

    scraped = scrape.read_article(page, manner.layout, manner.known)
    return read_on(page, scraped, run.pages.page, read)


def _require_no_loss(run: Run, page: Page, visit: Visit, article: Article, rest: str) -> None:
    """Raise FetchError if a known item would lose text, because a further page of it cannot be read now."""
    item = run.state.items.get(visit.item) if visit.item else None
    if item and len(item.article.text) > len(article.text):
        raise FetchError(page.asked, f"goes on at {rest}")


def _require_alike(run: Run, visit: Visit, scraped: Scraped, article: Article) -> None:
    """Raise LayoutError for a known item's page that lacks what all pages have, and says something else altogether.

    Such a piece may be missing for good, so nobody waits for it for ever. But a question whether one is a robot lacks
    it as well, and would take the item's place.
    """
    item, learnt = run.state.items.get(visit.item or ""), run.council.facts.learnt
    usual = _usual(learnt.fill) if learnt else ()
    is_whole = ("date" not in usual or scraped.dates) and ("body" not in usual or article.text or article.pictures)
    if item is None or is_whole:
        return
    if not (is_titled(article, item.article) or shared_words(article, item.article) >= ALIKE):
        raise LayoutError(scraped.url, "has no date or no text, and neither the title nor the words of its item")


def read_article(page: Page, manner: Manner) -> Article:
    """Return the article on a page, without any further pages. Raises ScrapeError."""
    return article_of(page, scrape.read_article(page, manner.layout, manner.known), manner)


def article_of(page: Page, scraped: Scraped, manner: Manner) -> Article:
    """Return the article of a page's pieces. Raises ScrapeError."""
    if not scraped.categories:
        scraped = replace(scraped, categories=manner.listed_categories)
    if manner.language:
        scraped = replace(scraped, language=manner.language.partition("-")[0].lower())
    if "date" in manner.usual and not scraped.dates:
        raise _missing_piece(page, "date", manner.layout.date)
    if manner.listed and not scraped.dates:
        scraped = replace(scraped, dates=(manner.listed,))
    scraped = _of_the_listed_year(scraped, manner)
    article = normalize.make_article(scraped, manner.zone, manner.layout.date_formats, manner.now, manner.leeway)
    if "body" in manner.usual and not article.text and not article.pictures:
        raise _missing_piece(page, "body", manner.layout.body)
    return article if article.published else _dated_by_listing(article, manner)


def _of_the_listed_year(scraped: Scraped, manner: Manner) -> Scraped:
    """Return the pieces. Where the listing shows a day that lies ahead, a day without a year is one before that."""
    formats = manner.layout.date_formats
    listed = dates.first([manner.listed], manner.zone, formats) if manner.listed else None
    if listed is None or listed <= manner.now or dates.first(scraped.dates, manner.zone, formats):
        return scraped
    instant = dates.first(scraped.dates, manner.zone, formats, listed)
    return replace(scraped, dates=(instant.isoformat(),)) if instant else scraped


def _dated_by_listing(article: Article, manner: Manner) -> Article:
    """Return an article whose own date is none, that of an event say, with the listing's if that is not ahead."""
    shown = [manner.listed] if manner.listed else []
    instant = dates.first(shown, manner.zone, manner.layout.date_formats, manner.now)
    if instant is None or instant > manner.now + manner.leeway:
        return article
    return replace(article, published=instant, doubt=None)


def _known_designs(council: Council, learnt: Learnt | None) -> tuple[str, ...]:
    """Return the designs of the pages that a text was learnt from; () where a person has said where it is."""
    return () if learnt is None or council.given.body else learnt.designs


def _usual(fill: Mapping[str, float]) -> frozenset[str]:
    return frozenset(key for key, share in fill.items() if share >= USUAL)


def _require_own_page(council: Council, page: Page) -> None:
    """Raise FetchError if an article's address leads to another site, Missing if it leads to a front page.

    Some sites do the latter when an article is gone.
    """
    if address.site(page.url) not in council.own_hosts:
        raise FetchError(page.asked, f"leads to another site: {page.url}")
    fronts = map(council.key_of, (council.source.home, *council.source.listings))
    asked = council.key_of(page.asked)
    given = council.key_of(page.url)
    if given != asked and given in fronts:
        raise Missing(page.asked, f"is not there: it leads to {page.url}")


def _missing_piece(page: Page, key: str, dead: Sequence[str]) -> LayoutError:
    living = scrape.nearest(tree.document(page), dead)
    return LayoutError(
        page.url, f"has no {key}, which the site's pages have: {key} = {list(dead)!r} matches nothing; {living}"
    )
