"""When to look again: at what went well, at what failed, at what is gone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from feedpub.backoff import Backoff
from feedpub.model import Visit

FIRST_LOOK = timedelta(hours=1)  # after publication; the next ones come at ever longer intervals
RETRY = Backoff()  # of a page that fails
PATIENCE = RETRY.patience  # failures in a row until a page is asked for less often
SAID_EVERY = 12  # failures of a listing that is looked at every hour
LOOKS = 20  # articles that a run looks at again, at most
GONE = {404, 410}
REFUSED = {401, 403}
GONE_OR_REFUSED = GONE | REFUSED | {451}
GONE_TIMES = 3  # answers that a page is not there, no good one between them,
GONE_FOR = timedelta(days=2)  # and so long apart, until its item is withdrawn


def next_look(born: datetime, now: datetime) -> datetime:
    """When to look again at an article's page that was read now.

    ``born`` is the date of the item that stands there. The intervals are as
    long as the item is old (an hour after the first hour, a day after the
    first day, a year after the first year): a correction comes soon, and an
    article costs ever less, ten looks or so in its first year.
    """
    return now + max(FIRST_LOOK, now - born)


def is_due_after_failure(visit: Visit, now: datetime) -> bool:
    """Whether to ask once more for what failed: at once for a while, then ever less, at last once a day.

    For what is gone ever less again: after a day, two, four, a year.
    """
    if visit.asked is None or visit.asked > now:
        return True
    retry = RETRY
    if visit.gone_since and visit.status in GONE:
        retry = replace(RETRY, longest=max(RETRY.longest, visit.asked - visit.gone_since - GONE_FOR))
    return now - visit.asked >= retry.wait(visit.failures)


def not_before(listing: Visit, now: datetime) -> datetime | None:
    """When to ask again for a listing that the server answers with an error; None: now.

    Not for one that is there and cannot be read: to look at it costs the site
    no more than it always does. A host that does not answer at all has a
    rest as a whole.
    """
    if listing.error is None or listing.status is None or listing.asked is None or is_due_after_failure(listing, now):
        return None
    return listing.asked + RETRY.wait(listing.failures)


def is_said_already(listing: Visit) -> bool:
    """Whether a listing that comes and cannot be read need not be told of again: some twice a day are enough."""
    return listing.status is None and listing.failures > PATIENCE and listing.failures % SAID_EVERY != 0


def is_given_up(visit: Visit) -> bool:
    """Whether a failure is the council's own decision and needs no mending: the page is gone, or not for us.

    A page never read is told of a few times first: its link may be misread.
    """
    return visit.status in GONE_OR_REFUSED and (visit.failures > PATIENCE or visit.item is not None)


def is_gone(visit: Visit, now: datetime) -> bool:
    """Whether a page is not there any more: it was said often enough, over days, and nothing else since."""
    return visit.gone_since is not None and visit.gone_times >= GONE_TIMES and now - visit.gone_since >= GONE_FOR


def is_due_after_brake(times: int, asked: datetime, now: datetime) -> bool:
    """Whether to look again at a site at which the last runs were stopped so many times."""
    return asked > now or now - asked >= RETRY.wait(times)


def oldest_first(pending: Sequence[tuple[int, Visit]]) -> list[Visit]:
    """The visits in the order of publication, whatever the order of listing (rank 0 is the newest).

    Of an article and its repost the older one thus gets its id first, in a
    rebuilt state as in the lost one.
    """
    return [visit for _, visit in sorted(pending, key=lambda p: -p[0])]
