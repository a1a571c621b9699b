"""Where the text is: the plainest box that holds what is on one page alone, and little else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, product

from lxml.html import HtmlElement

from feedpub import text
from feedpub.collecting.learn import date_formats, selectors
from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.frame import is_noise, is_noise_line
from feedpub.collecting.learn.samples import Finding, Sample
from feedpub.collecting.learn.signs import Sign, total
from feedpub.html.lines import Line, common_ancestor, lines_of, text_of
from feedpub.html.select import is_inside, outermost, select

BODYLIKE = re.compile(r"content|body|text|article|entry|story|post|full|desc|news|novyn", re.IGNORECASE)
BARE_END = re.compile(r"(?:^|[ >])[a-z0-9]+$")  # a selector that ends in a name of an element alone
PLACE_IN_ROW = re.compile(r"[.#_-](?:odd|even|first|last)(?![\w-])")  # a class that other boxes may have tomorrow
NO_BOX = ("a", "span", "b", "strong", "em", "i", "font", "p")
LONGEST_DATE = 120  # characters; an element with more holds other things than the date
LINKED = 0.7  # of a line; one with more link text is no sentence of an article
LEAST_SHARE = 0.35  # of a page's own text; a box with less is no candidate
MOST_SEEDS = 40  # boxes that selectors are tried for
LONG = 1_500  # characters; a longer text weighs no more than this
MISSING = 0.03  # of all own text; where a box lacks more, a second one beside it is sought
CLEARLY = 0.002  # of the score, by which two boxes must be better than one
ONE, TWO, MANY = 1.0, 0.9, 0.6  # what the text in so many boxes is worth

SELECTOR_SIGNS: tuple[Sign[str], ...] = (  # among equals the plainer selector lasts longer
    Sign("named after a text", -0.004, lambda selector: bool(BODYLIKE.search(selector))),
    Sign("not named after a text", -0.008, lambda selector: not BODYLIKE.search(selector)),
    Sign("ends in a bare tag", -0.006, lambda selector: bool(BARE_END.search(selector))),
    Sign("a long selector", -0.00008, len),  # a count of characters
    Sign("counts elements", -0.01, lambda selector: ":nth" in selector),
    Sign("named after a place in a row", -0.02, lambda selector: bool(PLACE_IN_ROW.search(selector))),
    Sign("has a number in its names", -0.006, lambda selector: bool(re.search(r"\d{2,}", selector))),
)


@dataclass(frozen=True, slots=True)
class OwnText:
    """How many characters of a page's own text are in each element, and how many of the frame's."""

    sample: Sample
    own: Counter[HtmlElement]
    noise: Counter[HtmlElement]
    total: int  # characters of its own

    @property
    def weight(self) -> int:
        """How much the page counts among the others."""
        return min(self.total, LONG)

    def fit(self, boxes: Iterable[HtmlElement]) -> float:
        """Return how well boxes hold the page's own text: the harmonic mean of precision and recall."""
        boxes = list(boxes)
        own, noise = sum(self.own[b] for b in boxes), sum(self.noise[b] for b in boxes)
        if not own or not self.total:
            return 0.0
        precision, recall = own / (own + noise), own / self.total
        return 2 * precision * recall / (precision + recall)

    def boxes_of(self, selector: str) -> list[HtmlElement]:
        return outermost(select(self.sample.root, selector))


def find_body(comparison: Comparison) -> Finding:
    """Find the text's box, and set it on each sample. Title and date are to be found first."""
    pages = [_own_text(s, comparison) for s in comparison.samples]
    if not sum(page.weight for page in pages):
        return Finding(why="no text changes from page to page")
    best = _best_box(pages)
    if best is None:
        return Finding(why="no box holds the text that changes from page to page")
    selector, score = best
    chosen = _with_second_box(selector, score, pages, comparison)
    for page in pages:
        page.sample.body = page.boxes_of(chosen)
    share = sum(bool(page.sample.body) for page in pages) / len(pages)
    return Finding((chosen,), share, f"it holds {score:.0%} of what differs from page to page, and little else")


def find_article_box(comparison: Comparison) -> Finding:
    """Find the box that holds title, date and body, and all between them. All three are to be found first."""
    boxes = [(common_ancestor(s.pieces, s.scope), s.root) for s in comparison.samples if s.body]
    proper = [(box, root) for box, root in boxes[:3] if box.tag not in ("body", "html")]
    if all(box.tag in ("body", "html") for box, _ in boxes):
        return Finding()
    best = selectors.best(proper, selectors.foremost([(root, box) for box, root in boxes]))
    if best is None or best[1] < 0.75:
        return Finding()
    return Finding((best[0],), best[1], "it holds title, date and body")


# ------------------------------------------------------------ what is a page's own


def _own_text(s: Sample, comparison: Comparison) -> OwnText:
    own: Counter[HtmlElement] = Counter()
    noise: Counter[HtmlElement] = Counter()
    whole = 0
    title = text.skeleton(s.title)
    for line in s.lines:
        size = len(line.text)
        is_named = is_noise_line(line, s)
        is_own = not (is_named or _is_no_text(line, s, title, comparison))
        whole += size if is_own else 0
        # A part of the frame with a name can be dropped by that name, so it speaks little against its box.
        weight = size // 8 if is_named else size
        counter = own if is_own else noise
        for element in (line.element, *line.element.iterancestors()):
            counter[element] += weight
    return OwnText(s, own, noise, whole)


