"""Lists as real sites have them: names that are no plain CSS, pinned items, numbers in names, links to other hosts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from time import process_time
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import pytest

from feedpub.collecting import learn, scrape
from feedpub.collecting.learn import UNGUIDED, selectors, single
from feedpub.collecting.learn.boxes import lone_layout
from feedpub.collecting.learn.elements import word_count
from feedpub.collecting.learn.groups import ranked
from feedpub.collecting.learn.survey import take_survey
from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.html import tree
from feedpub.html.select import select
from feedpub.layout import Layout, Learnt

HOST = "https://rada.example"
LISTING = f"{HOST}/news"
CONTEXT = learn.Context(ZoneInfo("Europe/Kyiv"), "uk", datetime(2025, 11, 14, 12, tzinfo=UTC))
TITLES = (
    "Міст через річку знову відкрито для руху",
    "Опалювальний сезон почався в усіх школах",
    "Нові автобуси для північного району міста",
    "Бібліотека переїжджає до старого ринку",
    "Рада ухвалила бюджет на наступний рік",
    "Лікарі приймають родини щовечора до восьмої",
    "Ліхтарі в парку полагодили до свята",
    "Будівельники завершили дах дитячого садка",
)


def day(n: int) -> str:
    return (date(2025, 11, 10) - timedelta(days=2 * n)).strftime("%d.%m.%Y")


def page(text: str, url: str = LISTING) -> Page:
    return Page(url, url, text)


def document(body: str) -> str:
    return (
        f'<!doctype html><html lang="uk"><head><title>Міська рада</title></head><body>'
        f'<nav><a href="/about">Про раду</a> <a href="/contacts">Контакти</a></nav>{body}'
        f"<footer><p>Міська рада, вул. Шкільна, 1</p></footer></body></html>"
    )


def article(n: int, classes: str = "text") -> str:
    title = TITLES[n]
    text = "".join(
        f"<p>Абзац {part} про те, що {title.lower()}: подробиці наведено у рішенні {n * 7 + part}.</p>"
        for part in range(3)
    )
    return document(
        f'<main><h1>{title}</h1><p class="date">{day(n)}</p><div class="{classes}">{text}</div>'
        f'<div class="{classes}-share">Поділитися у мережах</div></main>'
    )


def town(boxes: Iterable[str], articles: dict[str, str] | None = None) -> dict[str, str]:
    """A site's pages by address: a listing of these boxes, and the articles."""
    others = articles or {f"{HOST}/news/{n}.html": article(n) for n in range(len(TITLES))}
    return {LISTING: document(f'<main><div class="list">{"".join(boxes)}</div></main>'), **others}


def box(n: int, attributes: str = 'class="item"') -> str:
    return f'<div {attributes}><span class="d">{day(n)}</span><h3><a href="/news/{n}.html">{TITLES[n]}</a></h3></div>'


def learnt_from(pages: dict[str, str], given: Layout = UNGUIDED) -> Learnt:
    def look(url: str) -> Page | None:
        return page(pages[url], url) if url in pages else None

    return learn.explore(page(pages[LISTING]), look, replace(CONTEXT, given=given))


def listed(pages: dict[str, str]) -> list[str]:
    """The titles that the learnt layout finds on the listing."""
    return [link.title for link in scrape.read_listing(page(pages[LISTING]), learnt_from(pages).layout).links]


# ------------------------------------------------------------ names from pages


