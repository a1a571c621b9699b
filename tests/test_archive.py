"""Everything that is kept can be had: month by month, walking back (RFC 5005), and as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from feedpub.publishing.check import together
from tests.council import CONFIG, Council
from tests.town import Town

pytestmark = pytest.mark.long  # whole runs, one after the other

BASE = "https://feeds.example.org/zrazkiv/"
ATOM = "{http://www.w3.org/2005/Atom}"
FH = "{http://purl.org/syndication/history/1.0}"
PATHS = {
    "atom.xml": (f"{ATOM}entry", f"{ATOM}id", f"{ATOM}link", "."),
    "rss.xml": ("item", "guid", f"{ATOM}link", "channel"),
}


@pytest.fixture
def town(tmp_path: Path) -> Town:
    made = Town(tmp_path)
    made.items = 10
    made.begin()
    return made


def walked(town: Town, name: str) -> Iterator[tuple[str, Any, list[str]]]:
    """Address, root and ids of each document, as an aggregator would ask for one after another."""
    url = BASE + name
    while url:
        item, guid, link, place = PATHS[name]
        root: Any = etree.fromstring(town.feed(url.removeprefix(BASE))).find(place)
        links = {a.get("rel"): a.get("href") for a in root.findall(link)}
        yield url, root, [e.findtext(guid) for e in root.iter(item)]
        url = links.get("prev-archive", "")


def ids(town: Town) -> set[str]:
    with closing(town.store()) as store:
        return {s.id for s in store.of(town.source.id).items.living()}


@pytest.mark.parametrize("name", list(PATHS))
def test_whoever_walks_back_gets_every_item_and_none_twice(town: Town, name: str) -> None:
    documents = list(walked(town, name))
    [(_, _, newest), *archives] = documents
    assert len(newest) == 10
    assert len({i for _, _, found in documents for i in found}) == len(ids(town)) == 31
    in_archives = [i for _, _, found in archives for i in found]
    assert len(in_archives) == len(set(in_archives))
    assert {i for _, _, found in documents for i in found} == ids(town)


@pytest.mark.parametrize("name", list(PATHS))
def test_an_archive_says_that_it_is_one_and_of_what(town: Town, name: str) -> None:
    (_, subscription, _), *archives = walked(town, name)
    assert subscription.find(f"{FH}archive") is None
    for url, root, _ in archives:
        links = {a.get("rel"): a.get("href") for a in root.findall(f"{ATOM}link")}
        assert root.find(f"{FH}archive") is not None
        assert (links["self"], links["current"]) == (url, BASE + name)
        assert root.findtext(f"{ATOM}id") == subscription.findtext(f"{ATOM}id")  # one feed in several documents


def test_a_feed_that_holds_everything_leads_to_no_archive(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.run(backfill=True)
    assert len(list(walked(town, "atom.xml"))) == 1


def archives(town: Town) -> dict[str, bytes]:
    return {n: d for n, d in town.published().items() if "/archive/2" in n}


def month_in(name: str) -> str:
    return name.rpartition("/archive/")[2][:7]


def test_an_archive_s_bytes_are_the_same_until_one_of_its_items_changes(town: Town) -> None:
    before = archives(town)
    newest = town.site.articles[-1]
    town.site.articles.append(
        replace(newest, number=400, alias="content/nova", title="Нова", body="<p>Відкрито пункт видачі води.</p>",
                date="24/12/2025 - 09:30", utc=datetime(2025, 12, 24, 7, 30, tzinfo=UTC))
    )  # fmt: skip
    town.run(days=45)
    after = archives(town)
    assert {n for n in before if after[n] != before[n]} == {
        n
        for n in before
        if "2025-11/index.html" in n  # which leads to a later month now
    }
    assert {month_in(n) for n in after.keys() - before.keys()} == {"2025-12"}


def test_an_edit_changes_the_month_of_its_item_alone(town: Town) -> None:
    before = archives(town)
    old = town.site.articles[0]
    town.site.articles[0] = replace(old, body=old.body + "<p>Доповнено.</p>")
    for days in (400, 1, 1):  # not more than twenty pages are looked at in a run
        town.run(days=days)
    changed = {month_in(n) for n, data in archives(town).items() if before[n] != data}
    assert changed == {f"{old.utc + timedelta(hours=3):%Y-%m}"}


def test_a_newer_feedpub_or_another_icon_changes_no_archive(town: Town) -> None:
    before = archives(town)
    town.version = "99"
    town.source = replace(town.source, icon="https://zrazkiv.example/other.png")
    town.emit()
    assert archives(town) == before
    assert b'version="99"' in town.feed("atom.xml")


def test_other_terms_change_every_document(town: Town) -> None:
    before = town.published()
    town.source = replace(town.source, terms=replace(town.source.terms, rights="Інші умови"))
    town.emit()
    assert not [n for n, data in town.published().items() if n.endswith((".xml", ".ndjson")) and data == before[n]]


def test_the_dump_has_every_item_once_with_its_terms_and_link(town: Town) -> None:
    contents = json.loads(town.feed("archive/index.json"))
    lines = [
        json.loads(line)
        for month in contents["months"]
        for line in town.feed(month["items.ndjson"].removeprefix(BASE)).decode().splitlines()
    ]
    assert [i["id"] for i in lines] == [i["id"] for i in sorted(lines, key=lambda i: i["date_published"])]
    assert {i["id"] for i in lines} == ids(town)
    assert len(lines) == contents["items"] == 31
    assert {(i["rights"], i["language"]) for i in lines} == {(town.source.terms.rights, "uk")}
    assert all(f'<a href="{i["url"]}">' in i["content_html"] for i in lines)


def test_a_month_whose_last_item_is_withdrawn_is_gone_and_the_chain_leads_past_it(town: Town) -> None:
    oldest = min(archives(town))
    month = oldest.split("/")[2]
    with closing(town.store()) as store:
        items = [s for s in store.of(town.source.id).items.living() if f"{s.date + timedelta(hours=3):%Y-%m}" == month]
    for item in items:
        town.withdraw(item)
    assert not [n for n in town.published() if f"archive/{month}" in n]
    assert {i for _, _, found in walked(town, "atom.xml") for i in found} == ids(town)
    assert [str(p) for p in together(town.published())] == []


def test_a_month_that_a_backfill_finds_between_two_others_joins_the_chain(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.items = 3
    town.run()
    assert {i for _, _, found in walked(town, "rss.xml") for i in found} == ids(town)
    town.run(backfill=True)
    assert {i for _, _, found in walked(town, "rss.xml") for i in found} == ids(town)
    assert [str(p) for p in together(town.published())] == []


def test_an_archive_that_somebody_deleted_is_written_again_by_the_next_run(council: Council) -> None:
    council.feedpub("backfill")
    before = council.published()
    deleted = ("archive/2025-09/atom.xml", "archive/2025-10/items.ndjson.gz", "category/novyny/rss.xml", "index.html")
    for name in deleted:
        council.path(name).unlink()
    assert council.feedpub("run").code == 0
    assert council.published() == before


def test_a_lost_state_takes_the_ids_of_the_whole_archive(council: Council) -> None:
    council.configure(CONFIG.replace("items = 50", "items = 5"))
    council.feedpub("backfill")
    before = council.published()
    council.lose_state()
    ran = council.feedpub("run")
    assert "31 items keep their ids" in ran.err
    council.feedpub("run")
    assert council.published() == before
