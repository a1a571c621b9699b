"""An article that is edited when it stands below the first page of its listing, which no run reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.slugs import News, Slugs, ids, items, news, slug_town
from tests.town import HOME, Town

NEW, TITLE = "/news/onovlenyi-hrafik", "Оновлений графік громади"
BELOW = 3  # the article that is edited: the third page has it
DAYS = 30  # within which each page is looked at again, and what is gone is withdrawn
FURTHER = ("/?page=2", "/?page=3", "/?page=4", "/?page=5")
pytestmark = pytest.mark.long


@pytest.fixture
def site() -> Slugs:
    return Slugs(count=10)


@pytest.fixture
def town(tmp_path: Path, site: Slugs) -> Town:
    """A town whose ten known articles stand on four pages by now. Older ones, which it never read, come after them."""
    town = slug_town(tmp_path, site)
    town.run()
    older = [news(-number) for number in range(1, 9)]
    site.news += older
    site.page_size = 3
    town.run(days=1)
    site.asked.clear()
    return town


def url_of_item(town: Town, item: str) -> str | None:
    return next((one["url"] for one in items(town) if one["id"] == item), None)


def id_of(town: Town, path: str) -> str:
    return next(str(one["id"]) for one in items(town) if one["url"] == HOME + path)


@pytest.mark.parametrize("is_led", [True, False])
def test_a_title_and_an_address_that_are_edited_below_the_first_page_are_the_same_item(
    town: Town, site: Slugs, is_led: bool
) -> None:
    before = ids(town)
    old = site.rename(BELOW, NEW, TITLE)
    site.redirects |= {old.path: NEW} if is_led else {}
    for _ in range(DAYS):
        town.run(days=1)
        assert ids(town) == before
    assert [one["url"] for one in items(town) if one["title"] == TITLE] == [HOME + NEW]


def test_it_is_sought_no_further_than_its_place(town: Town, site: Slugs) -> None:
    site.rename(BELOW, NEW, TITLE)
    for _ in range(DAYS):
        town.run(days=1)
    assert [target for target in site.asked if "?page" in target] == ["/?page=2", "/?page=3"]


def test_it_is_not_withdrawn_while_its_new_page_fails(town: Town, site: Slugs) -> None:
    before = ids(town)
    site.rename(BELOW, NEW, TITLE)
    for _ in range(DAYS):
        site.failing = {NEW} if site.asked.count(NEW) < 2 else set()
        town.run(days=1)
        assert ids(town) == before
    assert site.asked.count(NEW) > 2
    assert [one["url"] for one in items(town) if one["title"] == TITLE] == [HOME + NEW]


@pytest.mark.parametrize("number", [9, BELOW])
def test_an_article_that_was_taken_down_is_withdrawn_wherever_it_stood(town: Town, site: Slugs, number: int) -> None:
    gone = id_of(town, site.news.pop(number).path)
    for _ in range(DAYS):
        town.run(days=1)
    assert url_of_item(town, gone) is None
    assert len(ids(town)) == 9


def test_an_article_that_a_further_page_names_is_not_withdrawn_though_its_page_is_gone(town: Town, site: Slugs) -> None:
    before = ids(town)
    site.gone.add(site.news[BELOW].path)
    for _ in range(DAYS):
        town.run(days=1)
    assert ids(town) == before


def test_a_further_page_that_fails_puts_a_withdrawal_off_for_two_days(town: Town, site: Slugs) -> None:
    gone = id_of(town, site.news.pop(BELOW).path)
    site.failing = {*FURTHER}
    gone_after = []
    since = None
    for _ in range(2 * DAYS):
        town.run(days=0.5)
        since = since or (town.now if site.asked.count("/news/novyna-3") else None)
        if url_of_item(town, gone) is None:
            gone_after.append(town.now)
    assert since
    assert timedelta(days=4) <= gone_after[0] - since <= timedelta(days=5)


def test_articles_elsewhere_that_nobody_has_read_are_not_read_on_that_way(town: Town, site: Slugs) -> None:
    """Else a withdrawal would bring old news by the dozen, where a second listing has named a few of them."""
    before = ids(town)
    site.rename(BELOW, NEW, TITLE)
    site.news += [replace(news(70 + n), posted=news(5).posted + timedelta(hours=n)) for n in range(1, 5)]
    for _ in range(DAYS):
        town.run(days=1)
    assert ids(town) == before


def test_an_edited_article_below_which_none_is_known_has_no_place_to_be_sought_at(town: Town, site: Slugs) -> None:
    gone = id_of(town, site.rename(0, NEW, TITLE).path)
    before = ids(town)
    for _ in range(DAYS):
        town.run(days=1)
    assert ids(town) == before - {gone}


# ------------------------------------------------------------ once a day


def below(town: Town, hours: float) -> News:
    """An article that the council wrote so long ago and publishes now."""
    return replace(news(50), posted=town.now - timedelta(hours=hours))


@pytest.fixture
def busy(tmp_path: Path, site: Slugs) -> Town:
    """A town with three pages of news in four days, all of them known."""
    town = slug_town(tmp_path, site)
    site.news = [replace(news(n), posted=town.now - timedelta(hours=10 * n + 1)) for n in range(10)]
    town.run()
    site.page_size = 3
    town.run(days=1)
    return town


def test_what_is_published_with_an_older_date_comes_within_a_day(busy: Town, site: Slugs) -> None:
    late = below(busy, hours=75)
    site.news.append(late)
    for _ in range(4):
        busy.run(days=0.25)
    assert HOME + late.path in [one["url"] for one in items(busy)]


def test_what_is_older_than_a_week_is_not_late(busy: Town, site: Slugs) -> None:
    before = ids(busy)
    site.news.append(below(busy, hours=90))  # the third page has it, and a known one above it that is older than a week
    busy.run(days=3.5)
    assert "/?page=3" in site.asked
    assert ids(busy) == before


def test_of_many_late_articles_some_are_read_each_day(busy: Town, site: Slugs) -> None:
    """They may be an archive of which a second listing has named a few."""
    before = len(ids(busy))
    site.news += [replace(news(70 + n), posted=busy.now - timedelta(hours=60 + n)) for n in range(8)]
    busy.run(days=1)
    assert len(ids(busy)) == before + 5
    busy.run(days=1)
    assert len(ids(busy)) == before + 8


def test_further_pages_are_asked_for_once_a_day(busy: Town, site: Slugs) -> None:
    site.asked.clear()
    for _ in range(24):
        busy.run(days=1 / 24)
    assert sorted(target for target in site.asked if "?page" in target) == ["/?page=2", "/?page=3", "/?page=4"]
