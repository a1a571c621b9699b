"""``srcset``: the addresses of one picture in several sizes, and which of them to publish.

The HTML standard says how the list is read ("Parsing a srcset attribute"). A comma ends a candidate only after white
space or after a descriptor, for addresses may have commas themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

LARGEST = 2560  # pixels wide; WordPress shrinks larger photographs to this, and no reader shows more
CANDIDATE = re.compile(r"[ \t\n\f\r,]*+([^ \t\n\f\r]*[^ \t\n\f\r,])(?:,++|((?:\([^)]*\)?|[^,(])*+))")
DESCRIPTOR = re.compile(r"(\d{1,9})([wh])|(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})x")


class Candidate(NamedTuple):
    """One size of a picture."""

    address: str
    width: int | None = None  # pixels
    density: float | None = None  # pixels of the picture for one of the page

    @property
    def is_plain(self) -> bool:
        """Whether nothing is said of its size."""
        return self.width is None and self.density is None


def parse_srcset(value: str) -> list[Candidate]:
    """Return the candidates in their order, without those whose descriptors make no sense."""
    candidates: list[Candidate] = []
    position = 0
    while match := CANDIDATE.match(value, position):
        position = match.end()
        candidate = _with_descriptors(match[1], (match[2] or "").split())
        if candidate:
            candidates.append(candidate)
    return candidates


def _with_descriptors(address: str, descriptors: list[str]) -> Candidate | None:
    width: int | None = None
    density: float | None = None
    for descriptor in descriptors:
        parts = DESCRIPTOR.fullmatch(descriptor)
        is_repeated = width is not None or density is not None
        if parts is None or (is_repeated and parts[2] != "h"):
            return None
        if parts[2] == "w":
            width = int(parts[1])
        elif parts[3]:
            density = float(parts[3])
    return None if width == 0 else Candidate(address, width, density)


def largest(candidates: Iterable[Candidate]) -> Candidate | None:
    """Return the largest candidate that is no larger than anyone needs; the first of equal ones, None of none."""
    listed = list(candidates)
    sized = [c for c in listed if c.width]
    if not sized:
        return max(listed, key=lambda c: c.density or 1, default=None)
    fitting = [c for c in sized if c.width and c.width <= LARGEST]
    if fitting:
        return max(fitting, key=lambda c: c.width or 0)
    return min(sized, key=lambda c: c.width or 0)
