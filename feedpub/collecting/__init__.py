"""The council's site → the state.

``collect`` is a run's work, ``backfill`` walks back through the older pages of the
listings. Both yield one outcome for each page that was asked for. What one
page does wrong never stops the next: here a source's error becomes a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from feedpub.collecting import agenda, batches, listings, moving, withdrawals
from feedpub.collecting.run import Reach, Run
from feedpub.model import Outcome, Visit

__all__ = ["Reach", "Run", "backfill", "collect"]

# Only what has changed needs lxml, bs4 and nh3. They cost ten times what a run costs that finds nothing new, so the
# modules that use them are imported where there is a page to read: below, in listings and in withdrawals.


def collect(run: Run) -> Iterator[Outcome]:
    """Look at the source's listings, and visit what is new or due.

    An outcome is yielded when its findings are kept. Where they are too odd,
    nothing is kept, unless ``run.is_accepted``: the one outcome then says so.
    """
    yield from _unless_resting(run, _steps(run))


def _steps(run: Run) -> Iterator[Outcome]:
    moving.follow(run)
    run.is_first = not run.state.items.is_any()
    for url in run.source.listings:
        yield from listings.look_at(run, url)
    if run.is_refused:
        return
    batches.require_plausible(run)  # before too many new ones are read
    yield from _visited(run)


def backfill(run: Run, reach: Reach) -> Iterator[Outcome]:
    """Walk the listings back, page by page, then visit all that they named.

    What was found is kept batch by batch: an interrupted backfill goes on
    where it was.
    """
    yield from _unless_resting(run, _backfilled(run, reach))


def _backfilled(run: Run, reach: Reach) -> Iterator[Outcome]:
    from feedpub.collecting import walking

    moving.follow(run)
    for url in run.source.listings:
        yield from walking.walk_back(run, url, reach)
    yield from _visited(run)


def _visited(run: Run) -> Iterator[Outcome]:
    """Visit lost items, new and due articles, and withdraw what is gone.

    What is known from published feeds alone comes first. Until it is read, a
    repost of it would be taken for news.
    """
    lost = agenda.lost_items(run)
    yield from _visit_pages(run, lost)
    if lost and run.is_accepted:  # those that could not be read are waited for no more
        run.state.put_facts(replace(run.council.facts, is_forgone=True))
    if not run.council.is_recovering:
        yield from _visit_pages(run, agenda.due_articles(run))
    yield from withdrawals.withdraw_missing(run)


def _visit_pages(run: Run, visits: Sequence[Visit]) -> Iterator[Outcome]:
    if visits:
        from feedpub.collecting import articles

        yield from articles.visit_each(run, visits)


def _unless_resting(run: Run, outcomes: Iterator[Outcome]) -> Iterator[Outcome]:
    stopped = batches.resting(run)
    if stopped:
        yield stopped
    else:
        yield from batches.settled(run, outcomes)
