"""What a layout leaves out of an article's text, and what it must not take.

Selectors were learnt on some pages and meet all later ones. One that would
take most of a page's sentences takes nothing there: it has met an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import chain, takewhile

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.html import dates, tree
from feedpub.html.images import is_icon
from feedpub.html.lines import Line, cut_line, lines_of, links_in, text_of
from feedpub.html.select import is_inside, outermost, select
from feedpub.html.teasers import is_teaser, others_in
from feedpub.layout import Layout

SENTENCE = 60  # characters; a shorter line may be a label
MOST_TAKEN = 0.5  # of a page's sentences
CAPTION = re.compile(r"(?:^|[^a-z])(?:fig)?captions?(?:$|[^a-z])", re.IGNORECASE)
CAPTION_TAGS = ("figcaption",)
MOSTLY_LINKED = 0.5  # of a line
FAR = 3  # elements between a caption and what holds its picture too


def drop_all(box: HtmlElement, body: list[HtmlElement], selectors: Iterable[str]) -> None:
    """Take out of the article what a person's selectors find; never the body itself, nor an ancestor of it.

    A caption goes to its picture. One that no picture is near stays in the text.
    """
    _drop(box, outermost(_matches(box, body, selectors)))


def drop_foreign(box: HtmlElement, body: list[HtmlElement], layout: Layout) -> None:
    """Take out of the article what learnt selectors find, as above; but not what would be most of its sentences."""
    article = _Article(body, layout.fixed)
    found = (_matches(box, body, [selector]) for selector in layout.drop)
    foreign = chain.from_iterable(matches for matches in found if not article.is_mostly_in(matches))
    dropped = outermost(list(dict.fromkeys(foreign)))
    if article.is_mostly_in(dropped):
        dropped = [e for e in dropped if not article.sentences_in(e)]
    _drop(box, dropped)


def _matches(box: HtmlElement, body: list[HtmlElement], selectors: Iterable[str]) -> list[HtmlElement]:
    kept = {box, *body}
    for part in body:
        kept.update(part.iterancestors())
    found = chain.from_iterable(select(box, selector) for selector in selectors)
    return [e for e in dict.fromkeys(found) if e not in kept and e.getparent() is not None]


def _drop(box: HtmlElement, elements: list[HtmlElement]) -> None:
    tree.drop_elements(box, [e for e in elements if not _is_caption(e) or _is_given_to_picture(e, box)])


class _Article:
    """The text of a page, measured where that is asked for."""

    def __init__(self, body: list[HtmlElement], fixed: Iterable[str]) -> None:
        self.body = body
        self._frame = frozenset(map(dates.frame_key, fixed))

    @cached_property
    def sentences(self) -> int:
        return sum(map(self.sentences_in, self.body))

    def is_mostly_in(self, elements: list[HtmlElement]) -> bool:
        """Whether elements hold most of the text's sentences."""
        taken = sum(self.sentences_in(e) for e in outermost(elements) if is_inside(e, self.body))
        return taken > 0 and taken > MOST_TAKEN * self.sentences

    def sentences_in(self, element: HtmlElement) -> int:
        """Return how many characters an element has in lines that are too long for a label, no links and no frame."""
        return sum(len(line.text) for line in lines_of(element) if self._is_sentence(line))

    def _is_sentence(self, line: Line) -> bool:
        is_long = len(line.text) >= SENTENCE and line.linked < 0.5 * len(line.text)
        return is_long and dates.frame_key(line.text) not in self._frame


# ------------------------------------------------------------ captions


def _is_caption(element: HtmlElement) -> bool:
    return element.tag in CAPTION_TAGS or CAPTION.search(element.get("class") or "") is not None


def _is_given_to_picture(caption: HtmlElement, box: HtmlElement) -> bool:
    """Add a caption's words to its picture: to its title, and to its alternative if it has none of its own.

    Return False where no picture is near.
    """
    words = text.line(text_of(caption))
    image = _picture_of(caption, box)
    if image is None:
        return not words
    titles = [text.line(image.get("title") or ""), words]
    image.set("title", " ".join(dict.fromkeys(t for t in titles if t)))
    if not text.line(image.get("alt") or ""):
        image.set("alt", words)
    return True


def _picture_of(caption: HtmlElement, box: HtmlElement) -> HtmlElement | None:
    """Return the picture that is beside a caption: of several, the last before it, or else the first after it."""
    for around in list(caption.iterancestors())[:FAR]:
        before: HtmlElement | None = None
        is_after = False
        for element in around.iter():
            is_after = is_after or element is caption
            if element.tag != "img" or is_icon(dict(element.items())) or is_inside(element, [caption]):
                continue
            if is_after:
                return element if before is None else before
            before = element
        if before is not None or around is box:
            return before
    return None


# ------------------------------------------------------------ pieces and lines


def drop_teasers(body: list[HtmlElement], selectors: Iterable[str], page: str, base: str) -> None:
    """Take out the elements that are nothing but a link to another article."""
    found = chain.from_iterable(select(part, selector) for part in body for selector in selectors)
    teasers = [e for e in dict.fromkeys(found) if e not in body and is_teaser(e, page, base)]
    for part in body:
        tree.drop_elements(part, [e for e in teasers if is_inside(e, [part])])


def drop_pieces(body: list[HtmlElement], pieces: list[HtmlElement]) -> None:
    """Take the article's other pieces, its title for one, out of the text."""
    removable = [e for e in pieces if e not in body and e.getparent() is not None]
    for part in body:
        tree.drop_elements(part, [e for e in removable if is_inside(e, [part])])


def cut_after_end(body: list[HtmlElement], ends: tuple[str, ...], fixed: tuple[str, ...], page: str) -> None:
    """Take out the first line that ends the text on this site's pages, and all after it.

    The article's own documents stay: they come next, perhaps below a list of other articles and what all pages have
    (``fixed``). Then what all pages have right before that line goes as well, for it ends no text any more.
    """
    keys = set(map(text.skeleton, ends))
    lines = [line for element in body for line in lines_of(element)] if keys else []
    at = next((n for n, line in enumerate(lines) if text.skeleton(line.text) in keys), len(lines))
    frame = set(map(dates.frame_key, fixed))

    def is_of_page(line: Line) -> bool:
        return dates.frame_key(line.text) in frame

    first = at + 1 + len(list(takewhile(lambda line: is_of_page(line) or others_in(line, page), lines[at + 1 :])))
    documents = len(list(takewhile(_is_of_documents, lines[first:])))
    while documents and at and is_of_page(lines[at - 1]):
        at -= 1
    for line in (*lines[at:first], *lines[first + documents :]):
        cut_line(line)


def _is_of_documents(line: Line) -> bool:
    """Whether a line is links to documents, and little else."""
    links = links_in(line) if line.linked > MOSTLY_LINKED * len(line.text) else []
    return bool(links) and all(address.is_document(link.get("href") or "") for link in links)


def trim_frame(body: list[HtmlElement], pieces: set[str], shown_dates: tuple[str, ...], fixed: tuple[str, ...]) -> None:
    """Take the lines that belong to the page from both ends of the body, up to the first one that is news.

    They are the title, the date and the lines that the site has on every page (``fixed``), letter by letter; of a
    label with a number, the number does not count. A counter that all pages have goes wherever it is.
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
    for line in chain.from_iterable(map(lines_of, body)):
        if dates.is_counter(line.text) and is_of_page(line):
            cut_line(line)
        else:
            lines.append(line)
    while lines and is_of_page(lines[0]):
        cut_line(lines.pop(0))
    while lines and is_of_page(lines[-1]):
        cut_line(lines.pop())
