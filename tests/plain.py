"""A site whose pages a test writes itself, path by path, with validators if it wants them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from feedpub.content import Stored
from feedpub.layout import Layout
from tests.drupal.site import Answer
from tests.made import SOURCE
from tests.town import HOME, Town

NOON = datetime(2026, 11, 9, 12, tzinfo=UTC)
LAYOUT = Layout(
    item=(".row",), link=("a",), title=("h1",), date=("time",), body=(".text",), date_formats=("%Y-%m-%d",),
)  # fmt: skip


@dataclass
class Plain:
    """Its pages by path. ``modified`` has the Last-Modified of those that have one."""

    pages: dict[str, str] = field(default_factory=dict)
    modified: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)

    def answer(self, method: str, target: str, headers: Mapping[str, str], base: str) -> Answer:
        status = self.statuses.get(target, 200 if target in self.pages else 404)
        kind = ("Content-Type", "text/html; charset=utf-8")
        if status != 200:
            return Answer(status, (kind,), b"<h1>404</h1>")
        stamp = self.modified.get(target)
        dated = (("Last-Modified", stamp),) if stamp else ()
        if stamp and headers.get("if-modified-since") == stamp:
            return Answer(HTTPStatus.NOT_MODIFIED, dated)
        return Answer(HTTPStatus.OK, (kind, *dated), self.pages[target].encode() if method == "GET" else b"")


def page(content: str, head: str = "", language: str = "uk") -> str:
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><title>Рада</title>{head}</head><body>'
        f'<nav><a href="/rada">Рада</a></nav><main>{content}</main></body></html>'
    )


def listing(paths: Mapping[str, str]) -> str:
    """A page that lists articles, by path and title."""
    rows = (f'<div class="row"><a href="{path}">{title}</a></div>' for path, title in paths.items())
    return page("".join(rows))


def story(title: str, text: str, after: str = "", *, date: str = "2026-11-08", head: str = "", lang: str = "uk") -> str:
    return page(
        f'<article><h1>{title}</h1><time>{date}</time><div class="text">{text}</div>{after}</article>', head, lang
    )


def plain_town(folder: Path, site: Plain, **changes: Any) -> Town:
    source = replace(
        SOURCE, id="zrazkiv", home=f"{HOME}/", listings=(f"{HOME}/",), timezone="UTC", layout=LAYOUT, icon=None,
        logo=None,
    )  # fmt: skip
    made = Town(folder, site, source=replace(source, **changes))  # type: ignore[arg-type]
    made.now = NOON
    return made


def items_of(made: Town) -> dict[str, Stored]:
    """The published items by title."""
    with closing(made.store()) as store:
        return {s.article.title: s for s in store.of(made.source.id).items.newest(50) if not s.gone}


def said_by(outcomes: list[Any]) -> list[str]:
    return [o.message for o in outcomes if o.message]
