"""Portals: a platform that many communities share, a list under day headings, microdata with comments."""

# ruff: noqa: E501 - the lines are as long as the markup of such sites

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from html import escape
from urllib.parse import quote

from tests.drupal.articles import RUBRICS, Article, Rubric
from tests.skins.base import Pager, Shown, Skin, Visit, slug, title_of
from tests.skins.town import (
    ADDRESS,
    EMAIL,
    EVENTS,
    FACEBOOK,
    LONG_MENU,
    MONTHS,
    NOTICES,
    PHONES,
    SITE,
    TELEGRAM,
    VIDEOS,
    WEEKDAYS,
    YOUTUBE,
    clock,
    dotted,
    in_words,
    shortened,
    teaser,
    terms,
)  # fmt: skip


class Gromada(Skin):
    """Sixty links in the menu, windows of events and photos, one link around picture, title, date and teaser."""

    home = "/news/"
    uploads = "/upload/"
    menu = LONG_MENU
    albums = range(71, 77)
    more_pages = (*((path, name) for path, name, _ in EVENTS), *((f"photo/{n}", "Фотоальбом") for n in albums))

    def path(self, article: Article) -> str:
        return f"/news/{int(article.utc.timestamp()) + article.number % 60}/"

    def page_path(self, number: int, size: int) -> str:
        return f"/news/?p={number}" if number > 1 else "/news/"

    def menu_path(self, slug: str) -> str:
        return f"/{slug}/"

    def listing(self, visit: Visit, rows: Sequence[Article], pager: Pager) -> str:
        items = "".join(self._item(article) for article in rows)
        numbers = pager.numbers('<a href="{path}">{n}</a>\n', '<span class="current">{n}</span>\n')
        forth = f'<a href="{pager.next}">»</a>' if pager.next else ""
        return f'<h1>Новини та події</h1>\n<div class="list_wrap">\n{items}</div>\n<div class="pagination">{numbers}{forth}</div>'

    def _item(self, article: Article) -> str:
        return f"""\
<a class="item_a" href="{self.path(article)}"><span class="img_wrap"><img src="{self.thumbnail(article)}" alt=""></span>
<h3>{escape(shortened(article.title, 90))}</h3>
<time datetime="{article.local.year}">{dotted(article.local)} {clock(article.local)}</time>
<span class="short">{teaser(article, 160)}</span></a>
"""

    def full(self, visit: Visit, article: Article) -> str:
        pictures = "".join(
            f'<a class="gallery_a" href="{path}"><img src="{path}" alt="{alt}"></a>\n'
            for path, alt in self.images(article)
        )
        files = "".join(f'<a class="file_a" href="{path}">{label}</a>\n' for path, label in self.files(article))
        also = self.links(visit.related(article, 4), '<a class="also_a" href="{path}"><span>{title}</span></a>\n')
        return f"""\
<div class="crumbs"><a href="/">Головна</a> / <a href="/news/">Новини</a></div>
<h1>{title_of(article)}</h1>
<div class="meta"><time datetime="{article.local.year}">{dotted(article.local)} {clock(article.local)}</time>
<span class="eye">Переглядів: {visit.views(article)}</span></div>
<div class="photos">{pictures}</div>
<div class="text_page">{article.body}</div>
<div class="files">{files}</div>
<div class="share">{self.share(visit, article, '<a target="_blank" href="{path}" title="{name}"></a>')}</div>
<div class="also"><h2>Читайте також</h2>
{also}</div>"""

    def frame(self, visit: Visit, title: str, content: str, article: Article | None = None) -> str:
        events = "".join(
            f'<a class="item_a" href="/{path}/"><time datetime="2025">{day}</time><h3>{name}</h3></a>\n'
            for path, name, day in EVENTS
        )
        photos = "".join(
            f'<a class="photo_a" href="/photo/{number}/"><img src="{self.upload(f"photo/{number}.png")}" alt=""></a>\n'
            for number in self.albums
        )
        newest = self.links(visit.newest, '<a class="mini_a" href="{path}">{title}</a>\n')
        return f"""\
<!DOCTYPE html>
<html lang="uk">
<head>
<meta charset="UTF-8">
<title>{self.heading(title, " | ")}</title>
<meta name="description" content="{SITE}. Офіційний вебсайт громади">
<meta property="og:title" content="{escape(title)}">
<meta property="og:image" content="{visit.base_url}{self.upload("logo_fb.png")}">
<link rel="stylesheet" href="/themes/style.css?v=1731">
<script>var user_lang = "ua", key = "{visit.token("key")}";</script>
</head>
<body>
<header><a class="logo" href="/"><img src="{self.upload("gerb.png")}" alt=""><span>{SITE}</span></a>
<a class="sos" href="tel:{PHONES[1]}">Гаряча лінія</a> <form class="search" action="/search/"><input name="q"></form>
<button class="eye_btn">Людям із порушенням зору</button></header>
<div class="wrap"><nav class="left_menu">
{self.menu_links('<a class="menu_a" href="{path}">{name}</a>')}
</nav>
<main>
{content}
</main>
<aside>
<div class="window"><h2>Анонси</h2>
{events}</div>
<div class="window"><h2>Останні новини</h2>
{newest}</div>
<div class="window"><h2>Фотогалерея</h2>
{photos}</div>
<div class="window banners">{self.banners()}</div>
</aside></div>
<footer><div>{SITE}<br>{ADDRESS}<br>{", ".join(PHONES)}<br>{EMAIL}</div>
<div>{terms(visit.host)}</div><div><a href="{FACEBOOK}">f</a><a href="{TELEGRAM}">t</a></div>
<div>Відвідувачів сьогодні: {visit.served + 118}. &copy; 2019-{visit.today.year}</div></footer>
</body>
</html>
"""


