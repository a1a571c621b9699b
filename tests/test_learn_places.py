"""What is in an article's box and no part of the article is left out, and the council's words are not."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from feedpub.collecting import learn
from feedpub.collecting.learn import foreign
from feedpub.collecting.reading import Manner, read_article
from feedpub.collecting.scrape import Known
from feedpub.content import Article, Page
from feedpub.html import dates
from feedpub.layout import Layout, Learnt

HOST = "http://rada.example"
KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2025, 11, 20, 12, tzinfo=UTC)

SUBJECTS = (
    "водогін на вулиці Садовій", "шкільний автобус для Піщаного", "бібліотеку біля ратуші", "дах дитячого садка",
    "пункт незламності на вокзалі", "криницю в парку", "ярмарок майстрів", "лікарню після ремонту",
)  # fmt: skip
TEASERS = ("У громаді рахують дерева й лавки", "Як змінилися маршрути автобусів", "Де влітку ловити рибу")

Dress = Callable[[int, str], str]  # an article's number and its paragraphs -> the box of the article


def paragraphs(n: int) -> tuple[str, ...]:
    subject = SUBJECTS[n % len(SUBJECTS)]
    return (
        f"Громада відкрила {subject}, і перші відвідувачі прийшли вже о {8 + n} годині ранку.",
        f"На роботи пішло {n + 3} тижні та {n * 7 + 20} тисяч гривень, розповіли в управлінні міського господарства.",
        f"Наступне засідання, на якому говоритимуть про {subject}, відбудеться {n + 11} грудня в малій залі.",
    )


def plain(n: int) -> str:
    return "".join(f"<p>{p}</p>" for p in paragraphs(n))


@dataclass(frozen=True)
class Read:
    """A site as its learnt layout reads it."""

    learnt: Learnt
    articles: list[Article]
    pages: Mapping[str, Page]

    @property
    def layout(self) -> Layout:
        return self.learnt.layout

    def read(self, raw: str) -> Article:
        """Return a later article of the site."""
        return read_article(Page(f"{HOST}/news/99", f"{HOST}/news/99", raw), Manner(self.layout, KYIV, NOW))


def article_page(n: int, box: str) -> str:
    return (
        f"<html lang='uk'><head><title>{SUBJECTS[n % 8]} {n}</title></head><body>"
        "<nav><a href='/'>Головна</a> <a href='/about'>Про громаду</a></nav>"
        f"<main><h1>Відкрили {SUBJECTS[n % 8]}</h1><time datetime='2025-11-{n + 1:02}T10:00:00+02:00'>{n + 1}.11.2025"
        f"</time><div class='article-box'>{box}</div></main><footer>Адреса: площа Ратушна, 1</footer></body></html>"
    )


def site(dress: Dress, count: int = 8) -> Read:
    """Learn a site whose articles are in such a dress, and read all of them."""
    pages: dict[str, Page] = {}
    rows = []
    for n in reversed(range(count)):
        url = f"{HOST}/news/{n + 1}"
        pages[url] = Page(url, url, article_page(n, dress(n, plain(n))))
        rows.append(
            f"<li class='row'><a href='/news/{n + 1}'>Відкрили {SUBJECTS[n % 8]}</a> <time>{n + 1}.11.2025</time></li>"
        )
    listing = Page(f"{HOST}/news", f"{HOST}/news", f"<html><body><ul class='list'>{''.join(rows)}</ul></body></html>")
    learnt = learn.explore(listing, pages.get, learn.Context(KYIV, "uk", NOW))
    articles = [read_article(page, Manner(learnt.layout, KYIV, NOW)) for page in reversed(pages.values())]
    return Read(learnt, articles, pages)


def assert_whole(read: Read) -> None:
    """Each article has all of its paragraphs, and nothing else."""
    assert [a.text for a in read.articles] == ["\n".join(paragraphs(n)) for n in range(len(read.articles))]


# ------------------------------------------------------------ what goes

SHARING = "<div class='share-bar'><a href='https://t.me/share'>Telegram</a> <a href='#'>Копіювати</a></div>"
AUTHORS = ("Марко Зразковий", "Олена Прикладна", "Юрій Умовний")


def author(n: int) -> str:
    name = AUTHORS[n % 3]
    about = f"{name.split()[0]} пише про місто, дороги та {SUBJECTS[n % 8]} і відповідає на листи читачів щосереди."
    return f"<div class='author-bio'><b>{name}</b><p>{about}</p></div>"


SIGN_UP = "<div class='newsletter-box'><p>Підпишіться на розсилку громади, щоб нічого не пропустити!</p></div>"
ADVERT = "<div class='ad-slot'><p>Реклама</p></div>"


def teasers(n: int) -> str:
    cards = "".join(
        f"<div class='tease'><a href='/news/{70 + n + k}'><img src='/t{k}.jpg'>{title}</a><p>Коротко про це.</p></div>"
        for k, title in enumerate(TEASERS)
    )
    return f"<div class='also-block'><h3>Читайте також</h3>{cards}</div>"


@pytest.mark.parametrize(
    "dress",
    [
        lambda n, text: SHARING + text,
        lambda n, text: text + SHARING,
        lambda n, text: text + author(n),
        lambda n, text: text.replace("</p>", f"</p>{SIGN_UP}", 1),
        lambda n, text: text.replace("</p>", f"</p>{ADVERT}", 2),
        lambda n, text: text + teasers(n),
        lambda n, text: text.replace("</p>", f"</p>{teasers(n)}", 1),
        lambda n, text: SHARING + text.replace("</p>", f"</p>{SIGN_UP}", 1) + author(n) + teasers(n),
    ],
    ids=["share above", "share below", "author", "sign-up", "advert", "teasers below", "teasers between", "all"],
)
def test_what_every_article_has_besides_its_text_is_left_out(dress: Dress) -> None:
    assert_whole(site(dress))


CITED = ("Освіта", "Оголошення", "Соціальний захист", "Новини")
NAMED_TOPICS = {
    "a rubric with a label": "Рубрика: <a rel='category tag' href='/category/{n}'>{name}</a>",
    "a rubric by its address": "<a href='/category/{n}'>{name}</a>",
    "tags with a label": "Теги: <a href='/tag/{n}'>{name}</a>, <a href='/tag/rada'>рада</a>",
    "in another language": "Filed under <a rel='category' href='/c{n}'>{name}</a>",
}


@pytest.mark.parametrize("named", NAMED_TOPICS.values(), ids=NAMED_TOPICS)
def test_a_line_that_names_topics_is_no_text_but_names_them_though_it_is_in_the_text_s_box(named: str) -> None:
    def dress(n: int, text: str) -> str:
        first, rest = text.split("</p>", 1)
        topics = named.format(n=n % 4, name=CITED[n % 4])
        return f"<div class='lead'>{first}</p></div><div class='rich'>{rest}</div><p class='foot'>{topics}</p>"

    read = site(dress)
    assert_whole(read)
    assert [article.categories[0] for article in read.articles] == [CITED[n % 4] for n in range(8)]


def hashed(markup: str) -> str:
    """The same by a program that makes the names of classes."""
    return re.sub(r"class='(\w+)[\w -]*'", lambda m: f"class='css-{zlib.crc32(m[1].encode()):08x}'", markup)


@pytest.mark.parametrize("named", NAMED_TOPICS.values(), ids=NAMED_TOPICS)
def test_what_is_called_by_a_program_is_found_by_that_name(named: str) -> None:
    def dress(n: int, text: str) -> str:
        first, rest = text.split("</p>", 1)
        topics = named.format(n=n % 4, name=CITED[n % 4])
        below = f"<div class='foot'>{topics}</div>{SHARING}{teasers(n)}"
        return hashed(f"<div class='lead'>{first}</p></div><div class='rich'>{rest}</div>{below}")

    read = site(dress)
    assert_whole(read)
    assert [article.categories[0] for article in read.articles] == [CITED[n % 4] for n in range(8)]


@pytest.mark.parametrize("line", ["Рубрика: {}", "{}", "Теги: {}, {}"])
def test_no_label_is_left_of_a_line_that_names_categories(line: str) -> None:
    links = [f"<a href='/t/{n}' class='tag'>{name}</a>" for n, name in enumerate(CITED[:2])]
    page = Page(f"{HOST}/news/9", f"{HOST}/news/9", article_page(3, f"{plain(3)}<p>{line.format(*links)}</p>"))
    layout = Layout(
        title=("h1",), date=("time",), body=(".article-box",), categories=(".tag",), date_formats=("%d.%m.%Y",)
    )
    article = read_article(page, Manner(layout, KYIV, NOW))
    assert article.text == "\n".join(paragraphs(3))
    assert article.categories == CITED[: line.count("{}")]


def test_a_sentence_that_links_a_category_stays_a_sentence() -> None:
    sentence = "Усі новини про школи збирає сторінка <a href='/t/1' class='tag'>Освіта</a> на сайті громади."
    page = Page(f"{HOST}/news/9", f"{HOST}/news/9", article_page(3, f"{plain(3)}<p>{sentence}</p>"))
    layout = Layout(
        title=("h1",), date=("time",), body=(".article-box",), categories=(".tag",), date_formats=("%d.%m.%Y",)
    )
    article = read_article(page, Manner(layout, KYIV, NOW))
    assert article.text.endswith(f"\n{re.sub('<.*?>', '', sentence)}")
    assert article.categories == ()


def test_a_box_without_a_name_goes_by_what_is_in_it() -> None:
    def dress(n: int, text: str) -> str:
        cards = "".join(
            f"<div class='teaser-card'><a href='/news/{70 + n + k}'>{t}</a></div>" for k, t in enumerate(TEASERS)
        )
        return f"{text}<div><div>{cards}</div></div>"

    assert_whole(site(dress))


def test_a_caption_becomes_its_picture_s_words() -> None:
    def dress(n: int, text: str) -> str:
        caption = f"<figcaption>Фото: прес-служба, вулиця {n}</figcaption>"
        return f"<figure><img src='/i/{n}.jpg' alt=''>{caption}</figure>{text}"

    read = site(dress)
    assert_whole(read)
    assert [a.pictures[0].alt for a in read.articles] == [f"Фото: прес-служба, вулиця {n}" for n in range(8)]


def captioned(n: int, text: str) -> str:
    return f"<figure><img src='/i/{n}.jpg' alt=''><figcaption>Фото: вулиця {n}</figcaption></figure>{text}"


@pytest.mark.parametrize(
    ("figure", "alts"),
    [
        ("<img src='/a.jpg'><img src='/b.jpg'><figcaption>Після ремонту</figcaption>", ["", "Після ремонту"]),
        ("<figcaption>До ремонту</figcaption><img src='/a.jpg'><img src='/b.jpg'>", ["До ремонту", ""]),
        ("<img src='/a.jpg'><figcaption>До ремонту</figcaption><img src='/b.jpg'>", ["До ремонту", ""]),
        ("<img src='/a.jpg' alt='Площа'><figcaption>Після ремонту</figcaption>", ["Площа"]),
    ],
    ids=["below two", "above two", "between two", "with a text of its own"],
)
def test_a_caption_goes_to_the_picture_that_it_is_beside(figure: str, alts: list[str]) -> None:
    article = site(captioned).read(article_page(3, f"{plain(3)}<figure>{figure}</figure>"))
    assert article.text == "\n".join(paragraphs(3))
    assert [picture.alt for picture in article.pictures] == alts


def test_two_captions_of_one_picture_are_both_kept() -> None:
    captions = "<figcaption>Площа</figcaption><figcaption>Фото: прес-служба</figcaption>"
    article = site(captioned).read(
        article_page(3, f"{plain(3)}<figure><img src='/a.jpg' alt='Місто'>{captions}</figure>")
    )
    assert 'title="Площа Фото: прес-служба"' in article.body_html


@pytest.mark.parametrize("inside", ["", "<img src='/a.jpg' alt=''>"], ids=["no picture", "a picture in the caption"])
def test_a_caption_that_no_picture_is_near_stays_in_the_text(inside: str) -> None:
    caption = f"<figure><figcaption>Площа після ремонту{inside}</figcaption></figure>"
    assert "Площа після ремонту" in site(captioned).read(article_page(3, plain(3) + caption)).text


def test_a_picture_in_what_is_left_out_stays_where_it_is_the_article_s_own() -> None:
    def dress(n: int, text: str) -> str:
        return f"<div class='photo-caption'><img src='/i/{n}.jpg' alt='Площа'><p>Світлина прес-служби</p></div>{text}"

    pictures = [[p.url for p in a.pictures] for a in site(dress).articles]
    assert pictures == [[f"{HOST}/i/{n}.jpg"] for n in range(8)]


# ------------------------------------------------------------ what stays


@pytest.mark.parametrize(
    "name",
    ["redactor-invisible-space", "MsoCommentText", "sr-only-text", "related-note", "share", "ad", "hidden", "print"],
)
def test_words_in_a_sentence_stay_whatever_they_are_called(name: str) -> None:
    read = site(lambda n, text: text.replace("Громада", f"<span class='{name}'>Громада</span>"))
    assert_whole(read)


@pytest.mark.parametrize(
    "name", ["MsoNormal", "redactor-invisible-space", "related", "share", "text-center", "has-text"]
)
def test_paragraphs_stay_whatever_they_are_called(name: str) -> None:
    assert_whole(site(lambda n, text: text.replace("<p>", f"<p class='{name}'>")))


def test_a_paragraph_stays_that_is_called_as_what_is_left_out() -> None:
    """The editor's names are on the frame's paragraphs in all samples, and on the council's in a later article."""
    read = site(
        lambda n, text: text + "<div class='also-block'><p class='MsoNormal'><a href='/news/77'>Ще</a></p></div>"
    )
    later = read.read(article_page(3, plain(3).replace("<p>", "<p class='MsoNormal'>")))
    assert later.text == "\n".join(paragraphs(3))


