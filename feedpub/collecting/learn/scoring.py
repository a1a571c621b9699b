"""How much speaks for a group of boxes to be the news, by named signs.

The weights are tables: one for what a group shows by itself, one for what
the other lists of its page say of it, one for what other pages say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice, pairwise
from statistics import median

from lxml.html import HtmlElement

from feedpub import address
from feedpub.collecting.learn import date_formats
from feedpub.collecting.learn.elements import attribute, classes_of, word_count
from feedpub.collecting.learn.records import HEADINGS, Group
from feedpub.collecting.learn.signs import Sign, described, weigh
from feedpub.collecting.learn.survey import Survey

FURNITURE = re.compile(  # what the boxes of a frame are called
    r"(?:^|[\W_])(?:menu|nav|navbar|navigation|sidebar|aside|footer|header|breadcrumbs?|banners?|slider|slideshow|carousel"
    r"|slick|swiper|owl|popular|related|partners?|tags?|tagcloud|social|share|widget|archive|calendar|links|topbar|marquee|ticker"
    r"|pager|pagination|comments?|language|lang|search|login|weather|similar|most-?read|top-?news)(?:$|[\W_\d])",
    re.IGNORECASE,
)
OF_ITEM = re.compile(  # names of an item's own parts, and WordPress's names for what an item is about
    r"(?:entry|post|card|article|item|teaser|news|story|block|content)s?[-_]+(?:header|footer|links?|tags?)(?:$|[-_])"
    r"|(?:post_)?tag-(?!cloud|list|links|menu|nav)|category-(?!list|links|menu|nav)",
    re.IGNORECASE,
)
NEWSLIKE = re.compile(
    r"news|novyn|novin|новин|post|article|teaser|publication|view-content|blog|entry|item-?list|content", re.IGNORECASE
)
MANY = 10  # items; more speak no louder
TITLE = 7  # words of a usual title
TEASER = 200  # characters of a usual teaser
NEAR_NAMES = 12  # of the classes and ids around a group, the nearest
DATED = 0.5  # of the boxes; then dates prove a list
WORDS_DATED = 3  # of a title, in a list that is dated
SCORE_DATED = 8  # with which a dated list may have shorter titles
FEW = 4  # boxes, in a list without dates
WORDS = 4  # of a title there
BESIDE = 60  # characters beside it
SCORE = 5  # that the signs add up to
TOO_FRAMED = 6 / 35  # of the boxes, in a frame; a list with more is no news on the word of one page


@dataclass(frozen=True, slots=True)
class Traits:
    """What a group shows by itself. Shares are 0 to 1, lengths are medians."""

    items: int
    dated: float
    title_words: float
    beside: float  # characters of an item besides its title
    page: float  # of the page's characters
    falling: float  # steps from one date to the next that go from new to old
    framed: float  # boxes that are in a menu, a sidebar or the like
    one_shape: float  # addresses of the commonest shape
    titles: float  # different ones
    named_alike: float  # boxes that have the commonest class, or none where most have none
    is_flat: bool
    is_named_news: bool
    has_headings: bool


GROUP_SIGNS: tuple[Sign[Traits], ...] = (
    Sign("many items", 2.0, lambda t: min(t.items, MANY) / MANY),
    Sign("items have dates", 3.0, lambda t: t.dated if t.items > 1 else 0.0),
    Sign("titles of several words", 2.0, lambda t: min(t.title_words, TITLE) / TITLE),
    Sign("titles of a word or two", -1.0, lambda t: t.title_words < 3),
    Sign("text beside the titles", 1.5, lambda t: min(t.beside, TEASER) / TEASER),
    Sign("much of the page", 2.5, lambda t: min(1.0, 1.6 * t.page)),
    Sign("items without boxes", -1.5, lambda t: t.is_flat),
    Sign("dates run from new to old", 1.2, lambda t: t.falling),
    Sign("in a menu or sidebar", -3.5, lambda t: t.framed),
    Sign("partly in a menu or sidebar", -1.0, lambda t: 0 < t.framed < 1),  # mixed with news, it spoils these
    Sign("named after news", 0.8, lambda t: t.is_named_news),
    Sign("addresses of one shape", 1.0, lambda t: t.one_shape),
    Sign("titles are headings", 0.7, lambda t: t.has_headings),
    Sign("fewer than three items", -1.5, lambda t: t.items < 3),
    Sign("boxes of several names", -6.0, lambda t: 1 - t.named_alike),  # siblings that are no list
    Sign("titles repeat", -2.0, lambda t: t.titles < 0.7),
)


@dataclass(frozen=True, slots=True)
class Rivals:
    """What the other lists of the page say of a group."""

    is_outdated: bool = False
    is_boxed: bool = False


RIVAL_SIGNS: tuple[Sign[Rivals], ...] = (
    Sign("older than another list", -2.5, lambda r: r.is_outdated),  # a carousel of old news
    Sign("another list has boxes for these items", -3.0, lambda r: r.is_boxed),
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What other pages say of a group. Shares of its items, 0 to 1."""

    in_feed: float = 0.0  # that the site's own feed names
    on_older_page: float = 0.0  # that the older page has in the same place


