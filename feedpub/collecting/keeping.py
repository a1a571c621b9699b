"""Decide what an article is to us, and keep it: read the state, decide, write."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, count, filterfalse

from feedpub import address
from feedpub.collecting import batches
from feedpub.collecting.dedupe.decision import (
    ALIKE,
    Decision,
    Evidence,
    decide,
    is_nearer,
    is_page_of,
    is_titled,
    shared_words,
)
from feedpub.collecting.dedupe.likeness import REPOST_WINDOW, candidate_lengths, compare
from feedpub.collecting.run import Run
from feedpub.content import Article, Page, Stored
from feedpub.council import Council
from feedpub.dictionary import dictionary
from feedpub.model import Verdict, Visit
from feedpub.store import Candidates

AGE = "%R"  # in a date format: the site shows how long ago an article came


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article that was read at one of the addresses that were asked for."""

    visit: Visit
    article: Article
    read_at: str  # after redirects
    moved: Stored | None = None  # the item that is proven to have come to this address from another one
    stays: bool = False  # that item is at its own address as well
    strangers: frozenset[str] = frozenset()  # ids of items that it is not, whatever its page claims

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the article is, as was seen and not only said by its page."""
        return (self.visit.url, self.read_at)


def keep_article(run: Run, arrival: Arrival) -> Decision:
    """Decide what an article is to us, and keep it. Return the decision."""
    batches.look_back(run)
    visit, moved = arrival.visit, arrival.moved
    article = replace(arrival.article, url=_link(run, arrival))
    known = evidence(run.council, visit, article, run.now, arrival.strangers)
    if moved:
        items = run.state.items
        known = replace(known, moved=moved, read_by={**known.read_by, moved.id: items.read_by(moved.id)})
    decision = decide(article, known, run.now)
    if decision.verdict is Verdict.NEW and article.url not in arrival.addresses:  # that link is another item's
        article = replace(article, url=arrival.read_at)
        decision = decide(article, known, run.now)
    _write_decision(run, arrival.addresses, article, decision)
    _note_edit(run, visit, decision)
    return decision


def keep_listed(run: Run, visit: Visit | None, article: Article, moved: Stored | None = None) -> Decision:
    """Decide what an article is that only a listing tells of, and keep it. ``visit`` is its page's, if it has one.

    ``moved`` is the item that it is though it has another address now.
    """
    batches.look_back(run)
    known = replace(evidence(run.council, visit, article, run.now), moved=moved)
    decision = decide(article, known, run.now)
    _write_decision(run, article.all_addresses, article, decision)
    _note_edit(run, visit, decision)
    return decision


def _note_edit(run: Run, visit: Visit | None, decision: Decision) -> None:
    """Remember an edit of the council's. A page that is read for the first time is none: its item had other origins."""
    if decision.verdict is Verdict.CHANGED and (visit is None or visit.words is not None):
        run.state.items.note_edit(decision.item.id, run.now)


def _link(run: Run, arrival: Arrival) -> str:
    """Return the address to publish: one at which the article was read, if possible the one that a listing names.

    A number is no address for people. So where an article was read under its number, a name is taken that its page
    gives itself, if a listing names that, too, or the item was read there before.
    """
    if arrival.moved and arrival.stays:
        return arrival.moved.article.url
    council, named = run.council, run.named_keys
    item = arrival.moved or _item_of_page(run, arrival)
    has_left = arrival.moved is not None  # where it was before it leads here, or is another article's
    known = item.article.url if item and item.is_read and not has_left else None
    is_living = known not in (None, arrival.visit.url) and _is_read_at(run, known or "", item)
    if address.is_numbered(arrival.read_at):
        claimed = arrival.article.url
        return claimed if _is_read_at(run, claimed, item) else arrival.read_at
    is_named_here = council.key_of(arrival.read_at) in named
    if known and is_living and (known in run.named or not is_named_here):
        return known
    return arrival.read_at


