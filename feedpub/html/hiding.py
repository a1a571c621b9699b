"""The ways in which declarations hide an element from people who look at its page.

``WAYS`` has them. To add one, write a function of the declarations and add a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from feedpub.html.colours import FAINT, Colour, colour, gradient, is_clear
from feedpub.html.measures import factor, lengths, one_length
from feedpub.html.styles import Declared

FAR = 900.0  # CSS pixels beyond the edge: further than any text is moved to be somewhere on the page
FURTHEST = 4_000.0  # CSS pixels: nobody scrolls so far to the side, and hardly anyone so far down
FONT_SIZE = 16.0  # CSS pixels, where nothing is declared
TINY = 2.0  # CSS pixels
LOW = 4.0  # CSS pixels of a box: of the letters in it hardly anything is left
BLURRED = 8.0  # CSS pixels: no letter can be read
PADDED = 8.0  # CSS pixels of a box that keeps the proportions of a video or a card
BESIDE = re.compile(r"-[1-9]\d\d(?:vw|vh)|[1-9]\d\dvw")
EDGEWISE = re.compile(
    r"(?:(?:rotate[xy]|skew[xy]?)\(|rotate3d\(\s*(?:1\s*,\s*0|0\s*,\s*1)\s*,\s*0\s*,)\s*-?(?:90deg|270deg|0?\.25turn|100grad)"
)
CUTTING = re.compile(r"hidden|clip|auto|scroll|paint|strict|content")
SIDES = ("left", "right", "top", "bottom", "inset", "inset-inline", "inset-inline-start", "inset-inline-end",
         "inset-block", "inset-block-start", "inset-block-end")  # fmt: skip
MARGINS = ("margin", "margin-left", "margin-right", "margin-top", "margin-bottom", "margin-inline",
           "margin-inline-start", "margin-block", "margin-block-start")  # fmt: skip
PADDINGS = ("padding", "padding-top", "padding-bottom", "padding-left", "padding-right")
INLINE = {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
          "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
          "var"}  # fmt: skip
SIZES = ("height", "max-height", "width", "max-width", "line-height", "font-size", "font", "zoom")
STRETCHED = {"td", "th", "tr", "tbody", "thead", "tfoot", "table"}  # as large as what is in them, whatever they declare


@dataclass(frozen=True, slots=True)
class Way:
    """A way to hide an element with all that is in it."""

    name: str
    hides: Callable[[Declared, str], bool]  # declarations, the element's name
    is_unfolded: bool = False  # a control on the page may show what is hidden so
    is_moved: bool = False  # scripts show what is hidden so when somebody scrolls there
    is_box: bool = False  # parts of the element that are placed elsewhere are seen


def _is_small(value: str | None, most: float = TINY) -> bool:
    pixels = None if value is None else one_length(value)
    return pixels is not None and 0 <= pixels <= most


# ------------------------------------------------------------ the ways


def is_off(own: Declared, _name: str = "") -> bool:
    return own.get("display") == "none"


def _is_skipped(own: Declared, _name: str) -> bool:
    return own.get("content-visibility") == "hidden"


def opacity(own: Declared) -> float:
    """Return by how much of full opacity an element is drawn, with all that is in it."""
    whole = factor(own.get("opacity", "1"))
    shares = [1.0 if whole is None else max(0.0, min(1.0, whole))]
    filtered = map(factor, re.findall(r"opacity\(\s*([^)]*?)\s*\)", own.get("filter", "")))
    return prod([*shares, *(max(0.0, min(1.0, one)) for one in filtered if one is not None)])


def scale(own: Declared) -> float:
    """Return the smaller of an element's scales, as far as they are below full size."""
    transform = own.get("transform", "")
    scales = [one for part in re.findall(r"scale\w*\(([^)]*)\)", transform) for one in re.split(r"[\s,]+", part)]
    factors = [abs(one) for one in map(factor, [*scales, *own.get("scale", "").split()]) if one is not None]
    zoom = factor(own.get("zoom", "1")) or 1.0  # of nothing is none
    return min([1.0, *factors]) * min(1.0, abs(zoom))


def _is_faint(own: Declared, _name: str) -> bool:
    blurred = re.search(r"blur\(([^)]*)\)", own.get("filter", ""))
    if blurred and any(one >= BLURRED for one in lengths(blurred[1])):
        return True
    return opacity(own) <= FAINT


