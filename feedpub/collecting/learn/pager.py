"""Where a listing goes on: the link to its older page, proven on the page after it where that is known."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.learn import selectors
from feedpub.html import tree

NEXT = re.compile(
    r"(?:наступн\w*|далі|старіш\w*|старші|давніш\w*|попередні (?:записи|новини|публікації)|раніше|вперед|ще|більше"
    r"|(?:показати|завантажити|дивитися) (?:ще|більше)|next|older|load more|show more|more|следующ\w*|дальше)?"
    r"(?: (?:сторінк\w*|новин\w*|запис\w*|публікаці\w*|page|posts|news|entries|articles|items))?\s*[›»>→⟩❯]*\s*",
    re.IGNORECASE,
)
ALL = re.compile(  # the list of which the page shows the beginning
    r"(?:(?:всі|усі|більше|інші) (?:новини|новин|публікації)|архів(?: новин)?|(?:all|more) news|news archive)"
    r"[\s.…›»>→]*",
    re.IGNORECASE,
)
ARROWS = re.compile(r"[›»>→⟩❯]")
PAGED = re.compile(
    r"(?:[?&/](?:page|paged|p|start|PAGEN_\d|pg|list|s|from|offset|storinka|str)[=/_-]?\d+|/\d+/?$)", re.I
)
NAMES = re.compile(r"next|older|forward|наст|load-?more", re.I)


def guesses(root: HtmlElement, base: str) -> list[HtmlElement]:
    """The links that may lead to the older page, the likeliest first."""
    found: list[tuple[float, int, HtmlElement]] = []
    numbered = {text.line(tree.text(a)): address.absolute(base, a.get("href") or "") for a in root.iter("a")}
    for n, link in enumerate(root.iter("a", "link")):
        url = address.absolute(base, link.get("href") or "")
        if url is None or address.host(url) != address.host(base) or address.key(url) == address.key(base):
            continue
        score = _score(link, url, base)
        if _is_second(link, url, numbered):
            score += 3
        if score > 0:
            found.append((-score, n, link))
    return [link for _, _, link in sorted(found, key=lambda f: f[:2])]


def _score(link: HtmlElement, url: str, base: str) -> float:
    words = text.line(tree.text(link)) if link.tag == "a" else ""
    label = text.line(link.get("title") or link.get("aria-label") or "")
    score = 0.0
    if re.search(r"(?:^|\s)next(?:\s|$)", link.get("rel") or "", re.I):
        score += 4
    around = [link, *list(link.iterancestors())[:4]]
    names = [e.get("class") or e.get("id") or "" for e in around]
    in_pager = any(
        re.search(r"pag(?:er|inat|ing|es|e-?nav|e-?links)|nav-links|wp-pagenavi|posts-navigation", n, re.I)
        for n in names
    )
    if words and NEXT.fullmatch(words) and (in_pager or PAGED.search(url) or (words and ARROWS.search(words))):
        score += 3
    if label and NEXT.fullmatch(label):
        score += 2
    if words and ALL.fullmatch(words):
        score += 1
    if words == "2" and (in_pager or PAGED.search(url) or _same_place(url, base)):
        score += 2
    if any(NAMES.search(n) for n in names[:2]) and in_pager:
        score += 1.5
    if score and PAGED.search(url):
        score += 1
    if score and re.search(r"»»|>>|остан|last|кінець", words + " " + " ".join(names[:2]), re.I) and words != "2":
        score -= 2
    if any(re.search(r"carousel|slider|slick|swiper|gallery", n, re.I) for n in names):
        score -= 4
    return score


def _is_second(link: HtmlElement, url: str, numbered: dict[str, str | None]) -> bool:
    """Whether a link is the 2 of a row of numbers: the address of 3 differs from its own in a number alone."""
    third = numbered.get("3")
    if text.line(tree.text(link)) != "2" or not third:
        return False
    return third != url and re.sub(r"\d+", "0", third) == re.sub(r"\d+", "0", url)


def _same_place(url: str, base: str) -> bool:
    return url.partition("?")[0] == base.partition("?")[0]


def is_archive(link: HtmlElement) -> bool:
    """Whether a link leads to the list of all news, which begins with the same ones as the page."""
    return bool(ALL.fullmatch(text.line(tree.text(link))))


def selector(pages: Sequence[tuple[HtmlElement, str]], target: str) -> tuple[str, ...]:
    """Selectors for the link to the older page.

    ``pages`` are the first page of the listing and, where it is known, the
    second, each with its address; ``target`` is what the first leads to. Of a
    row of numbers, all links of it. Where the second page goes on in another
    way than the first, as an archive does, there is a selector for either.
    """
    base = pages[0][1]
    found = _selector(pages, target)
    if not found or len(pages) < 2:
        return found
    second, second_base = pages[1]
    known = {address.key(base), address.key(second_base)}
    if any(address.absolute(second_base, e.get("href") or "") for e in tree.first(second, found)):
        return found
    onward = [u for e in guesses(second, second_base)[:3] if (u := address.absolute(second_base, e.get("href") or ""))]
    further = next((u for u in onward if address.key(u) not in known), None)
    return found + (_selector([(second, second_base)], further) if further else ())


def _selector(pages: Sequence[tuple[HtmlElement, str]], target: str) -> tuple[str, ...]:
    first, base = pages[0]
    wanted = [e for e in guesses(first, base) if address.absolute(base, e.get("href") or "") == target]
    for element in wanted:
        words = text.line(tree.text(element))
        if words.isdecimal():
            continue
        for candidate in (*selectors.candidates(element, first), *_by_words(element, first, words)):
            if candidate not in ("a", "link") and _leads(candidate, first, base, target) and _goes_on(candidate, pages):
                return (candidate,)
    for element in wanted:
        if text.line(tree.text(element)).isdecimal() and (row := _row(element, first)):
            return (row,)
    return ()


def _by_words(element: HtmlElement, root: HtmlElement, words: str) -> list[str]:
    """Selectors by what the link says, where «Назад» and «Далі» differ in nothing else."""
    quoted = words if words and len(words) < 40 and not re.search(r"[\"'\\\\]", words) else ""
    said = [f":contains('{quoted}')"] if quoted else []
    said += [
        f"[{a}='{v}']" for a in ("aria-label", "title") if (v := element.get(a)) and not re.search(r"[\"'\\\\\n]", v)
    ]
    around = [name for _, name in selectors.anchors(element, root)][:4]
    return [f"{place}{tree.tag(element)}{what}" for what in said for place in ("", *(f"{n} " for n in around))]


def _leads(candidate: str, root: HtmlElement, base: str, target: str) -> bool:
    """Whether the first link that the selector finds, other than to the page itself, is the right one."""
    urls = [u for e in tree.select(root, candidate) if (u := address.absolute(base, e.get("href") or ""))]
    others = [u for u in urls if address.key(u) != address.key(base)]
    return bool(others) and address.key(others[0]) == address.key(target) and len(set(others)) == 1


def _goes_on(candidate: str, pages: Sequence[tuple[HtmlElement, str]]) -> bool:
    """Whether on the second page it leads to neither of the two, if anywhere."""
    for root, base in pages[1:]:
        urls = {
            address.key(u) for e in tree.select(root, candidate) if (u := address.absolute(base, e.get("href") or ""))
        }
        others = urls - {address.key(base)}
        if address.key(pages[0][1]) in others or len(others) > 1:
            return False
    return True


def _row(element: HtmlElement, root: HtmlElement) -> str | None:
    """The numbers of a pager: the links around this one whose words are numbers."""
    for around in list(element.iterancestors())[:4]:
        links = [a for a in around.iter("a") if text.line(tree.text(a)).isdecimal()]
        if len(links) < 2 and len(list(around.iter("a"))) < 2:
            continue
        for name in selectors.candidates(element, root):
            found = tree.select(root, name)
            if set(links) <= set(found) and all(e in set(around.iter("a")) for e in found):
                return name
    return None