@pytest.mark.parametrize(
    "fold",
    [
        "<div class='spoiler'><div onclick='x()'>Перелік вулиць</div><div hidden>Миру, Садова</div></div>",
        "<div class='box'><button>Перелік вулиць</button><div style='display:none'>Миру, Садова</div></div>",
        "<details><summary>Перелік вулиць</summary><div>Миру, Садова</div></details>",
    ],
)
def test_what_a_tap_unfolds_in_one_article_is_text(fold: str) -> None:
    read = site(lambda n, text: text + fold if n == 3 else text)
    assert read.articles[3].text == "\n".join((*paragraphs(3), "Перелік вулиць", "Миру, Садова"))
    assert read.articles[4].text == "\n".join(paragraphs(4))


@pytest.mark.parametrize("name", ["nav nav-tabs", "menu"])
def test_the_names_of_tabs_are_text_though_they_are_called_a_menu(name: str) -> None:
    tabs = (
        f"<ul class='{name}'><li><a data-toggle='tab' href='#z1'>Зарічний</a></li>"
        "<li><a data-toggle='tab' href='#z2'>Польова</a></li></ul><div class='tab-content'>"
        "<div id='z1' class='tab-pane'><p>Прийом у школі.</p></div>"
        "<div id='z2' class='tab-pane' style='display:none'><p>Прийом у клубі.</p></div></div>"
    )
    read = site(lambda n, text: text + tabs if n in (3, 5) else text)
    shown = ("Зарічний", "Прийом у школі.", "Польова", "Прийом у клубі.")
    assert read.articles[3].text == "\n".join((*paragraphs(3), *shown))


