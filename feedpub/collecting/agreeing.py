"""A new layout → how many known items it reads as they were. One that reads them in another way is not taken.

Two pages say nothing of a layout. A repost has a date of its own. And an article whose title was corrected since it was
read is another one by the council's will: its instant and nearly all its words are as they were. So is one article
whose date was corrected, among several that have theirs, and one whose address a later article has.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from feedpub.collecting.dedupe.decision import ALIKE, MOSTLY, REUSED_AFTER, is_titled, shared_words
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
    is_edited = is_of_one_instant and is_the_same_text
    return _Likeness.EDITED if is_edited else _Likeness.OTHER


def _is_later(article: Article, known: Article) -> bool:
    before, after = known.published, article.published
    return before is not None and after is not None and after - before > REUSED_AFTER


def _difference(article: Article, item: Stored) -> str:
    title = article.title[:60]
    known_title = item.article.title[:60]
    return f"{title!r} of {article.published}, known as {known_title!r} of {item.date}"
