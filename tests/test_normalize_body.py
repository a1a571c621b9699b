from __future__ import annotations

import pytest

from feedpub.collecting.normalize import body

PAGE = "https://rada.example/content/stattia"
BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
PASTED = "data:image/png;base64," + "iVBORw0KGgo" * 50
TOKEN = "Qz7Lm2Xk9Rt4Vb8Nc3Wp6Yh1Jd5Sg0FaEuTiOoPq"


def html(raw: str) -> str:
    return "\n".join(body.clean(raw, PAGE).blocks)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        # blocks
        ("<p>Один</p><p>Два</p>", "<p>Один</p>\n<p>Два</p>"),
        ("Просто текст <b>без</b> абзацу", "<p>Просто текст <b>без</b> абзацу</p>"),
        ("<div><div>Один</div><div>Два<p>Три</p></div></div>", "<p>Один</p>\n<p>Два</p>\n<p>Три</p>"),
        ("Один<br>рядок<br><br>Два", "<p>Один<br>рядок</p>\n<p>Два</p>"),
        ("<p>Один<p>Два", "<p>Один</p>\n<p>Два</p>"),
        ("<strong><p>Один</p><p>Два</p></strong>", "<p>Один</p>\n<p>Два</p>"),
        ("<p>&nbsp;</p><p> </p><p><span></span></p><p>Текст</p><p><br></p>", "<p>Текст</p>"),
        ("<h1>Заголовок</h1><p>Текст</p>", "<h2>Заголовок</h2>\n<p>Текст</p>"),
        ("<ul>\n<li>а<ol><li>б</li></ol></li>\n</ul>", "<ul><li>а<ol><li>б</li></ol></li></ul>"),
        ("<pre>  рядок   1\n    рядок 2</pre>", "<pre>  рядок   1\n    рядок 2</pre>"),
        ("<center><font color=red>Увага</font></center>", "<p>Увага</p>"),
        # what nobody sees
        ("<p>а</p><script>x()</script><style>p{}</style><!-- к --><svg><path d='M0'/></svg>", "<p>а</p>"),
        ('<p>а<span style="display: none">таємне</span></p>', "<p>а</p>"),
        ("<form><p>Опитування</p><input value=x><button>Далі</button></form>", "<p>Опитування</p>"),
        # Word
        ('<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]--><p class="MsoNormal" style="mso-x:1">'
         '<span lang="UK">Відповідно<o:p></o:p></span></p><!--[if !supportLists]-->', "<p>Відповідно</p>"),
        # links
        ('<p><a href="/a b" target="_blank" rel="nofollow" onclick="x()">тут</a></p>',
         '<p><a href="https://rada.example/a%20b">тут</a></p>'),
        ('<p><a href="javascript:x()">тут</a> <a name="m"></a><a href="mailto:r@example.org">r</a></p>',
         '<p>тут <a href="mailto:r@example.org">r</a></p>'),
        ('<p><a href="https://l.facebook.com/l.php?u=https%3A%2F%2Fx.example%2F&h=1">x</a></p>',
         '<p><a href="https://x.example/">x</a></p>'),
        # pictures
        ('<p><img class="lazy" data-src="/a.jpg" src="data:image/gif;base64,R0" alt="Сквер">'
         '<noscript><img src="/a.jpg" alt="Сквер"></noscript></p>',
         '<p><img alt="Сквер" src="https://rada.example/a.jpg"></p>'),
        ('<noscript><img src="/a.jpg"></noscript>', '<p><img alt="" src="https://rada.example/a.jpg"></p>'),
        (f'<p><img src="/a.jpg" alt="{TOKEN}"></p>', '<p><img alt="" src="https://rada.example/a.jpg"></p>'),
        ('<p><img src="/IMG_101.jpg" alt="IMG_101.jpg"></p>',
         '<p><img alt="" src="https://rada.example/IMG_101.jpg"></p>'),
        ('<p>а<img src="https://stats.example/p.gif" width="1" height="1"></p>', "<p>а</p>"),
        ('<p><img src="https://static.xx.fbcdn.net/emoji.php/v9/1f499.png" width="16" height="16" alt="💙"> слава</p>',
         "<p>💙 слава</p>"),
        ('<p><picture><source data-srcset="/a.jpg 1x, /a2.jpg 2x"><img src="data:image/svg+xml,%3Csvg%3E"'
         ' alt="Школа"></picture></p>', '<p><img alt="Школа" src="https://rada.example/a2.jpg"></p>'),
        (f'<span><img src="{BLANK}" alt="Міст"><noscript>'
         '<img srcset="/i?url=a.jpg&amp;w=640 1x, /i?url=a.jpg&amp;w=1080 2x"'
         ' src="/i?url=a.jpg&amp;w=1080"></noscript></span>',
         '<p><img alt="Міст" src="https://rada.example/i?url=a.jpg&amp;w=1080"></p>'),
        ('<p>а<noscript><iframe src="https://www.googletagmanager.com/ns.html?id=1"></iframe></noscript></p>',
         "<p>а</p>"),
        ('<p><img src="/a.jpg"><noscript><img src="/a.jpg"></noscript></p>',
         '<p><img alt="" src="https://rada.example/a.jpg"></p>'),
        ('<amp-img src="/a.jpg" alt="Сквер"></amp-img>', '<p><img alt="Сквер" src="https://rada.example/a.jpg"></p>'),
        ('<p><img data-original="/a.jpg" style="display: none"></p>', '<p><img alt="" src="https://rada.example/a.jpg"></p>'),
        ('<object type="image/jpeg" data="/a.jpg" title="Сквер"></object>',
         '<p><img alt="Сквер" src="https://rada.example/a.jpg"></p>'),
        # pictures that no feed can show
        (f'<p><img src="{PASTED}" alt="Слухання 5 грудня о 10:00"></p>', "<p>[Слухання 5 грудня о 10:00]</p>"),
        (f'<p><img src="{PASTED}"></p>', "<p>[picture: only on the site]</p>"),
        (f'<p>а<img src="{PASTED}" width="16" height="16"></p>', "<p>а</p>"),
        (f'<p>а<img src="{BLANK}"></p>', "<p>а</p>"),
        ('<p><img src="http://b ad.example/x.jpg" alt="Двір"></p>', "<p>[Двір]</p>"),
        # pictures in the background
        ('<div style="background-image: url(&quot;/f/1.jpg&quot;)"></div><p>а</p>',
         '<p><img alt="" src="https://rada.example/f/1.jpg"></p>\n<p>а</p>'),
        ('<a href="/2.jpg" data-bg="/f/1.jpg" title="Сквер"></a>',
         '<p><a href="https://rada.example/2.jpg" title="Сквер"><img alt="Сквер" src="https://rada.example/f/1.jpg"></a></p>'),
        ('<div data-original="/f/1.jpg" style="background-image: url(/resize/20x/1.jpg)"></div>',
         '<p><img alt="" src="https://rada.example/f/1.jpg"></p>'),
        ('<div style="background: url(/themes/town/1.jpg)"></div><p>а</p>', "<p>а</p>"),
        ('<div style="background: url(/f/1.jpg)">Цитата</div>', "<p>Цитата</p>"),
        ('<div style="background: url(/f/1.jpg)"></div><p><img src="/f/2.jpg"></p>',
         '<p><img alt="" src="https://rada.example/f/2.jpg"></p>'),
        # players
        ('<p><iframe src="https://www.youtube.com/embed/abc-1?si=x"></iframe></p>',
         '<p><a href="https://www.youtube.com/watch?v=abc-1">youtube.com</a></p>'),
        ('<video controls><source src="/v/vystup.mp4"></video>',
         '<p><a href="https://rada.example/v/vystup.mp4">vystup.mp4</a></p>'),
        # the page's own furniture
        (f"<p>{TOKEN}</p><p>Текст</p>", "<p>Текст</p>"),
        ("<p>П'ятниця, 14 November, 2025</p><p>Текст</p>", "<p>Текст</p>"),
        ("<p>Текст</p><p>Передрук матеріалів дозволено лише з прямим гіперпосиланням на сайт.</p>", "<p>Текст</p>"),
    ],
)  # fmt: skip
def test_the_body_is_clean_safe_and_in_blocks(raw: str, expected: str) -> None:
    assert html(raw) == expected
    assert html(expected) == expected


