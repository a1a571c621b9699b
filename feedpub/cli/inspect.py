"""inspect: show what feedpub reads on one page, and why."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from feedpub import address, text
from feedpub.cli import FINE
from feedpub.cli.pages import configured, named_page
from feedpub.cli.session import to_look
from feedpub.cli.speech import Speech, show, show_json
from feedpub.collecting import explaining, normalize, scrape
from feedpub.collecting.dedupe.likeness import Likeness
from feedpub.collecting.explaining import Explanation
from feedpub.collecting.learn import absence, single
from feedpub.config import Config
from feedpub.content import Article, Link, Listing, Page, Stored
from feedpub.council import Council, own_hosts
from feedpub.errors import ScrapeError
from feedpub.html import dates
from feedpub.layout import Layout
from feedpub.model import Source, Verdict

ZONE = ZoneInfo("Europe/Kyiv")  # for a page of no configured source


@dataclass(frozen=True, slots=True)
class Inspection:
    """One page read as a listing and as an article. Each is a value, or the reason why there is none."""

    page: Page
    zone: ZoneInfo
    listing: Listing | str
    article: Article | str
    layout: Layout
    layout_origin: str  # configured, learnt, unknown
    matches: Mapping[str, str | None]  # key of the layout -> the selector that matches
    evidence: Mapping[str, str]  # key of the layout -> why this selector
    source_id: str | None = None  # None: the page is of no configured source
    doubt: str = ""  # why the listing may be no list of news
    explanation: Explanation | None = None  # None: there is no article, or no state to compare it with


def command(args: argparse.Namespace, speech: Speech) -> int:
    settings = configured(args.config)
    page = named_page(args.page, args.url, settings)
    inspection = _inspected(page, settings, datetime.now(UTC))
    if args.json:
        show_json(json.dumps(_inspection_as_json(inspection), ensure_ascii=False, indent=1))
    else:
        show(_inspection_as_text(inspection))
    return FINE  # also for a page without news: the reasons are the answer


def _inspected(page: Page, settings: Config | None, now: datetime) -> Inspection:
    source = _source_of(page.url, settings)
    if settings is None or source is None:
        return _by_itself(page, ZONE, None, now)
    with to_look(settings) as store:
        council = Council(source, store.of(source.id))
        if council.layout.item or council.layout.body:
            inspection = _by_layout(page, council, now)
        else:
            inspection = _by_itself(page, council.zone, source.id, now)
        if store.db.is_there and isinstance(inspection.article, Article):
            inspection = replace(inspection, explanation=explaining.explain(council, inspection.article, now))
        return inspection


def _source_of(url: str, settings: Config | None) -> Source | None:
    """Return the source with the host of this page."""
    sources = settings.sources if settings else ()
    site = address.site(url)
    return next((s for s in sources if site in own_hosts(s)), None)


def _by_layout(page: Page, council: Council, now: datetime) -> Inspection:
    """Read a page by the layout of its source, configured or learnt."""
    layout, zone = council.layout, council.zone
    learnt = None if council.is_layout_configured else council.facts.learnt
    article = _article_or_reason(page, council, now)
    return Inspection(
        page, zone, _listing_or_reason(page, council), article, layout,
        layout_origin="learnt" if learnt else "configured",
        matches=scrape.evidence(page, layout),
        evidence=learnt.evidence if learnt else {},
        source_id=council.id,
    )  # fmt: skip


def _listing_or_reason(page: Page, council: Council) -> Listing | str:
    try:
        return scrape.read_listing(page, council.layout, hosts=council.own_hosts)
    except ScrapeError as error:
        return error.reason


def _article_or_reason(page: Page, council: Council, now: datetime) -> Article | str:
    visit = council.state.visits.get(page.asked)
    known = scrape.Known(listed_title=visit.title if visit else "", is_drop_set=bool(council.given.drop))
    try:
        scraped = scrape.read_article(page, council.layout, known)
        return normalize.make_article(scraped, council.zone, council.layout.date_formats, now)
    except ScrapeError as error:
        return error.reason


def _by_itself(page: Page, zone: ZoneInfo, source_id: str | None, now: datetime) -> Inspection:
    """Read a page of a site without a layout, from the page alone."""
    layout = Layout()
    evidence: Mapping[str, str] = {}
    listing: Listing | str = absence.NO_REPETITION
    doubt = ""
    article: Article | str = "the page has no text of its own, or is a listing"
    try:
        scrape.require_news(page)
        reading = single.read(page, zone, now)
        listing, doubt = reading.doubt, reading.doubt
        likeliest = reading.listing or reading.doubted
        if likeliest:
            layout, listing = likeliest, scrape.read_listing(page, likeliest)
            evidence = reading.evidence
        if reading.article:
            scraped, formats = reading.article
            article = normalize.make_article(scraped, zone, formats, now)
    except ScrapeError as error:
        article = error.reason
        listing = error.reason if isinstance(listing, str) else listing
    return Inspection(
        page, zone, listing, article, layout,
        layout_origin="unknown", matches=scrape.evidence(page, layout), evidence=evidence, source_id=source_id,
        doubt=doubt if isinstance(listing, Listing) else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    url: str
    title: str
    date: str | None  # ISO 8601; None: the listing shows none that can be read


def _listing_lines(inspection: Inspection, listing: Listing) -> Iterator[_Line]:
    """Yield the listing's articles as people see them."""
    now = datetime.now(UTC)
    for link in listing.links:
        date = _shown_date(link, inspection, now)
        yield _Line(link.url, text.line(link.title), date)


