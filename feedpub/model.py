"""The nouns: frozen values that the verbs hand to each other.

Datetimes are aware and in UTC. URLs are absolute and ASCII, unless a comment says otherwise. Each stage has a type of
its own, and a half-made thing cannot be taken for a finished one: only ``normalize`` makes an Article, only ``feed``
makes an Entry.

This file has the nouns of sites and runs. Those of pages and feeds are in ``content``. A run that finds nothing new
does not load them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from feedpub.layout import Layout


@dataclass(frozen=True, slots=True)
class Terms:
    """The council's conditions for republishing its texts."""

    wording: str  # plain text; {link} becomes the hyperlink, {title} the council's name
    block: int  # the block of the text that holds the link: 1 or 2
    rights: str  # the terms in a sentence, for the feed's rights


@dataclass(frozen=True, slots=True)
class Topic:
    """A further feed that the configuration asks for: the items with any of some categories or keywords."""

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
    hosts: tuple[str, ...] = ()  # further hosts of the council's, on which its articles are
    topics: tuple[Topic, ...] = ()
    languages: tuple[str, ...] = ()  # of the articles that are published, without regions; (): all
    # No part of what its files are made from, so not in its repr, by which they are told to be stale:
    every: str = field(default="run", repr=False)  # how often it is asked: "run", "auto" or a time such as "30m"
    region: str = field(default="", repr=False)  # where the page of all sources has it; "": in no region


# ------------------------------------------------------------ as fetched


@dataclass(frozen=True, slots=True)
class Validators:
    """ETag and Last-Modified, to the byte as the server sent them."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Robots:
    """A host's robots.txt."""

    text: str | None  # "": there is none; None: it could not be fetched yet
    asked: datetime  # the first time, if it could not be fetched
    until: datetime  # when it is to be fetched again; if that fails, it is used for longer


@dataclass(frozen=True, slots=True)
class Moved:
    """Where an address leads for good."""

    to: str
    since: datetime  # when that was seen


@dataclass(frozen=True, slots=True)
class Traffic:
    """The requests to a site, in numbers."""

    requests: int
    unmodified: int  # answers that nothing has changed (304)
    bytes: int  # of answers' bodies, as they came over the wire

    def __add__(self, other: Traffic) -> Traffic:
        return Traffic(self.requests + other.requests, self.unmodified + other.unmodified, self.bytes + other.bytes)

    def __sub__(self, other: Traffic) -> Traffic:
        return Traffic(self.requests - other.requests, self.unmodified - other.unmodified, self.bytes - other.bytes)


@dataclass(frozen=True, slots=True)
class Asked:
    """When a source was asked, and when it is to be asked again."""

    at: datetime
    due: datetime | None  # None: at the next run


@dataclass(frozen=True, slots=True)
class Rest:
    """How long a host is left in peace, because it did not answer or asked for it."""

    until: datetime
    why: str
    failures: int  # runs in a row in which it did not serve us
    asked: datetime  # the last of them


@dataclass(frozen=True, slots=True)
class Site:
    """The facts about the site itself on its listing page."""

    icon: str | None = None
    logo: str | None = None
    closes_pages: bool = False  # its pages end with </html>


ARRIVED = 200  # the status of a page that arrived, and that failed since it could not be read


@dataclass(frozen=True, slots=True)
class Visit:
    """The result of the last request for one URL. A visit is no article: it may have failed."""

    url: str
    asked: datetime | None  # None: a listing named it, nobody has asked yet
    validators: Validators
    failures: int  # in a row
    error: str | None  # of the last attempt; None: it went well
    status: int | None = None  # HTTP's, of the last failure; ARRIVED: it could not be read; None: there was no answer
    date: str | None = None  # as the listing had it
    item: str | None = None  # the id of the item that was there; None: none yet
    gone_since: datetime | None = None  # the first answer that the page is not there, no good one since; None: none
    gone_times: int = 0  # such answers
    words: str | None = None  # the text_key of the article last read there; None: none, or it is not recorded
    title: str = ""  # as the listing had it; "": it had none that is this article's alone
    categories: tuple[str, ...] = ()  # as the listing had them
    teaser: tuple[str, ...] = ()  # the other lines of its row in the listing


