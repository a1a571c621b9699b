"""Declarations of style: those of an element's attribute, and those of the page's own sheets, read as browsers do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

Declared = Mapping[str, str]  # property -> value, in small letters, without comments and escapes

LENGTHS = frozenset(
    {
        "left", "right", "top", "bottom", "inset", "inset-inline", "inset-inline-start", "inset-inline-end",
        "inset-block", "inset-block-start", "inset-block-end", "margin", "margin-left", "margin-right", "margin-top",
        "margin-bottom", "margin-inline", "margin-inline-start", "margin-block", "margin-block-start", "text-indent",
    }
)  # fmt: skip
SIZES = frozenset({"height", "max-height", "width", "max-width", "block-size", "inline-size", "line-height"})
READ = LENGTHS | SIZES | frozenset(
    {
        "display", "visibility", "opacity", "content-visibility", "position", "float", "overflow", "overflow-x",
        "overflow-y", "clip", "clip-path", "transform", "scale", "translate", "rotate", "zoom", "filter", "font",
        "font-size", "color", "background", "background-color", "background-image", "background-clip",
        "-webkit-background-clip", "-webkit-text-fill-color", "text-shadow", "letter-spacing", "z-index", "padding",
        "padding-top", "padding-bottom", "padding-left", "padding-right", "min-height", "min-width", "mask",
        "mask-image", "-webkit-mask", "-webkit-mask-image", "contain",
    }
)  # fmt: skip
MAY_MATTER = re.compile(
    r"display|visib|opacity|clip|indent|transform|scale|translate|rotate|zoom|filter|position|margin|contain|inset|left|right"
    r"|top|bottom|height|width|size|font|color|mask|spacing|z-index|background|--|\\|/\*",
    re.IGNORECASE,
)
LONGEST_SHEET = 1_000_000  # characters of a page's sheets; no page has more, and reading them takes half a second
DEEPEST = 5  # rules in rules
NARROW, WIDE = 400, 1400  # CSS pixels: a phone's screen and a desk's
SCREENS = frozenset({NARROW, WIDE})
BROWSER = {"screen", "all", "only", "and", ""}
WIDTH = re.compile(r"\(\s*(min|max)-width\s*:\s*([\d.]+)\s*(px|em|rem)?\s*\)")
AS_COMPARISON = re.compile(r"\(\s*width\s*([<>])=?\s*([\d.]+\s*(?:px|em|rem)?)\s*\)")  # Media Queries 4
SIDES = {">": "min", "<": "max"}
ALWAYS = re.compile(  # what is so on every screen of today
    r"\(\s*(?:scripting\s*:\s*enabled|min-(?:height|device-width)\s*:\s*[01]\w*|color|grid\s*:\s*0)\s*\)|^\s*not\s+print\s*$"
)
NEEDED_NAME = re.compile(r"[.#]((?:[\w-]|[^\x00-\x7f])+)")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a sheet, for one selector."""

    selector: str
    names: frozenset[str]  # classes and ids without which it matches nothing
    declared: tuple[tuple[str, str, bool], ...]  # property, value, whether it is important
    screens: frozenset[int]  # the widths at which it counts


@lru_cache(maxsize=4096)
def declared(style: str) -> Declared:
    """Return the declarations of a ``style`` attribute, as far as they may hide something."""
    if not MAY_MATTER.search(style):
        return {}
    import tinycss2  # takes some milliseconds, and many pages declare nothing

    contents = tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
    return winning(tuple(_declarations(contents)))


def winning(declarations: Sequence[tuple[str, str, bool]]) -> dict[str, str]:
    """Return the declarations that count: the last of each property, and important ones before all others."""
    ordered = sorted(declarations, key=lambda one: one[2])
    return {name: value for name, value, _ in ordered}


def _declarations(contents: Sequence[Any]) -> Iterator[tuple[str, str, bool]]:
    for node in contents:
        if node.type == "declaration" and (node.lower_name in READ or node.name.startswith("--")):
            value = _written(node.value).lower()
            if value:
                yield node.lower_name, value, node.important


