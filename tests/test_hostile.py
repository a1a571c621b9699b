"""Whatever stands on a council's page, what readers get of it runs nothing, loads nothing but pictures, leads nobody
where a link does not say, and stays within its item: as two parsers and a real browser see it.

The vectors lie in tests/hostile. Each goes the whole way, from the bytes of a page to every format and back as a
reader reads it, in three ways: in the text, in all the other places that a page has (title, category, author,
alternative texts, names and addresses of links, pictures and files), and in the text as no scraper has parsed it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import feedparser
import pytest
from lxml import etree, html

from feedpub import address, text
from feedpub.collecting import normalize, scrape
from feedpub.collecting.fetch import decode
from feedpub.content import Article, Entry, Feed, Offer, Page
from feedpub.errors import ScrapeError
from feedpub.layout import Layout
from feedpub.model import Health
from feedpub.publishing import page
from feedpub.publishing.check import check
from feedpub.publishing.render import render
from tests.chromium import Browser
from tests.made import FORMATS, SOURCE, article, feed_of, stored

FOLDER = Path(__file__).parent / "hostile"
CLASSES = ("script", "svg", "math", "mutation", "css", "entities", "text", "bidi", "links", "frames", "forms")
NOW = datetime(2025, 7, 1, 12, tzinfo=UTC)
EVIL = "https://evil.example/x"
LAYOUT = Layout(
    article=("#article",), title=("h1",), date=("#date",), body=("#text",), images=("#picture img",),
    files=("#files a",), categories=("#categories a",), author=("#author",), date_formats=("%d.%m.%Y",),
)  # fmt: skip
# All that a reader may find in an item: element -> attributes. Written down once more, so that a change of what
# normalize lets through has to be made here as well.
ALLOWED: dict[str, set[str]] = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    **{name: set() for name in (
        "address", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dl", "dt", "em", "figcaption",
        "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "mark", "p", "pre", "q", "s", "samp", "small",
        "strong", "sub", "sup", "table", "tbody", "tfoot", "thead", "tr", "u", "ul", "var",
    )},
}  # fmt: skip
SCHEMES = {"href": {"http", "https", "mailto", "tel"}, "src": {"http", "https"}}
UNSEEN = re.compile(  # control characters, marks of direction, what is no character
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]"
)


# ------------------------------------------------------------ vectors and pages


def lines(name: str) -> list[str]:
    found = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [re.sub(r"\{U\+(\w+)\}", lambda m: chr(int(m[1], 16)), v) for v in found if not v.startswith("# ")]


@cache
def vectors() -> tuple[str, ...]:
    carriers = [c.replace("{url}", url) for c in lines("carriers") for url in ("javascript:pwned()", EVIL)]
    return (*(v for name in CLASSES for v in lines(name)), *carriers, *lines("urls"))


@cache
def crowds() -> tuple[str, ...]:
    """Every element with every handler, and every address in everything that has one: too much for a title."""
    handlers = " ".join(f"{name}=pwned()" for name in lines("handlers"))
    elements = (f"<{e} {handlers} src=x href=#x autofocus tabindex=0>слова</{e}>" for e in lines("elements"))
    return (*elements, *("\n".join(c.replace("{url}", u) for c in lines("carriers")) for u in lines("urls")))


PAGE = """<!DOCTYPE html><html lang="uk"><head><meta charset="utf-8"><title>Рада</title></head><body>
<div id="article"><h1>{title}</h1><p id="date">09.06.2025</p><p id="author">{author}</p>
<p id="categories"><a href="/c">{category}</a></p><p id="picture"><img src={src} alt={alt}></p>
<ul id="files"><li><a href={file} type="application/pdf; length=30219">{label}</a></li></ul>
<div id="text"><p>до</p>{text}<p>після</p></div></div></body></html>"""


def in_the_text(vector: str) -> str:
    return PAGE.format(title="Заголовок", author="Рада", category="Новини", src="/1.jpg", alt="Сквер", file="/a.pdf",
                       label="Рішення", text=vector)  # fmt: skip


def as_words(vector: str) -> str:
    """The vector in all places but the text, as what people read or follow there."""
    words, quoted = escape(vector), f'"{escape(vector)}"'
    link = f"<p><a href={quoted} title={quoted}>{words}</a> <abbr title={quoted}>{words}</abbr></p>"
    link += f"<p><img src={quoted} alt={quoted} title={quoted} width={quoted}><img src=/2.jpg alt={quoted}></p>"
    return PAGE.format(title=words, author=words, category=words, src="/1.jpg", alt=quoted, file=quoted, label=words,
                       text=link)  # fmt: skip


def as_markup(vector: str) -> str:
    """The same places, without the escapes that would keep the vector in its place."""
    quoted, link = f'"{vector}"', f"<p><a href='{vector}'>а</a><img alt='{vector}'></p>"
    return PAGE.format(title=f"Т {vector}", author=vector, category=vector, src="/1.jpg", alt=quoted, file=quoted,
                       label=vector, text=link)  # fmt: skip


def read(number: int, page: str) -> Article | None:
    """What feedpub makes of the page's bytes; None where it says that it cannot read it."""
    url = f"https://rada.example/node/{number}"
    text = decode(page.encode(), "text/html; charset=utf-8")
    try:
        scraped = scrape.read_article(Page(url, url, text), LAYOUT)
        return normalize.make_article(scraped, ZoneInfo(SOURCE.timezone), LAYOUT.date_formats, NOW)
    except ScrapeError:
        return None


