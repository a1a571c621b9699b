"""What of a text people see when they open its page, as far as the page's own source says it.

What they do not see is marked in the tree. ``normalize`` takes it out, unless a control of the same text shows it.

A page may load further sheets and scripts that nobody has read here. Where one of them may well show an element, what
is hidden is only marked if it leads elsewhere: links to other hosts are most of it. Such parts are the usual loot of
a hacked site. All else in doubt is the council's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from feedpub import address
from feedpub.html import hiding
from feedpub.html.hiding import Colour
from feedpub.html.index import indexing
from feedpub.html.lines import UNREAD
from feedpub.html.look import FALLBACKS, NEVER_SHOWN, Look, is_dot
from feedpub.html.styles import Declared

UNSEEN = "feedpub-unseen"  # the attribute of an element that nobody sees; its value is the way in which it is hidden
FOLDED = "folded"  # the value where a control may show it
LED_ELSEWHERE = 0.5  # of a part's characters are links to other hosts
MOST_OF_TEXT = 0.6  # of a text: where so much is hidden, a script shows it
FONT_SIZE = 16.0  # CSS pixels, where nothing is declared
CRAMPED = 6.0  # CSS pixels by which letters are pushed over one another
TABLE_PARTS = ("table", "tr", "td", "th")  # whose ground sheets often colour, without a class
BLACK: Colour = (0.0, 0.0, 0.0, 1.0)


def mark_unseen(root: HtmlElement, body: Sequence[HtmlElement], page_url: str) -> None:
    """Mark all in the elements of a text that nobody sees when the page opens. The elements themselves stay."""
    with indexing():  # many selectors, and the page does not change meanwhile
        look = Look(root, body)
        if look.is_plain:
            return
        look.apply_sheets()
    marker = _Marker(look, address.host(page_url))
    for element in body:
        marker.mark(element)


@dataclass(frozen=True, slots=True)
class _State:
    """What the words at a place of the page inherit."""

    is_invisible: bool = False
    size: float = FONT_SIZE
    is_size_open: bool = False  # a sheet from elsewhere may declare another size below the one that is known
    indent: float = 0.0
    ink: Colour | None = None  # None: the page's own
    ground: Colour | str = hiding.WHITE  # "" for one that nobody knows
    is_ground_known: bool = False  # nobody else declares another one
    is_ground_open: bool = False  # something between the text and these words may well have one of its own
    opacity: float = 1.0  # of all elements around
    scale: float = 1.0
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def way(self) -> str | None:
        """The way in which words here are hidden; None: they are seen."""
        if self.is_invisible:
            return FOLDED
        if self.size <= hiding.TINY:
            return "in letters without size"
        if self.opacity <= hiding.FAINT or self.scale <= hiding.FAINT:
            return FOLDED
        if self.indent <= -hiding.FAR or self.indent >= hiding.FURTHEST:
            return "indented beyond the page"
        if self.is_ink_hidden:
            return "in the colour of the page"
        return None

    @property
    def is_ink_hidden(self) -> bool:
        return self.ink is not None and isinstance(self.ground, tuple) and hiding.is_alike(self.ink, self.ground)

    @property
    def is_sure(self) -> bool:
        """Whether words here are hidden beyond doubt, given that they are hidden."""
        if self.is_invisible:
            return True
        if self.size <= hiding.TINY:
            return not self.is_size_open
        return self.is_ground_known if self.is_ink_hidden else True


class _Marker:
    def __init__(self, look: Look, host: str) -> None:
        self.look = look
        self.host = host

    def mark(self, body: HtmlElement) -> None:
        """Mark what is hidden in one element of the text. How the element itself is hidden is a matter of scripts."""
        state = _State(ink=BLACK if self.look.is_whole else None, is_ground_known=self.look.is_whole)
        for element in (*reversed(list(body.iterancestors())), body):
            state = self._after(state, element)
            ink = None if state.is_ink_hidden else state.ink
            state = replace(state, is_invisible=False, size=FONT_SIZE, indent=0.0, ink=ink, opacity=1.0, scale=1.0)
        state = replace(state, is_ground_open=False, is_size_open=False)
        found = list(self._unseen_in(body, state))
        loot = [(element, way) for element, way in found if self._leads_elsewhere(element)]
        all_hidden, all_loot = (sum(_length(element) for element, _ in some) for some in (found, loot))
        if all_hidden - all_loot > MOST_OF_TEXT * (_length(body) - all_loot):
            found = loot
        for element, way in found:
            element.set(UNSEEN, way)
        for frame in body.iter("iframe"):
            frame.text = None  # it shows a page of its own, and these words to nobody (HTML, 4.8.5)

    # -------------------------------------------------------- the walk

    def _unseen_in(self, element: HtmlElement, state: _State) -> Iterator[tuple[HtmlElement, str]]:
        """Yield the outermost parts within that nobody sees. Words beside what is seen get an element of their own."""
        way = self._way_of_words(element, state)
        for child in list(element):
            if isinstance(child.tag, str):
                yield from self._unseen_at(child, state)
            if way and (child.tail or "").strip():
                yield _boxed_tail(child), way
        if way and (element.text or "").strip():
            yield _boxed_text(element), way

    def _unseen_at(self, element: HtmlElement, outer: _State) -> Iterator[tuple[HtmlElement, str]]:
        if element.tag in UNREAD:
            return
        way = self._way_of(element, outer)
        if way:
            yield element, way
            return
        parts = list(self._unseen_in(element, self._after(outer, element)))
        if parts and sum(_length(part) for part, _ in parts) >= _length(element) and not _has_picture(element):
            yield element, parts[0][1]
        else:
            yield from parts

    def _way_of(self, element: HtmlElement, outer: _State) -> str | None:
        """Return the way in which an element is hidden with all that is in it; None: it is not."""
        if element.tag in NEVER_SHOWN and _length(element) > 2:
            return "an element that no browser shows"
        if element.tag == "img" and is_dot(element):
            return "a picture as small as a dot"
        own = self.look.declared(element, outer.variables)
        way = hiding.way_of(own, str(element.tag))
        if way and not self._is_shown_later(element, way):
            return FOLDED if way.is_unfolded else way.name
        if element.get("popover") is not None and "display" not in own:
            return FOLDED
        if self._is_doubtful(element, own) and self._leads_elsewhere(element):
            return "out of people's way"
        return None

    def _way_of_words(self, element: HtmlElement, state: _State) -> str | None:
        """Return the way in which words directly in an element are hidden; None: they are seen."""
        way = state.way
        if way is None or state.is_sure:
            return way
        is_open = state.is_ground_open if state.size > hiding.TINY else False
        return way if not is_open and self._leads_elsewhere(element) else None

    def _is_shown_later(self, element: HtmlElement, way: hiding.Way) -> bool:
        """Whether a script may well show the element, so that only the usual loot of a hacked site is hidden."""
        is_named = any(name in ("class", "id") or name.startswith("data-") for name in element.attrib)
        may_move = way.is_moved and is_named and not self.look.is_still
        is_named_in_code = self.look.is_hidden_by_sheet(element) and self.look.is_named_in_code(element)
        return (may_move or is_named_in_code) and not self._leads_elsewhere(element)

    def _is_doubtful(self, element: HtmlElement, own: Declared) -> bool:
        """Whether people may not see the element, or not care to look."""
        if element.get("aria-hidden") == "true" or self.look.may_be_hidden_elsewhere(element):
            return True
        if element.tag == "details" and element.get("open") is None:
            return not any(map(_length, element.iter("summary")))
        if next(element.iterancestors(*FALLBACKS), None) is not None:
            return True
        if element.tag == "marquee":
            sizes = [hiding.lengths(element.get(name) or "") for name in ("width", "height")]
            return any(size and size[0] <= hiding.TINY for size in sizes)
        spacing = hiding.lengths(own.get("letter-spacing", ""))
        is_behind = own.get("z-index", "").startswith("-") and own.get("position", "static") != "static"
        return is_behind or any(one <= -CRAMPED for one in spacing)

    # -------------------------------------------------------- what words inherit

    def _after(self, outer: _State, element: HtmlElement) -> _State:
        """Return the state of words in an element."""
        own = self.look.declared(element, outer.variables)
        state = outer
        if not self.look.is_whole and (element.get("class") or element.get("id")):
            state = replace(state, is_size_open=True, is_ground_open=True, is_ground_known=False)
        if not self.look.is_whole and element.tag in TABLE_PARTS:
            state = replace(state, is_ground_open=True, is_ground_known=False)
        if own:
            state = _with_declared(state, own)
        ground = _old_colour(element.get("bgcolor"))
        if ground:
            state = replace(state, ground=ground, is_ground_known=True, is_ground_open=False)
        ink = _old_colour(element.get("color")) if element.tag == "font" else None
        if ink:
            state = replace(state, ink=ink)
        if element.tag == "a" and element.get("href") and "color" not in own:
            state = replace(state, is_ground_known=False)  # many browsers and sheets give links a colour of their own
        return state

    # -------------------------------------------------------- where links lead

    def _leads_elsewhere(self, element: HtmlElement) -> bool:
        """Whether links to other hosts are most of the element's words."""
        around = (element, *element.iterancestors("a"))
        if any(a.tag == "a" and self._is_foreign(a) for a in around):
            return _length(element) > 0
        linked = sum(_length(a) for a in element.iterdescendants("a") if self._is_foreign(a))
        return linked > 0 and linked >= LED_ELSEWHERE * _length(element)

    def _is_foreign(self, anchor: HtmlElement) -> bool:
        href = (anchor.get("href") or "").strip()
        if not re.match(r"(?:https?:)?[/\\]{2}", href, re.IGNORECASE):
            return False
        host = address.host(address.absolute(f"https://{self.host}/", href) or "")
        return not (host == self.host or host.endswith(f".{self.host}") or self.host.endswith(f".{host}"))


