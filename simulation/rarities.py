"""A seed → what seldom happens at a council and at its site: each kind has a chance of its own. Pure.

A kind may be tried alone: python -m simulation --weather quiet --rarity slug.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from random import Random

from simulation import words
from simulation.clock import BEGINNING
from simulation.council import KYIV, Act, Article, Event, Kind
from simulation.makeup import LED
from simulation.weather import APART, Span, instants

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NUMBERS = 500_000  # those of the articles that come by a rarity begin here,
EACH = 10_000  # and so many are kept for a kind
SILENCE = timedelta(days=33)
WRONG = (timedelta(days=1), -timedelta(days=1), timedelta(days=365), -timedelta(days=365))
# Mondays. Within four weeks of them come: nothing, 29 February, summer time, winter time, the New Year.
BEGINNINGS = (
    BEGINNING,
    datetime(2024, 2, 12, 6, tzinfo=UTC),
    datetime(2025, 3, 17, 6, tzinfo=UTC),
    datetime(2025, 10, 13, 6, tzinfo=UTC),
    datetime(2025, 12, 15, 6, tzinfo=UTC),
)


class Rarity(Enum):
    """What seldom happens, or what the usual life does not have."""

    CUT = "the site moves, and its old addresses lead nowhere"
    SLUG = "an address is used again, for another article"
    ZONE = "the site writes the zone in another way"
    YEARLESS = "the site leaves the year out of its dates"
    BURST = "several articles come in one minute"
    NIGHT = "articles come at night, also in the hour that winter time repeats"
    SHORT = "the listing names fewer articles"
    PURGE = "the oldest articles are deleted at once"
    SILENCE = "a month without news"
    CLOCK = "the machine's clock is wrong by a day or a year"
    PICTURES = "articles have pictures and files, which change and vanish"
    TOPICS = "the operator has feeds by topic"
    GAP = "an article's page is not there for a day"
    UPGRADE = "a newer feedpub is installed, which reads pages in another way"
    FORMS = "texts have lists, headings, tables and bold words"
    BUSY = "each page names the newest articles, what to read next, and how often it was seen"
    PARTED = "the site shows the second half of each text in a box of its own"
    BOXES = "leads, files and pictures are in boxes of their own, beside the texts"
    SHAPES = "some texts are pasted, and have a shape of their own"
    NAMES = "a program makes the names of classes, or there are none"
    BANNER = "each text ends with the same picture of the site"
    SEASON = "the life begins at another time of the year"


@dataclass(frozen=True, slots=True)
class _Chance:
    """An instant at which something seldom happens. ``number`` is that of the first article that comes by it."""

    random: Random
    at: datetime
    number: int

    def article(self, at: datetime, nth: int = 0) -> Article:
        title, number = words.title(self.random), self.number + nth
        dated = at.replace(second=0, microsecond=0)
        return Article(
            number, title, words.paragraphs(self.random), dated, words.slug(title, number),
            self.random.choice(words.CATEGORIES),
        )  # fmt: skip

    def later(self, shortest: float, longest: float) -> datetime:
        """Return an instant so many days later."""
        return self.at + self.random.uniform(shortest, longest) * DAY


def _cut(chance: _Chance) -> Iterator[Event]:
    where = chance.random.choice((("path", f"portal{chance.number}"), ("host", f"rada{chance.number}.example")))
    yield Event(chance.at, Act.SETUP, changes=(where, ("is_cut", True)))


def _slug(chance: _Chance) -> Iterator[Event]:
    first = chance.article(chance.at)
    gone = chance.later(0.5, 8)
    at = gone + chance.random.uniform(0.05, 15) * DAY
    yield Event(chance.at, Act.PUBLISH, first.number, first)
    yield Event(gone, Act.DELETE, first.number, changes=(("is_there", False),))
    second = replace(chance.article(at, 1), slug=first.slug)
    yield Event(at, Act.PUBLISH, second.number, second)


def _zone(chance: _Chance) -> Iterator[Event]:
    yield Event(chance.at, Act.SETUP, changes=(("zone", chance.random.choice(("", "gmt", "utc"))),))


def _yearless(chance: _Chance) -> Iterator[Event]:
    yield Event(chance.at, Act.SETUP, changes=(("dates", "yearless"),))
    yield Event(chance.later(10, 60), Act.SETUP, changes=(("dates", chance.random.choice(("minute", "words"))),))


def _burst(chance: _Chance) -> Iterator[Event]:
    for nth in range(chance.random.randint(2, 6)):
        article = chance.article(chance.at, nth)
        yield Event(chance.at, Act.PUBLISH, article.number, article)


def _night(chance: _Chance) -> Iterator[Event]:
    midnight = chance.at.astimezone(KYIV).replace(hour=0, minute=0, second=0, microsecond=0)
    for nth in range(4):
        at = (midnight + nth * HOUR + 2 * HOUR).astimezone(UTC) + chance.random.randint(0, 59) * MINUTE
        article = chance.article(at, nth)
        yield Event(at, Act.PUBLISH, article.number, article)


def _short(chance: _Chance) -> Iterator[Event]:
    yield Event(chance.at, Act.SETUP, changes=(("depth", chance.random.choice((5, 9, 12, 30))),))
    yield Event(chance.later(2, 40), Act.SETUP, changes=(("depth", 0),))


def _purge(chance: _Chance) -> Iterator[Event]:
    for number in range(1, chance.random.randint(4, 16)):
        yield Event(chance.at, Act.DELETE, number, changes=(("is_there", False),))


def _clock(chance: _Chance) -> Iterator[Event]:
    wrong = (("error", chance.random.choice(WRONG)),)
    yield Event(chance.at, Act.CLOCK, changes=wrong, until=chance.later(0.1, 3))


def _topics(chance: _Chance) -> Iterator[Event]:
    yield Event(chance.at, Act.CONFIGURE, changes=(("has_topics", True),))


def _gap(chance: _Chance) -> Iterator[Event]:
    article = chance.article(chance.at)
    yield Event(chance.at, Act.PUBLISH, article.number, article)
    at = chance.later(4, 10)  # the listing's first page does not name it any more
    until = at + chance.random.uniform(0.5, 1.8) * DAY  # gone for two days, it would be taken down
    yield Event(at, Act.TROUBLE, article.number, kind=Kind.GAP, until=until)


def _busy(chance: _Chance) -> Iterator[Event]:
    yield Event(chance.at, Act.SETUP, changes=(("is_busy", True),))
    yield Event(chance.later(3, 15), Act.SETUP, changes=(("is_busy", False),))


def _parted(chance: _Chance) -> Iterator[Event]:
    yield Event(chance.at, Act.SETUP, changes=(("is_parted", True),))


def _boxes(chance: _Chance) -> Iterator[Event]:
    yield Event(chance.at, Act.SETUP, changes=(("led", chance.random.choice(LED)),))


def _banner(chance: _Chance) -> Iterator[Event]:
    yield Event(chance.at, Act.SETUP, changes=(("has_banner", True),))
    yield Event(chance.later(5, 40), Act.SETUP, changes=(("has_banner", False),))


def _upgrade(chance: _Chance) -> Iterator[Event]:
    yield Event(chance.at, Act.UPGRADE)


RARITIES: Mapping[Rarity, tuple[float, Callable[[_Chance], Iterator[Event]]]] = {  # times a year
    Rarity.CUT: (0.3, _cut),
    Rarity.SLUG: (3, _slug),
    Rarity.ZONE: (0.4, _zone),
    Rarity.YEARLESS: (0.4, _yearless),
    Rarity.BURST: (6, _burst),
    Rarity.NIGHT: (6, _night),
    Rarity.SHORT: (0.4, _short),
    Rarity.PURGE: (0.3, _purge),
    Rarity.CLOCK: (1, _clock),
    Rarity.TOPICS: (2, _topics),
    Rarity.GAP: (6, _gap),
    Rarity.UPGRADE: (2, _upgrade),
    Rarity.BUSY: (1, _busy),
    Rarity.PARTED: (0.4, _parted),
    Rarity.BOXES: (0.5, _boxes),
    Rarity.BANNER: (0.5, _banner),
}
SILENCES = 0.4  # a year


def rarities(seed: int, span: Span, kinds: Iterable[Rarity]) -> Iterator[Event]:
    """Yield what happens by some kinds."""
    for place, (kind, (a_year, made)) in enumerate(RARITIES.items()):
        if kind not in kinds:
            continue
        random = Random(f"{seed}: {kind.name}")
        for n, at in enumerate(_instants(random, span, kind, a_year)):
            yield from made(_Chance(random, at, NUMBERS + place * EACH + 10 * n))


def _instants(random: Random, span: Span, kind: Rarity, a_year: float) -> list[datetime]:
    found = instants(random, span, a_year)
    if kind is Rarity.NIGHT:  # each night in which the clocks are set as well
        found += [day for day in _days(span) if day.utcoffset() != (day + DAY).utcoffset()]
    return found


def _days(span: Span) -> Iterator[datetime]:
    day = span.begin.astimezone(KYIV) + 4 * DAY
    while day < span.end:
        yield day
        day += DAY


def begin_of(seed: int) -> datetime:
    """Return when the life of a seed begins."""
    return Random(f"{seed}: season").choice(BEGINNINGS)


def silent(seed: int, span: Span, events: Sequence[Event]) -> list[Event]:
    """Return the events without the articles of very long silences."""
    starts = [at for at in instants(Random(f"{seed}: silence"), span, SILENCES) if at + SILENCE < span.end]

    def is_left_out(event: Event) -> bool:
        is_news = event.act in (Act.PUBLISH, Act.REPOST)
        return is_news and any(start <= event.at < start + SILENCE for start in starts)

    return [event for event in events if not is_left_out(event)]


def settled(events: Iterable[Event]) -> list[Event]:
    """Return the events without moves to nowhere that come while another change of the site is not settled."""
    events = list(events)
    changes = [event for event in events if event.act is Act.SETUP]

    def is_lone(event: Event) -> bool:
        near = [one for one in changes if one is not event and abs(one.at - event.at) < APART]
        return ("is_cut", True) not in event.changes or not near

    return [event for event in events if is_lone(event)]
