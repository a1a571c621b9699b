"""A page that sends its readers on by itself → where it sends them.

``<meta http-equiv="refresh">`` and the header ``Refresh`` are read as the HTML standard has it ("shared declarative
refresh steps"). A page may also use them to be loaded again, and then its content is what counts. So it depends on
the pause, on the place of the element, and on what the page itself has to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from feedpub import address

AT_ONCE = 5.0  # seconds: after a shorter pause nobody has read the page, whatever is on it
LONGEST_PAUSE = 30.0  # seconds: after more, a page has been read, and is loaded again
FEW_CHARACTERS = 600  # of a page that says only that it has moved
FEW_LINKS = 12  # of such a page
WITHIN = 100_000  # characters from the start of a page
LONGEST = 500_000  # characters: of a page that says little, with its scripts
MOST_ATTRIBUTES = 20  # of a meta element

STEPS = re.compile(r"\s*(?=[\d.])(\d{0,9})[\d.]*(?:\s*[;,]|\s)\s*(.*)", re.DOTALL)
NAME = re.compile(r"url\s*=\s*", re.IGNORECASE)
MARK = re.compile(
    r"<!--|<(?P<raw>script|style|template|textarea|title|xmp|iframe|noframes)\b"
    r"|<(?P<noscript>/?noscript)\b|<(?P<body>body)\b|<(?P<meta>meta)\b",
    re.IGNORECASE,
)
ATTRIBUTE = re.compile(
    r"""[\s/]{0,99}([^\s/>=]{1,99})(?:\s*=\s*(?:"([^"]{0,9999})"|'([^']{0,9999})'|([^\s>"']{0,9999})))?"""
)
TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class _Refresh:
    """An order to go on, and how sure it is meant for everyone."""

    content: str
    is_in_head: bool  # or in the answer's head; else in <noscript>, or amid the page


def refresh_target(text: str, header: str, url: str) -> str | None:
    """Return the address to which the page at ``url`` sends its readers on; None where it sends them nowhere else."""
    orders = [_Refresh(header, is_in_head=True)] if header else []
    orders += _in_page(text[:WITHIN])
    for order in orders:
        target = _target(order, text, url)
        if target:
            return target
    return None


def _target(order: _Refresh, text: str, url: str) -> str | None:
    steps = STEPS.match(order.content)
    if steps is None:
        return None
    pause = float(steps[1] or 0)
    if pause > LONGEST_PAUSE:
        return None
    written = NAME.sub("", steps[2], count=1) if NAME.match(steps[2]) else steps[2]
    if not written.strip():
        return None
    target = address.absolute(url, _unquoted(written.strip()), keeps_tracking=True)
    here = address.absolute("", url, keeps_tracking=True) or url
    if target is None or address.without_fragment(target) == address.without_fragment(here):
        return None
    is_for_everyone = order.is_in_head and pause <= AT_ONCE
    return target if is_for_everyone or _says_little(text) else None


def _unquoted(written: str) -> str:
    quote = written[0]
    return written[1:].partition(quote)[0] if quote in "\"'" else written


def _in_page(text: str) -> Iterator[_Refresh]:
    """Yield the orders of a page's meta elements, past comments and scripts."""
    is_noscript = is_body = False
    for mark, _ in _marks(text):
        if mark["noscript"]:
            is_noscript = not mark["noscript"].startswith("/")
        elif mark["body"]:
            is_body = True
        elif mark["meta"]:
            attributes = _attributes(text, mark.end())
            if attributes.get("http-equiv", "").strip().lower() == "refresh":
                yield _Refresh(attributes.get("content", ""), is_in_head=not (is_noscript or is_body))


def _marks(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Yield the marks of a text, each with where it ends. What is in a comment or a script is no mark."""
    position = 0
    while mark := MARK.search(text, position):
        is_markup = mark["noscript"] or mark["body"] or mark["meta"]
        position = mark.end() if is_markup else _end(text, mark)
        yield mark, position


def _end(text: str, mark: re.Match[str]) -> int:
    """Return where a comment, or an element whose content is no markup, ends: at the text's end if it is not closed."""
    closing = re.compile(rf"</{mark['raw']}\b" if mark["raw"] else "-->", re.IGNORECASE)
    end = closing.search(text, mark.end())
    return end.end() if end else len(text)


def _attributes(text: str, position: int) -> dict[str, str]:
    """Return the attributes of a tag whose name ends at ``position``; the first of each name counts."""
    attributes: dict[str, str] = {}
    for _ in range(MOST_ATTRIBUTES):
        match = ATTRIBUTE.match(text, position)
        if match is None:
            break
        position = match.end()
        value = match[2] or match[3] or match[4] or ""
        attributes.setdefault(match[1].lower(), unescape(value))
    return attributes


def _says_little(text: str) -> bool:
    """Whether a page has hardly any words and links of its own."""
    if len(text) > LONGEST:
        return False
    shown: list[str] = []
    position = 0
    for mark, end in _marks(text):
        shown.append(text[position : mark.start()])
        position = mark.start() if end == mark.end() else end
    shown.append(text[position:])
    markup = " ".join(shown)
    words = " ".join(TAG.sub(" ", markup).split())
    return len(words) <= FEW_CHARACTERS and len(re.findall(r"<a\s", markup, re.IGNORECASE)) <= FEW_LINKS
