"""The gate: each rule sees its own fault, and a good feed passes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from feedpub.content import Medium, Picture
from feedpub.kinds import ATOM, JSON_FEED, RSS, Kind, kind_of
from feedpub.publishing.check import check
from feedpub.publishing.render import render
from tests.made import FORMATS, LINK, article, feed_of, stored

OWN = "https://feeds.example.org/rada/"
MEDIA = (Medium("https://rada.example/1.jpg", "image/jpeg", 1234),)
FEED = feed_of(
    stored(article(2, date="2025-06-10T10:00:00+03:00", pictures=(Picture("/1.jpg", ""), Picture("/2.jpg", "")))),
    stored(article(1)),
    media=MEDIA,
)
GOOD = {f.name: render(f, FEED, OWN + f.name).decode() for f in FORMATS}
ESCAPED_LINK = LINK.format(n=2).replace("<", "&lt;").replace(">", "&gt;")


def found(name: str, old: str, new: str, count: int = -1) -> list[str]:
    """What is wrong once a part of a good feed is replaced."""
    assert old in GOOD[name]
    return [str(p) for p in check(GOOD[name].replace(old, new, count).encode())]


@pytest.mark.parametrize("name", GOOD)
def test_a_good_feed_passes(name: str) -> None:
    assert check(GOOD[name].encode(), kind_of(name)) == []


SECOND = "tag:rada.example,2026:rada/node/2"
NO_LINK = "has no followed link to https://rada.example/content/2 in its first 2 blocks, as the council's terms ask"


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("rss.xml", "</channel>", "", "the feed: is not well-formed XML: "),
        ("rss.xml", "<rss ", "<!DOCTYPE rss><rss ", "the feed: has a document type, which readers may follow"),
        ("rss.xml", "<title>Зразківська міська рада</title>", "", "the feed: has no title"),
        ("rss.xml", "<language>uk</language>", "<language>ua</language>", "the feed: says its language is 'ua'"),
        ("rss.xml", 'rel="self"', 'rel="alternate"', "the feed: does not name its own address (rel=self)"),
        ("rss.xml", "Tue, 10 Jun 2025", "Mon, 10 Jun 2025", f"{SECOND}: has a date of publication that is none: "),
        ("rss.xml", "07:00:00 +0000", "07:00:00", f"{SECOND}: has a date of publication that is none: "),
        ("rss.xml", "10 Jun 2025", "10 Jun 2024", f"{SECOND}: has a date of publication that is none: "),
        ("rss.xml", "node/2</guid>", "node/1</guid>", "tag:rada.example,2026:rada/node/1: has an id that another"),
        ("rss.xml", 'length="1234"', 'length="0"', f"{SECOND}: has an enclosure without absolute address, type or"),
        ("rss.xml", '<media:content url="https://rada.example', '<media:content url="',
         f"{SECOND}: names a picture by no absolute address: /2.jpg"),
        ("rss.xml", '<media:content url="https://rada.example/2.jpg', '<media:content url="https://rada.example:x/2.jpg',
         f"{SECOND}: names a picture whose address does not parse: 'https://rada.example:x/2.jpg' (Port"),
        ("rss.xml", '<media:content url="https://rada.example/2.jpg', '<media:content url="https://w_8,h_6/2.jpg',
         f"{SECOND}: names a picture whose address does not parse: 'https://w_8,h_6/2.jpg' (no host is called so)"),
        ("feed.json", '"image": "https://rada.example/1.jpg"', '"image": "https://rada.example/100%.jpg"',
         f"{SECOND}: names a picture whose address does not parse: 'https://rada.example/100%.jpg' ('%' has no place"),
        ("rss.xml", "<link>https://rada.example/content/2</link>", "<link>/content/2</link>",
         f"{SECOND}: needs one absolute, ASCII link, and has /content/2"),
        ("rss.xml", "<item>\n      <title>Заголовок</title>", "<item>\n      <title>Заго\u00adловок</title>",
         f"{SECOND}: has a title with stray spaces, line breaks or invisible characters"),
        ("atom.xml", "2025-06-10T07:00:00+00:00</published>", "2025-06-10T07:00:00</published>",
         f"{SECOND}: has a date of publication that is none: "),
        ("atom.xml", "2025-06-10T07:00:00+00:00</published>", "2025-06-11T07:00:00+00:00</published>",
         f"{SECOND}: was updated before it was published"),
        ("atom.xml", "<updated>2025-06-10T07:00:00+00:00</updated>\n  <author>",
         "<updated>2025-06-09T07:00:00+00:00</updated>\n  <author>", "the feed: says it was last updated before"),
        ("feed.json", '"version"', '"versions"', "the feed: is JSON, but no JSON Feed"),
        ("feed.json", '"items": [', '"items": [3, ', "the feed: has no list of items"),
        ("feed.json", "Перший абзац.\\nhttps://rada.example/content/2\\nДругий", "Перший абзац.\\nДругий",
         f"{SECOND}: summary holds the article's text without the address of its source"),
    ],
)  # fmt: skip
def test_each_fault_is_seen_and_named(name: str, old: str, new: str, expected: str) -> None:
    assert any(line.startswith(expected) for line in found(name, old, new)), found(name, old, new)


@pytest.mark.parametrize("form", [RSS, ATOM, JSON_FEED], ids=lambda form: form.name)
def test_a_hub_that_nobody_could_reach_is_seen_in_every_format_that_names_hubs(form: Kind) -> None:
    hubs = ("https://hub.example/", "hub.example")
    assert [str(p) for p in check(render(form, replace(FEED, hubs=hubs), OWN + form.name))] == [
        "the feed: names a hub by no absolute address: hub.example"
    ]


@pytest.mark.parametrize(
    "broken",
    [
        LINK.format(n=2).replace("<a ", '<a rel="nofollow" '),
        LINK.format(n=2).replace("<a ", '<a rel="ugc" '),
        LINK.format(n=2).replace("/content/2", "/"),
        LINK.format(n=2).replace("https://rada.example/content/2", "https://short.example/x"),
        LINK.format(n=2).replace(">rada.example<", "><"),
        "<p>rada.example</p>",
        "<p>Другий абзац.</p>" + LINK.format(n=2),  # too late
    ],
)
def test_every_way_to_miss_the_terms_is_seen_in_every_format(broken: str) -> None:
    escaped = broken.replace("<", "&lt;").replace(">", "&gt;")
    assert [e.partition(": ")[2] for e in found("rss.xml", ESCAPED_LINK, escaped)] == [
        f"description {NO_LINK}", f"content:encoded {NO_LINK}",
    ]  # fmt: skip
    assert {e.partition(": ")[2] for e in found("atom.xml", ESCAPED_LINK, escaped)} == {
        f"summary {NO_LINK}", f"content {NO_LINK}",
    }  # fmt: skip
    in_json = LINK.format(n=2).replace('"', '\\"')
    assert [e.partition(": ")[2] for e in found("feed.json", in_json, broken.replace('"', '\\"'))] == [
        f"content_html {NO_LINK}"
    ]


def test_terms_that_ask_for_the_first_block_are_held_to() -> None:
    problems = [p.rule for p in check(GOOD["rss.xml"].encode(), block=1)]
    assert len(problems) == 4
    assert all("in its first 1 blocks" in p for p in problems)


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("&lt;script&gt;x&lt;/script&gt;", "holds <script>"),
        ('&lt;b onclick="x"&gt;x&lt;/b&gt;', "holds the attribute onclick"),
        ('&lt;img src="/a.jpg"&gt;', "holds the address '/a.jpg', which is not absolute http(s)"),
        ('&lt;a href="javascript:x"&gt;x&lt;/a&gt;', "holds the address 'javascript:x', which is not absolute http(s)"),
        (
            '&lt;img src="https://rada.example/{id}.jpg"&gt;',
            "names a picture whose address does not parse: 'https://rada.example/{id}.jpg' ('{' has no place there)",
        ),
        (
            '&lt;img srcset="https://a.example/1.jpg 1x, /2.jpg 2x"&gt;',
            "names a picture by no absolute address: /2.jpg",
        ),
        (
            '&lt;img srcset="https://a.example/1.jpg 1q"&gt;',
            "holds a srcset that does not parse: 'https://a.example/1.jpg 1q'",
        ),
        ("\u200b", "holds an invisible character, U+200B"),
        ("\u202eх", "does not close a mark of direction, U+202E"),
        ("\u2067х\u202a\u2069 х\u2066", "does not close a mark of direction, U+2066"),
        (
            '&lt;noscript&gt;&lt;b title="&lt;/noscript&gt;&lt;img src=x onerror=x()&gt;"&gt;&lt;/noscript&gt;',
            "holds <noscript>",
        ),
        ("&lt;/body&gt;&lt;/html&gt;&lt;b onclick=x()&gt;х&lt;/b&gt;", "holds <body>, as if it were a page"),
        ("&lt;BODY onload=x()&gt;", "holds <body>, as if it were a page"),
        ("&lt;!-- &lt;b&gt; --&gt;", "holds markup in a comment, and readers differ in where a comment ends"),
        (
            '&lt;td background="javascript:x()"&gt;х',
            "holds the address 'javascript:x()', which is not absolute http(s)",
        ),
        ("&lt;frame src=https://x.example/&gt;", "holds <frame>"),
        (
            '&lt;a href="tel:+380670001122"&gt;050 000 11 22&lt;/a&gt;',
            "links the telephone number 'tel:+380670001122', and its words show another: 050 000 11 22",
        ),
        (
            '&lt;a href="tel:0670001122"&gt;067 000&lt;br&gt;1122&lt;/a&gt;',
            "links the telephone number 'tel:0670001122', and its words show another: 067 000 1122",
        ),
        (
            '&lt;a href="tel:+382006720000201120220"&gt;+38 067 000 11 22&lt;/a&gt;',
            "links 'tel:+382006720000201120220', which is no telephone number",
        ),
    ],
)
def test_markup_that_readers_must_not_get_is_seen(added: str, expected: str) -> None:
    end = (
        'Другий абзац.{}&lt;/p&gt;</content:encoded>\n      <guid isPermaLink="false">tag:rada.example,2026:rada/node/1'
    )
    assert found("rss.xml", end.format(""), end.format(added)) == [
        f"tag:rada.example,2026:rada/node/1: content:encoded {expected}"
    ]


@pytest.mark.parametrize(
    "markup",
    [
        '&lt;a href="tel:+38-067-000-11-22"&gt;067 000 11 22&lt;/a&gt;',
        '&lt;a href="tel:101"&gt;рятувальники&lt;/a&gt;',
        "&lt;!-- more --&gt;",
        "\u2067х\u2069",
        "\u202aх\u202bх\u202c\u202c\u202c",
        "\u200fх",
    ],
)
def test_what_harms_nobody_is_let_be(markup: str) -> None:
    assert found("rss.xml", "Другий абзац.", f"Другий абзац.{markup}") == []


def test_what_is_wrong_is_said_on_one_line_without_orders_to_a_terminal() -> None:
    hostile = '"id": "x\\u001b[2J\\nfeedpub: \\u202eх", "url": "y\\u001b[2J", "_": "'
    assert found("feed.json", f'"id": "{SECOND}",\n   "url": "', hostile)[:1] == [
        "x[2J feedpub: х: needs one absolute, ASCII link, and has y[2J"
    ]


def test_a_feed_without_items_or_out_of_order_is_seen() -> None:
    empty = re.sub(r"<item>.*</item>", "", GOOD["rss.xml"], flags=re.S)
    assert [str(p) for p in check(empty.encode())] == ["the feed: has no items"]
    first, second = re.findall(r"<item>.*?</item>", GOOD["rss.xml"], flags=re.S)
    swapped = GOOD["rss.xml"].replace(first, "@").replace(second, first).replace("@", second)
    assert [str(p) for p in check(swapped.encode())] == ["the feed: is not sorted newest first"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "the feed: is not well-formed XML: "),
        (b"\xef\xbb\xbf<rss/>", "the feed: begins with a byte order mark"),
        (b"<urlset/>", "the feed: is neither RSS 2.0, Atom 1.0 nor JSON Feed: its root is 'urlset'"),
        (b"{", "the feed: is not JSON: "),
        (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel>&x;</channel></rss>',
         "the feed: has a document type"),
    ],
)  # fmt: skip
def test_what_is_no_feed_at_all_is_said_to_be_none(data: bytes, expected: str) -> None:
    [problem] = check(data)
    assert str(problem).startswith(expected)


FIRST = "tag:rada.example,2026:rada/node/1"
IN_CONTENT = f'&lt;p&gt;Другий абзац.&lt;/p&gt;</content:encoded>\n      <guid isPermaLink="false">{FIRST}'
SECOND_ENCLOSURE = '<enclosure url="https://rada.example/2.jpg" length="1" type="image/jpeg"/>'


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("rss.xml", "<language>uk</language>", "", "the feed: names no language"),
        ("rss.xml", f'<guid isPermaLink="false">{SECOND}</guid>', "", "Заголовок: has no id"),
        ("rss.xml", f"{SECOND}</guid>", "x" * 761 + "</guid>", "x" * 761 + ": has an id of more than 760 characters"),
        ("rss.xml", "<item>\n      <title>Заголовок</title>", "<item>\n      <title> </title>",
         f"{SECOND}: has no title"),
        ("rss.xml", "<item>\n      <title>Заголовок</title>", "<item>\n      <title>Заго  ловок</title>",
         f"{SECOND}: has a title with stray spaces, line breaks or invisible characters"),
        ("rss.xml", "<link>https://rada.example/content/2</link>", "<link>https://rada.example/content/2</link>" * 2,
         f"{SECOND}: needs one absolute, ASCII link, and has https://rada.example/content/2, https://"),
        ("rss.xml", "<link>https://rada.example/content/2</link>", "<link>https://rada.example/новина</link>",
         f"{SECOND}: needs one absolute, ASCII link, and has https://rada.example/новина"),
        ("rss.xml", "<enclosure ", f"{SECOND_ENCLOSURE}<enclosure ", f"{SECOND}: has more than one enclosure"),
        ("rss.xml", 'type="image/jpeg"', 'type=""', f"{SECOND}: has an enclosure without absolute address, type or"),
        ("rss.xml", 'enclosure url="https://rada.example', 'enclosure url="', f"{SECOND}: has an enclosure without"),
        ("rss.xml", "<pubDate>Mon, 09 Jun 2025 07:39:00 +0000</pubDate>", "", f"{FIRST}: has no date of publication"),
        ("atom.xml", "<updated>2025-06-09T07:39:00+00:00</updated>", "", f"{FIRST}: has no date of update"),
        ("rss.xml", 'length="1234"', 'length="²"', f"{SECOND}: has an enclosure without absolute"),
        ("rss.xml", 'length="1234"', f'length="{"0" * 5000}"', f"{SECOND}: has an enclosure without absolute"),
        ("rss.xml", "Mon, 09 Jun 2025 07:39:00 +0000</pubDate>", "Fri, 31 Dec 9999 23:59:59 -1400</pubDate>",
         f"{FIRST}: has a date of publication that is none: Fri, 31 Dec 9999"),
        ("feed.json", '"size_in_bytes": 1234', '"size_in_bytes": 0', f"{SECOND}: has an enclosure without absolute"),
        ("rss.xml", IN_CONTENT, IN_CONTENT.replace("&lt;p", '&lt;p style="x"', 1), f"{FIRST}: content:encoded holds the"
         " attribute style"),
        ("rss.xml", IN_CONTENT, "&lt;base href=\"https://x.example/\"&gt;" + IN_CONTENT, f"{FIRST}: content:encoded"
         " holds <base>"),
    ],
)  # fmt: skip
def test_each_further_fault_is_seen_and_named(name: str, old: str, new: str, expected: str) -> None:
    assert any(line.startswith(expected) for line in found(name, old, new)), found(name, old, new)


def test_an_empty_text_is_seen() -> None:
    empty = re.sub(r"<content:encoded>.*?</content:encoded>", "<content:encoded> </content:encoded>", GOOD["rss.xml"],
                   count=1, flags=re.S)  # fmt: skip
    assert [str(p) for p in check(empty.encode())] == [f"{SECOND}: content:encoded is empty"]


@pytest.mark.parametrize("rel", ["NOFOLLOW", "noopener sponsored"])
def test_a_link_that_search_engines_are_told_not_to_follow_is_no_link(rel: str) -> None:
    unfollowed = ESCAPED_LINK.replace("&lt;a ", f'&lt;a rel="{rel}" ')
    assert len(found("rss.xml", ESCAPED_LINK, unfollowed)) == 2


def link_of(markup: str) -> list[str]:
    """What is wrong with a text of this markup, {} being the council's link in a paragraph."""
    text = markup.format(LINK.format(n=2)).replace("<", "&lt;").replace(">", "&gt;")
    data = re.sub(r"<content:encoded>.*?</content:encoded>", lambda _: f"<content:encoded>{text}</content:encoded>",
                  GOOD["rss.xml"], count=1, flags=re.S)  # fmt: skip
    return [str(p) for p in check(data.encode())]