class DayHeads(Skin):
    """Items under the day that they were published on, the year left out; a slider of old news above them."""

    home = "/news"
    uploads = "/files/"

    def path(self, article: Article) -> str:
        return f"/news/show/{article.number}"

    def page_path(self, number: int, size: int) -> str:
        return f"/news?page={number}" if number > 1 else "/news"

    def categories(self, article: Article) -> tuple[str, ...]:
        return tuple(each.name for each in RUBRICS if each.name in article.categories)

    def listing(self, visit: Visit, rows: Sequence[Article], pager: Pager) -> str:
        slides = self.links(
            list(visit.listed)[::-1][: len(rows) + 5],
            '<div class="slide"><a class="news-link" href="{path}">{title}</a></div>\n',
        )
        days = "".join(
            f"<h3>{day.day} {MONTHS[day.month - 1]}</h3>\n{''.join(self._item(article) for article in of_day)}"
            for day, of_day in itertools.groupby(rows, key=lambda article: article.local.date())
        )
        back = f'<a class="newer" href="{pager.previous}">← Новіші</a> ' if pager.previous else ""
        forth = f'<a class="older" href="{pager.next}">Попередні новини →</a>' if pager.next else ""
        return f"""\
<div class="slider"><div class="slides">
{slides}</div><a href="#" class="arrow">‹</a><a href="#" class="arrow">›</a></div>
<div class="feed"><h1>Стрічка новин</h1>
{days}</div>
<div class="steps">{back}{forth}</div>"""

    def _item(self, article: Article) -> str:
        return (
            f'<div class="row"><span class="time">{clock(article.local)}</span> '
            f'<a class="news-link" href="{self.path(article)}">{title_of(article)}</a></div>\n'
        )

    def full(self, visit: Visit, article: Article) -> str:
        pictures = "".join(f'<p class="pic"><img src="{path}" alt="{alt}"></p>\n' for path, alt in self.images(article))
        files = "".join(f'<div class="doc"><a href="{path}">{label}</a></div>\n' for path, label in self.files(article))
        tags = " ".join(f'<a class="tag" href="{path}">{name}</a>' for path, name in self.rubrics(article))
        return f"""\
<div class="story"><h1>{title_of(article)}</h1>
{pictures}<div class="story-text">
{article.body}
</div>
{files}<div class="story-foot"><span class="date">{in_words(article.local)}, {clock(article.local)}</span>
<span class="seen">{visit.views(article)}</span> {tags}
<div class="soc">{self.share(visit, article)}</div></div></div>"""

    def frame(self, visit: Visit, title: str, content: str, article: Article | None = None) -> str:
        week = WEEKDAYS[visit.today.weekday()].capitalize()
        popular = self.links(visit.popular, '<div class="pop"><a class="news-link" href="{path}">{title}</a></div>\n')
        return f"""\
<!doctype html>
<html lang="uk"><head><meta charset="utf-8"><title>{self.heading(title, " — ")}</title>
<meta name="viewport" content="width=1200">
<link href="/assets/main.css" rel="stylesheet"><script src="/assets/main.js" defer></script></head>
<body>
<div class="top"><a href="/"><img src="{self.upload("gerb.png")}" alt="{SITE}"></a>
<div class="now">{week}, {in_words(visit.today)}, {8 + visit.served % 10:02}:15</div>
<div class="weather">Зразків: +7 °C, вітер 4 м/с</div></div>
<div class="nav">{self.menu_links('<a href="{path}">{name}</a> ')}</div>
<div class="cols"><div class="main">
{content}
</div>
<div class="side"><h4>Читають найбільше</h4>
{popular}{self.banners('<div class="ban"><a href="{path}"><img src="{picture}" alt="{name}"></a></div>')}
<form action="/subscribe" method="post"><input name="email"><input type="hidden" name="_csrf" value="{visit.token("csrf")}">
</form></div></div>
<div class="bottom"><p>{terms(visit.host)}</p><p>{ADDRESS}. {", ".join(PHONES)}</p>
<p>© {SITE}, 2015–{visit.today.year}</p></div>
</body></html>
"""


