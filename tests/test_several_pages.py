"""Articles of several pages: all of them are read, and no other article is taken for one of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedpub.collecting import scrape
from feedpub.collecting.scrape.further import page_number
from feedpub.content import Page
from tests import handmade
from tests.plain import LAYOUT, Plain, items_of, listing, plain_town, said_by, story
from tests.town import HOME, Town

FIRST = "<p>Рада затвердила перелік вулиць, які відремонтують.</p>"
SECOND = "<p>На другій сторінці названо всі будинки тих вулиць.</p>"
THIRD = "<p>На третій сторінці є графік робіт за тижнями.</p>"
OTHER = "<p>Це інша новина про концерт у парку на вихідних.</p>"
PAGER = '<div class="pages">Сторінки: <b>1</b> <a href="/news/9?page=2">2</a></div>'


def site_of(first: str = FIRST + PAGER, second: str = SECOND, at: str = "/news/9?page=2") -> Plain:
    made = Plain()
    made.pages = {
        "/": listing({"/news/9": "Ремонт", "/news/8": "Концерт"}),
        "/news/9": story("Ремонт", first),
        at: story("Ремонт", second),
        "/news/8": story("Концерт", OTHER),
    }
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def text_of(town: Town) -> str:
    return items_of(town)["Ремонт"].article.text


WHOLE = "Рада затвердила перелік вулиць, які відремонтують.\nНа другій сторінці названо всі будинки тих вулиць."
REST = "<div class='pages'>{}</div>"


@pytest.mark.parametrize(
    ("pager", "at"),
    [
        (PAGER, "/news/9?page=2"),
        ('<p>Сторінки: 1 <a href="/news/9/2">2</a></p>', "/news/9/2"),
        ('<p class="post-nav-links">Pages: <span>1</span> <a href="/news/9/2/">2</a></p>', "/news/9/2/"),
        ('<ul><li>1</li><li><a href="?page=1">2</a></li><li><a href="?page=1">next ›</a></li></ul>', "/news/9?page=1"),
        ('<a rel="next" href="/news/9?page=2">Читати далі</a>', "/news/9?page=2"),
        ('<a href="/news/9/page/2">Наступна сторінка</a>', "/news/9/page/2"),
        ('Сторінки: <b>1</b> | <a href="/news/9?start=1">2</a><br>', "/news/9?start=1"),
        ('<a href="/news/9?page=1">1</a> <a href="/news/9?page=2">2</a>', "/news/9?page=2"),
    ],
)  # fmt: skip
def test_the_next_page_s_text_is_joined_and_the_pager_is_none(folder: Path, pager: str, at: str) -> None:
    town = plain_town(folder, site_of(FIRST + pager, SECOND + '<p><a href="/news/9">1</a> 2</p>', at))
    assert said_by(town.run()) == []
    assert text_of(town) == WHOLE
    assert len(items_of(town)) == 2


def test_the_pager_may_be_beside_the_text_or_in_the_page_s_head(folder: Path) -> None:
    site = site_of()
    site.pages["/news/9"] = story("Ремонт", FIRST, PAGER)
    town = plain_town(folder, site)
    town.run()
    assert text_of(town) == WHOLE
    site.pages["/news/9"] = story("Ремонт", FIRST, head='<link rel="next" href="/news/9?page=2">')
    town.run(days=2)
    assert text_of(town) == WHOLE


def test_pages_follow_in_order_and_relative_addresses_are_those_of_their_page(folder: Path) -> None:
    row = '<p>Сторінки: <a href="/news/9/3">3</a> <a href="/news/9/2">2</a> <a href="/news/9">1</a></p>'
    site = site_of(FIRST + row, SECOND + '<p><a href="plan">План</a></p>' + row, "/news/9/2")
    site.pages["/news/9/3"] = story("Ремонт", THIRD + row)
    town = plain_town(folder, site)
    town.run()
    assert text_of(town) == f"{WHOLE}\nПлан\nНа третій сторінці є графік робіт за тижнями."
    assert f"{HOME}/news/9/plan" in items_of(town)["Ремонт"].article.hrefs


@pytest.mark.parametrize(
    "link",
    [
        '<a rel="next" href="/news/8">Наступна новина</a>',
        '<a rel="next" href="/news/10">2</a>',
        '<a href="/news/9-2">Наступна: Ремонт</a>',
        '<a href="/news?page=2">2</a>',
        '<a href="/?page=2">2</a>',
        '<a href="/news/9?print=1">Друк</a>',
        '<a href="/news/9?page=2">Протокол засідання</a>',
        '<div id="comments"><a href="/news/9?page=2">2</a></div>',
        '<a rel="prev" href="/news/9?page=2">2</a>',
        '<a href="https://other.example/news/9?page=2">2</a>',
    ],
)
def test_another_article_or_list_is_no_further_page(folder: Path, link: str) -> None:
    town = plain_town(folder, site_of(FIRST, SECOND))
    town.site.pages["/news/9"] = story("Ремонт", FIRST, f"<p>{link}</p>")  # type: ignore[attr-defined]
    town.run()
    assert text_of(town) == WHOLE.partition("\n")[0]
    assert not any("page=2" in asked or "/10" in asked for asked in town.asked)


def test_a_page_with_the_same_text_and_other_comments_is_not_joined(folder: Path) -> None:
    town = plain_town(folder, site_of(second=FIRST))
    town.run()
    assert text_of(town) == WHOLE.partition("\n")[0]


def test_what_cannot_be_read_is_said_once_and_mended_later(folder: Path) -> None:
    site = site_of()
    site.statuses["/news/9?page=2"] = 500
    town = plain_town(folder, site)
    assert said_by(town.run()) == [
        f"{HOME}/news/9: there is more of it at {HOME}/news/9?page=2, which cannot be read: the server answers 500"
        " Internal Server Error; it is published with the text before that"
    ]
    assert text_of(town) == WHOLE.partition("\n")[0]
    assert said_by(town.run(days=2)) == []
    del site.statuses["/news/9?page=2"]
    assert said_by(town.run(days=4)) == []
    assert text_of(town) == WHOLE


def test_an_item_that_was_whole_loses_nothing_while_a_further_page_fails(folder: Path) -> None:
    site = site_of()
    town = plain_town(folder, site)
    town.run()
    site.statuses["/news/9?page=2"] = 404
    said = said_by(town.run(days=2))
    assert said == [
        f"{HOME}/news/9: goes on at {HOME}/news/9?page=2, which cannot be read: the server answers 404 Not Found"
    ]
    assert text_of(town) == WHOLE
    assert len(items_of(town)) == 2  # nor is it withdrawn


def test_an_edit_on_the_second_page_is_seen(folder: Path) -> None:
    site = site_of()
    site.modified = {"/news/9": "Sun, 08 Nov 2026 10:00:00 GMT"}  # the second page has none: it is dated by itself
    town = plain_town(folder, site)
    town.run()
    site.pages["/news/9?page=2"] = story("Ремонт", THIRD)
    town.run(days=2)
    assert "графік робіт" in text_of(town)


def test_an_article_that_its_server_dates_as_a_whole_is_asked_for_once(folder: Path) -> None:
    site = site_of()
    site.modified = dict.fromkeys(("/news/9", "/news/9?page=2"), "Sun, 08 Nov 2026 10:00:00 GMT")
    town = plain_town(folder, site)
    town.run()
    town.asked.clear()
    town.run(days=2)
    assert [a for a in town.asked if "/news/9" in a] == [f"GET {HOME}/news/9"]


def test_pages_without_end_are_read_up_to_a_bound(folder: Path) -> None:
    site = site_of()
    for n in range(2, 40):
        pager = f'<p><a href="/news/9?page={n + 1}">{n + 1}</a></p>'
        site.pages[f"/news/9?page={n}"] = story("Ремонт", f"<p>Сторінка з власними словами, номер {n}.</p>{pager}")
    town = plain_town(folder, site)
    said = said_by(town.run())
    assert said == [
        f"{HOME}/news/9: there is more of it at {HOME}/news/9?page=17, beyond its first 16 pages; it is published with"
        " the text before that"
    ]
    assert "номер 16." in text_of(town)


def test_the_layout_that_is_learnt_reads_the_further_pages(folder: Path) -> None:
    newest = handmade.EVERY[0]
    pager = f'<div class="nums">Сторінки: <b>1</b> <a href="{newest.path}?page=2">2</a></div>'

    def article(news: handmade.News) -> str:
        return handmade.article(news, text=news.text + pager if news is newest else None)

    site = handmade.pages(article)
    site[f"{newest.path}?page=2"] = handmade.framed(
        handmade.head(newest), f"<main>{handmade.article(newest, text=SECOND)}</main>"
    )
    made = Plain({**site, "/": site["/news"]})
    town = plain_town(folder, made, layout=None)
    town.run()
    text = items_of(town)[newest.title].article.text
    assert text.endswith("На другій сторінці названо всі будинки тих вулиць.")
    assert "Сторінки" not in text


@pytest.mark.parametrize(
    ("url", "own", "number"),
    [
        ("/a?page=2", "/a", 2), ("/a?x=1&page=2", "/a?x=1", 2), ("/a?page=0%2C1", "/a", 1),
        ("/?p=891&page=2", "/?p=891", 2),
        ("/a/2", "/a", 2), ("/a/page/3/", "/a/", 3), ("/a-p2.html", "/a.html", 2), ("/a/2.html", "/a.html", 2),
        ("/a-page-2", "/a", 2), ("/a/стор-2", "/a", 2),
        ("/a-2", "/a", None), ("/b?page=2", "/a", None), ("/a?page=2", "/a?page=1", None), ("/ab/2", "/a", None),
        ("/a?id=2", "/a", None), ("/a?page=2&sort=up", "/a", None), ("/a/2/3", "/a", None),
        ("/a?page=2026", "/a", None),
        ("/?page=2", "/", None), ("/2", "/", None), ("/a?page=2", "/a?x=1", None),
    ],
)  # fmt: skip
def test_a_further_page_has_the_article_s_address_with_a_number(url: str, own: str, number: int | None) -> None:
    assert page_number(HOME + url, HOME + own) == number


def test_a_canonical_address_that_is_the_front_page_s_or_a_list_s_is_not_the_article_s() -> None:
    head = '<link rel="canonical" href="/news">'
    url = f"{HOME}/news/9"
    page = Page(url, url, story("Ремонт", FIRST, '<p><a href="/news?page=2">2</a></p>', head=head))
    assert scrape.read_article(page, LAYOUT).next_page is None
