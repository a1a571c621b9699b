"""Months of the edition without pictures: every item can be read there whole, and nothing leads out of the edition."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from lxml import html

from feedpub.content import By, Gone, Stored
from feedpub.publishing import feed as feed_room
from feedpub.publishing.check import check, together
from feedpub.publishing.page import Month, pictureless
from tests import axe
from tests.chromium import Browser
from tests.made import SOURCE, article, stored
from tests.test_pages import long_council
from tests.town import Town

BASE = "https://feeds.example.org/"
EDITION = f"{BASE}zrazkiv/text/"
MONTHS = ("2025-09", "2025-10", "2025-11")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = Town(tmp_path_factory.mktemp("town"))
    made.items = 5  # so that the feeds and the edition's page hold few
    made.begin()
    return made


def items(town: Town) -> list[Stored]:
    with closing(town.store()) as store:
        return list(store.of("zrazkiv").items.living())


def archive(town: Town) -> dict[str, bytes]:
    folder = "zrazkiv/text/archive/"
    return {n: data for n, data in town.published().items() if n.startswith(folder) and n.endswith(".html")}


def tree(data: bytes) -> Any:
    return html.document_fromstring(data.decode())


def test_each_item_stands_whole_in_one_third_of_its_month_with_the_council_s_link(town: Town) -> None:
    entries = [e for data in archive(town).values() for e in tree(data).find_class("h-entry")]
    texts = {e.find_class("u-url")[0].get("href"): e.find_class("e-content")[0] for e in entries}
    known = items(town)
    assert len(entries) == len(texts) == len(known) == 31
    for item in known:
        text = texts[item.article.url]
        entry = feed_room.pictureless_entry(feed_room.entry_of(town.source, item, {}))
        whole = html.fragment_fromstring(entry.content_html, create_parent="div")
        assert text.text_content().split() == whole.text_content().split()
        assert item.article.url in {a.get("href") for a in text.iter("a")}


def test_a_month_names_its_items_by_day_and_leads_to_their_texts(town: Town) -> None:
    published = town.published()
    for month in MONTHS:
        name = f"zrazkiv/text/archive/{month}/index.html"
        expected = [i for i in items(town) if f"{i.date.astimezone(town_zone(town)):%Y-%m}" == month]
        links = {a.text_content(): a.get("href") for a in tree(published[name]).find(".//main").iter("a")}
        for item in expected:
            file, _, anchor = urljoin(BASE + name, links[item.article.title]).removeprefix(BASE).partition("#")
            [text] = tree(published[f"{file}index.html"]).xpath(f"//*[@id='{anchor}']")
            assert text.find_class("p-name")[0].text_content() == item.article.title


def town_zone(town: Town) -> Any:
    with closing(town.store()) as store:
        return town.council(store).zone


def test_the_edition_s_page_goes_on_with_the_month_of_its_last_item(town: Town) -> None:
    found = tree(town.published()["zrazkiv/text/index.html"])
    led = [a.get("href") for a in found.find_class("turn")[0].iter("a")]
    assert led == ["archive/2025-09/", "archive/"]
    contents = tree(town.published()["zrazkiv/text/archive/index.html"])
    months = [a.get("href") for a in contents.find(".//main").iter("a")]
    assert months == ["2025-11/", "2025-10/", "2025-09/"]


def test_a_month_leads_to_the_months_beside_it(town: Town) -> None:
    october = tree(town.published()["zrazkiv/text/archive/2025-10/index.html"])
    assert {a.get("rel"): a.get("href") for a in october.iter("a") if a.get("rel")} == {
        "prev": "../2025-09/", "next": "../2025-11/",
    }  # fmt: skip


def test_nothing_there_is_loaded_and_nothing_but_its_footer_leads_out_of_the_edition(town: Town) -> None:
    for name, data in archive(town).items():
        found, text = tree(data), data.decode()
        assert not re.findall(r'(?:src|srcset|data|poster)="', text), name
        assert "img-src data:;" in text, name
        named = {link.get("href") for link in found.iter("link") if link.get("rel") == "alternate"}
        assert named == {f"{EDITION}atom.xml", f"{EDITION}rss.xml"}, name
        [footer] = found.iter("footer")
        footer.getparent().remove(footer)
        led = {urljoin(BASE + name, a.get("href")) for a in found.iter("a")}
        assert {url for url in led if url.startswith(BASE) and not url.startswith(EDITION)} == set(), name
        assert check(data) == [], name


def test_all_of_it_fits_together(town: Town) -> None:
    assert [f"{name}: {problem}" for name, problem in together(town.published())] == []


@pytest.mark.parametrize(
    ("utc", "third"),
    [
        ("2025-05-10T20:59:00+00:00", 1),  # 23:59 in Kyiv
        ("2025-05-10T21:01:00+00:00", 2),  # the next day there
        ("2025-05-20T20:59:00+00:00", 2),
        ("2025-05-20T21:01:00+00:00", 3),
        ("2025-05-31T12:00:00+00:00", 3),
        ("2025-01-31T12:00:00+00:00", 3),
        ("2025-05-01T00:00:00+00:00", 1),
    ],
)
def test_a_third_is_that_of_the_council_s_own_days(utc: str, third: int) -> None:
    entry = feed_room.entry_of(SOURCE, stored(article(1, "<p>А</p>", date=utc)), {})
    assert pictureless.third_of(entry, long_council("Рада")) == third


def test_a_third_without_news_says_so_and_names_its_days() -> None:
    council = replace(long_council("Рада"), months=[Month("2024-02", 1)])
    own = feed_room.pictureless_offers(council.offers[:1], BASE, "uk")[0]
    data = pictureless.pictureless_third_page(council, own, "2024-02", 3, [])
    found = tree(data)
    assert found.findtext(".//h1") == "21–29 лютого 2024"
    assert "За ці дні новин немає" in found.text_content()
    assert [a.text_content().strip() for a in found.findall(".//nav")[-1]] == ["1–10 лютого 2024", "11–20 лютого 2024"]
    assert check(data) == []


@pytest.mark.parametrize("by", [By.COUNCIL, By.OPERATOR])
def test_of_a_withdrawn_item_not_a_word_stays_there(tmp_path: Path, by: By) -> None:
    town = Town(tmp_path)
    town.begin()
    item = max(items(town), key=lambda i: i.date)
    with closing(town.store()) as store:
        store.of("zrazkiv").items.put(replace(item, gone=Gone(datetime(2025, 11, 20, tzinfo=UTC), by, "")), ())
    town.emit()
    edition = {n: data.decode("utf-8", "ignore") for n, data in town.published().items() if "zrazkiv/text/" in n}
    plain = {n: text for n, text in edition.items() if not n.endswith((".gz", ".br"))}
    assert [n for n, text in plain.items() if item.article.url in text or item.article.title in text] == []


def test_a_month_whose_last_item_goes_takes_its_pages_with_it(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.begin()
    september = [i for i in items(town) if i.date.month == 9]
    with closing(town.store()) as store, store.transaction():
        for item in september:
            store.of("zrazkiv").items.put(replace(item, gone=Gone(town.now, By.COUNCIL, "")), ())
    town.emit()
    assert [name for name in town.published() if "2025-09" in name] == []
    assert not (town.folder / "public/zrazkiv/text/archive/2025-09").exists()
    assert [f"{name}: {problem}" for name, problem in together(town.published())] == []


def test_an_edit_writes_the_third_in_which_it_stands_and_no_other(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.begin()
    before, item = town.published(), max(items(town), key=lambda i: i.date)
    edited = replace(item.article, blocks=("<p>Виправлено.</p>",), text="Виправлено.")
    with closing(town.store()) as store:
        store.of("zrazkiv").items.put(replace(item, article=edited, updated=town.now), ())
    town.emit()
    after = archive(town)
    assert {n for n in after if after[n] != before[n]} == {"zrazkiv/text/archive/2025-11/2/index.html"}


@pytest.mark.parametrize("width", [320, 1280])
def test_no_request_leaves_its_pages_and_they_fit(town: Town, browser: Browser, width: int) -> None:
    for name, data in archive(town).items():
        browser.look(width=width)
        browser.show(data.decode(), policy=None)
        assert browser.run("performance.getEntriesByType('resource').map(e => e.name)") == [], name
        assert axe.overflows(browser) == [], name