def _shown_date(link: Link, inspection: Inspection, now: datetime) -> str | None:
    if not link.date:
        return None
    date = dates.first([link.date], inspection.zone, inspection.layout.date_formats, now)
    return date.astimezone(inspection.zone).isoformat() if date else None


# ------------------------------------------------------------ as JSON


def _inspection_as_json(inspection: Inspection) -> dict[str, object]:
    row: dict[str, object] = {"listing": None, "article": None, "identity": None}
    reasons: dict[str, str] = {}
    if isinstance(inspection.listing, str):
        reasons["listing"] = inspection.listing
    else:
        row["listing"] = _listing_as_json(inspection, inspection.listing)
    if isinstance(inspection.article, str):
        reasons["article"] = inspection.article
    else:
        row["article"] = _article_as_json(inspection.article, inspection.zone)
    if inspection.explanation:
        row["identity"] = _explanation_as_json(inspection.explanation)
    row["layout"] = {
        "known": inspection.layout_origin,
        "matches": dict(inspection.matches),
        "evidence": dict(inspection.evidence),
    }
    row["reasons"] = reasons
    return row


def _listing_as_json(inspection: Inspection, listing: Listing) -> dict[str, object]:
    items = [asdict(line) for line in _listing_lines(inspection, listing)]
    rows = [{"title": row.title, "date": row.date, "target": row.target} for row in listing.rows]
    return {
        "items": items,
        "without_page": rows,
        "left_out": list(listing.unread),
        "next": listing.next_page,
        "doubt": inspection.doubt or None,
    }


def _article_as_json(article: Article, zone: ZoneInfo) -> dict[str, object]:
    return {
        "url": article.url,
        "title": article.title,
        "published": _published_at(article, zone),
        "body_html": article.body_html,
        "body_text": article.text,
        "hidden": list(article.hidden),
        "images": [p.url for p in article.pictures],
        "files": [f.url for f in article.files],
        "categories": list(article.categories),
        "author": article.author,
    }


def _published_at(article: Article, zone: ZoneInfo) -> str | None:
    return article.published.astimezone(zone).isoformat() if article.published else None


