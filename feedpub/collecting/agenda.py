"""Which pages a run visits, and in what order."""

from __future__ import annotations

from feedpub.collecting.dedupe import schedule
from feedpub.collecting.run import Run
from feedpub.model import Visit


def lost_items(run: Run) -> list[Visit]:
    """Return the pages of items that are known from published feeds alone, after the state was lost."""
    return [v for v in run.state.visits.unread() if schedule.is_due_after_failure(v, run.now)]


def due_articles(run: Run) -> list[Visit]:
    """Return what is new, then what earlier runs left over, then what may have been edited."""
    lost = {v.url for v in run.state.visits.unread()}
    waiting = [
        (rank, visit)
        for rank, visit in run.state.visits.pending()
        if visit.url not in lost and schedule.is_due_after_failure(visit, run.now)
    ]
    new = schedule.oldest_first([(rank, v) for rank, v in waiting if v.url in run.first_named])
    backlog = schedule.oldest_first([(rank, v) for rank, v in waiting if v.url not in run.first_named])
    looks = run.state.items.count() if run.is_accepted else schedule.LOOKS  # nobody is asked to accept twice
    return [*new, *backlog, *run.state.visits.due(run.now, looks)]
