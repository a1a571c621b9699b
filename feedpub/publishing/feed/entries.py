"""Stored article → Entry: its summary, its content, and the council's link in both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape
from urllib.parse import urlsplit

from feedpub import address, text
from feedpub.content import Article, Attachment, Entry, Medium, Picture, Stored
from feedpub.model import Source

REMEMBERED = 200  # entries: the same item is in several documents of a run
SUMMARY = 300  # characters, at most
LARGEST_ENTRY = 200_000  # characters, in a feed that people subscribe to: a larger one would leave no room for others
A_PICTURE = 100  # characters of its elements, beside address and words
LONGEST_NAME = 1_000  # characters of a title or another name in it; no real one has more
IN_SHORT = 20  # categories and further pictures of an entry that is too large
WHOLE_TEXT = {
    "uk": "Цей текст завеликий для стрічки. Увесь він на сторінці {}.",
    "ru": "Этот текст слишком велик для ленты. Весь он на странице {}.",
    "en": "This text is too large for a feed. All of it is on the page {}.",
}
LONGEST_LEAD = 3_000  # characters before the council's link: some three screens of a phone
LINE_ENDS = re.compile(r"<br\b", re.IGNORECASE)
PICTURE = re.compile(r"<img\b", re.IGNORECASE)
SENTENCE = re.compile(r"[.!?…][»”\"]?(?=\s+[«„“\"—–-]?\s?[А-ЯЄІЇҐA-Z0-9])")


def entry_of(source: Source, stored: Stored, media: Mapping[str, Medium]) -> Entry:
    """Return the item as feeds and pages show it. ``media`` are the measured files, by address."""
    return _entry(source, stored, *enclosure_of(stored.article, media))


@lru_cache(REMEMBERED)
def _entry(source: Source, stored: Stored, enclosure: Medium | None, enclosure_title: str) -> Entry:
    article = stored.article
    link = attribution(source, article.url)
    block = source.terms.block
    summary = shortened(article.text)
    first_line = summary.partition("\n")[0]
    summary_lines = summary.split("\n") if summary else []
    summary_blocks = [f"<p>{escape(line, quote=False)}</p>" for line in summary_lines]
    return Entry(
        id=stored.id,
        url=article.url,
        title=article.title or first_line or article.url,
        summary_html="\n".join(_with_link(link, summary_blocks, block)),
        summary_text="\n".join([*summary_lines[:1], article.url, *summary_lines[1:]]) if summary else "",
        text=article.text,
        content_html="\n".join(_content_blocks(article, link, block)),
        published=stored.date,
        updated=stored.updated,
        categories=article.categories,
        author=article.author or source.title,
        enclosure=enclosure,
        enclosure_title=enclosure_title,
        pictures=tuple(p for p in article.pictures if enclosure is None or p.url != enclosure.url),
    )


def in_short(entry: Entry, language: str) -> Entry:
    """Return the item as it is, or with the beginning of each of its parts where it is too large for a feed.

    It goes by the item alone: an item must not change because of those beside it.
    """
    if _size(entry) <= LARGEST_ENTRY:
        return entry
    words = WHOLE_TEXT.get(language.partition("-")[0], WHOLE_TEXT["en"])
    note = f"<p>{words.format(_hyperlink(entry.url))}</p>"
    return replace(
        entry,
        title=_name(entry.title),
        author=_name(entry.author),
        content_html="\n".join(filter(None, (entry.summary_html, note))),
        categories=tuple(map(_name, entry.categories[:IN_SHORT])),
        pictures=tuple(replace(p, alt=_name(p.alt)) for p in entry.pictures[:IN_SHORT]),
        enclosure_title=_name(entry.enclosure_title),
    )


def _name(words: str) -> str:
    return words if len(words) <= LONGEST_NAME else shortened(words)


def _size(entry: Entry) -> int:
    """Return how many characters an entry has in a feed, more or less."""
    words = (entry.content_html, entry.title, entry.author, entry.enclosure_title, *entry.categories)
    pictures = sum(A_PICTURE + len(p.url) + len(p.alt) for p in entry.pictures)
    return sum(map(len, words)) + pictures


def attribution(source: Source, url: str) -> str:
    """Return the block that the council's terms ask for: a hyperlink to the very article, on the council's own host."""
    before, _, after = source.terms.wording.partition("{link}")
    return f"<p>{escape(before, quote=False)}{_hyperlink(url)}{escape(after, quote=False)}</p>"


def _hyperlink(url: str) -> str:
    host = (urlsplit(url).hostname or url).removeprefix("www.")
    return f'<a href="{escape(url)}">{escape(host)}</a>'


def enclosure_of(article: Article, media: Mapping[str, Medium]) -> tuple[Medium | None, str]:
    """Return the one file that goes with the item, and its name: the first one of known length."""
    for file in article.offered:
        medium = media.get(file.url) or _as_page_says(file)
        if medium:
            return medium, file.alt if isinstance(file, Picture) else file.label
    return None, ""


def _as_page_says(file: Picture | Attachment) -> Medium | None:
    """Return type and length as the page gives them: better than none, where the server was not asked."""
    if isinstance(file, Attachment) and file.type and file.length:
        return Medium(file.url, file.type, file.length)
    return None


def shortened(words: str) -> str:
    """Return the beginning of a text: whole sentences if one ends in time, else whole words and an ellipsis."""
    if len(words) <= SUMMARY:
        return words
    start = words[: SUMMARY - 1]
    ends = [sentence.end() for sentence in SENTENCE.finditer(start)]
    ends = [end for end in ends if not text.ABBREVIATION.search(start[:end])]
    if ends and ends[-1] > SUMMARY // 3:
        return start[: ends[-1]]
    whole_words = re.sub(r"\s\S*$", "", start) or start
    return whole_words.rstrip(" \n,;:—–-") + "…"


def _content_blocks(article: Article, link: str, block: int) -> list[str]:
    """Return the council's blocks, its link among them, and after them the pictures and files that are in none."""
    in_text = {address.file_key(src) for src in article.srcs}
    figures = [_figure(p) for p in article.pictures if address.file_key(p.url) not in in_text]
    lead = "\n".join([link, *figures[:1]])
    return [*_with_link(lead, list(article.blocks), block), *figures[1:], *_file_list(article.files)]


