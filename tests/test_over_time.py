"""The published folder over time: no item leaves it without a reason, and one that did is missed."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedpub.content import Stored
from feedpub.kinds import ATOM, DUMP, JSON_FEED, RSS, Kind
from feedpub.publishing.check import check
from feedpub.publishing.folder import Folder
from feedpub.store.collections import Collections
from feedpub.store.items import Items
from tests.council import CONFIG, Council, Ran

LOST = "tag:127.0.0.1,2026:zrazkiv/node/294"
MONTH = "archive/2025-11/"
STONE = '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="{}" when="{}"/>'


@pytest.fixture
def published(council: Council) -> Council:
    """A council whose ten newest items are published."""
    assert council.feedpub("run").code == 0
    return council


def on_state(council: Council, *statements: str) -> None:
    with closing(sqlite3.connect(council.state)) as db, db:
        for statement in statements:
            db.execute(statement)


def lose(council: Council, item: str = LOST) -> None:
    """The state loses an item, as if nobody had ever seen it. Its copies lose it, too."""
    on_state(council, f"DELETE FROM item WHERE id = '{item}'", f"DELETE FROM member WHERE item = '{item}'")
    for copy in council.folder.glob("feedpub.db.bak*"):
        copy.unlink()


def news(council: Council) -> None:
    """One more article appears on the site, so that files are to be written."""
    newest = council.site.articles[-1]
    council.site.articles.append(
        replace(newest, number=newest.number + 3, title="Ще одна новина", alias="content/shche")
    )


def dropping(monkeypatch: pytest.MonkeyPatch, owner: Any, method: str) -> None:
    """From now on a query of the state forgets an item."""
    whole = getattr(owner, method)

    def cut(*args: Any, **named: Any) -> list[Stored]:
        return [item for item in whole(*args, **named) if item.id != LOST]

    monkeypatch.setattr(owner, method, cut)


def ids_in(council: Council, name: str) -> set[str]:
    return set(re.findall(r'"(tag:[^"]+/node/\d+)"', council.path(name).read_text()))


# ------------------------------------------------------------ the state has lost an item


@pytest.mark.long
def test_an_item_that_the_state_has_lost_comes_back_with_its_id_and_is_told_once(published: Council) -> None:
    before = published.feeds()
    lose(published)
    ran = published.feedpub("run")
    assert (ran.code, ran.err) == (
        1,
        "feedpub: zrazkiv: the state lacks published items: 1 items keep their ids and are read again\n",
    )
    assert published.feedpub("run") == Ran(0, "", "")
    assert published.feeds() == before
    assert published.feedpub("check") == Ran(0, "", "")


@pytest.mark.long
def test_an_item_that_nobody_knows_any_more_is_told_once(published: Council) -> None:
    kept = {name: published.path(name).read_bytes() for name in (".state.json",)}
    lose(published)
    published.path(".state.json").unlink()
    published.feedpub("publish")  # without the mark, nobody misses it
    for path in published.path("").rglob("*"):
        if path.is_file() and LOST.encode() in path.read_bytes():
            path.unlink()
    on_state(published, f"DELETE FROM item WHERE id = '{LOST}'", f"DELETE FROM member WHERE item = '{LOST}'")
    published.path(".state.json").write_bytes(kept[".state.json"])
    ran = published.feedpub("publish")
    assert ran.code == 1
    assert ran.err == (
        "feedpub: zrazkiv: 1 items that were published are neither in the state nor in a published feed or a copy;"
        " take them over from a ledger or an old feed with `feedpub recover FILE`\n"
    )
    assert published.feedpub("publish") == Ran(0, "", "")


# ------------------------------------------------------------ a file would lose an item


@pytest.mark.long
@pytest.mark.parametrize(
    ("owner", "method", "kept"), [(Collections, "members", f"{MONTH}items.ndjson"), (Items, "newest", "feed.json")]
)
def test_a_file_that_would_lose_an_item_is_held_back(
    published: Council, monkeypatch: pytest.MonkeyPatch, owner: Any, method: str, kept: str
) -> None:
    assert LOST in ids_in(published, kept)
    before = published.path(kept).read_bytes()
    news(published)
    dropping(monkeypatch, owner, method)
    ran = published.feedpub("run")
    assert ran.code == 1
    assert f"readers still see the last good ones: {LOST}: would be lost: it belongs there" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert published.path(kept).read_bytes() == before
    monkeypatch.undo()
    assert published.feedpub("run").code == 0
    assert published.feedpub("check").code == 0


def test_an_item_that_has_lost_its_place_in_the_archive_gets_it_back(published: Council) -> None:
    before = published.feeds()
    on_state(published, f"DELETE FROM member WHERE item = '{LOST}'", "UPDATE document SET stands = 'x'")
    assert published.feedpub("run") == Ran(0, "", "")
    assert published.feeds() == before


@pytest.mark.long
def test_an_item_may_leave_for_a_reason(published: Council) -> None:
    published.configure(CONFIG.replace("items = 50", "items = 5"))  # the feed shows fewer
    assert published.feedpub("run") == Ran(0, "", "")
    assert LOST in ids_in(published, f"{MONTH}items.ndjson")
    assert published.feedpub("withdraw", LOST, "--reason", "x").code == 0
    assert LOST not in ids_in(published, f"{MONTH}items.ndjson")
    assert published.feedpub("check") == Ran(0, "", "")
    assert published.feedpub("run") == Ran(0, "", "")


def test_an_id_that_was_changed_in_a_file_holds_nothing_back(published: Council) -> None:
    before = published.feeds()
    for name in ("feed.json", f"{MONTH}items.ndjson"):
        path = published.path(name)
        path.write_bytes(path.read_bytes().replace(LOST.encode(), b"tag:evil.example,2026:zrazkiv/node/1"))
    assert published.feedpub("run") == Ran(0, "", "")
    assert published.feeds() == before


# ------------------------------------------------------------ check


@pytest.fixture
def shrunken(published: Council) -> Council:
    """An archive that fits together and has lost an item without a word: state and folder agree, but for the mark."""
    mark = published.path(".state.json")
    kept = mark.read_bytes()
    lose(published)
    mark.unlink()
    on_state(published, "UPDATE source SET emitted = NULL")
    for path in published.path("").rglob("*"):
        if path.is_file() and path.suffix in (".xml", ".json", ".ndjson"):
            path.write_bytes(b"")
    published.feedpub("publish")
    mark.write_bytes(kept)
    assert LOST not in "".join(path.read_text() for path in published.path("").rglob("*.xml"))
    return published


@pytest.mark.long
def test_check_misses_what_the_archive_had_last_time(shrunken: Council) -> None:
    folder = shrunken.folder / "public"
    line = (
        f"{folder}/zrazkiv: the archive: last time 10 items, now 9, and no tombstone names 1 of the others;"
        " `feedpub publish` writes them again\n"
    )
    assert shrunken.feedpub("check", str(folder)) == Ran(1, line, "")
    of_state = "zrazkiv: the state has 9 items, and had 10 when it was last published; the next run says more\n"
    assert shrunken.feedpub("check") == Ran(1, of_state + line, "")


@pytest.mark.long
def test_a_tombstone_is_a_reason(shrunken: Council) -> None:
    feed = shrunken.path("atom.xml")
    stone = STONE.format(LOST, "2025-11-14T12:00:00Z")
    data = feed.read_text().replace("</feed>", f"{stone}</feed>").encode()
    Folder(shrunken.folder / "public")("zrazkiv/atom.xml", data, ATOM.media_type)
    assert shrunken.feedpub("check", str(shrunken.folder / "public")) == Ran(0, "", "")


@pytest.mark.long
def test_check_names_what_the_state_has_and_the_archive_has_lost(published: Council) -> None:
    gone = len(ids_in(published, f"{MONTH}items.ndjson"))
    for path in published.path(MONTH).iterdir():
        path.unlink()
    lines = published.feedpub("check").out.splitlines()
    assert f"zrazkiv: {LOST}: was in the archive and is there no more" in lines
    sentence = f"the archive: last time 10 items, now {10 - gone}, and no tombstone names {gone} of the others"
    assert any(sentence in line for line in lines)
    assert published.feedpub("run") == Ran(0, "", "")
    assert published.feedpub("check") == Ran(0, "", "")


def test_a_folder_that_nobody_remembers_is_judged_by_itself(published: Council) -> None:
    published.path(".state.json").unlink()
    assert published.feedpub("check", str(published.folder / "public")) == Ran(0, "", "")


# ------------------------------------------------------------ dates in the future

NOW = datetime(2025, 11, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize("kind", [ATOM, RSS, JSON_FEED, DUMP], ids=lambda kind: kind.name)
def test_a_date_in_the_future_is_named_in_every_format(published: Council, kind: Kind) -> None:
    name = f"{MONTH}{kind.name}" if kind is DUMP else kind.name
    data = published.path(name).read_bytes()
    newest = datetime.fromisoformat(published.items()[0]["date_published"])
    assert not [p for p in check(data, kind, now=newest - timedelta(hours=20)) if "future" in p.rule]
    ahead = [str(p) for p in check(data, kind, now=newest - timedelta(hours=30)) if "future" in p.rule]
    assert any(p.startswith(f"{published.items()[0]['id']}: was published in the future: ") for p in ahead)
    assert [p for p in ahead if p.startswith("the feed: was last updated")] or kind is not ATOM
    assert not [p for p in check(data, kind) if "future" in p.rule]  # before publishing, no clock is asked


def test_a_tombstone_and_an_edit_in_the_future_are_named(published: Council) -> None:
    data = published.path("atom.xml").read_text()
    stone = (
        '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="tag:x" when="2099-11-14T12:00:00Z"/>'
    )
    data = re.sub(r"(<entry>.*?<updated>)[^<]+", r"\g<1>2098-01-01T00:00:00Z", data, count=1, flags=re.DOTALL)
    rules = [str(p) for p in check(data.replace("</feed>", f"{stone}</feed>").encode(), ATOM, now=NOW)]
    assert "tag:x: was withdrawn in the future: 2099-11-14T12:00:00Z" in rules
    assert any(rule.endswith(": was updated in the future: 2098-01-01T00:00:00Z") for rule in rules)


def test_an_announcement_that_is_dated_by_its_event_is_no_date_in_the_future(council: Council) -> None:
    """It is dated by the day on which it was first seen."""
    newest = council.site.articles[-1]
    council.site.articles[-1] = replace(
        newest, utc=newest.utc.replace(year=2099), date=newest.date.replace("2025", "2099")
    )
    council.feedpub("run")
    assert "future" not in council.feedpub("check").out
