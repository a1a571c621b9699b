"""A source that gets another id: its items keep theirs, no reader has anything as new, and its old addresses work."""

from __future__ import annotations

import json
import re
from contextlib import closing

import pytest

from feedpub.store import Store
from feedpub.store.dialect import table_names
from feedpub.store.sqlite import in_memory
from feedpub.store.verifying import READERS
from tests.council import Council, Ran
from tests.exchange import ask
from tests.postgres import IS_WANTED, place_at
from tests.servers import CADDY, KINDS, Kind, started
from tests.states import at_work, tamper

pytestmark = pytest.mark.long  # whole runs, one after the other

GUID = re.compile(rb"<guid[^>]*>([^<]+)</guid>")
SELF = "https://feeds.example.org/nova/"


def renames(council: Council, new: str = "nova", old: str = "zrazkiv") -> None:
    """The operator changes the configuration."""
    text = council.config.read_text(encoding="utf-8")
    council.config.write_text(text.replace(f'id = "{old}"', f'id = "{new}"'), encoding="utf-8")


def files_of(council: Council, source: str) -> dict[str, bytes]:
    folder = council.folder / "public" / source
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("[!.]*")) if p.is_file()}


def guids(council: Council, source: str = "nova", name: str = "rss.xml") -> list[bytes]:
    return GUID.findall(files_of(council, source)[name])


@pytest.fixture
def old(council: Council) -> dict[str, bytes]:
    """What the council has published under its first id."""
    assert council.feedpub("backfill").code == 0
    return files_of(council, "zrazkiv")


def move(council: Council) -> Ran:
    ran = council.feedpub("move", "zrazkiv", "nova")
    assert (ran.code, ran.err) == (0, "")
    renames(council)
    council.requests()
    return ran


# ------------------------------------------------------------ readers


def test_every_feed_has_the_items_it_had_with_their_ids_under_the_new_address(
    council: Council, old: dict[str, bytes]
) -> None:
    move(council)
    new = files_of(council, "nova")
    assert new.keys() == old.keys()
    for name in old:
        assert GUID.findall(new[name]) == GUID.findall(old[name])
    feed_id = re.compile(rb"<feed [^>]*>.*?<id>([^<]+)</id>", re.S)
    assert feed_id.findall(new["atom.xml"]) == feed_id.findall(old["atom.xml"]) == [b"tag:127.0.0.1,2026:zrazkiv"]
    assert f'href="{SELF}atom.xml" rel="self"'.encode() in new["atom.xml"]
    assert council.feedpub("check").code == 0


def test_the_next_run_asks_as_the_last_one_did_and_finds_nothing_new(council: Council, old: dict[str, bytes]) -> None:
    move(council)
    before = council.files()
    ran = council.feedpub("run")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert {name for name, one in council.files().items() if name.startswith("public") and one != before[name]} == set()
    assert len(council.requests()) < 25


def test_a_new_item_has_the_first_id_s_name_in_its_id_and_is_at_both_addresses(council: Council) -> None:
    latest = max(council.site.articles, key=lambda a: (a.listed and not a.same_as, a.utc))
    council.site.articles.remove(latest)
    council.feedpub("run")
    move(council)
    before = guids(council)
    council.site.articles.append(latest)
    assert council.feedpub("run").code == 0
    [new] = set(guids(council)) - set(before)
    assert new.startswith(b"tag:127.0.0.1,2026:zrazkiv/")
    assert files_of(council, "zrazkiv") == files_of(council, "nova")


def test_the_old_addresses_have_the_same_bytes_for_hosts_that_can_only_show_files(
    council: Council, old: dict[str, bytes]
) -> None:
    move(council)
    assert files_of(council, "zrazkiv") == files_of(council, "nova")


def test_what_is_withdrawn_leaves_the_copies_too(council: Council, old: dict[str, bytes]) -> None:
    move(council)
    item = json.loads(files_of(council, "nova")["feed.json"])["items"][0]
    assert council.feedpub("withdraw", item["id"], "--reason", "asked").code == 0
    assert item["title"].encode() not in b"".join(files_of(council, "zrazkiv").values())


def test_a_copy_that_somebody_has_changed_is_found_and_written_again(council: Council, old: dict[str, bytes]) -> None:
    move(council)
    council.path("rss.xml").write_bytes(old["rss.xml"])
    ran = council.feedpub("check")
    assert ran.code == 1
    assert "zrazkiv/rss.xml: is not the copy of nova/rss.xml that it is to be" in ran.out
    assert council.feedpub("publish").code == 0
    assert files_of(council, "zrazkiv") == files_of(council, "nova")


# ------------------------------------------------------------ the operator


