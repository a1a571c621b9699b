"""Sixty days of hourly runs in each outage of tests/outages.py: what the owner of the cron job reads.

    python -m benchmarks.outages

prints the table and writes it into docs/watching.md. It takes half an hour. `--days` and `--step` make it shorter, and
then nothing is written.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.outages import DAYS, OUTAGES, Outage, Seen, lived, problems

PLACE = Path(__file__).parent.parent / "docs" / "watching.md"
BEGINS, ENDS = "<!-- made by `python -m benchmarks.outages` -->\n", "<!-- end of the table -->\n"
HEAD = (
    "| what happens | states | messages | at most | “well again” is said | runs by exit code |\n"
    "|---|---|---|---|---|---|\n"
)


def row(outage: Outage, seen: Seen) -> str:
    codes = ", ".join(f"{code}: {runs:,}" for code, runs in sorted(seen.codes.items()))
    again = "yes" if seen.is_said_to_be_well_again else "no"
    cells = (outage.name, ", ".join(seen.states), str(len(seen.messages)), str(outage.limit), again, codes)
    return f"| {' | '.join(cells)} |\n"


def rows(days: int, step: int) -> Iterator[str]:
    """Live through each outage, and yield its row. Raises SystemExit if one breaks its limit."""
    for outage in OUTAGES:
        with tempfile.TemporaryDirectory(prefix="feedpub-outages-") as folder:
            seen = lived(Path(folder), outage, days=days, step=step)
        line = row(outage, seen)
        print(line, end="", flush=True)
        wrong = problems(outage, seen, days)
        if wrong:
            raise SystemExit("\n".join([outage.name, *wrong, *seen.messages]))
        yield line


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.outages", description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS, metavar="N", help="for which feedpub runs")
    parser.add_argument("--step", type=int, default=1, metavar="HOURS", help="between two runs")
    args = parser.parse_args()
    table = HEAD + "".join(rows(args.days, args.step))
    if (args.days, args.step) == (DAYS, 1):
        text = PLACE.read_text(encoding="utf-8")
        before, after = text.partition(BEGINS)[0], text.partition(ENDS)[2]
        PLACE.write_text(f"{before}{BEGINS}\n{table}\n{ENDS}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