NAMES = ["md:hidden", "w-1/2", "2col", "[&>p]:mt-2", "новини", "it's", 'say-"now"', "-2x", "--x", "-", "a.b#c", "#5"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_from_a_page_is_escaped_in_a_selector(name: str) -> None:
    root = tree.document(page("<p>a</p><p>b</p>"))
    named, other = root.iter("p")
    named.set("class", f"text {name}")
    named.set("id", name)
    named.set("title", name)
    for (selector,) in (selectors.by_class(name), selectors.by_id(name), selectors.by_value("title", name)):
        assert select(root, selector) == [named]
    assert all(other not in select(root, selector) for selector in selectors.own(named)[:-1])


@pytest.mark.parametrize("name", ["back\\slash", "bell\x07", ""])
def test_a_name_that_no_selector_can_have_is_left_out(name: str) -> None:
    assert selectors.by_class(name) == selectors.by_id(name) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_site_whose_names_are_no_plain_css_is_learnt(name: str) -> None:
    written = name.replace('"', "&quot;")
    articles = {f"{HOST}/news/{n}.html": article(n, written) for n in range(len(TITLES))}
    boxes = [box(n, f'class="{written}"') for n in range(len(TITLES))]
    assert listed(town(boxes, articles)) == list(TITLES)


@pytest.mark.parametrize("selector", ["p:unheard-of", "p[", ".2col", "p:nth-child(99999999999999999999)("])
def test_what_is_no_selector_is_a_source_s_error(selector: str) -> None:
    with pytest.raises(ScrapeError, match="cannot be used"):
        select(tree.document(page("<p>a</p>")), selector)


# ------------------------------------------------------------ the boxes of a list

ADVERT = '<div class="advert">Тут може бути ваше оголошення</div>'  # it stands among the boxes, and leads nowhere


def test_the_next_item_is_found_though_each_box_has_an_id_of_its_own() -> None:
    boxes = [box(n, f'id="post-{900 - n}" class="post-{900 - n}"') for n in range(8)]
    layout = learnt_from(town([*boxes[1:4], ADVERT, *boxes[4:]])).layout
    later = town([*boxes[:4], ADVERT, *boxes[4:]])
    assert [link.title for link in scrape.read_listing(page(later[LISTING]), layout).links] == list(TITLES)


def test_a_name_of_one_box_names_no_list() -> None:
    names = ("oak", "elm", "ash", "fir", "yew", "box", "bay", "fig")
    boxes = [box(n, f'id="item-{name}" class="{name}"') for n, name in enumerate(names)]
    pages = town([*boxes[:4], ADVERT, *boxes[4:]])
    (item,) = learnt_from(pages).layout.item
    assert listed(pages) == list(TITLES)
    assert not any(name in item for name in names)


def test_a_box_without_a_link_of_its_own_spoils_no_selector() -> None:
    boxes = [box(n, f'class="post-{900 - n} item" id="post-{900 - n}"') for n in range(8)]
    boxes[3] = f'<div class="post-897 item" id="post-897"><span class="d">{day(3)}</span><h3>{TITLES[3]}</h3></div>'
    pages = town(boxes)
    assert listed(pages) == [*TITLES[:3], *TITLES[4:]]
    assert learnt_from(pages).layout.item == (".item",)


def test_of_an_item_that_is_pinned_and_listed_again_the_first_box_counts() -> None:
    pinned = [box(n, 'class="item sticky"') for n in (5, 6, 7)]
    assert listed(town([*pinned, *(box(n) for n in range(8))])) == [*TITLES[5:], *TITLES[:5]]


def test_a_long_rubric_of_one_item_is_not_taken_for_its_title() -> None:
    usual, long = ("Міст", "Школи"), "Відділ у справах сім’ї, молоді, спорту та цивільного захисту населення"
    rubrics = [long if n == 6 else usual[n % 2] for n in range(8)]
    boxes = [
        f'<div class="post-{n + 10} item"><b>{day(n)}</b> <i><a href="/r/{n % 7}">{rubrics[n]}</a></i>'
        f' <a href="/news/{n}.html"><h3>{TITLES[n]}</h3></a></div>'
        for n in range(8)
    ]
    pages = town(boxes)
    assert listed(pages) == list(TITLES)
    assert learnt_from(pages).evidence["item"].startswith("8 boxes of one kind")


def test_classes_that_say_what_an_item_is_about_make_its_list_no_sidebar() -> None:
    tags = ("roads", "social", "partners", "archive")
    boxes = [box(n, f'class="post tag-{tags[n % 4]} category-widget tag-search-{n}"') for n in range(8)]
    slides = "".join(
        f'<div class="slide_over"><h2><a href="/news/{n}.html">{TITLES[n]}</a></h2><span>{day(n)}</span>'
        f"<p>Про це йдеться у рішенні, яке рада ухвалила на останньому засіданні</p></div>"
        for n in range(5)
    )
    pages = town(boxes)
    pages[LISTING] = pages[LISTING].replace("<main>", f'<div class="slides">{slides}</div><main>')
    assert listed(pages) == list(TITLES)


def test_titles_of_a_language_without_spaces_have_several_words() -> None:
    assert word_count("市議会が来年度の予算案を全会一致で可決しました") > 7
    assert word_count("Council adopts the budget") == 4


# ------------------------------------------------------------ what a person says of the list


def test_boxes_that_a_person_names_are_the_list() -> None:
    news = [f'<div class="a">{box(n, "")}</div>' for n in range(4)]
    others = [f'<div class="b">{box(n, "")}</div>' for n in range(4, 8)]
    pages = town([*news, *others])
    learnt = learnt_from(pages, Layout(item=(".b > div",)))
    assert learnt.evidence["item"].startswith("4 boxes of one kind")
    layout = Layout(item=(".b > div",)).filled_from(learnt.layout)
    assert [link.title for link in scrape.read_listing(page(pages[LISTING]), layout).links] == list(TITLES[4:])


def test_a_link_that_a_person_names_leads_to_the_boxes_around_it() -> None:
    boxes = [
        f'<div class="item"><h4><a href="/departments/{n}">{TITLES[n]}</a></h4>'
        f'<p class="t">{day(n)} <a href="/news/{n}.html">Докладніше</a></p></div>'
        for n in range(8)
    ]
    learnt = learnt_from(town(boxes), Layout(link=("p.t a",)))
    layout = Layout(link=("p.t a",)).filled_from(learnt.layout)
    links = scrape.read_listing(page(town(boxes)[LISTING]), layout).links
    assert [link.url for link in links] == [f"{HOST}/news/{n}.html" for n in range(8)]


@pytest.mark.parametrize("given", [Layout(item=(".unheard",)), Layout(link=(".unheard a",))], ids=str)
def test_what_a_person_says_is_not_overruled_where_nothing_matches(given: Layout) -> None:
    with pytest.raises(ScrapeError, match=r"unheard.* of \[source.layout\] matches nothing"):
        learnt_from(town(box(n) for n in range(8)), given)


# ------------------------------------------------------------ why there is no list


def rows(host: str, count: int = 8) -> str:
    return "".join(box(n).replace('href="/news', f'href="{host}/news') for n in range(count))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (rows("https://ministry.example"), "links to another host, and no news of the site: ministry.example"),
        ('<div id="app"></div><script src="/app.js"></script>', "is made by a script"),
        ('<form><input name="u"><input type="password" name="p"></form>', "behind a login"),
        ('<iframe src="/list.html"></iframe>', "shows another one in a frame"),
        ("<p>Ратуша</p>", "nothing on the page repeats"),
    ],
    ids=["others", "script", "login", "iframe", "nothing"],
)
def test_a_page_without_a_list_says_what_it_is(body: str, why: str) -> None:
    text = f'<!doctype html><html lang="uk"><head><title>Новини</title></head><body>{body}</body></html>'
    with pytest.raises(ScrapeError, match=why):
        learnt_from({LISTING: text})
    assert why in single.read(page(text), CONTEXT.zone, CONTEXT.now).doubt


