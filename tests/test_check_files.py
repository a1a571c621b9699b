"""The check of what is no feed: pages, lists, lines of JSON; and of the published folder as a whole."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import brotli
import pytest

from feedpub.kinds import kind_of
from feedpub.model import Topic
from feedpub.publishing.check import check, together
from tests.council import Council
from tests.town import Town

PAGE = "zrazkiv/index.html"
DUMP = "zrazkiv/archive/2025-10/items.ndjson"
CONTENTS = "zrazkiv/archive/index.json"
BASE = "https://feeds.example.org/"
FIRST_DAY = "2025-09-30"
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = Town(tmp_path_factory.mktemp("town"))
    made.source = replace(made.source, topics=(Topic("vpo", "ВПО", ("ВПО",)),))
    made.items = 5
    made.thumbnails = 31
    made.run(backfill=True)
    return made


@pytest.fixture
def files(town: Town) -> Files:
    return town.published()


def said(problems: Iterable[object]) -> list[str]:
    return [str(p) for p in problems]


@pytest.mark.long
def test_nothing_is_wrong_with_what_is_published(files: Files) -> None:
    found = {n: said(check(d, kind_of(n))) for n, d in files.items() if not n.endswith((".gz", ".br"))}
    assert {n: problems for n, problems in found.items() if problems} == {}
    assert list(together(files)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        (PAGE, ' lang="uk"', ' lang="ua"', "the page: names no language: 'ua'"),
        (PAGE, "<title>", "<title></title><b>", "the page: has no title"),
        (PAGE, 'name="viewport"', 'name="x"', "the page: does not fit a phone"),
        (PAGE, "default-src &#39;none&#39;", "default-src *", "the page: has no policy"),
        (PAGE, '<meta name="referrer"', '<meta name="robots" content="noindex"><meta name="referrer"',
         "the page: hides from search engines (noindex)"),
        (PAGE, 'rel="alternate"', 'rel="other"', "the page: names no feed"),
        (PAGE, 'title="Зразківська міська рада (RSS)"', 'title=""', "the page: names a feed without absolute address"),
        (PAGE, "<script>", '<script src="https://evil.example/x.js">', "the page: loads a script of another place"),
        (PAGE, "<style>", '<link rel="stylesheet" href="https://evil.example/x.css"><style>',
         "the page: loads a style of another place"),
        (PAGE, "</main>", '<iframe src="https://evil.example/"></iframe></main>', "the page: holds <iframe>"),
        (PAGE, "<h2>", '<h2 onclick="x()">', "the page: holds the attribute onclick"),
        (PAGE, 'href="archive/"', 'href="javascript:x()"', "the page: holds the address 'javascript:x()'"),
        (PAGE, 'href="archive/"', 'href="//evil.example/"', "the page: holds the address '//evil.example/'"),
        (PAGE, 'alt="', 'x="', "the page: has a picture without alternative text"),
        (PAGE, 'src="picture/', 'src="https://zrazkiv.example/', "the page: loads a picture from elsewhere: "),
        (PAGE, 'src="picture/', 'srcset="/a.jpg 2x" src="picture/', "the page: loads a picture from elsewhere: "),
        (PAGE, 'id="topics"', 'id="news"', "the page: has the id 'news' twice"),
        (PAGE, "Останні новини", "Останні\u200bновини", "the page: holds an invisible character, U+200B"),
        (PAGE, "<p>Джерело: Зразківська міська рада, <a ", '<p>Джерело: <a rel="nofollow" ', "has no followed link to"),
        (PAGE, '<a class="u-url" href="', '<a class="u-url" href="#', "is linked by no absolute address"),
        (PAGE, 'class="p-name"', 'class="x"', "has no title"),
        (PAGE, '"dt-published"', '"x"', "has no date"),
        ("feeds.opml", 'version="2.0"', 'version="1.0"', "the list: is of OPML version '1.0', not 2.0"),
        ("feeds.opml", "<title>", "<x>", "not well-formed"),
        ("feeds.opml", "<head>", "<had>", "not well-formed"),
        ("feeds.opml", "<outline type", "<other type", "the list: names no feed"),
        ("feeds.opml", 'xmlUrl="https://feeds.example.org', 'xmlUrl="', "has no absolute xmlUrl"),
        ("feeds.opml", 'text="Зразківська', 'tixt="Зразківська', "has an outline without text"),
        ("feeds.opml", "zrazkiv/text/atom.xml", "zrazkiv/atom.xml", "atom.xml: is named twice"),
        (DUMP, '"rights"', '"x"', "does not state the terms (rights)"),
        (DUMP, '{"id"', '{"id', "line 1: is not JSON: "),
        (DUMP, "<a href=", "<a rel='nofollow' href=", "content_html has no followed link to"),
        (DUMP, f'"date_published": "{FIRST_DAY}', '"date_published": "2025-12-01', "is older than the line before it"),
        (CONTENTS, '"rights"', '"x"', "the contents: does not state the terms (rights)"),
        (CONTENTS, '"2025-09"', '"2025-13"', "the contents: names a month that is none: 2025-13"),
        (CONTENTS, '"2025-09"', '"2025-12"', "the contents: is not sorted, the oldest month first"),
        (CONTENTS, '"items": 31', '"items": 30', "the contents: counts more or fewer items than its months have"),
        (CONTENTS, f'"{BASE}zrazkiv/archive/2025-09/rss.xml"', '"rss.xml"', "is not at an absolute address: rss.xml"),
    ],
)  # fmt: skip
def test_each_rule_is_told_where_it_is_broken(files: Files, name: str, old: str, new: str, rule: str) -> None:
    text = files[name].decode()
    assert old in text
    found = said(check(text.replace(old, new).encode()))
    assert any(rule in problem for problem in found), found


def changed(files: Files, name: str, old: str, new: str) -> Files:
    """The files with another text in one of them, and in its twins."""
    assert old.encode() in files[name]
    data = files[name].replace(old.encode(), new.encode())
    return files | {name: data, f"{name}.gz": gzip.compress(data), f"{name}.br": brotli.compress(data)}


def without(files: Files, *names: str) -> Files:
    return {n: d for n, d in files.items() if n not in {n + e for n in names for e in ("", ".gz", ".br")}}


def swapped(name: str, old: str, new: str) -> Callable[[Files], Files]:
    return lambda files: changed(files, name, old, new)


def with_link_of_another_month(files: Files) -> Files:
    """An item of September has the link of one of October."""
    entry = re.compile(r'<entry>.*?<link href="([^"]+)"', re.DOTALL)
    links = [entry.findall(files[f"{month}atom.xml"].decode())[0] for month in (SEPTEMBER, OCTOBER)]
    return changed(files, f"{SEPTEMBER}atom.xml", f'"{links[0]}"', f'"{links[1]}"')


ATOM, RSS = "zrazkiv/atom.xml", "zrazkiv/rss.xml"
OCTOBER, SEPTEMBER = "zrazkiv/archive/2025-10/", "zrazkiv/archive/2025-09/"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda f: f | {f"{RSS}.gz": gzip.compress(b"other")}, f"{RSS}: the file: and its twin .gz are not the same"),
        (lambda f: f | {f"{RSS}.br": b"damaged"}, f"{RSS}: the file: and its twin .br are not the same"),
        (lambda f: {n: d for n, d in f.items() if n != f"{RSS}.gz"}, f"{RSS}: the file: has no twin .gz"),
        (lambda f: {n: d for n, d in f.items() if n != PAGE}, f"{PAGE}.br: the twin: stands alone"),
        (lambda f: without(f, f"{OCTOBER}atom.xml"),
         f"{ATOM}: the archive: is cut: {BASE}{OCTOBER}atom.xml is not there"),
        (lambda f: without(f, f"{SEPTEMBER}rss.xml"),
         f"{RSS}: the archive: is cut: {BASE}{SEPTEMBER}rss.xml is not there"),
        (swapped(f"{SEPTEMBER}atom.xml", 'rel="current"', f'rel="prev-archive" title="{OCTOBER}"'),
         f"{ATOM}: the archive: {BASE}{SEPTEMBER}atom.xml says that it belongs to nothing"),
        (swapped(f"{SEPTEMBER}rss.xml", "<fh:archive/>", ""),
         f"{RSS}: the archive: goes on with what is no archive: {BASE}{SEPTEMBER}rss.xml"),
        (swapped(f"{OCTOBER}atom.xml", 'rel="prev-archive"', 'rel="x"'),
         f"{ATOM}: the archive: does not lead to 11 items of {SEPTEMBER}atom.xml"),
        (swapped(f"{OCTOBER}atom.xml", "2025-09/atom.xml", "2025-10/atom.xml"),
         f"{ATOM}: the archive: turns in a circle at {BASE}{OCTOBER}atom.xml"),
        (swapped(f"{OCTOBER}atom.xml", "node/246</id>", "node/242</id>"), "in two months"),
        (swapped(ATOM, "node/297</id>", "node/999</id>"), "the archive: does not hold 1 items of"),
        (swapped(RSS, "<link>https://zrazkiv.example/content/korisni-posilannya-dlya-gromadskih-organizacij<",
                 "<link>https://zrazkiv.example/content/u-zrazkovi-zapracyuvav-novij-punkt-nezlamnosti<"),
         f"{RSS}: tag:zrazkiv.example,2026:zrazkiv/node/294: has the link of"
         " tag:zrazkiv.example,2026:zrazkiv/node/297, too: https://zrazkiv.example/content/u-zrazkovi"),
        (with_link_of_another_month, f" in {SEPTEMBER}atom.xml, too: "),
        (swapped(f"{OCTOBER}items.ndjson", 'node/246"', 'node/999"'),
         f"{OCTOBER}items.ndjson: the feed: lacks 1 items that other formats have: tag:zrazkiv.example"),
        (swapped(RSS, "node/297<", "node/999<"),
         f"{RSS}: the feed: lacks 1 items that other formats have: tag:zrazkiv.example,2026:zrazkiv/node/297"),
        (swapped(CONTENTS, '"items": 11', '"items": 12'),
         f"{CONTENTS}: the contents: counts 12 items of 2025-09; it has 11"),
        (swapped(PAGE, 'href="archive/"', 'href="archive/nothing/"'),
         f"{PAGE}: the page: leads to archive/nothing/, and nothing is there"),
        (lambda f: without(f, "zrazkiv/category/novyny/atom.xml"),
         f"feeds.opml: the page: leads to {BASE}zrazkiv/category/novyny/atom.xml, and nothing is there"),
        (lambda f: without(f, f"{OCTOBER}items.ndjson"),
         f"{CONTENTS}: the page: leads to {BASE}{OCTOBER}items.ndjson, and nothing is there"),
        (lambda f: changed(f, "zrazkiv/text/rss.xml", f'href="{BASE}zrazkiv/text/', f'href="{BASE}other/'),
         f"zrazkiv/text/rss.xml: the feed: says that it is at {BASE}other/rss.xml"),
    ],
)  # fmt: skip
def test_files_that_do_not_fit_together_are_told(files: Files, change: Callable[[Files], Files], rule: str) -> None:
    found = [f"{name}: {problem}" for name, problem in together(change(files))]
    assert any(rule in problem for problem in found), found


@pytest.mark.long
def test_check_judges_the_whole_folder(council: Council, tmp_path: Path) -> None:
    council.feedpub("backfill")
    assert council.feedpub("check").out == ""
    council.path("category/novyny/rss.xml.gz").write_bytes(b"")
    council.path("archive/2025-10/atom.xml").unlink()
    told = council.feedpub("check")
    folder = council.folder / "public"
    assert told.code == 1
    assert f"{folder}/zrazkiv/category/novyny/rss.xml: the file: and its twin .gz are not the same\n" in told.out
    assert f"{folder}/zrazkiv/archive/2025-10/atom.xml.gz: the twin: stands alone" in told.out
    council.path("feed.json").unlink()
    assert f"{folder}/zrazkiv/feed.json: cannot be read: there is no such file\n" in council.feedpub("check").out


@pytest.mark.long
def test_a_page_in_a_feed_s_place_is_no_feed(council: Council) -> None:
    council.feedpub("backfill")
    feed = council.path("rss.xml")
    feed.write_bytes(council.path("index.html").read_bytes())
    of_feed = [line for line in council.feedpub("check").out.splitlines() if line.startswith(f"{feed}: the feed: ")]
    assert len(of_feed) == 1
    assert not [line for line in council.feedpub("check", str(feed)).out.splitlines() if "the feed: " in line]


def test_lines_of_json_are_told_from_a_feed_and_from_contents() -> None:
    assert said(check(b'{"id": 1}\n{"x"')) == [
        "1: has no title", "1: has no date of publication",
        "1: needs one absolute, ASCII link, and has none", "1: does not state the terms (rights)",
        "line 2: is not JSON: Expecting ':' delimiter: line 1 column 5 (char 4)",
    ]  # fmt: skip
    assert said(check(json.dumps({"months": 3}, indent=1).encode()))[-1] == "the contents: has no list of months"
