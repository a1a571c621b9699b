"""A page without a list of news → what it is instead, for the person who looks for one."""

from __future__ import annotations

from collections import Counter, defaultdict

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn.elements import attribute, words_of
from feedpub.collecting.learn.groups import ranked
from feedpub.collecting.learn.records import HEADINGS, Group
from feedpub.collecting.learn.scoring import described_list, doubt_of
from feedpub.collecting.learn.survey import Survey, with_other_hosts
from feedpub.html.instead import Instead, instead_of_news

NO_REPETITION = "nothing on the page repeats as news on a listing do"
MOST_NAMED = 3  # hosts
LEAST_SECTIONS = 3  # of a page that holds its news whole
SHORTEST_SECTION = 50  # characters: a title, a date and a sentence
LONGEST_TITLE = 80  # characters that are shown
INSTEAD = {
    Instead.FRAMES: "the page is made of frames; give the address of the frame that lists the news",
    Instead.PASSWORD: "the page asks for a password: its news are behind a login",
    Instead.SCRIPT: (
        "the page has {} characters of text and is made by a script;"
        " feedpub runs none: look for a feed or another listing of the site"
    ),
    Instead.FRAME: "the page shows another one in a frame (iframe); give that page's address",
}
MOST_OUTSIDE = 0.6  # of a list's links that lead to other hosts


def why_no_list(survey: Survey) -> str:
    """Return why a page has no list of news: it is a frame, a login, made by a script, or lists others' pages."""
    instead = instead_of_news(survey.root, survey.shown_total, len(survey.links))
    if instead is not None and instead is not Instead.FRAME:
        return INSTEAD[instead].format(survey.shown_total)
    elsewhere = news_in_place(survey) or list_of_other_hosts(survey)
    if elsewhere:
        return elsewhere
    return NO_REPETITION if instead is None else INSTEAD[instead]


def news_in_place(survey: Survey) -> str:
    """Return that the page holds its news whole, in sections with anchors, and which; "" where it does not."""
    sections = max(_kindred_sections(survey), key=len, default=[])
    if len(sections) < LEAST_SECTIONS:
        return ""
    named = [f"#{anchor} {title!r}" for anchor, title in sections]
    return (
        f"the page holds its news whole, {len(named)} sections from {named[0]} to {named[-1]}; they have no pages of"
        " their own, which feedpub needs: look for a feed or another listing of the site"
    )


def _kindred_sections(survey: Survey) -> list[list[tuple[str, str]]]:
    """Return the anchors and titles of dated sections that link to no other page, by what they are in."""
    kindred: dict[tuple[HtmlElement | None, object], list[tuple[str, str]]] = defaultdict(list)
    for element in survey.root.iter("section", "article", "div", "li"):
        if survey.below.get(element) or survey.shown_length(element) < SHORTEST_SECTION:
            continue
        heading = next(element.iter(*HEADINGS), None)
        anchor = _anchor_of(element, heading)
        if heading is not None and anchor and any(survey.date_of(e) for e in element.iter("*")):
            kindred[element.getparent(), element.tag].append((anchor, words_of(heading)[:LONGEST_TITLE]))
    return list(kindred.values())


def _anchor_of(element: HtmlElement, heading: HtmlElement | None) -> str:
    inside = [] if heading is None else [heading, *heading.iter("a")]
    ids = (attribute(e, name) for e in (element, *inside) for name in ("id", "name"))
    return next(filter(None, ids), "")


def list_of_other_hosts(survey: Survey) -> str:
    """Return that the likeliest list of the page links to other hosts, and to which; "" where it does not."""
    group, hosts = _outside(survey)
    if group is None:
        return ""
    names = ", ".join(hosts[:MOST_NAMED])
    own = kindred_hosts(survey)
    advice = f"; if it is the council's own, say hosts = {list(own)!r} in its [[source]]" if own else ""
    return f"{described_list(group)} links to another host, and no news of the site: {names}{advice}"


def kindred_hosts(survey: Survey) -> tuple[str, ...]:
    """Return the hosts to which the likeliest list links, and which are below the page's own or above it."""
    own = address.site(survey.base)
    _, hosts = _outside(survey)
    return tuple(host for host in hosts if address.are_kin(host, own))


def _outside(survey: Survey) -> tuple[Group | None, list[str]]:
    """The likeliest list of the page, where it links to other hosts for the most part, and these, the usual first."""
    whole = with_other_hosts(survey)
    groups = [group for group in ranked(whole) if len(group.records) > 1 and not doubt_of(group)]
    if not groups:
        return None, []
    hosts = Counter(address.site(url) for url in groups[0].urls)
    own = hosts.pop(address.site(survey.base), 0)
    if own > (1 - MOST_OUTSIDE) * len(groups[0].urls):
        return None, []
    return groups[0], [host for host, _ in hosts.most_common()]
