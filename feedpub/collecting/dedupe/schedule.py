"""Say when to look at a page again: after it was read, after it failed, and when it is gone. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from feedpub.backoff import Backoff
from feedpub.model import ARRIVED, Visit

SHORTEST_INTERVAL = timedelta(hours=1)  # between two looks at an article's page; most corrections come soon
LOOKS = 20  # articles that a run looks at again, at most: a council's server is small

RETRY = Backoff()  # of a page that fails
PATIENCE = RETRY.patience  # failures in a row that are asked for again at the next run

GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
COUNCIL_S_DECISION = GONE | REFUSED | {HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS}
GONE_TIMES = 3  # answers in a row that a page is not there, and
GONE_FOR = timedelta(days=2)  # between the first and now, before its item is withdrawn: an outage is over by then


# ------------------------------------------------------------ after a success


def next_look(born: datetime, now: datetime) -> datetime:
    """Return when to look again at an article's page that was read now.

    ``born`` is the date of its item. The interval is as long as the item is old: an hour after the first hour, a day
    after the first day, a year after the first year. That is about ten looks in the first year.
    """
    return now + max(SHORTEST_INTERVAL, now - born)


def oldest_first(pending: Sequence[tuple[int, Visit]]) -> list[Visit]:
    """Return the visits in the order of publication, given their ranks in a listing. Rank 0 is the newest.

    An article is thus read before its repost and gives the id, in a rebuilt state as in the lost one.
    """
    return [visit for _, visit in sorted(pending, key=lambda ranked: -ranked[0])]


# ------------------------------------------------------------ after a failure


def is_due_after_failure(visit: Visit, now: datetime, *, is_awaited: bool = False) -> bool:
    """Return whether to ask again for a page that failed: at once for a while, then less often, at last once a day.

    A page that is gone is asked for ever less often: after a day, two, four, a year. Not while somebody waits for it:
    its item is still published, and to be withdrawn, or a listing names it, and it failed in a trouble.
    """
    if visit.asked is None or visit.asked > now:
        return True
    retry = RETRY
    if is_gone_page(visit) and not is_awaited:
        gone_for = visit.asked - (visit.gone_since or visit.asked)
        retry = replace(RETRY, longest=max(RETRY.longest, gone_for - GONE_FOR))
    return now - visit.asked >= retry.wait(visit.failures)


def not_before(listing: Visit, now: datetime) -> datetime | None:
    """Return when to ask again for a listing that the server answers with an error; None: now.

    A listing that arrives and cannot be read is asked for at every run, which costs the site no more than usual. If the
    server does not answer at all, its host rests as a whole (see ``fetch``).
    """
    if listing.error is None or listing.status in (None, ARRIVED):
        return None
    if listing.asked is None or is_due_after_failure(listing, now):
        return None
    return listing.asked + RETRY.wait(listing.failures)


def is_due_after_brake(times: int, asked: datetime, now: datetime) -> bool:
    """Return whether to look again at a site where the brake has stopped the last runs, so many in a row."""
    return asked > now or now - asked >= RETRY.wait(times)


# ------------------------------------------------------------ gone, or refused


def is_given_up(visit: Visit) -> bool:
    """Return whether nobody waits for a page that fails.

    That is at once where the council itself took down or forbids a page that was read. Any other page is waited for a
    few times; then what the listing says is published in its place, and `feedpub status` has the failure.
    """
    was_read = visit.item is not None
    return visit.failures > PATIENCE or (visit.status in COUNCIL_S_DECISION and was_read)


def is_to_be_said(visit: Visit) -> bool:
    """Return whether an article's failure is said now: once, and of a page that was read only if it goes on."""
    return visit.failures == (PATIENCE if visit.item else 1) and not is_given_up(visit)


def is_to_be_stood_in_for(visit: Visit) -> bool:
    """Return whether a page that no item was read from has failed so often that its listing is to speak for it."""
    return visit.error is not None and visit.item is None and visit.failures >= PATIENCE


def is_gone_page(visit: Visit) -> bool:
    """Return whether a page was not there when it was asked for last, nor before as far as is known."""
    return visit.gone_since is not None and visit.status in GONE


def is_gone(visit: Visit, now: datetime) -> bool:
    """Return whether a page is gone for good: the server said so often enough, over days, and nothing else since."""
    if visit.gone_since is None:
        return False
    return visit.gone_times >= GONE_TIMES and now - visit.gone_since >= GONE_FOR
