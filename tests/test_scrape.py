from __future__ import annotations

from dataclasses import replace

import pytest

from feedpub.collecting import scrape
from feedpub.content import Link, Page
from feedpub.errors import ScrapeError
from feedpub.layout import Layout
from tests.drupal.site import Site
from tests.drupal7 import DRUPAL7

BASE = "https://rada.example"
STOCK = DRUPAL7


def page(path: str, site: Site | None = None, base: str = BASE) -> Page:
    answer = (site or Site()).answer("GET", path, {}, base)
    return Page(base + path, base + path, answer.body.decode())


def test_a_listing_gives_its_articles_in_order_and_the_older_page() -> None:
    site = Site()
    listing = scrape.read_listing(page("/node", site), STOCK)
    newest = sorted((a for a in site.articles if a.listed and not a.sticky), key=lambda a: (a.utc, a.number))[-9:]
    sticky = next(a for a in site.articles if a.sticky)
    assert [link.url for link in listing.links] == [BASE + a.href for a in (sticky, *reversed(newest))]
    assert replace(listing.links[1], teaser=()) == Link(
        BASE + newest[-1].href, newest[-1].title, newest[-1].local.isoformat()
    )
    assert listing.next_page == f"{BASE}/node?page=1"
    assert listing.site.icon == f"{BASE}/misc/favicon.png"
    assert listing.site.closes_pages


def test_the_last_page_has_no_older_one() -> None:
    assert scrape.read_listing(page("/node?page=3"), STOCK).next_page is None


def test_the_sidebar_is_no_news() -> None:
    with pytest.raises(ScrapeError, match=r"no news found: item = \['\.node-teaser'"):
        scrape.read_listing(page("/content/kontakti"), STOCK)


def test_an_empty_page_says_so() -> None:
    with pytest.raises(ScrapeError, match="is empty"):
        scrape.read_listing(Page(BASE, BASE, "  "), STOCK)


def test_a_link_to_another_host_is_no_article_of_the_council() -> None:
    html = '<div class="node-teaser"><h2><a href="{}">Новина</a></h2></div>'
    text = html.format("https://other.example/1") + html.format("/2") + html.format("/2#comments")
    listing = scrape.read_listing(Page(BASE, BASE, text), STOCK)
    assert [link.url for link in listing.links] == [f"{BASE}/2"]


def test_an_item_s_title_may_stand_beside_its_link() -> None:
    layout = replace(STOCK, item=("a.card", ".news"), link=("a",), item_title=(".name",))
    named = '<div class="news"><p class="name">Новина</p><a href="/1">Детальніше</a></div>'
    text = named + '<div class="news"><a href="/2">Д</a></div>'
    assert [k.title for k in scrape.read_listing(Page(BASE, BASE, text), layout).links] == ["Новина", "Д"]
    card = '<a class="card" href="/1"><b class="name">Новина</b> анонс</a>'  # the item itself is the link
    assert [k.title for k in scrape.read_listing(Page(BASE, BASE, card), layout).links] == ["Новина"]


def test_an_article_comes_in_pieces_as_found() -> None:
    site = Site()
    article = next(a for a in site.articles if len(a.files) == 2)
    scraped = scrape.read_article(page(article.href, site), STOCK)
    assert scraped.title.split() == article.title.split()
    assert scraped.dates == (article.local.isoformat(), article.date)
    assert scraped.addresses == (f"/node/{article.number}", article.href, BASE + article.href)
    assert scraped.categories == article.categories
    assert [(f.label, f.type) for f in scraped.files] == [(f.label, "application/pdf") for f in article.files]
    assert all(f.length for f in scraped.files)


def test_a_page_laid_out_otherwise_names_the_dead_selectors() -> None:
    with pytest.raises(ScrapeError) as caught:
        scrape.read_article(Page(BASE, BASE, "<html><body><p>Ратуша</p></body></html>"), STOCK)
    assert caught.value.reason.startswith("is not laid out as known: article = ['#block-system-main")
    assert "title = ['#page-title'" in caught.value.reason


def test_an_article_with_nothing_but_a_title_names_the_dead_body() -> None:
    text = '<h1 class="title">Т</h1><div class="node"><div class="was-body">Текст</div></div>'
    with pytest.raises(ScrapeError, match="has a title and nothing else: body = "):
        scrape.read_article(Page(BASE, BASE, text), STOCK)


def test_a_page_cut_short_is_no_article_where_the_site_closes_its_pages() -> None:
    whole = page("/node/297")
    cut = replace(whole, text=whole.text[: whole.text.index("</body>")])
    assert scrape.read_article(cut, STOCK, scrape.Known(closes_pages=False)).title
    with pytest.raises(ScrapeError, match="was cut short"):
        scrape.read_article(cut, STOCK, scrape.Known(closes_pages=True))


def test_the_first_alternative_that_matches_wins_and_what_is_not_configured_is_learnt() -> None:
    configured = Layout(body=(".none", ".text", "p"), article=("article",), title=("h1",))
    layout = configured.filled_from(STOCK)
    assert layout.item == STOCK.item
    text = '<h1>Т</h1><article><p class="text">Так</p><p>Ні</p></article>'
    assert scrape.read_article(Page(BASE, BASE, text), layout).body == '<p class="text">Так</p>'


def test_relative_addresses_follow_the_page_s_base() -> None:
    text = '<base href="/uk/"><div class="node-teaser"><h2><a href="news/1">Н</a></h2></div>'
    assert scrape.read_listing(Page(BASE, BASE, text), STOCK).links[0].url == f"{BASE}/uk/news/1"


