"""An article's HTML as found → its blocks: clean, safe, the same words.

Repair comes first (lazy images, Word's leftovers, emoji that are images,
embedded videos), on a tree; the allow-list comes last, in nh3, so that nothing
a repair did can bring back what is not allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

import nh3
from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from feedpub import address
from feedpub.model import Picture
from feedpub.normalize import text

INLINE = {
    "a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "img", "ins", "kbd", "mark", "q", "s", "samp", "small",
    "strike", "strong", "sub", "sup", "u", "var", "wbr", "span", "font", "big", "tt", "label", "bdi", "bdo", "time",
}  # fmt: skip
BLOCKS = {
    "p", "ul", "ol", "dl", "table", "blockquote", "pre", "h2", "h3", "h4", "h5", "h6", "hr", "figure", "address",
}  # fmt: skip
STRUCTURES = {"table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl"}  # white space in them is nobody's
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
MEANINGLESS = {"span", "font", "big", "tt", "label", "bdi", "bdo", "time", "wbr", "strike"}  # their words stay
TAGS = (
    INLINE - MEANINGLESS
    | BLOCKS
    | {"li", "dt", "dd", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figcaption"}
)
GONE = (  # with everything in them
    "script", "style", "template", "canvas", "map", "head", "title", "meta", "link", "base",
    "input", "button", "select", "textarea", "option", "datalist", "progress", "meter", "dialog", "xml",
)  # fmt: skip
EMBEDDED = ("iframe", "object", "embed", "video", "audio")
SCHEMES = {"http", "https", "mailto", "tel"}
LAZY = ("data-src", "data-original", "data-lazy-src", "data-lazy")
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
EMOJI = re.compile("[\u00a9\u00ae\u203c-\u3299\ufe0f\u200d\U0001f000-\U0001faff\U000e0020-\U000e007f#*0-9\u20e3]{1,12}")
# "П'ятниця, 11 July, 2025": the day on which the page was asked for, no part of any text.
CLOCK = re.compile(r"(понеділок|вівторок|середа|четвер|п.ятниця|субота|неділя),? \d{1,2} \w+,? \d{4}( року)?", re.I)
# The clause on republishing, as Ukrainian sites word it; its hyperlink comes back in every item, in our words.
TERMS = re.compile(r"(копіюван|передрук|використан|відтворен)\w*\b.*\bгіперпосилан", re.I | re.S)
STOCK_NAME = re.compile(r"(?:img|dsc|dscn|image|photo|viber|telegram)?[\W_\d]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Body:
    blocks: tuple[str, ...]  # HTML, one top-level element each
    text: str  # one line a block
    pictures: tuple[Picture, ...]
    links: tuple[str, ...]  # where its links lead


def clean(raw: str, base: str) -> Body:
    """The body's blocks, text and pictures. ``base`` is the page's address."""
    soup = BeautifulSoup(raw, "lxml")
    _remove_unseen(soup)
    _repair_images(soup, base)
    _link_embedded(soup, base)
    _repair_links(soup, base)
    _clean_strings(soup)
    blocks, lines, pictures, links = [], [], [], []
    for block in _blocks(soup):
        words = _words(block)
        if not (words or block.find("img") or block.name == "hr") or _is_furniture(words):
            continue
        safe = nh3.clean(str(block), tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None).strip()
        if safe:
            blocks.append(safe)
            lines.append(words)
            pictures += [Picture(str(i["src"]), str(i.get("alt", ""))) for i in block.find_all("img")]
            links += [str(a["href"]) for a in block.find_all("a", href=True)]
    while blocks and blocks[-1] == "<hr>":
        blocks.pop()
    return Body(tuple(blocks), "\n".join(w for w in lines if w), tuple(pictures), tuple(links))


def alt_text(alt: str, url: str) -> str:
    """The words that stand for a picture; "" where the CMS put a file's name there."""
    words = text.line(alt)
    name = unquote(url).rpartition("/")[2].partition("?")[0]
    stem = name.rpartition(".")[0]
    if text.is_token(words) or words in (name, stem) or STOCK_NAME.fullmatch(words):
        return ""
    return words