def _item_of_page(run: Run, arrival: Arrival) -> Stored | None:
    """Return the item that was known on a page, if the page is its own.

    A repost's page is not. To give it the item's link would make it the item's, and its words would take turns with
    the item's.
    """
    item = run.state.items.get(arrival.visit.item) if arrival.visit.item else None
    return item if item and is_page_of(arrival.article, item.article) else None


def _is_read_at(run: Run, url: str, item: Stored | None) -> bool:
    """Whether an address is visited, and the item was there the last time."""
    visit = run.state.visits.get(url)
    return visit is not None and item is not None and visit.item == item.id and visit.error is None


def other_item_at(run: Run, visit: Visit, page: Page, article: Article) -> Stored | None:
    """Return another known item to whose page an item's address leads now, and whose words are there.

    The item itself is not there any more. An item with a number is looked at under that.
    """
    council, items = run.council, run.state.items
    there = council.key_of(page.url)
    item = items.get(visit.item) if visit.item else None
    if item is None or there == council.key_of(visit.url):
        return None
    is_numbered = any(map(address.is_numbered, item.article.all_addresses))
    if is_numbered and not address.is_numbered(visit.url):
        return None
    owners = [one for one in items.at([there]) if one.id != item.id and one.is_read and one.gone is None]
    others = [one for one in owners if council.key_of(one.article.url) == there]
    return next((one for one in others if is_nearer(article, one, item)), None)


def is_other_news_at(run: Run, visit: Visit, page: Page, article: Article) -> bool:
    """Whether an item's address leads elsewhere now, to an article of another title, time and words.

    An address that has a number, or is one, is left to that.
    """
    council, items = run.council, run.state.items
    item = items.get(visit.item) if visit.item else None
    there = council.key_of(page.url)
    if item is None or not item.is_read or there in items.keys(item.id) or there == council.key_of(visit.url):
        return False
    numbered = (*item.article.all_addresses, *article.all_addresses)
    has_one_instant = article.published is None or article.published == item.article.published
    if has_one_instant or any(map(address.is_numbered, numbered)):
        return False
    return not is_titled(article, item.article) and shared_words(article, item.article) < ALIKE


def evidence(
    council: Council, visit: Visit | None, article: Article, now: datetime, strangers: Collection[str] = ()
) -> Evidence:
    """Return the state's knowledge of an article. ``visit`` is that of its page, if a listing has named it.

    ``strangers`` are the ids of items that it is not, though it has an address of theirs.
    """
    items, layout = council.state.items, council.layout
    ids = council.candidate_ids(article)
    at_addresses = [item for item in here(council, article, ids) if item.id not in strangers]
    return Evidence(
        here=tuple(at_addresses),
        alike=tuple(items.alike(candidates(article, now))),
        repeats=_repeats(council, visit, article, at_addresses) if visit else None,
        keys={s.id: tuple(items.keys(s.id)) for s in at_addresses},
        read_by={s.id: items.read_by(s.id) for s in at_addresses},
        candidate_ids=tuple(ids),
        free_id=free_id(council, ids),
        hosts=council.hosts,
        asked=visit.url if visit else article.url,
        layout=layout.fingerprint,
        shows_ages=shows_ages(council),
        dictionary=dictionary(council.source.language),
        zone=council.zone,
        is_redating=council.facts.redating is not None and not shows_ages(council),
        gone_since=_gone_since(council, visit, at_addresses) if visit else None,
    )


def _gone_since(council: Council, visit: Visit, at_addresses: Sequence[Stored]) -> datetime | None:
    """Return since when a page was gone, until now; None: it was there. Before a move it had another scheme or host."""
    if visit.gone_since or visit.item is not None:
        return visit.gone_since
    key = council.key_of(visit.url)
    earlier = [one for item in at_addresses for one in council.state.visits.of_item(item.id)]
    return min((v.gone_since for v in earlier if v.gone_since and council.key_of(v.url) == key), default=None)


