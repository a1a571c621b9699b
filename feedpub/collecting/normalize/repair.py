"""What editors, Word and scripts left in an article's HTML, mended on the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from feedpub import address, text
from feedpub.collecting.normalize.markup import BLOCKS, NUMERIC, elements, holds, is_within, strings
from feedpub.collecting.normalize.shape import shape

GONE = (  # with everything in them
    "script", "style", "template", "canvas", "head", "title", "meta", "link", "base",
    "input", "button", "select", "textarea", "option", "datalist", "progress", "meter", "dialog",
)  # fmt: skip
SWALLOWING = ("svg", "math", "xml", "map")  # gone too, unless one that was never closed has swallowed what follows
EMBEDDED = ("iframe", "object", "embed", "video", "audio")
LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-srcset", "data-lazy-srcset")
HIDDEN = re.compile(r"(?<![\w-])(display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
FILE_ICON = re.compile(r"(?<!\S)file-icon(?!\S)")
EMOJI = re.compile("[\u00a9\u00ae\u203c-\u3299\ufe0f\u200d\U0001f000-\U0001faff\U000e0020-\U000e007f#*0-9\u20e3]{1,12}")
STOCK_NAME = re.compile(
    r"(?:img|dsc|dscn|image|photo|viber|telegram)?[\W_\d]*|[\w .()-]+\.(?:jpe?g|png|gif|webp|bmp)", re.IGNORECASE
)
YOUTUBE = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+)")


def repair(soup: BeautifulSoup, base: str, pictures: Iterable[str] = ()) -> None:
    """Mends the tree in place. ``base`` is the page's address; what it gives is absolute, clean and inline or block.

    ``pictures`` are the addresses of those that stand beside it.
    """
    _remove_unseen(soup)
    _repair_images(soup, base)
    _link_embedded(soup, base)
    _repair_links(soup, base)
    _show_originals(soup, pictures)
    _clean_attributes(soup)
    shape(soup)
    _clean_strings(soup)


def alt_text(alt: str, url: str) -> str:
    """The words that stand for a picture; "" where the CMS put a file's name there."""
    words = text.line(alt)
    name = unquote(url).rpartition("/")[2].partition("?")[0]
    if text.is_token(words) or words in (name, name.rpartition(".")[0]) or STOCK_NAME.fullmatch(words):
        return ""
    return words


def _remove_unseen(soup: BeautifulSoup) -> None:
    """Out with what no reader of the page sees: scripts, comments (Word's conditional ones too), hidden parts."""
    for string in strings(soup):
        if isinstance(string, PreformattedString):
            string.extract()
    for element in elements(soup, GONE):
        element.decompose()
    for element in elements(soup, SWALLOWING):
        element.unwrap() if holds(element, BLOCKS) else element.decompose()
    for element in [e for e in elements(soup) if _is_hidden(e)]:
        element.decompose()
    lazy = [i for i in elements(soup, {"img"}) if any(i.get(a) for a in LAZY) and not is_within(i, {"noscript"})]
    replaced = {id(i.parent) for i in lazy}
    for element in elements(soup, {"noscript"}):  # what it repeats is repaired in its place; what is only there stays
        if holds(element, {"img"}) and id(element.parent) not in replaced:
            element.unwrap()
        else:
            element.decompose()


def _is_hidden(element: Tag) -> bool:
    is_icon = element.name == "img" and FILE_ICON.search(str(element.get("class") or "")) is not None
    return is_icon or element.has_attr("hidden") or bool(HIDDEN.search(str(element.get("style") or "")))


# ------------------------------------------------------------ images


def _repair_images(soup: BeautifulSoup, base: str) -> None:
    for image in elements(soup, {"img"}):
        alt = text.line(str(image.get("alt") or image.get("title") or ""))
        url = address.absolute(base, _source(image))
        if alt and EMOJI.fullmatch(alt) and ("emoji" in str(image.get("src")) or _is_tiny(image, 32)):
            image.replace_with(alt)
        elif url is None or _is_tiny(image, 3):  # trackers
            image.decompose()
        else:
            image["src"], image["alt"] = url, alt_text(alt, url)


