"""What the feeds of a source say once an operator has closed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedpub.council import Council
from feedpub.publishing.health import health

if TYPE_CHECKING:
    from feedpub.publishing.feed import Closing


def closing_of(council: Council) -> Closing | None:
    """Return when the source was closed, with the words for readers of its feeds. None: it is open."""
    at, day = council.facts.retired, health(council).closed
    if at is None or day is None:
        return None
    from feedpub.publishing.feed import Closing  # hardly any source is closed
    from feedpub.publishing.page.strings import Words

    words = Words(council.source.language)
    return Closing(at, words.closed_since.format(date=words.day(day)))
