"""A state that is damaged, or was put back from a backup: what was published and what was withdrawn stays so."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from feedpub.store import backup
from tests.council import Council, opened


@pytest.fixture
def council(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Council]:
    with opened(tmp_path, capsys) as made:
        made.feedpub("backfill")
        yield made


def flip(path: Path, words: str, bit: int) -> None:
    """Flip a bit in the middle of these words, wherever the file has them first."""
    data = bytearray(path.read_bytes())
    at = data.index(words.encode())
    data[at + len(words.encode()) // 2] ^= bit
    path.write_bytes(data)


def cell(council: Council, sql: str) -> str:
    with closing(sqlite3.connect(council.state)) as db:
        [value] = db.execute(sql).fetchone()
    return str(value)


def news(council: Council) -> None:
    """The site has something new, so that a run copies the state."""
    newest = council.site.articles[-1]
    council.site.articles.append(
        replace(
            newest, number=300, alias="content/shche", title="Ще одна новина", body="<p>Ще одна новина громади.</p>"
        )
    )


OLD_VERSION = """
    DROP TABLE script;
    DROP INDEX item_updated; ALTER TABLE item DROP COLUMN proof; ALTER TABLE address DROP COLUMN proof;
    ALTER TABLE source DROP COLUMN proof; ALTER TABLE tally DROP COLUMN categories;
    ALTER TABLE source DROP COLUMN asked; ALTER TABLE source DROP COLUMN due; DROP TABLE object; DROP TABLE request;
    DROP TABLE thumbnail; DROP TABLE watch; DROP TABLE message; DROP TABLE look; DROP TABLE edit;
    ALTER TABLE source DROP COLUMN retired; ALTER TABLE source DROP COLUMN formerly;
    ALTER TABLE source DROP COLUMN redating; ALTER TABLE source DROP COLUMN set_back;
    PRAGMA user_version = 9;