SECTION = "<h3{heading}>Міст {n} закрито</h3><span>{n}.11.2025, 10:30</span><p>Рух мостом обмежено до кінця місяця.</p>"


@pytest.mark.parametrize(
    ("box", "heading"),
    [
        ("<section id='n{n}'>{}</section>", ""),
        ("<article>{}</article>", " id='n{n}'"),
        ("<div id='n{n}'><a href='#n{n}'>¶</a>{}</div>", ""),
    ],
)
def test_a_page_that_holds_its_news_whole_says_so(box: str, heading: str) -> None:
    sections = [box.replace("{}", SECTION.replace("{heading}", heading)).replace("{n}", str(n)) for n in (9, 7, 5)]
    text = f'<html lang="uk"><head><title>Новини</title></head><body><main>{"".join(sections)}</main></body></html>'
    with pytest.raises(ScrapeError, match=r"3 sections from #n9 'Міст 9 закрито' to #n5 'Міст 5 закрито'"):
        learnt_from({LISTING: text})


def test_a_page_of_frames_says_so() -> None:
    text = '<title>Рада</title><frameset cols="20%,80%"><frame src="/m"><frame src="/n"></frameset>'
    assert "made of frames" in single.read(page(text), CONTEXT.zone, CONTEXT.now).doubt


