"""Articles → Feed: order, summaries, and the council's link in everything that carries its text.

The council's terms allow its text to be republished only with an active,
direct hyperlink, open to search engines, to the source, no lower than the
second paragraph. So an Entry's summary and content both hold that link, and
no other room has to think of it (``check`` makes sure of it again).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape, unescape
from urllib.parse import urlsplit

from feedpub import address, text
from feedpub.content import Article, Attachment, Entry, Feed, Medium, Picture, Stored, Tombstone
from feedpub.model import ARCHIVE, Collection, Site, Source
from feedpub.publishing.feed import choice

REMEMBERED = 200  # entries: the same item stands in several documents of a run
SUMMARY = 300  # characters, at most
SENTENCE = re.compile(r"[.!?…][»”\"]?(?=\s+[«„“\"—–-]?\s?[А-ЯЄІЇҐA-Z0-9])")
TTL = 60  # minutes: the rhythm in which the cron job of the README runs
GENERATOR = "feedpub"
TEXT = "text"  # the folder of the feed without pictures
WITHOUT_PICTURES = {"uk": "без зображень", "ru": "без изображений", "en": "without pictures"}
IMAGE = re.compile(r'<img(?:\s+[\w-]+="[^"]*")*\s*/?>')  # as the allow-list leaves them: every value quoted
EMPTY = re.compile(r'<(a|p|figure|figcaption)(?:\s+[\w-]+="[^"]*")*>\s*</\1>')
ALT = re.compile(r'\salt="([^"]*)"')


def feed(
    source: Source,
    items: Sequence[Stored],
    *,
    feed_id: str,
    media: Mapping[str, Medium],
    site: Site,
    base_url: str,
    version: str,
    tombstones: Sequence[Tombstone] = (),
    collection: Collection | None = None,
    previous: str | None = None,
    hubs: Sequence[str] = (),
) -> Feed:
    """The feed of a source's items, or of those of a collection, newest first.

    ``media`` is what is known of their files, ``previous`` the folder of the
    archive that goes on with older items. Raises ValueError where there are
    no items: a feed is never empty.
    """
    entries = tuple(entry(source, s, media) for s in sorted(items, key=lambda s: (s.date, s.id), reverse=True))
    if not entries:
        raise ValueError(f"{source.id} has no items")
    own = f"{base_url}{source.id}/"
    if collection and collection.name.startswith(ARCHIVE):
        return archive(source, entries, feed_id, own, collection, previous)
    return Feed(
        id=feed_id,
        title=choice.title(source, collection.title) if collection else source.title,
        description=source.description,
        home=source.home,
        base_url=f"{own}{collection.name}/" if collection else own,
        language=source.language,
        rights=source.terms.rights,
        author=source.title,
        email=source.email,
        icon=source.icon or site.icon,
        logo=source.logo or site.logo,
        category_scheme=source.home,
        updated=max((*(e.updated for e in entries), *(t.when for t in tombstones))),
        ttl=TTL,
        generator=(GENERATOR, version),
        entries=entries,
        tombstones=tuple(tombstones),
        previous=previous,
        hubs=tuple(hubs),
    )


def archive(
    source: Source, entries: tuple[Entry, ...], feed_id: str, own: str, collection: Collection, previous: str | None
) -> Feed:
    """A month's archive document: a part of the same feed, with the same id (RFC 5005, 4).

    It says no more of the feed than it must (the subscription document says
    it all), so that its bytes change when one of its items does, and not with
    the council's icon or our version.
    """
    return Feed(
        id=feed_id,
        title=choice.title(source, collection.title),
        description=source.description,
        home=source.home,
        base_url=f"{own}{collection.name}/",
        language=source.language,
        rights=source.terms.rights,
        author=source.title,
        email=None,
        icon=None,
        logo=None,
        category_scheme=source.home,
        updated=max(e.updated for e in entries),
        ttl=0,
        generator=(GENERATOR, ""),
        entries=entries,
        previous=previous,
        current=own,
    )


def without_pictures(made: Feed, feed_id: str) -> Feed:
    """The same feed with nothing in it that a reader would load from the council's host, or from anywhere.

    Whoever reads where that is dangerous must not show themselves to it. The
    words that stand for a picture take its place; files stay, as links.
    """
    return replace(
        made,
        id=feed_id,
        title=bare_title(made.title, made.language),
        base_url=f"{made.base_url}{TEXT}/",
        icon=None,
        logo=None,
        entries=tuple(
            replace(e, content_html=_without_pictures(e.content_html), enclosure=None, enclosure_title="", pictures=())
            for e in made.entries
        ),
        previous=None,
    )


def bare_title(title: str, language: str) -> str:
    """What a feed without pictures is called."""
    words = WITHOUT_PICTURES.get(language.partition("-")[0], WITHOUT_PICTURES["en"])
    return f"{title} ({words})"


def _without_pictures(markup: str) -> str:
    def words(image: re.Match[str]) -> str:
        alt = ALT.search(image[0])
        said = unescape(alt[1]).strip() if alt else ""
        return f"[{escape(said, quote=False)}]" if said else ""

    bare = IMAGE.sub(words, markup)
    for _ in range(3):  # what held nothing but a picture holds nothing: a link in a paragraph in a figure
        bare = EMPTY.sub("", bare)
    return re.sub(r"\n{2,}", "\n", bare).strip()


def entry(source: Source, stored: Stored, media: Mapping[str, Medium]) -> Entry:
    return _entry(source, stored, *enclosed(stored.article, media))


@lru_cache(REMEMBERED)
def _entry(source: Source, stored: Stored, enclosure: Medium | None, title: str) -> Entry:
    article = stored.article
    link = attribution(source, article.url)
    summary = shortened(article.text)
    return Entry(
        id=stored.id,
        url=article.url,
        title=article.title or summary.partition("\n")[0] or article.url,
        summary_html="\n".join(_placed(link, [f"<p>{_lines(summary)}</p>"] if summary else [], source.terms.block)),
        summary_text=f"{summary}\n{article.url}" if summary else "",
        content_html="\n".join(_content(article, link, source.terms.block)),
        published=stored.date,
        updated=stored.updated,
        categories=article.categories,
        author=article.author or source.title,
        enclosure=enclosure,
        enclosure_title=title,
        pictures=tuple(p for p in article.pictures if enclosure is None or p.url != enclosure.url),
    )


def attribution(source: Source, url: str) -> str:
    """The block that the council's terms ask for: a hyperlink to the very article, on the council's own host."""
    before, _, after = source.terms.wording.partition("{link}")
    host = (urlsplit(url).hostname or url).removeprefix("www.")
    link = f'<a href="{escape(url)}">{escape(host)}</a>'
    return f"<p>{escape(before, quote=False)}{link}{escape(after, quote=False)}</p>"


def enclosed(article: Article, media: Mapping[str, Medium]) -> tuple[Medium | None, str]:
    """The one file that goes with the item, with its name: the first picture or attachment of known length."""
    for file in article.offered:
        medium = media.get(file.url) or _told(file)
        if medium:
            return medium, file.alt if isinstance(file, Picture) else file.label
    return None, ""


def shortened(words: str) -> str:
    """The beginning of a text, its lines kept: whole sentences where one ends in time, else words and an ellipsis."""
    if len(words) <= SUMMARY:
        return words
    start = words[: SUMMARY - 1]
    sentences = [s.end() for s in SENTENCE.finditer(start) if not text.ABBREVIATION.search(start[: s.end()])]
    if sentences and sentences[-1] > SUMMARY // 3:
        return start[: sentences[-1]]
    return (re.sub(r"\s\S*$", "", start) or start).rstrip(" \n,;:—–-") + "…"


def _lines(text: str) -> str:
    """Plain text as HTML; a heading and the paragraph after it stay on lines of their own."""
    return escape(text, quote=False).replace("\n", "<br>")


def _told(file: Picture | Attachment) -> Medium | None:
    """Type and length as the page itself gives them: better than none, where the server was not asked."""
    if isinstance(file, Attachment) and file.type and file.length:
        return Medium(file.url, file.type, file.length)
    return None


def _content(article: Article, link: str, block: int) -> list[str]:
    """The blocks of the content: the council's, its link among them, its pictures and files after it."""
    shown = {address.file_key(src) for src in article.srcs}
    beside = [p for p in article.pictures if address.file_key(p.url) not in shown]
    lead, others = [_figure(p) for p in beside[:1]], [_figure(p) for p in beside[1:]]
    return [*_placed("\n".join([link, *lead]), list(article.blocks), block), *others, *_attachments(article.files)]


def _placed(link: str, blocks: list[str], block: int) -> list[str]:
    """The blocks with the link among them: second, so that a preview begins with the news.

    First where the terms ask for that, and where the first block is no
    paragraph, for the terms count paragraphs.
    """
    place = 1 if block == 2 and blocks and _is_paragraph(blocks[0]) else 0
    return [*blocks[:place], link, *blocks[place:]]


def _is_paragraph(block: str) -> bool:
    """Whether a block is a paragraph and nothing more, whatever a reader makes of odd markup in it."""
    return block.startswith("<p>") and block.find("</p>") == len(block) - len("</p>")


def _figure(picture: Picture) -> str:
    return f'<p><img src="{escape(picture.url)}" alt="{escape(picture.alt)}"></p>'


def _attachments(files: Sequence[Attachment]) -> list[str]:
    """The files as links: several widely used readers show no enclosures."""
    items = "".join(f'<li><a href="{escape(f.url)}">{escape(f.label, quote=False)}</a></li>' for f in files)
    return [f"<ul>{items}</ul>"] if items else []
