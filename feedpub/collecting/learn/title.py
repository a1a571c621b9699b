"""Where the title is, by what the listing calls each article or, where that does not help, the page itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, product

from lxml.html import HtmlElement

from feedpub import text
from feedpub.collecting.learn import selectors
from feedpub.collecting.learn.comparison import MOST, Comparison
from feedpub.collecting.learn.elements import attribute, words_of
from feedpub.collecting.learn.records import HEADINGS
from feedpub.collecting.learn.samples import Finding, Sample
from feedpub.html.lines import UNREAD, text_of
from feedpub.html.select import select
from feedpub.html.titles import begins_as, heading_words, is_cut, is_in_head, read_title, without_fixed, words_at

IN_META = 0.8  # of a title that people see: it may say less
IN_TITLE = 0.7  # of the page's <title>: it may say more
IN_PART = 0.95  # of a heading that is the title alone: it has a badge, say
BY_LISTING = 0.7  # of the pages; on fewer, the titles in the pages' heads are tried too
LEAST = 0.5  # of the pages, below which there is no title
OF_LISTED = 0.3  # of the listing's titles; an end that so many have is no site's
LONGEST = 600  # characters of a title
NAMED_TITLE = re.compile("title|head", re.IGNORECASE)
OG_TITLE = "meta[property='og:title']"
HEADINGS_OF_PAGES = ("h1", "h2")
WITNESSES = (OG_TITLE, "title")  # of the head; they stand in for a heading that is missing
SEPARATOR = re.compile(r"\s*[|»•·]\s*|\s+[—–:/-]+\s+|:\s+|\.\s+")  # between a title and the site's name
CLEAR_SEPARATOR = re.compile(r"\s*[|»•·]\s*|\s+[—–/-]+\s+")  # where no listing bears it out

Names = Sequence[dict[str, str]]  # of each sample: what its title may be, by skeletons


@dataclass(frozen=True, slots=True)
class TitleFinding:
    """Where the title is, and the site's words at the ends of titles."""

    finding: Finding
    fixed: tuple[str, ...] = ()


def find_title(comparison: Comparison, given: Sequence[str] = ()) -> TitleFinding:
    """Find the title, and set it on each sample.

    ``given`` are selectors that a person has set: then the titles are what these find.
    """
    fixed = tuple(chain.from_iterable(_site_words(comparison, titles) for titles in _titles_in_heads(comparison)))
    if given:
        share = _set_titles(comparison, given, fixed)
        why = "it is set in [source.layout]" if share else f"title = {list(given)!r} in [source.layout] matches nothing"
        return TitleFinding(Finding(tuple(given), share, why), fixed)
    named = _own_names(comparison, fixed)
    pages = list(zip(comparison.samples, named, strict=True))
    whole = _whole_names(pages)
    listed = whole or [_listed_titles(s, names) or names for s, names in pages]
    best = _best_of(comparison, listed, named, fixed)
    if best is None:
        return TitleFinding(Finding(why="no element says on each page what the listing or the page's own title says"))
    chosen = (best.selector, *_stand_ins(comparison, best.selector, best.names, fixed))
    _set_titles(comparison, chosen, fixed)
    why = f"it has the listing's or the page's own title on {best.share:.0%} of the pages"
    return TitleFinding(Finding(chosen, best.share, why), tuple(dict.fromkeys(fixed)))


@dataclass(frozen=True, slots=True)
class Best:
    """The selector that is right most often, on what share of the pages, and what they were to be called."""

    selector: str
    share: float
    names: Names


def _best_of(comparison: Comparison, listed: Names, named: Names, fixed: Sequence[str]) -> Best | None:
    by_listing = _best_selector(comparison, listed, fixed)
    if by_listing and by_listing.share >= BY_LISTING:
        return by_listing
    by_page = _best_selector(comparison, named, fixed)
    best = max(filter(None, (by_listing, by_page)), key=lambda one: one.share, default=None)
    return best if best and best.share >= LEAST else None


def _best_selector(comparison: Comparison, wanted: Names, fixed: Sequence[str]) -> Best | None:
    """The selector of the element that is called as wanted on most pages."""
    pairs = list(zip(comparison.samples, wanted, strict=True))

    def share_named(selector: str) -> float:
        return sum(_worth(_first_with_words(s, selector), names, fixed) for s, names in pairs) / len(pairs)

    in_pages = chain.from_iterable(_seeds(s, names, fixed) for s, names in pairs)
    in_heads = chain.from_iterable(product(s.root.iter("title"), [s.root]) for s in comparison.samples[:1])
    seeds = chain(in_pages, in_heads) if len(pairs) > 1 else in_pages
    best = selectors.best(seeds, share_named)
    return Best(*best, wanted) if best else None


