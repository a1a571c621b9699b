"""The places in the articles' boxes, each measured over all pages at once.

A place is a kind of element at a kind of position: all captions of the site's
pictures, say. What a place holds on one page may mislead. What it holds on
all pages tells whether it is part of the articles.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.elements import attribute, target_of
from feedpub.collecting.learn.lone_text import FEW, is_hidden_by_style, main_text
from feedpub.collecting.learn.records import HEADINGS
from feedpub.collecting.learn.samples import Sample
from feedpub.html import phrases
from feedpub.html.lines import Line, lines_of, text_of
from feedpub.html.select import outermost
from feedpub.html.tree import tag

SENTENCE = 60  # characters; a shorter line may be a label
SENTENCE_END = re.compile(r"[.!?…»”\"')]\s*$")
MANY = 20  # elements of a place on one page; more speak no louder
HIDDEN_PART = 0.3  # of an element's characters; the rest is the control's words
LONG_TEXT = 1_000  # characters; a longer text speaks no louder
QUOTED = {"blockquote", "q", "pre"}
LISTED = {"ul", "ol", "li", "dl", "dd", "dt", "table", "tr", "td"}


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of an article's box, with what speaks for it or against it."""

    line: Line
    page: int  # the sample's number
    is_extracted: bool  # trafilatura takes it for the page's text
    is_before_text: bool  # and it is above all that trafilatura takes
    is_frame: bool
    others: int  # characters that link to other pages of the site
    sites: int  # and to other sites

    @property
    def length(self) -> int:
        return len(self.line.text)

    @property
    def is_sentence(self) -> bool:
        is_long = self.length >= SENTENCE and bool(SENTENCE_END.search(self.line.text))
        return is_long and self.line.linked < 0.5 * self.length


@dataclass(eq=False)
class Place:
    """All elements of one kind at one kind of position. Shares are 0 to 1, of its characters."""

    path: str
    pages: int  # samples
    elements: list[HtmlElement] = field(default_factory=list)
    lines: list[SeenLine] = field(default_factory=list)
    on_pages: set[int] = field(default_factory=set)
    inside: list[Sequence[SeenLine]] = field(default_factory=list)  # the lines of each element
    of_article: float = 0.0  # of the sentences of one page, the largest share
    of_text: float = 0.0  # of all text in the boxes

    def add(self, element: HtmlElement, inside: Sequence[SeenLine]) -> None:
        """Add an element of a page, with the lines in it."""
        self.elements.append(element)
        self.lines += inside
        self.on_pages.add(inside[0].page)
        self.inside.append(inside)

    def sentence_chars(self, page: int) -> int:
        """Return how many characters of sentences it has on a page."""
        return sum(line.length for line in self.lines if line.page == page and line.is_sentence)

    @property
    def length(self) -> int:
        return max(1, sum(line.length for line in self.lines))

    @property
    def length_each(self) -> float:
        return self.length / len(self.elements)

    @property
    def on_share(self) -> float:
        """The share of the pages that have it."""
        return len(self.on_pages) / self.pages

    @property
    def how_many(self) -> float:
        return min(1.0, len(self.elements) / len(self.on_pages) / MANY)

    @property
    def size(self) -> float:
        """How long its text is, as a logarithm: 0 to 1."""
        return min(1.0, math.log10(self.length_each + 1) / math.log10(LONG_TEXT))

    @property
    def extracted(self) -> float:
        return self._share(line.length for line in self.lines if line.is_extracted)

    @property
    def sentences(self) -> float:
        return self._share(line.length for line in self.lines if line.is_sentence)

    @property
    def framed(self) -> float:
        return self._share(line.length for line in self.lines if line.is_frame)

    @property
    def before_text(self) -> float:
        return self._share(line.length for line in self.lines if line.is_before_text)

    @property
    def to_others(self) -> float:
        return self._share(line.others for line in self.lines)

    @property
    def to_sites(self) -> float:
        return self._share(line.sites for line in self.lines)

    def _share(self, lengths: Iterable[int]) -> float:
        return sum(lengths) / self.length

    @property
    def tag(self) -> str:
        return tag(self.elements[0])

    @property
    def says_one_thing(self) -> bool:
        """Whether it says the same each time."""
        return len(self.inside) > 2 and len({" ".join(line.line.text for line in lines) for lines in self.inside}) == 1

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading, in one, or around one and nothing else."""
        first = self.elements[0]
        near = (first, *list(first.iterancestors())[:2])
        if any(element.tag in HEADINGS for element in near):
            return True
        words = text_of(first)
        return any(text_of(heading) == words for heading in first.iter(*HEADINGS))

    @property
    def holds_table(self) -> bool:
        """Whether it is a table of several rows, holds one, or is in one."""
        return any(_rows_around(element) > 1 for element in self.elements)

    @property
    def with_files(self) -> float:
        """The share of its elements that link to a document."""
        return sum(map(_links_to_file, self.elements)) / len(self.elements)

    @property
    def folded(self) -> float:
        """The share of its elements that hold text which is shown after a tap."""
        return sum(map(_is_folded, self.elements)) / len(self.elements)

    def named(self, pattern: re.Pattern[str]) -> float:
        """Return the share of its elements whose names match."""
        return phrases.share_named(self.elements, pattern)

    def says(self, pattern: re.Pattern[str]) -> float:
        """Return the share of its elements with a line that matches."""
        return sum(any(pattern.search(line.line.text) for line in lines) for lines in self.inside) / len(self.inside)

    @property
    def ends_in_others(self) -> float:
        """The share of its elements that are a text with a list of other pages below it."""
        return sum(map(_is_text_before_list, self.inside)) / len(self.inside)


def places_of(comparison: Comparison) -> list[Place]:
    """Return the places in the bodies' boxes, each before those inside it. The bodies are to be found first."""
    places: dict[str, Place] = {}
    everything = 0
    for n, s in enumerate(comparison.samples):
        lines = _seen_lines(n, s, comparison)
        everything += sum(line.length for line in lines)
        sentences = sum(line.length for line in lines if line.is_sentence)
        for element, inside in _by_element(lines, s).items():
            path = comparison.kind_path(element)
            place = places.setdefault(path, Place(path, len(comparison.samples)))
            place.add(element, inside)
        for place in places.values():
            place.of_article = max(place.of_article, place.sentence_chars(n) / max(1, sentences))
    for place in places.values():
        place.of_text = place.length / max(1, everything)
    return sorted(places.values(), key=lambda place: place.path.count("/"))


