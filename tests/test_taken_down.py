"""What the council took down may come back: also where the state was lost meanwhile, or put back from before."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from feedpub.collecting.recovery import recover
from feedpub.content import By, Gone
from feedpub.store.ledger import Ledger, Record, row_of
from tests.postgres import drop
from tests.slugs import News, Slugs, slug_town
from tests.town import HOME, Town

pytestmark = [pytest.mark.long, pytest.mark.sqlite]  # a state is a file here, to be put back
WWW = HOME.replace("//", "//www.")
TAKEN = 4  # the article that the council takes down


@pytest.fixture
def site() -> Slugs:
    return Slugs()


@pytest.fixture
def town(tmp_path: Path, site: Slugs) -> Town:
    """A town whose council has published nine articles."""
    town = slug_town(tmp_path, site)
    town.run()
    return town


def items(town: Town) -> dict[str, dict[str, Any]]:
    """The published items, by their ids."""
    return {item["id"]: item for item in json.loads(town.feed("feed.json"))["items"]}


def item_of(town: Town, article: News) -> dict[str, Any]:
    [found] = [item for item in items(town).values() if item["url"] == HOME + article.path]
    return found


def take_down(town: Town, site: Slugs, days: int = 6) -> News:
    """The council takes an article down, and days later its item is withdrawn."""
    article = site.news.pop(TAKEN)
    for _ in range(days):
        town.run(days=1)
    assert HOME + article.path not in {item["url"] for item in items(town).values()}
    return article


def put_back(town: Town, site: Slugs, article: News, days: int = 9) -> None:
    site.news.append(article)
    for _ in range(days):
        town.run(days=1)


def put_state_back(town: Town, before: Path) -> None:
    """An older state is put back, and brought up to what is published."""
    shutil.copy(before, town.state)
    with closing(town.store()) as store:
        town.take_over(store)


def withdrawn_by(town: Town) -> set[By]:
    with closing(town.store()) as store:
        return {item.gone.by for item in store.of("zrazkiv").items.every() if item.gone}


def test_before_an_item_is_withdrawn_one_article_that_is_there_is_asked_for(town: Town, site: Slugs) -> None:
    """No other page is due by then."""
    gone = item_of(town, site.news.pop(TAKEN))["id"]
    site.asked.clear()
    for _ in range(6):
        town.run(days=0.5)
    asked = [path for path in site.asked if path in {news.path for news in site.news}]
    assert (gone in items(town), len(asked)) == (False, 1)


def test_an_article_that_a_listing_names_again_comes_back_at_once(town: Town, site: Slugs) -> None:
    """A page that is gone is asked for ever less often, else."""
    before = item_of(town, site.news[TAKEN])
    article = take_down(town, site)
    for _ in range(20):
        town.run(days=1)
    put_back(town, site, article, days=0)
    town.run(days=0.01)
    assert items(town)[before["id"]] == before


def test_an_article_that_is_named_again_in_a_trouble_comes_back_within_a_day(town: Town, site: Slugs) -> None:
    before = item_of(town, site.news[TAKEN])
    article = take_down(town, site)
    for _ in range(20):
        town.run(days=1)
    site.gone.add(article.path)
    put_back(town, site, article, days=0)
    town.run(days=0.2)
    site.gone.clear()
    for _ in range(3):
        town.run(days=0.4)
    assert items(town)[before["id"]] == before


def test_a_page_that_is_gone_and_named_all_the_same_is_asked_for_no_more_often(town: Town, site: Slugs) -> None:
    article = take_down(town, site)
    site.news.append(article)
    site.gone.add(article.path)
    for _ in range(3):
        town.run(days=0.01)
    site.asked.clear()
    for _ in range(9):
        town.run(days=0.1)
    assert site.asked.count(article.path) <= 1


# ------------------------------------------------------------ after a lost state


def test_an_article_that_was_taken_down_comes_back_after_a_lost_state_as_the_same_item(town: Town, site: Slugs) -> None:
    before = item_of(town, site.news[TAKEN])
    article = take_down(town, site)
    town.recover()
    town.run()
    assert before["id"] not in items(town)
    put_back(town, site, article)
    assert items(town)[before["id"]] == before


def test_an_article_that_no_listing_names_any_more_comes_back_after_a_lost_state(town: Town, site: Slugs) -> None:
    """Its page is asked for as one that was there, ever less often."""
    before = item_of(town, site.news[TAKEN])
    article = take_down(town, site)
    town.recover()
    for _ in range(3):
        town.run(days=1)
    site.unlisted.append(article)
    for _ in range(9):
        town.run(days=1)
    assert items(town)[before["id"]] == before


def test_an_article_that_was_renamed_and_taken_down_comes_back_after_a_lost_state_as_the_same_item(
    town: Town, site: Slugs
) -> None:
    first = item_of(town, site.news[TAKEN])["id"]
    old = site.rename(TAKEN, "/news/insha-nazva", "Інша назва новини")
    site.redirects[old.path] = "/news/insha-nazva"
    for _ in range(6):
        town.run(days=1)
    renamed = items(town)[first]
    assert renamed["url"] == f"{HOME}/news/insha-nazva"
    article = take_down(town, site, days=20)
    town.recover()
    site.redirects.clear()
    put_back(town, site, article, days=20)
    assert items(town)[first] == renamed


def test_after_a_lost_state_an_address_belongs_to_the_article_that_has_it_now(town: Town, site: Slugs) -> None:
    first = item_of(town, site.news[TAKEN])["id"]
    gone = take_down(town, site)
    text = " ".join(f"паркан{n}" for n in range(40))
    other = News(gone.path, "Зовсім інша новина", text, town.now)
    site.news.append(other)
    town.run(days=1)
    second = item_of(town, other)
    assert second["id"] != first
    town.recover()
    for _ in range(3):
        town.run(days=1)
        assert items(town)[second["id"]] == second
        assert first not in items(town)


@pytest.mark.parametrize("moves", [False, True])
def test_an_article_whose_address_another_one_has_is_withdrawn_after_days(
    town: Town, site: Slugs, *, moves: bool
) -> None:
    """Else its old text would stay published, with a link to other words. The address may lead to a new one by then."""
    first = item_of(town, site.news[TAKEN])["id"]
    gone = site.news.pop(TAKEN)
    site.news.append(News(gone.path, "Зовсім інша новина", " ".join(f"паркан{n}" for n in range(40)), town.now))
    town.run(days=1)
    second = items(town)[f"{first}~2"]
    assert first in items(town)
    if moves:
        site.redirects[gone.path] = "/novyny/zovsim-insha"
        site.news[-1] = replace(site.news[-1], path="/novyny/zovsim-insha")
    for _ in range(4):
        town.run(days=1)
    assert (first in items(town), items(town)[f"{first}~2"]["title"]) == (False, second["title"])
    assert withdrawn_by(town) == {By.COUNCIL}
    assert second == items(town)[f"{first}~2"] or moves
    site.news.append(replace(gone, path="/news/na-novomu-mistsi"))  # and may come back elsewhere
    for _ in range(4):
        town.run(days=1)
    assert items(town)[first]["url"] == f"{HOME}/news/na-novomu-mistsi"


@pytest.mark.parametrize("is_older", [False, True], ids=["a lost state", "an older state"])
def test_an_address_that_went_over_before_its_article_was_withdrawn_is_that_of_the_later_one(
    town: Town, site: Slugs, tmp_path: Path, is_older: bool
) -> None:
    """Both are published. Of the first one nobody has the text any more."""
    first = item_of(town, site.news[TAKEN])["id"]
    older = Path(shutil.copy(town.state, tmp_path / "older.db"))
    gone = site.news.pop(TAKEN)
    site.news.append(News(gone.path, "Зовсім інша новина", " ".join(f"паркан{n}" for n in range(40)), town.now))
    town.run(days=1)
    assert set(items(town)) >= {first, f"{first}~2"}
    second = items(town)[f"{first}~2"]
    if is_older:
        put_state_back(town, older)
    else:
        town.recover()
    for _ in range(5):
        town.run(days=1)
    assert items(town)[f"{first}~2"] == second
    assert items(town).get(first, {"title": gone.title})["title"] == gone.title


def test_after_a_lost_state_other_news_at_the_address_of_what_was_taken_down_is_another_item(
    town: Town, site: Slugs
) -> None:
    first = item_of(town, site.news[TAKEN])["id"]
    gone = take_down(town, site)
    town.recover()
    town.run()
    other = News(gone.path, "Зовсім інша новина", " ".join(f"паркан{n}" for n in range(40)), town.now)
    put_back(town, site, other)
    assert item_of(town, other)["id"] == f"{first}~2"


@pytest.mark.parametrize("days", [0.2, 1])  # from run to run: it is withdrawn after two
def test_other_news_at_the_address_of_a_lost_item_whose_page_was_gone_is_another_item(
    town: Town, site: Slugs, days: float
) -> None:
    first = item_of(town, site.news[TAKEN])["id"]
    gone = site.news.pop(TAKEN)
    town.recover()
    for _ in range(4):
        town.run(days=days)
    other = News(gone.path, "Зовсім інша новина", " ".join(f"паркан{n}" for n in range(40)), town.now)
    put_back(town, site, other)
    assert item_of(town, other)["id"] == f"{first}~2"
    assert first not in items(town)


def test_other_news_at_a_gone_address_is_another_item_though_the_listing_names_its_host_in_another_way(
    town: Town, site: Slugs
) -> None:
    """Nobody has asked for that spelling while the page was gone. It shares a third of its words with the first one."""
    first = item_of(town, site.news[TAKEN])["id"]
    gone = site.news.pop(TAKEN)
    for _ in range(4):
        town.run(days=0.2)
    words = gone.text.split()
    text = " ".join([*words[:20], *(f"паркан{n}" for n in range(20))])
    town.bases = {HOME: HOME, WWW: HOME}
    site.link = lambda path: f"{WWW}{path}"
    site.news.append(News(gone.path, "Зовсім інша новина", text, town.now))
    town.run(days=0.1)
    assert items(town)[f"{first}~2"]["title"] == "Зовсім інша новина"
    assert items(town)[first]["title"] == gone.title


def test_a_lost_item_whose_page_was_gone_for_a_while_is_itself(town: Town, site: Slugs) -> None:
    before = items(town)
    lost = site.news[TAKEN]
    town.recover()
    site.gone.add(lost.path)
    for _ in range(4):
        town.run(days=0.2)
    site.gone.clear()
    site.news[TAKEN] = replace(lost, title="Увага! Новина", text=f"{lost.text} доповнено")
    for _ in range(2):
        town.run(days=2)
    assert items(town).keys() == before.keys()


def test_what_a_person_withdrew_stays_withdrawn_after_a_lost_state(town: Town, site: Slugs) -> None:
    with closing(town.store()) as store:
        [item] = store.of("zrazkiv").items.titled(site.news[TAKEN].title)
    town.withdraw(item)
    town.recover()
    for _ in range(3):
        town.run(days=1)
    assert (item.id in items(town), withdrawn_by(town)) == (False, {By.FEED})


@pytest.mark.parametrize("is_lost", [True, False])
def test_a_tombstone_is_final_only_where_no_mark_says_who_withdrew_it(town: Town, site: Slugs, is_lost: bool) -> None:
    take_down(town, site)
    if is_lost:
        (town.folder / "public/zrazkiv/.state.json").unlink()
    town.recover()
    assert withdrawn_by(town) == ({By.FEED} if is_lost else {By.COUNCIL})


def test_what_only_a_tombstone_knows_comes_back_with_the_council_s_date(town: Town, site: Slugs) -> None:
    """The mark of an earlier version names only what was withdrawn for good."""
    before = item_of(town, site.news[TAKEN])
    article = take_down(town, site)
    place = town.folder / "public/zrazkiv/.state.json"
    mark = json.loads(place.read_text(encoding="utf-8"))
    del mark["taken_down"]
    place.write_text(json.dumps(mark), encoding="utf-8")
    town.recover()
    put_back(town, site, article)
    assert items(town)[before["id"]]["date_published"] == before["date_published"]


def test_what_was_taken_down_has_no_words_in_the_mark(town: Town, site: Slugs) -> None:
    article = take_down(town, site)
    mark = (town.folder / "public/zrazkiv/.state.json").read_text(encoding="utf-8")
    assert article.path in mark
    assert article.title not in mark
    assert article.text.split()[0] not in mark
    with closing(town.store()) as store:  # so that it is written again only with news
        known = [row_of(record) for record in store.of("zrazkiv").withdrawn.by_council()]
    assert json.loads(mark)["taken_down"] == known


# ------------------------------------------------------------ with an older state


def test_what_was_taken_down_since_an_older_state_may_come_back(town: Town, site: Slugs, tmp_path: Path) -> None:
    before = item_of(town, site.news[TAKEN])
    older = Path(shutil.copy(town.state, tmp_path / "older.db"))
    article = take_down(town, site)
    put_state_back(town, older)
    town.run()
    assert before["id"] not in items(town)
    put_back(town, site, article)
    assert items(town)[before["id"]] == before


def come_back(town: Town, site: Slugs, tmp_path: Path) -> tuple[dict[str, Any], Path]:
    """An article is taken down and put back. Return its item, and the state of when it was away."""
    before = item_of(town, site.news[TAKEN])
    article = take_down(town, site)
    older = Path(shutil.copy(town.state, tmp_path / "older.db"))
    put_back(town, site, article)
    return before, older


def test_what_came_back_since_an_older_state_stays_though_no_listing_names_it(
    town: Town, site: Slugs, tmp_path: Path
) -> None:
    before, older = come_back(town, site, tmp_path)
    site.unlisted.append(site.news.pop())
    put_state_back(town, older)
    town.run()
    assert items(town)[before["id"]] == before


def test_what_came_back_since_an_older_state_stays_while_its_page_fails(
    town: Town, site: Slugs, tmp_path: Path
) -> None:
    before, older = come_back(town, site, tmp_path)
    put_state_back(town, older)
    site.failing.add(site.news[-1].path)
    for _ in range(2):
        town.run(days=0.1)
        assert items(town)[before["id"]] == before
    site.failing.clear()
    town.run(days=0.1)
    assert items(town)[before["id"]] == before


def test_what_failed_before_an_older_state_is_waited_for_as_any_other(town: Town, site: Slugs, tmp_path: Path) -> None:
    """Else one failure more would end that, and the item leave the feeds."""
    before = item_of(town, site.news[TAKEN])["id"]
    site.failing.add(site.news[TAKEN].path)
    for _ in range(9):
        town.run(days=2)
    older = Path(shutil.copy(town.state, tmp_path / "older.db"))
    site.failing.clear()
    site.news[TAKEN] = replace(site.news[TAKEN], text="Виправлено громадою.")
    town.run(days=9)
    put_state_back(town, older)
    site.failing.add(site.news[TAKEN].path)
    town.run(days=0.01)
    assert before in items(town)
    site.failing.clear()
    town.run(days=0.1)
    assert "Виправлено" in items(town)[before]["content_html"]


def test_after_a_lost_state_an_address_that_has_a_later_article_by_its_title_and_date_is_that_of_another_item(
    town: Town, site: Slugs
) -> None:
    """Nobody saw the page gone, and of the lost item there are only title and date."""
    first = item_of(town, site.news[TAKEN])["id"]
    gone = site.news.pop(TAKEN)
    town.recover()
    site.news.append(News(gone.path, "Ярмарок меду на площі", gone.text, town.now))
    town.run(days=0.01)
    assert items(town)[f"{first}~2"]["title"] == "Ярмарок меду на площі"
    assert items(town).get(first, {"title": gone.title})["title"] == gone.title


def test_an_article_that_got_another_address_since_an_older_state_has_it_still(
    town: Town, site: Slugs, tmp_path: Path
) -> None:
    """No listing names it any more, so nothing but the published feeds knows the address."""
    first = item_of(town, site.news[TAKEN])["id"]
    older = Path(shutil.copy(town.state, tmp_path / "older.db"))
    site.rename(TAKEN, "/news/pravylna-nazva", "Новина, громади 4")
    town.run(days=1)
    assert items(town)[first]["url"] == f"{HOME}/news/pravylna-nazva"
    site.unlisted.append(site.news.pop(TAKEN))
    put_state_back(town, older)
    for _ in range(6):
        town.run(days=1)
    assert items(town)[first]["url"] == f"{HOME}/news/pravylna-nazva"


@pytest.mark.parametrize("is_there", [True, False])
def test_of_two_witnesses_the_newer_one_says_whether_the_council_took_an_item_down(
    town: Town, site: Slugs, is_there: bool
) -> None:
    with closing(town.store()) as store:
        council = town.council(store)
        [item] = council.state.items.titled(site.news[TAKEN].title)
        live = Record.of(item, ())
        gone = replace(live, gone=Gone(town.now, By.COUNCIL, ""))
        witnesses = (gone, live) if is_there else (live, gone)
    drop(town.state)
    with closing(town.store()) as store:
        council = town.council(store)
        recover(council, [Ledger("zrazkiv", "zrazkiv.example", (one,)) for one in witnesses], town.now)
        taken = council.state.items.get(item.id)
        assert taken
        assert (taken.gone is None) is is_there


def test_what_an_edit_changed_while_it_was_away_is_an_edit(town: Town, site: Slugs) -> None:
    before = item_of(town, site.news[TAKEN])
    article = take_down(town, site)
    town.recover()
    put_back(town, site, replace(article, text=f"{article.text} Доповнено."))
    after = items(town)[before["id"]]
    assert after["date_published"] == before["date_published"]
    assert after["date_modified"] > before["date_modified"]