def shows_ages(council: Council) -> bool:
    """Whether the site dates articles by how long ago they came."""
    return any(AGE in form for form in council.layout.date_formats)


def here(council: Council, article: Article, ids: Sequence[str]) -> list[Stored]:
    """Return the items at an article's addresses, and lost or withdrawn items with one of its possible ids."""
    items = council.state.items
    found = items.at(council.keys_of(article))
    for item in map(items.get, ids):
        if item and item not in found and (not item.is_read or item.gone):
            found.append(item)
    return found


def candidates(article: Article, now: datetime) -> Candidates:
    """Return the numbers by which the state finds items with the same words."""
    around = article.published or now
    dates = (around - REPOST_WINDOW, around + REPOST_WINDOW)
    return Candidates(article.text_key, candidate_lengths(article), dates)


def _repeats(council: Council, visit: Visit, article: Article, at_addresses: Sequence[Stored]) -> Stored | None:
    """Return the item that this page was found to repeat, if its words are still the same as far as is known."""
    items = council.state.items
    if visit.words is not None:
        known = items.get(visit.item) if visit.item else None
        is_same = known and (visit.words == article.text_key or _has_moved_pictures(council, article, known.article))
        return known if is_same else None
    keys = set(council.keys_of(article))
    for item in at_addresses:
        is_published = item.is_read and not item.gone
        if is_published and keys.issubset(items.keys(item.id)):
            return item
    return None


def _has_moved_pictures(council: Council, article: Article, known: Article) -> bool:
    """Whether a page repeats an item but for the folders of its pictures: a site may keep these elsewhere now."""
    pictures, others = map(_picture_files, (article, known))
    if not pictures or pictures != others:
        return False
    return compare(known, replace(article, pictures=known.pictures), dictionary(council.source.language)).same


def _picture_files(article: Article) -> list[tuple[str, str]]:
    return [(address.file_key(picture.url).rpartition("/")[2], picture.alt) for picture in article.pictures]


def free_id(council: Council, ids: Sequence[str]) -> str:
    """Return the first id that no item has. All may be taken: an alias can go to another article one day."""
    further = (f"{ids[0]}~{n}" for n in count(2))
    return next(filterfalse(council.state.items.has, chain(ids, further)))


def _own_keys(council: Council, proven: Iterable[str], article: Article, item: Stored) -> list[str]:
    """Return the comparing keys under which an item is known from now on. ``proven`` are addresses where it was seen.

    An address at which another published item is known is not this one's because its page says so. It must have been
    read there.
    """
    read_at = set(map(council.key_of, proven))
    return [key for key in council.keys_of(article) if key in read_at or not _is_of_other(council, key, item)]


def _is_of_other(council: Council, key: str, item: Stored) -> bool:
    return any(one.id != item.id and one.gone is None for one in council.state.items.at([key]))


def _write_decision(run: Run, proven: Iterable[str], article: Article, decision: Decision) -> None:
    """Write a decision into the state. Nothing else writes items while articles are read."""
    state, item = run.state, decision.item
    keys, layout = _own_keys(run.council, proven, article, item), run.council.layout.fingerprint
    for url, other in decision.displaced:
        state.visits.look_now(url, other)
    if decision.is_written:
        if decision.verdict is Verdict.NEW:  # the first id settles the domain of all ids
            state.put_facts(replace(state.facts, id_domain=run.council.id_domain))
        state.items.put(item, keys, layout)
    else:
        state.items.name(item.id, keys)
    if decision.change:
        is_on_front = decision.verdict is Verdict.NEW and run.is_on_front(article.all_addresses)
        run.findings.changes.append(replace(decision.change, is_on_front=is_on_front))
        if not decision.is_written and state.items.read_by(item.id) != layout:
            state.items.put_read_by(item.id, layout)
