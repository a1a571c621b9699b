"""A source's newest items, its feeds and how it is → pages for people. Sole holder of Jinja2.

Static HTML that needs no script, no other file and no other host but that of
the pictures. What stands in the entries is escaped or was cleaned before, and
besides a policy in each page (CSP) forbids whatever is not its own style and
its own script, by their hashes.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from feedpub.content import Entry, Feed, Offer
from feedpub.kinds import CONTENTS, OUTLINE, PREFERRED, Kind, Part, feeds_in
from feedpub.model import Health
from feedpub.publishing.page.strings import Words

TITLES = 250  # on a month's page: as many as stay below 100 kB
MONTHS_SHOWN = 12  # on a source's page; all of them stand in the archive
NEWEST_ON_FRONT = 3
READERS = (  # the addresses under which these services take a feed to be subscribed to
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={}"),
    ("NewsBlur", "https://www.newsblur.com/?url={}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={}"),
)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a source's archive."""

    name: str  # 2025-11
    items: int


@dataclass(frozen=True, slots=True)
class Council:
    """What the pages tell of a source."""

    id: str  # names its folder
    is_published: bool  # no: there is nothing of it yet to which one could be led
    title: str
    description: str
    home: str
    language: str
    zone: ZoneInfo
    rights: str
    folder: str  # its address among the published files, with a slash at the end
    front: str  # the address of the page of all councils
    outline: str  # the address of the OPML
    updated: datetime | None  # None: it has no items yet
    health: Health
    newest: Sequence[Entry]
    offers: Sequence[Offer]  # its own feed first
    months: Sequence[Month]  # the newest first


def source(council: Council, *, has_pictures: bool = True) -> bytes:
    """A source's page: the newest items, how to subscribe, its feeds, its archive."""
    own = council.offers[0]
    address = own.folder + PREFERRED.name
    return _rendered(
        "source.html",
        council,
        has_pictures=has_pictures,
        entries=council.newest,
        own=own,
        bare=next((o for o in council.offers if o.kind == "text"), None),
        by_topic=[o for o in council.offers if o.kind in ("topic", "category")],
        months=council.months[:MONTHS_SHOWN],
        own_feeds=feeds_in(Part.SOURCE),
        own_links=_preferred_first(feeds_in(Part.SOURCE)),
        text_feeds=feeds_in(Part.TEXT),
        in_app=f"feed://{address.partition('://')[2]}",
        readers=[(name, form.format(quote(address, safe=""))) for name, form in READERS],
    )


def archive(council: Council) -> bytes:
    """The months of a source's archive, by year."""
    years = [(y, list(months)) for y, months in groupby(council.months, key=lambda m: m.name[:4])]
    return _rendered("archive.html", council, years=years)


def month(council: Council, name: str, feed: Feed) -> bytes:
    """The titles of a month's items, by day."""
    names = [m.name for m in council.months]
    place = names.index(name)
    shown = feed.entries[:TITLES]
    days = [
        (d, list(of_day)) for d, of_day in groupby(shown, key=lambda e: e.published.astimezone(council.zone).date())
    ]
    return _rendered(
        "month.html",
        council,
        name=name,
        days=days,
        unshown=len(feed.entries) - len(shown),
        later=names[place - 1] if place else None,
        earlier=names[place + 1] if place + 1 < len(names) else None,
        folder=feed.base_url,
    )


def front(councils: Sequence[Council]) -> bytes:
    """The page of all sources; its language is that of the first."""
    return _rendered("front.html", councils[0], councils=councils, newest_on_front=NEWEST_ON_FRONT)


def _rendered(template: str, council: Council, **values: object) -> bytes:
    environment = _environment()
    words = Words(council.language)

    def local(moment: datetime) -> datetime:
        return moment.astimezone(council.zone)

    # Readers take the first link that they find. A page about something else names only what every reader takes.
    basic_feeds = feeds_in(Part.COLLECTION)
    page = environment.get_template(template).render(
        council=council, words=words, local=local, policy=_policy(has_pictures=bool(values.get("has_pictures"))),
        style=_part("style.css"), script=_part("copy.js"), preferred=PREFERRED, outline=OUTLINE, contents=CONTENTS,
        basic_feeds=basic_feeds, basic_links=_preferred_first(basic_feeds), **values,
    )  # fmt: skip
    return page.encode()


def _preferred_first(feeds: Sequence[Kind]) -> list[Kind]:
    return sorted(feeds, key=lambda kind: kind is not PREFERRED)


@lru_cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("feedpub.publishing.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@lru_cache
def _part(name: str) -> Markup:
    """The style or the script, as it stands in the page: ours, and nothing of anybody else's is in it."""
    return Markup(_environment().get_template(name).render().strip())  # noqa: S704 - our own file


def _policy(*, has_pictures: bool) -> str:
    """What the page may load and run (Content Security Policy): its style, its script, pictures."""
    style, script = (_hash(_part(name)) for name in ("style.css", "copy.js"))
    pictures = "http: https: data:" if has_pictures else "data:"
    return (
        f"default-src 'none'; img-src {pictures}; style-src {style}; script-src {script}; base-uri 'none';"
        " form-action 'none'"
    )


def _hash(part: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(part.encode()).digest()).decode()}'"
