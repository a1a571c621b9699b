"""Conditions of a sheet's rules (Media Queries 4) → the screens on which they hold, as far as that can be said."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

PIXELS = {"": 1.0, "px": 1.0, "em": 16.0, "rem": 16.0, "pt": 4 / 3, "cm": 37.8, "mm": 3.78, "in": 96.0}
LONGEST = 1_000  # characters of a condition that is read
SMALLEST, LARGEST = 100.0, 5_000.0  # CSS pixels: each container is wider than this, and none as wide as that

LENGTH = r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-z]*)"
LIMIT = re.compile(rf"(min|max)-(?:device-)?(width|height|inline-size|block-size)\s*:\s*{LENGTH}")
COMPARED = re.compile(rf"(width|height|inline-size|block-size)\s*([<>]=?)\s*{LENGTH}")
COMPARED_BACK = re.compile(rf"{LENGTH}\s*([<>]=?)\s*(width|height|inline-size|block-size)")
IN_BRACKETS = re.compile(r"\(([^()]*)\)")
JOINED = re.compile(r"(?:\s*(?:not|and|or|#\d+)\s*)+")
JOINING = {"not", "and", "or", "only"}
KINDS = {"all": True, "screen": True, "print": False, "speech": False}
BIGGER = {">": "min", ">=": "min", "<": "max", "<=": "max"}
SIZES = {"inline-size": "width", "block-size": "height"}


@dataclass(frozen=True, slots=True)
class Screen:
    """One visitor's screen. What holds for both of ``SCREENS`` is taken to hold for everybody."""

    width: float
    height: float
    is_phone: bool

    def has(self, feature: str) -> bool | None:
        """Whether a feature, such as ``hover: none``, holds. None: nobody can say."""
        limit = _limit(feature)
        if limit:
            side, size, pixels = limit
            actual = self.width if size == "width" else self.height
            return actual >= pixels if side == "min" else actual <= pixels
        name, _, value = (part.strip() for part in feature.partition(":"))
        ask = FEATURES.get(name)
        return ask(self, value) if ask else None


# The two differ in all that visitors differ in. So a rule for dark screens alone never counts for everybody.
PHONE = Screen(width=400, height=800, is_phone=True)
DESK = Screen(width=1400, height=900, is_phone=False)
SCREENS = frozenset({PHONE, DESK})


def _one_of(phone: str, desk: str) -> Callable[[Screen, str], bool]:
    """Return a question: whether a screen has this value, or, where none is named, any but ``none``."""
    return lambda screen, value: (
        value == (phone if screen.is_phone else desk)
        if value
        else ((phone if screen.is_phone else desk) not in ("none", "no-preference", "0"))
    )


def _at_least(least: float) -> Callable[[Screen, str], bool | None]:
    def ask(_screen: Screen, value: str) -> bool | None:
        number = re.match(r"[\d.]+", value)
        return float(number[0]) <= least or None if number else None

    return ask


FEATURES: dict[str, Callable[[Screen, str], bool | None]] = {
    "orientation": _one_of("portrait", "landscape"),
    "hover": _one_of("none", "hover"),
    "any-hover": _one_of("none", "hover"),
    "pointer": _one_of("coarse", "fine"),
    "any-pointer": _one_of("coarse", "fine"),
    "prefers-color-scheme": _one_of("dark", "light"),
    "prefers-reduced-motion": _one_of("reduce", "no-preference"),
    "prefers-contrast": _one_of("more", "no-preference"),
    "prefers-reduced-transparency": _one_of("reduce", "no-preference"),
    "forced-colors": _one_of("none", "none"),
    "scripting": _one_of("enabled", "enabled"),
    "update": _one_of("fast", "fast"),
    "grid": _one_of("0", "0"),
    "monochrome": _one_of("0", "0"),
    "color": lambda _screen, value: not value or None,
    "min-color": _at_least(8),
    "min-resolution": _at_least(1),
    "-webkit-min-device-pixel-ratio": _at_least(1),
    "min-aspect-ratio": _at_least(0),
}


def screens_of_media(condition: str) -> frozenset[Screen]:
    """Return the screens on which one of a media list's queries holds for certain."""
    queries = condition.split(",") if len(condition) <= LONGEST else []
    return frozenset(screen for screen in SCREENS if any(_holds(query, screen.has) for query in queries))


def screens_of_container(condition: str) -> frozenset[Screen]:
    """Return all screens if a container's condition holds for containers of every size, else none."""
    query = condition[condition.find("(") :] if "(" in condition and len(condition) <= LONGEST else ""
    return SCREENS if query and _holds(query, _has_any_container) else frozenset()


def _has_any_container(feature: str) -> bool | None:
    limit = _limit(feature)
    if limit is None:
        return None
    side, _, pixels = limit
    return True if (pixels <= SMALLEST if side == "min" else pixels >= LARGEST) else None


def _limit(feature: str) -> tuple[str, str, float] | None:
    """Return what a feature asks of a size: min or max, which size, CSS pixels."""
    parts: tuple[str, str, str, str]
    if match := LIMIT.fullmatch(feature):
        parts = match[1], match[2], match[3], match[4]
    elif match := COMPARED.fullmatch(feature):
        parts = BIGGER[match[2]], match[1], match[3], match[4]
    elif match := COMPARED_BACK.fullmatch(feature):
        side = "max" if BIGGER[match[3]] == "min" else "min"
        parts = side, match[4], match[1], match[2]
    else:
        return None
    side, size, number, unit = parts
    return (side, SIZES.get(size, size), float(number) * PIXELS[unit]) if unit in PIXELS else None


# ------------------------------------------------------------ not, and, or


def _holds(query: str, ask: Callable[[str], bool | None]) -> bool:
    """Whether a query holds for certain."""
    answers: list[bool | None] = []

    def answered(feature: re.Match[str]) -> str:
        words = feature[1].strip()
        if JOINED.fullmatch(words):
            answers.append(_joined(words, answers))
        else:
            answers.append(ask(words))
        return f" #{len(answers) - 1} "

    query = query.strip()
    while IN_BRACKETS.search(query):
        query = IN_BRACKETS.sub(answered, query)
    return _joined(query, answers) is True


def _joined(words: str, answers: list[bool | None]) -> bool | None:
    """Return what parts joined by and, or, not say; None: nobody can say. A not at the beginning is about them all."""
    named = [word for word in words.split() if word not in JOINING]
    parts = [answers[int(word[1:])] if word[0] == "#" else KINDS.get(word) for word in named]
    decisive = " or " in words  # one part that says so settles it
    whole = not decisive if None not in parts else None
    if decisive in parts:
        whole = decisive
    is_negated = words.split()[:1] == ["not"] and whole is not None
    return not whole if is_negated else whole
