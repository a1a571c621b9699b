"""Content to a whole page, as Drupal 7.105 with its stock theme Bartik frames it: head, clock, sidebar, footer.

Element order, class names and RDFa are those of the real thing, because a scraper has to find its way among them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from string import Template
from urllib.parse import quote

from tests.drupal.articles import RUBRICS, Article, href
from tests.drupal.files import ICON, LOGO, STYLE_SHEET

SITE_NAME = "Зразківська міська рада"
_WEEKDAYS = ("Понеділок", "Вівторок", "Середа", "Четвер", "П'ятниця", "Субота", "Неділя")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_PAGE = Template("""\
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML+RDFa 1.0//EN"
  "http://www.w3.org/MarkUp/DTD/xhtml-rdfa-1.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="uk" version="XHTML+RDFa 1.0" dir="ltr"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/terms/"
  xmlns:foaf="http://xmlns.com/foaf/0.1/"
  xmlns:og="http://ogp.me/ns#"
  xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"
  xmlns:sioc="http://rdfs.org/sioc/ns#"
  xmlns:sioct="http://rdfs.org/sioc/types#"
  xmlns:skos="http://www.w3.org/2004/02/skos/core#"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema#">

<head profile="http://www.w3.org/1999/xhtml/vocab">
  <meta http-equiv="Content-Type" content="text/html; charset=$charset" />
<meta name="Generator" content="Drupal 7 (http://drupal.org)" />
$head_links<link rel="shortcut icon" href="$base_url$icon" type="image/png" />
  <title>$head_title</title>
  <style type="text/css" media="all">
@import url("$base_url$style_sheet?towdzc");
</style>

<!--[if lte IE 7]>
<style type="text/css">#main { height: 1%; }</style>
<![endif]-->
  <script type="text/javascript">
<!--//--><![CDATA[//><!--
var Drupal = {"settings": {"basePath":"\\/","pathPrefix":"","ajaxPageState":{"theme":"bartik"}}};
//--><!]]>
</script>
</head>
<body class="$body_class" >
  <div id="skip-link">
    <a href="#main-content" class="element-invisible element-focusable">Перейти до основного вмісту</a>
  </div>
    <div id="page-wrapper"><div id="page">

  <div id="header" class="without-secondary-menu"><div class="section clearfix">

          <a href="/" title="Головна" rel="home" id="logo">
        <img src="$base_url$logo" alt="Головна" />
      </a>

          <div id="name-and-slogan">

                              $site_name

                  <div id="site-slogan">
            офіційний вебсайт          </div>

      </div> <!-- /#name-and-slogan -->

      <div class="region region-header">
    <div id="block-block-1" class="block block-block">


  <div class="content">
    <div class="today">$today</div>  </div>
</div>
  </div>

          <div id="main-menu" class="navigation">
        <h2 class="element-invisible">Головне меню</h2>$menu      </div> <!-- /#main-menu -->


  </div></div> <!-- /.section, /#header -->



  <div id="main-wrapper" class="clearfix"><div id="main" class="clearfix">

$breadcrumb
          <div id="sidebar-first" class="column sidebar"><div class="section">
          <div class="region region-sidebar-first">
    <div id="block-search-form" class="block block-search">


  <div class="content">
    <form action="$action" method="post" id="search-block-form" accept-charset="UTF-8"><div><div class="container-inline">
      <h2 class="element-invisible">Пошукова форма</h2>
    <div class="form-item form-type-textfield form-item-search-block-form">
  <label class="element-invisible" for="edit-search-block-form--2">Пошук </label>
 <input title="Введіть слова для пошуку." type="text" id="edit-search-block-form--2" name="search_block_form" value="" size="15" maxlength="128" class="form-text" />
</div>
<div class="form-actions form-wrapper" id="edit-actions"><input type="submit" id="edit-submit" name="op" value="Пошук" class="form-submit" /></div><input type="hidden" name="form_build_id" value="$search_form_id" />
<input type="hidden" name="form_id" value="search_block_form" />
</div>
</div></form>  </div>
</div>
<div id="block-node-recent" class="block block-node">

    <h2>Останні публікації</h2>

  <div class="content">
    <table>