class Microdata(Skin):
    """schema.org's NewsArticle, a year of two digits, a date of change, an author, comments with dates of their own."""

    home = "/novyny/"
    uploads = "/media/"
    shown = Shown.INSTANT
    sticky_first = True

    def path(self, article: Article) -> str:
        return f"/novyny/{article.local.year}/{quote(slug(article))}-{article.number}.html"

    def page_path(self, number: int, size: int) -> str:
        return f"/novyny/p{number}/" if number > 1 else "/novyny/"

    def rubric_path(self, rubric: Rubric) -> str:
        return f"/novyny/rubryka-{rubric.number}/"

    def categories(self, article: Article) -> tuple[str, ...]:
        return article.categories[:1]

    def listing(self, visit: Visit, rows: Sequence[Article], pager: Pager) -> str:
        items = "".join(self._item(article) for article in rows)
        numbers = pager.numbers('<a href="{path}">{n}</a> ', "<b>{n}</b> ")
        forth = f'<a class="forward" href="{pager.next}">Далі</a>' if pager.next else ""
        return f'<h1>Новини громади</h1>\n{items}<div class="pages">{numbers}{forth}</div>'

    def _item(self, article: Article) -> str:
        pinned = '<span class="pin">Закріплено</span> ' if article.sticky else ""
        return f"""\
<div class="entry" itemscope itemtype="https://schema.org/NewsArticle">
<a itemprop="url" href="{self.path(article)}"><img itemprop="image" src="{self.thumbnail(article)}" alt=""></a>
<div class="entry-date">{pinned}{article.local:%d.%m.%y %H:%M}</div>
<meta itemprop="datePublished" content="{article.local.isoformat()}">
<h2 itemprop="headline"><a href="{self.path(article)}">{title_of(article)}</a></h2>
<p itemprop="description">{teaser(article, 140)}</p>
<a class="comments" href="{self.path(article)}#comments">Коментарі (2)</a></div>
"""

    def full(self, visit: Visit, article: Article) -> str:
        older, newer = visit.beside(article)
        local = article.local
        modified = local + timedelta(minutes=95)
        pictures = "".join(
            f'<figure itemprop="image" itemscope itemtype="https://schema.org/ImageObject"><img itemprop="url" src="{path}" '
            f'alt="{alt}"><figcaption>Фото: пресслужба</figcaption></figure>\n'
            for path, alt in self.images(article)
        )
        files = "".join(f'<li><a href="{path}">{label}</a></li>\n' for path, label in self.files(article))
        section = self.rubrics(article)
        name = escape(article.categories[0])
        to = next(path for path, each in section if each == name)
        steps = "".join(
            f'<a class="{step}" href="{self.path(each)}">{title_of(each)}</a>\n'
            for step, each in (("earlier", older), ("later", newer))
            if each
        )
        return f"""\
<div itemscope itemtype="https://schema.org/NewsArticle">
<meta itemprop="mainEntityOfPage" content="{visit.base_url}{self.path(article)}">
<div class="crumbs"><a href="/">Головна</a> → <a href="/novyny/">Новини</a> → \
<a href="{to}"><span itemprop="articleSection">{name}</span></a></div>
<h1 itemprop="headline">{title_of(article)}</h1>
<div class="info"><span itemprop="datePublished" content="{local.isoformat()}">{local:%d.%m.%y %H:%M}</span>
<span class="upd">оновлено <span itemprop="dateModified" content="{modified.isoformat()}">{modified:%d.%m.%y %H:%M}</span></span>
<span class="hits">{visit.views(article)}</span></div>
{pictures}<div itemprop="articleBody">
{article.body}
</div>
{f'<ul class="docs">{files}</ul>' if files else ""}
<div class="author" itemprop="author" itemscope itemtype="https://schema.org/Person">
<img src="{self.upload("avatars/press.png")}" alt=""><b itemprop="name">Марта Прикладна</b>
<p itemprop="description">Речниця міської ради, пише про життя громади з 2019 року.</p></div>
<div itemprop="publisher" itemscope itemtype="https://schema.org/Organization"><meta itemprop="name" content="{SITE}"></div>
<div class="likes">{self.share(visit, article)}</div>
<div class="steps">{steps}</div>
{self._comments(visit, article)}
</div>"""

    def _comments(self, visit: Visit, article: Article) -> str:
        said = (
            ("Гість", "Дякуємо за новину, чекаємо продовження.", timedelta(hours=3)),
            ("Сусід із Заріччя", "А коли полагодять ліхтарі на вулиці Садовій? Писали вже тричі.", timedelta(hours=7)),
        )
        rows = "".join(
            f'<div class="comment" itemprop="comment" itemscope itemtype="https://schema.org/Comment">'
            f'<b itemprop="author">{who}</b> <time itemprop="dateCreated" datetime="{(article.local + after).isoformat()}">'
            f'{article.local + after:%d.%m.%y %H:%M}</time><p itemprop="text">{what}</p></div>\n'
            for who, what, after in said
        )
        return f"""\
<div id="comments"><h3>Коментарі: {len(said)}</h3>
{rows}<form method="post"><input name="name"><textarea name="text"></textarea>
<input type="hidden" name="token" value="{visit.token("comment")}"></form></div>"""

    def frame(self, visit: Visit, title: str, content: str, article: Article | None = None) -> str:
        newest = self.links(visit.newest, '<div class="late"><a href="{path}">{title}</a></div>\n')
        return f"""\
<!DOCTYPE html>
<html lang="uk" prefix="og: http://ogp.me/ns#">
<head><meta charset="utf-8"><title>{self.heading(title, " · ")}</title>
<meta property="og:type" content="{"article" if article else "website"}">
{f'<link rel="canonical" href="{visit.base_url}{self.path(article)}">' if article else ""}
<script async src="https://stat.example.org/counter.js"></script></head>
<body itemscope itemtype="https://schema.org/WebPage">
<div class="header" itemscope itemtype="https://schema.org/WPHeader"><a href="/"><img src="{self.upload("gerb.png")}" alt="">
<span itemprop="headline">{SITE}</span></a> <form action="/find"><input name="q"></form>
<ul class="mainmenu" itemscope itemtype="https://schema.org/SiteNavigationElement">\
{self.menu_links('<li><a itemprop="url" href="{path}"><span itemprop="name">{name}</span></a></li>')}</ul></div>
<table class="grid"><tr><td class="content">
{content}
</td><td class="rail"><h3>Щойно на сайті</h3>
{newest}<h3>Документи</h3>
{"".join(f'<div><a href="{self.upload("docs/" + file)}">{name}</a> {day}</div>' for file, name, day in NOTICES)}
<h3>Відео</h3>
{"".join(f'<div><a href="{path}">{name}</a> {day}</div>' for path, name, day in VIDEOS)}
{self.banners()}</td></tr></table>
<div class="footer" itemscope itemtype="https://schema.org/WPFooter"><p>{terms(visit.host)}</p>
<p>{ADDRESS}, {PHONES[0]}, <a href="mailto:{EMAIL}">{EMAIL}</a> <a href="{YOUTUBE}">YouTube</a></p>
<p>© <span itemprop="copyrightYear">{visit.today.year}</span> {SITE}</p></div>
</body></html>
"""
