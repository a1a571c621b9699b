"""Further ways to hide links: animations, conditions of sheets, formulas, mixed colours, several small ways at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.test_seeing import LINK, marked, page, published
from tests.work import GROWTH, growth

HIDDEN = {
    "faint in faint": "<div style='opacity:.2'><div style='opacity:.2'><p style='opacity:.2'>{}</p></div></div>",
    "small in small": "<div style='transform:scale(.2)'><div style='transform:scale(.2)'>{}</div></div>",
    "a product of nothing": "<div style='width:calc(1px*0);overflow:hidden'>{}</div>",
    "a table that is a box": "<table style='display:block;height:0;overflow:hidden'><tr><td>{}</td></tr></table>",
    "an attribute of a drawing": "<svg><g display='none'><text>{}</text></g></svg>",
    "a faint drawing": "<svg><text opacity='0'>{}</text></svg>",
    "a sheet in an address": "<link rel='stylesheet' href='data:text/css,.d1{{display:none}}'><p class='d1'>{}</p>",
    "one in base64": "<link rel='stylesheet' href='data:text/css;base64,LmQye2Rpc3BsYXk6bm9uZX0='><p class='d2'>{}</p>",
    "a name with a colon": "<style>.a\\:b{{display:none}}</style><p class='a:b'>{}</p>",
    "a comparison": "<style>@media (width>=1px){{.m1{{display:none}}}}</style><p class='m1'>{}</p>",
    "all but paper": "<style>@media not print{{.m2{{display:none}}}}</style><p class='m2'>{}</p>",
    "colour screens": "<style>@media (color){{.m3{{display:none}}}}</style><p class='m3'>{}</p>",
    "either way up": "<style>@media (orientation:portrait),(orientation:landscape){{.m4{{opacity:0}}}}</style>"
    "<p class='m4'>{}</p>",
    "not on narrow screens": "<style>@media not all and (max-width:1px){{.m5{{display:none}}}}</style>"
    "<p class='m5'>{}</p>",
    "light or dark": "<style>@media (prefers-color-scheme:dark){{.m6{{display:none}}}}"
    "@media (prefers-color-scheme:light){{.m6{{display:none}}}}</style><p class='m6'>{}</p>",
    "one or the other": "<style>@media (foo:1) or (min-width:1px){{.m0{{display:none}}}}</style><p class='m0'>{}</p>",
    "any container": "<style>@container (min-width:1px){{.m7{{display:none}}}}</style>"
    "<div style='container-type:inline-size'><p class='m7'>{}</p></div>",
    "a scope": "<style>@scope (#text){{.m8{{display:none}}}}</style><p class='m8'>{}</p>",
    "any link": "<style>#text .m9 a:any-link{{display:none}}</style><p class='m9'>{}</p>",
    "neither this nor that": "<style>.n1:not(.a,.b){{display:none}}</style><p class='n1'>{}</p>",
    "a figure in a name": "<style>.n\\32 {{display:none}}</style><p class='n2'>{}</p>",
    "it fades": "<style>@keyframes k1{{to{{opacity:0}}}}.k1{{animation:k1 0s forwards}}</style><p class='k1'>{}</p>",
    "it vanishes": "<style>@keyframes k2{{100%{{visibility:hidden}}}}"
    ".k2{{animation-name:k2;animation-duration:1s;animation-fill-mode:both}}</style><p class='k2'>{}</p>",
    "it never begins": "<style>@keyframes k3{{from{{opacity:0}}}}</style><p style='animation:k3 1s paused'>{}</p>",
    "it never ends": "<style>@keyframes k4{{from{{opacity:0}}}}</style><p style='animation:k4 99999s'>{}</p>",
    "backwards": "<style>@keyframes k5{{from{{opacity:0}}}}</style><p style='animation:k5 1s reverse forwards'>{}</p>",
    "zoom in zoom": "<div style='zoom:.2'><div style='zoom:.2'>{}</div></div>",
    "turned in space": "<p style='transform:rotate3d(0,1,0,90deg)'>{}</p>",
    "pushed out of its box": "<p style='padding-left:9999px;overflow:hidden'>{}</p>",
    "a screen above": "<p style='position:fixed;inset:-100vh auto auto 0'>{}</p>",
    "what no browser knows": "<p style='font-size:env(x,0)'>{}</p>",
    "an imported sheet": "<style>@import url('data:text/css,.i1{{display:none}}');</style><p class='i1'>{}</p>",
    "a way far away": "<p style='offset-path:path(\"M-9999 0\")'>{}</p>",
    "a matrix": "<p style='transform:matrix(1,0,0,1,-9999,0)'>{}</p>",
    "two screens aside": "<p style='position:absolute;left:200vw'>{}</p>",
    "on edge": "<p style='rotate:x 90deg'>{}</p>",
    "filtered twice": "<p style='filter:opacity(20%) opacity(20%)'>{}</p>",
    "a mask of nothing": "<p style='mask:linear-gradient(#0000 0 0)'>{}</p>",
    "a mask in a direction": "<p style='mask-image:linear-gradient(to right,transparent,rgba(0,0,0,0))'>{}</p>",
    "a mask without size": "<p style='mask:linear-gradient(#000,#000);mask-size:0'>{}</p>",
    "nothing in nothing": "<div style='font-size:0'><p style='font-size:2em'>{}</p></div>",
    "a part of nothing": "<p style='font-size:calc(1em * .01)'>{}</p>",
    "at most little": "<p style='font-size:clamp(0px,1px,2px)'>{}</p>",
    "adjusted": "<p style='font-size-adjust:0'>{}</p>",
    "a low box": "<div style='height:3px;overflow:hidden'>{}</div>",
    "mixed": "<p style='color:color-mix(in srgb,white 100%,red)'>{}</p>",
    "mixed with the same": "<p style='color:color-mix(in oklab,#fff,white)'>{}</p>",
    "light and dark alike": "<p style='color:light-dark(#fff,#fefefe)'>{}</p>",
    "the system's": "<p style='color:Canvas'>{}</p>",
    "a ground that is drawn": "<div style='background-image:linear-gradient(#036,#036)'>"
    "<p style='color:#036'>{}</p></div>",
    "drawn in a direction": "<div style='background:linear-gradient(90deg,#036 0%,#036 100%)'>"
    "<p style='color:#036'>{}</p></div>",
    "the letters' colour": "<p style='color:#036;background:currentcolor'>{}</p>",
    "from far around": "<div style='color:white'><div><p>{}</p></div></div>",
}
IF_IT_LEADS_ELSEWHERE = {  # else it is the council's
    "until it is looked for": "<div hidden='until-found'>{}</div>",
    "a summary that is hidden": "<details><summary style='display:none'>Ще</summary>{}</details>",
    "a summary without size": "<details><summary style='font-size:0'>Ще</summary>{}</details>",
    "the first line": "<style>.l1::first-line{{font-size:0}}</style><p class='l1'>{}</p>",
    "behind, in a row": "<div style='display:flex'><p style='z-index:-1'>{}</p></div>",
    "the back": "<p style='transform:rotateY(180deg);backface-visibility:hidden'>{}</p>",
    "too bright": "<p style='filter:brightness(100)'>{}</p>",
    "blended": "<p style='mix-blend-mode:screen'>{}</p>",
    "letters far apart": "<p style='letter-spacing:200px'>{}</p>",
    "a ground within": "<div style='color:#123'><div style='background:#123'>{}</div></div>",
    "a colour until a script comes": "<style>[layout]:not(.done){{color:transparent}}</style>"
    "<script src='/1.js'></script>"
    "<p layout='x'>{}</p>",
    "invisible until a script comes": "<style>.l2{{visibility:hidden}}</style><script src='/1.js'></script>"
    "<p class='l2'>{}</p>",
    "wiped in by a script": "<style>.l3{{clip-path:inset(0 100% 0 0)}}</style><script src='/1.js'></script>"
    "<p class='l3'>{}</p>",
    "a box around what is placed elsewhere": "<div style='height:0;overflow:hidden'>"
    "<p style='position:absolute'>{}</p></div>",
    "over a picture": "<div style='position:relative'><img src='/1.jpg' style='position:absolute;inset:0'>"
    "<p style='position:relative;color:#fff'>{}</p></div>",
    "laid on something": "<p style='position:absolute;top:2em;color:#fff'>{}</p>",
}
SEEN = {
    "half faint in half faint": "<div style='opacity:.5'><p style='opacity:.5'>{}</p></div>",
    "a table's height": "<table style='height:0;overflow:hidden'><tr><td>{}</td></tr></table>",
    "wide screens": "<style>@media (width>=900px){{.w1{{display:none}}}}</style><p class='w1'>{}</p>",
    "a sum": "<div style='height:calc(10px + 0px);overflow:hidden'>{}</div>",
    "it fades in": "<style>@keyframes f1{{to{{opacity:1}}}}.f1{{opacity:0;animation:f1 1s forwards}}</style>"
    "<p class='f1'>{}</p>",
    "it moves in": "<style>@keyframes f2{{from{{opacity:0}}to{{opacity:1}}}}</style>"
    "<p style='animation:f2 1s both'>{}</p>",
    "it comes and goes": "<style>@keyframes f3{{50%{{opacity:1}}}}</style>"
    "<p style='opacity:0;animation:f3 1s infinite'>{}</p>",
    "it comes back": "<style>@keyframes f4{{to{{opacity:0}}}}</style><p style='animation:f4 1s'>{}</p>",
    "it goes as one scrolls": "<style>@keyframes f5{{to{{opacity:0}}}}</style>"
    "<p style='animation:f5 1s both;animation-timeline:view()'>{}</p>",
    "wide containers": "<style>@container (min-width:700px){{.w2{{display:none}}}}</style><p class='w2'>{}</p>",
    "dark screens": "<style>@media (prefers-color-scheme:dark){{.w3{{display:none}}}}</style><p class='w3'>{}</p>",
    "browsers of old": "<style>@supports not (display:grid){{.w4{{display:none}}}}</style><p class='w4'>{}</p>",
    "another colour on wide screens": "<style>.w5{{color:#222;background:#fff}}"
    "@media (min-width:900px){{.w5{{color:#333}}}}</style>"
    "<div style='background:#036;color:#fff'><p class='w5'>{}</p></div>",
    "another scope": "<style>@scope (.card){{p{{display:none}}}}</style><p>{}</p>",
    "no sheet": "<style type='text/less'>.w6{{display:none}}</style><p class='w6'>{}</p>",
    "a layer that is weaker": "<style>.w7{{display:block}}@layer a{{#text .w7{{display:none}}}}</style>"
    "<p class='w7'>{}</p>",
    "a ground that a sheet adds": "<style>.w8{{color:#fff}}.w8::before{{content:'';background:#036;position:absolute;"
    "inset:0;z-index:-1}}</style><div class='w8'>{}</div>",
    "a ground of two colours": "<div style='background:linear-gradient(#036,#fff)'><p style='color:#fff'>{}</p></div>",
    "a mask of a half": "<p style='mask:linear-gradient(#000,transparent)'>{}</p>",
    "not to be clicked": "<div inert>{}</div>",
    "a summary": "<details><summary>Перелік</summary>{}</details>",
    "an attribute outside of drawings": "<p display='none'>{}</p>",
    "a sheet for paper in an address": "<link rel='stylesheet' media='print' href='data:text/css,p{{display:none}}'>"
    "<p>{}</p>",
}


@pytest.mark.parametrize("way", HIDDEN)
def test_a_link_that_is_hidden_in_another_way_is_not_published(way: str) -> None:
    cleaned = published(HIDDEN[way].format(LINK))
    assert cleaned.links == ()
    assert "виграш" not in cleaned.text


@pytest.mark.parametrize("way", SEEN)
def test_a_link_that_is_seen_all_the_same_is_published(way: str) -> None:
    assert "виграш" in published(SEEN[way].format(LINK)).text


@pytest.mark.parametrize("way", IF_IT_LEADS_ELSEWHERE)
def test_what_visitors_may_see_goes_only_if_it_leads_elsewhere(way: str) -> None:
    part = IF_IT_LEADS_ELSEWHERE[way]
    assert published(part.format(LINK)).links == ()
    own = '<a href="/dokumenty">Документи</a>'
    assert "Документи" in published(part.format(own)).text
    assert "Перелік вулиць" in published(part.format("Перелік вулиць")).text


@pytest.mark.parametrize("href", ["ht\ntps://kazyno.example/1", "\x01//kazyno.example/1", "HTTPS:\\\\kazyno.example/1"])
def test_an_address_leads_where_browsers_go(href: str) -> None:
    link = LINK.replace("https://kazyno.example/1", href)
    assert published(f"<p style='letter-spacing:-1em'>{link}</p>").links == ()


def test_brackets_in_brackets_without_end_are_no_declaration() -> None:
    part = f"<p style='font-size:calc({'(' * 3_000}1px*0{')' * 3_000})'>Перелік вулиць</p>"
    assert "Перелік вулиць" in published(part).text


def test_conditions_and_formulas_without_end_are_read_in_time() -> None:
    def made(size: int) -> Callable[[], object]:
        brackets = "(" * size + "color" + ")" * size
        rules = f"@media {brackets}{{.a{{display:none}}}}" + "@media (color){" * size
        mixed = "color-mix(in srgb," + "red," * size
        filters = "opacity(" * size + "mask(" * size
        formula = "calc(" + "(" * size + "1px*0" + ")" * size + ")"
        return partial(
            marked,
            page(
                f"<p class='a' style='font-size:{formula};filter:{filters};color:{mixed}'>а</p>",
                f"<style>{rules}</style>",
            ),
        )

    made(10)()  # what is imported once is no growth
    assert growth(made, 1_000) < GROWTH


def test_the_words_within_a_frame_are_shown_by_no_browser() -> None:
    frame = "<iframe src='https://www.youtube.com/embed/aaaaaaaaaaa'>Ваш браузер <b>не підтримує</b></iframe>"
    assert "браузер" not in published(frame).text


def test_a_link_that_stands_in_for_a_film_is_shown_by_no_browser_that_shows_films() -> None:
    assert published(f"<video src='/1.mp4'>{LINK}</video>").links == ("https://rada.example/1.mp4",)