def _is_beyond(own: Declared, _name: str) -> bool:
    """Whether the element is moved off the page: no scrolling leads to the left of it, or above it."""
    is_placed = own.get("position", "static") != "static" and not _is_belt(own)
    if is_placed and any(_is_far(own[side]) for side in SIDES if side in own):
        return True
    padded = max([0.0, *(one for side in PADDINGS for one in lengths(own.get(side, "")))])
    margins = [one for side in MARGINS for one in lengths(own.get(side, ""))]
    is_centred = "50%" in (own.get("left"), own.get("top"))
    if padded < FAR and margins and (min(margins) <= -FAR or max(margins) >= FURTHEST) and not is_centred:
        return True
    if padded >= FURTHEST and not margins and CUTTING.search(own.get("overflow", "")):
        return True
    path = [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", own.get("offset-path", ""))]
    return any(abs(one) >= FURTHEST for one in (*lengths(_moved(own)), *path))


def _moved(own: Declared) -> str:
    """Return the lengths by which an element is moved from its place."""
    transform = own.get("transform", "")
    matrices = (one.split(",")[-2:] for one in re.findall(r"matrix\(([^)]*)\)", transform))
    parts = [own.get("translate", ""), *re.findall(r"translate\w*\(([^)]*)\)", transform)]
    return " ".join([*parts, *(" ".join(one) for one in matrices)])


def _is_far(value: str) -> bool:
    single = one_length(value)
    places = (single,) if single is not None else lengths(value)
    return any(place <= -FAR or place >= FURTHEST for place in places)


def _is_belt(own: Declared) -> bool:
    """Whether the element is moved, but so wide that a part of it is seen: the belt of a slider."""
    moved, widths = lengths(own.get("left", "")), lengths(own.get("width", ""))
    if own.get("position") != "relative" or not (moved and widths):
        return False
    return moved[0] > -FURTHEST and widths[0] + moved[0] > 0


def _is_moved_away(own: Declared, _name: str) -> bool:
    """Whether the element waits beside the screen, as the pictures of a slider do."""
    moved = _moved(own)
    if any(abs(one) >= FAR for one in lengths(moved)) or re.search(r"[1-9]\d\d\d?(?:vw|vh)", moved):
        return True
    is_placed = own.get("position", "static") in ("absolute", "fixed")
    return is_placed and any(BESIDE.fullmatch(one) for side in SIDES for one in own.get(side, "").split())


def _is_shrunk(own: Declared, _name: str) -> bool:
    transform = f"{own.get('transform', '')} {_turned(own.get('rotate', ''))}"
    matrix = re.search(r"matrix(?:3d)?\(\s*([^)]*)\)", transform)
    if matrix and all(abs(one) <= FAINT for one in lengths(matrix[1])[:2]):
        return True
    return EDGEWISE.search(transform) is not None or scale(own) <= FAINT


def _turned(rotate: str) -> str:
    """Return a ``rotate`` in the words of a ``transform``."""
    axis, _, angle = rotate.partition(" ")
    axes = {"1 0 0": "x", "0 1 0": "y"}
    name = axis if axis in ("x", "y") else axes.get(rotate.rpartition(" ")[0], "")
    return f"rotate{name}({rotate.split()[-1]})" if name and angle else ""


def is_turned_round(own: Declared) -> bool:
    """Whether people look at the back of an element, which is not drawn."""
    turn = f"{own.get('transform', '')} {_turned(own.get('rotate', ''))}"
    is_round = re.search(r"rotate[xy]\(\s*-?(?:180deg|0?\.5turn|200grad)", turn) is not None
    return is_round and own.get("backface-visibility") == "hidden"


def _is_empty_box(own: Declared, name: str) -> bool:
    """Whether the element has no room, and cuts off what is in it."""
    cut = [own.get(side, "") for side in ("overflow", "overflow-x", "overflow-y", "contain")]
    display = own.get("display", "")
    is_stretched = name in STRETCHED and (not display or display.startswith("table"))
    if not any(map(CUTTING.search, cut)) or is_stretched:
        return False
    is_box = name not in INLINE or own.get("position") in ("absolute", "fixed") or own.get("float", "none") != "none"
    if not is_box and display in ("", "inline", "contents"):
        return False
    if any(one > PADDED for side in PADDINGS for one in lengths(own.get(side, ""))):
        return False  # a video keeps its proportions so
    if any(one > TINY for side in ("min-height", "min-width") for one in lengths(own.get(side, ""))):
        return False
    is_low = any(_is_small(own.get(side), LOW) for side in ("height", "max-height", "block-size"))
    is_narrow = any(_is_small(own.get(side), LOW) for side in ("width", "max-width", "inline-size"))
    return is_low or is_narrow or ("height" not in own and _is_small(own.get("line-height")))


def is_cut_away(own: Declared, _name: str = "") -> bool:
    """Whether nothing of the element is left, as of words for those who listen to the page."""
    clip = own.get("clip", "")
    if clip.startswith("rect(") and own.get("position", "absolute") in ("absolute", "fixed"):
        top, right, bottom, left = (*lengths(clip.replace(",", " ")), *[1e6] * 4)[:4]
        if "auto" not in clip and (right - left <= TINY or bottom - top <= TINY):
            return True
    return re.match(r"inset\(\s*(?:50|100)%\s*\)", own.get("clip-path", "")) is not None


def _is_covered(own: Declared, _name: str) -> bool:
    """Whether nothing of the element is let through by a path or a mask, as before it is wiped in."""
    path = own.get("clip-path", "")
    inside = path.partition("(")[2]
    found = lengths(inside.replace(",", " ").partition("round")[0])
    if path.startswith("inset("):
        return any(_is_half(one) for one in re.findall(r"[\d.]+%", inside)) or any(one >= FURTHEST for one in found)
    if path.startswith(("circle(", "ellipse(")):
        return bool(found) and min(found[:1] if path[0] == "c" else found[:2]) <= TINY
    if path.startswith("polygon("):
        return bool(found) and (_span(found[::2]) <= TINY or _span(found[1::2]) <= TINY)
    if path.startswith(("rect(", "xywh(")):
        return bool(found) and max(found) <= TINY
    if any(_is_small(own.get(one, "auto").split()[0]) for one in ("mask-size", "-webkit-mask-size")):
        return True
    return any(is_clear(own.get(one, "")) for one in ("mask", "mask-image", "-webkit-mask", "-webkit-mask-image"))


def _is_half(share: str) -> bool:
    return float(share[:-1]) >= 50


def _span(numbers: Sequence[float]) -> float:
    return max(numbers) - min(numbers)


WAYS = (
    Way("not displayed", is_off, is_unfolded=True),
    Way("its contents are skipped", _is_skipped, is_unfolded=True),
    Way("transparent", _is_faint, is_unfolded=True, is_moved=True),
    Way("beyond the page", _is_beyond),
    Way("beside the screen", _is_moved_away, is_unfolded=True, is_moved=True),
    Way("shrunk to nothing", _is_shrunk, is_unfolded=True, is_moved=True),
    Way("a box without room", _is_empty_box, is_unfolded=True, is_box=True),
    Way("cut away", is_cut_away),
    Way("covered", _is_covered, is_unfolded=True, is_moved=True),
)


def way_of(own: Declared, name: str) -> Way | None:
    """Return the way in which the declarations of an element hide it with all that is in it; None: they do not."""
    return next((way for way in WAYS if way.hides(own, name)), None) if own else None


# ------------------------------------------------------------ what words inherit


def is_invisible(own: Declared) -> bool | None:
    """Whether words are invisible from here on; None: nothing is declared."""
    value = own.get("visibility")
    return None if value in (None, "inherit") else value in ("hidden", "collapse")


def font_size(own: Declared, outer: float) -> float | None:
    """Return the size of letters in CSS pixels, where the size around them is ``outer``. None: nothing is declared."""
    if _is_small(own.get("font-size-adjust"), FAINT):
        return 0.0
    value = own.get("font-size")
    if value is None and "font" in own:
        value = next((part.partition("/")[0] for part in own["font"].split() if lengths(part.partition("/")[0])), None)
    if value is None or value == "inherit":
        return None
    relative = re.fullmatch(r"([\d.]+)(em|%)", value)
    if relative:
        return float(relative[1]) * outer / (100 if relative[2] == "%" else 1)
    if value in ("smaller", "larger"):
        return outer
    pixels = one_length(value)
    return FONT_SIZE if pixels is None else pixels


def indent(own: Declared) -> float | None:
    """Return by how much the first line is moved, in CSS pixels. None: nothing is declared."""
    value = own.get("text-indent")
    if value is None:
        return None
    if value in ("100%", "101%", "110%") and any(map(CUTTING.search, (own.get("overflow", ""),))):
        return -FURTHEST  # beyond the edge of a box that cuts it off
    return next(iter(lengths(value)), 0.0)


def text_colour(own: Declared) -> Colour | None:
    """Return the colour of words. None: none is declared that can be read."""
    if "text" in own.get("background-clip", own.get("-webkit-background-clip", "")):
        return (0.0, 0.0, 0.0, 1.0)  # letters cut out of a picture
    return colour(own.get("-webkit-text-fill-color") or own.get("color") or "")


def background(own: Declared) -> Colour | str | None:
    """Return the colour behind words; "" for one that nobody knows. None: nothing is declared."""
    image = own.get("background-image", "none")
    if image != "none":
        return gradient(image) or ""
    value = own.get("background-color") or own.get("background")
    if value is None or value in ("none", "inherit"):
        return None
    if value == "currentcolor":
        return colour(own.get("color", "")) or ""
    if "url(" in value or "gradient(" in value:
        return gradient(value) or ""
    known = [one for one in map(colour, re.findall(r"[\w-]+\([^)]*\)|\S+", value)) if one]
    if not known:
        return ""
    return known[0] if known[0][3] > FAINT else None
