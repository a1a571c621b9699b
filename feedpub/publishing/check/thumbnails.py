"""The rules of small copies of pictures: a small JPEG that holds nothing but the picture (ITU-T T.81, annex B)."""

from __future__ import annotations

from collections.abc import Iterator

from feedpub.content import Problem
from feedpub.kinds import LARGEST_THUMBNAIL, LONGEST_SIDE

START, SCAN, END = b"\xff\xd8", 0xDA, b"\xff\xd9"
PLAIN = {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDD, SCAN}  # JFIF's head, tables, frames, the scan: no metadata and no comment
FRAMES = {0xC0, 0xC2}  # with the size: baseline, progressive


def thumbnail_problems(data: bytes, _block: int) -> Iterator[Problem]:
    """Yield what is wrong with a small copy of a picture."""
    if len(data) > LARGEST_THUMBNAIL:
        yield Problem("the picture", f"is larger than {LARGEST_THUMBNAIL // 1000} kB")
    if not (data.startswith(START) and data.endswith(END)):
        yield Problem("the picture", "is no whole JPEG")
        return
    sizes = []
    for marker, segment in _segments(data):
        if marker not in PLAIN:
            yield Problem("the picture", f"holds more than a picture, in a part of kind {marker:02X}")
        if marker in FRAMES:
            sizes.append((int.from_bytes(segment[3:5]), int.from_bytes(segment[1:3])))
    if len(sizes) != 1 or not all(0 < side <= LONGEST_SIDE for side in sizes[0]):
        yield Problem("the picture", f"has no size up to {LONGEST_SIDE} pixels a side: {sizes}")


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the parts before the first scan, each with its marker; a part that is cut has less than it says."""
    at = len(START)
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        yield marker, data[at + 4 : at + 2 + length]
        if marker == SCAN or length < 2:
            return
        at += 2 + length
