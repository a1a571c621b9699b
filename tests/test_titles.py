"""Titles, categories, addresses and posters: what a page, its head and its row in the listing say together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from feedpub.collecting import naming, scrape
from feedpub.content import Link
from feedpub.errors import LayoutError, ScrapeError
from feedpub.html.titles import read_title
from feedpub.layout import Layout
from tests import handmade
from tests.council import Council, accepting, opened
from tests.handmade import EVERY, Handmade, Markup, News, article, head, learnt, pages, read, row
from tests.states import tamper

NEWEST = EVERY[0]


def titles(site: dict[str, str], layout: Layout) -> list[str]:
    return [read(site, layout, news).title for news in EVERY]


OWN = [news.title for news in EVERY]

# ------------------------------------------------------------ titles


@pytest.mark.parametrize(
    "heading",
    [
        "<h1>{} <span class='badge'>NEW</span></h1>",
        "<h1><a href='/rubric'>Оголошення</a> {}</h1>",
        "<h1>{}<small>(переглядів: 125)</small></h1>",
        "<h1><b>Новини</b><i>{}</i><sup>7</sup></h1>",
        "<h1>Вигадана рада: {}</h1>",
    ],
)
@pytest.mark.parametrize("of_head", [head, lambda _: "<title>Вигадана рада</title>"], ids=["in head", "in listing"])
def test_a_title_has_the_words_of_its_heading_that_a_witness_has_too(heading: str, of_head: Markup) -> None:
    site = pages(lambda news: article(news, heading.format(news.title)), of_head)
    assert titles(site, learnt(site).layout) == OWN


@pytest.mark.parametrize("heading", ["{} (оновлено)", "Оновлено: {}", "Оновлено: <b>{}</b>", "<i>{}</i>, оновлено"])
def test_words_of_the_heading_itself_are_the_council_s(heading: str) -> None:
    shown = heading.format(NEWEST.title)
    site = pages(lambda news: article(news, f"<h1>{shown}</h1>" if news is NEWEST else None))
    assert read(site, learnt(site).layout, NEWEST).title == html.fromstring(f"<p>{shown}</p>").text_content()


@pytest.mark.parametrize("name", ["{} | Вигадана рада", "Вигадана рада: {}", "{} — Новини — Вигадана рада", "{}"])
def test_a_title_that_only_the_head_has_is_read_without_the_site_s_name(name: str) -> None:
    site = pages(lambda news: article(news, ""), lambda news: f"<title>{name.format(news.title)}</title>")
    layout = learnt(site).layout
    assert titles(site, layout) == OWN
    cut = scrape.read_article(
        handmade.page_at(site, NEWEST.path), layout, scrape.Known(listed_title=f"{NEWEST.title[:12]}…")
    )
    assert cut.title == NEWEST.title  # a later page, which the listing names in part
    assert scrape.read_article(handmade.page_at(site, NEWEST.path), layout).title == NEWEST.title


def test_of_the_head_s_words_those_that_the_listing_has_are_the_title() -> None:
    site = pages(
        lambda news: article(news, ""), lambda news: f"<title>{news.title} | Рубрика {news.number % 4} | Рада</title>"
    )
    assert titles(site, learnt(site).layout) == OWN


def test_words_with_which_all_titles_of_a_rubric_begin_are_no_site_s_name() -> None:
    def named(news: News) -> str:
        return f"Відключення води: {news.title}"

    site = pages(
        lambda news: article(news, ""),
        lambda news: f"<title>{named(news)} | Вигадана рада</title>",
        lambda news: row(news).replace(news.title, named(news)),
    )
    assert titles(site, learnt(site).layout) == [named(news) for news in EVERY]


@pytest.mark.parametrize("heading", ["", "<h1></h1>", "<h1><img src='/title.png'></h1>"])
def test_articles_without_a_heading_are_named_by_their_head(heading: str) -> None:
    site = pages(lambda news: article(news, heading if news.number in (3, 7) else f"<h1 class='t'>{news.title}</h1>"))
    assert titles(site, learnt(site).layout) == OWN


def test_a_heading_of_something_else_is_no_title_where_listing_and_head_agree() -> None:
    site = pages(lambda news: article(news, "<h1>Вітаємо на нашому порталі</h1>" if news.number == 9 else None))
    assert read(site, learnt(site).layout, EVERY[9]).title == EVERY[9].title


def in_two_words(news: News) -> str:
    return " ".join(news.title.split()[:2])


def test_a_title_that_is_cut_without_a_sign_is_read_from_the_head() -> None:
    """Listing and heading show its first words only."""
    site = pages(
        lambda news: article(news, f"<h1>{in_two_words(news)}</h1>"),
        lambda news: f"<title>{news.title} | Вигадана рада</title>",
        lambda news: row(news).replace(news.title, in_two_words(news)),
    )
    assert titles(site, learnt(site).layout) == OWN


@pytest.mark.parametrize("name", ["{} новини ради", "{} – Новини {}", "{}"])
def test_short_titles_are_no_cut_ones_where_the_head_adds_words_of_the_site(name: str) -> None:
    site = pages(
        lambda news: article(news, f"<h1>{in_two_words(news)}</h1>"),
        lambda news: f"<title>{name.format(in_two_words(news), news.number)}</title>",
        lambda news: row(news).replace(news.title, in_two_words(news)),
    )
    assert titles(site, learnt(site).layout) == [in_two_words(news) for news in EVERY]


def test_what_a_heading_says_counts_where_the_witnesses_disagree() -> None:
    root = html.document_fromstring("<title>Липи в сквері: подробиці</title><h1>У сквері висадили липи</h1>")
    assert read_title(root, ("h1", "title"), (), "Молоді дерева").words == "У сквері висадили липи"


# ------------------------------------------------------------ a run


@pytest.fixture
def town(tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Iterator[Council]:
    with opened(tmp_path, capsys, Handmade(request.param)) as council:
        council.configure(layout="")
        yield council


WITHOUT_HEAD = pages(
    lambda news: article(news, "" if news.number in (3, 7) else None), lambda _: "<title>Вигадана рада</title>"
)


@pytest.mark.parametrize("town", [WITHOUT_HEAD], indirect=True, ids=["the head says nothing"])
def test_the_listing_names_an_article_that_has_no_title_anywhere_else(town: Council) -> None:
    assert town.feedpub("run").code == 0
    assert [item["title"] for item in town.items()] == OWN


def test_words_that_name_no_article_are_no_title_of_one() -> None:
    shown = ("Афіша", "Афіша", "Детальніше", "Графік", "Новина", "Новина", "Новина", "Звіт")
    links = [Link(f"https://rada.example/news/{n}", title, None) for n, title in enumerate(shown)]
    named = [link.title for link in naming.with_own_titles(links)]
    assert named == ["Афіша", "Афіша", "", "Графік", "", "", "", "Звіт"]


def linked(relation: str, target: str) -> dict[str, str]:
    return pages(of_head=lambda news: f'{head(news)}<link rel="{relation}" href="{target.format(90 - news.number)}">')


@pytest.mark.parametrize(
    "town",
    [linked("shortlink", "/town/?p={}"), linked("canonical", "/saved/index{}.html"), linked("shortlink", "/?p={}")],
    indirect=True,
    ids=["in a folder", "of a copy", "at the root"],
)
def test_an_item_links_to_the_address_that_the_listing_names(town: Council) -> None:
    assert town.feedpub("run").code == 0
    assert [item["url"] for item in town.items()] == [f"{town.served.url}{news.path}" for news in EVERY]


POSTERS = pages(lambda news: article(news, text=f'<p><img src="/img/{news.number}.jpg" alt=""></p>'))


@pytest.mark.parametrize("town", [POSTERS], indirect=True, ids=["posters"])
def test_a_rubric_of_posters_is_published(town: Council) -> None:
    assert town.feedpub("run").code == 0
    contents = [item["content_html"] for item in town.items()]
    assert all(f"/img/{n}.jpg" in content for n, content in enumerate(contents))
    assert len(contents) == 10


def test_a_later_poster_with_words_is_read_with_them() -> None:
    layout = learnt(POSTERS).layout
    site = {**POSTERS, NEWEST.path: pages()[NEWEST.path]}
    assert "Роботи тривали" in read(site, layout, NEWEST).body


def test_a_rubric_of_documents_is_learnt_too() -> None:
    site = pages(lambda news: article(news, text=f'<p><a href="/f/{news.number}.pdf">Рішення</a></p>'))
    assert "/f/0.pdf" in read(site, learnt(site).layout, NEWEST).body


def test_a_picture_that_all_pages_have_is_no_poster() -> None:
    with pytest.raises(ScrapeError, match="body: no text changes"):
        learnt(pages(lambda news: article(news, text='<p><img src="/img/same.jpg"></p>')))


CATEGORY = '<p class="cat-links"><a href="/category/{0}/" rel="category tag">{0}</a></p>'
IN_ROWS = pages(of_row=lambda news: row(news, CATEGORY.format(f"Рубрика {news.number % 2}")))


@pytest.mark.parametrize("town", [IN_ROWS], indirect=True, ids=["rows"])
def test_a_category_that_only_the_listing_s_row_names_is_the_article_s(town: Council) -> None:
    assert town.feedpub("run").code == 0
    assert [item["tags"] for item in town.items()] == [[f"Рубрика {n % 2}"] for n in range(10)]


# ------------------------------------------------------------ categories


def categories(after: str, wrapper: str = "{}") -> tuple[str, ...]:
    site = pages(lambda news: wrapper.format(article(news, after=after.replace("№", str(news.number % 3)))))
    return read(site, learnt(site).layout, EVERY[2]).categories


FOOTER = f"<footer class='entry-meta'>{CATEGORY.format('Новини')}</footer>"


@pytest.mark.parametrize(
    ("after", "wrapper", "expected"),
    [
        (FOOTER, "{}", ("Новини",)),
        (f"<div class='entry-footer'>{CATEGORY.format('Новини')}</div>", "{}", ("Новини",)),
        (CATEGORY.format("Рада №"), '<div class="post category-roads tag-budget">{}</div>', ("Рада 2",)),
        ("<p>Рубрика: <a href='/r/№'>Освіта №</a></p>", "{}", ("Освіта 2",)),
        # what a comment form says, in a box that WordPress names after the article's categories
        (
            "<div id='comments'><p class='note'><a href='/privacy-№'>Як обробляють ваші дані</a></p></div>",
            '<div class="post category-roads tag-budget">{}</div>',
            (),
        ),
        ("<p class='category'><a href='https://other.example/privacy'>Ваші дані №</a></p>", "{}", ()),
        # the category of another article, which is named beside it
        (
            "<div class='more'><h4><a href='/news/5-lypa'>Громада отримала новий автобус знову</a></h4>"
            + CATEGORY.format("Транспорт №")
            + "</div>",
            "{}",
            (),
        ),
    ],
    ids=[
        "own footer",
        "called a footer",
        "box named by WordPress",
        "label",
        "privacy",
        "another site",
        "another article",
    ],
)
def test_a_category_is_what_the_article_says_of_itself(after: str, wrapper: str, expected: tuple[str, ...]) -> None:
    assert categories(after, wrapper) == expected


# ------------------------------------------------------------ what a person sets


KEYS = ("title", "date", "body", "article")
TWO_TEXTS = pages(
    lambda news: (
        article(news, f"<h1>{news.title}</h1><h2 class='sub'>Підзаголовок {news.number}</h2>")
        + f"<div class='lead'><p>Стисло: {news.title.lower()} і ще дещо важливе для мешканців.</p></div>"
        + f"<i class='seen'>{5 + news.number}.10.2025</i>"
    )
)


@pytest.mark.parametrize(
    "given",
    [
        Layout(title=(".sub",)),
        Layout(body=(".lead",)),
        Layout(date=(".seen",)),
        Layout(article=("article",)),
        Layout(drop=(".text p:last-child",)),
    ],
    ids=["title", "body", "date", "article", "drop"],
)
def test_a_key_that_a_person_sets_is_kept_and_guides_the_rest(given: Layout) -> None:
    found = learnt(TWO_TEXTS, given).layout
    layout = given.filled_from(found)
    assert all(getattr(found, key) == getattr(given, key) for key in KEYS if getattr(given, key))
    scraped = read(TWO_TEXTS, layout, NEWEST)
    assert scraped.title == ("Підзаголовок 0" if given.title else NEWEST.title)
    assert ("Стисло" in scraped.body) == (not given.article)
    assert scraped.dates == (("5.10.2025",) if given.date else (NEWEST.day,))
    assert ("Відповідальним" in scraped.body) == (not given.body and not given.drop)


def test_parts_that_a_person_drops_are_no_text_when_the_rest_is_learnt() -> None:
    site = pages(lambda news: article(news, after=f"<div class='promo'>{EVERY[9 - news.number].text}</div>"))
    assert learnt(site).layout.body != (".text",)
    assert learnt(site, Layout(drop=(".promo",))).layout.body == (".text",)


@pytest.mark.long
@pytest.mark.parametrize("town", [TWO_TEXTS], indirect=True, ids=["two texts"])
def test_a_key_that_is_set_later_guides_the_rest_too(town: Council) -> None:
    assert town.feedpub("run").code == 0
    assert learnt_titles(town)[0] == "h1"
    town.configure(layout='\n[source.layout]\ntitle = ".sub"\n')
    ran = town.feedpub("run")
    assert town.feedpub("run", *accepting(ran.err)).code == 0
    assert learnt_titles(town) == [".sub"]
    assert [item["title"] for item in town.items()] == [f"Підзаголовок {n}" for n in range(10)]
    town.requests()
    assert town.feedpub("run").code == 0
    assert len(town.requests()) < 5  # it is learnt once


@pytest.mark.long
@pytest.mark.parametrize("town", [TWO_TEXTS], indirect=True, ids=["two texts"])
def test_a_key_that_is_set_later_in_vain_leaves_the_rest_as_it_was(town: Council) -> None:
    assert town.feedpub("run").code == 0
    town.configure(layout='\n[source.layout]\ndate = ".typo"\n')
    ran = town.feedpub("run")
    assert "date = ['.typo'] in [source.layout] matches on none of the articles" in ran.err
    assert learnt_titles(town)[0] == "h1"


def learnt_titles(town: Council) -> list[str]:
    """The selectors of the title that the state keeps as learnt."""
    [(raw,)] = tamper(town.state, "SELECT learnt FROM source")
    selectors: list[str] = json.loads(raw)["layout"]["title"]
    return selectors


def test_a_key_that_matches_nothing_is_named() -> None:
    with pytest.raises(ScrapeError, match=r"body = \['\.typo'\] in \[source\.layout\] matches on none"):
        learnt(pages(), Layout(body=(".typo",)))


# ------------------------------------------------------------ what proves too little

MENU = (
    '<ul class="menu">'
    + "".join(
        f'<li><a href="/{name}">{words}</a></li>'
        for name, words in (("news", "Новини громади"), ("docs", "Документи ради"), ("contacts", "Наші контакти"))
    )
    + "</ul>"
)


def test_an_article_s_page_is_no_listing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its menu leads to pages with headings and texts, and a list beside it names other articles."""
    beside = "<aside>" + "".join(map(row, EVERY[1:5])) + "</aside>"
    site = {path: page.replace("<body>", f"<body>{MENU}") for path, page in pages().items()}
    site[NEWEST.path] = site[NEWEST.path].replace("</main>", f"</main>{beside}")
    for path, words in (("/docs", "Документи ради"), ("/contacts", "Наші контакти")):
        site[path] = handmade.framed(
            f"<title>{words}</title>", f"{MENU}<main><h1>{words}</h1><p>Тут є {words}.</p></main>"
        )
    with opened(tmp_path, capsys, Handmade({**site, "/news": site[NEWEST.path]})) as council:
        council.configure(layout="")
        ran = council.feedpub("run")
        assert ran.code == 1
        assert "the page is an article itself" in ran.err
        assert not council.path("feed.json").exists()


