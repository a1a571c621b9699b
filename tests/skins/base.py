"""What every skin has in common: addresses, pages, and what one request sees. A skin adds its markup."""

from __future__ import annotations

import enum
import hashlib
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from html import escape
from urllib.parse import quote
from zoneinfo import ZoneInfo

from tests.drupal.articles import RUBRICS, Article, Rubric
from tests.skins.town import MENU, SITE, USEFUL

SIDEBAR = 10  # articles linked from every page
KYIV = ZoneInfo("Europe/Kyiv")


class Shown(enum.Enum):
    """How much of an article's date a reader of its page can know."""

    DAY = enum.auto()
    MINUTE = enum.auto()
    INSTANT = enum.auto()  # with the offset


@dataclass(frozen=True, slots=True)
class Visit:
    """What one request sees."""

    base_url: str  # scheme and host, without a slash at the end
    today: date
    served: int  # pages so far: counters and tokens change with it
    listed: Sequence[Article]  # newest first

    @property
    def host(self) -> str:
        return self.base_url.partition("://")[2]

    @property
    def newest(self) -> Sequence[Article]:
        return self.listed[:SIDEBAR]

    @property
    def popular(self) -> Sequence[Article]:
        return sorted(self.listed, key=lambda article: zlib.crc32(b"%d" % article.number))[:SIDEBAR]

    def token(self, name: str, length: int = 32) -> str:
        return hashlib.sha256(f"{name} {self.served}".encode()).hexdigest()[:length]

    def views(self, article: Article) -> int:
        return zlib.crc32(article.alias.encode()) % 3000 + self.served

    def beside(self, article: Article) -> tuple[Article | None, Article | None]:
        """The next older and the next newer one; None where there is none, or the article is not listed."""
        if article not in self.listed:
            return None, None
        place = self.listed.index(article)
        older = self.listed[place + 1] if place + 1 < len(self.listed) else None
        return older, self.listed[place - 1] if place else None

    def related(self, article: Article, count: int = 3) -> Sequence[Article]:
        others = [each for each in self.listed if each.number != article.number]
        return sorted(others, key=lambda each: zlib.crc32(b"%d %d" % (article.number, each.number)))[:count]


@dataclass(frozen=True, slots=True)
class Pager:
    """A listing's page among its pages, counted from 1."""

    number: int
    count: int
    path: Callable[[int], str]

    @property
    def next(self) -> str | None:
        return self.path(self.number + 1) if self.number < self.count else None

    @property
    def previous(self) -> str | None:
        return self.path(self.number - 1) if self.number > 1 else None

    def numbers(self, link: str, current: str) -> str:
        """Every page's number, by two templates: of a link with {path} and {n}, and of this page with {n}."""
        return "".join(
            (current if n == self.number else link).format(n=n, path=escape(self.path(n)))
            for n in range(1, self.count + 1)
        )


class Skin(ABC):
    """A layout. It has no state: all that changes comes with the visit."""

    home = "/"
    other_homes: tuple[str, ...] = ()  # where the first listing page stands too
    encoding = "utf-8"
    content_type = "text/html; charset=utf-8"
    uploads = "/uploads/"
    shown = Shown.MINUTE
    sticky_first = False
    menu: Sequence[tuple[str, str]] = MENU  # slug, name
    more_pages: Sequence[tuple[str, str]] = ()  # that are not in the menu

    @abstractmethod
    def path(self, article: Article) -> str:
        """Where the article stands, as the listing links it."""

    @abstractmethod
    def page_path(self, number: int, size: int) -> str:
        """Where the listing's page of that number stands, counted from 1, of that many articles."""

    @abstractmethod
    def listing(self, visit: Visit, rows: Sequence[Article], pager: Pager) -> str: ...

    @abstractmethod
    def full(self, visit: Visit, article: Article) -> str: ...

    @abstractmethod
    def frame(self, visit: Visit, title: str, content: str, article: Article | None = None) -> str:
        """The whole page; article: the one that the page is about."""

    def basic(self, name: str, text: str) -> str:
        """A page's content that is no news, from its plain name and its HTML."""
        return f"<h1>{escape(name)}</h1>\n{text}"

    def other_paths(self, article: Article) -> tuple[str, ...]:
        """Where the article stands too."""
        return ()

    def rubric_path(self, rubric: Rubric) -> str:
        return f"/category/{rubric.alias.rpartition('/')[2] or rubric.number}"

    def menu_path(self, slug: str) -> str:
        return f"/{slug}"

    def categories(self, article: Article) -> tuple[str, ...]:
        """Those that the article's page shows."""
        return ()

    def images(self, article: Article) -> list[tuple[str, str]]:
        """Paths and alternative texts, safe for HTML."""
        return [(self.upload(image.file), escape(image.alt)) for image in article.images]

    def files(self, article: Article) -> list[tuple[str, str]]:
        """Paths and labels, safe for HTML."""
        return [(self.upload(f"docs/{each.file}"), escape(each.label)) for each in article.files]

    def thumbnail(self, article: Article) -> str:
        """The path of the picture that a listing shows: the first, or one for all that have none."""
        return self.upload(article.images[0].file if article.images else "no-photo.png")

    def upload(self, name: str) -> str:
        return quote(self.uploads + name)

    def rubrics(self, article: Article) -> list[tuple[str, str]]:
        """Paths and names, safe for HTML, of the article's categories."""
        return [(self.rubric_path(each), escape(each.name)) for each in RUBRICS if each.name in article.categories]

    def links(self, articles: Iterable[Article], template: str = '<li><a href="{path}">{title}</a></li>\n') -> str:
        return "".join(template.format(path=escape(self.path(a)), title=title_of(a)) for a in articles)

    def menu_links(self, template: str = '<li><a href="{path}">{name}</a></li>\n') -> str:
        entries = [("/", "Головна"), (self.home, "Новини")] if self.home != "/" else [("/", "Новини")]
        entries += [(self.menu_path(slug), name) for slug, name in self.menu]
        return "".join(template.format(path=escape(path), name=escape(name)) for path, name in entries)

    def banners(self, template: str = '<a href="{path}"><img src="{picture}" alt="{name}"></a>\n') -> str:
        return "".join(
            template.format(path=path, name=name, picture=self.upload(picture)) for path, name, picture in USEFUL
        )

    def share(self, visit: Visit, article: Article, template: str = '<a href="{path}">{name}</a>\n') -> str:
        own = quote(visit.base_url + self.path(article), safe="")
        nets = (
            ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={own}"),
            ("Telegram", f"https://t.me/share/url?url={own}"),
            ("Viber", f"viber://forward?text={own}"),
        )
        return "".join(template.format(path=path, name=name) for name, path in nets)

    def heading(self, title: str, separator: str) -> str:
        """The title element's text."""
        return escape(f"{title}{separator}{SITE}")


def title_of(article: Article) -> str:
    """The article's title as a CMS prints it: escaped once."""
    return escape(article.title)


def slug(article: Article) -> str:
    return article.alias.rpartition("/")[2]


def known(article: Article, shown: Shown) -> datetime:
    """The instant that a page tells; where an hour happens twice and no offset is shown, the first of the two."""
    if shown is Shown.INSTANT:
        return article.local
    wall = article.local.replace(tzinfo=KYIV, fold=0)
    if shown is Shown.DAY:
        wall = datetime.combine(wall.date(), time(), KYIV)
    offset = wall.utcoffset()
    assert offset is not None
    return wall.replace(tzinfo=timezone(offset))