def test_evidence_names_the_selector_that_matched() -> None:
    found = scrape.evidence(page("/node/297"), STOCK)
    assert found["title"] == "#page-title"
    assert found["body"] == ".field-name-body > .field-items"
    assert found["item"] is None


def made(inside: str, before: str = "", relations: dict[str, str] | None = None) -> Page:
    """An article's page: a title and a box with what is given in it."""
    text = f'<h1 class="title">Т</h1>{before}<div class="node">{inside}</div>'
    return Page(BASE, BASE, text, relations=relations or {})


BODY = '<div class="field-name-body"><p>Текст</p></div>'


@pytest.mark.parametrize("href", ["https://other.example/node?page=1", "/node?page=3", "#"])
def test_the_older_page_is_another_one_on_the_same_host(href: str) -> None:
    url = f"{BASE}/node?page=3"
    text = f'<div class="node-teaser"><h2><a href="/1">Н</a></h2></div><i class="pager-next"><a href="{href}">n</a></i>'
    assert scrape.read_listing(Page(url, url, text), STOCK).next_page is None


def test_a_listing_s_link_is_named_without_its_fragment() -> None:
    text = '<div class="node-teaser"><h2><a href="/2#comments">Новина</a></h2></div>'
    assert [link.url for link in scrape.read_listing(Page(BASE, BASE, text), STOCK).links] == [f"{BASE}/2"]


def test_a_page_nested_too_deep_is_not_read_in_part() -> None:
    with pytest.raises(ScrapeError, match="is nested too deep to be read whole"):
        scrape.read_article(made(BODY + "<div>" * 400 + "Кінець" + "</div>" * 400), STOCK)


def test_a_body_within_a_body_is_taken_once() -> None:
    body = scrape.read_article(made(f'<div class="field-name-body">{BODY}</div>'), STOCK).body
    assert body.count("Текст") == 1


def test_the_date_is_the_article_s_own_wherever_it_stands_on_the_page() -> None:
    other, own = '<p class="submitted">01/01/2020 - 10:00</p>', '<p class="submitted">09/06/2025 - 10:39</p>'
    assert scrape.read_article(made(own + BODY, before=other), STOCK).dates == ("09/06/2025 - 10:39",)
    assert scrape.read_article(made(BODY, before=own), STOCK).dates == ("09/06/2025 - 10:39",)


def test_what_the_layout_drops_is_no_part_of_the_text() -> None:
    inside = '<div class="field-name-body"><p>Текст</p><ul class="links inline"><li>Далі</li></ul></div>'
    assert "Далі" not in scrape.read_article(made(inside), STOCK).body


def test_pictures_and_files_within_the_text_are_not_beside_it() -> None:
    image = '<div class="field-type-image"><img src="/{0}.jpg"></div>'
    file = '<div class="field-type-file"><a href="/{0}.pdf">Файл</a></div>'
    within = f'<div class="field-name-body"><p>Текст</p>{(image + file).format("in")}</div>'
    scraped = scrape.read_article(made(within + (image + file).format("beside")), STOCK)
    assert [p.url for p in scraped.pictures] == ["/beside.jpg"]
    assert [f.url for f in scraped.files] == ["/beside.pdf"]


@pytest.mark.parametrize(
    "attributes",
    [
        'src="data:image/gif;base64,R0" data-src="/1.jpg"',
        'src="data:image/gif;base64,R0" data-lazy="/1.jpg"',
        'src="data:image/gif;base64,R0" data-srcset="/1-small.jpg 300w, /1.jpg 900w"',
        'src="data:image/gif;base64,R0" data-lazy-srcset="/1-small.jpg 1x, /1.jpg 2x"',
        'srcset="/1-small.jpg 300w, /1.jpg 900w"',
        'data-src="none" src="/1.jpg"',
        'src="/themes/icons/blank.gif" data-src="/1.jpg"',
    ],
)
def test_a_lazy_picture_beside_the_text_is_the_picture_and_not_its_placeholder(attributes: str) -> None:
    lazy = f'<div class="field-type-image"><img {attributes}></div>'
    assert [p.url for p in scrape.read_article(made(lazy), STOCK).pictures] == ["/1.jpg"]  # and pictures alone will do


def test_a_placeholder_beside_the_text_is_no_picture() -> None:
    layout = replace(STOCK, images=("meta",))
    metas = '<meta content="/no-image.png"><meta content="/1.jpg">'
    assert [p.url for p in scrape.read_article(made(BODY + metas), layout).pictures] == ["/1.jpg"]


def test_the_http_header_names_a_page_too() -> None:
    assert scrape.read_article(made(BODY, relations={"shortlink": "/node/7"}), STOCK).addresses == ("/node/7", BASE)


def test_words_on_two_lines_of_a_title_do_not_run_together() -> None:
    page = Page(BASE, BASE, f'<h1 class="title">Перший<br>другий<!-- к --></h1><div class="node">{BODY}</div>')
    assert scrape.read_article(page, STOCK).title.split() == ["Перший", "другий"]


def test_the_site_s_logo_may_be_the_link_to_its_home() -> None:
    text = '<a rel="home" href="/"><img src="/l.png"></a><div class="node-teaser"><h2><a href="/1">Н</a></h2></div>'
    assert scrape.read_listing(Page(BASE, BASE, text), STOCK).site.logo == f"{BASE}/l.png"