def _source(image: Tag) -> str:
    """Where the picture really is; "data:" for nowhere. Lazy images hold a placeholder in src."""
    for name in (*LAZY, "src", "srcset"):
        value = str(image.get(name, "")).strip()
        if name.endswith("srcset"):
            value = value.split(",")[-1].strip().partition(" ")[0]
        if value and not value.startswith("data:") and re.search(r"[./]", value):
            return value
    return "data:"


def _is_tiny(image: Tag, pixels: int) -> bool:
    sizes = [str(image.get(a, "")).removesuffix("px") for a in ("width", "height")]
    return all((n := text.number(s)) is not None and n <= pixels for s in sizes)


# ------------------------------------------------------------ players and links


def _link_embedded(soup: BeautifulSoup, base: str) -> None:
    """Players become links, as readers show none; the words of the link are the place where it leads."""
    replaced: set[int] = set()  # with what they stand in
    for element in elements(soup, EMBEDDED):
        if id(element) in replaced:
            continue
        url = address.absolute(base, _played(element)) if _played(element) else None
        if url is None or url.endswith(".swf"):
            element.unwrap() if text.line(element.get_text()) or holds(element, EMBEDDED) else element.decompose()
            continue
        found = YOUTUBE.match(url)
        link = soup.new_tag("a", href=f"https://www.youtube.com/watch?v={found[1]}" if found else url)
        name = unquote(url).rpartition("/")[2]
        is_file = element.name in ("video", "audio", "object") and name
        link.string = text.line(element.get_text()) or (name if is_file else address.host(url))
        element.insert_before(soup.new_tag("br"))  # a line of its own, as the player was
        element.insert_after(soup.new_tag("br"))
        element.replace_with(link)
        replaced.update(map(id, elements(element, EMBEDDED)))


def _played(element: Tag) -> str:
    """The address of what is embedded; "" where the element names none."""
    inner = element.find("source")
    candidates = [element.get(a) for a in ("src", *LAZY, "data")]
    candidates += [inner.get("src")] if isinstance(inner, Tag) else []
    return next((str(c) for c in candidates if c and not str(c).startswith(("about:", "data:"))), "")


def _repair_links(soup: BeautifulSoup, base: str) -> None:
    for anchor in elements(soup, {"a"}):
        href = str(anchor.get("href", "")).strip()
        scheme, _, rest = href.partition(":")
        url: str | None
        if scheme.lower() == "mailto":
            url = f"mailto:{quote(text.line(rest), safe='@:/?&=+,;%()-._~!*')}"
        elif scheme.lower() == "tel":
            url = f"tel:{re.sub(r'[^+*#0-9]', '', rest)}"
        else:
            url = address.absolute(base, href) if href else None
        if url and "#" in url and address.without_fragment(url) == address.without_fragment(base):
            url = None  # to a place on the page, which the item does not have
        if url is None or not (text.line(anchor.get_text()) or holds(anchor, {"img"})):
            anchor.unwrap()
        else:
            anchor["href"] = url


def _show_originals(soup: BeautifulSoup, pictures: Iterable[str]) -> None:
    """A picture of which the page names the original as well, beside it or by a link, is that."""
    images = [i for i in elements(soup, {"img"}) if address.is_derivative(str(i["src"]))]
    if not images:
        return
    linked = (str(a["href"]) for a in elements(soup, {"a"}) if a.has_attr("href") and holds(a, {"img"}))
    named = address.originals((*pictures, *linked))
    for image in images:
        image["src"] = named.get(address.file_key(str(image["src"])), image["src"])


# ------------------------------------------------------------ shape and strings


def _clean_attributes(soup: BeautifulSoup) -> None:
    for element in elements(soup):
        for name in NUMERIC & element.attrs.keys():
            if not re.fullmatch(r"\d{1,5}%?", str(element[name])):
                del element[name]
        if element.name == "ol" and str(element.get("type", "1")) not in "1aAiI":
            del element["type"]
        if element.has_attr("title"):
            element["title"] = text.line(str(element["title"]))


def _clean_strings(soup: BeautifulSoup) -> None:
    soup.smooth()  # so that spaces which met where elements were taken out are one run
    has_pre = holds(soup, {"pre"})
    for string in strings(soup):
        if text.is_stored_name(string):
            string.replace_with(NavigableString(""))
            continue
        preformatted = has_pre and is_within(string, {"pre"})
        cleaned = text.characters(string) if preformatted else text.flow(string)
        if cleaned != string:
            string.replace_with(NavigableString(cleaned))
