"""What is for the council's press officer: a page, and a button and a QR code for the council's own site.

Sole holder of segno. Both pictures are drawings that load nothing, and the button's code has its picture in it: a
council's site that shows it asks no other host for anything.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from io import BytesIO
from urllib.parse import quote

import segno

from feedpub.kinds import BUTTON, QR
from feedpub.model import PRESS
from feedpub.publishing.page import Council, fill
from feedpub.publishing.page.strings import Words

SAFE = "=:/'(),;"  # characters that need no % in such an address
HEIGHT = 44  # CSS pixels of the button: a finger hits it
LETTER = 9.2  # CSS pixels, of the button's words, on the average
TOPICS = ("text", "link", "edits", "deleted", "server", "helps")  # that the page speaks of, in this order
OBJECTIONS = ("one", "all")


def press_page(council: Council, publisher: str, contact: str | None) -> bytes:
    """Return the page. ``contact`` leads to the publisher; None: nobody has said how to reach them."""
    words = Words(council.language)
    label = words.press_button_label
    drawn, code = button(label).decode(), qr_code(council.folder, words).decode()
    values = {
        "publisher": publisher,
        "contact": contact,
        "address": council.folder + PRESS,
        "topics": _paragraphs(words, TOPICS),
        "objections": _paragraphs(words, OBJECTIONS),
        "button_url": in_address(drawn),
        "qr_url": in_address(code),
        "snippet": snippet(council.folder, drawn, label),
        "link": f'<a href="{escape(council.folder)}">{escape(label)}</a>',
        "button": BUTTON,
        "qr": QR,
    }
    return fill("press.html", council, values)


def _paragraphs(words: Words, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return the paragraphs with these names, each as its first sentence and the rest."""
    return [(getattr(words, f"press_{name}"), getattr(words, f"press_{name}_more")) for name in names]


def snippet(address: str, drawn: str, label: str) -> str:
    """Return the HTML of the button, for a page of the council's."""
    size = f'width="{_width(label)}" height="{HEIGHT}"'
    return f'<a href="{escape(address)}"><img src="{in_address(drawn)}" alt="{escape(label)}" {size}></a>'


def in_address(drawn: str) -> str:
    """Return an address that is the drawing itself (RFC 2397)."""
    return f"data:{BUTTON.media_type},{quote(drawn.strip(), safe=SAFE)}"


def button(label: str) -> bytes:
    """Return the drawing of a button with a feed's sign and these words. It is as wide in any font."""
    width, words = _width(label), escape(label)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{HEIGHT}' viewBox='0 0 {width} {HEIGHT}'>"
        f"<title>{words}</title>"
        f"<rect width='{width}' height='{HEIGHT}' rx='8' fill='#0a4c9a'/>"
        "<circle cx='17' cy='29' r='3' fill='#fff'/>"
        "<path d='M14 20a12 12 0 0 1 12 12M14 13a19 19 0 0 1 19 19' fill='none' stroke='#fff' stroke-width='3.5'/>"
        f"<text x='44' y='28' fill='#fff' font-family='sans-serif' font-size='16' font-weight='bold'"
        f" textLength='{width - 58}' lengthAdjust='spacingAndGlyphs'>{words}</text></svg>\n"
    ).encode()


def _width(label: str) -> int:
    return round(58 + LETTER * len(label))


def qr_code(address: str, words: Words) -> bytes:
    """Return the drawing of a QR code that leads to the address."""
    return _code(address, words.press_qr_alt.format(address=address))


@lru_cache(maxsize=64)
def _code(address: str, title: str) -> bytes:
    """Return the drawing. It is a file, and on the page as well."""
    made = segno.make_qr(address, error="m", boost_error=False)
    drawn = BytesIO()
    made.save(drawn, kind="svg", scale=8, light="#fff", title=title, xmldecl=False, svgclass=None, lineclass=None)
    return drawn.getvalue()
