"""Further ways in which attackers hide links: several small ones at once, drawings, sheets in addresses, fallbacks."""

from __future__ import annotations

import pytest

from tests.test_seeing import LINK, published

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
}
SEEN = {
    "half faint in half faint": "<div style='opacity:.5'><p style='opacity:.5'>{}</p></div>",
    "a table's height": "<table style='height:0;overflow:hidden'><tr><td>{}</td></tr></table>",
    "wide screens": "<style>@media (width>=900px){{.w1{{display:none}}}}</style><p class='w1'>{}</p>",
    "a sum": "<div style='height:calc(10px + 0px);overflow:hidden'>{}</div>",
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


def test_the_words_within_a_frame_are_shown_by_no_browser() -> None:
    frame = "<iframe src='https://www.youtube.com/embed/aaaaaaaaaaa'>Ваш браузер <b>не підтримує</b></iframe>"
    assert "браузер" not in published(frame).text


def test_a_link_that_stands_in_for_a_film_is_shown_by_no_browser_that_shows_films() -> None:
    assert published(f"<video src='/1.mp4'>{LINK}</video>").links == ("https://rada.example/1.mp4",)
