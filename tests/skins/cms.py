"""The three systems that most councils' sites run on: Drupal 6, WordPress, Joomla."""

# ruff: noqa: E501 - the lines are as long as the markup of such sites

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from html import escape
from urllib.parse import quote

from tests.drupal.articles import RUBRICS, Article, Rubric
from tests.drupal.node import summary
from tests.skins.base import Pager, Shown, Skin, Visit, slug, title_of
from tests.skins.town import (
    ADDRESS,
    EMAIL,
    FACEBOOK,
    NAMES_OF_MONTHS,
    PHONES,
    SHORT_WEEKDAYS,
    SITE,
    YOUTUBE,
    dotted,
    in_words,
    teaser,
    terms,
)  # fmt: skip


class Drupal6(Skin):
    """Garland: columns in a table, h1 is the site's name, h2 the node's title and every block's."""

    other_homes = ("/node", "/index.php")
    uploads = "/sites/default/files/"
    sticky_first = True

    def path(self, article: Article) -> str:
        return f"/node/{article.number}"

    def other_paths(self, article: Article) -> tuple[str, ...]:
        return f"/?q=node/{article.number}", f"/index.php?q=node/{article.number}"

    def page_path(self, number: int, size: int) -> str:
        return f"/node?page={number - 1}" if number > 1 else "/"

    def rubric_path(self, rubric: Rubric) -> str:
        return f"/taxonomy/term/{rubric.number}"

    def menu_path(self, slug: str) -> str:
        return f"/content/{slug}"

    def categories(self, article: Article) -> tuple[str, ...]:
        return tuple(each.name for each in RUBRICS if each.name in article.categories)

    def listing(self, visit: Visit, rows: Sequence[Article], pager: Pager) -> str:
        nodes = "".join(self._node(visit, article, is_full=False) for article in rows)
        if pager.count == 1:
            return nodes
        numbers = pager.numbers(
            '<li class="pager-item"><a href="{path}" title="На сторінку номер {n}" class="active">{n}</a></li>\n',
            '<li class="pager-current">{n}</li>\n',
        )
        forth = (
            f'<li class="pager-next"><a href="{pager.next}" class="active">наступна ›</a></li>\n'
            f'<li class="pager-last last"><a href="{pager.path(pager.count)}" class="active">остання »</a></li>\n'
            if pager.next
            else ""
        )
        return f'{nodes}<div class="item-list"><ul class="pager">{numbers}{forth}</ul></div>'

    def full(self, visit: Visit, article: Article) -> str:
        return self._node(visit, article, is_full=True)

    def _node(self, visit: Visit, article: Article, *, is_full: bool) -> str:
        path = self.path(article)
        local = article.local
        heading = "" if is_full else f'<h2><a href="{path}" title="{title_of(article)}">{title_of(article)}</a></h2>\n'
        pictures = "".join(
            f'<div class="field-item odd"><img class="imagefield" src="{to}" alt="{alt}" title=""></div>'
            for to, alt in self.images(article)
        )
        field = f'<div class="field field-type-filefield field-field-foto">{pictures}</div>' if pictures else ""
        rows = "".join(
            f'<tr class="odd"><td><a href="{to}">{label}</a></td><td>48.2 КБ</td></tr>'
            for to, label in self.files(article)
        )
        files = (
            f'<table id="attachments"><thead><tr><th>Вкладення</th><th>Розмір</th></tr></thead>{rows}</table>'
            if rows and is_full
            else ""
        )
        tags = "".join(
            f'<li class="taxonomy_term_{to.rpartition("/")[2]}"><a href="{to}" rel="tag" title="">{name}</a></li>\n'
            for to, name in self.rubrics(article)
        )
        more = "" if is_full else f'<li class="node_read_more first"><a href="{path}">Детальніше</a></li>\n'
        return f"""\
<div id="node-{article.number}" class="node{" sticky" if article.sticky else ""}">
{heading}  <span class="submitted">{SHORT_WEEKDAYS[local.weekday()]}, {article.date} — editor</span>
  <div class="content clear-block">
{field}{article.body if is_full else summary(article.body)}{files}
  </div>
  <div class="clear-block">
    <div class="meta"><div class="terms"><ul class="links inline">{tags}</ul></div></div>
    <div class="links"><ul class="links inline">{more}\
<li class="statistics_counter last"><span class="statistics_counter">{visit.views(article)} переглядів</span></li>
</ul></div>
  </div>
</div>
"""

    def basic(self, name: str, text: str) -> str:
        return f'<div class="node"><div class="content clear-block">\n{text}\n</div></div>'

    def frame(self, visit: Visit, title: str, content: str, article: Article | None = None) -> str:
        heading = f"<h2>{escape(title)}</h2>" if "pager" not in content else ""
        block = '<div id="block-{0}" class="clear-block block"><h2>{1}</h2><div class="content">{2}</div></div>\n'
        login = f"""<form action="/node?destination=node" method="post" id="user-login-form"><div>
<label>Ім'я користувача: <input type="text" name="name"></label>
<label>Пароль: <input type="password" name="pass"></label><input type="submit" name="op" value="Увійти">
<input type="hidden" name="form_build_id" value="form-{visit.token("login")}"></div></form>"""
        left = block.format("user-0", "Вхід", login) + block.format(
            "node-recent", "Останні публікації", f'<div class="item-list"><ul>{self.links(visit.newest)}</ul></div>'
        )
        right = block.format("search-0", "Пошук", '<form action="/search"><input name="q"></form>') + block.format(
            "block-3", "Корисні посилання", self.banners()
        )
        return f"""\
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" lang="uk" xml:lang="uk">
  <head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
    <title>{self.heading(title, " | ")}</title>
<link rel="shortcut icon" href="/misc/favicon.png" type="image/x-icon" />
<script type="text/javascript" src="/misc/drupal.js?Z"></script>
<script type="text/javascript">jQuery.extend(Drupal.settings, {{ "basePath": "/" }});</script>
  </head>
  <body class="sidebars">
  <div id="header-region" class="clear-block"></div>
  <div id="header"><h1><a href="/" title="{SITE}"><img src="{self.upload("garland_logo.png")}" alt="" id="logo" />
  <span>{SITE}</span></a></h1><ul class="links primary-links">{self.menu_links()}</ul></div>
  <table id="content-table" cellpadding="0" cellspacing="0"><tr>
  <td id="sidebar-left" class="sidebar" valign="top">{left}</td>
  <td id="center" valign="top"><div class="breadcrumb"><a href="/">Головна</a></div>
  {heading}
  <div class="clear-block">
{content}
  </div></td>
  <td id="sidebar-right" class="sidebar" valign="top">{right}</td>
  </tr></table>
  <div id="footer">{terms(visit.host)}<br />{ADDRESS}. Тел. {PHONES[0]}<br />
  <a href="{FACEBOOK}">Facebook</a> <a href="{YOUTUBE}">YouTube</a> Powered by Drupal</div>
  </body>
</html>
"""


