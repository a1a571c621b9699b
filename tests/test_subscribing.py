"""How a person subscribes: each feed has a page with its news and its own ways, and no page leads to raw XML first."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

import pytest
from lxml import html

from feedpub.kinds import PREFERRED
from feedpub.model import Topic
from feedpub.publishing.check import check, together
from feedpub.publishing.page.strings import LANGUAGES, Words
from feedpub.publishing.page.subscribing import SERVICES, SYSTEMS, ways_to
from tests.chromium import Browser
from tests.test_pages import long_council
from tests.town import Town

BASE = "https://feeds.example.org/"
VACANCIES = Topic("vakansii", "Вакансії", ("вакансія", "робота", "пункт незламності", "конкурс"))
HELP = Topic("vpo", "ВПО та допомога", ("ВПО", "переселенці", "гуманітарна допомога"))
NONE = Topic("sesii", "Сесії", ("слово, якого немає",))  # no item has its words
PAGE = "zrazkiv/feed/vakansii/index.html"
FEED = f"{BASE}zrazkiv/feed/vakansii/atom.xml"
EDITIONS = ("zrazkiv/", "zrazkiv/text/")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = Town(tmp_path_factory.mktemp("town"))
    made.source = replace(made.source, topics=(VACANCIES, HELP, NONE))
    made.begin()
    return made


def tree(town: Town, name: str = PAGE) -> Any:
    return html.document_fromstring(town.published()[name].decode())


def hrefs(found: Any) -> list[str]:
    return [str(a.get("href")) for a in found.iter("a")]


def pages(town: Town) -> dict[str, Any]:
    names = [n for n in town.published() if n.endswith(".html")]
    return {name: tree(town, name) for name in names}


# ------------------------------------------------------------ a page for each feed


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_topic_s_page_has_its_items_newest_first_and_the_way_to_earlier_ones(town: Town, edition: str) -> None:
    from feedparser import parse

    folder = f"{edition}feed/vakansii/"
    titles = [entry.title for entry in parse(town.published()[f"{folder}atom.xml"]).entries]
    found = tree(town, f"{folder}index.html")
    assert len(titles) > 1
    shown = [a.text_content() for a in found.find(".//main").iter("a") if a.text_content() in titles]
    assert shown == titles
    [earlier] = found.find_class("turn")[0].iter("a")
    assert urljoin(f"{BASE}{folder}", earlier.get("href")) in (
        f"{BASE}{edition}archive/2025-09/", f"{BASE}{edition}archive/2025-10/",
    )  # fmt: skip


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_topic_without_news_says_so_on_its_page_and_can_be_subscribed_to(town: Town, edition: str) -> None:
    found = tree(town, f"{edition}feed/{NONE.id}/index.html")
    assert "Новин на цю тему ще немає." in found.find(".//main").text_content()
    assert not found.find_class("turn")
    assert not [ul for ul in found.find(".//main").iter("ul") if not len(ul)]
    assert f"{BASE}{edition}feed/{NONE.id}/" in str(found.get_element_by_id("subscribe").text_content()) + "".join(
        str(field.get("value")) for field in found.iter("input")
    )


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", ["feed/vakansii/", "feed/vpo/", "category/novyny/"])
def test_it_names_its_own_feed_to_programs_and_to_people_and_no_other(town: Town, edition: str, name: str) -> None:
    found = tree(town, f"{edition}{name}index.html")
    own = f"{BASE}{edition}{name}"
    named = [link.get("href") for link in found.iter("link") if link.get("rel") == "alternate"]
    assert named == [f"{own}atom.xml", f"{own}rss.xml"]
    card = found.get_element_by_id("subscribe")
    feeds = [url for url in hrefs(card) if "feeds.example.org" in url]
    ways = {f"feed:{own}atom.xml", *(s.format(quote(f"{own}atom.xml", safe="")) for _, s in SERVICES)}
    assert {url for url in feeds if not url.startswith(own) and "blogtrottr" not in url} <= ways
    assert [code.text_content() for code in card.iter("code")] == [f"{own}atom.xml"]
    assert [b.get("data-feed") for b in card.iter("button") if b.get("data-feed")] == [f"{own}atom.xml"]


def test_more_items_than_stand_there_whole_are_named_by_title() -> None:
    from feedpub.content import Feed, Generator
    from feedpub.publishing.page.topics import topic_page

    council = long_council("Рада")
    entries = tuple(
        replace(council.newest[0], id=f"tag:rada.example,2026:rada/{n}", title=f"Новина {n}") for n in range(50)
    )
    feed = Feed(
        id="x", title="Рада: Вакансії", description="", home="", base_url=f"{council.folder}feed/vakansii/",
        language="uk", rights="", author="", webmaster=None, icon=None, logo=None, category_scheme="",
        updated=entries[0].updated, ttl=60, generator=Generator("feedpub"), entries=entries,
    )  # fmt: skip
    data = topic_page(council, "Дуже довга назва рубрики " * 40, feed)
    found = html.document_fromstring(data.decode())
    assert (len(found.find_class("h-entry")), len(found.find_class("titles")[0])) == (25, 25)
    assert check(data) == []
    assert len(data) < 100_000


def test_someone_who_wants_only_vacancies_finds_them_on_the_first_page(town: Town) -> None:
    for name, way in (("index.html", "zrazkiv/feed/vakansii/"), ("zrazkiv/index.html", "feed/vakansii/")):
        assert "Вакансії" in {a.text_content() for a in tree(town, name).iter("a") if a.get("href") == way}
    assert "zrazkiv/#subscribe" in hrefs(tree(town, "index.html"))


@pytest.mark.long
def test_a_topic_that_is_taken_out_of_the_configuration_takes_its_pages_with_it(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.source = replace(town.source, topics=(VACANCIES, HELP))
    town.begin()
    assert PAGE in town.published()
    town.source = replace(town.source, topics=(HELP,))
    town.emit()
    published = town.published()
    assert [name for name in published if "vakansii" in name] == []
    assert [name for name, found in pages(town).items() for url in hrefs(found) if "vakansii" in url] == []
    assert [f"{name}: {problem}" for name, problem in together(published)] == []


def test_feeds_without_pages_of_an_earlier_version_get_them(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.source = replace(town.source, topics=(VACANCIES, HELP))
    town.begin()
    before = town.published()
    for name in [n for n in before if re.search(r"(feed|category)/[^/]+/index\.html", n)]:
        (town.folder / "public" / name).unlink()
    town.emit()
    assert town.published() == before


# ------------------------------------------------------------ never raw XML first


def test_no_page_leads_to_raw_xml_but_where_formats_are_unfolded(town: Town) -> None:
    for name, found in pages(town).items():
        links = [a for a in found.iter("a") if not any(e.tag == "details" for e in a.iterancestors())]
        led = [urljoin(BASE + name, a.get("href")) for a in links]
        raw = {url for url in led if url.startswith(BASE) and url.endswith((".xml", ".json"))}
        assert raw <= {f"{BASE}zrazkiv/archive/index.json"}, name  # for developers, and named so


def test_no_feed_asks_a_browser_for_a_style_sheet(town: Town) -> None:
    """Browsers give up XSLT. What a feed looks like in one is not what people are to see."""
    assert [name for name, data in town.published().items() if b"xml-stylesheet" in data[:500]] == []


# ------------------------------------------------------------ the ways


def test_an_app_gets_the_whole_address_so_it_keeps_tls() -> None:
    ways = ways_to(f"{BASE}rada/")
    assert ways.in_app == f"feed:{BASE}rada/atom.xml"
    assert ways.in_app.startswith("feed:https://")
    assert all(quote(ways.address, safe="") in url for _, url in (*ways.services, ways.mail))
    assert ways.address.endswith(PREFERRED.name)


def test_each_system_has_an_app_and_a_place_to_get_it(town: Town) -> None:
    assert [system.name for system in SYSTEMS] == ["Android", "iPhone, iPad", "Mac", "Windows, Linux"]
    links = set(hrefs(tree(town).get_element_by_id("subscribe")))
    assert {url for system in SYSTEMS for app in system.apps for _, url in app.stores} <= links


def test_who_chooses_a_service_or_mail_is_told_what_it_sees_and_the_edition_without_pictures_has_none(
    town: Town,
) -> None:
    words = tree(town).get_element_by_id("subscribe").text_content()
    assert "Такий сервіс бачить, що ви читаєте" in words
    for name in ("zrazkiv/text/index.html", "zrazkiv/text/feed/vakansii/index.html"):
        led = hrefs(tree(town, name))
        assert [url for url in led if re.search("feedly|inoreader|blogtrottr", url)] == []


SHARE = "Object.defineProperty(navigator, 'share', {value: async what => { window.got = what; }});"
TOUCH = "window.matchMedia = asked => ({matches: asked.includes('coarse')});"
MOUSE = "window.matchMedia = asked => ({matches: false});"
NO_SHARE = "delete Navigator.prototype.share;"
SEEN = """
[...document.querySelectorAll('#subscribe [data-app], #subscribe button')].filter(e => e.offsetParent)
.map(e => e.textContent)
"""


def on(device: str, data: bytes) -> str:
    """The page on a device: its script runs before all others, and before the page's policy is read."""
    return data.decode().replace("<head>", f"<head><script>{device}</script>", 1)


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        (SHARE + TOUCH, ["Передати в програму", "Копіювати"]),
        (SHARE + MOUSE, ["Відкрити в програмі", "Копіювати"]),
        (NO_SHARE + TOUCH, ["Відкрити в програмі", "Копіювати"]),
    ],
    ids=["a phone", "a computer with a share sheet", "no share sheet"],
)
@pytest.mark.parametrize("name", ["zrazkiv/index.html", PAGE, "zrazkiv/text/index.html"])
def test_a_phone_has_the_share_sheet_and_all_else_a_link(
    town: Town, browser: Browser, name: str, device: str, expected: list[str]
) -> None:
    browser.look(width=390)
    browser.show(on(device, town.published()[name]), policy=None)
    assert browser.run(SEEN) == expected
    own = f"{BASE}{name.removesuffix('index.html')}atom.xml"
    assert browser.run("document.querySelector('[data-app]').href") == f"feed:{own}"
    assert browser.fired == []


