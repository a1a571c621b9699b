"""Words of an article that stand apart from its text: a lead above it, a note below it.

A layout knows the box in which a site's texts are. One article in ten has a part of its own beside that box, and no
page that the layout was learnt from may have had one. So what counts is what a part says, not whether somebody knew of
it: sentences that no other page has are the article's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.html import dates, phrases
from feedpub.html.lines import Line, common_ancestor, lines_of
from feedpub.html.seeing import UNSEEN
from feedpub.html.select import is_inside
from feedpub.html.teasers import is_other_article

NEVER_TEXT = ("nav", "form", "aside", "footer", "button", "figcaption", "script", "style")  # whatever they say
CONTROLS = ("form", "textarea", "select")  # what asks its reader for words has none of the article's
FOREIGN = (phrases.BY_LINE, phrases.CAPTION, phrases.SHARE, phrases.APART)
LONG, WORDS, FEW_WORDS = 40, 6, 3  # characters and words of a sentence; words of one that ends as a sentence
ENDS = re.compile(r"[.!?…][»”\"')\]]*$")
WORD = re.compile(r"(?<![\w'’ʼ])[^\W\d_]{2,}")
NUMBER = re.compile(r"\d+")
MOSTLY = 0.5  # of a line that is links
MOST_OTHERS = 1  # links to other articles; more of them are a list


def parts_apart(
    box: HtmlElement, body: Sequence[HtmlElement], pieces: Iterable[HtmlElement], known: Iterable[HtmlElement]
) -> list[HtmlElement]:
    """Return the outermost elements of an article's box that hold no piece of it and are in none, in the page's order.

    Pieces are the text (``body``), title, date and names. ``known`` are elements that are no text.
    """
    kept = {*body, *pieces}
    above = set(chain.from_iterable(piece.iterancestors() for piece in kept))
    passed = {*kept, *known}
    parts: list[HtmlElement] = []
    waiting = [box] if box not in passed and not is_inside(box, body) else []
    while waiting:
        element = waiting.pop()
        if element in passed or not isinstance(element.tag, str) or element.tag in NEVER_TEXT:
            continue
        if element in above or element is box:
            waiting += reversed(element)
        else:
            parts.append(element)
    return parts


def zone_of(box: HtmlElement, title: HtmlElement | None, body: Sequence[HtmlElement]) -> HtmlElement | None:
    """Return where an article's words are looked for: its box, or else what holds its title and its text.

    None where that is the whole page: then all of the site's furniture is in it.
    """
    if box.getparent() is None:
        box = common_ancestor([*([] if title is None else [title]), *body], box)
    return None if box.tag in ("html", "body") else box


def sentences_in(
    part: HtmlElement, page: str, passed: Iterable[HtmlElement], is_said: Callable[[str], bool]
) -> list[Line]:
    """Return the sentences of a part that stands apart; none where it is called or built as what is no article.

    ``page`` is the page's address. What is in elements of ``passed`` does not count, nor what ``is_said`` elsewhere,
    which gets a line's skeleton. Nobody sees what is marked as unseen.
    """
    if _is_foreign(part) or any(True for _ in part.iter(*CONTROLS)) or _lists_others(part, page):
        return []
    outside = set(passed)
    return [
        line
        for line in lines_of(part)
        if is_sentence(line) and not is_said(text.skeleton(line.text)) and not _is_out(line.element, part, outside)
    ]


def is_sentence(line: Line) -> bool:
    """Whether a line is one that people write: no label, no date, no row of links."""
    if line.linked > MOSTLY * len(line.text) or phrases.SAYS_OTHERS.search(line.text):
        return False
    folded = dates.fold(line.text)
    words = len(WORD.findall(folded))
    if words <= len(NUMBER.findall(folded)):  # it says when, and little else
        return False
    return (words >= WORDS and len(line.text) >= LONG) or (words >= FEW_WORDS and bool(ENDS.search(line.text)))


def foreign_in(part: HtmlElement, known: set[HtmlElement]) -> list[HtmlElement]:
    """Return what is in a part that stands apart, and is no text."""
    return [e for e in part.iterdescendants("*") if e in known or e.tag in NEVER_TEXT[:5] or _is_foreign(e)]


def _is_out(element: HtmlElement, part: HtmlElement, outside: set[HtmlElement]) -> bool:
    """Whether an element in a part is unseen, or in something that is no text."""
    for around in _up_to(element, part):
        if around in outside or around.tag in NEVER_TEXT or around.get(UNSEEN) is not None or _is_foreign(around):
            return True
    return False


def _up_to(element: HtmlElement, top: HtmlElement) -> Iterator[HtmlElement]:
    """Yield an element and what it is in, up to one above it."""
    yield element
    if element is not top:
        for around in element.iterancestors():
            yield around
            if around is top:
                return


def _is_foreign(element: HtmlElement) -> bool:
    names = phrases.names_of(element)
    return any(pattern.search(names) for pattern in FOREIGN)


def _lists_others(part: HtmlElement, page: str) -> bool:
    """Whether a part leads to several other articles of the site: it is a list of them, with or without teasers."""
    urls = {address.absolute(page, link.get("href") or "") for link in part.iter("a")}
    others = {address.key(url) for url in urls if url and is_other_article(url, page)}
    return len(others) > MOST_OTHERS
