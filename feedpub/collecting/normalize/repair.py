"""Mends on the tree what editors, Word and scripts left in an article's HTML."""

from __future__ import annotations

import re
from collections.abc import Collection

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from feedpub import address, text
from feedpub.collecting.normalize.formulas import open_formulas
from feedpub.collecting.normalize.links import repair_links
from feedpub.collecting.normalize.markup import (
    BLOCKS,
    NUMERIC,
    attributes_of,
    contains,
    elements_in,
    is_within,
    strings_in,
)
from feedpub.collecting.normalize.meant import say_plainly
from feedpub.collecting.normalize.pictures import open_noscripts, repair_pictures
from feedpub.collecting.normalize.players import EMBEDDED, link_players, link_script_posts, waits_for_consent
from feedpub.collecting.normalize.shape import reshape
from feedpub.collecting.normalize.thumbnails import drop_thumbnails
from feedpub.collecting.normalize.twins import drop_twins
from feedpub.collecting.normalize.unseen import is_clipped, is_hidden, label_panels, show_unfolded
from feedpub.html.images import is_file_icon, is_lazy

GONE = (  # with everything in them
    "script", "style", "template", "canvas", "head", "title", "meta", "link", "base",
    "input", "button", "select", "textarea", "option", "datalist", "progress", "meter",
)  # fmt: skip
SWALLOWING = ("xml",)  # gone too, unless one that was never closed has swallowed what follows


def repair(soup: BeautifulSoup, base: str, pictures: Collection[str] = (), language: str = "") -> tuple[str, ...]:
    """Mend the tree in place: afterwards its addresses are absolute, its elements clean, and inline or block.

    ``base`` is the page's address, ``language`` its language. ``pictures`` are the addresses of those beside the text.
    Return the words that the page hides, which are gone.
    """
    say_plainly(soup)
    link_script_posts(soup)
    hidden_words = _remove_unseen(soup)
    open_noscripts(soup, base, EMBEDDED)
    link_players(soup, base)
    repair_pictures(soup, base, language, pictures)
    repair_links(soup, base)
    drop_thumbnails(soup)
    _show_originals(soup, pictures)
    _clean_attributes(soup)
    reshape(soup)
    _clean_strings(soup)
    return hidden_words


# ------------------------------------------------------------ what nobody sees


def _remove_unseen(soup: BeautifulSoup) -> tuple[str, ...]:
    """Take out what no reader of the page sees: scripts, comments (Word's conditional ones too), hidden parts.

    Return the words of the hidden parts.
    """
    for string in strings_in(soup):
        if isinstance(string, PreformattedString):
            string.extract()
    label_panels(soup)
    show_unfolded(soup)
    for element in elements_in(soup, GONE):
        element.decompose()
    drop_twins(soup)
    for element in elements_in(soup, SWALLOWING):
        if contains(element, BLOCKS):
            element.unwrap()
        else:
            element.decompose()
    hidden_words: list[str] = []
    for element in [e for e in elements_in(soup) if _is_invisible(e)]:
        if not element.decomposed:
            hidden_words.append(text.line(element.get_text(" ")))
            element.decompose()
    open_formulas(soup)
    return tuple(words for words in hidden_words if words)


def _is_invisible(element: Tag) -> bool:
    if element.name == "img" and is_file_icon(attributes_of(element)):
        return True
    if waits_for_consent(element) or (element.name == "img" and is_lazy(attributes_of(element))):
        return False  # a script shows it later
    return is_hidden(element) or is_clipped(element)


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
