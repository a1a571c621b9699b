"""Parts of an article that stand apart from its text: a lead above it, a note, a timetable or a film below it.

A layout knows the box in which a site's texts are. One article in ten has a part of its own beside that box, and no
page that the layout was learnt from may have had one. So what counts is what a part has, not whether somebody knew of
it: what no other page says or plays is the article's. Pictures and documents beside a text are found by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.html import dates, phrases
from feedpub.html.lines import Line, common_ancestor, lines_of, links_in
from feedpub.html.player_pages import known_page
from feedpub.html.seeing import UNSEEN
from feedpub.html.select import is_inside
from feedpub.html.teasers import leads_on, others_in

FURNITURE = ("nav", "form", "aside", "footer", "button")
NEVER_TEXT = (*FURNITURE, "figcaption", "h1", "script", "style")  # whatever they say; h1 is a page's title
PLAYERS = ("iframe", "video", "audio")
CONTROLS = ("form", "textarea", "select")  # what asks its reader for words has none of the article's
LEFT_OUT = (phrases.BY_LINE, phrases.SHARE, phrases.APART)  # names of what is no text
FOREIGN = (*LEFT_OUT, phrases.CAPTION)  # and of what says nothing by itself
LONG, WORDS, FEW_WORDS = 40, 6, 3  # characters and words of a sentence; words of one that ends as a sentence
ENDS = re.compile(r"[.!?…][»”\"')\]]*$")
WORD = re.compile(r"(?<![\w'’ʼ])[^\W\d_]{2,}")
NUMBER = re.compile(r"\d+")
IN_ROWS = ("li", "tr", "dd")
HEADS_OTHERS = re.compile(  # above what others say, and above what else there is to read
    r"^(?:коментар|комментар|відгук|отзыв|comments?\b|comentari|kommentare|komentarze|читайте|читать|схожі|похожие|related)",
    re.IGNORECASE,
)
SHARES = re.compile(r"\bshare|/intent/", re.IGNORECASE)  # an address that takes the page along
ROWS = 2  # of a table or a list
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
        if element in passed or not isinstance(element.tag, str):
            continue
        if element in above or element is box:
            waiting += reversed(element)
        elif element.tag not in NEVER_TEXT:
            parts.append(element)
    return parts


def zone_of(box: HtmlElement, title: HtmlElement | None, body: Sequence[HtmlElement]) -> HtmlElement | None:
    """Return where an article's words are looked for: its box, or else what holds its title and its text.

    None where that is the whole page: then all of the site's furniture is in it.
    """
    if box.getparent() is None:
        box = common_ancestor([*([] if title is None else [title]), *body], box)
    return None if box.tag in ("html", "body") else box


def skeleton_of(body: Iterable[HtmlElement]) -> str:
    """Return the skeleton of a text: a line whose own skeleton is within it is said there already."""
    return "".join(text.skeleton(line.text) for part in body for line in lines_of(part))


@dataclass(frozen=True, slots=True)
class Own:
    """Something that a part has of its own: a line, or an element that plays something."""

    element: HtmlElement
    key: str  # equal for the same on another page
    words: str = ""  # of the line; "" for a player
    is_row: bool = False  # of a table or a list, and no sentence

    @property
    def is_player(self) -> bool:
        return not self.words


def own_in(part: HtmlElement, page: str, passed: Iterable[HtmlElement], is_said: Callable[[str], bool]) -> list[Own]:
    """Return what a part that stands apart has of its own; nothing where it is called or built as what is no article.

    ``page`` is the page's address. What is in elements of ``passed`` does not count, nor a line that ``is_said``
    elsewhere, which gets its skeleton. Nobody sees what is marked as unseen.
    """
    outside = _outside(part, passed)
    every = [line for line in lines_of(part) if line.element not in outside]
    if any(True for _ in part.iter(*CONTROLS)) or (every and HEADS_OTHERS.search(every[0].text)):
        return []
    worded = _without_counters(every)
    lines = _before_others(worded, page, is_said)
    if worded and not lines:
        return []
    rows = [] if _leads_to_documents(part) else [line for line in lines if _is_row(line)]
    sentences = [line for line in lines if is_sentence(line)]
    telling = sentences or (rows if len(rows) >= ROWS else [])
    said = [Own(line.element, text.skeleton(line.text), line.text, is_row=not sentences) for line in telling]
    players = (element for element in part.iter(*PLAYERS) if element not in outside)
    played = [Own(element, source) for element in players if (source := _source_played(element, page))]
    return [own for own in said if not is_said(own.key)] + played


def lines_of_others(
    part: HtmlElement, page: str, passed: Iterable[HtmlElement], is_said: Callable[[str], bool]
) -> Sequence[Line]:
    """Return the last lines of a part that stands apart which list other articles or count, and are none of its own."""
    outside = _outside(part, passed)
    lines = [line for line in lines_of(part) if line.element not in outside]
    return lines[len(_before_others(_without_counters(lines), page, is_said)) :]


def _without_counters(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines but for counters at their end: these are no lines of a text."""
    end = len(lines)
    while end and dates.is_counter(lines[end - 1].text):
        end -= 1
    return lines[:end]


