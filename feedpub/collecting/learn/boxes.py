"""A group of boxes on a listing → the selectors that find them, their links, titles and dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.learn import extra, pager, selectors
from feedpub.collecting.learn.article import Sample
from feedpub.collecting.learn.listing import Group, Record, Survey, kind
from feedpub.html import tree
from feedpub.model import Layout


def layout(group: Group, survey: Survey, beside: Sequence[Record] = ()) -> Layout:
    """What finds the group's boxes and their pieces; ``beside`` are news in other boxes: a leading one, say."""
    item = _item([*(r.box for r in group.records), *group.again], survey)
    others = {kind(r.box): [o.box for o in beside if kind(o.box) == kind(r.box)] for r in beside}
    union = ", ".join(dict.fromkeys([item, *(_item(boxes, survey) for boxes in others.values())]))
    dates = _part(group, survey, [r.date_element for r in group.records], "date")
    layout = Layout(
        item=(union,),
        link=tuple(dict.fromkeys((_link(group, survey), *(["a[href]"] if beside else [])))),
        item_title=_part(group, survey, [r.title_element for r in group.records], "title"),
        item_date=dates,
        day=_days(group, survey),
    )
    return extra.narrowed(layout, group, survey, beside)


def lone_layout(group: Group, survey: Survey, date_formats: tuple[str, ...]) -> Layout:
    """What one page tells of a listing, its pager included."""
    ways = pager.guesses(survey.root, survey.base)
    targets = [u for e in ways[:1] if (u := address.absolute(survey.base, e.get("href") or ""))]
    next_page = pager.selector([(survey.root, survey.base)], targets[0]) if targets else ()
    return replace(layout(group, survey), next_page=next_page, date_formats=date_formats)


def _item(boxes: list[HtmlElement], survey: Survey) -> str:
    measure = selectors.exact([(survey.root, boxes)])
    seeds = [boxes[0], boxes[len(boxes) // 2], boxes[-1]]
    best = selectors.best([(b, survey.root) for b in seeds], measure)
    assert best is not None  # there is a box, so it has a tag at least
    if best[1] < 0.999:
        kinds = {k: [b for b in boxes if _names(b) == k] for k in dict.fromkeys(_names(b) for b in boxes)}
        parts = [
            p[0]
            for members in kinds.values()
            if (p := selectors.best([(members[0], survey.root)], selectors.exact([(survey.root, members)])))
        ]
        union = ", ".join(dict.fromkeys(parts))
        if measure(union) > best[1]:
            return union
    return best[0]


def _names(box: HtmlElement) -> str:
    return f"{tree.tag(box)}.{box.get('class') or ''}"


def _link(group: Group, survey: Survey) -> str:
    """The link in a box that leads to the article: in most boxes the first; else by its class or its heading."""
    targets = []
    for n, record in enumerate(group.records):
        scope = survey.elements(group, n)
        targets.append((record, scope))

    def measure(selector: str) -> float:
        good = 0
        for record, elements in targets:
            inside = set(elements)
            first = next((e for e in tree.select(_scope(group, record), selector) if e in inside), None)
            good += first is not None and first in record.anchors
        return good / len(targets)

    plain = "a[href]"
    if measure(plain) >= 0.999:
        return plain
    options = ["h1 a[href]", "h2 a[href]", "h3 a[href]", "h4 a[href]", "h5 a[href]"]
    found = next((o for o in options if measure(o) >= 0.999), None)
    if found:
        return found
    best = selectors.best([(a, survey.root) for r in group.records[:3] for a in r.anchors], measure)
    return best[0] if best and best[1] > measure(plain) else plain


def _scope(group: Group, record: Record) -> HtmlElement:
    parent = record.box.getparent()
    return parent if group.is_flat and parent is not None else record.box


def _part(group: Group, survey: Survey, elements: Sequence[HtmlElement | None], key: str) -> tuple[str, ...]:
    """The selector for a piece of each box; () where it is the link's own words, or nothing."""
    if not any(e is not None for e in elements):
        return ()
    if key == "title" and all(_is_link_text(r) for r in group.records):
        return ()
    targets = [
        (r, set(survey.elements(group, n)), e) for n, (r, e) in enumerate(zip(group.records, elements, strict=True))
    ]

    def measure(selector: str) -> float:
        good = 0.0
        for record, inside, wanted in targets:
            first = next((e for e in tree.select(_scope(group, record), selector) if e in inside), None)
            same = first is wanted or (
                first is not None
                and wanted is not None
                and text.line(tree.text(first)) == text.line(tree.text(wanted))
                and bool(tree.text(first))
            )
            good += same if wanted is not None else 0.5 * (first is None)
        return good / len(targets)

    best = selectors.best([(e, survey.root) for e in elements if e is not None], measure)
    return (best[0],) if best and best[1] >= 0.5 else ()


def _is_link_text(record: Record) -> bool:
    """Whether the first words of a box's links are the title."""
    return next((w for a in record.anchors if (w := text.line(tree.text(a)))), None) == record.title


def _days(group: Group, survey: Survey) -> tuple[str, ...]:
    if not group.day_elements:
        return ()
    measure = selectors.exact([(survey.root, group.day_elements)])
    best = selectors.best([(e, survey.root) for e in group.day_elements[:2]], measure)
    return (best[0],) if best else ()


def retitle(group: Group, survey: Survey, samples: Sequence[Sample]) -> None:
    """Where the listing's titles were taken from the wrong place, the articles' own ones tell the right one."""
    own = {address.key(s.page.asked): text.skeleton(s.title) for s in samples if s.title_element is not None}
    known = [(n, r, own[k]) for n, r in enumerate(group.records) if (k := address.key(r.url)) in own]
    if not known or sum(text.skeleton(r.title) == t for _, r, t in known) >= 0.7 * len(known):
        return
    places: Counter[str] = Counter()
    for n, _record, title in known:
        for element in survey.elements(group, n):
            words = text.skeleton(tree.text(element).rstrip("…. "))
            if len(words) > 8 and title.startswith(words):
                places[kind(element)] += 1
                break
    if not places:
        return
    place = places.most_common(1)[0][0]
    for n, record in enumerate(group.records):
        found = next((e for e in survey.elements(group, n) if kind(e) == place and tree.text(e)), None)
        if found is not None:
            record.title, record.title_element = text.line(tree.text(found)), found