def test_what_would_take_most_of_an_article_takes_nothing() -> None:
    read = site(lambda n, text: text + teasers(n))
    assert ".also-block" in read.layout.drop
    later = read.read(article_page(3, f"<div class='also-block'>{plain(3)}</div>"))
    assert later.text == "\n".join(paragraphs(3))


def test_what_a_person_leaves_out_is_left_out_though_it_is_most_of_a_page() -> None:
    page = Page(
        f"{HOST}/news/99", f"{HOST}/news/99", article_page(3, f"<div class='also-block'>{plain(3)}</div><p>Усе.</p>")
    )
    layout = replace(site(lambda n, text: text).layout, drop=(".also-block",))
    assert read_article(page, Manner(layout, KYIV, NOW, Known(is_drop_set=True))).text == "Усе."
    assert paragraphs(3)[0] in read_article(page, Manner(layout, KYIV, NOW)).text


def test_sentences_of_the_frame_are_none_of_the_article_s() -> None:
    """A page of short lines keeps its words, and the site's sentences go as on any other page."""
    bookmark = (
        "<div class='bookmark-tools'><p>Закладки новин ви знайдете в особистому кабінеті на сайті громади.</p></div>"
    )
    read = site(lambda n, text: text.replace("</p>", f"</p>{bookmark}", 1))
    later = read.read(article_page(3, f"<p>Переможці: Ліс, Поле, Річка</p>{bookmark}<p>Нагороди: у суботу</p>"))
    assert later.text == "Переможці: Ліс, Поле, Річка\nНагороди: у суботу"


