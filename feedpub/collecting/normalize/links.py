"""Makes every link of a text lead where the page's own leads: absolute, and to the number that its words show."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from feedpub import address, telephone, text
from feedpub.collecting.normalize.markup import INLINE, contains, elements_in


def repair_links(soup: BeautifulSoup, base: str) -> None:
    """Make every link absolute; those that lead nowhere or hold nothing to see become their words."""
    for anchor in elements_in(soup, {"a"}):
        href = str(anchor.get("href", "")).strip()
        if telephone.is_link(href):
            _repair_telephone(soup, anchor, href)
            continue
        url = _link_target(href, base)
        words = text.line(anchor.get_text())
        if url and (words or contains(anchor, {"img"})):
            anchor["href"] = url
        else:
            anchor.unwrap()


def _link_target(href: str, base: str) -> str | None:
    """Return where a link leads; None for nowhere, and for a place on the page itself, which the item does not have."""
    scheme, _, rest = href.partition(":")
    if scheme.lower() == "mailto":
        return f"mailto:{quote(text.line(rest), safe='@:/?&=+,;%()-._~!*')}"
    url = address.absolute(base, href) if href else None
    if url is None:
        return None
    place, mark, _ = url.partition("#")
    is_on_page = mark and place == address.without_fragment(base)
    return None if is_on_page else url


# ------------------------------------------------------------ telephones


def _repair_telephone(soup: BeautifulSoup, anchor: Tag, href: str) -> None:
    """Let the link call the number that its words show; where they show another, only the words stay.

    Of several numbers, the link keeps the one that it calls.
    """
    anchor.smooth()
    words = "".join(_shown_words(anchor))
    number = telephone.called(href, words)
    if number is None or not (words.strip() or contains(anchor, {"img"})):
        anchor.unwrap()
        return
    anchor["href"] = number.uri
    shown = telephone.numbers_in(words)
    same = [s for s in shown if telephone.agree(number.dialled, s.dialled)]
    if len(same) == len(shown):
        return
    only_string = anchor.contents[0] if len(anchor.contents) == 1 else None
    if same and isinstance(only_string, NavigableString):
        only_string.replace_with(NavigableString(words[same[0].start : same[0].end]))
        anchor.insert_before(NavigableString(words[: same[0].start]))
        anchor.insert_after(NavigableString(words[same[0].end :]))
    else:
        anchor.unwrap()


def _shown_words(element: Tag) -> Iterator[str]:
    """Yield the element's strings, with a line's end at each break and box."""
    for node in element.descendants:
        if isinstance(node, NavigableString):
            yield str(node)
        elif isinstance(node, Tag) and (node.name == "br" or node.name not in INLINE | {"span", "font"}):
            yield "\n"
