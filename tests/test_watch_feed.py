"""`feedpub watch-feed`: somebody looks from a reader's chair whether the feed has what the council lists."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedpub import cli
from feedpub.watch.reader import Listed, Missing, Reader, Shown, Span, late, unchanged_since
from tests.council import CONFIG, Council, Ran, accepting
from tests.drupal.site import Answer
from tests.web import Web, shown

BEGIN = datetime(2025, 11, 14, 12, tzinfo=UTC)  # some hours after the site's newest article
AN_HOUR = timedelta(hours=1)
FEEDS = ("rss.xml", "atom.xml", "feed.json")


class Clock:
    """The time of this machine, for a test to set."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = BEGIN
        for module in ("session", "status", "pages", "watch_feed"):
            monkeypatch.setattr(f"feedpub.cli.{module}.clock", lambda: self.now)


@dataclass
class Stage:
    """A council that is published and served. Nothing that watches it may change it."""

    council: Council
    web: Web
    clock: Clock
    asked: tuple[str, ...] = ()  # pages of the council's, by the last look

    def publish(self, hours: float, **changes: object) -> None:
        """The council publishes an article so many hours after the beginning."""
        last = self.council.site.articles[-1]
        utc, number = BEGIN + hours * AN_HOUR, last.number + 3
        made = replace(
            last, number=number, alias=f"content/nova-{number}", title=f"Новина {number}", utc=utc,
            date=f"{utc + 2 * AN_HOUR:%d/%m/%Y - %H:%M}", body=f"<p>Повідомлення {number} для громади.</p>",
        )  # fmt: skip
        self.council.site.articles.append(replace(made, **changes))  # type: ignore[arg-type]

    def watch(self, feed: str = "rss.xml", *words: str) -> Ran:
        before = self.council.files()
        self.council.requests()
        ran = self.council.feedpub("watch-feed", f"{self.web.url}zrazkiv/{feed}", *words)
        assert self.council.files() == before
        self.asked = tuple(request.path for request in self.council.requests())
        assert len(self.asked) == len(set(self.asked))  # each page once at most
        return ran

    @property
    def newest(self) -> str:
        return f"{self.council.served.url}{self.council.site.articles[-1].href}"


