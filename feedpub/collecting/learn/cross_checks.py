"""What other pages of the site say of a list: the older page, the site's own feed, and the articles behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn import date_formats
from feedpub.collecting.learn.date import DateFinding
from feedpub.collecting.learn.elements import word_count
from feedpub.collecting.learn.own_feed import Entry
from feedpub.collecting.learn.records import Group, Record
from feedpub.collecting.learn.samples import Finding, Sample
from feedpub.collecting.learn.scoring import PAGE_SIGNS, Elsewhere, described_list
from feedpub.collecting.learn.signs import weigh
from feedpub.collecting.learn.survey import Survey, link_places, standing_share, take_survey
from feedpub.html.candidates import date_candidates
from feedpub.html.lines import text_of
from feedpub.html.select import is_inside, select, select_first
from feedpub.html.titles import is_in_head
from feedpub.layout import Layout

ON_EVERY_PAGE = 0.6  # of a list's items; a list with more on an article's page is a sidebar
TEXT = 150  # characters of a page beside its list; fewer are a greeting or a note
HALF = 0.5  # of the articles, a piece on fewer is none; of a list's items
FEW_WORDS = 4  # of a title, as a median; a list with fewer may be a menu


def compare_with_older(groups: Sequence[Group], survey: Survey, older: Survey) -> None:
    """Weigh which groups are on the older page as well: these are no list of news, for news has moved on."""
    for group in groups:
        share = standing_share(group, survey, older)
        group.contributions |= weigh(PAGE_SIGNS, Elsewhere(on_older_page=share))


def compare_with_feed(groups: Sequence[Group], entries: Mapping[str, Entry], zone: ZoneInfo) -> None:
    """Weigh which groups the site's own feed names; take from it the titles and dates that the listing leaves out."""
    for group in groups:
        share = sum(address.key(url) in entries for url in group.urls) / len(group.urls)
        group.contributions |= weigh(PAGE_SIGNS, Elsewhere(in_feed=share))
        for record in group.records:
            entry = entries.get(address.key(record.url))
            if entry:
                _fill_gaps(record, entry, zone)


def _fill_gaps(record: Record, entry: Entry, zone: ZoneInfo) -> None:
    is_cut = record.title.endswith(("…", "..."))
    if entry.title and (is_cut or not record.title):
        record.title = entry.title
    if record.date is None:
        record.date = date_formats.date_in(entry.date, zone)


def objection_as_sidebar(group: Group, survey: Survey, samples: Sequence[Sample]) -> str | None:
    """Return why a list is a sidebar: it is on the articles' pages as well; None where it is not."""
    others = [take_survey(s.root, s.page.url, survey.zone, survey.now, survey.languages) for s in samples]
    if len(group.urls) > 2 and min(standing_share(group, survey, other) for other in others) > ON_EVERY_PAGE:
        return f"the list that begins with {group.records[0].title[:40]!r} is on every page"
    return None


def objection_as_article(group: Group, survey: Survey, layout: Layout) -> str | None:
    """Return that the page has a title, a date and a text of its own beside its list; None where it has not.

    A page whose items have such texts as well is a list: it shows them in full.
    """
    items = {record.box for record in group.records}

    def own(selectors: Iterable[str]) -> list[HtmlElement]:
        matches = chain.from_iterable(select(survey.root, selector) for selector in selectors)
        return [e for e in matches if e not in items and not is_inside(e, items) and items.isdisjoint(e.iter())]

    texts = select_first(survey.root, layout.body)
    if len(own(layout.body)) < len(texts) or sum(map(survey.shown_length, texts)) < TEXT:
        return None
    has_heading = any(text_of(e) for e in own(layout.title) if not is_in_head(e))
    if not has_heading or not date_candidates(own(layout.date)[:1]):
        return None
    return (
        f"the page is an article itself, and {described_list(group)} is beside its text;"
        " name the page of all news in `listings`, or set `item` in [source.layout]"
    )


def objection_as_menu(group: Group, survey: Survey, samples: Sequence[Sample]) -> str | None:
    """Return that half of a list is on every article's page, since a menu is mixed into it; None where it is not."""
    others = [link_places(take_survey(s.root, s.page.url, survey.zone, survey.now, survey.languages)) for s in samples]
    own = [address.key(s.page.asked) for s in samples]
    standing = 0
    for record in group.records:
        places = {(survey.paths[a], address.key(record.url)) for a in record.anchors}
        elsewhere = [links for links, key in zip(others, own, strict=True) if key != address.key(record.url)]
        standing += all(places & links for links in elsewhere)
    if len(group.records) > 2 and standing >= HALF * len(group.records):
        return f"of {described_list(group)}, {standing} are on every page"
    return None


def objection_by_articles(group: Group, title: Finding, date: DateFinding) -> str | None:
    """Return why the pages behind a list are no articles: their titles are not the list's, or they have no dates."""
    behind = f"the pages behind {group.records[0].title[:40]!r} and the like"
    if title.share < HALF:
        return f"{behind} have no title of their own: {title.why}"
    is_dated = date.finding.share >= HALF or date.is_unreadable or any(r.date for r in group.records)
    if not is_dated:
        words = sorted(word_count(r.title) for r in group.records)
        if words[len(words) // 2] < FEW_WORDS or group.framed:
            return f"{behind} have no dates"
    return None
