"""Which hubs to tell of which changed feeds, when to try again, and what to report about a hub that fails. Pure.

WebSub (W3C Recommendation, 6) leaves open how a publisher tells a hub; what
hubs take is in ``fetch.hub``. A hub is told whenever a feed changes, until it
takes the message: a reader that relies on push does not poll.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from feedpub.backoff import Backoff
from feedpub.errors import FetchError
from feedpub.kinds import is_feed
from feedpub.model import ARCHIVE, Ping

RETRY = Backoff(longest=timedelta(hours=6))  # so late at most is news pushed once the hub is well again
REPORT_EVERY = timedelta(days=1)  # a person hears of a hub that fails after a day, and then once a day
NO_HUB = {404, 410}
WITHOUT_PICTURES = "text/"  # the folder of that edition, in its source's
NO_REFUSALS = {408, 425, 429}  # of all 4xx: the hub has no time


def is_topic(name: str) -> bool:
    """Whether hubs are told of this published file: it is a feed that names them.

    Months of an archive (RFC 5005) do not, nor do feeds without pictures: their readers ask no host but ours.
    """
    _, _, within = name.partition("/")
    return is_feed(name) and not within.startswith((ARCHIVE, WITHOUT_PICTURES))


def is_wanted(ping: Ping, hubs: Collection[str], folders: Collection[str]) -> bool:
    """Whether the configuration still has the hub, and still publishes at the feed's address.

    ``folders`` are the addresses of the sources' folders, each with a slash at the end.
    """
    return ping.hub in hubs and ping.topic.startswith(tuple(folders))


def pings_due(waiting: Iterable[Ping], now: datetime) -> Mapping[str, list[Ping]]:
    """Return the pings to send now, by hub. Those that failed last come last.

    So a hub that refuses one feed keeps no other from being announced.
    """
    by_hub: dict[str, list[Ping]] = {}
    for ping in waiting:
        by_hub.setdefault(ping.hub, []).append(ping)
    return {hub: sorted(pings, key=_turn_of) for hub, pings in by_hub.items() if _is_due(pings, now)}


def _turn_of(ping: Ping) -> tuple[int, bool, datetime, str]:
    return (ping.failures, ping.asked is not None, ping.asked or ping.since, ping.topic)


def _is_due(pings: Sequence[Ping], now: datetime) -> bool:
    later = next_try(pings)
    # A time before the last try means that a clock was ahead; it must not keep the hub waiting.
    return later is None or not _last_tried(pings) <= now < later


def next_try(pings: Sequence[Ping]) -> datetime | None:
    """Return when a hub is told again of what waits for it; None: at the next run.

    After a few runs the hub rests for an hour, two, four, and then six each time.
    """
    wait = RETRY.wait(min(p.failures for p in pings))
    return _last_tried(pings) + wait if wait else None


def refusal_reason(error: FetchError, topic: str) -> str:
    """Return why the hub did not take it, and who can mend that."""
    if error.status in NO_HUB:
        where = f"there is no hub at this address, or none for {topic}"
        return f"{error.reason}: {where}; mend or remove it in [publish] hubs"
    if error.status and 400 <= error.status < 500 and error.status not in NO_REFUSALS:
        return f"{error.reason}: it refuses {topic}"
    return error.reason


def changed_feeds(count: int) -> str:
    return "a changed feed" if count == 1 else f"{count} changed feeds"


def failure_message(pings: Sequence[Ping], reason: str) -> str:
    """Return the line about a hub that has failed again. ``pings`` wait for it, as the state has them now."""
    later = next_try(pings)
    again = f"after {later:%Y-%m-%d %H:%M} UTC" if later else "by the next run"
    feeds = changed_feeds(len(pings))
    since = f"{_waiting_since(pings):%Y-%m-%d %H:%M} UTC"
    return f"{pings[0].hub}: the hub has not taken {feeds} since {since}: {reason}; it will be told again {again}"


def is_to_be_reported(before: Sequence[Ping], now: datetime) -> bool:
    """Whether a person should hear now that a hub has failed.

    ``before`` is what waited for the hub before this try.
    """
    since = _waiting_since(before)
    reports_due = (now - since) // REPORT_EVERY
    reports_made = max(0, (_last_tried(before) - since) // REPORT_EVERY)
    return reports_due > reports_made


def _waiting_since(pings: Sequence[Ping]) -> datetime:
    return min(p.since for p in pings)


def _last_tried(pings: Sequence[Ping]) -> datetime:
    """Return when the hub last failed to take any of them; before a first try, since when they wait."""
    return max((p.asked for p in pings if p.asked), default=_waiting_since(pings))
