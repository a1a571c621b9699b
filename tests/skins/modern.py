"""Sites of the last years: cards, class names that a program made up, a carousel before the list."""

# ruff: noqa: E501 - the lines are as long as the markup of such sites

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from html import escape
from urllib.parse import quote

from tests.drupal.articles import RUBRICS, Article, Rubric
from tests.skins.base import KYIV, Pager, Shown, Skin, Visit, known, slug, title_of
from tests.skins.town import (
    ADDRESS,
    EMAIL,
    FACEBOOK,
    NOTICES,
    PHONES,
    SITE,
    TELEGRAM,
    VIDEOS,
    YOUTUBE,
    clock,
    dotted,
    in_words,
    shortened,
    teaser,
    terms,
)  # fmt: skip

NOON = time(11, 40)  # the time on the site's own clock, from which it tells ages


class Cards(Skin):
    """A grid of cards: the title is a paragraph, the picture a background, the only link says that there is more."""

    home = "/novyny"
    uploads = "/assets/images/"

    def path(self, article: Article) -> str:
        return f"/novyny/{quote(slug(article))}"

    def page_path(self, number: int, size: int) -> str:
        return f"/novyny?offset={(number - 1) * size}" if number > 1 else "/novyny"

    def rubric_path(self, rubric: Rubric) -> str:
        return f"/novyny?kategoriya={rubric.number}"

    def categories(self, article: Article) -> tuple[str, ...]:
        return tuple(each.name for each in RUBRICS if each.name in article.categories)

    def listing(self, visit: Visit, rows: Sequence[Article], pager: Pager) -> str:
        cards = "".join(self._card(article) for article in rows)
        more = f'<a class="btn btn-lg" rel="next" href="{pager.next}">Завантажити ще</a>' if pager.next else ""
        return f"""\
<h1 class="display-5">Новини</h1>
<div class="row row-cols-1 row-cols-md-3 g-4">
{cards}</div>
<div class="text-center my-4">{more}</div>"""

    def _card(self, article: Article) -> str:
        return f"""\
<div class="col"><div class="card h-100">
<div class="card-img-top" style="background-image: url('{self.thumbnail(article)}')"></div>
<div class="card-body"><p class="card-text">{escape(shortened(article.title, 90))}</p>
<small class="text-muted">{in_words(article.local)} року - {clock(article.local)}</small></div>
<div class="card-footer"><a href="{self.path(article)}" class="btn btn-outline-primary">Детальніше</a></div>
</div></div>
"""

    def full(self, visit: Visit, article: Article) -> str:
        pictures = "".join(
            f'<div class="swiper-slide"><a data-fancybox href="{path}"><img class="img-fluid" src="{path}" alt="{alt}"></a>'
            "</div>\n"
            for path, alt in self.images(article)
        )
        files = "".join(
            f'<a class="list-group-item" href="{path}" download><i class="bi bi-file-pdf"></i> {label}</a>\n'
            for path, label in self.files(article)
        )
        badges = "".join(f'<a class="badge bg-info" href="{path}">{name}</a> ' for path, name in self.rubrics(article))
        return f"""\
<nav aria-label="breadcrumb"><ol class="breadcrumb"><li class="breadcrumb-item"><a href="/">Головна</a></li>
<li class="breadcrumb-item"><a href="/novyny">Новини</a></li><li class="breadcrumb-item active">{title_of(article)}</li></ol></nav>
<div class="p-4 bg-white rounded"><h1 class="h3">{title_of(article)}</h1>
<div class="d-flex"><small class="text-muted">{in_words(article.local)} року - {clock(article.local)}</small>
<small><i class="bi bi-eye"></i> {visit.views(article)}</small> {badges}</div>
<div class="swiper">{pictures}</div>
<div class="content-html">{article.body}</div>
<div class="list-group">{files}</div>
<div class="share-line">Поділитись: {self.share(visit, article, '<a class="btn btn-sm" href="{path}">{name}</a>')}</div>
</div>"""

    def frame(self, visit: Visit, title: str, content: str, article: Article | None = None) -> str:
        own = f"{visit.base_url}{self.path(article)}" if article else visit.base_url
        newest = self.links(
            visit.newest, '<a class="list-group-item list-group-item-action" href="{path}">{title}</a>\n'
        )
        return f"""\
<!doctype html>
<html lang="uk">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="csrf-token" content="{visit.token("csrf", 40)}">
<title>{self.heading(title, " | ")}</title>
<meta property="og:url" content="{own}"><meta property="og:title" content="{escape(title)}">
<link href="/build/app.4f1c.css" rel="stylesheet">
</head>
<body class="bg-light">
<nav class="navbar navbar-expand-lg"><div class="container"><a class="navbar-brand" href="/">
<img src="{self.upload("gerb.png")}" height="48" alt="">{SITE}</a><ul class="navbar-nav">
{self.menu_links('<li class="nav-item"><a class="nav-link" href="{path}">{name}</a></li>')}
</ul><form class="d-flex" action="/poshuk"><input class="form-control" name="q"></form></div></nav>
<div class="container"><div class="row"><div class="col-lg-9">
{content}
</div><div class="col-lg-3"><div class="card"><div class="card-header">Останні новини</div>
<div class="list-group list-group-flush">{newest}</div></div>
<div class="card"><div class="card-body"><p class="card-text">Електронні петиції</p>
<a href="https://petytsii.example.org/" class="btn btn-outline-primary">Детальніше</a></div></div>
{self.banners('<a class="d-block my-2" href="{path}"><img class="img-fluid" src="{picture}" alt="{name}"></a>')}
</div></div></div>
<footer class="py-5"><div class="container"><p>{ADDRESS}</p><p>{" ".join(PHONES)}</p><p>{EMAIL}</p>
<p>{terms(visit.host)}</p><p><a href="{FACEBOOK}"><i class="bi bi-facebook"></i></a>
<a href="{TELEGRAM}"><i class="bi bi-telegram"></i></a></p><p>© {visit.today.year}</p></div></footer>
<script src="/build/app.77aa.js"></script>
</body>
</html>
"""


