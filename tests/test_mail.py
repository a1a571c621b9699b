"""Addresses of mail that sites keep from robots arrive as a browser shows them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import partial

import pytest

from feedpub.collecting.normalize import body
from feedpub.collecting.normalize.scripts import written
from tests.work import GROWTH, growth

PAGE = "https://rada.example/content/stattia"
MAIL = "rada@hromada.example"
LINK = f'<a href="mailto:{MAIL}">{MAIL}</a>'
STOPGAP = "Ця адреса захищена від спам-ботів. Увімкніть JavaScript, щоб її побачити."


def html(raw: str) -> str:
    return "\n".join(body.clean(raw, PAGE).blocks)


def crossed(mail: str, key: int = 0x5A) -> str:
    return bytes([key, *(byte ^ key for byte in mail.encode())]).hex()


def in_base64(words: str) -> str:
    return b64encode(words.encode()).decode()


# ------------------------------------------------------------ Cloudflare


@pytest.mark.parametrize(
    "raw",
    [
        "<p>Пишіть: <a href='/cdn-cgi/l/email-protection#{}'>приймальня</a></p>",
        "<p>Пишіть: <a href='/cdn-cgi/l/email-protection' data-cfemail='{}'>[email&#160;protected]</a></p>",
        "<p>До <a href='/cdn-cgi/l/email-protection#{0}'><i data-cfemail='{0}'>[email protected]</i></a></p>",
    ],
    ids=["a link with other words", "the link itself", "a link around it"],
)
def test_an_address_of_mail_that_a_script_would_show_is_shown(raw: str) -> None:
    shown = html(raw.format(crossed(MAIL)))
    assert f'href="mailto:{MAIL}"' in shown
    assert "protected" not in shown


def test_mail_that_cannot_be_read_is_no_link() -> None:
    assert html("<p>Пишіть: <a href='/cdn-cgi/l/email-protection#zz'>приймальня</a></p>") == "<p>Пишіть: приймальня</p>"


# ------------------------------------------------------------ other systems

JOOMLA = f"""<p>Пишіть на <span id="cloak7">{STOPGAP}</span><script>
    document.getElementById('cloak7').innerHTML = '';
    var prefix = '&#109;a' + 'i&#108;' + '&#116;o';
    var path = 'hr' + 'ef' + '=';
    var addy7 = 'r&#97;d&#97;' + '&#64;';
    addy7 = addy7 + 'hr&#111;m&#97;d&#97;' + '&#46;' + '&#101;xample';
    var words7 = 'r&#97;d&#97;' + '&#64;' + 'hr&#111;m&#97;d&#97;' + '&#46;' + '&#101;xample';
    document.getElementById('cloak7').innerHTML += '<a ' + path + '\\'' + prefix + ':' + addy7 + '\\'>'+words7+'<\\/a>';
</script> до п'ятниці.</p>"""
JOOMLA_4 = (
    f'<p>Пишіть на <joomla-hidden-mail is-link="1" is-email="1" first="{in_base64("rada")}" base=""'
    f' last="{in_base64("hromada.example")}" text="{in_base64(MAIL)}">{STOPGAP}</joomla-hidden-mail> до п\'ятниці.</p>'
)
DRUPAL = (
    "<p>Пишіть на <span class='spamspan'><span class='u'>rada</span> [at] <span class='d'>hromada [dot] example</span>"
    "</span> до п'ятниці.</p>"
)
OWN = f"""<p>Пишіть на <script>var u = "rada", h = 'hromada.example'; // приймальня
    document.write('<a href="mailto:' + u + String.fromCharCode(64) + h + '">' + u + '@' + h + '</a>');
</script><noscript>{STOPGAP}</noscript> до п'ятниці.</p>"""
WORDPRESS = (
    '<p>Пишіть на <a href="javascript:;" data-enc-email="enqn[at]uebznqn.rknzcyr"><span id="e1"></span><script>'
    'document.getElementById("e1").innerHTML = eval(decodeURIComponent("%27rada%40hromada.example%27"))'
    "</script><noscript>*protected email*</noscript></a> до п'ятниці.</p>"
)


@pytest.mark.parametrize(
    "raw",
    [JOOMLA, JOOMLA_4, DRUPAL, OWN, WORDPRESS],
    ids=["Joomla 3", "Joomla 4", "Drupal", "a script of the site's own", "a plugin of WordPress"],
)
def test_an_address_stands_where_a_script_would_put_it(raw: str) -> None:
    assert html(raw) == f"<p>Пишіть на {LINK} до п'ятниці.</p>"