def _titles_in_heads(comparison: Comparison) -> list[list[str]]:
    """The pages' titles as each kind of element in their heads has them, and their headings."""
    is_listed = any(s.listed_title for s in comparison.samples)
    return [_words_found(comparison, selector) for selector in (*WITNESSES, *(HEADINGS_OF_PAGES if is_listed else ()))]


def _set_titles(comparison: Comparison, chosen: Sequence[str], fixed: Sequence[str]) -> float:
    """Set the title on each sample, as reading will find it. Return on what share of them there is one."""
    titled = 0
    for s in comparison.samples:
        title = read_title(s.root, chosen, fixed, s.listed_title)
        s.title_element = title.element
        if title.element is not None:
            s.title = title.words
            titled += 1
    return titled / len(comparison.samples)


def _seeds(s: Sample, names: dict[str, str], fixed: Sequence[str]) -> list[tuple[HtmlElement, HtmlElement]]:
    readable = [e for e in s.root.iter("*") if e.tag not in UNREAD and 0 < s.length(e) < 700]
    titles = [e for e in readable if text.skeleton(text_of(e)) in names]
    if not titles:
        titles = [e for e in readable if _is_title_in_part(e, names, fixed)]
    metas = [e for e in s.root.iter("meta") if e.get("property") == "og:title"]
    return [(e, s.root) for e in (*sorted(titles, key=_plainness)[:3], *metas)]


def _is_title_in_part(element: HtmlElement, names: dict[str, str], fixed: Sequence[str]) -> bool:
    """Whether a heading is one of the names but for a badge in it, or for the site's words."""
    if not _is_called_title(element):
        return False
    plain = without_fixed(words_of(element), fixed)
    return text.skeleton(plain) in names or heading_words(element, names) is not None


def _plainness(element: HtmlElement) -> tuple[bool, bool]:
    """Lower is better: in no link, and called a title."""
    return _is_in_link(element), not _is_called_title(element)


def _is_called_title(element: HtmlElement) -> bool:
    return element.tag in HEADINGS or bool(NAMED_TITLE.search(attribute(element, "class")))


def _is_in_link(element: HtmlElement) -> bool:
    return element.tag == "a" or next(element.iterancestors("a"), None) is not None


def _first_with_words(s: Sample, selector: str) -> HtmlElement | None:
    return next((e for e in select(s.root, selector) if text_of(e) or e.get("content")), None)


def _worth(element: HtmlElement | None, names: dict[str, str], fixed: Sequence[str]) -> float:
    """What an element on one page adds to its selector's measure."""
    if element is None:
        return 0.0
    words = words_at(element)
    if not 0 < len(words) < LONGEST:
        return 0.0
    if is_in_head(element):
        is_named = text.skeleton(without_fixed(words, fixed)) in names
        return is_named * (IN_META if element.tag == "meta" else IN_TITLE)
    if text.skeleton(words) in names:
        return 1.0
    return IN_PART * _is_title_in_part(element, names, fixed)


# ------------------------------------------------------------ what stands in for a heading


def _stand_ins(comparison: Comparison, selector: str, names: Names, fixed: Sequence[str]) -> list[str]:
    """The selectors of the head that have the title on most pages, apart from the one that was chosen."""
    return [w for w in WITNESSES if w != selector and _is_witness(comparison, w, names, fixed)]


def _is_witness(comparison: Comparison, selector: str, names: Names, fixed: Sequence[str]) -> bool:
    pages = list(zip(comparison.samples, names, strict=True))
    elements = [(_first_with_words(s, selector), keys) for s, keys in pages]
    right = sum(_worth(element, keys, fixed) > 0 for element, keys in elements)
    return len(pages) > 1 and right >= MOST * len(pages)


# ------------------------------------------------------------ what an article is called


def _listed_titles(s: Sample, names: dict[str, str]) -> dict[str, str]:
    """What the title is by the listing; of one that was cut, all names and lines that begin with it."""
    if not s.listed_title:
        return {}
    if not is_cut(s.listed_title):
        return _by_skeleton([s.listed_title])
    lines = (line.text for line in s.lines if len(line.text) < 400)
    whole = [words for words in (*names.values(), *lines) if begins_as(words, s.listed_title)]
    return _by_skeleton(whole or [s.listed_title.rstrip("….").strip()])


