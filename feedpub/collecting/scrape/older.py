"""A listing's page → the address of its older page. In a row of numbers it has the number after the page's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml.html import HtmlElement

from feedpub import address
from feedpub.content import Page
from feedpub.html.lines import common_ancestor, text_of
from feedpub.html.select import select
from feedpub.layout import Layout

LONGEST_PAGE_NUMBER = 5  # digits; a longer number is no page's
CURRENT = re.compile(r"(?:^|[\W_])(?:current|active|selected|is-active|now)(?:$|[\W_])", re.IGNORECASE)
BARE = re.compile(rf"\W*(\d{{1,{LONGEST_PAGE_NUMBER}}})\W*")  # a number and nothing else: 2, [2], -2-
NAME_OF_NUMBER = re.compile(r"[/?&]?[a-z_-]*[/=_-]?", re.IGNORECASE)  # ?page=, /page/


@dataclass(frozen=True, slots=True)
class Numbered:
    """One link of a row of numbers."""

    number: int
    url: str
    link: HtmlElement


def next_page(root: HtmlElement, layout: Layout, base: str, page: Page) -> str | None:
    """Return the older page's address; None on the last page, and where it is not clear which it is."""
    for selector in layout.next_page:
        url = _older_page(select(root, selector), base, page)
        if url:
            return url
    return None


def url_on_site(base: str, href: str, *, keeps_tracking: bool = False) -> str | None:
    """Return the address that a link means; None where it leads to another host."""
    url = address.absolute(base, href, keeps_tracking=keeps_tracking)
    if url and address.site(url) == address.site(base):
        return url
    return None


def _older_page(links: list[HtmlElement], base: str, page: Page) -> str | None:
    urls: list[str] = []
    row: list[Numbered] = []
    for link in links:
        url = url_on_site(base, link.get("href", ""))
        if url is None:
            continue
        urls.append(url)
        words = text_of(link)
        if words.isdecimal() and len(words) <= LONGEST_PAGE_NUMBER:
            row.append(Numbered(int(words), url, link))
    own = address.key(page.url)
    if len({one.number for one in row}) > 1:
        current = number_of_this_page(row, own)
        return next((one.url for one in row if current and one.number == current + 1), None)
    return next((url for url in urls if address.key(url) != own), None)


def number_of_this_page(row: Sequence[Numbered], own: str) -> int | None:
    """Return this page's number; None where nothing tells it. ``own`` is its address's key.

    The link that leads here tells it, else the number that is no link or is marked, else the number in the address,
    else the gap in the row. Dots may stand for one page or for many: a gap beside them tells nothing.
    """
    by_address = next((one.number for one in row if address.key(one.url) == own), None)
    return by_address or _number_shown(row) or _number_in_address(row, own) or _number_in_gap(row)


def _number_shown(row: Sequence[Numbered]) -> int | None:
    """The only number of the row that is no link, or the only one that is marked as the current."""
    links = [one.link for one in row]
    around = common_ancestor(links, links[0])
    linked = {one.number for one in row}
    bare = [number for number in _bare_numbers(around) if number not in linked]
    if len(bare) == 1:
        return bare[0]
    marked = {one.number for one in row if _is_marked(one.link, around)}
    return marked.pop() if len(marked) == 1 else None


def _bare_numbers(around: HtmlElement) -> Iterator[int]:
    """Yield the numbers that are outside the links."""
    for element in around.iter("*"):
        is_link = element.tag == "a" and element.get("href")
        texts = ["" if is_link else element.text or ""]
        texts += [child.tail or "" for child in element]
        for words in texts:
            match = BARE.fullmatch(words)
            if match:
                yield int(match[1])


def _is_marked(link: HtmlElement, around: HtmlElement) -> bool:
    for element in (link, *link.iterancestors()):
        if element is around:
            return False
        if element.get("aria-current") or CURRENT.search(element.get("class") or ""):
            return True
    return False


def _number_in_address(row: Sequence[Numbered], own: str) -> int | None:
    """The page's number by the one in its address, where the row's addresses grow with their numbers.

    The first page often has none: the others' addresses begin with its own.
    """
    parts = {one.number: re.split(r"(\d+)", address.key(one.url)) for one in row}
    place = _growing_place(list(parts.values()))
    if place is None:
        return None
    (first, one), (second, other) = sorted(parts.items())[:2]
    step = (int(other[place]) - int(one[place])) / (second - first)
    mine = re.split(r"(\d+)", own)
    if step > 0 and len(mine) == len(one) and mine[:place] + mine[place + 1 :] == one[:place] + one[place + 1 :]:
        number = first + (int(mine[place]) - int(one[place])) / step
        return int(number) if number.is_integer() and number > 0 else None
    beginning = "".join(one[:place])
    is_first = beginning.startswith(own) and NAME_OF_NUMBER.fullmatch(beginning.removeprefix(own))
    return 1 if is_first else None


def _growing_place(addresses: Sequence[list[str]]) -> int | None:
    """The only place at which these addresses differ, if it has a number in each; every second part is one."""
    if len({len(parts) for parts in addresses}) > 1:
        return None
    places = [n for n, parts in enumerate(zip(*addresses, strict=True)) if len(set(parts)) > 1]
    return places[0] if len(places) == 1 and places[0] % 2 else None


def _number_in_gap(row: Sequence[Numbered]) -> int | None:
    """The number that is missing between two neighbours, before the first link or after the last one."""
    numbers = [one.number for one in row]
    gaps = [one + 1 for one, other in pairwise(numbers) if other == one + 2]
    if gaps:
        return gaps[0]
    if numbers[0] == 2:
        return 1
    is_whole = all(other == one + 1 for one, other in pairwise(numbers))
    return numbers[-1] + 1 if is_whole and numbers[0] == 1 else None
