"""Which hubs are told of which changed feeds, when they are tried again, and what is said of it. Pure.

WebSub (W3C Recommendation, 6) leaves it open how a publisher tells a hub; what
hubs take is in ``fetch.hub``. A hub is told of a feed as often as that changes,
and until it takes it: nobody who reads by push asks for the feed by himself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from feedpub.backoff import Backoff
from feedpub.errors import FetchError
from feedpub.model import Ping

FEEDS = {"application/rss+xml", "application/atom+xml", "application/feed+json"}  # what people subscribe to
ARCHIVE = "/archive/"  # in the name of a feed's older part (RFC 5005): nobody subscribes to that
RETRY = Backoff(longest=timedelta(hours=6))  # so much later than it could be is news pushed, once the hub is well again
SAID_EVERY = timedelta(days=1)  # so often a person hears of a hub that fails, and not before it has lasted so long
NO_HUB = {404, 410}
NO_REFUSALS = {408, 425, 429}  # of all 4xx: the hub has no time


def is_topic(name: str, media_type: str) -> bool:
    """Whether hubs are told of this published file: feeds are what people subscribe to."""
    return media_type.partition(";")[0] in FEEDS and ARCHIVE not in name


def is_wanted(ping: Ping, hubs: Collection[str], folders: Collection[str]) -> bool:
    """Whether the hub is still named in the configuration, and the feed stands at an address that is still published.

    ``folders`` are the addresses of the sources' folders, each with a slash at the end.
    """
    return ping.hub in hubs and ping.topic.startswith(tuple(folders))


def due(waiting: Iterable[Ping], now: datetime) -> Mapping[str, list[Ping]]:
    """By hub what it is to be told now, in the order in which it is: what it failed at last comes last.

    So a hub that refuses one feed keeps no other from being told.
    """
    by_hub: dict[str, list[Ping]] = {}
    for ping in waiting:
        by_hub.setdefault(ping.hub, []).append(ping)
    return {
        hub: sorted(pings, key=lambda p: (p.failures, p.asked is not None, p.asked or p.since, p.topic))
        for hub, pings in by_hub.items()
        if (later := next_try(pings)) is None or not _asked(pings) <= now < later  # no clock that was ahead counts
    }


def next_try(pings: Sequence[Ping]) -> datetime | None:
    """When a hub is told again of what waits for it; None: at the next run.

    At every run for a while, and of what has just changed; then after an hour,
    two, four, at last four times a day.
    """
    wait = RETRY.wait(min(p.failures for p in pings))
    return _asked(pings) + wait if wait else None


def why(error: FetchError, topic: str) -> str:
    """Why the hub did not take it, so that a person knows whose turn it is."""
    if error.status in NO_HUB:
        where = f"there is no hub at this address, or none for {topic}"
        return f"{error.reason}: {where}; mend or remove it in [publish] hubs"
    if error.status and 400 <= error.status < 500 and error.status not in NO_REFUSALS:
        return f"{error.reason}: it refuses {topic}"
    return error.reason


def feeds(count: int) -> str:
    return "a changed feed" if count == 1 else f"{count} changed feeds"


def failed(pings: Sequence[Ping], reason: str) -> str:
    """What is said of a hub that has failed once more, for whom these wait; they are as the state has them now."""
    later = next_try(pings)
    again = f"after {later:%Y-%m-%d %H:%M} UTC" if later else "by the next run"
    return (
        f"{pings[0].hub}: the hub has not taken {feeds(len(pings))} since {_since(pings):%Y-%m-%d %H:%M} UTC: {reason};"
        f" it will be told again {again}"
    )


def is_to_be_heard(before: Sequence[Ping], now: datetime) -> bool:
    """Whether a person is to hear that a hub has failed: once it has lasted for a day, and then once a day.

    ``before`` is what waited for it before it was tried now.
    """
    since = _since(before)
    return (now - since) // SAID_EVERY > max(0, (_asked(before) - since) // SAID_EVERY)


def _since(pings: Sequence[Ping]) -> datetime:
    return min(p.since for p in pings)


def _asked(pings: Sequence[Ping]) -> datetime:
    """When the hub was last told of any of it, in vain; where it never was, since when it is to be."""
    return max((p.asked for p in pings if p.asked), default=_since(pings))
