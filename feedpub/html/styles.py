"""Declarations of style, read as browsers do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
ANIMATION = frozenset(
    f"{prefix}animation{part}"
    for prefix in ("", "-webkit-")
    for part in ("", "-name", "-fill-mode", "-duration", "-iteration-count", "-play-state", "-direction", "-timeline")
)
READ = LENGTHS | SIZES | ANIMATION | frozenset(
    {
        "display", "visibility", "opacity", "content-visibility", "position", "float", "overflow", "overflow-x",
        "overflow-y", "clip", "clip-path", "transform", "scale", "translate", "rotate", "zoom", "filter", "font",
        "font-size", "color", "background", "background-color", "background-image", "background-clip",
        "-webkit-background-clip", "-webkit-text-fill-color", "text-shadow", "letter-spacing", "z-index", "padding",
        "padding-top", "padding-bottom", "padding-left", "padding-right", "min-height", "min-width", "mask",
        "mask-image", "-webkit-mask", "-webkit-mask-image", "contain", "mask-size", "-webkit-mask-size", "offset-path",
        "font-size-adjust", "mix-blend-mode", "backface-visibility",
    }
)  # fmt: skip
UNKNOWN = "unknown"  # the value of a property that nobody can say
LONGEST_VALUE = 1_000  # characters; only pictures in addresses have more, and these are not looked at
MAY_MATTER = re.compile(
    r"display|visib|opacity|clip|indent|transform|scale|translate|rotate|zoom|filter|position|margin|contain|inset|left|right"
    r"|top|bottom|height|width|size|font|color|mask|spacing|z-index|background|animation|offset|blend|face|--|\\|/\*",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def declared(style: str) -> Declared:
    """Return the declarations of a ``style`` attribute, as far as they may hide something."""
    if not MAY_MATTER.search(style):
        return {}
    import tinycss2  # takes some milliseconds, and many pages declare nothing

    contents = tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True)
    return winning(tuple(declarations_in(contents)))


def winning(declarations: Sequence[tuple[str, str, bool]]) -> dict[str, str]:
    """Return the declarations that count: the last of each property, and important ones before all others."""
    ordered = sorted(declarations, key=lambda one: one[2])
    return {name: value for name, value, _ in ordered}


def declarations_in(contents: Sequence[Any]) -> Iterator[tuple[str, str, bool]]:
    for node in contents:
        if node.type == "declaration" and (node.lower_name in READ or node.name.startswith("--")):
            value = written(node.value).lower()
            if value:
                yield node.lower_name, value if len(value) <= LONGEST_VALUE else UNKNOWN, node.important


def written(tokens: Sequence[Any]) -> str:
    """Return what tokens say, without comments; "" for brackets in brackets without end."""
    import tinycss2

    try:
        return " ".join(tinycss2.serialize([t for t in tokens if t.type != "comment"]).split())
    except RecursionError:
        return ""
