"""An article of several pages → where it goes on; and its text without the pager.

A page belongs to the article only if its address is the article's own with a page's number: ``?page=2``, ``/2/``,
``-page-2.html``. So a link to the next *article* is never followed, whatever its words are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from lxml.html import HtmlElement

from feedpub import address
from feedpub.content import Page
from feedpub.html import tree
from feedpub.html.lines import Line, cut_line, lines_of, text_of
from feedpub.html.select import is_inside

PARAMETERS = {
    "page", "p", "pg", "paged", "pagenum", "page_num", "pageno", "page_no", "pagen", "part", "start", "limitstart",
    "pagina", "seite", "str", "storinka", "сторінка", "стор",
}  # fmt: skip
VALUE = re.compile(r"(?:\d{1,2},)*(\d{1,3})")  # Drupal has "0,1" where a page has several pagers
ENDING = re.compile(r"\.(?:html?|php|aspx?)$", re.IGNORECASE)
IN_PATH = re.compile(
    r"(?:/(?:page|p|part|pagina|seite|stor\w*|стор\w*)?[-_/]?|[-_,.](?:page|p|part|стор\w*)[-_]?)(\d{1,3})",
    re.IGNORECASE,
)
BARE_IN_PATH = re.compile(r"[-_,](\d{1,3})")  # «zvit-2» may be another article: the link must say «2»
NEXT = re.compile(r"наступн|далі|продовж|next|weiter|suivant|siguiente|dalej|дальше|следующ|[»›→]|>", re.IGNORECASE)
PAGE = re.compile(r"\b(?:стор(?:інк\w*)?|страниц\w*|page|seite|strona)\b", re.IGNORECASE)
BACK = re.compile(r"попередн|назад|prev|back|предыдущ|[«‹←]|<", re.IGNORECASE)
PAGER_WORD = re.compile(
    r"\d{1,3}|стор(?:\w{0,8})|страниц\w*|pages?|part|next|prev\w*|back|first|last|of|all|and|наступн\w*|попередн\w*|далі"
    r"|дальше|назад|вперед|перш\w|останн\w|з|із|і|та|чи|или|усі|всі|читати|читайте|продовження|следующ\w*|предыдущ\w*"
    r"|seiten?|weiter|zurück|strona|strony|dalej",
    re.IGNORECASE,
)
LONGEST_PAGER = 200  # characters
OF_COMMENTS = re.compile(r"comment|komentar|коментар|respond|disqus", re.IGNORECASE)
BESIDE = 3  # elements after a text that may hold its pager, where nothing else is around the article


@dataclass(frozen=True, slots=True)
class Place:
    """A further page of an article: its number, as its address has it, and the addresses of the article."""

    own: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link to a page of the article itself."""

    url: str
    number: int | None  # None: to its first page
    link: HtmlElement


def own_addresses(root: HtmlElement, page: Page) -> tuple[str, ...]:
    """Return the addresses of an article, as asked for and as the page names itself."""
    reached = [page.url, page.asked]
    base = tree.base_url(root, page)
    named = [address.absolute(base, url) for url in tree.addresses(root, page)]
    path = address.key(page.url).partition("?")[0]
    others = [url for url in named if url and not _is_above(url, path)]
    return tuple(dict.fromkeys([*reached, *others]))


def _is_above(url: str, path: str) -> bool:
    """Whether an address is that of a folder around a path, such as the site's front page, or is on another host."""
    key = address.key(url).partition("?")[0].rstrip("/")
    return path.startswith(f"{key}/") or key.partition("/")[0] != path.partition("/")[0]


def page_links(root: HtmlElement, body: Sequence[HtmlElement], page: Page, own: Sequence[str]) -> list[PageLink]:
    """Return the links to the article's own pages, in its box or in the page's head; without those of comments."""
    if not body:
        return []
    base = tree.base_url(root, page)
    around = set(body[0].iterancestors())
    links: list[PageLink] = []
    for link in _links_about(root, body):
        url = address.absolute(base, link.get("href") or "")
        if url is None or _is_of_comments(link, around):
            continue
        if any(address.key(url) == address.key(one) for one in own):
            links.append(PageLink(url, None, link))
            continue
        label = text_of(link)
        number = next(filter(None, (page_number(url, one, label) for one in own)), None)
        if number is not None and _is_in_pager(link, label):
            links.append(PageLink(url, number, link))
    return links


def next_page_of(links: Sequence[PageLink], number: int | None) -> PageLink | None:
    """Return the link to the page after the one with this number; None: this is the last. No number: the first page."""
    later = [one for one in links if one.number is not None and _is_later(one, number)]
    return min(later, key=lambda one: one.number or 0, default=None)


def _is_later(one: PageLink, number: int | None) -> bool:
    if number is not None:
        return one.number is not None and one.number > number
    return text_of(one.link) not in ("1", "0")  # the first page, at an address with its number