def _whole_names(pages: Sequence[tuple[Sample, dict[str, str]]]) -> list[dict[str, str]]:
    """The names that go on where the listing's titles end, if these are cut on most pages without a sign of it.

    Where most go on with the same word, that is the site's own and no title's.
    """
    whole = [{key: name for key, name in names.items() if _goes_on(name, s.listed_title)} for s, names in pages]
    if sum(map(bool, whole)) < MOST * len(pages):
        return []
    next_words = Counter(
        next(iter(names.values()))[len(s.listed_title) :].split()[0]
        for (s, _), names in zip(pages, whole, strict=True)
        if names
    )
    is_usual = max(next_words.values()) > len(pages) / 2
    return [] if is_usual or len(pages) == 1 else [w or n for w, (_, n) in zip(whole, pages, strict=True)]


def _goes_on(name: str, listed: str) -> bool:
    """Whether a name begins with a listed title and has another word after it, with no sign between the two."""
    rest = name[len(listed) :]
    return bool(listed) and name.startswith(listed) and re.match(r" \w", rest) is not None


def _own_names(comparison: Comparison, fixed: Sequence[str]) -> list[dict[str, str]]:
    """What each page calls itself in its head, and no other page does, with the site's name and without."""
    named = [_by_skeleton(_names_in_head(s, comparison, fixed)) for s in comparison.samples]
    counts = Counter(chain.from_iterable(named))
    most = max(1, len(named) // 2)
    return [{key: words for key, words in names.items() if counts[key] <= most} for names in named]


def _names_in_head(s: Sample, comparison: Comparison, fixed: Sequence[str]) -> list[str]:
    titles = [words_of(e) for e in list(s.root.iter("title"))[:1]]
    metas = [text.line(attribute(e, "content")) for e in s.root.iter("meta") if _is_title_meta(e)]
    plain = [_without_site_name(title, comparison) for title in titles]
    cut = [without_fixed(words, fixed) for words in (*metas, *titles)]
    return [*metas, *titles, *plain, *cut]


def _by_skeleton(names: Iterable[str]) -> dict[str, str]:
    by_key = {text.skeleton(words): words for words in names}
    by_key.pop("", None)
    return by_key


def _is_title_meta(meta: HtmlElement) -> bool:
    if meta.get("property") in ("og:title", "twitter:title"):
        return True
    return meta.get("name") in ("title", "twitter:title", "dc.title")


def _without_site_name(title: str, comparison: Comparison) -> str:
    """The page's title without the part that all pages have."""
    elements = chain.from_iterable(s.root.iter("title") for s in comparison.samples)
    others = [words_of(e) for e in elements]
    parts = re.split(r"(\s+[|—–·»:/-]+\s+|\s*[|»]\s*)", title)
    most = max(1, len(others) // 2)
    rare = [part for part in parts[::2] if sum(part in other for other in others) <= most]
    return max(rare, key=len, default="")


# ------------------------------------------------------------ the site's words around it


def _site_words(comparison: Comparison, titles: Sequence[str]) -> list[str]:
    """The words with which most titles begin or end, with the signs before or after them; none of the listing's.

    The longest of each are taken.
    """
    listed = [s.listed_title for s in comparison.samples if s.listed_title]
    whole = [title for title in listed if not is_cut(title)]
    separator = SEPARATOR if whole else CLEAR_SEPARATOR
    ends, beginnings = Counter[str](), Counter[str]()
    for title in titles:
        for sign in separator.finditer(title):
            if sign.start() > 0 and sign.end() < len(title):
                ends[title[sign.start() :]] += 1
                beginnings[title[: sign.end()]] += 1
    least = max(2, round(MOST * len(comparison.samples)))
    usual_ends = [end for end, count in ends.items() if count >= least and not _most(whole, str.endswith, end)]
    usual_beginnings = [b for b, count in beginnings.items() if count >= least and not _most(listed, str.startswith, b)]
    longest = (max(usual, key=len, default="") for usual in (usual_ends, usual_beginnings))
    return [words for words in longest if words]


def _most(titles: Sequence[str], has: Callable[[str, str], bool], words: str) -> bool:
    """Whether a good part of the titles have such an end, which is the council's word then and not the site's."""
    return any(titles) and sum(has(title, words) for title in titles) >= OF_LISTED * len(titles)


def _words_found(comparison: Comparison, selector: str) -> list[str]:
    elements = [_first_with_words(s, selector) for s in comparison.samples]
    return [words_at(e) for e in elements if e is not None]
