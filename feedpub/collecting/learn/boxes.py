"""A group of boxes on a listing → the selectors that find them, their links, titles and dates."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.learn import extra, pager, selectors
from feedpub.collecting.learn.elements import words_of
from feedpub.collecting.learn.records import Group, Record, kind
from feedpub.collecting.learn.samples import Sample
from feedpub.collecting.learn.survey import Survey, elements_of_items
from feedpub.html.lines import text_of
from feedpub.html.select import select
from feedpub.layout import Layout

Right = Callable[[int, HtmlElement | None], float]

PLAIN_LINK = "a[href]"
HEADING_LINKS = ("h1 a[href]", "h2 a[href]", "h3 a[href]", "h4 a[href]", "h5 a[href]")
NEARLY_ALL = 0.999  # of the items; a selector with so high a share is right for each
SEEDS = 4  # items whose pieces give the selectors to try
LEAST = 0.5  # of the items; a piece that fewer have is not looked for


@dataclass(frozen=True, slots=True)
class ListedItem:
    """One item, and what may be selected in it."""

    record: Record
    scope: HtmlElement  # to select in
    elements: frozenset[HtmlElement]  # of the scope, those that are the item's

    def first_match(self, selector: str) -> HtmlElement | None:
        """Return the first of the item's elements that the selector finds."""
        return next((e for e in select(self.scope, selector) if e in self.elements), None)


@dataclass(frozen=True, slots=True)
class ListedItems:
    """The items of a listing, for selectors that are tried in all of them."""

    survey: Survey
    items: Sequence[ListedItem]
    number_of: Mapping[HtmlElement, int]  # the item that an element belongs to

    def first_matches(self, selector: str) -> dict[int, HtmlElement]:
        """Return the first match in each item, by its number, from one look at the page.

        Where the selector's first parts match around an item as well, there may be more matches than in the item alone.
        """
        first: dict[int, HtmlElement] = {}
        for element in select(self.survey.root, selector):
            number = self.number_of.get(element)
            if number is not None:
                first.setdefault(number, element)
        return first

    def best(self, seeds: Sequence[tuple[ListedItem, HtmlElement]], right: Right) -> tuple[str, float] | None:
        """Return the selector that is right in most items, with its share; None where there is none to try.

        ``right`` says how right an element, or none, is for the item of a number: 0 to 1.
        """

        def share_at_a_look(selector: str) -> float:
            first = self.first_matches(selector)
            return sum(right(n, first.get(n)) for n in range(len(self.items))) / len(self.items)

        def share(selector: str) -> float:
            return sum(right(n, item.first_match(selector)) for n, item in enumerate(self.items)) / len(self.items)

        possible = chain.from_iterable(selectors.of_piece(element, item.scope) for item, element in seeds)
        likely = selectors.best_of(possible, share_at_a_look)
        return (likely[0], share(likely[0])) if likely else None


def listing_layout(group: Group, survey: Survey, beside: Sequence[Record] = ()) -> Layout:
    """Return what finds the group's boxes and their pieces; ``beside`` are news in other boxes: a leading one, say."""
    items = _items_of(group, survey)
    boxes = [*(r.box for r in group.records), *group.again]
    link = _link_selector(items, group.spare)
    layout = Layout(
        item=(
            ", ".join(dict.fromkeys((_box_selector(boxes, group.spare, survey), *_beside_selectors(beside, survey)))),
        ),
        link=tuple(dict.fromkeys((link, PLAIN_LINK))) if beside else (link,),
        item_title=_title_selector(items),
        item_date=_piece_selector(items, [item.record.date_element for item in items.items]),
        day=_day_selector(group, survey),
    )
    return extra.with_tracking(extra.narrowed(layout, group, survey, beside), group)


def lone_layout(group: Group, survey: Survey, date_formats: tuple[str, ...]) -> Layout:
    """Return what one page says of a listing, its pager included."""
    onward = pager.targets(pager.guesses(survey.root, survey.base)[:1], survey.base)
    next_page = pager.selector([(survey.root, survey.base)], onward[0]) if onward else ()
    return replace(listing_layout(group, survey), next_page=next_page, date_formats=date_formats)


