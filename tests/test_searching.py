"""All news are searched in the browser, by any form of a word, and without a server."""

from __future__ import annotations

import json
from typing import Any

import pytest

from feedpub.content import Feed
from feedpub.dictionary import stems
from feedpub.kinds import SEARCH
from feedpub.model import Collection, Site
from feedpub.publishing.check import check
from feedpub.publishing.feed import Edition, archive_document
from feedpub.publishing.render import render
from tests.chromium import Browser
from tests.made import SOURCE, article, stored
from tests.test_pages import BASE
from tests.town import Town

MONTH = Collection("archive/2025-06", "2025-06", 3)
ITEMS = (
    article(1, "<p>Видають гуманітарну допомогу.</p>", title="Оголошення", categories=("Оголошення",)),
    article(2, "<p>Сесія міської ради.</p>", title="Рада зібралася", categories=("Новини",)),
    article(3, "<p>Радіо мовить на 101,5 FM про об’єкт.</p>", title="Ефір", categories=("Новини", "Медіа")),
)


def month(*articles: Any) -> Feed:
    edition = Edition(SOURCE, Site(), {}, BASE, "0")
    return archive_document(edition, [stored(a) for a in articles], "tag:rada", MONTH, None)


def index(*articles: Any) -> bytes:
    return render(SEARCH, month(*articles), "")


# ------------------------------------------------------------ the index


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("допомогу", "допомога"),
        ("допомога", "допомогою"),
        ("ради", "раді"),
        ("сесія", "сесій"),
        ("видають", "видавати"),
    ],
)
def test_a_word_s_forms_are_those_of_the_dictionary(word: str, form: str) -> None:
    assert any(form.startswith(stem) and form[len(stem) :] in ends for stem, ends in stems(word, "uk"))


@pytest.mark.parametrize(("word", "form"), [("рада", "радіо"), ("радіо", "рада"), ("зразків", "зразковий")])
def test_and_no_others(word: str, form: str) -> None:
    assert not any(form.startswith(stem) and form[len(stem) :] in ends for stem, ends in stems(word, "uk"))


def test_a_word_that_no_dictionary_knows_has_itself_as_its_only_form() -> None:
    assert stems("пшикладув", "uk") == (("пшикладув", frozenset({""})),)
    assert stems("council", "pl") == (("council", frozenset({""})),)


def test_the_index_names_each_item_with_its_page_and_the_council_s() -> None:
    value = json.loads(index(*ITEMS))
    assert sorted(row[2] for row in value["items"]) == ["Ефір", "Оголошення", "Рада зібралася"]
    assert all(row[3].startswith("https://rada.example/content/") for row in value["items"])
    assert value["categories"] == ["Медіа", "Новини", "Оголошення"]
    assert check(index(*ITEMS), SEARCH) == []


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("items", [], "names no items"),
        ("words", [["а", 10**6, [0]]], "has a word without endings"),
        ("words", [["а", 0, [7]]], "finds an item that it does not name"),
        ("items", [["a", "2025-06-09T07:39Z", "Назва", "javascript:0", []]], "is linked by no absolute address"),
        ("items", [["a", "2025-06-09T07:39Z", " ", "https://rada.example/", []]], "has no title"),
        ("items", None, "is no index of items"),
    ],
)
def test_an_index_that_leads_nowhere_is_not_published(key: str, value: Any, problem: str) -> None:
    broken = json.loads(index(*ITEMS)) | {key: value}
    assert problem in " ".join(map(str, check(json.dumps(broken).encode(), SEARCH)))


def test_the_same_items_give_the_same_index() -> None:
    assert index(*ITEMS) == index(*ITEMS)


# ------------------------------------------------------------ in a real browser


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    town = Town(tmp_path_factory.mktemp("searched"))
    town.begin()
    return town.published()


def opened(browser: Browser, published: dict[str, bytes], without: str = "*") -> None:
    beside = {n.removeprefix("zrazkiv/"): d for n, d in published.items() if n.endswith(".json") and without not in n}
    browser.look(width=390)
    browser.show(published["zrazkiv/index.html"].decode(), policy=None, beside=beside)


def found(browser: Browser, words: str, category: str = "") -> tuple[list[str], str]:
    """The titles that a search shows, and what it says."""
    put = "document.querySelector('.find {}').value = {}"
    browser.run(put.format("input", json.dumps(words)))
    if category:
        browser.run(put.format("select", json.dumps(category)))
    browser.run("document.querySelector('.find input').dispatchEvent(new Event('input'))")
    browser.settle(0.6)
    titles = browser.run("[...document.querySelectorAll('.find li a:first-of-type')].map(a => a.textContent)")
    return titles, browser.run("document.querySelector('.find [role=status]').textContent")


def test_items_of_all_months_are_found_by_any_form_of_a_word(browser: Browser, published: dict[str, bytes]) -> None:
    opened(browser, published)
    titles, said = found(browser, "переселенець продуктовий набір")
    assert titles == ["Видача продуктових наборів родинам переселенців"]
    assert said == "Знайдено: 1"
    assert browser.run("document.getElementById('newest').hidden") is True
    hrefs = browser.run("[...document.querySelectorAll('.find li a')].map(a => a.getAttribute('href'))")
    assert f"zrazkiv/{hrefs[0]}" in published
    assert hrefs[1].startswith("https://zrazkiv.example/")
    assert found(browser, "") == ([], "")
    assert browser.run("document.getElementById('newest').hidden") is False
    assert [f for f in browser.fired if "asked for" in f] == []


def test_what_is_typed_may_be_the_beginning_of_the_last_word(browser: Browser, published: dict[str, bytes]) -> None:
    opened(browser, published)
    assert "Видача продуктових наборів родинам переселенців" in found(browser, "набори пересел")[0]
    assert found(browser, "пересел набори")[0] == []


def test_a_category_alone_shows_its_items(browser: Browser, published: dict[str, bytes]) -> None:
    opened(browser, published)
    titles, said = found(browser, "", "Оголошення")
    assert said == "Знайдено: 14"
    assert len(titles) == 14


def test_nothing_found_is_said_and_so_is_what_could_not_be_read(browser: Browser, published: dict[str, bytes]) -> None:
    opened(browser, published)
    assert found(browser, "крокодил") == ([], "Нічого не знайдено")
    opened(browser, published, without="2025-10")
    titles, said = found(browser, "переселенець")
    assert "Видача продуктових наборів родинам переселенців" not in titles
    assert "Частину архіву не вдалося прочитати" in said


def test_nothing_is_loaded_before_somebody_searches_and_without_scripts_months_remain(
    browser: Browser, published: dict[str, bytes]
) -> None:
    browser.show(published["zrazkiv/index.html"].decode(), policy=None)
    browser.settle(0.3)
    assert browser.fired == []
    browser.show(published["zrazkiv/index.html"].decode(), policy=None, scripts=False)
    assert browser.run("getComputedStyle(document.querySelector('.find')).display") == "none"
    assert browser.run("document.querySelector('.turn a').getAttribute('href')").startswith("archive/2025-")
