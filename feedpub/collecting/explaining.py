"""Explain which item an article is, and why it is no other. Changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedpub.collecting import keeping
from feedpub.collecting.dedupe import decision
from feedpub.collecting.dedupe.likeness import Likeness, repost
from feedpub.content import Article, Stored
from feedpub.council import Council
from feedpub.dictionary import dictionary
from feedpub.model import Verdict

NEAREST = 5  # items that are compared, at most
HALF = 0.5  # of the words in common make an item worth comparing


@dataclass(frozen=True, slots=True)
class Explanation:
    """The verdict on an article, and the items that it was compared with."""

    verdict: Verdict
    item: Stored | None  # None: it is not known yet
    aliases: tuple[str, ...]  # the comparing keys of that item
    compared: tuple[tuple[Stored, Likeness], ...]  # other items of the same title or about as long, the nearest first


def explain(council: Council, article: Article, now: datetime) -> Explanation:
    """Return the verdict that ``run`` would reach on the article, and how it differs from similar items."""
    state = council.state
    words = dictionary(council.source.language)
    evidence = keeping.evidence(council, state.visits.get(article.url), article, now)
    verdict, item = decision.judge(article, evidence, now)
    is_own = verdict in (Verdict.UNCHANGED, Verdict.CHANGED)
    similar = (*evidence.alike, *state.items.titled(article.title))
    others = {stored.id: stored for stored in similar}
    if is_own and item:
        others.pop(item.id, None)
    when = article.published or now
    nearest = [s for s in others.values() if _is_worth_explaining(article, s)]
    nearest.sort(key=lambda s: (abs(s.date - when), s.id))
    compared = tuple((s, repost(article, s, words, now, council.zone)) for s in nearest[:NEAREST])
    aliases = tuple(state.items.keys(item.id)) if item else ()
    return Explanation(verdict, item, aliases, compared)


def _is_worth_explaining(article: Article, other: Stored) -> bool:
    if other.article.title == article.title:
        return True
    return decision.shared_words(other.article, article) > HALF
