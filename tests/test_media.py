"""The pictures and videos of an article arrive, from its page to what is read of it, however the site gives them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedpub.collecting.reading import Manner, read_article
from feedpub.content import Article, Picture
from tests.made import article
from tests.test_learn_places import HOST, KYIV, NOW, plain, site

BLANK = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
PASTED = "data:image/png;base64," + "iVBORw0KGgo" * 50


def pictures(articles: list[Article]) -> list[list[str]]:
    return [[p.url.removeprefix(HOST) for p in a.pictures] for a in articles]


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="/f/{n}.jpg">',
        '<img src="/assets/blank.gif" data-lazyload="/f/{n}.jpg">',
        '<img src="/assets/q7.png" data-foo="/f/{n}.jpg">',
        f'<picture><source data-srcset="/f/{{n}}-s.jpg 300w, /f/{{n}}.jpg 1200w"><img src="{BLANK}"></picture>',
        '<div class="photo" style="background-image: url(/f/{n}.jpg)"></div>',
    ],
)
def test_the_picture_above_the_text_is_the_item_s_however_it_is_given(picture: str) -> None:
    read = site(lambda n, text: f"<div class='lead'>{picture.format(n=n)}</div><div class='text'>{text}</div>")
    assert pictures(read.articles) == [[f"/f/{n}.jpg"] for n in range(8)]


def test_what_all_pages_have_in_the_background_is_no_picture_of_an_article() -> None:
    stripe = '<div class="stripe" style="background: url(/f/stripe.jpg)"></div>'
    read = site(lambda n, text: f"{stripe}<div class='text'>{text}</div>")
    assert pictures(read.articles) == [[]] * 8


def test_a_placeholder_that_the_text_alone_does_not_tell_is_told_by_the_page() -> None:
    late = '<img src="/f/grey.jpg" data-u="/f/grey-{}.jpg">'

    def dress(n: int, text: str) -> str:
        return (
            f"<div class='text'>{text}<p>{late.format(n)}</p></div><aside>{late.format('a')}{late.format('b')}</aside>"
        )

    assert [urls[0] for urls in pictures(site(dress).articles)] == [f"/f/grey-{n}.jpg" for n in range(8)]


def test_a_poster_pasted_into_the_page_is_published_at_once_in_its_words() -> None:
    read = site(lambda _, text: f"<div class='text'>{text}</div>")
    page = read.pages[f"{HOST}/news/1"].text
    for poster, words in (
        (f'<img src="{PASTED}" alt="Слухання 5 грудня о 10:00">', "[Слухання 5 грудня о 10:00]"),
        (f'<img src="{PASTED}" alt="image.png">', "[зображення — лише на сайті]"),
        (f'<img src="{BLANK}" data-src="{PASTED}" alt="Слухання">', "[Слухання]"),
    ):
        assert read.read(page.replace(plain(0), f"<p>{poster}</p>")).text == words


def test_a_poster_pasted_beside_an_empty_text_is_published_in_its_words() -> None:
    read = site(lambda n, text: f"<div class='lead'><img src='/f/{n}.jpg'></div><div class='text'>{text}</div>")
    page = read.pages[f"{HOST}/news/1"].text
    pasted = page.replace("'/f/0.jpg'", f"'{PASTED}' alt='Слухання 5 грудня'")
    for text in (plain(0), f"<div class='text'>{plain(0)}</div>"):
        assert read.read(pasted.replace(text, "")).text == "[Слухання 5 грудня]"


def test_a_background_is_no_picture_of_an_article_that_has_one() -> None:
    background = '<div style="background: url(/f/2.jpg)"></div><p>Текст</p>'
    made = article(1, background, pictures=(Picture("/f/1.jpg", ""),))
    assert [p.url for p in made.pictures] == ["https://rada.example/f/1.jpg"]


def test_what_is_missing_is_said_in_the_source_s_own_language() -> None:
    read = site(lambda _, text: f"<div class='text'>{text}</div>")
    page = read.pages[f"{HOST}/news/1"]
    raw = page.text.replace(plain(0), f"<img src='{PASTED}'>")
    for language, words in (("de-AT", "[Bild: nur auf der Website]"), ("", "[зображення — лише на сайті]")):
        manner = Manner(read.layout, KYIV, NOW, language=language)
        assert read_article(replace(page, text=raw), manner).text == words


@pytest.mark.parametrize("address", ["src", "data-src", "data-cookieblock-src"])
def test_a_box_with_a_video_of_the_article_is_not_left_out(address: str) -> None:
    player = f'<iframe {address}="https://www.youtube.com/embed/abc-123" title="Сесія"></iframe>'
    video = f'<div class="consent">{player}<p>Погодьтеся на cookie, щоб побачити відео.</p></div>'

    def dress(n: int, text: str) -> str:
        return f"<div class='text'>{text}{video if n == 2 else ''}</div>"

    assert site(dress).articles[2].hrefs == ("https://www.youtube.com/watch?v=abc-123",)
