"""Choose the pages that a run visits, and their order."""

from __future__ import annotations

from collections.abc import Sequence

from feedpub.collecting.dedupe import schedule
from feedpub.collecting.run import Run
from feedpub.edges import asks_once
from feedpub.model import Visit

WITNESSES = 3  # pages of known items that are asked for before others are read, until one answers
LAST_TRIES = 3  # of a lost item's page, in the run in which its patience ends


def lost_items(run: Run) -> list[Visit]:
    """Return the pages to ask for of items that are known from published feeds alone, after the state was lost.

    There are none while no listing can be read: that these pages fail as well says nothing about them, and a few whose
    pages keep failing are not waited for. So a page that was read comes with them, at the latest once all have failed.
    If it fails as well, it is the site that cannot be read.
    """
    visits = run.state.visits
    unread = visits.unread()
    if not unread or run.council.is_unreached:
        return []
    due = [visit for visit in unread if schedule.is_due_after_failure(visit, run.now)]
    first = _first_of_known(run, due, [])
    if first:
        return [*first, *due]
    has_all_failed = due and all(visit.failures for visit in due)
    return [*due, *_known_pages(run)[:1]] if has_all_failed else due


def last_tries(run: Run) -> list[Visit]:
    """Return the pages of lost items to ask for once more in this run, before the feeds go on without these items.

    A server that answers some requests with an error may do so three times to one page.
    """
    return [
        visit
        for visit in run.state.visits.unread()
        if visit.asked == run.now
        and visit.status not in schedule.COUNCIL_S_DECISION
        and schedule.PATIENCE <= visit.failures < schedule.PATIENCE + LAST_TRIES
    ]


def are_articles_first(run: Run) -> bool:
    """Return whether this run asks for an article instead of the listings.

    So it is where robots.txt wants such pauses that a run makes one request, and articles wait: else the listing would
    have that request each time.
    """
    waiting = [visit for _, visit in run.state.visits.pending() if schedule.is_due_after_failure(visit, run.now)]
    return bool(waiting) and run.council.is_layout_known and asks_once(run.fetch, run.source.home)


def due_articles(run: Run) -> list[Visit]:
    """Return the new articles, then those that earlier runs left over, then those that may have been edited.

    Those that failed before come last: two that never end would keep all others waiting for ever.
    """
    _take_in(run)
    lost = {visit.url for visit in run.state.visits.unread()}
    awaited = _awaited(run)
    new: list[tuple[int, Visit]] = []
    left_over: list[tuple[int, Visit]] = []
    failed: list[tuple[int, Visit]] = []
    for rank, visit in run.state.visits.pending():
        is_due = schedule.is_due_after_failure(visit, run.now, is_awaited=visit.url in awaited)
        if visit.url in lost or not is_due:
            continue
        rest = failed if visit.failures else left_over
        queue = new if visit.url in run.first_named else rest
        queue.append((rank, visit))
    looks = run.state.items.count() if run.is_accepted else schedule.LOOKS  # nobody is asked to accept twice
    edited = run.state.visits.due(run.now, looks)
    news = [*schedule.oldest_first(new), *schedule.oldest_first(left_over)]
    first = _first_of_known(run, news, edited)
    others = [visit for visit in news if visit not in first]
    return [*first, *others, *edited, *schedule.oldest_first(failed)]


def _first_of_known(run: Run, others: Sequence[Visit], edited: list[Visit]) -> list[Visit]:
    """Return pages of known items to look at before others are read, and take the first out of those due.

    It tells whether the layout still fits: see ``fitting``. The others are spares, in case it tells nothing. There are
    none where a run has one request for both.
    """
    is_wanted = others and run.command == "run" and not run.council.is_layout_configured
    if not is_wanted or asks_once(run.fetch, run.source.home):
        return []
    due = next((visit for visit in edited if not visit.failures), None)
    if due:
        edited.remove(due)
    coming = {visit.url for visit in (due, *edited, *others) if visit}
    known = [visit for visit in _known_pages(run) if visit.url not in coming]
    first = [due, *known][:WITNESSES] if due else known
    run.spares |= {visit.url for visit in first[1:]}
    return first


def _known_pages(run: Run) -> list[Visit]:
    """Return the pages of items that were read last, or one that an upgrade has made due; []: there is none."""
    visits = run.state.visits
    read = visits.last_reads(WITNESSES)
    anew = None if read else visits.to_read_anew()
    return [anew] if anew else read


def _awaited(run: Run) -> set[str]:
    """Return the pages that may be gone for a while alone: of items that are published, or named by a listing.

    A former address is none of these, where the item is known to be at another one.
    """
    if not any(schedule.is_gone_page(visit) for _, visit in run.state.visits.pending()):
        return set()
    missing = run.state.visits.missing().values()
    published = {visit.url for visits in missing for visit in visits if all(one.gone_since for one in visits)}
    named = {url for one in run.council.facts.named.values() for url in one.pages}
    return published | named | run.named


def _take_in(run: Run) -> None:
    """Ask again for articles that were left out for a language that is published now."""
    languages = run.source.languages
    for url, language in run.state.visits.left_out().items():
        if not languages or language in languages:
            run.state.visits.take_in(url)