class WordPress(Skin):
    """A theme of the twenties, with the plugins that everybody has: SEO, sharing, related posts."""

    uploads = "/wp-content/uploads/2025/"
    more_pages = (("author/press", "Пресслужба"),)
    shown = Shown.INSTANT
    sticky_first = True

    def path(self, article: Article) -> str:
        return f"/{article.local:%Y/%m/%d}/{quote(slug(article))}/"

    def other_paths(self, article: Article) -> tuple[str, ...]:
        return (f"/?p={article.number}",)

    def page_path(self, number: int, size: int) -> str:
        return f"/page/{number}/" if number > 1 else "/"

    def rubric_path(self, rubric: Rubric) -> str:
        return f"/category/{rubric.alias.rpartition('/')[2] or 'vpo-veterany'}/"

    def menu_path(self, slug: str) -> str:
        return f"/{slug}/"

    def categories(self, article: Article) -> tuple[str, ...]:
        return tuple(each.name for each in RUBRICS if each.name in article.categories)

    def listing(self, visit: Visit, rows: Sequence[Article], pager: Pager) -> str:
        posts = "".join(self._post(visit, article, is_full=False) for article in rows)
        if pager.count == 1:
            return f'<header class="page-header"><h1 class="page-title">Рубрика</h1></header>\n{posts}'
        numbers = pager.numbers(
            '<a class="page-numbers" href="{path}">{n}</a>\n',
            '<span aria-current="page" class="page-numbers current">{n}</span>\n',
        )
        forth = f'<a class="next page-numbers" href="{visit.base_url}{pager.next}">Старіші</a>' if pager.next else ""
        back = (
            f'<a class="prev page-numbers" href="{visit.base_url}{pager.previous}">Новіші</a>' if pager.previous else ""
        )
        return f"""\
{posts}<nav class="navigation pagination" aria-label="Записи"><h2 class="screen-reader-text">Навігація записів</h2>
<div class="nav-links">{back}{numbers}{forth}</div></nav>"""

    def full(self, visit: Visit, article: Article) -> str:
        older, newer = visit.beside(article)
        neighbours = "".join(
            f'<div class="nav-{name}"><a href="{self.path(each)}" rel="{rel}"><span class="post-title">{title_of(each)}'
            "</span></a></div>"
            for each, name, rel in ((older, "previous", "prev"), (newer, "next", "next"))
            if each
        )
        return f"""\
{self._post(visit, article, is_full=True)}
<nav class="navigation post-navigation"><h2 class="screen-reader-text">Навігація записів</h2>
<div class="nav-links">{neighbours}</div></nav>
<div id="comments" class="comments-area"><div id="respond" class="comment-respond">
<h3 id="reply-title" class="comment-reply-title">Залишити відповідь</h3>
<form action="/wp-comments-post.php" method="post"><textarea name="comment"></textarea>
<input type="hidden" name="akismet_comment_nonce" value="{visit.token("nonce", 10)}"></form></div></div>"""

    def _post(self, visit: Visit, article: Article, *, is_full: bool) -> str:
        path = f"{visit.base_url}{self.path(article)}"
        local = article.local
        modified = local + timedelta(minutes=3)
        heading = (
            f'<h1 class="entry-title">{title_of(article)}</h1>'
            if is_full
            else f'<h2 class="entry-title"><a href="{path}" rel="bookmark">{title_of(article)}</a></h2>'
        )
        pictures = "".join(
            f'<figure class="post-thumbnail"><img width="480" height="320" src="{to}" class="wp-post-image" alt="{alt}">'
            "</figure>\n"
            for to, alt in self.images(article)
        )
        tags = ", ".join(f'<a href="{to}" rel="category tag">{name}</a>' for to, name in self.rubrics(article))
        more = (
            f'<p><a class="more-link" href="{path}">Читати далі<span class="screen-reader-text"> «{title_of(article)}»'
        )
        body = (
            f"{article.body}{self._shared(visit, article)}"
            if is_full
            else f"{summary(article.body)}{more}</span></a></p>"
        )
        files = "".join(f'<li><a href="{to}">{label}</a></li>' for to, label in self.files(article))
        attached = (
            f'<div class="post-attachments"><h3>Вкладення</h3><ul>{files}</ul></div>' if files and is_full else ""
        )
        sticky = " sticky" if article.sticky else ""
        return f"""\
<article id="post-{article.number}" class="post-{article.number} post type-post status-publish format-standard{sticky} hentry">
<header class="entry-header">{heading}
<div class="entry-meta"><span class="posted-on"><a href="{path}" rel="bookmark">\
<time class="entry-date published" datetime="{local.isoformat()}">{dotted(local)}</time>\
<time class="updated" datetime="{modified.isoformat()}">{dotted(modified)}</time></a></span>
<span class="byline"><span class="author vcard"><a class="url fn n" href="/author/press/">Пресслужба</a></span></span>
<span class="cat-links">{tags}</span></div></header>
{pictures}<div class="entry-content">
{body}
</div>
{attached}<footer class="entry-footer"><span class="comments-link"><a href="{path}#respond">Залишити коментар</a></span>\
</footer>
</article>
"""

    def _shared(self, visit: Visit, article: Article) -> str:
        """What plugins append to the body, within its element."""
        buttons = self.share(
            visit, article, '<li><a rel="nofollow" class="share-icon" href="{path}"><span>{name}</span></a></li>'
        )
        related = "".join(
            f'<div class="jp-relatedposts-post"><h4><a href="{self.path(each)}">{title_of(each)}</a></h4>'
            f'<time datetime="{each.local.isoformat()}">{dotted(each.local)}</time><p>У «Новини»</p></div>\n'
            for each in visit.related(article)
        )
        return f"""\
<div class="sharedaddy sd-sharing-enabled"><div class="robots-nocontent sd-block sd-social">
<h3 class="sd-title">Поширити:</h3><div class="sd-content"><ul>{buttons}</ul></div></div></div>
<div class="sharedaddy sd-like"><span class="button">Вподобати</span> <span>Завантаження…</span></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>Пов’язано</em></h3>
{related}</div>"""

    def frame(self, visit: Visit, title: str, content: str, article: Article | None = None) -> str:
        rubrics = "".join(
            f'<li class="cat-item cat-item-{each.number}"><a href="{self.rubric_path(each)}">{escape(each.name)}</a></li>'
            for each in RUBRICS
        )
        months = "".join(
            f'<option value="/2025/{month:02}/">{NAMES_OF_MONTHS[month - 1]} 2025</option>' for month in (11, 10, 9)
        )
        return f"""\
<!DOCTYPE html>
<html lang="uk">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{self.heading(title, " – ")}</title>
<meta name="generator" content="WordPress 6.4.3">
{self._head(visit, article) if article else ""}
<link rel="stylesheet" id="wp-block-library-css" href="/wp-includes/css/dist/block-library/style.min.css" media="all">
<script>window._wpemojiSettings = {{"baseUrl":"/emoji/","ext":".png"}};</script>
</head>
<body class="{"single single-post" if article else "home blog"} wp-embed-responsive">
<div id="page" class="site">
<a class="skip-link screen-reader-text" href="#content">Перейти до вмісту</a>
<header id="masthead" class="site-header"><a class="custom-logo-link" href="/"><img class="custom-logo"
 src="{self.upload("gerb.png")}" alt="{SITE}"></a><p class="site-title"><a href="/" rel="home">{SITE}</a></p>
<nav id="site-navigation" class="main-navigation"><ul class="menu">\
{self.menu_links('<li class="menu-item"><a href="{path}">{name}</a></li>')}</ul></nav></header>
<div id="content" class="site-content"><main id="main" class="site-main">
{content}
</main>
<aside id="secondary" class="widget-area">
<section class="widget widget_search"><form role="search" action="/"><input type="search" name="s"></form></section>
<section class="widget widget_recent_entries"><h2 class="widget-title">Останні записи</h2><ul>\
{self.links(visit.newest)}</ul></section>
<section class="widget widget_categories"><h2 class="widget-title">Категорії</h2><ul>{rubrics}</ul></section>
<section class="widget widget_archive"><h2 class="widget-title">Архіви</h2><select name="archive-dropdown">{months}</select></section>
<section class="widget widget_media_image">{self.banners()}</section>
</aside></div>
<footer id="colophon" class="site-footer"><div class="site-info"><p>{terms(visit.host)}</p>
<p>{ADDRESS} · {" · ".join(PHONES)} · <a href="mailto:{EMAIL}">{EMAIL}</a></p>
<p>© {visit.today.year} {SITE}. <a href="https://uk.wordpress.org/">Сайт працює на WordPress</a></p></div></footer>
</div>
<script src="/wp-includes/js/wp-embed.min.js?ver=6.4.3"></script>
</body>
</html>
"""

    def _head(self, visit: Visit, article: Article) -> str:
        path = f"{visit.base_url}{self.path(article)}"
        published = article.local.isoformat()
        modified = (article.local + timedelta(minutes=3)).isoformat()
        graph = [
            {"@type": "WebSite", "@id": f"{visit.base_url}/#website", "name": SITE, "inLanguage": "uk"},
            {"@type": "WebPage", "@id": path, "url": path, "name": article.title, "datePublished": published},
            {
                "@type": "NewsArticle",
                "headline": article.title,
                "datePublished": published,
                "dateModified": modified,
                "author": {"@type": "Person", "name": "Пресслужба"},
                "articleSection": list(self.categories(article)),
                "mainEntityOfPage": {"@id": path},
            },
        ]
        data = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
        return f"""\
<link rel="canonical" href="{path}">
<link rel="shortlink" href="{visit.base_url}/?p={article.number}">
<meta property="og:type" content="article">
<meta property="og:title" content="{title_of(article)}">
<meta property="og:description" content="{teaser(article, 150)}">
<meta property="og:url" content="{path}">
<meta property="og:site_name" content="{SITE}">
<meta property="og:image" content="{visit.base_url}{self.thumbnail(article)}">
<meta property="article:published_time" content="{published}">
<meta property="article:modified_time" content="{modified}">
<script type="application/ld+json">{data.replace("<", chr(92) + "u003c")}</script>"""


