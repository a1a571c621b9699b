"""A page is read as browsers read it, also where libxml2 goes by HTML 4."""

from __future__ import annotations

from functools import partial

import pytest

from feedpub.collecting import scrape
from feedpub.collecting.normalize import body
from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.html import tree
from feedpub.html.source import as_browsers_read
from feedpub.layout import Layout
from tests.work import ends

URL = "https://rada.example/news/7"
LAYOUT = Layout(title=("h1",), date=("time",), body=(".text",))


def published(text: str) -> str:
    """The blocks of a page with this text, one a line."""
    source = f"<html><body><h1>Заголовок</h1><time>09.06.2025</time><div class='text'>{text}</div><p>Адреса</p></body>"
    scraped = scrape.read_article(Page(URL, URL, source), LAYOUT)
    return "\n".join(body.clean(scraped.body, scraped.base).blocks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # elements that end where they begin
        ("<keygen name='>'>Так<p>Ні</p>", "<p>Так</p>\n<p>Ні</p>"),
        ("<ul><li>переклад<wbr>ач<li>редактор</ul>", "<ul><li>перекладач</li><li>редактор</li></ul>"),  # libxml2 can
        ("<p>до<bgsound src='/a.mid'><p>після", "<p>до</p>\n<p>після</p>"),
        ("<p>до <image src='/a.jpg'> після", '<p>до <img alt="" src="https://rada.example/a.jpg"> після</p>'),
        # lines that end where nothing is open
        ("рядок</br>другий", "<p>рядок<br>другий</p>"),
        ("<p>а<ul><li>б</li></ul>кінець</p>Далі", "<p>а</p>\n<ul><li>б</li></ul>\n<p>кінець<br>Далі</p>"),
        ("один</p><b>два</b>", "<p>один<br><b>два</b></p>"),
        # ends of a page that a pasted one has left
        ("<p>до</p></body></html><p>після</p>", "<p>до</p>\n<p>після</p>"),
        ("<html><body><p>до</p></body></html><p>після</p>", "<p>до</p>\n<p>після</p>"),
        ("<p>а\0б</p>", "<p>аб</p>"),
        # white space in addresses, which libxml2 would escape
        ("<p><a href='/a.pdf '>а</a></p>", '<p><a href="https://rada.example/a.pdf">а</a></p>'),
        ("<p><a href='\n /b/\n\t\tc.pdf\n'>а</a></p>", '<p><a href="https://rada.example/b/c.pdf">а</a></p>'),
        ("<p><img src='/d\n.jpg ' alt='Міст'></p>", '<p><img alt="Міст" src="https://rada.example/d.jpg"></p>'),
        ("<p><a href='/e f.pdf'>а</a></p>", '<p><a href="https://rada.example/e%20f.pdf">а</a></p>'),
        ("<p><a href='/g\x02.pdf '>а</a></p>", '<p><a href="https://rada.example/g.pdf">а</a></p>'),
    ],
)  # fmt: skip
def test_a_page_is_read_as_browsers_read_it(text: str, expected: str) -> None:
    assert published(text) == expected


def test_what_follows_an_embedded_file_is_no_part_of_it() -> None:
    embed = "<embed src='/plan.pdf' title='1 > 0'>"
    before, *after = published(f"<p>Перед.</p>{embed}<p>Абзац.</p><ul><li>Пункт</li></ul><p>Ще.</p>").splitlines()[1:]
    assert "/plan.pdf" in before
    assert after == ["<p>Абзац.</p>", "<ul><li>Пункт</li></ul>", "<p>Ще.</p>"]
    assert published(f"<p>Перед {embed} після<p>Далі").endswith("після</p>\n<p>Далі</p>")


def test_a_source_without_oddities_is_read_as_it_is() -> None:
    for source in (
        "<p>а</p>\n<p>б</p></body></html>\n<!-- 0.1 s -->",
        "<picture><source srcset='/a.webp'><img src='/a.jpg'></picture>",  # selectors that were learnt may name it
        "<svg><image href='/a.png'/></svg>",
    ):
        assert as_browsers_read(source) == source
    root = tree.document(Page(URL, URL, "<div><p>а</p> <b>б</b></div>"))
    assert root.find(".//br") is None  # the paragraph was open


@pytest.mark.parametrize("size", [1_000, 50_000])
def test_odd_sources_are_read_in_time(size: int) -> None:
    for odd in ("<embed a='", "<embed ", "<image ", "</html><!--", "</p> ", "</html>", "<keygen \"'"):
        assert ends(partial(as_browsers_read, odd * size))
    with pytest.raises(ScrapeError, match="nested too deep"):
        tree.document(Page(URL, URL, "а</p>б" + "</b>" * 200 + "<div>" * 300 + "в"))


# ------------------------------------------------------------ the base address


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<head><base href='/site/'></head>", "https://rada.example/site/"),
        ("<head><div id='fb-root'></div><base href='/site/'></head>", "https://rada.example/site/"),
        ("<body><p>а</p><base href='/late/'><base href='/later/'>", "https://rada.example/late/"),
        ("<head><base target='_blank'><base href='/site/'></head>", "https://rada.example/site/"),
        ("<template><base href='/no/'></template><p>а", URL),
        ("<head><base href='javascript:x'></head>", URL),
        ("<p>а</p>", URL),
    ],
)
def test_the_first_base_counts_wherever_it_stands(source: str, expected: str) -> None:
    page = Page(URL, URL, source)
    assert tree.base_url(tree.document(page), page) == expected
