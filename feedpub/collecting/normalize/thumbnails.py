"""Small versions of pictures that a text shows large as well: a gallery's row of thumbnails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from bs4.element import Tag

from feedpub import address
from feedpub.collecting.normalize.markup import elements_in, take_out

SMALL = re.compile(
    r"(?<=/)(?:thumb(?:nail)?s?|tn|mini|small|previews?)/|(?<=/)(?:thumb|tn|mini|small)[_-]"
    r"|[_-](?:thumb(?:nail)?|tn|mini|small)(?=\.\w+$)",
    re.IGNORECASE,
)
SIZE = re.compile(r"-(\d{2,5})x(\d{2,5})(?=\.\w+$)")  # as WordPress writes it
ORIGINAL = 10**10  # more pixels than any derivative has


def drop_thumbnails(soup: BeautifulSoup) -> None:
    """Take out each small version of a picture that the text shows large as well, and what is empty without it."""
    by_file: dict[str, list[Tag]] = {}
    for image in elements_in(soup, {"img"}):
        by_file.setdefault(_file_of(str(image["src"])), []).append(image)
    for versions in by_file.values():
        large = _largest(versions)
        small = [i for i in versions if large is not None and _rank(i) < _rank(large)]
        for image in small:
            if large is not None and not large.get("alt"):
                large["alt"] = image.get("alt") or ""
            take_out(image)


def _file_of(src: str) -> str:
    """Return what a picture and its small versions share."""
    return SMALL.sub("", address.file_key(src))


def _largest(versions: Sequence[Tag]) -> Tag | None:
    """Return the largest version of a picture; None where nobody knows which that is."""
    largest = max(versions, key=_rank)
    is_known = _rank(largest) == ORIGINAL or all(_rank(i) >= 0 for i in versions)
    return largest if is_known else None


def _rank(image: Tag) -> int:
    """Return the size that an address tells: 0 for a thumbnail, most for the original, -1 for one that is unknown."""
    path = urlsplit(str(image["src"])).path
    size = SIZE.search(path)
    if size:
        return int(size[1]) * int(size[2])
    if SMALL.search(path):
        return 0
    return -1 if address.is_derivative(str(image["src"])) else ORIGINAL
