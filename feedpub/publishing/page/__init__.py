"""A source's newest items, its feeds and its health → pages for people.

Sole holder of Jinja2. Babel is also in ``html``, which reads dates.

Pages are static HTML. They need no script and no other host, and no other file
but their pictures. Entries' words are escaped and their HTML was cleaned
before. In addition each page has a policy (CSP) that allows its own style and
its own script alone, by their hashes.
"""

from __future__ import annotations

import encodings.unicode_escape  # noqa: F401  Jinja2 asks for it late, when a disk may fail
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from markupsafe import Markup

from feedpub.content import Entry, Feed, Offer
from feedpub.kinds import CONTENTS, OUTLINE, PREFERRED, Kind, Part, feeds_in, item_file
from feedpub.model import ACCESS, Health
from feedpub.publishing.page.about_strings import REVIEWED
from feedpub.publishing.page.assets import LISTS, SEARCHING, Assets, asset, policy, templates
from feedpub.publishing.page.picturing import Copies, Shown, shown_picture
from feedpub.publishing.page.strings import Words
from feedpub.publishing.page.subscribing import ways_to

REMEMBERED = 200  # items as pages show them, of some 2 kB each
TITLES = 180  # on a month's page: as many as stay below 100 kB
MONTHS_SHOWN = 12  # on a source's page; the archive shows all of them
NEWEST_ON_FRONT = 3


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a source's archive."""

    name: str  # 2025-11
    items: int


@dataclass(frozen=True, slots=True)
class Council:
    """What the pages show about a source."""

    id: str  # names its folder
    is_published: bool  # no: it has no files yet that a page could link
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
    email: str | None = None  # of the council's press office; None: it is not configured
    unreadable: Collection[str] = ()  # ids of items without a page of their own, for it would break a rule
    copies: Mapping[str, Copies] = field(default_factory=dict)  # of pictures, by item

    def picture(self, entry: Entry) -> Shown | None:
        """Return the picture beside an item on the source's page; None: it has none."""
        return shown_picture(entry, self.copies.get(entry.id, {}))

    @property
    def by_topic(self) -> list[Offer]:
        """The feeds of topics and categories."""
        return [o for o in self.offers if o.kind in ("topic", "category")]

    def way_to(self, offer: Offer) -> str:
        """Return the way from the source's folder to the page of a feed."""
        return offer.folder.removeprefix(self.folder)

    def reading(self, entry: Entry, way: str) -> str:
        """Return where an item is read: its own page, or else the council's. ``way`` leads to the source's folder."""
        return entry.url if entry.id in self.unreadable else way + item_file(entry.id)


@dataclass(frozen=True, slots=True)
class Region:
    """A region on the page of all councils."""

    title: str
    folder: str  # with a slash at the end
    councils: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a region's councils is."""

    title: str  # of the region
    folders: Sequence[str]  # of all its pages, each with a slash at the end
    number: int  # of this one, from 0
    has_feeds: bool  # no: there is no list of feeds beside it yet

    @property
    def up(self) -> str:
        """The way from here to the published folder."""
        return "../" * self.folders[self.number].count("/")


def source_page(council: Council) -> bytes:
    """Return a source's page: the newest items, how to subscribe, its feeds, its archive."""
    own = council.offers[0]
    own_feeds = feeds_in(Part.SOURCE)
    values = {
        "has_pictures": True,
        "entries": council.newest,
        "article": lambda entry: article(council, entry, "", council.picture(entry)),
        "own": own,
        "bare": next((o for o in council.offers if o.kind == "text"), None),
        "by_topic": council.by_topic,
        "months": council.months[:MONTHS_SHOWN],
        "earlier": month_of(council.newest[-1], council.zone) if council.newest else None,
        "categories": [o.label for o in council.offers if o.kind == "category"],
        "zone": council.zone.key,
        "own_feeds": own_feeds,
        "own_links": preferred_first(own_feeds),
        "ways": ways_to(own.folder),
    }
    return fill("source.html", council, values, SEARCHING)


def article(council: Council, entry: Entry, way: str, picture: Shown | None = None) -> Markup:
    """Return an item as it stands on a page with several; ``way`` leads to the source's folder."""
    return _article(entry, council.reading(entry, way), picture, council.language, council.zone)


