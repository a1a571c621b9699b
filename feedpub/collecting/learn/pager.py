"""Where a listing goes on: the link to its older page, proven on the page after it where that is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.learn import selectors
from feedpub.collecting.learn.elements import attribute, target_of, words_of
from feedpub.collecting.learn.signs import Sign, total
from feedpub.html import tree
from feedpub.html.select import select, select_first

NEXT = re.compile(
    r"(?:наступн\w*|далі|старіш\w*|старші|давніш\w*|попередні (?:записи|новини|публікації)|раніше|вперед|ще|більше"
    r"|(?:показати|завантажити|дивитися) (?:ще|більше)|next|older|load more|show more|more|следующ\w*|дальше)?"
    r"(?: (?:сторінк\w*|новин\w*|запис\w*|публікаці\w*|page|posts|news|entries|articles|items))?\s*[›»>→⟩❯]*\s*",
    re.IGNORECASE,
)
ALL = re.compile(  # a link to the whole list; the page shows its beginning
    r"(?:(?:всі|усі|більше|інші) (?:новини|новин|публікації)|архів(?: новин)?|(?:all|more) news|news archive)"
    r"[\s.…›»>→]*",
    re.IGNORECASE,
)
ARROWS = re.compile(r"[›»>→⟩❯]")
PAGED = re.compile(
    r"(?:[?&/](?:page|paged|p|start|PAGEN_\d|pg|list|s|from|offset|storinka|str)[=/_-]?\d+|/\d+/?$)", re.IGNORECASE
)
REL_NEXT = re.compile(r"(?:^|\s)next(?:\s|$)", re.IGNORECASE)
NEXT_NAME = re.compile(r"next|older|forward|наст|load-?more", re.IGNORECASE)
PAGER_NAME = re.compile(r"pag(?:er|inat|ing|es|e-?nav|e-?links)|nav-links|wp-pagenavi|posts-navigation", re.IGNORECASE)
LAST = re.compile(r"»»|>>|остан|last|кінець", re.IGNORECASE)
LONGEST_WORDS = 40  # characters of a link that a selector names
SLIDER_NAME = re.compile(r"carousel|slider|slick|swiper|gallery", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Way:
    """A link that may lead to the older page."""

    url: str
    base: str  # the address of the page that it is on
    words: str
    label: str  # its title, or what it says to a screen reader
    rel: str
    names: Sequence[str]  # of the link and the four elements around it
    is_second: bool  # the 2 of a row of numbers

    @property
    def is_in_pager(self) -> bool:
        return any(PAGER_NAME.search(name) for name in self.names)

    @property
    def is_paged(self) -> bool:
        """Whether the address has a page's number."""
        return PAGED.search(self.url) is not None

    @property
    def says_next(self) -> bool:
        if not self.words or not NEXT.fullmatch(self.words):
            return False
        return self.is_in_pager or self.is_paged or ARROWS.search(self.words) is not None

    @property
    def is_two(self) -> bool:
        if self.words != "2":
            return False
        return self.is_in_pager or self.is_paged or self.url.partition("?")[0] == self.base.partition("?")[0]

    @property
    def says_last(self) -> bool:
        said = f"{self.words} {' '.join(self.names[:2])}"
        return self.words != "2" and LAST.search(said) is not None

    @property
    def is_named_next(self) -> bool:
        return any(NEXT_NAME.search(name) for name in self.names[:2]) and self.is_in_pager


ONWARD_SIGNS: tuple[Sign[Way], ...] = (
    Sign('marked rel="next"', 4.0, lambda way: bool(REL_NEXT.search(way.rel))),
    Sign('says "next"', 3.0, lambda way: way.says_next),
    Sign('has the label "next"', 2.0, lambda way: bool(way.label and NEXT.fullmatch(way.label))),
    Sign('says "all news"', 1.0, lambda way: bool(way.words and ALL.fullmatch(way.words))),
    Sign('is a "2"', 2.0, lambda way: way.is_two),
    Sign("named next, in a pager", 1.5, lambda way: way.is_named_next),
)
LEADING_SIGNS: tuple[Sign[Way], ...] = (  # of a link that has one of the signs above
    Sign("has a page's number in its address", 1.0, lambda way: way.is_paged),
    Sign("leads to the last page", -2.0, lambda way: way.says_last),
)
OTHER_SIGNS: tuple[Sign[Way], ...] = (
    Sign("in a slider", -4.0, lambda way: any(SLIDER_NAME.search(name) for name in way.names)),
    Sign("before a 3 that differs in its number alone", 3.0, lambda way: way.is_second),
)


def guesses(root: HtmlElement, base: str) -> list[HtmlElement]:
    """Return the links that may lead to the older page, the likeliest first."""
    numbered = {words_of(a): target_of(a, base) for a in root.iter("a")}
    scored: list[tuple[float, HtmlElement]] = []
    for link in root.iter("a", "link"):
        url = target_of(link, base)
        if url is None or address.site(url) != address.site(base) or address.key(url) == address.key(base):
            continue
        score = _likelihood(_way(link, url, base, numbered.get("3")))
        if score > 0:
            scored.append((score, link))
    return [link for _, link in sorted(scored, key=lambda one: -one[0])]