@pytest.fixture
def stage(council: Council, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    clock = Clock(monkeypatch)
    with shown(council.folder / "public") as web:
        council.configure(CONFIG.replace("https://feeds.example.org/", web.url))
        assert council.feedpub("run").code == 0
        yield Stage(council, web, clock)


# ------------------------------------------------------------ all is well


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_that_is_current_is_well(stage: Stage, feed: str) -> None:
    assert stage.watch(feed) == Ran(0, "", "")
    assert stage.watch(feed, "--source", "zrazkiv") == Ran(0, "", "")


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.long
def test_without_a_configuration_the_feed_leads_to_the_council_s_list(
    stage: Stage, feed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path / "public")
    monkeypatch.setattr("feedpub.cli.watch_feed.DELAY", 0.0)
    url = f"{stage.web.url}zrazkiv/{feed}"
    for words in ([], ["--listing", f"{stage.council.served.url}/"]):
        assert cli.main(["watch-feed", url, *words]) == 0
    stage.publish(1)
    stage.clock.now = BEGIN + 3 * AN_HOUR
    capsys.readouterr()
    assert cli.main(["watch-feed", url]) == 1
    assert f"lacks 'Новина {stage.council.site.articles[-1].number}'" in capsys.readouterr().out


@pytest.mark.long
def test_one_request_each_is_made_after_robots_txt(stage: Stage) -> None:
    stage.web.asked.clear()
    stage.watch()
    assert stage.web.asked == ["GET /robots.txt", "GET /zrazkiv/rss.xml"]
    assert stage.asked == ("/robots.txt", "/")


@pytest.mark.long
def test_what_is_new_for_less_than_an_hour_is_no_problem(stage: Stage) -> None:
    stage.publish(1)
    stage.clock.now = BEGIN + 1.9 * AN_HOUR
    ran = stage.watch("rss.xml", "--verbose")
    assert (ran.code, ran.out) == (0, "")
    assert f"{stage.newest}, and that may be new" in ran.err


@pytest.mark.long
def test_an_item_that_the_council_withdrew_is_no_problem(stage: Stage) -> None:
    """Its list may still name it for a while."""
    stage.publish(1)
    stage.council.break_page(stage.council.site.articles[-1].href, 404)
    stage.clock.now = BEGIN + 9 * AN_HOUR
    ran = stage.watch("rss.xml", "--verbose")
    assert (ran.code, ran.out) == (0, "")
    assert "as it should: the council's site says that it is not there: the server answers 404" in ran.err
    stage.council.site.articles.pop()  # and its list does not
    assert stage.watch() == Ran(0, "", "")


@pytest.mark.long
def test_an_item_that_was_taken_out_by_hand_is_no_problem(stage: Stage) -> None:
    item = next(one for one in stage.council.items() if one["url"] == stage.newest)
    assert stage.council.feedpub("withdraw", item["id"], "--reason", "x").code == 0
    stage.clock.now = BEGIN + 99 * AN_HOUR
    assert stage.watch() == Ran(0, "", "")
    stage.council.lose_state()  # on another machine: the feed itself says so
    ran = stage.watch("atom.xml", "--verbose")
    assert (ran.code, ran.out) == (0, "")
    assert "the feed says that it was withdrawn" in ran.err


@pytest.mark.long
def test_a_repost_is_no_problem(stage: Stage) -> None:
    first = stage.council.site.articles[-1]
    stage.publish(1, title=first.title, body=first.body)
    stage.clock.now = BEGIN + 5 * AN_HOUR
    ran = stage.watch("rss.xml", "--verbose")  # no run has seen it yet
    assert (ran.code, ran.out) == (0, "")
    assert "as it should: it repeats an item of the feed" in ran.err
    stage.council.feedpub("run")
    assert stage.watch() == Ran(0, "", "")  # the state says which item it is


@pytest.mark.long
def test_older_articles_than_the_feed_has_are_not_missed(stage: Stage) -> None:
    stage.council.configure(
        CONFIG.replace("https://feeds.example.org/", stage.web.url).replace("items = 50", "items = 3")
    )
    assert stage.council.feedpub("publish").code == 0
    assert len(stage.council.items()) == 3
    assert stage.watch() == Ran(0, "", "")


@pytest.mark.long
def test_a_closed_source_is_not_compared(stage: Stage) -> None:
    stage.council.feedpub("retire", "zrazkiv")
    stage.publish(1)
    stage.clock.now = BEGIN + 99 * AN_HOUR
    assert stage.watch() == Ran(0, "", "")


# ------------------------------------------------------------ what is wrong


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_that_is_not_written_any_more_is_a_problem(stage: Stage, feed: str) -> None:
    stage.publish(1)
    stage.clock.now = BEGIN + 5 * AN_HOUR
    ran = stage.watch(feed)
    assert ran.code == 1
    head = f"{stage.web.url}zrazkiv/{feed}: "
    look = "; look whether feedpub runs: `feedpub status`, `feedpub doctor`"
    number = stage.council.site.articles[-1].number
    assert ran.out.splitlines() == [
        f"{head}its newest item is of 2025-11-14 07:30 UTC, and the council lists one of 2025-11-14 13:00 UTC{look}",
        f"{head}lacks 'Новина {number}', {stage.newest}, which the council lists since 2025-11-14 13:00 UTC{look}",
    ]
    assert stage.council.feedpub("run").code == 0
    assert stage.watch(feed) == Ran(0, "", "")


@pytest.mark.long
def test_how_long_the_feed_may_lack_something_can_be_said(stage: Stage) -> None:
    stage.publish(1)
    stage.clock.now = BEGIN + 5 * AN_HOUR
    assert [stage.watch("rss.xml", "--hours", hours).code for hours in ("3.9", "4.1")] == [1, 0]


@pytest.mark.long
def test_a_feed_that_is_older_than_the_state_is_told_from_one_that_nobody_writes(stage: Stage) -> None:
    shutil.copytree(stage.council.folder / "public", stage.council.folder / "old")
    stage.publish(1)
    stage.clock.now = BEGIN + 2 * AN_HOUR
    assert stage.council.feedpub("run").code == 0
    stage.web.folder = stage.council.folder / "old"
    stage.clock.now += 2 * AN_HOUR
    ran = stage.watch()
    assert ran.code == 1
    assert "feedpub has it since 2025-11-14 14:00 UTC, and this feed is older than that; look at the web" in ran.out


@pytest.mark.long
def test_an_item_whose_page_fails_is_said_with_the_reason_that_status_knows(stage: Stage) -> None:
    stage.publish(1, title="")  # no title: it cannot be published with what the listing says of it
    stage.council.break_page(stage.council.site.articles[-1].href)
    stage.clock.now = BEGIN + 3 * AN_HOUR
    ran = stage.watch()
    assert (ran.code, "its page cannot be read: the server answers 500" in ran.out) == (1, True)  # asked just now
    stage.council.feedpub("run")
    [absent] = json.loads(stage.council.feedpub("status", "--json").out)[0]["absent"]
    ran = stage.watch()
    assert ran.code == 1
    assert f"{absent['reason']}; look whether feedpub runs" in ran.out
    assert "its page could not be read 1 times: the server answers 500" in absent["reason"]


@pytest.mark.long
def test_what_the_brake_holds_back_is_said(stage: Stage) -> None:
    for n in range(40):
        stage.publish(1 + n / 100)
    stage.council.site.page_size = 50
    stage.clock.now = BEGIN + 3 * AN_HOUR
    stopped = stage.council.feedpub("run")
    assert accepting(stopped.err)
    stage.clock.now += 2 * AN_HOUR
    ran = stage.watch()
    assert ran.code == 1
    assert "lacks 'Новина" in ran.out
    assert "look whether feedpub runs: `feedpub status`" in ran.out


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("it is cut", "is no feed that can be read"),
        ("it is a page", "is no feed that can be read"),
        ("it is gone", "cannot be had: the server answers 404 Not Found; look at the web server"),
        ("it is empty", "the feed: has no items"),
        ("it lacks the link", "description has no followed link to http"),
    ],
)
@pytest.mark.long
def test_a_feed_that_readers_cannot_use_is_a_problem(stage: Stage, harm: str, said: str) -> None:
    path = stage.council.path("rss.xml")
    data = path.read_text("utf-8")
    items = data[data.index("<item>") : data.rindex("</item>") + 7]
    changed = {
        "it is cut": data[:-500],
        "it is a page": "<!DOCTYPE html><title>404</title>",
        "it is gone": None,
        "it is empty": data.replace(items, ""),
        "it lacks the link": data.replace("&lt;a href=", "&lt;b title=").replace("&lt;/a&gt;", "&lt;/b&gt;"),
    }[harm]
    if changed is None:
        path.unlink()
    else:
        path.write_text(changed, "utf-8")
    ran = stage.watch()
    assert ran.code == 1
    assert said in ran.out, ran.out
    assert len(ran.out.splitlines()) <= 7


