"""Telephone numbers: a link calls the number that its words show, or it is no link."""

from __future__ import annotations

import pytest

from feedpub import telephone
from feedpub.collecting.normalize import body

PAGE = "https://rada.example/content/stattia"


def cleaned(href: str, words: str) -> str:
    return body.clean(f'<p><a href="{href}">{words}</a></p>', PAGE).blocks[0]


@pytest.mark.parametrize(
    ("href", "words", "expected"),
    [
        # escapes and separators
        ("tel:+38 067 000 11 22", "+38 067 000 11 22", "tel:+380670001122"),
        ("tel:+38%20067%20000%2011%2022", "067 000-11-22", "tel:+380670001122"),
        ("tel:%2B38067000%2D11%2D22", "+38(067)000-11-22", "tel:+380670001122"),
        ("tel:%252B38%2520067%25200001122", "0670001122", "tel:+380670001122"),  # encoded twice
        ("tel:(044) 000-12-34", "(044) 000-12-34", "tel:0440001234"),
        ("tel:067‑000‑11‑22", "067‑000‑11‑22", "tel:0670001122"),
        ("tel:0800000700", "0&nbsp;800&nbsp;000&nbsp;700", "tel:0800000700"),
        ("tel:067 000 11 22", "067 000&shy; 11 22", "tel:0670001122"),
        ("tel:＋３８０６７０００１１２２", "＋３８０ ６７ ０００ １１ ２２", "tel:+380670001122"),
        ("tel:٠٦٧٠٠٠١١٢٢", "067 000 11 22", "tel:0670001122"),
        # schemes
        ("TEL: 101", "101", "tel:101"),
        ("tel://+380670001122", "Зателефонувати", "tel:+380670001122"),
        ("callto:+380670001122", "+380670001122", "tel:+380670001122"),
        ("http://tel:102", "102", "tel:102"),
        ("tel:тел. 0-12-34", "0-12-34", "tel:01234"),
        # short numbers and services
        ("tel:1545", "15-45", "tel:1545"),
        ("tel:112", "112 (цілодобово, 24 години)", "tel:112"),
        ("tel:*101#", "*101#", "tel:*101%23"),
        # what people leave out
        ("tel:(04400) 0-12-34", "0-12-34", "tel:0440001234"),
        ("tel:+380440001234", "044 000 12 34", "tel:+380440001234"),
        ("tel:380670001122", "+38 067 000 11 22", "tel:+380670001122"),
        ("tel:+74950001122", "8 (495) 000-11-22", "tel:+74950001122"),
        ("tel:+44 (0)20 0000 0958", "+44 (0)20 0000 0958", "tel:+442000000958"),
        ("tel:+38(0)670001122", "+38 (067) 000 11 22", "tel:+380670001122"),
        ("tel:+49300001122", "030 / 000 11 22", "tel:+49300001122"),
        # extensions and other parameters
        ("tel:+380440001234;ext=12", "044 000 12 34, дод. 12", "tel:+380440001234;ext=12"),
        ("tel:0440001234 вн. 125", "044 000-12-34 вн. 125", "tel:0440001234;ext=125"),
        ("tel:+380440001234,,12", "044 000 12 34", "tel:+380440001234;ext=12"),
        ("tel:7042;phone-context=rada.example", "7042", "tel:7042"),
        # words without a number
        ("tel:0670001122", "Пн–Пт, 24/7", "tel:0670001122"),
    ],
)
def test_a_link_calls_the_number_that_its_words_show(href: str, words: str, expected: str) -> None:
    link = cleaned(href, words)
    assert f'href="{expected}"' in link
    assert link.endswith("</a></p>")


@pytest.mark.parametrize(
    ("href", "words"),
    [
        ("tel:+380670001122", "050 000 11 22"),
        ("tel:+3820067200002011202201", "+38 067 000 11 22"),  # escapes that somebody took for digits
        ("tel:101", "102"),
        ("tel:0670001122, 0500001122", "067 000 11 22, 050 000 11 22"),
        ("tel:0670001122;0500001122", "067 000 11 22"),
        ("tel:+380670001122+380500001122", "дзвоніть"),
        ("tel:044 000-12-34/35", "000-12-34/35"),
        ("tel:+38%067", "+38 067"),
        ("tel:%FF0670001122", "067 000 11 22"),
        ("tel:", "дзвоніть"),
        ("tel:ПОЛІЦІЯ", "дзвоніть"),
        ("tel:0800-CALL-US", "дзвоніть"),
        ("tel:1", "1"),
        ("callto:rada.office?call", "Skype"),
    ],
)
def test_where_the_words_show_another_number_or_none_can_be_dialled_only_the_words_stay(href: str, words: str) -> None:
    assert cleaned(href, words) == f"<p>{words}</p>"


def test_of_several_numbers_the_link_keeps_its_own() -> None:
    link = cleaned("tel:0500001122", "тел. 067 000 11 22, 050 000 11 22 (Viber)")
    assert link == '<p>тел. 067 000 11 22, <a href="tel:0500001122">050 000 11 22</a> (Viber)</p>'
    assert cleaned("tel:0500001122", "<b>067 000 11 22</b>, 050 000 11 22") == (
        "<p><b>067 000 11 22</b>, 050 000 11 22</p>"
    )
    assert "<a" not in cleaned("tel:0670001122", "067 000<br>11 22")  # two lines, two numbers


def test_a_picture_may_be_a_link_to_a_number() -> None:
    assert 'href="tel:101"' in cleaned("tel:101", '<img src="/fire.jpg">')


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("+380670001122", "0001122", True),
        ("101", "380440000101", False),  # a short number is whole
        ("0440001234", "+380440001235", False),
        ("06700011220500001122", "0500001122", False),  # two numbers in a row have no area so long
    ],
)
def test_two_spellings_are_one_number_or_two(one: str, other: str, expected: bool) -> None:
    assert telephone.agree(one, other) is expected
    assert telephone.agree(other, one) is expected


@pytest.mark.long
def test_numbers_are_found_in_any_words_in_time() -> None:
    for words in ("1" * 200_000, "1 (" * 60_000, "(1) " * 60_000, "+(" * 60_000, "1/" * 60_000, "+0 " * 60_000):
        telephone.numbers_in(words)
        assert telephone.called(f"tel:{words}", words) is None
