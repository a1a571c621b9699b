"""Feed → RSS 2.0 (https://www.rssboard.org/rss-specification), as the RSS Profile advises."""

from __future__ import annotations

import re

from feedpub.content import Entry, Feed
from feedpub.kinds import RSS
from feedpub.publishing.render.feedgenerator import Dialect, add_entry, generator_of, splice

DIALECT = Dialect(
    "rss",
    entry=re.compile(rb"^    <item>\n.*?^    </item>\n", re.DOTALL | re.MULTILINE),
    end=re.compile(rb"^  </channel>", re.MULTILINE),
)
PLAIN_TEXT = re.compile(rb"<(title|category[^>]*)>[^<]*</")
PROFILE_ESCAPES = {b"&amp;": b"&#x26;", b"&lt;": b"&#x3C;", b"&gt;": b"&#x3E;"}  # RSS Profile, "Character Data"


def rss(feed: Feed, own_url: str) -> bytes:
    generator = generator_of(RSS, feed, own_url)
    generator.link(href=feed.home, rel="alternate")  # last: feedgen's RSS <link> is the last one set
    generator.copyright(feed.rights)
    if feed.ttl:
        generator.ttl(feed.ttl)
    if feed.entries:
        generator.pubDate(max(e.published for e in feed.entries))
    if feed.webmaster:
        generator.webMaster(feed.webmaster)
    generator.generator(str(feed.generator))
    image = feed.logo or feed.icon
    if image:
        generator.image(url=image, title=feed.title, link=feed.home)

    def add_item(entry: Entry) -> None:
        item = add_entry(generator, entry, [{"term": c} for c in entry.categories])
        if entry.enclosure:
            item.enclosure(entry.enclosure.url, str(entry.enclosure.length), entry.enclosure.type)

    def write_rss() -> bytes:
        return _with_profile_escapes(generator.rss_str(pretty=True))

    return splice(DIALECT, feed, (), add_item, write_rss)


def _with_profile_escapes(document: bytes) -> bytes:
    def escape(text: re.Match[bytes]) -> bytes:
        return re.sub(b"&(?:amp|lt|gt);", lambda entity: PROFILE_ESCAPES[entity[0]], text[0])

    return PLAIN_TEXT.sub(escape, document)
