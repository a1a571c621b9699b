"""A council: a source of the configuration together with what the state knows of it.

Nothing here writes. What is derived from both, its hosts, its layout and the
domain of its ids, has its one home here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from feedpub import address
from feedpub.content import Article
from feedpub.model import Layout, Source
from feedpub.store import Facts, State

LONGEST_PATH = 500  # characters of an address in an id; FreshRSS keeps 767 of the whole
MINTED = "2026"  # RFC 4151: a tag holds the date on which it was made up; this one never moves
PATIENCE = 3  # times in a row that the page of a lost item fails before it is waited for no more
FEW_LOST = 3  # items that may be missing after a lost state was rebuilt,
SHARE_LOST = 0.1  # or this share of those that were published


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
    def hosts(self) -> tuple[str, ...]:
        """The council's own hosts: today's, those that it had, and one that was accepted by hand."""
        led_to = self.facts.led_to
        hosts = configured_hosts(self.source)
        return hosts if led_to is None or led_to in hosts else (*hosts, led_to)

    def key_of(self, url: str) -> str:
        """The comparing key of an address, without the council's own host: when it moves, its articles are the same."""
        return address.local_key(url, self.hosts)

    def keys_of(self, article: Article) -> tuple[str, ...]:
        """The comparing keys of all addresses of an article, the surest first."""
        hosts = self.hosts
        return tuple(dict.fromkeys(address.local_key(u, hosts) for u in (*article.addresses, article.url)))

    # -------------------------------------------------------- layout

    @property
    def layout(self) -> Layout:
        """The layout to read pages by: each key as configured, else as learnt."""
        configured = self.source.layout or Layout()
        learnt = None if configured.is_complete else self.facts.learnt
        return configured.filled_from(learnt.layout) if learnt else configured

    @property
    def is_layout_configured(self) -> bool:
        """Whether the configuration says all that is needed, and nothing is to be learnt."""
        return self.source.layout is not None and self.source.layout.is_complete

    @property
    def is_layout_known(self) -> bool:
        """Whether there is a layout, configured or learnt."""
        return self.is_layout_configured or self.facts.learnt is not None

    # -------------------------------------------------------- ids

    @property
    def id_domain(self) -> str:
        """The domain of the source's ids: the one that they began with, else the one that they would begin with."""
        return self.facts.id_domain or first_host(self.source)

    def candidate_ids(self, article: Article) -> list[str]:
        """The ids that an article may have been given, the likeliest first."""
        paths = dict.fromkeys(address.path_key(u) or "~" for u in (*article.addresses, article.url))
        return [self._tag(path) for path in paths]

    def feed_id(self, part: str = "") -> str:
        """The id of the source's feed, or of a part of it. An item's goes on after a slash, a part's after a ``?``."""
        return self._tag("") + (f"?{part}" if part else "")

    def _tag(self, path: str) -> str:
        """A tag URI (RFC 4151) of the council's domain, the source and a page's path.

        Nothing in it can be edited (no title, no date) or reconfigured (no
        scheme, no address of ours): a lost state that is rebuilt gives the same.
        """
        if len(path) > LONGEST_PATH:
            path = hashlib.sha256(path.encode()).hexdigest()[:32]
        return f"tag:{self.id_domain},{MINTED}:{self.id}/{path}".rstrip("/")

    # -------------------------------------------------------- how it is

    @property
    def is_held(self) -> bool:
        """Whether the brake stops it: what was found is too odd to be published before somebody has looked."""
        return self.facts.brake is not None

    @property
    def is_recovering(self) -> bool:
        """Whether items of the published feeds wait to be read again, after the state was lost.

        A few whose pages fail and fail are not waited for. Without more of
        them the feeds would be cut short, until somebody accepts that.
        """
        waiting = self.state.visits.unread()
        if not waiting or self.facts.is_forgone:
            return False
        is_tried = all(v.asked and (v.error is None or v.failures >= PATIENCE) for v in waiting)
        return not is_tried or len(waiting) > max(FEW_LOST, SHARE_LOST * self.state.items.count())


def configured_hosts(source: Source) -> tuple[str, ...]:
    """The hosts that the configuration names as the council's own: today's, then those that it had, oldest first."""
    return tuple(dict.fromkeys(address.host(u) or u for u in (source.home, *source.formerly)))


def first_host(source: Source) -> str:
    """The oldest host of a source: a council may move, its items' ids may not."""
    hosts = configured_hosts(source)
    return hosts[1] if len(hosts) > 1 else hosts[0]
