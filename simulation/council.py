"""The council as it truly is: its articles, and how its site is set up. Events change it; nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from simulation.clock import BEGINNING

KYIV = ZoneInfo("Europe/Kyiv")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on an article's page."""

    path: str
    alt: str


@dataclass(frozen=True, slots=True)
class File:
    """A document that an article's page links."""

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article, as its page shows it."""

    number: int
    title: str
    paragraphs: tuple[str, ...]
    dated: datetime  # what the page shows, to the minute
    slug: str
    category: str
    is_there: bool = True
    is_pinned: bool = False
    is_led: bool = True  # an address that it had leads to the present one; no: nothing is there
    repeats: int | None = None  # the article that it says once more, word for word
    pictures: tuple[Picture, ...] = ()  # after its first paragraph
    files: tuple[File, ...] = ()  # after its last one, each in a paragraph of its own
    is_formed: bool = False  # its paragraphs are lists, headings, tables and others: see ``markup``
    shape: int = 0  # of the whole text, as it was pasted: see ``markup``; 0: paragraphs

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)

    @property
    def words(self) -> tuple[str, ...]:
        """All that is to be read on the page below the title: paragraphs, and names of files."""
        return (*self.paragraphs, *(file.name for file in self.files))


@dataclass(frozen=True, slots=True)
class Setup:
    """How the site is set up. Everything here changes by events alone."""

    skin: str = "plain"
    variant: int = 0  # of the skin's template: class names, wrappers
    scheme: str = "https"
    host: str = "rada.example"
    dates: str = "minute"  # how the time is written: see ``skins``
    path: str = "news"  # the first part of an article's address
    validators: str = "etag"  # etag, modified, none
    page_size: int = 10
    crawl_delay: int = 0  # seconds, as robots.txt asks for; 0: it does not
    is_cut: bool = False  # with this setup all earlier addresses have come to lead nowhere
    zone: str = ""  # how the zone is written beside a time: see ``skins``
    is_busy: bool = False  # each page names the newest articles, what to read next, and how often it was seen
    is_parted: bool = False  # the second half of each text is in a box of its own
    led: int = 0  # one article in so many has its first paragraph in a box of its own, above the text; 0: none
    is_attached: bool = False  # files are in a box of their own, below the text
    has_gallery: bool = False  # pictures are in a box of their own, below the text
    has_banner: bool = False  # each text ends with the site's own picture
    classes: str = "words"  # what classes are called: see ``skins``
    depth: int = 0  # articles that the listing names on all its pages, the newest ones; 0: all


class Act(Enum):
    """What can happen at the council."""

    PUBLISH = "publishes"
    RETITLE = "corrects a title"
    REWRITE = "corrects a text"
    REDATE = "corrects a date"
    REPOST = "posts an article once more"
    DELETE = "deletes an article"
    RESTORE = "restores an article"
    ILLUSTRATE = "changes the pictures or the files of an article"
    PIN = "pins an article"
    UNPIN = "unpins an article"
    SETUP = "changes the site"
    TROUBLE = "has trouble"  # until ``until``
    # What happens on the operator's side
    KILL = "has nothing to do with it: runs are killed"
    FULL_DISK = "has nothing to do with it: the disk is full"
    PUT_BACK = "has nothing to do with it: an older state is put back"
    LOSE_STATE = "has nothing to do with it: the state and its copies are lost"
    CONFIGURE = "has nothing to do with it: the configuration is changed"
    CLOCK = "has nothing to do with it: the machine's clock is wrong"
    UPGRADE = "has nothing to do with it: a newer feedpub is installed"


class Kind(Enum):
    """The trouble of a site."""

    OUTAGE = "outage"
    SILENT = "silence"
    SLOW = "slow days"
    TRICKLE = "a byte a second"
    ERRORS = "5xx"
    BUSY = "503 with Retry-After"
    CERTIFICATE = "expired certificate"
    CAPTCHA = "captcha"
    SOFT_404 = "pages that are not there, as 200"
    MISSING = "404 for all articles"
    GAP = "404 for one article"
    EMPTY = "an empty listing"
    HIJACK = "another site"
    SLOW_HIJACK = "another site's articles among the council's"
    FLAKY = "every third answer is 502"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at an instant. It depends on no other event: any may be left out of a story."""

    at: datetime
    act: Act
    number: int = 0  # of the article
    article: Article | None = None  # as it is afterwards: published or posted once more
    changes: tuple[tuple[str, object], ...] = ()  # to the article, or to the setup
    kind: Kind | None = None
    until: datetime | None = None

    def __str__(self) -> str:
        what = f" {self.number}" if self.number else ""
        named = f" «{self.article.title}» of {self.article.dated:%Y-%m-%d %H:%M}" if self.article else ""
        kind = f" ({self.kind.value} until {self.until:%Y-%m-%d %H:%M})" if self.kind and self.until else ""
        changes = "".join(f"; {name} = {_short(value)}" for name, value in self.changes)
        return f"{self.at:%Y-%m-%d %H:%M}Z the council {self.act.value}{what}{named}{kind}{changes}"


