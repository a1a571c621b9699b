"""Feeds by topic and by category, beside the items that belong in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from simulation.published import Item
from simulation.readers import read_atom
from simulation.world import SOURCE, TOPIC, TOPIC_WORDS, World

SPEAKS = re.compile("|".join(rf"\b{word.removesuffix('*')}" for word in TOPIC_WORDS), re.IGNORECASE)


class Topics:
    """Compares the feeds by topic of a life with its archive."""

    def __init__(self, world: World) -> None:
        self.world = world

    def wrong(self, items: Iterable[Item], *, is_calm: bool) -> Iterator[str]:
        """Yield what is wrong in these feeds. ``items`` are all that are published.

        A topic may wait while runs are stopped, so it has to be there where all is calm.
        """
        if not self.world.wants.has_topics:
            return
        path = self.world.public / SOURCE / "feed" / TOPIC / "atom.xml"
        if not path.exists():
            if is_calm:
                yield f"{TOPIC} has no feed"
            return
        yield from self._compared(path, [item for item in items if is_of_topic(item)])

    def _compared(self, path: Path, items: list[Item]) -> Iterator[str]:
        listed = [entry.id for entry in read_atom(path.read_bytes())]
        ids = {item.id for item in items}
        if not ids.issuperset(listed):
            yield f"{TOPIC} has items that do not speak of it: {sorted(set(listed) - ids)[:3]}"
        dates = {item.id: item.published for item in items if item.published}
        oldest = min((dates[one] for one in listed if one in dates), default=None)
        missing = [one for one in ids - set(listed) if oldest and one in dates and dates[one] > oldest]
        if missing or len(listed) < min(len(ids), self.world.settings.publish.items):
            yield f"{TOPIC} has {len(listed)} of {len(ids)} items, and not {sorted(ids - set(listed))[:3]}"


def is_of_topic(item: Item) -> bool:
    """Whether a title or a text has one of the topic's words, in any form."""
    return any(SPEAKS.search(text) for text in (item.title, *item.paragraphs))
