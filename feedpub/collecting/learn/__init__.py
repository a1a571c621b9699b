"""Sample pages → Layout: finds by itself where news, titles, dates and texts stand, and keeps its evidence. Pure.

``explore`` is a conversation: it is begun with a listing's page, says which
page it wants to see next, is handed that page (or None where it could not be
had), and ends with what it learnt. Whoever leads it does the fetching.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn import boxes, date_formats, extra, own_feed, pager
from feedpub.collecting.learn.article import Comparison, Found, Sample, sample
from feedpub.collecting.learn.listing import Group, Record, Survey
from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.html import tree
from feedpub.model import Learnt

REQUESTS = 10  # pages that are asked for at most beyond the listing; robots.txt comes on top
SAMPLES = 8  # articles
LONG = 5_000  # elements; an article of more teaches nothing that others do not, and takes a hundred times as long
TRIED = 3  # of the groups of boxes that may be the news

Exploration = Generator[str, Page | None, Learnt]


def explore(
    listing: Page,
    zone: ZoneInfo,
    now: datetime,
    language: str,
    *,
    prefer: Sequence[str] = (),
) -> Exploration:
    """Finds a site's layout, beginning with a page of its listing.

    ``prefer`` are addresses of articles that are known already, which are
    asked for first. Raises ScrapeError that says what could not be found.
    """
    survey = _survey(listing, zone, now)
    groups = [g for g in survey.groups() if len(g.records) > 1][:8]
    if not groups:
        raise ScrapeError(listing.url, "no layout could be learnt: nothing on the page repeats as news on a listing do")
    left = REQUESTS
    pages = [(listing, survey)]
    ways = pager.guesses(survey.root, survey.base)
    targets = list(dict.fromkeys(u for e in ways if (u := address.absolute(survey.base, e.get("href") or ""))))
    second = targets[0] if targets else None
    if second:
        left -= 1
        page = yield second
        if page and (other := _survey_or_none(page, zone, now)):
            pages.append((page, other))
            if not pager.is_archive(ways[0]):
                _hold_against(groups, survey, other)
    if feed := own_feed.advertised(survey.root, survey.base):
        left -= 1
        page = yield feed
        if page:
            _believe(groups, own_feed.entries(page), zone)
    groups.sort(key=lambda g: -g.score)
    samples: list[Sample] = []
    reasons: list[str] = []
    for group in groups[:TRIED]:
        samples = []
        for record in _chosen(group, prefer, pages, survey):
            if len(samples) >= SAMPLES or left <= 0:
                break
            left -= 1
            page = yield record.url
            if page is None:
                continue
            try:
                samples.append(sample(page, record.title, record.date, LONG))
            except ScrapeError:
                continue
            if len(samples) == 2 and (why := _is_frame(group, survey, samples)):
                reasons.append(why)
                samples = []
                break
        if samples:
            comparison = Comparison(samples, zone, now)
            if why := _is_no_news(group, comparison):
                reasons.append(why)
            else:
                return _learnt(listing, group, survey, pages, comparison, ways, language)
        if left <= 0:
            break
    raise ScrapeError(listing.url, "no layout could be learnt: " + ("; ".join(reasons) or "no article could be read"))


def _believe(groups: list[Group], known: Mapping[str, own_feed.Entry], zone: ZoneInfo) -> None:
    """What the site's own feed names is news; it tells the titles and dates that the listing leaves out."""
    for group in groups:
        share = sum(address.key(u) in known for u in group.urls) / len(group.urls)
        group.reasons["in the site's own feed"] = 3.0 * share
        for record in group.records:
            entry = known.get(address.key(record.url))
            if entry and entry.title and (not record.title or record.title.endswith(("…", "..."))):
                record.title = entry.title
            if entry and record.date is None:
                record.date = date_formats.shown(entry.date, zone)


def _survey(page: Page, zone: ZoneInfo, now: datetime) -> Survey:
    root = tree.document(page)
    return Survey(root, tree.base(root, page), zone, now)


def _survey_or_none(page: Page, zone: ZoneInfo, now: datetime) -> Survey | None:
    try:
        return _survey(page, zone, now)
    except ScrapeError:
        return None


def _standing(group: Group, survey: Survey, other: Survey) -> float:
    """The share of a group's links that stand on another page too, in the same kind of place."""
    there = {(other.paths[a], address.key(u)) for a, u in other.url.items()}
    return sum(any((survey.paths[a], address.key(r.url)) in there for a in r.anchors) for r in group.records) / len(
        group.records
    )


def _hold_against(groups: list[Group], survey: Survey, other: Survey) -> None:
    """What stands on the older page as well is no list of news: those have moved on."""
    for group in groups:
        share = _standing(group, survey, other)
        group.reasons["on the older page too"] = -6.0 * share if share > 0.3 else 0.0


def _is_frame(group: Group, survey: Survey, samples: list[Sample]) -> str | None:
    """Whether a list stands on the articles' pages as well, as a sidebar does."""
    others = [Survey(s.root, s.page.url, survey.zone, survey.now) for s in samples]
    if len(group.urls) > 2 and min(_standing(group, survey, o) for o in others) > 0.6:
        return f"the list that begins with {group.records[0].title[:40]!r} stands on every page"
    return None


