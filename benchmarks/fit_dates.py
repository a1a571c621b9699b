"""Fit the weights of ``DATE_SIGNS`` on real pages, and say how they do on sites that they were not fitted on.

    python -m benchmarks.fit_dates DATASET

DATASET is the folder ``dataset`` of the public repository dobbersc/fundus-evaluation. Each publisher is a choice among
the places on its pages that may have the date. A place's worth is the share of the pages on which it shows the day that
the page's data for machines name. These data, and whatever is made for machines, are left out of the choice: it is
among what people see. No listing helps. Signs that no such place has keep their weights.

Needs the extra ``fit``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from benchmarks.choice import Case, report
from benchmarks.publishers import TypedPage, published_on, publishers_of
from feedpub.collecting.learn.comparison import Comparison, compare_pages
from feedpub.collecting.learn.date import possible_places
from feedpub.collecting.learn.date_signs import DATE_SIGNS, DatePlace, date_traits, days_of
from feedpub.collecting.learn.samples import sample
from feedpub.collecting.learn.title import find_title
from feedpub.html import dates

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TABLE = np.array([sign.weight for sign in DATE_SIGNS])
FOR_MACHINES = ("meta", "script")


def case_of(name: str, typed: Sequence[TypedPage]) -> Case | None:
    """Return a publisher's choice; None where its pages do not say their date, or nothing shows one to people."""
    days = [_day(one) for one in typed]
    comparison = compare_pages([sample(one.page, "", None) for one in typed], ZONE, NOW)
    find_title(comparison)
    seen = [place for place in possible_places(comparison) if _is_for_people(place)]
    if not seen or None in days:
        return None
    traits = [date_traits(place, comparison) for place in seen]
    measures = np.array([[float(sign.measure(one)) for sign in DATE_SIGNS] for one in traits])
    worth = np.array([_share_right(place, days, comparison) for place in seen])
    return Case(name, name, measures, np.zeros(len(seen)), worth)


def _day(one: TypedPage) -> int | None:
    instant = dates.first([published_on(one.page) or ""], ZONE, (), NOW)
    return instant.astimezone(ZONE).toordinal() if instant else None


def _is_for_people(place: DatePlace) -> bool:
    return not any(dated and dated[0].tag in FOR_MACHINES for dated in place.dated)


def _share_right(place: DatePlace, days: Sequence[int | None], comparison: Comparison) -> float:
    pairs = zip(place.dated, days, strict=True)
    return sum(dated is not None and day in days_of(dated[1], comparison) for dated, day in pairs) / len(days)


def main(dataset: Path) -> None:
    """Print a line a publisher, the means, and the weights."""
    cases = [case_of(name, typed) for name, typed in publishers_of(dataset).items()]
    report([case for case in cases if case], [sign.name for sign in DATE_SIGNS], TABLE)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
