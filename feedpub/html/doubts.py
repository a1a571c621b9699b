"""Where people may see an element, or may not, as far as the page's own source says."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from feedpub.html import hiding
from feedpub.html.colours import FAINT
from feedpub.html.elsewhere import length_of
from feedpub.html.look import FALLBACKS, PARTED, Look
from feedpub.html.measures import factor, lengths
from feedpub.html.styles import Declared

BRIGHT = 5.0  # times as bright: nothing but white
CRAMPED = 6.0  # CSS pixels by which letters are pushed over one another
NEAR = 4  # elements around words, the innermost included, whose parts may lie behind these


def has_picture(element: HtmlElement) -> bool:
    return next(element.iter("img", "picture", "video", "audio", "iframe", "svg"), None) is not None


def has_backdrop(look: Look, element: HtmlElement) -> bool:
    """Whether something may lie behind the element's words that is not around them: a picture, or a box."""
    lineage = list(islice((element, *element.iterancestors()), NEAR))
    beside = (child for around in lineage for child in around if child not in lineage)
    for child in beside:
        own = look.declared(child, {}) if isinstance(child.tag, str) else {}
        is_laid = own.get("position") in ("absolute", "fixed")
        if is_laid and (has_picture(child) or hiding.background(own) is not None):
            return True
    return False


def is_left_by_parts(look: Look, element: HtmlElement, own: Declared) -> bool:
    """Whether parts of a box are placed outside of it, where it does not cut them off."""
    if own.get("position", "static") != "static" or "contain" in own or "transform" in own:
        return False
    places = (look.declared(part, {}).get("position") for part in element.iterdescendants(etree.Element))
    return any(place in ("absolute", "fixed") for place in places)


def is_doubtful(look: Look, element: HtmlElement, own: Declared) -> bool:
    """Whether people may not see the element, or not care to look."""
    if element.get("aria-hidden") == "true" or (element.get("hidden") or "").lower() == "until-found":
        return True
    if look.may_be_hidden_elsewhere(element) or look.is_first_line_hidden(element):
        return True
    if element.tag == "details" and element.get("open") is None:
        return not any(_is_to_be_seen(look, one) for one in element.iter("summary"))
    if next(element.iterancestors(*FALLBACKS), None) is not None:
        return True
    if element.tag == "marquee":
        sizes = [lengths(element.get(name) or "") for name in ("width", "height")]
        return any(size and size[0] <= hiding.TINY for size in sizes)
    spacing = lengths(own.get("letter-spacing", ""))
    is_spaced = any(one <= -CRAMPED or one >= PARTED for one in spacing)
    return is_spaced or _is_behind(look, element, own) or hiding.is_turned_round(own) or _is_blended(own)


def _is_behind(look: Look, element: HtmlElement, own: Declared) -> bool:
    """Whether what is around the element may cover it."""
    if not own.get("z-index", "").startswith("-"):
        return False
    parent = element.getparent()
    around = look.declared(parent, {}).get("display", "") if parent is not None else ""
    return own.get("position", "static") != "static" or around.endswith(("flex", "grid"))


def _is_to_be_seen(look: Look, element: HtmlElement) -> bool:
    own = look.declared(element, {})
    size = hiding.font_size(own, hiding.FONT_SIZE)
    is_off = hiding.way_of(own, str(element.tag)) is not None or (size is not None and size <= hiding.TINY)
    return length_of(element) > 0 and not is_off


def _is_blended(own: Declared) -> bool:
    """Whether the colours of words may be lost in those of the page."""
    bright = re.search(r"(?:brightness|contrast)\(\s*([^)]*?)\s*\)", own.get("filter", ""))
    changed = factor(bright[1]) if bright else None
    is_lost = changed is not None and (changed >= BRIGHT or changed <= FAINT)
    return is_lost or own.get("mix-blend-mode") in ("screen", "lighten", "color-dodge", "plus-lighter")
