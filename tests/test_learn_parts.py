"""The site's own feed, pagers, lists beside the list, several listings: evidence of other kinds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml.html import HtmlElement

from feedpub import cli
from feedpub.collecting import learn, normalize, reading, scrape
from feedpub.collecting.learn import own_feed, pager, single
from feedpub.content import Page
from feedpub.html import tree
from feedpub.html.lines import text_of
from feedpub.layout import Layout, Learnt
from simulation import council, skins
from simulation.life import Weather, story_of
from tests.council import Council, opened
from tests.drupal.site import Answer
from tests.skins import Skinned
from tests.skins.town import NOTICES, VIDEOS

HOST = "https://rada.example"
URL = f"{HOST}/news"
KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2025, 11, 14, 12, tzinfo=UTC)


def page(text: str, url: str = URL) -> Page:
    return Page(url, url, text)


def root(text: str, url: str = URL) -> HtmlElement:
    return tree.document(page(text, url))


# ------------------------------------------------------------ the site's own feed


RSS = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>Рада</title>
<link>https://rada.example/</link><item><title>Перша &x; новина</title><link>/news/1</link>
<pubDate>Mon, 09 Jun 2025 10:39:00 +0300</pubDate></item><item><title>Друга</title><link>/news/2</link></item>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Третя</title><link href="/news/3"/>
<published>2025-06-09T10:39:00+03:00</published></entry></feed>"""


def test_a_feed_names_news_with_titles_and_dates_though_it_is_broken() -> None:
    found = own_feed.entries(page(RSS))
    assert list(found) == ["rada.example/news/1", "rada.example/news/2"]
    assert found["rada.example/news/1"].date == "Mon, 09 Jun 2025 10:39:00 +0300"
    assert "root:" not in found["rada.example/news/1"].title
    assert own_feed.entries(page(ATOM))["rada.example/news/3"] == own_feed.Entry("Третя", "2025-06-09T10:39:00+03:00")


def test_what_is_no_feed_names_nothing() -> None:
    assert own_feed.entries(page("<html><p>Сторінку не знайдено</p>")) == {}
    assert own_feed.entries(page("")) == {}


def test_a_feed_without_end_names_nothing() -> None:
    assert own_feed.entries(page(RSS + "<item><link>/news/3</link></item>" * 30_000)) == {}


def test_the_feed_of_comments_and_one_of_another_host_are_not_the_site_s() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    head = "".join(map(link.format, ("/comments/feed", "https://other.example/rss", "/feed")))
    assert own_feed.advertised(root(f"<head>{head}</head><p>x"), URL) == "https://rada.example/feed"


# ------------------------------------------------------------ pagers


@pytest.mark.parametrize(
    ("first", "second", "ways"),
    [
        (
            '<i class="p"><a href="/news?page=1">наступна ›</a></i>',
            '<i class="p"><a href="/news?page=2">наступна ›</a></i>',
            ("/news?page=1", "/news?page=2"),
        ),
        (
            '<a class="b" href="/news?p=2">Далі</a>',
            '<a class="b" href="/news">Назад</a><a class="b" href="/news?p=3">Далі</a>',
            ("/news?p=2", "/news?p=3"),
        ),
        (
            '<link rel="next" href="/news/2"><p>x',
            '<link rel="prev" href="/news"><link rel="next" href="/news/3"><p>x',
            ("/news/2", "/news/3"),
        ),
        (
            '<nav class="pager"><a href="/n/2" aria-label="Наступна сторінка"><svg></svg></a></nav>',
            '<nav class="pager"><a href="/news" aria-label="Попередня"><svg></svg></a>'
            '<a href="/n/3" aria-label="Наступна сторінка"><svg></svg></a></nav>',
            ("/n/2", "/n/3"),
        ),
    ],
)
def test_the_way_to_the_older_page_is_found_and_goes_on_from_there(
    first: str, second: str, ways: tuple[str, str]
) -> None:
    one = root(first)
    second_url = HOST + ways[0]
    assert HOST + (pager.guesses(one, URL)[0].get("href") or "") == second_url
    found = pager.selector([(one, URL), (root(second, second_url), second_url)], second_url)
    layout = Layout(item=(".i",), link=("a",), next_page=found)
    item = "<b class=i><a href=/1>x</a></b>"
    assert scrape.read_listing(page(item + first), layout).next_page == second_url
    assert scrape.read_listing(page(item + second, second_url), layout).next_page == HOST + ways[1]


def test_of_numbers_the_one_after_the_page_s_own_is_the_older() -> None:
    layout = Layout(item=(".i",), link=("a",), next_page=(".n a",))
    row = "<b class=i><a href=/1>x</a></b><div class=n>{}</div>"

    def older(numbers: str, url: str = URL) -> str | None:
        return scrape.read_listing(page(row.format(numbers), url), layout).next_page

    assert older("1 <a href=?p=2>2</a> <a href=?p=3>3</a>") == f"{URL}?p=2"
    assert older("<a href=?p=1>1</a> 2 <a href=?p=3>3</a>", f"{URL}?p=2") == f"{URL}?p=3"
    assert older("<a href=?p=1>1</a> <a href=?p=2>2</a> <a href=?p=3>3</a>", f"{URL}?p=2") == f"{URL}?p=3"
    assert older("<a href=?p=1>1</a> <a href=?p=2>2</a> 3", f"{URL}?p=3") is None


