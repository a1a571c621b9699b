"""What editors, Word and scripts left in an article's HTML, mended on the tree."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from feedpub import address
from feedpub.normalize import text
from feedpub.normalize.markup import BLOCKS, BOXES, INLINE, MEANINGLESS, NUMERIC, RENAMED, TAGS, is_inline

GONE = (  # with everything in them
    "script", "style", "template", "canvas", "head", "title", "meta", "link", "base",
    "input", "button", "select", "textarea", "option", "datalist", "progress", "meter", "dialog",
)  # fmt: skip
SWALLOWING = ("svg", "math", "xml", "map")  # gone too, unless one that was never closed has swallowed what follows
EMBEDDED = ("iframe", "object", "embed", "video", "audio")
LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-srcset", "data-lazy-srcset")
HIDDEN = re.compile(r"(?<![\w-])(display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
EMOJI = re.compile("[\u00a9\u00ae\u203c-\u3299\ufe0f\u200d\U0001f000-\U0001faff\U000e0020-\U000e007f#*0-9\u20e3]{1,12}")
STOCK_NAME = re.compile(r"(?:img|dsc|dscn|image|photo|viber|telegram)?[\W_\d]*", re.IGNORECASE)
YOUTUBE = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+)")


def repair(soup: BeautifulSoup, base: str) -> None:
    """Mends the tree in place. ``base`` is the page's address; what it gives is absolute, clean and inline or block."""
    _remove_unseen(soup)
    _repair_images(soup, base)
    _link_embedded(soup, base)
    _repair_links(soup, base)
    _clean_attributes(soup)
    _open_boxes(soup)
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
    for string in soup.find_all(string=lambda s: isinstance(s, PreformattedString)):
        string.extract()
    for element in soup.find_all(GONE):
        element.decompose()
    for element in soup.find_all(SWALLOWING):
        element.unwrap() if element.find(BLOCKS) else element.decompose()
    for element in [*soup.find_all(style=HIDDEN), *soup.find_all(hidden=True), *soup.select("img.file-icon")]:
        element.decompose()
    for element in soup.find_all("noscript"):  # what it repeats is repaired in its place; what is only there stays
        image = element.find("img")
        if image and not _is_repeated(element):
            element.unwrap()
        else:
            element.decompose()


def _is_repeated(noscript: Tag) -> bool:
    """Whether a lazy image beside it, on either side, stands for the one in it."""
    scope = noscript.parent or noscript
    return any(any(i.get(a) for a in LAZY) for i in scope.find_all("img") if i.find_parent("noscript") is None)


# ------------------------------------------------------------ images


def _repair_images(soup: BeautifulSoup, base: str) -> None:
    for image in soup.find_all("img"):
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
    return all(s.isdigit() and int(s) <= pixels for s in sizes)


# ------------------------------------------------------------ players and links


def _link_embedded(soup: BeautifulSoup, base: str) -> None:
    """Players become links, as readers show none; the words of the link are the place where it leads."""
    for element in soup.find_all(EMBEDDED):
        url = address.absolute(base, _played(element)) if _played(element) else None
        if url is None or url.endswith(".swf"):
            element.unwrap() if text.line(element.get_text()) or element.find(EMBEDDED) else element.decompose()
            continue
        found = YOUTUBE.match(url)
        link = soup.new_tag("a", href=f"https://www.youtube.com/watch?v={found[1]}" if found else url)
        name = unquote(url).rpartition("/")[2]
        is_file = element.name in ("video", "audio", "object") and name
        link.string = text.line(element.get_text()) or (name if is_file else address.host(url))
        element.replace_with(link)


def _played(element: Tag) -> str:
    """The address of what is embedded; "" where the element names none."""
    inner = element.find("source")
    candidates = [element.get(a) for a in ("src", *LAZY, "data")]
    candidates += [inner.get("src")] if isinstance(inner, Tag) else []
    return next((str(c) for c in candidates if c and not str(c).startswith(("about:", "data:"))), "")


def _repair_links(soup: BeautifulSoup, base: str) -> None:
    for anchor in soup.find_all("a"):
        href = str(anchor.get("href", "")).strip()
        scheme, _, rest = href.partition(":")
        if scheme.lower() in ("mailto", "tel"):
            url: str | None = f"{scheme.lower()}:{quote(text.line(rest), safe='@:/?&=+,;%()-._~!*')}"
        else:
            url = address.absolute(base, href) if href else None
        if url is None or not (text.line(anchor.get_text()) or anchor.find("img")):
            anchor.unwrap()
        else:
            anchor["href"] = url


# ------------------------------------------------------------ shape and strings


def _clean_attributes(soup: BeautifulSoup) -> None:
    for element in soup.find_all(True):
        for name in NUMERIC & element.attrs.keys():
            if not re.fullmatch(r"\d{1,5}%?", str(element[name])):
                del element[name]
        if element.name == "ol" and str(element.get("type", "1")) not in "1aAiI":
            del element["type"]
        if element.has_attr("title"):
            element["title"] = text.line(str(element["title"]))


def _open_boxes(soup: BeautifulSoup) -> None:
    """Every element is inline or a block that is kept: what is unknown is inline, as in a browser; a box that
    stands in a block becomes a line of it; a link around boxes goes into each of them."""
    for element in soup.find_all(True):
        element.name = RENAMED.get(element.name, element.name)
        if element.name in MEANINGLESS or element.name not in TAGS | INLINE | BOXES:
            element.unwrap()
    for anchor in soup.find_all("a"):
        if not is_inline(anchor):
            for leaf in anchor.find_all(lambda inner: inner.name not in INLINE and is_inline(inner)):
                link = soup.new_tag("a", attrs={k: str(v) for k, v in anchor.attrs.items()})
                link.extend(list(leaf.contents))
                leaf.append(link)
            anchor.unwrap()
    for block in soup.find_all(BLOCKS):
        for box in reversed(block.find_all(BOXES)):
            holds_paragraphs = box.parent and box.parent.name in {
                *BOXES,
                "td",
                "th",
                "li",
                "dd",
                "blockquote",
                "figure",
            }
            if holds_paragraphs and is_inline(box):
                box.name = "p"
            else:
                box.insert_before(soup.new_tag("br"))
                box.insert_after(soup.new_tag("br"))
                box.unwrap()


def _clean_strings(soup: BeautifulSoup) -> None:
    soup.smooth()  # so that spaces which met where elements were taken out are one run
    for string in soup.find_all(string=True):
        if text.is_stored_name(string):
            string.replace_with(NavigableString(""))
            continue
        preformatted = string.find_parent("pre") is not None
        cleaned = text.characters(string) if preformatted else text.flow(string)
        if cleaned != string:
            string.replace_with(NavigableString(cleaned))
