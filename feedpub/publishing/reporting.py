"""The state → a month of a council's news in numbers, for its press officer. Nothing is written, nothing is asked.

Only the links of the month may be tried: the caller hands in how.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from feedpub import address
from feedpub.content import By, Medium, Stored
from feedpub.council import Council
from feedpub.publishing.page.report import Finding, Item, Pace, Report

TOO_LARGE = 1_000_000  # bytes of a picture
GONE = (404, 410)  # by HTTP status
NO_TIME = timedelta(0)

IsGone = Callable[[str], bool | None]  # whether a link leads nowhere; None: it could not be tried


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the council's calendar."""

    name: str  # 2025-11
    since: datetime
    until: datetime

    @classmethod
    def of(cls, council: Council, name: str) -> Month:
        year, month = map(int, name.split("-"))
        following = (year + month // 12, month % 12 + 1)
        since, until = (datetime(*first, 1, tzinfo=council.zone) for first in ((year, month), following))
        return cls(name, since, until)


def report_of(council: Council, name: str, is_gone: IsGone | None = None) -> Report:
    """Return the report on a month such as 2025-11.

    ``is_gone`` tries a link on the council's own hosts. None: only those that the state knows are found.
    """
    month = Month.of(council, name)
    items = council.state.items.dated(month.since, month.until)
    survey = _Survey(council, items, is_gone)
    weekdays = [s.date.astimezone(council.zone).weekday() for s in items]
    return Report(
        title=council.source.title,
        home=council.source.home,
        language=council.source.language,
        month=name,
        weekdays=tuple(weekdays.count(day) for day in range(7)),
        findings=tuple(survey.findings()),
        pace=_pace(council, items),
        edited=tuple(_edited(council, month)),
        moved=tuple(_moved(council, month)),
        pictures=survey.pictures,
        measured=len(survey.media),
        links=survey.tried if is_gone else None,
    )


def _named(council: Council, stored: Stored, **more: object) -> Item:
    url = stored.article.url
    shown = address.without_fragment(url) if address.is_of_row(url) else url
    day = stored.date.astimezone(council.zone).date()
    return Item(stored.article.title, shown, day, **more)  # type: ignore[arg-type]


# ------------------------------------------------------------ what could be better


@dataclass(slots=True)
class _Survey:
    """The items of a month, looked at for what could be better."""

    council: Council
    items: Sequence[Stored]
    is_gone: IsGone | None
    pictures: int = field(init=False)
    media: Mapping[str, Medium] = field(init=False)  # pictures whose size is known
    tried: int = field(default=0, init=False)  # links

    def __post_init__(self) -> None:
        pictures = dict.fromkeys(p.url for s in self.items for p in s.article.pictures)
        self.pictures = len(pictures)
        self.media = self.council.state.media.measured(pictures)

    def findings(self) -> Iterable[Finding]:
        yield self._of_items("untitled", [s for s in self.items if not s.article.title])
        yield self._of_items("undated", [s for s in self.items if s.article.published is None])
        yield self._mute()
        yield self._dead()
        yield self._heavy()

    def _of_items(self, name: str, items: Sequence[Stored]) -> Finding:
        return Finding(name, len(items), [_named(self.council, s) for s in items], len(self.items))

    def _mute(self) -> Finding:
        """Find the pictures without a description."""
        counts = {s.id: sum(not p.alt for p in s.article.pictures) for s in self.items}
        items = [_named(self.council, s, pictures=counts[s.id]) for s in self.items if counts[s.id]]
        return Finding("mute", sum(counts.values()), items, sum(len(s.article.pictures) for s in self.items))

    def _heavy(self) -> Finding:
        """Find the large pictures, the largest first. One that several items show is of the newest."""
        found: dict[str, Item] = {}
        for stored in self.items:
            for picture in stored.article.pictures:
                size = self.media[picture.url].length if picture.url in self.media else 0
                if size > TOO_LARGE:
                    found.setdefault(picture.url, _named(self.council, stored, size=size))
        items = sorted(found.values(), key=lambda item: -item.size)
        return Finding("heavy", len(items), items, len(self.media))

    def _dead(self) -> Finding:
        """Find the links to pages of the council's that are not there."""
        links = {s.id: self._own_links(s) for s in self.items}
        every = dict.fromkeys(url for urls in links.values() for url in urls)
        dead = set(filter(self._leads_nowhere, every))
        gone = {s.id: tuple(url for url in links[s.id] if url in dead) for s in self.items}
        items = [_named(self.council, s, addresses=gone[s.id]) for s in self.items if gone[s.id]]
        return Finding("dead", sum(map(len, gone.values())), items, len(every))

    def _own_links(self, stored: Stored) -> list[str]:
        """Return the links of an item to pages and files on the council's own hosts."""
        article, hosts = stored.article, self.council.own_hosts
        urls = dict.fromkeys(map(address.without_fragment, (*article.hrefs, *(f.url for f in article.files))))
        return [url for url in urls if url.startswith(("http://", "https://")) and address.site(url) in hosts]

    def _leads_nowhere(self, url: str) -> bool:
        if self.is_gone is None:
            return _is_known_gone(self.council, url)
        is_gone = self.is_gone(url)
        self.tried += is_gone is not None
        return _is_known_gone(self.council, url) if is_gone is None else is_gone


def _is_known_gone(council: Council, url: str) -> bool:
    """Whether the page was not there when a run last asked for it, or its item was withdrawn by the council."""
    visit = council.state.visits.get(url)
    if visit:
        return visit.error is not None and visit.status in GONE
    at_address = council.state.items.at([council.key_of(url)])
    return any(item.gone is not None and item.gone.by is By.COUNCIL for item in at_address)


# ------------------------------------------------------------ how fast, what was edited, what has moved


def _pace(council: Council, items: Sequence[Stored]) -> Pace | None:
    """Return how long the items took from publication to the feed.

    Those that were published before the source was first read say nothing, and neither does a date without a time.
    """
    first = council.state.items.first_seen()
    taken = [(_taken(s), s) for s in items if first and _has_time(council, s) and s.date > first]
    if not taken:
        return None
    worst, slowest = max(taken, key=lambda pair: (pair[0], pair[1].id))
    middle = median(one.total_seconds() for one, _ in taken)
    return Pace(timedelta(seconds=middle), worst, _named(council, slowest))


def _has_time(council: Council, stored: Stored) -> bool:
    published = stored.article.published
    if published is None:
        return False
    local = published.astimezone(council.zone)
    return (local.hour, local.minute) != (0, 0)


def _taken(stored: Stored) -> timedelta:
    return max(NO_TIME, stored.first_seen - stored.date)  # a council's clock may be ahead


def _edited(council: Council, month: Month) -> Iterable[Item]:
    """Yield the items that were changed in this month after they were published, the one changed most often first."""
    items = council.state.items
    for item, times in items.edits(month.since, month.until).items():
        stored = items.get(item)
        if stored:
            yield _named(council, stored, edits=times)


def _moved(council: Council, month: Month) -> Iterable[tuple[str, str]]:
    """Yield the pages of the council's that were first seen at another address in this month: old, new."""
    hosts = council.own_hosts
    for url, moved in council.state.store.hosts.moved_between(month.since, month.until).items():
        is_own = address.site(url) in hosts and address.site(moved.to) in hosts
        if is_own and address.key(url) != address.key(moved.to):
            yield url, moved.to
