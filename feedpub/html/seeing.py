"""What of a text people see when they open its page, as far as the page's own source says it.

What they do not see is marked in the tree. ``normalize`` takes it out, unless a control of the same text shows it.

A page may load further sheets and scripts that nobody has read here. Where one of them may well show an element, what
is hidden is only marked if it leads elsewhere: links to other hosts are most of it. Such parts are the usual loot of
a hacked site. All else in doubt is the council's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from feedpub import address
from feedpub.errors import ScrapeError
from feedpub.html import hiding
from feedpub.html.colours import BLACK, FAINT, WHITE, Colour, colour, is_alike
from feedpub.html.doubts import has_backdrop, has_picture, is_doubtful, is_left_by_parts
from feedpub.html.elsewhere import leads_elsewhere, length_of
from feedpub.html.index import indexing
from feedpub.html.lines import UNREAD
from feedpub.html.look import NEVER_SHOWN, Look, is_dot
from feedpub.html.styles import UNKNOWN, Declared

UNSEEN = "feedpub-unseen"  # the attribute of an element that nobody sees; its value is the way in which it is hidden
FOLDED = "folded"  # the value where a control may show it
MOST_OF_TEXT = 0.6  # of a text: where so much is hidden, a script shows it
TABLE_PARTS = ("table", "tr", "td", "th")  # whose ground sheets often colour, without a class


def mark_unseen(
    root: HtmlElement, body: Sequence[HtmlElement], page_url: str, *, apart: Sequence[HtmlElement] = ()
) -> None:
    """Mark all in the elements of a text that nobody sees when the page opens. The elements themselves stay.

    Those ``apart`` from the text are marked themselves, if nobody sees them. Raises ScrapeError where that would take
    too long to find out.
    """
    with indexing():  # many selectors, and the page does not change meanwhile
        look = Look(root, [*body, *apart])
        if look.is_too_much:
            raise ScrapeError(page_url, "has style sheets that would take too long to apply, as those of no page do")
        if look.is_plain:
            return
        look.apply_sheets()
    marker = _Marker(look, address.host(page_url))
    for element in body:
        marker.mark(element)
    for element in apart:
        marker.mark_whole(element)


@dataclass(frozen=True, slots=True)
class _State:
    """What the words at a place of the page inherit."""

    is_invisible: bool = False
    is_shown_later: bool = False  # a script may well make it visible
    size: float = hiding.FONT_SIZE
    is_size_open: bool = False  # a sheet from elsewhere may declare another size below the one that is known
    indent: float = 0.0
    ink: Colour | None = None  # None: the page's own
    ground: Colour | str = WHITE  # "" for one that nobody knows
    is_ground_known: bool = False  # nobody else declares another one
    is_ink_older: bool = False  # the ground was declared within it, and no other colour of letters with it
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
        if self.opacity <= FAINT or self.scale <= FAINT:
            return FOLDED
        if self.indent <= -hiding.FAR or self.indent >= hiding.FURTHEST:
            return "indented beyond the page"
        if self.is_ink_hidden:
            return "in the colour of the page"
        return None

    @property
    def is_ink_hidden(self) -> bool:
        return self.ink is not None and isinstance(self.ground, tuple) and is_alike(self.ink, self.ground)

    @property
    def is_sure(self) -> bool:
        """Whether words here are hidden beyond doubt, given that they are hidden."""
        if self.is_invisible:
            return not self.is_shown_later
        if self.size <= hiding.TINY:
            return not self.is_size_open
        return (self.is_ground_known and not self.is_ink_older) if self.is_ink_hidden else True


class _Marker:
    def __init__(self, look: Look, host: str) -> None:
        self.look = look
        self.host = host

    def mark(self, body: HtmlElement) -> None:
        """Mark what is hidden in one element of the text. How the element itself is hidden is a matter of scripts."""
        found = list(self._unseen_in(body, self._state_in((*reversed(list(body.iterancestors())), body))))
        loot = [(element, way) for element, way in found if leads_elsewhere(element, self.host)]
        all_hidden, all_loot = (sum(length_of(element) for element, _ in some) for some in (found, loot))
        if all_hidden - all_loot > MOST_OF_TEXT * (length_of(body) - all_loot):
            found = loot
        for element, way in found:
            element.set(UNSEEN, way)
        for frame in body.iter("iframe"):
            frame.text = None  # it shows a page of its own, and these words to nobody (HTML, 4.8.5)

    def mark_whole(self, element: HtmlElement) -> None:
        """Mark an element if nobody sees it, or else what is hidden in it."""
        for hidden, way in list(self._unseen_at(element, self._state_in(reversed(list(element.iterancestors()))))):
            hidden.set(UNSEEN, way)

    def _state_in(self, around: Iterable[HtmlElement]) -> _State:
        """Return what words inherit from elements, the outermost first. How these are hidden is a matter of scripts."""
        state = _State(ink=BLACK if self.look.is_whole else None, is_ground_known=self.look.is_whole)
        for element in around:
            state = self._after(state, element)
            ink = None if state.is_ink_hidden else state.ink
            state = replace(
                state, is_invisible=False, size=hiding.FONT_SIZE, indent=0.0, ink=ink, opacity=1.0, scale=1.0
            )
        return replace(state, is_ground_open=False, is_size_open=False)

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
        if parts and sum(length_of(part) for part, _ in parts) >= length_of(element) and not has_picture(element):
            yield element, parts[0][1]
        else:
            yield from parts

    def _way_of(self, element: HtmlElement, outer: _State) -> str | None:
        """Return the way in which an element is hidden with all that is in it; None: it is not."""
        if element.tag in NEVER_SHOWN and length_of(element) > 2:
            return "an element that no browser shows"
        if element.tag == "img" and is_dot(element):
            return "a picture as small as a dot"
        own = self.look.declared(element, outer.variables)
        way = hiding.way_of(own, str(element.tag))
        if way and not self._is_shown_all_the_same(element, way, own):
            return FOLDED if way.is_unfolded else way.name
        if element.get("popover") is not None and "display" not in own:
            return FOLDED
        if is_doubtful(self.look, element, own) and leads_elsewhere(element, self.host):
            return "out of people's way"
        return None

    def _way_of_words(self, element: HtmlElement, state: _State) -> str | None:
        """Return the way in which words directly in an element are hidden; None: they are seen."""
        way = state.way
        if way is None or (state.is_sure and not (state.is_ink_hidden and has_backdrop(self.look, element))):
            return way
        is_open = state.is_ground_open and state.size > hiding.TINY and not state.is_invisible
        return way if not is_open and leads_elsewhere(element, self.host) else None

    def _is_shown_all_the_same(self, element: HtmlElement, way: hiding.Way, own: Declared) -> bool:
        """Whether people may well see an element, so that only the usual loot of a hacked site is hidden."""
        if self._may_be_shown(element, is_moved=way.is_moved) or (
            way.is_box and is_left_by_parts(self.look, element, own)
        ):
            return not leads_elsewhere(element, self.host)
        return False

    def _may_be_shown(self, element: HtmlElement, *, is_moved: bool) -> bool:
        """Whether a script may well show an element that a declaration hides."""
        is_named = any(name in ("class", "id") or name.startswith("data-") for name in element.attrib)
        may_move = is_moved and is_named and not self.look.is_still
        is_named_in_code = self.look.is_hidden_by_sheet(element) and self.look.is_named_in_code(element)
        return may_move or is_named_in_code or self.look.is_until_changed(element)

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
        if own.get("visibility") in ("hidden", "collapse"):
            state = replace(state, is_shown_later=self._may_be_shown(element, is_moved=True))
        if self.look.is_until_changed(element):
            state = replace(state, is_size_open=True, is_ground_known=False)
        if own.get("position") in ("absolute", "fixed") and hiding.background(own) is None:
            state = replace(state, is_ground_known=False)  # nobody knows what it lies on
        if self.look.has_backdrop(element):
            state = replace(state, ground="")
        ground = _old_colour(element.get("bgcolor"))
        if ground:
            state = replace(state, ground=ground, is_ground_known=True, is_ground_open=False)
        ink = _old_colour(element.get("color")) if element.tag == "font" else None
        if ink:
            state = replace(state, ink=ink, is_ink_older=False)
        if element.tag == "a" and element.get("href") and "color" not in own:
            state = replace(state, is_ground_known=False)  # many browsers and sheets give links a colour of their own
        return state


def _old_colour(value: str | None) -> Colour | None:
    """Return the colour that an attribute names; these may lack their #."""
    name = (value or "").strip().lower()
    return colour(name) or colour(f"#{name}")


