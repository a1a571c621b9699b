"""Readers that people use get the same items, dates, links and enclosures back; a second look shows none as new."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
import reader
from bs4 import BeautifulSoup

from tests.council import Council

pytestmark = pytest.mark.long

FORMATS = ("rss.xml", "atom.xml", "feed.json")


def subscribed(council: Council, name: str) -> reader.Reader:
    """lemon24's reader, subscribed to one of the published files."""
    made = reader.make_reader(":memory:", feed_root=str(council.path("")))
    made.add_feed(name)
    made.update_feed(name)
    return made


def parts(markup: str | None) -> tuple[str, list[str]]:
    """The words and the addresses on the web in a piece of HTML; reader drops tel: links."""
    soup = BeautifulSoup(markup or "", "lxml")
    links, images = soup.select("[href^=http]"), soup.select("img")
    return soup.get_text(), [str(e["href"]) for e in links] + [str(e["src"]) for e in images]


@pytest.mark.parametrize("name", FORMATS)
def test_reader_reads_every_item_back(council: Council, name: str) -> None:
    council.feedpub("backfill")
    entries = {e.id: e for e in subscribed(council, name).get_entries()}
    items: list[dict[str, Any]] = json.loads(council.path("feed.json").read_bytes())["items"]
    assert len(entries) == len(items) == 31
    for item in items:
        entry = entries[item["id"]]
        assert (entry.title, entry.link) == (item["title"], item["url"])
        assert entry.published == datetime.fromisoformat(item["date_published"])
        assert [(e.href, e.type, e.length) for e in entry.enclosures] == [
            (a["url"], a["mime_type"], a["size_in_bytes"]) for a in item.get("attachments", [])
        ]
        # readers write HTML in their own way; its words, links and pictures are the same
        assert [parts(c.value) for c in entry.content] == [parts(item["content_html"])]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_comes_back_as_unread(council: Council, name: str) -> None:
    council.feedpub("run")
    app = subscribed(council, name)
    for entry in app.get_entries():
        app.mark_entry_as_read(entry)
    council.lose_state()
    council.feedpub("backfill")  # a lost state, rebuilt, and with it all the older items
    app.update_feed(name)
    unread = [e.id for e in app.get_entries(read=False)]
    assert len(unread) == 21
    council.site.cache = False
    council.feedpub("run")
    app.update_feed(name)
    assert [e.id for e in app.get_entries(read=False)] == unread
