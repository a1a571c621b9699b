"""What a person has set in [source.layout]: it is taken as it is, and the rest is learnt by it."""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement

from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.date import DateFinding
from feedpub.collecting.learn.date_formats import Shown, date_in
from feedpub.collecting.learn.samples import Finding, Sample
from feedpub.html import tree
from feedpub.html.candidates import date_candidates
from feedpub.html.lines import lines_of
from feedpub.html.select import outermost, select, select_first
from feedpub.layout import Layout

SET = "it is set in [source.layout]"


def without_given_parts(s: Sample, given: Layout) -> Sample:
    """Return the sample without what a person has it leave out, and without the names that are read elsewhere."""
    unwanted = [e for selector in (*given.drop, *given.author) for e in select(s.scope, selector)]
    parts = [e for e in unwanted if e is not s.scope and e not in s.scope.iterancestors()]
    if parts:
        tree.drop_elements(s.root, parts)
        s.lines = lines_of(s.scope)
    return s


def confine(samples: Sequence[Sample], article: Sequence[str]) -> None:
    """From now on, look for text within the article's box alone."""
    for s in samples:
        boxes = select_first(s.root, article)
        if boxes:
            s.box = boxes[0]
            s.lines = lines_of(s.box)


def given_date(comparison: Comparison, selectors: Sequence[str]) -> DateFinding:
    """Return the date that a person's selectors find, and set its element on each sample."""
    shown = [_date_at(s, selectors, comparison) for s in comparison.samples]
    share = sum(s.date_element is not None for s in comparison.samples) / len(shown)
    return DateFinding(_set_finding("date", selectors, share), shown, ())


def _date_at(s: Sample, selectors: Sequence[str], comparison: Comparison) -> Shown | None:
    s.date_element = next(iter(select_first(s.root, selectors)), None)
    strings = date_candidates([s.date_element]) if s.date_element is not None else ()
    dates = (date_in(string, comparison.zone, comparison.languages) for string in strings)
    return next(filter(None, dates), None)


def given_body(samples: Sequence[Sample], given: Layout) -> Finding:
    """Return the body that a person's selectors find, and set it on each sample."""
    for s in samples:
        s.body = outermost(select_first(s.box_of_article(given.article), given.body))
    share = sum(bool(s.body) for s in samples) / len(samples)
    return _set_finding("body", given.body, share)


def given_box(samples: Sequence[Sample], selectors: Sequence[str]) -> Finding:
    """Return the article's box that a person's selectors find."""
    boxes: list[HtmlElement] = [s.root for s in samples if select_first(s.root, selectors)]
    return _set_finding("article", selectors, len(boxes) / len(samples))


def _set_finding(key: str, selectors: Sequence[str], share: float) -> Finding:
    if not share:
        return Finding(why=f"{key} = {list(selectors)!r} in [source.layout] matches on none of the articles")
    return Finding(tuple(selectors), share, SET)
