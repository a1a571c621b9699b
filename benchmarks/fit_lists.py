"""Fit the weights of ``GROUP_SIGNS`` on real listings, and say how they do on sites that they were not fitted on.

    python -m benchmarks.fit_lists FOLDER

FOLDER has lists.json, which names pages with their truth, and the pages under captures/lists:

    {key: [file, address of the page, selector of the links to the news, ...]}

Each group of boxes on a page is labelled by the F1 of its links against the true ones. The model is a choice among the
groups of a page, by the sum of their signs; it is fitted on all sites but one, and judged on that one. Few pages teach
little, so weights are drawn to those in the table. Printed: the F1 of the group that is chosen, by the table and by
weights that did not see the site, a line a page; then the weights fitted on all pages.

Needs the extra ``fit``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from zoneinfo import ZoneInfo

import numpy as np
from scipy.optimize import minimize

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
DRAWN = 1.0  # how much the weights are drawn to the table's, beside the loss of one page
SHARP = 4.0  # how sharply a group of a higher F1 is preferred


@dataclass(frozen=True, slots=True)
class Listing:
    """A page's groups."""

    key: str
    host: str
    measures: np.ndarray  # of each group, a column a sign
    others: np.ndarray  # what other lists of the page say of each, which is not fitted
    f1: np.ndarray  # of each group's links


def listings_of(folder: Path) -> list[Listing]:
    """Return the pages that can be read and have a group."""
    described = json.loads((folder / "lists.json").read_text())
    found = [_listing(folder, key, *rest[:3]) for key, rest in described.items()]
    return [listing for listing in found if listing is not None]


def _listing(folder: Path, key: str, name: str, url: str, links: str) -> Listing | None:
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
    return Listing(key, address.host(url), array, scores - array @ TABLE, f1)


def _key(url: str) -> str:
    return address.key(address.without_fragment(url))


def _f1(group: Group, truth: set[str]) -> float:
    found = set(map(_key, group.urls))
    return 2 * len(found & truth) / (len(found) + len(truth))


# ------------------------------------------------------------ weights


def fitted(listings: Sequence[Listing]) -> np.ndarray:
    """Return the weights by which the best groups are the likeliest choices."""

    def loss(weights: np.ndarray) -> float:
        away = weights - TABLE
        return sum(_surprise(listing, weights) for listing in listings) + DRAWN * float(away @ away)

    return np.asarray(minimize(loss, TABLE).x)


def _surprise(listing: Listing, weights: np.ndarray) -> float:
    """How little likely the best groups are: the cross entropy of the choice, in nats."""
    scores = listing.measures @ weights + listing.others
    chances = scores - scores.max()
    chances -= np.log(np.exp(chances).sum())
    wanted = np.exp(SHARP * listing.f1)
    wanted *= listing.f1 >= listing.f1.max() - 0.1
    return float(-(wanted / wanted.sum()) @ chances)


def chosen_f1(listing: Listing, weights: np.ndarray) -> float:
    """Return the F1 of the group with the highest score."""
    return float(listing.f1[(listing.measures @ weights + listing.others).argmax()])


def main(folder: Path) -> None:
    """Print a line a page, the means, and the weights."""
    listings = listings_of(folder)
    by_table, left_out = [], []
    for listing in listings:
        others = [other for other in listings if other.host != listing.host]
        by_table.append(chosen_f1(listing, TABLE))
        left_out.append(chosen_f1(listing, fitted(others)))
        print(f"{listing.key:20} best {listing.f1.max():.2f}, table {by_table[-1]:.2f}, left out {left_out[-1]:.2f}")
    print(f"{len(listings)} pages: best {mean(float(one.f1.max()) for one in listings):.3f},", end=" ")
    print(f"table {mean(by_table):.3f}, sites left out {mean(left_out):.3f}")
    for sign, weight in zip(GROUP_SIGNS, fitted(listings), strict=True):
        print(f"{weight:+6.2f}  {sign.name} ({sign.weight:+.1f})")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
