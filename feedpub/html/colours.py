"""Colours in declarations, and whether anybody tells two of them apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from feedpub.html.measures import factor

Colour = tuple[float, float, float, float]  # red, green, blue: 0 to 255; opacity: 0 to 1

FAINT = 0.05  # of full opacity
CLOSE = 12  # of 255: two colours that nobody tells apart
WHITE: Colour = (255.0, 255.0, 255.0, 1.0)
BLACK: Colour = (0.0, 0.0, 0.0, 1.0)
WHITE_FROM = {"oklab": 0.99, "oklch": 0.99, "lab": 99.0, "lch": 99.0}  # space -> lightness that is white
SYSTEM = {
    "canvas": WHITE,
    "field": WHITE,
    "window": WHITE,
    "canvastext": BLACK,
    "fieldtext": BLACK,
}  # where it is light
ARGUMENT = re.compile(r",(?![^(]*\))")
GRADIENT = re.compile(r"(?:-webkit-|-moz-)?(?:repeating-)?(?:linear|radial|conic)-gradient\((.*)\)")
DIRECTION = re.compile(r"to\s|from\s|at\s|in\s|circle|ellipse|closest|farthest|-?[\d.]+(?:deg|turn|rad|grad)")
PLACE = re.compile(r"\s+-?[\d.]+(?:%|[a-z]+)?(?=\s|$)")  # of a stop in a gradient


@lru_cache(maxsize=1024)
def colour(value: str) -> Colour | None:
    """Return a colour. None for what is none, and for words such as inherit."""
    if not value:
        return None
    if value in SYSTEM:
        return SYSTEM[value]
    if value.startswith(("color-mix(", "light-dark(")) and value.endswith(")"):
        return _mixed(value.partition("(")[2][:-1])
    from tinycss2.color4 import parse_color

    try:
        parsed: Any = parse_color(value)
    except (ValueError, TypeError, ZeroDivisionError):
        return None
    space = getattr(parsed, "space", None)
    if space in WHITE_FROM and (parsed.coordinates[0] or 0) >= WHITE_FROM[space]:
        return (*WHITE[:3], 1.0 if parsed.alpha is None else parsed.alpha)
    if space not in ("srgb", "hsl", "hwb"):
        return None
    red, green, blue = (255 * (one or 0) for one in parsed.to("srgb").coordinates)
    return (red, green, blue, 1.0 if parsed.alpha is None else parsed.alpha)


def _mixed(arguments: str) -> Colour | None:
    """Return the colour that is mixed of two, or chosen from two, if it hardly matters how."""
    parts = [one.strip() for one in ARGUMENT.split(arguments)]
    parts = parts[1:] if parts[0].startswith("in ") else parts
    if len(parts) != 2:
        return None
    colours, shares = [colour(PLACE.sub("", one)) for one in parts], [_share(one) for one in parts]
    if 1.0 in shares or 0.0 in shares:
        at = shares.index(1.0) if 1.0 in shares else 1 - shares.index(0.0)
        return colours[at]
    first, second = colours
    return first if first and second and is_alike(first, second) else None


def _share(part: str) -> float | None:
    share = re.search(r"\s([\d.]+%)", f"{part} ")
    return factor(share[1]) if share else None


def is_alike(one: Colour, other: Colour) -> bool:
    """Whether nobody tells words of one colour from a ground of the other."""
    return one[3] <= FAINT or all(abs(a - b) <= CLOSE for a, b in zip(one[:3], other[:3], strict=True))


# ------------------------------------------------------------ gradients


def gradient(value: str) -> Colour | None:
    """Return the one colour that a gradient has everywhere; None if it has several, or is none."""
    stops = _stops(value)
    if not stops:
        return None
    return stops[0] if all(is_alike(one, stops[0]) and abs(one[3] - stops[0][3]) <= FAINT for one in stops) else None


def is_clear(value: str) -> bool:
    """Whether a gradient lets nothing be seen through it, when it is a mask."""
    stops = _stops(value)
    return bool(stops) and all(one[3] <= FAINT for one in stops)


def _stops(value: str) -> Sequence[Colour]:
    """Return the colours of a gradient's stops; none where one of them is unknown."""
    found = GRADIENT.fullmatch(value.strip())
    if not found:
        return ()
    parts = [one.strip() for one in ARGUMENT.split(found[1])]
    named = [PLACE.sub("", one).strip() for one in parts if not DIRECTION.match(one)]
    colours = [colour(one) for one in named if one and not re.fullmatch(r"-?[\d.]+(?:%|[a-z]+)", one)]
    known = [one for one in colours if one]
    return known if len(known) == len(colours) else ()
