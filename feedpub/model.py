"""The nouns: frozen values that the verbs hand to each other.

Datetimes are aware and in UTC, URLs absolute and ASCII unless a comment says
otherwise. Each stage of the way has a type of its own, so that a half-made
thing cannot be taken for a finished one: only ``normalize`` makes an Article,
only ``feed`` makes an Entry.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from html import unescape

# What differs at every visit, though nobody has edited anything.
COUNTER = re.compile(  # words that count readers, with what stands before them, up to the end of a line
    r"\W*+(?:(?:кількість )?(?:перегляд\w*|прочитан\w*|відвідуван\w*|просмотр\w*|views?|hits)\W*+\d[\d\s.,]{0,300}"
    r"(?:раз\w*|times)?|\d[\d\s.,]{0,300}(?:перегляд\w*|прочитан\w*|просмотр\w*|views?|hits))\W{0,300}$",
    re.IGNORECASE | re.MULTILINE,
)
LINE_BEGINS = re.compile(r"\A\W*+|(?<![^\w\n])[^\w\n]*+\n\W*+")  # and all that stands around it and is no word
SESSION = re.compile(
    r"\b(?:phpsessid|jsessionid|token|form_token|form_build_id|nocache|rnd|rand)=[^&;#]*", re.IGNORECASE
)
ORIGIN = re.compile(r"https?://(?:www\.)?([^/?#]+)", re.IGNORECASE)
VERSION = re.compile(r"\b(?:itok|v|ver|t|ts|timestamp)=[^&]*")  # of a picture: it is made anew, and looks the same

# ------------------------------------------------------------ as configured


@dataclass(frozen=True, slots=True)
class Terms:
    """What the council asks of whoever republishes its texts."""

    wording: str  # plain text; {link} becomes the hyperlink, {title} the council's name
    block: int  # the block of the text that holds the link: 1 or 2
    rights: str  # the terms in a sentence, for the feed's rights


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
class Page:
    """A page that arrived whole and with status 200."""

    asked: str
    url: str  # after redirects
    text: str
    validators: Validators = field(default_factory=Validators)
    relations: Mapping[str, str] = field(default_factory=dict)  # HTTP Link header: rel -> href, as found
    served: datetime | None = None  # by the server's own clock; None: it did not say

    @property
    def is_closed(self) -> bool:
        """Whether the end of the document arrived; a site that closes its pages closes them all."""
        return "</html>" in self.text[-4096:].lower()


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
class Medium:
    """What a server says of a file."""

    url: str
    type: str  # media type, without parameters
    length: int  # bytes


# ------------------------------------------------------------ as scraped: strings as found


@dataclass(frozen=True, slots=True)
class Link:
    """One line of a listing. The URL is absolute, the strings are as found."""

    url: str
    title: str
    date: str | None


@dataclass(frozen=True, slots=True)
class Site:
    """What a listing page tells about the site itself."""

    icon: str | None = None
    logo: str | None = None
    closes_pages: bool = False  # its pages end with </html>


@dataclass(frozen=True, slots=True)
class Listing:
    links: tuple[Link, ...]  # in the page's order, each URL once
    next_page: str | None  # the older page; None: this is the last
    site: Site


@dataclass(frozen=True, slots=True)
class Picture:
    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an article offers. Type and length where the page itself tells them."""

    url: str
    label: str
    type: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Scraped:
    """An article's page in pieces, every string as found, every address perhaps relative."""

    url: str  # of the page
    base: str  # of relative addresses
    addresses: tuple[str, ...]  # shortlink, canonical, as asked
    title: str
    dates: tuple[str, ...]  # candidates, machine-written ones first
    body: str  # HTML
    pictures: tuple[Picture, ...] = ()
    files: tuple[Attachment, ...] = ()
    categories: tuple[str, ...] = ()
    author: str | None = None


# ------------------------------------------------------------ fit to publish


@dataclass(frozen=True, slots=True)
class Article:
    """An article, clean: plain text is NFC on one line, HTML is of the allowed kind only."""

    url: str  # as the council serves it
    addresses: tuple[str, ...]  # all under which it is known, the surest first
    title: str
    published: datetime | None  # None: the page has no date that can be trusted, see doubt
    doubt: str | None  # why there is no date; None where there is one
    blocks: tuple[str, ...]  # the body's HTML, one top-level element each
    text: str  # the body's text, one line a block
    pictures: tuple[Picture, ...]  # those beside the body first, then those in it
    files: tuple[Attachment, ...]
    categories: tuple[str, ...]
    author: str | None
    text_key: str  # equal for two articles: the same words and numbers in title and text

    @property
    def body_html(self) -> str:
        return "\n".join(self.blocks)

    @property
    def hrefs(self) -> tuple[str, ...]:
        """Where the links in the body lead."""
        return tuple(unescape(href) for href in re.findall(r'<a href="([^"]*)"', self.body_html))

    @property
    def srcs(self) -> tuple[str, ...]:
        """The pictures that stand in the body."""
        return tuple(unescape(src) for src in re.findall(r'<img [^>]*\bsrc="([^"]*)"', self.body_html))

    @property
    def offered(self) -> tuple[Picture | Attachment, ...]:
        """Everything of which one may become the item's enclosure, the best first."""
        return (*self.pictures, *self.files)

    @property
    def fingerprint(self) -> str:
        """Changes only when a reader would see a difference in the article: not with a counter, not with a token."""
        host = ORIGIN.match(self.url)
        own = host[1] if host else ""

        def local(url: str) -> str:  # that the site has moved, to https or to another host, is no change of a text
            at = ORIGIN.match(url)
            return url if at is None else url[at.end() :] if at[1] == own else url[at.start(1) :]

        seen = (
            self.title,
            _uncounted(self.text),
            *(SESSION.sub("", local(href)) for href in self.hrefs),
            *(SESSION.sub("", VERSION.sub("", local(p.url))) for p in self.pictures),
            "|",
            *(SESSION.sub("", local(f.url)) for f in self.files),
            "|",
            *self.categories,
        )
        return hashlib.sha256("\x1f".join(seen).encode()).hexdigest()[:32]