def _old_colour(value: str | None) -> Colour | None:
    """Return the colour that an attribute names; these may lack their #."""
    name = (value or "").strip().lower()
    return hiding.colour(name) or hiding.colour(f"#{name}")


def _with_declared(state: _State, own: Declared) -> _State:
    variables = {name: value for name, value in own.items() if name.startswith("--")}
    if variables:
        state = replace(state, variables={**state.variables, **variables})
    is_invisible, indent = hiding.is_invisible(own), hiding.indent(own)
    size, ink, ground = hiding.font_size(own, state.size), hiding.text_colour(own), hiding.background(own)
    if size is not None:
        state = replace(state, size=size, is_size_open=False)
    if ground is not None:
        state = replace(state, ground=ground, is_ground_known=True, is_ground_open=False)
    return replace(
        state,
        is_invisible=state.is_invisible if is_invisible is None else is_invisible,
        indent=state.indent if indent is None else indent,
        opacity=state.opacity * _as_shown(hiding.opacity(own)),
        scale=state.scale * _as_shown(hiding.scale(own)),
        ink=ink or state.ink,
    )


def _as_shown(factor: float) -> float:
    """Return a factor; of what is nothing by itself, and is not marked, the one that a script gives it later."""
    return factor if factor > hiding.FAINT else 1.0


# ------------------------------------------------------------ words


def _length(element: HtmlElement) -> int:
    """Return the number of characters of an element's words."""
    return len("".join(element.text_content().split()))


def _has_picture(element: HtmlElement) -> bool:
    return next(element.iter("img", "picture", "video", "audio", "iframe", "svg"), None) is not None


def _boxed_text(element: HtmlElement) -> HtmlElement:
    """Return an element of their own for the words with which an element begins."""
    box = element.makeelement("span")
    box.text, element.text = element.text, None
    element.insert(0, box)
    return box


def _boxed_tail(child: HtmlElement) -> HtmlElement:
    """Return an element of their own for the words after a child."""
    box = child.makeelement("span")
    box.text, child.tail = child.tail, None
    child.addnext(box)
    return box
