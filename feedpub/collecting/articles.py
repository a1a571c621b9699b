"""Visits: one article's page after another, understood, told apart, kept; and what is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from feedpub import address, content
from feedpub.collecting import dedupe, reading
from feedpub.collecting.batches import Guard
from feedpub.collecting.dedupe.brake import Change, Weighed
from feedpub.collecting.withdrawals import withdraw_gone
from feedpub.council import authority, is_recovering
from feedpub.edges import Fetch, Track, expect
from feedpub.errors import FetchError, LayoutError, Missing, Refused, Resting, SourceError
from feedpub.model import Outcome, Source, Verdict, Visit
from feedpub.store import Store

if TYPE_CHECKING:
    from feedpub.content import Article, Stored

SEVERAL = 3  # articles that are laid out otherwise, and none as known, tell of a site that was rebuilt
UNSERVED = 2  # pages in a row that a server does not answer before the rest is left for the next run
FAILING = 5  # pages in a row that it answers with 401, 403 or 5xx, no other between them, before the rest is left


def visit_all(
    source: Source, store: Store, fetch: Fetch, now: datetime, track: Track, fresh: set[str], guard: Guard
) -> Iterator[Outcome]:
    """Visits what is new, then what was left over, then what may have been edited; withdraws what is gone.

    What is known from published feeds alone comes first: a repost of it must
    not be taken for the original. Where the server itself does not answer,
    the rest is left for the next run.
    """
    unread = [v for v in store.unread(source.id) if dedupe.is_due_after_failure(v, now)]
    if unread:
        yield from _visit_each(source, unread, store, fetch, now, track, guard)
        if guard.is_accepted:
            store.put_forgone(source.id)
    if is_recovering(source, store):
        yield from withdraw_gone(source, store, fetch, now, guard)
        return  # a repost of what could not be read yet would be taken for news
    first = {v.url for v in store.unread(source.id)}
    waiting = [
        (r, v) for r, v in store.pending(source.id) if v.url not in first and dedupe.is_due_after_failure(v, now)
    ]
    new = dedupe.oldest_first([(r, v) for r, v in waiting if v.url in fresh])
    backlog = dedupe.oldest_first([(r, v) for r, v in waiting if v.url not in fresh])
    looks = store.count(source.id) if guard.is_accepted else dedupe.LOOKS  # what was accepted once is not asked again
    visits = [*new, *backlog, *store.due(source.id, now, looks)]
    yield from _visit_each(source, visits, store, fetch, now, track, guard)
    yield from withdraw_gone(source, store, fetch, now, guard)


def _visit_each(
    source: Source, visits: list[Visit], store: Store, fetch: Fetch, now: datetime, track: Track, guard: Guard
) -> Iterator[Outcome]:
    """Visits these; where none of them is laid out as known, once more by a layout learnt anew."""
    expect(fetch, [(v.url, v.validators) for v in visits])
    try:
        yield from _visit_in_turn(source, visits, store, fetch, now, track, guard)
    finally:
        expect(fetch, ())


def _visit_in_turn(
    source: Source, visits: list[Visit], store: Store, fetch: Fetch, now: datetime, track: Track, guard: Guard
) -> Iterator[Outcome]:
    unserved = failing = read = strange = 0
    is_searched = False
    for n, visit in enumerate(track(visits, source, "pages") if visits else (), 1):
        try:
            outcome, is_strange = _visit(source, visit, store, fetch, now, guard)
        except Resting as error:
            left = f"{len(visits) - n + 1} pages are left for a later run"
            yield Outcome(source.home, None, f"{error}; {left}", is_unserved=True, is_said=error.is_said)
            return
        yield outcome
        read += outcome.verdict is not None
        strange += is_strange
        unserved = unserved + 1 if outcome.is_unserved else 0
        failing = failing + 1 if outcome.is_rejected and not guard.is_accepted else 0
        if (unserved == UNSERVED or failing == FAILING) and n < len(visits):
            left = f"{len(visits) - n} more pages are left for the next run"
            why = "does not answer" if unserved else "answers one page after another with an error"
            yield Outcome(source.home, None, f"{source.home}: the server {why}; {left}", is_unserved=True)
            return
        if not read and strange and not is_searched and (strange == SEVERAL or n == len(visits)):
            is_searched = True
            if said := reading.relearn_from_articles(source, visit, store, fetch, now):
                yield said
                if said.verdict is not None:
                    for again in visits[:n]:
                        yield _visit(source, store.visit(source.id, again.url) or again, store, fetch, now, guard)[0]


def is_unserved(error: SourceError) -> bool:
    return isinstance(error, FetchError) and (error.status in (429, 503) or error.is_unreachable)


def is_refused(error: SourceError) -> bool:
    """Whether it is the server that refuses the page, and not its robots.txt, which was not written for us alone."""
    return isinstance(error, Refused) and error.status is not None


def is_rejected(error: SourceError) -> bool:
    """Whether it is the server that fails or refuses the page: where it does so again and again, it does so for all."""
    return is_refused(error) or (isinstance(error, FetchError) and (error.status or 0) >= 500)


def _visit(
    source: Source, visit: Visit, store: Store, fetch: Fetch, now: datetime, guard: Guard
) -> tuple[Outcome, bool]:
    """Asks for one article's page, understands it and keeps it. The outcome, and whether its layout is unknown.

    Raises Resting where the page was not asked for.
    """
    try:
        page = fetch(visit.url, visit.validators)
        article = reading.article(page, visit, source, store, now) if page else None
    except Resting:
        raise
    except SourceError as error:
        is_gone = isinstance(error, Missing) or (isinstance(error, FetchError) and error.status in dedupe.GONE)
        store.failed(source.id, visit.url, now, error, gone=is_gone and guard.is_site_well)
        outcome = Outcome(visit.url, None, str(error), is_unserved=is_unserved(error), is_rejected=is_rejected(error))
        return outcome, isinstance(error, LayoutError)
    if page is None or article is None:
        guard.still += 1
        _still(source, visit, store, now)
        return Outcome(visit.url, Verdict.UNCHANGED), False
    with store.transaction():
        verdict, item = _keep(source, visit, article, store, now, guard)
        due = _next_look(item, verdict, now)
        store.visited(source.id, visit.url, now, page.validators, item=item.id, due=due, words=article.text_key)
    doubt = f"{visit.url}: {article.doubt}; it is dated by when it was first seen" if article.doubt else None
    return Outcome(visit.url, verdict, doubt if verdict is Verdict.NEW else None), False


def _still(source: Source, visit: Visit, store: Store, now: datetime) -> None:
    """A page is as it was; that of an item that was withdrawn because it was gone is there again."""
    item = store.item(visit.item) if visit.item else None
    if item and item.gone and not item.gone.is_final:
        store.put(source.id, replace(item, gone=None), (), store.read_by(item.id))
    store.visited(source.id, visit.url, now, due=_next_look(item, Verdict.UNCHANGED, now) if item else None)


def _next_look(item: Stored, verdict: Verdict, now: datetime) -> datetime | None:
    return None if verdict is Verdict.WITHDRAWN else dedupe.next_look(item.date, now)


def _keep(
    source: Source, visit: Visit, article: Article, store: Store, now: datetime, guard: Guard
) -> tuple[Verdict, Stored]:
    """What the article is to us, and its item."""
    guard.look_back()
    keys = dedupe.keys(article, source)
    layout = reading.fingerprint(source, store)
    here = here_at(article, source, store)
    verdict, known = judged(visit, article, here, source, store, now)
    if known and known.gone and known.gone.is_final:
        store.name(source.id, known.id, keys)
        return Verdict.WITHDRAWN, known
    if known is None:
        item = dedupe.identity(article, source, authority(source, store), store.has)
        new = content.Stored(item, article, now, article.published or now)
        _give_way(source, visit, here, new, store)
        store.put(source.id, new, keys, layout)
        guard.changes.append(Change(verdict, Weighed.of(article), None))
        return verdict, new
    if verdict is Verdict.DUPLICATE and known.gone is None:
        store.name(source.id, known.id, keys)
        return verdict, known
    if verdict is Verdict.CHANGED and store.read_by(known.id) not in (layout, None):
        verdict = Verdict.UNCHANGED  # it is read otherwise now; a reader is not to be told of that as of an edit
    told = Weighed.of(article)
    if reading.shows_ages(source, store):  # they drift by themselves
        told = replace(told, published=None)
    guard.changes.append(Change(verdict, told, Weighed.of(known.article)))
    kept = replace(known, article=_merged(article, known), gone=None, is_read=True)
    if verdict is Verdict.CHANGED:
        kept = replace(kept, updated=max(now, known.updated))
    _give_way(source, visit, here, kept, store)
    if kept != known:  # also for a new alias or token: no news, but links live on
        store.put(source.id, kept, keys, layout)
    else:
        store.name(source.id, known.id, keys)
        if store.read_by(known.id) != layout:
            store.put_read_by(known.id, layout)
    return verdict, kept


def here_at(article: Article, source: Source, store: Store) -> list[Stored]:
    """What is known at the article's addresses, or by an id that one of them would give."""
    found = store.at(source.id, dedupe.keys(article, source))
    by_id = (store.item(i) for i in dedupe.candidates(article, source, authority(source, store)))
    return [*found, *(s for s in by_id if s and s not in found and (not s.is_read or s.gone))]


