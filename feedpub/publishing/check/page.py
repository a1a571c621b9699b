"""The rules of pages: they lead to the feeds and the council, load nothing from elsewhere, and keep the terms."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from lxml import etree, html

from feedpub import kinds
from feedpub.content import Problem
from feedpub.publishing.check.markup import INVISIBLE, direction_rules, html_rules, is_absolute

LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9-]+)?")
FOREIGN = {"iframe", "frame", "object", "embed", "applet", "form", "base", "portal", "video", "audio", "svg", "math"}
RELATIVE = re.compile(r"(?:(?:\.\./)*(?:[a-z0-9][a-z0-9._-]*/)*(?:[a-z0-9][a-z0-9._-]*)?)?(?:#[a-z][a-z0-9]*)?")
OWN_PICTURE = re.compile(rf"(?:\.\./)*{kinds.PICTURES}[a-z2-7]{{{kinds.LETTERS_OF_CONTENT}}}\.jpg")
TEXT = etree.XPath("string()")
ENTRIES = etree.XPath("//*[contains(concat(' ', normalize-space(@class), ' '), ' h-entry ')]")
TEXTS = etree.XPath(
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' e-content ')"
    " or contains(concat(' ', normalize-space(@class), ' '), ' p-summary ')]"
)
JUDGED = {*FOREIGN, "script", "link", "img"}  # elements that have rules of their own
UNREADABLE = (UnicodeDecodeError, etree.ParserError, ValueError)
OTHER_SCHEMES = ("mailto:", "tel:")


def without_texts(data: bytes) -> bytes:
    """Return a page without the words of its items, as far as it can be read: titles, links and dates stay."""
    try:
        tree = _tree(data)
    except UNREADABLE:
        return data
    for text in TEXTS(tree):
        text.clear(keep_tail=True)
    return etree.tostring(tree, method="html", encoding="utf-8")


def _tree(data: bytes) -> Any:
    # etree's own parser: lxml.html's asks for a class of Python for each element.
    parser: Any = etree.HTMLParser(encoding=None)
    return html.document_fromstring(data.decode(), parser=parser)


def page_problems(data: bytes, block: int) -> Iterator[Problem]:
    """Yield the problems of a page for people."""
    try:
        tree = _tree(data)
    except UNREADABLE as error:
        yield Problem("the page", f"cannot be read: {error}")
        return
    for rule in (_page_language, _head, _feed_links, _words, _elements, _repeated_ids):
        yield from (Problem("the page", message) for message in rule(tree))
    for item in ENTRIES(tree):
        yield from _item_problems(item, block)


def _page_language(tree: Any) -> Iterator[str]:
    language = tree.get("lang")
    if not LANGUAGE.fullmatch(language or "") or language == "ua":
        yield f"names no language: {language!r}"


def _head(tree: Any) -> Iterator[str]:
    if not (tree.findtext(".//title") or "").strip():
        yield "has no title"
    metas = {str(m.get("name") or m.get("http-equiv")).lower(): m.get("content") or "" for m in tree.iter("meta")}
    if "viewport" not in metas:
        yield "does not fit a phone (no viewport)"
    if "default-src 'none'" not in metas.get("content-security-policy", ""):
        yield "has no policy that forbids what is not its own (Content-Security-Policy)"
    if "noindex" in metas.get("robots", "").lower():
        yield "hides from search engines (noindex), and the council's terms ask for links that are open to them"


def _feed_links(tree: Any) -> Iterator[str]:
    types = {k.bare_type for k in kinds.KINDS if k.is_feed or k is kinds.OUTLINE}
    alternates = [link for link in tree.iter("link") if "alternate" in (link.get("rel") or "")]
    feeds = [link for link in alternates if link.get("type") in types]
    if not feeds:
        yield "names no feed (rel=alternate)"
    for link in feeds:
        if not is_absolute(link.get("href") or "") or not (link.get("title") or "").strip():
            yield f"names a feed without absolute address or title: {link.get('href')}"


def _words(tree: Any) -> Iterator[str]:
    words = _text(tree)
    yield from direction_rules(words)
    invisible = INVISIBLE.search(words)
    if invisible:
        yield f"holds an invisible character, U+{ord(invisible[0]):04X}"


def _elements(tree: Any) -> Iterator[str]:
    for element in tree.iter(etree.Element):
        if element.tag in JUDGED:
            yield from _element(element)
        for name, value in element.attrib.items():
            is_address = name in ("href", "src", "srcset") and element.tag != "img"
            if name.startswith("on") or name == "style":
                yield f"holds the attribute {name}"
            elif is_address and not _is_allowed(element.tag, name, value):
                yield f"holds the address {value[:80]!r}"


def _element(element: Any) -> Iterator[str]:
    tag = element.tag
    if tag in FOREIGN:
        yield f"holds <{tag}>"
    if tag == "script" and element.get("src"):
        yield "loads a script of another place"
    if tag == "link" and "stylesheet" in (element.get("rel") or ""):
        yield "loads a style of another place"
    if tag == "img" and element.get("alt") is None:
        yield f"has a picture without alternative text: {element.get('src')}"
    if tag == "img" and not _is_own_picture(element):
        yield f"loads a picture from elsewhere: {(element.get('srcset') or element.get('src') or '')[:80]!r}"


def _is_own_picture(image: Any) -> bool:
    """Whether a picture is a small copy on our host, or is in the page itself."""
    source = image.get("src") or ""
    return not image.get("srcset") and bool(source.startswith("data:image/") or OWN_PICTURE.fullmatch(source))


@lru_cache(maxsize=1024)
def _is_allowed(tag: str, attribute: str, address: str) -> bool:
    """Whether the address is absolute, or within these pages, or an icon that is in the page itself."""
    if tag == "link" and address.startswith("data:image/"):
        return True
    if tag == "a" and address.startswith(OTHER_SCHEMES):
        return True
    if attribute == "href" and tag in ("a", "link") and RELATIVE.fullmatch(address):
        return True
    return is_absolute(address)


def _repeated_ids(tree: Any) -> Iterator[str]:
    ids = Counter(filter(None, tree.xpath("//@id")))
    yield from (f"has the id {name!r} twice" for name, count in sorted(ids.items()) if count > 1)


def _by_class(element: Any) -> Mapping[str, list[Any]]:
    """Return an element and all within it by the names of their classes, in the page's order."""
    named: dict[str, list[Any]] = defaultdict(list)
    for one in element.iter(etree.Element):
        for name in set((one.get("class") or "").split()):
            named[name].append(one)
    return named


def _text(element: Any) -> str:
    """Return the words of an element, without comments."""
    return str(TEXT(element))


def _item_problems(item: Any, block: int) -> Iterator[Problem]:
    parts = _by_class(item)
    link = next((a.get("href") or "" for a in parts["u-url"]), "")
    name = link or "an item"
    if not is_absolute(link):
        yield Problem(name, "is linked by no absolute address")
    if not any(_text(title).strip() for title in parts["p-name"]):
        yield Problem(name, "has no title")
    if not any(time.get("datetime") for time in parts["dt-published"]):
        yield Problem(name, "has no date")
    for name_of_part, elements in (("summary", parts["p-summary"]), ("text", parts["e-content"])):
        for element in elements:
            markup = (element.text or "") + "".join(html.tostring(e, encoding="unicode") for e in element)
            for message in html_rules(markup.strip(), link, block, is_on_page=True):
                yield Problem(name, f"its {name_of_part} {message}")
