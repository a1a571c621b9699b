"""Say whether a run found so much that is odd that a person should look before subscribers do. Pure.

A displaced council may lose its domain, and the next owner may put up another site. So a run's findings are compared
with the history before it: its numbers, its dates and its language. One odd item is only odd. Many at once mean another
site, or another way of reading it.

``OBJECTIONS`` has the rules. To add one, write a function and add a row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from feedpub.collecting.dedupe import voice
from feedpub.collecting.dedupe.findings import NEWS, Change, Findings, History, Weighed
from feedpub.model import LEAST_OF_CATEGORY, Verdict

T = TypeVar("T")

# New items, for each day on which they may have gathered
ADDED_SHARE = 0.25  # of the known items: what no council publishes in a day
ADDED_AT_LEAST = 25  # items that are never too many: a quarter of a young site is next to nothing
ADDED_AT_MOST = 100  # items, however many are known
LONGEST_PAUSE = 7  # days; a longer pause does not allow more
SAMPLE = 10  # pages that are read before their number counts: that an address is new says little

# Changed items
CHANGED_SHARE = 0.5  # of the known items that were looked at in a week
CHANGED_IN_A_RUN = 0.25  # of all known items; a run that looks at few may still change most of them
FEW_CHANGED = 5  # items that may change in any case

# Withdrawn items
WITHDRAWN_SHARE = 0.1  # of the known items, in a week
FEW_WITHDRAWN = 3  # items that may be withdrawn in any case

LANGUAGE, DATES = "another language", "dates shifted"  # the names of rules

# Categories
CATEGORIES_A_DAY = 100  # that get a feed: a site that tags each of its items comes to twenty

# Dates
SHIFTED = 3  # dates that move by the same amount: fewer may be corrections, so many mean a clock or a misread format
SHIFTED_SHARE = 0.5  # of the dates that were read again

PINNED = 0.25  # of the newest items, at most, are old ones that a listing keeps at its top

WHILE = timedelta(days=7)  # changes and withdrawals in this time count together, or small runs would slip through


Objection = Callable[[History, Findings], str | None]


def objections(history: History, findings: Findings) -> list[str]:
    """Return why the findings should not be published before somebody has looked. The first run has no history."""
    return list(objections_by_rule(history, findings).values())


def objections_by_rule(history: History, findings: Findings) -> dict[str, str]:
    """Return the rules that object, each with its reason."""
    if history.items == 0:
        return {}
    return {rule: why for rule, object_to in OBJECTIONS.items() if (why := object_to(history, findings))}


def named_by(rules: Iterable[str], findings: Findings) -> set[str]:
    """Return what these rules object to, for a person's consent: other findings have other names."""
    return set().union(*(NAMED.get(rule, _odd_articles)(findings) for rule in rules))


def _odd_articles(findings: Findings) -> set[str]:
    """Return the articles that are new or have changed, each with its words before and now, and its date."""
    return {
        f"{change.known and change.known.text_key} {change.article.text_key} {change.article.published}"
        for change in findings.changes
        if change.verdict in NEWS or _date_shift(change)
    }


def is_flood(history: History, findings: Findings) -> bool:
    """Return whether there are too many new items. Nothing else is looked at, so it may be asked after each page."""
    return history.items > 0 and _too_many_new(history, findings) is not None


def days(history: History, now: datetime) -> float:
    """Return for how many days new items may have gathered, from 1 to LONGEST_PAUSE."""
    if history.last_look is None:
        return LONGEST_PAUSE
    pause = (now - history.last_look) / timedelta(days=1)
    return min(max(1.0, pause), LONGEST_PAUSE)


# ------------------------------------------------------------ the rules


def _too_many_new(history: History, findings: Findings) -> str | None:
    new = findings.expected_news
    if history.last_look is None or new == 0:
        return None
    a_day = max(ADDED_AT_LEAST, min(history.items * ADDED_SHARE, ADDED_AT_MOST))
    if new + history.today.added <= a_day * days(history, history.now):
        return None
    if findings.is_reading and len(findings.tried) < SAMPLE:
        return None  # an address may be new and what is there may not: a token in a link changes at every look
    before = f", after {history.today.added} today" if history.today.added else ""
    return f"{new} new items at once{before}, where {history.items} are known"


def _too_many_changed(history: History, findings: Findings) -> str | None:
    known = [change for change in findings.changes if change.known]
    changed_now = sum(change.verdict is Verdict.CHANGED for change in known)
    changed = changed_now + history.lately.changed
    looked_at = len(known) + findings.unmodified + history.lately.seen
    if changed_now == 0 or changed <= FEW_CHANGED:
        return None
    if changed <= looked_at * CHANGED_SHARE and changed_now <= history.items * CHANGED_IN_A_RUN:
        return None
    return f"{changed} of {looked_at} known items have changed"


