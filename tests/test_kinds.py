"""Every kind of published file is a row of one table; a new format is one more row and the file that renders it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest
from lxml import html
from werkzeug.test import Client

from feedpub import kinds, publishing
from feedpub.kinds import ATOM, CONTENTS, KINDS, PAGE, PREFERRED, Kind, Part, feeds_in
from feedpub.publishing import check as check_room
from feedpub.publishing import push
from feedpub.publishing import render as render_room
from feedpub.publishing.check import check, together
from feedpub.publishing.serve import Site
from tests import server_configs, servers
from tests.exchange import ask
from tests.servers import DOCS
from tests.town import Town

TITLES = Kind(
    "titles.tsv", "text/tab-separated-values; charset=utf-8", Part.SOURCE | Part.COLLECTION | Part.MONTH,
    is_feed=True, label="Titles", renderer="tried:titles",
)  # fmt: skip
FORMATS = Path(__file__).parent / "formats"
BASE = "https://feeds.example.org/"
HUB = "https://hub.example/"


def test_the_table_says_what_each_file_is_and_where_it_is() -> None:
    assert {k.name: k.media_type for k in KINDS} == {
        "rss.xml": "application/rss+xml; charset=utf-8",
        "atom.xml": "application/atom+xml; charset=utf-8",
        "feed.json": "application/feed+json; charset=utf-8",
        "items.ndjson": "application/x-ndjson; charset=utf-8",
        "feeds.opml": "text/x-opml; charset=utf-8",
        "index.html": "text/html; charset=utf-8",
        "404.html": "text/html; charset=utf-8",
        "*.html": "text/html; charset=utf-8",
        "search.json": "application/json; charset=utf-8",
        "index.json": "application/json; charset=utf-8",
        "button.svg": "image/svg+xml",
        "qr.svg": "image/svg+xml",
        "*.jpg": "image/jpeg",
    }
    assert {part.name: [k.name for k in kinds.kinds_in(part)] for part in Part} == {
        "FRONT": ["feeds.opml", "index.html"],
        "SOURCE": ["rss.xml", "atom.xml", "feed.json", "index.html"],
        "TEXT": ["rss.xml", "atom.xml", "feeds.opml", "index.html"],
        "COLLECTION": ["rss.xml", "atom.xml", "index.html"],
        "TEXT_COLLECTION": ["rss.xml", "atom.xml", "index.html"],
        "TEXT_ARCHIVE": ["index.html"],
        "TEXT_MONTH": ["index.html"],
        "ARCHIVE": ["index.html", "index.json"],
        "MONTH": ["rss.xml", "atom.xml", "items.ndjson", "index.html", "search.json"],
        "ITEM": ["*.html"],
        "ABOUT": ["index.html", "404.html"],
        "PRESS": ["index.html", "button.svg", "qr.svg"],
        "PICTURE": ["*.jpg"],
    }
    assert [k.full_label for k in feeds_in(Part.SOURCE)] == ["RSS 2.0", "Atom 1.0", "JSON Feed 1.1"]


def test_the_feed_that_pages_prefer_is_everywhere_where_feeds_are() -> None:
    for part in Part:
        feeds = feeds_in(part)
        assert not feeds or PREFERRED in feeds


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        ("zrazkiv/rss.xml", ("application/rss+xml; charset=utf-8", None)),
        ("zrazkiv/rss.xml.gz", ("application/rss+xml; charset=utf-8", "gzip")),
        ("zrazkiv/archive/2025-10/index.html.br", ("text/html; charset=utf-8", "br")),
        ("logo.png", ("image/png", None)),
        ("zrazkiv/notes.docx", None),
        ("zrazkiv/.state.json.old", None),
    ],
)
def test_a_twin_is_of_the_type_of_its_file(name: str, headers: tuple[str, str | None] | None) -> None:
    found = kinds.headers_of(name)
    assert (found and (found.media_type, found.coding, found.cache_control)) == (headers and (*headers, "max-age=300"))


def test_a_picture_is_named_by_its_content_kept_for_a_year_and_not_compressed_again() -> None:
    name = f"zrazkiv/{kinds.thumbnail_file(b'a')}"
    assert name != f"zrazkiv/{kinds.thumbnail_file(b'b')}"
    assert kinds.headers_of(name) == kinds.Headers("image/jpeg", None, "max-age=31536000, immutable")
    assert (kinds.kind_of(name), kinds.codings_of(name)) == (kinds.THUMBNAIL, ())
    assert kinds.kind_of("zrazkiv/photo.jpg") is None  # an operator's own, beside ours


# ------------------------------------------------------------ a new format


@pytest.fixture
def titles(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kind]:
    """The table with one more row, and the file that the row names beside the others."""
    monkeypatch.setattr(kinds, "KINDS", (*KINDS, TITLES))
    for room in (render_room, check_room):
        name = room.__name__.rpartition(".")[2]
        monkeypatch.setattr(room, "__path__", [*room.__path__, str(FORMATS / name)])
    yield TITLES
    for room in (render_room, check_room):
        sys.modules.pop(f"{room.__name__}.tried", None)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """A town that has published already, by a feedpub that did not know the format."""
    made = Town(tmp_path)
    made.items = 10
    made.begin()
    made.version = "1"  # a new format comes with a new version
    return made


@pytest.fixture
def published(town: Town, titles: Kind) -> dict[str, bytes]:
    """What the town has published after the row was added."""
    town.emit()
    return town.published()


def test_it_is_rendered_wherever_its_row_says(published: dict[str, bytes]) -> None:
    files = {n for n in published if n.endswith("titles.tsv")}
    assert files >= {f"zrazkiv/{n}titles.tsv" for n in ("", "category/novyny/", "archive/2025-10/")}
    assert "zrazkiv/text/titles.tsv" not in published
    lines = published["zrazkiv/titles.tsv"].decode().splitlines()
    assert len(lines) == 10
    assert lines[0].startswith("2025-11-14\t")
    assert {f"{n}.gz" for n in files} | {f"{n}.br" for n in files} <= published.keys()


def test_no_archive_of_another_format_is_written_again_for_it(town: Town, titles: Kind) -> None:
    before = town.published()
    town.emit()
    after = town.published()
    archives = [n for n in before if "/archive/2" in n and n.endswith((".xml", ".ndjson"))]
    assert len(archives) == 9
    assert [n for n in archives if before[n] != after[n]] == []


def test_it_is_served_under_its_type(town: Town, published: dict[str, bytes]) -> None:
    site = Site(town.folder / "public", lambda: 0.0, print, print)
    with closing(Client(site).get("/zrazkiv/titles.tsv")) as answer:
        assert (answer.status_code, answer.data) == (200, published["zrazkiv/titles.tsv"])
    assert answer.headers["Content-Type"] == TITLES.media_type


def test_pages_link_it_for_programs_and_for_people(published: dict[str, bytes]) -> None:
    page = html.document_fromstring(published["zrazkiv/index.html"])
    [link] = [e for e in page.iter("link") if e.get("type") == "text/tab-separated-values"]
    assert (link.get("rel"), link.get("href")) == ("alternate", f"{BASE}zrazkiv/titles.tsv")
    assert str(link.get("title")).endswith(" (Titles)")
    for folder in ("zrazkiv/", "zrazkiv/category/novyny/"):
        page = html.document_fromstring(published[f"{folder}index.html"])
        shown = {e.get("href"): e.text_content() for e in page.iter("a")}
        assert shown[f"{BASE}{folder}titles.tsv"] == "Titles"


def test_hubs_are_told_of_it_and_not_of_its_archive(town: Town, titles: Kind) -> None:
    with closing(town.store()) as store:
        target = replace(town.target, hubs=(HUB,))
        publishing.emit(town.council(store), target, town.now)
        topics = {p.topic for p in store.pings.waiting()}
    assert {f"{BASE}zrazkiv/titles.tsv", f"{BASE}zrazkiv/category/novyny/titles.tsv"} <= topics
    assert not [t for t in topics if "archive" in t]
    assert not push.is_topic("zrazkiv/archive/2025-10/titles.tsv")


def test_the_archive_s_index_names_it(published: dict[str, bytes]) -> None:
    contents = json.loads(published["zrazkiv/archive/index.json"])
    assert all(m["titles.tsv"] == f"{BASE}zrazkiv/archive/{m['month']}/titles.tsv" for m in contents["months"])


def test_all_of_it_fits_together(published: dict[str, bytes]) -> None:
    assert [f"{name}: {problem}" for name, problem in together(published)] == []
    missing = {n: d for n, d in published.items() if n != "zrazkiv/archive/2025-10/titles.tsv"}
    found = [f"{name}: {problem}" for name, problem in together(missing)]
    assert any("leads to https://feeds.example.org/zrazkiv/archive/2025-10/titles.tsv" in f for f in found)


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        ("2025-11-14\tНовина\n", []),
        ("  \n", ["the file: is empty"]),
        ("Но\u00adвина\n", ["the file: holds an invisible character, U+00AD"]),
        ("Новина \u202e\n", ["the file: does not close a mark of direction, U+202E"]),
    ],
)
def test_without_a_check_of_its_own_it_is_checked_as_any_text(titles: Kind, data: str, problems: list[str]) -> None:
    assert [str(p) for p in check(data.encode(), titles)] == problems
    assert "is not UTF-8" in str(check(b"\xff", titles)[0])


def test_it_may_bring_a_check_of_its_own(town: Town, titles: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = replace(titles, checker="tried:titles_problems")
    assert check(b"2025-11-14\tNews\n", checked) == []
    assert [str(p) for p in check(b"2025-11-14\tNews\nMore\n", checked)] == ["line 2: has no date and title"]
    monkeypatch.setattr(kinds, "KINDS", (*KINDS, checked))
    renderer = import_module(f"{render_room.__name__}.tried")
    monkeypatch.setattr(renderer, "titles", lambda feed, own_url: b"Broken\n")
    with closing(town.store()) as store:
        emission = publishing.emit(town.council(store), town.target, town.now)
    assert ("zrazkiv/titles.tsv", "line 1: has no date and title") in [(n, str(p)) for n, p in emission.problems]
    assert "zrazkiv/titles.tsv" not in town.published()


# ------------------------------------------------------------ the documented web servers


FEW = (ATOM, PAGE, CONTENTS)  # not the whole table: what is expected here outlasts other new rows
CHANGED = {  # the lines that the format adds to a file or changes in it
    "nginx.conf": [
        r'    "~^(?<feed>[a-z0-9._/-]*/(?:atom\.xml|titles\.tsv))$" $feed;',
        r'    "~\.(?:xml|json|tsv)$" "*";',
        "    charset_types application/atom+xml application/json application/xml text/css text/plain"
        " text/tab-separated-values;",
        r"    location ~ /atom\.xml$   { types { } default_type application/atom+xml; }",
        r"    location ~ /titles\.tsv$ { types { } default_type text/tab-separated-values; }",
    ],
    "Caddyfile": [
        '\t\t~/titles\\.tsv$ "text/tab-separated-values; charset=utf-8"',
        "\t@feed path */atom.xml */titles.tsv",
        "\t\tpath */atom.xml */titles.tsv",
        "\t@data path *.xml *.json *.tsv",
    ],
    "serving.md": ["| `titles.tsv` | text/tab-separated-values; charset=utf-8 |"],
}


def written(name: str, *table: Kind) -> str:
    return server_configs.written(name, (DOCS / name).read_text(encoding="utf-8"), table)


def test_the_documented_servers_follow_the_table() -> None:
    names = server_configs.write(KINDS)
    if names:
        files = ", ".join(f"docs/{name}" for name in names)
        pytest.fail(f"{files}: differed from feedpub/kinds.py and are now written from it. Commit them.", pytrace=False)


@pytest.mark.parametrize("name", CHANGED)
def test_they_say_how_long_nobody_need_ask_again(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Cache-Control" in written(name, *FEW)
    monkeypatch.setattr(server_configs, "CACHE_CONTROL", "max-age=77")
    changed = [line for line in written(name, *FEW).splitlines() if "max-age=77" in line]
    assert len(changed) == 1


@pytest.mark.parametrize("name", CHANGED)
def test_they_follow_a_new_row(name: str) -> None:
    before = written(name, *FEW).splitlines()
    after = written(name, *FEW, TITLES).splitlines()
    assert [line for line in after if line not in before] == CHANGED[name]


@pytest.mark.long
@pytest.mark.parametrize("kind", [servers.PLAIN_NGINX, servers.CADDY], ids=lambda kind: kind.name)
def test_they_serve_the_new_format(kind: servers.Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind.missing:
        pytest.skip(kind.missing)
    for name in ("nginx.conf", "Caddyfile"):
        (tmp_path / name).write_text(written(name, *KINDS, TITLES), encoding="utf-8")
    monkeypatch.setattr(servers, "DOCS", tmp_path)
    folder = tmp_path / "site"
    (folder / "public" / "zrazkiv").mkdir(parents=True)
    (folder / "public" / "zrazkiv" / "titles.tsv").write_bytes(b"2025-11-14\tNews\n")
    with servers.started(kind, folder) as server:
        headers = ask(server.port, "/zrazkiv/titles.tsv").headers
    assert headers["content-type"].lower() == TITLES.media_type
    assert headers["access-control-allow-origin"] == "*"
    assert headers["link"] == f'<{BASE}zrazkiv/titles.tsv>; rel="self"'
