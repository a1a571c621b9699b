"""The edition without pictures: whoever reads it, by page or app, asks no host but the publisher's by doing so."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import feedparser
import listparser
import pytest
from lxml import etree, html

from feedpub import publishing
from feedpub.model import Topic
from feedpub.publishing.check import check
from feedpub.publishing.folder import Folder
from feedpub.publishing.page import pictureless
from tests import axe
from tests.apart import Asked, absence, run_apart
from tests.chromium import Browser
from tests.made import SOURCE, article, stored
from tests.town import Town

OURS = "feeds.example.org"
BASE = f"http://{OURS}/"  # so that apps ask a server of the tests without TLS
EDITION = f"{BASE}zrazkiv/text/"
COUNCIL = "zrazkiv.example"
TOPICS = (Topic("vpo", "ВПО та допомога", ("ВПО", "переселенці", "гуманітарна допомога")),)
CATEGORIES = ("mizhnarodna-spivpratsia", "novyny", "oholoshennia", "vpo-veterany")
FEEDS = sorted(
    f"{folder}{name}"
    for folder in ("", "feed/vpo/", *(f"category/{slug}/" for slug in CATEGORIES))
    for name in ("atom.xml", "rss.xml")
)
NAMES_OF_FORMATS = {"http://www.rssboard.org/rss-specification"}  # RSS says by it what it is; nobody asks for it


class HubTown(Town):
    """A town whose feeds name a hub, on plain http."""

    @property
    def target(self) -> publishing.Target:
        hubs = ("https://hub.example/",)
        return publishing.Target(Folder(self.folder / "public"), BASE, self.items, self.version, hubs)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = HubTown(tmp_path_factory.mktemp("town"))
    made.source = replace(
        made.source, topics=TOPICS, icon=f"https://{COUNCIL}/icon.png", logo=f"https://{COUNCIL}/l.png"
    )
    made.run(backfill=True)
    return made


def files(town: Town) -> dict[str, bytes]:
    """The edition's files, by their names in its folder."""
    folder = "zrazkiv/text/"
    return {
        name.removeprefix(folder): data
        for name, data in town.published().items()
        if name.startswith(folder) and not name.endswith((".gz", ".br"))
    }


def edition_page(town: Town) -> Any:
    return html.document_fromstring(files(town)["index.html"].decode())


# ------------------------------------------------------------ its feeds


def test_the_edition_has_its_list_and_a_feed_with_its_page_for_each_that_there_is_with_pictures(town: Town) -> None:
    feeds_pages = {name.replace("atom.xml", "index.html") for name in FEEDS if name.endswith("atom.xml")}
    assert {n for n in files(town) if not n.startswith("archive/")} == {"feeds.opml", *FEEDS, *feeds_pages}
    with_pictures = {n.removeprefix("zrazkiv/") for n in town.published() if re.search(r"(category|feed)/.*\.xml$", n)}
    assert {n for n in FEEDS if "/" in n} == {n for n in with_pictures if not n.startswith("text/")}


@pytest.mark.parametrize("name", FEEDS)
def test_but_for_links_to_items_a_feed_names_no_host_but_ours(town: Town, name: str) -> None:
    """In texts and as the link of an item, the council's address waits to be opened. Anywhere else, apps ask it."""
    root = etree.fromstring(files(town)[name])
    items = [e for e in root.iter() if etree.QName(e).localname in ("item", "entry")]
    assert items
    texts = {"description", "encoded", "abstract", "summary", "content", "link", "guid", "id"}
    for item in items:
        for part in [e for e in item if etree.QName(e).localname in texts]:
            item.remove(part)
    values = [v for e in root.iter() for v in (e.text or "", *e.attrib.values())]
    named = {url for value in values for url in re.findall(r"https?://[^\s<>\"]+", value)}
    assert {url for url in named - NAMES_OF_FORMATS if not url.startswith(EDITION)} == set()


@pytest.mark.parametrize("name", FEEDS)
def test_what_a_program_looks_up_at_subscription_is_on_our_host(town: Town, name: str) -> None:
    feed = feedparser.parse(files(town)[name]).feed
    links = {(link.rel, link.href) for link in feed.links}
    assert feed.link == EDITION
    assert links == {("alternate", EDITION), ("self", EDITION + name)}
    assert not {"image", "icon", "logo"} & set(feed)
    assert feed.title.endswith("(без зображень)")