PAGE_SIGNS: tuple[Sign[Elsewhere], ...] = (
    Sign("in the site's own feed", 3.0, lambda e: e.in_feed),
    Sign("on the older page too", -6.0, lambda e: e.on_older_page if e.on_older_page > 0.3 else 0.0),  # news moves on
)


def weigh_group(group: Group, survey: Survey) -> None:
    """Set what speaks for a group by itself."""
    traits = traits_of(group, survey)
    group.framed = traits.framed
    group.contributions = weigh(GROUP_SIGNS, traits)


def traits_of(group: Group, survey: Survey) -> Traits:
    """Measure a group whose items have been read."""
    records = group.records
    count = len(records)
    shapes = Counter(address.shape(r.url) for r in records)
    chars = sum(len(r.words) for r in records) + sum(map(survey.shown_length, group.again))
    first_titles = [r.title_element for r in records[:3] if r.title_element is not None]
    return Traits(
        items=count,
        dated=_dated_share(group),
        title_words=_title_words(group),
        beside=_chars_beside(group),
        page=chars / survey.shown_total,
        falling=_falling_share(group, survey),
        framed=_framed_share(group, survey),
        one_shape=shapes.most_common(1)[0][1] / count,
        named_alike=_named_alike_share(group),
        titles=len({r.title for r in records}) / count,
        is_flat=group.is_flat,
        is_named_news=_is_named_news(records[0].box),
        has_headings=any(e.tag in HEADINGS for e in first_titles),
    )


def group_evidence(group: Group) -> str:
    """Return why a group was chosen, in one line: how many boxes it has, and what each sign adds, the highest first."""
    return f"{len(group.records)} boxes of one kind; {described(group.contributions)}"


def described_list(group: Group) -> str:
    """Return what a person knows a list by: how many boxes it has, and the title of the first."""
    title = next((r.title for r in group.records if r.title), "")
    return f"the list of {len(group.records)} boxes from {title[:40]!r} on"


def doubt_of(group: Group) -> str:
    """Return why this page alone does not prove a group to be news, the first condition that fails; "" if all hold."""
    words = _title_words(group)
    if group.framed > TOO_FRAMED:
        return f"{group.framed:.0%} of the boxes are in a menu or a sidebar"
    if len(group.records) < 2:
        return "there is one box only"
    if _dated_share(group) >= DATED:
        return _doubt_of_dated(group, words)
    if len(group.records) < FEW:
        return f"no dates, and there are fewer than {FEW} boxes"
    if words < WORDS:
        return f"no dates, and the titles have fewer than {WORDS} words"
    if _chars_beside(group) < BESIDE:
        return f"no dates, and there are fewer than {BESIDE} characters beside a title"
    if group.score <= SCORE:
        return f"no dates, and the signs add up to {group.score:.1f}, where more than {SCORE} are needed"
    return ""


