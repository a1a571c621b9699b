"""Pages that no editor would write on purpose: each is read, or refused with a reason, and neither takes long."""

from __future__ import annotations

import gc
import time
from dataclasses import replace

import pytest

from feedpub.collecting import fetch, learn, scrape
from feedpub.collecting.learn import selectors, single
from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.groups import ranked
from feedpub.collecting.learn.survey import take_survey
from feedpub.collecting.normalize import body
from feedpub.content import Page
from feedpub.errors import LayoutError, ScrapeError
from feedpub.html import tree
from feedpub.model import Layout
from feedpub.publishing import feed
from tests import wild
from tests.made import NOW, article

URL = wild.URL
PATIENCE = 5.0  # seconds of work, on any machine; most of these take one
LAYOUT = Layout(item=("li",), link=("h2 a[href]",), title=("h1",), date=("time",), body=(".text",), drop=(".share",))
HEAD = "<h1>Заголовок</h1><time>09.06.2025 10:39</time>"


def page(markup: str) -> Page:
    return Page(URL, URL, markup)


def scraped(text: str, head: str = HEAD) -> str:
    return scrape.article(page(f"{head}<div class='text'>{text}</div>"), LAYOUT).body


# ------------------------------------------------------------ read all the same


def test_control_characters_behind_what_is_dropped_are_no_matter() -> None:
    text = scraped("<p>Рі<b class='share'>поділитися</b>&#x1F;шення</p>")
    assert body.clean(text, URL).text == "Рішення"


def test_machines_dates_that_are_nested_without_end_are_none() -> None:
    deep = f"<script type='application/ld+json'>{'[' * 100_000}</script>"
    assert tree.dates(tree.document(page(deep)).iter("script")) == ()


def test_sizes_that_are_digits_and_no_numbers_are_none() -> None:
    image = "<img src='/a.jpg' width='²' height='٣'>"
    assert body.clean(f"<p>{image}</p>", URL).pictures
    layout = replace(LAYOUT, images=("img",), files=("a",))
    file = f"<a href='/f.pdf' type='application/pdf; length={'9' * 5000}'>Рішення</a>"
    found = scrape.article(page(f"{HEAD}{image}{file}"), layout)
    assert [p.url for p in found.pictures] == ["/a.jpg"]
    assert [f.length for f in found.files] == [None]


def test_a_selector_with_alternatives_in_it_is_missed_with_a_reason() -> None:
    layout = replace(LAYOUT, body=(".content .text, main > p",))
    with pytest.raises(LayoutError, match=r"the nearest that lives is '\.content' \(a div with 0 links\)"):
        scrape.article(page(f"{HEAD}<div class='content'>Текст</div>"), layout)


@pytest.mark.parametrize("name", ["w:worddocument", "b<i", "x'y", "p.q", "п", "u\\v"])
def test_elements_of_any_name_can_be_selected(name: str) -> None:
    root = tree.document(page(f"<div class='news'><{name}>Новина</{name}></div>"))
    for element in root.iter("*"):
        for selector in selectors.possible_selectors(element, root):
            assert element in tree.select(root, selector), selector


def test_a_comparison_of_pages_is_forgotten_with_them() -> None:
    given = single.read(page(f"{HEAD}<p>{'Речення про місто. ' * 40}</p>"), wild.KYIV, NOW)
    assert given.article
    gc.collect()
    assert not [o for o in gc.get_objects() if isinstance(o, Comparison)]


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode_escape", "utf-7", "undefined", "rot13", "zlib"])
def test_a_charset_that_only_python_knows_is_none(charset: str) -> None:
    assert fetch.decode("<p>Текст\\u0041+AGE-</p>".encode("cp1251"), f"text/html; charset={charset}").startswith("<p>")
    assert "\\u0041+AGE-" in fetch.decode("<p>Текст\\u0041+AGE-</p>".encode("cp1251"), f"text/html; charset={charset}")


def test_lines_that_count_readers_are_no_edit_and_lines_without_words_stay() -> None:
    one, other, without, starred = (
        article(1, f"<p>Рішення.</p>{end}").fingerprint
        for end in ("<p>* Переглядів: 5</p>", "<p>- 7 переглядів.</p>", "", "<p>* * *</p>")
    )
    assert one == other
    assert len({one, without, starred}) == 3


# ------------------------------------------------------------ not for long

SPANS = "<span></span>" * 20_000
TEXTS = {  # the body of an article -> in how many blocks it is read
    "empty spans": (f"<p>Текст{SPANS}</p>", 1),
    "empty elements of a kind that is kept": (f"<p>Текст{'<b></b>' * 20_000}</p>", 1),
    "elements that nobody knows": (f"<p>Текст{'<x-y>а</x-y>' * 10_000}</p>", 1),
    "empty elements deep within": (f"<p>Текст</p>{'<ul><li>' * 100}{'<i> </i>' * 15_000}", 1),
    "boxes in boxes in a cell": (f"<table><tr><td>{'<div>' * 150}{'<i>а</i>б' * 10_000}", 1),
    "links in links": (f"{'<a href=/x><div>' * 100}{'<i>а</i>б' * 7_000}", 1),
    "players": ("<p>Текст</p>" + "<iframe src='/v'></iframe>" * 8_000, 8_001),
    "rules": ("<p>Текст</p>" + "<hr>" * 20_000, 1),
    "a table of two thousand rows": ("<table>" + ("<tr>" + "<td><p>1</p></td>" * 6) * 2_000, 1),
    "one long address": (f"<p><a href='/?{'a=b&' * 200_000}'>тут</a></p>", 1),
    "one long name": (f"<p><img src='/a.jpg' alt='{'_1' * 200_000}!'></p>", 1),
    "a million characters": (f"<p>{'Рішення ' * 120_000}</p>", 1),
    "lines without words and a counter of readers": ("<p>-</p>" * 15_000 + "<p>views 1</p>", 15_001),
}


