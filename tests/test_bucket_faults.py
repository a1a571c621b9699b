"""Whatever a bucket's server refuses: one line with a way out, the last good files stand, and the next run heals."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from feedpub.publishing import places, s3
from tests import buckets, tables
from tests.buckets import LOST, Asked, Gate, Said, error
from tests.council import CONFIG, LAYOUT, Council, Ran, opened
from tests.test_bucket import adds, contents

pytestmark = pytest.mark.long

FILE = "zrazkiv/archive/2025-11/rss.xml.gz"  # the first that a run with news writes
AT = "s3://feeds/council"  # as the docs name it
KEYLESS = (
    "there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment of the run, or write"
    " ~/.aws/credentials"
)
LOST_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
Bring = Callable[["Stage"], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """A council that was published into the bucket, and has news."""

    council: Council
    gate: Gate
    url: str
    patch: pytest.MonkeyPatch


@dataclass(frozen=True, slots=True)
class Fault:
    """What is brought, and what is then said."""

    name: str
    bring: Bring
    said: str
    feeds: str = "the last good ones"


def says(said: Said, *, to: Callable[[Asked], bool] = lambda _: True) -> Bring:
    """The server answers that to such requests."""

    def bring(stage: Stage) -> None:
        stage.gate.before = lambda asked: said if to(asked) else None

    return bring


def is_write(asked: Asked) -> bool:
    return asked.method == "PUT"


def is_file(asked: Asked) -> bool:
    return asked.method == "PUT" and asked.name == FILE


def is_list(asked: Asked) -> bool:
    return asked.method == "GET" and "list-type" in asked.path


def sets(**values: str) -> Bring:
    def bring(stage: Stage) -> None:
        for name, value in values.items():
            stage.patch.setenv(name, value)

    return bring


def without_credentials(stage: Stage) -> None:
    for name in LOST_KEYS:
        stage.patch.delenv(name)
    stage.patch.setenv("HOME", str(stage.council.folder))
    stage.patch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:9")  # of a cloud's machine: here there is none


def without_library(stage: Stage) -> None:
    stage.patch.setattr(places, "find_spec", lambda _: None)


def in_another_bucket(stage: Stage) -> None:
    text = stage.council.config.read_text(encoding="utf-8")
    stage.council.config.write_text(text.replace("s3://feeds/", "s3://feedz/"), encoding="utf-8")


def silent(to: Callable[[Asked], bool], *, is_done: bool) -> Bring:
    """The server does it or not, and its answer does not come in time."""

    def bring(stage: Stage) -> None:
        stage.patch.setenv("AWS_TIMEOUT", "0.4s")

        def wait(asked: Asked) -> Said | None:
            if to(asked):
                time.sleep(1)
                return LOST
            return None

        if is_done:
            stage.gate.after = wait
        else:
            stage.gate.before = wait

    return bring


def busy(times: int) -> Bring:
    """The server wants fewer requests, so many times."""

    def bring(stage: Stage) -> None:
        asked: list[Asked] = []

        def refuse(one: Asked) -> Said | None:
            if is_file(one):
                asked.append(one)
                if len(asked) <= times:
                    return error(503, "SlowDown")
            return None

        stage.gate.before = refuse

    return bring


def read(reason: str) -> str:
    return f"{AT}/zrazkiv: cannot be read: {reason}"


def written(reason: str, name: str = FILE) -> str:
    return f"{AT}/{name}: cannot be written: {reason}; the last good file stands"


RIGHTS = "the key has no right to do that: it needs s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject there"
CLOCK = "the server refuses this machine's time, which is more than a quarter of an hour off: set the clock right"
WRONG_KEY = "the server does not take the key: correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
SLOW = "the server wants fewer requests (SlowDown); the next run tries again"
REGION = "the bucket is in another region, eu-central-1: set AWS_REGION"
NEW = "new ones"
MARK = "zrazkiv/.state.json"

FAULTS = [
    Fault("there is no such bucket", in_another_bucket,
          "s3://feedz/council/zrazkiv: cannot be read: there is no such bucket: create it, or correct [publish] to"),
    Fault("the key may read only", sets(AWS_ACCESS_KEY_ID=buckets.READER,
          AWS_SECRET_ACCESS_KEY=buckets.READERS_SECRET), written(RIGHTS, MARK)),
    Fault("the key may not list", says(error(403, "AccessDenied"), to=is_list), read(RIGHTS)),
    Fault("the secret is wrong", sets(AWS_SECRET_ACCESS_KEY="another-secret"), read(WRONG_KEY)),
    Fault("nobody has such a key", sets(AWS_ACCESS_KEY_ID="nobody"), read(WRONG_KEY)),
    Fault("the session has expired", says(error(400, "ExpiredToken")),
          read("the session's token has expired: renew AWS_SESSION_TOKEN")),
    Fault("no credentials", without_credentials, read(KEYLESS)),
    Fault("obstore is not installed", without_library,
          f"{AT}: needs a package that is not installed: pip install 'feedpub[s3]'"),
    Fault("the server is reached by http, which is not allowed", sets(AWS_ALLOW_HTTP="false"),
          read("the server's address begins with http://, which has to be allowed: AWS_ALLOW_HTTP=true")),
    Fault("the bucket is in another region (400)",
          says(error(400, "AuthorizationHeaderMalformed", "<Region>eu-central-1</Region>")), read(REGION)),
    Fault("the bucket is in another region (301)", says(error(301, "PermanentRedirect",
          "<Endpoint>feeds.s3.eu-central-1.amazonaws.com</Endpoint>")), read(REGION.replace(", eu-central-1", ""))),
    Fault("the clock is off", says(error(403, "RequestTimeTooSkewed")), read(CLOCK)),
    Fault("SlowDown, twice", busy(2), "", NEW),
    Fault("SlowDown, on and on", busy(99), written(SLOW)),
    Fault("the server answers 500", says(error(500, "InternalError"), to=is_file),
          written("the server answers 500; the next run tries again")),
    Fault("no room is left", says(error(507, "QuotaExceeded"), to=is_write),
          written("there is no room left: raise the bucket's quota", MARK)),
    Fault("the server knows no conditional writes", says(error(501, "NotImplemented"), to=is_write),
          written("the server knows no conditional writes (If-Match), which feedpub needs", MARK)),
    Fault("the connection is cut before the server hears of a write", says(LOST, to=is_file),
          written("the server cannot be reached; the next run tries again")),
    Fault("the server cannot be reached", sets(AWS_ENDPOINT_URL="http://127.0.0.1:9"),
          read("the server cannot be reached; the next run tries again")),
    Fault("no answer to a write that took place", silent(is_file, is_done=True), "", NEW),
    Fault("no answer to a write that did not", silent(is_file, is_done=False),
          written("no answer came in time; the next run tries again")),
    Fault("no answer to a list", silent(is_list, is_done=False),
          read("no answer came in time; the next run tries again")),
    Fault("the server says what nobody knows", says(error(418, "Teapot")), read("the server refuses it (418, Teapot)")),
]  # fmt: skip


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    if buckets.PROGRAM is None:
        pytest.skip(buckets.ABSENT)
    with buckets.seaweed(tmp_path_factory.mktemp("seaweed")) as port:
        yield port


@pytest.fixture
def stage(
    port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    url = f"s3://feeds/{re.sub('[^a-z0-9]', '', tmp_path.name)}"
    buckets.make_bucket(port, "feeds")
    with buckets.gate_before(port) as gate, opened(tmp_path, capsys) as council:
        buckets.allow(monkeypatch, gate.url)
        monkeypatch.setattr(s3, "FIRST_WAIT", timedelta(milliseconds=10))
        monkeypatch.setattr(s3, "RETRIES", 3)
        council.configure(CONFIG.replace('"public"', f'"{url}"'))
        assert council.feedpub("run").code == 0
        adds(council, 301)
        gate.requests.clear()
        yield Stage(council, gate, url, monkeypatch)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.name)
def test_a_bucket_that_fails_loses_nothing_and_the_next_run_heals(stage: Stage, fault: Fault, port: int) -> None:
    council, gate = stage.council, stage.gate
    before, config = contents(stage.url), council.config.read_text(encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        fault.bring(Stage(council, gate, stage.url, patch))
        ran = council.feedpub("run")
    gate.before = gate.after = lambda _: None
    said = ran.err.removeprefix("feedpub: ").rstrip("\n").replace(stage.url.rpartition("/")[2], "council")
    assert said == fault.said
    assert ran.code == (2 if "not installed" in said else 1 if said else 0)
    assert not any(secret in ran.err for secret in (buckets.KEY, buckets.SECRET, buckets.READERS_SECRET))
    now = contents(stage.url)
    assert all(now[name] == data or fault.feeds == NEW or name == MARK for name, data in before.items())
    wrote = [a.name for a in gate.requests if a.method == "PUT" and a.status in (0, 200)]
    assert wrote.count(FILE) <= 1 or "cut" in fault.name or not said
    council.config.write_text(config, encoding="utf-8")
    assert council.feedpub("run").code == 0
    assert council.feedpub("run") == Ran(0, "", "")
    assert b"nova-301" in contents(stage.url)["zrazkiv/rss.xml"]
    assert council.feedpub("check") == Ran(0, "", "")
    tables.add("bucket", FAULTS.index(fault), fault.name, said, str(ran.code), fault.feeds)
    tables.add("bucket in all", 0, str(len(FAULTS)))


def test_a_bucket_that_fails_is_said_once_however_many_sources_there_are(stage: Stage) -> None:
    second = CONFIG[CONFIG.index("[[source]]") :].replace('"zrazkiv"', '"druhyi"').replace("{home}", "{home}?2")
    stage.council.configure(CONFIG.replace('"public"', f'"{stage.url}"') + LAYOUT + second)
    stage.gate.before = lambda asked: error(403, "AccessDenied")
    ran = stage.council.feedpub("run")
    assert ran.code == 1
    [said] = ran.err.splitlines()
    assert said.endswith(f": cannot be read: {RIGHTS}")
    assert len(stage.gate.requests) == 1
