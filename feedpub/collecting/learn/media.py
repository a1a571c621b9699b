"""The pictures and documents beside an article's text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, takewhile

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn import selectors
from feedpub.collecting.learn.comparison import MOST, Comparison
from feedpub.collecting.learn.elements import attribute, target_of
from feedpub.collecting.learn.foreign import HABIT, SEEN
from feedpub.collecting.learn.frame import is_noise
from feedpub.collecting.learn.samples import Finding, Sample
from feedpub.html.backgrounds import background_source
from feedpub.html.images import blank_addresses
from feedpub.html.lines import text_of
from feedpub.html.pictures import source_of
from feedpub.html.select import is_inside, select

SHOWN = ("img", "iframe", "video", "object", "embed", "a")  # what may be all that there is of an article
RIGHT = 0.75  # of the articles
REUSED = 2  # articles that have the same picture of their own: a council uses one again
MOST_OTHERS = 4  # pictures or documents of the frame in the article's box that are told by their addresses
PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Beside:
    """The pictures of one page that are in the article's box and outside its body."""

    sample: Sample
    box: HtmlElement
    own: Sequence[HtmlElement]  # the article's
    others: Sequence[HtmlElement]  # the frame's


@dataclass(frozen=True, slots=True)
class _Frame:
    """The pictures of a site's frame, by their addresses."""

    pictures: frozenset[str]  # that several pages have
    blanks: frozenset[str]  # placeholders


def find_pictures(comparison: Comparison, box: Sequence[str]) -> Finding:
    """Find the article's pictures beside its body: they change from page to page, and lead to no other page."""
    uses = Counter[str]()
    blanks = _blanks(comparison)
    for s in comparison.samples:
        uses.update({_address_of(e, blanks) for e in s.root.iter("img")})
    most = _most_uses(len(comparison.samples))
    frame = _Frame(frozenset(src for src, count in uses.items() if count > most), blanks)
    beside = [_pictures_of(s, box, frame) for s in comparison.samples]
    if not any(page.own for page in beside) and (found := _backgrounds_beside(comparison, box)):
        return found
    if box and not any(page.others for page in beside):
        return Finding(("img",), 1.0, "every picture in the article's box")
    seeds = [(page.own[0], page.sample.root) for page in beside if page.own]
    best = selectors.best(seeds, selectors.exact([(page.box, page.own) for page in beside]))
    if best is not None and best[1] >= 0.8:
        return Finding((best[0],), best[1], "pictures that change from page to page")
    but_others = _but_others(beside) if box else None
    if but_others is None:
        return Finding()
    return Finding((f"img{but_others}",), 1.0, "every picture in the article's box but the frame's")


