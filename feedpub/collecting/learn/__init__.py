"""Sample pages → Layout, with its evidence: where a site has its news, titles, dates and texts. Pure.

In the order in which it goes: survey (a page, measured), items, item_pieces,
scoring and groups (which boxes are the news), cross_checks (what other pages
say of that), samples and comparison (the articles), title, date, body,
categories, media and frame (their pieces), draft (all of it as a layout).
``single`` does what can be done with one page alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from feedpub import address
from feedpub.collecting.learn import cross_checks, own_feed, pager
from feedpub.collecting.learn.comparison import compare_pages
from feedpub.collecting.learn.date import find_date
from feedpub.collecting.learn.draft import Articles, Front, drafted
from feedpub.collecting.learn.groups import group_alike, ranked
from feedpub.collecting.learn.languages import site_languages
from feedpub.collecting.learn.records import Group, Record
from feedpub.collecting.learn.samples import Sample, sample
from feedpub.collecting.learn.survey import Survey, take_survey
from feedpub.collecting.learn.title import find_title
from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.html import tree
from feedpub.model import Learnt

REQUESTS = 10  # pages that are asked for at most beyond the listing; robots.txt comes on top
SAMPLES = 8  # articles
LONG = 5_000  # elements; an article of more teaches nothing that others do not, and takes a hundred times as long
MOST_GROUPS = 8  # of boxes that are compared with the older page
TRIED = 3  # of these, whose articles are looked at
ENOUGH = 2  # articles that show whether a list is on every page

Look = Callable[[str], Page | None]


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a site before anything is learnt of it."""

    zone: ZoneInfo
    language: str  # BCP 47; where nothing else does, it says how a date is read
    now: datetime
    formats: tuple[str, ...] = ()  # of dates, as a person has configured them: these are never overruled
    prefer: tuple[str, ...] = ()  # addresses of articles that are known: these are looked at first


@dataclass(slots=True)
class Budget:
    """Looks at pages, and counts how many more may be looked at."""

    look: Look
    left: int = REQUESTS

    def page_at(self, url: str) -> Page | None:
        self.left -= 1
        return self.look(url)


def explore(listing: Page, look: Look, context: Context) -> Learnt:
    """Learn a site's layout, beginning with a page of its listing.

    ``look`` fetches one more page, or returns None where the site does not
    give it; it is called ten times at most. Raises ScrapeError that says what
    could not be found.
    """
    survey = _survey_of(listing, context)
    groups = [group for group in ranked(survey) if len(group.records) > 1][:MOST_GROUPS]
    if not groups:
        raise ScrapeError(listing.url, "no layout could be learnt: nothing on the page repeats as news on a listing do")
    budget = Budget(look)
    front = Front(listing.url, [survey], pager.guesses(survey.root, survey.base))
    _look_at_older_page(front, groups, budget, context)
    _look_at_own_feed(survey, groups, budget, context)
    groups.sort(key=lambda group: -group.score)
    objections: list[str] = []
    for group in groups[:TRIED]:
        articles = _articles_behind(group, front, budget, objections, context)
        if articles:
            return drafted(front, group, articles, context.language, context.formats)
        if budget.left <= 0:
            break
    why = "; ".join(objections) or "no article could be read"
    raise ScrapeError(listing.url, f"no layout could be learnt: {why}")


def _survey_of(page: Page, context: Context) -> Survey:
    root = tree.document(page)
    languages = site_languages(context.language, [root])
    return take_survey(root, tree.base_url(root, page), context.zone, context.now, languages)


# ------------------------------------------------------------ the listing's other pages


def _look_at_older_page(front: Front, groups: Sequence[Group], budget: Budget, context: Context) -> None:
    """Weigh the groups by the listing's older page, if it has one."""
    survey = front.survey
    onward = pager.targets(front.ways, survey.base)
    page = budget.page_at(onward[0]) if onward else None
    if page is None:
        return
    try:
        older = _survey_of(page, context)
    except ScrapeError:
        return
    front.surveys.append(older)
    if not front.leads_to_archive:  # an archive begins with the same news
        cross_checks.compare_with_older(groups, survey, older)


def _look_at_own_feed(survey: Survey, groups: Sequence[Group], budget: Budget, context: Context) -> None:
    """Weigh the groups by the site's own feed, if it has one."""
    url = own_feed.advertised(survey.root, survey.base)
    page = budget.page_at(url) if url else None
    if page:
        cross_checks.compare_with_feed(groups, own_feed.entries(page), context.zone)


# ------------------------------------------------------------ the articles


def _articles_behind(
    group: Group, front: Front, budget: Budget, objections: list[str], context: Context
) -> Articles | None:
    """Look at the articles that a group names; None where there are none, or it is no list of news after all.

    An objection says why not.
    """
    survey = front.survey
    samples: list[Sample] = []
    for record in _in_turn(group, front, context.prefer):
        if len(samples) >= SAMPLES or budget.left <= 0:
            break
        page = budget.page_at(record.url)
        seen = _sample_or_none(page, record) if page else None
        if seen is None:
            continue
        samples.append(seen)
        if len(samples) == ENOUGH:
            objection = cross_checks.objection_as_sidebar(group, survey, samples)
            if objection:
                objections.append(objection)
                return None
    if not samples:
        return None
    pages = [survey.root, *(s.root for s in samples)]
    languages = site_languages(context.language, pages)
    comparison = compare_pages(samples, survey.zone, survey.now, languages)
    articles = Articles(comparison, find_title(comparison), find_date(comparison, context.formats))
    objection = cross_checks.objection_by_articles(group, articles.title, articles.date)
    if objection:
        objections.append(objection)
        return None
    return articles


def _sample_or_none(page: Page, record: Record) -> Sample | None:
    try:
        return sample(page, record.title, record.date, LONG)
    except ScrapeError:
        return None


def _in_turn(group: Group, front: Front, prefer: Sequence[str]) -> list[Record]:
    """The records to look at: known ones first, then those spread over the listing; some of the older page."""
    known = {address.key(url) for url in prefer}
    step = max(1, len(group.records) // SAMPLES)
    others = [record for n, record in enumerate(group.records) if n % step]
    spread = [*group.records[::step], *others]
    older = _last_of_older_page(group, front)
    first = SAMPLES - len(older)
    mixed = [*spread[:first], *older, *spread[first:]]
    return sorted(mixed, key=lambda record: address.key(record.url) not in known)


def _last_of_older_page(group: Group, front: Front) -> list[Record]:
    group_there = group_alike(group, front.survey, front.surveys[1]) if len(front.surveys) > 1 else None
    return group_there.records[-2:] if group_there else []
