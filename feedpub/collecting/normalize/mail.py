"""Addresses of mail that a site keeps from robots: shown where a browser shows them.

Cloudflare, Joomla, TYPO3, Drupal and plugins of WordPress write something else in place of an address, and let a script
put it there. Readers of feeds run no scripts. What cannot be read stays as the page has it.
"""

from __future__ import annotations

import base64
import binascii
import re
from encodings.rot_13 import rot13_map
from html import unescape
from urllib.parse import unquote

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from feedpub import text
from feedpub.collecting.normalize.markup import BLOCKS, BOXES, PARTS, Element, contains, elements_in
from feedpub.collecting.normalize.scripts import written

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
CLOUDFLARE_LINK = re.compile(r"/cdn-cgi/l/email-protection#?([0-9a-f]*)", re.IGNORECASE)
SHIFTED_LINK = re.compile(r"javascript:\s*linkTo_UnCryptMailto\(\s*'([^']+)'", re.IGNORECASE)  # TYPO3 before 11
SHIFTED = "data-mailto-token"  # and since
RANGES = ((0x2B, 0x3A), (0x40, 0x5A), (0x61, 0x7A))  # TYPO3 moves a character on within these, as in a ring
AT = re.compile(r"\s*[\[({]\s*at\s*[\])}]\s*", re.IGNORECASE)
WRITES = re.compile(r"\.(?:innerHTML|outerHTML)\b|\bdocument\.write")
LONGEST_STOPGAP = 300  # characters: "this address is kept from robots, switch JavaScript on", in any language
DOT = re.compile(r"\s*[\[({]\s*dot\s*[\])}]\s*", re.IGNORECASE)


def show_mail(soup: BeautifulSoup) -> None:
    """Put addresses of mail where a script would show them. To be done before scripts are taken out."""
    for element in elements_in(soup):
        _show_in_data(soup, element)
    for anchor in elements_in(soup, {"a"}):
        _lead_to_mail(anchor)
    _show_written(soup)


def _show_in_data(soup: BeautifulSoup, element: Tag) -> None:
    """Show the address that an element's attributes, or its parts, hide."""
    shown = _crossed(str(element.get("data-cfemail") or ""))
    if shown:
        element.string = shown
    elif element.name == "joomla-hidden-mail":
        _show_parts(soup, element)
    elif "spamspan" in str(element.get("class") or "").split():
        _show_spamspan(soup, element)


def _show_parts(soup: BeautifulSoup, element: Tag) -> None:
    """Show what Joomla's element has in its attributes: the address in two parts, and the words, all in base64."""
    first, last, words = (_of_base64(str(element.get(name) or "")) for name in ("first", "last", "text"))
    mail = f"{first}@{last}"
    if not ADDRESS.fullmatch(mail):
        return
    nodes = _nodes(words) or [NavigableString(mail)]
    if str(element.get("is-link") or "") == "1":
        _replace(element, [_link(soup, mail, nodes)])
    else:
        _replace(element, nodes)


def _show_spamspan(soup: BeautifulSoup, element: Tag) -> None:
    """Show what Drupal's filter parts: user and host in spans of their own, with [at] between them."""
    parts = {str(span.get("class") or ""): text.line(span.get_text()) for span in elements_in(element, {"span"})}
    mail = DOT.sub(".", f"{parts.get('u', '')}@{parts.get('d', '')}")
    if ADDRESS.fullmatch(mail):
        words = text.line(parts.get("t", "")).strip("()")
        _replace(element, [_link(soup, mail, [NavigableString(words or mail)])])


# ------------------------------------------------------------ links


def _lead_to_mail(anchor: Tag) -> None:
    """Let a link lead to the address that a script would bring it to. Cloudflare's that cannot be read is none."""
    href = str(anchor.get("href") or "")
    mail = _mail_of_link(anchor, href)
    if mail:
        anchor["href"] = f"mailto:{mail}"
    elif CLOUDFLARE_LINK.search(href):
        anchor.unwrap()


