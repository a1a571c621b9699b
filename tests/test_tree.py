"""Selectors find what the standard says, whatever way is quickest."""

from __future__ import annotations

import pytest
from cssselect import HTMLTranslator, SelectorError
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from feedpub.collecting.learn.media import documents
from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.html import tree
from feedpub.html.index import Index, index_of, indexing
from feedpub.html.select import select

PAGE = """<html><body><div id="a" class="x  y"><p class="xy">1</p><p class="\ty\nx">2</p>
<a href="/1.pdf" class="y">3</a><a href="/2.PDF">4</a><a href="/3.docx?x=.pdf">5</a><a href="/4.doc">6</a><a>7</a>
<b href="/5.pdf">8</b><i id="a" rel="it's">9</i><i data-x="a b" rel="nofollow me">10</i></div>
<p id="b">11</p></body></html>"""
ROOT = tree.document(Page("https://rada.example/", "https://rada.example/", PAGE))
SELECTORS = [
    ".x", ".y", ".xy", ".none", "#a", "#b", "#none", "[rel='nofollow me']", '[data-x="a b"]', "[rel=\"it's\"]", "p.x",
    "a[href$='.pdf']", "a[href$='.pdf'], a[href$='.doc']", documents(), "a[href$='.pdf'], b[href$='.pdf']", "p, a",
    ".x, #b",
    "a[href$='f'], a[class$='y']", "div > .y", "#a .x", "a[href]", ".x.y", "*", "div.x > a", "body .x.y > .y",
    "html > body", "#a i#a", "div a.y[href='/1.pdf']", "p:nth-of-type(2)", "div > p:nth-of-type(1)", ".x > .y, p",
    "[rel='nofollow me'][data-x='a b']", "div >a", "div>.y",
]  # fmt: skip


@pytest.mark.parametrize("selector", SELECTORS)
def test_a_selector_finds_what_it_finds_anywhere(selector: str) -> None:
    assert select(ROOT, selector) == etree.XPath(HTMLTranslator().css_to_xpath(selector))(ROOT)


NAMES = st.text("ab-_1", min_size=1, max_size=3)
VALUES = st.text("ab -.1'\"$", max_size=4)
PARTS = st.one_of(
    NAMES.map(lambda n: f".{n}"),
    NAMES.map(lambda n: f"#{n}"),
    st.builds("[{}='{}']".format, NAMES, VALUES),
    st.builds("a[{}$='{}']".format, NAMES, VALUES),
)


COMPOUNDS = st.tuples(st.sampled_from(["", "a", "html"]), st.lists(PARTS, max_size=2)).map(
    lambda c: c[0] + "".join(c[1])
)
JOINED = st.tuples(COMPOUNDS, st.sampled_from([" ", " > ", ">", ", ", "  "]), COMPOUNDS, st.sampled_from([" ", " > "]),
                   COMPOUNDS).map("".join)  # fmt: skip


LISTS = st.lists(PARTS, min_size=1, max_size=3).map(", ".join)


@given(st.one_of(LISTS, COMPOUNDS, JOINED), st.lists(st.tuples(NAMES, VALUES), max_size=4))
def test_any_selector_finds_the_same_or_is_none(selector: str, attributes: list[tuple[str, str]]) -> None:
    root = html.fromstring("<html><a/><a><a/></a></html>")
    for element, (name, value) in zip(root.iter("a"), attributes, strict=False):
        element.set("class" if name.startswith("a") else "id" if name.startswith("b") else "href", value)
    try:
        expected = etree.XPath(HTMLTranslator().css_to_xpath(selector))(root)
    except (SelectorError, etree.XPathError):
        with pytest.raises(ScrapeError):
            select(root, selector)
        return
    assert select(root, selector) == expected
    assert Index(root).find(selector) in (None, expected)


# ------------------------------------------------------------ the index


MARKUP = """<div id="a" class="box wide"><ul><li class="x">1</li><li class="x y" title="t">2</li><li>3</li></ul>
<p class="x">4<b class="box">5<i class="x">6</i></b></p></div><div class="box"><p class="x">7</p></div>"""
ASKED = [
    "li", ".x", "li.x", ".x.y", "#a", "#a li", "ul > li", ".box > .x", ".box .x", "div > .x",
    "#a > ul > li:nth-of-type(2)", "li[title='t']", "div:nth-of-type(2) > p", ".box .box .x", ".none", "p.x > b > i",
    ".wide.box i",
]  # fmt: skip


@pytest.mark.parametrize("selector", ASKED)
def test_an_index_finds_what_the_selector_finds(selector: str) -> None:
    root = html.document_fromstring(MARKUP)
    found = select(root, selector)
    with indexing():
        answers = [select(root, selector) for _ in range(5)]
        index = index_of(root)
        assert index is not None
        assert index.find(selector) == found
    assert answers == [found] * 5
    assert index_of(root) is None


def test_no_selector_is_answered_by_what_another_one_found() -> None:
    root = html.document_fromstring(MARKUP)
    index = Index(root)
    pairs = [f"{one}{sign}{other}" for one in ASKED for sign in (" ", " > ") for other in (".x", "i", "li", ".box")]
    assert [index.find(pair) for pair in pairs] == [root.cssselect(pair) for pair in pairs]


def test_what_an_index_does_not_know_is_left_to_the_selector_engine() -> None:
    index = Index(html.document_fromstring(MARKUP))
    assert [index.find(odd) for odd in ("p:contains('7')", "li, p", "p + p", "[title]")] == [None] * 4
