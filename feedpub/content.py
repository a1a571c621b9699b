"""The nouns of a page and of the things made from it: articles, items, feeds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from feedpub.model import Site, Validators

# ------------------------------------------------------------ as configured


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
        """Whether the end of the document arrived. A site that closes its pages closes them all."""
        return "</html>" in self.text[-4096:].lower()


@dataclass(frozen=True, slots=True)
class NotModified:
    """The answer in place of a page that is still as its validators say (status 304)."""

    url: str  # as asked


@dataclass(frozen=True, slots=True)
class Medium:
    """The server's description of a file."""

    url: str
    type: str  # media type, without parameters
    length: int  # bytes


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """The small copy of a picture on the publisher's own host."""

    file: str  # in its source's folder
    width: int  # pixels
    height: int


# ------------------------------------------------------------ as scraped: strings as found


@dataclass(frozen=True, slots=True)
class Link:
    """One line of a listing. The URL is absolute, the strings are as found."""

    url: str
    title: str
    date: str | None
    categories: tuple[str, ...] = ()
    teaser: tuple[str, ...] = ()  # the other lines of its box


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, with its text alternative."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a listing that leads to no page of the council's. The address is absolute, the strings are as found."""

    title: str
    date: str | None
    teaser: tuple[str, ...] = ()  # its other lines
    target: str | None = None  # a document, or a page elsewhere; None: it leads nowhere
    categories: tuple[str, ...] = ()
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """The links that a page of a listing names."""

    links: tuple[Link, ...]  # in the page's order, each URL once
    next_page: str | None  # the older page; None: this is the last
    site: Site
    missed: tuple[str, ...] = ()  # addresses in boxes like those of the links, which the layout does not find
    rows: tuple[Row, ...] = ()  # in the page's order
    unread: tuple[str, ...] = ()  # the words of boxes that look like news, and have no title or no date


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that an article offers. The page itself may name its type and length."""

    url: str
    label: str
    type: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The text on a further page of an article."""

    body: str  # HTML
    base: str  # of relative addresses


@dataclass(frozen=True, slots=True)
class Scraped:
    """An article's page in pieces. Every string is as found; an address may be relative."""

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
    language: str = ""  # that the page names, without its region
    next_page: str | None = None  # where the article goes on; None: this page is its last
    own: tuple[str, ...] = ()  # the addresses of the article, which those of its further pages begin with
    number: int | None = None  # of that next page, as its address has it
    further: tuple[Part, ...] = ()  # the texts of its further pages, in order


# ------------------------------------------------------------ fit to publish


@dataclass(frozen=True, slots=True)
class Article:
    """A clean article. Plain text is NFC on one line; HTML has allowed elements only."""

    url: str  # as the council serves it
    addresses: tuple[str, ...]  # under which it is known, the surest first
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
    hidden: tuple[str, ...] = field(default=(), compare=False)  # words that the page hides; only a new article has them

    @property
    def all_addresses(self) -> tuple[str, ...]:
        """The addresses of its page, the surest first. One may be there twice."""
        return (*self.addresses, self.url)

    @property
    def body_html(self) -> str:
        return "\n".join(self.blocks)

    @property
    def hrefs(self) -> tuple[str, ...]:
        """The addresses of the links in the body."""
        from html import unescape

        return tuple(unescape(href) for href in re.findall(r'<a href="([^"]*)"', self.body_html))

    @property
    def srcs(self) -> tuple[str, ...]:
        """The addresses of the pictures in the body."""
        from html import unescape

        return tuple(unescape(src) for src in re.findall(r'<img [^>]*\bsrc="([^"]*)"', self.body_html))

    @property
    def offered(self) -> tuple[Picture | Attachment, ...]:
        """The pictures and files that may become the item's enclosure, the best first."""
        return (*self.pictures, *self.files)


# ------------------------------------------------------------ as kept


class By(Enum):
    """Who withdrew an item."""

    COUNCIL = "council"  # its page is gone; the item is published again if the page comes back
    OPERATOR = "operator"  # taken out for good
    FEED = "feed"  # for good, as far as is known: a tombstone in a feed says so, and nothing says by whom


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
    """An article with its history: its id, and when it was seen and changed."""

    id: str  # given once, lasts
    article: Article
    first_seen: datetime
    updated: datetime  # when a reader would last have seen a change; at first the date of publication
    gone: Gone | None = None  # None: it is published
    is_read: bool = True  # no: known from published feeds alone, without its text; its page is to be read again

    @property
    def is_out_for_good(self) -> bool:
        """Whether it was withdrawn, and nothing that is read later brings it back."""
        return self.gone is not None and self.gone.is_final

    @property
    def date(self) -> datetime:
        """The date that readers sort by: the council's, or else when the item was first seen."""
        return self.article.published or self.first_seen


@dataclass(frozen=True, slots=True)
class Entry:
    """One item. Every form of its text has the council's link."""

    id: str
    url: str
    title: str
    summary_html: str
    summary_text: str
    text: str  # all of the council's words, one line a block; for search alone, for it has no link
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
        """The picture to show beside the item. None: it has none."""
        if self.enclosure and self.enclosure.type.startswith("image/"):
            return Picture(self.enclosure.url, self.enclosure_title)
        return self.pictures[0] if self.pictures else None


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An item that was published once and is withdrawn now (RFC 6721)."""

    id: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Generator:
    """The program that made a feed."""

    name: str
    version: str = ""  # "": it is not said
    page: str = ""  # the address of a page about it and who runs it; "": there is none

    def __str__(self) -> str:
        return " ".join(filter(None, (self.name, self.version, self.page)))


@dataclass(frozen=True, slots=True)
class Feed:
    """A document of items, in no format yet."""

    id: str
    title: str
    description: str
    home: str
    base_url: str  # of the feed's files, with a slash at the end
    language: str
    rights: str
    author: str
    webmaster: str | None  # the publisher's address for mail, never the council's: some programs write in its name
    icon: str | None
    logo: str | None
    category_scheme: str
    updated: datetime
    ttl: int  # minutes
    generator: Generator
    entries: tuple[Entry, ...]  # newest first
    tombstones: tuple[Tombstone, ...] = ()  # newest first
    hubs: tuple[str, ...] = ()  # which push its changes to their subscribers (WebSub)
    previous: str | None = None  # folder of the archive with the items before these (RFC 5005); None: there are none
    current: str | None = None  # of an archive: folder of the feed that it belongs to; None: it is no archive
    is_closed: bool = False  # nothing new will ever be in it


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed as it is shown to people who may want to subscribe."""

    title: str  # for a list of many councils' feeds
    label: str  # shorter, for the source's own page
    kind: str  # all, text, topic, category
    folder: str  # its address, with a slash at the end
    items: int | None = None  # None: the number is not shown
    home: str = ""  # the address of the page that it belongs to; "": the council's site


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a published document."""

    where: str  # the item's id or title, or the feed
    rule: str

    def __str__(self) -> str:
        return f"{self.where}: {self.rule}"