@pytest.mark.parametrize(
    "anchor",
    [
        '<a href="javascript:linkTo_UnCryptMailto(%27ocknvq%2CtcfcBjtqocfc0gzcorng%27);">{}</a>',
        "<a href=\"javascript:linkTo_UnCryptMailto('ocknvq,tcfcBjtqocfc0gzcorng',-2)\">{}</a>",
        '<a href="#" data-mailto-token="ocknvq,tcfcBjtqocfc0gzcorng" data-mailto-vector="2">{}</a>',
        "<a href=\"#\" onclick=\"location.href='mai'+'lto:'+'rada'+'@'+'hromada.example'; return false;\">{}</a>",
        "<a href=\"javascript:window.location='mailto:rada'+unescape('%40')+'hromada.example'\">{}</a>",
    ],
    ids=["TYPO3", "TYPO3 10", "TYPO3 11", "on a click", "a script as its address"],
)
def test_a_link_that_a_script_would_open_leads_to_the_address(anchor: str) -> None:
    words = "rada(at)hromada.example"
    assert html(f"<p>Пишіть: {anchor.format(words)}</p>") == f'<p>Пишіть: <a href="mailto:{MAIL}">{words}</a></p>'


# ------------------------------------------------------------ what scripts may not do


@pytest.mark.parametrize(
    "script",
    [
        "document.getElementById('a').innerHTML = 'Нове оголошення';",
        "document.write('<p>Реклама</p>');",
        "document.getElementById('a').innerHTML = '<b>' + host() + '@hromada.example</b>';",
        "var host = name; document.write('rada@' + host);",
    ],
    ids=["other words", "an advertisement", "an unknown function", "an unknown string"],
)
def test_a_script_that_writes_no_address_counts_for_nothing(script: str) -> None:
    assert html(f"<p id='a'>Прийом щодня.<script>{script}</script></p>") == "<p>Прийом щодня.</p>"


def test_a_script_takes_no_text_away() -> None:
    script = f"document.getElementById('all').innerHTML = '{MAIL}';"
    raw = f"<div id='all'><p>Прийом щодня.</p><p>Вхід вільний.</p></div><script>{script}</script>"
    assert html(raw) == "<p>Прийом щодня.</p>\n<p>Вхід вільний.</p>"


def test_what_a_script_writes_is_cleaned_as_all_is() -> None:
    raw = f"<p>Пишіть: <script>document.write('<b onclick=\"x()\">{MAIL}</b><scr'+'ipt>x()</scr'+'ipt>');</script></p>"
    assert html(raw) == f"<p>Пишіть: <b>{MAIL}</b></p>"


@pytest.mark.parametrize(
    "source",
    [
        "x = '" + "а" * 1500 + "'; x = x + x; document.write(x);",
        "x = 'а'; " + "x += x; " * 60 + "document.write(x);",
        "document.write(" + "(" * 500 + "'a'" + ")" * 500 + ")",
        "document.write('a' + ",
        "document.getElementById(",
        "document.write(eval('eval(1)'))",
        "document.write(String.fromCharCode(99999999999))",
        "document.write(atob('***'))",
    ],
    ids=["long", "doubled", "nested", "cut", "cut early", "a script in a script", "no character", "no base64"],
)
def test_a_script_that_is_too_much_writes_nothing(source: str) -> None:
    assert written(source).here == ""


def test_the_functions_of_a_script_read_little_more_than_the_script_is_long() -> None:
    letter = r"\'\'+" * 300 + r"\'а\'"
    assert written(f"x = '{letter}'; document.write(eval(x));").here == "а"
    assert 0 < len(written(f"x = '{letter}';" + "document.write(eval(x));" * 200).here) < 20


@pytest.mark.parametrize(
    "piece",
    [
        "<script>document.write('a' + 'b')</script>",
        "<script>" + "x = eval(\"'' + ''\") + '';" * 9 + "document.write(x)</script>",
        "<a href='#' onclick=\"location='mai'+'lto:a@b.example'\">а</a>",
        "<i data-cfemail='5a'>а</i>",
    ],
    ids=["scripts", "calls", "clicks", "codes"],
)
def test_reading_scripts_takes_no_longer_than_the_page_is_long(piece: str) -> None:
    def made(count: int) -> Callable[[], object]:
        return partial(html, f"<div>{piece * count}</div>")

    assert growth(made, 100) < GROWTH
