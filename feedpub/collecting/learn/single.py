"""One page of a site that nobody knows → what it gives, as far as one page can tell.

There is nothing to compare the page with, so its text is what trafilatura
takes for it, and there is nothing better for that. The words are then found
again in the page, so that links, pictures and tables come as the page has them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from feedpub import address, text
from feedpub.collecting.learn import absence
from feedpub.collecting.learn.boxes import lone_layout
from feedpub.collecting.learn.comparison import compare_pages
from feedpub.collecting.learn.date_order import Clock, prove
from feedpub.collecting.learn.elements import words_of
from feedpub.collecting.learn.groups import ranked
from feedpub.collecting.learn.languages import site_languages
from feedpub.collecting.learn.lone_date import find_lone_date
from feedpub.collecting.learn.lone_text import FEW, main_text, markup_of
from feedpub.collecting.learn.records import Group
from feedpub.collecting.learn.samples import sample
from feedpub.collecting.learn.scoring import described_list, doubt_of, group_evidence
from feedpub.collecting.learn.survey import Survey, take_survey
from feedpub.collecting.learn.title import find_title
from feedpub.content import Page, Scraped
from feedpub.html import tree
from feedpub.html.candidates import LD_JSON
from feedpub.html.index import indexing
from feedpub.html.select import select
from feedpub.layout import Layout

FEW_ITEMS = 4  # of a list; beside it there may be a longer one that leads to other sites
PROVEN = 9.0  # points of a list that is beside no article's text; sidebars have fewer
NEAR = 1.0  # points; the signs tell no more apart
TEASER = 500  # characters of a listing's item, at most


@dataclass(frozen=True, slots=True)
class Given:
    """What one page gives: the layout of its listing, the pieces of its article with the formats of its date."""

    listing: Layout | None  # beyond doubt
    article: tuple[Scraped, tuple[str, ...]] | None
    evidence: Mapping[str, str] = field(default_factory=dict)  # key of the layout -> why it is so
    doubted: Layout | None = None  # of the likeliest list, where the page alone does not prove it
    doubt: str = ""  # why there is no listing beyond doubt


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of a page's text is in its list, in letters and digits."""

    text: int
    listed: int  # of the text, in the list's boxes
    boxes: int  # all that these say
    says_article: bool
    is_proven: bool  # the list is news beyond doubt, by many signs, or its items' addresses are below the page's

    @property
    def is_beside_article(self) -> bool:
        """Whether the page is an article, and the list is only beside it."""
        if self.is_proven and not self.says_article:
            return False
        most = 0.7 if self.says_article else 0.4
        return self.listed < most * self.text and self.text - self.listed > 0.5 * self.boxes

    @property
    def is_list_alone(self) -> bool:
        return not self.says_article and self.listed >= 0.8 * self.text


def read(page: Page, zone: ZoneInfo, now: datetime) -> Given:
    """Return what a page of an unknown site gives: a listing, an article, or an article beside a list.

    Raises ScrapeError for a page that cannot be read.
    """
    root = tree.document(page)
    survey = take_survey(root, tree.base_url(root, page), zone, now, site_languages("", [root]))
    main = main_text(page)
    group = _likeliest(survey)
    if group is None:
        return Given(None, _article_of(page, main, survey), doubt=absence.why_no_list(survey))
    doubt = doubt_of(group)
    if len(group.records) < FEW_ITEMS:
        doubt = absence.list_of_other_hosts(survey) or doubt
    overlap = _overlap(group, main, root, page.url)
    if overlap.is_beside_article:
        why = f"{described_list(group)} is beside the text of an article{'; ' + doubt if doubt else ''}"
        return Given(None, _article_of(page, main, survey), doubt=why)
    layout = _layout_of(group, survey)
    evidence = {"item": group_evidence(group)}
    if doubt:
        why = f"{described_list(group)} may be no news: {doubt}"
        return Given(None, _article_of(page, main, survey), evidence, layout, why)
    is_teasers = overlap.is_list_alone and _has_dated_teasers(group)
    article = None if is_teasers else _article_of(page, main, survey)
    return Given(layout, article, evidence)


def _likeliest(survey: Survey) -> Group | None:
    """The likeliest group; one that is beyond doubt comes before one that is hardly likelier."""
    groups = [group for group in ranked(survey) if len(group.records) > 1]
    if not groups:
        return None
    near = (g for g in groups if g.score >= groups[0].score - NEAR and not doubt_of(g))
    return next(near, groups[0])


# ------------------------------------------------------------ its listing


def _overlap(group: Group, main: str, root: HtmlElement, base: str) -> Overlap:
    listed = text.skeleton(" ".join(r.words for r in group.records))
    lines = [key for line in main.splitlines() if len(key := text.skeleton(line)) >= FEW]
    within = sum(len(key) for key in lines if key in listed)
    is_proven = _is_below(group, base) or (group.score > PROVEN and not doubt_of(group))
    return Overlap(sum(map(len, lines)), within, len(listed), _says_article(root), is_proven)


def _is_below(group: Group, url: str) -> bool:
    """Whether most of a list's addresses are below the page's own, as /news/5 is below /news."""
    beginning = address.key(url).partition("?")[0].rstrip("/") + "/"
    below = sum(address.key(item).startswith(beginning) for item in group.urls)
    return below > 0.5 * len(group.urls)


def _says_article(root: HtmlElement) -> bool:
    """Whether the page calls itself an article, to networks or to search engines."""
    for meta in root.iter("meta"):
        if meta.get("property") == "og:type" and meta.get("content") == "article":
            return True
        if meta.get("property") == "article:published_time":
            return True
    scripts = (e.text or "" for e in select(root, LD_JSON))
    return any(re.search(r'"(?:News|Blog)?(?:Article|Posting)"', script) for script in scripts)


def _has_dated_teasers(group: Group) -> bool:
    """Whether most items have a date and a text that is no whole article."""
    dated = sum(1 for r in group.records if r.date)
    is_short = median(len(r.words) for r in group.records) < TEASER
    return is_short and dated >= max(4, 0.6 * len(group.records))


def _layout_of(group: Group, survey: Survey) -> Layout:
    series = [[r.date for r in group.records if r.date]]
    clock = Clock(survey.now, survey.zone, f"the day on which it is read, {survey.now:%Y-%m-%d}")
    proof = prove(series, clock, tree.language(survey.root))
    with indexing():
        return lone_layout(group, survey, proof.formats)


# ------------------------------------------------------------ its article


def _article_of(page: Page, main: str, survey: Survey) -> tuple[Scraped, tuple[str, ...]] | None:
    """The pieces of an article's page and the formats of its date; None where the page has no text of its own."""
    if not main.strip():
        return None
    root = tree.document(page)  # another tree than the survey's: the text is cut out of it
    seen = sample(page, "", None)
    named = find_title(compare_pages([seen], survey.zone, survey.now, survey.languages)).finding
    title = seen.title if named.selectors else _title_of_page(root)
    date, formats = find_lone_date(seen, title, survey)
    scraped = Scraped(
        url=page.url,
        base=tree.base_url(root, page),
        addresses=tree.addresses(root, page),
        title=title,
        dates=date,
        body=markup_of(main, root),
    )
    return scraped, formats


def _title_of_page(root: HtmlElement) -> str:
    for name in ("h1", "title"):
        words = next((t for e in root.iter(name) if (t := words_of(e))), "")
        if words:
            return words if name == "h1" else re.split(r"\s+[|—–·»]\s+", words)[0]
    return ""