def _short(value: object) -> str:
    said = f"{value:%Y-%m-%d %H:%M %z}" if isinstance(value, datetime) else repr(value)
    return said if len(said) <= 90 else f"{said[:87]}…"


@dataclass(frozen=True, slots=True)
class Story:
    """All that decides a life."""

    seed: int
    setup: Setup
    events: tuple[Event, ...]
    end: datetime
    every: timedelta = timedelta(hours=1)  # between two runs by cron
    begin: datetime = BEGINNING  # the first run


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it was from an instant on."""

    since: datetime
    article: Article


@dataclass(slots=True)
class Council:
    """The truth at one moment, and all that it was before."""

    setup: Setup = field(default_factory=Setup)
    articles: dict[int, Article] = field(default_factory=dict)
    history: dict[int, list[Version]] = field(default_factory=dict)  # by number, oldest first
    former: list[Setup] = field(default_factory=list)  # earlier setups, oldest first
    changed: list[datetime] = field(default_factory=list)  # when each of these was over
    troubles: list[Event] = field(default_factory=list)  # that began and may not be over
    revision: int = 0
    _moved: dict[str, int] = field(default_factory=dict)  # slugs that articles had -> their numbers

    def apply(self, event: Event) -> None:
        """Let an event happen. One about an article that is not there changes nothing."""
        self.revision += 1
        match event.act:
            case Act.PUBLISH | Act.REPOST:
                if event.article:
                    self._put(event.at, event.article)
            case Act.SETUP:
                self.former.append(self.setup)
                self.changed.append(event.at)
                changes = {"is_cut": False} | dict(event.changes)
                self.setup = replace(self.setup, **changes)  # type: ignore[arg-type]
            case Act.TROUBLE:
                self.troubles.append(event)
            case _:
                article = self.articles.get(event.number)
                if article and (article.is_there or event.act is Act.RESTORE):
                    self._put(event.at, replace(article, **dict(event.changes)))  # type: ignore[arg-type]

    def _put(self, at: datetime, article: Article) -> None:
        before = self.articles.get(article.number)
        if before and before.slug != article.slug:
            self._moved[before.slug] = article.number
        self.articles[article.number] = article
        self.history.setdefault(article.number, []).append(Version(at, article))

    def trouble(self, now: datetime) -> list[Event]:
        """Return the troubles of this moment."""
        self.troubles = [one for one in self.troubles if one.until and now < one.until]
        return self.troubles

    def listed(self) -> list[Article]:
        """Return the articles as the listing names them: pinned ones, then the newest first."""
        there = [one for one in self.articles.values() if one.is_there]
        return sorted(there, key=lambda one: (one.is_pinned, one.dated, one.number), reverse=True)

    def setups_since(self, instant: datetime) -> list[Setup]:
        """Return the setups that there were since an instant."""
        recent = [setup for setup, over in zip(self.former, self.changed, strict=True) if over > instant]
        return [*recent, self.setup]

    def now_at(self, slug: str) -> Article | None:
        """Return the article that had this slug and has another one now, if its old address leads there."""
        number = self._moved.get(slug)
        article = self.articles[number] if number else None
        return article if article and article.is_led and article.is_there and article.slug != slug else None

    def leading(self) -> Iterator[Setup]:
        """Yield the setups whose addresses lead to an article, the present one first."""
        for setup in self.setups():
            yield setup
            if setup.is_cut:
                return

    def setups(self) -> Iterator[Setup]:
        """Yield all setups that there were, the present one first."""
        yield self.setup
        yield from reversed(self.former)


def path_of(setup: Setup, article: Article) -> str:
    return f"/{setup.path}/{article.slug}"


def address_of(setup: Setup, article: Article) -> str:
    return f"{setup.scheme}://{setup.host}{path_of(setup, article)}"
