"""A dump says what the site said, a replay serves it, and a score counts each flaw of a tool's feeds as what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks.feedpub_lived import Feedpub
from benchmarks.polling import live
from feedpub.cli.machine import Machine
from feedpub.config import Config
from simulation import score as command
from simulation.clock import BEGINNING
from simulation.council import Setup, Story
from simulation.dump import dump
from simulation.dumped import Dump
from simulation.feeds import entries, polls
from simulation.known import Flaw, Known
from simulation.life import Weather
from simulation.replay import Replay
from simulation.scoring import ALL, CALM, DUE, FALSE, FOUND, GONE, ID, MOVED, TO_EDIT, TWICE, score
from simulation.world import World
from tests.tellers import DAYS, Telling, Told, spoilt, story, tell, truth

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

COUNTED = {*(flaw.value for flaw in Flaw), TWICE, ID, FALSE, GONE, MOVED}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    folder = tmp_path_factory.mktemp("dumps") / "dump"
    dump(story(6), folder)
    return Known(Dump(folder))


def flaws_of(known: Known, feeds: Path, kind: str = ALL) -> dict[str, int]:
    counts = score(known, polls(feeds)).counts[kind]
    return {what: count for what, count in counts.items() if what in COUNTED and count}


# ------------------------------------------------------------ the score


def test_the_score_of_the_truth_is_perfect(known: Known, tmp_path: Path) -> None:
    found = score(known, polls(tell(known, tmp_path / "feeds")))
    counts = found.counts[ALL]
    assert flaws_of(known, tmp_path / "feeds") == {}
    assert counts[FOUND] == counts[DUE] > 5
    assert counts["edited"] == counts[TO_EDIT] > 1
    assert found.late(FOUND) == (0.0, 0.0)
    assert found.finds == []


def calm_article(known: Known) -> Told:
    """An article of the middle of the feed, that nothing has happened to."""
    told = list(truth(known, known.dump.moments[-1]))
    untouched = [one for one in told if len(list(known.versions(one.group))) == 1]
    return next(one for one in untouched if known.articles[one.group].published < BEGINNING + DAYS / 2 * DAY)


MIDDAY = datetime.fromisoformat("2025-01-07T12:00:00+00:00")
AFTER = BEGINNING + 2 * DAY
FOREIGN = ("Thousands of happy customers have bought watches from us, and you can be the next one today.",)


@pytest.mark.parametrize(
    ("flaw", "counted"),
    [
        ({"title": "Інша назва"}, {Flaw.TITLE.value: 1}),
        ({"date": MIDDAY - 400 * DAY}, {Flaw.DATE.value: 1, MOVED: 1}),
        ({"date": None}, {Flaw.NO_DATE.value: 1}),
        ({"paragraphs": ()}, {Flaw.NO_TEXT.value: 1}),
        ({"paragraphs": FOREIGN}, {Flaw.TEXT.value: 1}),
        ({"id": "another"}, {ID: 1, TWICE: 1}),
        ({"id": "x", "link": "https://rada.example/404", "title": "Сторінку не знайдено"}, {FALSE: 1, GONE: 1}),
    ],
)
@pytest.mark.long
def test_a_flaw_is_counted_as_that_flaw_and_as_no_other(
    flaw: dict[str, object], counted: dict[str, int], known: Known, tmp_path: Path
) -> None:
    group = next(one.group for one in truth(known, AFTER) if len(list(known.versions(one.group))) == 1)
    assert flaws_of(known, tell(known, tmp_path / "feeds", spoilt(group, AFTER, **flaw))) == counted


BESIDE = {"a source": "Джерело: міська рада, 6 січня 2025 року.", "a menu": "Про громаду Контакти Документи " * 9}


def planted(known: Known, what: str) -> Telling:
    article = calm_article(known)
    came = known.articles[article.group].published

    def telling(at: datetime, items: Sequence[Told]) -> Sequence[Told]:
        told: list[Told] = []
        for item in items:
            is_it = item.group == article.group
            if is_it and (what == "missed" or (what == "late" and at < came + 30 * HOUR)):
                continue
            if is_it and what == "gone" and at == known.dump.moments[-1]:
                continue
            if is_it and what == "partial":
                item = replace(item, paragraphs=item.paragraphs[:1])
            if is_it and what in BESIDE:
                item = replace(item, paragraphs=(*item.paragraphs, BESIDE[what]))
            if is_it and what == "the title":
                item = replace(item, paragraphs=(item.title,))
            if is_it and what == "the day" and item.date:
                item = replace(item, date=item.date.astimezone(known.zone).replace(hour=0, minute=0))
            told.append(item)
            if is_it and what == "beside":
                told.append(replace(item, id="beside", link=""))
        return told

    return telling


@pytest.mark.parametrize(
    ("what", "counted"),
    [
        ("missed", {}),
        ("late", {}),
        ("gone", {GONE: 1}),
        ("partial", {Flaw.PARTIAL.value: 1}),
        ("the day", {Flaw.DAY.value: 1}),
        ("beside", {TWICE: 1, ID: 1}),
        ("a source", {}),
        ("the title", {Flaw.NO_TEXT.value: 1}),
        ("a menu", {Flaw.TEXT.value: 1}),
    ],
)
@pytest.mark.long
def test_what_is_left_out_or_told_by_halves_is_counted(
    what: str, counted: dict[str, int], known: Known, tmp_path: Path
) -> None:
    feeds = tell(known, tmp_path / "feeds", planted(known, what))
    found = score(known, polls(feeds))
    assert flaws_of(known, feeds) == counted
    assert found.counts[ALL][DUE] - found.counts[ALL][FOUND] == (what == "missed")
    late = found.late(FOUND)
    assert late
    assert (late[1] > 24) is (what == "late")


def test_a_flaw_is_counted_for_the_event_in_whose_time_it_is(known: Known, tmp_path: Path) -> None:
    outage = next(event for event in known.dump.truth["events"] if "until" in event)
    at = datetime.fromisoformat(outage["until"])
    moment = next(moment for moment in known.dump.moments if moment >= at)
    group = next(one.group for one in truth(known, moment) if len(list(known.versions(one.group))) == 1)
    feeds = tell(known, tmp_path / "feeds", spoilt(group, moment, title="Сторінку не знайдено"))
    assert flaws_of(known, feeds, outage["kind"]) == {Flaw.TITLE.value: 1}
    assert flaws_of(known, feeds, CALM) == {}


def test_a_file_that_did_not_change_and_one_of_another_format_are_read_as_well(known: Known, tmp_path: Path) -> None:
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>i</id><link href="https://a.example/1"/>
      <title>T</title><published>2025-01-06T08:00:00+02:00</published>
      <content type="html">&lt;p&gt;One &amp;amp; two&lt;/p&gt;</content></entry></feed>"""
    json_feed = b"""{"items": [{"id": "i", "url": "https://a.example/1", "title": "T",
      "date_published": "2025-01-06T08:00:00+02:00", "content_html": "<p>One &amp; two</p>"}]}"""
    [one], [other] = list(entries(atom)), list(entries(json_feed))
    assert one == other
    assert one.text == "One & two"
    assert one.date == BEGINNING
    assert list(entries(b"<html><body>Not found</body></html>")) == []
    for name in ("20250106T060000Z.xml", "20250106T070000Z.xml"):
        (tmp_path / name).write_bytes(atom)
    assert [poll.at for poll in polls(tmp_path)] == [BEGINNING]


