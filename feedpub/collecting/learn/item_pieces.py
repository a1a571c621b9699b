"""The items of a group → where each has its title and its date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from statistics import median

from lxml.html import HtmlElement

from feedpub import text
from feedpub.collecting.learn.date_formats import Shown, date_in, time_only
from feedpub.collecting.learn.elements import attribute, words_of
from feedpub.collecting.learn.records import HEADINGS, Group, Record, kind, link_weight
from feedpub.collecting.learn.signs import Sign, total
from feedpub.collecting.learn.survey import LONGEST_DATE, Survey, elements_of_items
from feedpub.html.lines import INLINE, text_of
from feedpub.html.titles import MORE

Dated = tuple[HtmlElement, Shown]  # an element, and the date in it

DAY_ABOVE = 60  # elements at most between a lone day and the first item below it
TITLE_NAME = re.compile(r"title|head|caption|name|zag|назв", re.IGNORECASE)
TEASER_NAME = re.compile(r"text|teaser|desc|intro|body|excerpt|summary|lead|anons", re.IGNORECASE)
TEASER_BESIDE = 140  # characters of an item that has more than its title


@dataclass(frozen=True, slots=True)
class ItemTitle:
    """Elements of one kind, one in each item, which may be the titles."""

    place: str  # the kind, with "|in" for those in the item's link and "|over" for those that hold it
    elements: Mapping[int, HtmlElement]  # by the number of the item
    words: Sequence[str]  # of each element
    items: int
    whole: float  # characters of an item, as a median
    dates: int  # elements that are a date and little else

    @property
    def first_element(self) -> HtmlElement:
        return next(iter(self.elements.values()))

    @property
    def class_names(self) -> str:
        return self.first_element.get("class") or ""

    @property
    def median_length(self) -> float:
        """Characters of a title, as a median."""
        return median(len(words) for words in self.words)

    @property
    def is_heading(self) -> bool:
        near = [self.first_element, *list(self.first_element.iterancestors())[:2]]
        return any(e.tag in HEADINGS for e in near)


def _share_with_blocks(title: ItemTitle) -> float:
    """The share of elements that hold paragraphs or boxes, as no title does."""
    blocks = (any(e.tag not in INLINE for e in one.iterdescendants("*")) for one in title.elements.values())
    return sum(blocks) / len(title.elements)


ITEM_TITLE_SIGNS: tuple[Sign[ItemTitle], ...] = (
    Sign("in every item", 4.0, lambda t: len(t.elements) / t.items),
    Sign("other words in each item", 2.0, lambda t: len(set(t.words)) / len(t.words)),
    Sign("in the item's link", 1.5, lambda t: t.place.endswith("|in")),
    Sign("around the item's link", 0.8, lambda t: t.place.endswith("|over")),
    Sign("a heading", 1.5, lambda t: t.is_heading),
    Sign("named after a title", 0.8, lambda t: bool(TITLE_NAME.search(t.class_names))),
    Sign("in bold", 0.4, lambda t: t.first_element.tag in ("strong", "b")),
    Sign("named after a teaser", -1.5, lambda t: bool(TEASER_NAME.search(t.class_names)) and not t.is_heading),
    Sign("as long as a title", 1.2, lambda t: 15 <= t.median_length <= 160),
    Sign("too long for a title", -0.6, lambda t: t.median_length > 220),
    Sign("mostly dates", -1.5, lambda t: t.dates > len(t.words) / 2),
    Sign("the whole item with its teaser", -1.0, lambda t: t.median_length > 0.8 * t.whole and t.whole > TEASER_BESIDE),
    Sign("holds paragraphs", -1.0, _share_with_blocks),
)


def read_items(group: Group, survey: Survey) -> None:
    """Set the words, the date and the title of each of the group's records."""
    items = elements_of_items(group, survey)
    for record, elements in zip(group.records, items, strict=True):
        record.words = text.line(_flat_words(elements) if group.is_flat else text_of(record.box))
    _set_dates(group, items, survey)
    _set_titles(group, items, survey)


def _flat_words(elements: Iterable[HtmlElement]) -> str:
    return " ".join(" ".join((e.text or "", e.tail or "")) for e in elements)


# ------------------------------------------------------------ dates


def _set_dates(group: Group, items: list[list[HtmlElement]], survey: Survey) -> None:
    by_kind: dict[str, dict[int, Dated]] = defaultdict(dict)
    for n, elements in enumerate(items):
        for element in elements:
            date = survey.date_of(element)
            if date:
                by_kind[kind(element)].setdefault(n, (element, date))
    best = min(by_kind.values(), key=_date_rank, default={})
    if len(best) >= max(1, 0.3 * len(items)):
        for n, (element, date) in best.items():
            group.records[n].date, group.records[n].date_element = date, element
    if sum(1 for r in group.records if r.date) < 0.5 * len(items):
        _set_days(group, items, survey)


