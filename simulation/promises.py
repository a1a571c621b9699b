"""What feedpub promises, asked of a life after each run. Each broken promise names the article that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from itertools import pairwise, product

from feedpub.kinds import kind_of
from feedpub.publishing.check import check, together
from simulation.council import Act, Article, Event, Kind, address_of
from simulation.expectations import Expectations
from simulation.published import TWINS, Item, Published
from simulation.skins import TO_A_DAY
from simulation.topics import Topics
from simulation.truth import is_dated_as, is_of, is_stand_in, shown, since_then, versions_of
from simulation.world import DELAY, Ran, World

LOSS_IS_FELT = timedelta(days=4)
LOSSES = (Act.PUT_BACK, Act.LOSE_STATE)
NUMBER = re.compile(r"\d+")
DAY = timedelta(days=1)
REQUESTS_A_RUN = 120  # of a run in a calm time, the first one apart
SHARED = "has the link of"
GIVEN_AWAY = timedelta(days=7)  # two days, and until the article there is looked at
LEADS_NOWHERE = "and nothing is there"
FULL = re.compile("full|No space left")  # a disk that takes nothing keeps no memory of what was said
PATIENCE_WITH_WORDS = 3  # times that one message may be said within a day


class Promise(Enum):
    """A promise, in the words of a reader or an operator."""

    VALID = "every file is whole and valid"
    LASTING_ID = "an item's id never changes, and no other item gets it"
    COMPLETE = "every article of the council is in a feed in time"
    CURRENT = "an edit is published in time"
    WITHDRAWN = "what the council took down is withdrawn in time"
    TRUE = "no item, title or word is published that the council did not publish"
    DATED = "every item has the date that the council gave it"
    STILL = "a date of publication never moves, and that of a change only with the words"
    NEWEST = "the feed has the newest items, as many as are configured"
    TOPICS = "the feed of a topic has the newest items that speak of it, and no others"
    LINKED = "every item leads to the council's page near its beginning"
    POLITE = "the council's server is asked one thing at a time, with pauses, and not too often"
    QUIET = "the operator hears of trouble, of each in few words, and of nothing else"
    ONCE = "no reader is shown an item as new twice"
    SAVED = "the state and its copy are whole"
    RUNNING = "no run ends with a bug"


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that was broken."""

    promise: Promise
    at: datetime
    what: str
    number: int = 0  # of the article; 0: it is about none

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}Z {self.promise.value}: {self.what}"