def test_the_command_says_what_is_to_be_changed(council: Council, old: dict[str, bytes]) -> None:
    ran = council.feedpub("move", "zrazkiv", "nova")
    assert ran.out == (
        "zrazkiv: is nova now, and every item keeps its id\n"
        '  in the configuration, write id = "nova" in place of id = "zrazkiv"; until then no run starts\n'
        "  at the web server, send readers on for good; until then they get copies at the old addresses\n"
        "    nginx, in server { }: rewrite ^/zrazkiv(/.*)?$ /nova$1 permanent;\n"
        "    Caddy: @from_zrazkiv path_regexp from_zrazkiv ^/zrazkiv(/.*)?$\n"
        "    Caddy: redir @from_zrazkiv /nova{re.from_zrazkiv.1} permanent\n"
    )


@pytest.mark.parametrize("command", [["run"], ["publish"], ["backfill"], ["move", "zrazkiv", "nova"]])
def test_until_the_configuration_is_changed_nothing_starts(
    council: Council, old: dict[str, bytes], command: list[str]
) -> None:
    council.feedpub("move", "zrazkiv", "nova")
    before = council.files()
    council.requests()
    ran = council.feedpub(*command)
    assert ran.code == 2
    assert ran.err == (
        "feedpub: zrazkiv: is nova since `feedpub move`; in the configuration,"
        ' write id = "nova" in place of id = "zrazkiv"\n'
    )
    assert council.requests() == []
    assert council.files() == before


