"""Scraped → Article: one spelling for every address, date and text. Pure.

Words that people wrote stay as they wrote them, Ukrainian typography included. Words that only machines left
behind go: control characters, Word's markup, trackers, names of stored pictures, the page's clock and footer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from feedpub import address, text
from feedpub.collecting.normalize import lazily

lazily.load_when_used("soupsieve")  # bs4's selectors: nobody here asks for one, and to load them takes half of bs4

from feedpub.collecting.normalize import body  # noqa: E402
from feedpub.content import Article, Attachment, Part, Picture, Scraped  # noqa: E402
from feedpub.dating import AHEAD, CLOCKS_DIFFER  # noqa: E402
from feedpub.errors import LayoutError  # noqa: E402
from feedpub.html import dates  # noqa: E402
from feedpub.html.images import alt_text  # noqa: E402

__all__ = ["body", "make_article"]

FEW_LETTERS = 300  # a shorter text may be the one above a chart or a poster, and say the same every day
MOST_CATEGORIES = 200  # of an article; more are a whole index of them
FIRST_WEBSITES = 1991  # no council published anything on the web before
LONGEST_QUOTE = 60  # characters of a date that a message shows


def make_article(
    scraped: Scraped, zone: ZoneInfo, formats: tuple[str, ...], now: datetime, leeway: timedelta = CLOCKS_DIFFER
) -> Article:
    """Return the article, fit to publish.

    ``zone`` is the source's time zone, ``formats`` its date formats. A date later than ``now`` by more than
    ``leeway`` is no date of publication: councils announce events, and date them by the event. Raises LayoutError for a
    date that no format reads.
    """
    title = text.line(scraped.title)
    published, doubt = _publication_date(scraped, zone, formats, now, leeway)
    beside = tuple(_absolute_pictures(scraped))
    cleaned = _cleaned_pages(scraped, [p.url for p in beside])
    pictures, files = _each_picture_once(beside, cleaned.pictures), _files(scraped)
    addresses = _addresses(scraped)
    categories = (text.line(raw) for raw in scraped.categories[:MOST_CATEGORIES])
    return Article(
        url=_public_address(scraped, addresses),
        addresses=addresses,
        title=title,
        published=published,
        doubt=doubt,
        blocks=cleaned.blocks,
        text=cleaned.text,
        pictures=pictures,
        files=files,
        categories=tuple(dict.fromkeys(c for c in categories if c)),
        author=text.line(scraped.author or "") or None,
        text_key=text_key(title, cleaned, files, pictures),
        hidden=cleaned.hidden,
    )


def _cleaned_pages(scraped: Scraped, pictures: list[str]) -> body.Body:
    """Return the body of all pages of an article as one."""
    pages = [Part(scraped.body, scraped.base), *scraped.further]
    bodies = [body.clean(page.body, page.base, pictures, scraped.language) for page in pages]
    return body.joined(bodies)


def text_key(title: str, cleaned: body.Body, files: tuple[Attachment, ...], pictures: tuple[Picture, ...]) -> str:
    """Return a key that is equal for two articles that say the same.

    Case, spaces, quotes, dashes and apostrophes are set aside. Letters and digits all count, so a date, a number or
    a street keeps two articles apart, and so do the files, videos and pages that the text leads to. The pictures of
    an article with hardly any words count too: two posters called «Афіша» are two.
    """
    words = text.skeleton(cleaned.text)
    links = (*cleaned.links, *(f.url for f in files))
    parts = [text.skeleton(title), words]
    parts += sorted(map(_link_key, links))
    if len(words) < FEW_LETTERS:
        parts += sorted(address.file_key(p.url) for p in pictures)
    digest = hashlib.sha256("\x1f".join(parts).encode())
    return digest.hexdigest()[:32]


def _link_key(url: str) -> str:
    if not url.startswith("http"):
        return url
    _, _, fragment = url.partition("#")
    return f"{address.key(url)}#{fragment}"


# ------------------------------------------------------------ the date


def _publication_date(
    scraped: Scraped, zone: ZoneInfo, formats: tuple[str, ...], now: datetime, leeway: timedelta
) -> tuple[datetime | None, str | None]:
    """Return the date of publication, or else None and why there is none."""
    if not scraped.dates:
        return None, "there is no date on the page"
    instant = dates.first(scraped.dates, zone, formats, now)
    shown = ", ".join(map(_quote, scraped.dates[:3]))
    if instant is None:
        if any(map(dates.may_be, scraped.dates)):
            raise LayoutError(scraped.url, f"no date format reads {shown}; add one to date_formats in [source.layout]")
        return None, f"where its date should be stands {shown}"
    if instant > now + leeway:
        return None, f"{AHEAD}: {instant.astimezone(zone):%Y-%m-%d %H:%M}"
    if instant.year < FIRST_WEBSITES:
        return None, f"its date lies before the first websites: {instant.astimezone(zone).isoformat()}"
    return instant, None


def _quote(shown_date: str) -> str:
    return repr(text.line(shown_date)[:LONGEST_QUOTE])


# ------------------------------------------------------------ addresses, pictures, files


def _addresses(scraped: Scraped) -> tuple[str, ...]:
    """Return the page's addresses, the surest first: by its number, as it names itself, as it was asked for.

    Of an address that the page names only the path counts, for a site may well answer on http only. It does not
    count where the path is the home page's, or the page's own without the query: some systems name one address on
    all pages.
    """
    page_url = address.absolute(scraped.url, scraped.url) or scraped.url
    own = urlsplit(address.without_fragment(page_url))
    host = address.site(scraped.url)
    urls: list[str] = []
    for named in scraped.addresses:
        url = address.absolute(scraped.base, named)
        if url is None or address.site(url) != host:
            continue
        parts = urlsplit(url)
        is_home = not parts.path.strip("/") and not parts.query
        is_cut = parts.path == own.path and own.query and not parts.query
        if not is_home and not is_cut:
            urls.append(own._replace(path=parts.path, query=parts.query).geturl())
    urls.append(own.geturl())
    unique = dict.fromkeys(urls)
    return tuple(sorted(unique, key=address.is_numbered, reverse=True))


def _public_address(scraped: Scraped, addresses: tuple[str, ...]) -> str:
    """Return the address to link: the one at which the page was read, for that one works.

    Where that is a number, it is the first other name that the page gives itself. A number is no address for people.
    """
    read_at = address.without_fragment(address.absolute(scraped.url, scraped.url) or scraped.url)
    if not address.is_numbered(read_at):
        return read_at
    return next((u for u in addresses if not address.is_numbered(u)), read_at)


def _absolute_pictures(scraped: Scraped) -> Iterator[Picture]:
    """Yield the pictures beside the body, with absolute addresses."""
    for picture in scraped.pictures:
        url = address.absolute(scraped.base, picture.url)
        if url:
            yield Picture(url, alt_text(picture.alt, url))


def _each_picture_once(beside: tuple[Picture, ...], inside: tuple[Picture, ...]) -> tuple[Picture, ...]:
    """Return the pictures beside the body, then those in it. Of a picture and its derivatives it is the original."""
    once: dict[str, Picture] = {}
    for picture in (*beside, *inside):
        key = address.file_key(picture.url)
        known = once.setdefault(key, picture)
        if address.is_derivative(known.url) and not address.is_derivative(picture.url):
            once[key] = Picture(picture.url, known.alt or picture.alt)
    return tuple(once.values())


def _files(scraped: Scraped) -> tuple[Attachment, ...]:
    """Return the files, each address once; of several links to one the last label counts."""
    files: dict[str, Attachment] = {}
    for file in scraped.files:
        url = address.absolute(scraped.base, file.url)
        if url:
            label = text.line(file.label) or url.rpartition("/")[2]
            files[url] = Attachment(url, label, file.type, file.length)
    return tuple(files.values())
