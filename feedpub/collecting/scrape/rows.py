"""A line of a listing that leads to no page of the council's: a document, a page elsewhere, or no link at all.

All that can be had of such news is what the line itself says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.scrape.items import Item, shown_date
from feedpub.content import Picture, Row
from feedpub.html import dates
from feedpub.html.candidates import date_candidates
from feedpub.html.images import is_icon, picture_source
from feedpub.html.lines import Line, lines_of, text_of
from feedpub.html.titles import MORE
from feedpub.layout import Layout

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "strong", "b")
SENTENCE = re.compile(r".{20}|[.!?…»]$")  # a line that is more than a label
FEW_WORDS = 2  # of a title; one word is a label
LONGEST_WORDS = 80  # characters of a box that are shown


def read_row(item: Item, layout: Layout, base: str) -> Row | None:
    """Return what a box without a page of its own says; None where it is no news.

    It is news if it has a title and, where the listing shows dates, a date; a document needs none. Where the listing
    shows no dates, it needs a link.
    """
    shown = shown_date(item, layout)
    date = shown if shown and dates.may_be(shown) else None  # a heading above the list may stand where dates do
    target = _target(item, layout, base)
    needs_date = _shows_dates(layout) and not (target and address.is_document(target))
    if not date and (needs_date or target is None):
        return None
    title = _title(item, layout, other_lines(item, layout))
    if not title:
        return None
    categories = tuple(dict.fromkeys(filter(None, map(_words, item.matches(layout.item_categories)))))
    return Row(title, date, other_lines(item, layout, title), target, categories, _picture(item.box))


def unread_words(item: Item) -> str:
    """Return the words of a box that is no news that can be read; "" where it says nothing, as an advertisement."""
    words = text.line(text_of(item.box))
    return words[:LONGEST_WORDS] if len(words.split()) >= FEW_WORDS else ""


def teaser_of(item: Item, layout: Layout, title: str) -> tuple[str, ...]:
    """Return the sentences in an item's box, without labels and links."""
    lines = lines_of(item.box)
    linked = {text.line(line.text) for line in lines if line.linked}
    unlinked = (line for line in _other_lines(lines, item, layout, title) if line not in linked)
    return tuple(line for line in unlinked if SENTENCE.search(line))


def other_lines(item: Item, layout: Layout, title: str = "") -> tuple[str, ...]:
    """Return the lines of an item's box besides its title, its date, its categories and "read more"."""
    return tuple(_other_lines(lines_of(item.box), item, layout, title))


def _other_lines(lines: Iterable[Line], item: Item, layout: Layout, title: str) -> Iterator[str]:
    dated = item.matches(layout.item_date)[:1]
    known = {title, *map(_words, dated), *date_candidates(dated), *map(_words, item.matches(layout.item_categories))}
    unique = dict.fromkeys(text.line(line.text) for line in lines)
    yield from (line for line in unique if line not in known and not MORE.fullmatch(line))


def _shows_dates(layout: Layout) -> bool:
    return bool(layout.item_date or layout.day)


def _target(item: Item, layout: Layout, base: str) -> str | None:
    """The document, or the page elsewhere, to which the box leads. Its other links on the site are to rubrics."""
    anchors = [*item.matches(layout.link)[:1], *item.matches(("a[href]",))]
    urls = filter(None, (address.absolute(base, anchor.get("href", "")) for anchor in anchors))
    own = address.site(base)
    return next((url for url in urls if address.is_file(url) or address.site(url) != own), None)


def _title(item: Item, layout: Layout, lines: Sequence[str]) -> str:
    """What the box calls its news: by the layout, else in a link, a heading or bold, else its first line."""
    inside = item.box.iter("a", *HEADINGS)
    named = map(_words, (*item.matches(layout.item_title), *inside))
    return next(filter(_is_title, (*named, *lines)), "")


def _is_title(words: str) -> bool:
    return len(words.split()) >= FEW_WORDS and not MORE.fullmatch(words)


def _words(element: HtmlElement) -> str:
    return text.line(text_of(element))


def _picture(box: HtmlElement) -> Picture | None:
    for image in box.iter("img"):
        attributes = dict(image.items())
        source = None if is_icon(attributes) else picture_source(attributes)
        if source:
            return Picture(source, attributes.get("alt", ""))
    return None
