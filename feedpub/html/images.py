"""Where a picture really is, what is no picture, and the words that stand for one: the rules for any ``img``.

They read an element's attributes, as a mapping, so that they serve lxml's elements and bs4's alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from feedpub import text

# Where scripts that load pictures late keep the address, while ``src`` holds a placeholder.
LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-srcset", "data-lazy-srcset")
ICON = 32  # pixels: no larger in both directions
TRACKER = 3
ICON_NAME = re.compile(r"(?:^|[-_ ])icons?(?:$|[-_ ])|/icons?/")
FILE_ICON = re.compile(r"(?<!\S)file-icon(?!\S)")  # Drupal's class for the sign of a kind of file
EMOJI = re.compile("[\u00a9\u00ae\u203c-\u3299\ufe0f\u200d\U0001f000-\U0001faff\U000e0020-\U000e007f#*0-9\u20e3]{1,12}")
STOCK_NAME = re.compile(  # IMG_101, photo.jpg: a camera's or a messenger's name for a picture
    r"(?:img|dsc|dscn|image|photo|viber|telegram)?[\W_\d]*|[\w .()-]+\.(?:jpe?g|png|gif|webp|bmp)", re.IGNORECASE
)

Attributes = Mapping[str, str]


def picture_source(image: Attributes) -> str | None:
    """Return the picture's address as found, perhaps relative; None where there is only a placeholder."""
    for name in (*LAZY, "src", "srcset"):
        value = image.get(name, "").strip()
        address = _last_candidate(value) if name.endswith("srcset") else value
        if address and not _is_placeholder(address):
            return address
    return None


def _last_candidate(srcset: str) -> str:
    """Return the last address in a ``srcset``, which most sites give the largest picture."""
    last = srcset.split(",")[-1].strip()
    return last.partition(" ")[0]


def _is_placeholder(address: str) -> bool:
    """Whether an address names no file: a picture written out in the page, or a word such as «none»."""
    return address.startswith("data:") or not re.search(r"[./]", address)


def is_lazy(image: Attributes) -> bool:
    """Whether a script is to load the picture, so that a ``noscript`` beside it repeats it."""
    return any(image.get(name) for name in LAZY)


def is_icon(image: Attributes) -> bool:
    """Whether a picture is a sign, such as that of a kind of file or of a place to share: no picture of an item."""
    source = picture_source(image) or ""
    names = f"{image.get('class') or ''} {source}"
    return ICON_NAME.search(names) is not None or is_at_most(image, ICON)


def is_file_icon(image: Attributes) -> bool:
    """Whether Drupal put the picture beside a file's link: it is not even worth showing."""
    return FILE_ICON.search(image.get("class", "")) is not None


def is_tracker(image: Attributes) -> bool:
    """Whether a picture is so small that it only counts readers."""
    return is_at_most(image, TRACKER)


def is_emoji(image: Attributes, words: str) -> bool:
    """Whether a picture only draws the emoji that its words are."""
    is_small = "emoji" in image.get("src", "") or is_at_most(image, ICON)
    return is_small and EMOJI.fullmatch(words) is not None


def is_at_most(image: Attributes, pixels: int) -> bool:
    """Whether the picture says that neither its width nor its height is larger."""
    width = text.number(image.get("width", "").removesuffix("px"))
    height = text.number(image.get("height", "").removesuffix("px"))
    if width is None or height is None:
        return False
    return max(width, height) <= pixels


def alt_text(alt: str, url: str) -> str:
    """Return the words that stand for a picture; "" where the CMS put a file's name there."""
    words = text.line(alt)
    path = unquote(url).rpartition("/")[2]
    name = path.partition("?")[0]
    is_name = words in (name, name.rpartition(".")[0])
    if is_name or text.is_token(words) or STOCK_NAME.fullmatch(words):
        return ""
    return words
