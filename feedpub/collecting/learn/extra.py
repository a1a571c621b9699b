"""What of a listing's news stands outside the boxes of its list, and what of the boxes is no news."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.learn import date_formats
from feedpub.collecting.learn.article import Sample
from feedpub.collecting.learn.listing import MORE, Group, Record, Survey, shape
from feedpub.content import Page
from feedpub.html import tree
from feedpub.model import Layout

WORDS = 12  # characters of a link that may be a title


def beyond(
    group: Group, survey: Survey, pages: Sequence[tuple[Page, Survey]], samples: Sequence[Sample]
) -> list[Record]:
    """News of the first page outside the list's boxes: a leading one, the newest in a slider, "more articles".

    They have an address like the list's, stand on no other page in that
    place, and are newer than all that the older page lists: else they would be
    older news, shown again.
    """
    if len(pages) < 2:
        return []
    other = pages[1][1]
    like = next(
        (g for g in other.groups() if other.paths[g.records[0].box] == survey.paths[group.records[0].box]), None
    )
    if like is None:
        return []
    alike = _alike(group.urls)
    if alike is None:
        return []
    age = _age(group, like, survey)
    if age is None:
        return []
    known = {address.key(u) for u in (*group.urls, *like.urls)}
    standing = _standing([other, *(Survey(s.root, s.page.url, survey.zone, survey.now) for s in samples)])
    found: dict[str, list[Record]] = defaultdict(list)
    for anchor, url in survey.url.items():
        key = address.key(url)
        words = text.line(tree.text(anchor))
        if key in known or not alike(url) or len(words) < WORDS or MORE.fullmatch(words):
            continue
        if (survey.paths[anchor], key) in standing:
            continue
        record = Record(_box(anchor, key, survey), url, [anchor], words, anchor)
        record.date, record.date_element = _date(record.box, survey)
        if age(record):
            found[survey.paths[record.box]].append(record)
    return [r for path, records in found.items() for r in _all_at(path, records, survey, alike)]


def _all_at(path: str, records: list[Record], survey: Survey, alike: Callable[[str], bool]) -> list[Record]:
    """The records, and what else stands in boxes like theirs, though it is on the older page as well."""
    boxes = {r.box for r in records}
    others = [e for e, p in survey.paths.items() if p == path and e not in boxes and len(survey.below.get(e, ())) == 1]
    rest = []
    for box in others:
        anchor = next((a for a in (box, *box.iter("a")) if a in survey.url), None)
        if anchor is not None and alike(survey.url[anchor]):
            rest.append(Record(box, survey.url[anchor], [anchor], text.line(tree.text(anchor)), anchor))
    return records + rest


def _alike(urls: Sequence[str]) -> Callable[[str], bool] | None:
    """Tells whether an address is like most of these; None where these have nothing in common."""
    for form, least in ((shape, 0.6), (_form, 0.8)):
        usual, count = Counter(map(form, urls)).most_common(1)[0]
        if count >= least * len(urls):
            return lambda url, f=form, u=usual: f(url) == u  # type: ignore[misc]
    return None


def _form(url: str) -> str:
    """How deep an address is, and where in its last part a number stands."""
    path = address.key(url).partition("/")[2]
    last = path.rpartition("/")[2]
    begins, ends = re.match(r"\d", last), re.search(r"\d(?:\.[a-z]+)?$", last)
    return f"{path.count('/')} {bool(begins)} {bool(ends)} {'=' in path}"


def _standing(others: Sequence[Survey]) -> set[tuple[str, str]]:
    return {(o.paths[a], address.key(u)) for o in others for a, u in o.url.items()}


def _age(group: Group, older: Group, survey: Survey) -> Callable[[Record], bool] | None:
    """Tells whether a record is newer than the older page, by the number in its address or by its date."""
    for place in (0, -1):
        numbers = [_number(u, place) for u in older.urls]
        own = [_number(u, place) for u in group.urls]
        falling = sum(a > b for a, b in pairwise(own))
        if min(*numbers, *own) > 0 and falling >= 0.7 * (len(own) - 1) and max(numbers) < sorted(own)[len(own) // 2]:
            newest = max(numbers)
            return lambda record, p=place: _number(record.url, p) > newest  # type: ignore[misc]
    moments = [m for r in older.records if r.date and (m := date_formats.read(r.date, survey.zone, survey.now))]
    if not moments or len(moments) < 0.5 * len(older.records):
        return None
    latest: datetime = max(moments)
    return lambda record: bool(
        record.date and (m := date_formats.read(record.date, survey.zone, survey.now)) and m >= latest
    )


def _number(url: str, place: int) -> int:
    """The first or the last number in the address; 0 where there is none."""
    found = [int(n) for n in re.findall(r"\d+", address.key(url).partition("/")[2]) if len(n) < 13]
    return found[place] if found else 0


def _box(anchor: HtmlElement, key: str, survey: Survey) -> HtmlElement:
    """The largest element around a link that leads nowhere else."""
    box = anchor
    for element in anchor.iterancestors():
        keys = set(survey.below.get(element, ()))
        if element.tag in ("body", "html") or keys - {key}:
            break
        box = element
    return box


def _date(box: HtmlElement, survey: Survey) -> tuple[date_formats.Shown | None, HtmlElement | None]:
    for element in box.iter("*"):
        words = text.line(tree.text(element))
        if 0 < len(words) < 60 and (found := date_formats.shown(words, survey.zone)):
            return found, element
    return None, None


def narrowed(layout: Layout, group: Group, survey: Survey, beside: Sequence[Record]) -> Layout:
    """The layout with links to news only, where boxes hold others too and their addresses tell them apart.

    An advert among the news leads to a page of the menu, which is called
    otherwise there. A lone address of another shape may be news all the same.
    """
    boxes = tree.first(survey.root, layout.item)
    inside = set(boxes)
    elsewhere: dict[str, set[str]] = defaultdict(set)
    for a, u in survey.url.items():
        if a not in inside and not tree.is_inside(a, inside):
            elsewhere[address.key(u)].add(text.line(tree.text(a)))
    usual = Counter(shape(u) for u in group.urls).most_common(1)[0][0]
    own = {a for r in (*group.records, *beside) for a in r.anchors}
    wanted: list[str] = []
    foreign: list[str] = []
    for box in boxes:
        link = _first_link(box, layout, survey)
        if link is None:
            continue
        is_dated = any(survey.dated(e) for s in layout.item_date for e in tree.select(box, s)[:1])
        is_menu = elsewhere[address.key(survey.url[link])] - {text.line(tree.text(link)), ""}
        is_news = link in own or shape(survey.url[link]) == usual or (is_dated and not is_menu)
        (wanted if is_news else foreign).append(link.get("href") or "")
    part = next((p for p in _parts(wanted) if not any(p in f for f in foreign)), None) if foreign and wanted else None
    if part is None:
        return layout
    return replace(layout, link=tuple(_with(link, part) for link in layout.link))


def _first_link(box: HtmlElement, layout: Layout, survey: Survey) -> HtmlElement | None:
    return next((a for s in layout.link for a in tree.select(box, s) if a in survey.url), None)


def _parts(hrefs: Sequence[str]) -> list[str]:
    """What all of these addresses have in them, the longest first: the beginning of a path, the name of a number."""
    first = hrefs[0]
    cuts = [first[: m.end()] for m in re.finditer(r"[/=-]", first)]
    cuts += [first[m.start() : m.end()] for m in re.finditer(r"[?&][\w-]+=|/[\w%-]+/", first)]
    found = [c for c in cuts if len(c.strip("/")) > 1 and "'" not in c and all(c in h for h in hrefs)]
    return sorted(dict.fromkeys(found), key=len)


def _with(link: str, part: str) -> str:
    return link.replace("a[href]", f"a[href*='{part}']") if "a[href]" in link else f"{link}[href*='{part}']"
