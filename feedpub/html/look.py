"""How a page looks: what its own source declares for the elements of a text, and whether others may declare more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from cssselect import SelectorError
from cssselect import parse as parse_selector
from lxml import etree
from lxml.html import HtmlElement

from feedpub.html import hiding, toil
from feedpub.html.animations import animated
from feedpub.html.colours import FAINT, is_alike
from feedpub.html.measures import lengths
from feedpub.html.screens import DESK, PHONE, Screen
from feedpub.html.select import select_if_valid
from feedpub.html.sheets import BACKDROPS, Frames, Rule, sheet_in_address, sheet_of, sheets_on
from feedpub.html.styles import ANIMATION, UNKNOWN, Declared, declared, winning

NEVER_SHOWN = ("noembed", "noframes", "rp")  # elements that no browser of today shows
FALLBACKS = ("object", "video", "audio")  # that show their words where they fail
STRIKING = (*NEVER_SHOWN, *FALLBACKS, "iframe", "details", "marquee")
ATTRIBUTES = ("popover", "color", "bgcolor", "aria-hidden", "hidden")
# Classes by which the sheets of widespread systems hide an element.
HIDING_CLASSES = {
    "d-none", "hidden", "hide", "invisible", "is-hidden", "uk-hidden", "u-hidden", "displaynone", "sr-only",
    "visually-hidden", "visuallyhidden", "screen-reader-text", "element-invisible", "screen-reader-only",
}  # fmt: skip
# Declarations that hide only together with others, or only the usual loot.
TELLING = {"clip", "z-index", "mix-blend-mode", "backface-visibility", "filter", "font-size-adjust"}
MOST_RULES = 3_000  # that may hide something on a page; no page has more
DRAWN = ("display", "visibility", "opacity", "font-size", "transform")  # attributes in drawings that are declarations
NO_CODE = re.compile(
    r"json|template|text/(?!javascript|ecmascript)", re.IGNORECASE
)  # types of scripts that run nothing
NAME = re.compile(r"[\w-]+")
SHOWN_WIDER = re.compile(r"d-\w\w-.*|(?:sm|md|lg|xl):.*|visible-.*|.*-focusable")
VARIABLE = re.compile(r"(?:var|env)\(\s*([^,()\s]+)\s*(?:,\s*([^()]*))?\)")
NESTED = 5  # variables in variables
INHERITED = {  # or seen through what is within
    "color", "-webkit-text-fill-color", "background", "background-color", "background-image", "font", "font-size",
    "visibility", "text-indent", "letter-spacing",
}  # fmt: skip
PARTED = 100.0  # CSS pixels between two letters: nobody reads a word of them
HALF = 0.5  # of full opacity or size: in another element of the kind hardly anything is left
LIGHT = 220  # of 255: words in such a colour, or on a ground that is darker, may be hard to see

Declaration = tuple[str, str, bool]  # property, value, whether it is important


class _Row(NamedTuple):
    """A declaration of a sheet for one element."""

    weight: tuple[int, ...]
    declaration: Declaration
    screens: frozenset[Screen]
    is_until_changed: bool  # the rule is about what lacks a name or an attribute


class Look:
    """The declarations of a page for the elements of its text."""

    def __init__(self, root: HtmlElement, body: Sequence[HtmlElement]) -> None:
        self._root = root
        self._inside = [e for part in body for e in part.iter(etree.Element)]
        self._around = [e for part in body for e in part.iterancestors()]
        self._by_sheets: dict[HtmlElement, list[Declaration]] = {}
        self._until_changed: set[HtmlElement] = set()
        self._backdrops: set[HtmlElement] = set()
        self._first_lines: set[HtmlElement] = set()
        self._sheets = sheets_on(root)

    @cached_property
    def is_plain(self) -> bool:
        """Whether nothing in the text can be hidden."""
        if any(map(_is_striking, self._inside)):
            return False
        rules = (rule for rule in self._rules if rule.pseudo not in BACKDROPS)
        striking = [rule for rule in rules if _may_hide(_as_declared(rule.declared))]
        inside = set(self._inside)
        return not any(self._matching(rule, inside) for rule in striking[:MOST_RULES])

    @cached_property
    def is_whole(self) -> bool:
        """Whether the page loads no sheets from elsewhere."""
        elsewhere = (link for link in self._root.iter("link") if not sheet_in_address(link))
        relations = (str(link.get("rel") or "").lower() for link in elsewhere)
        is_importing = any("@import" in sheet for sheet, _ in self._sheets)
        return not is_importing and not any("stylesheet" in relation for relation in relations)

    @cached_property
    def is_still(self) -> bool:
        """Whether no script changes the page."""
        return all(NO_CODE.search(script.get("type") or "") for script in self._root.iter("script"))

    @cached_property
    def _names_in_code(self) -> set[str]:
        return set(chain.from_iterable(NAME.findall(script.text or "") for script in self._root.iter("script")))

    def is_named_in_code(self, element: HtmlElement) -> bool:
        """Whether a script on the page names the element: it may show it."""
        names = [*(element.get("class") or "").split(), element.get("id") or ""]
        return not self._names_in_code.isdisjoint(names)

    def declared(self, element: HtmlElement, variables: Mapping[str, str]) -> Declared:
        """Return what counts for an element: its sheets' declarations, then its own. Variables have their values."""
        style = _style_of(element)
        own = declared(style)
        by_sheets = self._by_sheets.get(element)
        strong = {name for name in own if "!" in style and _is_important(style, name)}
        if by_sheets:
            inline = [(name, value, name in strong) for name, value in own.items()]
            own = winning([*by_sheets, *inline])
            strong |= {name for name, _, is_strong in by_sheets if is_strong}
        own = animated(own, strong, self._frames)
        if any("var(" in value or "env(" in value for value in own.values()):
            known = {**variables, **{name: value for name, value in own.items() if name.startswith("--")}}
            return {name: _with_values(value, known) for name, value in own.items()}
        return own

    def may_be_hidden_elsewhere(self, element: HtmlElement) -> bool:
        """Whether a sheet that is not on the page may hide the element, as its class says."""
        names = (element.get("class") or "").lower().split()
        return not self.is_whole and not HIDING_CLASSES.isdisjoint(names) and not any(map(SHOWN_WIDER.fullmatch, names))

    def is_until_changed(self, element: HtmlElement) -> bool:
        """Whether a sheet hides the element only as long as no script gives it, or another, a name or an attribute."""
        return element in self._until_changed and not self.is_still

    def has_backdrop(self, element: HtmlElement) -> bool:
        """Whether something that a sheet adds (``::before``) may be the ground of the element's words."""
        return element in self._backdrops

    def is_first_line_hidden(self, element: HtmlElement) -> bool:
        return element in self._first_lines

    def is_hidden_by_sheet(self, element: HtmlElement) -> bool:
        """Whether it is a sheet that hides the element, not its own attribute."""
        return hiding.way_of(declared(element.get("style") or ""), str(element.tag)) is None

    # -------------------------------------------------------- sheets

    @cached_property
    def _frames(self) -> Mapping[str, Frames]:
        return {name: frames for one in self._sheets for name, frames in sheet_of(*one).frames.items()}

    @cached_property
    def _rules(self) -> list[Rule]:
        """The rules of the page's sheets whose names are on the page."""
        rules = [rule for sheet in self._sheets for rule in sheet_of(*sheet).rules]
        if not rules:
            return []
        names = {element.get("id") or "" for element in self._root.iter(etree.Element)}
        classes = (element.get("class") or "" for element in self._root.iter(etree.Element))
        names.update(chain.from_iterable(map(str.split, classes)))
        return [rule for rule in rules if rule.names <= names]

    def _matching(self, rule: Rule, among: Set[HtmlElement]) -> set[HtmlElement]:
        return {element for element in select_if_valid(self._root, rule.selector) if element in among}

    @property
    def is_too_much(self) -> bool:
        """Whether the page's sheets would take too long to apply."""
        return bool(self._rules) and toil.is_too_much(self._root, [rule.selector for rule in self._rules[:MOST_RULES]])

    def apply_sheets(self) -> None:
        """Find the declarations of the page's sheets for each element of the text, and for those around it."""
        elements = {*self._inside, *self._around}
        rows: dict[HtmlElement, list[_Row]] = {}
        for at, rule in enumerate(self._rules[:MOST_RULES]):
            matches = self._matching(rule, elements)
            if not matches:
                continue
            if rule.pseudo:
                is_striking = rule.pseudo in BACKDROPS or _may_hide(_as_declared(rule.declared))
                if is_striking:
                    (self._backdrops if rule.pseudo in BACKDROPS else self._first_lines).update(matches)
                continue
            weight = (not rule.is_layered, *_specificity(rule.selector), at)
            is_until = ":not(" in rule.selector and _may_hide(_as_declared(rule.declared))
            for element in matches:
                rows.setdefault(element, []).extend(_Row(weight, one, rule.screens, is_until) for one in rule.declared)
        for element, its in rows.items():
            its.sort(key=_weight)
            self._by_sheets[element] = list(_on_all_screens(its))
            if any(row.is_until_changed for row in its) and not _is_hidden_anyway(its, str(element.tag)):
                self._until_changed.add(element)