def judged(
    visit: Visit | None, article: Article, here: list[Stored], source: Source, store: Store, now: datetime
) -> tuple[Verdict, Stored | None]:
    """What the article is to us, and which item it is; None: it is a new one. ``here`` is what ``here_at`` gives."""
    from feedpub.collecting.dedupe.likeness import REPOST_WINDOW

    ids = dedupe.candidates(article, source, authority(source, store))
    if final := next((s for s in here if dedupe.is_withdrawn(article, s, store.keys(s.id), ids, source)), None):
        return Verdict.WITHDRAWN, final
    alike = store.alike(source.id, article, article.published or now, REPOST_WINDOW)
    repeats = _repeated(source, visit, article, here, store) if visit else None
    return dedupe.judge(article, here, alike, dedupe.dictionary(source.language), now, repeats)


def _repeated(source: Source, visit: Visit, article: Article, here: list[Stored], store: Store) -> Stored | None:
    """The item that this page was taken for a repost of, and still is: it reads as it did, or nobody wrote down how."""
    if visit.words is not None:
        return store.item(visit.item) if visit.item and visit.words == article.text_key else None
    own = set(dedupe.keys(article, source))
    return next((s for s in here if s.is_read and not s.gone and own <= set(store.keys(s.id))), None)


def _give_way(source: Source, visit: Visit, here: list[Stored], item: Stored, store: Store) -> None:
    """An alias went over to this item: the one that had it is to be looked at where it stands now."""
    for other in here:
        number = next((u for u in other.article.addresses if address.is_numbered(u)), None)
        had_it = dedupe.key(other.article.url, source) == dedupe.key(visit.url, source)
        if had_it and other.id != item.id and other.gone is None and number:
            store.look_now(source.id, number)
            store.expect_item(source.id, number, other.id)


def _merged(article: Article, known: Stored) -> Article:
    """An article as it is read now, with what never moves: its date, and its words where only a counter has."""
    old = known.article
    if not known.is_read:
        return replace(article, published=old.published if article.published else None)
    if article.fingerprint == old.fingerprint and article.text != old.text:
        return replace(old, url=article.url, addresses=article.addresses)
    return replace(article, published=old.published, doubt=old.doubt)
