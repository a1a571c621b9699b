"""The news of a listing that are outside the boxes of its list, and the links in its boxes that are no news."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import chain, pairwise

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn import date_formats, selectors
from feedpub.collecting.learn.date_formats import Shown
from feedpub.collecting.learn.elements import attribute, words_of
from feedpub.collecting.learn.groups import group_alike
from feedpub.collecting.learn.records import Group, Record
from feedpub.collecting.learn.samples import Sample
from feedpub.collecting.learn.scoring import moments
from feedpub.collecting.learn.survey import Survey, link_places, take_survey
from feedpub.html.select import is_inside, select, select_first
from feedpub.html.titles import MORE
from feedpub.layout import Layout

Likeness = Callable[[str], bool]  # whether an address is like the list's
Newness = Callable[[Record], bool]  # whether an item is newer than the older page

TITLE = 12  # characters of a link that may be a title
DATE = 60  # characters of an element that may be a date

# ------------------------------------------------------------ news outside the boxes


def news_beside(group: Group, surveys: Sequence[Survey], samples: Iterable[Sample]) -> list[Record]:
    """Return news of the first page outside the list's boxes: a leading one, the newest in a slider, "more articles".

    They have an address like the list's, are on no other page in that place,
    and are newer than all that the older page lists: else they would be older
    news, shown again.
    """
    survey = surveys[0]
    older = group_alike(group, survey, surveys[1]) if len(surveys) > 1 else None
    is_like_news = _likeness(group.urls)
    is_newer = _newness(group, older, survey) if older else None
    if older is None or is_like_news is None or is_newer is None:
        return []
    listed = {address.key(url) for url in (*group.urls, *older.urls)}
    repeated = _links_of_other_pages(surveys[1], samples)
    by_path: dict[str, list[Record]] = defaultdict(list)
    for anchor, url in survey.links.items():
        key = address.key(url)
        words = words_of(anchor)
        if key in listed or (survey.paths[anchor], key) in repeated or not is_like_news(url):
            continue
        if len(words) < TITLE or MORE.fullmatch(words):
            continue
        record = _lone_record(anchor, words, survey)
        if is_newer(record):
            by_path[survey.paths[record.box]].append(record)
    lists = ([*records, *_others_at(path, records, survey, is_like_news)] for path, records in by_path.items())
    return list(chain.from_iterable(lists))


def _links_of_other_pages(older: Survey, samples: Iterable[Sample]) -> set[tuple[str, str]]:
    """The links of the older page and of the articles, each with its place."""
    links = link_places(older)
    for s in samples:
        links |= link_places(take_survey(s.root, s.page.url, older.zone, older.now, older.languages))
    return links


def _lone_record(anchor: HtmlElement, title: str, survey: Survey) -> Record:
    """A link as an item: the largest element around it that leads nowhere else is its box."""
    url = survey.links[anchor]
    box = anchor
    for element in anchor.iterancestors():
        others = set(survey.below.get(element, ())) - {address.key(url)}
        if element.tag in ("body", "html") or others:
            break
        box = element
    record = Record(box, url, [anchor], title, anchor)
    record.date, record.date_element = _first_date(box, survey)
    return record


def _first_date(box: HtmlElement, survey: Survey) -> tuple[Shown | None, HtmlElement | None]:
    for element in box.iter("*"):
        words = words_of(element)
        date = date_formats.date_in(words, survey.zone, survey.languages) if 0 < len(words) < DATE else None
        if date:
            return date, element
    return None, None


def _others_at(path: str, records: Sequence[Record], survey: Survey, is_like_news: Likeness) -> list[Record]:
    """What else is in boxes like those of the records, though it is on the older page as well."""
    boxes = {r.box for r in records}
    alike_boxes = [e for e, p in survey.paths.items() if p == path and e not in boxes]
    others = []
    for box in alike_boxes:
        if len(survey.below.get(box, ())) != 1:
            continue
        anchor = next((a for a in box.iter("a") if a in survey.links), None)
        if anchor is not None and is_like_news(survey.links[anchor]):
            others.append(Record(box, survey.links[anchor], [anchor], words_of(anchor), anchor))
    return others


# ------------------------------------------------------------ like the list's, and newer


def _likeness(urls: Sequence[str]) -> Likeness | None:
    """Return what says whether an address is like most of these; None where these have nothing in common."""
    for form, least in ((address.shape, 0.6), (_number_form, 0.8)):
        usual, count = Counter(map(form, urls)).most_common(1)[0]
        if count >= least * len(urls):
            return partial(_has_form, form, usual)
    return None


def _has_form(form: Callable[[str], str], usual: str, url: str) -> bool:
    return form(url) == usual


def _number_form(url: str) -> str:
    """How deep an address is, and where in its last part a number is."""
    path = address.key(url).partition("/")[2]
    last = path.rpartition("/")[2]
    begins, ends = re.match(r"\d", last), re.search(r"\d(?:\.[a-z]+)?$", last)
    return f"{path.count('/')} {bool(begins)} {bool(ends)} {'=' in path}"


def _newness(group: Group, older: Group, survey: Survey) -> Newness | None:
    """Return what says whether a record is newer than the older page: by a number in its address, or by its date."""
    for place in (0, -1):
        numbers = [_number_in(url, place) for url in older.urls]
        own = [_number_in(url, place) for url in group.urls]
        falling = sum(a > b for a, b in pairwise(own))
        middle = sorted(own)[len(own) // 2]
        if min(*numbers, *own) > 0 and falling >= 0.7 * (len(own) - 1) and max(numbers) < middle:
            return partial(_has_higher_number, place, max(numbers))
    instants = moments(older, survey)
    if not instants or len(instants) < 0.5 * len(older.records):
        return None
    return partial(_is_as_new, max(instants), survey)


def _has_higher_number(place: int, highest: int, record: Record) -> bool:
    return _number_in(record.url, place) > highest


def _is_as_new(latest: datetime, survey: Survey, record: Record) -> bool:
    instant = date_formats.instant_of(record.date, survey.zone, survey.now) if record.date else None
    return instant is not None and instant >= latest


def _number_in(url: str, place: int) -> int:
    """The first or the last number in the address; 0 where there is none."""
    numbers = [int(digits) for digits in re.findall(r"\d+", address.key(url).partition("/")[2]) if len(digits) < 13]
    return numbers[place] if numbers else 0


# ------------------------------------------------------------ links in the boxes that are no news


def narrowed(layout: Layout, group: Group, survey: Survey, beside: Sequence[Record]) -> Layout:
    """Return the layout with links to news only, where boxes hold others too and their addresses tell them apart.

    An advert among the news leads to a page of the menu, which is called
    otherwise there. A lone address of another shape may be news all the same.
    """
    boxes = select_first(survey.root, layout.item)
    names = _names_outside(boxes, survey)
    usual = Counter(map(address.shape, group.urls)).most_common(1)[0][0]
    own = set(chain.from_iterable(r.anchors for r in (*group.records, *beside)))
    wanted: list[str] = []
    foreign: list[str] = []
    for box in boxes:
        link = _first_link(box, layout, survey)
        if link is None:
            continue
        is_news = link in own or address.shape(survey.links[link]) == usual
        if not is_news and _shows_date(box, layout, survey):
            other_names = names[address.key(survey.links[link])] - {words_of(link), ""}
            is_news = not other_names
        (wanted if is_news else foreign).append(attribute(link, "href"))
    if not wanted or not foreign:
        return layout
    telling = (p for p in _common_parts(wanted) if not any(p in href for href in foreign))
    conditions = chain.from_iterable(selectors.by_value("href", part, "*=") for part in telling)
    condition = next(conditions, None)
    if condition is None:
        return layout
    return replace(layout, link=tuple(_with_condition(link, condition) for link in layout.link))


def with_tracking(layout: Layout, group: Group) -> Layout:
    """Return the layout whose links name the tracking parameter that the site needs: so they keep it."""
    condition = selectors.by_value("href", f"{group.tracking}=", "*=") if group.tracking else []
    if not condition:
        return layout
    return replace(layout, link=tuple(_with_condition(link, condition[0]) for link in layout.link))


def _names_outside(boxes: Iterable[HtmlElement], survey: Survey) -> dict[str, set[str]]:
    """What the links outside the boxes are called, by the keys of their addresses."""
    inside = set(boxes)
    names: dict[str, set[str]] = defaultdict(set)
    for anchor, url in survey.links.items():
        if anchor not in inside and not is_inside(anchor, inside):
            names[address.key(url)].add(words_of(anchor))
    return names


def _first_link(box: HtmlElement, layout: Layout, survey: Survey) -> HtmlElement | None:
    matches = chain.from_iterable(select(box, selector) for selector in layout.link)
    return next((a for a in matches if a in survey.links), None)


def _shows_date(box: HtmlElement, layout: Layout, survey: Survey) -> bool:
    dates = chain.from_iterable(select(box, selector)[:1] for selector in layout.item_date)
    return any(survey.date_of(e) for e in dates)


def _common_parts(hrefs: Sequence[str]) -> list[str]:
    """What all of these addresses have in them, the shortest first: the beginning of a path, the name of a number."""
    first = hrefs[0]
    beginnings = [first[: m.end()] for m in re.finditer(r"[/=-]", first)]
    inner = re.findall(r"[?&][\w-]+=|/[\w%-]+/", first)
    parts = [part for part in (*beginnings, *inner) if len(part.strip("/")) > 1]
    return sorted(dict.fromkeys(part for part in parts if all(part in href for href in hrefs)), key=len)


def _with_condition(link: str, condition: str) -> str:
    return link.replace("a[href]", f"a{condition}") if "a[href]" in link else f"{link}{condition}"
