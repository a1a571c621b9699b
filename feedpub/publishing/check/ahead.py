"""Dates in the future. Readers sort by dates, so such an item stays on top of all news until its day.

Councils announce events. feedpub dates an announcement by the day on which it first saw it, never by the event. So
no date of a feed lies ahead, but for clocks and time zones that differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from feedpub.content import Problem
from feedpub.kinds import Kind
from feedpub.publishing.check.read import Document, Item, document_of
from feedpub.publishing.check.timestamps import Timestamp

AHEAD = timedelta(days=1)  # between clocks that are both right, at most: some sites name the wrong time zone


def dates_ahead(data: bytes, kind: Kind, now: datetime) -> Iterator[Problem]:
    """Yield the dates of a feed, its items and its tombstones that lie in the future."""
    document = document_of(data, kind)  # other checks report one that cannot be read
    if document:
        yield from _of_feed(document, now)


def _of_feed(document: Document, now: datetime) -> Iterator[Problem]:
    yield from _ahead("the feed", "was last updated", document.updated, now)
    for tombstone in document.tombstones:
        yield from _ahead(tombstone.ref, "was withdrawn", tombstone.when, now)
    for item in document.items:
        yield from _of_item(item, now)


def _of_item(item: Item, now: datetime) -> Iterator[Problem]:
    yield from _ahead(item.name, "was published", item.published, now)
    if item.updated != item.published:
        yield from _ahead(item.name, "was updated", item.updated, now)


def _ahead(where: str, what: str, date: Timestamp, now: datetime) -> Iterator[Problem]:
    if date.moment and date.moment - now > AHEAD:
        yield Problem(where, f"{what} in the future: {date.text}")
