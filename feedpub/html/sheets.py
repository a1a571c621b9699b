"""Sheets → their rules that may hide something, and the last words of their animations."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote

from lxml.html import HtmlElement

from feedpub.html.screens import SCREENS, Screen, screens_of_container, screens_of_media
from feedpub.html.styles import MAY_MATTER, Declared, declarations_in, winning, written

LONGEST_SHEET = 1_000_000  # characters of a page's sheets; no page has more, and reading them takes half a second
DEEPEST = 5  # rules in rules
ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
NEEDED_NAME = re.compile(r"[.#]((?:[\w-]|[^\x00-\x7f]|\\[0-9a-fA-F]{1,6}\s?|\\.)+)")
FUNCTION = re.compile(r"(?<!\\):")  # where a pseudo-class begins
PSEUDO = re.compile(r"::?(before|after|first-line)$")
BACKDROPS = ("before", "after")
ALWAYS_SO = re.compile(r":(?:defined|read-only|dir\(\s*ltr\s*\))")  # of all on a page that is read from left to right
NEITHER = re.compile(r":not\(([^()]*,[^()]*)\)")
NOT_APPLIED = ("noscript", "template")  # elements whose sheets browsers with scripts do not apply
IMPORTED = re.compile(r"""@import\s+(?:url\(\s*)?["']?(data:text/css[^"'\s]*)["')]""", re.IGNORECASE)
OFFSETS = {"from": 0.0, "to": 100.0}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a sheet, for one selector."""

    selector: str
    names: frozenset[str]  # classes and ids without which it matches nothing
    declared: tuple[tuple[str, str, bool], ...]  # property, value, whether it is important
    screens: frozenset[Screen]  # those on which it counts
    is_layered: bool = False  # rules outside of all layers are stronger
    pseudo: str = ""  # before, after, first-line: it is about that part of the elements


class Frames(NamedTuple):
    """What an animation declares in the beginning and in the end, and the values that it has at any time."""

    first: Declared
    last: Declared
    values: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet says."""

    rules: tuple[Rule, ...] = ()
    frames: Mapping[str, Frames] = field(default_factory=dict)  # by the animation's name


class _Place(NamedTuple):
    """Where a rule is written."""

    outer: Sequence[str] = ()  # selectors of the rules around it
    screens: frozenset[Screen] = SCREENS
    is_layered: bool = False
    depth: int = DEEPEST


def sheets_on(root: HtmlElement) -> list[tuple[str, str]]:
    """Return the sheets on a page that browsers apply: the source of each, and the media for which it is."""
    shown = [style for style in root.iter("style") if _is_applied(style)]
    sheets = [(style.text or "", style.get("media") or "") for style in shown]
    imported = [(_data(href), media) for source, media in sheets for href in IMPORTED.findall(source)]
    return [*imported, *sheets, *((sheet_in_address(link), link.get("media") or "") for link in root.iter("link"))]


def _is_applied(style: HtmlElement) -> bool:
    """Whether browsers apply a sheet on the page."""
    kind = (style.get("type") or "text/css").strip().lower().partition(";")[0]
    return kind == "text/css" and next(style.iterancestors(*NOT_APPLIED), None) is None


def sheet_in_address(link: HtmlElement) -> str:
    """Return the sheet that a link has in its address; "" where it has none there."""
    if "stylesheet" not in (link.get("rel") or "").lower():
        return ""
    return _data((link.get("href") or "").strip())


def _data(href: str) -> str:
    """Return the sheet in an address; "" where there is none."""
    head, _, data = href.partition(",")
    if not head.lower().startswith("data:text/css"):
        return ""
    try:
        return b64decode(data).decode(errors="replace") if head.lower().endswith(";base64") else unquote(data)
    except ValueError:
        return ""


@lru_cache(maxsize=64)  # most pages of a site have the same sheets
def sheet_of(source: str, media: str = "") -> Sheet:
    """Return what a sheet's rules may hide, in their order. ``media`` says where the sheet counts."""
    screens = screens_of_media(media.lower() or "all")
    if not screens or not MAY_MATTER.search(source):
        return Sheet()
    import tinycss2

    nodes = tinycss2.parse_stylesheet(source[:LONGEST_SHEET], skip_comments=True, skip_whitespace=True)
    frames: dict[str, Frames] = {}
    rules = tuple(_rules(nodes, _Place(screens=screens), frames))
    return Sheet(rules, frames)


def _rules(nodes: Sequence[Any], place: _Place, frames: dict[str, Frames]) -> Iterator[Rule]:
    """Yield the rules in these nodes; gather the animations."""
    import tinycss2

    for node in nodes:
        if place.depth == 0 or node.type not in ("qualified-rule", "at-rule") or node.content is None:
            continue
        if node.type == "at-rule" and node.lower_at_keyword.endswith("keyframes"):
            frames[written(node.prelude).strip("\"'").lower()] = _frames(node.content)
            continue
        contents = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
        inner = _within_at_rule(node, place) if node.type == "at-rule" else _within_rule(node, place)
        if inner:
            if node.type != "at-rule" or node.lower_at_keyword != "scope":
                yield from _for_each(inner, contents)
            yield from _rules(contents, inner, frames)


