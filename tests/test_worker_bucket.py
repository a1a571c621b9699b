"""Workers that publish into a bucket: what a single run puts into a folder, and no late write over a newer one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from benchmarks.scale import Farm, farm
from benchmarks.workers import Crew, configure, feeds, published, run_alone, wait_until, wait_until_same
from tests import buckets, postgres
from tests.buckets import Asked, Gate, Said
from tests.postgres import free_port, server

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(postgres.programs() is None, reason=postgres.ABSENT),
    pytest.mark.skipif(buckets.PROGRAM is None, reason=buckets.ABSENT),
]
SITES = 4
BUCKET = "s3://feeds/all"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    with postgres.database_of(tmp_path, "bucket") as name:
        yield name


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def sites(port: int) -> Iterator[Farm]:
    with farm(SITES, port) as sites:
        yield sites


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Stands before an S3 server of this test's own."""
    (tmp_path / "seaweed").mkdir()
    with buckets.seaweed(tmp_path / "seaweed") as at, buckets.gate_before(at) as gate:
        buckets.make_bucket(at, "feeds")
        buckets.allow(monkeypatch, gate.url)
        yield gate


@pytest.fixture
def crew(tmp_path: Path, database: str, port: int, gate: Gate) -> Iterator[Crew]:
    """Workers that are not started yet."""
    crew = Crew(configure(tmp_path / "many", SITES, server().url(database).whole, port=port, to=BUCKET), Random(1))
    yield crew
    crew.kill()


def test_the_bucket_of_three_workers_of_which_one_is_killed_is_the_folder_of_a_single_run(
    crew: Crew, sites: Farm, port: int, tmp_path: Path
) -> None:
    sites.tell("latency 0.05")
    for _ in range(3):
        crew.start()
    wait_until(lambda: feeds(BUCKET) != [], "the first feeds are there")
    crew.kill_one()
    wait_until(lambda: len(feeds(BUCKET)) == SITES, "every source has its feed")
    log = sites.tell("log")
    run_alone(tmp_path / "one", SITES, port)
    wait_until_same(BUCKET, tmp_path / "one" / "public")
    assert crew.stop() < 30
    assert log["most_at_once"] == 1
    assert crew.said == ""


def test_a_worker_that_goes_on_after_another_one_has_published_newer_files_overwrites_nothing(
    crew: Crew, sites: Farm, port: int, database: str, tmp_path: Path, gate: Gate
) -> None:
    is_held, goes_on, answered = threading.Event(), threading.Event(), threading.Event()

    def hold(asked: Asked) -> Said | None:
        if asked.method == "PUT" and asked.name.endswith("/rss.xml") and not is_held.is_set():
            is_held.set()
            assert goes_on.wait(300)
        return None

    def hear(asked: Asked) -> Said | None:
        if asked.status == 412:
            answered.set()
        return None

    gate.before, gate.after = hold, hear
    older = crew.start()
    assert is_held.wait(120)
    older.send_signal(signal.SIGSTOP)  # and the server takes its connections for lost
    server().do(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")
    run_alone(tmp_path / "one", SITES, port)
    sites.tell(f"new {SITES}")
    crew.start()
    run_alone(tmp_path / "one", SITES, port)
    wait_until_same(BUCKET, tmp_path / "one" / "public")
    newer = published(BUCKET)
    goes_on.set()
    assert answered.wait(60), "the late write is refused"
    older.send_signal(signal.SIGCONT)
    assert older.wait(60) == 1
    crew.processes.remove(older)
    assert published(BUCKET) == newer
    assert "Traceback" not in crew.said
