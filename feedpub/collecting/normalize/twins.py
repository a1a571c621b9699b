"""Words that a page has twice, for wide screens and for narrow ones. Nobody ever sees both."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import islice

from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag

from feedpub.collecting.normalize.markup import contains, elements_in

# Classes of Bootstrap, Foundation, Bulma, UIkit, Elementor and Tailwind, and what people call such boxes.
WIDE = re.compile(
    r"hidden-(?:xs|sm|phone|mobile)|visible-(?:md|lg|desktop)(?:-\w+)?|(?:desktop|pc)-(?:only|version|view)"
    r"|(?:only|for|show)-(?:desktop|pc)|(?:hide|hidden)-(?:for|on)-(?:small|mobile|phone)(?:-only)?"
    r"|show-for-(?:medium|large)|is-hidden-(?:mobile|touch)|elementor-hidden-(?:mobile|phone)|uk-visible@[smlx]+"
    r"|hide-mobile|mobile-hid(?:e|den)"
)
NARROW = re.compile(
    r"visible-(?:xs|sm|phone|mobile)(?:-\w+)?|hidden-(?:md|lg|desktop)|(?:mobile|phone)-(?:only|version|view)"
    r"|(?:only|for|show)-(?:mobile|phone)|(?:hide|hidden)-(?:for|on)-(?:medium|large|desktop)|show-for-small(?:-only)?"
    r"|is-hidden-(?:tablet|desktop)|elementor-hidden-desktop|uk-hidden@[smlx]+|hide-desktop|desktop-hid(?:e|den)"
)
HIDDEN = ("d-none", "hidden")  # at every width that no other class names
SHOWN_WIDE = re.compile(
    r"d-(?:sm|md|lg|xl)-(?:block|flex|grid|table|inline\S*)|(?:sm|md|lg|xl):(?:block|flex|grid|table|inline\S*)"
)
HIDDEN_WIDE = re.compile(r"d-(?:sm|md|lg|xl)-none|(?:sm|md|lg|xl):hidden")

INLINE_BOXES = ("span", "b", "strong", "i", "em", "small", "abbr")
LONGEST_LABEL = 60  # characters
MOST = 200  # of a text; no page has as many
NEAR = 5  # nodes between twins


def drop_twins(soup: BeautifulSoup) -> None:
    """Take out what is beside its twin for other screens, and says nothing that the twin does not say.

    Where both say the same, the one for wide screens stays.
    """
    wide = [e for e in elements_in(soup) if e.get("class") and _is_wide(e)][:MOST]
    for one in wide:
        for other in _narrow_beside(one):
            if _says_no_more(other, one) or _is_short_for(other, one):
                other.decompose()
            elif _says_no_more(one, other):
                one.decompose()
                break


def _narrow_beside(element: Tag) -> list[Tag]:
    """Return the elements for narrow screens next to this one, and next to those."""
    return [e for e in (*_near(element.next_siblings), *_near(element.previous_siblings)) if _is_narrow(e)]


def _near(siblings: Iterable[PageElement]) -> list[Tag]:
    return [e for e in islice(siblings, NEAR) if isinstance(e, Tag)]


def _classes(element: Tag) -> list[str]:
    return str(element.get("class") or "").lower().split()


def _is_wide(element: Tag) -> bool:
    """Whether wide screens show the element, and narrow ones do not."""
    names = _classes(element)
    is_shown_later = any(n in HIDDEN for n in names) and _any(SHOWN_WIDE, names)
    return is_shown_later or (_any(WIDE, names) and not _any(NARROW, names))


def _is_narrow(element: Tag) -> bool:
    names = _classes(element)
    is_hidden_later = not any(n in HIDDEN for n in names) and _any(HIDDEN_WIDE, names)
    return is_hidden_later or (_any(NARROW, names) and not _any(WIDE, names))


def _any(pattern: re.Pattern[str], names: Collection[str]) -> bool:
    return any(map(pattern.fullmatch, names))


def _says_no_more(one: Tag, other: Tag) -> bool:
    """Whether all words, links and pictures of one element are in the other."""
    words = _words(one)
    if not words or not words <= _words(other) or not _targets(one) <= _targets(other):
        return False
    return contains(other, {"img"}) or not contains(one, {"img"})


def _is_short_for(one: Tag, other: Tag) -> bool:
    """Whether one element is an abbreviation of the other, in the same place of a line."""
    beside = (one.next_sibling, one.previous_sibling)
    if one.name not in INLINE_BOXES or other.name not in INLINE_BOXES or not any(e is other for e in beside):
        return False
    short, long = one.get_text().strip(), other.get_text().strip()
    return 0 < len(short) <= len(long) <= LONGEST_LABEL


def _words(element: Tag) -> set[str]:
    return set(re.findall(r"\w+", element.get_text(" ").lower()))


def _targets(element: Tag) -> set[str]:
    return {str(a["href"]) for a in elements_in(element, {"a"}) if a.has_attr("href")}
