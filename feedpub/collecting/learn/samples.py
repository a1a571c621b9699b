"""One article's page, as learning sees it: its lines, their lengths, and the pieces that are found on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from lxml.html import HtmlElement

from feedpub import text
from feedpub.collecting.learn.date_formats import Shown
from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.html import tree
from feedpub.html.lines import Line, lines_of, text_lengths
from feedpub.html.select import select_first

UNSEEN = ("meta", "script", "title", "html")  # a piece in one of these has no place in the page's text


@dataclass(frozen=True, slots=True)
class Finding:
    """Selectors for one key of the layout, and on what share of the pages they give what they should."""

    selectors: tuple[str, ...] = ()
    share: float = 0.0
    why: str = ""  # or why there are none


@dataclass(eq=False)
class Sample:
    """One article's page, with what the listing said of it. The pieces are set as they are found."""

    page: Page
    root: HtmlElement
    listed_title: str  # "" where the listing has none
    listed_date: Shown | None
    title: str = ""  # as the page has it
    box: HtmlElement | None = None  # of the article, where a person has set it
    lines: list[Line] = field(default_factory=list)
    title_element: HtmlElement | None = None
    date_element: HtmlElement | None = None
    body: Sequence[HtmlElement] = ()
    noise: dict[HtmlElement, bool] = field(default_factory=dict)  # by element, for each of its lines asks
    related: dict[HtmlElement, bool] = field(default_factory=dict)
    _lengths: dict[HtmlElement, int] = field(default_factory=dict)
    _line_numbers: dict[HtmlElement, int] = field(default_factory=dict)
    _above: set[HtmlElement] | None = None

    def line_number(self, element: HtmlElement) -> int | None:
        """Return the number of the first line in an element or, where it has none, in its parent."""
        if not self._line_numbers:
            for n, line in enumerate(self.lines):
                for holder in (line.element, *line.element.iterancestors()):
                    self._line_numbers.setdefault(holder, n)
        number = self._line_numbers.get(element)
        parent = element.getparent()
        return self._line_numbers.get(parent) if number is None and parent is not None else number

    def length(self, element: HtmlElement) -> int:
        """Return about how many characters a reader sees of an element."""
        if not self._lengths:
            self._lengths = text_lengths(self.root)
        return self._lengths.get(element, 0)

    @property
    def pieces(self) -> list[HtmlElement]:
        """Title, date and body, as far as they are in the page's text."""
        pieces = (self.title_element, self.date_element, *self.body)
        return [e for e in pieces if e is not None and e.tag not in UNSEEN]

    @property
    def above(self) -> set[HtmlElement]:
        """The pieces and all that they are in. To be asked once all pieces are found."""
        if self._above is None:
            self._above = set(chain.from_iterable((e, *e.iterancestors()) for e in self.pieces))
        return self._above

    @property
    def scope(self) -> HtmlElement:
        """The page's body; the page itself where it has none. Only the article's box where that is known."""
        return self.box if self.box is not None else next(iter(self.root.iter("body")), self.root)

    def box_of_article(self, selectors: Sequence[str]) -> HtmlElement:
        """Return the box that the selectors find; the whole page where there is none."""
        boxes = select_first(self.root, selectors) if selectors else []
        return boxes[0] if boxes else self.scope


def sample(page: Page, title: str, date: Shown | None, longest: int = tree.MOST_TAGS) -> Sample:
    """Return a page as a sample, with the title and the date that the listing gave it.

    Raises ScrapeError for a page that cannot be read, or has more elements than ``longest``.
    """
    root = tree.document(page)
    if sum(1 for _ in root.iter("*")) > longest:
        raise ScrapeError(page.url, f"has more than {longest} elements, which is no article to learn from")
    listed_title = text.line(title)
    result = Sample(page, root, listed_title, date, listed_title)
    result.lines = lines_of(result.scope)
    return result
