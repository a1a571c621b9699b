"""What visitors do not see is not published, what they may see is. A browser is the judge of both."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from lxml import etree

from feedpub.collecting import scrape
from feedpub.collecting.normalize import body
from feedpub.content import Page
from feedpub.html import seeing, tree
from feedpub.layout import Layout
from tests import chromium
from tests.work import GROWTH, growth

HOME = "https://rada.example"
LINK = '<a href="https://kazyno.example/1">виграш</a>'
NEWS = "Рада запрошує мешканців на відкриття бібліотеки, яке відбудеться в суботу о десятій годині."
SHEET_ELSEWHERE = '<link rel="stylesheet" href="/site.css">'
SCRIPT_ELSEWHERE = '<script src="/site.js"></script>'
UNREAD = SHEET_ELSEWHERE + SCRIPT_ELSEWHERE


def page(part: str, head: str = "") -> str:
    return f"""<!DOCTYPE html><html lang="uk"><head><title>Рада</title>{head}</head><body><main>
        <div id="text"><p>{NEWS}</p>{part}<p>{NEWS}</p></div></main></body></html>"""


def marked(source: str) -> tuple[etree._Element, etree._Element]:
    root = tree.document(Page(HOME, HOME, source))
    text = root.get_element_by_id("text")
    seeing.mark_unseen(root, [text], HOME)
    return root, text


def published(part: str, head: str = "") -> body.Body:
    _, text = marked(page(part, head))
    return body.clean(etree.tostring(text, encoding="unicode", method="html", with_tail=False), HOME)


HIDDEN = {
    "a comment": "<div style='display/**/:/**/none'>{}</div>",
    "an escape": "<div style='dis\\70lay:n\\6fne'>{}</div>",
    "importance": "<div style='display:none!important;display:block'>{}</div>",
    "an invisible box": "<div style='visibility:collapse'>{}</div>",
    "invisible words beside visible ones": "<div style='visibility:hidden'>{}<p style='visibility:visible'>Є</p></div>",
    "skipped contents": "<div style='content-visibility:hidden'>{}</div>",
    "left of the page": "<div style='position:absolute;left:-9999px'>{}</div>",
    "above the page": "<div style='position:fixed;top:-999em'>{}</div>",
    "an inset": "<div style='position:absolute;inset:auto auto auto -200rem'>{}</div>",
    "a sum": "<div style='position:absolute;left:calc(1px - 9999px)'>{}</div>",
    "a margin": "<p style='margin-left:-5000px'>{}</p>",
    "a shift": "<div style='transform:translateX(-9999px)'>{}</div>",
    "an indent": "<p style='text-indent:-9999px'>{}</p>",
    "no height": "<div style='height:0;overflow:hidden'>{}</div>",
    "no height at most": "<div style='max-height:0;overflow-y:hidden'>{}</div>",
    "no width": "<div style='width:0;overflow:hidden;white-space:nowrap'>{}</div>",
    "one dot": "<span style='position:absolute;width:1px;height:1px;overflow:hidden'>{}</span>",
    "no lines": "<div style='line-height:0;overflow:hidden'>{}</div>",
    "contained": "<div style='height:0;contain:paint'>{}</div>",
    "no letters": "<span style='font-size:0'>{}</span>",
    "small letters": "<span style='font-size:1px'>{}</span>",
    "the smaller length": "<span style='font-size:min(0px,1em)'>{}</span>",
    "a short font": "<span style='font:0/0 serif'>{}</span>",
    "faint": "<p style='opacity:0'>{}</p>",
    "nearly faint": "<p style='opacity:1%'>{}</p>",
    "filtered": "<p style='filter:opacity(0)'>{}</p>",
    "clipped": "<div style='position:absolute;clip:rect(0,0,0,0)'>{}</div>",
    "clipped by a path": "<div style='clip-path:inset(50%)'>{}</div>",
    "clipped by a circle": "<div style='clip-path:circle(0)'>{}</div>",
    "clipped by a polygon": "<div style='clip-path:polygon(0 0,0 0,0 0)'>{}</div>",
    "shrunk": "<div style='transform:scale(0)'>{}</div>",
    "shrunk in one direction": "<div style='scale:1 0'>{}</div>",
    "on edge": "<div style='transform:rotateX(90deg)'>{}</div>",
    "a variable": "<div style='--a:none;display:var(--a)'>{}</div>",
    "a variable from outside": "<div style='--b:0'><p style='opacity:var(--b,1)'>{}</p></div>",
    "a popover": "<div popover>{}</div>",
    "a sheet": "<style>.h1{{display:none}}</style><div class='h1'>{}</div>",
    "a sheet for screens": "<style>@media screen and (min-width:1px){{.h2{{opacity:0}}}}</style><p class='h2'>{}</p>",
    "rules in rules": "<style>#text{{& .h3{{height:0;overflow:hidden}}}}</style><div class='h3'>{}</div>",
    "two rules": "<style>.h4{{position:absolute}}#text .h4{{left:-9999px}}</style><div class='h4'>{}</div>",
    "by place": "<style>#text>p:nth-of-type(2){{font-size:0}}</style><p>{}</p>",
    "by attribute": "<style>[data-x]{{visibility:hidden}}</style><p data-x='1'>{}</p>",
    "a layer": "<style>@layer a{{.h5{{display:none}}}}</style><div class='h5'>{}</div>",
    "a variable of the page": "<style>:root{{--h6:none}}.h6{{display:var(--h6)}}</style><div class='h6'>{}</div>",
}
IN_COLOUR = {  # a browser may give the link a colour of its own, and sites' sheets do not
    "white": "<p style='color:#fff'>{}</p>",
    "nearly white": "<p style='color:rgb(254 255 253)'>{}</p>",
    "white by lightness": "<p style='color:oklch(1 0 0)'>{}</p>",
    "a transparent colour": "<p style='color:transparent'>{}</p>",
    "a colour of old": "<font color='fefefe'>{}</font>",
    "the ground's": "<div style='background:#036'><p style='color:#003366'>{}</p></div>",
    "a sheet's": "<style>.c1{{color:hsl(0 0% 100%)}}</style><p class='c1'>{}</p>",
}


@pytest.mark.parametrize("way", [*HIDDEN, *IN_COLOUR])
def test_a_link_that_visitors_do_not_see_is_not_published(way: str) -> None:
    part = (HIDDEN | IN_COLOUR)[way]
    cleaned = published(part.format(LINK))
    assert "виграш" not in cleaned.text
    assert cleaned.links == ()
    assert NEWS in cleaned.text
    assert cleaned.hidden == ("виграш",)


@pytest.mark.parametrize("way", [*HIDDEN, *IN_COLOUR])
def test_words_that_visitors_do_not_see_are_not_published(way: str) -> None:
    assert "Таємні слова" not in published((HIDDEN | IN_COLOUR)[way].format("Таємні слова")).text


@pytest.mark.parametrize(
    "part",
    [
        "<details><summary></summary>{}</details>",
        "<div aria-hidden='true'>{}</div>",
        "<marquee width=1 height=1>{}</marquee>",
        "<div style='position:absolute;z-index:-1'>{}</div>",
        "<p style='letter-spacing:-1em'>{}</p>",
    ],
)
def test_what_visitors_hardly_see_goes_if_it_leads_elsewhere(part: str) -> None:
    assert published(part.format(LINK)).links == ()
    own = '<a href="/dokumenty">Документи</a>'
    assert "Документи" in published(part.format(own)).text
    assert "Перелік вулиць" in published(part.format("Перелік вулиць")).text


@pytest.mark.parametrize(
    "part",
    [
        "<p class='fade-in' style='opacity:0'>{}</p>",
        "<div data-aos='zoom-in' style='transform:scale(0)'>{}</div>",
        "<div class='d-none'>{}</div>",
        "<div style='font-size:0'><span class='card'>{}</span></div>",
        "<p style='color:#fff'>{}</p>",
    ],
)
def test_what_a_sheet_or_a_script_from_elsewhere_may_show_goes_only_if_it_leads_elsewhere(part: str) -> None:
    assert published(part.format(LINK), UNREAD).links == ()
    assert "Перелік вулиць" in published(part.format("Перелік вулиць"), UNREAD).text


SEEN = {
    "proportions of a video": "<div style='height:0;padding-bottom:56%;overflow:hidden;position:relative'>"
    "<p style='position:absolute;top:0'>{}</p></div>",
    "a height that nothing cuts": "<div style='height:0'>{}</div>",
    "a height of an inline element": "<span style='height:0;overflow:hidden'>{}</span>",
    "visible again": "<div style='visibility:hidden'><p style='visibility:visible'>{}</p></div>",
    "letters again": "<div style='font-size:0'><p style='font-size:16px'>{}</p></div>",
    "an indent taken back": "<div style='text-indent:-9999px'><p style='text-indent:0'>{}</p></div>",
    "white on blue": "<div style='background:#036'><p style='color:#fff'>{}</p></div>",
    "white on a picture": "<div style='background:url(/1.jpg)'><p style='color:#fff'>{}</p></div>",
    "white on an old ground": "<table bgcolor='#003366'><tr><td><font color='#ffffff'>{}</font></td></tr></table>",
    "centred as of old": "<div style='position:absolute;left:50%;width:1960px;margin-left:-980px'>"
    "<p style='text-align:center'>{}</p></div>",
    "wider than the page": "<div style='margin:0 -9999px;padding:0 9999px'>{}</div>",
    "the belt of a slider": "<div style='position:relative;left:-1200px;width:3600px'><p>а</p>"
    "<p style='margin-left:1300px'>{}</p></div>",
    "for paper": "<style>@media print{{.s1{{display:none}}}}</style><p class='s1'>{}</p>",
    "a sheet for paper": "<style media='print'>.s2{{display:none}}</style><p class='s2'>{}</p>",
    "for phones": "<style>@media (max-width:600px){{.s3{{display:none}}}}</style><p class='s3'>{}</p>",
    "without scripts": "<noscript><style>.s4{{display:none}}</style></noscript><p class='s4'>{}</p>",
    "under the mouse": "<style>.s5:hover{{display:none}}</style><p class='s5'>{}</p>",
    "a stronger rule": "<style>#text .s6{{display:block}}.s6{{display:none}}</style><p class='s6'>{}</p>",
    "its own attribute": "<style>.s7{{display:none}}</style><p class='s7' style='display:block'>{}</p>",
    "a rule for something else": "<style>.menu .s8{{display:none}}</style><p class='s8'>{}</p>",
    "a hidden attribute overruled": "<p hidden style='display:block'>{}</p>",
    "a word in a string": "<p style='font-family:\"display:none\"'>{}</p>",
    "half faint": "<p style='opacity:.5'>{}</p>",
    "small print": "<p style='font-size:9px'>{}</p>",
    "an open part": "<details open><summary>Перелік</summary>{}</details>",
    "a minute": "<p style='text-indent:-20px;padding-left:20px'>{}</p>",
    "beneath": "<div style='position:relative'><p style='position:absolute;top:100%'>{}</p></div>",
    "turned": "<p style='display:inline-block;transform:rotate(90deg)'>{}</p>",
}


@pytest.mark.parametrize("way", SEEN)
def test_what_visitors_see_is_published(way: str) -> None:
    cleaned = published(SEEN[way].format(LINK))
    assert "виграш" in cleaned.text
    assert cleaned.hidden == ()


@pytest.mark.parametrize(
    "part",
    [
        # a control unfolds what a sheet hides
        "<style>.f1{{max-height:0;overflow:hidden}}</style>"
        "<button class='accordion'>Ще</button><div class='f1'>{}</div>",
        "<style>.f2{{display:none}}</style>"
        "<button onclick=\"show('one')\">Ще</button><div id='one' class='f2'>{}</div>",
        "<div popover id='f3'>{}</div><button popovertarget='f3'>Ще</button>",
        "<p><a href='#' onclick='x()'>Ще</a></p><div style='opacity:0;height:0;overflow:hidden'>{}</div>",
        # a script of the page names it
        "<style>#f4{{display:none}}</style><p>Далі <span id='f4'>{}</span></p>"
        "<script>document.getElementById('f4').style.display='inline'</script>",
    ],
)
def test_what_a_visitor_can_unfold_is_published(part: str) -> None:
    assert "вул. Миру" in published(part.format("вул. Миру, вул. Лісова")).text


def test_a_text_that_is_hidden_as_a_whole_is_shown_by_a_script() -> None:
    sheet = "<style>.step{display:none}</style>"
    parts = "".join(f"<div class='step'><p>{NEWS}</p></div>" for _ in range(4))
    cleaned = published(parts + f"<div class='step'>{LINK * 40}</div>", sheet)
    assert cleaned.text.count(NEWS) == 6
    assert cleaned.links == ()


@pytest.mark.parametrize("name", ["noembed", "noframes"])
def test_what_only_old_browsers_show_is_not_published(name: str) -> None:
    assert "Таємні слова" not in published(f"<{name}>Таємні слова</{name}>").text


def test_a_picture_as_small_as_a_dot_takes_its_link_along() -> None:
    dot = '<a href="https://kazyno.example/"><img src="/dot.gif" alt="виграш" width="1" height="1"></a>'
    assert published(f"<p>Слово {dot}</p>").links == ()


def test_a_title_has_no_words_that_visitors_do_not_see() -> None:
    title = "<h1>Відкриття<span style='position:absolute;left:-9999px'> виграш</span> бібліотеки</h1>"
    source = page(f"<p>{NEWS}</p>").replace('<div id="text">', f'{title}<div id="text">')
    layout = Layout(item=(), link=(), article=("main",), title=("h1",), body=("#text",))
    assert scrape.read_article(Page(HOME, HOME, source), layout).title == "Відкриття бібліотеки"


def test_declarations_without_end_are_read_in_time() -> None:
    def made(size: int) -> Callable[[], object]:
        names = [f"r{size}-{n}" for n in range(size)]
        rules = "".join(f".{name}{{display:none}}" for name in names)
        parts = "".join(
            f"<i class='{name}' style='color:#fff;left:-{size}{n}px'>а</i>б" for n, name in enumerate(names)
        )
        return partial(marked, page(f"<div style='font-size:0'>{parts}</div>", f"<style>{rules}</style>"))

    made(10)()  # what is imported once is no growth
    assert growth(made, 100) < GROWTH


# ------------------------------------------------------------ the judge

VISIBLE = """(() => {
  const link = document.querySelector('a[href*=kazyno]');
  for (let e = link; e && e !== document.documentElement; e = e.parentElement) {
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (Number(style.opacity) <= .05 || /opacity\\(0\\)/.test(style.filter)) return false;
    if (/rect\\(0px/.test(style.clip) || /inset\\(50%|circle\\(0|polygon\\(0/.test(style.clipPath)) return false;
    const cuts = style.overflowX !== 'visible' || style.contain === 'paint';
    if (cuts && style.display !== 'inline' && (box.width < 3 || box.height < 3)) return false;
  }
  if (!link.checkVisibility({visibilityProperty: true})) return false;
  if (parseFloat(getComputedStyle(link).fontSize) <= 2) return false;
  const box = link.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && box.right + scrollX > 0 && box.bottom + scrollY > 0;
})()"""


@pytest.mark.long
@pytest.mark.skipif(not chromium.program(), reason=chromium.ABSENT)
def test_a_browser_agrees() -> None:
    program = chromium.program()
    assert program
    with chromium.Browser(program) as browser:
        for ways, is_seen in ((HIDDEN, False), (SEEN, True)):
            for name, part in ways.items():
                browser.show(page(part.format(LINK)), policy=None)
                assert browser.run(VISIBLE) is is_seen, name