def _is_no_news(group: Group, comparison: Comparison) -> str | None:
    """Whether the pages behind a list are no articles: nothing on them says what the list calls them, and no date."""
    named = comparison.title
    dated, _, _ = comparison.date
    behind = f"the pages behind {group.records[0].title[:40]!r} and the like"
    if named.share < 0.5:
        return f"{behind} have no titles that can be told: {named.why}"
    if dated.share < 0.5 and not any(r.date for r in group.records):
        words = sorted(len(r.title.split()) for r in group.records)
        if words[len(words) // 2] < 4 or group.reasons.get("a frame's name", 0) < -1:
            return f"{behind} have no dates"
    return None


def _chosen(group: Group, prefer: Sequence[str], pages: Sequence[tuple[Page, Survey]], survey: Survey) -> list[Record]:
    """The records to look at: known ones first, then those spread over the listing; some of the older page."""
    known = {address.key(u) for u in prefer}
    records = list(group.records)
    step = max(1, len(records) // SAMPLES)
    spread = records[::step] + [r for n, r in enumerate(records) if n % step]
    older: list[Record] = []
    for _, other in pages[1:]:
        like = [g for g in other.groups() if _place(g, other) == _place(group, survey)]
        older = like[0].records[-2:] if like else []
    mixed = [*spread[: SAMPLES - len(older)], *older, *spread[SAMPLES - len(older) :]]
    return sorted(mixed, key=lambda r: address.key(r.url) not in known)


def _place(group: Group, survey: Survey) -> str:
    """The kind of place in which a group's boxes stand."""
    return survey.paths[group.records[0].box]


# ------------------------------------------------------------ from samples to a layout


def _learnt(
    listing: Page, group: Group, survey: Survey, pages: Sequence[tuple[Page, Survey]], comparison: Comparison,
    ways: Sequence[HtmlElement], language: str,
) -> Learnt:  # fmt: skip
    samples = comparison.samples
    second = address.absolute(survey.base, ways[0].get("href") or "") if ways else None
    title = comparison.title
    date, shown, aside = comparison.date
    body = comparison.body()
    box = comparison.box() if body.selectors else Found()
    drop = comparison.drop(box.selectors) if body.selectors else ()
    categories = comparison.categories(box.selectors)
    pictures, files = comparison.pictures(box.selectors), comparison.files(box.selectors)
    boxes.retitle(group, survey, samples)
    is_archive = bool(ways) and pager.is_archive(ways[0])
    item = boxes.layout(group, survey, extra.beyond(group, survey, pages, samples) if not is_archive else ())
    next_page = pager.selector([(s.root, s.base) for _, s in pages], second) if second else ()
    proof = _proof(group, pages, shown, comparison, language)
    if proof.contradiction:
        raise ScrapeError(listing.url, f"the order of day and month cannot be told: {proof.contradiction}")
    layout = replace(
        item,
        next_page=next_page, article=box.selectors, title=title.selectors, date=date.selectors, body=body.selectors,
        images=pictures.selectors, files=files.selectors, categories=categories.selectors, drop=drop,
        fixed=comparison.fixed(), date_formats=proof.formats,
    )  # fmt: skip
    reasons = ", ".join(f"{k} {v:+.1f}" for k, v in group.reasons.items() if v)
    evidence = {
        "item": f"{len(group.records)} boxes of one kind; {reasons}",
        "next_page": "it leads to pages that differ" if next_page else "there is no link to an older page",
        "title": title.why, "date": "; ".join([date.why, *aside[:2]]), "body": body.why, "article": box.why,
        "images": pictures.why, "categories": categories.why,
        "fixed": "these stand on most pages" if layout.fixed else "",
        "date_formats": "; ".join(proof.reasons),
    }  # fmt: skip
    missing = [k for k, f in (("title", title), ("body", body)) if not f.selectors]
    if missing:
        found = {"title": title, "body": body}
        raise ScrapeError(
            listing.url, "no layout could be learnt: " + "; ".join(f"{k}: {found[k].why}" for k in missing)
        )
    return Learnt(
        layout,
        {k: v for k, v in evidence.items() if v},
        {"title": title.share, "date": date.share, "body": body.share},
        len(samples),
    )


def _proof(
    group: Group, pages: Sequence[tuple[Page, Survey]], shown: Sequence[date_formats.Shown | None],
    comparison: Comparison, language: str,
) -> date_formats.Proof:  # fmt: skip
    series = [[r.date for r in group.records if r.date], [s for s in shown if s]]
    for _, other in pages[1:]:
        like = next((g for g in other.groups() if _place(g, other) == _place(group, pages[0][1])), None)
        series.append([r.date for r in like.records if r.date] if like else [])
    clock = comparison.clock()
    told = f"the pages' own clock, {clock.astimezone(comparison.zone):%Y-%m-%d}" if clock else ""
    told = told or f"the day on which it was read, {comparison.now:%Y-%m-%d}"
    return date_formats.prove(series, comparison.zone, clock or comparison.now, language, told, comparison.exact())
