"""What is on an article's page and no part of the article: by its name, by its links, or since most pages have it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from statistics import median

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.learn import selectors
from feedpub.collecting.learn.comparison import MOST_ALIKE, Comparison, lines_on_all
from feedpub.collecting.learn.elements import attribute, classes_of, target_of
from feedpub.collecting.learn.foreign import WRITTEN, foreign_selectors
from feedpub.collecting.learn.samples import Finding, Sample
from feedpub.html import tree
from feedpub.html.lines import UNREAD, Line, lines_of
from feedpub.html.select import is_inside, select
from feedpub.html.teasers import is_teaser, leads_on
from feedpub.html.topics import says_rubric, says_tag

# What sites call the parts of an article's box that are no part of the article: a word anywhere in a name, or its last.
NOISE = {
    "share", "sharing", "sharedaddy", "social", "related", "relatedposts", "similar", "recommend", "recommended",
    "comments", "comment", "respond", "disqus", "breadcrumb", "breadcrumbs", "crumbs", "pagenav", "pagination",
    "subscribe", "banner", "banners", "addtoany", "pluso", "likes", "like", "counter", "toolbar", "also", "invisible",
    "visuallyhidden", "sr", "reader", "readalso", "readmore",
}  # fmt: skip
NOISE_AT_THE_END = {
    "pager", "prev", "next", "nav", "navigation", "view", "views", "hits", "rating", "print", "tag", "tags", "meta",
    "byline", "button", "buttons", "ad", "ads", "adv", "skip", "hidden",
}  # fmt: skip
NOT_NOISE = ("has", "with", "no", "is", "field")  # as a name's first word: it says how the rest is shown
LISTS = ("div", "ul", "section", "table", "aside", "nav", "ol")  # elements that may be a list of articles
LARGE = 0.4  # of the page; no part of the frame holds so much
MOST_DROPPED = 60  # selectors
MOST_EXPLAINED = 20  # of these
PARAGRAPHS = ("p", "div", "h2", "h3", "h4", "h5", "h6", "blockquote")
A_HABIT = 0.3  # of the articles; a site that puts so many links between paragraphs does it to be read on
MOST_FIXED = 60  # lines
MOST_AFTER = 0.5  # of the text before a line that says that something else comes: it ends the text
HARDLY_AFTER = 0.05  # the same, of a line that does not say so


# ------------------------------------------------------------ what is called a part of the frame


def is_noise(element: HtmlElement, s: Sample) -> bool:
    """Return whether an element is called a part of the frame; one that holds much of the page is none."""
    if element not in s.noise:
        s.noise[element] = _has_noise_name(element) and s.length(element) < LARGE * s.length(s.scope)
    return s.noise[element]


def is_noise_line(line: Line, s: Sample) -> bool:
    """Return whether a line is in a part of the frame, by its name, or in a list of other articles."""
    around = [e for e in (line.element, *line.element.iterancestors()) if e.tag not in ("body", "html")]
    if any(is_noise(e, s) for e in around):
        return True
    above_title = set(s.title_element.iterancestors()) if s.title_element is not None else set()
    return any(_lists_others(e, s) for e in around[:4] if e not in above_title)


def _has_noise_name(element: HtmlElement) -> bool:
    if element.tag in WRITTEN:  # an editor's name
        return False
    return element.tag in ("nav", "form", "button", "aside", "footer") or bool(_noise_selectors(element))


def _noise_selectors(element: HtmlElement) -> list[str]:
    """The classes and the id that call an element a part of the frame, as selectors."""
    noisy = filter(_is_noise_name, classes_of(element))
    classes = chain.from_iterable(map(selectors.by_class, noisy))
    name = attribute(element, "id")
    is_lasting = _is_noise_name(name) and not selectors.PASSING.fullmatch(name)
    return [*classes, *(selectors.by_id(name) if is_lasting else ())]


def _is_noise_name(name: str) -> bool:
    words = [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)]
    if not words or words[0] in NOT_NOISE or "no" in words[:-1]:
        return False
    return bool(NOISE & set(words)) or words[-1] in NOISE_AT_THE_END


def _lists_others(element: HtmlElement, s: Sample) -> bool:
    """Whether an element is a list of other articles: several links of this page's kind, and few other words."""
    if element not in s.related:
        s.related[element] = element.tag in LISTS and _links_to_others(element, s)
    return s.related[element]


