"""What a page says by styles, scripts and image maps, said by elements: readers of feeds know no other way."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from feedpub import address, text
from feedpub.collecting.normalize.mail import show_mail
from feedpub.collecting.normalize.markup import BLOCKS, attributes_of, contains, elements_in, strings_in

STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
LINES_COUNT = re.compile(r"white-space\s*:\s*(?:pre|pre-line|pre-wrap|break-spaces)\b", re.IGNORECASE)
LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:([^;]*)", re.IGNORECASE)
NUMBERING = {  # of points: as styles name it, and as an attribute does
    "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i",
    "upper-roman": "I", "decimal": "1",
}  # fmt: skip
STRIKING = ("s", "del", "strike")
FRAMED = ("img", "iframe", "video", "audio", "object", "embed", "a", "svg", "table")  # that show something themselves


def say_plainly(soup: BeautifulSoup) -> None:
    """Put elements in place of what styles, scripts and image maps say. To be done before these are taken out."""
    struck: set[int] = set()  # the identities of elements, and of all in them
    for element in elements_in(soup):
        style = str(element.get("style") or "")
        if id(element.parent) in struck or element.name in STRIKING:
            struck.add(id(element))
        elif STRUCK.search(style):
            struck.add(id(element))
            _strike_out(soup, element)
        if LINES_COUNT.search(style) and element.name != "pre":
            _break_lines(soup, element)
        if element.name == "ol":
            _number(element)
    show_mail(soup)
    _open_maps(soup)
    _link_documents(soup)


def _strike_out(soup: BeautifulSoup, element: Tag) -> None:
    """Strike through the words of an element, which its style does: a day that was cancelled."""
    if element.name not in BLOCKS and not contains(element, BLOCKS):
        element.wrap(soup.new_tag("s"))
        return
    for string in strings_in(element):
        if string.strip():
            string.wrap(soup.new_tag("s"))


def _number(points: Tag) -> None:
    """Let a list's points have the letters or numbers that its style gives them: a text may refer to point b)."""
    style = LIST_STYLE.search(str(points.get("style") or ""))
    named = style[1].lower().split() if style else []
    kinds = [NUMBERING[word] for word in named if word in NUMBERING]
    if kinds:
        points["type"] = kinds[-1]
    elif "none" in named:
        points.name = "ul"  # its points have no numbers, or have them in their words


def _break_lines(soup: BeautifulSoup, element: Tag) -> None:
    """End the lines of an element where its source does, as its style asks for."""
    for string in strings_in(element):
        lines = str(string).strip("\n").split("\n")
        if len(lines) < 2:
            continue
        pieces: list[NavigableString | Tag] = [NavigableString(lines[0])]
        for line in lines[1:]:
            pieces += [soup.new_tag("br"), NavigableString(line)]
        string.replace_with(*pieces)


# ------------------------------------------------------------ links without words


def _open_maps(soup: BeautifulSoup) -> None:
    """Make a list of the links of an image map, which have their words in ``alt``."""
    for area_map in elements_in(soup, {"map"}):
        links = soup.new_tag("ul")
        for area in area_map.find_all("area"):
            words = text.line(str(area.get("alt") or area.get("title") or ""))
            if words and area.get("href"):
                item, link = soup.new_tag("li"), soup.new_tag("a", href=str(area["href"]))
                link.string = words
                item.append(link)
                links.append(item)
            area.extract()
        if links.contents:
            area_map.insert_after(links)
        area_map.unwrap()


def _link_documents(soup: BeautifulSoup) -> None:
    """Link the document that a script would show in an empty element, by the name of its file."""
    for element in elements_in(soup):
        document = _document_in_data(element)
        if document and not contains(element, FRAMED) and not element.get_text(strip=True):
            link = soup.new_tag("a", href=document)
            link.string = text.line(document.partition("?")[0].rpartition("/")[2])
            element.append(link)


def _document_in_data(element: Tag) -> str | None:
    values = (value.strip() for name, value in attributes_of(element).items() if name.startswith("data-"))
    documents = (value for value in values if address.is_document(value) and not re.search(r"\s", value))
    return next(documents, None) if element.name not in FRAMED else None
