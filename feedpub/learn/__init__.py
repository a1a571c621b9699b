"""Sample pages → Layout: finds by itself where news, titles, dates and texts stand, and keeps its evidence. Pure.

``explore`` is a conversation: it is begun with a listing's page, says which
page it wants to see next, is handed that page (or None where it could not be
had), and ends with what it learnt. Whoever leads it does the fetching.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from feedpub import address, text, tree
from feedpub.errors import ScrapeError
from feedpub.learn import extra, own_feed, pager, selectors, when
from feedpub.learn.article import Comparison, Found, Sample, sample
from feedpub.learn.listing import Group, Record, Survey, kind
from feedpub.model import Layout, Learnt, Page

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
    articles: Sequence[Page] = (),
) -> Exploration:
    """Finds a site's layout, beginning with a page of its listing.

    ``prefer`` are addresses of articles that are known already, which are
    asked for first; ``articles`` are pages of articles that are at hand.
    Raises ScrapeError that says what could not be found.
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
            page = next((p for p in articles if address.key(p.asked) == address.key(record.url)), None)
            if page is None:
                left -= 1
                page = yield record.url
            if page is None:
                continue
            try:
                made = sample(page, record.title, record.date)
            except ScrapeError:
                continue
            if sum(1 for _ in made.root.iter("*")) <= LONG:
                samples.append(made)
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
                record.date = when.shown(entry.date, zone)


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
    named = comparison.title()
    dated, _, _ = comparison.date()
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
        like = [g for g in other.groups() if survey_kind(g, other) == survey_kind(group, survey)]
        older = like[0].records[-2:] if like else []
    mixed = [*spread[: SAMPLES - len(older)], *older, *spread[SAMPLES - len(older) :]]
    return sorted(mixed, key=lambda r: address.key(r.url) not in known)


def survey_kind(group: Group, survey: Survey) -> str:
    return survey.paths[group.records[0].box]


# ------------------------------------------------------------ from samples to a layout


def _learnt(
    listing: Page, group: Group, survey: Survey, pages: Sequence[tuple[Page, Survey]], comparison: Comparison,
    ways: Sequence[HtmlElement], language: str,
) -> Learnt:  # fmt: skip
    samples, zone, now = comparison.samples, comparison.zone, comparison.now
    second = address.absolute(survey.base, ways[0].get("href") or "") if ways else None
    title = comparison.title()
    date, shown, aside = comparison.date()
    body = comparison.body()
    box = comparison.box() if body.selectors else Found()
    drop = comparison.drop(box.selectors) if body.selectors else ()
    categories = comparison.categories(box.selectors)
    pictures, files = comparison.pictures(box.selectors), comparison.files(box.selectors)
    _retitle(group, survey, samples)
    is_archive = bool(ways) and pager.is_archive(ways[0])
    item = _of_listing(group, survey, extra.beyond(group, survey, pages, samples) if not is_archive else ())
    next_page = pager.selector([(s.root, s.base) for _, s in pages], second) if second else ()
    proof = _proof(group, pages, shown, zone, now, language, samples)
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
    group: Group, pages: Sequence[tuple[Page, Survey]], shown: Sequence[when.Shown | None], zone: ZoneInfo,
    now: datetime, language: str, samples: Sequence[Sample],
) -> when.Proof:  # fmt: skip
    series = [[r.date for r in group.records if r.date], [s for s in shown if s]]
    for _, other in pages[1:]:
        like = next((g for g in other.groups() if survey_kind(g, other) == survey_kind(group, pages[0][1])), None)
        series.append([r.date for r in like.records if r.date] if like else [])
    return when.prove(series, zone, now, language, f"the day on which it was read, {now:%Y-%m-%d}")


def _of_listing(group: Group, survey: Survey, beside: Sequence[Record] = ()) -> Layout:
    """``beside`` are news that stand in other boxes than the group's: a leading one, say."""
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


def _retitle(group: Group, survey: Survey, samples: Sequence[Sample]) -> None:
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


def layout_of_listing(group: Group, survey: Survey, date_formats: tuple[str, ...]) -> Layout:
    """What one page tells of a listing, its pager included."""
    ways = pager.guesses(survey.root, survey.base)
    targets = [u for e in ways[:1] if (u := address.absolute(survey.base, e.get("href") or ""))]
    next_page = pager.selector([(survey.root, survey.base)], targets[0]) if targets else ()
    return replace(_of_listing(group, survey), next_page=next_page, date_formats=date_formats)


def _item(boxes: list[HtmlElement], survey: Survey) -> str:
    measure = selectors.exact([(survey.root, boxes)])
    seeds = [boxes[0], boxes[len(boxes) // 2], boxes[-1]]
    best = selectors.best([(b, survey.root) for b in seeds], measure)
    assert best is not None  # there is a box, so it has a tag at least
    if best[1] < 0.999:
        kinds = {
            k: [b for b in boxes if selectors_kind(b) == k] for k in dict.fromkeys(selectors_kind(b) for b in boxes)
        }
        parts = [
            p[0]
            for members in kinds.values()
            if (p := selectors.best([(members[0], survey.root)], selectors.exact([(survey.root, members)])))
        ]
        union = ", ".join(dict.fromkeys(parts))
        if measure(union) > best[1]:
            return union
    return best[0]


def selectors_kind(box: HtmlElement) -> str:
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
