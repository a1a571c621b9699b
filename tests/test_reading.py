"""Each item can be read on a page of its own, also while the council's site does not answer."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from feedpub.address import file_key
from feedpub.content import By, Gone, Stored, Thumbnail
from feedpub.kinds import item_file
from feedpub.publishing import page
from feedpub.publishing.check import check
from feedpub.publishing.feed import entry_of
from feedpub.publishing.page import reading
from tests.chromium import Browser, Picture
from tests.made import SOURCE, article, stored
from tests.test_pages import BASE, long_council
from tests.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    made = Town(tmp_path)
    made.begin()
    return made


def newest(town: Town) -> Stored:
    with closing(town.store()) as store:
        return store.of("zrazkiv").items.newest(1)[0]


def address(item: Stored) -> str:
    return f"zrazkiv/{item_file(item.id)}"


def tree(town: Town, name: str) -> Any:
    return html.document_fromstring(town.published()[name].decode())


ADDRESS = "https://rada.example/a.jpg"


def item_page(body: str, **changes: Any) -> str:
    """The page of an item with this text; there is a small copy of PICTURE's picture, and of no other."""
    entry = entry_of(SOURCE, stored(article(1, body, **changes)), {})
    copies = {file_key(ADDRESS): Thumbnail(f"picture/{'a' * 26}.jpg", 800, 600)}
    data = reading.item_page(long_council("Зразківська міська рада"), entry, copies)
    assert check(data) == []
    return data.decode()


