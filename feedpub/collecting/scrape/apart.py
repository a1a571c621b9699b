"""A text, and what else of the article the page has beside it: see ``html.apart``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from lxml.html import HtmlElement

from feedpub import text
from feedpub.content import Page
from feedpub.html import dates, tree
from feedpub.html.apart import foreign_in, lines_of_others, own_in, parts_apart, skeleton_of, zone_of
from feedpub.html.lines import cut_line, lines_of
from feedpub.html.seeing import mark_unseen
from feedpub.html.select import select
from feedpub.html.titles import Title
from feedpub.layout import Layout


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is known of an article's page."""

    title: Title
    body: list[HtmlElement]
    others: Sequence[HtmlElement]  # date and names


def with_words_apart(page: Page, box: HtmlElement, pieces: Pieces, layout: Layout) -> list[HtmlElement]:
    """Return the text with all parts of the article's box that belong to it, in the page's order.

    Without ``beside`` nobody has said what there is no text, and the text is as the layout finds it.
    """
    body = pieces.body
    zone = zone_of(box, pieces.title.element, body) if layout.beside and body else None
    if zone is None:
        return body
    known = set(chain.from_iterable(select(zone, selector) for selector in layout.beside))
    others = [*([] if pieces.title.element is None else [pieces.title.element]), *pieces.others]
    is_said = _said(pieces, layout)

    def telling(parts: list[HtmlElement]) -> list[HtmlElement]:
        return [part for part in parts if own_in(part, page.url, known, is_said)]

    parts = telling(parts_apart(zone, body, others, known))
    if not parts:
        return body
    mark_unseen(box.getroottree().getroot(), (), page.url, apart=parts)
    parts = telling(parts)
    frame, counters = _frame(pieces, layout), set(map(dates.frame_key, layout.fixed))
    for part in parts:
        for line in lines_of_others(part, page.url, known, is_said):
            cut_line(line)
        tree.drop_elements(part, foreign_in(part, known))
        for line in lines_of(part):
            if text.skeleton(line.text) in frame or dates.frame_key(line.text) in counters:
                cut_line(line)
    order = {element: n for n, element in enumerate(zone.iter())}
    return sorted((*body, *parts), key=order.__getitem__)


def _said(pieces: Pieces, layout: Layout) -> Callable[[str], bool]:
    """Return a function that tells whether a line, by its skeleton, is the title, in the text, or on all pages."""

    whole = cache(lambda: skeleton_of(pieces.body))
    frame = _frame(pieces, layout)
    return lambda line: line in frame or line in whole()


def _frame(pieces: Pieces, layout: Layout) -> set[str]:
    """Return the skeletons of the title, and of the lines that all pages have."""
    return {text.skeleton(pieces.title.words), *map(text.skeleton, layout.fixed)}
