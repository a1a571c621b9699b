"""Whole pages that are neither news nor a listing, though some have what those have: links, dates, sidebars."""

# ruff: noqa: E501 - the lines are as long as the markup of such sites

from __future__ import annotations

from html import escape

from tests.drupal.articles import articles
from tests.drupal.site import TODAY
from tests.skins.base import Visit
from tests.skins.modern import Cards, SliderFirst
from tests.skins.town import ADDRESS, EMAIL, MENU, PHONES, SITE, terms

_HOST = "rada.example.org"
_LISTED = [article for article in reversed(articles()) if article.listed]
_VISIT = Visit(f"https://{_HOST}", TODAY, 1, _LISTED)

_LOGIN = """\
<!DOCTYPE html>
<html lang="uk"><head><meta charset="utf-8"><title>Вхід до системи</title><meta name="robots" content="noindex"></head>
<body class="login"><div id="login"><h1><a href="/">Зразківська міська рада</a></h1>
<form action="/user/login" method="post"><p><label>Ім’я користувача<br><input name="log"></label></p>
<p><label>Пароль<br><input type="password" name="pwd"></label></p><p><label><input type="checkbox"> Запам’ятати мене</label>
<input type="hidden" name="token" value="6b1f0c3e9a7d"><input type="submit" value="Увійти"></p></form>
<p><a href="/user/password">Забули пароль?</a> <a href="/user/register">Зареєструватися</a></p>
<p>Щоб переглянути цю сторінку, увійдіть під своїм обліковим записом. Сеанс завершено 14.11.2025 о 10:39.</p>
<p><a href="/">← На головну сторінку</a></p></div></body></html>
"""

_BLOCKED = """\
<!DOCTYPE html>
<html class="no-js" lang="en-US"><head><title>Attention Required! | Cloudflare</title>
<meta charset="UTF-8"><meta name="robots" content="noindex, nofollow"></head>
<body><div id="cf-wrapper"><div id="cf-error-details">
<h1 data-translate="block_headline">Sorry, you have been blocked</h1>
<h2>You are unable to access rada.example.org</h2>
<div><h2>Why have I been blocked?</h2><p>The website is guarded against attacks. What you did just now set the guard off: a
certain word or phrase, a database command, or data that was not well formed could have done so.</p></div>
<div><h2>What can I do to resolve this?</h2><p>Write to the owner of the site, tell what you were doing when this page came
up, and add the number below.</p></div>
<p class="footer">Ray ID: <strong>98c1f0a2b3d4e5f6</strong> &bull; 2025-11-14 08:39:00 UTC &bull; Your IP: 192.0.2.17</p>
</div></div></body></html>
"""

_CHECKING = """\
<!DOCTYPE html>
<html lang="en-US"><head><title>Just a moment...</title><meta http-equiv="refresh" content="390">
<meta name="robots" content="noindex,nofollow"></head>
<body class="no-js"><div class="main-wrapper" role="main"><div class="main-content">
<h1 class="zone-name-title">rada.example.org</h1>
<h2>Checking your browser before you go on. This takes a few seconds.</h2>
<noscript><div>Enable JavaScript and cookies to continue</div></noscript>
<form id="challenge-form" action="/?__cf_chl_f_tk=kq1" method="POST"><input type="hidden" name="md" value="9zQ"></form>
<div id="trk_jschal_js"></div></div></div><div class="footer">Ray ID: <code>98c1f0a2b3d4e5f7</code></div>
<script>window._cf_chl_opt = {cRay: "98c1f0a2b3d4e5f7", cType: "managed"};</script></body></html>
"""

_MAINTENANCE = f"""\
<!DOCTYPE html>
<html lang="uk"><head><meta charset="utf-8"><title>{SITE}: технічні роботи</title></head>
<body style="text-align:center"><img src="/gerb.png" alt="Герб"><h1>Сайт на технічному обслуговуванні</h1>
<p>Шановні відвідувачі! 14 листопада 2025 року з 09:00 до 18:00 на сайті тривають планові роботи.</p>
<p>Новини громади читайте на нашій сторінці у <a href="https://www.facebook.com/zrazkiv.example">Facebook</a>.</p>
<p>Просимо вибачення за тимчасові незручності. Телефон приймальні: {PHONES[0]}</p></body></html>
"""


