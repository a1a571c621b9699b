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
