"""Fit the weights of ``place_signs`` on real pages, and say how they do on sites that they were not fitted on.

    python -m benchmarks.fit_places DATASET

DATASET is the folder ``dataset`` of the public repository dobbersc/fundus-evaluation: five articles each of 16
publishers, with texts typed by hand. Each publisher is a site. Its places are labelled by the share of their
characters that are in those texts. A logistic regression is fitted on all sites but one, and judged on that one, by
the words of the texts that are left: F1, precision and recall. Printed last: the weights fitted on all sites.

Needs the extra ``fit``. Signs whose weight was set by hand keep it.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from zoneinfo import ZoneInfo

import numpy as np
from scipy.optimize import minimize

from benchmarks.publishers import TypedPage, listing_of, publishers_of
from feedpub import text
from feedpub.collecting import learn
from feedpub.collecting.learn.comparison import Comparison, compare_pages
from feedpub.collecting.learn.foreign import HALF, speaks_against_itself
from feedpub.collecting.learn.place_signs import PLACE_SIGNS
from feedpub.collecting.learn.places import Place, SeenLine, places_of
from feedpub.collecting.learn.samples import sample
from feedpub.errors import ScrapeError
from feedpub.html.lines import lines_of
from feedpub.html.select import outermost, select

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
BY_HAND = {"holds a table", "a heading of its own", "links to documents", "links to other sites", "unfolded by a tap"}
SHRINKAGE = 1.0  # of the weights, beside the loss of all places
SURE = 12  # letters; a shorter line must be a whole line of the text to count as one of it

Score = tuple[float, float, float]  # F1, precision, recall


@dataclass(frozen=True, slots=True)
class Site:
    """A publisher's places with their labels, and its pages."""

    places: Sequence[Place]
    labels: Sequence[float]  # the share of a place's characters that is foreign
    suspects: frozenset[str]  # the paths of those that may be foreign
    pages: Sequence[tuple[Sequence[tuple[str, frozenset[str]]], Sequence[str]]]  # lines with their places; the text


# ------------------------------------------------------------ sites


def sites_of(dataset: Path) -> dict[str, Site]:
    """Return each publisher that can be learnt, by name."""
    sites = {}
    for name, typed in publishers_of(dataset).items():
        try:
            sites[name] = _site(typed)
        except ScrapeError as error:
            print(f"{name}: {error}", file=sys.stderr)
    return sites


def _site(typed: Sequence[TypedPage]) -> Site:
    pages = {one.page.url: one.page for one in typed}
    learnt = learn.explore(listing_of(pages), pages.get, learn.Context(ZONE, "en", NOW))
    samples = [sample(one.page, "", None) for one in typed]
    for s in samples:
        s.body = outermost([e for selector in learnt.layout.body for e in select(s.root, selector)])
    comparison = compare_pages(samples, ZONE, NOW)
    bodies = [one.paragraphs for one in typed]
    truths = [(text.skeleton(" ".join(body)), set(map(text.skeleton, body))) for body in bodies]
    places = places_of(comparison)
    labels = [1 - sum(line.length for line in p.lines if _is_text(line, truths)) / p.length for p in places]
    suspects = frozenset(p.path for p in places if p.of_article <= HALF and speaks_against_itself(p, comparison))
    return Site(places, labels, suspects, [(_lines(n, comparison), body) for n, body in enumerate(bodies)])


def _is_text(line: SeenLine, truths: Sequence[tuple[str, set[str]]]) -> bool:
    whole, lines = truths[line.page]
    key = text.skeleton(line.line.text)
    return key in lines or (len(key) >= SURE and key in whole)


def _lines(n: int, comparison: Comparison) -> list[tuple[str, frozenset[str]]]:
    """A page's lines, each with the places that it is in."""
    s = comparison.samples[n]
    lines = []
    for line in (line for box in s.body for line in lines_of(box)):
        around = (line.element, *line.element.iterancestors())
        lines.append((line.text, frozenset(map(comparison.kind_path, around))))
    return lines