def test_learning_says_which_list_it_tried_and_what_failed() -> None:
    pages = town(box(n) for n in range(8))
    for n in range(2, 8):
        del pages[f"{HOST}/news/{n}.html"]
    why = (
        r"the list of 8 boxes from 'Міст .*' on was tried: 2 of \d pages .* 3 are needed \(.*/news/2.html is not there"
    )
    with pytest.raises(ScrapeError, match=why):
        learnt_from(pages)


def test_an_article_s_page_is_no_listing() -> None:
    menu = "".join(
        f'<li><a href="/{name}">{name.title()} громади</a></li>' for name in ("rada", "budget", "plans", "law")
    )
    beside = "".join(f'<li><a href="/news/{n}.html">{TITLES[n]}</a></li>' for n in range(2, 6))
    frame = f"<ul>{menu}</ul>"
    pages = {
        f"{HOST}/{name}": document(f"{frame}<h1>Новини</h1><p>Про {name}.</p>")
        for name in ("rada", "budget", "plans", "law")
    }
    for n in range(8):
        pages[f"{HOST}/news/{n}.html"] = (
            article(n).replace("<main>", frame + "<main>").replace("</main>", f"<ul>{beside}</ul></main>")
        )
    pages[LISTING] = pages[f"{HOST}/news/1.html"]
    with pytest.raises(ScrapeError, match="no layout could be learnt"):
        learnt_from(pages)


def test_an_article_s_page_is_no_listing_though_each_page_has_other_news_beside_it() -> None:
    pages: dict[str, str] = {}
    for n in range(8):
        beside = "".join(box(m % 8, 'class="other"') for m in range(n + 1, n + 5))
        pages[f"{HOST}/news/{n}.html"] = article(n).replace("</main>", f"</main><div>{beside}</div>")
    pages[LISTING] = pages[f"{HOST}/news/1.html"]
    with pytest.raises(ScrapeError, match="the page is an article itself, and the list of 4 boxes from"):
        learnt_from(pages)


def test_a_dated_list_is_the_news_though_each_article_lists_the_latest_in_the_same_place() -> None:
    latest = "".join(box(m) for m in range(8))
    pages = town(box(n) for n in range(8))
    for n in range(8):
        pages[f"{HOST}/news/{n}.html"] = article(n).replace("<main>", f"<main><div>{latest}</div>")
    pages[LISTING] = document(f"<main><div>{latest}</div></main>")
    assert listed(pages) == list(TITLES)


def test_a_list_in_doubt_is_shown_with_the_condition_that_failed() -> None:
    pages = town(f'<p class="i"><a href="/news/{n}.html">{TITLES[n]}</a></p>' for n in range(8))
    given = single.read(page(pages[LISTING]), CONTEXT.zone, CONTEXT.now)
    assert given.listing is None
    assert given.doubted is not None
    assert len(scrape.read_listing(page(pages[LISTING]), given.doubted).links) == 8
    assert given.doubt.endswith("may be no news: no dates, and there are fewer than 60 characters beside a title")


# ------------------------------------------------------------ the number of a pager's page


