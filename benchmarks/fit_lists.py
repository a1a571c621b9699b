"""Fit the weights of ``GROUP_SIGNS`` on real listings, and say how they do on sites that they were not fitted on.

    python -m benchmarks.fit_lists FOLDER

FOLDER has lists.json, which names pages with their truth, and the pages under captures/lists:

    {key: [file, address of the page, selector of the links to the news, ...]}

Each group of boxes on a page is labelled by the F1 of its links against the true ones. The model is a choice among the
groups of a page, by the sum of their signs; it is fitted on all sites but one, and judged on that one. Printed: the F1
of the group that is chosen, by the table and by weights that did not see the site, a line a page; then the weights
fitted on all pages.

Needs the extra ``fit``.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.choice import Case, report
from feedpub import address
from feedpub.collecting.fetch import decode
from feedpub.collecting.learn.groups import ranked
from feedpub.collecting.learn.languages import site_languages
from feedpub.collecting.learn.records import Group
from feedpub.collecting.learn.scoring import GROUP_SIGNS, traits_of
from feedpub.collecting.learn.survey import take_survey
from feedpub.content import Page
from feedpub.html import tree
from feedpub.html.select import select

ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TABLE = np.array([sign.weight for sign in GROUP_SIGNS])


def listings_of(folder: Path) -> list[Case]:
    """Return the pages that can be read and have a group."""
    described = json.loads((folder / "lists.json").read_text())
    found = [_listing(folder, key, *rest[:3]) for key, rest in described.items()]
    return [listing for listing in found if listing is not None]


def _listing(folder: Path, key: str, name: str, url: str, links: str) -> Case | None:
    path = folder / "captures/lists" / re.sub(r"[^\w.]+", "_", name)
    page = Page(url, url, decode(path.read_bytes(), "text/html"))
    root = tree.document(page)
    base = tree.base_url(root, page)
    hrefs = [str(a.get("href") or "") for a in select(root, links)]
    truth = {_key(absolute) for href in hrefs if (absolute := address.absolute(base, href))}
    survey = take_survey(root, base, ZONE, NOW, site_languages("", [root]))
    groups = [group for group in ranked(survey) if len(group.records) > 1]
    if not groups or not truth:
        return None
    measures = [
        [float(sign.measure(traits)) for sign in GROUP_SIGNS] for traits in (traits_of(g, survey) for g in groups)
    ]
    array = np.array(measures)
    scores = np.array([group.score for group in groups])
    f1 = np.array([_f1(group, truth) for group in groups])
    return Case(key, address.host(url), array, scores - array @ TABLE, f1)


def _key(url: str) -> str:
    return address.key(address.without_fragment(url))


def _f1(group: Group, truth: set[str]) -> float:
    found = set(map(_key, group.urls))
    return 2 * len(found & truth) / (len(found) + len(truth))


def main(folder: Path) -> None:
    """Print a line a page, the means, and the weights."""
    report(listings_of(folder), [sign.name for sign in GROUP_SIGNS], TABLE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
