"""Pictures that a page shows as the background of an empty box."""

from __future__ import annotations

import re
from html import unescape

from feedpub.html.images import Attributes, picture_source
from feedpub.html.placeholders import PHOTOGRAPH, is_placeholder

STYLED = re.compile(
    r"(?<![\w-])background(?:-image)?\s*:[^;]*?url\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^\"')]*))", re.IGNORECASE
)
DECORATION = re.compile(  # in an address: what belongs to the site's design
    r"/(?:themes?|templates?|css|skins?|plugins|modules|icons?)/"
    r"|(?<![a-z])(?:bg|background|pattern|sprites?|texture|icons?|logo|divider|arrow|play|button|gradient|shadow)s?(?![a-z])",
    re.IGNORECASE,
)


def background_source(element: Attributes) -> str | None:
    """Return the address of the photograph in an element's background, as found.

    None where there is none, and for what looks like the site's design.
    """
    style = STYLED.search(element.get("style", ""))
    shown = unescape("".join(filter(None, style.groups()))).strip() if style else ""
    loaded_late = {n: v for n, v in element.items() if n.startswith("data-")}
    source = picture_source(loaded_late) or (None if is_placeholder(shown) else shown)
    if source is None or not PHOTOGRAPH.search(source) or DECORATION.search(source):
        return None
    return source
