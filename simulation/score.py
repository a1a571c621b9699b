"""Scores the feeds that a tool has published from a dump: python -m simulation.score FOLDER FEEDS."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from simulation import scoring
from simulation.dumped import Dump
from simulation.feeds import polls
from simulation.known import Flaw, Known
from simulation.scoring import ALL, CALM, Score, score

FLAWS = (
    scoring.TWICE, scoring.ID, Flaw.TITLE.value, Flaw.DATE.value, Flaw.DAY.value, Flaw.NO_DATE.value, scoring.MOVED,
    Flaw.TEXT.value, Flaw.PARTIAL.value, Flaw.NO_TEXT.value, scoring.FALSE, scoring.GONE,
)  # fmt: skip
SHORT = ("twice", "id", "title", "date", "day", "no date", "moved", "text", "part", "no text", "false", "gone")


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    found = score(Known(Dump(args.folder)), polls(args.feeds))
    if args.json:
        print(json.dumps(as_value(found), ensure_ascii=False, indent=1))
        return 0
    print("\n".join(table(found)))
    if args.finds:
        for find in sorted(found.finds, key=lambda find: (find.what, find.at)):
            print(f"{find.at:%Y-%m-%d %H:%M}Z {find.what}: {find.article} {find.said}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulation.score", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a dump")
    parser.add_argument("feeds", type=Path, metavar="FEEDS", help="a folder of files named like 20250106T070000Z.xml")
    parser.add_argument("--json", action="store_true", help="print all counts as JSON")
    parser.add_argument("--finds", action="store_true", help="print each flaw with its moment")
    return parser


def table(found: Score) -> Iterator[str]:
    """Yield the lines of a score, as a table of Markdown."""
    yield f"| after | events | found | late, h | edits seen | {' | '.join(SHORT)} |"
    yield "|---|" + "---:|" * (len(SHORT) + 4)
    for kind in (ALL, CALM, *sorted(found.events)):
        counts = found.counts[kind]
        events = found.events.get(kind, "")
        due = _of(counts[scoring.FOUND], counts[scoring.DUE])
        edits = _of(counts[scoring.EDITED], counts[scoring.TO_EDIT])
        flaws = " | ".join(f"{counts[flaw] or '·'}" for flaw in FLAWS)
        yield f"| {kind} | {events} | {due} | {lateness(found, scoring.FOUND, kind)} | {edits} | {flaws} |"


def _of(some: int, all_of: int) -> str:
    return f"{some} of {all_of}" if all_of else ""


def lateness(found: Score, what: str, kind: str = ALL) -> str:
    """Return the hours until something was seen, in words: the median, and the most."""
    late = found.late(what, kind)
    return f"{late[0]:.1f}, at most {late[1]:.0f}" if late else ""


def as_value(found: Score) -> dict[str, object]:
    """Return a score as plain values."""
    return {
        "items": found.items,
        "events": dict(found.events),
        "counts": {kind: dict(counts) for kind, counts in found.counts.items()},
        "hours": {kind: dict(by_what) for kind, by_what in found.hours.items()},
        "finds": [
            {"at": f"{find.at:%Y-%m-%dT%H:%M:%SZ}", "what": find.what, "article": find.article, "said": find.said}
            for find in found.finds
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
