"""The pictures and files beside an article's text, and placeholders that only the whole page gives away."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from feedpub import text
from feedpub.content import Attachment, Picture
from feedpub.html.backgrounds import background_source
from feedpub.html.images import blank_addresses, is_icon, is_pasted, picture_source
from feedpub.html.lines import text_of
from feedpub.html.select import is_inside, select_first
from feedpub.layout import Layout


def pictures_beside(box: HtmlElement, layout: Layout, body: list[HtmlElement]) -> tuple[Picture, ...]:
    """Return the pictures of the article's box that are not in its text. Their addresses are as found."""
    pictures: list[Picture] = []
    for element in select_first(box, layout.images):
        attributes = dict(element.items())
        if is_inside(element, body) or is_icon(attributes):
            continue
        source = picture_source(attributes, _sources_of(element)) or attributes.get("content")  # of a meta element
        source = source or background_source(attributes)
        if source:
            pictures.append(Picture(source, attributes.get("alt", "")))
    return tuple(pictures)


def pasted_beside(box: HtmlElement, layout: Layout, body: list[HtmlElement]) -> list[HtmlElement]:
    """Return the pictures beside the text that are written into the page: no feed can show them, only their words."""
    images = (e for e in select_first(box, layout.images) if not is_inside(e, body))
    return [e for e in images if is_pasted(dict(e.items())) and picture_source(dict(e.items()), _sources_of(e)) is None]


def forget_blanks(root: HtmlElement) -> None:
    """Take the addresses of placeholders from a page's pictures: those that several show, each for a file of its own.

    A text may have only one of them, so that it does not tell by itself.
    """
    images = list(root.iter("img"))
    blanks = blank_addresses(dict(e.items()) for e in images)
    for image in images:
        if image.get("src", "").strip() in blanks:
            image.set("src", "")


def files_beside(box: HtmlElement, layout: Layout, body: list[HtmlElement]) -> tuple[Attachment, ...]:
    """Return the files of the article's box that are not in its text."""
    links = [e for e in select_first(box, layout.files) if not is_inside(e, body)]
    return tuple(map(_file_beside, links))


def _sources_of(image: HtmlElement) -> Sequence[dict[str, str]]:
    """Return what the ``source`` elements of the ``picture`` around an image say."""
    around = next(image.iterancestors("picture"), None)
    return [] if around is None else [dict(e.items()) for e in around.iter("source")]


def _file_beside(link: HtmlElement) -> Attachment:
    media_type, length = _type_and_length(link.get("type", ""))
    return Attachment(link.get("href", ""), text_of(link), media_type, length)


def _type_and_length(value: str) -> tuple[str | None, int | None]:
    """Return what Drupal writes into a link's ``type``: ``application/pdf; length=30219``."""
    match = re.fullmatch(r"([\w.+-]+/[\w.+-]+);\s*length=(\d+)", value)
    if match is None:
        return None, None
    return match[1], text.number(match[2])