def _before_others(lines: Sequence[Line], page: str, is_said: Callable[[str], bool]) -> Sequence[Line]:
    """Return the lines before a list of other articles that ends them, and before its heading; all where there is none.

    What sites put between a text and the list is no line of the text. A list without a heading, or with sentences in it
    or after it, says nothing of where the text ends: () then.
    """
    others = [others_in(line, page) for line in lines]
    if len(set(chain.from_iterable(others))) <= MOST_OTHERS:
        return lines
    end, listed = 0, set[str]()
    for n, line in reversed(list(enumerate(lines))):
        if is_sentence(line):
            break
        is_heading = HEADS_OTHERS.search(line.text) or leads_on(line.text) or is_said(text.skeleton(line.text))
        if len(listed) > MOST_OTHERS and is_heading:
            end = n
        listed |= others[n]
    while end and _is_below_text(lines[end - 1], page):
        end -= 1
    return lines[:end] if len(set(chain.from_iterable(others[:end]))) <= MOST_OTHERS else ()


def _is_below_text(line: Line, page: str) -> bool:
    """Whether a line is what sites put between a text and a list of others: a counter, or where to share the text."""
    urls = [address.absolute(page, link.get("href") or "") for link in links_in(line)]
    elsewhere = [url for url in urls if url and address.site(url) != address.site(page)]
    is_elsewhere = line.linked > MOSTLY * len(line.text) and len(elsewhere) == len(urls)
    is_for_sharing = is_elsewhere and (len(urls) > 1 or any(map(SHARES.search, elsewhere)))
    return is_for_sharing or dates.is_counter(line.text)


def is_sentence(line: Line) -> bool:
    """Return whether a line is one that people write: no label, no date, no row of links."""
    if line.linked > MOSTLY * len(line.text) or phrases.SAYS_OTHERS.search(line.text):
        return False
    folded = dates.fold(line.text)
    words = len(WORD.findall(folded))
    if words <= len(NUMBER.findall(folded)):  # it says when, and little else
        return False
    return (words >= WORDS and len(line.text) >= LONG) or (words >= FEW_WORDS and bool(ENDS.search(line.text)))


def foreign_in(part: HtmlElement, known: set[HtmlElement]) -> list[HtmlElement]:
    """Return what is in a part that stands apart, and is no text. Captions stay with their pictures."""
    named = [e for e in part.iterdescendants("*") if _is_named(e, LEFT_OUT)]
    return [*named, *part.iterdescendants(*FURNITURE, "h1"), *(known.intersection(part.iterdescendants("*")))]


def _is_row(line: Line) -> bool:
    """Whether a line is of a table or a list, has words, and is no link."""
    is_in_row = any(around.tag in IN_ROWS for around in (line.element, *line.element.iterancestors()))
    return is_in_row and line.linked <= MOSTLY * len(line.text) and bool(WORD.search(line.text))


def _leads_to_documents(part: HtmlElement) -> bool:
    """Whether a part links documents: a table of them is no text, for each is found by itself."""
    return any(address.is_document(link.get("href") or "") for link in part.iter("a"))


def _source_played(element: HtmlElement, page: str) -> str | None:
    """Return the address of what an element plays: at a service that has a page for it, or a file; None: nothing."""
    parts = (element, *element.iter("source"))
    named = [value for part in parts for name, value in part.items() if "src" in name and "doc" not in name]
    urls = [url for url in (address.absolute(page, value) for value in named) if url]
    if element.tag == "iframe":
        return next((url for url in urls if known_page(url)), None)
    return next(iter(urls), None)


def _outside(part: HtmlElement, passed: Iterable[HtmlElement]) -> set[HtmlElement]:
    """Return the elements of a part that are unseen, or are in something that is no text."""
    result = set(passed)
    for element in part.iter("*"):  # each after what it is in
        is_inside_one = element is not part and element.getparent() in result
        if is_inside_one or element.tag in NEVER_TEXT or element.get(UNSEEN) is not None or _is_named(element, FOREIGN):
            result.add(element)
    return result


def _is_named(element: HtmlElement, patterns: Iterable[re.Pattern[str]]) -> bool:
    names = phrases.names_of(element)
    return any(pattern.search(names) for pattern in patterns)
