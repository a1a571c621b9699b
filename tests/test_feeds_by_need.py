"""Feeds by need: of a category, of a topic, without pictures; and the list of all."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import listparser
import pytest
from lxml import etree

from feedpub import config
from feedpub.content import Medium, Picture
from feedpub.kinds import ATOM, item_file
from feedpub.model import Topic
from feedpub.publishing import feed
from feedpub.publishing.check import check, together
from feedpub.publishing.render import render
from tests.drupal.site import Article
from tests.made import article, feed_of, stored
from tests.town import Town, failures

BASE = "https://feeds.example.org/zrazkiv/"
TOPICS = (
    Topic("vpo", "Для переселенців", ("ВПО", "переселенці")),
    Topic("spivpratsia", "Співпраця", (), ("Міжнародна співпраця",)),
    Topic("nichoho", "Нічого такого", ("дирижабль",)),
)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    made = Town(tmp_path)
    made.source = replace(made.source, topics=TOPICS)
    made.begin()
    return made


def parsed(town: Town, name: str) -> Any:
    found: Any = feedparser.parse(town.feed(name))
    assert not found.bozo
    return found


def ids(town: Town, name: str) -> list[str]:
    return [e.id for e in parsed(town, name).entries]


def published(town: Town, name: str) -> bool:
    return (town.folder / "public" / "zrazkiv" / name).exists()


@pytest.mark.long
def test_each_category_has_a_feed_of_its_items_and_no_others(town: Town) -> None:
    whole = {e.id: {t.term for t in e.tags} for e in parsed(town, "atom.xml").entries}
    for slug, name in (("novyny", "Новини"), ("oholoshennia", "Оголошення")):
        wanted = [i for i, categories in whole.items() if name in categories]
        assert ids(town, f"category/{slug}/atom.xml") == ids(town, f"category/{slug}/rss.xml") == wanted != []


def test_a_part_says_what_it_is_and_its_items_have_the_ids_that_they_have_elsewhere(town: Town) -> None:
    of_category = parsed(town, "category/novyny/atom.xml").feed
    assert of_category.title == "Зразківська міська рада: Новини"
    assert of_category.id == "tag:zrazkiv.example,2026:zrazkiv?category=novyny"
    assert {link.rel: link.href for link in of_category.links}["self"] == f"{BASE}category/novyny/atom.xml"
    assert parsed(town, "feed/vpo/atom.xml").feed.id == "tag:zrazkiv.example,2026:zrazkiv?feed=vpo"
    assert parsed(town, "text/atom.xml").feed.id == "tag:zrazkiv.example,2026:zrazkiv?text"
    for name in ("category/novyny/rss.xml", "feed/vpo/rss.xml", "text/atom.xml"):
        assert set(ids(town, name)) <= set(ids(town, "atom.xml"))


def test_a_topic_has_the_items_with_its_words_or_its_categories(town: Town) -> None:
    entries = parsed(town, "atom.xml").entries
    about = [
        e.id for e in entries if any(w in f"{e.title} {e.content[0].value}".casefold() for w in ("впо", "переселен"))
    ]
    assert ids(town, "feed/vpo/atom.xml") == about != []
    assert ids(town, "feed/spivpratsia/atom.xml") == ids(town, "category/mizhnarodna-spivpratsia/atom.xml")
    assert ids(town, "feed/nichoho/atom.xml") == []  # it waits for its first item


def test_a_topic_that_is_asked_for_later_has_the_older_items_too(town: Town) -> None:
    town.source = replace(town.source, topics=(Topic("komisii", "Комісії", ("комісія",)),))
    town.emit()
    assert len(ids(town, "feed/komisii/rss.xml")) > 0
    assert not published(town, "feed/vpo/rss.xml")
    assert b"feed/vpo" not in (town.folder / "public" / "feeds.opml").read_bytes()


def test_a_new_item_is_written_where_it_stands_and_nowhere_else(town: Town) -> None:
    before = town.published()
    newest = town.site.articles[-1]
    town.site.articles.append(
        replace(newest, number=400, alias="content/nova", title="Нова", body="<p>Відкрито пункт видачі води.</p>",
                date="15/11/2025 - 10:00", utc=datetime(2025, 11, 15, 8, tzinfo=UTC), categories=("Оголошення",))
    )  # fmt: skip
    town.run(days=1)
    changed = {n.removeprefix("zrazkiv/") for n, d in town.published().items() if before.get(n) != d}
    assert {n for n in changed if not n.endswith((".gz", ".br"))} == {
        "rss.xml", "atom.xml", "feed.json", "index.html", "text/rss.xml", "text/atom.xml", "text/index.html",
        "category/oholoshennia/rss.xml", "category/oholoshennia/atom.xml",
        "category/oholoshennia/index.html", "text/category/oholoshennia/index.html",
        "text/category/oholoshennia/rss.xml", "text/category/oholoshennia/atom.xml",
        "text/archive/index.html", "text/archive/2025-11/index.html", "text/archive/2025-11/2/index.html",
        "archive/2025-11/rss.xml", "archive/2025-11/atom.xml", "archive/2025-11/items.ndjson",
        "archive/2025-11/index.html", "archive/2025-11/search.json", "archive/index.html", "archive/index.json",
        item_file("tag:zrazkiv.example,2026:zrazkiv/node/400"),
    }  # fmt: skip


def edited(town: Town, **changes: Any) -> Article:
    """The newest article, as its author has edited it since."""
    made = replace(town.site.articles[-1], **changes)
    town.site.articles[-1] = made
    for days in (30, 1):
        town.run(days=days)
    return made


def test_an_item_that_changes_its_category_leaves_the_feed_of_the_old_one(town: Town) -> None:
    newest = f"tag:zrazkiv.example,2026:zrazkiv/node/{town.site.articles[-1].number}"
    assert newest in ids(town, "category/novyny/atom.xml")
    edited(town, categories=("Оголошення",))
    assert newest not in ids(town, "category/novyny/atom.xml")
    assert newest in ids(town, "category/oholoshennia/rss.xml")


@pytest.mark.long
def test_a_category_has_a_feed_from_its_second_item_on_and_keeps_it(tmp_path: Path) -> None:
    town, rare, feed_name = Town(tmp_path), ("ВПО & ветерани",), "category/vpo-veterany/rss.xml"

    def set_rare(count: int) -> None:
        articles = sorted(town.site.articles, key=lambda a: a.utc)
        town.site.articles[:] = [replace(a, categories=("Новини",)) for a in articles[:-count]]
        town.site.articles += [replace(a, categories=rare) for a in articles[-count:]]

    set_rare(1)
    town.run()
    assert not published(town, feed_name)
    assert b"vpo-veterany" not in town.published()["zrazkiv/index.html"]
    set_rare(2)
    town.run(days=30)
    assert len(ids(town, feed_name)) == 2
    set_rare(1)
    town.run(days=60)
    assert len(ids(town, feed_name)) == 1


@pytest.mark.long
def test_a_category_without_items_is_gone_and_nothing_leads_to_it(town: Town) -> None:
    town.site.articles[:] = [
        replace(a, categories=tuple(c for c in a.categories if c != "ВПО & ветерани") or ("Новини",))
        for a in town.site.articles
    ]
    for days in (400, 1, 1):
        town.run(days=days)
    assert not (town.folder / "public" / "zrazkiv" / "category" / "vpo-veterany").exists()
    assert not [n for n, d in town.published().items() if not n.endswith((".gz", ".br")) and b"vpo-veterany" in d]


def test_an_item_that_is_withdrawn_leaves_every_file_of_it(town: Town) -> None:
    with closing(town.store()) as store:
        item = next(s for s in store.of("zrazkiv").items.living() if "переселенц" in s.article.text)
    in_it = [n for n, d in town.published().items() if item.article.title.encode() in d]
    assert len(in_it) > 8
    town.withdraw(item)
    words = json.dumps(item.article.title, ensure_ascii=False).strip('"').encode()
    assert not [n for n, d in town.published().items() if words in d or item.article.url.encode() in d]


# ------------------------------------------------------------ without pictures


def test_the_feed_without_pictures_loads_nothing_and_says_what_was_shown(town: Town) -> None:
    for name in ("text/rss.xml", "text/atom.xml"):
        data = town.feed(name)
        elements = list(etree.fromstring(data).iter())
        tags = {str(e.tag).rpartition("}")[2] for e in elements}
        assert not tags & {"thumbnail", "enclosure", "image", "icon", "logo"}
        assert not [e for e in elements if e.get("rel") == "enclosure" or "mrss" in str(e.tag)]
        assert b"&lt;img" not in data
        assert b"<img" not in data
    whole, bare = (parsed(town, n).entries for n in ("atom.xml", "text/atom.xml"))
    assert [e.id for e in whole] == [e.id for e in bare]
    assert [e.summary for e in whole] == [e.summary for e in bare]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<p>А</p><p><img src="/1.jpg" alt="Ратуша &quot;нова&quot; &lt;b&gt;"></p>', '[Ратуша "нова" &lt;b&gt;]'),
        ('<p>А</p><p><img src="/1.jpg" alt=""></p>', ""),
        ('<p>А</p><p><a href="/1.jpg"><img src="/1.jpg" alt=""></a></p>', ""),
        ('<p>А</p><figure><img src="/1.jpg" alt=""><figcaption>Фото</figcaption></figure>', "Фото"),
        ("<p>А</p><table><tr><td></td><td>б</td></tr></table>", "<td></td><td>б</td>"),  # a table keeps its shape
        ("<p>А <img src=/1.jpg alt='a > b'> Б</p>", "А [a &gt; b] Б"),
    ],
)
def test_words_take_the_place_of_a_picture(body: str, expected: str) -> None:
    made = feed.without_pictures(feed_of(stored(article(1, body))), "x", "https://feeds.example.org/rada/")
    [entry] = made.entries
    assert "<img" not in entry.content_html
    assert expected in entry.content_html
    assert "<p></p>" not in entry.content_html
    assert entry.content_html.count("rada.example/content/1") == 1  # the council's link


def test_files_stay_as_links_and_no_reader_loads_them_by_itself() -> None:
    pictured = article(1, pictures=(Picture("/1.jpg", "Ратуша"),))
    made = feed_of(stored(pictured), media=(Medium("https://rada.example/1.jpg", "image/jpeg", 5),))
    [entry] = feed.without_pictures(made, "x", made.base_url).entries
    assert made.entries[0].enclosure is not None
    assert (entry.enclosure, entry.pictures) == (None, ())
    assert "[Ратуша]" in entry.content_html


# ------------------------------------------------------------ the list of all


def test_opml_lists_every_feed_of_every_council(town: Town) -> None:
    data = (town.folder / "public" / "feeds.opml").read_bytes()
    assert check(data) == []
    found = listparser.parse(data)
    assert not found.bozo
    assert {f.url for f in found.feeds} == {
        f"{BASE}{n}atom.xml"
        for n in (
            "", "text/", "feed/vpo/", "feed/spivpratsia/", "feed/nichoho/", "category/novyny/",
            "category/oholoshennia/", "category/mizhnarodna-spivpratsia/", "category/vpo-veterany/",
        )
    }  # fmt: skip
    assert found.feeds[0].title == "Зразківська міська рада"
    assert {tuple(f.tags) for f in found.feeds} == {("Зразківська міська рада",)}


def test_opml_does_not_change_with_every_item(town: Town) -> None:
    before = (town.folder / "public" / "feeds.opml").read_bytes()
    edited(town, title="Інша назва")
    assert (town.folder / "public" / "feeds.opml").read_bytes() == before


@pytest.mark.long
def test_a_topic_that_no_item_has_is_an_ordinary_feed_that_waits(tmp_path: Path) -> None:
    town = Town(tmp_path)
    shipped = Path(__file__).parent.parent / "config.toml"
    topics = config.load(shipped).sources[0].topics
    town.source = replace(town.source, topics=topics)
    town.run(backfill=True)
    published = town.published()
    empty = "zrazkiv/feed/robota/"
    assert {name.split("/")[2] for name in published if name.startswith("zrazkiv/feed/")} == {t.id for t in topics}
    for name in (f"{empty}atom.xml", f"{empty}rss.xml", f"zrazkiv/text/{empty.partition('/')[2]}atom.xml"):
        assert check(published[name]) == []
        found = feedparser.parse(published[name])
        assert (found.bozo, found.entries, found.feed.updated_parsed[:3]) == (False, [], (1970, 1, 1))
    assert f"{empty}atom.xml" in published["zrazkiv/index.html"].decode()
    assert list(together(published)) == []
    assert not failures(town.run(days=0.1))
    town.emit()
    assert town.published() == published
    newest = town.site.articles[-1]
    town.site.articles[-1] = replace(newest, title="Вакансії комунального підприємства")
    town.run(days=1)
    assert len(feedparser.parse(town.published()[f"{empty}atom.xml"]).entries) == 1


def test_no_other_feed_may_be_without_items(tmp_path: Path) -> None:
    made = feed_of(stored(article(1)))
    data = render(ATOM, replace(made, entries=()), "https://feeds.example.org/rada/atom.xml")
    assert [str(p) for p in check(data)] == ["the feed: has no items"]
