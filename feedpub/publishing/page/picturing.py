"""What a page shows as a picture: the small copy on our own host, and behind it a link to the council's original.

A picture without a copy is a link. No page loads anything from another host: the policy (CSP) of each forbids it, and
the gate does not let one pass that would.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape

from feedpub import address
from feedpub.content import Entry, Thumbnail
from feedpub.publishing.page.strings import Words

TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+="[^"]*")*)\s*/?>')  # as the allow-list writes them
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
Copies = Mapping[str, Thumbnail]  # by what all addresses of a picture have in common


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as it stands on a page."""

    src: str
    width: int
    height: int
    alt: str
    original: str  # the council's address


def shown_picture(entry: Entry, copies: Copies) -> Shown | None:
    """Return the picture beside an item, for a page in its source's folder; None where there is no copy of it."""
    picture = entry.picture
    copy = copies.get(address.file_key(picture.url)) if picture else None
    if picture is None or copy is None:
        return None
    return Shown(copy.file, copy.width, copy.height, picture.alt, picture.url)


def with_copies(content: str, copies: Copies, words: Words, way: str) -> str:
    """Return an item's text with copies in place of its pictures, or links where there are none.

    ``way`` leads from the page to its source's folder.
    """
    depth = 0  # of links: one cannot be in another

    def changed(tag: re.Match[str]) -> str:
        nonlocal depth
        is_end, name, attributes = tag.groups()
        if name == "a":
            depth += -1 if is_end else 1
        if name != "img":
            return tag[0]
        return _picture(dict(ATTRIBUTE.findall(attributes)), copies, words, way, is_linked=depth > 0)

    return TAG.sub(changed, content)


def _picture(attributes: Mapping[str, str], copies: Copies, words: Words, way: str, *, is_linked: bool) -> str:
    """Return a picture of a text. The attributes are escaped, as they were."""
    src, alt = attributes.get("src", ""), attributes.get("alt", "")
    label = escape(words.picture)
    copy = copies.get(address.file_key(unescape(src)))
    if copy is None:
        said = f"{label}: {alt}" if alt else label
        return f'<span class="missing">{said}</span>' if is_linked else f'<a class="missing" href="{src}">{said}</a>'
    width, height = _size(copy, attributes.get("width", ""))
    image = (
        f'<img src="{way}{copy.file}" alt="{alt}" width="{width}" height="{height}" loading="lazy" decoding="async">'
    )
    if is_linked:
        return image
    name = "" if alt else f' aria-label="{label}"'
    return f'<a class="original" href="{src}"{name}>{image}</a>'


def _size(copy: Thumbnail, wanted: str) -> tuple[int, int]:
    """Return a copy's size on the page: its own, or the council's where that is smaller."""
    width = int(wanted) if wanted.isascii() and wanted.isdigit() else 0
    if not 0 < width < copy.width:
        return copy.width, copy.height
    return width, max(1, round(copy.height * width / copy.width))
