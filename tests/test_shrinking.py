"""A picture becomes a small JPEG with nothing in it but the picture; what cannot become one is refused."""

from __future__ import annotations

from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image

from feedpub.kinds import LARGEST_THUMBNAIL, THUMBNAIL
from feedpub.publishing.check import check
from feedpub.publishing.shrinking import MOST_OF_OTHERS, Unusable, small_copy

RED, BLUE = (200, 30, 30), (30, 30, 200)
SECRET = b"50.4501N 30.5234E"


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    packed = BytesIO()
    image.save(packed, form, **options)
    return packed.getvalue()


def poster(width: int = 900, height: int = 1600) -> Image.Image:
    """A picture that is red at its top and blue at its bottom."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (0, height // 2, width, height))
    return image


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(pixel, colour, strict=True))


def exif(orientation: int) -> Image.Exif:
    made = Image.Exif()
    made[0x0112], made[0x010E] = orientation, SECRET.decode()
    return made


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("PNG", {}),
        ("WEBP", {}),
        ("GIF", {}),
        ("MPO", {"save_all": True, "append_images": [poster()]}),  # of some phones: several JPEGs in one file
    ],
)
def test_a_portrait_poster_stays_whole(form: str, options: dict[str, Any]) -> None:
    small = small_copy(encoded(poster(), form, **options))
    image = opened(small.data)
    assert (small.width, small.height) == image.size == (450, 800)
    assert near(image.getpixel((200, 5)), RED)
    assert near(image.getpixel((200, 795)), BLUE)
    assert check(small.data, THUMBNAIL) == []


@pytest.mark.parametrize(
    ("orientation", "size", "first", "last"),
    [(1, (800, 450), RED, BLUE), (3, (800, 450), BLUE, RED), (6, (450, 800), RED, RED), (8, (450, 800), RED, RED)],
)
def test_a_photograph_stands_as_the_camera_was_held(
    orientation: int, size: tuple[int, int], first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    image = opened(small_copy(encoded(poster(1600, 900), "JPEG", exif=exif(orientation))).data)
    assert image.size == size
    right, left = image.getpixel((size[0] - 5, 5)), image.getpixel((5, 5))
    assert near(left, BLUE if orientation in (3, 6) else RED) or near(right, RED)
    if orientation in (1, 3):
        assert near(left, first)
        assert near(image.getpixel((5, size[1] - 5)), last)


def test_place_and_time_of_a_photograph_and_all_else_in_its_file_stay_behind() -> None:
    data = encoded(poster(), "JPEG", exif=exif(1), comment=SECRET, icc_profile=SECRET, xmp=SECRET) + SECRET
    assert SECRET in data
    small = small_copy(data).data
    assert SECRET not in small
    assert dict(opened(small).getexif()) == {}
    assert check(small, THUMBNAIL) == []


@pytest.mark.parametrize(
    ("image", "shade"),
    [
        (Image.new("LA", (100, 60), (0, 0)), (255, 255, 255)),  # transparent: white, as on the page it was made for
        (Image.new("RGBA", (100, 60), (0, 0, 0, 0)), (255, 255, 255)),
        (Image.new("I;16", (100, 60), 0x8000), (128, 128, 128)),
        (Image.new("1", (100, 60), 1), (255, 255, 255)),
        (Image.new("L", (100, 60), 90), (90, 90, 90)),
    ],
)
def test_colours_are_those_that_a_page_would_show(image: Image.Image, shade: tuple[int, int, int]) -> None:
    assert near(opened(small_copy(encoded(image, "PNG")).data).getpixel((50, 30)), shade)


def test_colours_for_print_become_those_of_a_screen() -> None:
    data = encoded(poster().convert("CMYK"), "JPEG")
    assert opened(small_copy(data).data).mode == "RGB"


def test_of_a_picture_that_moves_the_first_is_taken() -> None:
    data = encoded(Image.new("RGB", (60, 60), RED), "GIF", save_all=True, append_images=[poster(60, 60)])
    assert near(opened(small_copy(data).data).getpixel((30, 30)), RED)


def test_a_small_picture_is_not_made_larger() -> None:
    assert opened(small_copy(encoded(poster(60, 40), "PNG")).data).size == (60, 40)


@pytest.mark.long
def test_whatever_it_shows_a_copy_is_small_and_always_the_same() -> None:
    noise = Image.frombytes("RGB", (800, 800), Random(1).randbytes(800 * 800 * 3))
    for image in (noise, noise.resize((1600, 800)), noise.crop((0, 0, 500, 800)), poster()):
        data = encoded(image, "PNG")
        small = small_copy(data)
        assert len(small.data) <= LARGEST_THUMBNAIL
        assert small_copy(data) == small


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "is no picture in JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "is no picture in JPEG"),
        (encoded(poster(), "TIFF"), "is no picture in JPEG"),
        (encoded(poster(), "BMP"), "is no picture in JPEG"),
        (encoded(poster(), "ICO"), "is no picture in JPEG"),
        (b"", "is no picture in JPEG"),
        (b"<!DOCTYPE html><title>404</title>", "is no picture in JPEG"),
        (encoded(poster(), "JPEG")[:2000], "is a damaged picture"),
        (encoded(poster(), "PNG")[:200], "is a damaged picture"),
        (encoded(Image.new("1", (30_000, 30_000)), "PNG"), "damaged|pixels, more than 9 million"),  # 100 kB, a bomb
        (encoded(Image.new("L", (3001, 3001)), "PNG"), "has 3001 × 3001 pixels, more than 9 million"),
        (encoded(Image.new("L", (4001, 4001)), "JPEG", progressive=True), "more than 16 million"),
        (encoded(Image.new("L", (8001, 8001)), "JPEG"), "has 8001 × 8001 pixels, more than 64 million"),
        (encoded(Image.new("L", (1, 1)), "GIF"), "has only 1 × 1 pixels"),
        (encoded(Image.new("L", (3000, 4)), "PNG"), "has only 800 × 1 pixels"),
    ],
)
def test_what_is_no_picture_or_too_much_of_one_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        small_copy(data)


def test_a_photograph_of_a_good_camera_is_read_without_taking_its_whole_size() -> None:
    assert MOST_OF_OTHERS < 6000 * 4000
    assert opened(small_copy(encoded(poster(6000, 4000), "JPEG")).data).size == (800, 533)


def test_random_damage_is_refused_or_gives_a_picture_and_nothing_else_happens() -> None:
    random = Random(7)
    for form in ("JPEG", "PNG", "WEBP", "GIF"):
        data = bytearray(encoded(poster(90, 160), form))
        for _ in range(60):
            broken = bytearray(data)
            for _ in range(random.randint(1, 8)):
                broken[random.randrange(len(broken))] = random.randrange(256)
            try:
                small = small_copy(bytes(broken))
            except Unusable:
                continue
            assert check(small.data, THUMBNAIL) == []


# ------------------------------------------------------------ the check of what is published


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (encoded(poster(80, 60), "JPEG", exif=exif(1)), "holds more than a picture, in a part of kind E1"),
        (encoded(poster(80, 60), "JPEG", comment=b"x"), "holds more than a picture, in a part of kind FE"),
        (encoded(poster(80, 60), "JPEG") + SECRET, "is no whole JPEG"),
        (encoded(poster(80, 60), "PNG"), "is no whole JPEG"),
        (encoded(poster(900, 60), "JPEG"), "has no size up to 800 pixels a side"),
        (encoded(Image.frombytes("L", (800, 800), Random(1).randbytes(640_000)), "JPEG"), "is larger than 120 kB"),
    ],
)
def test_the_gate_lets_no_copy_pass_that_holds_more_than_a_picture(data: bytes, rule: str) -> None:
    assert any(rule in str(problem) for problem in check(data, THUMBNAIL))
