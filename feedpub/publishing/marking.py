"""A source's mark in its published folder: the revision of the state that the files come from, and what is withdrawn.

A state that somebody puts back from a backup has a smaller revision than the mark. So it is recognized, whoever put it
there. The mark names all items that were withdrawn for good, and all that the council took down. The feeds name only
the last ones, and not who withdrew them.

It also remembers which items the archive had when all of it was last written. So an item that is lost is missed, by
the next command and by `feedpub check`, though nothing else in the folder or in the state speaks of it any more.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from feedpub.council import Council
from feedpub.edges import Publish
from feedpub.errors import Overtaken, PublishError

SIGN = 8  # hexadecimal digits: of 10,000 items, one that is lost looks like another once in 400,000 times
SIGNS = re.compile(f"(?:[0-9a-f]{{{SIGN}}})*")
LARGEST = 10**12  # revision: a state that changed every second would need 30,000 years


@dataclass(frozen=True, slots=True)
class Mark:
    """What a published folder says of the state that it comes from."""

    revision: int = 0  # 0: it says nothing
    withdrawn: Mapping[str, datetime] = field(default_factory=dict)  # id of an item withdrawn for good -> when
    items: str = ""  # signs of those that the archive has, one after the other; taken apart only when asked for
    known: int = 0  # number of all ids that were ever given; it never falls
    taken_down: Sequence[Mapping[str, object]] = ()  # rows of a ledger: what the council may put back, without words

    @property
    def is_there(self) -> bool:
        """Whether there is one. If not, nobody knows whether the withdrawn items of a feed were withdrawn for good."""
        return self.revision > 0

    def missing(self, ids: Iterable[str]) -> frozenset[str]:
        """Return the signs of items that the archive had and that are not among these."""
        return self.signs() - frozenset(map(sign_of, ids))

    def signs(self) -> frozenset[str]:
        return frozenset(self.items[n : n + SIGN] for n in range(0, len(self.items), SIGN))


def sign_of(item: str) -> str:
    """Return a short sign of an item's id. It is enough to tell whether an item is among others."""
    return hashlib.sha256(item.encode()).hexdigest()[:SIGN]


def read_mark(folder: Publish, source: str) -> Mark:
    """Return the mark of a source. One that is missing or broken says nothing, and its revision is 0."""
    try:
        data = folder.read_mark(source)
    except PublishError:
        return Mark()
    if data is None:
        return Mark()
    try:
        value = json.loads(data)
        withdrawn = {str(item): _instant(when) for item, when in value["withdrawn"].items()}
        revision = int(value["revision"])
        items, known = str(value.get("items", "")), int(value.get("known", 0))
        taken_down = list(value.get("taken_down", ()))
        is_whole = 0 < revision <= LARGEST and 0 <= known <= LARGEST and SIGNS.fullmatch(items)
        return Mark(revision, withdrawn, items, known, taken_down) if is_whole else Mark()
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return Mark()


def _instant(value: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(UTC)


def write_mark(council: Council, folder: Publish, items: Iterable[str] | None = None) -> None:
    """Write the mark, before the files of its revision. A mark never goes back. Raises PublishError.

    ``items`` are those that the archive has now; None: as before. Raises Overtaken where a run on another state has
    put one since this state did.
    """
    known = read_mark(folder, council.id)
    if folder.is_foreign(council.id):
        raise Overtaken(
            f"{folder.address(council.id)}: what is published there comes from another state (revision"
            f" {known.revision}, this one has {council.facts.revision}); nothing was written, and the next run brings"
            " this state up"
        )
    from feedpub.store.ledger import row_of  # a quiet run has none

    state = council.state
    withdrawn = {**known.withdrawn, **state.withdrawn.for_good()}
    revision = max(known.revision, council.facts.revision)
    signs = known.items if items is None else "".join(sorted(map(sign_of, items)))
    mark = Mark(revision, withdrawn, signs, state.items.count_ever(), list(map(row_of, state.withdrawn.by_council())))
    if mark == known:
        return
    value = {
        "revision": revision,
        "withdrawn": {item: withdrawn[item].isoformat() for item in sorted(withdrawn)},
        "items": signs,
        "known": mark.known,
        "taken_down": mark.taken_down,
    }
    folder.put_mark(council.id, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())
