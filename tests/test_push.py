"""WebSub: hubs are told of every change of a feed, once, whatever comes between, and nobody else hears of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedpub.cli import updating
from feedpub.collecting.fetch import hub as wire
from feedpub.errors import FetchError, PublishError
from feedpub.kinds import ATOM, JSON_FEED, RSS, Part, feeds_in, kind_of
from feedpub.model import Ping
from feedpub.publishing import Target, push
from feedpub.publishing import hubs as announcing
from feedpub.publishing.check import check
from feedpub.publishing.folder import Folder
from feedpub.store import Store
from tests import hub as hubs
from tests.council import CONFIG, Council
from tests.drupal.site import Answer
from tests.hub import Hub
from tests.postgres import place_at
from tests.states import tamper
from tests.work import wait_until

PLACES = ((Part.SOURCE, ""), (Part.COLLECTION, "category/novyny/"))  # without pictures, no hub is named
FEEDS = sorted(f"{folder}{kind.name}" for part, folder in PLACES for kind in feeds_in(part))
NAMING = [feed for feed in FEEDS if kind_of(feed) in (RSS, ATOM, JSON_FEED)]  # those that name hubs themselves
NOON = datetime(2025, 11, 14, 12, tzinfo=UTC)
TEXT = (("Content-Type", "text/plain; charset=utf-8"),)


@pytest.fixture(autouse=True)
def one_category(council: Council) -> None:
    """So that every feed has every item, and changes with it."""
    council.site.articles[:] = [replace(a, categories=("Новини",)) for a in council.site.articles]


@pytest.fixture
def hub() -> Iterator[Hub]:
    with hubs.running() as hub:
        yield hub


@pytest.fixture
def told(council: Council, hub: Hub) -> Council:
    """A council whose feeds were published, and the hub told of them."""
    name(council, hub.url)
    assert council.feedpub("run").code == 0
    assert hub.told() == FEEDS
    return council


def name(council: Council, *urls: str, text: str = CONFIG) -> None:
    """Names these hubs in the configuration."""
    council.configure(text.replace("items = 50", f"items = 50\nhubs = {json.dumps(urls)}"))


def add_news(council: Council, number: int = 301) -> None:
    newest = council.site.articles[-1]
    council.site.articles.append(
        replace(newest, number=number, alias=f"content/nova-{number}", title=f"Нова новина {number}",
                utc=newest.utc + timedelta(minutes=5),
                body=f"<p>Сьогодні в громаді відкрито пункт видачі води номер {number}.</p>")
    )  # fmt: skip


def changed(council: Council, sql: str) -> None:
    tamper(council.state, sql)


def waiting(council: Council) -> list[Ping]:
    with closing(Store(place_at(council.state))) as store:
        return store.pings.waiting()


def url(feed: str) -> str:
    return f"https://feeds.example.org/zrazkiv/{feed}"


# ------------------------------------------------------------ what a hub is told


def test_a_hub_is_told_of_each_feed_once_it_stands_in_its_place(council: Council, hub: Hub) -> None:
    name(council, hub.url)
    standing: list[dict[str, bytes]] = []
    hub.meanwhile = lambda: standing.append(council.feeds())
    ran = council.feedpub("run")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert standing == [council.feeds()] * len(FEEDS)
    assert [t.form for t in hub.heard] == [
        [("hub.mode", "publish"), ("hub.url", url(f)), ("hub.topic", url(f))] for f in FEEDS
    ]
    for one in hub.heard:
        assert one.method == "POST"
        assert one.headers["content-type"] == "application/x-www-form-urlencoded"
        assert re.fullmatch(r"feedpub/\S+ \(\+https://example\.org/feeds\)", one.headers["user-agent"])
    feeds = {name: data for name, data in council.feeds().items() if name in FEEDS}
    assert all(check(data, kind_of(name)) == [] for name, data in feeds.items())
    assert all(hub.url.encode() in feeds[name] for name in NAMING)


@pytest.mark.long
def test_nothing_new_is_told_to_nobody(told: Council, hub: Hub) -> None:
    before, published = told.files(), told.published()
    assert told.feedpub("run").code == 0
    assert (hub.told(), told.files()) == ([], before)
    assert told.feedpub("publish").code == 0
    assert (hub.told(), told.published()) == ([], published)


@pytest.mark.long
def test_what_changes_once_is_told_once(told: Council, hub: Hub) -> None:
    add_news(told)
    for _ in range(3):
        assert told.feedpub("run").code == 0
    assert hub.told() == FEEDS


@pytest.mark.long
def test_only_what_has_changed_is_told(told: Council, hub: Hub) -> None:
    data = told.path("rss.xml").read_bytes()
    told.path("rss.xml").write_bytes(data.replace(b"feedpub", b"nobody"))
    told.path("atom.xml.gz").unlink()  # a compressed twin is no other feed
    assert told.feedpub("run").code == 0
    assert told.path("rss.xml").read_bytes() == data
    assert hub.told() == ["rss.xml"]


@pytest.mark.long
def test_who_watches_is_told_as_well(told: Council, hub: Hub) -> None:
    add_news(told)
    said = told.feedpub("run", "--verbose").err
    assert f"\n{hub.url}: was told that {url('atom.xml')} has changed\n" in said


def test_pages_and_archives_are_no_feeds_that_people_subscribe_to() -> None:
    assert push.is_topic("rada/atom.xml")
    assert push.is_topic("rada/category/vpo/rss.xml")
    assert not push.is_topic("rada/archive/2025-06/atom.xml")
    assert not push.is_topic("rada/index.html")
    assert not push.is_topic("feeds.opml")


@pytest.mark.long
def test_a_hub_named_later_is_told_of_the_feeds_that_name_it(council: Council, hub: Hub) -> None:
    council.feedpub("run")
    name(council, hub.url)
    assert council.feedpub("run").code == 0
    assert hub.told() == NAMING


@pytest.mark.parametrize("words", [("backfill",), ("run", "--source", "zrazkiv")])
@pytest.mark.long
def test_every_walk_tells(told: Council, hub: Hub, words: Sequence[str]) -> None:
    add_news(told)
    assert told.feedpub(*words).code == 0
    assert hub.told() == FEEDS


@pytest.mark.long
def test_a_withdrawal_is_told(told: Council, hub: Hub) -> None:
    ran = told.feedpub("withdraw", told.items()[0]["id"], "--reason", "помилка")
    assert (ran.code, ran.err) == (0, "")
    assert hub.told() == FEEDS


@pytest.mark.long
def test_publish_asks_nobody_and_leaves_it_to_the_next_run(council: Council, hub: Hub) -> None:
    council.feedpub("run")
    name(council, hub.url)
    script = (
        "import sys; from feedpub.cli import main; code = main(['publish', '--verbose', '--config', sys.argv[1]]);"
        "print(code, [m for m in ('requests', 'urllib3') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(council.config)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0 []\n"
    assert f"\n{hub.url}: the next `feedpub run` announces {len(FEEDS)} changed feeds\n" in done.stderr
    assert hub.told() == []
    assert council.feedpub("run").code == 0
    assert hub.told() == FEEDS


@pytest.mark.long
@pytest.mark.sqlite
def test_a_run_that_finds_nothing_new_asks_the_state_once_and_loads_nothing(told: Council) -> None:
    script = (
        "import sys, sqlite3; from feedpub.cli import main; asked = []\n"
        "class Connection(sqlite3.Connection):\n"
        "    def execute(self, sql, *values):\n"
        "        asked.append(sql)\n"
        "        return super().execute(sql, *values)\n"
        "connect = sqlite3.connect\n"
        "sqlite3.connect = lambda *a, **k: connect(*a, **{'factory': Connection} | k)\n"
        "code = main(['run', '--config', sys.argv[1]])\n"
        "print(code, [s for s in asked if 'ping' in s],"
        " [m for m in sys.modules if m == 'feedpub.collecting.fetch.hub'])"
    )
    done = subprocess.run([sys.executable, "-c", script, str(told.config)], capture_output=True, text=True, check=True)
    assert done.stdout == "0 ['SELECT * FROM ping ORDER BY hub, topic'] []\n"


# ------------------------------------------------------------ a hub that fails


def test_a_hub_that_is_down_fails_no_run_and_is_told_once_it_is_up(council: Council) -> None:
    with hubs.running() as hub:
        name(council, hub.url)
    ran = council.feedpub("run", "--verbose")
    assert ran.code == 0
    assert re.search(
        rf"\n{hub.url}: the hub has not taken {len(FEEDS)} changed feeds since \S+ \S+ UTC: cannot be reached:"
        r" Connection refused; it will be told again by the next run\n",
        ran.err,
    )
    assert council.feedpub("run").err == ""
    with hubs.running(hub):
        ran = council.feedpub("run")
        assert (ran.code, ran.err, sorted(hub.told())) == (0, "", FEEDS)
        assert (council.feedpub("run").code, hub.told()) == (0, [])


def test_a_hub_that_fails_is_asked_once_a_run_and_keeps_no_other_from_being_told(council: Council, hub: Hub) -> None:
    hub.answer = Answer(503)
    with hubs.running() as other:
        name(council, hub.url, other.url)
        assert council.feedpub("run").code == 0
        assert (len(hub.told()), other.told()) == (1, FEEDS)
        hub.answer = Answer(202)
        assert council.feedpub("run").code == 0
        assert (sorted(hub.told()), other.told()) == (FEEDS, [])


def test_a_hub_that_does_not_answer_is_not_waited_for_long(
    council: Council, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "PATIENCE", 0.3)
    name(council, hub.url)
    hub.meanwhile = lambda: time.sleep(2)
    ran = council.feedpub("run", "--verbose")
    assert ran.code == 0
    assert ran.err.count("did not arrive within 0.3 s") == 1
    wait_until(lambda: hub.heard)  # on a busy machine the hub reads it after we have given up
    assert len(hub.told()) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_hub_is_not_followed_to_another_address(council: Council, hub: Hub, status: int) -> None:
    hub.answer = Answer(status, (("Location", "https://elsewhere.example/"),))
    name(council, hub.url)
    ran = council.feedpub("run", "--verbose")
    assert ran.code == 0
    assert " and leads to https://elsewhere.example/: name its own address in [publish] hubs; it will be" in ran.err
    assert [t.method for t in hub.heard] == ["POST"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(410), f"the hub answers 410 Gone: there is no hub at this address, or none for {url('atom.xml')};"
                      " mend or remove it in [publish] hubs; it will"),
        (Answer(404, TEXT, b"Not Found\n"), "the hub answers 404 Not Found: there is no hub at this address"),
        (Answer(400, TEXT, b"error: topic not supported\nmore"),
         f"the hub answers 400 Bad Request (error: topic not supported): it refuses {url('atom.xml')}; it will"),
        (Answer(403, (("Content-Type", "text/html"),), b"<h1>No</h1>"),
         f"the hub answers 403 Forbidden: it refuses {url('atom.xml')}; it will"),
        (Answer(429), "the hub answers 429 Too Many Requests; it will"),
        (Answer(500, TEXT, "Не\x1b[31m".encode() * 999), "the hub answers 500 Internal Server Error (Не "),
        (Answer(304), "the hub answers 304 Not Modified; it will"),
    ],
)  # fmt: skip
@pytest.mark.long
def test_what_a_hub_says_is_told_plainly(council: Council, hub: Hub, answer: Answer, said: str) -> None:
    hub.answer = answer
    name(council, hub.url)
    ran = council.feedpub("run", "--verbose")
    assert ran.code == 0
    assert said in ran.err
    assert "\x1b" not in ran.err
    assert max(map(len, ran.err.splitlines())) < 800


@pytest.mark.long
def test_a_hub_that_refuses_one_feed_is_told_of_the_others(told: Council, hub: Hub) -> None:
    hub.refused = {"zrazkiv/atom.xml": Answer(400)}
    add_news(told)
    for _ in range(2):
        assert told.feedpub("run").code == 0
    assert hub.told() == [*FEEDS, "atom.xml"]
    add_news(told, 302)
    assert told.feedpub("run").code == 0
    assert hub.told() == [*FEEDS[1:], "atom.xml"]  # of what it takes first


@pytest.mark.long
def test_nobody_hears_of_it_before_a_day_is_over_and_then_once_a_day(told: Council, hub: Hub) -> None:
    hub.answer = Answer(500)
    add_news(told)
    assert told.feedpub("run").err == ""

    def as_if(since: str, asked: str) -> str:
        """What is said when it was so long ago."""
        hours = (timedelta(hours=int(words.partition(" ")[0])) for words in (since, asked))
        then = [f"{datetime.now(UTC) + ago:%Y-%m-%dT%H:%M:%SZ}" for ago in hours]
        changed(told, f"UPDATE ping SET failures = 9, since = '{then[0]}', asked = '{then[1]}'")
        ran = told.feedpub("run")
        assert ran.code == 0
        return ran.err

    assert as_if("-23 hours", "-7 hours") == ""
    assert re.fullmatch(
        rf"feedpub: {hub.url}: the hub has not taken {len(FEEDS)} changed feeds since \S+ \S+ UTC: the hub answers"
        r" 500 Internal Server Error; it will be told again after \S+ \S+ UTC\n",
        as_if("-25 hours", "-7 hours"),
    )
    assert as_if("-32 hours", "-7 hours") == ""
    assert as_if("-47 hours", "-7 hours") == ""
    assert f"has not taken {len(FEEDS)} changed feeds" in as_if("-49 hours", "-7 hours")
    hub.told()
    assert as_if("-73 hours", "-5 hours") == ""  # and not at every run
    assert hub.told() == []


def hourly(store: Store, hours: int, status: int | None = None) -> tuple[list[int], list[int]]:
    """In which of so many hourly runs a hub that always fails is told, and in which a person hears of it."""
    told, heard = [], []

    def fail(hub: str, topic: str) -> None:
        raise FetchError(hub, "no answer", status)

    for hour in range(hours):
        now = NOON + timedelta(hours=hour)
        for pings in announcing.due_pings(store, [HUB], [FOLDER], now):
            answer = announcing.ping(pings, fail, store, now)
            told.append(hour)
            heard += [hour] if answer.is_to_be_heard else []
    return told, heard


HUB, FOLDER = "https://hub.example/", "https://feeds.example.org/zrazkiv/"


@pytest.mark.parametrize("feeds", [1, 3])
def test_a_hub_that_fails_for_days_is_told_less_and_less(tmp_path: Path, feeds: int) -> None:
    with closing(Store(place_at(tmp_path / "feedpub.db"))) as store:
        for feed in FEEDS[:feeds]:
            store.pings.put_ping(HUB, FOLDER + feed, NOON)
        told, heard = hourly(store, 24 * 4)
        assert told == [0, 1, 2, 3, 4, 6, *range(10, 96, 6)]
        assert heard == [28, 52, 76]
        store.pings.put_ping(HUB, f"{FOLDER}another.xml", NOON + timedelta(days=4))
        [pings] = announcing.due_pings(store, [HUB], [FOLDER], NOON + timedelta(days=4))  # what is new is told at once
        assert pings[0].topic.endswith("another.xml")


def test_a_clock_that_was_ahead_keeps_no_hub_waiting() -> None:
    ahead = Ping(HUB, url("rss.xml"), NOON, 9, "no answer", NOON + timedelta(days=300))
    assert push.pings_due([ahead], NOON) == {HUB: [ahead]}


# ------------------------------------------------------------ what comes between


@pytest.mark.long
def test_a_run_that_is_killed_while_it_tells_goes_on_with_the_next(told: Council, hub: Hub) -> None:
    add_news(told)
    running = subprocess.Popen([sys.executable, "-m", "feedpub", "run", "--config", str(told.config)])
    hub.meanwhile = lambda: os.kill(running.pid, signal.SIGKILL) if len(hub.heard) == 2 else None
    assert running.wait(60) == -signal.SIGKILL
    hub.meanwhile = lambda: None
    assert hub.told() == FEEDS[:2]
    assert told.feedpub("run").code == 0
    assert hub.told() == FEEDS[1:]  # the one of which it never had the answer once more


@pytest.mark.parametrize("file", ["atom.xml.gz", "atom.xml", "rss.xml"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.long
def test_a_run_that_is_killed_while_it_publishes_loses_no_change(
    told: Council, hub: Hub, file: str, moment: str
) -> None:
    add_news(told)
    script = (
        "import os, signal, sys; from feedpub.cli import main; rename = os.rename\n"
        "def killed(source, target, **k):\n"
        "    if target == sys.argv[2] and sys.argv[3] == 'before': os.kill(os.getpid(), signal.SIGKILL)\n"
        "    rename(source, target, **k)\n"
        "    if target == sys.argv[2]: os.kill(os.getpid(), signal.SIGKILL)\n"
        "os.rename = killed\n"
        "main(['run', '--config', sys.argv[1]])"
    )
    done = subprocess.run([sys.executable, "-c", script, str(told.config), file, moment], check=False)
    assert (done.returncode, hub.told()) == (-signal.SIGKILL, [])
    assert told.feedpub("run").code == 0
    assert sorted(hub.told()) == FEEDS
    assert told.feedpub("run").code == 0
    assert hub.told() == []


@pytest.mark.long
def test_what_could_not_be_published_is_not_told(told: Council, hub: Hub) -> None:
    add_news(told)
    known = told.path("atom.xml").read_bytes()
    told.path("atom.xml").unlink()
    told.path("atom.xml").mkdir()
    assert told.feedpub("run").code == 1
    assert "atom.xml" not in hub.told()
    told.path("atom.xml").rmdir()
    told.path("atom.xml").write_bytes(known)
    assert told.feedpub("run").code == 0
    assert "atom.xml" in hub.told()


def test_a_change_that_waits_already_is_not_forgotten_when_the_next_cannot_be_published(tmp_path: Path) -> None:
    class Full(Folder):
        def __call__(self, name: str, data: bytes, media_type: str) -> bool:
            raise PublishError("the disk is full")

    rss = "application/rss+xml"
    with closing(Store(place_at(tmp_path / "feedpub.db"))) as store:
        for folder in (Folder(tmp_path), Full(tmp_path)):
            target = Target(folder, "https://feeds.example.org/", 50, "0", ("https://a/", HUB))
            publish = announcing.announced(target, store, NOON)
            for name in ("zrazkiv/rss.xml", "zrazkiv/new.xml"):
                if isinstance(folder, Full):
                    with pytest.raises(PublishError):
                        publish(name, b"two", rss)
                elif name.endswith("rss.xml"):
                    assert publish(name, b"one", rss)
        assert [(p.hub, p.topic) for p in store.pings.waiting()] == [
            ("https://a/", url("rss.xml")),
            (HUB, url("rss.xml")),
        ]


@pytest.mark.long
def test_a_lost_state_whose_feeds_come_out_the_same_is_no_change(told: Council, hub: Hub) -> None:
    before = told.feeds()
    told.lose_state()
    assert told.feedpub("run").code == 0
    assert (told.feeds(), hub.told()) == (before, [])


@pytest.mark.long
def test_lost_feeds_are_told_when_they_are_there_again(told: Council, hub: Hub) -> None:
    shutil.rmtree(told.folder / "public")
    assert told.feedpub("run").code == 0
    assert hub.told() == FEEDS


@pytest.mark.long
def test_an_interrupted_run_leaves_the_hubs_to_the_next(
    told: Council, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    add_news(told)
    with monkeypatch.context() as patched:
        patched.setattr(updating, "is_success_due", interrupted)
        assert told.feedpub("run").code == 130
    assert hub.told() == []
    assert told.feedpub("run").code == 0
    assert hub.told() == FEEDS


# ------------------------------------------------------------ the operator


@pytest.mark.long
def test_what_waits_for_a_hub_that_was_taken_out_is_forgotten(told: Council, hub: Hub) -> None:
    hub.answer = Answer(500)
    add_news(told)
    assert told.feedpub("run").code == 0
    assert len(waiting(told)) == len(FEEDS)
    told.configure()
    assert told.feedpub("run").code == 0
    assert waiting(told) == []


@pytest.mark.long
def test_what_waits_for_a_former_address_of_the_feeds_is_forgotten(told: Council, hub: Hub) -> None:
    hub.answer = Answer(500)
    add_news(told)
    assert told.feedpub("run").code == 0
    hub.told()
    name(told, hub.url, text=CONFIG.replace('https://feeds.example.org/"', 'https://news.example.org/"'))
    hub.answer = Answer(204)
    assert told.feedpub("run").code == 0
    assert hub.told() == [f"https://news.example.org/zrazkiv/{f}" for f in FEEDS]
    assert waiting(told) == []


@pytest.mark.long
def test_status_tells_what_waits_and_why(told: Council, hub: Hub) -> None:
    [row] = json.loads(told.feedpub("status", "--json").out)
    assert row["hubs_to_be_told"] == []
    hub.answer = Answer(500)
    add_news(told)
    told.feedpub("run")
    [row] = json.loads(told.feedpub("status", "--json").out)
    [waits] = row["hubs_to_be_told"]
    assert waits == {
        "hub": hub.url, "feeds": [url(f) for f in FEEDS], "since": waits["since"],
        "reason": "the hub answers 500 Internal Server Error", "times": 1, "next_try": None,
    }  # fmt: skip
    shown = f"to be told     {hub.url} of {len(FEEDS)} changed feeds, since {waits['since']}: the hub answers 500"
    assert f"{shown} Internal Server Error (1 in a row); by the next run\n" in told.feedpub("status").out
    changed(told, "UPDATE ping SET failures = 9")
    [row] = json.loads(told.feedpub("status", "--json").out)
    [waits] = row["hubs_to_be_told"]
    assert datetime.fromisoformat(waits["next_try"]) > datetime.now(UTC) + timedelta(hours=5)
    assert f"(9 in a row); after {waits['next_try']}\n" in told.feedpub("status").out
