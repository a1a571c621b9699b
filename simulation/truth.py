"""An item beside the versions of an article: which of them is it? Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from simulation.council import KYIV, Article, Council, Version
from simulation.published import Item
from simulation.skins import teaser

MINUTE = timedelta(minutes=1)


def versions_of(council: Council, number: int) -> Sequence[Version]:
    """Return all versions of an article, and of those that repeat it."""
    repeats = [n for n, article in council.articles.items() if article.repeats == number]
    return [version for n in (number, *repeats) for version in council.history.get(n, ())]


def since_then(council: Council, number: int, since: datetime) -> list[Article]:
    """Return the article as it was at an instant, and as it became later."""
    versions = council.history[number]
    current = [version.article for version in versions if version.since <= since][-1:]
    return [*current, *(version.article for version in versions if version.since > since)]


def is_of(item: Item, article: Article) -> bool:
    """Whether an item has the title, the words and the pictures of an article.

    Of a pasted text some pictures may be in its box and some beside it: these come first, so the order is no promise.
    """
    pictures, expected = item.pictures, article.pictures
    if article.shape:
        pictures, expected = (tuple(sorted(some, key=attrgetter("path"))) for some in (pictures, expected))
    if (item.title, pictures) != (article.title, expected):
        return False
    if article.is_formed or article.shape:
        return item.words == " ".join(article.words)
    return item.paragraphs == article.words


def shown(item: Item) -> tuple[object, ...]:
    """Return all of an item that a reader sees."""
    return item.title, item.paragraphs, item.pictures, item.url


def is_stand_in(item: Item, article: Article) -> bool:
    """Whether an item is what the listing says of an article: so it is where its page cannot be read for a while."""
    return item.title == article.title and item.paragraphs in ((), (teaser(article),))


def is_dated_as(item: Item, version: Version, *, is_to_a_day: bool) -> bool:
    """Whether an item has the date of an article, to the minute or to the day."""
    article = version.article
    if item.published is None:
        return False
    if article.dated > version.since:  # it announces something: then its date is when it was first seen
        return version.since - MINUTE <= item.published <= article.dated
    if is_to_a_day:
        return item.published.astimezone(KYIV).date() == article.dated.astimezone(KYIV).date()
    return item.published in (article.dated, _as_written(article.dated))


def _as_written(dated: datetime) -> datetime:
    """Return the instant that a reader of a page without a zone takes: of an hour that happens twice the first."""
    return dated.astimezone(KYIV).replace(fold=0).astimezone(UTC)
