from __future__ import annotations

import errno
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedpub.collecting.keeping import candidates
from feedpub.content import Attachment, Link, Medium, Picture
from feedpub.errors import Damaged, FetchError, StoreError
from feedpub.model import Reading, Robots, Site, Validators
from feedpub.store import Busy, Store, Turn, backup, sole_run
from feedpub.store.lock import LEASE, Holder
from feedpub.store.sqlite import SqliteFile
from tests.made import NOW, article, stored
from tests.postgres import place_at
from tests.states import put_facts

KEYS = ("rada.example/node/1", "rada.example/content/1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(place_at(tmp_path / "state.db"))) as store:
        yield store


def test_an_item_comes_back_as_it_was_put(store: Store) -> None:
    item = stored(
        article(1, pictures=(Picture("/1.jpg", "а"),), files=(Attachment("/f.pdf", "ф", "application/pdf", 5),))
    )
    store.of("rada").items.put(item, KEYS)
    assert store.of("rada").items.newest(10) == [item]
    assert store.of("rada").items.at(["other", KEYS[1]]) == [item]
    assert store.of("rada").items.alike(candidates(item.article, NOW)) == [item]
    assert store.of("another").items.at(KEYS) == []
    assert (store.of("rada").items.has(item.id), store.of("rada").items.has("no"), store.of("rada").items.count()) == (
        True,
        False,
        1,
    )


def test_an_item_without_a_date_keeps_its_doubt(store: Store) -> None:
    item = stored(article(1, date=""))
    store.of("rada").items.put(item, KEYS)
    assert store.of("rada").items.newest(1) == [item]
    assert item.article.doubt == "there is no date on the page"
    assert store.of("rada").items.count_undated() == 1


def test_the_newest_come_first_and_no_more_than_asked_for(store: Store) -> None:
    for n in (1, 2, 3):
        store.of("rada").items.put(stored(article(n, date=f"2025-06-0{n}T10:00:00+03:00")), [f"rada.example/node/{n}"])
    assert [s.article.url for s in store.of("rada").items.newest(2)] == [
        "https://rada.example/content/3",
        "https://rada.example/content/2",
    ]


def test_a_link_is_named_once_and_stays_pending_until_it_went_well(store: Store) -> None:
    links = [Link("https://rada.example/1", "Т", "09/06/2025"), Link("https://rada.example/2", "Т", None)]
    assert store.of("rada").visits.name_links(links, 0) == {links[0].url: True, links[1].url: True}
    assert store.of("rada").visits.name_links(links, 5) == {
        links[0].url: False,
        links[1].url: False,
    }  # nobody has asked yet
    assert [(rank, v.url, v.date, v.asked) for rank, v in store.of("rada").visits.pending()] == [
        (0, links[0].url, "09/06/2025", None), (1, links[1].url, None, None),
    ]  # fmt: skip
    store.of("rada").visits.arrived(links[0].url, NOW, Reading(Validators("e", "m")))
    store.of("rada").visits.failed(links[1].url, NOW, FetchError(links[1].url, "broke", 500))
    store.of("rada").visits.failed(links[1].url, NOW, FetchError(links[1].url, "broke", 500))
    [(_, visit)] = store.of("rada").visits.pending()
    assert (visit.url, visit.failures, visit.error, visit.status) == (links[1].url, 2, "broke", 500)
    assert store.of("rada").visits.failures([]) == [visit]
    store.of("rada").visits.arrived(links[1].url, NOW, Reading(Validators()))
    assert store.of("rada").visits.failures([]) == []


def test_validators_of_an_error_are_never_kept(store: Store) -> None:
    url = "https://rada.example/"
    store.of("rada").visits.arrived(url, NOW, Reading(Validators('W/"1"', "Sun")), is_listing=True)
    store.of("rada").visits.failed(url, NOW, FetchError(url, "500", 500), is_listing=True)
    visit = store.of("rada").visits.get(url)
    assert visit
    assert visit.validators == Validators('W/"1"', "Sun")


def test_the_revision_grows_with_what_feeds_are_made_from_and_nothing_else(store: Store) -> None:
    seen = [store.of("rada").facts.revision]
    store.of("rada").items.put(stored(article()), KEYS)
    seen.append(store.of("rada").facts.revision)
    put_facts(store, "rada", site=Site("icon", "logo", True))
    seen.append(store.of("rada").facts.revision)
    store.of("rada").media.put_medium("https://rada.example/1.jpg", Medium("u", "image/png", 3), NOW)
    seen.append(store.of("rada").facts.revision)
    assert seen == [0, 1, 2, 3]
    put_facts(store, "rada", site=Site("icon", "logo", True))
    store.of("rada").visits.arrived("https://rada.example/", NOW, Reading(), is_listing=True)
    store.of("rada").media.put_medium("https://rada.example/2.jpg", None, NOW)
    put_facts(store, "rada", succeeded=NOW)
    assert store.of("rada").facts.revision == 3


def test_what_could_not_be_measured_is_remembered_as_asked_for(store: Store) -> None:
    store.of("rada").media.put_medium("u", None, NOW)
    assert (store.of("rada").media.asked("u"), store.of("rada").media.measured(["u"])) == (NOW, {})


def test_robots_txt_is_remembered(store: Store) -> None:
    robots = {
        "https://rada.example": Robots(
            "User-agent: *", datetime(2025, 7, 1, tzinfo=UTC), datetime(2025, 7, 2, tzinfo=UTC)
        )
    }
    store.hosts.put_robots(robots)
    assert store.hosts.robots() == robots


def test_a_transaction_is_whole_or_not_at_all(store: Store) -> None:
    def half() -> None:
        with store.transaction():
            store.of("rada").items.put(stored(article()), KEYS)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert store.of("rada").items.count() == 0


def test_reading_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    first = Store(path)
    first.of("rada").items.put(stored(article()), KEYS)
    first.close()
    before = path.read_bytes(), path.stat().st_mtime_ns
    again = Store(path)
    assert again.of("rada").items.newest(1)
    again.close()
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [p.name for p in tmp_path.iterdir()] == ["state.db"]


def test_a_state_that_is_none_says_so(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_bytes(b"rubbish" * 1000)
    with pytest.raises(StoreError, match=r"state\.db: the state cannot be opened: file is not a database"):
        Store(path)


def test_a_state_of_a_newer_feedpub_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="was written by a newer feedpub"):
        Store(path)


# ------------------------------------------------------------ one run at a time


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_of_two_runs_one_works_and_the_other_is_told_which(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "state.db"
    with sole_run(path, clock, "here") as first, sole_run(path, clock, "here") as second:
        assert isinstance(first, Turn)
        assert second == Busy(Holder("here", os.getpid(), NOW, NOW + LEASE), is_late=False)
    with sole_run(path, clock, "here") as third:
        assert isinstance(third, Turn)


def test_a_run_that_died_blocks_nobody(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "state.db"
    with pytest.raises(ZeroDivisionError), sole_run(path, clock, "here"):
        raise ZeroDivisionError
    assert lock_of(path).stat().st_size > 0  # its last sign of life
    with sole_run(path, clock, "here") as turn:
        assert isinstance(turn, Turn)


def test_a_run_that_hangs_is_told_of(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "state.db"
    with sole_run(path, clock, "here"):
        clock.now += LEASE + timedelta(seconds=1)
        with sole_run(path, clock, "here") as second:
            assert isinstance(second, Busy)
            assert second.is_late


def lock_of(path: Path) -> Path:
    return path.with_name("state.db.lock")


def elsewhere(path: Path, until: datetime, process: int = 7) -> None:
    """Another host works on the state, and its locks are not seen here."""
    said = {"host": "there", "process": process, "since": NOW.isoformat(), "until": until.isoformat()}
    lock_of(path).write_text(json.dumps(said) + "\n")


def test_a_run_on_another_host_blocks_for_no_longer_than_its_lease(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "state.db"
    elsewhere(path, NOW + LEASE)
    with sole_run(path, clock, "here") as turn:
        assert turn == Busy(Holder("there", 7, NOW, NOW + LEASE), is_late=False)
    clock.now += LEASE + timedelta(seconds=1)
    with sole_run(path, clock, "here") as turn:
        assert isinstance(turn, Turn)


def test_a_lease_of_a_clock_that_is_wrong_blocks_nobody(tmp_path: Path, clock: Clock) -> None:
    elsewhere(tmp_path / "state.db", NOW + timedelta(days=400))
    with sole_run(tmp_path / "state.db", clock, "here") as turn:
        assert isinstance(turn, Turn)


@pytest.mark.parametrize("said", ["", "{", "[]", '{"host": 1}', "\0" * 100, "null"])
def test_a_lock_that_says_nothing_blocks_nobody(tmp_path: Path, clock: Clock, said: str) -> None:
    lock_of(tmp_path / "state.db").write_text(said)
    with sole_run(tmp_path / "state.db", clock, "here") as turn:
        assert isinstance(turn, Turn)


def test_a_long_wait_is_announced_and_outlasts_the_lease(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "state.db"
    with sole_run(path, clock, "here") as turn:
        assert isinstance(turn, Turn)
        turn.beat(600)
        clock.now += timedelta(seconds=800)
        with sole_run(path, clock, "here") as second:
            assert isinstance(second, Busy)
            assert not second.is_late


def test_where_another_host_took_over_the_run_ends(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "state.db"
    with sole_run(path, clock, "here") as turn:
        assert isinstance(turn, Turn)
        elsewhere(path, NOW + LEASE)
        clock.now += timedelta(minutes=2)
        with pytest.raises(StoreError, match="process 7 on there works on the state as well; this run ends"):
            turn.beat()


@pytest.mark.parametrize("is_living", [True, False])
def test_on_a_file_system_without_locks_a_living_process_has_its_turn(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, is_living: bool
) -> None:
    def none(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    process = os.getpid() if is_living else 2**22 + 1  # more than Linux gives
    lock_of(tmp_path / "state.db").write_text(
        json.dumps({"host": "here", "process": process, "since": NOW.isoformat(), "until": (NOW + LEASE).isoformat()})
    )
    with sole_run(tmp_path / "state.db", clock, "here") as turn:
        assert isinstance(turn, Turn) is not is_living


def test_a_run_whose_lock_was_taken_away_ends(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "state.db"
    with sole_run(path, clock, "here") as turn:
        assert isinstance(turn, Turn)
        lock_of(path).unlink()
        clock.now += timedelta(minutes=2)
        with pytest.raises(StoreError, match="is not the lock that this run holds"):
            turn.beat()


def test_a_lock_that_is_a_link_is_not_written_through(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "precious").write_text("x")
    lock_of(tmp_path / "state.db").symlink_to(tmp_path / "precious")
    with pytest.raises(StoreError, match="the state cannot be locked"), sole_run(tmp_path / "state.db", clock, "h"):
        pass
    assert (tmp_path / "precious").read_text() == "x"


# ------------------------------------------------------------ its copy


def a_store(path: Path) -> Store:
    store = Store(path)
    store.of("rada").items.put(stored(article()), KEYS)
    store.keep_copy(NOW)
    return store


def test_a_state_is_copied_when_an_item_or_an_address_is_new(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    a_store(path).close()
    made = backup.copy_of(path).stat().st_mtime_ns
    with closing(Store(path)) as store:
        store.of("rada").items.name(stored(article()).id, KEYS)
        store.of("rada").visits.arrived(URL, NOW, Reading())
        store.keep_copy(NOW)
        assert backup.copy_of(path).stat().st_mtime_ns == made
        store.of("rada").items.name(stored(article()).id, ["/another"])
        store.keep_copy(NOW)
        assert backup.copy_of(path).stat().st_mtime_ns > made


def test_a_large_state_is_copied_once_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "SMALL", 0)
    path = tmp_path / "state.db"
    a_store(path).close()
    made = backup.copy_of(path).stat()
    written = datetime.fromtimestamp(made.st_mtime, UTC)
    for later, is_copied in ((timedelta(hours=23), False), (timedelta(hours=25), True), (timedelta(days=-9), True)):
        before = backup.copy_of(path).stat().st_ino
        with closing(Store(path)) as store:
            store.of("rada").items.name(stored(article()).id, [f"/{later}"])
            store.keep_copy(written + later)
        assert (backup.copy_of(path).stat().st_ino != before) is is_copied


def test_what_a_killed_run_did_not_copy_the_next_that_writes_does(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    a_store(path).close()
    with closing(Store(path)) as store:
        store.of("rada").items.name(stored(article()).id, ["/another"])  # and here it is killed
    with closing(Store(path)) as store:
        store.of("rada").visits.arrived(URL, NOW, Reading())
        store.keep_copy(NOW)
    with closing(Store(backup.copy_of(path))) as kept:
        assert "/another" in kept.of("rada").items.keys(stored(article()).id)


@pytest.mark.parametrize("damage", [b"", b"garbage" * 1000, None])
def test_a_state_that_is_broken_is_set_aside_and_its_copy_takes_its_place(tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "state.db"
    a_store(path).close()
    path.write_bytes(path.read_bytes()[:5000] if damage is None else damage)
    broken = path.read_bytes()
    path.with_name("state.db-journal").write_bytes(b"of the broken one")
    said = backup.restore(path, NOW)
    assert said.startswith("it is kept as state.db.damaged-20250701T120000Z; its copy of 20")
    assert (tmp_path / "state.db.damaged-20250701T120000Z").read_bytes() == broken
    assert not path.with_name("state.db-journal").exists()
    with closing(Store(path)) as store:
        assert store.of("rada").items.keys(stored(article()).id) == sorted(KEYS)


def test_a_copy_that_is_broken_too_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    a_store(path).close()
    backup.copy_of(path).write_bytes(b"garbage" * 1000)
    path.write_bytes(b"garbage" * 1000)
    assert "there is no copy of it that can be read" in backup.restore(path, NOW)
    assert not path.exists()


@pytest.mark.parametrize("at", [4096, 8192, 20_000])
def test_a_state_that_was_cut_short_is_told_as_damaged(tmp_path: Path, at: int) -> None:
    path = tmp_path / "state.db"
    with closing(Store(path)) as store:
        for n in range(200):
            store.of("rada").items.put(stored(article(n)), [f"/node/{n}"])
    path.write_bytes(path.read_bytes()[:at])
    with pytest.raises(Damaged, match=r"state\.db: the state cannot be"), closing(Store(path)) as store:
        list(store.of("rada").items.every())


URL = "https://rada.example/1"


def test_an_address_with_another_article_is_asked_for_anew_and_in_full(store: Store) -> None:
    store.of("rada").visits.name_links([Link(URL, "Т", "09/06/2025")], 0)
    store.of("rada").visits.arrived(URL, NOW, Reading(Validators("e", "m"), item="tag:x"))
    store.of("rada").visits.name_again(Link(URL, "Т", "10/06/2025"))
    [(_, visit)] = store.of("rada").visits.pending()
    assert (visit.asked, visit.validators, visit.date) == (None, Validators(), "10/06/2025")


def test_what_is_read_in_another_way_is_asked_for_in_full(store: Store) -> None:
    for n in (1, 2):
        item = stored(article(n, date=f"2025-06-0{n}T10:00:00+03:00"))
        store.of("rada").items.put(item, [f"/node/{n}"])
        store.of("rada").visits.arrived(f"https://rada.example/{n}", NOW, Reading(Validators("e", "m"), item=item.id))
    store.of("rada").visits.arrived("https://rada.example/", NOW, Reading(Validators("e", "m")), is_listing=True)
    store.of("rada").visits.ask_in_full(1)
    seen = [store.of("rada").visits.get(f"https://rada.example/{path}") for path in ("", "1", "2")]
    assert [v and v.validators for v in seen] == [Validators()] * 3
    assert [v and v.asked for v in seen] == [NOW, NOW, None]  # of the items, the newest


def test_a_listing_that_failed_is_no_article_to_visit(store: Store) -> None:
    store.of("rada").visits.failed("https://rada.example/", NOW, FetchError("u", "broke", 500), is_listing=True)
    assert store.of("rada").visits.pending() == []
    assert [v.url for v in store.of("rada").visits.failures(["https://rada.example/"])] == ["https://rada.example/"]
    assert store.of("rada").visits.failures(["https://rada.example/news"]) == []  # it is not configured any more


def test_a_page_that_has_not_changed_still_holds_its_item(store: Store) -> None:
    item = stored(article())
    store.of("rada").items.put(item, KEYS)
    store.of("rada").visits.arrived(URL, NOW, Reading(Validators("e", "m"), item=item.id))
    store.of("rada").visits.arrived(URL, NOW, Reading())
    visit = store.of("rada").visits.get(URL)
    assert visit
    assert (visit.item, visit.validators) == (item.id, Validators("e", "m"))


def test_what_is_due_for_another_look_is_given_the_longest_due_first(store: Store) -> None:
    for n, day in enumerate((3, 1, 2)):
        store.of("rada").visits.arrived(f"{URL}/{n}", NOW, Reading(due=NOW + timedelta(days=day)))
    assert store.of("rada").visits.due(NOW, 9) == []
    assert [v.url for v in store.of("rada").visits.due(NOW + timedelta(days=2), 9)] == [f"{URL}/1", f"{URL}/2"]
    assert [v.url for v in store.of("rada").visits.due(NOW + timedelta(days=9), 1)] == [f"{URL}/1"]
    store.of("rada").visits.failed(f"{URL}/1", NOW, FetchError(URL, "broke", 500))
    assert [v.url for v in store.of("rada").visits.due(NOW + timedelta(days=2), 9)] == [
        f"{URL}/2"
    ]  # to be mended, not looked at


def test_a_known_link_stays_as_it_was_named_first(store: Store) -> None:
    store.of("rada").visits.name_links([Link(URL, "Т", "09/06/2025")], 3)
    store.of("rada").visits.arrived(URL, NOW, Reading(Validators("e", "m")))
    assert store.of("rada").visits.name_links([Link(URL, "Т", "10/06/2025")], 0) == {}
    visit = store.of("rada").visits.get(URL)
    assert visit
    assert (visit.asked, visit.validators, visit.date) == (NOW, Validators("e", "m"), "09/06/2025")


def test_what_every_run_asks_is_found_by_indexes_however_much_is_known(tmp_path: Path) -> None:
    asked: list[str] = []
    with closing(Store(tmp_path / "feedpub.db")) as store:
        assert isinstance(store.db, SqliteFile)
        store.db.connection.set_trace_callback(asked.append)
        store.of("rada").items.is_any()
        store.of("rada").visits.pending()
        store.of("rada").visits.failures([])
        store.of("rada").visits.missing()
        store.of("rada").visits.unread()
        store.of("rada").visits.due(NOW, 20)
        store.of("rada").items.newest(50)
        store.of("rada").collections.touched()
        assert store.of("rada").facts.brake is None
        store.db.connection.set_trace_callback(None)
        plans = {sql: [r["detail"] for r in store.db.execute(f"EXPLAIN QUERY PLAN {sql}")] for sql in asked}
    assert len(plans) >= 9
    # A walk through all rows of a source is one by its key's first column alone.
    walks = ("SCAN item", "SCAN visit", "USING PRIMARY KEY (source=?)", "item_alike", "item_length")
    found = {sql: d for sql, details in plans.items() for d in details if any(w in d for w in walks)}
    assert {sql for sql in found if "LIMIT 1" not in sql and "FROM touched" not in sql} == set()
