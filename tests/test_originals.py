"""A picture of which the page names the original as well is published as that."""

from __future__ import annotations

import pytest

from feedpub import address
from feedpub.content import Picture
from tests.made import article

ORIGINAL = "https://rada.example/sites/f/1.jpg"
STYLED = "/sites/f/styles/large/public/1.jpg?itok=x"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (f'<p>А <a href="/sites/f/1.jpg"><img src="{STYLED}" alt="Сквер"></a></p>', ORIGINAL),  # linked
        (f'<p>А <img src="{STYLED}" alt="Сквер"></p>', f"https://rada.example{STYLED}"),  # nobody knows the original
        (f'<p>А <a href="/node/7"><img src="{STYLED}" alt="Сквер"></a></p>', f"https://rada.example{STYLED}"),
        (f'<p>А <a href="/sites/f/2.jpg"><img src="{STYLED}" alt="Сквер"></a></p>', f"https://rada.example{STYLED}"),
        ('<p>А <a href="/u/1.jpg"><img src="/u/1-300x200.jpg" alt="Сквер"></a></p>', "https://rada.example/u/1.jpg"),
        ('<p>А <img src="/u/plan-300x200.jpg" alt="Сквер"></p>', "https://rada.example/u/plan-300x200.jpg"),
    ],
)
def test_a_picture_in_the_text_is_its_original_where_the_page_links_it(body: str, shown: str) -> None:
    made = article(1, body)
    assert made.pictures == (Picture(shown, "Сквер"),)
    assert made.srcs == (shown,)  # the text and what goes with it name one file, so that no reader shows it twice


@pytest.mark.parametrize("beside", [STYLED, "/sites/f/1.jpg"])
def test_a_picture_beside_the_text_and_in_it_is_one_and_the_original(beside: str) -> None:
    other = STYLED if beside != STYLED else "/sites/f/1.jpg"
    made = article(1, f'<p>А <img src="{other}" alt="У тексті"></p>', pictures=(Picture(beside, "Поруч"),))
    assert made.pictures == (Picture(ORIGINAL, "Поруч"),)
    assert made.srcs == (ORIGINAL,)


@pytest.mark.parametrize(
    ("url", "is_derivative"),
    [
        ("https://r.example/sites/default/files/styles/large/public/a.jpg?itok=1", True),
        ("https://r.example/wp-content/uploads/2025/06/a-1024x768.jpeg", True),
        ("https://r.example/wp-content/uploads/2025/06/a.jpeg", False),
        ("https://r.example/a-2x3.jpg", False),  # a score, perhaps
        ("https://r.example/plan-100x200.pdf", False),
    ],
)
def test_an_address_tells_a_derivative(url: str, is_derivative: bool) -> None:
    assert address.is_derivative(url) is is_derivative