def test_a_list_of_others_goes_by_the_template_s_name_whatever_that_is() -> None:
    def dress(n: int, text: str) -> str:
        links = "".join(f"<li><a href='/topic/{(n + k) % 5}'>{TEASERS[(n + k) % 3]} {n}</a></li>" for k in range(3))
        return f"{text}<div><ul class='xyzzy'>{links}</ul></div>"

    assert_whole(site(dress))


@pytest.mark.parametrize(
    "href", ["/files/{}.pdf", "https://ministry.example/act/{}"], ids=["a document", "another authority"]
)
def test_a_card_that_links_to_what_an_article_speaks_of_stays(href: str) -> None:
    def dress(n: int, text: str) -> str:
        card = f"<div class='card'><h3 class='card-title'><a href='{href.format(n)}'>Рішення № {n + 40}</a></h3></div>"
        return f"{text}{card if n % 2 else ''}"

    for n, article in enumerate(site(dress).articles):
        words = f"{article.text} {' '.join(f.label for f in article.files)}"
        assert (f"Рішення № {n + 40}" in words) == (n % 2 == 1)


def test_headings_lists_and_tables_of_an_article_stay() -> None:
    def dress(n: int, text: str) -> str:
        rows = "".join(f"<tr><td>Маршрут {n + k}</td><td>{k + 7}:15</td></tr>" for k in range(4))
        lists = "".join(f"<li>вулиця {SUBJECTS[k]}, {n + k}</li>" for k in range(3))
        return (
            f"{text}<h3>Розклад номер {n}</h3><div class='tw'><table>{rows}</table></div><h3>Де чекати {n}</h3>"
            f"<ul class='places'>{lists}</ul>"
        )

    for n, article in enumerate(site(dress).articles):
        assert f"Розклад номер {n}" in article.text
        assert f"Де чекати {n}" in article.text
        assert f"Маршрут {n + 3} 10:15" in article.text
        assert f"вулиця {SUBJECTS[1]}, {n + 1}" in article.text