# ------------------------------------------------------------ repairs, each on the whole tree


def _remove_unseen(soup: BeautifulSoup) -> None:
    """Out with what no reader of the page sees: scripts, comments (Word's conditional ones too), hidden parts."""
    for string in soup.find_all(string=lambda s: isinstance(s, PreformattedString)):
        string.extract()
    for element in soup.find_all(GONE):
        element.decompose()
    for element in soup.find_all(("svg", "math")):  # one that was never closed has swallowed what follows it
        element.unwrap() if element.find(BLOCKS) else element.decompose()
    for element in soup.find_all(style=HIDDEN):
        element.decompose()
    for element in soup.find_all("noscript"):  # what it repeats is repaired in its place; what is only there stays
        image = element.find("img")
        if image and not _is_repeated(element, str(image.get("src", ""))):
            element.unwrap()
        else:
            element.decompose()


def _is_repeated(noscript: Tag, src: str) -> bool:
    lazy = noscript.find_previous_sibling("img")
    return not src or (isinstance(lazy, Tag) and any(lazy.get(a) for a in (*LAZY, "data-srcset", "srcset")))


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
    """Where the picture really is; "" for none. Lazy images hold a placeholder in src."""
    for name in (*LAZY, "data-srcset", "src", "srcset"):
        value = str(image.get(name, "")).strip()
        if name.endswith("srcset"):
            value = value.split(",")[-1].strip().partition(" ")[0]
        if value and not value.startswith("data:") and re.search(r"[./]", value):
            return value
    return "data:"


def _is_tiny(image: Tag, pixels: int) -> bool:
    sizes = [str(image.get(a, "")).removesuffix("px") for a in ("width", "height")]
    return all(s.isdigit() and int(s) <= pixels for s in sizes)


def _link_embedded(soup: BeautifulSoup, base: str) -> None:
    """Players become links, as readers show none; the words of the link are the place where it leads."""
    for element in soup.find_all(EMBEDDED):
        source = element.find("source")
        src = element.get("src") or element.get("data") or (source.get("src") if isinstance(source, Tag) else "")
        url = _watched(address.absolute(base, str(src or "")))
        if url is None or url.endswith(".swf"):
            element.decompose()
            continue
        link = soup.new_tag("a", href=url)
        name = unquote(url).rpartition("/")[2]
        link.string = name if element.name in ("video", "audio") and name else address.host(url)
        element.replace_with(link)


def _watched(url: str | None) -> str | None:
    """The page of a video rather than its player."""
    found = re.match(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+)", url or "")
    return f"https://www.youtube.com/watch?v={found[1]}" if found else url


def _repair_links(soup: BeautifulSoup, base: str) -> None:
    for anchor in soup.find_all("a"):
        href = str(anchor.get("href", "")).strip()
        scheme = href.partition(":")[0].lower()
        url = href if scheme in ("mailto", "tel") else address.absolute(base, href) if href else None
        if url is None or not (text.line(anchor.get_text()) or anchor.find("img")):
            anchor.unwrap()
        else:
            anchor["href"] = "".join(text.characters(url).split())


def _clean_strings(soup: BeautifulSoup) -> None:
    for element in soup.find_all(MEANINGLESS):
        element.unwrap()
    soup.smooth()  # so that spaces which met across those are one run
    for string in soup.find_all(string=True):
        preformatted = string.find_parent("pre") is not None
        cleaned = text.characters(string) if preformatted else text.flow(string)
        if cleaned != string:
            string.replace_with(NavigableString(cleaned))
    for element in soup.find_all(title=True):
        element["title"] = text.line(str(element["title"]))


# ------------------------------------------------------------ blocks


def _blocks(soup: BeautifulSoup) -> Iterator[Tag]:
    """The tree, flat: one element a block, loose text gathered into paragraphs."""
    root = soup.body or soup
    yield from _paragraphs(soup, _split(soup, root))


