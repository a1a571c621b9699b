"""What is fuzzed: for each target its seeds, the pieces its inputs are made of, and what must hold for any input."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from feedpub import address, config
from feedpub.collecting import normalize
from feedpub.collecting.learn import single
from feedpub.content import Article
from feedpub.errors import ConfigError, LedgerError, SourceError
from feedpub.html import dates
from feedpub.model import Site
from feedpub.publishing.check import check
from feedpub.publishing.render import render
from feedpub.store import ledger
from tests import made, wild
from tests.made import FORMATS
from tests.test_config import GOOD

SEPARATOR = b"<!--next page-->"  # between the pages of one input of ``learn``
MARKUP = re.compile(rb"<[^<>]*>?|[^<]{1,80}")
JSON_OR_TOML = re.compile(rb'"(?:[^"\\\n]|\\.)*"?|[\[\]{}]+|[\w.-]+|[^\w"\[\]{}]+')
LINES = re.compile(rb"[^\n]*\n?")
CONFIG_PIECES = (
    "[publish]\n", "[fetch]\n", "[state]\n", "[[source]]\n", "[source]\n", "[source.terms]\n", "[source.layout]\n",
    "[source.layout.x]\n", "[[source.layout]]\n", "layout.body = 'p'\n", "terms = {}\n", "source = 5\n",
    "source = [[]]\n",
    "source = [{}]\n", "publish = []\n", "delay = nan\n", "delay = inf\n", "delay = -0.0\n", "delay = 1e400\n",
    "items = 0x10\n",
    "items = true\n", f"items = {9**99}\n", "url = 'sqlite:///'\n", "home = 'http://['\n",
    "home = 'http://a:99999/'\n",
    "timezone = '../../etc/passwd'\n", "timezone = ''\n", "timezone = 'Europe/Kyiv\\u0000'\n", "language = 'UA'\n",
    "formerly = ['A', '']\n", "listings = []\n", "date_formats = '%'\n", "date_formats = '%d %m %Q'\n",
    "title = 1979-05-27\n",
    "body = 'p::before'\n", "body = ':not('\n", "body = ''\n", "body = [':nth-child(99999999999n)']\n",
    "body = 'a|b'\n",
    "wording = '{link}{link}'\n", "wording = '{{link}'\n", "block = 3\n", "email = 'a@b'\n", "x.y.z = 1\n", '"" = 1\n',
    "id = '''\n", "# x\n", "\\u0000", "\ufeff", "\x85", "\u2028", "\x0c", "[" * 99, "a." * 99, "\r\n", "= ",
)  # fmt: skip
FEED_PIECES = (
    "<item>", "</item>", "<entry>", "</entry>", "<link/>", "<guid/>", "<title/>", "<!-- a -->", "<?x y?>",
    "<![CDATA[<b>]]>",
    "<!DOCTYPE rss [<!ENTITY e 'e'>]>", "&e;", "<pubDate>Mon, 09 Jun 2025 10:39:00 +9999</pubDate>",
    "<updated>9999-12-31T23:59:59-14:00</updated>", "<updated>0001-01-01T00:00:00+14:00</updated>",
    "<pubDate>Mon, 99 Jun 2025 99:99:99 GMT</pubDate>", "<enclosure url='' length='²' type='/'/>",
    "<content type='xhtml'><!-- --></content>",
    "<content type='xhtml'/>", "<content type='html'>&lt;</content>", "<description>&#38;lt;p</description>",
    "xmlns=''",
    "<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0'/>", "href='http://['", "{}", "[]", "null",
    "[[]]",
    '"items": [null]', '"items": {}', '"attachments": 5', '"attachments": [[]]', '"content_html": 5',
    '"date_published": []',
    '"url": {}', '"id": 1e999', '"version": []', '"\\ud800"', "\x00", "\ufeff", "9" * 99, "[" * 200, '{"a":' * 200,
    "NaN",
    '{"ledger": 1, "source": "rada", "authority": "a"}\n', '{"ledger": [], "source": 5}\n',
    '"gone": "2025-06-09T10:39:00+03:00"',
    '"by": "nobody"', '"aliases": 5', '"aliases": "abc"', '"date": 5', "encoding='utf-16'", "<?xml version='1.1'?>",
)  # fmt: skip
STRINGS = (
    "09/06/2025 - 10:39", "9 червня 2025", "П'ятниця, 14 листопада", "2 години тому", "вчора, 10:15",
    "2025-06-09T10:39:00+03:00",
    "Mon, 09 Jun 2025 10:39:00 +0300", "09.06.25 24:00", "9-го червня 2025 р.", "Jun 9, 2025", "31.12.9999",
    "00.00.0000",
    "9999999999 тижнів тому", "http://rada.example/node/5?q=node/6", "//[::1]:0/",
    "https://l.facebook.com/l.php?u=http://l.facebook.com/l.php",
    "http://ї.укр/шлях?а=б#в", "HTTP://RADA.EXAMPLE:80/a/../b/./c", "http://a:b@c:99/", "mailto:a@b", "javascript:x",
    "http://[::ffff:1.2.3.4]/",
    "%41%ff%u0041", "\\\\rada.example\\a", "?", "#", "..", "٢٥.٠٦.٢٠٢٥", "²5.06.2025", "İ", "\u0301",
    "http://xn--a/", "http://a\u2100b/",
    "https://vk.com/away.php?to=https://vk.com/away.php?to=http://x", "http://www.www.a/", "http:///a",
    "http://a;jsessionid=1",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    run: Callable[[bytes], bool]  # whether the input was taken; raises where it breaks a promise
    seeds: Callable[[], Iterable[bytes]]
    pieces: Sequence[str]
    tokens: re.Pattern[bytes] = MARKUP
    length: int = 2_000  # bytes: what breaks on a large page does so on a small one, three times as often in an hour


def _page(data: bytes) -> bool:
    """An article's page, of a site whose layout is known, to its feeds."""
    layout = wild.layout_of(data)
    try:
        article = wild.read(data, layout)
    except SourceError:
        return False
    _require_sound(article)
    return True