def _most_uses(pages: int) -> int:
    """Return on how many pages a picture may be that is the articles' own, and not the site's."""
    return max(1, min(max(REUSED, pages // 4), pages - 1))


def _but_others(pages: Sequence[Beside]) -> str | None:
    """Return ":not(…)" for what the frame's pictures are called on all pages; None where they have no such name.

    An article to come may have a picture though none of the samples has.
    """
    exactness = selectors.exact([(page.box, page.others) for page in pages])
    others = list(chain.from_iterable(page.others for page in pages))
    names = selectors.best_of(selectors.own(others[0])[:-1], exactness)
    if names and names[1] >= selectors.ENOUGH:
        return f":not({names[0]})"
    sources = sorted({attribute(picture, "src") for picture in others})
    written = list(chain.from_iterable(selectors.by_value("src", source) for source in sources))
    if len(sources) > MOST_OTHERS or len(written) < len(sources) or exactness(f"img:is({', '.join(written)})") < 1:
        return None
    return "".join(f":not({source})" for source in written)


def _pictures_of(s: Sample, box: Sequence[str], frame: _Frame) -> Beside:
    outer = s.box_of_article(box)
    pictures = [e for e in outer.iter("img") if not is_inside(e, s.body)]
    own = dict.fromkeys(e for e in pictures if _is_of_article(e, s, frame))
    return Beside(s, outer, list(own), [e for e in pictures if e not in own])


def _backgrounds_beside(comparison: Comparison, box: Sequence[str]) -> Finding | None:
    """Find photographs that are the background of an empty box beside the text; None where most pages have none."""
    pages: list[tuple[HtmlElement, list[HtmlElement]]] = []
    uses = Counter[str]()
    for s in comparison.samples:
        outer = s.box_of_article(box)
        styled = [e for e in outer.iterfind(".//*[@style]") if "url(" in e.get("style", "")]
        empty = [e for e in styled if not is_inside(e, s.body) and not text_of(e)]
        photographs = {e: source for e in empty if (source := background_source(dict(e.items())))}
        uses.update(set(photographs.values()))
        pages.append((outer, list(photographs)))
    most = _most_uses(len(pages))
    if not uses or max(uses.values()) > most:
        return None
    seeds = [(own[0], s.root) for (_, own), s in zip(pages, comparison.samples, strict=True) if own]
    best = selectors.best(seeds, selectors.exact(pages))
    if best is None or best[1] < RIGHT:
        return None
    return Finding((best[0],), best[1], "photographs in the background that change from page to page")


def _is_of_article(picture: HtmlElement, s: Sample, frame: _Frame) -> bool:
    """Whether a picture is the article's."""
    source = _address_of(picture, frame.blanks)
    is_placeholder = source.startswith("data:") or not source
    if source in frame.pictures and not is_placeholder:
        return False
    if _leads_to_page(picture, s):
        return False
    return not any(is_noise(e, s) for e in list(picture.iterancestors())[:4])


def _blanks(comparison: Comparison) -> frozenset[str]:
    """Return the addresses that the site shows until a script has loaded the pictures."""
    return blank_addresses(dict(e.items()) for s in comparison.samples for e in s.root.iter("img"))


def _address_of(picture: HtmlElement, blanks: frozenset[str]) -> str:
    """Return where a picture is; what stands in its place, or "", where the page does not say."""
    return source_of(picture, blanks) or attribute(picture, "src")


def _leads_to_page(picture: HtmlElement, s: Sample) -> bool:
    """Whether a picture is in a link to another page: one to a picture shows it at its full size."""
    anchor = next(picture.iterancestors("a"), None)
    target = target_of(anchor, s.page.url) if anchor is not None else None
    if target is None or PICTURE.search(target):
        return False
    return address.key(target) != address.key(s.page.url)


# ------------------------------------------------------------ in the texts


def repeated_pictures(comparison: Comparison, box: Sequence[str]) -> dict[str, str]:
    """Return selectors for the pictures that nearly all articles have in or beside their texts: they are the site's."""
    blanks = _blanks(comparison)
    pages = [s for s in comparison.samples if s.body]
    shown = [_pictures_in([s.box_of_article(box)] if box else s.body, blanks) for s in pages]
    on_pages = Counter(chain.from_iterable(shown))
    least = max(SEEN, HABIT * len(pages))
    result: dict[str, str] = {}
    for source in (source for source, count in on_pages.items() if count >= least):
        element = next(pictures[source] for pictures in shown if source in pictures)
        for selector in _written_as(element, source):
            found = chain.from_iterable(select(s.root, selector) for s in pages)
            if all(_address_of(e, blanks) == source for e in found):
                result[selector] = "nearly all articles show it"
                break
    return result


def _pictures_in(boxes: Sequence[HtmlElement], blanks: frozenset[str]) -> dict[str, HtmlElement]:
    """Return the pictures in some boxes by their addresses; those that are written into the page have none."""
    images = chain.from_iterable(box.iter("img") for box in boxes)
    found = {_address_of(image, blanks): image for image in images}
    return {source: image for source, image in found.items() if source and not source.startswith("data:")}


def _written_as(image: HtmlElement, source: str) -> list[str]:
    """Return selectors by the attribute that has a picture's address."""
    names = [name for name, value in image.items() if value.strip() == source]
    return [f"img{said}" for name in names for said in selectors.by_value(name, image.get(name) or "")]


# ------------------------------------------------------------ in place of a text


def find_posters(comparison: Comparison) -> Finding | None:
    """Find the box of the pictures, videos or documents that are all there is of an article; set it on each sample.

    None where most articles have nothing of the kind, apart from what all pages have.
    """
    uses = Counter[str]()
    for s in comparison.samples:
        uses.update({source for e in s.scope.iter(*SHOWN) if (source := _source(e))})
    most = _most_uses(len(comparison.samples))
    frame = _Frame(frozenset(source for source, count in uses.items() if count > most), _blanks(comparison))
    boxes = [_poster_box(s, frame, comparison) for s in comparison.samples]
    found = [(box, s.root) for box, s in zip(boxes, comparison.samples, strict=True) if box is not None]
    if len(found) < MOST * len(comparison.samples):
        return None
    best = selectors.best(found, selectors.foremost([(root, box) for box, root in found]))
    if best is None or best[1] < RIGHT:
        return None
    for s in comparison.samples:
        s.body = select(s.root, best[0])[:1]
    return Finding((best[0],), best[1], "it holds a picture or a file that no other page has, and no text")


def _poster_box(s: Sample, frame: _Frame, comparison: Comparison) -> HtmlElement | None:
    """The largest box around the first picture of the article alone that holds nothing else of the page."""
    own = (e for e in s.scope.iter(*SHOWN) if (source := _source(e)) and source not in frame.pictures)
    shown = (e for e in own if _is_of_article(e, s, frame))
    poster = next(shown, None)
    if poster is None:
        return None
    others = {line.element for line in s.lines if comparison.is_frame(line)}
    others |= {e for e in (s.title_element, s.date_element) if e is not None}
    foreign = set(chain.from_iterable((e, *e.iterancestors()) for e in others))
    around = takewhile(lambda e: e not in foreign and e is not s.scope, poster.iterancestors())
    return next(iter(reversed(list(around))), poster)


def _source(element: HtmlElement) -> str:
    """What an element shows or offers, by its address; "" where it is an ordinary link."""
    if element.tag == "a":
        href = attribute(element, "href")
        return href if address.is_document(href) else ""
    return source_of(element) or attribute(element, "src") or attribute(element, "data")


# ------------------------------------------------------------ documents


def documents(but: str = "") -> str:
    """Return a selector for links to documents; ``but`` is a condition for all of them."""
    return ", ".join(f"a[href$='.{ending}']{but}" for ending in address.DOCUMENTS)


def find_files(comparison: Comparison, box: Sequence[str]) -> Finding:
    """Find the documents beside the body: all in the article's box but those that several pages lead to."""
    if not box:
        return Finding()
    links = [(s, a) for s in comparison.samples for a in s.box_of_article(box).iter("a")]
    uses = Counter(href for href, _ in {(attribute(a, "href"), s) for s, a in links} if address.is_document(href))
    frame = sorted(href for href, count in uses.items() if count > 1)
    others = [value for href in frame for value in selectors.by_value("href", href)]
    if len(frame) > MOST_OTHERS or len(others) < len(frame):
        return Finding()
    found = documents(but="".join(f":not({value})" for value in others))
    return Finding((found,), 1.0, "links to documents in the article's box")
