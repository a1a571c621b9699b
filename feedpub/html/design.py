"""How a page is built around its text: whether it is of a known design and, where not, whether its text is whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from feedpub.html.lines import Line, lines_of
from feedpub.html.select import is_inside

OF_ONE_PAGE = re.compile(
    r".*\d.*|(?:category|tag|post|type|status|format|section|topic|author|has|is|no)-.*"
)  # a class
FRAME = ("nav", "aside", "footer", "form")  # elements that hold no text of an article
SENTENCE = 60  # characters of a line; menus, labels and dates are shorter
LINKED = 0.3  # of a line; in a sentence of an article less is a link
LEAST = 300  # characters of sentences; of fewer nothing can be told
WHOLE = 0.5  # of a page's sentences; the frame may have some, and a text with fewer is only a part
MOSTLY_LINKS = 0.3  # of a text's characters; one with more is a list of links


def design_of(body: Sequence[HtmlElement]) -> str:
    """Return a short text that is equal for pages with their text in the same place; "" where there is no text."""
    if not body:
        return ""
    around = [e for e in (body[0], *body[0].iterancestors()) if e.tag not in ("body", "html")]
    steps = [".".join([str(e.tag), *_kind_names(e)]) for e in around]
    return hashlib.sha256("/".join(steps).encode()).hexdigest()[:12]


def _kind_names(element: HtmlElement) -> list[str]:
    """The element's classes that other pages have as well."""
    classes = (element.get("class") or "").split()
    return sorted(name for name in classes if not OF_ONE_PAGE.fullmatch(name))


def doubt_about(body: Sequence[HtmlElement], root: HtmlElement) -> str | None:
    """Return why a text may not be the whole article, or more than that; None where nothing speaks against it.

    It holds nearly all sentences of its page, and links are few in it.
    """
    scope = next(iter(root.iter("body")), root)
    lines = [line for line in lines_of(scope) if not _is_framed(line)]
    boxes = set(body)
    inside = [line for line in lines if line.element in boxes or is_inside(line.element, boxes)]
    whole = _characters(lines)
    share = _characters(inside) / whole if whole >= LEAST else 1.0
    if share < WHOLE:
        return f"only {share:.0%} of the sentences on the page are in its text"
    shown = sum(len(line.text) for line in inside)
    linked = sum(line.linked for line in inside)
    if shown >= LEAST and linked > MOSTLY_LINKS * shown:
        return f"{linked / shown:.0%} of its text are links"
    return None


def _is_framed(line: Line) -> bool:
    return any(e.tag in FRAME for e in (line.element, *line.element.iterancestors()))


def _characters(lines: Sequence[Line]) -> int:
    """The characters of those lines that are sentences, and no links."""
    sentences = [line for line in lines if len(line.text) >= SENTENCE and line.linked < LINKED * len(line.text)]
    return sum(len(line.text) for line in sentences)