class Joomla(Skin):
    """com_content's blog: leading items, rows in columns, then links to more articles; only the day is shown."""

    home = "/novyny"
    uploads = "/images/"
    shown = Shown.DAY
    sticky_first = True

    def path(self, article: Article) -> str:
        return f"/novyny/{article.number}-{quote(slug(article))}.html"

    def other_paths(self, article: Article) -> tuple[str, ...]:
        plain = self._plain_path(article)
        return plain, f"{plain}&Itemid=101", f"{self.path(article)}?print=1"

    def _plain_path(self, article: Article) -> str:
        return f"/index.php?option=com_content&view=article&id={article.number}"

    def page_path(self, number: int, size: int) -> str:
        return f"/novyny?start={(number - 1) * size}" if number > 1 else "/novyny"

    def rubric_path(self, rubric: Rubric) -> str:
        return f"/rubryky/{rubric.number}-{rubric.alias.rpartition('/')[2] or 'vpo'}"

    def menu_path(self, slug: str) -> str:
        return f"/{slug}.html"

    def categories(self, article: Article) -> tuple[str, ...]:
        return article.categories[:1]  # an article of Joomla has one

    def listing(self, visit: Visit, rows: Sequence[Article], pager: Pager) -> str:
        items = [self._item(visit, article) for article in rows]
        leading = f'<div class="items-leading clearfix"><div class="leading-0">{items[0]}</div></div>' if items else ""
        columns = [
            f'<div class="item column-{1 + place % 2} span6">{item}</div>' for place, item in enumerate(items[1:])
        ]
        rest = "".join(
            f'<div class="items-row cols-2 row-{start // 2} row-fluid clearfix">{"".join(columns[start : start + 2])}</div>\n'
            for start in range(0, len(columns), 2)
        )
        following = [each for each in visit.listed if rows and each.utc < rows[-1].utc][:4]
        more = self.links(following) if pager.next else ""
        forth = (
            f'<li class="pagination-next"><a title="Вперед" href="{pager.next}" class="hasTooltip pagenav">Вперед</a></li>'
            if pager.next
            else '<li class="pagination-next"><span class="pagenav">Вперед</span></li>'
        )
        numbers = pager.numbers(
            '<li><a href="{path}" class="pagenav">{n}</a></li>', '<li><span class="pagenav">{n}</span></li>'
        )
        return f"""\
<div class="blog" itemscope itemtype="https://schema.org/Blog"><div class="page-header"><h1>Новини</h1></div>
{leading}
{rest}
{f'<div class="items-more"><h3>Більше статей...</h3><ol class="nav nav-tabs nav-stacked">{more}</ol></div>' if more else ""}
<div class="pagination"><p class="counter pull-right">Сторінка {pager.number} із {pager.count}</p>
<ul class="pagination-list">{numbers}{forth}</ul></div></div>"""

    def _item(self, visit: Visit, article: Article) -> str:
        path = self.path(article)
        picture = self.images(article)[:1]
        image = f'<div class="pull-left item-image"><img src="{picture[0][0]}" alt=""></div>' if picture else ""
        return f"""\
<div class="page-header"><h2 itemprop="name"><a href="{path}" itemprop="url">{title_of(article)}</a></h2></div>
{self._info(visit, article)}{image}
<p>{teaser(article, 260)}</p>
<p class="readmore"><a class="btn" href="{path}" itemprop="url"><span class="icon-chevron-right"></span> Детальніше...</a></p>
"""

    def _info(self, visit: Visit, article: Article) -> str:
        name = escape(article.categories[0])
        to = next(self.rubric_path(each) for each in RUBRICS if each.name == article.categories[0])
        return f"""\
<dl class="article-info muted"><dt class="article-info-term">Деталі</dt>
<dd class="createdby">Автор: <span itemprop="name">Адміністратор</span></dd>
<dd class="category-name">Категорія: <a href="{to}" itemprop="genre">{name}</a></dd>
<dd class="published"><span class="icon-calendar"></span> Опубліковано: {in_words(article.local)}</dd>
<dd class="hits"><span class="icon-eye-open"></span> Перегляди: {visit.views(article)}</dd></dl>
"""

    def full(self, visit: Visit, article: Article) -> str:
        older, newer = visit.beside(article)
        back = f'<li class="previous"><a href="{self.path(newer)}" rel="prev">‹ Попередня</a></li>' if newer else ""
        forth = f'<li class="next"><a href="{self.path(older)}" rel="next">Наступна ›</a></li>' if older else ""
        pictures = "".join(
            f'<div class="pull-right item-image"><img src="{to}" alt="{alt}" itemprop="image"></div>'
            for to, alt in self.images(article)
        )
        files = "".join(f'<li><a class="at_url" href="{to}">{label}</a></li>' for to, label in self.files(article))
        attached = f'<div class="attachmentsContainer"><ul>{files}</ul></div>' if files else ""
        return f"""\
<div class="item-page" itemscope itemtype="https://schema.org/Article">
<div class="page-header"><h2 itemprop="headline">{title_of(article)}</h2></div>
<div class="icons"><ul class="actions"><li class="print-icon"><a href="{self.path(article)}?print=1">Друк</a></li>
<li class="email-icon"><a href="mailto:?subject={visit.token("mail")}">Електронна пошта</a></li></ul></div>
{self._info(visit, article)}{pictures}
<div itemprop="articleBody">
{article.body}
</div>
{attached}<ul class="pager pagenav">{back}{forth}</ul>
</div>"""

    def basic(self, name: str, text: str) -> str:
        return f'<div class="item-page"><div class="page-header"><h2>{escape(name)}</h2></div>\n{text}</div>'

    def frame(self, visit: Visit, title: str, content: str, article: Article | None = None) -> str:
        read = "".join(
            f'<li><a href="{escape(self._plain_path(each))}&amp;Itemid=101">{escape(each.title)}</a></li>\n'
            for each in visit.popular
        )
        canonical = f'<link href="{visit.base_url}{self.path(article)}" rel="canonical">' if article else ""
        module = '<div class="moduletable"><h3>{0}</h3>{1}</div>\n'
        login = f"""<form action="/" method="post" id="login-form"><input name="username" placeholder="Логін">
<input name="password" type="password"><input type="hidden" name="return" value="aW5kZXgucGhw">
<input type="hidden" name="{visit.token("login")}" value="1"></form>"""
        return f"""\
<!DOCTYPE html>
<html lang="uk-ua" dir="ltr">
<head>
<base href="{visit.base_url}/">
<meta charset="utf-8">
<meta name="generator" content="Joomla! - Open Source Content Management">
<title>{self.heading(title, " - ")}</title>
{canonical}<script type="application/json" class="joomla-script-options new">{{"csrf.token":"{visit.token("csrf")}"}}</script>
<script src="/media/jui/js/jquery.min.js"></script>
</head>
<body class="site com_content view-{"article" if article else "category"} layout-blog itemid-101">
<div class="body"><div class="container">
<header class="header"><a class="brand" href="/"><img src="{self.upload("gerb.png")}" alt="{SITE}"></a>
<div class="date">{in_words(visit.today)}</div></header>
<nav class="navigation"><ul class="nav menu nav-pills">{self.menu_links()}</ul></nav>
<ul class="breadcrumb"><li>Ви тут: </li><li><a href="/" class="pathway">Головна</a></li>
<li class="active"><span>{escape(title)}</span></li></ul>
<div class="row-fluid"><main id="content" class="span9">
{content}
</main>
<div id="aside" class="span3">
{module.format("Останні новини", f'<ul class="latestnews">{self.links(visit.newest)}</ul>')}\
{module.format("Найбільш читане", f'<ul class="mostread">{read}</ul>')}\
{module.format("Вхід", login)}\
{module.format("Зараз на сайті", f"<p>На сайті {visit.served % 60 + 2} гостей та користувачі відсутні</p>")}\
{module.format("Посилання", self.banners())}</div></div></div></div>
<footer class="footer"><hr><p>{terms(visit.host)}</p><p>{ADDRESS}, {PHONES[0]}, {EMAIL}</p>
<p>&copy; {visit.today.year} {SITE}</p></footer>
</body>
</html>
"""
