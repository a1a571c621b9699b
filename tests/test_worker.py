"""Workers share the councils of one PostgreSQL: each source in its turn, each host asked by one of them."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from benchmarks.scale import Farm, farm
from benchmarks.workers import DELAY, FEEDPUB, INTERVAL, Crew, configure, run_alone, wait_until, wait_until_same
from feedpub.cli.speech import Speech
from feedpub.collecting.rhythm import is_due
from feedpub.errors import StoreError
from feedpub.model import Asked
from feedpub.store import Busy
from tests import postgres, tables
from tests.council import Council
from tests.postgres import free_port, server
from tests.test_rhythm import SOURCE

if TYPE_CHECKING:
    from feedpub.store.turns import HostTurns

pytestmark = pytest.mark.tabled

NEEDS_SERVER = pytest.mark.skipif(postgres.programs() is None, reason=postgres.ABSENT)
SITES = 6


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    with postgres.database_of(tmp_path, "of") as name:
        yield name


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def sites(port: int) -> Iterator[Farm]:
    with farm(SITES, port) as sites:
        yield sites


@pytest.fixture
def crew(tmp_path: Path, database: str, port: int) -> Iterator[Crew]:
    """Workers that are not started yet."""
    crew = Crew(configure(tmp_path / "many", SITES, server().url(database).whole, port=port), Random(1))
    yield crew
    crew.kill()


def feeds(crew: Crew) -> list[Path]:
    return sorted((crew.config.parent / "public").glob("*/rss.xml"))


def count(database: str, what: str) -> int:
    """How many such rows there are; none before their table is made."""
    from psycopg.errors import UndefinedTable  # psycopg may not be there

    with server().connected(database) as connection:
        try:
            return int(connection.execute(f"SELECT count({what}").fetchone()[0])
        except UndefinedTable:
            return 0


def started(crew: Crew, database: str) -> Path:
    """Start a worker, and wait until it has published every source. Return the list of all feeds, written last."""
    crew.start()
    wait_until(lambda: len(feeds(crew)) == SITES, "every source has its feed")
    front = crew.config.parent / "public" / "feeds.opml"
    wait_until(lambda: front.exists() and count(database, FRONT) == 0, "the list of all feeds is written")
    return front


ITEMS, ASKED, JOBS = "*) FROM item", "asked) FROM source", "*) FROM procrastinate_jobs WHERE task_name = 'update'"
FRONT = "*) FROM procrastinate_jobs WHERE task_name = 'front'"
CARE = "*) FROM procrastinate_jobs WHERE queue_name = 'feedpub-care'"
READ = "DISTINCT source) FROM item"

FAULTS = (  # the rows of docs/reliability.md, in their order
    "one of three is killed (SIGKILL), and then another one",
    "a worker is killed while it asks all hosts",
    "a worker hangs (SIGSTOP), and goes on later (SIGCONT)",
    "a worker is told to stop (SIGTERM)",
    "a council's new file has an error",
    "the server takes no connection any more",
    "the state is a file",
    "the extra is not installed",
)


def seen(fault: str, said: str, code: str, outcome: str) -> None:
    """Put a row into docs/reliability.md: what was broken, what the operator read, and what became of it."""
    tables.add("workers", FAULTS.index(fault), fault, said, code, outcome)
    tables.add("workers in all", 0, str(len(FAULTS)))


# ------------------------------------------------------------ several workers


@pytest.mark.long
@NEEDS_SERVER
def test_three_workers_of_which_one_is_killed_publish_what_a_single_run_publishes(
    crew: Crew, sites: Farm, port: int, database: str, tmp_path: Path
) -> None:
    sites.tell("latency 0.05")
    for _ in range(3):
        crew.start()
    wait_until(lambda: len(feeds(crew)) > 1, "the first feeds are there")
    crew.kill_one()  # others are in the midst of being read
    wait_until(lambda: len(feeds(crew)) == SITES, "every source has its feed")
    crew.kill_one()
    assert crew.stop() < 30
    log = sites.tell("log")
    assert log["most_at_once"] == 1
    assert log["closest"] > DELAY * 0.9  # the site looks at its clock a moment after it has answered
    assert crew.said == ""
    crew.processes.clear()
    crew.start()  # it goes on with what a killed one had begun, and writes what speaks of all sources
    wait_until(lambda: count(database, ITEMS) == SITES * 20, "all articles are read")
    wait_until(lambda: count(database, ASKED) == SITES, "and published")
    run_alone(tmp_path / "one", SITES, port)
    wait_until_same(tmp_path / "many" / "public", tmp_path / "one" / "public")
    crew.stop()
    seen(FAULTS[0], "", "0", "all are read once, one request at a time to a host; the folder is that of a single run")


@pytest.mark.long
@NEEDS_SERVER
def test_a_source_is_asked_again_once_its_interval_is_over_and_not_before(crew: Crew, sites: Farm) -> None:
    crew.start(), crew.start()
    wait_until(lambda: len(feeds(crew)) == SITES, "every source has its feed")
    sites.tell("log")
    time.sleep(INTERVAL * 2.5)
    log = sites.tell("log")
    assert log["looks"] in range(SITES * 2, SITES * 3 + 1)
    assert log["soonest_look"] > INTERVAL - 2
    assert log["latest_look"] < INTERVAL + 30


@pytest.mark.long
@NEEDS_SERVER
def test_the_sources_of_a_killed_worker_are_taken_over_within_half_a_minute(crew: Crew, sites: Farm) -> None:
    sites.tell("latency 1")
    first = crew.start()
    wait_until(lambda: sites.tell("log")["requests"] > 0, "the first worker asks")
    first.kill()
    first.wait()
    crew.processes.clear()
    sites.tell("log")
    crew.start()
    taken = wait_until(lambda: sites.tell("log")["requests"] > 0, "the second worker asks")
    assert taken < 30
    seen(FAULTS[1], "", "–", "another worker takes its sources over within 30 s")


@pytest.mark.long
@NEEDS_SERVER
def test_what_a_killed_worker_was_writing_about_all_sources_is_written_by_another_one(
    crew: Crew, sites: Farm, database: str
) -> None:
    front = started(crew, database)
    front.unlink()
    row = "'care-of-a-killed-worker', 'front', 'front', 'doing'"
    server().do(
        f"INSERT INTO procrastinate_jobs (queue_name, task_name, lock, status) VALUES ({row})", database=database
    )
    wait_until(front.exists, "it is written again")


@pytest.mark.long
@NEEDS_SERVER
def test_a_worker_killed_while_it_looks_for_killed_ones_keeps_nobody_from_looking(
    crew: Crew, sites: Farm, database: str
) -> None:
    front = started(crew, database)
    crew.kill()
    crew.processes.clear()
    front.unlink()
    server().do("DELETE FROM procrastinate_jobs", database=database)
    killed = (
        "('feedpub-care', 'take_back', 'take_back', NULL, '{\"timestamp\": 1}', 'doing'),"
        " ('feedpub-care', 'front', 'front', NULL, '{}', 'doing')"
    )
    waiting = "('feedpub-care', 'take_back', 'take_back', 'take_back', '{\"timestamp\": 2}', 'todo')"
    columns = "queue_name, task_name, lock, queueing_lock, args, status"
    server().do(f"INSERT INTO procrastinate_jobs ({columns}) VALUES {killed}, {waiting}", database=database)
    crew.start()
    wait_until(front.exists, "what the killed worker was writing is written")
    wait_until(lambda: count(database, f"{CARE} AND lock = 'take_back'") == 0, "and its jobs are out of the queue")


@pytest.mark.long
@NEEDS_SERVER
def test_what_changes_after_another_workers_job_about_all_sources_is_written_by_a_job_of_its_own(
    crew: Crew, sites: Farm, database: str
) -> None:
    crew.start()
    wait_until(lambda: count(database, READ) > 0, "there is a queue")
    crew.kill()
    crew.processes.clear()
    server().do("DELETE FROM procrastinate_jobs", database=database)
    row = "'feedpub-care', 'front', 'front', 'front', 'todo', now() + interval '4 seconds'"
    server().do(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, status, scheduled_at)"
        f" VALUES ({row})",
        database=database,
    )  # for a moment at which no source was read to its end
    crew.start()
    front = crew.config.parent / "public" / "feeds.opml"
    names = [f"/c{number:04}/atom.xml" for number in range(SITES)]
    wait_until(lambda: front.exists() and all(n in front.read_text("utf-8") for n in names), "all feeds are listed")


@pytest.mark.long
@NEEDS_SERVER
def test_a_list_of_all_feeds_that_cannot_be_written_is_said_once_and_written_when_it_can_be(
    crew: Crew, sites: Farm, database: str
) -> None:
    front = crew.config.parent / "public" / "feeds.opml"
    front.mkdir(parents=True)
    crew.start()
    wait_until(lambda: len(feeds(crew)) == SITES and crew.said != "", "every source has its feed, and no list has them")
    said = crew.said
    wait_until(lambda: count(database, f"{FRONT} AND status = 'todo'") == 1, "it is to be tried again")
    front.rmdir()
    wait_until(front.is_file, "it is written, although no source has changed")
    wait_until(lambda: "well again" in crew.said, "and that is said")
    assert said.count("\n") == 1
    assert f"{front}: cannot be written" in said
    assert crew.said.removeprefix(said).count("\n") == 1


@pytest.mark.long
@NEEDS_SERVER
def test_a_worker_shows_its_operator_how_all_sources_are(crew: Crew, sites: Farm) -> None:
    crew.config.write_text(f'{crew.config.read_text()}\n[watch]\nto = "status"\n')
    crew.start()
    data = crew.config.parent / "status" / "status.json"

    def items() -> list[int]:
        return [row["items"] for row in json.loads(data.read_bytes())] if data.exists() else []

    wait_until(lambda: items() == [20] * SITES, "the file knows all items of all sources")
    page = data.with_name("status.html")  # written a moment after it
    wait_until(lambda: page.read_text("utf-8").count("<article") == SITES, "and the page draws them")
    assert crew.said == ""


@pytest.mark.long
@NEEDS_SERVER
def test_a_worker_that_hangs_keeps_its_hosts_and_nobody_else_asks_them(crew: Crew, sites: Farm, database: str) -> None:
    sites.tell("latency 1")
    first = crew.start()
    wait_until(lambda: sites.tell("log")["sites"] == SITES, "the first worker asks all sites")
    first.send_signal(signal.SIGSTOP)
    crew.start()
    wait_until(lambda: count(database, JOBS) == 0, "its jobs are taken back and end")
    time.sleep(2)
    sites.tell("log")
    time.sleep(20)
    assert sites.tell("log")["requests"] == 0
    first.send_signal(signal.SIGCONT)
    wait_until(lambda: len(feeds(crew)) == SITES, "it goes on")
    assert sites.tell("log")["most_at_once"] <= 1
    assert "Traceback" not in crew.said
    seen(FAULTS[2], "", "–", "it keeps its hosts meanwhile, and nobody else asks them; then it publishes")


# ------------------------------------------------------------ one worker


@pytest.mark.long
@NEEDS_SERVER
def test_a_worker_that_is_told_to_stop_publishes_what_it_has_and_the_next_one_goes_on(
    crew: Crew, sites: Farm, database: str, tmp_path: Path, port: int
) -> None:
    two_at_once = crew.config.read_text().replace("[fetch]\n", "[fetch]\nhosts_at_once = 2\n")
    crew.config.write_text(two_at_once)  # so that some are still to be read when two are
    sites.tell("latency 0.7")
    crew.start()
    wait_until(lambda: count(database, ITEMS) > SITES * 3, "some articles are read")
    assert crew.stop() < 30
    assert crew.said == ""
    assert len(feeds(crew)) == count(database, READ) > 0
    assert count(database, ITEMS) < SITES * 20
    crew.processes.clear()
    sites.tell("latency 0")
    crew.start()
    wait_until(lambda: count(database, ITEMS) == SITES * 20, "all articles are read")
    wait_until(lambda: count(database, ASKED) == SITES, "and published")
    crew.stop()
    run_alone(tmp_path / "one", SITES, port)
    for feed in feeds(crew):
        assert feed.read_bytes() == (tmp_path / "one" / "public" / feed.parent.name / "rss.xml").read_bytes()
    seen(FAULTS[3], "", "0", "within 30 s; all that it had read is published, and the next one reads the rest")


@pytest.mark.long
@NEEDS_SERVER
def test_a_council_whose_file_is_added_is_read_without_a_restart(crew: Crew, sites: Farm) -> None:
    text = crew.config.read_text()
    head, *councils = text.split("\n[[source]]")
    crew.config.write_text("\n[[source]]".join([head, *councils[1:]]))
    crew.start()
    wait_until(lambda: len(feeds(crew)) == SITES - 1, "the sources that it knows are read")
    folder = crew.config.parent / "sources.d"
    folder.mkdir()
    (folder / "broken.toml").write_text("[[source]]\nid = 7\n")
    (folder / "c0000.toml").write_text(f"[[source]]{councils[0]}")
    wait_until(lambda: len(feeds(crew)) == SITES, "the one that was added is read")
    assert crew.said.count("\n") == 1
    assert f"{folder / 'broken.toml'}" in crew.said
    said = crew.said.strip().replace(f"{crew.config.parent}/", "")
    seen(FAULTS[4], said, "–", "the other councils are read as before")


@pytest.mark.long
@NEEDS_SERVER
def test_a_source_that_is_moved_beside_a_worker_is_left_alone_until_the_configuration_says_so(
    crew: Crew, sites: Farm, database: str
) -> None:
    crew.start()
    wait_until(lambda: len(feeds(crew)) == SITES, "every source has its feed")
    wait_until(lambda: count(database, ASKED) == SITES, "and all is noted")
    move = [*FEEDPUB, str(crew.config), "move", "c0000", "nova"]
    wait_until(lambda: subprocess.run(move, check=False, capture_output=True).returncode == 0, "it is moved")
    moved = feeds(crew)[-1]
    assert moved.parent.name == "nova"
    sites.tell("new 1")
    wait_until(lambda: "since `feedpub move`" in crew.said, "the worker says that it has another id")
    guids = re.compile(r"<guid[^>]*>([^<]+)</guid>")
    before = guids.findall(moved.read_text("utf-8"))
    crew.config.write_text(crew.config.read_text().replace('id = "c0000"', 'id = "nova"'))
    wait_until(lambda: len(guids.findall(moved.read_text("utf-8"))) > len(before), "the news are read")
    assert guids.findall(moved.read_text("utf-8"))[1:] == before
    wait_until(lambda: (moved.parents[1] / "c0000" / "rss.xml").read_bytes() == moved.read_bytes(), "the copy too")
    assert crew.said.count("since `feedpub move`") == 1


@pytest.mark.long
@NEEDS_SERVER
def test_a_worker_whose_server_is_gone_ends_with_one_line_and_without_a_password(
    crew: Crew, sites: Farm, database: str
) -> None:
    process = crew.start()
    wait_until(lambda: len(feeds(crew)) == SITES, "every source has its feed")
    crew.processes.clear()
    before = [feed.read_bytes() for feed in feeds(crew)]
    server().do(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
    server().do(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")
    assert process.wait(60) == 1
    assert "this worker ends" in crew.said or "the connection to the state was lost" in crew.said
    assert "Traceback" not in crew.said
    assert "secret" not in crew.said
    server().do(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true")
    assert [feed.read_bytes() for feed in feeds(crew)] == before
    seen(FAULTS[5], "one line that names the server, without its password", "1", "the last good feeds")


# ------------------------------------------------------------ turns at hosts


@pytest.fixture
def turns(database: str) -> Iterator[Callable[[], HostTurns]]:
    from feedpub.store.postgres import PostgresDatabase  # psycopg may not be there
    from feedpub.store.turns import HostTurns

    made: list[HostTurns] = []

    def make() -> HostTurns:
        made.append(HostTurns(PostgresDatabase(server().url(database))))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.long
@NEEDS_SERVER
def test_who_asks_a_host_has_it_alone_and_says_when_it_was_asked(turns: Callable[[], HostTurns]) -> None:
    ours, theirs = turns(), turns()
    with ours.at({"rada.example"}) as first:
        assert first == {}
        for other in (ours, theirs):  # another thread of this process, and another process
            with other.at({"rada.example", "a.example"}) as busy:
                assert isinstance(busy, Busy)
        with theirs.at({"a.example"}) as free:
            assert free == {}
    with theirs.at({"rada.example"}) as second:
        assert not isinstance(second, Busy)
        assert 0 <= second["rada.example"] < 60


@NEEDS_SERVER
def test_a_host_that_a_killed_process_asked_counts_as_asked_just_now(
    turns: Callable[[], HostTurns], database: str
) -> None:
    ours, theirs = turns(), turns()
    with ours.at({"rada.example"}):
        pass
    server().do("UPDATE request SET at = '2020-01-01T00:00:00+00:00'", database=database)
    killed = ours.at({"rada.example"})
    found = killed.__enter__()
    assert not isinstance(found, Busy)
    assert found["rada.example"] > 1_000_000
    ours.close()
    with pytest.raises(StoreError):
        killed.__exit__(None, None, None)
    seen: list[object] = []

    def is_free() -> bool:  # the server needs a moment to notice
        with theirs.at({"rada.example"}) as found:
            seen.append(found)
        return not isinstance(found, Busy)

    wait_until(is_free, "the host is free")
    assert seen[-1] == {"rada.example": 0.0}


@pytest.mark.skipif(not postgres.IS_WANTED, reason="a state in a file has one run at a time")
def test_a_run_by_hand_leaves_a_host_alone_that_a_worker_asks(council: Council) -> None:
    from feedpub.store.postgres import PostgresDatabase
    from feedpub.store.turns import HostTurns

    with closing(HostTurns(PostgresDatabase(postgres.in_server(council.state)))) as worker, worker.at({"127.0.0.1"}):
        ran = council.feedpub("run")
        assert council.requests() == []
    assert ran.code == 0
    assert ran.err.startswith("feedpub: another run is under way on zrazkiv")


# ------------------------------------------------------------ what is refused, and when a source is due


def test_a_worker_wants_a_state_that_other_machines_reach(council: Council) -> None:
    if postgres.IS_WANTED:
        pytest.skip("this state is on a server")
    ran = council.feedpub("worker")
    assert ran.code == 2
    assert ran.err == (
        f"feedpub: {council.config}: [state] url: a worker shares its state with others, so it must be a PostgreSQL"
        " server; with a file, let cron call `feedpub run`\n"
    )
    seen(FAULTS[6], ran.err.strip().replace(f"{council.config}", "config.toml"), "2", "the last good feeds")


def test_a_worker_without_its_package_says_how_to_get_it(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    council.config.write_text('[state]\nurl = "postgresql://a@localhost/b"\n' + council.config.read_text())
    monkeypatch.setattr("feedpub.cli.worker.find_spec", lambda _name: None)
    ran = council.feedpub("worker")
    assert (ran.code, ran.err) == (
        2, "feedpub: `feedpub worker` needs a package that is not installed: pip install 'feedpub[worker]'\n",
    )  # fmt: skip
    seen(FAULTS[7], ran.err.strip(), "2", "the last good feeds")


def test_a_worker_which_looks_all_the_time_asks_no_earlier_than_a_source_is_due() -> None:
    source = replace(SOURCE, every="1h")
    last = Asked(datetime(2026, 1, 5, 12, 0, tzinfo=UTC), None)
    soon, later = (last.at + timedelta(minutes=n) for n in (57, 60))
    assert is_due(source, last, soon)
    assert not is_due(source, last, soon, is_exact=True)
    assert is_due(source, last, later, is_exact=True)


@NEEDS_SERVER
def test_a_job_that_ends_after_the_queue_was_closed_is_no_news_and_a_bug_is(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    from procrastinate.exceptions import AppNotOpen

    from feedpub.cli.logged import hear_tasks

    async def tell(error: Exception) -> None:
        hear_tasks(Speech())
        asyncio.get_running_loop().call_exception_handler({"message": "nobody waits for it", "exception": error})

    asyncio.run(tell(AppNotOpen()))
    asyncio.run(tell(StoreError("the connection to the state was lost")))
    assert (capsys.readouterr().err, caplog.text) == ("", "")
    asyncio.run(tell(ValueError("a bug")))
    assert "a bug" in caplog.text
