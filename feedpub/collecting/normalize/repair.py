"""Mends on the tree what editors, Word and scripts left in an article's HTML."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import quote

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from feedpub import address, text
from feedpub.collecting.normalize.markup import (
    BLOCKS,
    NUMERIC,
    attributes_of,
    contains,
    elements_in,
    is_within,
    strings_in,
)
from feedpub.collecting.normalize.pictures import open_noscripts, repair_pictures
from feedpub.collecting.normalize.players import EMBEDDED, link_players, link_script_posts, waits_for_consent
from feedpub.collecting.normalize.shape import reshape
from feedpub.html.images import is_file_icon, is_lazy

GONE = (  # with everything in them
    "script", "style", "template", "canvas", "head", "title", "meta", "link", "base",
    "input", "button", "select", "textarea", "option", "datalist", "progress", "meter", "dialog",
)  # fmt: skip
SWALLOWING = ("svg", "math", "xml", "map")  # gone too, unless one that was never closed has swallowed what follows
HIDDEN = re.compile(  # the last two are for those who listen to the page: "opens a new tab"
    r"(?<![\w-])(display\s*:\s*none|visibility\s*:\s*hidden"
    r"|clip\s*:\s*rect\((?:\s*[01](?:px)?\s*,?){4}\)|clip-path\s*:\s*inset\(\s*(?:50|100)%\s*\))",
    re.IGNORECASE,
)


def repair(soup: BeautifulSoup, base: str, pictures: Collection[str] = (), language: str = "") -> None:
    """Mend the tree in place: afterwards its addresses are absolute, its elements clean, and inline or block.

    ``base`` is the page's address, ``language`` its language. ``pictures`` are the addresses of those beside the text.
    """
    link_script_posts(soup)
    _remove_unseen(soup)
    open_noscripts(soup, base, EMBEDDED)
    link_players(soup, base)
    repair_pictures(soup, base, language, pictures)
    _repair_links(soup, base)
    _show_originals(soup, pictures)
    _clean_attributes(soup)
    reshape(soup)
    _clean_strings(soup)


# ------------------------------------------------------------ what nobody sees


def _remove_unseen(soup: BeautifulSoup) -> None:
    """Take out what no reader of the page sees: scripts, comments (Word's conditional ones too), hidden parts."""
    for string in strings_in(soup):
        if isinstance(string, PreformattedString):
            string.extract()
    for element in elements_in(soup, GONE):
        element.decompose()
    for element in elements_in(soup, SWALLOWING):
        if contains(element, BLOCKS):
            element.unwrap()
        else:
            element.decompose()
    for element in [e for e in elements_in(soup) if _is_invisible(e)]:
        element.decompose()


def _is_invisible(element: Tag) -> bool:
    if element.name == "img" and is_file_icon(attributes_of(element)):
        return True
    if waits_for_consent(element) or (element.name == "img" and is_lazy(attributes_of(element))):
        return False  # a script shows it later
    if element.has_attr("hidden"):
        return True
    return HIDDEN.search(str(element.get("style") or "")) is not None


# ------------------------------------------------------------ pictures


def _show_originals(soup: BeautifulSoup, pictures: Collection[str]) -> None:
    """Put the original in place of a derivative, where it is beside the text or a picture's link leads to it."""
    images = elements_in(soup, {"img"})
    derivatives = [image for image in images if address.is_derivative(str(image["src"]))]
    if not derivatives:
        return
    links = [a for a in elements_in(soup, {"a"}) if contains(a, {"img"})]
    linked = [str(a["href"]) for a in links if a.has_attr("href")]
    originals = address.originals((*pictures, *linked))
    for image in derivatives:
        src = str(image["src"])
        image["src"] = originals.get(address.file_key(src), src)


# ------------------------------------------------------------ links


def _repair_links(soup: BeautifulSoup, base: str) -> None:
    """Make every link absolute; those that lead nowhere or hold nothing to see become their words."""
    for anchor in elements_in(soup, {"a"}):
        url = _link_target(str(anchor.get("href", "")).strip(), base)
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
    if scheme.lower() == "tel":
        return f"tel:{re.sub(r'[^+*#0-9]', '', rest)}"
    url = address.absolute(base, href) if href else None
    if url is None:
        return None
    place, mark, _ = url.partition("#")
    is_on_page = mark and place == address.without_fragment(base)
    return None if is_on_page else url


# ------------------------------------------------------------ attributes and strings


def _clean_attributes(soup: BeautifulSoup) -> None:
    for element in elements_in(soup):
        for name in NUMERIC & element.attrs.keys():
            if not re.fullmatch(r"\d{1,5}%?", str(element[name])):
                del element[name]
        if element.name == "ol" and str(element.get("type", "1")) not in "1aAiI":
            del element["type"]
        if element.has_attr("title"):
            element["title"] = text.line(str(element["title"]))


def _clean_strings(soup: BeautifulSoup) -> None:
    """Clean the text, and take out the names of stored pictures that a CMS wrote there."""
    soup.smooth()  # so that spaces which met where elements were taken out are one run
    has_pre = contains(soup, {"pre"})
    for string in strings_in(soup):
        if text.is_stored_name(string):
            string.replace_with(NavigableString(""))
            continue
        is_preformatted = has_pre and is_within(string, {"pre"})
        cleaned = text.characters(string) if is_preformatted else text.flow(string)
        if cleaned != string:
            string.replace_with(NavigableString(cleaned))
