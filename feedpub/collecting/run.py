"""One run of one source: the source, the ways out, and the findings so far."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from feedpub import address
from feedpub.collecting.dedupe.findings import Findings, History
from feedpub.consent import code_of
from feedpub.council import Council
from feedpub.dating import CLOCKS_DIFFER
from feedpub.edges import Fetch, Track, expect, untracked
from feedpub.layout import Layout
from feedpub.model import NOTHING, Outcome, Source, Tally, Validators, Visit
from feedpub.store import State

if TYPE_CHECKING:
    from feedpub.content import NotModified, Page, Stored
    from feedpub.errors import SourceError

MOST_READ_AGAIN = 50  # pages, where a layout proves not to fit: one of the first shows it


class Pages:
    """A fetch with a memory: it does not ask again for a page that was kept for later."""

    def __init__(self, fetch: Fetch) -> None:
        self.fetch = fetch
        self._kept: dict[str, Page] = {}

    def page(self, url: str, /) -> Page:
        return self._kept.pop(url, None) or self.fetch.page(url)

    def page_if_changed(self, url: str, known: Validators, /) -> Page | NotModified:
        return self._kept.pop(url, None) or self.fetch.page_if_changed(url, known)

    def expect(self, pages: Sequence[tuple[str, Validators]]) -> None:
        wanted = [(url, validators) for url, validators in pages if url not in self._kept]
        expect(self.fetch, wanted)

    def keep_page(self, page: Page) -> None:
        """Keep a page until it is asked for again."""
        self._kept[page.asked] = page


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a backfill walks: a number of pages, or to the first page that is older than a day; else to the end."""

    pages: int | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """A page that this run has read, and its item before that."""

    visit: Visit
    page: Page
    item: Stored | None  # None: it was none yet
    read_by: str | None  # the layout that it was read by then


@dataclass(slots=True)
class Run:
    """One run of one source."""

    council: Council
    fetch: Fetch
    now: datetime
    track: Track = untracked
    accept: frozenset[str] = frozenset()  # the codes of what a person has looked at and accepts
    command: str = "run"  # with which a person accepts them

    pages: Pages = field(init=False)  # the fetch, with a memory
    findings: Findings = field(default_factory=Findings, init=False)
    counted: Tally = field(default=NOTHING, init=False)  # the findings that the state's tally has already
    history: History | None = field(default=None, init=False)  # the source before the run; None: nothing was kept yet
    named: set[str] = field(default_factory=set, init=False)  # articles that the listings name now
    first_looks: set[str] = field(default_factory=set, init=False)  # listings that nobody has read before
    first_named: set[str] = field(default_factory=set, init=False)  # those that no listing has named before
    left_out: list[str] = field(default_factory=list, init=False)  # articles in other languages, each with its reason
    is_first: bool = field(default=False, init=False)  # no item was known before
    is_after_loss: bool | None = field(default=None, init=False)  # of the state; None: not asked yet, see ``listings``
    is_site_well: bool = field(default=False, init=False)  # a listing could be read: "not there" can be believed
    is_served: bool = field(default=True, init=False)  # the server answered throughout
    is_refused: bool = field(default=False, init=False)  # the server refused a listing: nothing else is asked for
    front: Page | None = field(default=None, init=False)  # a listing's page, where this run got one
    dates_in_feed: Mapping[str, datetime] | None = field(default=None, init=False)  # None: not asked yet
    unnamed: list[Stored] | None = field(
        default=None, init=False
    )  # newest items that no listing names; None: not asked
    reach: datetime | None = field(default=None, init=False)  # items since then may be expected in the listings
    led_to: dict[str, str | None] = field(default_factory=dict, init=False)  # old addresses asked: see ``renaming``
    future_look: datetime | None = field(
        default=None, init=False
    )  # the latest instant of the state, if it is later than now
    behind: timedelta = field(default=timedelta(0), init=False)  # that this clock was found to be, and is not right yet
    leeway: timedelta = field(default=CLOCKS_DIFFER, init=False)  # of a date that lies in the future: see ``clocks``
    relearnt: list[Outcome] = field(default_factory=list, init=False)  # what is to be said of layouts: see ``fitting``
    is_in_doubt: bool = field(
        default=False, init=False
    )  # whether the layout still fits cannot be told: see ``fitting``
    spares: set[str] = field(default_factory=set, init=False)  # pages that are asked for until ``is_layout_seen``
    is_layout_seen: bool = field(default=False, init=False)  # the page of a known item shows whether the layout fits
    read: deque[Before] = field(  # the last pages that were read by the present layout
        default_factory=lambda: deque(maxlen=MOST_READ_AGAIN), init=False
    )
    misread: list[Before] = field(default_factory=list, init=False)  # and by one that has proved not to fit
    looked_at: set[str] = field(default_factory=set, init=False)  # articles that could be read, or had not changed
    answers: dict[str, Page | SourceError] = field(default_factory=dict, init=False)  # addresses asked: see ``claims``

    consented: set[str] = field(default_factory=set, init=False)  # the objections that codes have let through
    used: list[str] = field(default_factory=list, init=False)  # these codes

    _named_keys: set[str] = field(default_factory=set, init=False)
    _keys_are_of: tuple[int, tuple[str, ...]] = field(default=(0, ()), init=False)  # what named keys were made from

    def __post_init__(self) -> None:
        self.pages = Pages(self.fetch)

    @property
    def is_accepted(self) -> bool:
        """Whether a person has looked at the site. Only what the code was made of is let through."""
        return bool(self.accept)

    def is_consented(self, objection: str, named: Iterable[str]) -> bool:
        """Whether a person gave the code of this objection. It is noted, and lets nothing else through."""
        code = code_of(self.source.id, objection, named)
        if code not in self.accept:
            return False
        self.consented.add(objection)
        if code not in self.used:
            self.used.append(code)
        return True

    @property
    def named_keys(self) -> Set[str]:
        """The comparing keys of the articles that the listings name now.

        They are made again only when a listing has named more, or the council's hosts have changed.
        """
        made_of = (len(self.named), self.council.hosts)
        if made_of != self._keys_are_of:
            self._named_keys = {address.local_key(url, made_of[1]) for url in self.named}
            self._keys_are_of = made_of
        return self._named_keys

    def is_on_front(self, urls: Iterable[str]) -> bool:
        """Whether one of these addresses is on the first page of a listing that an earlier run has read."""
        named = self.council.facts.named.items()
        return any(not set(now.pages).isdisjoint(urls) for listing, now in named if listing not in self.first_looks)

    @property
    def source(self) -> Source:
        return self.council.source

    @property
    def given(self) -> Layout:
        """What a person has set of the layout."""
        return self.council.given

    @property
    def state(self) -> State:
        return self.council.state
