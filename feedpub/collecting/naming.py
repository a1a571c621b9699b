"""What a listing names is remembered; after a pause its pages are turned back until one is met that is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from feedpub.collecting import learning, listings, reading
from feedpub.collecting.failures import is_unserved
from feedpub.collecting.listings import Known
from feedpub.collecting.run import Run
from feedpub.content import Listing, Page
from feedpub.errors import Held, Resting, SourceError
from feedpub.model import Outcome, Reading, Validators, Verdict, Visit

CATCH_UP = 20  # pages that a run turns back at most, beyond those that it knows, to find where it left off
RANKS_A_PAGE = 1000  # a listing page names fewer articles than this
READ = "read"  # stands for a listing's words: it was read once


def take(run: Run, page: Page, listing: Listing, known: Known) -> Iterator[Outcome]:
    """Remember what a listing names, and turn back its pages as far as there may be news."""
    url, visits = page.asked, run.state.visits
    run.is_site_well = True
    run.named |= {link.url for link in listing.links}
    with run.state.transaction():
        unasked = remember(run, listing, 0)
        note_site(run, url, listing)
        if unasked or not known.is_fresh or _differs(known.visit, page):
            # Half a page of a site that is not known yet must come whole the next time.
            is_whole = listing.site.closes_pages or not run.is_first
            validators = page.validators if is_whole else Validators()
            visits.arrived(url, run.now, Reading(validators, words=READ), is_listing=True)
        is_all_news = not known.is_first_look and listing.links[-1].url in unasked
        if is_all_news and not known.pages_left:
            visits.put_pages_behind(url, 1)
    _count(run, unasked, is_news=not known.is_first_look)
    yield Outcome(url, Verdict.CHANGED if unasked else Verdict.UNCHANGED)
    if is_all_news or known.pages_left:
        yield from _catch_up(run, url, listing, known.pages_left, is_all_news=is_all_news)


def _differs(visit: Visit | None, page: Page) -> bool:
    return visit is None or visit.error is not None or visit.validators != page.validators


def note_site(run: Run, url: str, listing: Listing) -> None:
    """Remember what the first listing says of the site. Once its pages were closed, they always are."""
    facts = run.council.facts
    if url == run.source.listings[0]:
        site = replace(listing.site, closes_pages=listing.site.closes_pages or facts.site.closes_pages)
        run.state.put_facts(replace(facts, site=site))


def remember(run: Run, listing: Listing, first_rank: int) -> dict[str, bool]:
    """Remember what a listing names. Return the articles new to us, each with whether we first hear of it.

    A known article at another address of its own (the council has moved, say)
    is asked for like a new one, and is none.
    """
    state = run.state
    for link in listing.links:
        visit = state.visits.get(link.url)
        if visit and visit.asked and link.date != visit.date and _is_other_date(run, link.date, visit.date):
            state.visits.name_again(link)
    links = [reading.with_absolute_date(run, link) for link in listing.links]
    unasked = state.visits.name_links(links, first_rank)
    return {url: is_first for url, is_first in unasked.items() if not state.items.at([run.council.key_of(url)])}


def _is_other_date(run: Run, shown: str | None, before: str | None) -> bool:
    """Whether two strings of a listing are different dates: ages, such as «2 години тому», are none."""
    dates = [reading.listed_date(run.council, shown), reading.listed_date(run.council, before)]
    return None not in dates and dates[0] != dates[1]


def _count(run: Run, unasked: dict[str, bool], *, is_news: bool) -> None:
    """Note which articles a listing has named for the first time, and whether they are news to weigh."""
    first = {url for url, is_first in unasked.items() if is_first}
    run.first_named |= first
    if is_news:
        run.findings.news |= first


# ------------------------------------------------------------ turning back


def _catch_up(run: Run, url: str, listing: Listing, pages_left: int, *, is_all_news: bool) -> Iterator[Outcome]:
    """Turn back the pages of a listing until one is met that is known.

    As long as a page's last article is new, the next page may hold more that
    is. Where a page fails, the next run turns back as far again, past all that
    is known by then: ``pages_left`` is how many pages must be turned at least,
    ``pages_moved`` by how many newer articles have moved the rest on since.
    """
    visits = run.state.visits
    is_news = is_all_news
    pages_moved = int(is_all_news)
    reach = pages_left + pages_moved + CATCH_UP
    for n in range(1, reach):
        if not listing.next_page:
            break
        visits.put_pages_behind(url, max(pages_left + pages_moved, n))
        outcomes, older = turn_page(run, listing.next_page)
        yield from outcomes
        if older is None:
            return
        listing = older
        with run.state.transaction():
            unasked = remember(run, listing, n * RANKS_A_PAGE)
        _count(run, unasked, is_news=not pages_left)  # what an earlier run has left over is not of today
        is_last_new = listing.links[-1].url in unasked
        is_news = is_news and is_last_new
        pages_moved += is_news
        if not is_last_new and n >= pages_left + pages_moved:
            break
    else:
        visits.put_pages_behind(url, reach)
        message = f"{url}: {reach - 1} pages were turned back and there are more; the next run goes on"
        yield Outcome(url, None, message)
        return
    visits.put_pages_behind(url, 0)


def turn_page(run: Run, url: str) -> tuple[list[Outcome], Listing | None]:
    """Look at an older listing page. Only the walk that asked for it remembers whether it failed."""
    try:
        listing, outcomes = learning.read_listing(run, listings.ask(run, url))
    except Held:
        raise
    except SourceError as error:
        is_said = isinstance(error, Resting) and error.is_said
        return [Outcome(url, None, str(error), is_unserved=is_unserved(error), is_said=is_said)], None
    return [*outcomes, Outcome(url, Verdict.UNCHANGED)], listing
