"""What is hidden until a tap is published, what is hidden for good is not; formulas and drawings keep their words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from feedpub.collecting.normalize import body
from tests.work import GROWTH, growth

PAGE = "https://rada.example/content/stattia"
STREETS = "вул. Миру, вул. Лісова"


def html(raw: str) -> str:
    return "\n".join(body.clean(raw, PAGE).blocks)


@pytest.mark.parametrize(
    "raw",
    [
        # the control is beside it
        "<div><div onclick='toggle(this)'>Перелік</div><div style='display:none'>{}</div></div>",
        "<button onclick='x()'>Перелік</button><div hidden>{}</div>",
        "<p><a href='#'>Перелік</a></p><div style='DISPLAY : NONE'>{}</div>",
        "<h3><a href='javascript:void(0)'>Перелік</a></h3><div><div style='visibility:hidden'>{}</div></div>",
        "<span role='button'>Перелік</span><p style='display:none'>{}</p>",
        # it is named by the control
        "<p><a href=\"javascript:ShowOrHide('sp1')\">Перелік</a></p><hr><div id='sp1' style='display:none'>{}</div>",
        "<ul><li><a href='#t1'>Перелік</a></li></ul><hr><div id='t1' style='display:none'>{}</div>",
        "<button commandfor='d1' command='show-modal'>Перелік</button><hr><dialog id='d1'>{}</dialog>",
        # the box is called so, and its heading is before it
        "<dl class='accordion'><dt>Перелік</dt><dd style='display:none'>{}</dd></dl>",
        "<div class='faq-list'><h4>Перелік</h4><div style='display:none'>{}</div></div>",
        # no inline style hides it, and its heading is a button
        "<h2><button class='accordion-button'>Перелік</button></h2><div class='collapse'>{}</div>",
        "<button aria-expanded='false'>Перелік</button><div class='panel'>{}</div>",
        "<details><summary>Перелік</summary>{}</details>",
        "<dialog open>Перелік: {}</dialog>",
    ],
)
def test_what_a_control_of_the_text_unfolds_is_published_with_the_control_s_words(raw: str) -> None:
    cleaned = body.clean(raw.format(STREETS), PAGE)
    assert "Перелік" in cleaned.text
    assert STREETS in cleaned.text
    assert cleaned.hidden == ()
    assert cleaned.links == ()


def test_the_rest_of_a_sentence_that_a_tap_shows_stays_in_it() -> None:
    rest = "<p>Початок <a href='#' class='more'>далі</a><span style='display:none'>і кінець.</span></p>"
    assert html(rest) == "<p>Початок далі і кінець.</p>"
    after = "<p>Початок</p><div style='display:none'><p>Кінець</p></div><p><button>Показати більше</button></p>"
    assert html(after) == "<p>Початок</p>\n<p>Кінець</p>"


@pytest.mark.parametrize(
    "raw",
    [
        "<p>а</p><div style='display:none'>{}</div><p>б</p>",
        "<p>а</p><div hidden>{}</div>",
        "<p>а</p><dialog>{}</dialog>",
        "<p>а</p><div id='x1' hidden>{}</div><p><a href='/news/1'>Інше</a></p>",
        "<div class='share'><button onclick='copy()'>Скопіювати</button><span style='display:none'>{}</span></div>",
        "<button class='print-toggle'>Версія</button><div style='display:none'>{}</div>",
        "<button onclick='x()'>Написати</button><div style='display:none'><form>{}<textarea></textarea></form></div>",
        "<button onclick='x()'>Далі</button><div class='cookie-note' style='display:none'>{}</div>",
    ],
)
def test_what_nothing_unfolds_stays_hidden_and_is_told(raw: str) -> None:
    cleaned = body.clean(f"<p>Текст</p>{raw.format('Приховані слова')}", PAGE)
    assert "Приховані" not in cleaned.text
    assert cleaned.hidden == ("Приховані слова",)


@pytest.mark.long
def test_hidden_parts_and_controls_without_end_are_judged_in_time() -> None:
    def made(size: int) -> Callable[[], object]:
        part = "<b onclick='x()'>а</b><i id='n{0}' hidden>б</i><a href='#n{0}'>в</a>"
        return partial(html, "<div>" + "".join(part.format(n) for n in range(size)))

    assert growth(made, 200) < GROWTH


# ------------------------------------------------------------ formulas and drawings


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Тариф: <math><mi>T</mi>\n <mo>=</mo> <mn>12</mn></math> грн.", "Тариф: T=12 грн."),
        ("на <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> ставки", "на 1/2 ставки"),
        ("<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac></math>", "(a+b)/2"),
        ("5 <math><msup><mi>м</mi><mn>2</mn></msup></math>", "5 м<sup>2</sup>"),
        ("<math><msub><mi>x</mi><mn>1</mn></msub></math>", "x<sub>1</sub>"),
        ("<math><munderover><mo>∑</mo><mn>1</mn><mi>n</mi></munderover></math>", "∑<sub>1</sub><sup>n</sup>"),
        ("<math><mover><mi>x</mi><mo>¯</mo></mover></math>", "x¯"),
        ("<math><msqrt><mi>a</mi><mo>+</mo><mn>1</mn></msqrt></math>", "√(a+1)"),
        ("<math><mroot><mi>x</mi><mn>3</mn></mroot></math>", "<sup>3</sup>√x"),
        ("<math><mfenced><mi>x</mi><mi>y</mi></mfenced></math>", "(x,y)"),
        ("<math><mtext>площа двору</mtext></math>", "площа двору"),
        ("<math><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable></math>", "1 2"),
        ("<math>T=12</math>", "T=12"),
        ("<math><semantics><mi>x</mi><annotation encoding='x'>\\x</annotation></semantics></math>", "x"),
        ("<span><span><math><mi>x</mi></math></span><span aria-hidden='true'>x</span></span>", "x"),  # KaTeX
        ("до <svg><title>Герб</title><desc>щит</desc><path d='M0'/></svg> після", "до після"),
        ("<svg><g><text>Вода</text><text>12 грн</text></g></svg>", "Вода 12 грн"),
        ("<svg><text><tspan x='0'>перший</tspan><tspan x='0' dy='9'>другий</tspan></text></svg>", "перший другий"),
        ("<svg><defs><text>ні</text></defs><symbol><text>ні</text></symbol><text>так</text></svg>", "так"),
        ("<svg style='display:none'><text>ні</text></svg>так", "так"),
        ("<svg><a xlink:href='/plan'>план</a></svg>", '<a href="https://rada.example/plan">план</a>'),
        ("<map name='m'>Карта</map>", "Карта"),
    ],
)  # fmt: skip
def test_formulas_and_drawings_keep_their_words(raw: str, expected: str) -> None:
    assert html(f"<p>{raw}</p>") == f"<p>{expected}</p>"