def test_ids_and_addresses_of_the_feeds_that_there_were_stay_and_new_ones_have_their_own(town: Town) -> None:
    def feed_id(name: str) -> str:
        return str(feedparser.parse(files(town)[name]).feed.id)

    assert feed_id("atom.xml") == "tag:zrazkiv.example,2026:zrazkiv?text"
    assert feed_id("category/novyny/atom.xml") == "tag:zrazkiv.example,2026:zrazkiv?text=category=novyny"
    assert feed_id("feed/vpo/atom.xml") == "tag:zrazkiv.example,2026:zrazkiv?text=feed=vpo"


@pytest.mark.parametrize("name", ["category/novyny/rss.xml", "feed/vpo/atom.xml"])
def test_a_topic_has_the_same_items_and_the_council_s_link_in_each_and_nothing_to_load(town: Town, name: str) -> None:
    data = files(town)[name]
    with_pictures = feedparser.parse(town.feed(name)).entries
    without = feedparser.parse(data).entries
    assert [(e.id, e.link, e.title) for e in without] == [(e.id, e.link, e.title) for e in with_pictures]
    for entry in without:
        links = html.fragment_fromstring(entry.content[0].value, create_parent="div").iter("a")
        assert entry.link in {a.get("href") for a in links}
        assert "<img" not in entry.content[0].value
        assert not entry.get("enclosures")
    assert check(data) == []


def test_the_list_has_the_edition_s_feeds_alone_and_its_page_for_each(town: Town) -> None:
    data = files(town)["feeds.opml"]
    assert check(data) == []
    found = listparser.parse(data)
    assert sorted(f.url for f in found.feeds) == sorted(EDITION + n for n in FEEDS if n.endswith("atom.xml"))
    assert {o.get("htmlUrl") for o in etree.fromstring(data).iter("outline") if o.get("xmlUrl")} == {EDITION}
    everything = etree.fromstring(town.published()["feeds.opml"])
    pages = {o.get("xmlUrl"): o.get("htmlUrl") for o in everything.iter("outline") if o.get("xmlUrl")}
    assert pages[f"{EDITION}atom.xml"] == EDITION


# ------------------------------------------------------------ its page


def test_the_page_says_at_its_top_which_edition_it_is_and_the_other_one_leads_there_at_once(town: Town) -> None:
    assert edition_page(town).find(".//body").xpath("string(header/*[1])") == "Без зображень"
    other = html.document_fromstring(town.published()["zrazkiv/index.html"].decode())
    assert "text/" in other.xpath("//header//a/@href")
    front = html.document_fromstring(town.published()["index.html"].decode())
    assert "zrazkiv/text/" in [a.get("href") for a in front.iter("a")]


def test_the_page_offers_its_own_feeds_and_no_others(town: Town) -> None:
    found = edition_page(town)
    named = {link.get("href") for link in found.iter("link") if link.get("rel") == "alternate"}
    copied = {b.get("data-copy") for b in found.iter("button")}
    shown = {code.text_content() for code in found.iter("code")}
    own = {EDITION + n for n in FEEDS if n.endswith("atom.xml")}
    assert named == own | {f"{EDITION}rss.xml", f"{EDITION}feeds.opml"}
    assert copied == {None, *shown}
    assert shown == {f"{EDITION}atom.xml"}
    led = {urljoin(EDITION, a.get("href")) for a in found.iter("a")}
    assert {url.removesuffix("atom.xml") for url in own} - {EDITION} <= led
    assert {u for u in led if u.startswith(BASE) and not u.startswith(EDITION)} == {f"{BASE}zrazkiv/", f"{BASE}about/"}


def test_the_page_has_whole_texts_with_the_council_s_link_and_titles_lead_to_them(town: Town) -> None:
    found = edition_page(town)
    contents = {e.link: e.content[0].value for e in feedparser.parse(files(town)["atom.xml"]).entries}
    entries = found.find_class("h-entry")
    assert len(entries) == 25
    for entry in entries:
        [text] = entry.find_class("e-content")
        [link] = entry.find_class("u-url")
        content = html.fragment_fromstring(contents[link.get("href")], create_parent="div")
        assert text.text_content().split() == content.text_content().split()
        assert link.get("href") in {a.get("href") for a in text.iter("a")}
    anchors = [a.get("href").removeprefix("#") for a in found.find_class("titles")[0].iter("a")]
    assert anchors == [entry.get("id") for entry in entries]


