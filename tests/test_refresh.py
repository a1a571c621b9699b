"""Pages that send their readers on by themselves, and what is sent twice with a page."""

from __future__ import annotations

import pytest

from feedpub.collecting.fetch import decode
from feedpub.collecting.fetch.headers import content_type
from feedpub.collecting.fetch.refresh import refresh_target
from feedpub.content import NotModified
from feedpub.errors import FetchError
from feedpub.model import Validators
from tests.test_fetch import HTML, Bench, bench, reason

__all__ = ["bench"]  # a fixture

HERE = "http://rada.example/old"
WORDS = "<p>" + "Міська рада повідомляє про ремонт дороги на вулиці Зразковій. " * 20


def meta(content: str) -> str:
    return f'<meta http-equiv="refresh" content="{content}">'


@pytest.mark.parametrize(
    ("page", "target"),
    [
        (f"<head>{meta('0; url=/new')}</head>", "/new"),
        (f"<head>{meta('0;URL=/new')}</head>{WORDS}", "/new"),
        (meta("0; url='/new'"), "/new"),
        ("<META CONTENT='0;url=\"/new\"' HTTP-EQUIV=Refresh>", "/new"),
        (meta("0, /new"), "/new"),
        (meta("0 url = /new"), "/new"),
        (meta(".5; url=/new"), "/new"),
        (meta("0; url=/new?a=1&amp;b=2"), "/new?a=1&b=2"),
        (meta("10; url=/new") + "<p>Сторінку переміщено.", "/new"),
        (f"<noscript>{meta('0; url=/new')}</noscript>", "/new"),
        (f"<noscript></noscript>{meta('0; url=/new')}{WORDS}", "/new"),
        (f"<body>{meta('0; url=/new')}", "/new"),
    ],
)
def test_a_page_that_sends_its_readers_on_is_a_redirect(page: str, target: str) -> None:
    assert refresh_target(page, "", HERE) == f"http://rada.example{target}"


@pytest.mark.parametrize(
    "page",
    [
        meta("300"), meta("0"), meta("0; url="), meta("0; url=/old"), meta("5; url=#top"), meta("url=/new"),
        meta("600; url=/new"), meta("0; url=javascript:go()"),
        f"<head>{meta('10; url=/new')}</head>{WORDS}",
        f"<noscript>{meta('0; url=/no-script')}</noscript>{WORDS}",
        f"<body>{meta('0; url=/pasted')}{WORDS}",
        f"<!-- {meta('0; url=/new')} -->", f"<script>'{meta('0; url=/new')}'</script>", f"<!-- {meta('0; url=/new')}",
        f"<template>{meta('0; url=/new')}</template>", f"<title>{meta('0; url=/new')}</title>",
        '<meta name="refresh" content="0; url=/new">',
    ],
)  # fmt: skip
def test_a_page_that_is_only_loaded_again_or_has_its_own_words_is_no_redirect(page: str) -> None:
    assert refresh_target(page, "", HERE) is None


def test_the_header_says_the_same(bench: Bench) -> None:
    url = bench.answers("/x", b"<p>" + WORDS.encode(), HTML, ("Refresh", "0; url=/node/297"))
    page = bench.fetcher().page(url)
    assert (page.asked, page.url) == (url, f"{bench.served.url}/node/297")


def test_a_page_behind_one_that_sends_on_is_read_whole_each_time(bench: Bench) -> None:
    """Its validators, sent with the request for the first page, could be answered with 304 by that one."""
    url = bench.answers("/x", meta("0; url=/y").encode(), HTML, ("ETag", '"x"'))
    bench.answers("/y", b"<p>here</p>", HTML, ("ETag", '"y"'))
    page = bench.fetcher().page_if_changed(url, Validators('"known"'))
    assert not isinstance(page, NotModified)
    assert (page.text, page.validators) == ("<p>here</p>", Validators())


def test_where_it_sends_its_readers_is_not_remembered_as_a_move(bench: Bench) -> None:
    url = bench.answers("/x", meta("0; url=/node/297").encode())
    fetcher = bench.fetcher()
    fetcher.page(url)
    assert fetcher.moved == {}


def test_pages_that_send_on_to_each_other_end(bench: Bench) -> None:
    url = bench.answers("/x", meta("0; url=/y").encode())
    bench.answers("/y", meta("0; url=/x").encode())
    assert reason(bench, url).startswith("leads on and on, the last time to ")
    assert len(bench.asked()) < 10


def test_a_page_that_sends_on_to_another_site_is_named(bench: Bench) -> None:
    url = bench.answers("/x", meta("0; url=http://169.254.169.254/latest").encode())
    assert reason(bench, url, FetchError) == "leads to another site: http://169.254.169.254/latest"


@pytest.mark.parametrize(
    ("value", "kind", "charset"),
    [
        ("text/html; charset=utf-8", "text/html", "utf-8"),
        ("text/html, text/html; charset=windows-1251", "text/html", "windows-1251"),
        ("text/html; charset=windows-1251, text/html", "text/html", "windows-1251"),
        ("text/plain; charset=utf-8, text/html", "text/html", ""),
        ("text/html; charset=utf-8, TEXT/HTML;charset=koi8-u", "text/html", "koi8-u"),
        ("text/html, nonsense", "text/html", ""),
        ("text/html, */*", "text/html", ""),
        ('text/html; x="a, b"; charset="utf-8"', "text/html", "utf-8"),
        ("text/html charset=utf-8", "", ""),
        ("", "", ""),
    ],
)
def test_of_a_type_that_is_sent_twice_the_last_that_can_be_read_counts(value: str, kind: str, charset: str) -> None:
    assert content_type(value) == (kind, charset)


def test_a_page_whose_type_is_sent_twice_is_a_page(bench: Bench) -> None:
    twice = (("Content-Type", "text/html; charset=windows-1251"), ("Content-Type", "text/html"))
    url = bench.answers("/x", "<p>Рада</p>".encode("cp1251"), *twice)
    assert bench.fetcher().page(url).text == "<p>Рада</p>"


def test_a_charset_counts_in_a_type_that_is_written_wrong() -> None:
    assert decode("<p>Groß für œ</p>".encode("iso8859_15"), "text/html charset=iso-8859-15") == "<p>Groß für œ</p>"
