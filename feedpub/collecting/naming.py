"""Remember the articles that a listing names. After a pause, turn back its pages to the first one that is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from feedpub import text
from feedpub.collecting import accounts, fleeting, listed, listings, reading, rows
from feedpub.collecting.dedupe.decision import REUSED_AFTER, is_other_title
from feedpub.collecting.failures import is_unserved
from feedpub.collecting.listings import Known
from feedpub.collecting.run import Run
from feedpub.content import Link, Listing, Page
from feedpub.errors import Held, Resting, SourceError
from feedpub.html.titles import MORE
from feedpub.model import Outcome, Reading, Validators, Verdict, Visit

CATCH_UP = 20  # pages that a run turns back at most, beyond the known ones, to find where it left off
RANKS_A_PAGE = 1000  # a listing page names fewer articles than this
READ = "read"  # in place of a listing's words: it was read once


def take(run: Run, page: Page, listing: Listing, known: Known) -> Iterator[Outcome]:
    """Remember the articles of a listing, and turn back its pages as far as there may be news."""
    url, visits = page.asked, run.state.visits
    listing = fleeting.settled(run, listing)
    run.is_site_well = True
    run.front = page
    run.named |= {link.url for link in listing.links}
    run.first_looks |= {url} if known.is_first_look else set()
    with run.state.transaction():
        unasked = remember(run, listing, 0)
        note_site(run, url, listing)
        if unasked or known.is_first_of_day or not known.is_fresh or _differs(known.visit, page):
            # Half a page of a site that is not known yet must come whole the next time.
            is_whole = listing.site.closes_pages or not run.is_first
            validators = page.validators if is_whole else Validators()
            visits.arrived(url, run.now, Reading(validators, words=READ), is_listing=True)
        is_all_news = not known.is_first_look and _is_last_in(listing, unasked)
        if is_all_news and not known.pages_left:
            visits.put_pages_behind(url, 1)
    _count(run, unasked, is_news=not known.is_first_look)
    left_out = yield from rows.keep_rows(run, url, listing)
    yield from accounts.note_named(run, url, listing, left_out)
    yield Outcome(url, Verdict.CHANGED if unasked else Verdict.UNCHANGED)
    if is_all_news or known.pages_left:
        yield from _catch_up(run, url, listing, known.pages_left, is_all_news=is_all_news)
    elif known.is_first_of_day:
        from feedpub.collecting import seeking  # it turns pages as well, and remembers what they name by this module

        seeking.look_for_late(run, listing)


def _differs(visit: Visit | None, page: Page) -> bool:
    return visit is None or visit.error is not None or visit.validators != page.validators


def note_site(run: Run, url: str, listing: Listing) -> None:
    """Remember the facts about the site on its first listing. Once its pages were closed, they always are."""
    facts = run.council.facts
    if url == run.source.listings[0]:
        site = replace(listing.site, closes_pages=listing.site.closes_pages or facts.site.closes_pages)
        run.state.put_facts(replace(facts, site=site))


def remember(run: Run, listing: Listing, first_rank: int) -> dict[str, bool]:
    """Remember the articles of a listing. Return the new ones, each with whether a listing names it for the first time.

    A known article at another address (the council has moved, say) is asked for like a new one, but it is not new.
    """
    visits = run.state.visits
    shown = with_own_titles(listing.links)
    links = reading.with_absolute_dates(run, shown)
    for as_shown, link in zip(shown, links, strict=True):
        visit = visits.get(link.url)
        if visit is None:
            continue
        if visit.asked and _is_another(run, as_shown, visit):
            visits.name_again(link)
        else:
            _date_again(run, link, visit)
    unasked = visits.name_links(links, first_rank)
    return {url: is_first for url, is_first in unasked.items() if not _has_item(run, url)}


def date_again(run: Run, listing: Listing) -> None:
    """Take the dates from a listing again that the layout could not read when it named these articles."""
    for link in reading.with_absolute_dates(run, listing.links):
        visit = run.state.visits.get(link.url)
        if visit:
            _date_again(run, link, visit)


def _date_again(run: Run, link: Link, visit: Visit) -> None:
    if visit.date is None or reading.listed_date(run.council, visit.date):
        return
    if reading.listed_date(run.council, link.date):
        run.state.visits.put_date(link)


def _is_last_in(listing: Listing, unasked: dict[str, bool]) -> bool:
    """Whether the last article of a listing is one that nobody has asked for yet."""
    return bool(listing.links) and listing.links[-1].url in unasked


def with_own_titles(links: Sequence[Link]) -> list[Link]:
    """Return the links, without titles that name no article: "read more", and what most of the links say."""
    counts = Counter(text.skeleton(link.title) for link in links)
    most = max(1, len(links) // 3)

    def is_own(title: str) -> bool:
        return counts[text.skeleton(title)] <= most and not MORE.fullmatch(title)

    return [link if is_own(link.title) else replace(link, title="") for link in links]


def _has_item(run: Run, url: str) -> bool:
    """Whether an item is known at this address, or at the same one on another host of the council."""
    return bool(run.state.items.at([run.council.key_of(url)]))


def _is_another(run: Run, link: Link, visit: Visit) -> bool:
    """Whether a listing gives a known address another date than before, or another title: an article took its place."""
    if visit.item and visit.date is None and not visit.title:  # of a lost state; the item is known by its feed
        return _is_other_than(run, link, visit.item)
    if _is_other_date(run, link.date, visit.date):
        return True
    was_asked_today = visit.asked is not None and run.now - visit.asked < listings.READ_WHOLE
    return not was_asked_today and is_other_title(link.title, visit.title or "")  # two listings may call it otherwise


def _is_other_than(run: Run, link: Link, item_id: str) -> bool:
    """Whether a listing's title and date are those of a later article than the item that its address had."""
    item = run.state.items.get(item_id)
    shown = reading.listed_date(run.council, link.date) if link.date else None
    if item is None or shown is None or not is_other_title(link.title, item.article.title):
        return False
    return shown - item.date > REUSED_AFTER


