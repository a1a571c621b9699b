"""The council's press officer finds how the terms are kept, whom to write to, and a button that asks no third host."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from lxml import etree, html

from feedpub import publishing
from feedpub.publishing.check import check
from feedpub.publishing.page import press, press_strings
from feedpub.publishing.page.strings import Words
from tests.chromium import Browser
from tests.test_pages import BASE, TOPICS
from tests.town import Town

DOCUMENT = Path(__file__).parent.parent / "docs" / "press.md"
NAME = "zrazkiv/press/index.html"
QR = "zrazkiv/press/qr.svg"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    made = Town(tmp_path)
    made.begin()
    return made


def page(town: Town) -> Any:
    return html.document_fromstring(town.published()[NAME].decode())


def test_the_page_says_whom_to_write_to_and_that_an_item_can_be_withdrawn(town: Town) -> None:
    target = replace(town.target, publisher="Ініціатива", contact="mailto:a@b.example")
    with closing(town.store()) as store:
        assert not publishing.emit(town.council(store), target, town.now).problems
    words = page(town).text_content()
    assert "Видавець цих сторінок: Ініціатива. Напишіть: a@b.example." in words
    assert "feedpub withdraw" in words
    assert "mailto:a@b.example" in [a.get("href") for a in page(town).iter("a")]


def test_the_council_s_page_and_the_one_about_all_lead_there(town: Town) -> None:
    for name, way in (("zrazkiv/index.html", "press/"), ("about/index.html", "../zrazkiv/press/")):
        assert f'href="{way}"' in town.published()[name].decode()


def test_the_document_and_the_page_say_the_same() -> None:
    text = " ".join(re.sub(r"[*#`]", "", DOCUMENT.read_text(encoding="utf-8")).split())
    for words in (press_strings.UK, press_strings.EN):
        said = [f"{words[f'press_{n}']} {words[f'press_{n}_more']}" for n in (*press.TOPICS, *press.OBJECTIONS)]
        assert [one for one in (words["press_lead"], *said) if one not in text] == []


def test_the_button_has_its_picture_in_it_and_the_code_that_is_copied_is_the_one_that_is_shown(town: Town) -> None:
    code, link = page(town).iter("code")
    copied = [b.get("data-copy") for b in page(town).iter("button")]
    assert copied == [code.text_content(), link.text_content()]
    shown: Any = html.fragment_fromstring(code.text_content())
    [picture] = shown
    assert (shown.tag, shown.get("href"), picture.get("alt")) == (
        "a", f"{BASE}zrazkiv/", "Підписатися на новини ради",
    )  # fmt: skip
    drawn = unquote(picture.get("src").removeprefix("data:image/svg+xml,")).encode()
    assert drawn + b"\n" == town.published()["zrazkiv/press/button.svg"]
    assert check(drawn) == []
    assert "http" not in code.text_content().replace(BASE, "").replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize(
    "harm", ["<script/>", "<image href='https://a.example/'/>", "<g onclick='a'/>", "<rect fill='url(#a)'/>"]
)
def test_a_drawing_that_loads_or_runs_something_is_held_back(harm: str) -> None:
    drawn = press.button("Підписатися").decode()
    assert check(drawn.encode()) == []
    assert check(drawn.replace("<title>", f"{harm}<title>").encode())


def test_a_word_that_is_markup_stays_a_word() -> None:
    drawn = press.button("<b>&\"'")
    assert etree.fromstring(drawn).findtext("{http://www.w3.org/2000/svg}text") == "<b>&\"'"
    code = press.snippet('https://a.example/?a="b"&c', drawn.decode(), "<b>")
    link: Any = html.fragment_fromstring(code)
    assert (link.get("href"), link[0].get("alt")) == ('https://a.example/?a="b"&c', "<b>")


def test_the_qr_code_is_the_address_s_alone_and_as_dark_modules_with_a_quiet_border(town: Town) -> None:
    drawn = town.published()[QR]
    assert drawn == press.qr_code(f"{BASE}zrazkiv/", Words("uk"))
    assert drawn != press.qr_code(f"{BASE}inshe/", Words("uk"))
    assert etree.fromstring(drawn).get("width") == etree.fromstring(drawn).get("height")
    rows = re.search(rb'd="M4 4\.5h7', drawn)  # a finder pattern, four modules from the edge
    assert rows


def test_it_is_not_made_again_for_news(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    drawn = press.qr_code

    def counted(address: str, words: Words) -> bytes:
        made.append(address)
        return drawn(address, words)

    monkeypatch.setattr(press, "qr_code", counted)
    before = town.published()
    town.site.articles[-1] = replace(town.site.articles[-1], title="Інша назва")
    town.run(days=1)
    assert town.published()["zrazkiv/index.html"] != before["zrazkiv/index.html"]
    assert made == []
    town.source = replace(town.source, topics=TOPICS)  # another configuration
    town.run(days=1)
    assert made == [f"{BASE}zrazkiv/"] * 2  # the picture, and the page that shows it
    assert town.published()[QR] == before[QR]


def test_what_is_gone_is_made_again(town: Town) -> None:
    before = town.published()
    (town.folder / "public" / QR).unlink()
    town.emit()
    assert town.published() == before


def test_the_button_on_another_s_page_asks_for_nothing(town: Town, browser: Browser) -> None:
    code = unescape(re.search(r'data-copy="(.*?)"', town.published()[NAME].decode())[1])  # type: ignore[index]
    browser.show(
        f"<!DOCTYPE html><meta charset=utf-8><title>a</title>{code}", policy="default-src 'none'; img-src 'self' data:"
    )
    assert browser.run("[...document.images].map(i => [i.complete, i.naturalHeight])") == [[True, press.HEIGHT]]
    assert (browser.fired, browser.pictures) == ([], [])
    drawn = quote(town.published()[QR].decode())
    browser.show(f"<!DOCTYPE html><title>a</title><img src='data:image/svg+xml,{drawn}'>", policy=None)
    assert browser.run("document.images[0].naturalWidth") > 200
