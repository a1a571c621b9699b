"""Whether a run found so much so different that somebody should look before subscribers do. Pure.

A council that is displaced may lose its domain, and a site may be turned over by whoever takes it. What a run found is
held against what was known before it: a share of it, the clock, the language. What is odd in one item is odd, what is
odd in many at once is another site, or another way of reading it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from feedpub.model import NOTHING, Tally, Verdict

if TYPE_CHECKING:
    from feedpub.content import Article

SHARE = 0.25  # of the items that are known may be added a day, or may change in a run
FEW = 25  # items may be added in any case,
MANY = 100  # and no more than these, however many are known
FEW_CHANGED = 5
GONE_SHARE = 0.1
FEW_GONE = 3
SHIFTED = 3  # dates that are off by the same amount tell of a clock, not of corrections
FOREIGN = 3  # items in another language, of the
LATEST = 5  # newest ones
WHILE = timedelta(days=7)  # in which changes and withdrawals are counted together
LONGEST_PAUSE = 7  # days for which new items may have gathered
USED = 0.2  # of the texts in another language make it one of the site's own
LETTERS = 60  # of a text by which its language can be told


@dataclass(frozen=True, slots=True)
class Told:
    """What of an article is weighed. A backfill reads thousands, and need not hold them all."""

    published: datetime | None
    text_key: str
    tongue: str | None  # see ``tongue``

    @classmethod
    def of(cls, article: Article) -> Told:
        return cls(article.published, article.text_key, tongue(article))


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of a source before the run."""

    items: int
    latest: tuple[Told, ...]  # the newest, newest first
    unseen: tuple[Told, ...]  # those of them that nobody has accepted by hand
    since: datetime | None  # when the site was last looked at, and nothing was odd; None: never
    lately: Tally = NOTHING  # what the runs of the last WHILE did
    today: Tally = NOTHING  # and those of the last day


@dataclass(frozen=True, slots=True)
class Change:
    """What a run read at one address."""

    verdict: Verdict
    article: Told  # as it was read
    known: Told | None  # as it was known


def objections(
    known: Known, changes: Sequence[Change], now: datetime, *, new: int = 0, still: int = 0, withdrawn: int = 0
) -> list[str]:
    """Why what a run found should not be published unseen; nothing where it may. At a first run nothing is odd.

    ``new`` articles are named by the listings, whether they were read yet or
    not; ``still`` pages were looked at and had not been modified. What comes
    in many small runs is counted together.
    """
    if known.items == 0:
        return []
    found = [
        _added(known, new, now),
        _changed(known, changes, still),
        _withdrawn(known, withdrawn),
        _shifted(changes),
        _foreign(known, changes),
    ]
    return [o for o in found if o]


def days(known: Known, now: datetime) -> float:
    """For how many days new items may have gathered, from 1 on."""
    return min(max(1.0, (now - known.since) / timedelta(days=1)), LONGEST_PAUSE) if known.since else LONGEST_PAUSE


def _added(known: Known, new: int, now: datetime) -> str | None:
    if known.since is None or new == 0:
        return None
    limit = max(FEW, min(known.items * SHARE, MANY)) * days(known, now)
    if new + known.today.added <= limit:
        return None
    before = f", after {known.today.added} today" if known.today.added else ""
    return f"{new} new items at once{before}, where {known.items} are known"


def _changed(known: Known, changes: Sequence[Change], still: int) -> str | None:
    seen = [c for c in changes if c.known]
    now = sum(c.verdict is Verdict.CHANGED for c in seen)
    changed, looked = now + known.lately.changed, len(seen) + still + known.lately.seen
    if now == 0 or changed <= FEW_CHANGED or (changed <= looked / 2 and now <= known.items * SHARE):
        return None
    return f"{changed} of {looked} known items read otherwise than they were"


def _withdrawn(known: Known, withdrawn: int) -> str | None:
    gone = withdrawn + known.lately.withdrawn
    items = known.items + known.lately.withdrawn
    if withdrawn == 0 or gone <= max(FEW_GONE, items * GONE_SHARE):
        return None
    return f"{gone} of {items} items would be withdrawn, for their pages are gone"


def _shifted(changes: Sequence[Change]) -> str | None:
    read = [
        c.article.published - c.known.published
        for c in changes
        if c.known and c.article.published and c.known.published
    ]
    [(shift, times)] = Counter(read).most_common(1) or [(timedelta(0), 0)]
    if not shift or times < SHIFTED or times <= len(read) / 2:
        return None
    sign = "later" if shift > timedelta(0) else "earlier"
    return f"the dates of {times} of {len(read)} known items are all {abs(shift)} {sign} than they were"


def _foreign(known: Known, changes: Sequence[Change]) -> str | None:
    before = [a.tongue for a in known.latest if a.tongue]
    usual, times = (Counter(before).most_common(1) or [("", 0)])[0]
    if times <= len(before) / 2:
        return None
    turned = [t for c in changes if (t := _turned(c, known, usual))]
    other, _ = (Counter(turned).most_common(1) or [("", 0)])[0]
    if not other or before.count(other) >= USED * len(before):
        return None
    read = {c.known.text_key for c in changes if c.known}
    fresh = [t for c in changes if c.verdict in (Verdict.NEW, Verdict.CHANGED) and (t := c.article.tongue)]
    lately_read = [a.tongue for a in known.unseen if a.text_key not in read and a.tongue]
    told = [*fresh, *lately_read][: max(LATEST, len(fresh))]
    if told.count(other) < FOREIGN or told.count(other) <= len(told) / 2:
        return None
    return f"{told.count(other)} of the {len(told)} newest texts are {other}, where they used to be {usual}"


def _turned(change: Change, known: Known, usual: str) -> str | None:
    """The language of a new text, or of one that has changed its own, where it is not the usual one.

    What an archive holds from long ago tells nothing of what the site is now.
    """
    said = change.article.tongue
    if said == usual or change.verdict not in (Verdict.NEW, Verdict.CHANGED):
        return None
    if change.known:
        return said if said != change.known.tongue else None
    newest = max((a.published for a in known.latest if a.published), default=None)
    is_old = newest and change.article.published and change.article.published < newest
    return None if is_old else said


def tongue(article: Article) -> str | None:
    """What a text is written in, as far as its letters tell; None where they are too few, or do not."""
    letters = Counter(re.sub(r"[\W\d_]", "", f"{article.title}{article.text}").lower())
    total = letters.total()
    cyrillic = sum(n for c, n in letters.items() if "\u0400" <= c <= "\u04ff")
    if total < LETTERS:
        return None
    if cyrillic < total / 2:
        return "in Latin letters"
    ukrainian, russian = (sum(letters[c] for c in marks) for marks in ("іїєґ", "ыэъё"))
    if max(ukrainian, russian) < total / 100:
        return None
    return "Ukrainian" if ukrainian > russian else "Russian"
