"""Scraped to Article: one spelling for every address, date and text. Pure.

What people wrote stays as they wrote it, Ukrainian typography included; what
only machines left behind goes: control characters, Word's markup, trackers,
image tokens, the page's clock and footer.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from feedpub import address, text
from feedpub.collecting.normalize import body
from feedpub.collecting.normalize.repair import alt_text
from feedpub.content import Article, Attachment, Picture, Scraped
from feedpub.errors import LayoutError
from feedpub.html import dates

__all__ = ["article", "body"]

FEW_LETTERS = 300  # a text of fewer may be one that stands above a chart or a poster, and says the same every day
MOST_CATEGORIES = 200  # of an article; more are a whole index of them
FIRST_WEBSITES = 1991  # no council published anything on the web before


def article(scraped: Scraped, zone: ZoneInfo, formats: tuple[str, ...], now: datetime) -> Article:
    """The article, fit to publish.

    ``formats`` are the date formats of the source, ``zone`` its time zone;
    ``now`` tells a date in the future, which is no date of publication.
    Raises LayoutError where a date stands on the page that no format reads, or
    one that only another order of day and month makes possible.
    """
    title = text.line(scraped.title)
    published, doubt = _published(scraped, zone, formats, now)
    beside = [u for p in scraped.pictures if (u := address.absolute(scraped.base, p.url))]
    cleaned = body.clean(scraped.body, scraped.base, beside)
    pictures, files = _pictures(scraped, cleaned), _files(scraped)
    return Article(
        url=_url(scraped),
        addresses=_addresses(scraped),
        title=title,
        published=published,
        doubt=doubt,
        blocks=cleaned.blocks,
        text=cleaned.text,
        pictures=pictures,
        files=files,
        categories=tuple(dict.fromkeys(c for raw in scraped.categories[:MOST_CATEGORIES] if (c := text.line(raw)))),
        author=text.line(scraped.author or "") or None,
        text_key=text_key(title, cleaned, files, pictures),
    )


def text_key(title: str, cleaned: body.Body, files: tuple[Attachment, ...], pictures: tuple[Picture, ...]) -> str:
    """Equal for two articles that say the same: case, spaces, quotes, dashes and apostrophes aside.

    Letters and digits all count, so a date, a number or a street keeps two
    apart, and so do the files, videos and pages that the text leads to. An
    article of hardly any words is told by its pictures too: two posters called
    «Афіша» are two.
    """
    parts = [text.skeleton(title), text.skeleton(cleaned.text)]
    parts += sorted(_link_key(u) for u in (*cleaned.links, *(f.url for f in files)))
    if len(parts[1]) < FEW_LETTERS:
        parts += sorted(address.file_key(p.url) for p in pictures)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _link_key(url: str) -> str:
    return f"{address.key(url)}#{url.partition('#')[2]}" if url.startswith("http") else url


def _published(
    scraped: Scraped, zone: ZoneInfo, formats: tuple[str, ...], now: datetime
) -> tuple[datetime | None, str | None]:
    if not scraped.dates:
        return None, "there is no date on the page"
    instant = dates.first(scraped.dates, zone, formats, now)
    shown = ", ".join(repr(text.line(d)[:60]) for d in scraped.dates[:3])
    if instant is None and not any(map(dates.may_be, scraped.dates)):
        return None, f"where its date should be stands {shown}"
    if instant is None:
        raise LayoutError(scraped.url, f"no date format reads {shown}; add one to date_formats in [source.layout]")
    if instant > now + dates.CLOCKS_DIFFER:
        other = dates.first(scraped.dates, zone, tuple(map(_swapped, formats)), now)
        if other and other <= now:
            raise LayoutError(
                scraped.url,
                f"its date {shown} lies in the future as the site's dates are read, and not with day and month the"
                " other way round; see date_formats in [source.layout]",
            )
        return None, f"its date lies in the future: {instant.astimezone(zone):%Y-%m-%d %H:%M}"
    if instant.year < FIRST_WEBSITES:
        return None, f"its date lies before the first websites: {instant.astimezone(zone).isoformat()}"
    return instant, None


def _swapped(form: str) -> str:
    """The format with day and month in each other's place, where both are numbers."""
    return form.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m") if "%m" in form else form


def _url(scraped: Scraped) -> str:
    """The address as the council serves it: the page's alias, on the scheme and host on which it answered."""
    return next((u for u in _addresses(scraped) if not address.is_numbered(u)), _addresses(scraped)[0])


def _addresses(scraped: Scraped) -> tuple[str, ...]:
    """What the page is called, the surest first: by its number, then as it names itself, then as it was asked for.

    What it says of itself is believed in its path alone, for a site may well
    answer on http only; and not where that path is the home page's, or its own
    without the query: some systems name one address on all pages.
    """
    own = urlsplit(address.absolute(scraped.url, scraped.url) or scraped.url)
    found = []
    for named in scraped.addresses:
        url = address.absolute(scraped.base, named)
        if url is None or address.host(url) != address.host(scraped.url):
            continue
        parts = urlsplit(url)
        is_cut = parts.path == own.path and not parts.query and own.query
        if not is_cut and (parts.path.strip("/") or parts.query):
            found.append(urlunsplit((own.scheme, own.netloc, parts.path, parts.query, "")))
    found.append(urlunsplit((own.scheme, own.netloc, own.path, own.query, "")))
    return tuple(sorted(dict.fromkeys(found), key=lambda u: not address.is_numbered(u)))


def _pictures(scraped: Scraped, cleaned: body.Body) -> tuple[Picture, ...]:
    """Those beside the body, then those in it; each file once, as its original where the page names that too."""
    beside = (
        Picture(url, alt_text(p.alt, url)) for p in scraped.pictures if (url := address.absolute(scraped.base, p.url))
    )
    once: dict[str, Picture] = {}
    for picture in (*beside, *cleaned.pictures):
        key = address.file_key(picture.url)
        known = once.setdefault(key, picture)
        if address.is_derivative(known.url) and not address.is_derivative(picture.url):
            once[key] = Picture(picture.url, known.alt or picture.alt)
    return tuple(once.values())


def _files(scraped: Scraped) -> tuple[Attachment, ...]:
    found = {}
    for file in scraped.files:
        if url := address.absolute(scraped.base, file.url):
            label = text.line(file.label) or url.rpartition("/")[2]
            found[url] = Attachment(url, label, file.type, file.length)
    return tuple(found.values())
