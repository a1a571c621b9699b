"""Sites that somebody once wrote by hand: all in one container; tables of 2003; a CMS of its own in windows-1251."""

# ruff: noqa: E501 - the lines are as long as the markup of such sites

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from tests.drupal.articles import RUBRICS, Article, Rubric
from tests.drupal.frame import clock as english_clock
from tests.skins.base import Pager, Skin, Visit, title_of
from tests.skins.town import ADDRESS, EMAIL, FACEBOOK, PHONES, SITE, WEEKDAYS, YOUTUBE, dotted, in_words, teaser, terms
from tests.skins.town import clock as clock_of


class Seed(Skin):
    """Clock, date, title, a picture's random name, paragraphs and the footer's, all side by side in one container."""

    uploads = "/storage/"
    sticky_first = True

    def path(self, article: Article) -> str:
        return f"/news/{article.number}"

    def page_path(self, number: int, size: int) -> str:
        return f"/?page={number}" if number > 1 else "/"

    def listing(self, visit: Visit, rows: Sequence[Article], pager: Pager) -> str:
        items = "".join(
            f'<div class="col-md-12"><div>{article.date}</div>\n'
            f'<div><a href="{visit.base_url}{self.path(article)}">{title_of(article)}</a></div></div>\n'
            for article in rows
        )
        numbers = pager.numbers('<li><a href="{path}">{n}</a></li>', '<li class="active"><span>{n}</span></li>')
        forth = (
            f'<li><a href="{visit.base_url}{pager.next}" rel="next">&raquo;</a></li>'
            if pager.next
            else '<li class="disabled"><span>&raquo;</span></li>'
        )
        return f'{items}<ul class="pagination">{numbers}{forth}</ul>'

    def full(self, visit: Visit, article: Article) -> str:
        token = b64encode(hashlib.sha256(article.alias.encode()).digest(), b"xX").decode()[:40]
        pictures = "\n".join(
            f'<img class="img-responsive" src="{path}" alt="{token}">' for path, _ in self.images(article)
        )
        documents = "".join(f'<p><a href="{path}">{label}</a></p>\n' for path, label in self.files(article))
        return f"""\
<div>{article.date}</div>
<h2>{title_of(article)}</h2>
{pictures or f"<div>{token}</div>"}
{article.body}
{documents}"""

    def basic(self, name: str, text: str) -> str:
        return f"<h2>{escape(name)}</h2>\n{text}"

    def frame(self, visit: Visit, title: str, content: str, article: Article | None = None) -> str:
        return f"""\
<!DOCTYPE html>
<html lang="uk">
<head>
<meta charset="utf-8">
<meta http-equiv="X-UA-Compatible" content="IE=edge">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="csrf-token" content="{visit.token("csrf", 40)}">
<title>{self.heading(title, " - ")}</title>
<link href="/css/app.css" rel="stylesheet">
<script>window.Laravel = {{"csrfToken":"{visit.token("csrf", 40)}"}};</script>
</head>
<body>
<div class="navbar"><a href="/"><img src="{self.upload("gerb.png")}" alt="{SITE}"></a>
<ul>{self.menu_links()}</ul>
<form action="/search" method="post"><input type="hidden" name="_token" value="{visit.token("csrf", 40)}">
<input name="q" placeholder="Пошук"></form></div>
<div class="left">
<div>Читайте також</div>
<ul>{self.links(visit.popular)}</ul>
{self.banners()}
</div>
<div class="container">
<div>{english_clock(visit.today)}</div>
{content}
<p>{terms(visit.host)}</p>
<p>Юридична адреса:         {ADDRESS}<br>Телефони:  </p>
<p>{PHONES[0]},</p>
<p>"гаряча лінія" - {PHONES[1]}</p>
<p>Електронна пошта:  </p>
<p><a href="mailto:{EMAIL}">{EMAIL}</a></p>
<p>     <br>    <a href="{FACEBOOK}">facebook</a>    <a href="{YOUTUBE}">youtube</a></p>
</div>
<script src="/js/app.js"></script>
</body>
</html>
"""