@pytest.mark.parametrize(
    "said",
    [
        "Тарифи & пільги: a < b && c > d, а також ]]> та &amp;",
        "IBAN UA213223130000026007233566001",
        "14 листопада 2025 року",
        "Відбулася лекція про авторське право та копіювання творів.",
        "- Дякуємо всім, - говорять у раді.",
        "+38 000 000 00 00",
    ],
)
def test_what_people_wrote_stays(said: str) -> None:
    escaped = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert body.clean(f"<p>{escaped}</p>", PAGE).text == said


def test_words_of_cells_items_and_lines_do_not_run_together() -> None:
    raw = "<table><tr><td>02.07.2025</td><td>Дніпро</td></tr></table><ul><li>а</li><li>б</li></ul><p>в<br>г</p>"
    assert body.clean(raw, PAGE).text == "02.07.2025 Дніпро\nа б\nв г"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<table><tr><td><div>Понеділок</div><div>Вівторок</div></td></tr></table>", "Понеділок Вівторок"),
        ("<table><tr><td>перший<p></p>другий</td></tr></table>", "перший другий"),
        ("<ul><li><section>один</section>два</li></ul>", "один два"),
        ("<blockquote><div>Цитата<div>друга</div></div></blockquote>", "Цитата друга"),
        ("<p>площею <st1:metricconverter>50 м</st1:metricconverter> на вулиці</p>", "площею 50 м на вулиці"),
        ("<p>слово<font color=red>м</font></p>", "словом"),
    ],
)
def test_words_neither_run_together_nor_fall_apart(raw: str, expected: str) -> None:
    assert body.clean(raw, PAGE).text == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        # a link around boxes goes into them
        ('<a href="/d.pdf"><div>Завантажити</div></a>', '<p><a href="https://rada.example/d.pdf">Завантажити</a></p>'),
        ("<p>ціна <strike>100</strike> 80</p>", "<p>ціна <s>100</s> 80</p>"),
        # what was never closed swallows nothing
        ("<p>до</p><svg><path d='x'><p>після</p>", "<p>до</p>\n<p>після</p>"),
        # hidden is hidden, and a rendering hint is not
        ('<p>а<span style="clip:rect(0 0 0 0);position:absolute">таємне</span></p>', "<p>а</p>"),
        ('<p>а<span style="clip: rect(1px, 1px, 1px, 1px)">таємне</span></p>', "<p>а</p>"),
        ('<p>а<span style="CLIP-PATH: inset(50%)">таємне</span></p>', "<p>а</p>"),
        ('<p>а<span style="clip: rect(0, 60px, 200px, 0)">видиме</span></p>', "<p>авидиме</p>"),
        ('<p hidden>таємне</p><p style="-webkit-backface-visibility: hidden">видиме</p>', "<p>видиме</p>"),
        # a file's name beside a picture goes, the picture stays
        (f'<p><img src="/a.jpg" alt="Сквер"><br>{TOKEN}</p>',
         '<p><img alt="Сквер" src="https://rada.example/a.jpg"></p>'),
        # links in links, and cells in no table
        ('<a href="/1">а <b>б <a href="/2">в</a></b></a>',
         '<p><a href="https://rada.example/1">а </a><b><a href="https://rada.example/1">б </a>'
         '<a href="https://rada.example/2">в</a></b></p>'),
        ('<a href="/1"><div>а</div><div><a href="/2">б</a></div></a>',
         '<p><a href="https://rada.example/1">а</a></p>\n<p><a href="https://rada.example/2">б</a></p>'),
        ("<ul><li><td>один</td><td>два</td></li></ul>", "<ul><li><p>один</p><p>два</p></li></ul>"),
        # players of every kind
        ('<iframe src="about:blank" data-src="https://www.youtube.com/embed/abc"></iframe>',
         '<p><a href="https://www.youtube.com/watch?v=abc">youtube.com</a></p>'),
        ('<object data="/x.pdf">Рішення № 5</object>', '<p><a href="https://rada.example/x.pdf">Рішення № 5</a></p>'),
        ("<p>а</p><iframe></iframe>", "<p>а</p>"),
        # attributes
        ('<p><a href="MAILTO:rada@example.org?subject=Про що">лист</a></p>',
         '<p><a href="mailto:rada@example.org?subject=%D0%9F%D1%80%D0%BE%20%D1%89%D0%BE">лист</a></p>'),
        ('<table><tr><td colspan="\u200b2">а</td><td colspan="2">б</td></tr></table>',
         '<table><tbody><tr><td>а</td><td colspan="2">б</td></tr></tbody></table>'),
        ('<p><img src="http:// x.example/x.jpg">а</p>', '<p><img alt="" src="http://x.example/x.jpg">а</p>'),
        ('<p><img src="http://b ad.example/x.jpg">а</p>', "<p>а</p>"),
        # a lone picture between its two lazy forms
        ('<noscript><img src="/a.jpg"></noscript><img data-src="/a.jpg">', '<p><img alt="" src="https://rada.example/a.jpg"></p>'),
    ],
)  # fmt: skip
def test_what_editors_nest_and_forget_is_mended(raw: str, expected: str) -> None:
    assert html(raw) == expected


