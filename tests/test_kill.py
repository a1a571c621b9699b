"""A run that is killed before any of its writes: the feeds stand, and the next run goes on as if nothing had been."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedpub.store.backup import copy_of
from tests import tables
from tests.council import Council

pytestmark = pytest.mark.long

HOUSE = Path(__file__).parent.parent


def with_news(council: Council) -> None:
    assert council.feedpub("run").code == 0
    newest = council.site.articles[-1]
    council.site.articles.append(
        replace(newest, number=301, alias="content/nova", title="Нова новина", utc=newest.utc + timedelta(minutes=5),
                body="<p>Сьогодні в громаді відкрито новий пункт видачі води.</p>")
    )  # fmt: skip


def first(council: Council) -> None:
    council.site.page_size = 3


def broken(council: Council) -> None:
    with_news(council)
    council.state.write_bytes(b"garbage" * 1000)


def moved(council: Council) -> None:
    """A copy that is there and a state that is not."""
    with_news(council)
    assert copy_of(council.state).exists()
    council.state.unlink()


def walk_through(folder: Path, command: str, step: int, offset: int) -> None:
    """Kill a command at many of its fault points, each time on a copy of the folder."""
    template = folder / "walk" / "template"
    template.mkdir(parents=True)
    for path in folder.iterdir():
        if path != template.parent:
            path.rename(template / path.name)
    done = subprocess.run(
        [sys.executable, "-m", "tests.walker", str(template), command, str(step), str(offset)],
        capture_output=True, text=True, check=True, cwd=HOUSE,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["kills"] >= told["points"] // step > 8


# The walk, how many of its fault points are passed for each that is tried, and with which of these it begins.
WALKS: list[tuple[str, Callable[[Council], None], int, int]] = [
    ("with news", with_news, 17, 0), ("with news", with_news, 17, 8), ("at the first look", first, 31, 0),
    ("with a broken state", broken, 31, 0), ("with a copy of the state alone", moved, 31, 0),
]  # fmt: skip


@pytest.mark.parametrize(("walk", "prepare", "step", "offset"), WALKS)
def test_a_run_may_be_killed_before_any_of_its_writes(
    council: Council, tmp_path: Path, walk: str, prepare: Callable[[Council], None], step: int, offset: int
) -> None:
    prepare(council)
    walk_through(tmp_path, "run", step, offset)
    place = WALKS.index((walk, prepare, step, offset))
    tables.add("kills", place, walk, str(step))
