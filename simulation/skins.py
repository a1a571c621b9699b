"""The looks that a council's site may have: small templates of listings and pages. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from simulation import markup
from simulation.council import KYIV, Article, Setup, path_of

MONTHS = (
    "січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня", "листопада",
    "грудня",
)  # fmt: skip
NAME = "Зразківська міська рада"
VIEWS = "{{views}}"  # in place of how often a page was seen
BESIDE, NEXT = 5, 3  # articles that a busy page names at its side, and below its text
NEWLINE = "\n"
CLASS = re.compile(r' class="([^"]*)"')
BANNER = '<p><a href="https://t.example/rada"><img src="/design/banner.png" width="600" height="200"></a></p>'
MENU = (("/about", "Про громаду"), ("/contacts", "Контакти"), ("/documents", "Документи"), ("/services", "Послуги"))

# How the time is written: the name in ``Setup.dates`` → the text. To a day: the hour is not shown.
DATES: dict[str, Callable[[datetime], str]] = {
    "minute": lambda at: f"{at:%d.%m.%Y %H:%M}",
    "comma": lambda at: f"{at:%d.%m.%Y, %H:%M}",
    "dash": lambda at: f"{at:%d/%m/%Y - %H:%M}",
    "words": lambda at: f"{at.day} {MONTHS[at.month - 1]} {at.year}, {at:%H:%M}",
    "day": lambda at: f"{at:%d.%m.%Y}",
    "yearless": lambda at: f"{at.day} {MONTHS[at.month - 1]}, {at:%H:%M}",
}
USUAL_DATES = ("comma", "dash", "day", "minute", "words")  # these have all that a date needs
TO_A_DAY = ("day",)
YEARLESS = "yearless"

# How the zone is written beside a time: the name in ``Setup.zone`` → the text. A person's time is the council's own.
ZONES: dict[str, Callable[[datetime], str]] = {
    "": lambda _: "",
    "gmt": lambda at: f" (GMT+{_hours_ahead(at)})",
    "utc": lambda _: " UTC",
}


@dataclass(frozen=True, slots=True)
class View:
    """What a page is made of."""

    setup: Setup
    rows: Sequence[Article] = ()
    newest: Sequence[Article] = ()  # of all articles, whatever the page
    page: int = 0
    pages: int = 1

    def date(self, article: Article) -> str:
        local = article.dated.astimezone(KYIV)
        if self.setup.dates in TO_A_DAY:
            return DATES[self.setup.dates](local)
        shown = local.astimezone(UTC) if self.setup.zone == "utc" else local
        return DATES[self.setup.dates](shown) + ZONES[self.setup.zone](local)

    def stamp(self, article: Article) -> str:
        """Return the date for machines."""
        local = article.dated.astimezone(UTC if self.setup.zone == "utc" else KYIV)
        return local.isoformat(timespec="seconds").replace("+00:00", "Z")

    def name(self, word: str) -> str:
        """Return a class name: a variant of the template has others."""
        return f"{word}-v{self.setup.variant}" if self.setup.variant else word


@dataclass(frozen=True, slots=True)
class Skin:
    listing: Callable[[View], str]
    article: Callable[[View, Article], str]


def teaser(article: Article) -> str:
    return f"{article.paragraphs[0][:120].rsplit(' ', 1)[0]}…"


def _pictures(article: Article) -> list[str]:
    return [
        f'<p><img src="{one.path}" alt="{escape(one.alt)}" width="800" height="600"></p>' for one in article.pictures
    ]


def _files(article: Article) -> list[str]:
    return [f'<p><a href="{one.path}">{escape(one.name)}</a></p>' for one in article.files]


def _box(view: View, name: str, pieces: Sequence[str]) -> str:
    return f'<div class="{view.name(name)}">{NEWLINE.join(pieces)}</div>' if pieces else ""


def _text(view: View, name: str, article: Article) -> str:
    """Return the text in its box. Some sites show parts of it in boxes of their own: see ``Setup``."""
    setup = view.setup
    first, *others = markup.texts_of(article)
    lead = [first] if setup.led and article.number % setup.led == 0 and others else []
    gallery = _pictures(article) if setup.has_gallery else []
    attachments = _files(article) if setup.is_attached else []
    within = [] if gallery else _pictures(article)
    pieces = [*([] if lead else [first]), *within, *others, *([] if attachments else _files(article))]
    pieces += [BANNER] * setup.has_banner
    half = max(1, len(pieces) // 2) if setup.is_parted else len(pieces)
    text, rest = pieces[:half], pieces[half:]
    last = rest or text
    last.append(_below(view, article))
    boxes = (("lead", lead), (name, text), ("rest", rest), ("gallery", gallery), ("files", attachments))
    return "".join(_box(view, *box) for box in boxes)


def _links(view: View, articles: Sequence[Article]) -> str:
    links = (f'<li><a href="{path_of(view.setup, one)}">{escape(one.title)}</a></li>' for one in articles)
    return f"<ul>{''.join(links)}</ul>"


def _beside(view: View) -> str:
    """Return what stands beside every page of a busy site."""
    if not view.setup.is_busy:
        return ""
    return f'<aside class="sidebar"><h3>Останні новини</h3>{_links(view, view.newest[:BESIDE])}</aside>'


def _below(view: View, article: Article) -> str:
    """Return what a busy site has below an article: other articles with each of its looks."""
    if not view.setup.is_busy:
        return ""
    others = [one for one in view.newest if one.number != article.number]
    start = article.number % max(1, len(others) - NEXT)
    return (
        f'<div class="counter">Переглядів: {VIEWS}</div>'
        '<div class="share"><a href="https://facebook.example/share">Facebook</a>'
        ' <a href="https://telegram.example/share">Telegram</a></div>'
        f'<div class="related"><h3>Читайте також</h3>{_links(view, others[start : start + NEXT])}</div>'
    )


def _hours_ahead(at: datetime) -> int:
    offset = at.utcoffset()
    assert offset
    return offset // timedelta(hours=1)


def frame(title: str, content: str) -> str:
    menu = "".join(f'<li><a href="{path}">{name}</a></li>' for path, name in MENU)
    return f"""<!DOCTYPE html>
