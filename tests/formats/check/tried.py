"""A check that the same format may bring: each line has a date and a title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedpub.content import Problem


def titles_problems(data: bytes, _block: int) -> Iterator[Problem]:
    for n, line in enumerate(data.decode().splitlines(), 1):
        if not re.fullmatch(r"\d{4}-\d\d-\d\d\t.+", line):
            yield Problem(f"line {n}", "has no date and title")