@dataclass(frozen=True, slots=True)
class Named:
    """What a listing names now."""

    pages: tuple[str, ...]  # addresses of articles
    unread: tuple[str, ...] = ()  # the words of boxes that look like news and cannot be read


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading a page that arrived. ``None`` keeps the value of an earlier reading, except for ``due``."""

    validators: Validators | None = None
    item: str | None = None  # the id of the item there
    due: datetime | None = None  # when to check the page again; None: never
    words: str | None = None  # the text_key of the article there


@dataclass(frozen=True, slots=True)
class Tally:
    """The findings of some runs, in numbers."""

    added: int
    changed: int
    seen: int  # known items that were looked at, changed or not
    withdrawn: int
    categories: int = 0  # that have a feed since

    def __sub__(self, other: Tally) -> Tally:
        return Tally(
            added=self.added - other.added,
            changed=self.changed - other.changed,
            seen=self.seen - other.seen,
            withdrawn=self.withdrawn - other.withdrawn,
            categories=self.categories - other.categories,
        )


NOTHING = Tally(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Brake:
    """Why a run's findings were neither kept nor published."""

    why: str
    since: datetime
    asked: datetime  # when the site was last looked at
    times: int  # runs in a row that were stopped
    configured: str  # a fingerprint of the source's configuration at the time
    code: str = ""  # with which a person lets it through; "": nobody can, or an earlier version wrote it
    behind: int = 0  # seconds by which this machine's clock was behind the site's, if that is why; 0: it is not


@dataclass(frozen=True, slots=True)
class Ping:
    """An announcement that waits for a hub: this feed has changed."""

    hub: str
    topic: str  # the feed's address
    since: datetime  # the first change that the hub does not know
    failures: int  # runs in a row in which the hub took no announcement, of this feed or of another
    error: str | None  # the reason of the last failure; None: there was none
    asked: datetime | None  # when the hub last refused the announcement of this very feed; None: never


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
    message: str | None = None  # the failure, or a doubt about an article that was kept
    note: str | None = None  # for a person who is watching
    is_unserved: bool = False  # the failure is the server's as a whole: the next page would fail as well
    is_rejected: bool = False  # the server refused the page, or failed at it
    is_said: bool = False  # an earlier run has reported it, and it is not over
    is_out_of_time: bool = False  # no failure: the next run asks for it
    failed: Visit | None = None  # the page's visit now, if its failure is in the state


# ------------------------------------------------------------ as published, in no format yet

ARCHIVE, CATEGORY, TOPIC = "archive/", "category/", "feed/"  # prefixes of the names of collections
ABOUT = "about/"  # in the published folder: of the page about all pages
ACCESS = f"{ABOUT}accessibility/"  # likewise, of the accessibility statement
PRESS = "press/"  # in a source's folder: of what is for the council's press officer
REGION = "region/"  # in the published folder: begins the names of the pages of regions
LEAST_OF_CATEGORY = 2  # items, for a feed of its own: a category that one article names may never be named again
ITEM = "item/"  # prefix of an item's id, where a collection's name would be: its own page
OWN = ""  # in place of a collection's name: all of a source's items, its own feed


@dataclass(frozen=True, slots=True)
class Collection:
    """Some of a source's items that are published together: of a category, of a topic, of a month."""

    name: str  # and its folder: category/novyny, feed/vpo, archive/2025-11
    title: str
    items: int


@dataclass(frozen=True, slots=True)
class Health:
    """Whether news arrive, for readers. The defaults mean that all is well."""

    is_reached: bool = True  # no: the council's site has not answered for several runs, or cannot be read
    is_held: bool = False  # the findings are too odd to be published before a person has looked
    since: datetime | None = None  # when all was last well; None: that is not known
    closed: date | None = None  # the council's day on which an operator closed the source; None: it is open
    looked: date | None = None  # the council's day on which its site was last looked at; None: it is not to be said
    doubtful: date | None = None  # the day from which that is long ago; None: see looked
