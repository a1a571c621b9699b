"""Where the title is, by what the listing calls each article or, where that does not help, the page itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from lxml.html import HtmlElement

from feedpub import text
from feedpub.collecting.learn import selectors
from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.elements import attribute, words_of
from feedpub.collecting.learn.records import HEADINGS
from feedpub.collecting.learn.samples import Finding, Sample
from feedpub.html.lines import UNREAD, text_of
from feedpub.html.select import select

IN_META = 0.8  # of a title that people see: it may say less
BY_LISTING = 0.7  # of the pages; on fewer, the titles in the pages' heads are tried too
LEAST = 0.5  # of the pages, below which there is no title
NAMED_TITLE = re.compile("title|head", re.IGNORECASE)


def find_title(comparison: Comparison) -> Finding:
    """Find the title, and set it on each sample."""
    named = [_titles_in_head(s, comparison) for s in comparison.samples]
    listed = [_listed_titles(s, names) or names for s, names in zip(comparison.samples, named, strict=True)]
    by_listing = _find(comparison, listed)
    if by_listing.share >= BY_LISTING:
        return by_listing
    by_page = _find(comparison, named)
    return by_page if by_page.share > by_listing.share else by_listing


def _find(comparison: Comparison, wanted: Sequence[set[str]]) -> Finding:
    """Find the element that is called as wanted, by skeletons, on most pages."""
    pairs = list(zip(comparison.samples, wanted, strict=True))

    def share_named(selector: str) -> float:
        return sum(_worth(_first_with_words(s, selector), names) for s, names in pairs) / len(pairs)

    seeds = chain.from_iterable(_seeds(s, names) for s, names in pairs)
    best = selectors.best(seeds, share_named)
    if best is None or best[1] < LEAST:
        return Finding(why="no element says on each page what the listing or the page's own title says")
    selector, share = best
    for s in comparison.samples:
        s.title_element = _first_with_words(s, selector)
        if s.title_element is not None:
            s.title = text.line(text_of(s.title_element) or s.title_element.get("content") or "")
    return Finding((selector,), share, f"it has the listing's or the page's own title on {share:.0%} of the pages")


def _seeds(s: Sample, names: set[str]) -> list[tuple[HtmlElement, HtmlElement]]:
    readable = (e for e in s.scope.iter("*") if e.tag not in UNREAD and 0 < s.length(e) < 700)
    titles = sorted((e for e in readable if _is_named(e, names)), key=_plainness)
    metas = [e for e in s.root.iter("meta") if e.get("property") == "og:title"]
    return [(e, s.root) for e in (*titles[:3], *metas)]


def _plainness(element: HtmlElement) -> tuple[bool, bool]:
    """Lower is better: in no link, and called a title."""
    is_called_title = element.tag in HEADINGS or NAMED_TITLE.search(attribute(element, "class"))
    return _is_in_link(element), not is_called_title


def _is_in_link(element: HtmlElement) -> bool:
    return element.tag == "a" or next(element.iterancestors("a"), None) is not None


def _first_with_words(s: Sample, selector: str) -> HtmlElement | None:
    return next((e for e in select(s.root, selector) if text_of(e) or e.get("content")), None)


def _worth(element: HtmlElement | None, names: set[str]) -> float:
    """What an element on one page adds to its selector's measure."""
    if element is None or not _is_named(element, names):
        return 0.0
    return IN_META if element.tag == "meta" else 1.0


def _is_named(element: HtmlElement, names: set[str]) -> bool:
    words = text_of(element) if element.tag != "meta" else attribute(element, "content")
    return 0 < len(words) < 600 and text.skeleton(words) in names


def _listed_titles(s: Sample, names: set[str]) -> set[str]:
    """What the title is by the listing, as skeletons; of one that was cut, all names and lines that begin with it."""
    if not s.listed_title.endswith(("…", "...")):
        return {text.skeleton(s.listed_title)} if s.listed_title else set()
    start = text.skeleton(s.listed_title.rstrip("….").strip())
    lines = (text.skeleton(line.text) for line in s.lines if len(line.text) < 400)
    return {key for key in (*names, *lines) if key.startswith(start)} or {start}


def _titles_in_head(s: Sample, comparison: Comparison) -> set[str]:
    """What the page calls itself in its head, as skeletons, with the site's name and without."""
    titles = [words_of(e) for e in s.root.iter("title")]
    metas = [text.line(attribute(e, "content")) for e in s.root.iter("meta") if _is_title_meta(e)]
    plain = [_without_site_name(title, comparison) for title in titles]
    skeletons = map(text.skeleton, (*metas, *titles, *plain))
    return {key for key in skeletons if key}


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
