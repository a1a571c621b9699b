"""Requests to answers as a stock Drupal 7.105 gives them: addresses, page cache, errors. Pure: no socket, no clock.

>>> from dataclasses import replace
>>> site = Site()
>>> site.articles.append(replace(site.articles[-1], number=300, alias="content/nove"))  # the council publishes
>>> site.overrides["/node/297"] = Answer(500)                                           # and a page breaks
>>> site.answer("GET", "/node", {}, "http://127.0.0.1:8000").status
200
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import parse_qs, unquote

from tests.drupal import articles as published
from tests.drupal import files
from tests.drupal.articles import RUBRICS, Article, Attachment, BasicPage, Image, Rubric
from tests.drupal.frame import Content, Setting, page
from tests.drupal.listing import listing
from tests.drupal.node import basic_page, full

__all__ = ["RUBRICS", "Answer", "Article", "Attachment", "BasicPage", "Image", "Rubric", "Site"]

TODAY = date(2025, 11, 14)  # the day of the newest article
SIDEBAR = 10  # articles linked from every page
_FORBIDDEN = re.compile(r"(admin|user|search|node/add)(/|$)")
_NODE = re.compile(r"node/(?P<number>\d+)(?P<view>/view)?")
_TERM = re.compile(r"taxonomy/term/(?P<number>\d+)")
_EXPIRED = "Sun, 19 Nov 1978 05:00:00 GMT"  # the birthday of Drupal's founder, in every Drupal's headers


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; Content-Length is added to it unless it already names one, be it a wrong one."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class _Page:
    content: Content
    status: int = HTTPStatus.OK


class Site:
    """The council's site; what a test changes in it holds from the next request on.

    articles        in any order; to be replaced, added, removed
    overrides       path and query as requested → what to answer instead
    page_size       articles on a listing page
    cache           Drupal's page cache: validators and 304; without it no two answers have the same bytes
    crawl_delay     seconds, named in robots.txt; None: not named
    encoding        "windows-1251": declared by the page's meta element alone
    today           the day that the header's clock shows
    """

    def __init__(
        self,
        articles: Iterable[Article] | None = None,
        *,
        page_size: int = 10,
        cache: bool = True,
        crawl_delay: float | None = None,
        encoding: str = "utf-8",
        today: date = TODAY,
    ) -> None:
        self.articles = published.articles() if articles is None else list(articles)
        self.basic_pages = published.basic_pages()
        self.overrides: dict[str, Answer | Callable[[], Answer]] = {}
        self.page_size = page_size
        self.cache = cache
        self.crawl_delay = crawl_delay
        self.encoding = encoding
        self.today = today
        self._served = itertools.count(1)

    def answer(self, method: str, path: str, headers: Mapping[str, str], base_url: str) -> Answer:
        """What the site answers; `path` is the request's target with its query, headers have lower-case names."""
        override = self.overrides.get(path)
        if override is None:
            answer = self._file(path) or self._cached(self._drupal(path, base_url), headers)
        else:
            answer = override if isinstance(override, Answer) else override()
        return _complete(answer, method)

    def _file(self, path: str) -> Answer | None:
        """What the web server finds without asking Drupal."""
        name = unquote(path.partition("?")[0])
        if name == "/robots.txt":
            return Answer(HTTPStatus.OK, (("Content-Type", "text/plain"),), self._robots().encode())
        found = files.find(name)
        return found and Answer(HTTPStatus.OK, (("Content-Type", found[0]),), found[1])

    def _robots(self) -> str:
        delay = "" if self.crawl_delay is None else f"Crawl-delay: {self.crawl_delay:g}\n"
        return f"User-agent: *\n{delay}Disallow: /admin/\nDisallow: /user/\nDisallow: /search/\n"

    def _drupal(self, path: str, base_url: str) -> Answer:
        address, _, query = path.partition("?")
        parameters = parse_qs(query)
        is_entry = address.strip("/") in ("", "index.php")
        route = parameters.get("q", [""])[0] if is_entry else unquote(address)
        answer = self._page(route.strip("/"), _page_number(parameters), base_url)
        markup = page(answer.content, self._setting(base_url))
        body = markup.encode(self.encoding, "xmlcharrefreplace")
        return Answer(answer.status, self._headers(answer.content), body)

    def _page(self, route: str, number: int, base_url: str) -> _Page:
        """The page of a route or alias; `number` counts a listing's pages from 0."""
        if route in ("", "node"):
            return self._front(number, base_url)
        if rubric := _rubric(route):
            return self._rubric_page(rubric, number, base_url)
        if article := self._article(route):
            return _node_page(article, full(article, base_url), route)
        if basic := self._basic_page(route):
            return _node_page(basic, basic_page(basic), route) if basic.published else _forbidden(route)
        return _forbidden(route) if _FORBIDDEN.match(route) else _missing(route)

    def _front(self, number: int, base_url: str) -> _Page:
        listed = [article for article in self.articles if article.listed]
        return _Page(Content("node", "", listing(listed, number, self.page_size, "/node", base_url)))

    def _rubric_page(self, rubric: Rubric, number: int, base_url: str) -> _Page:
        articles = [article for article in self.articles if rubric.name in article.categories]
        heading = f"""\
<div class="term-listing-heading"><div id="taxonomy-term-{rubric.number}" class="taxonomy-term vocabulary-category">

  <div class="content">
      </div>

</div>
</div>"""
        markup = heading + listing(articles, number, self.page_size, rubric.href, base_url)
        return _Page(Content(rubric.route, rubric.name, markup, rubric.href, f"/{rubric.route}"))

    def _article(self, route: str) -> Article | None:
        number = _node_number(route)
        return next((each for each in self.articles if each.alias == route or each.number == number), None)

    def _basic_page(self, route: str) -> BasicPage | None:
        number = _node_number(route)
        return next((each for each in self.basic_pages if each.alias == route or each.number == number), None)

    def _setting(self, base_url: str) -> Setting:
        newest = sorted(self.articles, key=lambda article: (article.utc, article.number), reverse=True)[:SIDEBAR]
        seed = self._version() if self.cache else f"{next(self._served)}"
        form_ids = (_form_id(f"search {seed}"), _form_id(f"login {seed}"))
        return Setting(base_url, self.encoding, self.today, newest, form_ids)

    def _headers(self, content: Content) -> tuple[tuple[str, str], ...]:
        links = f'<{content.canonical}>; rel="canonical",<{content.shortlink}>; rel="shortlink"'
        charset = "; charset=utf-8" if self.encoding == "utf-8" else ""
        return (
            ("Content-Type", f"text/html{charset}"),
            ("Content-Language", "uk"),
            ("X-Frame-Options", "SAMEORIGIN"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Generator", "Drupal 7 (http://drupal.org)"),
            *([("Link", links)] if content.canonical else []),
            ("Expires", _EXPIRED),
            ("Cache-Control", "public, max-age=0" if self.cache else "no-cache, must-revalidate"),
        )

    def _cached(self, answer: Answer, headers: Mapping[str, str]) -> Answer:
        """The answer with validators, or 304 where the request has both, each exactly as given.

        As drupal_serve_page_from_cache does, for errors too: a client that keeps the validators of a 404 is told
        later that nothing has changed.
        """
        if not self.cache:
            return answer
        tag, modified = self._validators()
        validated = (*answer.headers, ("Etag", tag), ("Last-Modified", modified))
        if (headers.get("if-none-match"), headers.get("if-modified-since")) == (tag, modified):
            return Answer(HTTPStatus.NOT_MODIFIED, validated)
        return Answer(answer.status, validated, answer.body)

    def _validators(self) -> tuple[str, str]:
        """ETag and Last-Modified: the time of caching, here invented from the version, for want of a clock."""
        version = self._version()
        morning = datetime(self.today.year, self.today.month, self.today.day, tzinfo=UTC)
        cached = morning + timedelta(seconds=int(version[:8], 16) % 86_400)
        return f'"{cached.timestamp():.0f}-{version[:8]}"', format_datetime(cached, usegmt=True)

    def _version(self) -> str:
        """A hash of all that the pages are made of: as in Drupal, any change is a change of every page."""
        state = (self.articles, self.basic_pages, self.page_size, self.encoding, self.today)
        return hashlib.sha256(repr(state).encode()).hexdigest()


def _complete(answer: Answer, method: str) -> Answer:
    """The answer with its Content-Length, and without the body that HEAD does not ask for."""
    headers = answer.headers
    if answer.header("content-length") is None and answer.status != HTTPStatus.NOT_MODIFIED:
        headers = (*headers, ("Content-Length", f"{len(answer.body)}"))
    return Answer(int(answer.status), headers, b"" if method == "HEAD" else answer.body)


def _page_number(parameters: Mapping[str, list[str]]) -> int:
    """The `page` parameter as PHP reads a number: 0 where it is none."""
    value = parameters.get("page", [""])[0]
    return int(value) if value.isascii() and value.isdigit() else 0


def _node_number(route: str) -> int | None:
    """The number in node/12, node/0012 and node/12/view; None where the route is no node's."""
    node = _NODE.fullmatch(route)
    return int(node["number"]) if node else None


def _rubric(route: str) -> Rubric | None:
    term = _TERM.fullmatch(route)
    number = int(term["number"]) if term else None
    return next((each for each in RUBRICS if each.number == number or (each.alias and each.alias == route)), None)


def _node_page(node: Article | BasicPage, markup: str, route: str) -> _Page:
    kind = "node-type-story" if isinstance(node, Article) else "node-type-page"
    own = route if _NODE.fullmatch(route) else node.route
    return _Page(Content(own, node.title, markup, node.href, f"/{node.route}", kind))


def _forbidden(route: str) -> _Page:
    content = Content(route, "Доступ заборонено", "У вас немає прав для перегляду цієї сторінки.")
    return _Page(content, HTTPStatus.FORBIDDEN)


def _missing(route: str) -> _Page:
    content = Content(route, "Сторінку не знайдено", f'Сторінки "{published.href(route)}" на цьому сайті немає.')
    return _Page(content, HTTPStatus.NOT_FOUND)


def _form_id(seed: str) -> str:
    return "form-" + base64.urlsafe_b64encode(hashlib.sha256(seed.encode()).digest()).decode().rstrip("=")
