"""Who a source is: the domain of its ids, the hosts that are its own, where it has moved."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from feedpub import address
from feedpub.collecting import dedupe
from feedpub.errors import Held
from feedpub.model import Source
from feedpub.store import Store

REREAD = 50  # articles that are read again, once, when the site has moved, or somebody has mended the layout

FEW_LOST = (3, 0.1)  # items, and a share of those published before the state was lost, may be missing


def authority(source: Source, store: Store) -> str:
    """The domain of the source's ids: the one they began with."""
    known = store.authority(source.id)
    if known is None:
        known = dedupe.authority(source)
        store.put_authority(source.id, known)
    return known


def at_home(source: Source, store: Store) -> Source:
    """The source with every host that is its own, also the one that was accepted as such by hand."""
    led_to = store.led_to(source.id)
    if led_to is None or led_to in dedupe.hosts(source):
        return source
    authority(source, store)
    return replace(source, formerly=(*source.formerly, led_to))


def settle(source: Source, store: Store, *, is_accepted: bool) -> None:
    """Follows a council that has moved, as its ``home`` and ``formerly`` say it has.

    Raises Held where another site stands in the configuration, and nothing
    says that it is the same council's.
    """
    origin = address.origin(source.home)
    known = store.origin(source.id)
    if known == origin:
        return
    if known is not None and store.has_items(source.id):
        old = address.host(known)
        if old != address.host(origin) and old not in dedupe.hosts(source) and not is_accepted:
            raise Held(
                source.home,
                f"what is known comes from {old}; if the council has moved from there, say formerly = [{old!r}] in its"
                " [[source]]; if this is another council, give it another id",
            )
        with store.transaction():
            for at_old in _origins(known, origin):
                store.move(source.id, at_old, origin)
            store.forget_reading(source.id, REREAD)
            store.put_origin(source.id, origin)
    else:
        store.put_origin(source.id, origin)


def _origins(known: str, origin: str) -> list[str]:
    """Under which origins the addresses of a site that has moved may be kept: on its old host, however spelt."""
    if address.host(known) == address.host(origin):
        return [known]  # the scheme alone
    host = known.partition("://")[2].removeprefix("www.")
    return [f"{scheme}://{www}{host}" for scheme, www in product(("http", "https"), ("", "www."))]


def is_recovering(source: Source, store: Store) -> bool:
    """Whether items that stand in the published feeds wait to be read again.

    A few whose pages fail and fail are not waited for; of more, the feeds
    would be cut short. Somebody who accepts that may say so.
    """
    waiting = store.unread(source.id)
    if not waiting or store.forgone(source.id):
        return False
    is_tried = all(v.asked and (v.error is None or v.failures >= dedupe.PATIENCE) for v in waiting)
    return not is_tried or len(waiting) > max(FEW_LOST[0], FEW_LOST[1] * store.count(source.id))
