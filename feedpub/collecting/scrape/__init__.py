"""Page + Layout → links, Scraped: strings as found. Knows selectors, understands nothing.

The page is parsed once, by lxml; what goes on from here is the HTML of the
article's body alone, so that the slower tools after this one get a
twentieth of the page.
"""

from __future__ import annotations

from feedpub.collecting.scrape.article import article
from feedpub.collecting.scrape.evidence import evidence, nearest
from feedpub.collecting.scrape.listing import listing
from feedpub.collecting.scrape.refuse import require_news

__all__ = ["article", "evidence", "listing", "nearest", "require_news"]