def _written(tokens: Sequence[Any]) -> str:
    import tinycss2

    return " ".join(tinycss2.serialize([t for t in tokens if t.type != "comment"]).split())


# ------------------------------------------------------------ sheets


@lru_cache(maxsize=64)  # most pages of a site have the same sheets
def rules_of(sheet: str, media: str = "") -> tuple[Rule, ...]:
    """Return the rules of a sheet that may hide something, in their order. ``media`` says where the sheet counts."""
    screens = _screens_of("media", media.lower())
    if not screens or not MAY_MATTER.search(sheet):
        return ()
    import tinycss2

    nodes = tinycss2.parse_stylesheet(sheet[:LONGEST_SHEET], skip_comments=True, skip_whitespace=True)
    return tuple(_rules(nodes, (), screens, DEEPEST))


def _rules(nodes: Sequence[Any], outer: Sequence[str], screens: frozenset[int], depth: int) -> Iterator[Rule]:
    """Yield the rules in these nodes, which are within a rule for the outer selectors."""
    import tinycss2

    for node in nodes:
        if depth == 0 or node.type not in ("qualified-rule", "at-rule") or node.content is None:
            continue
        contents = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
        if node.type == "at-rule":
            inner = _screens_of(node.lower_at_keyword, _written(node.prelude).lower()) & screens
            if inner:
                yield from _for_each(outer, contents, inner)
                yield from _rules(contents, outer, inner, depth - 1)
            continue
        selectors = [_within(outer, one) for one in _parts(node.prelude)]
        yield from _for_each(selectors, contents, screens)
        yield from _rules(contents, selectors, screens, depth - 1)


def _for_each(selectors: Sequence[str], contents: Sequence[Any], screens: frozenset[int]) -> Iterator[Rule]:
    declarations = tuple(_declarations(contents)) if selectors else ()
    if declarations:
        for selector in selectors:
            yield Rule(selector, frozenset(_needed_names(selector)), declarations, screens)


def _needed_names(selector: str) -> list[str]:
    """Return classes and ids without which a selector matches nothing, as far as that is plain to see."""
    if "\\" in selector:  # such as md\\:hidden: the name on the page is spelt otherwise
        return []
    return NEEDED_NAME.findall(selector.partition(":")[0])  # what is in :not(…) is not needed


def _parts(prelude: Sequence[Any]) -> Iterator[str]:
    """Yield the selectors of a list."""
    part: list[Any] = []
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            yield _written(part)
            part = []
        else:
            part.append(token)
    yield _written(part)


def _within(outer: Sequence[str], selector: str) -> str:
    """Return a nested rule's selector as it would be written outside."""
    if not outer:
        return selector
    around = outer[0] if len(outer) == 1 else f":is({', '.join(outer)})"
    return selector.replace("&", around) if "&" in selector else f"{around} {selector}"


def _screens_of(keyword: str, condition: str) -> frozenset[int]:
    """Return the widths of screens at which an at-rule's contents count."""
    if keyword in ("layer", "supports", "scope", "starting-style"):
        return SCREENS if keyword != "starting-style" else frozenset()
    if keyword != "media":
        return frozenset()
    one_of = [_screens_of_query(query) for query in condition.split(",")]
    return frozenset().union(*one_of)


def _screens_of_query(query: str) -> frozenset[int]:
    query = AS_COMPARISON.sub(lambda limit: f"({SIDES[limit[1]]}-width: {limit[2]})", query)
    limits = WIDTH.findall(query)
    screens = {width for width in SCREENS if all(_is_within(limit, width) for limit in limits)}
    words = ALWAYS.sub("", WIDTH.sub("", query)).split()
    return frozenset(screens) if set(words) <= BROWSER else frozenset()


def _is_within(limit: tuple[str, str, str], width: int) -> bool:
    side, number, unit = limit
    pixels = float(number) * (16 if unit in ("em", "rem") else 1)
    return width >= pixels if side == "min" else width <= pixels
