"""The commands that only look change nothing: not the state, not what later runs make of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from feedpub.store import MIGRATIONS
from tests.council import Council

READING = (["status"], ["status", "--json"], ["ledger"], ["ledger", "--json"])  # commands that read the state alone
LOOKING = (*READING, ["check"], ["config"])
PAGE = (
    "<html><body><h1>Заголовок</h1><article><p>Міська рада повідомляє громаду про новини.</p></article></body></html>"
)


def saved(folder: Path) -> str:
    page = folder / "page.html"
    page.write_text(PAGE, encoding="utf-8")
    return str(page)


def test_to_look_at_a_page_fixes_no_id(council: Council) -> None:
    """A run with a wrong home keeps nothing, and nor does anyone who looks after it."""
    wrong = "http://127.0.0.1:9/"
    council.configure(home=wrong)
    assert council.feedpub("run").code == 1
    council.feedpub("inspect", "--url", f"{wrong}node/7", saved(council.folder))
    council.configure(home=council.served.url.replace("127.0.0.1", "localhost") + "/")
    assert council.feedpub("run").code == 0
    domains = {item["id"].partition(",")[0] for item in council.items()}
    assert domains == {"tag:localhost"}


@pytest.mark.parametrize("words", [*LOOKING, ["inspect"]], ids=" ".join)
@pytest.mark.long
def test_to_look_leaves_every_file_as_it_is(council: Council, words: list[str]) -> None:
    council.feedpub("run")
    page = [f"{council.served.url}/node/297"] if words == ["inspect"] else []
    before = council.files()
    council.feedpub(*words, *page)
    assert council.files() == before


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_a_state_of_an_older_version_is_read_and_not_brought_to_the_present_one(
    council: Council, words: list[str]
) -> None:
    with sqlite3.connect(council.state) as db:
        for script in MIGRATIONS[:5]:
            db.executescript(script)
        db.execute("PRAGMA user_version = 5")
    db.close()
    before = council.files()
    assert council.feedpub(*words).code == 0
    assert council.files() == before


def test_to_look_makes_no_state(council: Council) -> None:
    council.feedpub("status")
    council.feedpub("ledger")
    council.feedpub("inspect", saved(council.folder))
    assert not council.state.exists()