@dataclass(slots=True)
class Judge:
    """Compares what is published with the truth, and remembers what it has seen."""

    world: World
    published: Published
    expectations: Expectations
    ids: dict[int, set[str]] = field(default_factory=dict)  # number of an article -> ids
    numbers: dict[str, int] = field(default_factory=dict)  # the other way round
    seen: dict[str, Item] = field(default_factory=dict)  # as last judged
    addresses: dict[str, set[int]] = field(default_factory=dict)  # every address that articles had -> their numbers
    apart: set[int] = field(default_factory=set)  # reposts that are items of their own: see ``_first``
    said: list[tuple[datetime, str]] = field(default_factory=list)  # of the last day
    topics: Topics = field(init=False)
    _is_cut: bool = False  # the last run ended in the middle
    _known: int = -1  # the truth when its addresses were last noted

    def __post_init__(self) -> None:
        self.topics = Topics(self.world)

    def judge(self, ran: Ran, events: Iterable[Event]) -> Iterator[Broken]:
        """Yield the promises that this run has broken. ``events`` are those since the run before."""
        now = self.world.clock.now
        for event in events:
            self.expectations.note(event, self.world.council)
        if ran.code == 0 and ran.asked:
            self.expectations.look(self.world.council, now)
        yield from (Broken(Promise.POLITE, now, what) for what in self._impolite(ran))
        yield from (Broken(Promise.QUIET, now, what) for what in self._too_loud(ran))
        changed, gone = self.published.look()
        if changed or gone:
            self._note_addresses()
            yield from (
                Broken(Promise.VALID, now, what) for what in invalid(self.world, changed) if self.is_amiss(what)
            )
            yield from self._untrue()
        has_ended = not ran.is_cut and bool(ran.asked or changed or gone)  # a code for nothing starts no run
        if has_ended and (changed or gone or self._is_cut):
            yield from self._not_newest(is_new=bool(changed or gone))
            wrong = self.topics.wrong(self.seen.values(), is_calm=self.expectations.is_calm(now))
            yield from (Broken(Promise.TOPICS, now, what) for what in wrong)
        self._is_cut = ran.is_cut or (self._is_cut and not has_ended)
        yield from self._late()

    # ------------------------------------------------------------ files

    def _untrue(self) -> Iterator[Broken]:
        """Compare the items that have changed with the truth."""
        items = self.published.items
        for item in items.values():
            if self.seen.get(item.id) != item:
                yield from self._of_item(item)
        for lost in self.seen.keys() - items.keys():
            yield from self._lost(lost)
        self.seen = items

    def _lost(self, item: str) -> Iterator[Broken]:
        """An item has left the published files. Its article must have been taken down, or have come back just now."""
        now, number = self.world.clock.now, self.numbers.get(item, 0)
        versions = versions_of(self.world.council, number) if number else []
        was_gone = any(not one.article.is_there and now - one.since < LOSS_IS_FELT for one in versions)
        article = self.world.council.articles.get(number)
        if article and article.is_there and not was_gone and not self._is_missing_after_a_loss(number):
            yield Broken(Promise.COMPLETE, now, f"{item} «{article.title}» is published no more", number)

    def _is_missing_after_a_loss(self, number: int) -> bool:
        """Whether an article's page is missing for a while, and its text was lost: the feeds go on without it."""
        missing = [one.number for one in self.world.council.trouble(self.world.clock.now) if one.kind is Kind.GAP]
        return self._has_happened(*LOSSES) and number in missing

    def _has_happened(self, *acts: Act) -> bool:
        """Whether one of these was so lately that it is still felt."""
        now = self.world.clock.now
        return any(one.act in acts and now - one.at < LOSS_IS_FELT for one in self.world.happened)

    def _not_newest(self, *, is_new: bool) -> Iterator[Broken]:
        """Compare the feed with the archive. After a loss, or with a wrong clock, feeds may stay as they are.

        While a source is stopped they are not ``is_new``, and so not as long as is configured since.
        """
        now, items = self.world.clock.now, self.seen.values()
        if self._has_happened(*LOSSES, Act.CLOCK) and not self.expectations.is_calm(now):
            return
        most = self.world.settings.publish.items
        oldest = min((item.published for item in self.published.feed if item.published), default=None)
        feed = {item.id for item in self.published.feed}
        missing = [
            item.id for item in items if item.id not in feed and oldest and item.published and item.published > oldest
        ]
        if missing or (is_new and len(feed) < min(most, len(items))):
            what = f"it has {len(feed)} items, and not {missing[:3]}; the archive has {len(items)}"
            yield Broken(Promise.NEWEST, now, what)

    def _moved(self, item: Item, before: Item, number: int) -> Iterator[Broken]:
        now = self.world.clock.now
        if max(filter(None, (before.published, before.modified)), default=now) > now:
            return  # by a clock that was ahead: when it is right again, such dates become today's
        if item.published != before.published:
            what = f"{item.id} was published {before.published} and now {item.published}"
            yield Broken(Promise.STILL, now, what, number)
        if shown(item) == shown(before) and item.modified != before.modified:
            what = f"{item.id} was changed {before.modified} and now {item.modified}, with the same words"
            yield Broken(Promise.STILL, now, what, number)

    def _of_item(self, item: Item) -> Iterator[Broken]:
        now, council = self.world.clock.now, self.world.council
        number = self._number_of(item)
        if number is None:
            yield Broken(Promise.TRUE, now, f"{item.id} «{item.title}» leads to {item.url}, where no article ever was")
            return
        article = council.articles[number]
        first = self._first(article, item)
        ids = self.ids.setdefault(first, set())
        ids.add(item.id)
        if len(ids) > 1:
            yield Broken(Promise.LASTING_ID, now, f"article {first} has the ids {sorted(ids)}", first)
        if self.numbers.setdefault(item.id, first) != first:
            what = f"{item.id} was article {self.numbers[item.id]}, and is article {first} now"
            yield Broken(Promise.LASTING_ID, now, what, first)
        versions = versions_of(council, first)
        is_excused = not self.expectations.is_calm(now) and any(is_stand_in(item, v.article) for v in versions)
        if not is_excused and not any(is_of(item, version.article) for version in versions):
            what = f"{item.id} has a title and a text that the article never had together: «{item.title}»"
            yield Broken(Promise.TRUE, now, what, first)
        is_to_a_day = any(setup.dates in TO_A_DAY for setup in council.setups())
        is_known = any(is_dated_as(item, version, is_to_a_day=is_to_a_day) for version in versions)
        if not is_known:
            dates = sorted({f"{version.article.dated:%Y-%m-%d %H:%M%z}" for version in versions})
            yield Broken(
                Promise.DATED, now, f"{item.id} is dated {item.published}, and the council says {dates}", first
            )
        before = self.seen.get(item.id)
        if before and not any(is_stand_in(before, v.article) for v in versions):
            yield from self._moved(item, before, first)
        if item.link_to_source != item.url:
            yield Broken(Promise.LINKED, now, f"{item.id} leads to {item.link_to_source}, not to {item.url}", first)

    def _number_of(self, item: Item) -> int | None:
        """Return the article that an item is: of those that had its address, the one of its id or of its title."""
        numbers = self.addresses.get(item.url, set())
        known = self.numbers.get(item.id)
        if known in numbers:
            return known
        history = self.world.council.history
        titled = [n for n in numbers if any(version.article.title == item.title for version in history[n])]
        return max(titled or numbers, default=None)

    def _first(self, article: Article, item: Item) -> int:
        """Return the number of the article that this one repeats, or its own.

        After a lost state the words of an item are unknown until its page is read again, and a few pages that fail are
        not waited for. A repost that comes meanwhile is news: docs/decisions.md has that, and so it is no fault here.
        """
        first = article.repeats
        if first is None or article.number in self.apart:
            return article.number
        is_other = bool(self.ids.get(first)) and item.id not in self.ids[first]
        if is_other and self.world.clock.now - self.world.lost < LOSS_IS_FELT:
            self.apart.add(article.number)
            return article.number
        return first

    def _note_addresses(self) -> None:
        council = self.world.council
        known = council.revision
        if known != self._known:
            self._known = known
            homes = {(setup.scheme, setup.host): setup for setup in council.setups()}
            paths = sorted({setup.path for setup in council.setups()})  # a new host keeps the old ones
            setups = [replace(home, path=path) for home, path in product(homes.values(), paths)]
            for number, versions in council.history.items():
                slugs = {version.article.slug: version.article for version in versions}
                for setup, one in product(setups, slugs.values()):
                    self.addresses.setdefault(address_of(setup, one), set()).add(number)

    # ------------------------------------------------------------ in time

    def _late(self) -> Iterator[Broken]:
        now, council = self.world.clock.now, self.world.council
        by_number = {self.numbers[item.id]: item for item in self.seen.values() if item.id in self.numbers}
        for expected in self.expectations.due(now):
            article = council.articles.get(expected.number)
            if article is None or article.repeats or article.is_there != expected.is_there:
                continue  # what came of it later is expected by itself
            item = by_number.get(article.number)
            since = f"since {expected.since:%Y-%m-%d %H:%M}Z"
            if not article.is_there:
                if item and not self._is_given_away(article):
                    yield Broken(Promise.WITHDRAWN, now, f"{item.id} is still published, gone {since}", article.number)
            elif item is None and (expected.is_in_sight or article.number in self.ids):
                what = f"article {article.number} «{article.title}» is in no feed, there {since}"
                yield Broken(Promise.COMPLETE, now, what, article.number)
            elif item and not any(is_of(item, one) for one in since_then(council, article.number, expected.since)):
                yield Broken(Promise.CURRENT, now, f"{item.id} is not as it is {since}: «{item.title}»", article.number)

    def _is_given_away(self, article: Article) -> bool:
        """Whether another article has its address, for too short a time to withdraw what was there before."""
        council, now = self.world.council, self.world.clock.now
        others = [one for one in council.articles.values() if one.slug == article.slug and one.is_there]
        return any(now - council.history[one.number][0].since < GIVEN_AWAY for one in others)

    def is_amiss(self, problem: str) -> bool:
        """Whether a problem with a file is one that nobody has decided to leave.

        One address had two articles. Or the only items of a month cannot be read again after a loss, and their pages
        stay without it until they are withdrawn, for which a person may have to give a code.
        """
        if LEADS_NOWHERE in problem and self.world.lost > self.world.begin:
            return "/item/" not in problem or "/archive/" not in problem
        return SHARED not in problem or all(len(numbers) < 2 for numbers in self.addresses.values())

    # ------------------------------------------------------------ manners

    def _impolite(self, ran: Ran) -> Iterator[str]:
        for before, after in pairwise(ran.asked):
            pause = (after.begun - before.ended).total_seconds()
            if before.request.host == after.request.host and pause < self._delay(ran) - 1e-6:
                yield f"{after.request.url} was asked for {pause:g} s after {before.request.url}"
        if len(ran.asked) > REQUESTS_A_RUN and self.expectations.is_calm(self.world.clock.now):
            yield f"{len(ran.asked)} requests in one run"

    def _delay(self, ran: Ran) -> float:
        """Return the pause that is due. What robots.txt asks for counts a day later, when it is read again.

        In trouble it may not be read, or an older state may know an older one.
        """
        council = self.world.council
        is_calm = self.expectations.is_calm(ran.begun)
        setups = council.setups_since(ran.begun - 2 * DAY) if is_calm else council.setups()
        asked = {setup.crawl_delay for setup in setups}
        return max(DELAY, min(asked))

    def _is_to_be_said(self, line: str) -> bool:
        """Whether a message is right though nothing is wrong at the site: of silences, and of dates ahead."""
        if "no news since" in line or "well again" in line:
            return True
        self._note_addresses()
        ahead = [
            numbers for url, numbers in self.addresses.items() if f"{url}:" in line and "lies in the future" in line
        ]
        versions = [one for number in set().union(*ahead) for one in versions_of(self.world.council, number)]
        return any(version.article.dated > version.since for version in versions)

    def _too_loud(self, ran: Ran) -> Iterator[str]:
        now = self.world.clock.now
        self.said = [(at, line) for at, line in self.said if now - at < DAY]
        for line in ran.lines:
            if self.expectations.is_calm(now) and not self._is_to_be_said(line):
                yield f"all is well, and it says: {line}"
            self.said.append((now, NUMBER.sub("0", line)))  # «for 3 hours» and «for 4 hours» are one message
            times = sum(other == self.said[-1][1] for _, other in self.said)
            if times > PATIENCE_WITH_WORDS and not FULL.search(line):
                yield f"{times} times in a day it says: {line}"


def invalid(world: World, names: Iterable[str]) -> Iterator[str]:
    """Yield what `feedpub check` finds in these files, one by one.

    What is right lies in the future of a clock that is behind, and nobody who looks at a clock ahead can know better.
    """
    now = max(world.clock.now, world.clock.shown())
    for name in sorted(names):
        path = world.public / name
        if not name.endswith(TWINS) and path.exists():
            problems = check(path.read_bytes(), kind_of(name), now=now)
            yield from (f"{name}: {problem}" for problem in problems)


def invalid_together(published: Published) -> Iterator[str]:
    """Yield what is wrong between the files of the folder."""
    yield from (f"{name}: {problem}" for name, problem in together(published.files()))
