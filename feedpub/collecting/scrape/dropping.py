"""What a layout leaves out of an article's text, and what it must not take.

Selectors were learnt on some pages and meet all later ones. One that would
take most of a page's sentences takes nothing there: it has met an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from lxml.html import HtmlElement

from feedpub import text
from feedpub.html import dates, tree
from feedpub.html.images import is_icon
from feedpub.html.lines import Line, cut_line, lines_of, text_of
from feedpub.html.select import is_inside, outermost, select

SENTENCE = 60  # characters; a shorter line may be a label
MOST_TAKEN = 0.5  # of a page's sentences
CAPTION = re.compile(r"(?:^|[^a-z])(?:fig)?captions?(?:$|[^a-z])", re.IGNORECASE)
CAPTION_TAGS = ("figcaption",)
FAR = 3  # elements between a caption and what holds its picture too


def drop_foreign(box: HtmlElement, body: list[HtmlElement], selectors: Iterable[str]) -> None:
    """Take what the selectors find out of the article; never the body itself, nor an ancestor of it.

    A caption goes to its picture. One that no single picture is beside stays in the text.
    """
    kept = {box, *body}
    for part in body:
        kept.update(part.iterancestors())
    article = _Article(body)
    matches: dict[HtmlElement, None] = {}
    for selector in selectors:
        found = [e for e in select(box, selector) if e not in kept and e.getparent() is not None]
        if not article.is_mostly_in(found):
            matches |= dict.fromkeys(found)
    dropped = outermost(list(matches))
    if article.is_mostly_in(dropped):
        dropped = [e for e in dropped if not _sentences(e)]
    tree.drop_elements(box, [e for e in dropped if not _is_caption(e) or _is_given_to_picture(e, box)])


class _Article:
    """The text of a page, measured where that is asked for."""

    def __init__(self, body: list[HtmlElement]) -> None:
        self.body = body

    @cached_property
    def sentences(self) -> int:
        return sum(map(_sentences, self.body))

    def is_mostly_in(self, elements: list[HtmlElement]) -> bool:
        """Whether elements hold most of the text's sentences."""
        taken = sum(_sentences(e) for e in outermost(elements) if is_inside(e, self.body))
        return taken > 0 and taken > MOST_TAKEN * self.sentences


def _sentences(element: HtmlElement) -> int:
    """How many characters an element has in lines that are too long for a label and no links."""
    lines = (line for line in lines_of(element) if line.linked < 0.5 * len(line.text))
    return sum(len(line.text) for line in lines if len(line.text) >= SENTENCE)


# ------------------------------------------------------------ captions


def _is_caption(element: HtmlElement) -> bool:
    return element.tag in CAPTION_TAGS or CAPTION.search(element.get("class") or "") is not None


def _is_given_to_picture(caption: HtmlElement, box: HtmlElement) -> bool:
    """Make a caption's words its picture's title, and its alternative if it has none. Return whether there is one."""
    words = text.line(text_of(caption))
    if not words:
        return True
    for around in list(caption.iterancestors())[:FAR]:
        pictures = [image for image in around.iter("img") if not is_icon(dict(image.items()))]
        if len(pictures) == 1:
            pictures[0].set("title", words)
            if not text.line(pictures[0].get("alt") or ""):
                pictures[0].set("alt", words)
            return True
        if pictures or around is box:
            break
    return False


# ------------------------------------------------------------ pieces and lines


def drop_pieces(body: list[HtmlElement], pieces: list[HtmlElement]) -> None:
    """Take the article's other pieces, its title for one, out of the text."""
    removable = [e for e in pieces if e not in body and e.getparent() is not None]
    for part in body:
        tree.drop_elements(part, [e for e in removable if is_inside(e, [part])])


def cut_after_end(body: list[HtmlElement], ends: tuple[str, ...]) -> None:
    """Take out the first line that ends the text on this site's pages, and all after it."""
    keys = set(map(text.skeleton, ends))
    lines = [line for element in body for line in lines_of(element)] if keys else []
    at = next((n for n, line in enumerate(lines) if text.skeleton(line.text) in keys), len(lines))
    for line in lines[at:]:
        cut_line(line)


def trim_frame(body: list[HtmlElement], pieces: set[str], shown_dates: tuple[str, ...], fixed: tuple[str, ...]) -> None:
    """Take the lines that belong to the page from both ends of the body, up to the first one that is news.

    They are the title, the date and the lines that the site has on every page (``fixed``), letter by letter; of a
    label with a number, the number does not count.
    """
    if not fixed:
        return
    frame = set(map(dates.frame_key, fixed))
    date_lines = {text.line(d) for d in shown_dates}
    skeletons = {text.skeleton(p) for p in pieces}

    def is_of_page(line: Line) -> bool:
        words = text.line(line.text)
        if dates.frame_key(words) in frame or words in date_lines:
            return True
        return text.skeleton(words) in skeletons or text.is_stored_name(words)

    lines: list[Line] = []
    for element in body:
        lines += lines_of(element)
    while lines and is_of_page(lines[0]):
        cut_line(lines.pop(0))
    while lines and is_of_page(lines[-1]):
        cut_line(lines.pop())