def month_of(entry: Entry, zone: ZoneInfo) -> str:
    """Return the month of the archive in which an item stands."""
    return f"{entry.published.astimezone(zone):%Y-%m}"


@lru_cache(maxsize=REMEMBERED)
def _article(entry: Entry, to: str, picture: Shown | None, language: str, zone: ZoneInfo) -> Markup:
    """Return an item as it stands on a page: most are as they were when the page was last made."""
    html = (
        templates()
        .get_template("article.html")
        .render(
            entry=entry,
            to=to,
            picture=picture,
            council={"language": language},
            words=Words(language),
            local=lambda moment: moment.astimezone(zone),
        )
    )
    return Markup(html.removesuffix("\n"))  # noqa: S704 - Jinja2 has escaped it


def archive_page(council: Council) -> bytes:
    """Return the page with the months of a source's archive, by year."""
    years = groupby(council.months, key=lambda month: month.name[:4])
    values = {"years": [(year, list(months)) for year, months in years], "zone": council.zone.key}
    return fill("archive.html", council, values, SEARCHING)


def month_page(council: Council, name: str, feed: Feed) -> bytes:
    """Return the page with the titles of a month's items, by day."""
    months = [m.name for m in council.months]
    place = months.index(name)
    entries = feed.entries[:TITLES]
    days = groupby(entries, key=lambda entry: entry.published.astimezone(council.zone).date())
    values = {
        "name": name,
        "days": [(day, list(entries)) for day, entries in days],
        "unshown": len(feed.entries) - len(entries),
        "later": months[place - 1] if place else None,
        "earlier": months[place + 1] if place + 1 < len(months) else None,
        "folder": feed.base_url,
    }
    return fill("month.html", council, values)


def about_page(council: Council, publisher: str, contact: str | None, offices: Sequence[tuple[str, str]] = ()) -> bytes:
    """Return the page about the pages: what they are, who publishes them (``contact``: a link), what they learn.

    ``offices`` are the councils' titles with the ways to what is for their press officers.
    """
    return fill("about.html", council, {"publisher": publisher, "contact": contact, "offices": offices})


def accessibility_page(council: Council, contact: str | None) -> bytes:
    """Return the accessibility statement, in the council's language and in English."""
    values = {
        "contact": contact,
        "address": council.front + ACCESS,
        "english": Words("en"),
        "reviewed": date.fromisoformat(REVIEWED),
    }
    return fill("accessibility.html", council, values)


def nothing_page(council: Council) -> bytes:
    """Return the page that servers show where there is nothing: its links are absolute, for it is shown anywhere."""
    return fill("nothing.html", council, {})


def front_page(councils: Sequence[Council]) -> bytes:
    """Return the page of all sources; its language is that of the first."""
    return fill("front.html", councils[0], {"councils": councils, "newest_on_front": NEWEST_ON_FRONT})


def regions_page(council: Council, regions: Sequence[Region]) -> bytes:
    """Return the page of all regions; its language is that of ``council``, the first."""
    return fill("regions.html", council, {"regions": regions})


def region_page(councils: Sequence[Council], place: Place) -> bytes:
    """Return a page with councils of a region, without their news; its language is that of the first."""
    return fill("region.html", councils[0], {"councils": councils, "place": place})


def fill(template: str, council: Council, values: Mapping[str, object], assets: Assets = LISTS) -> bytes:
    """Return the page that the template gives with these values, and with those that every page needs."""
    basic_feeds = feeds_in(Part.COLLECTION)  # the ones that every reader takes
    common = {
        "council": council,
        "words": Words(council.language),
        "local": lambda moment: moment.astimezone(council.zone),
        "policy": policy(assets, has_pictures=bool(values.get("has_pictures"))),
        "style": asset(assets.style),
        "script": asset(assets.script),
        "preferred": PREFERRED,
        "outline": OUTLINE,
        "contents": CONTENTS,
        "basic_feeds": basic_feeds,
        "basic_links": preferred_first(basic_feeds),
    }
    return templates().get_template(template).render(common, **values).encode()


def preferred_first(feeds: Iterable[Kind]) -> list[Kind]:
    """Return the feeds as a page's head names them: programs take the first that they find."""
    return sorted(feeds, key=lambda kind: kind is not PREFERRED)