@pytest.mark.parametrize(
    "news",
    [
        "<p>Звіт про використання бюджетних коштів доступний за гіперпосиланням нижче.</p><p>Далі.</p>",
        "<p>Використання матеріалів дозволено за гіперпосиланням.</p><p>Так звучало перше питання лекції.</p>",
        "<h3>П'ятниця, 11 липня 2025</h3><p>10:00 відкриття</p><h3>Субота, 12 липня 2025</h3><p>Концерт</p>",
    ],
)
def test_news_is_not_taken_for_the_page_s_furniture(news: str) -> None:
    assert html(news) == news.replace("><", ">\n<")


def test_rows_without_a_table_of_their_own_do_not_break_the_one_around_them() -> None:
    raw = "<table><tr><td>а<table><p><span>б<tr><td>в</td><td>г</td></tr></span></p></table></td></tr></table>"
    cleaned = html(raw)
    assert cleaned.startswith("<table>")  # one block: the council's link is put beside blocks
    assert cleaned.endswith("</table>")
    assert cleaned.count("<table>") == 1


def test_the_body_s_pictures_are_named_in_order() -> None:
    raw = (
        '<p><img src="/1.jpg" alt="Перша"></p><p>Текст</p><p><a href="/2.jpg"><img src="/2.jpg" title="Друга"></a></p>'
    )
    assert [(p.url, p.alt) for p in body.clean(raw, PAGE).pictures] == [
        ("https://rada.example/1.jpg", "Перша"),
        ("https://rada.example/2.jpg", "Друга"),
    ]


