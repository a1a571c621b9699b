"""A council's days and months: feedpub keeps its promises, a seed is always the same life, and faults are found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from simulation import faults
from simulation.clock import BEGINNING
from simulation.council import Act, Event, Story, Version, address_of
from simulation.expectations import Expectations
from simulation.life import Weather, story_of
from simulation.lives import Lived, live
from simulation.markup import FORMS, SHAPES, texts_of
from simulation.promises import Broken, Judge, Promise
from simulation.published import Item, Published
from simulation.rarities import NUMBERS, Rarity
from simulation.readers import HABITS, Subscriber
from simulation.shrinking import shrunk
from simulation.topics import Topics
from simulation.truth import is_dated_as, is_of
from simulation.world import SOURCE, TOPIC, World

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MONTH = 30 / 365  # years
SEEDS = range(20)


def told(lived: Lived) -> list[str]:
    return [str(broken) for broken in lived.broken]


def days(seed: int, count: float, weather: Weather = Weather.RARE, times: float = 6.0) -> Story:
    story = story_of(seed, MONTH, weather, times)
    return replace(story, end=story.begin + count * DAY)


@pytest.mark.long
def test_a_life_is_the_same_to_the_byte_whenever_it_is_lived(tmp_path: Path) -> None:
    lives = [live(days(40, 5), tmp_path / f"{n}") for n in range(2)]
    assert [told(lived) for lived in lives] == [[], []]
    assert lives[0].digest == lives[1].digest
    assert lives[0].messages == lives[1].messages


@pytest.mark.long
def test_a_quiet_week_costs_one_request_a_run_and_nothing_is_said(tmp_path: Path) -> None:
    lived = live(days(3, 4, Weather.QUIET), tmp_path / "life")
    assert told(lived) == []
    assert lived.messages == []
    assert lived.requests < 2 * lived.runs


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_every_promise_is_kept_for_a_month(seed: int, tmp_path: Path) -> None:
    lived = live(story_of(seed, MONTH, times=2.0), tmp_path / "life")
    assert told(lived) == []


def test_each_fault_is_of_code_that_is_there() -> None:
    for fault in faults.FAULTS:
        right = fault.owner.__dict__[fault.attribute]
        with faults.planted(fault):
            assert fault.owner.__dict__[fault.attribute] is not right


QUICKLY_FOUND = ("dates are read in UTC", "no pause between requests", "an id changes with the title")


@pytest.mark.parametrize("name", QUICKLY_FOUND)
@pytest.mark.long
def test_a_fault_in_the_code_breaks_the_promise_that_it_is_about(name: str, tmp_path: Path) -> None:
    [fault] = [one for one in faults.FAULTS if one.name == name]
    story = story_of(1000, MONTH, times=4.0)
    with faults.planted(fault):
        lived = live(story, tmp_path / "life")
    assert {broken.promise for broken in lived.broken} <= set(fault.breaks) | {Promise.ONCE}
    assert lived.broken


@pytest.mark.long
def test_a_newer_feedpub_that_reads_pages_in_another_way_edits_nothing(tmp_path: Path) -> None:
    story = story_of(2, 12 / 365, Weather.QUIET, 20.0, Rarity.UPGRADE)
    assert told(live(story, tmp_path / "life")) == []
    [fault] = [one for one in faults.FAULTS if one.name == "another way of reading is an edit"]
    with faults.planted(fault):
        lived = live(story, tmp_path / "life")
    assert lived.broken[0].promise in fault.breaks


def test_a_story_is_shortened_to_what_breaks_the_promise() -> None:
    story = days(1, 20, Weather.TROUBLED)
    needed = {event for event in story.events if event.at > BEGINNING + DAY}
    needed = set(sorted(needed, key=lambda event: event.at)[3:9:5])
    broken = Broken(Promise.COMPLETE, story.end, "an article is missing", 3)

    def breaks(one: Story) -> Broken | None:
        return broken if needed <= set(one.events) else None

    short = shrunk(story, broken, breaks)
    assert {event for event in short.events if event.at > BEGINNING} == needed
    assert [e for e in short.events if e.at <= BEGINNING] == [e for e in story.events if e.at <= BEGINNING]


def test_stories_differ_by_their_seeds_and_by_nothing_else() -> None:
    assert story_of(1, MONTH) == story_of(1, MONTH)
    assert story_of(1, MONTH) != story_of(2, MONTH)
    acts = {event.act for event in story_of(5, 3).events}
    assert acts == set(Act)


@pytest.mark.parametrize("kind", Rarity)
@pytest.mark.long
def test_each_kind_of_rare_event_can_be_tried_alone(kind: Rarity) -> None:
    years = 3
    seed = 1 if kind is Rarity.FORMS else 5  # half of the lives have none
    usual = story_of(seed, years, Weather.QUIET)
    story = story_of(seed, years, Weather.QUIET, 4.0, kind)
    assert (story.setup, story.events) != (usual.setup, usual.events)
    assert story == story_of(seed, years, Weather.QUIET, 4.0, kind)


def test_an_address_that_is_used_again_has_two_articles_and_the_item_is_that_of_its_title(tmp_path: Path) -> None:
    story = story_of(2, MONTH, Weather.QUIET, 12.0, Rarity.SLUG)
    [first, second, *_] = [e.article for e in story.events if e.article and e.number >= NUMBERS][:2]
    assert first
    assert second
    second = replace(second, slug=first.slug)
    world = World(tmp_path / "life", story)
    for article in (first, second):
        world.council.apply(Event(story.begin, Act.PUBLISH, article.number, article))
    judge = Judge(world, Published(world.public, SOURCE), Expectations(story.begin))
    judge._note_addresses()
    url = address_of(story.setup, first)
    for article in (first, second):
        item = Item(f"tag:{article.number}", url, article.title, "", None, None)
        assert judge._number_of(item) == article.number
    judge.numbers["tag:kept"] = first.number
    assert judge._number_of(Item("tag:kept", url, second.title, "", None, None)) == first.number


def test_an_article_that_no_run_could_see_is_not_expected(tmp_path: Path) -> None:
    """The listing names the newest two alone, and three came in one minute."""
    story = story_of(5, 3, Weather.QUIET)
    council = World(tmp_path / "life", story).council
    council.apply(Event(story.begin, Act.SETUP, changes=(("depth", 2),)))
    expectations = Expectations(story.begin)
    articles = [event.article for event in story.events if event.article][:3]
    for article in articles:
        event = Event(story.begin, Act.PUBLISH, article.number, replace(article, dated=story.begin))
        council.apply(event)
        expectations.note(event, council)
    expectations.look(council, story.begin)
    in_sight = {one.number for one in expectations.waiting if one.is_in_sight}
    assert in_sight == {article.number for article in articles[1:]}


def test_an_article_that_was_deleted_and_restored_in_a_long_trouble_is_expected_once(tmp_path: Path) -> None:
    story = story_of(5, 3, Weather.QUIET)
    council = World(tmp_path / "life", story).council
    expectations = Expectations(story.begin)
    [event, *_] = [event for event in story.events if event.article]
    restored = event.at + 9 * DAY
    for one in (
        event,
        Event(event.at + HOUR, Act.DELETE, event.number, changes=(("is_there", False),)),
        Event(restored, Act.RESTORE, event.number, changes=(("is_there", True),)),
    ):
        council.apply(one)
        expectations.note(one, council)
    assert [(one.since, one.is_there) for one in expectations.waiting] == [(restored, True)]


def test_a_topic_s_feed_that_lacks_an_item_or_has_one_too_many_is_found(tmp_path: Path) -> None:
    story = story_of(2, MONTH, Weather.QUIET)
    world = World(tmp_path / "life", story)
    world.wants.has_topics = True
    items = [Item(f"tag:{n}", "", title, "", story.begin + n * DAY, None) for n, title in enumerate(TITLES)]
    assert list(Topics(world).wrong(items, is_calm=True)) == ["substydii has no feed"]
    assert list(Topics(world).wrong(items, is_calm=False)) == []
    file = world.public / SOURCE / "feed" / TOPIC / "atom.xml"
    file.parent.mkdir(parents=True)
    for ids, wrong in (([1, 2], False), ([2], True), ([0, 1, 2], True)):
        entries = "".join(f"<entry><id>tag:{n}</id></entry>" for n in ids)
        file.write_text(f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>', encoding="utf-8")
        assert bool(list(Topics(world).wrong(items, is_calm=True))) is wrong


TITLES = ("Ремонт дороги", "Про субсидії", "Освітлення вулиці")
RSS = """<rss version="2.0"><channel><title>t</title>{}</channel></rss>"""
ITEM = "<item><guid isPermaLink='false'>{}</guid><link>https://rada.example/{}</link><title>{}</title></item>"


def test_a_reader_that_is_shown_one_item_under_two_ids_counts_it_twice(tmp_path: Path) -> None:
    [habit] = [one for one in HABITS if one.name == "feedparser"]
    subscriber = Subscriber(habit)
    file = tmp_path / habit.file
    file.write_text(RSS.format(ITEM.format("a", 1, "Вода")), encoding="utf-8")
    assert list(subscriber.poll(tmp_path, BEGINNING)) == []
    file.write_text(RSS.format(ITEM.format("b", 1, "Вода") + ITEM.format("c", 2, "Газ")), encoding="utf-8")
    shown = list(subscriber.poll(tmp_path, BEGINNING + DAY))
    assert shown == ["feedparser shows b as new, and has shown it as a: «Вода»"]
    assert (subscriber.counts.new, subscriber.counts.twice) == (3, 1)


def test_a_reader_keeps_what_it_had_while_a_feed_is_broken(tmp_path: Path) -> None:
    [habit] = [one for one in HABITS if one.name == "feedparser"]
    subscriber = Subscriber(habit)
    file = tmp_path / habit.file
    whole = RSS.format(ITEM.format("a", 1, "Вода")).encode()
    for n, data in enumerate((whole, whole[: len(whole) // 2], whole)):
        file.write_bytes(data)
        assert list(subscriber.poll(tmp_path, BEGINNING + n * DAY)) == []
    assert (subscriber.counts.new, subscriber.counts.twice) == (1, 0)


def test_each_form_of_a_text_has_all_its_words_and_an_item_without_one_of_them_is_seen() -> None:
    sentences = ["Вода є.", "Світло є.", "Тепло буде."]
    text = " ".join(sentences)
    for form in (*FORMS, *SHAPES):
        assert Item("tag:1", "", "", form(sentences), None, None).words == text
    [article, *_] = [event.article for event in story_of(5, 3, Weather.QUIET).events if event.article]
    article = replace(article, paragraphs=(text, text), is_formed=True)
    whole = "".join(texts_of(article))
    for markup, is_whole in ((whole, True), (whole.replace("Світло", "", 1), False), (whole + "<p>Ще</p>", False)):
        assert is_of(Item("tag:1", "", article.title, markup, None, None), article) is is_whole


@pytest.mark.long
@pytest.mark.parametrize("seed", [2, 3])
def test_what_changes_around_a_text_at_each_look_is_no_part_of_it(seed: int, tmp_path: Path) -> None:
    """A blog and a plain site name the newest articles, what to read next, and how often the page was seen."""
    story = days(seed, 8, Weather.QUIET)
    formed = [replace(e, article=replace(e.article, is_formed=True)) if e.article else e for e in story.events]
    story = replace(story, events=tuple(formed), setup=replace(story.setup, is_busy=True))
    lived = live(story, tmp_path / "life")
    assert told(lived) == []
    assert lived.messages == []


def test_an_event_about_an_article_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    story = days(3, 0.2, Weather.QUIET)
    event = Event(BEGINNING + timedelta(hours=1), Act.DELETE, 999, changes=(("is_there", False),))
    lived = live(replace(story, events=(*story.events, event)), tmp_path / "life")
    assert told(lived) == []


def test_of_an_hour_that_winter_time_repeats_the_first_is_as_good() -> None:
    """No page says which of the two is meant, and feedpub takes the first."""
    second = datetime(2025, 10, 26, 1, 21, tzinfo=UTC)
    story = story_of(5, 3, Weather.QUIET)
    [article, *_] = [event.article for event in story.events if event.article]
    version = Version(second, replace(article, dated=second))
    for hours, is_as_good in ((0, True), (1, True), (2, False), (-1, False)):
        item = Item("tag:1", "https://rada.example/1", article.title, "", second - hours * HOUR, None)
        assert is_dated_as(item, version, is_to_a_day=False) is is_as_good
