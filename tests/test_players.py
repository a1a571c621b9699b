"""A player becomes a link: to a page that people can open, in the words of its title."""

from __future__ import annotations

import pytest

from feedpub.collecting.normalize import body
from feedpub.html.player_pages import page_of_player

URL = "https://rada.example/node/117"
YOUTUBE = "https://www.youtube.com"
PLAYER = f'src="{YOUTUBE}/embed/abc-123"'
SETTINGS = (
    '{"youtube_url":"https:\\/\\/youtu.be\\/abc-123","video_type":"youtube","controls":"yes"}'  # as Elementor writes
)
PAGE = f"{YOUTUBE}/watch?v=abc-123"


def links(raw: str) -> list[str]:
    """What a text leads to, and the text."""
    made = body.clean(f"<p>Сесія:</p>{raw}", URL)
    return [*made.links, *made.text.split("\n")[1:]]


@pytest.mark.parametrize(
    ("player", "page"),
    [
        (f"{YOUTUBE}/embed/abc-123?si=x&rel=0", PAGE),
        (f"{YOUTUBE}/embed/abc-123?start=90&list=PL1", f"{PAGE}&list=PL1&t=90s"),
        (f"{YOUTUBE}/embed/abc-123?t=790)", PAGE),
        ("https://www.youtube-nocookie.com/embed/abc-123", PAGE),
        ("https://m.youtube.com/embed/abc-123", PAGE),
        ("https://youtu.be/abc-123?t=5m3s", f"{PAGE}&t=5m3s"),
        (f"{YOUTUBE}/v/abc-123&hl=uk", PAGE),
        (f"{YOUTUBE}/live/abc-123", PAGE),
        (f"{YOUTUBE}/shorts/abc-123?feature=share", f"{YOUTUBE}/shorts/abc-123"),
        (f"{YOUTUBE}/embed/videoseries?list=PLrada", f"{YOUTUBE}/playlist?list=PLrada"),
        (f"{YOUTUBE}/embed?listType=playlist&list=PLrada", f"{YOUTUBE}/playlist?list=PLrada"),
        (f"{YOUTUBE}/embed/live_stream?channel=UCrada&autoplay=1", f"{YOUTUBE}/channel/UCrada/live"),
        ("https://player.vimeo.com/video/271?title=0", "https://vimeo.com/271"),
        ("https://player.vimeo.com/video/271?h=a1b2", "https://vimeo.com/271/a1b2"),
        ("https://vimeo.com/event/12/embed/interaction", "https://vimeo.com/event/12"),
        ("https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Frada%2Fvideos%2F1%2F&width=9",
         "https://www.facebook.com/rada/videos/1/"),
        ("https://www.facebook.com/v2.3/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Frada%2Fposts%2F1",
         "https://www.facebook.com/rada/posts/1"),
        ("https://t.me/rada/83?embed=1&mode=tme", "https://t.me/rada/83"),
        ("https://platform.twitter.com/embed/Tweet.html?dnt=true&id=123", "https://x.com/i/status/123"),
        ("https://www.instagram.com/p/AbC_1/embed/captioned/", "https://www.instagram.com/p/AbC_1/"),
        ("https://www.tiktok.com/embed/v2/123", "https://www.tiktok.com/@_/video/123"),
        ("https://www.google.com/maps/embed?pb=!1m14!1m12!1m3!1d2540.5!2d30.52!3d50.45!2m3",
         "https://www.google.com/maps/search/?api=1&query=50.45,30.52"),
        ("https://www.google.com/maps/embed/v1/place?key=K&q=%D0%A0%D0%B0%D0%B4%D0%B0,+1",
         "https://www.google.com/maps/search/?api=1&query=%D0%A0%D0%B0%D0%B4%D0%B0,%201"),
        ("https://maps.google.com/maps?q=50.4,30.5&output=embed",
         "https://www.google.com/maps/search/?api=1&query=50.4,30.5"),
        ("https://www.google.com/maps/d/u/0/embed?mid=M1&ehbc=2", "https://www.google.com/maps/d/viewer?mid=M1"),
        ("https://docs.google.com/forms/d/e/F1/viewform?embedded=true",
         "https://docs.google.com/forms/d/e/F1/viewform"),
        ("https://docs.google.com/document/d/e/D1/pub?embedded=true", "https://docs.google.com/document/d/e/D1/pub"),
        ("https://drive.google.com/file/d/D1/preview", "https://drive.google.com/file/d/D1/view"),
        ("https://docs.google.com/viewer?url=https%3A%2F%2Frada.example%2Fr.pdf&embedded=true",
         "https://rada.example/r.pdf"),
        ("https://view.officeapps.live.com/op/embed.aspx?src=https%3A%2F%2Frada.example%2Fr.docx",
         "https://rada.example/r.docx"),
        ("https://rada.example/pdfjs/web/viewer.html?file=/f/r.pdf#page=2", "https://rada.example/f/r.pdf"),
        ("https://rada.example/ViewerJS/#../f/r.odt", "https://rada.example/f/r.odt"),
        ("https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/rada/1", "https://soundcloud.com/rada/1"),
        ("https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1",  # no page for people
         "https://w.soundcloud.com/player/?url=https%3A//api.soundcloud.com/tracks/1"),
        ("https://open.spotify.com/embed/episode/4x?t=0", "https://open.spotify.com/episode/4x"),
        # no page is known
        (f"{YOUTUBE}/embed/live_stream?autoplay=1", f"{YOUTUBE}/embed/live_stream?autoplay=1"),
        ("https://www.facebook.com/plugins/video.php?href=javascript:x()",
         "https://www.facebook.com/plugins/video.php?href=javascript:x()"),
        ("https://calendar.example/embed?id=1", "https://calendar.example/embed?id=1"),
        ("https://youtube.com.example/embed/abc-123", "https://youtube.com.example/embed/abc-123"),
    ],
)  # fmt: skip
def test_a_player_s_page_is_the_one_that_people_can_open(player: str, page: str) -> None:
    assert page_of_player(player) == page


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (f'<iframe {PLAYER} title="Сесія 5 грудня"></iframe>', "Сесія 5 грудня"),
        (f'<iframe {PLAYER} aria-label="Сесія 5 грудня"></iframe>', "Сесія 5 грудня"),
        (f'<iframe {PLAYER} title="YouTube video player"></iframe>', "youtube.com"),
        (f"<iframe {PLAYER}>Ваш браузер не підтримує фрейми</iframe>", "youtube.com"),
        ('<lite-youtube videoid="abc-123" playlabel="Сесія 5 грудня"></lite-youtube>', "Сесія 5 грудня"),
        ('<div data-service="youtube" data-id="abc-123" data-title="Сесія 5 грудня"></div>', "Сесія 5 грудня"),
        (f'<div class="js" data-embed-src="{YOUTUBE}/embed/abc-123">Погодьтеся. <button>Так</button></div>',
         "youtube.com"),
        (f'<iframe data-{PLAYER} data-cookieconsent="marketing" style="display:none"></iframe>', "youtube.com"),
        (f'<iframe src="/blank.html" data-cookieblock-{PLAYER}></iframe>', "youtube.com"),
        (f"<noscript><iframe {PLAYER}></iframe></noscript>", "youtube.com"),
        (f"<iframe data-{PLAYER}></iframe><noscript><iframe {PLAYER}></iframe></noscript>", "youtube.com"),
        (f"<div data-settings='{SETTINGS}'><div class='video'></div></div>", "youtube.com"),
        (f'<div class="rll" data-{PLAYER}></div><noscript><iframe {PLAYER}></iframe></noscript>', "youtube.com"),
    ],
)  # fmt: skip
def test_the_words_of_a_link_are_the_player_s_title_or_else_its_host(raw: str, words: str) -> None:
    assert links(raw) == [PAGE, words]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ('<video controls><source src="/v/clip.mp4">Ваш браузер не підтримує відео. '
         '<a href="/v/clip.mp4">Завантажити</a></video>',
         ["https://rada.example/v/clip.mp4", "clip.mp4"]),
        ('<audio src="/a/1.mp3" title="Вісник">Your browser does not support audio</audio>',
         ["https://rada.example/a/1.mp3", "Вісник"]),
        ('<object data="/f/r.pdf"><p>Ваш браузер не показує PDF. <a href="/f/r.pdf">Завантажити</a></p></object>',
         ["https://rada.example/f/r.pdf", "r.pdf"]),
        ('<object data="/f/r.pdf">Рішення № 5</object>', ["https://rada.example/f/r.pdf", "Рішення № 5"]),
        ('<div class="fb-post" data-href="https://www.facebook.com/rada/posts/1"></div>',
         ["https://www.facebook.com/rada/posts/1", "facebook.com"]),
        ('<div><script async src="https://telegram.org/js/w.js" data-telegram-post="rada/83"></script></div>',
         ["https://t.me/rada/83", "t.me"]),
        ('<blockquote class="tiktok-embed" cite="https://www.tiktok.com/@rada/video/1234567"><p>Слова</p></blockquote>',
         ["https://www.tiktok.com/@rada/video/1234567", "Слова tiktok.com"]),
        ('<blockquote data-instgrm-permalink="https://www.instagram.com/p/AbC/">'
         '<a href="https://www.instagram.com/p/AbC/">Допис</a>'
         "</blockquote>", ["https://www.instagram.com/p/AbC/", "Допис"]),
        # nothing of an article
        ('<iframe src="https://www.facebook.com/plugins/like.php?href=x"></iframe>', []),
        ('<iframe src="https://stats.example/c" width="1" height="1"></iframe>', []),
        ('<div class="fb-like" data-href="https://rada.example/news/1"></div>', []),
        ('<div class="youtube" data-id="7">Наш канал</div>', ["Наш канал"]),
    ],
)  # fmt: skip
def test_what_plays_is_linked_and_what_only_counts_or_shares_is_not(raw: str, expected: list[str]) -> None:
    assert links(raw) == expected


def test_words_of_the_council_that_a_player_has_swallowed_stay() -> None:
    words = "Рада розглянула бюджет громади. " * 12
    assert links(f"<video src='/v/1.mp4'><p>{words}</p>")[1:] == ["1.mp4", words.strip()]
    assert links("<embed src='/v/1.mp4'><p>Далі.</p>")[1:] == ["rada.example", "Далі."]