@pytest.mark.parametrize(
    ("markup", "is_seen"),
    [
        ("<p>А</p>{}<p>Б</p>", False),
        ("<div><p>А</p><p>Б</p>{}</div>", True),  # a lone box is no block, what stands in it is
        ("<div><p>А</p>{}<p>Б</p></div>", False),
        ("Вільний текст<p>А</p>{}", True),  # loose text is a block
        ("<p>А</p>вільний текст{}", True),
        ('<p><img src="https://rada.example/1.jpg"></p>', False),  # no words of the council's
    ],
)
def test_blocks_are_counted_as_a_reader_sees_them(markup: str, is_seen: bool) -> None:
    assert link_of(markup) == ([f"{SECOND}: content:encoded {NO_LINK}"] if is_seen else [])


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<p>А<br>Б</p>{}", 2),
        ("<p><b>А<br/></b>Б<br><br>В</p>{}", 3),
        ("<p>А<br></p>{}", 0),  # nothing is on the second
        ("<p>А\nБ</p>{}", 0),  # a line of the source is none that readers see
    ],
)
def test_lines_above_the_link_count_as_paragraphs(markup: str, lines: int) -> None:
    told = f"has {lines} lines above the link to its source, and the council's terms allow 1"
    assert link_of(markup) == ([f"{SECOND}: content:encoded {told}"] if lines else [])