def _items_of(group: Group, survey: Survey) -> ListedItems:
    items = []
    number_of: dict[HtmlElement, int] = {}
    for n, elements in enumerate(elements_of_items(group, survey)):
        record = group.records[n]
        parent = record.box.getparent()
        scope = parent if group.is_flat and parent is not None else record.box
        items.append(ListedItem(record, scope, frozenset(elements)))
        number_of.update(dict.fromkeys(elements, n))
    return ListedItems(survey, items, number_of)


# ------------------------------------------------------------ boxes


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes that are to be found on a page."""

    survey: Survey
    wanted: frozenset[HtmlElement]
    spare: frozenset[HtmlElement]  # it does not matter whether they are found too

    def fitness(self, selector: str) -> float:
        """Return how well a selector finds the boxes, and no other element that leads anywhere."""
        return self._fitness_of(select(self.survey.root, selector))

    def lasting_fitness(self, selector: str) -> float:
        """Return the same; nothing for a selector that finds one box of several: it is that one's own name."""
        matches = select(self.survey.root, selector)
        is_of_one = len(matches) == 1 and len(self.wanted) > 1
        return 0.0 if is_of_one else self._fitness_of(matches)

    def _fitness_of(self, matches: Sequence[HtmlElement]) -> float:
        hits = sum(e in self.wanted for e in matches)
        strange = [e for e in matches if e not in self.wanted and e not in self.spare]
        foreign = sum(1 for e in strange if self.survey.below.get(e))
        return 2 * hits / (hits + foreign + len(self.wanted))


