"""What an article says beside its text is published with it, though no article that was seen before had such a part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from feedpub.collecting.reading import Manner, read_article
from feedpub.content import Page
from feedpub.errors import FetchError
from feedpub.layout import Layout
from feedpub.store import Store
from tests.council import LAYOUT, Council, opened
from tests.postgres import place_at
from tests.states import put_facts
from tests.test_learn_places import (
    HOST,
    KYIV,
    NOW,
    SHARING,
    SUBJECTS,
    Dress,
    Read,
    article_page,
    paragraphs,
    plain,
    site,
    teasers,
)
from tests.test_rebuilt import Wardrobe, published

LEAD = "Від понеділка в громаді запрацює ще один пункт, де можна зігрітися."
SHORT = "Його вже відчинено!"
NOTE = "Додано о 17:30: пункт працюватиме також у вихідні, без перерви на обід."
CALL = "Підтримайте нашу громаду: перекажіть кошти на рахунок, який указано на головній сторінці."
FRAME = (
    "Ви на офіційному сайті громади, де є новини, документи й адреси всіх служб."  # so the text has a box of its own
)
NEW = 20  # the number of an article that comes after those that were learnt from


def box(words: str, attributes: str = "class='intro'") -> str:
    return f"<div {attributes}><p>{words}</p></div>"


def boxed(_n: int, text: str) -> str:
    return f"<p>{FRAME}</p><div class='text'>{text}</div><p>{FRAME}</p>"


def read_so(above: str = "", below: str = "", *, learnt_from: Dress = boxed) -> list[str]:
    """The lines of a new article that says more, by a layout that was learnt from others."""
    page = article_page(NEW, above + boxed(NEW, plain(NEW)) + below)
    return site(learnt_from).read(page).text.splitlines()


# ------------------------------------------------------------ what is the article's


def test_a_lead_that_no_known_article_has_is_read_above_the_text() -> None:
    assert read_so(above=box(LEAD)) == [LEAD, *paragraphs(NEW)]


def test_a_note_is_read_below_the_text() -> None:
    assert read_so(below=box(NOTE)) == [*paragraphs(NEW), NOTE]


def test_a_short_sentence_counts_and_so_does_all_that_stands_with_it() -> None:
    assert read_so(above=box(f"Увага, мешканці Заріччя</p><p>{SHORT}"))[:2] == ["Увага, мешканці Заріччя", SHORT]


@pytest.mark.parametrize("having", [1, 2, 3])
def test_a_lead_that_few_of_the_known_articles_have_is_read_on_all_of_them(having: int) -> None:
    read = site(lambda n, text: (box(f"{LEAD} Номер {n}.") if n < having else "") + boxed(n, text))
    for n, article in enumerate(read.articles):
        assert article.text.splitlines() == [*([f"{LEAD} Номер {n}."] if n < having else []), *paragraphs(n)]


def test_a_lead_that_the_text_repeats_is_read_once() -> None:
    assert read_so(above=box(paragraphs(NEW)[0])) == [*paragraphs(NEW)]


def test_a_lead_may_lead_to_earlier_news() -> None:
    lead = "Ми писали про <a href='/news/71'>міст</a> і про <a href='/news/72'>об’їзд</a>, а тепер рух тут відновлено."
    assert read_so(above=box(lead))[0] == "Ми писали про міст і про об’їзд, а тепер рух тут відновлено."


def test_a_caption_in_a_note_stays_with_its_picture() -> None:
    picture = "<figure><img src='/most.jpg' width='800' height='600'><figcaption>Міст узимку</figcaption></figure>"
    page = article_page(NEW, boxed(NEW, plain(NEW)) + f"<div class='note'><p>{NOTE}</p>{picture}</div>")
    assert "Міст узимку" in site(boxed).read(page).body_html


def test_a_title_that_stands_with_the_lead_once_more_is_no_line_of_the_text() -> None:
    page = article_page(NEW, box(f"Відкрили {SUBJECTS[NEW % 8]}</p><p>{LEAD}") + boxed(NEW, plain(NEW)))
    assert site(boxed).read(page).text.splitlines() == [LEAD, *paragraphs(NEW)]


def test_a_picture_in_a_lead_stays_in_its_place() -> None:
    page = article_page(
        NEW, box(f"{LEAD}</p><p><img src='/most.jpg' width='800' height='600'>") + boxed(NEW, plain(NEW))
    )
    article = site(boxed).read(page)
    assert [picture.url.rpartition("/")[2] for picture in article.pictures] == ["most.jpg"]
    assert "".join(article.blocks).count("most.jpg") == 1


FILM = "<div class='film'><iframe src='https://www.youtube.com/embed/zrazkiv{n:04}'></iframe></div>"
SOUND = "<div class='sound'><audio controls src='/sound/{n}.mp3'></audio></div>"
TIMES = "<table class='times'><tr><td>Садова, {n}</td><td>з дев’ятої</td></tr><tr><td>Сон-{n}</td></tr></table>"
TABLE_OF_PAPERS = (
    "<table><tr><th>Назва</th><th>Розмір</th></tr>"
    "<tr><td><a href='/files/{n}.pdf'>Рішення про ярмарок</a></td><td>12 Кб</td></tr></table>"
)
POINTS = "<ul class='points'><li>Лісова, двір {n}</li><li>Школа</li></ul>"
PAPERS = "<p><a href='/files/{n}-1.pdf'>Рішення {n}</a></p><p><a href='/files/{n}-2.pdf'>Додаток до рішення {n}</a></p>"
PAPER = "<div class='papers'><a href='/files/{n}.pdf'>Рішення {n}</a></div>"


@pytest.mark.parametrize("having", [(), (2, 5), tuple(range(8))], ids=["none", "some", "all"])
@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (FILM, "watch?v=zrazkiv0020"),
        (SOUND, "/sound/20.mp3"),
        (PAPER, "/files/20.pdf"),
        (TABLE_OF_PAPERS, "/files/20.pdf"),
    ],
)
def test_what_plays_and_documents_beside_the_text_are_published_however_many_of_the_known_articles_have_them(
    part: str, shown: str, having: tuple[int, ...]
) -> None:
    read = site(lambda n, text: boxed(n, text) + part.format(n=n) * (n in having))
    article = read.read(article_page(NEW, boxed(NEW, plain(NEW)) + part.format(n=NEW)))
    assert article.text.splitlines()[:3] == [*paragraphs(NEW)]
    assert "Розмір" not in article.text
    assert (article.body_html + "".join(file.url for file in article.files)).count(shown) == 1


@pytest.mark.parametrize("having", [(), (2, 5)], ids=["none", "some"])
@pytest.mark.parametrize(("part", "shown"), [(TIMES, "<td>Садова, 20</td>"), (POINTS, "<li>Лісова, двір 20</li>")])
def test_a_timetable_or_a_list_beside_the_text_is_published(part: str, shown: str, having: tuple[int, ...]) -> None:
    read = site(lambda n, text: boxed(n, text) + part.format(n=n) * (n in having))
    article = read.read(article_page(NEW, boxed(NEW, plain(NEW)) + part.format(n=NEW)))
    assert shown in article.body_html


# ------------------------------------------------------------ where a list of others stands in the same box


def busy(n: int, text: str) -> str:
    """The text, and what such a site has below it in the same box."""
    others = "".join(f"<li><a href='/news/{(n + k) % 8 + 31}'>Інша новина {(n + k) % 8}</a></li>" for k in range(1, 4))
    below = f"<div>Переглядів: {n + 41}</div><div><a href='https://t.me/share'>Telegram</a></div>"
    return f"<div>{text}{below}<div><h3>Читайте також</h3><ul>{others}</ul></div></div>"


BANNER = "<p><img src='/design/banner.png' width='600' height='200'></p>"


def test_a_picture_of_the_site_beside_the_texts_is_no_article_s_though_a_note_stands_with_it() -> None:
    def dress(n: int, text: str) -> str:
        note = f"<p>{NOTE} Номер {n}.</p>" * (n in (2, 5))
        return f"{boxed(n, text)}<div class='extra'>{note}{BANNER}</div>"

    read = site(dress)
    later = article_page(NEW, f"{boxed(NEW, plain(NEW))}<div class='extra'><p>{NOTE}</p>{BANNER}</div>")
    for article in (*read.articles, read.read(later)):
        assert article.pictures == ()
        assert "banner" not in article.body_html
    assert read.read(later).text.splitlines() == [*paragraphs(NEW), NOTE]


def test_a_text_s_second_half_is_read_up_to_what_the_site_has_below_it_though_nobody_has_seen_that() -> None:
    first, rest = plain(NEW).split("</p>", 1)
    raw = article_page(NEW, f"</div><div>{first}</p></div>{busy(NEW, rest)}<div>")
    layout = Layout(
        article=("main",), title=("h1",), date=("time",), body=("main > div:nth-of-type(2)",), beside=("nav",),
        date_formats=("%d.%m.%Y",),
    )  # fmt: skip
    assert read_article(Page(f"{HOST}/news/9", f"{HOST}/news/9", raw), Manner(layout, KYIV, NOW)).text.splitlines() == [
        *paragraphs(NEW)
    ]


def test_a_counter_that_is_elsewhere_on_one_page_is_left_out_there_as_well() -> None:
    def dress(n: int, text: str) -> str:
        first, rest = text.split("</p>", 1)
        counter = f"<div class='counter'>Переглядів: {n + 41}</div>"
        below = f"{SHARING}<div class='related'>{teasers(n)}</div>"
        parts = (f"{text}{counter}{below}", "") if n == 3 else (f"{first}</p>", f"{rest}{counter}{below}")
        return f"<div class='text'>{parts[0]}</div><div class='rest'>{parts[1]}</div>{PAPER.format(n=n)}"

    assert_words(site(dress))


def test_a_counter_ends_no_text_that_stands_apart_and_none_before_its_documents() -> None:
    counter = "<div>Переглядів: {n}</div>"
    led = read_so(above=f"<div class='intro'><p>{LEAD}</p>{counter.format(n=7)}</div>")
    assert led == [LEAD, *paragraphs(NEW)]

    layout = Layout(
        title=("h1",), date=("time",), body=(".article-box",), fixed=("Переглядів: 4",), date_formats=("%d.%m.%Y",)
    )
    raw = article_page(NEW, plain(NEW) + counter.format(n=7) + PAPER.format(n=NEW))
    read = read_article(Page(f"{HOST}/news/9", f"{HOST}/news/9", raw), Manner(layout, KYIV, NOW))
    assert read.text.splitlines() == [*paragraphs(NEW), f"Рішення {NEW}"]


def test_a_film_above_a_counter_is_published() -> None:
    film = f"<div class='film'>{FILM.format(n=NEW)}<p>Переглядів: 7</p></div>"
    read = site(boxed).read(article_page(NEW, boxed(NEW, plain(NEW)) + film))
    assert "watch?v=zrazkiv0020" in read.body_html
    assert read.text.splitlines()[: len(paragraphs(NEW))] == [*paragraphs(NEW)]
    assert "Переглядів" not in read.text


def assert_words(read: Read) -> None:
    """Each article has all of its paragraphs, and nothing else but its document."""
    for n, article in enumerate(read.articles):
        assert [line for line in article.text.splitlines() if line != f"Рішення {n}"] == [*paragraphs(n)]


def test_a_list_of_others_whose_teasers_are_sentences_is_no_text() -> None:
    teasers = "".join(f"<a href='/news/{n}'>Інша новина {n}</a><p>{paragraphs(n)[0]}</p>" for n in (41, 42, 43))
    assert read_so(below=f"<div><h3>Читайте також</h3>{teasers}</div>") == [*paragraphs(NEW)]


@pytest.mark.parametrize("having", [(), (5,), (2, 5), tuple(range(8))], ids=str)
def test_documents_below_a_list_of_others_stay_and_what_all_pages_have_does_not(having: tuple[int, ...]) -> None:
    def dress(n: int, text: str) -> str:
        return busy(n, text) + f"<div>{PAPERS.format(n=n)}</div>" * (n in having)

    read = site(dress)
    articles = [*read.articles, read.read(article_page(NEW, dress(NEW, plain(NEW)) + PAPERS.format(n=NEW)))]
    for n, article in zip((*range(8), NEW), articles, strict=True):
        has_papers = n in having or n == NEW
        urls = [f"{HOST}/files/{n}-{k}.pdf" for k in (1, 2)]
        assert [(url in article.body_html) + sum(file.url == url for file in article.files) for url in urls] == (
            [has_papers] * 2
        )
        others = [line for line in article.text.splitlines() if line not in paragraphs(n)]
        assert others in ([], [f"Рішення {n}", f"Додаток до рішення {n}"])


# ------------------------------------------------------------ what is not


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ("class='intro' style='display:none'", LEAD),
        ("class='intro' hidden", LEAD),
        ("class='comments'", LEAD),
        ("class='share-bar'", LEAD),
        ("class='intro'", f"Коментарі (1)</p><p>{LEAD}"),
        ("class='intro'", f"Читайте також</p><p>{LEAD}"),
        (
            "class='intro'",
            "Опубліковано 14 листопада 2025 року, п’ятниця, 09:30. Оновлено 15 листопада 2025 року, 10:45.",
        ),
        ("class='intro'", "Рубрика: Новини"),
        ("class='intro'", "Рух обмежено. <a href='/news/71'>Міст закрито</a> <a href='/news/72'>Об’їзд є</a>"),
        ("class='intro'", "Запитайте нас, якщо щось незрозуміло. <textarea></textarea>"),
        ("class='intro'", "<a href='/map'>Дивіться на мапі громади всі пункти, де можна зігрітися.</a>"),
    ],
    ids=[
        "unseen",
        "hidden",
        "comments",
        "sharing",
        "what readers say",
        "what else there is",
        "dates",
        "a label",
        "other articles",
        "a form",
        "a link",
    ],
)
def test_what_is_no_sentence_of_the_article_is_left_out(attributes: str, words: str) -> None:
    assert read_so(below=box(words, attributes)) == [*paragraphs(NEW)]


def test_of_a_part_only_what_is_seen_and_is_text_is_read() -> None:
    within = (
        f"{LEAD}</p><p style='display:none'>Казино без депозиту чекає на вас щодня.</p><nav><p>Уперед!</p></nav><p>"
    )
    assert read_so(above=box(within)) == [LEAD, *paragraphs(NEW)]


def test_what_says_the_same_beside_several_texts_is_none_of_them() -> None:
    call = f"<section><p>{CALL}</p></section>"
    assert read_so(below=call, learnt_from=lambda n, text: boxed(n, text) + call * (n in (2, 5))) == [*paragraphs(NEW)]
    assert read_so(below=call, learnt_from=lambda n, text: boxed(n, text) + call * (n == 2)) == [*paragraphs(NEW), CALL]


BANNER = "<p><a href='https://t.me/rada'><img src='/design/banner.png' width='600' height='200'></a></p>"


@pytest.mark.parametrize(
    "dress",
    [
        lambda n, text: boxed(n, text) + f"<ul class='facts'><li>Переглядів: {n}</li><li>Рубрика: Новини</li></ul>",
        lambda n, text: boxed(n, text) + FILM.format(n=1),
        lambda n, text: boxed(n, text) + PAPER.format(n=1),
        lambda n, text: boxed(n, text) + BANNER,
        lambda n, text: boxed(n, text + BANNER),
    ],
    ids=["facts", "a player", "a document", "a picture", "a picture in the texts"],
)
def test_what_all_articles_have_alike_is_in_none(dress: Dress) -> None:
    article = site(dress).read(article_page(NEW, dress(NEW, plain(NEW))))
    assert article.text.splitlines() == [*paragraphs(NEW)]
    assert (article.pictures, article.files) == ((), ())
    assert "<a " not in article.body_html


def test_a_picture_that_some_articles_share_is_theirs() -> None:
    arms = "<p><img src='/gerb.png' width='300' height='300'></p>"
    read = site(lambda n, text: boxed(n, text + arms * (n % 2)))
    assert [len(article.pictures) for article in read.articles] == [0, 1] * 4


def test_pictures_that_a_script_loads_are_told_apart_by_what_it_loads() -> None:
    lazy = "<p><img src='/blank.gif' data-src='/photo/{n}.jpg' width='300' height='200'></p>"
    read = site(lambda n, text: boxed(n, text + lazy.format(n=n)))
    assert [picture.url[-6:] for article in read.articles for picture in article.pictures] == [
        f"/{n}.jpg" for n in range(8)
    ]


def test_what_a_person_leaves_out_or_says_to_be_beside_the_text_stays_there() -> None:
    read = site(boxed)
    page = article_page(NEW, box(LEAD) + boxed(NEW, plain(NEW)))
    for layout in (
        replace(read.layout, beside=(*read.layout.beside, ".intro")),
        replace(read.layout, drop=(".intro",)),
        replace(read.layout, beside=()),  # then nobody knows what is no text
    ):
        learnt = replace(read.learnt, layout=layout)
        assert replace(read, learnt=learnt).read(page).text.splitlines() == [*paragraphs(NEW)]


# ------------------------------------------------------------ run by run


@pytest.fixture
def wardrobe() -> Wardrobe:
    return Wardrobe()


@pytest.fixture
def council(tmp_path: Path, capsys: pytest.CaptureFixture[str], wardrobe: Wardrobe) -> Iterator[Council]:
    """A council that nobody has described."""
    with opened(tmp_path, capsys, wardrobe) as council:
        council.configure(layout="")
        yield council


def led(path: str, markup: str) -> str:
    """A site on which the newest article has a lead."""
    field = '<div class="field field-name-body '
    return markup.replace(field, f"{box(LEAD)}{field}", 1) if path.endswith("nove-300") else markup


def is_led(council: Council) -> bool:
    return any(LEAD in item["content_html"] for item in council.items())


@pytest.mark.long
def test_texts_whose_first_paragraph_gets_a_box_of_its_own_are_read_as_before(
    council: Council, wardrobe: Wardrobe
) -> None:
    council.feedpub("run")
    before = council.items()
    first = re.compile(r'(?s)(<div class="field field-name-body .*?property="content:encoded">)(.*?)(<p>\w.*?</p>)')
    wardrobe.dress = lambda _, markup: first.sub(
        lambda m: f'<div class="intro">{m[3]}</div>{m[1]}{m[2]}', markup, count=1
    )
    published(council)
    ran = council.feedpub("run")
    assert (ran.code, ran.err) == (0, "")
    new, *others = council.items()
    assert "У мікрорайоні Заріччя відкрили" in new["content_html"]
    assert others == before


@pytest.mark.long
def test_where_a_person_has_set_the_body_nothing_is_added_to_it(council: Council, wardrobe: Wardrobe) -> None:
    council.configure(layout=LAYOUT)
    council.feedpub("run")
    wardrobe.dress = led
    published(council)
    assert council.feedpub("run").code == 0
    assert not is_led(council)


def forget_what_is_beside(council: Council) -> None:
    """Makes the layout one of an earlier version."""
    with closing(Store(place_at(council.state))) as store:
        learnt = store.of("zrazkiv").facts.learnt
        assert learnt
        evidence = {key: why for key, why in learnt.evidence.items() if key != "beside"}
        put_facts(store, "zrazkiv", learnt=replace(learnt, layout=replace(learnt.layout, beside=()), evidence=evidence))


@pytest.mark.long
@pytest.mark.parametrize("is_there", [True, False], ids=["it can be", "it cannot be"])
def test_a_layout_of_an_earlier_feedpub_is_learnt_again_once_with_the_next_news(
    council: Council, wardrobe: Wardrobe, is_there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.feedpub("run")
    forget_what_is_beside(council)
    if not is_there:
        monkeypatch.setattr("feedpub.collecting.learn.PROVEN", 99)
    wardrobe.dress = led
    published(council)
    ran = council.feedpub("run")
    assert ran.code == 0
    assert "an earlier feedpub did not learn what stands beside texts" in ran.err
    assert ("the layout was learnt again" in ran.err) == is_there
    assert is_led(council) == is_there
    published(council, 301)
    assert council.feedpub("run").err == ""


@pytest.mark.long
def test_where_the_site_stops_answering_a_layout_is_learnt_again_with_later_news(
    council: Council, wardrobe: Wardrobe, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.feedpub("run")
    forget_what_is_beside(council)
    published(council)

    def gone(*_: object) -> None:
        raise FetchError("https://rada.example/", "nobody answers")

    with monkeypatch.context() as patch:
        patch.setattr("feedpub.collecting.learning.explore", gone)
        ran = council.feedpub("run")
    assert (ran.code, ran.err) == (0, "")
    wardrobe.dress = led
    published(council, 301)
    assert "the layout was learnt again" in council.feedpub("run").err
