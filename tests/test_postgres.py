"""A state on a PostgreSQL server is the same state: its tables, its locks, its order, its copies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from feedpub.conditions import Message, State, Told, Watched
from feedpub.content import Link, Medium, Thumbnail
from feedpub.dating import Moves, Redating
from feedpub.errors import Damaged, StoreError
from feedpub.model import Moved, Reading, Rest, Robots, Validators
from feedpub.postgres_url import PostgresUrl
from feedpub.store import MIGRATIONS, Busy, Store
from feedpub.store.dialect import in_postgres
from feedpub.store.objects import Seen
from feedpub.store.postgres import PostgresDatabase
from feedpub.store.saving import save
from feedpub.store.sqlite import in_memory
from feedpub.store.transfer import transfer
from feedpub.store.turns import PUT
from tests import postgres
from tests.council import CONFIG, Council
from tests.made import NOW, article, stored
from tests.postgres import in_server
from tests.states import put_facts
from tests.town import Town

pytestmark = [
    pytest.mark.long,  # each worker has a server of its own to start
    pytest.mark.skipif(postgres.programs() is None, reason=postgres.ABSENT),
]
# 8,000 characters, the most that feedpub takes, that cannot be compressed
LONG = "https://rada.example/" + "".join(blake2b(bytes([n])).hexdigest() for n in range(63))[:7978]


@pytest.fixture
def place(tmp_path: Path) -> PostgresUrl:
    return in_server(tmp_path / "state.db")


@pytest.fixture
def store(place: PostgresUrl) -> Iterator[Store]:
    with closing(Store(place)) as store:
        yield store


def clock() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def filled(store: Store) -> None:
    """Puts something into every table."""
    state = store.of("rada")
    for n in range(1, 4):
        state.items.put(stored(article(n)), [f"rada.example/node/{n}", f"rada.example/{'я' * n}"])
        state.visits.arrived(f"https://rada.example/{n}", NOW, Reading(Validators('W/"1"', "Sun"), item=stored(
            article(n)).id, due=NOW))  # fmt: skip
    state.visits.name_links([Link(LONG, "Т", "09/06/2025", categories=("а",))], 0)
    state.media.put_medium("https://rada.example/1.jpg", Medium("u", "image/png", 2**40), NOW)
    state.collections.place(stored(article(1)).id, stored(article(1)).date, ["category/novyny"])
    state.collections.put_document("x", "y")
    redating = Redating(NOW, "manner", 3, 1, (LONG, NOW, NOW), ("a",), ("b",), Moves({"2025-06": (120, 180)}, 3))
    put_facts(
        store, "rada", succeeded=NOW, id_domain="rada.example", is_forgone=True, retired=NOW, former_ids=("a",),
        redating=redating,
    )  # fmt: skip
    store.hosts.put_robots({"https://rada.example": Robots("User-agent: *", NOW, NOW)})
    store.hosts.put_moved({"https://rada.example/old": Moved(LONG, NOW)})
    store.hosts.put_rests({"rada.example": Rest(NOW, "why", 2, NOW)})
    store.pings.put_ping("https://hub.example/", "https://feeds.example.org/rada/atom.xml", NOW)
    store.words.put_forms("uk", "вода", ["води", "воду"])
    store.db.execute(PUT, ("rada.example", None))
    for n, url in ((1, LONG), (2, "https://rada.example/я.jpg")):
        state.thumbnails.want(stored(article(n)).id, url, NOW)
    state.thumbnails.put_copy(LONG, Thumbnail("picture/a.jpg", 800, 600))
    told = {State.GONE: Told(NOW, 2, "cause")}
    store.watching.put("rada", Watched(State.GONE, NOW, "why", "way out", NOW, None, is_open=True, told=told))
    store.watching.add_message(Message("rada", NOW, State.GONE, LONG))
    store.watching.add_look("rada", NOW, is_well=True)
    state.items.note_edit(stored(article(1)).id, NOW)
    store.objects.put_seen("s3://council", "rada", {"atom.xml": Seen('"1"', "a", None)})


def dumped(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with closing(in_memory()) as db:
        names = [r[0] for r in db.rows("SELECT name FROM sqlite_master WHERE type = 'table'") if "sqlite" not in r[0]]
        names.remove("script")  # each state has it from its own migrations
        columns = {name: [r["name"] for r in db.rows(f"PRAGMA table_info({name})")] for name in names}
    return {
        name: sorted((tuple(row) for row in store.db.rows(f"SELECT {', '.join(columns[name])} FROM {name}")), key=repr)
        for name in names
    }


# ------------------------------------------------------------ the address


def test_an_address_is_shown_without_its_passwords() -> None:
    url = PostgresUrl("postgresql://me:se%40cret@db.example:5433,db2.example/feeds?sslpassword=hidden&password=other")
    assert str(url) == f"{url}" == "postgresql://me@db.example:5433,db2.example/feeds"
    assert repr(url) == "PostgresUrl()"
    assert url.secrets == ["se%40cret", "hidden", "other"]


@pytest.mark.parametrize("url", ["postgresql://me:a@b@host/x", "postgresql://me:a/b@host/x", "postgresql://m e@h/x"])
def test_an_address_that_could_be_read_in_two_ways_is_refused_without_showing_it(council: Council, url: str) -> None:
    council.configure(f'[state]\nurl = "{url}"\n{CONFIG}')
    ran = council.feedpub("status")
    assert (ran.code, ran.out) == (2, "")
    assert "[state] url must be postgresql://USER@HOST/DATABASE, with %XX for signs such as @ : / # ?" in ran.err
    assert "host/x" not in ran.err
    copied = council.feedpub("state", "copy", url, "sqlite:///x.db")
    assert (copied.code, "host/x" in copied.err, not (council.folder / "x.db").exists()) == (2, False, True)


# ------------------------------------------------------------ its tables


def test_parameters_are_those_of_psycopg_and_texts_stay() -> None:
    assert in_postgres("SELECT '?:x%' FROM a WHERE b = ? AND c = :name AND d LIKE '%'") == (
        "SELECT '?:x%%' FROM a WHERE b = %s AND c = %(name)s AND d LIKE '%%'"
    )
    assert in_postgres("INSERT INTO visit (url) VALUES (?) ON CONFLICT (source, url) DO NOTHING") == (
        "INSERT INTO visit (url) VALUES (%s) ON CONFLICT (source, md5(url)) DO NOTHING"
    )


def test_a_state_of_an_older_version_is_brought_up_by_the_same_scripts(
    place: PostgresUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Store(place)) as store:
        filled(store)
        before = dumped(store)
    later = """
    -- comments too; are no statements
    ALTER TABLE item ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;  -- ; nor this
    CREATE TABLE pace (source TEXT NOT NULL, hour INTEGER NOT NULL, is_read INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (source, hour DESC)) WITHOUT ROWID;
    CREATE INDEX item_seen ON item (source, seen) WHERE seen > 0;
    UPDATE item SET seen = 1 WHERE id LIKE '%/1';
    """
    for module in ("postgres", "sqlite"):
        monkeypatch.setattr(f"feedpub.store.{module}.MIGRATIONS", (*MIGRATIONS, later))
    with closing(Store(place)) as store:
        assert dumped(store)["address"] == before["address"]
        assert store.db.number("SELECT sum(seen) FROM item") == 1
        store.db.execute("INSERT INTO pace (source, hour) VALUES (?, ?)", ("rada", 3))
        assert [tuple(r) for r in store.db.rows("SELECT * FROM pace")] == [("rada", 3, True)]
        assert store.db.number("SELECT version FROM state_version") == len(MIGRATIONS) + 1
    monkeypatch.undo()
    newest = len(MIGRATIONS)
    with pytest.raises(StoreError, match=f"newer feedpub: its version is {newest + 1}, this one knows {newest}"):
        Store(place)


def test_a_state_that_other_scripts_have_made_is_refused(place: PostgresUrl) -> None:
    with closing(Store(place)) as store:
        filled(store)
        store.db.execute("UPDATE script SET hash = 'x' WHERE version = 9")
    for is_to_look in (False, True):
        with pytest.raises(StoreError, match="made by another feedpub: version 9 of its tables is not this program's"):
            Store(place, is_to_look=is_to_look)


def test_many_that_open_a_new_state_at_once_make_it_once(place: PostgresUrl) -> None:
    failures: list[BaseException] = []

    def opens() -> None:
        try:
            Store(place).close()
        except BaseException as error:
            failures.append(error)

    in_threads(opens, 8)
    assert failures == []
    with closing(Store(place)) as store:
        assert store.db.number("SELECT count(*) FROM state_version") == 1


def test_looking_at_a_server_without_a_state_makes_none(place: PostgresUrl) -> None:
    with closing(Store(place, is_to_look=True)) as store:
        assert (store.db.is_there, store.of("rada").items.count()) == (False, 0)
    with closing(Store(place)) as store:
        filled(store)
    with closing(Store(place, is_to_look=True)) as store:
        assert (store.db.is_there, store.of("rada").items.count()) == (True, 3)
        with pytest.raises(StoreError, match="cannot execute INSERT in a read-only transaction"):
            store.words.put_forms("uk", "а", [])


def test_what_is_too_long_for_an_index_is_kept_and_found(store: Store) -> None:
    state = store.of("rada")
    state.visits.name_links([Link(LONG, "Т", None), Link(f"{LONG}x", "Т", None)], 0)
    state.visits.name_links([Link(LONG, "Т", None)], 0)
    state.items.put(stored(article(1)), [LONG, f"{LONG}x", LONG])
    assert [v.url for _, v in state.visits.pending()] == [LONG, f"{LONG}x"]
    assert [s.id for s in state.items.at([f"{LONG}x"])] == [stored(article(1)).id]
    assert state.items.keys(stored(article(1)).id) == [LONG, f"{LONG}x"]


def test_order_is_that_of_the_letters_numbers_in_both(tmp_path: Path, store: Store) -> None:
    keys = ["б", "a", "B", "я", "Z", "_", "ґ", "і", "a-b", "ab", "𝒜", "\uffee"]
    with closing(Store(tmp_path / "s.db")) as other:
        for one in (store, other):
            one.of("rada").items.put(stored(article(1)), keys)
        assert store.of("rada").items.keys(stored(article(1)).id) == other.of("rada").items.keys(stored(article(1)).id)


def test_a_character_that_postgresql_does_not_take_stops_nothing(tmp_path: Path, store: Store) -> None:
    store.hosts.put_robots({"https://rada.example": Robots("User-agent: *\0", NOW, NOW)})
    assert store.hosts.robots()["https://rada.example"].text == "User-agent: *\ufffd"
    item = stored(replace(article(1), title="а\0б"))
    with closing(Store(tmp_path / "s.db")) as other:
        for one in (store, other):
            one.of("rada").items.put(item, [])
        assert [s.article.title for one in (store, other) for s in one.of("rada").items.every()] == ["а\ufffdб"] * 2


# ------------------------------------------------------------ transactions


def test_a_batch_in_which_something_failed_is_not_called_kept(store: Store) -> None:
    store.db.begin()
    store.of("rada").items.put(stored(article(1)), [])
    with pytest.raises(StoreError, match="syntax error"):
        store.db.execute("SELEC 1")
    with pytest.raises(StoreError, match="a statement of this batch had failed"):
        store.db.settle()
    assert store.of("rada").items.count() == 0


def test_an_interrupt_within_a_statement_drops_the_batch_and_the_next_is_whole(store: Store) -> None:
    import _thread

    store.db.begin()
    store.of("rada").items.put(stored(article(1)), [])
    threading.Timer(0.3, _thread.interrupt_main).start()
    with pytest.raises(KeyboardInterrupt):
        store.db.execute("SELECT pg_sleep(5)")
    assert not store.db.is_in_transaction
    store.of("rada").items.put(stored(article(2)), [])
    assert store.of("rada").items.count() == 1


# ------------------------------------------------------------ locks and connections


def in_threads(act: Callable[[], object], count: int) -> None:
    threads = [threading.Thread(target=act) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_source_is_locked_and_no_other_and_the_lock_names_its_holder(place: PostgresUrl, store: Store) -> None:
    with closing(Store(place)) as other, store.alone("rada") as busy:
        assert busy is None
        with other.alone("rada") as taken, other.alone("susid") as free:
            assert isinstance(taken, Busy)
            assert taken.holder
            assert (taken.is_late, free) == (False, None)
    with closing(Store(place)) as other, other.alone("rada") as busy:
        assert busy is None


def test_a_lock_ends_with_the_connection_that_held_it(place: PostgresUrl) -> None:
    dead = Store(place)
    held = dead.alone("rada")
    held.__enter__()
    dead.close()
    with closing(Store(place)) as other, other.alone("rada") as busy:
        assert busy is None


def test_other_states_of_the_same_server_have_locks_of_their_own(tmp_path: Path, store: Store) -> None:
    with closing(Store(in_server(tmp_path / "other.db"))) as other, store.alone("rada"), other.alone("rada") as busy:
        assert busy is None


def test_each_thread_has_a_connection_and_the_next_takes_it_over(place: PostgresUrl, store: Store) -> None:
    db: Any = store.db
    pids: list[int] = []
    gate = threading.Barrier(3)

    def works() -> None:
        with store.alone("rada", is_to_wait=True):
            pids.append(db.number("SELECT pg_backend_pid()"))
        gate.wait()
        db.release()

    in_threads(works, 3)
    assert len(set(pids)) == 3
    gate = threading.Barrier(1)
    for _ in range(5):
        in_threads(works, 1)
    assert len(set(pids)) == 3
    assert len(db._all) == 4  # with this thread's own


def test_what_is_known_of_a_source_is_remembered_while_its_lock_is_held_and_no_longer(
    place: PostgresUrl, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, asked = store.of("rada"), []
    execute = PostgresDatabase.execute
    url = "https://rada.example/1"

    def listening(self: PostgresDatabase, sql: str, values: Any = ()) -> Any:
        asked.append(sql)
        return execute(self, sql, values)

    monkeypatch.setattr(PostgresDatabase, "execute", listening)

    def asks(times: int = 3) -> int:
        """Statements that it takes to ask so many times for the facts and for a page."""
        asked.clear()
        for _ in range(times):
            assert state.facts.origin == origin
            assert (state.visits.get(url) is None) is is_new
        return len(asked)

    def changes_in_vain() -> None:
        with state.transaction():
            state.put_facts(replace(state.facts, origin="https://nowhere.example"))
            assert state.facts.origin == "https://nowhere.example"
            raise StoreError("a fault in the middle")

    origin, is_new = None, True
    assert asks() == 6
    with store.alone("rada"):
        assert asks() == 2
        assert asks() == 0
        with store.alone("susid"):  # as two sources of one host: what was read before a lock may be old
            assert asks() == 1
        state.put_facts(replace(state.facts, origin="https://rada.example"))
        state.visits.arrived(url, NOW, Reading(Validators('W/"1"', "Sun"), due=NOW))
        origin, is_new = "https://rada.example", False
        assert asks() == 2
        with pytest.raises(StoreError, match="in the middle"):
            changes_in_vain()
        assert asks() == 2
    with closing(Store(place)) as other, other.alone("rada"):  # another machine's turn
        put_facts(other, "rada", origin="https://elsewhere.example")
    origin = "https://elsewhere.example"
    assert asks() == 6


def test_rests_that_another_run_keeps_stay(place: PostgresUrl, store: Store) -> None:
    store.hosts.put_rests({"a.example": Rest(NOW, "a", 1, NOW), "b.example": Rest(NOW, "b", 1, NOW)})
    with closing(Store(place)) as first, closing(Store(place)) as second:
        one, two = first.hosts.rests(), second.hosts.rests()
        del one["a.example"]
        two["c.example"] = Rest(NOW, "c", 1, NOW)
        first.hosts.put_rests(one)
        second.hosts.put_rests(two)
    assert sorted(store.hosts.rests()) == ["b.example", "c.example"]


def test_a_run_of_one_source_works_beside_that_of_another(council: Council, place: PostgresUrl) -> None:
    second = CONFIG[CONFIG.index("[[source]]") :].replace('"zrazkiv"', '"susid"')
    council.configure(f'[state]\nurl = "{place.whole}"\n{CONFIG}{second}')
    with closing(Store(place)) as store, store.alone("susid"):
        ran = council.feedpub("run")
    assert ran.code == 0
    assert "another run is under way on susid (process " in ran.err
    assert [p.name for p in (council.folder / "public").iterdir() if p.name != "about" and p.is_dir()] == ["zrazkiv"]
    with closing(Store(place)) as store, store.alone("susid"), store.alone("zrazkiv"):
        ran = council.feedpub("run")
    assert (ran.code, ran.err.count("\n")) == (0, 1)
    assert "another run is under way on susid and 1 more (process " in ran.err
    with closing(Store(place)) as store, store.alone("zrazkiv"):
        item = council.items()[0]["id"]
        refused = council.feedpub("withdraw", item, "--reason", "x")
    assert refused.code == 1
    assert "under way on zrazkiv; nothing was changed, try again when it has ended" in refused.err
    assert council.items()[0]["id"] == item


# ------------------------------------------------------------ copying


def test_a_state_is_copied_there_and_back_and_nothing_is_changed(tmp_path: Path, place: PostgresUrl) -> None:
    origin, back = tmp_path / "origin.db", tmp_path / "back.db"
    with closing(Store(origin)) as store:
        filled(store)
        before = dumped(store)
    assert all(before[name] for name in before.keys() - {"tally", "traffic", "collection"})
    counts = transfer(origin, place, clock)
    assert {name: len(rows) for name, rows in before.items()} == counts
    transfer(place, back, clock)
    for one in (place, back):
        with closing(Store(one)) as store:
            assert dumped(store) == before
            assert len(list(store.of("rada").items.every())) == 3  # each with its proof


def test_a_copy_never_goes_over_a_state_or_beside_a_run(tmp_path: Path, place: PostgresUrl) -> None:
    origin = tmp_path / "origin.db"
    with pytest.raises(StoreError, match="there is no state"):
        transfer(origin, place, clock)
    with closing(Store(origin)) as store, closing(Store(place)) as target:
        filled(store)
        with (
            target.alone("rada"),
            pytest.raises(StoreError, match="rada: another run is under way; nothing was"),
        ):
            transfer(origin, place, clock)
        assert target.of("rada").items.count() == 0
        transfer(origin, place, clock)
        with pytest.raises(StoreError, match="has a state already; nothing was copied"):
            transfer(origin, place, clock)
        with pytest.raises(StoreError, match="has a state already; nothing was copied"):
            transfer(place, origin, clock)


def test_a_damaged_state_is_not_copied(tmp_path: Path, place: PostgresUrl) -> None:
    origin = tmp_path / "origin.db"
    with closing(Store(origin)) as store:
        filled(store)
        store.db.execute("UPDATE item SET title = 'x' WHERE id LIKE '%/1'")
    with pytest.raises(Damaged, match="a row is not as it was written"):
        transfer(origin, place, clock)
    with closing(Store(place)) as target:
        filled(target)
        target.db.execute("UPDATE item SET title = 'x' WHERE id LIKE '%/1'")
    with pytest.raises(Damaged, match="a row is not as it was written"):
        transfer(place, tmp_path / "new.db", clock)
    with closing(Store(tmp_path / "new.db")) as store:
        assert not any(dumped(store).values())


def test_a_state_that_was_copied_goes_on_where_it_was(council: Council, place: PostgresUrl) -> None:
    council.configure(CONFIG)
    first = council.feedpub("run")
    assert first.code == 0
    before = council.published()
    origin = f"sqlite:///{council.folder}/feedpub.db" if not postgres.IS_WANTED else in_server(council.state).whole
    copied = council.feedpub("state", "copy", origin, place.whole)
    assert copied.code == 0
    assert copied.out.startswith("1 sources with 10 items were copied from ")
    assert "secret" not in copied.out
    council.configure(f'[state]\nurl = "{place.whole}"\n{CONFIG}')
    council.requests()
    assert council.feedpub("run").code == 0
    assert [(r.method, r.path, r.status) for r in council.requests()] == [("GET", "/", 304)]
    assert council.published() == before


# ------------------------------------------------------------ a backup


def test_a_backup_of_a_server_s_state_is_a_file_that_goes_into_another_database(
    council: Council, place: PostgresUrl, tmp_path: Path
) -> None:
    council.configure(f'[state]\nurl = "{place.whole}"\n{CONFIG}')
    assert council.feedpub("run").code == 0
    file, other = tmp_path / "safe.db", in_server(tmp_path / "other.db")
    with closing(Store(place)) as store, store.alone("zrazkiv"):  # a run is under way
        assert council.feedpub("backup", str(file)).code == 0
        before = dumped(store)
    assert file.stat().st_mode & 0o777 == 0o600
    with closing(Store(file)) as store:
        assert dumped(store) == before
    assert council.feedpub("state", "copy", f"sqlite:///{file}", other.whole).code == 0
    with closing(Store(other)) as store:
        assert dumped(store) == before
    refused = council.feedpub("restore", str(file))
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "a state on a server is not replaced; copy the backup into an empty database" in refused.err


def test_a_backup_of_a_server_s_state_is_that_of_one_moment(place: PostgresUrl, tmp_path: Path) -> None:
    ended = threading.Event()
    with closing(Store(place)) as store:
        filled(store)
        put_facts(store, "rada", setting="0")
        store.words.put_forms("uk", "число", ["0"])

    def writes() -> None:
        with closing(Store(place)) as store:
            for number in count(1):
                with store.transaction():
                    put_facts(store, "rada", setting=f"{number}")
                    store.db.execute("UPDATE forms SET forms = ? WHERE word = 'число'", (f'["{number}"]',))
                if ended.is_set():
                    break

    thread = threading.Thread(target=writes)
    thread.start()
    try:
        for n in range(8):
            save(place, tmp_path / f"{n}.db")
    finally:
        ended.set()
        thread.join()
    found = set()
    for n in range(8):
        with closing(Store(tmp_path / f"{n}.db")) as store:
            setting = store.of("rada").facts.setting
            assert store.words.forms("uk", "число") == frozenset([str(setting)])
            found.add(setting)
    assert len(found) > 1


def test_a_damaged_state_on_a_server_gives_no_backup(council: Council, place: PostgresUrl, tmp_path: Path) -> None:
    council.configure(f'[state]\nurl = "{place.whole}"\n{CONFIG}')
    with closing(Store(place)) as store:
        filled(store)
        store.db.execute("UPDATE item SET title = 'x' WHERE id LIKE '%/1'")
    ran = council.feedpub("backup", str(tmp_path / "safe.db"))
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "the state is damaged: a row is not as it was written" in ran.err
    assert ran.err.endswith("restore the database from a dump (pg_dump)\n")
    assert [path.name for path in tmp_path.glob("safe*")] == []


# ------------------------------------------------------------ what is published


def test_the_same_site_read_into_both_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published = []
    for is_server in (False, True):
        monkeypatch.setattr(postgres, "IS_WANTED", is_server)
        town = Town(tmp_path / str(is_server))
        town.folder.mkdir()
        town.run(backfill=True)
        town.site.articles[-1] = replace(town.site.articles[-1], body="<p>Інший текст, і довший за старий.</p>")
        for _ in range(3):
            town.run(days=2)
        published.append(town.published())
    files, served = published
    assert files.keys() == served.keys()
    assert [name for name in files if files[name] != served[name]] == []
    assert len(files) > 20


def test_a_command_on_a_file_loads_nothing_that_a_server_needs(tmp_path: Path) -> None:
    import subprocess
    import sys

    (tmp_path / "config.toml").write_text(CONFIG.replace("{home}", "https://rada.example/"))
    names = (
        "psycopg",
        "feedpub.postgres",
        "feedpub.store.postgres",
        "feedpub.store.driver",
        "feedpub.store.dialect",
        "feedpub.store.transfer",
    )
    code = (
        "import sys; import feedpub.cli.run; from feedpub.cli import main; main(['publish', '--config', sys.argv[1]]);"
        f"print([m for m in sys.modules if m.startswith({names!r})])"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "config.toml")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['feedpub.postgres_url']"


def test_words_of_topics_that_two_runs_meet_in_another_order_stop_neither(place: PostgresUrl) -> None:
    failures: list[BaseException] = []
    both_began = threading.Barrier(2)

    def learns(words: list[str]) -> None:
        try:
            with closing(Store(place)) as store, store.transaction():
                store.db.execute("SELECT 1")
                both_began.wait()
                for word in words:
                    store.words.put_forms("uk", word, [word])
        except BaseException as error:
            failures.append(error)

    words = [f"слово{n}" for n in range(300)]
    threads = [threading.Thread(target=learns, args=(w,)) for w in (words, words[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_what_takes_a_moment_is_waited_for(place: PostgresUrl, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Store(place)) as other:
        held = other.alone("")
        held.__enter__()
        monkeypatch.setattr("feedpub.store.postgres_locks.LONGEST_WAIT", "100ms")
        with store.alone("", is_to_wait=True) as busy:
            assert isinstance(busy, Busy)
        monkeypatch.undo()
        threading.Timer(0.3, other.close).start()
        with store.alone("", is_to_wait=True) as busy:
            assert busy is None
        assert store.db.rows("SHOW lock_timeout")[0][0] == "0"


def test_a_damaged_row_of_one_source_stops_no_other(council: Council, place: PostgresUrl) -> None:
    second = CONFIG[CONFIG.index("[[source]]") :].replace('"zrazkiv"', '"susid"')
    council.configure(f'[state]\nurl = "{place.whole}"\n{CONFIG}{second}')
    assert council.feedpub("run").code == 0
    with closing(Store(place)) as store:
        store.db.execute("UPDATE item SET title = 'x' WHERE source = 'zrazkiv'")
    article = council.site.articles[-1]
    council.site.articles.append(replace(article, number=301, alias="content/nova", title="Нова новина"))
    before = council.path("rss.xml").read_bytes()
    ran = council.feedpub("run")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "zrazkiv: postgresql://feedpub@/postgres: the state is damaged: a row is not as it was written" in ran.err
    assert council.path("rss.xml").read_bytes() == before
    assert "Нова новина" in (council.folder / "public" / "susid" / "rss.xml").read_text()
    again = council.feedpub("publish")
    assert (again.code, again.err.count("\n"), "zrazkiv: postgresql:" in again.err) == (1, 1, True)
