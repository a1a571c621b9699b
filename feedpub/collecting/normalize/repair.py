"""Mends on the tree what editors, Word and scripts left in an article's HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

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
from feedpub.collecting.normalize.shape import reshape
from feedpub.html.images import LAZY, alt_text, is_emoji, is_file_icon, is_lazy, is_tracker, picture_source

GONE = (  # with everything in them
    "script", "style", "template", "canvas", "head", "title", "meta", "link", "base",
    "input", "button", "select", "textarea", "option", "datalist", "progress", "meter", "dialog",
)  # fmt: skip
SWALLOWING = ("svg", "math", "xml", "map")  # gone too, unless one that was never closed has swallowed what follows
EMBEDDED = ("iframe", "object", "embed", "video", "audio")
NAMED_AFTER_FILE = ("video", "audio", "object")  # the link to one is named after its file, to others after the host
HIDDEN = re.compile(  # the last two are for those who listen to the page: "opens a new tab"
    r"(?<![\w-])(display\s*:\s*none|visibility\s*:\s*hidden"
    r"|clip\s*:\s*rect\((?:\s*[01](?:px)?\s*,?){4}\)|clip-path\s*:\s*inset\(\s*(?:50|100)%\s*\))",
    re.IGNORECASE,
)
YOUTUBE = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+)")


def repair(soup: BeautifulSoup, base: str, pictures: Iterable[str] = ()) -> None:
    """Mend the tree in place: afterwards its addresses are absolute, its elements clean, and inline or block.

    ``base`` is the page's address. ``pictures`` are the addresses of those beside the text.
    """
    _remove_unseen(soup)
    _repair_images(soup, base)
    _link_embedded(soup, base)
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
    _open_noscripts(soup)


def _is_invisible(element: Tag) -> bool:
    if element.name == "img" and is_file_icon(attributes_of(element)):
        return True
    if element.has_attr("hidden"):
        return True
    return HIDDEN.search(str(element.get("style") or "")) is not None


def _open_noscripts(soup: BeautifulSoup) -> None:
    """Keep the pictures that are only in a ``noscript``; take out those that repeat one that a script is to load."""
    images = elements_in(soup, {"img"})
    lazy = [image for image in images if is_lazy(attributes_of(image))]
    with_lazy = {id(image.parent) for image in lazy if not is_within(image, {"noscript"})}
    for noscript in elements_in(soup, {"noscript"}):
        if contains(noscript, {"img"}) and id(noscript.parent) not in with_lazy:
            noscript.unwrap()
        else:
            noscript.decompose()


# ------------------------------------------------------------ pictures


def _repair_images(soup: BeautifulSoup, base: str) -> None:
    """Give every picture its true address and its words. Trackers go, and an emoji becomes a character again."""
    for image in elements_in(soup, {"img"}):
        attributes = attributes_of(image)
        words = attributes.get("alt") or attributes.get("title") or ""
        alt = text.line(words)
        source = picture_source(attributes)
        url = address.absolute(base, source) if source else None
        if is_emoji(attributes, alt):
            image.replace_with(alt)
        elif url is None or is_tracker(attributes):
            image.decompose()
        else:
            image["src"], image["alt"] = url, alt_text(alt, url)


def _show_originals(soup: BeautifulSoup, pictures: Iterable[str]) -> None:
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


# ------------------------------------------------------------ players


def _link_embedded(soup: BeautifulSoup, base: str) -> None:
    """Make links of players, which readers do not show. The link's words are the place to which it leads."""
    replaced: set[int] = set()  # ids of players inside those that are links now
    for element in elements_in(soup, EMBEDDED):
        if id(element) in replaced:
            continue
        source = _player_source(element)
        url = address.absolute(base, source) if source else None
        if url and not url.endswith(".swf"):
            _replace_with_link(soup, element, url)
            replaced.update(map(id, elements_in(element, EMBEDDED)))
        elif text.line(element.get_text()) or contains(element, EMBEDDED):
            element.unwrap()
        else:
            element.decompose()


def _replace_with_link(soup: BeautifulSoup, player: Tag, url: str) -> None:
    """Put a link on a line of its own, as the player was."""
    video = YOUTUBE.match(url)
    href = f"https://www.youtube.com/watch?v={video[1]}" if video else url
    link = soup.new_tag("a", href=href)
    link.string = text.line(player.get_text()) or _player_name(player, url)
    player.insert_before(soup.new_tag("br"))
    player.insert_after(soup.new_tag("br"))
    player.replace_with(link)


def _player_name(player: Tag, url: str) -> str:
    """Return the name of the file that is played, or else the host that has it."""
    host = address.host(url)
    if player.name not in NAMED_AFTER_FILE:
        return host
    return unquote(url).rpartition("/")[2] or host


def _player_source(element: Tag) -> str:
    """Return the address of what is embedded; "" where the element names none."""
    attributes = attributes_of(element)
    sources = [attributes.get(name, "") for name in ("src", *LAZY, "data")]
    inner = element.find("source")
    if isinstance(inner, Tag):
        sources.append(str(inner.get("src") or ""))
    addresses = (s for s in sources if not s.startswith(("about:", "data:")))
    return next(filter(None, addresses), "")


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
