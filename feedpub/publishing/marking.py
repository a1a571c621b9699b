"""A source's mark in its published folder: the revision of the state that the files come from, and what is withdrawn.

A state that somebody puts back from a backup has a smaller revision than the mark. So it is recognized, whoever put it
there. The mark names all items that were withdrawn for good. The feeds name only the last ones.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from feedpub.council import Council
from feedpub.edges import Publish
from feedpub.errors import PublishError

LARGEST = 10**12  # revision: a state that changed every second would need 30,000 years


@dataclass(frozen=True, slots=True)
class Mark:
    """What a published folder says of the state that it comes from."""

    revision: int = 0  # 0: it says nothing
    withdrawn: Mapping[str, datetime] = field(default_factory=dict)  # id of an item withdrawn for good -> when


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
        return Mark(revision, withdrawn) if 0 < revision <= LARGEST else Mark()
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return Mark()


def _instant(value: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(UTC)


def write_mark(council: Council, folder: Publish) -> None:
    """Write the mark, before the files of its revision. A mark never goes back. Raises PublishError."""
    known = read_mark(folder, council.id)
    withdrawn = {**known.withdrawn, **council.state.items.withdrawn_for_good()}
    revision = max(known.revision, council.facts.revision)
    if (revision, withdrawn) == (known.revision, known.withdrawn):
        return
    value = {"revision": revision, "withdrawn": {item: withdrawn[item].isoformat() for item in sorted(withdrawn)}}
    folder.put_mark(council.id, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())
