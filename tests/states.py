"""Sources and states made by hand, for tests that begin behind the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feedpub.collecting.dedupe.decision import Evidence
from feedpub.content import Article, Stored
from feedpub.council import Council
from feedpub.dictionary import dictionary
from feedpub.model import Source
from feedpub.store import Store, Turn, sole_run
from tests.postgres import place_at

MEMORY = Path(":memory:")


def unknown(source: Source) -> Council:
    """A council of which nothing is known yet."""
    return Council(source, Store(MEMORY).of(source.id))


def tamper(state: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Does something to the state that would be at this path, behind feedpub's back. Its answer."""
    with closing(Store(place_at(state))) as store:
        if sql.startswith("SELECT"):
            return [tuple(row) for row in store.db.rows(sql, *values)]
        store.db.execute(sql, values)
        return []


@contextmanager
def at_work(state: Path, source: str) -> Iterator[None]:
    """Another run works on this source meanwhile."""
    place = place_at(state)
    if isinstance(place, Path):
        with sole_run(place, lambda: datetime.now(UTC)) as turn:
            assert isinstance(turn, Turn)
            yield
    else:
        with closing(Store(place)) as store, store.alone(source) as busy:
            assert busy is None
            yield


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