@cache
def articles() -> tuple[tuple[str, Article], ...]:
    """Each vector with every article that came of it."""
    pages = [(v, page(v)) for page in (in_the_text, as_words, as_markup) for v in vectors()]
    pages += [(c, in_the_text(c)) for c in crowds()]
    made = [(v, found) for n, (v, page) in enumerate(pages) if (found := read(n, page))]
    return (*made, *((v, article(n, f"<p>до</p>{v}")) for n, v in enumerate(vectors(), len(pages))))


@cache
def feed() -> Feed:
    return feed_of(*(stored(a) for _, a in articles()))


@cache
def documents() -> dict[str, bytes]:
    return {form.name: render(form, feed(), f"https://feeds.example.org/rada/{form.name}") for form in FORMATS}


# ------------------------------------------------------------ as readers read them


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader has of an item: ``html`` it shows as such, ``words`` as words."""

    html: tuple[str, ...]
    words: tuple[str, ...]


@cache
def shown(name: str) -> tuple[Shown, ...]:
    data = documents()[name]
    if name == "feed.json":
        return tuple(
            Shown((i["content_html"],), (i["title"], i.get("summary", ""), *i.get("tags", ()), i["authors"][0]["name"]))
            for i in json.loads(data)["items"]
        )
    parsed: Any = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo
    return tuple(
        Shown((e.summary, e.content[0].value), (e.title, *(t.term for t in e.get("tags", ())), e.get("author", "")))
        for e in parsed.entries
    )


# ------------------------------------------------------------ as two parsers have it


class _Reading(HTMLParser):
    """What of some HTML is not on the list, as Python's own parser reads it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.strange: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.strange += strangeness(tag, attrs)

    def handle_comment(self, data: str) -> None:
        self.strange.append(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        self.strange.append(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        self.strange.append(f"an instruction: {data}")

    unknown_decl = handle_pi


def strangeness(tag: str, attributes: list[tuple[str, str | None]]) -> Iterator[str]:
    if tag not in ALLOWED:
        yield f"<{tag}>"
    names = [name for name, _ in attributes]
    yield from (f"<{tag} {name}> twice" for name in set(names) if names.count(name) > 1)
    for name, value in attributes:
        if name not in ALLOWED.get(tag, ()):
            yield f"<{tag} {name}>"
        if name in SCHEMES and urlsplit(value or "").scheme not in SCHEMES[name]:
            yield f"<{tag} {name}={value!r}>"
        if name in SCHEMES and not re.fullmatch(r"[!-~]+", value or ""):
            yield f"<{tag} {name}={value!r}> is not ASCII"


def read_by_python(markup: str) -> list[str]:
    parser = _Reading()
    parser.feed(markup)
    parser.close()
    return parser.strange


def read_by_lxml(markup: str) -> list[str]:
    found: list[str] = []
    for element in html.fragment_fromstring(markup, create_parent="feedpub").iter():
        if not isinstance(element.tag, str):
            found.append(f"a comment: {element.text}")
        elif element.tag != "feedpub":
            found += strangeness(element.tag, [(str(k), str(v)) for k, v in element.items()])
    return found


# ------------------------------------------------------------ what is tried


@pytest.mark.long
def test_every_page_can_be_read_or_is_said_to_be_none() -> None:
    """All but some of those on which a vector in the title swallows or closes what holds the text.

    A shadow root in the text takes the place of its words, for browsers as well.
    """
    texts = [(v, a) for v, a in articles() if a.title == "Заголовок"]
    assert len(texts) == 2 * len(vectors()) + len(crowds())
    unread = [v for v, a in texts if not (a.blocks and a.blocks[0].startswith("<p>до"))]
    assert all("shadowrootmode" in vector for vector in unread)
    assert len(unread) <= 1


@pytest.mark.parametrize("name", [form.name for form in FORMATS])
@pytest.mark.long
def test_the_feeds_of_hostile_pages_pass_the_check(name: str) -> None:
    assert len(shown(name)) == len(articles())
    assert [str(p) for p in check(documents()[name])] == []


@pytest.mark.long
def test_all_formats_say_the_same() -> None:
    rss, atom, json_feed = (shown(form.name) for form in FORMATS)
    assert [i.html for i in rss] == [i.html for i in atom]
    assert [i.html[-1] for i in rss] == [i.html[0] for i in json_feed]
    assert [i.words[0] for i in atom] == [i.words[0] for i in json_feed]


@pytest.mark.parametrize("parser", [read_by_python, read_by_lxml])
@pytest.mark.parametrize("name", ["rss.xml", "feed.json"])
@pytest.mark.long
def test_nothing_but_what_is_allowed_reaches_a_reader(name: str, parser: Any) -> None:
    found = {(strange, entry.url) for entry, item in zip(feed().entries, shown(name), strict=True)
             for markup in item.html for strange in parser(markup)}  # fmt: skip
    assert found == set()


@pytest.mark.long
def test_no_control_character_and_no_mark_of_direction_reaches_a_reader() -> None:
    found = {repr(s) for form in FORMATS for item in shown(form.name) for s in (*item.html, *item.words)
             if UNSEEN.search(s)}  # fmt: skip
    assert found == set()


@pytest.mark.long
def test_what_stands_in_a_title_as_words_arrives_as_these_words() -> None:
    """Escaped once, in each format: what is shown as words is no markup, and none of it is lost."""
    said = {text.line(v) for v in vectors()} - {""}
    for form in FORMATS[1:]:
        assert said <= {item.words[0] for item in shown(form.name)}
    titles = {e.text for e in etree.fromstring(documents()["rss.xml"]).iterfind("channel/item/title")}
    assert said <= titles


@pytest.mark.long
def test_a_feed_in_json_may_stand_in_a_script_of_a_page() -> None:
    held = documents()["feed.json"].decode()
    assert not re.search(r"<(/?script|!--)", held, re.IGNORECASE)
    ordinary = feed_of(stored(article(title="Тариф < 5 & > 3 </p>")))
    assert r"\u003c" not in render(FORMATS[2], ordinary, "https://feeds.example.org/").decode()


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        # the second letter is Cyrillic; the words are the council's, the target is ASCII and shows it
        ('<a href="https://rаda.example/">https://rada.example/</a>',
         '<a href="https://xn--rda-6cd.example/">https://rada.example/</a>'),
        ('<a href="https://evil.example/" title="rada.example">rada.example</a>',
         '<a href="https://evil.example/" title="rada.example">rada.example</a>'),
        ('<a href="https://rada.example@evil.example/" target="_blank" rel="opener" ping="/p">слова</a>',
         '<a href="https://evil.example/">слова</a>'),
        # words that feedpub writes itself name the host to which they lead
        ('<iframe src="https://rаda.example/player"></iframe>',
         '<a href="https://xn--rda-6cd.example/player">xn--rda-6cd.example</a>'),
        ('<a href="https://rada.example/">\u202eслова\u2066</a>', '<a href="https://rada.example/">слова</a>'),
    ],
)  # fmt: skip
def test_a_link_keeps_its_words_and_shows_in_ascii_where_it_leads(markup: str, expected: str) -> None:
    assert article(1, f"<p>до {markup}</p>").blocks[0] in (f"<p>до {expected}</p>", f"<p>до <br>{expected}</p>")