@pytest.mark.parametrize(
    "attack",
    [
        '<img src=x onerror="alert(1)">',
        '<a href="java\tscript:alert(1)">x</a>',
        '<a href="&#106;avascript:alert(1)">x</a>',
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">x</p></noscript>',
        '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)"></style>',
        "<svg><script>alert(1)</script></svg>",
        '<p style="background:url(javascript:alert(1))" onclick="x()">x</p>',
        '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
        '<object data="data:text/html,<script>alert(1)</script>"></object>',
        '<a href="data:text/html,x">x</a><base href="https://evil.example/">',
    ],
)
def test_nothing_active_survives(attack: str) -> None:
    cleaned = html(f"<p>до</p>{attack}<p>після</p>")
    assert "до" in cleaned
    assert "після" in cleaned
    for part in ("onerror", "onclick", "script", "alert", "style", "data:", "srcdoc", "evil"):
        assert part not in cleaned.replace("</noscript>", "").replace("&lt;", "")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<p>а<span hidden>таємне</span></p>", "<p>а</p>"),
        ('<p><img class="file-icon" src="/modules/file/icons/pdf.png">Файл</p>', "<p>Файл</p>"),
        ('<p>а</p><object data="/banner.swf"></object>', "<p>а</p>"),
        ('<p><img src="/a.jpg" width="auto" height="50"></p>',
         '<p><img alt="" height="50" src="https://rada.example/a.jpg"></p>'),
        ("<table><tr><td>один<p></p>два</td></tr></table>",
         "<table><tbody><tr><td>один два</td></tr></tbody></table>"),
    ],
)  # fmt: skip
def test_the_page_s_own_tools_are_no_text(raw: str, expected: str) -> None:
    assert html(raw) == expected


def test_a_long_article_about_republishing_is_an_article() -> None:
    clause = "Передрук матеріалів дозволено лише з прямим гіперпосиланням на сайт. "
    assert html(f"<p>Текст</p><p>{clause * 20}</p>").count("Передрук") == 20
