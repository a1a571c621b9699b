"""A site's layout: learnt at the first look, for a further listing, and again when the site is rebuilt.

A layout counts only after it was proven on the pages that it was learnt from. One that replaces another must also agree
with the known items.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from feedpub import address
from feedpub.collecting import learn, naming, scrape
from feedpub.collecting.agreeing import agreement, with_known_dates
from feedpub.collecting.dedupe import schedule
from feedpub.collecting.learn import Context, single
from feedpub.collecting.listed import BESIDE, LEFT_OUT, by_layout, may_search, newly_missed
from feedpub.collecting.moving import REREAD
from feedpub.collecting.proving import listed_title_of, prove, reading_error
from feedpub.collecting.run import Pages, Run
from feedpub.content import Page
from feedpub.edges import Fetch
from feedpub.errors import FetchError, LayoutError, SourceError
from feedpub.layout import Layout, Learnt, reading_by
from feedpub.model import Outcome, Verdict, Visit

KNOWN_ITEMS = 6  # that a new layout is compared with
MOST_LEFT_OUT = 50
MOST_EARLIER = 20  # layouts that were replaced and are remembered
NEWEST, TRIED = 10, 3  # items whose pages may show how articles are laid out now; of these, pages that are asked for
COMPARED = 4  # known items that a new layout is compared with, at least, as far as their pages are there
LISTING_KEYS = ("item", "link", "item_title", "item_date", "item_categories", "day", "next_page", "date_formats")


def explore(listing: Page, context: Context, fetch: Fetch) -> tuple[Learnt, list[Page]]:
    """Return the layout learnt from a page of a site's listing, with the other pages that were fetched for it.

    Raises FetchError if the server stops answering, ScrapeError if a part of the layout cannot be found.
    """
    pages: list[Page] = []

    def look(url: str) -> Page | None:
        try:
            page = fetch.page(url)
        except FetchError as error:
            if error.is_unreachable:
                raise
            return None  # the server answers, but does not give this page
        pages.append(page)
        return page

    try:
        learnt = learn.explore(listing, look, context)
        return replace(learnt, given=context.given.described), pages
    finally:
        if isinstance(fetch, Pages):  # the run needs most of them as well
            for page in pages:
                fetch.keep_page(page)


# ------------------------------------------------------------ at the first look


def learn_first(run: Run, page: Page) -> Outcome:
    """Learn the first layout of a site, from a page of its listing."""
    state = run.state
    scrape.require_news(page, run.council.facts.site.closes_pages)
    learnt, pages = explore(page, _context(run), run.pages)
    prove(run, learnt, page, pages)
    with state.transaction():
        if run.council.facts.layout is not None:  # items are there, read by another layout
            state.visits.ask_in_full(REREAD)
        _adopt(run, learnt)
    note = (
        f"the site's layout was learnt from its listing and {learnt.samples} articles;"
        f" `feedpub inspect {page.url}` shows it"
    )
    return Outcome(page.url, Verdict.UNCHANGED, _without_dates(page, learnt), note)


def _without_dates(page: Page, learnt: Learnt) -> str | None:
    """Return what to say once of a site whose dates cannot be found; None where they can."""
    if learnt.layout.shows_dates:
        return None
    why = learnt.evidence.get("date", "its pages have no dates")
    return f"{page.url}: {why}; news are dated by the site's own feed, else by when they were first seen"


def learn_by_given(run: Run, page: Page) -> Outcome:
    """Learn a layout again by the keys that a person has set since. If that fails, keep the one that is known."""
    try:
        return learn_first(run, page)
    except FetchError:
        raise
    except SourceError as error:
        learnt = run.council.facts.learnt
        if learnt:
            _adopt(run, replace(learnt, given=run.given.described))
        message = f"{page.url}: the layout could not be learnt by what [source.layout] says now: {error.reason}"
        return Outcome(page.url, None, f"{message}; the rest of it is as it was")


def learn_by_newer(run: Run, page: Page) -> Outcome:
    """Learn a layout of an earlier feedpub again, for this one learns more. If that fails, keep what is known.

    Where the site stops answering, it is tried again with the next news.
    """
    cause = LayoutError(page.url, "an earlier feedpub did not learn what stands beside texts")
    try:
        learn_again(run, page, cause)
        return Outcome(page.url, Verdict.UNCHANGED, f"{cause}; the layout was learnt again")
    except SourceError as error:
        facts = run.council.facts
        if facts.learnt is None or facts.searched != run.now:
            return Outcome(page.url, Verdict.UNCHANGED)
        tried = replace(facts.learnt, evidence={**facts.learnt.evidence, BESIDE: "it could not be learnt"})
        run.state.put_facts(replace(facts, learnt=tried))
        return Outcome(page.url, Verdict.UNCHANGED, f"{error}; texts are read as before")


def learn_further_listing(run: Run, page: Page) -> bool:
    """Learn a further listing with another layout than the first. Return whether it is one and could be learnt.

    Its articles have the same layout as the others.
    """
    learnt = run.council.facts.learnt
    if learnt is None or not _is_further(run, page):
        return False
    layout = single.read(page, run.council.zone, run.now).listing
    if layout is None:
        return False
    _adopt(run, replace(learnt, layout=_for_both_listings(learnt.layout, layout)))
    return True


def _for_both_listings(first: Layout, further: Layout) -> Layout:
    """Return the first layout, with the selectors for the further listing after its own."""
    selectors: dict[str, tuple[str, ...]] = {}
    for key in LISTING_KEYS:
        both = (*getattr(first, key), *getattr(further, key))
        selectors[key] = tuple(dict.fromkeys(both))
    return replace(first, **selectors)


def _is_further(run: Run, page: Page) -> bool:
    """Whether this is another listing than the first, and the first reads well: then the site was not rebuilt."""
    first, *further = run.source.listings
    visit = run.state.visits.get(first)
    return page.asked in further and (visit is None or visit.error is None)


def _context(run: Run, prefer: Sequence[str] = ()) -> Context:
    return Context(run.council.zone, run.source.language, run.now, run.given, tuple(prefer), run.council.own_hosts)


def _adopt(run: Run, learnt: Learnt) -> None:
    """Read pages by this layout from now on."""
    known = run.council.facts
    before = known.learnt.earlier if known.learnt else ()
    earlier = dict.fromkeys((reading_by(known.layout), *before)) if known.layout else ()
    facts = replace(known, learnt=replace(learnt, earlier=tuple(earlier)[:MOST_EARLIER]), searched=None)
    run.state.put_facts(facts)
    run.state.put_facts(replace(facts, layout=run.council.layout.fingerprint))


# ------------------------------------------------------------ again


def learn_again(run: Run, page: Page, cause: SourceError) -> Outcome:
    """Replace a dead layout by one that reads the known items as they were. Raise the cause if there is none."""
    if not may_search(run) or not run.state.items.is_any():
        raise cause
    items = [s.article.url for s in run.state.items.newest(KNOWN_ITEMS)]
    try:
        learnt, pages = explore(page, _context(run, items), run.pages)
        prove(run, learnt, page, pages)
        known = [*pages, *_further_known(run, pages)]
        learnt = with_known_dates(run, learnt, known)
        agreed = agreement(run, learnt, known, cause)
    except FetchError:
        raise cause from None
    except SourceError as error:
        run.state.put_facts(replace(run.council.facts, searched=run.now))
        raise LayoutError(cause.url, f"{cause.reason}; a new layout could not be learnt: {error.reason}") from error
    with run.state.transaction():
        _adopt(run, learnt)
    message = f"{page.url}: the site was rebuilt; its new layout was learnt and reads {agreed}"
    return Outcome(page.url, Verdict.UNCHANGED, message)


def learn_missed(run: Run, page: Page, missed: Sequence[str]) -> Outcome:
    """Learn the layout again, for boxes that it misses. The outcome says how that went."""
    boxes = f"boxes like those of the news are not read ({len(missed)}, the first for {missed[0]})"
    cause = LayoutError(page.url, boxes)
    try:
        learn_again(run, page, cause)
        outcome = Outcome(page.url, Verdict.UNCHANGED, f"{page.url}: {boxes}; a layout that reads them was learnt")
        missed = newly_missed(run, by_layout(run, page))
    except SourceError as error:
        outcome = Outcome(page.url, Verdict.UNCHANGED, f"{error}; see `feedpub inspect {page.url}`")
    if missed and run.council.facts.learnt:
        leave_out(run, missed)
        outcome = Outcome(page.url, Verdict.UNCHANGED, f"{cause}; see `feedpub inspect {page.url}`")
    return outcome


def leave_out(run: Run, missed: Sequence[str]) -> None:
    """Remember the addresses of boxes that a layout leaves out, so that each is reported once."""
    learnt = run.council.facts.learnt
    if learnt is None:
        return
    before = learnt.evidence.get(LEFT_OUT, "").split()
    urls = list(dict.fromkeys([*missed, *before]))[:MOST_LEFT_OUT]
    evidence = {**learnt.evidence, LEFT_OUT: " ".join(urls)}
    run.state.put_facts(replace(run.council.facts, learnt=replace(learnt, evidence=evidence)))


def _further_known(run: Run, samples: Sequence[Page]) -> Iterator[Page]:
    """Yield the pages of known items that a new layout is compared with as well, if the samples have few of these.

    After an outage, or a lost state, a listing may name hardly any article that is known.
    """
    keys = [run.council.key_of(page.asked) for page in samples]
    lacking = COMPARED - sum(bool(run.state.items.at([key])) for key in keys)
    if lacking > 0:
        for page in _known_pages(run, [page.asked for page in samples], lacking):
            run.pages.keep_page(page)
            yield page


def _known_pages(run: Run, others: Sequence[str], most: int) -> Iterator[Page]:
    """Yield the pages of some of the newest items, not of others, as far as they are there. So many are asked for.

    Those that failed come last, for after an outage all have, and of these what was gone. Of a lost item only title and
    date are known. That will do where no others are.
    """
    but = set(map(address.key, others))
    newest = [item.article.url for item in run.state.items.newest(NEWEST + len(but))]
    lost = [visit.url for visit in reversed(run.state.visits.unread())]
    statuses = {visit.url: visit.status for visit in run.state.visits.failures(())}

    def doubt(url: str) -> tuple[bool, bool]:
        return statuses.get(url) in schedule.GONE, url in statuses

    known = [url for url in sorted([*newest, *lost], key=doubt) if address.key(url) not in but]
    for url in known[:most]:
        try:
            yield run.pages.page(url)
        except FetchError:  # the council may have taken it down
            continue


def learn_from_articles(run: Run, strange: Visit) -> Outcome | None:
    """Learn a new layout, if articles have another one now. None: only the strange articles are odd."""
    if not may_search(run):
        return None
    other = next(_known_pages(run, [strange.url], TRIED), None)
    if other is None:
        return None
    first_listing = run.source.listings[0]
    try:
        error = reading_error(run, other, run.council.layout, listed_title_of(run, other))
        if error is None:
            return None
        if not isinstance(error, LayoutError):
            raise error
        page = run.pages.page(first_listing)
        outcome = learn_again(run, page, error)
        naming.date_again(run, by_layout(run, page))
        return outcome
    except SourceError as error:
        return Outcome(first_listing, None, str(error))
