"""What changes is written down for the hubs before it is published, and told to them once it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feedpub.errors import FetchError, PublishError
from feedpub.model import Ping
from feedpub.publishing import push
from feedpub.publishing.documents import Target
from feedpub.store import Store

Notify = Callable[[str, str], None]  # a hub, a feed's address; raises FetchError where the hub does not take it


@dataclass(frozen=True, slots=True)
class Answer:
    """How a hub took what it was told."""

    told: tuple[str, ...]  # the feeds' addresses
    problem: str | None  # why it was told no more in this run; None: it knows all
    is_to_be_heard: bool  # whether the problem has lasted so long that a person should hear of it


def announced(target: Target, store: Store, now: datetime) -> Callable[[str, bytes, str], bool]:
    """The way to publish by which no change of a feed escapes the hubs, whenever the run is killed.

    What they are to be told is in the state before the feed is in its place:
    what it says first would else be known to nobody who waits to be told.
    """

    publish, pings = target.publish, store.pings

    def put(name: str, data: bytes, media_type: str) -> bool:
        if not target.hubs or not push.is_topic(name) or publish.holds(name, data):
            return publish(name, data, media_type)
        topic = target.base_url + name
        with store.transaction():
            first = [hub for hub in target.hubs if pings.put_ping(hub, topic, now)]
        try:
            return publish(name, data, media_type)
        except PublishError:
            if not publish.holds(name, data):
                for hub in first:
                    pings.drop_ping(hub, topic)
            raise

    return put


def due_pings(store: Store, hubs: Sequence[str], folders: Sequence[str], now: datetime) -> list[list[Ping]]:
    """What is to be told now, hub by hub. What the configuration has no hub or no place for any more is forgotten."""
    waiting = []
    for one in store.pings.waiting():
        if push.is_wanted(one, hubs, folders):
            waiting.append(one)
        else:
            store.pings.drop_ping(one.hub, one.topic)
    return list(push.pings_due(waiting, now).values())


def ping(pings: Sequence[Ping], notify: Notify, store: Store, now: datetime) -> Answer:
    """Tells one hub of these feeds, one after the other, until it has taken all or does not take one."""
    for n, one in enumerate(pings):
        try:
            notify(one.hub, one.topic)
        except FetchError as error:
            reason = push.refusal_reason(error, one.topic)
            store.pings.ping_failed(one.hub, one.topic, now, reason)
            left = [replace(p, failures=p.failures + 1) for p in pings[n:]]
            left[0] = replace(left[0], asked=now)
            told = tuple(p.topic for p in pings[:n])
            return Answer(told, push.failure_message(left, reason), push.is_to_be_reported(pings[n:], now))
        store.pings.drop_ping(one.hub, one.topic)
    return Answer(tuple(p.topic for p in pings), None, is_to_be_heard=False)