@pytest.mark.long
def test_many_faults_of_one_kind_are_a_few_lines_and_a_number(stage: Stage) -> None:
    for n in range(9):
        stage.publish(1 + n / 10)
    stage.clock.now = BEGIN + 9 * AN_HOUR
    lines = stage.watch().out.splitlines()
    assert len(lines) == 7
    assert lines[-1].endswith(": and 4 more like that")
    assert len([path for path in stage.asked if path.startswith("/content/nova")]) == 5


@pytest.mark.long
def test_a_site_that_cannot_be_read_is_said_for_nothing_can_be_compared(stage: Stage) -> None:
    stage.council.site.overrides["/"] = Answer(500)
    ran = stage.watch()
    assert ran.code == 1
    assert ": nothing can be compared with http://" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--hours", "0"), "'0' is no number of hours"),
        (("--source", "inshe"), "has no source 'inshe'"),
        (("--source", "zrazkiv", "--listing", "http://rada.example/"), "not allowed with argument"),
    ],
)
@pytest.mark.long
def test_a_wrong_command_line_is_none_of_the_feed_s_faults(stage: Stage, words: tuple[str, ...], said: str) -> None:
    try:
        ran = stage.council.feedpub("watch-feed", f"{stage.web.url}zrazkiv/rss.xml", *words)
    except SystemExit as leaving:
        ran = Ran(int(str(leaving.code)), "", stage.council.capsys.readouterr().err)
    assert (ran.code, said in ran.err) == (2, True)


# ------------------------------------------------------------ since when something is listed


def test_a_date_without_a_time_may_mean_any_moment_of_its_day() -> None:
    midnight, noon = datetime(2025, 11, 14, tzinfo=UTC), datetime(2025, 11, 14, 12, tzinfo=UTC)
    assert Span.of(midnight, UTC) == Span(midnight, midnight + 24 * AN_HOUR)
    assert Span.of(noon, UTC) == Span(noon, noon)


@pytest.mark.parametrize(
    ("stated", "shown", "since"),
    [
        (0, [-1, -5], 0),  # the page has not changed since its newest article came
        (-3, [-1, -5], None),  # it says so, but shows an article that is newer
        (0, [None], 0),
        (None, [-1], None),
    ],
)
def test_that_a_page_has_not_changed_is_believed_if_its_news_are_older(
    stated: float | None, shown: list[float | None], since: float | None
) -> None:
    def instant(hours: float | None) -> datetime | None:
        return None if hours is None else BEGIN + hours * AN_HOUR

    assert unchanged_since(instant(stated), map(instant, shown)) == instant(since)


@pytest.mark.parametrize(
    ("since", "count", "expected"),
    [(-2.0, 1, 1), (-0.5, 1, 0), (None, 4, 0), (None, 5, 5), (-0.5, 9, 0)],
)
def test_what_nothing_dates_is_late_if_it_is_more_than_a_council_publishes_at_once(
    since: float | None, count: int, expected: int
) -> None:
    at = None if since is None else BEGIN + since * AN_HOUR
    missing = [Missing(Listed(f"https://rada.example/{n}", "Т", None), since=at) for n in range(count)]
    assert len(late(missing, BEGIN, AN_HOUR)) == expected
    assert late([replace(one, is_meant=True) for one in missing], BEGIN, AN_HOUR) == []


def test_a_line_without_a_page_is_known_by_its_title() -> None:
    reader = Reader([Shown("a", "https://rada.example/news#feedpub-1", "Рішення № 7", BEGIN)], [], ["rada.example"])
    assert reader.has(Listed("", "«Рішення» №7", None))
    assert not reader.has(Listed("", "Рішення № 8", None))


def test_an_address_is_the_same_on_each_host_of_the_council() -> None:
    reader = Reader([Shown("a", "https://rada.example/node/7", "Т", BEGIN)], [], ["rada.example", "old.example"])
    assert reader.has(Listed("http://www.old.example/node/7/", "Т", None))
    assert not reader.has(Listed("https://other.example/node/7", "Т", None))
