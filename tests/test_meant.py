"""What a page says by styles, scripts and image maps arrives in elements that readers of feeds know."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from feedpub.collecting.normalize import body
from tests.work import GROWTH, growth

PAGE = "https://rada.example/content/stattia"


def html(raw: str) -> str:
    return "\n".join(body.clean(raw, PAGE).blocks)


# ------------------------------------------------------------ styles


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("<p>Сесія <span style='text-decoration: line-through'>5 грудня</span></p>", "<p>Сесія <s>5 грудня</s></p>"),
        ("<p>Сесія <b style='text-decoration-line:line-through'>5-го</b></p>", "<p>Сесія <s><b>5-го</b></s></p>"),
        ("<p style='TEXT-DECORATION: underline line-through'>Сесія 5 грудня</p>", "<p><s>Сесія 5 грудня</s></p>"),
        ("<p>Сесія <del style='text-decoration: line-through'>5-го</del></p>", "<p>Сесія <del>5-го</del></p>"),
        ("<p>Сесія <u style='text-decoration: underline'>5-го</u></p>", "<p>Сесія <u>5-го</u></p>"),
    ],
    ids=["span", "bold", "paragraph", "struck already", "underlined"],
)
def test_what_is_struck_through_by_a_style_stays_so(raw: str, safe: str) -> None:
    assert html(raw) == safe


@pytest.mark.parametrize("style", ["white-space: pre-line", "white-space:pre-wrap", "WHITE-SPACE: pre"])
def test_lines_that_a_style_keeps_are_lines(style: str) -> None:
    assert html(f"<p style='{style}'>\n8:00 Садова\n9:30 Лісова\n</p>") == "<p>8:00 Садова<br>9:30 Лісова</p>"


@pytest.mark.parametrize(
    ("start", "safe"),
    [
        ('<ol style="list-style-type: lower-alpha">', '<ol type="a">'),
        ('<ol style="color:red;list-style:upper-roman inside">', '<ol type="I">'),
        ('<ol style="LIST-STYLE-TYPE:Lower-Latin" start="3">', '<ol start="3" type="a">'),
        ('<ol type="a" style="list-style-type: decimal">', '<ol type="1">'),
        ('<ol type="a" style="list-style-type: disc">', '<ol type="a">'),
        ('<ol style="list-style-image: none">', "<ol>"),
        ("<ol>", "<ol>"),
    ],
)
def test_points_are_counted_as_a_style_counts_them(start: str, safe: str) -> None:
    assert html(f"{start}<li>довідка</li><li>паспорт</li></ol>") == f"{safe}<li>довідка</li><li>паспорт</li></ol>"


def test_points_that_a_style_does_not_count_get_no_numbers() -> None:
    points = "<li>1.1. Довідка</li><li>1.2. Паспорт</li>"
    assert html(f'<ol style="list-style: none">{points}</ol>') == f"<ul>{points}</ul>"


def test_other_line_ends_in_the_source_are_spaces() -> None:
    assert html("<p style='white-space: nowrap'>8:00\nСадова</p>") == "<p>8:00 Садова</p>"


# ------------------------------------------------------------ maps and documents


def test_the_links_of_an_image_map_become_a_list() -> None:
    areas = "<area href='/d/1' alt='Перший округ'><area href='/d/2' title='Другий округ'><area href='/d/3'>"
    shown = html(f"<p><img src='/mapa.png' usemap='#m' alt='Мапа'></p><map name='m'>{areas}</map>")
    assert '<li><a href="https://rada.example/d/1">Перший округ</a></li>' in shown
    assert '<li><a href="https://rada.example/d/2">Другий округ</a></li>' in shown
    assert "/d/3" not in shown


@pytest.mark.parametrize("name", ["data-pdf", "data-file-url", "data-src"])
def test_a_document_that_a_script_would_show_is_linked(name: str) -> None:
    shown = html(f"<p>Текст рішення:</p><div class='viewer' {name}='/files/rishennia-15.pdf?v=2'></div>")
    assert '<a href="https://rada.example/files/rishennia-15.pdf?v=2">rishennia-15.pdf</a>' in shown


@pytest.mark.parametrize(
    "raw",
    [
        "<div data-pdf='/a.pdf'>Текст рішення</div>",
        "<div data-pdf='/a.pdf'><img src='/b.jpg' alt=''></div>",
        "<p>Так</p><div data-note='див. a.pdf'></div>",
    ],
    ids=["with words", "with a picture", "no address"],
)
def test_other_elements_with_data_stay_as_they_are(raw: str) -> None:
    assert "a.pdf</a>" not in html(raw)


def test_a_section_that_a_search_opens_is_text() -> None:
    assert html("<div hidden='until-found'><p>Потрібна довідка.</p></div>") == "<p>Потрібна довідка.</p>"


@pytest.mark.parametrize(
    "piece",
    ["<i style='text-decoration:line-through'>", "<div data-pdf='/a.pdf'>", "<p style='white-space:pre'>а\nб</p>"],
)
def test_nothing_of_it_takes_longer_than_its_page_is_long(piece: str) -> None:
    def made(count: int) -> Callable[[], object]:
        return partial(html, f"<div>{piece * count}</div>")

    assert growth(made, 100) < GROWTH
