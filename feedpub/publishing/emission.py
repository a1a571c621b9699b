"""A source's state → its published files, and the files that its items speak of measured."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING

from feedpub import address
from feedpub.collecting import dedupe
from feedpub.council import at_home, is_recovering
from feedpub.edges import Measure, Track, untracked
from feedpub.errors import PublishError, Resting, SourceError
from feedpub.kinds import OUTLINE
from feedpub.model import ARCHIVE, Source
from feedpub.publishing import documents, placing
from feedpub.publishing.documents import Document, Press, Target
from feedpub.publishing.hubs import announced
from feedpub.publishing.placing import OWN
from feedpub.store import Store

if TYPE_CHECKING:
    from feedpub.content import Problem

MEASURE_AGAIN = timedelta(days=1)  # for a file whose server would not tell its length
SUCCESS_RECORDED = timedelta(hours=1)  # a run that found nothing new writes no more often than this
ALL = ""  # what stands for all sources together where one's id would
PAGES = "pages"  # what stands for the pages where a collection's name would
MEDIA = "media"  # likewise for files that are still to be measured


@dataclass(frozen=True, slots=True)
class Emission:
    """What came of writing a source's files."""

    written: tuple[str, ...]  # names of the files that changed
    problems: tuple[tuple[str, Problem], ...]  # by the name of the file that was held back for it


class _Writer:
    """Checks documents and publishes those that changed. What fails its check is not: the last good file stays.

    What cannot be written, in one place or another, keeps nothing else from its place.
    """

    def __init__(self, target: Target, store: Store, now: datetime) -> None:
        self.target = target
        self.publish = announced(target.publish, target.base_url, target.hubs, store, now)
        self.failure: PublishError | None = None  # the first; what can be written is written all the same
        self.written: list[str] = []
        self.problems: list[tuple[str, Problem]] = []

    def write(self, documents: Iterator[Document], block: int) -> bool:
        """Whether all of them are as they should be."""
        from feedpub.publishing.check import check

        before = len(self.problems)
        try:
            for document in documents:
                found = check(document.data, block=block)
                self.problems += [(document.name, p) for p in found]
                if not found and self.publish(document.name, document.data, document.media_type):
                    self.written.append(document.name)
        except PublishError as error:
            self.failure = self.failure or error
            return False
        return len(self.problems) == before

    def remove(self, names: Sequence[str]) -> bool:
        """Whether all of them are gone."""
        try:
            self.written += [name for name in names if self.target.publish.remove(name)]
        except PublishError as error:
            self.failure = self.failure or error
            return False
        return True

    @property
    def emission(self) -> Emission:
        return Emission(tuple(self.written), tuple(self.problems))


def emit(source: Source, store: Store, target: Target, now: datetime, *, is_anew: bool = False) -> Emission:
    """Makes the source's files from the state, those that are stale, checks them and publishes those that changed.

    ``is_anew``: all of them. None is made while items are known from the
    published files alone (see ``recovery``). While the brake holds the source,
    the state is that of before: what it gives stays published, and no more.
    Raises PublishError when all that can be written is.
    """
    writer = _Writer(target, store, now)
    is_held = store.brake(source.id) is not None
    is_unknown = store.setting(source.id) is None and (is_held or not store.newest(source.id, 1))
    if is_unknown or is_recovering(source, store) or (not is_anew and is_emitted(source, store, target)):
        return writer.emission
    _mark(source, store, target, is_held=is_held, is_anew=is_anew)
    press = press_of(source, store, target)
    living = [n for n in store.stale(source.id) if n == OWN or n in press.collections]
    # Archives first, the oldest first, so that nobody is led to one that is not there; the source's own feed is last.
    ordered = sorted(living, key=lambda n: (not n.startswith(ARCHIVE), n == OWN, n))
    out = [name for name in ordered if writer.write(press.documents(name), source.terms.block)]
    with store.transaction():  # what a run that is killed has not written down is found to stand by the next
        for name in out:
            store.put_document(source.id, name, _stands(source, name, target))
            store.put_fresh(source.id, name)
    known = store.documents(source.id)
    is_out = OWN in known and OWN not in store.stale(source.id)
    if is_out and known.get(PAGES) != _pages(source, store, target):
        shown = {n: c for n, c in press.collections.items() if n in known}  # pages do not lead to what is held back
        if writer.write(replace(press, collections=shown).pages(), source.terms.block):
            store.put_document(source.id, PAGES, _pages(source, store, target))
    for name in set(store.stale(source.id)) - {MEDIA, OWN, *press.collections}:  # when nothing leads there any more
        if writer.remove([f"{source.id}/{file}" for file in documents.files(name)]):
            store.drop_document(source.id, name)
            store.put_fresh(source.id, name)
    if writer.failure:
        raise writer.failure
    if not writer.problems:
        store.put_emitted(source.id, str(store.revision(source.id)))
    return writer.emission


def _mark(source: Source, store: Store, target: Target, *, is_held: bool, is_anew: bool) -> None:
    """Makes stale whatever is not, or does not stand, as the state gives it."""
    known_setting = store.setting(source.id)
    setting = known_setting if is_held and known_setting else _setting(source, store, target)
    is_same = store.emitted(source.id) == str(store.revision(source.id)) or _waiting(source, store)
    is_anew = not is_held and (is_anew or not is_same or setting != known_setting)
    placing.place(source, store, setting, is_anew=is_anew)
    known = store.documents(source.id)
    living = {c.name for c in store.collections(source.id)}
    store.put_stale(source.id, known.keys() - living - {OWN, PAGES})
    store.put_stale(source.id, (n for n in known if n != PAGES and known[n] != _stands(source, n, target)))
    if is_anew:  # also what a state that was lost has published
        found = (re.match(r"[^/]+/((?:archive|category|feed)/[^/]+)/", n) for n in target.publish.names(source.id))
        store.put_stale(source.id, {f[1] for f in found if f} - living)


