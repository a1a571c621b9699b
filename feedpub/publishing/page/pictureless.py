"""The pages of the edition without pictures: whole texts, its own feeds, and nothing that is asked of another host.

They are pages of their own, not the others with less on them: whoever reads here must not be led to a feed with
pictures by a program that takes what a page's head names, nor by a person who copies what the page shows.

An item has no page of its own here. It stands whole on the page of its third of a month. Titles lead there.
"""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from markupsafe import Markup

from feedpub.content import Entry, Feed, Offer
from feedpub.kinds import OUTLINE, PREFERRED, THIRDS, Part, feeds_in
from feedpub.publishing.page import Council, month_of, preferred_first
from feedpub.publishing.page.assets import PICTURELESS, asset, policy, templates
from feedpub.publishing.page.strings import Words
from feedpub.publishing.page.subscribing import ways_to

LARGEST_TEXT = 30_000  # characters of an item that stands whole on the edition's page
ALL_TEXTS = 120_000  # characters of all of them: some 40 kB compressed
LARGEST_IN_ARCHIVE = 400_000  # characters of an item in the archive: twice as many as a feed shows
ALL_IN_ARCHIVE = 1_000_000  # characters of all items of a third of a month: a real one has some 50,000
THIRD = 10  # days of a month; its last third goes to its end
ARCHIVE = "archive/"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many characters of text may stand on a page."""

    of_one: int
    of_all: int


NEWEST = Limits(LARGEST_TEXT, ALL_TEXTS)
ARCHIVED = Limits(LARGEST_IN_ARCHIVE, ALL_IN_ARCHIVE)


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as a page has it."""

    entry: Entry
    anchor: str  # stays the same while other items come
    is_whole: bool  # no: only its beginning is there, for it is very long
    whole: str = ""  # the way to where it is whole; "": here, or nowhere in this edition


@dataclass(frozen=True, slots=True)
class Row:
    """An item's title, and the way to its text."""

    entry: Entry
    to: str


def pictureless_page(council: Council, entries: Sequence[Entry], offers: Sequence[Offer]) -> bytes:
    """Return the edition's page. ``entries`` are without pictures; ``offers`` are its feeds, its own first."""
    values = {
        "shown": _shown(entries, NEWEST, lambda entry: _way_to(entry, council)),
        "by_topic": offers[1:],
        "earlier": month_of(entries[-1], council.zone) if entries and council.months else None,
        "feeds": feeds_in(Part.TEXT),
        "ways": ways_to(offers[0].folder),
        "preferred": PREFERRED,
        "outline": OUTLINE,
    }
    return _fill("pictureless.html", council, offers[0], values)


def pictureless_topic_page(council: Council, own: Offer, label: str, feed: Feed) -> bytes:
    """Return the page of a topic or a category. ``own`` is the edition's feed, ``feed`` the topic's in it."""
    values = {
        "label": label,
        "feed": feed,
        "rows": [Row(entry, f"../../{_way_to(entry, council)}") for entry in feed.entries],
        "earlier": month_of(feed.entries[-1], council.zone) if feed.entries else None,
        "folder": feed.base_url,
        "feeds": feeds_in(Part.TEXT_COLLECTION),
        "ways": ways_to(feed.base_url),
        "pictured": f"../../../{feed.base_url.removeprefix(own.folder)}",
    }
    return _fill("pictureless_topic.html", council, own, values)


# ------------------------------------------------------------ the archive


def pictureless_archive_page(council: Council, own: Offer) -> bytes:
    """Return the page with the months of the archive, by year."""
    years = groupby(council.months, key=lambda month: month.name[:4])
    values = {
        "years": [(year, list(months)) for year, months in years],
        "folder": own.folder + ARCHIVE,
        "pictured": "../../archive/",
    }
    return _fill("pictureless_archive.html", council, own, values)


def pictureless_month_page(council: Council, own: Offer, name: str, entries: Sequence[Entry]) -> bytes:
    """Return the page with the titles of a month's items, by day. Each leads to the third in which the item stands."""
    months = [m.name for m in council.months]
    place = months.index(name)
    rows = [Row(entry, f"../{name}/{third_of(entry, council)}/#{_anchor(entry)}") for entry in entries]
    days = groupby(rows, key=lambda row: row.entry.published.astimezone(council.zone).date())
    values = {
        "name": name,
        "days": [(day, list(rows)) for day, rows in days],
        "later": months[place - 1] if place else None,
        "earlier": months[place + 1] if place + 1 < len(months) else None,
        "folder": f"{own.folder}{ARCHIVE}{name}/",
        "pictured": f"../../../archive/{name}/",
    }
    return _fill("pictureless_month.html", council, own, values)


def pictureless_third_page(council: Council, own: Offer, name: str, third: int, entries: Sequence[Entry]) -> bytes:
    """Return the page with the texts of a third of a month; ``entries`` are the month's."""
    words = Words(council.language)
    values = {
        "name": name,
        "heading": words.days(*_days_of(name, third)),
        "shown": _shown([e for e in entries if third_of(e, council) == third], ARCHIVED),
        "others": [(n, words.days(*_days_of(name, n))) for n in THIRDS if n != third],
        "folder": f"{own.folder}{ARCHIVE}{name}/{third}/",
        "pictured": f"../../../../archive/{name}/",
    }
    return _fill("pictureless_third.html", council, own, values)


def third_of(entry: Entry, council: Council) -> int:
    """Return the third of its month in which an item stands, by the council's days."""
    day = entry.published.astimezone(council.zone).day
    return min((day - 1) // THIRD + 1, THIRDS[-1])


def _days_of(name: str, third: int) -> tuple[date, date]:
    """Return the first and the last day of a third of a month such as 2025-11."""
    first = date.fromisoformat(f"{name}-01").replace(day=(third - 1) * THIRD + 1)
    is_last = third == THIRDS[-1]
    return first, first.replace(day=monthrange(first.year, first.month)[1] if is_last else third * THIRD)


def _way_to(entry: Entry, council: Council) -> str:
    """Return the way from the edition's folder to an item's text."""
    return f"{ARCHIVE}{month_of(entry, council.zone)}/{third_of(entry, council)}/#{_anchor(entry)}"


# ------------------------------------------------------------ what pages have in common


def _fill(template: str, council: Council, own: Offer, values: Mapping[str, object]) -> bytes:
    def local(moment: datetime) -> datetime:
        return moment.astimezone(council.zone)

    words = Words(council.language)
    is_same = council.language.partition("-")[0] == words.language
    common = {
        "council": council,
        "own": own,
        "words": words,
        "lang": "" if is_same else Markup(' lang="{}"').format(council.language),
        "local": local,
        "policy": policy(PICTURELESS, has_pictures=False),
        "style": asset(PICTURELESS.style),
        "script": asset(PICTURELESS.script),
        "links": preferred_first(feeds_in(Part.TEXT)),
        "pictured": "../",
    }
    return templates().get_template(template).render({**common, **values}).encode()


def _shown(entries: Sequence[Entry], limits: Limits, way: Callable[[Entry], str] = lambda _: "") -> list[Shown]:
    """Return the items, whole as long as the page stays small enough; ``way`` leads to those that are not."""
    left = limits.of_all
    shown = []
    for entry in entries:
        size = len(entry.content_html)
        is_whole = size <= min(left, limits.of_one)
        left -= size if is_whole else len(entry.summary_html)
        shown.append(Shown(entry, _anchor(entry), is_whole, "" if is_whole else way(entry)))
    return shown


def _anchor(entry: Entry) -> str:
    return f"n{hashlib.sha256(entry.id.encode()).hexdigest()[:8]}"