def _mail_of_link(anchor: Tag, href: str) -> str | None:
    cloudflare, shifted = CLOUDFLARE_LINK.search(href), SHIFTED_LINK.match(unquote(href))
    if cloudflare:
        return _plain(_crossed(cloudflare[1]) or text.line(anchor.get_text()))
    if shifted or anchor.get(SHIFTED):
        return _unshifted(shifted[1].replace("\\", "") if shifted else str(anchor[SHIFTED]))
    if anchor.get("data-enc-email"):
        return _plain(AT.sub("@", str(anchor["data-enc-email"])).translate(rot13_map))
    for source in (unquote(href) if href.lower().startswith("javascript:") else "", str(anchor.get("onclick") or "")):
        leads = written(source.partition(":")[2] if source.lower().startswith("javascript:") else source).leads
        if leads.lower().startswith("mailto:"):
            return _plain(leads[len("mailto:") :])
    return None


def _plain(mail: str) -> str | None:
    """Return an address of mail, with a subject and the like; None where it is none."""
    return mail if ADDRESS.fullmatch(mail.partition("?")[0]) else None


# ------------------------------------------------------------ scripts


def _show_written(soup: BeautifulSoup) -> None:
    """Put on the page what its scripts write, if it has an address of mail. All else that they do is not followed."""
    scripts = [s for s in elements_in(soup, {"script"}) if WRITES.search(s.get_text())]
    elements = {str(e["id"]): e for e in elements_in(soup) if e.get("id")} if scripts else {}
    for script in scripts:
        wrote = written(script.get_text())
        for name, html in wrote.within.items():
            if name in elements and _has_mail(html) and _is_stopgap(elements[name]):
                elements[name].clear()
                elements[name].extend(_nodes(html))
        for name, html in wrote.added.items():
            if name in elements and _has_mail(html):
                elements[name].extend(_nodes(html))
        if script.parent is not None and _has_mail(wrote.here):
            _replace(script, _nodes(wrote.here))


def _is_stopgap(element: Tag) -> bool:
    """Whether an element may hold no more than a line in place of an address. A script may never take away a text."""
    return not contains(element, BLOCKS | BOXES | PARTS) and len(element.get_text()) <= LONGEST_STOPGAP


def _has_mail(html: str) -> bool:
    return ADDRESS.search(unescape(html)) is not None


def _nodes(html: str) -> list[Tag | NavigableString]:
    """Return what HTML of a few words stands for. It is cleaned with all that is around it."""
    soup = BeautifulSoup(html, "html.parser", multi_valued_attributes=None, element_classes={Tag: Element})
    return [node.extract() for node in list(soup.contents) if isinstance(node, Tag | NavigableString)]


def _replace(element: Tag, nodes: list[Tag | NavigableString]) -> None:
    element.replace_with(*nodes)


def _link(soup: BeautifulSoup, mail: str, nodes: list[Tag | NavigableString]) -> Tag:
    link = soup.new_tag("a", href=f"mailto:{mail}")
    link.extend(nodes)
    return link


# ------------------------------------------------------------ codes


def _crossed(hidden: str) -> str:
    """Return what Cloudflare hides: a key, then the address, each byte crossed with the key; in hexadecimal."""
    try:
        key, *crossed = bytes.fromhex(hidden)
        return bytes(byte ^ key for byte in crossed).decode()
    except ValueError:  # no hexadecimal, no bytes, or no text
        return ""


def _of_base64(hidden: str) -> str:
    try:
        return base64.b64decode(hidden, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _unshifted(hidden: str) -> str | None:
    """Return the address whose characters TYPO3 has moved on; by how many is on the page or not, one of them fits."""
    for places in range(-10, 11):
        shown = "".join(_moved(character, places) for character in hidden)
        if shown.startswith("mailto:"):
            return _plain(shown.removeprefix("mailto:"))
    return None


def _moved(character: str, places: int) -> str:
    for first, last in RANGES:
        if first <= ord(character) <= last:
            return chr(first + (ord(character) - first + places) % (last - first + 1))
    return character
