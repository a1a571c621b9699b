"""The bytes of a picture, as a council's server sent them → a small JPEG with nothing in it but the picture.

Sole holder of Pillow. Pictures are hostile until they are read: few formats, few pixels, no metadata kept. A picture is
drawn again from its pixels, so whatever else was in its file stays behind: place and time of a photograph, scripts,
data after its end.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from feedpub.kinds import LARGEST_THUMBNAIL, LONGEST_SIDE

if TYPE_CHECKING:
    from PIL.Image import Image

# Pillow is imported where a picture is made smaller: hardly any run does that.

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")  # as Pillow calls them; of one that moves, its first picture is taken
LEAST_SIDE = 8  # pixels of a small copy: what is less shows nothing
# Pixels. A JPEG is read at a half to an eighth of its size. One that is progressive has 3 bytes a pixel in memory
# before that, and all others are there whole, some twice. A sheet of paper (A4), scanned at 300 dpi, has 8.7 million.
MOST_OF_JPEG, MOST_OF_PROGRESSIVE, MOST_OF_OTHERS = 64_000_000, 16_000_000, 9_000_000
SPARE = 2.0  # times the size of the copy, from which it is made in the best way
QUALITIES = (76, 60, 40)  # of JPEG, until it is small enough; below 40 letters are hard to read
ROTATION = 274  # Exif's number for how a camera was held


class Unusable(Exception):
    """No small copy can be made of a picture. Its words say why."""


@dataclass(frozen=True, slots=True)
class Small:
    """A small copy."""

    data: bytes
    width: int
    height: int


def is_available() -> bool:
    """Whether Pillow is installed. It is not loaded."""
    return find_spec("PIL") is not None


def small_copy(data: bytes) -> Small:
    """Return a small copy of a picture, upright and whole. Raises Unusable."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which is not kept; of pixels, which are counted here
            with Image.open(BytesIO(data), formats=FORMATS) as image:
                _require_measure(image)
                _read_small(image)
                smaller = image.convert("RGBA") if image.mode == "P" else image  # a palette has no shades between
                smaller.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=SPARE)
                upright = ImageOps.exif_transpose(smaller)
                return _packed(_on_white(upright))
    except UnidentifiedImageError as error:
        raise Unusable("is no picture in JPEG, PNG, WebP or GIF") from error
    except Unusable:
        raise
    except Exception as error:  # whatever a broken or hostile file makes of a decoder
        raise Unusable(f"is a damaged picture: {type(error).__name__}") from error


def _require_measure(image: Image) -> None:
    """Raise Unusable if a picture has too many pixels. Nothing was drawn until now."""
    width, height = image.size
    most = MOST_OF_OTHERS
    if image.format in ("JPEG", "MPO"):
        most = MOST_OF_PROGRESSIVE if image.info.get("progressive") else MOST_OF_JPEG
    if width * height > most:
        raise Unusable(f"has {width} × {height} pixels, more than {most // 1_000_000} million")


def _read_small(image: Image) -> None:
    """Read the picture; a JPEG at a fraction of its size that is still large enough to be made smaller well.

    Pillow's ``thumbnail`` would do so for a square alone.
    """
    scale = SPARE * LONGEST_SIDE / max(image.size)
    image.draft(None, (round(image.width * scale), round(image.height * scale)))
    image.load()


def _on_white(image: Image) -> Image:
    """Return a picture in red, green and blue. What is transparent becomes white, as on the council's page."""
    from PIL import Image as images

    if image.mode.startswith("I"):  # 16 bits a pixel, of which a page shows 8
        image = image.point(lambda value: value / 256).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    drawn = image.convert("RGBA")
    white = images.new("RGBA", drawn.size, "white")
    return images.alpha_composite(white, drawn).convert("RGB")


def _packed(image: Image) -> Small:
    """Return a picture as a JPEG that is small enough, smaller in pixels too if it must be. Raises Unusable."""
    if min(image.size) < LEAST_SIDE:
        raise Unusable(f"has only {image.width} × {image.height} pixels, where a page would show it")
    image.info.clear()  # comments and profiles
    for quality in QUALITIES:
        packed = BytesIO()
        image.save(packed, "JPEG", quality=quality, optimize=True, progressive=True, exif=b"", icc_profile=None)
        if packed.tell() <= LARGEST_THUMBNAIL:
            return Small(packed.getvalue(), image.width, image.height)
    return _packed(image.resize((image.width * 3 // 4, image.height * 3 // 4)))
