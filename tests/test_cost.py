"""What is read, asked or proven once is not read, asked or proven again; and what has changed always is."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment

from benchmarks.site import Council as Town
from feedpub import text
from feedpub.collecting.normalize import markup
from feedpub.errors import Damaged
from feedpub.kinds import ATOM, RSS, Kind
from feedpub.publishing.check import check, feeds
from feedpub.publishing.check.read import Unreadable, parse_xml, read_xml_feed
from feedpub.publishing.page import assets
from feedpub.publishing.render import render
from feedpub.store import Store
from feedpub.store.database import Cursor
from feedpub.store.sqlite import SqliteFile
from tests.council import CONFIG, Council, opened
from tests.made import article, feed_of, stored
from tests.work import GROWTH


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements of SQL that were executed."""
    executed: list[str] = []
    execute = SqliteFile.execute

    def counted(db: SqliteFile, sql: str, *values: object) -> Cursor:
        executed.append(sql)
        return execute(db, sql, *values)  # type: ignore[arg-type]

    monkeypatch.setattr(SqliteFile, "execute", counted)
    return executed


@pytest.mark.parametrize("fault", ["", "the folder may not be written", "it is half written"])
def test_a_template_is_compiled_once_and_again_where_that_cannot_be_kept(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "compiled"
    monkeypatch.setattr(assets, "COMPILED", folder)
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    if fault == "the folder may not be written":
        folder.write_text("is no folder")
    compiled: list[str] = []

    class Counting(Environment):
        def compile(self, source: Any, name: str | None = None, *args: Any, **kwargs: Any) -> Any:
            compiled.append(name or "")
            return super().compile(source, name, *args, **kwargs)

    monkeypatch.setattr(assets, "Environment", Counting)
    texts = []
    for _ in range(2):  # processes
        assets.templates.cache_clear()
        texts.append(assets.templates().get_template("colours.css").render())
        if fault == "it is half written":
            [kept] = folder.iterdir()
            kept.write_bytes(kept.read_bytes()[:40])
    assets.templates.cache_clear()
    assert texts[0] == texts[1] != ""
    assert compiled == ["colours.css"] * (2 if fault else 1)


@pytest.mark.long
def test_an_article_costs_the_same_however_many_the_listings_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], statements: list[str]
) -> None:
    counts = []
    for size in (40, 80):
        folder = tmp_path / f"{size}"
        folder.mkdir()
        with opened(folder, capsys, Town(size)) as council:
            statements.clear()
            assert council.feedpub("backfill").code == 0
            counts.append(len(statements))
    assert counts[1] < GROWTH * counts[0]


@pytest.mark.long
def test_a_row_that_was_read_before_and_is_damaged_now_is_refused(council: Council) -> None:
    council.feedpub("run")
    with closing(Store(council.state)) as store:
        items = store.of("zrazkiv").items
        before = items.newest(3)
        assert items.newest(3) == before
        with closing(sqlite3.connect(council.state)) as other, other:
            other.execute("UPDATE item SET title = title || '?' WHERE id = ?", (before[1].id,))
        with pytest.raises(Damaged, match="is not as it was written"):
            items.newest(3)


def test_facts_that_are_written_are_read_at_once_and_those_that_are_undone_are_not(council: Council) -> None:
    council.feedpub("run")
    with closing(Store(council.state)) as store:
        state = store.of("zrazkiv")
        before = state.facts
        store.db.begin()
        state.put_facts(replace(before, backfill="https://rada.example/news?page=7"))
        assert state.facts.backfill == "https://rada.example/news?page=7"
        store.db.undo()
        assert state.facts == before


def test_an_odd_character_is_looked_for_before_a_text_is_translated() -> None:
    odd = {code for code in range(sys.maxunicode + 1) if text.ODD.search(chr(code))}
    assert odd == text.TABLE.keys() | {0x200D}


def test_the_quick_walk_through_a_tree_meets_what_bs4_meets() -> None:
    soup = BeautifulSoup("<div><p>a<b>b</b><!--c--></p><ul><li></li><li>d</li></ul>e</div><hr>", "lxml")
    for root in (soup, *soup.find_all(True)):
        assert [id(e) for e in markup.elements_in(root)] == [id(e) for e in root.find_all(True)]
        assert [id(e) for e in markup.strings_in(root)] == [id(e) for e in root.find_all(string=True)]
        assert markup.contains(root, {"li"}) == bool(root.find("li"))


def test_selectors_of_bs4_are_loaded_when_somebody_asks_for_one() -> None:
    script = """if True:
        import sys, feedpub.collecting.normalize
        assert "soupsieve.css_parser" not in sys.modules
        from bs4 import BeautifulSoup
        assert len(BeautifulSoup("<p class=a>", "lxml").select("p.a")) == 1
        assert "soupsieve.css_parser" in sys.modules
    """
    subprocess.run([sys.executable, "-c", script], check=True)