def test_words_deep_within_are_read_in_time() -> None:
    root = tree.document(page("<div>" * 200 + "<i>а</i>б " * 6_000))
    begun = time.process_time()
    assert [len(tree.text(e)) for e in root.iter("div")] == [17_999] * 200
    assert time.process_time() - begun < PATIENCE


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_of_any_kind_is_read_in_time(kind: str) -> None:
    text, blocks = TEXTS[kind]
    begun = time.process_time()
    made = wild.made_of(scrape.article(page(f"{HEAD}<div class='text'>{text}</div>"), LAYOUT))
    assert not wild.problems(made)
    assert time.process_time() - begun < PATIENCE
    assert len(made.blocks) == blocks


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("</div>" + "<img src='/a.jpg'>" * 6_000, "has 6000 pictures and files, and no more than 5000 are read"),
        (
            f"<h1>{'слово ' * 20_000}</h1>",
            "has a title and names of 119999 characters, and no more than 100000 are read",
        ),
        ("<p>" * 40_000, "has a text of 40001 elements, and no more than 30000 are read"),
        ("Рішення " * 200_000, "has a text of 1600000 characters, and no more than 1000000 are read"),
        ("<p>а</p>" * 100_000, "has some 200006 tags, and no more than 100000 are read of a page"),
        ("<div>" * 50_000, "is nested too deep to be read whole"),
        (
            f"<p {' '.join(f'a{n}=1' for n in range(20_000))}>",
            "has an element of more than 500 attributes, which is no",
        ),
    ],
    ids=["pictures", "title", "elements", "characters", "tags", "depth", "attributes"],
)
def test_what_is_beyond_measure_is_refused_at_once_with_its_measure(text: str, reason: str) -> None:
    layout = replace(LAYOUT, images=("img",))
    begun = time.process_time()
    with pytest.raises(ScrapeError, match=reason):
        scrape.article(page(f"{'' if '<h1>' in text else HEAD}<div class='text'>{text}</div>"), layout)
    assert time.process_time() - begun < 1


def test_scripts_are_no_text_however_long_they_are() -> None:
    assert "Текст" in scraped(f"<script>{'x' * 2_000_000}</script><p>Текст</p>")


LISTED = "<h2><a href='/n/{n}'>Новина міста {n}</a></h2><p>Анонс."
LISTINGS = {
    "items": (LAYOUT, "<ul>" + "".join(f"<li>{LISTED.format(n=n)}" for n in range(9_000))),
    "items whose links are found by what they stand in": (
        replace(LAYOUT, item=("h2",), link=("ul h2 a[href]",)),
        "<ul>" + "".join(f"<li>{LISTED.format(n=n)}" for n in range(9_000)),
    ),
    "items in no boxes, below days": (
        replace(LAYOUT, item=("p",), day=("h2",)),
        "".join(f"<p>Анонс.{LISTED.format(n=n)}" for n in range(4_500)),
    ),
    "items in items": (
        replace(LAYOUT, item=("tr",), item_date=("td",)),
        "<table><tr><td>" * 50 + "".join(LISTED.format(n=n) for n in range(9_000)),
    ),
}


@pytest.mark.parametrize("kind", LISTINGS)
def test_a_listing_of_any_kind_is_read_in_time(kind: str) -> None:
    layout, markup = LISTINGS[kind]
    begun = time.process_time()
    assert scrape.listing(page(markup), layout).links
    assert time.process_time() - begun < PATIENCE


def test_a_listing_without_end_is_refused_with_its_measure() -> None:
    with pytest.raises(ScrapeError, match="lists 10001 items, and no more than 10000 are read of a listing"):
        scrape.listing(page("<li>" * 10_001), LAYOUT)
    markup = "".join(f"<a href='/n/{n}'>{n}</a>" for n in range(3_001))
    with pytest.raises(ScrapeError, match="has 3001 links, more than the 3000 of which news can be told"):
        learn.explore(page(markup), lambda _: None, learn.Context(wild.KYIV, NOW, "uk"))


def test_a_listing_is_surveyed_in_time() -> None:
    markup = "".join(f"<li class='x c{n % 7}'>{LISTED.format(n=n)}<time>10.06.2025</time>" for n in range(2_900))
    begun = time.process_time()
    root = tree.document(page(f"<ul>{markup}"))
    assert ranked(take_survey(root, f"{wild.HOME}/news", wild.KYIV, NOW))
    assert time.process_time() - begun < PATIENCE


def test_categories_without_end_are_no_categories() -> None:
    assert len(article(categories=tuple(f"Рубрика {n}" for n in range(5_000))).categories) == 200


@pytest.mark.parametrize("title", ["404" + "-" * 45_000, "a | " * 12_000, "404 " * 60 + "!"])
def test_a_title_of_any_length_is_judged_in_time(title: str) -> None:
    begun = time.process_time()
    scraped("<p>Текст</p>", f"<title>{title}</title><h1>{title}</h1><time>{'1-. ' * 50_000}</time>")
    assert time.process_time() - begun < PATIENCE


def test_names_without_end_are_compared_in_time() -> None:
    names = "".join(f"<p class='novyna-{n} c{n}'>" for n in range(20_000)) + f"<p class='{'x ' * 1_000_000}'>"
    begun = time.process_time()
    with pytest.raises(LayoutError, match="nothing like it lives"):
        scrape.article(page(names), replace(LAYOUT, title=tuple(f".title{n}" for n in range(10))))
    assert time.process_time() - begun < PATIENCE


def test_the_summary_of_anything_is_short() -> None:
    assert len(feed.shortened("а" * 1_000_000)) == feed.SUMMARY