# ------------------------------------------------------------ weights

FREE = [sign for sign in PLACE_SIGNS if sign.name not in BY_HAND]
FIXED = [sign for sign in PLACE_SIGNS if sign.name in BY_HAND]


def fitted(sites: Iterable[Site]) -> np.ndarray:
    """Return the weights of the free signs, by logistic regression; a place weighs as the root of its share."""
    chosen = list(sites)
    places = [place for site in chosen for place in site.places]
    labels = np.array([label for site in chosen for label in site.labels])
    measures, offsets = _measures(places), _offsets(places)
    weights = np.array([place.of_text**0.5 + 0.02 for place in places])
    weights *= len(weights) / weights.sum()

    def loss(coefficients: np.ndarray) -> tuple[float, np.ndarray]:
        scores = measures @ coefficients + offsets
        chance = 1 / (1 + np.exp(-scores))
        errors = np.logaddexp(0, scores) - labels * scores
        slope = measures.T @ (weights * (chance - labels)) + SHRINKAGE * coefficients * (
            np.arange(len(coefficients)) > 0
        )
        return float(weights @ errors + SHRINKAGE / 2 * (coefficients[1:] ** 2).sum()), slope

    return np.asarray(minimize(loss, np.zeros(len(FREE)), jac=True).x)


def _measures(places: Sequence[Place]) -> np.ndarray:
    return np.array([[float(sign.measure(place)) for sign in FREE] for place in places])


def _offsets(places: Sequence[Place]) -> np.ndarray:
    return np.array([sum(sign.weight * sign.measure(place) for sign in FIXED) for place in places])


def scores_on(site: Site, coefficients: np.ndarray) -> list[Score]:
    """Return how well the texts are read that these weights leave, a score a page."""
    values = _measures(site.places) @ coefficients + _offsets(site.places)
    pairs = zip(site.places, values, strict=True)
    foreign = {place.path for place, value in pairs if value > 0 and place.path in site.suspects}
    return [_score([line for line, paths in lines if foreign.isdisjoint(paths)], body) for lines, body in site.pages]


def _score(lines: Sequence[str], body: Sequence[str]) -> Score:
    """The best score with the text's optional paragraphs, which are in brackets, and without them."""
    full = [paragraph.strip("[]") if _is_optional(paragraph) else paragraph for paragraph in body]
    short = [paragraph for paragraph in body if not _is_optional(paragraph)]
    return max(_word_score(" ".join(lines), " ".join(wanted)) for wanted in (full, short))


def _is_optional(paragraph: str) -> bool:
    return paragraph.startswith("[") and paragraph.endswith("]")


def _word_score(found: str, wanted: str) -> Score:
    one, other = (Counter(re.findall(r"\w+", words.lower())) for words in (found, wanted))
    both = (one & other).total()
    if not both:
        return 0.0, 0.0, 0.0
    precision, recall = both / one.total(), both / other.total()
    return 2 * precision * recall / (precision + recall), precision, recall


# ------------------------------------------------------------ the report


def main(dataset: Path) -> None:
    """Print a line a site, their mean, and the weights."""
    sites = sites_of(dataset)
    everything: list[Score] = []
    for name, site in sites.items():
        others = [other for other in sites.values() if other is not site]
        scores = scores_on(site, fitted(others))
        everything += scores
        print(f"{name:20} {_described(scores)}")
    print(f"{len(everything)} pages of sites left out: {_described(everything)}")
    for sign, weight in zip(FREE, fitted(sites.values()), strict=True):
        print(f"{weight:+6.2f}  {sign.name}")


def _described(scores: Sequence[Score]) -> str:
    f1, precision, recall = (100 * mean(values) for values in zip(*scores, strict=True))
    return f"F1 {f1:.1f}, precision {precision:.1f}, recall {recall:.1f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