def test_a_title_is_shown_in_the_order_in_which_it_is_written() -> None:
    assert article(1, title="Рішення \u202efdp.exe\u2066 ради\u200f").title == "Рішення fdp.exe ради"


# ------------------------------------------------------------ as a browser has it


def items() -> list[str]:
    """Every item as the page of a reader shows it; what differs by the number of its article alone, once."""
    shows = [f"<h2>{escape(i.words[0])}</h2>{''.join(i.html)}" for i in shown("atom.xml")]
    return list({re.sub(r"/(?:content|node)/\d+", "", item): item for item in shows}.values())


def reader(pieces: list[str], held: str = "") -> str:
    """A reader's page: an article for each item, and the feed that it was made from."""
    head = '<!DOCTYPE html><html lang="uk"><head><meta charset="utf-8"><title>Читач</title></head><body>\n'
    articles = "\n".join(f"<article>{piece}</article>" for piece in pieces)
    return f'{head}{articles}\n<script type="application/json">{held}</script></body></html>'


def alarms(browser: Browser, within: str, seconds: float = 0.3) -> list[str]:
    """What happened on the page, and what stands on it, that must not; pictures may come, those of its images."""
    browser.poke(seconds)
    strange = browser.strange(ALLOWED, SCHEMES, within)
    sources = browser.run("[...new Set([...document.images].map(i => i.src.split('#')[0]))]")
    other = set(browser.pictures) - {*sources, *(re.sub("^http:", "https:", url) for url in sources)}  # as it prefers
    return sorted({*browser.fired, *strange, *(f"asked for: {url}" for url in other)})


