"""One article is one item, whatever becomes of its title, its address and the tokens in it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Container
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feedpub.collecting import renaming
from feedpub.store import MIGRATIONS, Store
from tests.slugs import Slugs, news, slug_town
from tests.town import HOME, Town, failures

NEW = "/news/onovlenyi-hrafik"
TITLE = "Оновлений графік громади"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return slug_town(tmp_path)


def site_of(town: Town) -> Slugs:
    assert isinstance(town.site, Slugs)
    return town.site


def items(town: Town) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(town.feed("feed.json"))["items"]
    return found


def ids(town: Town) -> set[str]:
    return {item["id"] for item in items(town)}


def known_at(town: Town) -> dict[str, list[str]]:
    with closing(town.store()) as store:
        state = store.of("zrazkiv")
        return {item.id: state.items.keys(item.id) for item in state.items.living()}


def homeless(town: Town) -> list[tuple[str, str]]:
    with closing(town.store()) as store:
        return store.of("zrazkiv").visits.homeless(town.now - timedelta(days=2))


def test_a_title_and_an_address_that_are_edited_together_are_the_same_item_where_the_old_address_leads_to_the_new(
    town: Town,
) -> None:
    town.run()
    before = ids(town)
    old = site_of(town).rename(4, NEW, TITLE, text=f"{news(4).text} виправлено")
    site_of(town).redirects[old.path] = NEW
    for _ in range(3):
        assert failures(town.run(days=1)) == []
        assert ids(town) == before
    assert [i["url"] for i in items(town) if i["title"] == TITLE] == [HOME + NEW]
    assert all(known_at(town).values())
    assert homeless(town) == []


@pytest.mark.long
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


def test_when_all_addresses_change_what_was_announced_ahead_is_the_same_item(town: Town) -> None:
    """It was dated by its first sight. By now its own date counts, so the two have no instant in common."""
    site = site_of(town)
    ahead = replace(news(1), posted=town.now + timedelta(days=9), text=f"{news(1).text} цього тижня")
    site.news = [ahead, *(news(number) for number in range(2, 9))]
    town.run()
    site.news += [replace(news(number), posted=town.now + timedelta(hours=number)) for number in range(9, 20)]
    town.run(days=12)
    before = ids(town)
    for number, article in enumerate(site.news):
        moved = site.rename(number, article.path.replace("/news/", "/novyny/"), article.title)
        site.redirects[moved.path] = site.news[number].path
    town.run(days=1)
    assert ids(town) == before


@pytest.mark.parametrize("is_still_named", [True, False])
def test_a_page_that_never_could_be_read_is_published_by_its_listing_unless_that_names_it_no_more(
    town: Town, is_still_named: bool
) -> None:
    site = site_of(town)
    town.run()
    before = ids(town)
    lost = replace(news(9), path="/news/znykla")
    site.news.append(lost)
    site.link = lambda path: path.replace("znykla", "nema")
    town.run(days=0.1)
    if not is_still_named:
        site.news.remove(lost)
    for _ in range(4):
        town.run(days=1)
    assert (ids(town) == before) is not is_still_named


@pytest.mark.parametrize("is_led", [True, False])
def test_a_renamed_article_whose_page_fails_at_first_is_the_same_item_once_it_is_read(town: Town, is_led: bool) -> None:
    """By then the listing has not changed any more, so it is not read again."""
    site = site_of(town)
    site.is_cached = True
    town.run()
    before = ids(town)
    old = site.rename(4, NEW, TITLE)
    if is_led:
        site.redirects[old.path] = NEW
    site.failing.add(NEW)
    town.run(days=0.1)
    site.failing.clear()
    town.run(days=0.1)
    assert ids(town) == before
    assert [i["url"] for i in items(town) if i["title"] == TITLE] == [HOME + NEW]


@pytest.mark.parametrize("is_led", [True, False])
def test_a_renamed_article_whose_old_address_fails_at_first_is_the_same_item_once_that_answers(
    town: Town, is_led: bool
) -> None:
    site = site_of(town)
    town.run()
    before = ids(town)
    old = site.rename(4, NEW, TITLE)
    site.failing.add(old.path)
    for _ in range(2):
        said = failures(town.run(days=0.1))
        assert f"{HOME}{NEW}: may be {HOME}{old.path} with another address, and that does not answer now" in said
        assert ids(town) == before
    site.failing.clear()
    if is_led:
        site.redirects[old.path] = NEW
    town.run(days=0.1)
    assert ids(town) == before
    assert [i["url"] for i in items(town) if i["title"] == TITLE] == [HOME + NEW]


def test_news_like_an_item_whose_address_fails_for_ever_comes_at_the_third_run(town: Town) -> None:
    site = site_of(town)
    town.run()
    before = ids(town)
    site.failing.add(site.rename(4, NEW, TITLE).path)
    for _ in range(3):
        assert ids(town) == before
        town.run(days=0.1)
    assert [i["url"] for i in items(town) if i["title"] == TITLE] == [HOME + NEW]


def test_an_old_address_that_is_visited_before_the_listing_is_read_gives_the_same_item(town: Town) -> None:
    town.run()
    before = ids(town)
    old = site_of(town).rename(4, NEW, TITLE)
    site_of(town).redirects[old.path] = NEW
    with closing(town.store()) as store:
        visits = store.of("zrazkiv").visits
        visit = visits.get(HOME + old.path)
        assert visit
        assert visit.item
        visits.look_now(HOME + old.path, visit.item)
        store.db.settle()
    listed = site_of(town).link
    site_of(town).link = lambda path: path.replace(NEW, old.path)  # the listing is a day behind
    town.run(days=1)
    site_of(town).link = listed
    town.run(days=1)
    assert ids(town) == before
    assert [i["url"] for i in items(town) if i["title"] == TITLE] == [HOME + NEW]


@pytest.mark.parametrize("is_of_the_same_instant", [True, False])
def test_an_old_address_that_is_gone_makes_the_same_text_of_the_same_instant_one_item(
    town: Town, is_of_the_same_instant: bool
) -> None:
    town.run()
    before = ids(town)
    posted = news(4).posted if is_of_the_same_instant else news(4).posted + timedelta(days=1)
    site_of(town).rename(4, NEW, TITLE, posted=posted)
    town.run(days=1)
    assert (ids(town) == before) is is_of_the_same_instant


def test_a_repost_of_an_article_that_was_edited_since_takes_no_words_back(town: Town) -> None:
    """Its page is not the item's. With the item's link it looked so, and at each look the two took turns."""
    site = site_of(town)
    site.news.append(replace(news(4), path="/news/novyna-4-shche-raz", posted=news(4).posted + timedelta(days=1)))
    town.run()
    site.rename(4, news(4).path, news(4).title, text=f"{news(4).text} виправлено")
    town.run(days=10)
    [edited] = [item for item in items(town) if "виправлено" in item["content_html"]]
    for _ in range(3):
        town.run(days=10)
        assert edited in items(town)
        assert len(items(town)) == 9


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


@pytest.mark.long
def test_after_a_move_without_redirects_every_article_is_the_same_item_whatever_its_title(tmp_path: Path) -> None:
    town = later(slug_town(tmp_path, Slugs(30)))
    town.run()
    before = ids(town)
    move_all(town, edited=range(12, 24, 3))
    for _ in range(3):
        town.run(days=0.5)
        assert ids(town) == before
    assert {item["url"].partition("/novyna")[0] for item in items(town)} == {f"{HOME}/portal"}


@pytest.mark.long
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
@pytest.mark.long
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


def test_an_item_that_the_listing_still_names_is_not_another_one_that_looks_like_it(town: Town) -> None:
    town.run()
    like = news(4)
    site_of(town).news.append(replace(like, path=NEW, title=TITLE))
    town.run(days=1)
    assert len(ids(town)) == 10
    assert all(known_at(town).values())


def test_an_item_that_the_listing_still_names_is_no_other_though_its_page_leads_there(town: Town) -> None:
    """Both are named side by side: they are two, whatever one of the addresses answers."""
    town.run()
    like = news(4)
    site = site_of(town)
    site.news.append(replace(like, path=NEW, title=TITLE, posted=like.posted + timedelta(days=3)))
    site.redirects[like.path] = NEW
    town.run(days=1)
    assert len(ids(town)) == 10


def test_an_item_that_is_at_two_addresses_keeps_the_link_that_the_listing_names(town: Town) -> None:
    site = site_of(town)
    other = replace(site.news[4], path="/archive/4")
    town.run()
    site.news.append(other)
    town.run(days=1)  # a repost of the same day
    site.news.remove(other)
    plain = site.answer

    def answer(method: str, target: str, headers: Any, base: str) -> Any:
        return plain(method, target.replace("/archive/4", news(4).path), headers, base)

    site.answer = answer  # type: ignore[method-assign]
    site.news[4] = replace(site.news[4], text=f"{news(4).text} виправлено")
    for _ in range(3):
        town.run(days=30)
        assert HOME + news(4).path in [i["url"] for i in items(town)]


def test_a_number_s_page_is_linked_by_its_number_where_nobody_else_names_what_it_calls_itself(town: Town) -> None:
    site = site_of(town)
    plain = site.answer
    claim = f'<link rel="canonical" href="{HOME}/novyny"></head>'
    site.link = lambda path: f"/?p={path.rpartition('-')[2]}"

    def answer(method: str, target: str, headers: Any, base: str) -> Any:
        if not target.startswith("/?p="):
            return plain(method, target, headers, base)
        shown = plain(method, f"/news/novyna-{target.rpartition('=')[2]}", headers, base)
        return replace(shown, body=shown.body.replace(b"</head>", claim.encode()))

    site.answer = answer  # type: ignore[method-assign]
    town.run()
    assert {i["url"] for i in items(town)} == {f"{HOME}/?p={n}" for n in range(9)}


def test_an_address_that_leads_to_another_known_item_is_gone_and_takes_nothing_from_it(town: Town) -> None:
    town.run()
    gone = site_of(town).news.pop(4)
    site_of(town).redirects[gone.path] = news(5).path
    for _ in range(5):
        town.run(days=9)
    assert gone.title not in [i["title"] for i in items(town)]
    assert [i["url"] for i in items(town) if i["title"] == news(5).title] == [HOME + news(5).path]


def test_a_page_that_calls_itself_by_another_item_s_address_does_not_take_that_away(town: Town) -> None:
    town.run()
    first = site_of(town).news[8]
    claim = f'<link rel="canonical" href="{HOME}{first.path}">'
    taken = replace(news(9), path="/news/nova", head=claim, posted=first.posted + timedelta(days=2))
    site_of(town).news.append(replace(taken, text="Зовсім інші слова про подію. " * 5))
    town.run(days=3)
    assert all(known_at(town).values())
    assert homeless(town) == []


def test_a_redirect_that_only_adds_a_session_leaves_the_link_as_it_is_listed(town: Town) -> None:
    numbers = itertools.count()
    site = site_of(town)
    plain = site.answer

    def answer(method: str, target: str, headers: Any, base: str) -> Any:
        if target.startswith("/news/") and "?" not in target:
            return replace(plain(method, target, headers, base), status=302, headers=(
                ("Location", f"{target}?sid={next(numbers)}"),))  # fmt: skip
        return plain(method, target, headers, base)

    site.answer = answer  # type: ignore[method-assign]
    town.run()
    assert sorted(i["url"] for i in items(town)) == sorted(HOME + n.path for n in site.news)


# ------------------------------------------------------------ tokens

TOKENS = ["{}?t={}", "{}?lang=uk&sid={}", "{};sid={}"]


def tokens(town: Town, pattern: str) -> None:
    """Give each link a token that is new at each look."""
    numbers = itertools.count(1000)
    site_of(town).link = lambda path: pattern.format(path, next(numbers))


@pytest.mark.parametrize("pattern", TOKENS)
@pytest.mark.long
def test_tokens_in_links_make_neither_items_nor_a_brake_nor_requests(town: Town, pattern: str) -> None:
    tokens(town, pattern)
    town.run()
    before = ids(town)
    for _ in range(4):
        site_of(town).asked.clear()
        assert failures(town.run(days=1 / 24)) == []
        assert ids(town) == before
    assert len(site_of(town).asked) <= 3
    old = site_of(town).news[8]
    site_of(town).news[8] = replace(old, title=TITLE, text=f"{old.text} виправлено")
    for _ in range(3):
        assert failures(town.run(days=9)) == []
    assert ids(town) == before
    edited = next(i for i in items(town) if i["title"] == TITLE)
    assert edited["url"] == HOME + pattern.format(old.path, "").replace("?t=", "").replace(";sid=", "").replace(
        "&sid=", ""
    )


@pytest.mark.long
def test_a_site_that_needs_a_token_is_asked_with_the_one_of_today(town: Town) -> None:
    tokens(town, "{}?t={}")
    site_of(town).strict = True
    town.run()
    before = ids(town)
    for _ in range(6):
        site_of(town).asked.clear()
        assert failures(town.run(days=3)) == []
        assert ids(town) == before
    asked = [target for target in site_of(town).asked if target.startswith("/news/")]
    assert all("?t=" in target for target in asked)
    site_of(town).news[8] = replace(site_of(town).news[8], title=TITLE)
    for _ in range(3):
        town.run(days=9)
    assert ids(town) == before
    assert TITLE in [i["title"] for i in items(town)]


@pytest.mark.long
def test_a_parameter_that_tells_articles_apart_stays_part_of_their_addresses(town: Town) -> None:
    numbers = {news(n).path: n for n in range(20)}
    site = site_of(town)
    plain = site.answer
    site.link = lambda path: f"/show?id={numbers[path]}"

    def answer(method: str, target: str, headers: Any, base: str) -> Any:
        shown = news(int(target.rpartition("=")[2])).path if target.startswith("/show?") else target
        return plain(method, shown, headers, base)

    site.answer = answer  # type: ignore[method-assign]
    town.run()
    for n in range(9, 15):
        site.news = [*site.news[1:], news(n)]
        town.run(days=1)
    assert len(ids(town)) == 15


@pytest.mark.long
def test_a_parameter_of_a_rubric_s_newest_article_is_no_token(town: Town) -> None:
    """Every link is another page's, and all values are new at each look: what is there tells them apart."""
    site = site_of(town)
    plain = site.answer
    site.link = lambda path: f"/rubric{int(path.rpartition('-')[2]) % 5}?id={path.rpartition('-')[2]}"

    def answer(method: str, target: str, headers: Any, base: str) -> Any:
        shown = f"/news/novyna-{target.rpartition('=')[2]}" if target.startswith("/rubric") else target
        return plain(method, shown, headers, base)

    site.answer = answer  # type: ignore[method-assign]
    every = [news(n) for n in range(20)]
    for first in range(0, 20, 5):
        site.news = every[first : first + 5]
        assert failures(town.run(days=3)) == []
    site.news = every
    assert len(ids(town)) == 20