# ------------------------------------------------------------ listings by hand


def test_items_without_boxes_begin_with_their_date_and_end_with_the_next() -> None:
    text = (
        "<div><i>01.02.2025</i><h3><a href=/1>Один</a></h3><p>а<i>02.02.2025</i><h3><a href=/2>Два</a></h3><p>б</div>"
    )
    layout = Layout(item=("i",), link=("h3 a",), item_date=("i",))
    assert [(k.title, k.date) for k in scrape.read_listing(page(text), layout).links] == [
        ("Один", "01.02.2025"), ("Два", "02.02.2025"),
    ]  # fmt: skip


def test_a_day_as_heading_dates_the_items_after_it() -> None:
    text = "<h3>14 листопада</h3><p><a href=/1>Один</a><b>10:39</b><p><a href=/2>Два</a>"
    text += "<h3>13 листопада</h3><p><a href=/3>Три</a>"
    layout = Layout(item=("p",), link=("a",), item_date=("b",), day=("h3",))
    assert [k.date for k in scrape.read_listing(page(text), layout).links] == [
        "14 листопада 10:39", "14 листопада", "13 листопада",
    ]  # fmt: skip


def test_documents_and_the_page_itself_are_no_articles() -> None:
    text = "".join(f"<p><a href={h}>x</a></p>" for h in ("/news", "/", "/a.pdf", "/index.php", "/news/1"))
    listing = scrape.read_listing(page(text), Layout(item=("p",), link=("a",)))
    assert [k.url for k in listing.links] == ["https://rada.example/news/1"]


def test_the_frame_is_taken_off_both_ends_of_a_body_that_has_no_box() -> None:
    text = """<div id=c><p>П'ятниця, 14 листопада</p><h2>Т</h2><p>Один.</p><p>Назад</p><p>Два.</p><p>Переглядів: 17</p>
    <p>Назад</p></div>"""
    layout = Layout(title=("h2",), body=("#c",), fixed=("Неділя, 2 березня", "Переглядів: 3", "Назад"))
    body = text_of(tree.document(page(scrape.read_article(page(text), layout).body)))
    assert body.split() == ["Один.", "Назад", "Два."]


# ------------------------------------------------------------ over HTTP