def _is_no_text(line: Line, s: Sample, title: str, comparison: Comparison) -> bool:
    """Whether a line is the frame's, the title, the date or a link; ``title`` is a skeleton."""
    if comparison.is_frame(line) or line.linked > LINKED * len(line.text) or text.skeleton(line.text) == title:
        return True
    if s.date_element is not None and _is_date_line(line, s.date_element):
        return True
    beside = line.text.replace(text_of(s.date_element), "") if s.date_element is not None else line.text
    is_short = len(beside) < 60 and beside.strip().count(" ") < 6
    return is_short and date_formats.date_in(line.text, comparison.zone, comparison.languages) is not None


def _is_date_line(line: Line, date: HtmlElement) -> bool:
    is_of_date = line.element is date or is_inside(line.element, [date])
    return is_of_date and len(text_of(date)) < LONGEST_DATE


# ------------------------------------------------------------ the best box


def _best_box(pages: Sequence[OwnText]) -> tuple[str, float] | None:
    """The selector with the highest score, and the score."""
    best, most = None, -1.0
    for selector in _candidates(pages):
        score = _score(selector, pages, most + 1e-6)
        if score > most + 1e-6:
            best, most = selector, score
    return (best, most) if best is not None else None


def _candidates(pages: Sequence[OwnText]) -> Iterator[str]:
    """Selectors for the boxes that hold most of a page's own text, each once."""
    tried: set[str] = set()
    seeds = chain.from_iterable(product(_fitting_boxes(page), [page.sample.root]) for page in pages)
    for box, root in islice(seeds, MOST_SEEDS):
        for selector in selectors.possible_selectors(box, root):
            if selector not in tried:
                tried.add(selector)
                yield selector


def _fitting_boxes(page: OwnText) -> list[HtmlElement]:
    if not page.total:
        return []
    least = LEAST_SHARE * page.total
    boxes = [e for e in page.sample.scope.iter("*") if page.own[e] >= least and e.tag not in NO_BOX]
    return sorted(boxes, key=lambda box: -page.fit([box]))[:6]


def _score(selector: str, pages: Sequence[OwnText], least: float) -> float:
    """How well a selector does on all pages; of one that cannot do better than ``least``, no more than that."""
    everything = left = sum(page.weight for page in pages)
    plainness = total(SELECTOR_SIGNS, selector)
    reached = 0.0
    for page in pages:
        if (reached + left) / everything + plainness <= least:
            return least
        left -= page.weight
        boxes = page.boxes_of(selector) if page.weight else []
        if boxes:
            reached += page.weight * page.fit(boxes) * _worth_of_boxes(len(boxes))
    return reached / everything + plainness


def _worth_of_boxes(count: int) -> float:
    if count == 1:
        return ONE
    return TWO if count == 2 else MANY


# ------------------------------------------------------------ a text in two boxes


def _with_second_box(best: str, most: float, pages: Sequence[OwnText], comparison: Comparison) -> str:
    """The best box, joined by a second one where the text is split over two."""
    missing = sum(max(0, page.total - sum(page.own[b] for b in page.boxes_of(best))) for page in pages)
    if missing < MISSING * sum(page.total for page in pages):
        return best
    beside: Counter[str] = Counter()
    for page in pages:
        for box in _prose_beside(best, page, comparison):
            names = selectors.possible_selectors(box, page.sample.root)[:12]
            beside.update(name for name in names if name != box.tag)
    for name, count in beside.most_common():
        if count < 2:
            break
        union = f"{best}, {name}"
        if _adds_one_text(best, name, pages) and _score_of_union(union, pages) > most + CLEARLY:
            return union
    return best


def _prose_beside(best: str, page: OwnText, comparison: Comparison) -> Iterator[HtmlElement]:
    """The elements near the best box that hold text of the page's own, and sentences that no other page has."""
    boxes = page.boxes_of(best)
    parent = boxes[0].getparent() if boxes else None
    above = parent.getparent() if parent is not None else None
    holders = set(chain.from_iterable(box.iterancestors() for box in boxes))
    near = (around for around in (parent, above) if around is not None)
    for element in chain.from_iterable(near):
        if not isinstance(element.tag, str) or element in boxes or element in holders:
            continue
        is_prose = any(map(comparison.is_on_one_page, filter(_is_sentence, lines_of(element))))
        is_text = is_prose and page.own[element] > 4 * page.noise[element]
        if is_text and not is_noise(element, page.sample):
            yield element


def _is_prose(element: HtmlElement) -> bool:
    """Whether an element holds a sentence at least, and not a row of labels and numbers."""
    return any(map(_is_sentence, lines_of(element)))


def _is_sentence(line: Line) -> bool:
    return len(line.text) >= 40 and _count_words(line.text) >= 6


def _count_words(line: str) -> int:
    """How many words with letters a line has: «06 листопада 2025 року - 12:12, 294 перегляди» has four."""
    return sum(any(map(str.isalpha, word)) for word in line.split())


def _adds_one_text(best: str, name: str, pages: Sequence[OwnText]) -> bool:
    """Whether a second selector finds one text at most on each page besides the first."""
    for page in pages:
        root = page.sample.root
        boxes = set(select(root, best))
        others = [e for e in select(root, name) if e not in boxes and not is_inside(e, boxes)]
        if len(others) > 1 or not all(map(_is_prose, others)):
            return False
    return True


def _score_of_union(union: str, pages: Sequence[OwnText]) -> float:
    reached = sum(page.weight * page.fit(page.boxes_of(union)) for page in pages if page.total)
    return reached / sum(page.weight for page in pages) + total(SELECTOR_SIGNS, union)
