"""The demo council's site in other layouts, as real councils' look: for a program that meets a site for the first time.

>>> from tests.drupal.server import serve
>>> site = Skinned("joomla")
>>> with serve(site) as served:
...     listing = served.url + site.home
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from urllib.parse import unquote

from tests.drupal import files
from tests.drupal.articles import RUBRICS, Article
from tests.drupal.site import TODAY, Answer, Site
from tests.skins.base import Pager, Skin, Visit, known
from tests.skins.cms import Drupal6, Joomla, WordPress
from tests.skins.modern import Cards, Hashed, SliderFirst
from tests.skins.nonews import NO_NEWS
from tests.skins.old import Seed, Table, Windows
from tests.skins.portals import DayHeads, Gromada, Microdata
from tests.skins.town import SITE, basic_text

__all__ = ["NO_NEWS", "SKINS", "Expected", "Skinned"]

_SKINS: dict[str, Skin] = {
    "seed": Seed(),
    "drupal6": Drupal6(),
    "wordpress": WordPress(),
    "joomla": Joomla(),
    "gromada": Gromada(),
    "table": Table(),
    "cards": Cards(),
    "hashed": Hashed(),
    "wp1251": Windows(),
    "dayheads": DayHeads(),
    "sliderfirst": SliderFirst(),
    "microdata": Microdata(),
}
SKINS = tuple(_SKINS)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a reader of an article's page should see."""

    path: str  # as the listing links it, percent-encoded
    title: str
    published: datetime  # what the page tells: midnight in Kyiv where it shows the day only
    paragraphs: tuple[str, ...]
    images: tuple[str, ...]  # paths of those beside the body
    files: tuple[str, ...]  # paths
    categories: tuple[str, ...]  # as the article's page shows them


class Skinned(Site):
    """The site as served; articles, overrides, page_size and today are to be changed as the demo site's are."""

    def __init__(
        self, skin: str, articles: Iterable[Article] | None = None, *, page_size: int = 10, today: date = TODAY
    ) -> None:
        super().__init__(articles, page_size=page_size, cache=False, today=today)
        self.skin = skin
        self.home = _SKINS[skin].home  # the path of the listing to configure

    def expected(self) -> list[Expected]:
        """The listed articles, newest first."""
        return [_expected(_SKINS[self.skin], article) for article in self._listed()]

    def answer(self, method: str, path: str, headers: Mapping[str, str], base_url: str) -> Answer:
        override = self.overrides.get(path)
        if override is None:
            answer = self._stored(path) or self._made(path, base_url)
        else:
            answer = override if isinstance(override, Answer) else override()
        length = (("Content-Length", f"{len(answer.body)}"),) if answer.header("content-length") is None else ()
        return Answer(int(answer.status), (*answer.headers, *length), b"" if method == "HEAD" else answer.body)

    def _stored(self, path: str) -> Answer | None:
        """robots.txt, and the pictures and documents, which lie where the skin uploads them."""
        name = unquote(path.partition("?")[0])
        if name == "/robots.txt":
            return Answer(HTTPStatus.OK, (("Content-Type", "text/plain"),), b"User-agent: *\nAllow: /\n")
        uploads = _SKINS[self.skin].uploads
        found = files.find(files.FOLDER + name.removeprefix(uploads) if name.startswith(uploads) else name)
        return found and Answer(HTTPStatus.OK, (("Content-Type", found[0]),), found[1])

    def _made(self, path: str, base_url: str) -> Answer:
        skin = _SKINS[self.skin]
        visit = Visit(base_url, self.today, next(self._served), self._listed())
        status, title, content, article = self._content(skin, visit, unquote(path))
        body = skin.frame(visit, title, content, article).encode(skin.encoding, "xmlcharrefreplace")
        return Answer(status, (("Content-Type", skin.content_type),), body)

    def _content(self, skin: Skin, visit: Visit, path: str) -> tuple[int, str, str, Article | None]:
        """Status, title and content of the page at a path (percent-decoded), and the article that it is about."""
        if (number := self._page_number(skin, path)) is not None:
            return HTTPStatus.OK, "Новини", self._listing(skin, visit, number), None
        for article in self.articles:
            if path in map(unquote, (skin.path(article), *skin.other_paths(article))):
                return HTTPStatus.OK, article.title, skin.full(visit, article), article
        for rubric in RUBRICS:
            if path == unquote(skin.rubric_path(rubric)):
                rows = _newest_first(each for each in self.articles if rubric.name in each.categories)
                content = skin.listing(visit, rows, Pager(1, 1, str))
                return HTTPStatus.OK, rubric.name, content, None
        for slug, name in (*skin.menu, *skin.more_pages):
            if path == skin.menu_path(slug):
                return HTTPStatus.OK, name, skin.basic(name, basic_text(name)), None
        if path == "/":
            return HTTPStatus.OK, "Головна", skin.basic(f"Вітаємо! {SITE}", basic_text(SITE)), None
        missing = "<p>На жаль, такої сторінки на сайті немає. Можливо, її перенесли або вилучили.</p>"
        return HTTPStatus.NOT_FOUND, "Сторінку не знайдено", skin.basic("Помилка 404", missing), None

    def _page_number(self, skin: Skin, path: str) -> int | None:
        """The number, from 1, of the listing's page at a path; None where there is none."""
        if path in (skin.home, *skin.other_homes):
            return 1
        numbers = range(1, self._pages() + 1)
        return next((n for n in numbers if path == unquote(skin.page_path(n, self.page_size))), None)

    def _pages(self) -> int:
        return max(1, -(-len(self._listed()) // self.page_size))

    def _listing(self, skin: Skin, visit: Visit, number: int) -> str:
        rows = self._listed()
        if skin.sticky_first:
            rows.sort(key=lambda article: not article.sticky)
        pager = Pager(number, self._pages(), lambda n: skin.page_path(n, self.page_size))
        return skin.listing(visit, rows[(number - 1) * self.page_size :][: self.page_size], pager)

    def _listed(self) -> list[Article]:
        return _newest_first(article for article in self.articles if article.listed)


def _newest_first(articles: Iterable[Article]) -> list[Article]:
    return sorted(articles, key=lambda article: (article.utc, article.number), reverse=True)


def _expected(skin: Skin, article: Article) -> Expected:
    return Expected(
        path=skin.path(article),
        title=article.expected_title,
        published=known(article, skin.shown),
        paragraphs=article.text,
        images=_paths(skin.images(article)),
        files=_paths(skin.files(article)),
        categories=skin.categories(article),
    )


def _paths(labelled: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(path for path, _ in labelled)
