"""What other pages of the site say of a list: the older page, the site's own feed, and the articles behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from feedpub import address
from feedpub.collecting.learn import date_formats
from feedpub.collecting.learn.date import DateFinding
from feedpub.collecting.learn.own_feed import Entry
from feedpub.collecting.learn.records import Group, Record
from feedpub.collecting.learn.samples import Finding, Sample
from feedpub.collecting.learn.scoring import PAGE_SIGNS, Elsewhere
from feedpub.collecting.learn.signs import weigh
from feedpub.collecting.learn.survey import Survey, standing_share, take_survey

ON_EVERY_PAGE = 0.6  # of a list's items; a list with more on an article's page is a sidebar
HALF = 0.5  # of the articles; a piece on fewer is none
FEW_WORDS = 4  # of a title, as a median; a list with fewer may be a menu
UNPARTED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"
)  # letters of such languages


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


def objection_by_articles(group: Group, title: Finding, date: DateFinding) -> str | None:
    """Return why the pages behind a list are no articles: their titles are not the list's, or they have no dates."""
    behind = f"the pages behind {group.records[0].title[:40]!r} and the like"
    if title.share < HALF:
        return f"{behind} have no title of their own: {title.why}"
    is_dated = date.finding.share >= HALF or date.is_unreadable or any(r.date for r in group.records)
    if not is_dated:
        words = sorted(_word_count(r.title) for r in group.records)
        if words[len(words) // 2] < FEW_WORDS or group.framed:
            return f"{behind} have no dates"
    return None


def _word_count(title: str) -> int:
    """Return how many words a title has; where no spaces part them, two letters are one."""
    return len(title.split()) + len(UNPARTED.findall(title)) // 2
