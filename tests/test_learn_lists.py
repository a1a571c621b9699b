"""Lists as real sites have them: names that are no plain CSS, pinned items, numbers in names, links to other hosts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from feedpub.collecting import learn, scrape
from feedpub.collecting.learn import selectors
from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.html import tree
from feedpub.html.select import select
from feedpub.model import Learnt

HOST = "https://rada.example"
LISTING = f"{HOST}/news"
CONTEXT = learn.Context(ZoneInfo("Europe/Kyiv"), "uk", datetime(2025, 11, 14, 12, tzinfo=UTC))
TITLES = (
    "Міст через річку знову відкрито для руху",
    "Опалювальний сезон почався в усіх школах",
    "Нові автобуси для північного району міста",
    "Бібліотека переїжджає до старого ринку",
    "Рада ухвалила бюджет на наступний рік",
    "Лікарі приймають родини щовечора до восьмої",
    "Ліхтарі в парку полагодили до свята",
    "Будівельники завершили дах дитячого садка",
)


def day(n: int) -> str:
    return (date(2025, 11, 10) - timedelta(days=2 * n)).strftime("%d.%m.%Y")


def page(text: str, url: str = LISTING) -> Page:
    return Page(url, url, text)


def document(body: str) -> str:
    return (
        f'<!doctype html><html lang="uk"><head><title>Міська рада</title></head><body>'
        f'<nav><a href="/about">Про раду</a> <a href="/contacts">Контакти</a></nav>{body}'
        f"<footer><p>Міська рада, вул. Шкільна, 1</p></footer></body></html>"
    )


def article(n: int, classes: str = "text") -> str:
    title = TITLES[n]
    text = "".join(
        f"<p>Абзац {part} про те, що {title.lower()}: подробиці наведено у рішенні {n * 7 + part}.</p>"
        for part in range(3)
    )
    return document(f'<main><h1>{title}</h1><p class="date">{day(n)}</p><div class="{classes}">{text}</div></main>')


def town(boxes: Iterable[str], articles: dict[str, str] | None = None) -> dict[str, str]:
    """A site's pages by address: a listing of these boxes, and the articles."""
    others = articles or {f"{HOST}/news/{n}.html": article(n) for n in range(len(TITLES))}
    return {LISTING: document(f'<main><div class="list">{"".join(boxes)}</div></main>'), **others}


def box(n: int, attributes: str = 'class="item"') -> str:
    return f'<div {attributes}><span class="d">{day(n)}</span><h3><a href="/news/{n}.html">{TITLES[n]}</a></h3></div>'


def learnt_from(pages: dict[str, str]) -> Learnt:
    def look(url: str) -> Page | None:
        return page(pages[url], url) if url in pages else None

    return learn.explore(page(pages[LISTING]), look, CONTEXT)


def listed(pages: dict[str, str]) -> list[str]:
    """The titles that the learnt layout finds on the listing."""
    return [link.title for link in scrape.read_listing(page(pages[LISTING]), learnt_from(pages).layout).links]


# ------------------------------------------------------------ names from pages


NAMES = ["md:hidden", "w-1/2", "2col", "[&>p]:mt-2", "новини", "it's", 'say-"now"', "-2x", "--x", "-", "a.b#c", "#5"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_from_a_page_is_escaped_in_a_selector(name: str) -> None:
    root = tree.document(page("<p>a</p><p>b</p>"))
    named, other = root.iter("p")
    named.set("class", f"text {name}")
    named.set("id", name)
    named.set("title", name)
    for (selector,) in (selectors.by_class(name), selectors.by_id(name), selectors.by_value("title", name)):
        assert select(root, selector) == [named]
    assert all(other not in select(root, selector) for selector in selectors.own(named)[:-1])


@pytest.mark.parametrize("name", ["back\\slash", "bell\x07", ""])
def test_a_name_that_no_selector_can_have_is_left_out(name: str) -> None:
    assert selectors.by_class(name) == selectors.by_id(name) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_site_whose_names_are_no_plain_css_is_learnt(name: str) -> None:
    written = name.replace('"', "&quot;")
    articles = {f"{HOST}/news/{n}.html": article(n, written) for n in range(len(TITLES))}
    boxes = [box(n, f'class="{written}"') for n in range(len(TITLES))]
    assert listed(town(boxes, articles)) == list(TITLES)


@pytest.mark.parametrize("selector", ["p:unheard-of", "p[", ".2col", "p:nth-child(99999999999999999999)("])
def test_what_is_no_selector_is_a_source_s_error(selector: str) -> None:
    with pytest.raises(ScrapeError, match="cannot be used"):
        select(tree.document(page("<p>a</p>")), selector)
