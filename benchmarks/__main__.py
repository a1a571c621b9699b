"""`make bench`: measures, prints the figures and writes them to docs/performance.md.

The parts may be had alone, to look at one: `python -m benchmarks daily`,
`walks`, `hosts`, `state`; these write nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import report, scenarios
from benchmarks.rivals import rivals
from benchmarks.variants import FEEDPUB, NAIVE, TOLD

PARTS = ("daily", "walks", "hosts", "state")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, help="one part alone; default: all, and the document")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="of the short runs; default: 5")
    parser.add_argument("--walks", type=int, default=2, metavar="N", help="rounds of the long ones; default: 2")
    parser.add_argument("--tools", type=Path, default=Path(".bench"), metavar="FOLDER", help="for what is installed")
    args = parser.parse_args()
    variants = [NAIVE, FEEDPUB, TOLD, *rivals(args.tools.resolve())] if args.part in (None, "daily", "walks") else []
    with tempfile.TemporaryDirectory(prefix="feedpub-bench-") as made:
        folder = Path(made)
        state = scenarios.large_state(args.rounds, folder, say) if args.part in (None, "state") else {}
        hosts = scenarios.several_hosts(folder, say) if args.part in (None, "hosts") else {}
        daily = scenarios.daily(variants, args.rounds, folder, say) if args.part in (None, "daily") else []
        walks = scenarios.backfill(variants, args.walks, folder, say) if args.part in (None, "walks") else []
    if args.part is None:
        print(report.write(daily, walks, hosts, state))
    else:
        for column in (*daily, *walks):
            print(column.name)
            for name, runs in column.runs.items():
                print(f"  {name:22} " + "  ".join(f"{r.cpu:.3f} s {r.peak / 1e6:.0f} MB {r.requests}" for r in runs))
        for told, values in (*hosts.items(), *state.items()):
            print(told, values)


if __name__ == "__main__":
    main()
