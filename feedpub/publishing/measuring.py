"""The files that items speak of are measured: readers are told type and length of an enclosure."""

from __future__ import annotations

from datetime import datetime, timedelta

from feedpub import address
from feedpub.council import Council
from feedpub.edges import Measure, Track, untracked
from feedpub.errors import Resting, SourceError
from feedpub.publishing.staleness import MEDIA

MEASURE_AGAIN = timedelta(days=1)  # for a file whose server would not tell its length
MOST_ASKED = 10  # of an item's files, the best first: one with thousands would take all requests of a run


def measure(council: Council, ask: Measure, now: datetime, items: int, track: Track = untracked) -> None:
    """Ask for type and length of one file of each of the newest items: the one that will be its enclosure.

    A file that cannot be measured keeps nobody from the feeds; the item goes without an enclosure.
    """
    collections = council.state.collections
    waiting = [] if council.is_held else _unmeasured(council, now, items)
    if waiting:
        collections.put_stale([MEDIA])  # until all were asked for
    for item, urls in track(waiting, council.source, "files") if waiting else ():
        try:
            _measure_first(council, ask, now, item, urls)
        except Resting:  # it was not asked for: the next run goes on
            return
    if MEDIA in collections.stale():
        collections.put_fresh(MEDIA)


def _measure_first(council: Council, ask: Measure, now: datetime, item: str, urls: list[str]) -> None:
    """Measure the first of an item's files that can be measured. Raises Resting where its host is left in peace."""
    for url in urls:
        try:
            medium = ask(url)
        except Resting:
            raise
        except SourceError:
            medium = None
        council.state.media.put_medium(url, medium, now, item)
        if medium:
            return


def expect_files(council: Council, fetch: object, now: datetime, items: int) -> bool:
    """Tell a fetch that goes ahead which files ``measure`` will ask for. Return whether it does, and there are any."""
    expected = getattr(fetch, "expect_files", None)
    if not expected or council.is_held:
        return False
    waiting = _unmeasured(council, now, items)
    if waiting:
        expected([urls[0] for _, urls in waiting])
    return bool(waiting)


def _unmeasured(council: Council, now: datetime, items: int) -> list[tuple[str, list[str]]]:
    """Return the newest items without a measured file, each with its files on the council's own host to ask for."""
    media, hosts = council.state.media, council.own_hosts
    waiting = []
    for stored in council.state.items.newest(items):
        urls = [f.url for f in stored.article.offered if address.site(f.url) in hosts]
        urls = urls[:MOST_ASKED]
        if not media.measured(urls):
            asked = {url: media.asked(url) for url in urls}
            waiting.append((stored.id, [u for u, at in asked.items() if at is None or now - at >= MEASURE_AGAIN]))
    return [(item, urls) for item, urls in waiting if urls]