PAGERS = [
    ("/news", '<b>1</b> <a href="?p=2">2</a> <a href="?p=3">3</a> .. <a href="?p=8">8</a>', "?p=2"),
    ("/p2.html", '<a href="/news">1</a> <b>2</b> <a href="/p3.html">3</a> .. <a href="/p8.html">8</a>', "/p3.html"),
    ("/x", '<a href="/a">1</a> … <a href="/c">3</a> [4] <a href="/e">5</a> … <a href="/h">8</a>', "/e"),
    ("/x", '<a href="/a">1</a> <a href="/b">2</a> <i>…</i> <a href="/h">8</a> <a href="/j">10</a>', "/j"),
    ("/news?p=4", '<a href="?p=2">1</a> <a href="?p=4">2</a> <a href="?p=6">3</a>', "?p=6"),
    ("/news?from=20", '<a href="?from=0">1</a> <a href="?from=10">2</a> <a href="?from=30">4</a>', "?from=30"),
    (
        "/news",
        '<a href="/news/page/1">1</a> <a href="/news/page/2">2</a> .. <a href="/news/page/9">9</a>',
        "/news/page/2",
    ),
    ("/x", '<a class="active" href="/a">1</a> <a href="/b">2</a> <a href="/i">9</a>', "/b"),
    ("/x", '<a href="/a">1</a> <a href="/b">2</a> <b>3</b>', None),
    ("/x", '<a href="/a">1</a> <a href="/b">2</a> .. <a href="/h">8</a> <a href="/i">9</a>', None),
]


@pytest.mark.parametrize(("own", "numbers", "older"), PAGERS)
def test_no_page_is_skipped_where_a_pager_has_dots(own: str, numbers: str, older: str | None) -> None:
    layout = Layout(item=(".i",), link=("a",), next_page=(".n a",))
    url = HOST + own
    text = f"<b class=i><a href=/1>x</a></b><div class=n>{numbers}</div>"
    next_page = scrape.read_listing(page(text, url), layout).next_page
    assert next_page == (older and urljoin(url, older))


# ------------------------------------------------------------ links


def test_in_a_box_that_names_no_article_the_rubric_is_not_taken_for_one() -> None:
    rubric = '<a href="/rubric/city">Міські події та новини громади</a>'
    boxes = [
        f'<div class="item"><h3><a href="/news/{n}.html">{TITLES[n]}</a></h3><i>{day(n)}</i>{rubric}</div>'
        for n in range(8)
    ]
    boxes[4] = f'<div class="item"><h3>{TITLES[4]}</h3><i>{day(4)}</i>{rubric}</div>'
    assert listed(town(boxes)) == [*TITLES[:4], *TITLES[5:]]


def test_a_site_that_answers_only_the_very_addresses_of_its_links_is_asked_for_these() -> None:
    tracking = "?utm_source=list&utm_medium=web"
    pages = town(box(n).replace(".html", f".html{tracking}") for n in range(8))
    for n in range(8):
        pages[f"{HOST}/news/{n}.html{tracking}"] = pages.pop(f"{HOST}/news/{n}.html")
    layout = learnt_from(pages).layout
    links = scrape.read_listing(page(pages[LISTING]), layout).links
    assert [link.url for link in links] == [f"{HOST}/news/{n}.html{tracking}" for n in range(8)]


def test_tracking_parameters_are_asked_of_no_other_site() -> None:
    pages = town(box(n).replace(".html", ".html?utm_source=list") for n in range(8))
    links = scrape.read_listing(page(pages[LISTING]), learnt_from(pages).layout).links
    assert [link.url for link in links] == [f"{HOST}/news/{n}.html" for n in range(8)]


def test_a_hundred_boxes_take_hardly_more_than_their_share_of_time() -> None:
    def seconds(count: int) -> float:
        boxes = "".join(
            f'<article class="card" id="card-{chr(97 + n % 26)}{n}"><a href="/news/{n}.html">'
            f"<span>{day(n % 300) if n % 5 else ''}</span><h2>{TITLES[n % 8]} {n}</h2>"
            f"<p>Уривок тексту новини про подію у громаді</p></a></article>"
            for n in range(count)
        )
        survey = take_survey(tree.document(page(document(boxes))), LISTING, CONTEXT.zone, CONTEXT.now)
        start = process_time()
        lone_layout(ranked(survey)[0], survey, ())
        return process_time() - start

    seconds(10)
    assert seconds(320) < 24 * max(0.01, seconds(40))  # 8 times as many; quadratic would be 64 times as much
