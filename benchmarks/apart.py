"""What stands beside the texts of real pages, and is read with them: is it the article's?

    python -m benchmarks.apart DATASET [PUBLISHER]...

DATASET is the folder ``dataset`` of the public repository dobbersc/fundus-evaluation. Each page is read by a layout
that was learnt from the publisher's four other pages. Printed is each line that is only read because it stands in the
article's box, and whether it is in the text that was typed by hand. Nothing of the pages is kept.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.publishers import TypedPage, listing_of, publishers_of
from feedpub import text
from feedpub.collecting import learn
from feedpub.collecting.reading import Manner, read_article
from feedpub.collecting.scrape import Known
from feedpub.content import Page
from feedpub.errors import ScrapeError
from feedpub.layout import Layout, Learnt

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SHOWN = 100  # characters of a line


def main(dataset: Path, wanted: Sequence[str]) -> None:
    """Print a line for each line that is read, and the sums."""
    counts: Counter[str] = Counter()
    for name, typed in publishers_of(dataset).items():
        for n, one in enumerate(typed if not wanted or name in wanted else ()):
            others = {other.page.url: other.page for other in typed if other is not one}
            try:
                learnt = learn.explore(listing_of(others), others.get, learn.Context(ZONE, "en", NOW))
                lines = list(_added(one.page, learnt))
            except ScrapeError as error:
                print(f"{name} {n}: {error}", file=sys.stderr)
                continue
            counts["pages"] += 1
            counts["with more"] += bool(lines)
            for line in lines:
                kind = "the article's" if _is_typed(line, one) else "no part of it"
                counts[kind] += 1
                print(f"{name} {n}: {kind}: {line[:SHOWN]}")
    print(", ".join(f"{kind} {count}" for kind, count in counts.items()))


def _added(page: Page, learnt: Learnt) -> Iterator[str]:
    """Yield the lines that are read beside a text."""
    without = set(_lines(page, replace(learnt.layout, beside=()), learnt))
    yield from (line for line in _lines(page, learnt.layout, learnt) if line not in without)


def _lines(page: Page, layout: Layout, learnt: Learnt) -> list[str]:
    return read_article(page, Manner(layout, ZONE, NOW, Known(designs=learnt.designs))).text.splitlines()


def _is_typed(line: str, typed: TypedPage) -> bool:
    return text.skeleton(line) in text.skeleton(" ".join(typed.paragraphs))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