def page_number(url: str, own: str, label: str = "") -> int | None:
    """Return the page's number if an address is the article's own with one; None where it is another address."""
    path, _, query = address.key(own).partition("?")
    other_path, _, other_query = address.key(url).partition("?")
    if not path.partition("/")[2] and not query:
        return None  # the front page
    if other_path == path:
        return _number_in_query(query, other_query)
    if query != other_query:
        return None
    ending = ENDING.search(path)
    stem, other_stem = ENDING.sub("", path), ENDING.sub("", other_path)
    if not other_stem.startswith(stem) or (ENDING.search(other_path) and not ending):
        return None
    rest = other_stem.removeprefix(stem)
    match = IN_PATH.fullmatch(rest)
    if match:
        return int(match[1])
    bare = BARE_IN_PATH.fullmatch(rest)
    return int(bare[1]) if bare and bare[1] == label else None


def _number_in_query(own: str, other: str) -> int | None:
    before, after = parse_qsl(own), parse_qsl(other)
    added = [pair for pair in after if pair not in before]
    if len(added) != 1 or any(pair not in after for pair in before):
        return None
    name, value = added[0]
    match = VALUE.fullmatch(value)
    is_pager = unquote(name).lower() in PARAMETERS and name not in dict(before)
    return int(match[1]) if is_pager and match else None


# ------------------------------------------------------------ where to look


def _links_about(root: HtmlElement, body: Sequence[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the links of the page's head that name a next page, then those in and about the text."""
    for link in root.iter("link"):
        if "next" in (link.get("rel") or "").lower().split():
            yield link
    seen: set[HtmlElement] = set()
    for element in _around(body):
        for link in element.iter("a"):
            if link.get("href") and link not in seen:
                seen.add(link)
                yield link


def _around(body: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Return the elements that may hold the pager of a text: the box that has a heading besides, or what comes after.

    Without such a box, a pager may be that of a list beside the article.
    """
    for ancestor in body[0].iterancestors():
        if ancestor.tag in ("body", "html"):
            break
        if any(not is_inside(heading, list(body)) for heading in ancestor.iter("h1")):
            return [ancestor]
    after = [e for e in body[-1].itersiblings() if isinstance(e.tag, str)]
    return [*body, *after[:BESIDE]]


def _is_of_comments(link: HtmlElement, around: set[HtmlElement]) -> bool:
    for element in (link, *link.iterancestors()):
        if element in around:
            return False
        if OF_COMMENTS.search(f"{element.get('class', '')} {element.get('id', '')}"):
            return True
    return False


def _is_in_pager(link: HtmlElement, label: str) -> bool:
    """Whether a link says itself that it leads to another page: by a number, by a word, or by its relation."""
    relations = (link.get("rel") or "").lower().split()
    if "prev" in relations or "previous" in relations:
        return False
    if label.isdecimal() or "next" in relations:
        return True
    words = f"{label} {link.get('title') or ''} {link.get('aria-label') or ''}"
    if len(words) > LONGEST_PAGER or BACK.search(label):
        return False
    return bool(NEXT.search(words) or PAGE.search(words))


# ------------------------------------------------------------ the text without it


def drop_pager(body: Sequence[HtmlElement], links: Sequence[PageLink], *, is_further: bool) -> None:
    """Take the pager's words out of a text: lines and elements that hold nothing but page numbers and their words.

    On the first page, a link to the article alone is no pager.
    """
    inside = [one.link for one in links if is_inside(one.link, list(body))]
    if not is_further and all(one.number is None for one in links):
        return
    for part in body:
        for line in lines_of(part):
            if _is_pager_text(line.text) and _has_link(line, inside):
                cut_line(line)
    dropped = [_pager_around(link, body) for link in inside]
    for part in body:
        tree.drop_elements(part, [e for e in dropped if e is not None and is_inside(e, [part]) and e is not part])


def _has_link(line: Line, links: Sequence[HtmlElement]) -> bool:
    elements = [element for element, is_tail in line.nodes if not is_tail]
    return any(element in links or is_inside(element, links) for element in elements)


def _pager_around(link: HtmlElement, body: Sequence[HtmlElement]) -> HtmlElement | None:
    """Return the outermost element around a link that is nothing but a pager; None where not even the link is."""
    outermost: HtmlElement | None = None
    for element in (link, *link.iterancestors()):
        if element in body or not _is_pager_text(text_of(element)) or _has_picture(element):
            break
        outermost = element
    return outermost


def _has_picture(element: HtmlElement) -> bool:
    pictures = element.iter("img", "iframe", "video", "table", "object", "embed")
    return any(next(e.iterancestors("a"), None) is None for e in pictures)


def _is_pager_text(words: str) -> bool:
    if len(words) > LONGEST_PAGER:
        return False
    return all(PAGER_WORD.fullmatch(word) for word in re.findall(r"\w+", words))
