"""Decide how a source is, from the state and from what the last run could not do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from feedpub import address
from feedpub.conditions import SEVERITY, Condition, State, Watched
from feedpub.council import Council
from feedpub.model import ARRIVED, Rest, Visit
from feedpub.watch.silence import SHORTEST, odd_silence

UNREACHED = timedelta(days=2)  # after which a site does not come back by itself, or not soon
SOON = timedelta(days=SHORTEST - 1)  # a day of the council may begin before one of UTC
LOOKED_BACK = 300  # dates of items, by which a silence is measured
LEAST_UNREAD = 5  # pages that arrive and cannot be read, for a layout to have changed; and
SHARE_UNREAD = 0.5  # that share of the pages that the listings name
NEWEST = 5  # items that all lack a date, where
SHARE_UNDATED = 0.5  # of all items lack one at most
FORBIDDEN = "robots.txt"  # in the reason of a page that is not to be asked for
WELL = Condition(State.WELL)

WRITE = "write to the council"
FIND = "find the page that lists the news now, and set listings in its [[source]]"
REFUSALS = {401: WRITE, 403: WRITE, 404: FIND, 410: FIND, 451: WRITE}  # by HTTP status
LEARN = "`feedpub inspect {0}` shows what is read there, `feedpub learn {0}` looks for its layout anew"
MOVED = "look whether it has moved, and with `feedpub doctor` whether this machine reaches it"
SILENT = "look at {}: the news may be on another page now"


@dataclass(frozen=True, slots=True)
class Findings:
    """What a run knows that is not in the state yet."""

    now: datetime
    rests: Mapping[str, Rest]  # by host
    before: Watched | None = None  # how it was after the run before; None: it was always well
    held_back: Sequence[str] = field(default=())  # why files were not written


def condition_of(council: Council, findings: Findings) -> Condition:
    """Return how a source is. Of several troubles it has the worst."""
    if findings.held_back:
        return Condition(State.BROKEN, findings.held_back[0], "readers still see the last good files")
    return _stopped(council) or _unread(council, findings) or _resting(council, findings) or _odd(council, findings.now)


def _stopped(council: Council) -> Condition | None:
    brake = council.facts.brake
    if brake:
        codes = "".join(f" --accept {code}" for code in brake.code.split())
        way_out = f"look at the site; if the change is real: `feedpub run{codes}`" if codes else ""
        return Condition(State.STOPPED, f"{council.source.home}: {brake.why}", way_out)
    code = council.loss_code
    if code:
        way_out = f"to go on without them: `feedpub run --accept {code}`"
        return Condition(State.STOPPED, "published items could not be read again since the state was lost", way_out)
    return None


def _unread(council: Council, findings: Findings) -> Condition | None:
    """Return what is wrong with a listing that could not be read the last time."""
    visits = (council.state.visits.get(url) for url in council.source.listings)
    failing = [_failing(visit, findings) for visit in visits if visit and visit.error]
    return min(failing, key=lambda one: SEVERITY[one.state], default=None)


def _failing(visit: Visit, findings: Findings) -> Condition:
    why = f"{visit.url}: {visit.error}"
    if visit.status == ARRIVED:
        return Condition(State.DRIFTING, why, LEARN.format(visit.url))
    if visit.status in REFUSALS:
        return Condition(State.GONE, why, REFUSALS[visit.status])
    if visit.status is None and FORBIDDEN in (visit.error or ""):
        return Condition(State.GONE, why, WRITE)
    return _after_long(findings, why, visit.asked or findings.now)


def _resting(council: Council, findings: Findings) -> Condition | None:
    rest = findings.rests.get(address.host(council.source.home))
    if rest is None or not rest.failures or rest.until <= findings.now:
        return None
    return _after_long(findings, f"{council.source.home}: {rest.why}", rest.asked)


def _after_long(findings: Findings, why: str, asked: datetime) -> Condition:
    """Return that a site does not answer: for now, or for so long that somebody should look.

    ``asked`` is when it was last asked in vain.
    """
    before = findings.before
    since = before.ailing_since if before and before.state in (State.RESTING, State.GONE) else None
    if since and asked - since > UNREACHED:
        return Condition(State.GONE, why, MOVED)
    return Condition(State.RESTING, why)


def _odd(council: Council, now: datetime) -> Condition:
    """Return what is odd about news that arrive, or do not."""
    listing = council.source.listings[0]
    unread = _unread_pages(council)
    if unread:
        why = f"{unread} of the pages that it names arrive and cannot be read"
        return Condition(State.DRIFTING, f"{listing}: {why}", LEARN.format(listing))
    if _are_dates_lost(council):
        why = f"the {NEWEST} newest articles have no date that can be read; earlier ones had"
        return Condition(State.DRIFTING, f"{listing}: {why}", LEARN.format(listing))
    return _stale(council, now) or WELL


def _stale(council: Council, now: datetime) -> Condition | None:
    newest = council.state.items.newest_dates(1)
    if newest and newest[0] <= now < newest[0] + SOON:  # no silence of so few days is odd: the others are not asked for
        return None
    looked = [date.fromisoformat(one.day) for one in council.state.store.watching.days(council.id) if one.looks]
    silence = odd_silence(council.state.items.newest_dates(LOOKED_BACK), council.zone, looked, now)
    if silence is None:
        return None
    usual = "day" if silence.usual == 1 else f"{silence.usual} days"
    why = f"no news since {silence.last:%Y-%m-%d}; it usually has some every {usual} at least"
    return Condition(State.STALE, why, SILENT.format(council.source.listings[0]))


def _unread_pages(council: Council) -> int:
    """Return how many of the pages that the listings name cannot be read, if that is most of them; else 0."""
    failures = council.state.visits.failures(council.source.listings)
    if len(failures) < LEAST_UNREAD:
        return 0
    named = {url for one in council.facts.named.values() for url in one.pages}
    unread = sum(visit.url in named and visit.status == ARRIVED for visit in failures)
    return unread if unread >= max(LEAST_UNREAD, SHARE_UNREAD * len(named)) else 0


def _are_dates_lost(council: Council) -> bool:
    items = council.state.items
    return items.are_undated(NEWEST) and items.count_undated() <= SHARE_UNDATED * items.count_ever()
