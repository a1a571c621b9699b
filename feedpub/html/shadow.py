"""Declarative shadow roots, as browsers show them: ``<template shadowrootmode>`` in its host, slots filled."""

from __future__ import annotations

from lxml.html import HtmlElement

MODES = ("open", "closed")  # a closed one is closed to scripts, not to people
MARK = "shadowrootmode"


def open_shadow_roots(root: HtmlElement) -> None:
    """Make each shadow root on the page what its host holds, in place (HTML, 13.2.6.4.4).

    What a host holds besides is shown only in a slot. To a parser that knows no shadow roots, it is all there is.
    """
    hosts: set[HtmlElement] = set()
    for template in list(root.iter("template")):
        host = template.getparent()
        is_shadow = str(template.get(MARK) or "").lower() in MODES
        if is_shadow and host is not None and host not in hosts:  # the first one counts
            hosts.add(host)
            _show(host, template)


def _show(host: HtmlElement, template: HtmlElement) -> None:
    _take_out(host, template)
    given = _by_slot(host)
    for slot in _slots(template):
        name = slot.get("name") or ""
        if name in given:
            filling = given.pop(name)
            slot[:] = list(filling)
            slot.text = filling.text
    host[:] = [template]
    host.text = None
    template.tag = "div"
    del template.attrib[MARK]


def _take_out(host: HtmlElement, template: HtmlElement) -> None:
    """Take the template out of its host. The words after it stay."""
    tail, template.tail = template.tail or "", None
    before = template.getprevious()
    host.remove(template)
    if before is None:
        host.text = (host.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail


def _by_slot(host: HtmlElement) -> dict[str, HtmlElement]:
    """Return boxes of what the host holds, by the names of the slots that it is for; words alone are for ""."""
    boxes: dict[str, HtmlElement] = {}
    words = _box(host, boxes, "") if (host.text or "").strip() else None
    if words is not None:
        words.text = host.text
    for child in list(host):
        tail, child.tail = child.tail, None
        name = child.get("slot") or "" if isinstance(child.tag, str) else ""
        _box(host, boxes, name).append(child)
        if (tail or "").strip():
            box = _box(host, boxes, "")
            _add_words(box, tail or "")
    return boxes


def _box(host: HtmlElement, boxes: dict[str, HtmlElement], name: str) -> HtmlElement:
    if name not in boxes:
        boxes[name] = host.makeelement("div")
    return boxes[name]


def _add_words(box: HtmlElement, words: str) -> None:
    if len(box):
        box[-1].tail = (box[-1].tail or "") + words
    else:
        box.text = (box.text or "") + words


def _slots(template: HtmlElement) -> list[HtmlElement]:
    """Return the slots of this shadow root: none of those in it."""
    return [s for s in template.iter("slot") if next(s.iterancestors("template"), None) is template]