def _split(soup: BeautifulSoup, node: Tag) -> Iterator[Tag | NavigableString]:
    """Blocks and loose inline nodes, in order; containers such as div and center are opened."""
    for child in list(node.children):
        if not isinstance(child, Tag):
            if isinstance(child, NavigableString):
                yield child
        elif child.name == "h1":
            child.name = "h2"  # the item's title is the only heading of the first level
            yield child
        elif child.name == "p" and child.find(BLOCKS | {"div"}) is None:
            yield soup.new_tag("hr", attrs={"data-boundary": ""})
            yield from list(child.children)  # type: ignore[misc]  # page elements; comments are gone
            yield soup.new_tag("hr", attrs={"data-boundary": ""})
        elif child.name in BLOCKS - {"p"} or (child.name in INLINE and child.find(BLOCKS | {"div"}) is None):
            yield child
        else:
            yield soup.new_tag("hr", attrs={"data-boundary": ""})
            yield from _split(soup, child)
            yield soup.new_tag("hr", attrs={"data-boundary": ""})


def _paragraphs(soup: BeautifulSoup, nodes: Iterable[Tag | NavigableString]) -> Iterator[Tag]:
    """Runs of inline nodes as paragraphs; two line breaks in a row part them, as their writer meant."""
    run: list[Tag | NavigableString] = []
    for node in [*nodes, None]:
        if node is not None and (not isinstance(node, Tag) or node.name in INLINE):
            run.append(node)
            continue
        for part in _between_breaks(run):
            paragraph = soup.new_tag("p")
            paragraph.extend(part)
            yield _trimmed(paragraph)
        run = []
        if node is not None and not node.has_attr("data-boundary"):
            yield _trimmed(node)


def _between_breaks(run: list[Tag | NavigableString]) -> Iterator[list[Tag | NavigableString]]:
    part: list[Tag | NavigableString] = []
    breaks = 0
    for node in run:
        if isinstance(node, Tag) and node.name == "br":
            breaks += 1
        elif isinstance(node, Tag) or node.strip():
            if breaks > 1:
                yield part
                part = []
            breaks = 0
        part.append(node)
    if part:
        yield part


def _trimmed(block: Tag) -> Tag:
    """The block without empty elements in it, and without breaks and spaces at its ends."""
    for element in reversed(block.find_all(True)):
        if element.name not in TAGS:
            element.unwrap()  # here and not in nh3, which loses what stands in some elements of MathML
            continue
        is_void = element.name in ("img", "br", "hr", "td", "th")
        if not is_void and not element.find(("img", "hr", "br")) and not text.line(element.get_text()):
            element.unwrap()
    for element in (block, *block.find_all(STRUCTURES)):
        for string in element.find_all(string=True, recursive=False) if element.name in STRUCTURES else ():
            if not string.strip():
                string.extract()
    for end in (0, -1):
        while block.contents and block.name != "pre":
            edge = block.contents[end]
            if isinstance(edge, Tag) and edge.name == "br":
                edge.decompose()
            elif isinstance(edge, NavigableString) and not edge.strip():
                edge.extract()
            elif isinstance(edge, NavigableString):
                edge.replace_with(NavigableString(edge.rstrip() if end else edge.lstrip()))
                break
            else:
                break
    return block


def _words(block: Tag) -> str:
    """The block's text on one line; what stands in cells, items and lines of their own is kept apart."""
    parts: list[str] = []
    for node in block.descendants:
        if isinstance(node, NavigableString):
            parts.append(str(node))
        elif isinstance(node, Tag) and node.name not in INLINE - {"br"}:
            parts.append(" ")
    return text.line("".join(parts))


def _is_furniture(words: str) -> bool:
    """Whether the block belongs to the page rather than to the article."""
    return text.is_token(words) or bool(CLOCK.fullmatch(words) or TERMS.search(words))
