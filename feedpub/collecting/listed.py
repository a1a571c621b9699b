"""A listing's page → its links, by the layout that is known. Where that does not do, one is learnt on the way."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from feedpub.collecting import scrape
from feedpub.collecting.run import Run
from feedpub.content import Listing, Page
from feedpub.errors import LayoutError
from feedpub.model import Outcome

SEARCH_AGAIN = timedelta(days=1)  # after a layout was looked for in vain
BESIDE = "beside"  # in the evidence: a key of the layout that earlier versions did not learn
LEFT_OUT = "left out"  # in the evidence: addresses in boxes like the news', which the layout does not read


def read_listing(run: Run, page: Page) -> tuple[Listing, list[Outcome]]:
    """Return the links on a listing's page, and the outcomes of learning its layout.

    Raises SourceError if neither the known layout nor a new one reads it.
    """
    if run.council.is_layout_known and not _is_other_given(run) and not _is_learnt_by_earlier(run):
        with suppress(LayoutError):
            listing = by_layout(run, page)
            if not (newly_missed(run, listing) and may_search(run)):
                return listing, []
    return _read_by_learning(run, page)


def _read_by_learning(run: Run, page: Page) -> tuple[Listing, list[Outcome]]:
    """Read a listing that the known layout does not read, or not whole."""
    from feedpub.collecting import learning  # it takes longer to load than a listing to read

    outcomes: list[Outcome] = []
    if not run.council.is_layout_known:
        outcomes.append(learning.learn_first(run, page))
    elif _is_other_given(run):
        outcomes.append(learning.learn_by_given(run, page))
    elif _is_learnt_by_earlier(run):
        outcomes.append(learning.learn_by_newer(run, page))
    try:
        listing = by_layout(run, page)
    except LayoutError as error:
        if not learning.learn_further_listing(run, page):
            outcomes.append(learning.learn_again(run, page, error))
        listing = by_layout(run, page)
    missed = newly_missed(run, listing)
    if missed and outcomes:  # what was learnt just now leaves them out
        learning.leave_out(run, missed)
    elif missed and may_search(run):
        outcomes.append(learning.learn_missed(run, page, missed))
        listing = by_layout(run, page)
    return listing, outcomes


def by_layout(run: Run, page: Page) -> Listing:
    """Return the links that the known layout finds. Raises SourceError."""
    closes_pages = run.council.facts.site.closes_pages
    return scrape.read_listing(page, run.council.layout, closes_pages=closes_pages, hosts=run.council.own_hosts)


def _is_other_given(run: Run) -> bool:
    """Whether a person has set other keys since the layout was learnt."""
    learnt = run.council.facts.learnt
    if run.council.is_layout_configured or learnt is None or learnt.given is None:
        return False
    return learnt.given != run.given.described


def _is_learnt_by_earlier(run: Run) -> bool:
    """Whether the layout is of an earlier feedpub, which did not know what stands beside texts."""
    learnt, given = run.council.facts.learnt, run.given
    if learnt is None or BESIDE in learnt.evidence or given.body or given.article:
        return False
    return may_search(run) and run.state.items.is_any()


def newly_missed(run: Run, listing: Listing) -> list[str]:
    """Return the addresses in boxes that are like the news and not read: neither known nor left out with intent."""
    given, learnt = run.source.layout, run.council.facts.learnt
    if learnt is None or (given is not None and given.item):
        return []
    left_out = learnt.evidence.get(LEFT_OUT, "").split()
    unknown = [url for url in listing.missed if url not in left_out and run.state.visits.get(url) is None]
    return [url for url in unknown if not run.state.items.at([run.council.key_of(url)])]


def may_search(run: Run) -> bool:
    """Whether a layout may be looked for: none is configured, and the last search in vain is long enough ago."""
    if run.council.is_layout_configured:
        return False
    last = run.council.facts.searched
    return last is None or run.now - last >= SEARCH_AGAIN