<tbody>
$newest</tbody>
</table>
  </div>
</div>
<div id="block-user-login" class="block block-user">

    <h2>Вхід для працівників</h2>

  <div class="content">
    <form action="$action?destination=$destination" method="post" id="user-login-form" accept-charset="UTF-8"><div><div class="form-item form-type-textfield form-item-name">
  <label for="edit-name">Ім'я користувача <span class="form-required" title="This field is required.">*</span></label>
 <input type="text" id="edit-name" name="name" value="" size="15" maxlength="60" class="form-text required" />
</div>
<div class="form-item form-type-password form-item-pass">
  <label for="edit-pass">Пароль <span class="form-required" title="This field is required.">*</span></label>
 <input type="password" id="edit-pass" name="pass" size="15" maxlength="128" class="form-text required" />
</div>
<div class="item-list"><ul><li class="first last"><a href="/user/password" title="Request new password via e-mail.">Забули пароль?</a></li>
</ul></div><input type="hidden" name="form_build_id" value="$login_form_id" />
<input type="hidden" name="form_id" value="user_login_block" />
<div class="form-actions form-wrapper" id="edit-actions--2"><input type="submit" id="edit-submit--2" name="op" value="Увійти" class="form-submit" /></div></div></form>  </div>
</div>
  </div>
      </div></div> <!-- /.section, /#sidebar-first -->

    <div id="content" class="column"><div class="section">
            <a id="main-content"></a>
$page_title                          <div class="tabs">
                  </div>
                          <div class="region region-content">
    <div id="block-system-main" class="block block-system">


  <div class="content">
    $content  </div>
</div>
  </div>

    </div></div> <!-- /.section, /#content -->


  </div></div> <!-- /#main, /#main-wrapper -->


  <div id="footer-wrapper"><div class="section">


          <div id="footer" class="clearfix">
          <div class="region region-footer">
    <div id="block-block-2" class="block block-block">


  <div class="content">
    <div class="copyright">
<p>Авторські права на матеріали цього вебсайту має Зразківська міська рада. Передруковувати їх, повністю чи частково, можна лише із зазначенням першоджерела. Інтернет-видання мають розмістити активне, пряме, відкрите для пошукових систем гіперпосилання на $host не нижче другого абзацу.</p>
</div>
<div class="contacts">
<p><strong>Юридична адреса:</strong>         00000, м. Зразків, вул. Ратушна, 1<br /><strong>Телефони:</strong>  </p>
<p>+38 000 000 00 01,</p>
<p>"гаряча лінія" - +38 000 000 00 02</p>
<p><strong>Електронна пошта:</strong>  </p>
<p><a href="mailto:rada@example.org">rada@example.org</a></p>
<p>     <br />    <a href="https://www.facebook.com/zrazkiv.example" target="_blank">facebook</a>    <a href="https://www.youtube.com/@zrazkiv.example" target="_blank">youtube</a></p>
</div>
  </div>
</div>
  </div>
      </div> <!-- /#footer -->

  </div></div> <!-- /.section, /#footer-wrapper -->

</div></div> <!-- /#page, /#page-wrapper -->
  </body>
</html>
""")  # noqa: E501  the lines are as long as Drupal's

_BREADCRUMB = """\
          <div id="breadcrumb"><h2 class="element-invisible">Ви тут</h2>\