<html lang="uk"><head><meta charset="utf-8"><title>{escape(title)} | {NAME}</title></head>
<body><header class="top"><a class="logo" href="/">{NAME}</a><nav><ul class="menu">{menu}</ul></nav></header>
<main id="content">
{content}
</main>
<footer class="bottom"><p>© {NAME}. Усі права захищено.</p><p>Адреса: площа Свободи, 1</p></footer>
</body></html>
"""


def _numbers(view: View, path: str = "/?page={n}") -> str:
    """Return a row of numbered pages, counted from 1 on the page and from 0 in addresses."""
    if view.pages < 2:
        return ""
    last = min(view.pages, view.page + 4)
    links = [
        f'<a href="{path.format(n=n)}">{n + 1}</a>' if n != view.page else f'<span class="current">{n + 1}</span>'
        for n in range(max(0, view.page - 3), last)
    ]
    if view.page + 1 < view.pages:
        links.append(f'<a class="next" rel="next" href="{path.format(n=view.page + 1)}">Наступна</a>')
    return f'<div class="pager">{" ".join(links)}</div>'


# ------------------------------------------------------------ plain: boxes, a date beneath the title


def _plain_listing(view: View) -> str:
    rows = "\n".join(
        f'<div class="{view.name("news-item")}"><h2><a href="{path_of(view.setup, one)}">{escape(one.title)}</a></h2>'
        f'<span class="{view.name("date")}">{view.date(one)}</span><p class="teaser">{escape(teaser(one))}</p></div>'
        for one in view.rows
    )
    return f'<h1>Новини</h1><div class="{view.name("news-list")}">{rows}</div>{_numbers(view)}'


def _plain_article(view: View, article: Article) -> str:
    return (
        f'<div class="{view.name("news-full")}"><h1 class="headline">{escape(article.title)}</h1>'
        f'<span class="{view.name("date")}">{view.date(article)}</span>'
        f"{_text(view, 'text', article)}"
        f'<div class="tags"><a class="tag" href="/category/{len(article.category)}">{article.category}</a></div></div>'
    )


# ------------------------------------------------------------ blog: articles with <time>, the date above the title


def _time(view: View, article: Article) -> str:
    return f'<time class="{view.name("published")}" datetime="{view.stamp(article)}">{view.date(article)}</time>'


def _blog_listing(view: View) -> str:
    rows = "\n".join(
        f'<article class="{view.name("post")}"><header>{_time(view, one)}'
        f'<h3 class="entry-title"><a href="{path_of(view.setup, one)}" rel="bookmark">{escape(one.title)}</a></h3>'
        f'</header><div class="entry-summary"><p>{escape(teaser(one))}</p></div></article>'
        for one in view.rows
    )
    return f'<section class="{view.name("posts")}">{rows}</section>{_numbers(view)}'


def _blog_article(view: View, article: Article) -> str:
    return (
        f'<article class="{view.name("post")} single"><header><h1 class="entry-title">{escape(article.title)}</h1>'
        f'<div class="entry-meta">{_time(view, article)}</div></header>'
        f"{_text(view, 'entry-content', article)}"
        f'<footer class="entry-footer">Рубрика: <a rel="category tag" href="/category/{len(article.category)}">'
        f"{article.category}</a></footer></article>"
    )


# ------------------------------------------------------------ old: a table, as sites of twenty years ago had


def _old_listing(view: View) -> str:
    rows = "\n".join(
        f'<tr class="{view.name("row")}"><td class="when">{view.date(one)}</td>'
        f'<td class="what"><a href="{path_of(view.setup, one)}"><b>{escape(one.title)}</b></a></td></tr>'
        for one in view.rows
    )
    return f'<h1>Новини громади</h1><table class="{view.name("list")}"><tbody>{rows}</tbody></table>{_numbers(view)}'


def _old_article(view: View, article: Article) -> str:
    return (
        f'<h1 class="{view.name("zag")}">{escape(article.title)}</h1>'
        f'<div class="{view.name("when")}">{view.date(article)}</div>'
        f"{_text(view, 'fulltext', article)}"
    )


SKINS = {
    "plain": Skin(_plain_listing, _plain_article),
    "blog": Skin(_blog_listing, _blog_article),
    "old": Skin(_old_listing, _old_article),
}


def listing_page(view: View) -> str:
    return _named(view, frame("Новини", SKINS[view.setup.skin].listing(view) + _beside(view)))


def article_page(view: View, article: Article) -> str:
    content = SKINS[view.setup.skin].article(view, article) + _beside(view)
    return _named(view, frame(article.title, content))


def _named(view: View, page: str) -> str:
    """Return a page with the names of classes that its site has."""
    if view.setup.classes == "words":
        return page

    def named(match: re.Match[str]) -> str:
        if view.setup.classes == "none":
            return ""
        names = (f"css-{zlib.crc32(f'{view.setup.variant} {name}'.encode()):08x}" for name in match[1].split())
        return f' class="{" ".join(names)}"'

    return CLASS.sub(named, page)
