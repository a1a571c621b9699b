"""Pages that no editor would write on purpose: each is read, or refused with a reason, and neither takes long.

"In time" means in proportion to the page; tests/work.py says how that is counted.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import pytest
from lxml import html

from feedpub.collecting import fetch, learn, scrape
from feedpub.collecting.dedupe.fingerprint import article_fingerprint
from feedpub.collecting.learn import selectors, single
from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.groups import ranked
from feedpub.collecting.learn.survey import take_survey
from feedpub.collecting.normalize import body
from feedpub.collecting.scrape.evidence import MOST_NAMES
from feedpub.content import Article, Page
from feedpub.errors import LayoutError, ScrapeError
from feedpub.html import tree
from feedpub.html.candidates import date_candidates
from feedpub.html.lines import text_of
from feedpub.html.select import select
from feedpub.layout import Layout
from feedpub.publishing.feed import entries
from tests import wild
from tests.made import NOW, article
from tests.work import GROWTH, ends, growth, steps, weighing

URL = wild.URL
LAYOUT = Layout(item=("li",), link=("h2 a[href]",), title=("h1",), date=("time",), body=(".text",), drop=(".share",))
HEAD = "<h1>Заголовок</h1><time>09.06.2025 10:39</time>"


def page(markup: str) -> Page:
    return Page(URL, URL, markup)


def scraped(text: str, head: str = HEAD) -> str:
    return scrape.read_article(page(f"{head}<div class='text'>{text}</div>"), LAYOUT).body


# ------------------------------------------------------------ read all the same


def test_control_characters_behind_what_is_dropped_are_no_matter() -> None:
    text = scraped("<p>Рі<b class='share'>поділитися</b>&#x1F;шення</p>")
    assert body.clean(text, URL).text == "Рішення"


def test_machines_dates_that_are_nested_without_end_are_none() -> None:
    deep = f"<script type='application/ld+json'>{'[' * 100_000}</script>"
    assert date_candidates(tree.document(page(deep)).iter("script")) == ()


def test_sizes_that_are_digits_and_no_numbers_are_none() -> None:
    image = "<img src='/a.jpg' width='²' height='٣'>"
    assert body.clean(f"<p>{image}</p>", URL).pictures
    layout = replace(LAYOUT, images=("img",), files=("a",))
    file = f"<a href='/f.pdf' type='application/pdf; length={'9' * 5000}'>Рішення</a>"
    found = scrape.read_article(page(f"{HEAD}{image}{file}"), layout)
    assert [p.url for p in found.pictures] == ["/a.jpg"]
    assert [f.length for f in found.files] == [None]


def test_a_selector_with_alternatives_in_it_is_missed_with_a_reason() -> None:
    layout = replace(LAYOUT, body=(".content .text, main > p",))
    with pytest.raises(LayoutError, match=r"the nearest that lives is '\.content' \(a div with 0 links\)"):
        scrape.read_article(page(f"{HEAD}<div class='content'>Текст</div>"), layout)


@pytest.mark.parametrize("name", ["w:worddocument", "b<i", "x'y", "p.q", "п", "u\\v"])
def test_elements_of_any_name_can_be_selected(name: str) -> None:
    root = tree.document(page(f"<div class='news'><{name}>Новина</{name}></div>"))
    for element in root.iter("*"):
        for selector in selectors.possible_selectors(element, root):
            assert element in select(root, selector), selector


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
        article_fingerprint(article(1, f"<p>Рішення.</p>{end}"))
        for end in ("<p>* Переглядів: 5</p>", "<p>- 7 переглядів.</p>", "", "<p>* * *</p>")
    )
    assert one == other
    assert len({one, without, starred}) == 3


# ------------------------------------------------------------ not for long


@dataclass(frozen=True, slots=True)
class Kind:
    """An article's text that grows with a number."""

    text: Callable[[int], str]
    size: int  # at which its growth is measured
    blocks: Callable[[int], int] = lambda _: 1  # in which it is read
    full: int | None = None  # at which it ends, if regular expressions read it; None: that size will do


