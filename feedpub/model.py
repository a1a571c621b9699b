"""The nouns: frozen values that the verbs hand to each other.

Datetimes are aware and in UTC, URLs absolute and ASCII unless a comment says
otherwise. Each stage of the way has a type of its own, so that a half-made
thing cannot be taken for a finished one: only ``normalize`` makes an Article,
only ``feed`` makes an Entry.

Here are those of sites and runs; those of what stands on a page, or in a feed,
are in ``content``, which is loaded when the first of them is asked for: a run
that finds nothing new asks for none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum


@dataclass(frozen=True, slots=True)
class Terms:
    """What the council asks of whoever republishes its texts."""

    wording: str  # plain text; {link} becomes the hyperlink, {title} the council's name
    block: int  # the block of the text that holds the link: 1 or 2
    rights: str  # the terms in a sentence, for the feed's rights


READING = 2  # grows when this program reads the same page by the same layout otherwise: that is no edit
NEEDED = ("item", "link", "title", "date", "body", "date_formats")  # without these, a site cannot be read


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand on a site's pages: CSS selectors, of which the first that matches wins; () where unknown.

    Where items stand in no boxes of their own, ``item`` is what each begins with.
    """

    item: tuple[str, ...] = ()  # on a listing: the box of one news item
    link: tuple[str, ...] = ()  # in the box: the link to its article
    item_title: tuple[str, ...] = ()  # in the box; where nothing matches, the link's text is the title
    item_date: tuple[str, ...] = ()  # in the box
    day: tuple[str, ...] = ()  # on a listing: a heading with the day of the items after it
    next_page: tuple[str, ...] = ()  # on a listing: the link to the older page, or a row of numbered ones
    article: tuple[str, ...] = ()  # on an article's page: the box that holds all of it but the title; (): the page
    title: tuple[str, ...] = ()  # on the page
    date: tuple[str, ...] = ()  # in the article, or on the page
    body: tuple[str, ...] = ()  # in the article
    images: tuple[str, ...] = ()  # in the article, outside its body
    files: tuple[str, ...] = ()  # in the article, outside its body: links
    categories: tuple[str, ...] = ()  # in the article
    author: tuple[str, ...] = ()  # in the article
    drop: tuple[str, ...] = ()  # in the article: what is no part of it; all of them are taken out
    fixed: tuple[str, ...] = ()  # lines of every page, whatever numbers are in them: no text at the body's ends
    date_formats: tuple[str, ...] = ()  # strptime's directives; month and weekday names in Ukrainian or English

    @property
    def is_complete(self) -> bool:
        """Whether a site can be read by it, without anything being learnt."""
        return all(getattr(self, key) for key in NEEDED)

    @property
    def fingerprint(self) -> str:
        """Changes with the layout, and so with what is read off the same page."""
        return hashlib.sha256(f"{READING} {self!r}".encode()).hexdigest()[:16]

    def filled_from(self, other: Layout) -> Layout:
        """Return this layout, with the other's selectors for each key that it does not say."""
        names = (f.name for f in fields(self))
        return Layout(**{name: getattr(self, name) or getattr(other, name) for name in names})


@dataclass(frozen=True, slots=True)
class Learnt:
    """A layout that was found, with what speaks for it."""

    layout: Layout
    evidence: Mapping[str, str]  # key of the layout -> why it is so
    fill: Mapping[str, float]  # title, date, body -> on what share of the sample pages each was found
    samples: int  # articles


@dataclass(frozen=True, slots=True)
class Topic:
    """A feed of its own that a source's configuration asks for: of the items of any category, or with any keyword."""

    id: str  # names its folder; never changes
    title: str
    keywords: tuple[str, ...] = ()  # words or phrases; with * at its end a word may end in any way
    categories: tuple[str, ...] = ()  # of the council, as it writes them


@dataclass(frozen=True, slots=True)
class Source:
    """One council's news, as configured."""

    id: str  # names files and ids; never changes
    title: str
    home: str
    listings: tuple[str, ...]
    language: str  # BCP 47
    timezone: str  # IANA
    terms: Terms
    layout: Layout | None = None  # None: not configured
    description: str = ""
    email: str | None = None  # of the council's press office, for readers of the feed
    icon: str | None = None  # None: what the site's pages name
    logo: str | None = None
    formerly: tuple[str, ...] = ()  # hosts that the site had, the oldest first
    topics: tuple[Topic, ...] = ()


# ------------------------------------------------------------ as fetched


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified, to the byte as the server sent them."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Robots:
    """A host's robots.txt."""

    text: str | None  # "": there is none; None: it could not be had yet
    asked: datetime  # for the first time, where it could not be had
    until: datetime  # not to be used any longer, as long as it can be had


