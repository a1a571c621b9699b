"""Pages as nobody would write them on purpose, and the whole way that feedpub goes with them.

What the property tests and the fuzzer (``fuzz/``) share. Bytes go in as a server would send them; what comes out is
what would be published. Only a SourceError may come up on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import cycle
from zoneinfo import ZoneInfo

from feedpub.collecting import learn, normalize, scrape
from feedpub.collecting.dedupe.fingerprint import article_fingerprint
from feedpub.collecting.fetch import decode
from feedpub.content import Article, Listing, Medium, Page, Scraped, Stored, Tombstone
from feedpub.layout import Layout, Learnt
from feedpub.model import Site
from feedpub.publishing import feed
from feedpub.publishing.check import check
from feedpub.publishing.render import render
from tests.drupal import articles as published
from tests.drupal.articles import Article as Written
from tests.drupal.listing import in_order, listing
from tests.drupal.node import full
from tests.drupal7 import DRUPAL7
from tests.made import FORMATS, NOW, SOURCE
from tests.states import unknown

HOME = "https://rada.example"
URL = f"{HOME}/node/117"
KYIV = ZoneInfo("Europe/Kyiv")
PLAIN = Layout(  # of a site that is made by hand: selectors that match much, and every key there is
    item=("article", "tr", "li", "p"),
    link=("h2 a[href]", "a[href]"),
    item_title=("h2", "b"),
    item_date=("time", ".date", "td"),
    day=("h3",),
    next_page=("a[rel='next']", ".pager a", "a"),
    title=("h1", "meta[property='og:title']", "title"),
    date=("time", ".date", "script[type='application/ld+json']", "meta[property='article:published_time']"),
    body=(".text", "main, section", "td", "body"),
    images=("img",),
    files=("a[href$='.pdf']", "a[href*='file']"),
    categories=("a[rel='tag']", "small a"),
    author=(".author", "address"),
    drop=(".share", "nav", "footer"),
    fixed=("Роздрукувати", "Переглядів: 117", "Субота, 14 листопада"),
    date_formats=("%d.%m.%Y %H:%M", "%d/%m/%Y - %H:%M", "%*%d.%m.%Y%*", "%d %B %Y", "%A, %d %b", "%R"),
)
LAYOUTS = (DRUPAL7, PLAIN)
FEW = 3  # articles of the demo site on a page of the seeds

FRAGMENTS = (  # each once broke something somewhere, here or at others
    # nesting and what is not closed
    "<div>", "</div>", "<p>", "</p>", "<b><i>", "</b></i>", "<a href=/node/5>", "</a>", "<table>", "<tr><td>",
    "</table>",
    "<ul><li>", "<ol><li><ul>", "<dl><dt>", "<blockquote>", "<pre>\n", "</pre>", "<h1>", "<h2><p>", "<td>", "<li>",
    "<font><center>", "<form><p>", "<select><option>", "<textarea>", "<button>", "<noscript>", "<template>",
    "<frameset>",
    "<a><div><a>", "<p><table><p>", "<table><div><tr>", "<b><p></b><i>", "<div>" * 60, "<b>" * 60,
    "<table><tr><td>" * 20,
    "<ul><li>" * 25, "<a href=x>" * 20, "<span></span>" * 40, "<br>" * 30, "</body></html>", "<html><body><head>",
    # what is no text
    "<!-- a", "-->", "<!-->", "<!--[if mso]>", "<![endif]-->", "<![CDATA[x]]>", "<!DOCTYPE x [<!ENTITY e 'e'>]>",
    "<?php x ?>",
    "<script>", "</script>", "<style>", "<title>", "<iframe>", "<xmp>", "<plaintext>", "<svg><p>", "<math><mi>",
    "<svg/>",
    "<svg><foreignObject><p>а", "<math><annotation-xml encoding=text/html><p>", "<object data=/x.pdf>",
    "<embed src=x>",
    "<video><source src=/v.mp4>", "<map><area href=x>", "<st1:place>", "<o:p></o:p>", "<x-y z>",
    # characters
    "\0", "\x0b", "\x1f", "\u00ad", "\u200b", "\ufeff", "\u202e", "\u2066", "\ufffe", "\U000e0041", "\u0301" * 5,
    "\u2028", "\x85",
    "👨\u200d👩\u200d👧", "\xa0", "&nbsp;", "&#0;", "&#x1F;", "&#xD800;", "&#1114112;", "&#xFFFE;", "&lt;b&gt;",
    "&amp;amp;",
    "&bogus;", "&", "&#", "]]>", "\u0660\u06f2", "²", "٣.١٢.٢٠٢٥", "Ⅻ", "ﬁ", "ß", "İ", "ǅ",
    # attributes
    " class=node id=node-117 ", ' style="display:none" ', " hidden ", " title='\n' ", " alt=\x01 ",
    " width=1 height=1 ",
    " width=² ", " colspan=99999999 ", " data-date=9999-12-31T23:59:59-23:59 ", " onclick=x() ",
    " class='" + "a " * 50 + "' ",
    " href=javascript:x ", " href='//[::1' ", " href=//rada.example:99999/ ", " href=http://ї.укр/ ",
    " href='mailto:\n' ",
    " href=tel:+ ", " href='?q=node/5' ", " href=#a ", " href=%ff%00 ", " href='http://a..b/' ", " src=data:, ",
    " src='http:// x/' ", " srcset='a.png 1x, b.png' ", " src=/styles/a/public/b.jpg?itok=x ", " href='\ud7ff' ",
    " type='application/pdf; length=0' ", " type='a/b; length=٣' ", " href=/f.pdf ", " rel=next ", " rel=tag ",
    "<base href=//[>", "<base href=http://other.example/a/>", "<meta charset=utf-16>", "<meta charset=rot13>",
    "<link rel=canonical href=http://[>", "<link rel=shortlink href=/node/0009>",
    "<link rel='shortcut icon' href=http://[>",
    # dates
    "<time datetime=2025-06-09T10:39:00+03:00>", "<span class=date>30.02.2025 10:39</span>", "<h3>31 листопада</h3>",
    "09/06/2025 - 10:39", "0000-00-00T00:00", "99.99.9999 99:99", "9999999 хвилин тому", "²5.06.2025", "вчора, 99:99",
    '<script type="application/ld+json">{"datePublished":"2025-06-09T10:39:00+03:00"}</script>',
    '<script type="application/ld+json">' + "[" * 99 + "</script>",
    '<meta property="article:published_time" content="0001-01-01T00:00:00+14:00">',
    # pieces of a page
    "<h1>Заголовок</h1>", "<h1>&#x200b;</h1>", "<div class='text'><p>Текст</p></div>", "<img src=/a.jpg alt='Сквер'>",
    "<img src=/e.png alt=💙 width=16 height=16>", "<iframe src=https://www.youtube.com/embed/a></iframe>",
    "<a href=/f.pdf type='application/pdf; length=30219'>Рішення</a>", "<a rel=tag href=/t>Новини</a>",
    "<p>Передрук матеріалів дозволено лише з прямим гіперпосиланням на сайт.</p>",
    "<p>П'ятниця, 14 November, 2025</p>",
    "<article><h2><a href=/node/5>Друга новина міста</a></h2><time>10.06.2025</time></article>",
    "<ul class=pager><li><a href='?page=1'>2</a><li><a href='?page=²'>²</a></ul>",
)  # fmt: skip

# ------------------------------------------------------------ seeds


def seeds() -> Iterator[bytes]:
    """Small pages of both layouts, each of 1 to 6 KB: articles, then listings."""
    yield from article_seeds()
    yield from listing_seeds()


def article_seeds() -> Iterator[bytes]:
    for written in published.articles():
        yield _framed(full(written, HOME), written.title)
        yield _plain(written)


def listing_seeds() -> Iterator[bytes]:
    every = in_order(published.articles())
    for page in range(0, len(every) // FEW, 2):
        yield _framed(listing(every, page, FEW, "/node", HOME), "Новини")
        rows = "".join(
            f"<article><h2><a href='{a.href}'>{escape(a.title)}</a></h2><time>{a.date}</time></article>"
            for a in every[page * FEW : page * FEW + FEW]
        )
        yield f"<h3>14 листопада</h3>{rows}<div class=pager><a href='?page={page + 1}'>{page + 2}</a></div>".encode()


def body_seeds() -> Iterator[bytes]:
    return (written.body.encode() for written in published.articles())


def _framed(markup: str, title: str) -> bytes:
    head = f"<head><title>{escape(title)} | Рада</title><link rel='shortlink' href='/node/117'></head>"
    frame = f"<h1 id='page-title'>{escape(title)}</h1><div id='block-system-main'>{markup}</div>"
    return f"<!DOCTYPE html><html lang=uk>{head}<body>{frame}</body></html>".encode()


def _plain(written: Written) -> bytes:
    date = written.utc.astimezone(KYIV).strftime("%d.%m.%Y %H:%M")
    return (
        f"<h1>{escape(written.title)}</h1><span class=date>{date}</span><div class=text>{written.body}</div>"
        "<small><a href=/t>Новини</a></small><a href='/f/file.pdf'>Рішення</a><img src=/a.jpg alt=''>"
    ).encode()


# ------------------------------------------------------------ the way


def page(data: bytes, url: str = URL, content_type: str = "text/html; charset=utf-8") -> Page:
    return Page(url, url, decode(data, content_type))


def layout_of(data: bytes) -> Layout:
    """The layout by which a page can be read that was made of one of the seeds."""
    return DRUPAL7 if b"block-system-main" in data else PLAIN


def listed(data: bytes, layout: Layout) -> Listing:
    return scrape.read_listing(page(data, f"{HOME}/news"), layout)


def read(data: bytes, layout: Layout) -> Article:
    """The article on a page. Raises SourceError."""
    return made_of(scrape.read_article(page(data), layout), layout)


def body_of(markup: str) -> Article:
    return made_of(Scraped(URL, URL, (URL,), "Заголовок", ("2025-06-09T10:39:00+03:00",), markup))


def made_of(scraped: Scraped, layout: Layout = PLAIN) -> Article:
    return normalize.make_article(scraped, KYIV, layout.date_formats, NOW)


def learnt(pages: Sequence[bytes]) -> Learnt:
    """What is learnt from a listing's page and from others, handed over one by one and again. Raises SourceError."""
    others = cycle(pages[1:] or pages)
    context = learn.Context(KYIV, "uk", NOW)
    return learn.explore(page(pages[0], f"{HOME}/news"), lambda url: page(next(others), url), context)


def problems(article: Article, site: Site | None = None, block: int = 2) -> list[str]:
    """What the gate finds wrong with the feeds of an article, in all formats."""
    source = replace(SOURCE, terms=replace(SOURCE.terms, block=block))
    council = unknown(source)
    stored = Stored(council.candidate_ids(article)[0], article, NOW, article.published or NOW)
    assert article_fingerprint(article)
    assert council.keys_of(article)
    media = {p.url: Medium(p.url, "image/jpeg", 117) for p in article.pictures[::2]}
    edition = feed.Edition(source, site or Site(), media, "https://feeds.example.org/", "0")
    made = feed.subscription_document(edition, [stored], council.feed_id())
    made = feed.with_tombstones(made, [Tombstone("tag:rada.example,2026:rada/node/1", NOW)])
    return [
        f"{form.name}: {problem}"
        for form in FORMATS
        for problem in check(render(form, made, f"https://feeds.example.org/rada/{form.name}"), block=block)
    ]
