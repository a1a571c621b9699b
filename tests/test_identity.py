"""One article is one item, whatever becomes of its title, its address and the tokens in it."""

from __future__ import annotations

import itertools
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.slugs import LAYOUT, SHOWN, ids, items, news, site_of, slug_town
from tests.town import HOME, Town, failures

NEW = "/news/onovlenyi-hrafik"
TITLE = "Оновлений графік громади"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return slug_town(tmp_path)


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


@pytest.mark.parametrize(
    ("is_named", "is_gone", "days", "is_published"),  # days from run to run
    [
        (True, True, 1, True),
        (False, True, 1, False),
        (True, True, 0.1, True),
        (False, True, 0.1, False),
        (False, False, 0.1, True),  # its server fails: there may be such a page
    ],
)
def test_a_page_that_never_could_be_read_is_published_by_its_listing_unless_it_is_gone_and_named_no_more(
    town: Town, is_named: bool, is_gone: bool, days: float, is_published: bool
) -> None:
    site = site_of(town)
    town.run()
    before = ids(town)
    lost = replace(news(9), path="/news/znykla")
    site.news.append(lost)
    site.link = lambda path: path.replace("znykla", "nema")
    if not is_gone:
        site.failing.add("/news/nema")
    town.run(days=0.1)
    if not is_named:
        site.news.remove(lost)
    for _ in range(4):
        town.run(days=days)
    assert (ids(town) > before) is is_published


@pytest.mark.long
@pytest.mark.parametrize("is_led", [True, False])
@pytest.mark.parametrize(
    ("title", "shown", "days", "is_the_same"),
    [
        ("Новина громади 9 (оновлено)", SHOWN, 0, True),
        ("Новина громади 9 (оновлено)", "%d.%m.%Y", 0, True),
        ("Новина громади 9 (оновлено)", SHOWN, 9, True),  # announced ahead: its day does not count
        (TITLE, SHOWN, 0, False),
        (TITLE, "%d.%m.%Y", 0, False),
        (TITLE, SHOWN, 9, False),
    ],
)
def test_an_article_that_is_known_by_its_listing_alone_is_the_same_item_when_title_and_address_are_edited(
    town: Town, title: str, shown: str, days: int, *, is_the_same: bool, is_led: bool
) -> None:
    """Where its old address leads to the new one, a title alone does not tell that they are two."""
    site = site_of(town)
    site.date = shown
    town.run()
    site.news.append(replace(news(9), posted=town.now.replace(hour=9) + timedelta(days=days)))
    site.gone.add(news(9).path)
    while len(ids(town)) < 10:
        town.run(days=0.1)
    before = ids(town)
    old = site.rename(9, NEW, title)
    if is_led:
        site.redirects[old.path] = NEW
    town.run(days=0.1)
    assert (ids(town) == before) is (is_the_same or is_led)
    assert news(9).text in next(item["content_html"] for item in items(town) if item["title"] == title)


@pytest.mark.long
@pytest.mark.parametrize(
    ("is_dated", "hours", "is_the_same"), [(True, 0, True), (True, -24, False), (False, -24, True), (False, 20, False)]
)
def test_an_article_of_another_day_is_another_one_than_that_whose_page_was_never_there(
    tmp_path: Path, hours: int, *, is_dated: bool, is_the_same: bool
) -> None:
    """Where the listing names no days, it may be of any day before the item was first seen."""
    town = slug_town(tmp_path, layout=LAYOUT if is_dated else replace(LAYOUT, item_date=()))
    site = site_of(town)
    town.run()
    site.news.append(replace(news(9), posted=town.now))
    site.gone.add(news(9).path)
    while len(ids(town)) < 10:
        town.run(days=0.1)
    before = ids(town)
    day = site.news[9].posted if is_dated else town.now
    site.rename(9, NEW, "Новина громади 9 (оновлено)", posted=day + timedelta(hours=hours))
    town.run(days=1)
    assert (ids(town) == before) is is_the_same


