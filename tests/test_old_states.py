"""A state of each earlier version is upgraded: ids, items and words stay, and nothing is shown as new."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from feedpub import cli
from feedpub.model import Verdict
from feedpub.store import MIGRATIONS, Store
from tests.drupal.saved import ON_A_PAGE, saved_articles
from tests.drupal.site import Site
from tests.made import SOURCE
from tests.old_states import COMMITS, HOME, LARGEST, WITHDRAWN, archive_of, content_of, unpack
from tests.town import Town, failures, verdicts

pytestmark = pytest.mark.sqlite
ROOT = Path(__file__).parent.parent
VERSIONS = sorted(COMMITS)
OLDER = [version for version in VERSIONS if version < len(MIGRATIONS)]

# What feeds of today have otherwise, and the words of the changelog that say so.
CHANGES = {
    "summary": "pushed the council's link out of sight",
    "description": "pushed the council's link out of sight",
    "{http://www.w3.org/2005/Atom}summary": "pushed the council's link out of sight",
    "{http://www.w3.org/2005/Atom}updated": "RSS items say when they last changed (`atom:updated`)",
    "{http://purl.org/dc/terms/}abstract": "have their summary as plain text (`dcterms:abstract`)",
    "webMaster": "name the publisher's `webMaster`",
    "generator": "and the generator its page",
    "{http://www.w3.org/2005/Atom}generator": "Feeds name this version of feedpub as their generator",
    "managingEditor": "No feed names the council's address for mail",
    "{http://www.w3.org/2005/Atom}author": "No feed names the council's address for mail",
}


def feedpub(folder: Path, *words: str) -> int:
    return cli.main([*words, "--config", str(folder / "config.toml")])


def addresses(state: Path) -> set[tuple[str, str]]:
    """Each address that an item was ever met under."""
    with closing(sqlite3.connect(state)) as db:
        return {(key, item) for key, item in db.execute("SELECT key, item FROM address")}


def feed(folder: Path, name: str) -> bytes:
    return (folder / "public" / "zrazkiv" / name).read_bytes()


def items_of(data: bytes) -> dict[str, dict[str, Any]]:
    """The items of a JSON Feed by id, in their order."""
    return {item["id"]: item for item in json.loads(data)["items"]}


def parts_of(data: bytes) -> list[tuple[str, dict[str, str]]]:
    """The children of a feed, and of its items: the name and the whole content of each, in an order of their own."""
    root = etree.fromstring(data)
    holders = [root if etree.QName(root).localname == "feed" else root[0]]
    holders += [child for child in holders[0] if etree.QName(child).localname in ("item", "entry")]
    return [part for holder in holders for part in _children(holder)]


def _children(holder: Any) -> Iterator[tuple[str, dict[str, str]]]:
    name = holder.findtext("{*}id") or holder.findtext("guid") or ""
    for child in holder:
        if etree.QName(child).localname not in ("item", "entry"):
            text = etree.tostring(child, method="c14n", exclusive=True).decode().strip()
            yield child.tag, {"of": name, "text": text}


def archived(folder: Path) -> set[str]:
    """The ids in the months of the archive."""
    files = (folder / "public" / "zrazkiv" / "archive").glob("*/items.ndjson")
    return {json.loads(line)["id"] for file in files for line in file.read_text("utf-8").splitlines()}


def test_there_is_a_small_state_of_each_version() -> None:
    assert list(range(1, VERSIONS[-1] + 1)) == VERSIONS
    assert VERSIONS[-1] >= len(MIGRATIONS) - 1  # the newest may be unreleased
    assert [version for version in VERSIONS if archive_of(version).stat().st_size > LARGEST] == []


@pytest.mark.parametrize("change", CHANGES)
def test_the_changelog_says_what_feeds_have_otherwise(change: str) -> None:
    assert CHANGES[change] in re.sub(r"\s+", " ", (ROOT / "CHANGELOG.md").read_text("utf-8"))


@pytest.mark.parametrize("version", VERSIONS)
def test_an_upgraded_state_has_the_tables_of_a_new_one_and_no_address_is_lost(tmp_path: Path, version: int) -> None:
    path = unpack(version, tmp_path)
    known = addresses(path)
    Store(path).close()
    Store(tmp_path / "new.db").close()
    tables = [
        {line for line in content_of(state) if line.startswith("CREATE")} for state in (path, tmp_path / "new.db")
    ]
    assert tables[0] == tables[1]
    assert (addresses(path), len(known) > 10) == (known, True)
    with closing(Store(path)) as store:
        items = list(store.of("zrazkiv").items.every())
    assert {item.id for item in items} == {item for _, item in known}
    assert [item.id for item in items if item.gone] == ([WITHDRAWN] if version > 2 else [])


@pytest.mark.long
@pytest.mark.parametrize("version", VERSIONS)
def test_the_feeds_of_an_upgraded_state_differ_only_in_what_the_changelog_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], version: int
) -> None:
    unpack(version, tmp_path)
    names = ("feed.json", "rss.xml", "atom.xml")
    before, archive = {name: feed(tmp_path, name) for name in names}, archived(tmp_path)
    assert feedpub(tmp_path, "publish") == 0
    now = {name: feed(tmp_path, name) for name in names}
    old, new = items_of(before["feed.json"]), items_of(now["feed.json"])
    assert list(old) == list(new)
    for item in old:
        assert sorted(old[item].pop("summary", "").split("\n")) == sorted(new[item].pop("summary", "").split("\n"))
    assert old == new
    for name in ("rss.xml", "atom.xml"):
        for one, other in ((before, now), (now, before)):
            parts = parts_of(other[name])
            assert {tag for tag, part in parts_of(one[name]) if (tag, part) not in parts} <= CHANGES.keys()
    assert archive <= archived(tmp_path)
    assert (b'ref="' + WITHDRAWN.encode() in now["atom.xml"]) is (version > 2)
    assert feedpub(tmp_path, "check") == 0
    assert capsys.readouterr().err == ""


# Before version 3, addresses of a site at a port, as the demo's is, were kept with it: they look like others now.
@pytest.mark.long
@pytest.mark.parametrize("version", [version for version in VERSIONS if version > 2])
def test_a_run_after_the_upgrade_shows_nothing_as_new(tmp_path: Path, version: int) -> None:
    unpack(version, tmp_path)
    shown = ("id", "title", "url", "date_published", "date_modified")
    before = [{key: item.get(key) for key in shown} for item in items_of(feed(tmp_path, "feed.json")).values()]
    site = Site(saved_articles(), page_size=ON_A_PAGE) if version > 6 else Site()
    town = Town(tmp_path, site, source=replace(SOURCE, id="zrazkiv", home=f"{HOME}/", listings=(f"{HOME}/",)))
    town.bases, town.now = {HOME: HOME}, datetime(2026, 11, 30, 12, tzinfo=UTC)
    for days in (0, 1):
        outcomes = town.run(days=days)
        assert failures(outcomes) == []
        assert not verdicts(outcomes).keys() & {Verdict.NEW, Verdict.CHANGED}
    now = [{key: item.get(key) for key in shown} for item in items_of(feed(tmp_path, "feed.json")).values()]
    assert now == before


@pytest.mark.long
@pytest.mark.parametrize("version", OLDER)
def test_an_upgrade_may_be_killed_before_any_of_its_statements_and_the_next_one_ends_the_same(
    tmp_path: Path, version: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.upgrader", str(version), str(tmp_path)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    assert told["points"] > 40
