"""What an article is to the state, told and not changed: which item it is, and why it is no other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from feedpub.collecting import articles, dedupe
from feedpub.council import at_home
from feedpub.model import Source, Verdict
from feedpub.store import Store

if TYPE_CHECKING:
    from feedpub.collecting.dedupe.likeness import Likeness
    from feedpub.content import Article, Stored

NEAREST = 5  # items that are told of, at most
HALF = 0.5  # of the words in common make it worth telling of


@dataclass(frozen=True, slots=True)
class Told:
    """What an article is to a source, and what it was held against."""

    verdict: Verdict
    item: Stored | None  # None: it is not known yet
    aliases: tuple[str, ...]  # the comparing keys of that item
    compared: tuple[tuple[Stored, Likeness], ...]  # other items of the same title or about as long, the nearest first


def identity_of(source: Source, store: Store, article: Article, now: datetime) -> Told:
    """What ``run`` would take the article for, and how it differs from what is like it."""
    from feedpub.collecting.dedupe import likeness

    source = at_home(source, store)
    dictionary = dedupe.dictionary(source.language)
    when = article.published or now
    visit = store.visit(source.id, article.url)
    verdict, item = articles.judged(visit, article, articles.here_at(article, source, store), source, store, now)
    alike = store.alike(source.id, article, when, likeness.REPOST_WINDOW)
    is_own = verdict in (Verdict.UNCHANGED, Verdict.CHANGED)
    others = {s.id: s for s in (*alike, *store.titled(source.id, article.title)) if not (is_own and s == item)}
    nearest = sorted(others.values(), key=lambda s: (abs(s.date - when), s.id))
    nearest = [s for s in nearest if s.article.title == article.title or _shared(s.article, article) > HALF][:NEAREST]
    compared = tuple((s, likeness.repost(article, s, dictionary, now)) for s in nearest)
    return Told(verdict, item, tuple(store.keys(item.id)) if item else (), compared)


def _shared(one: Article, other: Article) -> float:
    words, others = set(one.text.split()), set(other.text.split())
    return len(words & others) / (len(words | others) or 1)
