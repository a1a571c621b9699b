"""A small council's site made by hand: a listing and ten articles, whose parts a test may exchange."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

from feedpub.collecting import learn, scrape
from feedpub.content import Page, Scraped
from feedpub.layout import Layout, Learnt
from tests.council import PAGE
from tests.drupal.site import Answer, Site

HOST = "https://rada.example"
KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2025, 11, 30, 12, tzinfo=UTC)
TITLES = (
    "У сквері висадили молоді липи",
    "Бібліотека працює без вихідних",
    "Графік вивезення великого сміття",
    "Відремонтовано дах дитячого садка",
    "Оголошено набір до музичної школи",
    "Громада отримала новий автобус",
    "Проєкт бюджету на громадському обговоренні",
    "Запрошуємо на осінній ярмарок",
    "Тимчасово перекрито рух мостом",
    "Лікарня придбала сучасний рентген",
)
SENTENCES = (
    "Роботи тривали два тижні й коштували менше, ніж було заплановано спочатку",
    "Мешканці можуть надіслати пропозиції до кінця місяця в будь-якій зручній формі",
    "Про подальші кроки повідомимо на засіданні, яке відбудеться у великій залі",
    "Відповідальним призначено відділ, що опікується цими питаннями понад десять років",
)


@dataclass(frozen=True, slots=True)
class News:
    """One article of the site."""

    number: int  # 0 is the newest

    @property
    def path(self) -> str:
        return f"/news/{90 - self.number}-lypa"

    @property
    def title(self) -> str:
        return TITLES[self.number]

    @property
    def day(self) -> str:
        return f"{28 - self.number:02d}.11.2025"

    @property
    def text(self) -> str:
        """Paragraphs of words that no other article has."""
        own = (f"{sentence}, як і було обіцяно у справі {self.title.lower()}." for sentence in SENTENCES)
        return "".join(f"<p>{sentence}</p>" for sentence in own)


EVERY = tuple(map(News, range(10)))
Markup = Callable[[News], str]


def head(news: News) -> str:
    return f"<title>{news.title} | Вигадана рада</title>"


def article(news: News, heading: str | None = None, text: str | None = None, after: str = "") -> str:
    """An article's own element, with parts exchanged."""
    heading = f"<h1>{news.title}</h1>" if heading is None else heading
    body = f'<div class="text">{news.text if text is None else text}</div>'
    return f'<article class="one">{heading}<div class="date">{news.day}</div>{body}{after}</article>'


def framed(head: str, content: str) -> str:
    menu = '<ul class="menu"><li><a href="/about">Про громаду</a></li><li><a href="/people">Депутати</a></li></ul>'
    foot = '<div id="foot"><p>Вигадана рада, вул. Липова, 1. Передрук дозволено з посиланням на цю сторінку.</p></div>'
    return f'<!DOCTYPE html><html lang="uk"><head>{head}</head><body>{menu}{content}{foot}</body></html>'


def row(news: News, more: str = "") -> str:
    link = f'<h3><a href="{news.path}">{news.title}</a></h3>'
    return f'<div class="row">{link}<span class="when">{news.day}</span>{more}</div>'


def pages(content: Markup = article, of_head: Markup = head, of_row: Markup = row, count: int = 10) -> dict[str, str]:
    """The site by path."""
    rows = "".join(of_row(news) for news in EVERY[:count])
    site = {"/news": framed("<title>Новини | Вигадана рада</title>", f"<main><h2>Новини</h2>{rows}</main>")}
    for news in EVERY[:count]:
        site[news.path] = framed(of_head(news), f"<main>{content(news)}</main>")
    return site


def page_at(site: Mapping[str, str], path: str) -> Page:
    url = f"{HOST}{path}"
    return Page(url, url, site[path])


def learnt(site: Mapping[str, str], given: Layout | None = None, listing: str = "/news") -> Learnt:
    """Return the layout of a site, as it is learnt. Raises ScrapeError."""
    context = learn.Context(KYIV, "uk", NOW, given=given or Layout())

    def look(url: str) -> Page | None:
        path = url.removeprefix(HOST)
        return page_at(site, path) if path in site else None

    return learn.explore(page_at(site, listing), look, context)


def read(site: Mapping[str, str], layout: Layout, news: News) -> Scraped:
    """Return an article's pieces, as a run reads them: with what the listing calls it."""
    listing = scrape.read_listing(page_at(site, "/news"), layout)
    titles = {link.url: link.title for link in listing.links}
    url = f"{HOST}{news.path}"
    return scrape.read_article(page_at(site, news.path), layout, scrape.Known(listed_title=titles[url]))


class Handmade(Site):
    """The same site on loopback. Its listing is the front page."""

    def __init__(self, site: Mapping[str, str]) -> None:
        super().__init__()
        self.by_path = {**site, "/": site["/news"]}

    def answer(self, method: str, path: str, headers: Mapping[str, str], base_url: str) -> Answer:
        if path not in self.by_path:
            return Answer(HTTPStatus.NOT_FOUND, PAGE, b"<h1>404</h1>")
        return Answer(HTTPStatus.OK, PAGE, self.by_path[path].encode() if method == "GET" else b"")