def changed_files(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    names = {n for n in before.keys() | after.keys() if before.get(n) != after.get(n)}
    return {n for n in names if not n.endswith((".gz", ".br"))}


# ------------------------------------------------------------ what is there


def test_an_item_is_read_whole_with_the_council_s_link_in_its_second_paragraph(town: Town) -> None:
    item = newest(town)
    shown = tree(town, address(item))
    [text] = shown.find_class("e-content")
    words = " ".join(text.text_content().split())
    assert all(" ".join(line.split()) in words for line in item.article.text.splitlines())
    [link] = text[1].iter("a")
    assert (link.get("href"), link.get("rel")) == (item.article.url, None)
    assert shown.find_class("p-name")[0].text_content() == item.article.title
    assert [a.get("href") for a in shown.find_class("u-url")] == [item.article.url]


@pytest.mark.parametrize(
    ("page_of", "way"),
    [("zrazkiv/index.html", ""), ("zrazkiv/archive/2025-11/index.html", "../../"), ("index.html", "zrazkiv/")],
)
def test_titles_lead_there_and_the_council_s_page_is_beside_them(town: Town, page_of: str, way: str) -> None:
    item = newest(town)
    links = {a.get("href"): a.text_content() for a in tree(town, page_of).iter("a") if a.text_content() != "zrazkiv"}
    assert links[way + item_file(item.id)] == item.article.title
    beside = {a.get("href") for a in tree(town, page_of).iter("a") if a.text_content() == "на сайті ради"}
    assert item.article.url in beside


def test_its_address_is_made_of_the_id_alone(town: Town) -> None:
    item = newest(town)
    assert re.fullmatch(r"item/[a-z2-7]{12}\.html", item_file(item.id))
    with closing(town.store()) as store:
        other = replace(
            item.article, title="Інша назва", published=item.date.replace(month=1), blocks=("<p>Інше.</p>",)
        )
        store.of("zrazkiv").items.put(replace(item, article=other), ())
    town.emit()
    assert tree(town, address(item)).find_class("p-name")[0].text_content() == "Інша назва"


def test_who_is_sent_its_address_sees_what_it_is(town: Town) -> None:
    item = newest(town)
    metas = {m.get("property"): m.get("content") for m in tree(town, address(item)).iter("meta") if m.get("property")}
    assert metas["og:title"] == item.article.title
    assert metas["og:url"] == f"{BASE}{address(item)}"
    assert item.article.text.startswith(metas["og:description"][:100])
    assert metas["og:site_name"] == "Новини з сайту: Зразківська міська рада"
    assert metas["article:published_time"] == "2025-11-14T09:30:00+02:00"


def test_an_item_without_pictures_is_shared_without_one() -> None:
    entry = entry_of(SOURCE, stored(article(1, "<p>Так.</p>")), {})
    assert "og:image" not in reading.item_page(long_council("Рада"), entry, {}).decode()


def test_headings_go_on_from_the_title_one_level_at_a_time() -> None:
    shown = item_page("<h4>Один</h4><p>Т.</p><h6>Два</h6><p>Т.</p><h2>Три</h2><p>Т.</p>")
    assert re.findall(r"<h\d[^>]*>(?:Один|Два|Три)</h\d>", shown) == ["<h2>Один</h2>", "<h3>Два</h3>", "<h2>Три</h2>"]


# ------------------------------------------------------------ withdrawn


@pytest.mark.parametrize("by", [By.COUNCIL, By.OPERATOR])
def test_of_a_withdrawn_item_its_address_says_that_and_not_a_word_more(town: Town, by: By) -> None:
    item = newest(town)
    with closing(town.store()) as store:
        store.of("zrazkiv").items.put(replace(item, gone=Gone(town.now, by, "")), ())
    town.emit()
    shown = town.published()[address(item)].decode()
    assert "Цю новину вилучено" in shown
    assert not [w for w in (item.article.title, item.article.text[:40], item.article.url) if w in shown]
    assert item_file(item.id) not in "".join(
        d.decode("utf-8", "ignore") for n, d in town.published().items() if n.endswith(".html")
    )
    with closing(town.store()) as store:
        store.of("zrazkiv").items.put(item, ())
    town.emit()
    assert item.article.title in town.published()[address(item)].decode()


# ------------------------------------------------------------ what it costs


def test_an_edit_writes_one_item_s_page_and_a_run_without_news_none(town: Town) -> None:
    item, before = newest(town), town.published()
    assert town.emit().written == ()
    with closing(town.store()) as store:
        edited = replace(item.article, blocks=("<p>Виправлено.</p>",), text="Виправлено.")
        store.of("zrazkiv").items.put(replace(item, article=edited, updated=town.now), ())
    town.emit()
    changed = changed_files(before, town.published())
    assert {n for n in changed if "/item/" in n} == {address(item)}


def test_other_news_changes_no_item_s_page(town: Town) -> None:
    before = {n: d for n, d in town.published().items() if "/item/" in n}
    town.source = replace(town.source, description=town.source.description)
    with closing(town.store()) as store:
        made = replace(newest(town), id="tag:zrazkiv.example,2026:zrazkiv/more")
        store.of("zrazkiv").items.put(made, ())
    town.emit()
    after = {n: d for n, d in town.published().items() if "/item/" in n}
    assert {n.partition(".html")[0] for n in after.keys() - before.keys()} == {address(made).removesuffix(".html")}
    assert all(after[n] == d for n, d in before.items())


@pytest.mark.parametrize("damage", ["deleted", "replaced", "twin deleted"])
def test_a_page_that_somebody_took_away_is_back_after_the_next_run(town: Town, damage: str) -> None:
    before = town.published()
    file = town.folder / "public" / address(newest(town))
    if damage == "deleted":
        file.unlink()
    elif damage == "twin deleted":
        file.with_name(f"{file.name}.br").unlink()
    else:
        other = file.with_name("other")
        other.write_bytes(b"other")
        other.rename(file)
    town.emit()
    assert town.published() == before


def test_where_its_page_would_break_a_rule_titles_lead_to_the_council(town: Town) -> None:
    council = long_council("Рада")
    [entry, *_] = council.newest
    broken = replace(council, unreadable={entry.id})
    links = [
        a.get("href")
        for a in html.document_fromstring(page.source_page(broken).decode()).find_class("p-name")[0].iter("a")
    ]
    assert links == [entry.url]


# ------------------------------------------------------------ in a real browser


PICTURE = f'<p>Так.</p><p><img src="{ADDRESS}" alt="Афіша концерту"></p>'


def test_a_picture_that_does_not_come_leaves_its_words(browser: Browser) -> None:
    browser.look(width=390)
    browser.show(item_page(PICTURE), policy=None, picture=Picture(b"", "text/plain"))
    browser.settle(0.3)
    assert browser.run("document.images.length") == 0
    assert browser.run("document.querySelector('.missing').textContent") == "Афіша концерту"


SHARE = "Object.defineProperty(navigator, 'share', {value: async what => { window.got = what; }})"
NO_SHARE = "delete Navigator.prototype.share"


def test_it_is_shared_by_its_address(browser: Browser) -> None:
    browser.look(width=390)
    browser.show(item_page("<p>Так.</p>").replace("<head>", f"<head><script>{SHARE}</script>", 1), policy=None)
    browser.run("document.querySelector('[data-share]').click()")
    browser.settle(0.1)
    assert browser.run("window.got.url").startswith(f"{BASE}rada/item/")
    assert browser.run("window.got.title") == "Заголовок — Зразківська міська рада"


@pytest.mark.parametrize("scripts", [True, False])
def test_without_a_share_sheet_its_address_is_a_link_and_no_button_is_there(browser: Browser, scripts: bool) -> None:
    text = item_page("<p>Так.</p>").replace("<head>", f"<head><script>{NO_SHARE}</script>", 1)
    browser.look(width=390)
    browser.show(text, policy=None, scripts=scripts)
    assert browser.run("document.querySelector('[data-share]').offsetParent") is None
    [link] = [a for a in html.document_fromstring(text).iter("a") if a.get("rel") == "bookmark"]
    assert link.get("href") == link.text_content()
    assert link.text_content().startswith(f"{BASE}rada/item/")


def test_a_wide_table_scrolls_by_itself_and_not_the_page(browser: Browser) -> None:
    from tests import axe

    row = "".join(f"<td>Розпорядження {n}</td>" for n in range(12))
    browser.look(width=320)
    browser.show(item_page(f"<p>Так.</p><table><tbody><tr>{row}</tr></tbody></table>"), policy=None)
    assert axe.overflows(browser) == []