def _box_selector(boxes: Sequence[HtmlElement], spare: Sequence[HtmlElement], survey: Survey) -> str:
    """The selector for boxes of one kind, by what they have in common: it must find the next one too."""
    target = Boxes(survey, frozenset(boxes), frozenset(spare))
    seeds = (boxes[0], boxes[len(boxes) // 2], boxes[-1])
    possible = chain.from_iterable(selectors.of_kind(box, survey.root) for box in seeds)
    best = selectors.best_of(possible, target.lasting_fitness)
    assert best is not None  # there is a box, so it has a tag at least
    if best[1] >= NEARLY_ALL:
        return best[0]
    numbered = chain.from_iterable(map(selectors.of_numbered_kind, seeds))
    return max((best[0], *numbered, _union_by_names(boxes, target)), key=target.lasting_fitness)


def _union_by_names(boxes: Sequence[HtmlElement], whole: Boxes) -> str:
    """A selector for each way in which the boxes are named, joined."""
    by_names: dict[str, list[HtmlElement]] = defaultdict(list)
    for box in boxes:
        by_names[kind(box)].append(box)
    parts: list[str] = []
    for members in by_names.values():
        target = Boxes(whole.survey, frozenset(members), whole.spare | whole.wanted)
        best = selectors.best_of(selectors.of_kind(members[0], whole.survey.root), target.fitness)
        if best:
            parts.append(best[0])
    return ", ".join(dict.fromkeys(parts))


def _beside_selectors(beside: Sequence[Record], survey: Survey) -> list[str]:
    by_kind: dict[str, list[HtmlElement]] = defaultdict(list)
    for record in beside:
        by_kind[kind(record.box)].append(record.box)
    return [_box_selector(boxes, (), survey) for boxes in by_kind.values()]


# ------------------------------------------------------------ what is in a box


def _link_selector(items: ListedItems, spare: Sequence[HtmlElement]) -> str:
    """The link in a box that leads to the article: in most boxes the first; else by its class or its heading.

    In a spare box, which names no item, it should find nothing: no rubric, say.
    """
    links = items.survey.links
    keys = {address.key(item.record.url) for item in items.items}

    def is_leading(n: int, element: HtmlElement | None) -> float:
        return float(element in items.items[n].record.anchors)

    spare_boxes = set(spare)

    def misleading(selector: str) -> int:
        """The spare boxes whose first link leads elsewhere: one look at the page for all of them."""
        firsts: dict[HtmlElement, HtmlElement] = {}
        for anchor in select(items.survey.root, selector) if spare_boxes else ():
            box = next((e for e in (anchor, *anchor.iterancestors()) if e in spare_boxes), None)
            if box is not None and anchor in links:
                firsts.setdefault(box, anchor)
        return sum(address.key(links[first]) not in keys for first in firsts.values())

    def share_leading(selector: str) -> float:
        first = items.first_matches(selector)
        right = sum(is_leading(n, element) for n, element in first.items())
        return right / (len(items.items) + misleading(selector))

    plain = share_leading(PLAIN_LINK)
    if plain >= NEARLY_ALL:
        return PLAIN_LINK
    in_heading = next((option for option in HEADING_LINKS if share_leading(option) >= NEARLY_ALL), None)
    if in_heading:
        return in_heading
    seeds = [(item, anchor) for item in items.items[:SEEDS] for anchor in item.record.anchors]
    possible = chain.from_iterable(selectors.of_piece(anchor, item.scope) for item, anchor in seeds)
    best = selectors.best_of(possible, share_leading)
    return best[0] if best and best[1] > plain else PLAIN_LINK


def _title_selector(items: ListedItems) -> tuple[str, ...]:
    """The selector for the titles; () where each is just the link's own words."""
    if all(_is_link_text(item.record) for item in items.items):
        return ()
    return _piece_selector(items, [item.record.title_element for item in items.items])


def _is_link_text(record: Record) -> bool:
    """Whether the first words of a box's links are the title."""
    return next((w for a in record.anchors if (w := words_of(a))), None) == record.title


def _piece_selector(items: ListedItems, pieces: Sequence[HtmlElement | None]) -> tuple[str, ...]:
    """The selector for a piece of each item; () where most have none."""
    seeds = [(item, piece) for item, piece in zip(items.items, pieces, strict=True) if piece is not None]
    step = max(1, len(seeds) // SEEDS)
    best = items.best(seeds[::step], lambda n, element: _rightness(element, pieces[n]))
    return (best[0],) if best and best[1] >= LEAST else ()


def _rightness(element: HtmlElement | None, piece: HtmlElement | None) -> float:
    """How right an element is for an item's piece; 0.5 where the item has no such piece, and none was selected."""
    if piece is None:
        return 0.5 * (element is None)
    if element is piece:
        return 1.0
    words = text_of(element) if element is not None else ""
    return float(bool(words) and text.line(words) == words_of(piece))


def _day_selector(group: Group, survey: Survey) -> tuple[str, ...]:
    seeds = [(day, survey.root) for day in group.day_elements[:2]]
    best = selectors.best(seeds, selectors.exact([(survey.root, group.day_elements)]))
    return (best[0],) if best else ()


# ------------------------------------------------------------ titles that the articles prove wrong


def correct_titles(group: Group, survey: Survey, samples: Sequence[Sample]) -> None:
    """Where the listing's titles were taken from the wrong place, take them from where the articles' own ones are."""
    own = {address.key(s.page.asked): text.skeleton(s.title) for s in samples if s.title_element is not None}
    keys = [address.key(r.url) for r in group.records]
    titles = {n: own[key] for n, key in enumerate(keys) if key in own}
    right = sum(text.skeleton(group.records[n].title) == title for n, title in titles.items())
    if not titles or right >= 0.7 * len(titles):
        return
    items = elements_of_items(group, survey)
    places = Counter(p for n, title in titles.items() if (p := _place_of(title, items[n])))
    if not places:
        return
    place = places.most_common(1)[0][0]
    for record, elements in zip(group.records, items, strict=True):
        element = next((e for e in elements if kind(e) == place and text_of(e)), None)
        if element is not None:
            record.title, record.title_element = words_of(element), element


def _place_of(title: str, elements: Sequence[HtmlElement]) -> str | None:
    """The kind of the first element whose words begin the title, a skeleton."""
    for element in elements:
        words = text.skeleton(text_of(element).rstrip("…. "))
        if len(words) > 8 and title.startswith(words):
            return kind(element)
    return None