def _by_element(lines: Sequence[SeenLine], s: Sample) -> Mapping[HtmlElement, list[SeenLine]]:
    """The lines in each element below the body's boxes."""
    boxes = set(s.body)
    inside: dict[HtmlElement, list[SeenLine]] = defaultdict(list)
    for line in lines:
        for element in (line.line.element, *line.line.element.iterancestors()):
            if element in boxes:
                break
            inside[element].append(line)
    return inside


# ------------------------------------------------------------ lines


def _is_text_before_list(lines: Sequence[SeenLine]) -> bool:
    """Whether sentences come first, and then several links to other pages without any."""
    first = next((n for n, line in enumerate(lines) if line.others), len(lines))
    is_list = sum(line.others > 0 for line in lines[first:]) > 1 and not any(line.is_sentence for line in lines[first:])
    return is_list and any(line.is_sentence and not line.is_frame for line in lines[:first])


def _seen_lines(n: int, s: Sample, comparison: Comparison) -> list[SeenLine]:
    main = main_text(s.page, is_quick=True)
    whole = text.skeleton(main)
    keys = {text.skeleton(line) for line in main.splitlines()}
    raw = [line for box in s.body for line in lines_of(box)]
    extracted = [_is_extracted(text.skeleton(line.text), keys, whole) for line in raw]
    sentences = [m for m, line in enumerate(raw) if extracted[m] and len(line.text) >= SENTENCE]
    first = sentences[0] if sentences else 0
    return [
        SeenLine(
            line=line,
            page=n,
            is_extracted=extracted[m],
            is_before_text=m < first,
            is_frame=comparison.is_frame(line),
            others=_linked(line, s, is_site=True),
            sites=_linked(line, s, is_site=False),
        )
        for m, line in enumerate(raw)
    ]


def _is_extracted(key: str, keys: set[str], whole: str) -> bool:
    return key in keys or (len(key) >= FEW and key in whole)


def _linked(line: Line, s: Sample, *, is_site: bool) -> int:
    """How many of a line's characters link to other pages of the site, or else to other sites."""
    if not line.linked:
        return 0
    around = next((a for a in (line.element, *line.element.iterancestors()) if a.tag == "a"), None)
    links = [around] if around is not None else list(line.element.iter("a"))
    urls = [url for link in links if (url := target_of(link, s.page.url))]
    is_meant = _is_other_page if is_site else _is_on_other_site
    return min(line.linked, len(line.text)) if any(is_meant(url, s.page.url) for url in urls) else 0


def _is_other_page(url: str, page: str) -> bool:
    is_other = address.key(url) != address.key(page) and not address.is_file(url)
    return is_other and address.site(url) == address.site(page)


def _is_on_other_site(url: str, page: str) -> bool:
    """Whether it leads elsewhere, and does not take this page along, as a link to share it does."""
    return address.site(url) != address.site(page) and (urlsplit(page).path.rstrip("/") or page) not in unquote(url)


def _links_to_file(element: HtmlElement) -> bool:
    inside = element.iter("a")
    around = element.iterancestors("a")
    hrefs = (attribute(link, "href") for link in chain(inside, around))
    return any(map(address.is_file, hrefs))


def _is_folded(element: HtmlElement) -> bool:
    """Whether an element is called so, is in ``<details>``, or is hidden, at least in part, or beside what is."""
    if phrases.FOLDED.search(phrases.names_of(element)):
        return True
    if element.tag == "summary" or next(element.iterancestors("details"), None) is not None:
        return True
    parent = element.getparent()
    around = [element] if parent is None else [element, parent]
    return any(map(_hides_words, around))


def _hides_words(element: HtmlElement) -> bool:
    """Whether a good part of an element's words is hidden until a tap; what shares or prints hides its messages."""
    if phrases.SHARE.search(phrases.names_of(element)):
        return False
    hidden = outermost([e for e in element.iter("*") if e.tag == "details" or is_hidden_by_style(e)])
    return sum(len(text_of(e)) for e in hidden) > HIDDEN_PART * len(text_of(element))


def _rows_around(element: HtmlElement) -> int:
    """How many rows the table has that is in an element or around it; 0 where there is none."""
    table = next(element.iter("table"), None)
    if table is None:
        table = next(element.iterancestors("table"), None)
    return sum(1 for _ in table.iter("tr")) if table is not None else 0