def inserted(browser: Browser, pieces: list[str]) -> list[str]:
    browser.insert(pieces)
    return alarms(browser, "main > div")


def opened(browser: Browser, pieces: list[str]) -> list[str]:
    browser.show(reader(pieces))
    return alarms(browser, "article")


def guilty(browser: Browser, way: Callable[[Browser, list[str]], list[str]], pieces: list[str]) -> list[str]:
    """Of pieces that raise an alarm together the first that does alone; together, where none does alone."""
    if not (found := way(browser, pieces)):
        return []
    half = len(pieces) // 2
    alone = half and (guilty(browser, way, pieces[:half]) or guilty(browser, way, pieces[half:]))
    return alone or [f"{found} from {pieces[0] if not half else f'{len(pieces)} items together'}"]


CONTROLS = {
    "<script>pwned()</script>": "script ran: ",
    "<img src=x onerror=pwned()>": "script ran: ",
    '<a href="javascript:pwned()">слова</a>': "script ran: ",
    "<svg><animate onbegin=pwned() attributeName=x dur=1s></svg>": "script ran: ",
    "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>": "a frame",
    "<script>alert(1)</script>": "script ran: a dialog",
    "<script>x(</script>": "script failed: Uncaught",
    "<p onclick='x'>слова</p>": "policy broken: script-src-attr inline ",
    "<p style='color:red'>слова</p>": "policy broken: style-src-attr inline ",
    "<base href='https://evil.example/'>": "policy broken: base-uri https://evil.example/ ",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>": "asked for: Document https://evil.example/",
    "<link rel=stylesheet href='https://evil.example/x.css'>": "asked for: Stylesheet https://evil.example/x.css",
    "<video src='https://evil.example/x.mp4' autoplay></video>": "asked for: Media https://evil.example/x.mp4",
    "<p style='background:url(https://evil.example/x.png)'>слова</p>": "asked for: https://evil.example/x.png",
    "<form action='https://evil.example/'><button>слова</button></form>": "asked for: Document https://evil.example/?",
    "<form><input name=attributes></form>": "the reader's own script failed",
    "<a href='https://rada.example/' id=x>слова</a>": "<a id>",
    "<math><mi>x</mi></math>": "<math>",
}  # fmt: skip