def _doubt_of_dated(group: Group, words: float) -> str:
    if words >= WORDS_DATED or group.score > SCORE_DATED:
        return ""
    return f"the titles have fewer than {WORDS_DATED} words, and the signs add up to {group.score:.1f} only"


def is_dated(group: Group) -> bool:
    """Return whether most items have a date, and not all the same."""
    return _dated_share(group) > 0.5 and len({r.date.string for r in group.records if r.date}) > 1


def _dated_share(group: Group) -> float:
    return sum(1 for r in group.records if r.date) / len(group.records)


def _title_words(group: Group) -> float:
    return median(word_count(r.title) for r in group.records)


def _chars_beside(group: Group) -> float:
    return median(max(0, len(r.words) - len(r.title)) for r in group.records)


def moments(group: Group, survey: Survey) -> list[datetime]:
    """Return the instants of a group's dates, in the page's order."""
    dates = [r.date for r in group.records if r.date]
    return [m for d in dates if (m := date_formats.instant_of(d, survey.zone, survey.now))]


def _falling_share(group: Group, survey: Survey) -> float:
    """The share of neighbours that go from new to old; 0 where there are too few, or all are of one instant."""
    instants = moments(group, survey)
    steps = list(pairwise(instants))
    if len(steps) < 2 or len(set(instants)) == 1:
        return 0.0
    return sum(a >= b for a, b in steps) / len(steps)


def _is_named_news(box: HtmlElement) -> bool:
    around = (box, *box.iterancestors())
    names = filter(None, chain.from_iterable((e.get("id"), e.get("class")) for e in around))
    return any(NEWSLIKE.search(name) for name in islice(names, NEAR_NAMES))


def _named_alike_share(group: Group) -> float:
    names = [set(classes_of(record.box)) or {""} for record in group.records]
    return Counter(chain.from_iterable(names)).most_common(1)[0][1] / len(names)


def _framed_share(group: Group, survey: Survey) -> float:
    """The share of boxes that the names around them call a frame's part.

    A name that few of the boxes have says something of one item, and not of the place.
    """
    boxes = [record.box for record in group.records]
    counts = Counter(chain.from_iterable(set(_names_of(box)) for box in boxes))
    shared = {name for name, count in counts.items() if count > 0.5 * len(boxes)}
    around: dict[HtmlElement, bool] = {}
    framed = 0
    for box in boxes:
        parent = box.getparent()
        is_framed = _is_frame(box, [name for name in _names_of(box) if name in shared], survey)
        framed += is_framed or (parent is not None and _is_inside_frame(parent, survey, around))
    return framed / len(boxes)


def _is_inside_frame(element: HtmlElement, survey: Survey, known: dict[HtmlElement, bool]) -> bool:
    """Whether an element, or one that it is in, is called a frame's part. ``known`` remembers the answers."""
    path: list[HtmlElement] = []
    answer = False
    for node in (element, *element.iterancestors()):
        if node in known or node.tag in ("html", "body", "form"):
            answer = known.get(node, False)
            break
        path.append(node)
        if _is_frame(node, _names_of(node), survey):
            answer = True
            break
    known.update(dict.fromkeys(path, answer))
    return answer


def _is_frame(element: HtmlElement, names: Iterable[str], survey: Survey) -> bool:
    """Whether an element is called a frame's part; what holds most of the page is none."""
    if element.tag in ("nav", "aside", "footer"):
        return True
    is_called_so = any(FURNITURE.search(name) for name in names if not OF_ITEM.match(name))
    return is_called_so and survey.shown_length(element) < 0.5 * survey.shown_total


def _names_of(element: HtmlElement) -> list[str]:
    return [*classes_of(element), attribute(element, "id"), attribute(element, "role")]
