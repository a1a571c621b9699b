"""A council's site without numbers: an article's address is made of its title, and may be edited with it."""

from __future__ import annotations

import itertools
import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from feedpub.layout import Layout
from tests.drupal.site import Answer, Site
from tests.made import SOURCE
from tests.town import HOME, Town

SHOWN = "%d.%m.%Y %H:%M"
LAYOUT = Layout(
    item=("li.news",), link=("a[href]",), item_title=("a[href]",), item_date=(".date",), title=("h1",),
    date=(".date",), body=(".text",), date_formats=(SHOWN, "%d.%m.%Y"), next_page=("a.older",),
)  # fmt: skip
HTML = (("Content-Type", "text/html; charset=utf-8"),)
FIRST = datetime(2025, 11, 1, 9, 30, tzinfo=UTC)
WORDS = ("водогін", "школа", "музей", "парк", "автобус", "сесія", "бюджет", "лікарня", "ярмарок", "бібліотека")


@dataclass(frozen=True, slots=True)
class News:
    """An article. Nothing in its words tells its day."""

    path: str
    title: str
    text: str
    posted: datetime
    head: str = ""

    @property
    def page(self) -> str:
        return self.page_of(SHOWN)

    def page_of(self, date: str) -> str:
        return (
            f"<html><head><title>{self.title}</title>{self.head}</head><body><h1>{self.title}</h1>"
            f"<p class=date>{self.posted:{date}}</p><div class=text><p>{self.text}</p></div></body></html>"
        )


def news(number: int) -> News:
    words = itertools.cycle(WORDS[number % 10 :] + WORDS[: number % 10])
    text = " ".join(f"{word}{number}" for word in itertools.islice(words, 40))
    return News(f"/news/novyna-{number}", f"Новина громади {number}", text, FIRST + timedelta(hours=27 * number))


class Slugs(Site):
    """Names the newest news first.

    redirects   path -> where it leads, with 301
    link        a listing's address of an article, given its path: a token may be added
    """

    def __init__(self, count: int = 9) -> None:
        super().__init__([])
        self.news = [news(number) for number in range(count)]
        self.redirects: dict[str, str] = {}
        self.link: Callable[[str], str] = lambda path: path
        self.asked: list[str] = []
        self.strict = False  # it answers no article without a token
        self.failing: set[str] = set()  # paths that are answered with 502
        self.is_cached = False  # its listing has a validator
        self.date = SHOWN  # every date
        self.unlisted: list[News] = []  # that no listing names
        self.gone: set[str] = set()  # paths that a listing names and that are answered with 404
        self.page_size = 100

    def answer(self, method: str, target: str, headers: Mapping[str, str], base: str) -> Answer:
        self.asked.append(target)
        path = target.partition("?")[0].partition(";")[0]
        if path in self.redirects:
            return Answer(301, (("Location", self.redirects[path]),))
        if path in self.failing or target in self.failing:
            return Answer(502, HTML, b"<html><body><h1>502</h1></body></html>")
        if path == "/":
            rows, older = self._rows(int(target.partition("?page=")[2] or 1))
            tag = (("ETag", f'"{zlib.crc32(rows.encode())}"'),) if self.is_cached else ()
            if tag and headers.get("if-none-match") == tag[0][1]:
                return Answer(304, tag)
            return Answer(200, (*HTML, *tag), f"<html><body><ul>{rows}</ul>{older}</body></html>".encode())
        page = next((n.page_of(self.date) for n in (*self.news, *self.unlisted) if n.path == path), None)
        is_refused = self.strict and path == target
        if page is None or is_refused or path in self.gone:
            return Answer(404, HTML, b"<html><body><h1>404</h1></body></html>")
        return Answer(200, HTML, page.encode())

    def _rows(self, number: int) -> tuple[str, str]:
        """A page of the listing: its rows, and the link to the older one."""
        size = self.page_size
        newest = sorted(self.news, key=lambda n: n.posted, reverse=True)
        rows = "".join(
            f"<li class=news><a href='{self.link(n.path)}'>{n.title}</a>"
            f"<span class=date>{n.posted:{self.date}}</span></li>"
            for n in newest[size * (number - 1) : size * number]
        )
        is_last = size * number >= len(newest)
        return rows, "" if is_last else f"<a class=older href='/?page={number + 1}'>Раніше</a>"

    def rename(self, number: int, path: str, title: str, **more: object) -> News:
        """Edit title and address of an article together."""
        before = self.news[number]
        self.news[number] = replace(before, path=path, title=title, **more)  # type: ignore[arg-type]
        return before


def slug_town(folder: Path, site: Slugs | None = None, layout: Layout | None = LAYOUT) -> Town:
    source = replace(SOURCE, id="zrazkiv", home=f"{HOME}/", listings=(f"{HOME}/",), layout=layout, icon=None, logo=None)
    town = Town(folder, site or Slugs(), source=source)
    town.now = town.now.replace(hour=18)
    return town


def site_of(town: Town) -> Slugs:
    assert isinstance(town.site, Slugs)
    return town.site


def items(town: Town) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(town.feed("feed.json"))["items"]
    return found


def ids(town: Town) -> set[str]:
    return {item["id"] for item in items(town)}
