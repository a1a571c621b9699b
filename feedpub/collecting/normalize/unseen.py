"""What no reader of the page sees, and what one sees after a tap: hidden parts, and the controls that unfold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bs4 import BeautifulSoup
from bs4.element import Tag

from feedpub import text
from feedpub.collecting.normalize.markup import attributes_of, contains, elements_in, take_out
from feedpub.html.hiding import is_cut_away, is_invisible, is_off
from feedpub.html.seeing import FOLDED, UNSEEN
from feedpub.html.styles import declared

UNFOLDING = re.compile(
    r"spoiler|accord|toggle|collaps|expand|unfold|folded|reveal|(?:read|show|see)[-_]?more|faq", re.I
)
OTHER_PURPOSE = re.compile(  # of a control or of what it shows: no part of the council's text
    r"shar(?:e|ing)|copy|clipboard|print|like|vote|rating|comment|reply|subscri|cookie|login|search|menu|tooltip"
    r"|popup|close|подел|поділ|скопі|копіюв|копиров|друк|печат|підпис|подпис|комент|відповісти|ответить",
    re.IGNORECASE,
)
TABS = re.compile(r"(?<![a-z])tabs?(?:list|nav|s)?(?![a-z])", re.IGNORECASE)
DOT = re.compile(r"\d+|.{0,12}\b(?:slide|слайд)\w*\b.{0,12}", re.IGNORECASE)  # beneath a slider, instead of a name
FIELDS = ("input", "textarea", "select", "form")  # a form to fill in is no text
CONTROL_ATTRIBUTES = (
    "onclick", "aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle", "popovertarget", "commandfor",
)  # fmt: skip
NAMING = re.compile(r"on\w+|href|for|aria-controls|popovertarget|commandfor|data-[\w-]+")  # attributes that name an id
LONGEST_CONTROL = 300  # characters of its words


def is_clipped(element: Tag) -> bool:
    """Whether nobody ever sees the element."""
    way = element.get(UNSEEN)
    if way is not None and way != FOLDED:
        return True
    return is_cut_away(declared(str(element.get("style") or "")))


def is_hidden(element: Tag) -> bool:
    """Whether nobody sees the element when the page opens."""
    if element.name == "dialog":
        return not element.has_attr("open")
    own = declared(str(element.get("style") or ""))
    is_marked = element.has_attr("hidden") and str(element["hidden"]).lower() != "until-found"  # a search opens that
    if is_marked and own.get("display", "none") != "none":
        is_marked = False
    if is_marked or element.get(UNSEEN) == FOLDED or is_off(own):
        return True
    return is_invisible(own) is True and not any(map(_is_visible_again, elements_in(element)))


def _is_visible_again(element: Tag) -> bool:
    return is_invisible(declared(str(element.get("style") or ""))) is False


def show_unfolded(soup: BeautifulSoup) -> None:
    """Show the parts that a control on the page unfolds, and the words of buttons that do."""
    elements = elements_in(soup)
    hidden = [e for e in elements if is_hidden(e)]
    controls = _controls_by_id(elements) if hidden else {}
    for element in hidden:
        control = controls.get(str(element.get("id"))) or _control_beside(element)
        if control is not None and _is_text(element) and not _serves_otherwise(control):
            if control is not _neighbour(element, forward=True):  # else it says "more", of what is shown now
                _keep_words(control)
            _show(element)
    for dialog in elements_in(soup, {"dialog"}):
        if not is_hidden(dialog):
            dialog.name = "div"
    for button in elements_in(soup, {"button"}):
        if _unfolds(button) and not _serves_otherwise(button):
            _keep_words(button)


def label_panels(soup: BeautifulSoup) -> None:
    """Show the panels of tabs one after another, each under its tab's words: in an item there is nothing to tap."""
    elements = elements_in(soup)
    for tab, panel in list(_panels(elements)):
        words = text.line(tab.get_text())
        if not words or DOT.fullmatch(words) or not _is_text(panel) or _serves_otherwise(tab):
            continue
        if is_hidden(panel):
            _show(panel)
        if _stands_before(tab, panel):
            _keep_words(tab)
            continue
        label, strong = soup.new_tag("p"), soup.new_tag("strong")
        strong.append(words)
        label.append(strong)
        take_out(tab)
        if _first_words(panel) != words:  # else it has a heading of its own
            panel.insert(0, label)


def _first_words(element: Tag) -> str:
    return next(filter(None, map(text.line, element.strings)), "")


