"""How news arrive, as far as people should know it. From the state alone: the clock is not in it.

A page says on which day the council's site was last looked at, and claims nothing of the present. Whoever opens it
later sees how old that is, also where nothing runs any more that could say so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from feedpub import address
from feedpub.council import Council
from feedpub.model import Health

UNREACHED = 2  # times in a row that a listing failed, for people to be told
LONG_REST = timedelta(hours=1)  # for which a host wants to be left in peace: likewise
LONG_AGO = timedelta(days=3)  # beyond the usual time between two looks


def health(council: Council) -> Health:
    """Return whether news arrive, and the day of the last look; of a closed source, the day on which that was done."""
    retired = council.facts.retired
    if retired:
        return Health(closed=retired.astimezone(council.zone).date())
    visits = (council.state.visits.get(url) for url in council.source.listings)
    failing = [v for v in visits if v and v.error]
    rests = council.state.store.hosts.rests() if failing else {}
    resting = [rests.get(address.host(v.url)) for v in failing]
    is_resting = any(rest and rest.until - rest.asked >= LONG_REST for rest in resting)
    is_reached = not is_resting and all(v.failures < UNREACHED for v in failing)
    if not is_reached or council.is_held:
        return Health(is_reached, council.is_held, council.facts.succeeded)
    looked = _last_day(council)
    return Health(looked=looked, doubtful=looked + LONG_AGO + _interval(council.source.every) if looked else None)


def brief_health(council: Council) -> Health:
    """Return the same without the day: a page of many councils does not change each day with each of them."""
    return replace(health(council), looked=None, doubtful=None)


def _last_day(council: Council) -> date | None:
    last_look = council.facts.last_look
    return last_look.astimezone(council.zone).date() if last_look else None


def _interval(every: str) -> timedelta:
    """Return the time between two looks, if it is of days."""
    return timedelta(days=int(every[:-1])) if every.endswith("d") else timedelta(0)
