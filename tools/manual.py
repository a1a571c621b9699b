"""Read docs/manual.md: it is the one place that says what a key, a variable or an exit code means."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEADINGS = {  # of the section about a table of the configuration
    "publish": "[publish]",
    "state": "[state]",
    "fetch": "[fetch]",
    "watch": "[watch]",
    "defaults": "[defaults]",
    "source": "[[source]]",
    "feed": "[[source.feed]]",
    "terms": "[source.terms]",
    "layout": "[source.layout]",
}
KEY = r"`\w+`(?:, `\w+`)*"


@cache
def sections(document: str = "manual.md") -> dict[str, str]:
    """Return the text under each heading of a document."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    parts = re.split(r"^#{1,3} (.+)$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def about_table(kind: str) -> str | None:
    """Return the paragraph that opens a table's section; None where that begins with its keys."""
    opening = sections()[HEADINGS[kind]].strip().split("\n\n")[0]
    return None if opening.startswith("|") else prose(opening)


def about_keys(kind: str) -> dict[str, str]:
    """Return what each key of a table means, in Markdown without links."""
    section = sections()[HEADINGS[kind]]
    rows = re.findall(rf"^\| ({KEY}) \| (.+) \|$", section, re.M)
    points = re.findall(rf"^- (({KEY}) (?:.+\n(?:  .+\n)*))", section, re.M)
    meanings = {names: ": ".join(cells.split(" | ")) for names, cells in rows}  # a layout's have two cells
    meanings |= {names: words for words, names in points}
    return {key: prose(words) for names, words in meanings.items() for key in re.findall(r"\w+", names)}


def rows(heading: str) -> list[tuple[str, str]]:
    """Return the rows of the first table in a section that has two columns, without its head."""
    cells = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", sections()[heading], re.M)
    return [(first, prose(second)) for first, second in cells[1:]]


def prose(words: str) -> str:
    """Return words on one line, with the text of links in place of links."""
    return " ".join(re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", words).split())
