"""A listing and its articles, all pieces found → the layout, and what speaks for each of its keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from feedpub.collecting.learn import pager
from feedpub.collecting.learn.beside import find_beside, whole_texts
from feedpub.collecting.learn.body import find_article_box, find_body
from feedpub.collecting.learn.boxes import correct_titles, listing_layout
from feedpub.collecting.learn.categories import find_categories, find_row_categories
from feedpub.collecting.learn.comparison import Comparison
from feedpub.collecting.learn.date import DateFinding
from feedpub.collecting.learn.date_order import Clock, Proof, prove
from feedpub.collecting.learn.extra import news_beside
from feedpub.collecting.learn.frame import dropped, end_lines, fixed_lines, teasers
from feedpub.collecting.learn.given import confine, given_body, given_box
from feedpub.collecting.learn.groups import group_alike
from feedpub.collecting.learn.instants import clock_of_pages, with_instants
from feedpub.collecting.learn.media import find_files, find_pictures, find_posters, repeated_pictures
from feedpub.collecting.learn.records import Group
from feedpub.collecting.learn.samples import Finding
from feedpub.collecting.learn.scoring import group_evidence
from feedpub.collecting.learn.survey import Survey
from feedpub.collecting.learn.title import TitleFinding
from feedpub.errors import ScrapeError
from feedpub.html.design import design_of
from feedpub.layout import Layout, Learnt

MOST_SET_ASIDE = 2  # places of dates; the evidence names no more


@dataclass(frozen=True, slots=True)
class Front:
    """The listing as it was seen."""

    url: str
    surveys: list[Survey]  # the first page and, where it could be had, the older one
    ways: Sequence[HtmlElement]  # links of the first page that may lead to the older one, the likeliest first
    given: Layout = field(default_factory=Layout)  # what a person has set

    @property
    def survey(self) -> Survey:
        return self.surveys[0]

    @property
    def leads_to_archive(self) -> bool:
        return bool(self.ways) and pager.is_archive(self.ways[0])


@dataclass(frozen=True, slots=True)
class Articles:
    """The articles that were looked at, with their titles and dates."""

    comparison: Comparison
    title: TitleFinding
    date: DateFinding


@dataclass(frozen=True, slots=True)
class Pieces:
    """Where an article has its pieces, and what of its box is left out."""

    title: Finding
    date: Finding
    body: Finding
    box: Finding
    categories: Finding
    pictures: Finding
    files: Finding
    drop: Finding
    beside: Finding
    teasers: Finding
    fixed: tuple[str, ...]
    ends: tuple[str, ...]


def drafted(front: Front, group: Group, articles: Articles, language: str) -> Learnt:
    """Return the layout that finds the group's items and the articles' pieces.

    ``date_formats`` that a person has configured need no proof.

    Raises ScrapeError where the articles' text cannot be found, or the site's
    dates contradict each other.
    """
    samples = articles.comparison.samples
    pieces = _pieces(articles, front.given)
    correct_titles(group, front.survey, samples)
    beside = news_beside(group, front.surveys, samples) if not front.leads_to_archive else ()
    listing = listing_layout(group, front.survey, beside)
    next_page = _next_page(front)
    formats = front.given.date_formats
    proof = Proof(formats, ("as configured",)) if formats else _proof(front, group, articles, language)
    if proof.contradiction:
        raise ScrapeError(front.url, f"it is not clear whether the day or the month comes first: {proof.contradiction}")
    _require_text(front, pieces)
    if not pieces.categories.selectors:
        listing = replace(listing, item_categories=find_row_categories(group, front.survey, articles.comparison))
    fixed_words = {"title_fixed": articles.title.fixed, "date_formats": proof.formats}
    layout = _with_pieces(replace(listing, next_page=next_page, **fixed_words), pieces)
    fill = {"title": pieces.title.share, "date": pieces.date.share, "body": pieces.body.share}
    evidence = _evidence_of(layout, group, pieces, articles.date.set_aside, proof)
    designs = {design_of(s.body) for s in samples} - {""}
    reasons = {key: why for key, why in evidence.items() if why}
    return Learnt(layout, reasons, fill, len(samples), tuple(sorted(designs)))


def _pieces(articles: Articles, given: Layout) -> Pieces:
    comparison = articles.comparison
    if given.article:
        confine(comparison.samples, given.article)
    body = _body(comparison, given)
    box = _box(comparison, given) if body.selectors else Finding()
    categories = find_categories(comparison, box.selectors)
    drop = _left_out(comparison, box) if body.selectors else Finding()
    beside = Finding()  # where a person has set the text, nothing is added to it
    if not (given.body or given.article):
        beside = find_beside(comparison, box.selectors, drop.selectors, categories.selectors)
    texts: Sequence[Sequence[HtmlElement]] = [s.body for s in comparison.samples]
    if beside.selectors:
        texts = whole_texts(comparison, box.selectors, (*drop.selectors, *beside.selectors), categories.selectors)
    return Pieces(
        title=articles.title.finding,
        date=articles.date.finding,
        body=body,
        box=box,
        categories=categories,
        pictures=find_pictures(comparison, box.selectors),
        files=find_files(comparison, box.selectors),
        drop=drop,
        beside=beside,
        teasers=teasers(comparison),
        fixed=fixed_lines(texts),
        ends=end_lines(texts),
    )


def _body(comparison: Comparison, given: Layout) -> Finding:
    """Find the text, or else the pictures in its place."""
    if given.body:
        return given_body(comparison.samples, given)
    body = find_body(comparison)
    return body if body.selectors else find_posters(comparison) or body


def _left_out(comparison: Comparison, box: Finding) -> Finding:
    """Find what is no part of the articles: by its place, by its name, or since nearly all texts show it."""
    parts, pictures = dropped(comparison, box.selectors), repeated_pictures(comparison, box.selectors)
    why = "; ".join([*(f"{name}: {reason}" for name, reason in pictures.items()), parts.why])
    return replace(parts, selectors=(*pictures, *parts.selectors), why=why.removesuffix("; "))


def _box(comparison: Comparison, given: Layout) -> Finding:
    return given_box(comparison.samples, given.article) if given.article else find_article_box(comparison)


def _require_text(front: Front, pieces: Pieces) -> None:
    missing = {"title": pieces.title, "date": pieces.date, "body": pieces.body, "article": pieces.box}
    needed = {"title", "body"} | {key for key in missing if getattr(front.given, key)}
    whys = [f"{key}: {finding.why}" for key, finding in missing.items() if key in needed and not finding.selectors]
    if whys:
        raise ScrapeError(front.url, f"no layout could be learnt: {'; '.join(whys)}")


def _next_page(front: Front) -> tuple[str, ...]:
    onward = pager.targets(front.ways[:1], front.survey.base)
    return pager.selector([(s.root, s.base) for s in front.surveys], onward[0]) if onward else ()


def _with_pieces(listing: Layout, pieces: Pieces) -> Layout:
    return replace(
        listing,
        article=pieces.box.selectors,
        title=pieces.title.selectors,
        date=pieces.date.selectors,
        body=pieces.body.selectors,
        images=pieces.pictures.selectors,
        files=pieces.files.selectors,
        categories=pieces.categories.selectors,
        drop=pieces.drop.selectors,
        beside=pieces.beside.selectors,
        teasers=pieces.teasers.selectors,
        fixed=pieces.fixed,
        ends=pieces.ends,
    )


def _evidence_of(
    layout: Layout, group: Group, pieces: Pieces, set_aside: Sequence[str], proof: Proof
) -> dict[str, str]:
    return {
        "item": group_evidence(group),
        "next_page": "it leads to pages that differ" if layout.next_page else "there is no link to an older page",
        "title": pieces.title.why,
        "date": "; ".join([pieces.date.why, *set_aside[:MOST_SET_ASIDE]]),
        "body": pieces.body.why,
        "article": pieces.box.why,
        "images": pieces.pictures.why,
        "categories": pieces.categories.why,
        "drop": pieces.drop.why,
        "beside": pieces.beside.why,
        "teasers": pieces.teasers.why,
        "fixed": "all pages have these lines" if layout.fixed else "",
        "ends": "what comes after it is on several pages" if layout.ends else "",
        "date_formats": "; ".join(proof.reasons),
    }


def _proof(front: Front, group: Group, articles: Articles, language: str) -> Proof:
    """Which order of day and month the dates of the listing, of the articles and of the older page prove."""
    comparison = articles.comparison
    series = [[r.date for r in group.records if r.date], [date for date in articles.date.shown if date]]
    for other in front.surveys[1:]:
        older = group_alike(group, front.survey, other)
        series.append([r.date for r in older.records if r.date] if older else [])
    return prove(series, _clock(comparison), language, with_instants(comparison))


def _clock(comparison: Comparison) -> Clock:
    day = clock_of_pages(comparison)
    if day:
        source = f"the pages' own clock, {day.astimezone(comparison.zone):%Y-%m-%d}"
        return Clock(day, comparison.zone, source)
    return Clock(comparison.now, comparison.zone, f"the day on which it was read, {comparison.now:%Y-%m-%d}")
