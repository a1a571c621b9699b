"""What holds for any published text, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator

from feedpub.content import Problem
from feedpub.publishing.check.markup import INVISIBLE, direction_rules

FILE = "the file"


def plain_text_problems(data: bytes, _block: int) -> Iterator[Problem]:
    """Yield the problems of a text in a format that has no rules of its own."""
    try:
        words = data.decode()
    except UnicodeDecodeError as error:
        yield Problem(FILE, f"is not UTF-8: {error}")
        return
    if not words.strip():
        yield Problem(FILE, "is empty")
    invisible = INVISIBLE.search(words)
    if invisible:
        yield Problem(FILE, f"holds an invisible character, U+{ord(invisible[0]):04X}")
    yield from (Problem(FILE, message) for message in direction_rules(words))
