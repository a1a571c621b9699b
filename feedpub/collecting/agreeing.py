"""A new layout → how many known items it reads as they were. One that reads them in another way is not taken.

Two pages say nothing of a layout. A repost has a date of its own. And an article that was corrected since it was read
is another one by the council's will: its instant is as it was, and so are nearly all its words, or half of its title.
So is one article whose date was corrected, among several that have theirs, and one whose address a later article has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto

from feedpub.collecting.dedupe.decision import (
    ALIKE,
    MOSTLY,
    REUSED_AFTER,
    is_other_title,
    is_titled,
    shared_words,
)
from feedpub.collecting.proving import article_by, completed, listed_title_of
from feedpub.collecting.run import Run
from feedpub.content import Article, Page, Stored
from feedpub.errors import LayoutError, ScrapeError, SourceError
from feedpub.layout import Learnt

ONE_OF = 3  # items as they were, at least, for each that may have another date, or another article at its address


class _Likeness(Enum):
    """How an article compares with the item whose page it is on."""

    ALIKE = auto()
    EDITED = auto()
    REDATED = auto()
    REPLACED = auto()
    OTHER = auto()


def agreement(run: Run, learnt: Learnt, pages: Sequence[Page], cause: SourceError) -> str:
    """Say how many known items a new layout reads as before, with the same title and the same day, and which not.

    Raises LayoutError if it reads one in another way, or hardly any as before.
    """
    layout = completed(run, learnt)
    agreeing = edited = 0
    odd: list[str] = []
    for page in pages:
        try:
            article = article_by(run, page, layout, listed_title_of(run, page))
        except ScrapeError:
            continue
        item = _item_of(run, page, article)
        if item is None:
            continue
        likeness = _compared(run, article, item)
        difference = f"{page.url} as {_difference(article, item)}"
        if likeness is _Likeness.OTHER:
            raise LayoutError(cause.url, f"what was learnt reads {difference}")
        odd += [difference] if likeness in (_Likeness.REDATED, _Likeness.REPLACED) else []
        agreeing += likeness is _Likeness.ALIKE
        edited += likeness is _Likeness.EDITED
    if edited and edited >= agreeing:
        raise LayoutError(
            cause.url, f"what was learnt reads {edited} known items with another title, and {agreeing} as before"
        )
    if len(odd) * ONE_OF > agreeing:
        raise LayoutError(cause.url, f"what was learnt reads {odd[0]}")
    if not agreeing:
        raise LayoutError(cause.url, "no known item is at its address any more, so there is nothing to compare with")
    return "; ".join([f"{agreeing} known items as they were", *odd])


def with_known_dates(run: Run, learnt: Learnt, pages: Sequence[Page]) -> Learnt:
    """Return a new layout with the known place of dates, if it has none of its own and that one dates known items.

    Where a listing names few articles, and most of these are announced ahead, their dates look like those of events.
    """
    before = run.council.facts.learnt
    if learnt.layout.date or before is None or not before.layout.date:
        return learnt
    formats = dict.fromkeys((*learnt.layout.date_formats, *before.layout.date_formats))
    layout = replace(learnt.layout, date=before.layout.date, date_formats=tuple(formats))
    dated = replace(
        learnt, layout=layout, fill={**learnt.fill, "date": before.fill.get("date", 0.0)},
        evidence={**learnt.evidence, "date": "known items are dated by it"},
    )  # fmt: skip
    same = other = 0
    for page in pages:
        try:
            article = article_by(run, page, completed(run, dated), listed_title_of(run, page))
        except ScrapeError:
            continue
        item = _item_of(run, page, article)
        if item and item.article.published and article.published:
            is_same = article.published == item.article.published
            same, other = same + is_same, other + (not is_same)
    return dated if same and same >= ONE_OF * other else learnt


def _item_of(run: Run, page: Page, article: Article) -> Stored | None:
    """Return the known item whose own page this is. None: there is none, or it is the page of a repost."""
    council = run.council
    asked = council.key_of(page.asked)
    items = run.state.items.at([*council.keys_of(article), asked])
    here = {asked, council.key_of(page.url)}
    return next((item for item in items if here & set(council.keys_of(item.article))), None)


def _compared(run: Run, article: Article, item: Stored) -> _Likeness:
    known = item.article
    instants = (article.published, known.published)
    days = {instant.astimezone(run.council.zone).date() for instant in instants if instant}
    shared = shared_words(article, known)
    is_the_same_text = shared >= MOSTLY or not item.is_read  # of a lost item only title and date are known
    if len(days) > 1 and not is_titled(article, known):
        return _Likeness.REPLACED if shared < ALIKE and _is_later(article, known) else _Likeness.OTHER
    if len(days) > 1:
        return _Likeness.REDATED if is_the_same_text else _Likeness.OTHER
    if is_titled(article, known):
        return _Likeness.ALIKE
    is_of_one_instant = len({instant for instant in instants if instant}) == 1  # one may be announced ahead
    is_edited = is_of_one_instant and (is_the_same_text or not is_other_title(article.title, known.title))
    return _Likeness.EDITED if is_edited else _Likeness.OTHER


def _is_later(article: Article, known: Article) -> bool:
    before, after = known.published, article.published
    return before is not None and after is not None and after - before > REUSED_AFTER


def _difference(article: Article, item: Stored) -> str:
    title = article.title[:60]
    known_title = item.article.title[:60]
    return f"{title!r} of {article.published}, known as {known_title!r} of {item.date}"