def _with_declared(state: _State, own: Declared) -> _State:
    variables = {name: value for name, value in own.items() if name.startswith("--")}
    if variables:
        state = replace(state, variables={**state.variables, **variables})
    is_invisible, indent = hiding.is_invisible(own), hiding.indent(own)
    size, ink, ground = hiding.font_size(own, state.size), hiding.text_colour(own), hiding.background(own)
    if size is not None:
        state = replace(state, size=size, is_size_open=False)
    if UNKNOWN in (own.get("color"), own.get("-webkit-text-fill-color")):
        state = replace(state, ink=None)
    if own.get("background-color", own.get("background")) == "currentcolor":
        ground = ink or state.ink or ground
    if ground is not None:
        state = replace(state, ground=ground, is_ground_known=True, is_ground_open=False, is_ink_older=True)
    if ink is not None:
        state = replace(state, ink=ink, is_ink_older=False)
    return replace(
        state,
        is_invisible=state.is_invisible if is_invisible is None else is_invisible,
        indent=state.indent if indent is None else indent,
        opacity=state.opacity * _as_shown(hiding.opacity(own)),
        scale=state.scale * _as_shown(hiding.scale(own)),
    )


def _as_shown(factor: float) -> float:
    """Return a factor; of what is nothing by itself, and is not marked, the one that a script gives it later."""
    return factor if factor > FAINT else 1.0


# ------------------------------------------------------------ words


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