def test_a_page_that_was_gone_and_that_nothing_names_is_not_published_while_all_pages_fail(town: Town) -> None:
    """Else another owner's titles would come with the site's next trouble."""
    site = site_of(town)
    town.run()
    before = ids(town)
    lost = replace(news(9), path="/news/znykla")
    site.news.append(lost)
    site.gone.add(lost.path)
    town.run(days=0.1)
    site.news.remove(lost)
    town.run(days=1)
    site.failing = {"/", *(one.path for one in (*site.news, lost))}
    for _ in range(3):
        town.run(days=1)
    assert ids(town) == before


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


@pytest.mark.long
@pytest.mark.parametrize(
    ("title", "is_the_same"),
    [
        ("Увага! Новина, громади 4", True),
        ("Новина громади 4 (оновлено)", True),
        ("Новина громади 5", False),
        ("Новина громади про 4 нові автобуси", False),
    ],
)
def test_an_article_with_other_words_is_the_same_where_its_old_address_is_gone_and_its_title_says_so(
    town: Town, title: str, is_the_same: bool
) -> None:
    """Text, title and address were all edited between two looks. The instant is as it was."""
    town.run()
    before = ids(town)
    site_of(town).rename(4, NEW, title, text=" ".join(f"паркан{n}" for n in range(40)))
    town.run(days=0.1)
    assert (ids(town) == before) is is_the_same


def test_what_says_hardly_anything_is_not_known_by_its_title(town: Town) -> None:
    site_of(town).news[4] = replace(news(4), title="Повітряна тривога у громаді", text="Пройдіть до укриття.")
    town.run()
    before = ids(town)
    site_of(town).rename(4, NEW, "Увага! Повітряна тривога у громаді", text="Відбій о дев'ятій.")
    town.run(days=0.1)
    assert ids(town) > before


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


def test_an_old_address_that_is_known_to_be_gone_is_not_asked_again(town: Town) -> None:
    site = site_of(town)
    town.run()
    before = ids(town)
    old = site.news.pop(4)
    town.run(days=4)  # its page is found to be gone
    site.failing.add(old.path)
    site.asked.clear()
    site.news.append(replace(old, path=NEW, title=TITLE))
    town.run(days=0.1)
    assert ids(town) == before
    assert [i["url"] for i in items(town) if i["title"] == TITLE] == [HOME + NEW]