def test_a_very_long_text_stands_there_with_its_beginning_and_the_page_says_so(town: Town) -> None:
    from feedpub.publishing import feed
    from tests.test_pages import long_council

    long_one = stored(article(1, f"<p>Початок.</p><p>{'Дуже довгий текст. ' * 3000}</p>"))
    entries = [
        feed.pictureless_entry(feed.entry_of(SOURCE, one, {})) for one in (long_one, stored(article(2, "<p>А</p>")))
    ]
    council = long_council("Рада")
    data = pictureless.pictureless_page(council, entries, feed.pictureless_offers(council.offers[:1], BASE, "uk"))
    found = html.document_fromstring(data.decode())
    assert [len(found.find_class(name)) for name in ("p-summary", "e-content")] == [1, 1]
    [there] = [str(a.get("href")) for a in found.iter("a") if a.text_content().startswith("Це лише початок")]
    assert re.fullmatch(r"archive/2025-06/1/#n[0-9a-f]{8}", there)
    whole = pictureless.pictureless_third_page(council, council.offers[0], "2025-06", 1, entries)
    assert [len(html.document_fromstring(whole.decode()).find_class(name)) for name in ("p-summary", "e-content")] == [
        0,
        2,
    ]
    assert len(data) < 20_000
    assert check(data) == []


def test_the_page_has_no_decoration_and_loads_nothing(town: Town) -> None:
    text = files(town)["index.html"].decode()
    assert not re.search(r"0057b7|ffd700|<img|stylesheet", text)
    assert not re.findall(r'(?:src|srcset|data|poster)="', text)
    assert "img-src data:;" in text
    assert len(text.encode()) < 100_000


def test_a_page_whose_text_lacks_the_council_s_link_is_not_published(town: Town) -> None:
    data = files(town)["index.html"]
    assert check(data) == []
    broken = re.sub(
        rb'<a href="(https://zrazkiv\.example/[^"]*)">zrazkiv\.example</a>', b"zrazkiv.example", data, count=1
    )
    assert any("its text has no followed link" in problem.rule for problem in check(broken))


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 1280])
def test_no_request_leaves_the_page_and_it_fits(town: Town, browser: Browser, width: int) -> None:
    browser.look(width=width)
    browser.show(files(town)["index.html"].decode(), policy=None)
    assert browser.run("performance.getEntriesByType('resource').map(e => e.name)") == []
    assert axe.overflows(browser) == []


# ------------------------------------------------------------ apps

GRAPHIC = {"WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1", "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"}
NO_FEEDS = '<opml version="1.0"><head><title>x</title></head><body><outline title="x" type="folder"/></body></opml>'


@dataclass(frozen=True, slots=True)
class App:
    """A reader: how it subscribes to feeds and reads them."""

    name: str
    program: str  # that must be there
    package: str  # of Debian
    command: Callable[[Path, Sequence[str]], list[str]]  # its home, the feeds' addresses
    says: str = ""  # a proof that it has read them
    seconds: float = 60

    @property
    def missing(self) -> str | None:
        words = ("xvfb-run", "dbus-run-session") if self.name == "Liferea" else ()
        lacking = [word for word in (self.program, *words) if not shutil.which(word)]
        return f"{', '.join(lacking)} is not on this machine: apt-get install {self.package}" if lacking else None


def _python(code: str) -> Callable[[Path, Sequence[str]], list[str]]:
    return lambda _, urls: [sys.executable, "-c", f"urls = {list(urls)!r}\n{code}"]


def _newsboat(home: Path, urls: Sequence[str]) -> list[str]:
    (home / "urls").write_text("\n".join(urls))
    words = ["newsboat", "-u", str(home / "urls"), "-c", str(home / "cache"), "-C", "/dev/null"]
    return [*words, "-x", "reload", "print-unread"]


