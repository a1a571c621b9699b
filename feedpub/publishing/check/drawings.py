"""The rules of drawings (SVG): they stand in other people's pages, so they load nothing, run nothing, lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from feedpub.content import Problem
from feedpub.publishing.check.read import parse_xml

NAMESPACE = "{http://www.w3.org/2000/svg}"
ELEMENTS = {f"{NAMESPACE}{name}" for name in ("svg", "title", "g", "path", "rect", "circle", "text")}
WHERE = "the drawing"


def drawing_problems(data: bytes, block: int) -> Iterator[Problem]:
    """Yield the problems of a drawing. Raises Unreadable where it is no XML."""
    root = parse_xml(data)
    if root.tag != f"{NAMESPACE}svg":
        yield Problem(WHERE, "is no SVG")
        return
    if not (root.findtext(f"{NAMESPACE}title") or "").strip():
        yield Problem(WHERE, "has no title")
    for element in root.iter():
        if element.tag not in ELEMENTS:
            yield Problem(WHERE, f"holds {element.tag}")
        for name, value in element.attrib.items():
            if name.lower().startswith("on") or "href" in name or "url(" in value:
                yield Problem(WHERE, f"holds the attribute {name}")
