"""Decide what an article is to us, and keep it: read the state, decide, write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, count, filterfalse

from feedpub.collecting import batches
from feedpub.collecting.dedupe.decision import Decision, Evidence, decide
from feedpub.collecting.dedupe.likeness import REPOST_WINDOW, candidate_lengths
from feedpub.collecting.run import Run
from feedpub.content import Article, Stored
from feedpub.council import Council
from feedpub.dictionary import dictionary
from feedpub.model import Verdict, Visit
from feedpub.store import Candidates

AGE = "%R"  # in a date format: the site shows how long ago an article came


def keep_article(run: Run, visit: Visit, article: Article) -> Decision:
    """Decide what an article is to us, and keep it. Return the decision."""
    batches.look_back(run)
    known = evidence(run.council, visit, article, run.now)
    decision = decide(article, known, run.now)
    _write_decision(run, article, decision)
    return decision


def evidence(council: Council, visit: Visit | None, article: Article, now: datetime) -> Evidence:
    """Return the state's knowledge of an article. ``visit`` is that of its page, if a listing has named it."""
    items, layout = council.state.items, council.layout
    ids = council.candidate_ids(article)
    here = _here(council, article, ids)
    return Evidence(
        here=tuple(here),
        alike=tuple(items.alike(candidates(article, now))),
        repeats=_repeats(council, visit, article, here) if visit else None,
        keys={s.id: tuple(items.keys(s.id)) for s in here},
        read_by={s.id: items.read_by(s.id) for s in here},
        candidate_ids=tuple(ids),
        free_id=free_id(council, ids),
        hosts=council.hosts,
        asked=visit.url if visit else article.url,
        layout=layout.fingerprint,
        shows_ages=any(AGE in form for form in layout.date_formats),
        dictionary=dictionary(council.source.language),
        zone=council.zone,
    )


def _here(council: Council, article: Article, ids: Sequence[str]) -> list[Stored]:
    """Return the items at an article's addresses, and lost or withdrawn items with one of its possible ids."""
    items = council.state.items
    here = items.at(council.keys_of(article))
    for item in map(items.get, ids):
        if item and item not in here and (not item.is_read or item.gone):
            here.append(item)
    return here


def candidates(article: Article, now: datetime) -> Candidates:
    """Return the numbers by which the state finds items with the same words."""
    around = article.published or now
    dates = (around - REPOST_WINDOW, around + REPOST_WINDOW)
    return Candidates(article.text_key, candidate_lengths(article), dates)


def _repeats(council: Council, visit: Visit, article: Article, here: Sequence[Stored]) -> Stored | None:
    """Return the item that this page was found to repeat, if its words are still the same as far as is known."""
    items = council.state.items
    if visit.words is not None:
        has_same_words = visit.words == article.text_key
        return items.get(visit.item) if visit.item and has_same_words else None
    keys = set(council.keys_of(article))
    for item in here:
        is_published = item.is_read and not item.gone
        if is_published and keys.issubset(items.keys(item.id)):
            return item
    return None


def free_id(council: Council, ids: Sequence[str]) -> str:
    """Return the first id that no item has. All may be taken: an alias can go to another article one day."""
    further = (f"{ids[0]}~{n}" for n in count(2))
    return next(filterfalse(council.state.items.has, chain(ids, further)))


def _write_decision(run: Run, article: Article, decision: Decision) -> None:
    """Write a decision into the state. Nothing else writes items while articles are read."""
    state, item = run.state, decision.item
    keys, layout = run.council.keys_of(article), run.council.layout.fingerprint
    for url, other in decision.displaced:
        state.visits.look_now(url, other)
    if decision.is_written:
        if decision.verdict is Verdict.NEW:  # the first id settles the domain of all ids
            state.put_facts(replace(state.facts, id_domain=run.council.id_domain))
        state.items.put(item, keys, layout)
    else:
        state.items.name(item.id, keys)
    if decision.change:
        run.findings.changes.append(decision.change)
        if not decision.is_written and state.items.read_by(item.id) != layout:
            state.items.put_read_by(item.id, layout)
