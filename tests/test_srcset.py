"""A list of a picture's sizes is read as the HTML standard says, and the largest sensible one is taken."""

from __future__ import annotations

import pytest

from feedpub.html.srcset import largest, parse_srcset


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        ("/a.jpg", ["/a.jpg"]),
        ("/a.jpg 1x, /b.jpg 2x", ["/a.jpg", "/b.jpg"]),
        ("/a.jpg 400w,/b.jpg 800w", ["/a.jpg", "/b.jpg"]),  # a comma after a descriptor ends a candidate
        ("/a.jpg,/b.jpg", ["/a.jpg,/b.jpg"]),  # one without white space does not
        ("/w_400,h_300/p.jpg 400w, /w_800,h_600/p.jpg 800w", ["/w_400,h_300/p.jpg", "/w_800,h_600/p.jpg"]),
        (" ,, /a.jpg,, /b.jpg 2x,", ["/a.jpg", "/b.jpg"]),
        ("data:image/gif;base64,AA== 1x, /b.jpg 2x", ["data:image/gif;base64,AA==", "/b.jpg"]),
        ("/a.jpg 1600w 900h, /b.jpg 800w", ["/a.jpg", "/b.jpg"]),
        ("/a.jpg 100w 2x, /b.jpg -1x, /c.jpg 0w, /d.jpg big, /e.jpg 1.5x", ["/e.jpg"]),  # the others make no sense
        ("/a.jpg (x, y), /b.jpg 2x", ["/b.jpg"]),
        ("", []),
        (",,,", []),
    ],
)
def test_a_srcset_is_read_as_browsers_read_it(value: str, addresses: list[str]) -> None:
    assert [c.address for c in parse_srcset(value)] == addresses


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("/big.jpg 1600w, /mid.jpg 800w, /small.jpg 320w", "/big.jpg"),
        ("/small.jpg 320w, /big.jpg 1600w", "/big.jpg"),
        ("/a.jpg, /a2.jpg 2x, /a15.jpg 1.5x", "/a2.jpg"),
        ("/huge.jpg 6000w, /big.jpg 2000w, /mid.jpg 800w", "/big.jpg"),  # nobody needs more
        ("/huge.jpg 6000w, /large.jpg 4000w", "/large.jpg"),
        ("/a.jpg 1x, /b.jpg 1x", "/a.jpg"),
    ],
)
def test_the_largest_candidate_is_taken_wherever_it_stands(value: str, address: str) -> None:
    best = largest(parse_srcset(value))
    assert best is not None
    assert best.address == address


def test_of_no_candidates_none_is_the_largest() -> None:
    assert largest([]) is None
