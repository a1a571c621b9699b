"""What a run found, and what was known before it: the nouns that the brake weighs. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from feedpub import address
from feedpub.collecting.dedupe.language import ENOUGH_LETTERS, Shares, shares_of
from feedpub.model import NOTHING, Tally, Verdict

if TYPE_CHECKING:
    from feedpub.content import Article

BRIEF = 2 * ENOUGH_LETTERS  # signs; what is longer and tells no language is in several
NEWS = (Verdict.NEW, Verdict.CHANGED)  # articles with words that readers have not seen


@dataclass(frozen=True)
class Weighed:
    """The parts of an article that the brake weighs."""

    published: datetime | None
    text_key: str
    tell: Callable[[], Shares]  # its languages, which takes as long as all the rest together
    hosts: frozenset[str] = frozenset()  # that it links, without the council's own
    categories: frozenset[str] = frozenset()
    brief: str = ""  # its words, where they are too few to tell a language

    @classmethod
    def of(cls, article: Article) -> Weighed:
        """Weigh an article that is known, and of which most is never asked."""
        own = address.host(article.url)
        hosts = {address.host(href) for href in article.hrefs} - {"", own}
        categories = frozenset(map(str.casefold, article.categories))
        tell = partial(shares_of, article.title, article.text)
        words = f"{article.title} {article.text}"
        brief = words if len(words) < BRIEF else ""
        return cls(article.published, article.text_key, tell, frozenset(hosts), categories, brief)

    @classmethod
    def read(cls, article: Article, verdict: Verdict) -> Weighed:
        """Weigh an article that was read. A backfill reads thousands, so their words are not kept."""
        shares = shares_of(article.title, article.text) if verdict in NEWS else ()
        weighed = cls.of(article)
        return replace(weighed, tell=lambda: shares, brief=weighed.brief if verdict in NEWS else "")

    @cached_property
    def shares(self) -> Shares:
        """The languages that it is in. Where a page that was read brings no words that are news, they are not told."""
        return self.tell()

    @property
    def language(self) -> str | None:
        """The language of most of it; None where it is not clear."""
        return self.shares[0][0] if self.shares else None

    def share_of(self, language: str) -> float:
        return dict(self.shares).get(language, 0.0)


def nothing_linked(_host: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class History:
    """A source as it was before the run."""

    now: datetime  # up to which it is counted: when the run began, or the first of the runs that were stopped
    items: int
    latest: tuple[Weighed, ...]  # newest first
    since: tuple[Weighed, ...]  # the latest that came after the first day, or after somebody last accepted a language
    last_look: datetime | None  # when a run last read the site and found nothing odd; None: never
    lately: Tally = NOTHING  # what the runs of the last WHILE did
    today: Tally = NOTHING  # what the runs of the last day did
    before: tuple[Weighed, ...] = ()  # those that were known then, and have not changed since; none: ``latest``
    is_linked: Callable[[str], bool] = nothing_linked  # whether an item that is known links a host
    categories: Mapping[str, int] | None = None  # how many items each has; None: any number may come, as in a backfill


@dataclass(frozen=True, slots=True)
class Change:
    """One page that the run read."""

    verdict: Verdict
    article: Weighed  # as it is now
    known: Weighed | None  # as it was before; None: it is new
    is_on_front: bool = False  # a listing names it among its newest: it is of today, whatever its date


@dataclass(slots=True)
class Findings:
    """What a run has found so far."""

    changes: list[Change] = field(default_factory=list)
    news: set[str] = field(default_factory=set)  # articles that a listing names for the first time, read yet or not
    tried: set[str] = field(default_factory=set)  # those of them whose pages were asked for
    no_news: set[str] = field(default_factory=set)  # those of them whose pages hold a known item: they are not counted
    is_reading: bool = False  # more pages are to be asked for
    unmodified: int = 0  # known pages that the server called unmodified
    withdrawn: int = 0
    gone: set[str] = field(default_factory=set)  # the ids of the items that were withdrawn

    @property
    def added(self) -> int:
        """New articles, read or not. One that proved to be a known item is none."""
        return len(self.news - self.no_news)

    @property
    def expected_news(self) -> int:
        """New articles as far as can be said: of those that are still to be read, as many as of those read so far."""
        if not (self.is_reading and self.tried):
            return self.added
        share = 1 - len(self.no_news) / len(self.tried)
        return round(share * len(self.news))
