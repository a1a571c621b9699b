"""A source's state → its published files, and the files that its items speak of measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedpub import address, dedupe
from feedpub.errors import Resting, SourceError
from feedpub.model import Problem, Source
from feedpub.pipeline import collections, documents
from feedpub.pipeline.collections import ARCHIVE, OWN
from feedpub.pipeline.documents import PAGES, Document, Press, Target
from feedpub.pipeline.edges import Measure, Track, untracked
from feedpub.pipeline.identity import at_home
from feedpub.pipeline.pushing import announced
from feedpub.render import OUTLINE
from feedpub.store import Store

FEW_LOST = (3, 0.1)  # items, and a share of those published before the state was lost, may be missing
MEASURE_AGAIN = timedelta(days=1)  # for a file whose server would not tell its length
SUCCESS_RECORDED = timedelta(hours=1)  # a run that found nothing new writes no more often than this
ALL = ""  # what stands for all sources together where one's id would


@dataclass(frozen=True, slots=True)
class Emission:
    """What came of writing a source's files."""

    written: tuple[str, ...]  # names of the files that changed
    problems: tuple[tuple[str, Problem], ...]  # by the name of the file that was held back for it


class _Writer:
    """Checks documents and publishes those that changed. What fails its check is not: the last good file stays."""

    def __init__(self, target: Target, store: Store, now: datetime) -> None:
        self.target = target
        self.publish = announced(target.publish, target.base_url, target.hubs, store, now)
        self.written: list[str] = []
        self.problems: list[tuple[str, Problem]] = []

    def write(self, documents: Iterator[Document], block: int) -> bool:
        """Whether all of them are as they should be."""
        from feedpub.check import check

        before = len(self.problems)
        for document in documents:
            found = check(document.data, block=block)
            self.problems += [(document.name, p) for p in found]
            if not found and self.publish(document.name, document.data, document.media_type):
                self.written.append(document.name)
        return len(self.problems) == before

    def remove(self, names: Sequence[str]) -> None:
        self.written += [name for name in names if self.target.publish.remove(name)]

    @property
    def emission(self) -> Emission:
        return Emission(tuple(self.written), tuple(self.problems))


def emit(source: Source, store: Store, target: Target, now: datetime, *, is_anew: bool = False) -> Emission:
    """Makes the source's files from the state, those that are stale, checks them and publishes those that changed.

    ``is_anew``: all of them. None is made while items are known from the
    published files alone (see ``recovery``); of a source that the brake has
    stopped, only the pages, which say so.
    """
    writer = _Writer(target, store, now)
    is_done = is_emitted(source, store, target) and not is_anew
    is_unknown = store.setting(source.id) is None and not store.newest(source.id, 1)
    if is_done or is_unknown or is_recovering(source, store):
        return writer.emission
    is_held = store.brake(source.id) is not None
    if not is_held:
        is_anew = is_anew or not (store.touched(source.id) or store.stale(source.id))  # for files are gone, say
        collections.place(source, store, _setting(source, store, target), is_anew=is_anew)
    press = press_of(source, store, target)
    # Archives first, the oldest first, so that nobody is led to one that is not there; the source's own feed is last.
    for name in sorted(store.stale(source.id), key=lambda n: (not n.startswith(ARCHIVE), n == OWN, n)) * (not is_held):
        if writer.write(press.documents(name), source.terms.block):
            if name != OWN and name not in press.collections:
                writer.remove([f"{source.id}/{file}" for file in documents.files(name)])
            store.put_fresh(source.id, name)
    if OWN not in store.stale(source.id):  # pages do not lead to what is held back
        writer.write(press.pages(), source.terms.block)
    if not writer.problems and (is_held or not _unmeasured(source, store, now, target.items)):
        store.put_emitted(source.id, _made_from(source, store, target))
    return writer.emission


def emit_front(sources: Sequence[Source], store: Store, target: Target, now: datetime) -> Emission:
    """Makes what speaks of all sources, where anything of it has changed; nothing before one of them has items."""
    writer = _Writer(target, store, now)
    if not any(store.setting(s.id) for s in sources):
        return writer.emission
    if store.emitted(ALL) != _front_made_from(sources, store, target):
        writer.write(documents.front([press_of(s, store, target) for s in sources]), 2)
        if not writer.problems:
            store.put_emitted(ALL, _front_made_from(sources, store, target))
    return writer.emission


def press_of(source: Source, store: Store, target: Target) -> Press:
    return Press(source, store, target, {c.name: c for c in store.collections(source.id)})


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


def is_emitted(source: Source, store: Store, target: Target) -> bool:
    """Whether the published files are those that this state gives; also where none is to be published."""
    if store.revision(source.id) == 0 or (store.brake(source.id) and store.emitted(source.id) is None):
        return True
    return store.emitted(source.id) == _made_from(source, store, target)


def note_success(source: Source, store: Store, now: datetime) -> None:
    """Writes down that the source is well, but not at every run: to find nothing new must cost next to nothing."""
    last = store.succeeded(source.id)
    if last is None or now - last >= SUCCESS_RECORDED:
        store.put_succeeded(source.id, now)


def _made_from(source: Source, store: Store, target: Target) -> str:
    """A fingerprint of all that the files are made from, and of the files as they stand.

    Where the brake has stopped a source, of what its pages say of it alone.
    """
    health = documents.health(source, store)
    if health.is_held:
        return collections.hashed(health)
    names = (OWN, *(c.name for c in store.collections(source.id)))
    files = [*(file for name in names for file in documents.files(name)), *PAGES]
    stand = target.publish.fingerprints(f"{source.id}/{file}" for file in files)
    return collections.hashed(_setting(source, store, target), store.revision(source.id), health, stand)


def _front_made_from(sources: Sequence[Source], store: Store, target: Target) -> str:
    stand = target.publish.fingerprints((OUTLINE, documents.PAGE))
    return collections.hashed([(s, store.emitted(s.id)) for s in sources], target.base_url, target.version, stand)


def _setting(source: Source, store: Store, target: Target) -> str:
    return collections.setting(source, store, target.base_url, target.items, target.version, target.hubs)


# ------------------------------------------------------------ measure


def measure(source: Source, store: Store, ask: Measure, now: datetime, items: int, track: Track = untracked) -> None:
    """Asks for type and length of one file of each of the newest items: the one that will be its enclosure.

    A file that cannot be measured keeps nobody from the feeds; the item goes without an enclosure.
    """
    waiting = [] if store.brake(source.id) else _unmeasured(source, store, now, items)
    for item, urls in track(waiting, source, "files") if waiting else ():
        for url in urls:
            try:
                medium = ask(url)
            except Resting:  # it was not asked for
                return
            except SourceError:
                medium = None
            store.put_medium(source.id, url, medium, now, item)
            if medium:
                break


def _unmeasured(source: Source, store: Store, now: datetime, items: int) -> list[tuple[str, list[str]]]:
    """For each of the newest items without a measured file those on the council's own host that may be asked for."""
    waiting = []
    own = dedupe.hosts(at_home(source, store))
    for stored in store.newest(source.id, items):
        urls = [f.url for f in stored.article.offered if address.host(f.url) in own]
        if not store.media(urls):
            asked = {url: store.measured(url) for url in urls}
            waiting.append((stored.id, [u for u, at in asked.items() if at is None or now - at >= MEASURE_AGAIN]))
    return [(item, urls) for item, urls in waiting if urls]
