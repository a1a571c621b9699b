"""Sites that are no stock Drupal, read by a [source.layout]: the way of CONTRIBUTING's first recipe."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from feedpub import config
from feedpub.collecting import normalize, scrape
from feedpub.content import Article, Link, Page
from feedpub.layout import Layout
from tests.drupal7 import DRUPAL7

NOW = datetime(2025, 11, 14, tzinfo=UTC)
HEAD = """
[publish]
to = "public"
base_url = "https://feeds.example.org/"
[fetch]
contact = "https://example.org/feeds"
[[source]]
id = "rada"
title = "Рада"
home = "https://rada.example/"
listings = ["https://rada.example/"]
language = "uk"
timezone = "Europe/Kyiv"
[source.layout]
"""


def layout(folder: Path, table: str) -> Layout:
    path = folder / "config.toml"
    path.write_text(HEAD + table, encoding="utf-8")
    return (config.load(path).sources[0].layout or Layout()).filled_from(DRUPAL7)


def article(page: str, layout: Layout, url: str = "https://rada.example/novyny/117") -> Article:
    scraped = scrape.read_article(Page(url, url, page), layout)
    return normalize.make_article(scraped, ZoneInfo("Europe/Kyiv"), layout.date_formats, NOW)


def test_a_page_of_clock_date_title_token_text_and_footer(tmp_path: Path) -> None:
    """In this order, without h1 and canonical, the date day first."""
    page = """
    <div class="top">П'ятниця, 14 November, 2025</div>
    <div class="page"><div class="when">09/10/2025 - 10:39</div><h2>У парку відкрили читальню</h2>
    <img src="/storage/Qz7Lm2Xk9Rt4Vb8Nc3Wp6Yh1Jd5Sg0FaEuTiOo12.jpg" alt="Qz7Lm2Xk9Rt4Vb8Nc3Wp6Yh1Jd5Sg0FaEuTiOo12">
    <div class="text">Qz7Lm2Xk9Rt4Vb8Nc3Wp6Yh1Jd5Sg0FaEuTiOo12<br><p>Читальня працює щодня.</p>
    <p>- Чекаємо всіх, - кажуть у бібліотеці.</p></div></div>
    <footer><p>Копіювання матеріалів дозволяється з гіперпосиланням на сайт.</p>
    <p>Телефони: +38 000 000 00 00</p></footer>
    </body></html>"""
    table = 'article = ".page"\ntitle = "h2"\ndate = ".when"\nbody = ".text"\nimages = "img"\n'
    made = article(page, layout(tmp_path, table + 'date_formats = "%d/%m/%Y - %H:%M"\n'))
    assert made.title == "У парку відкрили читальню"
    assert made.published == datetime(2025, 10, 9, 7, 39, tzinfo=UTC)
    assert made.text == "Читальня працює щодня.\n- Чекаємо всіх, - кажуть у бібліотеці."
    assert [(p.url.rpartition("/")[2][:4], p.alt) for p in made.pictures] == [("Qz7L", "")]
    assert made.url == "https://rada.example/novyny/117"


def test_stock_drupal_in_a_theme_whose_title_has_no_class() -> None:
    """As Garland has it: the site's name and the title are both h1, the date stands in words."""
    page = """<h1 id="branding"><a href="/">Рада</a></h1><h1 class="with-tabs">Читальня</h1>
    <div id="node-7" class="node node-article">
    <span class="submitted">Опубліковано прес-службою в Нд, 09/11/2025 - 10:39</span><div class="content">
    <div class="field field-name-body"><div class="field-items"><p>Текст.</p></div></div></div></div></body></html>"""
    made = article(page, DRUPAL7)
    assert (made.title, made.text) == ("Читальня", "Текст.")
    assert made.published == datetime(2025, 11, 9, 8, 39, tzinfo=UTC)
    untitled = page.replace('<h1 class="with-tabs">Читальня</h1>', "").replace(
        'node-article">', 'node-article"><span property="dc:title" content="Читальня"></span>'
    )
    assert article(untitled, DRUPAL7).title == "Читальня"


def test_a_listing_by_views_is_stock_too() -> None:
    page = """<div class="sidebar"><div class="view-content"><div class="views-row"><h3><a href="/old">Старе</a></h3>
    </div></div></div><div id="block-system-main"><div class="view-content"><div class="views-row views-row-1">
    <span class="views-field-title"><a href="/n/1">Новина</a></span>
    <span class="views-field-created">09/11/2025 - 10:39</span>
    </div></div><ul class="pager"><li class="pager-next"><a href="/news?page=1">далі</a></li></ul></div>"""
    listing = scrape.read_listing(Page("https://rada.example/news", "https://rada.example/news", page), DRUPAL7)
    assert listing.links == (Link("https://rada.example/n/1", "Новина", "09/11/2025 - 10:39"),)
    assert listing.next_page == "https://rada.example/news?page=1"


def test_a_month_first_site_is_read_month_first(tmp_path: Path) -> None:
    table = 'article = "main"\ntitle = "h1"\ndate = ".d"\nbody = ".b"\ndate_formats = ["%m/%d/%Y %H:%M"]\n'
    page = '<main><h1>Т</h1><i class="d">09/10/2025 10:39</i><div class="b">Текст</div></main>'
    assert article(page, layout(tmp_path, table)).published == datetime(2025, 9, 10, 7, 39, tzinfo=UTC)


def test_a_listing_of_cards_whose_links_say_only_more(tmp_path: Path) -> None:
    cards = layout(
        tmp_path,
        'item = ".card"\nlink = "a.more"\nitem_title = ".name"\nitem_date = "time"\n'
        'next_page = [".older a", "a.next"]\n',
    )
    page = """<div class="card"><a href="/n/2"><img src="2.jpg"></a><div class="name">Друга</div>
    <time>14 листопада 2025, 09:30</time><a class="more" href="/n/2">Детальніше</a></div>
    <div class="card"><div class="name">Перша</div><time datetime="2025-11-13T09:30:00+02:00">учора</time>
    <a class="more" href="/n/1">Детальніше</a></div><a class="next" href="?p=2">Старіші</a>"""
    listing = scrape.read_listing(Page("https://rada.example/", "https://rada.example/", page), cards)
    assert listing.links == (
        Link("https://rada.example/n/2", "Друга", "14 листопада 2025, 09:30"),
        Link("https://rada.example/n/1", "Перша", "2025-11-13T09:30:00+02:00"),
    )
    assert listing.next_page == "https://rada.example/?p=2"