"""
OLDEST = "FROM item ORDER BY date LIMIT 1"
DAMAGES = {
    "a letter that is none any more": (f"SELECT substr(text, 1, 20) {OLDEST}", 0x40),
    "a letter that is another one": (f"SELECT substr(text, 1, 20) {OLDEST}", 0x01),
    "a date": (f"SELECT date {OLDEST}", 0x01),
    "an id": (f"SELECT id {OLDEST}", 0x01),
    "an alias": ("SELECT key FROM address WHERE length(key) > 12 ORDER BY key LIMIT 1", 0x01),
}


@pytest.mark.long
@pytest.mark.parametrize("name", DAMAGES)
def test_one_bit_of_the_state_that_flips_is_damage_and_the_good_copy_takes_its_place(
    council: Council, name: str
) -> None:
    sql, bit = DAMAGES[name]
    known, before = council.feedpub("ledger", "--json").out, council.feeds()
    flip(council.state, cell(council, sql), bit)
    news(council)
    ran = council.feedpub("run")
    assert ran.code == 1
    assert "Traceback" not in ran.err
    assert "it is kept as feedpub.db.damaged-" in ran.err
    assert "its copy of" in ran.err
    assert council.feedpub("run").code == 0
    assert set(known.splitlines()) <= set(council.feedpub("ledger", "--json").out.splitlines())
    assert before.keys() <= council.feeds().keys()
    assert council.items()[0]["title"] == "Ще одна новина"
    for copy in (council.state, backup.copy_of(council.state)):
        assert backup.is_whole(copy)


@pytest.mark.long
def test_a_command_that_only_looks_at_a_damaged_state_says_one_line(council: Council) -> None:
    flip(council.state, cell(council, f"SELECT substr(text, 1, 20) {OLDEST}"), 0x40)
    ran = council.feedpub("ledger")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "the next `feedpub run` puts its copy in its place" in ran.err


@pytest.mark.long
def test_publish_puts_the_copy_in_the_place_of_a_damaged_state(council: Council) -> None:
    before = council.feeds()
    flip(council.state, cell(council, f"SELECT substr(text, 1, 20) {OLDEST}"), 0x40)
    ran = council.feedpub("publish")
    assert ran.code == 1
    assert "its copy of" in ran.err
    assert council.feeds() == before


@pytest.mark.long
def test_a_copy_that_is_damaged_is_not_taken_and_the_older_one_is(council: Council) -> None:
    newer, older = backup.copies_of(council.state)
    shutil.copy(newer, older)
    flip(newer, cell(council, f"SELECT substr(text, 1, 20) {OLDEST}"), 0x01)
    council.state.write_bytes(b"garbage" * 1000)
    ran = council.feedpub("run")
    assert "its copy of" in ran.err
    assert len(council.feedpub("ledger", "--json").out.splitlines()) == 1 + 31


@pytest.mark.long
def test_the_older_copy_is_of_another_day_and_no_damaged_one_takes_its_place(council: Council) -> None:
    newer, older = backup.copies_of(council.state)
    first = newer.read_bytes()
    news(council)
    council.feedpub("run")
    assert older.read_bytes() == first
    flip(newer, cell(council, f"SELECT substr(text, 1, 20) {OLDEST}"), 0x01)
    old = older.stat().st_mtime - 90_000
    os.utime(older, (old, old))
    council.site.articles.pop()
    news(council)
    council.site.articles[-1] = replace(council.site.articles[-1], number=301, alias="content/shche-i-shche")
    assert council.feedpub("run").code == 0
    assert older.read_bytes() == first
    assert backup.is_whole(newer)


# ------------------------------------------------------------ put back


def put_back(council: Council, old: dict[str, bytes]) -> None:
    council.lose_state()
    for name, data in old.items():
        (council.folder / name).write_bytes(data)


def saved(council: Council, *names: str) -> dict[str, bytes]:
    return {name: (council.folder / name).read_bytes() for name in names or ("feedpub.db",)}


COMMANDS: list[Callable[[Council], object]] = [
    lambda c: c.feedpub("run"),
    lambda c: c.feedpub("publish"),
    lambda c: c.feedpub("backfill"),
    lambda c: c.feedpub("recover"),
    lambda c: c.feedpub("withdraw", "https://rada.example/none", "--reason", "x"),
]


@pytest.mark.long
@pytest.mark.parametrize("first", COMMANDS, ids=["run", "publish", "backfill", "recover", "withdraw"])
def test_a_state_that_was_put_back_brings_nothing_back_that_was_withdrawn(
    council: Council, first: Callable[[Council], object]
) -> None:
    old = saved(council)
    victim = council.items()[2]["id"]
    council.feedpub("withdraw", victim, "--reason", "x")
    put_back(council, old)
    first(council)
    council.feedpub("run")
    assert victim not in [i["id"] for i in council.items()]
    assert f'ref="{victim}"' in council.path("atom.xml").read_text("utf-8")
    assert council.feedpub("run").code == 0


@pytest.mark.long
def test_a_state_that_was_put_back_is_told_once(council: Council) -> None:
    old = saved(council)
    council.feedpub("withdraw", council.items()[2]["id"], "--reason", "x")
    put_back(council, old)
    ran = council.feedpub("run")
    assert (ran.code, ran.err) == (
        1,
        "feedpub: zrazkiv: the state is older than the published feeds: 1 items keep their ids and are read again\n",
    )
    assert (council.feedpub("run").code, council.feedpub("run").err) == (0, "")


@pytest.mark.long
def test_what_was_withdrawn_long_ago_stays_withdrawn_though_no_feed_names_it(council: Council) -> None:
    old = saved(council)
    victim = council.items()[2]["id"]
    council.feedpub("withdraw", victim, "--reason", "x")
    put_back(council, old)
    for name in ("atom.xml", "feed.json"):
        path = council.path(name)
        path.write_text(path.read_text("utf-8").replace(f'ref="{victim}"', 'ref="tag:other"'), encoding="utf-8")
    council.feedpub("run")
    assert victim not in [i["id"] for i in council.items()]


@pytest.mark.long
def test_an_edit_that_a_state_put_back_does_not_know_keeps_its_words_and_its_date(council: Council) -> None:
    old = saved(council)
    edited = replace(council.site.articles[-1], body="<p>Виправлений текст новини громади.</p>")
    council.site.articles[-1] = edited
    with closing(sqlite3.connect(council.state)) as db, db:
        db.execute("UPDATE visit SET asked = NULL, etag = NULL, last_modified = NULL WHERE item IS NOT NULL")
    council.feedpub("run")
    before = council.items()[0]
    assert "Виправлений" in before["content_html"]
    put_back(council, old)
    council.break_page(edited.href)
    council.feedpub("run")
    assert council.items()[0] == before  # its page cannot be read yet: readers see no older version meanwhile
    council.site.overrides.clear()
    council.feedpub("run")
    assert council.items()[0] == before


@pytest.mark.long
def test_what_a_state_put_back_does_not_know_stays_published_however_long_the_site_is_down(council: Council) -> None:
    old = saved(council)
    news(council)
    council.feedpub("run")
    before = council.feeds()
    put_back(council, old)
    for path in ("/", "/content/shche"):
        council.break_page(path)
    council.requests()
    for _ in range(3):
        council.feedpub("run")
        assert council.feeds() == before
    assert "/content/shche" not in {request.path for request in council.requests()}  # it would fail as well
    assert "--accept" not in council.feedpub("status").out  # nobody knows yet whether anything is lost
    assert "nothing is stopped" in council.feedpub("run", "--accept", "a" * 10).err
    council.site.overrides.clear()
    assert council.feedpub("run").code == 0
    assert council.items() == json.loads(before["feed.json"])["items"]


@pytest.mark.long
def test_the_words_of_what_is_withdrawn_once_more_are_in_no_file(council: Council) -> None:
    old = saved(council)
    victim = council.items()[2]
    council.feedpub("withdraw", victim["id"], "--reason", "x")
    put_back(council, old)
    council.feedpub("run")
    sentence = victim["summary"].split("\n")[0][:60].encode()
    assert [p.name for p in council.folder.rglob("*") if p.is_file() and sentence in p.read_bytes()] == []


@pytest.mark.long
def test_a_state_that_is_older_than_its_copy_is_brought_up_by_it(council: Council) -> None:
    old = saved(council)
    victim = council.items()[2]["id"]
    council.feedpub("withdraw", victim, "--reason", "x")
    council.state.write_bytes(old["feedpub.db"])
    shutil.rmtree(council.folder / "public")
    council.feedpub("run")
    assert victim not in [i["id"] for i in council.items()]


# ------------------------------------------------------------ set aside


@pytest.mark.long
def test_the_title_that_a_listing_goes_on_to_name_is_in_no_file_once_its_item_is_withdrawn(council: Council) -> None:
    victim = council.items()[2]
    council.feedpub("withdraw", victim["id"], "--reason", "x")
    news(council)
    for _ in range(2):
        council.feedpub("run")
        holders = [
            p.name for p in council.folder.rglob("*") if p.is_file() and victim["title"].encode() in p.read_bytes()
        ]
        assert holders == []


@pytest.mark.long
def test_the_title_of_a_withdrawn_item_that_moves_is_in_no_file(council: Council) -> None:
    victim = council.items()[2]
    council.feedpub("withdraw", victim["id"], "--reason", "x")
    council.site.articles = [
        replace(a, alias="content/insha-nazva") if victim["id"].endswith(f"/{a.number}") else a
        for a in council.site.articles
    ]
    council.site.cache = False
    council.requests()
    council.feedpub("run")
    assert "/content/insha-nazva" in [r.path for r in council.requests()]
    council.feedpub("run")
    assert [
        p.name for p in council.folder.rglob("*") if p.is_file() and victim["title"].encode() in p.read_bytes()
    ] == []


@pytest.mark.long
def test_a_migration_forgets_the_titles_of_items_that_were_withdrawn_before(council: Council) -> None:
    victim = council.items()[2]
    council.feedpub("withdraw", victim["id"], "--reason", "x")
    with closing(sqlite3.connect(council.state)) as db:
        db.executescript(OLD_VERSION)
        with db:
            db.execute("UPDATE visit SET title = ? WHERE item = ?", (victim["title"], victim["id"]))
    council.feedpub("run")
    assert victim["title"].encode() not in council.state.read_bytes()


@pytest.mark.long
def test_a_file_that_was_set_aside_before_a_withdrawal_is_named(council: Council) -> None:
    council.state.write_bytes(b"x" * 16 + council.state.read_bytes()[16:])
    council.feedpub("run")
    [aside] = council.folder.glob("feedpub.db.damaged-*")
    ran = council.feedpub("withdraw", council.items()[2]["id"], "--reason", "x")
    assert (ran.code, ran.err) == (
        1, f"feedpub: {aside}: was set aside and still contains the item; delete this file\n",
    )  # fmt: skip
    aside.unlink()
    assert council.feedpub("withdraw", council.items()[2]["id"], "--reason", "x").code == 0


# ------------------------------------------------------------ further misfortunes


def mark(council: Council) -> Path:
    return council.path(".state.json")


@pytest.mark.long
@pytest.mark.parametrize(
    "damage",
    [b"", b"garbage", b"[]", b'{"revision": 1e400}', b'{"revision": 99999999999999999999, "withdrawn": {}}',
     b"[" * 100_000, b'{"revision": 5, "withdrawn": {"x": "y"}}', b'{"revision": -1, "withdrawn": {}}'],
    ids=lambda d: d[:20].decode(),
)  # fmt: skip
def test_a_mark_that_is_damaged_is_made_again_and_stops_nothing(council: Council, damage: bytes) -> None:
    good = mark(council).read_bytes()
    mark(council).write_bytes(damage)
    assert (council.feedpub("run").code, council.feedpub("run").err) == (0, "")
    assert mark(council).read_bytes() == good


@pytest.mark.long
def test_a_state_put_back_is_recognized_by_the_feeds_where_the_mark_is_lost(council: Council) -> None:
    old = saved(council)
    victim = council.items()[2]["id"]
    council.feedpub("withdraw", victim, "--reason", "x")
    put_back(council, old)
    mark(council).unlink()
    council.feedpub("run")
    assert victim not in [i["id"] for i in council.items()]


@pytest.mark.long
def test_a_state_that_is_put_back_again_and_again_is_recognized_each_time(council: Council) -> None:
    old = saved(council)
    victim = council.items()[2]["id"]
    council.feedpub("withdraw", victim, "--reason", "x")
    for _ in range(3):
        put_back(council, old)
        assert "older than the published feeds" in council.feedpub("run").err
        assert victim not in [i["id"] for i in council.items()]
        assert council.feedpub("run").code == 0


def test_a_quiet_run_writes_nothing_and_leaves_the_mark(council: Council) -> None:
    council.feedpub("run")
    before = council.files()
    assert (council.feedpub("run").code, council.files()) == (0, before)


@pytest.mark.long
def test_a_domain_of_ids_that_lost_a_bit_gives_no_item_another_id(council: Council) -> None:
    ids = [i["id"] for i in council.items()]
    data = council.state.read_bytes()
    with closing(sqlite3.connect(council.state)) as db:
        db.execute("UPDATE source SET authority = '127.0.0.0'")
        db.commit()
    assert data != council.state.read_bytes()
    news(council)
    ran = council.feedpub("run")
    assert (ran.code, "is not as it was written" in ran.err) == (1, True)
    council.feedpub("run")
    assert all(i["id"].startswith("tag:127.0.0.1,") for i in council.items())
    assert set(ids) - {i["id"] for i in council.items()} == set()


@pytest.mark.long
def test_a_page_of_the_state_that_is_all_zeros_is_damage(council: Council) -> None:
    data = bytearray(council.state.read_bytes())
    at = data.index(cell(council, f"SELECT substr(text, 1, 20) {OLDEST}").encode()) // 4096 * 4096
    data[at : at + 4096] = bytes(4096)
    council.state.write_bytes(data)
    news(council)
    ran = council.feedpub("run")
    assert (ran.code, "its copy of" in ran.err) == (1, True)
    assert council.feedpub("run").code == 0
    assert len(council.feedpub("ledger", "--json").out.splitlines()) == 1 + 32


@pytest.mark.long
def test_a_journal_of_another_state_changes_no_word(council: Council) -> None:
    council.state.with_name("feedpub.db-journal").write_bytes(os.urandom(9000))
    before = council.feeds()
    news(council)
    assert council.feedpub("run").code in (0, 1)
    assert council.feedpub("run").code == 0
    assert before.keys() <= council.feeds().keys()


@pytest.mark.long
def test_the_state_and_both_copies_may_be_damaged_and_ids_and_withdrawals_last(council: Council) -> None:
    victim = council.items()[2]["id"]
    council.feedpub("withdraw", victim, "--reason", "x")
    ids = {i["id"] for i in council.items()}
    for path in (council.state, *backup.copies_of(council.state)):
        path.write_bytes(os.urandom(50_000))
    assert council.feedpub("run").code == 1
    council.feedpub("run")
    assert {i["id"] for i in council.items()} == ids
    assert council.feedpub("run").code == 0


@pytest.mark.long
def test_a_bit_of_a_published_file_or_of_its_twin_is_mended_from_the_state(council: Council) -> None:
    before = council.feeds()
    flip(council.path("feed.json"), "Зразк", 0x01)
    assert council.feedpub("publish").code == 0
    assert council.feeds() == before


@pytest.mark.long
def test_a_state_put_back_waits_while_the_published_folder_cannot_be_read(council: Council) -> None:
    old = saved(council)
    victim = council.items()[2]["id"]
    council.feedpub("withdraw", victim, "--reason", "x")
    put_back(council, old)
    mark(council).unlink()
    (council.folder / "public" / "zrazkiv").rename(council.folder / "moved")
    (council.folder / "public" / "zrazkiv").symlink_to(council.folder / "moved")
    with closing(sqlite3.connect(council.state)) as db, db:
        db.execute("UPDATE source SET restored = 'yes'")
    for command in ("run", "publish"):
        ran = council.feedpub(command)
        assert (ran.code, "is a symbolic link" in ran.err) == (1, True)
    (council.folder / "public" / "zrazkiv").unlink()
    (council.folder / "moved").rename(council.folder / "public" / "zrazkiv")
    council.feedpub("run")
    assert victim not in [i["id"] for i in council.items()]
