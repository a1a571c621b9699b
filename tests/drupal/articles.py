"""articles.toml to Article: what the invented council has published, and what a reader should see of it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timezone
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

DATE_FORMAT = "%d/%m/%Y - %H:%M"  # as the council's pages print it, in the time of Kyiv


@dataclass(frozen=True, slots=True)
class Rubric:
    """A term of the vocabulary by which the council sorts its news."""

    number: int
    name: str
    alias: str = ""  # empty: its page stands at /taxonomy/term/N only

    @property
    def route(self) -> str:
        return f"taxonomy/term/{self.number}"

    @property
    def href(self) -> str:
        return href(self.alias or self.route)


RUBRICS = (
    Rubric(1, "Новини", "rubrika/novini"),
    Rubric(2, "Оголошення", "rubrika/ogoloshennya"),
    Rubric(3, "Міжнародна співпраця", "rubrika/mizhnarodna-spivpracya"),
    Rubric(4, "ВПО & ветерани"),
)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the image field."""

    file: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document of the file field; Drupal shows the label, or the file's name where there is no other."""

    file: str
    label: str


@dataclass(frozen=True, slots=True)
class BasicPage:
    """A page that is no news: it has no date, and stands on no listing."""

    number: int
    alias: str
    title: str
    body: str
    published: bool = True  # False: answers 403

    @property
    def route(self) -> str:
        return f"node/{self.number}"

    @property
    def href(self) -> str:
        return href(self.alias)


@dataclass(frozen=True, slots=True)
class Article:
    """A news article as its editors left it; `shown` and `text` are what a reader should see of it.

    The head of articles.toml explains every field.
    """

    number: int
    alias: str
    title: str
    date: str
    utc: datetime
    body: str
    text: tuple[str, ...] = ()
    categories: tuple[str, ...] = ("Новини",)
    sticky: bool = False
    listed: bool = True
    images: tuple[Image, ...] = ()
    files: tuple[Attachment, ...] = ()
    shown: str = ""  # empty: the title is shown as it is
    same_as: int | None = None  # None: it repeats no other article
    note: str = ""

    @property
    def route(self) -> str:
        return f"node/{self.number}"

    @property
    def href(self) -> str:
        return href(self.alias)

    @property
    def expected_title(self) -> str:
        return self.shown or self.title

    @property
    def local(self) -> datetime:
        """The instant with the offset that holds in Kyiv: the printed time less UTC, so 03:30 twice is told apart."""
        printed = datetime.strptime(self.date, DATE_FORMAT)  # noqa: DTZ007 - naive on purpose: the page's wall clock
        offset = printed - self.utc.astimezone(UTC).replace(tzinfo=None)
        return printed.replace(tzinfo=timezone(offset))


def href(route: str) -> str:
    """The path of a route or alias as Drupal prints it: from the root, percent-encoded."""
    return "/" + quote(route)


def articles() -> list[Article]:
    """The articles of articles.toml, oldest first. Each call gives a list of its own."""
    return list(_articles())


def basic_pages() -> list[BasicPage]:
    """The pages without a date, the unpublished one among them. Each call gives a list of its own."""
    return [BasicPage(**table) for table in _tables()["page"]]


@cache
def _articles() -> tuple[Article, ...]:
    return tuple(_article(table) for table in _tables()["article"])


@cache
def _tables() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(files(__package__).joinpath("articles.toml").read_text("utf-8"))


def _article(table: dict[str, Any]) -> Article:
    lists: dict[str, Any] = {
        "categories": tuple(table["categories"]),
        "text": tuple(table["text"]),
        "images": tuple(Image(**image) for image in table.get("images", [])),
        "files": tuple(Attachment(**attachment) for attachment in table.get("files", [])),
    }
    return Article(**{**table, **lists})