def _weight(row: _Row) -> tuple[int, ...]:
    return row.weight


def _is_hidden_anyway(rows: Sequence[_Row], name: str) -> bool:
    """Whether an element is hidden by rules that no change of a name on the page would end."""
    lasting = [row for row in rows if not row.is_until_changed]
    return hiding.way_of(_as_declared(list(_on_all_screens(lasting))), name) is not None


def _style_of(element: HtmlElement) -> str:
    """Return an element's own declarations: of a part of a drawing those that its attributes make, too."""
    style = element.get("style") or ""
    made = "; ".join(f"{name}: {element.get(name)}" for name in DRAWN if element.get(name) is not None)
    return f"{made}; {style}" if made and next(element.iterancestors("svg"), None) is not None else style


def _as_declared(declarations: Sequence[Declaration]) -> Declared:
    return {name: value for name, value, _ in declarations}


def _is_striking(element: HtmlElement) -> bool:
    """Whether an element's own attributes, or its name, may hide it."""
    if element.tag in STRIKING or any(element.get(name) is not None for name in ATTRIBUTES):
        return True
    if element.get("class") and not HIDING_CLASSES.isdisjoint((element.get("class") or "").lower().split()):
        return True
    if element.tag == "img" and is_dot(element):
        return True
    style = _style_of(element)
    return bool(style) and _may_hide(declared(style))


