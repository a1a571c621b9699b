"""The pages for people: what a resident finds there, on any screen, without any script."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from feedpub import publishing
from feedpub.content import Article, Offer
from feedpub.kinds import item_file
from feedpub.model import OWN, Health, Topic
from feedpub.publishing import page
from feedpub.publishing.check import check, together
from feedpub.publishing.page.strings import LANGUAGES, Words
from tests import axe, vnu
from tests.chromium import Browser
from tests.town import Town, failures

BASE = "https://feeds.example.org/"
FEEDS = (
    "category/mizhnarodna-spivpratsia",
    "category/novyny",
    "category/oholoshennia",
    "category/vpo-veterany",
    "feed/vpo",
)
TOPICS = (Topic("vpo", "ВПО та допомога", ("ВПО", "переселенці", "гуманітарна допомога")),)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = Town(tmp_path_factory.mktemp("town"))
    made.source = replace(made.source, topics=TOPICS)
    made.items = 10
    made.thumbnails = 20
    made.run(backfill=True)
    return made


def pages(town: Town) -> dict[str, str]:
    return {n: data.decode() for n, data in town.published().items() if n.endswith(".html")}


def tree(town: Town, name: str = "zrazkiv/index.html") -> Any:
    return html.document_fromstring(pages(town)[name])


# ------------------------------------------------------------ what is there


def test_there_is_a_page_of_all_one_of_each_source_feed_month_and_item(town: Town) -> None:
    months = [f"archive/2025-{m}/" for m in ("09", "10", "11")]
    thirds = [f"{month}{n}/" for month in months for n in (1, 2, 3)]
    both = ["", "archive/", *months, *(f"{folder}/" for folder in FEEDS)]
    folders = [*both, *(f"text/{folder}" for folder in [*both, *thirds])]
    with closing(town.store()) as store:
        items = [f"zrazkiv/{item_file(item)}" for item in store.of("zrazkiv").items.ids()]
    assert len(items) == 31
    assert sorted(pages(town)) == sorted(
        [
            "404.html",
            "about/accessibility/index.html",
            "about/index.html",
            "index.html",
            "zrazkiv/press/index.html",
            *(f"zrazkiv/{folder}index.html" for folder in folders),
            *items,
        ]
    )


def test_the_newest_items_stand_there_with_date_category_picture_summary_and_the_council_s_link(town: Town) -> None:
    found = tree(town).find_class("h-entry")
    newest = town.site.articles[-1]
    with_picture = next(e for e in found if e.find_class("u-photo"))
    assert len(found) == 25
    [photo] = with_picture.find_class("u-photo")
    assert photo.get("src").startswith("picture/")
    assert photo.getparent().get("href").startswith("https://zrazkiv.example/sites/default/files/")
    entry = next(e for e in found if e.find_class("p-name")[0].text_content() == newest.expected_title)
    [when] = entry.find_class("dt-published")
    assert when.text_content() == "14 листопада 2025, 09:30"
    assert when.get("datetime") == "2025-11-14T09:30:00+02:00"
    assert [c.text_content() for c in entry.find_class("p-category")] == list(newest.categories)
    first, second, *_ = entry.find_class("p-summary")[0].iter("p")
    assert first.text_content()[:20] in " ".join(newest.text)
    [link] = second.iter("a")
    assert link.get("href") == entry.find_class("u-url")[0].get("href")
    assert (link.get("rel"), second.text_content()) == (None, "Джерело: Зразківська міська рада, zrazkiv.example")


def test_every_feed_is_named_for_programs_and_for_people(town: Town) -> None:
    page = tree(town)
    found = {link.get("href") for link in page.iter("link") if link.get("rel") == "alternate"}
    own = {f"{BASE}zrazkiv/{n}" for n in ("atom.xml", "rss.xml", "feed.json")}
    others = {f"{BASE}zrazkiv/{folder}/atom.xml" for folder in (*FEEDS, "text")}
    assert found == own | others
    led = {urljoin(f"{BASE}zrazkiv/", a.get("href")) for a in page.iter("a")}
    assert own | {url.removesuffix("atom.xml") for url in others} <= led  # the others by their pages
    copied = {b.get("data-copy") for b in page.iter("button") if b.get("data-copy")}
    assert copied == {c.text_content() for c in page.iter("code")} == {f"{BASE}zrazkiv/atom.xml"}


def test_a_topic_and_the_categories_are_offered_with_how_many_items_they_have(town: Town) -> None:
    rows = [row.text_content().split("\n")[0].strip() for row in tree(town).get_element_by_id("topics").iter("li")]
    assert rows[0].startswith("ВПО та допомога ")
    assert rows[1:] == ["Новини 17 новин", "Оголошення 14 новин", *rows[3:]]
    assert "Newsboat і Thunderbird" in tree(town).get_element_by_id("topics").text_content()


def test_the_archive_leads_to_every_month_and_each_month_to_its_neighbours(town: Town) -> None:
    months = [
        a.get("href") for a in tree(town, "zrazkiv/archive/index.html").iter("a") if re.match("20", a.get("href"))
    ]
    assert months == ["2025-11/", "2025-10/", "2025-09/"]
    october = tree(town, "zrazkiv/archive/2025-10/index.html")
    assert {a.get("rel"): a.get("href") for a in october.iter("a") if a.get("rel")} == {
        "prev": "../2025-09/",
        "next": "../2025-11/",
    }
    assert len([a for a in october.iter("a") if "zrazkiv.example/" in a.get("href")]) == 14 + 1  # and the council's own


def test_all_that_is_published_fits_together(town: Town) -> None:
    published = town.published()
    assert [f"{n}: {p}" for n, p in together(published)] == []
    judged = [n for n in published if n.endswith((".html", ".opml", ".json"))]
    assert [f"{n}: {p}" for n in judged for p in check(published[n])] == []


# ------------------------------------------------------------ how it is


def told(town: Town, name: str = "zrazkiv/index.html") -> str:
    """The lines about how news arrive, as far as they are shown without a script."""
    [state] = tree(town, name).find_class("state")
    return " ".join(word for line in state if "hidden" not in line.attrib for word in line.text_content().split())


DATED = "Якщо ця дата давня, найновіших новин тут може не бути."


def test_it_says_when_news_last_changed_and_on_which_day_the_site_was_last_looked_at(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.run()
    assert told(town) == f"Оновлено: 14 листопада 2025, 09:30 Востаннє перевірено: 14 листопада 2025 {DATED}"
    assert told(town, "zrazkiv/text/index.html") == told(town)
    assert told(town, "index.html").endswith("Востаннє перевірено: 14 листопада 2025")
    asked, town.bases = town.bases, {}
    town.run(days=1)
    assert "Востаннє перевірено: 14 листопада 2025" in told(town)  # once is nothing
    town.run(days=1)
    assert "не вдається прочитати. Востаннє це вдалося 14 листопада 2025, 14:00" in told(town)
    assert "не вдається прочитати" in told(town, "index.html")
    silent = town.published()
    town.run(days=1)
    assert town.published() == silent  # no clock is in it
    town.bases = asked
    town.run(days=2)
    assert "Востаннє перевірено: 19 листопада 2025" in told(town)


def test_nothing_is_claimed_of_the_present_and_a_quiet_run_writes_the_day_once(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.run()
    assert not [name for name, text in pages(town).items() if "Сайт ради працює" in text]
    before = town.published()
    town.run(days=0.25)
    assert town.published() == before
    town.run(days=0.5)  # 14 November, 12:00 UTC, and 18 hours: another day
    after = town.published()
    changed = {name for name in after if after[name] != before[name] and not name.endswith((".gz", ".br"))}
    assert changed == {"index.html", "zrazkiv/index.html", "zrazkiv/text/index.html"}
    assert "Востаннє перевірено: 15 листопада 2025" in told(town)
    for hours in (1, 5, 9):
        town.run(days=hours / 24)
        assert town.published() == after


@pytest.mark.parametrize(("every", "expected"), [("run", "2025-11-17"), ("auto", "2025-11-17"), ("7d", "2025-11-24")])
def test_a_page_knows_from_which_day_on_its_last_look_is_long_ago(tmp_path: Path, every: str, expected: str) -> None:
    town = Town(tmp_path)
    town.source = replace(town.source, every=every)
    town.run()
    [warning] = [e for e in tree(town).find_class("ill") if e.get("data-from")]
    assert (warning.get("data-from"), warning.get("hidden")) == (expected, "")
    assert "Це було давно" in warning.text_content()


@pytest.mark.long
def test_it_says_that_something_odd_is_looked_at_and_shows_nothing_of_it(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.run(backfill=True)
    feeds = town.feeds()
    articles = list(town.site.articles)
    town.site.articles[:] = [replace(a, body="<p>Зламано.</p>", title=f"Зламано {a.number}") for a in articles]
    assert failures(town.run(days=60))
    assert "після перевірки людиною" in told(town)
    assert town.feeds() == feeds
    assert "Зламано" not in "".join(pages(town).values())
    town.site.articles[:] = articles
    town.run(days=60)
    assert "після перевірки" not in told(town)


# ------------------------------------------------------------ what it costs, and what it is made of


def test_a_page_loads_nothing_but_pictures_from_its_own_host_and_is_small(town: Town) -> None:
    for name, text in pages(town).items():
        assert len(text.encode()) < 100_000, name
        found = re.findall(r'(?:src|srcset|data|poster)="([^"]*)"', text)
        own = re.compile(r"(\.\./)?picture/[a-z2-7]{26}\.jpg|data:image/svg\+xml,.*", re.DOTALL)
        assert all(own.fullmatch(u) for u in found), name
        assert "img-src 'self' data:;" in unescape(text) or "img-src data:;" in text
        assert "stylesheet" not in text
    assert '<img class="u-photo"' in pages(town)["zrazkiv/index.html"]
    assert "<img" not in pages(town)["zrazkiv/text/index.html"]
    assert "img-src data:;" in pages(town)["zrazkiv/text/index.html"]


def test_a_page_stays_small_whatever_a_council_writes(town: Town) -> None:
    council = long_council(title="Слово " * 30)
    assert len(page.source_page(council)) < 100_000
    assert check(page.source_page(council)) == []


def test_its_policy_allows_its_own_style_and_script_alone(town: Town) -> None:
    for text in pages(town).values():
        [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
        for tag, kind in (("style", "style-src"), ("script", "script-src")):
            [part] = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S)
            digest = b64encode(hashlib.sha256(part.encode()).digest()).decode()
            assert f"{kind} 'sha256-{digest}';" in unescape(policy)
        assert "default-src 'none'" in unescape(policy)
        assert "unsafe" not in policy


def test_the_same_state_gives_the_same_pages(town: Town) -> None:
    before = town.published()
    town.forget_feeds()
    town.run()  # for their pictures, which are in no state, the site is asked again
    assert town.published() == before


# ------------------------------------------------------------ whose they are


def test_every_page_says_that_it_is_not_the_council_s_and_leads_to_who_publishes_it(town: Town) -> None:
    for name, text in pages(town).items():
        assert "Це не сайт ради" in text, name
        assert name == "about/index.html" or f'href="{BASE}about/"' in text, name


@pytest.mark.parametrize(
    ("publisher", "contact", "said"),
    [
        ("Ініціатива", "mailto:a@b.example", ["Видавець: Ініціатива.", '<a href="mailto:a@b.example">a@b.example</a>']),
        (
            "",
            "https://feeds.example.org/contact",
            ["Видавець: feeds.example.org.", "https://feeds.example.org/contact"],
        ),
        ("Ініціатива", f"{BASE}about", ["Видавець: Ініціатива."]),
    ],
)
def test_one_page_says_who_publishes_them_and_how_to_reach_them(
    tmp_path: Path, publisher: str, contact: str, said: list[str]
) -> None:
    town = Town(tmp_path)
    town.begin()
    target = replace(town.target, publisher=publisher, contact=contact)
    with closing(town.store()) as store:
        publishing.emit_front([town.council(store)], target, town.now)
    about = pages(town)["about/index.html"]
    assert [words for words in said if words not in about] == []
    assert f'href="{BASE}about"' not in about  # it leads to itself


def test_while_the_first_source_is_written_for_the_first_time_there_is_no_list_of_feeds_yet(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.begin()
    for name in ("feeds.opml", "index.html"):
        (tmp_path / "public" / name).unlink()
    with closing(town.store()) as store:
        council = town.council(store)
        council.state.collections.drop_document(OWN)  # the pages of its items are there, and its feed comes last
        assert not publishing.emit_front([council], town.target, town.now).problems
    assert not {"feeds.opml", "index.html"} & {p.name for p in (tmp_path / "public").iterdir()}


# ------------------------------------------------------------ words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    strings = LANGUAGES[language]
    assert strings.keys() == LANGUAGES["en"].keys()
    for key, words in strings.items():
        assert type(words) is type(LANGUAGES["en"][key])
        assert holes(words) == holes(LANGUAGES["en"][key]), key


def holes(words: str | Mapping[str, str]) -> list[tuple[str, ...]]:
    """What is filled in, in their order: in a sentence, or in each that a number asks for, if they are alike."""
    forms = [words] if isinstance(words, str) else words.values()
    return sorted({tuple(re.findall(r"\{\w+\}", form)) for form in forms})


@pytest.mark.parametrize(
    ("language", "n", "said"),
    [
        *(("uk", n, said) for n, said in (
            (0, "0 новин"), (1, "1 новина"), (2, "2 новини"), (4, "4 новини"), (5, "5 новин"), (11, "11 новин"),
            (12, "12 новин"), (21, "21 новина"), (22, "22 новини"), (100, "100 новин"), (111, "111 новин"),
        )),
        ("ru", 1, "1 новость"), ("ru", 3, "3 новости"), ("ru", 11, "11 новостей"), ("ru", 21, "21 новость"),
        ("en", 0, "0 items"), ("en", 1, "1 item"), ("en", 21, "21 items"),
    ],
)  # fmt: skip
def test_numbers_are_said_as_the_language_does(language: str, n: int, said: str) -> None:
    assert Words(language).items(n) == said


@pytest.mark.parametrize(
    ("language", "day", "month", "month_alone"),
    [
        ("uk", "4 листопада 2025, 09:30", "листопад 2025", "листопад"),
        ("ru", "4 ноября 2025, 09:30", "ноябрь 2025", "ноябрь"),
        ("en", "4 November 2025, 09:30", "November 2025", "November"),
    ],
)
def test_dates_are_written_as_the_language_does(language: str, day: str, month: str, month_alone: str) -> None:
    words = Words(language)
    moment = datetime(2025, 11, 4, 7, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Kyiv"))
    assert words.day_and_time(moment) == day
    assert words.day(moment.date()) == day.partition(",")[0]
    assert (words.month("2025-11"), words.month_alone("2025-11")) == (month, month_alone)


def test_a_source_in_russian_has_its_pages_in_russian(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.source = replace(town.source, language="ru")
    town.run()
    assert tree(town).get("lang") == "ru"
    assert told(town).startswith("Обновлено: 14 ноября 2025, 09:30 Последняя проверка: 14 ноября 2025 Если эта дата")


def test_another_language_is_english(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.source = replace(town.source, language="pl")
    town.run()
    page = tree(town)
    assert page.get("lang") == "en"
    assert "Latest news" in page.text_content()
    assert "14 November 2025, 09:30" in page.text_content()


def test_no_word_of_a_page_stands_outside_the_one_place() -> None:
    templates = Path(page.__file__).parent / "templates"
    operator_s = templates / "watching.html"  # it is no published page, and in English alone
    for template in set(templates.glob("*.html")) - {operator_s}:
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", template.read_text(encoding="utf-8"), flags=re.S)
        text = re.sub(r' lang="\s*"', "", text)
        assert set(re.findall(r"[^\W\d_]{2,}", text)) <= {"RSS", "Atom", "JSON", "Feed"}, template.name


# ------------------------------------------------------------ in a real browser


def long_council(title: str) -> page.Council:
    """One whose words are as long and odd as they come."""
    from feedpub.publishing import feed
    from tests.made import SOURCE, article, stored

    def entry(n: int) -> Any:
        made: Article = article(n, f"<p>{'Дуже довгий абзац. ' * 40}</p>", title=title, categories=("Категорія " * 5,))
        return feed.entry_of(SOURCE, stored(made), {})

    newest = [entry(n) for n in range(25)]
    offers = [Offer(title, title, "all", f"{BASE}rada/")]
    offers += [Offer(title, f"{title} {n}", "category", f"{BASE}rada/category/c{n}/", 3) for n in range(20)]
    offers += [Offer(title, title, "text", f"{BASE}rada/text/")]
    return page.Council(
        id="rada", is_published=True, title=title, description="Опис", home="https://rada.example/", language="uk",
        zone=ZoneInfo("Europe/Kyiv"), rights="Умови", folder=f"{BASE}rada/", front=BASE, outline=f"{BASE}feeds.opml",
        updated=datetime(2025, 1, 1, tzinfo=UTC), health=Health(is_reached=False), newest=newest, offers=offers,
        months=[page.Month(f"20{y:02}-{m:02}", 12) for y in range(25, 0, -1) for m in range(12, 0, -1)],
    )  # fmt: skip


def shown(town: Town) -> dict[str, str]:
    odd = long_council("Незнайсумісництворозпорядженнявиконкому" * 3)
    ill = replace(odd, health=Health(is_held=True, since=datetime(2025, 1, 1, tzinfo=UTC)), newest=(), months=())
    others = {"odd": page.source_page(odd), "odd front": page.front_page([odd, ill]), "no news": page.source_page(ill),
              "odd archive": page.archive_page(odd)}  # fmt: skip
    made = pages(town)
    items = sorted((n for n in made if "/item/" in n), key=lambda n: len(made[n]))[-6:]  # the longest
    those = {n: text for n, text in made.items() if "/item/" not in n or n in items}
    return those | {n: data.decode() for n, data in others.items()}


@pytest.mark.skipif(axe.PROGRAM is None, reason=axe.ABSENT)
@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, False), (320, True), (1280, True)])
def test_axe_finds_nothing(town: Town, browser: Browser, width: int, dark: bool) -> None:
    for name, text in shown(town).items():
        assert axe.violations(browser, text, width=width, dark=dark) == [], name
        assert browser.fired == [], name


@pytest.mark.skipif(axe.PROGRAM is None, reason=axe.ABSENT)
def test_axe_finds_nothing_on_paper_and_without_scripts(town: Town, browser: Browser) -> None:
    for name, text in shown(town).items():
        assert axe.violations(browser, text, media="print") == [], name
        assert axe.violations(browser, text, scripts=False) == [], name


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_scrolls_sideways(town: Town, browser: Browser, width: int) -> None:
    for name, text in shown(town).items():
        browser.look(width=width)
        browser.show(text)
        assert axe.overflows(browser) == [], name


def test_no_page_scrolls_sideways_on_a_phone_with_text_twice_as_large(town: Town, browser: Browser) -> None:
    for name, text in shown(town).items():
        browser.look(width=320)
        browser.show(text)
        browser.run("document.documentElement.style.fontSize = '200%'; 0")
        assert axe.overflows(browser) == [], name


def test_a_button_copies_the_address_and_without_scripts_there_is_none(town: Town, browser: Browser) -> None:
    text = pages(town)["zrazkiv/index.html"]
    browser.look(width=390)
    browser.show(text, policy=None, scripts=False)
    assert browser.run("[...document.querySelectorAll('button')].filter(b => b.offsetParent).length") == 0
    browser.show(text, policy=None)
    browser.run("Object.defineProperty(navigator, 'clipboard', {value: {writeText: async t => { window.got = t; }}})")
    browser.run("document.querySelector('[data-copy]').click()")
    browser.settle(0.1)
    assert browser.run("window.got") == f"{BASE}zrazkiv/atom.xml"
    assert browser.run("document.querySelector('.said').textContent") == "Скопійовано"


@pytest.mark.long
@pytest.mark.skipif(not vnu.is_here(), reason=vnu.ABSENT)
def test_the_nu_html_checker_finds_no_error(town: Town, tmp_path: Path) -> None:
    files = []
    for n, text in enumerate(shown(town).values()):
        files.append(tmp_path / f"{n}.html")
        files[-1].write_text(text, encoding="utf-8")
    assert vnu.errors(files) == []


def test_a_script_shows_that_the_last_look_is_long_ago_and_only_then(town: Town, browser: Browser) -> None:
    text = pages(town)["zrazkiv/index.html"]
    shown = "!document.querySelector('[data-from]').hidden"
    browser.look(width=390)
    browser.show(text, policy=None)  # the page is of 2025, and nobody has looked since
    assert browser.run(shown) is True
    browser.show(re.sub(r'data-from="[^"]*"', 'data-from="2999-01-01"', text), policy=None)
    assert browser.run(shown) is False