def _uncounted(text: str) -> str:
    """The text without the lines that count readers. Each place is looked at once, however many lines have no words."""
    kept: list[str] = []
    done = 0
    for gap in LINE_BEGINS.finditer(text):
        begin = max(gap.start(), done)
        found = COUNTER.match(text, begin) if begin <= gap.end() else None
        if found:
            is_line = begin == 0 or text[begin - 1] == "\n"
            kept.append(text[done : begin if is_line else text.index("\n", begin) + 1])
            done = found.end()
    return "".join(kept) + text[done:]


# ------------------------------------------------------------ as kept


class By(Enum):
    """On whose account an item is no longer published."""

    COUNCIL = "council"  # its page is gone; it is published again should that come back
    OPERATOR = "operator"  # taken out for good
    FEED = "feed"  # a tombstone says so and not why: for good


@dataclass(frozen=True, slots=True)
class Gone:
    """An item that is no longer published. Its id stays taken."""

    when: datetime
    by: By
    reason: str

    @property
    def is_final(self) -> bool:
        """Whether nothing that is read later brings it back."""
        return self.by is not By.COUNCIL


@dataclass(frozen=True, slots=True)
class Stored:
    """An article with what only its history knows."""

    id: str  # given once, lasts
    article: Article
    first_seen: datetime
    updated: datetime  # when a reader would last have seen a change; at first the date of publication
    gone: Gone | None = None  # None: it is published
    is_read: bool = True  # no: known from published feeds alone, without its text; its page is to be read again

    @property
    def date(self) -> datetime:
        """What readers sort by: the council's date, or the first sight where it gives none."""
        return self.article.published or self.first_seen


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


# ------------------------------------------------------------ as published, in no format yet


@dataclass(frozen=True, slots=True)
class Entry:
    """One item, with the council's link in everything that carries its text."""

    id: str
    url: str
    title: str
    summary_html: str
    summary_text: str
    content_html: str
    published: datetime
    updated: datetime
    categories: tuple[str, ...]
    author: str
    enclosure: Medium | None
    enclosure_title: str
    pictures: tuple[Picture, ...]  # further ones, not the enclosure

    @property
    def picture(self) -> Picture | None:
        """The one to show beside it; None: it has none."""
        if self.enclosure and self.enclosure.type.startswith("image/"):
            return Picture(self.enclosure.url, self.enclosure_title)
        return self.pictures[0] if self.pictures else None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An item that was published once and is no more (RFC 6721)."""

    id: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Feed:
    id: str
    title: str
    description: str
    home: str
    base_url: str  # of the feed's files, with a slash at the end
    language: str
    rights: str
    author: str
    email: str | None
    icon: str | None
    logo: str | None
    category_scheme: str
    updated: datetime
    ttl: int  # minutes
    generator: tuple[str, str]  # name, version
    entries: tuple[Entry, ...]  # newest first
    tombstones: tuple[Tombstone, ...] = ()  # newest first
    hubs: tuple[str, ...] = ()  # which push its changes to whoever asks them to (WebSub)
    previous: str | None = None  # folder of the archive with the items before these (RFC 5005); None: there are none
    current: str | None = None  # of an archive: folder of the feed that it belongs to; None: it is no archive


ARCHIVE, CATEGORY, TOPIC = "archive/", "category/", "feed/"  # what the names of collections begin with


@dataclass(frozen=True, slots=True)
class Collection:
    """Some of a source's items that are published together: of a category, of a topic, of a month."""

    name: str  # and its folder: category/novyny, feed/vpo, archive/2025-11
    title: str
    items: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed as it is shown to whoever might subscribe to it."""

    title: str  # says all where it stands alone, in a list of many councils' feeds
    label: str  # says enough on its source's own page
    kind: str  # all, text, topic, category
    folder: str  # its address, with a slash at the end
    items: int | None = None  # None: that is not told


@dataclass(frozen=True, slots=True)
class Health:
    """What people should know of how news arrive. All is well: the defaults."""

    is_reached: bool = True  # no: the council's site has not answered for several runs, or cannot be read
    is_held: bool = False  # what was found is too odd to be published before somebody has looked
    since: datetime | None = None  # when all was last well; None: that is not known


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a published document."""

    where: str  # the item's id or title, or the feed
    rule: str

    def __str__(self) -> str:
        return f"{self.where}: {self.rule}"