def _rss2email(home: Path, urls: Sequence[str]) -> list[str]:
    (home / "mail").mkdir()
    (home / "config").write_text(
        "[DEFAULT]\nto = me@localhost\nemail-protocol = maildir\n"
        f"maildir-path = {home}/mail\nmaildir-mailbox = new\nhtml-mail = True\n"
    )
    r2e = f"r2e -c {home}/config -d {home}/data.json"
    added = " && ".join(f"{r2e} add feed{n} {url}" for n, url in enumerate(urls))
    return ["sh", "-c", f"{added} && {r2e} run && grep -rl 'Subject:' {home}/mail | wc -l"]


def _sfeed(home: Path, urls: Sequence[str]) -> list[str]:
    feeds = "\n".join(f"feed feed{n} {url}" for n, url in enumerate(urls))
    (home / "sfeedrc").write_text(f'sfeedpath="{home}/feeds"\nfeeds() {{\n{feeds}\n}}\n')
    return ["sh", "-c", f"sfeed_update {home}/sfeedrc && cat {home}/feeds/*"]


def _feed2exec(home: Path, urls: Sequence[str]) -> list[str]:
    program = f"feed2exec --config {home}/config --database {home}/data"
    added = " && ".join(
        f"{program} add feed{n} {url} --output echo --args '{{item.title}}'" for n, url in enumerate(urls)
    )
    return ["sh", "-c", f"{added} && {program} fetch"]


def _liferea(home: Path, urls: Sequence[str]) -> list[str]:
    place = home / ".config" / "liferea"
    place.mkdir(parents=True)
    (place / "feedlist.opml").write_text(NO_FEEDS)  # its own beginning has feeds of other hosts
    added = "; ".join(f"liferea --add-feed {url}; sleep 6" for url in urls)
    shown = "for n in 1 2 3; do xdotool key ctrl+n; sleep 1; done" if shutil.which("xdotool") else "true"
    return ["dbus-run-session", "--", "xvfb-run", "-a", "sh", "-c", f"liferea & sleep 5; {added}; {shown}"]


APPS = (
    App("feedparser", sys.executable, "", _python(
        "import feedparser\nfor u in urls: print(len(feedparser.parse(u).entries))"), "31"),
    App("reader", sys.executable, "", _python(
        "import reader\nr = reader.make_reader(':memory:')\nfor u in urls: r.add_feed(u)\nr.update_feeds()\n"
        "print(r.get_entry_counts().total)"), "62"),
    App("Newsboat", "newsboat", "newsboat", _newsboat, "31"),
    App("rss2email", "r2e", "rss2email", _rss2email, "62"),
    App("sfeed", "sfeed_update", "sfeed curl", _sfeed, "пункт незламності"),
    App("feed2exec", "feed2exec", "feed2exec", _feed2exec),
    App("Liferea", "liferea", "liferea xvfb dbus-x11 xdotool", _liferea, seconds=40),
)  # fmt: skip


def read_with(app: App, town: Town, folder: Path, urls: Sequence[str]) -> Asked:
    home = folder / "home"
    home.mkdir(mode=0o700)
    places = {name: str(home / to) for name, to in (
        ("HOME", "."), ("XDG_CONFIG_HOME", ".config"), ("XDG_DATA_HOME", ".data"), ("XDG_CACHE_HOME", ".cache"),
        ("XDG_RUNTIME_DIR", "."),
    )}  # fmt: skip
    command = app.command(home, urls)
    return run_apart(town.folder / "public", OURS, command, env=GRAPHIC | places, seconds=app.seconds)


@pytest.mark.long
@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_an_app_that_subscribes_to_the_edition_and_reads_it_asks_no_host_but_ours(
    town: Town, tmp_path: Path, app: App
) -> None:
    reason = absence() or app.missing
    if reason:
        pytest.skip(reason)
    asked = read_with(app, town, tmp_path, [f"{EDITION}atom.xml", f"{EDITION}rss.xml"])
    assert asked.names == {OURS}, asked.said
    assert {"/zrazkiv/text/atom.xml", "/zrazkiv/text/rss.xml"} <= set(asked.paths), asked.said
    assert app.says in asked.said


@pytest.mark.long
def test_an_app_that_subscribes_to_the_other_edition_asks_the_council_so_the_log_would_show_it(
    town: Town, tmp_path: Path
) -> None:
    liferea = APPS[-1]
    reason = absence() or liferea.missing
    if reason:
        pytest.skip(reason)
    asked = read_with(liferea, town, tmp_path, [f"{BASE}zrazkiv/atom.xml"])
    assert COUNCIL in asked.names