def _may_hide(own: Declared) -> bool:
    """Whether one of the declarations may be a part of what hides an element."""
    if not own:
        return False
    if any(
        name.startswith("--") or "var(" in value or "env(" in value for name, value in own.items()
    ) or not ANIMATION.isdisjoint(own):
        return True
    if hiding.opacity(own) < HALF or hiding.scale(own) < HALF:
        return True
    if hiding.way_of(own, "div") or hiding.is_invisible(own) is not None or TELLING & own.keys():
        return True
    places = [one for name in (*hiding.SIDES, "text-indent") for one in lengths(own.get(name, ""))]
    sizes = [one for name in hiding.SIZES for one in lengths(own.get(name, ""))]
    if any(abs(one) >= hiding.FAR for one in places) or any(one <= hiding.TINY for one in sizes):
        return True
    ink, ground = hiding.text_colour(own), hiding.background(own)
    if ink is not None and (min(ink[:3]) > LIGHT or ink[3] <= FAINT):
        return True
    is_coloured = isinstance(ground, tuple) and min(ground[:3]) < LIGHT
    is_cramped = any(one < 0 or one >= PARTED for one in lengths(own.get("letter-spacing", "")))
    return is_cramped or is_coloured or (ink is not None and isinstance(ground, tuple) and is_alike(ink, ground))


def is_dot(image: HtmlElement) -> bool:
    """Whether a picture is too small to be seen."""
    sizes = [lengths((image.get(name) or "").strip()) for name in ("width", "height")]
    return all(size and size[0] <= hiding.TINY for size in sizes)


def _specificity(selector: str) -> tuple[int, int, int]:
    try:
        return parse_selector(selector)[0].specificity()
    except (SelectorError, IndexError, RecursionError):
        return (0, 0, 0)


def _on_all_screens(rows: Sequence[_Row]) -> Iterator[Declaration]:
    """Yield the declarations that count on phones and desks alike. Of what words inherit, nobody knows the others."""
    screens = [[row.declaration for row in rows if screen in row.screens] for screen in (PHONE, DESK)]
    phone, desk = map(winning, screens)
    strong = {name for name, _, is_strong in screens[0] if is_strong}
    for name in {**phone, **desk}:
        if phone.get(name) == desk.get(name):
            yield name, phone[name], name in strong
        elif name in INHERITED or name.startswith("--"):
            yield name, UNKNOWN, False


def _is_important(style: str, name: str) -> bool:
    return re.search(rf"{re.escape(name)}\s*:[^;]*!\s*important", style, re.IGNORECASE) is not None


def _with_values(value: str, variables: Mapping[str, str]) -> str:
    for _ in range(NESTED):
        if ("var(" not in value and "env(" not in value) or len(value) > 1_000:
            break
        value = VARIABLE.sub(lambda use: variables.get(use[1], use[2] or ""), value).strip()
    return value
