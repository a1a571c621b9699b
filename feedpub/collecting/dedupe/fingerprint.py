"""Tell an edit of an article from what differs at every visit, though nobody has edited anything. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from html import unescape

from feedpub import address, text
from feedpub.content import Article

# Words that count readers, with the signs before them, up to the end of a line.
COUNTER = re.compile(
    r"\W*+(?:(?:кількість )?(?:перегляд\w*|прочитан\w*|відвідуван\w*|просмотр\w*|views?|hits)\W*+\d[\d\s.,]{0,300}"
    r"(?:раз\w*|times)?|\d[\d\s.,]{0,300}(?:перегляд\w*|прочитан\w*|просмотр\w*|views?|hits))\W{0,300}$",
    re.IGNORECASE | re.MULTILINE,
)
LINE_BEGINS = re.compile(r"\A\W*+|(?<![^\w\n])[^\w\n]*+\n\W*+")  # with all signs and spaces around the line break
SESSION = re.compile(
    r"\b(?:phpsessid|jsessionid|token|form_token|form_build_id|nocache|rnd|rand)=[^&;#]*", re.IGNORECASE
)
VERSION = re.compile(r"\b(?:itok|v|ver|t|ts|timestamp)=[^&]*")  # of a picture that was made again and looks the same
ORIGIN = re.compile(r"https?://(?:www\.)?([^/?#]+)", re.IGNORECASE)
LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")
SEPARATOR = "|"  # between lists of addresses: a file is not a picture


def article_fingerprint(article: Article) -> str:
    """Return a digest that changes only when a reader would see a difference in the article.

    A counter of readers, a session's token and the site's own host make no difference. Nor does it whether a document
    stands in a line of its own within the text or beside it.
    """
    origin = ORIGIN.match(article.url)
    host = origin[1] if origin else ""
    within = dict(_documents_within(article))
    files = [(file.url, file.label) for file in article.files]
    lines = _without_counters(article.text).split("\n")
    visible = (
        article.title,
        *(line for line in lines if line not in within.values()),
        *(_stable(href, host) for href in article.hrefs if href not in within),
        *(_stable_picture(picture.url, host) for picture in article.pictures),
        SEPARATOR,
        *sorted(f"{_stable(url, host)} {label}" for url, label in (*within.items(), *files)),
        SEPARATOR,
        *article.categories,
    )
    digest = hashlib.sha256("\x1f".join(visible).encode())
    return digest.hexdigest()[:32]


def _documents_within(article: Article) -> Iterator[tuple[str, str]]:
    """Yield the documents that stand in lines of their own within the text: address and line."""
    lines = set(article.text.splitlines())
    for href, words in LINK.findall(article.body_html):
        url, line = unescape(href), text.line(unescape(TAG.sub("", words)))
        if line in lines and address.is_document(url):
            yield url, line


def _stable(url: str, host: str) -> str:
    """Return an address without its scheme, without tokens, and without its host if that is the site's own."""
    return SESSION.sub("", _without_origin(url, host))


def _stable_picture(url: str, host: str) -> str:
    return SESSION.sub("", VERSION.sub("", _without_origin(url, host)))


def _without_origin(url: str, host: str) -> str:
    origin = ORIGIN.match(url)
    if origin is None:
        return url
    if origin[1] == host:
        return url[origin.end() :]
    return url[origin.start(1) :]


def _without_counters(words: str) -> str:
    """Return the text without the lines that count readers. Each place is looked at once, however long a gap is."""
    kept: list[str] = []
    end = 0  # of the last counter
    for gap in LINE_BEGINS.finditer(words):
        start = max(gap.start(), end)
        counter = COUNTER.match(words, start) if start <= gap.end() else None
        if counter:
            is_at_line_start = start == 0 or words[start - 1] == "\n"
            if not is_at_line_start:
                start = words.index("\n", start) + 1
            kept.append(words[end:start])
            end = counter.end()
    return "".join(kept) + words[end:]
