"""What a person says of a listing in [source.layout] → the group of boxes that it means.

What is said is never overruled: it leaves fewer lists to choose from, and one alone where ``item`` is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn import date_formats
from feedpub.collecting.learn.absence import news_in_place
from feedpub.collecting.learn.elements import words_of
from feedpub.collecting.learn.groups import ranked, weighed
from feedpub.collecting.learn.items import group_of
from feedpub.collecting.learn.records import Group, Record
from feedpub.collecting.learn.survey import Survey, elements_of_items
from feedpub.errors import ScrapeError
from feedpub.html.candidates import date_candidates
from feedpub.html.lines import text_of
from feedpub.html.select import select, select_first
from feedpub.layout import Layout

MOST = 0.6  # of a list's boxes; where a selector matches in fewer, the list is not the one that is meant


def groups_by(survey: Survey, given: Layout) -> list[Group]:
    """Return the lists of a page that agree with what a person says of it, the likeliest first.

    Raises ScrapeError where nothing does.
    """
    groups = [_group_of_boxes(survey, given)] if given.item else ranked(survey)
    groups = [group for group in groups if len(group.records) > 1 or given.item]
    if given.link and not given.item:
        groups = _with_links(groups, survey, given) or [_group_around(survey, given)]
    for group in groups:
        _take_pieces(group, survey, given)
    return groups


def _group_of_boxes(survey: Survey, given: Layout) -> Group:
    boxes = select_first(survey.root, given.item)
    if not boxes:
        raise _unmatched(survey, "item", given.item)
    group = group_of(boxes, survey)
    if given.link:
        by_link = [record for box in boxes if (record := _record_by_link(box, box, survey, given))]
        group = replace(group, records=_first_of_each(by_link), is_flat=False)
    if not group.records:
        said = f"link = {list(given.link)!r}" if given.link else f"item = {list(given.item)!r}"
        raise ScrapeError(
            survey.base, f"{said} of [source.layout]: {len(boxes)} boxes link to no page of this site{_why(survey)}"
        )
    return weighed(group, survey)


def _why(survey: Survey) -> str:
    in_place = news_in_place(survey)
    return f": {in_place}" if in_place else ""


def _with_links(groups: Sequence[Group], survey: Survey, given: Layout) -> list[Group]:
    """The groups in most of whose boxes the selector matches, each with the links that it finds."""
    agreeing: list[Group] = []
    for group in groups:
        if group.is_flat:
            continue
        records = [r for one in group.records if (r := _record_by_link(one.box, one.box, survey, given))]
        if len(records) >= max(2, MOST * len(group.records)):
            group.records = _first_of_each(records)
            agreeing.append(weighed(group, survey))
    return sorted(agreeing, key=lambda group: -group.score)


def _group_around(survey: Survey, given: Layout) -> Group:
    """The links that the selector finds on the page, each in the largest box that has no other of them."""
    links = [a for a in select_first(survey.root, given.link) if a in survey.links]
    if not links:
        raise _unmatched(survey, "link", given.link)
    ours = set(links)
    records = []
    for link in links:
        box = link
        for around in link.iterancestors():
            if around.tag in ("body", "html") or len(ours & set(around.iter("a"))) > 1:
                break
            box = around
        records.append(Record(box, survey.links[link], [link]))
    return weighed(Group(_first_of_each(records)), survey)


def _record_by_link(box: HtmlElement, scope: HtmlElement, survey: Survey, given: Layout) -> Record | None:
    link = next((a for a in select_first(scope, given.link) if a in survey.links), None)
    if link is None:
        return None
    url = survey.links[link]
    same = [a for a in box.iter("a") if survey.links.get(a) == url]
    return Record(box, url, [link, *(a for a in same if a is not link)])


def _first_of_each(records: Sequence[Record]) -> list[Record]:
    by_key: dict[str, Record] = {}
    for record in records:
        by_key.setdefault(address.key(record.url), record)
    return list(by_key.values())


def _take_pieces(group: Group, survey: Survey, given: Layout) -> None:
    """Take the titles and the dates of the items from where a person says that they are."""
    for record, own in zip(group.records, elements_of_items(group, survey), strict=True):
        elements = set(own)
        title = _first_in(given.item_title, record.box, elements)
        if title is not None and text_of(title):
            record.title, record.title_element = words_of(title), title
        date = _first_in(given.item_date, record.box, elements)
        shown = next(iter(date_candidates([date])), None) if date is not None else None
        if date is not None and shown:
            record.date, record.date_element = date_formats.date_in(shown, survey.zone, survey.languages), date


def _first_in(selectors: Sequence[str], box: HtmlElement, elements: set[HtmlElement]) -> HtmlElement | None:
    parent = box.getparent()
    for selector in selectors:
        found = next((e for e in select(parent if parent is not None else box, selector) if e in elements), None)
        if found is not None:
            return found
    return None


def _unmatched(survey: Survey, key: str, selectors: Sequence[str]) -> ScrapeError:
    return ScrapeError(survey.base, f"{key} = {list(selectors)!r} of [source.layout] matches nothing")
