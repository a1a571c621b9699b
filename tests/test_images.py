"""One rule says where a picture really is and which is an icon, beside the text and in it."""

from __future__ import annotations

import pytest

from feedpub.html import images
from tests.made import article

BLANK = "data:image/gif;base64,R0"


@pytest.mark.parametrize(
    ("image", "source"),
    [
        ({"src": "/1.jpg"}, "/1.jpg"),
        ({"src": BLANK, "data-src": "/1.jpg"}, "/1.jpg"),
        ({"src": "/blank.gif", "data-original": " /1.jpg "}, "/1.jpg"),
        ({"src": BLANK, "data-lazy-src": "1.jpg"}, "1.jpg"),
        ({"src": BLANK, "data-srcset": "/1-300.jpg 300w, /1.jpg 900w"}, "/1.jpg"),
        ({"srcset": "/1.jpg"}, "/1.jpg"),
        ({"src": "/1.jpg", "srcset": "/1-300.jpg 300w"}, "/1.jpg"),
        ({"src": "/1.jpg", "data-src": "none"}, "/1.jpg"),  # a word, and no file
        ({"src": "/a.jpg", "srcset": "/a.jpg 320w, /big.jpg 1600w"}, "/big.jpg"),
        ({"src": "/fallback.jpg", "srcset": "/mid.jpg 800w, /big.jpg 1600w"}, "/big.jpg"),
        ({"src": "/a.jpg", "srcset": "/a-300x200.jpg 300w, /a-1024x683.jpg 1024w"}, "/a.jpg"),  # their original
        ({"src": "/f/a.jpg", "srcset": "https://old.example/f/a.jpg 1600w"}, "/f/a.jpg"),  # of a site that has moved
        ({"srcset": "/w_400,h_300/p.jpg 400w, /w_800,h_600/p.jpg 800w"}, "/w_800,h_600/p.jpg"),
        # other scripts, other attributes
        ({"src": "/assets/placeholder.gif", "data-lazyload": "/1.jpg"}, "/1.jpg"),
        ({"src": "/assets/spinner.svg", "data-url": "/1.jpg"}, "/1.jpg"),
        ({"src": "/t/x7.svg", "data-photo": "/f/1.jpg"}, "/f/1.jpg"),  # something drawn before a photograph
        (
            {"src": "/assets/q7.png", "data-foo": "/uploads/1.jpg"},
            "/uploads/1.jpg",
        ),  # neither folder nor name in common
        ({"src": "/f/grey.jpg", "class": "lazy", "data-image": "/f/1.jpg"}, "/f/1.jpg"),
        ({"src": "/f/a-20x15.jpg", "data-full": "/f/a.jpg"}, "/f/a.jpg"),  # a preview of a few pixels
        ({"src": "", "data-responsive": "/s.jpg 300w, /b.jpg 900w"}, "/b.jpg"),
        ({"src": BLANK, "data-src-small": "/s.jpg", "data-src-large": "/l.jpg"}, "/l.jpg"),
        ({"src": BLANK, "data-thumb": "/s.jpg", "data-orig-file": "/l.jpg"}, "/l.jpg"),
        ({"src": BLANK, "data-pagespeed-lazy-src": "/1.jpg"}, "/1.jpg"),
        ({"src": "//:0", "data-src": "/image.php?id=5"}, "/image.php?id=5"),
        ({"src": "{{ image.url }}", "data-image": "/1.jpg"}, "/1.jpg"),
        ({"src": "/f/{{ name }}.jpg", "data-image": "/f/1.jpg"}, "/f/1.jpg"),
        ({"src": "/f/1.svg", "data-photo": "/f/1.jpg"}, "/f/1.jpg"),
        ({"src": "/1.jpg", "data-lazy-src": "/1.jpg?is-pending-load=1"}, "/1.jpg"),
        # what is said of a picture, or is another one
        ({"src": "/f/1.jpg", "data-large-file": "/f/1-large.jpg"}, "/f/1.jpg"),
        ({"src": "/f/1.jpg", "data-src-hover": "/f/2.jpg"}, "/f/1.jpg"),
        ({"src": "/f/1.jpg", "data-author-photo": "/people/2.jpg"}, "/f/1.jpg"),
        ({"src": "/f/1.jpg", "data-image-caption": "Голова. Фото: a.jpg"}, "/f/1.jpg"),
        ({"src": "/f/1.jpg", "data-lazy-sizes": "(max-width: 300px) 33.3vw"}, "/f/1.jpg"),
        # names of placeholders, and names that only sound so
        ({"src": "/no-image.png"}, None),
        ({"src": "/images/ajax-loader.gif"}, None),
        ({"src": "/loading-dock.jpg"}, "/loading-dock.jpg"),
        ({"src": "/transparent-city.png"}, "/transparent-city.png"),
        ({"src": "/empty.jpg"}, "/empty.jpg"),  # somebody's photograph
        ({"src": "/1.jpg", "data-zoom": "/f/1-zoom.jpg"}, "/1.jpg"),
        ({"src": BLANK}, None),
        ({}, None),
    ],
)
def test_a_picture_is_where_its_attributes_say_and_no_placeholder(image: dict[str, str], source: str | None) -> None:
    assert images.picture_source(image) == source