def _explanation_as_json(explanation: Explanation) -> dict[str, object]:
    return {
        "verdict": explanation.verdict.value,
        "id": explanation.item.id if explanation.item else None,
        "aliases": list(explanation.aliases),
        "compared": [_comparison_as_json(other, likeness) for other, likeness in explanation.compared],
    }


def _comparison_as_json(other: Stored, likeness: Likeness) -> dict[str, object]:
    return {"id": other.id, "title": other.article.title, "same": likeness.same, "why": likeness.why}


# ------------------------------------------------------------ as text

IDENTITY = {
    Verdict.NEW: "it is not known yet",
    Verdict.UNCHANGED: "it is known and has not changed",
    Verdict.CHANGED: "it is known and has changed",
    Verdict.DUPLICATE: "it is a repost",
    Verdict.WITHDRAWN: "it was withdrawn for good",
}


def _inspection_as_text(inspection: Inspection) -> list[str]:
    source = inspection.source_id
    lines = [
        inspection.page.url,
        f"  as {source}" if source else f"  it is of no configured source; times are of {ZONE.key}",
        "",
        *_listing_as_text(inspection),
        "",
        *_article_as_text(inspection),
    ]
    if inspection.explanation:
        lines += ["", *_explanation_as_text(inspection.explanation)]
    lines += ["", f"layout: {inspection.layout_origin}; the selector that matched, and why it is so:"]
    for key, selector in inspection.matches.items():
        lines.append(_selector_line(key, selector, inspection.evidence.get(key)))
    return lines


def _selector_line(key: str, selector: str | None, why: str | None) -> str:
    line = f"  {key:12} {selector or '-'}"
    return f"{line}   # {why}" if selector and why else line


def _listing_as_text(inspection: Inspection) -> Iterator[str]:
    listing = inspection.listing
    if isinstance(listing, str):
        yield f"no listing: {listing}"
        return
    yield f"listing: {len(listing.links)} articles"
    if inspection.doubt:
        yield f"  in doubt: {inspection.doubt}"
    for line in _listing_lines(inspection, listing):
        date = line.date or "no date"
        yield f"  {date:25}  {line.title}"
        yield f"{'':29}{line.url}"
    yield from _rows_as_text(listing)
    yield f"  older: {listing.next_page or 'no link to an older page'}"


def _rows_as_text(listing: Listing) -> Iterator[str]:
    if listing.rows:
        yield f"and {len(listing.rows)} without a page of their own, published with what the listing says:"
    for row in listing.rows:
        yield f"  {row.date or 'no date':25}  {row.title}"
        yield f"{'':29}{row.target or 'no link'}"
    if listing.unread:
        yield f"and {len(listing.unread)} left out, for they have no title, or no date and no link:"
    yield from (f"  {words}" for words in listing.unread)


def _article_as_text(inspection: Inspection) -> Iterator[str]:
    article = inspection.article
    if isinstance(article, str):
        yield f"no article: {article}"
        return
    published = _published_at(article, inspection.zone)
    yield f"article: {article.title}"
    yield f"  published   {published or f'unknown: {article.doubt}'}"
    yield f"  address     {article.url}"
    yield f"  categories  {', '.join(article.categories) or 'none'}"
    for picture in article.pictures:
        yield f"  picture     {picture.url}  {picture.alt}"
    for file in article.files:
        yield f"  file        {file.url}  {file.label}"
    yield from (f"  | {line}" for line in article.text.splitlines())
    for words in article.hidden:
        yield f"  left out, for the page hides it and nothing on it shows it: {words}"


def _explanation_as_text(explanation: Explanation) -> Iterator[str]:
    yield f"identity: {IDENTITY[explanation.verdict]}"
    if explanation.item:
        yield f"  {explanation.item.id}"
        yield f"  known at {' '.join(explanation.aliases)}"
    for other, likeness in explanation.compared:
        sameness = "the same as" if likeness.same else "not"
        yield f"  {sameness} {other.id}  {other.article.title}"
        yield f"      {likeness.why}"
