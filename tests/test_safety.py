"""What is read from others, beside HTML, harms nobody: XML opens no files and does not swell, ledgers lead nowhere,
pictures on a page are not asked for, and what is written down holds no password."""

from __future__ import annotations

import json
import re
import resource
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from feedpub import address
from feedpub.collecting.learn import own_feed
from feedpub.content import Page
from feedpub.errors import LedgerError
from feedpub.publishing.check import check
from feedpub.store import ledger
from tests.council import PAGE, Council
from tests.drupal.server import Served, serve
from tests.drupal.site import Answer, Site
from tests.town import HOME, Town, failures
from tests.work import ends

SECRET = "tajemne-slovo"
ENTRY = """<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:rada.example,2026:rada</id><title>{0}</title><entry>
<id>tag:rada.example,2026:rada/node/1</id><title>{0}</title><link href="https://rada.example/{1}"/>
<published>2025-06-09T07:39:00+00:00</published><updated>2025-06-09T07:39:00+00:00</updated></entry></feed>"""
ITEM = "<rss><channel><item><title>{0}</title><link>https://rada.example/{1}</link></item></channel></rss>"


@pytest.fixture(scope="module")
def other() -> Iterator[Served]:
    """A server that nobody must ask."""
    with serve(Site()) as served:
        yield served


def hostile(folder: Path, other: Served) -> Iterator[str]:
    """Feeds with entities that lead to a file or to a server, or that swell, in text and in attributes."""
    secret, definition = folder / "secret", folder / "entities.dtd"
    secret.write_text(SECRET, encoding="utf-8")
    definition.write_text(f'<!ENTITY e "{SECRET}">', encoding="utf-8")
    swelling = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctypes = [
        f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>',
        f'<!DOCTYPE x [<!ENTITY e PUBLIC "x" "{other.url}/e">]>',
        f'<!DOCTYPE x SYSTEM "{definition.as_uri()}">',
        f'<!DOCTYPE x SYSTEM "{other.url}/x.dtd">',
        f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{definition.as_uri()}"> %p;]>',
        f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{other.url}/x.dtd"> %p;]>',
        f'<!DOCTYPE x [<!ENTITY e0 "{"x" * 1000}">{swelling}<!ENTITY e "&e11;">]>',
        f'<!DOCTYPE x [<!ENTITY e "{"x" * 100_000}">]>',
    ]
    for doctype in doctypes:
        for form in (ENTRY, ITEM):
            yield doctype + form.format("&e;" * 100, "1")
            yield doctype + form.format("x", "1").replace("<title>", f'<title x="{"&e;" * 100}">')
    for form in (ENTRY, ITEM):
        yield f'<?xml-stylesheet type="text/xsl" href="{secret.as_uri()}"?>' + form.format("x", "1")
        yield form.format(
            f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{secret.as_uri()}" parse="text"/>', "1"
        )
        yield form.format("<a>" * 100_000, "1")


def read_by_ledger(data: str) -> object:
    try:
        return ledger.read_ledger(data.encode(), "feed")
    except LedgerError as error:
        return str(error)


READINGS: dict[str, Callable[[str], object]] = {
    "check": lambda data: [str(p) for p in check(data.encode())],
    "ledger": read_by_ledger,
    "learn": lambda data: own_feed.entries(Page("https://rada.example/rss", "https://rada.example/rss", data)),
}


@pytest.mark.parametrize("reading", READINGS)
def test_xml_opens_no_file_asks_no_server_and_does_not_swell(tmp_path: Path, other: Served, reading: str) -> None:
    def read() -> None:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for data in hostile(tmp_path, other):
            assert SECRET not in repr(READINGS[reading](data))
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # KB

    assert ends(read)
    assert other.requests == []


def test_a_feed_with_a_document_type_is_read_by_neither_check_nor_recover(council: Council, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET, encoding="utf-8")
    feed = tmp_path / "feed.xml"
    hostile = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>{ENTRY.format("&e;", "1")}'
    feed.write_text(hostile.replace("rada", "zrazkiv"), encoding="utf-8")
    checked, recovered = council.feedpub("check", str(feed)), council.feedpub("recover", str(feed))
    assert (checked.code, checked.out) == (
        1, f"{feed}: the feed: has a document type, which readers may follow to anywhere\n",
    )  # fmt: skip
    assert recovered.code == 1
    assert "it has a document type, and no feed of feedpub has one" in recovered.err


