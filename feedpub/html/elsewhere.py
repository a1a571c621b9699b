"""Where the links of an element lead: most of what is hidden on hacked sites leads to other hosts."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from feedpub import address

LED_ELSEWHERE = 0.5  # of a part's characters are links to other hosts
WHOLE = re.compile(r"https?:|[/\\]{2}", re.IGNORECASE)  # how an address with a host begins
DROPPED = re.compile(r"[\t\n\r]")  # in addresses, by browsers (URL Standard, 4.4), and
AROUND = "".join(map(chr, range(0x21)))  # around them


def leads_elsewhere(element: HtmlElement, host: str) -> bool:
    """Whether links to other hosts than this one are most of the element's words."""
    around = (element, *element.iterancestors("a"))
    if any(a.tag == "a" and is_foreign(a, host) for a in around):
        return length_of(element) > 0
    linked = sum(length_of(a) for a in element.iterdescendants("a") if is_foreign(a, host))
    return linked > 0 and linked >= LED_ELSEWHERE * length_of(element)


def is_foreign(anchor: HtmlElement, host: str) -> bool:
    """Whether a link leads to another host than this one, its subdomains and those that it is in."""
    href = DROPPED.sub("", anchor.get("href") or "").strip(AROUND)
    if not WHOLE.match(href):
        return False
    other = address.host(address.absolute(f"https://{host}/", href) or "")
    return not (other == host or other.endswith(f".{host}") or host.endswith(f".{other}"))


def length_of(element: HtmlElement) -> int:
    """Return the number of characters of an element's words, without white space."""
    return len("".join(element.text_content().split()))
