"""Mends an article's pictures: each has its true address and its words, or its words stand for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from bs4 import BeautifulSoup
from bs4.element import Tag

from feedpub import address, text
from feedpub.collecting.normalize.markup import attributes_of, contains, elements_in
from feedpub.html.backgrounds import background_source
from feedpub.html.images import (
    Attributes,
    alt_text,
    blank_addresses,
    is_emoji,
    is_icon,
    is_lazy,
    is_pasted,
    is_tracker,
    picture_sources,
)

IMAGES = {"amp-img": "img", "amp-anim": "img", "image": "img", "nuxt-img": "img", "v-img": "img", "noscript-img": "img"}
MOST_SOURCES = 50  # of a picture; no editor writes as many
# What an item says where a picture is written into the page, and has no words.
ONLY_ON_PAGE = {
    "uk": "зображення — лише на сайті",
    "ru": "изображение — только на сайте",
    "en": "picture: only on the site",
    "de": "Bild: nur auf der Website",
    "es": "imagen: solo en el sitio web",
    "fr": "image : seulement sur le site",
    "it": "immagine: solo sul sito",
    "pl": "obraz: tylko na stronie",
}


def repair_pictures(soup: BeautifulSoup, base: str, language: str, beside: Collection[str] = ()) -> None:
    """Give every picture its true address and its words. Trackers go, and an emoji becomes a character again.

    Words in brackets stand for a picture that cannot be published. ``language`` is the page's, "" unknown.
    ``beside`` are the addresses of the pictures beside the text.
    """
    for element in elements_in(soup, IMAGES):
        element.name = IMAGES[element.name]
    images = elements_in(soup, {"img"})
    blanks = blank_addresses(map(attributes_of, images))
    sources = _sources_of_images(soup)
    missing = ONLY_ON_PAGE.get(language, ONLY_ON_PAGE["en"])
    for image in images:
        _repair_image(image, _true_address(image, base, sources, blanks), missing)
    if not beside and not any(not is_icon(attributes_of(i)) for i in elements_in(soup, {"img"})):
        _show_backgrounds(soup, base)


def _repair_image(image: Tag, url: str | None, missing: str) -> None:
    attributes = attributes_of(image)
    words = attributes.get("alt") or attributes.get("title") or attributes.get("aria-label") or ""
    alt = text.line(words)
    if is_emoji(attributes, alt):
        image.replace_with(alt)
    elif is_tracker(attributes):
        image.decompose()
    elif url:
        image["src"], image["alt"] = url, alt_text(alt, url)
    else:
        image.replace_with(_words_in_place(image, alt_text(alt, ""), missing))


def _words_in_place(image: Tag, alt: str, missing: str) -> str:
    """Return the words that stand for a picture without an address; "" for a sign or a placeholder without words."""
    attributes = attributes_of(image)
    if is_icon(attributes):
        return ""
    words = alt or (missing if is_pasted(attributes) else "")
    return f"[{words}]" if words else ""


def _true_address(
    image: Tag, base: str, sources: Mapping[int, Sequence[Attributes]], blanks: Collection[str] = ()
) -> str | None:
    """Return the absolute address of a picture; None where it has none that can be published."""
    found = picture_sources(attributes_of(image), sources.get(id(image), ()), blanks)
    return next(filter(None, (address.absolute(base, s) for s in found)), None)


def _sources_of_images(soup: BeautifulSoup) -> dict[int, list[Attributes]]:
    """Return what the ``source`` elements of a ``picture`` say, for the id of each image in one."""
    sources: dict[int, list[Attributes]] = {}
    for picture in elements_in(soup, {"picture"}):
        said: list[Attributes] = [attributes_of(s) for s in elements_in(picture, {"source"})[:MOST_SOURCES]]
        sources |= {id(image): said for image in elements_in(picture, {"img"})}
    return sources


# ------------------------------------------------------------ without scripts


def open_noscripts(soup: BeautifulSoup, base: str, players: Collection[str]) -> None:
    """Keep the pictures and players that are only in a ``noscript``; take out those that are beside it as well.

    ``players`` are the names of elements that play something.
    """
    noscripts = elements_in(soup, {"noscript"})
    if not noscripts:
        return
    inside = {id(i) for noscript in noscripts for i in elements_in(noscript, {"img"})}
    images = [i for i in elements_in(soup, {"img"}) if id(i) not in inside]
    sources = _sources_of_images(soup)
    shown = {address.file_key(url) for i in images if (url := _true_address(i, base, sources))}
    for noscript in noscripts:
        pictures = elements_in(noscript, {"img"})
        beside = _image_beside(noscript)
        is_late = beside is not None and is_lazy(attributes_of(beside))
        if pictures and not is_late and not all(_is_shown(i, base, shown) for i in pictures):
            if beside is not None and _true_address(beside, base, sources) is None:
                _give_way(beside, pictures[0])
            noscript.unwrap()
        elif not contains(noscript, players):  # those are judged with the players outside
            noscript.decompose()


def _image_beside(noscript: Tag) -> Tag | None:
    """Return the picture right before a ``noscript``, or else right after it; None where other things are there."""
    for siblings in (noscript.previous_siblings, noscript.next_siblings):
        elements = (s for s in siblings if isinstance(s, Tag) or str(s).strip())
        nearest = next(elements, None)
        if isinstance(nearest, Tag) and nearest.name == "img":
            return nearest
    return None


def _is_shown(image: Tag, base: str, shown: Collection[str]) -> bool:
    url = _true_address(image, base, {})
    return url is not None and address.file_key(url) in shown


def _give_way(placeholder: Tag, picture: Tag) -> None:
    """Take out the placeholder of a picture, which gets its words if it has none."""
    if not picture.get("alt") and placeholder.get("alt"):
        picture["alt"] = placeholder["alt"]
    placeholder.decompose()


# ------------------------------------------------------------ backgrounds


def _show_backgrounds(soup: BeautifulSoup, base: str) -> None:
    """Show the photographs that are the background of an empty box, in a text without any other picture."""
    shown: set[str] = set()
    for element in elements_in(soup):
        source = None if element.name in ("img", "source") else background_source(attributes_of(element))
        url = address.absolute(base, source) if source else None
        is_empty = url and not text.line(element.get_text()) and not contains(element, {"img"})
        if url and is_empty and url not in shown:
            shown.add(url)
            words = str(element.get("aria-label") or element.get("title") or "")
            element.append(soup.new_tag("img", attrs={"src": url, "alt": alt_text(words, url)}))