def _date_rank(dated: Mapping[int, Dated]) -> tuple[int, float, bool, float]:
    """Lower is better: in most items, most with a time, some for machines, few other characters."""
    count = len(dated)
    timed = sum(date.has_time for _, date in dated.values())
    other = sum(len(text_of(element)) - date.length for element, date in dated.values())
    return -count, -timed / count, not any(date.is_machine for _, date in dated.values()), other / count


def _set_days(group: Group, items: list[list[HtmlElement]], survey: Survey) -> None:
    """Date the items by days that are headings over several of them, with the time alone beside each."""
    days = _days_above(group, items, survey)
    if not days:
        return
    times: dict[int, HtmlElement] = {}
    for n, elements in enumerate(items):
        timed = [e for e in elements if survey.shown_length(e) < LONGEST_DATE and time_only(text_of(e))]
        if timed:
            times[n] = timed[-1]
    if len(times) < 0.5 * len(items) and not 2 <= len(days) <= 0.7 * len(items):
        return
    group.day_elements = days
    for n, record in enumerate(group.records):
        before = [e for e in days if survey.order[e] < survey.order[record.box]]
        if before:
            time = times.get(n)
            parts = (text_of(before[-1]), text_of(time) if time is not None else "")
            shown = " ".join(part for part in parts if part)
            record.date = date_in(shown, survey.zone, survey.languages)
            record.date_element = time


def _days_above(group: Group, items: list[list[HtmlElement]], survey: Survey) -> list[HtmlElement]:
    """The day headings of one kind, outside the items, which begin above the first of these."""
    first, last = (survey.order[group.records[n].box] for n in (0, -1))
    inside = set(chain.from_iterable(items))
    usable: list[list[HtmlElement]] = []
    for headings in survey.day_headings.values():
        days = [e for e, _ in headings if survey.order[e] < last and e not in inside]
        if not days or len(days) > len(items) or survey.order[days[0]] >= first:
            continue
        if len(days) > 1 or survey.order[days[0]] > first - DAY_ABOVE:
            usable.append(days)
    return max(usable, key=len, default=[])


# ------------------------------------------------------------ titles


def _set_titles(group: Group, items: list[list[HtmlElement]], survey: Survey) -> None:
    """Take the element that is the title in most items: in the link or a heading, with words of its own in each."""
    by_place: dict[str, dict[int, HtmlElement]] = defaultdict(dict)
    for n, elements in enumerate(items):
        for element in _title_elements(elements, group.records[n], survey):
            by_place[_title_place(element, group.records[n])].setdefault(n, element)
    whole = median(len(r.words) for r in group.records)
    titles = [_item_title(place, elements, len(items), whole, survey) for place, elements in by_place.items()]
    if titles:
        best = max(titles, key=lambda title: total(ITEM_TITLE_SIGNS, title))
        for n, element in best.elements.items():
            group.records[n].title, group.records[n].title_element = words_of(element), element
    for record in group.records:
        if not record.title:
            record.title = _link_title(record)


def _title_elements(elements: Iterable[HtmlElement], record: Record, survey: Survey) -> list[HtmlElement]:
    """The elements of an item whose words may be its title."""
    possible = []
    for element in elements:
        if not 3 < survey.shown_length(element) < 450:
            continue
        words = words_of(element)
        if not 3 < len(words) < 400 or MORE.fullmatch(words):
            continue
        date = record.date_element
        if date is None or all(e is not date for e in element.iter()):
            possible.append(element)
    return possible


def _title_place(element: HtmlElement, record: Record) -> str:
    links = set(record.anchors)
    if element in links or any(a in links for a in element.iterancestors("a")):
        return f"{kind(element)}|in"
    if any(a in links for a in element.iter("a")):
        return f"{kind(element)}|over"
    return kind(element)


def _item_title(place: str, elements: Mapping[int, HtmlElement], items: int, whole: float, survey: Survey) -> ItemTitle:
    words = [words_of(e) for e in elements.values()]
    dates = sum(1 for w in words if len(w) < 40 and date_in(w, survey.zone, survey.languages))
    return ItemTitle(place, elements, words, items, whole, dates)


def _link_title(record: Record) -> str:
    """The longest link's words; "" where they say only "read more"."""
    longest = max(record.anchors, key=link_weight)
    words = text.line(text_of(longest) or attribute(longest, "title"))
    return "" if MORE.fullmatch(words) else words
