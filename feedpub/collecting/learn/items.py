"""A listing's page → groups of boxes that repeat, each with one address of its own."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn import date_formats
from feedpub.collecting.learn.elements import classes_of
from feedpub.collecting.learn.records import Group, Record, kind, link_weight, without_repeats
from feedpub.collecting.learn.survey import Survey
from feedpub.html import tree
from feedpub.html.lines import text_of

LEAST_NAMED = 0.6  # of the boxes of a kind, with an address of their own
FEW = 3  # siblings of one tag, each of its own kind, that may still be a list
MOST_REPEATS = 3  # boxes of one list that show the same item
LEAD = 3  # siblings before a box that may belong to its item: a date above a heading, say
TELLING = 12  # characters of a link that may be a title


def groups_of_boxes(survey: Survey) -> Iterator[Group]:
    """Yield every group of boxes on the page that may be a list of something."""
    for boxes in _kinds_of_boxes(survey):
        yield from _grouped(boxes, survey)


def _kinds_of_boxes(survey: Survey) -> Iterator[list[HtmlElement]]:
    by_path: dict[str, list[HtmlElement]] = defaultdict(list)
    by_place: dict[str, list[HtmlElement]] = defaultdict(list)
    by_parent: dict[tuple[HtmlElement, str], list[HtmlElement]] = defaultdict(list)  # and by the tag
    for e in survey.root.iter("*"):
        if not survey.below.get(e):
            continue
        by_path[survey.paths[e]].append(e)
        name = kind(e)
        parent = e.getparent()
        if parent is not None:
            by_place[f"{kind(parent)}>{name}"].append(e)
            by_parent[parent, tree.tag(e)].append(e)
        if "." in name:
            by_place[name].append(e)
    for boxes in by_path.values():
        if len(boxes) > 1:
            yield boxes
        yield from _lists_of_one_kind(boxes)
    for boxes in by_place.values():
        if len(boxes) > 1 and len({survey.paths[b] for b in boxes}) > 1:
            yield boxes
    for siblings in by_parent.values():
        if len(siblings) >= FEW and len({survey.paths[b] for b in siblings}) > 1:
            yield siblings


def _lists_of_one_kind(boxes: list[HtmlElement]) -> Iterator[list[HtmlElement]]:
    """One kind of box may be in several lists, and one of these may be the news."""
    by_parent: dict[HtmlElement | None, list[HtmlElement]] = defaultdict(list)
    for box in boxes:
        by_parent[box.getparent()].append(box)
    if 1 < len(by_parent) < len(boxes):
        yield from (siblings for siblings in by_parent.values() if len(siblings) > 1)


def _grouped(boxes: list[HtmlElement], survey: Survey) -> Iterator[Group]:
    """The boxes with just one address of their own each; nested ones only as the beginnings of items."""
    inside = set(boxes)
    nested = [b for b in boxes if any(a in inside for a in b.iterancestors())]
    if nested:
        records = [r for b in boxes if (r := _swallowing_record(b, survey))]
        if len({r.url for r in records}) > 1 and len(nested) >= len(boxes) / 2:
            yield Group(without_repeats(records), is_flat=True)
        return
    shared = Counter(chain.from_iterable(survey.below[b] for b in boxes))
    boxes, again = _split_continuations(boxes, shared, survey)
    records = _records(boxes, shared, survey)
    if len(records) < max(2, LEAST_NAMED * len(boxes)):
        return
    records += _akin(records, shared, survey)
    records.sort(key=lambda r: survey.order[r.box])
    kept = without_repeats(records)
    named = {r.box for r in kept}
    spare = [box for box in (*boxes, *(r.box for r in records)) if box not in named]
    group = Group(kept, again=again, spare=list(dict.fromkeys(spare)))
    yield group
    flat = _flat(group, survey)
    if flat:
        yield flat


def group_of(boxes: Sequence[HtmlElement], survey: Survey) -> Group:
    """Return the group of just these boxes, which a person has named.

    Where few of them hold a link, all between one and the next belongs to its item.
    """
    shared = Counter(chain.from_iterable(survey.below.get(b, ()) for b in boxes))
    records = _records(boxes, shared, survey)
    is_flat = len(records) < 0.5 * len(boxes)
    if is_flat:
        records = _records_between(boxes, survey)
    kept = without_repeats(records)
    named = {r.box for r in kept}
    return Group(kept, is_flat=is_flat, spare=[box for box in boxes if box not in named])


def _records_between(boxes: Sequence[HtmlElement], survey: Survey) -> list[Record]:
    """Each box with the first link between it and the next one."""
    begins = [survey.order[box] for box in boxes]
    firsts: dict[int, Record] = {}
    for anchor, url in survey.links.items():
        n = bisect_right(begins, survey.order[anchor]) - 1
        if n >= 0 and n not in firsts:
            firsts[n] = Record(boxes[n], url, [anchor])
    return [firsts[n] for n in sorted(firsts)]


def _split_continuations(
    boxes: list[HtmlElement], shared: Counter[str], survey: Survey
) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """Return the boxes that begin an item, and those that go on with it: a table may have two rows for each item.

    Addresses that only the boxes of one item share count as its own from here on: ``shared`` is changed.
    """
    first: list[HtmlElement] = []
    again: list[HtmlElement] = []
    item_keys: set[str] = set()
    for box in boxes:
        keys = {key for key in survey.below[box] if shared[key] <= 3}
        if first and keys and keys <= item_keys:
            again.append(box)
        else:
            first.append(box)
            item_keys = keys
    if len(again) < 0.3 * len(first):
        return boxes, []
    repeated = Counter(chain.from_iterable(survey.below[b] for b in first))
    for key in list(shared):
        shared[key] = repeated[key]
    return first, again


@dataclass(frozen=True, slots=True)
class Choice:
    """The addresses that one box may be about, the weightiest first, each with its links in the box."""

    box: HtmlElement
    anchors: dict[str, list[HtmlElement]]  # by the address's key

    def record(self, key: str, survey: Survey) -> Record:
        return Record(self.box, survey.links[self.anchors[key][0]], self.anchors[key])

    def at_usual_place(self, places: Collection[str], survey: Survey) -> list[str]:
        """Return the addresses that are linked where other boxes link theirs."""
        return [key for key, anchors in self.anchors.items() if any(survey.paths[a] in places for a in anchors)]


def _records(boxes: Sequence[HtmlElement], shared: Counter[str], survey: Survey) -> list[Record]:
    """The boxes as items, as far as each is about one address.

    Where several addresses of a box weigh alike, the one that is linked in the place of the others' is its own.
    """
    choices = [choice for box in boxes if (choice := _choice(box, shared, survey))]
    clear = {
        choice.box: choice.record(next(iter(choice.anchors)), survey) for choice in choices if len(choice.anchors) == 1
    }
    places = {survey.paths[a] for record in clear.values() for a in record.anchors}
    for choice in choices:
        usual = choice.at_usual_place(places, survey) if choice.box not in clear else []
        if len(usual) == 1:
            clear[choice.box] = choice.record(usual[0], survey)
    return [clear[box] for box in boxes if box in clear]


def _choice(box: HtmlElement, shared: Counter[str], survey: Survey) -> Choice | None:
    """The addresses that a box may be about; None where it has none of its own."""
    by_key: dict[str, list[HtmlElement]] = defaultdict(list)
    for anchor in box.iter("a"):  # the box itself, where it is one
        if anchor in survey.links:
            by_key[address.key(survey.links[anchor])].append(anchor)
    weights = {key: max(map(link_weight, anchors)) for key, anchors in by_key.items()}
    keys = [key for key in by_key if shared[key] == 1] or _repeated_key(box, shared, weights)
    if not keys:
        return None
    heaviest = max(weights[key] for key in keys)
    alike = [key for key in keys if weights[key] == heaviest or weights[key] >= max(TELLING, 0.5 * heaviest)]
    if heaviest < TELLING:  # pictures and "read more": the first of the heaviest
        alike = alike[:1]
    return Choice(box, {key: by_key[key] for key in sorted(alike, key=lambda key: -weights[key])})


def _repeated_key(box: HtmlElement, shared: Counter[str], weights: Mapping[str, int]) -> list[str]:
    """The address of an item that the list shows in some more boxes, a pinned one: the weightiest of all its links."""
    heaviest = max((link_weight(a) for a in box.iter("a")), default=0)
    pinned = [key for key, weight in weights.items() if weight == heaviest and shared[key] <= MOST_REPEATS]
    return pinned if heaviest >= TELLING else []


def _akin(records: list[Record], shared: Counter[str], survey: Survey) -> list[Record]:
    """The neighbours that share a class with the boxes, or their tag where they have none: a sticky item, say."""
    boxes = {r.box for r in records}
    names = set(chain.from_iterable(map(classes_of, boxes)))
    akin = []
    for parent in {p for b in boxes if (p := b.getparent()) is not None}:
        for child in parent:
            if child in boxes or child.tag != records[0].box.tag or not survey.below.get(child):
                continue
            child_names = classes_of(child)
            if names.isdisjoint(child_names) and (names or child_names):
                continue
            at_least_once = Counter({key: max(shared[key], 1) for key in survey.below[child]})
            akin += [r for r in _records([child], at_least_once, survey) if max(map(link_weight, r.anchors)) >= TELLING]
    return akin


def _swallowing_record(box: HtmlElement, survey: Survey) -> Record | None:
    """The first address in a box that swallows the boxes after it, since the page does not close it."""
    anchors = [a for a in box.iter("a") if a in survey.links]
    if not anchors:
        return None
    url = survey.links[anchors[0]]
    key = address.key(url)
    return Record(box, url, [a for a in anchors if address.key(survey.links[a]) == key])


def _flat(group: Group, survey: Survey) -> Group | None:
    """The same items without boxes: all between one box and the next belongs to them too."""
    parents = {r.box.getparent() for r in group.records}
    if len(parents) > len(group.records) / 3:
        return None
    lead = _lead(group, survey)
    starts = [_moved_back(r.box, lead) for r in group.records]
    boxes = {r.box for r in group.records}
    between = chain.from_iterable(_siblings_until(r.box, boxes) for r in group.records[:-1])
    if not any(text_of(e) for e in between):
        return None
    return Group([Record(s, r.url, r.anchors) for s, r in zip(starts, group.records, strict=True)], is_flat=True)


def _lead(group: Group, survey: Survey) -> int:
    """How many siblings before each box begin its item: a date above a heading, say."""
    lead = 0
    for distance in range(1, LEAD + 1):
        before = [_sibling_before(r.box, distance) for r in group.records]
        present = [b for b in before if b is not None]
        kinds = {kind(b) for b in present}
        if len(present) < len(before) or len(kinds) != 1 or any(survey.below.get(b) for b in present):
            break
        if any(date_formats.date_in(text_of(b), survey.zone, survey.languages) for b in present):
            lead = distance
    return lead


def _moved_back(element: HtmlElement, steps: int) -> HtmlElement:
    node = element
    for _ in range(steps):
        previous = node.getprevious()
        node = previous if previous is not None else node
    return node


def _sibling_before(element: HtmlElement, distance: int) -> HtmlElement | None:
    """The element so many places before; comments do not count."""
    node: HtmlElement | None = element
    for _ in range(distance):
        node = node.getprevious() if node is not None else None
        while node is not None and not isinstance(node.tag, str):
            node = node.getprevious()
    return node


def _siblings_until(element: HtmlElement, ends: set[HtmlElement]) -> list[HtmlElement]:
    siblings = []
    node = element.getnext()
    while node is not None and node not in ends:
        if isinstance(node.tag, str):
            siblings.append(node)
        node = node.getnext()
    return siblings