def _links_to_others(element: HtmlElement, s: Sample) -> bool:
    page = s.page.url
    urls = {target_of(a, page) for a in element.iter("a")}
    others = [url for url in urls if url and address.key(url) != address.key(page)]
    alike = [
        url for url in others if address.shape(url) == address.shape(page) and address.site(url) == address.site(page)
    ]
    if len(alike) < 2:
        return False
    lines = lines_of(element)
    return sum(line.linked for line in lines) > 0.5 * sum(len(line.text) for line in lines)


# ------------------------------------------------------------ what a layout leaves out


def teasers(comparison: Comparison) -> Finding:
    """Return the kinds of paragraphs that are nothing but a link to another article, where that is a habit."""
    pages = [s for s in comparison.samples if s.body]
    found = Counter(chain.from_iterable(map(_teaser_tags, pages)))
    least = max(MOST_ALIKE, A_HABIT * len(pages))
    tags = tuple(sorted(name for name, count in found.items() if count >= least))
    share = max((found[name] for name in tags), default=0) / max(1, len(pages))
    return Finding(tags, share, f"{share:.0%} of the articles have such links between their paragraphs" if tags else "")


def _teaser_tags(s: Sample) -> set[str]:
    base = tree.base_url(s.root, s.page)
    paragraphs = chain.from_iterable(box.iter(*PARAGRAPHS) for box in s.body)
    return {tree.tag(e) for e in paragraphs if is_teaser(e, s.page.url, base)}


def fixed_lines(texts: Sequence[Sequence[HtmlElement]]) -> tuple[str, ...]:
    """Return the lines that are in every page's text, each once."""
    return tuple(islice(lines_on_all(texts).values(), MOST_FIXED))


def end_lines(texts: Sequence[Sequence[HtmlElement]]) -> tuple[str, ...]:
    """Return the line in every page's text after which the page goes on with something else, if there is one.

    Either it says so, and most pages have little of their own after it; or it is a link, and no page has.
    """
    pages = [list(chain.from_iterable(map(lines_of, body))) for body in texts if body]
    if len(pages) < MOST_ALIKE:
        return ()
    keys = [[text.skeleton(line.text) for line in lines] for lines in pages]
    counts = Counter(chain.from_iterable(map(set, keys)))
    for line, key in zip(pages[0], keys[0], strict=True):
        if key and counts[key] == len(pages) and _ends_text(line, _own_after(key, keys, counts)):
            return (line.text,)
    return ()


def _ends_text(line: Line, own_after: Sequence[float]) -> bool:
    if leads_on(line.text):
        return median(own_after) <= MOST_AFTER
    return line.linked > 0.5 * len(line.text) and max(own_after) <= HARDLY_AFTER


def _own_after(key: str, pages: Sequence[Sequence[str]], counts: Counter[str]) -> list[float]:
    """How much of one page alone is after a line, beside what is before it; the lines are skeletons."""
    shares = []
    for keys in pages:
        own = [len(other) * (counts[other] == 1) for other in keys]
        at = keys.index(key)
        shares.append(sum(own[at + 1 :]) / max(1, sum(own[:at])))
    return shares


def dropped(comparison: Comparison, box: Sequence[str]) -> Finding:
    """Return selectors for what the article's box holds besides the article, with the signs for each."""
    names = foreign_selectors(comparison)
    for s in comparison.samples:
        outer = s.box_of_article(box) if box or not s.body else s.body[0]
        for element in outer.iter("*"):
            if element in s.above or element.tag in UNREAD or is_inside(element, s.body):
                continue
            name = next((n for n in _drop_names(element, s) if _is_outside_text(n, comparison)), None)
            if name:
                names.setdefault(name, "its name")
    why = "; ".join(f"{name}: {signs}" for name, signs in islice(names.items(), MOST_EXPLAINED))
    return Finding(tuple(names)[:MOST_DROPPED], why=why)


def _drop_names(element: HtmlElement, s: Sample) -> Iterator[str]:
    """What the element may be dropped by, if it is to be dropped."""
    if is_noise(element, s) and not _is_category(element):
        yield from _noise_selectors(element)
    elif _lists_others(element, s):
        yield from selectors.own(element)[:-1]


def _is_category(element: HtmlElement) -> bool:
    return any(says_rubric(e) or says_tag(e) for e in (element, *element.iter("a")))


def _is_outside_text(selector: str, comparison: Comparison) -> bool:
    """Whether a selector finds nothing in the articles' text, and nothing that holds one of their pieces."""
    for s in comparison.samples:
        matches = select(s.root, selector)
        if any(e in s.above or is_inside(e, s.body) for e in matches):
            return False
    return True
