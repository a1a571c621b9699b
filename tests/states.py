"""Sources and states made by hand, for tests that begin behind the command line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from feedpub.collecting.dedupe.decision import Evidence
from feedpub.content import Article, Stored
from feedpub.council import Council
from feedpub.dictionary import dictionary
from feedpub.model import Source
from feedpub.store import Store

MEMORY = Path(":memory:")


def unknown(source: Source) -> Council:
    """A council of which nothing is known yet."""
    return Council(source, Store(MEMORY).of(source.id))


def put_facts(store: Store, source: str, **facts: Any) -> None:
    """Changes what is known of a source besides its items."""
    state = store.of(source)
    state.put_facts(replace(state.facts, **facts))


def evidence(
    council: Council,
    article: Article,
    here: Iterable[Stored] = (),
    alike: Iterable[Stored] = (),
    **more: Any,
) -> Evidence:
    """What a state that has these items would know of an article."""
    ids = council.candidate_ids(article)
    known = Evidence(
        here=tuple(here),
        alike=tuple(alike),
        repeats=None,
        keys={s.id: () for s in here},
        read_by={},
        candidate_ids=tuple(ids),
        free_id=ids[0],
        hosts=council.hosts,
        asked=article.url,
        layout="layout",
        shows_ages=False,
        dictionary=dictionary(council.source.language),
        zone=council.zone,
    )
    return replace(known, **more)
