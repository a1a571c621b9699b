"""Where a picture of a page's tree really is: ``images`` for elements of lxml, with what is around them."""

from __future__ import annotations

from collections.abc import Collection

from lxml.html import HtmlElement

from feedpub.html.images import blank_addresses, is_pasted, picture_source


def source_of(image: HtmlElement, blanks: Collection[str] = ()) -> str | None:
    """Return the picture's address as found, perhaps relative; None where there is only a placeholder."""
    around = next(image.iterancestors("picture"), None)
    sources = [] if around is None else [dict(e.items()) for e in around.iter("source")]
    return picture_source(dict(image.items()), sources, blanks)


def is_only_pasted(image: HtmlElement) -> bool:
    """Whether a picture is written into the page, and nowhere else: no feed can show it, only its words."""
    return is_pasted(dict(image.items())) and source_of(image) is None


def forget_blanks(root: HtmlElement) -> None:
    """Take the addresses of placeholders from a page's pictures: those that several show, each for a file of its own.

    A text may have only one of them, and does not tell by itself.
    """
    images = list(root.iter("img"))
    blanks = blank_addresses(dict(e.items()) for e in images)
    for image in images:
        if image.get("src", "").strip() in blanks:
            image.set("src", "")