def _panels(elements: list[Tag]) -> Iterator[tuple[Tag, Tag]]:
    """Yield each tab with its panel, if there are several: a single one is a part that a control unfolds."""
    by_id = {str(e["id"]): e for e in elements if e.get("id")}
    by_label = {str(e["aria-labelledby"]): e for e in elements if e.get("aria-labelledby")}
    pairs: dict[int, tuple[Tag, Tag]] = {}
    for element in filter(_is_tab, elements if by_id else ()):
        named = [by_id.get(name) for name in _names(element)]
        named.append(by_label.get(str(element.get("id"))))
        panel = next((e for e in named if e is not None and not _is_at_or_in(element, e)), None)
        if panel is not None:
            pairs.setdefault(id(panel), (element, panel))
    if len(pairs) > 1:
        yield from pairs.values()


def _is_tab(element: Tag) -> bool:
    if element.get("role") == "tab" or element.get("data-toggle", element.get("data-bs-toggle")) in ("tab", "pill"):
        return True
    return _is_control(element) and any(TABS.search(_purpose(e)) for e in islice(element.parents, 2) if e.attrs)


def _stands_before(tab: Tag, panel: Tag) -> bool:
    """Whether the tab is right above its panel already, perhaps in a heading."""
    before = _neighbour(panel, forward=False)
    if before is None or not _is_at_or_in(tab, before):
        return False
    return text.line(tab.get_text()) == text.line(before.get_text())


def _is_at_or_in(element: Tag, other: Tag) -> bool:
    return element is other or any(around is other for around in element.parents)


def _show(element: Tag) -> None:
    for name in ("hidden", "style", UNSEEN):
        del element[name]
    element.insert_before(" ")
    if element.name == "dialog":
        element.name = "div"


def _keep_words(control: Tag) -> None:
    """Make plain words of a control: a button goes with its words, and there is nothing to tap in an item."""
    for element in (control, *elements_in(control)):
        if element.name == "button" and text.line(element.get_text()):
            element.name = "div"
        elif element.name == "a" and _leads_nowhere(element):
            del element["href"]


# ------------------------------------------------------------ controls


def _controls_by_id(elements: list[Tag]) -> dict[str, Tag]:
    """Return the controls of parts of this text, by the ids that they name."""
    ids = {str(e["id"]) for e in elements if e.get("id")}
    controls: dict[str, Tag] = {}
    for element in elements:
        for identifier in ids.intersection(_names(element)):
            controls.setdefault(identifier, element)
    return controls


def _names(element: Tag) -> Iterator[str]:
    for name, value in attributes_of(element).items():
        if NAMING.fullmatch(name):
            yield from re.findall(r"[\w-]+", value)


def _control_beside(hidden: Tag) -> Tag | None:
    """Return the control right before the part, or right after it; None where there is none."""
    beside = [_neighbour(hidden, forward=False), _neighbour(hidden, forward=True)]
    if not beside[0] and hidden.parent is not None:
        beside.append(_neighbour(hidden.parent, forward=False))
    neighbours = [e for e in beside if e is not None]
    for element in neighbours:
        if len(text.line(element.get_text())) <= LONGEST_CONTROL and _holds_control(element):
            return element
    is_in_folds = any(UNFOLDING.search(_purpose(e)) for e in (hidden, *list(hidden.parents)[:2]) if e.attrs)
    return neighbours[0] if is_in_folds and neighbours and neighbours[0] is beside[0] else None


def _neighbour(element: Tag, *, forward: bool) -> Tag | None:
    siblings = element.next_siblings if forward else element.previous_siblings
    tags = (s for s in siblings if isinstance(s, Tag) and s.name != "br")
    return next(tags, None)


def _holds_control(element: Tag) -> bool:
    return any(map(_is_control, (element, *elements_in(element))))


def _is_control(element: Tag) -> bool:
    """Whether one can tap the element, and something on the page happens."""
    if element.name == "button" or any(element.has_attr(name) for name in CONTROL_ATTRIBUTES):
        return True
    if element.get("role") in ("button", "tab") or UNFOLDING.search(_purpose(element)):
        return True
    return element.name == "a" and _leads_nowhere(element)


def _leads_nowhere(anchor: Tag) -> bool:
    return str(anchor.get("href") or "").strip().lower().startswith(("#", "javascript:"))


def _unfolds(button: Tag) -> bool:
    """Whether the button is the heading of a part, though no inline style hides that part."""
    return button.has_attr("aria-expanded") or UNFOLDING.search(_purpose(button)) is not None


# ------------------------------------------------------------ purposes


def _purpose(element: Tag) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _serves_otherwise(control: Tag) -> bool:
    """Whether the control shares, copies, prints and the like."""
    described = [_purpose(control), str(control.get("onclick", "")), control.get_text()[:LONGEST_CONTROL]]
    return OTHER_PURPOSE.search(" ".join(described)) is not None


def _is_text(element: Tag) -> bool:
    """Whether the hidden part is for reading."""
    return not contains(element, FIELDS) and not OTHER_PURPOSE.search(_purpose(element))
