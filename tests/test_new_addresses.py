"""All addresses of a site change: every article stays the item that it was."""

from __future__ import annotations

from collections.abc import Container
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedpub.collecting import renaming
from tests.slugs import Slugs, ids, items, news, site_of, slug_town
from tests.town import HOME, Town, failures

pytestmark = pytest.mark.long


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return slug_town(tmp_path)


def later(town: Town) -> Town:
    """Return the town after the dates of all its articles."""
    town.now += timedelta(days=40)
    return town


def move_all(town: Town, edited: Container[int] = ()) -> None:
    """Let the site move. Old addresses lead nowhere, and some articles have another title."""
    site = site_of(town)
    for number, one in enumerate(list(site.news)):
        title = f"Увага! {one.title}" if number in edited else one.title
        site.rename(number, one.path.replace("/news/", "/portal/"), title)


def test_after_a_move_without_redirects_every_article_is_the_same_item_whatever_its_title(tmp_path: Path) -> None:
    town = later(slug_town(tmp_path, Slugs(30)))
    town.run()
    before = ids(town)
    move_all(town, edited=range(12, 24, 3))
    for _ in range(3):
        town.run(days=0.5)
        assert ids(town) == before
    assert {item["url"].partition("/novyna")[0] for item in items(town)} == {f"{HOME}/portal"}


def test_after_a_move_without_redirects_an_edit_of_an_old_article_is_no_news(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An article that is not among the newest is taken for a repost until its old page has been gone for days."""
    monkeypatch.setattr(renaming, "RECENT", 10)
    town = later(slug_town(tmp_path, Slugs(30)))
    town.run()
    before = ids(town)
    move_all(town)
    town.run(days=0.1)
    site = site_of(town)
    for number in range(12, 24, 3):
        one = site.news[number]
        site.rename(number, one.path, one.title, text=f"{one.text} виправлено")
        with closing(town.store()) as store:
            visits = store.of("zrazkiv").visits
            visit = visits.get(HOME + one.path)
            assert visit
            assert visit.item
            visits.look_now(visit.url, visit.item)
            store.db.settle()
    town.run(days=0.1)
    assert ids(town) == before
    assert sum("виправлено" in item["content_html"] for item in items(town)) == 4


@pytest.mark.parametrize("is_led", [True, False])
def test_after_a_move_of_all_addresses_an_item_of_another_date_than_its_page_is_the_same(
    tmp_path: Path, is_led: bool
) -> None:
    """Its words speak of a day. By the dates alone they would mean another one, and it would be news."""
    town = slug_town(tmp_path, Slugs(40))
    site = site_of(town)
    for number in range(40):
        one = site.news[number]
        site.news[number] = replace(one, text=f"{one.text} Початок завтра о дев'ятій")
    town.run()
    before = ids(town)
    for number in range(40):
        one = site.rename(number, site.news[number].path.replace("/news/", "/portal/"), site.news[number].title)
        if number % 10 == 3:  # its date was corrected meanwhile
            site.news[number] = replace(site.news[number], posted=one.posted - timedelta(days=2))
        if is_led:
            site.redirects[one.path] = site.news[number].path
    for _ in range(4):
        town.run(days=1)
        assert ids(town) == before
    assert all("/portal/" in item["url"] for item in items(town))


def test_when_all_addresses_change_an_article_that_was_edited_unseen_is_the_same_item(town: Town) -> None:
    """There are more old addresses than a run asks about reposts, and the edited articles come after these."""
    site = site_of(town)
    site.news = [news(number) for number in range(40)]
    town.now = site.news[-1].posted + timedelta(days=1)
    town.run()
    before = ids(town)
    assert len(before) == 40
    for number, article in enumerate(site.news):
        text = f"{article.text} доповнено" if number in (0, 20, 39) else article.text
        moved = site.rename(number, article.path.replace("/news/", "/novyny/"), article.title, text=text)
        site.redirects[moved.path] = site.news[number].path
    for _ in range(4):
        assert failures(town.run(days=1)) == []
        assert ids(town) == before


@pytest.mark.parametrize("had_moved", [False, True])
def test_when_all_addresses_change_what_was_announced_ahead_is_the_same_item(town: Town, had_moved: bool) -> None:
    """It was dated by its first sight. By now its own date counts, so the two have no instant in common.

    What a listing at an earlier address of the site named last, no listing names now.
    """
    site = site_of(town)
    ahead = replace(news(1), posted=town.now + timedelta(days=9), text=f"{news(1).text} цього тижня")
    site.news = [ahead, *(news(number) for number in range(2, 9))]
    town.run()
    if had_moved:
        town.moves("https://rada.zrazkiv.example", formerly=("zrazkiv.example",))
    site.news += [replace(news(number), posted=town.now + timedelta(hours=number)) for number in range(9, 20)]
    town.run(days=12)
    before = ids(town)
    for number, article in enumerate(site.news):
        moved = site.rename(number, article.path.replace("/news/", "/novyny/"), article.title)
        site.redirects[moved.path] = site.news[number].path
    town.run(days=1)
    assert ids(town) == before