def _parked() -> str:
    ads = (
        ("Вікна та двері від виробника", "Знижки до 30 % лише цього тижня"),
        ("Кредит онлайн за 15 хвилин", "Без довідок і поручителів"),
        ("Дешеві авіаквитки", "Порівняйте ціни сотень перевізників"),
        ("Доставка піци", "Друга піца в подарунок"),
        ("Курси англійської для дорослих", "Перше заняття безоплатне"),
        ("Ремонт квартир під ключ", "Кошторис за один день"),
        ("Пальне гуртом", "Талони для юридичних осіб"),
        ("Меблі на замовлення", "Доставка по всій області"),
    )
    rows = "".join(
        f'<div class="ad"><a href="/click?kw={place}&amp;t=1763109540"><b>{name}</b></a><p>{text}</p></div>\n'
        for place, (name, text) in enumerate(ads)
    )
    return f"""\
<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{_HOST} is for sale</title></head>
<body><div class="banner"><a href="https://domains.example.com/buy?d={_HOST}">This domain may be for sale. Click to inquire.</a></div>
<h1>{_HOST}</h1><h2>Related searches</h2>
{rows}<div class="foot">2025 &copy; All rights reserved. <a href="/privacy">Privacy Policy</a></div>
<script src="https://parking.example.com/show.js"></script></body></html>
"""


def _contacts() -> str:
    people = (
        ("Приймальня міського голови", PHONES[0], "01"), ("Гаряча лінія", PHONES[1], "02"),
        ("Відділ освіти", "+38 000 000 00 05", "05"), ("Відділ соціального захисту", "+38 000 000 00 06", "06"),
        ("Фінансове управління", "+38 000 000 00 07", "07"), ("Архівний відділ", "+38 000 000 00 09", "09"),
        ("Міська бібліотека", "+38 000 000 00 12", "12"), ("Диспетчерська водоканалу", "+38 000 000 00 21", "21"),
    )  # fmt: skip
    rows = "".join(
        f'<tr><td>{name}</td><td>{phone}</td><td><a href="mailto:viddil{number}@example.org">viddil{number}@example.org</a>'
        "</td></tr>\n"
        for name, phone, number in people
    )
    text = f"""<p>{ADDRESS}. Графік роботи: пн–чт 08:00–17:00, пт 08:00–15:45, перерва 12:00–12:45.</p>
<table><tr><th>Підрозділ</th><th>Телефон</th><th>Електронна пошта</th></tr>
{rows}</table><p>Загальна пошта: {EMAIL}. Довідник оновлено 01.09.2025.</p>
<iframe src="https://maps.example.org/embed?pb=zrazkiv" width="600" height="450"></iframe>"""
    return _framed("Контакти", text)


def _structure() -> str:
    offices = (
        "Відділ освіти, молоді та спорту", "Відділ культури і туризму", "Відділ соціального захисту населення",
        "Служба у справах дітей", "Відділ земельних відносин та екології", "Фінансове управління міської ради",
        "Відділ житлово-комунального господарства", "Відділ цивільного захисту та оборонної роботи",
        "Архівний відділ виконавчого комітету", "Відділ містобудування та архітектури", "Загальний відділ",
        "Юридичний відділ", "Центр надання адміністративних послуг", "Відділ бухгалтерського обліку та звітності",
    )  # fmt: skip
    rows = "".join(
        f'<div class="office"><h3><a href="/struktura/{place}">{name}</a></h3>'
        f'<p>Керівник призначений у {2015 + place % 9} році. Кабінет № {place + 3}.</p><a href="/struktura/{place}">Детальніше'
        "</a></div>\n"
        for place, name in enumerate(offices, start=1)
    )
    return _framed("Структура міської ради", f'<div class="offices">\n{rows}</div>')


def _framed(name: str, text: str) -> str:
    """A page in a plain frame, without a sidebar."""
    menu = "".join(f'<li><a href="/{slug}">{escape(label)}</a></li>' for slug, label in MENU)
    return f"""\
<!DOCTYPE html>
<html lang="uk"><head><meta charset="utf-8"><title>{name} | {SITE}</title></head>
<body><div id="header"><a href="/"><img src="/gerb.png" alt="{SITE}"></a><ul>{menu}</ul></div>
<div id="content"><h1>{name}</h1>
{text}</div>
<div id="footer"><p>{terms(_HOST)}</p><p>© {TODAY.year} {SITE}</p></div></body></html>
"""


_MISSING = """\
<h1>404</h1><p>На жаль, сторінку, яку ви шукаєте, не знайдено. Можливо, її перенесли або вилучили.</p>
<p>Скористайтеся пошуком або поверніться <a href="/">на головну</a>.</p>"""
_SEARCH = """\
<h1>Пошук</h1><form action="/search/"><input name="q" value="ремонт доріг"></form>
<p>За запитом «ремонт доріг» нічого не знайдено. Перевірте, чи правильно написано слова.</p>"""

NO_NEWS: dict[str, str] = {
    "a login page": _LOGIN,
    "a 404 page that answers 200, with the latest news beside it": Cards().frame(
        _VISIT, "Сторінку не знайдено", _MISSING
    ),
    "a search that found nothing, with the popular news beside it": SliderFirst().frame(_VISIT, "Пошук", _SEARCH),
    "Cloudflare blocks": _BLOCKED,
    "Cloudflare checks the browser": _CHECKING,
    "a parked domain with advertisements": _parked(),
    "maintenance": _MAINTENANCE,
    "a council's contacts": _contacts(),
    "a council's structure": _structure(),
}