<div class="breadcrumb"><a href="/">Головна</a></div></div>
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the frame shows around any content."""

    base_url: str  # scheme and host, without a slash at the end
    charset: str
    today: date
    newest: Sequence[Article]  # for the sidebar
    form_ids: tuple[str, str]  # of the search form and the log-in form


@dataclass(frozen=True, slots=True)
class Content:
    """What a page is about."""

    route: str  # Drupal's own path, which names the body's classes: node/12
    title: str  # empty: the front page, which has no heading
    markup: str
    canonical: str = ""  # empty: the page names no address of its own
    shortlink: str = ""
    body_class: str = ""  # beyond those that the route gives


def page(content: Content, setting: Setting) -> str:
    """The whole page, before it is encoded."""
    search_form_id, login_form_id = setting.form_ids
    heading = f'<h1 class="title" id="page-title">\n          {plain(content.title)}        </h1>\n'
    return _PAGE.substitute(
        charset=setting.charset,
        head_links=_head_links(content),
        head_title=plain(f"{content.title} | {SITE_NAME}" if content.title else f"{SITE_NAME} | офіційний вебсайт"),
        base_url=setting.base_url,
        icon=ICON,
        style_sheet=STYLE_SHEET,
        logo=LOGO,
        body_class=_body_class(content),
        site_name=_site_name(is_front=not content.title),
        today=clock(setting.today),
        menu=_menu(content.canonical if content.title else "/"),
        action=content.canonical or href(content.route),
        destination=quote(content.route),
        breadcrumb=_BREADCRUMB if content.canonical else "",
        search_form_id=search_form_id,
        login_form_id=login_form_id,
        newest="".join(_newest_row(article, row) for row, article in enumerate(setting.newest)),
        page_title=" " * 20 + heading if content.title else "",
        content=content.markup,
        host=setting.base_url.partition("://")[2],
    )


def plain(text: str) -> str:
    """Text made safe for HTML as Drupal's check_plain does: each & and < of a title escaped once more."""
    return html.escape(text).replace("&#x27;", "&#039;")


def clock(today: date) -> str:
    """The header's date: a Ukrainian weekday before an English month, as the theme's translators left it."""
    return f"{_WEEKDAYS[today.weekday()]}, {today.day} {_MONTHS[today.month - 1]}, {today.year}"


def _head_links(content: Content) -> str:
    if not content.canonical:
        return ""
    return f'<link rel="canonical" href="{content.canonical}" />\n<link rel="shortlink" href="{content.shortlink}" />\n'


def _body_class(content: Content) -> str:
    front = "not-front" if content.title else "front"
    parts = ["html", front, "not-logged-in", "one-sidebar", "sidebar-first", *_route_classes(content.route)]
    return plain(" ".join([*parts, content.body_class]).rstrip())


def _route_classes(route: str) -> list[str]:
    """page-node, page-node-, page-node-12: a number leads no further (Drupal's theme_get_suggestions)."""
    classes, prefix = [], "page"
    for part in re.sub(r"[^\w/-]", "", route).split("/"):
        if part.isdigit():
            classes += [f"{prefix}-", f"{prefix}-{part}"]
        else:
            prefix = f"{prefix}-{part}"
            classes.append(prefix)
    return classes


def _site_name(*, is_front: bool) -> str:
    """The council's name: on the front page an h1, as the only one there."""
    link = f'<a href="/" title="Головна" rel="home"><span>{SITE_NAME}</span></a>'
    tag, name = ("h1", link) if is_front else ("div", f"<strong>{link}</strong>")
    return f'<{tag} id="site-name">\n              {name}\n            </{tag}>'


def _menu(current: str) -> str:
    links = (
        ("menu-219 first", "/", "Головна"),
        *((f"menu-{280 + rubric.number}", rubric.href, rubric.name) for rubric in RUBRICS[:2]),
        ("menu-283 last", "/content/kontakti", "Контакти"),
    )
    items = [_menu_item(name, target, label, target == current) for name, target, label in links]
    return f'<ul id="main-menu-links" class="links clearfix">{"".join(items)}</ul>'


def _menu_item(name: str, target: str, label: str, is_current: bool) -> str:
    active, own = (" active-trail active", ' class="active-trail active"') if is_current else ("", "")
    return f'<li class="{name}{active}"><a href="{target}"{own}>{label}</a></li>\n'


def _newest_row(article: Article, row: int) -> str:
    return (
        f' <tr class="{("odd", "even")[row % 2]}"><td class="title-author"><div class="node-title">'
        f'<a href="{article.href}">{plain(article.title)}</a></div><div class="node-author">'
        '<span class="username" xml:lang="" about="/user/2" typeof="sioc:UserAccount" property="foaf:name" datatype="">'
        'Пресслужба</span></div></td><td class="edit"></td><td class="delete"></td> </tr>\n'
    )