def made_up(role: str) -> str:
    """The class attribute of a role: as a build tool makes them, the same on every page, and saying nothing."""
    number = zlib.crc32(role.encode())
    letters = "".join("bcdfghjkmnpqrstvwxyzABCDEFGHIJKL"[number >> shift & 31] for shift in range(0, 30, 5))
    return f"css-{number:08x} sc-{letters}" if number % 2 else f"sc-{letters[::-1]} {letters}"


class Hashed(Skin):
    """Bare divs and spans without ids, whose class names were made up."""

    home = "/press"
    uploads = "/_img/"

    def path(self, article: Article) -> str:
        return f"/press/{article.number}"

    def page_path(self, number: int, size: int) -> str:
        return f"/press?p={number}" if number > 1 else "/press"

    def listing(self, visit: Visit, rows: Sequence[Article], pager: Pager) -> str:
        c = made_up
        items = "".join(
            f'<div class="{c("item")}"><div class="{c("thumb")}"><img class="{c("img")}" src="{self.thumbnail(article)}" alt="">'
            f'</div><div class="{c("words")}"><a class="{c("link")}" href="{self.path(article)}">'
            f'<div class="{c("name")}">{title_of(article)}</div></a>'
            f'<div class="{c("lead")}">{teaser(article, 120)}</div><div class="{c("foot")}"><span class="{c("when")}">'
            f"{clock(article.local)}, {in_words(article.local)}</span></div></div></div>\n"
            for article in rows
        )
        numbers = pager.numbers(
            f'<a class="{c("step")}" href="{{path}}">{{n}}</a>', f'<span class="{c("step now")}">{{n}}</span>'
        )
        arrow = f'<svg class="{c("svg")}" viewBox="0 0 8 8"><path d="M2 0l4 4-4 4z"></path></svg>'
        forth = f'<a class="{c("step")}" href="{pager.next}">{arrow}</a>' if pager.next else ""
        return (
            f'<div class="{c("big")}">Прес-центр</div>\n<div class="{c("list")}">\n{items}</div>\n'
            f'<div class="{c("steps")}">{numbers}{forth}</div>'
        )

    def full(self, visit: Visit, article: Article) -> str:
        c = made_up
        pictures = "".join(
            f'<div class="{c("cover")}"><img class="{c("img")}" src="{path}" alt="{alt}"></div>\n'
            for path, alt in self.images(article)
        )
        files = "".join(
            f'<div class="{c("file")}"><a class="{c("link")}" href="{path}"><span>{label}</span></a></div>\n'
            for path, label in self.files(article)
        )
        share = self.share(visit, article, f'<a class="{c("icon")}" href="{{path}}"><span>{{name}}</span></a>')
        return f"""\
<div class="{c("story")}">
<div class="{c("title")}">{title_of(article)}</div>
<div class="{c("line")}"><span class="{c("when")}">{clock(article.local)}, {in_words(article.local)}</span>
<span class="{c("seen")}">{visit.views(article)}</span></div>
{pictures}<div class="{c("rich")}">{article.body}</div>
{files}<div class="{c("share")}">{share}</div>
</div>"""

    def basic(self, name: str, text: str) -> str:
        return f'<div class="{made_up("title")}">{escape(name)}</div>\n<div class="{made_up("rich")}">{text}</div>'

    def frame(self, visit: Visit, title: str, content: str, article: Article | None = None) -> str:
        c = made_up
        newest = self.links(
            visit.newest,
            f'<div class="{c("mini")}"><a class="{c("link")}" href="{{path}}"><div class="{c("mini name")}">{{title}}</div></a></div>\n',
        )
        phones = "".join(f'<div class="{c("phone")}">{phone}</div>' for phone in PHONES)
        return f"""\
<!DOCTYPE html><html lang="uk"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{self.heading(title, " / ")}</title><meta name="next-head-count" content="4">
<link rel="preload" href="/_next/static/css/9b1d.css" as="style"></head><body><div>
<div class="{c("bar")}"><a class="{c("logo")}" href="/"><img src="{self.upload("gerb.png")}" alt=""></a>
<div class="{c("menu")}">{self.menu_links(f'<a class="{c("menu link")}" href="{{path}}"><span>{{name}}</span></a>')}</div>
<div class="{c("search")}"><input placeholder="Пошук"></div></div>
<div class="{c("grid")}"><div class="{c("main")}">
{content}
</div><div class="{c("rail")}"><div class="{c("rail head")}">Останнє</div>
{newest}{self.banners(f'<a class="{c("banner")}" href="{{path}}"><img src="{{picture}}" alt="{{name}}"></a>')}</div></div>
<div class="{c("bottom")}"><div class="{c("small")}">{terms(visit.host)}</div><div class="{c("small")}">{ADDRESS}</div>
{phones}<div class="{c("small")}">© {visit.today.year} {SITE}</div><a class="{c("icon")}" href="{YOUTUBE}"><span>YouTube</span></a>
</div></div><script>window.__STATE__={{"session":"{visit.token("session")}","locale":"uk"}}</script></body></html>
"""