@pytest.mark.parametrize(("markup", "alarm"), CONTROLS.items())
def test_the_browser_raises_the_alarm_at_what_was_not_cleaned(browser: Browser, markup: str, alarm: str) -> None:
    """Else its silence below would say nothing."""
    browser.show(reader([markup]))
    assert any(alarm in alarms(browser, "article", seconds) for seconds in (0.02, 0.2, 2, 5))


@pytest.mark.parametrize(
    "vector", ["<img src=x onerror=pwned()>", "<noscript><p title='</noscript><svg onload=pwned()>'>"]
)
def test_the_browser_raises_the_alarm_however_html_is_put_into_a_page(browser: Browser, vector: str) -> None:
    assert "script ran: " in inserted(browser, [vector])


@pytest.mark.long
def test_nothing_that_readers_get_does_anything_when_a_script_puts_it_into_a_page(browser: Browser) -> None:
    assert guilty(browser, inserted, items()) == []


@pytest.mark.long
def test_nothing_that_readers_get_does_anything_as_a_page_or_reaches_beyond_its_item(browser: Browser) -> None:
    pieces = items()
    browser.show(reader(pieces, documents()["feed.json"].decode()))
    found = alarms(browser, "article")
    assert not found, guilty(browser, opened, pieces)
    shape = "[document.querySelectorAll('article').length, document.body.children.length]"
    assert browser.run(shape) == [len(pieces), len(pieces) + 1]


def pages_of(entries: tuple[Entry, ...]) -> Iterator[str]:
    """Feedpub's own pages of these items, without the policy that would forbid what gets through."""
    months = [page.Month("2025-06", len(entries))]
    offers = [Offer(e.title, e.title, "category", f"https://feeds.example.org/rada/category/c{n}/", 1)
              for n, e in enumerate(entries[:50])]  # fmt: skip
    own = Offer("Рада", "Рада", "all", "https://feeds.example.org/rada/")
    council = page.Council(
        id="rada", is_published=True, title="Рада", description=entries[0].title, home=SOURCE.home, language="uk",
        zone=ZoneInfo("Europe/Kyiv"), rights=entries[0].title, folder=own.folder, front="https://feeds.example.org/",
        outline="https://feeds.example.org/feeds.opml", updated=NOW, health=Health(), newest=entries,
        offers=[own, *offers], months=months,
    )  # fmt: skip
    month = replace(feed(), entries=entries)
    for made in (page.source_page(council), page.month_page(council, "2025-06", month), page.front_page([council])):
        assert not [p for p in check(made) if "u-url" in p.rule or "holds <" in p.rule]
        yield re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", made.decode())


@pytest.mark.long
def test_nothing_of_an_item_does_anything_on_feedpub_s_own_pages(browser: Browser) -> None:
    entries = feed().entries
    for n in range(0, len(entries), 400):
        some = entries[n : n + 400]
        for made in pages_of(some):
            browser.show(made, policy=None)
            assert alarms(browser, ".p-summary") == []
            shows = browser.run("document.querySelectorAll('.h-entry, .day li, .titles li').length")
            assert shows in (len(some), page.TITLES, page.NEWEST_ON_FRONT)
            assert browser.run("document.body.children.length") == 4


def test_a_link_leads_to_the_host_to_which_the_page_s_own_would_or_stays_with_the_council(browser: Browser) -> None:
    base = "https://rada.example/node/1"
    found = [unescape(url) for url in lines("urls") if "u=" not in url and "q=" not in url]  # no forwarders
    found += [m[1] for line in lines("links") if (m := re.match('<a href="(.*?)"', line))]
    made = [(url, ours) for url in found if (ours := address.absolute(base, url))]
    browser.show(reader([]))
    host = f"u => {{ try {{ return new URL(u, '{base}').hostname.replace('%20', '') }} catch {{ return null }} }}"
    hosts = browser.run(f"{json.dumps(made)}.map(pair => pair.map({host}))")
    other = {(url, *pair) for (url, _), pair in zip(made, hosts, strict=True) if pair[0] not in (None, pair[1])}
    assert {found for found in other if found[2] != "rada.example"} == set()
