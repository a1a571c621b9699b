"""The text of one page that cannot be compared with others: trafilatura's, in the page's own markup."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import chain

from lxml.html import HtmlElement

from feedpub import text
from feedpub.collecting.learn.elements import attribute
from feedpub.content import Page
from feedpub.html import tree
from feedpub.html.hiding import is_off
from feedpub.html.lines import Line, common_ancestor, cut_line, lines_of
from feedpub.html.select import is_inside
from feedpub.html.styles import declared

FEW = 25  # letters; a shorter line says too little to be found again by
SAME = (0.99, 1.01)  # how many of the text's words are found again in the page, at least and at most
NEARLY_ALL = 0.9  # of the text; where so much is hidden, a script shows it


def main_text(page: Page, *, is_quick: bool = False) -> str:
    """Return the page's text as trafilatura takes it; "" where there is none.

    If it is to be quick, other extractors are not asked about a short text.
    """
    import trafilatura

    return trafilatura.extract(page.text, url=page.url, include_comments=False, fast=is_quick) or ""


def markup_of(main: str, root: HtmlElement) -> str:
    """Return the page's own markup for a text, in the page's order. All else is cut out of the tree."""
    scope = next(iter(root.iter("body")), root)
    whole = text.skeleton(main)
    kept = _cut_to(main, whole, scope)
    share = len(text.skeleton("".join(line.text for line in kept))) / len(whole) if kept else 0.0
    if not SAME[0] <= share <= SAME[1]:
        return "\n".join(f"<p>{escape(line)}</p>" for line in main.splitlines() if line.strip())
    _show_sections(kept)
    box = common_ancestor([line.element for line in kept], scope)
    return tree.serialized(box)


def _cut_to(main: str, whole: str, scope: HtmlElement) -> list[Line]:
    """Cut all lines that are not the text's, and return the others; ``whole`` is the text's skeleton."""
    keys = {key for line in main.splitlines() if (key := text.skeleton(line))}
    kept: list[Line] = []
    for line in lines_of(scope):
        key = text.skeleton(line.text)
        if key in keys or (len(key) >= FEW and key in whole):
            kept.append(line)
        else:
            cut_line(line)
    return kept


def _show_sections(kept: Sequence[Line]) -> None:
    """Where nearly all of the text is hidden, a script shows it section by section, and it is text all the same."""
    around = chain.from_iterable((line.element, *line.element.iterancestors()) for line in kept)
    hidden = {e for e in around if is_hidden_by_style(e)}
    unseen = [line for line in kept if line.element in hidden or is_inside(line.element, hidden)]
    if sum(len(line.text) for line in unseen) > NEARLY_ALL * sum(len(line.text) for line in kept):
        for element in hidden:
            element.attrib.pop("style", None)
            element.attrib.pop("hidden", None)


def is_hidden_by_style(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or is_off(declared(attribute(element, "style")))