def _require_sound(article: Article) -> None:
    block = 1 + len(article.text) % 2
    if found := wild.problems(article, block=block):
        raise AssertionError(f"what was read makes an invalid feed: {found}")


def _listing(data: bytes) -> bool:
    layout = wild.layout_of(data)
    try:
        found = wild.listed(data, layout)
    except SourceError:
        return False
    site: Site = found.site
    urls = [*(link.url for link in found.links), *filter(None, (found.next_page, site.icon, site.logo))]
    if odd := [u for u in urls if address.absolute(u, u) != u]:
        raise AssertionError(f"addresses that cannot be asked for: {odd}")
    return True


def _learn(data: bytes) -> bool:
    """What is learnt reads what it was learnt from, or is refused."""
    pages = data.split(SEPARATOR)
    try:
        layout = wild.learnt(pages).layout
        wild.listed(pages[0], layout)
        _require_sound(wild.read(pages[-1], layout))
    except SourceError:
        return False
    return True


def _single(data: bytes) -> bool:
    try:
        given = single.read(wild.page(data), wild.KYIV, made.NOW)
        if given.article:
            scraped, formats = given.article
            _require_sound(normalize.make_article(scraped, wild.KYIV, formats, made.NOW))
    except SourceError:
        return False
    return given != single.Given(None, None)


def _body(data: bytes) -> bool:
    """A text alone. What is published has the letters and digits that it is compared by."""
    article = wild.body_of(wild.page(data).text)
    _require_sound(article)
    published = re.sub("<[^>]*>", "", article.body_html)
    said, shown = (Counter(re.sub(r"[\W_]", "", s)) for s in (article.text, unescape(published)))
    if said != shown:
        raise AssertionError(f"the text has {said - shown}, what is published {shown - said}")
    return bool(article.blocks)


def _check(data: bytes) -> bool:
    return not check(data) or not check(data, block=1)


def _ledger(data: bytes) -> bool:
    try:
        return bool(ledger.read(data, "a.xml").records)
    except LedgerError:
        return False


CONFIG = Path(tempfile.mkdtemp(prefix="feedpub-fuzz-")) / "config.toml"


def _config(data: bytes) -> bool:
    CONFIG.write_bytes(data)
    try:
        config.load(CONFIG)
    except ConfigError as error:
        if not error.problems or not all(re.match(rf"{re.escape(str(CONFIG))}:(\d+:)? ", p) for p in error.problems):
            raise AssertionError(f"a problem without its place: {error.problems}") from error
        return False
    return True


def _strings(data: bytes) -> bool:
    """Dates and addresses, a line each."""
    lines = wild.page(data).text.split("\n")[:20]
    moment = dates.first(lines, wild.KYIV, wild.PLAIN.date_formats, made.NOW)
    for line in lines:
        dates.may_be(line)
        if dates.fold(dates.fold(line)) != dates.fold(line):
            raise AssertionError(f"folds otherwise the second time: {line!r}")
        url = address.absolute(lines[0], line)
        if url is None:
            continue
        if address.absolute(url, url) != url or not re.fullmatch(r"https?://[!-~]+", url):
            raise AssertionError(f"no address to publish: {line!r} gives {url!r}")
        for derived in (address.key(url), address.file_key(url), address.path_key(url)):
            if not isinstance(derived, str):
                raise AssertionError(derived)
        address.is_numbered(url)
    return moment is not None


def _learn_seeds() -> Iterable[bytes]:
    articles = list(wild.article_seeds())
    for n, listing in enumerate(wild.listing_seeds()):
        yield SEPARATOR.join((listing, *articles[n % 2 :: 2][:3]))


def _feed_seeds() -> Iterable[bytes]:
    feed = made.feed_of(*(made.stored(made.article(n)) for n in (1, 2)))
    for form in FORMATS:
        yield render(form, feed, f"https://feeds.example.org/{form.name}")
    items = [(made.stored(made.article(n)), (f"/content/{n}",)) for n in (1, 2)]
    yield "\n".join(ledger.lines("rada", "rada.example", items)).encode()


TARGETS = {
    "page": Target(_page, wild.article_seeds, wild.FRAGMENTS),
    "body": Target(_body, wild.body_seeds, wild.FRAGMENTS),
    "listing": Target(_listing, wild.listing_seeds, wild.FRAGMENTS),
    "learn": Target(_learn, _learn_seeds, wild.FRAGMENTS, length=5_000),
    "single": Target(_single, wild.seeds, wild.FRAGMENTS),
    "check": Target(_check, _feed_seeds, (*FEED_PIECES, *wild.FRAGMENTS)),
    "ledger": Target(_ledger, _feed_seeds, FEED_PIECES),
    "feeds-as-json": Target(_check, lambda: list(_feed_seeds())[2:], FEED_PIECES, JSON_OR_TOML),
    "config": Target(_config, lambda: [GOOD.encode()], CONFIG_PIECES, JSON_OR_TOML),
    "strings": Target(_strings, lambda: ["\n".join(STRINGS).encode()], STRINGS, LINES),
}