# ------------------------------------------------------------ ledgers


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("//evil.example/x", "https://rada.example/x"),
        ("https%3A//evil.example/x", "https://rada.example/x"),
        ("https://evil.example/x", "https://rada.example/x"),
        ("%2F%2Fevil.example/x", "https://rada.example/x"),
        ("node/1", "javascript:pwned()"),
        ("node/1", "file:///etc/passwd"),
        ("node/1", "https://rada.example/\x1b[2J"),
        ("node/1\nfeedpub: усе гаразд", "https://rada.example/x"),
    ],
)
def test_a_record_that_leads_elsewhere_is_not_taken_over(path: str, url: str) -> None:
    assert ledger.read_ledger(feed_in_json(path, url, "Т"), "feed.json").records == ()


def test_a_title_in_a_ledger_gives_no_orders_to_a_terminal() -> None:
    [record] = ledger.read_ledger(
        feed_in_json("node/1", "https://rada.example/1", "Т\x1b[2J\nfeedpub: \u202eх"), "f"
    ).records
    assert record.title == "Т[2J feedpub: х"


def feed_in_json(path: str, url: str, title: str) -> bytes:
    when = "2025-06-09T07:39:00Z"
    item = {"id": f"tag:rada.example,2026:rada/{path}", "url": url, "title": title, "date_published": when,
            "date_modified": when}  # fmt: skip
    return json.dumps({"_feedpub": {"id": "tag:rada.example,2026:rada"}, "items": [item]}).encode()


# ------------------------------------------------------------ requests and secrets


ELSEWHERE = (
    "https://evil.example", "http://127.0.0.1:8080", "http://169.254.169.254", "http://[::1]", "http://192.168.1.1",
    "http://localhost", "https://zrazkiv.example.evil.example", "https://zrazkiv.example@evil.example",
)  # fmt: skip


def test_nothing_that_a_page_shows_is_asked_for_but_the_length_of_the_council_s_own_files(tmp_path: Path) -> None:
    shown = "".join(
        f'<p><img src="{base}/shown.jpg"><a href="{base}/shown.pdf">файл</a></p><iframe src="{base}/shown"></iframe>'
        f'<script src="{base}/shown.js"></script><link rel="stylesheet" href="{base}/shown.css">'
        f'<object data="{base}/shown.x"></object><video src="{base}/shown.mp4" poster="{base}/shown.png"></video>'
        for base in (HOME, *ELSEWHERE)
    )
    town = Town(tmp_path)
    town.site.articles[:] = [replace(a, body=f"{shown}{a.body}") for a in town.site.articles]
    town.run()
    assert b"shown.jpg" in town.feed("feed.json")
    assert {line for line in town.asked if "/shown" in line} == {f"HEAD {HOME}/shown.jpg"}
    assert [line for line in town.asked if not line.partition(" ")[2].startswith(f"{HOME}/")] == []


@pytest.mark.parametrize(
    ("location", "said"),
    [
        (f"https://press:{SECRET}@evil.example/x", "leads to another site: https://…@evil.example/x"),
        (f"//press:{SECRET}@evil.example/x", "leads to another site: //…@evil.example/x"),
        (f"gopher://press:{SECRET}@evil.example/", "leads nowhere: gopher://…@evil.example/"),
        ("https://evil.example/\x1b[2J", "leads to another site: https://evil.example/ [2J"),
        (f"https://evil.example/{'x' * 5000}", f"leads to another site: https://evil.example/{'x' * 900}"),
    ],
)
def test_where_a_site_leads_is_said_without_passwords_and_without_orders_to_a_terminal(
    tmp_path: Path, location: str, said: str
) -> None:
    town = Town(tmp_path)
    town.site.overrides[f"/{town.site.articles[-1].alias}"] = Answer(302, (("Location", location),))
    [message] = failures(town.run())
    assert said in message
    assert SECRET not in message
    assert not re.search("[\x00-\x1f\x7f-\x9f]", message)
    assert len(message) < 1200


@pytest.mark.parametrize(
    "href",
    ["https://press:tajemne@rada.example/x", "//press:tajemne@rada.example/x", "https://press:tajemne@rada.example:443/x",
     "https:\\\\press:tajemne@rada.example/x", "https://press%3Atajemne@rada.example/x"],
)  # fmt: skip
def test_a_password_in_a_page_s_link_is_left_out(href: str) -> None:
    assert address.absolute("https://rada.example/", href) == "https://rada.example/x"


@pytest.mark.long
def test_a_page_that_its_server_gives_a_name_with_a_password_is_called_without(council: Council) -> None:
    port = council.served.url.rpartition(":")[2]
    alias = f"/{council.site.articles[-1].alias}"
    to = f"//press:{SECRET}@127.0.0.1:{port}/node/297"
    council.site.overrides[alias] = Answer(301, (*PAGE, ("Location", to)), b"")
    ran = council.feedpub("run", "--verbose")
    assert ran.code == 0
    assert {alias, "/node/297"} <= {r.path for r in council.requests()}
    assert SECRET not in ran.out + ran.err
    assert [name for name, (data, _) in council.files().items() if SECRET.encode() in data] == []
