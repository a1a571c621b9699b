"""Pages for people: that they lead to the feeds and the council, load nothing of anybody else's, and keep the terms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from feedpub import kinds
from feedpub.content import Problem
from feedpub.publishing.check.markup import INVISIBLE, direction_rules, html_rules, is_absolute

FOREIGN = {"iframe", "frame", "object", "embed", "applet", "form", "base", "portal", "video", "audio", "svg", "math"}
RELATIVE = re.compile(r"(?:(?:\.\./)*(?:[a-z0-9][a-z0-9._-]*/)*(?:[a-z0-9][a-z0-9._-]*)?)?(?:#[a-z]+)?")
OTHERS = ("mailto:", "tel:", "feed://")


def problems(data: bytes, block: int) -> Iterator[Problem]:
    try:
        tree = html.document_fromstring(data.decode(), parser=html.HTMLParser(encoding=None))
    except (UnicodeDecodeError, etree.ParserError, ValueError) as error:
        yield Problem("the page", f"cannot be read: {error}")
        return
    yield from (Problem("the page", rule) for rule in (*_head_rules(tree), *_body_rules(tree)))
    for item in tree.find_class("h-entry"):
        yield from _item_problems(item, block)


def _head_rules(tree: Any) -> Iterator[str]:
    if not re.fullmatch(r"[a-z]{2,3}(?:-[A-Za-z0-9-]+)?", tree.get("lang") or "") or tree.get("lang") == "ua":
        yield f"names no language: {tree.get('lang')!r}"
    if not (tree.findtext(".//title") or "").strip():
        yield "has no title"
    metas = {str(m.get("name") or m.get("http-equiv")).lower(): m.get("content") or "" for m in tree.iter("meta")}
    if "viewport" not in metas:
        yield "does not fit a phone (no viewport)"
    if "default-src 'none'" not in metas.get("content-security-policy", ""):
        yield "has no policy that forbids what is not its own (Content-Security-Policy)"
    if "noindex" in metas.get("robots", "").lower():
        yield "hides from search engines (noindex), and the council's terms ask for links that are open to them"
    feeds = {k.bare_type for k in kinds.KINDS if k.is_feed or k is kinds.OUTLINE}
    found = [link for link in tree.iter("link") if "alternate" in (link.get("rel") or "") and link.get("type") in feeds]
    if not found:
        yield "names no feed (rel=alternate)"
    for link in found:
        if not is_absolute(link.get("href") or "") or not (link.get("title") or "").strip():
            yield f"names a feed without absolute address or title: {link.get('href')}"


def _body_rules(tree: Any) -> Iterator[str]:
    yield from direction_rules(tree.text_content())
    if found := INVISIBLE.search(tree.text_content()):
        yield f"holds an invisible character, U+{ord(found[0]):04X}"
    names: list[str] = []
    for element in tree.iter(etree.Element):
        tag = element.tag
        if tag in FOREIGN:
            yield f"holds <{tag}>"
        if (tag == "script" and element.get("src")) or (tag == "link" and "stylesheet" in (element.get("rel") or "")):
            yield f"loads a {'script' if tag == 'script' else 'style'} of another place"
        if tag == "img" and element.get("alt") is None:
            yield f"has a picture without alternative text: {element.get('src')}"
        for name, value in element.attrib.items():
            if name.startswith("on") or name == "style":
                yield f"holds the attribute {name}"
            elif name in ("href", "src", "srcset") and not _is_good(tag, name, value):
                yield f"holds the address {value[:80]!r}"
        names += [element.get("id")] if element.get("id") else []
    yield from (f"has the id {name!r} twice" for name in sorted({n for n in names if names.count(n) > 1}))


def _is_good(tag: str, name: str, value: str) -> bool:
    """Whether an address leads to where one may be led: absolute, within these pages; the icon is in the page."""
    if tag == "link" and value.startswith("data:image/"):
        return True
    is_within = name == "href" and tag in ("a", "link") and RELATIVE.fullmatch(value) is not None
    return is_absolute(value) or is_within or (tag == "a" and value.startswith(OTHERS))


def _item_problems(item: Any, block: int) -> Iterator[Problem]:
    link = next((a.get("href") or "" for a in item.find_class("u-url")), "")
    name = link or "an item"
    if not is_absolute(link):
        yield Problem(name, "is linked by no absolute address")
    if not any(p.text_content().strip() for p in item.find_class("p-name")):
        yield Problem(name, "has no title")
    if not any(t.get("datetime") for t in item.find_class("dt-published")):
        yield Problem(name, "has no date")
    for summary in item.find_class("p-summary"):
        markup = (summary.text or "") + "".join(html.tostring(e, encoding="unicode") for e in summary)
        yield from (Problem(name, f"its summary {rule}") for rule in html_rules(markup.strip(), link, block))
