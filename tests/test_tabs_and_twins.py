"""Tabs are published one after another; what is there for other screens or as a thumbnail, once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from feedpub.collecting.normalize import body
from tests.work import GROWTH, growth

PAGE = "https://rada.example/content/stattia"


def html(raw: str) -> str:
    return "\n".join(body.clean(raw, PAGE).blocks)


# ------------------------------------------------------------ tabs

TWO = "<p><strong>Вода</strong></p>\n<p>щодня</p>\n<p><strong>Тепло</strong></p>\n<p>з 15 жовтня</p>"


@pytest.mark.parametrize(
    "raw",
    [
        # as ARIA says
        "<div role='tablist'><button role='tab' aria-controls='a'>Вода</button>"
        "<button role='tab' aria-controls='b'>Тепло</button></div>"
        "<div role='tabpanel' id='a'><p>щодня</p></div><div role='tabpanel' id='b' hidden><p>з 15 жовтня</p></div>",
        # the panels name their tabs
        "<div role='tablist'><a role='tab' id='a'>Вода</a><a role='tab' id='b'>Тепло</a></div>"
        "<div role='tabpanel' aria-labelledby='a'><p>щодня</p></div>"
        "<div role='tabpanel' aria-labelledby='b' style='display:none'><p>з 15 жовтня</p></div>",
        # as Bootstrap does it; the style sheet hides the second
        "<ul class='nav nav-tabs'><li><a data-toggle='tab' href='#a'>Вода</a></li>"
        "<li><a data-toggle='tab' href='#b'>Тепло</a></li></ul><div class='tab-content'>"
        "<div class='tab-pane' id='a'><p>щодня</p></div><div class='tab-pane' id='b'><p>з 15 жовтня</p></div></div>",
        # as jQuery does it
        "<div><ul class='tabs'><li><a href='#a'>Вода</a></li><li><a href='#b'>Тепло</a></li></ul>"
        "<div id='a'><p>щодня</p></div><div id='b' style='display:none'><p>з 15 жовтня</p></div></div>",
    ],
    ids=["aria", "labelled", "bootstrap", "jquery"],
)
def test_each_panel_is_published_beneath_the_words_of_its_tab(raw: str) -> None:
    cleaned = body.clean(raw, PAGE)
    assert "\n".join(cleaned.blocks) == TWO
    assert cleaned.hidden == ()


def test_a_tab_that_is_above_its_panel_stays_there() -> None:
    raw = "<h3><button role='tab' aria-controls='{0}'>{1}</button></h3><div id='{0}' role='tabpanel' hidden>{2}</div>"
    both = raw.format("a", "Вода", "щодня") + raw.format("b", "Тепло", "з 15 жовтня")
    assert html(both) == "<h3>Вода</h3>\n<p>щодня</p>\n<h3>Тепло</h3>\n<p>з 15 жовтня</p>"


def test_a_panel_with_its_tab_s_words_as_a_heading_has_them_once() -> None:
    tabs = "<ul class='tabs'><li><a href='#a'>Вода</a></li><li><a href='#b'>Тепло</a></li></ul>"
    assert html(f"{tabs}<div id='a'><h3>Вода</h3>щодня</div><div id='b' hidden><h3>Тепло</h3>з жовтня</div>") == (
        "<h3>Вода</h3>\n<p>щодня</p>\n<h3>Тепло</h3>\n<p>з жовтня</p>"
    )


@pytest.mark.parametrize("words", ["1", "Слайд 1", "Go to slide 1"])
def test_the_dots_of_a_slider_are_no_words(words: str) -> None:
    dots = "".join(f"<li><button role='tab' aria-controls='s{n}'>{words}</button></li>" for n in (1, 2))
    slides = "".join(f"<div role='tabpanel' id='s{n}'><p>Сквер {n}</p></div>" for n in (1, 2))
    assert html(f"{slides}<ul role='tablist'>{dots}</ul>") == "<p>Сквер 1</p>\n<p>Сквер 2</p>"


def test_a_table_of_contents_is_no_row_of_tabs() -> None:
    contents = "<ul><li><a href='#a'>Вода</a></li><li><a href='#b'>Тепло</a></li></ul>"
    assert (
        html(f"{contents}<h2 id='a'>Вода</h2><h2 id='b'>Тепло</h2>")
        == "<ul><li>Вода</li><li>Тепло</li></ul>\n<h2>Вода</h2>\n<h2>Тепло</h2>"
    )


def test_a_panel_with_a_form_is_not_shown() -> None:
    raw = (
        "<div role='tablist'><b role='tab' aria-controls='a'>Вода</b><b role='tab' aria-controls='b'>Лист</b></div>"
        "<div id='a'>щодня</div><div id='b' hidden><form>Ваше ім'я <input></form></div>"
    )
    assert "Ваше" not in html(raw)


# ------------------------------------------------------------ twins


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("hidden-xs", "visible-xs"),
        ("d-none d-md-block", "d-block d-md-none"),
        ("hidden md:block", "md:hidden"),
        ("desktop-only", "mobile-only"),
        ("is-hidden-mobile", "is-hidden-tablet"),
        ("show-for-medium", "show-for-small-only"),
        ("uk-visible@m", "uk-hidden@m"),
    ],
)
def test_what_wide_and_narrow_screens_show_each_in_its_way_is_published_once(wide: str, narrow: str) -> None:
    table = "<table><tr><td>Скрипка</td><td>16:30</td></tr></table>"
    raw = f"<p>Розклад</p><div class='{wide}'>{table}</div><div class='{narrow}'><p>Скрипка: 16:30</p></div>"
    swapped = f"<p>Розклад</p><div class='{narrow}'><p>Скрипка: 16:30</p></div><div class='{wide}'>{table}</div>"
    once = "<p>Розклад</p>\n<table><tbody><tr><td>Скрипка</td><td>16:30</td></tr></tbody></table>"
    assert html(raw) == once
    assert html(swapped) == once


def test_a_short_form_for_narrow_screens_does_not_follow_the_long_one() -> None:
    raw = "<p><span class='d-none d-md-inline'>Понеділок</span><span class='d-md-none'>Пн</span> 9:00</p>"
    assert html(raw) == "<p>Понеділок 9:00</p>"


@pytest.mark.parametrize(
    "raw",
    [
        "<div class='hidden-xs'>Запис за телефоном</div><div class='visible-xs'>Запис на сайті</div>",  # other words
        "<div class='hidden-xs'><a href='/a'>Запис</a></div><div class='visible-xs'><a href='/b'>Запис</a></div>",
        "<div>Запис</div><div class='visible-xs'>Запис</div>",  # a phone shows both
        "<p>Запис</p><p>Запис</p>",
    ],
)
def test_nothing_is_taken_out_that_says_more_or_has_no_twin(raw: str) -> None:
    assert html(raw).count("Запис") == 2


@pytest.mark.parametrize(
    "fuller",
    [
        "Запис до 5 грудня",
        '<a href="https://rada.example/zapys">Запис</a>',
        'Запис<img alt="" src="https://rada.example/a.jpg">',
    ],
)
def test_the_fuller_twin_stays(fuller: str) -> None:
    raw = f"<div class='hidden-xs'>Запис</div><div class='visible-xs'>{fuller}</div>"
    assert html(raw) == f"<p>{fuller}</p>"


# ------------------------------------------------------------ thumbnails


@pytest.mark.parametrize(
    ("small", "large"),
    [
        ("/u/1-150x150.jpg", "/u/1.jpg"),
        ("/u/1-150x150.jpg", "/u/1-1024x768.jpg"),
        ("/u/thumbs/1.jpg", "/u/1.jpg"),
        ("/u/1_thumb.jpg", "/u/1.jpg"),
        ("/u/thumb_1.jpg", "/u/1.jpg"),
        ("/u/styles/medium/public/1.jpg", "/u/1.jpg"),
    ],
)
def test_a_thumbnail_beside_its_picture_is_not_published(small: str, large: str) -> None:
    pictures = (
        f"<p><img src='{large}' alt=''></p><ul><li><a href='{large}'><img src='{small}' alt='Сквер'></a></li></ul>"
    )
    assert html(pictures) == f'<p><img alt="Сквер" src="https://rada.example{large}"></p>'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/u/1.jpg", "/u/2-150x150.jpg"),
        ("/u/1.jpg", "/u/2.jpg"),
        ("/u/styles/wide/public/1.jpg", "/u/styles/high/public/1.jpg"),  # nobody knows which is larger
        ("/u/thumbs/1.jpg", "/u/thumbs/2.jpg"),
    ],
)
def test_other_pictures_and_those_of_unknown_size_stay(one: str, other: str) -> None:
    assert html(f"<p><img src='{one}'></p><p><img src='{other}'></p>").count("<img") == 2


@pytest.mark.parametrize(
    "piece",
    [
        "<b role='tab' id='t{0}' aria-controls='n{0}'>а</b><i id='n{0}' aria-labelledby='t{0}' hidden>б</i>",
        "<div class='hidden-xs'>а{0}</div><div class='visible-xs'>а{0}</div>",
        "<div class='hidden-xs'><div class='visible-xs'>а",
        "<img src='/u/{0}.jpg'><img src='/u/{0}-10x10.jpg'>",
        "<div><img src='/u/1-10x10.jpg'>",
    ],
)
def test_pages_without_end_of_these_are_judged_in_time(piece: str) -> None:
    def made(count: int) -> Callable[[], object]:
        return partial(html, "<div>" + "".join(piece.format(n) for n in range(count)))

    assert growth(made, 100) < GROWTH