def test_pillow_is_loaded_by_a_run_that_makes_a_small_copy_and_by_no_other(council: Council) -> None:
    script = """if True:
        import sys
        from feedpub import cli
        code = cli.main(["run", "--config", sys.argv[1]])
        print(code, "PIL" in sys.modules)
    """

    council.configure(CONFIG.replace("thumbnails = 0", "thumbnails = 100"))

    def run() -> str:
        command = [sys.executable, "-c", script, str(council.config)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert run() == "0 True\n"
    assert run() == "0 False\n"  # nothing new
    last = council.site.articles[-1]
    council.site.articles.append(
        replace(
            last, number=900, alias="content/nove", title="Нова новина без зображення", images=(), body="<p>Так.</p>"
        )
    )
    assert run() == "0 False\n"  # news without a picture
    assert "Нова новина без зображення" in council.path("index.html").read_text(encoding="utf-8")


# ------------------------------------------------------------ a feed that is checked in pieces

FORMATS_IN_XML = [RSS, ATOM]
ITEMS = [stored(article(n, date=f"2025-06-{n:02}T10:00:00+03:00")) for n in (12, 11, 10, 9)]
DAMAGES = [
    (b"rada.example/content/11</a>", b"rada.example/content/12</a>"),
    (b"</content>", b"</contents>"),
    (b"<link ", b"<link"),
    (b"tag:rada.example,2026:rada/node/11<", b"tag:rada.example,2026:rada/node/10<"),
    (b"2025-06-11T07", b"2026-06-11T07"),
    (b"11 Jun 2025", b"11 Jun 2026"),
    (b"href=&quot;", b"src=&quot;"),
    (b"&lt;p&gt;", b"&lt;script&gt;"),
    (b"<title", b"<!-- <title"),
    (b"?>", b"?><!DOCTYPE feed>"),
    (b"?>", b"?><!--"),
    (b"</channel>", b"--></channel>"),
    (b"xmlns:media", b"xmlns:medio"),
    (b'xmlns="http://www.w3.org/2005/Atom"', b'xmlns="http://www.w3.org/2005/Atoms"'),
    (b"</entry>\n", b"</entry>\n<entry/>"),
    (b"</item>\n", b"</item>\n<item/>"),
    (b"  <entry>\n", b"  <entry>\n\xff"),
    (b"    <item>\n", b"    <item>\n\x00"),
]

ATOM_ROOT = b'<feed xmlns="http://www.w3.org/2005/Atom">'
DAMAGES_TOGETHER = [  # of Atom: the tags that the items stand in are not what they seem
    [(b"?>\n", b"?>\n<!--" + ATOM_ROOT + b"-->"), (b'Atom" xml:lang', b'Other" xml:lang')],
    [(b"  <entry>\n", b"<box>\n  <entry>\n"), (b"</feed>", b"</box></feed>")],
    [(b"  <entry>\n", b"<entry/>\n  <entry>\n")],
    [(b"</entry>\n  <entry>\n    <id>", b"</entry><entry>\n    <id/><id>")],
]


def whole_problems(data: bytes) -> list[str]:
    """What is wrong with a feed that is read as a whole."""
    try:
        return [str(p) for p in feeds.feed_problems(read_xml_feed(parse_xml(data)), 2)]
    except Unreadable as error:
        return [f"the feed: {error}"]


def rendered(kind: Kind) -> bytes:
    return render(kind, feed_of(*ITEMS), f"https://feeds.example.org/rada/{kind.name}")


@pytest.mark.parametrize("kind", FORMATS_IN_XML, ids=lambda kind: kind.label)
def test_a_document_that_is_damaged_after_its_items_were_found_good_is_refused(kind: Kind) -> None:
    data = rendered(kind)
    assert check(data, kind) == []
    damaged = [data.replace(old, new, 1) for old, new in DAMAGES]
    for steps in DAMAGES_TOGETHER:
        one = data
        for old, new in steps:
            one = one.replace(old, new, 1)
        damaged.append(one)
    random = Random(1)
    for _ in range(300):
        at = random.randrange(len(data))
        damaged.append(data[:at] + bytes([random.randrange(256)]) + data[at + 1 :])
        damaged.append(data[:at] + data[at + random.randrange(1, 2000) :])
    refused = 0
    for one in damaged:
        problems = whole_problems(one)
        assert [str(p) for p in check(one, kind)] == [text.line(p) for p in problems]
        refused += bool(problems)
    assert refused > 300


@pytest.mark.parametrize("kind", FORMATS_IN_XML, ids=lambda kind: kind.label)
def test_an_item_that_was_found_good_is_not_read_again(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    data = rendered(kind)
    assert check(data, kind) == []
    parsed: list[int] = []

    def counted(part: bytes) -> Any:
        parsed.append(len(part))
        return parse_xml(part)

    for module in ("pieces", "feeds"):
        monkeypatch.setattr(f"feedpub.publishing.check.{module}.parse_xml", counted)
    assert check(data, kind) == []
    assert sum(parsed) < len(data) / 2
    edited = feed_of(stored(article(13, date="2025-06-13T10:00:00+03:00")), *ITEMS[:-1])
    parsed.clear()
    assert check(render(kind, edited, f"https://feeds.example.org/rada/{kind.name}"), kind) == []
    assert sum(parsed) < len(data)


def test_lost_items_are_asked_for_without_looking_at_all_others(council: Council) -> None:
    council.feedpub("run")
    with closing(Store(council.state)) as store:
        assert isinstance(store.db, SqliteFile)
        asked: list[str] = []
        store.db.connection.set_trace_callback(asked.append)
        store.of("zrazkiv").visits.unread()
        store.of("zrazkiv").items.latest_change()
        store.db.connection.set_trace_callback(None)
        plans = [row[3] for sql in asked for row in store.db.connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert "SEARCH item USING INDEX item_unread (source=?)" in plans
    assert "SEARCH item USING COVERING INDEX item_updated (source=?)" in plans
