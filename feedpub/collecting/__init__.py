"""The council's site → the state.

``collect`` does the work of a run; ``backfill`` walks back through the older pages of the listings. Both yield one
outcome for each page that was asked for. One page's failure never stops the next: here a source's error becomes a
value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from feedpub.collecting import agenda, batches, clocks, listings, moving, withdrawals
from feedpub.collecting.run import Reach, Run
from feedpub.consent import LOSS
from feedpub.model import Outcome, Visit

__all__ = ["Reach", "Run", "backfill", "collect"]

# Only a page that has changed needs lxml, bs4 and nh3. To import them takes ten times as long as a run that finds
# nothing new. So the modules that use them are imported where there is a page to read: below, in listings and in
# withdrawals.


def collect(run: Run) -> Iterator[Outcome]:
    """Look at the source's listings, and visit the articles that are new or due.

    An outcome is yielded when its findings are kept. If they are too odd, nothing is kept, and one outcome says so.
    ``run.is_accepted`` keeps them all the same.
    """
    yield from _unless_resting(run, _steps(run))


def _steps(run: Run) -> Iterator[Outcome]:
    moving.follow(run)
    if run.council.facts.redating:
        from feedpub.collecting import redating

        redating.follow(run)
    run.is_first = not run.state.items.is_any()
    are_articles_first = not clocks.is_in_doubt(run) and agenda.are_articles_first(run)
    for url in () if are_articles_first else run.source.listings:
        yield from listings.look_at(run, url)
    if run.is_refused:
        return
    run.findings.is_reading = True
    batches.require_plausible(run)
    if not clocks.is_in_doubt(run):
        yield from _visited(run)
    run.findings.is_reading = False
    if run.named and run.is_served:  # a listing was read
        from feedpub.collecting import accounts

        yield from accounts.unaccounted(run)


def backfill(run: Run, reach: Reach) -> Iterator[Outcome]:
    """Walk the listings back, page by page, then visit all articles that they named.

    The findings are kept batch by batch, and an interrupted backfill goes on where it was.
    """
    yield from _unless_resting(run, _backfilled(run, reach))


def _backfilled(run: Run, reach: Reach) -> Iterator[Outcome]:
    from feedpub.collecting import walking

    moving.follow(run)
    for url in run.source.listings:
        yield from walking.walk_back(run, url, reach)
    yield from _visited(run)


def _visited(run: Run) -> Iterator[Outcome]:
    """Visit lost items, then new and due articles, and withdraw items that are gone.

    Items that are known from published feeds alone come first. Until they are read, a repost of one would be taken
    for news.
    """
    lost = agenda.lost_items(run)
    is_forgone = bool(lost) and run.is_consented(LOSS, run.council.lost)  # of those that are read now, none is lost
    yield from _visit_pages(run, lost)
    for _ in range(agenda.LAST_TRIES if lost and run.is_served else 0):
        yield from _visit_pages(run, agenda.last_tries(run))
    if is_forgone:  # do not wait any more for those that could not be read
        run.state.put_facts(replace(run.council.facts, is_forgone=True))
    if not run.council.is_recovering:
        yield from _visit_pages(run, agenda.due_articles(run))
    if run.first_named:
        from feedpub.collecting import fleeting

        fleeting.prove(run)
    yield from withdrawals.withdraw_missing(run)
    if run.council.facts.redating:
        from feedpub.collecting import redating

        yield from redating.finished(run)


def _visit_pages(run: Run, visits: Sequence[Visit]) -> Iterator[Outcome]:
    """Visit these pages, unless nobody knows how they are laid out: after a lost state, a listing has to show it."""
    if visits and run.council.is_layout_known:
        from feedpub.collecting import articles

        yield from articles.visit_each(run, visits)


def _unless_resting(run: Run, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    stopped = batches.resting(run)
    if stopped:
        yield stopped
    else:
        yield from batches.settled(run, outcomes)
