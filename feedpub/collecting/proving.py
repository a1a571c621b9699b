"""A layout that was learnt → whether it reads the pages that it was learnt from."""

from __future__ import annotations

from collections.abc import Sequence

from feedpub import address
from feedpub.collecting import scrape
from feedpub.collecting.reading import Manner, read_article
from feedpub.collecting.run import Run
from feedpub.collecting.scrape import Known
from feedpub.content import Article, Page
from feedpub.errors import ScrapeError
from feedpub.layout import Layout, Learnt


def prove(run: Run, learnt: Learnt, listing: Page, pages: Sequence[Page]) -> None:
    """Read the sample pages by the layout that was learnt from them. Raise ScrapeError if that fails."""
    if not listing.is_closed and pages and all(p.is_closed for p in pages):
        raise ScrapeError(listing.url, "was cut short: it has no end, and other pages of the site have")
    layout = completed(run, learnt)
    links = scrape.read_listing(listing, layout, hosts=run.council.own_hosts).links
    titles = {address.key(link.url): link.title for link in links}
    articles = [p for p in pages if address.key(p.asked) in titles]
    errors = [reading_error(run, page, layout, titles[address.key(page.asked)]) for page in articles]
    failures = [error for error in errors if error]
    if len(failures) > len(articles) / 2:
        raise ScrapeError(listing.url, f"what was learnt does not read the pages it was learnt from: {failures[0]}")


def completed(run: Run, learnt: Learnt) -> Layout:
    """Return the configured layout, filled up from one that was learnt."""
    return run.given.filled_from(learnt.layout)


def reading_error(run: Run, page: Page, layout: Layout, listed_title: str = "") -> ScrapeError | None:
    """Return why a page cannot be read by a layout. None: it can be read."""
    try:
        article_by(run, page, layout, listed_title)
    except ScrapeError as error:
        return error
    return None


def article_by(run: Run, page: Page, layout: Layout, listed_title: str = "") -> Article:
    known = Known(listed_title=listed_title, is_drop_set=bool(run.given.drop))
    return read_article(page, Manner(layout, run.council.zone, run.now, known))


def listed_title_of(run: Run, page: Page) -> str:
    """Return what the listing has called the article on a page; "" where that is not known."""
    visit = run.state.visits.get(page.asked)
    return visit.title if visit else ""