def test_a_list_of_documents_stays() -> None:
    def dress(n: int, text: str) -> str:
        files = "".join(f"<li><a href='/files/{n}-{k}.pdf'>Рішення № {n * 10 + k}</a></li>" for k in range(3))
        return f"{text}<ul class='documents'>{files}</ul>"

    for n, article in enumerate(site(dress).articles):
        words = f"{article.text} {' '.join(f.label for f in article.files)}"
        assert all(f"Рішення № {n * 10 + k}" in words for k in range(3))


# ------------------------------------------------------------ notices

NOTICES = ("Не працюють: {}.", "Прийом громадян про {} скасовано, наступний буде за тиждень.")


@pytest.mark.parametrize("notice", NOTICES, ids=["short", "longer"])
@pytest.mark.parametrize("on", [range(8), range(4), range(1)], ids=["all pages", "half of them", "one"])
@pytest.mark.parametrize(
    "box",
    ["<div class='info'>{}</div>", "<div class='alert alert-x'><p>{}</p></div>", "<aside class='note'>{}</aside>"],
)
def test_a_notice_in_a_box_is_text_on_however_many_pages_it_is(box: str, on: range, notice: str) -> None:
    def dress(n: int, text: str) -> str:
        return text.replace("</p>", f"</p>{box.format(notice.format(SUBJECTS[n % 8]))}", 1) if n in on else text

    read = site(dress)
    for n, article in enumerate(read.articles):
        assert (notice.format(SUBJECTS[n % 8]) in article.text) == (n in on)
    later = read.read(article_page(3, dress(on[0], plain(3))))
    assert notice.format(SUBJECTS[on[0]]) in later.text