@pytest.mark.parametrize(
    ("image", "is_icon"),
    [
        ({"src": "/modules/file/icons/application-pdf.png"}, True),
        ({"src": "/1.png", "class": "share-icon"}, True),
        ({"src": "/1.png", "width": "16", "height": "16px"}, True),
        ({"src": "/1.png", "width": "16"}, False),  # high, perhaps
        ({"src": "/1.png", "width": "640", "height": "32"}, False),
        ({"src": "/iconography.png", "class": "iconic"}, False),
        ({"src": "/icons/blank.gif", "data-src": "/1.jpg"}, False),  # only its placeholder is one
    ],
)
def test_an_icon_is_told_by_its_name_or_its_size(image: dict[str, str], is_icon: bool) -> None:
    assert images.is_icon(image) is is_icon


@pytest.mark.parametrize("icon", ['src="/modules/file/icons/application-pdf.png"', 'src="/1.png" class="pdf-icon"'])
def test_a_file_icon_in_the_text_is_shown_there_and_is_not_the_item_s_picture(icon: str) -> None:
    made = article(1, f'<p><img {icon} alt=""> <a href="/f.pdf">Рішення</a></p><p><img src="/2.jpg" alt="Сквер"></p>')
    assert [p.url for p in made.pictures] == ["https://rada.example/2.jpg"]
    assert len(made.srcs) == 2


@pytest.mark.parametrize(
    ("image", "sources", "source"),
    [
        ({"src": BLANK}, [{"data-srcset": "/x.webp", "type": "image/webp"}, {"data-srcset": "/x.jpg"}], "/x.jpg"),
        ({"src": BLANK}, [{"data-srcset": "/x.webp 1x, /x2.webp 2x", "type": "image/webp"}], "/x2.webp"),
        ({}, [{"srcset": "/s.jpg 300w, /b.jpg 900w"}], "/b.jpg"),
        ({}, [{"srcset": "/phone.jpg", "media": "(max-width: 600px)"}, {"srcset": "/desk.jpg"}], "/desk.jpg"),
        ({"src": "/i.jpg"}, [{"srcset": "/x.webp", "type": "image/webp"}], "/i.jpg"),  # every reader shows it
    ],
)
def test_the_sources_around_a_picture_count_where_it_names_no_file_itself(
    image: dict[str, str], sources: list[dict[str, str]], source: str
) -> None:
    assert images.picture_source(image, sources) == source


def test_what_several_pictures_show_that_name_files_of_their_own_is_a_placeholder() -> None:
    page = [{"src": "/f/grey.jpg", "data-u": f"/f/grey-{n}.jpg"} for n in (1, 2)]
    assert images.blank_addresses(page) == {"/f/grey.jpg"}
    assert images.picture_source(page[0]) == "/f/grey.jpg"  # alone it says nothing
    assert images.picture_source(page[0], (), {"/f/grey.jpg"}) == "/f/grey-1.jpg"
    assert not images.blank_addresses([{"src": "/1.jpg", "data-u": "/2.jpg"}] * 2)  # one picture, shown twice


@pytest.mark.parametrize(
    ("image", "is_tracker"),
    [
        ({"src": "/p.gif", "width": "1", "height": "1"}, True),
        ({"src": "/p.gif", "style": "width:1px; height:1px"}, True),
        ({"src": "https://mc.yandex.ru/watch/1"}, True),
        ({"src": "https://www.facebook.com/tr?id=1"}, True),
        ({"src": "https://rada.example/tr.jpg"}, False),
        ({"src": "/a.jpg", "width": "1", "height": "1", "style": "width:100%;height:300px"}, False),
    ],
)
def test_a_tracker_is_told_by_its_size_or_its_host(image: dict[str, str], is_tracker: bool) -> None:
    assert images.is_tracker(image) is is_tracker
