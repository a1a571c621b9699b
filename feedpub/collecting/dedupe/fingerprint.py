"""Tell an edit of an article from what differs at every visit, though nobody has edited anything. Pure."""

from __future__ import annotations

import hashlib
import re

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
SEPARATOR = "|"  # between lists of addresses: a file is not a picture


def article_fingerprint(article: Article) -> str:
    """Return a digest that changes only when a reader would see a difference in the article.

    A counter of readers, a session's token and the site's own host make no difference.
    """
    origin = ORIGIN.match(article.url)
    host = origin[1] if origin else ""
    visible = (
        article.title,
        _without_counters(article.text),
        *(_stable(href, host) for href in article.hrefs),
        *(_stable_picture(picture.url, host) for picture in article.pictures),
        SEPARATOR,
        *(_stable(file.url, host) for file in article.files),
        SEPARATOR,
        *article.categories,
    )
    digest = hashlib.sha256("\x1f".join(visible).encode())
    return digest.hexdigest()[:32]


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


def _without_counters(text: str) -> str:
    """Return the text without the lines that count readers. Each place is looked at once, however long a gap is."""
    kept: list[str] = []
    end = 0  # of the last counter
    for gap in LINE_BEGINS.finditer(text):
        start = max(gap.start(), end)
        counter = COUNTER.match(text, start) if start <= gap.end() else None
        if counter:
            is_at_line_start = start == 0 or text[start - 1] == "\n"
            if not is_at_line_start:
                start = text.index("\n", start) + 1
            kept.append(text[end:start])
            end = counter.end()
    return "".join(kept) + text[end:]
