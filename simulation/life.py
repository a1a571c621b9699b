"""A seed → what a council does in some years: events at their instants, and nothing that depends on feedpub. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from random import Random

from simulation import weather, words
from simulation.clock import BEGINNING
from simulation.council import KYIV, Act, Article, Event, Setup, Story
from simulation.makeup import formed, illustrated, shaped, with_boxes, with_names
from simulation.mishaps import mishaps
from simulation.rarities import Rarity, begin_of, rarities, settled, silent

BEFORE = 25  # articles that are there when feedpub is set up
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PER_WORKDAY = (0, 0, 1, 1, 1, 2, 2, 3)  # articles
HOLIDAYS = {(1, 1), (3, 8), (5, 1), (8, 24), (12, 25)}
OF_ITS_DAY = re.compile("годин|тижня")  # words that mean another time on another day
LONG_AGO = timedelta(days=60)  # an article is edited within this time, as a rule much sooner


@dataclass(frozen=True, slots=True)
class Pace:
    """How often what happens, per year or as a share of all articles."""

    retitled: float = 0.12
    readdressed: float = 0.0  # together with the title
    rewritten: float = 0.2
    redated: float = 0.02
    reposted: float = 0.0
    deleted: float = 0.0
    restored: float = 0.0  # of those that were deleted
    pinned: float = 0.0
    ahead: float = 0.0  # dated in the future


QUIET = Pace()
ODD = Pace(readdressed=0.05, reposted=0.05, deleted=0.05, restored=0.5, pinned=0.03, ahead=0.04)


@dataclass(slots=True)
class _Writer:
    """Writes the events of one life."""

    random: Random
    pace: Pace
    events: list[Event] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)

    def article(self, dated: datetime) -> Article:
        number = len(self.articles) + 1
        title = words.title(self.random)
        made = Article(
            number, title, words.paragraphs(self.random), dated.replace(second=0, microsecond=0),
            words.slug(title, number), self.random.choice(words.CATEGORIES),
        )  # fmt: skip
        self.articles.append(made)
        return made

    def publish(self, at: datetime) -> None:
        dated = at
        if self.chance(self.pace.ahead):
            dated = at + timedelta(days=self.random.randint(1, 20))
        article = self.article(dated)
        self.events.append(Event(at, Act.PUBLISH, article.number, article))
        self._change(at, article)

    def _change(self, at: datetime, article: Article) -> None:
        """What the council does with this article later.

        One that it posts once more is not edited: then the two would say different things. Nor does it speak of hours
        or of this week, for on another day such words are other news.
        """
        number, pace = article.number, self.pace
        if self.chance(pace.reposted) and not OF_ITS_DAY.search(article.text):
            self._repost(at + self.random.uniform(0.5, 25) * DAY, article)
            return
        is_led = True
        if self.chance(pace.readdressed):
            is_led = self._readdress(at, article)
        elif self.chance(pace.retitled):
            self.add(Event(self.later(at), Act.RETITLE, number, changes=(("title", self._corrected(article.title)),)))
        if self.chance(pace.rewritten):
            self.add(Event(self.later(at), Act.REWRITE, number, changes=(("paragraphs", self._rewritten(article)),)))
        if self.chance(pace.redated) and is_led:  # else nothing would prove that the two addresses are of one article
            dated = article.dated - timedelta(hours=self.random.randint(1, 50))
            self.add(Event(self.later(at), Act.REDATE, number, changes=(("dated", dated),)))
        if self.chance(pace.pinned):
            on, off = self.later(at), self.later(at)
            self.add(Event(min(on, off), Act.PIN, number, changes=(("is_pinned", True),)))
            self.add(Event(max(on, off) + DAY, Act.UNPIN, number, changes=(("is_pinned", False),)))
        if self.chance(pace.deleted):
            self._delete(at, number)

    def _readdress(self, at: datetime, article: Article) -> bool:
        """Correct a title of today, and with it the address, as many a CMS does by itself. Return whether the old one
        leads to the new one.

        Where the old address leads nowhere, the same instant has to prove that the two are one. What is announced ahead
        has no instant that counts, so its old address leads to the new one.
        """
        title = self._corrected(article.title)
        slug = f"{words.slug(title, article.number)}-v"
        is_led = self.chance(0.6) or article.dated > at
        changes = (("title", title), ("slug", slug), ("is_led", is_led))
        self.add(Event(at + self.random.uniform(0.1, 1) * DAY, Act.RETITLE, article.number, changes=changes))
        return is_led

    def _delete(self, at: datetime, number: int) -> None:
        gone = self.later(at)
        self.add(Event(gone, Act.DELETE, number, changes=(("is_there", False),)))
        if self.chance(self.pace.restored):
            self.add(
                Event(gone + self.random.uniform(0.1, 20) * DAY, Act.RESTORE, number, changes=(("is_there", True),))
            )

    def _repost(self, at: datetime, article: Article) -> None:
        copy = self.article(at)
        again = replace(
            article, number=copy.number, slug=f"{article.slug}-{copy.number}", dated=copy.dated, repeats=article.number
        )
        self.articles[-1] = again
        self.add(Event(at, Act.REPOST, again.number, again))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def later(self, at: datetime) -> datetime:
        """Return an instant some time after: most corrections come within hours."""
        span = self.random.choice((HOUR, 4 * HOUR, DAY, 7 * DAY, LONG_AGO))
        return at + self.random.uniform(0.05, 1.0) * span

    def add(self, event: Event) -> None:
        self.events.append(event)

    def _corrected(self, title: str) -> str:
        """Return a title with a typo mended, or a word more."""
        return self.random.choice((f"{title} (оновлено)", title.replace(" ", ", ", 1), f"Увага! {title}"))

    def _rewritten(self, article: Article) -> tuple[str, ...]:
        more = words.paragraph(self.random)
        if self.chance(0.5):
            return (*article.paragraphs, more)
        return (*article.paragraphs[:-1], more)


def days(begin: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the midnights of the council's days."""
    midnight = begin.astimezone(KYIV).replace(hour=0, minute=0, second=0, microsecond=0)
    while midnight < end:
        yield midnight
        midnight = (midnight + DAY).replace(hour=0)


