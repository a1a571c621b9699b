"""What a page claims of itself does not outrank where an item was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.drupal.site import Answer
from tests.slugs import News, Slugs, news, slug_town
from tests.town import HOME, Town, items_of, said_by


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return slug_town(tmp_path)


def site_of(town: Town) -> Slugs:
    assert isinstance(town.site, Slugs)
    return town.site


def canonical(path: str) -> str:
    return f"<link rel=canonical href='{HOME}{path}'>"


def number(of: int) -> str:
    return f"<link rel=shortlink href='{HOME}/node/{of}'>"


def posted(town: Town, **changes: object) -> News:
    """One more article than the site had."""
    site = site_of(town)
    latest = max(one.posted for one in site.news)
    one = replace(news(20 + len(site.news)), posted=latest + timedelta(hours=3))
    one = replace(one, **changes)  # type: ignore[arg-type]  # fields of an article
    site.news.append(one)
    return one


def links(town: Town) -> dict[str, str]:
    """The items' links, by their titles."""
    return {title: item.article.url.removeprefix(HOME) for title, item in items_of(town).items()}


def everything(town: Town) -> dict[str, str]:
    return {one.title: one.path for one in site_of(town).news}


def days(town: Town, count: int) -> list[str]:
    said: list[str] = []
    for _ in range(count):
        town.now += timedelta(days=1)
        said += said_by(town)
    return said


@pytest.mark.parametrize("of", [8, 0])
def test_an_article_that_calls_itself_a_known_one_is_another_and_that_is_said_once(town: Town, of: int) -> None:
    town.run()
    one = posted(town, head=canonical(news(of).path))
    said = days(town, 4)
    assert links(town) == everything(town)
    assert [line for line in said if "is not believed" in line] == [
        f"{HOME}{one.path}: its page calls itself {HOME}{news(of).path}, where tag:zrazkiv.example,2026:zrazkiv"
        f"{news(of).path} is; that is not believed, since that address says otherwise"
    ]


def test_a_link_in_the_text_is_no_claim(town: Town) -> None:
    town.run()
    posted(town, text=f"{news(31).text} {canonical(news(8).path)}")
    days(town, 2)
    assert links(town) == everything(town)


@pytest.mark.parametrize(
    "claim", [canonical("/novyny"), canonical(news(0).path), number(1), canonical("/news/lystopad")]
)
def test_a_claim_that_a_template_makes_on_every_page_changes_nothing(town: Town, claim: str) -> None:
    site = site_of(town)
    site.news = [replace(one, head=claim) for one in site.news]
    town.run()
    posted(town, head=claim)
    days(town, 3)
    assert links(town) == everything(town)


def test_an_article_that_calls_itself_what_comes_tomorrow_does_not_get_it(town: Town) -> None:
    town.run()
    posted(town, head=canonical("/news/zavtra"))
    days(town, 1)
    posted(town, path="/news/zavtra", title="Завтрашня новина")
    days(town, 3)
    assert links(town) == everything(town)


@pytest.mark.long
def test_a_copy_that_is_rewritten_later_takes_nothing_from_what_it_copied(town: Town) -> None:
    town.run()
    site = site_of(town)
    copied = replace(news(1), path="/news/kopiia", head=canonical(news(1).path))
    site.news.append(copied)
    days(town, 1)
    assert links(town)[news(1).title] == news(1).path
    site.news[-1] = replace(news(33), path=copied.path, head=copied.head, posted=copied.posted)
    days(town, 20)
    assert links(town) == everything(town)


@pytest.mark.long
def test_a_known_page_that_takes_another_one_s_number_stays_what_it_was(town: Town) -> None:
    site = site_of(town)
    site.news = [replace(one, head=number(n)) for n, one in enumerate(site.news)]
    site.redirects = {f"/node/{n}": one.path for n, one in enumerate(site.news)}
    town.run()
    before = {title: item.id for title, item in items_of(town).items()}
    site.news[8] = replace(site.news[8], head=number(3), text=f"{news(8).text} ще")
    days(town, 12)
    assert {title: item.id for title, item in items_of(town).items()} == before
    assert links(town) == everything(town)


def test_an_article_that_calls_itself_a_withdrawn_one_is_published(town: Town) -> None:
    town.run()
    town.withdraw(items_of(town)[news(8).title])
    posted(town, head=canonical(news(8).path))
    days(town, 2)
    site_of(town).news.pop(8)
    assert links(town) == everything(town)


@pytest.mark.long
@pytest.mark.parametrize("target", [3, 40])
def test_an_article_that_was_taken_down_and_leads_to_another_is_gone_and_not_edited(town: Town, target: int) -> None:
    town.run()
    site = site_of(town)
    gone = site.news.pop(6)
    there = news(3) if target == 3 else replace(news(40), posted=news(0).posted - timedelta(days=9))
    site.redirects[gone.path] = there.path
    if target == 40:  # nobody has read it: no listing names it
        plain = site.answer
        page = replace(plain("GET", "/", {}, HOME), body=there.page.encode())

        def answer(method: str, target: str, headers: Mapping[str, str], base: str) -> Answer:
            return page if target == there.path else plain(method, target, headers, base)

        site.answer = answer  # type: ignore[method-assign]
    days(town, 1)
    assert there.title not in links(town) or target == 3
    days(town, 8)
    assert links(town) == everything(town)


def test_an_alias_that_went_to_another_number_is_another_article(town: Town) -> None:
    """Here the number proves its claim: it leads to the page."""
    site = site_of(town)
    site.news = [replace(one, head=number(n)) for n, one in enumerate(site.news)]
    site.redirects = {f"/node/{n}": one.path for n, one in enumerate(site.news)}
    town.run()
    old = site.news[8]
    site.news[8] = replace(old, path="/news/stara")
    site.redirects["/node/8"] = "/news/stara"
    site.redirects["/node/50"] = old.path
    site.news.append(replace(news(50), path=old.path, head=number(50), posted=old.posted + timedelta(hours=5)))
    days(town, 6)
    assert links(town) == everything(town)


def test_another_port_of_the_council_s_host_is_not_the_council(town: Town) -> None:
    town.run()
    before = items_of(town)[news(8).title]
    elsewhere = f"{HOME}:8443"
    town.bases[elsewhere] = elsewhere
    site_of(town).link = lambda path: f"{elsewhere}{path}" if path == news(8).path else path
    days(town, 3)
    after = items_of(town)[news(8).title]
    assert (after.id, after.article.url) == (before.id, before.article.url)
    assert not any(elsewhere in asked for asked in town.asked)
