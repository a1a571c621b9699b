"""What holds whatever is read: hypothesis looks for a page, a file or a string that it does not hold for.

Always the same ones, so that a failure is there again at the next run; ``fuzz/`` looks further.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from html import unescape
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from feedpub import address, config, text
from feedpub.collecting.fetch import decode
from feedpub.collecting.normalize import body
from feedpub.content import Article
from feedpub.errors import ConfigError, FeedpubError, LedgerError, SourceError
from feedpub.html import date_words, dates
from feedpub.publishing.check import check
from feedpub.publishing.check.pictures import picture_problem
from feedpub.publishing.render import render
from feedpub.store import ledger
from tests import made, wild
from tests.examples import examples
from tests.made import FORMATS
from tests.test_config import GOOD

T = TypeVar("T")
E = TypeVar("E", bound=FeedpubError)

ARTICLES = [seed.decode() for seed in wild.article_seeds()]
LISTINGS = [seed.decode() for seed in wild.listing_seeds()]
FEEDS = [render(form, made.feed_of(), f"https://feeds.example.org/{form.name}").decode() for form in FORMATS]
CHARSETS = [
    "",
    "charset=utf-8",
    "charset=windows-1251",
    "charset=utf-16",
    "charset=punycode",
    "charset=hex",
    "charset=\0",
]
fragment = st.sampled_from(wild.FRAGMENTS) | st.text(max_size=12)
strange = st.lists(fragment, max_size=25).map("".join)


def changed(documents: Sequence[str], pieces: st.SearchStrategy[str] = fragment, by: str = r"(<[^<>]*>)") -> Any:
    """One of the documents, with some of its tags and words replaced, or moved, or gone."""

    @st.composite
    def document(draw: Callable[[Any], Any]) -> str:
        parts = re.split(by, draw(st.sampled_from(documents)))
        for _ in range(draw(st.integers(0, 6))):
            at, length = draw(st.integers(0, len(parts))), draw(st.integers(0, 5))
            parts[at : at + length] = draw(st.lists(pieces, max_size=3) | st.just(parts[at : at + length] * 3))
        return "".join(parts)

    return document()


def outcome(act: Callable[[], T], error: type[E]) -> T | E:
    """What it gives, or the error that it may raise; no other one is caught."""
    try:
        return act()
    except error as raised:
        return raised


def encoded(markup: str) -> bytes:
    return markup.encode(errors="replace")


# ------------------------------------------------------------ pages


@given(st.binary(max_size=300) | strange.map(encoded), st.sampled_from(CHARSETS))
def test_any_bytes_are_text_without_nul(data: bytes, content_type: str) -> None:
    found = decode(data, f"text/html; {content_type}")
    assert "\0" not in found
    assert found or not data.strip(b"\0\xef\xbb\xbf\xff\xfe")


def require_sound(article: Article, block: int) -> None:
    assert wild.problems(article, block=block) == []
    assert all(address.absolute(u, u) == u for u in (article.url, *article.addresses))


@examples(800)
@given(changed(ARTICLES) | strange, st.integers(1, 2))
def test_a_page_gives_an_article_whose_feeds_are_valid_or_is_refused(markup: str, block: int) -> None:
    data = encoded(markup)
    found = outcome(lambda: wild.read(data, wild.layout_of(data)), SourceError)
    if isinstance(found, SourceError):
        assert "\n" not in str(found)
    else:
        require_sound(found, block)


@examples(500)
@given(changed(LISTINGS) | strange)
def test_a_listing_gives_addresses_that_can_be_asked_for_or_is_refused(markup: str) -> None:
    try:
        found = wild.listed(encoded(markup), wild.layout_of(encoded(markup)))
    except SourceError:
        return
    urls = [link.url for link in found.links]
    assert len(set(map(address.key, urls))) == len(urls) > 0
    for url in (*urls, *filter(None, (found.next_page, found.site.icon, found.site.logo))):
        assert address.absolute(url, url) == url


@examples(40)
@given(changed(LISTINGS), st.lists(changed(ARTICLES[::2]), min_size=1, max_size=3))
def test_what_is_learnt_of_any_site_can_be_gone_by(listing: str, articles: list[str]) -> None:
    try:
        layout = wild.learnt([encoded(listing), *map(encoded, articles)]).layout
        article = wild.read(encoded(articles[0]), layout)
    except SourceError:
        return
    require_sound(article, 2)


# ------------------------------------------------------------ texts


@examples(800)
@given(changed([seed.decode() for seed in wild.body_seeds()]) | strange)
def test_what_is_published_are_the_words_of_the_text(markup: str) -> None:
    cleaned = body.clean(decode(encoded(markup), "charset=utf-8"), wild.URL)
    shown = unescape(re.sub("<[^>]*>", "", "".join(cleaned.blocks)))
    assert Counter(re.sub(r"[\W_]", "", shown)) == Counter(re.sub(r"[\W_]", "", cleaned.text))


words = st.sampled_from(["Рішення", " ради", "№ 5", " & ", "1 < 2", "— так", "“лапки”", "\xa0", "👨‍👩‍👧"])
inline = st.recursive(
    words,
    lambda inner: (
        st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["b", "i", "u", "s", "sup"]), inner)
        | st.builds("<a href='/{}'>{}</a>".format, st.integers(1, 9), words)
        | st.lists(inner, min_size=1, max_size=3).map("".join)
    ),
    max_leaves=6,
)
blocks = st.recursive(
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["p", "h1", "h3", "div", "center", "pre"]), inline) | inline,
    lambda inner: (
        st.builds("<ul><li>{}</li><li>{}</li></ul>".format, inner, inline)
        | st.builds("<table><tr><td>{}</td><td>{}</td></tr></table>".format, inner, inline)
        | st.builds("<blockquote>{}</blockquote>".format, inner)
        | st.lists(inner, min_size=1, max_size=4).map("".join)
    ),
    max_leaves=8,
)


@examples(600)
@given(blocks)
def test_a_text_that_is_clean_is_left_as_it_is(markup: str) -> None:
    once = body.clean(markup, wild.URL)
    again = body.clean("\n".join(once.blocks), wild.URL)
    assert again == once


@given(st.text() | strange)
def test_strings_are_cleaned_once_and_for_all(raw: str) -> None:
    for clean in (text.characters, text.line, text.flow, dates.fold, date_words.plain):
        assert clean(clean(raw)) == clean(raw)
    assert isinstance(text.skeleton(raw), str)
    number = text.number(raw)
    assert number is None or number >= 0


# ------------------------------------------------------------ dates and addresses

date_like = st.lists(
    st.sampled_from(["9", "09", "31", "2025", "99999999", "²", "٣", ".", "/", " - ", ":", " ", "T", "Z", "+03:00",
    "червня",
                     "лист.", "вчора", "тому", "годин", "ago", "П'ятниця", ",", "р.", "24:00", "0000"]),
    max_size=9,
).map("".join)  # fmt: skip


@given(st.lists(date_like | st.text(max_size=30), max_size=4))
def test_a_date_of_any_spelling_is_an_instant_in_utc_or_none(shown: list[str]) -> None:
    for layout in wild.LAYOUTS:
        instant = dates.first(shown, wild.KYIV, layout.date_formats, made.NOW)
        assert instant is None or instant.utcoffset() == made.NOW.utcoffset()
    for string in shown:
        dates.may_be(string)
        dates.relative(string, wild.KYIV, made.NOW)


href = st.lists(
    st.sampled_from(["http:", "https:", "HTTP:", "//", "/", "rada.example", "www.", "ї.укр", ":80", ":99999",
    "[::1]", "[", "@",
                     "?", "&", "=", "#", "%", "%41", "%ff", "..", "a", "utm_x=1", "node/5", "\\", " ", "\t",
                     "\ud800", ";jsessionid=1",
                     "l.facebook.com/l.php?u=", "http%3A//x.example", "xn--a", "²", "mailto:", "data:,"]),
    max_size=10,
).map("".join)  # fmt: skip


@examples(400)
@given(href | st.text(max_size=30))
def test_an_address_is_spelt_in_one_way_in_ascii_or_is_none(raw: str) -> None:
    url = address.absolute(wild.URL, raw)
    assume(url is not None)
    assert url is not None
    assert address.absolute(url, url) == url
    assert picture_problem(url) is None  # so the gate never stops a feed for a picture
    assert re.fullmatch(r"https?://[!-~]+", url)
    assert address.host(url)
    assert address.path_key(url).isascii()
    assert address.key(url) == address.key(address.without_fragment(url))
    assert address.file_key(address.without_fragment(url)) == address.file_key(url)
    assert isinstance(address.is_numbered(url), bool)


# ------------------------------------------------------------ files


@given(st.binary(max_size=200) | changed(FEEDS).map(encoded) | changed(FEEDS, by=r'("[^"]*")').map(encoded))
def test_any_bytes_are_checked_and_none_but_a_ledger_is_read_as_one(data: bytes) -> None:
    assert all(str(problem) for problem in check(data))
    found = outcome(lambda: ledger.read_ledger(data, "old.xml"), LedgerError)
    if isinstance(found, LedgerError):
        assert str(found).startswith("old.xml: ")
    else:
        assert all(r.date is None or r.date.tzinfo for r in found.records)
        assert all(m.length > 0 for m in found.media)


value = st.sampled_from(["''", "' '", "5", "-1", "1e400", "nan", "true", "[]", "[[]]", "[{}]", "{}", "{a.b = 1}",
"1979-05-27",
                         "['a', '']", "'http://['", "'{link}'", "'\\u0001'", "'a|b'", "'%d.%m.%Y'", "\"\\ud800\"",
                         "'''", "∞"])  # fmt: skip
key = st.sampled_from([k for table in config.TABLES.values() for k in table] + ["nope", "'a b'", "''"])
table = st.sampled_from(
    ["[publish]", "[fetch]", "[state]", "[[source]]", "[source]", "[source.terms]", "[source.layout]", "[x"]
)
line = st.builds("{} = {}\n".format, key, value) | table.map("{}\n".format) | st.text(max_size=9)


@given(changed([GOOD], line, r"(\n)") | st.text())
def test_a_configuration_is_read_or_each_of_its_mistakes_has_its_place(tmp_path: Path, toml: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(toml.encode(errors="surrogatepass"))
    found = outcome(lambda: config.load(path), ConfigError)
    if isinstance(found, ConfigError):
        assert found.problems
        assert all(re.match(rf"{re.escape(str(path))}:(?:\d+:)? ", problem) for problem in found.problems)
        return
    assert found.sources
    for source in found.sources:
        if source.layout:
            with pytest.raises(SourceError):
                wild.read(b"<p>x</p>", source.layout)