def emit_front(sources: Sequence[Source], store: Store, target: Target, now: datetime) -> Emission:
    """Makes what speaks of all sources, where anything of it has changed; nothing before one of them has files."""
    writer = _Writer(target, store, now)
    is_anything = any(store.documents(s.id) for s in sources)
    if is_anything and store.documents(ALL).get(PAGES) != _front(sources, store, target):
        presses = [press_of(s, store, target) for s in sources]
        out = [p.published for p in presses]
        shown = [
            replace(p, collections={n: c for n, c in p.collections.items() if n in published})
            for p, published in zip(presses, out, strict=True)
        ]
        if writer.write(documents.front(shown), 2):
            store.put_document(ALL, PAGES, _front(sources, store, target))
        if writer.failure:
            raise writer.failure
    return writer.emission


def press_of(source: Source, store: Store, target: Target) -> Press:
    return Press(source, store, target, {c.name: c for c in store.collections(source.id)})


def is_emitted(source: Source, store: Store, target: Target) -> bool:
    """Whether the published files are those that this state gives; also where none is to be published."""
    is_held = store.brake(source.id) is not None
    if store.revision(source.id) == 0 or (is_held and store.setting(source.id) is None):
        return True
    known = store.documents(source.id)
    return (
        not _waiting(source, store)
        and store.emitted(source.id) == str(store.revision(source.id))
        and (is_held or store.setting(source.id) == _setting(source, store, target))
        and _all_stand(source, known, target)
        and (OWN not in known or known.get(PAGES) == _pages(source, store, target))
    )


def _waiting(source: Source, store: Store) -> bool:
    """Whether something is to be placed, written or measured."""
    return bool(store.touched(source.id) or store.stale(source.id))


def note_success(source: Source, store: Store, now: datetime) -> None:
    """Writes down that the source is well, but not at every run: to find nothing new must cost next to nothing."""
    last = store.succeeded(source.id)
    if last is None or now - last >= SUCCESS_RECORDED:
        store.put_succeeded(source.id, now)


def _all_stand(source: Source, known: Mapping[str, str], target: Target) -> bool:
    """Whether all of these documents stand as they were left. Asked at once: there may be hundreds."""
    names = [n for n in known if n != PAGES]
    files = [[f"{source.id}/{f}" for f in documents.files(n)] for n in names]
    found = iter(target.publish.fingerprints(chain(*files)))
    return all(placing.hashed(list(islice(found, len(f)))) == known[n] for n, f in zip(names, files, strict=True))


def _stands(source: Source, name: str, target: Target) -> str:
    """Changes when one of the files of a collection is not as it was left."""
    return placing.hashed(target.publish.fingerprints(f"{source.id}/{file}" for file in documents.files(name)))


def _pages(source: Source, store: Store, target: Target) -> str:
    """A fingerprint of all that the source's pages are made from, and of their files as they stand."""
    told = (store.revision(source.id), documents.health(source, store), _published(source, store))
    stand = target.publish.fingerprints(f"{source.id}/{file}" for file in documents.PAGES)
    return placing.hashed(_setting(source, store, target), told, stand)


def _published(source: Source, store: Store) -> list[str]:
    """The names of the feeds to which one can be led."""
    living = {OWN, *(c.name for c in store.collections(source.id))}
    return sorted(living & store.documents(source.id).keys())


def _front(sources: Sequence[Source], store: Store, target: Target) -> str:
    told = [(s, store.revision(s.id), documents.health(s, store), _published(s, store)) for s in sources]
    stand = target.publish.fingerprints((OUTLINE.name, documents.PAGE))
    return placing.hashed(told, target.base_url, target.version, stand)


def _setting(source: Source, store: Store, target: Target) -> str:
    return placing.setting(source, store, target.base_url, target.items, target.version, target.hubs)


# ------------------------------------------------------------ measure


def measure(source: Source, store: Store, ask: Measure, now: datetime, items: int, track: Track = untracked) -> None:
    """Asks for type and length of one file of each of the newest items: the one that will be its enclosure.

    A file that cannot be measured keeps nobody from the feeds; the item goes without an enclosure.
    """
    waiting = [] if store.brake(source.id) else _unmeasured(source, store, now, items)
    if waiting:
        store.put_stale(source.id, [MEDIA])  # until all were asked for
    for item, urls in track(waiting, source, "files") if waiting else ():
        for url in urls:
            try:
                medium = ask(url)
            except Resting:  # it was not asked for: the next run goes on
                return
            except SourceError:
                medium = None
            store.put_medium(source.id, url, medium, now, item)
            if medium:
                break
    if MEDIA in store.stale(source.id):
        store.put_fresh(source.id, MEDIA)


def expect_files(source: Source, store: Store, fetch: object, now: datetime, items: int) -> bool:
    """Tells a fetch that goes ahead which files ``measure`` will ask for. Whether it is one, and there are any."""
    expected = getattr(fetch, "expect_files", None)
    waiting = _unmeasured(source, store, now, items) if expected and not store.brake(source.id) else []
    if expected and waiting:
        expected([urls[0] for _, urls in waiting])
    return bool(waiting)


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