def _within_rule(node: Any, place: _Place) -> _Place:
    selectors = [_nested(place.outer, one) for one in _parts(node.prelude)]
    return place._replace(outer=selectors, depth=place.depth - 1)


def _within_at_rule(node: Any, place: _Place) -> _Place | None:
    """Return where the contents of an at-rule are; None if they do not count."""
    keyword, condition = node.lower_at_keyword, written(node.prelude).lower()
    screens = place.screens & _screens_of(keyword, condition)
    if not screens:
        return None
    inner = place._replace(screens=screens, depth=place.depth - 1)
    if keyword == "layer":
        return inner._replace(is_layered=True)
    if keyword == "scope":
        blocks = [token for token in node.prelude if token.type == "() block"]
        if len(blocks) != 1:
            return None
        return inner._replace(outer=[_nested(place.outer, one) for one in _parts(blocks[0].content)])
    return inner


def _screens_of(keyword: str, condition: str) -> frozenset[Screen]:
    """Return the screens on which an at-rule's contents count."""
    if keyword == "media":
        return screens_of_media(condition)
    if keyword == "container":
        return screens_of_container(condition)
    is_usual = keyword in ("layer", "scope") or (keyword == "supports" and not condition.startswith("not"))
    return SCREENS if is_usual else frozenset()


def _for_each(place: _Place, contents: Sequence[Any]) -> Iterator[Rule]:
    declarations = tuple(declarations_in(contents)) if place.outer else ()
    if not declarations:
        return
    for selector in place.outer:
        pseudo = PSEUDO.search(selector)
        part = pseudo[1] if pseudo else ""
        if part in BACKDROPS and not any(name.startswith("background") for name, _, _ in declarations):
            continue
        plain = _plain(selector[: pseudo.start()] if pseudo else selector)
        yield Rule(plain, frozenset(_needed_names(plain)), declarations, place.screens, place.is_layered, part)


# ------------------------------------------------------------ selectors


def _parts(prelude: Sequence[Any]) -> Iterator[str]:
    """Yield the selectors of a list."""
    part: list[Any] = []
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            yield written(part)
            part = []
        else:
            part.append(token)
    yield written(part)


def _nested(outer: Sequence[str], selector: str) -> str:
    """Return a nested rule's selector as it would be written outside."""
    if not outer:
        return selector
    around = outer[0] if len(outer) == 1 else f":is({', '.join(outer)})"
    selector = selector.replace(":scope", "&")
    return selector.replace("&", around) if "&" in selector else f"{around} {selector}"


def _plain(selector: str) -> str:
    """Return a selector in the words that ``select`` knows."""
    if ":" not in selector:
        return selector or "*"
    selector = ALWAYS_SO.sub("", selector.replace(":any-link", "[href]"))
    selector = NEITHER.sub(lambda some: "".join(f":not({one.strip()})" for one in some[1].split(",")), selector)
    return selector if selector and selector[-1] not in " >+~" else f"{selector}*"


def _needed_names(selector: str) -> list[str]:
    """Return classes and ids without which a selector matches nothing, as far as that is plain to see."""
    plain = FUNCTION.split(selector, maxsplit=1)[0]  # what is in :not(…) is not needed
    return [_unescaped(name) for name in NEEDED_NAME.findall(plain)]


def _unescaped(name: str) -> str:
    return ESCAPE.sub(_character, name) if "\\" in name else name


def _character(escape: re.Match[str]) -> str:
    """Return what an escape stands for (CSS Syntax, 4.3.7)."""
    if not escape[1]:
        return escape[2]
    code = int(escape[1], 16)
    is_character = 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if is_character else "\ufffd"


# ------------------------------------------------------------ animations


def _frames(content: Sequence[Any]) -> Frames:
    import tinycss2

    first: Declared = {}
    last: Declared = {}
    values: dict[str, set[str]] = {}
    for node in tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True):
        if node.type != "qualified-rule":
            continue
        contents = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
        own = winning([(name, value, False) for name, value, _ in declarations_in(contents)])
        offsets = {_offset(one.lower()) for one in _parts(node.prelude)}
        first = {**first, **own} if 0.0 in offsets else first
        last = {**last, **own} if 100.0 in offsets else last
        for name, value in own.items():
            values.setdefault(name, set()).add(value)
    return Frames(first, last, {name: frozenset(some) for name, some in values.items()})


def _offset(name: str) -> float | None:
    number = re.fullmatch(r"([\d.]+)%", name)
    return float(number[1]) if number else OFFSETS.get(name)
