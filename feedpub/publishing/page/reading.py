"""An item's own page, where it is read: with its whole text and the council's link, at an address that lasts.

It is made from the item and from what its source's files have in common, and from nothing else. So it is written again
when the item changes, and not when there is other news.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from feedpub.content import Entry
from feedpub.kinds import item_file
from feedpub.publishing.page import Council, fill
from feedpub.publishing.page.assets import READING
from feedpub.publishing.page.picturing import Copies, shown_picture, with_copies
from feedpub.publishing.page.strings import Words

DESCRIPTION = 200  # characters, for those who show a link with its beginning
TABLE = re.compile(r"<table\b|</table>")
HEADING = re.compile(r"(<h|</h)([2-6])(?=>)")  # as the allow-list leaves them: without attributes


def item_page(council: Council, entry: Entry, copies: Copies) -> bytes:
    """Return an item's page. ``copies`` are those of its pictures."""
    words = Words(council.language)
    lead = entry.summary_text.partition("\n")[0]
    values = {
        "has_pictures": True,
        "entry": entry,
        "content": _shown(with_copies(entry.content_html, copies, words, "../"), words),
        "picture": shown_picture(entry, copies),
        "address": council.folder + item_file(entry.id),
        "description": lead[:DESCRIPTION] or entry.title,
        "month": entry.published.astimezone(council.zone).strftime("%Y-%m"),
    }
    return fill("item.html", council, values, READING)


def withdrawn_page(council: Council) -> bytes:
    """Return the page at the address of an item that was withdrawn. It has not a word of the item."""
    return fill("withdrawn.html", council, {}, READING)


def _shown(content: str, words: Words) -> Markup:
    """Return a text as its page shows it: the same words, in an outline that goes on from the title."""
    return Markup(_outlined(_wide_tables(content, words)))  # noqa: S704 - it was cleaned before, and is checked after


def _wide_tables(content: str, words: Words) -> str:
    """Return the text with a box around each outermost table, that scrolls where the table is wider than the screen."""
    box = f'<div class="wide" role="region" aria-label="{words.table}" tabindex="0">'
    depth = 0

    def boxed(tag: re.Match[str]) -> str:
        nonlocal depth
        is_end = tag[0].startswith("</")
        depth += -1 if is_end else 1
        if is_end:
            return tag[0] if depth else f"{tag[0]}</div>"
        return f"{box}{tag[0]}" if depth == 1 else tag[0]

    return TABLE.sub(boxed, content) if "<table" in content else content


def _outlined(content: str) -> str:
    """Return the text with its headings one level apart at most, as those who go from heading to heading need it."""
    above: list[int] = []  # levels, as the council wrote them

    def levelled(tag: re.Match[str]) -> str:
        level = int(tag[2])
        if tag[1] == "<h":
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
        return f"{tag[1]}{min(1 + len(above), 6)}"

    return HEADING.sub(levelled, content)
