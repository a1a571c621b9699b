"""What is read, asked or proven once is not read, asked or proven again; and what has changed always is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.site import Council as Town
from feedpub.errors import Damaged
from feedpub.store import Store
from feedpub.store.database import Database
from tests.council import Council, opened
from tests.work import GROWTH


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements of SQL that were executed."""
    executed: list[str] = []
    execute = Database.execute

    def counted(db: Database, sql: str, *values: object) -> sqlite3.Cursor:
        executed.append(sql)
        return execute(db, sql, *values)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "execute", counted)
    return executed


def test_an_article_costs_the_same_however_many_the_listings_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], statements: list[str]
) -> None:
    counts = []
    for size in (40, 80):
        folder = tmp_path / f"{size}"
        folder.mkdir()
        with opened(folder, capsys, Town(size)) as council:
            statements.clear()
            assert council.feedpub("backfill").code == 0
            counts.append(len(statements))
    assert counts[1] < GROWTH * counts[0]


def test_a_row_that_was_read_before_and_is_damaged_now_is_refused(council: Council) -> None:
    council.feedpub("run")
    with closing(Store(council.state)) as store:
        items = store.of("zrazkiv").items
        before = items.newest(3)
        assert items.newest(3) == before
        with closing(sqlite3.connect(council.state)) as other, other:
            other.execute("UPDATE item SET title = title || '?' WHERE id = ?", (before[1].id,))
        with pytest.raises(Damaged, match="is not as it was written"):
            items.newest(3)


def test_facts_that_are_written_are_read_at_once_and_those_that_are_undone_are_not(council: Council) -> None:
    council.feedpub("run")
    with closing(Store(council.state)) as store:
        state = store.of("zrazkiv")
        before = state.facts
        store.db.begin()
        state.put_facts(replace(before, backfill="https://rada.example/news?page=7"))
        assert state.facts.backfill == "https://rada.example/news?page=7"
        store.db.undo()
        assert state.facts == before
