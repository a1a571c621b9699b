"""The page of a topic or a category: its newest items, and how to subscribe to it alone.

It is made from its items and from what all of its source's files have in common. So it is written again with its feed,
and not when there is other news. Small copies of pictures come after the news, so it has none: they are on the pages of
the source and of its items.
"""

from __future__ import annotations

from feedpub.content import Feed
from feedpub.kinds import Part, feeds_in
from feedpub.publishing.page import Council, article, fill, month_of
from feedpub.publishing.page.subscribing import ways_to

WHOLE = 25  # items with their beginning; of the others in the feed, the titles
UP = "../../"  # the way to the source's folder


def topic_page(council: Council, label: str, feed: Feed) -> bytes:
    """Return the page of a feed of some of a source's items; ``label`` is its name among the others."""
    values = {
        "label": label,
        "feed": feed,
        "up": UP,
        "entries": feed.entries[:WHOLE],
        "more": feed.entries[WHOLE:],
        "article": lambda entry: article(council, entry, UP),
        "earlier": month_of(feed.entries[-1], council.zone) if feed.entries else None,
        "without_pictures": f"{UP}text/{feed.base_url.removeprefix(council.folder)}",
        "ways": ways_to(feed.base_url),
        "feeds": feeds_in(Part.COLLECTION),
    }
    return fill("topic.html", council, values)