# ------------------------------------------------------------ teasers between paragraphs


def with_teaser(n: int, text: str, paragraph: str = "<p><b><a href='/news/{}'>{}</a></b></p>") -> str:
    """The article, with a link to another one between its paragraphs."""
    return text.replace("</p>", "</p>" + paragraph.format(60 + n, f"{TEASERS[n % 3]} {n}"), 1)


@pytest.mark.parametrize("lead", ["", "Читайте також: ", "Read also – "])
def test_a_paragraph_that_is_only_a_link_to_another_article_is_left_out(lead: str) -> None:
    read = site(lambda n, text: with_teaser(n, text, f"<p>{lead}<a href='/news/{{}}'>{{}}</a></p>"))
    assert read.layout.teasers == ("p",)
    assert_whole(read)


@pytest.mark.parametrize(
    "paragraph",
    [
        "<p>Подробиці <a href='/news/{}'>{}</a> в окремій новині.</p>",
        "<p><a href='/news/{}.pdf'>{}</a></p>",
        "<p><a href='/services/applications/{}'>{}</a></p>",
        "<p><a href='https://ministry.example/news/{}'>{}</a></p>",
        "<p><a href='/news/{}'>{}</a></p><p><a href='/news/98'>Друга новина дня</a></p>",
    ],
    ids=["in a sentence", "a document", "another kind of page", "another site", "a row of them"],
)
def test_other_links_of_an_article_stay_where_teasers_are_left_out(paragraph: str) -> None:
    read = site(with_teaser)
    later = read.read(article_page(3, with_teaser(3, plain(3), paragraph)))
    assert TEASERS[0] in f"{later.text} {' '.join(f.label for f in later.files)}"


def test_a_link_to_another_article_stays_where_that_is_no_habit() -> None:
    read = site(lambda n, text: with_teaser(n, text) if n < 2 else text)
    assert read.layout.teasers == ()
    assert TEASERS[1] in read.articles[1].text


# ------------------------------------------------------------ what all pages say


@pytest.mark.parametrize("sharing", [5, 8])
def test_a_sentence_with_its_own_figures_is_news_though_most_articles_share_its_words(sharing: int) -> None:
    """Six of ten notices begin with the same sentence, or all of them."""

    def notice(n: int) -> str:
        return f"Повідомляємо про вимкнення води {n + 1} грудня з {n + 6}:00 до {n + 9}:30."

    read = site(lambda n, text: (f"<p>{notice(n)}</p>" if n < sharing else "") + text)
    for n, article in enumerate(read.articles):
        assert (notice(n) in article.text) == (n < sharing)
        assert article.text.endswith("\n".join(paragraphs(n)))


def test_a_signature_on_most_pages_is_the_council_s() -> None:
    read = site(lambda n, text: text + ("<p>Пресслужба громади</p>" if n else ""))
    assert [a.text.endswith("Пресслужба громади") for a in read.articles] == [False] + [True] * 7


