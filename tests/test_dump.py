"""A dump says what the site said, hour by hour, and a replay serves it on loopback."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from simulation.clock import BEGINNING, Clock
from simulation.council import Council
from simulation.dump import Unfailing, dump, lived_events
from simulation.dumped import Dump
from simulation.lives import digest_of
from simulation.network import Request, Trouble
from simulation.replay import Replay
from tests.tellers import story


@pytest.fixture(scope="module")
def dumped(tmp_path_factory: pytest.TempPathFactory) -> Dump:
    folder = tmp_path_factory.mktemp("dumps") / "dump"
    dump(story(6), folder)
    return Dump(folder)


# ------------------------------------------------------------ the dump


def test_a_dump_is_the_same_to_the_byte_and_another_seed_gives_another_one(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        dump(story(seed, 6), tmp_path / name)
    digests = [digest_of(tmp_path / name) for name in "abc"]
    assert digests[0] == digests[1] != digests[2]


def test_a_dump_answers_what_the_site_answered_at_every_hour(dumped: Dump) -> None:
    told = story(6)
    council, clock, coming = Council(told.setup), Clock(), list(lived_events(told))
    site, seen = Unfailing(council, clock), set()
    while clock.now < told.end:
        while coming and coming[0].at <= clock.now:
            council.apply(coming.pop(0))
        home = f"{council.setup.scheme}://{council.setup.host}"
        newest = f"/{council.setup.path}/{council.listed()[0].slug}"
        for target in ("/", "/?page=1", "/robots.txt", newest, "/nothing"):
            scheme, _, host = home.partition("://")
            answer = site.trouble(scheme, host) or site.answer(Request("GET", scheme, host, target, {}))
            said = dumped.answer(home, target, clock.now)
            if isinstance(answer, Trouble):
                assert said == {"trouble": answer.value}
            else:
                assert (said["status"], dumped.body(said)) == (answer.status, answer.body)
            seen.add(answer.value if isinstance(answer, Trouble) else answer.status)
        clock.sleep(3600)
    assert len(seen) > 3  # so troubles were among them


# ------------------------------------------------------------ the replay


@pytest.fixture
def replay(dumped: Dump) -> Iterator[Replay]:
    with Replay(dumped) as replay:
        yield replay


def ask(url: str, method: str = "GET", body: str | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(method, parts.path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, dict(response.headers), response.read()
    finally:
        connection.close()


def test_a_replay_serves_an_origin_by_its_own_address_by_the_host_header_and_as_a_proxy(replay: Replay) -> None:
    origin = replay.dump.index["home"].rstrip("/")
    expected = replay.dump.body(replay.dump.answer(origin, "/", BEGINNING))
    assert ask(replay.home)[2] == expected
    host = urlsplit(origin).hostname or ""
    control = f"http://127.0.0.1:{replay.port}"
    http_origin = next(one for one in replay.dump.origins if one.startswith("http:"))
    by_host = ask(f"{control}/", Host=host)
    assert by_host[0] == replay.dump.answer(http_origin, "/", BEGINNING)["status"]
    connection = http.client.HTTPConnection("127.0.0.1", replay.port, timeout=10)
    connection.request("GET", f"{origin}/")
    assert connection.getresponse().read() == expected
    connection.close()


def test_a_replay_knows_validators_and_its_moment_is_set_from_outside(replay: Replay) -> None:
    status, headers, _ = ask(replay.home)
    assert status == 200
    assert ask(replay.home, If_None_Match=headers["ETag"])[0] == 304
    home = replay.dump.index["home"].rstrip("/")
    later = next(at for at in reversed(replay.dump.moments) if replay.dump.answer(home, "/", at).get("status") == 200)
    control = f"http://127.0.0.1:{replay.port}/at"
    assert ask(control, "PUT", later.isoformat())[2] == f"{later:%Y-%m-%dT%H:%M:%SZ}\n".encode()
    assert replay.at == later
    assert ask(control, "PUT", "yesterday")[0] == 400
    assert ask(replay.home, If_None_Match=headers["ETag"])[0] == 200


def test_where_the_site_was_silent_a_replay_hangs_up_and_redirects_stay_on_loopback(replay: Replay) -> None:
    events = replay.dump.truth["events"]
    outage = next(event for event in events if event["kind"] in ("outage", "silent", "trickle"))
    replay.at = datetime.fromisoformat(outage["at"]) + timedelta(seconds=2)
    with pytest.raises(ConnectionError):
        ask(replay.home)
    replay.at = BEGINNING
    https = next(one for one in replay.dump.origins if one.startswith("https:"))
    http_origin = https.replace("https:", "http:")
    status, headers, _ = ask(f"{replay.dump.base(http_origin, replay.port)}/")
    assert (status, headers["Location"]) == (301, f"{replay.dump.base(https, replay.port)}/")
    assert replay.dump.real(headers["Location"]) == f"{https}/"