def _with_link(link: str, blocks: list[str], block: int) -> list[str]:
    """Return the blocks with the link second, so that a preview begins with the news.

    It is first where the terms ask for that, and where the first block is no
    paragraph, for the terms count paragraphs. A paragraph of several lines
    counts as several: the link would be below them all.
    """
    place = 1 if block == 2 and blocks and _is_one_line(blocks[0]) else 0
    return [*blocks[:place], link, *blocks[place:]]


def _is_paragraph(block: str) -> bool:
    """Whether a block is a paragraph and nothing more, however a reader takes odd markup in it."""
    return block.startswith("<p>") and block.find("</p>") == len(block) - len("</p>")


def _is_one_line(block: str) -> bool:
    """Whether a block is a paragraph that nobody has to scroll past."""
    if not _is_paragraph(block) or LINE_ENDS.search(block):
        return False
    return len(block) <= LONGEST_LEAD and len(PICTURE.findall(block)) <= 1


def _figure(picture: Picture) -> str:
    return f'<p><img src="{escape(picture.url)}" alt="{escape(picture.alt)}"></p>'


def _file_list(files: Sequence[Attachment]) -> list[str]:
    """Return the files as links: several widely used readers show no enclosures."""
    links = [f'<li><a href="{escape(f.url)}">{escape(f.label, quote=False)}</a></li>' for f in files]
    return [f"<ul>{''.join(links)}</ul>"] if links else []