def in_full(news: News) -> str:
    return article(news, f'<h2><a href="{news.path}">{news.title}</a></h2>')


@pytest.mark.long
@pytest.mark.parametrize("town", [pages(of_row=in_full)], indirect=True, ids=["in full"])
def test_a_listing_that_shows_its_articles_in_full_is_one(town: Council) -> None:
    assert town.feedpub("run").code == 0
    assert [item["title"] for item in town.items()] == OWN


def test_a_layout_that_fewer_than_three_articles_prove_is_refused() -> None:
    site = pages()
    for news in EVERY[2:]:
        del site[news.path]
    with pytest.raises(ScrapeError, match="2 of 10 pages behind it could be read, and 3 are needed"):
        learnt(site)


def test_a_young_site_of_two_news_is_learnt() -> None:
    site = pages(count=2)
    layout = learnt(site).layout
    assert [read(site, layout, news).title for news in EVERY[:2]] == OWN[:2]


# ------------------------------------------------------------ another design


def rebuilt(text: str) -> str:
    """The newest article in a new design, which has elements of the old names."""
    content = f"<section class='stage'><h1>{NEWEST.title}</h1><div class='date'>{NEWEST.day}</div>{text}</section>"
    return handmade.framed(head(NEWEST), f"<article class='one'>{content}</article>")


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        (f"<div class='text'>{NEWEST.text}</div>", True),
        (f"<div class='text'><p>{'Анонс того, що буде далі, у кількох словах. ' * 3}</p></div>{NEWEST.text}", False),
        (
            "<div class='text'>" + "<p><a href='/news/1'>Ще одна новина з цієї ж рубрики сайту</a></p>" * 12 + "</div>",
            False,
        ),
    ],
    ids=["whole", "a part", "links"],
)
def test_a_page_of_a_new_design_is_read_whole_or_refused(text: str, is_read: bool) -> None:
    found = learnt(pages())
    page = replace(handmade.page_at(pages(), NEWEST.path), text=rebuilt(text))
    if is_read:
        assert "Відповідальним" in scrape.read_article(page, found.layout, scrape.Known(designs=found.designs)).body
    else:
        with pytest.raises(LayoutError, match="is built in another way than the pages that were learnt from"):
            scrape.read_article(page, found.layout, scrape.Known(designs=found.designs))