def test_the_share_sheet_gets_the_address_and_nothing_else_for_apps_take_all_words_for_it(
    town: Town, browser: Browser
) -> None:
    browser.look(width=390)
    browser.show(on(SHARE + TOUCH, town.published()[PAGE]), policy=None)
    browser.run("document.querySelector('[data-feed]').click()")
    browser.settle(0.1)
    assert browser.run("window.got") == {"url": FEED}


def test_where_the_share_sheet_fails_the_address_is_copied(town: Town, browser: Browser) -> None:
    failing = SHARE.replace("window.got = what;", "throw new DOMException('', 'NotAllowedError');")
    browser.look(width=390)
    browser.show(on(failing + TOUCH, town.published()[PAGE]), policy=None)
    browser.run("Object.defineProperty(navigator, 'clipboard', {value: {writeText: async t => { window.got = t; }}})")
    browser.run("document.querySelector('[data-feed]').click()")
    browser.settle(0.1)
    assert browser.run("window.got") == FEED


def test_without_scripts_nothing_is_there_that_may_be_dead_but_stores_services_and_the_address_to_copy(
    town: Town, browser: Browser
) -> None:
    browser.look(width=390)
    browser.show(town.published()[PAGE].decode(), policy=None, scripts=False)
    assert browser.run(SEEN) == []
    assert browser.run("[...document.querySelectorAll('#subscribe .apps a, #subscribe .chips a')].length") > 9
    assert browser.run("getComputedStyle(document.querySelector('code')).userSelect") == "all"


@pytest.mark.parametrize("language", LANGUAGES)
def test_menus_in_english_are_told_of_in_other_languages(language: str) -> None:
    from feedpub.publishing.page.assets import templates

    macros: Any = templates().get_template("subscribe.html").module
    text = str(macros.steps(ways_to(BASE), "x", Words(language), ""))
    assert (Words(language).in_english in text) == (language != "en")
