"""Page + Layout → links, or an article's pieces: strings as found. Knows selectors, understands no words.

lxml parses the page once. The rooms after this one get only the HTML of the article's body, a twentieth of
the page, since their tools are slower.
"""

from __future__ import annotations

from feedpub.collecting.scrape.article import Known, read_article
from feedpub.collecting.scrape.evidence import evidence, nearest
from feedpub.collecting.scrape.further import Place
from feedpub.collecting.scrape.listing import read_listing
from feedpub.collecting.scrape.refuse import require_news

__all__ = ["Known", "Place", "evidence", "nearest", "read_article", "read_listing", "require_news"]
