"""An article's title: the words of its heading that the page's own name or the listing have as well.

A heading may hold a badge, a counter or a rubric. It may be a picture, or missing. So what a selector finds is
compared with two witnesses: what the listing calls the article, and what the page calls itself in its head.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from feedpub import text
from feedpub.html.lines import INLINE, UNREAD, text_of
from feedpub.html.select import select

MORE = re.compile(  # a link that leads to the article and does not name it
    r"(?:детальн\w*|докладн\w*|подробн\w*|читати(?: далі| більше| повністю| все)?|далі|більше|дивитис[ья]\w*|перейти"
    r"|відкрити|переглянути|(?:read|view|see|learn|continue)(?: \w+)?(?: more)?|more|повн\w+ (?:текст|новин\w+|верс\w+)"
    r"|ознайомит\w+|дізнатися(?: більше)?)(?: (?:про|about)\b.*)?[\s.…»›>→]*|[\W\d_]*",
    re.IGNORECASE,
)
CUT = ("…", "...")  # the end of a title that a listing shows in part
MOST_HEADINGS = 10  # matches of one selector that are compared with the page's names
LONGEST = 600  # characters of a title
MOST_PIECES = 40  # strings of a heading; one with more is no heading with a badge
SAME = 0.5  # of the words; two titles that share so many mean the same
IN_HEAD = ("title", "meta")


@dataclass(frozen=True, slots=True)
class Title:
    """A title with the element that it is from; None for what only the listing says."""

    element: HtmlElement | None
    words: str


NO_TITLE = Title(None, "")


def read_title(root: HtmlElement, selectors: Iterable[str], fixed: Sequence[str], listed: str = "") -> Title:
    """Return the page's title; no words where nothing has any.

    Selectors of the page's head name witnesses, and stand in for a heading that
    is missing. ``fixed`` are words of the site at the ends of titles.
    ``listed`` is what the listing calls the article, "" where that is unknown.
    """
    headings: list[Title] = []
    in_head: list[Title] = []
    for selector in selectors:
        matches = islice(select(root, selector), MOST_HEADINGS)
        titles = [_title_at(element, fixed, listed) for element in matches]
        worded = [title for title in titles if title.words]
        (in_head if worded and is_in_head(worded[0].element) else headings).extend(worded)
    names = (_whole(listed), *(title.words for title in in_head))
    keys = [key for key in map(text.skeleton, names) if key]
    shown = _by_witnesses(headings, keys, listed)
    if shown is None:
        return _without_heading(in_head, listed)
    return in_head[0] if in_head and _is_of_another(shown, in_head[0].words, listed) else shown


def is_in_head(element: HtmlElement | None) -> bool:
    """Return whether an element is for machines: the page's <title>, or a meta element."""
    return element is not None and element.tag in IN_HEAD


def heading_words(element: HtmlElement, keys: Iterable[str]) -> str | None:
    """Return the element's words as far as they are one of the names, which are skeletons; None where they are none.

    What is left out are whole elements in it, never words of its own: a badge, a counter, a rubric.
    """
    pieces = list(islice(_pieces(element), MOST_PIECES + 1))
    if len(pieces) > MOST_PIECES:
        return None
    return next((kept for key in keys if key and (kept := _kept_of(pieces, key))), None)


def words_at(element: HtmlElement) -> str:
    """Return the words of an element; of a meta element its content."""
    return text.line(text_of(element) or element.get("content") or "")


def without_fixed(words: str, fixed: Iterable[str]) -> str:
    """Return a title without the site's words at its ends; the title itself where nothing else is in it."""
    for end in fixed:
        rest = words.removeprefix(end).removesuffix(end).strip()
        words = rest or words
    return words


def is_cut(listed: str) -> bool:
    """Return whether a listing shows a title only in part."""
    return listed.endswith(CUT)


def begins_as(words: str, listed: str) -> bool:
    """Return whether a title is the one that a listing shows, in part or whole."""
    key = text.skeleton(words)
    start = text.skeleton(listed.rstrip("….").strip())
    return bool(start) and (key.startswith(start) if is_cut(listed) else key == start)


# ------------------------------------------------------------ the heading


def _title_at(element: HtmlElement, fixed: Sequence[str], listed: str) -> Title:
    words = without_fixed(words_at(element), fixed)
    if is_in_head(element) and not is_cut(listed) and _has_part(words, listed):
        words = listed
    return Title(element, words)


def _has_part(words: str, listed: str) -> bool:
    """Whether a page's name is the listed title with more before or after it, and a sign between the two."""
    part = re.escape(listed)
    return bool(listed) and re.search(rf"(?:^|[^\w\s]\s*){part}(?:$|\s*[^\w\s])", words) is not None


def _by_witnesses(headings: Sequence[Title], keys: Sequence[str], listed: str) -> Title | None:
    """Return the first heading that is called as the page is, else the first of all; None where there is none."""
    for heading in headings:
        if heading.element is None or len(heading.words) > LONGEST:
            continue
        if text.skeleton(heading.words) in keys or begins_as(heading.words, listed):
            return heading
        kept = heading_words(heading.element, keys)
        if kept:
            return Title(heading.element, kept)
    return headings[0] if headings else None


def _pieces(element: HtmlElement) -> Iterator[tuple[str, bool]]:
    """Yield the element's strings in order, each with whether it is its own, and not of an element in it."""
    yield element.text or "", True
    for child in element:
        if isinstance(child.tag, str) and child.tag not in UNREAD:
            space = "" if child.tag in INLINE else " "
            yield space, False
            yield from ((string, False) for string, _ in _pieces(child))
            yield space, False
        yield child.tail or "", True


def _kept_of(pieces: Sequence[tuple[str, bool]], key: str) -> str | None:
    """Return the strings that make up a skeleton together; None where its own words would be left out."""
    kept: list[str] = []
    at = 0
    for string, is_own in pieces:
        part = text.skeleton(string)
        if key.startswith(part, at):
            kept.append(string)
            at += len(part)
        elif is_own:
            return None
        else:
            kept.append(" ")
    return text.line("".join(kept)) if at == len(key) else None


# ------------------------------------------------------------ without a heading, or with another's


def _whole(listed: str) -> str:
    return "" if is_cut(listed) else listed


def _without_heading(in_head: Sequence[Title], listed: str) -> Title:
    named = next((title for title in in_head if begins_as(title.words, listed)), None)
    if named is None and in_head:
        named = in_head[0]
    if named is None or not named.words:
        return Title(None, listed)
    return named


def _is_of_another(heading: Title, named: str, listed: str) -> bool:
    """Whether listing and page agree on a title, and the heading says something quite different."""
    if not begins_as(named, listed):
        return False
    words, others = (set(text.spelt(title).casefold().split()) for title in (heading.words, named))
    return len(words & others) < SAME * min(len(words), len(others))