@pytest.mark.parametrize("skin", ["table", "wp1251", "sliderfirst"])
@pytest.mark.long
def test_a_site_that_nobody_described_is_published_whole(
    skin: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Skinned(skin)
    with opened(tmp_path, capsys, site) as council:
        council.configure(home=council.served.url + site.home, layout="")
        assert council.feedpub("backfill").code == 0
        shown = {i["title"] for i in council.items()}
        elsewhere = {title for _, title, _ in (*NOTICES, *VIDEOS)} if skin == "sliderfirst" else set()
        assert shown == {e.title for e in site.expected()} | elsewhere
        assert council.feedpub("check").code == 0


@pytest.mark.long
def test_a_second_listing_laid_out_otherwise_is_learnt_as_well(council: Council) -> None:
    newest = council.site.articles[-1]
    hidden = [
        replace(newest, number=n, alias=f"content/o{n}", title=f"Оголошення номер {n}", listed=False)
        for n in range(301, 306)
    ]
    council.site.articles += hidden
    rows = "".join(
        f'<tr><td>{a.date}</td><td><a href="{a.href}">{a.title} про збори мешканців громади</a></td></tr>'
        for a in hidden
    )
    body = f"<html><head><title>Оголошення</title></head><body><table class=t>{rows}</table></body></html>"
    council.site.overrides["/ads"] = Answer(200, (("Content-Type", "text/html; charset=utf-8"),), body.encode())
    both = council.config.read_text("utf-8").replace("listings = [", f'listings = ["{council.served.url}/ads", ')
    first, second = f'"{council.served.url}/ads"', f'"{council.served.url}/"'
    text = both[: both.index("[source.layout]")].replace(f"{first}, {second}", f"{second}, {first}")
    council.config.write_text(text, encoding="utf-8")
    ran = council.feedpub("run")
    assert (ran.code, ran.err) == (0, "")
    assert {a.title for a in hidden} <= {i["title"] for i in council.items()}


def test_a_page_of_an_unknown_site_is_read_by_itself() -> None:
    site = Skinned("cards")
    expected = site.expected()[0]
    answer = site.answer("GET", expected.path, {}, HOST)
    given = single.read(page(answer.body.decode(), HOST + expected.path), KYIV, NOW)
    assert given.article is not None
    made = normalize.make_article(given.article[0], KYIV, given.article[1], NOW)
    assert (made.title, made.published) == (expected.title, expected.published.astimezone(UTC))
    assert made.text.split("\n")[0] == expected.paragraphs[0]


def test_a_date_that_cannot_be_read_takes_no_listing_away(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "".join(
        f"<li><i>{n:02}.11.2025</i> <a href=/news/{n}>Новина про події в громаді номер {n}</a></li>"
        for n in range(9, 4, -1)
    )
    saved = tmp_path / "page.html"
    saved.write_text(f"<title>Новини</title><h1>Новини</h1><time>31.02.2025</time><ul>{rows}</ul>", encoding="utf-8")
    cli.main(["inspect", "--json", "--url", URL, str(saved)])
    assert len(json.loads(capsys.readouterr().out)["listing"]["items"]) == 5


# ------------------------------------------------------------ categories and files


BLOG = council.Setup(skin="blog")
WITHOUT_CLASSES = council.Setup(skin="plain", classes="none")


def shown(article: council.Article, setup: council.Setup = BLOG, newest: Sequence[council.Article] = ()) -> Page:
    raw = skins.article_page(skins.View(setup, newest=newest), article)
    return page(raw.replace(skins.VIEWS, str(article.number)), council.address_of(setup, article))


def learnt_from(articles: list[council.Article], setup: council.Setup = BLOG) -> Learnt:
    pages = {(one := shown(article, setup, articles)).url: one for article in articles}
    listing = skins.listing_page(skins.View(setup, articles[::-1]))
    return learn.explore(page(listing), pages.get, learn.Context(KYIV, "uk", NOW))


def some_articles() -> list[council.Article]:
    return [e.article for e in story_of(3, 0.01, Weather.QUIET).events if e.article][:12]


@pytest.mark.parametrize("is_learnt_before", [False, True])
def test_files_in_a_text_are_no_categories_though_no_article_had_any_when_the_site_was_learnt(
    is_learnt_before: bool,
) -> None:
    """Versions before this one learnt that every link of an article names a category."""
    articles = some_articles()
    learnt = learnt_from(articles)
    layout = replace(learnt.layout, categories=("a",)) if is_learnt_before else learnt.layout
    with_file = replace(articles[3], files=(council.File("/files/plan.pdf", "Додаток 1. План робіт"),))
    scraped = scrape.read_article(shown(with_file), layout)
    assert scraped.categories == (with_file.category,)
    assert "Додаток 1. План робіт" in scraped.body


def file_of(article: council.Article) -> council.File:
    return council.File(f"/files/{article.number}.pdf", f"Додаток {article.number}. План робіт")


@pytest.mark.parametrize("having", [0, 2], ids=["no article had one when the site was learnt", "two had one"])
def test_where_nothing_has_a_name_a_category_goes_by_its_address_and_a_file_stays_in_the_text(having: int) -> None:
    articles = [replace(one, files=(file_of(one),) * (n < having)) for n, one in enumerate(some_articles())]
    layout = learnt_from(articles, WITHOUT_CLASSES).layout
    led = replace(WITHOUT_CLASSES, led=1)  # one box more is above the place in which the categories were
    for article in (*articles, replace(articles[3], files=(file_of(articles[3]),))):
        for setup in (WITHOUT_CLASSES, led):
            scraped = scrape.read_article(shown(article, setup), layout)
            assert scraped.categories == (article.category,)
            assert scraped.body.count("План робіт") == len(article.files)
            assert article.category not in scraped.body.rpartition("</p>")[2]


BUSY = council.Setup(is_busy=True)  # below each text, in its box, there is a list of other articles
NAMELESS = replace(BUSY, classes="none")
PARTED = replace(BUSY, is_parted=True, has_banner=True)
DRESSES = {
    "no classes": NAMELESS,
    "no classes, one in eight has a lead": replace(NAMELESS, led=8),
    "no classes, one in five has a lead": replace(NAMELESS, led=5),
    "no classes, one in three has a lead": replace(NAMELESS, led=3),
    "no classes, texts in two boxes": replace(PARTED, classes="none"),
    "no classes, texts in two boxes, leads": replace(PARTED, classes="none", led=1),
    "texts in two boxes": PARTED,
    "texts in two boxes, leads, documents in a third": replace(PARTED, led=1, is_attached=True),
    "texts in two boxes, leads": replace(PARTED, led=1),
    "texts in two boxes, leads, names by a program": replace(PARTED, led=1, classes="hashed"),
}


@pytest.mark.parametrize("skin", ["blog", *(pytest.param(skin, marks=pytest.mark.long) for skin in ("old", "plain"))])
@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES)
def test_texts_are_whole_and_end_before_what_the_site_puts_below_them_in_their_boxes(
    skin: str, dress: council.Setup
) -> None:
    first = replace(dress, skin=skin)
    articles = [replace(one, files=(file_of(one),) * (n % 4 == 1)) for n, one in enumerate(some_articles())]
    articles[5] = replace(articles[5], shape=4)
    layout = learnt_from(articles, first).layout
    for changes in ({}, {"led": 1}, {"is_attached": True}, {"led": 1, "is_attached": True}):
        setup = replace(first, **changes)
        for article in articles:
            read = reading.read_article(shown(article, setup, articles), reading.Manner(layout, KYIV, NOW))
            words = " ".join([read.text, *(file.label for file in read.files)])
            assert words.split() == " ".join(article.words).split(), (changes, article.number)
            assert read.pictures == ()
