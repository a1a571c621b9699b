"""Dates that a site's pages hide, and its own feed or the article's address tells.

The feed is asked for once a run, where an item needs it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from feedpub import address
from feedpub.collecting.run import Run
from feedpub.content import Article, Page
from feedpub.errors import SourceError
from feedpub.html import dates, tree

DAY_IN_PATH = re.compile(r"^https?://[^/]+(?:/[^?#]*)?/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?=/[^/?#])")
MOST_AT_ONCE = 3  # entries of one instant; more are dated by when the feed was made


def dated_by_feed(run: Run, page: Page, article: Article) -> Article:
    """Return an article without a date, with the one that the site's own feed has; as it was where it has none."""
    if run.dates_in_feed is None:
        run.dates_in_feed = _dates_in_feed(run, page)
    keys = [*map(address.key, article.all_addresses), address.key(page.asked)]
    instant = next((run.dates_in_feed[key] for key in keys if key in run.dates_in_feed), None)
    if instant is None or instant > run.now + run.leeway:
        return article
    return replace(article, published=instant, doubt=None)


def dated_by_address(article: Article, zone: ZoneInfo, now: datetime) -> Article:
    """Return an article without a date, with the day in its address, such as /2026/11/09/; as it was without one."""
    match = DAY_IN_PATH.match(article.url)
    if match is None:
        return article
    year, month, day = map(int, match.groups())
    try:
        instant = datetime(year, month, day, tzinfo=zone).astimezone(UTC)
    except ValueError:  # 2026/13/40
        return article
    return replace(article, published=instant, doubt=None) if instant <= now else article


def _dates_in_feed(run: Run, page: Page) -> Mapping[str, datetime]:
    """Return what the feed that a page or a listing names says of its articles, by the keys of their addresses."""
    from feedpub.collecting.learn import own_feed  # most runs need none of it

    advertised = (_advertised_feed(each) for each in (page, run.front) if each)
    url = next(filter(None, advertised), None)
    if url is None:
        return {}
    try:
        feed = run.pages.page(url)
    except SourceError:
        return {}
    instants = {key: dates.machine(entry.date, run.council.zone) for key, entry in own_feed.entries(feed).items()}
    known = {key: instant for key, instant in instants.items() if instant}
    often = Counter(known.values())
    return {key: instant for key, instant in known.items() if often[instant] <= MOST_AT_ONCE}


def _advertised_feed(page: Page) -> str | None:
    from feedpub.collecting.learn import own_feed

    root = tree.document(page)
    return own_feed.advertised(root, tree.base_url(root, page))
