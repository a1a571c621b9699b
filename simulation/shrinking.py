"""A story that breaks a promise → a shorter one that still does: events are left out while the promise stays broken.

This is delta debugging (Zeller and Hildebrandt, 2002) over the list of events. No event depends on another, so any may
be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from simulation.council import Event, Story
from simulation.promises import Broken

AFTER = timedelta(hours=1)  # of the broken promise: so long a shortened life goes on
TRIES = 80  # lives, at most

Breaks = Callable[[Story], Broken | None]  # lives a story until a promise is broken


@dataclass(slots=True)
class _Trial:
    """Tries stories, as long as there are tries left."""

    breaks: Breaks
    broken: Broken
    left: int = TRIES

    def fails(self, story: Story) -> bool:
        """Whether a story breaks the same promise, about the same article. Without tries left, it does not."""
        if self.left == 0:
            return False
        self.left -= 1
        other = self.breaks(story)
        wanted = (self.broken.promise, self.broken.number)
        return other is not None and (other.promise, other.number) == wanted


def shrunk(story: Story, broken: Broken, breaks: Breaks, tries: int = TRIES) -> Story:
    """Return the shortest story found that breaks the promise as well. What was there on the first day stays."""
    trial = _Trial(breaks, broken, tries)
    first = [event for event in story.events if event.at <= story.begin]
    events = [event for event in story.events if story.begin < event.at <= broken.at]
    story = replace(story, end=broken.at + AFTER)

    def told(some: Sequence[Event]) -> Story:
        return replace(story, events=(*first, *some))

    parts = 2
    while len(events) > 1 and trial.left:
        size = -(-len(events) // parts)
        for start in range(0, len(events), size):
            rest = events[:start] + events[start + size :]
            if trial.fails(told(rest)):
                events, parts = rest, max(2, parts - 1)
                break
        else:
            if size == 1:
                break
            parts = min(len(events), 2 * parts)
    return told(events)