@pytest.mark.long
def test_tokens_that_are_not_proven_yet_stop_nothing(town: Town) -> None:
    """Two links are too few for a proof, and more than the brake lets through in a day."""
    site_of(town).news = [news(n) for n in range(2)]
    tokens(town, "{}?t={}")
    for _ in range(20):
        assert failures(town.run(days=1 / 48)) == []
    assert len(ids(town)) == 2


def test_new_articles_behind_new_addresses_are_stopped_after_a_few_pages(town: Town) -> None:
    town.run()
    site_of(town).news += [news(n) for n in range(20, 70)]
    site_of(town).asked.clear()
    said = failures(town.run(days=0.1))
    assert "50 new items at once, where 9 are known" in said[0]
    assert len(site_of(town).asked) <= 15


def test_a_state_of_version_8_is_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("feedpub.store.sqlite.MIGRATIONS", MIGRATIONS[:8])
        with closing(Store(tmp_path / "s.db")) as store:
            store.db.execute("INSERT INTO source (id, icon) VALUES ('rada', 'https://rada.example/i.png')", ())
            store.db.execute(
                "INSERT INTO visit (source, url, listing, rank, failures)"
                " VALUES ('rada', 'https://rada.example/1', 0, 0, 0)",
                (),
            )
    with closing(Store(tmp_path / "s.db")) as store:
        state = store.of("rada")
        assert (state.facts.fleeting, state.facts.site.icon) == ((), "https://rada.example/i.png")
        assert state.visits.get("https://rada.example/1") is not None
        state.put_facts(replace(state.facts, fleeting=("t", "sid!")))
        assert state.facts.fleeting == ("t", "sid!")
