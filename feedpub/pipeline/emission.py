"""A source's state → its published feeds, and the files they speak of measured."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedpub import address, dedupe
from feedpub.errors import Resting, SourceError
from feedpub.model import Feed, Problem, Source
from feedpub.pipeline.edges import Measure, Publish, Track, untracked
from feedpub.pipeline.identity import at_home, authority
from feedpub.pipeline.pushing import announced
from feedpub.render import FORMATS, Format
from feedpub.store import Store

FEW_LOST = (3, 0.1)  # items, and a share of those published before the state was lost, may be missing
LARGEST = 1_000_000  # bytes of a feed; beyond it, some readers give up
MEASURE_AGAIN = timedelta(days=1)  # for a file whose server would not tell its length
SUCCESS_RECORDED = timedelta(hours=1)  # a run that found nothing new writes no more often than this


@dataclass(frozen=True, slots=True)
class Target:
    """Where feeds go, and how many items they have."""

    publish: Publish
    base_url: str
    items: int
    version: str
    hubs: tuple[str, ...] = ()  # to be told of every change (WebSub)


@dataclass(frozen=True, slots=True)
class Emission:
    """What came of writing a source's feeds."""

    written: tuple[str, ...]  # names of the files that changed
    problems: tuple[tuple[str, Problem], ...]  # by the name of the file that was held back for it


def emit(source: Source, store: Store, target: Target, now: datetime) -> Emission:
    """Makes the source's feeds from the state, checks them and publishes those that changed.

    What fails its check is not published; the last good file stays. So do all
    of them while items are known from these files alone (see ``recovery``).
    """
    from feedpub.check import check
    from feedpub.feed import feed

    items = store.newest(source.id, target.items)
    if not items or is_recovering(source, store):
        return Emission((), ())
    files = [f.url for s in items for f in s.article.offered]
    made = feed(
        source,
        items,
        feed_id=dedupe.feed_identity(source, authority(source, store)),
        media=store.media(files),
        site=store.site(source.id),
        base_url=target.base_url,
        version=target.version,
        tombstones=store.tombstones(source.id, target.items),
        hubs=target.hubs,
    )
    written, problems = [], []
    publish = announced(target.publish, target.base_url, target.hubs, store, now)
    for form in FORMATS:
        name = f"{source.id}/{form.name}"
        data = _fitting(form, made, target.base_url + name)
        found = check(data, block=source.terms.block)
        problems += [(name, p) for p in found]
        if not found and publish(name, data, form.media_type):
            written.append(name)
    if not problems and not _unmeasured(source, store, now, target.items):
        store.put_emitted(source.id, _made_from(source, store, target))
    return Emission(tuple(written), tuple(problems))


def is_recovering(source: Source, store: Store) -> bool:
    """Whether items that stand in the published feeds wait to be read again.

    A few whose pages fail and fail are not waited for; of more, the feeds
    would be cut short. Somebody who accepts that may say so.
    """
    waiting = store.unread(source.id)
    if not waiting or store.forgone(source.id):
        return False
    is_tried = all(v.asked and (v.error is None or v.failures >= dedupe.PATIENCE) for v in waiting)
    return not is_tried or len(waiting) > max(FEW_LOST[0], FEW_LOST[1] * store.count(source.id))


def _fitting(form: Format, feed: Feed, own_url: str) -> bytes:
    """The feed's bytes, with as many of its newest items as readers take; one, however long it is."""
    while True:
        data = form.render(feed, own_url)
        if len(data) <= LARGEST or len(feed.entries) == 1:
            return data
        feed = replace(feed, entries=feed.entries[: len(feed.entries) * 4 // 5])


def is_emitted(source: Source, store: Store, target: Target) -> bool:
    """Whether the published files are those that this state gives, to the byte; also where none is to be published."""
    if store.revision(source.id) == 0 or store.brake(source.id):
        return True
    return store.emitted(source.id) == _made_from(source, store, target)


def note_success(source: Source, store: Store, now: datetime) -> None:
    """Writes down that the source is well, but not at every run: to find nothing new must cost next to nothing."""
    last = store.succeeded(source.id)
    if last is None or now - last >= SUCCESS_RECORDED:
        store.put_succeeded(source.id, now)


def _made_from(source: Source, store: Store, target: Target) -> str:
    """A fingerprint of all that the feeds are made from, and of the files as they stand."""
    files = [target.publish.fingerprint(f"{source.id}/{form.name}") for form in FORMATS]
    made = (source, target.base_url, target.items, target.version, target.hubs, store.revision(source.id), files)
    return hashlib.sha256(repr(made).encode()).hexdigest()[:16]


def measure(source: Source, store: Store, ask: Measure, now: datetime, items: int, track: Track = untracked) -> None:
    """Asks for type and length of one file of each of the newest items: the one that will be its enclosure.

    A file that cannot be measured keeps nobody from the feeds; the item goes without an enclosure.
    """
    waiting = _unmeasured(source, store, now, items)
    for urls in track(waiting, source, "files") if waiting else ():
        for url in urls:
            try:
                medium = ask(url)
            except Resting:  # it was not asked for
                return
            except SourceError:
                medium = None
            store.put_medium(source.id, url, medium, now)
            if medium:
                break


def _unmeasured(source: Source, store: Store, now: datetime, items: int) -> list[list[str]]:
    """For each of the newest items without a measured file those on the council's own host that may be asked for."""
    waiting = []
    own = dedupe.hosts(at_home(source, store))
    for stored in store.newest(source.id, items):
        urls = [f.url for f in stored.article.offered if address.host(f.url) in own]
        if not store.media(urls):
            asked = {url: store.measured(url) for url in urls}
            waiting.append([u for u, at in asked.items() if at is None or now - at >= MEASURE_AGAIN])
    return [urls for urls in waiting if urls]