def _too_many_withdrawn(history: History, findings: Findings) -> str | None:
    withdrawn = findings.withdrawn + history.lately.withdrawn
    items = history.items + history.lately.withdrawn
    if findings.withdrawn == 0 or withdrawn <= max(FEW_WITHDRAWN, items * WITHDRAWN_SHARE):
        return None
    return f"{withdrawn} of {items} items would be withdrawn, because their pages are gone"


def _dates_shifted(_: History, findings: Findings) -> str | None:
    shifts = [shift for shift in map(_date_shift, findings.changes) if shift is not None]
    shift, times = _commonest(shifts) or (timedelta(0), 0)
    if not shift or times < SHIFTED or times <= len(shifts) * SHIFTED_SHARE:
        return None
    direction = "later" if shift > timedelta(0) else "earlier"
    dates = f"the dates of {times} of {len(shifts)} known items"
    return f"{dates} are all {abs(shift)} {direction} than they were"


def _date_shift(change: Change) -> timedelta | None:
    """Return by how much an item's date moved; None if it has none now, or had none before."""
    if change.known is None:
        return None
    before, after = change.known.published, change.article.published
    if before is None or after is None:
        return None
    return after - before


def _another_language(history: History, findings: Findings) -> str | None:
    changes = [change for change in findings.changes if _is_news(change, history)]
    if not any(_brings_language(change) for change in changes):
        return None
    read_again = {change.known.text_key for change in findings.changes if change.known}
    since = [one for one in history.since if one.text_key not in read_again]
    return voice.turned(history.before or history.latest, [change.article for change in changes], since)


def is_doubtful(history: History, changes: Iterable[Change]) -> bool:
    """Whether a text is foreign to the site. One is only odd, but more may follow, and all count together."""
    usual = history.before or history.latest
    news = [change.article for change in changes if _brings_language(change) and _is_news(change, history)]
    return any(voice.is_foreign(usual, text) for text in voice.told_together(news))


def _brings_language(change: Change) -> bool:
    """Whether a text is new, or in other languages than before."""
    if change.known is None:
        return True
    return {language for language, _ in change.article.shares} != {language for language, _ in change.known.shares}


def _is_news(change: Change, history: History) -> bool:
    """Whether readers have not seen the text. One older than the history says nothing about the site of today.

    Not where a listing names it among its newest: whoever takes over a site may date his texts as he likes.
    """
    is_from_archive = change.known is None and not change.is_on_front and _is_from_archive(change.article, history)
    return change.verdict in NEWS and not is_from_archive


def _is_from_archive(article: Weighed, history: History) -> bool:
    dates = sorted(weighed.published for weighed in history.latest if weighed.published)
    if not dates or article.published is None:
        return False
    return article.published < dates[int(PINNED * len(dates))]


def _linked_elsewhere(history: History, findings: Findings) -> str | None:
    fresh = [change.article for change in findings.changes if _is_news(change, history)]
    known = [*history.latest, *(change.known for change in findings.changes if change.known)]
    return voice.led_elsewhere(fresh, known, history.is_linked)


def _too_many_categories(history: History, findings: Findings) -> str | None:
    new = new_categories(history, findings)
    if new == 0 or new + history.today.categories <= CATEGORIES_A_DAY * days(history, history.now):
        return None
    before = f", after {history.today.categories} today" if history.today.categories else ""
    return f"{new} new categories would get feeds at once{before}, where {len(history.categories or ())} are known"


def new_categories(history: History, findings: Findings) -> int:
    """Return how many categories get a feed by what was found: those that have a second item now."""
    if history.categories is None:
        return 0
    sizes = {name: (history.categories.get(name, 0), joined) for name, joined in _joined(findings).items()}
    return sum(before < LEAST_OF_CATEGORY <= before + joined for before, joined in sizes.values())


def _joined(findings: Findings) -> Counter[str]:
    """Return how many articles name each category and did not before."""
    joined = Counter[str]()
    for change in findings.changes:
        before = change.known.categories if change.known else frozenset[str]()
        joined.update(change.article.categories - before)
    return joined


# What is wrong → the rule that says so. Every rule is asked; the messages come in this order.
OBJECTIONS: dict[str, Objection] = {
    "too many new items": _too_many_new,
    "too many changed items": _too_many_changed,
    "too many withdrawn items": _too_many_withdrawn,
    DATES: _dates_shifted,
    LANGUAGE: _another_language,
    "new hosts": _linked_elsewhere,
    "too many new categories": _too_many_categories,
}


# The rule → what it objects to. Any other rule objects to articles that were read.
NAMED: dict[str, Callable[[Findings], set[str]]] = {
    "too many new items": lambda findings: findings.news,  # most of them are not read yet
    "too many withdrawn items": lambda findings: findings.gone,
    "too many new categories": lambda findings: set(_joined(findings)),
}


def _commonest(values: Sequence[T]) -> tuple[T, int] | None:
    """Return the value that comes most often, the first of several, and how often it comes."""
    return next(iter(Counter(values).most_common(1)), None)