def test_the_line_after_which_every_page_goes_on_with_something_else_ends_the_text() -> None:
    def dress(n: int, text: str) -> str:
        other = paragraphs(n % 3)[0].replace("Громада", "Крамниця на площі")
        return f"{text}<p><a href='/news'>Усі новини</a></p><p>{other}</p>"

    read = site(dress)
    assert read.layout.ends == ("Усі новини",)
    assert_whole(read)


def test_a_line_in_the_middle_of_every_text_ends_none() -> None:
    read = site(lambda n, text: text.replace("</p>", "</p><p>Читайте також</p>", 1))
    assert read.layout.ends == ()
    assert all(paragraphs(n)[2] in a.text for n, a in enumerate(read.articles))


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        ("Переглядів: 117", "Переглядів: 3", True),
        ("Неділя, 2 березня", "Субота, 14 листопада", True),
        ("Друк", "Друк", True),
        ("Світла не буде 2 березня", "Світла не буде 3 березня", False),
        ("Зведення за 2 березня", "Зведення за 3 березня", False),
        ("Друк", "Печать", False),
    ],
)
def test_a_frame_s_line_is_the_same_letter_by_letter_or_a_label_with_a_number(
    one: str, other: str, are_alike: bool
) -> None:
    assert (dates.frame_key(one) == dates.frame_key(other)) == are_alike


@pytest.mark.parametrize(
    ("name", "says_look"),
    [
        (".text-center", True), (".MsoNormal", True), (".d-flex.mt-2", True), (".md\\:hidden", True),
        (".share.text-center", False), (".author-bio", False), (".p-author", False), ("#ad", False), (".card", False),
    ],
)  # fmt: skip
def test_a_class_that_says_how_a_thing_looks_says_not_what_it_is(name: str, says_look: bool) -> None:
    assert foreign.says_look(name) == says_look


def test_the_signs_for_what_is_left_out_are_told() -> None:
    learnt = site(lambda n, text: text + author(n)).learnt
    assert learnt.layout.drop == (".author-bio",)
    assert learnt.evidence["drop"].startswith(".author-bio: ")
    assert "named after an author +" in learnt.evidence["drop"]


def test_what_would_take_most_of_an_article_is_left_aside_and_the_rest_goes() -> None:
    read = site(lambda n, text: text + author(n) + teasers(n))
    later = read.read(article_page(3, f"<div class='also-block'>{plain(3)}</div>{author(5)}"))
    assert later.text == "\n".join(paragraphs(3))


def test_a_class_of_looks_is_learnt_to_drop_nothing() -> None:
    read = site(lambda n, text: f"{text}<div class='text-center'><a href='/news/{70 + n}'>Ще одна новина</a></div>")
    centred = f"<div class='text-center'><p>{paragraphs(4)[0]}</p></div>"
    assert paragraphs(4)[0] in read.read(article_page(3, plain(3) + centred)).text


def test_a_name_that_the_text_has_too_drops_nothing_of_it() -> None:
    def dress(n: int, text: str) -> str:
        first, rest = text.split("</p>", 1)
        others = "".join(f"<a href='/news/{70 + n + k}'>{title}</a> " for k, title in enumerate(TEASERS))
        return f"<section><div class='note'>{first}</p></div></section>{rest}<div class='note'>{others}</div>"

    for n, article in enumerate(site(dress).articles):
        assert all(paragraph in article.text for paragraph in paragraphs(n))


def test_a_place_with_most_of_one_page_s_sentences_is_that_page_s_article() -> None:
    def dress(n: int, text: str) -> str:
        if n == 2:
            return f"<div class='related-promo'>{text}</div>"
        return f"{text}<div class='related-promo'><a href='/news/{70 + n}'>Ще одна новина</a></div>"

    read = site(dress)
    assert read.articles[2].text.endswith("\n".join(paragraphs(2)))


# ------------------------------------------------------------ lists that take turns