def test_the_configuration_may_be_changed_before(council: Council, old: dict[str, bytes]) -> None:
    renames(council)
    ran = council.feedpub("move", "zrazkiv", "nova")
    assert ran.code == 0
    assert "in the configuration" not in ran.out
    assert council.feedpub("move", "zrazkiv", "nova").err == "feedpub: zrazkiv: is nova already\n"
    assert guids(council) == GUID.findall(old["rss.xml"])


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["zrazkiw", "nova"], 2, "has no source 'zrazkiw'; it has zrazkiv"),
        (["zrazkiv", "zrazkiv"], 2, "has a source 'zrazkiv' already"),
        (["zrazkiv", "Nova"], 2, "'Nova': may contain only a-z, 0-9 and -"),
        (["zrazkiv", "about"], 2, "is the folder of the page about all pages"),
        (["zrazkiv", "tam"], 1, "tam: the state has such a source, or had one; nothing was changed"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_changed(
    council: Council, words: list[str], code: int, said: str
) -> None:
    council.feedpub("run")
    tamper(council.state, "INSERT INTO source (id) VALUES ('tam')")
    before = council.published()
    ran = council.feedpub("move", *words)
    assert ran.code == code
    assert said in ran.err
    assert council.published() == before
    assert tamper(council.state, "SELECT count(*) FROM item WHERE source = 'zrazkiv'") != [(0,)]


def test_while_a_run_is_under_way_nothing_is_moved(council: Council) -> None:
    council.feedpub("run")
    with at_work(council.state, "zrazkiv"):
        ran = council.feedpub("move", "zrazkiv", "nova")
    assert ran.code == 1
    assert "nothing was changed" in ran.err
    assert tamper(council.state, "SELECT id FROM source") == [("zrazkiv",)]


def test_a_source_of_which_nothing_is_known_needs_no_command(council: Council) -> None:
    ran = council.feedpub("move", "zrazkiv", "nova")
    assert ran.code == 1
    assert "the state has no such source" in ran.err


def test_it_can_be_moved_back(council: Council, old: dict[str, bytes]) -> None:
    move(council)
    assert council.feedpub("move", "nova", "zrazkiv").code == 0
    renames(council, "zrazkiv", "nova")
    assert council.feedpub("run").code == 0
    assert files_of(council, "zrazkiv") == old
    assert files_of(council, "nova") == old
    assert council.feedpub("check").code == 0


# ------------------------------------------------------------ what may break


def test_a_command_that_was_killed_has_moved_nothing_or_the_next_publish_does_the_rest(
    council: Council, old: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("feedpub.store.rename", killed)
        assert council.feedpub("move", "zrazkiv", "nova").code == 130
    assert council.feedpub("run").code == 0
    assert files_of(council, "zrazkiv") == old
    with monkeypatch.context() as patch:
        patch.setattr("feedpub.cli.move.write_files", killed)
        assert council.feedpub("move", "zrazkiv", "nova").code == 130
    renames(council)
    assert council.feedpub("publish").code == 0
    assert files_of(council, "zrazkiv") == files_of(council, "nova")
    assert guids(council) == GUID.findall(old["rss.xml"])


def test_no_row_of_the_state_names_the_old_id_and_every_row_proves_itself(
    council: Council, old: dict[str, bytes]
) -> None:
    other = "INSERT INTO address (source, key, item) SELECT 'other', key, item FROM address"  # with the same keys
    tamper(council.state, other)
    move(council)
    with closing(Store(place_at(council.state))) as store:
        for table in tables_of_sources():
            assert store.db.number(f"SELECT count(*) FROM {table} WHERE source = 'zrazkiv'") == 0
        for table, read in READERS.items():
            for row in store.db.rows(f"SELECT * FROM {table}"):
                read(row)
        assert store.db.number("SELECT count(*) FROM address WHERE source = 'nova' AND proof IS NULL") == 0
        assert store.of("nova").items.count_ever() > 10
        assert store.renamed() == {"zrazkiv": "nova"}


def tables_of_sources() -> list[str]:
    """The tables with rows of single sources, but for the one of what is published."""
    with closing(in_memory()) as db:
        columns = {table: {r["name"] for r in db.rows(f"PRAGMA table_info({table})")} for table in table_names()}
    return [table for table, names in columns.items() if "source" in names and table != "object"]


def test_a_lost_state_takes_the_ids_from_the_feeds_at_the_new_address(council: Council, old: dict[str, bytes]) -> None:
    move(council)
    before = guids(council)
    council.lose_state()
    assert council.feedpub("run").code == 0
    assert guids(council) == before
    assert tamper(council.state, "SELECT formerly FROM source") == [('["zrazkiv"]',)]


@pytest.mark.skipif(IS_WANTED, reason="a server's state is no file that can be put back")
def test_a_state_from_before_the_move_begins_no_second_source(council: Council, old: dict[str, bytes]) -> None:
    kept = council.state.read_bytes()
    move(council)
    before = files_of(council, "nova")
    council.lose_state()
    council.state.write_bytes(kept)
    ran = council.feedpub("run")
    assert ran.code == 1
    assert "`feedpub move zrazkiv nova` moves it again" in ran.err
    assert files_of(council, "nova") == before
    assert council.feedpub("move", "zrazkiv", "nova").code == 0
    assert guids(council) == GUID.findall(before["rss.xml"])


@pytest.mark.sqlite
def test_a_state_from_before_the_move_is_brought_up_and_moved_again_as_the_messages_say(
    council: Council, old: dict[str, bytes]
) -> None:
    saved = council.folder / "saved.db"
    assert council.feedpub("backup", str(saved)).code == 0
    move(council)
    assert council.feedpub("run").code == 0
    assert council.feedpub("restore", str(saved)).code == 0
    ran = council.feedpub("run")
    assert ran.err == (
        'feedpub: nova: is still zrazkiv in this state, which is older than what is published; write id = "zrazkiv" in'
        " the configuration and let `feedpub run` read what is missing, then `feedpub move zrazkiv nova` moves it"
        " again\n"
    )
    assert "BROKEN since " in council.feedpub("status").out
    renames(council, "zrazkiv", "nova")
    assert council.feedpub("run").code == 0
    move(council)
    ran = council.feedpub("run")
    assert (ran.code, ran.err.startswith("feedpub: nova: well again, after ")) == (0, True)
    assert guids(council) == GUID.findall(old["rss.xml"])
    assert council.feedpub("check").code == 0


def test_a_source_that_the_brake_holds_is_moved_with_what_it_has_published(
    council: Council, old: dict[str, bytes]
) -> None:
    held = json.dumps({
        "why": "odd", "since": "2025-11-14T12:00:00Z", "asked": "2025-11-14T12:00:00Z", "times": 1, "configured": "",
        "code": "",
    })  # fmt: skip
    tamper(council.state, "UPDATE source SET brake = ?", held)
    move(council)
    assert guids(council) == GUID.findall(old["rss.xml"])


# ------------------------------------------------------------ servers


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_web_server_sends_readers_on_for_good(council: Council, old: dict[str, bytes], kind: Kind) -> None:
    if kind.missing:
        pytest.skip(kind.missing)
    lines = move(council).out.splitlines()
    with started(kind, council.folder, more=_lines_for(kind, lines)) as server:
        for name in ("rss.xml", "category/novyny/atom.xml", "", "item/x.html"):
            answer = ask(server.port, f"/zrazkiv/{name}")
            assert answer.status == 301
            assert answer.headers["location"].endswith(f"nova/{name}")
        answer = ask(server.port, "/nova/rss.xml")
        assert (answer.status, answer.body) == (200, files_of(council, "nova")["rss.xml"])


def _lines_for(kind: Kind, lines: list[str]) -> str:
    name = "Caddy: " if kind is CADDY else "nginx, in server { }: "
    return "\n".join(line.strip().removeprefix(name) for line in lines if name in line)
