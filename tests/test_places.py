"""Where feeds are published: a folder, or a bucket that the configuration names. Here the bucket is in memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from obstore.store import MemoryStore

from feedpub import config
from feedpub.errors import ConfigError, Overtaken, PublishError
from feedpub.publishing import places, s3
from feedpub.publishing.bucket import Bucket
from feedpub.publishing.credentials import from_files
from feedpub.publishing.refusals import BucketError
from feedpub.store import Store
from tests.council import CONFIG, Council

URL = "s3://feeds/councils"
NAME = "zrazkiv/rss.xml"


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    """What every client of a bucket reaches."""
    store = MemoryStore()

    class Reached:
        @staticmethod
        def from_url(*_: object, **__: object) -> MemoryStore:
            return store

    monkeypatch.setattr(s3, "S3Store", Reached)
    return store


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "feedpub.db")
    yield store
    store.close()


def put(bucket: Bucket, data: bytes) -> bool:
    bucket.begin("zrazkiv")
    return bucket(NAME, data, "")


# ------------------------------------------------------------ the configuration


@pytest.mark.parametrize(
    ("to", "problem"),
    [
        ("s3://feeds", None),
        ("s3://feeds.example.org/a/b-c_d", None),
        ("s3://feeds/councils/", None),
        ("s3://", "must be a folder, or a bucket: s3://BUCKET/PREFIX, in letters, digits, dots and dashes"),
        ("s3://Feeds/x", "must be a folder, or a bucket: s3://BUCKET/PREFIX, in letters, digits, dots and dashes"),
        ("s3://feeds/../x", "must be a folder, or a bucket: s3://BUCKET/PREFIX, in letters, digits, dots and dashes"),
        ("gs://feeds/x", "must be a folder, or a bucket: s3://BUCKET/PREFIX, in letters, digits, dots and dashes"),
        (
            "s3://KEY:SECRET@feeds/x",
            "must not contain a key or a password: they come from the environment, as AWS_ACCESS_KEY_ID",
        ),
        (" ", "must not be empty"),
    ],
)
def test_feeds_go_to_a_folder_or_to_a_bucket(tmp_path: Path, to: str, problem: str | None) -> None:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.replace("{home}", "https://rada.example/").replace('"public"', f'"{to}"'), encoding="utf-8")
    if problem is None:
        assert config.load(path).publish.to == to.rstrip("/")
        return
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    assert caught.value.problems == (f"{path}:3: [publish] to {problem}",)


def test_a_bucket_without_its_package_is_said_at_once(state: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"pip install 'feedpub\[s3\]'"):
        places.place_at(URL, state.objects)
    assert not isinstance(places.place_at(Path("public"), state.objects), Bucket)


@pytest.mark.long
def test_a_run_into_a_folder_loads_nothing_for_buckets(council: Council) -> None:
    code = "\n".join([
        "import sys", "from feedpub import cli", f"code = cli.main(['run', '--config', {str(council.config)!r}])",
        "names = ('obstore', 'feedpub.publishing.bucket', 'feedpub.publishing.s3', 'configparser')",
        "print(code, [n for n in names if n in sys.modules])",
    ])  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0 []\n"


KEYS = {"aws_access_key_id": "k", "aws_secret_access_key": "s"}


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, {"access_key_id": "k", "secret_access_key": "s", "region": "eu-west-1"}),
        (
            {"AWS_PROFILE": "feeds"},
            {"access_key_id": "k2", "secret_access_key": "s2", "endpoint": "https://s3.example"},
        ),
        ({"AWS_PROFILE": "none"}, {}),
        ({"AWS_ACCESS_KEY_ID": "other"}, {"region": "eu-west-1"}),
        ({"AWS_REGION": "eu-north-1", "AWS_WEB_IDENTITY_TOKEN_FILE": "/t"}, {}),
    ],
)
def test_files_say_what_the_environment_does_not(
    tmp_path: Path, environment: dict[str, str], found: dict[str, str]
) -> None:
    folder = tmp_path / ".aws"
    folder.mkdir()
    (folder / "credentials").write_text(
        "[default]\naws_access_key_id = k\naws_secret_access_key = s\n"
        "[feeds]\naws_access_key_id=k2\naws_secret_access_key=s2\n"
    )
    (folder / "config").write_text(
        "[default]\nregion = eu-west-1\n[profile feeds]\nendpoint_url = https://s3.example\n"
    )
    assert from_files({"HOME": str(tmp_path), **environment}) == found


def test_a_broken_file_of_keys_says_nothing(tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_bytes(b"aws_secret_access_key = \xff\n[")
    assert from_files({"HOME": str(tmp_path)}) == {}


# ------------------------------------------------------------ a bucket


def test_what_is_there_is_not_put_again_and_its_twins_neither(store: MemoryStore, state: Store) -> None:
    assert put(Bucket(URL, state.objects), b"<rss/>")
    assert store.head(f"{NAME}.gz")["size"] > 0
    assert not put(Bucket(URL, state.objects), b"<rss/>")
    assert not put(Bucket(URL), b"<rss/>")  # nothing is known, and it is read
    assert put(Bucket(URL, state.objects), b"<rss>1</rss>")


def test_what_somebody_wrote_meanwhile_stays(store: MemoryStore, state: Store) -> None:
    put(Bucket(URL, state.objects), b"<rss/>")
    older, newer = Bucket(URL, state.objects), Bucket(URL, state.objects)
    older.begin("zrazkiv")
    assert put(newer, b"<rss>newer</rss>")
    with pytest.raises(Overtaken, match=r"s3://feeds/councils/zrazkiv/rss\.xml\.gz: another run has written it"):
        older(NAME, b"<rss>older</rss>", "")
    assert older.is_foreign("zrazkiv")
    assert newer.read(NAME) == b"<rss>newer</rss>"
    older.begin("zrazkiv")
    assert put(newer, b"<rss>newest</rss>")
    with pytest.raises(Overtaken):
        older.remove(NAME)
    assert newer.read(NAME) == b"<rss>newest</rss>"


@pytest.mark.parametrize("is_put", [True, False])
def test_a_run_that_was_killed_knows_its_own_mark_again(
    store: MemoryStore, state: Store, monkeypatch: pytest.MonkeyPatch, is_put: bool
) -> None:
    """It is killed just after it has put the mark, or just before."""
    mark = b'{"revision": 1, "withdrawn": {}}'
    Bucket(URL, state.objects).put_mark("zrazkiv", mark)
    usual = s3.Server.put

    def killed(*args: Any) -> str:
        if is_put:
            usual(*args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(s3.Server, "put", killed)
        with pytest.raises(KeyboardInterrupt):
            Bucket(URL, state.objects).put_mark("zrazkiv", mark.replace(b"1", b"2"))
    again = Bucket(URL, state.objects)
    again.begin("zrazkiv")
    assert not again.is_foreign("zrazkiv")
    assert (b'"revision": 2' in (again.read_mark("zrazkiv") or b"")) == is_put


def test_another_state_s_mark_is_foreign(store: MemoryStore, state: Store, tmp_path: Path) -> None:
    mark = b'{"revision": 1, "withdrawn": {}}'
    first = Bucket(URL, state.objects)
    first.put_mark("zrazkiv", mark)
    other = Store(tmp_path / "other.db")
    second = Bucket(URL, other.objects)
    second.begin("zrazkiv")
    assert not second.is_foreign("zrazkiv")  # it has published nothing yet: what is there is taken over first
    second.put_mark("zrazkiv", mark)
    other.close()
    last = Bucket(URL, state.objects)
    last.begin("zrazkiv")
    assert last.is_foreign("zrazkiv")


def test_a_server_that_has_failed_is_not_asked_again(
    store: MemoryStore, state: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def fails(_: object, folder: str) -> dict[str, str]:
        asked.append(folder)
        raise BucketError(Exception("status code: 503 <Code>SlowDown</Code>"))

    monkeypatch.setattr(s3.Server, "listed", fails)
    bucket = Bucket(URL, state.objects)
    for source in ("zrazkiv", "rada"):
        with pytest.raises(PublishError, match=r"s3://feeds/councils/zrazkiv: cannot be read: the server wants fewer"):
            bucket.begin(source)
    assert asked == ["zrazkiv"]


def test_nothing_that_a_server_repeats_is_shown() -> None:
    answer = (
        "Error performing PUT http://s3/x - Server returned non-2xx status code: 403 Forbidden: <Error>"
        "<Code>SignatureDoesNotMatch</Code><AWSAccessKeyId>AKIAKEY</AWSAccessKeyId><StringToSign>SECRET</StringToSign>"
    )
    said = str(BucketError(Exception(answer)))
    assert said == "the server does not take the key: correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