def test_the_command_prints_a_table_with_a_row_for_each_kind(
    known: Known, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feeds = tell(known, tmp_path / "feeds")
    assert command.main([str(known.dump.folder), str(feeds)]) == 0
    rows = [line.split(" | ")[0].strip("| ") for line in capsys.readouterr().out.splitlines()]
    kinds = {event["kind"] for event in known.dump.truth["events"] if event["at"] > "2025-01-06T07"} - {"published"}
    assert {ALL, CALM, *kinds} <= set(rows)


# ------------------------------------------------------------ feedpub through a replay


class Loopback(World):
    """feedpub that asks a replay by real sockets, on the simulated clock."""

    @property
    def machine(self) -> Machine:
        return Machine(self.clock.shown, self.clock.monotonic, self.clock.sleep, lambda: 1.0)

    def configure(self) -> Config:
        folder = self.folder
        self.settings = super().configure()
        text = (folder / "config.toml").read_text(encoding="utf-8").replace("delay = 1", "delay = 1\nprivate = true")
        (folder / "config.toml").write_text(text, encoding="utf-8")
        from feedpub import config

        self.settings = config.load(folder / "config.toml")
        return self.settings


@pytest.mark.long
def test_feedpub_through_a_replay_on_loopback_scores_without_a_flaw(tmp_path: Path) -> None:
    dump(story(6, 2.5, Weather.QUIET), tmp_path / "dump")
    known = Known(Dump(tmp_path / "dump"))
    with Replay(known.dump) as replay:
        tool = Feedpub(replay, tmp_path / "unused", is_attended=False)
        setup = Setup(scheme="http", host=urlsplit(replay.home).netloc)
        tool.world = Loopback(tmp_path / "work", Story(0, setup, (), replay.dump.end))
        live(tool, replay, tmp_path / "feeds", 3 * HOUR)
        assert {status for _, status in replay.log} <= {200, 304}
    found = score(known, polls(tmp_path / "feeds"))
    assert flaws_of(known, tmp_path / "feeds") == {}
    assert found.counts[ALL][FOUND] == found.counts[ALL][DUE] > 1
    assert found.late(FOUND, ALL) == pytest.approx((1.5, 2.0), abs=1.5)