@dataclass(frozen=True, slots=True)
class Moved:
    """Where an address leads for good."""

    to: str
    since: datetime  # when that was seen


@dataclass(frozen=True, slots=True)
class Traffic:
    """What was asked of a site."""

    requests: int
    unmodified: int  # answers that nothing has changed (304)
    bytes: int  # of answers' bodies, as they came over the wire

    def __add__(self, other: Traffic) -> Traffic:
        return Traffic(self.requests + other.requests, self.unmodified + other.unmodified, self.bytes + other.bytes)

    def __sub__(self, other: Traffic) -> Traffic:
        return Traffic(self.requests - other.requests, self.unmodified - other.unmodified, self.bytes - other.bytes)


@dataclass(frozen=True, slots=True)
class Rest:
    """How long a host is left in peace that did not answer, or asked for it."""

    until: datetime
    why: str
    failures: int  # runs in a row in which it did not serve us
    asked: datetime  # the last of them


@dataclass(frozen=True, slots=True)
class Site:
    """What a listing page tells about the site itself."""

    icon: str | None = None
    logo: str | None = None
    closes_pages: bool = False  # its pages end with </html>


@dataclass(frozen=True, slots=True)
class Visit:
    """What asking for one URL gave last time. A visit is no article: it may have failed."""

    url: str
    asked: datetime | None  # None: a listing named it, nobody has asked yet
    validators: Validators
    failures: int  # in a row
    error: str | None  # of the last attempt; None: it went well
    status: int | None = None  # HTTP's, of the last failure; None: there was no answer, or the page was not understood
    date: str | None = None  # as the listing had it
    item: str | None = None  # the id of what stood there; None: nothing yet
    gone_since: datetime | None = None  # the first answer that the page is not there, no good one since; None: none
    gone_times: int = 0  # such answers
    words: str | None = None  # the text_key of what was read there last; None: nothing was, or nobody wrote it down


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of asking for a page that arrived. ``None`` keeps what an earlier reading gave, but for ``due``."""

    validators: Validators | None = None
    item: str | None = None  # the id of what stands there
    due: datetime | None = None  # when to check the page again; None: never
    words: str | None = None  # the text_key of what was read there


@dataclass(frozen=True, slots=True)
class Tally:
    """What some runs did, in numbers."""

    added: int
    changed: int
    seen: int  # known items that were looked at, changed or not
    withdrawn: int

    def __sub__(self, other: Tally) -> Tally:
        return Tally(
            self.added - other.added, self.changed - other.changed, self.seen - other.seen,
            self.withdrawn - other.withdrawn,
        )  # fmt: skip


NOTHING = Tally(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Brake:
    """Why nothing of what a run found was kept or published."""

    why: str
    since: datetime
    asked: datetime  # when the site was last looked at
    times: int  # runs in a row that were stopped
    configured: str  # a fingerprint of the source's configuration at the time


@dataclass(frozen=True, slots=True)
class Ping:
    """What a hub is still to be told: that this feed has changed."""

    hub: str
    topic: str  # the feed's address
    since: datetime  # the first change that the hub has not been told of
    failures: int  # runs in a row in which the hub did not take what it was told, of this feed or of another
    error: str | None  # why, the last time; None: there was none
    asked: datetime | None  # when the hub was last told of this very feed, in vain; None: never


class Verdict(Enum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one page went. A failure is a value: the next page goes on."""

    url: str
    verdict: Verdict | None  # None: it failed
    message: str | None = None  # the failure, or a doubt about what was taken
    note: str | None = None  # good to know for whoever is watching
    is_unserved: bool = False  # the failure is the server's as a whole: the next page would fail as well
    is_rejected: bool = False  # the server refused the page, or failed at it
    is_said: bool = False  # an earlier run has told of it, and it is not over
    failed: Visit | None = None  # how asking for the page stands now, where its failure is in the state


# ------------------------------------------------------------ as published, in no format yet

ARCHIVE, CATEGORY, TOPIC = "archive/", "category/", "feed/"  # what the names of collections begin with
OWN = ""  # stands for all of a source's items where a collection's name would: its own feed


@dataclass(frozen=True, slots=True)
class Collection:
    """Some of a source's items that are published together: of a category, of a topic, of a month."""

    name: str  # and its folder: category/novyny, feed/vpo, archive/2025-11
    title: str
    items: int


@dataclass(frozen=True, slots=True)
class Health:
    """What people should know of how news arrive. All is well: the defaults."""

    is_reached: bool = True  # no: the council's site has not answered for several runs, or cannot be read
    is_held: bool = False  # what was found is too odd to be published before somebody has looked
    since: datetime | None = None  # when all was last well; None: that is not known
