"""The three formats say the same, as design asks; feedgen's defects are mended."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest
from lxml import etree

from feedpub.content import Attachment, Medium, Picture
from feedpub.kinds import ATOM, RSS, Kind, kind_of
from feedpub.model import Site
from feedpub.publishing.check import check
from feedpub.publishing.feed import Edition, subscription_document
from feedpub.publishing.render import feedgenerator, render
from tests.made import FORMATS, NOW, SOURCE, article, feed_of, stored

NS = {"a": "http://www.w3.org/2005/Atom", "c": "http://purl.org/rss/1.0/modules/content/",
      "dc": "http://purl.org/dc/elements/1.1/", "m": "http://search.yahoo.com/mrss/"}  # fmt: skip
TITLE = "Тариф < 5 & > 3 — &laquo;зміни&raquo; для 'сім’ї' <b>"
PICTURES = (Picture("/1.jpg", "Перша <1>"), Picture("/2.jpg", "Друга"), Picture("/3.jpg", ""))
MEDIA = (Medium("https://rada.example/1.jpg", "image/jpeg", 1234),)
FEED = feed_of(
    stored(article(2, title=TITLE, pictures=PICTURES, categories=("ВПО & ветерани", "Новини")), updated=NOW),
    stored(article(1, date="2025-01-01T00:00:00+02:00", categories=())),
    media=MEDIA,
)
OWN = "https://feeds.example.org/rada/"
RENDERED = {f.name: render(f, FEED, OWN + f.name) for f in FORMATS}


def texts(root: Any, path: str) -> list[str]:
    found = root.xpath(path, namespaces=NS)
    return [str(f if isinstance(f, str) else f.text) for f in found]


@pytest.fixture
def rss() -> Any:
    return etree.fromstring(RENDERED["rss.xml"])


@pytest.fixture
def atom() -> Any:
    return etree.fromstring(RENDERED["atom.xml"])


@pytest.fixture
def json_feed() -> Any:
    return json.loads(RENDERED["feed.json"])


def test_rss_describes_its_channel(rss: Any) -> None:
    channel = {e.tag: e.text for e in rss[0] if e.tag != "item" and "}" not in str(e.tag)}
    assert channel == {
        "title": "Зразківська міська рада",
        "link": "https://rada.example/",
        "description": "Новини ради",
        "copyright": "Передрук лише з посиланням.",
        "docs": "http://www.rssboard.org/rss-specification",
        "generator": "feedpub 0.1.0 https://feeds.example.org/about",
        "image": channel["image"],
        "language": "uk",
        "lastBuildDate": "Tue, 01 Jul 2025 12:00:00 +0000",
        "pubDate": "Mon, 09 Jun 2025 07:39:00 +0000",
        "ttl": "60",
    }
    assert [(e.tag, e.text) for e in rss.find("channel/image")] == [
        ("url", "https://rada.example/logo.png"), ("title", "Зразківська міська рада"), ("link", "https://rada.example/"),
    ]  # fmt: skip
    [own] = rss.findall("channel/a:link", NS)
    assert dict(own.attrib) == {"href": f"{OWN}rss.xml", "rel": "self", "type": "application/rss+xml"}


def test_atom_describes_its_feed_with_the_alternate_link_first(atom: Any) -> None:
    assert atom.get("{http://www.w3.org/XML/1998/namespace}lang") == "uk"
    assert [dict(e.attrib) for e in atom.findall("a:link", NS)] == [
        {"href": "https://rada.example/", "rel": "alternate"},
        {"href": f"{OWN}atom.xml", "rel": "self", "type": "application/atom+xml"},
    ]
    assert texts(atom, "a:id") == ["tag:rada.example,2026:rada"]
    assert texts(atom, "a:updated") == ["2025-07-01T12:00:00+00:00"]
    assert texts(atom, "a:author/*") == ["Зразківська міська рада", "https://rada.example/"]
    assert texts(atom, "a:generator/@uri") == ["https://feeds.example.org/about"]
    assert texts(atom, "a:rights | a:icon | a:logo | a:subtitle") == [
        "https://rada.example/icon.png", "https://rada.example/logo.png", "Передрук лише з посиланням.", "Новини ради",
    ]  # fmt: skip


def test_an_item_is_the_same_in_every_format(rss: Any, atom: Any, json_feed: Any) -> None:
    ids = ["tag:rada.example,2026:rada/node/2", "tag:rada.example,2026:rada/node/1"]
    assert texts(rss, "//item/guid") == texts(atom, "//a:entry/a:id") == [i["id"] for i in json_feed["items"]] == ids
    assert texts(rss, "//item/title") == texts(atom, "//a:entry/a:title") == [i["title"] for i in json_feed["items"]]
    assert texts(rss, "//item/title")[0] == TITLE
    assert texts(rss, "//item/link") == texts(atom, "//a:entry/a:link[not(@rel)]/@href")
    assert texts(rss, "//c:encoded") == texts(atom, "//a:content") == [i["content_html"] for i in json_feed["items"]]
    assert texts(rss, "//item/description") == texts(atom, "//a:summary")
    assert texts(rss, "//item/category") == texts(atom, "//a:entry/a:category/@term") == json_feed["items"][0]["tags"]
    assert texts(atom, "//a:entry/a:category/@label") == json_feed["items"][0]["tags"]
    assert texts(atom, "//a:published") == ["2025-06-09T07:39:00+00:00", "2024-12-31T22:00:00+00:00"]
    assert texts(rss, "//item/pubDate") == ["Mon, 09 Jun 2025 07:39:00 +0000", "Tue, 31 Dec 2024 22:00:00 +0000"]
    assert [i["date_published"] for i in json_feed["items"]] == ["2025-06-09T07:39:00Z", "2024-12-31T22:00:00Z"]
    assert [i["date_modified"] for i in json_feed["items"]] == ["2025-07-01T12:00:00Z", "2024-12-31T22:00:00Z"]


def test_rss_items_name_their_creator_and_a_guid_that_is_no_address(rss: Any) -> None:
    assert texts(rss, "//item/dc:creator") == ["Зразківська міська рада"] * 2
    assert texts(rss, "//item/guid/@isPermaLink") == ["false"] * 2
    assert not rss.findall("channel/item/author")


def test_description_comes_before_content(rss: Any) -> None:
    tags = [etree.QName(e).localname for e in rss.find("channel/item")]
    assert tags.index("description") < tags.index("encoded")


def test_one_picture_is_enclosed_whole_and_the_others_are_media(rss: Any, atom: Any, json_feed: Any) -> None:
    [enclosure] = rss.findall("channel/item/enclosure")
    assert dict(enclosure.attrib) == {"url": MEDIA[0].url, "length": "1234", "type": "image/jpeg"}
    [link] = atom.xpath("//a:link[@rel='enclosure']", namespaces=NS)
    assert dict(link.attrib) == {"rel": "enclosure", "href": MEDIA[0].url, "length": "1234", "type": "image/jpeg",
                                 "title": "Перша <1>"}  # fmt: skip
    for feed in (rss, atom):
        assert texts(feed, "//m:content/@url") == ["https://rada.example/2.jpg", "https://rada.example/3.jpg"]
        assert texts(feed, "//m:content/m:description") == ["Друга"]
        assert not feed.findall(".//m:group", NS)
    assert json_feed["items"][0]["attachments"] == [
        {"url": MEDIA[0].url, "mime_type": "image/jpeg", "title": "Перша <1>", "size_in_bytes": 1234}
    ]


def test_atom_entries_have_one_alternate_link(atom: Any) -> None:
    for entry in atom.findall("a:entry", NS):
        assert len(entry.xpath("a:link[not(@rel) or @rel='alternate']", namespaces=NS)) == 1
        assert entry.find("a:content", NS).get("type") == entry.find("a:summary", NS).get("type") == "html"


def test_an_rss_title_is_escaped_as_the_rss_profile_asks() -> None:
    assert "<title>Тариф &#x3C; 5 &#x26; &#x3E; 3 — &#x26;laquo;зміни".encode() in RENDERED["rss.xml"]


def test_json_feed_is_of_version_1_1_and_states_rights(json_feed: Any) -> None:
    assert json_feed["version"] == "https://jsonfeed.org/version/1.1"
    assert json_feed["feed_url"] == f"{OWN}feed.json"
    assert json_feed["_feedpub"]["rights"] == "Передрук лише з посиланням."
    assert None not in [v for i in json_feed["items"] for v in i.values()]


def test_the_same_feed_gives_the_same_bytes_at_any_time() -> None:
    time.sleep(1.1)  # beyond the second in which the first were made
    assert {f.name: render(f, FEED, OWN + f.name) for f in FORMATS} == RENDERED


def test_the_xml_is_utf_8_without_a_mark_and_declared() -> None:
    for name in ("rss.xml", "atom.xml"):
        assert RENDERED[name].startswith(b"<?xml version='1.0' encoding='UTF-8'?>")


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_feedparser_reads_it_back(name: str) -> None:
    read = feedparser.parse(RENDERED[name])
    assert not read.bozo
    assert [e.id for e in read.entries] == [e.id for e in FEED.entries]
    assert [e.link for e in read.entries] == [e.url for e in FEED.entries]
    assert [e.published_parsed[:6] for e in read.entries] == [e.published.timetuple()[:6] for e in FEED.entries]
    assert read.entries[0].enclosures[0].href == MEDIA[0].url
    assert read.feed.updated_parsed[:6] == NOW.timetuple()[:6]


def test_atom_says_when_an_entry_was_updated_and_whose_its_categories_are(atom: Any) -> None:
    assert texts(atom, "//a:entry/a:updated") == ["2025-07-01T12:00:00+00:00", "2024-12-31T22:00:00+00:00"]
    assert set(texts(atom, "//a:category/@scheme")) == {"https://rada.example/"}
    assert texts(atom, "a:generator/@version") == ["0.1.0"]


def test_an_entry_s_own_author_is_named_in_every_format() -> None:
    feed = feed_of(stored(replace(article(), author="Пресслужба")))
    made = {f.name: render(f, feed, OWN + f.name) for f in FORMATS}
    assert texts(etree.fromstring(made["rss.xml"]), "//item/dc:creator") == ["Пресслужба"]
    assert texts(etree.fromstring(made["atom.xml"]), "//a:entry/a:author/a:name") == ["Пресслужба"]
    assert json.loads(made["feed.json"])["items"][0]["authors"] == [{"name": "Пресслужба"}]


@pytest.mark.parametrize("contact", ["mailto:stritchky@example.net", "https://feeds.example.org/about"])
def test_no_program_is_given_the_council_s_address_to_write_in_its_name(contact: str) -> None:
    """rss2email, for one, sends from an author's address. The publisher's own is for faults of the feed."""
    edition = Edition(SOURCE, Site(), {}, "https://feeds.example.org/", "0.1.0", contact=contact)
    feed = subscription_document(edition, (stored(article()),), "tag:rada.example,2026:rada")
    made = {f.name: render(f, feed, OWN + f.name) for f in FORMATS}
    assert SOURCE.email
    assert not [name for name, data in made.items() if SOURCE.email.encode() in data]
    own = ["stritchky@example.net"] if contact.startswith("mailto:") else []
    assert texts(etree.fromstring(made["rss.xml"]), "channel/webMaster") == own
    read = feedparser.parse(made["rss.xml"])
    assert read.feed.get("publisher", "") == "".join(own)
    assert "author_detail" not in read.feed or "email" not in read.feed.author_detail


def test_an_rss_item_says_when_it_last_changed() -> None:
    feed = feed_of(stored(article(), updated=datetime(2025, 6, 11, 8, 0, tzinfo=UTC)))
    [item] = feedparser.parse(render(RSS, feed, f"{OWN}rss.xml")).entries
    assert (item.published, item.updated) == ("Mon, 09 Jun 2025 07:39:00 +0000", "2025-06-11T08:00:00Z")
    [entry] = feedparser.parse(render(ATOM, feed, f"{OWN}atom.xml")).entries
    assert item.updated_parsed == entry.updated_parsed


def test_an_rss_item_has_its_summary_as_plain_text_too_with_the_council_s_address() -> None:
    feed = feed_of(stored(article(1, "<p>Збори о 10:00 &amp; о 12:00.</p><p>Другий абзац.</p>")))
    [item] = feedparser.parse(render(RSS, feed, f"{OWN}rss.xml")).entries
    assert item.dcterms_abstract == "Збори о 10:00 & о 12:00.\nhttps://rada.example/content/1\nДругий абзац."
    assert item.summary.startswith("<p>Збори о 10:00 &amp; о 12:00.</p>")
    lacking = render(RSS, feed, f"{OWN}rss.xml").replace(b"https://rada.example/content/1\n", b"")
    assert [p.rule for p in check(lacking)] == [
        "dcterms:abstract holds the article's text without the address of its source"
    ]


def test_json_feed_describes_itself(json_feed: Any) -> None:
    assert {k: json_feed[k] for k in ("title", "home_page_url", "description", "language", "icon", "favicon")} == {
        "title": "Зразківська міська рада",
        "home_page_url": "https://rada.example/",
        "description": "Новини ради",
        "language": "uk",
        "icon": "https://rada.example/logo.png",  # the large one
        "favicon": "https://rada.example/icon.png",
    }
    assert json_feed["authors"] == [{"name": "Зразківська міська рада", "url": "https://rada.example/"}]


def test_in_json_the_image_is_a_picture_whatever_the_enclosure_is() -> None:
    file = Attachment("/a.pdf", "Рішення", "application/pdf", 30219)
    made = article(1, files=(file,), pictures=(Picture("/1.jpg", ""),))
    for item, image in ((made, "https://rada.example/1.jpg"), (replace(made, pictures=()), None)):
        rendered = {f.name: render(f, feed_of(stored(item)), OWN) for f in FORMATS}
        [found] = json.loads(rendered["feed.json"])["items"]
        assert found["attachments"][0]["mime_type"] == "application/pdf"
        assert found.get("image") == image


def test_every_format_names_the_hubs_and_is_else_the_same() -> None:
    hubs = ("https://hub.example/?a=1&b=2", "https://other.example/")
    made = {f.name: render(f, replace(FEED, hubs=hubs), OWN + f.name) for f in FORMATS}
    rss, atom, json_feed = etree.fromstring(made["rss.xml"]), etree.fromstring(made["atom.xml"]), made["feed.json"]
    assert [(e.get("rel"), e.get("href")) for e in rss.findall("channel/a:link", NS)] == [
        ("self", f"{OWN}rss.xml"), ("hub", hubs[0]), ("hub", hubs[1]),
    ]  # fmt: skip
    assert rss.findtext("channel/link") == FEED.home
    assert [(e.get("rel"), e.get("href")) for e in atom.findall("a:link", NS)] == [
        ("alternate", FEED.home), ("self", f"{OWN}atom.xml"), ("hub", hubs[0]), ("hub", hubs[1]),
    ]  # fmt: skip
    assert json.loads(json_feed)["hubs"] == [{"type": "WebSub", "url": hub} for hub in hubs]
    for name, data in made.items():
        assert check(data, kind_of(name)) == []
        without = re.sub(
            rb'\s*<(?:atom:)?link [^>]*rel="hub"[^>]*/>|\n "hubs": \[.*?\n \],', b"", data, flags=re.DOTALL
        )
        assert without == RENDERED[name]


# ------------------------------------------------------------ entries that stand in several documents


TAGLIKE = "<p>Рядок\n    <item>\n  <entry>\n  </entry>\n    </item>\n  </channel>\n</feed>\n</p>"


@pytest.mark.parametrize("form", FORMATS[:2], ids=lambda f: f.name)
def test_an_entry_that_stood_in_another_document_is_what_it_would_be_anyway(form: Kind) -> None:
    one, two, three = (
        stored(article(n, TAGLIKE, title=TAGLIKE, date=f"2025-06-0{n}T10:00:00+03:00")) for n in (1, 2, 3)
    )
    other_author = replace(
        feed_of(one), title="Інша рада", author="Інша рада", category_scheme="https://insha.example/"
    )
    feeds = [feed_of(one, two), other_author, feed_of(two, three), feed_of(one, two, three), feed_of(one)]
    feedgenerator._rendered.clear()
    warm = [render(form, f, OWN) for f in feeds]
    for document, f in zip(warm, feeds, strict=True):
        feedgenerator._rendered.clear()
        assert render(form, f, OWN) == document
        assert len(feedparser.parse(document).entries) == len(f.entries)
    assert len(set(warm)) == len(feeds)


@pytest.mark.parametrize("form", FORMATS[:2], ids=lambda f: f.name)
def test_a_feed_of_more_entries_than_are_remembered_is_whole(form: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedgenerator, "REMEMBERED", 2)
    many = feed_of(*(stored(article(n)) for n in range(1, 9)))
    assert render(form, many, OWN) == render(form, many, OWN)
    assert len(feedparser.parse(render(form, many, OWN)).entries) == 8
    assert len(feedgenerator._rendered) <= 2
