"""A council's site of any size, served over loopback: pages of real weight, validators of each page's own, latency.

Its pages are those of the tests' Drupal, in a frame as wide as real ones
have: a menu of many links, style sheets, scripts. An article
has some 50 KB, a third of it its own.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import parse_qs, unquote

from benchmarks import prose
from tests.drupal import files
from tests.drupal.frame import Content, Setting, page
from tests.drupal.listing import in_order, listing
from tests.drupal.node import full
from tests.drupal.site import TODAY, Answer, Article, Site

PAGE_SIZE = 20  # articles on a page of the listing
MENU = 75  # links in the menu
STYLES, SCRIPTS = 12, 18  # files that the head names
_LISTING = re.compile(r"/(?:node)?")
_ARTICLE = re.compile(r"/content/stattya-(?P<number>\d+)|/node/(?P<again>\d+)")


class Council(Site):
    """A site whose every page has an ETag of what stands on it: a new article changes the listing, and no other page.

    ``latency`` is what each answer takes in seconds, beyond what this machine needs for it.
    """

    def __init__(self, count: int, *, latency: float = 0.0) -> None:
        super().__init__([], page_size=PAGE_SIZE)
        self.latency = latency
        self.by_number = {a.number: a for a in prose.articles(count)}
        self._lock = threading.Lock()
        self._bodies: dict[str, bytes] = {}  # address -> the page as rendered
        self._settle()

    def add(self, count: int = 1) -> None:
        """So many new articles, without pictures, so that each costs one request."""
        for _ in range(count):
            number = max(self.by_number) + 1
            published = self.by_number[number - 1].utc + prose.APART
            self.by_number[number] = prose.article(number, published, is_pictured=False)
        self._settle()

    def edit(self, number: int) -> None:
        """An article says something more."""
        old = self.by_number[number]
        self.by_number[number] = prose.article(number, old.utc, revision=1)
        self._settle()

    def _settle(self) -> None:
        with self._lock:
            self.articles = in_order(list(self.by_number.values()))
            self.newest = self.articles[:10]
            self._bodies.clear()

    def answer(self, method: str, path: str, headers: Mapping[str, str], base_url: str) -> Answer:
        if self.latency:
            time.sleep(self.latency)
        found = files.find(unquote(path))
        if path == "/robots.txt":
            answer = Answer(HTTPStatus.OK, (("Content-Type", "text/plain"),), b"User-agent: *\nDisallow: /admin/\n")
        elif found:
            answer = Answer(HTTPStatus.OK, (("Content-Type", found[0]),), found[1])
        else:
            answer = self._rendered(path, headers, base_url)
        if answer.status != HTTPStatus.NOT_MODIFIED:
            answer = replace(answer, headers=(*answer.headers, ("Content-Length", f"{len(answer.body)}")))
        return replace(answer, body=b"") if method == "HEAD" else answer

    def _rendered(self, path: str, headers: Mapping[str, str], base_url: str) -> Answer:
        with self._lock:
            if path not in self._bodies:
                self._bodies[path] = self._render(path, base_url)
            body = self._bodies[path]
        if not body:
            return Answer(HTTPStatus.NOT_FOUND, (("Content-Type", "text/html; charset=utf-8"),), b"<p>404</p>")
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        modified = format_datetime(self.newest[0].utc + timedelta(minutes=5), usegmt=True)
        known = (("ETag", tag), ("Last-Modified", modified))
        if headers.get("if-none-match") == tag:
            return Answer(HTTPStatus.NOT_MODIFIED, known)
        return Answer(HTTPStatus.OK, (("Content-Type", "text/html; charset=utf-8"), *known), body)

    def _render(self, path: str, base_url: str) -> bytes:
        address, _, query = path.partition("?")
        form_ids = ("form-search", "form-login")
        if _LISTING.fullmatch(address):
            number = int(parse_qs(query).get("page", ["0"])[0])
            content = Content("node", "", listing(self.articles, number, self.page_size, "/node", base_url))
            return _wide(page(content, Setting(base_url, "utf-8", TODAY, self.newest, form_ids)))
        named = _ARTICLE.fullmatch(address)
        article: Article | None = self.by_number.get(int(named["number"] or named["again"])) if named else None
        if article is None:
            return b""
        # The sidebar shows what came before the article: else a new one would change every page of the site.
        before = [self.by_number[n] for n in range(article.number - 1, max(0, article.number - 11), -1)]
        content = Content(
            article.route, article.title, full(article, base_url), article.href, f"/{article.route}", "node-type-story"
        )
        return _wide(page(content, Setting(base_url, "utf-8", TODAY, before, form_ids)))


def _wide(markup: str) -> bytes:
    """The page in a frame of real weight."""
    markup = markup.replace("</head>", _head() + "</head>", 1)
    return markup.replace('<div id="main-wrapper"', _menu() + '<div id="main-wrapper"', 1).encode()


@lru_cache
def _menu() -> str:
    rows = "".join(
        f'<li class="leaf menu-mlid-{900 + n}"><a href="{href}" title="{name}" class="menu-link">{name}</a></li>\n'
        for n, (href, name) in enumerate(prose.menu(MENU))
    )
    return f'<div id="mega-menu" class="region"><ul class="menu nice-menu">\n{rows}</ul></div>\n'


@lru_cache
def _head() -> str:
    styles = "".join(
        f'<link type="text/css" rel="stylesheet" href="/modules/part{n}/part{n}.css?towdzc" media="all" />\n'
        for n in range(STYLES)
    )
    scripts = "".join(
        f'<script type="text/javascript" src="/modules/part{n}/part{n}.js?towdzc"></script>\n' for n in range(SCRIPTS)
    )
    settings = {f"module{n}": {"basePath": "/", "delay": 800 + n, "effects": ["slide", "fade"]} for n in range(40)}
    extended = f"jQuery.extend(Drupal.settings, {json.dumps(settings)});"
    return f'{styles}{scripts}<script type="text/javascript">{extended}</script>\n'