class Table(Skin):
    """Tables in tables, half of the tags never closed, no class anywhere, and a body in the body."""

    other_homes = ("/index.php",)
    encoding = "windows-1251"
    content_type = "text/html"  # the page's meta element alone declares the encoding
    uploads = "/img/"

    def path(self, article: Article) -> str:
        return f"/index.php?id={article.number}"

    def other_paths(self, article: Article) -> tuple[str, ...]:
        return tuple(f"/{page}={article.number}" for page in ("?newsid", "index.php?newsid", "print.php?id"))

    def page_path(self, number: int, size: int) -> str:
        return f"/index.php?cstart={number}" if number > 1 else "/"

    def rubric_path(self, rubric: Rubric) -> str:
        return f"/index.php?cat={rubric.number}"

    def menu_path(self, slug: str) -> str:
        return f"/index.php?page={slug}"

    def listing(self, visit: Visit, rows: Sequence[Article], pager: Pager) -> str:
        items = "".join(self._item(article) for article in rows)
        numbers = pager.numbers('[<A HREF="{path}">{n}</A>] ', "<B>{n}</B> ")
        forth = f'<A HREF="{pager.next[1:]}">Далі &gt;&gt;</A>' if pager.next else ""
        return f"""\
<TABLE WIDTH=100% BORDER=0 CELLSPACING=3><TR BGCOLOR=#003399><TD COLSPAN=2><FONT COLOR=#FFFFFF><B>НОВИНИ МІСТА</B></TR>
{items}</TABLE>
<CENTER><FONT SIZE=2>Сторінки: {numbers}{forth}</FONT></CENTER>"""

    def _item(self, article: Article) -> str:
        """Two rows of the table, which nothing holds together."""
        return f"""\
<TR><TD VALIGN=top WIDTH=90><FONT SIZE=2>{dotted(article.local)}<BR><SMALL>{clock_of(article.local)}</SMALL>
<TD><A HREF="{self.path(article)[1:]}"><FONT COLOR=#CC0000><B>{title_of(article)}</B></FONT></A>
<TR><TD><A HREF="{self.path(article)[1:]}"><IMG SRC="{self.thumbnail(article)}" WIDTH=80 BORDER=0></A></TD>
<TD><P ALIGN=justify><FONT SIZE=2>{teaser(article, 180)}
<P ALIGN=right><A HREF="{self.path(article)[1:]}">&gt;&gt;&gt;</A></TD></TR>
"""

    def full(self, visit: Visit, article: Article) -> str:
        pictures = "\n".join(
            f'<IMG SRC="{path}" ALT="{alt}" HSPACE=5 ALIGN=left WIDTH=240>' for path, alt in self.images(article)
        )
        documents = "".join(f'<LI><A HREF="{path}">{label}</A>\n' for path, label in self.files(article))
        return f"""\
<TABLE WIDTH=100% BORDER=0><TR><TD BGCOLOR=#DDDDFF><FONT SIZE=4 COLOR=#003399><B>{title_of(article)}</B></FONT>
<TD WIDTH=90 ALIGN=right><FONT SIZE=2>{dotted(article.local)}<BR><SMALL>{clock_of(article.local)}</SMALL></TR>
<TR><TD COLSPAN=2>{pictures}
{article.body}
</DIV>
<TR><TD COLSPAN=2>{f"<B>Файли:</B><UL>{documents}</UL>" if documents else ""}
<TR><TD><A HREF="javascript:history.back()">&lt;&lt; Назад</A> <TD ALIGN=right><FONT SIZE=1>
<A HREF="print.php?id={article.number}">Версія для друку</A>, прочитано {visit.views(article)} раз</FONT></TR></TABLE>"""

    def basic(self, name: str, text: str) -> str:
        return f"<FONT SIZE=4><B>{escape(name)}</B></FONT><HR>{text}"

    def frame(self, visit: Visit, title: str, content: str, article: Article | None = None) -> str:
        old = "".join(
            f'<P><FONT SIZE=1><A HREF="?newsid={each.number}">{escape(each.expected_title)}</A>\n'
            for each in visit.newest
        )
        menu = self.menu_links('<TR><TD BGCOLOR=#EEEEEE><A HREF="{path}"><FONT SIZE=2>{name}</FONT></A>\n')
        return f"""\
<HTML>
<HEAD>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-1251">
<TITLE>{self.heading(title, " :: ")}</TITLE>
<META NAME="keywords" CONTENT="Зразків, місто, рада, новини">
<SCRIPT LANGUAGE="JavaScript"><!--
function win(u) {{ window.open(u, '', 'width=600,height=400'); }}
//--></SCRIPT>
</HEAD>
<BODY BGCOLOR=#FFFFFF TOPMARGIN=0>
<TABLE WIDTH=980 ALIGN=center BORDER=0><TR><TD COLSPAN=3><A HREF="/"><IMG SRC="{self.upload("shapka.png")}" BORDER=0
 ALT="{SITE}"></A><TR><TD COLSPAN=3 ALIGN=right><FONT SIZE=2>Сьогодні {dotted(visit.today)}</FONT></TD></TR>
<TR><TD WIDTH=170 VALIGN=top><TABLE WIDTH=100% BORDER=0>
{menu}</TABLE>
<BODY LINK=#003399>
<FORM ACTION=search.php><INPUT NAME=q SIZE=12><INPUT TYPE=submit VALUE="OK"></FORM>
<TD VALIGN=top WIDTH=600></TD>{content}
</TD>
<TD VALIGN=top WIDTH=190 BGCOLOR=#F4F4F4><FONT SIZE=2><B>Останні надходження</B></FONT>
{old}<P><CENTER>{self.banners('<A HREF="{path}"><IMG SRC="{picture}" ALT="{name}" WIDTH=150 BORDER=1></A><BR>')}</CENTER>
<FORM METHOD=post ACTION=login.php><INPUT NAME=login SIZE=10><INPUT TYPE=password NAME=pw SIZE=10>
<INPUT TYPE=hidden NAME=PHPSESSID VALUE={visit.token("session")}></FORM>
</TD></TR>
<TR><TD COLSPAN=3 ALIGN=center BGCOLOR=#003399><FONT COLOR=#FFFFFF SIZE=1>&copy; 2003-{visit.today.year} {SITE}<BR>
{ADDRESS}, тел. {PHONES[0]}, {EMAIL}<BR>{terms(visit.host)}<BR>Відвідувачів: {52000 + visit.served}
</TABLE>
</BODY>
</HTML>
"""


