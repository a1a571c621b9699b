"""A page that has no news to read → what it is instead, as far as its elements say."""

from __future__ import annotations

import re
from enum import Enum

from lxml.html import HtmlElement

FEW_CHARACTERS = 400  # a page that shows fewer, and has scripts, is made by them
FEW_LINKS = 3
TELLING = ("frame", "iframe", "input", "script")  # a page without these is none of what is named here
NEEDS_SCRIPT = re.compile(
    r".*\b(?:enable|turn on|activate|requires?|needs?|without|allow)\b.*\bjava ?script\b.*"
    r"|.*\bjava ?script\b.*(?:disabled|required|turned off|вимкнен|відключен|потріб|не підтриму|отключ|необход).*"
    r"|.*(?:у?вімкн|ввімкн|включ|активу|потріб|без ).*\bjava ?script\b.*",
    re.IGNORECASE | re.DOTALL,
)


class Instead(Enum):
    """What a page is instead of news."""

    FRAMES = "frames"
    PASSWORD = "a form that asks for a password"  # noqa: S105 - describes a page, is no password
    SCRIPT = "a page made by a script"
    FRAME = "a page that shows another in a frame"


def instead_of_news(root: HtmlElement, shown: int, links: int) -> Instead | None:
    """Return what a page is that could not be read; None where nothing tells.

    ``shown`` is how many characters of text a reader sees, ``links`` how many links to the site. Ask only where
    nothing was found: a page with news may have a form for a password, too.
    """
    if any(True for _ in root.iter("frame")):
        return Instead.FRAMES
    if asks_for_password(root):
        return Instead.PASSWORD
    if shown < FEW_CHARACTERS and links < FEW_LINKS and any(True for _ in root.iter("script")):
        return Instead.SCRIPT
    if shown < FEW_CHARACTERS and any(True for _ in root.iter("iframe")):
        return Instead.FRAME
    return None


def asks_for_password(element: HtmlElement) -> bool:
    return any(e.get("type", "").strip().lower() == "password" for e in element.iter("input"))


def needs_script(words: str) -> bool:
    """Whether all that these words say is that the page needs JavaScript."""
    return len(words) < FEW_CHARACTERS and NEEDS_SCRIPT.fullmatch(words.strip()) is not None