def _is_other_date(run: Run, shown: str | None, before: str | None) -> bool:
    """Whether two strings of a listing are different dates. Ages, such as «2 години тому», are no dates."""
    if shown == before:
        return False
    dates = [reading.listed_date(run.council, text) for text in (shown, before)]
    return None not in dates and dates[0] != dates[1]


def _count(run: Run, unasked: dict[str, bool], *, is_news: bool) -> None:
    """Note which articles a listing has named for the first time, and whether they are news to weigh."""
    first = {url for url, is_first in unasked.items() if is_first}
    run.first_named |= first
    if is_news:
        run.findings.news |= first


# ------------------------------------------------------------ turning back


def _catch_up(run: Run, url: str, listing: Listing, pages_left: int, *, is_all_news: bool) -> Iterator[Outcome]:
    """Turn back the pages of a listing to the first one that is known.

    As long as a page's last article is new, the next page may have more new ones. If a page fails, the next run turns
    back as far again, past all the pages that are known by then, and says once a day that a page fails again.
    ``pages_left`` is how many pages must be turned at least. ``pages_moved`` is by how many pages newer articles have
    moved the rest on since.
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
        if older is None:
            is_said = pages_left > 0 and _has_run_today(run)
            yield from (replace(failure, is_said=failure.is_said or is_said) for failure in outcomes)
            return
        yield from outcomes
        listing = older
        with run.state.transaction():
            unasked = remember(run, listing, n * RANKS_A_PAGE)
        _count(run, unasked, is_news=not pages_left)  # articles that an earlier run left over are not of today
        yield from rows.keep_rows(run, url, listing)
        is_last_new = _is_last_in(listing, unasked)
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


def _has_run_today(run: Run) -> bool:
    last = run.state.runs.last()
    return last is not None and last.date() == run.now.date()


def turn_page(run: Run, url: str) -> tuple[list[Outcome], Listing | None]:
    """Look at an older listing page. Only the walk that asked for it remembers whether it failed."""
    try:
        listing, outcomes = listed.read_listing(run, listings.ask(run, url))
    except Held:
        raise
    except SourceError as error:
        resting = error if isinstance(error, Resting) else None
        failure = Outcome(
            url, None, str(error), is_unserved=is_unserved(error), is_said=bool(resting and resting.is_said),
            is_out_of_time=bool(resting and resting.is_out_of_time),
        )  # fmt: skip
        return [failure], None
    return [*outcomes, Outcome(url, Verdict.UNCHANGED)], fleeting.settled(run, listing)
