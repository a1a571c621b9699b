"""The pictures and files beside an article's text."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from feedpub import text
from feedpub.content import Attachment, Picture
from feedpub.html.backgrounds import background_source
from feedpub.html.images import is_icon
from feedpub.html.lines import text_of
from feedpub.html.pictures import is_only_pasted, source_of
from feedpub.html.placeholders import is_placeholder
from feedpub.html.select import is_inside, select_first
from feedpub.layout import Layout


def pictures_beside(box: HtmlElement, layout: Layout, body: list[HtmlElement]) -> tuple[Picture, ...]:
    """Return the pictures of the article's box that are not in its text. Their addresses are as found."""
    pictures: list[Picture] = []
    for element in select_first(box, layout.images):
        attributes = dict(element.items())
        if is_inside(element, body) or is_icon(attributes):
            continue
        named = source_of(element) or attributes.get("content")  # of a meta element
        source = named or background_source(attributes)
        if source and not is_placeholder(source):
            pictures.append(Picture(source, attributes.get("alt", "")))
    return tuple(pictures)


def pasted_beside(box: HtmlElement, layout: Layout, body: list[HtmlElement]) -> list[HtmlElement]:
    """Return the pictures beside the text that are written into the page: only their words can be published."""
    return [e for e in select_first(box, layout.images) if is_only_pasted(e) and not is_inside(e, body)]


def files_beside(box: HtmlElement, layout: Layout, body: list[HtmlElement]) -> tuple[Attachment, ...]:
    """Return the files of the article's box that are not in its text."""
    links = [e for e in select_first(box, layout.files) if not is_inside(e, body)]
    return tuple(map(_file_beside, links))


def _file_beside(link: HtmlElement) -> Attachment:
    media_type, length = _type_and_length(link.get("type", ""))
    return Attachment(link.get("href", ""), text_of(link), media_type, length)


def _type_and_length(value: str) -> tuple[str | None, int | None]:
    """Return what Drupal writes into a link's ``type``: ``application/pdf; length=30219``."""
    match = re.fullmatch(r"([\w.+-]+/[\w.+-]+);\s*length=(\d+)", value)
    if match is None:
        return None, None
    return match[1], text.number(match[2])