def in_fields(n: int, text: str) -> str:
    """A text as Drupal's fields show it; every second article has a photo before it, in a field like the text's."""
    photo = f"<div class='field'><div class='field-item even'><img src='/{n}.jpg' alt='Світлина'></div></div>"
    body = f"<div class='field field-type-long-text-with-a-summary'><div class='field-item even'>{text}</div></div>"
    rubric = "<p>Рубрика: <a href='/rubric/1'>Оголошення виконавчого комітету й комунальних підприємств</a></p>"
    return (photo if n % 2 == 0 else "") + body + rubric


def test_a_body_is_not_called_by_its_place_among_others() -> None:
    read = site(in_fields, count=20)
    assert ".even" not in read.layout.body[0]
    assert_whole(read)


@pytest.mark.parametrize("turn", [2, 3, 4])
def test_where_a_list_takes_turns_articles_of_each_kind_are_learnt_from(turn: int) -> None:
    asked: list[int] = []

    def look(url: str) -> Page:
        n = int(url.rsplit("/", 1)[1])
        asked.append(n)
        return Page(url, url, article_page(n, plain(n)))

    rows = "".join(
        f"<li class='row'><a href='/news/{n}'>Відкрили {SUBJECTS[n % 8]}</a> <time>{n}.11.2025</time></li>"
        for n in reversed(range(1, 8 * turn + 1))
    )
    page = f"<html><body><ul class='list'>{rows}</ul></body></html>"
    learn.explore(Page(f"{HOST}/news", f"{HOST}/news", page), look, learn.Context(KYIV, "uk", NOW))
    assert {n % turn for n in asked} == set(range(turn))


def with_press_office(n: int, text: str) -> str:
    """A text beside the press office's picture, which all articles have, and a rubric."""
    office = "<div class='from'><img src='/press.png' alt=''> <a href='/press'>Пресслужба зразкової громади</a></div>"
    return f"{office}<div class='text'>{text}</div><p>Рубрика: <a href='/rubric/{n % 3}'>Оголошення комісій</a></p>"


@pytest.mark.parametrize("name", ["", "class='portrait' "])
def test_a_picture_beside_the_text_is_found_though_no_article_had_one_when_the_site_was_learnt(name: str) -> None:
    read = site(lambda n, text: with_press_office(n, text).replace("<img ", f"<img {name}"))
    photo = "<div class='lead'><img src='/late.jpg' alt='Світлина'></div>"
    later = read.read(article_page(3, photo + with_press_office(3, plain(3)).replace("<img ", f"<img {name}")))
    assert [picture.url for picture in later.pictures] == [f"{HOST}/late.jpg"]


def with_photo(n: int, text: str, source: str) -> str:
    """A text below a photo, in a box that is called by the article's number."""
    photo = f"<div id='node-{n + 250}'><img src='{source}' alt='Світлина'></div>" if source else ""
    return f"{photo}<div class='text'>{text}</div>"


@pytest.mark.parametrize("count", [3, 5, 7, 8])
def test_a_picture_that_two_articles_have_is_theirs(count: int) -> None:
    read = site(lambda n, text: with_photo(n, text, "/uvaha.jpg" if n < 2 else f"/{n}.jpg"), count=count)
    sources = [[picture.url for picture in article.pictures] for article in read.articles]
    assert sources == [[f"{HOST}/uvaha.jpg"]] * 2 + [[f"{HOST}/{n}.jpg"] for n in range(2, count)]


def test_pictures_are_not_found_by_the_number_of_the_one_article_that_has_any() -> None:
    def dress(n: int, text: str) -> str:
        icon = f"<p class='from'><img src='/icon.png' alt=''> <a href='/press'>Пресслужба</a> {n}</p>"
        return icon + with_photo(n, text, f"/{n}.jpg" if n == 4 else "")

    read = site(dress)
    assert [picture.url for picture in read.articles[4].pictures] == [f"{HOST}/4.jpg"]
    later = read.read(article_page(5, dress(4, plain(5)).replace("node-254", "node-299")))
    assert [picture.url for picture in later.pictures] == [f"{HOST}/4.jpg"]
