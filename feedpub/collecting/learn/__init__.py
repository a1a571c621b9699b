"""Sample pages → Layout, with its evidence: where a site has its news, titles, dates and texts. Pure.

In the order in which it goes: survey (a page, measured), items, item_pieces,
scoring and groups (which boxes are the news), guided (where a person says which),
absence (why there are none), cross_checks (what other pages
say of that), samples and comparison (the articles), title, date, body,
categories, media, frame and beside (their pieces), draft (all of it as a layout).
``given`` is what a person has set, and it guides all of this.
``single`` does what can be done with one page alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn import cross_checks, own_feed, pager
from feedpub.collecting.learn.absence import kindred_hosts, list_of_other_hosts, news_in_place, why_no_list
from feedpub.collecting.learn.comparison import Comparison, compare_pages
from feedpub.collecting.learn.date import DateFinding, find_date
from feedpub.collecting.learn.draft import Articles, Front, drafted
from feedpub.collecting.learn.elements import attribute
from feedpub.collecting.learn.given import given_date, without_given_parts
from feedpub.collecting.learn.groups import group_alike
from feedpub.collecting.learn.guided import groups_by
from feedpub.collecting.learn.languages import site_languages
from feedpub.collecting.learn.records import Group, Record
from feedpub.collecting.learn.samples import Sample, sample
from feedpub.collecting.learn.scoring import described_list, is_dated
from feedpub.collecting.learn.survey import Survey, take_survey, with_hosts
from feedpub.collecting.learn.title import find_title
from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.html import tree
from feedpub.html.index import indexing
from feedpub.html.select import select_first
from feedpub.layout import Layout, Learnt

REQUESTS = 10  # pages that are asked for at most beyond the listing; robots.txt comes on top
SAMPLES = 8  # articles
GOLDEN_RATIO = (5**0.5 - 1) / 2
LONG = 5_000  # elements; an article of more teaches nothing that others do not, and takes a hundred times as long
MOST_GROUPS = 8  # of boxes that are compared with the older page
TRIED = 3  # of these, whose articles are looked at
PROVEN = 3  # articles that prove a layout; fewer only where the listing names fewer
ENOUGH = 2  # articles that show whether a list is on every page

UNGUIDED = Layout()

Look = Callable[[str], Page | None]


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a site before anything is learnt of it."""

    zone: ZoneInfo
    language: str  # BCP 47; where nothing else does, it says how a date is read
    now: datetime
    given: Layout = UNGUIDED  # what a person has configured: it guides the rest, and is never overruled
    prefer: tuple[str, ...] = ()  # addresses of articles that are known: these are looked at first
    hosts: tuple[str, ...] = ()  # of the council, besides the listing's: articles may be there


@dataclass(slots=True)
class Budget:
    """Looks at pages, each once, and counts how many more may be looked at."""

    look: Look
    left: int = REQUESTS
    seen: dict[str, Page | None] = field(default_factory=dict)

    def page_at(self, url: str) -> Page | None:
        """Return the page; None where it is not there, or no more may be looked at."""
        if url not in self.seen:
            if self.left <= 0:
                return None
            self.left -= 1
            self.seen[url] = self.look(url)
        return self.seen[url]


def hosts_of_list(listing: Page, context: Context) -> tuple[str, ...]:
    """Return the other hosts to which a listing's news lead, as far as their names are kin to the listing's."""
    return kindred_hosts(_survey_of(listing, context))


def explore(listing: Page, look: Look, context: Context) -> Learnt:
    """Learn a site's layout, beginning with a page of its listing.

    ``look`` fetches one more page, or returns None where the site does not
    give it; it is called ten times at most. Raises ScrapeError that says what
    could not be found.
    """
    with indexing():
        return _explored(listing, look, context)


def _explored(listing: Page, look: Look, context: Context) -> Learnt:
    survey = _survey_of(listing, context)
    groups = groups_by(survey, context.given)[:MOST_GROUPS]
    if not groups:
        raise ScrapeError(listing.url, f"no layout could be learnt: {why_no_list(survey)}")
    budget = Budget(look)
    front = Front(listing.url, [survey], _ways(survey, context.given), context.given)
    _look_at_older_page(front, groups, budget, context)
    _look_at_own_feed(survey, groups, budget, context)
    groups.sort(key=lambda group: -group.score)
    objections: list[str] = []
    waiting = deque(groups[:TRIED])
    while waiting:
        group = waiting.popleft()
        if budget.left <= 0 and not group.is_last_resort:
            continue
        articles = _articles_behind(group, front, budget, objections, context)
        if articles:
            learnt = drafted(front, group, articles, context.language)
            objection = cross_checks.objection_as_article(group, survey, learnt.layout)
            if objection is None or context.given.item:
                return learnt
            objections.append(objection)
        elif group.is_everywhere and not group.is_last_resort and is_dated(group):
            group.is_last_resort = True  # some sites list their latest news below each article, as on the listing
            waiting.append(group)
    outside = "" if context.given.item else list_of_other_hosts(survey)
    why = "; ".join(filter(None, (news_in_place(survey), outside, *objections)))
    raise ScrapeError(listing.url, f"no layout could be learnt: {why}")


