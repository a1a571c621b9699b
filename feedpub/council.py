"""A council: a configured source together with its part of the state.

Nothing here writes. Its hosts, its layout and the domain of its ids are derived from both, and only here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from feedpub import address
from feedpub.consent import LOSS, code_of
from feedpub.content import Article
from feedpub.layout import Layout
from feedpub.model import Source, Visit
from feedpub.store import Facts, State

LONGEST_PATH = 500  # characters of an address in an id; FreshRSS keeps 767 of the whole
MINTED = "2026"  # RFC 4151: a tag holds the date on which it was made up; this one never moves
PATIENCE = 3  # failures in a row after which the page of a lost item is not waited for any more
FEW_LOST = 3  # items that may be missing after a lost state was rebuilt,
SHARE_LOST = 0.1  # or this share of those that were published
FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Council:
    """One source, and its view of the state."""

    source: Source
    state: State

    @property
    def id(self) -> str:
        return self.source.id

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.source.timezone)

    @property
    def facts(self) -> Facts:
        return self.state.facts

    # -------------------------------------------------------- hosts and addresses

    @property
    def own_hosts(self) -> tuple[str, ...]:
        """All hosts that are the council's own, each with an unusual port: its site's, its listings', further ones."""
        return (*self.hosts, *own_hosts(self.source))

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts of the council's site: today's, its former ones, and one that was accepted by hand.

        They are one site: an article has the same path on each.
        """
        led_to = self.facts.led_to
        hosts = configured_hosts(self.source)
        if led_to is None or led_to in hosts:
            return hosts
        return (*hosts, led_to)

    def key_of(self, url: str) -> str:
        """Return the comparing key of an address, without the council's own host: articles survive a move."""
        return address.local_key(url, self.hosts)

    def keys_of(self, article: Article) -> tuple[str, ...]:
        """Return the comparing keys of all addresses of an article, the surest first."""
        hosts = self.hosts
        keys = (address.local_key(url, hosts) for url in article.all_addresses)
        return tuple(dict.fromkeys(keys))

    # -------------------------------------------------------- layout

    @property
    def given(self) -> Layout:
        """What a person has set of the layout."""
        return self.source.layout or Layout()

    @property
    def layout(self) -> Layout:
        """The layout to read pages by: each key as configured, else as learnt."""
        learnt = None if self.given.is_complete else self.facts.learnt
        return _filled(self.given, learnt.layout) if learnt else self.given

    @property
    def is_layout_configured(self) -> bool:
        """Whether the configured layout is complete, so that nothing is to be learnt."""
        return self.source.layout is not None and self.source.layout.is_complete

    @property
    def is_layout_known(self) -> bool:
        """Whether there is a layout, configured or learnt."""
        return self.is_layout_configured or self.facts.learnt is not None

    # -------------------------------------------------------- ids

    @property
    def name_in_ids(self) -> str:
        """The source's id in the ids of its items: the first one that it had."""
        former = self.facts.former_ids
        return former[0] if former else self.id

    @property
    def left(self) -> tuple[str, ...]:
        """The ids under which it was published and is no more."""
        return tuple(one for one in self.facts.former_ids if one != self.id)

    @property
    def id_domain(self) -> str:
        """The domain of the source's ids: the one of its first id, or the one that this would have."""
        return self.facts.id_domain or first_host(self.source)

    def candidate_ids(self, article: Article) -> list[str]:
        """Return the ids that an article may have been given, the likeliest first."""
        return list(dict.fromkeys(map(self.id_at, article.all_addresses)))

    def id_at(self, url: str) -> str:
        """Return the id that the first item at an address is given."""
        return self._tag(address.path_key(url) or "~")

    def feed_id(self, part: str = "") -> str:
        """Return the id of the source's feed, or of a part of it. Items go on after a slash, parts after ``?``."""
        feed = self._tag("")
        return f"{feed}?{part}" if part else feed

    def _tag(self, path: str) -> str:
        """Return a tag URI (RFC 4151) of the council's domain, the source and a page's path.

        Nothing in it can be edited (no title, no date) or reconfigured (no scheme, no address of ours). So a rebuilt
        state gives the same ids.
        """
        if len(path) > LONGEST_PATH:
            path = hashlib.sha256(path.encode()).hexdigest()[:32]
        return f"tag:{self.id_domain},{MINTED}:{self.name_in_ids}/{path}".rstrip("/")

    # -------------------------------------------------------- how it is

    @property
    def is_held(self) -> bool:
        """Whether the brake stops it: its news are too odd to be published before a person has looked."""
        return self.facts.brake is not None

    @property
    def lost(self) -> list[str]:
        """The addresses of items of the published feeds that wait to be read again, after the state was lost."""
        return [visit.url for visit in self.state.visits.unread()]

    @property
    def is_unreached(self) -> bool:
        """Whether no listing could be read the last time that it was asked for."""
        visits = [self.state.visits.get(url) for url in self.source.listings]
        return all(visit is None or visit.asked is None or visit.error is not None for visit in visits)

    @property
    def is_recovering(self) -> bool:
        """Whether items of the published feeds wait to be read again, after the state was lost.

        A few items whose pages keep failing while others are read are not waited for. Without more of them the feeds
        would be cut short, and a person has to accept that first.
        """
        waiting = self.state.visits.unread()
        if not waiting or self.facts.is_forgone:
            return False
        may_be_lost = max(FEW_LOST, SHARE_LOST * self.state.items.count())
        visits = self.state.visits
        last_read = visits.last_read()
        others_read = last_read.asked if last_read else None
        if others_read is None and visits.to_read_anew() is None:
            others_read = FOR_EVER  # there are no others
        return len(waiting) > may_be_lost or not all(_is_tried(visit, others_read) for visit in waiting)

    @property
    def loss_code(self) -> str | None:
        """The code by which a person goes on without the lost items that cannot be read again; None: none is wanted.

        While the site cannot be read, nobody knows which these are.
        """
        return code_of(self.id, LOSS, self.lost) if self.is_recovering and not self.is_unreached else None


def _is_tried(visit: Visit, others_read: datetime | None) -> bool:
    """Whether a page was asked for, and often enough if it failed: the last time while the site's others were read.

    ``others_read`` is when the last of them was; None: none was, or all are to be read anew.
    """
    if visit.asked is None:
        return False
    is_site_read = others_read is not None and others_read >= visit.asked
    return visit.error is None or (visit.failures >= PATIENCE and is_site_read)


def configured_hosts(source: Source) -> tuple[str, ...]:
    """Return the hosts that the configuration names for the site: today's, then former ones, oldest first."""
    hosts = (address.site(url) or url for url in (source.home, *source.formerly))
    return tuple(dict.fromkeys(hosts))


def own_hosts(source: Source) -> tuple[str, ...]:
    """Return all hosts that the configuration names as the council's own."""
    listings = map(address.site, source.listings)
    return tuple(dict.fromkeys((*configured_hosts(source), *source.hosts, *listings)))


def first_host(source: Source) -> str:
    """Return the oldest host of a source. A council may move, but its items' ids must not."""
    hosts = list(dict.fromkeys(map(address.without_port, configured_hosts(source))))
    return hosts[1] if len(hosts) > 1 else hosts[0]


@lru_cache(maxsize=64)
def _filled(given: Layout, learnt: Layout) -> Layout:
    """Return the one layout, filled from the other. It is asked for with each date of a listing."""
    return given.filled_from(learnt)