class Windows(Skin):
    """A CMS of its own: the list is one ul, each item linked three times, Cyrillic in the addresses."""

    encoding = "windows-1251"
    content_type = "text/html; charset=windows-1251"
    uploads = "/userfiles/image/"

    def path(self, article: Article) -> str:
        words = "".join(sign if sign.isalnum() else " " for sign in article.expected_title.lower()).split()
        return quote(f"/новини/{article.number}-{'-'.join(words[:8])}.html")

    def other_paths(self, article: Article) -> tuple[str, ...]:
        return (f"{self.path(article)}?print=1",)

    def page_path(self, number: int, size: int) -> str:
        return quote(f"/новини/сторінка-{number}/") if number > 1 else "/"

    def rubric_path(self, rubric: Rubric) -> str:
        return quote(f"/рубрика/{rubric.name.lower().replace(' ', '-')}/")

    def menu_path(self, slug: str) -> str:
        return f"/{slug}.html"

    def categories(self, article: Article) -> tuple[str, ...]:
        return tuple(each.name for each in RUBRICS if each.name in article.categories)

    def listing(self, visit: Visit, rows: Sequence[Article], pager: Pager) -> str:
        items = "".join(self._item(article) for article in rows)
        numbers = pager.numbers(' <a href="{path}">{n}</a> |', " <b>{n}</b> |")
        return f"<h1>Новини</h1>\n<ul>\n{items}</ul>\n<div align=center>Сторінки: |{numbers}</div>"

    def _item(self, article: Article) -> str:
        path = self.path(article)
        spaced = title_of(article).replace(" ", "  ").replace("  ", "&nbsp;", 1)
        rubrics = ", ".join(f'<a href="{to}">{name}</a>' for to, name in self.rubrics(article))
        return f"""\
<li><a href="{path}"><img src="{self.thumbnail(article)}" width=120 align=left border=0></a>
<i>{article.local:%d/%m/%Y %H:%M}</i> <a href="{path}">{spaced}</a> ({rubrics})<br>
{teaser(article, 200)} <a href="{path}">докладніше</a><br clear=all></li>
"""

    def full(self, visit: Visit, article: Article) -> str:
        pictures = "".join(
            f'<a href="{path}" rel="lightbox"><img src="{path}" alt="{alt}" width=300></a>\n'
            for path, alt in self.images(article)
        )
        documents = "".join(f'<li><a href="{path}">{label}</a></li>\n' for path, label in self.files(article))
        rubrics = ", ".join(f'<a href="{to}">{name}</a>' for to, name in self.rubrics(article))
        return f"""\
<div id="path"><a href="/">Головна</a> / {rubrics}</div>
<h1>{title_of(article)}</h1>
<i>{article.local:%d/%m/%Y %H:%M}</i> | Переглядів: {visit.views(article)} | <a href="?print=1">Друкувати</a>
<div id="text">{article.body}</div>
<div id="foto">{pictures}</div>
{f'<div id="files">Завантажити:<ul>{documents}</ul></div>' if documents else ""}
<div id="share">Поділитися: {self.share(visit, article)}</div>
<form id="vote" method="post" action="/vote.php"><input type="hidden" name="key" value="{visit.token("vote")}">
Чи була корисною ця сторінка? <input type="radio" name="v" value="1">Так <input type="radio" name="v" value="0">Ні</form>"""

    def frame(self, visit: Visit, title: str, content: str, article: Article | None = None) -> str:
        return f"""\
<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<html><head><title>{self.heading(title, " | ")}</title>
<meta http-equiv="content-type" content="text/html; charset=windows-1251">
<meta name="description" content="Офіційний сайт. {escape(title)}">
<link rel="stylesheet" href="/style.css" type="text/css">
<script type="text/javascript" src="/js/jquery.js"></script>
</head><body>
<div id="head"><a href="/"><img src="{self.upload("gerb.png")}" alt="Герб"></a> <b>{SITE}</b>
<span>{WEEKDAYS[visit.today.weekday()]}, {in_words(visit.today)} року</span></div>
<div id="menu"><ul>{self.menu_links()}</ul></div>
<div id="col1">
<form action="/search.php" method="get"><input type="text" name="s"><input type="submit" value="Шукати"></form>
<b>Найпопулярніше</b>
<ul>
{self.links(visit.popular)}</ul>
{self.banners()}</div>
<div id="col2">
{content}
</div>
<div id="foot">
<p>{terms(visit.host)}</p>
<p>&copy; {SITE}, 2008&ndash;{visit.today.year}. {ADDRESS}. Тел.: {", ".join(PHONES)}. E-mail: {EMAIL}</p>
<p>На сайті зараз: {visit.served % 40 + 3}</p>
</div>
</body></html>
"""