def _ways(survey: Survey, given: Layout) -> list[HtmlElement]:
    """The links that may lead to the older page, the likeliest first; what a person says is the only one."""
    if not given.next_page:
        return pager.guesses(survey.root, survey.base)
    return [e for e in select_first(survey.root, given.next_page) if not pager.leads_here(e, survey.base)]


def _survey_of(page: Page, context: Context) -> Survey:
    root = tree.document(page)
    languages = site_languages(context.language, [root])
    survey = take_survey(root, tree.base_url(root, page), context.zone, context.now, languages)
    return with_hosts(survey, context.hosts) if context.hosts else survey


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
    failures: list[str] = []
    for record in _in_turn(group, front, context.prefer):
        if len(samples) >= SAMPLES or (budget.left <= 0 and record.url not in budget.seen):
            break
        page = budget.page_at(record.url) or _page_as_linked(record, group, survey, budget)
        seen = _sample_or_reason(page, record, front.given) if page else f"{record.url} is not there"
        if isinstance(seen, str):
            failures.append(seen)
            continue
        samples.append(seen)
        if len(samples) == ENOUGH:
            objection = cross_checks.objection_as_sidebar(group, survey, samples)
            if objection and not group.is_last_resort:
                group.is_everywhere = True
                objections.append(objection)
                return None
    if len(samples) < min(PROVEN, len(group.records)) and not front.given.item:
        tried = len(samples) + len(failures)
        objections.append(
            f"{described_list(group)} was tried: {len(samples)} of {tried} pages behind it could be read,"
            f" and {PROVEN} are needed{f' ({failures[0]})' if failures else ''}"
        )
        return None
    objection = cross_checks.objection_as_menu(group, survey, samples)
    if objection and not group.is_last_resort:
        group.is_everywhere = True
        objections.append(objection)
        return None
    languages = site_languages(context.language, [survey.root, *(s.root for s in samples)])
    comparison = compare_pages(samples, survey.zone, survey.now, languages)
    title = find_title(comparison, front.given.title)
    articles = Articles(comparison, title, _date_of(comparison, front.given))
    objection = cross_checks.objection_by_articles(group, title.finding, articles.date)
    if objection:
        objections.append(objection)
        return None
    return articles


def _date_of(comparison: Comparison, given: Layout) -> DateFinding:
    return given_date(comparison, given.date) if given.date else find_date(comparison, given.date_formats)


def _page_as_linked(record: Record, group: Group, survey: Survey, budget: Budget) -> Page | None:
    """The page at the very address of its link, where the one without tracking parameters is not there."""
    href = attribute(record.anchors[0], "href")
    names = address.tracking_names(href)
    url = address.absolute(survey.base, href, keeps_tracking=True) if names else None
    page = budget.page_at(url) if url else None
    if page:
        group.tracking = names[0]
        for one in group.records:
            one.url = address.absolute(survey.base, attribute(one.anchors[0], "href"), keeps_tracking=True) or one.url
    return page


def _sample_or_reason(page: Page, record: Record, given: Layout) -> Sample | str:
    """The page as a sample, or why it is none."""
    try:
        return without_given_parts(sample(page, record.title, record.date, LONG), given)
    except ScrapeError as error:
        return str(error)


def _in_turn(group: Group, front: Front, prefer: Sequence[str]) -> list[Record]:
    """The records to look at: known ones first, then those spread over the listing; some of the older page."""
    known = {address.key(url) for url in prefer}
    spread = _spread_out(group.records)
    older = _last_of_older_page(group, front)
    first = SAMPLES - len(older)
    mixed = [*spread[:first], *older, *spread[first:]]
    return sorted(mixed, key=lambda record: address.key(record.url) not in known)


def _spread_out(records: Sequence[Record]) -> list[Record]:
    """The same records, first as many from all over the listing as are looked at, then the others.

    Steps of one length would only meet every second article, and lists often take turns: a picture, no picture. So each
    stretch of the list gives one, and its place there is moved on by the golden ratio from stretch to stretch.
    """
    width = len(records) / SAMPLES
    first = dict.fromkeys(int((n + n * GOLDEN_RATIO % 1) * width) for n in range(SAMPLES))
    return [*(records[n] for n in first), *(record for n, record in enumerate(records) if n not in first)]


def _last_of_older_page(group: Group, front: Front) -> list[Record]:
    group_there = group_alike(group, front.survey, front.surveys[1]) if len(front.surveys) > 1 else None
    return group_there.records[-2:] if group_there else []