TEXTS = {
    "empty spans": Kind(lambda n: f"<p>Текст{'<span></span>' * n}</p>", 400),
    "empty elements of a kind that is kept": Kind(lambda n: f"<p>Текст{'<b></b>' * n}</p>", 400),
    "elements that nobody knows": Kind(lambda n: f"<p>Текст{'<x-y>а</x-y>' * n}</p>", 400),
    "empty elements deep within": Kind(lambda n: f"<p>Текст</p>{'<ul><li>' * (n // 8)}{'<i> </i>' * n}", 400),
    "boxes in boxes in a cell": Kind(lambda n: f"<table><tr><td>{'<div>' * (n // 8)}{'<i>а</i>б' * n}", 400),
    "links in links": Kind(lambda n: f"{'<a href=/x><div>' * 100}{'<i>а</i>б' * n}", 200),
    "players": Kind(lambda n: "<p>Текст</p>" + "<iframe src='/v'></iframe>" * n, 300, lambda n: n + 1),
    "rules": Kind(lambda n: "<p>Текст</p>" + "<hr>" * n, 400),
    "a table of two thousand rows": Kind(lambda n: "<table>" + ("<tr>" + "<td><p>1</p></td>" * 6) * n, 60),
    "one long address": Kind(lambda n: f"<p><a href='/?{'a=b&' * n}'>тут</a></p>", 400, full=200_000),
    "one long name": Kind(lambda n: f"<p><img src='/a.jpg' alt='{'_1' * n}!'></p>", 400, full=200_000),
    "a million characters": Kind(lambda n: f"<p>{'Рішення ' * n}</p>", 400, full=120_000),
    "lines without words and a counter of readers": Kind(
        lambda n: "<p>-</p>" * n + "<p>views 1</p>", 400, lambda n: n + 1, full=15_000
    ),
}


def made_of(kind: Kind, size: int) -> Article:
    made = wild.made_of(scrape.read_article(page(f"{HEAD}<div class='text'>{kind.text(size)}</div>"), LAYOUT))
    assert not wild.problems(made)
    assert len(made.blocks) == kind.blocks(size)
    return made