def _likelihood(way: Way) -> float:
    onward = total(ONWARD_SIGNS, way)
    leading = total(LEADING_SIGNS, way) if onward else 0.0
    return onward + leading + total(OTHER_SIGNS, way)


def _way(link: HtmlElement, url: str, base: str, third: str | None) -> Way:
    """The link as a way on; ``third`` is where the page's 3 leads to."""
    words = words_of(link)
    around = [link, *list(link.iterancestors())[:4]]
    is_row = bool(third) and third != url and re.sub(r"\d+", "0", third or "") == re.sub(r"\d+", "0", url)
    return Way(
        url=url,
        base=base,
        words=words if link.tag == "a" else "",
        label=text.line(link.get("title") or link.get("aria-label") or ""),
        rel=attribute(link, "rel"),
        names=[e.get("class") or attribute(e, "id") for e in around],
        is_second=words == "2" and is_row,
    )


def leads_here(link: HtmlElement, base: str) -> bool:
    """Return whether a link leads to the page that it is on, or nowhere."""
    url = target_of(link, base)
    return url is None or address.key(url) == address.key(base)


def is_archive(link: HtmlElement) -> bool:
    """Return whether a link leads to the list of all news, which begins with the same ones as the page."""
    return bool(ALL.fullmatch(words_of(link)))


def targets(ways: Iterable[HtmlElement], base: str) -> list[str]:
    """Return the addresses that links lead to, as far as they are any."""
    return [url for e in ways if (url := target_of(e, base))]


def selector(pages: Sequence[tuple[HtmlElement, str]], target: str) -> tuple[str, ...]:
    """Return selectors for the link to the older page.

    ``pages`` are the first page of the listing and, where it is known, the
    second, each with its address; ``target`` is what the first leads to. Of a
    row of numbers, all links of it. Where the second page goes on in another
    way than the first, as an archive does, there is a selector for either.
    """
    base = pages[0][1]
    onward = _selector_of_first(pages, target)
    if not onward or len(pages) < 2:
        return onward
    second, second_base = pages[1]
    if targets(select_first(second, onward), second_base):
        return onward
    seen = {address.key(base), address.key(second_base)}
    ways = targets(guesses(second, second_base)[:3], second_base)
    further = next((url for url in ways if address.key(url) not in seen), None)
    return onward + (_selector_of_first([(second, second_base)], further) if further else ())


def _selector_of_first(pages: Sequence[tuple[HtmlElement, str]], target: str) -> tuple[str, ...]:
    root, base = pages[0]
    links = [e for e in guesses(root, base) if target_of(e, base) == target]
    numbers = [e for e in links if words_of(e).isdecimal()]
    for link in (e for e in links if e not in numbers):
        for candidate in (*selectors.possible_selectors(link, root), *_by_words(link, root)):
            if candidate in ("a", "link"):
                continue
            if _leads_to_target(candidate, root, base, target) and _goes_on(candidate, pages):
                return (candidate,)
    rows = (_row(link, root) for link in numbers)
    return next(((row,) for row in rows if row), ())


def _by_words(link: HtmlElement, root: HtmlElement) -> list[str]:
    """Selectors by what the link says, where «Назад» and «Далі» differ in nothing else."""
    words = words_of(link)
    conditions = selectors.by_words(words) if words and len(words) < LONGEST_WORDS else []
    for name in ("aria-label", "title"):
        value = link.get(name)
        if value:
            conditions += selectors.by_value(name, value)
    around = [name for _, name in selectors.anchors(link, root)][:4]
    places = ("", *(f"{name} " for name in around))
    return [f"{place}{tree.tag(link)}{condition}" for condition, place in product(conditions, places)]


def _leads_to_target(candidate: str, root: HtmlElement, base: str, target: str) -> bool:
    """Whether the first link that the selector finds, other than to the page itself, is the right one."""
    urls = targets(select(root, candidate), base)
    others = [url for url in urls if address.key(url) != address.key(base)]
    return bool(others) and address.key(others[0]) == address.key(target) and len(set(others)) == 1


def _goes_on(candidate: str, pages: Sequence[tuple[HtmlElement, str]]) -> bool:
    """Whether on the second page it leads to neither of the two, if anywhere."""
    for root, base in pages[1:]:
        keys = {address.key(url) for url in targets(select(root, candidate), base)}
        others = keys - {address.key(base)}
        if address.key(pages[0][1]) in others or len(others) > 1:
            return False
    return True


def _row(element: HtmlElement, root: HtmlElement) -> str | None:
    """The numbers of a pager: the links around this one whose words are numbers."""
    for around in list(element.iterancestors())[:4]:
        inside = set(around.iter("a"))
        links = {a for a in inside if words_of(a).isdecimal()}
        if len(links) < 2 and len(inside) < 2:
            continue
        for candidate in selectors.possible_selectors(element, root):
            matches = set(select(root, candidate))
            if links <= matches <= inside:
                return candidate
    return None