def _hours(random: Random, midnight: datetime) -> list[datetime]:
    """Return when articles come on this day."""
    if midnight.weekday() >= 5:
        count = random.choice((0, 0, 0, 1))
    elif (midnight.month, midnight.day) in HOLIDAYS:
        count = 0
    else:
        count = random.choice(PER_WORKDAY)
    minutes = sorted(random.sample(range(8 * 60, 19 * 60), count))
    return [midnight + timedelta(minutes=minute) for minute in minutes]


def _silences(random: Random, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Return the times in which the council publishes nothing: some weeks of a year."""
    years = (end - begin) / timedelta(days=365)
    count = int(years * 2 + random.random())
    starts = [begin + random.random() * (end - begin) for _ in range(count)]
    return [(start, start + random.uniform(5, 25) * DAY) for start in starts]


def life(seed: int, span: weather.Span, pace: Pace = QUIET) -> tuple[Event, ...]:
    """Return a council's events, in order. Those up to the beginning are there on the first day."""
    random = Random(f"{seed}: life")
    begin, end = span.begin, span.end
    writer = _Writer(random, pace)
    for n in range(BEFORE):
        at = begin - (BEFORE - n) * timedelta(hours=17) - timedelta(minutes=random.randint(0, 59))
        article = writer.article(at)
        writer.events.append(Event(at, Act.PUBLISH, article.number, article))
    silences = _silences(random, begin, end)
    for midnight in days(begin, end):
        for at in _hours(random, midnight):
            is_silent = any(start <= at < stop for start, stop in silences)
            if at > begin and not is_silent:
                writer.publish(at)
    return in_order(writer.events)


def setup_of(seed: int) -> Setup:
    """Return how the site of this seed is set up on the first day."""
    random = Random(f"{seed}: setup")
    return Setup(
        skin=random.choice(("plain", "blog", "old")),
        dates=random.choice(("minute", "comma", "dash", "words", "day")),
        scheme=random.choice(("http", "https", "https")),
        validators=random.choice(("etag", "etag", "etag", "none")),
        page_size=random.choice((8, 10, 15)),
    )


def in_order(events: list[Event]) -> tuple[Event, ...]:
    events = [replace(event, at=event.at.astimezone(UTC)) for event in events]
    return tuple(sorted(events, key=lambda event: (event.at, event.number, event.act.value)))


class Weather(Enum):
    """How much goes wrong in a life. Each has all of those before it."""

    QUIET = 0  # articles come and are edited
    ODD = 1  # they are posted again, deleted, restored, pinned, announced ahead
    TROUBLED = 2  # the site has troubles
    CHANGING = 3  # it changes its looks, its addresses, its host
    HIJACKED = 4  # another owner has it for a while
    CLUMSY = 5  # the operator makes mistakes, and runs are killed
    RARE = 6  # what seldom happens, of every kind


def story_of(
    seed: int, years: float, most: Weather = Weather.RARE, times: float = 1.0, rarity: Rarity | None = None
) -> Story:
    """Return the whole story of a seed. ``times`` as much goes wrong in it as is usual.

    ``rarity`` is a kind to try beside less weather.
    """
    kinds = set(Rarity) if most is Weather.RARE else {rarity} if rarity else set()
    begin = begin_of(seed) if Rarity.SEASON in kinds else BEGINNING
    span = weather.Span(begin + years * timedelta(days=365), times, begin)
    setup = with_boxes(seed, setup_of(seed)) if Rarity.BOXES in kinds else setup_of(seed)
    if Rarity.NAMES in kinds:
        setup = with_names(seed, setup)
    events = list(life(seed, span, QUIET if most is Weather.QUIET else ODD))
    if Rarity.SILENCE in kinds:
        events = silent(seed, span, events)
    if Rarity.PICTURES in kinds:
        events = list(illustrated(seed, events))
    events += _weather(seed, span, setup, most)
    events += rarities(seed, span, kinds)
    if Rarity.FORMS in kinds:
        events = list(formed(seed, events))
    if Rarity.SHAPES in kinds:
        events = list(shaped(seed, events))
    every = timedelta(hours=Random(f"{seed}: cron").choice((1, 1, 2, 3)))
    return Story(seed, setup, in_order(settled(events)), span.end, every, begin)


def _weather(seed: int, span: weather.Span, setup: Setup, most: Weather) -> Iterator[Event]:
    if most.value >= Weather.TROUBLED.value:
        yield from weather.troubles(seed, span, weather.TROUBLES)
        yield from weather.long_outages(Random(f"{seed}: long outages"), span)
    if most.value >= Weather.CHANGING.value:
        yield from weather.changes(Random(f"{seed}: changes"), span, setup)
    if most.value >= Weather.HIJACKED.value:
        yield from weather.troubles(seed, span, weather.HIJACKS)
    if most.value >= Weather.CLUMSY.value:
        yield from mishaps(Random(f"{seed}: mishaps"), span)