@pytest.mark.long
def test_words_deep_within_are_read_in_time() -> None:
    root = tree.document(page("<div>" * 200 + "<i>а</i>б " * 6_000))
    assert [len(text_of(e)) for e in root.iter("div")] == [17_999] * 200

    def deep(size: int) -> Callable[[], object]:
        root = tree.document(page("<div>" * (size // 20) + "<i>а</i>б " * size))
        return lambda: text_of(root)

    assert growth(deep, 400) < GROWTH


@pytest.mark.long
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_of_any_kind_is_read_in_time(name: str) -> None:
    kind = TEXTS[name]
    assert ends(partial(made_of, kind, kind.full or kind.size))
    assert growth(lambda size: partial(made_of, kind, size), kind.size) < GROWTH


BEYOND: dict[str, tuple[Callable[[int], str], int, str]] = {  # the text, the size, why it is refused
    "pictures": (lambda n: "</div>" + "<img src='/a.jpg'>" * n, 6_000,
                 r"has \d+ pictures and files, and no more than 5000 are read"),
    "title": (lambda n: f"<h1>{'слово ' * n}</h1>", 20_000,
              r"has a title and names of \d+ characters, and no more than 100000 are read"),
    "elements": (lambda n: "<p>" * n, 40_000, r"has a text of \d+ elements, and no more than 30000 are read"),
    "characters": (lambda n: "Рішення " * n, 200_000,
                   r"has a text of \d+ characters, and no more than 1000000 are read"),
    "tags": (lambda n: "<p>а</p>" * n, 100_000, r"has some \d+ tags, and no more than 100000 are read of a page"),
    "depth": (lambda n: "<div>" * n, 48_000, "is nested too deep to be read whole"),
    "attributes": (lambda n: f"<p {' '.join(f'a{i}=1' for i in range(n))}>", 20_000,
                   "has an element of more than 500 attributes, which is no"),
}  # fmt: skip


def refused(text: str, reason: str) -> None:
    with pytest.raises(ScrapeError, match=reason):
        scrape.read_article(
            page(f"{'' if '<h1>' in text else HEAD}<div class='text'>{text}</div>"), replace(LAYOUT, images=("img",))
        )


@pytest.mark.parametrize("name", BEYOND)
@pytest.mark.long
def test_what_is_beyond_measure_is_refused_at_once_with_its_measure(name: str) -> None:
    text, size, reason = BEYOND[name]
    assert growth(lambda n: partial(refused, text(n), reason), size) < GROWTH
    assert ends(partial(refused, text(size), reason))


@pytest.mark.parametrize("name", ["tags", "attributes"])
def test_what_libxml2_would_take_long_for_is_refused_before_it_is_parsed(name: str) -> None:
    text, size, reason = BEYOND[name]
    refused(text(2 * size), reason)  # so that everything is loaded
    with weighing(html, "document_fromstring", lambda data, **_: len(data)):
        assert steps(partial(refused, text(size), reason)) < 1_000


def test_scripts_are_no_text_however_long_they_are() -> None:
    assert "Текст" in scraped(f"<script>{'x' * 2_000_000}</script><p>Текст</p>")


def entry(size: int, number: int) -> str:
    """An item of a listing of a size; no other size has its address, for addresses are cached."""
    return f"<h2><a href='/n/{size}/{number}'>Новина міста {number}</a></h2><p>Анонс."


def listed(size: int, box: str = "<li>") -> str:
    return "".join(box + entry(size, number) for number in range(size))


LISTINGS: dict[str, tuple[Layout, Callable[[int], str]]] = {
    "items": (LAYOUT, lambda n: "<ul>" + listed(n)),
    "items whose links are found by what they stand in": (
        replace(LAYOUT, item=("h2",), link=("ul h2 a[href]",)),
        lambda n: "<ul>" + listed(n),
    ),
    "items in no boxes, below days": (
        replace(LAYOUT, item=("p",), day=("h2",)),
        lambda n: listed(n, "<p>Анонс."),
    ),
    "items in items": (
        replace(LAYOUT, item=("tr",), item_date=("td",)),
        lambda n: "<table><tr><td>" * 50 + listed(n, ""),
    ),
}


@pytest.mark.parametrize("kind", LISTINGS)
@pytest.mark.long
def test_a_listing_of_any_kind_is_read_in_time(kind: str) -> None:
    layout, markup = LISTINGS[kind]

    def read(size: int) -> Callable[[], object]:
        given = page(markup(size))
        return lambda: scrape.read_listing(given, layout)

    assert scrape.read_listing(page(markup(9)), layout).links
    assert growth(read, 200) < GROWTH


def test_a_listing_without_end_is_refused_with_its_measure() -> None:
    with pytest.raises(ScrapeError, match="lists 10001 items, and no more than 10000 are read of a listing"):
        scrape.read_listing(page("<li>" * 10_001), LAYOUT)
    markup = "".join(f"<a href='/n/{n}'>{n}</a>" for n in range(3_001))
    with pytest.raises(ScrapeError, match="has 3001 links, and news can be found among 3000 at most"):
        learn.explore(page(markup), lambda _: None, learn.Context(wild.KYIV, "uk", NOW))


@pytest.mark.long
def test_a_listing_is_surveyed_in_time() -> None:
    def survey(size: int) -> Callable[[], object]:
        items = "".join(f"<li class='x c{n % 7}'>{entry(size, n)}<time>10.06.2025</time>" for n in range(size))
        root = tree.document(page(f"<ul>{items}"))
        return lambda: ranked(take_survey(root, f"{wild.HOME}/news", wild.KYIV, NOW))

    assert survey(9)()
    assert growth(survey, 100) < GROWTH


def test_categories_without_end_are_no_categories() -> None:
    assert len(article(categories=tuple(f"Рубрика {n}" for n in range(5_000))).categories) == 200


@pytest.mark.parametrize("title", ["404" + "-" * 45_000 + "я", "a | " * 12_000, "404 " * 60 + "!"])
def test_a_title_of_any_length_is_judged_in_time(title: str) -> None:
    head = f"<title>{title}</title><h1>{title}</h1><time>{'1-. ' * 50_000}</time>"
    assert ends(lambda: scraped("<p>Текст</p>", head))


def test_names_without_end_are_compared_in_time() -> None:
    def dead(names: str, wanted: int) -> None:
        with pytest.raises(LayoutError, match="nothing like it lives"):
            scrape.read_article(page(names), replace(LAYOUT, title=tuple(f".title{n}" for n in range(wanted))))

    def named(count: int) -> str:
        return "".join(f"<p class='novyna-{n} c{n}'>" for n in range(count))

    beyond_what_is_compared = growth(lambda count: partial(dead, named(count), 1), MOST_NAMES)
    assert beyond_what_is_compared < 1.6
    assert ends(partial(dead, named(20_000) + f"<p class='{'x ' * 1_000_000}'>", 10))


def test_the_summary_of_anything_is_short() -> None:
    assert len(entries.shortened("а" * 1_000_000)) == entries.SUMMARY