def test_a_text_in_xhtml_is_held_to_the_same_rules() -> None:
    xhtml = '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Без посилання</p></div></content>'
    data = re.sub(r"<content .*?</content>", xhtml, GOOD["atom.xml"], count=1, flags=re.S)
    assert [str(p) for p in check(data.encode())] == [f"{SECOND}: content {NO_LINK}"]


WHEN = "2025-06-11T00:00:00Z"


@pytest.mark.parametrize(
    ("stone", "expected"),
    [
        (f'ref="{SECOND}" when="{WHEN}"', [f"the feed: has a tombstone of an item that it still has: {SECOND}"]),
        ('ref="tag:x" when="2025-06-11"', ["the feed: has a tombstone without an id or a date: tag:x, 2025-06-11"]),
        (f'when="{WHEN}"', [f"the feed: has a tombstone without an id or a date: none, {WHEN}"]),
        (f'ref="tag:x" when="{WHEN}"', []),
    ],
)  # fmt: skip
def test_a_tombstone_has_an_id_and_a_date_and_stands_for_no_living_item(stone: str, expected: list[str]) -> None:
    marked = f'<deleted-entry xmlns="http://purl.org/atompub/tombstones/1.0" {stone}/><entry>'
    assert found("atom.xml", "<entry>", marked, 1) == expected


def test_what_is_wrong_with_an_item_is_said_of_each_document_that_holds_it() -> None:
    """What was found of it in one document is remembered for the next."""
    bad = GOOD["rss.xml"].replace("https://rada.example/content/2</link>", "/content/2</link>")
    once = check(bad.encode())
    assert once
    assert check(bad.encode()) == once
    assert check(bad.replace("<ttl>60</ttl>", "").encode()) == once
    assert check(GOOD["rss.xml"].encode()) == []
    assert check(GOOD["rss.xml"].encode(), block=1) != []