@pytest.mark.parametrize("is_the_same", [True, False])
def test_an_article_like_one_whose_address_fails_for_ever_comes_at_the_third_run(town: Town, is_the_same: bool) -> None:
    """As that item after an edit if words and instant are the same, and else as news."""
    site = site_of(town)
    town.run()
    before = ids(town)
    words = site.news[4].text.split()
    others = [f"паркан{n}" for n in range(len(words) // 2)]
    text = " ".join(words if is_the_same else words[: -len(others)] + others)
    site.failing.add(site.rename(4, NEW, TITLE, text=text).path)
    for _ in range(3):
        assert ids(town) == before
        town.run(days=0.1)
    [item] = [i for i in items(town) if i["title"] == TITLE]
    assert (item["url"], ids(town) == before) == (HOME + NEW, is_the_same)
    assert site.news[4].text in item["content_html"]  # by its page, and not by what the listing says of it


@pytest.mark.parametrize("days", [9, 40])
def test_a_listing_does_not_speak_for_what_may_be_a_known_item_that_was_posted_again(town: Town, days: int) -> None:
    site = site_of(town)
    town.run()
    before = ids(town)
    known = site.news[-1]
    town.now = known.posted + timedelta(days=days, hours=1)
    site.news.append(replace(known, path="/news/znovu", posted=known.posted + timedelta(days=days)))
    site.failing.add("/news/znovu")
    for _ in range(4):
        town.run(days=0.1)
    assert (ids(town) == before) is (days == 9)  # so long after it, it is news


@pytest.mark.parametrize(
    ("title", "is_day_alone", "is_known"),
    [
        (TITLE, False, True),  # it has the instant
        ("Новина, громади 4", True, True),  # it has the day and the title
        (TITLE, True, False),
    ],
)
def test_a_listing_does_not_speak_for_what_may_be_a_known_item_while_no_page_is_there(
    town: Town, title: str, is_day_alone: bool, is_known: bool
) -> None:
    site = site_of(town)
    site.date = "%d.%m.%Y" if is_day_alone else site.date
    town.run()
    before = ids(town)
    site.rename(4, NEW, title)
    site.gone = {one.path for one in site.news}
    for _ in range(4):
        town.run(days=0.1)
    assert (ids(town) == before) is is_known
    site.gone.clear()
    for _ in range(3):
        town.run(days=0.1)
    if is_known:
        assert ids(town) == before
        assert [i["url"] for i in items(town) if i["title"] == title] == [HOME + NEW]


@pytest.mark.parametrize(("is_there", "days"), [(True, 0), (False, 1)])
def test_a_listing_speaks_for_a_lost_page_if_its_like_is_there_or_is_of_another_day(
    town: Town, is_there: bool, days: int
) -> None:
    site = site_of(town)
    town.run()
    before = ids(town)
    old = site.rename(4, NEW, "Новина, громади 4", posted=news(4).posted + timedelta(days=days))
    site.unlisted = [old] if is_there else []
    site.gone.add(NEW)
    for _ in range(4):
        town.run(days=0.1)
    assert ids(town) > before


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


@pytest.mark.long
def test_the_former_address_of_an_article_is_asked_for_ever_less_often(town: Town) -> None:
    """After a move of all addresses there are hundreds of them."""
    town.run()
    old = site_of(town).rename(4, NEW, TITLE)
    for _ in range(20):
        town.run(days=1)
    assert HOME + NEW in [one["url"] for one in items(town)]
    site_of(town).asked.clear()
    for _ in range(30):
        town.run(days=1)
    assert site_of(town).asked.count(old.path) <= 4


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


@pytest.mark.parametrize(("picture", "is_news"), [("/media/plan.jpg", False), ("/pictures/new-plan.jpg", True)])
def test_a_repost_stays_one_when_its_pictures_move_and_is_news_when_it_gets_others(
    town: Town, picture: str, is_news: bool
) -> None:
    """Above a poster stand few words, so other posters are other news."""
    site = site_of(town)
    words = " ".join(f"паркан{n}" for n in range(20))
    poster = replace(news(4), text=f"{words} <img src='/pictures/plan.jpg' alt='План'>")
    site.news[4] = poster
    town.run()
    site.news.append(replace(poster, path="/news/novyna-4-shche-raz", posted=news(8).posted + timedelta(hours=1)))
    town.run(days=1)
    before = ids(town)
    assert len(before) == 9
    site.news[-1] = replace(site.news[-1], text=poster.text.replace("/pictures/plan.jpg", picture))
    for _ in range(4):
        town.run(days=10)
    assert (ids(town) == before) is not is_news


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


@pytest.mark.long
@pytest.mark.parametrize("is_lost", [False, True])
@pytest.mark.parametrize(
    ("title", "days"),
    [("Новина громади 77", 3), ("Ярмарок меду на площі", 0)],
    ids=["by its date", "by its title"],
)
def test_an_address_that_gets_another_article_is_asked_for_at_once(
    town: Town, title: str, days: int, *, is_lost: bool
) -> None:
    """The listing says so. What it said before is remembered after a lost state as well, once it was read again."""
    site = site_of(town)
    town.run()
    before = ids(town)
    if is_lost:
        town.recover()
        town.run()
    old = site.news[4]
    site.news[4] = replace(news(77), path=old.path, title=title, posted=old.posted + timedelta(days=days))
    town.run(days=0.01 if days else 2)
    assert ids(town) > before if days else ids(town) == before
    assert [item["url"] for item in items(town) if item["title"] == title] == [HOME + old.path]


@pytest.mark.long
def test_an_article_that_two_listings_call_otherwise_is_not_asked_for_at_each_run(town: Town) -> None:
    site = site_of(town)
    town.run()
    site.asked.clear()
    for run in range(8):
        site.news[4] = replace(site.news[4], title=("Новина громади 4", "Ярмарок меду на площі")[run % 2])
        town.run(days=0.1)
    assert site.asked.count(site.news[4].path) <= 1


@pytest.mark.long
@pytest.mark.parametrize("title", ["Новина громади 5", "Новина нашої громади 4", "Новина громади", "Читати далі"])
def test_a_title_that_is_corrected_in_the_listing_waits_for_the_next_look(town: Town, title: str) -> None:
    site = site_of(town)
    town.run()
    site.news[4] = replace(site.news[4], title=title)
    site.asked.clear()
    town.run(days=2)  # on another day than the look before; the page is due a week later
    assert site.news[4].path not in site.asked


@pytest.mark.long
@pytest.mark.parametrize("title", ["Новина громади 4", "Новина громади 4 (оновлено)"])
def test_an_article_that_got_another_address_before_its_lost_item_was_read_again_is_the_same(
    town: Town, title: str
) -> None:
    """Of the item, title and instant are known. Its old address is gone."""
    town.run()
    before = ids(town)
    town.recover()
    site_of(town).rename(4, NEW, title)
    for _ in range(5):
        town.run(days=0.1)
    assert ids(town) == before
    assert [item["url"] for item in items(town) if item["title"] == title] == [HOME + NEW]


@pytest.mark.long
@pytest.mark.parametrize(("title", "is_other"), [("Ярмарок меду на площі", True), ("Новина громади 5", False)])
@pytest.mark.parametrize("is_lost", [False, True])
def test_an_address_has_another_article_where_date_and_title_and_most_words_are_others(
    town: Town, title: str, *, is_other: bool, is_lost: bool
) -> None:
    """Nobody saw the page gone. Two texts of one office share many words. After a lost state no listing named it."""
    site = site_of(town)
    town.run()
    first = next(item for item in items(town) if item["url"] == HOME + site.news[4].path)
    old = site.news.pop(4)
    if is_lost:
        site.unlisted.append(old)
        town.recover()
        town.run()
        site.unlisted.clear()
    words = old.text.split()
    text = " ".join([*words[:25], *(f"паркан{n}" for n in range(15))])
    site.news.append(replace(old, title=title, text=text, posted=town.now.replace(hour=9)))
    for _ in range(2):
        town.run(days=0.02 if is_other else 9)
    found = {item["id"]: item["title"] for item in items(town)}
    assert (found.get(first["id"]), found.get(f"{first['id']}~2")) == (
        (first["title"], title) if is_other else (title, None)
    )


@pytest.mark.long
@pytest.mark.parametrize(("posted", "is_the_same"), [(3, True), (5, False)])
@pytest.mark.parametrize("is_failing", [False, True])
def test_an_article_that_is_announced_ahead_keeps_its_id_when_title_and_address_are_edited(
    town: Town, posted: int, *, is_the_same: bool, is_failing: bool
) -> None:
    """Its date does not count before that day. Both pages say the same one, and the old address is gone or fails."""
    site = site_of(town)
    day = town.now.replace(hour=9)
    site.news[4] = replace(site.news[4], posted=day + timedelta(days=3))
    town.run()
    before = ids(town)
    old = site.rename(4, NEW, TITLE, posted=day + timedelta(days=posted))
    if is_failing:
        site.failing.add(old.path)
    for _ in range(3):
        town.run(days=0.1)
    assert (ids(town) == before) is is_the_same