class SliderFirst(Skin):
    """A carousel of the newest, blocks of documents and videos in the same cards as the news, lazy pictures, ages."""

    uploads = "/upload/iblock/"
    shown = Shown.INSTANT

    def path(self, article: Article) -> str:
        return f"/news/{quote(slug(article))}/"

    def page_path(self, number: int, size: int) -> str:
        return f"/?PAGEN_1={number}" if number > 1 else "/"

    def menu_path(self, slug: str) -> str:
        return f"/{slug}/"

    def listing(self, visit: Visit, rows: Sequence[Article], pager: Pager) -> str:
        slides = "".join(
            f'<div class="carousel-item{" active" if place == 0 else ""}"><a href="{self.path(article)}">'
            f'<img class="lazy d-block w-100" data-src="{self.thumbnail(article)}" alt=""></a><div class="carousel-caption">'
            f'<h5><a href="{self.path(article)}">{title_of(article)}</a></h5></div></div>\n'
            for place, article in enumerate(visit.listed[:3])
        )
        news = "".join(
            self._card(self.path(article), title_of(article), self._age(visit, article), self.thumbnail(article))
            for article in rows
        )
        numbers = pager.numbers(
            '<li class="page-item"><a class="page-link" href="{path}">{n}</a></li>\n',
            '<li class="page-item active"><span class="page-link">{n}</span></li>\n',
        )
        forth = (
            f'<li class="page-item"><a class="page-link" href="{pager.next}" aria-label="Next"><span>&raquo;</span></a></li>'
            if pager.next
            else '<li class="page-item disabled"><span class="page-link">&raquo;</span></li>'
        )
        notices = "".join(
            self._card(self.upload(f"docs/{file}"), name, day, self.upload("pdf.png")) for file, name, day in NOTICES
        )
        videos = "".join(self._card(path, name, day, self.upload("video.png")) for path, name, day in VIDEOS)
        return f"""\
<div id="carouselTop" class="carousel slide" data-bs-ride="carousel"><div class="carousel-inner">
{slides}</div><button class="carousel-control-next" data-bs-target="#carouselTop"></button></div>
<section class="block"><h2 class="block-title">Оголошення</h2><div class="row">
{notices}</div></section>
<section class="block"><h2 class="block-title">Новини</h2><div class="row">
{news}</div>
<nav><ul class="pagination justify-content-center">{numbers}{forth}</ul></nav></section>
<section class="block"><h2 class="block-title">Відео</h2><div class="row">
{videos}</div></section>"""

    def _card(self, path: str, name: str, when: str, picture: str) -> str:
        return f"""\
<div class="col-md-4"><article class="news-card"><a class="news-card__pic" href="{path}"><img class="lazy"
 src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7" data-src="{picture}" alt="">
<noscript><img src="{picture}" alt=""></noscript></a><div class="news-card__date">{when}</div>
<h3 class="news-card__title"><a href="{path}">{name}</a></h3></article></div>
"""

    def _age(self, visit: Visit, article: Article) -> str:
        """How long ago, for the newest; else the day."""
        now = datetime.combine(visit.today, NOON, KYIV)
        age = now - known(article, Shown.INSTANT)
        if not timedelta() <= age < timedelta(days=2):
            return dotted(article.local)
        hours = int(age.total_seconds()) // 3600
        if article.local.date() == visit.today:
            return f"{hours} {_counted(hours, 'годину', 'години', 'годин')} тому" if hours else "щойно"
        return "вчора" if visit.today - article.local.date() == timedelta(days=1) else "1 день тому"

    def full(self, visit: Visit, article: Article) -> str:
        pictures = "".join(
            f'<div class="detail-pic"><img class="lazy img-fluid" src="{path}" alt="{alt}"></div>\n'
            for path, alt in self.images(article)
        )
        files = "".join(
            f'<li><a href="{path}" target="_blank">{label}</a></li>\n' for path, label in self.files(article)
        )
        also = "".join(
            self._card(self.path(each), title_of(each), dotted(each.local), self.thumbnail(each))
            for each in visit.related(article)
        )
        return f"""\
<ol class="breadcrumb"><li class="breadcrumb-item"><a href="/">Головна</a></li><li class="breadcrumb-item active">Новини</li></ol>
<div class="news-detail"><h1 class="news-detail__title">{title_of(article)}</h1>
<div class="news-detail__meta"><span class="date">{dotted(article.local)}, {clock(article.local)}</span>
<span class="views"><i class="icon-eye"></i>{visit.views(article)}</span></div>
{pictures}<div class="news-detail__text">
{article.body}
</div>
{f'<ul class="news-detail__files">{files}</ul>' if files else ""}
<div class="ya-share">{self.share(visit, article, '<a class="soc" href="{path}"><span>{name}</span></a>')}</div></div>
<section class="block"><h2 class="block-title">Схожі новини</h2><div class="row">
{also}</div></section>"""

    def frame(self, visit: Visit, title: str, content: str, article: Article | None = None) -> str:
        published = (
            f'<meta property="og:type" content="article">\n'
            f'<meta property="article:published_time" content="{article.local.isoformat()}">\n'
            f'<link rel="canonical" href="{visit.base_url}{self.path(article)}">'
            if article
            else '<meta property="og:type" content="website">'
        )
        popular = self.links(visit.popular, '<li class="top-list__item"><a href="{path}">{title}</a></li>\n')
        return f"""\
<!DOCTYPE html>
<html lang="uk">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
<title>{self.heading(title, " • ")}</title>
<meta property="og:title" content="{escape(title)}">
{published}
<link rel="stylesheet" href="/local/templates/main/bootstrap.min.css">
<script>var BX = {{message: {{"bitrix_sessid": "{visit.token("sessid")}", "SERVER_TIME": {1763113200 + visit.served}}}}};</script>
</head>
<body>
<header class="header"><a class="header__logo" href="/"><img src="{self.upload("gerb.png")}" alt="{SITE}"></a>
<div class="header__contacts">{PHONES[0]} <a href="mailto:{EMAIL}">{EMAIL}</a></div>
<nav class="navbar"><ul class="navbar-nav">
{self.menu_links('<li class="nav-item dropdown"><a class="nav-link" href="{path}">{name}</a></li>')}
</ul></nav><form action="/search/"><input name="q"><input type="hidden" name="sessid" value="{visit.token("sessid")}"></form></header>
<div class="container"><div class="row"><main class="col-lg-9">
{content}
</main><aside class="col-lg-3"><h4>Популярне</h4><ul class="top-list">
{popular}</ul><div class="banners">{self.banners()}</div></aside></div></div>
<footer class="footer"><p>{terms(visit.host)}</p><p>{ADDRESS}</p><p>{" / ".join(PHONES)}</p>
<p><a href="{FACEBOOK}">Facebook</a> <a href="{TELEGRAM}">Telegram</a></p><p>© {visit.today.year} {SITE}</p></footer>
<script src="/local/templates/main/bootstrap.bundle.min.js"></script>
</body>
</html>
"""


def _counted(count: int, one: str, few: str, many: str) -> str:
    """The form of a Ukrainian noun beside a number."""
    if 11 <= count % 100 <= 14 or count % 10 in (0, 5, 6, 7, 8, 9):
        return many
    return one if count % 10 == 1 else few
